"""Patients with printed rates, medians and a printed mean: one of the curves that there can be.

What is printed of rates and medians leaves the order of events and censorings partly open, and
their times between the landmarks wholly.  Here an order is drawn, and the times are
moved until the area under the curve is the printed mean.  That none are found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.backward_sets import BackwardSets, BudgetError, Leaving
from netcore.stats.survival.curves import Observation, area, kaplan_meier
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.reachable import BUDGET
from netcore.stats.survival.restricted_means import curve_bounds, end_range
from netcore.stats.survival.standard_errors import mean_variance, squared

__all__ = ["patients_with_mean"]

_MARGIN: Final = Fraction(1, 64)  # of a stretch, in which those who leave early or late do so
_GRID: Final = 1 << 12  # times are moved by parts of their stretch
_STEPS: Final = 20_000

_Place = tuple[Fraction, Fraction, bool]
"""Where a patient can leave: early, late; and whether with an event."""


def _places(
    marks: Sequence[Landmark], leaving: Sequence[Leaving], left: int, end: Fraction, draw: Random
) -> list[list[_Place]] | None:
    """Return the places of all patients by stretches; None if some are beyond the end."""
    found: list[list[_Place]] = []
    last = Fraction(0)
    # Where nobody is left after the landmarks, the last to leave does so at the end.
    final = leaving[-1].stage if leaving and not left else None
    for stage, mark in enumerate(marks):
        here = [who for who in leaving if who.stage == stage]
        closed = stage == final and not here[-1].tied
        time = end if closed or mark.time is None else mark.time
        if here and (not last <= time <= end or (mark.time is not None and time > mark.time)):
            return None
        inner = [who for who in here if not who.tied]
        found.append(_spread(last, time, [who.event for who in inner], closed=closed))
        found.append([(time, time, who.event) for who in here if who.tied])
        last = time
    if left:
        if last >= end:
            return None
        found.append(_spread(last, end, [draw.random() < 0.5 for _ in range(left)], closed=True))
    return found


def _spread(
    start: Fraction, end: Fraction, events: Sequence[bool], *, closed: bool
) -> list[_Place]:
    """Return places between two times in their order, with the last at the end if it is closed."""
    number, width = len(events), end - start
    found = []
    for place, event in enumerate(events):
        early = start + width * _MARGIN * Fraction(place + 1, number + 1)
        late = end - width * _MARGIN * Fraction(number - place, number + 1)
        if closed and place == number - 1:
            early = late = end
        found.append((early, late, event))
    return found


def _moved(places: Sequence[Sequence[_Place]], shares: Sequence[Fraction]) -> list[Observation]:
    return [
        Observation(early + (late - early) * share, event)
        for stretch, share in zip(places, shares, strict=True)
        for early, late, event in stretch
    ]


def _fitted(
    places: Sequence[Sequence[_Place]], mean: Interval, end: Fraction, draw: Random
) -> list[Observation] | None:
    """Move the patients of each stretch early or late so that the area is the mean."""
    shares = [Fraction(draw.randint(0, _GRID), _GRID) for _ in places]
    now = area(kaplan_meier(_moved(places, shares)), end)
    if now in mean:
        return _moved(places, shares)
    # The area is linear in all times together.
    edge = Fraction(1 if mean.low is not None and now < mean.low else 0)
    most = area(kaplan_meier(_moved(places, [edge] * len(places))), end)
    ends = [bound for bound in (mean.low, mean.high) if bound is not None]
    target = sum(ends, Fraction(0)) / len(ends)
    if most == now:
        return None
    share = Fraction(round((target - now) / (most - now) * _GRID), _GRID)
    patients = _moved(places, [one + (edge - one) * min(Fraction(1), share) for one in shares])
    return patients if area(kaplan_meier(patients), end) in mean else None


def patients_with_mean(
    number: int,
    landmarks: Iterable[Landmark],
    mean: Interval,
    last: Interval = EVERYTHING,
    error: Interval = EVERYTHING,
    *,
    tries: int = 1_000,
    seed: int = 1,
    budget: int = BUDGET,
) -> tuple[Observation, ...] | None:
    """Construct patients with printed rates and medians whose restricted mean is printed too.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    mean : Interval
        The window of the area up to the last time of observation.
    last : Interval
        The window of this last time.
    error : Interval
        The window of the standard error of the mean, if it is printed.
    tries : int
        How many orders of events and censorings are drawn.
    seed : int
        Of the drawing.
    budget : int
        How many spans of rates may be made.

    Returns
    -------
    tuple of Observation or None
        Patients, in the order of time; None if none were found.

    Raises
    ------
    ValueError
        If there is no patient.

    Examples
    --------
    Twelve patients, 41.7 % after one year and 33.3 % after two, a median of 11 months and a mean
    of 17.3 with a standard error of 3.1:

    >>> from netcore.printed import parse_printed
    >>> from netcore.stats.survival.medians import median_landmarks
    >>> def window(text):
    ...     return parse_printed(text).window("nearest")
    >>> def percent(text):
    ...     return Interval(*(end / 100 for end in (window(text).low, window(text).high)))
    >>> marks = [Landmark(Fraction(12), percent("41.7")), Landmark(Fraction(24), percent("33.3"))]
    >>> marks += median_landmarks("first", window("11"), 12)
    >>> found = patients_with_mean(12, marks, window("17.3"), error=window("3.1"))
    >>> steps = kaplan_meier(found)
    >>> round(float(area(steps, found[-1].time)), 1)
    17.3
    """
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")
    marks = in_order(landmarks)
    try:
        sets = BackwardSets(number, marks, budget=budget)
    except BudgetError:
        return None
    times = [mark.time for mark in marks if mark.time is not None]
    # The curve may end before its last printed time, if it is carried forward.
    ends = end_range(curve_bounds(marks), mean, Fraction(1, number)).meet(last)
    if sets.is_empty or ends.is_empty or ends.low is None:
        return None
    high = ends.high if ends.high is not None else 2 * max([ends.low, *times, Fraction(1)])
    variances = squared(error)
    draw = Random(seed)
    for _ in range(tries):
        leaving = sets.sequence(_STEPS, draw, draw.random())
        if leaving is None:
            return None
        # Long tails are rare.
        end = ends.low + (high - ends.low) * Fraction(draw.randint(0, 64) ** 2, 64**2)
        if end <= 0 or end not in ends:
            continue
        places = _places(marks, leaving, number - len(leaving), end, draw)
        patients = None if places is None else _fitted(places, mean, end, draw)
        if patients is None or max(who.time for who in patients) != end:
            continue
        if mean_variance(kaplan_meier(patients), end) in variances:
            return tuple(sorted(patients))
    return None
