"""The manifest of a CODECHECK.  Rules are those of its configuration file, version 2.0."""

from __future__ import annotations

import pytest
import yaml

from netcore.publishing.book_record import BookRecord
from netcore.publishing.codecheck import codecheck_text, output_files

BOOK = BookRecord(title="A book: with a colon", authors=("Ann Author", "A Group"))
FILES = {"ledger/ledger.json": "The ledger", "chapters/one.html": "Chapter: One"}
# What only the person who has checked can say.
OF_THE_CODECHECKER = {"codechecker", "report", "summary", "certificate", "check_time"}


def test_the_manifest_begins_as_a_document_of_its_own_and_can_be_read():
    # CC-CFG-001, 002, 014 to 019
    text = codecheck_text(BOOK, FILES)
    assert text.startswith("---\n")
    document = yaml.safe_load(text)
    assert document["version"] == "https://codecheck.org.uk/spec/config/2.0/"
    assert document["paper"]["title"] == "A book: with a colon"
    assert document["paper"]["authors"] == [{"name": "Ann Author"}, {"name": "A Group"}]


def test_every_file_has_a_relative_path_and_a_comment():
    # CC-CFG-004 to 007
    manifest = yaml.safe_load(codecheck_text(BOOK, FILES))["manifest"]
    assert manifest == [{"file": name, "comment": FILES[name]} for name in FILES]


def test_nothing_stands_for_a_check_that_nobody_has_done():
    # CC-CFG-023: no field holds a placeholder.
    assert not OF_THE_CODECHECKER & set(yaml.safe_load(codecheck_text(BOOK, FILES)))


def test_addresses_are_those_of_the_configuration_or_left_out():
    document = yaml.safe_load(codecheck_text(BOOK, FILES))
    assert "repository" not in document
    assert "reference" not in document["paper"]
    published = BookRecord("T", base="https://book.example/", repository="https://code.example/b")
    document = yaml.safe_load(codecheck_text(published, FILES))
    assert document["repository"] == "https://code.example/b"
    assert document["paper"]["reference"] == "https://book.example/"


def test_only_the_files_of_the_ledger_that_there_are_are_listed(tmp_path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "claims.csv").write_text("claim\n")
    found = output_files(tmp_path, {"chapters/one": "One"})
    assert list(found) == ["ledger/claims.csv", "chapters/one.html"]


@pytest.mark.needs(what="site")
def test_every_file_of_the_manifest_is_in_the_built_site(site):
    # CC-BUN-001
    manifest = yaml.safe_load((site / "codecheck.yml").read_text(encoding="utf-8"))["manifest"]
    assert [entry["file"] for entry in manifest if not (site / entry["file"]).is_file()] == []
    assert len(manifest) > 3
