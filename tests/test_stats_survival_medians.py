"""Medians of survival and of follow-up, under each convention."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from random import Random

import pytest
from survival_patients import Patients, all_orders, all_patients, survival, times_around

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import (
    EXACT,
    MEDIANS,
    median_landmarks,
    median_of,
    median_range,
)
from netcore.stats.survival.reachable import reach

HALF = Fraction(1, 2)


def patients_of(text: str) -> tuple[Observation, ...]:
    """Read times; a plus sign is for those who are censored."""
    return tuple(
        Observation(Fraction(word.rstrip("+")), not word.endswith("+")) for word in text.split()
    )


# Freireich and others (1963), as in Cox and Oakes: weeks of remission.
MERCAPTOPURINE = patients_of("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")
PLACEBO = patients_of("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")


def test_medians_of_the_leukaemia_data_are_the_published_ones() -> None:
    for convention in ("first", "below", "midpoint"):
        assert median_of(MERCAPTOPURINE, convention) == 23
        assert median_of(PLACEBO, convention) == 8


def test_lifelines_has_the_same_medians() -> None:
    from lifelines import KaplanMeierFitter

    random = Random(3)
    for _ in range(15):
        patients = [
            Observation(Fraction(random.randint(1, 9)), random.random() < 0.6) for _ in range(9)
        ]
        times = [float(who.time) for who in patients]
        for convention, kinds in [("first", True), ("follow_up", False)]:
            fitter = KaplanMeierFitter().fit(times, [who.event is kinds for who in patients])
            expected = fitter.median_survival_time_
            found = median_of(patients, convention)
            # One half is no exact float in a product of fractions.
            kind = tuple(who._replace(event=who.event is kinds) for who in patients)
            rates = {survival(kind, who.time) for who in patients}
            if HALF not in rates:
                assert expected == (float("inf") if found is None else float(found))


def test_a_stretch_at_one_half_tells_the_conventions_apart() -> None:
    patients = patients_of("2 4 10 20")
    found = {convention: median_of(patients, convention) for convention in MEDIANS}
    assert found["first"] == 4
    assert found["below"] == 10
    assert found["midpoint"] == found["observed"] == found["event_times"] == 7
    assert found["interpolated"] == 4
    assert found["censored_times"] is None
    assert found["follow_up"] is None
    # In R (survival 3.5-3) quantile(survfit(Surv(c(2, 4, 10, 20), c(1, 1, 0, 0)) ~ 1)) is 12 at
    # 50 %, though what is printed of the same curve is 4; with events only, both are 7.
    assert median_of(patients_of("2 4 10+ 20+"), "midpoint") == 12
    assert median_of(patients_of("2 4 10+ 20+"), "below") is None


@lru_cache
def everybody(number: int) -> tuple[tuple[Patients, Fraction], ...]:
    return tuple(
        (patients, survival(patients, Fraction(10)))
        for patients in (
            all_patients(number, times_around([10, 20], 2))
            if number == 3
            else all_orders(number, [10, 20])
        )
    )


WINDOWS = [
    Interval(Fraction(10), Fraction(20)),
    Interval(Fraction(10), Fraction(20), False, False),
    Interval(Fraction(20), None),
    Interval(Fraction(20), None, False),
    Interval(None, Fraction(10)),
    Interval(None, Fraction(10), True, False),
    Interval(Fraction(10), Fraction(10)),
    None,
]


@pytest.mark.parametrize("number", [3, 5, 7])
@pytest.mark.parametrize("convention", MEDIANS)
def test_curves_with_a_median_meet_its_windows_and_of_exact_ones_no_others(
    convention: str, number: int
) -> None:
    events = 2 if convention in ("event_times", "censored_times") else None
    medians = [
        (median_of(patients, convention), rate)
        for patients, rate in everybody(number)
        if events is None or sum(who.event for who in patients) == events
    ]
    answers = set()
    for window in WINDOWS:
        if window is None and convention in ("observed", "event_times", "censored_times"):
            continue
        marks = median_landmarks(convention, window, number, events)
        # Of few patients all rates that are not theirs either; of more those that they have.
        rates = {Fraction(k, 12) for k in range(13)} | (
            {r for _, r in medians} if number < 7 else set()
        )
        for value in sorted(rates):
            rate = Interval.point(value)
            status = reach(number, [*marks, Landmark(Fraction(10), rate)]).status
            fits = any(
                found in rate and (median is None if window is None else median in window)
                for median, found in medians
                if (median is None) == (window is None)
            )
            assert status == "feasible" or not fits, (window, value)
            if convention in EXACT and convention in ("first", "below"):
                assert fits or status == "infeasible", (window, value)
            answers.add((status, fits))
    assert ("feasible", True) in answers
    assert ("infeasible", False) in answers


@pytest.mark.parametrize("convention", ["observed", "event_times", "censored_times"])
@pytest.mark.parametrize(("number", "events"), [(3, 1), (3, 2), (4, 2)])
def test_medians_of_times_are_exact_up_to_which_middle_value_is_taken(
    convention: str, number: int, events: int
) -> None:
    for window in WINDOWS[:-1]:
        assert window is not None
        marks = median_landmarks(convention, window, number, events)
        reached = set()
        for patients, rate in everybody(number):
            kinds = {"observed": (True, False), "event_times": (True,), "censored_times": (False,)}
            times = sorted(who.time for who in patients if who.event in kinds[convention])
            if convention != "observed" and sum(who.event for who in patients) != events:
                continue
            low, high = times[(len(times) - 1) // 2], times[len(times) // 2]
            if Interval(low, high).meets(window):
                reached.add(rate)
        for twelfths in range(13):
            rate = Fraction(twelfths, 12)
            mark = Landmark(Fraction(10), Interval.point(rate))
            assert (reach(number, [*marks, mark]).status == "feasible") is (rate in reached)


@pytest.mark.parametrize("convention", ["first", "below", "midpoint", "interpolated"])
def test_stretches_in_which_a_median_can_be_hold_all_medians(convention: str) -> None:
    times = (Fraction(10), Fraction(20))
    for first, second in [(8, 4), (8, 8), (12, 6), (4, 0), (6, 6)]:
        rates = [Interval.point(Fraction(twelfths, 12)) for twelfths in (first, second)]
        marks = [Landmark(time, rate) for time, rate in zip(times, rates, strict=True)]
        medians = [
            median_of(patients, convention)
            for patients, rate in everybody(4)
            if rate in rates[0] and survival(patients, times[1]) in rates[1]
        ]
        found = median_range(4, marks, convention)
        for median in medians:
            if median is None:
                assert found.can_be_unreached
            else:
                assert any(median in window for window in found.windows)
        if convention in EXACT:
            assert found.is_exact
            assert all(any(m in w for m in medians if m is not None) for w in found.windows)
            assert found.can_be_unreached is (None in medians) or not medians


def test_a_median_beyond_a_time_and_a_rate_below_one_half_conflict() -> None:
    window = Interval(Fraction(25, 2), Fraction(27, 2))
    rate = Landmark(Fraction(12), Interval(Fraction(49, 100), Fraction(499, 1000)))
    for convention in ("first", "below", "midpoint", "interpolated"):
        marks = [rate, *median_landmarks(convention, window, 200)]
        assert reach(200, marks).status == "infeasible"


def test_an_interpolated_median_may_lie_before_a_rate_above_one_half() -> None:
    patients = patients_of("8 14 20")
    assert median_of(patients, "interpolated") == 11
    assert survival(patients, Fraction(12)) > HALF
    window = Interval.point(11)
    rate = Landmark(Fraction(12), Interval.point(Fraction(2, 3)))
    assert reach(3, [rate, *median_landmarks("interpolated", window, 3)]).status == "feasible"
    assert reach(3, [rate, *median_landmarks("midpoint", window, 3)]).status == "infeasible"


def test_follow_up_is_short_where_many_are_still_at_risk_later() -> None:
    follow_up = median_landmarks("follow_up", Interval.point(12), 20)
    for at_risk, status in [(18, "infeasible"), (5, "feasible")]:
        mark = Landmark(Fraction(13), Interval(Fraction(9, 10), None), Interval.point(at_risk))
        assert reach(20, [mark, *follow_up]).status == status


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: median_of(PLACEBO, "mean"), "found 'mean', expected one of first"),
        (
            lambda: median_landmarks("event_times", Interval.point(1), 3),
            "found no number of events",
        ),
        (lambda: median_landmarks("observed", None, 3), "it is always reached"),
        (lambda: median_range(3, [], "observed"), "expected a median of the curve"),
    ],
)
def test_what_makes_no_sense_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
