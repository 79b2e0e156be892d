"""Enclosures of the chi-squared tail and the logarithm against decimals and scipy."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.stats.enclosures import chi_squared_tail, logarithm

WIDTH = Fraction(1, 10**40)


@given(st.fractions(min_value=0, max_value=60, max_denominator=10**6), st.integers(1, 40))
@settings(deadline=None)
def test_the_tail_is_that_of_scipy(statistic: Fraction, df: int) -> None:
    from scipy.stats import chi2

    low, high = chi_squared_tail(statistic, df)
    assert 0 <= low <= high <= 1
    assert high - low < WIDTH
    assert float(low) == pytest.approx(chi2.sf(float(statistic), df), rel=1e-9)


@pytest.mark.parametrize("df", [2, 4, 10])
@pytest.mark.parametrize("statistic", [Fraction(1, 7), Fraction(3), Fraction(50)])
def test_the_enclosure_holds_the_finite_sum_of_an_even_number_of_degrees(
    df: int, statistic: Fraction
) -> None:
    # exp(-y) (1 + y + ... + y^(a-1) / (a-1)!), in fifty decimals
    getcontext().prec = 70
    y = Decimal(statistic.numerator) / Decimal(statistic.denominator) / 2
    total, term = Decimal(0), Decimal(1)
    for k in range(df // 2):
        total += term
        term = term * y / (k + 1)
    exact = Fraction((-y).exp() * total)
    low, high = chi_squared_tail(statistic, df)
    slack = Fraction(1, 10**60)  # of the decimals, not of the enclosure
    assert low - slack <= exact <= high + slack


def test_the_enclosure_holds_a_published_value_of_many_digits() -> None:
    # erfc(1), to 48 decimals: one less erf(1) = 0.842700792949714869341220635082609259296066997966
    published = Fraction(157299207050285130658779364917390740703933002034, 10**48)
    low, high = chi_squared_tail(Fraction(2), 1)
    assert low - Fraction(1, 10**47) <= published <= high + Fraction(1, 10**47)
    assert abs(low - published) < Fraction(1, 10**44)


def test_the_tail_of_three_degrees_of_freedom_follows_from_that_of_one() -> None:
    # Q(3/2, y) - Q(1/2, y) = 2 sqrt(y / pi) exp(-y); squared, at y = 1, in decimals.
    getcontext().prec = 70
    one, three = chi_squared_tail(Fraction(2), 1), chi_squared_tail(Fraction(2), 3)
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
    exact = Fraction(2 * (1 / pi).sqrt() * Decimal(-1).exp())
    assert three.low - one.high <= exact <= three.high - one.low


@given(st.integers(1, 20), st.fractions(min_value=0, max_value=900, max_denominator=50))
@settings(deadline=None)
def test_a_greater_statistic_has_no_greater_tail(df: int, statistic: Fraction) -> None:
    assert chi_squared_tail(statistic + 1, df).low <= chi_squared_tail(statistic, df).high


def test_a_far_statistic_has_a_tail_of_nearly_nothing() -> None:
    low, high = chi_squared_tail(Fraction(10**6), 1)
    assert low == 0
    assert 0 < high < WIDTH


def test_nothing_to_exceed_is_certain() -> None:
    assert chi_squared_tail(Fraction(0), 3) == (1, 1)


@pytest.mark.parametrize(("statistic", "df"), [(Fraction(-1), 1), (Fraction(1), 0)])
def test_impossible_arguments_are_refused(statistic: Fraction, df: int) -> None:
    with pytest.raises(ValueError, match="expected >= 0"):
        chi_squared_tail(statistic, df)


@given(st.integers(1, 10**6))
@settings(deadline=None)
def test_the_logarithm_lies_in_its_enclosure(number: int) -> None:
    getcontext().prec = 70
    exact = Fraction(Decimal(number).ln())
    low, high = logarithm(number)
    slack = Fraction(1, 10**60)
    assert low - slack <= exact <= high + slack
    assert high - low < WIDTH


def test_logarithms_of_a_product_add_up() -> None:
    number = comb(20, 10)
    one, other, both = logarithm(number), logarithm(77), logarithm(77 * number)
    assert one.low + other.low <= both.high
    assert both.low <= one.high + other.high


def test_zero_has_no_logarithm() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        logarithm(0)
