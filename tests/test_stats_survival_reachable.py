"""Rates that patients can have, at one time and at several."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Literal, NamedTuple

import pytest
from survival_patients import Patients, all_orders, all_patients, left, survival, times_around

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.backward_sets import BackwardSets, BudgetError
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.landmarks import Landmark, Moment, in_order
from netcore.stats.survival.reachable import (
    CountRange,
    fewest_censorings,
    number_range,
    rate_bounds,
    reach,
    reachable_states,
)

POINT = Interval.point


def percent(rate: str) -> Interval:
    value, half = Fraction(rate) / 100, Fraction(5, 10 ** (2 + len(rate.partition(".")[2]) + 1))
    return Interval(value - half, value + half)


class View(NamedTuple):
    """What patients have at one time, by definition."""

    rate_before: Fraction
    rate: Fraction
    at_risk: tuple[int, int, int]  # before the events, after them, after the censorings
    events: tuple[int, int, int]
    censored: tuple[int, int, int]


def view(patients: Patients, time: Fraction) -> View:
    before, after = (left(patients, time, after=after) for after in (False, True))
    here = sum(who.event and who.time == time for who in patients)
    events = sum(who.event and who.time <= time for who in patients)
    number = len(patients)
    return View(
        survival(patients, time, before=True),
        survival(patients, time),
        (before, before - here, after),
        (events - here, events, events),
        (
            number - before - (events - here),
            number - before - (events - here),
            number - after - events,
        ),
    )


def shows(seen: View, mark: Landmark) -> bool:
    """Tell whether patients have what a landmark says."""
    is_before = mark.moment == "before"
    place = ("before", "at", "after").index(mark.moment)
    counts = seen.at_risk if mark.moment == "at" and mark.ties else seen.at_risk[place : place + 1]
    return (
        (seen.rate_before if is_before else seen.rate) in mark.rate
        and seen.events[place] in mark.events
        and seen.censored[place] in mark.censored
        and any(count in mark.at_risk for count in counts)
    )


def meets(patients: Patients, mark: Landmark) -> bool:
    assert mark.time is not None
    return shows(view(patients, mark.time), mark)


@lru_cache
def everybody(number: int, marks: tuple[int, ...], between: int) -> tuple[Patients, ...]:
    return tuple(all_patients(number, times_around(list(marks), between)))


@lru_cache
def all_views(number: int) -> frozenset[tuple[View, View]]:
    """Return what any patients have at the times 10 and 20."""
    everyone = everybody(number, (10, 20), 2) if number < 5 else all_orders(number, [10, 20])
    return frozenset(
        (view(patients, Fraction(10)), view(patients, Fraction(20))) for patients in everyone
    )


def test_all_orders_are_enough_to_know_all_patients() -> None:
    for number in (1, 2, 3, 4):
        found = {
            (view(patients, Fraction(10)), view(patients, Fraction(20)))
            for patients in all_orders(number, [10, 20])
        }
        assert found == all_views(number)


# --- One time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "distinct"), [(12, 681), (14, 2307)])
def test_the_distinct_rates_of_a_small_group_are_as_many_as_in_the_reference(
    number: int, distinct: int
) -> None:
    assert len(frozenset().union(*reachable_states(number))) == distinct


def test_the_states_are_those_of_all_patients() -> None:
    for number in (1, 2, 3, 4):
        found = set()
        for patients in everybody(number, (10,), 2):
            for time in {who.time for who in patients}:
                found.add((left(patients, time, after=True), survival(patients, time)))
        found.add((number, Fraction(1)))
        states = reachable_states(number)
        at_times = {(r, rate) for r, rates in enumerate(states) for rate in rates}
        # What is left after a time is read after its censorings; any state is one such.
        assert found == at_times


def test_bounds_of_a_rate_are_attained_and_not_exceeded() -> None:
    found: dict[tuple[int, int], set[Fraction]] = {}
    for patients in everybody(5, (10,), 3):
        time = Fraction(10)
        early = [who for who in patients if who.time < time]
        if any(who.time == time for who in patients):
            continue
        events = sum(who.event for who in early)
        found.setdefault((events, len(early) - events), set()).add(survival(patients, time))
    assert len(found) == 21
    for (events, censored), rates in found.items():
        bounds = rate_bounds(5, events, censored)
        assert (bounds.low, bounds.high) == (min(rates), max(rates))


@pytest.mark.parametrize("number", [6, 9, 12])
def test_one_window_is_reached_just_where_a_state_lies_in_it(number: int) -> None:
    random = Random(number)
    states = reachable_states(number)
    answers = set()
    for _ in range(150):
        low = Fraction(random.randint(0, 1000), 1000)
        window = Interval(low, low + Fraction(random.choice([0, 1, 5]), 1000))
        r = random.randint(0, number)
        at_risk = random.choice([EVERYTHING, Interval(Fraction(r), Fraction(r + 1))])
        mark = Landmark(Fraction(12), window, at_risk, ties=False)
        expected = any(
            rate in window for r, rates in enumerate(states) if r in at_risk for rate in rates
        )
        assert reach(number, [mark]).status == ("feasible" if expected else "infeasible")
        answers.add(expected)
    assert answers == {True, False}


def test_open_ends_of_windows_are_left_out() -> None:
    third, half = Fraction(1, 3), Fraction(1, 2)
    everyone = Interval.point(1)
    for window, status in [
        (Interval(third, half, True, False), "feasible"),
        (Interval(third, half, False, True), "feasible"),
        (Interval(third, half, False, False), "infeasible"),
    ]:
        mark = Landmark(Fraction(1), window, events=everyone, at_risk=everyone)
        assert reach(3, [mark]).status == ("infeasible" if window.low_closed else status)
        assert reach(2, [mark]).status == ("feasible" if window.high_closed else "infeasible")


# --- Several times --------------------------------------------------------------------------------


def drawn_mark(random: Random, time: int, seen: View, number: int) -> Landmark:
    """Return windows around what is seen, or close by."""
    moment: Moment = random.choice(("at", "at", "before", "after"))
    rate = seen.rate_before if moment == "before" else seen.rate
    off = Fraction(random.choice([0, 0, 0, 1, -1]), 30)
    width = Fraction(random.choice([0, 1, 2]), 40)
    r = random.choice([*seen.at_risk, random.randint(0, number)])
    place = ("before", "at", "after").index(moment)
    events = random.choice([seen.events[place], random.randint(0, number)])
    return Landmark(
        Fraction(time),
        Interval(rate + off - width, rate + off + width),
        random.choice([EVERYTHING, POINT(r), POINT(r), Interval(Fraction(r), Fraction(r + 1))]),
        random.choice([EVERYTHING, EVERYTHING, POINT(events)]),
        random.choice([EVERYTHING, EVERYTHING, POINT(seen.censored[place])]),
        moment=moment,
        ties=random.choice([True, False]),
    )


@lru_cache
def sorted_views(number: int) -> tuple[tuple[View, View], ...]:
    return tuple(sorted(all_views(number)))


def drawn_marks(random: Random, number: int) -> list[Landmark]:
    seen = random.choice(sorted_views(number))
    marks = [drawn_mark(random, 10, seen[0], number), drawn_mark(random, 20, seen[1], number)]
    another = drawn_mark(random, 10, seen[0], number)
    if random.random() < 0.3 and another.moment != marks[0].moment:
        marks.append(another)
    return marks


def view_of(seen: tuple[View, View], mark: Landmark) -> View:
    return seen[0] if mark.time == 10 else seen[1]


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6, 7])
def test_windows_at_two_times_are_reached_just_where_patients_have_them(number: int) -> None:
    random = Random(number)
    answers = {True: 0, False: 0}
    for _ in range(100 if number < 6 else 60):
        marks = drawn_marks(random, number)
        expected = any(
            all(shows(view_of(seen, mark), mark) for mark in marks) for seen in all_views(number)
        )
        found = reach(number, marks)
        assert found.status == ("feasible" if expected else "infeasible"), marks
        answers[expected] += 1
        if expected:
            assert len(found.patients) == number
            assert all(meets(found.patients, mark) for mark in marks)
    assert min(answers.values()) > 10


def tally(patients: Patients, kind: str, since: int | None, until: int | None) -> int:
    """Count who leaves between two times: censorings at the first, events at the second."""
    events = sum(
        who.event and (since is None or who.time > since) and (until is None or who.time <= until)
        for who in patients
    )
    censored = sum(
        not who.event
        and (since is None or who.time >= since)
        and (until is None or who.time < until)
        for who in patients
    )
    return {"events": events, "censored": censored, "patients": events + censored}[kind]


@pytest.mark.parametrize("kind", ["events", "censored", "patients"])
def test_numbers_between_two_times_are_those_of_all_patients(
    kind: Literal["events", "censored", "patients"],
) -> None:
    random = Random(kind)
    everyone = [
        (who, (view(who, Fraction(10)), view(who, Fraction(20))))
        for who in everybody(3, (10, 20), 2)
    ]
    answers = []
    for _ in range(40):
        marks = drawn_marks(random, 3)
        fitting = [
            who for who, seen in everyone if all(shows(view_of(seen, mark), mark) for mark in marks)
        ]
        for since, until in [(None, 10), (10, 20), (None, 20), (10, None), (20, None)]:
            counts = {tally(patients, kind, since, until) for patients in fitting}
            times = [None if time is None else Fraction(time) for time in (since, until)]
            found = number_range(3, marks, kind, *times)
            assert found == (CountRange(min(counts), max(counts)) if counts else None), marks
            answers.append(len(counts))
    assert {0, 1, 2, 3} <= set(answers)


def test_a_curve_of_follow_up_restricts_the_number_at_risk() -> None:
    """With ties nobody is left out; without them the answer is exact while somebody is left."""
    random = Random(1)
    time = Fraction(10)
    everyone = {
        (
            survival(patients, time),
            survival(tuple(who._replace(event=not who.event) for who in patients), time),
            # Whether an event shares its time with a censoring.
            any(a.event and not b.event and a.time == b.time for a in patients for b in patients),
        )
        for patients in everybody(3, (10,), 3)
    }
    excluded = 0
    for _ in range(300):
        rate, follow_up = (
            Interval(low, low + Fraction(1, 6))
            for low in (Fraction(random.randint(1, 12), 12) - Fraction(1, 24) for _ in range(2))
        )
        ties = random.choice([True, False])
        mark = Landmark(time, rate, reverse=follow_up, moment="after", ties=ties)
        fits = any(
            seen[0] in rate and seen[1] in follow_up and (ties or not seen[2]) for seen in everyone
        )
        status = reach(3, [mark]).status
        assert status == "feasible" or not fits
        assert ties or status == ("feasible" if fits else "infeasible")
        excluded += status == "infeasible"
    assert excluded > 30


# --- What readers ask -----------------------------------------------------------------------------


def test_twelve_patients_can_have_the_printed_rates() -> None:
    marks = [Landmark(Fraction(12), percent("41.7")), Landmark(Fraction(24), percent("33.3"))]
    found = reach(12, marks)
    steps = kaplan_meier(found.patients)
    assert found.status == "feasible"
    assert rate_at(steps, Fraction(12)) == Fraction(5, 12)
    assert rate_at(steps, Fraction(24)) == Fraction(4, 12)


def test_lifelines_finds_the_printed_rates_in_the_patients() -> None:
    from lifelines import KaplanMeierFitter

    rates = {12: "81.3", 24: "63.2", 36: "48.1", 60: "12.0"}
    marks = [Landmark(Fraction(time), percent(rate)) for time, rate in rates.items()]
    marks.append(Landmark(Fraction(24), at_risk=POINT(40)))
    found = reach(77, marks)
    times = [float(who.time) for who in found.patients]
    fitter = KaplanMeierFitter().fit(times, [who.event for who in found.patients])
    for time, rate in rates.items():
        assert f"{100 * fitter.predict(time):.1f}" == rate
    assert len(times) == 77
    assert sum(time >= 24 for time in times) == 40


def test_rates_in_the_wrong_order_are_not_reached() -> None:
    marks = [Landmark(Fraction(12), percent("33.3")), Landmark(Fraction(24), percent("41.7"))]
    assert reach(12, marks).status == "infeasible"


def test_many_patients_and_times_are_settled_at_once() -> None:
    random = Random(7)
    patients = [
        Observation(Fraction(round(random.expovariate(1 / 40), 3)), random.random() < 0.6)
        for _ in range(200)
    ]
    steps = kaplan_meier(patients)
    marks = []
    for time in (6, 12, 24, 36, 60):
        printed = round(100 * rate_at(steps, Fraction(time)), 1)
        at_risk = sum(who.time >= time for who in patients)
        marks.append(Landmark(Fraction(time), percent(str(float(printed))), POINT(at_risk)))
    found = reach(200, marks)
    assert found.status == "feasible"
    assert all(meets(found.patients, mark) for mark in marks)


@pytest.mark.parametrize("number", [7, 12])
def test_the_fewest_and_most_censorings_are_those_of_all_orders(number: int) -> None:
    orders = {(Fraction(1), number, 0)}  # rate, at risk, censored
    for _ in range(number):
        for rate, r, censored in tuple(orders):
            if r:
                orders |= {
                    (rate * Fraction(r - 1, r), r - 1, censored),
                    (rate, r - 1, censored + 1),
                }
    answers = set()
    for tenths in range(0, 1000, 17):
        window = Interval(Fraction(2 * tenths - 1, 2000), Fraction(2 * tenths + 1, 2000))
        counts = {censored for rate, _, censored in orders if rate in window}
        expected = CountRange(min(counts), max(counts)) if counts else None
        assert fewest_censorings(number, window) == expected
        answers.add(min(counts, default=None))
    assert {None, 0, 1} <= answers


def test_a_search_without_budget_is_open_and_its_counts_are_bounds() -> None:
    mark = Landmark(Fraction(12), percent("41.7"))
    assert reach(40, [mark], budget=10).status == "open"
    assert number_range(40, [mark], "events", budget=10) == CountRange(0, 40, False)


def test_a_coarse_search_finds_real_patients_where_the_exact_one_is_too_long() -> None:
    narrow = Interval(Fraction(417, 1000), Fraction(417, 1000) + Fraction(1, 10**6))
    marks = [Landmark(Fraction(12), narrow), Landmark(Fraction(24), percent("30.0"))]
    with pytest.raises(BudgetError):
        BackwardSets(100, in_order(marks), budget=200_000)
    found = reach(100, marks, budget=200_000)
    assert found.status == "feasible"
    assert all(meets(found.patients, mark) for mark in marks)


def test_a_coarse_search_excludes_nothing_that_is_possible() -> None:
    random = Random(2)
    answers = []
    for _ in range(60):
        low = Fraction(random.randint(1, 10**6), 10**6)
        narrow = Interval(low, low + Fraction(1, 10**5))
        marks = in_order([Landmark(Fraction(12), narrow, events=POINT(random.randint(1, 12)))])
        exact, coarse = (
            BackwardSets(16, marks, coarse=coarse, budget=10**6).is_empty
            for coarse in (False, True)
        )
        assert exact or not coarse
        answers.append((exact, coarse))
    assert {(True, True), (True, False)} <= set(answers)


@pytest.mark.parametrize(("events", "censored"), [(-1, 0), (3, 2)])
def test_impossible_numbers_are_refused(events: int, censored: int) -> None:
    with pytest.raises(ValueError, match=f"found {events} events"):
        rate_bounds(4, events, censored)


def test_no_patients_are_refused() -> None:
    for call in (lambda: reach(0, []), lambda: reachable_states(0), lambda: rate_bounds(0, 0, 0)):
        with pytest.raises(ValueError, match="found 0 patients"):
            call()
    with pytest.raises(ValueError, match="found time 0"):
        Landmark(Fraction(0))
    with pytest.raises(ValueError, match="expected the earlier first"):
        number_range(3, [], "events", Fraction(2), Fraction(1))
    with pytest.raises(ValueError, match="expected so few"):
        reachable_states(30, budget=1000)


def test_so_many_patients_that_their_rates_fill_the_memory_are_left_open() -> None:
    assert reach(100_000, [Landmark(Fraction(1), percent("55.5"))]).status == "open"
