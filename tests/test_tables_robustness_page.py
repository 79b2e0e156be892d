from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from checked_studies import count, share, size, study_of
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless

from netcore.checks import Verdict
from netcore.evidence import COMMAND, StaleEvidenceError, StoredAnswers, evidence_folder
from netcore.evidence.robustness import (
    OTHER_CONVENTIONS,
    OtherConvention,
    Robustness,
    Standing,
    write_robustness,
)
from netcore.ledger.robustness import outcome_under, robustness_of
from netcore.study import Study, load_study
from netcore.tables.addresses import claim_address, robustness_address, robustness_anchor
from netcore.tables.convention_words import CONDITIONS, FAMILIES, HEADS
from netcore.tables.robustness_page import RobustnessPage, open_robustness

CLAIMS = [
    size("all", "34"),
    count("all", "response", "CR", "5"),
    {**share("all", "response", "CR", "10"), "denominator": "all"},
    count("all", "event", "pain", "25"),
    {**share("all", "event", "pain", "75"), "denominator": "all"},
]


def store(study: Study, names: Iterable[str] = OTHER_CONVENTIONS) -> Robustness:
    answers = StoredAnswers(evidence_folder(study))
    usual = outcome_under(study, OtherConvention(), [study], answers)
    outcomes = {
        name: outcome_under(study, OTHER_CONVENTIONS[name], [study], answers) for name in names
    }
    found = robustness_of(usual, outcomes)
    answers.write()
    write_robustness(study, found)
    return found


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path / "data"))
    return study_of(tmp_path / "data", CLAIMS)


@pytest.fixture
def page(study: Study) -> RobustnessPage:
    store(study)
    return open_robustness()


def test_every_convention_has_words_a_family_and_an_anchor(page: RobustnessPage) -> None:
    named = [name for names in FAMILIES.values() for name in names]
    assert sorted(named) == sorted(OTHER_CONVENTIONS) == sorted(HEADS) == sorted(CONDITIONS)
    shown = assert_harmless(page.conventions().markup)
    assert set(shown.anchors) == set(OTHER_CONVENTIONS)
    assert set(shown.anchors.values()) == {1}
    summary = assert_harmless(page.summary().markup)
    assert summary.links == [f"#{name}" for name in named]


def test_the_summary_counts_verdicts_and_conflicts(page: RobustnessPage) -> None:
    markup = page.summary().markup
    row = markup.partition('href="#truncate"')[2].partition("</tr>")[0]
    # 10 % goes and 75 % comes, each with the count beside it.
    assert row.count('<td class="nc-number">') == 4
    numbers = [cell.partition("<")[0] for cell in row.split('<td class="nc-number">')[1:]]
    turns = page.found["paper1"].turns["truncate"]
    assert numbers == [f"{len(turns)} of 5", "0", "1", "1"]
    said = page.conventions().markup
    assert "Of 1 conflicts 0 would stay and 1 go; 1 others would come." in said


def test_the_matrix_has_a_row_for_each_claim_that_changes_and_no_other(
    page: RobustnessPage, study: Study
) -> None:
    matrix = assert_harmless(page.matrix().markup)
    folded = assert_harmless(page.unchanged().markup)
    changing = page.found["paper1"].changing
    anchors = {robustness_anchor(study, claim.claim) for claim in study.claims}
    assert set(matrix.anchors) == {robustness_anchor(study, claim) for claim in changing}
    assert set(matrix.anchors).isdisjoint(folded.anchors)
    assert {*matrix.anchors, *folded.anchors} == anchors
    assert {claim_address(study, claim) for claim in changing} <= set(matrix.links)


def test_a_cell_names_the_verdict_and_an_unchanged_one_says_so(
    page: RobustnessPage, study: Study
) -> None:
    markup = page.matrix().markup
    cut = next(claim.claim for claim in study.claims if claim.printed == "10")
    row = markup.partition(f'id="{robustness_anchor(study, cut)}"')[2].partition("</tr>")[0]
    cells = row.split("<td ")[1:]
    columns = [name for name in OTHER_CONVENTIONS if f'href="#{name}"' in markup]
    assert len(cells) == 1 + len(columns)
    by_name = dict(zip(columns, cells[1:], strict=True))
    assert "nc-inconsistent" in cells[0]
    assert 'class="nc-turn nc-conditional"' in by_name["truncate"]
    assert "> conditional<" in by_name["truncate"]
    rounded = next(claim.claim for claim in study.claims if claim.printed == "75")
    row = markup.partition(f'id="{robustness_anchor(study, rounded)}"')[2].partition("</tr>")[0]
    other = dict(zip(columns, row.split("<td ")[2:], strict=True))
    assert "> inconsistent<" in other["truncate"]
    assert ">as usual<" in other["any"]


def test_a_conflict_stands_or_not_under_each_convention_that_changes_one(
    page: RobustnessPage,
) -> None:
    shown = assert_harmless(page.conflicts().markup)
    assert shown.words.count("no conflict") == 2  # cut off, and in any way
    assert "#truncate" in shown.links
    assert "#half_up" not in shown.links


def test_the_table_scrolls_by_itself_and_is_reached_by_the_keyboard(page: RobustnessPage) -> None:
    for shown in (page.matrix(), page.conflicts(), page.summary()):
        assert 'tabindex="0"' in shown.markup
        assert 'role="region"' in shown.markup
        assert "aria-label=" in shown.markup


def test_the_file_has_every_claim_under_every_convention(
    page: RobustnessPage, study: Study
) -> None:
    rows = list(csv.DictReader(io.StringIO(page.csv)))
    assert [row["claim"] for row in rows] == [claim.claim for claim in study.claims]
    found = page.found["paper1"]
    for row in rows:
        for name in OTHER_CONVENTIONS:
            assert Verdict(row[name]) is found.verdict(row["claim"], name)
    assert 'download="robustness.csv"' in page.download().markup


def test_every_claim_has_an_address_under_other_conventions(study: Study) -> None:
    for claim in study.claims:
        address = robustness_address(study, claim.claim)
        assert address == f"robustness.html#claim-paper1.{claim.claim}"


def test_what_is_not_of_today_stops_the_page_with_the_command(study: Study) -> None:
    with pytest.raises(StaleEvidenceError, match=f"paper1.*run `{COMMAND}`"):
        open_robustness()
    found = store(study)
    claim = next(iter(found.verdicts))
    other = {**found.verdicts, claim: Verdict.OPEN}
    write_robustness(study, Robustness(other, found.turns, found.conflicts))
    with pytest.raises(StaleEvidenceError, match=f"not those of today .*{claim}.*{COMMAND}"):
        open_robustness()


def test_strings_of_a_data_file_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path / "data"))
    study = load_study(write_hostile(tmp_path / "data" / "evil2020"))
    found = store(study, ["truncate"])
    claims = tuple(claim.claim for claim in study.claims)
    added = Standing(claims, SCRIPT, is_usual=False, under=("truncate",))
    conflicts = {**found.conflicts, "added": added}
    write_robustness(study, Robustness(found.verdicts, found.turns, conflicts))
    page = open_robustness()
    shown = [page.summary(), page.conflicts(), page.matrix(), page.unchanged(), page.conventions()]
    words = "".join(assert_harmless(part.markup).words for part in (*shown, page.download()))
    assert SCRIPT in words
