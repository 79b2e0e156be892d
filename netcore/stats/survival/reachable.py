"""Which Kaplan-Meier rates some patients can have, at one time or at several.

A curve is a sequence of events and censorings: with r patients at risk an event multiplies S
by (r - 1) / r, a censoring leaves it.  What is printed of it are windows that the sequence has
to pass in the order of time.  All answers are exact for any number of patients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from netcore.printed import Interval
from netcore.stats.survival.backward_sets import (
    BackwardSets,
    BudgetError,
    Counting,
    Leaving,
)
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark, in_order

__all__ = [
    "BUDGET",
    "CountRange",
    "Reach",
    "fewest_censorings",
    "number_range",
    "rate_bounds",
    "reach",
    "reachable_states",
]

BUDGET: Final = 2_000_000
"""Spans of rates that a search makes, about two seconds."""

_STATES: Final = 2_000_000
_STEPS: Final = 20_000  # states that a search looks at along sets that are too large


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether patients exist with all that is printed.

    Parameters
    ----------
    status : {"feasible", "infeasible", "open"}
        Infeasible is proved; open means that the budget was used up.
    patients : tuple of Observation
        Some who have it all, if there are.
    """

    status: Literal["feasible", "infeasible", "open"]
    patients: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class CountRange:
    """How many patients there can be of a kind.

    Parameters
    ----------
    least, greatest : int
        Bounds; no data have fewer or more.
    is_exact : bool
        Whether both are attained; otherwise the budget was used up.
    """

    least: int
    greatest: int
    is_exact: bool = True


def _check_number(number: int) -> None:
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")


def rate_bounds(number: int, events: int, censored: int) -> Interval:
    """Return the Kaplan-Meier rates after some events and censorings.

    Parameters
    ----------
    number : int
        Patients at the start.
    events, censored : int
        How many had the event, and how many were censored, before the time of the rate.

    Returns
    -------
    Interval
        Both ends are attained, not all values between.

    Raises
    ------
    ValueError
        If there are more events and censorings than patients, or a number is negative.

    Notes
    -----
    With e events and c censorings of n patients the rate lies in [(n - c - e) / (n - c),
    (n - e) / n]: all censorings come first, or all events.  A censoring that comes one event
    earlier makes the rate smaller by the factor 1 - 1 / (r - 1)^2.

    Examples
    --------
    >>> str(rate_bounds(12, 5, 3))
    '[4/9, 7/12]'
    """
    _check_number(number)
    if min(events, censored) < 0 or events + censored > number:
        raise ValueError(
            f"found {events} events and {censored} censorings of {number} patients, "
            "expected none negative and no more than patients"
        )
    if events == 0:
        return Interval.point(1)
    left = number - censored
    return Interval(Fraction(left - events, left), Fraction(number - events, number))


def reachable_states(number: int, budget: int = _STATES) -> tuple[frozenset[Fraction], ...]:
    """Return all rates that patients can have, for each number at risk.

    Parameters
    ----------
    number : int
        Patients at the start.
    budget : int
        How many states there may be.

    Returns
    -------
    tuple of frozenset of Fraction
        At place r the rates that can go with r patients at risk, from 0 to all.

    Raises
    ------
    ValueError
        If there is no patient, or there are more states than the budget admits: some 20
        patients are the most.

    Notes
    -----
    d events at one time are like d events one after the other, since their factors make
    (r - d) / r together.  So ties add no state.

    Examples
    --------
    >>> [sorted(map(str, rates)) for rates in reachable_states(2)]
    [['0', '1', '1/2'], ['1', '1/2'], ['1']]
    """
    _check_number(number)
    # In parts of r! / n!, whole numbers.
    states = [{1}]
    total = 1
    for r in range(number, 0, -1):
        last = states[-1]
        states.append({rate * (r - 1) for rate in last} | {rate * r for rate in last})
        total += len(states[-1])
        if total > budget:
            raise ValueError(
                f"found {number} patients, expected so few that there are {budget} states at most"
            )
    scale, found = 1, []
    for passed, rates in enumerate(states):
        found.append(frozenset(Fraction(rate, scale) for rate in rates))
        scale *= number - passed
    return tuple(reversed(found))


def reach(number: int, landmarks: Iterable[Landmark], budget: int = BUDGET) -> Reach:
    """Tell whether patients exist whose curve has all that is printed of it.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed at each time.
    budget : int
        How many spans of rates may be made.

    Returns
    -------
    Reach
        With patients, if there are.

    Raises
    ------
    ValueError
        If there is no patient.

    Notes
    -----
    See :class:`~netcore.stats.survival.backward_sets.BackwardSets`.  If the budget is used up,
    the sets are made once more with their ends rounded outwards.  If then no patients are
    left there are none, and patients that are found are real.

    The estimate is carried forward after the last patient.  Programs that print nothing there,
    or 0 (Efron's rule), print less or other things.

    Examples
    --------
    Twelve patients, 41.7 % after one year, 33.3 % after two:

    >>> def printed(time, rate):
    ...     return Landmark(Fraction(time), Interval(*(Fraction(2 * rate + h, 2000) for h in (-1, 1))))
    >>> found = reach(12, [printed(12, 417), printed(24, 333)])
    >>> found.status, len(found.patients), sum(patient.event for patient in found.patients)
    ('feasible', 12, 8)

    Three patients cannot have 41.7 %:

    >>> reach(3, [printed(12, 417)]).status
    'infeasible'
    """
    _check_number(number)
    marks = in_order(landmarks)
    for coarse in (False, True):
        try:
            sets = BackwardSets(number, marks, coarse=coarse, budget=budget)
        except BudgetError:
            continue
        if sets.is_empty:
            return Reach("infeasible")
        found = sets.sequence(_STEPS)
        if found is not None:
            return Reach("feasible", _patients(number, marks, found))
    return Reach("open")


def _patients(
    number: int, marks: tuple[Landmark, ...], leaving: tuple[Leaving, ...]
) -> tuple[Observation, ...]:
    """Give times to patients who leave, and follow the others beyond the last landmark."""
    found: list[Observation] = []
    last = Fraction(0)
    for index, mark in enumerate(marks):
        here = [who for who in leaving if who.stage == index]
        inner = [who for who in here if not who.tied]
        time = last + len(inner) + 1 if mark.time is None else mark.time
        # Between two moments of one time all happens at it.
        parts = [Fraction(place + 1, len(inner) + 1) for place in range(len(inner))]
        found += [
            Observation(last + (time - last) * part, who.event)
            for who, part in zip(inner, parts, strict=True)
        ]
        found += [Observation(time, who.event) for who in here if who.tied]
        last = time
    found += [Observation(last + k + 1, False) for k in range(number - len(found))]
    return tuple(found)


def _with_marks(
    landmarks: Iterable[Landmark], since: Fraction | None, until: Fraction | None
) -> tuple[tuple[Landmark, ...], int, int]:
    """Return landmarks, with those at two times and where these stand."""
    ends = [Landmark(until, ties=False)]
    if since is not None:
        ends.append(Landmark(since, ties=False))
    marks = in_order([*landmarks, *ends])
    places = {mark.key: place for place, mark in enumerate(marks)}
    return marks, (-1 if since is None else places[ends[1].key]), places[ends[0].key]


def number_range(
    number: int,
    landmarks: Iterable[Landmark],
    kind: Literal["events", "censored", "patients"],
    since: Fraction | None = None,
    until: Fraction | None = None,
    budget: int = BUDGET,
) -> CountRange | None:
    """Return how many events, or censorings, there can be between two times.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed at each time.
    kind : {"events", "censored", "patients"}
        What is counted; patients are both.
    since, until : Fraction or None
        The times: without them the start, and the end of follow-up.
    budget : int
        How many spans of rates each search may make.

    Returns
    -------
    CountRange or None
        None if it is proved that no patients have what is printed.

    Raises
    ------
    ValueError
        If there is no patient, or the times are out of order.

    Notes
    -----
    Events are counted with since < time <= until and censorings with since <= time < until, as
    the risk set has it.

    Examples
    --------
    With 41.7 % of 12 patients after a year, there are 2 to 7 events and up to 10 censorings:

    >>> year = Landmark(Fraction(12), Interval(Fraction(833, 2000), Fraction(835, 2000)))
    >>> number_range(12, [year], "events", until=Fraction(12))
    CountRange(least=2, greatest=7, is_exact=True)
    >>> number_range(12, [year], "censored", until=Fraction(12))
    CountRange(least=0, greatest=10, is_exact=True)
    """
    _check_number(number)
    if since is not None and until is not None and since > until:
        raise ValueError(f"found times {since} and {until}, expected the earlier first")
    marks, first, last = _with_marks(landmarks, since, until)
    counting = Counting(kind, first, last)

    def sets(low: int, high: int, *, coarse: bool = False) -> BackwardSets:
        return BackwardSets(
            number, marks, counting, counted=lambda count: low <= count <= high,
            coarse=coarse, budget=budget,
        )  # fmt: skip

    for coarse in (False, True):
        try:
            if first == -1:
                counts = sets(0, number, coarse=coarse).counts()
                return CountRange(min(counts), max(counts), not coarse) if counts else None
            if sets(0, number, coarse=coarse).is_empty:
                return None
            least, greatest = 0, number
            low, high = 0, number
            while low < high:
                middle = (low + high) // 2
                if sets(0, middle, coarse=coarse).is_empty:
                    low = middle + 1
                else:
                    high = middle
            least, high = low, number
            while low < high:
                middle = (low + high + 1) // 2
                if sets(middle, number, coarse=coarse).is_empty:
                    high = middle - 1
                else:
                    low = middle
            greatest = low
        except BudgetError:
            continue
        return CountRange(least, greatest, not coarse)
    return CountRange(0, number, is_exact=False)


def fewest_censorings(number: int, rate: Interval, budget: int = BUDGET) -> CountRange | None:
    """Return how many patients were censored before a time, given the rate at it.

    Parameters
    ----------
    number : int
        Patients at the start.
    rate : Interval
        The window of the rate.
    budget : int
        How many spans of rates may be made.

    Returns
    -------
    CountRange or None
        Fewest and most; None if no patients have such a rate.

    Examples
    --------
    Without a censoring 12 patients have twelfths, so that 40 % needs one:

    >>> fewest_censorings(12, Interval(Fraction(399, 1000), Fraction(401, 1000)))
    CountRange(least=1, greatest=10, is_exact=True)
    """
    time = Fraction(1)
    return number_range(number, [Landmark(time, rate)], "censored", until=time, budget=budget)
