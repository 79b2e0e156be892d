"""Data that are constructed for a Kruskal-Wallis test have what they were made for."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import quantile_form
from netcore.stats.ranks.boxes import Sample
from netcore.stats.ranks.drawn_values import between, drawn_values
from netcore.stats.ranks.kruskal_wallis_fitting import fit_groups, p_of_groups
from netcore.stats.ranks.samples import has_quantiles

QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def sample_of(random: Random, number: int, step: Fraction | None, shift: int) -> Sample:
    unit = step or Fraction(1, 100)
    values = sorted(unit * round((random.gauss(shift, 2) + 9) / unit) for _ in range(number))
    windows = {}
    for share in QUARTILES:
        quantile = quantile_form("type6", share, number).value(values)
        windows[share] = Interval(quantile - Fraction(1, 10), quantile + Fraction(1, 10))
    return Sample.of(number, windows, Interval(Fraction(0), None), step)


@pytest.mark.parametrize("seed", range(20))
def test_p_values_are_those_of_scipy(seed: int) -> None:
    from scipy.stats import kruskal

    random = Random(seed)
    groups = [
        [Fraction(random.randint(0, 6)) for _ in range(random.randint(1, 6))] for _ in range(3)
    ]
    p = p_of_groups(groups)
    assert p is not None
    expected = kruskal(*[[float(value) for value in group] for group in groups]).pvalue
    assert float(p.low) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_constructed_groups_have_their_quartiles_and_the_p_value(seed: int) -> None:
    random = Random(seed)
    samples = [sample_of(random, random.randint(4, 9), None, k) for k in range(3)]
    window = Interval(Fraction(2, 10), Fraction(3, 10))
    found = fit_groups(samples, window, ["type6"])
    if found is None:
        return
    for values, sample in zip(found.groups, samples, strict=True):
        assert has_quantiles(values, sample, "type6")
    assert p_of_groups(found.groups) is not None
    assert found.p.low in window


@pytest.mark.parametrize("step", [None, Fraction(1), Fraction(1, 2)])
def test_drawn_values_have_quantiles_and_step(step: Fraction | None) -> None:
    drawn = 0
    for seed in range(30):
        random = Random(seed)
        sample = sample_of(random, random.randint(2, 12), step, 0)
        values = drawn_values(sample, "type6", random)
        if values is not None:
            drawn += 1
            assert has_quantiles(values, sample, "type6", inside=True)
    assert drawn > 2


def test_a_way_without_what_is_looked_for_ends() -> None:
    zero, one = ((Fraction(0),),), ((Fraction(1),),)
    assert between(zero, one, [Sample(1, ())], lambda data: 1 if data[0][0] > 0 else -1) is None


def test_groups_that_are_all_equal_have_no_p_value() -> None:
    assert p_of_groups([[Fraction(1)], [Fraction(1), Fraction(1)]]) is None
