"""Patients fitted to all that is printed of a curve."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval, parse_printed
from netcore.stats.survival.curves import Observation, area, kaplan_meier, rate_at
from netcore.stats.survival.fitted_patients import TARGETS, Target, fitted_patients, value_of
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_landmarks, median_of


def window(text: str) -> Interval:
    return parse_printed(text).window("nearest")


def percent(text: str) -> Interval:
    found = window(text)
    assert found.low is not None
    assert found.high is not None
    return Interval(found.low / 100, found.high / 100)


def shown(value: Fraction | float | None, decimals: int = 1, *, root: bool = False) -> str:
    assert value is not None
    return f"{float(value) ** (0.5 if root else 1):.{decimals}f}"


@pytest.mark.parametrize(
    ("number", "median", "mean", "error"),
    [(92, "60", "37.6", "4.3"), (50, "28", "22.9", "2.8"), (30, "11", "14.2", "2.6")],
)
def test_patients_have_median_mean_and_its_standard_error(
    number: int, median: str, mean: str, error: str
) -> None:
    marks = median_landmarks("first", window(median), number)
    targets = [Target("area", window(mean)), Target("area_error", window(error))]
    found = fitted_patients(number, marks, targets)
    assert found is not None
    assert len(found) == number
    assert shown(median_of(found, "first"), 0) == median
    assert shown(area(kaplan_meier(found), found[-1].time)) == mean
    assert shown(value_of(found, "area_error"), root=True) == error


def test_a_plain_mean_may_lie_far_below_half_of_the_median() -> None:
    marks = median_landmarks("first", window("86"), 92)
    targets = [Target("observed", window("37.6")), Target("observed_error", window("4.3"))]
    found = fitted_patients(92, marks, targets)
    assert found is not None
    times = [who.time for who in found]
    mean = sum(times) / len(times)
    spread = sum((time - mean) ** 2 for time in times) / (len(times) - 1) / len(times)
    assert (shown(mean), shown(spread, root=True)) == ("37.6", "4.3")
    assert shown(median_of(found, "first"), 0) == "86"


def test_rates_at_printed_times_are_kept() -> None:
    marks = [
        Landmark(Fraction(12), percent("70.2")),
        Landmark(Fraction(24), percent("41.7"), at_risk=Interval.point(9)),
    ]
    targets = [Target("area", window("17.4"), Fraction(24))]
    found = fitted_patients(33, marks, targets)
    assert found is not None
    steps = kaplan_meier(found)
    rates = [shown(100 * rate_at(steps, Fraction(time))) for time in (12, 24)]
    assert rates == ["70.2", "41.7"]
    assert shown(area(steps, Fraction(24))) == "17.4"
    risk = {sum(who.time >= 24 for who in found), sum(who.time > 24 for who in found)}
    assert 9 in risk


def test_nobody_is_followed_for_longer_than_asked() -> None:
    marks = median_landmarks("first", window("20"), 40)
    found = fitted_patients(40, marks, [Target("area", window("23"))], Fraction(40))
    assert found is not None
    assert max(who.time for who in found) <= 40


def test_where_no_curve_is_left_none_is_found() -> None:
    marks = [Landmark(Fraction(12), percent("40")), Landmark(Fraction(24), percent("60"))]
    assert fitted_patients(20, marks, []) is None


def test_a_mean_out_of_reach_is_not_found() -> None:
    marks = median_landmarks("first", window("86"), 40)
    targets = [Target("area", window("37.6"))]
    assert fitted_patients(40, marks, targets, tries=6, moves=40) is None


def test_unknown_targets_and_no_patients_are_refused() -> None:
    with pytest.raises(ValueError, match="expected one of area"):
        Target("variance", EVERYTHING)
    with pytest.raises(ValueError, match="found 0 patients"):
        fitted_patients(0, [], [])


def test_the_same_seed_gives_the_same_patients() -> None:
    marks = median_landmarks("first", window("20"), 25)
    targets = [Target("area", window("23"))]
    assert fitted_patients(25, marks, targets, seed=3) == fitted_patients(
        25, marks, targets, seed=3
    )


def test_values_agree_with_lifelines() -> None:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    draw = Random(5)
    for _ in range(10):
        patients = [
            Observation(Fraction(draw.randint(1, 60)), draw.random() < 0.6) for _ in range(25)
        ]
        fitter = KaplanMeierFitter().fit(
            [float(who.time) for who in patients], [who.event for who in patients]
        )
        value = value_of(patients, "area", Fraction(30))
        assert value is not None
        expected = restricted_mean_survival_time(fitter, t=30)
        assert float(value) == pytest.approx(float(expected))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(TARGETS))
def test_whatever_is_returned_has_the_value_of_true_patients(seed: int, kind: str) -> None:
    draw = Random(seed)
    true = [Observation(Fraction(draw.randint(1, 400), 10), draw.random() < 0.7) for _ in range(15)]
    until = Fraction(12) if kind == "greenwood" else None
    value = value_of(true, kind, until)
    if value is None:
        return
    steps = kaplan_meier(true)
    rate = rate_at(steps, Fraction(12))
    marks = [Landmark(Fraction(12), Interval(rate - Fraction(1, 100), rate + Fraction(1, 100)))]
    squared = Target(kind, EVERYTHING).is_squared
    middle = Fraction(float(value) ** (0.5 if squared else 1))
    target = Target(kind, Interval(middle - Fraction(1, 2), middle + Fraction(1, 2)), until)
    found = fitted_patients(15, marks, [target], tries=8, moves=30)
    if found is None:
        return  # it may fail, and then proves nothing
    assert rate_at(kaplan_meier(found), Fraction(12)) in marks[0].rate
    given_back = value_of(found, kind, until)
    assert given_back is not None
    assert float(given_back) ** (0.5 if squared else 1) == pytest.approx(float(middle), abs=0.5001)
