"""What a study prints of one variable in one group, with every reading."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions
from netcore.checks.count_analysis import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import Numbers, PrintedSample, printed_samples

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"arm": "a"}},
    "b": {"of": "all", "where": {"arm": "b"}},
    "first": {"of": "all", "size": 1},
    "rule": {"units": "rules"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "age": {"type": "continuous", "unit": "years"},
    "score": {"type": "integer"},
    "os": {"type": "time", "unit": "months"},
    "day": {"type": "date"},
}
LOCATIONS: dict[str, Any] = {
    "results": {"title": "Results"},
    "abstract": {"title": "Abstract"},
    "review": {"title": "A review", "seen": "secondary"},
}
SIZES = (
    {"population": "all", "stat_name": "N", "printed": "20"},
    {"population": "a", "stat_name": "N", "printed": "12"},
)


def row(stat_name: str, printed: str, **keys: str) -> dict[str, str]:
    return {"variable": "age", "stat_name": stat_name, "printed": printed} | keys


def samples(
    folder: Path, *rows: dict[str, str], rounding: str = "nearest"
) -> tuple[PrintedSample, ...]:
    study = make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        claims=[*SIZES, *rows],
    )
    sizes = Sizes(study, analyse_counts(study))
    return printed_samples(study, Conventions(rounding), sizes)


def test_all_statistics_of_a_group_are_one_sample(tmp_path: Path) -> None:
    (found,) = samples(tmp_path, row("mean", "58.5"), row("sd", "12.5"), row("max", "82"))
    (sample,) = found.readings
    assert list(sample.statistics) == ["mean", "sd", "max"]
    assert (sample.variable, sample.at, sample.population) == ("age", "", "all")
    assert sample.windows("max", "mean", "min").keys() == {"max", "mean"}
    window = sample.statistics["mean"].window
    assert (window.low, window.high) == (Fraction("58.45"), Fraction("58.55"))
    assert found.locations == ("results",)
    assert [claim.stat_name for claim in found.claims] == ["mean", "sd", "max"]


def test_the_convention_of_rounding_is_kept(tmp_path: Path) -> None:
    (found,) = samples(tmp_path, row("mean", "58.5"), rounding="any")
    window = found.readings[0].statistics["mean"].window
    assert (window.low, window.high) == (Fraction("58.4"), Fraction("58.6"))


def test_groups_times_and_variables_are_told_apart(tmp_path: Path) -> None:
    rows = [
        row("mean", "58.5"),
        row("mean", "57.0", population="a"),
        row("mean", "60.1", at="2 years"),
        row("mean", "3.1", variable="score"),
    ]
    assert len(samples(tmp_path, *rows)) == 4


def numbers_of(folder: Path, *rows: dict[str, str]) -> Numbers:
    return samples(folder, *rows)[-1].readings[0].numbers


def test_unless_the_paper_says_so_any_number_up_to_the_size_may_have_been_analysed(
    tmp_path: Path,
) -> None:
    numbers = numbers_of(tmp_path, row("mean", "58.5"))
    assert (numbers.least, numbers.greatest, numbers.is_stated) == (1, 20, False)
    assert numbers.size == (20, 20)
    assert (numbers.of_all, numbers.of_fewer) == (range(20, 21), range(1, 20))
    assert [claim.printed for claim in numbers.claims] == ["20"]


def test_a_size_may_follow_from_others(tmp_path: Path) -> None:
    numbers = numbers_of(tmp_path, row("mean", "58.5", population="b"))
    assert (numbers.greatest, numbers.size) == (8, (8, 8))


@pytest.mark.parametrize("statistic", ["N", "N_nonmiss"])
def test_a_number_of_the_variable_is_how_many_were_analysed(tmp_path: Path, statistic: str) -> None:
    numbers = numbers_of(tmp_path, row(statistic, "17"), row("mean", "58.5"))
    assert (numbers.least, numbers.greatest, numbers.is_stated) == (17, 17, True)
    assert (numbers.of_all, [*numbers.of_fewer]) == (range(17, 18), [])


def test_two_stated_numbers_leave_all_between_them(tmp_path: Path) -> None:
    rows = [row("N", "17"), row("N", "19", location="abstract"), row("mean", "58.5")]
    numbers = numbers_of(tmp_path, *rows)
    assert (numbers.least, numbers.greatest, len(numbers.claims)) == (17, 19, 2)


def test_a_described_patient_is_one_value(tmp_path: Path) -> None:
    numbers = numbers_of(tmp_path, row("mean", "58", population="first"))
    assert (numbers.least, numbers.greatest, numbers.is_stated) == (1, 1, True)


def test_every_reading_of_an_open_row_is_kept(tmp_path: Path) -> None:
    (found,) = samples(tmp_path, row("mean|median", "58.5"), row("sd|std.error", "2.5"))
    read = {tuple(sample.statistics) for sample in found.readings}
    assert read == {
        ("mean", "sd"), ("mean", "std.error"), ("median", "sd"), ("median", "std.error"),
    }  # fmt: skip
    assert ("sd|std.error", "sd") in {
        (cell.words, cell.meant) for cell in found.readings[0].choices
    }


def test_two_rows_are_never_the_same_statistic(tmp_path: Path) -> None:
    (found,) = samples(tmp_path, row("mean|median", "58.5"), row("median", "57.0"))
    assert [tuple(sample.statistics) for sample in found.readings] == [("mean", "median")]


def test_rows_open_in_the_same_words_are_read_alike(tmp_path: Path) -> None:
    rows = [row("mean", "58.5", population="a|b"), row("sd", "2.5", population="a|b")]
    (found,) = samples(tmp_path, *rows)
    assert {sample.population for sample in found.readings} == {"a", "b"}
    assert {sample.numbers.greatest for sample in found.readings} == {12, 8}


def test_places_that_agree_complete_each_other(tmp_path: Path) -> None:
    (found,) = samples(
        tmp_path,
        row("mean", "58.5"),
        row("sd", "12.5"),
        row("mean", "58.5", location="abstract"),
    )
    assert found.locations == ("results", "abstract")
    assert len(found.readings[0].statistics["mean"].claims) == 2


def test_places_that_disagree_are_two_samples_with_what_both_leave_undisputed(
    tmp_path: Path,
) -> None:
    found = samples(
        tmp_path,
        row("mean", "58.5"),
        row("sd", "12.5"),
        row("mean", "61.5", location="abstract"),
    )
    assert [printed.locations for printed in found] == [("results",), ("abstract",)]
    assert all({*p.readings[0].statistics} == {"mean", "sd"} for p in found)


def test_a_place_at_odds_with_itself_is_another_checks_business(tmp_path: Path) -> None:
    assert not samples(tmp_path, row("mean", "58.5"), row("mean", "61.5", claim="again"))


@pytest.mark.parametrize(
    "keys",
    [
        {"cites": "smith2019"},
        {"location": "review"},
        {"population": "rule"},
        {"unit": "months"},
        {"variable": "arm", "variable_level": "a", "stat_name": "pct"},
        {"stat_name": "mean|geom_mean"},
    ],
)
def test_what_is_no_summary_of_the_patients_is_left_out(
    tmp_path: Path, keys: dict[str, str]
) -> None:
    assert not samples(tmp_path, row("mean", "58.5") | keys)


def test_samples_come_in_the_order_of_their_rows(tmp_path: Path) -> None:
    found = samples(
        tmp_path, row("mean", "3.1", variable="score"), row("mean", "5"), row("sd", "2")
    )
    assert [printed.readings[0].variable for printed in found] == ["score", "age"]
