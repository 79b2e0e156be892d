"""Why no values have some printed summaries, in sums about one number.

For any number c, the squares about the mean are the squares about c less n (mean - c)^2.
With c well chosen, that bounds them from both sides, and a checker needs to know c
only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.sums_of_squares import least_squares_in_boxes
from netcore.stats.quantiles.definitions import loosest_indices

__all__ = [
    "BoxGroup",
    "Reason",
    "greatest_about",
    "grouped_boxes",
    "least_about",
    "squares_range",
    "unattainable",
]


@dataclass(frozen=True, slots=True)
class BoxGroup:
    """Neighbouring ordered values with the same bounds.

    Parameters
    ----------
    count : int
        How many they are.
    low, high : Fraction or None
        No value of them is less or greater.
    """

    count: int
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why no values have some summaries.

    Parameters
    ----------
    kind : {'order', 'mean', 'spread'}
        The quantiles are out of order, the mean cannot lie between them, or
        the squares about the mean cannot be as many.
    centres : tuple of Fraction
        For each window of sums of squares a number c whose bound excludes it.
    """

    kind: Literal["order", "mean", "spread"]
    centres: tuple[Fraction, ...] = ()


def grouped_boxes(
    quantiles: Mapping[Fraction, Interval], number: int, domain: Interval = EVERYTHING
) -> tuple[BoxGroup, ...]:
    """Bound ordered values by printed quantiles of any definition.

    Parameters
    ----------
    quantiles : Mapping of Fraction to Interval
        Share of each printed quantile, with the numbers that print as it.
    number : int
        How many values there are, at least 1.
    domain : Interval
        Where all values lie.

    Returns
    -------
    tuple of BoxGroup
        From the least values to the greatest; some low may exceed its high.

    Raises
    ------
    ValueError
        If there is no value or a share is not between 0 and 1.

    Notes
    -----
    The same bounds as :func:`netcore.stats.quantiles.boxes.boxes`, with ends
    closed, for all definitions; in groups, so that many values cost no more than few.

    Examples
    --------
    >>> found = grouped_boxes({Fraction(0): Interval.point(29), Fraction(1): Interval.point(82)}, 34)
    >>> [(group.count, int(group.low), int(group.high)) for group in found]
    [(1, 29, 29), (32, 29, 82), (1, 82, 82)]
    """
    if number < 1 or not all(0 <= share <= 1 for share in quantiles):
        raise ValueError(
            f"found {number} values and shares {[*map(str, quantiles)]}, "
            "expected at least 1 and shares from 0 to 1"
        )
    placed = [(*loosest_indices(share, number), window) for share, window in quantiles.items()]
    starts = sorted({1, *(first + 1 for first, _, _ in placed), *(last for _, last, _ in placed)})
    starts = [start for start in starts if start <= number]
    groups = []
    for start, after in zip(starts, [*starts[1:], number + 1], strict=True):
        lows = [window.low for _, last, window in placed if last <= start]
        highs = [window.high for first, _, window in placed if start <= first]
        low = max((end for end in (*lows, domain.low) if end is not None), default=None)
        high = min((end for end in (*highs, domain.high) if end is not None), default=None)
        groups.append(BoxGroup(after - start, low, high))
    return tuple(groups)


def _sums(groups: Sequence[BoxGroup]) -> tuple[Fraction | None, Fraction | None]:
    low = high = None
    if all(group.low is not None for group in groups):
        low = sum((group.count * (group.low or Fraction(0)) for group in groups), Fraction(0))
    if all(group.high is not None for group in groups):
        high = sum((group.count * (group.high or Fraction(0)) for group in groups), Fraction(0))
    return low, high


def _means(groups: Sequence[BoxGroup], mean: Interval) -> Interval:
    """Return the means that the boxes and the printed mean leave, ends closed."""
    number = sum(group.count for group in groups)
    low, high = (None if end is None else end / number for end in _sums(groups))
    return Interval(mean.low, mean.high).meet(Interval(low, high))


def _nearest(group: BoxGroup, c: Fraction) -> Fraction:
    if group.low is not None and c < group.low:
        return group.low
    return group.high if group.high is not None and c > group.high else c


def least_about(groups: Sequence[BoxGroup], mean: Interval, c: Fraction) -> Fraction:
    """Bound the squares about the mean from below.

    Parameters
    ----------
    groups : sequence of BoxGroup
        The boxes.
    mean : Interval
        The printed mean.
    c : Fraction
        Any number.

    Returns
    -------
    Fraction
        No values in the boxes with such a mean have a lesser sum.

    Notes
    -----
    Let y be the values of the boxes next to c, and b their mean.  A sum of squares
    about the mean is convex, so that it is at least that of y plus twice the sum of
    (y - b)(x - y).  The sum of (y - c)(x - y) is not negative, since y is nearest to c,
    which leaves 2 (c - b) n (m - b) for the mean m.

    Examples
    --------
    >>> pair = (BoxGroup(1, Fraction(0), Fraction(0)), BoxGroup(1, Fraction(6), Fraction(6)))
    >>> int(least_about((*pair, BoxGroup(3, None, None)), EVERYTHING, Fraction(3)))
    18
    """
    number = sum(group.count for group in groups)
    chosen = [(group.count, _nearest(group, c)) for group in groups]
    b = sum((count * y for count, y in chosen), Fraction(0)) / number
    squares = sum((count * (y - b) ** 2 for count, y in chosen), Fraction(0))
    if c == b:
        return squares
    means = _means(groups, mean)
    end = means.low if c > b else means.high
    return Fraction(0) if end is None else squares + 2 * (c - b) * number * (end - b)


def greatest_about(groups: Sequence[BoxGroup], mean: Interval, c: Fraction) -> Fraction | None:
    """Bound the squares about the mean from above.

    Parameters
    ----------
    groups : sequence of BoxGroup
        The boxes.
    mean : Interval
        The printed mean.
    c : Fraction
        Any number.

    Returns
    -------
    Fraction or None
        No values in the boxes with such a mean have a greater sum; None where a
        box has no end.

    Notes
    -----
    The sum of the squares of the ends farther from c, less n (m - c)^2 with the mean m
    nearest to c.  With one box for all and c its middle this is the inequality
    of Bhatia and Davis.

    Examples
    --------
    >>> int(greatest_about((BoxGroup(4, Fraction(0), Fraction(10)),), Interval.point(2), Fraction(5)))
    64
    """
    found = _least_greatest(groups, _means(groups, mean), [c])
    return None if found is None else found[0]


def _least_greatest(
    groups: Sequence[BoxGroup], means: Interval, centres: Sequence[Fraction]
) -> tuple[Fraction, Fraction] | None:
    """Return the least upper bound of the squares, and its centre; None where a box has no end."""
    boxes = [
        (group.count, group.low, group.high)
        for group in groups
        if group.low is not None and group.high is not None
    ]
    if len(boxes) < len(groups):
        return None
    number = sum(group.count for group in groups)
    # In whole numbers, which are quick.
    ends = [end for _, *both in boxes for end in both]
    ends += [end for end in (means.low, means.high) if end is not None]
    scale = lcm(*(end.denominator for end in (*ends, *centres)))
    scaled = [(count, int(low * scale), int(high * scale)) for count, low, high in boxes]
    least = None if means.low is None else int(means.low * scale)
    greatest = None if means.high is None else int(means.high * scale)
    bounds = []
    for c in (int(c * scale) for c in centres):
        squares = sum(count * max((low - c) ** 2, (high - c) ** 2) for count, low, high in scaled)
        off = max(c - greatest, 0) if greatest is not None else 0
        if least is not None and c < least:
            off = least - c
        bounds.append((squares - number * off**2, c))
    bound, c = min(bounds)
    return Fraction(bound, scale**2), Fraction(c, scale)


def _best_centres(
    groups: Sequence[BoxGroup], means: Interval
) -> tuple[Fraction | None, Fraction | None]:
    """Return the numbers c with the best lower and the best upper bound."""
    number = sum(group.count for group in groups)
    total = Interval(
        None if means.low is None else means.low * number,
        None if means.high is None else means.high * number,
    )
    boxes = [Interval(group.low, group.high) for group in groups]
    least = least_squares_in_boxes(boxes, total, [group.count for group in groups])
    ends = [end for end in (means.low, means.high) if end is not None]
    middles = [
        (group.low + group.high) / 2
        for group in groups
        if group.low is not None and group.high is not None
    ]
    centres = [*dict.fromkeys((*middles, *ends))]
    best = _least_greatest(groups, means, centres) if centres else None
    return least.level, best and best[1]


def _disorder(groups: Sequence[BoxGroup], mean: Interval) -> Reason | None:
    if any(
        group.low is not None and group.high is not None and group.low > group.high
        for group in groups
    ):
        return Reason("order")
    return Reason("mean") if _means(groups, mean).is_empty else None


def squares_range(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval = EVERYTHING,
    domain: Interval = EVERYTHING,
) -> Interval | None:
    """Bound the squares about the mean by quantiles and the mean.

    Parameters
    ----------
    number : int
        How many values there are, at least 1.
    quantiles : Mapping of Fraction to Interval
        Share of each printed quantile, with the numbers that print as it.
    mean : Interval
        The printed mean.
    domain : Interval
        Where all values lie.

    Returns
    -------
    Interval or None
        All sums of squares, and possibly more; None if no values have these
        quantiles and this mean.

    Examples
    --------
    >>> ends = {Fraction(0): Interval.point(0), Fraction(1): Interval.point(10)}
    >>> str(squares_range(4, ends, Interval.point(5)))
    '[50, 100]'
    """
    groups = grouped_boxes(quantiles, number, domain)
    if _disorder(groups, mean):
        return None
    below, above = _best_centres(groups, _means(groups, mean))
    return Interval(
        Fraction(0) if below is None else max(least_about(groups, mean, below), Fraction(0)),
        None if above is None else greatest_about(groups, mean, above),
    )


def unattainable(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval = EVERYTHING,
    squares: Sequence[Interval] = (),
    domain: Interval = EVERYTHING,
) -> Reason | None:
    """Say why no values have some summaries, if that can be proved.

    Parameters
    ----------
    number : int
        How many values there are, at least 1.
    quantiles : Mapping of Fraction to Interval
        Share of each printed quantile, with the numbers that print as it.
    mean : Interval
        The printed mean.
    squares : sequence of Interval
        Sums of squares about the mean that print as the spread: one for each
        divisor that may have been used.  None if no spread is printed.
    domain : Interval
        Where all values lie.

    Returns
    -------
    Reason or None
        None if values are not excluded.

    Examples
    --------
    Four values from 0 to 10 with a mean of 5 have at most 100, so no 120:

    >>> ends = {Fraction(0): Interval.point(0), Fraction(1): Interval.point(10)}
    >>> unattainable(4, ends, Interval.point(5), [Interval.point(120)])
    Reason(kind='spread', centres=(Fraction(5, 1),))
    """
    groups = grouped_boxes(quantiles, number, domain)
    if reason := _disorder(groups, mean):
        return reason
    if not squares:
        return None
    below, above = _best_centres(groups, _means(groups, mean))
    least = None if below is None else least_about(groups, mean, below)
    greatest = None if above is None else greatest_about(groups, mean, above)
    centres = []
    for window in squares:
        if window.high is not None and least is not None and window.high < least:
            assert below is not None
            centres.append(below)
        elif window.low is not None and greatest is not None and window.low > greatest:
            assert above is not None
            centres.append(above)
        else:
            return None
    return Reason("spread", tuple(centres))
