from __future__ import annotations

import copy
import itertools
import pickle
from fractions import Fraction
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from netcore.study.models import (
    AMBIGUOUS,
    COLUMNS,
    Analysis,
    Claim,
    Location,
    PaperInfo,
    Population,
    Variable,
)


def faults(model: type[BaseModel], **fields: Any) -> list[str]:
    """Return the places of all faults, keys marked as pydantic marks them."""
    try:
        model.model_validate(fields)
    except ValidationError as error:
        return [".".join(str(part) for part in details["loc"]) for details in error.errors()]
    return []


def claim(**cells: Any) -> Claim:
    row = dict.fromkeys(COLUMNS, "") | {
        "claim": "c",
        "location": "t",
        "stat_name": "n",
        "printed": "1",
    }
    return Claim.model_validate(row | {"line": 2} | cells)


def test_entries_cannot_be_changed() -> None:
    variable = Variable.model_validate(
        {"type": "categorical", "levels": ["a"], "unions": {"u": ["a"]}}
    )
    with pytest.raises(ValidationError):
        variable.type = "date"  # type: ignore[misc]
    with pytest.raises(TypeError):
        variable.unions["v"] = ()  # type: ignore[index]


def test_the_thirteen_columns_are_those_of_the_format() -> None:
    header = "claim,location,population,variable,variable_level,stat_name,at,denominator,analysis,printed,unit,cites,note"
    assert ",".join(COLUMNS) == header
    assert set(AMBIGUOUS) < set(COLUMNS)


def test_a_claim_splits_its_keys_into_readings() -> None:
    row = claim(stat_name="mean|rmean", population="all|procedures")
    assert row.readings("stat_name") == ("mean", "rmean")
    assert row.readings("population") == ("all", "procedures")
    assert row.readings("variable") == ("",)


def test_a_bar_in_the_printed_value_or_the_note_separates_nothing() -> None:
    assert claim(note="a|b").readings("note") == ("a|b",)


def test_readings_of_an_unknown_column_are_refused() -> None:
    with pytest.raises(ValueError, match=r"found column 'pop', expected one of .*"):
        claim().readings("pop")


def test_claims_are_hashable_and_comparable() -> None:
    assert len({claim(), claim(), claim(line=3)}) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"units": "patients"},
        {"units": "procedures", "per": "all", "title": "t"},
        {"of": "all", "where": {"group": "1"}, "at": "2 cycles"},
        {"of": "all", "size": "1", "title": "woman of figure 1"},
        {"of": "all", "size": "1", "where": {"group": "1"}},
    ],
)
def test_a_population_is_a_root_or_a_part(fields: dict[str, Any]) -> None:
    assert faults(Population, **fields) == []


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, [""]),
        ({"title": "t"}, [""]),
        ({"units": "patients", "of": "all", "size": "1"}, ["of"]),
        ({"units": "patients", "where": {"group": "1"}, "size": "1"}, ["where", "size"]),
        ({"units": "patients", "at": "2 cycles"}, ["at"]),
        ({"of": "all"}, [""]),
        ({"of": "all", "size": "1", "per": "all"}, ["per"]),
        ({"of": "all", "size": "1", "at": "2 cycles"}, ["at"]),
        ({"of": "all", "size": "2"}, ["size"]),
        ({"units": "rabbits"}, ["units"]),
        ({"units": "patients", "colour": "red"}, ["colour"]),
        ({"of": "all", "where": {"a b": "1"}}, ["where.a b.[key]"]),
    ],
)
def test_a_population_that_is_neither_is_refused(fields: dict[str, Any], places: list[str]) -> None:
    assert faults(Population, **fields) == places


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "date"},
        {"type": "multi"},
        {
            "type": "categorical",
            "levels": ["a", "b", "unknown"],
            "complete": "true",
            "missing": ["unknown"],
        },
        {
            "type": "categorical",
            "levels": ["a", "b"],
            "unions": {"ab": ["a", "b"]},
            "measured_by": {"a": "x", "ab": "x"},
        },
        {"type": "multi", "levels": ["a", "b", "c"], "within": {"a": "b", "b": "c"}},
        {
            "type": "continuous",
            "min": "0",
            "max": "0",
            "granularity": {"step": "0.5", "stated": "true"},
        },
        {"type": "continuous", "derived": {"per": "patient", "difference": ["a", "b"]}},
        {"type": "continuous", "derived": {"per": "summary", "of": "mean", "sum": ["a", "b", "c"]}},
        {"type": "date", "after": ["a", "b"]},
        {"type": "categorical", "levels": ["a", "b"], "targets": "a", "organs": {"b": "1"}},
        {"type": "studies", "counts": {"interventions": ["a", "b"], "compared": "true"}},
        {"type": "studies", "counts": {"designs": ["randomised_trial"]}},
        {"type": "continuous", "derived": {"per": "summary", "of": "median", "ratio": ["a", "b"]}},
        {
            "type": "time",
            "from": "treatment",
            "to": "death",
            "unit": "months",
            "printed_as": {"t": "OS"},
        },
    ],
)
def test_a_variable_may_say(fields: dict[str, Any]) -> None:
    assert faults(Variable, **fields) == []


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, ["type"]),
        ({"type": "ordinal"}, ["type"]),
        ({"type": "continuous", "levels": ["a"], "complete": "true"}, ["levels", "complete"]),
        ({"type": "date", "min": "0", "unit": "d"}, ["unit", "min"]),
        ({"type": "continuous", "from": "a", "to": "b"}, ["from", "to"]),
        ({"type": "categorical", "levels": ["a", "b"], "within": {"a": "b"}}, ["within"]),
        ({"type": "categorical", "levels": "a"}, ["levels"]),
        ({"type": "categorical", "levels": ["a", "a"]}, ["levels.1"]),
        ({"type": "categorical", "levels": ["a"], "missing": ["b"]}, ["missing.0"]),
        (
            {
                "type": "categorical",
                "levels": ["a"],
                "unions": {"a": ["a"], "u": ["a", "b"], "v": [], "w": ["a", "a"]},
            },
            ["unions.a.[key]", "unions.u.1", "unions.v", "unions.w.1"],
        ),
        (
            {"type": "categorical", "levels": ["a"], "measured_by": {"b": "x"}},
            ["measured_by.b.[key]"],
        ),
        (
            {"type": "multi", "levels": ["a"], "within": {"b": "a", "a": "c"}},
            ["within.b.[key]", "within.a"],
        ),
        (
            {"type": "multi", "levels": ["a", "b"], "within": {"a": "b", "b": "a"}},
            ["within.a", "within.b"],
        ),
        (
            {
                "type": "multi",
                "levels": ["a", "b", "c"],
                "within": {"a": "b", "b": "c", "c": "b"},
            },
            ["within.b", "within.c"],
        ),
        ({"type": "multi", "levels": ["a"], "within": {"a": "a"}}, ["within.a"]),
        (
            {"type": "categorical", "levels": ["a"], "level_titles": {"b": "B"}},
            ["level_titles.b.[key]"],
        ),
        ({"type": "continuous", "min": "1", "max": "0"}, ["max"]),
        ({"type": "continuous", "min": "one"}, ["min"]),
        (
            {"type": "continuous", "granularity": {"step": "0", "stated": "maybe"}},
            ["granularity.step", "granularity.stated"],
        ),
        ({"type": "continuous", "derived": {"per": "patient"}}, ["derived"]),
        (
            {
                "type": "continuous",
                "derived": {"per": "patient", "difference": ["a", "b"], "ratio": ["a", "b"]},
            },
            ["derived"],
        ),
        (
            {
                "type": "continuous",
                "derived": {"per": "patient", "of": "median", "ratio": ["a", "b"]},
            },
            ["derived.of"],
        ),
        ({"type": "continuous", "derived": {"per": "summary", "ratio": ["a", "b"]}}, ["derived"]),
        (
            {"type": "continuous", "derived": {"per": "patient", "sum": ["a"]}},
            ["derived.sum"],
        ),
        (
            {
                "type": "continuous",
                "derived": {"per": "patient", "sum": ["a", "b"], "ratio": ["a", "b"]},
            },
            ["derived"],
        ),
        ({"type": "continuous", "after": ["a"]}, ["after"]),
        ({"type": "categorical", "levels": ["a"], "targets": "b"}, ["targets"]),
        ({"type": "categorical", "levels": ["a"], "organs": {"b": "1"}}, ["organs.b.[key]"]),
        ({"type": "categorical", "levels": ["a"], "organs": {"a": "0"}}, ["organs.a"]),
        ({"type": "studies", "counts": {}}, ["counts"]),
        ({"type": "studies", "counts": {"designs": ["dream"]}}, ["counts.designs.0"]),
        (
            {"type": "studies", "counts": {"interventions": ["a"], "compared": "true"}},
            ["counts.compared"],
        ),
        ({"type": "integer", "counts": {"designs": ["cohort"]}}, ["counts"]),
        (
            {"type": "continuous", "derived": {"per": "patient", "ratio": ["a"]}},
            ["derived.ratio.1"],
        ),
        (
            {"type": "continuous", "derived": {"per": "patient", "ratio": ["a", "b", "c"]}},
            ["derived.ratio"],
        ),
    ],
)
def test_a_variable_may_not_say(fields: dict[str, Any], places: list[str]) -> None:
    assert faults(Variable, **fields) == places


def test_levels_within_levels_may_form_a_long_chain() -> None:
    levels = [f"l{number}" for number in range(2000)]
    within = dict(itertools.pairwise(levels))
    assert faults(Variable, type="multi", levels=levels, within=within) == []


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"test": ["cox"], "variable": "os", "by": "group"}, []),
        ({"test": ["pearson", "spearman"], "variable": "os", "with": "age"}, []),
        ({"test": ["cox"], "variable": "os"}, [""]),
        ({"test": ["cox"], "variable": "os", "by": "group", "with": "age"}, [""]),
        ({"test": [], "variable": "os", "by": "group"}, ["test"]),
        ({"test": ["coks", "cox"], "variable": "os", "by": "group"}, ["test.0"]),
        ({"test": ["cox", "cox"], "variable": "os", "by": "group"}, ["test.1"]),
    ],
)
def test_an_analysis_names_its_tests_and_one_of_by_and_with(
    fields: dict[str, Any], places: list[str]
) -> None:
    assert faults(Analysis, **fields) == places


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"title": "Table 1", "decimal": ",", "thousands": " ", "seen": "abstract only"}, []),
        ({}, ["title"]),
        ({"title": "Table 1", "decimal": ";"}, ["decimal"]),
        ({"title": "Table 1", "decimal": ",", "thousands": ","}, ["thousands"]),
        ({"title": "Table 1", "seen": "partly"}, ["seen"]),
    ],
)
def test_a_location_says_its_marks_and_what_was_seen(
    fields: dict[str, Any], places: list[str]
) -> None:
    assert faults(Location, **fields) == places


def test_a_paper_needs_key_design_and_date_only() -> None:
    assert faults(PaperInfo, key="a2020", design="cohort", published="2020-05") == []
    assert faults(PaperInfo) == ["key", "design"]


def test_a_variable_survives_json_exactly() -> None:
    variable = Variable.model_validate(
        {
            "type": "continuous",
            "min": "0.1",
            "max": "12345678901234.5",
            "granularity": {"step": "1", "stated": "false"},
        }
    )
    dumped = variable.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert dumped == {
        "type": "continuous",
        "min": "0.1",
        "max": "12345678901234.5",
        "granularity": {"step": "1", "stated": False},
    }
    assert Variable.model_validate(dumped) == variable
    assert variable.min == Fraction(1, 10)


def test_entries_can_be_copied() -> None:
    analysis = Analysis.model_validate({"test": ["cox"], "variable": "os", "with": "age"})
    assert copy.copy(analysis) == analysis
    assert pickle.loads(pickle.dumps(analysis)) == analysis
