"""Witnesses: everything that is said of them is recomputed from the values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from rank_trials import EXTREMES, QUARTILES, draw_sample, recomputed

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Sample
from netcore.stats.ranks.mann_whitney import URange, u_range
from netcore.stats.ranks.samples import has_quantiles, sample_with_u

HALF = Fraction(1, 2)


def quartiles(number: int, *middles: str, domain: Interval | None = None) -> Sample:
    windows = {}
    for share, middle in zip(QUARTILES, middles, strict=True):
        places = len(middle.partition(".")[2])
        half = Fraction(1, 2 * 10**places)
        windows[share] = Interval(Fraction(middle) - half, Fraction(middle) + half)
    return Sample.of(number, windows, *([domain] if domain else []))


def whole_range(x: Sample, y: Sample, definition: str) -> range:
    found = u_range(x, y, definition)
    assert isinstance(found, URange)
    if found.least_without_ties is None or found.greatest_without_ties is None:
        return range(0)
    return range(found.least_without_ties, found.greatest_without_ties + 1)


def assert_witness(
    found: tuple[Sequence[Fraction], Sequence[Fraction]] | None, u: int, *samples: Sample
) -> tuple[list[float], list[float]]:
    assert found is not None
    assert recomputed(*found) == (u, 0)
    for values, sample in zip(found, samples, strict=True):
        assert len(values) == sample.number
        assert all(value in sample.domain for value in values)
        assert sample.step is None or all(value % sample.step == 0 for value in values)
        assert all(10**9 % value.denominator == 0 for value in values)
    return [float(v) for v in found[0]], [float(v) for v in found[1]]


@pytest.mark.parametrize(
    ("definition", "method"),
    [
        ("type1", "inverted_cdf"),
        ("type4", "interpolated_inverted_cdf"),
        ("type5", "hazen"),
        ("type6", "weibull"),
        ("type7", "linear"),
        ("type9", "normal_unbiased"),
    ],
)
def test_every_u_between_the_ends_has_data_that_numpy_and_scipy_confirm(
    definition: str, method: str
) -> None:
    from scipy.stats import mannwhitneyu

    positive = Interval(Fraction(0), None)
    x = quartiles(11, "3.1", "5.0", "8.24", domain=positive)
    y = quartiles(9, "4.4", "6.1", "7", domain=positive)
    for u in whole_range(x, y, definition):
        one, other = assert_witness(sample_with_u(x, y, definition, u), u, x, y)
        assert mannwhitneyu(one, other).statistic == u
        for values, sample in ((one, x), (other, y)):
            for share, window in sample.quantiles:
                low, high = float(window.low or 0), float(window.high or 0)
                # Strictly inside, so that every rule of rounding prints the same.
                assert low < np.quantile(values, float(share), method=method) < high


@pytest.mark.parametrize("seed", range(30))
def test_witnesses_keep_windows_domain_and_step_and_miss_none_that_can_be_free(seed: int) -> None:
    random = Random(seed)
    definition = random.choice(list(DEFINITIONS))
    shares = tuple(s for s in QUARTILES + EXTREMES if random.random() < 0.6)
    x, y = (
        draw_sample(
            random,
            random.randint(1, 8),
            definition=definition,
            shares=shares,
            open_ends=seed % 2 == 0,
        )[0]
        for _ in "xy"
    )
    are_granular = seed % 3 == 0
    if are_granular:
        x, y = replace(x, step=HALF), replace(y, step=HALF)
    has_points = any(w.low == w.high for sample in (x, y) for _, w in sample.quantiles)
    every = whole_range(x, y, definition)
    for u in every:
        found = sample_with_u(x, y, definition, u)
        if found is None:
            assert are_granular or has_points
            continue
        assert_witness(found, u, x, y)
        assert has_quantiles(found[0], x, definition, inside=True)
        assert has_quantiles(found[1], y, definition, inside=True)
    if every:
        assert sample_with_u(x, y, definition, every[0] - 1) is None
        assert sample_with_u(x, y, definition, every[-1] + 1) is None


def test_witnesses_of_large_samples_need_few_decimals() -> None:
    x, y = quartiles(60, "14.2", "23.5", "24.8"), quartiles(57, "14.7", "21.8", "56")
    every = whole_range(x, y, "type7")
    for u in (every[0], 1200, every[-1]):
        found = sample_with_u(x, y, "type7", u)
        assert_witness(found, u, x, y)
        assert found is not None
        assert all(10**5 % value.denominator == 0 for value in (*found[0], *found[1]))


def test_granular_witnesses_may_fill_every_place() -> None:
    scale = Interval(Fraction(1), Fraction(7))
    x, y = Sample(4, (), scale, Fraction(1)), Sample(3, (), scale, Fraction(1))
    for u in range(13):
        assert_witness(sample_with_u(x, y, "type7", u), u, x, y)


def test_samples_without_data_have_no_witness() -> None:
    bad = quartiles(9, "7", "5", "8")
    for definition in ("type1", "type7"):
        assert sample_with_u(bad, quartiles(9, "1", "2", "3"), definition, 5) is None
    point = Sample.of(3, {HALF: Interval.point(4)})
    assert sample_with_u(point, point, "type7", 4) is None


def test_values_are_refused_for_one_reason_each() -> None:
    sample = Sample.of(
        3, {HALF: Interval(Fraction(1), Fraction(2))}, Interval(Fraction(0), None), HALF
    )
    good = (Fraction(0), Fraction(3, 2), Fraction(9))
    assert has_quantiles(good, sample, "type7", inside=True)
    assert has_quantiles(good[::-1], sample, "type7")
    assert not has_quantiles(good[:2], sample, "type7")
    assert not has_quantiles((-HALF, *good[1:]), sample, "type7")
    assert not has_quantiles((Fraction(1, 3), *good[1:]), sample, "type7")
    assert not has_quantiles((Fraction(0), Fraction(5, 2), Fraction(9)), sample, "type7")
    at_end = (Fraction(0), Fraction(2), Fraction(9))
    assert has_quantiles(at_end, sample, "type7")
    assert not has_quantiles(at_end, sample, "type7", inside=True)


def test_samples_of_different_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="found steps 1 and None"):
        sample_with_u(Sample.of(2, {}, step=Fraction(1)), Sample.of(2, {}), "type7", 0)
