"""Read HTML as a browser does: which tags, which attributes, which anchors."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

# What the pages are made of; anything else came out of a data file.
TAGS = set(
    "a b caption dd details div dl dt h3 h4 li ol p pre section span strong summary table tbody td th "
    "thead tr ul code em small figure figcaption".split()
)
# What the controls of the ledger are made of.
TAGS |= set("form fieldset input label legend".split())
# What a drawing is made of, as a browser's parser names it: in small letters.
TAGS |= set("svg title desc defs g path use rect text tspan clippath".split())
ATTRIBUTES = set(
    "aria-hidden aria-label class data-label href id role scope style tabindex title colspan rowspan open "
    "download".split()
)
ATTRIBUTES |= set(
    "xmlns viewbox aria-labelledby aria-describedby d transform clip-path x y width height".split()
)
# What the ledger's table and controls carry.
ATTRIBUTES |= set(
    "autocomplete checked data-check data-class-name data-name data-order data-paper data-search "
    "data-stat data-verdict data-visible for hidden name spellcheck type value".split()
)


class Page(HTMLParser):
    """The tags and anchors of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.anchors: Counter[str] = Counter()
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "input":  # the one that is never closed
            self.open.append(tag)
        if tag not in TAGS:
            self.foreign.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.foreign.append(f"{tag} {name}")
            if name == "id":
                self.anchors[value or ""] += 1
            if name == "href":
                self.links.append(value or "")
                if "script" in (value or "").partition(":")[0].lower():
                    self.foreign.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.foreign.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.words += data


def assert_harmless(markup: str) -> Page:
    """Fail if a string of a data file has become a tag or an attribute."""
    page = Page(markup)
    assert not page.foreign
    assert not page.open
    return page
