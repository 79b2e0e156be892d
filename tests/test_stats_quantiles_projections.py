"""Values found by moving them to where their quantiles are printed, checked by NumPy."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import quantile_form
from netcore.stats.quantiles.pooling import PooledValues, Unsettled, pool
from netcore.stats.quantiles.projections import have_quantiles, project

QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
IN_NUMPY = {"type4": "interpolated_inverted_cdf", "type6": "weibull", "type7": "linear"}
POSITIVE = Interval(Fraction(0), None)
HALF = Fraction(1, 2)


def printed(values: list[Fraction], definition: str) -> dict[Fraction, Interval]:
    """Return the quartiles as printed with one decimal."""
    windows = {}
    for share in QUARTERS:
        exact = quantile_form(definition, share, len(values)).value(sorted(values))
        tenths = Fraction(round(exact * 10), 10)
        windows[share] = Interval(tenths - Fraction(1, 20), tenths + Fraction(1, 20))
    return windows


@pytest.mark.parametrize("definition", IN_NUMPY)
@pytest.mark.parametrize("sizes", [(6, 9), (15, 19), (7, 8, 12)])
def test_values_of_strata_as_papers_print_them_are_found(
    definition: str, sizes: tuple[int, ...]
) -> None:
    random = Random(sum(sizes))
    parts = [[Fraction(random.randint(50, 400), 10) for _ in range(size)] for size in sizes]
    windows = [printed(part, definition) for part in parts]
    whole = printed([value for part in parts for value in part], definition)
    outcome = pool(windows, sizes, whole, [definition], domain=POSITIVE)
    assert isinstance(outcome, PooledValues)
    everyone = tuple(value for part in outcome.values for value in part)
    for values, of_values in zip((*outcome.values, everyone), (*windows, whole), strict=True):
        found = np.quantile(
            np.array(values, dtype=float), [0.25, 0.5, 0.75], method=IN_NUMPY[definition]
        )
        for share, value in zip(QUARTERS, found, strict=True):
            low, high = of_values[share].low, of_values[share].high
            assert low is not None
            assert high is not None
            assert float(low) - 1e-9 <= value <= float(high) + 1e-9


def test_what_no_values_have_is_not_found() -> None:
    # the middle of 1 and 2 is no 3.3, nor is that of any two whole numbers
    windows = [{HALF: Interval.point(1)}, {HALF: Interval.point(2)}]
    exact = {HALF: Interval.point(Fraction(33, 10))}
    assert project(windows, (1, 1), exact, "type7", domain=EVERYTHING, step=None, starts=5) is None
    free: list[dict[Fraction, Interval]] = [{}, {}]
    whole = Fraction(1)
    assert project(free, (1, 1), exact, "type7", domain=EVERYTHING, step=whole, starts=5) is None
    assert isinstance(pool(free, (1, 1), exact, ["type7"]), PooledValues)


def test_the_search_is_the_same_every_time() -> None:
    windows = [{HALF: Interval(Fraction(3), Fraction(4))}, {}]
    whole = {HALF: Interval(Fraction(5), None), Fraction(1): Interval(None, Fraction(9))}
    one, other = (
        project(windows, (2, 4), whole, "type7", domain=POSITIVE, step=HALF, starts=20)
        for _ in range(2)
    )
    assert one == other
    assert one is not None
    assert have_quantiles(one, windows, whole, "type7", POSITIVE)
    assert all((value / HALF).denominator == 1 for part in one for value in part)
    assert project(windows, (2, 4), whole, "type7", domain=POSITIVE, step=HALF, starts=0) is None


def test_values_are_checked_exactly() -> None:
    third = Fraction(1, 3)
    windows = [{HALF: Interval.point(third)}, {}]
    values = [[third], [Fraction(2)]]
    mean = {HALF: Interval.point(Fraction(7, 6))}
    assert have_quantiles(values, windows, mean, "type7", EVERYTHING)
    assert not have_quantiles(values, windows, mean, "type7", Interval(None, Fraction(1)))
    assert not have_quantiles(values, windows, mean, "type1", EVERYTHING)
    nearly = [[third + Fraction(1, 10**20)], [Fraction(2)]]
    assert not have_quantiles(nearly, windows, mean, "type7", EVERYTHING)


def test_what_is_not_found_is_unsettled() -> None:
    # the middles of a third and of two thirds have no decimal that ends
    windows = [{HALF: Interval.point(Fraction(1, 3)), Fraction(0): Interval.point(0)}, {}]
    whole = {HALF: Interval.point(Fraction(2, 3))}
    assert isinstance(pool(windows, (2, 2), whole, ["type7"], starts=3), Unsettled)
