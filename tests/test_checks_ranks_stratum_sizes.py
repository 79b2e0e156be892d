"""Sizes of parts of a group: what its quartiles and the p-values between its parts leave."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.answers import METHODS, sketched
from netcore.checks.ranks import check_ranks
from netcore.stats.ranks.flavours import FLAVOURS

Row = dict[str, str]
NAMES = ("p25", "median", "p75")
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "one": {"of": "all", "where": {"arm": "a"}, "title": "Arm A"},
    "two": {"of": "all", "where": {"arm": "b"}, "title": "Arm B"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "marker": {"type": "continuous", "min": "0", "title": "Marker"},
    "other": {"type": "continuous", "min": "0", "title": "Other marker"},
}
ANALYSES: dict[str, Any] = {
    f"{name}_by_arm": {"test": ["mann_whitney"], "variable": name, "by": "arm"}
    for name in ("marker", "other")
}


def quartiles(population: str, values: tuple[str, ...], variable: str = "marker") -> list[Row]:
    return [
        {
            "claim": f"{variable}.{population}.{name}",
            "population": population,
            "variable": variable,
            "stat_name": name,
            "printed": value,
        }
        for name, value in zip(NAMES, values, strict=True)
    ]


def p_value(printed: str, variable: str = "marker") -> Row:
    row = {"claim": f"{variable}.p", "stat_name": "p.value", "printed": printed}
    return row | {"analysis": f"{variable}_by_arm"}


def findings(folder: Path, rows: list[Row]) -> dict[str, Finding]:
    study = make_study(
        folder / "surname2020",
        paper={"software": ["R 4.2.0"]},
        populations=POPULATIONS,
        variables=VARIABLES,
        analyses=ANALYSES,
        claims=[{"claim": "N", "stat_name": "N", "printed": "12"}, *rows],
    )
    return {finding.claims[0]: finding for finding in check_ranks(study, Conventions())}


LOW, HIGH = ("1.0", "2.0", "3.0"), ("7.0", "8.0", "9.0")


def test_the_sizes_that_survive_are_told(tmp_path: Path) -> None:
    # A median of 7.6 of all is among the values of the second part, so that this is the larger.
    rows = [*quartiles("one", LOW), *quartiles("two", HIGH)]
    rows += [*quartiles("all", ("6.8", "7.6", "8.4")), p_value("0.02")]
    found = findings(tmp_path, rows)["marker.p"]
    assert "leave" in found.statement
    assert "with this p-value" in found.statement


def test_p_values_of_two_variables_share_the_sizes(tmp_path: Path) -> None:
    rows = [*quartiles("one", LOW), *quartiles("two", HIGH)]
    rows += [*quartiles("all", ("2.1", "5.0", "7.9")), p_value("0.02")]
    rows += [*quartiles("one", LOW, "other"), *quartiles("two", HIGH, "other")]
    rows += [p_value("0.004", "other")]
    found = findings(tmp_path, rows)
    for finding in found.values():
        assert "All 2 p-values" in finding.statement
        assert "same patients were analysed in all rows" in finding.statement


def test_without_quartiles_of_the_whole_nothing_is_told(tmp_path: Path) -> None:
    rows = [*quartiles("one", LOW), *quartiles("two", HIGH), p_value("0.02")]
    for finding in findings(tmp_path, rows).values():
        assert "pairs of sizes" not in finding.statement


def test_a_p_value_that_no_sizes_leave_is_conditional(tmp_path: Path) -> None:
    # Two parts of at most 12 patients: no sizes give a p-value so small.
    rows = [*quartiles("one", LOW), *quartiles("two", HIGH)]
    rows += [*quartiles("all", ("2.1", "5.0", "7.9")), p_value("0.000001")]
    found = findings(tmp_path, rows)["marker.p"]
    assert found.kind != "support"
    assert found.bearings["marker.p"].verdict in (Verdict.CONDITIONAL, Verdict.INCONSISTENT)


@pytest.mark.parametrize("seed", range(6))
def test_true_sizes_survive(tmp_path: Path, seed: int) -> None:
    import numpy as np
    from scipy.stats import mannwhitneyu

    random_ = random.Random(seed)
    first = random_.randint(4, 8)
    parts = [
        [round(random_.uniform(1 + 3 * k, 9), 2) for _ in range(n)]
        for k, n in enumerate((first, 12 - first))
    ]

    def printed(values: list[float]) -> tuple[str, ...]:
        return tuple(f"{v:.1f}" for v in np.quantile(values, [0.25, 0.5, 0.75]))

    rows = [*quartiles("one", printed(parts[0])), *quartiles("two", printed(parts[1]))]
    p = mannwhitneyu(*parts, method="exact").pvalue
    rows += [*quartiles("all", printed(parts[0] + parts[1])), p_value(f"{p:.3f}")]
    found = findings(tmp_path, rows).get("marker.p")
    assert found is not None
    bearing = found.bearings["marker.p"]
    assert "Conflicts" not in bearing.sentence
    listed = re.findall(r"(\d+) with (\d+)", found.statement.rpartition("p-value")[2])
    pairs = {(int(a), int(b)) for a, b in listed}
    if "the sizes" in found.statement.rpartition("p-value")[2]:
        assert (first, 12 - first) in pairs


def test_only_sizes_that_are_excluded_are_left_out() -> None:
    window = [str(Fraction(5, 10000)), str(Fraction(15, 10000))]
    low = {"quantiles": {"1": ["1", "2"]}, "domain": ["0", None]}
    high = {"quantiles": {"0": ["8", "9"]}, "domain": ["0", None]}
    pairs = [[n, m] for n in range(2, 9) for m in range(2, 9)]
    question = {"x": low, "y": high, "p": window, "pairs": pairs}
    question |= {"flavours": ["exact"]}
    assert "exact" in FLAVOURS
    left = METHODS["mann-whitney-sizes"](question)["left"]
    # All of one below all of the other: p is 2 of as many as there are ways to choose.
    from math import comb

    expected = [[n, m] for n, m in pairs if 0.0005 <= 2 / comb(n + m, n) <= 0.0015]
    assert left == expected
    assert sketched("mann-whitney-sizes", question)["left"] == pairs
