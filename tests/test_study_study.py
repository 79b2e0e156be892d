from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from pathlib import Path

import pytest
from study_builder import make_study

from netcore.study import Condition, Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(
        tmp_path / "key2020",
        locations={
            "results": {"title": "Results"},
            "table1": {"title": "Table 1", "decimal": ",", "thousands": " "},
        },
        populations={
            "all": {"units": "patients"},
            "group1": {"of": "all", "where": {"group": "1"}},
            "responders": {"of": "group1", "where": {"response": "PR"}, "at": "2 cycles"},
            "late": {"of": "responders", "where": {"response": "CR"}, "at": "4 cycles"},
            "patient_x": {"of": "late", "size": "1"},
            "procedures": {"units": "procedures", "per": "group1"},
        },
        variables={
            "group": {"type": "categorical", "levels": ["1", "2"]},
            "response": {"type": "categorical", "levels": ["CR", "PR"]},
            "age": {"type": "continuous"},
            "start": {"type": "date"},
        },
        claims=[
            {"claim": "n", "stat_name": "N", "printed": "40"},
            {"claim": "mean", "stat_name": "mean|median", "variable": "age", "location": "table1", "printed": "1 058,50"},
            {"claim": "date", "stat_name": "start", "variable": "start", "printed": "2017-09"},
            {"claim": "level", "population": "patient_x", "stat_name": "value", "variable": "response", "printed": "CR"},
            {"stat_name": "pct", "variable": "response", "variable_level": "CR", "printed": "5", "note": "two\nlines"},
            {"claim": "p", "stat_name": "p.value", "variable": "age", "printed": "<0.05"},
        ],
    )  # fmt: skip


def test_claims_stand_in_the_order_of_the_file_with_their_lines(study: Study) -> None:
    assert [(claim.claim, claim.line) for claim in study.claims] == [
        ("n", 2),
        ("mean", 3),
        ("date", 4),
        ("level", 5),
        ("results.all.response.CR.pct", 6),
        ("p", 8),
    ]


def test_a_claim_is_found_by_its_id(study: Study) -> None:
    assert study.claim_by_id("results.all.response.CR.pct").printed == "5"


def test_an_unknown_claim_names_the_nearest(study: Study) -> None:
    with pytest.raises(KeyError, match=r"no claim 'maen' in key2020 \(nearest: mean\)"):
        study.claim_by_id("maen")


def test_dates_and_levels_are_no_numbers(study: Study) -> None:
    assert [study.is_numeric(claim) for claim in study.claims] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]


def test_a_number_is_parsed_with_the_marks_of_its_location(study: Study) -> None:
    printed = study.printed(study.claim_by_id("mean"))
    assert (printed.value, printed.step) == (Fraction(2117, 2), Fraction(1, 100))


@pytest.mark.parametrize("claim", ["date", "level"])
def test_what_is_no_number_is_not_parsed(study: Study, claim: str) -> None:
    with pytest.raises(ValueError, match="expected a numeric claim"):
        study.printed(study.claim_by_id(claim))


def test_ancestors_lead_to_the_root(study: Study) -> None:
    assert study.ancestors("patient_x") == ("late", "responders", "group1", "all")
    assert study.ancestors("all") == ()
    assert study.root("patient_x") == "all"
    assert study.root("procedures") == "procedures"


def test_units_are_those_of_the_root(study: Study) -> None:
    assert study.units("patient_x") == "patients"
    assert study.units("procedures") == "procedures"


def test_conditions_are_inherited_with_their_own_times(study: Study) -> None:
    assert study.conditions("patient_x") == {
        Condition("group", "", "1"),
        Condition("response", "2 cycles", "PR"),
        Condition("response", "4 cycles", "CR"),
    }
    assert study.conditions("all") == frozenset()
    assert study.conditions("procedures") == frozenset()


def test_an_unknown_population_is_a_key_error(study: Study) -> None:
    with pytest.raises(KeyError):
        study.conditions("absent")


def test_a_study_cannot_be_changed(study: Study) -> None:
    with pytest.raises(AttributeError):
        study.claims = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        study.populations["new"] = study.populations["all"]  # type: ignore[index]


def test_a_study_can_be_sent_to_another_process(study: Study) -> None:
    again = pickle.loads(pickle.dumps(study))
    assert again == study
    assert again.conditions("late") == study.conditions("late")
    assert copy.deepcopy(study) == study


def test_a_study_can_be_a_key_of_a_cache(study: Study, tmp_path: Path) -> None:
    again = make_study(tmp_path / "other" / "key2020")
    assert {study: 1}[study] == 1
    assert again != study
    assert again == make_study(tmp_path / "other" / "key2020")
    assert hash(again) == hash(make_study(tmp_path / "other" / "key2020"))
