"""Proofs in one language: laws that hold of all patients, and proofs where no patients are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from certificate_patients import printed_rows, random_patients, true_value
from certificate_studies import CONFLICTS, LOCATIONS, PATIENTS, VARIABLES, Row, count, row, size
from study_builder import make_study

from netcore.checks import Bearing, Conventions, Finding, Verdict, run_checks
from netcore.checks.certificates import KIND, Certifier, normal_form
from netcore.checks.certificates.laws import Law
from netcore.checks.certificates.names import factors_in, named_units
from netcore.checks.certificates.premises import Source, divided
from netcore.checks.certificates.refutation import Refuter
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.count_analysis import analyse_counts
from netcore.printed import Interval
from netcore.stats.linear_proofs import check
from netcore.study import Study

CONVENTIONS = Conventions()


def study_of(folder: Path, rows: Iterable[Row]) -> Study:
    return make_study(
        folder, populations=PATIENTS, variables=VARIABLES, locations=LOCATIONS, claims=rows
    )


def source_of(study: Study, conventions: Conventions = CONVENTIONS) -> Source:
    normal = normal_form(study, conventions, [study])
    return Source(study, conventions, normal, {study.paper.key: study})


def refuter_of(study: Study) -> Refuter:
    return Refuter(source_of(study), [analysis.counts for analysis in analyse_counts(study)])


def conflicts(study: Study, conventions: Conventions = CONVENTIONS) -> list[Finding]:
    found = run_checks(study, conventions, [study])
    return [finding for finding in found if finding.kind == "conflict"]


# Laws


@pytest.mark.parametrize("seed", range(24))
def test_every_law_holds_of_all_patients_in_some_way_to_take_what_is_open(
    tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    patients = random_patients(random)
    rows = printed_rows(random, patients)
    source = source_of(study_of(tmp_path / "paper1", rows))

    def holds(law: Law) -> bool:
        return all(
            sum(
                (number * true_value(patients, name) for name, number in premise.inequality.terms.items()),
                Fraction(0),
            )
            in premise.inequality.window
            for premise in source.laws(law)
        )  # fmt: skip

    laws = list(source.normal.laws.values())
    assert len(laws) > 20
    for law in laws:
        assert law.under or holds(law), law.name
        assert len(law.under) < 2
    for point, options in source.normal.points.items():
        ways = [[law for law in laws if law.under.get(point) == option] for option in options]
        assert any(all(holds(law) for law in way) for way in ways), point


@pytest.mark.parametrize("seed", range(24))
def test_every_printed_row_holds_of_the_patients_and_nothing_is_proved(
    tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    patients = random_patients(random)
    rows = printed_rows(random, patients)
    study = study_of(tmp_path / "paper1", rows)
    source = source_of(study)
    for claim in study.claims:
        premise = source.printed(claim.claim, {})
        if premise is not None and claim.stat_name != "difference":
            total = sum(
                (number * true_value(patients, name) for name, number in premise.inequality.terms.items()),
                Fraction(0),
            )  # fmt: skip
            assert total in premise.inequality.window, premise.says
    ids = [claim.claim for claim in study.claims]
    assert refuter_of(study).refute(random.sample(ids, min(len(ids), 6))) == ()


def test_laws_that_read_no_row_are_the_same_whatever_is_printed(tmp_path: Path) -> None:
    for name in ("quantiles", "too-long", "difference", "whole-outside-its-parts"):
        rows = [dict(one) for one in CONFLICTS[name][1]]
        at_odds = normal_form(study_of(tmp_path / name, rows), CONVENTIONS)
        rows[-1]["printed"] = "6.0" if name != "too-long" else "2"
        changed = normal_form(study_of(tmp_path / f"{name}2", rows), CONVENTIONS)
        for one, other in ((at_odds, changed), (changed, at_odds)):
            assert all(law.reads or other.laws[law.name] == law for law in one.laws.values())
        assert at_odds.points == changed.points


# Names


def test_a_name_tells_the_factors_of_its_units() -> None:
    for values in (
        {("response", "8 weeks", ""): "PR", ("group", "", ""): "1"},
        {("response", "", ""): ""},
        {("event", "", "pain"): "yes", ("event", "", "|any|"): "no"},
        {("event", "24 months", "chest pain = left"): "no"},
    ):
        assert factors_in(named_units("all", values.items())) == set(values)


def test_units_that_differ_have_different_names() -> None:
    names = [
        named_units("all", [((variable, at, item), value)])
        for variable in ("a", "b")
        for at in ("", "1 week")
        for item in ("", "any", "|any|")
        for value in (("yes", "no") if item else ("any", "unnamed", ""))
    ]
    assert len(set(names)) == len(names)


def test_parts_are_named_as_counts_are(tmp_path: Path) -> None:
    study = study_of(tmp_path / "paper1", [count("PR", "3", "group1", at="8 weeks")])
    source = source_of(study)
    (claim,) = study.claims
    premise = source.printed(claim.claim, {})
    assert premise is not None
    rule = divided(study, "#all || group = 1", [("response", "8 weeks", "")])
    assert set(premise.inequality.terms) <= set(rule.inequality.terms)
    assert len(rule.inequality.terms) == 4


# Proofs


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_proof_replays_and_uses_every_premise(tmp_path: Path, name: str) -> None:
    check_name, rows = CONFLICTS[name]
    if check_name in ("quotations", "counted-studies"):
        pytest.skip("needs another document")
    if check_name in ("moments", "ranks", "mean-tests", "contingency"):
        pytest.skip("is proved by one rule, and not by adding up")
    study = study_of(tmp_path / "paper1", rows)
    cases = refuter_of(study).refute([claim.claim for claim in study.claims])
    assert cases
    for case in cases:
        inequalities = [premise.inequality for premise in case.premises]
        whole = {name for one in inequalities for name in one.terms if name.startswith("#")}
        assert check(inequalities, case.proof, whole)
        for place in range(len(inequalities)):
            loose = type(inequalities[0])(inequalities[place].terms, Interval(None, None))
            fewer = [*inequalities[:place], loose, *inequalities[place + 1 :]]
            assert not check(fewer, case.proof, whole)


def test_a_conflict_has_a_certificate_and_names_the_rows_that_it_cites(tmp_path: Path) -> None:
    (finding,) = conflicts(study_of(tmp_path / "paper1", CONFLICTS["exclusive-levels"][1]))
    assert finding.certificate is not None
    assert finding.certificate["kind"] == KIND
    assert finding.certificate["rows"] == sorted(finding.claims)
    assert finding.certificate["conventions"] == {"alpha": None, "rounding": "nearest"}


def test_each_printing_of_a_value_is_in_a_proof(tmp_path: Path) -> None:
    rows = [
        row("age", "mean", "61.2"),
        row("age", "mean", "61,2", location="abstract"),
        row("age", "mean", "64.5", claim="other"),
    ]
    (finding,) = conflicts(study_of(tmp_path / "paper1", rows))
    assert finding.certificate is not None
    assert len(finding.certificate["proofs"]) == 2  # type: ignore[arg-type]
    assert finding.certificate["rows"] == sorted(finding.claims)


def test_a_conflict_that_cannot_be_proved_is_a_note(tmp_path: Path) -> None:
    study = study_of(tmp_path / "paper1", [size("all", "40"), row("size", "mean", "5.1")])
    claims = tuple(claim.claim for claim in study.claims)
    alleged = Finding("toy", "paper1", "conflict", claims, "These are said to differ.")
    certifier = Certifier(study, CONVENTIONS, (), analyse_counts(study))
    found = certifier.certified(alleged)
    assert (found.kind, found.certificate, dict(found.bearings)) == ("note", None, {})
    support = Finding("toy", "paper1", "support", claims, "These agree.")
    assert certifier.certified(support) is support


def test_a_certificate_that_the_checker_does_not_replay_makes_no_conflict(tmp_path: Path) -> None:
    study = study_of(tmp_path / "paper1", [size("all", "40")])
    certifier = Certifier(study, CONVENTIONS, (), analyse_counts(study))
    row, bearing = "results.all.N", Bearing(Verdict.INCONSISTENT, "Inconsistent.")
    brought = Finding("toy", "paper1", "conflict", (row,), "So.", {row: bearing}, certificate={"kind": KIND})  # fmt: skip
    assert certifier.certified(brought) is brought
    found = certifier.certified(replace(brought, certificate={"kind": "x"}))
    assert (found.kind, found.certificate, found.assumptions) == ("note", None, (NOT_REPLAYED,))
    assert found.bearings[row].verdict is Verdict.CONDITIONAL
    assert found.bearings[row].sentence == f"Inconsistent, if {NOT_REPLAYED}."


def test_a_size_that_follows_from_other_counts_is_cited(tmp_path: Path) -> None:
    # Nobody prints how many group 1 has: 34 less 19.
    rows = [
        size("all", "34"),
        size("group2", "19"),
        count("CR", "14", "group1"),
        row("response", "pct", "60", "group1", "CR", denominator="group1"),
    ]
    (finding,) = [one for one in conflicts(study_of(tmp_path / "paper1", rows)) if one.check == "percentages"]  # fmt: skip
    assert finding.certificate is not None
    assert {"results.all.N", "results.group2.N"} <= set(finding.certificate["rows"])  # type: ignore[call-overload]


def test_rows_of_several_readings_need_a_proof_for_each(tmp_path: Path) -> None:
    open_row = row("age", "median", "61", "group1|all", claim="open")
    group = row("age", "median", "64", "group1", location="abstract", claim="group")
    whole = row("age", "median", "65", location="abstract", claim="whole")
    study = study_of(tmp_path / "paper1", [open_row, group, whole])
    refuter = refuter_of(study)
    assert [dict(case.taken) for case in refuter.refute(["open", "group", "whole"])] == [
        {"population group1|all of age in results": "group1"},
        {"population group1|all of age in results": "all"},
    ]
    assert refuter.refute(["open", "group"]) == ()
    assert refuter.refute(["open", "whole"]) == ()


def test_what_a_secondary_source_prints_proves_nothing(tmp_path: Path) -> None:
    places = {**LOCATIONS, "review": {"title": "A review", "seen": "secondary"}}
    rows = [row("age", "mean", "61.2"), row("age", "mean", "64.5", location="review")]
    study = make_study(
        tmp_path / "paper1", populations=PATIENTS, variables=VARIABLES, locations=places, claims=rows
    )  # fmt: skip
    assert refuter_of(study).refute([claim.claim for claim in study.claims]) == ()


@pytest.mark.parametrize(("rounding", "is_proved"), [("nearest", True), ("any", False)])
def test_conventions_are_part_of_a_proof(tmp_path: Path, rounding: str, is_proved: bool) -> None:
    study = study_of(tmp_path / "paper1", [row("size", "p25", "7"), row("size", "median", "5.9")])
    conventions = Conventions(rounding)
    refuter = Refuter(source_of(study, conventions), ())
    assert bool(refuter.refute([claim.claim for claim in study.claims])) is is_proved


def test_open_ends_are_written_so(tmp_path: Path) -> None:
    study = study_of(tmp_path / "paper1", [row("size", "mean", "7")])
    source = source_of(study, Conventions("truncate"))
    premise = source.printed(study.claims[0].claim, {})
    assert premise is not None
    assert premise.says == "7 <= [mean | size |  |  |  |  | all | cm] < 8"
