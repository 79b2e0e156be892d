"""The Kaplan-Meier curve of known patients."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from survival_patients import survival

from netcore.stats.survival.curves import (
    Observation,
    area,
    kaplan_meier,
    rate_at,
    reverse_kaplan_meier,
)

# Freireich and others (1963), weeks of remission; a plus sign is for those who are censored.
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def patients_of(text: str) -> list[Observation]:
    return [
        Observation(Fraction(word.rstrip("+")), not word.endswith("+")) for word in text.split()
    ]


@pytest.mark.parametrize(
    ("group", "rates"),
    [(MERCAPTOPURINE, (".8571", ".7529", ".4482")), (PLACEBO, (".5714", ".1905", "0"))],
)
def test_rates_of_the_leukaemia_data_are_the_published_ones(
    group: str, rates: tuple[str, str, str]
) -> None:
    steps = kaplan_meier(patients_of(group))
    for week, rate in zip((6, 12, 24), rates, strict=True):
        assert float(rate_at(steps, Fraction(week))) == pytest.approx(float(rate), abs=5e-5)


def test_the_curve_is_that_of_the_definition_and_of_lifelines() -> None:
    from lifelines import KaplanMeierFitter

    random = Random(1)
    for _ in range(10):
        patients = [
            Observation(Fraction(random.randint(1, 8)), random.random() < 0.6) for _ in range(12)
        ]
        fitter = KaplanMeierFitter().fit(
            [float(who.time) for who in patients], [who.event for who in patients]
        )
        steps = kaplan_meier(patients)
        for time in range(10):
            rate = rate_at(steps, Fraction(time))
            assert rate == survival(tuple(patients), Fraction(time))
            assert float(rate) == pytest.approx(fitter.predict(time))
            before = rate_at(steps, Fraction(time), before=True)
            assert before == survival(tuple(patients), Fraction(time), before=True)


def test_the_two_curves_multiply_to_the_share_still_observed_without_ties() -> None:
    random = Random(2)
    patients = [Observation(Fraction(time), random.random() < 0.5) for time in range(1, 21)]
    steps, reverse = kaplan_meier(patients), reverse_kaplan_meier(patients)
    for time in range(1, 20):
        product = rate_at(steps, Fraction(time)) * rate_at(reverse, Fraction(time))
        assert product == Fraction(20 - time, 20)


def test_without_censoring_the_area_is_the_mean() -> None:
    times = [Fraction(time) for time in (2, 3, 3, 10, 17)]
    steps = kaplan_meier([Observation(time, True) for time in times])
    assert area(steps, Fraction(17)) == sum(times, Fraction(0)) / 5
    assert (
        area(steps, Fraction(5)) == sum((min(time, Fraction(5)) for time in times), Fraction(0)) / 5
    )


def test_the_curve_is_carried_forward() -> None:
    steps = kaplan_meier([Observation(Fraction(1), True), Observation(Fraction(2), False)])
    assert rate_at(steps, Fraction(99)) == Fraction(1, 2)
    assert area(steps, Fraction(3)) == 2


@pytest.mark.parametrize("patients", [[], [Observation(Fraction(-1), True)]])
def test_no_patients_and_negative_times_are_refused(patients: list[Observation]) -> None:
    with pytest.raises(ValueError, match="expected at least one and none below 0"):
        kaplan_meier(patients)
