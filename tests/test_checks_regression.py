"""R squared, correlations, slopes and p-values of one line: what conflicts, and what must not."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scipy import stats
from study_builder import make_study

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Conventions, Finding, Verdict
from netcore.checks.plain_tests import PLAIN_CORRELATION, PLAIN_LINE
from netcore.checks.regression import check_regression
from netcore.checks.regression_lines import fitting_numbers, implied, witness
from netcore.ledger import build_ledger
from netcore.printed import Interval
from netcore.stats.regression import adjusted_share, line_of, p_of_share
from netcore.study import Study

FOLDERS = itertools.count(1)


def line(
    folder: Path,
    number: str | None,
    printed: dict[str, str],
    test: tuple[str, ...] = ("linear_regression",),
    more: tuple[Any, ...] = (),
) -> Study:
    claims: list[Any] = [("all", "", "", "N", number)] if number else []
    claims += [
        {"claim": f"c{k}", "population": "all", "stat_name": name, "analysis": "y_x", "printed": v}
        for k, (name, v) in enumerate(printed.items())
    ]
    return make_study(
        folder / f"paper{next(FOLDERS)}",
        variables={"y": {"type": "continuous"}, "x": {"type": "continuous"}},
        analyses={"y_x": {"test": list(test), "variable": "y", "with": "x"}},
        claims=[*claims, *more],
    )


def found(folder: Path, *arguments: Any, **named: Any) -> list[Finding]:
    return list(check_regression(line(folder, *arguments, **named), Conventions()))


def is_conflict(finding: Finding) -> bool:
    return NOT_REPLAYED in finding.assumptions


def test_a_p_value_that_follows_from_r_squared_is_possible_with_points(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.125"})
    assert {b.verdict for b in finding.bearings.values()} == {Verdict.POSSIBLE}
    assert finding.assumptions == ()
    assert finding.witness is not None
    points = finding.witness["points"]
    assert isinstance(points, list)
    fitted = stats.linregress([float(x) for x, _ in points], [float(y) for _, y in points])
    assert (len(points), f"{fitted.rvalue**2:.4f}", f"{fitted.pvalue:.3f}") == (23, "0.1085", "0.125")  # fmt: skip
    (attainable,) = finding.bearings["c1"].attainable or ()
    assert float(attainable.low or 0) == pytest.approx(0.12474, abs=1e-5)


def test_a_p_value_that_no_number_of_points_gives_conflicts(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.010"})
    assert is_conflict(finding)
    assert {"c0", "c1"} < set(finding.claims)
    assert finding.bearings["c1"].verdict is Verdict.CONDITIONAL
    assert "0.1247 to 0.125" in finding.statement


def test_a_conflict_says_what_points_and_which_line_it_assumes(tmp_path: Path) -> None:
    # More points than patients, or a line through the origin, may give either value.
    printed = {"r.squared": "0.1085", "p.value": "0.010"}
    (finding,) = found(tmp_path, "23", printed)
    assert PLAIN_LINE in finding.assumptions
    assert "at most one point" in finding.bearings["c0"].sentence
    assert "intercept" in finding.bearings["c1"].sentence
    assert "straight line on one variable" in finding.bearings["c1"].sentence
    (finding,) = found(tmp_path, "15", {"correlation": "0.45", "p.value": "<0.001"}, ("pearson",))
    assert finding.assumptions == (PLAIN_CORRELATION, NOT_REPLAYED)


def test_a_larger_group_would_resolve_it_only_where_others_allow_it(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.010"})
    assert len(finding.bearings) == 3
    # A correlation of one sign and a slope of another conflict whatever the number is.
    printed = {"correlation": "0.50", "slope": "-1.2", "p.value": "0.015"}
    (finding,) = found(tmp_path, "23", printed, test=("pearson",))
    assert finding.claims == ("c0", "c1")
    assert set(finding.bearings) == {"c0", "c1"}


def test_fewer_analysed_than_the_group_is_an_assumption(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.25"})
    assert finding.assumptions == ("14 of the 23 were analysed",)
    assert finding.bearings["c1"].verdict is Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ({"r.squared": "0.1085", "p.value": "0.062"}, "the p-value is one-sided"),
        ({"r.squared": "0.066", "p.value": "0.125"}, "the R squared is the adjusted one"),
        ({"adj.r.squared": "0.1085", "p.value": "0.125"}, "the adjusted R squared is not adjusted"),
        ({"r.squared": "0.1085", "p.value": "0.124"}, "the digits are not rounded to the nearest"),
        ({"correlation": "0.329", "r.squared": "0.56"}, "the correlation is one of ranks"),
    ],
)
def test_other_ways_to_compute_a_value_are_assumptions(
    tmp_path: Path, printed: dict[str, str], said: str
) -> None:
    if "correlation" in printed:
        printed = printed | {"p.value": "<0.001"}
    (finding,) = found(tmp_path, "23", printed)
    assert finding.assumptions == (said,)
    assert not is_conflict(finding)


def test_r_squared_follows_from_the_correlation(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "30", {"correlation": "-0.3294", "r.squared": "0.11"})
    assert finding.bearings["c1"].verdict is Verdict.REPRODUCED
    assert finding.bearings["c0"].verdict is Verdict.POSSIBLE


def test_printed_summaries_leave_it_open(tmp_path: Path) -> None:
    more = (("all", "x", "", "mean", "5.0"),)
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.125"}, more=more)
    assert {b.verdict for b in finding.bearings.values()} == {Verdict.OPEN}
    assert "not worked out" in finding.bearings["c0"].sentence


@pytest.mark.parametrize(
    "tests",
    [("unnamed",), ("spearman",), ("pearson", "spearman"), ("linear_regression", "unnamed")],
)
def test_a_test_that_may_be_another_never_convicts(tmp_path: Path, tests: tuple[str, ...]) -> None:
    printed = {"correlation": "0.50", "p.value": "0.900"}
    assert not any(is_conflict(f) for f in found(tmp_path, "90", printed, test=tests))


def test_a_group_of_unknown_size_never_convicts(tmp_path: Path) -> None:
    assert found(tmp_path, None, {"r.squared": "0.9", "p.value": "0.99"}) == []
    (finding,) = found(tmp_path, None, {"r.squared": "0.1085", "p.value": "0.010"})
    assert not is_conflict(finding)


def test_rules_and_hearsay_are_left_alone(tmp_path: Path) -> None:
    study = make_study(
        tmp_path / "paper1",
        locations={"results": {"title": "Results", "seen": "secondary"}},
        variables={"y": {"type": "continuous"}, "x": {"type": "continuous"}},
        analyses={"y_x": {"test": ["pearson"], "variable": "y", "with": "x"}},
        claims=[
            ("all", "", "", "N", "20"),
            {"population": "all", "stat_name": "r.squared", "analysis": "y_x", "printed": "0.9"},
            {"population": "all", "stat_name": "p.value", "analysis": "y_x", "printed": "0.9"},
        ],
    )
    assert check_regression(study, Conventions()) == ()


def test_places_that_disagree_are_read_each_way(tmp_path: Path) -> None:
    rows = [("r.squared", "0.1085", "a"), ("r.squared", "0.0265", "b"), ("p.value", "0.125", "b")]
    study = make_study(
        tmp_path / "paper1",
        locations={"a": {"title": "Abstract"}, "b": {"title": "Results"}},
        variables={"y": {"type": "continuous"}, "x": {"type": "continuous"}},
        analyses={"y_x": {"test": ["linear_regression"], "variable": "y", "with": "x"}},
        claims=[{"location": "a", "population": "all", "stat_name": "N", "printed": "23"}]
        + [
            {"location": p, "population": "all", "stat_name": s, "analysis": "y_x", "printed": v}
            for s, v, p in rows
        ],
    )
    (finding,) = check_regression(study, Conventions())
    assert not is_conflict(finding)
    assert finding.bearings[finding.claims[0]].verdict is Verdict.POSSIBLE


def test_a_row_that_may_be_adjusted_or_not_fits_as_either(tmp_path: Path) -> None:
    printed = {"r.squared|adj.r.squared": "0.066", "p.value": "0.125"}
    (finding,) = found(tmp_path, "23", printed)
    assert finding.assumptions == ()


@pytest.mark.parametrize("name", ["r.squared", "r.squared|adj.r.squared"])
def test_a_share_beyond_everything_conflicts_with_itself_alone(tmp_path: Path, name: str) -> None:
    (finding,) = found(tmp_path, "23", {name: "5.762", "p.value": "0.125"})
    assert is_conflict(finding)
    assert finding.claims == ("c0",)
    assert finding.bearings["c0"].sentence.startswith("No line of up to 23 points has it")


def test_r_squared_alone_says_which_p_values_follow(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "23", {"r.squared": "0.1085"})
    assert (finding.kind, finding.bearings) == ("note", {})
    assert "p = 0.1247 to 0.125" in finding.statement
    assert "below 0.05 from 36 points on" in finding.statement
    below, above = (p_of_share(Fraction("0.10845"), n) for n in (36, 35))
    assert below.high < Fraction(1, 20) < above.high


def test_a_percentage_is_a_share(tmp_path: Path) -> None:
    claim = {
        "population": "all",
        "stat_name": "r.squared",
        "analysis": "y_x",
        "printed": "10.85",
        "unit": "%",
    }
    (finding,) = found(tmp_path, "23", {"p.value": "0.125"}, more=(claim,))
    assert finding.assumptions == ()


def test_a_rank_correlation_of_few_pairs_is_one_of_few_numbers(tmp_path: Path) -> None:
    assert found(tmp_path, "5", {"correlation": "0.7"}, test=("spearman",)) == []
    (finding,) = found(tmp_path, "5", {"correlation": "0.75"}, test=("spearman",))
    assert finding.bearings["c0"].verdict is Verdict.CONDITIONAL
    assert finding.assumptions == ("values are tied or a unit gives more than one pair",)
    (finding,) = found(tmp_path, "6", {"correlation": "0.30"}, test=("spearman",))
    assert finding.assumptions == (
        "values are tied, a unit gives more than one pair or 5 of the 6 were analysed",
    )
    assert found(tmp_path, "60", {"correlation": "0.75"}, test=("spearman",)) == []


def test_every_finding_reaches_the_ledger(tmp_path: Path) -> None:
    study = line(tmp_path, "23", {"r.squared": "0.1085", "p.value": "0.010"})
    ledger = build_ledger([study])
    verdicts = {entry.claim.claim: entry.verdict for entry in ledger.entries}
    assert verdicts["c1"] is Verdict.CONDITIONAL


# --- Random true lines ----------------------------------------------------------------------------


def made_up(random: Random) -> tuple[int, dict[str, str]]:
    """Return how many points there are, and what software prints of their line."""
    number = random.choice((3, 4, 6, 10, 25, 60))
    x = [random.randint(0, 20) for _ in range(number)]
    steep = random.choice((0, 0.2, 1, 4))
    y = [steep * value + random.gauss(0, 5) for value in x]
    if len(set(x)) < 2:
        return made_up(random)
    fitted = stats.linregress(x, y)
    half = stats.t.ppf(0.975, number - 2) * fitted.stderr
    adjusted = float(adjusted_share(Fraction(fitted.rvalue) ** 2, number))
    values = {
        "r.squared": fitted.rvalue**2,
        "adj.r.squared": adjusted,
        "correlation": fitted.rvalue,
        "slope": fitted.slope,
        "slope.std.error": fitted.stderr,
        "slope.conf.low": fitted.slope - half,
        "slope.conf.high": fitted.slope + half,
        "p.value": fitted.pvalue,
        "statistic": fitted.slope / fitted.stderr,
    }
    names = random.sample(list(values), random.randint(2, 6))
    decimals = random.choice((1, 2, 3, 4))
    return number, {name: f"{values[name]:.{decimals}f}" for name in names}


@pytest.mark.parametrize("part", range(4))
def test_no_true_line_is_in_conflict(tmp_path: Path, part: int) -> None:
    random = Random(part)
    for _ in range(30):
        number, printed = made_up(random)
        size = number + random.choice((0, 0, 0, 1, 9))
        for finding in found(tmp_path, str(size), printed):
            assert not is_conflict(finding), (number, size, printed)
            assert size > number or not finding.assumptions, (number, printed, finding.assumptions)


def test_planted_misprints_are_seen(tmp_path: Path) -> None:
    random = Random(9)
    seen = 0
    for _ in range(24):
        number, _ = made_up(random)
        r2 = random.uniform(0.05, 0.9)
        t = (r2 * (number - 2) / (1 - r2)) ** 0.5
        p = 2 * stats.t.sf(t, number - 2)
        wrong = min(1.0, p * random.choice((3, 5)) + 0.02)
        findings = found(tmp_path, str(number), {"r.squared": f"{r2:.3f}", "p.value": f"{wrong:.3f}"})  # fmt: skip
        seen += any(f.assumptions for f in findings)
    assert seen >= 20


# --- The pieces -----------------------------------------------------------------------------------


def window(value: float, step: str = "0.001") -> Interval:
    units = round(Fraction(value) / Fraction(step)) * Fraction(step)
    return Interval(units - Fraction(step) / 2, units + Fraction(step) / 2)


@pytest.mark.parametrize("number", [4, 9, 55, 300])
def test_halving_finds_the_numbers_that_trying_all_finds(number: int) -> None:
    share = 0.08
    p = float(p_of_share(Fraction(share), number).low)
    windows = {"r.squared": window(share), "p.value": window(p)}
    found, is_complete = fitting_numbers(windows, range(3, 400))
    assert is_complete
    one_by_one = tuple(n for n in range(3, 400) if fitting_numbers(windows, range(n, n + 1))[0])
    assert found == one_by_one
    assert number in found


def test_what_is_implied_holds_the_true_value() -> None:
    windows = {"slope": window(2.0, "0.1"), "slope.std.error": window(0.5, "0.1")}
    p = implied(windows | {"p.value": Interval(None, None)}, "p.value", [20])
    assert p is not None
    true = 2 * stats.t.sf(4.0, 18)
    assert float(p.low or 0) < true < float(p.high or 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_constructed_points_have_every_value(sign: int) -> None:
    windows = {
        "slope": window(sign * 1.5, "0.01"),
        "slope.std.error": window(0.4, "0.01"),
        "slope.conf.low": window(sign * 1.5 - 0.809, "0.01"),
        "slope.conf.high": window(sign * 1.5 + 0.809, "0.01"),
        "p.value": window(0.0006, "0.0002"),
    }
    points = witness(windows, 40, window(7.0, "0.1"))
    assert points is not None
    fitted = line_of(points)
    assert fitted.slope in windows["slope"]
    assert fitted.intercept in window(7.0, "0.1")
    software = stats.linregress([float(x) for x, _ in points], [float(y) for _, y in points])
    assert round(software.stderr, 2) == 0.4


def test_no_points_are_made_of_what_cannot_be() -> None:
    assert witness({"correlation": window(0.5), "slope": window(-1)}, 10) is None
