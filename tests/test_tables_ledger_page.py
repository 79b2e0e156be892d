from __future__ import annotations

from pathlib import Path

import pytest
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless
from study_builder import make_study

from netcore.ledger import Ledger, build_ledger
from netcore.tables.ledger_page import ledger_table, open_ledger, show_ledger
from netcore.tables.ledger_rows import LedgerRow, ledger_rows
from netcore.tables.markup import slug


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    data = tmp_path_factory.mktemp("data")
    for name in ("evil2020", "evil2021"):
        write_hostile(data / name)
    (data / "notes").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETCORE_DATA", str(data))
        return open_ledger()


@pytest.fixture(scope="module")
def rows(ledger: Ledger) -> tuple[LedgerRow, ...]:
    return ledger_rows(ledger)


def test_every_paper_is_opened(ledger: Ledger) -> None:
    assert [study.paper.key for study in ledger.studies] == ["evil2020", "evil2021"]


def test_every_string_of_a_data_file_is_escaped(ledger: Ledger) -> None:
    page = assert_harmless(show_ledger(ledger).markup)
    assert SCRIPT in page.words
    assert not page.open


def test_every_claim_is_a_row_that_leads_to_its_evidence(
    ledger: Ledger, rows: tuple[LedgerRow, ...]
) -> None:
    assert len(rows) == len(ledger.entries)
    links = assert_harmless(ledger_table(rows).markup).links
    for row, entry in zip(rows, ledger.entries, strict=True):
        assert row.address == f"{entry.paper}.html#claim-{slug(entry.claim.claim)}"
        assert (row.verdict, row.evidence) == (entry.verdict, entry.evidence)
        assert row.address in links
        assert {address for _, address in row.findings} <= set(links)


def test_a_row_carries_what_it_is_filtered_by(rows: tuple[LedgerRow, ...]) -> None:
    markup = ledger_table(rows).markup
    for row in rows:
        checks = " ".join(row.checks) or "none"
        assert (
            f'data-paper="{row.paper}" data-verdict="{row.verdict.value}" '
            f'data-stat="{" ".join(row.statistics)}" data-check="{checks}"'
        ) in markup


def test_a_claim_of_an_open_statistic_is_found_under_each_reading(tmp_path: Path) -> None:
    claim = {"claim": "a", "stat_name": "mean|rmean", "variable": "age", "printed": "54.3"}
    study = make_study(
        tmp_path / "one2020",
        claims=[claim],
        variables={"age": {"type": "continuous", "unit": "years"}},
    )
    (row,) = ledger_rows(build_ledger([study]))
    assert row.statistics == ("mean", "rmean")


def test_every_choice_of_a_filter_says_how_many_claims_it_has(ledger: Ledger) -> None:
    markup = show_ledger(ledger).markup
    for verdict, number in ledger.counts().items():
        after = markup.partition(f'name="verdict" value="{verdict.value}">')[2]
        assert after.partition('class="nc-tally">')[2].startswith(f"{number}<")
    for study in ledger.studies:
        after = markup.partition(f'name="paper" value="{study.paper.key}">')[2]
        assert after.partition('class="nc-tally">')[2].startswith(f"{len(study.claims)}<")


def test_controls_are_hidden_until_a_script_shows_them(ledger: Ledger) -> None:
    form, _, rest = show_ledger(ledger).markup.partition(">")
    assert form.startswith("<form")
    assert form.endswith('hidden=""')
    assert f"{len(ledger.entries)} claims of 2 documents" in rest


def test_an_empty_ledger_is_an_empty_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    shown = show_ledger(open_ledger()).markup
    assert "0 claims" in shown
    assert "<tbody></tbody>" in shown


def test_claims_of_papers_and_of_sources_are_in_the_ledger(tmp_path: Path) -> None:
    paper = make_study(tmp_path / "data" / "paper1")
    source = make_study(tmp_path / "data" / "literature" / "source1")
    rows = ledger_rows(build_ledger([paper, source]))
    assert [row.paper for row in rows] == ["paper1", "source1"]
