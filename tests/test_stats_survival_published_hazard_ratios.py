"""Conversions of published hazard ratios: windows hold what true numbers give."""

from __future__ import annotations

import random
from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist

import pytest

from netcore.printed import Interval
from netcore.stats.survival.published_hazard_ratios import (
    VARIANCES,
    is_middle,
    log_ratio_from_interval,
    log_ratio_from_p,
    p_from_interval,
)

NORMAL = NormalDist()


def printed(value: float, places: int = 2) -> Interval:
    shown, half = Fraction(f"{value:.{places}f}"), Fraction(1, 2 * 10**places)
    return Interval(shown - half, shown + half)


def holds(window: Interval, value: float) -> bool:
    assert window.low is not None
    assert window.high is not None
    return float(window.low) - 1e-12 <= value <= float(window.high) + 1e-12


@pytest.mark.parametrize("seed", range(60))
def test_true_wald_intervals_are_never_excluded(seed: int) -> None:
    random_ = random.Random(seed)
    ratio, error = random_.gauss(0, 0.7), random_.uniform(0.05, 0.8)
    level = random_.choice([Fraction(9, 10), Fraction(95, 100), Fraction(99, 100)])
    z = NORMAL.inv_cdf((1 + float(level)) / 2)
    low, high = exp(ratio - z * error), exp(ratio + z * error)
    if low < 0.02:
        return
    windows = printed(low), printed(high)
    assert is_middle(printed(exp(ratio)), *windows)
    found = log_ratio_from_interval(*windows, level)
    assert holds(found.log_ratio, ratio)
    assert holds(found.standard_error, error)
    assert holds(p_from_interval(*windows, level), 2 * (1 - NORMAL.cdf(abs(ratio) / error)))


def test_a_ratio_off_the_middle_of_its_limits_is_seen() -> None:
    assert not is_middle(printed(0.70), printed(0.40), printed(1.00))
    assert is_middle(printed(0.63), printed(0.40), printed(1.00))


def test_p_and_events_give_each_of_three_ratios() -> None:
    p = 0.0312
    found = log_ratio_from_p(printed(p, 4), (12, 25), (40, 42))
    assert set(found) == set(VARIANCES)
    z = NORMAL.inv_cdf(1 - p / 2)
    for key, v in (
        ("events of both", 12 * 25 / 37),
        ("events and sizes", 37 * 40 * 42 / 82**2),
        ("events alone", 37 / 4),
    ):
        assert holds(found[key].log_ratio, z / sqrt(v))
        assert holds(found[key].standard_error, 1 / sqrt(v))
        assert found[key].approximation == VARIANCES[key]


def test_without_sizes_or_events_of_each_arm_less_is_known() -> None:
    assert set(log_ratio_from_p(printed(0.5), 20)) == {"events alone"}
    assert set(log_ratio_from_p(printed(0.5), (0, 20))) == {"events alone"}
    assert log_ratio_from_p(Interval.point(1), 20)["events alone"].log_ratio.low == 0


def test_limits_of_two_decimals_are_converted() -> None:
    found = log_ratio_from_interval(printed(0.71), printed(1.02))
    assert holds(found.log_ratio, log(0.85))
    assert holds(found.standard_error, (log(1.02) - log(0.71)) / (2 * 1.96))


def test_limits_that_may_be_equal_say_nothing_of_p() -> None:
    assert p_from_interval(printed(0.7, 1), printed(0.8, 1)) == Interval(Fraction(0), Fraction(1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: is_middle(Interval.point(0), printed(1), printed(2)), "above 0"),
        (lambda: log_ratio_from_interval(printed(0.001), printed(2)), "above 0"),
        (lambda: log_ratio_from_interval(printed(2), printed(1)), "lower below the upper"),
        (lambda: log_ratio_from_interval(printed(1), printed(2), Fraction(2)), "probability"),
        (lambda: log_ratio_from_p(Interval(Fraction(0), Fraction(1, 2)), 20), "above 0"),
        (lambda: log_ratio_from_p(Interval.point(2), 20), "at most 1"),
        (lambda: log_ratio_from_p(printed(0.5), 0), "at least one"),
        (lambda: log_ratio_from_p(printed(0.5), 5, (0, 4)), "at least one patient"),
    ],
)
def test_bad_input_is_refused(call: object, words: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=words):
        call()
