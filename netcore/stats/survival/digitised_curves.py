"""Patients from a curve that was read off a figure, and what the reading leaves open.

Guyot and others (2012) invert the Kaplan-Meier estimate: from points of a curve, the numbers at
risk below it and, if it is printed, the number of events, they get one set of patients.  Others
would have drawn the same figure.  The precision of the points says how far they may differ:
each point bounds the curve from both sides, and these bounds are landmarks like those of printed
rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark, in_order

__all__ = ["AtRisk", "Click", "DigitisedCurve", "digitised_landmarks", "reconstructed_patients"]


class Click(NamedTuple):
    """One point that was read off a curve.

    Parameters
    ----------
    time : Fraction
        Its place on the axis of time.
    rate : Fraction
        Its height, from 0 to 1.
    """

    time: Fraction
    rate: Fraction


class AtRisk(NamedTuple):
    """A number at risk below a curve.

    Parameters
    ----------
    time : Fraction
        When.
    number : int
        Patients who are observed at this time or beyond it.
    """

    time: Fraction
    number: int


@dataclass(frozen=True, slots=True)
class DigitisedCurve:
    """What was read off a figure.

    Parameters
    ----------
    clicks : tuple of Click
        Points of the curve, in order.
    at_risk : tuple of AtRisk
        Numbers at risk, in order; the first at time 0.
    events : int or None
        How many events there were in all, if that is printed.

    Raises
    ------
    ValueError
        If points or numbers are out of order, or there are none.
    """

    clicks: tuple[Click, ...]
    at_risk: tuple[AtRisk, ...]
    events: int | None = None

    def __post_init__(self) -> None:
        if not self.clicks or not self.at_risk or self.at_risk[0].time != 0:
            raise ValueError(
                f"found {len(self.clicks)} points and numbers at risk at "
                f"{[str(risk.time) for risk in self.at_risk]}, "
                "expected points, and a number at risk at time 0"
            )
        for (time, rate), (later, lower) in pairwise(self.clicks):
            if later < time or lower > rate:
                raise ValueError(
                    f"found the point {lower} at {later} after {rate} at {time}, expected a curve "
                    "that falls"
                )
        for (time, number), (later, fewer) in pairwise(self.at_risk):
            if later <= time or fewer > number:
                raise ValueError(
                    f"found {fewer} at risk at {later} after {number} at {time}, expected numbers "
                    "that fall"
                )
        if any(not 0 <= click.rate <= 1 or click.time < 0 for click in self.clicks):
            raise ValueError("found a point beyond the axes, expected rates from 0 to 1")
        if self.events is not None and not 0 <= self.events <= self.at_risk[0].number:
            raise ValueError(
                f"found {self.events} events of {self.at_risk[0].number} patients, expected no more"
            )


class _Inverted(NamedTuple):
    """Events and censorings of one stretch between two numbers at risk."""

    patients: tuple[Observation, ...]
    left: int  # at risk at its end
    rate: Fraction  # the estimate at its end
    events: int


def _evenly(start: Fraction, end: Fraction, number: int) -> list[Fraction]:
    return [start + (end - start) * Fraction(k + 1, number + 1) for k in range(number)]


def _inverted(
    clicks: Sequence[Click],
    start: Fraction,
    end: Fraction,
    at_risk: int,
    rate: Fraction,
    censored: int,
) -> _Inverted:
    """Turn the points of one stretch into events, with so many evenly spread censorings."""
    waiting = _evenly(start, end, censored)
    found: list[Observation] = []
    events = 0
    for click in clicks:
        gone = [time for time in waiting if time < click.time]
        gone = gone[:at_risk]
        found += [Observation(time, False) for time in gone]
        waiting = waiting[len(gone) :]
        at_risk -= len(gone)
        if not at_risk:
            break
        died = min(at_risk, max(0, round(at_risk * (1 - click.rate / rate)))) if rate else 0
        found += [Observation(click.time, True)] * died
        rate *= Fraction(at_risk - died, at_risk)
        at_risk -= died
        events += died
    rest = waiting[:at_risk]
    found += [Observation(time, False) for time in rest]
    return _Inverted(tuple(found), at_risk - len(rest), rate, events)


def _stretches(curve: DigitisedCurve) -> list[tuple[Fraction, Fraction, list[Click]]]:
    """Return the points between each number at risk and the next, and beyond the last."""
    times = [risk.time for risk in curve.at_risk]
    last = max(curve.clicks[-1].time, times[-1])
    found = []
    for start, end in pairwise([*times, last]):
        is_last = start == times[-1]
        here = [
            click
            for click in curve.clicks
            if start <= click.time and (click.time < end or is_last) and click.time > 0
        ]
        found.append((start, end, here))
    return found


def reconstructed_patients(curve: DigitisedCurve) -> tuple[Observation, ...]:
    """Return patients whose curve is about the one that was read off a figure.

    Parameters
    ----------
    curve : DigitisedCurve
        What was read off.

    Returns
    -------
    tuple of Observation
        As many patients as were at risk at the start, in the order of time.

    Notes
    -----
    Between two numbers at risk so many censorings are spread evenly that, with the events that
    make the curve fall from point to point (their number is rounded to the nearest), the second
    number is left.  Beyond the last number at risk the events in all decide how many are
    censored, or else the rate of censoring before it.  Whoever is left is censored at the
    last point.

    References
    ----------
    Guyot, Ades, Ouwens and Welton (2012). Enhanced secondary analysis of survival data:
    reconstructing the data from published Kaplan-Meier survival curves. BMC Medical Research
    Methodology 12:9. doi:10.1186/1471-2288-12-9

    Examples
    --------
    >>> points = [Click(Fraction(t), Fraction(s)) for t, s in [(2, "0.75"), (5, "0.5"), (9, "0.25")]]
    >>> curve = DigitisedCurve(tuple(points), (AtRisk(Fraction(0), 4), AtRisk(Fraction(4), 3)))
    >>> [(str(who.time), who.event) for who in reconstructed_patients(curve)]
    [('2', True), ('5', True), ('9', True), ('9', False)]
    """
    found: list[Observation] = []
    at_risk, rate, events, censored = curve.at_risk[0].number, Fraction(1), 0, 0
    stretches = _stretches(curve)
    for place, (start, end, clicks) in enumerate(stretches):
        is_last = place + 1 == len(stretches)
        if is_last:
            wanted = None if curve.events is None else max(0, curve.events - events)
            lost = _lost_beyond(clicks, (start, end), at_risk, rate, censored, wanted)
        else:
            lost = _lost_between(
                clicks, (start, end), at_risk, rate, curve.at_risk[place + 1].number
            )
        part = _inverted(clicks, start, end, at_risk, rate, lost)
        found += part.patients
        events += part.events
        censored += len(part.patients) - part.events
        at_risk, rate = part.left, part.rate
    last = stretches[-1][1]
    found += [Observation(last, False)] * at_risk
    return tuple(sorted(found, key=lambda who: (who.time, not who.event)))


def _lost_between(
    clicks: Sequence[Click],
    ends: tuple[Fraction, Fraction],
    at_risk: int,
    rate: Fraction,
    left: int,
) -> int:
    """Return how many are censored so that a number is left, as nearly as can be."""
    best, miss = 0, at_risk + 1
    for lost in range(max(0, at_risk - left) + 1):
        away = abs(_inverted(clicks, *ends, at_risk, rate, lost).left - left)
        if away < miss:
            best, miss = lost, away
    return best


def _lost_beyond(
    clicks: Sequence[Click],
    ends: tuple[Fraction, Fraction],
    at_risk: int,
    rate: Fraction,
    censored: int,
    wanted: int | None,
) -> int:
    """Return how many are censored after the last number at risk."""
    if wanted is None:
        before = ends[0]
        share = (ends[1] - before) / before if before else Fraction(0)
        return min(at_risk, round(censored * share))
    best, miss = 0, at_risk + 1
    for lost in range(at_risk + 1):
        away = abs(_inverted(clicks, *ends, at_risk, rate, lost).events - wanted)
        if away < miss:
            best, miss = lost, away
    return best


# --- What the reading leaves open -------------------------------------------------------------------


def digitised_landmarks(
    curve: DigitisedCurve, time_error: Fraction, rate_error: Fraction
) -> tuple[Landmark, ...]:
    """Return what a reading of some precision says of the curve.

    Parameters
    ----------
    curve : DigitisedCurve
        What was read off.
    time_error, rate_error : Fraction
        How far each point can be from the drawn curve along both axes.

    Returns
    -------
    tuple of Landmark
        Those of all curves that could have been read so, for
        :class:`~netcore.stats.survival.printed_curves.PrintedCurve`.

    Raises
    ------
    ValueError
        If an error is negative.

    Notes
    -----
    A point of the drawn curve at t has a height between S(t) and S just before t, as the
    vertical parts belong to it.  With errors a and b the point (t, s) therefore says
    S >= s - b before t - a, and S <= s + b at t + a.

    Examples
    --------
    >>> curve = DigitisedCurve(
    ...     (Click(Fraction(5), Fraction(1, 2)),), (AtRisk(Fraction(0), 9), AtRisk(Fraction(4), 6))
    ... )
    >>> for mark in digitised_landmarks(curve, Fraction(1, 10), Fraction(1, 100)):
    ...     print(mark.time, mark.moment, mark.rate, mark.at_risk)
    4 before [0, 1] [6, 6]
    49/10 before [0.49, inf) (-inf, inf)
    51/10 at (-inf, 0.51] (-inf, inf)
    """
    if min(time_error, rate_error) < 0:
        raise ValueError(f"found the errors {time_error} and {rate_error}, expected none below 0")
    marks = []
    for time, rate in curve.clicks:
        low, high = rate - rate_error, rate + rate_error
        if time > time_error and low > 0:
            moment = Interval(low, None)
            marks.append(Landmark(time - time_error, moment, moment="before", ties=False))
        if time + time_error > 0 and high < 1:
            marks.append(Landmark(time + time_error, Interval(None, high)))
    for time, number in curve.at_risk:
        if time > 0:
            count = Interval.point(number)
            marks.append(Landmark(time, at_risk=count, moment="before", ties=False))
    if curve.events is not None:
        marks.append(Landmark(None, events=Interval.point(curve.events)))
    return in_order(marks)
