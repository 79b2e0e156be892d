"""Printings of one estimand: the same quantity, printed more than once.

Rows that share population, variable, level, statistic, time and analysis say
the same thing, in an abstract and a table or in two languages.  With equally
many decimals any difference is a conflict, since one number prints in one way;
otherwise the windows of the numbers must meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from netcore.checks.count_systems import count_window
from netcore.checks.estimands import (
    Reading,
    cell_of,
    is_first_hand,
    is_patient_data,
    readings,
    significance,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages import one_count_behind
from netcore.checks.wording import claim_title, listed, place, population_title, quoted
from netcore.printed import Interval
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = ["CHECK", "check_printings", "disagree"]

CHECK: Final = "printings"


@dataclass(frozen=True, slots=True)
class _Estimand:
    """Rows that say the same thing under every joint reading."""

    key: tuple[object, ...]
    claims: tuple[Claim, ...]


def _key(study: Study, claim: Claim) -> tuple[object, ...]:
    """Identify what a row is about; one count has one key however it is named."""
    found = readings(claim)
    if len(found) == 1 and claim.stat_name in ("N", "n"):
        cell = cell_of(study, found[0])
        if cell is not None:
            return ("count", cell, claim.cites)
    return (
        *(claim.readings(column) for column in AMBIGUOUS if column != "denominator"),
        claim.cites,
    )


def _window(study: Study, claim: Claim, conventions: Conventions) -> Interval | None:
    """Return what a row can stand for; None where that depends on other rows."""
    if not study.is_numeric(claim) or claim.printed == "all":
        return None
    if claim.stat_name in ("N", "n"):
        return count_window(study.printed(claim))
    return study.printed(claim).window(
        conventions.rounding, alpha=significance(study, conventions.alpha)
    )


def disagree(study: Study, one: Claim, other: Claim, conventions: Conventions) -> bool:
    """Return whether two printings of one quantity contradict each other.

    Parameters
    ----------
    study : Study
        The study of both claims.
    one, other : Claim
        Two rows about the same quantity.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    bool
        True if no number prints as both: for words and dates, if neither is
        the beginning of the other (2022 and 2022-12 agree); for numbers of
        equally many decimals, if they differ at all; otherwise if their
        windows do not meet.  What depends on other rows never disagrees,
        nor do numbers of two units.
    """
    if "all" in (one.printed, other.printed):
        return False
    if one.unit != other.unit and one.unit and other.unit:
        return False
    if not (study.is_numeric(one) and study.is_numeric(other)):
        return not _same_words(study, one, other)
    first, second = study.printed(one), study.printed(other)
    if first.is_number and second.is_number and first.step == second.step:
        return first.number() != second.number()
    windows = _window(study, one, conventions), _window(study, other, conventions)
    return windows[0] is not None and windows[1] is not None and not windows[0].meets(windows[1])


def _same_words(study: Study, one: Claim, other: Claim) -> bool:
    """Return whether two printed dates, or two printed levels, can both be so."""
    if one.printed == other.printed:
        return True
    variables = [study.variables[name] for name in one.readings("variable") if name]
    if any(variable.type == "date" for variable in variables):
        return one.printed.startswith(other.printed) or other.printed.startswith(one.printed)
    return any(
        variable.type == "multi"  # one patient may have both
        or set(variable.unions.get(one.printed, (one.printed,)))
        & set(variable.unions.get(other.printed, (other.printed,)))
        for variable in variables
    )


def check_printings(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Compare every quantity that is printed more than once.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        For each quantity with several printings one finding: support if all
        agree, else a conflict.  Conflicts that one exchange of values between
        two groups would remove are one finding.  Percentages that differ may
        be of different denominators, so they conflict only if no count can
        be behind them all.
    """
    grouped: dict[tuple[object, ...], list[Claim]] = {}
    for claim in study.claims:
        grouped.setdefault(_key(study, claim), []).append(claim)
    estimands = [_Estimand(key, tuple(claims)) for key, claims in grouped.items()]
    repeated = [estimand for estimand in estimands if len(estimand.claims) > 1]
    at_odds = [estimand for estimand in repeated if _differs(study, estimand, conventions)]
    of_others = [
        estimand
        for estimand in at_odds
        if _other_denominators(study, estimand, conventions, analyses)
    ]
    at_odds = [estimand for estimand in at_odds if estimand not in of_others]
    exchanged = list(_exchanges(study, at_odds, conventions))
    merged = {id(estimand) for pair in exchanged for estimand in pair.estimands}
    findings = [_exchange_finding(study, pair, conventions) for pair in exchanged]
    for estimand in repeated:
        if id(estimand) in merged:
            continue
        make = (
            _conflict
            if estimand in at_odds
            else _reconciled
            if estimand in of_others
            else _agreement
        )
        findings.append(make(study, estimand, conventions))
    findings.extend(_against_every_reading(study, estimands, conventions))
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


def _differs(study: Study, estimand: _Estimand, conventions: Conventions) -> bool:
    return any(
        disagree(study, one, other, conventions) for one, other in combinations(estimand.claims, 2)
    )


def _other_denominators(
    study: Study,
    estimand: _Estimand,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None,
) -> bool:
    """Return whether percentages that differ may be of different denominators."""
    claims = [claim for claim in estimand.claims if is_first_hand(study, claim)]
    if not _pairs(study, claims, conventions):
        return False
    if claims[0].stat_name != "pct" or not all(is_patient_data(study, claim) for claim in claims):
        return False
    found = analyse_counts(study) if analyses is None else analyses
    return one_count_behind(study, conventions, found, claims)


def _reconciled(study: Study, estimand: _Estimand, conventions: Conventions) -> Finding:
    claims = tuple(claim for claim in estimand.claims if is_first_hand(study, claim))
    sentence = (
        f"Printed as {_said_where(study, claims)}; all hold if they are of different denominators."
    )
    counted = {
        cell_of(study, reading)
        for row in study.claims
        if row.stat_name == "n"
        for reading in readings(row)
    }
    # Beside a printed count each percentage is checked on its own.
    is_settled = all(cell_of(study, reading) in counted for reading in readings(claims[0]))
    verdict = None if is_settled else Verdict.CONDITIONAL
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in claims),
        f"{_heading(study, claims[0])}: {_said_where(study, claims)}. One count can be behind them if they are "
        "percentages of different groups, or rounded differently.",
        {claim.claim: Bearing(verdict, sentence) for claim in claims},
        assumptions=("the percentages are of different denominators, or rounded differently",),
        resolved_by=("Of how many each percentage is.",),
        changes=_changes(study, claims, conventions),
        conventions=conventions.as_text(),
    )


def _by_value(claims: Iterable[Claim], study: Study) -> list[tuple[str, list[Claim]]]:
    """Group printings of one value; ``0,57`` and ``0.57`` are one value."""
    values: dict[object, list[Claim]] = {}
    for claim in claims:
        numeric = study.is_numeric(claim)
        printed = study.printed(claim) if numeric else None
        key = (
            (printed.kind, printed.value, printed.step, printed.upper)
            if printed and printed.value is not None
            else claim.printed
        )
        values.setdefault(key, []).append(claim)
    return [(quoted(study, rows[0]), rows) for rows in values.values()]


def _said_where(study: Study, claims: Sequence[Claim]) -> str:
    return ", but ".join(
        f"{value} in {place(study, rows)}" for value, rows in _by_value(claims, study)
    )


def _labels(study: Study, claims: Sequence[Claim]) -> str:
    """Return a sentence that names the labels where a place uses its own."""
    labels: dict[str, list[Claim]] = {}
    for claim in claims:
        for variable in claim.readings("variable"):
            label = study.variables[variable].printed_as.get(claim.location, "") if variable else ""
            if label:
                labels.setdefault(label, []).append(claim)
    if len(labels) < 2:
        return ""
    return (
        " It is labelled "
        + listed(f"“{label}” in {place(study, rows)}" for label, rows in labels.items())
        + "."
    )


def _agreement(study: Study, estimand: _Estimand, conventions: Conventions) -> Finding:
    claims = estimand.claims
    values = _by_value(claims, study)
    if len(values) == 1:
        said = f"{values[0][0]} in {place(study, claims)}, alike in all {len(claims)} printings"
        sentence = f"Printed alike {len(claims)} times ({place(study, claims)})."
    else:
        said = (
            "; ".join(f"{value} in {place(study, rows)}" for value, rows in values)
            + "; these agree"
        )
        sentence = f"Agrees with the other printings ({place(study, claims)})."
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in claims),
        f"{_heading(study, claims[0])}: {said}.{_labels(study, claims)}",
        # A repetition is no recomputation, so it earns no verdict.
        {claim.claim: Bearing(None, sentence) for claim in claims},
        conventions=conventions.as_text(),
    )


def _heading(study: Study, claim: Claim) -> str:
    title = claim_title(study, claim)
    return title[:1].upper() + title[1:]


def _proof(
    study: Study, pairs: Iterable[tuple[Claim, Claim]], conventions: Conventions
) -> dict[str, object]:
    steps = []
    for one, other in pairs:
        windows = [_window(study, claim, conventions) for claim in (one, other)]
        steps.append(
            {
                "claims": [one.claim, other.claim],
                "printed": [one.printed, other.printed],
                "windows": [None if window is None else str(window) for window in windows],
            }
        )
    return {"kind": "no number prints as both", "pairs": steps}


def _pairs(
    study: Study, claims: Sequence[Claim], conventions: Conventions
) -> list[tuple[Claim, Claim]]:
    return [
        (one, other)
        for one, other in combinations(claims, 2)
        if disagree(study, one, other, conventions)
    ]


def _verdict(study: Study, claims: Iterable[Claim]) -> Verdict | None:
    """Values that the transcriber saw only in a secondary source convict nobody."""
    secondary = any(study.locations[claim.location].seen == "secondary" for claim in claims)
    return None if secondary else Verdict.INCONSISTENT


def _conflict(study: Study, estimand: _Estimand, conventions: Conventions) -> Finding:
    claims = estimand.claims
    # What was seen only in a secondary source is left out, where the rest conflicts already.
    first_hand = [claim for claim in claims if is_first_hand(study, claim)]
    pairs = _pairs(study, first_hand, conventions) or _pairs(study, claims, conventions)
    involved = [claim for claim in claims if any(claim in pair for pair in pairs)]
    values = _by_value(involved, study)
    statement = (
        f"{_heading(study, claims[0])}: {_said_where(study, involved)}. "
        "As printings of one quantity these cannot all hold."
    )
    verdict = _verdict(study, involved)
    bearings = {}
    for claim in involved:
        others = [other for other in involved if disagree(study, claim, other, conventions)]
        bearings[claim.claim] = Bearing(verdict, f"Inconsistent with {_said_where(study, others)}.")
    repairs = []
    for value, rows in values:
        others = [claim for claim in involved if claim not in rows]
        if not _pairs(study, rows, conventions):
            replacements = _as_printed_in(study, rows[0], others)
            ids = tuple(claim.claim for claim in others)
            repairs.append(Repair(ids, f"{value} in {place(study, others)}", "value", replacements))
    return Finding(
        CHECK,
        study.paper.key,
        "conflict" if verdict else "note",
        tuple(claim.claim for claim in involved),
        statement + _labels(study, involved),
        bearings if verdict else {},
        resolved_by=_resolutions(claims[0], is_time=_is_time(study, claims[0])),
        repairs=tuple(repairs),
        changes=_changes(study, involved, conventions),
        conventions=conventions.as_text(),
        certificate=_proof(study, pairs, conventions),
    )


def _is_time(study: Study, claim: Claim) -> bool:
    return any(study.variables[name].type == "time" for name in claim.readings("variable") if name)


def _as_printed_in(
    study: Study, source: Claim, targets: Sequence[Claim]
) -> tuple[tuple[str, str], ...]:
    """Return what other places would print, each with its own decimal mark."""
    mark = study.locations[source.location].decimal
    return tuple(
        (target.claim, source.printed.replace(mark, study.locations[target.location].decimal))
        for target in targets
    )


def _resolutions(claim: Claim, *, is_time: bool) -> tuple[str, ...]:
    """Name what would settle it, the meaning of the statistic included."""
    asked = "Which of the values the patients' records give."
    if is_time:
        clock = (
            "Whether the places count from another start, until another date or in other patients."
        )
        return (asked, clock)
    if claim.stat_name == "p.value":
        return (asked, "Whether the places give the p-values of two variants of the test.")
    if claim.stat_name in ("p10", "p25", "median", "p75", "p90", "iqr"):
        return (asked, "Whether the places use two definitions of a quantile.")
    return (asked,)


def _changes(study: Study, claims: Sequence[Claim], conventions: Conventions) -> str:
    """Say what a reader can no longer use, from the statistic alone."""
    first = claims[0]
    if first.stat_name == "p.value":
        alpha = significance(study, conventions.alpha)
        windows = [
            window for claim in claims if (window := _window(study, claim, conventions)) is not None
        ]
        above = all(window.low is not None and window.low >= alpha for window in windows)
        below = all(window.high is not None and window.high <= alpha for window in windows)
        level = f"the significance level of {float(alpha):g}"
        if above:
            return f"Nothing for the conclusion: every printed p-value lies above {level}."
        if below:
            return f"Nothing for the conclusion: no printed p-value lies above {level}."
        return f"The comparison: the printed p-values lie on both sides of {level}."
    values = listed((value for value, _ in _by_value(claims, study)), "or")
    return f"An estimate: it can be quoted only as {values}, with both places named."


@dataclass(frozen=True, slots=True)
class _Exchange:
    estimands: tuple[_Estimand, _Estimand]
    swaps: tuple[tuple[str, ...], ...]  # sets of locations, each of which would do
    difference: str  # the one key column in which the two quantities differ


def _exchanges(
    study: Study, at_odds: Sequence[_Estimand], conventions: Conventions
) -> Iterable[_Exchange]:
    """Find pairs of quantities that agree once values change places."""
    used: set[int] = set()
    for one, other in combinations(at_odds, 2):
        if id(one) in used or id(other) in used:
            continue
        difference = _only_difference(one.claims[0], other.claims[0])
        rows = (*one.claims, *other.claims)
        if difference is None or not all(is_first_hand(study, row) for row in rows):
            continue
        shared = [
            location
            for location in dict.fromkeys(claim.location for claim in one.claims)
            if sum(claim.location == location for claim in one.claims) == 1
            and sum(claim.location == location for claim in other.claims) == 1
        ]
        swaps = [
            chosen
            for size in range(1, len(shared) + 1)
            for chosen in combinations(shared, size)
            if _agree_after(study, one, other, chosen, conventions)
        ]
        smallest = tuple(swap for swap in swaps if not any(set(less) < set(swap) for less in swaps))
        if smallest:
            used.update((id(one), id(other)))
            yield _Exchange((one, other), smallest, difference)


def _only_difference(one: Claim, other: Claim) -> str | None:
    """Return the key column in which two quantities differ, if it is only one."""
    columns = [column for column in AMBIGUOUS if getattr(one, column) != getattr(other, column)]
    return (
        columns[0]
        if len(columns) == 1 and columns[0] in ("population", "variable", "variable_level", "at")
        else None
    )


def _agree_after(
    study: Study,
    one: _Estimand,
    other: _Estimand,
    locations: Sequence[str],
    conventions: Conventions,
) -> bool:
    def swapped(estimand: _Estimand, source: _Estimand) -> _Estimand:
        values = {claim.location: claim.printed for claim in source.claims}
        return replace(
            estimand,
            claims=tuple(
                claim.model_copy(update={"printed": values[claim.location]})
                if claim.location in locations
                else claim
                for claim in estimand.claims
            ),
        )

    return not any(
        _differs(study, estimand, conventions)
        for estimand in (swapped(one, other), swapped(other, one))
    )


def _exchange_finding(study: Study, exchange: _Exchange, conventions: Conventions) -> Finding:
    one, other = exchange.estimands
    claims = (*one.claims, *other.claims)
    names = _contrast(study, exchange)
    swaps = [listed(study.locations[name].title for name in swap) for swap in exchange.swaps]
    statement = (
        f"{_heading_without(study, exchange)}: {_assignments(study, exchange, names)}. The two values stand the other "
        "way round; either way agrees with itself, and both cannot hold."
    )
    verdict = _verdict(study, claims)
    partner = {
        claim.claim: estimand for estimand in exchange.estimands for claim in estimand.claims
    }
    bearings = {}
    for claim in claims:
        against = [
            row for row in partner[claim.claim].claims if disagree(study, claim, row, conventions)
        ]
        bearings[claim.claim] = Bearing(
            verdict, f"Inconsistent with {_said_where(study, against)}."
        )
    values = {
        estimand.claims[0].claim: {claim.location: claim for claim in estimand.claims}
        for estimand in exchange.estimands
    }
    first, second = values.values()
    repairs = tuple(
        Repair(
            tuple(claim.claim for claim in claims if claim.location in swap),
            f"the two values exchanged in {title}",
            "exchange",
            tuple(
                (row.claim, other.printed)
                for location in swap
                for row, other in (
                    (first[location], second[location]),
                    (second[location], first[location]),
                )
            ),
        )
        for swap, title in zip(exchange.swaps, swaps, strict=True)
    )
    pairs = [
        pair
        for estimand in exchange.estimands
        for pair in _pairs(study, estimand.claims, conventions)
    ]
    return Finding(
        CHECK,
        study.paper.key,
        "conflict" if verdict else "note",
        tuple(claim.claim for claim in claims),
        statement,
        bearings if verdict else {},
        resolved_by=(f"Which value belongs to {names[0]} and which to {names[1]}.",),
        repairs=repairs,
        changes=f"Which of the two values describes {names[0]} and which {names[1]}; the pair of values stays the same.",
        conventions=conventions.as_text(),
        certificate=_proof(study, pairs, conventions),
    )


def _contrast(study: Study, exchange: _Exchange) -> tuple[str, str]:
    def name(claim: Claim) -> str:
        if exchange.difference == "population":
            return " or ".join(
                population_title(study, population) for population in claim.readings("population")
            )
        value: str = getattr(claim, exchange.difference)
        return value.replace("_", " ")

    first, second = (name(estimand.claims[0]) for estimand in exchange.estimands)
    return first, second


def _heading_without(study: Study, exchange: _Exchange) -> str:
    """Name the quantity without the column in which the two differ."""
    claim = exchange.estimands[0].claims[0].model_copy(update={exchange.difference: ""})
    return _heading(study, claim)


def _assignments(study: Study, exchange: _Exchange, names: tuple[str, str]) -> str:
    """Return which places give which value to which of the two."""
    one, other = (
        {claim.location: claim for claim in estimand.claims} for estimand in exchange.estimands
    )
    said: dict[tuple[object, object], list[Claim]] = {}
    for location in dict.fromkeys((*one, *other)):
        pair = (one.get(location), other.get(location))
        key = (pair[0] and study.printed(pair[0]).value, pair[1] and study.printed(pair[1]).value)
        said.setdefault(key, []).extend(row for row in pair if row is not None)
    parts = []
    for rows in said.values():
        values = [
            f"{name} {quoted(study, row)}"
            for name, side in zip(names, (one, other), strict=True)
            if (row := side.get(rows[0].location)) is not None
        ]
        parts.append(f"{listed(values)} in {place(study, rows)}")
    return ", but ".join(parts)


def _against_every_reading(
    study: Study, estimands: Sequence[_Estimand], conventions: Conventions
) -> Iterable[Finding]:
    """Find rows of several readings that disagree under each of them."""
    plain: dict[Reading, list[Claim]] = {}
    for estimand in estimands:
        for claim in estimand.claims:
            if (
                len(found := readings(claim)) == 1
                and is_patient_data(study, claim)
                and is_first_hand(study, claim)
            ):
                plain.setdefault(replace(found[0], denominator=""), []).append(claim)
    for estimand in estimands:
        claim = estimand.claims[0]
        options = [replace(reading, denominator="") for reading in readings(claim)]
        if len(options) == 1 or not is_patient_data(study, claim):
            continue
        # Percentages of several readings may be of several denominators as well.
        if claim.stat_name == "pct" or not is_first_hand(study, claim):
            continue
        against = [
            next(
                (row for row in plain.get(option, []) if disagree(study, claim, row, conventions)),
                None,
            )
            for option in options
        ]
        rows = [row for row in against if row is not None]
        if rows and len(rows) < len(options):
            yield _under_some_readings(study, claim, options, against, conventions)
        if len(rows) < len(options):
            continue
        bound = tuple(dict.fromkeys((claim, *rows)))
        bearings = {
            claim.claim: Bearing(
                Verdict.INCONSISTENT,
                f"Under each reading inconsistent: {_said_where(study, rows)}.",
            )
        }
        for row in rows:
            bearings[row.claim] = Bearing(
                Verdict.INCONSISTENT, f"Inconsistent with {_said_where(study, [claim])}."
            )
        yield Finding(
            f"{CHECK}-readings",
            study.paper.key,
            "conflict",
            tuple(row.claim for row in bound),
            f"{_heading(study, claim)}: {_said_where(study, [claim])} can be read in {len(options)} ways, and each of "
            f"them is printed differently elsewhere: {_said_where(study, rows)}.",
            bearings,
            resolved_by=("Which quantity is meant, and which of the values the records give.",),
            changes=_changes(study, bound, conventions),
            conventions=conventions.as_text(),
            certificate=_proof(study, [(claim, row) for row in rows], conventions),
        )


def _under_some_readings(
    study: Study,
    claim: Claim,
    options: Sequence[Reading],
    against: Sequence[Claim | None],
    conventions: Conventions,
) -> Finding:
    """Say under which readings a row agrees with what is printed elsewhere."""
    left = [option for option, row in zip(options, against, strict=True) if row is None]
    rows = [row for row in against if row is not None]
    meant = listed(
        dict.fromkeys(claim_title(study, _as_read(claim, option)) for option in left), "or"
    )
    other = listed(
        f"{quoted(study, row)} in {place(study, [row])} ({claim_title(study, row)})" for row in rows
    )
    said = f"{quoted(study, claim)} in {place(study, [claim])}"
    assumption = f"it is the value of {meant}"
    sentence = f"Holds only if {assumption}; otherwise it differs from {other}."
    again = [
        row
        for row in study.claims
        if (row.printed, row.unit, row.variable) == (claim.printed, claim.unit, claim.variable)
        and row.stat_name != claim.stat_name
        and not row.cites
    ]
    if again:
        titles = listed(dict.fromkeys(claim_title(study, row) for row in again), "or")
        sentence += f" {quoted(study, claim)} is also printed for {titles}."
    return Finding(
        f"{CHECK}-readings",
        study.paper.key,
        "support",
        tuple(dict.fromkeys(row.claim for row in (claim, *rows))),
        f"{said} can be read in {len(options)} ways. {sentence}",
        {claim.claim: Bearing(Verdict.CONDITIONAL, sentence)},
        assumptions=(assumption,),
        resolved_by=("Which quantity is meant.",),
        changes="An estimate: it can be quoted only with what it is an estimate of.",
        conventions=conventions.as_text(),
    )


def _as_read(claim: Claim, reading: Reading) -> Claim:
    """Return a row as it would stand if the paper had said what it means."""
    return claim.model_copy(
        update={name: getattr(reading, name) for name in AMBIGUOUS if name != "denominator"}
    )
