"""The exact null distribution of U of many values, enclosed."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from netcore.checks.ranks.questions import mann_whitney_answer
from netcore.printed import Interval
from netcore.stats.ranks.attainable import Comparison, PrintedSample, exclusion
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.large_samples import _bound_of_stretch, cumulated_u
from netcore.stats.ranks.null_distributions import mann_whitney_counts
from netcore.stats.ranks.p_values import (
    p_in_distribution,
    p_value,
    u_values_between,
    u_values_printing,
)

_SIZES = [(1, 1), (1, 7), (2, 3), (5, 5), (4, 90), (3, 400), (17, 30), (30, 40), (61, 60)]


@pytest.mark.parametrize(("n1", "n2"), _SIZES)
def test_encloses_the_counted_distribution(n1: int, n2: int) -> None:
    counts = mann_whitney_counts(n1, n2)
    for u in range(-1, n1 * n2 + 2, max(1, n1 * n2 // 400)):
        expected = Fraction(0) if u < 0 else Fraction(counts[min(u, n1 * n2)], counts[-1])
        low, high = cumulated_u(n1, n2, u)
        assert low <= expected <= high
        assert high - low < Fraction(1, 10**10)


@pytest.mark.parametrize(("n1", "n2"), [(600, 570), (5000, 4970), (20, 3000)])
def test_is_symmetric_and_close(n1: int, n2: int) -> None:
    for u in (0, n1 * n2 // 3, n1 * n2 * 48 // 100, n1 * n2 // 2):
        low, high = cumulated_u(n1, n2, u)
        other = cumulated_u(n2, n1, n1 * n2 - u - 1)
        assert 0 <= low <= high <= 1
        assert high - low < Fraction(1, 10**9)
        assert low <= 1 - other.low
        assert high >= 1 - other.high


def test_encloses_the_single_most_extreme_order() -> None:
    assert cumulated_u(90, 80, 0).low <= Fraction(1, comb(170, 80)) <= cumulated_u(90, 80, 0).high


def test_bound_of_the_characteristic_function_holds() -> None:
    from cmath import exp
    from math import pi

    for n1, n2 in ((3, 4), (6, 9), (12, 13)):
        counts = mann_whitney_counts(n1, n2)
        each = [b - a for a, b in zip((0, *counts), counts, strict=False)]
        for k in range(1, 60):
            low, high = pi * k / 60, pi * (k + 1) / 60
            bound = _bound_of_stretch(n1, n2, low, high)
            for t in (low, (low + high) / 2, high):
                value = sum(n * exp(1j * t * u) for u, n in enumerate(each)) / counts[-1]
                assert abs(value) <= bound


def test_refuses_an_empty_sample() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        cumulated_u(0, 5, 1)


@pytest.mark.parametrize("key", ["exact", "exact_less", "exact_greater", "conditional_distance"])
def test_p_values_of_many_enclose_the_counted_ones(key: str) -> None:
    n1, n2 = 61, 60
    counts = mann_whitney_counts(n1, n2)
    for u in (0, 900, 1_500, 1_829, 1_830, 1_831, 2_500, 3_660):
        expected = p_in_distribution(FLAVOURS[key], counts, Fraction(u))
        low, high = p_value(FLAVOURS[key], n1, n2, u)
        assert low <= expected.low <= expected.high <= high
        assert high - low < Fraction(1, 10**9)


@pytest.mark.parametrize("key", ["exact", "exact_less", "exact_greater", "conditional_mid"])
def test_values_that_print_a_p_are_those_of_the_counted_distribution(key: str) -> None:
    n1, n2 = 61, 60
    counts = mann_whitney_counts(n1, n2)
    for low, high in (("0.0365", "0.0375"), ("0.4", "0.5"), ("0.99", "1"), ("0", "0.001")):
        window = Interval(Fraction(low), Fraction(high))
        expected = [
            u
            for u in range(n1 * n2 + 1)
            if window.meets(Interval(*p_in_distribution(FLAVOURS[key], counts, Fraction(u))))
        ]
        assert list(u_values_printing(window, FLAVOURS[key], n1, n2)) == expected


def test_many_values_that_print_a_p_are_not_listed() -> None:
    window = Interval(Fraction(0), Fraction(1, 2))
    found = u_values_printing(window, FLAVOURS["exact"], 5_000, 4_970)
    assert len(found) > 10_000_000
    assert (found[0], found[-1]) == (0, 5_000 * 4_970)
    assert u_values_between(found, range(3, 9), 10) == [3, 4, 5, 6, 7, 8]
    assert len(u_values_between(found, range(5_000 * 4_970), 7)) == 7


def test_p_values_given_ties_of_many_are_unknown() -> None:
    groups = (2, *(1,) * 400)
    assert p_value(FLAVOURS["conditional_doubled"], 201, 201, 20_000, groups) == (0, 1)


def _quartiles(number: int, low: int) -> PrintedSample:
    windows = tuple(
        (Fraction(k, 4), Interval(Fraction(low + k), Fraction(low + k) + Fraction(1, 10)))
        for k in (1, 2, 3)
    )
    return PrintedSample(windows, number, number)


def test_large_groups_far_apart_exclude_a_large_p() -> None:
    x, y = _quartiles(5_000, 0), _quartiles(4_970, 3)
    quick = [flavour for flavour in FLAVOURS.values() if flavour.distribution != "conditional"]
    window = Interval(Fraction(3, 10), Fraction(4, 10))
    assert exclusion(Comparison(x, y, window), quick).is_proof
    assert not exclusion(Comparison(x, y, Interval(Fraction(0), Fraction(1, 1000))), quick).is_proof


@pytest.mark.parametrize("p", [["0.03", "0.04"], ["0", "0.001"], ["0.0312345", "0.0312346"]])
def test_every_question_of_large_groups_is_answered(p: list[str]) -> None:
    sample = {
        "quantiles": {"1/4": ["2.65", "2.75"], "1/2": ["4.35", "4.45"], "3/4": ["7.25", "7.35"]},
        "sizes": [1, 1_500],
        "domain": ["0", None],
    }
    question = {
        "x": sample,
        "y": {**sample, "sizes": [1, 1_470]},
        "p": [str(Fraction(end)) for end in p],
        "total": 2_970,
        "full": [[1_500, 1_470]],
        "software": None,
        "definitions": [],
        "step": None,
    }
    assert mann_whitney_answer(question)["outcome"] in ("fits", "open")
