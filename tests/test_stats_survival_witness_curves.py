"""Constructed patients of one group and of two, recomputed here and by lifelines."""

from __future__ import annotations

from fractions import Fraction

import pytest

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curve_bands import curve_band
from netcore.stats.survival.curves import kaplan_meier, rate_at
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_of
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.witness_curves import groups_with_p, witness_curves


def near(value: object, half: object) -> Interval:
    middle, width = Fraction(str(value)), Fraction(str(half))
    return Interval(middle - width, middle + width)


def group(number: int, median: int, mean: str, spread: str, reading: str) -> PrintedCurve:
    return PrintedCurve(
        number, median=near(median, "0.5"), mean=near(mean, "0.05"), mean_reading=reading,
        spread=near(spread, "0.05"), last=Interval(Fraction(0), Fraction(192)),
    )  # fmt: skip


@pytest.mark.parametrize(
    "printed",
    [
        group(92, 48, "27.4", "2.9", "restricted"),
        group(50, 86, "37.6", "4.3", "observed"),
        group(50, 60, "37.6", "4.3", "event_times"),
        PrintedCurve(20, (Landmark(Fraction(12), near("0.61", "0.005")),)),
        PrintedCurve(20, median=near(9, "0.05"), median_rule="midpoint", mean=near(12, "0.05")),
        PrintedCurve(21, median=near(9, "0.05"), median_rule="interpolated"),
        PrintedCurve(9, (Landmark(None, events=Interval.point(4)),)),
    ],
)
def test_several_patients_have_all_that_is_printed(printed: PrintedCurve) -> None:
    found = witness_curves(printed, 2, seed=3)
    assert len(set(found)) == 2
    assert all(printed.is_met_by(patients) for patients in found)
    assert found == witness_curves(printed, 2, seed=3)
    grid = [Fraction(time) for time in range(0, 190, 10)]
    band = curve_band(printed, grid)
    for patients in found:
        steps = kaplan_meier(patients)
        for time, low, high in zip(band.times, band.low, band.high, strict=True):
            if time <= patients[-1].time:
                assert low <= rate_at(steps, time) <= high


def test_lifelines_gives_the_printed_numbers_too() -> None:
    lifelines = pytest.importorskip("lifelines")
    from lifelines.utils import restricted_mean_survival_time

    for patients in witness_curves(group(50, 60, "37.6", "4.3", "restricted"), 2):
        times, events = [float(t) for t, _ in patients], [event for _, event in patients]
        fitter = lifelines.KaplanMeierFitter().fit(times, events)
        mean = restricted_mean_survival_time(fitter, t=max(times))
        assert f"{fitter.median_survival_time_:.0f}" == "60"
        assert f"{mean:.1f}" == "37.6"


def test_two_groups_of_usual_size_have_a_p_value_of_five_digits() -> None:
    lifelines = pytest.importorskip("lifelines.statistics")
    first = group(50, 60, "37.6", "4.3", "restricted")
    second = group(92, 28, "22.9", "2.8", "restricted")
    found = groups_with_p(first, second, near("0.04533", "0.000005"))
    assert found is not None
    assert first.is_met_by(found[0])
    assert second.is_met_by(found[1])
    assert median_of(found[1], "first") in near(28, "0.5")
    columns = [
        ([float(time) for time, _ in patients], [event for _, event in patients])
        for patients in found
    ]
    (t1, e1), (t2, e2) = columns
    assert f"{lifelines.logrank_test(t1, t2, e1, e2).p_value:.5f}" == "0.04533"


def test_what_nobody_has_is_not_found() -> None:
    assert witness_curves(PrintedCurve(3, (Landmark(Fraction(12), near("0.4", "0.01")),)), 1) == ()
    assert witness_curves(group(50, 86, "37.6", "4.3", "restricted"), 1) == ()
    tail = PrintedCurve(9, mean=near(12, 1), mean_reading="extended")
    assert witness_curves(tail, 1) == ()
    tiny = PrintedCurve(2), PrintedCurve(2)
    assert groups_with_p(*tiny, near("0.001", "0.0005"), moves=50) is None


def test_without_a_p_value_any_pair_will_do() -> None:
    found = groups_with_p(PrintedCurve(4), PrintedCurve(5), EVERYTHING)
    assert found is None or (len(found[0]), len(found[1])) == (4, 5)
