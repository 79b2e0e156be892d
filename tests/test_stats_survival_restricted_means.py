"""Mean survival times, and what rates and medians leave of them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from random import Random

import pytest
from survival_patients import Patients, all_orders, all_patients, survival, times_around

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation, area, kaplan_meier
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_landmarks, median_of
from netcore.stats.survival.restricted_means import (
    MEANS,
    area_bounds,
    curve_bounds,
    end_range,
    event_bounds,
    mean_bounds,
    observed_bounds,
)

TEN, TWENTY = Fraction(10), Fraction(20)
EVERYBODY: tuple[Patients, ...] = tuple(all_patients(3, times_around([10, 20], 2)))


def mean_of(patients: Patients, reading: str) -> Fraction | None:
    times = [who.time for who in patients]
    if reading == "observed":
        return sum(times, Fraction(0)) / len(times)
    if reading == "event_times":
        dead = [who.time for who in patients if who.event]
        return sum(dead, Fraction(0)) / len(dead) if dead else None
    end = {"restricted": 1, "restricted_earlier": Fraction(2, 3)}.get(reading, Fraction(5, 4))
    return area(kaplan_meier(patients), max(times) * end)


def test_the_area_is_that_of_lifelines() -> None:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    random = Random(5)
    for _ in range(10):
        patients = [
            Observation(Fraction(random.randint(1, 30)), random.random() < 0.6) for _ in range(12)
        ]
        fitter = KaplanMeierFitter().fit(
            [float(who.time) for who in patients], [who.event for who in patients]
        )
        until = random.randint(5, 30)
        expected = restricted_mean_survival_time(fitter, t=until)
        assert float(area(kaplan_meier(patients), Fraction(until))) == pytest.approx(expected)


@cache
def by_rates(number: int) -> dict[tuple[Fraction, Fraction], list[Patients]]:
    """Return patients by their rates at the times 10 and 20."""
    found: dict[tuple[Fraction, Fraction], list[Patients]] = {}
    for patients in EVERYBODY if number == 3 else all_orders(number, [10, 20]):
        rates = survival(patients, TEN), survival(patients, TWENTY)
        found.setdefault(rates, []).append(patients)
    return found


@pytest.mark.parametrize("number", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("reading", MEANS)
def test_no_patients_with_the_printed_rates_have_a_mean_beyond_its_bounds(
    reading: str, number: int
) -> None:
    seen = by_rates(number)
    assert len(seen) > 10
    for (first, second), group in seen.items():
        marks = [Landmark(TEN, Interval.point(first)), Landmark(TWENTY, Interval.point(second))]
        lasts = [max(who.time for who in patients) for patients in group]
        bounds = mean_bounds(reading, number, marks, Interval(min(lasts), max(lasts)))
        assert bounds.low is not None
        means = [mean for patients in group if (mean := mean_of(patients, reading)) is not None]
        assert all(mean in bounds for mean in means), (first, second)


def test_known_last_times_and_numbers_of_events_narrow_the_bounds_and_hold() -> None:
    random = Random(8)
    for patients in random.sample(EVERYBODY, 60):
        marks = [
            Landmark(time, Interval.point(survival(patients, time)), ties=True)
            for time in (TEN, TWENTY)
        ]
        last = Interval.point(max(who.time for who in patients))
        events = sum(who.event for who in patients)
        for reading in ("restricted", "observed", "event_times"):
            mean = mean_of(patients, reading)
            bounds = mean_bounds(reading, 3, marks, last, events if events else None)
            assert bounds.high is not None
            assert mean is None or mean in bounds


def test_bounds_of_a_restricted_mean_are_approached() -> None:
    """Events just after a printed time, or just before the next, come near both ends."""
    near = Fraction(1, 1000)
    marks = [
        Landmark(Fraction(12), Interval.point(Fraction(5, 12))),
        Landmark(Fraction(24), Interval.point(Fraction(4, 12))),
    ]
    bounds = mean_bounds("restricted", 12, marks, Interval.point(36))
    assert (bounds.low, bounds.high) == (10, 21)
    early = [*[near] * 7, 12 + near, *[24 + near] * 3]
    late = [*[12 - near] * 7, 24 - near, *[36 - near] * 3]
    for times, end in ((early, bounds.low), (late, bounds.high)):
        patients = [Observation(time, True) for time in [*times, Fraction(36)]]
        steps = kaplan_meier(patients)
        assert [step.rate for step in steps if step.time <= 25][-1] in (
            Fraction(4, 12),
            Fraction(1, 12),
        )
        found = area(steps, Fraction(36))
        assert found in bounds
        assert abs(found - end) < 40 * near


def test_the_restricted_mean_is_at_least_half_of_a_median_within_follow_up() -> None:
    for patients in EVERYBODY:
        median = median_of(patients, "first")
        if median is None:
            continue
        marks = median_landmarks("first", Interval.point(median), 3)
        last = Interval.point(max(who.time for who in patients))
        bounds = mean_bounds("restricted", 3, marks, last)
        assert bounds.low is not None
        assert bounds.low >= median / 2
        assert area(kaplan_meier(patients), max(who.time for who in patients)) in bounds


def test_a_mean_of_all_times_is_below_the_area() -> None:
    marks = [Landmark(TEN, Interval.point(Fraction(5, 12)))]
    shares = observed_bounds(12, marks)
    assert [(str(bound.low), str(bound.high)) for bound in shares] == [("0", "5/12")]
    area_range = mean_bounds("restricted", 12, marks, Interval.point(36))
    observed = mean_bounds("observed", 12, marks, Interval.point(36))
    assert observed.low < area_range.low  # type: ignore[operator]
    assert observed.high == area_range.high


def test_shares_still_observed_and_still_to_come_are_within_their_bounds_and_attain_them() -> None:
    third = Interval(Fraction(3, 10), Fraction(1, 2))
    marks = [Landmark(TEN, third), Landmark(TWENTY, third)]
    fitting = [
        patients
        for patients in EVERYBODY
        if survival(patients, TEN) in third and survival(patients, TWENTY) in third
    ]
    for place, time in enumerate((TEN, TWENTY)):
        # Who is censored at a time is still counted at it.
        shares = [
            Fraction(sum(who.time > time - (not who.event) for who in patients), 3)
            for patients in fitting
        ]
        found = observed_bounds(3, marks)[place]
        assert (found.low, found.high) == (min(shares), max(shares))
        for events in (1, 2, None):
            shares = [
                Fraction(sum(who.event and who.time > time for who in patients), total)
                for patients in fitting
                if (total := sum(who.event for who in patients)) and events in (total, None)
            ]
            found = event_bounds(3, marks, events)[place]
            assert found.low <= min(shares)
            assert max(shares) <= found.high
            if events is not None:
                assert (found.low, found.high) == (min(shares), max(shares))


def test_the_end_of_an_area_is_found_from_the_mean() -> None:
    random = Random(4)
    for patients in random.sample(EVERYBODY, 80):
        marks = [Landmark(time, Interval.point(survival(patients, time))) for time in (TEN, TWENTY)]
        last = max(who.time for who in patients)
        mean = area(kaplan_meier(patients), last)
        ends = end_range(curve_bounds(marks), Interval.point(mean), Fraction(1, 3))
        assert last in ends
        # At the ends found the bounds of the area are those of the mean.
        bounds = area_bounds(curve_bounds(marks), ends, Fraction(1, 3))
        assert bounds.high is None or bounds.high >= mean
        assert area_bounds(curve_bounds(marks), Interval.point(ends.low)).high >= mean


def test_a_mean_beyond_all_areas_has_no_end() -> None:
    dead = [Landmark(TEN, Interval.point(Fraction(0)))]
    assert end_range(curve_bounds(dead), Interval.point(Fraction(11))).is_empty
    assert str(end_range(curve_bounds(dead), Interval.point(Fraction(10)))) == "[10, inf)"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mean_bounds("average", 3, []), "found 'average', expected one of restricted"),
        (lambda: mean_bounds("restricted", 0, []), "found 0 patients"),
        (lambda: area_bounds([], Interval.point(-1)), "expected a time of at least 0"),
        (lambda: curve_bounds([Landmark(TEN, Interval.point(2))]), "expected some from 0 to 1"),
        (
            lambda: observed_bounds(3, [Landmark(TEN, Interval.point(Fraction(2, 5)))]),
            "windows that no patients have",
        ),
        (
            lambda: event_bounds(3, [Landmark(TEN, Interval.point(Fraction(2, 5)))], 2),
            "windows that no patients have",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
