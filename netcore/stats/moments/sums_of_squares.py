"""How far numbers within given intervals can spread about their mean, exactly.

Printed quantiles put each of the ordered values into a box, and printed means of
groups do so with each group.  What follows for a standard deviation is the least and
the greatest sum of squares about the mean that boxes and total allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Final

from netcore.printed import EVERYTHING, Interval

__all__ = ["GreatestSquares", "LeastSquares", "greatest_squares", "least_squares_in_boxes"]

_ENUMERATED: Final = 12  # boxes of which all corners are tried

_Ends = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """The least sum of squares about the mean.

    Parameters
    ----------
    squares : Fraction
        The sum.
    level : Fraction
        Each value is as near to it as its box allows.
    values : tuple of Fraction
        The values that have this sum.
    """

    squares: Fraction
    level: Fraction
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class GreatestSquares:
    """The greatest sum of squares about the mean.

    Parameters
    ----------
    bound : Fraction
        No values have a greater sum.
    attained : Fraction
        Some have this one.
    values : tuple of Fraction
        They.
    """

    bound: Fraction
    attained: Fraction
    values: tuple[Fraction, ...]

    @property
    def is_exact(self) -> bool:
        """Whether the bound is attained."""
        return self.bound == self.attained


def _prepared(
    boxes: Sequence[Interval], weights: Sequence[Fraction | int] | None, total: Interval
) -> tuple[list[_Ends], list[Fraction], _Ends]:
    factors = [Fraction(1)] * len(boxes) if weights is None else [Fraction(w) for w in weights]
    if not boxes or len(factors) != len(boxes) or any(weight <= 0 for weight in factors):
        raise ValueError(
            f"found {len(boxes)} boxes with weights {weights}, expected a positive weight for each"
        )
    ends = [(box.low, box.high) for box in boxes]
    for low, high in ends:
        if low is not None and high is not None and low > high:
            raise ValueError(f"found the box [{low}, {high}], expected one that holds a number")
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    least = (
        sum(w * low for w, low in zip(factors, lows, strict=False))
        if len(lows) == len(ends)
        else None
    )
    greatest = (
        sum(w * high for w, high in zip(factors, highs, strict=False))
        if len(highs) == len(ends)
        else None
    )
    window = Interval(
        None if least is None else Fraction(least), None if greatest is None else Fraction(greatest)
    ).meet(Interval(total.low, total.high))
    if window.is_empty:
        raise ValueError(f"found the total {total}, expected one that values in the boxes can have")
    return ends, factors, (window.low, window.high)


def _clamp(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def _about_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    total = sum(w * x for w, x in zip(weights, values, strict=True))
    squares = sum(w * x * x for w, x in zip(weights, values, strict=True))
    return Fraction(squares - total * total / sum(weights))


def _level(
    ends: Sequence[_Ends], weights: Sequence[Fraction], target: Fraction, slope: Fraction
) -> Fraction:
    """Return c with sum of w clamp(c) - slope c = target, for slope 0 or the sum of all w.

    With 0 the left side rises in c, else it falls; in between the ends of boxes it is linear.
    """
    points = sorted({end for box in ends for end in box if end is not None})

    def side(c: Fraction) -> Fraction:
        return sum((w * _clamp(c, *box) for w, box in zip(weights, ends, strict=True)), -slope * c)

    first, last = 0, len(points)  # the first point at or beyond the target
    while first < last:
        middle = (first + last) // 2
        value = side(points[middle])
        if value < target if slope == 0 else value > target:
            first = middle + 1
        else:
            last = middle
    before = points[first - 1] if first else None
    after = points[first] if first < len(points) else None
    anchor = before if before is not None else after
    if anchor is None:
        anchor = Fraction(0)
    free = sum(
        w
        for w, (low, high) in zip(weights, ends, strict=True)
        if (low is None or (before is not None and low <= before))
        and (high is None or (after is not None and high >= after))
    )
    if free == slope:
        return anchor
    return anchor + (target - side(anchor)) / (free - slope)


def least_squares_in_boxes(
    boxes: Sequence[Interval],
    total: Interval = EVERYTHING,
    weights: Sequence[Fraction | int] | None = None,
) -> LeastSquares:
    """Return the least sum of squares about the mean of numbers in boxes.

    Parameters
    ----------
    boxes : sequence of Interval
        Where each number lies; ends may be missing and count as belonging.
    total : Interval
        Where the (weighted) sum of the numbers lies.
    weights : sequence of Fraction or int, optional
        A positive weight for each box; 1 if left out.

    Returns
    -------
    LeastSquares
        The exact least value of sum of w (x - m)^2 with m = sum of w x / sum of w.

    Raises
    ------
    ValueError
        If a box is empty, the weights do not fit, or no numbers in the
        boxes have such a total.

    Notes
    -----
    For a given total the sum of w x^2 is convex, and least where each x is
    the number of its box next to one common level t: if two numbers that can
    move towards each other are apart, moving them lowers it.  The
    least value is a convex function of the total, least of all where the level
    is the mean itself; so the total is that, or the end of its window
    next to it.  It is found among the ends of the boxes, between which everything
    is linear.

    Examples
    --------
    Five values with least 0, median 2 and greatest 10 and the mean 4:

    >>> wide = Interval(Fraction(0), Fraction(10))
    >>> upper, lower = Interval(Fraction(2), Fraction(10)), Interval(Fraction(0), Fraction(2))
    >>> boxes = [Interval.point(0), lower, Interval.point(2), upper, Interval.point(10)]
    >>> found = least_squares_in_boxes(boxes, Interval.point(20))
    >>> [int(value) for value in found.values], found.squares
    ([0, 2, 2, 6, 10], Fraction(64, 1))
    """
    ends, factors, (least, greatest) = _prepared(boxes, weights, total)
    size = sum(factors, Fraction(0))
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    bottom, top = max(lows, default=None), min(highs, default=None)
    if bottom is not None and top is not None and bottom > top:
        mean = _level(ends, factors, Fraction(0), size)
    else:  # one number lies in all boxes
        mean = _clamp(
            _clamp(Fraction(0), least and least / size, greatest and greatest / size), bottom, top
        )
    level = mean
    wanted = _clamp(size * mean, least, greatest)
    if wanted != size * mean:
        level = _level(ends, factors, wanted, Fraction(0))
    values = tuple(_clamp(level, *box) for box in ends)
    return LeastSquares(_about_mean(values, factors), level, values)


def _free_total(
    ends: Sequence[tuple[Fraction, Fraction]], weights: Sequence[Fraction]
) -> Fraction | None:
    """Return the greatest sum for any total; None if it would take too long."""
    is_ordered = all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(ends))
    if is_ordered and len(set(weights)) == 1:
        lows = [low for low, _ in ends]
        w, n = weights[0], len(ends)
        total, squares = sum(lows, Fraction(0)), sum((x * x for x in lows), Fraction(0))
        best = squares - total * total / n
        for low, high in reversed(ends):
            total, squares = total + high - low, squares + high * high - low * low
            best = max(best, squares - total * total / n)
        return w * best
    if len(ends) > _ENUMERATED:
        return None
    return max(_about_mean(corner, weights) for corner in product(*ends))


def greatest_squares(
    boxes: Sequence[Interval],
    total: Interval = EVERYTHING,
    weights: Sequence[Fraction | int] | None = None,
) -> GreatestSquares | None:
    """Bound the greatest sum of squares about the mean of numbers in boxes.

    Parameters
    ----------
    boxes : sequence of Interval
        Where each number lies.
    total : Interval
        Where the (weighted) sum of the numbers lies.
    weights : sequence of Fraction or int, optional
        A positive weight for each box; 1 if left out.

    Returns
    -------
    GreatestSquares or None
        A bound and numbers that come near it, or attain it; None if a box
        has no end, so that there is no bound.

    Raises
    ------
    ValueError
        If a box is empty, the weights do not fit, or no numbers in the
        boxes have such a total.

    Notes
    -----
    The sum is convex, so at its greatest all numbers but one are at ends of
    their boxes.  Raising a number from the low end a to the high end b
    adds b^2 - a^2 for b - a of total, a + b for each unit.  For a given total
    T, no choice adds more than raising those with the greatest a + b
    first, the last in part (the continuous knapsack: Dantzig 1957,
    doi:10.1287/opre.5.2.266), which counts a part as if it were linear.  The bound is
    the greatest value of that less T^2 / W over all totals in the window.  Raising
    the last number in part for real has a smaller square, and is attained.

    Of any total, ordered boxes (as those of ordered values) have the exact greatest
    sum where the last k numbers are at their high and the others at their low ends, for some k.
    For if i < j, x_i is high and x_j low, then a better or equal choice is left by
    lowering x_i or raising x_j: if b_i <= a_j, neither is better only if a_i + b_i >=
    2 m_i and a_j + b_j <= 2 m_j for the means m_i, m_j of all others, but m_j <= m_i;
    if b_i > a_j, both may be exchanged and then moved outwards.  Where all boxes that are
    not points are alike, the numbers that come nearest attain the greatest sum of each total.

    Examples
    --------
    Five values between 0 and 10 with the mean 4:

    >>> found = greatest_squares([Interval(Fraction(0), Fraction(10))] * 5, Interval.point(20))
    >>> [int(value) for value in found.values], found.bound, found.is_exact
    ([0, 0, 0, 10, 10], Fraction(120, 1), True)
    """
    ends, factors, (least, greatest) = _prepared(boxes, weights, total)
    finite = [(low, high) for low, high in ends if low is not None and high is not None]
    if len(finite) < len(ends):
        return None
    assert least is not None
    assert greatest is not None
    size = sum(factors, Fraction(0))
    values = [low for low, _ in finite]
    reached = sum((w * x for w, x in zip(factors, values, strict=True)), Fraction(0))
    squares = sum((w * x * x for w, x in zip(factors, values, strict=True)), Fraction(0))
    bound: Fraction | None = None
    best: tuple[Fraction, tuple[Fraction, ...]] | None = None
    order = sorted(range(len(finite)), key=lambda i: (sum(finite[i]), i), reverse=True)
    for index in order:
        (low, high), w = finite[index], factors[index]
        first, last = max(reached, least), min(reached + w * (high - low), greatest)
        if first <= last:
            peak = _clamp(size * (low + high) / 2, first, last)
            height = squares + (low + high) * (peak - reached) - peak * peak / size
            bound = height if bound is None else max(bound, height)
            for end in (first, last):
                part = low + (end - reached) / w
                real = squares + w * (part * part - low * low) - end * end / size
                if best is None or real > best[0]:
                    best = real, (*values[:index], part, *values[index + 1 :])
        reached += w * (high - low)
        squares += w * (high * high - low * low)
        values[index] = high
    assert bound is not None
    assert best is not None
    movable = {(box, w) for box, w in zip(finite, factors, strict=True) if box[0] < box[1]}
    if len(movable) <= 1:  # which number moves makes no difference
        bound = best[0]
    free = _free_total(finite, factors)
    return GreatestSquares(bound if free is None else min(bound, free), *best)
