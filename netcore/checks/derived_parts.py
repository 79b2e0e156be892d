"""Derived values of a whole whose operands are printed for its parts only.

A mean of a whole lies between those of the parts that make it up, so a value that derives from it
lies in what the hulls of the parts leave.  So does a median that is a middle value, but not by
every definition of a median.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from netcore.checks.derived_cases import (
    CHECK,
    Case,
    Way,
    bound_ids,
    combined,
    expression,
    has_one_unit,
    opening,
    reading_assumption,
    statistic_of,
    ways_of,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.summary_values import (
    Group,
    SummaryValue,
    SummaryValues,
    group_title,
    said_where,
    shown,
)
from netcore.checks.wording import listed
from netcore.printed import EVERYTHING, Interval
from netcore.stats.interval_arithmetic import hull, scaled
from netcore.study import Study

__all__ = ["check_derived_parts"]

_NOT_BETWEEN: Final = (
    "a value of the whole need not lie between those of the groups (as with survival estimates, "
    "with medians that are not middle values, or where other patients were analysed)"
)


def check_derived_parts(
    study: Study, conventions: Conventions, values: SummaryValues, case: Case
) -> Finding | None:
    """Check a value of a whole whose operands are printed for its parts only.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    values : SummaryValues
        Its printed summaries.
    case : Case
        The derived value, one of whose operands is not printed for its group.

    Returns
    -------
    Finding or None
        None where nothing follows.
    """
    statistic, at = statistic_of(case), case.reading.at
    if statistic not in ("mean", "median") or case.derived.per == "patient":
        return None
    hulls, rows = [], []
    for name in case.derived.operands:
        printed = values.of(case.group, name, statistic, at)
        covers = values.covers(case.group, name, statistic, at)
        # The whole where it is printed; else it lies in the hull of every way to divide it.
        divided = [[v for part in cover for v in part.values] for cover in covers]
        choices = [list(printed)] if printed else divided
        if not choices:
            return None
        window = EVERYTHING
        for chosen in choices:
            window = window.meet(hull([value.window for value in chosen]))
        hulls.append(window)
        rows.append([value for chosen in choices for value in chosen])
    pairs = [
        (value.claim, name)
        for name, chosen in zip(case.derived.operands, rows, strict=True)
        for value in chosen
    ]
    if any(window.is_empty for window in hulls) or not has_one_unit(study, case, pairs):
        return None
    whole = combined(case.derived, hulls)
    if whole is None:
        return None
    fits = whole.meets(case.window)
    if case.derived.operation == "difference":
        fits = fits or scaled(whole, Fraction(-1)).meets(case.window)
    used = [value for chosen in rows for value in chosen]
    if not fits:
        return _outside(study, conventions, case, whole, used)
    return _within(study, conventions, values, case, whole, used)


def _is_doubtful(study: Study, case: Case) -> bool:
    """Return whether a summary of the whole may lie outside those of the parts."""
    timed = any(study.variables[name].type == "time" for name in case.derived.operands)
    return timed or statistic_of(case) == "median"


def _bounds(study: Study, case: Case, window: Interval) -> str:
    low, high = (
        "no limit" if end is None else shown(study, case.claims[0], end)
        for end in (window.low, window.high)
    )
    return f"{low} to {high}"


def _outside(
    study: Study,
    conventions: Conventions,
    case: Case,
    whole: Interval,
    used: Sequence[SummaryValue],
) -> Finding | None:
    """Say that no summary of the whole that lies between its parts' gives the value."""
    if not all(value.is_certain for value in used):
        return None
    rows = tuple(dict.fromkeys(value.claim for value in used))
    places = {claim.location for claim in (*case.claims, *rows)}
    is_doubtful = _is_doubtful(study, case) or len(places) > 1
    lie, is_then = ("would lie", "would be") if is_doubtful else ("lie", "is")
    start = (
        f"{opening(study, case)}. Those of the whole {lie} between those of the groups "
        f"({said_where(study, rows)}), so that it {is_then} {_bounds(study, case, whole)}."
    )
    if is_doubtful:
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            bound_ids(case, rows),
            f"{start} It holds only if {_NOT_BETWEEN}.",
            {
                claim.claim: Bearing(
                    Verdict.CONDITIONAL, f"Holds only if {_NOT_BETWEEN}.", None, (whole,)
                )
                for claim in case.claims
            },
            assumptions=(_NOT_BETWEEN,),
            resolved_by=("The values of all patients from which it was derived.",),
            conventions=conventions.as_text(),
        )
    bearings = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {said_where(study, rows)}: of the whole it is {_bounds(study, case, whole)}.",
            None,
            (whole,),
        )
        for claim in case.claims
    }
    for claim in rows:
        bearings[claim.claim] = Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {said_where(study, case.claims)}."
        )
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        bound_ids(case, rows),
        start,
        bearings,
        resolved_by=("The values of all patients from which it was derived.",),
        changes="An estimate: the derived value cannot be quoted beside the values of the groups.",
        conventions=conventions.as_text(),
    )


def _within(
    study: Study,
    conventions: Conventions,
    values: SummaryValues,
    case: Case,
    whole: Interval,
    used: Sequence[SummaryValue],
) -> Finding | None:
    """Say whether the value holds for each part as well as for all together."""
    own = list(_own_ways(study, values, case))
    if not own:
        return None
    short = [group for group, way in own if not way.fits]
    each = listed(
        f"{group_title(study, group)} {expression(study, case, way)}" for group, way in own
    )
    rows = tuple(
        dict.fromkeys(
            value.claim for value in (*used, *(value for _, way in own for value in way.values))
        )
    )
    start = f"{opening(study, case)}. For the groups it is: {each}."
    # Medians, and estimates from censored times, usually lie between those of the groups, but need not.
    lies = "would lie" if _is_doubtful(study, case) else "lies"
    together = group_title(study, case.group)
    reach = f"For {together} together it {lies} within {_bounds(study, case, whole)}."
    attainable = None if _is_doubtful(study, case) else (whole,)
    assumptions: list[str] = []
    if short:
        assumptions.append(
            f"it describes {group_title(study, case.group)} together, not each group"
        )
    # Whom a row with several readings describes is one more thing that is assumed.
    unsure = [value for value in used if not value.is_certain]
    if unsure:
        assumptions.append(reading_assumption(study, unsure))
    if not assumptions:
        verdict, sentence = Verdict.POSSIBLE, f"Each group reaches it: {each}."
    else:
        verdict = Verdict.CONDITIONAL
        sentence = f"Holds if {', and '.join(assumptions)}: {each}."
    reached = [group for group, way in own if way.fits]
    names = listed(group_title(study, group) for group in reached) if reached else "no group"
    said = f" Alone, {names} reach{'' if len(reached) > 1 else 'es'} it." if short else ""
    condition = f" It holds if {', and '.join(assumptions)}." if assumptions else ""
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        bound_ids(case, rows),
        f"{start}{said} {reach}{condition}",
        {claim.claim: Bearing(verdict, sentence, None, attainable) for claim in case.claims},
        assumptions=tuple(assumptions),
        resolved_by=("Whom it describes, and the values from which it was derived.",)
        if assumptions
        else (),
        changes="An estimate: it cannot be quoted for each group." if short else "",
        conventions=conventions.as_text(),
    )


def _own_ways(study: Study, values: SummaryValues, case: Case) -> Iterable[tuple[Group, Way]]:
    """Yield what follows for each part of the population from its own operands."""
    statistic, at = statistic_of(case), case.reading.at
    names = case.derived.operands
    for group in values.groups(names[0], statistic, at):
        if group == case.group or not case.group.holds(group):
            continue
        operands = [values.of(group, name, statistic, at) for name in names]
        ways = ways_of(study, case, operands) if all(operands) else None
        if ways:
            # One that fits speaks for the group, whichever printing it takes.
            yield group, next((way for way in ways if way.fits), ways[0])
