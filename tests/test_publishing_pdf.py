"""The book as one PDF: what it is made of, and what a reader of it finds."""

from __future__ import annotations

import json
import re
import unicodedata
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from netcore.publishing import pdf
from netcore.publishing.book_record import BookRecord
from netcore.publishing.chromium import find_chromium
from netcore.publishing.one_document import article_of, title_of
from netcore.publishing.pdf import PdfError, book_document, printed_parts, write_pdf
from netcore.publishing.staging import read_parts

BOOK = BookRecord("A book", ("A Group",), "What it is.", (), ("MIT",), "1.0", "2026-01-02")
PARTS = [("", ["chapters/home"]), ("Papers", ["chapters/a2020", "chapters/ledger"])]
LEDGER = {
    "papers": [{"key": "a2020", "title": "A title"}],
    "claims": [
        {"paper": "a2020", "claim": "n.all", "printed": "12", "unit": "", "verdict": "possible"},
        {"paper": "a2020", "claim": "p", "printed": "<0.05", "unit": "", "verdict": "inconsistent"},
    ],
}
FORMULA = "<p>Here <span class='math'>\\(x^2\\)</span> is a formula.</p>"


@pytest.fixture
def small_site(tmp_path) -> Path:
    """A site of three pages, without styles."""
    pages = {
        "chapters/home": '<h1 id="h">Home</h1><a href="a2020.html#claim-n.all">a claim</a>',
        "chapters/a2020": f'<h1>A 2020</h1><p id="claim-n.all">12</p>{FORMULA}',
        "chapters/ledger": "<h1>The ledger</h1><table><tr><td>very wide</td></tr></table>",
    }
    for name, markup in pages.items():
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<head></head><article class='bd-article'>{markup}</article>")
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "ledger.json").write_text(json.dumps(LEDGER))
    (tmp_path / "index.html").write_text("")
    return tmp_path


def test_the_document_has_cover_contents_and_every_page_in_its_order(small_site):
    document = book_document(small_site, PARTS, BOOK, {"chapters--a2020": 7})
    places = [document.index(f'id="{name}"') for name in ("contents", "chapters--home")]
    places += [document.index(f'id="chapters--{name}"') for name in ("a2020", "ledger")]
    assert places == sorted(places)
    assert document.index("nc-cover") < places[0]
    assert re.search(r'<li data-page="7"><a href="#chapters--a2020">A 2020</a>', document)
    assert "<h2>A 2020</h2>" in document
    assert 'href="#chapters--a2020--claim-n.all"' in document


def test_the_ledger_in_print_has_every_claim_with_its_verdict_and_leads_to_evidence(small_site):
    document = book_document(small_site, PARTS, BOOK, {})
    assert "very wide" not in document
    assert '<a href="#chapters--a2020--claim-n.all">n.all</a>' in document
    # The second has no evidence on its page.
    assert "<a>p</a>" in document
    assert "&lt;0.05" in document
    assert document.count("nc-badge") == len(LEDGER["claims"])


def test_where_there_is_no_chromium_the_message_says_how_to_get_one(small_site, monkeypatch):
    monkeypatch.setattr(pdf, "find_chromium", lambda: None)
    with pytest.raises(PdfError, match=r"apt-get install chromium[\s\S]*NETCORE_CHROMIUM"):
        write_pdf(small_site, small_site, small_site / "book.pdf")


def test_where_there_is_no_site_the_message_names_the_command(tmp_path):
    with pytest.raises(PdfError, match="make book"):
        write_pdf(tmp_path, tmp_path, tmp_path / "book.pdf")


def test_the_moment_of_drawing_gives_way_to_the_day_of_the_book_at_the_same_length():
    drawn = b"<</CreationDate (D:20261123131415+00'00')\n/ModDate (D:20261123131415+00'00')>>"
    dated = pdf._dated(drawn, "2026-01-02")
    assert len(dated) == len(drawn)
    assert dated.count(b"(D:20260102000000+00'00')") == 2


@pytest.mark.needs(what="browser")
def test_a_file_that_the_site_lacks_is_named(small_site):
    with pytest.raises(PdfError, match=r"/_static/mathjax/tex-chtml\.js"):
        pdf._draw(str(find_chromium()), book_document(small_site, PARTS, BOOK, {}), small_site)


@pytest.fixture(scope="module")
def drawn(root: Path, site: Path, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """The PDF of the built book."""
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    write_pdf(root, site, target)
    return PdfReader(BytesIO(target.read_bytes()))


needs_both = [pytest.mark.needs(what="browser"), pytest.mark.needs(what="site")]


class TestTheBookAsPdf:
    """One drawing of the whole book, looked at from several sides."""

    pytestmark = needs_both

    def test_it_is_tagged_and_says_its_title_and_language(self, drawn):
        catalogue = drawn.trailer["/Root"]
        assert catalogue["/MarkInfo"]["/Marked"]
        assert catalogue["/StructTreeRoot"]["/K"]
        assert catalogue["/Lang"].startswith("en")
        assert "number by number" in drawn.metadata["/Title"]

    def test_the_outline_has_every_part_with_its_chapters(self, drawn, root, site):
        outline = _nested(drawn.outline)
        for caption, pages in printed_parts(read_parts(root)):
            below = outline[caption] if caption else outline
            assert [title for title in below if title in _titles(site, pages)] == _titles(
                site, pages
            )

    def test_every_link_within_it_has_a_target(self, drawn):
        places = set(drawn.named_destinations)
        links = [link for page in drawn.pages for link in _links(page)]
        within = [str(link["/Dest"]) for link in links if "/Dest" in link]
        assert len(within) > 500
        assert [name for name in within if name not in places] == []
        outside = [str(link["/A"]["/URI"]) for link in links if "/A" in link]
        assert [address for address in outside if not address.startswith(("http", "mailto:"))] == []
        assert [address for address in outside if "book.invalid" in address] == []

    def test_every_chapter_begins_on_the_page_that_the_contents_say(self, drawn, root, site):
        for _, pages in printed_parts(read_parts(root)):
            for name in pages:
                place = drawn.named_destinations[f"/{pdf.page_anchor(name)}"]
                number = drawn.get_destination_page_number(place)
                text = _plain(drawn.pages[number].extract_text())
                (title,) = _titles(site, [name])
                assert _plain(title) in text
                assert text.startswith(_plain(title)), "the running head"

    def test_code_is_whole(self, drawn, root, site):
        """Lines are compared without spaces: where one was wrapped is no matter."""
        for name in ("reference/command-line", "chapters/synthesis"):
            if name not in [page for _, pages in printed_parts(read_parts(root)) for page in pages]:
                continue
            text = _plain(_chapter_text(drawn, root, name))
            markup = article_of((site / f"{name}.html").read_text(encoding="utf-8"))
            lines = [line for block in _code(markup) for line in block.splitlines() if line.strip()]
            assert lines
            assert [line for line in lines if _plain(line) not in text] == []

    def test_no_formula_is_left_as_it_was_typed(self, drawn, root):
        text = _chapter_text(drawn, root, "methods/rank-tests")
        assert not re.search(r"\\\(|\\frac|\\sum|Math input", text)
        assert "x(i)≤Q≤x(j)" in _plain(text)


def _nested(outline: list[Any]) -> dict[str, Any]:
    """Return titles with those below them."""
    found: dict[str, Any] = {}
    last = ""
    for entry in outline:
        if isinstance(entry, list):
            found[last] = _nested(entry)
        else:
            last = " ".join(str(entry.title).split())
            found[last] = {}
    return found


def _titles(site: Path, pages: list[str]) -> list[str]:
    built = [(site / f"{page}.html").read_text(encoding="utf-8") for page in pages]
    return [title_of(article_of(page)) for page in built]


def _links(page: Any) -> list[Any]:
    annotations = [annotation.get_object() for annotation in page.get("/Annots") or []]
    return [annotation for annotation in annotations if annotation["/Subtype"] == "/Link"]


def _chapter_pages(drawn: PdfReader, root: Path, name: str) -> list[Any]:
    """Return the pages from the beginning of a chapter to that of the next."""
    names = [page for _, pages in printed_parts(read_parts(root)) for page in pages]
    begins = [
        drawn.get_destination_page_number(drawn.named_destinations[f"/{pdf.page_anchor(page)}"])
        for page in names
    ]
    first = begins[names.index(name)]
    later = [number for number in begins if number is not None and number > first]
    return list(drawn.pages[first : min(later, default=len(drawn.pages))])


def _chapter_text(drawn: PdfReader, root: Path, name: str) -> str:
    return "\n".join(page.extract_text() for page in _chapter_pages(drawn, root, name))


def _code(markup: str) -> list[str]:
    blocks = re.findall(r'<div class="highlight"><pre>(.*?)</pre>', markup, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", block)) for block in blocks]


def _plain(text: str) -> str:
    """Return a text without its spaces, ligatures as letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
