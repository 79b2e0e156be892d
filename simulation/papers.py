"""A paper in the making: what it prints, and the two text files that say so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.patients import Cohort

__all__ = ["COLUMNS", "KEY", "Paper", "Row"]

KEY = "made2020"

COLUMNS = (
    "claim",
    "location",
    "population",
    "variable",
    "variable_level",
    "stat_name",
    "at",
    "denominator",
    "analysis",
    "printed",
    "unit",
    "cites",
    "note",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One printed value.

    Parameters
    ----------
    cells : dict of str to str
        Columns that are not empty.
    value : float or None
        What the digits stand for, where they stand for one number.
    decimals : int
        With how many decimals it was printed.
    """

    cells: dict[str, str]
    value: float | None = None
    decimals: int = 0

    @property
    def printed(self) -> str:
        """The digits."""
        return self.cells["printed"]


@dataclass(slots=True)
class Paper:
    """What a paper prints.

    Parameters
    ----------
    rounding : str
        The convention under which it is to be judged.
    cohort : Cohort
        The patients, of whom the two files say nothing more than is printed.
    notes : list of str
        How it was printed, for whoever replays it.
    """

    rounding: str = "nearest"
    cohort: Cohort = field(default_factory=lambda: Cohort(0))
    notes: list[str] = field(default_factory=list)
    info: dict[str, Any] = field(default_factory=dict)
    locations: dict[str, Any] = field(default_factory=dict)
    populations: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    analyses: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def print_row(
        self, printed: str, value: float | None = None, decimals: int = 0, /, **cells: str
    ) -> None:
        """Add a printed value.

        Parameters
        ----------
        printed : str
            The digits, with a point as the decimal mark.
        value : float, optional
            What they stand for.
        decimals : int
            With how many decimals it was printed.
        **cells : str
            The other columns; empty ones are left out.
        """
        filled = {name: cell for name, cell in cells.items() if cell}
        if unknown := set(filled) - set(COLUMNS):
            raise ValueError(f"found columns {sorted(unknown)}, expected some of {COLUMNS}")
        self.rows.append(Row({**filled, "printed": printed}, value, decimals))

    def paper_text(self) -> str:
        """Return ``paper.yaml``, in the part of YAML that is JSON."""
        sections = {
            "format": "1",
            "paper": {"key": KEY, "design": "case_series", "published": "2020", **self.info},
            "locations": self.locations,
            "populations": self.populations,
            "variables": self.variables,
            "analyses": self.analyses,
        }
        return json.dumps(sections, indent=1)

    def claims_text(self) -> str:
        """Return ``claims.csv``, with the decimal mark of each place."""
        return _csv(self._marked(row.cells, number) for number, row in enumerate(self.rows, 1))

    def _marked(self, cells: dict[str, str], number: int) -> dict[str, str]:
        location = self.locations[cells["location"]]
        printed = cells["printed"]
        if cells.get("unit") == "date":
            return {"claim": f"c{number}", **cells}  # a date has no marks of a number
        if location.get("thousands"):
            printed = _grouped(printed, location["thousands"])
        if location.get("decimal") == ",":
            printed = printed.replace(".", ",")
        return {"claim": f"c{number}", **cells, "printed": printed}

    def write(self, folder: Path) -> Path:
        """Write the two files.

        Parameters
        ----------
        folder : Path
            Where the folder of the paper is made.

        Returns
        -------
        Path
            The folder of the paper.
        """
        made = folder / KEY
        made.mkdir(parents=True, exist_ok=True)
        (made / "paper.yaml").write_text(self.paper_text(), encoding="utf-8")
        (made / "claims.csv").write_text(self.claims_text(), encoding="utf-8")
        return made


def _grouped(printed: str, mark: str) -> str:
    whole, point, decimals = printed.partition(".")
    return f"{int(whole):,}".replace(",", mark) + point + decimals if whole.isdigit() else printed


def _csv(rows: Iterable[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
