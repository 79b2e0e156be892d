"""Too many values between two points: how a whole and its strata contradict each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import loosest_indices

__all__ = [
    "FIRST_CUT",
    "LAST_CUT",
    "Crowding",
    "Cut",
    "cut_after",
    "cut_before",
    "is_crowded",
    "numbers_between",
]

Cut = tuple[int, Fraction, int]
"""A cut between values: before all (-1), at a value (0) or after all (1); the value; 0 before it or 1 after it."""
FIRST_CUT: Final[Cut] = (-1, Fraction(0), 0)
"""Before all values."""
LAST_CUT: Final[Cut] = (1, Fraction(0), 0)
"""After all values."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """More values of the strata in an interval than the whole can have there.

    Parameters
    ----------
    between : Interval
        Where the values are counted.
    at_least : tuple of int
        The fewest values that each stratum has there.
    at_most : int
        The most values that the whole has there; fewer than the strata together.
    """

    between: Interval
    at_least: tuple[int, ...]
    at_most: int


def cut_before(window: Interval, step: Fraction | None) -> Cut:
    """Return the last cut before all numbers of a window.

    Parameters
    ----------
    window : Interval
        Numbers that print as a quantile, or the domain.
    step : Fraction or None
        Every value is a multiple of it; then only its multiples count.

    Returns
    -------
    tuple of (int, Fraction, int)
        The cut; :data:`FIRST_CUT` if the window has no lower end.
    """
    if window.low is None:
        return FIRST_CUT
    if step is None:
        return 0, window.low, 0 if window.low_closed else 1
    steps = ceil(window.low / step) - 1
    if not window.low_closed and (steps + 1) * step == window.low:
        steps += 1
    return 0, steps * step, 1


def cut_after(window: Interval, step: Fraction | None) -> Cut:
    """Return the first cut after all numbers of a window.

    Parameters
    ----------
    window : Interval
        Numbers that print as a quantile, or the domain.
    step : Fraction or None
        Every value is a multiple of it; then only its multiples count.

    Returns
    -------
    tuple of (int, Fraction, int)
        The cut; :data:`LAST_CUT` if the window has no upper end.
    """
    if window.high is None:
        return LAST_CUT
    if step is None:
        return 0, window.high, 1 if window.high_closed else 0
    steps = floor(window.high / step)
    if not window.high_closed and steps * step == window.high:
        steps -= 1
    return 0, steps * step, 1


def numbers_between(lower: Cut, upper: Cut) -> Interval:
    """Return the numbers between two cuts.

    Parameters
    ----------
    lower, upper : tuple of (int, Fraction, int)
        The cuts, the lower one first.

    Returns
    -------
    Interval
        All numbers after the one and before the other.
    """
    return Interval(
        None if lower == FIRST_CUT else lower[1],
        None if upper == LAST_CUT else upper[1],
        lower[2] == 0,
        upper == LAST_CUT or upper[2] == 1,
    )


def is_crowded(
    crowding: Crowding,
    strata: Sequence[Mapping[Fraction, Interval]],
    sizes: Sequence[int],
    whole: Mapping[Fraction, Interval],
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
) -> bool:
    """Check a proof that strata have too many values in an interval.

    Parameters
    ----------
    crowding : Crowding
        The proof.
    strata : sequence of Mapping of Fraction to Interval
        The quantiles of each stratum.
    sizes : sequence of int
        The number of observed values of each stratum.
    whole : Mapping of Fraction to Interval
        The quantiles of all strata together.
    definitions : sequence of str
        The definitions that may have been used, all if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    bool
        Whether each number follows from the quantiles of its group, and the strata together
        have more values there than the whole can.

    Notes
    -----
    The numbers are counted afresh from the order statistics: of n values, those up to
    x_(a) precede the end of the interval if x_(a) must, and those from x_(b) on follow its start
    if x_(b) must.
    """
    span = crowding.between
    if span.is_empty or len(strata) != len(sizes) or len(crowding.at_least) != len(strata):
        return False

    def counts(windows: Mapping[Fraction, Interval], size: int) -> tuple[int, int]:
        """Return the fewest and the most values in the interval."""
        fewest_before_end, most_before_end = (0, size) if span.high is not None else (size, size)
        fewest_before_start, most_before_start = (0, size) if span.low is not None else (0, 0)
        all_of = [(domain, size, 1)] if size else []
        all_of += [(w, *loosest_indices(p, size, definitions)) for p, w in windows.items()]
        for window, first, last in all_of:
            start, end = (
                numbers_between(cut_before(window, step), LAST_CUT),
                numbers_between(FIRST_CUT, cut_after(window, step)),
            )
            if end.meet(Interval(span.high, None, not span.high_closed)).is_empty:
                fewest_before_end = max(fewest_before_end, first)
            if start.meet(Interval(None, span.high, True, span.high_closed)).is_empty:
                most_before_end = min(most_before_end, last - 1)
            if end.meet(Interval(span.low, None, span.low_closed)).is_empty:
                fewest_before_start = max(fewest_before_start, first)
            if start.meet(Interval(None, span.low, True, not span.low_closed)).is_empty:
                most_before_start = min(most_before_start, last - 1)
        return (
            max(0, fewest_before_end - most_before_start),
            most_before_end - fewest_before_start,
        )

    _, at_most = counts(whole, sum(sizes))
    return all(
        counts(windows, size)[0] >= least
        for windows, size, least in zip(strata, sizes, crowding.at_least, strict=True)
    ) and at_most <= crowding.at_most < sum(crowding.at_least)
