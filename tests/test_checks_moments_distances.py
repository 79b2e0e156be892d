"""Ranges and interquartile ranges as one number, beside a spread."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import pstdev, quantiles, stdev
from typing import Any

import pytest
from study_builder import make_study
from summary_rows import verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.moments import check_distances

VARIABLES: dict[str, Any] = {
    "marker": {"type": "continuous", "unit": "ng/ml"},
    "os": {"type": "time", "unit": "months"},
}


def check(
    folder: Path,
    printed: dict[str, str],
    number: int = 20,
    *,
    variable: str = "marker",
    n: str = "",
) -> tuple[Finding, ...]:
    rows = [{"stat_name": "N", "printed": str(number)}]
    rows += [
        {
            "claim": name.replace("|", "-or-"),
            "variable": variable,
            "stat_name": name,
            "printed": value,
        }
        for name, value in printed.items()
    ]
    if n:
        rows.append({"variable": variable, "stat_name": "N", "printed": n})
    study = make_study(folder / "paper1", variables=VARIABLES, claims=rows)
    return check_distances(study, Conventions())


@pytest.mark.parametrize(
    ("printed", "kind", "verdict", "words"),
    [
        # SD² is at most 10² · 100 / (20 · 19) = 5.13²
        ({"sd": "4.9", "range": "10"}, "support", "open", "1.50 to 5.39"),
        ({"sd": "5.8", "range": "10"}, "support", "conditional", "were analysed"),
        ({"sd": "8.0", "range": "10"}, "note", "conditional", "none fits"),
        ({"sd": "1.0", "range": "10"}, "note", "conditional", "none fits"),
        # 5 values below and 5 above, 10 apart: 10² · 25/10 = 250 = 20 · 3.54²
        ({"sd": "4.0", "iqr": "10.0"}, "support", "open", "at least"),
        ({"sd": "0.9", "iqr": "10.0"}, "note", "conditional", "none fits"),
        ({"sd|std.error": "1.0", "range": "10"}, "support", "open", "standard error"),
        ({"sd": "4.9", "range": "~10"}, "support", "open", ""),
    ],
)
def test_what_a_distance_says_of_the_spread(
    tmp_path: Path, printed: dict[str, str], kind: str, verdict: str, words: str
) -> None:
    (finding,) = check(tmp_path, printed)
    assert finding.kind == kind
    assert set(verdicts([finding]).values()) == {verdict}
    assert words in finding.statement
    assert bool(finding.assumptions) == (verdict == "conditional")


def test_attainable_spreads_hold_the_printed_one(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, {"sd": "4.9", "range": "10"}, n="20")
    attainable = finding.bearings["sd"].attainable
    assert attainable is not None
    assert Fraction("4.9") in attainable[0]
    assert Fraction("5.5") not in attainable[0]


@pytest.mark.parametrize(
    "printed",
    [{"sd": "4.9"}, {"range": "10", "mean": "5"}, {"sd": "-4.9", "range": "10"}, {"iqr": "4"}],
)
def test_one_of_both_or_a_negative_one_is_left_alone(
    tmp_path: Path, printed: dict[str, str]
) -> None:
    assert not check(tmp_path, printed)


def test_times_may_be_censored_and_many_values_are_no_question(tmp_path: Path) -> None:
    printed = {"sd": "8.0", "range": "10"}
    (finding,) = check(tmp_path / "time", printed, variable="os")
    assert "censored" in finding.assumptions[0]
    assert not check(tmp_path / "many", printed, 10**7)
    assert len(check(tmp_path / "stated", printed, 10**7, n=str(10**7))) == 1


def test_true_distances_are_never_noted_and_misprints_are(tmp_path: Path) -> None:
    random = Random(5)
    seen = 0
    for trial in range(60):
        number = random.randint(4, 40)
        values = [random.gauss(50, 12) for _ in range(number)]
        places = random.randint(0, 2)
        of = random.choice((stdev, pstdev))
        low, _, high = quantiles(values, method=random.choice(("inclusive", "exclusive")))
        printed = {"sd": f"{of(values):.{places}f}"}
        if random.random() < 0.7:
            printed["range"] = f"{max(values) - min(values):.{places}f}"
        if len(printed) == 1 or random.random() < 0.5:
            printed["iqr"] = f"{high - low:.{places}f}"
        (finding,) = check(tmp_path / str(trial), printed, number + random.choice((0, 0, 2)))
        assert finding.kind == "support", printed
        wrong = printed | {"sd": f"{of(values) * random.choice((0.1, 10)):.{places}f}"}
        if "range" in printed:
            (finding,) = check(tmp_path / f"{trial}.wrong", wrong, number)
            seen += bool(finding.assumptions)
    assert seen >= 25


def test_a_group_of_nobody_is_not_asked_about(tmp_path: Path) -> None:
    assert not check(tmp_path, {"sd": "1.0", "range": "10"}, 0)
