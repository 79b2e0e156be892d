"""Patients with two endpoints, both as printed: rates, medians, means and tests of two arms.

For each endpoint a course of both arms is drawn that has its rates and its p-value.  Then the
ends of both endpoints are paired so that nobody dies before progressing, and times are given to
them by a linear program, in which the means are linear.  Nothing is found by chance alone but
the courses; what is returned is worked out again in fractions.  That none are found proves
nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import NormalDist
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.course_times import TimeSystem
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, GraphTooLargeError, Move, Rate, TwoArmGraph
from netcore.stats.survival.joint_endpoints import Course, Endpoint, Place, have_both, paired
from netcore.stats.survival.path_extremes import course_within
from netcore.stats.survival.printed_curves import PrintedCurve

__all__ = ["JointPatients", "joint_patients"]

JointPatients = tuple[tuple[Course, ...], tuple[Course, ...]]
"""The patients of each arm, with both endpoints."""

_COURSES: Final = 8  # of each endpoint
_DRAWS: Final = 400  # for one of them
_GRAINS: Final = (10, 100, 1_000, 1_000_000)  # parts of a unit of time
_EARLY: Final = 1.3  # the power by which times of the earlier endpoint are early
_AFTER: Final = 100  # parts of the follow-up, of which one lies before each death where it can
# How likely each patient at risk is to have the event, beside a step of the clock or a loss, where
# no p-value decides: many progress, few die.
_FREQUENT: Final = ((1.0, 3.0, 10.0), (0.02, 0.2, 1.0))
_MARGIN: Final = 0.02  # of a window, kept from its ends


def _squares(p: Interval) -> Interval:
    """Return the chi-squared values of a p-value, near enough for a search."""
    low = 0.0 if p.low is None else max(float(p.low), 0.0)
    high = 1.0 if p.high is None else min(float(p.high), 1.0)
    least, greatest = (
        None if tail <= 0 else Fraction(NormalDist().inv_cdf(1 - tail / 2) ** 2 if tail < 1 else 0)
        for tail in (high, low)
    )
    return Interval(least or Fraction(0), greatest)


def _arm(printed: PrintedCurve, keys: dict[tuple[bool, Fraction, int], int]) -> Arm:
    """Return an arm whose times are the places of its landmarks in their order."""
    rates = []
    events = EVERYTHING
    for mark in printed.landmarks:
        if mark.time is None:
            events = events.meet(mark.events)
        else:
            rates.append(Rate(Fraction(keys[mark.key]), mark.rate, mark.at_risk))
    return Arm(printed.number, tuple(rates), events)


@dataclass(frozen=True, slots=True)
class _End:
    """What ends the observation of one patient, before its time is known."""

    step: int  # its place in the course; those of one place have one time
    stage: int
    event: bool
    is_left: bool  # beyond all that happens in the course


_Ends = tuple[list[_End], list[_End]]
_Edge = tuple[int, int, float]


class _Drawn:
    """Courses of one endpoint, drawn one after the other."""

    def __init__(self, endpoint: Endpoint):
        marks = {
            mark.key: mark
            for arm in endpoint.arms
            for mark in arm.landmarks
            if mark.time is not None
        }
        self.endpoint = endpoint
        self.times = [mark.time for _, mark in sorted(marks.items()) if mark.time is not None]
        keys = {key: place for place, key in enumerate(sorted(marks), 1)}
        self.graph = TwoArmGraph(*(_arm(arm, keys) for arm in endpoint.arms))

    def courses(self, seed: int, often: Sequence[float]) -> Iterator[tuple[Move, ...]]:
        """Yield courses with the printed rates and the p-value."""
        for k in range(_COURSES):
            if self.endpoint.p == EVERYTHING:
                draw = random.Random(seed * _COURSES + k)
                chance = draw.choice(often)

                def weights(r1: int, r2: int, chance: float = chance) -> list[_Edge]:
                    options = ((1, 0, chance * r1), (0, 1, chance * r2))
                    return [edge for edge in options if edge[2]]

                found = self.graph.random_course(draw, weights, draw.choice((0.3, 1.0, 3.0)))
            else:
                found = course_within(
                    self.graph,
                    self.endpoint.measure,
                    _squares(self.endpoint.p),
                    side=0,
                    tries=_DRAWS,
                    seed=seed * _COURSES + k,
                )
            if found is not None:
                yield found

    def ends(self, moves: Sequence[Move]) -> _Ends:
        """Return what ends the observation of each patient, by arms."""
        arms: _Ends = ([], [])
        stage = 0
        for step, move in enumerate(moves):
            if move.kind == "time":
                stage += 1
                continue
            end = _End(step, stage, move.kind == "events", is_left=False)
            for arm, count in zip(arms, (move.first, move.second), strict=True):
                arm.extend([end] * count)
        for arm, printed in zip(arms, self.endpoint.arms, strict=True):
            rest = printed.number - len(arm)
            arm.extend(_End(len(moves) + k, len(self.times), False, True) for k in range(rest))
        return arms

    def stretch(self, stage: int, horizon: Fraction) -> tuple[Fraction, Fraction]:
        """Return the times between which a stage lies."""
        ends = [Fraction(0), *self.times, max(horizon, *self.times, Fraction(0))]
        return ends[stage], ends[stage + 1]


def _horizon(earlier: _Drawn, later: _Drawn) -> Fraction:
    """Return a time up to which patients may be followed."""
    found = [Fraction(1)]
    for drawn in (earlier, later):
        found += drawn.times
        for printed in drawn.endpoint.arms:
            if printed.last.high is not None:
                return printed.last.high
            if printed.mean.high is not None:
                found.append(2 * printed.mean.high)
    return Fraction(3, 2) * max(found)


@dataclass(slots=True)
class _Times:
    """The linear program of the times of both endpoints."""

    horizon: Fraction
    system: TimeSystem = field(default_factory=TimeSystem)

    def add(self, drawn: _Drawn, arms: Sequence[Sequence[_End]], power: float) -> list[list[int]]:
        """Add the times of one endpoint, early in their stretches by a power above 1."""
        system = self.system
        found: list[list[int]] = []
        steps = sorted({(e.stage, e.step) for arm in arms for e in arm if not e.is_left})
        places: dict[int, int] = {}
        for stage in range(len(drawn.times) + 1):
            here = [step for at, step in steps if at == stage]
            low, high = map(float, drawn.stretch(stage, self.horizon))
            gap = min(high - low, float(self.horizon) / 20) / (4 * len(here) + 8)
            before: int | None = None
            for k, step in enumerate(here):
                share = (k + 1) / (len(here) + 1)
                aim = low + (high - low) * share**power
                places[step] = system.time(low + gap, high - gap, aim)
                if before is not None:
                    system.demand({places[step]: 1, before: -1}, gap, float("inf"))
                before = places[step]
        last = places[steps[-1][1]] if steps else None
        start = float(drawn.times[-1]) if drawn.times else 0.0
        width = float(self.horizon) - start
        for arm in arms:
            left = [end for end in arm if end.is_left]
            gap = width / (80 * len(left) + 160)
            before = last
            own: list[int] = []
            for k in range(len(left)):
                aim = start + width * (k + 1.5 - power / 4) / (len(left) + 1.5)
                place = system.time(start + gap, float(self.horizon), aim)
                if before is not None:
                    system.demand({place: 1, before: -1}, gap, float("inf"))
                before = place
                own.append(place)
            found.append([places[end.step] for end in arm if not end.is_left] + own)
        for arm, printed, ids in zip(arms, drawn.endpoint.arms, found, strict=True):
            self._demand_printed(printed, arm, ids)
        return found

    def _demand_printed(
        self, printed: PrintedCurve, arm: Sequence[_End], ids: Sequence[int]
    ) -> None:
        """Demand the mean and the last time of one arm."""
        if printed.last != EVERYTHING and ids:
            self._within({ids[-1]: 1.0}, printed.last)
        if not printed.has_mean:
            return
        weights: dict[int, float] = {}
        if printed.mean_reading == "restricted":
            rate, at_risk = 1.0, len(arm)
            for end, place in zip(arm, ids, strict=True):
                if end.event:
                    weights[place] = weights.get(place, 0.0) + rate / at_risk
                    rate -= rate / at_risk
                at_risk -= 1
            weights[ids[-1]] = weights.get(ids[-1], 0.0) + rate
        else:
            every = printed.mean_reading == "observed"
            counted = [place for end, place in zip(arm, ids, strict=True) if every or end.event]
            for place in counted:
                weights[place] = weights.get(place, 0.0) + 1 / len(counted)
        self._within(weights, printed.mean)

    def _within(self, weights: dict[int, float], window: Interval) -> None:
        low = -float("inf") if window.low is None else float(window.low)
        high = float("inf") if window.high is None else float(window.high)
        rim = _MARGIN * (high - low) if high - low < float("inf") else 0.0
        self.system.demand(weights, low + rim, high - rim)


def _timed(
    earlier: _Drawn,
    later: _Drawn,
    first: Sequence[Sequence[_End]],
    second: Sequence[Sequence[_End]],
    partners: Sequence[Sequence[int]],
    horizon: Fraction,
    apart: Fraction,
) -> JointPatients | None:
    """Give times to patients whose order is known, and work out all values from them.

    Nobody dies sooner after progressing than by some time ``apart``.
    """
    times = _Times(horizon)
    early, late = times.add(earlier, first, _EARLY), times.add(later, second, 1 / _EARLY)
    for arm, ids, other, pairs in zip(second, early, late, partners, strict=True):
        for place, partner in zip(ids, pairs, strict=True):
            least = float(apart) if arm[partner].event else 0.0
            times.system.demand({other[partner]: 1, place: -1}, least, float("inf"))
    found = times.system.solution()
    if found is None:
        return None
    for grain in _GRAINS:
        exact = [Fraction(round(time * grain), grain) for time in found]
        arms = tuple(
            tuple(
                sorted(
                    Course(
                        Observation(exact[ids[k]], first[arm][k].event),
                        Observation(exact[late[arm][partner]], second[arm][partner].event),
                    )
                    for k, partner in enumerate(partners[arm])
                )
            )
            for arm, ids in enumerate(early)
        )
        joint = arms[0], arms[1]
        if have_both(earlier.endpoint, later.endpoint, joint):
            return joint
    return None


def joint_patients(
    earlier: Endpoint, later: Endpoint, *, tries: int = 6, seed: int = 1
) -> JointPatients | None:
    """Construct patients of two arms with all that is printed of two endpoints.

    Parameters
    ----------
    earlier, later : Endpoint
        What is printed; the same patients, a death counting for both.
    tries : int
        How often courses of both are drawn.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of (tuple of Course, tuple of Course) or None
        The patients of each arm; None if none were found, or an arm has too many states.

    Raises
    ------
    ValueError
        If the endpoints have arms of other sizes.

    Notes
    -----
    Nobody dies just as he or she progresses, where that can be: then the patients have both
    endpoints whether or not a death counts as an event of the earlier one.

    Within the stretches between printed times only the order of one endpoint matters to its
    rates and its test.  So the courses of both endpoints can be chosen apart, if the ends can
    be paired (:func:`~netcore.stats.survival.joint_endpoints.paired`); areas under the curves, means
    of times and the order of each patient's two times are linear in the times.

    Examples
    --------
    Two patients against two: half of the first arm without progression after a year, all alive.

    >>> from netcore.stats.survival.landmarks import Landmark
    >>> def arm(rate):
    ...     return PrintedCurve(2, (Landmark(Fraction(12), Interval.point(Fraction(rate))),))
    >>> found = joint_patients(Endpoint((arm("0.5"), arm(1))), Endpoint((arm(1), arm(1))))
    >>> [[who.first.event for who in patients] for patients in found][0].count(True) >= 1
    True
    """
    sizes = [[arm.number for arm in endpoint.arms] for endpoint in (earlier, later)]
    if sizes[0] != sizes[1]:
        raise ValueError(f"found arms of {sizes[0]} and of {sizes[1]} patients, expected the same")
    try:
        drawn = _Drawn(earlier), _Drawn(later)
    except GraphTooLargeError:
        return None
    if not all(each.graph.is_possible for each in drawn):
        return None
    horizon = _horizon(*drawn)
    orders = _orders(drawn, tries, seed, horizon)
    at_once: JointPatients | None = None
    for first, second, partners in orders:
        found = _timed(*drawn, first, second, partners, horizon, horizon / _AFTER)
        if found is not None:
            return found
        if at_once is None:
            at_once = _timed(*drawn, first, second, partners, horizon, Fraction(0))
    return at_once


def _orders(
    drawn: tuple[_Drawn, _Drawn], tries: int, seed: int, horizon: Fraction
) -> Iterator[tuple[_Ends, _Ends, list[tuple[int, ...]]]]:
    """Yield courses of both endpoints whose ends can be paired, and the pairing."""
    for turn in range(tries):
        courses = [
            each.courses(seed * tries + turn, often)
            for each, often in zip(drawn, _FREQUENT, strict=True)
        ]
        known: tuple[list[_Ends], list[_Ends]] = ([], [])
        # Each new course of one endpoint is tried with all known ones of the other.
        for turns in range(2 * _COURSES):
            which = turns % 2
            moves = next(courses[which], None)
            if moves is None:
                continue
            new = drawn[which].ends(moves)
            known[which].append(new)
            for other in known[1 - which]:
                first, second = (new, other) if which == 0 else (other, new)
                partners = _partners(drawn, first, second, horizon)
                if partners is not None:
                    yield first, second, partners


def _partners(
    drawn: tuple[_Drawn, _Drawn],
    first: Sequence[Sequence[_End]],
    second: Sequence[Sequence[_End]],
    horizon: Fraction,
) -> list[tuple[int, ...]] | None:
    """Pair the ends of both endpoints, arm by arm."""
    found = []
    for ends, others in zip(first, second, strict=True):
        pairs = paired(
            *(
                [Place(*each.stretch(end.stage, horizon), end.event) for end in arm]
                for each, arm in zip(drawn, (ends, others), strict=True)
            )
        )
        if pairs is None:
            return None
        found.append(pairs)
    return found
