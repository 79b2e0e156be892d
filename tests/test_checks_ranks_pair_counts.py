from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.checks.ranks.pair_counts import pairs_in_words, plain_decimal
from netcore.printed import Interval

GROUPS = ("A", "B")


def _sample(**quantiles: str) -> dict[str, Any]:
    shares = {"lower": "1/4", "median": "1/2", "upper": "3/4", "least": "0", "greatest": "1"}
    windows = {shares[name]: [value, value] for name, value in quantiles.items()}
    return {"quantiles": windows, "domain": ["0", None]}


def _asked(x: dict[str, Any], y: dict[str, Any], *full: list[int]) -> dict[str, Any]:
    return {"x": x, "y": y, "full": list(full)}


def _said(low: str, high: str, asked: dict[str, Any]) -> str:
    return pairs_in_words(asked, GROUPS, Interval(Fraction(low), Fraction(high)))


APART = _asked(_sample(least="8", greatest="9"), _sample(least="1", greatest="2"), [5, 5])
TOGETHER = _asked(
    _sample(lower="14.2", median="23.54", upper="24.8"),
    _sample(lower="14.7", median="21.8", upper="56"),
    [15, 19],
)


def test_too_small_a_p_value_takes_pairs_that_the_quantiles_do_not_leave() -> None:
    said = _said("0.000355", "0.000365", TOGETHER)
    assert said.startswith(
        "Of the 15 × 19 = 285 pairs of a value of A and one of B, that of A is the larger in "
    )
    assert "With no difference at all it would be 142.5" in said
    # R: 2 * pwilcox(44, 15, 19) is 0.000361, and of 45 it is 0.000423.
    assert "takes 44 or fewer, or 241 or more" in said


def test_too_large_a_p_value_takes_pairs_near_the_middle() -> None:
    said = _said("0.65", "0.75", APART)
    assert "that of A is the larger in 25 to 25, by the printed quantiles." in said
    # By permutation: p is 0.65 or more from 10 to 15 pairs.
    assert said.endswith("takes 10 to 15 (exact test, no equal values).")


def test_a_p_value_that_some_pairs_give_needs_no_more_words() -> None:
    assert _said("0.03", "0.04", TOGETHER).endswith(".")
    assert "takes" not in _said("0.03", "0.04", TOGETHER)


@pytest.mark.parametrize("full", [[], [[15, 19], [14, 19]]])
def test_with_several_numbers_of_patients_nothing_is_said(full: list[list[int]]) -> None:
    assert _said("0", "1", {**TOGETHER, "full": full}) == ""


def test_quantiles_that_no_values_have_leave_no_pairs() -> None:
    impossible = _asked(_sample(lower="5", median="3"), _sample(median="1"), [5, 5])
    assert _said("0", "1", impossible) == ""


@pytest.mark.parametrize("printed", ["0.05", "0.3", "0.9"])
def test_what_a_p_value_takes_is_what_permutations_say(printed: str) -> None:
    ranks = range(1, 7)
    tails = [sum(a > b for a in order[:3] for b in order[3:]) for order in permutations(ranks)]

    def p(u: int) -> Fraction:
        side = min(sum(t <= u for t in tails), sum(t >= u for t in tails))
        return min(Fraction(1), Fraction(2 * side, len(tails)))

    apart = _asked(_sample(least="8", greatest="9"), _sample(least="1", greatest="2"), [3, 3])
    large = [u for u in range(10) if p(u) >= Fraction(printed)]
    said = _said(printed, "1", apart)
    if 9 in large:
        assert "takes" not in said
    else:
        assert f"takes {min(large)} to {max(large)} " in said


@given(st.fractions(min_value=0, max_value=1, max_denominator=10**9))
def test_a_decimal_has_three_figures_and_no_exponent(value: Fraction) -> None:
    said = plain_decimal(value)
    assert "e" not in said
    assert abs(Fraction(said) - value) <= value / 100
