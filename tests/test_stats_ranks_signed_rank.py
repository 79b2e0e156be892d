"""The signed-rank test, against R, scipy, all signs and all ways to pair."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.ranks.corners import bottoms, tops
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.signed_rank import (
    SIGNED_RANK_FLAVOURS,
    least_p_of_signs,
    most_positive,
    signed_rank_p,
    signed_rank_p_range,
    variance_of_w,
    w_range_of_differences,
    w_range_of_pairs,
)
from tests.rank_references import groups_of, reference, samples

SIDES = {"two.sided": "", "less": "_less", "greater": "_greater"}
TINY = Fraction(1, 10**6)


def ranked(
    differences: Sequence[Fraction | int], pratt: bool
) -> tuple[Fraction, tuple[int, ...], int]:
    """Return W by midranks, the tied groups of sizes and how many zeros are ranked."""
    kept = [abs(d) for d in differences if d or pratt]
    w = Fraction(0)
    for d in differences:
        if d > 0:
            w += Fraction(2 * sum(size < d for size in kept) + kept.count(abs(d)) + 1, 2)
    zeros = sum(d == 0 for d in differences) if pratt else 0
    return w, groups_of([abs(d) for d in differences if d]), zeros


def of_data(
    flavour: Flavour, differences: Sequence[Fraction | int], pratt: bool = False
) -> Enclosure:
    return signed_rank_p(flavour, *ranked(differences, pratt))


# p-values


@pytest.mark.parametrize(
    "case", reference("rank_tests", "differences/").values(), ids=lambda c: c["data"]
)
def test_base_r_prints_these_p_values(case: dict[str, str]) -> None:
    (differences,) = samples(case["data"])
    assert float(ranked(differences, pratt=False)[0]) == float(case["w"])
    for r_name, side in SIDES.items():
        for name, key in (
            (f"corrected_{r_name}", f"normal_corrected{side}"),
            (f"normal_{r_name}", f"normal{side}"),
            (f"exact_{r_name}", f"exact{side}"),
        ):
            if name in case:
                p = of_data(FLAVOURS[key], differences)
                assert float(p.low) == pytest.approx(float(case[name]), rel=1e-11), name


@pytest.mark.parametrize(
    "case", reference("exact_rank_tests", "differences/").values(), ids=lambda c: c["data"]
)
def test_exact_rank_tests_and_coin_print_these_p_values(case: dict[str, str]) -> None:
    (differences,) = samples(case["data"])
    for r_name, side in SIDES.items():
        exact = FLAVOURS[f"conditional{side or '_doubled'}"]
        for name, flavour, pratt in (
            (f"exactRankTests_{r_name}", exact, False),
            (f"coin_Wilcoxon_exact_{r_name}", exact, False),
            (f"coin_Pratt_exact_{r_name}", exact, True),
            (f"coin_Wilcoxon_asymptotic_{r_name}", FLAVOURS[f"normal{side}"], False),
            (f"coin_Pratt_asymptotic_{r_name}", FLAVOURS[f"normal{side}"], True),
        ):
            p = of_data(flavour, differences, pratt)
            assert float(p.low) == pytest.approx(float(case[name]), rel=1e-9), name


def test_the_tails_of_w_are_those_of_r() -> None:
    for key, value in reference("rank_tests", "psignrank")["psignrank"].items():
        n, w = map(int, key.split())
        p = signed_rank_p(FLAVOURS["exact_less"], w, (1,) * n)
        assert float(p.low) == pytest.approx(float(value), rel=1e-10)


DIFFERENCES = st.lists(st.integers(-5, 5), min_size=1, max_size=8).filter(any)


@given(DIFFERENCES)
@settings(deadline=None, max_examples=60)
def test_scipy_computes_the_same_p_values(differences: list[int]) -> None:
    from scipy.stats import wilcoxon

    for method, pratt in (("wilcox", False), ("pratt", True)):
        for correct, key in ((True, "normal_corrected"), (False, "normal")):
            for scipy_name, side in (("two-sided", ""), ("less", "_less"), ("greater", "_greater")):
                expected = wilcoxon(
                    differences, zero_method=method, correction=correct,
                    alternative=scipy_name, method="approx",
                )[1]  # fmt: skip
                p = of_data(FLAVOURS[key + side], differences, pratt)
                assert float(p.low) == pytest.approx(expected, rel=1e-9)


@given(DIFFERENCES, st.booleans())
@settings(deadline=None, max_examples=60)
def test_conditional_p_values_count_the_signs(differences: list[int], pratt: bool) -> None:
    seen = ranked(differences, pratt)[0]
    found = [
        ranked([sign * d for sign, d in zip(signs, differences, strict=True)], pratt)[0]
        for signs in product((1, -1), repeat=len(differences))
    ]
    less = Fraction(sum(w <= seen for w in found), len(found))
    greater = Fraction(sum(w >= seen for w in found), len(found))
    for key, expected in (
        ("conditional_less", less),
        ("conditional_greater", greater),
        ("conditional_doubled", min(Fraction(1), 2 * min(less, greater))),
    ):
        assert of_data(FLAVOURS[key], differences, pratt) == Enclosure(expected, expected)


@given(DIFFERENCES, st.booleans())
def test_the_variance_is_a_quarter_of_the_squared_midranks(
    differences: list[int], pratt: bool
) -> None:
    kept = [abs(d) for d in differences if d or pratt]
    ranks = [
        Fraction(2 * sum(one < size for one in kept) + kept.count(size) + 1, 2)
        for size in kept
        if size
    ]
    _, groups, zeros = ranked(differences, pratt)
    ties = sum(t**3 - t for t in groups)
    assert 4 * variance_of_w(len(kept), ties, zeros) == sum(rank**2 for rank in ranks)


@pytest.mark.parametrize("flavour", SIGNED_RANK_FLAVOURS, ids=lambda flavour: flavour.key)
def test_a_range_of_w_has_the_p_values_of_its_members(flavour: Flavour) -> None:
    for number in (1, 4, 5):
        last = number * (number + 1) // 2
        for least in range(last + 1):
            for greatest in range(least, last + 1):
                each = [
                    signed_rank_p(flavour, w, (1,) * number) for w in range(least, greatest + 1)
                ]
                expected = Enclosure(min(p.low for p in each), max(p.high for p in each))
                assert signed_rank_p_range(flavour, number, least, greatest) == expected


# Ranges from quartiles

END = st.integers(-3, 3).map(Fraction)
BOX = st.tuples(st.one_of(st.none(), END), st.one_of(st.none(), END), st.booleans(), st.booleans())


def boxes_of(parts: list[tuple[Fraction | None, Fraction | None, bool, bool]]) -> list[Interval]:
    made = [Interval(*part) for part in parts]
    try:
        tops(made)
    except ValueError:
        assume(False)
    return made


def corner(boxes: list[Interval], greatest: bool) -> list[Fraction]:
    """Return ascending values so near to their tops (bottoms) that no order changes."""
    sign = 1 if greatest else -1
    far = Fraction(sign * 100)
    return [
        far if end.value is None else end.value - (0 if end.closed else sign * TINY)
        for end in (tops(boxes) if greatest else bottoms(boxes))
    ]


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(BOX, min_size=n, max_size=n)] * 2)))
@settings(deadline=None, max_examples=80)
def test_the_most_positive_differences_are_those_of_the_best_of_all_pairings(
    parts: tuple[list[tuple[Fraction | None, Fraction | None, bool, bool]], ...],
) -> None:
    before, after = map(boxes_of, parts)
    low, high = corner(before, greatest=False), corner(after, greatest=True)
    best = max(sum(y > x for x, y in zip(low, order, strict=True)) for order in permutations(high))
    found = most_positive(before, after)
    assert found == best
    # The inequalities of the docstring, as written.
    n = len(low)
    holds = [
        m for m in range(n + 1) if all(high[n - m + i - 1] > low[i - 1] for i in range(1, m + 1))
    ]
    assert found == max(holds)


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=6),
    st.integers(0, 5),
)
@settings(deadline=None, max_examples=80)
def test_no_pairs_have_more_signs_or_another_w_than_their_boxes_allow(
    pairs: list[tuple[int, int]], slack: int
) -> None:
    before, after = (
        [Interval(Fraction(v - slack), Fraction(v + slack)) for v in sorted(values)]
        for values in zip(*pairs, strict=True)
    )
    differences = [y - x for x, y in pairs]
    positive, negative = most_positive(before, after), most_positive(after, before)
    assert sum(d > 0 for d in differences) <= positive
    assert sum(d < 0 for d in differences) <= negative
    if len({abs(d) for d in differences} - {0}) == len(differences):
        least, greatest = w_range_of_pairs(before, after)
        assert least <= ranked(differences, pratt=False)[0] <= greatest
    if any(differences):
        for flavour in SIGNED_RANK_FLAVOURS:
            tied = len({abs(d) for d in differences} - {0}) < len(differences)
            for pratt in (False, True):
                has_zeros = pratt and 0 in differences
                if (tied and flavour.needs_no_ties) or (
                    has_zeros and flavour.distribution == "exact"
                ):
                    continue
                p = of_data(flavour, differences, pratt)
                assert least_p_of_signs(flavour, positive, negative) <= p.low


def test_the_least_p_of_signs_is_attained_by_equal_differences_of_one_sign() -> None:
    for m in (1, 3, 6):
        for key in ("conditional_doubled", "conditional_greater", "conditional_mid", "normal"):
            p = of_data(FLAVOURS[key], [2] * m)
            assert least_p_of_signs(FLAVOURS[key], m, 1) == p.low, key


def walsh(differences: list[Fraction]) -> Fraction:
    total = Fraction(0)
    for i, one in enumerate(differences):
        for other in differences[i:]:
            total += Fraction((one + other > 0) - (one + other < 0) + 1, 2)
    return total


@given(st.lists(BOX, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_w_of_differences_in_boxes_lies_in_its_range_and_attains_it(
    parts: list[tuple[Fraction | None, Fraction | None, bool, bool]], random: Random
) -> None:
    boxes = boxes_of(parts)
    high, low = corner(boxes, greatest=True), corner(boxes, greatest=False)
    least, greatest, least_tied, greatest_tied = w_range_of_differences(boxes)
    assert walsh(high) == greatest_tied
    assert walsh(low) == least_tied
    shares = sorted(Fraction(random.randint(0, 8), 8) for _ in boxes)
    inside = [
        one + share * (other - one) for one, other, share in zip(low, high, shares, strict=True)
    ]
    assert least_tied <= walsh(inside) <= greatest_tied
    if 0 not in inside:
        assert walsh(inside) == ranked(inside, pratt=False)[0]
    if all(one < other for one, other in zip(low, high, strict=True)):
        # A little inside the corners nothing is tied, and all else is as in the corner.
        n = len(boxes)
        for values, sign, expected in ((high, -1, greatest), (low, 1, least)):
            near = [
                value + sign * TINY / 100 * (1 + TINY * (n - k if sign < 0 else k + 1))
                for k, value in enumerate(values)
            ]
            assert len({abs(value) for value in near}) == n
            assert ranked(near, pratt=False)[0] == expected


def test_differences_that_must_be_zero_have_no_w_without_ties() -> None:
    fixed = [Interval.point(1), Interval.point(2)]
    assert most_positive(fixed, fixed) == 1
    with pytest.raises(ValueError, match="has to be zero"):
        w_range_of_pairs([Interval.point(1)], [Interval.point(1)])


@pytest.mark.parametrize(
    ("flavour", "w", "groups", "zeros"),
    [
        ("exact", 11, (1,) * 4, 0),
        ("exact", -1, (1,) * 4, 0),
        ("exact", Fraction(1, 2), (1,) * 4, 0),
        ("normal", Fraction(1, 3), (2, 2), 0),
        ("exact", 3, (2, 2), 0),
        ("exact_despite_ties", 3, (1, 1), 1),
        ("normal", 0, (), 2),
        ("t", 3, (1, 1, 1), 0),
        ("conditional_distance", 3, (1, 1, 1), 0),
    ],
)
def test_what_belongs_to_no_differences_is_refused(
    flavour: str, w: Fraction | int, groups: tuple[int, ...], zeros: int
) -> None:
    with pytest.raises(ValueError, match="expected"):
        signed_rank_p(FLAVOURS[flavour], w, groups, zeros)


def test_other_impossible_requests_are_refused() -> None:
    box = Interval(Fraction(0), Fraction(1))
    for call in (
        lambda: most_positive([box], [box, box]),
        lambda: w_range_of_differences([]),
        lambda: signed_rank_p_range(FLAVOURS["exact"], 3, 4, 3),
        lambda: least_p_of_signs(FLAVOURS["exact"], -1, 0),
        lambda: least_p_of_signs(FLAVOURS["t"], 1, 0),
        lambda: variance_of_w(0),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()
