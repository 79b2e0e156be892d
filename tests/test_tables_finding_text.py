from __future__ import annotations

from pathlib import Path

import pytest
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless

from netcore.ledger import Ledger, build_ledger
from netcore.study import load_study
from netcore.tables.finding_text import finding_html, split_statement
from netcore.tables.markup import slug


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return build_ledger([load_study(write_hostile(tmp_path / "evil2020"))])


def test_no_string_of_a_study_becomes_markup(ledger: Ledger) -> None:
    assert {finding.kind for finding in ledger.findings} == {"conflict", "support", "note"}
    words = ""
    for finding in ledger.findings:
        words += assert_harmless(finding_html(ledger, finding).markup).words
    assert SCRIPT in words


def test_a_finding_says_all_that_it_knows(ledger: Ledger) -> None:
    for finding in ledger.findings:
        page = assert_harmless(finding_html(ledger, finding).markup)
        said = " ".join(page.words.split())
        for text in (
            *split_statement(finding.statement),
            finding.changes,
            *finding.assumptions,
            *finding.resolved_by,
        ):
            assert " ".join(text.split()) in said
        for repair in finding.repairs:
            assert " ".join(repair.change.split()) in said


def test_each_finding_has_its_anchor_and_leads_to_its_claims(ledger: Ledger) -> None:
    for finding in ledger.findings:
        page = assert_harmless(finding_html(ledger, finding).markup)
        assert page.anchors == {f"finding-{slug(finding.id)}": 1}
        for claim in finding.claims:
            assert f"#claim-{slug(claim)}" in page.links


def test_whatever_may_be_disputed_awaits_a_reply(ledger: Ledger) -> None:
    for finding in ledger.findings:
        shown = str(finding_html(ledger, finding))
        assert ("reply" in shown) is (finding.kind == "conflict" or bool(finding.assumptions))


def test_a_proof_is_there_for_a_machine(ledger: Ledger) -> None:
    for finding in ledger.findings:
        if finding.kind == "conflict":
            assert finding.certificate is not None
            assert str(finding.certificate["kind"]) in str(finding_html(ledger, finding))


@pytest.mark.parametrize(
    ("statement", "printed"),
    [
        ("RECIST allows 2 (Eisenhauer et al. 2009). It is 105.", "RECIST allows 2 (Eisenhauer et al. 2009)."),
        ("It is 2.5 times. The parts are less.", "It is 2.5 times."),
        ("Quoted from J. Smith. That prints 3.", "Quoted from J. Smith."),
        ("One sentence without an end", "One sentence without an end"),
    ],
)  # fmt: skip
def test_the_first_sentence_is_what_is_printed(statement: str, printed: str) -> None:
    first, rest = split_statement(statement)
    assert first == printed
    assert f"{first} {rest}".strip() == statement
