from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from checked_studies import LOCATIONS, POPULATIONS, VARIABLES, count, share, size
from study_builder import make_study

from netcore.checks import Conventions, run_checks
from netcore.checks.answers import sketched
from netcore.evidence import (
    StoredAnswers,
    StoreError,
    evidence_folder,
    read_repairs,
    repairs_file,
    write_repairs,
)
from netcore.evidence.answers import code_digest
from netcore.ledger import build_ledger
from netcore.paths import data_folder
from netcore.repairs import find_repairs, question_key, search_repairs
from netcore.study import Study
from netcore.study.library import load_library

CONVENTIONS = Conventions()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(
        tmp_path / "data" / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        claims=[
            size("group1", "15"),
            count("group1", "response", "PR", "7"),
            share("group1", "response", "PR", "67"),
        ],
    )


def test_what_is_written_is_read_and_used(study: Study) -> None:
    found = run_checks(study, CONVENTIONS)
    path = write_repairs(study, found, CONVENTIONS)
    assert path == repairs_file(study)
    stored = read_repairs(study)
    assert find_repairs(study, found, CONVENTIONS, stored) == find_repairs(study, found, CONVENTIONS)  # fmt: skip
    assert build_ledger([study]).findings == find_repairs(study, found, CONVENTIONS)
    assert path is not None
    path.unlink()
    assert build_ledger([study]).findings == found
    assert build_ledger([study], search=True).findings == find_repairs(study, found, CONVENTIONS)


def test_a_paper_without_conflicts_has_no_file(study: Study) -> None:
    path = write_repairs(study, run_checks(study, CONVENTIONS), CONVENTIONS)
    assert path is not None
    clean = replace(study, claims=study.claims[:2])
    assert write_repairs(clean, run_checks(clean, CONVENTIONS), CONVENTIONS) == path
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"conflicts": [{}]}', '{"conflicts": 1}'])
def test_a_file_of_another_kind_is_refused_with_its_name(study: Study, text: str) -> None:
    path = repairs_file(study)
    assert path is not None
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(StoreError, match=r"repairs.json: found no stored repairs, expected what 'make evidence' writes"):  # fmt: skip
        read_repairs(study)


def test_a_folder_outside_a_project_has_no_store(tmp_path: Path) -> None:
    study = make_study(tmp_path / "anywhere")
    assert repairs_file(study) is None
    assert read_repairs(study) == {}


def test_the_committed_repairs_are_those_that_a_search_finds_today() -> None:
    library = load_library(data_folder())
    for study in library.studies:
        path = repairs_file(study)
        assert path is not None
        stored = read_repairs(study)
        answers = StoredAnswers(evidence_folder(study))
        found = run_checks(study, CONVENTIONS, library.studies, answers=answers)
        conflicts = [finding for finding in found if finding.kind == "conflict"]
        keys = [question_key(study, finding, CONVENTIONS) for finding in conflicts]
        assert keys == list(stored), "search them again: make evidence"
        if not conflicts:
            assert not path.is_file()
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        assert document["code"] == code_digest("netcore.repairs.search"), "make evidence"
        # One of them is searched again; the digest vouches for the others.
        assert search_repairs(study, conflicts[0], CONVENTIONS) == stored[keys[0]]


def test_verified_repairs_of_the_book_hold_when_the_whole_paper_is_checked_again() -> None:
    library = load_library(data_folder())
    for study in library.studies:
        path = repairs_file(study)
        if path is None or not path.is_file():
            continue
        before = _conflicts(study)
        for entry in json.loads(path.read_text(encoding="utf-8"))["conflicts"]:
            verified = [repair for repair in entry["repairs"] if repair["verified"]]
            for repair in verified[:1]:  # the smallest
                printed = dict(repair["replacements"])
                claims = tuple(
                    claim.model_copy(update={"printed": printed.get(claim.claim, claim.printed)})
                    for claim in study.claims
                )
                after = _conflicts(replace(study, claims=claims))
                assert after < before, (entry["finding"], repair["change"])


def _conflicts(study: Study) -> set[frozenset[str]]:
    found = run_checks(study, CONVENTIONS, certified=False, answers=sketched)
    return {frozenset(finding.claims) for finding in found if finding.kind == "conflict"}
