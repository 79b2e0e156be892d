"""Patients who are constructed from printed rates, medians and means."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from survival_patients import survival

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.constructed_patients import patients_with_mean
from netcore.stats.survival.curves import Observation, area, kaplan_meier
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_landmarks, median_of
from netcore.stats.survival.standard_errors import mean_variance, squared


def rounded(value: Fraction, decimals: int) -> Interval:
    """Return the window of a value that is printed to some decimals."""
    step = Fraction(1, 10**decimals)
    near = round(value / step) * step
    return Interval(near - step / 2, near + step / 2)


def test_patients_are_found_who_have_what_is_printed_of_others() -> None:
    random = Random(11)
    found, tried = 0, 0
    for _ in range(25):
        number = random.randint(5, 30)
        true = [
            Observation(Fraction(random.randint(1, 500), 10), random.random() < 0.6)
            for _ in range(number)
        ]
        steps = kaplan_meier(true)
        end = max(who.time for who in true)
        mean = rounded(area(steps, end), 1)
        marks = [
            Landmark(Fraction(time), rounded(survival(tuple(true), Fraction(time)), 3))
            for time in (12, 24)
        ]
        median = median_of(true, "first")
        windows = None if median is None else rounded(median, 0)
        marks += median_landmarks("first", windows, number)
        error = random.choice([EVERYTHING, Interval(Fraction(0), Fraction(20))])
        patients = patients_with_mean(number, marks, mean, error=error, tries=100)
        tried += 1
        if patients is None:
            continue
        found += 1
        assert len(patients) == number
        for mark in marks[:2]:
            assert mark.time is not None
            assert survival(patients, mark.time) in mark.rate
        reached = median_of(patients, "first")
        assert (reached is None) if windows is None else (reached in windows)
        last = max(who.time for who in patients)
        assert area(kaplan_meier(patients), last) in mean
        assert mean_variance(kaplan_meier(patients), last) in squared(error)
    assert found > tried * 2 // 3


def test_all_may_have_left_by_the_last_landmark() -> None:
    marks = [
        Landmark(Fraction(12), Interval.point(Fraction(1, 2))),
        Landmark(Fraction(24), Interval.point(0), Interval.point(0)),
    ]
    mean = Interval(Fraction(119, 10), Fraction(121, 10))
    patients = patients_with_mean(8, marks, mean)
    assert patients is not None
    assert max(who.time for who in patients) <= 24
    assert survival(patients, Fraction(12)) == Fraction(1, 2)
    assert area(kaplan_meier(patients), max(who.time for who in patients)) in mean


def test_the_last_time_and_the_standard_error_are_kept() -> None:
    marks = [Landmark(Fraction(12), Interval.point(Fraction(5, 12)))]
    mean = Interval(Fraction(345, 20), Fraction(347, 20))
    last = Interval(Fraction(45), Fraction(50))
    error = Interval(Fraction(35, 10), Fraction(45, 10))
    patients = patients_with_mean(12, marks, mean, last, error)
    assert patients is not None
    end = max(who.time for who in patients)
    assert end in last
    assert area(kaplan_meier(patients), end) in mean
    assert mean_variance(kaplan_meier(patients), end) in squared(error)


@pytest.mark.parametrize(
    ("rate", "mean", "last"),
    [
        (Fraction(2, 5), 10, 40),  # no such rate of three patients
        (Fraction(1, 3), 39, 40),  # at most 12 + 28 / 3
        (Fraction(1, 3), 3, 40),  # at least 12 / 3
    ],
)
def test_none_are_found_where_there_are_none(rate: Fraction, mean: int, last: int) -> None:
    mark = Landmark(Fraction(12), Interval.point(rate))
    assert patients_with_mean(3, [mark], Interval.point(mean), Interval.point(last)) is None


def test_no_group_is_refused_and_a_search_without_budget_finds_none() -> None:
    with pytest.raises(ValueError, match="found 0 patients"):
        patients_with_mean(0, [], EVERYTHING)
    mark = Landmark(Fraction(12), Interval(Fraction(1, 3), Fraction(1, 2)))
    assert patients_with_mean(20, [mark], Interval.point(15), budget=3) is None
