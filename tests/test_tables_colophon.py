"""The end of a page, and the way to reply: with a repository a prefilled issue, without a text to send."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless

from netcore.ledger import Ledger, build_ledger
from netcore.study import load_study
from netcore.study.citation import Citation
from netcore.tables.book import Book, read_book
from netcore.tables.colophon import page_colophon
from netcore.tables.finding_text import finding_html
from netcore.tables.reply import LONGEST, Reply, reply_html, reply_to_finding

CITATION = Citation("Values & counts", ("Doe, Jo",), version="1.0")
SITED = Citation("Values", ("Doe, Jo",), address="https://example.org/book/")
REPOSITORY = "https://example.org/group/project"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return build_ledger([load_study(write_hostile(tmp_path_factory.mktemp("data") / "evil2020"))])


def write_book(folder: Path, settings: str) -> Book:
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    cited = "title: T\nauthors: [{name: A}]\nversion: 2.0\n"
    (folder / "CITATION.cff").write_text(cited, encoding="utf-8")
    return read_book(folder)


def test_without_a_repository_there_is_a_text_to_send_and_no_link(tmp_path: Path) -> None:
    book = write_book(tmp_path, 'repository:\n  url: ""\n')
    page = assert_harmless(reply_html(Reply("Title & more", "chapters/a.html"), book).markup)
    assert page.links == []
    assert "About: Title & more" in page.words
    assert "Page: chapters/a.html" in page.words
    assert "Version: 2.0" in page.words


def test_with_a_repository_the_issue_is_filled_in(tmp_path: Path) -> None:
    book = write_book(tmp_path, f"repository:\n  url: {REPOSITORY}/\n")
    reply = Reply("5 % & more? #1", "chapters/a.html#finding-a+b", ("12 % (Table 1; t1+x)",))
    (link,) = assert_harmless(reply_html(reply, book).markup).links
    parts = urlsplit(link)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{REPOSITORY}/issues/new"
    assert not parts.fragment
    filled = parse_qs(parts.query, strict_parsing=True)
    assert filled["title"] == ["5 % & more? #1"]
    assert filled["body"] == [reply.text(book)]
    assert "12 % (Table 1; t1+x)" in filled["body"][0]


def test_an_address_of_the_site_makes_the_page_a_whole_address(tmp_path: Path) -> None:
    reply = Reply("T", "chapters/a.html")
    assert "Page: https://example.org/book/chapters/a.html" in reply.text(Book(SITED))
    configured = write_book(tmp_path, "html:\n  baseurl: https://example.org/other\n")
    assert "Page: https://example.org/other/chapters/a.html" in reply.text(configured)


def test_a_reply_to_a_finding_names_it_and_its_printed_values(ledger: Ledger) -> None:
    for finding in ledger.findings:
        text = reply_to_finding(ledger, finding).text(Book())
        assert finding.id in text
        assert f"chapters/{finding.paper}.html#finding-" in text
        values = [line for line in text.splitlines() if line.startswith("- ")]
        assert len(values) == min(len(finding.claims), LONGEST) + (len(finding.claims) > LONGEST)


def test_no_string_of_a_study_becomes_markup_in_a_reply(ledger: Ledger) -> None:
    words = ""
    for book in (Book(CITATION), Book(SITED, REPOSITORY)):
        for finding in ledger.findings:
            words += assert_harmless(finding_html(ledger, finding, book=book).markup).words
    assert SCRIPT in words


def test_the_end_of_a_page_cites_it_and_its_book() -> None:
    shown = page_colophon("sources", "Published series", book=Book(CITATION))
    page = assert_harmless(shown.markup)
    assert "Doe, Jo. Published series. In: Values & counts, version 1.0." in page.words
    assert "@incollection{netcore-sources," in page.words
    assert r"Values \& counts" in page.words
    assert "../downloads/sources.ipynb" in page.links


def test_a_book_that_says_nothing_still_has_an_end(tmp_path: Path) -> None:
    book = read_book(tmp_path)
    assert book == Book()
    page = assert_harmless(page_colophon("sources", "Published series", book=book).markup)
    assert "Cite" not in page.words
    assert "Reply or dispute" in page.words
