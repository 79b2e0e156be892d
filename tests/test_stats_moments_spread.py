"""What stands after a ±: each reading makes another standard deviation of it."""

from __future__ import annotations

import random
from fractions import Fraction
from statistics import pstdev, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import Interval, parse_printed
from netcore.stats.moments.spread import (
    READINGS,
    fitting_readings,
    implied_variance,
    squared,
    squared_error_factor,
)


def software_spread(reading: str, values: list[float]) -> float:
    from scipy.stats import norm, t

    n = len(values)
    return float(
        {
            "sd": stdev(values),
            "sd_n": pstdev(values),
            "se": stdev(values) / n**0.5,
            "se_n": pstdev(values) / n**0.5,
            "half_width_t": t.isf(0.025, n - 1) * stdev(values) / n**0.5,
            "half_width_z": norm.isf(0.025) * stdev(values) / n**0.5,
            "two_se": 2 * stdev(values) / n**0.5,
        }[reading]
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 40), st.sampled_from(list(READINGS)))
def test_the_variance_of_true_data_follows_from_each_spread(
    seed: int, number: int, reading: str
) -> None:
    rng = random.Random(seed)
    values = [rng.gauss(50, 12) for _ in range(number)]
    printed = f"{software_spread(reading, values):.2f}"
    window = implied_variance(parse_printed(printed).window(), reading, number)
    assert Fraction(stdev(values)) ** 2 in window
    assert window.high is not None
    exact = implied_variance(Interval.point(Fraction(printed)), reading, number)
    assert exact.low is not None
    assert exact.high is not None
    assert exact.high - exact.low <= exact.high / 10**12


def test_readings_are_told_apart_by_what_the_data_can_spread() -> None:
    # Of 34 values between 29 and 82 the variance is at most 34 / 33 (82 - m)(m - 29).
    limit = Fraction(34, 33) * (82 - 58) * (59 - 29)
    fits = fitting_readings(
        parse_printed("12.5").window(), range(30, 35), lambda _, window: window.low <= limit
    )
    found = {fit.reading: fit.numbers for fit in fits}
    assert list(found) == list(READINGS)
    assert found["sd"] == found["sd_n"] == tuple(range(30, 35))
    assert found["se"] == found["se_n"] == found["two_se"] == found["half_width_t"] == ()


def test_the_level_of_an_interval_counts() -> None:
    wide = implied_variance(Interval.point(3), "half_width_t", 10, Fraction(99, 100))
    usual = implied_variance(Interval.point(3), "half_width_t", 10)
    # R: 9 * 10 / qt(0.975, 9)^2 and qt(0.995, 9)^2
    assert float(usual.low) == pytest.approx(90 / 2.262157162798**2, rel=1e-11)
    assert float(wide.high) == pytest.approx(90 / 3.249835541593**2, rel=1e-11)


def test_open_ends_stay_open() -> None:
    window = Interval(Fraction(1), Fraction(2), low_closed=False)
    assert implied_variance(window, "se", 4) == Interval(
        Fraction(4), Fraction(16), low_closed=False
    )
    assert squared(Interval(Fraction(2), None)) == Interval(Fraction(4), None)


def test_what_is_no_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        squared(Interval(Fraction(-2), Fraction(-1)))
    with pytest.raises(ValueError, match="expected one of sd"):
        squared_error_factor("iqr", 5)
    with pytest.raises(ValueError, match="at least 2"):
        implied_variance(Interval.point(1), "sd", 1)
