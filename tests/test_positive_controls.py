"""Public data sets, printed by R in several styles: nothing true may be condemned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from positive_controls import Control, controls, parts
from study_builder import make_study

from netcore.checks import Verdict
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.ledger import Ledger, build_ledger

ALL = controls()
# Each data set is printed in two styles: one paper tells all, and the other one little.
PAPERS = [
    pytest.param(control, number % 2 == 0, id=str(control)) for number, control in enumerate(ALL)
]


def ledger_of(folder: Path, control: Control, tells_all: bool) -> Ledger:
    return build_ledger([make_study(folder / "paper1", **parts(control, tells_all=tells_all))])


@pytest.mark.parametrize(("control", "tells_all"), PAPERS)
def test_no_value_of_a_public_data_set_is_in_conflict(
    tmp_path: Path, control: Control, tells_all: bool
) -> None:
    ledger = ledger_of(tmp_path, control, tells_all)
    assert [found.statement for found in ledger.findings if found.kind == "conflict"] == []
    assert ledger.counts()[Verdict.INCONSISTENT] == 0


def control_of(dataset: str) -> Control:
    return next(control for control in ALL if control.dataset == dataset)


def replaced(control: Control, printed: str, **keys: str) -> Control:
    """Return a control with another value in the one row that has the keys."""
    rows = [
        row | {"printed": printed} if keys.items() <= row.items() else row for row in control.rows
    ]
    assert sum(one != other for one, other in zip(rows, control.rows, strict=True)) == 1
    return replace(control, rows=tuple(rows))


@pytest.mark.parametrize(
    ("dataset", "printed", "keys"),
    [
        ("warpbreaks", "19", {"group": "L", "statistic": "N"}),
        ("veteran", "48", {"group": "1", "level": "squamous", "statistic": "pct"}),
        ("Melanoma", "47", {"group": "all", "level": "1", "variable": "ulcer", "statistic": "pct"}),
        ("chickwts", "999", {"group": "casein", "statistic": "median"}),
        ("Melanoma", "0.33", {"variable": "ulcer", "test": "fisher_exact"}),
    ],
)
def test_a_misprint_in_a_public_data_set_is_seen(
    tmp_path: Path, dataset: str, printed: str, keys: dict[str, str]
) -> None:
    control = replaced(control_of(dataset), printed, **keys)
    ledger = ledger_of(tmp_path, control, tells_all=True)
    # What the stand-alone checker cannot replay is conditional on its proof.
    assert any(
        found.kind == "conflict" or NOT_REPLAYED in found.assumptions for found in ledger.findings
    )


def test_the_data_sets_are_of_every_kind() -> None:
    rows = [row for control in ALL for row in control.rows]
    assert len({control.dataset for control in ALL}) >= 15
    assert len(ALL) == 2 * len({control.dataset for control in ALL})
    assert len({control.style for control in ALL}) == 4
    assert {row["complete"] for row in rows} == {"", "yes", "no"}
    assert {row["step"] for row in rows} == {"", "1", "0.1", "0.01", "0.001"}
    assert len({row["test"] for row in rows} - {""}) >= 6
    assert any(row["printed"].startswith("<") for row in rows)
    assert any("-" in row["printed"] for row in rows)
