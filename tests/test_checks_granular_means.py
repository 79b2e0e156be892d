"""Means of whole numbers against the number of values behind them."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_builder import make_study
from summary_rows import verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.common_denominators import check_common_denominators

VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["a", "b"]},
    "age": {"type": "continuous", "unit": "years", "granularity": {"step": "1", "stated": False}},
    "stated": {"type": "continuous", "granularity": {"step": "1", "stated": True}},
    "foci": {"type": "integer"},
    "dose": {"type": "continuous", "granularity": {"step": "50", "stated": True}},
    "weight": {"type": "continuous"},
}
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"group": "a"}},
    "b": {"of": "all", "where": {"group": "b"}},
}


def check(folder: Path, *rows: dict[str, str], **parts: Any) -> tuple[Finding, ...]:
    study = make_study(
        folder / "paper1",
        **{
            "populations": POPULATIONS,
            "variables": VARIABLES,
            "locations": {
                "results": {"title": "Results"},
                "r": {"seen": "secondary", "title": "R"},
            },
            "claims": list(rows),
            **parts,
        },
    )
    return check_common_denominators(study, Conventions())


def size(number: int | str, population: str = "all", **keys: str) -> dict[str, str]:
    return {"population": population, "stat_name": "N", "printed": str(number)} | keys


def mean(variable: str, printed: str, **keys: str) -> dict[str, str]:
    return {"claim": "mean", "variable": variable, "stat_name": "mean", "printed": printed} | keys


@pytest.mark.parametrize(
    ("variable", "printed", "number", "verdict"),
    [
        ("age", "58.53", 34, None),  # 1990 / 34
        ("age", "58.55", 34, "conditional"),
        ("age", "58.55", 20, None),
        ("age", "0.03", 200, None),  # 7 / 200 in binary floating point
        ("stated", "58.55", 34, "conditional"),  # 20 of them may have been analysed
        ("stated", "2.57", 24, "conditional"),  # 7 of them, or 14, or 21 or 23
        ("stated", "5.03", 15, "inconsistent"),
        ("age", "5.03", 15, "conditional"),
        ("foci", "5.03", 15, "inconsistent"),
        ("foci", "5.19", 15, "conditional"),  # 78/15 = 5.2, less a hair, with digits cut off
        ("foci", "5.2", 15, None),
        ("dose", "75", 2, None),
        ("dose", "60", 4, "inconsistent"),
        ("dose", "60", 5, None),
        ("dose", "60", 6, "conditional"),
        ("weight", "58.55", 34, None),
    ],
)
def test_a_mean_of_a_group(
    tmp_path: Path, variable: str, printed: str, number: int, verdict: str | None
) -> None:
    findings = check(tmp_path, size(number), mean(variable, printed))
    assert verdicts(findings).get("mean") == verdict


def test_the_numbers_that_fit_are_named(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, size(34), mean("age", "58.55"))
    assert finding.assumptions == (
        "only 11, 20, 22, 29, 31 or 33 of 34 were analysed, or age is not in whole years",
    )
    assert "Numbers tried: 34; that fit: 6." in finding.statement
    assert "58.529 or 58.559" in finding.statement


def test_a_stated_step_leaves_only_the_number_open(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, size(34), mean("stated", "58.55"))
    assert finding.assumptions == ("only 11, 20, 22, 29, 31 or 33 of 34 were analysed",)


def test_the_number_analysed_settles_it_where_it_is_printed(tmp_path: Path) -> None:
    rows = [size(34), mean("stated", "58.54")]
    (finding,) = check(tmp_path / "all", *rows, size(34, variable="stated", claim="n"))
    assert finding.kind == "conflict"
    assert set(finding.bearings) == {"mean", "n"}
    assert finding.repairs[0].change == "13, 24, 26 or 28 instead of 34"
    assert not check(tmp_path / "some", *rows, size(26, variable="stated"))
    (finding,) = check(
        tmp_path / "unstated", size(34), mean("age", "58.55"), size(34, variable="age")
    )
    assert finding.assumptions == ("age is not in whole years",)


@pytest.mark.parametrize(
    ("exact", "number", "printed"),
    [
        (Fraction(27, 11), 11, "2.46"),  # 2.4545, rounded to 2.455 and then to 2.46
        (Fraction(27, 11), 11, "2.45"),
        (Fraction(30, 11), 11, "2.72"),  # 2.7272, cut off
        (Fraction(1, 11), 11, "0.1"),  # 0.0909
    ],
)
def test_digits_that_were_not_rounded_once_are_an_assumption(
    tmp_path: Path, exact: Fraction, number: int, printed: str
) -> None:
    is_nearest = abs(exact - Fraction(printed)) * 2 <= Fraction(1, 10 ** len(printed[2:]))
    rows = [size(number), size(number, variable="foci"), mean("foci", printed)]
    findings = check(tmp_path, *rows)
    if is_nearest:
        assert not findings
    else:
        (finding,) = findings
        assert finding.kind == "support"
        assert finding.assumptions == ("its digits were cut off, or rounded more than once",)
        assert verdicts(findings) == {"mean": "conditional"}


def _rounded_often(value: Fraction, places: int) -> Fraction:
    """Round half up from each longer number to the next."""
    for decimals in (places + 3, places + 2, places + 1, places):
        value = Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)
    return value


@given(st.integers(1, 40), st.integers(0, 4000), st.integers(0, 2))
def test_means_rounded_often_move_by_less_than_five_ninths_and_never_convict(
    tmp_path_factory: pytest.TempPathFactory, number: int, total: int, places: int
) -> None:
    exact = Fraction(total, number)
    value = _rounded_often(exact, places)
    assert abs(value - exact) * 10**places < Fraction(5, 9)
    rows = [size(number), size(number, variable="foci"), mean("foci", f"{float(value):.{places}f}")]
    findings = check(tmp_path_factory.mktemp("often"), *rows)
    assert not [finding for finding in findings if finding.kind == "conflict"]


def test_no_mean_is_of_no_values(tmp_path: Path) -> None:
    rows = [size(34), mean("stated", "58.55"), size(0, variable="stated")]
    (finding,) = check(tmp_path, *rows)
    assert finding.kind == "support"  # as if no number were printed


def test_a_size_that_others_hold_in_place_has_no_bearing(tmp_path: Path) -> None:
    (finding,) = check(tmp_path / "free", size(15), mean("foci", "5.03"))
    assert set(finding.bearings) == {"mean", "results.all.N"}
    variables = VARIABLES | {"group": VARIABLES["group"] | {"complete": True}}
    rows = [size(15), size(9, "a"), size(6, "b"), mean("foci", "5.03")]
    (finding,) = check(tmp_path / "held", *rows, variables=variables)
    assert set(finding.bearings) == {"mean"}


@pytest.mark.parametrize(
    ("printed", "statistic", "verdict"),
    [
        ("58.55", "mean|median", "conditional"),
        ("58.50", "mean", "conditional"),
        ("58.50", "mean|median", None),  # the middle of 58 and 59
        ("58.55", "mean|rmean", None),
        ("58.55", "median", None),
    ],
)
def test_another_reading_must_fail_as_well(
    tmp_path: Path, printed: str, statistic: str, verdict: str | None
) -> None:
    findings = check(tmp_path, size(35), mean("age", printed, stat_name=statistic))
    assert verdicts(findings).get("mean") == verdict


@pytest.mark.parametrize(
    "keys",
    [
        {"cites": "smith2019"},
        {"location": "r"},
        {"population": "all|a"},
        {"printed": "~58.55"},
        {"unit": "months"},
        {"population": "b"},  # its size is not printed
    ],
)
def test_what_is_left_alone(tmp_path: Path, keys: dict[str, str]) -> None:
    row = mean("age", "58.55") | keys
    rows = [] if keys == {"population": "b"} else [size(34)]
    assert not check(tmp_path, *rows, row)


def test_means_of_one_group_in_one_place_are_named_together(tmp_path: Path) -> None:
    rows = [size(34), mean("age", "58.55"), mean("stated", "3.35", claim="other")]
    findings = check(tmp_path, *rows)
    assert all("All 2 such means in Results are given by" in f.statement for f in findings)
    assert "given by 20 or 31." in findings[0].statement


@given(
    st.lists(st.integers(18, 90), min_size=1, max_size=30),
    st.integers(0, 5),
    st.integers(0, 2),
    st.booleans(),
)
def test_true_means_are_never_in_conflict(
    tmp_path_factory: pytest.TempPathFactory,
    ages: list[int],
    missing: int,
    digits: int,
    stated: bool,
) -> None:
    printed = f"{sum(ages) / len(ages):.{digits}f}"
    variable = "stated" if stated else "age"
    rows = [size(len(ages) + missing), mean(variable, printed)]
    findings = check(tmp_path_factory.mktemp("true"), *rows)
    assert not [finding for finding in findings if finding.kind == "conflict"]
    if not missing:
        assert not findings


def test_most_misprinted_means_of_small_groups_are_seen(tmp_path: Path) -> None:
    random = Random(3)
    seen = 0
    for trial in range(30):
        number = random.randint(5, 15)
        total = random.randint(40 * number, 70 * number)
        exact = Fraction(total, number)
        printed = f"{float(exact) + random.choice((0.02, -0.02)):.2f}"
        findings = check(tmp_path / str(trial), size(number), mean("foci", printed))
        seen += bool(findings)
    assert seen >= 20
