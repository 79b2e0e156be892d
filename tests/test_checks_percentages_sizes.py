"""Percentages of groups whose size is printed, derived, or neither."""

from __future__ import annotations

from pathlib import Path

from checked_studies import VARIABLES, conflicts, count, ledger_of, settled, share, size, verdict
from percentage_rows import WHOLE, cell, percentage, verdict_of

from netcore.checks import Verdict


def test_a_group_of_unprinted_size_may_have_any_that_the_counts_allow(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        *cell("group1", "CR", "5", "33"),
        count("group2", "response", "CR", "7"),
    ]
    ledger = ledger_of(tmp_path, rows)
    entry = percentage(ledger)
    # group 1 may be 15, but nothing says so: it holds, and is not recomputed
    assert entry.verdict is Verdict.POSSIBLE


def test_nothing_convicts_where_no_size_is_printed(tmp_path: Path) -> None:
    for printed in ("33", "1", "0.1"):  # 5 of 15, of 500, of 5000
        rows = [*cell("group1", "CR", "5", printed), count("group2", "response", "CR", "7")]
        ledger = ledger_of(tmp_path / printed, rows)
        assert percentage(ledger).verdict is Verdict.POSSIBLE


def test_a_cohort_of_unprinted_size_may_be_the_denominator(tmp_path: Path) -> None:
    variables = VARIABLES | {"group": {"type": "categorical", "levels": ["1", "2"]}}
    rows = [size("group1", "15"), *cell("group1", "CR", "5", "15")]
    ledger = ledger_of(tmp_path, rows, variables=variables)
    assert percentage(ledger).verdict is Verdict.CONDITIONAL


def test_a_percentage_alone_is_unconstrained(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [share("group1", "response", "CR", "33")])
    assert percentage(ledger).verdict is Verdict.UNCONSTRAINED


def test_of_nobody_a_percentage_says_nothing(tmp_path: Path) -> None:
    rows = [size("all", "0"), *cell("all", "CR", "0", "0")]
    assert not conflicts(ledger_of(tmp_path, rows))


def test_a_size_that_other_counts_give_stands(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "31.2"), *cell("group1", "PD", "10", "66.7")]
    rows += [*cell("all", "CR", "20", "58.8"), *cell("all", "PD", "14", "41.2")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert len(conflicts(ledger)) == 1
    for name in ("all", "group1", "group2"):
        assert verdict(ledger, f"results.{name}.N") is Verdict.REPRODUCED


def test_a_count_printed_as_none_is_a_count(tmp_path: Path) -> None:
    assert verdict_of(tmp_path / "0", *cell("all", "CR", "none", "0")) is Verdict.REPRODUCED
    assert verdict_of(tmp_path / "5", *cell("all", "CR", "none", "5")) is Verdict.INCONSISTENT


def test_a_secondary_source_neither_convicts_nor_bounds(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "5", "14.7"),
        share("all", "response", "CR", "99", location="review"),
    ]
    rows += cell("all", "PD", "40", "90", location="review")
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert "inconsistent" not in settled(ledger).values()
    assert verdict(ledger, "results.all.response.CR.pct") is Verdict.REPRODUCED
