"""Mean survival times: what printed rates, medians and the length of follow-up leave open.

A mean of censored times is the area under a curve that ends at some time tau.  What is
known of the curve at a few times holds it between two staircases; all bounds here are
areas under these.  They hold for every number of patients, and are approached where events
come just after one printed time or just before the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.landmarks import PROBABILITY, Landmark, in_order
from netcore.stats.survival.reachable import BUDGET, number_range

__all__ = [
    "MEANS",
    "Bound",
    "area_bounds",
    "curve_bounds",
    "end_range",
    "event_bounds",
    "mean_bounds",
    "observed_bounds",
]

MEANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "restricted": "area under the curve up to the last time of observation in the group",
        "restricted_earlier": "area up to a time before it, such as the last one of another group",
        "restricted_later": "area up to a time after it, the curve carried forward or 0",
        "extended": "area with a tail beyond the last time",
        "observed": "mean of all times of observation, however they ended",
        "event_times": "mean of the times of those who had the event",
    }
)
"""Each meaning of a mean time, in words."""


class Bound(NamedTuple):
    """What is known at one time of a share that only falls.

    Parameters
    ----------
    time : Fraction or None
        When; None is after all other times.
    low : Fraction
        No share before this time is less.
    high : Fraction
        No share from this time on is more.
    """

    time: Fraction | None
    low: Fraction
    high: Fraction


_ZERO: Final = Fraction(0)
_WHOLE: Final = Fraction(1)


def _bound(time: Fraction | None, window: Interval) -> Bound:
    kept = window.meet(PROBABILITY)
    if kept.is_empty or kept.low is None or kept.high is None:
        raise ValueError(f"found the share {window} at {time}, expected some from 0 to 1")
    return Bound(time, kept.low, kept.high)


def curve_bounds(landmarks: Iterable[Landmark]) -> tuple[Bound, ...]:
    """Return the bounds that windows of rates put on a curve.

    Parameters
    ----------
    landmarks : iterable of Landmark
        What is printed of the curve; medians by
        :func:`~netcore.stats.survival.medians.median_landmarks`.

    Returns
    -------
    tuple of Bound
        In the order of time.

    Raises
    ------
    ValueError
        If a window holds no rate from 0 to 1.

    Examples
    --------
    >>> curve_bounds([Landmark(Fraction(12), Interval(Fraction(2, 5), Fraction(1, 2)))])
    (Bound(time=Fraction(12, 1), low=Fraction(2, 5), high=Fraction(1, 2)),)
    """
    return tuple(_bound(mark.time, mark.rate) for mark in in_order(landmarks))


def observed_bounds(
    number: int, landmarks: Iterable[Landmark], budget: int = BUDGET
) -> tuple[Bound, ...]:
    """Return bounds on the share of patients who are still observed.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    budget : int
        Of each search for the numbers at risk.

    Returns
    -------
    tuple of Bound
        One for each time of a landmark.

    Raises
    ------
    ValueError
        If no patients have what is printed, or there is no patient.

    Examples
    --------
    With 41.7 % of 12 patients at a year at most five of them are at risk:

    >>> year = Landmark(Fraction(12), Interval(Fraction(833, 2000), Fraction(835, 2000)))
    >>> [str(bound.high) for bound in observed_bounds(12, [year])]
    ['5/12']
    """
    given = in_order(landmarks)
    found = []
    for time in sorted({mark.time for mark in given if mark.time is not None}):
        gone = number_range(number, given, "patients", until=time, budget=budget)
        if gone is None:
            raise ValueError("found windows that no patients have, expected some that do")
        low, high = (Fraction(number - count, number) for count in (gone.greatest, gone.least))
        found.append(Bound(time, low, high))
    return tuple(found)


def event_bounds(
    number: int, landmarks: Iterable[Landmark], events: int | None = None, budget: int = BUDGET
) -> tuple[Bound, ...]:
    """Return bounds on the share of events that are still to come.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    events : int, optional
        How many had the event in the end; it may be open.
    budget : int
        Of each search for the numbers of events.

    Returns
    -------
    tuple of Bound
        One for each time of a landmark.

    Raises
    ------
    ValueError
        If no patients have what is printed, or there is no patient.

    Notes
    -----
    With e of E events by the time the share is 1 - e / E.  Without E it lies between 0 (no
    event follows) and 1 - e / n for the least e (all others follow).

    Examples
    --------
    With 50 % of four patients at a year, and two events in all, one or both are over by then:

    >>> year = Landmark(Fraction(12), Interval.point(Fraction(1, 2)))
    >>> [(str(b.low), str(b.high)) for b in event_bounds(4, [year], 2)]
    [('0', '1/2')]
    """
    given = in_order(landmarks)
    if events is not None:
        given = in_order([*given, Landmark(None, events=Interval.point(events))])
    found = []
    for time in sorted({mark.time for mark in given if mark.time is not None}):
        past = number_range(number, given, "events", until=time, budget=budget)
        if past is None:
            raise ValueError("found windows that no patients have, expected some that do")
        low = _ZERO if not events else max(_ZERO, 1 - Fraction(past.greatest, events))
        high = 1 - Fraction(past.least, events or number)
        found.append(Bound(time, low, high))
    return tuple(found)


# --- Areas ----------------------------------------------------------------------------------------


def _steps(bounds: Sequence[Bound], until: Fraction) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return stretches up to a time: their length, and the least and the greatest share."""
    times = sorted({bound.time for bound in bounds if bound.time is not None})
    cuts = [_ZERO, *(time for time in times if 0 < time < until), until]
    found = []
    for start, end in pairwise(cuts):
        low = max((b.low for b in bounds if b.time is None or b.time >= end), default=_ZERO)
        high = min(
            (b.high for b in bounds if b.time is not None and b.time <= start), default=_WHOLE
        )
        found.append((end - start, low, high))
    return found


def area_bounds(
    bounds: Sequence[Bound], until: Interval, floor: Fraction = _ZERO, since: Fraction = _ZERO
) -> Interval:
    """Return the areas under a falling share between two times.

    Parameters
    ----------
    bounds : sequence of Bound
        What is known of the share.
    until : Interval
        The window of the time at which the area ends; without an upper end the area has none.
    floor : Fraction
        The share is known not to fall below it before the end.
    since : Fraction
        The time at which the area begins.

    Returns
    -------
    Interval
        From the area under the lower to that under the upper staircase; none if these cross.

    Raises
    ------
    ValueError
        If the area would end at a negative time.

    Notes
    -----
    Between two times t < u of which the share is known it is at least what it is at u and at
    most what it is at t.  So with tau at or beyond the median m the restricted mean is at
    least m / 2.

    Examples
    --------
    41.7 % at 12 months and 33.3 % at 24, followed for 36 months:

    >>> def printed(time, rate):
    ...     return Landmark(Fraction(time), Interval.point(Fraction(rate, 12)))
    >>> bounds = curve_bounds([printed(12, 5), printed(24, 4)])
    >>> str(area_bounds(bounds, Interval.point(36), floor=Fraction(1, 12)))
    '[10, 21]'
    """
    if until.is_empty or (until.low is not None and until.low < 0):
        raise ValueError(f"found an end at {until}, expected a time of at least 0")
    # What is known after the beginning is asked of a clock that starts there.
    moved = [
        bound if bound.time is None else bound._replace(time=max(_ZERO, bound.time - since))
        for bound in bounds
    ]
    first = max(_ZERO, (until.low or _ZERO) - since)
    low = sum((length * max(least, floor) for length, least, _ in _steps(moved, first)), _ZERO)
    if until.high is None:
        return Interval(low, None)
    last = max(_ZERO, until.high - since)
    return Interval(low, sum((length * most for length, _, most in _steps(moved, last)), _ZERO))


def end_range(bounds: Sequence[Bound], mean: Interval, floor: Fraction = _ZERO) -> Interval:
    """Return where an area must end to be a printed mean.

    Parameters
    ----------
    bounds : sequence of Bound
        What is known of the share.
    mean : Interval
        The window of the mean.
    floor : Fraction
        The share is known not to fall below it before the end.

    Returns
    -------
    Interval
        Times tau; empty if no area is as large.

    Examples
    --------
    A mean of 17.3 months needs follow-up beyond 24 months:

    >>> def printed(time, rate):
    ...     return Landmark(Fraction(time), Interval.point(Fraction(rate, 12)))
    >>> bounds = curve_bounds([printed(12, 5), printed(24, 4)])
    >>> mean = Interval(Fraction(345, 20), Fraction(347, 20))
    >>> found = end_range(bounds, mean, Fraction(1, 12))
    >>> str(found.low), str(found.high)
    ('99/4', '621/5')
    """
    times = sorted({bound.time for bound in bounds if bound.time is not None})
    last = times[-1] if times else _ZERO
    # Beyond the last time both staircases are level.
    beyond = _steps(bounds, last + 1)[-1]
    low_end: Fraction | None = _ZERO
    if mean.low is not None and mean.low > 0:
        low_end = _reaching(_steps(bounds, last), 2, beyond[2], mean.low, last)
        if low_end is None:
            return Interval(_WHOLE, _ZERO)
    high_end = None
    if mean.high is not None:
        if mean.high < 0:
            return Interval(_WHOLE, _ZERO)
        floored = [
            (length, max(least, floor), most) for length, least, most in _steps(bounds, last)
        ]
        high_end = _reaching(floored, 1, max(beyond[1], floor), mean.high, last, latest=True)
    return Interval(low_end, high_end)


def _reaching(
    steps: Sequence[tuple[Fraction, Fraction, Fraction]],
    which: int,
    beyond: Fraction,
    area: Fraction,
    last: Fraction,
    *,
    latest: bool = False,
) -> Fraction | None:
    """Return the first (latest) time at which a staircase has an area; None if it never has more."""
    time = total = _ZERO
    for step in steps:
        height = step[which]
        here = total + step[0] * height
        if here > area or (here == area and not latest):
            return time + (area - total) / height if height else time
        time, total = time + step[0], here
    return last + (area - total) / beyond if beyond else (None if total < area or latest else last)


def mean_bounds(
    reading: str,
    number: int,
    landmarks: Iterable[Landmark],
    last: Interval = EVERYTHING,
    events: int | None = None,
    budget: int = BUDGET,
) -> Interval:
    """Return what a printed mean can be, under one of its meanings.

    Parameters
    ----------
    reading : str
        A key of :data:`MEANS`.
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    last : Interval
        The window of the last time of observation, as far as it is known.
    events : int, optional
        How many had the event in the end.
    budget : int
        Of each search.

    Returns
    -------
    Interval
        The means; an end that is not bounded is None.

    Raises
    ------
    ValueError
        If the reading is unknown, there is no patient, or no patients have what is printed.

    Notes
    -----
    Until the last time somebody is at risk, and so S is at least 1 / n.  The mean of all
    times is the area under the share still observed, which is nowhere above S, as
    r <= n S; and that of the events' times is the area under the share still to come.

    Examples
    --------
    A median of 11 months alone:

    >>> from netcore.stats.survival.medians import median_landmarks
    >>> marks = median_landmarks("first", Interval.point(11), 12)
    >>> str(mean_bounds("restricted", 12, marks, Interval(Fraction(11), Fraction(30))))
    '[5.5, 20.5]'
    """
    if reading not in MEANS:
        raise ValueError(f"found {reading!r}, expected one of {', '.join(MEANS)}")
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")
    until = last.meet(Interval(_ZERO, None))
    floor = Fraction(1, number)
    given = in_order(landmarks)
    if reading == "observed":
        return area_bounds(observed_bounds(number, given, budget), until, floor)
    if reading == "event_times":
        # Events end before the last time of observation, or at it.
        shares = event_bounds(number, given, events, budget)
        return area_bounds(shares, Interval(until.low, until.high))
    area = area_bounds(curve_bounds(given), until, floor)
    if reading == "restricted_earlier":
        return Interval(_ZERO, area.high)
    if reading in ("extended", "restricted_later"):
        return Interval(area.low, None)
    return area
