"""The whole book as one tagged PDF, drawn by the system's Chromium."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from netcore.publishing.book_record import BookRecord, read_book_record
from netcore.publishing.chromium import ARGUMENTS, find_chromium
from netcore.publishing.claim_index import claim_index
from netcore.publishing.one_document import (
    BookPage,
    anchors_of,
    article_of,
    chapter_markup,
    page_anchor,
    title_of,
)
from netcore.publishing.print_style import FITTING_SCRIPT, STYLE, running_heads
from netcore.publishing.staging import read_parts
from netcore.publishing.structured_data import LEDGER_PAGE
from netcore.tables.markup import Html, element, slug

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

__all__ = ["PdfError", "book_document", "printed_parts", "write_pdf"]

# The document is given to Chromium under this address, which is nowhere.
_ORIGIN: Final = "http://book.invalid/"
_DOCUMENT: Final = f"{_ORIGIN}book.html"
_HOME: Final = "chapters/home"

# The Python interface would be three pages of every four: whoever writes code has a screen.
_ON_SCREEN_ONLY: Final = re.compile(r"reference/python/(?!index$)")

# A4 less its margins, in CSS pixels of a 96th of an inch.
_PORTRAIT: Final = round((210 - 36) / 25.4 * 96)
_LANDSCAPE: Final = round((297 - 36) / 25.4 * 96)
_SMALLEST: Final = 0.62  # of the usual size, before a table is laid on its side

_STYLE_SHEET: Final = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>')
_ADDRESS: Final = re.compile(r'\bhref="([^"]*)"')
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
_UNSET_FORMULAS: Final = """() => [...document.querySelectorAll('.math')]
  .filter((node) => !node.querySelector('mjx-container') || node.querySelector('mjx-merror'))
  .map((node) => node.textContent.slice(0, 80))"""


class PdfError(Exception):
    """A PDF that could not be drawn."""


def write_pdf(root: Path, site: Path, target: Path) -> None:
    """Draw the built book as one PDF.

    Parameters
    ----------
    root : Path
        The folder of the book.
    site : Path
        The folder of the built site.
    target : Path
        The PDF.

    Raises
    ------
    PdfError
        If there is no site, no Chromium, or a page that does not set.
    """
    if not (site / "index.html").is_file():
        raise PdfError("There is no built site: make book")
    chromium = find_chromium()
    if chromium is None:
        raise PdfError(
            "No Chromium was found, which draws the PDF. On Debian and Ubuntu:\n"
            "  apt-get install chromium\n"
            "NETCORE_CHROMIUM names one that is elsewhere."
        )
    book = read_book_record(root)
    parts = printed_parts(read_parts(root))
    numbers: dict[str, int] = {}
    # The first drawing says on which page each chapter begins.
    drawn = _draw(chromium, book_document(site, parts, book, numbers), site)
    numbers = _first_pages(drawn)
    drawn = _draw(chromium, book_document(site, parts, book, numbers), site)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_dated(drawn, book.date))


def printed_parts(parts: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """Return the parts of the contents without the pages that are for the screen.

    Parameters
    ----------
    parts : sequence of tuple of str and sequence of str
        Captions and pages.

    Returns
    -------
    list of tuple of str and list of str
        The same, without the pages of the Python interface.

    Examples
    --------
    >>> printed_parts([("Reference", ["reference/python/index", "reference/python/stats"])])
    [('Reference', ['reference/python/index'])]
    """
    return [
        (caption, [name for name in pages if not _ON_SCREEN_ONLY.match(name)])
        for caption, pages in parts
    ]


def book_document(
    site: Path,
    parts: Sequence[tuple[str, Sequence[str]]],
    book: BookRecord,
    numbers: Mapping[str, int],
) -> str:
    """Return the book as one HTML document.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    parts : sequence of tuple of str and sequence of str
        The parts of the contents: their captions, empty where there is none,
        and their pages.
    book : BookRecord
        What the book says of itself.
    numbers : mapping of str to int
        The number of the page on which a chapter begins, by its anchor, as
        far as it is known.

    Returns
    -------
    str
        Cover, contents and chapters, with the styles of the site.
    """
    names = [name for _, pages in parts for name in pages]
    built = {name: (site / f"{name}.html").read_text(encoding="utf-8") for name in names}
    pages = {name: BookPage(name, article_of(built[name])) for name in names}
    anchors = {name: anchors_of(page.markup) for name, page in pages.items()}
    titles = {name: title_of(page.markup) for name, page in pages.items()}
    if LEDGER_PAGE in pages and (site / "ledger" / "ledger.json").is_file():
        pages[LEDGER_PAGE] = _printed_ledger(site, pages[LEDGER_PAGE], titles, anchors)
        anchors[LEDGER_PAGE] = anchors_of(pages[LEDGER_PAGE].markup)

    body: list[Html] = [_cover(book), _contents(parts, titles, numbers)]
    heads: dict[str, str] = {}
    for caption, members in parts:
        if caption:
            body.append(element("section", element("h1", caption), class_="nc-part"))
        for name in members:
            heads[f"c{len(heads)}"] = titles[name]
            inside = chapter_markup(pages[name], anchors, book.base, 1 if caption else 0)
            body.append(
                element(
                    "article",
                    Html(inside),
                    id=page_anchor(name),
                    class_=f"bd-article nc-chapter c{len(heads) - 1}",
                )
            )
    head = [
        '<meta charset="utf-8">',
        element("title", book.title).markup,
        *(f'<link rel="stylesheet" href="{sheet}">' for sheet in _style_sheets(built)),
        f"<style>{STYLE}{running_heads(heads)}</style>",
        '<script>window.MathJax = {"options": {"processHtmlClass": "math", '
        '"enableMenu": false}}</script>',
        '<script defer src="/_static/mathjax/tex-chtml.js"></script>',
    ]
    classes = "bd-content tex2jax_ignore mathjax_ignore"
    main = element("main", *body, class_=classes).markup
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light">\n<head>\n'
        + "\n".join(head)
        + f"\n</head>\n<body>\n{main}\n</body>\n</html>\n"
    )


def _cover(book: BookRecord) -> Html:
    facts = [f"Version {book.version}" if book.version else "", book.date]
    licences = ", ".join(book.licences)
    return element(
        "section",
        element("h1", book.title),
        element("p", ", ".join(book.authors)),
        element("p", ", ".join(fact for fact in facts if fact)),
        element("p", book.abstract),
        element(
            "p",
            f"Licences: {licences}. The papers that are checked are not part of this book. "
            "Nothing here is medical advice.",
            class_="nc-colophon",
        ),
        class_="nc-cover",
    )


def _contents(
    parts: Sequence[tuple[str, Sequence[str]]],
    titles: Mapping[str, str],
    numbers: Mapping[str, int],
) -> Html:
    lists: list[Html] = []
    for caption, members in parts:
        if caption:
            lists.append(element("p", caption, class_="nc-part-name"))
        items = [
            element(
                "li",
                element("a", titles[name], href=f"#{page_anchor(name)}"),
                element("i"),
                data_page=str(numbers.get(page_anchor(name), "")),
            )
            for name in members
        ]
        lists.append(element("ul", *items))
    return element("nav", element("h1", "Contents"), *lists, class_="nc-contents", id="contents")


def _printed_ledger(
    site: Path,
    page: BookPage,
    titles: Mapping[str, str],
    anchors: Mapping[str, frozenset[str]],
) -> BookPage:
    """Return the page of the ledger as an index of claims."""
    ledger = json.loads((site / "ledger" / "ledger.json").read_text(encoding="utf-8"))
    folder = page.name.rsplit("/", 1)[0]
    papers = {
        paper["key"]: titles.get(f"{folder}/{paper['key']}") or paper["title"] or paper["key"]
        for paper in ledger["papers"]
    }

    def address(key: str, claim: str) -> str | None:
        own = f"claim-{slug(claim)}"
        if own in anchors.get(f"{folder}/{key}", ()):
            return f"{key}.html#{own}"
        of_source = f"claim-{slug(f'{key}.{claim}')}"
        return (
            f"sources.html#{of_source}"
            if of_source in anchors.get(f"{folder}/sources", ())
            else None
        )

    introduction = element(
        "p",
        "Every claim of every paper, with its printed value and its verdict. Each leads to what "
        "follows from the other values, and to its evidence. The whole ledger is in the files "
        "ledger/claims.csv and ledger/ledger.json of the site.",
    )
    inside = [
        element("h1", titles[page.name]),
        introduction,
        claim_index(ledger["claims"], papers, address),
    ]
    return BookPage(page.name, element("section", *inside).markup)


def _style_sheets(built: Mapping[str, str]) -> list[str]:
    """Return every style sheet that a page loads, from the root of the site."""
    found: dict[str, None] = {}
    for name, page in built.items():
        for link in _STYLE_SHEET.findall(page):
            address = _ADDRESS.search(link)
            if address:
                path = address[1].replace("../", "")
                found.setdefault(
                    f"/{path}" if ".." in address[1] else f"/{Path(name).parent}/{path}"
                )
    return list(found)


def _draw(chromium: str, document: str, site: Path) -> bytes:
    """Have Chromium print a document that reads its files from the site."""
    from playwright.sync_api import sync_playwright

    missing: list[str] = []

    def answer(route: Route) -> None:
        address = route.request.url
        path = site / unquote(urlsplit(address).path).lstrip("/")
        if address == _DOCUMENT:
            route.fulfill(body=document, content_type="text/html; charset=utf-8")
        elif address.startswith(_ORIGIN) and path.is_file():
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            route.fulfill(body=path.read_bytes(), content_type=kind)
        else:
            missing.append(address)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": _PORTRAIT, "height": 1000}, color_scheme="light")
        page.set_default_timeout(240_000)
        page.route("**/*", answer)
        page.emulate_media(media="print", color_scheme="light")
        page.goto(_DOCUMENT, wait_until="load")
        # Without its script no formula would ever be set.
        _refuse(missing)
        _settle(page)
        _refuse(missing)
        page.evaluate(FITTING_SCRIPT, [_PORTRAIT, _LANDSCAPE, _SMALLEST])
        drawn = page.pdf(
            prefer_css_page_size=True, print_background=True, tagged=True, outline=True
        )
        browser.close()
    return drawn


def _refuse(missing: Sequence[str]) -> None:
    if missing:
        raise PdfError(f"The PDF asks for files that the site lacks: {', '.join(missing)}")


def _settle(page: Page) -> None:
    """Wait until formulas are set and fonts are there."""
    page.wait_for_function("() => window.MathJax?.startup?.promise")
    page.evaluate("() => window.MathJax.startup.promise.then(() => null)")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    if unset := page.evaluate(_UNSET_FORMULAS):
        raise PdfError(f"Formulas that were not set: {'; '.join(unset[:5])}")


def _first_pages(drawn: bytes) -> dict[str, int]:
    """Return the number of the page that each named destination is on."""
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(drawn))
    found: dict[str, Any] = reader.named_destinations
    pages = {name: reader.get_destination_page_number(place) for name, place in found.items()}
    return {name.removeprefix("/"): page + 1 for name, page in pages.items() if page is not None}


def _dated(drawn: bytes, date: str) -> bytes:
    """Put the day of the book where Chromium puts the present moment, at the same length.

    Parameters
    ----------
    drawn : bytes
        A PDF.
    date : str
        A day, as YYYY-MM-DD, or nothing.

    Returns
    -------
    bytes
        The PDF, with every byte at its place.
    """
    day = (date.replace("-", "") or "19700101").ljust(8, "1")

    def replaced(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        moment = f"/{name} (D:{day}000000+00'00')".encode()
        return moment.ljust(len(found[0])) if len(moment) <= len(found[0]) else found[0]

    return _DATES.sub(replaced, drawn)
