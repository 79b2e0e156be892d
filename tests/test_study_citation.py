"""How the book is cited: in words and as BibTeX, from one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pybtex.database import parse_string

from netcore.study.citation import CITATION_FILE, Citation, read_citation

ROOT = Path(__file__).resolve().parent.parent

FILE = """cff-version: 1.2.0
title: >-
  Percentages & counts,
  50 % of them_checked
authors:
  - family-names: Dijk
    name-particle: van
    given-names: Ada
  - name: The {curly} group
version: 1.2.0
date-released: 2031-02-03
doi: 10.1234/abc_def
url: https://example.org/book/
"""


@pytest.fixture
def book(tmp_path: Path) -> Citation:
    path = tmp_path / CITATION_FILE
    path.write_text(FILE, encoding="utf-8")
    return read_citation(path)


def test_the_words_name_authors_title_version_day_and_address(book: Citation) -> None:
    assert book.text == (
        "van Dijk, Ada; The {curly} group (2031). Percentages & counts, 50 % of them_checked, "
        "version 1.2.0. https://doi.org/10.1234/abc_def https://example.org/book/"
    )


def test_a_part_has_its_own_address_and_names_the_book(book: Citation) -> None:
    part = book.part("Surname 2020", "chapters/surname2020.html", "finding-a.b")
    assert "Surname 2020. In: Percentages & counts" in part.text
    assert part.text.endswith("https://example.org/book/chapters/surname2020.html#finding-a.b")
    assert part.key == "netcore-surname2020-finding-a.b"


def test_what_bibtex_reads_back_is_what_the_file_says(book: Citation) -> None:
    entry = parse_string(book.part("Surname 2020", "chapters/s.html").bibtex, "bibtex").entries[
        "netcore-s"
    ]
    assert entry.type == "incollection"
    assert [str(person) for person in entry.persons["author"]] == [
        "van Dijk, Ada",
        r"{The \{curly\} group}",
    ]
    assert entry.fields["year"] == "2031"
    assert entry.fields["doi"] == "10.1234/abc_def"
    assert entry.fields["booktitle"] == r"{Percentages \& counts, 50 \% of them\_checked}"
    assert entry.fields["url"] == "https://example.org/book/chapters/s.html"


def test_what_the_file_leaves_out_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / CITATION_FILE
    path.write_text("title: Short\nauthors: [{name: Somebody}]\n", encoding="utf-8")
    book = read_citation(path)
    assert book.text == "Somebody. Short."
    assert "= {}" not in book.bibtex
    assert book.part("A", "chapters/a.html").address == ""


@pytest.mark.parametrize("missing", ["title", "authors"])
def test_a_file_without_title_or_authors_is_refused(missing: str, tmp_path: Path) -> None:
    content = yaml.safe_load(FILE)
    del content[missing]
    path = tmp_path / CITATION_FILE
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValueError, match="expected both"):
        read_citation(path)


def test_the_file_of_the_book_can_be_read() -> None:
    book = read_citation(ROOT / CITATION_FILE)
    assert re.search(r", version \d", book.text)
    assert parse_string(book.bibtex, "bibtex").entries["netcore"].fields["title"]
