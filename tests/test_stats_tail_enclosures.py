"""Tails of the normal and of Student's distribution: fractions that the true value lies between."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tail_checks import checked_normal_tail, checked_student_tail

from netcore.stats.tail_enclosures import normal_tail, student_tail, two_sided_quantile

SQUARES = st.fractions(Fraction(1, 4), 60, max_denominator=1000)
FREEDOMS = st.one_of(st.integers(1, 60).map(Fraction), st.fractions(1, 60, max_denominator=10**6))


@settings(max_examples=40, deadline=None)
@given(SQUARES, FREEDOMS)
def test_the_tail_of_student_meets_that_of_other_series(square: Fraction, df: Fraction) -> None:
    low, high = student_tail(square, df)
    other_low, other_high = checked_student_tail(square, df)
    assert 0 < low < high < 1
    assert high - low < Fraction(1, 10**15)
    assert low <= other_high
    assert other_low <= high
    assert other_high - other_low < Fraction(1, 10**15)


@settings(max_examples=30, deadline=None)
@given(st.fractions(Fraction(1, 2), 60, max_denominator=1000))
def test_the_tail_of_the_normal_meets_that_of_a_continued_fraction(square: Fraction) -> None:
    low, high = normal_tail(square)
    other_low, other_high = checked_normal_tail(square)
    assert max(low, other_low) <= min(high, other_high)
    assert other_high - other_low < Fraction(1, 10**15)


@settings(max_examples=40, deadline=None)
@given(st.fractions(0, 1000, max_denominator=10**6), st.fractions(1, 3000, max_denominator=10**6))
def test_the_tail_is_that_of_scipy(square: Fraction, df: Fraction) -> None:
    from scipy.stats import t

    low, high = student_tail(square, df)
    # The incomplete beta function of scipy has errors of some 1e-13 of the value.
    value = 2 * t.sf(float(square) ** 0.5, float(df))
    assert float(low) * (1 - 1e-10) <= value <= float(high) * (1 + 1e-10)


def decimal_root(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


@pytest.mark.parametrize("square", [Fraction(1, 1000), Fraction(2), Fraction(17, 3), Fraction(900)])
def test_two_and_four_degrees_of_freedom_have_closed_forms(square: Fraction) -> None:
    # With c = cos^2: 1 - sin and 1 - sin (1 + c / 2) (Abramowitz and Stegun 1964, 26.7.4).
    getcontext().prec = 50
    for df, factor in ((2, Fraction(1)), (4, 1 + Fraction(1, 2) * 4 / (4 + square))):
        sine = decimal_root(square / (df + square))
        exact = 1 - Fraction(sine) * factor
        low, high = student_tail(square, df)
        slack = Fraction(1, 10**45)  # of the decimals, not of the enclosure
        assert low - slack <= exact <= high + slack


def test_one_degree_of_freedom_beyond_one_is_a_half() -> None:
    low, high = student_tail(Fraction(1), 1)  # 1 - (2 / pi) arctan 1
    assert low <= Fraction(1, 2) <= high
    # arctan sqrt(3) is pi / 3
    low, high = student_tail(Fraction(3), 1)
    assert low <= Fraction(1, 3) <= high


@pytest.mark.parametrize(
    ("df", "tail", "value"),
    [
        # R: print(qt(1 - tail / 2, df), digits = 13); fewer digits are in any table of the distribution.
        (1, "0.05", "12.70620473617"),
        (2, "0.01", "9.924843200918"),
        (10, "0.05", "2.228138851986"),
        (30, "0.05", "2.042272456301"),
        (120, "0.01", "2.617421145107"),
        (None, "0.05", "1.959963984540"),
        (None, "0.01", "2.575829303549"),
    ],
)
def test_quantiles_are_those_of_tables(df: int | None, tail: str, value: str) -> None:
    low, high = two_sided_quantile(Fraction(tail), df)
    printed = Fraction(value)
    half = Fraction(1, 10 ** len(value.partition(".")[2])) / 2
    assert (printed - half) ** 2 <= high
    assert low <= (printed + half) ** 2
    assert (high - low) * 10**15 < high


@given(
    st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000), st.integers(1, 40)
)
@settings(max_examples=20, deadline=None)
def test_a_quantile_is_where_the_tail_is(probability: Fraction, df: int) -> None:
    low, high = two_sided_quantile(probability, df)
    assert student_tail(low, df).high >= probability
    assert student_tail(high, df).low <= probability


@given(SQUARES, st.fractions(1, 40, max_denominator=50), st.fractions(0, 5, max_denominator=50))
@settings(max_examples=40, deadline=None)
def test_the_tail_falls_in_the_statistic_and_in_the_degrees_of_freedom(
    square: Fraction, df: Fraction, more: Fraction
) -> None:
    here = student_tail(square, df)
    assert student_tail(square + more, df).low <= here.high
    assert student_tail(square, df + more).low <= here.high
    assert normal_tail(square).low <= here.high


@pytest.mark.parametrize("df", [Fraction(1), Fraction(29), Fraction(1001, 3), Fraction(20_000)])
@pytest.mark.parametrize("root", [Fraction(1, 10**7), Fraction(1, 10**4), Fraction(1, 100)])
def test_a_statistic_next_to_zero_has_a_narrow_enclosure(df: Fraction, root: Fraction) -> None:
    from scipy.stats import t

    low, high = student_tail(root**2, df)
    assert high - low < Fraction(1, 10**15)
    # One less the tail, from the density, has no cancellation.
    inside = 2 * float(root) * t.pdf(float(root) / 3**0.5, float(df))
    assert float(1 - high) <= inside * (1 + 1e-7)
    assert inside * (1 - 1e-7) <= float(1 - low)


def test_far_out_and_with_many_degrees_of_freedom_bounds_are_wide_but_hold() -> None:
    from scipy.stats import norm, t

    low, high = student_tail(Fraction(10**9), 1)
    assert low == 0
    assert float(high) > 2 * t.sf(10**4.5, 1)
    low, high = student_tail(Fraction(4), 10**9)
    assert float(low) == pytest.approx(2 * norm.sf(2), rel=1e-12)
    assert 0 < high - low < Fraction(1, 10**4)
    assert float(low) <= 2 * t.sf(2, 1e9) <= float(high)


def test_nothing_to_exceed_is_certain() -> None:
    assert student_tail(Fraction(0), 7) == (1, 1)
    assert student_tail(Fraction(1, 10**40), 7).high == 1


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 0"):
        student_tail(Fraction(-1), 3)
    with pytest.raises(ValueError, match="more than 0"):
        student_tail(Fraction(1), 0)
    with pytest.raises(ValueError, match="more than 1e-19"):
        student_tail(Fraction(1), Fraction(1, 10**30))
    with pytest.raises(ValueError, match="expected >= 0"):
        normal_tail(Fraction(-1))
    for probability in (Fraction(0), Fraction(1)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            two_sided_quantile(probability, 5)
