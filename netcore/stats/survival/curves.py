"""The Kaplan-Meier curve of known patients, in fractions.

Whatever is found about printed rates, medians and means is recomputed here from the
patients that were constructed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Observation", "Step", "area", "kaplan_meier", "rate_at", "reverse_kaplan_meier"]


class Observation(NamedTuple):
    """How long one patient was observed.

    Parameters
    ----------
    time : Fraction
        From the start of the clock to the event or the last contact.
    event : bool
        Whether the event ended it; otherwise the patient is censored.
    """

    time: Fraction
    event: bool


class Step(NamedTuple):
    """What happens at one time of a curve.

    Parameters
    ----------
    time : Fraction
        The time.
    at_risk : int
        Patients observed up to this time at least.
    events, censored : int
        Patients whose observation ends at this time, by how it ends.
    rate : Fraction
        The estimate from this time on.
    """

    time: Fraction
    at_risk: int
    events: int
    censored: int
    rate: Fraction


def kaplan_meier(observations: Iterable[Observation]) -> tuple[Step, ...]:
    """Return the Kaplan-Meier estimate of some patients.

    Parameters
    ----------
    observations : iterable of Observation
        The patients, in any order.

    Returns
    -------
    tuple of Step
        One for each time at which an observation ends, in order.

    Raises
    ------
    ValueError
        If there is no patient, or a time is negative.

    Notes
    -----
    S(t) is the product of 1 - d / r over the times up to t, with d events among r patients
    at risk.  Who is censored at the time of an event is still at risk then.

    References
    ----------
    Kaplan and Meier (1958). Nonparametric estimation from incomplete observations. Journal of
    the American Statistical Association 53(282):457-481. doi:10.1080/01621459.1958.10501452

    Examples
    --------
    >>> patients = [Observation(Fraction(t), e) for t, e in [(3, True), (5, False), (8, True)]]
    >>> [(int(step.time), step.at_risk, str(step.rate)) for step in kaplan_meier(patients)]
    [(3, 3, '2/3'), (5, 2, '2/3'), (8, 1, '0')]
    """
    ends: dict[Fraction, list[int]] = {}
    for time, event in observations:
        ends.setdefault(time, [0, 0])[0 if event else 1] += 1
    if not ends or min(ends) < 0:
        raise ValueError(f"found times {sorted(ends)}, expected at least one and none below 0")
    at_risk = sum(map(sum, ends.values()))
    rate = Fraction(1)
    steps = []
    for time in sorted(ends):
        events, censored = ends[time]
        rate *= Fraction(at_risk - events, at_risk)
        steps.append(Step(time, at_risk, events, censored, rate))
        at_risk -= events + censored
    return tuple(steps)


def reverse_kaplan_meier(observations: Iterable[Observation]) -> tuple[Step, ...]:
    """Return the Kaplan-Meier estimate of follow-up: events and censorings change places.

    Parameters
    ----------
    observations : iterable of Observation
        The patients, in any order.

    Returns
    -------
    tuple of Step
        One for each time at which an observation ends; ``events`` are the censorings.

    Notes
    -----
    This is what a program for survival gives when it is told that the censored patients had
    the event: at a tie those who died are still at risk of the end of follow-up, whereas the
    curve of survival takes the deaths to come first.

    References
    ----------
    Schemper and Smith (1996). A note on quantifying follow-up in studies of failure time.
    Controlled Clinical Trials 17(4):343-346. doi:10.1016/0197-2456(96)00075-X

    Examples
    --------
    >>> patients = [Observation(Fraction(t), e) for t, e in [(3, True), (5, False), (8, True)]]
    >>> [str(step.rate) for step in reverse_kaplan_meier(patients)]
    ['1', '1/2', '1/2']
    """
    return kaplan_meier(Observation(time, not event) for time, event in observations)


def rate_at(steps: Sequence[Step], time: Fraction, *, before: bool = False) -> Fraction:
    """Return a curve at one time.

    Parameters
    ----------
    steps : sequence of Step
        The curve.
    time : Fraction
        The time; after the last one the curve is carried forward.
    before : bool
        Whether to leave out the events at this very time.

    Returns
    -------
    Fraction
        The estimated share without an event.

    Examples
    --------
    >>> steps = kaplan_meier([Observation(Fraction(2), True), Observation(Fraction(4), True)])
    >>> str(rate_at(steps, Fraction(2))), str(rate_at(steps, Fraction(2), before=True))
    ('1/2', '1')
    """
    rate = Fraction(1)
    for step in steps:
        if step.time > time or (before and step.time == time):
            break
        rate = step.rate
    return rate


def area(steps: Sequence[Step], until: Fraction) -> Fraction:
    """Return the area under a curve: the restricted mean.

    Parameters
    ----------
    steps : sequence of Step
        The curve.
    until : Fraction
        The time at which the area ends; after the last time the curve is carried forward.

    Returns
    -------
    Fraction
        The integral of the curve from 0.

    Examples
    --------
    >>> steps = kaplan_meier([Observation(Fraction(2), True), Observation(Fraction(4), True)])
    >>> str(area(steps, Fraction(4)))
    '3'
    """
    total, rate, last = Fraction(0), Fraction(1), Fraction(0)
    for step in steps:
        if step.time >= until:
            break
        total += rate * (step.time - last)
        rate, last = step.rate, step.time
    return total + rate * (until - last)
