"""The RO-Crate: read back, compared with the files, and given to a validator."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from netcore.paths import data_folder
from netcore.publishing.book_record import read_book_record
from netcore.publishing.record_files import copy_record_files, find_record_files
from netcore.publishing.research_object import METADATA, research_object, write_research_object
from netcore.publishing.staging import read_pages
from netcore.study.library import is_source, load_library

TITLES = {"chapters/home": "Home", "chapters/ledger": "The ledger"}


@pytest.fixture(scope="module")
def library():
    return load_library(data_folder())


@pytest.fixture(scope="module")
def crate(tmp_path_factory, root, library) -> Path:
    """A site of two pages, with the record of the book."""
    site = tmp_path_factory.mktemp("crate") / "site"
    for name in (
        "chapters/home.html",
        "chapters/ledger.html",
        "ledger/ledger.json",
        "odd name.txt",
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(f"content of {name}")
    for name in ("searchindex.js", "_static/style.css"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("of the site itself")
    copy_record_files(root, site)
    write_research_object(site, read_book_record(root), TITLES, library.studies)
    return site


def entities(site: Path) -> dict[str, dict]:
    document = json.loads((site / METADATA).read_text(encoding="utf-8"))
    return {entity["@id"]: entity for entity in document["@graph"]}


def test_the_crate_can_be_read_back(crate, library):
    read = ROCrate(crate)
    assert read.root_dataset["datePublished"]
    assert {entity["@id"] for entity in read.root_dataset.as_jsonld()["hasPart"]} == {
        entity.id for entity in read.data_entities
    }
    checked = {work.id for work in read.root_dataset["about"]}
    assert len(checked) == len([study for study in library.studies if not is_source(study)])


def test_every_file_of_the_record_and_every_page_is_described_with_size_and_digest(crate, root):
    described = entities(crate)
    wanted = [path.as_posix() for path in find_record_files(root)]
    for name in (*wanted, "chapters/home.html", "ledger/ledger.json", "odd%20name.txt"):
        content = (crate / name.replace("%20", " ")).read_bytes()
        assert described[name]["contentSize"] == str(len(content))
        assert described[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert described[name]["name"]
        assert described[name]["description"]
    assert not [name for name in described if name.startswith(("_static", "searchindex"))]


def test_constructed_data_are_never_taken_for_patients(crate):
    constructed = [entity for name, entity in entities(crate).items() if "constructed-" in name]
    assert len(constructed) > 5
    for entity in constructed:
        assert entity["name"].startswith("Constructed data, not patients")
        assert entity["description"].startswith("Constructed by a program")
        assert "No patient of the paper has" in entity["description"]


def test_papers_are_named_by_their_doi_and_their_text_is_no_part(crate, library):
    described = entities(crate)
    for study in library.studies:
        if study.paper.doi:
            work = described[f"https://doi.org/{study.paper.doi}"]
            assert work["@type"] == "ScholarlyArticle"
    root = described["./"]
    parts = {part["@id"] for part in root["hasPart"]}
    assert not [part for part in parts if part.startswith("http")]
    cited = {work["@id"] for work in root["citation"]}
    assert cited == {f"https://doi.org/{s.paper.doi}" for s in library.studies if s.paper.doi}


def test_licences_environment_and_software_are_there(crate):
    described = entities(crate)
    assert {licence["@id"] for licence in described["./"]["license"]} == {
        "https://spdx.org/licenses/MIT",
        "https://spdx.org/licenses/CC-BY-4.0",
    }
    assert described["#netcore"]["softwareRequirements"] == {"@id": "requirements.lock"}
    assert described["#make-book"]["instrument"] == {"@id": "#netcore"}
    assert {"requirements.lock", "environment.yml", "LICENSE", "CITATION.cff"} <= set(described)


def test_every_reference_leads_to_an_entity_of_the_crate_or_to_the_network(crate):
    described = entities(crate)
    lost = [
        (entity["@id"], reference)
        for entity in described.values()
        for value in entity.values()
        for part in (value if isinstance(value, list) else [value])
        if isinstance(part, dict) and set(part) == {"@id"}
        for reference in part.values()
        if reference not in described and not reference.startswith("https://")
    ]
    assert lost == []


def test_the_same_site_has_the_same_metadata(crate, root, library, tmp_path):
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(crate, copy)
    again = research_object(copy, read_book_record(root), TITLES, library.studies)
    assert again == json.loads((crate / METADATA).read_text(encoding="utf-8"))


def test_the_folder_of_the_site_is_enough_to_replay_every_proof(crate):
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_evidence.py"],
        cwd=crate,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all proofs were replayed" in done.stdout


@pytest.mark.needs(what="crate-validator")
def test_a_validator_finds_every_requirement_of_the_specification_met(crate, tmp_path):
    assert failed_requirements(crate, tmp_path) == []


@pytest.mark.needs(what="crate-validator")
def test_the_validator_sees_what_is_missing(crate, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(crate, copy)
    document = json.loads((copy / METADATA).read_text(encoding="utf-8"))
    for entity in document["@graph"]:
        if entity["@id"] == "./":
            del entity["license"]
    (copy / METADATA).write_text(json.dumps(document))
    assert failed_requirements(copy, tmp_path)


@pytest.mark.needs(what="site")
def test_the_built_site_is_described_as_it_is(root, site):
    described = entities(site)
    assert {f"{page}.html" for page in read_pages(root)} <= set(described)
    for name, entity in described.items():
        if entity["@type"] == "File":
            content = (site / name.replace("%20", " ")).read_bytes()
            assert entity["sha256"] == hashlib.sha256(content).hexdigest(), name


def failed_requirements(crate: Path, scratch: Path) -> list[str]:
    """Return what the validator misses; it runs apart, with its own view of warnings."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("crate_validator.py"), crate, scratch],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found
