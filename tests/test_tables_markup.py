from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.tables.markup import Html, element, joined, slug, text


class Tags(HTMLParser):
    """Collect the tags and the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


def parsed(html: Html) -> Tags:
    tags = Tags()
    tags.feed(html.markup)
    tags.close()
    return tags


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_no_text_becomes_a_tag(words: str) -> None:
    found = parsed(element("td", words, title=words, data_label=words))
    assert found.tags == [("td", [("title", words), ("data-label", words)])]
    assert found.words == words


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_joined_text_is_escaped_too(words: str) -> None:
    assert parsed(joined([words, element("b", words)])).tags == [("b", [])]
    assert parsed(text(words)).tags == []


def test_what_is_html_already_is_taken_as_it_is() -> None:
    bold = element("b", "x")
    assert element("p", bold).markup == "<p><b>x</b></p>"
    assert joined([bold, bold], ", ").markup == "<b>x</b>, <b>x</b>"


def test_an_attribute_of_none_is_left_out() -> None:
    assert element("a", "x", href=None, class_="n").markup == '<a class="n">x</a>'


def test_it_prints_as_text_in_a_terminal() -> None:
    rows = [
        element("tr", element("td", "a<b"), element("td", "2")),
        element("tr", element("td", "c")),
    ]
    shown = str(element("table", *rows))
    assert "<" not in shown.replace("a<b", "")
    assert [line.split() for line in shown.splitlines()] == [["a<b", "2"], ["c"]]


def test_a_notebook_shows_the_markup() -> None:
    assert element("b", "x")._repr_html_() == "<b>x</b>"


@pytest.mark.parametrize("name", ["t1.pct", "her2+", "her2-", "a+b", "a-b", "a_b", "x-"])
def test_an_id_that_is_an_address_stays_as_it_is(name: str) -> None:
    assert slug(name) == name


def test_other_characters_never_reach_an_address() -> None:
    assert slug('a|b <script>"') == "a-b-script"
    assert slug("") == ""


def test_an_input_has_no_closing_tag() -> None:
    assert (
        element("input", type="checkbox", checked="").markup == '<input type="checkbox" checked="">'
    )
