from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from checked_studies import LOCATIONS, POPULATIONS, VARIABLES, size
from study_builder import make_study

from netcore.checks import Verdict
from netcore.ledger import (
    Drift,
    Ledger,
    PinError,
    accept,
    build_ledger,
    compare_with_pins,
    pin_file,
    read_pins,
)
from netcore.ledger.pins import changes_file

TODAY = date(2024, 5, 17)
REASON = "The groups add up to the whole."
GROUPS = [size("all", "34"), size("group1", "15"), size("group2", "19")]


def ledger_in(folder: Path, rows: list[dict[str, str]]) -> Ledger:
    parts = {"populations": POPULATIONS, "variables": VARIABLES, "locations": LOCATIONS}
    return build_ledger([make_study(folder, claims=rows, **parts)])


def changes(folder: Path) -> list[dict[str, str]]:
    with (folder / "verdict-changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_paper_of_the_project_is_pinned_beside_the_data(tmp_path: Path) -> None:
    inside = ledger_in(tmp_path / "data" / "paper1", GROUPS).studies[0]
    assert pin_file(inside) == tmp_path.resolve() / "verdicts" / "paper1.csv"
    assert changes_file(inside) == tmp_path.resolve() / "verdicts" / "changes.csv"
    outside = ledger_in(tmp_path / "elsewhere", GROUPS).studies[0]
    assert pin_file(outside) == tmp_path.resolve() / "elsewhere" / "verdicts.csv"
    assert changes_file(outside).name == "verdict-changes.csv"


def test_without_pins_nothing_drifts(tmp_path: Path) -> None:
    assert compare_with_pins(ledger_in(tmp_path / "paper1", GROUPS)) == ()


def test_the_first_pins_are_one_line_of_the_changelog(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    ledger = ledger_in(folder, GROUPS)
    assert len(accept(ledger, REASON, TODAY)) == 3
    assert compare_with_pins(ledger) == ()
    assert set(read_pins(folder / "verdicts.csv").values()) == {Verdict.REPRODUCED}
    (row,) = changes(folder)
    assert row["date"] == "2024-05-17"
    assert row["reason"] == REASON


def test_accepting_twice_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    ledger = ledger_in(folder, GROUPS)
    accept(ledger, REASON, TODAY)
    before = (folder / "verdict-changes.csv").read_bytes()
    assert accept(ledger, REASON, TODAY) == ()
    assert (folder / "verdict-changes.csv").read_bytes() == before


def test_a_changed_verdict_drifts_and_says_what_it_rests_on(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    accept(ledger_in(folder, GROUPS), REASON, TODAY)
    changed = ledger_in(folder, [size("all", "33"), *GROUPS[1:]])
    drifts = compare_with_pins(changed)
    assert len(drifts) == 3
    for drift in drifts:
        assert (drift.before, drift.after) == ("reproduced", "inconsistent")
        assert drift.evidence
        assert "paper1" in str(drift)
        assert "reproduced -> inconsistent" in str(drift)


def test_accepted_changes_are_a_row_each(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    accept(ledger_in(folder, GROUPS), REASON, TODAY)
    changed = ledger_in(folder, [size("all", "33"), *GROUPS[1:]])
    accept(changed, "The corrected table says 33, see erratum", TODAY)
    assert compare_with_pins(changed) == ()
    rows = changes(folder)
    assert len(rows) == 4
    assert [row["reason"] for row in rows].count(REASON) == 1
    assert rows[-1]["before"] == "reproduced"
    assert rows[-1]["after"] == "inconsistent"


def test_claims_that_come_and_go_drift(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    accept(ledger_in(folder, GROUPS), REASON, TODAY)
    fewer = compare_with_pins(ledger_in(folder, GROUPS[:2]))
    gone = [drift for drift in fewer if not drift.after]
    assert [drift.claim for drift in gone] == ["results.group2.N"]
    assert "gone" in str(gone[0])
    more = compare_with_pins(ledger_in(folder, [*GROUPS, size("all", "34", location="table")]))
    (new,) = [drift for drift in more if not drift.before]
    assert new.claim == "table.all.N"
    assert "new claim" in str(new)


def test_accept_forgets_claims_that_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "paper1"
    accept(ledger_in(folder, GROUPS), REASON, TODAY)
    accept(ledger_in(folder, GROUPS[:2]), "Group 2 is no longer printed", TODAY)
    assert set(read_pins(folder / "verdicts.csv")) == {"results.all.N", "results.group1.N"}


@pytest.mark.parametrize("reason", ["", "   ", "because", "first line\nsecond line of a reason"])
def test_accept_requires_a_reason_of_one_line(tmp_path: Path, reason: str) -> None:
    ledger = ledger_in(tmp_path / "paper1", GROUPS)
    with pytest.raises(PinError, match="reason"):
        accept(ledger, reason, TODAY)
    assert not (tmp_path / "paper1" / "verdicts.csv").exists()


def test_a_reason_with_commas_and_quotes_survives(tmp_path: Path) -> None:
    reason = 'He said, "33, not 34", and the table agrees'
    accept(ledger_in(tmp_path / "paper1", GROUPS), reason, TODAY)
    assert changes(tmp_path / "paper1")[0]["reason"] == reason


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"verdicts\.csv:1: .*expected claim, verdict"),
        ("claim\n", r"verdicts\.csv:1: "),
        ("claim,verdict\na,reproduced\nb,maybe\n", r"verdicts\.csv:3: .*maybe.*inconsistent"),
        ("claim,verdict\na,reproduced,twice\n", r"verdicts\.csv:2: "),
        ("claim,verdict\na\n", r"verdicts\.csv:2: "),
        ("claim,verdict\n\n", r"verdicts\.csv:2: "),
        ("claim,verdict\na,open\na,open\n", r"verdicts\.csv:3: .*second time"),
    ],
)
def test_a_broken_file_of_pins_is_refused_with_its_line(
    tmp_path: Path, content: str, message: str
) -> None:
    ledger = ledger_in(tmp_path / "paper1", GROUPS)
    path = tmp_path / "paper1" / "verdicts.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PinError, match=message):
        compare_with_pins(ledger)
    with pytest.raises(PinError, match=message):
        accept(ledger, REASON, TODAY)
    assert path.read_text(encoding="utf-8") == content


def test_pins_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_bytes(b"claim,verdict\n\xff,open\n")
    with pytest.raises(PinError, match="UTF-8"):
        read_pins(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(PinError, match="cannot be read"):
        read_pins(path)


def test_pins_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_bytes(b"\xef\xbb\xbfclaim,verdict\r\na,open\r\n")
    assert read_pins(path) == {"a": Verdict.OPEN}


def test_a_drift_reads_as_a_line() -> None:
    assert str(Drift("paper1", "a", "open", "reproduced")) == "paper1 a: open -> reproduced"


def test_several_papers_keep_pins_of_their_own(tmp_path: Path) -> None:
    data = tmp_path / "data"
    studies = [ledger_in(data / name, GROUPS).studies[0] for name in ("paper1", "paper2")]
    ledger = build_ledger(studies)
    accept(ledger, REASON, TODAY)
    assert sorted(path.name for path in (tmp_path / "verdicts").iterdir()) == [
        "changes.csv",
        "paper1.csv",
        "paper2.csv",
    ]
    assert compare_with_pins(ledger) == ()
