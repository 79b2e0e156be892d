"""P-values between two survival curves: what is possible, what conflicts, and what never may."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.answers import METHODS, Answer, Question, answered_by, computed
from netcore.checks.survival.hazard_ratio_answers import HAZARD_RATIOS
from netcore.checks.survival.two_arm_answers import METHOD, stages_of, survival_test_answer
from netcore.checks.survival.two_arms import check_survival_tests
from netcore.printed import Interval, print_value
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.drawn_arms import draw_arms
from netcore.stats.survival.event_graph import event_times
from netcore.stats.survival.landmark_tests import crude_p_range, landmark_p_range
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import log_rank_test
from netcore.stats.survival.medians import median_landmarks, median_of
from netcore.stats.survival.weighted_tests import TESTS, weighted_test
from netcore.study import Study

Row = dict[str, str]
TRUE_STUDIES = 6
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "one": {"of": "all", "where": {"arm": "a"}, "title": "Arm A"},
    "two": {"of": "all", "where": {"arm": "b"}, "title": "Arm B"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "sex": {"type": "categorical"},
    "os": {"type": "time", "unit": "months", "to": "death", "title": "Survival"},
}
ANALYSES: dict[str, Any] = {
    "log_rank": {"test": ["log_rank"], "variable": "os", "by": "arm"},
    "gehan": {"test": ["gehan"], "variable": "os", "by": "arm"},
    "cox": {"test": ["cox"], "variable": "os", "by": "arm"},
    "unnamed": {"test": ["unnamed"], "variable": "os", "by": "arm"},
    "either": {"test": ["student_t", "log_rank"], "variable": "os", "by": "arm"},
    "os_by_sex": {"test": ["unnamed"], "variable": "os", "by": "sex"},
}


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    """Hazard ratios take long and have tests of their own."""

    def answers(method: str, question: Question) -> Answer:
        return {"ranges": {}} if method == HAZARD_RATIOS else computed(method, question)

    with answered_by(answers):
        yield


def size(population: str, number: int) -> Row:
    return {
        "claim": f"{population}.N",
        "population": population,
        "stat_name": "N",
        "printed": str(number),
    }


def rate(population: str, printed: str, at: str = "12 months") -> Row:
    return {
        "claim": f"{population}.{at}".replace(" ", ""),
        "population": population,
        "variable": "os",
        "stat_name": "survival",
        "at": at,
        "printed": printed,
        "unit": "%",
    }


def median(population: str, printed: str) -> Row:
    return {
        "claim": f"{population}.median",
        "population": population,
        "variable": "os",
        "stat_name": "median",
        "printed": printed,
    }


def p_value(printed: str, analysis: str = "log_rank", claim: str = "p") -> Row:
    return {"claim": claim, "stat_name": "p.value", "analysis": analysis, "printed": printed}


def study_of(folder: Path, rows: list[Row], **more: Any) -> Study:
    parts: dict[str, Any] = {
        "populations": POPULATIONS,
        "variables": VARIABLES,
        "analyses": ANALYSES,
    }
    return make_study(folder / "surname2020", claims=rows, **(parts | more))


def found(folder: Path, rows: list[Row], **more: Any) -> Finding | None:
    findings = check_survival_tests(study_of(folder, rows, **more), Conventions())
    assert len(findings) <= 1
    return findings[0] if findings else None


def arms(n1: int, one: str, n2: int, two: str) -> list[Row]:
    return [size("one", n1), size("two", n2), rate("one", one), rate("two", two)]


def patients_of(witness: Mapping[str, Any]) -> list[list[Observation]]:
    return [[Observation(Fraction(t), event) for t, event in arm] for arm in witness["arms"]]


def printed_rate(patients: list[Observation], at: int = 12) -> str:
    return print_value(100 * rate_at(kaplan_meier(patients), Fraction(at)), 0)


@pytest.mark.parametrize("analysis", ["log_rank", "gehan", "unnamed", "either"])
def test_a_p_value_that_the_curves_allow_is_possible_with_patients_who_have_it(
    tmp_path: Path, analysis: str
) -> None:
    finding = found(tmp_path, [*arms(7, "43", 6, "67"), p_value("0.31", analysis)])
    assert finding is not None
    assert finding.kind == "support"
    assert finding.bearings["p"].verdict is Verdict.POSSIBLE
    assert finding.bearings["one.12months"].verdict is Verdict.POSSIBLE
    assert finding.witness is not None
    assert finding.witness["constructed"] is True
    one, two = patients_of(finding.witness)
    assert (len(one), len(two)) == (7, 6)
    assert (printed_rate(one), printed_rate(two)) == ("43", "67")
    if analysis != "gehan":
        p = log_rank_test(one, two)
        assert p is not None
        assert f"{float(p.low):.2f}" == "0.31"
    json.dumps(finding.witness)


def test_the_witness_has_the_p_value_of_lifelines(tmp_path: Path) -> None:
    from lifelines.statistics import logrank_test

    finding = found(tmp_path, [*arms(7, "43", 6, "67"), p_value("0.31")])
    assert finding is not None
    assert finding.witness is not None
    one, two = patients_of(finding.witness)
    result = logrank_test(
        [float(x.time) for x in one],
        [float(x.time) for x in two],
        [x.event for x in one],
        [x.event for x in two],
    )
    assert f"{result.p_value:.2f}" == "0.31"


def test_a_p_value_below_all_ranges_of_a_named_test_is_conditional_and_says_on_what(
    tmp_path: Path,
) -> None:
    finding = found(tmp_path, [*arms(5, "60", 5, "60"), p_value("0.00001")])
    assert finding is not None
    assert finding.kind == "note"
    bearing = finding.bearings["p"]
    assert bearing.verdict is Verdict.CONDITIONAL
    assert bearing.attainable is not None
    assert bearing.attainable[0].low is not None
    assert bearing.attainable[0].low > Fraction(1, 10_000)
    words = " ".join(finding.assumptions)
    assert "Kaplan-Meier" in words
    assert "every patient" in words
    assert "unstratified" in words
    assert "unstratified" in bearing.sentence
    assert "stand-alone checker" in words
    assert set(finding.bearings) == {"p"}


@pytest.mark.parametrize("analysis", ["unnamed", "cox", "either"])
def test_a_test_that_is_not_named_for_certain_convicts_nobody(
    tmp_path: Path, analysis: str
) -> None:
    finding = found(tmp_path, [*arms(5, "60", 5, "60"), p_value("0.00001", analysis)])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.OPEN
    assert finding.bearings["p"].attainable is None


def test_one_side_or_fewer_patients_can_be_what_a_p_value_needs(tmp_path: Path) -> None:
    # Two deaths against none among two and two: chi-squared is 3 at most, p 0.083; half of it is
    # what one side gives.
    rows = [size("one", 2), size("two", 2), rate("one", "0"), rate("two", "100"), p_value("0.042")]
    finding = found(tmp_path, rows)
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.CONDITIONAL
    assert "one-sided" in finding.assumptions[0]


def test_no_sizes_no_curves_or_three_groups_are_left_to_others(tmp_path: Path) -> None:
    rows = arms(7, "43", 6, "67")
    assert found(tmp_path / "a", [*rows[2:], p_value("0.31")]) is None
    assert found(tmp_path / "b", [*rows[:3], p_value("0.31")]) is None
    levels = {**VARIABLES, "arm": {"type": "categorical", "levels": ["a", "b", "c"]}}
    assert found(tmp_path / "c", [*rows, p_value("0.31")], variables=levels) is None


def test_what_else_is_printed_of_the_times_leaves_it_open(tmp_path: Path) -> None:
    mean = {**median("one", "14"), "claim": "mean", "stat_name": "mean"}
    finding = found(tmp_path, [*arms(7, "43", 6, "67"), p_value("0.31"), mean])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.OPEN


def test_a_factor_of_which_only_a_p_value_is_printed_is_given_to_the_patients(
    tmp_path: Path,
) -> None:
    rows = [*arms(7, "43", 6, "67"), p_value("0.31"), p_value("ns", "os_by_sex", "sex.p")]
    finding = found(tmp_path, rows)
    assert finding is not None
    assert finding.witness is not None
    labels = finding.witness["factors"]["sex"]  # type: ignore[index]
    every = [who for arm in patients_of(finding.witness) for who in arm]
    halves = [[w for w, k in zip(every, labels, strict=True) if k == half] for half in (0, 1)]
    p = log_rank_test(halves[0], halves[1])
    assert p is not None
    assert p.low >= Fraction(1, 20)


def test_large_groups_with_medians_get_patients_too(tmp_path: Path) -> None:
    rows = [size("one", 60), size("two", 45), median("one", "10"), median("two", "14")]
    finding = found(tmp_path, [*rows, p_value("0.04")])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.POSSIBLE
    assert finding.witness is not None
    one, two = patients_of(finding.witness)
    for patients, printed in ((one, "10"), (two, "14")):
        value = median_of(patients, "first")
        assert value is not None
        assert print_value(value, 0) == printed
    p = log_rank_test(one, two)
    assert p is not None
    assert f"{float(p.low):.2f}" == "0.04"


def test_an_answer_is_plain_json_and_says_the_same_again() -> None:
    question = {
        "arms": [
            {"number": 4, "values": [["survival", "12", "1/2", "1/2"]]},
            {"number": 4, "values": [["median", None, "10", "11"]]},
        ],
        "p": ["0", "1"],
        "tests": ["log_rank"],
    }
    first = survival_test_answer(question)
    assert json.loads(json.dumps(first)) == survival_test_answer(json.loads(json.dumps(question)))
    assert METHODS[METHOD] is survival_test_answer
    assert first["outcome"] == "fits"


def test_a_curve_that_nobody_can_have_is_left_to_the_check_of_one_curve() -> None:
    question = {
        "arms": [{"number": 3, "values": [["survival", "12", "4/5", "4/5"]]}] * 2,
        "p": ["0", "1"],
        "tests": ["log_rank"],
    }
    assert survival_test_answer(question)["outcome"] == "no data"


def test_moments_before_and_at_one_time_keep_their_order() -> None:
    half = Interval(Fraction(1, 2), None)
    marks = [Landmark(Fraction(6), half, moment="before"), Landmark(Fraction(6), half)]
    one, two = stages_of((4, 4), (marks, [Landmark(None, half)]))
    assert [r.time for r in one.rates][1] == 6
    assert one.rates[0].time < 6
    assert two.rates[0].time > 6
    assert two.rates[0].at_risk == Interval.point(0)


# --- Drawn at random ------------------------------------------------------------------------------


def drawn(draw: Random, number: int, visit: int) -> list[Observation]:
    scale = draw.choice([8, 15, 30])
    return [
        Observation(
            Fraction(max(1, round(draw.expovariate(1 / scale) / visit)) * visit),
            draw.random() < 0.75,
        )
        for _ in range(number)
    ]


def published(draw: Random, folder: Path, number: int) -> tuple[Study, str] | None:
    """Return a true study of two small arms, printed in one of several ways."""
    sizes = draw.randint(3, 7), draw.randint(3, 7)
    groups = [drawn(draw, n, draw.choice([1, 3])) for n in sizes]
    test = draw.choice(["log_rank", "log_rank", "log_rank_permutation", "gehan"])
    square = weighted_test(TESTS[test], sizes).square(event_times(*groups))
    if square is None:
        return None
    from scipy.stats import chi2

    p = float(chi2.sf(float(square.low or 0), 1))
    decimals = draw.choice([2, 3])
    shown = f"{p:.{decimals}f}"
    if draw.random() < 0.3:
        shown = "ns" if p >= 0.05 else "<0.05"
    rows = [size(name, n) for name, n in zip(("one", "two"), sizes, strict=True)]
    for name, group in zip(("one", "two"), groups, strict=True):
        steps = kaplan_meier(group)
        middle = median_of(group, draw.choice(["first", "midpoint", "interpolated"]))
        if middle is not None and draw.random() < 0.5:
            rows.append(median(name, f"{float(middle):.1f}"))
        for at in (6, 12) if draw.random() < 0.4 else (12,):
            share = float(100 * rate_at(steps, Fraction(at)))
            rows.append(rate(name, f"{share:.{draw.choice([0, 1])}f}", f"{at} months"))
    analysis = "gehan" if test == "gehan" else "log_rank"
    return study_of(folder / str(number), [*rows, p_value(shown, analysis)]), test


@pytest.mark.parametrize("seed", range(4))
def test_no_true_study_is_condemned(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    for number in range(TRUE_STUDIES):
        made = published(draw, tmp_path, number)
        if made is None:
            continue
        for finding in check_survival_tests(made[0], Conventions()):
            assert finding.kind != "conflict"
            words = " ".join(finding.assumptions)
            assert "stand-alone checker" not in words, (made[1], finding.statement)


# --- Of the functions behind it -------------------------------------------------------------------


def test_the_p_value_at_one_time_lies_in_its_range_for_all_patients() -> None:
    from scipy.stats import norm

    draw = Random(5)
    for _ in range(150):
        sizes = draw.randint(2, 8), draw.randint(2, 8)
        groups = [drawn(draw, n, 3) for n in sizes]
        rates, variances = [], []
        for group in groups:
            steps = kaplan_meier(group)
            share = rate_at(steps, Fraction(12))
            spread = sum(
                (
                    Fraction(s.events, s.at_risk * (s.at_risk - s.events))
                    for s in steps
                    if s.time <= 12 and s.events < s.at_risk
                ),
                Fraction(0),
            )
            rates.append(share)
            variances.append(share * share * spread)
        if not sum(variances):
            continue
        window = tuple(Interval(max(s - Fraction(1, 200), Fraction(0)), s) for s in rates)
        if any(s == 0 for s in rates):
            continue
        found_range = landmark_p_range(sizes, (window[0], window[1]))
        assert found_range is not None
        z = float(rates[0] - rates[1]) / float(sum(variances)) ** 0.5
        p = 2 * norm.sf(abs(z))
        assert found_range.low is not None
        assert found_range.high is not None
        assert float(found_range.low) - 1e-9 <= p <= float(found_range.high) + 1e-9


def test_shares_of_no_whole_patients_have_no_crude_test() -> None:
    window = Interval(Fraction(375, 1000), Fraction(385, 1000))
    assert crude_p_range((12, 14), (window, window)) is None
    assert crude_p_range((8, 8), (window, window)) is not None


def test_drawn_patients_of_nobody_are_refused_and_impossible_curves_give_none() -> None:
    everything = Interval(Fraction(0), Fraction(1))
    with pytest.raises(ValueError, match="found 0 patients"):
        draw_arms((0, 3), ([], []), lambda _: 0.5, everything, lambda _: True, end=Fraction(9))
    odd = [Landmark(Fraction(6), Interval.point(Fraction(4, 5)))]
    found_none = draw_arms(
        (3, 3), (odd, []), lambda _: 0.5, everything, lambda _: True, end=Fraction(9)
    )
    assert found_none is None
    months = Interval(Fraction(9), Fraction(10))
    rejected = draw_arms(
        (5, 5),
        (median_landmarks("first", months, 5), []),
        lambda _: 0.5,
        everything,
        lambda _: False,
        end=Fraction(30),
        tries=2,
    )
    assert rejected is None


def test_arms_of_thousands_are_answered_within_the_budget() -> None:
    values = [
        ["survival", "12", "0.9315", "0.9325"],
        ["n.risk", "12", "4000", "4000"],
        ["survival", "60", "0.7105", "0.7115"],
        ["n.risk", "60", "2000", "2000"],
    ]
    question = {
        "arms": [{"number": number, "values": values} for number in (5_200, 60_000)],
        "p": ["0.0935", "0.0945"],
        "tests": ["log_rank"],
    }
    assert survival_test_answer(question)["outcome"] == "open"
