"""Hazard ratios: limits, p-values, curves, and what a small trial leaves open."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.survival.hazard_ratio_answers import hazard_ratios_answer
from netcore.checks.survival.hazard_ratio_checks import check_hazard_ratios
from netcore.checks.survival.hazard_ratios_left import hazard_ratios_left
from netcore.checks.survival.two_arm_findings import span
from netcore.printed import Interval
from netcore.study import Study
from netcore.tables import hazard_ratio_table

Row = dict[str, str]
POPULATIONS = {
    "all": {"units": "patients"},
    "one": {"of": "all", "where": {"arm": "a"}, "title": "Arm A"},
    "two": {"of": "all", "where": {"arm": "b"}, "title": "Arm B"},
}
VARIABLES = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "os": {"type": "time", "unit": "months", "to": "death", "title": "Survival"},
}


def row(name: str, printed: str, population: str = "all", **more: str) -> Row:
    key = more.pop("claim", name.rpartition(".")[2] if "conf" in name else name)
    return {
        "claim": key,
        "population": population,
        "stat_name": name,
        "printed": printed,
        "analysis": "by_arm",
        **more,
    }


def of_interval(ratio: str, low: str, high: str, *others: Row) -> list[Row]:
    return [
        row("hazard_ratio", ratio, claim="hr"),
        row("hazard_ratio.conf.low", low),
        row("hazard_ratio.conf.high", high),
        *others,
    ]


def curves(n1: int, one: str, n2: int, two: str) -> list[Row]:
    rows = []
    for name, number, printed in (("one", n1, one), ("two", n2, two)):
        rows.append(row("N", str(number), name, claim=f"{name}.N", analysis=""))
        rows.append(
            row(
                "survival",
                printed,
                name,
                claim=f"{name}.rate",
                analysis="",
                variable="os",
                at="12 months",
                unit="%",
            )
        )
    return rows


def study_of(folder: Path, rows: list[Row], test: str = "cox") -> Study:
    return make_study(
        folder / "surname2020",
        claims=rows,
        populations=POPULATIONS,
        variables=VARIABLES,
        analyses={"by_arm": {"test": [test], "variable": "os", "by": "arm"}},
    )


def found(folder: Path, rows: list[Row], test: str = "cox") -> tuple[Finding, ...]:
    return check_hazard_ratios(study_of(folder, rows, test), Conventions())


def test_a_ratio_in_the_middle_of_its_limits_follows_from_them(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, of_interval("0.70", "0.49", "1.00"))
    assert finding.kind == "support"
    assert finding.bearings["hr"].verdict is Verdict.REPRODUCED
    assert finding.bearings["hr"].recomputed == "0.70"


def test_a_ratio_that_is_in_the_middle_by_rounding_alone_is_possible(tmp_path: Path) -> None:
    # The root of 0.04 x 0.16 is 0.08, that of limits up to 0.045 and 0.165 is 0.0862.
    (finding,) = found(tmp_path, of_interval("0.09", "0.04", "0.16"))
    assert finding.bearings["hr"].verdict is Verdict.POSSIBLE


def test_a_ratio_out_of_the_middle_is_conditional_on_the_kind_of_interval(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, of_interval("0.70", "0.49", "1.30"))
    assert finding.kind == "note"
    assert {b.verdict for b in finding.bearings.values()} == {Verdict.CONDITIONAL}
    assert "profile likelihood" in finding.assumptions[0]
    assert "another model than the ratio" in finding.assumptions[0]


@pytest.mark.parametrize(
    ("test", "p", "verdict"),
    [
        ("cox", "0.05", Verdict.POSSIBLE),
        ("cox", "0.001", Verdict.CONDITIONAL),
        ("log_rank", "0.001", None),
        ("log_rank", "0.05", None),
    ],
)
def test_a_p_value_goes_with_the_limits_by_walds_test_alone(
    tmp_path: Path, test: str, p: str, verdict: Verdict | None
) -> None:
    rows = of_interval("0.70", "0.49", "1.00", row("p.value", p, claim="p"))
    _, finding = found(tmp_path, rows, test)
    bearing = finding.bearings.get("p")
    assert (None if bearing is None else bearing.verdict) is verdict
    if verdict is Verdict.CONDITIONAL:
        assert bearing is not None
        assert "several comparisons" in bearing.sentence
    assert finding.kind != "conflict"


def test_limits_of_another_level_are_named(tmp_path: Path) -> None:
    # log(0.5) = -0.693; with limits of 90 % the standard error is 0.3535 and p 0.050.
    rows = of_interval("0.500", "0.279", "0.894", row("p.value", "0.050", claim="p"))
    _, finding = found(tmp_path, rows)
    assert "90 %" in finding.assumptions[0]


def test_curves_leave_some_ratios_open_and_others_not(tmp_path: Path) -> None:
    # One patient of each arm lives on: 3 of 4 dead in one arm, and none in the other.
    rows = [*curves(4, "25", 4, "100"), row("hazard_ratio", "3.1", claim="hr")]
    (finding,) = found(tmp_path / "a", rows)
    assert finding.bearings["hr"].verdict is Verdict.OPEN
    rows = [*curves(2, "50", 2, "50"), row("hazard_ratio", "5000", claim="hr")]
    (finding,) = found(tmp_path / "b", rows, "unnamed")
    assert finding.bearings["hr"].verdict in (Verdict.OPEN, Verdict.CONDITIONAL)


def test_a_p_value_narrows_what_is_left_open_and_the_table_says_so(tmp_path: Path) -> None:
    rows = [*curves(4, "25", 4, "50"), row("p.value", "0.9", claim="p")]
    study = study_of(tmp_path, rows, "log_rank")
    left = hazard_ratios_left(study, Conventions(), study.claim_by_id("p"))
    assert left is not None
    _, ranges = left
    assert ranges["efron"].with_p
    top = ranges["peto"].with_p[-1].high
    assert top is not None
    assert ranges["peto"].free.high is not None
    assert top < ranges["peto"].free.high
    text = str(hazard_ratio_table(study, "p"))
    assert "Efron" in text
    assert "event in all 8 patients" in text
    with pytest.raises(ValueError, match="found no two curves behind"):
        hazard_ratio_table(study_of(tmp_path / "none", rows[4:], "log_rank"), "p")


def test_an_answer_is_plain_json_and_says_nothing_of_curves_that_nobody_has() -> None:
    def question(number: int, share: str) -> dict[str, object]:
        arm = {"number": number, "values": [["survival", "12", share, share]]}
        return {"arms": [arm, arm], "p": None}

    assert hazard_ratios_answer(question(3, "4/5")) == {"ranges": {}}
    found_ = hazard_ratios_answer(question(3, "2/3"))
    assert json.loads(json.dumps(found_)) == found_
    assert set(found_["ranges"]["efron"]) == {"free"}


def test_windows_are_rounded_outwards_in_words() -> None:
    assert span(Interval(Fraction(1, 3), None)) == "of 0.33 or more"
    assert span(Interval(Fraction(0), Fraction(1, 3))) == "up to 0.34"
    assert span(Interval(Fraction(1, 81), Fraction(349, 1))) == "from 0.012 to 350"
