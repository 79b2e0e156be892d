from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from checked_studies import LOCATIONS, POPULATIONS, VARIABLES, count, share, size
from study_builder import make_study

from netcore.checks import Conventions, Finding, Repair, run_checks
from netcore.repairs import Found, find_repairs, question_key
from netcore.study import Study

GROUPS = [size("all", "34"), size("group1", "15"), size("group2", "19")]
CONVENTIONS = Conventions()


def study_of(folder: Path, *rows: dict[str, Any]) -> Study:
    return make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        claims=[*GROUPS, *rows],
    )


def conflicts(study: Study) -> list[Finding]:
    found = run_checks(study, CONVENTIONS)
    return [f for f in find_repairs(study, found, CONVENTIONS) if f.kind == "conflict"]


def with_repair(study: Study, repair: Repair) -> Study:
    printed = dict(repair.replacements)
    claims = tuple(
        claim.model_copy(update={"printed": printed.get(claim.claim, claim.printed)})
        for claim in study.claims
    )
    return replace(study, claims=claims)


def test_a_digit_that_would_do_is_found_and_holds_when_everything_is_checked_again(
    tmp_path: Path,
) -> None:
    study = study_of(
        tmp_path, count("group1", "response", "PR", "7"), share("group1", "response", "PR", "67")
    )
    (finding,) = conflicts(study)
    repairs = [repair for repair in finding.repairs if repair.verified]
    assert {repair.kind for repair in repairs} == {"one digit", "value"}
    put = [dict(repair.replacements).get("results.group1.response.PR.pct") for repair in repairs]
    assert "47" in put
    assert finding.tried >= len(repairs)
    for repair in repairs:
        assert not conflicts(with_repair(study, repair)), repair


def test_exchanged_digits_come_before_a_digit(tmp_path: Path) -> None:
    study = study_of(
        tmp_path, count("group2", "response", "PR", "9"), share("group2", "response", "PR", "74")
    )
    (finding,) = conflicts(study)
    first = next(repair for repair in finding.repairs if repair.verified)
    assert (first.kind, first.change) == ("digits exchanged", "47 % instead of 74 %")


def test_values_that_changed_places_are_found(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        count("all", "response", "CR", "11"),
        share("all", "response", "CR", "62"),
        count("all", "response", "PR", "21"),
        share("all", "response", "PR", "32"),
    )
    found = conflicts(study)
    exchanges = [
        repair for finding in found for repair in finding.repairs if repair.kind == "exchange"
    ]
    assert exchanges
    for repair in exchanges:
        assert not conflicts(with_repair(study, repair)), repair


def test_a_value_that_stands_in_two_places_is_changed_in_both(tmp_path: Path) -> None:
    twice = [
        count("group1", "response", "PR", "7"),
        count("group1", "response", "PR", "7") | {"location": "abstract"},
    ]
    study = study_of(tmp_path, *twice, share("group1", "response", "PR", "67"))
    (finding,) = conflicts(study)
    for repair in finding.repairs:
        if repair.verified and any(name.endswith(".n") for name in repair.claims):
            assert {name.partition(".")[0] for name in repair.claims} == {"results", "abstract"}


def test_a_change_that_meets_another_printed_value_is_no_repair(tmp_path: Path) -> None:
    # 7 of 15 is 47 %, 67 % would be 10 of 15, but 6 others stand beside them.
    study = study_of(
        tmp_path,
        count("group1", "response", "PR", "7"),
        share("group1", "response", "PR", "67"),
        count("group1", "response", "SD", "6"),
    )
    (finding,) = conflicts(study)
    changed = {dict(repair.replacements).get("results.group1.response.PR.n") for repair in finding.repairs if repair.verified}  # fmt: skip
    assert "10" not in changed


def test_two_printings_are_each_the_repair_of_the_other(tmp_path: Path) -> None:
    median = {"population": "all", "variable": "age", "stat_name": "median", "printed": "342"}
    other = median | {"location": "abstract", "printed": "432"}
    (finding,) = conflicts(study_of(tmp_path, median, other))
    assert [(repair.kind, repair.verified) for repair in finding.repairs] == [
        ("digits exchanged", True),
        ("digits exchanged", True),
    ]


def test_what_was_searched_before_is_not_searched_again(tmp_path: Path) -> None:
    study = study_of(
        tmp_path, count("group1", "response", "PR", "7"), share("group1", "response", "PR", "67")
    )
    found = run_checks(study, CONVENTIONS)
    (conflict,) = (finding for finding in found if finding.kind == "conflict")
    stored = Found((Repair(("results.group1.response.PR.n",), "as stored"),), 3)
    known = {question_key(study, conflict, CONVENTIONS): stored}
    (finding,) = (
        finding
        for finding in find_repairs(study, found, CONVENTIONS, known)
        if finding.kind == "conflict"
    )
    assert (finding.repairs, finding.tried) == (stored.repairs, 3)


@pytest.mark.parametrize(
    ("change", "same"),
    [({"note": "seen again"}, True), ({"printed": "9"}, False), ({"unit": "patients"}, False)],
)
def test_a_search_is_stale_when_a_value_near_it_changed_and_not_when_a_note_did(
    tmp_path: Path, change: dict[str, str], same: bool
) -> None:
    row = count("group1", "response", "PR", "7")
    rest = (share("group1", "response", "PR", "67"), count("group1", "response", "SD", "2"))
    keys = []
    for number, first in enumerate((row, row | change)):
        study = study_of(tmp_path / str(number), first, *rest)
        found = run_checks(study, CONVENTIONS)
        (conflict,) = (finding for finding in found if finding.kind == "conflict")
        keys.append(question_key(study, conflict, CONVENTIONS))
    assert (keys[0] == keys[1]) == same


def test_a_count_never_turns_negative(tmp_path: Path) -> None:
    study = study_of(
        tmp_path, count("group1", "response", "PR", "9"), count("group1", "response", "SD", "8")
    )
    for finding in conflicts(study):
        assert not [repair for repair in finding.repairs if repair.kind == "sign"]


def test_another_percentage_of_the_place_may_forbid_a_repair(tmp_path: Path) -> None:
    # 18 of 34 is 52.9 %, which is 50 to the nearest 10, but 75 stands in the same place.
    rows = [
        count("all", "response", "PR", "18"),
        share("all", "response", "PR", "30"),
        share("all", "stage", "early", "75"),
        count("all", "stage", "early", "25"),
    ]
    (finding,) = (f for f in conflicts(study_of(tmp_path, *rows)) if "PR" in f.id)
    put = {value for repair in finding.repairs if repair.verified for _, value in repair.replacements}  # fmt: skip
    assert "50" not in put
    # 25 of 34 is 73.5 %, which is 75 only where all are multiples of 5.
    assert "53" not in put
    assert "55" in put


def test_a_sign_that_was_lost_is_found(tmp_path: Path) -> None:
    rows = [
        {"population": "all", "variable": "age", "stat_name": name, "printed": printed}
        for name, printed in (("p25", "-51"), ("median", "22.6"), ("p75", "-17"))
    ]
    found = conflicts(study_of(tmp_path, *rows))
    signs = [
        dict(repair.replacements)
        for finding in found
        for repair in finding.repairs
        if repair.kind == "sign" and repair.verified
    ]
    assert {"results.all.age.median": "-22.6"} in signs
