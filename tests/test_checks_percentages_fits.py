"""Percentages beside counts: rounding, and values in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import conflicts, ledger_of, size
from percentage_rows import WHOLE, cell, number_of, percentage, verdict_of

from netcore.checks import Conventions, Verdict


@pytest.mark.parametrize(
    ("number", "printed"), [("5", "33"), ("5", "33.3"), ("5", "33.33"), ("0", "0"), ("15", "100")]
)
def test_a_percentage_of_its_group_is_reproduced(tmp_path: Path, number: str, printed: str) -> None:
    entry = percentage(ledger_of(tmp_path, [*WHOLE, *cell("group1", "CR", number, printed)]))
    assert entry.verdict is Verdict.REPRODUCED
    assert number_of(entry) == printed


def test_a_tie_may_be_rounded_either_way(tmp_path: Path) -> None:
    for printed in ("12", "13"):
        rows = [size("all", "8"), *cell("all", "CR", "1", printed)]
        assert percentage(ledger_of(tmp_path / printed, rows)).verdict is Verdict.REPRODUCED


@pytest.mark.parametrize(
    ("rounding", "number", "fits"),
    [
        ("truncate", "73", True),
        ("truncate", "74", False),
        ("nearest", "73", False),
        ("nearest", "74", True),
        ("ceiling", "74", True),
        ("any", "73", True),
        ("any", "74", True),
    ],
)
def test_the_chosen_rounding_decides(
    tmp_path: Path, rounding: str, number: str, fits: bool
) -> None:
    rows = [size("all", "34"), *cell("all", "CR", "25", number), *cell("all", "PD", "9", "26")]
    ledger = ledger_of(tmp_path, rows, Conventions(rounding))
    held = percentage(ledger, "CR.pct").verdict is Verdict.REPRODUCED
    assert held is fits


def test_a_count_that_no_denominator_makes_this_percentage_conflicts(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [*WHOLE, *cell("all", "CR", "25", "75.9")])
    (finding,) = conflicts(ledger)
    assert {"results.all.response.CR.pct", "results.all.response.CR.n"} <= set(finding.claims)
    assert number_of(percentage(ledger)) == "73.5"
    assert "75.9 %" in finding.statement
    assert finding.certificate is not None


def test_more_than_everybody_conflicts(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, *cell("all", "CR", "5", "150")) is Verdict.INCONSISTENT


def test_a_table_to_the_nearest_5_is_conditional(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "75"),
        *cell("all", "PR", "7", "20"),
        *cell("all", "PD", "2", "5"),
    ]
    ledger = ledger_of(tmp_path, [size("all", "34"), *rows])
    entry = percentage(ledger, "CR.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert "nearest 5" in entry.assumptions[0]
    assert number_of(entry) == "75"


def test_a_table_to_the_nearest_10_is_conditional(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "70"),
        *cell("all", "PR", "7", "20"),
        *cell("all", "PD", "2", "10"),
    ]
    entry = percentage(ledger_of(tmp_path, [size("all", "34"), *rows]), "PD.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert "nearest 10" in entry.assumptions[0]


def test_one_other_percentage_in_the_place_refutes_coarse_rounding(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "75"),
        *cell("all", "PR", "7", "21"),
        *cell("all", "PD", "2", "5"),
    ]
    ledger = ledger_of(tmp_path / "same", [size("all", "34"), *rows])
    assert percentage(ledger, "CR.pct").verdict is Verdict.INCONSISTENT
    elsewhere = [
        *rows[:2],
        *rows[4:],
        *cell("all", "early", "7", "21", "stage", location="abstract"),
    ]
    ledger = ledger_of(tmp_path / "elsewhere", [size("all", "34"), *elsewhere])
    assert percentage(ledger, "CR.pct").verdict is Verdict.CONDITIONAL


@pytest.mark.parametrize("printed", ["~30", "20-25", "<25", ">20"])
def test_a_vague_percentage_holds_but_is_not_recomputed(tmp_path: Path, printed: str) -> None:
    rows = cell("all", "CR", "8", printed)  # 23.5 %
    assert verdict_of(tmp_path, *rows) is Verdict.POSSIBLE


@pytest.mark.parametrize("printed", ["25-30", "<5", ">60"])
def test_a_vague_percentage_can_be_refuted(tmp_path: Path, printed: str) -> None:
    rows = cell("all", "CR", "8", printed, denominator="all")
    rows[0].pop("denominator")
    assert verdict_of(tmp_path, *rows) is Verdict.INCONSISTENT


def test_all_and_none_are_percentages(tmp_path: Path) -> None:
    for printed, number in (("all", "34"), ("none", "0")):
        ledger = ledger_of(tmp_path / printed, [*WHOLE, *cell("all", "CR", number, printed)])
        assert not conflicts(ledger)
        assert percentage(ledger).verdict is Verdict.POSSIBLE
    rows = [*cell("all", "CR", "30", "all"), *cell("all", "PD", "4", "12")]
    assert conflicts(ledger_of(tmp_path / "wrong", [*WHOLE, *rows]))


def test_a_vague_count_leaves_the_number_open(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, *cell("all", "CR", "<5", "29")) is not Verdict.INCONSISTENT
