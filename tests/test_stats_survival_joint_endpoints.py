"""Two endpoints of the same patients, against all patients that there can be."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement, permutations, product
from random import Random

import pytest

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.joint_endpoints import (
    Course,
    Endpoint,
    Place,
    can_go_together,
    have_both,
    is_coherent,
    is_out_of_order,
    paired,
)
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_of
from netcore.stats.survival.printed_curves import PrintedCurve

POINT = Interval.point
MARK = Fraction(4)


Patients = tuple[Observation, ...]


@lru_cache
def coherent(number: int) -> frozenset[tuple[Patients, Patients]]:
    """Return both endpoints of all coherent patients with times around a landmark."""
    ends = [Observation(Fraction(t), event) for t in (1, 2, 3, 5, 6) for event in (True, False)]
    courses = [Course(a, b) for a in ends for b in ends if is_coherent([Course(a, b)])]
    return frozenset(
        (
            tuple(sorted(who.first for who in patients)),
            tuple(sorted(who.second for who in patients)),
        )
        for patients in combinations_with_replacement(courses, number)
    )


def printed(draw: Random, number: int) -> PrintedCurve:
    low = Fraction(draw.randint(0, 10), 10)
    return PrintedCurve(
        number,
        (
            Landmark(
                MARK,
                Interval(low, low + Fraction(draw.randint(0, 3), 10)),
                at_risk=POINT(draw.randint(0, number)) if draw.random() < 0.5 else EVERYTHING,
                events=POINT(draw.randint(0, number)) if draw.random() < 0.4 else EVERYTHING,
                ties=False,
            ),
            *([Landmark(None, events=POINT(draw.randint(0, number)))] * (draw.random() < 0.3)),
        ),
    )


def test_a_conflict_of_two_endpoints_has_no_patients() -> None:
    draw = Random(2)
    found = missed = 0
    for _ in range(120):
        number = draw.choice((2, 2, 3))
        first, second = printed(draw, number), printed(draw, number)
        together = can_go_together(number, first.landmarks, second.landmarks)
        ends = [{pair[which] for pair in coherent(number)} for which in (0, 1)]
        early = {patients for patients in ends[0] if first.is_met_by(patients)}
        late = {patients for patients in ends[1] if second.is_met_by(patients)}
        exist = any(pair[0] in early and pair[1] in late for pair in coherent(number))
        if together.status == "infeasible":
            assert not exist
            found += 1
        else:
            missed += not exist
    assert found > 40
    assert missed < found / 4  # what is not proved is rare


def test_where_a_death_does_not_count_only_numbers_at_risk_conflict() -> None:
    gone = [Landmark(MARK, at_risk=POINT(3), moment="before")]
    died = [Landmark(MARK, at_risk=POINT(2), moment="before")]
    assert can_go_together(4, gone, died, counts_deaths=False).status == "infeasible"
    three_died = [Landmark(MARK, events=POINT(3), ties=False)]
    nobody = [Landmark(MARK, events=POINT(0), ties=False)]
    assert can_go_together(4, nobody, three_died, counts_deaths=False).status == "open"
    assert can_go_together(4, nobody, three_died).fewest_deaths == 3


def test_survival_may_be_lower_than_survival_without_progression() -> None:
    # One progresses at 1 and dies at 10; the other is lost at 9 without either.
    courses = (
        Course(Observation(Fraction(1), True), Observation(Fraction(10), True)),
        Course(Observation(Fraction(9), False), Observation(Fraction(9), False)),
    )
    assert is_coherent(courses)
    half, none = (Landmark(Fraction(10), POINT(Fraction(rate))) for rate in ("1/2", 0))
    assert PrintedCurve(2, (half,)).is_met_by([who.first for who in courses])
    assert PrintedCurve(2, (none,)).is_met_by([who.second for who in courses])
    assert can_go_together(2, [half], [none]).status == "open"


def test_curves_of_patients_who_are_all_followed_are_in_order() -> None:
    compared = 0
    for first, second in coherent(3):
        if not all(event for _, event in second):
            continue
        for early, late in product(known_of(first), known_of(second)):
            assert not is_out_of_order(early, late)
            compared += is_out_of_order(late, early)
    assert compared > 20  # the other way round it does occur


def known_of(patients: Patients) -> list[PrintedCurve]:
    """Return single values of known patients, each as a curve of its own."""
    steps = kaplan_meier(patients)
    found = [
        PrintedCurve(3, (Landmark(Fraction(time), POINT(rate_at(steps, Fraction(time)))),))
        for time in (1, 2, 3)
    ]
    median = median_of(patients, "first")
    return found if median is None else [*found, PrintedCurve(3, median=POINT(median))]


def test_an_endpoint_that_is_impossible_alone_is_so_together() -> None:
    impossible = [Landmark(MARK, POINT(Fraction(2, 5)))]
    assert can_go_together(3, impossible, []).status == "infeasible"
    assert can_go_together(3, [], impossible).status == "infeasible"


def test_more_deaths_than_progressions_in_all_conflict() -> None:
    def total(events: int) -> list[Landmark]:
        return [Landmark(None, events=POINT(events))]

    found = can_go_together(12, total(5), total(6))
    assert (found.status, found.time, found.fewest_deaths, found.most_events) == (
        "infeasible", None, 6, 5,
    )  # fmt: skip
    assert can_go_together(12, total(6), total(6)).status == "open"


def test_pairs_exist_just_where_one_of_all_pairings_does() -> None:
    draw = Random(4)
    yes = no = 0
    for _ in range(400):
        number = draw.randint(1, 5)

        def place() -> Place:
            low = Fraction(draw.randint(0, 6))
            return Place(low, low + draw.choice((0, 0, 2)), draw.random() < 0.6)

        first, second = [place() for _ in range(number)], [place() for _ in range(number)]

        def fits(partners: tuple[int, ...], first=first, second=second) -> bool:  # type: ignore[no-untyped-def]
            return all(
                a.low <= second[k].high and (a.event or not second[k].event)
                for a, k in zip(first, partners, strict=True)
            )

        exists = any(map(fits, permutations(range(number))))
        found = paired(first, second)
        assert (found is not None) == exists
        if found is not None:
            assert sorted(found) == list(range(number))
            assert fits(found)
        yes, no = yes + exists, no + (not exists)
    assert min(yes, no) > 60


def test_all_values_of_both_endpoints_count() -> None:
    def endpoint(rate: str, p: Interval = EVERYTHING) -> Endpoint:
        arm = PrintedCurve(2, (Landmark(MARK, POINT(Fraction(rate))),))
        return Endpoint((arm, PrintedCurve(2)), p)

    one = (
        Course(Observation(Fraction(1), True), Observation(Fraction(5), False)),
        Course(Observation(Fraction(5), False), Observation(Fraction(6), False)),
    )
    two = (
        Course(Observation(Fraction(2), True), Observation(Fraction(3), True)),
        Course(Observation(Fraction(3), True), Observation(Fraction(6), False)),
    )
    assert have_both(endpoint("1/2"), endpoint("1"), (one, two))
    assert not have_both(endpoint("1"), endpoint("1"), (one, two))
    assert not have_both(endpoint("1/2"), endpoint("1/2"), (one, two))
    assert not have_both(endpoint("1/2"), endpoint("1"), (one[:1], two))
    # chi-squared of the log-rank test of deaths is 1 (one of four, at equal numbers): p = 0.3173.
    near = Interval(Fraction(3173, 10000), Fraction(3174, 10000))
    assert have_both(endpoint("1/2"), endpoint("1", near), (one, two))
    assert not have_both(endpoint("1/2"), endpoint("1", POINT(Fraction(1, 5))), (one, two))
    dead_first = (one[0], Course(Observation(Fraction(5), True), Observation(Fraction(4), True)))
    assert not is_coherent(dead_first)
    assert not is_coherent([Course(Observation(MARK, False), Observation(MARK, True))])


def test_what_cannot_be_meant_is_refused() -> None:
    arms = PrintedCurve(2), PrintedCurve(2)
    with pytest.raises(ValueError, match="found the test 't'"):
        Endpoint(arms, test="t")
    with pytest.raises(ValueError, match="expected a probability"):
        Endpoint(arms, Interval(Fraction(2), None))
    with pytest.raises(ValueError, match="found 0 patients"):
        can_go_together(0, [], [])
