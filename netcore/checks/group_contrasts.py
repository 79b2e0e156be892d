"""Contrasts of two groups: risk ratios, odds ratios and differences recomputed.

Which group comes first is seldom said, so both orders are tried.  A contrast may be
adjusted, or estimated in ways that the counts alone do not give, so a miss never
convicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final

from netcore.checks.estimands import (
    Cell,
    Reading,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.summary_values import (
    Group,
    SummaryValues,
    group_of,
    recomputed_text,
    said_where,
    shown,
)
from netcore.checks.wording import cell_title, claim_title, counted, listed, quoted
from netcore.printed import Interval
from netcore.stats.interval_arithmetic import hull, interval_ratio, interval_sum, scaled
from netcore.study import Claim, Condition, Study

__all__ = ["CHECK", "check_group_contrasts"]

CHECK: Final = "derived-values-contrasts"

_OF_RISKS: Final = ("risk_ratio", "odds_ratio", "risk_difference")
_OF_SUMMARIES: Final = ("difference", "ratio")
_MOST: Final = 20_000  # pairs of numbers analysed; beyond it they are not searched
_ADJUSTED: Final = (
    "it is no plain comparison of the printed values (adjusted for others, or estimated "
    "in another way)"
)
_HUNDRED: Final = Interval(Fraction(0), Fraction(100))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two groups: a share, a mean or a median, and where it is printed."""

    window: Interval
    central: Fraction | None
    claims: tuple[Claim, ...]
    words: str
    count: int | None = None
    number: int | None = None


def check_group_contrasts(
    study: Study,
    conventions: Conventions,
    values: SummaryValues,
    analyses: Sequence[CountAnalysis],
) -> tuple[Finding, ...]:
    """Recompute each contrast of two groups from what is printed for them.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    values : SummaryValues
        Its printed summaries.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`.

    Returns
    -------
    tuple of Finding
        One for each contrast whose two groups have counts, percentages,
        means or medians.

    Notes
    -----
    With risks a / n and b / m: risk ratio (a / n) / (b / m), odds ratio
    a (m - b) / (b (n - a)), risk difference a / n - b / m.  Where the whole
    groups do not give the contrast, numbers analysed from the count up to
    the size of each group are tried.
    """
    sizes = Sizes(study, analyses)
    findings = []
    for claim in study.claims:
        if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        options = readings(claim)
        if len(options) == 1 and options[0].stat_name in (*_OF_RISKS, *_OF_SUMMARIES):
            finding = _check(study, conventions, values, sizes, claim, options[0])
            if finding is not None:
                findings.append(finding)
    return tuple(findings)


def _check(
    study: Study,
    conventions: Conventions,
    values: SummaryValues,
    sizes: Sizes,
    claim: Claim,
    reading: Reading,
) -> Finding | None:
    analysis = study.analyses.get(reading.analysis)
    if analysis is None or analysis.by is None or study.printed(claim).kind == "token":
        return None
    variable = reading.variable or analysis.variable
    groups = _two_groups(study, reading.population, analysis.by)
    if groups is None or study.variables[variable].derived is not None:
        return None
    pairs: list[tuple[_Side, _Side]] = []
    if reading.stat_name in _OF_RISKS:
        if not study.variables[variable].is_levelled:
            return None
        levels = (
            [reading.variable_level] if reading.variable_level else study.variables[variable].levels
        )
        for level in levels:
            sides = [
                _risk(study, conventions, sizes, group, variable, level, reading.at)
                for group in groups
            ]
            if sides[0] is not None and sides[1] is not None:
                pairs.append((sides[0], sides[1]))
    else:
        for statistic in ("mean", "median"):
            found = [
                _summary(study, values, group, variable, statistic, reading.at) for group in groups
            ]
            if found[0] is not None and found[1] is not None:
                pairs.append((found[0], found[1]))
    if not pairs:
        return None
    return _compare(study, conventions, claim, reading.stat_name, pairs)


def _two_groups(study: Study, population: str, by: str) -> tuple[Group, Group] | None:
    """Return the two groups that are compared, if it is clear which they are."""
    whole = group_of(study, population)
    held = {
        condition
        for name in study.populations
        for condition in group_of(study, name).cell.conditions - whole.cell.conditions
        if condition.variable == by and study.root(name) == whole.cell.root
    }
    if whole.described or len(held) != 2 or len({condition.at for condition in held}) != 1:
        return None
    if any(condition.level not in study.variables[by].levels for condition in held):
        return None
    order = study.variables[by].levels
    first, second = sorted(held, key=lambda condition: order.index(condition.level))
    root, conditions = whole.cell.root, whole.cell.conditions
    return Group(Cell(root, conditions | {first})), Group(Cell(root, conditions | {second}))


def _risk(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    group: Group,
    variable: str,
    level: str,
    at: str,
) -> _Side | None:
    """Return the share of a group that has a level, from its counts or its percentage."""
    cell = Cell(group.cell.root, group.cell.conditions | {Condition(variable, at, level)})
    counts, numbers = sizes.values(cell), sizes.values(group.cell)
    title = cell_title(study, group.cell)
    if len(counts) == 1 and len(numbers) == 1 and 0 < numbers[0] >= counts[0]:
        share = Fraction(counts[0], numbers[0])
        claims = (*sizes.claims(cell), *sizes.claims(group.cell))
        words = f"{counts[0]} of {numbers[0]} ({title})"
        return _Side(Interval.point(share), share, claims, words, counts[0], numbers[0])
    rows = [
        claim
        for claim in study.claims
        if claim.stat_name == "pct"
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
        and len(readings(claim)) == 1
        and claim.population
        and population_cell(study, claim.population) == group.cell
        and (claim.variable, claim.variable_level, claim.at) == (variable, level, at)
        and study.printed(claim).is_number
    ]
    if not rows:
        return None
    windows = [study.printed(row).window(conventions.rounding, domain=_HUNDRED) for row in rows]
    return _Side(
        scaled(hull(windows), Fraction(1, 100)),
        study.printed(rows[0]).number() / 100,
        tuple(rows),
        f"{quoted(study, rows[0])} ({title})",
    )


def _summary(
    study: Study, values: SummaryValues, group: Group, variable: str, statistic: str, at: str
) -> _Side | None:
    rows = values.of(group, variable, statistic, at)
    if not rows or not rows[0].is_certain:
        return None
    printed = study.printed(rows[0].claim)
    return _Side(
        hull([value.window for value in rows]),
        printed.number() if printed.is_number else None,
        tuple(value.claim for value in rows),
        f"{statistic} {quoted(study, rows[0].claim)} ({cell_title(study, group.cell)})",
    )


def _contrast(name: str, one: Interval, other: Interval) -> Interval | None:
    """Return what two windows leave of a contrast; None where nothing follows."""
    if name in ("risk_difference", "difference"):
        return interval_sum([one, scaled(other, Fraction(-1))])
    if name in ("risk_ratio", "ratio"):
        return interval_ratio(one, other)
    odds = [_odds(one), _odds(other)]
    return None if odds[0] is None or odds[1] is None else interval_ratio(odds[0], odds[1])


def _odds(share: Interval) -> Interval | None:
    if share.low is None or share.high is None or share.high >= 1:
        return None
    return Interval(share.low / (1 - share.low), share.high / (1 - share.high))


def _orders(
    name: str, pair: tuple[_Side, _Side]
) -> Iterable[tuple[tuple[_Side, _Side], Interval, Fraction | None]]:
    """Yield the contrast in both orders, with its value from the numbers as printed."""
    for one, other in (pair, (pair[1], pair[0])):
        window = _contrast(name, one.window, other.window)
        if window is None:
            continue
        middle = None
        if one.central is not None and other.central is not None:
            middle = _contrast(name, Interval.point(one.central), Interval.point(other.central))
        yield (one, other), window, None if middle is None else middle.low


def _compare(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    name: str,
    pairs: Sequence[tuple[_Side, _Side]],
) -> Finding | None:
    printed = study.printed(claim)
    target = printed.window(conventions.rounding)
    if name == "risk_difference" and claim.unit.startswith("%"):
        target = scaled(target, Fraction(1, 100))
    percent = (
        Fraction(100) if name == "risk_difference" and claim.unit.startswith("%") else Fraction(1)
    )
    orders = [order for pair in pairs for order in _orders(name, pair)]
    if not orders or (name == "ratio" and claim.unit == "%"):
        return None
    fitting = [order for order in orders if order[1].meets(target)]
    ids = tuple(
        dict.fromkeys(
            row.claim
            for row in (claim, *(r for pair in pairs for side in pair for r in side.claims))
        )
    )
    title = claim_title(study, claim)
    start = f"{title[:1].upper()}{title[1:]}: {said_where(study, [claim])}."
    if fitting:
        sides, window, central = min(fitting, key=lambda order: order[2] is None)
        recomputed = None
        if central is not None:
            text = recomputed_text(study, claim, central * percent, conventions)
            recomputed = text if printed.is_number and Fraction(text) == printed.number() else None
        words = f"{sides[0].words} against {sides[1].words}"
        said = "" if central is None else f" give {shown(study, claim, central * percent)}"
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            ids,
            f"{start} {words}{said or ' allow it'} (tried: {counted(len(orders), 'way')} to compare them).",
            {
                claim.claim: Bearing(
                    Verdict.POSSIBLE if recomputed is None else Verdict.REPRODUCED,
                    f"Follows from {words}.",
                    recomputed,
                    (scaled(window, percent),),
                )
            },
            conventions=conventions.as_text(),
        )
    plain = listed(
        (
            f"{sides[0].words} against {sides[1].words}"
            + ("" if central is None else f" = {shown(study, claim, central * percent)}")
            for sides, _, central in orders
        ),
        "or",
    )
    found, tried = _of_fewer(name, pairs, target)
    if found:
        one, other, numbers = found[0]
        assumption = (
            f"only {numbers[0]} of {one.number} and {numbers[1]} of {other.number} were analysed"
        )
        searched = f" Of {counted(tried, 'pair')} of numbers analysed, {len(found)} fit{'s' if len(found) == 1 else ''}."
    else:
        assumption, searched = _ADJUSTED, ""
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        ids,
        f"{start} From the printed values: {plain}. It holds only if {assumption}.{searched}",
        {
            claim.claim: Bearing(
                Verdict.CONDITIONAL, f"Holds only if {assumption}; as printed {plain}."
            )
        },
        assumptions=(assumption,),
        resolved_by=("How many of each group were analysed, and how the contrast was estimated.",),
        conventions=conventions.as_text(),
    )


def _of_fewer(
    name: str, pairs: Sequence[tuple[_Side, _Side]], target: Interval
) -> tuple[list[tuple[_Side, _Side, tuple[int, int]]], int]:
    """Return numbers analysed that would give the contrast, nearest to the whole groups first."""
    found: list[tuple[_Side, _Side, tuple[int, int]]] = []
    tried = 0
    for pair in pairs:
        for one, other in (pair, (pair[1], pair[0])):
            if (
                one.count is None
                or one.number is None
                or other.count is None
                or other.number is None
            ):
                continue
            spans = [
                range(side.number, max(side.count, 1) - 1, -1)
                for side in (one, other)
                if side.number is not None and side.count is not None
            ]
            if len(spans[0]) * len(spans[1]) > _MOST:
                continue
            tried += len(spans[0]) * len(spans[1])
            for first, second in product(*spans):
                window = _contrast(
                    name,
                    Interval.point(Fraction(one.count, first)),
                    Interval.point(Fraction(other.count, second)),
                )
                if window is not None and window.meets(target):
                    found.append((one, other, (first, second)))
    found.sort(key=lambda item: (item[0].number or 0) + (item[1].number or 0) - sum(item[2]))
    return found, tried
