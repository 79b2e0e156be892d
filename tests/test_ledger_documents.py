from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked_studies import count, ledger_of, share, size
from jsonschema import Draft202012Validator
from study_builder import make_study
from true_studies import draw_true_study

from netcore.checks import Conventions
from netcore.ledger import Ledger, build_ledger, claims_csv, findings_csv, ledger_json, write_ledger
from netcore.ledger.documents import ledger_document
from netcore.ledger.schema import FILE, ledger_schema, main
from netcore.study import COLUMNS, load_study

HOSTILE = '=1+1; "quoted", <b>&amp;</b> ё'


@pytest.fixture(scope="module")
def real(root: Path) -> Ledger:
    return build_ledger([load_study(root / "data" / "zvezdkina2022")])


@pytest.fixture(scope="module")
def validator(root: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads((root / "schemas" / FILE).read_text(encoding="utf-8")))


def document(ledger: Ledger) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ledger_json(ledger))
    return found


def every_kind(folder: Path) -> Ledger:
    rows = [
        size("all", "34"),
        size("group1", "15"),
        size("group2", "19"),
        size("all", "35", location="review"),
        count("group2", "response", "PR", "12"),
        count("group2", "response", "SD", "10"),
        count("group1|group2", "response", "CR", "20"),
        count("group1", "response", "CR", "5", note=HOSTILE),
        share("group1", "response", "CR", "15"),
        share("all", "response", "PD", "29.3"),
        share("all", "event", "pain", "75.55", unit="%"),
        {"stat_name": "p.value", "analysis": "age_by_group", "printed": "ns"},
        {
            "stat_name": "p.value",
            "analysis": "age_by_group",
            "printed": "0.01",
            "location": "table",
        },
    ]
    return ledger_of(folder, rows, Conventions(alpha=Fraction(1, 20)))


def test_the_committed_schema_is_that_of_the_code(root: Path, tmp_path: Path) -> None:
    Draft202012Validator.check_schema(ledger_schema())
    main([str(tmp_path)])
    assert (tmp_path / FILE).read_bytes() == (root / "schemas" / FILE).read_bytes()


def test_ledgers_are_valid(real: Ledger, tmp_path: Path, validator: Draft202012Validator) -> None:
    for ledger in (real, every_kind(tmp_path), build_ledger([])):
        validator.validate(document(ledger))


@pytest.mark.parametrize("seed", range(5))
def test_ledgers_of_true_studies_are_valid(
    tmp_path: Path, seed: int, validator: Draft202012Validator
) -> None:
    study = make_study(tmp_path / "paper1", **draw_true_study(seed).parts)
    validator.validate(document(build_ledger([study])))


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def damage(found: dict[str, Any]) -> None:
        place: Any = found
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return damage


def _drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def damage(found: dict[str, Any]) -> None:
        place: Any = found
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        *(
            _drop(name)
            for name in ("schema_version", "conventions", "papers", "claims", "findings")
        ),
        *(
            _drop("claims", 0, name)
            for name in ("paper", *COLUMNS, "verdict", "attainable", "evidence")
        ),
        *(
            _drop("findings", 0, name)
            for name in ("id", "kind", "claims", "certificate", "repairs")
        ),
        _set("schema_version", to="0.9"),
        _set("extra", to=1),
        _set("claims", 0, "extra", to=1),
        _set("findings", 0, "extra", to=1),
        _set("claims", 0, "verdict", to="wrong"),
        _set("claims", 0, "verdict", to=None),
        _set("claims", 0, "printed", to=34),
        _set("claims", 0, "printed", to=""),
        _set("claims", 0, "evidence", to=""),
        _set("claims", 0, "recomputed", to=34),
        _set("claims", 0, "attainable", to="[0, 5]"),
        _set("claims", 0, "attainable", to=["0 to 5"]),
        _set("claims", 0, "attainable", to=["[0, 5"]),
        _set("claims", 0, "attainable", to=["[-inf, 5]"]),
        _set("claims", 0, "findings", to=["a", "a"]),
        _set("findings", 0, "kind", to="accusation"),
        _set("findings", 0, "claims", to=[]),
        _set("findings", 0, "statement", to=""),
        _set("findings", 0, "certificate", to=None),  # a conflict without its proof
        _set("findings", 0, "repairs", 0, "claims", to=[]),
        _set("conventions", "rounding", to="half_down"),
        _set("conventions", "alpha", to=0.05),
        _set("papers", 0, "claims", to=-1),
        _set("papers", 0, "title", to=""),
        _drop("papers", 0, "verdicts", "open"),
    ],
)
def test_damaged_documents_are_refused(
    tmp_path: Path, validator: Draft202012Validator, damage: Callable[[dict[str, Any]], None]
) -> None:
    found = document(every_kind(tmp_path))
    assert found["findings"][0]["kind"] == "conflict"
    damaged = deepcopy(found)
    damage(damaged)
    assert not validator.is_valid(damaged)


@pytest.mark.parametrize(
    "text", ["[0, 5]", "(-inf, 5)", "[0.5, inf)", "(-inf, inf)", "[-1/3, 22.75)"]
)
def test_all_intervals_are_valid(
    tmp_path: Path, validator: Draft202012Validator, text: str
) -> None:
    found = document(every_kind(tmp_path))
    found["claims"][0]["attainable"] = [text]
    assert validator.is_valid(found)


def test_a_claim_has_its_columns_and_its_verdict(real: Ledger) -> None:
    rows = document(real)["claims"]
    assert len(rows) == len(real.entries)
    for row, entry in zip(rows, real.entries, strict=True):
        assert [row[name] for name in COLUMNS] == [getattr(entry.claim, name) for name in COLUMNS]
        assert row["verdict"] == entry.verdict.value


def test_ids_in_the_document_exist(tmp_path: Path) -> None:
    found = document(every_kind(tmp_path))
    claims = {row["claim"] for row in found["claims"]}
    findings = {row["id"] for row in found["findings"]}
    assert len(findings) == len(found["findings"])
    for row in found["claims"]:
        assert set(row["findings"]) <= findings
    for row in found["findings"]:
        assert set(row["claims"]) <= claims
        assert set(row["held_by_others"]) <= set(row["claims"])


def test_the_counts_of_verdicts_are_those_of_the_claims(real: Ledger) -> None:
    found = document(real)
    (paper,) = found["papers"]
    assert paper["claims"] == len(found["claims"])
    for verdict, number in paper["verdicts"].items():
        assert number == sum(row["verdict"] == verdict for row in found["claims"])


def test_two_builds_are_byte_identical(root: Path, tmp_path: Path) -> None:
    first, second = (build_ledger([load_study(root / "data" / "zvezdkina2022")]) for _ in range(2))
    for name, ledger in (("one", first), ("other", second)):
        write_ledger(ledger, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_claims_come_back_from_csv(tmp_path: Path) -> None:
    ledger = every_kind(tmp_path)
    rows = list(csv.DictReader(io.StringIO(claims_csv(ledger), newline="")))
    assert len(rows) == len(ledger.entries)
    for row, entry in zip(rows, ledger.entries, strict=True):
        assert [row[name] for name in COLUMNS] == [getattr(entry.claim, name) for name in COLUMNS]
        assert row["verdict"] == entry.verdict.value
        assert row["evidence"] == entry.evidence
        assert row["recomputed"] == (entry.recomputed or "")
        assert row["findings"] == "; ".join(entry.findings)
    assert HOSTILE in {row["note"] for row in rows}


def test_findings_come_back_from_csv(tmp_path: Path) -> None:
    ledger = every_kind(tmp_path)
    rows = list(csv.DictReader(io.StringIO(findings_csv(ledger), newline="")))
    assert [row["id"] for row in rows] == [finding.id for finding in ledger.findings]
    assert [row["statement"] for row in rows] == [finding.statement for finding in ledger.findings]
    assert "certificate" not in rows[0]


def test_three_files_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    ledger = every_kind(tmp_path)
    paths = write_ledger(ledger, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["ledger.json", "claims.csv", "findings.csv"]
    assert paths[0].read_text(encoding="utf-8") == ledger_json(ledger)
    assert json.loads(ledger_json(ledger)) == json.loads(json.dumps(ledger_document(ledger)))


def test_an_empty_ledger_is_an_empty_table() -> None:
    empty = build_ledger([])
    assert claims_csv(empty) == ""
    assert findings_csv(empty) == ""
    assert document(empty)["claims"] == []
