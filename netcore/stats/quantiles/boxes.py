"""Boxes: between which bounds each of the ordered values must lie, given printed quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import loosest_indices

__all__ = ["Boxes", "boxes", "mean_within", "require_windows"]

_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Bounds of each of n ordered values.

    Parameters
    ----------
    intervals : tuple of Interval
        Where the first, second, ... value lies.  Their ends rise with the number of the
        value; an empty one means that no values have these quantiles.
    conflict : tuple of (Fraction or None, Fraction or None), or None
        Shares of the quantile that puts the first contradicted value too high and of the
        one that puts it too low; None stands for the domain.  No conflict if every
        interval holds a number.
    """

    intervals: tuple[Interval, ...]
    conflict: tuple[Fraction | None, Fraction | None] | None


@dataclass(frozen=True, slots=True)
class _End:
    """An end of a box with the share that it comes from."""

    value: Fraction
    is_closed: bool
    share: Fraction | None

    @property
    def as_low(self) -> tuple[Fraction, bool]:
        """What orders lower ends: the greatest of them binds."""
        return self.value, not self.is_closed

    @property
    def as_high(self) -> tuple[Fraction, bool]:
        """What orders upper ends: the least of them binds."""
        return self.value, self.is_closed


def require_windows(windows: Mapping[Fraction, Interval], number: int) -> None:
    """Refuse quantiles that are none: a guard for functions of printed quantiles.

    Parameters
    ----------
    windows : Mapping of Fraction to Interval
        Share of each quantile, with the numbers that print as it.
    number : int
        How many values there are.

    Raises
    ------
    ValueError
        If there is no value, a share is not between 0 and 1 or a window is empty.
    """
    if number < 1:
        raise ValueError(f"found {number} values, expected at least 1")
    for share, window in windows.items():
        if not 0 <= share <= 1:
            raise ValueError(f"found share {share}, expected 0 to 1")
        if window.is_empty:
            raise ValueError(f"found the empty window {window}, expected one that holds a number")


def boxes(
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
) -> Boxes:
    """Bound each of n ordered values by printed quantiles.

    Parameters
    ----------
    windows : Mapping of Fraction to Interval
        Share of each quantile (0 the least value, 1/2 the median, 1 the greatest), with the
        numbers that print as it.
    number : int
        How many values there are, at least 1.
    definitions : sequence of str
        The definitions that may have been used, for each quantile any of them; all of
        :data:`~netcore.stats.quantiles.definitions.DEFINITIONS` if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    Boxes
        The bounds, with the two quantiles that contradict each other if there are none.

    Raises
    ------
    ValueError
        If the number is less than 1, a share or a definition is none, a window is empty or
        the step is not positive.

    Notes
    -----
    If the quantile lies between the ordered values numbered a and b
    (:func:`~netcore.stats.quantiles.definitions.loosest_indices`), then x_(k) ≤ its greatest
    value for k ≤ a, and x_(k) ≥ its least value for k ≥ b.  Where a = b for every quantile
    (one definition without interpolation) each ascending choice of one number from each box
    has these quantiles.  Otherwise the boxes are outer bounds: nothing outside them is
    possible, but not everything within.

    Examples
    --------
    Five ages in whole years, median 60 and greatest 61.

    >>> found = boxes(
    ...     {Fraction(1, 2): Interval.point(60), Fraction(1): Interval.point(61)},
    ...     5,
    ...     ["type7"],
    ...     domain=Interval(Fraction(18), None),
    ...     step=Fraction(1),
    ... )
    >>> [str(box) for box in found.intervals]
    ['[18, 60]', '[18, 60]', '[60, 60]', '[60, 61]', '[61, 61]']
    """
    require_windows(windows, number)
    if step is not None and step <= 0:
        raise ValueError(f"found step {step}, expected a positive one")
    lows: dict[int, list[_End]] = {}
    highs: dict[int, list[_End]] = {}
    spans: list[tuple[Fraction | None, Interval, int, int]] = [(None, domain, number, 1)]
    spans += [
        (p, window, *loosest_indices(p, number, definitions)) for p, window in windows.items()
    ]
    for share, window, last_below, first_above in spans:
        if window.low is not None:
            low = _End(window.low, window.low_closed, share)
            lows.setdefault(first_above, []).append(_raised(low, step))
        if window.high is not None:
            high = _End(window.high, window.high_closed, share)
            highs.setdefault(last_below, []).append(_lowered(high, step))
    low_ends = _running(lows, range(1, number + 1), greatest=True)
    high_ends = _running(highs, range(number, 0, -1), greatest=False)[::-1]
    known: dict[tuple[_End | None, _End | None], Interval] = {}  # most boxes repeat
    intervals = []
    conflict = None
    for low_end, high_end in zip(low_ends, high_ends, strict=True):
        box = known.get((low_end, high_end))
        if box is None:
            box = known[low_end, high_end] = _interval(low_end, high_end)
            if box.is_empty and conflict is None:
                assert low_end is not None
                assert high_end is not None
                conflict = low_end.share, high_end.share
        intervals.append(box)
    return Boxes(tuple(intervals), conflict)


def _raised(low: _End, step: Fraction | None) -> _End:
    """Return the first multiple of a step that a lower end allows."""
    if step is None:
        return low
    steps = ceil(low.value / step)
    if not low.is_closed and steps * step == low.value:
        steps += 1
    return _End(steps * step, True, low.share)


def _lowered(high: _End, step: Fraction | None) -> _End:
    """Return the last multiple of a step that an upper end allows."""
    if step is None:
        return high
    steps = floor(high.value / step)
    if not high.is_closed and steps * step == high.value:
        steps -= 1
    return _End(steps * step, True, high.share)


def _running(
    ends: Mapping[int, Sequence[_End]], numbers: range, *, greatest: bool
) -> list[_End | None]:
    """Return the tightest end met so far, at each number."""
    tightest: _End | None = None
    result = []
    for number in numbers:
        for end in ends.get(number, ()):
            if tightest is None or (
                end.as_low > tightest.as_low if greatest else end.as_high < tightest.as_high
            ):
                tightest = end
        result.append(tightest)
    return result


def _interval(low: _End | None, high: _End | None) -> Interval:
    return Interval(
        None if low is None else low.value,
        None if high is None else high.value,
        low is None or low.is_closed,
        high is None or high.is_closed,
    )


def mean_within(bounds: Boxes) -> Interval:
    """Bound the mean of values that lie in boxes.

    Parameters
    ----------
    bounds : Boxes
        The bounds of each value.

    Returns
    -------
    Interval
        From the mean of the lower ends to that of the upper ends; an end is infinite if
        one of those is.

    Raises
    ------
    ValueError
        If no values lie in the boxes.

    Notes
    -----
    Attained at both ends where the boxes are (see :func:`boxes`), without interpolation and
    without a step, all means between are attained too.

    Examples
    --------
    >>> extremes = {Fraction(0): Interval.point(20), Fraction(1): Interval.point(80)}
    >>> str(mean_within(boxes(extremes, 3)))
    '[40, 60]'
    """
    if bounds.conflict is not None:
        raise ValueError("found quantiles that no values have, expected ones that some have")
    number = len(bounds.intervals)
    lows = [box.low for box in bounds.intervals]
    highs = [box.high for box in bounds.intervals]
    return Interval(
        None if None in lows else sum((low for low in lows if low is not None), _ZERO) / number,
        None if None in highs else sum((end for end in highs if end is not None), _ZERO) / number,
        all(box.low_closed for box in bounds.intervals),
        all(box.high_closed for box in bounds.intervals),
    )
