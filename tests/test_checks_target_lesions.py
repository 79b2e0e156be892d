from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.target_lesions import check_target_lesions
from netcore.printed import Interval

Row = dict[str, str]


def parts(*criteria: str) -> dict[str, Any]:
    return {
        "locations": {
            "results": {"title": "Results"},
            "review": {"title": "A review", "seen": "secondary"},
        },
        "populations": {
            "all": {"units": "patients"},
            "one": {"of": "all", "where": {"group": "1"}},
            "foci": {"units": "lesions", "per": "all"},
            "large": {"of": "foci", "where": {"size": "large"}},
            "foci_of_one": {"units": "lesions", "per": "one"},
            "loose": {"units": "lesions"},
        },
        "variables": {
            "group": {"type": "categorical", "levels": ["1", "2"]},
            "size": {"type": "categorical", "levels": ["large", "small"]},
            "kind": {
                "type": "categorical",
                "levels": ["target", "other"],
                "targets": "target",
                "criteria": list(criteria or ("RECIST 1.1",)),
            },
            "spread": {
                "type": "categorical",
                "levels": ["liver_only", "two", "more"],
                "organs": {"liver_only": 1, "two": 2},
            },
        },
    }


def targets(printed: str, population: str = "foci", **keys: str) -> Row:
    return {
        "claim": "targets",
        "population": population,
        "variable": "kind",
        "variable_level": "target",
        "stat_name": "n",
        "printed": printed,
        **keys,
    }


def patients(printed: str, population: str = "all", **keys: str) -> Row:
    return {"population": population, "stat_name": "N", "printed": printed, **keys}


def spread(level: str, printed: str, **keys: str) -> Row:
    return {
        "variable": "spread",
        "variable_level": level,
        "stat_name": "n",
        "printed": printed,
        **keys,
    }


def found(folder: Path, *rows: Row, criteria: tuple[str, ...] = ()) -> list[Finding]:
    study = make_study(folder / "paper1", claims=rows, **parts(*criteria))
    return list(check_target_lesions(study, Conventions()))


def outcome(folder: Path, *rows: Row, criteria: tuple[str, ...] = ()) -> tuple[Any, int]:
    (finding,) = found(folder, *rows, criteria=criteria)
    assert finding.kind == "support"
    bearing = finding.bearings["targets"]
    assert bearing.attainable is not None
    (attainable,) = bearing.attainable
    assert attainable.high is not None
    assert (bearing.verdict is Verdict.CONDITIONAL) is bool(finding.assumptions)
    return bearing.verdict, int(attainable.high)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("68", Verdict.POSSIBLE),
        ("69", Verdict.CONDITIONAL),
        ("105", Verdict.CONDITIONAL),
        ("110", Verdict.CONDITIONAL),
        ("111", Verdict.CONDITIONAL),
    ],
)
def test_limits_of_the_criteria_are_never_proofs(
    tmp_path: Path, printed: str, verdict: Verdict
) -> None:
    rows = patients("34"), spread("liver_only", "20")
    assert outcome(tmp_path, targets(printed), *rows) == (verdict, 110)


def test_what_is_assumed_depends_on_the_limit_that_is_passed(tmp_path: Path) -> None:
    rows = patients("34"), spread("liver_only", "20")
    (outside,) = found(tmp_path / "outside", targets("105"), *rows)
    assert any("more organs than one" in text for text in outside.assumptions)
    assert "20 × 2 + 14 × 5 = 110" in outside.statement
    (beyond,) = found(tmp_path / "beyond", targets("111"), *rows)
    assert not any("more organs than one" in text for text in beyond.assumptions)
    (assumption,) = beyond.assumptions
    assert assumption.count(",") + assumption.count(" or ") >= 2


def test_the_limits_are_those_of_the_criteria_that_are_named(tmp_path: Path) -> None:
    def limit(name: str, *criteria: str) -> tuple[Any, int]:
        return outcome(tmp_path / name, targets("60"), patients("10"), criteria=criteria)

    assert limit("11", "RECIST v1.1") == (Verdict.CONDITIONAL, 50)
    assert limit("10", "RECIST 1.0") == (Verdict.CONDITIONAL, 100)
    assert limit("none", "RECIST") == (Verdict.CONDITIONAL, 100)  # which version is not said
    assert limit("two", "RECIST 1.0", "RECIST 1.1") == (Verdict.CONDITIONAL, 100)


@pytest.mark.parametrize("name", ["mRECIST", "WHO", "RECIST 1.1|WHO"])
def test_criteria_without_a_known_limit_bound_nothing(tmp_path: Path, name: str) -> None:
    rows = targets("600"), patients("10")
    assert not found(tmp_path, *rows, criteria=tuple(name.split("|")))


@pytest.mark.parametrize(
    "change",
    [
        {"variable_level": "other"},
        {"cites": "lee2019"},
        {"location": "review"},
        {"population": "loose"},
        {"population": "foci|large"},
        {"printed": "~600"},
        {"printed": "all"},
        {"stat_name": "pct"},
    ],
)
def test_only_counts_of_targets_are_bounded(tmp_path: Path, change: Row) -> None:
    rows = targets("600"), patients("10")
    assert found(tmp_path / "plain", *rows)
    assert not found(tmp_path / "other", rows[0] | change, rows[1])


def test_no_number_of_patients_bounds_nothing(tmp_path: Path) -> None:
    assert not found(tmp_path / "none", targets("600"))
    assert not found(tmp_path / "later", targets("600"), patients("10", at="2 years"))


def test_a_part_of_the_foci_has_no_more_targets_than_all(tmp_path: Path) -> None:
    assert outcome(tmp_path, targets("60", "large"), patients("10")) == (Verdict.CONDITIONAL, 50)


def test_a_group_of_unknown_size_is_no_larger_than_its_whole(tmp_path: Path) -> None:
    rows = targets("60", "foci_of_one"), patients("10")
    assert outcome(tmp_path / "whole", *rows)[1] == 50
    assert outcome(tmp_path / "own", *rows, patients("4", "one"))[1] == 20


def test_printings_that_differ_bound_as_loosely_as_they_can(tmp_path: Path) -> None:
    rows = [
        patients("10"),
        patients("12", claim="again"),
        spread("liver_only", "6"),
        spread("liver_only", "4", claim="spread_again"),
    ]
    assert outcome(tmp_path, targets("1"), *rows)[1] == 4 * 2 + 8 * 5


def test_organs_are_counted_at_one_time(tmp_path: Path) -> None:
    rows = targets("1"), patients("10"), spread("liver_only", "6")
    two = spread("two", "3")
    assert outcome(tmp_path / "once", *rows, two)[1] == 6 * 2 + 3 * 4 + 5
    assert outcome(tmp_path / "twice", *rows, two | {"at": "2 years"})[1] == 50


def test_a_conditional_count_is_no_conflict_and_a_possible_one_has_a_witness(
    tmp_path: Path,
) -> None:
    (finding,) = found(tmp_path, targets("15"), patients("10"))
    assert finding.witness is not None
    dealt = finding.witness["targets"]
    assert isinstance(dealt, list)
    assert (len(dealt), sum(dealt), max(dealt)) == (10, 15, 2)
    assert finding.bearings["targets"].attainable == (Interval(0, 50),)  # type: ignore[arg-type]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    organs=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=12)
)
def test_targets_chosen_by_the_criteria_keep_to_the_bounds(
    tmp_path_factory: pytest.TempPathFactory, organs: list[list[int]]
) -> None:
    # Foci of each patient by organ; as many of them are targets as RECIST 1.1 allows.
    chosen = [min(5, sum(min(2, foci) for foci in patient)) for patient in organs]
    number = {count: sum(len(patient) == count for patient in organs) for count in (1, 2)}
    verdict, most = outcome(
        tmp_path_factory.mktemp("true"),
        targets(str(sum(chosen))),
        patients(str(len(organs))),
        spread("liver_only", str(number[1])),
        spread("two", str(number[2])),
    )
    assert sum(chosen) <= most
    if all(len(patient) == 1 for patient in organs):
        assert verdict is Verdict.POSSIBLE
