"""Plain bounds on tails lie on the right side of SciPy's, and are those of the checker."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy.stats import norm, t

import verify_evidence
from netcore.stats.plain_tails import plain_tails

POINTS = [Fraction(k, 4) for k in range(41)]


@pytest.mark.parametrize("df", [1, 2, 3, 4, 10, 1000])
def test_tails_are_bounded_and_not_too_loosely(df: int) -> None:
    for x in POINTS:
        normal, both = plain_tails(x**2, x**2, df)
        assert float(normal) <= norm.sf(float(x)) * (1 + 1e-12)
        assert float(both) >= 2 * t.sf(float(x), df)
        assert float(both) >= 2 * t.sf(float(x), df + 7)
        assert (normal, both) == verify_evidence.tails(x**2, x**2, df)
        if x <= 3:
            assert float(normal) > 0.4 * norm.sf(float(x))
    if df > 3:
        assert plain_tails(Fraction(0), Fraction(9), df)[1] < Fraction(1, 8)


def test_far_out_nothing_is_left_of_a_normal_tail_but_something_of_students() -> None:
    normal, both = plain_tails(Fraction(10**30), Fraction(10**30), 5)
    assert normal <= 0 < both


def test_the_middle_and_few_degrees_of_freedom_exclude_nothing() -> None:
    assert plain_tails(Fraction(0), Fraction(0), 30)[1] == 1
    assert plain_tails(Fraction(0), Fraction(10**9), 2)[1] == 1
