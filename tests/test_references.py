"""The bibliography holds every source that the data name, and says nothing twice."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import pytest
from pybtex.database import BibliographyData, BibliographyDataError, Entry, parse_file, parse_string
from pybtex.plugin import find_plugin

from netcore.study import COLUMNS, load_study

ROOT = Path(__file__).resolve().parent.parent
REFERENCES = ROOT / "references.bib"
LITERATURE = ROOT / "data" / "literature"

# As netcore.study.scalars.Doi, and without a space or a brace that BibTeX leaves behind.
DOI = re.compile(r"10\.[0-9]{4,9}/[^\s{}]+")
YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")


def folders() -> list[Path]:
    """Return the folder of every paper and of every series that papers are compared with."""
    return sorted(file.parent for file in (ROOT / "data").rglob("paper.yaml"))


def cited(claims: str) -> Iterator[str]:
    """Yield the key of every source that stands in the cells of `cites`."""
    for row in csv.DictReader(StringIO(claims)):
        for source in filter(None, row["cites"].split("|")):
            yield source.partition("#")[0]


def named_keys() -> Mapping[str, str]:
    """Return every key that needs an entry, with a place that names it."""
    keys = {folder.name: str(folder.relative_to(ROOT)) for folder in folders()}
    for folder in folders():
        claims = folder / "claims.csv"
        for key in cited(claims.read_text(encoding="utf-8")):
            keys.setdefault(key, str(claims.relative_to(ROOT)))
    return keys


def faults(entries: Mapping[str, Entry]) -> list[str]:
    """Return what is wrong with the entries of a bibliography."""
    found = []
    for key, entry in entries.items():
        fields = entry.fields
        if not ("title" in fields or "note" in fields):
            found.append(f"{key}: neither title nor note")
        if "year" in fields:
            if YEAR.fullmatch(fields["year"]) is None:
                found.append(f"{key}: year {fields['year']}")
        elif "undated" not in fields.get("note", ""):
            found.append(f"{key}: neither year nor a note that says undated")
        if "doi" in fields and DOI.fullmatch(fields["doi"]) is None:
            found.append(f"{key}: doi {fields['doi']}")
        found.extend(f"{key}: empty {name}" for name, text in fields.items() if not text.strip())
    dois = [entry.fields["doi"].lower() for entry in entries.values() if "doi" in entry.fields]
    found.extend(f"{doi} twice" for doi in sorted(set(dois)) if dois.count(doi) > 1)
    if list(entries) != sorted(entries):
        found.append("not sorted by key")
    return found


@pytest.fixture(scope="module")
def references() -> BibliographyData:
    return parse_file(str(REFERENCES), bib_format="bibtex")  # refuses a key that stands there twice


def test_every_source_that_the_data_name_has_an_entry(references: BibliographyData) -> None:
    keys = named_keys()
    assert keys
    missing = {key: place for key, place in keys.items() if key not in set(references.entries)}
    assert missing == {}


def test_the_entries_are_complete_well_formed_and_sorted(references: BibliographyData) -> None:
    assert faults(references.entries) == []


def test_every_entry_is_printed_by_the_style_of_the_book(references: BibliographyData) -> None:
    # A style refuses an entry without a field that its type must have, and so would the book.
    style = find_plugin("pybtex.style.formatting", "unsrt")()
    backend = find_plugin("pybtex.backends", "plaintext")()
    printed = {
        entry.key: entry.text.render(backend) for entry in style.format_bibliography(references)
    }
    assert set(printed) == set(references.entries)
    for key, text in printed.items():
        assert references.entries[key].fields.get("year", "undated") in text
        assert not set("{}\\") & set(text), text


def test_a_folder_and_its_entry_give_the_same_doi_and_year(references: BibliographyData) -> None:
    for folder in folders():
        paper = load_study(folder).paper
        fields = references.entries[folder.name].fields
        assert fields.get("doi") == paper.doi, folder
        assert fields.get("year") == paper.year, folder


def test_every_literature_folder_was_seen_in_an_abstract_or_a_secondary_source() -> None:
    folders_there = [file.parent for file in LITERATURE.glob("*/paper.yaml")]
    assert folders_there
    for folder in folders_there:
        study = load_study(folder)
        assert study.paper.key == folder.name
        assert study.claims
        assert all(place.seen != "full text" for place in study.locations.values()), folder


def test_cited_keys_are_read_without_the_claim_and_for_each_reading() -> None:
    cells = dict.fromkeys(COLUMNS, "")
    lines = [
        ",".join((cells | {"cites": cites}).values()) for cites in ("", "a2020#n", "b2021|c2022#x")
    ]
    assert list(cited("\n".join([",".join(COLUMNS), *lines]))) == ["a2020", "b2021", "c2022"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("@misc{a, year = {2020}}", "a: neither title nor note"),
        ("@misc{a, title = {T}}", "a: neither year nor a note that says undated"),
        ("@misc{a, title = {T}, year = {20}}", "a: year 20"),
        (
            "@misc{a, title = {T}, year = {2020}, doi = {https://doi.org/10.1000/182}}",
            "a: doi https://doi.org/10.1000/182",
        ),
        ("@misc{a, title = {T}, year = {2020}, journal = { }}", "a: empty journal"),
        (
            "@misc{a, title = {T}, year = {2020}, doi = {10.1000/X}}"
            "@misc{b, title = {T}, year = {2020}, doi = {10.1000/x}}",
            "10.1000/x twice",
        ),
        (
            "@misc{b, title = {T}, year = {2020}} @misc{a, title = {T}, year = {2020}}",
            "not sorted by key",
        ),
    ],
)
def test_a_fault_of_an_entry_is_found(text: str, fault: str) -> None:
    assert faults(parse_string(text, "bibtex").entries) == [fault]


def test_an_undated_entry_and_a_doi_with_brackets_pass() -> None:
    text = (
        "@misc{a, title = {T}, note = {undated}}"
        "@misc{b, title = {T}, year = {1998}, doi = {10.1002/(SICI)17:8<873::AID>3.0.CO;2-I}}"
    )
    assert faults(parse_string(text, "bibtex").entries) == []


def test_a_key_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(BibliographyDataError):
        parse_string("@misc{a, title = {T}} @misc{a, title = {U}}", "bibtex")
