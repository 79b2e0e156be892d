"""Interval arithmetic holds every exact result, and no more than it must."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.interval_arithmetic import hull, interval_ratio, interval_sum, scaled

numbers = st.fractions(-9, 9, max_denominator=8)


@st.composite
def intervals_with_a_point(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """Draw an interval, perhaps without an end or with an open one, and a number in it."""
    low, point, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    interval = Interval(
        draw(st.sampled_from([low, None])),
        draw(st.sampled_from([high, None])),
        low == point or draw(st.booleans()),
        high == point or draw(st.booleans()),
    )
    return interval, point


@given(st.lists(intervals_with_a_point(), min_size=1, max_size=4))
def test_sums_and_hulls_hold_every_point(drawn: list[tuple[Interval, Fraction]]) -> None:
    intervals = [interval for interval, _ in drawn]
    assert sum(point for _, point in drawn) in interval_sum(intervals)
    assert all(point in hull(intervals) for _, point in drawn)


@given(intervals_with_a_point(), intervals_with_a_point())
def test_a_ratio_holds_every_quotient(
    one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]
) -> None:
    ratio = interval_ratio(one[0], other[0])
    if ratio is None:
        assert other[0].meets(Interval(Fraction(-1, 10**9), Fraction(1, 10**9)))
    else:
        assert one[1] / other[1] in ratio


@given(*[st.tuples(numbers, numbers)] * 2)
def test_the_ends_of_a_ratio_are_quotients(
    one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]
) -> None:
    top, bottom = Interval(*sorted(one)), Interval(*sorted(other))
    ratio = interval_ratio(top, bottom)
    if ratio is not None:
        corners = [a / b for a in one for b in other]
        assert (ratio.low, ratio.high) == (min(corners), max(corners))


@given(intervals_with_a_point(), numbers.filter(bool))
def test_a_scaled_interval_holds_every_multiple(
    drawn: tuple[Interval, Fraction], factor: Fraction
) -> None:
    interval, point = drawn
    assert point * factor in scaled(interval, factor)
    assert scaled(scaled(interval, factor), 1 / factor) == interval


def test_a_sum_is_open_where_a_summand_is() -> None:
    closed, half = (
        Interval(Fraction(0), Fraction(1)),
        Interval(Fraction(0), Fraction(1), True, False),
    )
    assert str(interval_sum([closed, half])) == "[0, 2)"
    assert interval_sum([]) == Interval.point(0)


def test_nothing_follows_where_the_denominator_may_be_zero() -> None:
    assert interval_ratio(Interval.point(1), Interval(Fraction(0), Fraction(1))) is None
    assert interval_ratio(Interval.point(1), Interval(Fraction(-1), Fraction(1))) is None
    assert interval_ratio(Interval.point(1), Interval(None, Fraction(1))) is None


def test_ratios_of_numbers_without_an_end() -> None:
    above = Interval(Fraction(2), None)
    assert str(interval_ratio(Interval.point(1), above)) == "[0, 0.5]"
    assert str(interval_ratio(above, Interval.point(2))) == "[1, inf)"
    assert interval_ratio(EVERYTHING, Interval.point(2)) == EVERYTHING


def test_senseless_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="factor 0"):
        scaled(Interval.point(1), Fraction(0))
    with pytest.raises(ValueError, match="at least one"):
        hull([])
