from __future__ import annotations

import json
from pathlib import Path

import pytest
from checked_studies import count, share, size, study_of
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict, run_checks
from netcore.checks.answers import METHODS, Answer, Question
from netcore.evidence import COMMAND, StaleEvidenceError, StoredAnswers, evidence_folder
from netcore.evidence.robustness import (
    OTHER_CONVENTIONS,
    OtherConvention,
    Robustness,
    read_robustness,
    robustness_file,
    robustness_of_other_code,
    stale_robustness,
    write_robustness,
)
from netcore.ledger import build_ledger
from netcore.ledger.parallel_outcomes import outcomes_side_by_side
from netcore.ledger.robustness import differs_from, outcome_under, robustness_of
from netcore.paths import data_folder
from netcore.publishing.__main__ import check_evidence
from netcore.study import Study
from netcore.study.library import load_library

# 5 of 34 is 14.7 %: 10 % if cut off to fives; and 25 of 34, 73.5 %, is 75 % only if rounded to fives.
CUT_OFF = [
    size("all", "34"),
    count("all", "response", "CR", "5"),
    {**share("all", "response", "CR", "10"), "denominator": "all"},
    count("all", "event", "pain", "25"),
    {**share("all", "event", "pain", "75"), "denominator": "all"},
]


def found_of(study: Study) -> Robustness:
    outcomes = {
        name: outcome_under(study, convention, [study])
        for name, convention in OTHER_CONVENTIONS.items()
    }
    return robustness_of(outcome_under(study, OtherConvention(), [study]), outcomes)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_of(tmp_path / "data", CUT_OFF)


def claim_of(study: Study, statistic: str, level: str) -> str:
    (found,) = (
        claim.claim
        for claim in study.claims
        if (claim.stat_name, claim.variable_level) == (statistic, level)
    )
    return found


def test_a_conflict_that_cutting_digits_off_would_explain_goes_under_truncation(
    study: Study,
) -> None:
    found = found_of(study)
    cut, rounded = claim_of(study, "pct", "CR"), claim_of(study, "pct", "pain")
    standings = {standing.claims[0]: standing for standing in found.conflicts.values()}
    assert standings[cut].is_usual
    assert {"half_up", "half_even", "ceiling"} <= set(standings[cut].under)
    assert not {"truncate", "any"} & set(standings[cut].under)
    assert (found.verdicts[cut], found.verdict(cut, "half_up")) == (Verdict.INCONSISTENT,) * 2
    assert found.verdict(cut, "truncate") is Verdict.CONDITIONAL
    # What was rounded conflicts in its place.
    assert not standings[rounded].is_usual
    assert standings[rounded].under == ("truncate",)
    assert found.verdict(rounded, "truncate") is Verdict.INCONSISTENT


def test_every_turn_is_what_the_checks_say_under_that_convention(study: Study) -> None:
    found = found_of(study)
    for name, convention in OTHER_CONVENTIONS.items():
        if not convention.supposition:
            ledger = build_ledger([study], Conventions(name))
            said = {entry.claim.claim: entry.verdict for entry in ledger.entries}
            assert {claim: found.verdict(claim, name) for claim in said} == said


def test_a_percentage_of_another_group_conflicts_once_the_paper_says_of_whom_it_is(
    tmp_path: Path,
) -> None:
    rows = [
        size("all", "40"),
        size("group1", "18"),
        count("group1", "response", "CR", "10"),
        share("group1", "response", "CR", "25"),  # of all 40, not of the 18
    ]
    found = found_of(study_of(tmp_path / "data", rows))
    (claim,) = (claim for claim in found.verdicts if claim.endswith("pct"))
    assert found.verdicts[claim] is Verdict.CONDITIONAL
    assert found.verdict(claim, "own_group") is Verdict.INCONSISTENT
    assert found.verdict(claim, "all_units") is Verdict.REPRODUCED


def test_a_supposition_leaves_a_paper_alone_that_leaves_nothing_open(study: Study) -> None:
    for convention in OTHER_CONVENTIONS.values():
        assert convention.applied(study) is study


def test_software_is_supposed_of_papers_with_quantiles_and_tests_and_a_printed_version_stays(
    tmp_path: Path,
) -> None:
    rows = [size("all", "40"), {"variable": "age", "stat_name": "median", "printed": "60"}]
    shared = {"variables": {"age": {"type": "continuous"}}, "claims": rows}
    silent = make_study(tmp_path / "silent", **shared)
    paper = {"software": ["R 4.2.0", "RStudio 2022.02.1"]}
    named = make_study(tmp_path / "named", paper=paper, **shared)
    supposed = {
        name: [OTHER_CONVENTIONS[name].applied(one).paper.software for one in (silent, named)]
        for name in ("by_r", "by_spss")
    }
    assert {name: [tuple(one) for one in found] for name, found in supposed.items()} == {
        "by_r": [("R",), ("R 4.2.0",)],
        "by_spss": [("SPSS",), ("SPSS",)],
    }


def test_a_quartile_between_two_whole_numbers_is_none_by_sas(tmp_path: Path) -> None:
    # Of 15 values SAS takes the fourth, R the middle of the fourth and the fifth.
    age = {"variable": "age", "stat_name": "p25", "printed": "20.5"}
    rows = [size("all", "15"), age, age | {"stat_name": "N", "printed": "15"}]
    whole = {"age": {"type": "integer"}}
    found = found_of(make_study(tmp_path / "paper1", variables=whole, claims=rows))
    (claim,) = (name for name in found.verdicts if name.endswith("p25"))
    assert found.verdicts[claim] is found.verdict(claim, "by_r") is Verdict.UNCONSTRAINED
    assert found.verdict(claim, "by_sas") is Verdict.CONDITIONAL


def test_what_is_stored_is_what_is_found_and_a_second_time_nothing_is_written(
    study: Study,
) -> None:
    found = found_of(study)
    path = write_robustness(study, found)
    assert path == robustness_file(study)
    assert read_robustness(study) == found
    assert write_robustness(study, found) is None
    assert differs_from(found, build_ledger([study]), study) == ()


@pytest.mark.parametrize("file", ["claims.csv", "paper.yaml"])
def test_what_is_of_other_data_is_stale(study: Study, file: str) -> None:
    assert stale_robustness([study]) == ("paper1",)
    write_robustness(study, found_of(study))
    assert stale_robustness([study]) == ()
    path = study.folder / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert stale_robustness([study]) == ("paper1",)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"depends": 1}'])
def test_a_garbled_file_is_stale(study: Study, text: str) -> None:
    path = robustness_file(study)
    assert path is not None
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert stale_robustness([study]) == ("paper1",)


def test_a_convention_that_came_to_mean_something_else_makes_it_stale(study: Study) -> None:
    path = write_robustness(study, found_of(study))
    assert path is not None
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["conventions"]["truncate"] = "something else"
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert stale_robustness([study]) == ("paper1",)


def test_other_code_is_noticed_and_stops_nothing(study: Study) -> None:
    path = write_robustness(study, found_of(study))
    assert path is not None
    assert robustness_of_other_code([study]) == ()
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["depends"]["code"] = "0"
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert robustness_of_other_code([study]) == ("paper1",)
    assert stale_robustness([study]) == ()


def test_a_verdict_of_today_that_is_another_is_named(study: Study) -> None:
    found = found_of(study)
    cut = claim_of(study, "pct", "CR")
    usual = {**found.verdicts, cut: Verdict.OPEN}
    other = Robustness(usual, found.turns, {})
    names = differs_from(other, build_ledger([study]), study)
    assert cut in names
    assert set(found.conflicts) & set(names)


def test_the_book_stops_where_it_is_stale_and_names_the_command(
    study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(study.folder.parent))
    monkeypatch.setattr("netcore.publishing.__main__.stale_papers", lambda _studies: ())
    with pytest.raises(StaleEvidenceError, match=f"paper1: run `{COMMAND}`"):
        check_evidence(tmp_path / "report.txt")
    write_robustness(study, found_of(study))
    check_evidence(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == "paper1\n"


def test_outside_a_project_nothing_is_kept(tmp_path: Path) -> None:
    alone = make_study(tmp_path / "paper1")
    assert write_robustness(alone, found_of(alone)) is None
    assert stale_robustness([alone]) == robustness_of_other_code([alone]) == ()


def test_processes_find_what_one_process_finds(tmp_path: Path) -> None:
    study = study_of(tmp_path / "data", CUT_OFF)
    chosen = {name: OTHER_CONVENTIONS[name] for name in ("truncate", "own_group")}
    found = list(outcomes_side_by_side(tmp_path / "data", chosen, 2))
    assert [(paper, name) for paper, name, *_ in found] == [("paper1", "truncate")]
    (outcome,) = (outcome for *_, outcome, _ in found)
    assert outcome == outcome_under(study, chosen["truncate"], [study])


def test_answers_of_another_process_are_taken_over_and_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []

    def double(question: Question) -> Answer:
        times.append(question)
        return {"is": 2}

    monkeypatch.setitem(METHODS, "mann-whitney", double)
    other, here = StoredAnswers(tmp_path), StoredAnswers(tmp_path)
    other("mann-whitney", {"of": 1})
    here.take(other.asked)
    assert here("mann-whitney", {"of": 1}) == {"is": 2}
    assert len(times) == 1
    assert len(here.write()) == 1


def test_a_supposition_is_compared_with_verdicts_that_need_no_certificate_either() -> None:
    library = load_library(data_folder()).studies

    def uncertified(study: Study) -> tuple[Finding, ...]:
        answers = StoredAnswers(evidence_folder(study))
        return run_checks(study, library=library, certified=False, answers=answers)

    for study in library:
        if any(one.applied(study) is not study for one in OTHER_CONVENTIONS.values()):
            stored = read_robustness(study)
            assert stored is not None, COMMAND
            plain = build_ledger([study], library=library, checked=uncertified)
            assert differs_from(stored, plain, study) == (), study.paper.key


@pytest.mark.parametrize("name", ["truncate", "ceiling", "any", "own_group", "all_units"])
def test_what_is_stored_of_the_published_series_is_what_is_found_today(name: str) -> None:
    library = load_library(data_folder())
    for study in library.sources:
        stored = read_robustness(study)
        assert stored is not None, COMMAND
        answers = StoredAnswers(evidence_folder(study))
        now = outcome_under(study, OTHER_CONVENTIONS[name], library.studies, answers)
        verdicts = {claim: turn.verdict for claim, turn in now.verdicts.items()}
        assert {claim: stored.verdict(claim, name) for claim in verdicts} == verdicts, COMMAND
