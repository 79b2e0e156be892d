"""Means, medians and extremes of a whole against those of the parts that make it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.summary_values import (
    Cover,
    Group,
    SummaryValue,
    SummaryValues,
    group_of,
    group_title,
    recomputed_text,
    replacements,
    said_where,
    shown,
)
from netcore.checks.wording import STATISTICS, listed, quoted, variable_title
from netcore.printed import EVERYTHING, Interval
from netcore.stats.interval_arithmetic import hull, interval_sum, scaled
from netcore.study import Claim, Study

__all__ = ["CHECK", "OTHER_MEDIANS", "analysed_numbers", "check_summary_hulls"]

CHECK: Final = "derived-values-parts"

_CHECKED: Final = ("mean", "median", "min", "max", "range")
_OTHERS: Final = "other patients were analysed for the whole than for its parts"
_ESTIMATED: Final = (
    "it is an estimate that need not lie between those of the groups, as with censored times, "
    "or of other patients"
)
_NOT_ALL: Final = "not all of each group were analysed"
OTHER_MEDIANS: Final = (
    "not every median is the middle value, or the mean of the two in the middle, as some settings "
    "of software have it"
)
"""Under which the median of a whole may lie outside those of its parts."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """A printed value of a whole: the rows that print it alike."""

    variable: str
    statistic: str
    at: str
    group: Group
    rows: tuple[SummaryValue, ...]

    @property
    def window(self) -> Interval:
        return self.rows[0].window

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(value.claim for value in self.rows)


@dataclass(frozen=True, slots=True)
class _Bound:
    """What one way to divide the whole says of its value."""

    cover: Cover
    window: Interval
    assumption: str  # under which the whole may lie outside it all the same; "" for none
    weights: tuple[Claim, ...] = ()
    is_weighted: bool = False
    extreme: Fraction | None = None  # what an extreme must print as, with as many decimals

    def allows(self, whole: _Whole, study: Study) -> bool:
        printed = study.printed(whole.claims[0])
        if self.extreme is not None and printed.is_number:
            return printed.number() == self.extreme
        return self.window.meets(whole.window)

    @property
    def is_doubtful(self) -> bool:
        """Whether it bounds nothing by an estimate, or a definition, that the paper does not name."""
        return self.assumption == _ESTIMATED or self.assumption.startswith(OTHER_MEDIANS)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(
            dict.fromkeys(
                (*(value.claim for part in self.cover for value in part.values), *self.weights)
            )
        )


def check_summary_hulls(
    study: Study,
    conventions: Conventions,
    values: SummaryValues,
    analyses: Sequence[CountAnalysis],
) -> tuple[Finding, ...]:
    """Check summaries of a whole against those of its complete parts.

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
        One for each mean, median, extreme or range of a group that is made
        up of parts for which it is printed too.

    Notes
    -----
    Parts exclude one another and make up the whole.  A mean of the whole is
    their mean weighted by the numbers analysed, so it lies in their hull.

    So does a median, if all are middle values: the mean of the two in the middle
    of an even number, or always the lower of them, or always the upper.  Let m be the least
    median of a part.  Of the n_i values of a part at most n_i / 2 are below
    m, so of all n values at most n / 2 are.  If fewer are, or n is odd, every
    median of the whole is at least m.  If it is exactly n / 2, each part has
    exactly half of its values below m, lower middle values l_i and upper ones
    u_i with (l_i + u_i) / 2 >= m; the whole has max l_i and min u_i in its
    middle, and with j where u_j is least, (max l_i + u_j) / 2 >= (l_j + u_j) /
    2 >= m.  With lower medians at most ceil(n_i / 2) - 1 values of a part are
    below m, which adds up to at most ceil(n / 2) - 1.  Upper bounds, and upper
    medians, follow by turning the scale round.

    By types 3 and 4 of Hyndman and Fan (SAS with PCTLDEF=2 and 1) it is not so: by type 4 the
    median of 1, 4, 6 is 2.5, that of 2, 4, 7 is 3, and that of all six is 4.  Nor does anything
    follow from medians without a definition: of the values of a part floor(n_i / 2) need be at or
    below its median, at most floor(n / 2) in all, and so many may be below that of the whole.  So
    medians never convict.

    None of this holds for estimates from censored times (the Kaplan-Meier
    median or the area under the curve), so variables of type ``time`` never
    convict; nor do values from several places, which may be of several sets
    of patients.
    """
    sizes = Sizes(study, analyses)
    analysed = analysed_numbers(study)
    findings = []
    for whole in _wholes(study, values):
        bounds = [
            bound
            for cover, is_together in _covers(values, whole)
            for bound in _bounds(study, sizes, analysed, whole, cover, is_together)
            if EVERYTHING not in (bound.window, whole.window)  # vague values bound nothing
        ]
        if bounds:
            findings.append(_finding(study, conventions, whole, bounds))
    return tuple(findings)


def _wholes(study: Study, values: SummaryValues) -> Iterable[_Whole]:
    for variable, statistic, at in values.quantities():
        described = study.variables[variable]
        is_summary = described.derived is not None and described.derived.per == "summary"
        if statistic not in _CHECKED or is_summary or described.type == "studies":
            continue
        for group in values.groups(variable, statistic, at):
            alike: dict[Interval, list[SummaryValue]] = {}
            for value in values.of(group, variable, statistic, at):
                if value.is_certain:
                    alike.setdefault(value.window, []).append(value)
            for rows in alike.values():
                yield _Whole(variable, statistic, at, group, tuple(rows))


def _covers(values: SummaryValues, whole: _Whole) -> list[tuple[Cover, bool]]:
    """Return the ways to divide the whole, and whether one place prints it all."""
    key = (whole.variable, whole.statistic, whole.at)

    def sure(found: Iterable[Cover]) -> list[Cover]:
        return [
            cover for cover in found if all(v.is_certain for part in cover for v in part.values)
        ]

    together = [
        cover
        for place in dict.fromkeys(claim.location for claim in whole.claims)
        for cover in sure(values.covers(whole.group, *key, place))
    ]
    apart = sure(values.covers(whole.group, *key))
    known = {frozenset(part.group for part in cover) for cover in together}
    return [(cover, True) for cover in together] + [
        (cover, False) for cover in apart if frozenset(part.group for part in cover) not in known
    ]


def analysed_numbers(study: Study) -> dict[tuple[str, str], dict[Group, dict[int, list[Claim]]]]:
    """Return how many were analysed of a variable, where the paper says so.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict
        By variable and time, by group, the rows of each number.
    """
    found: dict[tuple[str, str], dict[Group, dict[int, list[Claim]]]] = {}
    for claim in study.claims:
        options = readings(claim)
        if len(options) > 1 or not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        reading = options[0]
        if reading.stat_name not in ("N", "N_nonmiss") or not reading.variable:
            continue
        printed = study.printed(claim)
        if printed.is_number and not reading.variable_level:
            of = found.setdefault((reading.variable, reading.at), {})
            numbers = of.setdefault(group_of(study, reading.population), {})
            numbers.setdefault(int(printed.number()), []).append(claim)
    return found


def _bounds(
    study: Study,
    sizes: Sizes,
    analysed: Mapping[tuple[str, str], Mapping[Group, Mapping[int, Sequence[Claim]]]],
    whole: _Whole,
    cover: Cover,
    is_together: bool,
) -> Iterable[_Bound]:
    windows = [hull([value.window for value in part.values]) for part in cover]
    stated = analysed.get((whole.variable, whole.at), {})
    numbers = [dict(stated.get(part.group, {})) for part in cover]
    are_stated = all(len(found) == 1 for found in numbers)
    total = sum(next(iter(found)) for found in numbers) if are_stated else None
    of_all = set(stated.get(whole.group, {}))
    differ = total is not None and bool(of_all) and of_all != {total}
    assumption = "" if is_together and not differ else _OTHERS
    if whole.statistic in ("mean", "median"):
        is_time = study.variables[whole.variable].type == "time"
        if whole.statistic == "median":
            assumption = ", or ".join(filter(None, (OTHER_MEDIANS, assumption)))
        yield _Bound(cover, hull(windows), _ESTIMATED if is_time else assumption)
        if whole.statistic == "mean" and not is_time:
            yield from _weighted(
                sizes, cover, windows, numbers, assumption, are_stated and not differ
            )
        return
    lows, highs = [w.low for w in windows], [w.high for w in windows]
    least = [end for end in lows if end is not None]
    greatest = [end for end in highs if end is not None]
    if len(least) < len(cover) or len(greatest) < len(cover):
        return
    if whole.statistic in ("min", "max"):
        choose = min if whole.statistic == "min" else max
        window = Interval(choose(least), choose(greatest))
        yield _Bound(cover, window, assumption, extreme=_extreme(study, whole, cover))
    else:
        yield _Bound(cover, Interval(max(least), None), assumption)


def _extreme(study: Study, whole: _Whole, cover: Cover) -> Fraction | None:
    """Return what the extreme of the whole must print as, if all have as many decimals.

    It is the extreme of a part, and one number prints in one way.
    """
    rows = [whole.claims[0], *(value.claim for part in cover for value in part.values)]
    printed = [study.printed(claim) for claim in rows]
    alike = len({number.step for number in printed}) == 1
    once = all(len({value.window for value in part.values}) == 1 for part in cover)
    if not (alike and once and all(number.is_number for number in printed)):
        return None
    numbers = [number.number() for number in printed[1:]]
    return min(numbers) if whole.statistic == "min" else max(numbers)


def _weighted(
    sizes: Sizes,
    cover: Cover,
    windows: Sequence[Interval],
    numbers: Sequence[Mapping[int, Sequence[Claim]]],
    assumption: str,
    are_stated: bool,
) -> Iterable[_Bound]:
    """Yield the mean of the parts' means, weighted by the numbers analysed."""
    if are_stated:
        weights = [next(iter(found)) for found in numbers]
        claims = tuple(claim for found in numbers for rows in found.values() for claim in rows)
    else:
        known = [sizes.values(part.group.cell) for part in cover]
        if any(len(found) != 1 for found in known):
            return
        weights = [found[0] for found in known]
        claims = tuple(claim for part in cover for claim in sizes.claims(part.group.cell))
        assumption = _NOT_ALL
    if sum(weights) == 0 or 0 in weights:
        return
    window = interval_sum(
        [
            scaled(window, Fraction(weight, sum(weights)))
            for window, weight in zip(windows, weights, strict=True)
        ]
    )
    yield _Bound(cover, window, assumption, claims, is_weighted=True)


def _finding(
    study: Study, conventions: Conventions, whole: _Whole, bounds: Sequence[_Bound]
) -> Finding:
    missed = [bound for bound in bounds if not bound.allows(whole, study)]
    for bound in missed:
        if not bound.assumption:
            return _conflict(study, conventions, whole, bound)
    if missed:
        return _conditional(study, conventions, whole, missed[0])
    return _support(study, conventions, whole, bounds)


def _title(study: Study, whole: _Whole) -> str:
    name = variable_title(study, whole.variable)
    title = f"{name}, {group_title(study, whole.group)}" + (f" at {whole.at}" if whole.at else "")
    return title[:1].upper() + title[1:]


def _said(study: Study, whole: _Whole) -> str:
    statistic = STATISTICS.get(whole.statistic, whole.statistic)
    return f"{_title(study, whole)}: {statistic} {said_where(study, whole.claims)}"


def _parts(study: Study, bound: _Bound) -> str:
    found = []
    for part in bound.cover:
        printed = listed(dict.fromkeys(quoted(study, value.claim) for value in part.values), "or")
        found.append(f"{printed} for {group_title(study, part.group)}")
    return listed(found)


def _follows(study: Study, whole: _Whole, bound: _Bound) -> str:
    claim = whole.claims[0]
    low, high = bound.window.low, bound.window.high
    if low is None and high is None:
        return "nothing follows"
    if high is None or low is None:
        end, word = (low, "least") if low is not None else (high, "most")
        assert end is not None
        return f"that of the whole is at {word} {shown(study, claim, end)}"
    span = f"{shown(study, claim, low)} to {shown(study, claim, high)}"
    how = ", weighted by the numbers of the groups," if bound.is_weighted else ""
    lies = "would lie" if bound.is_doubtful else "lies"
    return f"that of the whole{how} {lies} within {span}"


def _conditional(study: Study, conventions: Conventions, whole: _Whole, bound: _Bound) -> Finding:
    sentence = (
        f"Holds only if {bound.assumption}: with {_parts(study, bound)}, "
        f"{_follows(study, whole, bound)}."
    )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(dict.fromkeys(row.claim for row in (*whole.claims, *bound.claims))),
        f"{_said(study, whole)}. The groups that make it up have {_parts(study, bound)}; "
        f"{_follows(study, whole, bound)}. It holds only if {bound.assumption}.",
        {
            claim.claim: Bearing(Verdict.CONDITIONAL, sentence, None, (bound.window,))
            for claim in whole.claims
        },
        assumptions=(bound.assumption,),
        resolved_by=("How many of each group were analysed, and how the value was estimated.",),
        conventions=conventions.as_text(),
    )


def _conflict(study: Study, conventions: Conventions, whole: _Whole, bound: _Bound) -> Finding:
    claims = tuple(dict.fromkeys((*whole.claims, *bound.claims)))
    bearings = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {_parts(study, bound)}: {_follows(study, whole, bound)}.",
            None,
            (bound.window,),
        )
        for claim in whole.claims
    }
    against = f"Inconsistent with {said_where(study, whole.claims)} for {group_title(study, whole.group)}."
    for claim in _movable(whole, bound):
        bearings[claim.claim] = Bearing(Verdict.INCONSISTENT, against)
    ids = tuple(claim.claim for claim in whole.claims)
    low, high = bound.window.low, bound.window.high
    repairs: tuple[Repair, ...] = ()
    first = whole.claims[0]
    if bound.extreme is not None:
        put = recomputed_text(study, first, bound.extreme, conventions)
        puts = replacements(study, whole.claims, put)
        repairs = (Repair(ids, f"{put} instead of {quoted(study, first)}", replacements=puts),)
    elif low is not None and high is not None:
        ends = (recomputed_text(study, first, end, conventions) for end in (low, high))
        change = " to ".join(dict.fromkeys(ends))
        repairs = (Repair(ids, f"{change} instead of {quoted(study, first)}"),)
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(claim.claim for claim in claims),
        f"{_said(study, whole)}. The groups that make it up have {_parts(study, bound)}; "
        f"{_follows(study, whole, bound)}.",
        bearings,
        resolved_by=("Which of the values the patients' records give.",),
        repairs=repairs,
        changes="An estimate: the value of all and those of the groups cannot be quoted together.",
        conventions=conventions.as_text(),
    )


def _movable(whole: _Whole, bound: _Bound) -> tuple[Claim, ...]:
    """Return the rows of the parts of which a change alone could end the conflict.

    A least value of all that lies above those of two parts is held there by
    either of them.
    """
    ends = [hull([value.window for value in part.values]) for part in bound.cover]
    low, high = whole.window.low, whole.window.high
    touching = bound.extreme is not None  # then windows that only touch differ as well
    blocking = list(range(len(ends)))
    if whole.statistic == "min" and low is not None:
        blocking = [
            number
            for number, end in enumerate(ends)
            if end.high is not None and (end.high < low or (touching and end.high == low))
        ]
    elif whole.statistic in ("max", "range") and high is not None:
        blocking = [
            number
            for number, end in enumerate(ends)
            if end.low is not None and (end.low > high or (touching and end.low == high))
        ]
    if not blocking or whole.statistic in ("mean", "median"):
        return bound.claims
    if len(blocking) > 1:
        return ()
    return tuple(value.claim for value in bound.cover[blocking[0]].values)


def _support(
    study: Study, conventions: Conventions, whole: _Whole, bounds: Sequence[_Bound]
) -> Finding:
    window = bounds[0].window
    for bound in bounds[1:]:
        if bound.window.meets(window):
            window = bound.window.meet(window)
    tightest = min(bounds, key=_width)
    first = whole.claims[0]
    printed = study.printed(first)
    recomputed = None
    is_extreme = whole.statistic in ("min", "max")
    middle = _middle(tightest.window)
    if (is_extreme or tightest.is_weighted) and printed.is_number and middle is not None:
        text = recomputed_text(study, first, middle, conventions)
        recomputed = text if Fraction(text) == printed.number() else None
    is_estimated = any(bound.assumption == _ESTIMATED for bound in bounds)
    attainable = None if any(bound.is_doubtful for bound in bounds) else (window,)
    # Of an estimate nothing is proved by lying between others; that is left to other checks.
    settled = None if is_estimated else Verdict.POSSIBLE
    verdict = settled if recomputed is None else Verdict.REPRODUCED
    sentence = f"With {_parts(study, tightest)}, {_follows(study, whole, tightest)}."
    rows = tuple(
        dict.fromkeys((*whole.claims, *(claim for bound in bounds for claim in bound.claims)))
    )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in rows),
        f"{_said(study, whole)}. The groups that make it up have {_parts(study, tightest)}; "
        f"{_follows(study, whole, tightest)}.",
        {claim.claim: Bearing(verdict, sentence, recomputed, attainable) for claim in whole.claims},
        conventions=conventions.as_text(),
    )


def _width(bound: _Bound) -> Fraction:
    low, high = bound.window.low, bound.window.high
    return Fraction(10**12) if low is None or high is None else high - low


def _middle(window: Interval) -> Fraction | None:
    return None if window.low is None or window.high is None else (window.low + window.high) / 2
