"""Lines and correlations against R, scipy, random points and all permutations."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import permutations
from math import copysign, isclose, sqrt
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from netcore.printed import Interval
from netcore.stats.regression import (
    STATISTICS,
    adjusted_share,
    correlation_limits,
    line_of,
    p_of_share,
    p_range_of_shares,
    points_on_line,
    rank_correlations,
    share_of_adjusted,
    shares,
    squared_quantile,
    squared_t,
)

REFERENCE = Path(__file__).parent / "reference" / "regression.csv"
LINES = [line for line in REFERENCE.read_text().splitlines() if not line.startswith("#")]
TABLE: dict[str, dict[str, str]] = {}
for row in csv.DictReader(LINES):
    TABLE.setdefault(row["case"], {})[row["statistic"]] = row["value"]


def near(value: float | Fraction, step: str) -> Interval:
    """Return the window of a number that is printed with a step."""
    half = Fraction(step) / 2
    units = round(Fraction(value) / Fraction(step)) * Fraction(step)
    return Interval(units - half, units + half)


@pytest.mark.parametrize("case", TABLE)
def test_lines_are_those_of_r(case: str) -> None:
    found = TABLE[case]
    points = tuple(
        (Fraction(x), Fraction(y))
        for x, y in zip(found["x"].split(), found["y"].split(), strict=True)
    )
    line = line_of(points)
    expected = {name: float(value) for name, value in found.items() if name not in ("x", "y")}
    assert float(line.share) == pytest.approx(expected["r.squared"], rel=1e-10)
    assert float(adjusted_share(line.share, line.number)) == pytest.approx(
        expected["adj.r.squared"], rel=1e-9
    )
    assert float(line.slope) == pytest.approx(expected["slope"], rel=1e-10)
    assert float(line.intercept) == pytest.approx(expected["intercept"], rel=1e-9)
    assert sqrt(line.squared_error) == pytest.approx(expected["slope.std.error"], rel=1e-10)
    assert float(squared_t(line.share, line.number) or 0) == pytest.approx(expected["f"], rel=1e-9)
    p = p_of_share(line.share, line.number)
    assert float(p.low) == pytest.approx(expected["p"], rel=1e-9)
    assert line.sign == copysign(1, expected["correlation"])
    if "correlation.conf.low" in expected:
        r = Fraction(expected["correlation"])
        low, high = correlation_limits(r, line.number)
        assert float(low.low) == pytest.approx(expected["correlation.conf.low"], rel=1e-9)
        assert float(high.high) == pytest.approx(expected["correlation.conf.high"], rel=1e-9)


@given(st.fractions(0, 1), st.integers(3, 200))
def test_adjusting_is_undone(share: Fraction, number: int) -> None:
    assert share_of_adjusted(adjusted_share(share, number), number) == share


@given(st.fractions(0, Fraction(99, 100), max_denominator=999), st.integers(3, 80))
def test_a_p_value_is_that_of_scipy(share: Fraction, number: int) -> None:
    t = sqrt(share * (number - 2) / (1 - share))
    low, high = p_of_share(share, number)
    assert low <= high
    assert float(low) == pytest.approx(2 * stats.t.sf(t, number - 2), rel=1e-9, abs=1e-15)


@given(st.fractions(0, 1), st.fractions(0, 1), st.fractions(0, 1), st.integers(3, 60))
def test_p_values_of_a_window_hold_those_within(
    a: Fraction, b: Fraction, share: Fraction, number: int
) -> None:
    window = Interval(min(a, b), max(a, b))
    inside = min(a, b) + share * abs(b - a)
    found, p = p_range_of_shares(window, number), p_of_share(inside, number)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= p.high
    assert p.low <= found.high


def random_line(seed: int) -> tuple[tuple[tuple[Fraction, Fraction], ...], dict[str, float]]:
    """Return points, and all that scipy says of them."""
    random = Random(seed)
    number = random.choice((3, 4, 5, 8, 20, 60))
    slope = random.choice((-2, -0.3, 0, 0.1, 1))
    points = tuple(
        (Fraction(x), Fraction(round(10 * (slope * x + random.gauss(0, 3))), 10))
        for x in (random.randint(0, 12) for _ in range(number))
    )
    if len({x for x, _ in points}) < 2 or len({y for _, y in points}) < 2:
        return random_line(seed + 1000)
    found = stats.linregress([float(x) for x, _ in points], [float(y) for _, y in points])
    half = stats.t.ppf(0.975, number - 2) * found.stderr
    values = {
        "r.squared": found.rvalue**2,
        "adj.r.squared": float(adjusted_share(Fraction(found.rvalue) ** 2, number)),
        "correlation": found.rvalue,
        "slope": found.slope,
        "slope.std.error": found.stderr,
        "slope.conf.low": found.slope - half,
        "slope.conf.high": found.slope + half,
        "p": found.pvalue,
    }
    if found.stderr > 1e-9:
        t = found.slope / found.stderr
        values["statistic"] = t if random.random() < 0.5 else t**2
    return points, values


@pytest.mark.parametrize("seed", range(150))
def test_what_software_prints_of_points_leaves_their_share(seed: int) -> None:
    points, values = random_line(seed)
    random = Random(seed)
    names = random.sample(STATISTICS, random.randint(1, len(STATISTICS)))
    steps = {name: random.choice(("0.1", "0.01", "0.001")) for name in names}
    printed = {name: near(values[name], steps[name]) for name in names if name in values}
    line = line_of(points)
    signs = (1, -1) if line.sign == 0 else (line.sign,)
    for sign in signs:
        left = shares(line.number, printed, sign)
        assert left is not None
        assert line.share in left
        p = p_range_of_shares(left, line.number)
        assert float(p.low or 0) - 1e-9 <= values["p"] <= float(p.high or 0) + 1e-9


@pytest.mark.parametrize("seed", range(40))
def test_windows_of_one_value_are_as_narrow_as_they_can_be(seed: int) -> None:
    """At an end of what is left the value is at an end of its window."""
    random = Random(seed)
    number, sign = random.randint(3, 40), random.choice((1, -1))
    share = Fraction(random.randint(1, 99), 100)
    t = sqrt(float(squared_t(share, number) or 0))
    for name, value in (
        ("r.squared", float(share)),
        ("adj.r.squared", float(adjusted_share(share, number))),
        ("correlation", sign * sqrt(share)),
        ("statistic", sign * t),
    ):
        window = near(value, "0.001")
        left = shares(number, {name: window}, sign)
        assert left is not None
        assert left.low is not None
        assert left.high is not None
        for end in (left.low, left.high):
            if not 0 < end < 1:
                continue
            back = {
                "r.squared": float(end),
                "adj.r.squared": float(adjusted_share(end, number)),
                "correlation": sign * sqrt(end),
                "statistic": sign * sqrt(float(squared_t(end, number) or 0)),
            }[name]
            ends = (float(window.low or 0), float(window.high or 0))
            # A negative t is also read as F, which cannot be negative.
            assert any(isclose(back, e, rel_tol=1e-9, abs_tol=1e-12) for e in ends) or (
                name == "statistic"
                and any(isclose(back**2, e, rel_tol=1e-9, abs_tol=1e-12) for e in ends)
            )


def test_signs_must_agree() -> None:
    falling = {"slope": near(-1.5, "0.1"), "correlation": near(-0.5, "0.01")}
    assert shares(10, falling, 1) is None
    assert shares(10, falling, -1) is not None
    opposite = falling | {"correlation": near(0.5, "0.01")}
    assert shares(10, opposite, 1) is None
    assert shares(10, opposite, -1) is None


def test_a_slope_that_may_be_level_has_no_sign() -> None:
    level = {"slope": near(0, "0.1"), "slope.std.error": near(0.5, "0.1")}
    for sign in (1, -1):
        left = shares(12, level, sign)
        assert left is not None
        assert left.low == 0


def test_an_error_of_nought_allows_points_on_the_line() -> None:
    left = shares(5, {"slope": near(2, "1"), "slope.std.error": near(0, "1")}, 1)
    assert left is not None
    assert left.high == 1
    exact = shares(5, {"slope": near(2, "1"), "slope.std.error": Interval.point(0)}, 1)
    assert exact is not None
    assert exact.high == 1


def test_limits_have_the_t_of_their_slope() -> None:
    # 2.0 from 1.0 to 3.0 of 12 points: t is 2 q, and q is 2.228.
    printed = {
        "slope.conf.low": Interval.point(1),
        "slope.conf.high": Interval.point(3),
    }
    left = shares(12, printed, 1)
    assert left is not None
    square = (2 * stats.t.ppf(0.975, 10)) ** 2
    assert float(left.low or 0) == pytest.approx(square / (square + 10))
    assert shares(12, printed, -1) is None


@pytest.mark.parametrize("number", range(2, 8))
def test_rank_correlations_are_those_of_all_permutations(number: int) -> None:
    cubed = number**3 - number
    found = {
        1 - Fraction(6 * sum((a - b) ** 2 for a, b in enumerate(order)), cubed)
        for order in permutations(range(number))
    }
    assert rank_correlations(number) == tuple(sorted(found))


@given(
    st.integers(3, 40),
    st.fractions(Fraction(1, 1000), 1, max_denominator=10_000),
    st.fractions(-5, 5, max_denominator=1000).filter(bool),
    st.fractions(-9, 9, max_denominator=1000),
)
def test_constructed_points_have_the_line_that_was_wanted(
    number: int, share: Fraction, slope: Fraction, intercept: Fraction
) -> None:
    line = line_of(points_on_line(number, share, slope, intercept))
    assert (line.number, line.slope, line.intercept) == (number, slope, intercept)
    assert abs(line.share - share) < Fraction(1, 10**12)
    square = squared_t(line.share, number)
    if square is not None:
        assert line.slope**2 == square * line.squared_error


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="found 2 points"):
        p_of_share(Fraction(1, 2), 2)
    with pytest.raises(ValueError, match="found R squared 2"):
        p_of_share(Fraction(2), 5)
    with pytest.raises(ValueError, match="expected some share"):
        p_range_of_shares(Interval(Fraction(2), Fraction(3)), 5)
    with pytest.raises(ValueError, match="expected some of"):
        shares(5, {"intercept": Interval.point(1)}, 1)
    with pytest.raises(ValueError, match="found sign 0"):
        shares(5, {}, 0)
    with pytest.raises(ValueError, match="found correlation 1"):
        correlation_limits(Fraction(1), 9)
    with pytest.raises(ValueError, match="found 1 pairs"):
        rank_correlations(1)
    with pytest.raises(ValueError, match="points in one line"):
        line_of(
            ((Fraction(1), Fraction(1)), (Fraction(1), Fraction(2)), (Fraction(1), Fraction(3)))
        )
    with pytest.raises(ValueError, match="found slope 0"):
        points_on_line(5, Fraction(1, 2), Fraction(0))


@given(st.fractions(Fraction(1, 1000), Fraction(999, 1000)), st.integers(1, 500))
def test_quantiles_are_enclosed(probability: Fraction, df: int) -> None:
    low, high = squared_quantile(probability, df)
    assert 0 <= low <= high
    assert p_of_t(high, df) <= float(probability) * (1 + 1e-9)
    assert p_of_t(low, df) >= float(probability) * (1 - 1e-9)
    assert high - low <= Fraction(1, 10**8) * high


def p_of_t(square: Fraction, df: int) -> float:
    return float(2 * stats.t.sf(sqrt(square), df))


def test_a_quantile_of_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a probability"):
        squared_quantile(Fraction(2), 5)
