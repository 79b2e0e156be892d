from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from checked_studies import conflicts, count, ledger_of, share, size, study_of

from netcore.checks import Bearing, Conventions, Finding, Verdict
from netcore.ledger import build_ledger
from netcore.study import load_study

GROUPS = [size("all", "34"), size("group1", "15"), size("group2", "19")]


def test_every_claim_is_in_the_ledger_exactly_once(root: Path, tmp_path: Path) -> None:
    real = load_study(root / "data" / "zvezdkina2022")
    made = study_of(tmp_path, [*GROUPS, size("all", "35", location="table")])
    ledger = build_ledger([real, made])
    found = [(entry.paper, entry.claim.claim) for entry in ledger.entries]
    expected = [(study.paper.key, claim.claim) for study in (real, made) for claim in study.claims]
    assert found == expected


def test_every_entry_says_why(root: Path) -> None:
    ledger = build_ledger([load_study(root / "data" / "zvezdkina2022")])
    for entry in ledger.entries:
        assert entry.evidence.strip()
        assert (entry.verdict is Verdict.CONDITIONAL) is bool(entry.assumptions)
        assert set(entry.findings) == {
            finding.id for finding in ledger.findings if entry.claim.claim in finding.claims
        }
        for name in entry.findings:
            assert ledger.finding(entry.paper, name).check in entry.checks


def test_a_conflict_outranks_what_supports_a_claim(tmp_path: Path) -> None:
    rows = [
        *GROUPS,
        count("group1", "response", "CR", "5"),
        share("group1", "response", "CR", "33"),
    ]
    rows += [share("group1", "response", "CR", "99", location="table")]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger, "percentages")
    entry = ledger.entry("paper1", "results.group1.response.CR.n")
    # parts and wholes would say that 5 is possible
    assert entry.verdict is Verdict.INCONSISTENT
    assert entry.findings[0] == finding.id
    assert set(entry.checks) >= {"percentages", "parts-and-wholes"}


@pytest.mark.parametrize(("worse", "better"), list(combinations(Verdict, 2)))
def test_the_worse_verdict_counts_in_any_order(
    tmp_path: Path, worse: Verdict, better: Verdict
) -> None:
    name = "results.all.N"
    found = [
        Finding("one", "paper1", "support", (name,), "It is so.", {name: Bearing(verdict, verdict)})
        for verdict in (better, worse)
    ]
    for findings in (found, found[::-1]):
        ledger = build_ledger(
            [study_of(tmp_path, GROUPS)], checked=lambda _, of=findings: tuple(of)
        )
        entry = ledger.entry("paper1", name)
        assert entry.verdict is worse
        assert entry.evidence.startswith(worse)


def test_conditional_outranks_reproduced(tmp_path: Path) -> None:
    rows = [
        size("all", "8"),
        share("all", "response", "CR", "25"),
        share("all", "response", "CR", "33", location="table"),
    ]
    ledger = ledger_of(tmp_path, rows)
    entry = ledger.entry("paper1", "results.all.response.CR.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert entry.assumptions


def test_a_note_changes_no_verdict(tmp_path: Path) -> None:
    rows = [*GROUPS, size("all", "99", location="review")]
    ledger = ledger_of(tmp_path, rows)
    assert [finding.kind for finding in ledger.findings].count("note") == 1
    assert ledger.entry("paper1", "results.all.N").verdict is Verdict.REPRODUCED


def test_who_is_held_by_others_keeps_a_verdict_of_its_own(tmp_path: Path) -> None:
    rows = [
        *GROUPS,
        count("group2", "response", "PR", "12"),
        count("group2", "response", "SD", "10"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert finding.held_by_others
    for name in finding.held_by_others:
        entry = ledger.entry("paper1", name)
        assert entry.verdict is Verdict.REPRODUCED
        assert finding.id in entry.findings


def test_counts_of_verdicts_add_up(root: Path, tmp_path: Path) -> None:
    real = load_study(root / "data" / "zvezdkina2022")
    ledger = build_ledger([real, study_of(tmp_path, GROUPS)])
    assert list(ledger.counts()) == list(Verdict)
    assert sum(ledger.counts().values()) == len(ledger.entries)
    assert sum(ledger.counts("paper1").values()) == 3


def test_unknown_papers_claims_and_findings_are_errors(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, GROUPS)
    for ask in (
        lambda: ledger.entry("paper1", "nothing"),
        lambda: ledger.entry("paper2", "results.all.N"),
        lambda: ledger.finding("paper1", "printings.nothing"),
        lambda: ledger.study("paper2"),
    ):
        with pytest.raises(KeyError, match="found no"):
            ask()


def test_two_builds_are_the_same(root: Path) -> None:
    study = load_study(root / "data" / "zvezdkina2022")
    again = load_study(root / "data" / "zvezdkina2022")
    assert build_ledger([study]) == build_ledger([again])


def test_conventions_change_verdicts(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        count("all", "response", "CR", "25"),
        share("all", "response", "CR", "73.5"),
    ]
    study = study_of(tmp_path, rows)
    name = "results.all.response.CR.pct"  # 73.529 %
    assert build_ledger([study]).entry("paper1", name).verdict is Verdict.REPRODUCED
    ceiling = build_ledger([study], Conventions("ceiling"))
    assert ceiling.entry("paper1", name).verdict is not Verdict.REPRODUCED
    strict = Conventions(alpha=Fraction(1, 100))
    assert build_ledger([study], strict).conventions == strict


def test_ids_of_findings_are_unique(root: Path) -> None:
    ledger = build_ledger([load_study(root / "data" / "zvezdkina2022")])
    names = [finding.id for finding in ledger.findings]
    assert len(set(names)) == len(names)


def test_the_conflicts_of_the_real_paper_bind_claims_that_exist(root: Path) -> None:
    study = load_study(root / "data" / "zvezdkina2022")
    for finding in build_ledger([study]).findings:
        for name in (
            *finding.claims,
            *finding.bearings,
            *(c for r in finding.repairs for c in r.claims),
        ):
            assert study.claim_by_id(name)
        assert set(finding.bearings) <= set(finding.claims)
