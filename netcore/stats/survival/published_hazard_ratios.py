"""Hazard ratios worked out of other published numbers: approximations, and one exact relation.

A meta-analysis needs log HR and its standard error where a paper prints a confidence interval,
or a p-value and numbers of events.  The conversions are those of Parmar and of Tierney.  They
assume an interval or a test by a normal approximation and a variance by a formula, so that what
comes out of them convicts nobody.  Windows of what goes in become windows of what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from types import MappingProxyType
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, logarithm
from netcore.stats.tail_enclosures import normal_tail, two_sided_quantile

__all__ = [
    "VARIANCES",
    "ApproximateLogRatio",
    "is_middle",
    "log_ratio_from_interval",
    "log_ratio_from_p",
    "p_from_interval",
]

_ROOT: Final = 1 << 60
_LEVEL: Final = Fraction(95, 100)


@dataclass(frozen=True, slots=True)
class ApproximateLogRatio:
    """A log hazard ratio that was worked out of other numbers, by an approximation.

    Parameters
    ----------
    log_ratio : Interval
        Where it lies; its sign is lost, and it is not negative, where it comes of a p-value.
    standard_error : Interval
        Where its standard error lies.
    approximation : str
        What is assumed.
    """

    log_ratio: Interval
    standard_error: Interval
    approximation: str


def _log(value: Fraction) -> Enclosure:
    above, below = logarithm(value.numerator), logarithm(value.denominator)
    return Enclosure(above.low - below.high, above.high - below.low)


def _roots(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return square roots, rounded outwards."""
    down = isqrt(low.numerator * _ROOT * _ROOT // low.denominator)
    up = isqrt(-(-high.numerator * _ROOT * _ROOT // high.denominator)) + 1
    return Fraction(down, _ROOT), Fraction(up, _ROOT)


def _ends(window: Interval, what: str) -> tuple[Fraction, Fraction]:
    low, high = window.low, window.high
    if low is None or high is None or not 0 < low <= high:
        raise ValueError(f"found {what} in {window}, expected values above 0")
    return low, high


def _checked(low: Interval, high: Interval) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    a, b = _ends(low, "the lower limit")
    c, d = _ends(high, "the upper limit")
    if d <= a or c < b:
        raise ValueError(f"found limits in {low} and {high}, expected the lower below the upper")
    return a, b, c, d


def is_middle(ratio: Interval, low: Interval, high: Interval) -> bool:
    """Return whether a ratio can be the geometric mean of its confidence limits.

    Parameters
    ----------
    ratio, low, high : Interval
        Windows of the ratio and of its limits.

    Returns
    -------
    bool
        Exact: False if no numbers in the windows have ratio^2 = low high.

    Raises
    ------
    ValueError
        If a window holds 0 or less, or has no end.

    Notes
    -----
    Limits exp(log HR -+ z SE), as of Wald, have it; those of a profile likelihood, a bootstrap
    or an exact method need not.

    Examples
    --------
    >>> window = lambda x: Interval(Fraction(x) - Fraction(1, 200), Fraction(x) + Fraction(1, 200))
    >>> is_middle(window("0.70"), window("0.49"), window("1.00"))
    True
    >>> is_middle(window("0.70"), window("0.49"), window("1.10"))
    False
    """
    a, b = _ends(ratio, "the ratio")
    c, d = _ends(low, "the lower limit")
    e, f = _ends(high, "the upper limit")
    return a * a <= d * f and c * e <= b * b


def log_ratio_from_interval(
    low: Interval, high: Interval, level: Fraction = _LEVEL
) -> ApproximateLogRatio:
    """Return log HR and its standard error from a confidence interval, approximately.

    Parameters
    ----------
    low, high : Interval
        Windows of the limits.
    level : Fraction
        Of the interval.

    Returns
    -------
    ApproximateLogRatio
        The mean of the logarithms of the limits, and their distance by 2 z.

    Raises
    ------
    ValueError
        If a limit may be 0 or less, the limits are out of order, or the level is no
        probability.

    References
    ----------
    Parmar MKB, Torri V, Stewart L (1998). Extracting summary statistics to perform
    meta-analyses of the published literature for survival endpoints. Statistics in Medicine
    17(24):2815-2834. doi:10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8

    Examples
    --------
    >>> found = log_ratio_from_interval(Interval.point(Fraction(1, 2)), Interval.point(2))
    >>> abs(found.log_ratio.high) < Fraction(1, 10**30), round(float(found.standard_error.low), 4)
    (True, 0.3537)
    """
    a, b, c, d = _checked(low, high)
    z_low, z_high = _roots(*two_sided_quantile(1 - level))
    middle = Interval((_log(a).low + _log(c).low) / 2, (_log(b).high + _log(d).high) / 2)
    narrow, wide = _log(c).low - _log(b).high, _log(d).high - _log(a).low
    error = Interval(max(narrow, Fraction(0)) / (2 * z_high), wide / (2 * z_low))
    return ApproximateLogRatio(middle, error, "a Wald interval of the log hazard ratio")


def p_from_interval(low: Interval, high: Interval, level: Fraction = _LEVEL) -> Interval:
    """Return the two-sided p-value of Wald's test from a confidence interval, approximately.

    Parameters
    ----------
    low, high : Interval
        Windows of the limits.
    level : Fraction
        Of the interval.

    Returns
    -------
    Interval
        Where the p-value lies; that of a log-rank or likelihood-ratio test is another.

    Raises
    ------
    ValueError
        If a limit may be 0 or less, the limits are out of order, or the level is no
        probability.

    Notes
    -----
    With a and b the logarithms of the limits, z is z_level (a + b) / (b - a), which for one of
    them fixed rises or falls in the other, so that its extremes are at ends of the windows.

    Examples
    --------
    >>> found = p_from_interval(Interval.point(1), Interval.point(2))
    >>> round(float(found.low), 6), round(float(found.high), 6)
    (0.05, 0.05)
    """
    ends = _checked(low, high)
    if ends[1] >= ends[2]:
        return Interval(Fraction(0), Fraction(1))  # the limits may be equal
    quotients = []
    for x in ends[:2]:
        for y in ends[2:]:
            one, two = _log(x), _log(y)
            for a in one:
                for b in two:
                    quotients.append((a + b) / (b - a))
    least, greatest = min(quotients), max(quotients)
    squares = sorted((least * least, greatest * greatest))
    if least <= 0 <= greatest:
        squares[0] = Fraction(0)
    z = two_sided_quantile(1 - level)
    return Interval(normal_tail(squares[1] * z.high).low, normal_tail(squares[0] * z.low).high)


VARIANCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "events of both": "V is d1 d2 / (d1 + d2)",
        "events and sizes": "V is d n1 n2 / (n1 + n2)^2",
        "events alone": "V is d / 4",
    }
)
"""What is assumed of the variance of O - E, by key."""


def log_ratio_from_p(
    p: Interval,
    events: tuple[int, int] | int,
    sizes: tuple[int, int] | None = None,
) -> Mapping[str, ApproximateLogRatio]:
    """Return the size of log HR from a two-sided p-value and numbers of events, approximately.

    Parameters
    ----------
    p : Interval
        Window of the p-value of a log-rank or Cox test.
    events : tuple of (int, int) or int
        Events of each arm, or of both.
    sizes : tuple of (int, int), optional
        How many patients each arm has.

    Returns
    -------
    mapping of str to ApproximateLogRatio
        By each variance of :data:`VARIANCES` that can be worked out: |log HR| is z / sqrt(V),
        its standard error 1 / sqrt(V).

    Raises
    ------
    ValueError
        If there are no events, a size is 0, or the p-value may be 0 or is above 1.

    References
    ----------
    Parmar MKB, Torri V, Stewart L (1998). Extracting summary statistics to perform
    meta-analyses of the published literature for survival endpoints. Statistics in Medicine
    17(24):2815-2834. doi:10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8

    Tierney JF, Stewart LA, Ghersi D, Burdett S, Sydes MR (2007). Practical methods for
    incorporating summary time-to-event data into meta-analysis. Trials 8:16.
    doi:10.1186/1745-6215-8-16

    Examples
    --------
    >>> found = log_ratio_from_p(Interval.point(Fraction(3, 100)), (10, 20))
    >>> {key: round(float(value.log_ratio.low), 3) for key, value in found.items()}
    {'events of both': 0.84, 'events alone': 0.792}
    """
    low, high = _ends(p, "p")
    if high > 1:
        raise ValueError(f"found p in {p}, expected at most 1")
    total = events if isinstance(events, int) else sum(events)
    if total < 1 or (not isinstance(events, int) and min(events) < 0):
        raise ValueError(f"found {events} events, expected at least one and none below 0")
    if sizes is not None and min(sizes) < 1:
        raise ValueError(f"found sizes {sizes}, expected at least one patient in each arm")
    variances: dict[str, Fraction] = {}
    if not isinstance(events, int) and min(events):
        variances["events of both"] = Fraction(events[0] * events[1], total)
    if sizes is not None:
        variances["events and sizes"] = Fraction(total * sizes[0] * sizes[1], sum(sizes) ** 2)
    variances["events alone"] = Fraction(total, 4)
    least = two_sided_quantile(high).low if high < 1 else Fraction(0)
    greatest = two_sided_quantile(low).high if low < 1 else Fraction(0)
    return {
        key: ApproximateLogRatio(
            Interval(*_roots(least / v, greatest / v)),
            Interval(*_roots(1 / v, 1 / v)),
            VARIANCES[key],
        )
        for key, v in variances.items()
    }
