"""Confidence intervals of means against the mean, its spread and the number of values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import isqrt
from types import MappingProxyType
from typing import Final

from netcore.checks.estimands import is_first_hand
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.evaluation import step_of
from netcore.checks.moments.findings import said
from netcore.checks.moments.judging import summaries_of
from netcore.checks.moments.spread import SPREADS
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, Sample, printed_samples
from netcore.checks.summary_values import decimals, recomputed_text
from netcore.checks.wording import listed, place, quantity_title
from netcore.printed import EVERYTHING, Interval, format_fraction, print_value
from netcore.stats.interval_arithmetic import interval_sum
from netcore.stats.moments.constructed import Constructed, constructed_values
from netcore.stats.moments.mean_intervals import (
    DISTRIBUTIONS,
    half_widths,
    interval_limits,
    interval_numbers,
    squared_errors,
)
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_mean_intervals", "confidence_levels"]

CHECK: Final = "moments-intervals"

_LIMITS: Final = ("mean.conf.low", "mean.conf.high")
_LEVELS: Final = (Fraction(95, 100), Fraction(90, 100), Fraction(99, 100))
_LONGEST: Final = 400  # more values than that are not constructed
_DIGITS: Final = 10**9
_SHOWN: Final = 8  # more numbers than that are counted, not listed
_OTHER_KIND: Final = (
    "the interval is of another kind (made on another scale, by resampling, or of an adjusted mean)"
)
_NOT_ONCE: Final = "digits were cut off, or rounded more than once"
_CENSORED: Final = "the mean and its interval allow for censored times"


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to make an interval, with what it assumes."""

    distribution: str
    level: Fraction
    is_n: bool = False
    assumption: str = ""

    @property
    def title(self) -> str:
        return f"the {_percent(self.level)} interval by {DISTRIBUTIONS[self.distribution]}"


@dataclass(frozen=True, slots=True)
class _Fit:
    """Numbers of values with which a way gives the interval, under one reading."""

    sample: Sample
    way: _Way
    numbers: range
    assumption: str = ""


def _percent(level: Fraction) -> str:
    return f"{format_fraction(level * 100)} %"


def confidence_levels(study: Study, location: str) -> tuple[tuple[Fraction, ...], bool]:
    """Return the levels that the confidence intervals of a place may have.

    Parameters
    ----------
    study : Study
        The study.
    location : str
        Name of the place.

    Returns
    -------
    tuple of (tuple of Fraction, bool)
        The levels, and whether the paper states them: in that place, or
        anywhere; else 95, 90 and 99 %.
    """
    rows = [
        row
        for row in study.claims
        if row.readings("stat_name") == ("conf.level",) and is_first_hand(study, row)
    ]
    rows = [row for row in rows if row.location == location] or rows
    found: list[Fraction] = []
    for row in rows:
        if study.is_numeric(row) and study.printed(row).kind in ("number", "above"):
            value = study.printed(row).value
            assert value is not None
            level = value / 100 if value > 1 else value
            if study.printed(row).is_number:
                found.append(level)
            else:
                found += [one for one in _LEVELS if one >= level]
    kept = tuple(dict.fromkeys(level for level in found if 0 < level < 1))
    return (kept, True) if kept else (_LEVELS, False)


def check_mean_intervals(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check confidence intervals of means against what else is printed of the same values.

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
        At most one for each sample with a limit of the mean.

    Notes
    -----
    The usual interval is the mean less and plus q standard errors.  Intervals made on another
    scale, by resampling or of adjusted means are no such thing, and a paper seldom says which
    it prints.  So this check never convicts.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    found = [
        printed for printed in printed_samples(study, conventions, sizes) if _is_asked(printed)
    ]
    if not found:
        return ()
    wide = {
        printed.claims: printed
        for printed in printed_samples(study, replace(conventions, rounding="any"), sizes)
    }
    others = other_bounds(study)
    findings = (
        _check(study, conventions, others, printed, wide.get(printed.claims)) for printed in found
    )
    return tuple(finding for finding in findings if finding is not None)


def _is_asked(printed: PrintedSample) -> bool:
    first = printed.readings[0]
    names = [{*sample.statistics} for sample in printed.readings]
    if first.group.described or any("rmean" in one for one in names):
        return False
    spreads = [
        sample.statistics[name].window for sample in printed.readings if (name := _spread(sample))
    ]
    if not all(window.meets(Interval(Fraction(0), None)) for window in spreads):
        return False  # what is negative is another check's business
    return all(
        one & {*_LIMITS} and (one >= {*_LIMITS} or "mean" in one) and len(one & {*SPREADS}) < 2
        for one in names
    )


def _half(sample: Sample) -> Interval:
    windows = sample.windows("mean", *_LIMITS)
    names = ("mean", *_LIMITS)
    return half_widths(*(windows.get(name, EVERYTHING) for name in names))


def _spread(sample: Sample) -> str:
    return next((name for name in SPREADS if name in sample.statistics), "")


def _whole(sample: Sample) -> range:
    """Return how many values there are if all of the group were analysed, two or more."""
    return sample.numbers.of_all[max(0, 2 - sample.numbers.of_all.start) :]


def _fewer(sample: Sample) -> range:
    return sample.numbers.of_fewer[max(0, 2 - sample.numbers.of_fewer.start) :]


def _fits(
    sample: Sample, ways: Sequence[_Way], numbers: range, assumption: str = ""
) -> Iterator[_Fit]:
    name, half = _spread(sample), _half(sample)
    if not name or half.is_empty:
        return
    for way in ways:
        fitting = interval_numbers(
            half,
            name,
            sample.statistics[name].window,
            numbers,
            distribution=way.distribution,
            level=way.level,
            is_n=way.is_n,
        )
        if fitting:
            yield _Fit(sample, way, fitting, assumption or way.assumption)


def _ways(study: Study, sample: Sample) -> tuple[list[_Way], list[_Way]]:
    """Return the ways that assume nothing, and the others."""
    levels, _ = confidence_levels(study, sample.statistics[_limit(sample)].claims[0].location)
    plain = [_Way(name, level) for level, name in product(levels, DISTRIBUTIONS)]
    spread = SPREADS.get(_spread(sample), "")
    others = [
        replace(way, is_n=True, assumption=f"the {spread} has the divisor n") for way in plain
    ]
    for level in _LEVELS:
        if level not in levels:
            assumption = f"the interval is one of {_percent(level)}"
            others += [_Way(name, level, assumption=assumption) for name in DISTRIBUTIONS]
    return plain, others


def _limit(sample: Sample) -> str:
    return next(name for name in _LIMITS if name in sample.statistics)


def _check(
    study: Study,
    conventions: Conventions,
    others: OtherBounds,
    printed: PrintedSample,
    wide: PrintedSample | None,
) -> Finding | None:
    plain: list[_Fit] = []
    assumed: list[_Fit] = []
    for sample in printed.readings:
        usual, unusual = _ways(study, sample)
        plain += _fits(sample, usual, _whole(sample))
        fewer = [*_fits(sample, usual, _fewer(sample))]
        assumption = _of_fewer(sample, {number for fit in fewer for number in fit.numbers})
        assumed += [replace(fit, assumption=assumption) for fit in fewer]
        assumed += _fits(sample, unusual, _whole(sample))
    if plain:
        return _support(study, conventions, others, printed, plain)
    if all(not _half(sample).is_empty and not _is_known(sample) for sample in printed.readings):
        return _symmetric(study, conventions, printed)
    if not assumed and wide is not None:
        for sample in wide.readings:
            usual, _ = _ways(study, sample)
            assumed += _fits(sample, usual, _whole(sample), _NOT_ONCE)
            if not _is_known(sample) and not _half(sample).is_empty:
                assumed.append(_Fit(sample, usual[0], range(0), _NOT_ONCE))
    return _conditional(study, conventions, printed, assumed)


def _is_known(sample: Sample) -> bool:
    """Return whether a spread and a number are known, with which the width can be compared."""
    return bool(_spread(sample)) and sample.numbers.greatest is not None


def _of_fewer(sample: Sample, numbers: Collection[int]) -> str:
    some = sorted(numbers)
    said = listed((str(number) for number in some[:_SHOWN]), "or") if some else ""
    if len(some) > _SHOWN:
        said = f"one of {len(some)} numbers from {some[0]} to {some[-1]}"
    return f"only {said} of {sample.numbers.greatest} were analysed"


def _start(study: Study, sample: Sample) -> str:
    order = ("mean", *SPREADS, *_LIMITS)
    names = [name for name in order if name in sample.statistics]
    rows = [row for name in names for row in sample.statistics[name].claims]
    title = quantity_title(study, sample.claims[0])
    return f"{title[:1].upper()}{title[1:]}: {said(study, sample, names)} ({place(study, rows)})."


def _limits_of(fit: _Fit) -> tuple[Interval, Interval] | None:
    """Return where the limits lie, given the mean, the spread and all members of the group."""
    sample, way = fit.sample, fit.way
    mean = sample.statistics["mean"].window if "mean" in sample.statistics else EVERYTHING
    name = _spread(sample)
    if mean.low is None or mean.high is None:
        return None
    ends: list[tuple[Fraction, Fraction]] = []
    for number in {fit.numbers[0], fit.numbers[-1]}:
        errors = squared_errors(name, sample.statistics[name].window, number, is_n=way.is_n)
        if errors.low is None or errors.high is None:
            return None
        far = interval_limits(
            mean.low, errors.high, number, distribution=way.distribution, level=way.level
        )
        near = interval_limits(
            mean.high, errors.low, number, distribution=way.distribution, level=way.level
        )
        ends.append((far[0].low, near[0].high))
        width = mean.high - mean.low
        # The upper limit is as far above the mean as the lower one is below it.
        ends.append((near[1].low - width, far[1].high + width))
    lower, upper = ends[::2], ends[1::2]
    return (
        Interval(min(low for low, _ in lower), max(high for _, high in lower)),
        Interval(min(low for low, _ in upper), max(high for _, high in upper)),
    )


def _outwards(window: Interval, places: int) -> Interval:
    assert window.low is not None
    assert window.high is not None
    unit = 10**places
    return Interval(
        Fraction(window.low * unit // 1, unit), Fraction(-(-window.high * unit // 1), unit)
    )


def _recomputed(study: Study, conventions: Conventions, fit: _Fit) -> dict[str, str] | None:
    """Return the limits as these rows would print them, if they print as they do."""
    sample, way = fit.sample, fit.way
    name = _spread(sample)
    whole = _whole(sample)
    if "mean" not in sample.statistics or len(whole) != 1:
        return None
    rows = [sample.statistics[one].claims[0] for one in ("mean", name)]
    if not all(study.printed(row).is_number for row in rows):
        return None
    mean, spread = (study.printed(row).number() for row in rows)
    errors = squared_errors(name, Interval.point(spread), whole[0], is_n=way.is_n)
    assert errors.low is not None
    limits = interval_limits(
        mean, errors.low, whole[0], distribution=way.distribution, level=way.level
    )
    found = {}
    for one, limit in zip(_LIMITS, limits, strict=True):
        for row in sample.statistics[one].claims if one in sample.statistics else ():
            texts = {recomputed_text(study, row, end, conventions) for end in limit}
            printed = study.printed(row)
            if len(texts) > 1 or not printed.is_number:
                return None
            (text,) = texts
            if Fraction(text) != printed.number():
                return None
            found[row.claim] = text
    return found


def _made(study: Study, fit: _Fit) -> Constructed | None:
    """Make values with everything that is printed, the interval included."""
    sample, way, number = fit.sample, fit.way, fit.numbers[-1]
    variable = study.variables[sample.variable]
    asked, name, half = summaries_of(sample, variable), _spread(sample), _half(sample)
    errors = squared_errors(name, sample.statistics[name].window, number, is_n=way.is_n)
    if number > _LONGEST or half.low is None or half.high is None:
        return None
    one = Fraction(1)
    below, above = interval_limits(
        Fraction(0), one, number, distribution=way.distribution, level=way.level
    )
    lows = [half.low**2 / above.low**2, errors.low or Fraction(0)]
    highs = [half.high**2 / above.high**2, *([] if errors.high is None else [errors.high])]
    low, high = max(lows), min(highs)
    if low > high:
        return None
    inner = Interval(low + (high - low) / 3, high - (high - low) / 3)
    assert inner.low is not None
    width = -below.low * Fraction(isqrt(int(inner.low * _DIGITS**2)), _DIGITS)
    windows = sample.windows("mean", *_LIMITS)
    means = windows.get("mean", EVERYTHING)
    # The mean that is as far from each limit as its half width.
    for limit, sign in zip(_LIMITS, (1, -1), strict=True):
        if limit in windows:
            means = means.meet(interval_sum([windows[limit], Interval.point(sign * width)]))
    if means.is_empty or means.low is None or means.high is None:
        return None
    quarter = (means.high - means.low) / 4
    step, is_stated = step_of(variable)
    for grid in dict.fromkeys((step, step if is_stated else None)):
        made = constructed_values(
            number,
            asked.quantiles,
            Interval(means.low + quarter, means.high - quarter),
            Interval(
                inner.low * number * (number - 1), (inner.high or low) * number * (number - 1)
            ),
            asked.natural_domain,
            grid,
        )
        if made is not None and _has_interval(made, fit):
            return made
    return None


def _has_interval(made: Constructed, fit: _Fit) -> bool:
    """Return whether values have the printed interval, exactly."""
    number, way = len(made.values), fit.way
    mean = sum(made.values, Fraction(0)) / number
    squares = sum(((value - mean) ** 2 for value in made.values), Fraction(0))
    limits = interval_limits(
        mean,
        squares / (number * (number - 1)),
        number,
        distribution=way.distribution,
        level=way.level,
    )
    windows = fit.sample.windows(*_LIMITS)
    return all(
        end in windows[name]
        for name, limit in zip(_LIMITS, limits, strict=True)
        if name in windows
        for end in limit
    )


def _support(
    study: Study,
    conventions: Conventions,
    others: OtherBounds,
    printed: PrintedSample,
    fits: Sequence[_Fit],
) -> Finding:
    fit = fits[0]
    recomputed = None
    readings = {fit.sample.choices for fit in fits}
    if len(printed.readings) == 1 or len(readings) == 1:
        for one in fits:
            recomputed = _recomputed(study, conventions, one)
            if recomputed is not None:
                fit = one
                break
    sample = fit.sample
    made = _made(study, fit)
    numbers = [row.claim for row in sample.numbers.claims]
    rows = tuple(dict.fromkeys((*(row.claim for row in printed.claims), *numbers)))
    is_free = (
        made is not None
        and {*sample.statistics} <= {"mean", *SPREADS, *QUANTILES, *_LIMITS}
        and not others.bear_on(sample.population, sample.variable, sample.at, rows)
    )
    settled = Verdict.POSSIBLE if is_free else Verdict.OPEN
    more = "" if is_free else "; other printed values bear on them too"
    known = [name for name in ("mean", _spread(sample)) if name in sample.statistics]
    beside = said(study, sample, known)
    bearings: dict[str, Bearing] = {}
    attainable = [found for one in fits if (found := _limits_of(one)) is not None]
    for position, name in enumerate(_LIMITS):
        for row in sample.statistics[name].claims if name in sample.statistics else ():
            places = decimals(study, row) + 1
            windows = dict.fromkeys(_outwards(found[position], places) for found in attainable)
            text = recomputed.get(row.claim) if recomputed else None
            sentence = f"With {beside} of {_count(fit)} values, it is {fit.way.title}"
            bearings[row.claim] = Bearing(
                settled if text is None else Verdict.REPRODUCED,
                f"{sentence}{'' if text else more}.",
                text,
                tuple(windows) or None,
            )
    for name in sample.statistics:
        if name not in _LIMITS and (made is not None or name in known):
            for row in sample.statistics[name].claims:
                sentence = f"Values exist that also have {fit.way.title}, as printed{more}."
                if made is None:
                    sentence = f"It fits {fit.way.title}, as printed{more}."
                bearings[row.claim] = Bearing(settled, sentence)
    told = listed(dict.fromkeys(_told(study, one) for one in fits), "or")
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        rows,
        f"{_start(study, sample)} From mean and spread of {_count(fit)} values follows {told}. "
        f"Ways tried: {_tried(study, printed)}; that fit: {len(fits)}.",
        bearings,
        conventions=conventions.as_text(),
        witness=None if made is None else _witness(study, fit, made),
    )


def _count(fit: _Fit) -> str:
    first, last = fit.numbers[0], fit.numbers[-1]
    return f"{first}" if first == last else f"{first} to {last}"


def _told(study: Study, fit: _Fit) -> str:
    """Say where an interval lies: ``8.13 to 11.87``, its way."""
    found = _limits_of(fit)
    if found is None:
        return fit.way.title
    row = fit.sample.statistics[_limit(fit.sample)].claims[0]
    places = decimals(study, row) + 1
    ends = []
    for window in found:
        assert window.low is not None
        assert window.high is not None
        text = print_value((window.low + window.high) / 2, places)
        ends.append(text.replace("-", "−"))
    return f"{fit.way.title}, about {ends[0]} to {ends[1]}"


def _tried(study: Study, printed: PrintedSample) -> int:
    return sum(len(_ways(study, sample)[0]) for sample in printed.readings)


def _witness(study: Study, fit: _Fit, made: Constructed) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "kind": f"values of {len(made.values)} units, constructed",
            "constructed": True,
            "quantity": quantity_title(study, fit.sample.claims[0]),
            "readings": {cell.words: cell.meant for cell in fit.sample.choices},
            "values": [format_fraction(value) for value in made.values],
            "quantiles": f"{made.definition.replace('type', 'type ')} of Hyndman and Fan",
            "interval": fit.way.title,
        }
    )


def _symmetric(study: Study, conventions: Conventions, printed: PrintedSample) -> Finding | None:
    """Say that a mean is in the middle of its limits, where no spread is known."""
    sample = printed.readings[0]
    if len(printed.readings) > 1 or not {*sample.statistics} >= {"mean", *_LIMITS}:
        return None
    low, high = (sample.statistics[name].window for name in _LIMITS)
    if low.low is None or low.high is None or high.low is None or high.high is None:
        return None
    middle = Interval((low.low + high.low) / 2, (low.high + high.high) / 2)
    rows = sample.statistics["mean"].claims
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(row.claim for row in printed.claims),
        f"{_start(study, sample)} The mean is in the middle of its interval.",
        {
            row.claim: Bearing(
                Verdict.OPEN,
                "It is in the middle of its confidence interval; no spread is printed beside it.",
                attainable=(_outwards(middle, decimals(study, row) + 1),),
            )
            for row in rows
        },
        conventions=conventions.as_text(),
    )


def _middle_text(study: Study, sample: Sample) -> str:
    """Say where the middle of the limits is, if it is not where the mean is."""
    rows = {name: sample.statistics[name].claims[0] for name in sample.statistics}
    if not {"mean", *_LIMITS} <= rows.keys() or not _half(sample).is_empty:
        return ""
    if not all(study.printed(rows[name]).is_number for name in _LIMITS):
        return " The mean is not in the middle of its interval."
    middle = sum(study.printed(rows[name]).number() for name in _LIMITS) / Fraction(2)
    text = print_value(middle, decimals(study, rows["mean"]) + 1).replace("-", "−")
    return f" The middle of the interval is {text}, not the mean."


def _conditional(
    study: Study, conventions: Conventions, printed: PrintedSample, fits: Sequence[_Fit]
) -> Finding | None:
    sample = printed.readings[0]
    usual, _ = _ways(study, sample)
    ways = [*dict.fromkeys(fit.assumption for fit in fits), _OTHER_KIND]
    if study.variables[sample.variable].type == "time":
        ways.append(_CENSORED)
    assumption = ", or ".join(ways)
    whole = _whole(sample)
    told = _middle_text(study, sample)
    if not told and _is_known(sample) and whole:
        plain = [_Fit(sample, way, whole) for way in usual if way.level == usual[0].level]
        told = f" From mean and spread of {_count(plain[0])} values would follow "
        told += listed(dict.fromkeys(_told(study, one) for one in plain), "or") + "."
    numbers = tuple(row for row in sample.numbers.claims if _is_known(sample))
    rows: tuple[Claim, ...] = tuple(dict.fromkeys((*printed.claims, *numbers)))
    bearings = {
        row.claim: Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}.{told}")
        for name in _LIMITS
        if name in sample.statistics
        for row in sample.statistics[name].claims
    }
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(row.claim for row in rows),
        f"{_start(study, sample)}{told} It holds if {assumption}. "
        f"Ways tried: {_tried(study, printed)}; none fits without that.",
        bearings,
        assumptions=(assumption,),
        resolved_by=("How the interval was made, its level, and how many values there were.",),
        conventions=conventions.as_text(),
    )
