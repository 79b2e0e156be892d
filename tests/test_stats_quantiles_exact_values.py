from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.quantiles.exact_values import values_with

STATISTICS = st.dictionaries(st.sampled_from(list(QUANTILES)), st.integers(-9, 9), min_size=1)


@given(STATISTICS, st.integers(1, 45))
def test_constructed_values_have_the_statistics_by_the_definition_of_numpy(
    given_values: dict[str, int], number: int
) -> None:
    values = values_with({name: Fraction(value) for name, value in given_values.items()}, number)
    if values is None:
        return
    assert len(values) == number
    assert list(values) == sorted(values)
    for name, value in given_values.items():
        quantile = np.quantile([float(one) for one in values], float(QUANTILES[name]))
        assert quantile == pytest.approx(value)


@given(STATISTICS)
def test_statistics_in_order_are_those_of_some_values(given_values: dict[str, int]) -> None:
    names = [name for name in QUANTILES if name in given_values]
    rising = {
        name: Fraction(value)
        for name, value in zip(names, sorted(given_values.values()), strict=True)
    }
    assert values_with(rising, 21) is not None


@given(STATISTICS, st.integers(1, 45))
def test_statistics_out_of_order_are_those_of_none(
    given_values: dict[str, int], number: int
) -> None:
    ranked = [given_values[name] for name in QUANTILES if name in given_values]
    if ranked != sorted(ranked):
        assert values_with({k: Fraction(v) for k, v in given_values.items()}, number) is None


def test_one_patient_has_one_value() -> None:
    assert values_with({"min": Fraction(1), "max": Fraction(2)}, 1) is None
    assert values_with({"min": Fraction(2), "max": Fraction(2)}, 1) == (Fraction(2),)


@pytest.mark.parametrize(("statistics", "number"), [({}, 3), ({"min": Fraction(1)}, 0)])
def test_nothing_is_made_of_nothing(statistics: dict[str, Fraction], number: int) -> None:
    with pytest.raises(ValueError, match="expected one of each at least"):
        values_with(statistics, number)
