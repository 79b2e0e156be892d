"""The range of the log-rank test: equal to plain enumeration, and no true p-value outside."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from two_arm_oracle import all_data, fitting, log_rank_sums

from netcore.printed import Interval
from netcore.stats.enclosures import chi_squared_tail
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, Rate, TwoArmGraph, event_times
from netcore.stats.survival.log_rank import (
    common_denominator,
    log_rank,
    log_rank_fit,
    log_rank_range,
    log_rank_test,
)
from netcore.stats.survival.path_extremes import (
    course_within,
    extremes,
    greatest_above,
    steps_to_event_times,
)

ONE = Fraction(1)


def rate(low: str, high: str) -> tuple[Rate, ...]:
    return (Rate(ONE, Interval(Fraction(low), Fraction(high))),)


def printed(text: str, time: int = 2) -> Rate:
    value, half = Fraction(text), Fraction(1, 2 * 10 ** len(text.split(".")[1]))
    return Rate(Fraction(time), Interval(value - half, value + half))


ARMS = {
    "two and two": (Arm(2), Arm(2)),
    "one and three": (Arm(1), Arm(3)),
    "three and three": (Arm(3), Arm(3)),
    "four and four": (Arm(4), Arm(4)),
    "a rate of one": (Arm(4, rate("0.6", "0.7")), Arm(3)),
    "rates of both": (Arm(4, rate("0.3", "0.5")), Arm(3, rate("0.6", "0.7"))),
    "all against none": (Arm(4, rate("0", "0")), Arm(3, rate("1", "1"))),
    "none against all": (Arm(3, rate("1", "1")), Arm(4, rate("0", "0"))),
    "few against many": (Arm(3, rate("0.6", "1")), Arm(4, rate("0", "0.3"))),
    "counted events": (Arm(4, (), Interval.point(4)), Arm(4, (), Interval.point(1))),
    "no events": (Arm(3, (), Interval.point(0)), Arm(3, (), Interval.point(0))),
    "one left over": (Arm(4, rate("0", "0.3"), Interval.point(4)), Arm(2, (), Interval.point(0))),
}


@pytest.mark.parametrize("name", ARMS)
def test_the_extremes_are_those_of_all_courses(name: str) -> None:
    first, second = ARMS[name]
    sums = {log_rank_sums(course.times) for course in fitting(first, second)}
    sums = {(u, v) for u, v in sums if v}
    found = extremes(TwoArmGraph(first, second), log_rank(first.number + second.number))
    if not sums:
        assert found is None
        return
    assert found is not None
    for bound, sign in ((found.more, 1), (found.fewer, -1)):
        values = [u * u / v for u, v in sums if u * sign > 0]
        if bound is None:
            assert not values
        else:
            assert bound.limit == bound.attained == max(values)
    least = min(u * u / v for u, v in sums)
    assert found.least.limit <= least
    if found.least.attained is not None:
        assert found.least.attained >= least
    if found.least.is_exact:
        assert found.least.limit == least


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("alternative", ["two-sided", "more", "fewer"])
def test_p_values_of_all_courses_lie_in_the_range(name: str, alternative: str) -> None:
    first, second = ARMS[name]
    found = log_rank_range(first, second, alternative)  # type: ignore[arg-type]
    if found is None:
        return
    least = Fraction(2)
    for u, v in {log_rank_sums(course.times) for course in fitting(first, second)}:
        if v:
            p = chi_squared_tail(u * u / v, 1)
            if alternative != "two-sided":
                towards = u > 0 if alternative == "more" else u < 0
                p = (
                    type(p)(p.low / 2, p.high / 2)
                    if towards
                    else type(p)(1 - p.high / 2, 1 - p.low / 2)
                )
            assert p.high >= found.p.low
            assert p.low <= found.p.high
            least = min(least, p.low)
    if found.is_least_attained:
        assert abs(least - found.p.low) < Fraction(1, 10**30)


def test_no_data_on_a_grid_of_times_lie_outside() -> None:
    # These are enumerated without any notion of a path.
    found = log_rank_range(Arm(3), Arm(2))
    assert found is not None
    values = [log_rank_test(*data) for data in all_data(3, 2, 4)]
    ps = [value for value in values if value is not None]
    assert min(p.high for p in ps) >= found.p.low
    assert min(p.low for p in ps) <= found.p.low + Fraction(1, 10**30)


@pytest.mark.parametrize("seed", range(8))
def test_the_p_value_of_patients_who_exist_is_never_impossible(seed: int) -> None:
    random_ = random.Random(seed)
    coarse = random_.choice([1, 3, 50])
    arms, patients = [], []
    for _ in range(2):
        number = random_.randint(2, 9)
        patients.append(
            [
                Observation(
                    Fraction(random_.randint(1, 20 * coarse), coarse), random_.random() < 0.7
                )
                for _ in range(number)
            ]
        )
        estimate, times = ONE, (Fraction(7), Fraction(12))
        rates = []
        for time in times:
            estimate = ONE
            for r, _, d, _ in event_times(
                [Observation(x.time, x.event and x.time <= time) for x in patients[-1]], []
            ):
                estimate *= Fraction(r - d, r)
            shown = Fraction(round(estimate * 100), 100)
            half = Fraction(1, 200)
            rates.append(Rate(time, Interval(shown - half, shown + half)))
        arms.append(Arm(number, tuple(rates)))
    p = log_rank_test(*patients)
    if p is None:
        return
    width = Fraction(1, 1000)
    window = Interval(max(p.low - width, Fraction(0)), min(p.high + width, ONE))
    fit = log_rank_fit(*arms, window, tries=200)
    assert fit.status != "impossible"
    if fit.patients is not None:
        value = log_rank_test(*fit.patients)
        assert value is not None
        assert value.low in window


def test_twelve_against_fourteen() -> None:
    first, second = Arm(12, (printed("0.417"),)), Arm(14, (printed("0.333"),))
    graph, statistic = TwoArmGraph(first, second), log_rank(26)
    found = extremes(graph, statistic)
    assert found is not None
    assert found.more is not None
    assert found.fewer is not None
    assert found.more.is_exact
    assert found.fewer.is_exact
    # The first arm has the better rate, and can be further below than above.
    assert float(found.more.limit) == pytest.approx(11.254097563)
    assert float(found.fewer.limit) == pytest.approx(12.095299079)
    assert found.least.limit == 0


def lifelines_p(first: tuple[Observation, ...], second: tuple[Observation, ...]) -> float:
    from lifelines.statistics import logrank_test

    return float(
        logrank_test(
            [float(x.time) for x in first],
            [float(x.time) for x in second],
            [x.event for x in first],
            [x.event for x in second],
        ).p_value
    )


def lifelines_rate(patients: tuple[Observation, ...], time: int) -> float:
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter().fit([float(x.time) for x in patients], [x.event for x in patients])
    return float(fitter.predict(float(time)))


@pytest.mark.parametrize(
    ("low", "high"), [("0.025", "0.035"), ("0.9", "0.95"), ("0.0005", "0.0006")]
)
def test_patients_that_are_found_are_confirmed_by_lifelines(low: str, high: str) -> None:
    first, second = Arm(9, (printed("0.417"),)), Arm(10, (printed("0.30"),))
    fit = log_rank_fit(first, second, Interval(Fraction(low), Fraction(high)))
    if fit.status == "impossible":
        assert fit.range is not None
        assert fit.range.p.low > Fraction(high)
        assert fit.range.least is not None
        assert lifelines_p(*fit.range.least) == pytest.approx(float(fit.range.p.low))
        return
    assert fit.patients is not None
    assert float(low) <= lifelines_p(*fit.patients) <= float(high)
    assert lifelines_rate(fit.patients[0], 2) == pytest.approx(0.417, abs=0.0005)
    assert lifelines_rate(fit.patients[1], 2) == pytest.approx(0.30, abs=0.005)


def test_the_remission_data() -> None:
    # Freireich et al. 1963, as in R and in every textbook: 6-mercaptopurine against placebo.
    treated = "6 6 6 7 10 13 16 22 23".split(), "6 9 10 11 17 19 20 25 32 32 34 35".split()
    placebo = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23".split()
    first = [Observation(Fraction(t), k == 0) for k in range(2) for t in treated[k]]
    second = [Observation(Fraction(t), True) for t in placebo]
    square = log_rank(42).square(event_times(first, second))
    assert square is not None
    assert square.low == square.high
    assert float(square.low or 0) == pytest.approx(16.7929, abs=5e-5)
    p = log_rank_test(first, second)
    assert p is not None
    assert float(p.low) == pytest.approx(4.17e-5, rel=2e-3)
    one_sided = log_rank_test(first, second, "fewer")
    assert one_sided is not None
    assert one_sided.low == p.low / 2
    # With rates at three times and the numbers of events, the data are among the courses.
    arms = [
        Arm(21, tuple(printed(v, t) for v, t in zip(values, (6, 12, 24), strict=True)), events)
        for values, events in (
            (("0.8571", "0.7529", "0.4482"), Interval.point(9)),
            (("0.5714", "0.1905", "0.0000"), Interval.point(21)),
        )
    ]
    graph = TwoArmGraph(*arms)
    found = extremes(graph, log_rank(42))
    assert found is not None
    assert found.more is None
    assert found.fewer is not None
    assert found.fewer.is_exact
    assert found.least.limit <= square.low <= found.fewer.limit  # type: ignore[operator]
    # No p-value above 0.06 goes with these rates.
    assert found.least.is_exact
    assert found.least.limit > Fraction(36, 10)


def test_tied_deaths_are_further_than_untied() -> None:
    found = log_rank_range(Arm(2), Arm(2))
    assert found is not None
    assert found.extremes.greatest.limit == 3
    untied = max(
        u * u / v
        for course in fitting(Arm(2), Arm(2))
        for u, v in [log_rank_sums(course.times)]
        if v and all(t[2] + t[3] == 1 for t in course.times)
    )
    assert float(untied) == pytest.approx(2.882, abs=5e-4)


def test_deaths_of_both_arms_at_one_time_can_be_furthest_of_all() -> None:
    # Seven patients of whom six are left at a time, against three of whom a third has died by
    # then: the greatest chi-squared needs deaths of both arms at one time.
    time = Fraction(1)
    first = Arm(7, (Rate(time, at_risk=Interval.point(6)),))
    second = Arm(3, (Rate(time, Interval.point(Fraction(2, 3))),))
    found = greatest_above(TwoArmGraph(first, second), log_rank(10))
    assert found is not None
    every, untied = _sums_of_all(7, 3, together=True), _sums_of_all(7, 3, together=False)
    greatest = max(u * u / v for u, v in every if u > 0 and v)
    assert found.limit == found.attained == greatest == Fraction(92575, 37481)
    assert max(u * u / v for u, v in untied if u > 0 and v) < greatest


def _sums_of_all(n1: int, n2: int, *, together: bool) -> set[tuple[Fraction, Fraction]]:
    """Return O - E and V of all such courses, with deaths of both arms at one time or without."""
    start = (n1, n2, Fraction(1), False)
    sums: dict[tuple[int, int, Fraction, bool], set[tuple[Fraction, Fraction]]] = {}
    sums[start] = {(Fraction(0), Fraction(0))}
    states = sorted(
        ((r1, r2, late) for late in (False, True) for r1 in range(n1 + 1) for r2 in range(n2 + 1)),
        key=lambda state: (state[2], -state[0] - state[1]),
    )
    ends: set[tuple[Fraction, Fraction]] = set()
    for r1, r2, late in states:
        for key in [key for key in sums if (key[0], key[1], key[3]) == (r1, r2, late)]:
            rate, here = key[2], sums[key]
            if not late and (r1 < 6 or rate < Fraction(2, 3)):
                continue  # too few are left
            if late:
                ends |= here
            elif r1 == 6 and rate == Fraction(2, 3):
                sums.setdefault((r1, r2, rate, True), set()).update(here)
            for a, b in ((1, 0), (0, 1)):
                if r1 >= a and r2 >= b:
                    sums.setdefault((r1 - a, r2 - b, rate, late), set()).update(here)
            for d1 in range(r1 + 1):
                for d2 in range(r2 + 1):
                    if not d1 + d2 or (d1 and d2 and not together):
                        continue
                    r, d = r1 + r2, d1 + d2
                    u = Fraction(d1 * r2 - d2 * r1, r)
                    v = Fraction(d * r1 * r2 * (r - d), r * r * (r - 1)) if r > 1 else Fraction(0)
                    after = rate * (r2 - d2) / r2 if r2 and not late else rate
                    sums.setdefault((r1 - d1, r2 - d2, after, late), set()).update(
                        (x + u, y + v) for x, y in here
                    )
    return ends


def test_a_course_in_a_window_is_in_it_and_on_its_side() -> None:
    graph, statistic = TwoArmGraph(Arm(6), Arm(7)), log_rank(13)
    window = Interval(Fraction(2), Fraction(21, 10))
    for side in (1, -1):
        steps = course_within(graph, statistic, window, side=side)
        assert steps is not None
        times = steps_to_event_times(graph.sizes, steps)
        square = statistic.square(times)
        assert square is not None
        assert square.low in window
        assert statistic.sums(times).low * side > 0
    assert course_within(graph, statistic, Interval(Fraction(50), None), side=0, tries=50) is None
    with pytest.raises(ValueError, match="low end"):
        course_within(graph, statistic, Interval(None, None), side=0)


def test_an_impossible_rate_makes_every_p_value_impossible() -> None:
    fit = log_rank_fit(Arm(3, rate("0.4", "0.45")), Arm(3), Interval(Fraction(0), ONE))
    assert (fit.status, fit.range) == ("impossible", None)


def test_a_window_without_a_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a probability"):
        log_rank_fit(Arm(3), Arm(3), Interval(Fraction(2), None))


def test_denominators_divide_evenly() -> None:
    assert all(common_denominator(9) % (r * r * (r - 1)) == 0 for r in range(2, 10))
