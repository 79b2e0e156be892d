"""Weighted tests: each against its definition, and its range against plain enumeration."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from two_arm_oracle import fitting

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, Rate, TwoArmGraph, event_times
from netcore.stats.survival.log_rank import p_of_course
from netcore.stats.survival.path_extremes import Statistic
from netcore.stats.survival.weighted_tests import (
    TESTS,
    _pooled_weights,
    _weight_limits,
    any_p_range,
    weighted_fit,
    weighted_range,
    weighted_test,
)

ONE = Fraction(1)
Patients = list[Observation]


def rate(low: str, high: str) -> tuple[Rate, ...]:
    return (Rate(ONE, Interval(Fraction(low), Fraction(high))),)


ARMS = {
    "two and two": (Arm(2), Arm(2)),
    "three and three": (Arm(3), Arm(3)),
    "four and three": (Arm(4), Arm(3)),
    "rates": (Arm(4, rate("0.3", "0.5")), Arm(3, rate("0.6", "0.7"))),
    "apart": (Arm(3, rate("1", "1")), Arm(4, rate("0", "0.3"))),
    "one event": (Arm(3, (), Interval.point(1)), Arm(3, (), Interval.point(0))),
}


def drawn(seed: int) -> tuple[Patients, Patients]:
    random_ = random.Random(seed)
    last = random_.choice([4, 9, 100])
    first, second = (
        [
            Observation(Fraction(random_.randint(1, last)), random_.random() < 0.7)
            for _ in range(random_.randint(2, 9))
        ]
        for _ in range(2)
    )
    return first, second


def value(key: str, first: Patients, second: Patients) -> float | None:
    measure = weighted_test(TESTS[key], (len(first), len(second)))
    square = measure.square(event_times(first, second))
    return None if square is None else float(square.low or 0)


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("key", TESTS)
def test_no_course_lies_outside_the_range(name: str, key: str) -> None:
    first, second = ARMS[name]
    graph, test = TwoArmGraph(first, second), TESTS[key]
    measure = weighted_test(test, graph.sizes)
    found = weighted_range(test, graph)
    times = {course.times for course in fitting(first, second)}
    squares = [(square, t) for t in times if (square := measure.square(t)) is not None]
    if not squares:
        assert found is None
        return
    assert found is not None
    for bound, side in ((found.extremes.more, 1), (found.extremes.fewer, -1)):
        values = [square.low for square, t in squares if measure.side(t) == side]
        greatest = max((v for v in values if v is not None), default=None)
        if bound is None:
            assert greatest is None
            continue
        if greatest is None:
            assert bound.attained is None
            continue
        assert bound.limit >= greatest
        assert bound.attained is not None
        assert bound.attained <= greatest + Fraction(1, 10**6)
        if test.is_exact:
            assert bound.limit - greatest < Fraction(1, 10**6)
            assert bound.is_exact or test.weight == "root"
        else:
            assert bound.limit <= 4 * greatest
    assert found.extremes.least.limit <= min(square.high or 0 for square, _ in squares)


@pytest.mark.parametrize("key", ["log_rank", "gehan"])
def test_four_against_four_is_exact(key: str) -> None:
    graph = TwoArmGraph(Arm(4), Arm(4))
    measure = weighted_test(TESTS[key], (4, 4))
    found = weighted_range(TESTS[key], graph)
    assert found is not None
    squares = [measure.square(times) for times in {c.times for c in fitting(Arm(4), Arm(4))}]
    assert found.extremes.greatest.limit == max(x.low or 0 for x in squares if x is not None)
    assert found.is_least_attained


@pytest.mark.parametrize("seed", range(15))
def test_lifelines_agrees(seed: int) -> None:
    from lifelines.statistics import logrank_test

    first, second = drawn(seed)
    for key, options in (
        ("log_rank", {}),
        ("gehan", {"weightings": "wilcoxon"}),
        ("tarone_ware", {"weightings": "tarone-ware"}),
        ("prentice", {"weightings": "peto"}),
        ("peto", {"weightings": "fleming-harrington", "p": 1, "q": 0}),
    ):
        found = value(key, first, second)
        if found is None:
            continue
        expected = logrank_test(
            [float(x.time) for x in first],
            [float(x.time) for x in second],
            [x.event for x in first],
            [x.event for x in second],
            **options,  # type: ignore[arg-type]
        ).test_statistic
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12), key


def permuted(scores: list[float], number: int) -> float:
    """Return the squared sum of the first scores by its variance over all choices."""
    total = len(scores)
    squares = sum(score * score for score in scores)
    u = sum(scores[:number])
    return u * u / (number * (total - number) / (total * (total - 1)) * squares)


@pytest.mark.parametrize("seed", range(40))
def test_permuted_scores_are_those_of_their_definitions(seed: int) -> None:
    first, second = drawn(seed)
    everyone = [*first, *second]
    if value("log_rank_permutation", first, second) is None:
        return

    def outlives(x: Observation, y: Observation) -> bool:
        return y.event and (x.time > y.time or (x.time == y.time and not x.event))

    gehan = [sum(outlives(x, y) - outlives(y, x) for y in everyone) for x in everyone]
    times = sorted({x.time for x in everyone if x.event})
    hazard, survival, steps = 0.0, 1.0, {}
    before = 1.0
    for time in times:
        r = sum(x.time >= time for x in everyone)
        d = sum(x.time == time and x.event for x in everyone)
        before, hazard, survival = survival, hazard + d / r, survival * (1 - d / r)
        steps[time] = hazard, before, survival
    log_rank, peto = [], []
    for x in everyone:
        past = [steps[t] for t in times if t <= x.time]
        hazard, before, survival = past[-1] if past else (0.0, 1.0, 1.0)
        log_rank.append(x.event - hazard)
        # The survival after and before an own event less 1; less 1 only without one.
        peto.append(survival + before - 1 if x.event else survival - 1)
    number = len(first)
    for key, scores in (
        ("gehan_permutation", [float(score) for score in gehan]),
        ("log_rank_permutation", log_rank),
        ("peto_permutation", peto),
    ):
        assert value(key, first, second) == pytest.approx(permuted(scores, number), rel=1e-9), key


def test_expected_numbers_make_a_weaker_test() -> None:
    for seed in range(60):
        first, second = drawn(seed)
        times = event_times(first, second)
        strong, weak = value("log_rank", first, second), value("log_rank_expected", first, second)
        if strong is None or weak is None:
            continue
        observed = [sum(t[k] for t in times) for k in (2, 3)]
        expected = [sum((t[2] + t[3]) * t[k] / (t[0] + t[1]) for t in times) for k in (0, 1)]
        by_hand = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True) if e)
        assert weak == pytest.approx(by_hand, abs=1e-12)
        assert weak <= strong + 1e-12


def test_patients_are_found_for_tests_that_are_not_exact() -> None:
    graph = TwoArmGraph(Arm(5), Arm(6))
    window = Interval(Fraction(2, 100), Fraction(6, 100))
    for key in ("peto", "prentice", "andersen", "log_rank_expected", "gehan_permutation"):
        fit = weighted_fit(TESTS[key], graph, window, "fewer")
        assert fit.status == "possible", key
        assert fit.patients is not None
        p = p_of_course(weighted_test(TESTS[key], (5, 6)), event_times(*fit.patients), "fewer")
        assert p is not None
        assert p.low in window


def test_one_test_does_not_bound_another() -> None:
    first, second = ARMS["four and three"]
    least = {k: r.p.low for k, r in any_p_range(TwoArmGraph(first, second)).items() if r}
    assert len(set(least.values())) > 4
    assert any(least[key] < least["log_rank"] for key in least)


def test_sums_with_roots_are_enclosed() -> None:
    statistic = weighted_test(TESTS["tarone_ware"], (3, 4))
    assert isinstance(statistic, Statistic)
    for d1, d2 in ((1, 0), (0, 1), (2, 1)):
        low, high, variance = statistic.terms(3, 4, d1, d2)
        # Squares are compared, in whole numbers: U is sqrt(7) (d1 - 3 (d1 + d2) / 7) = x / sqrt(7).
        x = (7 * d1 - 3 * (d1 + d2)) * statistic.scale
        nearer, further = sorted((low * low, high * high))
        assert 7 * nearer <= x * x <= 7 * further
        assert low * x > 0
        assert high - low <= 1
        assert variance > 0


@pytest.mark.parametrize("key", ["peto", "prentice", "andersen"])
def test_pooled_weights_lie_between_their_limits_and_reach_them(key: str) -> None:
    test, reached = TESTS[key], set()
    for course in fitting(Arm(3), Arm(3)):
        weights = _pooled_weights(test, course.times)
        for (r1, r2, d1, d2), weight in zip(course.times, weights, strict=True):
            low, high = (Fraction(*one) for one in _weight_limits(test, r1 + r2, d1 + d2, 6))
            assert low <= weight <= high
            reached |= {end for end, limit in (("low", low), ("high", high)) if weight == limit}
    assert reached == {"low", "high"}


def test_a_test_that_is_never_defined_has_no_range() -> None:
    graph = TwoArmGraph(Arm(2, (), Interval.point(0)), Arm(2, (), Interval.point(0)))
    assert set(any_p_range(graph).values()) == {None}
