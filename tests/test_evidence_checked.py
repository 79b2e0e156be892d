"""Findings that chapters of one build share."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from netcore.checks import Conventions, run_checks
from netcore.evidence import checked as module
from netcore.evidence import checks_of_book
from netcore.study.library import load_library

ROOT = Path(__file__).resolve().parent.parent
PAPER = "ronot_vilgrain"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data", "evidence"):
        shutil.copytree(ROOT / name / PAPER, tmp_path / name / PAPER)
    return tmp_path


def findings(project: Path, rounding: str = "nearest"):
    library = load_library(project / "data")
    (study,) = library.studies
    return checks_of_book(Conventions(rounding), library.studies)(study)


def kept(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "build" / "findings").glob("*"))


def test_what_is_read_again_is_what_was_found(project, monkeypatch):
    (study,) = load_library(project / "data").studies
    first = findings(project)
    assert first == run_checks(study, Conventions(), (study,))
    monkeypatch.setattr(module, "run_checks", None)  # it is not called again
    assert findings(project) == first
    assert len(kept(project)) == 1


def test_views_of_dictionaries_are_kept(project, monkeypatch):
    (study,) = load_library(project / "data").studies
    (first, *rest) = run_checks(study, Conventions(), (study,))
    witness = MappingProxyType({"values": MappingProxyType({"1": [1, 2]})})
    made = (replace(first, witness=witness), *rest)
    monkeypatch.setattr(module, "run_checks", lambda *_, **__: made)
    assert findings(project) == made
    monkeypatch.setattr(module, "run_checks", None)
    assert findings(project) == made


def test_other_conventions_are_found_anew(project):
    findings(project)
    findings(project, "truncate")
    assert len(kept(project)) == 2


@pytest.mark.parametrize("place", ["data", "evidence"])
def test_other_data_or_evidence_is_found_anew(project, place):
    findings(project)
    (project / place / PAPER / "added.txt").write_text("new", encoding="utf-8")
    findings(project)
    assert len(kept(project)) == 2


def test_what_was_cut_short_is_found_anew(project):
    first = findings(project)
    (name,) = kept(project)
    path = project / "build" / "findings" / name
    path.write_bytes(path.read_bytes()[:100])
    assert findings(project) == first
    assert kept(project) == [name]
    assert len(path.read_bytes()) > 100


def test_nothing_is_kept_outside_a_project(project):
    shutil.rmtree(project / "evidence")
    findings(project)
    assert not (project / "build").exists()
