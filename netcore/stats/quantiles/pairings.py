"""Differences, sums and ratios of two values of each patient: what their order allows.

Who had which of both values is not printed.  Still the k-th least difference cannot be
anything: enough patients have a small first value and a large second one at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

from netcore.printed import Interval

__all__ = ["Operation", "paired"]

Operation = Literal["difference", "sum", "ratio"]
"""What is done with the two values of a pair."""

_OPEN_END: Final = None


def paired(
    first: Sequence[Interval], second: Sequence[Interval], operation: Operation
) -> tuple[Interval, ...]:
    """Bound the ordered differences (sums, ratios) of two values of each unit.

    Parameters
    ----------
    first, second : sequence of Interval
        Where the first, second, ... of the ordered values of each operand lies, as in
        :class:`~netcore.stats.quantiles.boxes.Boxes`; as many of both.
    operation : {'difference', 'sum', 'ratio'}
        First less second, first plus second, or first by second.

    Returns
    -------
    tuple of Interval
        Where the first, second, ... of the ordered results lies, whoever has which values.
        Closed intervals.

    Raises
    ------
    ValueError
        If there is no value, the operands have different numbers of them, or a ratio is of
        values that are not known to be positive (the second) and not negative (the first).

    Notes
    -----
    Let d be the differences of n pairs of values a and b.  At least i of the pairs have a ≤ a_(i)
    and at least n − j + 1 have b ≥ b_(j).  So at least i + (n − j + 1) − n have both, and then
    d ≤ a_(i) − b_(j).  With j = i − k + 1 these are k pairs:

        d_(k) ≤ min over i = k..n of (a_(i) − b_(i − k + 1)).

    Likewise at least n − i + 1 have a ≥ a_(i) and at least j have b ≤ b_(j); with j = n − k + i
    these are n − k + 1 pairs in common, so

        d_(k) ≥ max over i = 1..k of (a_(i) − b_(n − k + i)).

    Each bound is attained: give a_(i) and b_(i − k + 1) to one patient for i = k..n and the k − 1
    least a to the greatest b, and all differences from the k-th least on are among the former.
    A sum is a difference from −b, and a ratio of positive values is one of logarithms.

    References
    ----------
    Makarov GD (1982). Estimates for the distribution function of a sum of two random variables
    when the marginal distributions are fixed. Theory of Probability & Its Applications
    26(4):803-806. doi:10.1137/1126086

    Examples
    --------
    Before treatment 1, 5 and 9, after it 2, 3 and 4: the median change is from −3 to −1.

    >>> after = [Interval.point(value) for value in (2, 3, 4)]
    >>> before = [Interval.point(value) for value in (1, 5, 9)]
    >>> [str(interval) for interval in paired(after, before, "difference")]
    ['[-7, -5]', '[-3, -1]', '[1, 3]']
    """
    number = len(first)
    if number < 1 or number != len(second):
        raise ValueError(
            f"found {number} and {len(second)} values, expected as many of both, at least 1"
        )
    if operation == "sum":
        negated = [
            Interval(None if box.high is None else -box.high, None if box.low is None else -box.low)
            for box in reversed(second)
        ]
        return paired(first, negated, "difference")
    if operation == "ratio":
        _require_positive(first[0], second[0])
    found = []
    for k in range(1, number + 1):
        above = [
            _less(first[i - 1].high, second[i - k].low, operation, is_upper=True)
            for i in range(k, number + 1)
        ]
        below = [
            _less(first[i - 1].low, second[number - k + i - 1].high, operation, is_upper=False)
            for i in range(1, k + 1)
        ]
        found.append(
            Interval(
                max((end for end in below if end is not None), default=_OPEN_END),
                min((end for end in above if end is not None), default=_OPEN_END),
            )
        )
    return tuple(found)


def _require_positive(first: Interval, second: Interval) -> None:
    if first.low is None or first.low < 0 or second.low is None or second.low <= 0:
        raise ValueError(
            f"found least values in {first} and {second}, "
            "expected them at least 0 and above 0 for a ratio"
        )


def _less(
    one: Fraction | None, other: Fraction | None, operation: Operation, *, is_upper: bool
) -> Fraction | None:
    """Return an end of a difference or a ratio; None if it is infinite."""
    if operation == "ratio":
        if one is None:
            return None
        if other is None:
            return None if is_upper else Fraction(0)
        return one / other
    return None if one is None or other is None else one - other
