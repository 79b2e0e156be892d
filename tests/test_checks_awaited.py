from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import ANALYSES, VARIABLES, count, share, size, study_of

from netcore.checks import Bearing, Verdict, awaited_bearing

DATES = VARIABLES | {
    "recruited": {"type": "date"},
    "followed": {"type": "time", "unit": "months", "from": "recruited", "to": "cutoff"},
    "cutoff": {"type": "date"},
    "ttp": {"type": "time", "unit": "days"},
    "gain": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "median", "ratio": ["ttp", "age"]},
    },
}


def bearing_of(folder: Path, row: dict[str, str], *others: dict[str, str]) -> Bearing:
    study = study_of(folder, [row, *others], variables=DATES, analyses=ANALYSES)
    return awaited_bearing(study, study.claims[0])


def value(variable: str, statistic: str, printed: str, **keys: str) -> dict[str, str]:
    return {"variable": variable, "stat_name": statistic, "printed": printed, **keys}


P_VALUE = {"stat_name": "p.value", "analysis": "age_by_group", "printed": "0.57"}


def test_a_quotation_is_unconstrained_and_names_its_source(tmp_path: Path) -> None:
    found = bearing_of(tmp_path, size("all", "40", cites="smith2019"))
    assert found.verdict is Verdict.UNCONSTRAINED
    assert "smith2019" in found.sentence


def test_a_rule_of_the_protocol_is_unconstrained(tmp_path: Path) -> None:
    populations = {"all": {"units": "patients"}, "protocol": {"units": "rules"}}
    row = value("age", "threshold.min", "18", population="protocol")
    study = study_of(tmp_path, [row], populations=populations)
    assert awaited_bearing(study, study.claims[0]).verdict is Verdict.UNCONSTRAINED


def test_a_secondary_value_is_open(tmp_path: Path) -> None:
    found = bearing_of(tmp_path, count("all", "response", "CR", "5", location="review"))
    assert found.verdict is Verdict.OPEN


def test_a_date_that_no_other_bounds_stands_alone(tmp_path: Path) -> None:
    row = value("recruited", "start", "2019-05")
    assert bearing_of(tmp_path / "study", row).verdict is Verdict.UNCONSTRAINED


def test_a_p_value_is_open_if_what_it_compares_is_summarised(tmp_path: Path) -> None:
    alone = bearing_of(tmp_path / "alone", P_VALUE)
    assert alone.verdict is Verdict.UNCONSTRAINED
    beside = bearing_of(tmp_path / "beside", P_VALUE, value("age", "median", "61"))
    assert beside.verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("log_rank", "censored"),
        ("spearman", "belong together"),
        ("unnamed", "not named"),
        ("mann_whitney", "groups of a known size"),
    ],
)
def test_what_leaves_a_p_value_open_depends_on_its_test(
    tmp_path: Path, test: str, reason: str
) -> None:
    rows = [P_VALUE, value("age", "median", "61")]
    analyses = ANALYSES | {"age_by_group": ANALYSES["age_by_group"] | {"test": [test]}}
    study = study_of(tmp_path, rows, variables=DATES, analyses=analyses)
    assert reason in awaited_bearing(study, study.claims[0]).sentence


def test_a_summary_is_open_if_another_value_bounds_it(tmp_path: Path) -> None:
    row = value("age", "median", "61")
    assert bearing_of(tmp_path / "alone", row).verdict is Verdict.UNCONSTRAINED
    again = bearing_of(tmp_path / "again", row, value("age", "median", "61", location="table"))
    assert again.verdict is Verdict.UNCONSTRAINED  # a repetition bounds nothing
    assert bearing_of(tmp_path / "sd", row, value("age", "sd", "9")).verdict is Verdict.OPEN
    assert bearing_of(tmp_path / "test", row, P_VALUE).verdict is Verdict.OPEN


def test_a_ratio_of_two_summaries_is_open(tmp_path: Path) -> None:
    assert bearing_of(tmp_path, value("gain", "ratio", "2.1")).verdict is Verdict.OPEN


def test_what_nothing_bears_on_is_unconstrained(tmp_path: Path) -> None:
    rows = [
        share("group1", "response", "CR", "33"),
        {"stat_name": "alpha", "printed": "0.05"},
        {"stat_name": "r.squared", "analysis": "age_by_group", "printed": "0.11"},
        size("all", "34"),
    ]
    for number, row in enumerate(rows):
        found = bearing_of(tmp_path / str(number), row)
        assert found.verdict is Verdict.UNCONSTRAINED
        assert found.sentence.endswith(".")


def test_a_reason_never_recomputes(tmp_path: Path) -> None:
    found = bearing_of(tmp_path, value("age", "median", "61"), value("age", "sd", "9"))
    assert found.recomputed is None
    assert found.attainable is None
