"""All pages of the built site as one document, for print.

The pages share one space of names then: every anchor gets the name of its page
in front, and every link between pages becomes a link within the document.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["BookPage", "anchors_of", "article_of", "chapter_markup", "page_anchor", "title_of"]

_ARTICLE: Final = re.compile(r"<article\b[^>]*>(.*)</article>", re.DOTALL)
_TITLE: Final = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_TAG: Final = re.compile(r"<a class=\"headerlink\".*?</a>|<[^>]+>", re.DOTALL)
_REFERENCE: Final = re.compile(r"url\(\s*(['\"]?)#([^)'\"]+)\1\s*\)")

# What a reader of paper cannot use, with all that is in it.
_LEFT_OUT: Final = frozenset({"button", "datalist", "noscript", "script", "select", "template"})
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_OF_ONE_ANCHOR: Final = frozenset({"for", "list"})
_OF_ANCHORS: Final = frozenset(
    {
        "aria-controls",
        "aria-describedby",
        "aria-details",
        "aria-labelledby",
        "aria-owns",
        "headers",
    }
)
# Files that a page carries within itself.
_ON_THE_SCREEN: Final = frozenset({"blob", "data", "javascript"})
_LINKS: Final = frozenset({"href", "xlink:href"})


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of the book.

    Parameters
    ----------
    name : str
        The page, without its ending, from the root of the site.
    markup : str
        HTML of what it says: the content of its article.
    """

    name: str
    markup: str


def article_of(page: str) -> str:
    """Return what a built page says, without what is around it.

    Parameters
    ----------
    page : str
        HTML of the page.

    Returns
    -------
    str
        The content of its article.

    Raises
    ------
    ValueError
        If it has none.

    Examples
    --------
    >>> article_of("<nav>…</nav><article class='a'><h1>One</h1></article>")
    '<h1>One</h1>'
    """
    found = _ARTICLE.search(page)
    if found is None:
        raise ValueError("the page has no article")
    return found[1]


def title_of(markup: str) -> str:
    """Return the title of a page.

    Parameters
    ----------
    markup : str
        HTML of what it says.

    Returns
    -------
    str
        The text of its first heading; nothing where it has none.

    Examples
    --------
    >>> title_of('<h1>Rank <em>tests</em><a class="headerlink" href="#t">#</a></h1>')
    'Rank tests'
    """
    found = _TITLE.search(markup)
    return " ".join(unescape(_TAG.sub("", found[1])).split()) if found else ""


def anchors_of(markup: str) -> frozenset[str]:
    """Return the anchors of a page.

    Parameters
    ----------
    markup : str
        HTML of what it says.

    Returns
    -------
    frozenset of str
        The ids that stay when it becomes a part of the document.
    """
    writer = _Writer("", {"": frozenset()}, "", 0)
    writer.write(markup)
    return frozenset(writer.anchors)


def page_anchor(name: str, anchor: str = "") -> str:
    """Return an anchor of the one document.

    Parameters
    ----------
    name : str
        A page, without its ending.
    anchor : str
        An anchor on that page; its beginning by default.

    Returns
    -------
    str
        The anchor, which no other page has.

    Examples
    --------
    >>> page_anchor("chapters/home"), page_anchor("chapters/home", "claim-a")
    ('chapters--home', 'chapters--home--claim-a')
    """
    place = name.replace("/", "--")
    return f"{place}--{anchor}" if anchor else place


def chapter_markup(
    page: BookPage, anchors: Mapping[str, Iterable[str]], base: str = "", deeper: int = 0
) -> str:
    """Return a page as a part of the one document.

    Parameters
    ----------
    page : BookPage
        The page.
    anchors : mapping of str to iterable of str
        The anchors of every page of the document.
    base : str
        The address of the site.  A link to a file that is no page leads
        there; where the site has no address, only its text stays.
    deeper : int
        How many levels its headings go down.

    Returns
    -------
    str
        HTML of the page: folds open, scripts and controls left out, links to
        other pages made links within the document.

    Examples
    --------
    >>> page = BookPage("chapters/a", '<p id="x"><a href="../methods/b.html#y">b</a></p>')
    >>> chapter_markup(page, {"chapters/a": ["x"], "methods/b": ["y"]})
    '<p id="chapters--a--x"><a href="#methods--b--y">b</a></p>'
    """
    writer = _Writer(page.name, anchors, base, deeper)
    writer.write(page.markup)
    return "".join(writer.parts)


class _Writer(HTMLParser):
    """Writes HTML again, with other names and without what is left out."""

    def __init__(
        self, page: str, anchors: Mapping[str, Iterable[str]], base: str, deeper: int
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.anchors: list[str] = []
        self._page = page
        self._known = {name: frozenset(known) for name, known in anchors.items()}
        self._base = base
        self._deeper = deeper
        self._left_out: list[str] = []

    def write(self, markup: str) -> None:
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._left_out:
            if tag == self._left_out[0]:
                self._left_out.append(tag)
            return
        if tag in _LEFT_OUT or (tag == "a" and "headerlink" in (given.get("class") or "").split()):
            self._left_out.append(tag)
            return
        if tag == "input":
            return
        if identifier := given.get("id"):
            self.anchors.append(identifier)
        if tag == "details":
            given["open"] = None
        changed = {
            name: self._changed(name, value) for name, value in given.items() if name != "tabindex"
        }
        written = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in changed.items()
            if value is not None or name not in _LINKS
        )
        self.parts.append(f"<{self._level(tag)}{written}>")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        # In SVG an element may end where it begins; HTML's own void elements have no end.
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            if tag == self._left_out[-1]:
                self._left_out.pop()
            return
        self.parts.append(f"</{self._level(tag)}>")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _level(self, tag: str) -> str:
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return f"h{min(int(tag[1]) + self._deeper, 6)}"
        return tag

    def _changed(self, name: str, value: str | None) -> str | None:
        if value is None:
            return None
        if name == "id" or name in _OF_ONE_ANCHOR:
            return page_anchor(self._page, value)
        if name in _OF_ANCHORS:
            return " ".join(page_anchor(self._page, anchor) for anchor in value.split())
        if name in _LINKS:
            return self._link(value)
        if name == "src":
            return value if value.startswith("data:") else f"/{self._place(value)}"
        return _REFERENCE.sub(lambda found: f"url(#{page_anchor(self._page, found[2])})", value)

    def _link(self, link: str) -> str | None:
        parts = urlsplit(link)
        if parts.scheme in _ON_THE_SCREEN:
            return None
        if parts.scheme or parts.netloc:
            return link
        target = self._place(parts.path) if parts.path else f"{self._page}.html"
        page = target.removesuffix(".html")
        if page in self._known:
            anchor = unquote(parts.fragment)
            # What a page shows of itself for a query, or has no more, is on that page.
            return f"#{page_anchor(page, anchor if anchor in self._known[page] else '')}"
        return f"{self._base}{target}" if self._base else None

    def _place(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._page), unquote(path)))
