"""Shifts between groups and their limits lie within what quartiles leave."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.ranks import check_ranks

Row = dict[str, str]
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "one": {"of": "all", "where": {"arm": "a"}, "title": "Arm A"},
    "two": {"of": "all", "where": {"arm": "b"}, "title": "Arm B"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "marker": {"type": "continuous", "min": "0", "title": "Marker"},
}
NAMES = ("p25", "median", "p75")


def rows_of(groups: dict[str, tuple[str, ...]], number: int) -> list[Row]:
    rows = []
    for population, values in groups.items():
        rows.append(
            {
                "claim": f"{population}.N",
                "population": population,
                "stat_name": "N",
                "printed": str(number),
            }
        )
        for name, value in zip(NAMES, values, strict=True):
            row = {"claim": f"{population}.{name}", "population": population, "printed": value}
            rows.append(row | {"variable": "marker", "stat_name": name})
    return rows


def shift(printed: str, statistic: str = "estimate") -> Row:
    return {"claim": "shift", "stat_name": statistic, "analysis": "test", "printed": printed}


def found(folder: Path, rows: list[Row], test: str = "mann_whitney") -> Finding | None:
    study = make_study(
        folder / "surname2020",
        populations=POPULATIONS,
        variables=VARIABLES,
        analyses={"test": {"test": [test], "variable": "marker", "by": "arm"}},
        claims=rows,
    )
    findings = check_ranks(study, Conventions())
    assert len(findings) <= 1
    return findings[0] if findings else None


GROUPS = {"one": ("1.0", "2.0", "3.0"), "two": ("7.0", "8.0", "9.0")}


@pytest.mark.parametrize(
    ("printed", "statistic", "verdict"),
    [
        ("6.0", "estimate", Verdict.OPEN),
        ("-6.0", "estimate", Verdict.OPEN),
        ("40", "estimate.conf.low", Verdict.OPEN),  # nothing bounds the greatest values
        ("0.1", "estimate", Verdict.CONDITIONAL),
        ("6.0", "difference", Verdict.OPEN),
        ("0.1", "difference", Verdict.CONDITIONAL),
    ],
)
def test_shifts_are_bounded_by_quartiles_from_either_group(
    tmp_path: Path, printed: str, statistic: str, verdict: Verdict
) -> None:
    finding = found(tmp_path, [*rows_of(GROUPS, 40), shift(printed, statistic)])
    assert finding is not None
    assert finding.kind == "note"
    bearing = finding.bearings["shift"]
    assert bearing.attainable is not None
    if statistic != "estimate.conf.low":
        assert bearing.verdict is verdict
        assert bool(finding.assumptions) is (verdict is Verdict.CONDITIONAL)


def test_a_shift_of_another_test_is_left_to_others(tmp_path: Path) -> None:
    assert found(tmp_path, [*rows_of(GROUPS, 40), shift("0.1")], "student_t") is None


@pytest.mark.parametrize("seed", range(12))
def test_true_shifts_and_limits_are_attainable(tmp_path: Path, seed: int) -> None:
    import numpy as np

    random_ = random.Random(seed)
    number = random_.randint(6, 12)
    values = [[round(random_.lognormvariate(k, 0.5), 2) for _ in range(number)] for k in range(2)]
    differences = sorted(a - b for a in values[1] for b in values[0])
    from netcore.stats.ranks.hodges_lehmann import two_sample_limits

    index = two_sample_limits(number, number).exact
    printed = {
        "estimate": float(np.median(differences)),
        "estimate.conf.low": differences[index - 1],
        "estimate.conf.high": differences[-index],
        "difference": float(np.median(values[1]) - np.median(values[0])),
    }
    groups = {
        name: tuple(f"{v:.2f}" for v in np.quantile(part, [0.25, 0.5, 0.75]))
        for name, part in zip(("one", "two"), values, strict=True)
    }
    for statistic, value in printed.items():
        rows = [*rows_of(groups, number), shift(f"{value:.2f}", statistic)]
        finding = found(tmp_path / statistic, rows)
        assert finding is not None
        assert finding.bearings["shift"].verdict is Verdict.OPEN, statistic
