"""Confidence intervals of means against mean, spread and number."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from typing import Any

import pytest
from scipy import stats
from study_builder import make_study
from summary_rows import verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.moments import check_mean_intervals

VARIABLES: dict[str, Any] = {
    "marker": {"type": "continuous", "unit": "ng/ml"},
    "foci": {"type": "integer", "min": "0"},
    "os": {"type": "time", "unit": "months"},
}
TABLE = {"mean": "10.0", "sd": "4.0", "low": "8.1", "high": "11.9"}
NAMES = {"low": "mean.conf.low", "high": "mean.conf.high", "se": "std.error"}


def check(
    folder: Path,
    printed: dict[str, str],
    number: int | str = 20,
    *,
    variable: str = "marker",
    more: tuple[dict[str, str], ...] = (),
    level: str = "",
) -> tuple[Finding, ...]:
    rows = [{"population": "all", "stat_name": "N", "printed": str(number)}, *more]
    rows += [
        {
            "claim": name.replace("|", "-or-"),
            "variable": variable,
            "stat_name": NAMES.get(name, name),
            "printed": value,
        }
        for name, value in printed.items()
    ]
    if level:
        rows.append({"stat_name": "conf.level", "printed": level, "unit": "%"})
    study = make_study(folder / "paper1", variables=VARIABLES, claims=rows)
    return check_mean_intervals(study, Conventions())


def test_an_interval_that_follows_is_reproduced_and_values_have_it(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, TABLE | {"min": "3", "max": "19"})
    assert verdicts([finding]) == {
        "low": "reproduced",
        "high": "reproduced",
        **dict.fromkeys(("mean", "sd", "min", "max"), "possible"),
    }
    assert finding.witness is not None
    values = [float(Fraction(value)) for value in finding.witness["values"]]  # type: ignore[attr-defined]
    half = stats.t.ppf(0.975, 19) * stdev(values) / sqrt(20)
    assert f"{fmean(values):.1f} {stdev(values):.1f} {min(values):.0f}" == "10.0 4.0 3"
    assert f"{fmean(values) - half:.1f} {fmean(values) + half:.1f}" == "8.1 11.9"
    attainable = finding.bearings["low"].attainable
    assert attainable is not None
    assert Fraction("8.1") in attainable[0]
    assert Fraction("8.3") not in attainable[0]


@pytest.mark.parametrize(
    ("changed", "number", "level", "verdict", "words"),
    [
        ({}, 20, "", "reproduced", "95 % interval by Student"),
        ({"low": "8.2", "high": "11.8"}, 20, "", "reproduced", "by the normal distribution"),
        ({"low": "8.3", "high": "11.7"}, 20, "", "possible", "95 % interval by the normal"),
        ({"sd": "1.8", "se": "0.9", "low": "8.1", "high": "11.9"}, 20, "", None, ""),
        ({"low": "7.4", "high": "12.6"}, 20, "", "reproduced", "99 %"),
        ({"low": "7.4", "high": "12.6"}, 20, "95", "conditional", "one of 99 %"),
        ({"low": "7.4", "high": "12.6"}, 20, ">=95", "reproduced", "99 %"),
        ({"high": "12.9"}, 20, "", "conditional", "The middle of the interval is 10.50"),
        ({}, 200, "95", "conditional", "only 16, 17, 18, 19 or 20 of 200"),
        ({"low": "9.0", "high": "11.0"}, 20, "", "conditional", "of another kind"),
        ({"high": "~12.9"}, 20, "", "possible", "95 % interval"),
    ],
)
def test_what_the_spread_says_of_the_interval(
    tmp_path: Path,
    changed: dict[str, str],
    number: int,
    level: str,
    verdict: str | None,
    words: str,
) -> None:
    findings = check(tmp_path, TABLE | changed, number, level=level)
    assert verdicts(findings).get("low") == verdict
    if verdict:
        (finding,) = findings
        text = finding.statement + finding.bearings["low"].sentence
        assert words in text
        assert bool(finding.assumptions) == (verdict == "conditional")


def test_a_standard_error_gives_the_interval_whatever_the_number_nearly(tmp_path: Path) -> None:
    printed = {"mean": "10.0", "se": "0.9", "low": "8.1", "high": "11.9"}
    (finding,) = check(tmp_path, printed)
    assert verdicts([finding])["low"] == "reproduced"


def test_a_row_read_either_way_needs_one_reading_that_fits(tmp_path: Path) -> None:
    printed = {"mean": "10.0", "sd|std.error": "4.0", "low": "8.1", "high": "11.9"}
    (finding,) = check(tmp_path, printed)
    assert finding.witness is not None
    assert finding.witness["readings"] == {"sd|std.error": "sd"}


def test_a_mean_without_a_spread_is_in_the_middle_or_it_is_an_assumption(tmp_path: Path) -> None:
    printed = {"mean": "10.0", "low": "8.1", "high": "11.9"}
    (finding,) = check(tmp_path / "middle", printed)
    assert verdicts([finding]) == {"mean": "open"}
    (finding,) = check(tmp_path / "aside", printed | {"high": "14.9"})
    assert verdicts([finding]) == {"low": "conditional", "high": "conditional"}
    assert "resampling" in finding.assumptions[0]


@pytest.mark.parametrize("name", ["mean|rmean", "median"])
def test_intervals_of_something_else_are_left_alone(tmp_path: Path, name: str) -> None:
    printed = {name: "10.0", "sd": "4.0", "low": "5.1", "high": "25.9"}
    findings = check(tmp_path, printed)
    assert verdicts(findings).get("low") == ("conditional" if name == "median" else None)


def test_times_may_be_censored(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, TABLE | {"high": "12.9"}, variable="os")
    assert "censored times" in finding.assumptions[0]


def test_nothing_is_ever_in_conflict_and_ten_million_values_cost_nothing(tmp_path: Path) -> None:
    stated = ({"variable": "marker", "stat_name": "N", "printed": str(10**7)},)
    (finding,) = check(tmp_path, TABLE, 10**7, more=stated)
    assert finding.kind == "support"
    assert verdicts([finding])["low"] == "conditional"


def test_true_intervals_need_no_assumption_and_misprints_do(tmp_path: Path) -> None:
    random = Random(7)
    seen = 0
    trials = 60
    for trial in range(trials):
        number = random.randint(5, 60)
        values = [random.gauss(50, 12) for _ in range(number)]
        places = random.randint(0, 2)
        level = random.choice((0.9, 0.95, 0.99))
        error = stdev(values) / sqrt(number)
        kind = random.choice((stats.norm, stats.t(number - 1)))
        half = kind.ppf(0.5 + level / 2) * error
        name, spread = random.choice((("sd", stdev(values)), ("se", error)))
        middle = fmean(values)
        numbers = {"mean": middle, name: spread, "low": middle - half, "high": middle + half}
        printed = {key: f"{value:.{places}f}" for key, value in numbers.items()}
        more = random.choice(("", f"{100 * level:g}"))
        findings = check(tmp_path / str(trial), printed, number, level=more)
        assert len(findings) == 1
        assert not findings[0].assumptions, (printed, number, more)
        assert set(verdicts(findings).values()) <= {"reproduced", "possible", "open"}
        wrong = random.choice(list(printed))
        digits = printed[wrong]
        place = random.choice([i for i, digit in enumerate(digits) if digit.isdigit()])
        digit = str((int(digits[place]) + random.randint(1, 9)) % 10)
        planted = printed | {wrong: digits[:place] + digit + digits[place + 1 :]}
        findings = check(tmp_path / f"{trial}.wrong", planted, number, level=more)
        seen += any(finding.assumptions for finding in findings)
    assert seen >= trials // 2
