"""Bounds on squares about one number, against all small data sets; values made to order."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.centred_bounds import (
    greatest_about,
    grouped_boxes,
    least_about,
    squares_range,
    unattainable,
)
from netcore.stats.moments.constructed import constructed_values, has_summaries
from netcore.stats.quantiles.boxes import boxes
from netcore.stats.quantiles.definitions import DEFINITIONS, QUANTILES, defines, quantile_form

values_of = st.lists(st.integers(0, 12), min_size=1, max_size=9).map(sorted)


def squares(values: list[int]) -> Fraction:
    mean = Fraction(sum(values), len(values))
    return sum(((x - mean) ** 2 for x in values), Fraction(0))


def window(value: Fraction, half: str) -> Interval:
    return Interval(value - Fraction(half), value + Fraction(half))


def quantile(values: list[int], share: Fraction, definition: str) -> Fraction:
    form = quantile_form(definition, share, len(values))
    j, g = form.index, form.weight
    return (1 - g) * values[j - 1] + (g * values[j] if g else 0)


def printed(values: list[int], definition: str, names: list[str]) -> dict[Fraction, Interval]:
    return {
        QUANTILES[name]: window(quantile(values, QUANTILES[name], definition), "0.5")
        for name in names
        if defines(definition, QUANTILES[name])
    }


names_of = st.lists(st.sampled_from([*QUANTILES]), unique=True, max_size=5)


@given(values_of, st.sampled_from([*DEFINITIONS]), names_of, st.fractions(-5, 20))
@settings(max_examples=300, deadline=None)
def test_no_values_are_beyond_the_bounds_whatever_the_centre(
    values: list[int], definition: str, names: list[str], c: Fraction
) -> None:
    quantiles = printed(values, definition, names)
    mean = window(Fraction(sum(values), len(values)), "0.05")
    groups = grouped_boxes(quantiles, len(values), Interval(Fraction(0), Fraction(12)))
    found = squares(values)
    assert least_about(groups, mean, c) <= found
    greatest = greatest_about(groups, mean, c)
    assert greatest is not None
    assert found <= greatest
    known = squares_range(len(values), quantiles, mean)
    assert known is not None
    assert found in known
    assert unattainable(len(values), quantiles, mean, [window(found, "0.01")]) is None


def test_groups_are_the_boxes_of_all_definitions() -> None:
    quantiles = {
        Fraction(1, 4): Interval(Fraction(3), Fraction(4)),
        Fraction(1, 2): Interval(Fraction(5), Fraction(6)),
        Fraction(1): Interval(Fraction(9), Fraction(10)),
    }
    for number in range(1, 20):
        wanted = boxes(quantiles, number, domain=Interval(Fraction(0), None))
        if wanted.conflict is not None:
            continue
        groups = grouped_boxes(quantiles, number, Interval(Fraction(0), None))
        found = [(group.low, group.high) for group in groups for _ in range(group.count)]
        # Boxes rise: what a later value must not exceed, an earlier one must not either.
        assert all(
            low == box.low and high == box.high
            for (low, high), box in zip(found, wanted.intervals, strict=True)
        )


def test_the_range_is_as_narrow_as_all_values_of_a_grid() -> None:
    """Extremes and mean of five values on a fine grid: the bounds are attained but for the grid."""
    ends = {Fraction(0): Interval.point(0), Fraction(1): Interval.point(12)}
    found = [
        squares(sorted((0, 12, *rest)))
        for rest in combinations_with_replacement(range(13), 3)
        if sum(rest) == 18
    ]
    known = squares_range(5, ends, Interval.point(6))
    assert known is not None
    assert (known.low, known.high) == (
        min(found),
        max(found) + 36,
    )  # one value would be at both ends


def test_a_free_end_bounds_nothing() -> None:
    assert squares_range(5, {}, Interval.point(6)) == Interval(Fraction(0), None)
    assert unattainable(5, {Fraction(0): Interval.point(7)}, Interval.point(6)) is not None
    with pytest.raises(ValueError, match="expected at least 1"):
        grouped_boxes({}, 0)


@given(values_of.filter(lambda values: len(values) > 1), names_of)
@settings(max_examples=200, deadline=None)
def test_what_is_made_has_the_summaries(values: list[int], names: list[str]) -> None:
    quantiles = printed(values, "type7", names)
    mean = window(Fraction(sum(values), len(values)), "0.05")
    spread = window(squares(values), "0.5")
    made = constructed_values(len(values), quantiles, mean, spread)
    if made is not None:
        assert len(made.values) == len(values)
        assert has_summaries(made.values, made.definition, quantiles, mean, spread)


def test_values_are_nearly_always_made() -> None:
    made = tried = 0
    for values in combinations_with_replacement(range(0, 13, 2), 5):
        if values[0] == values[-1]:
            continue
        tried += 1
        quantiles = printed([*values], "type7", ["min", "median", "max"])
        mean = window(Fraction(sum(values), 5), "0.05")
        made += (
            constructed_values(5, quantiles, mean, window(squares([*values]), "0.5")) is not None
        )
    assert made > 0.97 * tried


def test_summaries_are_compared_exactly() -> None:
    values = [Fraction(1), Fraction(2), Fraction(6)]
    assert not has_summaries(values, "type7", {}, Interval.point(3), Interval.point(13))
    assert not has_summaries(values, "type7", {}, Interval.point(2), EVERYTHING)
    assert not has_summaries(
        values, "type7", {Fraction(1, 2): Interval.point(3)}, Interval.point(3), EVERYTHING
    )
