"""Confidence intervals of a mean: which numbers of values, and which spreads, give them.

The usual interval is the mean less and plus q standard errors, with a quantile q of Student's
distribution or of the normal one.  So its middle is the mean, and its half width says how
many values there were, if their spread is known.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from types import MappingProxyType
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.moments.spread import squared, squared_error_factor

__all__ = [
    "DISTRIBUTIONS",
    "half_widths",
    "interval_limits",
    "interval_numbers",
    "squared_errors",
]

DISTRIBUTIONS: Final = MappingProxyType(
    {"t": "Student's distribution", "z": "the normal distribution"}
)
"""Where the quantile of an interval comes from, with words for it."""

_DIGITS: Final = 10**12  # of square roots
_READINGS: Final = MappingProxyType({"sd": "sd", "std.error": "se"})


def half_widths(mean: Interval, lower: Interval, upper: Interval) -> Interval:
    """Return half the width of an interval around a mean, as far as what is printed says.

    Parameters
    ----------
    mean, lower, upper : Interval
        The numbers that print as the mean and as its limits; everything for what is
        not printed.

    Returns
    -------
    Interval
        All h for which some m has m, m - h and m + h in their windows; empty if no interval
        with such limits has such a mean in its middle.

    Notes
    -----
    For each h, m lies in three intervals, which have a number in common if each two
    have: six bounds on h.

    Examples
    --------
    >>> def near(value: str) -> Interval:
    ...     return Interval(Fraction(value) - Fraction(1, 20), Fraction(value) + Fraction(1, 20))
    >>> str(half_widths(near("10"), near("8.2"), near("11.8")))
    '[1.75, 1.85]'
    >>> half_widths(near("10"), near("8.2"), near("12.8")).is_empty
    True
    """
    pairs = ((mean, lower, 1), (upper, mean, 1), (upper, lower, 2))
    lows = [
        (above.low - below.high) / parts
        for above, below, parts in pairs
        if above.low is not None and below.high is not None
    ]
    highs = [
        (above.high - below.low) / parts
        for above, below, parts in pairs
        if above.high is not None and below.low is not None
    ]
    return Interval(max(lows, default=None), min(highs, default=None)).meet(
        Interval(Fraction(0), None)
    )


@lru_cache(maxsize=4096)
def _squared_quantile(distribution: str, number: int, level: Fraction) -> Enclosure:
    factor = squared_error_factor(f"half_width_{distribution}", number, level)
    return Enclosure(1 / factor.high, 1 / factor.low)


def _quantile(distribution: str, number: int, level: Fraction) -> Enclosure:
    return _squared_quantile(distribution, number if distribution == "t" else 2, level)


def squared_errors(name: str, spread: Interval, number: int, *, is_n: bool = False) -> Interval:
    """Return the squares of the standard error behind a printed spread.

    Parameters
    ----------
    name : {'sd', 'std.error', 'var'}
        Which spread is printed.
    spread : Interval
        The numbers that print as it.
    number : int
        How many values there are, at least 2.
    is_n : bool
        Whether the squares of the printed spread were divided by n, and not by n - 1.

    Returns
    -------
    Interval
        The squares of SD / sqrt(n), the SD with divisor n - 1.

    Raises
    ------
    ValueError
        If there are fewer than two values, or the spread is negative.

    Examples
    --------
    >>> str(squared_errors("sd", Interval.point(Fraction(6)), 9))
    '[4, 4]'
    """
    if name == "var":
        window, reading = spread.meet(Interval(Fraction(0), None)), "sd"
    else:
        window, reading = squared(spread), _READINGS[name]
    factor = squared_error_factor(reading + ("_n" if is_n else ""), number)
    return Interval(
        None if window.low is None else window.low * factor.low,
        None if window.high is None else window.high * factor.high,
    )


def interval_numbers(
    half: Interval,
    name: str,
    spread: Interval,
    numbers: range,
    *,
    distribution: str = "t",
    level: Fraction = Fraction(19, 20),
    is_n: bool = False,
) -> range:
    """Return the numbers of values with which a spread gives half the width of an interval.

    Parameters
    ----------
    half : Interval
        Half the width, of at least 0.
    name : {'sd', 'std.error', 'var'}
        Which spread is printed.
    spread : Interval
        The numbers that print as it.
    numbers : range
        How many values there may be, each at least 2, one after the other.
    distribution : {'t', 'z'}
        A key of :data:`DISTRIBUTIONS`.
    level : Fraction
        Of the interval, between 0 and 1.
    is_n : bool
        Whether the squares of the printed spread were divided by n, and not by n - 1.

    Returns
    -------
    range
        All numbers that are not excluded, which lie next to each other.

    Raises
    ------
    ValueError
        If there is a number below 2, or the distribution is unknown.

    Notes
    -----
    The half width over q is the standard error; times sqrt(n) it is the SD.  The quantile of
    Student's distribution falls with the number of values, so h / q and h sqrt(n) / q rise with it,
    and the numbers that fit are found by halving.

    Examples
    --------
    Half a width of 1.8 to 1.9 and an SD of 3.95 to 4.05, of up to 100 values:

    >>> half = Interval(Fraction("1.8"), Fraction("1.9"))
    >>> sd = Interval(Fraction("3.95"), Fraction("4.05"))
    >>> interval_numbers(half, "sd", sd, range(2, 101))
    range(20, 22)
    """
    if distribution not in DISTRIBUTIONS or (numbers and (numbers[0] < 2 or numbers.step != 1)):
        raise ValueError(
            f"found {distribution!r} and {numbers}, expected t or z and numbers from 2 up"
        )
    if half.is_empty or not numbers:
        return range(0)
    assert half.low is not None
    low, high = half.low, half.high

    def reaches(number: int) -> bool:
        """Return whether the interval is wide enough for the least spread."""
        least = squared_errors(name, spread, number, is_n=is_n).low
        quantile = _quantile(distribution, number, level).low
        return high is None or least is None or high**2 >= least * quantile

    def passes(number: int) -> bool:
        """Return whether the interval is too wide for the greatest spread."""
        greatest = squared_errors(name, spread, number, is_n=is_n).high
        quantile = _quantile(distribution, number, level).high
        return greatest is not None and low**2 > greatest * quantile

    first, last = _first(reaches, numbers), _first(passes, numbers)
    return range(first, max(first, last))


def _first(holds: Callable[[int], bool], numbers: range) -> int:
    """Return the first number for which something holds that holds from there on."""
    low, high = numbers.start, numbers.stop
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def interval_limits(
    mean: Fraction,
    squared_error: Fraction,
    number: int,
    *,
    distribution: str = "t",
    level: Fraction = Fraction(19, 20),
) -> tuple[Enclosure, Enclosure]:
    """Return the limits of the confidence interval of a mean.

    Parameters
    ----------
    mean, squared_error : Fraction
        The mean, and the square of its standard error.
    number : int
        How many values there are, at least 2.
    distribution : {'t', 'z'}
        A key of :data:`DISTRIBUTIONS`.
    level : Fraction
        Of the interval.

    Returns
    -------
    tuple of Enclosure
        Bounds on the lower limit, and on the upper one.

    Examples
    --------
    20 values with mean 10 and SD 4:

    >>> for limit in interval_limits(Fraction(10), Fraction(16, 20), 20):
    ...     print(round(float(limit.low), 4), round(float(limit.high), 4))
    8.1279 8.1279
    11.8721 11.8721
    """
    quantile = _quantile(distribution, number, level)
    low, high = _root(quantile.low * squared_error), _root(quantile.high * squared_error)
    half = Enclosure(low, high + Fraction(1, _DIGITS))
    return (
        Enclosure(mean - half.high, mean - half.low),
        Enclosure(mean + half.low, mean + half.high),
    )


def _root(square: Fraction) -> Fraction:
    """Return a square root, cut off."""
    scaled = square * _DIGITS**2
    return Fraction(isqrt(scaled.numerator // scaled.denominator), _DIGITS)
