"""What is said of a percentage, and what would mend a conflict."""

from __future__ import annotations

from pathlib import Path

from checked_studies import VARIABLES, conflicts, ledger_of, share, size, verdict
from percentage_rows import WHOLE, cell, percentage

from netcore.checks import Verdict


def test_a_percentage_that_cannot_miss_is_unconstrained(tmp_path: Path) -> None:
    rows = [size("all", "142"), share("all", "response", "CR", "37")]
    assert percentage(ledger_of(tmp_path / "whole", rows)).verdict is Verdict.UNCONSTRAINED
    rows = [size("all", "142"), share("all", "response", "CR", "37.3")]
    assert percentage(ledger_of(tmp_path / "tenths", rows)).verdict is Verdict.POSSIBLE


def test_a_wrong_size_is_bound_if_no_other_count_gives_it(tmp_path: Path) -> None:
    # 5 is 31 % of 16; the counts of group 1 add up to 15, and one patient more would be in it
    variables = VARIABLES | {"group": {"type": "categorical", "levels": ["1", "2"]}}
    rows = [size("all", "34"), size("group1", "15")]
    rows += [*cell("group1", "CR", "5", "31.2"), *cell("group1", "PD", "10", "66.7")]
    rows += [*cell("all", "CR", "20", "58.8"), *cell("all", "PD", "13", "38.2")]
    ledger = ledger_of(tmp_path, rows, variables=variables)
    (finding,) = conflicts(ledger)
    assert "results.group1.N" in finding.claims
    assert any(
        repair.claims == ("results.group1.N",) and repair.change.startswith("16")
        for repair in finding.repairs
    )


def test_a_conflict_in_one_row_leaves_the_others_alone(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "33"), *cell("group2", "CR", "5", "99")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert len(conflicts(ledger)) == 1
    assert verdict(ledger, "results.group1.response.CR.pct") is Verdict.REPRODUCED
    assert verdict(ledger, "results.group1.response.CR.n") is not Verdict.INCONSISTENT
    assert verdict(ledger, "results.group2.response.CR.n") is Verdict.INCONSISTENT


def test_a_conflict_offers_the_repairs_that_would_mend_it(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "14", "45"),
        *cell("all", "PR", "12", "35"),
        *cell("all", "PD", "8", "24"),
    ]
    (finding,) = conflicts(ledger_of(tmp_path, [size("all", "34"), *rows]))
    changes = [repair.change for repair in finding.repairs]
    assert any(change.startswith("41 %") for change in changes)
    assert any("31" in change for change in changes)
    # each repair that names a value, planted, does away with the conflict
    mended = [*cell("all", "CR", "14", "41"), *rows[2:]]
    assert not conflicts(ledger_of(tmp_path / "mended", [size("all", "34"), *mended]))


def test_one_denominator_for_a_row_of_percentages_is_only_a_note(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "33"), *cell("group2", "CR", "5", "15")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    (note,) = [finding for finding in ledger.findings if finding.check == "percentages-together"]
    assert note.kind == "note"
    assert not note.bearings
