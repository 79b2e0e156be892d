from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_study import SCRIPT, write_hostile
from page_reader import assert_harmless

from netcore.ledger import Ledger, build_ledger
from netcore.study import load_study
from netcore.tables.finding_text import (
    NOTHING,
    finding_html,
    findings_html,
    split_statement,
)
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
        printed, follows = split_statement(finding.statement)
        # What it assumes is said once, in a part of its own.
        ends = [sentence for sentence in follows.split(". ") if "old if" not in sentence]
        for text in (
            printed,
            *(end for end in ends if not any(named in end for named in finding.assumptions)),
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
        awaited = finding.kind == "conflict" or bool(finding.assumptions)
        assert ("not yet contacted" in shown) is awaited
        assert "Reply or dispute" in shown


def test_each_part_of_a_finding_stands_beside_it_and_not_below_a_fold(ledger: Ledger) -> None:
    for finding in ledger.findings:
        if finding.kind != "conflict":
            continue
        open_part = finding_html(ledger, finding).markup.partition("<details")[0]
        names = re.findall(r"<dt>(.*?)</dt>", open_part)
        assert names[0] == "Printed"
        expected = {"Would resolve it", "What it changes", "Authors’ reply"}
        if split_statement(finding.statement)[1]:
            expected.add("Follows")
        assert expected <= set(names)


def test_what_changes_is_said_of_each_value_that_rests_on_an_assumption(ledger: Ledger) -> None:
    for finding in ledger.findings:
        if finding.kind == "support" and finding.assumptions:
            said = " ".join(str(finding_html(ledger, finding)).split())
            assert f"What it changes {finding.changes or NOTHING}" in said


def test_an_assumption_that_follows_word_for_word_is_said_once(ledger: Ledger) -> None:
    first = next(finding for finding in ledger.findings if finding.kind == "note")
    said = "Table prints 5. 5 is 10 % of 48. It holds if 48 were seen. Tried: 2."
    finding = replace(first, kind="support", statement=said, assumptions=("48 were seen",))
    words = " ".join(assert_harmless(finding_html(ledger, finding).markup).words.split())
    assert "5 is 10 % of 48. Tried: 2." in words
    assert words.count("48 were seen") == 1


def test_findings_of_which_the_same_follows_are_one_section(ledger: Ledger) -> None:
    first = next(finding for finding in ledger.findings if finding.kind == "note")
    said = "It is all one."
    claims = [claim.claim for claim in ledger.studies[0].claims[:3]]
    pair = [
        replace(
            first, claims=(claim,), bearings={}, repairs=(), statement=f"{place} prints 5. {said}"
        )
        for claim, place in zip(claims, ("Abstract", "Table"), strict=False)
    ]
    other = replace(pair[0], claims=(claims[2],), statement="Text prints 5. It is another.")
    page = assert_harmless(findings_html(ledger, [*pair, other]).markup)
    assert page.anchors == {f"finding-{slug(one.id)}": 1 for one in (*pair, other)}
    assert page.words.count(said) == 1
    assert "Abstract prints 5." in page.words
    assert "Table prints 5." in page.words


def test_conflicts_are_never_shown_as_one(ledger: Ledger) -> None:
    first = next(finding for finding in ledger.findings if finding.kind == "conflict")
    claims = [claim.claim for claim in ledger.studies[0].claims[:2]]
    pair = [replace(first, claims=(claim,), bearings={}, repairs=()) for claim in claims]
    assert findings_html(ledger, pair).markup.count("<section") == 2


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
