"""What is printed of one group, and whether patients have it."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from survival_patients import survival

from netcore.printed import Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.printed_curves import PrintedCurve, at_risk

POINT = Interval.point
# Freireich and others 1963: weeks of remission under mercaptopurine; a plus sign is a censoring.
LEUKAEMIA = tuple(
    Observation(Fraction(text.rstrip("+")), not text.endswith("+"))
    for text in "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()
)


def near(value: str, half: str) -> Interval:
    return Interval(Fraction(value) - Fraction(half), Fraction(value) + Fraction(half))


def test_a_published_curve_is_met_by_its_patients() -> None:
    # R 4.3, survival 3.5: survfit, rmean = "individual": 23.29, SE 2.83 up to 35 weeks.
    printed = PrintedCurve(
        21,
        (
            Landmark(Fraction(6), near("0.8571", "0.00005"), events=POINT(3)),
            Landmark(Fraction(12), near("0.7529", "0.00005"), at_risk=POINT(12)),
            Landmark(Fraction(24), near("0.4482", "0.00005")),
        ),
        median=POINT(23),
        mean=near("23.29", "0.005"),
        spread=near("2.83", "0.005"),
        last=POINT(35),
    )
    assert printed.is_met_by(LEUKAEMIA)
    assert at_risk(LEUKAEMIA, Fraction(23)) == 6


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 22},
        {"rates": (Landmark(Fraction(6), near("0.80", "0.005")),)},
        {"rates": (Landmark(Fraction(6), moment="before", rate=near("0.8571", "0.00005")),)},
        {"rates": (Landmark(Fraction(6), at_risk=POINT(16), ties=False),)},
        {"rates": (Landmark(Fraction(12), events=POINT(4)),)},
        {"rates": (Landmark(Fraction(12), censored=POINT(3)),)},
        {"rates": (Landmark(None, events=POINT(8)),)},
        {"rates": (Landmark(None, rate=POINT(0)),)},
        {"median": POINT(22)},
        {"median": Interval(Fraction(35), None)},
        {"mean": near("20.00", "0.005")},
        {"mean": near("23.29", "0.005"), "mean_reading": "observed"},
        {"spread": near("2.50", "0.005")},
        {"last": POINT(34)},
    ],
)
def test_patients_without_one_of_the_values_do_not_meet_it(changed: dict[str, object]) -> None:
    assert not PrintedCurve(**{"number": 21, **changed}).is_met_by(LEUKAEMIA)  # type: ignore[arg-type]


def test_means_and_deviations_of_times_are_those_of_the_times() -> None:
    times = [time for time, _ in LEUKAEMIA]
    events = [time for time, event in LEUKAEMIA if event]
    for reading, values in (("observed", times), ("event_times", events)):
        mean = sum(values, Fraction(0)) / len(values)
        squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
        for kind, divisor in (("sd", 1), ("se", len(values))):
            printed = PrintedCurve(21, mean_reading=reading, spread_kind=kind)  # type: ignore[arg-type]
            assert printed.mean_of(LEUKAEMIA) == mean
            assert printed.variance_of(LEUKAEMIA) == squares / (len(values) - 1) / divisor


def test_landmarks_hold_for_all_patients_with_what_is_printed() -> None:
    draw = Random(5)
    for _ in range(200):
        number = draw.randint(2, 7)
        patients = [
            Observation(Fraction(draw.randint(1, 12)), draw.random() < 0.7) for _ in range(number)
        ]
        last = max(time for time, _ in patients)
        window = Interval(last - draw.randint(0, 1), last + draw.randint(0, 2))
        printed = PrintedCurve(number, last=window)
        for mark in printed.landmarks:
            assert mark.time is not None
            count = sum(time >= mark.time for time, _ in patients)
            if mark.moment == "after":
                count = sum(time > mark.time for time, _ in patients)
            assert count in mark.at_risk
            assert survival(tuple(patients), mark.time) in mark.rate


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": 0}, "found 0 patients"),
        ({"number": 3, "median_rule": "middle"}, "found the median 'middle'"),
        ({"number": 3, "mean_reading": "middle"}, "found the mean 'middle'"),
        ({"number": 3, "spread_kind": "sd"}, "standard deviation of an area"),
        (
            {"number": 3, "rates": (Landmark(Fraction(1), reverse=POINT(1)),)},
            "curve of follow-up",
        ),
    ],
)
def test_what_cannot_be_printed_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PrintedCurve(**wrong)  # type: ignore[arg-type]
