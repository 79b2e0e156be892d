from __future__ import annotations

import pytest
from hostile_study import AMPERSAND, SCRIPT, hostile, write_hostile
from page_reader import Page, assert_harmless
from study_builder import make_study

from netcore.ledger import Ledger, build_ledger
from netcore.study import load_study
from netcore.tables.ledger_rows import ledger_rows
from netcore.tables.sources_page import show_sources


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    data = tmp_path_factory.mktemp("data")
    literature = data / "literature"
    paper = {
        "title": hostile("A series."),
        "journal": "Journal",
        "volume": "3",
        "issue": "1",
        "pages": "5-9",
        "year": "2019",
        "doi": "10.1000/x",
    }
    seen = {
        "abstract": {"title": "Abstract", "seen": "abstract only"},
        "other": {"title": "Review", "seen": "secondary"},
        "unused": {"title": "Text", "seen": "full text"},
    }
    claims = [
        {"claim": "a", "location": "abstract", "stat_name": "N", "printed": "40"},
        {"claim": "b", "location": "other", "stat_name": "N", "printed": "50"},
    ]
    return build_ledger(
        [
            load_study(write_hostile(data / "paper2020")),
            make_study(literature / "one2019", paper=paper, locations=seen, claims=claims),
            load_study(write_hostile(literature / "two2020")),
        ]
    )


@pytest.fixture(scope="module")
def page(ledger: Ledger) -> Page:
    return assert_harmless(show_sources(ledger).markup)


def test_sources_are_shown_and_papers_are_not(page: Page) -> None:
    assert {"source-one2019", "source-two2020"} <= page.anchors.keys()
    assert "source-paper2020" not in page.anchors


def test_a_reference_says_what_was_seen(page: Page) -> None:
    assert "Journal 2019;3(1):5-9. doi:10.1000/x" in page.words
    assert "https://doi.org/10.1000/x" in page.links
    assert "Seen: the abstract and a secondary source." in page.words


def test_every_anchor_is_unique_and_every_link_to_this_page_arrives(
    page: Page, ledger: Ledger
) -> None:
    assert set(page.anchors.values()) == {1}
    for row in ledger_rows(ledger):
        name, _, anchor = row.address.partition("#")
        assert name == "paper2020.html" or anchor in page.anchors
    within = [link for link in page.links if link.startswith(("#", "sources.html#"))]
    assert within
    assert {link.partition("#")[2] for link in within} <= page.anchors.keys()


def test_every_conflict_of_a_source_is_shown(page: Page, ledger: Ledger) -> None:
    conflicts = [f for f in ledger.findings if f.kind == "conflict" and f.paper == "two2020"]
    assert conflicts
    for finding in conflicts:
        assert f"finding-two2020.{finding.id}" in page.anchors


def test_no_string_of_a_source_becomes_markup(page: Page) -> None:
    assert SCRIPT in page.words
    assert AMPERSAND in page.words
