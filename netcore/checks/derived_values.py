"""Derived values: sums, differences and ratios against what they derive from.

A value that the paper derives from printed summaries is recomputed with interval
arithmetic; where summaries are printed only for the parts of a whole, those of the whole
lie between them.
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
    expression,
    opening,
    reading_assumption,
    statistic_of,
    ways_of,
)
from netcore.checks.derived_parts import check_derived_parts
from netcore.checks.estimands import Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.group_contrasts import check_group_contrasts
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.summary_hulls import check_summary_hulls
from netcore.checks.summary_values import (
    SummaryValues,
    group_of,
    recomputed_text,
    replacements,
    said_where,
)
from netcore.checks.wording import listed
from netcore.printed import EVERYTHING
from netcore.stats.interval_arithmetic import scaled
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_derived_values"]

_CLAIMED: Final = ("ratio", "difference", "value", "estimate")


def check_derived_values(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check values that follow from others: sums, differences, ratios, wholes and contrasts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        One for each derived value whose operands are printed, for each mean,
        median or extreme of a whole whose parts are, and for each contrast of
        two groups.

    Notes
    -----
    A value derived ``per: summary`` is the ratio, difference or sum of the
    printed summaries.  If those stand only for the parts of its population,
    the summary of the whole lies in their hull, and so the derived value in
    the ratio (difference, sum) of hulls.  Means derived ``per: patient`` add
    only if the same patients were analysed throughout, and medians not at all.
    """
    values = SummaryValues(study, conventions)
    findings: list[Finding] = []
    for claims in _alike(study):
        cases = [
            case
            for reading in readings(claims[0])
            if (case := _case(study, conventions, claims, reading)) is not None
        ]
        # A row that may mean something else as well is left alone.
        if len(cases) != 1 or len(readings(claims[0])) != 1:
            continue
        finding = _check(study, conventions, values, cases[0])
        if finding is not None:
            findings.append(finding)
    counted = analyse_counts(study) if analyses is None else analyses
    findings.extend(check_summary_hulls(study, conventions, values, counted))
    findings.extend(check_group_contrasts(study, conventions, values, counted))
    return tuple(findings)


def _alike(study: Study) -> Iterable[tuple[Claim, ...]]:
    """Group the rows that print one quantity alike."""
    found: dict[tuple[object, ...], list[Claim]] = {}
    for claim in study.claims:
        if is_patient_data(study, claim) and is_first_hand(study, claim):
            found.setdefault((readings(claim), claim.printed, claim.unit), []).append(claim)
    return (tuple(claims) for claims in found.values())


def _case(
    study: Study, conventions: Conventions, claims: tuple[Claim, ...], reading: Reading
) -> Case | None:
    """Return a reading as a derived value, unless nothing that is checked here derives it."""
    if not reading.variable or not study.is_numeric(claims[0]):
        return None
    derived = study.variables[reading.variable].derived
    if derived is None or study.printed(claims[0]).kind == "token":
        return None
    claimed = ("mean",) if derived.per == "patient" else (*_CLAIMED, derived.of)
    if reading.stat_name not in claimed or (derived.per == "patient" and derived.ratio):
        return None
    window = study.printed(claims[0]).window(conventions.rounding)
    return Case(claims, reading, derived, group_of(study, reading.population), window)


def _check(
    study: Study, conventions: Conventions, values: SummaryValues, case: Case
) -> Finding | None:
    operands = [
        values.of(case.group, name, statistic_of(case), case.reading.at)
        for name in case.derived.operands
    ]
    if not all(operands):
        return check_derived_parts(study, conventions, values, case)
    ways = ways_of(study, case, operands)
    if ways is None or any(way.window == EVERYTHING for way in ways):
        return None
    fitting = [way for way in ways if way.fits]
    certain = all(value.is_certain for found in operands for value in found)
    rows = tuple(dict.fromkeys(value.claim for found in operands for value in found))
    if fitting:
        return _holds(study, conventions, case, ways, rows, certain)
    if not certain:
        return None
    if case.derived.per == "patient":
        return _other_patients(study, conventions, case, ways[0], rows)
    return _conflict(study, conventions, case, ways, rows)


def _prints_alike(study: Study, case: Case, way: Way, conventions: Conventions) -> bool:
    """Return whether the operands, as printed, give the very number that is printed."""
    printed = study.printed(case.claims[0])
    if way.central is None or not printed.is_number:
        return False  # a vague value holds, but it is not recomputed
    own = recomputed_text(study, case.claims[0], way.central, conventions)
    return Fraction(own) == printed.number()


def _holds(
    study: Study,
    conventions: Conventions,
    case: Case,
    ways: Sequence[Way],
    rows: Sequence[Claim],
    certain: bool,
) -> Finding:
    fitting = [way for way in ways if way.fits]
    recomputed = [way for way in ways if _prints_alike(study, case, way, conventions)]
    way = (recomputed or sorted(fitting, key=lambda one: one.turned))[0]
    assumptions = []
    if len(fitting) < len(ways):
        used = [value.claim for value in way.values]
        assumptions.append(f"it derives from {said_where(study, used)}, not from other printings")
    if not certain:
        assumptions.append(reading_assumption(study, way.values))
    if way.turned:
        assumptions.append("the difference is printed without its sign")
    said = expression(study, case, way)
    if assumptions:
        verdict = Verdict.CONDITIONAL
    elif recomputed:
        verdict = Verdict.REPRODUCED
    else:
        verdict = Verdict.POSSIBLE
    sentence = f"Follows from {said_where(study, [value.claim for value in way.values])}: {said}."
    if assumptions:
        sentence = f"Holds if {', and '.join(assumptions)}: {said}."
    number = (
        None
        if way.central is None or way.turned
        else recomputed_text(study, case.claims[0], way.central, conventions)
    )
    # Turned, the recomputed number has the other sign than the window of the row.
    reach = scaled(way.window, Fraction(-1)) if way.turned else way.window
    tried = (
        f" Of {len(ways)} combinations of printings, {len(fitting)} fit." if len(ways) > 1 else ""
    )
    condition = f" It holds if {', and '.join(assumptions)}." if assumptions else ""
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        bound_ids(case, rows),
        f"{opening(study, case)}: {said}.{condition}{tried}",
        {claim.claim: Bearing(verdict, sentence, number, (reach,)) for claim in case.claims},
        assumptions=tuple(assumptions),
        resolved_by=("Which values it was derived from.",) if assumptions else (),
        conventions=conventions.as_text(),
    )


def _other_patients(
    study: Study, conventions: Conventions, case: Case, way: Way, rows: Sequence[Claim]
) -> Finding:
    """Say that means do not add up, so that the patients behind them cannot be the same."""
    said = expression(study, case, way)
    assumption = "the means are not all of the same patients"
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        bound_ids(case, rows),
        f"{opening(study, case)} if the same patients are behind each: {said}. "
        f"It holds only if {assumption}.",
        {
            claim.claim: Bearing(
                Verdict.CONDITIONAL,
                f"Holds only if {assumption}: {said}.",
                None
                if way.central is None
                else recomputed_text(study, claim, way.central, conventions),
            )
            for claim in case.claims
        },
        assumptions=(assumption,),
        resolved_by=("How many patients are behind each mean.",),
        conventions=conventions.as_text(),
    )


def _conflict(
    study: Study,
    conventions: Conventions,
    case: Case,
    ways: Sequence[Way],
    rows: Sequence[Claim],
) -> Finding:
    expressions = listed(dict.fromkeys(expression(study, case, way) for way in ways), "or")
    first = case.claims[0]
    recomputed = (
        None
        if len(ways) > 1 or ways[0].central is None
        else recomputed_text(study, first, ways[0].central, conventions)
    )
    bearings = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {said_where(study, rows)}: {expressions}.",
            recomputed,
            tuple(way.window for way in ways),
        )
        for claim in case.claims
    }
    # Printed alike or not, an operand that took another value could give the derived one.
    for claim in rows:
        bearings[claim.claim] = Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {said_where(study, case.claims)}: {expressions}.",
        )
    repairs = []
    if recomputed is not None:
        ids = tuple(claim.claim for claim in case.claims)
        puts = replacements(study, case.claims, recomputed)
        change = f"{recomputed} instead of {first.printed}"
        repairs.append(Repair(ids, change, replacements=puts))
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        bound_ids(case, rows),
        f"{opening(study, case)}, and that is {expressions}. Rounding cannot bridge the difference.",
        bearings,
        resolved_by=("Which values it was derived from, and how.",),
        repairs=tuple(repairs),
        changes="An estimate: the derived value cannot be quoted beside the values that it comes from.",
        conventions=conventions.as_text(),
    )
