"""Quantiles of a whole between those of its parts: brute force and counterexamples."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.stats.quantiles.definitions import DEFINITIONS, defines, quantile_form
from netcore.stats.quantiles.hulls import hull_holds

SHARES = tuple(Fraction(*pair) for pair in ((1, 10), (1, 4), (1, 2), (3, 4), (9, 10)))
CASES = [(name, p) for name in DEFINITIONS for p in SHARES if defines(name, p)]
PROVEN = [case for case in CASES if hull_holds(*case)]
VALUES = st.lists(st.integers(0, 6), min_size=1, max_size=25)


def quantile(definition: str, share: Fraction, values: list[int]) -> Fraction:
    form = quantile_form(definition, share, len(values))
    return form.value([Fraction(value) for value in sorted(values)])


def is_between(definition: str, share: Fraction, *parts: list[int]) -> bool:
    of_parts = [quantile(definition, share, part) for part in parts]
    of_all = quantile(definition, share, [value for part in parts for value in part])
    return min(of_parts) <= of_all <= max(of_parts)


def test_all_small_data_lie_between_where_it_is_proven() -> None:
    parts = [
        list(values)
        for number in range(1, 5)
        for values in combinations_with_replacement(range(3), number)
    ]
    for definition in ("type1", "type2", "upper_cdf"):
        for share in SHARES:
            assert all(is_between(definition, share, *two) for two in product(parts, repeat=2))


@given(st.sampled_from(PROVEN), st.lists(VALUES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=200)
def test_larger_data_lie_between_where_it_is_proven(
    case: tuple[str, Fraction], parts: list[list[int]]
) -> None:
    assert is_between(*case, *parts)


@pytest.mark.parametrize(
    ("definition", "share"),
    [case for case in CASES if case not in PROVEN and case[1].denominator <= 4],
)
def test_other_quartiles_and_medians_have_counterexamples(definition: str, share: Fraction) -> None:
    parts = [
        [0] * zeros + [top] * (number - zeros)
        for top in (1, 2)
        for number in range(1, 13)
        for zeros in range(number + 1)
    ]
    assert any(
        not is_between(definition, share, one, other) for one, other in product(parts, repeat=2)
    )


def test_the_usual_median_lies_between_by_nearly_every_definition() -> None:
    half = Fraction(1, 2)
    assert {name for name in DEFINITIONS if not hull_holds(name, half)} == {
        "type3",
        "type4",
        "nearest",
    }


def test_extremes_lie_between_by_every_definition() -> None:
    assert all(hull_holds(name, Fraction(p)) for name in DEFINITIONS for p in (0, 1))
