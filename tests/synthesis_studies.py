"""A small library for the synthesis: trials with counts, with percentages, and quoted ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from study_builder import make_study

from netcore.ledger import Ledger, build_ledger
from netcore.study import Study
from netcore.synthesis import SynthesisRow, read_synthesis
from netcore.synthesis.table_file import SYNTHESIS_COLUMNS

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "group1": {"of": "all", "where": {"group": "1"}},
    "group2": {"of": "all", "where": {"group": "2"}},
    "procedures": {"units": "procedures", "per": "all"},
    "lesions": {"units": "lesions", "per": "all"},
}
VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["1", "2"]},
    "response": {"type": "categorical", "levels": ["CR", "PR", "SD", "PD"]},
}
LOCATIONS = {"results": {"title": "Results"}, "review": {"title": "Review", "seen": "secondary"}}


def claim(name: str, stat: str, printed: str, level: str = "", **keys: str) -> dict[str, str]:
    """Return a row; a level makes it one of the response."""
    about = {"variable": "response", "variable_level": level} if level else {}
    return {"claim": name, "stat_name": stat, "printed": printed, **about, **keys}


def study(folder: Path, key: str, claims: Sequence[Mapping[str, str]], year: str = "") -> Study:
    """Make a study of patients in two groups, with their response."""
    return make_study(
        folder / key,
        paper={"published": year or key[-4:]},
        locations=LOCATIONS,
        populations=POPULATIONS,
        variables=VARIABLES,
        claims=claims,
    )


def line(paper: str, events: str, denominator: str, **cells: str) -> str:
    """Return a line of the table."""
    row = {
        "outcome": "response",
        "label": "",
        "treatment": "bland",
        "criteria": "RECIST 1.1",
        "paper": paper,
        "events": events,
        "denominator": denominator,
        "unit": "patients",
        "note": "",
        **cells,
    }
    return ",".join(f'"{row[column]}"' for column in SYNTHESIS_COLUMNS)


def write_table(folder: Path, *lines: str) -> Path:
    """Write the table with its header."""
    path = folder / "synthesis.csv"
    path.write_text("\n".join([",".join(SYNTHESIS_COLUMNS), *lines]) + "\n", encoding="utf-8")
    return path


def rows_of(folder: Path, ledger: Ledger, *lines: str) -> tuple[SynthesisRow, ...]:
    """Write the table and read it against the documents of a ledger."""
    return read_synthesis(write_table(folder, *lines), ledger.studies)


def counted(folder: Path, key: str, events: int, size: int, **keys: str) -> Study:
    """Make a study that prints a count of partial responses and its size."""
    return study(
        folder,
        key,
        [
            claim("N", "N", str(size), **keys),
            claim("pr", "n", str(events), "PR", **keys),
        ],
    )


def ledger_of(*studies: Study) -> Ledger:
    """Run every check on some studies."""
    return build_ledger(studies)
