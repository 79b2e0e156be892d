"""Which open cells are read alike, and which may mean two things."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import conflicts, count, ledger_of, size, study_of, verdict
from study_builder import make_study

from netcore.checks import Verdict
from netcore.checks.open_cells import OpenCell, places_of, point_of, ways_to_read
from netcore.ledger import build_ledger
from netcore.study import Claim, Study

SIGN = "sd|std.error"


def age(stat_name: str, printed: str, place: str, population: str = "all", **keys: str) -> dict[str, str]:  # fmt: skip
    return {
        "location": place,
        "population": population,
        "variable": "age",
        "stat_name": stat_name,
        "printed": printed,
        **keys,
    }


def row(study: Study, name: str) -> Claim:
    return next(claim for claim in study.claims if claim.claim == name)


def test_places_are_those_that_print_the_same_number_in_the_same_words(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        [
            age(SIGN, "5.20", "table", claim="one"),
            age(SIGN, "5.2", "abstract", claim="two"),
            age(SIGN, "5,2", "russian", claim="three"),
            age(SIGN, "5", "results", claim="rounded"),
            age("sd", "5.2", "results", claim="named"),
            age(SIGN, "5.2", "results", "group1", claim="group"),
        ],
    )
    everywhere = ("abstract", "perhaps results", "perhaps results as sd", "russian", "table")
    assert [places_of(study, row(study, name)) for name in ("one", "two", "three")] == [everywhere] * 3  # fmt: skip
    perhaps = ("perhaps abstract", "perhaps russian", "perhaps table", "results")
    assert places_of(study, row(study, "rounded")) == perhaps
    assert places_of(study, row(study, "group")) == ("results",)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        # One place means one thing by one sign, in all groups and of all variables.
        (age(SIGN, "5", "table"), age(SIGN, "6", "table", "group1"), True),
        (age(SIGN, "5", "table"), age(SIGN, "6", "results", "group1"), False),
        # A place has one group in mind of one variable, and may have another of the next.
        (age("mean", "5", "table", "all|group1"), age("sd", "6", "table", "all|group1"), True),
        (age("mean", "5", "table", "all|group1"), age("mean", "5", "results", "all|group1", at="8 weeks"), False),
        (count("all|group1", "response", "CR", "5"), count("all|group1", "response", "PR", "6"), True),
        (count("all|group1", "response", "CR", "5"), count("all|group1", "event", "pain", "6"), False),
    ],
)  # fmt: skip
def test_what_is_read_alike(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], *, alike: bool
) -> None:
    study = study_of(tmp_path, [{**one, "claim": "one"}, {**other, "claim": "other"}])
    column = "stat_name" if "|" in one["stat_name"] else "population"
    points = {point_of(study, row(study, name), column) for name in ("one", "other")}
    assert (len(points) == 1) is alike


def test_a_repeated_value_is_not_read_like_a_value_of_another_table(tmp_path: Path) -> None:
    # The abstract repeats a deviation of one table and a standard error of another.
    study = study_of(
        tmp_path,
        [
            age(SIGN, "5", "table", claim="a"), age(SIGN, "5", "abstract", claim="b"),
            age(SIGN, "1", "results", "group1", claim="c"),
            age(SIGN, "1", "abstract", "group1", claim="d"),
        ],
    )  # fmt: skip
    points = {name: point_of(study, row(study, name), "stat_name") for name in "abcd"}
    assert points["a"] == points["b"] == f"stat_name {SIGN} in abstract, table"
    assert points["c"] == points["d"] == f"stat_name {SIGN} in abstract, results"


@pytest.mark.parametrize(
    ("copies", "stated"),
    [
        (("5.02", "1.7"), (SIGN, SIGN)),  # with more digits
        (("5.9", "1.7"), (SIGN, SIGN)),  # and digits cut off
        (("6", "2"), (SIGN, SIGN)),  # with as many digits, one of them cut off
        (("5", "1"), ("sd", "std.error")),  # in other words
    ],
)
def test_a_value_repeated_with_fewer_digits_is_not_read_like_one_of_another_table(
    tmp_path: Path, copies: tuple[str, str], stated: tuple[str, str]
) -> None:
    study = study_of(
        tmp_path,
        [
            age(stated[0], copies[0], "table"), age(SIGN, "5", "abstract", claim="b"),
            age(stated[1], copies[1], "results", "group1"),
            age(SIGN, "1", "abstract", "group1", claim="d"),
            age(SIGN, "9", "abstract", "group2", claim="own"),
        ],
    )  # fmt: skip
    points = {point_of(study, row(study, name), "stat_name") for name in ("b", "d", "own")}
    assert len(points) == 3


def test_words_of_one_table_tell_what_an_abstract_repeats_of_it(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        [
            age("sd", "5", "table"), age(SIGN, "5", "abstract", claim="b"),
            age("std.error", "1", "table", "group1"),
            age(SIGN, "1", "abstract", "group1", claim="d"),
        ],
    )  # fmt: skip
    points = {point_of(study, row(study, name), "stat_name") for name in "bd"}
    assert len(points) == 2


def test_ways_to_read_are_those_that_hold_together() -> None:
    class Reading:
        def __init__(self, *cells: object):
            self.choices = cells

        def __repr__(self) -> str:
            return ",".join(cell.meant for cell in self.choices)  # type: ignore[attr-defined]

    here = [Reading(OpenCell(SIGN, "here", meant)) for meant in ("sd", "std.error")]
    there = [Reading(OpenCell(SIGN, "there", meant)) for meant in ("sd", "std.error")]
    assert [repr(way) for way in ways_to_read([here, here])] == ["(sd, sd)", "(std.error, std.error)"]  # type: ignore[list-item]  # fmt: skip
    assert len([*ways_to_read([here, there])]) == 4  # type: ignore[list-item]
    assert len([*ways_to_read([here, [None]])]) == 2  # type: ignore[list-item]


def test_the_likeliest_way_to_read_comes_first() -> None:
    class Reading:
        def __init__(self, place: str, meant: str):
            self.choices = (OpenCell(SIGN, place, meant),)

    here, there = (
        [Reading(place, meant) for meant in ("sd", "std.error")] for place in ("here", "there")
    )
    ways = [[r.choices[0].meant for r in way] for way in ways_to_read([here, there])]
    assert ways[:2] == [["sd", "sd"], ["std.error", "std.error"]]
    assert sorted(ways[2:]) == [["sd", "std.error"], ["std.error", "sd"]]


def test_counts_of_two_variables_may_be_of_two_groups(tmp_path: Path) -> None:
    # 12 of all may have had pain, and 8 of group 1 a complete response.
    rows = [
        size("all", "20"), size("group1", "10"), count("group1", "response", "CR", "8"),
        count("all", "response", "CR", "9"), count("group1", "event", "pain", "3"),
        count("all|group1", "event", "pain", "12", claim="pain"),
        count("all|group1", "response", "CR", "8", location="abstract", claim="cr"),
    ]  # fmt: skip
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)


def test_counts_of_one_variable_are_of_one_group(tmp_path: Path) -> None:
    rows = [
        size("all", "20"), size("group1", "10"), count("group1", "response", "CR", "8"),
        count("all", "response", "CR", "9"), count("group1", "response", "PR", "0"),
        count("all", "response", "PR", "9"),
        count("all|group1", "response", "CR", "8", location="abstract", claim="cr"),
        count("all|group1", "response", "PR", "9", location="abstract", claim="pr"),
    ]  # fmt: skip
    (finding,) = conflicts(ledger_of(tmp_path, rows))
    assert {"cr", "pr"} <= set(finding.claims)


def test_a_mean_named_in_one_place_and_open_in_another_is_one_value(tmp_path: Path) -> None:
    # Read as the mean, 60 is what the abstract calls so; nothing is at odds.
    rows = [
        size("all", "20"), age("mean|median", "60", "table", claim="open"),
        age("sd", "5", "table"), age("max", "62", "table"),
        age("mean", "60", "abstract", claim="named"),
    ]  # fmt: skip
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert verdict(ledger, "open") in {Verdict.POSSIBLE, Verdict.OPEN}


@pytest.mark.parametrize(("table", "is_conflict"), [("table2", False), ("table1", True)])
def test_an_abstract_may_round_a_deviation_of_one_table_and_a_standard_error_of_another(
    tmp_path: Path, table: str, *, is_conflict: bool
) -> None:
    # 6.02 can only be a standard error, and 2 on a scale from 1 to 5 only a deviation.
    def row_of(place: str, variable: str, stat_name: str, printed: str) -> dict[str, str]:
        cells = {"location": place, "variable": variable, "stat_name": stat_name}
        return cells | {"printed": printed}

    scale = {
        "type": "continuous",
        "min": "1",
        "max": "5",
        "granularity": {"step": "1", "stated": "true"},
    }
    rows = [
        row_of("table1", "", "N", "7"),
        row_of("table1", "weight", "N_nonmiss", "5"),
        row_of("table1", "weight", "mean", "46.68"),
        row_of("table1", "weight", SIGN, "6.024"),
        row_of("table1", "weight", "min", "30.3"),
        row_of("table1", "weight", "max", "67.6"),
        row_of(table, "score", "N_nonmiss", "7"),
        row_of(table, "score", "mean", "2"),
        row_of(table, "score", SIGN, "1.7"),
        row_of("abstract", "weight", SIGN, "6.02"),
        row_of("abstract", "score", SIGN, "2"),
    ]
    study = make_study(
        tmp_path / "paper1",
        locations={name: {"title": name} for name in ("table1", "table2", "abstract")},
        variables={"weight": {"type": "continuous", "min": "0"}, "score": scale},
        claims=rows,
    )
    ledger = build_ledger([study])
    assert bool(conflicts(ledger)) is is_conflict
