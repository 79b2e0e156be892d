"""Enclosures of the logarithm and the exponential hold what floats compute."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.stats.elementary_enclosures import exp_enclosure, log_enclosure

ABOVE_ZERO = st.fractions(Fraction(1, 1000), 1000)


@given(ABOVE_ZERO)
def test_a_logarithm_is_enclosed(value: Fraction) -> None:
    low, high = log_enclosure(value)
    assert low <= high
    assert float(low) == pytest.approx(math.log(value), abs=1e-14, rel=1e-14)
    assert high - low < Fraction(1, 10**30)


@given(st.fractions(-20, 20))
def test_an_exponential_is_enclosed(value: Fraction) -> None:
    low, high = exp_enclosure(value)
    assert 0 < low <= high
    assert float(low) == pytest.approx(math.exp(value), rel=1e-13)
    assert high - low < high / 10**25


@given(st.fractions(-5, 5, max_denominator=50), st.fractions(-5, 5, max_denominator=50))
def test_exponentials_multiply_within_their_bounds(a: Fraction, b: Fraction) -> None:
    first, second, both = exp_enclosure(a), exp_enclosure(b), exp_enclosure(a + b)
    assert first.low * second.low <= both.high
    assert both.low <= first.high * second.high


@given(ABOVE_ZERO)
def test_the_exponential_of_a_logarithm_is_the_number(value: Fraction) -> None:
    log = log_enclosure(value)
    assert exp_enclosure(log.low).low <= value <= exp_enclosure(log.high).high


def test_e_is_enclosed_between_its_first_thirty_digits() -> None:
    low, high = exp_enclosure(Fraction(1))
    digits = 2718281828459045235360287471352
    assert low <= Fraction(digits + 1, 10**30)
    assert high >= Fraction(digits, 10**30)


def test_the_exponential_of_nought_and_the_logarithm_of_one_are_exact_within_their_grids() -> None:
    low, high = exp_enclosure(Fraction(0))
    assert low <= 1 <= high
    assert log_enclosure(Fraction(1)) == (0, 0)


def test_what_has_no_logarithm_and_what_is_too_large_are_refused() -> None:
    with pytest.raises(ValueError, match="found the logarithm of 0"):
        log_enclosure(Fraction(0))
    with pytest.raises(ValueError, match="found the exponential of 201"):
        exp_enclosure(Fraction(201))
