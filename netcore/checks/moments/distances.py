"""Ranges and interquartile ranges printed as one number, against the spread of the values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.findings import root, said
from netcore.checks.moments.spread import SPREADS, squares_windows
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, Sample, printed_samples
from netcore.checks.summary_values import decimals
from netcore.checks.wording import listed, place, quantity_title
from netcore.printed import EVERYTHING, Interval, print_value
from netcore.stats.moments.distances import squares_by_distances
from netcore.study import Study

__all__ = ["CHECK", "check_distances"]

CHECK: Final = "moments-distances"

_DISTANCES: Final = ("range", "iqr")
_MOST: Final = 2_000  # numbers of values that are tried
_NOT_NEGATIVE: Final = Interval(Fraction(0), None)
_NOT_ONCE: Final = "digits were cut off, or rounded more than once"
_CENSORED: Final = "they are not estimates from censored times"


@dataclass(frozen=True, slots=True)
class _Fit:
    """Numbers of values with which a distance and a spread fit, under one reading."""

    sample: Sample
    numbers: tuple[int, ...]
    tried: int


def check_distances(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check ranges and interquartile ranges against the spread of the same values.

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
        At most one for each sample with a range or an interquartile range beside a spread.

    Notes
    -----
    With a range R and n values, R² / (2 n) ≤ SD² ≤ R² n / (4 (n − 1)) for any divisor.
    A range beside its ends, and an interquartile range beside quartiles, are compared by the
    check of order.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    found = [item for item in printed_samples(study, conventions, sizes) if _is_asked(item)]
    if not found:
        return ()
    wide = {
        item.claims: item
        for item in printed_samples(study, replace(conventions, rounding="any"), sizes)
    }
    findings = (_check(study, conventions, item, wide.get(item.claims)) for item in found)
    return tuple(finding for finding in findings if finding is not None)


def _is_asked(printed: PrintedSample) -> bool:
    return all(
        not sample.group.described
        and "rmean" not in sample.statistics
        and len({*sample.statistics} & {*SPREADS}) == 1
        and {*sample.statistics} & {*_DISTANCES}
        and sample.numbers.of_all  # none where nothing limits them, or nobody is left
        and all(
            window.meets(_NOT_NEGATIVE) for window in sample.windows(*SPREADS, *_DISTANCES).values()
        )
        for sample in printed.readings
    )


def _spread(sample: Sample) -> str:
    return next(name for name in SPREADS if name in sample.statistics)


def _squares(sample: Sample, number: int) -> Interval:
    windows = sample.windows(*_DISTANCES)
    return squares_by_distances(number, *(windows.get(name, EVERYTHING) for name in _DISTANCES))


def _fitting(sample: Sample, numbers: Iterable[int], divisors: slice) -> Iterator[int]:
    name = _spread(sample)
    spread = sample.statistics[name].window
    for number in numbers:
        window = _squares(sample, number) if number > 1 else Interval.point(Fraction(0))
        if any(one.meets(window) for one in squares_windows(name, spread, number)[divisors]):
            yield number


def _fit(sample: Sample, numbers: range, divisors: slice = slice(None)) -> _Fit:
    return _Fit(sample, tuple(_fitting(sample, numbers, divisors)), len(numbers))


def _check(
    study: Study, conventions: Conventions, printed: PrintedSample, wide: PrintedSample | None
) -> Finding | None:
    numbers = printed.readings[0].numbers
    everyone = numbers.of_all[-_MOST:]
    plain = [_fit(sample, everyone, slice(1)) for sample in printed.readings]
    for fit in plain:
        if fit.numbers:
            return _support(study, conventions, printed, fit)
    whole = range(min(numbers.least, everyone.start), everyone.stop)
    if len(whole) > _MOST:
        return None
    for fit in (_fit(sample, whole) for sample in printed.readings):
        if fit.numbers:
            return _conditional(study, conventions, printed, fit, "")
    for sample in wide.readings if wide is not None else ():
        fit = _fit(sample, whole)
        if fit.numbers:
            return _conditional(study, conventions, printed, fit, _NOT_ONCE)
    return _conflict(study, conventions, printed, len(whole))


def _names(sample: Sample) -> list[str]:
    return [name for name in (*SPREADS, *_DISTANCES) if name in sample.statistics]


def _ids(printed: PrintedSample) -> tuple[str, ...]:
    rows = [
        row.claim
        for sample in printed.readings
        for name in _names(sample)
        for row in sample.statistics[name].claims
    ]
    return tuple(dict.fromkeys([*rows, *(r.claim for r in printed.readings[0].numbers.claims)]))


def _start(study: Study, sample: Sample) -> str:
    title = quantity_title(study, sample.claims[0])
    rows = [row for name in _names(sample) for row in sample.statistics[name].claims]
    printed = said(study, sample, _names(sample))
    return f"{title[:1].upper()}{title[1:]}: {printed} ({place(study, rows)})."


def _attainable(study: Study, sample: Sample, numbers: Sequence[int]) -> Interval | None:
    """Return the spreads that the distances leave, for some numbers of values."""
    name = _spread(sample)
    lows, highs = [], []
    for number in {numbers[0], numbers[-1]} - {1}:
        squares = _squares(sample, number)
        assert squares.low is not None
        by = number if name == "std.error" else 1
        lows.append(squares.low / number / by)
        highs.append(None if squares.high is None else squares.high / (number - 1) / by)
    if not lows:
        return None
    low, high = min(lows), None if None in highs else max(one for one in highs if one is not None)
    if name != "var":
        low, high = root(low, up=False), None if high is None else root(high, up=True)
    unit = 10 ** (decimals(study, sample.statistics[name].claims[0]) + 1)
    return Interval(
        Fraction(low * unit // 1, unit),
        None if high is None else Fraction(-(-high * unit // 1), unit),
    )


def _follows(study: Study, sample: Sample, numbers: Sequence[int]) -> str:
    """Say what the spread can be: ``With 20 values the standard deviation is 1.6 to 5.2``."""
    window = _attainable(study, sample, numbers)
    if window is None or window.low is None:
        return ""
    name = _spread(sample)
    places = decimals(study, sample.statistics[name].claims[0]) + 1
    low = print_value(window.low, places)
    span = f"at least {low}"
    if window.high is not None:
        span = f"{low} to {print_value(window.high, places)}"
    first, last = numbers[0], numbers[-1]
    of = f"{first}" if first == last else f"{first} to {last}"
    distances = said(study, sample, [name for name in _DISTANCES if name in sample.statistics])
    return f" With {distances} of {of} values, the {SPREADS[name]} is {span}."


def _support(study: Study, conventions: Conventions, printed: PrintedSample, fit: _Fit) -> Finding:
    sample = fit.sample
    window = _attainable(study, sample, fit.numbers)
    follows = _follows(study, sample, fit.numbers)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        _ids(printed),
        f"{_start(study, sample)}{follows}",
        {
            row.claim: Bearing(
                Verdict.OPEN,
                follows.strip() or "It fits the distances printed beside it.",
                attainable=None if window is None else (window,),
            )
            for row in sample.statistics[_spread(sample)].claims
        },
        conventions=conventions.as_text(),
    )


def _guilty(sample: Sample) -> list[str]:
    return [
        row.claim
        for name in (*SPREADS, *_DISTANCES)
        if name in sample.statistics
        for row in sample.statistics[name].claims
    ]


def _conditional(
    study: Study, conventions: Conventions, printed: PrintedSample, fit: _Fit, digits: str
) -> Finding:
    sample, greatest = fit.sample, fit.sample.numbers.greatest
    if digits:
        assumption = digits
    elif greatest in fit.numbers:
        assumption = f"the {SPREADS[_spread(sample)]} has the divisor n"
    else:
        first, last = fit.numbers[0], fit.numbers[-1]
        span = f"{first}" if first == last else f"{first} to {last}"
        assumption = f"only {span} of {greatest} were analysed"
    if study.variables[sample.variable].type == "time":
        assumption += ", or they are estimates from censored times"
    follows = _follows(study, printed.readings[0], sample.numbers.of_all)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        _ids(printed),
        f"{_start(study, sample)}{follows} They hold together if {assumption}. "
        f"Numbers of values tried: {fit.tried}; that fit: {len(fit.numbers)}.",
        {
            row: Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}.{follows}")
            for row in _guilty(sample)
        },
        assumptions=(assumption,),
        resolved_by=("How many values there are.",),
        conventions=conventions.as_text(),
    )


def _conflict(
    study: Study, conventions: Conventions, printed: PrintedSample, tried: int
) -> Finding:
    sample = printed.readings[0]
    is_time = study.variables[sample.variable].type == "time"
    assumptions = (_CENSORED, NOT_REPLAYED) if is_time else (NOT_REPLAYED,)
    follows = _follows(study, sample, sample.numbers.of_all)
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        _ids(printed),
        f"{_start(study, sample)}{follows} Numbers of values tried: {tried}, with either divisor; "
        f"none fits. They conflict if {listed(assumptions)}.",
        {
            row: Bearing(Verdict.CONDITIONAL, f"They conflict if {listed(assumptions)}.{follows}")
            for row in _guilty(sample)
        },
        assumptions=assumptions,
        resolved_by=("The values themselves, and how each summary was computed.",),
        conventions=conventions.as_text(),
    )
