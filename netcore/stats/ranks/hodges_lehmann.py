"""The Hodges-Lehmann estimate and its confidence limits, from boxes of ordered values.

Both are order statistics of pairwise differences (two samples) or of pairwise
means (one sample), which rise in every value of x and fall in every value of y.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import NamedTuple

from netcore.printed import Interval
from netcore.stats.enclosures import chi_squared_tail
from netcore.stats.ranks.corners import End, bottoms, sorted_bottoms, sorted_tops, tops
from netcore.stats.ranks.null_distributions import mann_whitney_counts, signed_rank_counts
from netcore.stats.ranks.p_values import variance_of_u
from netcore.stats.ranks.signed_rank import variance_of_w

__all__ = [
    "LimitIndices",
    "center_range",
    "mean_range",
    "one_sample_limits",
    "pairwise_difference_range",
    "shift_range",
    "two_sample_limits",
]


class LimitIndices(NamedTuple):
    """Which ordered difference is a lower confidence limit, counted from the least.

    Parameters
    ----------
    exact : int
        By the exact distribution without ties; 0 if the samples are too small
        for the level, so that the interval has no end (R then takes the first).
    approximate : tuple of int
        By the normal approximation, rounded down and up, with and without
        continuity correction; none of them is less than 0.
    """

    exact: int
    approximate: tuple[int, ...]


def _sum(one: End, other: End, factor: Fraction) -> End:
    if one.value is None or other.value is None:
        return End(None, False)
    return End(factor * (one.value + other.value), one.closed and other.closed)


def _negative(ends: Sequence[End]) -> list[End]:
    return [End(None if value is None else -value, closed) for value, closed in ends]


def _between(low: End, high: End) -> Interval:
    return Interval(low.value, high.value, low.closed, high.closed)


def _checked(index: int, number: int) -> None:
    if not 1 <= index <= number:
        raise ValueError(f"found index {index}, expected 1 to {number}")


def pairwise_difference_range(x: Sequence[Interval], y: Sequence[Interval], index: int) -> Interval:
    """Return the range of one of the ordered differences between two samples.

    Parameters
    ----------
    x, y : sequence of Interval
        Where the least value of each sample lies, the next one, and so on.
    index : int
        Which of the n1 n2 differences x - y, from 1 for the least.

    Returns
    -------
    Interval
        All that it can be.

    Raises
    ------
    ValueError
        If no data lie in the boxes or there is no such difference.

    Notes
    -----
    Raising a value of x raises n2 differences and lowers none, so that none of
    the ordered differences falls; with a value of y the other way round.  With
    x at its tops and y at its bottoms, where all values can be together, it is
    greatest.  Data with an interior attain all between, because the order
    statistic is continuous and data in boxes are a convex set.

    Examples
    --------
    >>> x, y = [Interval(Fraction(5), Fraction(7))] * 2, [Interval(Fraction(1), Fraction(2))]
    >>> str(pairwise_difference_range(x, y, 1))
    '[3, 6]'
    """
    _checked(index, len(x) * len(y))
    one = Fraction(1)
    highs = sorted_tops(_sum(a, b, one) for a in tops(x) for b in _negative(bottoms(y)))
    lows = sorted_bottoms(_sum(a, b, one) for a in bottoms(x) for b in _negative(tops(y)))
    return _between(lows[index - 1], highs[index - 1])


def mean_range(boxes: Sequence[Interval], index: int) -> Interval:
    """Return the range of one of the ordered pairwise means of a sample.

    Parameters
    ----------
    boxes : sequence of Interval
        Where the least value lies, the next one, and so on.
    index : int
        Which of the n (n + 1) / 2 means of two values, or of one with itself,
        from 1 for the least.

    Returns
    -------
    Interval
        All that it can be.

    Raises
    ------
    ValueError
        If no data lie in the boxes or there is no such mean.

    Examples
    --------
    >>> str(mean_range([Interval(Fraction(0), Fraction(1)), Interval(Fraction(4), Fraction(6))], 2))
    '[2, 3.5]'
    """
    number = len(boxes)
    _checked(index, number * (number + 1) // 2)
    half = Fraction(1, 2)
    all_highs, all_lows = tops(boxes), bottoms(boxes)
    highs = sorted_tops(
        _sum(one, other, half) for k, one in enumerate(all_highs) for other in all_highs[k:]
    )
    lows = sorted_bottoms(
        _sum(one, other, half) for k, one in enumerate(all_lows) for other in all_lows[k:]
    )
    return _between(lows[index - 1], highs[index - 1])


def _median(first: Interval, second: Interval) -> Interval:
    """Return the range of the mean of two order statistics, both extreme in one corner."""
    half = Fraction(1, 2)
    low = _sum(End(first.low, first.low_closed), End(second.low, second.low_closed), half)
    high = _sum(End(first.high, first.high_closed), End(second.high, second.high_closed), half)
    return _between(low, high)


def shift_range(x: Sequence[Interval], y: Sequence[Interval]) -> Interval:
    """Return the range of the Hodges-Lehmann estimate of the shift from y to x.

    Parameters
    ----------
    x, y : sequence of Interval
        Where the least value of each sample lies, the next one, and so on.

    Returns
    -------
    Interval
        All that the median of the differences x - y can be.

    Raises
    ------
    ValueError
        If no data lie in the boxes.

    References
    ----------
    Hodges JL, Lehmann EL (1963). Estimates of location based on rank tests.
    Annals of Mathematical Statistics 34(2):598-611. doi:10.1214/aoms/1177704172

    Examples
    --------
    >>> x, y = [Interval(Fraction(5), Fraction(7))] * 2, [Interval(Fraction(1), Fraction(2))]
    >>> str(shift_range(x, y))
    '[3, 6]'
    """
    number = len(x) * len(y)
    return _median(
        pairwise_difference_range(x, y, (number + 1) // 2),
        pairwise_difference_range(x, y, number // 2 + 1),
    )


def center_range(boxes: Sequence[Interval]) -> Interval:
    """Return the range of the Hodges-Lehmann estimate of the centre of one sample.

    Parameters
    ----------
    boxes : sequence of Interval
        Where the least value lies, the next one, and so on.

    Returns
    -------
    Interval
        All that the median of the pairwise means can be (the pseudomedian).

    Raises
    ------
    ValueError
        If no data lie in the boxes.

    Examples
    --------
    >>> str(center_range([Interval(Fraction(0), Fraction(1)), Interval(Fraction(4), Fraction(6))]))
    '[2, 3.5]'
    """
    number = len(boxes) * (len(boxes) + 1) // 2
    return _median(mean_range(boxes, (number + 1) // 2), mean_range(boxes, number // 2 + 1))


def _first_beyond(counts: Sequence[int], share: Fraction) -> int:
    """Return the least value with a lower tail of at least a share."""
    return next(k for k, count in enumerate(counts) if count >= share * counts[-1])


def _approximate(mean: Fraction, variance: Fraction, alpha: Fraction) -> tuple[int, ...]:
    """Return mean - z sqrt(variance), one half more and one half less, rounded both ways."""
    # The greatest k below which the approximation has at most alpha, two-sided, is found by
    # exact comparison; a float of z could be off at a whole number.
    found: set[int] = set()
    for correction in (Fraction(0), Fraction(1, 2), Fraction(-1, 2)):
        low, high = -isqrt(int(100 * variance)) - 1, int(mean + correction)
        while low < high:
            middle = (low + high + 1) // 2
            z_squared = (mean + correction - middle) ** 2 / variance
            if chi_squared_tail(z_squared, 1).low <= alpha:
                low = middle
            else:
                high = middle - 1
        found |= {low, low + 1}
    return tuple(sorted({max(k, 0) for k in found}))


def _alpha(level: Fraction) -> Fraction:
    if not 0 < level < 1:
        raise ValueError(f"found a confidence level of {level}, expected one between 0 and 1")
    return 1 - level


@lru_cache(maxsize=1_024)
def two_sample_limits(n1: int, n2: int, level: Fraction = Fraction(95, 100)) -> LimitIndices:
    """Return which ordered difference is the lower confidence limit of the shift.

    Parameters
    ----------
    n1, n2 : int
        Sizes of the samples.
    level : Fraction
        Two-sided confidence level.

    Returns
    -------
    LimitIndices
        The upper limit is as many places from the greatest difference.

    Raises
    ------
    ValueError
        If a sample is empty or the level is not between 0 and 1.

    Notes
    -----
    The exact limit is the C-th of the differences with C the least u such that
    P(U <= u) >= (1 - level) / 2, as the interval holds the shifts that the
    two-sided exact test does not reject.

    References
    ----------
    Bauer DF (1972). Constructing confidence sets using rank statistics.
    Journal of the American Statistical Association 67(339):687-690.
    doi:10.1080/01621459.1972.10481279

    Examples
    --------
    >>> two_sample_limits(10, 10).exact
    24
    """
    alpha = _alpha(level)
    counts = mann_whitney_counts(n1, n2)
    return LimitIndices(
        _first_beyond(counts, alpha / 2),
        _approximate(Fraction(n1 * n2, 2), variance_of_u(n1, n2), alpha),
    )


@lru_cache(maxsize=1_024)
def one_sample_limits(number: int, level: Fraction = Fraction(95, 100)) -> LimitIndices:
    """Return which ordered pairwise mean is the lower confidence limit of the centre.

    Parameters
    ----------
    number : int
        How many values there are.
    level : Fraction
        Two-sided confidence level.

    Returns
    -------
    LimitIndices
        The upper limit is as many places from the greatest mean.

    Raises
    ------
    ValueError
        If there is no value or the level is not between 0 and 1.

    Examples
    --------
    >>> one_sample_limits(10).exact
    9
    """
    alpha = _alpha(level)
    counts = signed_rank_counts(number)
    return LimitIndices(
        _first_beyond(counts, alpha / 2),
        _approximate(Fraction(number * (number + 1), 4), variance_of_w(number), alpha),
    )
