"""The least and the greatest p-value of a comparison of means over windows of what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.mean_statistics import Box, Comparison, Ends

__all__ = ["Extreme", "Point", "Search", "split"]

_ZERO: Final = Fraction(0)
_NEGLIGIBLE: Final = Fraction(1, 10**18)


@dataclass(frozen=True, slots=True)
class Point:
    """Values within all windows, with the p-value that they give.

    Parameters
    ----------
    numbers : tuple of int
        How many values each group has.
    means, spreads : tuple of Fraction
        Mean and spread of each group.
    against : Fraction
        The difference (or, of one sample, the mean) that they are tested against.
    p : Enclosure
        Bounds on the two-sided p-value.
    """

    numbers: tuple[int, ...]
    means: tuple[Fraction, ...]
    spreads: tuple[Fraction, ...]
    against: Fraction
    p: Enclosure


@dataclass(frozen=True, slots=True)
class Extreme:
    """The greatest or the least p-value of a box, as far as it was sought.

    Parameters
    ----------
    best : Point or None
        The best point found.
    bound : Fraction
        No p-value lies beyond it.
    boxes : tuple of Box
        Boxes that prove the bound: in each the p-values do not pass it.
    """

    best: Point | None
    bound: Fraction
    boxes: tuple[Box, ...]


def split(box: Box, *, greatest: bool, is_welch: bool) -> tuple[Box, ...]:
    """Split a box of which one p-value, the greatest or the least, is wanted.

    Parameters
    ----------
    box : Box
        Ranges of numbers and spreads.
    greatest : bool
        Whether the greatest p-value is wanted.
    is_welch : bool
        Whether the degrees of freedom depend on the spreads.

    Returns
    -------
    tuple of Box
        Boxes that hold the points of the box at which the p-value is
        extreme, in order; none if the box is a point.

    Notes
    -----
    Numbers are halved first.  Along a ray from the origin of the squared errors
    Welch's degrees of freedom stay the same and the statistic falls, so the
    greatest p-value is on the two outer edges of a rectangle of spreads, and
    the least on the two inner ones.  In other tests it is at a corner.
    """
    if not box.is_one_size:
        widths = [Fraction(high, low) for low, high in box.numbers]
        index = widths.index(max(widths))
        few, many = box.numbers[index]
        parts = (few, (few + many) // 2), ((few + many) // 2 + 1, many)
        return tuple(
            Box((*box.numbers[:index], part, *box.numbers[index + 1 :]), box.spreads)
            for part in parts
        )
    wide = [low < high for low, high in box.spreads]
    if not any(wide):
        return ()
    ends = [spreads[1 if greatest else 0] for spreads in box.spreads]
    corner = tuple((end, end) for end in ends)
    if not is_welch:
        return (Box(box.numbers, corner),)
    if all(wide):
        one, other = box.spreads
        return Box(box.numbers, (one, corner[1])), Box(box.numbers, (corner[0], other))
    index = wide.index(True)
    low, high = box.spreads[index]
    middle = (low + high) / 2
    return tuple(
        Box(box.numbers, (*box.spreads[:index], part, *box.spreads[index + 1 :]))
        for part in ((low, middle), (middle, high))
    )


class Search:
    """A search of the p-values of one comparison, on a budget.

    Parameters
    ----------
    comparison : Comparison
        The statistic and the samples.
    against : Interval
        What the difference (or the mean of one sample) is compared with.
    budget : int
        How many p-values to bound.
    distance : tuple of Fraction, optional
        The least and the greatest difference from ``against``, without its
        sign, where it is known better than from the windows.
    mirror : Interval, optional
        A second value, as far from the difference on the other side: the
        upper limit of an interval where ``against`` is the lower one.
    """

    def __init__(
        self,
        comparison: Comparison,
        against: Interval,
        budget: int,
        distance: Ends | None = None,
        mirror: Interval | None = None,
    ) -> None:
        self.comparison = comparison
        self.against = against
        self.budget = budget
        self.distance = distance or comparison.distances(against)
        self.mirror = mirror

    def bounds(self, box: Box, distance: Ends | None = None) -> Enclosure:
        """Bound the two-sided p-values in a box.

        Parameters
        ----------
        box : Box
            Ranges of numbers and spreads.
        distance : tuple of Fraction, optional
            The least and the greatest difference, without its sign.

        Returns
        -------
        Enclosure
            The bounds; each takes one from the budget.
        """
        self.budget -= 1
        return self.comparison.p_value(box, distance or self.distance)

    def point(
        self, numbers: tuple[int, ...], spreads: tuple[Fraction, ...], distance: Fraction
    ) -> Point:
        """Return means within their windows that are so far apart.

        Parameters
        ----------
        numbers : tuple of int
            How many values each group has.
        spreads : tuple of Fraction
            The spread of each group.
        distance : Fraction
            The difference from what it is compared with, without its sign.

        Returns
        -------
        Point
            The values with their p-value.
        """
        box = Box(tuple((n, n) for n in numbers), tuple((s, s) for s in spreads))
        p = self.bounds(box, (distance, distance))
        low, high = self.comparison.differences()
        assert self.against.low is not None
        assert self.against.high is not None
        least, most = low - self.against.high, high - self.against.low
        if self.mirror is None:
            signed = distance if least <= distance <= most else -distance
            share = (signed - least) / (most - least) if most > least else _ZERO
            difference = low + share * (high - low)
        else:
            assert self.mirror.low is not None
            assert self.mirror.high is not None
            signed = distance
            difference = max(low, self.against.low + distance, self.mirror.low - distance)
        share = (difference - low) / (high - low) if high > low else _ZERO
        first, *others = (sample.means for sample in self.comparison.samples)
        means = first[0] + share * (first[1] - first[0]), *(b - share * (b - a) for a, b in others)
        return Point(numbers, means, spreads, difference - signed, p)

    def extreme(
        self,
        box: Box,
        *,
        greatest: bool,
        enough: Fraction | None = None,
        tolerance: Fraction = _ZERO,
    ) -> Extreme:
        """Seek the greatest or the least p-value, the most promising box first.

        Parameters
        ----------
        box : Box
            Ranges of numbers and spreads.
        greatest : bool
            Whether the greatest p-value is wanted; else the least.
        enough : Fraction, optional
            The search ends once a point has this p-value or a more extreme
            one, or once no box can.
        tolerance : Fraction
            It ends too once the best point is so near to the bound, as a
            share of it.

        Returns
        -------
        Extreme
            What was found before the search or its budget ended.
        """
        sign = 1 if greatest else -1
        distance = self.distance[0 if greatest else 1]
        is_welch = self.comparison.statistic == "welch"

        def promise(part: Box) -> Fraction:
            p = self.bounds(part)
            return sign * (p.high if greatest else p.low)

        best: Point | None = None
        value = Fraction(-2)  # of the best point, as far as it is proved
        heap = [(-promise(box), 0, box)]
        made = 0
        while self.budget > 0:
            bound = -heap[0][0]
            if enough is not None and not value < sign * enough <= bound:
                break
            if enough is None and bound - value <= max(tolerance * abs(bound), _NEGLIGIBLE):
                break
            part = heap[0][2]
            point = self._middle(part, distance, greatest=greatest)
            found = sign * (point.p.low if greatest else point.p.high)
            if found > value:
                best, value = point, found
            parts = split(part, greatest=greatest, is_welch=is_welch)
            if not parts:
                break
            heappop(heap)
            for piece in parts:
                made += 1
                heappush(heap, (-promise(piece), made, piece))
        return Extreme(best, sign * -heap[0][0], tuple(item[2] for item in heap))

    def _middle(self, box: Box, distance: Fraction, *, greatest: bool) -> Point:
        """Return a point of a box: middle numbers, a corner of a rectangle, the middle of an edge."""
        numbers = tuple((low + high) // 2 for low, high in box.numbers)
        spreads = tuple(ends[1 if greatest else 0] for ends in box.spreads)
        if any(low == high for low, high in box.spreads):
            spreads = tuple((low + high) / 2 for low, high in box.spreads)
        return self.point(numbers, spreads, distance)
