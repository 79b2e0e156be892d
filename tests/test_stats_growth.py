"""Doubling times and growth rates against floats over the windows, and by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.growth import doubling_time, growth_rate, relative_change

SIZES = st.fractions(Fraction(1, 2), 50, max_denominator=20)
DIMENSIONS = {"volume": 1, "area": 1.5, "diameter": 3}


@st.composite
def windows(draw: st.DrawFn) -> Interval:
    middle = draw(SIZES)
    half = draw(st.fractions(0, Fraction(2, 5), max_denominator=20))
    return Interval(middle - half, middle + half)


def within(window: Interval, share: Fraction) -> Fraction:
    assert window.low is not None
    assert window.high is not None
    return window.low + share * (window.high - window.low)


SHARES = st.fractions(0, 1, max_denominator=16)


@given(windows(), windows(), windows(), SHARES, SHARES, SHARES, st.sampled_from(list(DIMENSIONS)))
def test_what_any_numbers_of_the_windows_give_is_in_the_window(
    before: Interval, after: Interval, between: Interval,
    x: Fraction, y: Fraction, z: Fraction, measure: str,
) -> None:  # fmt: skip
    a, b, t = within(before, x), within(after, y), within(between, z)
    rate = DIMENSIONS[measure] * math.log(b / a) / float(t)
    found = growth_rate(before, after, between, measure)  # type: ignore[arg-type]
    assert found.low is not None
    assert found.high is not None
    slack = 1e-12 * (1 + abs(rate))
    assert float(found.low) - slack <= rate <= float(found.high) + slack
    if a != b:
        times = doubling_time(before, after, between, measure)  # type: ignore[arg-type]
        time = math.log(2) / rate
        assert any(
            (one.low is None or float(one.low) - 1e-9 * abs(time) <= time)
            and (one.high is None or time <= float(one.high) + 1e-9 * abs(time))
            for one in times
        )


@given(windows(), windows(), windows())
def test_the_ends_of_a_growth_rate_are_attained(
    before: Interval, after: Interval, between: Interval
) -> None:
    found = growth_rate(before, after, between)
    ends = [
        math.log(b / a) / float(t)
        for a in (before.low, before.high)
        for b in (after.low, after.high)
        for t in (between.low, between.high)
        if a is not None and b is not None and t is not None
    ]
    assert float(found.low or 0) == pytest.approx(min(ends), abs=1e-12)
    assert float(found.high or 0) == pytest.approx(max(ends), abs=1e-12)


def test_a_tumour_that_doubles_in_volume_needs_its_doubling_time() -> None:
    (found,) = doubling_time(Interval.point(3), Interval.point(6), Interval.point(120))
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 120 <= found.high
    assert found.high - found.low < Fraction(1, 10**25)


def test_a_diameter_grows_three_times_as_slowly_as_a_volume() -> None:
    (volume,) = doubling_time(Interval.point(2), Interval.point(3), Interval.point(90))
    (diameter,) = doubling_time(
        Interval.point(2), Interval.point(3), Interval.point(90), "diameter"
    )
    assert float(volume.low or 0) == pytest.approx(3 * float(diameter.low or 0))


def test_shrinkage_has_a_negative_doubling_time() -> None:
    (found,) = doubling_time(Interval.point(8), Interval.point(4), Interval.point(50))
    assert float(found.low or 0) == pytest.approx(-50)


def test_windows_that_overlap_leave_growth_and_shrinkage_open() -> None:
    wide = Interval(Fraction(39, 10), Fraction(41, 10))
    shrinks_or_grows = doubling_time(wide, wide, Interval.point(90))
    assert [one.high is None for one in shrinks_or_grows] == [True, False]
    assert [one.low is None for one in shrinks_or_grows] == [False, True]
    assert float(shrinks_or_grows[0].low or 0) > 0 > float(shrinks_or_grows[1].high or 0)


def test_measurements_that_touch_grow_or_stay() -> None:
    (grows,) = doubling_time(
        Interval(Fraction(3), Fraction(4)), Interval(Fraction(4), Fraction(5)), Interval.point(90)
    )
    assert grows.high is None
    (shrinks,) = doubling_time(
        Interval(Fraction(4), Fraction(5)), Interval(Fraction(3), Fraction(4)), Interval.point(90)
    )
    assert shrinks.low is None


def test_a_change_as_a_share_is_that_of_the_ends() -> None:
    found = relative_change(
        Interval(Fraction(49), Fraction(51)), Interval(Fraction(34), Fraction(36))
    )
    assert (found.low, found.high) == (Fraction(34, 51) - 1, Fraction(36, 49) - 1)
    assert relative_change(Interval.point(50), Interval.point(0)).low == -1


@pytest.mark.parametrize(
    ("before", "after", "between", "said"),
    [
        (Interval.point(0), Interval.point(1), Interval.point(1), "the first measurement"),
        (Interval.point(1), Interval(Fraction(1), None), Interval.point(1), "the second"),
        (Interval.point(1), Interval.point(2), Interval.point(0), "the time between"),
        (Interval.point(2), Interval.point(2), Interval.point(1), "two different"),
    ],
)
def test_bad_measurements_are_refused(
    before: Interval, after: Interval, between: Interval, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        doubling_time(before, after, between)


def test_an_unknown_measure_and_a_negative_size_are_refused() -> None:
    with pytest.raises(ValueError, match="found measure 'weight'"):
        growth_rate(Interval.point(1), Interval.point(2), Interval.point(1), "weight")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 0"):
        relative_change(Interval.point(1), Interval.point(-1))
