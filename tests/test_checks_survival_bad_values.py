"""Rates of groups of nobody, and times below 0: never patients, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions
from netcore.checks.count_analysis import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.single_arm import check_survival
from netcore.checks.survival.times import PrintedArm, printed_arms
from netcore.study import Study

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"arm": "a"}},
    "b": {"of": "all", "where": {"arm": "b"}},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "os": {"type": "time", "unit": "months", "to": "death"},
    "shift": {"type": "time", "unit": "months", "to": "death", "min": "-12"},
}


def row(stat_name: str, printed: str, at: str = "", **keys: str) -> dict[str, str]:
    return {"variable": "os", "stat_name": stat_name, "printed": printed, "at": at} | keys


def size(printed: str, **keys: str) -> dict[str, str]:
    return {"stat_name": "N", "printed": printed} | keys


CURVE = (
    row("survival", "50", "12 months", unit="%"),
    row("median", "10", unit="months"),
    row("n.risk", "0", "12 months"),
)


def study_of(folder: Path, *claims: dict[str, str]) -> Study:
    return make_study(
        folder / "paper1", populations=POPULATIONS, variables=VARIABLES, claims=claims
    )


def arms(study: Study) -> tuple[PrintedArm, ...]:
    return printed_arms(study, Conventions(), Sizes(study, analyse_counts(study)))


@pytest.mark.parametrize(
    "sizes",
    [
        [size("0")],
        [size("none")],
        [size("20"), size("0", variable="os")],  # nobody analysed
    ],
)
def test_a_group_of_nobody_has_no_curve(tmp_path: Path, sizes: list[dict[str, str]]) -> None:
    study = study_of(tmp_path, *sizes, *CURVE)
    assert arms(study) == ()
    assert check_survival(study, Conventions()) == ()


def test_a_group_left_without_anybody_has_no_curve(tmp_path: Path) -> None:
    rows = (one | {"population": "a"} for one in CURVE)
    study = study_of(tmp_path, size("20"), size("20", population="b"), *rows)
    assert arms(study) == ()


def test_a_group_that_may_be_of_nobody_has_no_curve(tmp_path: Path) -> None:
    rows = (one | {"population": "a|b"} for one in CURVE)
    sizes = size("20", population="a"), size("0", population="b")
    assert arms(study_of(tmp_path, *sizes, *rows)) == ()


def test_of_several_printed_sizes_those_above_0_are_meant(tmp_path: Path) -> None:
    sizes = size("20", variable="os"), size("0", variable="os", claim="again")
    (arm,) = arms(study_of(tmp_path, *sizes, *CURVE))
    assert [one.sizes for one in arm.readings] == [(20,)]


def test_a_size_that_is_not_printed_is_no_size_0(tmp_path: Path) -> None:
    (arm,) = arms(study_of(tmp_path, *CURVE))
    assert [one.sizes for one in arm.readings] == [()]


def test_a_time_below_0_is_no_time_to_an_event(tmp_path: Path) -> None:
    rows = [one | {"variable": "shift"} for one in CURVE if one["stat_name"] != "median"]
    below = row("median", "-5", unit="months") | {"variable": "shift"}
    study = study_of(tmp_path, size("20"), *rows, below)
    (arm,) = arms(study)
    assert {value.name for one in arm.readings for value in one.values} == {"survival", "n.risk"}
    check_survival(study, Conventions())
