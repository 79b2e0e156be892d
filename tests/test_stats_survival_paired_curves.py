"""Patients with two endpoints from curves that are drawn apart."""

from __future__ import annotations

from fractions import Fraction

import pytest
from lifelines.statistics import logrank_test

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.joint_endpoints import Endpoint, have_both, is_coherent
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import log_rank_test
from netcore.stats.survival.paired_curves import paired_curves, paired_groups
from netcore.stats.survival.printed_curves import PrintedCurve


def window(value: str, half: str) -> Interval:
    return Interval(Fraction(value) - Fraction(half), Fraction(value) + Fraction(half))


def curve(number: int, rate: str, **more: Interval) -> PrintedCurve:
    somebody = Interval(Fraction(1), None)
    return PrintedCurve(number, (Landmark(Fraction(24), window(rate, "0.005"), somebody),), **more)


def test_groups_too_large_to_go_through_all_orders_have_patients_too() -> None:
    earlier, later = curve(120, "0.31"), curve(120, "0.62")
    found = paired_curves(earlier, later)
    assert found is not None
    assert is_coherent(found)
    assert earlier.is_met_by([who.first for who in found])
    assert later.is_met_by([who.second for who in found])
    assert all(who.first.time < who.second.time for who in found if who.second.event)


def test_two_groups_have_both_p_values() -> None:
    earlier = Endpoint((curve(30, "0.40"), curve(34, "0.53")), window("0.31", "0.005"))
    later = Endpoint((curve(30, "0.80"), curve(34, "0.88")), EVERYTHING)
    found = paired_groups(earlier, later)
    assert found is not None
    assert have_both(earlier, later, found)
    columns: list[list[Observation]] = [[who.first for who in arm] for arm in found]
    p = log_rank_test(*columns)
    assert p is not None
    assert round(float(p.low), 2) == 0.31


@pytest.mark.parametrize(
    ("numbers", "rates", "ps"),
    [
        ((24, 28), (("0.38", "0.44"), ("0.80", "0.90")), ("0.90", "0.40")),
        ((48, 56), (("0.38", "0.44"), ("0.80", "0.86")), ("0.60", "0.50")),
        ((25, 30), (("0.30", "0.50"), ("0.60", "0.75")), ("0.10", "0.20")),
    ],
)
def test_groups_of_a_usual_trial_have_the_p_values_of_both_endpoints(
    numbers: tuple[int, int], rates: tuple[tuple[str, str], ...], ps: tuple[str, str]
) -> None:
    earlier, later = (
        Endpoint((curve(numbers[0], pair[0]), curve(numbers[1], pair[1])), window(p, "0.005"))
        for pair, p in zip(rates, ps, strict=True)
    )
    found = paired_groups(earlier, later)
    assert found is not None
    assert have_both(earlier, later, found)
    for which, p in enumerate(ps):
        times, events = (
            [[float(who[which].time) for who in arm] for arm in found],
            [[who[which].event for who in arm] for arm in found],
        )
        assert f"{logrank_test(*times, *events).p_value:.2f}" == p
    assert paired_groups(earlier, later) == found


def test_what_cannot_be_paired_is_not_found() -> None:
    def events(count: int) -> PrintedCurve:
        return PrintedCurve(6, (Landmark(None, events=Interval.point(count)),))

    assert paired_curves(events(2), events(2)) is not None
    assert paired_curves(events(2), events(3)) is None


def test_a_p_value_of_another_test_is_left_to_the_search_of_both_at_once() -> None:
    tested = Endpoint((curve(9, "0.67"), curve(9, "0.56")), window("0.5", "0.05"), "gehan")
    free = Endpoint((curve(9, "0.89"), curve(9, "0.78")))
    assert paired_groups(tested, free) is None
