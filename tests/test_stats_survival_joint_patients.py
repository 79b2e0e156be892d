"""Constructed patients with two endpoints: all values recomputed, here and by lifelines."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.course_times import TimeSystem
from netcore.stats.survival.curves import Observation, area, kaplan_meier, rate_at
from netcore.stats.survival.joint_endpoints import Course, Endpoint, have_both, is_coherent
from netcore.stats.survival.joint_patients import JointPatients, joint_patients
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_of
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.weighted_tests import TESTS

YEARS = Fraction(24)


def near(value: object, half: object) -> Interval:
    middle, width = Fraction(str(value)), Fraction(str(half))
    return Interval(middle - width, middle + width)


def arm(number: int, rate: str, **more: object) -> PrintedCurve:
    marks = (Landmark(YEARS, near(rate, "0.005")),)
    return PrintedCurve(number, marks, **more)  # type: ignore[arg-type]


def endpoints(test: str = "log_rank") -> tuple[Endpoint, Endpoint]:
    """Return 12 against 14 patients with rates at two years and two p-values."""
    return (
        Endpoint((arm(12, "0.38"), arm(14, "0.44")), near("0.90", "0.005"), test),
        Endpoint((arm(12, "0.80"), arm(14, "1")), near("0.16", "0.005"), test),
    )


def columns(patients: tuple[Course, ...], which: int) -> tuple[list[float], list[bool]]:
    ends = [who[which] for who in patients]
    return [float(end.time) for end in ends], [end.event for end in ends]


def by_lifelines(found: JointPatients) -> list[tuple[str, str, str]]:
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test

    rows = []
    for which in (0, 1):
        (t1, e1), (t2, e2) = (columns(patients, which) for patients in found)
        rates = [
            KaplanMeierFitter().fit(times, events).predict(24.0)
            for times, events in ((t1, e1), (t2, e2))
        ]
        p = logrank_test(t1, t2, e1, e2).p_value
        rows.append((f"{100 * rates[0]:.0f}", f"{100 * rates[1]:.0f}", f"{p:.2f}"))
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_two_endpoints_with_rates_and_p_values_have_patients(seed: int) -> None:
    pytest.importorskip("lifelines")
    earlier, later = endpoints()
    found = joint_patients(earlier, later, seed=seed)
    assert found is not None
    assert have_both(earlier, later, found)
    assert is_coherent([*found[0], *found[1]])
    assert by_lifelines(found) == [("38", "44", "0.90"), ("80", "100", "0.16")]
    assert found == joint_patients(earlier, later, seed=seed)


@pytest.mark.parametrize("test", ["gehan", "peto"])
def test_other_tests_have_patients_too(test: str) -> None:
    found = joint_patients(*endpoints(test))
    assert found is not None
    assert have_both(*endpoints(test), found)


def test_medians_and_means_are_met_too() -> None:
    earlier = Endpoint(
        (
            PrintedCurve(8, median=near(9, "0.5"), mean=near(14, "0.5")),
            PrintedCurve(9, median=near(16, "0.5"), mean=near(20, "0.05")),
        ),
        near("0.20", "0.05"),
    )
    later = Endpoint(
        (
            PrintedCurve(8, median=near(20, "0.5")),
            PrintedCurve(9, (Landmark(YEARS, near("0.7", "0.05")),), mean=near(30, "0.5"),
                         mean_reading="observed"),
        )
    )  # fmt: skip
    found = joint_patients(earlier, later)
    assert found is not None
    one, two = found
    first = [who.first for who in one]
    assert median_of(first, "first") in near(9, "0.5")
    assert area(kaplan_meier(first), max(first).time) in near(14, "0.5")
    assert median_of([who.second for who in one], "first") in near(20, "0.5")
    assert sum((who.second.time for who in two), Fraction(0)) / 9 in near(30, "0.5")
    assert rate_at(kaplan_meier([who.second for who in two]), YEARS) in near("0.7", "0.05")


def test_values_of_random_patients_are_found_again() -> None:
    draw = Random(6)
    found = 0
    for _ in range(8):
        arms = []
        for number in (draw.randint(4, 8), draw.randint(4, 8)):
            courses = []
            for _ in range(number):
                death, lost = draw.randint(3, 60), draw.randint(10, 50)
                first = min(draw.randint(1, 40), death)
                courses.append(
                    Course(
                        Observation(Fraction(min(first, lost)), first <= lost),
                        Observation(Fraction(min(death, lost)), death <= lost),
                    )
                )
            arms.append(courses)

        def endpoint(which: int, arms: list[list[Course]] = arms) -> Endpoint:
            return Endpoint(
                *[
                    tuple(
                        PrintedCurve(
                            len(courses),
                            (
                                Landmark(
                                    YEARS,
                                    near(
                                        rate_at(kaplan_meier([c[which] for c in courses]), YEARS),
                                        "0.005",
                                    ),
                                ),
                            ),
                        )
                        for courses in arms
                    )
                ]  # type: ignore[arg-type]
            )

        # The patients are there, so that some are to be found.
        earlier, later = endpoint(0), endpoint(1)
        patients = joint_patients(earlier, later)
        assert patients is not None
        assert have_both(earlier, later, patients)
        found += 1
    assert found == 8


def test_what_nobody_has_is_not_found() -> None:
    impossible = Endpoint((arm(3, "0.40"), arm(3, "1")))
    assert joint_patients(impossible, Endpoint((arm(3, "1"), arm(3, "1")))) is None
    small = near("0.001", "0.0005")
    rates = Endpoint((arm(3, "1"), arm(3, "1")), small)
    assert joint_patients(rates, Endpoint((arm(3, "1"), arm(3, "1"))), tries=1) is None
    everyone_dies = Landmark(None, events=Interval.point(3))
    nobody_progresses = Landmark(None, events=Interval.point(0))
    died = Endpoint((PrintedCurve(3, (everyone_dies,)), PrintedCurve(3)))
    free = Endpoint((PrintedCurve(3, (nobody_progresses,)), PrintedCurve(3)))
    assert joint_patients(free, died, tries=1) is None
    assert joint_patients(died, free, tries=1) is not None


def test_arms_too_large_for_a_graph_are_left_open() -> None:
    wide = tuple(
        PrintedCurve(
            400, tuple(Landmark(Fraction(t), near(1 - t / 50, "0.01")) for t in (5, 9, 15))
        )
        for _ in (0, 1)
    )
    assert joint_patients(Endpoint((wide[0], wide[1])), Endpoint((wide[0], wide[1]))) is None


def test_other_numbers_of_patients_are_refused() -> None:
    one = Endpoint((PrintedCurve(3), PrintedCurve(4)))
    other = Endpoint((PrintedCurve(3), PrintedCurve(5)))
    with pytest.raises(ValueError, match=r"found arms of \[3, 4\]"):
        joint_patients(one, other)


def test_every_test_by_name_is_known() -> None:
    for key in TESTS:
        assert Endpoint((PrintedCurve(3), PrintedCurve(3)), EVERYTHING, key).measure is not None


def test_times_are_even_and_meet_what_is_demanded() -> None:
    system = TimeSystem()
    places = [system.time(0, 10, aim) for aim in (2, 4, 6)]
    system.demand(dict.fromkeys(places, 1.0), 15, float("inf"))
    system.demand({places[1]: 1, places[0]: -1}, 1, float("inf"))
    found = system.solution()
    assert found == pytest.approx([3, 5, 7])
    system.demand({places[0]: 1.0}, 11, float("inf"))
    assert system.solution() is None
    assert TimeSystem().solution() == []
