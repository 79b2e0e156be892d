"""Data that have the printed quantiles and a given U: witnesses that anyone can recompute."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor, lcm
from typing import Final

from netcore.printed import Interval
from netcore.stats.ranks.boxes import Block, Boxes, Conflict, Sample, ordered_boxes, sample_forms
from netcore.stats.ranks.interleavings import DEFAULT_BUDGET, Chain, critical_chain, greatest_u

__all__ = ["has_quantiles", "nearest", "sample_with_u"]

_MOST_DECIMALS: Final = 30
# Lower and upper end of one ordered value, None if it has none.  It lies strictly between, or on
# both if they are equal; granular values lie on a multiple of the step from one end to the other.
_Box = tuple[Fraction | None, Fraction | None]
_Values = tuple[Fraction, ...]


def has_quantiles(
    values: Sequence[Fraction], sample: Sample, definition: str, *, inside: bool = False
) -> bool:
    """Return whether values have the printed quantiles of a sample, its domain and its step.

    Parameters
    ----------
    values : sequence of Fraction
        The values, in any order.
    sample : Sample
        What is printed.
    definition : str
        How the quantiles are defined.
    inside : bool
        Whether a quantile at the end of its window does not count, unless the window is a point:
        it might be rounded to another number.

    Returns
    -------
    bool
        False also if there are more or fewer values.

    Raises
    ------
    ValueError
        If the definition is unknown.

    Examples
    --------
    >>> sample = Sample.of(2, {Fraction(1, 2): Interval(Fraction(1), Fraction(2))})
    >>> has_quantiles((Fraction(1), Fraction(3)), sample, "type7")
    True
    >>> has_quantiles((Fraction(1), Fraction(3)), sample, "type7", inside=True)
    False
    """
    ordered = sorted(values)
    if len(ordered) != sample.number:
        return False
    # All lie between the first and the last.
    if ordered and not (ordered[0] in sample.domain and ordered[-1] in sample.domain):
        return False
    if sample.step is not None:
        above, below = sample.step.numerator, sample.step.denominator
        if any(v.numerator * below % (v.denominator * above) for v in ordered):
            return False
    for _, form, window in sample_forms(sample, definition):
        quantile = form.value(ordered)
        is_end = inside and window.low != window.high and quantile in (window.low, window.high)
        if quantile not in window or is_end:
            return False
    return True


def sample_with_u(
    x: Sample, y: Sample, definition: str, u: int, *, budget: int = DEFAULT_BUDGET
) -> tuple[_Values, _Values] | None:
    """Construct data without ties that have the printed quantiles and a given U.

    Parameters
    ----------
    x, y : Sample
        What is printed of both samples.
    definition : str
        How the quantiles are defined.
    u : int
        The number of pairs with x above y.
    budget : int
        Orders that each search looks at, where quantiles lie between two values.

    Returns
    -------
    tuple of (tuple of Fraction, tuple of Fraction), or None
        The values of x and of y, ascending.  None if nothing was found: surely so for U beyond
        its ends; otherwise only for granular values, for windows that are points or if the
        budget ended.

    Raises
    ------
    ValueError
        If the definition is unknown, or if the samples are granular in different steps.

    Notes
    -----
    The values are strictly inside of all windows, so that they are witnesses by whatever
    rule ends were rounded; decimals that end, with the fewest places that leave all values in
    their order: 10^-d is enough if it is less than the least distance between two
    values, or between a value and its window, before rounding.

    If quantiles are ordered values, let x_(i) have at least l_i and at most h_i values of y
    below, by the boxes.  Every ascending c_1, c_2, ... with l_i ≤ c_i ≤ h_i is the order of some
    data, and U is their sum: between the ends every whole number is one.  If quantiles
    lie between two values, those are fixed first, on the straight way from values that allow the
    greatest U to values that allow the least.

    Examples
    --------
    >>> median = {Fraction(1, 2): Interval(Fraction(1), Fraction(2))}
    >>> x, y = sample_with_u(Sample.of(3, median), Sample.of(2, median), "type7", 5)
    >>> [float(value) for value in x], [float(value) for value in y]
    ([1.2, 1.5, 1.8], [1.1, 1.4])
    """
    if x.step != y.step:
        raise ValueError(f"found steps {x.step} and {y.step}, expected the same of both samples")
    for boxes in _candidates(x, y, definition, budget):
        found = _values(*boxes, u, x.step)
        if (
            found is not None
            and has_quantiles(found[0], x, definition, inside=True)
            and has_quantiles(found[1], y, definition, inside=True)
        ):
            return found
    return None


def _candidates(
    x: Sample, y: Sample, definition: str, budget: int
) -> Iterator[tuple[list[_Box], list[_Box]]]:
    """Yield boxes in which all values have the printed quantiles."""
    grid_x, grid_y = _within_windows(x), _within_windows(y)
    if grid_x is None or grid_y is None:
        return
    boxes_x, boxes_y = ordered_boxes(grid_x, definition), ordered_boxes(grid_y, definition)
    if isinstance(boxes_x, Conflict) or isinstance(boxes_y, Conflict):
        return
    if boxes_x.are_exact and boxes_y.are_exact:
        yield _box_of_each(boxes_x), _box_of_each(boxes_y)
        return
    chain_x, chain_y = critical_chain(x, definition), critical_chain(y, definition)
    if isinstance(chain_x, Conflict) or isinstance(chain_y, Conflict):
        return
    highest = greatest_u(chain_x, chain_y, with_ties=False, budget=budget)
    lowest = greatest_u(chain_y, chain_x, with_ties=False, budget=budget)
    if highest is None or lowest is None or highest.reached is None or lowest.reached is None:
        return
    ways_x = tuple(zip(highest.x_values, lowest.y_values, strict=True))
    ways_y = tuple(zip(highest.y_values, lowest.x_values, strict=True))
    for time in _times(ways_x, ways_y):
        critical_x, critical_y = (
            tuple(start + (end - start) * time for start, end in ways) for ways in (ways_x, ways_y)
        )
        for unit in _units(x.step):
            round_x, round_y = _rounded(critical_x, unit), _rounded(critical_y, unit)
            if (
                _are_inside(round_x, chain_x, x.domain)
                and _are_inside(round_y, chain_y, y.domain)
                and _has_order_of((*round_x, *round_y), (*critical_x, *critical_y))
            ):
                yield _with_fixed(chain_x, round_x, x.step), _with_fixed(chain_y, round_y, y.step)
                break


def _within_windows(sample: Sample) -> Sample | None:
    """Return the sample with windows from their first to their last multiple of the step inside.

    None if there is none.  As these can be reached, the ends of the domain can be as well.
    """
    if sample.step is None:
        return sample
    windows = []
    for share, window in sample.quantiles:
        if window.low != window.high or window.low is None:
            low, high = _grid_ends(window.low, window.high, sample.step)
            window = Interval(low, high)
            if window.is_empty:
                return None
        windows.append((share, window))
    return replace(sample, quantiles=tuple(windows))


def _grid_ends(
    low: Fraction | None, high: Fraction | None, step: Fraction
) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the greatest multiple of a step between two ends."""
    return (
        None if low is None else (floor(low / step) + 1) * step,
        None if high is None else (ceil(high / step) - 1) * step,
    )


def _times(
    ways_x: Sequence[tuple[Fraction, Fraction]], ways_y: Sequence[tuple[Fraction, Fraction]]
) -> list[Fraction]:
    """Return times from 0 to 1, one between any two meetings of an x and a y."""
    meetings = {Fraction(0), Fraction(1)}
    for x_start, x_end in ways_x:
        for y_start, y_end in ways_y:
            start, end = x_start - y_start, x_end - y_end
            if start * end < 0:
                meetings.add(start / (start - end))
    return [(one + other) / 2 for one, other in pairwise(sorted(meetings))]


def _units(step: Fraction | None) -> Iterator[Fraction | None]:
    """Yield what to round to, the coarsest first; None: not at all."""
    if step is not None:
        yield step
        return
    for decimals in range(_MOST_DECIMALS):
        yield Fraction(1, 10**decimals)
    yield None


def _rounded(values: Sequence[Fraction], unit: Fraction | None) -> _Values:
    return tuple(values) if unit is None else tuple(round(v / unit) * unit for v in values)


def _has_order_of(values: Sequence[Fraction], model: Sequence[Fraction]) -> bool:
    """Return whether values follow each other, without ties, as those of a model."""
    ranks = sorted(range(len(model)), key=model.__getitem__)
    return all(values[i] < values[j] for i, j in pairwise(ranks))


def _is_within(value: Fraction, window: Interval) -> bool:
    """Return whether a value is inside of a window, or all of it."""
    return value in window and (value not in (window.low, window.high) or window.low == window.high)


def _are_inside(values: Sequence[Fraction], chain: Chain, domain: Interval) -> bool:
    """Return whether critical values are inside of what is printed of them."""
    for r, value in enumerate(values):
        if value not in domain:  # whose ends are not rounded: values can lie on them
            return False
        if not all(_is_within(value, window) for window in chain.limits[r] if window != domain):
            return False
        for weight, window in chain.links[r]:
            if not _is_within((1 - weight) * values[r - 1] + weight * value, window):
                return False
    return True


def _with_fixed(chain: Chain, values: Sequence[Fraction], step: Fraction | None) -> list[_Box]:
    """Return the box of each ordered value, given the critical ones."""
    boxes: list[_Box] = []
    ends: list[Fraction | None] = [None, *values, None]
    for k, (before, index) in enumerate(pairwise((0, *chain.indices, chain.number + 1))):
        between = ends[k], ends[k + 1]
        boxes += [between if step is None else _grid_ends(*between, step)] * (index - before - 1)
        if k < len(values):
            boxes.append((values[k], values[k]))
    return boxes


def _box_of_each(boxes: Boxes) -> list[_Box]:
    def ends(blocks: Sequence[Block]) -> list[Fraction | None]:
        return [block.value for block in blocks for _ in range(block.size)]

    return list(zip(ends(boxes.bottoms), ends(boxes.tops), strict=True))


def _counts(least: Sequence[int], most: Sequence[int], total: int) -> list[int]:
    """Return ascending whole numbers between ascending bounds that add up to a total.

    All move from their least to their greatest together; of those that take a step at the same
    time, the last ones do.
    """
    rooms = {b - a for a, b in zip(least, most, strict=True)}
    shares = sorted({Fraction(m, room) for room in rooms for m in range(1, room + 1)})

    def at(share: Fraction) -> list[int]:
        above, below = share.numerator, share.denominator
        return [a + (b - a) * above // below for a, b in zip(least, most, strict=True)]

    if sum(least) == total:
        return list(least)
    share = shares[bisect_left(shares, total, key=lambda share: sum(at(share)))]
    counts = at(share)
    surplus = sum(counts) - total
    for i, (a, b) in enumerate(zip(least, most, strict=True)):
        if surplus and b > a and (b - a) * share.numerator % share.denominator == 0:
            counts[i] -= 1
            surplus -= 1
    return counts


def _values(
    x: Sequence[_Box], y: Sequence[_Box], u: int, step: Fraction | None
) -> tuple[_Values, _Values] | None:
    """Return values inside of boxes, without ties, that have a given U."""
    # Boxes of ordered values ascend, so those of y that an end of x is above are the first ones.
    tops = [high for _, high in y if high is not None]
    bottoms = [low for low, _ in y if low is not None]
    open_below = len(y) - len(bottoms)
    least = [0 if low is None else bisect_right(tops, low) for low, _ in x]
    most = [len(y) if high is None else open_below + bisect_left(bottoms, high) for _, high in x]
    if not sum(least) <= u <= sum(most) or any(a > b for a, b in zip(least, most, strict=True)):
        return None
    counts = _counts(least, most, u)
    # An x with c values of y below comes just after the c-th of them.
    order = sorted(
        [(count, True, i) for i, count in enumerate(counts)]
        + [(j + 1, False, j) for j in range(len(y))]
    )
    placed = _placed([(x if is_x else y)[i] for _, is_x, i in order], step)
    if placed is None:
        return None
    return (
        tuple(value for value, (_, is_x, _) in zip(placed, order, strict=True) if is_x),
        tuple(value for value, (_, is_x, _) in zip(placed, order, strict=True) if not is_x),
    )


def _placed(boxes: Sequence[_Box], step: Fraction | None) -> list[Fraction] | None:
    """Return ascending values, each in its box, spread over the room that the order leaves."""
    known = [end for box in boxes for end in box if end is not None] or [Fraction(0)]
    # Whole numbers of a common part, which are compared much faster than fractions.
    part = lcm(*(end.denominator for end in known))
    ends = [
        tuple(None if end is None else end.numerator * (part // end.denominator) for end in box)
        for box in boxes
    ]
    whole = [end for box in ends for end in box if end is not None] or [0]
    first, last = min(whole), max(whole)
    span = last - first or part
    lows = list(accumulate((first - span if b[0] is None else b[0] for b in ends), max))
    if step is not None:
        return _packed(boxes, [Fraction(low, part) for low in lows], step)
    highs = [last + span if b[1] is None else b[1] for b in ends]
    highs = list(accumulate(reversed(highs), min))[::-1]
    # Evenly between the ends of its room, in (n + 1)-ths of a part.
    shares = len(boxes) + 1
    spread = [
        low * shares + (high - low) * k
        for k, (low, high) in enumerate(zip(lows, highs, strict=True), start=1)
    ]
    for decimals in range(_MOST_DECIMALS):
        unit = 10**decimals
        values = [nearest(value * unit, part * shares) for value in spread]
        if _fit_strictly(values, ends, part, unit):
            return [Fraction(value, unit) for value in values]
    if _fit_strictly(spread, ends, part, part * shares):
        return [Fraction(value, part * shares) for value in spread]
    return None


def nearest(numerator: int, denominator: int) -> int:
    """Return the whole number next to a ratio, the even one of two, as ``round`` of a fraction does.

    Parameters
    ----------
    numerator, denominator : int
        The ratio; the denominator is above 0.

    Returns
    -------
    int
        The nearest whole number.

    Examples
    --------
    >>> nearest(5, 2), nearest(7, 2), nearest(-1, 3)
    (2, 4, 0)
    """
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def _fit_strictly(
    values: Sequence[int], ends: Sequence[tuple[int | None, ...]], part: int, unit: int
) -> bool:
    """Return whether values, in units, ascend and lie inside of their boxes, whose ends are in parts."""
    if not all(one < other for one, other in pairwise(values)):
        return False
    for value, (low, high) in zip(values, ends, strict=True):
        at = value * part
        is_inside = (low is None or low * unit < at) and (high is None or at < high * unit)
        if not is_inside and not (low is not None and low == high and low * unit == at):
            return False
    return True


def _packed(
    boxes: Sequence[_Box], lows: Sequence[Fraction], step: Fraction
) -> list[Fraction] | None:
    """Return the lowest ascending multiples of a step in boxes that begin and end on such."""
    values: list[Fraction] = []
    for (_, high), low in zip(boxes, lows, strict=True):
        least = ceil(low / step) * step
        value = max(least, values[-1] + step) if values else least
        if high is not None and value > high:
            return None
        values.append(value)
    return values
