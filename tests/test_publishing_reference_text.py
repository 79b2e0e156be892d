"""The pages of the reference that are made from code and data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docutils import nodes

from netcore.checks import Verdict
from netcore.checks.catalogue import CATALOGUE, CheckEntry
from netcore.cli import command_line
from netcore.ledger.schema import ledger_schema
from netcore.publishing.check_index import index_markdown
from netcore.publishing.command_line_text import command_markdown, commands
from netcore.publishing.generated_text import markdown_table, plain
from netcore.publishing.how_to_cite import chapter_titles, citations_markdown, verdict_state
from netcore.publishing.python_interface import _located, documented_modules
from netcore.publishing.schema_text import schema_markdown
from netcore.publishing.staging import read_pages
from netcore.publishing.verdict_changes import Change, changes_markdown, read_changes
from netcore.study.citation import read_citation

ROOT = Path(__file__).resolve().parent.parent


# Markdown


def rendered(markdown: str) -> nodes.document:
    """Parse Markdown as the book does."""
    from docutils.core import publish_doctree
    from myst_parser.docutils_ import Parser

    settings = {"report_level": 5, "myst_suppress_warnings": ["myst"]}
    return publish_doctree(markdown, parser=Parser(), settings_overrides=settings)


@pytest.mark.parametrize(
    "text",
    ["a|b", "*one* _two_ `three`", "1 < 2 > 0", "[x](y)", "{term}`z`", "~80 ^ $x$ \\ # &amp;"],
)
def test_plain_text_reads_as_it_was_given(text: str) -> None:
    assert rendered(plain(text)).astext() == text
    cell = next(iter(rendered(markdown_table(["a"], [[plain(text)]])).findall(nodes.tbody)))
    assert cell.astext() == text


# The index of checks


def test_the_index_has_a_row_and_an_anchor_for_each_check() -> None:
    text = index_markdown(CATALOGUE)
    assert re.findall(r'id="check-([a-z-]+)"', text) == [entry.name for entry in CATALOGUE]


def test_the_index_says_which_proofs_are_replayed() -> None:
    entries = [
        CheckEntry("toy", "Is it so?", "a number", "exact", True, "order"),
        CheckEntry("game", "Is it not?", "a number", "search", False, "order"),
    ]
    first, second = index_markdown(entries).splitlines()[2:]
    assert "| exact | replayed |" in first
    assert "| search, and proved bounds | none |" in second


# The command line


def test_every_command_has_its_place_in_the_reference() -> None:
    page = (ROOT / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert re.findall(r"```\{command-line\} (\w+)", page) == list(commands())


@pytest.mark.parametrize("name", list(commands()))
def test_every_option_that_the_parser_takes_is_in_the_reference(name: str) -> None:
    text = command_markdown(name)
    parser = commands()[name]
    told = set(re.findall(r"(?<![\w-])--?[a-z]+", text))
    taken = {word for action in parser._actions for word in action.option_strings}
    assert told == taken - {"-h", "--help"}
    for action in parser._actions:
        for choice in action.choices or ():
            assert f"`{choice}`" in text


def test_usage_and_defaults_are_said() -> None:
    assert "netcore verify [OPTIONS] [PAPER or FOLDER ...]\n" in command_markdown("verify")
    assert "netcore compare [OPTIONS] FIRST SECOND\n" in command_markdown("compare")
    assert "| `--format` | what to print; one of `text`, `csv`; by default `text` |" in (
        command_markdown("compare")
    )
    assert "by default `build/run`" in command_markdown("run")
    assert command_line().prog == "netcore"


# The schema


def test_every_field_of_the_ledger_is_in_the_reference() -> None:
    def fields(schema: dict) -> list[str]:
        found = []
        for name, field in schema.get("properties", {}).items():
            found += [name, *fields(field), *fields(field.get("items", {}))]
        return found

    schema = json.loads((ROOT / "schemas" / "ledger.schema.json").read_text(encoding="utf-8"))
    told = re.findall(r"^\| `(\w+)` \|", schema_markdown(ledger_schema()), re.MULTILINE)
    assert sorted(told) == sorted(fields(schema))


def test_objects_within_objects_have_headings_that_say_where_they_are() -> None:
    heads = re.findall(r"^### `(.*)`", schema_markdown(ledger_schema()), re.MULTILINE)
    assert heads == [
        "ledger.json",
        "conventions",
        "papers[ ]",
        "papers[ ].verdicts",
        "claims[ ]",
        "findings[ ]",
        "findings[ ].repairs[ ]",
    ]


# Citations


def test_book_chapters_and_verdicts_are_cited_as_the_citation_file_says() -> None:
    book = read_citation(ROOT / "CITATION.cff")
    assert plain(book.text) in citations_markdown(ROOT, "book")
    assert book.bibtex in citations_markdown(ROOT, "book")
    chapters = citations_markdown(ROOT, "chapters")
    for page, title in chapter_titles(ROOT).items():
        assert book.part(title, f"{page}.html").bibtex in chapters
    verdict = citations_markdown(ROOT, "verdict")
    assert verdict_state(ROOT) in verdict
    assert f"version {book.version}" in verdict


def test_every_chapter_has_a_title_of_its_own() -> None:
    titles = chapter_titles(ROOT)
    assert "chapters/home" not in titles
    assert len(set(titles.values())) == len(titles) == len(list(ROOT.glob("chapters/*.ipynb"))) - 1


def test_the_state_of_the_verdicts_changes_with_any_of_them_and_with_nothing_else(
    tmp_path: Path,
) -> None:
    pins = tmp_path / "verdicts" / "literature" / "source.csv"
    pins.parent.mkdir(parents=True)
    pins.write_text("claim,verdict\na,open\n", encoding="utf-8")
    before = verdict_state(tmp_path)
    (tmp_path / "verdicts" / "changes.csv").write_text("a reason", encoding="utf-8")
    assert verdict_state(tmp_path) == before
    pins.write_text("claim,verdict\na,possible\n", encoding="utf-8")
    assert verdict_state(tmp_path) != before
    assert re.fullmatch(r"[0-9a-f]{12}", before)


# The changelog of verdicts

CHANGES = (
    Change("2030-01-01", "a2020", "all 2 claims", "", "first verdicts", "begun"),
    Change("2030-01-02", "b2021", "x", "open", "possible", "data were found."),
    Change("2030-01-02", "a2020", "y", "possible", "", "the row is <gone>"),
    Change("2030-01-02", "a2020", "z", "", "open", "the row is new"),
)


def test_changes_are_told_the_latest_day_first_then_by_paper() -> None:
    text = changes_markdown(CHANGES, {("b2021", "x"): "page.html#claim-x"})
    assert re.findall(r"^##+ (.*)", text, re.MULTILINE) == [
        "2030-01-02",
        "a2020",
        "b2021",
        "2030-01-01",
        "First verdicts",
    ]
    assert '<a href="page.html#claim-x">x</a>' in text
    assert "The row is \\<gone\\>." in text
    assert "`a2020` (all 2 claims)." in text


def test_a_change_shows_both_verdicts_by_glyph_and_word() -> None:
    lines = changes_markdown(CHANGES, {}).splitlines()
    (changed,) = (line for line in lines if line.startswith("| `x`"))
    assert changed.index("… ".strip()) < changed.index(" open") < changed.index("○")
    (gone,) = (line for line in lines if line.startswith("| `y`"))
    assert gone.endswith("| claim is gone |")
    (new,) = (line for line in lines if line.startswith("| `z`"))
    assert "| new claim |" in new


def test_every_line_of_the_changelog_is_told() -> None:
    changes = read_changes(ROOT / "verdicts" / "changes.csv")
    text = changes_markdown(changes, {})
    rows = [line for line in text.splitlines() if line.startswith("| ") and "nc-badge" in line]
    assert len(rows) == sum(change.after != "first verdicts" for change in changes)
    assert all(plain(change.reason.rstrip("."))[1:] in text for change in changes)


def test_a_changelog_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("day,paper\n", encoding="utf-8")
    with pytest.raises(ValueError, match="found columns"):
        read_changes(path)


# The Python interface


def pages_of_the_interface() -> dict[str, list[str]]:
    """Return the packages on each page."""
    return {
        path.stem: re.findall(r"```\{python-interface\} ([\w.]+)", path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "reference" / "python").glob("*.md"))
    }


def test_every_layer_and_every_module_of_statistics_is_in_the_reference_once() -> None:
    shown = [name for names in pages_of_the_interface().values() for name in names]
    documented = [module for name in shown for module in documented_modules(name)]
    assert len(documented) == len(set(documented))
    layers = "printed study checks repairs evidence ledger synthesis tables figures"
    assert {f"netcore.{layer}" for layer in layers.split()} <= set(documented)
    assert set(documented_modules("netcore.stats")) <= set(documented)


def test_every_page_of_the_interface_is_in_the_contents() -> None:
    pages = {page for page in read_pages(ROOT) if page.startswith("reference/python/")}
    assert pages == {f"reference/python/{name}" for name in pages_of_the_interface()}


def test_references_are_found_where_an_object_is_defined_and_where_it_is_public() -> None:
    import netcore.study

    meant = netcore.study.load_study
    assert _located("netcore.study.load_study", None) is meant
    assert _located("netcore.study.loading.load_study", None) is meant
    assert _located("load_study", "netcore.study") is meant
    assert _located("Study.printed", "netcore.study") is netcore.study.Study.printed
    assert _located("load_paper_that_is_not_there", "netcore.study") is None


# The glossary

GLOSSARY = ROOT / "reference" / "glossary.md"


def terms() -> list[str]:
    """Return the terms of the glossary."""
    text = GLOSSARY.read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if re.match(r"\S", line)]


def test_every_verdict_is_in_the_glossary() -> None:
    assert {verdict.value for verdict in Verdict} <= set(terms())


def test_no_term_is_explained_twice() -> None:
    lowered = [term.lower() for term in terms()]
    assert len(set(lowered)) == len(lowered) > 100


@pytest.mark.needs(what="site")
def test_terms_and_checks_can_be_addressed_on_the_site() -> None:
    page = (ROOT / "_build" / "html" / "reference" / "glossary.html").read_text(encoding="utf-8")
    assert [v.value for v in Verdict if f'id="term-{v.value}"' not in page] == []
    page = (ROOT / "_build" / "html" / "methods" / "index.html").read_text(encoding="utf-8")
    assert [e.name for e in CATALOGUE if f'id="check-{e.name}"' not in page] == []
