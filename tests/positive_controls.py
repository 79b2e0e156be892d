"""Public data sets as studies: what R prints of them, in the two files of a paper.

The prints are those of reference/controls.csv.  All of it is true of patients (or plants, or
cars) that exist, so a check that finds a conflict in it is wrong.  Each data set is transcribed
twice: by somebody who wrote down all that can be known of it, and by somebody who wrote down
nothing that a table does not say.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

CONTROLS = Path(__file__).parent / "reference" / "controls.csv"

Row = dict[str, str]


@dataclass(frozen=True)
class Control:
    """What is printed of one data set in one style."""

    dataset: str
    style: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return f"{self.dataset}-{self.style}"


def controls(path: Path = CONTROLS) -> list[Control]:
    lines = path.read_text(encoding="utf-8").splitlines()
    table = csv.DictReader((line for line in lines if not line.startswith("#")), strict=True)
    return [
        Control(*key, tuple(rows))
        for key, rows in groupby(table, lambda row: (row["dataset"], row["style"]))
    ]


def parts(control: Control, *, tells_all: bool) -> dict[str, Any]:
    """Return the parts of a study for ``study_builder.make_study``."""
    groups = _distinct(row["group"] for row in control.rows if row["group"] not in ("", "all"))
    populations: dict[str, Any] = {"all": {"units": "patients"}}
    for number, group in enumerate(groups):
        populations[f"group{number}"] = {"of": "all", "where": {"allocation": group}}
    names = {group: f"group{number}" for number, group in enumerate(groups)} | {"all": "all"}
    return {
        "paper": {"software": ["R"]} if tells_all else {},
        "populations": populations,
        "variables": _variables(control, groups, tells_all),
        "analyses": _analyses(control, tells_all),
        "claims": [_claim(row, names) for row in control.rows],
    }


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _variables(control: Control, groups: list[str], tells_all: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"allocation": {"type": "categorical", "levels": groups}}
    if tells_all:
        found["allocation"]["complete"] = True
    for variable in _distinct(row["variable"] for row in control.rows if row["variable"]):
        rows = [row for row in control.rows if row["variable"] == variable and row["group"]]
        if levels := _distinct(row["level"] for row in rows if row["level"]):
            entry: dict[str, Any] = {"type": "categorical", "levels": levels}
            if tells_all and rows[0]["complete"] == "yes":
                entry["complete"] = True
        else:
            step = rows[0]["step"]
            entry = {"type": "integer" if step == "1" and tells_all else "continuous"}
            if tells_all and step:
                entry["granularity"] = {"step": step, "stated": "true"}
            if tells_all and all(float(row["printed"]) >= 0 for row in rows):
                entry["min"] = "0"
        found[variable] = entry
    return found


def _analyses(control: Control, tells_all: bool) -> dict[str, Any]:
    return {
        f"{row['variable']}.{row['test']}": {
            "test": [row["test"] if tells_all else "unnamed"],
            "variable": row["variable"],
            "by": "allocation",
        }
        for row in control.rows
        if row["test"]
    }


def _claim(row: Row, names: dict[str, str]) -> Row:
    if row["test"]:
        return {
            "population": "all",
            "stat_name": "p.value",
            "analysis": f"{row['variable']}.{row['test']}",
            "printed": row["printed"],
        }
    return {
        "population": names[row["group"]],
        "variable": row["variable"],
        "variable_level": row["level"],
        "stat_name": row["statistic"],
        "printed": row["printed"],
    }
