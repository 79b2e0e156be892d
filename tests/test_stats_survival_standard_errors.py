"""Standard errors of rates and of restricted means."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from random import Random

import pytest
from survival_patients import Patients, all_patients, left, survival, times_around

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation, area, kaplan_meier
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_landmarks, median_of
from netcore.stats.survival.standard_errors import (
    fitting_errors,
    greenwood_extremes,
    greenwood_range,
    greenwood_variance,
    mean_variance,
    mean_variance_range,
    squared,
    variance_range,
)

TEN, TWENTY = Fraction(10), Fraction(20)
EVERYBODY: tuple[Patients, ...] = tuple(all_patients(5, times_around([10], 3)))
TWO_TIMES: tuple[Patients, ...] = tuple(all_patients(3, times_around([10, 20], 2)))
MERCAPTOPURINE = tuple(
    Observation(Fraction(word.rstrip("+")), not word.endswith("+"))
    for word in "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()
)


def some_patients(random: Random, number: int) -> Patients:
    """Return patients of whom many are censored, few, or early."""
    lost = random.choice([0.2, 0.5, 0.8])
    longest = random.choice([25, 40])
    return tuple(
        Observation(Fraction(random.randint(1, longest)), random.random() > lost)
        for _ in range(number)
    )


def after_events(patients: Patients, time: Fraction) -> int:
    here = sum(who.event and who.time == time for who in patients)
    return left(patients, time, after=False) - here


# --- Of rates -------------------------------------------------------------------------------------


def test_errors_of_the_leukaemia_data_are_those_of_r() -> None:
    """R 4, survival 3.5-3: std.err of summary(survfit(...)) and se(rmean)."""
    steps = kaplan_meier(MERCAPTOPURINE)
    expected = {6: 0.0763603548321213, 12: 0.0963496529943205, 24: 0.1345914567557604}
    for week, error in expected.items():
        variance = greenwood_variance(steps, Fraction(week))
        assert variance is not None
        assert sqrt(variance) == pytest.approx(error, abs=1e-12)
    for week, mean, error in [
        (35, 23.28739495798319, 2.82746762337144),
        (20, 16.11652661064426, 1.25156019600505),
    ]:
        assert float(area(steps, Fraction(week))) == pytest.approx(mean, abs=1e-12)
        assert sqrt(mean_variance(steps, Fraction(week))) == pytest.approx(error, abs=1e-12)


def test_the_extremes_of_greenwoods_variance_are_those_of_all_patients() -> None:
    seen: dict[Fraction, set[Fraction]] = {}
    for patients in EVERYBODY:
        variance = greenwood_variance(kaplan_meier(patients), TEN)
        if variance is not None:
            seen.setdefault(survival(patients, TEN), set()).add(variance)
    assert len(seen) > 8
    several = 0
    for rate, variances in seen.items():
        found = greenwood_extremes(5, Interval.point(rate))
        assert found is not None
        assert found.is_exact
        assert (found.variances.low, found.variances.high) == (min(variances), max(variances))
        several += len(variances) > 1
    assert several > 1


def test_no_patients_have_a_variance_beyond_the_range_of_its_formula() -> None:
    for patients in Random(1).sample(EVERYBODY, 1_500):
        rate = survival(patients, TEN)
        at_risk = after_events(patients, TEN)
        before = left(patients, TEN, after=False)
        window = Interval.point(rate)
        greenwood = greenwood_variance(kaplan_meier(patients), TEN)
        values = {
            "greenwood": [] if greenwood is None else [greenwood],
            "binomial": [rate * (1 - rate) / 5],
            "binomial_at_risk": [rate * (1 - rate) / r for r in (at_risk, before) if r],
            "peto": [rate**2 * (1 - rate) / r for r in (at_risk, before) if r],
        }
        for kind, found in values.items():
            bounds = variance_range(kind, 5, window)
            assert bounds is not None
            assert all(value in bounds for value in found)
            known = variance_range(kind, 5, window, Interval.point(at_risk))
            if at_risk and found:
                assert known is not None
                assert found[0] in known


def test_the_bounds_of_greenwoods_variance_are_attained() -> None:
    for number in (5, 9, 12):
        for left_over in range(1, number):
            rate = Fraction(left_over, number)
            bounds, exact = (
                variance_range("greenwood", number, Interval.point(rate)),
                greenwood_extremes(number, Interval.point(rate)),
            )
            assert bounds is not None
            assert exact is not None
            assert exact.variances.low == bounds.low
            assert exact.variances.high <= bounds.high  # type: ignore[operator]
            if rate.numerator == 1:
                assert exact.variances.high == bounds.high


def test_more_landmarks_narrow_greenwoods_variance_and_exclude_no_patients() -> None:
    random = Random(2)
    narrower = 0
    groups = [some_patients(random, random.randint(4, 10)) for _ in range(300)]
    for patients in [*random.sample(TWO_TIMES, 150), *groups]:
        number = len(patients)
        marks = [
            Landmark(
                time,
                Interval.point(survival(patients, time)),
                random.choice([EVERYTHING, Interval.point(left(patients, time, after=False))]),
            )
            for time in (TEN, TWENTY)
        ]
        median = median_of(patients, "first")
        if median is not None and random.random() < 0.5:
            marks += median_landmarks("first", Interval.point(median), number)
        variance = greenwood_variance(kaplan_meier(patients), TWENTY)
        bounds = greenwood_range(number, marks, TWENTY)
        assert bounds is not None
        if variance is None:
            continue
        assert variance in bounds
        alone = variance_range("greenwood", number, Interval.point(survival(patients, TWENTY)))
        narrower += bounds != alone
    assert narrower > 10


def test_a_printed_error_leaves_the_formulas_that_can_give_it() -> None:
    rate = Interval(Fraction(833, 2000), Fraction(835, 2000))
    near = Interval(Fraction(1415, 10_000), Fraction(1425, 10_000))
    assert fitting_errors(12, rate, near) == (
        "greenwood", "binomial", "binomial_at_risk", "peto",
    )  # fmt: skip
    assert "binomial" not in fitting_errors(12, rate, Interval.point(Fraction(2, 10)))
    assert fitting_errors(12, rate, Interval.point(Fraction(1, 2))) == ()
    few = fitting_errors(12, rate, Interval.point(Fraction(3, 10)), Interval.point(5))
    assert few == ()


def test_a_long_search_for_extremes_ends_with_bounds() -> None:
    found = greenwood_extremes(40, Interval.point(Fraction(1, 2)), budget=1000)
    assert found is not None
    assert not found.is_exact
    assert found.variances == variance_range("greenwood", 40, Interval.point(Fraction(1, 2)))


# --- Of restricted means --------------------------------------------------------------------------


def test_no_patients_have_a_variance_of_the_mean_beyond_its_range() -> None:
    random = Random(6)
    excluding = 0
    groups = [some_patients(random, random.randint(4, 10)) for _ in range(300)]
    for patients in [*random.sample(TWO_TIMES, 200), *groups]:
        number = len(patients)
        last = max(who.time for who in patients)
        until = random.choice([last, Fraction(15), Fraction(25)])
        steps = kaplan_meier(patients)
        mean, variance = area(steps, until), mean_variance(steps, until)
        marks = [
            Landmark(
                time,
                Interval.point(survival(patients, time)),
                random.choice([EVERYTHING, Interval.point(left(patients, time, after=False))]),
            )
            for time in (TEN, TWENTY)
            if random.random() < 0.8
        ]
        median = median_of(patients, "first")
        if median is not None and random.random() < 0.5:
            marks += median_landmarks("first", Interval.point(median), number)
        printed = random.choice([EVERYTHING, Interval(mean - 1, mean + 1), Interval.point(mean)])
        for end in (Interval.point(until), Interval(until - 1, until + 2)):
            bounds = mean_variance_range(number, marks, end, printed)
            assert bounds is not None
            assert variance in bounds
            assert bounds.high is not None
            excluding += bool(bounds.low) or bounds.high < 30
    assert excluding > 100


def test_a_corrected_variance_may_be_twice_as_large() -> None:
    marks = [Landmark(TEN, Interval.point(Fraction(1, 2)))]
    plain = mean_variance_range(4, marks, Interval.point(30))
    corrected = mean_variance_range(4, marks, Interval.point(30), corrected=True)
    assert plain is not None
    assert corrected is not None
    assert corrected.high == 2 * (plain.high or 0)
    assert corrected.low == plain.low


def test_the_greatest_variance_of_a_mean_is_approached() -> None:
    """One event among two who are left at the start: an eighth of tau squared."""
    near = Fraction(1, 10**6)
    patients = [
        *[Observation(near, False)] * 10,
        Observation(2 * near, True),
        Observation(Fraction(1), False),
    ]
    bounds = mean_variance_range(12, [], Interval.point(1))
    assert bounds is not None
    assert bounds.high is not None
    variance = mean_variance(kaplan_meier(patients), Fraction(1))
    assert bounds.high - Fraction(1, 10**5) < variance <= bounds.high == Fraction(1, 8)


def test_the_least_variance_of_a_mean_is_that_of_patients_at_the_ends() -> None:
    marks = [Landmark(Fraction(12), Interval.point(Fraction(1, 2)), ties=False)]
    # Half before 12 and half after: with a mean of 9 the later ones are 3 away at least.
    low = mean_variance_range(10, marks, Interval.point(20), Interval.point(9))
    assert low is not None
    assert low.low == Fraction(9, 20)
    none = mean_variance_range(10, marks, Interval(Fraction(20), None), Interval.point(12))
    assert none == Interval(Fraction(0), None)


def test_rates_and_a_mean_that_no_patients_have_are_told() -> None:
    marks = [Landmark(TEN, Interval.point(Fraction(2, 5)))]
    assert mean_variance_range(3, marks, Interval.point(20)) is None
    assert greenwood_range(3, marks, TEN) is None
    assert greenwood_extremes(3, Interval.point(Fraction(2, 5))) is None
    half = [Landmark(TEN, Interval.point(Fraction(1, 2)))]
    assert mean_variance_range(4, half, Interval.point(20), Interval.point(16)) is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: squared(Interval.point(-1)), "expected one of at least 0"),
        (lambda: variance_range("wald", 3, EVERYTHING), "found 'wald', expected one of greenwood"),
        (lambda: variance_range("peto", 0, EVERYTHING), "found 0 patients"),
        (lambda: mean_variance_range(3, [], Interval.point(-1)), "expected a time of at least 0"),
    ],
)
def test_what_makes_no_sense_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
