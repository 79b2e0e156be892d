"""What each page says to machines."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from docutils import nodes
from docutils.utils import new_document

from netcore.paths import data_folder
from netcore.publishing.book_record import BookRecord
from netcore.publishing.staging import read_pages
from netcore.publishing.structured_data import (
    article,
    describe,
    head_elements,
    page_data,
    script_text,
)
from netcore.study.library import load_library

TITLES = {"chapters/home": "Home", "chapters/ledger": "The ledger", "methods/grim": "GRIM"}
BOOK = BookRecord(
    "A book", ("A Group",), "What it is.", ("k",), ("MIT", "CC-BY-4.0"), "1.0", "2026-01-02"
)
PUBLISHED = BookRecord("A book", base="https://book.example/")
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Head(HTMLParser):
    """The properties that elements of a head give."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.properties: dict[str, str] = {}
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and "content" in given:
            self.properties[given.get("property") or given["name"]] = given["content"]


@pytest.fixture(scope="module")
def library():
    return load_library(data_folder())


def test_the_home_page_is_a_book_whose_parts_are_the_other_pages(library):
    data = page_data(BOOK, "chapters/home", TITLES, "", library.papers)
    assert data["@type"] == "Book"
    assert [part["name"] for part in data["hasPart"]] == ["The ledger", "GRIM"]
    assert data["license"] == [
        "https://spdx.org/licenses/MIT",
        "https://spdx.org/licenses/CC-BY-4.0",
    ]


def test_a_chapter_is_about_the_paper_that_it_checks(library):
    paper = next(study for study in library.papers if study.paper.doi)
    titles = {**TITLES, f"chapters/{paper.paper.key}": "A paper"}
    data = page_data(BOOK, f"chapters/{paper.paper.key}", titles, "", library.papers)
    assert data["@type"] == "Chapter"
    assert [work["@id"] for work in data["about"]] == [f"https://doi.org/{paper.paper.doi}"]
    assert "about" not in page_data(BOOK, "methods/grim", titles, "", library.papers)


def test_the_ledger_is_a_data_set_that_can_be_fetched(library):
    data = page_data(BOOK, "chapters/ledger", TITLES, "", library.papers)["mainEntity"]
    assert data["@type"] == "Dataset"
    assert [file["contentUrl"] for file in data["distribution"]] == [
        "../ledger/ledger.json",
        "../ledger/claims.csv",
    ]
    assert data["license"] == ["https://spdx.org/licenses/CC-BY-4.0"]


def test_addresses_are_whole_where_the_site_has_one(library):
    data = page_data(PUBLISHED, "methods/grim", TITLES, "", library.papers)
    assert data["url"] == "https://book.example/methods/grim.html"
    assert data["isPartOf"]["@id"] == "https://book.example/chapters/home.html"
    head = head_elements(PUBLISHED, "methods/grim", "GRIM", "", data)
    assert Head(head).properties["og:url"] == "https://book.example/methods/grim.html"


def test_who_is_only_meant_by_et_al_is_no_author(library):
    for study in library.studies:
        names = [author["name"] for author in article(study).get("author", [])]
        assert not [name for name in names if name.lower().startswith(("et al", "others"))]


def test_nothing_in_a_title_can_end_the_script_or_the_attribute():
    nasty = 'A </script><script>alert("x")</script> & \u2028 "title"'
    text = script_text({"name": nasty})
    assert not re.search(r"[<>&\u2028]", text)
    assert json.loads(text) == {"name": nasty}
    head = head_elements(BOOK, "methods/grim", nasty, nasty, {"name": nasty})
    assert head.count("<script") == 1
    assert Head(head).properties["og:title"] == nasty


def document(*paragraphs: nodes.Node) -> nodes.document:
    page = new_document("page")
    page += nodes.section("", nodes.title("", "Title"), *paragraphs)
    return page


def test_the_description_is_the_first_prose_of_the_page():
    long = "Can a mean of whole numbers be what the paper prints? " * 6
    page = document(nodes.paragraph("", "Short."), nodes.paragraph("", long))
    text = describe(page)
    assert text.startswith("Can a mean of whole numbers")
    assert text.endswith(" …")
    assert len(text) <= 202
    assert describe(document(nodes.paragraph("", "Short."))) == ""


def test_markup_in_a_paragraph_is_no_part_of_the_description():
    prose = nodes.paragraph("", "Every printed value of every paper with its ")
    prose += [nodes.raw("", "<a href='x'>", format="html"), nodes.Text("verdict")]
    assert describe(document(prose)) == "Every printed value of every paper with its verdict"


@pytest.mark.needs(what="site")
def test_every_page_says_what_it_is_and_names_only_files_that_there_are(root, site):
    for page in read_pages(root):
        head = (site / f"{page}.html").read_text(encoding="utf-8").split("</head>")[0]
        (script,) = SCRIPT.findall(head)
        data = json.loads(script)
        assert data["@type"] in ("Book", "Chapter")
        assert Head(head).properties["og:title"]
        for address in _addresses(data):
            if not urlsplit(address).scheme:
                assert ((site / page).parent / address).is_file(), (page, address)


@pytest.mark.needs(what="site")
def test_descriptions_tell_chapters_apart(root, site):
    found = []
    for page in read_pages(root):
        head = (site / f"{page}.html").read_text(encoding="utf-8").split("</head>")[0]
        found.append(Head(head).properties.get("description"))
    given = [text for text in found if text]
    assert len(given) > 0.8 * len(found)
    assert len(set(given)) == len(given)
    assert not [text for text in given if "<a" in text]


def _addresses(data: object) -> list[str]:
    if isinstance(data, dict):
        own = [data[name] for name in ("@id", "url", "contentUrl") if name in data]
        return own + [each for value in data.values() for each in _addresses(value)]
    if isinstance(data, list):
        return [each for value in data for each in _addresses(value)]
    return []
