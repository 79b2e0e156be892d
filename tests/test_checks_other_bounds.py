from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks.other_bounds import other_bounds

PARTS: dict[str, Any] = {
    "populations": {
        "all": {"units": "patients"},
        "one": {"of": "all", "where": {"group": "1"}},
        "two": {"of": "all", "where": {"group": "2"}},
        "foci": {"units": "lesions", "per": "all"},
        "protocol": {"units": "rules"},
    },
    "variables": {
        "group": {"type": "categorical", "levels": ["1", "2"]},
        "age": {"type": "continuous"},
        "weight": {"type": "continuous"},
        "gain": {
            "type": "continuous",
            "derived": {"per": "patient", "difference": ["weight", "age"]},
        },
        "old": {"type": "categorical", "levels": ["yes"], "measured_by": {"yes": "age"}},
        "seen": {"type": "date"},
        "wait": {"type": "time", "from": "seen"},
    },
    "analyses": {"age_by_group": {"test": ["mann_whitney"], "variable": "age", "by": "group"}},
}
MEDIAN = {"claim": "own", "population": "one", "variable": "age", "stat_name": "median"}


def bears(folder: Path, other: dict[str, str], variable: str = "age") -> bool:
    rows = [MEDIAN | {"printed": "50", "variable": variable}]
    rows += [{"claim": "other", "printed": "5", **other}] if other else []
    study = make_study(folder / "paper1", claims=rows, **PARTS)
    return other_bounds(study).bear_on("one", variable, "", {"own"})


@pytest.mark.parametrize(
    "other",
    [
        {"variable": "age", "stat_name": "mean", "population": "one"},
        {"variable": "age", "stat_name": "median", "population": "all"},
        {"analysis": "age_by_group", "stat_name": "p.value", "printed": "0.5"},
        {"variable": "gain", "stat_name": "median"},
        {"variable": "weight", "stat_name": "median"},  # the gain joins them
        {"variable": "old", "variable_level": "yes", "stat_name": "n"},
    ],
)
def test_rows_that_bear(tmp_path: Path, other: dict[str, str]) -> None:
    assert bears(tmp_path, other)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"variable": "age", "stat_name": "median", "population": "two"},
        {"variable": "age", "stat_name": "median", "population": "foci"},
        {"variable": "age", "stat_name": "median", "population": "one", "at": "2 months"},
        {"variable": "age", "stat_name": "median", "cites": "lee2019"},
        {"variable": "age", "stat_name": "threshold.min", "population": "protocol"},
        {"stat_name": "N"},
    ],
)
def test_rows_that_do_not_bear(tmp_path: Path, other: dict[str, str]) -> None:
    assert not bears(tmp_path, other)


def test_a_date_bears_on_a_time_that_it_starts(tmp_path: Path) -> None:
    assert bears(tmp_path, {}, variable="wait")


def test_the_largest_number_is_the_least_of_the_sizes_that_hold_it(tmp_path: Path) -> None:
    def sizes(*rows: tuple[str, str]) -> int | None:
        claims = [{"population": name, "stat_name": "N", "printed": text} for name, text in rows]
        folder = tmp_path / "-".join(text for _, text in rows) / "paper1"
        study = make_study(folder, claims=claims, **PARTS)
        return other_bounds(study).largest_number("one")

    assert sizes(("all", "40")) == 40
    assert sizes(("all", "40"), ("one", "12")) == 12
    assert sizes(("two", "7")) is None
    assert sizes(("all", ">40")) is None
