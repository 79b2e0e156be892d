"""Which U and which ties data can have together, and the most extreme test statistic.

Ties lessen the variance of U, so the smallest p need not belong to the most
extreme U.  The square of z is convex in U and in the tie term T, the sum of t^3 - t over the
groups of t equal values; so it is greatest at a corner of the convex hull of all (U, T) that
data can have, and the edges of the hull prove that nothing lies beyond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from netcore.stats.ranks.boxes import Boxes, Conflict, Sample, ordered_boxes
from netcore.stats.ranks.cells import Cell, cut_cells, values_in
from netcore.stats.ranks.mann_whitney import ImpossibleSample, URange
from netcore.stats.ranks.p_values import variance_of_u

__all__ = [
    "Corner",
    "TieHull",
    "smallest_squared_z",
    "squared_z",
    "tie_hull",
    "tie_hulls",
    "u_by_ties",
]

Side = Literal["greater", "less"]
_BITS: Final = 4_000_000_000
"""How many bits :func:`u_by_ties` may shift before it gives up: some ten seconds."""


def squared_z(
    n1: int, n2: int, u: Fraction, ties: Fraction | int, correction: Fraction | int = 0
) -> Fraction:
    """Return the square of the normal test statistic.

    Parameters
    ----------
    n1, n2 : int
        How many values the samples have, at least 1 each.
    u : Fraction
        The number of pairs with x above y, equal ones counted half.
    ties : Fraction or int
        The tie term T; 0 also for a statistic that is not adjusted for ties.
    correction : Fraction or int
        What is taken from the distance of U to its expectation: 0, or 1/2 for continuity.

    Returns
    -------
    Fraction
        (max(0, abs(U − n1 n2 / 2) − correction))² / V; 0 if all values are equal.

    Raises
    ------
    ValueError
        If a sample is empty, or if so many values cannot have such ties.

    Notes
    -----
    V is proportional to 1 − T / (N³ − N), with N = n1 + n2.

    Examples
    --------
    >>> squared_z(3, 5, Fraction(15), 0), squared_z(3, 5, Fraction(15), 144)
    (Fraction(5, 1), Fraction(7, 1))
    """
    all_equal = (n1 + n2) ** 3 - (n1 + n2)
    if not 0 <= ties <= all_equal:
        raise ValueError(f"found tie term {ties} for {n1 + n2} values, expected 0 to {all_equal}")
    variance = variance_of_u(n1, n2) * (1 - Fraction(ties, all_equal))
    distance = max(Fraction(0), abs(u - Fraction(n1 * n2, 2)) - correction)
    return distance**2 / variance if variance else Fraction(0)


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of the hull of all (U, T).

    Parameters
    ----------
    u : Fraction
        The number of pairs with x above y, equal ones counted half.
    ties : Fraction
        The tie term T.
    x, y : tuple of Fraction
        Values in the boxes that have them; empty for a corner that a bound on U cut off.
    """

    u: Fraction
    ties: Fraction
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class TieHull:
    """How far U and T can go together, towards one side.

    Parameters
    ----------
    n1, n2 : int
        How many values x and y have.
    side : {"greater", "less"}
        Whether U is as great or as small as possible.
    corners : tuple of Corner
        From the most extreme U to the greatest T.
    lines : tuple of (int, int, Fraction)
        Numbers a, b and h with a 2 U + b T ≤ h for all data: the first for the most extreme U,
        the last for the greatest T, those between for the edges of the hull.
    is_exact : bool
        Whether the corners are those of data with the printed quantiles; if not, there are no
        data beyond the lines.
    """

    n1: int
    n2: int
    side: Side
    corners: tuple[Corner, ...]
    lines: tuple[tuple[int, int, Fraction], ...]
    is_exact: bool

    def largest_squared_z(self, correction: Fraction | int = 0) -> tuple[Fraction, Corner]:
        """Return the greatest square of z of all data on this side.

        Parameters
        ----------
        correction : Fraction or int
            What is taken from the distance of U to its expectation: 0, or 1/2 for continuity.

        Returns
        -------
        tuple of (Fraction, Corner)
            The statistic, adjusted for ties, and where it is reached; 0 if U cannot be beyond
            its expectation on this side.
        """
        mean = Fraction(self.n1 * self.n2, 2)
        best, where = Fraction(0), self.corners[0]
        for corner in self.corners:
            if (corner.u > mean) == (self.side == "greater"):
                found = squared_z(self.n1, self.n2, corner.u, corner.ties, correction)
                if found > best:
                    best, where = found, corner
        return best, where

    def within(self, limit: Fraction) -> TieHull:
        """Return the part of the hull that a bound on U leaves.

        Parameters
        ----------
        limit : Fraction
            No data have a greater U (on the side "greater"), or a smaller one.

        Returns
        -------
        TieHull
            The same lines, the first of them moved, and the corners between them.
        """
        sign = 1 if self.side == "greater" else -1
        if sign * self.corners[0].u <= sign * limit:
            return self
        kept = tuple(corner for corner in self.corners if sign * corner.u <= sign * limit)
        lines = self.lines[len(self.corners) - len(kept) :]
        if kept and kept[0].u == limit:
            lines = lines[1:]
        else:
            a, b, height = lines[0]
            kept = (Corner(limit, (height - 2 * a * limit) / b, (), ()), *kept)
        first = (sign, 0, 2 * sign * limit)
        return TieHull(self.n1, self.n2, self.side, kept, (first, *lines), False)


# A step of a path: how many x and y lie in a cell, and whether they are all equal.
_Step = tuple[Cell, int, int, bool]


def _farthest(
    cells: Sequence[Cell], places: tuple[Sequence[int], Sequence[int]], weights: tuple[int, int]
) -> tuple[int, int, list[_Step]]:
    """Return 2 U and T with the greatest weighted sum, and the way through the cells."""
    on_u, on_t = weights
    cubes = [t**3 - t for t in range(places[0][-1] + places[1][-1] + 1)]
    # By how many x and y lie in the cells so far: score, 2 U, T.
    known: dict[tuple[int, int], tuple[int, int, int]] = {(0, 0): (0, 0, 0)}
    ways: list[dict[tuple[int, int], tuple[int, int, bool]]] = []
    for cell in cells:
        reached: dict[tuple[int, int], tuple[int, int, int]] = {}
        way: dict[tuple[int, int], tuple[int, int, bool]] = {}
        for i in places[0]:
            if not cell.x_least <= i <= cell.x_most:
                continue
            for j in places[1]:
                if not cell.y_least <= j <= cell.y_most:
                    continue
                best: tuple[int, int, int] | None = None
                for (a, b), (score, u, t) in known.items():
                    p, q = i - a, j - b
                    if p < 0 or q < 0:
                        continue
                    more_u, more_t = p * (b + j), cubes[p + q]
                    more = on_u * more_u + on_t * more_t
                    is_merged = True
                    if p and q and cell.places != 1:
                        apart_u, apart_t = 2 * p * j, cubes[p] + cubes[q]
                        apart = on_u * apart_u + on_t * apart_t
                        if apart > more:
                            more_u, more_t, more, is_merged = apart_u, apart_t, apart, False
                    if best is None or score + more > best[0]:
                        best = (score + more, u + more_u, t + more_t)
                        way[i, j] = (a, b, is_merged)
                if best is not None:
                    reached[i, j] = best
        known = reached
        ways.append(way)
    ((state, (_, u, t)),) = known.items()
    steps: list[_Step] = []
    for cell, way in zip(reversed(cells), reversed(ways), strict=True):
        a, b, is_merged = way[state]
        steps.append((cell, state[0] - a, state[1] - b, is_merged))
        state = (a, b)
    return u, t, steps[::-1]


def _corner(u: int, t: int, steps: Sequence[_Step], step: Fraction | None) -> Corner:
    """Return a corner with simple values for its path."""
    x: list[Fraction] = []
    y: list[Fraction] = []
    for cell, p, q, is_merged in steps:
        if p or q:
            values = values_in(cell, 1 if is_merged else 2, step)
            y += [values[0]] * q
            x += [values[-1]] * p
    return Corner(Fraction(u, 2), Fraction(t), tuple(x), tuple(y))


def tie_hull(x: Boxes, y: Boxes, side: Side) -> TieHull:
    """Find how far U and T can go together over all values in given boxes.

    Parameters
    ----------
    x, y : Boxes
        Bounds of the ordered values, under the same step.
    side : {"greater", "less"}
        Whether U is to be as great or as small as possible.

    Returns
    -------
    TieHull
        All corners of the convex hull of (U, T) that face to the side and to greater T.

    Raises
    ------
    ValueError
        If the samples are granular in different steps.

    Notes
    -----
    With p values of x and q of y in a cell, and b values of y before it, the pairs add
    p b + p q / 2 to U if all are equal, and at most p b + p q else.  For weights a, b ≥ 0 of
    2 U and T, the best arrangement of an open cell is to make all values equal or to have
    those of y equal, below those of x equal: to join two neighbouring groups (p, q) and (r, s)
    adds at least (p + q)(r + s)(3 b (p + q + r + s) − a), and to part a group adds
    p q (a − 3 b (p + q)); so a group with both, if it is large enough not to be parted, is large
    enough to be joined with every neighbour.

    How many of x lie in a cell and those before can be restricted to the numbers where some cell
    has its least or greatest one: given all of y, the sum is convex in the boundary of two
    neighbouring cells, so that the boundary can be moved, in one direction at least, until it
    meets such a number or another boundary, which then moves along.  So the number of
    states does not depend on the size of the samples.

    Each edge of the hull is proved by the greatest weighted sum across it; the corners
    are found as those sums, beginning with U and T alone.

    Examples
    --------
    >>> from netcore.stats.ranks.boxes import Sample, ordered_boxes
    >>> from netcore.printed import Interval
    >>> def boxes(number, low, high):
    ...     window = Interval(Fraction(low), Fraction(high))
    ...     return ordered_boxes(Sample.of(number, {Fraction(1, 2): window}), "type7")
    >>> hull = tie_hull(boxes(3, 1, 2), boxes(5, 3, 4), "greater")
    >>> [(str(corner.u), int(corner.ties)) for corner in hull.corners]
    [('9', 36), ('5/2', 216)]
    """
    if side == "less":
        mirrored = tie_hull(y, x, "greater")
        pairs = x.number * y.number
        return TieHull(
            x.number,
            y.number,
            side,
            tuple(Corner(pairs - c.u, c.ties, c.y, c.x) for c in mirrored.corners),
            tuple((-a, b, height - 2 * a * pairs) for a, b, height in mirrored.lines),
            mirrored.is_exact,
        )
    cells = cut_cells(x, y)
    places = (
        sorted({0, *(n for cell in cells for n in (cell.x_least, cell.x_most))}),
        sorted({0, *(n for cell in cells for n in (cell.y_least, cell.y_most))}),
    )
    # One unit of the first outweighs all of the second.
    most_u, most_t = 2 * x.number * y.number, (x.number + y.number) ** 3
    first = _farthest(cells, places, (most_t + 1, 1))
    last = _farthest(cells, places, (1, most_u + 1))
    corners = [first]
    lines: list[tuple[int, int, Fraction]] = [(1, 0, Fraction(first[0]))]
    pending = [last]
    while pending:
        (u, t, _), (v, s, _) = corners[-1], pending[-1]
        if u == v:  # the last corner is the first one
            pending.pop()
            continue
        a, b = s - t, u - v
        found = _farthest(cells, places, (a, b))
        if a * found[0] + b * found[1] > a * u + b * t:
            pending.append(found)
        else:
            lines.append((a, b, Fraction(a * u + b * t)))
            corners.append(pending.pop())
    lines.append((0, 1, Fraction(last[1])))
    return TieHull(
        x.number,
        y.number,
        side,
        tuple(_corner(*corner, x.step) for corner in corners),
        tuple(lines),
        x.are_exact and y.are_exact,
    )


def tie_hulls(
    x: Sample, y: Sample, definition: str | None, found: URange | ImpossibleSample | None = None
) -> tuple[TieHull, TieHull] | ImpossibleSample:
    """Find how far U and T can go together over all data with the printed quantiles.

    Parameters
    ----------
    x, y : Sample
        What is printed of both samples.
    definition : str or None
        How the quantiles are defined; None: by whichever definition.
    found : URange or ImpossibleSample, optional
        The range of U under the definition, if it is known: it cuts off what the boxes of
        quantiles between two values leave.

    Returns
    -------
    tuple of (TieHull, TieHull) or ImpossibleSample
        Towards greater and towards smaller U.

    Raises
    ------
    ValueError
        If the definition is unknown, or if the samples are granular in different steps.
    """
    if isinstance(found, ImpossibleSample):
        return found
    boxes_x, boxes_y = ordered_boxes(x, definition), ordered_boxes(y, definition)
    if isinstance(boxes_x, Conflict):
        return ImpossibleSample("x", boxes_x.shares)
    if isinstance(boxes_y, Conflict):
        return ImpossibleSample("y", boxes_y.shares)
    greater, less = tie_hull(boxes_x, boxes_y, "greater"), tie_hull(boxes_x, boxes_y, "less")
    if found is not None:
        greater, less = greater.within(found.greatest), less.within(found.least)
    return greater, less


def smallest_squared_z(
    found: URange, *, with_ties: bool, correction: Fraction | int = 0
) -> tuple[Fraction, bool] | None:
    """Return the least square of z, that of the largest p.

    Parameters
    ----------
    found : URange
        The range of U.
    with_ties : bool
        Whether values can be equal.
    correction : Fraction or int
        What is taken from the distance of U to its expectation: 0, or 1/2 for continuity.

    Returns
    -------
    tuple of (Fraction, bool) or None
        No data have less, and whether some have it.  None if there are no data without ties.

    Notes
    -----
    Without ties the variance is greatest.  So U nearest to its expectation without ties gives
    the least, unless ties bring U nearer: to the half between two whole numbers, which
    is attained where two neighbours of both samples change places; or to an end that only
    ties can reach, where the variance without ties gives a bound.

    Examples
    --------
    >>> ends = URange(3, 5, Fraction(9), Fraction(13), 9, 13, True, True)
    >>> smallest_squared_z(ends, with_ties=True)
    (Fraction(1, 5), True)
    """
    n1, n2 = found.n1, found.n2
    without = found.nearest(with_ties=False)
    if not with_ties:
        if without is None:
            return None
        return squared_z(n1, n2, without, 0, correction), found.is_exact_without_ties
    bound = squared_z(n1, n2, found.nearest(with_ties=True) or Fraction(0), 0, correction)
    if without is None or not found.is_exact_without_ties:
        return bound, False
    least, greatest = found.least_without_ties or 0, found.greatest_without_ties or 0
    is_passed = least <= found.mean <= greatest and not found.is_granular
    return bound, is_passed or squared_z(n1, n2, without, 0, correction) == bound


def u_by_ties(x: Boxes, y: Boxes) -> Mapping[int, int] | None:
    """List all pairs of U and T over all values in given boxes.

    Parameters
    ----------
    x, y : Boxes
        Bounds of the ordered values, under the same step.

    Returns
    -------
    Mapping of int to int, or None
        For each T, an integer with bit k set if 2 U = k is possible with it.  None if there are
        too many to list: up to about 20 values each there are not.

    Raises
    ------
    ValueError
        If the samples are granular in different steps.

    Notes
    -----
    Sets of pairs are kept as one integer, with a bit for each T and U, and grow group by
    group of equal values: one more group is a shift.

    Examples
    --------
    >>> from netcore.stats.ranks.boxes import Sample, ordered_boxes
    >>> boxes = ordered_boxes(Sample.of(2, {}), "type7")
    >>> {ties: f"{bits:b}"[::-1] for ties, bits in u_by_ties(boxes, boxes).items()}
    {0: '101010101', 6: '110111011', 12: '100010001', 24: '0010001', 60: '00001'}
    """
    total = x.number + y.number
    width = 2 * x.number * y.number + 1
    left = _BITS

    def shift(p: int, q: int, below: int) -> int:
        """Return by how much a group shifts a set: T is a multiple of 6."""
        return ((p + q) ** 3 - (p + q)) // 6 * width + 2 * p * below + p * q

    known = {(0, 0): 1}
    for cell in cut_cells(x, y):
        # As many groups as the cell has places; where there are enough, they are added one by one
        # to what has been reached in the same cell.
        is_free = cell.places is None or cell.places >= total
        for _ in range(1 if is_free else cell.places or 0):
            reached: dict[tuple[int, int], int] = {}
            for i in range(cell.x_most + 1):
                for j in range(cell.y_most + 1):
                    pairs = known.get((i, j), 0)
                    for (a, b), before in (reached if is_free else known).items():
                        if a <= i and b <= j and (a, b) != (i, j):
                            left -= before.bit_length()
                            pairs |= before << shift(i - a, j - b, b)
                    if left < 0:
                        return None
                    if pairs:
                        reached[i, j] = pairs
            known = reached
        known = {
            (i, j): pairs
            for (i, j), pairs in known.items()
            if i >= cell.x_least and j >= cell.y_least
        }
    bits = known.get((x.number, y.number), 0)
    mask = (1 << width) - 1
    found = {}
    for ties in range((total**3 - total) // 6 + 1):
        row = bits >> ties * width & mask
        if row:
            found[6 * ties] = row
    return found
