"""How numbers of figures are written."""

from __future__ import annotations

import pytest

from netcore.figures.quantity import Quantity, require_order

PERCENT = Quantity("%", 0)
MONTHS = Quantity("months", 1)


def test_proportions_are_written_in_per_cent_and_others_as_they_are() -> None:
    assert PERCENT.write(0.345) == "34"
    assert PERCENT.write(0.345, 1) == "34.5"
    assert MONTHS.write(0.345) == "0.3"


def test_a_minus_is_a_true_one_and_never_before_zero() -> None:
    assert MONTHS.write(-1.25, 1) == "−1.25"
    assert MONTHS.write(-0.01) == "0.0"


def test_an_estimate_without_interval_stands_alone() -> None:
    assert MONTHS.with_interval(11, None, None) == "11.0"
    assert MONTHS.with_interval(11, 9, 14) == "11.0 (9.0 to 14.0)"


def test_the_scale_of_proportions_is_always_whole() -> None:
    scale = PERCENT.scale([0.2, 0.3], 0, 100)
    assert (scale.low, scale.high) == (0, 1)
    assert MONTHS.scale([0.2, 38], 0, 100).high == 40


def test_percentages_given_as_proportions_are_refused() -> None:
    with pytest.raises(ValueError, match="A: found 50, expected a proportion"):
        PERCENT.require("A", 0.5, None, 50)
    MONTHS.require("A", 50)


def test_an_interval_holds_its_estimate_and_has_two_limits() -> None:
    require_order("A", None, 5, None)
    require_order("A", 5, 5, 5)
    with pytest.raises(ValueError, match="one limit"):
        require_order("A", None, 5, 6)
    with pytest.raises(ValueError, match="in order"):
        require_order("A", 6, 5, 7)
