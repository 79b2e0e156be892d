from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import count, share, size, study_of
from hostile_study import write_hostile
from page_reader import assert_harmless
from study_builder import make_study

from netcore.checks import Verdict
from netcore.ledger import Ledger, build_ledger
from netcore.tables.addresses import finding_address
from netcore.tables.home_page import (
    _first_sentence,
    papers_at_a_glance,
    totals,
    verdict_key,
    what_follows,
)
from netcore.tables.ledger_page import open_ledger


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    for name in ("evil2020", "evil2021"):
        write_hostile(tmp_path / name)
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    return open_ledger()


def test_papers_at_a_glance_lead_to_their_chapters(ledger: Ledger) -> None:
    page = assert_harmless(papers_at_a_glance(ledger).markup)
    assert {"evil2020.html", "evil2021.html"} <= set(page.links)
    assert "Evil 2020" in page.words


def test_sources_have_no_chapter_at_a_glance(tmp_path: Path) -> None:
    paper = make_study(tmp_path / "data" / "paper1")
    source = make_study(tmp_path / "data" / "literature" / "source1")
    ledger = build_ledger([paper, source])
    for shown in (papers_at_a_glance(ledger), what_follows(ledger)):
        assert "Source 1" not in shown.markup
        assert "Paper 1" in shown.markup
    assert f"{len(paper.claims)} printed values of 1 paper" in " ".join(str(totals(ledger)).split())


def test_every_part_of_the_picture_leads_to_its_rows_of_the_ledger(tmp_path: Path) -> None:
    rows = [size("all", "20"), share("all", "response", "CR", "37")]
    ledger = build_ledger([study_of(tmp_path, rows)])
    links = assert_harmless(papers_at_a_glance(ledger).markup).links
    key = ledger.studies[0].paper.key
    shown = [verdict for verdict, count in ledger.counts(key).items() if count]
    for verdict in shown:
        # Once as a bar, once as words.
        assert links.count(f"ledger.html?paper={key}&verdict={verdict.value}") == 2
    assert len(links) == 1 + 2 * len(shown)


def test_a_paper_without_conflicts_says_so_and_shows_what_it_assumes(tmp_path: Path) -> None:
    rows = [size("all", "20"), share("all", "response", "CR", "37")]
    ledger = build_ledger([study_of(tmp_path, rows)])
    words = " ".join(assert_harmless(what_follows(ledger).markup).words.split())
    assert "No conflict was found." in words
    assert "more value holds, or conflicts, only under an assumption." in words or (
        "more values hold, or conflict, only under an assumption." in words
    )


def test_conflicts_stand_by_what_they_change_comparisons_first(tmp_path: Path) -> None:
    rows = [
        size("all", "20"),
        count("all", "response", "CR", "5"),
        share("all", "response", "CR", "37"),
        count("all", "response", "PR", "4"),
        share("all", "response", "PR", "99"),
    ]
    ledger = build_ledger([study_of(tmp_path, rows)])
    page = assert_harmless(what_follows(ledger).markup)
    conflicts = [finding for finding in ledger.findings if finding.kind == "conflict"]
    assert conflicts
    for finding in conflicts:
        assert page.words.count(finding.changes) == 1
        assert finding_address(ledger.studies[0], finding.id) in page.links


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("5 is 3 % of 43. Of 15 it is 100.0 %.", "5 is 3 % of 43."),
        ("Seen in Fig. 3 of Foo et al. 2020. And so on.", "Seen in Fig. 3 of Foo et al. 2020."),
        ("It is 2.5 times as many.", "It is 2.5 times as many."),
    ],
)
def test_the_first_sentence_ends_at_its_full_stop(statement: str, first: str) -> None:
    assert _first_sentence(statement) == first


def test_the_key_names_every_verdict_with_its_meaning() -> None:
    words = assert_harmless(verdict_key().markup).words
    for verdict in Verdict:
        assert verdict.value in words
        assert verdict.meaning in words
