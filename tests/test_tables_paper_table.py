from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from checked_studies import count, ledger_of, share, size
from hostile_study import AMPERSAND, HANDLER, SCRIPT, hostile, write_hostile
from page_reader import assert_harmless

from netcore.checks import Verdict
from netcore.ledger import Entry, Ledger, build_ledger
from netcore.printed import Interval
from netcore.study import load_study
from netcore.tables.paper_table import evidence_table, follows, printed_table


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return build_ledger([load_study(write_hostile(tmp_path / "evil2020"))])


def test_no_string_of_a_study_becomes_markup(ledger: Ledger) -> None:
    for shown in (
        printed_table(ledger, "evil2020", "table", hostile("Caption")),
        evidence_table(ledger, ledger.entries, hostile("Caption"), 'x.html"onclick="alert(1)'),
    ):
        page = assert_harmless(shown.markup)
        assert SCRIPT in page.words
        assert HANDLER in page.words
        assert AMPERSAND in page.words


def test_every_printed_value_leads_to_its_evidence(ledger: Ledger) -> None:
    entries = [entry for entry in ledger.entries if entry.claim.location == "table"]
    values = assert_harmless(printed_table(ledger, "evil2020", "table", "T").markup)
    evidence = assert_harmless(evidence_table(ledger, entries, "T").markup)
    assert sorted(values.links) == sorted(f"#{anchor}" for anchor in evidence.anchors)
    assert len(evidence.anchors) == len(entries)
    assert set(evidence.anchors.values()) == {1}


def test_rules_are_not_part_of_a_printed_table(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        {"variable": "age", "stat_name": "threshold.min", "printed": "18"},
    ]
    shown = printed_table(ledger_of(tmp_path, rows), "paper1", "results", "T")
    assert "34" in str(shown)
    assert "18" not in str(shown)


def test_cells_read_as_in_a_medical_table(tmp_path: Path) -> None:
    def age(statistic: str, printed: str, population: str = "group1") -> dict[str, str]:
        return {
            "population": population,
            "variable": "age",
            "stat_name": statistic,
            "printed": printed,
        }

    rows = [
        *(age(name, text) for name, text in (("median", "61"), ("p25", "55"), ("p75", "70"))),
        *(age(name, text, "group2") for name, text in (("mean", "60"), ("sd", "9"))),
        *(age(name, text, "all") for name, text in (("min", "40"), ("max", "80"))),
        count("group1", "response", "CR", "5"),
        share("group1", "response", "CR", "33"),
    ]
    shown = " ".join(
        str(printed_table(ledger_of(tmp_path, rows), "paper1", "results", "T")).split()
    )
    for mark in ("…", "·", "=", "○", "◐", "≠"):
        shown = shown.replace(f" {mark} ", " ")
    for cell in ("61 [ 55 ; 70 ]", "60 ± 9", "40 to 80", "5 ( 33 %)"):
        assert cell in " ".join(shown.split())


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (3, 3, "3"),
        (0, 9, "0 to 9"),
        (5, None, "5 or more"),
        (None, 9, "up to 9"),
        (None, None, "any"),
    ],
)
def test_what_follows_reads_as_prose(low: int | None, high: int | None, expected: str) -> None:
    interval = Interval(*(None if end is None else Fraction(end) for end in (low, high)))
    assert follows(_entry(None, (interval,))) == expected


def test_a_recomputed_value_comes_before_a_range() -> None:
    interval = Interval(Fraction(0), Fraction(9))
    assert follows(_entry("5", (interval,))) == "5"
    assert follows(_entry(None, None)) == "–"


def _entry(recomputed: str | None, attainable: tuple[Interval, ...] | None) -> Entry:
    claim = None
    verdict = Verdict.POSSIBLE
    return Entry("p", claim, verdict, "e", recomputed, attainable, (), (), ())  # type: ignore[arg-type]


def test_it_prints_in_a_terminal(ledger: Ledger) -> None:
    shown = str(printed_table(ledger, "evil2020", "table", "Caption"))
    assert "Caption" in shown
    assert "</td>" not in shown
