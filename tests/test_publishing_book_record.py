"""What the book says of itself."""

from __future__ import annotations

import pytest

from netcore.publishing.book_record import read_book_record

CITATION = """\
cff-version: 1.2.0
title: A book
authors:
  - given-names: Ann
    family-names: Author
  - name: A Group
license: MIT
version: 1.2.0
"""
CHANGES = "date,paper,claim\n2026-02-01,a,b\n2026-03-05,a,c\n2026-01-09,a,d\n"


@pytest.fixture
def book(tmp_path):
    (tmp_path / "_config.yml").write_text("title: Another title\nrepository:\n  url: ''\n")
    (tmp_path / "CITATION.cff").write_text(CITATION)
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "changes.csv").write_text(CHANGES)
    return tmp_path


def test_people_and_groups_are_authors_and_one_licence_is_a_list(book):
    record = read_book_record(book)
    assert record.title == "A book"
    assert record.authors == ("Ann Author", "A Group")
    assert record.licences == ("MIT",)


def test_the_date_is_that_of_the_release_or_of_the_last_change_of_a_verdict(book):
    assert read_book_record(book).date == "2026-03-05"
    (book / "CITATION.cff").write_text(f"{CITATION}date-released: 2026-04-01\n")
    assert read_book_record(book).date == "2026-04-01"


def test_an_address_that_is_not_configured_is_empty(book):
    assert (read_book_record(book).base, read_book_record(book).repository) == ("", "")
    (book / "_config.yml").write_text(
        "html:\n  baseurl: https://book.example\nrepository:\n  url: https://code.example/b/\n"
    )
    record = read_book_record(book)
    assert (record.base, record.repository) == ("https://book.example/", "https://code.example/b")


def test_a_book_without_these_files_has_a_title_all_the_same(tmp_path):
    assert read_book_record(tmp_path).title
