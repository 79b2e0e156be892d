"""The files of a document: what is in them is what the book says, and data that are nobody's say so."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hostile_study import write_hostile

from netcore.checks import Finding
from netcore.ledger import Ledger, build_ledger
from netcore.printed import format_fraction
from netcore.study import Study, load_study
from netcore.study.library import load_library
from netcore.tables.constructed_data import (
    LARGEST,
    NOTE,
    constructed_data,
    constructed_title,
)
from netcore.tables.document_files import (
    CLAIMS,
    DOCUMENTS,
    certificate_file,
    document_files,
    table_file,
    witness_file,
    write_documents,
)


@pytest.fixture(scope="module")
def book(root: Path) -> Ledger:
    return build_ledger(load_library(root / "data").studies)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def findings_with(book: Ledger, key: str) -> Iterator[tuple[Study, Finding, Mapping[str, Any]]]:
    for finding in book.findings:
        if finding.witness is not None and key in finding.witness:
            yield book.study(finding.paper), finding, finding.witness


def test_the_proofs_are_the_stored_ones_byte_by_byte(book: Ledger, root: Path) -> None:
    compared = 0
    for study in book.studies:
        stored = root / "evidence" / study.paper.key
        index = json.loads((stored / "index.json").read_text(encoding="utf-8"))["certificates"]
        files = document_files(book, study)
        proofs = {name for name in files if name.endswith(".json")}
        assert proofs == {certificate_file(finding) for finding in index}
        for finding, name in index.items():
            content = (stored / "certificates" / name).read_text(encoding="utf-8")
            assert files[certificate_file(finding)] == content
            compared += 1
    assert compared > 10


def test_data_that_say_they_are_constructed_have_a_file_of_that_name(book: Ledger) -> None:
    for finding in book.findings:
        study = book.study(finding.paper)
        witness = finding.witness or {}
        says_so = "construct" in str(witness.get("kind", "")) or bool(witness.get("constructed"))
        nothing_counted = "tables" in witness and not any(t["of"] for t in witness["tables"])
        data = constructed_data(study, finding)
        if says_so and not nothing_counted:
            assert data is not None, finding.id
        name = witness_file(finding.id)
        assert (data is not None) is (name in document_files(book, study)), finding.id
        assert "constructed" in name


def test_each_row_says_that_it_is_nobody(book: Ledger) -> None:
    seen = 0
    for study in book.studies:
        for name, text in document_files(book, study).items():
            if name.startswith("witnesses/"):
                for row in rows_of(text):
                    assert list(row.values())[-1] == NOTE
                    assert next(iter(row.values())).startswith("constructed ")
                    seen += 1
    assert seen > 1_000


def test_constructed_units_have_the_counts_of_their_witness(book: Ledger) -> None:
    dealt = 0
    for study, finding, witness in findings_with(book, "tables"):
        data = constructed_data(study, finding)
        if data is None:
            continue
        numbers = [int(row[-1]) for row in data.rows] if "how many" in data.columns else None
        assert (sum(numbers) if numbers else len(data.rows)) == witness["number"]
        assert (numbers is not None) is (witness["number"] > LARGEST)
        if numbers is not None:
            continue
        # Each variable alone: as many units a level as the witness counts.
        columns = [Counter(column) for column in zip(*data.rows, strict=True)]
        found = sorted(sorted(column.values()) for column in columns)
        of: dict[str, Counter[str]] = {}
        for table in witness["tables"]:
            for place, name in enumerate(table["of"]):
                counted: Counter[str] = Counter()
                for cell in table["cells"]:
                    counted[cell[place]] += cell[-1]
                of[name] = counted
        assert found == sorted(sorted(counted.values()) for counted in of.values())
        dealt += 1
    assert dealt > 5


def test_survival_times_are_those_of_the_witness(book: Ledger) -> None:
    for study, finding, witness in findings_with(book, "arms"):
        data = constructed_data(study, finding)
        assert data is not None
        assert len(data.rows) == sum(len(arm) for arm in witness["arms"])
        events = sum(bool(event) for arm in witness["arms"] for _, event in arm)
        assert sum(row[2] == "event" for row in data.rows) == events
        assert data.title == "constructed patients"


def test_both_endpoints_of_a_patient_stand_in_one_row(book: Ledger) -> None:
    for study, finding, witness in findings_with(book, "endpoints"):
        data = constructed_data(study, finding)
        assert data is not None
        patients = [patient for arm in witness["patients"] for patient in arm]
        assert [(row[1], row[3]) for row in data.rows] == [
            (format_fraction(Fraction(one)), format_fraction(Fraction(two)))
            for one, _, two, _ in patients
        ]
        # A patient lives as long as without progression, or longer.
        assert all(Fraction(one) <= Fraction(two) for one, _, two, _ in patients)


def test_a_recomputation_is_no_constructed_data(book: Ledger) -> None:
    for study, finding, _ in findings_with(book, "pairs"):
        assert constructed_title(study, finding) is None
        assert constructed_data(study, finding) is None


def test_every_value_of_a_place_stands_in_its_table(book: Ledger) -> None:
    for study in book.studies:
        files = document_files(book, study)
        for location in study.locations:
            claims = [claim for claim in study.claims if claim.location == location]
            if not claims:
                assert table_file(location) not in files
                continue
            rows = rows_of(files[table_file(location)])
            assert [(row["claim"], row["printed"]) for row in rows] == [
                (claim.claim, claim.printed) for claim in claims
            ]
            verdicts = [book.entry(study.paper.key, claim.claim).verdict.value for claim in claims]
            assert [row["verdict"] for row in rows] == verdicts
        assert len(rows_of(files[CLAIMS])) == len(study.claims)


def test_the_names_of_files_stay_in_the_folder(tmp_path: Path) -> None:
    ledger = build_ledger([load_study(write_hostile(tmp_path / "evil2020"))])
    write_documents(ledger, tmp_path / "out")
    home = tmp_path / "out" / DOCUMENTS / "evil2020"
    written = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert written == set(document_files(ledger, ledger.studies[0]))
    assert all(name.count("/") <= 1 and ".." not in name.split("/") for name in written)


def test_files_of_findings_that_are_gone_are_taken_away(tmp_path: Path) -> None:
    ledger = build_ledger([load_study(write_hostile(tmp_path / "evil2020"))])
    home = tmp_path / "out" / DOCUMENTS / "evil2020"
    old = home / witness_file("moments.gone")
    old.parent.mkdir(parents=True)
    old.write_text("x", encoding="utf-8")
    kept = home / "mine.txt"
    kept.write_text("x", encoding="utf-8")
    write_documents(ledger, tmp_path / "out")
    assert not old.exists()
    assert kept.exists()
