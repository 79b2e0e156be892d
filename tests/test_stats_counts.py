"""Counts behind percentages against enumeration; intervals against published limits."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import ROUNDINGS, Interval, parse_printed, print_value, rounding_window
from netcore.stats.counts import (
    counts_behind,
    denominators_behind,
    every_percentage_possible,
    percentage,
    proportion_interval,
)

LARGEST = 60
METHODS = get_args(get_type_hints(proportion_interval)["method"])
PUBLISHED = 5e-5  # half a unit of the four decimals that Newcombe prints
R_PRINTED = 5e-8  # half a unit of the seven decimals that R prints
COMPUTED = 1e-9  # two routes through floating point
ENDS = st.one_of(
    st.none(),
    st.fractions(min_value=-10, max_value=110, max_denominator=12),
    # The ends that matter are percentages themselves.
    st.builds(percentage, st.integers(0, 9), st.integers(9, LARGEST)),
)
WINDOWS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans())


def counts_by_trial(window: Interval, denominator: int) -> list[int]:
    return [n for n in range(denominator + 1) if Fraction(100 * n, denominator) in window]


def denominators_by_trial(window: Interval, count: int, largest: int) -> list[int]:
    smallest = max(count, 1)
    return [N for N in range(smallest, largest + 1) if Fraction(100 * count, N) in window]


# Counts and denominators


@given(WINDOWS, st.integers(1, LARGEST))
@settings(deadline=None)
def test_counts_behind_a_window_are_those_that_trial_finds(
    window: Interval, denominator: int
) -> None:
    assert list(counts_behind(window, denominator)) == counts_by_trial(window, denominator)


@given(WINDOWS, st.integers(0, LARGEST), st.integers(-1, LARGEST))
@settings(deadline=None)
def test_denominators_behind_a_window_are_those_that_trial_finds(
    window: Interval, count: int, largest: int
) -> None:
    found = list(denominators_behind(window, count, largest))
    assert found == denominators_by_trial(window, count, largest)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_every_whole_percentage_has_the_counts_that_trial_finds(rounding: str) -> None:
    for value in range(101):
        window = rounding_window(Fraction(value), Fraction(1), rounding)
        for denominator in (*range(1, 11), 16, 20, 34, 40, 59, 60):
            found = list(counts_behind(window, denominator))
            assert found == counts_by_trial(window, denominator), (value, denominator)


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_count_is_found_behind_the_percentage_that_it_prints(
    rounding: str, decimals: int
) -> None:
    for denominator in range(1, LARGEST + 1):
        for count in range(denominator + 1):
            printed = print_value(percentage(count, denominator), decimals, rounding)
            window = parse_printed(printed).window(rounding)
            assert count in counts_behind(window, denominator), (count, denominator)
            found = denominators_behind(window, count, LARGEST)
            assert denominator in found, (count, denominator)


def test_no_count_prints_as_no_percentage() -> None:
    zero, one = (parse_printed(text).window() for text in ("0", "1"))
    assert list(denominators_behind(zero, 0, 5)) == [1, 2, 3, 4, 5]
    assert list(denominators_behind(one, 0, 5)) == []
    assert list(counts_behind(zero, 34)) == [0]
    # An open end at 0 leaves the count 0 out, and no other.
    above_zero = Interval(Fraction(0), Fraction(100), low_closed=False)
    assert list(counts_behind(above_zero, 3)) == [1, 2, 3]
    assert list(denominators_behind(above_zero, 0, 5)) == []
    assert list(denominators_behind(above_zero, 2, 5)) == [2, 3, 4, 5]


def test_windows_end_at_0_and_100_per_cent() -> None:
    wide = Interval(Fraction(-1000), Fraction(1000))
    assert list(counts_behind(wide, 4)) == [0, 1, 2, 3, 4]
    assert list(counts_behind(Interval(Fraction(101), None), 4)) == []
    assert list(counts_behind(Interval(None, Fraction(-1)), 4)) == []
    assert list(denominators_behind(wide, 3, 5)) == [3, 4, 5]


def test_fractions_find_the_count_that_floats_miss() -> None:
    assert 0.57 * 100 < 57
    assert list(counts_behind(Interval.point(57), 100)) == [57]


@pytest.mark.parametrize(("count", "denominator"), [(-1, 5), (6, 5), (0, 0), (1, -1)])
def test_a_percentage_is_of_a_count_within_its_denominator(count: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= count <= denominator"):
        percentage(count, denominator)
    with pytest.raises(ValueError, match="expected 0 <= count <= denominator"):
        proportion_interval(count, denominator)


def test_counts_and_denominators_are_natural() -> None:
    with pytest.raises(ValueError, match="found denominator 0, expected at least 1"):
        counts_behind(Interval.point(50), 0)
    with pytest.raises(ValueError, match="found count -1, expected at least 0"):
        denominators_behind(Interval.point(50), -1, 10)


# Whether a percentage can miss at all


def all_reached(step: int, denominator: int, rounding: str) -> bool:
    values = range(0, 101, step)
    windows = [rounding_window(Fraction(value), Fraction(step), rounding) for value in values]
    return all(counts_behind(window, denominator) for window in windows)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("step", [1, 5, 7, 10, 30])
def test_what_is_called_possible_is_possible_under_every_convention(
    step: int, rounding: str
) -> None:
    for denominator in range(1, 151):
        if every_percentage_possible(Fraction(step), denominator):
            assert all_reached(step, denominator, rounding), denominator


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "truncate", "ceiling"])
@pytest.mark.parametrize("step", [1, 5, 10])
def test_the_bound_is_sharp_where_each_count_prints_once(step: int, rounding: str) -> None:
    for denominator in range(1, 121):
        possible = every_percentage_possible(Fraction(step), denominator)
        assert possible == all_reached(step, denominator, rounding), denominator


def test_ties_that_print_both_ways_let_80_and_96_units_give_every_percentage() -> None:
    # By trial over all denominators below 100.
    found = [N for N in range(1, 100) if all_reached(1, N, "nearest")]
    assert found == [80, 96]
    assert not any(every_percentage_possible(Fraction(1), N) for N in found)


def test_any_whole_percentage_of_142_passes() -> None:
    # methods, section 1, which calls such a claim unconstrained.
    assert every_percentage_possible(Fraction(1), 142)
    assert not every_percentage_possible(Fraction(1, 10), 142)


@pytest.mark.parametrize(
    ("step", "denominator"), [(Fraction(0), 5), (Fraction(-1), 5), (Fraction(1), 0)]
)
def test_steps_and_denominators_are_positive(step: Fraction, denominator: int) -> None:
    with pytest.raises(ValueError, match="expected a positive step and at least 1"):
        every_percentage_possible(step, denominator)


# Intervals


@pytest.mark.parametrize(
    ("method", "count", "denominator", "low", "high"),
    [
        # Newcombe 1998, table I, methods 1, 3 and 5:
        # doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
        ("wald", 81, 263, 0.2522, 0.3638),
        ("wald", 15, 148, 0.0527, 0.1500),
        ("wald", 0, 20, 0, 0),
        ("wald", 1, 29, 0, 0.1009),  # printed '<0': the limit is cut at 0
        ("wilson", 81, 263, 0.2553, 0.3662),
        ("wilson", 15, 148, 0.0624, 0.1605),
        ("wilson", 0, 20, 0, 0.1611),
        ("wilson", 1, 29, 0.0061, 0.1718),
        ("clopper_pearson", 81, 263, 0.2527, 0.3676),
        ("clopper_pearson", 15, 148, 0.0578, 0.1617),
        ("clopper_pearson", 0, 20, 0, 0.1684),
        ("clopper_pearson", 1, 29, 0.0009, 0.1776),
    ],
)  # fmt: skip
def test_intervals_are_those_that_newcombe_prints(
    method: str, count: int, denominator: int, low: float, high: float
) -> None:
    found = proportion_interval(count, denominator, method=method)  # type: ignore[arg-type]
    assert (found.low, found.high) == pytest.approx((low, high), abs=PUBLISHED)


def test_clopper_pearson_is_that_of_r() -> None:
    # R's example of binom.test (Conover 1971, p. 97): binom.test(682, 925).
    found = proportion_interval(682, 925, method="clopper_pearson")
    assert (found.low, found.high) == pytest.approx((0.7076683, 0.7654066), abs=R_PRINTED)


def at_least(count: int, denominator: int, p: float) -> float:
    """Return the exact probability of so many or more, for the float p."""
    exact = Fraction(p)
    return float(
        sum(
            comb(denominator, k) * exact**k * (1 - exact) ** (denominator - k)
            for k in range(count, denominator + 1)
        )
    )


@pytest.mark.parametrize(("count", "denominator"), [(1, 2), (3, 7), (17, 34), (1, 29), (33, 34)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_clopper_pearson_cuts_an_equal_tail_at_each_end(
    count: int, denominator: int, confidence: float
) -> None:
    found = proportion_interval(count, denominator, confidence, "clopper_pearson")
    tails = (
        at_least(count, denominator, found.low),
        1 - at_least(count + 1, denominator, found.high),
    )
    assert tails == pytest.approx(((1 - confidence) / 2,) * 2, abs=COMPUTED)


@pytest.mark.parametrize(("count", "denominator"), [(0, 5), (1, 2), (17, 34), (33, 34), (7, 7)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_agresti_coull_and_wald_follow_their_formulas(
    count: int, denominator: int, confidence: float
) -> None:
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = count / denominator
    wilson = proportion_interval(count, denominator, confidence)
    # Wilson 1927, doi:10.1080/01621459.1927.10502953: both limits solve one equation.
    for limit in (wilson.low, wilson.high):
        squared = z * z * limit * (1 - limit) / denominator
        assert (p - limit) ** 2 == pytest.approx(squared, abs=COMPUTED)
    # Agresti and Coull 1998, doi:10.1080/00031305.1998.10480550: Wald's formula after
    # adding z^2 / 2 to the count and z^2 to the denominator.
    added = (count + z * z / 2, denominator + z * z)
    for method, (x, n) in (("wald", (count, denominator)), ("agresti_coull", added)):
        half = z * sqrt(x / n * (1 - x / n) / n)
        found = proportion_interval(count, denominator, confidence, method)  # type: ignore[arg-type]
        limits = max(x / n - half, 0), min(x / n + half, 1)
        assert (found.low, found.high) == pytest.approx(limits, abs=COMPUTED)


@pytest.mark.parametrize(("count", "denominator"), [(0, 5), (1, 2), (17, 34), (7, 7)])
def test_jeffreys_cuts_equal_tails_of_its_posterior(count: int, denominator: int) -> None:
    from scipy.special import betainc

    found = proportion_interval(count, denominator, method="jeffreys")
    shape = (count + 0.5, denominator - count + 0.5)
    tails = betainc(*shape, found.low), 1 - betainc(*shape, found.high)
    assert tails == pytest.approx((0.025, 0.025), abs=COMPUTED)


@pytest.mark.parametrize("method", METHODS)
def test_limits_are_ordered_proportions_and_mirror_each_other(method: str) -> None:
    for denominator in (1, 2, 3, 10, 20, 29, 34, 263):
        for count in {0, 1, denominator // 3, denominator // 2, denominator - 1, denominator}:
            found = proportion_interval(count, denominator, method=method)  # type: ignore[arg-type]
            assert 0 <= found.low <= found.high <= 1
            mirrored = proportion_interval(denominator - count, denominator, method=method)  # type: ignore[arg-type]
            limits = 1 - mirrored.high, 1 - mirrored.low
            assert (found.low, found.high) == pytest.approx(limits, abs=COMPUTED)
            if method != "jeffreys" or 0 < count < denominator:
                assert found.low <= found.estimate <= found.high


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "agresti_coull", "wald"])
def test_none_and_all_reach_the_end_of_the_scale(method: str) -> None:
    for denominator in (1, 2, 20, 29, 34, 142):
        none = proportion_interval(0, denominator, method=method)  # type: ignore[arg-type]
        every = proportion_interval(denominator, denominator, method=method)  # type: ignore[arg-type]
        assert (none.low, every.high) == (0, 1)


def test_jeffreys_leaves_out_its_own_estimate_at_none_and_all() -> None:
    none, every = (proportion_interval(n, 20, method="jeffreys") for n in (0, 20))
    assert none.low > none.estimate == 0
    assert every.high < every.estimate == 1


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95, float("nan")])
def test_a_confidence_level_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="expected a number between 0 and 1"):
        proportion_interval(1, 2, confidence)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(
        ValueError, match="found method 'exact', expected one of wilson, clopper_pearson"
    ):
        proportion_interval(1, 2, method="exact")  # type: ignore[arg-type]


def test_an_interval_is_written_in_per_cent() -> None:
    found = proportion_interval(17, 34)
    assert str(found) == "17/34 = 50 % (95 % interval 34 to 66 %)"
    assert str(proportion_interval(17, 34, 0.999)).startswith("17/34 = 50 % (99.9 % interval")
