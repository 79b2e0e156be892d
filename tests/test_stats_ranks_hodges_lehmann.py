"""Hodges-Lehmann estimates and limits, against R, scipy and data in boxes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.ranks.corners import bottoms, tops
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.hodges_lehmann import (
    center_range,
    mean_range,
    one_sample_limits,
    pairwise_difference_range,
    shift_range,
    two_sample_limits,
)
from netcore.stats.ranks.p_values import p_value
from netcore.stats.ranks.signed_rank import signed_rank_p
from tests.rank_references import reference, samples

LEVEL = Fraction(95, 100)
END = st.integers(-3, 3).map(Fraction)
BOX = st.tuples(st.one_of(st.none(), END), st.one_of(st.none(), END), st.booleans(), st.booleans())
BOXES = st.lists(BOX.map(lambda parts: Interval(*parts)), min_size=1, max_size=4)


def differences(x: Sequence[Fraction], y: Sequence[Fraction]) -> list[Fraction]:
    return sorted(a - b for a in x for b in y)


def means(values: Sequence[Fraction]) -> list[Fraction]:
    return sorted((a + b) / 2 for k, a in enumerate(values) for b in values[k:])


def points(values: Sequence[Fraction]) -> list[Interval]:
    return [Interval.point(value) for value in sorted(values)]


def corner(boxes: list[Interval], greatest: bool, far: int, near: Fraction) -> list[Fraction]:
    """Return values at their tops (bottoms), or near them where an end is open or missing."""
    sign = 1 if greatest else -1
    try:
        ends = tops(boxes) if greatest else bottoms(boxes)
    except ValueError:
        assume(False)
    return [
        Fraction(sign * far)
        if end.value is None
        else end.value - (0 if end.closed else sign * near)
        for end in ends
    ]


# Against R


@pytest.mark.parametrize(
    "case",
    [case for case in reference("rank_tests", "two_samples/").values() if "estimate" in case],
    ids=lambda case: case["data"][:20],
)
def test_r_estimates_this_shift_with_these_limits(case: dict[str, str]) -> None:
    x, y = map(points, samples(case["data"]))
    index = max(two_sample_limits(len(x), len(y)).exact, 1)
    last = len(x) * len(y)
    for name, found in (
        ("estimate", shift_range(x, y)),
        ("lower", pairwise_difference_range(x, y, index)),
        ("upper", pairwise_difference_range(x, y, last + 1 - index)),
    ):
        assert found.low == found.high
        assert found.low is not None
        assert float(found.low) == pytest.approx(float(case[name]), abs=1e-12)


@pytest.mark.parametrize(
    "case",
    [case for case in reference("rank_tests", "differences/").values() if "estimate" in case],
    ids=lambda case: case["data"][:20],
)
def test_r_estimates_this_centre_with_these_limits(case: dict[str, str]) -> None:
    values = points(samples(case["data"])[0])
    index = max(one_sample_limits(len(values)).exact, 1)
    last = len(values) * (len(values) + 1) // 2
    for name, found in (
        ("estimate", center_range(values)),
        ("lower", mean_range(values, index)),
        ("upper", mean_range(values, last + 1 - index)),
    ):
        assert found.low == found.high
        assert found.low is not None
        assert float(found.low) == pytest.approx(float(case[name]), abs=1e-12)


# Against data in boxes


@given(BOXES, BOXES, st.lists(st.integers(0, 4), min_size=8, max_size=8))
@settings(deadline=None, max_examples=120)
def test_ordered_differences_lie_in_their_range_and_reach_its_ends(
    x: list[Interval], y: list[Interval], shares: list[int]
) -> None:
    near = Fraction(1, 10**6)
    high = corner(x, True, 99, near), corner(y, False, 99, near)
    low = corner(x, False, 99, near), corner(y, True, 99, near)
    # With ascending shares of the way from low to high the values ascend.
    inside = [
        [
            one + Fraction(share, 4) * (other - one)
            for one, other, share in zip(*corners, strict=False)
        ]
        for corners in (
            (*sorted((low[0], high[0])), sorted(shares[:4])),
            (*sorted((low[1], high[1])), sorted(shares[4:])),
        )
    ]
    number = len(x) * len(y)
    found = [pairwise_difference_range(x, y, index) for index in range(1, number + 1)]
    for index, window in enumerate(found):
        assert differences(*inside)[index] in window
        for values, end, closed in (
            (high, window.high, window.high_closed),
            (low, window.low, window.low_closed),
        ):
            reached = differences(*values)[index]
            if end is None:
                assert abs(reached) > 90
            elif closed:
                assert reached == end
            else:
                assert 0 < abs(reached - end) <= 2 * near
    shift = shift_range(x, y)
    assert median(differences(*inside)) in shift
    assert shift.high is None or abs(median(differences(*high)) - shift.high) <= 2 * near
    assert shift.low is None or abs(median(differences(*low)) - shift.low) <= 2 * near


@given(BOXES)
@settings(deadline=None, max_examples=80)
def test_ordered_means_reach_the_ends_of_their_range(boxes: list[Interval]) -> None:
    near = Fraction(1, 10**6)
    high, low = corner(boxes, True, 99, near), corner(boxes, False, 99, near)
    middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    for index in range(1, len(means(high)) + 1):
        window = mean_range(boxes, index)
        assert means(middle)[index - 1] in window
        for values, end in ((high, window.high), (low, window.low)):
            assert end is None or abs(means(values)[index - 1] - end) <= near
    assert median(means(middle)) in center_range(boxes)


# Limits


@pytest.mark.parametrize(("n1", "n2"), [(4, 4), (5, 8), (10, 10), (15, 19)])
def test_exact_limits_are_the_shifts_that_the_test_does_not_reject(n1: int, n2: int) -> None:
    index = two_sample_limits(n1, n2).exact
    alpha = 1 - LEVEL
    rejected = [p_value(FLAVOURS["exact"], n1, n2, u).low < alpha for u in range(index + 1)]
    # U counts the differences that are still positive after a shift to just before the limit.
    assert all(rejected[:index])
    assert not rejected[index]


@pytest.mark.parametrize("number", [6, 10, 17, 40])
def test_one_sample_limits_are_those_of_the_signed_rank_test(number: int) -> None:
    index = one_sample_limits(number).exact
    p = [signed_rank_p(FLAVOURS["exact"], w, (1,) * number).low for w in (index - 1, index)]
    assert p[0] < 1 - LEVEL <= p[1]


def test_samples_too_small_for_a_level_have_no_limit() -> None:
    assert two_sample_limits(3, 3).exact == 0
    assert one_sample_limits(5).exact == 0
    assert two_sample_limits(3, 3, Fraction(1, 2)).exact > 0


@pytest.mark.parametrize(("n1", "n2"), [(5, 8), (15, 19), (60, 60)])
@pytest.mark.parametrize("level", [Fraction(9, 10), LEVEL, Fraction(99, 100)])
def test_approximate_limits_are_those_of_the_normal_distribution(
    n1: int, n2: int, level: Fraction
) -> None:
    from scipy.stats import norm

    found = two_sample_limits(n1, n2, level).approximate
    z = norm.ppf(1 - float(1 - level) / 2)
    for correction in (0, 0.5, -0.5):
        at = n1 * n2 / 2 + correction - z * (n1 * n2 * (n1 + n2 + 1) / 12) ** 0.5
        assert {max(int(at // 1), 0), max(int(at // 1) + 1, 0)} <= set(found)
    assert len(found) <= 4


def test_what_has_no_limit_or_no_difference_is_refused() -> None:
    box = Interval(Fraction(0), Fraction(1))
    for call in (
        lambda: pairwise_difference_range([box], [box], 2),
        lambda: pairwise_difference_range([box], [box], 0),
        lambda: mean_range([box], 2),
        lambda: shift_range([], [box]),
        lambda: center_range([]),
        lambda: two_sample_limits(0, 2),
        lambda: two_sample_limits(2, 2, Fraction(1)),
        lambda: one_sample_limits(0),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()
