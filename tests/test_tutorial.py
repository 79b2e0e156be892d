"""The tutorial says what the commands print, and its paper is the one that it shows."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from netcore.checks import Conventions, Verdict
from netcore.cli import DONE, REFUSED, main
from netcore.ledger import build_ledger
from netcore.study import load_study

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "reference" / "example2024"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the two files to where a reader has them."""
    folder = tmp_path / "example2024"
    folder.mkdir()
    for name in ("paper.yaml", "claims.csv"):
        shutil.copy(EXAMPLE / name, folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_command_prints_what_the_tutorial_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", folder.name]) == DONE
    assert capsys.readouterr().out == (EXAMPLE / "verify.txt").read_text(encoding="utf-8")


def test_repairs_add_the_lines_that_the_tutorial_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", folder.name, "--repairs"]) == DONE
    printed = capsys.readouterr().out.splitlines(keepends=True)
    without = (EXAMPLE / "verify.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    added = [line for line in printed if line not in without]
    assert "".join(added) == (EXAMPLE / "repairs.txt").read_text(encoding="utf-8")


def test_what_cannot_be_used_is_reported_as_the_tutorial_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "claims.csv"
    text = path.read_text(encoding="utf-8").replace(",42.5,", ",42;5,")
    path.write_text(text.replace("oil.orr.pct,results", "oil.orr.pct,result"), encoding="utf-8")
    assert main(["verify", folder.name]) == REFUSED
    assert capsys.readouterr().err == (EXAMPLE / "refused.txt").read_text(encoding="utf-8")


def test_the_verdicts_are_those_that_the_tutorial_explains(folder: Path) -> None:
    ledger = build_ledger([load_study(folder)], Conventions())
    verdicts = {entry.claim.claim: entry.verdict for entry in ledger.entries}
    assert Counter(verdicts.values()) == {
        Verdict.REPRODUCED: 8,
        Verdict.POSSIBLE: 3,
        Verdict.INCONSISTENT: 3,
        Verdict.CONDITIONAL: 2,
        Verdict.OPEN: 2,
        Verdict.UNCONSTRAINED: 1,
    }
    named = {
        Verdict.INCONSISTENT: {"beads.age.min", "beads.age.max", "beads.age.sd"},
        Verdict.CONDITIONAL: {"beads.orr.pct", "orr.p"},
        Verdict.OPEN: {"beads.age.median", "beads.age.mean"},
        Verdict.UNCONSTRAINED: {"follow_up.median"},
    }
    for verdict, claims in named.items():
        assert {claim for claim, found in verdicts.items() if found is verdict} == claims


def test_every_printed_value_stands_in_the_paper_that_the_tutorial_quotes() -> None:
    page = (ROOT / "reference" / "your-own-paper.md").read_text(encoding="utf-8")
    quoted = " ".join(line[1:] for line in page.splitlines() if line.startswith(">"))
    with (EXAMPLE / "claims.csv").open(encoding="utf-8", newline="") as file:
        printed = [row["printed"] for row in csv.DictReader(file)]
    assert len(printed) == 19
    assert [value for value in printed if value not in quoted] == []
