"""The check: every quantity that is printed more than once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netcore.checks.estimands import cell_of, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.open_cells import open_columns, point_of
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages import one_count_behind
from netcore.checks.printings.directions import agree_seen, mirrors_of, split_name
from netcore.checks.printings.estimand import (
    CHECK,
    Estimand,
    by_value,
    changes_of,
    differs,
    estimand_key,
    heading,
    labels_of,
    pairs_at_odds,
    rounded_differently,
    said_where,
    verdict_of,
)
from netcore.checks.printings.exchanges import exchange_finding, find_exchanges
from netcore.checks.printings.open_readings import check_open_readings
from netcore.checks.printings.other_ways import OtherWay, find_other_ways
from netcore.checks.wording import STATISTICS, listed, place, population_title, variable_title
from netcore.study import Claim, Study

__all__ = ["check_printings"]


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
        be behind them all.  Places that leave open what they mean may mean
        different things, so only one place conflicts with itself.
    """
    grouped: dict[tuple[object, ...], list[Claim]] = {}
    for claim in study.claims:
        grouped.setdefault(estimand_key(study, claim), []).append(claim)
    estimands = [Estimand(key, tuple(claims)) for key, claims in grouped.items()]
    repeated = [estimand for estimand in estimands if len(estimand.claims) > 1]
    at_odds = [estimand for estimand in repeated if differs(study, estimand, conventions)]
    of_others = [
        estimand
        for estimand in at_odds
        if _other_denominators(study, estimand, conventions, analyses)
    ]
    at_odds = [estimand for estimand in at_odds if estimand not in of_others]
    # What two places leave open, each may mean in its own way.
    unlike = [estimand for estimand in at_odds if _may_be_unlike(study, estimand, conventions)]
    at_odds = [estimand for estimand in at_odds if estimand not in unlike]
    # Two directions of one comparison, or two orders of its limits, are no conflict.
    ways = find_other_ways(study, estimands, at_odds, conventions)
    at_odds = [estimand for estimand in at_odds if id(estimand) not in ways.by_estimand]
    # What another rounding explains needs no exchange.
    rounded = [
        estimand for estimand in at_odds if rounded_differently(study, estimand.claims, conventions)
    ]
    apart = [estimand for estimand in at_odds if estimand not in rounded]
    exchanged = list(find_exchanges(study, apart, conventions))
    merged = {id(estimand) for pair in exchanged for estimand in pair.estimands}
    findings = [exchange_finding(study, pair, conventions) for pair in exchanged]
    for estimand in repeated:
        if id(estimand) in merged:
            continue
        if (way := ways.by_estimand.get(id(estimand))) is not None:
            findings.append(_in_another_way(study, way, conventions))
            continue
        if estimand in rounded:
            also = ways.beside_rounding.get(id(estimand), "")
            findings.append(_other_rounding(study, estimand, conventions, also))
            continue
        if estimand in at_odds:
            remark = ways.remarks.get(id(estimand), "")
            findings.append(_conflict(study, estimand, conventions, remark))
            continue
        make = (
            _reconciled if estimand in of_others else _unlike if estimand in unlike else _agreement
        )
        findings.append(make(study, estimand, conventions))
    findings.extend(check_open_readings(study, estimands, conventions))
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


def _other_denominators(
    study: Study,
    estimand: Estimand,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None,
) -> bool:
    """Return whether percentages that differ may be of different denominators."""
    claims = [claim for claim in estimand.claims if is_first_hand(study, claim)]
    if not pairs_at_odds(study, claims, conventions):
        return False
    if claims[0].stat_name != "pct" or not all(is_patient_data(study, claim) for claim in claims):
        return False
    found = analyse_counts(study) if analyses is None else analyses
    return one_count_behind(study, conventions, found, claims)


def _reconciled(study: Study, estimand: Estimand, conventions: Conventions) -> Finding:
    claims = tuple(claim for claim in estimand.claims if is_first_hand(study, claim))
    sentence = (
        f"Printed as {said_where(study, claims)}; all hold if they are of different denominators."
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
        f"{heading(study, claims[0])}: {said_where(study, claims)}. One count can be behind them if they are "
        "percentages of different groups, or rounded differently.",
        {claim.claim: Bearing(verdict, sentence) for claim in claims},
        assumptions=("the percentages are of different denominators, or rounded differently",),
        resolved_by=("Of how many each percentage is.",),
        changes=changes_of(study, claims, conventions),
        conventions=conventions.as_text(),
    )


def _may_be_unlike(study: Study, estimand: Estimand, conventions: Conventions) -> bool:
    """Return whether only places that leave open what they mean disagree."""
    return bool(open_columns(estimand.claims[0])) and not _alike_at_odds(
        study, estimand.claims, conventions
    )


def _alike_at_odds(
    study: Study, claims: Sequence[Claim], conventions: Conventions
) -> list[tuple[Claim, Claim]]:
    """Return the pairs that contradict each other and have to mean the same."""
    return [
        (one, other)
        for one, other in pairs_at_odds(study, claims, conventions)
        if all(
            point_of(study, one, column) == point_of(study, other, column)
            for column in open_columns(one)
            if column != "denominator"
        )
    ]


def _unlike(study: Study, estimand: Estimand, conventions: Conventions) -> Finding:
    """Say that printings differ of which each place leaves open what it means."""
    claims = estimand.claims
    meant = ", and of ".join(
        listed((_meaning(study, column, name) for name in claims[0].readings(column)), "or")
        for column in open_columns(claims[0])
    )
    assumption = f"the places do not all mean the same of {meant}"
    if rounded_differently(study, claims, conventions):
        assumption += ", or round one value differently"
    return _holds_only_if(
        study, claims, assumption, ("Which quantity each place means.",), conventions
    )


def _holds_only_if(
    study: Study,
    claims: Sequence[Claim],
    assumption: str,
    resolved_by: tuple[str, ...],
    conventions: Conventions,
    repairs: Sequence[Repair] = (),
) -> Finding:
    """Say of printings that differ what would let them all hold."""
    sentence = f"{said_where(study, claims)}: all hold only if {assumption}."
    bearings = (
        {claim.claim: Bearing(Verdict.CONDITIONAL, sentence) for claim in claims}
        if verdict_of(study, claims)
        else {}
    )
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(claim.claim for claim in claims),
        f"{heading(study, claims[0])}: {said_where(study, claims)}. "
        f"These hold together only if {assumption}." + labels_of(study, claims),
        bearings,
        assumptions=(assumption,),
        resolved_by=resolved_by,
        repairs=tuple(repairs),
        changes=changes_of(study, claims, conventions),
        conventions=conventions.as_text(),
    )


def _meaning(study: Study, column: str, name: str) -> str:
    if column == "stat_name":
        return f"the {STATISTICS.get(name, name.replace('_', ' '))}"
    if column == "population":
        return population_title(study, name)
    if column == "variable" and name:
        return variable_title(study, name)
    return f"“{name.replace('_', ' ')}”"


def _in_another_way(study: Study, way: OtherWay, conventions: Conventions) -> Finding:
    """Say that printings agree if some place prints its comparison the other way round."""
    finding = _holds_only_if(study, way.claims, way.assumption, (way.asked,), conventions)
    return replace(finding, kind="support") if finding.bearings else finding


def _agreement(study: Study, estimand: Estimand, conventions: Conventions) -> Finding:
    claims = estimand.claims
    values = by_value(claims, study)
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
        f"{heading(study, claims[0])}: {said}.{labels_of(study, claims)}",
        # A repetition is no recomputation, so it earns no verdict.
        {claim.claim: Bearing(None, sentence) for claim in claims},
        conventions=conventions.as_text(),
    )


def _conflict(study: Study, estimand: Estimand, conventions: Conventions, remark: str) -> Finding:
    claims = estimand.claims
    # What was seen only in a secondary source is left out, where the rest conflicts already.
    first_hand = [claim for claim in claims if is_first_hand(study, claim)]
    pairs = _alike_at_odds(study, first_hand, conventions) or _alike_at_odds(
        study, claims, conventions
    )
    # Two that agree in opposite directions conflict only through a third.
    pairs = [pair for pair in pairs if not _agree_turned(study, *pair, conventions)] or pairs
    involved = [claim for claim in claims if any(claim in pair for pair in pairs)]
    values = by_value(involved, study)
    statement = (
        f"{heading(study, claims[0])}: {said_where(study, involved)}. "
        f"As printings of one quantity these cannot all hold.{remark}"
    )
    verdict = verdict_of(study, involved)
    bearings = {}
    for claim in involved:
        others = [other for other in involved if (claim, other) in pairs or (other, claim) in pairs]
        sentence = f"As printings of one quantity, inconsistent with {said_where(study, others)}."
        bearings[claim.claim] = Bearing(verdict, sentence)
    repairs = []
    for value, rows in values:
        others = [claim for claim in involved if claim not in rows]
        if not pairs_at_odds(study, rows, conventions):
            replacements = _as_printed_in(study, rows[0], others)
            ids = tuple(claim.claim for claim in others)
            repairs.append(Repair(ids, f"{value} in {place(study, others)}", "value", replacements))
    return Finding(
        CHECK,
        study.paper.key,
        "conflict" if verdict else "note",
        tuple(claim.claim for claim in involved),
        statement + labels_of(study, involved),
        bearings if verdict else {},
        resolved_by=_resolutions(claims[0], is_time=_is_time(study, claims[0])),
        repairs=tuple(repairs),
        changes=changes_of(study, involved, conventions),
        conventions=conventions.as_text(),
    )


def _agree_turned(study: Study, one: Claim, other: Claim, conventions: Conventions) -> bool:
    """Return whether two estimates agree if they are of opposite directions."""
    return not split_name(one.stat_name)[1] and any(
        agree_seen(study, one, other, mirror, conventions) for mirror in mirrors_of(one.stat_name)
    )


def _other_rounding(
    study: Study, estimand: Estimand, conventions: Conventions, also: str
) -> Finding:
    """Say that printings are so near that one value, rounded in two ways, gives them all."""
    claims = estimand.claims
    assumption = (
        "the places round one value differently (a tie up in one and down in the other, or digits "
        "cut off in one)" + (f", or {also}" if also else "")
    )
    others = dict(by_value(claims, study))
    repairs = []
    for value, rows in others.items():
        targets = [claim for claim in claims if claim not in rows]
        replacements = _as_printed_in(study, rows[0], targets)
        ids = tuple(claim.claim for claim in targets)
        repairs.append(Repair(ids, f"{value} in {place(study, targets)}", "value", replacements))
    asked = _resolutions(claims[0], is_time=_is_time(study, claims[0]))
    return _holds_only_if(study, claims, assumption, asked, conventions, repairs)


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
    if claim.stat_name in ("sd", "var", "std.error"):
        divisors = "Whether one place divides by the number of values and another by one less."
        return (asked, divisors)
    return (asked,)
