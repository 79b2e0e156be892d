"""Survival as the simulation computes it, against R, lifelines and all permutations."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from scipy.stats import chi2

from simulation.courses import Course, Patient, draw_course, earlier_course
from simulation.families.survival import draw_survival
from simulation.survival import (
    ERRORS,
    MEANS,
    MEDIANS,
    RATES,
    at_risk,
    curve,
    mean_error,
    mean_time,
    median_time,
    rate,
    rate_error,
    rate_limits,
)
from simulation.survival_tests import (
    HAZARD_RATIOS,
    PROGRAMS,
    TESTS,
    hazard_ratio,
    hazard_ratio_limits,
    survival_p,
)

REFERENCE = Path(__file__).parent / "reference" / "kaplan_meier.csv"
LINES = [line for line in REFERENCE.read_text().splitlines() if not line.startswith("#")]
TABLE: dict[str, dict[str, str]] = {}
for line in csv.DictReader(LINES):
    TABLE.setdefault(line["case"], {})[line["statistic"]] = line["value"]

Groups = list[list[Patient]]


def groups_of(case: str) -> Groups:
    found = TABLE[case]
    return [
        sorted(
            (Fraction(time), event == "1")
            for time, event in zip(
                found[f"time.{group}"].split(), found[f"event.{group}"].split(), strict=True
            )
        )
        for group in (1, 2)
    ]


def numbers(case: str, ending: str) -> dict[str, float]:
    return {
        name.removesuffix(ending): float(value)
        for name, value in TABLE[case].items()
        if name.endswith(ending) and value and not name.startswith(("time.", "event."))
    }


@pytest.mark.parametrize("case", TABLE)
@pytest.mark.parametrize("group", [1, 2])
def test_rates_medians_and_means_are_those_of_r(case: str, group: int) -> None:
    patients = groups_of(case)[group - 1]
    expected = numbers(case, f"@{group}")
    end = Fraction(expected["end"]).limit_denominator(1000)
    assert mean_time(patients, "restricted", end) == pytest.approx(expected["rmean"])
    # R adds an event at the very end, which adds nothing to the area.
    assert mean_error(patients, end) == pytest.approx(expected["rmean.std.error"])
    median = median_time(patients, "midpoint")
    assert (None if median is None else float(median)) == expected.get("median")
    for name, value in expected.items():
        if name.startswith("survival.std.error."):
            time = Fraction(name.removeprefix("survival.std.error."))
            error = rate_error(patients, time, "Greenwood")
            assert error == pytest.approx(value)
        elif name.startswith("survival."):
            time = Fraction(name.removeprefix("survival."))
            assert rate(patients, time, "Kaplan-Meier") == pytest.approx(value)


@pytest.mark.parametrize("case", TABLE)
def test_tests_and_hazard_ratios_are_those_of_r(case: str) -> None:
    groups, expected = groups_of(case), numbers(case, "")
    p = survival_p("log_rank", "hypergeometric", groups)
    assert p == pytest.approx(expected["log_rank.p"], rel=1e-8)
    peto = survival_p("another", "Peto-Peto", groups)
    assert peto == pytest.approx(chi2.sf(expected["peto_peto"], 1), rel=1e-8)
    for kind, name in (("Efron", "efron"), ("Breslow", "breslow"), ("exact", "exact")):
        if f"{name}.hr" not in expected:
            assert hazard_ratio(kind, groups) is None
            continue
        found = hazard_ratio(kind, [groups[1], groups[0]])
        assert found is not None
        assert math.exp(found.logarithm) == pytest.approx(expected[f"{name}.hr"], rel=1e-6)
        assert found.error == pytest.approx(expected[f"{name}.se"], rel=1e-6)
        p = survival_p("cox", f"{kind}, Wald", groups)
        assert p == pytest.approx(expected[f"{name}.p"], rel=1e-5)
        low, high = hazard_ratio_limits(found)
        assert math.sqrt(low * high) == pytest.approx(expected[f"{name}.hr"], rel=1e-6)


def made_up(seed: int, sizes: tuple[int, ...] = (9, 8)) -> Groups:
    random = Random(seed)
    return [
        sorted((Fraction(random.randint(1, 9)), random.random() < 0.7) for _ in range(size))
        for size in sizes
    ]


@pytest.mark.parametrize("seed", range(6))
def test_weighted_tests_are_those_of_lifelines(seed: int) -> None:
    groups = made_up(seed)
    times = [[float(time) for time, _ in group] for group in groups]
    events = [[event for _, event in group] for group in groups]
    for test, flavour, weighting in (
        ("log_rank", "hypergeometric", None),
        ("gehan", "hypergeometric", "wilcoxon"),
        ("another", "Tarone-Ware", "tarone-ware"),
        ("another", "Peto-Peto-Prentice", "peto"),
    ):
        found = logrank_test(*times, *events, weightings=weighting)
        assert survival_p(test, flavour, groups) == pytest.approx(found.p_value), flavour


@pytest.mark.parametrize("seed", range(6))
def test_exp_of_minus_the_hazard_and_limits_are_those_of_lifelines(seed: int) -> None:
    patients = made_up(seed, (12,))[0]
    fitter = KaplanMeierFitter().fit(
        [float(time) for time, _ in patients], [event for _, event in patients]
    )
    for time in range(1, 9):
        limits = rate_limits(patients, Fraction(time), "log-log")
        if limits is not None:
            row = fitter.confidence_interval_.loc[: float(time)].iloc[-1]
            assert limits == pytest.approx(tuple(row))


@pytest.mark.parametrize("kind", ["log-rank", "Gehan", "Peto"])
def test_a_variance_by_permutation_is_that_of_all_permutations(kind: str) -> None:
    from simulation.survival_tests import _is_longer, _permuted, _score

    groups = made_up(3, (4, 4))
    everybody = [patient for group in groups for patient in group]
    if kind == "Gehan":
        scores = [
            float(
                sum(_is_longer(who, other) for other in everybody)
                - sum(_is_longer(other, who) for other in everybody)
            )
            for who in everybody
        ]
    else:
        scores = [_score(everybody, who, kind) for who in everybody]
    sums = [sum(scores[i] for i in chosen) for chosen in combinations(range(8), 4)]
    observed = sum(scores[:4])
    expected = (observed - np.mean(sums)) ** 2 / np.var(sums)
    assert _permuted(groups, kind) == pytest.approx(expected)


def test_peto_and_the_ratio_of_ratios_are_as_by_hand() -> None:
    # Two against two, deaths at 1 (first group) and at 3 (second): E1 = 1/2, V = 1/4; then
    # nobody is left in the first group.
    groups = [
        [(Fraction(1), True), (Fraction(2), False)],
        [(Fraction(3), True), (Fraction(4), False)],
    ]
    peto = hazard_ratio("Peto", groups)
    assert peto is not None
    assert peto.logarithm == pytest.approx((1 - 0.5) / 0.25)
    assert peto.error == pytest.approx(2)
    ratio = hazard_ratio("(O1 / E1) / (O2 / E2)", groups)
    assert ratio is not None
    assert ratio.logarithm == pytest.approx(math.log((1 / 0.5) / (1 / 1.5)))
    assert survival_p("log_rank", "(O - E)^2 / E", groups) == pytest.approx(
        chi2.sf(0.25 / 0.5 + 0.25 / 1.5, 1)
    )


def test_rates_by_hand() -> None:
    # Of four: an event at 1, a censoring at 2, an event at 3; asked at 4, and one is left.
    patients = [
        (Fraction(1), True),
        (Fraction(2), False),
        (Fraction(3), True),
        (Fraction(9), False),
    ]
    time = Fraction(4)
    assert {kind: rate(patients, time, kind) for kind in RATES} == pytest.approx(
        {
            "Kaplan-Meier": 3 / 4 / 2,
            "Efron": 3 / 4 / 2,
            "crude": 1 / 2,
            "known": 1 / 4,
            "followed": 1 / 3,
            "actuarial": 3 / 4 * 1 * (1 / 2),
            "exp(-Nelson-Aalen)": math.exp(-1 / 4 - 1 / 2),
            "Fleming-Harrington": math.exp(-1 / 4 - 1 / 2),
        }
    )
    assert rate(patients, Fraction(10), "Efron") == 0
    assert (at_risk(patients, Fraction(3), after=False), at_risk(patients, Fraction(3), after=True)) == (2, 1)  # fmt: skip


def test_conventions_of_medians_differ_where_the_curve_is_flat_at_one_half() -> None:
    patients = [(Fraction(time), True) for time in (2, 4, 7, 8)]
    assert [median_time(patients, kind) for kind in MEDIANS] == [4, 7, Fraction(11, 2), 4]
    assert median_time(patients, "observed") == Fraction(11, 2)
    assert median_time(patients, "reversed") is None


def test_who_died_on_the_day_others_were_lost_is_at_risk_of_that_or_not() -> None:
    patients = sorted([(Fraction(5), True), (Fraction(5), False), (Fraction(8), False)])
    # One of three, so that 2/3 are left; or one of two, and one half.
    assert median_time(patients, "reversed") == 8
    assert median_time(patients, "reversed, deaths first") == 5


def test_courses_have_ties_zeros_dates_and_missing_values() -> None:
    random = Random(5)
    drawn = [draw_course(random, "os", [1.0] * 40, missing=0.1) for _ in range(60)]
    ticks = [tick for course in drawn for tick in course.ticks]
    assert {0, 1, None} <= set(ticks)
    assert any(course.cutoff for course in drawn)
    assert any(all(course.events[i] for i, t in enumerate(course.ticks) if t) for course in drawn)
    for course in drawn:
        assert not any(
            event for tick, event in zip(course.ticks, course.events, strict=True) if tick is None
        )
        patients = course.patients(range(40))
        assert patients == sorted(patients)
        assert not curve(patients) or curve(patients)[-1][3] >= 0
        earlier = earlier_course(random, course, "pfs")
        for tick, before, died, ended in zip(
            course.ticks, earlier.ticks, course.events, earlier.events, strict=True
        ):
            assert (tick is None) == (before is None)
            assert tick is None or before is None or before <= tick
            assert ended or not died


def test_nobody_is_followed_beyond_the_cutoff() -> None:
    random = Random(2)
    dated = [c for _ in range(80) if (c := draw_course(random, "os", [1.0] * 9)).cutoff]
    assert len(dated) > 5
    for course in dated:
        assert course.cutoff is not None
        for tick, entered in zip(course.ticks, course.entered, strict=True):
            days = {"days": 1, "weeks": 7, "months": 30.4375, "years": 365.25}[course.unit]
            # An event is recorded at the end of the step in which it happened.
            assert (
                tick is None
                or float(tick * course.step) * days <= (course.cutoff - entered).days + 1e-6
            )


def test_units_are_converted_as_people_do() -> None:
    course = Course("os", "months", Fraction(1), (1,), (True,))
    assert (course.per_unit("years"), course.per_unit("months")) == (12, 1)
    days = Course("os", "days", Fraction(1), (1,), (True,))
    assert (float(days.per_unit("years")), float(days.per_unit("months"))) == (365.25, 30.4375)


def test_programs_offer_what_there_is() -> None:
    for offered in PROGRAMS.values():
        for test, flavours in offered.items():
            assert set(flavours) <= set(TESTS[test])
    groups = made_up(1)
    for test, flavours in TESTS.items():
        for flavour in flavours:
            p = survival_p(test, flavour, groups)
            assert p is not None
            assert 0 <= p <= 1
    assert all(hazard_ratio(kind, groups) for kind in HAZARD_RATIOS)
    three = made_up(4, (6, 6, 6))
    assert survival_p("cox", "Efron, Wald", three) is None
    assert 0 < (survival_p("log_rank", "hypergeometric", three) or 0) < 1
    assert survival_p("log_rank", "hypergeometric", [groups[0], []]) is None


def test_what_papers_leave_unsaid_is_drawn_in_every_way() -> None:
    papers = [draw_survival(Random(seed)) for seed in range(600)]
    notes = "\n".join(note for paper in papers for note in paper.notes)
    for word in (*RATES, *ERRORS, *MEDIANS, *MEANS, *HAZARD_RATIOS, "observed", "event times"):
        assert word in notes
    for flavours in TESTS.values():
        assert all(flavour in notes for flavour in flavours)
    rows = [row for paper in papers for row in paper.rows]
    assert {row.cells["stat_name"] for row in rows} >= {
        *("survival", "survival.std.error", "survival.conf.low", "n.risk", "n.event", "n.censor"),
        *("median", "p25", "p75", "mean|rmean", "mean", "rmean", "rmean.std.error", "sd|std.error"),
        *("p.value", "hazard_ratio", "hazard_ratio.conf.low", "start", "end", "value"),
    }
    assert any(row.printed.startswith(">") for row in rows)
    tests = {tuple(one["test"]) for paper in papers for one in paper.analyses.values()}
    assert tests >= {("log_rank",), ("gehan",), ("cox",), ("unnamed",), ("student_t", "log_rank")}
