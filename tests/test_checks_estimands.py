from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from checked_studies import count, share, size, study_of

from netcore.checks.estimands import (
    Cell,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
    significance,
)
from netcore.study import Condition, Study


def cells(study: Study) -> list[Cell | None]:
    return [cell_of(study, reading) for claim in study.claims for reading in readings(claim)]


def test_an_unambiguous_row_has_one_reading(tmp_path: Path) -> None:
    study = study_of(tmp_path, [count("group1", "response", "CR", "4", at="8 weeks")])
    (reading,) = readings(study.claims[0])
    assert (reading.population, reading.variable_level, reading.at) == ("group1", "CR", "8 weeks")


def test_readings_are_all_combinations_in_the_order_of_the_columns(tmp_path: Path) -> None:
    study = study_of(tmp_path, [count("group1|group2", "response", "CR|PR", "4")])
    found = [(reading.population, reading.variable_level) for reading in readings(study.claims[0])]
    assert found == [("group1", "CR"), ("group1", "PR"), ("group2", "CR"), ("group2", "PR")]


def test_the_size_of_a_group_and_the_number_at_its_level_are_one_cell(tmp_path: Path) -> None:
    study = study_of(tmp_path, [size("group1", "15"), count("all", "group", "1", "15")])
    assert cells(study) == [Cell("all", frozenset({Condition("group", "", "1")}))] * 2


def test_a_count_at_another_time_is_another_cell(tmp_path: Path) -> None:
    rows = [count("all", "response", "CR", "4", at=at) for at in ("8 weeks", "24 weeks")]
    first, second = cells(study_of(tmp_path, rows))
    assert first != second


def test_a_population_keeps_the_time_of_its_levels(tmp_path: Path) -> None:
    populations = {
        "all": {"units": "patients"},
        "responders": {"of": "all", "where": {"response": "ORR"}, "at": "8 weeks"},
        "early": {"of": "responders", "where": {"stage": "early"}},
    }
    study = study_of(tmp_path, [size("early", "4")], populations=populations)
    assert population_cell(study, "early").conditions == {
        Condition("response", "8 weeks", "ORR"),
        Condition("stage", "", "early"),
    }


def test_the_number_analysed_of_a_variable_is_no_count_of_a_level(tmp_path: Path) -> None:
    rows = [size("all", "30", variable="age"), size("all", "28", variable="response")]
    rows.append(size("all", "28", variable="response", variable_level="CR"))
    rows.append({"stat_name": "n", "variable": "age", "printed": "30"})
    assert cells(study_of(tmp_path, rows)) == [None] * 4


def test_who_is_left_at_a_time_is_no_size_of_the_group(tmp_path: Path) -> None:
    rows = [size("group1", "15"), size("group1", "12", at="24 months")]
    first, second = cells(study_of(tmp_path, rows))
    assert first is not None
    assert second is None


def test_an_overlapping_variable_without_a_level_counts_whoever_had_any(tmp_path: Path) -> None:
    study = study_of(tmp_path, [count("all", "event", "", "3")])
    assert cells(study) == [Cell("all", frozenset({Condition("event", "", "")}))]


def test_a_described_patient_and_a_mean_are_no_counts(tmp_path: Path) -> None:
    populations = {"all": {"units": "patients"}, "case": {"of": "all", "size": 1}}
    rows = [size("case", "1"), {"stat_name": "mean", "variable": "age", "printed": "61"}]
    assert cells(study_of(tmp_path, rows, populations=populations)) == [None, None]


def test_a_larger_cell_contains_a_smaller_one_of_the_same_root() -> None:
    group, response = Condition("group", "", "1"), Condition("response", "", "CR")
    small, large = Cell("all", frozenset({group, response})), Cell("all", frozenset({group}))
    assert large.contains(small)
    assert large.contains(large)
    assert not small.contains(large)
    assert not Cell("procedures", frozenset()).contains(large)
    assert small.without(response) == large


def test_quotations_and_rules_are_no_patient_data(tmp_path: Path) -> None:
    populations = {"all": {"units": "patients"}, "protocol": {"units": "rules"}}
    rows = [
        size("all", "34"),
        size("all", "40", cites="smith2019", claim="quoted"),
        {"population": "", "stat_name": "N", "printed": "40", "cites": "jones2018"},
        {"population": "protocol", "stat_name": "value", "variable": "age", "printed": "18"},
    ]
    study = study_of(tmp_path, rows, populations=populations)
    assert [is_patient_data(study, claim) for claim in study.claims] == [True, False, False, False]


def test_only_a_secondary_source_is_not_first_hand(tmp_path: Path) -> None:
    rows = [size("all", "34", location=place) for place in ("results", "abstract", "review")]
    study = study_of(tmp_path, rows)
    assert [is_first_hand(study, claim) for claim in study.claims] == [True, True, False]


def test_the_level_is_the_readers_choice_then_the_papers_then_five_per_cent(tmp_path: Path) -> None:
    plain = study_of(tmp_path / "plain", [size("all", "34")])
    assert significance(plain, None) == Fraction(1, 20)
    assert significance(plain, Fraction(1, 100)) == Fraction(1, 100)
    levels = [
        {"stat_name": "alpha", "printed": "0.05"},
        {"stat_name": "alpha", "printed": "0,01", "location": "russian"},
    ]
    stated = study_of(tmp_path / "stated", levels)
    assert significance(stated, None) == Fraction(1, 100)
    assert significance(stated, Fraction(1, 10)) == Fraction(1, 10)
    percentage = [{"stat_name": "alpha", "printed": "5", "unit": "%"}]
    assert significance(study_of(tmp_path / "percentage", percentage), None) == Fraction(1, 20)


def test_a_percentage_counts_the_same_cell_as_its_count(tmp_path: Path) -> None:
    study = study_of(
        tmp_path, [count("group1", "response", "CR", "4"), share("group1", "response", "CR", "27")]
    )
    first, second = cells(study)
    assert first == second is not None
