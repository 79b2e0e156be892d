"""Bands of curves, against every curve that a few patients can have."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from random import Random

import pytest
from survival_patients import Patients, all_patients, survival, times_around

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curve_bands import curve_band, extreme_rate
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.printed_curves import PrintedCurve

POINT = Interval.point
MARK = 12
TIMES = tuple(times_around([MARK], 6))  # six times before and after the landmark
ASKED = (TIMES[2], Fraction(MARK), TIMES[9])  # with three times on either side of each


@lru_cache
def everybody(number: int) -> tuple[Patients, ...]:
    return tuple(all_patients(number, list(TIMES)))


def window(low: object, high: object) -> Interval:
    return Interval(Fraction(str(low)), Fraction(str(high)))


def random_printed(draw: Random, number: int) -> PrintedCurve:
    """Return what may be printed of some patients; often none have it."""
    rates: list[Landmark] = []
    if draw.random() < 0.8:
        low = Fraction(draw.randint(0, 16), 20)
        rate = Interval(low, low + Fraction(draw.randint(1, 8), 20))
        at_risk = POINT(draw.randint(0, number)) if draw.random() < 0.3 else EVERYTHING
        events = POINT(draw.randint(0, number)) if draw.random() < 0.2 else EVERYTHING
        rates.append(Landmark(Fraction(MARK), rate, at_risk=at_risk, events=events))
    if draw.random() < 0.2:
        rates.append(Landmark(None, events=POINT(draw.randint(0, number))))
    median = None
    if draw.random() < 0.4:
        ends = draw.sample(TIMES, 2)
        median = Interval(min(ends), max(ends))
    return PrintedCurve(
        number, tuple(rates), median, median_rule=draw.choice(("first", "below")),
        last=POINT(max(TIMES)) if draw.random() < 0.2 else EVERYTHING,
    )  # fmt: skip


def test_without_a_mean_the_band_is_the_hull_of_all_curves() -> None:
    draw = Random(1)
    empty = 0
    for _ in range(40):
        printed = random_printed(draw, draw.choice((2, 3)))
        fitting = [who for who in everybody(printed.number) if printed.is_met_by(who)]
        band = curve_band(printed, ASKED)
        if not fitting:
            empty += 1
            # The patients here have few times: between them there may be others.
            assert band.status == "infeasible" or printed.median is not None
            continue
        assert band.status == "feasible"
        assert band.is_exact
        for time, low, high in zip(band.times, band.low, band.high, strict=True):
            seen = [survival(who, time) for who in fitting]
            assert low <= min(seen)
            assert max(seen) <= high
            if time in ASKED and printed.median is None:
                assert (low, high) == (min(seen), max(seen))
    assert 3 < empty < 35


def test_a_median_in_one_stretch_gives_the_hull_too() -> None:
    # Each stretch has as many times as there are patients.
    marks = times_around([6, 12], 4)
    half = PrintedCurve(3, median=window(6, 12))
    fitting = [who for who in all_patients(3, marks) if half.is_met_by(who)]
    band = curve_band(half, [Fraction(6), Fraction(12)])
    seen = {time: [survival(who, time) for who in fitting] for time in band.times}
    assert band.is_exact
    assert band.low[1:] == tuple(min(seen[time]) for time in band.times[1:])
    assert band.high[1:] == tuple(max(seen[time]) for time in band.times[1:])
    # On the first day, at time 0, one may die.
    assert (band.low[0], band.high[0]) == (Fraction(2, 3), 1)


def patients_at_random(draw: Random) -> Patients:
    number = draw.randint(1, 14)
    shape = draw.choice((6, 20, 60))
    found = [Observation(Fraction(draw.randint(1, shape)), draw.random() < 0.7)]
    while len(found) < number:
        time = Fraction(draw.randint(1, shape)) if draw.random() < 0.5 else draw.choice(found).time
        found.append(Observation(time, draw.random() < 0.7))
    return tuple(found)


def around(draw: Random, value: Fraction) -> Interval:
    half = Fraction(1, draw.choice((2, 4, 20, 200)))
    shift = half * Fraction(draw.randint(-10, 10), 10)
    return Interval(max(value + shift - half, Fraction(0)), value + shift + half)


@pytest.mark.parametrize("reading", ["restricted", "observed", "event_times"])
def test_no_true_curve_lies_outside(reading: str) -> None:
    draw = Random(7)
    tight = 0
    for _ in range(80):
        patients = patients_at_random(draw)
        last = max(time for time, _ in patients)
        of_mean = PrintedCurve(len(patients), mean_reading=reading)
        mean = of_mean.mean_of(patients)
        rates = tuple(
            Landmark(Fraction(time), around(draw, survival(patients, Fraction(time))))
            for time in draw.sample(range(1, 40), draw.randint(0, 2))
        )
        if mean is None:
            continue
        printed = PrintedCurve(
            len(patients), rates, mean=around(draw, mean), mean_reading=reading,
            last=around(draw, last) if draw.random() < 0.5 else EVERYTHING,
        )  # fmt: skip
        asked = [Fraction(time) for time in range(0, int(last) + 1, 3)]
        band = curve_band(printed, asked)
        assert band.status == "feasible"
        assert set(asked) <= set(band.times)  # somebody is followed up to each of them
        for time, low, high in zip(band.times, band.low, band.high, strict=True):
            if time <= last:
                assert low <= survival(patients, time) <= high
                tight += high - low < Fraction(1, 2)
        assert all(a >= b for a, b in zip(band.low, band.low[1:], strict=False))
        assert all(a >= b for a, b in zip(band.high, band.high[1:], strict=False))
    assert tight > 50  # the bounds say something


def test_other_areas_bound_the_curve_from_one_side() -> None:
    # All of four patients die at 10: the area is 10, up to 6 it is 6, with a tail it is 14.
    patients = tuple(Observation(Fraction(10), True) for _ in range(4))
    for reading, mean in (("restricted_earlier", 6), ("restricted_later", 10), ("extended", 14)):
        printed = PrintedCurve(4, mean=POINT(mean), mean_reading=reading, last=POINT(10))
        band = curve_band(printed, [Fraction(t) for t in range(11)])
        for time, low, high in zip(band.times, band.low, band.high, strict=True):
            assert low <= survival(patients, time) <= high
    earlier = curve_band(
        PrintedCurve(4, mean=POINT(6), mean_reading="restricted_earlier", last=window(0, 10)),
        [Fraction(5)],
    )
    later = curve_band(
        PrintedCurve(4, mean=POINT(6), mean_reading="extended", last=POINT(10)), [Fraction(8)]
    )
    # Up to 5 the area is at most 5, and beyond it at most 5 s: s >= 1/5.
    assert earlier.low[earlier.times.index(Fraction(5))] == Fraction(1, 5)
    # Up to 8 it is at least 8 s, and beyond it at least a quarter of 2: s <= 11/16.
    assert later.high[later.times.index(Fraction(8))] == Fraction(11, 16)


def test_a_mean_below_half_of_the_median_has_no_curve() -> None:
    printed = PrintedCurve(50, median=window("85.5", "86.5"), mean=window("37.55", "37.65"))
    assert curve_band(printed).status == "infeasible"
    observed = PrintedCurve(
        50, median=window("85.5", "86.5"), mean=window("37.55", "37.65"), mean_reading="observed"
    )
    assert curve_band(observed).status == "feasible"


def test_a_band_by_hand() -> None:
    # S is 1/2 at 10 and area 12 up to 20 at most: before 10 at least 5, so that S(5) is at most
    # (12 - 2.5) / 5 before it and level after; floors of 1/4 hold up to 20.
    half = Landmark(Fraction(10), POINT(Fraction(1, 2)))
    printed = PrintedCurve(4, (half,), mean=POINT(9), last=POINT(20))
    band = curve_band(printed, [Fraction(5)])
    # Below: 10 * 1/2 + 10 * 1/4 = 7.5, which leaves 1.5 for the first five units: 0.8.
    assert band.high[band.times.index(Fraction(5))] == Fraction(4, 5)
    # Above: 5 + 5 s + 10 * 1/2 >= 9 holds for every s from 1/2.
    assert band.low[band.times.index(Fraction(5))] == Fraction(1, 2)


def test_extremes_are_those_of_all_patients() -> None:
    draw = Random(3)
    for _ in range(40):
        low = Fraction(draw.randint(0, 15), 20)
        mark = Landmark(Fraction(MARK), Interval(low, low + Fraction(3, 20)))
        fitting = [
            rate for who in everybody(3) if (rate := survival(who, Fraction(MARK))) in mark.rate
        ]
        for side, pick in (("least", min), ("greatest", max)):
            found = extreme_rate(3, [mark], mark, side)  # type: ignore[arg-type]
            if not fitting:
                assert found is None
            else:
                assert found is not None
                assert found.is_attained
                assert found.rate == pick(fitting)


def test_a_used_up_budget_leaves_a_sound_band() -> None:
    rates = tuple(
        Landmark(Fraction(t), window(0.9 - t / 100, 0.9 - t / 100 + 0.001))
        for t in range(10, 60, 5)
    )
    band = curve_band(PrintedCurve(150, rates), budget=50)
    assert band.status == "open"
    assert not band.is_exact
    assert all(low <= high for low, high in zip(band.low, band.high, strict=True))


def test_a_time_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="found the time -1"):
        curve_band(PrintedCurve(3), [Fraction(-1)])
