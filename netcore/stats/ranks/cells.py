"""The number line cut at the ends of all boxes: which values can lie in which piece.

The pieces are the ends themselves and the open intervals between them.  Data with every
value in its box are, up to the order inside a piece, the same as paths that say how many
values of each sample lie in the pieces so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from netcore.stats.ranks.boxes import Block, Boxes

__all__ = ["Cell", "cut_cells", "range_without_ties", "values_in"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of the number line, and how many values can lie in it and before it.

    Parameters
    ----------
    low, high : Fraction or None
        Its ends; equal for a piece of one point, else they do not belong to it.
    places : int or None
        How many different values it holds; None if there is no limit.
    x_least, x_most, y_least, y_most : int
        How many values of each sample lie in it and in those before it.
    """

    low: Fraction | None
    high: Fraction | None
    places: int | None
    x_least: int
    x_most: int
    y_least: int
    y_most: int


def _positions(blocks: Sequence[Block], cuts: Sequence[Fraction], open_shift: int) -> list[int]:
    """Return the number of the piece where each bound first (last) lets a value be.

    Piece 2 k + 1 is the k-th cut, piece 2 k the interval before it.
    """
    edge = 0 if open_shift > 0 else 2 * len(cuts)
    return [
        edge
        if block.value is None
        else 2 * cuts.index(block.value) + 1 + (0 if block.closed else open_shift)
        for block in blocks
    ]


def cut_cells(x: Boxes, y: Boxes) -> tuple[Cell, ...]:
    """Cut the number line at the ends of the boxes of two samples.

    Parameters
    ----------
    x, y : Boxes
        Bounds of the ordered values, under the same step.

    Returns
    -------
    tuple of Cell
        All pieces that can hold a value, ascending.

    Raises
    ------
    ValueError
        If the samples are granular in different steps.

    Notes
    -----
    Given how many values lie in and before each piece, the i-th value of a sample is
    in its box if and only if these numbers lie between the number of tops and the number of
    bottoms there: both bounds ascend.

    Examples
    --------
    >>> from netcore.printed import Interval
    >>> from netcore.stats.ranks.boxes import Sample, ordered_boxes
    >>> least = {Fraction(0): Interval(Fraction(1), Fraction(2))}
    >>> boxes = ordered_boxes(Sample.of(3, least), "type7")
    >>> [(cell.x_least, cell.x_most) for cell in cut_cells(boxes, boxes)]
    [(0, 0), (0, 3), (0, 3), (1, 3), (3, 3)]
    """
    if x.step != y.step:
        raise ValueError(f"found steps {x.step} and {y.step}, expected the same of both samples")
    blocks = [*x.bottoms, *x.tops, *y.bottoms, *y.tops]
    cuts = sorted({block.value for block in blocks if block.value is not None})
    pieces = 2 * len(cuts) + 1
    counts = []
    for boxes in (x, y):
        for bounds, shift in ((boxes.tops, -1), (boxes.bottoms, 1)):
            below = [0] * pieces
            for block, place in zip(bounds, _positions(bounds, cuts, shift), strict=True):
                for piece in range(place, pieces):
                    below[piece] = block.last
            counts.append(below)
    cells = []
    for piece in range(pieces):
        low = cuts[(piece - 1) // 2] if piece else None
        high = cuts[piece // 2] if piece < pieces - 1 else None
        places: int | None = None
        if piece % 2:
            places = 1
        elif x.step is not None and low is not None and high is not None:
            places = int((high - low) / x.step) - 1
        if places != 0:
            cells.append(Cell(low, high, places, *(below[piece] for below in counts)))
    return tuple(cells)


def range_without_ties(
    cells: Sequence[Cell], budget: int = 2_000_000
) -> tuple[int, int] | Literal["none", "open"]:
    """Find the ends of U over data without ties, where the pieces hold so many values.

    Parameters
    ----------
    cells : sequence of Cell
        The pieces.
    budget : int
        How many steps of a path may be looked at.

    Returns
    -------
    tuple of (int, int), "none" or "open"
        Least and greatest U, both attained; "none" if all data have ties, "open" if the
        budget does not suffice.

    Notes
    -----
    In a piece with p values of x and q of y, all different, the pairs among them add 0 to p q.
    """
    known: dict[tuple[int, int], tuple[int, int]] = {(0, 0): (0, 0)}
    for cell in cells:
        reached: dict[tuple[int, int], tuple[int, int]] = {}
        for i in range(cell.x_least, cell.x_most + 1):
            for j in range(cell.y_least, cell.y_most + 1):
                budget -= len(known)
                if budget < 0:
                    return "open"
                ends = [
                    (least + (i - a) * b, most + (i - a) * j)
                    for (a, b), (least, most) in known.items()
                    if a <= i and b <= j and (cell.places is None or i - a + j - b <= cell.places)
                ]
                if ends:
                    reached[i, j] = (min(e[0] for e in ends), max(e[1] for e in ends))
        known = reached
    return next(iter(known.values()), "none")


def values_in(cell: Cell, count: int, step: Fraction | None = None) -> tuple[Fraction, ...]:
    """Return simple values inside a piece: decimals that end, as short as possible.

    Parameters
    ----------
    cell : Cell
        The piece.
    count : int
        How many different values; no more than there are places.
    step : Fraction or None
        The values are whole multiples of it.

    Returns
    -------
    tuple of Fraction
        Ascending.

    Raises
    ------
    ValueError
        If the piece holds fewer values.

    Examples
    --------
    >>> values_in(Cell(Fraction(1), Fraction(3, 2), None, 0, 1, 0, 1), 2)
    (Fraction(6, 5), Fraction(7, 5))
    """
    if cell.places is not None and cell.places < count:
        raise ValueError(f"found {cell.places} places, expected at least {count}")
    if cell.low is not None and cell.low == cell.high:
        return (cell.low,)
    unit = Fraction(1) if step is None else step
    while True:
        if cell.low is not None:
            first = floor(cell.low / unit) + 1
            last = first + count if cell.high is None else ceil(cell.high / unit) - 1
        else:
            last = count if cell.high is None else ceil(cell.high / unit) - 1
            first = last - count
        if last - first + 1 >= count:
            room = last - first + 1
            return tuple((first + (2 * k + 1) * room // (2 * count)) * unit for k in range(count))
        unit /= 10  # never under a step, which leaves as many places as were counted
