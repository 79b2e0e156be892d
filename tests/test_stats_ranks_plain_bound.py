"""Plain bounds on p-values of ranks: they hold for all values, and the checker has the same."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

import verify_evidence
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.p_values import p_value
from netcore.stats.ranks.plain_bound import ends_of_p, value_boxes

COVERED = [flavour for flavour in FLAVOURS.values() if flavour.distribution != "conditional"]


def boxes_of(random: Random, values: list[int]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Bound values by their extremes and median, as far as these are printed."""
    found = sorted(values)
    stats = {"min": found[0], "max": found[-1], "median": found[(len(found) - 1) // 2]}
    windows = {
        QUANTILES[name]: Interval(
            Fraction(value) - Fraction(1, 2), Fraction(value) + Fraction(1, 2)
        )
        for name, value in stats.items()
        if random.random() < 0.8
    }
    return value_boxes(windows, len(values))


@pytest.mark.parametrize("seed", range(12))
def test_no_p_value_of_any_flavour_is_outside(seed: int) -> None:
    random = Random(seed)
    tried = 0
    for _ in range(15):
        shift = random.choice([0, 3, 12])
        x = [random.randint(0, 9) for _ in range(random.randint(1, 9))]
        y = [random.randint(0, 9) + shift for _ in range(random.randint(1, 9))]
        low, high = ends_of_p(boxes_of(random, x), boxes_of(random, y))
        u = sum(Fraction((a > b) + (a >= b), 2) for a in x for b in y)
        ties = tuple(count for _, count in sorted(Counter(x + y).items()))
        groups = ties if max(ties) > 1 else ()
        for flavour in COVERED if len(ties) > 1 else ():
            if not (groups and flavour.needs_no_ties):
                p = p_value(flavour, len(x), len(y), u, groups)
                assert p.high >= low, (flavour.key, x, y)
                assert p.low <= high or p.high >= 1 - high, (flavour.key, x, y)
                tried += 1
    assert tried > 50


@pytest.mark.parametrize("seed", range(6))
def test_the_checker_bounds_just_the_same(seed: int) -> None:
    random = Random(seed)
    for _ in range(20):
        shift = random.choice([0, 3, 12])
        x = boxes_of(random, [random.randint(0, 9) for _ in range(random.randint(1, 9))])
        y = boxes_of(random, [random.randint(0, 9) + shift for _ in range(random.randint(1, 9))])
        sides = (tuple(zip(*side, strict=True)) for side in (x, y))
        assert verify_evidence.ends_of_p(*([*map(list, side)] for side in sides)) == ends_of_p(x, y)


def test_samples_apart_bound_p_from_both_sides() -> None:
    low, high = (tuple((Fraction(a), Fraction(a + 4)) for _ in range(9)) for a in (0, 5))
    least, greatest = ends_of_p(low, high)
    assert least <= Fraction(1, 48_620)  # one order of all is the most extreme
    assert Fraction(1, 100) < greatest < Fraction(1, 20)


def test_quantiles_out_of_order_leave_no_p_value() -> None:
    none = ((Fraction(3), Fraction(2)),)
    assert ends_of_p(none, none) == (1, 0)
