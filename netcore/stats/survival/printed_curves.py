"""What is printed of the survival of one group, and whether given patients have all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation, Step, area, kaplan_meier, rate_at
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.medians import EXACT, median_landmarks, median_of
from netcore.stats.survival.restricted_means import MEANS
from netcore.stats.survival.standard_errors import mean_variance, squared

__all__ = ["CURVE_MEDIANS", "MEANS_OF_PATIENTS", "PrintedCurve", "at_risk"]

CURVE_MEDIANS: Final = ("first", "below", "midpoint", "interpolated")
"""Medians of the curve, keys of :data:`~netcore.stats.survival.medians.MEDIANS`."""

MEANS_OF_PATIENTS: Final = ("restricted", "observed", "event_times")
"""Means that patients have; the others need a time, or a model, that is not theirs."""


def at_risk(patients: Sequence[Observation], time: Fraction) -> int:
    """Return how many patients are at risk at a time.

    Parameters
    ----------
    patients : sequence of Observation
        The patients.
    time : Fraction
        The time; who leaves at it is still at risk.

    Returns
    -------
    int
        Their number.

    Examples
    --------
    >>> at_risk([Observation(Fraction(3), True), Observation(Fraction(5), False)], Fraction(5))
    1
    """
    return sum(time <= end for end, _ in patients)


def _sum_of_times(patients: Sequence[Observation], *, events_only: bool) -> list[Fraction]:
    return [time for time, event in patients if event or not events_only]


@dataclass(frozen=True, slots=True)
class PrintedCurve:
    """What is printed of the survival of one group.

    Parameters
    ----------
    number : int
        Patients at the start.
    rates : tuple of Landmark
        Rates, numbers at risk, of events and of censorings at some times.
    median : Interval or None
        The window of the median, if one is printed.
    median_rule : str
        One of :data:`CURVE_MEDIANS`.
    mean : Interval
        The window of the mean.
    mean_reading : str
        A key of :data:`~netcore.stats.survival.restricted_means.MEANS`.
    spread : Interval
        The window of what follows the mean after a plus-minus sign.
    spread_kind : {"se", "sd"}
        Whether this is the standard error of the mean or the standard deviation of the times.
    last : Interval
        The window of the last time of observation, as far as it is known.

    Attributes
    ----------
    landmarks : tuple of Landmark
        All that is known of the curve at single times, in order.

    Raises
    ------
    ValueError
        If there is no patient, a word is unknown, a rate is one of the curve of follow-up, or a
        standard deviation is said to belong to an area.
    """

    number: int
    rates: tuple[Landmark, ...] = ()
    median: Interval | None = None
    median_rule: str = "first"
    mean: Interval = EVERYTHING
    mean_reading: str = "restricted"
    spread: Interval = EVERYTHING
    spread_kind: Literal["se", "sd"] = "se"
    last: Interval = EVERYTHING
    landmarks: tuple[Landmark, ...] = field(init=False, repr=False, compare=False)
    _ordered: tuple[Landmark, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"found {self.number} patients, expected at least 1")
        if self.median_rule not in CURVE_MEDIANS:
            expected = ", ".join(CURVE_MEDIANS)
            raise ValueError(f"found the median {self.median_rule!r}, expected one of {expected}")
        if self.mean_reading not in MEANS:
            expected = ", ".join(MEANS)
            raise ValueError(f"found the mean {self.mean_reading!r}, expected one of {expected}")
        if any(mark.reverse != EVERYTHING for mark in self.rates):
            raise ValueError("found a rate of the curve of follow-up, expected rates of survival")
        if self.spread_kind == "sd" and self.mean_reading not in ("observed", "event_times"):
            raise ValueError("found a standard deviation of an area, expected one of times")
        # Searches ask for them with each of their moves.
        object.__setattr__(self, "landmarks", self._landmarks())
        object.__setattr__(self, "_ordered", in_order(self.rates))

    @property
    def has_mean(self) -> bool:
        """Whether a mean is printed."""
        return self.mean != EVERYTHING

    @property
    def is_sharp(self) -> bool:
        """Whether the landmarks are met by just the curves that have the median."""
        return self.median is None or self.median_rule in EXACT

    @property
    def last_observed(self) -> Interval:
        """The window of the last time of observation; a median is reached before it, or at it."""
        window = self.last.meet(Interval(Fraction(0), None))
        if self.median is not None and self.median.low is not None:
            window = window.meet(Interval(self.median.low, None))
        return window

    def _landmarks(self) -> tuple[Landmark, ...]:
        marks = [*self.rates]
        if self.median is not None:
            marks += median_landmarks(self.median_rule, self.median, self.number)
        last = self.last_observed
        if last.high is not None and last.high > 0:
            nobody = Interval.point(0)
            marks.append(Landmark(last.high, at_risk=nobody, moment="after", ties=False))
        if last.low is not None and last.low > 0:
            somebody = Interval(Fraction(1), None)
            marks.append(Landmark(last.low, at_risk=somebody, moment="before", ties=False))
        return in_order(marks)

    def mean_of(self, patients: Sequence[Observation]) -> Fraction | None:
        """Return the mean of known patients, by the reading of the printed one.

        Parameters
        ----------
        patients : sequence of Observation
            The patients, at least one.

        Returns
        -------
        Fraction or None
            None if nobody had the event whose times are meant, or the reading needs more than
            the patients.

        Examples
        --------
        >>> patients = [Observation(Fraction(2), True), Observation(Fraction(6), False)]
        >>> for reading in ("restricted", "observed", "event_times"):
        ...     print(PrintedCurve(2, mean_reading=reading).mean_of(patients))
        4
        4
        2
        """
        if self.mean_reading == "restricted":
            return area(kaplan_meier(patients), max(time for time, _ in patients))
        if self.mean_reading not in MEANS_OF_PATIENTS:
            return None
        times = _sum_of_times(patients, events_only=self.mean_reading == "event_times")
        return sum(times, Fraction(0)) / len(times) if times else None

    def variance_of(self, patients: Sequence[Observation]) -> Fraction | None:
        """Return the square of what follows the mean of known patients.

        Parameters
        ----------
        patients : sequence of Observation
            The patients, at least one.

        Returns
        -------
        Fraction or None
            Of a restricted mean the variance by Irwin's formula; of times their variance with
            n - 1, divided by n for a standard error.  None if it is not defined.
        """
        mean = self.mean_of(patients)
        if mean is None:
            return None
        if self.mean_reading == "restricted":
            return mean_variance(kaplan_meier(patients), max(time for time, _ in patients))
        times = _sum_of_times(patients, events_only=self.mean_reading == "event_times")
        if len(times) < 2:
            return None
        squares = sum(((time - mean) ** 2 for time in times), Fraction(0))
        variance = squares / (len(times) - 1)
        return variance / len(times) if self.spread_kind == "se" else variance

    def is_met_by(self, patients: Sequence[Observation]) -> bool:
        """Tell whether known patients have all that is printed.

        Parameters
        ----------
        patients : sequence of Observation
            The patients.

        Returns
        -------
        bool
            Whether their number, rates, median, mean, plus-minus value and last time, worked out
            in fractions, all lie in their windows.

        Examples
        --------
        >>> half = Landmark(Fraction(12), Interval.point(Fraction(1, 2)))
        >>> patients = [Observation(Fraction(2), True), Observation(Fraction(16), False)]
        >>> PrintedCurve(2, (half,)).is_met_by(patients)
        True
        >>> PrintedCurve(2, (half,), mean=Interval.point(10)).is_met_by(patients)
        False
        """
        if len(patients) != self.number:
            return False
        steps = kaplan_meier(patients)
        if not all(_meets(patients, steps, mark) for mark in self._ordered):
            return False
        if self.median is not None:
            median = median_of(patients, self.median_rule)
            if median is None or median not in self.median:
                return False
        if max(time for time, _ in patients) not in self.last:
            return False
        if self.has_mean:
            mean = self.mean_of(patients)
            if mean is None or mean not in self.mean:
                return False
        if self.spread == EVERYTHING:
            return True
        variance = self.variance_of(patients)
        return variance is not None and variance in squared(self.spread)


def _meets(patients: Sequence[Observation], steps: Sequence[Step], mark: Landmark) -> bool:
    """Tell whether patients have what is printed at one time."""
    time = mark.time
    if time is None:
        number = len(patients)
        events = sum(event for _, event in patients)
        return steps[-1].rate in mark.rate and events in mark.events and (
            number - events in mark.censored
        )  # fmt: skip
    if rate_at(steps, time, before=mark.moment == "before") not in mark.rate:
        return False
    before = at_risk(patients, time)
    here = sum(event and end == time for end, event in patients)
    after = sum(end > time for end, _ in patients)
    events = sum(event and end < time for end, event in patients)
    lost = len(patients) - before - events
    if mark.moment == "before":
        counts, left = (events, lost), {before}
    elif mark.moment == "after":
        counts, left = (events + here, len(patients) - after - events - here), {after}
    else:
        counts = (events + here, lost)
        left = {before, before - here, after} if mark.ties else {before - here}
    return (
        counts[0] in mark.events
        and counts[1] in mark.censored
        and any(count in mark.at_risk for count in left)
    )
