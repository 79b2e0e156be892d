"""The graph of two arms holds every course that agrees with what is printed, and no other."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from two_arm_oracle import courses, fitting

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import (
    Arm,
    Edge,
    GraphTooLargeError,
    Rate,
    TwoArmGraph,
    event_times,
)
from netcore.stats.survival.path_extremes import all_edges, steps_to_event_times

HALF = Fraction(1, 2)


def one_rate(low: str, high: str, **more: Interval) -> tuple[Rate, ...]:
    return (Rate(Fraction(1), Interval(Fraction(low), Fraction(high)), **more),)


ARMS = {
    "nothing printed": (Arm(3), Arm(3)),
    "one arm has a rate": (Arm(4, one_rate("0.6", "0.7")), Arm(3)),
    "both have": (Arm(4, one_rate("0.3", "0.5")), Arm(3, one_rate("0.6", "0.7"))),
    "nobody is left": (Arm(3, one_rate("0", "0")), Arm(4, one_rate("1", "1"))),
    "events are counted": (
        Arm(4, one_rate("0.3", "0.8"), Interval(Fraction(2), Fraction(3))),
        Arm(3, (), Interval.point(1)),
    ),
    "numbers at risk": (
        Arm(4, one_rate("0.3", "0.8", at_risk=Interval.point(1))),
        Arm(3, one_rate("0", "1", at_risk=Interval(Fraction(2), None))),
    ),
    "open ends": (
        Arm(4, (Rate(Fraction(1), Interval(HALF, Fraction(3, 4), False, False)),)),
        Arm(3, (Rate(Fraction(1), Interval(HALF, None, low_closed=False)),)),
    ),
}


def weighed(seed: int) -> dict[tuple[int, int, int, int], int]:
    """Return random gains of all edges."""
    random_ = random.Random(seed)
    return {
        (r1, r2, d1, d2): random_.randint(-1000, 1000)
        for r1 in range(5)
        for r2 in range(5)
        for d1, d2 in all_edges(r1, r2)
    }


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("seed", range(6))
def test_the_longest_path_is_the_best_of_all_courses(name: str, seed: int) -> None:
    first, second = ARMS[name]
    gains = weighed(seed)
    graph = TwoArmGraph(first, second)
    found = graph.longest(
        lambda r1, r2: [Edge(d1, d2, gains[r1, r2, d1, d2]) for d1, d2 in all_edges(r1, r2)]
    )
    assert found is not None
    value, steps = found
    assert value == max(
        sum(gains[time] for time in course.times) for course in fitting(first, second)
    )
    times = steps_to_event_times(graph.sizes, steps)
    assert value == sum(gains[time] for time in times)
    patients = graph.observations(steps)
    assert list(event_times(*patients)) == times
    for arm, course in zip((first, second), patients, strict=True):
        assert len(course) == arm.number
        assert agrees(arm, course)


def agrees(arm: Arm, course: tuple[Observation, ...]) -> bool:
    """Return whether patients have the printed rates, by the product of Kaplan and Meier."""
    for rate in arm.rates:
        estimate = Fraction(1)
        for time, r, _, d, _ in (
            (t, *event_times(course, [])[k])
            for k, t in enumerate(sorted({x.time for x in course if x.event}))
        ):
            if time <= rate.time:
                estimate *= Fraction(r - d, r)
        left = sum(x.time > rate.time for x in course)
        if estimate not in rate.window or left not in rate.at_risk:
            return False
    return sum(x.event for x in course) in arm.events


@pytest.mark.parametrize("name", ARMS)
def test_drawn_courses_are_courses_and_sooner_or_later_all(name: str) -> None:
    first, second = ARMS[name]
    graph = TwoArmGraph(first, second)
    random_ = random.Random(1)
    known = {course.times for course in fitting(first, second)}
    seen = set()
    for _ in range(1_000):
        steps = graph.random_course(
            random_, lambda r1, r2: [(*edge, 0.3) for edge in all_edges(r1, r2)], 0.6
        )
        assert steps is not None
        seen.add(tuple(steps_to_event_times(graph.sizes, steps)))
        assert all(
            agrees(*pair) for pair in zip((first, second), graph.observations(steps), strict=True)
        )
    assert seen <= known
    if len(known) < 40:
        assert seen == known


def test_several_times_of_both_arms_hold_together() -> None:
    first = Arm(
        6,
        (
            Rate(Fraction(1), Interval.point(Fraction(5, 6))),
            Rate(Fraction(3), Interval.point(Fraction(5, 12))),
        ),
    )
    second = Arm(5, (Rate(Fraction(2), Interval.point(Fraction(3, 5))),))
    graph = TwoArmGraph(first, second)
    assert graph.times == (1, 2, 3)
    found = graph.longest(lambda r1, r2: [Edge(*edge, -1) for edge in all_edges(r1, r2)])
    assert found is not None
    # An event in the first arm before 1 and one after it, and two of the second at one of these.
    assert found[0] == -2
    for arm, patients in zip((first, second), graph.observations(found[1]), strict=True):
        assert agrees(arm, patients)


def test_a_rate_that_no_patients_have_leaves_no_course() -> None:
    graph = TwoArmGraph(Arm(3, one_rate("0.4", "0.45")), Arm(3))
    assert not graph.is_possible
    assert graph.longest(lambda *_: []) is None
    assert graph.random_course(random.Random(0), lambda *_: [], 1.0) is None


def test_a_graph_beyond_its_budget_is_refused() -> None:
    arm = Arm(12, one_rate("0.3", "0.5"))
    with pytest.raises(GraphTooLargeError, match="more than 100 states of 12 patients"):
        TwoArmGraph(arm, arm, states=100)
    with pytest.raises(GraphTooLargeError, match="pairs of states"):
        TwoArmGraph(arm, arm, cells=100)


def test_equal_states_are_joined() -> None:
    # Of 681 estimates at 13 numbers at risk few differ in what can still become of them.
    assert TwoArmGraph(Arm(12, one_rate("0.4165", "0.4175")), Arm(0)).cells < 60


def test_numbers_and_times_must_make_sense() -> None:
    with pytest.raises(ValueError, match="found -1 patients"):
        Arm(-1)
    with pytest.raises(ValueError, match="times that increase"):
        Arm(3, (Rate(Fraction(2)), Rate(Fraction(1))))
    with pytest.raises(ValueError, match="times that increase"):
        Arm(3, (Rate(Fraction(0)),))


def test_an_arm_may_be_empty() -> None:
    assert TwoArmGraph(Arm(0), Arm(0)).longest(lambda *_: []) == (0, ())
    assert len(courses(0, 1)) > 1
    assert Arm(0).events == EVERYTHING


@pytest.mark.parametrize("number", [20_000, 10**9])
def test_arms_whose_numbers_would_fill_the_memory_are_refused(number: int) -> None:
    with pytest.raises(GraphTooLargeError, match=f"states of {number} patients"):
        TwoArmGraph(Arm(number, one_rate("0.3", "0.5")), Arm(2))
