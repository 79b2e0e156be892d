from __future__ import annotations

from pathlib import Path

from page_reader import assert_harmless
from study_builder import make_study

from netcore.ledger import build_ledger
from netcore.tables.addresses import (
    claim_address,
    claim_anchor,
    finding_address,
    finding_anchor,
    paper_address,
    paper_anchor,
)
from netcore.tables.ledger_rows import ledger_rows
from netcore.tables.paper_table import evidence_table, printed_table

CLAIMS = [
    {"claim": "all.N", "stat_name": "N", "printed": "40"},
    {"claim": "her2+", "stat_name": "N", "printed": "41"},
]


def test_a_paper_has_its_own_page_and_a_source_a_place_on_the_page_of_sources(
    tmp_path: Path,
) -> None:
    paper = make_study(tmp_path / "one2020", claims=CLAIMS)
    source = make_study(tmp_path / "literature" / "two2021", claims=CLAIMS)
    assert paper_address(paper) == "one2020.html"
    assert paper_address(source) == f"sources.html#{paper_anchor(source)}"
    assert claim_address(paper, "all.N") == "one2020.html#claim-all.N"
    assert claim_address(source, "all.N") == "sources.html#claim-two2021.all.N"
    assert finding_address(paper, "x.all.N") == "one2020.html#finding-x.all.N"
    assert finding_address(source, "x.all.N") == "sources.html#finding-two2021.x.all.N"
    assert claim_address(paper, "her2+").endswith(f"#{claim_anchor(paper, 'her2+')}")
    assert finding_address(source, "x").endswith(f"#{finding_anchor(source, 'x')}")


def test_claims_of_the_same_name_in_two_sources_have_anchors_of_their_own(tmp_path: Path) -> None:
    sources = [
        make_study(tmp_path / "literature" / key, claims=CLAIMS) for key in ("two2021", "two2022")
    ]
    ledger = build_ledger(sources)
    page = assert_harmless(evidence_table(ledger, ledger.entries, "All").markup)
    assert len(page.anchors) == 4
    assert set(page.anchors.values()) == {1}


def test_the_ledger_and_the_tables_of_a_source_lead_to_the_same_places(tmp_path: Path) -> None:
    source = make_study(tmp_path / "literature" / "two2021", claims=CLAIMS)
    ledger = build_ledger([source])
    anchors = assert_harmless(evidence_table(ledger, ledger.entries, "All").markup).anchors
    linked = [row.address for row in ledger_rows(ledger)]
    assert sorted(linked) == sorted(f"sources.html#{anchor}" for anchor in anchors)
    table = printed_table(ledger, "two2021", "results", "All").markup
    assert {link.removeprefix("#") for link in assert_harmless(table).links} <= anchors.keys()
