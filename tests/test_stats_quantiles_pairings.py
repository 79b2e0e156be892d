"""Differences, sums and ratios of pairs against every way to pair small samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.pairings import Operation, paired

SMALL = st.integers(1, 5).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(1, 9), min_size=n, max_size=n)] * 2)
)
BY_HAND = {
    "difference": lambda a, b: Fraction(a - b),
    "sum": lambda a, b: Fraction(a + b),
    "ratio": Fraction,
}


def points(values: list[int]) -> list[Interval]:
    return [Interval.point(value) for value in sorted(values)]


@pytest.mark.parametrize("operation", ["difference", "sum", "ratio"])
@given(values=SMALL)
def test_the_bounds_are_the_extremes_over_all_pairings(
    operation: Operation, values: tuple[list[int], list[int]]
) -> None:
    first, second = values
    everyone = [
        sorted(BY_HAND[operation](a, b) for a, b in zip(first, order, strict=True))
        for order in set(permutations(second))
    ]
    for k, bound in enumerate(paired(points(first), points(second), operation)):
        kth = [results[k] for results in everyone]
        assert (bound.low, bound.high) == (min(kth), max(kth))


@given(values=SMALL, slack=st.integers(0, 3), operation=st.sampled_from(["difference", "sum"]))
def test_boxes_around_values_bound_all_pairings_of_them(
    values: tuple[list[int], list[int]], slack: int, operation: Operation
) -> None:
    first, second = (sorted(some) for some in values)
    wide = [
        [Interval(Fraction(value - slack), Fraction(value + slack)) for value in some]
        for some in (first, second)
    ]
    results = sorted(BY_HAND[operation](a, b) for a, b in zip(first, second, strict=True))
    for result, bound in zip(results, paired(*wide, operation), strict=True):
        assert result in bound


def test_an_end_without_limit_bounds_nothing() -> None:
    box = [Interval(Fraction(1), None)]
    assert paired(box, [EVERYTHING], "difference") == (EVERYTHING,)
    assert paired(box, [Interval.point(1)], "difference") == (Interval(Fraction(0), None),)
    assert paired(box, box, "ratio") == (Interval(Fraction(0), None),)
    assert paired([Interval.point(3)], box, "ratio") == (Interval(Fraction(0), Fraction(3)),)


@pytest.mark.parametrize(
    ("first", "second", "operation", "said"),
    [
        ([], [], "sum", "found 0 and 0 values"),
        (points([1]), points([1, 2]), "sum", "found 1 and 2 values"),
        (points([1]), points([0]), "ratio", "above 0"),
        (points([-1]), points([1]), "ratio", "at least 0"),
        ([EVERYTHING], points([1]), "ratio", "at least 0"),
    ],
)
def test_what_cannot_be_paired_is_refused(
    first: list[Interval], second: list[Interval], operation: Operation, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        paired(first, second, operation)
