"""Landmarks of a curve: their order, and what belongs to one moment."""

from __future__ import annotations

from fractions import Fraction

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.landmarks import Landmark, in_order

YEAR = Fraction(12)
POINT = Interval.point


def test_landmarks_come_in_the_order_of_time_and_of_moments() -> None:
    marks = [
        Landmark(None),
        Landmark(YEAR, moment="after"),
        Landmark(YEAR),
        Landmark(Fraction(6), moment="after"),
        Landmark(YEAR, moment="before"),
    ]
    assert [(mark.time, mark.moment) for mark in in_order(marks)] == [
        (6, "after"),
        (12, "before"),
        (12, "at"),
        (12, "after"),
        (None, "at"),
    ]


def test_between_before_and_after_there_is_always_the_moment_itself() -> None:
    marks = in_order([Landmark(YEAR, moment="before"), Landmark(YEAR, moment="after")])
    assert [mark.moment for mark in marks] == ["before", "at", "after"]
    assert in_order(marks) == marks


def test_windows_of_one_moment_are_joined() -> None:
    low, high = Interval(Fraction(1, 5), Fraction(3, 5)), Interval(Fraction(2, 5), Fraction(1))
    [mark] = in_order(
        [
            Landmark(YEAR, low, events=POINT(3), ties=False),
            Landmark(YEAR, high, POINT(5), censored=POINT(4), ties=False),
        ]
    )
    assert mark.rate == Interval(Fraction(2, 5), Fraction(3, 5))
    assert (mark.at_risk, mark.events, mark.censored) == (POINT(5), POINT(3), POINT(4))
    assert not mark.ties


def test_numbers_at_risk_that_may_be_counted_at_two_moments_are_not_joined() -> None:
    [mark] = in_order([Landmark(YEAR, at_risk=POINT(5)), Landmark(YEAR, at_risk=POINT(4))])
    assert mark.at_risk == POINT(5)
    [mark] = in_order(
        [Landmark(YEAR, at_risk=POINT(5), ties=False), Landmark(YEAR, at_risk=POINT(4), ties=False)]
    )
    assert mark.at_risk.is_empty


def test_a_window_of_follow_up_is_one_of_rates_for_each_number_at_risk() -> None:
    half = Interval(Fraction(1, 2), Fraction(1, 2))
    exact, tied = (Landmark(YEAR, reverse=half, ties=ties) for ties in (False, True))
    assert exact.rates_given(3, 12) == POINT(Fraction(1, 2))
    # 1/4 <= S G, and S + G - 1 <= 1/4
    assert tied.rates_given(3, 12) == Interval(Fraction(1, 2), Fraction(3, 4))
    nobody = Landmark(YEAR, reverse=POINT(0))
    assert nobody.rates_given(3, 12).is_empty
    assert nobody.rates_given(0, 12) == nobody.rate
    assert Landmark(YEAR, reverse=EVERYTHING).rates_given(3, 12) == nobody.rate
