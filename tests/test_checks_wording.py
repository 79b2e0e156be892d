from __future__ import annotations

from pathlib import Path

from checked_studies import ANALYSES, POPULATIONS, VARIABLES, count, share, size, study_of

from netcore.checks.estimands import cell_of, readings
from netcore.checks.wording import (
    cell_title,
    claim_title,
    level_title,
    listed,
    place,
    population_title,
    quantity_title,
    quoted,
    variable_title,
)
from netcore.study import Study

TITLED = {
    "populations": POPULATIONS
    | {
        "group1": {
            "of": "all",
            "where": {"group": "1"},
            "title": "Group 1: metastases at diagnosis",
        },
        "late1": {"of": "group1", "where": {"stage": "late"}},
    },
    "variables": VARIABLES
    | {
        "response": {
            "type": "categorical",
            "title": "Tumour response",
            "levels": ["CR", "PR"],
            "level_titles": {"CR": "complete response"},
        },
        "ttp": {"type": "time", "title": "TTP", "unit": "days"},
    },
}


def study_with(folder: Path, *rows: dict[str, str]) -> Study:
    return study_of(folder, rows, **TITLED, analyses=ANALYSES)


def test_parts_are_listed_as_prose_does() -> None:
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_titles_replace_names_and_lose_what_follows_a_colon(tmp_path: Path) -> None:
    study = study_with(tmp_path, size("all", "34"))
    assert population_title(study, "group1") == "group 1"
    assert population_title(study, "late1") == "late1"
    assert variable_title(study, "response") == "tumour response"
    assert variable_title(study, "ttp") == "TTP"
    assert level_title(study, "response", "CR") == "complete response"
    assert level_title(study, "response", "PR") == "PR"


def test_a_number_is_quoted_with_its_unit_and_a_word_is_not(tmp_path: Path) -> None:
    rows = [
        share("all", "response", "CR", "35", unit="%"),
        share("all", "response", "PR", "none", unit="%"),
        size("all", "34"),
    ]
    study = study_with(tmp_path, *rows)
    assert [quoted(study, claim) for claim in study.claims] == ["35 %", "none", "34"]


def test_places_are_named_once_by_their_titles(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        size("group1", "15"),
        size("all", "34", location="table"),
    ]
    study = study_with(tmp_path, *rows)
    assert place(study, study.claims) == "Results and Table 1"


def test_a_cell_is_named_by_its_population_and_what_that_leaves(tmp_path: Path) -> None:
    rows = [
        count("group1", "response", "CR", "4", at="8 weeks"),
        count("all", "group", "1", "15"),
        count("late1", "response", "PR", "1"),
        count("all", "event", "", "3"),
    ]
    study = study_with(tmp_path, *rows)
    titles = []
    for claim in study.claims:
        cell = cell_of(study, readings(claim)[0])
        assert cell is not None
        titles.append(cell_title(study, cell))
    assert titles[0].startswith("group 1, tumour response")
    assert "complete response" in titles[0]
    assert titles[0].endswith("8 weeks")
    assert titles[1] == "group 1"
    assert titles[2].startswith("late1, ")
    assert titles[3].startswith("all, event")


def test_a_title_names_every_reading(tmp_path: Path) -> None:
    rows = [
        {
            "population": "all|group1",
            "stat_name": "p.value",
            "analysis": "age_by_group",
            "printed": "0.5",
        },
        {"population": "group1", "variable": "ttp", "stat_name": "mean|rmean", "printed": "300"},
    ]
    study = study_with(tmp_path, *rows)
    first, second = (claim_title(study, claim) for claim in study.claims)
    assert "all or group 1" in first
    assert "age by group" in first
    assert second.endswith("mean or restricted mean")


def test_a_row_without_any_key_goes_by_its_id(tmp_path: Path) -> None:
    study = study_with(
        tmp_path, {"population": "", "stat_name": "N", "printed": "4", "cites": "smith2019"}
    )
    assert quantity_title(study, study.claims[0]) == study.claims[0].claim
