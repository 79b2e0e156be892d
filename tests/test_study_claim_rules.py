from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import ShortClaim, claims_text, problems_of, write_study

LOCATIONS = {
    "results": {"title": "Results"},
    "table1": {"title": "Table 1", "decimal": ",", "thousands": " "},
}
POPULATIONS = {
    "all": {"units": "patients"},
    "group1": {"of": "all", "where": {"group": "1"}},
    "group2": {"of": "all", "where": {"group": "2"}},
    "procedures": {"units": "procedures", "per": "all"},
}
VARIABLES = {
    "group": {"type": "categorical", "levels": ["1", "2"]},
    "response": {
        "type": "categorical",
        "levels": ["CR", "PR", "SD"],
        "unions": {"ORR": ["CR", "PR"]},
    },
    "outcome": {"type": "categorical", "levels": ["CR", "PD"]},
    "adverse": {"type": "multi", "levels": ["pain", "fever"]},
    "other": {"type": "multi"},
    "age": {"type": "continuous"},
    "height": {"type": "continuous"},
    "start": {"type": "date"},
    "os": {"type": "time", "unit": "months"},
    "delay": {"type": "time", "unit": "days", "min": "-30"},
}
ANALYSES = {
    "age_by_group": {"test": ["mann_whitney"], "variable": "age", "by": "group"},
    "age_by_response": {"test": ["anova"], "variable": "age", "by": "response"},
}
SPREADSHEET = (
    ", which looks like a date made by a spreadsheet, expected what the paper prints (a spreadsheet "
    "turns 5-12 into a date: format the column as text, then type the cell again)"
)


def found(tmp_path: Path, *claims: ShortClaim) -> list[str]:
    """Return the problems of rows that start on line 2, without the name of the file."""
    sections: dict[str, Any] = {
        "locations": LOCATIONS,
        "populations": POPULATIONS,
        "variables": VARIABLES,
        "analyses": ANALYSES,
    }
    lines = problems_of(write_study(tmp_path / "key2020", claims=claims, **sections))
    assert all(line.startswith("claims.csv:") for line in lines)
    return [line.removeprefix("claims.csv:") for line in lines]


@pytest.mark.parametrize(
    "claim",
    [
        ("all", "", "", "N", "40"),
        ("all", "", "", "N", "~40"),
        ("all", "", "", "N", ">=40"),
        ("all", "response", "CR", "n", "none"),
        ("all", "response", "CR", "n", "all"),
        ("all", "response", "CR", "n", "3-4"),
        ("all", "response", "ORR", "pct", "20-25"),
        ("all", "response", "ORR", "pct", "all"),
        ("all", "response", "CR|PR", "n", "5"),
        ("all", "response|outcome", "CR", "n", "5"),
        ("all", "response", "CR", "pct.conf.low", "1.5"),
        ("all|procedures", "adverse", "", "n", "none"),
        ("all", "other", "", "n", "4"),
        ("all", "adverse", "pain|fever", "n", "4"),
        ("all", "response", "", "N_miss", "4"),
        ("all", "response", "", "value", "PR"),
        ("all", "age", "", "mean|median", "-58.50"),
        ("all", "age|height", "", "value", "170"),
        ("all", "", "", "alpha", "0.05"),
        ("all", "start", "", "value", "2022-10-31"),
        ("all", "start", "", "start", "2017-09"),
        ("all", "start", "", "end", "2021"),
        ("all", "start", "", "median", "2021"),
        ("all", "start", "", "N_miss", "3"),
        ("all", "start", "", "sd", "12.5"),
        {"stat_name": "p.value", "analysis": "age_by_group", "printed": "ns"},
        {"stat_name": "p.value", "analysis": "age_by_group|age_by_response", "printed": "<0.05"},
        {"stat_name": "r.squared", "analysis": "age_by_group", "printed": "0.1"},
        {"stat_name": "median", "variable": "age", "printed": "1 234,5", "location": "table1"},
        {
            "stat_name": "n",
            "variable": "group",
            "variable_level": "1",
            "at": "2 cycles|8 weeks",
            "printed": "1",
        },
        {
            "stat_name": "pct",
            "variable": "group",
            "variable_level": "1",
            "denominator": "group1",
            "printed": "1",
        },
        {
            "stat_name": "median",
            "variable": "age",
            "population": "",
            "cites": "source2020#x",
            "printed": "1",
        },
    ],
)
def test_a_claim_may_be(tmp_path: Path, claim: ShortClaim) -> None:
    assert found(tmp_path, claim) == []


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        # names
        ({"location": "tabel1", "stat_name": "N", "printed": "1"}, "2:2: found location 'tabel1', expected one of results, table1 (nearest: table1)"),
        ({"location": "results|table1", "stat_name": "N", "printed": "1"}, "2:2: found location 'results|table1', expected one of results, table1 (nearest: results)"),
        (("grp1", "", "", "N", "1"), "2:3: found population 'grp1', expected one of all, group1, group2, procedures (nearest: group1)"),
        (("all|grp1", "", "", "N", "1"), "2:3: found population 'grp1', expected one of all, group1, group2, procedures (nearest: group1)"),
        (("", "", "", "N", "1"), "2:3: found an empty cell in population, expected a population, or in cites the source of a quoted value"),
        (("all", "ages", "", "mean", "1"), "2:4: found variable 'ages', expected one of group, response, outcome, adverse, other, age, height, start, os, delay (nearest: age)"),
        ({"stat_name": "N", "denominator": "everybody", "printed": "1"}, "2:8: found denominator 'everybody', expected one of all, group1, group2, procedures"),
        ({"stat_name": "p.value", "analysis": "age_by_groop", "printed": "1"}, "2:9: found analysis 'age_by_groop', expected one of age_by_group, age_by_response (nearest: age_by_group)"),
        # statistics and times
        (("all", "age", "", "medain", "1"), "2:6: found stat_name 'medain', expected a statistic of the vocabulary (nearest: median)"),
        (("all", "age", "", "mean|mode", "1"), "2:6: found stat_name 'mode', expected a statistic of the vocabulary"),
        ({"stat_name": "N", "at": "after 2 cycles", "printed": "1"}, "2:7: found at 'after 2 cycles', expected a number, a space and a unit, as '24 months'"),
        ({"stat_name": "N", "at": "2 cycles|12", "printed": "1"}, "2:7: found at '12', expected a number, a space and a unit, as '24 months'"),
        # what belongs together
        (("all", "", "", "median", "1"), "2:4: found an empty cell in variable, expected the variable or the analysis that median belongs to"),
        (("all", "", "CR", "N", "1"), "2:5: found variable_level 'CR' without a variable, expected an empty cell, or the variable whose level it is"),
        (("all", "response", "", "n", "1"), "2:5: found an empty cell in variable_level, expected one of CR, PR, SD, ORR, the levels of response"),
        (("all", "response", "PD", "n", "1"), "2:5: found variable_level 'PD', expected one of CR, PR, SD, ORR, the levels of response"),
        (("all", "response|outcome", "PD", "n", "1"), "2:5: found variable_level 'PD', expected one of CR, PR, SD, ORR, the levels of response"),
        (("all", "other", "pain", "n", "1"), "2:5: found variable_level 'pain', expected a level of other, which has none (list it in paper.yaml)"),
        (("all", "age", "CR", "mean", "1"), "2:5: found variable_level 'CR', expected an empty cell (age has no levels)"),
        (("all", "response", "PR", "value", "PR"), "2:5: found variable_level 'PR', expected an empty cell (of a single value, the level is what is printed)"),
        (("all", "age|response", "", "value", "PR"), "2:4: found variable 'age|response', expected readings that agree on what is printed, a number, a date or a level"),
        (("all", "start", "", "value|sd", "3"), "2:4: found variable 'start', expected readings that agree on what is printed, a number, a date or a level"),
        # printed values
        (("all", "response", "", "value", "PD"), "2:10: found printed 'PD', expected one of CR, PR, SD, ORR, the levels of response"),
        (("all", "start", "", "start", "2022-02-30"), "2:10: found printed '2022-02-30', expected a date that exists, as 2022, 2022-05 or 2022-05-12"),
        (("all", "start", "", "start", "5/12/2022"), "2:10: found printed '5/12/2022', expected a date that exists, as 2022, 2022-05 or 2022-05-12"),
        (("all", "", "", "N", "40.5"), "2:10: found printed '40.5', expected a whole number, 0 or more, for N"),
        (("all", "", "", "N", "-4"), "2:10: found printed '-4', expected a whole number, 0 or more, for N"),
        (("all", "age", "", "n.risk", "2-2.5"), "2:10: found printed '2-2.5', expected a whole number, 0 or more, for n.risk"),
        (("all", "age", "", "mean", "all"), "2:10: found printed 'all', expected a number ('all' is for counts and pct, not for mean)"),
        (("all", "age", "", "mean", "none"), "2:10: found printed 'none', expected a number ('none' is for counts and pct, not for mean)"),
        (("all", "age", "", "mean", "ns"), "2:10: found printed 'ns', expected a number ('ns' is for p.value, not for mean)"),
        (("all", "age", "", "p.value", "1.2"), "2:10: found printed '1.2', expected a number from 0 to 1, for p.value"),
        (("all", "age", "", "p.value", "<-1"), "2:10: found printed '<-1', expected a number from 0 to 1, for p.value"),
        (("all", "age", "", "p.value", "none"), "2:10: found printed 'none', expected a number ('none' is for counts and pct, not for p.value)"),
        # dates made by spreadsheets
        (("all", "age", "", "mean", "12-May"), "2:10: found printed '12-May'" + SPREADSHEET),
        (("all", "age", "", "mean", "02.Mar"), "2:10: found printed '02.Mar'" + SPREADSHEET),
        (("all", "age", "", "mean", "2022-03-02 00:00:00"), "2:10: found printed '2022-03-02 00:00:00'" + SPREADSHEET),
        (("all", "age", "", "mean", "3/2/2022"), "2:10: found printed '3/2/2022'" + SPREADSHEET),
        (("all", "response", "", "value", "May-12"), "2:10: found printed 'May-12'" + SPREADSHEET),
        (("all", "response", "3-Feb", "n", "1"), "2:5: found variable_level '3-Feb'" + SPREADSHEET),
        ({"stat_name": "N", "at": "12-May", "printed": "1"}, "2:7: found at '12-May'" + SPREADSHEET),
        # shapes
        ({"stat_name": "N", "printed": ""}, "2:10: found nothing in printed, expected some text"),
        ({"stat_name": "", "printed": "1"}, "2:6: found nothing in stat_name, expected some text"),
        ({"location": "", "stat_name": "N", "printed": "1"}, "2:2: found nothing in location, expected some text"),
        ({"stat_name": "N", "printed": "34 "}, "2:10: found printed '34 ', expected no white space at either end"),
        (("all\u00a0", "", "", "N", "1"), r"2:3: found population 'all\xa0', expected no white space at either end"),
        (("group\u00a01", "", "", "N", "1"), r"2:3: found population 'group\xa01', expected plain spaces only (there is a no-break space or another kind of space)"),
        (("all|", "", "", "N", "1"), "2:3: found population 'all|', expected a name on both sides of each '|', without spaces around it"),
        (("all|all", "", "", "N", "1"), "2:3: found population 'all|all', expected each reading once"),
        ({"claim": "<script>", "stat_name": "N", "printed": "1"}, "2:1: found claim '<script>', expected an id that starts with a letter or digit and has only a-z, A-Z, 0-9, '_', '.', '+' and '-'"),
        ({"cites": "a b", "stat_name": "N", "printed": "1"}, "2:12: found cites 'a b', expected the key of a source, or key#claim"),
        ({"unit": "mg\x07", "stat_name": "N", "printed": "1"}, r"2:11: found unit 'mg\x07', expected printable characters only"),
        ({"unit": "m\ng", "stat_name": "N", "printed": "1"}, r"2:11: found unit 'm\ng', expected one line without tabs"),
        ({"note": "a\x1b[2J", "stat_name": "N", "printed": "1"}, r"2:13: found note 'a\x1b[2J', expected printable characters only"),
    ],
)  # fmt: skip
def test_a_claim_may_not_be(tmp_path: Path, claim: ShortClaim, expected: str) -> None:
    assert found(tmp_path, claim) == [expected]


@pytest.mark.parametrize(
    "claim",
    [
        ("all", "", "", "N", "10000000"),
        ("all", "response", "CR", "n", "<1"),
        ("all", "os", "", "median", "0"),
        ("all", "os", "", "mean.conf.low", "-1.2"),  # mean - 1.96 standard errors
        ("all", "os", "", "difference", "-1.2"),
        ("all", "delay", "", "median", "-3"),
        ("all", "delay|os", "", "median", "-3"),
        {"variable": "age", "stat_name": "median", "at": "-1 weeks", "printed": "3"},
        {"variable": "delay", "stat_name": "median", "at": "-1 weeks", "printed": "3"},
        {"variable": "os", "stat_name": "survival", "at": "0 months", "printed": "1"},
        {"variable": "os", "stat_name": "survival", "printed": "100", "unit": "%"},
        {"variable": "os", "stat_name": "survival", "printed": "~40"},
        {"variable": "os", "stat_name": "survival.conf.high", "printed": "104", "unit": "%"},
        ("all", "response", "CR", "pct", "130"),  # a conflict, which other checks prove
        ("all", "response", "CR", "pct.conf.low", "-2.1"),
        ("all", "adverse", "pain", "pct", "130"),  # mentions, perhaps
        ("all", "age", "", "pct", "-12"),  # a change, perhaps
        {"variable": "age", "stat_name": "mean", "printed": "-120", "unit": "%"},
        {"analysis": "age_by_group", "stat_name": "adj.r.squared", "printed": "-0.02"},
        {"analysis": "age_by_group", "stat_name": "r.squared", "printed": "45", "unit": "%"},
        {"analysis": "age_by_group", "stat_name": "risk_difference", "printed": "-25", "unit": "%"},
        {"analysis": "age_by_group", "stat_name": "correlation", "printed": "-1.00"},
        {"analysis": "age_by_group", "stat_name": "hazard_ratio", "printed": "0"},
        {"analysis": "age_by_group", "stat_name": "ratio", "printed": "-2"},
        {"analysis": "age_by_group", "stat_name": "p.value", "printed": "0.00"},
        {"analysis": "age_by_group", "stat_name": "p.value", "printed": "<=1"},
        {"analysis": "age_by_group", "stat_name": "p.value", "printed": "<0.000"},
        ("all", "", "", "conf.level", "95"),
        ("all", "age", "", "sd", "-3"),  # a conflict, which the check of order proves
    ],
)
def test_a_value_may_be(tmp_path: Path, claim: ShortClaim) -> None:
    assert found(tmp_path, claim) == []


COUNTED = "a whole number from 0 to 10000000 (ten million), for"
TIME = "of a time (where it can be negative, give the variable a min below 0)"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (("all", "", "", "N", "10000001"), f"10: found printed '10000001', expected {COUNTED} N"),
        (("all", "", "", "N", "99999999999999999999"), f"10: found printed '99999999999999999999', expected {COUNTED} N"),
        (("all", "response", "CR", "n", "1e300"), f"10: found printed '1e300', expected {COUNTED} n"),
        (("all", "os", "", "n.risk", "3-20000000"), f"10: found printed '3-20000000', expected {COUNTED} n.risk"),
        (("all", "os", "", "median", "-5"), f"10: found printed '-5', expected a number of 0 or more, for median {TIME}"),
        (("all", "os", "", "max", "<0"), f"10: found printed '<0', expected a number of 0 or more, for max {TIME}"),
        (("all", "os", "", "median.conf.low", "-5"), f"10: found printed '-5', expected a number of 0 or more, for median.conf.low {TIME}"),
        (("all", "os", "", "rmean.conf.high", "-5"), f"10: found printed '-5', expected a number of 0 or more, for rmean.conf.high {TIME}"),
        ({"variable": "os", "stat_name": "survival", "at": "-12 months", "printed": "1"}, "7: found at '-12 months', expected a time of 0 or more, as '24 months', for a time"),
        ({"variable": "os", "stat_name": "median", "at": "2 weeks|-0.5 weeks", "printed": "1"}, "7: found at '-0.5 weeks', expected a time of 0 or more, as '24 months', for a time"),
        ({"variable": "os", "stat_name": "survival", "printed": "120", "unit": "%"}, "10: found printed '120', expected a number from 0 to 100, for survival"),
        ({"variable": "os", "stat_name": "survival", "printed": "-20", "unit": "%"}, "10: found printed '-20', expected a number from 0 to 100, for survival"),
        ({"variable": "os", "stat_name": "survival.conf.low", "printed": "101", "unit": "%"}, "10: found printed '101', expected a number of at most 100, for survival.conf.low"),
        (("all", "adverse", "pain", "pct", "-3"), "10: found printed '-3', expected a number of 0 or more, for pct"),
        (("all", "response", "CR", "pct.conf.high", "-1"), "10: found printed '-1', expected a number of 0 or more, for pct.conf.high"),
        ({"analysis": "age_by_group", "stat_name": "hazard_ratio", "printed": "-0.5"}, "10: found printed '-0.5', expected a number of 0 or more, for hazard_ratio"),
        ({"analysis": "age_by_group", "stat_name": "odds_ratio.conf.low", "printed": "-1"}, "10: found printed '-1', expected a number of 0 or more, for odds_ratio.conf.low"),
        ({"analysis": "age_by_group", "stat_name": "risk_ratio.conf.high", "printed": "<0"}, "10: found printed '<0', expected a number of 0 or more, for risk_ratio.conf.high"),
        ({"analysis": "age_by_group", "stat_name": "correlation", "printed": "-1.50"}, "10: found printed '-1.50', expected a number from -1 to 1, for correlation"),
        ({"analysis": "age_by_group", "stat_name": "r.squared", "printed": "-0.50"}, "10: found printed '-0.50', expected a number from 0 to 100, for r.squared"),
        ({"analysis": "age_by_group", "stat_name": "adj.r.squared", "printed": "101"}, "10: found printed '101', expected a number of at most 100, for adj.r.squared"),
        ({"analysis": "age_by_group", "stat_name": "p.value", "printed": "<0"}, "10: found printed '<0', expected a number from 0 to 1, for p.value"),
        ({"analysis": "age_by_group", "stat_name": "p.value", "printed": ">1"}, "10: found printed '>1', expected a number from 0 to 1, for p.value"),
    ],
)  # fmt: skip
def test_a_value_may_not_be(tmp_path: Path, claim: ShortClaim, expected: str) -> None:
    assert found(tmp_path, claim) == [f"2:{expected}"]


def test_a_time_that_follows_from_others_may_be_negative(tmp_path: Path) -> None:
    derived = {"per": "patient", "difference": ["after", "before"]}
    folder = write_study(
        tmp_path / "key2020",
        variables={
            "before": {"type": "time", "unit": "days"},
            "after": {"type": "time", "unit": "days"},
            "gain": {"type": "time", "unit": "days", "derived": derived},
        },
        claims=[("all", "gain", "", "median", "-5")],
    )
    assert problems_of(folder) == []


def test_what_is_printed_is_read_with_the_marks_of_its_location(tmp_path: Path) -> None:
    claim = {"variable": "age", "stat_name": "mean", "printed": "0.57", "location": "table1"}
    (problem,) = found(tmp_path, claim)
    assert problem.startswith("2:10: found printed '0.57', expected ")
    assert "with decimal mark ','" in problem


def test_a_fault_brings_no_second_message_about_what_depends_on_it(tmp_path: Path) -> None:
    claims = [("all", "strat", "x", "start", "2022-05"), ("all", "start", "", "strat", "2022-05")]
    assert [line[:4] for line in found(tmp_path, *claims)] == ["2:4:", "3:6:"]


def test_ids_that_may_not_be_are_not_called_duplicates_too(tmp_path: Path) -> None:
    claim = {"claim": "a b", "stat_name": "N", "printed": "1"}
    assert [line[:4] for line in found(tmp_path, claim, claim)] == ["2:1:", "3:1:"]


def test_every_unknown_reading_has_its_own_message(tmp_path: Path) -> None:
    assert len(found(tmp_path, ("x|all|y", "", "", "N", "1"))) == 2


def test_generated_ids_that_agree_name_both_lines(tmp_path: Path) -> None:
    claims = [
        ("all", "age", "", "mean", "1"),
        ("all", "", "", "N", "2"),
        ("all", "age", "", "mean", "3"),
    ]
    assert found(tmp_path, *claims) == [
        "4:1: found the same keys as on line 2 (both rows would be claim 'results.all.age.mean'), "
        "expected an id in the cell, to tell them apart"
    ]


def test_an_id_in_the_cell_breaks_the_tie(tmp_path: Path) -> None:
    claim = {"variable": "age", "stat_name": "mean", "printed": "1"}
    assert found(tmp_path, claim, claim | {"claim": "results.age.again"}) == []


def test_given_ids_that_agree_name_both_lines(tmp_path: Path) -> None:
    claim = {"claim": "x", "stat_name": "N", "printed": "1", "note": "two\nlines"}
    assert found(tmp_path, claim, claim | {"population": "group1"}) == [
        "4:1: found the claim 'x' again (first on line 2), expected an id of its own"
    ]


def test_a_given_id_may_not_be_that_generated_for_another_row(tmp_path: Path) -> None:
    claims = [
        {"stat_name": "N", "printed": "1"},
        {"claim": "results.all.N", "stat_name": "alpha", "printed": "1"},
    ]
    assert [line[:4] for line in found(tmp_path, *claims)] == ["3:1:"]


def test_all_faults_of_a_row_are_said_at_once(tmp_path: Path) -> None:
    claim = {
        "claim": "a b", "location": "x", "population": "x", "variable": "x", "stat_name": "x", "at": "x",
        "denominator": "x", "analysis": "x", "printed": " 1", "unit": "x ", "cites": "x y", "note": " x",
    }  # fmt: skip
    places = [line.split(":")[1] for line in found(tmp_path, claim)]
    assert places == ["1", "2", "3", "4", "6", "7", "8", "9", "10", "11", "12", "13"]


def test_the_column_is_that_of_the_file(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    header, row, *_ = claims_text([("grp", "", "", "N", "1")]).split("\n")
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (header, row))
    (folder / "claims.csv").write_text(turned)
    assert problems_of(folder) == ["claims.csv:2:11: found population 'grp', expected one of all"]


def test_what_a_faulty_entry_says_is_not_held_against_claims(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path / "key2020",
        locations={"results": {"title": "Results", "decimal": ";"}},
        variables={"response": {"type": "categoric", "levels": ["CR"]}},
        claims=[("all", "response", "XX", "n", "0,5"), ("all", "response", "", "value", "CR")],
    )
    assert [line.split(":")[0] for line in problems_of(folder)] == ["paper.yaml", "paper.yaml"]
