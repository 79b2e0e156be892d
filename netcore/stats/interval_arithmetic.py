"""Interval arithmetic: what follows from numbers of which only windows are known.

Every result holds each value that exact operands could give (Moore 1966, *Interval
Analysis*), so a number outside it cannot come from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from netcore.printed import EVERYTHING, Interval

__all__ = ["hull", "interval_ratio", "interval_sum", "scaled"]


def interval_sum(intervals: Sequence[Interval]) -> Interval:
    """Return all sums of one number from each interval.

    Parameters
    ----------
    intervals : sequence of Interval
        The summands, none of them empty.

    Returns
    -------
    Interval
        The sum; an end belongs to it only if all ends that make it do.

    Examples
    --------
    >>> str(interval_sum([Interval(Fraction(1), Fraction(2)), Interval.point(3)]))
    '[4, 5]'
    """
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for interval in intervals:
        low = None if low is None or interval.low is None else low + interval.low
        high = None if high is None or interval.high is None else high + interval.high
    return Interval(
        low,
        high,
        all(interval.low_closed for interval in intervals),
        all(interval.high_closed for interval in intervals),
    )


def scaled(interval: Interval, factor: Fraction) -> Interval:
    """Return all numbers of an interval times a factor.

    Parameters
    ----------
    interval : Interval
        The interval.
    factor : Fraction
        Any number but 0.

    Returns
    -------
    Interval
        The products; a negative factor exchanges the ends.

    Raises
    ------
    ValueError
        If the factor is 0.

    Examples
    --------
    >>> str(scaled(Interval(Fraction(1), Fraction(2), high_closed=False), Fraction(-1)))
    '(-2, -1]'
    """
    if factor == 0:
        raise ValueError("found factor 0, expected any other number")
    low = None if interval.low is None else interval.low * factor
    high = None if interval.high is None else interval.high * factor
    if factor > 0:
        return Interval(low, high, interval.low_closed, interval.high_closed)
    return Interval(high, low, interval.high_closed, interval.low_closed)


def interval_ratio(numerator: Interval, denominator: Interval) -> Interval | None:
    """Return bounds on the quotient of two numbers.

    Parameters
    ----------
    numerator, denominator : Interval
        Where the two numbers lie.

    Returns
    -------
    Interval or None
        A closed interval that holds every quotient, its ends attained or
        approached; None where the denominator may be as near to 0 as one
        likes, so that nothing follows.

    Examples
    --------
    300 days by 101 days, each to the nearest day:

    >>> ratio = interval_ratio(
    ...     Interval(Fraction(599, 2), Fraction(601, 2)), Interval(Fraction(201, 2), Fraction(203, 2))
    ... )
    >>> round(float(ratio.low), 2), round(float(ratio.high), 2)
    (2.95, 2.99)
    """
    if denominator.high is not None and denominator.high < 0:
        return interval_ratio(scaled(numerator, Fraction(-1)), scaled(denominator, Fraction(-1)))
    if denominator.low is None or denominator.low <= 0:
        return None
    nearest, farthest = 1 / denominator.low, 0 if denominator.high is None else 1 / denominator.high
    if numerator.low is None and numerator.high is None:
        return EVERYTHING
    # A numerator below 0 is least by the least denominator, one above 0 by the greatest.
    low = numerator.low
    if low is not None:
        low = low * (nearest if low < 0 else farthest)
    high = numerator.high
    if high is not None:
        high = high * (nearest if high > 0 else farthest)
    return Interval(low, high)


def hull(intervals: Sequence[Interval]) -> Interval:
    """Return the least interval that holds some others.

    Parameters
    ----------
    intervals : sequence of Interval
        At least one, none of them empty.

    Returns
    -------
    Interval
        From the least low end to the greatest high end; an end belongs to
        it if it belongs to any interval that has it.

    Raises
    ------
    ValueError
        If there is no interval.

    Examples
    --------
    >>> str(hull([Interval.point(3), Interval(Fraction(1), Fraction(2), low_closed=False)]))
    '(1, 3]'
    """
    if not intervals:
        raise ValueError("found no interval, expected at least one")
    lows = [interval.low for interval in intervals if interval.low is not None]
    highs = [interval.high for interval in intervals if interval.high is not None]
    low = min(lows) if len(lows) == len(intervals) else None
    high = max(highs) if len(highs) == len(intervals) else None
    return Interval(
        low,
        high,
        any(interval.low == low and interval.low_closed for interval in intervals),
        any(interval.high == high and interval.high_closed for interval in intervals),
    )
