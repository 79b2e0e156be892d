"""Squares about the mean, bounded by a range or an interquartile range."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.distances import squares_by_distances
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form


def squares(values: list[int]) -> Fraction:
    mean = Fraction(sum(values), len(values))
    return sum(((value - mean) ** 2 for value in values), Fraction(0))


@pytest.mark.parametrize("number", range(2, 7))
def test_the_bounds_of_a_range_are_attained(number: int) -> None:
    span = 4
    found = [
        squares([0, span, *between])
        for between in combinations_with_replacement(range(span + 1), number - 2)
    ]
    window = squares_by_distances(number, Interval.point(Fraction(span)))
    assert (min(found), max(found)) == (window.low, window.high)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=14), st.sampled_from(sorted(DEFINITIONS)))
def test_the_bounds_hold_by_every_definition(values: list[int], definition: str) -> None:
    ordered = sorted(values)
    exact = [Fraction(value) for value in ordered]
    quartiles = [quantile_form(definition, Fraction(k, 4), len(exact)).value(exact) for k in (1, 3)]
    span = Interval.point(exact[-1] - exact[0])
    distance = Interval.point(quartiles[1] - quartiles[0])
    assert squares(values) in squares_by_distances(len(values), span, distance)
    assert squares(values) in squares_by_distances(len(values), EVERYTHING, distance)


def test_values_far_from_each_other_attain_the_bound_of_the_quartiles() -> None:
    values = [0] * 5 + [5] * 10 + [10] * 5
    found = squares_by_distances(20, EVERYTHING, Interval.point(Fraction(10)))
    assert found.low is not None
    assert found.low == squares(values) == 250


def test_one_value_has_no_range() -> None:
    with pytest.raises(ValueError, match="expected at least 2"):
        squares_by_distances(1, EVERYTHING)
    with pytest.raises(ValueError, match="expected some number of at least 0"):
        squares_by_distances(3, Interval.point(Fraction(-1)))
