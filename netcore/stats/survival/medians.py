"""Medians of survival and of follow-up: what each convention says of the curve.

A printed median is a window of time.  Each convention turns it into windows of rates, or of
numbers of patients, at the ends of that window, which a search meets together with all
else that is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation, Step, kaplan_meier, reverse_kaplan_meier
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.reachable import BUDGET, reach

__all__ = ["EXACT", "MEDIANS", "MedianRange", "median_landmarks", "median_of", "median_range"]

MEDIANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "first": "first time at which S is at most 1/2 (Stata, SPSS, lifelines)",
        "below": "first time at which S is less than 1/2",
        "midpoint": "the same as the first, but in the middle of the time at which S is 1/2 (R, SAS)",
        "interpolated": "where a straight line between the points of the curve is 1/2 (STATISTICA)",
        "observed": "median of all times of observation, however they ended",
        "event_times": "median of the times of those who had the event",
        "censored_times": "median of the times of those who did not",
        "follow_up": "first time at which the reversed curve is at most 1/2",
        "follow_up_midpoint": "the same, but in the middle of the time at which it is 1/2",
    }
)
"""Each meaning of a median time, in words."""

EXACT: Final = frozenset({"first", "below", "observed", "event_times", "censored_times"})
"""Those whose landmarks are met by just the curves that have the median (of ``observed`` and the
two after it: with either of the middle values, or their mean)."""

_HALF: Final = Fraction(1, 2)
_AT_MOST: Final = Interval(None, _HALF)
_AT_LEAST: Final = Interval(_HALF, None)
_LESS: Final = Interval(None, _HALF, high_closed=False)
_MORE: Final = Interval(_HALF, None, low_closed=False)


def _check(convention: str) -> None:
    if convention not in MEDIANS:
        raise ValueError(f"found {convention!r}, expected one of {', '.join(MEDIANS)}")


# --- Of known patients ----------------------------------------------------------------------------


def _first(steps: Sequence[Step], holds: Callable[[Fraction], bool]) -> Fraction | None:
    return next((step.time for step in steps if holds(step.rate)), None)


def _midpoint(steps: Sequence[Step]) -> Fraction | None:
    first = _first(steps, lambda rate: rate <= _HALF)
    if first is None:
        return None
    below = _first(steps, lambda rate: rate < _HALF)
    return (first + (steps[-1].time if below is None else below)) / 2


def _interpolated(steps: Sequence[Step]) -> Fraction | None:
    last, rate = Fraction(0), Fraction(1)
    for step in steps:
        if not step.events:
            continue
        if step.rate <= _HALF:
            return last + (step.time - last) * (rate - _HALF) / (rate - step.rate)
        last, rate = step.time, step.rate
    return None


def _plain(times: Iterable[Fraction]) -> Fraction | None:
    ordered = sorted(times)
    if not ordered:
        return None
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median_of(observations: Sequence[Observation], convention: str) -> Fraction | None:
    """Return the median of known patients.

    Parameters
    ----------
    observations : sequence of Observation
        The patients.
    convention : str
        A key of :data:`MEDIANS`.

    Returns
    -------
    Fraction or None
        None if it is not reached.

    Raises
    ------
    ValueError
        If the convention is unknown, or there is no patient.

    Notes
    -----
    Where S is 1/2 up to the end of the curve, the middle is that of this last stretch, as R's
    quantile has it; what R prints of the curve is then the first time.

    References
    ----------
    Brookmeyer and Crowley (1982). A confidence interval for the median survival time.
    Biometrics 38(1):29-41. doi:10.2307/2530286

    Examples
    --------
    >>> patients = [Observation(Fraction(t), True) for t in (2, 4, 10, 20)]
    >>> [str(median_of(patients, rule)) for rule in ("first", "below", "midpoint", "interpolated")]
    ['4', '10', '7', '4']
    """
    _check(convention)
    if convention.startswith("follow_up"):
        steps = reverse_kaplan_meier(observations)
        if convention == "follow_up":
            return _first(steps, lambda rate: rate <= _HALF)
        return _midpoint(steps)
    steps = kaplan_meier(observations)
    if convention == "first":
        return _first(steps, lambda rate: rate <= _HALF)
    if convention == "below":
        return _first(steps, lambda rate: rate < _HALF)
    if convention == "midpoint":
        return _midpoint(steps)
    if convention == "interpolated":
        return _interpolated(steps)
    if convention == "observed":
        return _plain(who.time for who in observations)
    return _plain(who.time for who in observations if who.event == (convention == "event_times"))


# --- As windows -----------------------------------------------------------------------------------


def _early(low: Fraction, closed: bool, *, after: bool) -> Landmark:
    """Return the moment up to which a median at or beyond a time is not yet reached."""
    if closed:
        return Landmark(low, moment="before", ties=False)
    return Landmark(low, moment="after" if after else "at", ties=False)


def _late(high: Fraction, closed: bool, *, after: bool) -> Landmark:
    """Return the moment at which a median up to a time is reached."""
    if not closed:
        return Landmark(high, moment="before", ties=False)
    return Landmark(high, moment="after" if after else "at", ties=False)


def _with(mark: Landmark, **windows: Interval) -> Landmark:
    return Landmark(mark.time, moment=mark.moment, ties=mark.ties, **windows)


def _share(number: int) -> tuple[Interval, Interval]:
    """Return how many of some values can lie before their median, and up to it."""
    return Interval(None, Fraction(number // 2)), Interval(Fraction((number + 1) // 2), None)


def median_landmarks(
    convention: str, median: Interval | None, number: int, events: int | None = None
) -> tuple[Landmark, ...]:
    """Return what a median says of the curve, or of the patients, at the ends of its window.

    Parameters
    ----------
    convention : str
        A key of :data:`MEDIANS`.
    median : Interval or None
        The window of the median; None for a median that is not reached.
    number : int
        Patients at the start.
    events : int, optional
        How many of them had the event; needed for medians of their times, or of the others'.

    Returns
    -------
    tuple of Landmark
        All curves with the median meet them.  Those of conventions in :data:`EXACT` are met by
        no other curve.

    Raises
    ------
    ValueError
        If the convention is unknown, the number of events is needed and missing, or a median
        of times is said not to be reached.

    Notes
    -----
    With the median m in [a, b]:

    - first: S > 1/2 before a, S <= 1/2 at b.  Then some event lies in [a, b] with which S
      passes 1/2, and this is the median.
    - below: S >= 1/2 before a, S < 1/2 at b.
    - midpoint: S >= 1/2 before a, S <= 1/2 at b.  So these hold for the first two as well.
    - interpolated: the line is nowhere above the steps, so S >= 1/2 before a; after b S may
      stay above 1/2 until the next event, so only its end is known, S <= 1/2.
    - observed: at least half of the patients have times from a, at least half up to b.
    - follow-up: the first, or the middle, of the curve in which events and censorings have
      changed places.  Its windows become windows of the number at risk
      (:class:`~netcore.stats.survival.landmarks.Landmark`).

    Examples
    --------
    A median of 11 months, to the nearest month, of 12 patients:

    >>> window = Interval(Fraction(21, 2), Fraction(23, 2))
    >>> for mark in median_landmarks("first", window, 12):
    ...     print(mark.time, mark.moment, mark.rate)
    21/2 before (0.5, inf)
    23/2 at (-inf, 0.5]
    """
    _check(convention)
    if convention in ("first", "below", "midpoint", "interpolated"):
        return _of_curve(convention, median)
    if convention.startswith("follow_up"):
        return _of_follow_up(convention, median)
    if median is None:
        raise ValueError(f"found no median {convention}, expected one: it is always reached")
    if convention == "observed":
        # Those who are observed at a time are the others.
        before = Interval(Fraction((number + 1) // 2), None)
        until = Interval(None, Fraction(number // 2))
        return _of_times(median, before, until, "at_risk")
    if events is None:
        raise ValueError(f"found no number of events, expected one for the median {convention}")
    ended = Landmark(None, events=Interval.point(events))
    if convention == "event_times":
        return (*_of_times(median, *_share(events), "events"), ended)
    return (*_of_times(median, *_share(number - events), "censored"), ended)


def _of_times(
    median: Interval, before: Interval, until: Interval, what: str
) -> tuple[Landmark, ...]:
    marks = []
    if median.low is not None and median.low > 0:
        marks.append(_with(_early(median.low, median.low_closed, after=True), **{what: before}))
    if median.high is not None:
        marks.append(_with(_late(median.high, median.high_closed, after=True), **{what: until}))
    return tuple(marks)


def _of_curve(convention: str, median: Interval | None) -> tuple[Landmark, ...]:
    if median is None:
        above = convention in ("first", "interpolated")
        return (Landmark(None, _MORE if above else _AT_LEAST),)
    marks = []
    if median.low is not None and median.low > 0:
        mark = _early(median.low, median.low_closed, after=False)
        marks.append(_with(mark, rate=_MORE if convention == "first" else _AT_LEAST))
    low = _LESS if convention == "below" else _AT_MOST
    if convention == "interpolated" or median.high is None:
        marks.append(Landmark(None, low))
    else:
        marks.append(_with(_late(median.high, median.high_closed, after=False), rate=low))
    return tuple(marks)


def _of_follow_up(convention: str, median: Interval | None) -> tuple[Landmark, ...]:
    above = _MORE if convention == "follow_up" else _AT_LEAST
    if median is None:
        return (Landmark(None, reverse=above, moment="after"),)
    marks = []
    if median.low is not None and median.low > 0:
        time, closed = median.low, median.low_closed
        marks.append(Landmark(time, reverse=above, moment="before" if closed else "after"))
    if median.high is not None:
        time, closed = median.high, median.high_closed
        marks.append(Landmark(time, reverse=_AT_MOST, moment="after" if closed else "before"))
    return tuple(marks)


@dataclass(frozen=True, slots=True)
class MedianRange:
    """Where a median can be.

    Parameters
    ----------
    windows : tuple of Interval
        The stretches between times of printed rates in which it can be, in order.
    can_be_unreached : bool
        Whether it need not be reached.
    is_exact : bool
        Whether there are patients for each stretch; otherwise the median is in no other.
    """

    windows: tuple[Interval, ...]
    can_be_unreached: bool
    is_exact: bool


def median_range(
    number: int, landmarks: Iterable[Landmark], convention: str = "first", budget: int = BUDGET
) -> MedianRange:
    """Return where the median of a curve can be, given its rates.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    convention : str
        One of ``first``, ``below``, ``midpoint`` and ``interpolated``.
    budget : int
        Of each search.

    Returns
    -------
    MedianRange
        Neighbouring stretches are joined.

    Raises
    ------
    ValueError
        If the convention is another, or there is no patient.

    Examples
    --------
    With 41.7 % at 12 months and 33.3 % at 24, the median is at most 12:

    >>> def printed(time, rate):
    ...     return Landmark(Fraction(time), Interval(*(Fraction(2 * rate + h, 2000) for h in (-1, 1))))
    >>> found = median_range(12, [printed(12, 417), printed(24, 333)])
    >>> [str(window) for window in found.windows], found.can_be_unreached
    (['(0, 12]'], False)
    """
    if convention not in ("first", "below", "midpoint", "interpolated"):
        raise ValueError(f"found {convention!r}, expected a median of the curve")
    given = in_order(landmarks)
    times = sorted({mark.time for mark in given if mark.time is not None})
    ends = [Fraction(0), *times, None]
    windows: list[Interval] = []
    exact = convention in EXACT
    for low, high in pairwise(ends):
        window = Interval(low, high, low_closed=False, high_closed=high is not None)
        found = reach(number, [*given, *median_landmarks(convention, window, number)], budget)
        exact = exact and found.status != "open"
        if found.status == "infeasible":
            continue
        if windows and windows[-1].high == low:
            window = Interval(windows.pop().low, high, False, window.high_closed)
        windows.append(window)
    last = reach(number, [*given, *median_landmarks(convention, None, number)], budget)
    return MedianRange(tuple(windows), last.status != "infeasible", exact and last.status != "open")
