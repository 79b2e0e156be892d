"""Plain bounds on p, which a reader can follow and a short checker can replay.

They are looser than those of :mod:`netcore.stats.ranks.ties`, and enough where a printed
p-value is far out of reach.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

from netcore.printed import Interval
from netcore.stats.plain_tails import plain_tails
from netcore.stats.quantiles.definitions import loosest_indices
from netcore.stats.ranks.null_distributions import mann_whitney_counts

__all__ = ["BEYOND", "Box", "ends_of_p", "rounded_outwards", "value_boxes"]

BEYOND: Final = Fraction(10**30)
"""No value is so large."""

_HALF: Final = Fraction(1, 2)

Box = tuple[Fraction, Fraction]
"""The least and the greatest number that a value can be."""

_Ends = tuple[int, int]


def value_boxes(
    quantiles: Mapping[Fraction, Interval],
    number: int,
    domain: Box = (-BEYOND, BEYOND),
) -> tuple[Box, ...]:
    """Bound each of some ordered values by printed quantiles, however these are defined.

    Parameters
    ----------
    quantiles : Mapping of Fraction to Interval
        Share of values below and window of each printed quantile.
    number : int
        How many values.
    domain : tuple of (Fraction, Fraction)
        Where they all lie.

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
    low, high = [domain[0]] * number, [domain[1]] * number
    for share, window in quantiles.items():
        first, last = loosest_indices(share, number)
        for place in range(number):
            if place < first and window.high is not None:
                high[place] = min(high[place], window.high)
            if place + 1 >= last and window.low is not None:
                low[place] = max(low[place], window.low)
    return tuple(zip(low, high, strict=True))


@lru_cache(maxsize=4096)
def ends_of_p(x: Sequence[Box], y: Sequence[Box]) -> tuple[Fraction, Fraction]:
    """Bound the p-values of the Mann-Whitney test of two samples.

    Parameters
    ----------
    x, y : sequence of (Fraction, Fraction)
        Ends of the ordered values of each sample.

    Returns
    -------
    tuple of (Fraction, Fraction)
        The least p of one side or both, and the greatest of both sides or of
        the nearer one; that of the other side is at least 1 less the
        greatest.  Exact without ties, or by the normal distribution or
        Student's with or without ties and correction; exact tests given
        the ties are not covered.  (1, 0) if there are no such values.

    Notes
    -----
    No U is farther from its mean, or nearer to it, than one at the ends of the
    boxes.  A value is tied with no more values than there are boxes at some
    place of its own, so the sum T of t^3 - t over ties is at most the sum of
    d^2 - 1 over all values, with d that depth; and the variance of U is
    between n m / 12 (n + m + 1 - T / ((n + m)(n + m - 1))) and that without
    ties (Lehmann 1975, *Nonparametrics*, 1.4).

    The tails are those of :func:`netcore.stats.plain_tails.plain_tails`.

    Examples
    --------
    Three values below 5 and three above: one order of 20 is as extreme.

    >>> low, high = ((Fraction(0), Fraction(4)),) * 3, ((Fraction(5), Fraction(9)),) * 3
    >>> least, _ = ends_of_p(low, high)
    >>> bool(least <= Fraction(1, 20))
    True
    """
    n, m = len(x), len(y)
    if any(low > high for low, high in (*x, *y)):
        return Fraction(1), Fraction(0)
    first, second = _as_places(x, y)  # only their order counts, and whole numbers are quick
    boxes = (*first, *second)
    above, below = _above(first, second), _above(second, first)
    far, near = max(above, below), n * m - min(above, below)
    cumulated = mann_whitney_counts(n, m)  # of orders with at most so large a U
    exact = [Fraction(cumulated[n * m - u], cumulated[-1]) for u in (ceil(far), floor(near))]
    lows, highs = sorted(low for low, _ in boxes), sorted(high for _, high in boxes)
    depth = {at: bisect_right(lows, at) - bisect_left(highs, at) for at in lows}
    ties = sum(
        max(number for at, number in depth.items() if low <= at <= high) ** 2 - 1
        for low, high in boxes
    )
    variance = Fraction(n * m * (n + m + 1), 12)
    smaller = variance - Fraction(n * m * ties, 12 * (n + m) * (n + m - 1))
    z_squared = (far - Fraction(n * m, 2)) ** 2 / smaller if smaller > 0 else BEYOND
    t_squared = max(near - Fraction(n * m, 2) - _HALF, Fraction(0)) ** 2 / variance
    normal, student = plain_tails(z_squared, t_squared, n + m - 1)
    return min(exact[0], normal), min(max(2 * exact[1], student), Fraction(1))


def _as_places(x: Sequence[Box], y: Sequence[Box]) -> tuple[list[_Ends], list[_Ends]]:
    """Return the places of all ends among one another, instead of the ends."""
    place = {end: k for k, end in enumerate(sorted({end for box in (*x, *y) for end in box}))}
    return [(place[a], place[b]) for a, b in x], [(place[a], place[b]) for a, b in y]


def _above(x: Sequence[_Ends], y: Sequence[_Ends]) -> Fraction:
    """Return how many pairs can have the value of x above that of y; half of those tied."""
    lows = sorted(low for low, _ in y)
    return Fraction(sum(bisect_left(lows, a) + bisect_right(lows, a) for _, a in x), 2)


def rounded_outwards(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds with six decimals.

    Parameters
    ----------
    low, high : Fraction
        A lower and an upper bound.

    Returns
    -------
    tuple of (Fraction, Fraction)
        Such bounds too.

    Examples
    --------
    >>> rounded_outwards(Fraction(1, 3), Fraction(1, 3))
    (Fraction(333333, 1000000), Fraction(166667, 500000))
    """
    return Fraction(floor(low * 10**6), 10**6), Fraction(ceil(high * 10**6), 10**6)
