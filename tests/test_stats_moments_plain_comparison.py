"""Plain bounds on p of two means: no test of any values is outside, and the checker has the same."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from statistics import mean, stdev

import pytest

import verify_evidence
from netcore.printed import parse_printed
from netcore.stats.moments.plain_comparison import Group, ends_of_p

Printed = tuple[dict[str, list[Fraction]], int]


def printed_of(random: Random, values: Sequence[float]) -> Printed:
    """Print mean and spread, of either divisor, with digits that were rounded or cut off."""
    n = len(values)
    spread = stdev(values) * random.choice([1, ((n - 1) / n) ** 0.5])
    stat = random.choice(["sd", "std.error", "var"])
    around = {"sd": spread, "std.error": spread / n**0.5, "var": spread**2}[stat]
    found = {}
    for name, value in (("mean", mean(values)), (stat, around)):
        window = parse_printed(f"{value:.{random.choice([0, 1, 2])}f}").window("any")
        assert window.low is not None
        assert window.high is not None
        found[name] = [window.low, window.high]
    return found, n


def group_of(printed: Printed) -> Group:
    found, n = printed
    low, high = verify_evidence.variances(found, n)
    return Group(n, (found["mean"][0], found["mean"][1]), (Fraction(low), Fraction(high)))


def p_values(x: Sequence[float], y: Sequence[float]) -> list[float]:
    """Return p by all tests that are covered, of both sides and of each."""
    from scipy.stats import norm, ttest_ind, ttest_rel

    sides = ("two-sided", "less", "greater")
    n, m, (v, w) = len(x), len(y), (stdev(one) ** 2 for one in (x, y))
    found = [
        float(ttest_ind(x, y, equal_var=equal, alternative=side).pvalue)
        for equal in (True, False)
        for side in sides
    ]
    if n == m:
        found += [float(ttest_rel(x, y, alternative=side).pvalue) for side in sides]
    squares = v * (n - 1) + w * (m - 1)
    for variance in (
        v / n + w / m,
        v * (n - 1) / n**2 + w * (m - 1) / m**2,
        squares / (n + m) * (1 / n + 1 / m),
    ):
        z = (mean(x) - mean(y)) / variance**0.5
        found += [2 * norm.sf(abs(z)), norm.sf(z), norm.cdf(z)]
    return found


@pytest.mark.parametrize("seed", range(10))
def test_no_test_of_any_values_is_outside(seed: int) -> None:
    random = Random(seed)
    informative = 0
    for _ in range(25):
        n = random.randint(2, 25)
        m = random.choice([n, random.randint(2, 25)])
        shift, scale = random.choice([0, 2, 6, 20]), random.choice([0.5, 1, 4])
        x = [random.gauss(10, 3) for _ in range(n)]
        # Pairs may go together so well that their differences hardly vary.
        y = [value + shift + random.gauss(0, 0.1) for value in x]
        if n != m or random.random() < 0.5:
            y = [random.gauss(10 + shift, 3 * scale) for _ in range(m)]
        one, other = printed_of(random, x), printed_of(random, y)
        low, high = ends_of_p(group_of(one), group_of(other))
        informative += high < Fraction(1, 2) or low > Fraction(1, 10)
        for p in p_values(x, y):
            assert p >= float(low) * (1 - 1e-9)
            assert p <= float(high) * (1 + 1e-9) or p >= float(1 - high) * (1 - 1e-9)
        assert verify_evidence.ends_of_means(one, other) == (low, high)
    assert informative


def test_what_is_excluded_is_found() -> None:
    ten, twelve = ((Fraction(mean),) * 2 for mean in (10, 12))
    nine, sixteen = ((Fraction(variance),) * 2 for variance in (9, 16))
    low, high = ends_of_p(Group(20, ten, nine), Group(23, twelve, sixteen))
    assert Fraction(1, 100) < low < Fraction(69, 1000) < high < Fraction(1, 5)
    # Of pairs the differences need not vary, and may vary four times as much.
    low, high = ends_of_p(Group(20, ten, nine), Group(20, twelve, sixteen))
    assert low <= 0 < Fraction(1, 4) < high


def test_where_nothing_spreads_nothing_is_bounded() -> None:
    ten, none = (Fraction(10),) * 2, (Fraction(0),) * 2
    low, high = ends_of_p(Group(8, ten, none), Group(9, ten, none))
    assert low <= 0
    assert high == 1
