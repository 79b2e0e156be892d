from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.criteria import check_criteria

Row = dict[str, str]


def parts(*criteria: str) -> dict[str, Any]:
    return {
        "locations": {
            "results": {"title": "Results"},
            "methods": {"title": "Methods"},
            "review": {"title": "A review", "seen": "secondary"},
        },
        "populations": {
            "all": {"units": "patients"},
            "her": {"of": "all", "size": 1, "title": "Woman of Figure 1"},
            "him": {"of": "all", "size": 1},
            "protocol": {"units": "rules"},
        },
        "variables": {
            "response": {
                "type": "categorical",
                "levels": ["CR", "PR", "SD", "PD"],
                "criteria": list(criteria),
                "measured_by": {"PR": "shrinkage", "PD": "growth"},
            },
            "viable_response": {
                "type": "categorical",
                "levels": ["PR"],
                "criteria": ["mRECIST"],
                "measured_by": {"PR": "viable"},
            },
            "shrinkage": {"type": "continuous", "unit": "%"},
            "viable": {"type": "continuous", "unit": "%"},
            "growth": {"type": "continuous", "unit": "%"},
            "wait": {
                "type": "categorical",
                "levels": ["short", "long"],
                "measured_by": {"short": "wait_time", "long": "wait_time"},
            },
            "wait_time": {"type": "time", "unit": "months"},
            "dose": {"type": "continuous", "unit": "mg"},
        },
    }


def rule(variable: str, level: str, side: str, printed: str, **keys: str) -> Row:
    return {
        "claim": f"rule.{side}",
        "location": "methods",
        "population": "protocol",
        "variable": variable,
        "variable_level": level,
        "stat_name": f"threshold.{side}",
        "printed": printed,
        **keys,
    }


def value(name: str, variable: str, printed: str, **keys: str) -> Row:
    return {
        "claim": name,
        "population": "her",
        "variable": variable,
        "stat_name": "value",
        "at": "1 months",
        "printed": printed,
        **keys,
    }


PR_RULE = rule("response", "PR", "min", "30", unit="%")
PR = value("level", "response", "PR")


def shrinkage(printed: str, **keys: str) -> Row:
    return value("measure", "shrinkage", printed) | keys


def found(folder: Path, *rows: Row, criteria: tuple[str, ...] = ()) -> list[Finding]:
    study = make_study(folder / "paper1", claims=rows, **parts(*criteria))
    return list(check_criteria(study, Conventions()))


def outcome(folder: Path, *rows: Row, criteria: tuple[str, ...] = ()) -> str:
    findings = found(folder, *rows, criteria=criteria)
    if not findings:
        return "nothing"
    (finding,) = findings
    if finding.kind == "note":
        assert not finding.bearings
        return "note"
    verdicts = {bearing.verdict for name, bearing in finding.bearings.items() if "rule" not in name}
    (verdict,) = verdicts
    assert verdict is not None
    assert (finding.kind == "conflict") is (verdict is Verdict.INCONSISTENT)
    assert (verdict is Verdict.CONDITIONAL) is bool(finding.assumptions)
    return verdict.value


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("25", "inconsistent"),
        ("29", "nothing"),  # 29.5 prints as 29, and as 30
        ("28", "inconsistent"),
        ("29.4", "inconsistent"),
        ("30", "nothing"),
        ("60", "nothing"),
        ("-35", "nothing"),  # a decrease may be printed as a negative change
        ("-20", "inconsistent"),
        (">20", "nothing"),
        ("<20", "inconsistent"),
        ("~20", "nothing"),
    ],
)
def test_a_level_needs_its_measure(tmp_path: Path, printed: str, expected: str) -> None:
    assert outcome(tmp_path, PR_RULE, PR, shrinkage(printed)) == expected


def test_rule_level_and_measure_are_one_conflict(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, PR_RULE, PR, shrinkage("25"), criteria=("RECIST 1.1",))
    assert set(finding.claims) == {"rule.min", "level", "measure"} == set(finding.bearings)
    assert len(finding.repairs) == 3


def test_a_measure_left_open_is_conditional(tmp_path: Path) -> None:
    either = shrinkage("25", variable="shrinkage|viable")
    (finding,) = found(tmp_path / "open", PR_RULE, PR, either)
    assert outcome(tmp_path / "again", PR_RULE, PR, either) == "conditional"
    assert (
        "the value is one of another measure (viable) than the rule’s (shrinkage)"
        in finding.statement
    )
    other = shrinkage("25", variable="viable")
    assert outcome(tmp_path / "other", PR_RULE, PR, other) == "nothing"


def test_a_value_that_reaches_the_level_settles_it(tmp_path: Path) -> None:
    enough = shrinkage("40", claim="again")
    assert outcome(tmp_path / "both", PR_RULE, PR, shrinkage("25"), enough) == "nothing"
    elsewhere = enough | {"at": "3 months"}
    assert outcome(tmp_path / "later", PR_RULE, PR, shrinkage("25"), elsewhere) == "inconsistent"


@pytest.mark.parametrize(
    ("level_at", "measure_at", "expected"),
    [
        ("1 months", "1 months", "inconsistent"),
        ("1 months", "3 months", "nothing"),
        ("1 months", "", "conditional"),
        ("", "1 months", "conditional"),
        ("", "", "conditional"),
    ],
)
def test_level_and_measure_are_of_one_assessment(
    tmp_path: Path, level_at: str, measure_at: str, expected: str
) -> None:
    rows = PR | {"at": level_at}, shrinkage("25", at=measure_at)
    assert outcome(tmp_path, PR_RULE, *rows) == expected


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ((), "inconsistent"),
        (("RECIST 1.1",), "inconsistent"),
        (("mRECIST",), "conditional"),
        (("mRECIST", "RECIST 1.1"), "conditional"),
        (("RECIST 1.1", "WHO"), "conditional"),
    ],
)
def test_criteria_that_measure_something_else_leave_it_open(
    tmp_path: Path, criteria: tuple[str, ...], expected: str
) -> None:
    rows = PR_RULE, PR, shrinkage("25")
    assert outcome(tmp_path / "rows", *rows, criteria=criteria) == expected
    (finding,) = found(tmp_path / "found", *rows, criteria=criteria)
    assert any("enhancing" in text for text in finding.resolved_by) is ("mRECIST" in criteria)


def test_the_enhancing_part_is_what_its_criteria_measure(tmp_path: Path) -> None:
    rows = (
        rule("viable_response", "PR", "min", "30", unit="%"),
        value("level", "viable_response", "PR"),
        value("measure", "viable", "10"),
    )
    assert outcome(tmp_path, *rows) == "inconsistent"


def test_progression_may_be_new_foci(tmp_path: Path) -> None:
    rows = (
        rule("response", "PD", "min", "20", unit="%"),
        value("level", "response", "PD"),
        value("measure", "growth", "5"),
    )
    assert outcome(tmp_path, *rows) == "conditional"


@pytest.mark.parametrize(
    ("printed", "unit", "expected"),
    [
        ("5", "months", "inconsistent"),
        ("10", "days", "nothing"),
        ("4", "weeks", "inconsistent"),
        ("3", "weeks", "nothing"),  # 2.5 prints as either
        ("0.4", "months", "nothing"),  # 0.35 months of 28 days are under 10 days
        ("0.62", "months", "nothing"),  # 17.2 days, and two weeks may be 17.5
        ("2", "weeks", "nothing"),
        ("9", "cycles", "nothing"),
    ],
)
def test_times_are_compared_in_days(tmp_path: Path, printed: str, unit: str, expected: str) -> None:
    rows = (
        rule("wait", "short", "max", "2", unit="weeks"),
        value("level", "wait", "short"),
        value("measure", "wait_time", printed, unit=unit),
    )
    assert outcome(tmp_path, *rows) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"population": "him"},
        {"population": "all"},
        {"cites": "lee2019"},
        {"location": "review"},
        {"unit": "mm"},
        {"stat_name": "median"},
        {"population": "her|him"},
    ],
)
def test_only_one_described_patient_is_compared(tmp_path: Path, change: Row) -> None:
    measure = shrinkage("25")
    assert outcome(tmp_path / "same", PR_RULE, PR, measure) == "inconsistent"
    assert outcome(tmp_path / "other", PR_RULE, PR, measure | change) == "nothing"


@pytest.mark.parametrize(
    "change",
    [
        {"cites": "lee2019"},
        {"location": "review"},
        {"population": "all"},
        {"variable_level": "CR"},
        {"at": "9 months"},
        {"unit": ""},
    ],
)
def test_only_rules_of_the_study_count(tmp_path: Path, change: Row) -> None:
    assert outcome(tmp_path, PR_RULE | change, PR, shrinkage("25")) == "nothing"


def test_printings_of_one_rule_are_one_finding(tmp_path: Path) -> None:
    again = PR_RULE | {"claim": "again", "location": "results"}
    (finding,) = found(tmp_path, PR_RULE, again, PR, shrinkage("25"))
    assert len(finding.claims) == 4


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("40", "note"), ("50", "nothing"), ("75", "nothing"), ("120", "note"), ("100.4", "nothing")],
)
def test_a_departure_from_the_protocol_is_a_note(
    tmp_path: Path, printed: str, expected: str
) -> None:
    rules = rule("dose", "", "min", "50", unit="mg"), rule("dose", "", "max", "100", unit="mg")
    assert outcome(tmp_path, *rules, value("dose", "dose", printed)) == expected


def test_a_departure_is_of_a_described_patient(tmp_path: Path) -> None:
    limit = rule("dose", "", "max", "100", unit="mg")
    row = value("dose", "dose", "150")
    assert outcome(tmp_path / "her", limit, row) == "note"
    assert outcome(tmp_path / "all", limit, row | {"population": "all"}) == "nothing"
    assert outcome(tmp_path / "units", limit, row | {"unit": "ml"}) == "nothing"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.integers(20, 200),
    after=st.integers(0, 200),
    decimals=st.integers(0, 2),
    threshold=st.sampled_from(["30", "30.0", ">=30"]),
    negative=st.booleans(),
)
def test_levels_given_by_the_rule_are_never_at_odds(
    tmp_path_factory: pytest.TempPathFactory,
    before: int,
    after: int,
    decimals: int,
    threshold: str,
    negative: bool,
) -> None:
    decrease = 100 * (before - after) / before
    level = "PR" if decrease >= 30 else "PD" if -decrease >= 20 else "SD"
    sign = -1 if negative and decrease >= 0 else 1
    rows = [
        PR_RULE | {"printed": threshold},
        rule("response", "PD", "min", "20", unit="%", claim="rule.pd"),
        PR | {"printed": level},
        shrinkage(f"{sign * decrease:.{decimals}f}"),
        value("growth", "growth", f"{-decrease:.{decimals}f}"),
    ]
    assert outcome(tmp_path_factory.mktemp("true"), *rows) == "nothing"
