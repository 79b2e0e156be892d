"""A published figure: drawing, caption and data belong together."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from urllib.parse import unquote

from netcore.figures import Plot

CELL = 'a "b", <c>\n&d'
PLOT = Plot(
    "name", "<svg></svg>", "Cap & tion", "No <te>", "In words: 5.", ("Row", "x"), ((CELL, "5"),)
)


class Parts(HTMLParser):
    """Tags with their attributes, and the text of cells."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_download_holds_the_data() -> None:
    (link,) = Parts(PLOT.to_html().markup).attributes("a")
    assert link["download"] == "name.csv"
    kind, _, content = (link["href"] or "").partition(",")
    assert kind == "data:text/csv;charset=utf-8"
    assert list(csv.reader(io.StringIO(unquote(content), newline=""))) == [
        ["Row", "x"],
        [CELL, "5"],
    ]


def test_cells_caption_and_note_are_text() -> None:
    parts = Parts(PLOT.to_html().markup)
    for content in (CELL, "Cap & tion", "No <te>"):
        assert content in parts.words
    assert not parts.attributes("c")
    assert not parts.attributes("te")


def test_what_scrolls_has_a_name_of_its_own_and_can_be_reached() -> None:
    regions = [part for part in Parts(PLOT.to_html().markup).attributes("div") if "role" in part]
    assert [part["tabindex"] for part in regions] == ["0", "0"]
    assert len({part["aria-label"] for part in regions}) == 2


def test_the_figure_can_be_linked_to_and_a_notebook_shows_it() -> None:
    (figure,) = Parts(PLOT._repr_html_()).attributes("figure")
    assert figure["id"] == "name"
    assert str(PLOT) == PLOT.alt


def test_an_empty_note_leaves_no_empty_paragraph() -> None:
    markup = Plot("n", "<svg></svg>", "C", "", "A", ("x",), (("1",),)).to_html().markup
    assert "nc-plot-note" not in markup
