from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import share, size, study_of
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless
from study_builder import make_study

from netcore.ledger import Ledger, build_ledger
from netcore.tables.ledger_page import (
    ledger_frame,
    main_findings,
    open_ledger,
    papers_at_a_glance,
)
from netcore.tables.markup import slug


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    for name in ("evil2020", "evil2021"):
        write_hostile(tmp_path / name)
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    return open_ledger()


def test_every_paper_is_opened(ledger: Ledger) -> None:
    assert [study.paper.key for study in ledger.studies] == ["evil2020", "evil2021"]


def test_every_cell_is_escaped(ledger: Ledger) -> None:
    frame = ledger_frame(ledger).reset_index()
    words = "".join(
        assert_harmless(str(cell)).words for row in frame.itertuples(index=False) for cell in row
    )
    assert SCRIPT in words


def test_every_claim_is_a_row_that_leads_to_its_evidence(ledger: Ledger) -> None:
    frame = ledger_frame(ledger)
    assert len(frame) == len(ledger.entries)
    for cell, entry in zip(frame.index, ledger.entries, strict=True):
        page = assert_harmless(cell)
        assert page.links == [f"{entry.paper}.html#claim-{slug(entry.claim.claim)}"]
    for cell, entry in zip(frame["Verdict"], ledger.entries, strict=True):
        assert entry.verdict.value in cell


def test_an_empty_ledger_is_an_empty_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    assert len(ledger_frame(open_ledger())) == 0


def test_papers_at_a_glance_lead_to_their_chapters(ledger: Ledger) -> None:
    page = assert_harmless(papers_at_a_glance(ledger).markup)
    assert {"evil2020.html", "evil2021.html"} <= set(page.links)
    assert "Evil 2020" in page.words


def test_sources_have_claims_in_the_ledger_and_no_chapter_at_a_glance(tmp_path: Path) -> None:
    paper = make_study(tmp_path / "data" / "paper1")
    source = make_study(tmp_path / "data" / "literature" / "source1")
    ledger = build_ledger([paper, source])
    assert "Source 1" not in papers_at_a_glance(ledger).markup
    assert "Source 1" not in main_findings(ledger).markup
    assert "Paper 1" in main_findings(ledger).markup
    assert len(ledger_frame(ledger)) == 2


def test_a_paper_without_conflicts_says_so_and_shows_what_it_assumes(tmp_path: Path) -> None:
    rows = [size("all", "20"), share("all", "response", "CR", "37")]
    ledger = build_ledger([study_of(tmp_path, rows)])
    shown = main_findings(ledger).markup
    assert "no conflict; 1 finding holds under an assumption" in shown
    assert "What it assumes" in shown
