"""The least and the greatest values of a sample whose ordered values have boxes.

A statistic that rises with every value is greatest where all values are at
their tops, and least where all are at their bottoms, so two samples of values
settle its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from netcore.printed import Interval
from netcore.stats.ranks.boxes import Boxes

__all__ = [
    "End",
    "bottoms",
    "compare",
    "corner_codes",
    "intervals_of",
    "sorted_bottoms",
    "sorted_tops",
    "tops",
]


class End(NamedTuple):
    """An end of a box.

    Parameters
    ----------
    value : Fraction or None
        Where it is; None if there is none.
    closed : bool
        Whether a value can be there.
    """

    value: Fraction | None
    closed: bool


def compare(top: End, bottom: End) -> int:
    """Tell how a value as great as a top allows compares with one as small as a bottom.

    Parameters
    ----------
    top, bottom : End
        An upper and a lower end, of values that do not depend on one another.

    Returns
    -------
    int
        1 if the first can be greater than the second, 0 if it can be equal to
        it and not greater, -1 if it is less.

    Examples
    --------
    >>> compare(End(Fraction(2), True), End(Fraction(2), False))
    -1
    """
    if top.value is None or bottom.value is None or top.value > bottom.value:
        return 1
    return 0 if top.value == bottom.value and top.closed and bottom.closed else -1


def _top_key(end: End) -> tuple[bool, Fraction, bool]:
    return end.value is None, end.value or Fraction(0), end.closed


def _bottom_key(end: End) -> tuple[bool, Fraction, bool]:
    return end.value is not None, end.value or Fraction(0), not end.closed


def sorted_tops(ends: Iterable[End]) -> list[End]:
    """Sort upper ends of boxes.

    Parameters
    ----------
    ends : iterable of End
        The ends.

    Returns
    -------
    list of End
        Ascending; an open end comes before a closed one at the same value.  The
        k-th bounds the k-th of all values.
    """
    return sorted(ends, key=_top_key)


def sorted_bottoms(ends: Iterable[End]) -> list[End]:
    """Sort lower ends of boxes.

    Parameters
    ----------
    ends : iterable of End
        The ends.

    Returns
    -------
    list of End
        Ascending; a closed end comes before an open one at the same value.  The
        k-th bounds the k-th of all values.
    """
    return sorted(ends, key=_bottom_key)


def tops(boxes: Sequence[Interval]) -> tuple[End, ...]:
    """Return the greatest that each ordered value can be.

    Parameters
    ----------
    boxes : sequence of Interval
        Where the least value lies, the next one, and so on.

    Returns
    -------
    tuple of End
        For each value the least upper end from its own box on.  All values can
        be there, or as near as is wished, together.

    Raises
    ------
    ValueError
        If there is no value, or no ascending values lie in the boxes.

    Notes
    -----
    t_k = min of h_i over i >= k ascends, and t_k >= x_k for all ordered values
    x, because x_k <= x_i <= h_i.  Also t_k is not below any l_i with i <= k, or
    there would be no values at all.

    Examples
    --------
    >>> boxes = [Interval(None, Fraction(9)), Interval(Fraction(1), Fraction(4)), Interval(None, None)]
    >>> [end.value for end in tops(boxes)]
    [Fraction(4, 1), Fraction(4, 1), None]
    """
    ends = [End(box.high, box.high_closed) for box in boxes]
    for k in range(len(ends) - 2, -1, -1):
        ends[k] = min(ends[k], ends[k + 1], key=_top_key)
    _checked(boxes, ends)
    return tuple(ends)


def bottoms(boxes: Sequence[Interval]) -> tuple[End, ...]:
    """Return the least that each ordered value can be.

    Parameters
    ----------
    boxes : sequence of Interval
        Where the least value lies, the next one, and so on.

    Returns
    -------
    tuple of End
        For each value the greatest lower end up to its own box.

    Raises
    ------
    ValueError
        If there is no value, or no ascending values lie in the boxes.

    Examples
    --------
    >>> [end.value for end in bottoms([Interval(Fraction(2), None), Interval(Fraction(1), None)])]
    [Fraction(2, 1), Fraction(2, 1)]
    """
    ends = [End(box.low, box.low_closed) for box in boxes]
    for k in range(1, len(ends)):
        ends[k] = max(ends[k], ends[k - 1], key=_bottom_key)
    _checked(boxes, tops(boxes))
    return tuple(ends)


def corner_codes(
    samples: Sequence[Sequence[Interval]],
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return whole numbers that compare as the tops and bottoms of samples do.

    Parameters
    ----------
    samples : sequence of sequence of Interval
        The boxes of each sample.

    Returns
    -------
    list of (tuple of int, tuple of int)
        Tops and bottoms of each sample, all positive.  The code of a top is
        that of a bottom if values there can be equal at most, and greater if
        the first can be greater.

    Raises
    ------
    ValueError
        If a sample has no values, or none lie in its boxes.

    Examples
    --------
    >>> [(tops_, bottoms_)] = corner_codes([[Interval(Fraction(1), Fraction(1)), Interval(None, None)]])
    >>> tops_, bottoms_
    ((5, 9), (5, 5))
    """
    ends = [(tops(boxes), bottoms(boxes)) for boxes in samples]
    values = {end.value for pair in ends for side in pair for end in side}
    rank = {value: k for k, value in enumerate(sorted(v for v in values if v is not None), 1)}
    # An open end lies one less or more than its value, and values are four apart.
    beyond = 4 * len(rank) + 5

    def code(end: End, sign: int) -> int:
        if end.value is None:
            return beyond if sign > 0 else 1
        return 4 * rank[end.value] + 1 - sign * (not end.closed)

    return [
        (tuple(code(end, 1) for end in highs), tuple(code(end, -1) for end in lows))
        for highs, lows in ends
    ]


def _checked(boxes: Sequence[Interval], highs: Sequence[End]) -> None:
    if not boxes:
        raise ValueError("found no value, expected at least one")
    lowest = End(None, False)
    for k, (box, high) in enumerate(zip(boxes, highs, strict=True), 1):
        lowest = max(lowest, End(box.low, box.low_closed), key=_bottom_key)
        if compare(high, lowest) < 0:
            raise ValueError(
                f"found no room for value {k} of {len(boxes)}, expected ordered values"
            )


def intervals_of(boxes: Boxes) -> tuple[Interval, ...]:
    """Return the box of each ordered value of a sample.

    Parameters
    ----------
    boxes : Boxes
        What is printed of the sample, as bounds.

    Returns
    -------
    tuple of Interval
        One box for each value.
    """
    lows = [End(block.value, block.closed) for block in boxes.bottoms for _ in range(block.size)]
    highs = [End(block.value, block.closed) for block in boxes.tops for _ in range(block.size)]
    return tuple(
        Interval(low.value, high.value, low.closed, high.closed)
        for low, high in zip(lows, highs, strict=True)
    )
