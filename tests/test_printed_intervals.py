"""Intervals against membership on a grid finer than their ends."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval, format_fraction

ENDS = [None, *(Fraction(half, 2) for half in range(-3, 4))]
# Quarters lie between the ends, so that an open interval cannot hide.
GRID = [Fraction(quarter, 4) for quarter in range(-12, 13)]
INTERVALS = [
    Interval(low, high, low_closed, high_closed)
    for low, high in product(ENDS, ENDS)
    for low_closed, high_closed in product([True, False], repeat=2)
]


def members(interval: Interval) -> list[Fraction]:
    return [x for x in GRID if x in interval]


@given(
    st.sampled_from(INTERVALS),
    st.fractions(min_value=-2, max_value=2, max_denominator=12),
)
@settings(deadline=None)
def test_a_number_is_in_an_interval_if_it_passes_both_ends(interval: Interval, x: Fraction) -> None:
    above = interval.low is None or (x >= interval.low if interval.low_closed else x > interval.low)
    below = interval.high is None or (
        x <= interval.high if interval.high_closed else x < interval.high
    )
    assert (x in interval) == (above and below)


def test_an_interval_is_empty_if_nothing_is_in_it() -> None:
    for interval in INTERVALS:
        assert interval.is_empty == (not members(interval)), str(interval)


@given(st.sampled_from(INTERVALS), st.sampled_from(INTERVALS))
@settings(deadline=None)
def test_meeting_intervals_share_what_is_in_both(one: Interval, other: Interval) -> None:
    shared = [x for x in members(one) if x in other]
    assert members(one.meet(other)) == members(other.meet(one)) == shared
    assert one.meets(other) == other.meets(one) == bool(shared)


def test_everything_takes_nothing_away() -> None:
    for interval in INTERVALS:
        assert interval.meet(EVERYTHING) == interval
        assert members(EVERYTHING.meet(interval)) == members(interval)


def test_integers_are_the_whole_numbers_in_the_interval() -> None:
    bounded = [i for i in INTERVALS if i.low is not None and i.high is not None]
    for interval in bounded:
        whole = [int(x) for x in members(interval) if x.denominator == 1]
        assert list(interval.integers()) == whole, str(interval)


@pytest.mark.parametrize(
    "interval", [EVERYTHING, Interval(None, Fraction(1)), Interval(Fraction(1), None)]
)
def test_integers_need_two_ends(interval: Interval) -> None:
    with pytest.raises(ValueError, match="expected an interval with two ends"):
        interval.integers()


def test_a_point_holds_one_value() -> None:
    assert members(Interval.point(1)) == [1]
    assert Interval.point(Fraction(1, 3)).low == Fraction(1, 3)


def test_a_float_is_in_no_interval() -> None:
    assert 0.5 not in EVERYTHING
    assert "1" not in EVERYTHING
    assert None not in EVERYTHING


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (EVERYTHING, "(-inf, inf)"),
        (Interval(Fraction(1, 3), None, low_closed=False), "(1/3, inf)"),
        (Interval(None, Fraction(-1, 8)), "(-inf, -0.125]"),
        (Interval(Fraction(0), Fraction(5, 100), high_closed=False), "[0, 0.05)"),
    ],
)
def test_an_interval_is_written_with_exact_ends(interval: Interval, text: str) -> None:
    assert str(interval) == text


@given(st.fractions())
@settings(deadline=None)
def test_a_written_fraction_reads_as_itself(value: Fraction) -> None:
    assert Fraction(format_fraction(value)) == value


@given(st.integers(-(10**6), 10**6), st.integers(0, 8))
@settings(deadline=None)
def test_a_decimal_is_written_as_the_shortest_one(units: int, decimals: int) -> None:
    text = format_fraction(Fraction(units, 10**decimals))
    assert "/" not in text
    assert "." not in text or text[-1] != "0"
    assert text != "-0"
