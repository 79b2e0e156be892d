"""One denominator behind the percentages of a place: a note, and never a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study
from true_studies import draw_true_study

from netcore.checks import Conventions, Finding
from netcore.checks.common_denominators import CHECK, check_common_denominators

LEVELS = [f"l{number}" for number in range(8)]
VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["a", "b"]},
    "state": {"type": "categorical", "levels": LEVELS},
    "age": {"type": "continuous", "unit": "years", "granularity": {"step": "1", "stated": False}},
}
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"group": "a"}},
    "procedures": {"units": "procedures", "per": "all"},
}


def check(folder: Path, *rows: dict[str, str]) -> list[Finding]:
    study = make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations={"results": {"title": "Results"}, "r": {"seen": "secondary", "title": "R"}},
        claims=list(rows),
    )
    return [f for f in check_common_denominators(study, Conventions()) if f.check == CHECK]


def size(number: int, population: str = "all") -> dict[str, str]:
    return {"population": population, "stat_name": "N", "printed": str(number)}


def shares(*printed: str, **keys: str) -> list[dict[str, str]]:
    return [
        {
            "variable": "state",
            "variable_level": level,
            "stat_name": "pct",
            "printed": number,
            **keys,
        }
        for level, number in zip(LEVELS, printed, strict=False)
    ]


def count(level: int, number: int) -> dict[str, str]:
    return {
        "variable": "state",
        "variable_level": LEVELS[level],
        "stat_name": "n",
        "printed": str(number),
    }


def test_one_denominator_would_explain_a_list(tmp_path: Path) -> None:
    # Of 34 no whole number is 10, 40 or 45 %; all five are whole numbers of 20 only.
    (finding,) = check(tmp_path, size(34), *shares("10", "35", "45", "40", "30"))
    assert finding.kind == "note"
    assert not finding.bearings
    assert len(finding.claims) == 5
    assert (
        "a denominator of 20 would also give all 5 percentages (denominators tried: 34; that fit: 1)"
        in finding.statement
    )
    assert "20 gives 21 of the 101 whole percentages" in finding.statement
    assert "any list of these would fit it" in finding.statement
    assert [repair.change for repair in finding.repairs] == [
        "one denominator of 20 for all 5 percentages of Results"
    ]


def test_chance_is_told_where_the_list_is_not_one_of_fives(tmp_path: Path) -> None:
    # 3, 5, 6 and 11 of 13
    (finding,) = check(tmp_path, size(34), *shares("23", "38", "46", "85"))
    assert "a denominator of 13" in finding.statement
    assert "13 gives 14 of the 101 whole percentages." in finding.statement
    assert "multiples" not in finding.statement


def test_counts_beside_the_percentages_are_held_against_it(tmp_path: Path) -> None:
    rows = [size(34), *shares("10", "35", "45", "40", "30")]
    (finding,) = check(tmp_path, *rows, count(0, 2), count(1, 12))
    assert "Of 2 counts printed beside them, 1 fits a denominator of 20." in finding.statement


def test_a_mean_that_fits_the_denominator_is_named(tmp_path: Path) -> None:
    mean = {"variable": "age", "stat_name": "mean", "printed": "58.55"}
    (finding,) = check(tmp_path, size(34), *shares("10", "35", "45", "40", "30"), mean)
    assert "20 would also give the mean 58.55 of age, in whole years." in finding.statement


def test_counts_that_do_not_fit_the_group_are_another_question(tmp_path: Path) -> None:
    rows = [size(20), *shares("10", "35", "45", "40", "30")]
    assert not check(tmp_path, *rows, count(0, 5), count(1, 12))


@pytest.mark.parametrize(
    "rows",
    [
        [size(20), *shares("10", "35", "45", "40", "30")],  # the group itself explains them
        [size(34), *shares("10", "35")],  # too few
        [size(34), *shares("10", "10", "10", "0", "100")],  # few values, often printed
        [*shares("10", "35", "45", "40", "30")],  # of nobody knows how many
        [size(34), *shares("10", "35", "45", "41", "33")],  # no number explains them
        [size(150), *shares("10.13", "35.2", "45", "40", "30"), size(3, "a")],
        [size(34), *shares("10", "35", "45", "40", "30", location="r")],
        [size(34), *shares("10", "35", "45", "40", "30", cites="smith2019")],
        [size(34), *shares("~10", "~35", "~45", "~40", "~30")],
        [size(34), *shares("10", "35", "45", "40", "30", population="procedures")],
    ],
)
def test_where_nothing_is_said(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    assert not check(tmp_path, *rows)


def test_a_larger_group_may_be_the_denominator(tmp_path: Path) -> None:
    # Of 20 patients, whose part has 7: the percentages are of all of them.
    rows = shares("10", "15", "5", population="a")
    assert not check(tmp_path / "all", size(20), size(7, "a"), *rows)
    stated = shares("10", "15", "5", population="a", denominator="a")
    (finding,) = check(tmp_path / "stated", size(20), size(7, "a"), *stated)
    assert "20" in finding.repairs[-1].change


def test_denominators_that_explain_anything_are_not_tried(tmp_path: Path) -> None:
    # Not of the 9 of group a; of 80 and 96 come all whole percentages but for ties,
    # of 100 to 120 come all however they are rounded.
    rows = shares(*("5", "6", "25", "37", "50", "54", "89", "97"), population="a", denominator="a")
    (finding,) = check(tmp_path, size(120), size(9, "a"), *rows)
    assert "denominators tried: 99; that fit: 2" in finding.statement
    assert "80 gives 101 of the 101 whole percentages" in finding.statement


def test_true_studies_get_notes_only(tmp_path: Path) -> None:
    for seed in range(60):
        study = make_study(tmp_path / str(seed) / "paper1", **draw_true_study(seed).parts)
        for finding in check_common_denominators(study, Conventions()):
            assert finding.kind == "note"
            assert not finding.bearings
