"""Risk ratios, odds ratios and differences against the two groups that they compare."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_rows import POPULATIONS, VARIABLES, study_of, value, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.derived_values import check_derived_values
from netcore.checks.group_contrasts import CHECK


def check(folder: Path, *rows: dict[str, str], **parts: Any) -> list[Finding]:
    found = check_derived_values(study_of(folder, rows, **parts), Conventions())
    return [finding for finding in found if finding.check == CHECK]


def counts(a: int, n: int, b: int, m: int) -> list[dict[str, str]]:
    rows = [value("a", "", "N", str(n)), value("b", "", "N", str(m))]
    for group, number in (("a", a), ("b", b)):
        rows.append(value(group, "response", "n", str(number), variable_level="yes"))
    return rows


def contrast(statistic: str, printed: str, **keys: str) -> dict[str, str]:
    row = value("all", "response", statistic, printed, claim="it", analysis="response_by_arm")
    return row | {"variable_level": "yes"} | keys


@pytest.mark.parametrize(
    ("statistic", "printed", "unit", "verdict"),
    [
        ("risk_ratio", "2.00", "", "reproduced"),  # 10/20 against 5/20
        ("risk_ratio", "0.5", "", "reproduced"),
        ("odds_ratio", "3.0", "", "reproduced"),
        ("odds_ratio", "0.33", "", "reproduced"),
        ("risk_difference", "0.25", "", "reproduced"),
        ("risk_difference", "25", "%", "reproduced"),
        ("risk_difference", "-25", "%", "reproduced"),
        ("risk_ratio", ">1.5", "", "possible"),
        ("risk_ratio", "1.9", "", "conditional"),  # 10/20 against 5/19
        ("risk_ratio", "9", "", "conditional"),  # nothing gives it: adjusted, perhaps
    ],
)
def test_contrasts_of_two_proportions(
    tmp_path: Path, statistic: str, printed: str, unit: str, verdict: str
) -> None:
    (finding,) = check(tmp_path, *counts(10, 20, 5, 20), contrast(statistic, printed, unit=unit))
    assert verdicts([finding]) == {"it": verdict}
    assert finding.kind == "support"


def test_numbers_analysed_that_fit_are_named(tmp_path: Path) -> None:
    (finding,) = check(tmp_path / "fits", *counts(10, 20, 5, 20), contrast("risk_ratio", "1.9"))
    assert finding.assumptions == ("only 20 of 20 and 19 of 20 were analysed",)
    assert "pairs of numbers analysed" in finding.statement
    (finding,) = check(tmp_path / "none", *counts(10, 20, 5, 20), contrast("risk_ratio", "9"))
    assert "adjusted" in finding.assumptions[0]
    assert "= 2.0" in finding.statement


def test_either_level_may_be_meant_where_none_is_said(tmp_path: Path) -> None:
    rows = counts(10, 20, 5, 20)
    rows += [
        value(g, "response", "n", n, variable_level="no") for g, n in (("a", "10"), ("b", "15"))
    ]
    row = contrast("risk_ratio", "0.67", variable_level="")
    assert verdicts(check(tmp_path, *rows, row)) == {"it": "reproduced"}


def test_percentages_do_where_no_counts_are_printed(tmp_path: Path) -> None:
    rows = [
        value(group, "response", "pct", printed, variable_level="yes")
        for group, printed in (("a", "50"), ("b", "25"))
    ]
    for printed, verdict in (("2.0", "reproduced"), ("2.03", "possible"), ("2.2", "conditional")):
        found = check(tmp_path / printed, *rows, contrast("risk_ratio", printed))
        assert verdicts(found) == {"it": verdict}


@pytest.mark.parametrize(
    ("statistic", "printed", "verdict"),
    [
        ("difference", "1.5", "reproduced"),
        ("difference", "-1.5", "reproduced"),
        ("ratio", "1.6", "reproduced"),
        ("difference", "2.0", "reproduced"),  # of the medians
        ("difference", "4", "conditional"),
    ],
)
def test_contrasts_of_means_and_medians(
    tmp_path: Path, statistic: str, printed: str, verdict: str
) -> None:
    rows = [
        value(group, "after", name, number)
        for name, pair in (("mean", ("4.0", "2.5")), ("median", ("5.0", "3.0")))
        for group, number in zip("ab", pair, strict=True)
    ]
    row = value("all", "after", statistic, printed, claim="it", analysis="after_by_arm")
    (finding,) = check(tmp_path, *rows, row)
    assert verdicts([finding]) == {"it": verdict}


def test_three_groups_leave_open_which_two_are_compared(tmp_path: Path) -> None:
    variables = VARIABLES | {"arm": {"type": "categorical", "levels": ["a", "b", "c"]}}
    populations = POPULATIONS | {"c": {"of": "all", "where": {"arm": "c"}}}
    rows = [*counts(10, 20, 5, 20), contrast("risk_ratio", "9")]
    assert check(tmp_path / "two used", *rows, variables=variables)
    assert not check(tmp_path / "three", *rows, variables=variables, populations=populations)


@pytest.mark.parametrize(
    "row",
    [
        contrast("risk_ratio", "9", location="review"),
        contrast("risk_ratio", "9", cites="smith2019"),
        contrast("risk_ratio", "9", analysis=""),
        contrast("risk_ratio|odds_ratio", "9"),
        contrast("hazard_ratio", "9"),
        contrast("risk_ratio", "9", population="a"),
    ],
)
def test_what_cannot_be_recomputed_is_left_alone(tmp_path: Path, row: dict[str, str]) -> None:
    assert not check(tmp_path, *counts(10, 20, 5, 20), row)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 8), st.integers(0, 8))
def test_true_contrasts_are_never_conditional(
    tmp_path_factory: pytest.TempPathFactory, a: int, b: int, more_a: int, more_b: int
) -> None:
    n, m = a + more_a, b + more_b
    ratio = Fraction(a * m, n * b)
    rows = [*counts(a, n, b, m), contrast("risk_ratio", f"{float(ratio):.2f}")]
    (finding,) = check(tmp_path_factory.mktemp("true"), *rows)
    assert verdicts([finding])["it"] in ("reproduced", "possible")
