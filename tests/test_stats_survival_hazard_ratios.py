"""Hazard ratios: each estimate against lifelines and its definition, ranges against enumeration."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from math import exp, inf, isclose

import pytest
from two_arm_oracle import fitting, log_rank_sums

from netcore.checks.survival import hazard_ratio_answers
from netcore.printed import Interval
from netcore.stats.enclosures import chi_squared_tail
from netcore.stats.survival.backward_sets import BudgetError
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, Rate, TwoArmGraph, event_times
from netcore.stats.survival.hazard_ratios import (
    ESTIMATES,
    Estimate,
    hazard_ratio,
    hazard_ratio_range,
    hazard_ratios_with_p,
)
from netcore.stats.survival.observed_expected import greatest_ratio

ONE = Fraction(1)


def rate(low: str, high: str) -> tuple[Rate, ...]:
    return (Rate(ONE, Interval(Fraction(low), Fraction(high))),)


SOME = Interval(ONE, None)
ARMS = {
    "two and two": (Arm(2), Arm(2)),
    "three and three": (Arm(3), Arm(3)),
    "rates": (Arm(4, rate("0.3", "0.5")), Arm(3, rate("0.6", "0.7"))),
    "events in each": (Arm(3, (), SOME), Arm(3, (), SOME)),
    "counted": (Arm(3, (), Interval.point(1)), Arm(3, (), Interval.point(2))),
    "apart": (Arm(3, rate("0.6", "1")), Arm(3, rate("0", "0.4"))),
    "someone followed in each": (
        Arm(3, (Rate(ONE, Interval(Fraction(3, 4), None), SOME),)),
        Arm(4, (Rate(ONE, Interval.point(Fraction(1, 4)), SOME),)),
    ),
    "none in one": (Arm(3, (), Interval.point(0)), Arm(3, (), SOME)),
    "none at all": (Arm(2, (), Interval.point(0)), Arm(2, (), Interval.point(0))),
}


@cache
def estimates(
    first: Arm, second: Arm, estimate: Estimate
) -> dict[tuple[tuple[int, int, int, int], ...], float | None]:
    times = {course.times for course in fitting(first, second)}
    return {t: hazard_ratio(estimate, t) for t in times}


def drawn(seed: int, last: int) -> tuple[list[Observation], list[Observation]]:
    random_ = random.Random(seed)
    first, second = (
        [
            Observation(Fraction(random_.randint(1, last)), random_.random() < 0.7)
            for _ in range(random_.randint(4, 12))
        ]
        for _ in range(2)
    )
    return first, second


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("estimate", ESTIMATES)
def test_the_range_is_that_of_all_courses(name: str, estimate: Estimate) -> None:
    first, second = ARMS[name]
    found = hazard_ratio_range(TwoArmGraph(first, second), estimate)
    values = [x for x in estimates(first, second, estimate).values() if x is not None]
    if not values:
        assert found is None
        return
    assert found is not None
    low, high = float(found.low), inf if found.high is None else float(found.high)
    assert low <= min(values) * (1 + 1e-9)
    assert high >= max(values) * (1 - 1e-9)
    if estimate == "observed expected":
        # Known values are those of patients; the limits are those of mixtures.
        for known in (found.least, found.greatest):
            assert known is None or any(isclose(known, value, rel_tol=1e-9) for value in values)
        assert high == inf or high <= 3 * max(values)
        return
    assert isclose(low, min(values), rel_tol=1e-5, abs_tol=1e-5)
    assert isclose(high, max(values), rel_tol=1e-5, abs_tol=1e-5)


@pytest.mark.parametrize("name", ["three and three", "rates", "apart"])
@pytest.mark.parametrize("estimate", ["breslow", "efron", "peto"])
@pytest.mark.parametrize("p", [("0.02", "0.1"), ("0.2", "0.3"), ("0.8", "1")])
def test_no_ratio_of_patients_with_the_p_value_is_excluded(
    name: str, estimate: Estimate, p: tuple[str, str]
) -> None:
    first, second = ARMS[name]
    window = Interval(*map(Fraction, p))
    ranges = hazard_ratios_with_p(TwoArmGraph(first, second), estimate, window)
    narrower = 0
    for times, value in estimates(first, second, estimate).items():
        u, v = log_rank_sums(times)
        if not v or value is None:
            continue
        tail = chi_squared_tail(u * u / v, 1)
        inside = tail.low in window and tail.high in window
        found = ranges[0 if u > 0 else 1]
        is_left = (
            found is not None
            and float(found.low) <= value * (1 + 1e-9)
            and (found.high is None or value <= float(found.high) * (1 + 1e-9))
        )
        assert is_left or not inside
        narrower += not is_left
    # Breslow lets a last tie of everyone at risk speak, whose variance is 0.
    assert narrower or p[1] == "1" or estimate == "breslow"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("last", [4, 1000])
def test_lifelines_has_the_same_efron_estimate(seed: int, last: int) -> None:
    import pandas as pd
    from lifelines import CoxPHFitter

    first, second = drawn(seed, last)
    value = hazard_ratio("efron", event_times(first, second))
    if value is None or not 1e-3 < value < 1e3:
        return
    patients = [(float(x.time), x.event, k) for k, arm in ((1, first), (0, second)) for x in arm]
    table = pd.DataFrame(patients, columns=["time", "event", "arm"])
    fitted = CoxPHFitter().fit(table, "time", "event", fit_options={"precision": 1e-10})
    assert value == pytest.approx(exp(float(fitted.params_["arm"])), rel=1e-4)


def test_estimates_agree_without_ties_and_differ_with_them() -> None:
    first, second = drawn(3, 10_000)
    times = event_times(first, second)
    assert all(t[2] + t[3] == 1 for t in times)
    breslow, efron, discrete = (hazard_ratio(key, times) for key in ESTIMATES[:3])
    assert breslow == pytest.approx(efron)
    assert breslow == pytest.approx(discrete)
    first, second = drawn(3, 4)
    times = event_times(first, second)
    assert len({round(hazard_ratio(key, times) or 0, 6) for key in ESTIMATES}) == 5


def test_ratios_of_the_arms_exchanged_are_inverse() -> None:
    for seed in range(30):
        first, second = drawn(seed, 6)
        for key in ESTIMATES:
            there = hazard_ratio(key, event_times(first, second))
            back = hazard_ratio(key, event_times(second, first))
            if there is None or there in (0, inf):
                assert back == (None if there is None else inf if there == 0 else 0)
            else:
                assert back == pytest.approx(1 / there, rel=1e-9)


def test_a_small_trial_excludes_little_without_a_p_value_and_more_with_it() -> None:
    first = Arm(8, rate("0.37", "0.38"))
    second = Arm(9, rate("0.33", "0.34"))
    graph = TwoArmGraph(first, second)
    free = hazard_ratio_range(graph, "efron")
    assert free is not None
    assert free.low < Fraction(1, 5)
    assert free.high is None or free.high > 5
    more, fewer = hazard_ratios_with_p(
        graph, "efron", Interval(Fraction(25, 1000), Fraction(35, 1000))
    )
    assert more is not None
    assert fewer is not None
    # Patients with such a p-value have a hazard ratio well away from 1.
    assert more.low > Fraction(3, 2)
    assert fewer.high is not None
    assert fewer.high < Fraction(2, 3)


def test_a_p_value_that_no_patients_have_leaves_no_ratio() -> None:
    graph = TwoArmGraph(Arm(2), Arm(2))
    tiny = Interval(Fraction(0), Fraction(1, 1000))
    assert hazard_ratios_with_p(graph, "breslow", tiny) == (None, None)
    with pytest.raises(ValueError, match="expected a probability"):
        hazard_ratios_with_p(graph, "breslow", Interval(Fraction(-2), Fraction(-1)))


def test_impossible_rates_leave_no_ratio() -> None:
    graph = TwoArmGraph(Arm(3, rate("0.4", "0.45")), Arm(3))
    assert all(hazard_ratio_range(graph, estimate) is None for estimate in ESTIMATES)
    assert greatest_ratio(graph) is None
    none = TwoArmGraph(Arm(1, (), Interval.point(0)), Arm(1, (), Interval.point(0)))
    assert greatest_ratio(none) is None


def test_searches_end_on_their_budget() -> None:
    with pytest.raises(BudgetError):
        hazard_ratio_range(TwoArmGraph(Arm(60), Arm(60)), "breslow")
    with pytest.raises(BudgetError):
        hazard_ratios_with_p(
            TwoArmGraph(Arm(4), Arm(4)), "efron", Interval(Fraction(1, 50), Fraction(1, 25)), work=9
        )


def test_nothing_is_said_of_a_p_value_where_the_search_ended_on_its_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(*_: object) -> None:
        raise BudgetError

    monkeypatch.setattr(hazard_ratio_answers, "hazard_ratios_with_p", ends)
    arm = {"number": 3, "values": [["survival", "12", "1/5", "2/5"]]}
    question = {"arms": [arm, arm], "p": ["1/100", "1/10"], "tests": ["log_rank"]}
    ranges = hazard_ratio_answers.hazard_ratios_answer(question)["ranges"]
    assert set(ranges) == set(ESTIMATES)
    assert all(set(one) == {"free"} for one in ranges.values())
