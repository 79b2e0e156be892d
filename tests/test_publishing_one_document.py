"""All pages as one document: anchors, links, folds, headings."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from netcore.publishing.one_document import (
    BookPage,
    anchors_of,
    article_of,
    chapter_markup,
    page_anchor,
    title_of,
)

ANCHORS = {"chapters/a": ["x", "t"], "chapters/b": ["y"], "methods/c": []}


def chapter(markup: str, base: str = "", deeper: int = 0) -> str:
    return chapter_markup(BookPage("chapters/a", markup), ANCHORS, base, deeper)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("#x", "#chapters--a--x"),
        ("b.html", "#chapters--b"),
        ("b.html#y", "#chapters--b--y"),
        ("../methods/c.html", "#methods--c"),
        ("../methods/c.html#gone", "#methods--c"),
        ("b.html?verdict=open#y", "#chapters--b--y"),
        ("https://doi.org/10.1/x", "https://doi.org/10.1/x"),
        ("mailto:a@book.example", "mailto:a@book.example"),
    ],
)
def test_a_link_between_pages_becomes_one_within_the_document(link, target):
    assert chapter(f'<a href="{link}">there</a>') == f'<a href="{target}">there</a>'


def test_a_link_to_a_file_leads_to_the_published_site():
    link = '<a href="../ledger/claims.csv">CSV</a>'
    assert chapter(link, base="https://book.example/") == (
        '<a href="https://book.example/ledger/claims.csv">CSV</a>'
    )


def test_a_link_to_a_file_of_a_site_without_an_address_keeps_only_its_text():
    assert chapter('<a href="../ledger/claims.csv">CSV</a>') == "<a>CSV</a>"


def test_a_file_within_the_page_is_no_link_on_paper():
    assert chapter('<a href="data:text/csv,a" download>CSV</a>') == "<a download>CSV</a>"


def test_what_refers_to_an_anchor_refers_to_its_new_name():
    markup = (
        '<svg aria-labelledby="t d"><title id="t">T</title><g clip-path="url(#clip)"/>'
        '<use xlink:href="#x"/></svg><label for="x">l</label>'
    )
    assert chapter(markup) == (
        '<svg aria-labelledby="chapters--a--t chapters--a--d">'
        '<title id="chapters--a--t">T</title><g clip-path="url(#chapters--a--clip)"></g>'
        '<use xlink:href="#chapters--a--x"></use></svg><label for="chapters--a--x">l</label>'
    )


def test_scripts_and_controls_are_left_out_with_all_that_is_in_them():
    markup = (
        "<p>one</p><script>if (a < b) { '<p>no</p>' }</script><button><i>no</i></button>"
        '<noscript><p>no</p></noscript><h2>two<a class="headerlink" href="#x">#</a></h2><input>'
    )
    assert chapter(markup) == "<p>one</p><h2>two</h2>"


def test_folds_are_open():
    assert chapter("<details class='hide'><summary>s</summary>t</details>") == (
        '<details class="hide" open><summary>s</summary>t</details>'
    )


def test_text_and_code_stay_as_they_are():
    markup = "<pre>a &lt; b &amp;&amp; c\n  d &#8212; é</pre><br><img alt='x \"y\"' src='p.svg'>"
    assert chapter(markup) == (
        "<pre>a &lt; b &amp;&amp; c\n  d &#8212; é</pre><br>"
        '<img alt="x &quot;y&quot;" src="/chapters/p.svg">'
    )


def test_headings_go_down_and_stop_at_the_sixth():
    assert chapter("<h1>a</h1><h6>b</h6>", deeper=1) == "<h2>a</h2><h6>b</h6>"


def test_a_place_that_the_keyboard_reaches_on_the_screen_is_none_on_paper():
    assert chapter('<div tabindex="0" role="region">t</div>') == '<div role="region">t</div>'


def test_anchors_are_those_that_stay():
    markup = '<p id="a">1</p><script id="b"></script><button id="c"></button>'
    assert anchors_of(markup) == {"a"}


def test_a_page_without_an_article_is_refused():
    with pytest.raises(ValueError, match="no article"):
        article_of("<main><p>none</p></main>")


def test_the_title_is_the_text_of_the_first_heading():
    assert title_of("<p>x</p><h1>A &amp; <em>B</em></h1><h1>C</h1>") == "A & B"
    assert title_of("<p>x</p>") == ""


def test_no_two_pages_share_an_anchor():
    assert page_anchor("chapters/a", "x") != page_anchor("chapters/b", "x")
    assert page_anchor("chapters/a") != page_anchor("methods/a")


@pytest.mark.needs(what="site")
def test_every_page_of_the_site_keeps_its_text(site):
    class Text(HTMLParser):
        """The text of a page without what is left out of print."""

        def __init__(self) -> None:
            super().__init__()
            self.words: list[str] = []
            self.out = 0

        def handle_starttag(self, tag, attrs):
            self.out += tag in ("script", "button", "noscript", "select", "template")
            self.out += tag == "a" and ("class", "headerlink") in attrs

        def handle_endtag(self, tag):
            self.out -= self.out and tag in (
                "script",
                "button",
                "noscript",
                "select",
                "template",
                "a",
            )

        def handle_data(self, data):
            if not self.out:
                self.words += data.split()

    def words(markup: str) -> list[str]:
        reader = Text()
        reader.feed(markup)
        return reader.words

    for path in sorted((site / "methods").glob("*.html")):
        markup = article_of(path.read_text(encoding="utf-8"))
        page = BookPage(f"methods/{path.stem}", markup)
        assert words(chapter_markup(page, {page.name: []})) == words(markup)
