"""Intervals of a difference of two means, against the means and the p-value."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from typing import Any

import pytest
from scipy import stats
from study_builder import make_study
from summary_rows import POPULATIONS, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.moments import check_mean_differences
from netcore.checks.moments.differences import p_of_interval
from netcore.printed import Interval

NAMES = {"low": "difference.conf.low", "high": "difference.conf.high", "p": "p.value"}
GROUPS = {"a": ("20", "10.0", "3.0"), "b": ("20", "12.0", "4.0")}
# Welch's interval of 10 − 12: −2 ± 2.03 sqrt(9/20 + 16/20) = −4.27 to 0.27.
INTERVAL = {"difference": "-2.0", "low": "-4.3", "high": "0.3", "p": "0.08"}


def check(
    folder: Path,
    printed: dict[str, str],
    groups: dict[str, tuple[str, str, str]] = GROUPS,
    *,
    test: str = "unnamed",
    level: str = "",
) -> tuple[Finding, ...]:
    variables: dict[str, Any] = {
        "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
        "marker": {"type": "continuous"},
    }
    rows: list[dict[str, str]] = []
    for name, (number, mean, sd) in groups.items():
        rows.append({"population": name, "stat_name": "N", "printed": number})
        for statistic, value in (("mean", mean), ("sd", sd)):
            row = {"population": name, "variable": "marker"}
            rows.append(row | {"stat_name": statistic, "printed": value})
    for name, value in printed.items():
        row = {"claim": name, "stat_name": NAMES.get(name, name), "printed": value}
        rows.append(row | {"analysis": "marker_by_arm"})
    if level:
        rows.append({"stat_name": "conf.level", "printed": level, "unit": "%"})
    study = make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=variables,
        analyses={"marker_by_arm": {"test": [test], "variable": "marker", "by": "arm"}},
        claims=rows,
    )
    return check_mean_differences(study, Conventions())


@pytest.mark.parametrize(
    ("changed", "verdict", "words"),
    [
        ({}, "open", "interval of"),
        ({"difference": "2.0", "low": "-0.3", "high": "4.3"}, "open", "interval of"),
        ({"low": "-3.9", "high": "-0.1", "p": "0.04"}, "open", "90 % interval"),
        ({"high": "1.3"}, "conditional", "not in the middle"),
        (
            {"difference": "-2.9", "low": "-4.4", "high": "-1.4", "p": "0.002"},
            "conditional",
            "kind",
        ),
        ({"low": "-9.3", "high": "5.3", "p": "0.6"}, "conditional", "were analysed"),
    ],
)
def test_what_the_means_say_of_an_interval(
    tmp_path: Path, changed: dict[str, str], verdict: str, words: str
) -> None:
    findings = check(tmp_path, INTERVAL | changed)
    assert verdicts(findings)["low"] == verdict
    assert words in findings[0].statement
    assert all(finding.kind == "support" for finding in findings)


@pytest.mark.parametrize(
    ("p", "test", "verdict"),
    [
        ("0.08", "welch_t", "open"),
        ("0.30", "welch_t", "conditional"),
        ("0.001", "unnamed", "conditional"),
        ("<0.05", "unnamed", "conditional"),
        ("ns", "unnamed", None),
        ("0.30", "mann_whitney", None),
    ],
)
def test_the_p_value_goes_with_its_interval(
    tmp_path: Path, p: str, test: str, verdict: str | None
) -> None:
    findings = check(tmp_path, INTERVAL | {"p": p}, test=test, level="95")
    assert verdicts(findings).get("p") == verdict


def test_a_difference_without_an_interval_is_left_to_another_check(tmp_path: Path) -> None:
    assert not check(tmp_path, {"difference": "-2.0", "p": "0.08"})


@pytest.mark.parametrize("level", ["0.9", "0.95", "0.99"])
def test_p_values_of_an_interval_are_those_of_scipy_and_lie_between_few_and_many(
    level: str,
) -> None:
    for difference, half in (("2", "1.5"), ("2", "2.5"), ("0.3", "1.7")):
        found = []
        for df in (1, 3, 10, 40, None):
            one = p_of_interval(
                Interval.point(Fraction(difference)),
                Interval.point(Fraction(half)),
                Fraction(level),
                df,
            )
            assert one is not None
            assert one.low is not None
            kind = stats.norm if df is None else stats.t(df)
            t = float(difference) / float(half) * kind.ppf(0.5 + float(level) / 2)
            assert float(one.low) == pytest.approx(2 * kind.sf(t), rel=1e-6)
            found.append(one.low)
        assert found in (sorted(found), sorted(found, reverse=True))


def test_an_interval_of_no_width_has_no_p_value() -> None:
    zero = Interval.point(Fraction(0))
    assert p_of_interval(zero, zero, Fraction(19, 20)) is None


def test_true_intervals_need_no_assumption(tmp_path: Path) -> None:
    random = Random(3)
    for trial in range(20):
        numbers = random.randint(6, 30), random.randint(6, 30)
        one, other = (
            [random.gauss(mean, 8) for _ in range(n)]
            for n, mean in zip(numbers, (40, random.choice((40, 50))), strict=True)
        )
        flavour = random.choice((True, False))
        level = random.choice((0.9, 0.95, 0.99))
        found = stats.ttest_ind(one, other, equal_var=flavour)
        interval = found.confidence_interval(level)
        sign = random.choice((1, -1))
        ends = sorted((sign * interval.low, sign * interval.high))
        printed = {
            "difference": f"{sign * (fmean(one) - fmean(other)):.1f}",
            "low": f"{ends[0]:.1f}",
            "high": f"{ends[1]:.1f}",
            "p": f"{found.pvalue:.3f}",
        }
        groups = {
            name: (str(len(values)), f"{fmean(values):.1f}", f"{stdev(values):.1f}")
            for name, values in (("a", one), ("b", other))
        }
        stated = random.choice(("", f"{100 * level:g}"))
        findings = check(tmp_path / str(trial), printed, groups, level=stated)
        assert len(findings) == 2
        assert not any(finding.assumptions for finding in findings), (printed, groups, stated)
