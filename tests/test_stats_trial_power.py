"""What a two-arm trial can show: enumeration by other means, and published values."""

from __future__ import annotations

from itertools import product
from math import ceil, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2_contingency, fisher_exact, norm
from statsmodels.stats.proportion import confint_proportions_2indep

from netcore.stats.counts import proportion_interval
from netcore.stats.trial_power import (
    detectable_rates,
    difference_interval,
    exact_power,
    power_curve,
    schoenfeld_detectable_hazard_ratio,
    schoenfeld_events,
    zero_events,
)

FOUR_DECIMALS = 5.1e-5
SIZES = st.integers(1, 12)
RATES = st.integers(0, 1000).map(lambda step: step / 1000)
TESTS = ["fisher", "pooled_z", "unpooled_z"]


def p_value(test: str, x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the p-value of one table, by scipy or by the textbook."""
    if test == "fisher":
        return float(fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue)
    if test == "pooled_z":
        if x1 + x2 in (0, n1 + n2):
            return 1.0
        table = [[x1, n1 - x1], [x2, n2 - x2]]
        return float(chi2_contingency(table, correction=False).pvalue)
    p1, p2 = x1 / n1, x2 / n2
    se = sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if se == 0:
        return 1.0 if p1 == p2 else 0.0
    return float(2 * norm.sf(abs(p1 - p2) / se))


# Power


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (4, 4), (7, 5), (12, 10), (3, 16)])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_power_is_the_probability_of_the_tables_that_are_rejected(
    test: str, n1: int, n2: int, alpha: float
) -> None:
    rejected = [
        (x1, x2)
        for x1, x2 in product(range(n1 + 1), range(n2 + 1))
        if p_value(test, x1, n1, x2, n2) <= alpha
    ]
    for p1, p2 in [(0.2, 0.9), (0.5, 0.5), (0.0, 1.0), (0.31, 0.07)]:
        expected = sum(binom.pmf(x1, n1, p1) * binom.pmf(x2, n2, p2) for x1, x2 in rejected)
        assert exact_power(n1, n2, p1, p2, alpha, test) == pytest.approx(expected, abs=1e-12)


def test_a_p_value_equal_to_alpha_is_rejected() -> None:
    """All or none of 3 against 3: p is 2/20, which is no float."""
    assert exact_power(3, 3, 1.0, 0.0, alpha=0.1) == 1
    assert exact_power(3, 3, 1.0, 0.0, alpha=0.099) == 0


@given(SIZES, SIZES, RATES, st.sampled_from([0.01, 0.05, 0.1]))
@settings(deadline=None, max_examples=60)
def test_fishers_test_keeps_its_level(n1: int, n2: int, rate: float, alpha: float) -> None:
    assert exact_power(n1, n2, rate, rate, alpha) <= alpha + 1e-12


def test_the_test_without_pooling_exceeds_its_level_in_small_arms() -> None:
    assert exact_power(10, 10, 0.5, 0.5, test="unpooled_z") > 0.05


@pytest.mark.parametrize("test", TESTS)
@given(SIZES, SIZES, RATES, RATES)
@settings(deadline=None, max_examples=40)
def test_power_does_not_change_with_the_names_of_arms_and_outcomes(
    test: str, n1: int, n2: int, p1: float, p2: float
) -> None:
    power = exact_power(n1, n2, p1, p2, test=test)
    assert 0 <= power <= 1
    assert exact_power(n2, n1, p2, p1, test=test) == pytest.approx(power, abs=1e-9)
    assert exact_power(n1, n2, 1 - p1, 1 - p2, test=test) == pytest.approx(power, abs=1e-9)


def test_a_curve_has_the_power_at_each_of_its_rates() -> None:
    rates = [0.0, 0.25, 1.0]
    curve = power_curve(9, 14, 0.4, rates)
    assert list(curve) == pytest.approx([exact_power(9, 14, 0.4, rate) for rate in rates])


def test_fishers_test_has_less_power_than_the_test_that_it_corrects() -> None:
    fisher = exact_power(150, 150, 0.3, 0.5)
    pooled = exact_power(150, 150, 0.3, 0.5, test="pooled_z")
    assert 0.9 < fisher < pooled < 1


# Detectable rates


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(("n1", "n2", "rate"), [(20, 20, 0.5), (15, 30, 0.123), (40, 35, 0.2)])
def test_from_the_rates_found_outwards_the_power_suffices_and_one_step_inwards_it_does_not(
    test: str, n1: int, n2: int, rate: float
) -> None:
    found = detectable_rates(n1, n2, rate, power=0.7, test=test)
    for limit, end, inwards in ((found.below, 0.0, 0.001), (found.above, 1.0, -0.001)):
        if limit is None:
            assert exact_power(n1, n2, rate, end, test=test) < 0.7
            continue
        for step in range(21):
            there = (limit * (20 - step) + end * step) / 20
            assert exact_power(n1, n2, rate, there, test=test) >= 0.7
        assert exact_power(n1, n2, rate, limit + inwards, test=test) < 0.7
    assert found.above is not None


def test_what_no_rate_can_show_is_none() -> None:
    found = detectable_rates(3, 3, 0.5)
    assert (found.below, found.above) == (None, None)
    assert detectable_rates(50, 50, 0.05).below is None
    assert detectable_rates(50, 50, 0.0).below is None
    assert detectable_rates(50, 50, 1.0).above is None


# Differences


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_examples_have_his_limits(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    """Newcombe 1998, Table II, method 10."""
    interval = difference_interval(*counts)
    assert interval.low == pytest.approx(low, abs=FOUR_DECIMALS)
    assert interval.high == pytest.approx(high, abs=FOUR_DECIMALS)


ARMS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(ARMS, ARMS, st.sampled_from([0.8, 0.95, 0.99]))
@settings(deadline=None)
def test_the_interval_is_that_of_statsmodels(
    first: tuple[int, int], second: tuple[int, int], confidence: float
) -> None:
    interval = difference_interval(*first, *second, confidence)
    theirs = confint_proportions_2indep(
        *first, *second, method="newcomb", compare="diff", alpha=1 - confidence
    )
    assert (interval.low, interval.high) == pytest.approx(tuple(map(float, theirs)), abs=1e-9)
    assert -1 <= interval.low <= interval.estimate <= interval.high <= 1


def test_a_difference_is_written_in_percentage_points_with_a_true_minus() -> None:
    text = str(difference_interval(5, 56, 0, 29))
    assert text == "5/56 less 0/29 = 9 percentage points (95 % interval −4 to 19)"


# Events


@pytest.mark.parametrize(
    ("hazard_ratio", "power", "events"),
    [(0.5, 0.8, 66), (2.0, 0.8, 66), (0.75, 0.9, 508), (0.7, 0.8, 247)],
)
def test_events_are_as_the_formula_gives_them(
    hazard_ratio: float, power: float, events: int
) -> None:
    """Computed once more with scipy; 66 and 508 are numbers of many protocols."""
    found = schoenfeld_events(hazard_ratio, power)
    formula = 4 * ((norm.ppf(0.975) + norm.ppf(power)) / log(hazard_ratio)) ** 2
    assert found.events == pytest.approx(formula)
    assert ceil(found.events) == events
    assert f"{events} events" in str(found)
    assert "approximation" in str(found)


@given(st.integers(1, 2000), st.floats(0.5, 0.99), st.floats(0.1, 0.9))
def test_the_detectable_hazard_ratio_needs_the_events_it_came_from(
    events: int, power: float, share: float
) -> None:
    ratio = schoenfeld_detectable_hazard_ratio(events, power, share_1=share).hazard_ratio
    assert 0 < ratio < 1
    back = schoenfeld_events(ratio, power, share_1=share)
    assert back.events == pytest.approx(events)
    assert f" {events} events" in str(back)


def test_unequal_arms_need_more_events() -> None:
    ratio = schoenfeld_events(0.6, share_1=0.25).events / schoenfeld_events(0.6).events
    assert ratio == pytest.approx(0.25 / (0.25 * 0.75))


# No events


@pytest.mark.parametrize(
    ("n", "one_sided", "two_sided"), [(30, 0.0950, 0.1157), (10, 0.2589, 0.3085)]
)
def test_no_event_leaves_the_published_limits(n: int, one_sided: float, two_sided: float) -> None:
    """Clopper and Pearson's limits for 0/10 and 0/30, as tables print them."""
    found = zero_events(n)
    assert found.one_sided == pytest.approx(one_sided, abs=FOUR_DECIMALS)
    assert found.two_sided == pytest.approx(two_sided, abs=FOUR_DECIMALS)


@given(st.integers(1, 3000), st.sampled_from([0.8, 0.95, 0.99]))
@settings(deadline=None)
def test_at_the_limit_no_event_has_just_the_probability_that_is_left(
    n: int, confidence: float
) -> None:
    found = zero_events(n, confidence)
    assert binom.pmf(0, n, found.one_sided) == pytest.approx(1 - confidence, rel=1e-6)
    exact = proportion_interval(0, n, confidence, "clopper_pearson")
    assert found.two_sided == pytest.approx(exact.high, rel=1e-6)


@pytest.mark.parametrize("n", [3, 10, 30, 100, 1000])
def test_three_over_n_is_a_little_more_than_the_exact_limit(n: int) -> None:
    found = zero_events(n)
    assert found.rule_of_three == 3 / n
    assert found.one_sided < found.rule_of_three <= found.one_sided + 9 / n**2 + 0.01 / n
    assert zero_events(2).rule_of_three == 1


# Refusals


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="arms of 0 and 3"):
        exact_power(0, 3, 0.1, 0.2)
    with pytest.raises(ValueError, match=r"rates 1\.1"):
        exact_power(3, 3, 1.1, 0.2)
    with pytest.raises(ValueError, match="expected numbers from 0 to 1"):
        power_curve(3, 3, 0.1, [0.2, -0.1])
    with pytest.raises(ValueError, match="alpha 5"):
        exact_power(3, 3, 0.1, 0.2, alpha=5)
    with pytest.raises(ValueError, match="'barnard'"):
        exact_power(3, 3, 0.1, 0.2, test="barnard")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="power 80"):
        detectable_rates(3, 3, 0.1, power=80)
    with pytest.raises(ValueError, match="5 of 4"):
        difference_interval(5, 4, 0, 3)
    for ratio in (0, -2, 1):
        with pytest.raises(ValueError, match="hazard ratio"):
            schoenfeld_events(ratio)
    with pytest.raises(ValueError, match="share_1 1"):
        schoenfeld_events(0.5, share_1=1)
    with pytest.raises(ValueError, match="0 events"):
        schoenfeld_detectable_hazard_ratio(0)
    with pytest.raises(ValueError, match="denominator 0"):
        zero_events(0)
    with pytest.raises(ValueError, match="confidence 1"):
        zero_events(5, 1)
