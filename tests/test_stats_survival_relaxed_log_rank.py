"""Bounds on the log-rank test of large arms: never inside what patients can have."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, Edge, Rate, TwoArmGraph, event_times
from netcore.stats.survival.log_rank import log_rank
from netcore.stats.survival.path_extremes import all_edges, extremes
from netcore.stats.survival.relaxed_log_rank import _needed, _Relaxed, bounds_of_log_rank

ONE = Fraction(1)


def rate(low: str, high: str, at_risk: int | None = None, time: int = 1) -> Rate:
    window = Interval(Fraction(low), Fraction(high))
    if at_risk is None:
        return Rate(Fraction(time), window)
    return Rate(Fraction(time), window, Interval.point(at_risk))


SOME = Interval(ONE, Fraction(3))
ARMS = {
    "nothing printed": (Arm(5), Arm(4)),
    "rates": (Arm(6, (rate("0.3", "0.4"),)), Arm(7, (rate("0.6", "0.7"),))),
    "all gone": (Arm(4, (rate("0", "0"),)), Arm(5, (rate("1", "1"),))),
    "all but one gone": (Arm(4, (rate("0", "0.1"),)), Arm(5, (rate("0.7", "1"),))),
    "numbers at risk": (
        Arm(8, (rate("0.37", "0.38", 3), rate("0.1", "0.2", 1, 2))),
        Arm(7, (rate("0.85", "0.86", 5), rate("0.85", "0.86", 4, 2))),
    ),
    "events": (Arm(6, (rate("0.5", "0.9", 3),), SOME), Arm(6, (), SOME)),
    "apart": (Arm(7, (rate("1", "1", 7),)), Arm(7, (rate("0", "0.3", 1),))),
}


@pytest.mark.parametrize("name", ARMS)
def test_the_exact_extremes_are_within_the_bounds(name: str) -> None:
    first, second = ARMS[name]
    exact = extremes(TwoArmGraph(first, second), log_rank(first.number + second.number))
    found = bounds_of_log_rank(first, second)
    assert exact is not None
    assert found is not None
    for true, bound in ((exact.more, found.more), (exact.fewer, found.fewer)):
        if true is not None:
            assert bound is not None
            assert bound.limit >= true.limit
    assert found.least.limit <= exact.least.limit


@pytest.mark.parametrize("slope", ["-3", "-1/2", "0", "1/2", "1", "2", "4", "10", "50"])
@pytest.mark.parametrize("sizes", [(5, 4), (3, 9), (8, 7)])
def test_without_rates_nothing_is_lost_by_leaving_out_ties(
    sizes: tuple[int, int], slope: str
) -> None:
    first, second = (Arm(n, (), Interval(ONE, None)) for n in sizes)
    statistic, x = log_rank(sum(sizes)), Fraction(slope)
    found = TwoArmGraph(Arm(sizes[0]), Arm(sizes[1])).longest(
        lambda r1, r2: [
            Edge(*edge, 2 * x.denominator * u - x.numerator * v)
            for edge in all_edges(r1, r2)
            for u, _, v in [statistic.terms(r1, r2, *edge)]
        ]
    )
    assert found is not None
    exact = Fraction(found[0], x.denominator * statistic.scale)
    height = _Relaxed(Arm(sizes[0]), Arm(sizes[1])).height(x)
    assert height is not None
    assert exact <= height <= exact + Fraction(1, 10**9)
    # A demand that the best course meets changes nothing.
    if exact > 0:
        priced = _Relaxed(first, second).height(x)
        assert priced is not None
        assert exact <= priced <= exact + Fraction(1, 10**9)


def test_ties_of_both_arms_are_left_out_just_where_one_arm_after_the_other_does_as_well() -> None:
    statistic = log_rank(13)
    left_out = 0
    for slope in map(Fraction, ("-2", "0", "1", "3/2", "3", "7", "40")):

        def gain(*numbers: int, slope: Fraction = slope) -> Fraction:
            u, _, v = statistic.terms(*numbers)
            return 2 * u - slope * v

        for r1 in range(1, 7):
            for r2 in range(1, 8):
                for d1, d2 in all_edges(r1, r2):
                    if not (d1 and d2) or r1 + r2 - d1 == 1:
                        continue
                    is_kept = d2 in _needed(slope, r1, r2, d1)
                    parts = gain(r1, r2, d1, 0) + gain(r1 - d1, r2, 0, d2)
                    assert is_kept == (parts < gain(r1, r2, d1, d2))
                    left_out += not is_kept
    assert left_out > 1_000


@pytest.mark.parametrize("seed", range(6))
def test_patients_who_exist_are_within_the_bounds(seed: int) -> None:
    random_ = random.Random(seed)
    arms, patients = [], []
    for scale in (8, random_.choice([8, 30])):
        number = random_.randint(10, 16)
        patients.append(
            [
                Observation(
                    Fraction(1 + int(random_.expovariate(1 / scale))), random_.random() < 0.75
                )
                for _ in range(number)
            ]
        )
        rates = []
        for time in (Fraction(9, 2), Fraction(21, 2)):
            estimate = ONE
            past = [Observation(x.time, x.event and x.time < time) for x in patients[-1]]
            for r, _, d, _ in event_times(past, []):
                estimate *= Fraction(r - d, r)
            left = sum(x.time > time for x in patients[-1])
            shown = Fraction(round(estimate * 1000), 1000)
            half = Fraction(1, 2000)
            rates.append(Rate(time, Interval(shown - half, shown + half), Interval.point(left)))
        events = Interval.point(sum(x.event for x in patients[-1]))
        arms.append(Arm(number, tuple(rates), events))
    times = event_times(*patients)
    square = log_rank(sum(arm.number for arm in arms)).square(times)
    found = bounds_of_log_rank(*arms)
    assert found is not None
    if square is None or square.low is None:
        return
    side = log_rank(sum(arm.number for arm in arms)).side(times)
    bound = found.more if side > 0 else found.fewer
    assert square.low == 0 or (bound is not None and bound.limit >= square.low)
    assert found.least.limit <= square.low


def test_numbers_at_risk_bring_the_bound_near() -> None:
    first, second = Arm(12, (rate("0.4165", "0.4175", 4),)), Arm(14, (rate("0.3325", "0.3335", 3),))
    exact = extremes(TwoArmGraph(first, second), log_rank(26))
    found = bounds_of_log_rank(first, second)
    assert exact is not None
    assert found is not None
    assert exact.greatest.limit <= found.greatest.limit < Fraction(5, 4) * exact.greatest.limit


def test_rates_far_apart_exclude_large_p_values_of_large_arms() -> None:
    first = Arm(40, (rate("0.9495", "0.9505", 38),), Interval.point(2))
    second = Arm(40, (rate("0.2995", "0.3005", 12),), Interval.point(28))
    found = bounds_of_log_rank(first, second)
    assert found is not None
    assert found.more is None
    # z^2 above 10: no p-value above 0.002.
    assert found.least.limit > 10


def test_numbers_at_risk_that_grow_leave_no_course() -> None:
    arm = Arm(9, (rate("0.5", "0.6", 3, 1), rate("0.5", "0.6", 4, 2)))
    assert bounds_of_log_rank(arm, Arm(5)) is None
