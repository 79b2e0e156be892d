"""Curves that are read off figures: public data sets, drawn and read with some error."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from netcore.stats.survival.curve_bands import curve_band
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.digitised_curves import (
    AtRisk,
    Click,
    DigitisedCurve,
    digitised_landmarks,
    reconstructed_patients,
)
from netcore.stats.survival.printed_curves import PrintedCurve, at_risk
from netcore.stats.survival.reachable import number_range

Patients = tuple[Observation, ...]
# Freireich and others 1963: weeks of remission; a plus sign is a censoring.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def remission(text: str) -> Patients:
    return tuple(
        sorted(Observation(Fraction(t.rstrip("+")), not t.endswith("+")) for t in text.split())
    )


def waltons() -> tuple[Patients, Patients]:
    data = pytest.importorskip("lifelines.datasets").load_waltons()
    return tuple(  # type: ignore[return-value]
        tuple(
            sorted(
                Observation(Fraction(int(row.T)), bool(row.E))
                for row in group.itertuples(index=False)
            )
        )
        for _, group in sorted(data.groupby("group"))
    )


def read_off(
    patients: Patients, every: int, seed: int, *, total: bool = True,
    errors: tuple[Fraction, Fraction] = (Fraction(1, 10), Fraction(1, 200)),
) -> DigitisedCurve:  # fmt: skip
    """Return points at both ends of each vertical part, each within the errors of the drawing."""
    draw = Random(seed)
    points: list[tuple[Fraction, Fraction]] = []
    before = Fraction(1)
    for step in kaplan_meier(patients):
        if not step.events:
            continue
        for rate in (before, step.rate):
            points.append(
                (
                    step.time + errors[0] * Fraction(draw.randint(-10, 10), 10),
                    min(
                        Fraction(1),
                        max(Fraction(0), rate + errors[1] * Fraction(draw.randint(-10, 10), 10)),
                    ),
                )
            )
        before = step.rate
    # Whoever reads a curve keeps the order: the later is moved, within the error of the earlier.
    clicks: list[Click] = []
    for time, rate in points:
        if clicks:
            time, rate = max(time, clicks[-1].time), min(rate, clicks[-1].rate)
        clicks.append(Click(time, rate))
    last = int(patients[-1].time)
    risks = tuple(
        AtRisk(Fraction(t), at_risk(patients, Fraction(t))) for t in range(0, last, every)
    )
    events = sum(event for _, event in patients)
    return DigitisedCurve(tuple(clicks), risks, events if total else None)


def distance(one: Patients, other: Patients) -> Fraction:
    first, second = kaplan_meier(one), kaplan_meier(other)
    times = range(int(max(one[-1].time, other[-1].time)) + 1)
    # Points are read beside the steps, so half-way between them.
    return max(
        abs(rate_at(first, t + Fraction(1, 2)) - rate_at(second, t + Fraction(1, 2))) for t in times
    )


SETS = [remission(TREATED), remission(PLACEBO)]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("seed", range(3))
def test_the_curve_comes_back(place: int, seed: int) -> None:
    for patients, every in ((SETS[place], 5), (waltons()[place], 10)):
        curve = read_off(patients, every, seed)
        found = reconstructed_patients(curve)
        assert len(found) == len(patients)
        assert curve.events is not None
        assert abs(sum(event for _, event in found) - curve.events) <= curve.events // 20
        assert distance(found, patients) < Fraction(1, 40)
        assert all(a.time <= b.time for a, b in pairwise(found))


def test_without_error_the_leukaemia_data_come_back() -> None:
    none = Fraction(0), Fraction(0)
    for patients in SETS:
        found = reconstructed_patients(read_off(patients, 1, 1, errors=none))
        events = [time for time, event in patients if event]
        assert [time for time, event in found if event] == events
        assert kaplan_meier(found)[-1].rate == kaplan_meier(patients)[-1].rate
        assert distance(found, patients) == 0


def test_tests_of_reconstructed_patients_are_near_the_true_ones() -> None:
    statistics = pytest.importorskip("lifelines.statistics")

    def test(one: Patients, two: Patients) -> float:
        columns = [([float(t) for t, _ in group], [e for _, e in group]) for group in (one, two)]
        (t1, e1), (t2, e2) = columns
        return float(statistics.logrank_test(t1, t2, e1, e2).test_statistic)

    true = test(*SETS)
    assert true == pytest.approx(16.7929, abs=1e-4)
    for seed in range(3):
        found = [reconstructed_patients(read_off(group, 5, seed)) for group in SETS]
        assert test(found[0], found[1]) == pytest.approx(true, rel=0.15)
    control, treated = waltons()
    true = test(control, treated)
    found = [reconstructed_patients(read_off(group, 10, 1)) for group in (control, treated)]
    assert test(found[0], found[1]) == pytest.approx(true, rel=0.15)


def test_without_the_number_of_events_censoring_goes_on() -> None:
    curve = read_off(SETS[0], 10, 1, total=False)
    found = reconstructed_patients(curve)
    assert len(found) == 21
    assert 7 <= sum(event for _, event in found) <= 11
    assert distance(found, SETS[0]) < Fraction(1, 10)


def test_the_true_patients_are_among_those_that_the_reading_leaves_open() -> None:
    errors = Fraction(1, 10), Fraction(1, 200)
    for seed, patients in enumerate(SETS * 3):
        # Points that were moved to keep the order are off by no more than twice the error.
        marks = digitised_landmarks(
            read_off(patients, 5, seed, errors=errors), 2 * errors[0], 2 * errors[1]
        )
        printed = PrintedCurve(21, marks)
        assert printed.is_met_by(patients)
        if seed:
            continue
        grid = [Fraction(t) + Fraction(1, 2) for t in range(0, 30, 6)]
        band = curve_band(printed, grid, budget=20_000)
        assert band.status == "feasible"
        steps = kaplan_meier(patients)
        for time, low, high in zip(band.times, band.low, band.high, strict=True):
            assert low <= rate_at(steps, time) <= high
            assert time not in grid or high - low < Fraction(1, 15)


def test_numbers_of_events_are_bounded_by_the_figure() -> None:
    curve = read_off(SETS[0], 5, 2, total=False)
    marks = digitised_landmarks(curve, Fraction(1, 5), Fraction(1, 100))
    found = number_range(21, marks, "events", until=Fraction(25))
    assert found is not None
    assert found.least <= 9 <= found.greatest <= 11


@pytest.mark.parametrize(
    ("clicks", "risks", "events", "words"),
    [
        ([], [(0, 3)], None, "found 0 points"),
        ([(1, "0.5")], [(1, 3)], None, "a number at risk at time 0"),
        ([(2, "0.5"), (1, "0.4")], [(0, 3)], None, "expected a curve that falls"),
        ([(1, "0.5"), (2, "0.6")], [(0, 3)], None, "expected a curve that falls"),
        ([(1, "0.5")], [(0, 3), (2, 4)], None, "expected numbers that fall"),
        ([(1, "1.5")], [(0, 3)], None, "beyond the axes"),
        ([(1, "0.5")], [(0, 3)], 4, "found 4 events of 3"),
    ],
)
def test_readings_that_no_figure_gives_are_refused(
    clicks: list[tuple[int, str]], risks: list[tuple[int, int]], events: int | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        DigitisedCurve(
            tuple(Click(Fraction(t), Fraction(s)) for t, s in clicks),
            tuple(AtRisk(Fraction(t), n) for t, n in risks),
            events,
        )


def test_an_error_below_zero_is_refused() -> None:
    curve = DigitisedCurve((Click(Fraction(1), Fraction(1, 2)),), (AtRisk(Fraction(0), 3),))
    with pytest.raises(ValueError, match="expected none below 0"):
        digitised_landmarks(curve, Fraction(-1), Fraction(0))
