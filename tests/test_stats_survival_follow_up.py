"""What printed dates say of the length of follow-up, and with it of a curve."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from netcore.printed import Interval
from netcore.stats.calendar import UNITS
from netcore.stats.survival.curves import Observation, area, kaplan_meier, rate_at
from netcore.stats.survival.follow_up import (
    FollowUpLimits,
    follow_up_landmarks,
    follow_up_limits,
    last_time,
)
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.reachable import reach
from netcore.stats.survival.restricted_means import mean_bounds

DAYS = {"days": (1, 1), "months": (28, 31), "years": (365, 366)}


def printed(day: date, precision: int) -> str:
    return "-".join(day.isoformat().split("-")[:precision])


@pytest.mark.parametrize("unit", DAYS)
def test_no_patient_is_followed_longer_or_if_not_lost_shorter_than_the_dates_say(
    unit: str,
) -> None:
    random = Random(unit)
    attained = set()
    for _ in range(300):
        start = date(2005, 1, 1) + timedelta(random.randint(0, 900))
        window = random.randint(0, 800)
        close = start + timedelta(window + random.randint(0, 900))
        entries = [start + timedelta(random.randint(0, window)) for _ in range(4)]
        dates = [
            printed(day, random.choice([1, 2, 3]))
            for day in (min(entries), max(entries), close)
        ]  # fmt: skip
        limits = follow_up_limits(*dates, UNITS[unit])
        for entry in entries:
            # The first day may count as day 0 or as day 1, and a unit may have any length.
            for days in ((close - entry).days, (close - entry).days + 1):
                for length in DAYS[unit]:
                    time = Fraction(days, length)
                    assert limits.shortest_if_complete <= time <= limits.longest
                    attained |= {"longest"} if time == limits.longest else set()
                    attained |= {"shortest"} if time == limits.shortest_if_complete else set()
    assert attained == {"longest", "shortest"}


def test_true_patients_meet_the_landmarks_of_their_dates() -> None:
    random = Random(9)
    for _ in range(40):
        limits = FollowUpLimits(Fraction(40), Fraction(12))
        patients = []
        for _ in range(9):
            end, death = Fraction(random.randint(12, 40)), Fraction(random.randint(1, 60))
            patients.append(Observation(min(end, death), death <= end))
        steps = kaplan_meier(patients)
        marks = [
            Landmark(Fraction(time), Interval.point(rate_at(steps, Fraction(time))))
            for time in (6, 12, 24, 36, 48)
        ]
        landmarks = follow_up_landmarks(limits, nobody_lost=True)
        found = reach(9, [*marks, *landmarks])
        assert found.status == "feasible"
        assert max(who.time for who in found.patients) <= 40
        assert all(who.time >= 12 for who in found.patients if not who.event)
        last = max(who.time for who in patients)
        until = last_time(limits, max((who.time for who in patients if who.event), default=last))
        assert area(steps, last) in mean_bounds("restricted", 9, marks, until)


def test_a_curve_does_not_fall_after_the_end_of_follow_up() -> None:
    limits = FollowUpLimits(Fraction(40), Fraction(0))
    marks = [
        Landmark(Fraction(45), Interval.point(Fraction(1, 2))),
        Landmark(Fraction(60), Interval.point(Fraction(1, 4))),
    ]
    assert reach(8, marks).status == "feasible"
    assert reach(8, [*marks, *follow_up_landmarks(limits)]).status == "infeasible"
    assert reach(8, [marks[0], *follow_up_landmarks(limits)]).status == "feasible"


def test_without_losses_early_rates_are_shares_of_all_patients() -> None:
    limits = FollowUpLimits(Fraction(60), Fraction(24))
    marks = follow_up_landmarks(limits, nobody_lost=True)
    for rate, status in [("5/12", "feasible"), ("2/5", "infeasible")]:
        early = Landmark(Fraction(12), Interval.point(Fraction(rate)))
        late = Landmark(Fraction(36), Interval.point(Fraction(rate)))
        assert reach(12, [early, *marks]).status == status
        assert reach(12, [late, *marks]).status == "feasible"


def test_follow_up_beyond_the_dates_leaves_no_last_time() -> None:
    assert last_time(FollowUpLimits(Fraction(40), Fraction(0)), Fraction(41)).is_empty
    assert follow_up_landmarks(FollowUpLimits(Fraction(0), Fraction(0)), nobody_lost=True) == ()


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (("2010", "2009", "2012"), "expected the first entry first"),
        (("2010-05", "2011", "2010-03"), "no contact before it"),
        (("10", "2011", "2012"), "expected YYYY"),
    ],
)
def test_dates_that_make_no_sense_are_refused(dates: tuple[str, str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        follow_up_limits(*dates, UNITS["months"])
