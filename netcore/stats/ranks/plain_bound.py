"""A plain lower bound on p, which a reader can follow and a short checker can replay.

It is looser than :mod:`netcore.stats.ranks.ties`, and enough where a printed p-value
is far out of reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, isqrt
from typing import Final

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import loosest_indices
from netcore.stats.ranks.null_distributions import mann_whitney_counts

__all__ = ["least_p", "rounded_down", "value_boxes"]

_BEYOND: Final = Fraction(10**30)
_PI: Final = Fraction(314159265358979, 10**14)  # a little less than it is
_SMALL: Final = Fraction(1, 10**20)

Box = tuple[Fraction, Fraction]


def value_boxes(quantiles: Mapping[Fraction, Interval], number: int) -> tuple[Box, ...]:
    """Bound each of some ordered values by printed quantiles, however these are defined.

    Parameters
    ----------
    quantiles : Mapping of Fraction to Interval
        Share of values below and window of each printed quantile.
    number : int
        How many values.

    Returns
    -------
    tuple of (Fraction, Fraction)
        Ends of each value; 10^30 stands for no end.

    Examples
    --------
    >>> boxes = value_boxes({Fraction(1, 2): Interval(Fraction(4), Fraction(5))}, 3)
    >>> [int(high) for _, high in boxes][0], [int(low) for low, _ in boxes][2]
    (5, 4)
    """
    low, high = [-_BEYOND] * number, [_BEYOND] * number
    for share, window in quantiles.items():
        first, last = loosest_indices(share, number)
        for place in range(number):
            if place < first and window.high is not None:
                high[place] = min(high[place], window.high)
            if place + 1 >= last and window.low is not None:
                low[place] = max(low[place], window.low)
    return tuple(zip(low, high, strict=True))


@lru_cache(maxsize=4096)
def least_p(x: Sequence[Box], y: Sequence[Box]) -> Fraction:
    """Return what no p-value of the Mann-Whitney test of two samples falls short of.

    Parameters
    ----------
    x, y : sequence of (Fraction, Fraction)
        Ends of the ordered values of each sample.

    Returns
    -------
    Fraction
        A bound for p of one side or both, exact without ties or by the normal
        distribution with or without ties and corrections; 1 if there are no
        such values, 0 if nothing follows.  Exact tests given the ties are
        not covered.

    Notes
    -----
    No U is farther from its mean than one at the ends of the boxes.  A value
    is tied with no more values than there are boxes at some place of its own,
    so the sum T of t^3 - t over ties is at most the sum of d^2 - 1 over all
    values, with d that depth; and the variance of U is at least
    n m / 12 (n + m + 1 - T / ((n + m)(n + m - 1))) (Lehmann 1975,
    *Nonparametrics*, 1.4).  The normal tail is one minus the series of the
    error function, ended above its sum.

    Examples
    --------
    Three values below 5 and three above: one order of 20 is as extreme.

    >>> low, high = ((Fraction(0), Fraction(4)),) * 3, ((Fraction(5), Fraction(9)),) * 3
    >>> bool(least_p(low, high) <= Fraction(1, 20))
    True
    """
    n, m, boxes = len(x), len(y), (*x, *y)
    if any(low > high for low, high in boxes):
        return Fraction(1)
    above = sum(Fraction((a > b) + (a >= b), 2) for _, a in x for b, _ in y)
    below = sum(Fraction((a < b) + (a <= b), 2) for a, _ in x for _, b in y)
    u = max(above, below)
    cumulated = mann_whitney_counts(n, m)  # of orders with at most so large a U
    exact = Fraction(cumulated[n * m - ceil(u)], cumulated[-1])
    depth = {at: sum(low <= at <= high for low, high in boxes) for at, _ in boxes}
    ties = sum(
        max(number for at, number in depth.items() if low <= at <= high) ** 2 - 1
        for low, high in boxes
    )
    variance = Fraction(n * m, 12) * (n + m + 1 - Fraction(ties, (n + m) * (n + m - 1)))
    if variance <= 0:
        return Fraction(0)
    squared = Fraction(ceil((u - Fraction(n * m, 2)) ** 2 / variance * 10**6), 10**6)
    return min(exact, _one_sided_tail(squared))


def _one_sided_tail(squared: Fraction) -> Fraction:
    """Bound the normal tail beyond z from below, given the square of z."""
    term, total, k = Fraction(1), Fraction(1), 0
    while k % 2 or term > _SMALL:
        k += 1
        term *= squared / (2 * k)
        total += (-1) ** k * term / (2 * k + 1)
    root = Fraction(isqrt(ceil(2 * squared / _PI * 10**40)) + 1, 10**20)
    return (1 - root * total) / 2


def rounded_down(p: Fraction) -> Fraction:
    """Return a bound with six decimals.

    Parameters
    ----------
    p : Fraction
        A lower bound.

    Returns
    -------
    Fraction
        A lower bound too.

    Examples
    --------
    >>> rounded_down(Fraction(1, 3))
    Fraction(333333, 1000000)
    """
    return Fraction(floor(p * 10**6), 10**6)
