"""Percentages of complete levels add up to 100, but for rounding."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_builder import make_study
from summary_rows import verdicts
from true_studies import draw_true_study

from netcore.checks import Conventions, Finding
from netcore.checks.complete_levels import check_complete_levels
from netcore.printed import parse_printed, print_value
from netcore.stats.interval_arithmetic import interval_sum

LEVELS = ["w", "x", "y", "z"]


def check(
    folder: Path,
    percentages: dict[str, str],
    *rows: dict[str, str],
    stated: bool = False,
    conventions: Conventions | None = None,
    population: str = "all",
    **state: Any,
) -> tuple[Finding, ...]:
    """Check the percentages of a variable of four levels, complete unless said otherwise."""
    variables = {
        "group": {"type": "categorical", "levels": ["a", "b"]},
        "state": {"type": "categorical", "levels": LEVELS, "complete": True} | state,
    }
    populations = {
        "all": {"units": "patients"},
        "a": {"of": "all", "where": {"group": "a"}},
        "b": {"of": "all", "where": {"group": "b"}},
    }
    keys = {"population": population, "denominator": population if stated else ""}
    claims = [
        {
            "claim": level,
            "variable": "state",
            "variable_level": level,
            "stat_name": "pct",
            "printed": printed,
            **keys,
        }
        for level, printed in percentages.items()
    ]
    locations = {"results": {"title": "Results"}, "review": {"title": "R", "seen": "secondary"}}
    study = make_study(
        folder / "paper1",
        populations=populations,
        variables=variables,
        locations=locations,
        claims=[*claims, *rows],
    )
    return check_complete_levels(study, conventions or Conventions())


def size(number: int, population: str = "all") -> dict[str, str]:
    return {"population": population, "stat_name": "N", "printed": str(number)}


def table(*printed: str) -> dict[str, str]:
    return dict(zip(LEVELS, printed, strict=False))


@pytest.mark.parametrize(
    ("printed", "stated", "verdict"),
    [
        (("25", "25", "25", "25"), True, "possible"),
        (("26", "26", "25", "25"), True, "possible"),  # 102: four ties
        (("26", "26", "26", "25"), True, "inconsistent"),
        (("24", "24", "25", "25"), True, "possible"),
        (("24", "24", "24", "25"), True, "inconsistent"),
        (("26", "26", "26", "25"), False, "conditional"),
        (("24", "24", "24", "25"), False, "conditional"),
        (("25.3", "25.3", "25", "25"), True, "possible"),  # mixed decimals: 0.05 x 2 + 0.5 x 2
        (("25.7", "25.5", "25", "25"), True, "inconsistent"),
        (("~70", "26", "26", "26"), True, "possible"),
        (("<5", "34", "33", "33"), True, "possible"),
        (("<5", "24", "33", "33"), True, "inconsistent"),
        (("none", "34", "33", "33"), True, "possible"),
        (("none", "40", "33", "33"), True, "inconsistent"),
    ],
)
def test_four_complete_levels(
    tmp_path: Path, printed: tuple[str, ...], stated: bool, verdict: str
) -> None:
    findings = check(tmp_path, table(*printed), stated=stated)
    assert set(verdicts(findings).values()) == {verdict}
    (finding,) = findings
    assert finding.kind == ("conflict" if verdict == "inconsistent" else "support")


def test_two_levels_can_make_101_and_three_cannot_make_102() -> None:
    # The largest sum of k whole percentages of one denominator, by brute force.
    for number, most in ((2, 101), (3, 101)):
        best = 0
        for denominator in range(1, 201):
            for counts in product(range(denominator + 1), repeat=number - 1):
                if denominator > 40 and number > 2:
                    continue
                last = denominator - sum(counts)
                if last >= 0:
                    shown = [
                        int(Fraction(100 * n, denominator) + Fraction(1, 2))
                        for n in (*counts, last)
                    ]
                    best = max(best, sum(shown))
        assert best == most
        windows = [parse_printed(text).window() for text in ("50", "51", "0")[:number]]
        assert Fraction(100) in interval_sum(windows)
        windows = [parse_printed(text).window() for text in ("51", "51", "0")[:number]]
        assert Fraction(100) not in interval_sum(windows)


@pytest.mark.parametrize(
    ("total", "possible"), [(100, True), (99, True), (97, True), (96, False), (101, False)]
)
def test_percentages_that_are_cut_off_add_up_to_100_or_less(
    tmp_path: Path, total: int, possible: bool
) -> None:
    findings = check(
        tmp_path,
        table("25", "25", "25", str(total - 75)),
        stated=True,
        conventions=Conventions("truncate"),
    )
    assert (set(verdicts(findings).values()) == {"possible"}) is possible


def test_what_each_level_could_be_is_said(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, table("41", "31", "21", "17"), stated=True)
    assert "41 % + 31 % + 21 % + 17 % = 110 %" in finding.statement
    assert "sums from 98 % to 102 %" in finding.statement
    (reach,) = finding.bearings["w"].attainable or ()
    assert str(reach) == "[29.5, 32.5]"
    assert finding.repairs[0].change == "29.5 to 32.5 % instead of 41"
    assert len(finding.bearings) == 4


def test_a_level_whose_change_would_not_do_has_no_bearing(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, table("60", "60", "5", "0"), stated=True)
    assert set(finding.bearings) == {"w", "x"}


def test_counts_hold_their_percentages_in_place(tmp_path: Path) -> None:
    rows = [
        {"variable": "state", "variable_level": level, "stat_name": "n", "printed": "1"}
        for level in LEVELS
    ]
    percentages = table("41", "31", "21", "17")
    (finding,) = check(tmp_path / "three", percentages, *rows[:3], stated=True)
    assert set(finding.bearings) == {"z"}
    # With all counts printed each percentage is checked with its own.
    assert not check(tmp_path / "all", percentages, *rows, stated=True)


@pytest.mark.parametrize(
    ("printed", "state", "stated", "verdict"),
    [
        (("61", "31"), {}, True, None),  # some have y or z
        (("61", "51"), {}, True, "inconsistent"),
        (("61", "51"), {}, False, "conditional"),
        (("61", "51"), {"complete": False}, True, "inconsistent"),
        (("31", "31", "20", "10"), {"complete": False}, True, None),
        # 61 + 30 + 9 of those observed, 11 of all
        (("61", "30", "9", "11"), {"missing": ["z"]}, False, "possible"),
        (("61", "30", "9", "11"), {"missing": ["z"]}, True, "inconsistent"),
        (("61", "19", "9", "11"), {"missing": ["z"]}, True, "possible"),
        (("61", "19", "9"), {"missing": ["z"]}, True, None),
        (("61", "41", "9"), {"missing": ["z"]}, True, "inconsistent"),
    ],
)
def test_levels_that_are_not_all_printed(
    tmp_path: Path,
    printed: tuple[str, ...],
    state: dict[str, Any],
    stated: bool,
    verdict: str | None,
) -> None:
    findings = check(tmp_path, table(*printed), stated=stated, **state)
    assert set(verdicts(findings).values()) == ({verdict} if verdict else set())


def test_a_union_stands_for_its_levels(tmp_path: Path) -> None:
    unions = {"either": ["w", "x"]}
    percentages = {"either": "70", "y": "20", "z": "20"}
    (finding,) = check(tmp_path / "conflict", percentages, stated=True, unions=unions)
    assert set(finding.bearings) == {"either", "y", "z"}
    # Beside its levels it adds nothing.
    percentages = {"w": "40", "x": "20", "y": "20", "z": "20", "either": "60"}
    (finding,) = check(tmp_path / "fits", percentages, stated=True, unions=unions)
    assert finding.kind == "support"
    assert set(finding.claims) == set(LEVELS)


def test_a_place_that_rounds_to_the_nearest_five(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, table("35", "35", "25", "10"), stated=True)
    assert finding.assumptions == ("the percentages here are rounded to the nearest 5",)
    assert set(verdicts([finding]).values()) == {"conditional"}


def test_whole_numbers_of_a_small_group(tmp_path: Path) -> None:
    # 33.3 + 33.3 + 33.4 + 0: no three thirds of anybody differ by a tenth.
    percentages = table("33.3", "33.3", "33.4", "0")
    assert set(verdicts(check(tmp_path / "any", percentages, stated=True)).values()) == {"possible"}
    (finding,) = check(tmp_path / "nine", percentages, size(9), stated=True)
    assert finding.kind == "conflict"
    assert "out of 9" in finding.statement
    assert "results.all.N" in finding.bearings
    assert not finding.repairs
    (finding,) = check(tmp_path / "unstated", percentages, size(9))
    assert set(verdicts([finding]).values()) == {"conditional"}


def test_each_share_is_a_whole_number_but_not_their_sum(tmp_path: Path) -> None:
    # Of 66 these are 22, 8, 11 and 24 and nothing else: 65 in all, though 98 % may be 100.
    percentages = table("33", "12", "17", "36")
    (finding,) = check(tmp_path / "stated", percentages, size(66), stated=True)
    assert finding.kind == "conflict"
    assert {"w", "x", "y", "z"} < set(finding.bearings)
    (finding,) = check(tmp_path / "unstated", percentages, size(66))
    assert set(verdicts([finding]).values()) == {"conditional"}
    # Of 65 are 20, 1, 16 and 27, 64 in all; fewer may have been observed, if nothing is stated.
    percentages = table("31", "2", "25", "42")
    (finding,) = check(tmp_path / "65", percentages, size(65), stated=True)
    assert finding.kind == "conflict"
    (finding,) = check(tmp_path / "fewer", percentages, size(65))
    assert set(verdicts([finding]).values()) == {"possible"}


def test_the_assumption_says_what_a_short_sum_may_be_of(tmp_path: Path) -> None:
    (finding,) = check(tmp_path / "part", table("20", "20", "10", "10"), population="a")
    assert finding.assumptions == (
        "the percentages are of a larger group than a, or of different groups",
    )
    (finding,) = check(tmp_path / "all", table("20", "20", "10", "10"))
    assert finding.assumptions == ("the percentages are of different groups",)


def test_shares_of_a_larger_group_add_up_to_less(tmp_path: Path) -> None:
    def of_all(folder: str, *printed: str) -> tuple[Finding, ...]:
        rows = [
            {
                "claim": level,
                "population": "a",
                "variable": "state",
                "variable_level": level,
                "stat_name": "pct",
                "denominator": "all",
                "printed": number,
            }
            for level, number in zip(LEVELS, printed, strict=True)
        ]
        return check(tmp_path / folder, {}, *rows)

    assert not of_all("fits", "20", "10", "5", "5")
    (finding,) = of_all("misses", "61", "41", "5", "5")
    assert finding.kind == "conflict"
    assert "at most" in finding.statement


def test_rows_of_another_kind_are_left_out(tmp_path: Path) -> None:
    def row(**keys: str) -> dict[str, str]:
        return {
            "variable": "state",
            "variable_level": "z",
            "stat_name": "pct",
            "printed": "90",
            "denominator": "all",
        } | keys

    three = table("40", "30", "20")
    for name, keys in {
        "quoted": {"cites": "smith2019"},
        "secondary": {"location": "review"},
        "ambiguous": {"population": "all|a"},
        "another time": {"at": "8 weeks"},
        "another group": {"population": "a"},
    }.items():
        assert not check(tmp_path / name, three, row(**keys), stated=True), name
    assert check(tmp_path / "same", three, row(), stated=True)


def test_of_a_group_without_members_every_share_may_be_none(tmp_path: Path) -> None:
    none = dict.fromkeys(LEVELS, "0")

    def size(printed: str) -> dict[str, str]:
        return {"population": "a", "stat_name": "N", "printed": printed}

    assert not check(tmp_path / "empty", none, size("0"), stated=True, population="a")
    assert not check(tmp_path / "unknown", none, stated=True, population="a")
    (finding,) = check(tmp_path / "some", none, size("12"), stated=True, population="a")
    assert finding.kind == "conflict"


@given(
    st.lists(st.integers(0, 30), min_size=4, max_size=4).filter(any),
    st.integers(0, 2),
    st.sampled_from(["nearest", "half_up", "half_even", "truncate", "ceiling"]),
)
def test_true_percentages_of_one_denominator_add_up(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], digits: int, rounding: str
) -> None:
    total = sum(counts)
    printed = [print_value(Fraction(100 * n, total), digits, rounding) for n in counts]
    folder = tmp_path_factory.mktemp("true")
    conventions = Conventions(rounding)
    findings = check(folder, table(*printed), size(total), stated=True, conventions=conventions)
    assert set(verdicts(findings).values()) == {"possible"}


def test_counts_exist_exactly_where_brute_force_finds_them(tmp_path: Path) -> None:
    random = Random(1)
    for trial in range(40):
        number = random.randint(2, 9)
        counts = [random.randint(0, number) for _ in range(3)]
        printed = [f"{100 * n / number:.0f}" for n in counts]
        expected = any(
            sum(found) == number
            and all(
                Fraction(100 * n, number) in parse_printed(text).window()
                for n, text in zip(found, printed, strict=True)
            )
            for found in product(range(number + 1), repeat=3)
        )
        findings = check(
            tmp_path / str(trial), table(*printed), size(number), stated=True, levels=LEVELS[:3]
        )
        coarse = all(int(text) % 5 == 0 for text in printed)
        if not coarse:
            assert (set(verdicts(findings).values()) == {"possible"}) is expected, printed


@pytest.mark.parametrize("first", [0, 40, 80])
def test_nothing_true_is_condemned(tmp_path: Path, first: int) -> None:
    bound = 0
    for seed in range(first, first + 40):
        study = make_study(tmp_path / str(seed) / "paper1", **draw_true_study(seed).parts)
        findings = check_complete_levels(study, Conventions())
        assert not [finding for finding in findings if finding.kind == "conflict"], seed
        bound += len(findings)
    assert bound


def test_percentages_that_nearly_add_up_may_have_been_adjusted(tmp_path: Path) -> None:
    # 7 of 60 is 11.67 %; that four of them make 100 somebody may have printed one as 11.6.
    (finding,) = check(tmp_path, table("11.7", "11.7", "11.6", "65.4"))
    assert finding.assumptions == (
        "the percentages are of different groups, or their last digits are not those of rounding to the nearest",
    )
