"""Confidence intervals of a mean: half widths, numbers of values and limits."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.mean_intervals import (
    half_widths,
    interval_limits,
    interval_numbers,
    squared_errors,
)


def window(low: int, width: int) -> Interval:
    return Interval(Fraction(low), Fraction(low + width))


@given(
    st.integers(-5, 5), st.integers(0, 3), st.integers(-9, 2), st.integers(0, 3),
    st.integers(-2, 9), st.integers(0, 3),
)  # fmt: skip
def test_half_widths_are_all_that_some_mean_allows(
    mean: int, a: int, lower: int, b: int, upper: int, c: int
) -> None:
    windows = window(mean, a), window(lower, b), window(upper, c)
    found = half_widths(*windows)
    for quarters in range(80):
        h = Fraction(quarters, 4)
        # In eighths, because ends of the solutions are halves of whole numbers and of quarters.
        some = any(
            (m := Fraction(k, 8)) in windows[0] and m - h in windows[1] and m + h in windows[2]
            for k in range(-48, 80)
        )
        assert some == (h in found)


def test_a_limit_that_is_not_printed_bounds_nothing() -> None:
    assert half_widths(window(10, 1), EVERYTHING, window(14, 1)) == Interval(
        Fraction(3), Fraction(5)
    )
    assert half_widths(EVERYTHING, window(10, 1), window(14, 1)) == Interval(
        Fraction(3, 2), Fraction(5, 2)
    )


@pytest.mark.parametrize("distribution", ["t", "z"])
@pytest.mark.parametrize("level", ["0.9", "0.95", "0.99"])
@pytest.mark.parametrize(("name", "is_n"), [("sd", False), ("sd", True), ("std.error", False)])
def test_numbers_are_those_of_which_scipy_gives_the_half_width(
    distribution: str, level: str, name: str, is_n: bool
) -> None:
    spread, half = (3.9, 4.1), (1.4, 1.7)
    numbers = range(2, 90)
    fitting = []
    for n in numbers:
        q = stats.t.ppf(0.5 + float(level) / 2, n - 1)
        if distribution == "z":
            q = stats.norm.ppf(0.5 + float(level) / 2)
        divisor = 1 if name == "std.error" else sqrt(n - 1 if is_n else n)
        ends = [q * end / divisor for end in spread]
        if ends[1] >= half[0] and ends[0] <= half[1]:
            fitting.append(n)
    found = interval_numbers(
        Interval(Fraction("1.4"), Fraction("1.7")),
        name,
        Interval(Fraction("3.9"), Fraction("4.1")),
        numbers,
        distribution=distribution,
        level=Fraction(level),
        is_n=is_n,
    )
    assert list(found) == fitting


def test_a_variance_is_the_square_of_a_deviation() -> None:
    of_sd = squared_errors("sd", Interval.point(Fraction(3)), 7, is_n=True)
    assert of_sd == squared_errors("var", Interval.point(Fraction(9)), 7, is_n=True)


@pytest.mark.parametrize("distribution", ["t", "z"])
def test_limits_are_those_of_scipy(distribution: str) -> None:
    kind = stats.t(11) if distribution == "t" else stats.norm
    low, high = interval_limits(
        Fraction(5), Fraction(1, 3), 12, distribution=distribution, level=Fraction(9, 10)
    )
    half = kind.ppf(0.95) * sqrt(1 / 3)
    assert [float(low.low), float(high.high)] == pytest.approx([5 - half, 5 + half], rel=1e-9)
    assert low.low < low.high
    assert high.low < high.high


def test_an_empty_question_has_no_answer_and_a_wrong_one_is_refused() -> None:
    sd = Interval.point(Fraction(1))
    assert not interval_numbers(Interval(Fraction(1), Fraction(0)), "sd", sd, range(2, 9))
    with pytest.raises(ValueError, match="expected t or z and numbers from 2 up"):
        interval_numbers(sd, "sd", sd, range(1, 9))
    with pytest.raises(ValueError, match="expected t or z"):
        interval_numbers(sd, "sd", sd, range(2, 9), distribution="x")
