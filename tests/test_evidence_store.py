from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from certificate_studies import CONFLICTS, LOCATIONS, PATIENTS, VARIABLES, size
from study_builder import make_study, write_study

from netcore.checks import Finding, run_checks
from netcore.evidence import evidence_files, evidence_folder, stale_papers, write_evidence
from netcore.paths import data_folder
from netcore.study import Study, load_study
from netcore.study.library import load_library

PARTS: dict[str, Any] = {
    "populations": PATIENTS,
    "variables": VARIABLES,
    "locations": LOCATIONS,
    "claims": CONFLICTS["exclusive-levels"][1],
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(tmp_path / "data" / "paper1", **PARTS)


def found(study: Study) -> tuple[Finding, ...]:
    return run_checks(study, library=[study])


def test_a_paper_has_its_study_certificates_witnesses_and_an_index(study: Study) -> None:
    files = evidence_files(study, found(study), [study])
    names = [name.partition("-")[0] for name in files]
    assert names == ["certificates/parts", "study.json", "index.json"]
    index = json.loads(files["index.json"])
    assert index["paper"] == "paper1"
    (name,) = index["certificates"].values()
    certificate = json.loads(files[f"certificates/{name}"])
    assert certificate["finding"] in index["certificates"]
    assert set(index["files"]) == {"claims.csv", "paper.yaml", "study.json"}


def test_what_was_constructed_says_so_in_its_name_and_in_a_field(tmp_path: Path) -> None:
    whole = make_study(tmp_path / "data" / "paper2", claims=[size("all", "40")])
    files = evidence_files(whole, found(whole))
    (name,) = (name for name in files if name.startswith("witnesses/"))
    assert name.startswith("witnesses/constructed-parts-and-wholes-")
    document = json.loads(files[name])
    assert document["constructed"] == "no patient of the paper has these data"
    assert document["number"] == 40
    assert list(json.loads(files["index.json"])["witnesses"].values()) == [Path(name).name]


def test_a_second_run_changes_nothing_and_what_proves_nothing_is_taken_away(study: Study) -> None:
    folder = evidence_folder(study)
    assert folder is not None
    assert len(write_evidence(study, found(study), [study])) == 3
    assert write_evidence(study, found(study), [study]) == []
    (folder / "certificates" / "old.json").write_text("{}")
    assert write_evidence(study, found(study), [study]) == [folder / "certificates" / "old.json"]


def test_outside_a_project_nothing_is_kept(tmp_path: Path) -> None:
    alone = make_study(tmp_path / "paper1", **PARTS)
    assert evidence_folder(alone) is None
    assert write_evidence(alone, found(alone)) == []
    assert stale_papers([alone]) == ()


@pytest.mark.parametrize("file", ["claims.csv", "paper.yaml", "study.json", "index.json"])
def test_evidence_of_other_data_is_stale(study: Study, file: str) -> None:
    folder = evidence_folder(study)
    assert folder is not None
    assert stale_papers([study]) == ("paper1",)
    write_evidence(study, found(study), [study])
    assert stale_papers([study]) == ()
    path = (study.folder if (study.folder / file).exists() else folder) / file
    path.write_text(f"{path.read_text()} ")
    if file == "index.json":  # white space says nothing; anything else does
        path.write_text(path.read_text().replace("paper.yaml", "paper"))
    assert stale_papers([study]) == ("paper1",)
    path.write_text("[]")
    assert stale_papers([study]) == ("paper1",)


def test_an_edited_claim_is_verified_and_only_its_stored_evidence_is_stale(study: Study) -> None:
    write_evidence(study, found(study), [study])
    rows = [*PARTS["claims"][1:], size("group2", "22")]
    again = load_study(write_study(study.folder, **{**PARTS, "claims": rows}))
    assert not [finding for finding in found(again) if finding.kind == "conflict"]
    assert stale_papers([again]) == ("paper1",)


def test_the_stored_evidence_of_the_book_is_what_is_found_today() -> None:
    library = load_library(data_folder()).studies
    assert stale_papers(library) == ()
    for study in library:
        folder = evidence_folder(study)
        assert folder is not None
        files = evidence_files(study, run_checks(study, library=library), library)
        for name, text in files.items():
            assert (folder / name).read_text(encoding="utf-8") == text, f"{name}: make evidence"
        stored = {
            f"{place}/{path.name}"
            for place in ("certificates", "witnesses")
            for path in (folder / place).glob("*")
        }
        assert stored <= set(files), "make evidence"
