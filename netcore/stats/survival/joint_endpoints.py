"""Two endpoints of the same patients: progression before death, death before the last contact.

What is printed of each endpoint alone may be possible and both together not, since the
patients are the same.  Whoever has not progressed yet is alive, so that at every time no more
patients are at risk of the first endpoint than of the second; and where a death counts for both,
no fewer have had the first event than have died.

Survival rates by Kaplan and Meier need not be in this order, however: patients who are lost after
their progression make the estimate of survival fall faster than that of the time before
progression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import event_times
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.log_rank import p_of_course
from netcore.stats.survival.path_extremes import Measure
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.reachable import BUDGET, reach
from netcore.stats.survival.weighted_tests import TESTS, weighted_test

__all__ = [
    "Course",
    "Endpoint",
    "Place",
    "Together",
    "can_go_together",
    "have_both",
    "is_coherent",
    "is_out_of_order",
    "paired",
]

_CERTAIN: Final = Interval(Fraction(0), Fraction(1))


class Course(NamedTuple):
    """Both endpoints of one patient.

    Parameters
    ----------
    first : Observation
        Progression (or death), or the last time without it.
    second : Observation
        Death, or the last contact.
    """

    first: Observation
    second: Observation


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is printed of one endpoint in two arms.

    Parameters
    ----------
    arms : tuple of (PrintedCurve, PrintedCurve)
        Each arm alone.
    p : Interval
        The window of the p-value of a two-sided test of both arms.
    test : str
        A key of :data:`~netcore.stats.survival.weighted_tests.TESTS`.

    Raises
    ------
    ValueError
        If the test is unknown or no p-value lies in the window.
    """

    arms: tuple[PrintedCurve, PrintedCurve]
    p: Interval = EVERYTHING
    test: str = "log_rank"

    def __post_init__(self) -> None:
        if self.test not in TESTS:
            raise ValueError(f"found the test {self.test!r}, expected one of {', '.join(TESTS)}")
        if not self.p.meets(_CERTAIN):
            raise ValueError(f"found p in {self.p}, expected a probability")

    @property
    def measure(self) -> Measure:
        """The statistic of the test."""
        return weighted_test(TESTS[self.test], (self.arms[0].number, self.arms[1].number))

    def is_met_by(self, first: Sequence[Observation], second: Sequence[Observation]) -> bool:
        """Tell whether known patients have all that is printed.

        Parameters
        ----------
        first, second : sequence of Observation
            The patients of each arm.

        Returns
        -------
        bool
            Whether both curves and the p-value are within their windows.
        """
        if not (self.arms[0].is_met_by(first) and self.arms[1].is_met_by(second)):
            return False
        if self.p == EVERYTHING:
            return True
        value = p_of_course(self.measure, event_times(first, second))
        return value is not None and value.low in self.p and value.high in self.p


# --- Whether the parts conflict -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """Whether both endpoints of one group can be those of the same patients.

    Parameters
    ----------
    status : {"infeasible", "open"}
        Infeasible is proved; otherwise nothing speaks against it that was looked at.
    time : Fraction or None
        At which time the numbers of patients conflict; None is the end of follow-up.
    fewest_deaths, most_events : int or None
        By that time, if these alone conflict.
    """

    status: Literal["infeasible", "open"]
    time: Fraction | None = None
    fewest_deaths: int | None = None
    most_events: int | None = None


def can_go_together(
    number: int,
    first: Iterable[Landmark],
    second: Iterable[Landmark],
    *,
    counts_deaths: bool = True,
    budget: int = BUDGET,
) -> Together:
    """Tell whether two endpoints of one group exclude each other.

    Parameters
    ----------
    number : int
        Patients at the start, the same for both.
    first, second : iterable of Landmark
        What is printed of the earlier and of the later endpoint.
    counts_deaths : bool
        Whether a death counts as an event of the earlier endpoint too; otherwise it ends its
        observation.
    budget : int
        Of each search.

    Returns
    -------
    Together
        The first time at which the numbers conflict, if there is one.

    Raises
    ------
    ValueError
        If there is no patient.

    Notes
    -----
    Let e events of the earlier endpoint, and d deaths, be over by a time, and r and s patients be
    left, just before it or after all that happens at it.  Then r <= s, and e >= d if deaths count.  For each d the search asks for the
    fewest r with e >= d and the most s with at most d deaths, over all curves with what is
    printed; if r > s for each d, there are no such patients.

    Examples
    --------
    Half of twelve patients progressed and seven died, all followed: one death too many.

    >>> def by(events):
    ...     return Landmark(Fraction(24), events=Interval.point(events), censored=Interval.point(0))
    >>> found = can_go_together(12, [by(6)], [by(7)])
    >>> found.status, found.fewest_deaths, found.most_events
    ('infeasible', 7, 6)

    Of rates alone this does not follow.  80 % without progression and 50 % alive are possible,
    if patients were lost:

    >>> def rate(value):
    ...     return Landmark(Fraction(24), Interval.point(Fraction(value)))
    >>> can_go_together(12, [rate("0.8")], [rate("0.5")]).status
    'open'
    """
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")
    earlier, later = in_order(first), in_order(second)
    for marks in (earlier, later):
        if reach(number, marks, budget).status == "infeasible":
            return Together("infeasible")
    times = sorted({mark.time for mark in (*earlier, *later) if mark.time is not None})
    moments: list[Landmark] = [Landmark(None, ties=False)]
    for time in reversed(times):
        moments[:0] = [Landmark(time, moment=moment, ties=False) for moment in ("before", "after")]
    for moment in moments:
        conflict = _conflict_at(number, earlier, later, moment, counts_deaths, budget)
        if conflict is not None:
            return conflict
    return Together("open")


def _conflict_at(
    number: int,
    earlier: Sequence[Landmark],
    later: Sequence[Landmark],
    moment: Landmark,
    counts_deaths: bool,
    budget: int,
) -> Together | None:
    time = moment.time

    def fits(marks: Sequence[Landmark], events: Interval, at_risk: Interval) -> bool:
        mark = replace(moment, events=events, at_risk=at_risk)
        return reach(number, [*marks, mark], budget).status != "infeasible"

    def fewest_left(events: Interval) -> int:
        """Return how few patients can be without the earlier endpoint, and followed."""
        return _least(lambda left: fits(earlier, events, _up_to(left)), number)

    if not counts_deaths:
        left = fewest_left(EVERYTHING)
        return None if fits(later, EVERYTHING, _from(left)) else Together("infeasible", time)
    most = number - _least(lambda less: fits(earlier, _from(number - less), EVERYTHING), number)
    fewest = _least(lambda deaths: fits(later, _up_to(deaths), EVERYTHING), number)
    if fewest > most:
        return Together("infeasible", time, fewest, most)
    for deaths in range(fewest, most + 1):
        if fits(later, _up_to(deaths), _from(fewest_left(_from(deaths)))):
            return None
    return Together("infeasible", time)


def _least(holds: Callable[[int], bool], number: int) -> int:
    """Return the first whole number from which something holds; it does at the last."""
    low, high = 0, number
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _up_to(count: int) -> Interval:
    return Interval(None, Fraction(count))


def _from(count: int) -> Interval:
    return Interval(Fraction(count), None)


def is_out_of_order(first: PrintedCurve, second: PrintedCurve) -> bool:
    """Tell whether more are free of the earlier endpoint than of the later one.

    Parameters
    ----------
    first, second : PrintedCurve
        What is printed of the earlier and of the later endpoint of one group.

    Returns
    -------
    bool
        Whether the first curve is above the second at some time, whatever else is true of them.

    Notes
    -----
    Of patients who are all followed, and of whom a death ends both, no more can be without the
    first event than without the second.  Estimates from patients of whom some were lost need not
    be in this order (:func:`can_go_together`).

    Examples
    --------
    >>> def curve(rate):
    ...     return PrintedCurve(50, (Landmark(Fraction(24), Interval.point(Fraction(rate))),))
    >>> is_out_of_order(curve("0.8"), curve("0.5")), is_out_of_order(curve("0.5"), curve("0.8"))
    (True, False)

    Medians are of the same curves: half have progressed by 20 months, and died by 10.

    >>> def median(months):
    ...     return PrintedCurve(50, median=Interval.point(months))
    >>> is_out_of_order(median(20), median(10)), is_out_of_order(curve("0.8"), median(10))
    (True, True)
    """
    return any(
        late.time is not None
        and early.time is not None
        and late.key <= early.key
        and not early.rate.meets(late.rate)
        and _is_above(early.rate, late.rate)
        for early in first.landmarks
        for late in second.landmarks
    )


def _is_above(upper: Interval, lower: Interval) -> bool:
    return upper.low is not None and lower.high is not None and upper.low >= lower.high


# --- Known patients ---------------------------------------------------------------------------------


def is_coherent(courses: Iterable[Course]) -> bool:
    """Tell whether patients can have both endpoints, a death counting for both.

    Parameters
    ----------
    courses : iterable of Course
        The patients.

    Returns
    -------
    bool
        Whether nobody's first endpoint is later than the second, and whoever died had an event
        of both.

    Examples
    --------
    >>> progressed, died = Observation(Fraction(3), True), Observation(Fraction(8), True)
    >>> is_coherent([Course(progressed, died)]), is_coherent([Course(died, progressed)])
    (True, False)
    """
    return all(
        first.time <= second.time and (first.event or not second.event) for first, second in courses
    )


def have_both(
    earlier: Endpoint, later: Endpoint, arms: tuple[Sequence[Course], Sequence[Course]]
) -> bool:
    """Tell whether known patients have all that is printed of both endpoints.

    Parameters
    ----------
    earlier, later : Endpoint
        What is printed.
    arms : tuple of (sequence of Course, sequence of Course)
        The patients of each arm.

    Returns
    -------
    bool
        Whether they are coherent and all values, worked out in fractions, are in their windows.
    """
    one, two = arms
    return (
        is_coherent([*one, *two])
        and earlier.is_met_by([who.first for who in one], [who.first for who in two])
        and later.is_met_by([who.second for who in one], [who.second for who in two])
    )


class Place(NamedTuple):
    """Between which times one patient's observation ends, and how.

    Parameters
    ----------
    low, high : Fraction
        The times, the same where it is known.
    event : bool
        Whether with an event.
    """

    low: Fraction
    high: Fraction
    event: bool


def paired(first: Sequence[Place], second: Sequence[Place]) -> tuple[int, ...] | None:
    """Give each end of the earlier endpoint one of the later, so that the patients are coherent.

    Parameters
    ----------
    first, second : sequence of Place
        The patients of one arm, by each endpoint, as many.

    Returns
    -------
    tuple of int or None
        For each of the first its partner among the second; None if there is no such pairing.

    Notes
    -----
    An end in [a, b] can come before one in [c, d] if a <= d.  Each death needs an event of the
    first endpoint before it; whoever is left needs a last contact after the first endpoint.
    Of the events that can serve the deaths, the latest are taken, since those that are left then
    are as early as can be: the sets that can serve form a matroid, in which the greedy choice is
    the best (Edmonds 1971).

    References
    ----------
    Edmonds (1971). Matroids and the greedy algorithm. Mathematical Programming 1:127-136.
    doi:10.1007/BF01584082

    Examples
    --------
    >>> def at(time, event):
    ...     return Place(Fraction(time), Fraction(time), event)
    >>> paired([at(2, True), at(5, False)], [at(7, False), at(6, True)])
    (1, 0)
    >>> paired([at(2, False), at(5, True)], [at(4, True), at(6, False)]) is None
    True
    """
    deaths = sorted((k for k, end in enumerate(second) if end.event), key=lambda k: second[k].high)
    contacts = sorted(
        (k for k, end in enumerate(second) if not end.event), key=lambda k: second[k].high
    )
    events = sorted((k for k, end in enumerate(first) if end.event), key=lambda k: -first[k].low)
    serving: list[int] = []
    for k in events:
        tried = sorted([*serving, k], key=lambda j: first[j].low)
        # The latest events go with the latest deaths.
        late = deaths[len(deaths) - len(tried) :] if len(tried) <= len(deaths) else None
        if late is not None and _in_order(first, second, tried, late):
            serving.append(k)
    if len(serving) < len(deaths):
        return None
    serving.sort(key=lambda j: first[j].low)
    rest = sorted(set(range(len(first))) - set(serving), key=lambda j: first[j].low)
    if len(rest) != len(contacts) or not _in_order(first, second, rest, contacts):
        return None
    partners = dict(zip([*serving, *rest], [*deaths, *contacts], strict=True))
    return tuple(partners[k] for k in range(len(first)))


def _in_order(
    first: Sequence[Place], second: Sequence[Place], early: Sequence[int], late: Sequence[int]
) -> bool:
    return all(first[i].low <= second[j].high for i, j in zip(early, late, strict=True))
