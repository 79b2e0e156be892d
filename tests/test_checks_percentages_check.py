"""Percentages without counts, of unions, of several readings and kinds of unit."""

from __future__ import annotations

from pathlib import Path

from checked_studies import (
    POPULATIONS,
    VARIABLES,
    conflicts,
    count,
    ledger_of,
    share,
    size,
    verdict,
)
from percentage_rows import WHOLE, cell, percentage, verdict_of

from netcore.checks import Verdict
from netcore.ledger import Ledger

AMBIGUOUS = {"all": {"units": "patients"}, "procedures": {"units": "procedures", "per": "all"}}


def ambiguous(folder: Path, printed: str, *rows: dict[str, str]) -> Ledger:
    row = share("all|procedures", "response", "CR", printed)
    sizes = [size("all", "8"), size("procedures", "9")]
    variables = {"response": VARIABLES["response"]}
    return ledger_of(folder, [*sizes, row, *rows], populations=AMBIGUOUS, variables=variables)


def test_a_percentage_of_some_whole_number_is_possible(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, share("all", "response", "CR", "29")) is Verdict.POSSIBLE


def test_a_percentage_of_no_whole_number_is_conditional(tmp_path: Path) -> None:
    # 30 % of 34 is nobody's number; 10 of 33 is 30.3 %
    assert verdict_of(tmp_path, share("all", "response", "CR", "30.3")) is Verdict.CONDITIONAL


def test_a_percentage_of_no_whole_number_out_of_any_is_inconsistent(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "8"), share("all", "response", "CR", "15.8")])
    assert percentage(ledger).verdict is Verdict.INCONSISTENT
    assert verdict(ledger, "results.all.N") is Verdict.INCONSISTENT


def test_the_rate_of_a_union_is_reproduced(tmp_path: Path) -> None:
    rows = [*cell("group1", "ORR", "6", "40"), *cell("group1", "DCR", "11", "73")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert percentage(ledger, "ORR.pct").verdict is Verdict.REPRODUCED
    assert percentage(ledger, "DCR.pct").verdict is Verdict.REPRODUCED


def test_times_have_counts_of_their_own(tmp_path: Path) -> None:
    rows = [
        *cell("group1", "CR", "5", "33", at="8 weeks"),
        *cell("group1", "CR", "9", "60", at="24 weeks"),
    ]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert [entry.verdict for entry in ledger.entries if entry.claim.stat_name == "pct"] == [
        Verdict.REPRODUCED
    ] * 2


def test_a_population_may_be_defined_at_a_time(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "responders": {"of": "all", "where": {"response": "ORR"}, "at": "8 weeks"}
    }
    rows = [size("responders", "10"), *cell("responders", "late", "4", "40", "stage")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert percentage(ledger).verdict is Verdict.REPRODUCED


def test_a_percentage_of_either_of_two_units_needs_one_that_fits(tmp_path: Path) -> None:
    for printed in ("12.5", "11.1"):
        ledger = ambiguous(tmp_path / printed, printed)
        assert percentage(ledger).verdict is Verdict.CONDITIONAL
    ledger = ambiguous(tmp_path / "neither", "15.8")
    assert percentage(ledger).verdict is Verdict.INCONSISTENT


def test_a_reading_that_cannot_be_checked_cannot_be_refuted(tmp_path: Path) -> None:
    populations = POPULATIONS | {"case": {"of": "all", "size": 1}}
    row = share("all|case", "response", "CR", "15.8")
    ledger = ledger_of(tmp_path, [size("all", "8"), row], populations=populations)
    assert not conflicts(ledger)


def test_procedures_have_a_number_of_their_own(tmp_path: Path) -> None:
    rows = [size("all", "34"), size("procedures", "52"), *cell("procedures", "CR", "13", "25")]
    variables = {"response": VARIABLES["response"]}
    ledger = ledger_of(tmp_path, rows, populations=AMBIGUOUS, variables=variables)
    assert percentage(ledger).verdict is Verdict.REPRODUCED


def test_a_quoted_percentage_is_not_checked(tmp_path: Path) -> None:
    rows = [
        count("all", "response", "CR", "5"),
        share("all", "response", "CR", "99", cites="smith2019"),
    ]
    assert verdict_of(tmp_path, *rows) is Verdict.UNCONSTRAINED
