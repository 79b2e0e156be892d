"""What a printed survival rate can be an estimate by."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement
from math import exp
from random import Random

import pytest
from survival_patients import survival

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.rate_estimators import ESTIMATORS, rate_fit, rate_range

POINT = Interval.point
TIME = Fraction(5)
# Who leaves: with the event, censored, or with a competing event.
People = tuple[tuple[Fraction, str], ...]


def estimate(estimator: str, people: People) -> set[Fraction | float]:
    """Return the values that software can print, by definition."""
    number = len(people)
    events = [t for t, kind in people if kind == "event" and t <= TIME]
    competing = [t for t, kind in people if kind == "competing" and t <= TIME]
    censored = [t for t, kind in people if kind == "censored" and t < TIME]
    left = number - len(events) - len(competing) - len(censored)
    rate = survival(tuple(Observation(t, kind == "event") for t, kind in people), TIME)
    every = survival(tuple(Observation(t, kind != "censored") for t, kind in people), TIME)
    at_risk = {t: sum(time >= t for time, _ in people) for t in events}
    if estimator == "kaplan_meier":
        return {rate}
    if estimator == "efron":
        return {rate if left else Fraction(0)}
    if estimator == "crude":
        return {1 - Fraction(len(events), number), 1 - Fraction(len(events + competing), number)}
    if estimator == "known":
        return {Fraction(left, number), Fraction(left + len(competing), number)}
    if estimator == "followed":
        known = number - len(censored)
        return {Fraction(left, known), Fraction(left + len(competing), known)} if known else set()
    if estimator == "eligible":
        gone = len(events) + len(censored) + len(competing)
        return {Fraction(left, left + x) for x in range(gone + 1) if left + x}
    if estimator == "actuarial":
        return {life_table(people, [TIME]), life_table(people, [Fraction(5, 2), TIME])}
    if estimator == "fleming_harrington":
        hazard = sum(Fraction(1, at_risk[t]) for t in events)
        # The other way to handle ties: as if the events came one by one.
        apart = sum(
            Fraction(1, at_risk[t] - k) for t in set(events) for k in range(events.count(t))
        )
        return {exp(-hazard), exp(-apart)}
    shares = [
        survival(tuple(Observation(s, kind != "censored") for s, kind in people), t, before=True)
        / at_risk[t]
        for t in events
    ]
    assert every <= 1 - sum(shares)
    return {1 - sum(shares, Fraction(0))}


def life_table(people: People, ends: list[Fraction]) -> Fraction:
    rate, start, number = Fraction(1), Fraction(-1), len(people)
    for end in ends:
        # A competing event is a withdrawal; a withdrawal at the last time comes after it.
        dead = sum(start < t <= end and kind == "event" for t, kind in people)
        gone = sum(
            start < t and (t < end or (t == end and (kind == "competing" or end < TIME)))
            for t, kind in people
            if kind != "event"
        )
        if dead:
            rate *= 1 - dead / (number - Fraction(gone, 2))
        number -= dead + gone
        start = end
    return rate


@lru_cache
def everybody(number: int) -> tuple[People, ...]:
    kinds = [
        (Fraction(t), kind)
        for t in range(1, 7)
        for kind in ("event", "censored", "competing")
    ]  # fmt: skip
    return tuple(combinations_with_replacement(kinds, number))


def counts_of(people: People) -> tuple[int, int, int]:
    events = sum(kind == "event" and t <= TIME for t, kind in people)
    censored = sum(kind == "censored" and t < TIME for t, kind in people)
    competing = sum(kind == "competing" and t <= TIME for t, kind in people)
    return events, censored, competing


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_no_patients_have_a_rate_beyond_its_bounds_and_some_have_the_bounds(
    estimator: str,
) -> None:
    found: dict[tuple[int, int, int], set[Fraction | float]] = {}
    for people in everybody(4):
        found.setdefault(counts_of(people), set()).update(estimate(estimator, people))
    assert len(found) == 35
    for (events, censored, competing), rates in found.items():
        bounds = rate_range(estimator, 4, POINT(events), POINT(censored), POINT(competing))
        if not rates:
            assert bounds is None
            continue
        assert bounds is not None
        assert bounds.low is not None
        assert bounds.high is not None
        if estimator == "fleming_harrington":
            assert bounds.low <= min(rates) + 1e-12
            assert float(bounds.low) == pytest.approx(float(min(rates)), abs=1e-12)
            assert float(bounds.high) == pytest.approx(float(max(rates)), abs=1e-12)
            continue
        assert bounds.low <= min(rates)
        assert max(rates) <= bounds.high
        if estimator == "eligible":
            continue  # those who were lost may count as without the event too
        if estimator == "actuarial":
            bounds = rate_range("kaplan_meier", 4, POINT(events), POINT(censored), POINT(competing))
            assert bounds is not None
            assert bounds.low <= min(rates)  # type: ignore[operator]
            continue  # attained with an interval for each patient, as Kaplan and Meier's
        assert (bounds.low, bounds.high) == (min(rates), max(rates))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_rate_that_some_patients_have_is_never_excluded(estimator: str) -> None:
    random = Random(estimator)
    answers = set()
    for _ in range(60):
        people = random.choice(everybody(4))
        rates = estimate(estimator, people)
        counts = counts_of(people)
        known = [POINT(count) if random.random() < 0.5 else EVERYTHING for count in counts]
        for rate in rates:
            near = Fraction(rate).limit_denominator(10**6)
            window = Interval(near - Fraction(1, 10**4), near + Fraction(1, 10**4))
            status = rate_fit(estimator, 4, window, *known).status
            assert status != "infeasible", (people, rate, known)
            answers.add(status)
        off = Interval(Fraction(43, 100), Fraction(44, 100))
        answers.add(rate_fit(estimator, 4, off, *known).status)
    assert "infeasible" in answers
    assert answers != {"infeasible"}
    exact = ("kaplan_meier", "efron", "crude", "known", "followed")
    assert estimator not in exact or "open" not in answers


def test_a_fit_names_numbers_of_patients_that_have_the_rate() -> None:
    window = Interval(Fraction(4165, 10_000), Fraction(4175, 10_000))
    for estimator in ("kaplan_meier", "efron", "crude", "known", "followed", "actuarial"):
        fit = rate_fit(estimator, 12, window)
        assert fit.status == "feasible"
        assert fit.counts is not None
        bounds = rate_range(estimator, 12, *(POINT(count) for count in fit.counts))
        assert bounds is not None
        assert bounds.meets(window)


def test_a_rate_between_the_twelfths_is_not_crude_but_may_be_a_curve() -> None:
    window = Interval(Fraction(399, 1000), Fraction(401, 1000))
    assert rate_fit("crude", 12, window).status == "infeasible"
    assert rate_fit("kaplan_meier", 12, window).status == "feasible"
    assert rate_fit("kaplan_meier", 12, window, censored=POINT(0)).status == "infeasible"


def test_many_patients_are_settled() -> None:
    window = Interval(Fraction(833, 2000), Fraction(835, 2000))
    assert rate_fit("kaplan_meier", 200, window, POINT(90)).status == "feasible"
    assert rate_fit("kaplan_meier", 200, window, POINT(117)).status == "infeasible"
    assert rate_fit("crude", 200, window).status == "infeasible"


def test_a_search_without_budget_is_open() -> None:
    window = Interval(Fraction(833, 2000), Fraction(835, 2000))
    assert rate_fit("kaplan_meier", 40, window, budget=5).status == "open"


def test_what_is_no_estimator_or_no_group_is_refused() -> None:
    with pytest.raises(ValueError, match="found 'median', expected one of kaplan_meier"):
        rate_range("median", 4)
    with pytest.raises(ValueError, match="found 0 patients"):
        rate_fit("crude", 0, EVERYTHING)
