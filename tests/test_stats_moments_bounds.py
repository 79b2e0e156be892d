"""Bounds on standard deviations and means, against every data set on a small scale."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from statistics import mean, median, median_low, pstdev, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval, parse_printed
from netcore.stats.moments.bounds import (
    RULES,
    bhatia_davis,
    mean_from_quantile,
    popoviciu,
    quantile_distance,
    range_spread,
    variance_range,
)
from netcore.stats.quantiles.definitions import DEFINITIONS, defines, quantile_form

HALF = Fraction(1, 2)
SHARES = [Fraction(k, 4) for k in range(5)]


@cache
def data_sets(number: int, top: int = 4) -> tuple[tuple[Fraction, ...], ...]:
    scale = [Fraction(x) for x in range(top + 1)]
    return tuple(combinations_with_replacement(scale, number))


def variance(values: tuple[Fraction, ...], ddof: int) -> Fraction:
    centre = sum(values) / Fraction(len(values))
    return Fraction(sum((x - centre) ** 2 for x in values)) / (len(values) - ddof)


def mean_of(values: tuple[Fraction, ...]) -> Fraction:
    return Fraction(sum(values)) / len(values)


def each() -> Iterator[tuple[tuple[Fraction, ...], int]]:
    for number in range(2, 8):
        for values in data_sets(number):
            for ddof in (0, 1):
                yield values, ddof


def test_every_data_set_keeps_to_bhatia_and_davis_and_to_popoviciu() -> None:
    tight = 0
    for values, ddof in each():
        found = variance(values, ddof)
        point = Interval.point(mean_of(values))
        limit = bhatia_davis(point, values[0], values[-1], len(values), ddof)
        assert found <= limit.limit
        # Attained exactly where all values are extremes.
        assert (found == limit.limit) == (set(values) <= {values[0], values[-1]})
        tight += found == limit.limit
        assert limit.limit <= bhatia_davis(point, values[0], values[-1], len(values)).limit
        assert found <= popoviciu(values[0], values[-1], len(values), ddof).limit
    assert tight > 100


@pytest.mark.parametrize("number", range(2, 8))
@pytest.mark.parametrize("ddof", [0, 1])
def test_popoviciu_and_the_range_are_attained_for_every_number(number: int, ddof: int) -> None:
    spreads = [
        variance(values, ddof) for values in data_sets(number) if (values[0], values[-1]) == (0, 4)
    ]
    assert max(spreads) == popoviciu(Fraction(0), Fraction(4), number, ddof).limit
    ends = Interval.point(0), Interval.point(4)
    assert min(spreads) == range_spread(*ends, number, ddof).limit


def test_several_numbers_of_values_have_the_loosest_bounds() -> None:
    numbers = range(3, 8)
    ends = Interval.point(0), Interval.point(4)
    at, low = Interval.point(1), Interval.point(0)
    for ddof in (None, 0, 1):
        divisors = (0, 1) if ddof is None else (ddof,)
        for most, of in (
            (True, lambda n, d: popoviciu(Fraction(0), Fraction(4), n, d)),
            (True, lambda n, d: bhatia_davis(at, Fraction(0), Fraction(4), n, d)),
            (False, lambda n, d: range_spread(*ends, n, d)),
            (False, lambda n, d: quantile_distance(at, low, Fraction(0), n, d)),
            (False, lambda n, d: quantile_distance(at, low, HALF, n, d)),
        ):
            limits = [of(n, divisor).limit for n in numbers for divisor in divisors]
            assert of(numbers, ddof).limit == (max if most else min)(limits)


@pytest.mark.parametrize("share", SHARES)
def test_every_data_set_keeps_to_the_distance_of_every_quantile(share: Fraction) -> None:
    attained = 0
    for values, ddof in each():
        number = len(values)
        for name in ("type1", "type2", "type4", "type6", "type7", "tukey"):
            quantile = quantile_form(name, share, number).value(values)
            for names in ((name,), ()):
                found = quantile_distance(
                    Interval.point(mean_of(values)),
                    Interval.point(quantile), share, number, ddof, names,
                )  # fmt: skip
                assert found.limit <= variance(values, ddof)
                attained += 0 < found.limit == variance(values, ddof)
    assert attained > 10


def test_mean_and_median_are_at_most_one_sd_apart() -> None:
    for values, _ in each():
        for middle in (median(values), median_low(values)):
            point = Interval.point(Fraction(middle))
            names = ["type2" if middle == median(values) else "median_low"]
            found = quantile_distance(
                Interval.point(mean_of(values)), point, HALF, len(values), 0, names
            )
            distance = (mean_of(values) - Fraction(middle)) ** 2
            assert distance <= found.limit <= variance(values, 0)


def test_a_median_of_type_4_may_be_further_than_one_sd_from_the_mean() -> None:
    # Between the first and the second of three values; the bound knows.
    values = (Fraction(0), Fraction(1), Fraction(1))
    quantile = quantile_form("type4", HALF, 3).value(values)
    assert quantile == HALF
    values = (Fraction(0), Fraction(4), Fraction(4))
    distance = (mean_of(values) - quantile_form("type4", HALF, 3).value(values)) ** 2
    found = quantile_distance(
        Interval.point(mean_of(values)), Interval.point(2), HALF, 3, 0, ["type4"]
    )
    assert found.limit == distance / 2 <= variance(values, 0)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@pytest.mark.parametrize("share", SHARES)
def test_the_mean_keeps_to_what_a_quantile_leaves(name: str, share: Fraction) -> None:
    if not defines(name, share):
        return
    domain = Interval(Fraction(0), Fraction(4))
    for number in range(1, 6):
        form = quantile_form(name, share, number)
        means: dict[Fraction, list[Fraction]] = {}
        for values in data_sets(number):
            means.setdefault(form.value(values), []).append(mean_of(values))
        for quantile, found in means.items():
            least, greatest = mean_from_quantile(
                Interval.point(quantile), share, number, domain, [name]
            )
            assert least is not None
            assert greatest is not None
            assert least.limit <= min(found)
            assert max(found) <= greatest.limit
            if quantile.denominator == 1:  # then the extreme values are whole
                assert max(found) == greatest.limit or form.weight
                assert min(found) == least.limit or form.weight
            if quantile in (0, 4) and share not in (0, 1):
                assert quantile == (greatest.limit if quantile else least.limit)
            loose = mean_from_quantile(Interval.point(quantile), share, number, domain)
            assert loose[0].limit <= least.limit
            assert greatest.limit <= loose[1].limit


def test_the_mean_that_a_quantile_leaves_is_that_of_a_linear_program() -> None:
    from scipy.optimize import linprog

    rng = random.Random(4)
    for _ in range(60):
        number, name = rng.randint(2, 9), rng.choice(["type4", "type6", "type8", "type7", "tukey"])
        share, quantile = rng.choice(SHARES[1:4]), rng.randint(1, 9)
        form = quantile_form(name, share, number)
        row = [0.0] * number
        row[form.index - 1] = float(1 - form.weight)
        if form.weight:
            row[form.index] = float(form.weight)
        order = [[(k == i) - (k == i + 1) for k in range(number)] for i in range(number - 1)]
        found = mean_from_quantile(
            Interval.point(quantile), share, number, Interval(Fraction(0), Fraction(10)), [name]
        )
        for sign, bound in ((1, found[0]), (-1, found[1])):
            program = linprog(
                [sign] * number, order, [0] * (number - 1), [row], [quantile], (0, 10)
            )
            assert bound is not None
            assert float(bound.limit) == pytest.approx(sign * program.fun / number, abs=1e-7)


@pytest.mark.parametrize(
    ("number", "names", "factor"),
    [
        (7, ["type7"], Fraction(4, 7)),
        (8, ["type7"], Fraction(5, 8)),
        (8, ["median_low"], Fraction(5, 8)),
        (8, ["median_high"], HALF),
        (8, [], HALF),
    ],
)
def test_the_share_of_the_median_that_the_mean_is_at_least(
    number: int, names: list[str], factor: Fraction
) -> None:
    least, greatest = mean_from_quantile(
        Interval.point(10), HALF, number, Interval(Fraction(0), None), names
    )
    assert least is not None
    assert least.limit == 10 * factor
    assert greatest is None


def printed(value: float, digits: int) -> Interval:
    return parse_printed(f"{value:.{digits}f}").window()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 40), st.integers(0, 2))
def test_nothing_true_is_excluded(seed: int, number: int, digits: int) -> None:
    rng = random.Random(seed)
    kind = rng.choice(
        [lambda: rng.gauss(60, 12), lambda: rng.expovariate(1 / 9), lambda: rng.randint(1, 5)]
    )
    values = sorted(float(kind()) for _ in range(number))
    name = rng.choice(["type2", "type6", "type7", "type8", "tukey"])
    shares = rng.sample(SHARES, rng.randint(0, 5))
    quantiles = {
        share: printed(
            float(quantile_form(name, share, number).value([Fraction(x) for x in values])), digits
        )
        for share in shares
    }
    centre = rng.choice([EVERYTHING, printed(mean(values), digits)])
    for names in ((), (name,)):
        for ddof, sd in ((0, pstdev(values)), (1, stdev(values)), (None, pstdev(values))):
            found = variance_range(number, quantiles, centre, ddof=ddof, definitions=names)
            assert found is not None
            low, high = (Fraction(sd) * (1 + Fraction(k, 10**12)) for k in (-1, 1))
            exact = Interval(low**2, high**2)  # of the binary arithmetic
            assert found.refusal(exact) is None
            assert found.window.meets(exact)


def test_simple_bounds_are_never_narrower_than_that_of_the_boxes() -> None:
    rng = random.Random(8)
    refused = set()
    for _ in range(150):
        values = rng.choice(data_sets(rng.randint(3, 7)))
        number, name = len(values), rng.choice(["type1", "type7"])
        shares = [Fraction(0), Fraction(1), *rng.sample(SHARES[1:4], rng.randint(0, 3))]
        quantiles = {
            share: Interval.point(quantile_form(name, share, number).value(values))
            for share in shares
        }
        ddof = rng.choice([None, 0, 1])
        found = variance_range(
            number, quantiles, Interval.point(mean_of(values)), ddof=ddof, definitions=[name]
        )
        assert found is not None
        for bound in found.named:
            assert bound.rule in RULES
            if bound.relation == "at most":
                assert found.window.high is not None
                assert found.window.high <= bound.limit
            else:
                assert found.window.low is not None
                assert bound.limit <= found.window.low
        low, high = found.window.low, found.window.high
        assert low is not None
        assert high is not None
        assert found.refusal(Interval(low, high)) is None
        for beyond in (
            Interval.point(low / 2),
            Interval.point(high + 1),
            Interval.point(2 * high + 9),
        ):
            refusal = found.refusal(beyond)
            assert (refusal is None) == (beyond.low in found.window)
            if refusal is not None:
                refused.add(refusal.rule)
    assert {"popoviciu", "bhatia_davis", "boxes", "range"} <= refused


def test_bounds_say_how_they_are_computed() -> None:
    found = variance_range(
        34,
        {Fraction(0): Interval.point(-1), HALF: Interval.point(8), Fraction(1): Interval.point(9)},
        Interval.point(5),
        ddof=1,
    )
    assert found is not None
    assert [(bound.rule, bound.arithmetic) for bound in found.named] == [
        ("popoviciu", "8.5 × (9 − (−1))² / 33"),
        ("bhatia_davis", "(9 − 5) × (5 − (−1)) × 34/33"),
        ("range", "(9 − (−1))² / 2 / 33"),
        ("samuelson", "(5 − (−1))² × 34/1089"),
        ("median", "(8 − 5)² × 34/33"),
        ("samuelson", "(9 − 5)² × 34/1089"),
    ]
    level = bhatia_davis(Interval.point(5), Fraction(0), Fraction(9), 5, 0)
    assert level.arithmetic == "(9 − 5) × (5 − 0)"
    assert quantile_distance(Interval.point(5), Interval.point(5), HALF, 5).arithmetic == "0"
    assert range_spread(Interval.point(5), Interval.point(5), 5).arithmetic == "0"


def test_values_that_cannot_be_have_no_range() -> None:
    ends = {Fraction(0): Interval.point(5), Fraction(1): Interval.point(9)}
    assert variance_range(10, ends, Interval.point(4)) is None
    assert variance_range(10, {**ends, HALF: Interval.point(10)}) is None
    alone = variance_range(10, {HALF: Interval.point(10)})
    assert alone is not None
    assert (alone.window, alone.greatest) == (Interval(Fraction(0), None), None)


def test_what_is_out_of_range_is_refused() -> None:
    point = Interval.point(1)
    with pytest.raises(ValueError, match="at least 2 values"):
        variance_range(1, {})
    with pytest.raises(ValueError, match="at least 2 values"):
        popoviciu(Fraction(0), Fraction(1), range(3, 3))
    with pytest.raises(ValueError, match="expected 0, 1 or None"):
        popoviciu(Fraction(0), Fraction(1), 3, 2)
    with pytest.raises(ValueError, match="in order"):
        popoviciu(Fraction(2), Fraction(1), 3)
    with pytest.raises(ValueError, match="expected one from 2 to 3"):
        bhatia_davis(point, Fraction(2), Fraction(3), 5)
    with pytest.raises(ValueError, match="for the least value"):
        range_spread(EVERYTHING, point, 5)
    with pytest.raises(ValueError, match="for the mean"):
        quantile_distance(EVERYTHING, point, HALF, 5)
    with pytest.raises(ValueError, match="quantile within"):
        mean_from_quantile(point, HALF, 5, Interval(Fraction(2), None))
    with pytest.raises(ValueError, match="define"):
        mean_from_quantile(point, Fraction(1, 10), 5, EVERYTHING, ["tukey"])
