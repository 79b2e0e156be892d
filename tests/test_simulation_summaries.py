"""Quantiles and moments of the simulator against numpy, R and the standard library."""

from __future__ import annotations

import statistics
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from simulation.quantiles import DEFINITIONS, quantile, usual_median
from simulation.summaries import moments, percentile

NUMPY = {
    "type 1": "inverted_cdf",
    "type 2": "averaged_inverted_cdf",
    "type 4": "interpolated_inverted_cdf",
    "type 5": "hazen",
    "type 6": "weibull",
    "type 7": "linear",
    "type 8": "median_unbiased",
    "type 9": "normal_unbiased",
}


def samples(seed: int) -> list[list[Fraction]]:
    random = Random(seed)
    return [
        sorted(Fraction(random.randint(0, 30)) for _ in range(random.randint(1, 14)))
        for _ in range(60)
    ]


@pytest.mark.parametrize("definition", NUMPY)
@pytest.mark.parametrize("p", [Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)])
def test_quantiles_are_those_of_numpy(definition: str, p: Fraction) -> None:
    for values in samples(3):
        if (len(values) * p).denominator == 1 and definition in ("type 1", "type 2"):
            continue  # numpy's own floats decide there; the fractions are tested below
        expected = np.quantile([float(v) for v in values], float(p), method=NUMPY[definition])
        assert float(quantile(values, p, definition)) == pytest.approx(expected), values


def test_quantiles_at_whole_positions_are_those_of_hyndman_and_fan() -> None:
    values = [Fraction(value) for value in (1, 2, 4, 8)]
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    assert quantile(values, quarter, "type 1") == 1
    assert quantile(values, quarter, "type 2") == Fraction(3, 2)
    assert quantile(values, half, "type 1") == 2
    # quantile(c(1, 2, 4, 8, 16), 0.5, type = 3) of R 4.2.2 is 2, not the middle value 4.
    assert quantile([*values, Fraction(16)], half, "type 3") == 2


def test_hinges_are_those_of_fivenum() -> None:
    # fivenum(2^(0:(n-1))) of R 4.2.2, without the extremes.
    for size, expected in ((5, (2, 4, 8)), (6, (2, 6, 16)), (7, (3, 8, 24))):
        values = [Fraction(2) ** power for power in range(size)]
        quarters = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
        assert tuple(quantile(values, p, "hinges") for p in quarters) == expected


def test_halves_leave_the_median_out() -> None:
    values = [Fraction(value) for value in (1, 2, 3, 4, 5, 6, 7)]
    assert quantile(values, Fraction(1, 4), "halves") == 2
    assert quantile(values, Fraction(3, 4), "halves") == 6
    assert quantile(values, Fraction(1, 4), "nearest of (n + 1) p") == 2


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_quantiles_of_any_definition_are_in_order_and_within_the_values(definition: str) -> None:
    for values in samples(4):
        quarters = [quantile(values, Fraction(k, 4), definition) for k in (1, 2, 3)]
        assert values[0] <= quarters[0] <= quarters[1] <= quarters[2] <= values[-1]


def test_the_usual_median_is_that_of_the_standard_library() -> None:
    for values in samples(5):
        assert usual_median(values) == statistics.median(values)


def test_moments_are_those_of_the_standard_library() -> None:
    for values in samples(6):
        floats = [float(value) for value in values]
        found = moments(values, 0)
        assert found is not None
        assert found.mean == pytest.approx(statistics.fmean(floats))
        assert found.of("sd") == pytest.approx(statistics.pstdev(floats))
        if len(values) > 1:
            sample = moments(values, 1)
            assert sample is not None
            assert sample.of("var") == pytest.approx(statistics.variance(floats))
            assert sample.of("std.error") == pytest.approx(
                statistics.stdev(floats) / len(floats) ** 0.5
            )
        if min(floats) > 0:
            assert found.of("geom_mean") == pytest.approx(statistics.geometric_mean(floats))


def test_what_has_no_value_is_not_printed() -> None:
    one = moments([Fraction(3)], 1)
    assert one is not None
    assert one.of("sd") is None
    assert moments([], 1) is None
    assert percentile([], "median", "type 7") is None
    assert percentile([Fraction(1)], "p10", "hinges") is None


def test_a_median_may_follow_the_definition_of_the_other_quantiles() -> None:
    values = [Fraction(value) for value in (1, 2, 4, 8, 16)]
    assert percentile(values, "median", "type 3") == 4
    assert percentile(values, "median", "type 3", plain_median=False) == 2
