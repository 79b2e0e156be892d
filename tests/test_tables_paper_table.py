from __future__ import annotations

from dataclasses import replace
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
from netcore.tables.paper_table import attainable_table, evidence_table, follows, printed_table


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


def test_a_recomputed_value_comes_before_a_range(ledger: Ledger) -> None:
    study = ledger.studies[0]
    entry = next(entry for entry in ledger.entries if entry.claim.stat_name == "N")
    limits = (Interval(Fraction(0), Fraction(9)),)
    assert follows(study, replace(entry, recomputed="5", attainable=limits)) == "5"
    assert follows(study, replace(entry, recomputed=None, attainable=limits)) == "0 to 9"
    assert follows(study, replace(entry, recomputed=None, attainable=None)) == "–"


def _age(statistic: str, printed: str, population: str = "all") -> dict[str, str]:
    about = {"analysis": "age_by_group"} if statistic == "p.value" else {"variable": "age"}
    return {"population": population, "stat_name": statistic, "printed": printed, **about}


def _with_limits(ledger: Ledger, **limits: tuple[str | None, str | None]) -> list[Entry]:
    entries = []
    for entry in ledger.entries:
        ends = limits.get(entry.claim.stat_name.replace(".", "_"))
        found = ends and (Interval(*(None if end is None else Fraction(end) for end in ends)),)
        entries.append(replace(entry, verdict=Verdict.OPEN, recomputed=None, attainable=found))
    return entries


def test_limits_stand_beside_the_printed_values_in_their_form(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        *(_age(name, text) for name, text in (("median", "61"), ("p25", "55"), ("p75", "70"))),
        _age("p.value", "0.001"),
        _age("sd", "9", "group1"),
    ]
    ledger = ledger_of(tmp_path, rows)
    entries = _with_limits(
        ledger,
        N=("30", "40"),
        median=("54.5", "70.5"),
        p25=(None, "61.5"),
        p75=("60.5", None),
        p_value=("0.0120459", "1"),
        sd=("2", "20"),
    )
    shown = attainable_table(ledger, "paper1", entries, "Limits")
    assert shown is not None
    words = " ".join(str(shown).split())
    assert "54.5 to 70.5 [up to 61.5; 60.5 or more]" in words
    assert "p-value 0.001 … 0.012 to 1" in words
    assert "standard deviation 2 to 20" in words
    assert "30 to 40" not in words  # a count stands in the other table
    assert set(assert_harmless(shown.markup).anchors.values()) <= {1}


def test_without_limits_there_is_no_table_of_them(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34"), _age("median", "61")])
    assert attainable_table(ledger, "paper1", _with_limits(ledger, N=("30", "40")), "T") is None


def test_limits_stand_in_the_table_only_where_the_value_is_beyond_them(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [_age("median", "61"), _age("mean", "80")])
    entries = [
        replace(entry, verdict=Verdict.INCONSISTENT)
        for entry in _with_limits(ledger, median=("54.5", "70.5"), mean=("50", "70"))
    ]
    shown = str(printed_table(replace(ledger, entries=tuple(entries)), "paper1", "results", "T"))
    assert "50 to 70" in shown
    assert "54.5 to 70.5" not in shown


def test_all_values_have_what_follows_and_what_is_attainable(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34"), {**_age("mean", "60"), "unit": "years"}])
    size_of_all, mean = _with_limits(ledger, mean=("50", "70"))
    entries = [replace(size_of_all, recomputed="33"), mean]
    words = " ".join(str(evidence_table(ledger, entries, "T")).split())
    assert "Printed Follows Attainable Verdict" in words
    assert "34 33 –" in words
    assert "60 years – 50 to 70 years" in words


def test_it_prints_in_a_terminal(ledger: Ledger) -> None:
    shown = str(printed_table(ledger, "evil2020", "table", "Caption"))
    assert "Caption" in shown
    assert "</td>" not in shown
