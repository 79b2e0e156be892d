"""The Kruskal-Wallis test, against R, scipy, all choices, and all orders in small boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.ranks.corners import corner_codes
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.kruskal_wallis import (
    exact_kruskal_wallis_p,
    h_range,
    kruskal_wallis_h,
    kruskal_wallis_p,
    largest_tie_term,
)
from netcore.stats.ranks.p_values import p_value, tie_term
from tests.rank_references import groups_of, reference, samples, u_of

Data = list[list[Fraction]]


def rank_sums(data: Sequence[Sequence[Fraction | int]]) -> list[Fraction]:
    values = [value for sample in data for value in sample]
    rank = {
        v: Fraction(2 * sum(value < v for value in values) + values.count(v) + 1, 2) for v in values
    }
    return [sum((rank[value] for value in sample), Fraction(0)) for sample in data]


def h_of(data: Sequence[Sequence[Fraction | int]], *, corrected: bool) -> Fraction:
    values = [value for sample in data for value in sample]
    ties = tie_term(groups_of(values)) if corrected else 0
    return kruskal_wallis_h([len(sample) for sample in data], rank_sums(data), ties)


# Statistic and p-values


@pytest.mark.parametrize(
    "case", reference("rank_tests", "several/").values(), ids=lambda c: c["data"]
)
def test_base_r_prints_this_statistic_and_p_value(case: dict[str, str]) -> None:
    data = samples(case["data"])
    h = h_of(data, corrected=True)
    assert float(h) == pytest.approx(float(case["h"]), rel=1e-12)
    assert float(kruskal_wallis_p(h, h, len(data)).low) == pytest.approx(
        float(case["p"]), rel=1e-11
    )


VALUES = st.lists(st.integers(0, 6), min_size=1, max_size=4)


@given(st.lists(VALUES, min_size=2, max_size=4))
@settings(deadline=None, max_examples=60)
def test_scipy_computes_the_same_statistic(data: list[list[int]]) -> None:
    from scipy.stats import kruskal

    assume(len({value for sample in data for value in sample}) > 1)
    statistic, p = kruskal(*data)
    h = h_of(data, corrected=True)
    assert float(h) == pytest.approx(statistic, abs=1e-9)
    assert float(kruskal_wallis_p(h, h, len(data)).low) == pytest.approx(p, rel=1e-8)


@given(VALUES, VALUES)
@settings(deadline=None, max_examples=40)
def test_two_samples_have_the_p_of_the_rank_sum_test(x: list[int], y: list[int]) -> None:
    assume(len({*x, *y}) > 1)
    h = h_of([x, y], corrected=True)
    expected = p_value(FLAVOURS["normal"], len(x), len(y), u_of(x, y), groups_of([*x, *y]))
    assert kruskal_wallis_p(h, h, 2) == expected


@given(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=2, max_size=3))
@settings(deadline=None, max_examples=40)
def test_exact_p_values_count_the_choices(data: list[list[int]]) -> None:
    values = [value for sample in data for value in sample]
    assume(len(values) <= 6)
    seen = h_of(data, corrected=False)
    found = []
    for order in permutations(values):
        start, made = 0, []
        for sample in data:
            made.append(order[start : start + len(sample)])
            start += len(sample)
        found.append(h_of(made, corrected=False) >= seen)
    sizes = [len(sample) for sample in data]
    p = exact_kruskal_wallis_p(sizes, rank_sums(data), groups_of(values))
    assert p == Fraction(sum(found), len(found))


def test_printed_tables_of_h_hold() -> None:
    # Kruskal and Wallis (1952), table 6.1, and many books since.
    for size, sums, h, p in (
        (3, (6, 15, 24), "7.2000", "0.004"),
        (3, (7, 14, 24), "6.4889", "0.011"),
        (3, (7, 15, 23), "5.6889", "0.029"),
        (3, (6, 18, 21), "5.6000", "0.050"),
        (5, (20, 40, 60), "8.0000", "0.009"),
        (5, (23, 40, 57), "5.7800", "0.049"),
    ):
        assert f"{float(kruskal_wallis_h([size] * 3, sums)):.4f}" == h
        found = exact_kruskal_wallis_p([size] * 3, sums)
        assert found is not None
        assert f"{float(found):.3f}" == p


def test_an_exact_p_that_would_take_too_long_is_left_out() -> None:
    assert exact_kruskal_wallis_p([4, 4, 4], [10, 26, 42], largest=50) is None


# Ranges


def orders(sizes: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Yield all orders of samples: how many of each are in the tied groups, ascending."""
    if not any(sizes):
        yield []
    for group in product(*(range(size + 1) for size in sizes)):
        if any(group):
            for rest in orders(tuple(size - of for size, of in zip(sizes, group, strict=True))):
                yield [group, *rest]


def all_data(boxes: list[list[Interval]]) -> Iterator[Data]:
    """Yield data for each order that boxes allow, with the least value for each group."""
    every = [box for sample in boxes for box in sample]
    ends = {end for box in every for end in (box.low, box.high) if end is not None}
    known = sorted(ends or {Fraction(0)})
    inner = [
        low + (high - low) * Fraction(k, len(every) + 1)
        for low, high in pairwise([known[0] - 1, *known, known[-1] + 1])
        for k in range(1, len(every) + 1)
    ]
    grid = sorted({*known, *inner})
    for order in orders(tuple(map(len, boxes))):
        data: Data = [[] for _ in boxes]
        at = 0
        for group in order:
            members = [
                box
                for sample, made, number in zip(boxes, data, group, strict=True)
                for box in sample[len(made) : len(made) + number]
            ]
            while at < len(grid) and not all(grid[at] in box for box in members):
                at += 1
            if at == len(grid):
                break
            for made, number in zip(data, group, strict=True):
                made.extend([grid[at]] * number)
            at += 1
        else:
            yield data


END = st.integers(0, 4).map(Fraction)
BOX = st.tuples(st.one_of(st.none(), END), st.one_of(st.none(), END), st.booleans(), st.booleans())
SIZES = st.sampled_from([(1, 2), (2, 2), (1, 1, 2), (2, 1, 2), (1, 1, 1), (1, 1, 1, 1)])


@given(SIZES, st.data())
@settings(deadline=None, max_examples=60)
def test_no_data_in_boxes_have_an_h_beyond_its_bounds(
    sizes: tuple[int, ...], data: st.DataObject
) -> None:
    boxes = [[Interval(*data.draw(BOX)) for _ in range(size)] for size in sizes]
    try:
        codes = corner_codes(boxes)
    except ValueError:
        assume(False)
    found = h_range(boxes)
    number = sum(sizes)
    without_ties = []
    for made in all_data(boxes):
        plain = h_of(made, corrected=False)
        assert found.least <= plain <= found.greatest
        values = [value for sample in made for value in sample]
        ties = tie_term(groups_of(values))
        assert ties <= largest_tie_term(codes)
        if ties == 0:
            without_ties.append(plain)
        if ties < number**3 - number:
            assert h_of(made, corrected=True) <= found.greatest_corrected
    assert found.reached in [*without_ties, 0]
    tops_ = {top for tops, _ in codes for top in tops}
    bottoms_ = {bottom for _, bottoms in codes for bottom in bottoms}
    if not tops_ & bottoms_ and len(sizes) < 4:
        assert found.greatest == max(without_ties)


def words(sizes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if not any(sizes):
        yield ()
    for k, size in enumerate(sizes):
        if size:
            for rest in words((*sizes[:k], size - 1, *sizes[k + 1 :])):
                yield (k, *rest)


@given(st.sampled_from([(2, 2, 3), (1, 3, 3), (2, 2, 2)]), st.data())
@settings(deadline=None, max_examples=60)
def test_the_hull_of_three_samples_has_the_greatest_h_of_all_orders(
    sizes: tuple[int, int, int], data: st.DataObject
) -> None:
    # All ends differ, so that no values are equal at most.
    ends = data.draw(st.permutations(range(2 * sum(sizes))))
    boxes = []
    for size in sizes:
        sample = sorted(ends[: 2 * size])
        # Each value has one of the lower ends and one of the upper ends, both ascending.
        lows = sorted(data.draw(st.permutations(sample[: size + 1]))[:size])
        highs = [end for end in sample if end not in lows]
        boxes.append([Interval(Fraction(a), Fraction(b)) for a, b in zip(lows, highs, strict=True)])
        ends = ends[2 * size :]
    try:
        found = h_range(boxes)
    except ValueError:
        assume(False)
    best = Fraction(0)
    for word in words(sizes):
        taken, before, sums = [0, 0, 0], Fraction(-1), [0, 0, 0]
        for rank, k in enumerate(word, 1):
            box = boxes[k][taken[k]]
            assert box.low is not None
            assert box.high is not None
            before = max(before, box.low)
            if box.high < before:
                break
            taken[k] += 1
            sums[k] += rank
        else:
            best = max(best, kruskal_wallis_h(sizes, sums))
    assert found.greatest == best


def test_bounds_of_three_larger_samples_meet() -> None:
    def spread(low: int, high: int, number: int) -> list[Interval]:
        half = [Interval(Fraction(low), Fraction(low + high, 2))] * (number // 2)
        return half + [Interval(Fraction(low + high, 2), Fraction(high))] * (number - len(half))

    found = h_range([spread(0, 10, 9), spread(6, 16, 8), spread(12, 22, 10)])
    assert found.greatest == found.reached
    assert 0 < found.least < found.greatest < found.greatest_corrected


def test_samples_far_apart_have_one_h() -> None:
    boxes = [[Interval(Fraction(3 * k), Fraction(3 * k + 1))] * 2 for k in range(4)]
    found = h_range(boxes)
    exact = kruskal_wallis_h([2] * 4, [3, 7, 11, 15])
    assert found.least == found.greatest == found.reached == exact
    # Ties within samples: three pairs of groups of two, T = 4 * 6 of 504.
    assert found.greatest_corrected == exact / (1 - Fraction(24, 504))


def test_many_or_large_samples_have_sound_bounds() -> None:
    boxes = [[Interval(Fraction(k), Fraction(k + 2))] * 3 for k in range(6)]
    found = h_range(boxes, budget=3)
    data = [[k + Fraction(i + 1, 10) + Fraction(k, 1000) for i in range(3)] for k in range(6)]
    assert found.least <= h_of(data, corrected=False) <= found.greatest
    large = [[Interval(Fraction(k), Fraction(k + 2))] * 60 for k in range(3)]
    found = h_range(large)
    assert found.reached == 0
    assert 0 <= found.least <= found.greatest <= found.greatest_corrected <= 179


def test_what_is_no_comparison_is_refused() -> None:
    box = Interval(Fraction(0), Fraction(1))
    for call in (
        lambda: kruskal_wallis_h([3], [6]),
        lambda: kruskal_wallis_h([1, 2], [1, 4]),
        lambda: kruskal_wallis_h([1, 1], [Fraction(3, 2)] * 2, 6),
        lambda: kruskal_wallis_p(Fraction(2), Fraction(1), 3),
        lambda: kruskal_wallis_p(Fraction(1), Fraction(1), 1),
        lambda: exact_kruskal_wallis_p([1, 2], [1, 5], (2,)),
        lambda: h_range([[box]]),
        lambda: h_range([[box], []]),
        lambda: h_range([[box], [Interval.point(2), box]]),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()


def _largest_tie_term_of_all_cuts(codes: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> int:
    highs = sorted(top for tops, _ in codes for top in tops)
    lows = sorted(bottom for _, bottoms in codes for bottom in bottoms)
    best = [0] * (len(highs) + 1)
    for first, high in enumerate(highs):
        for last in range(first, len(highs)):
            if lows[last] > high:
                break
            size = last + 1 - first
            best[last + 1] = max(best[last + 1], best[first] + size**3 - size)
    return best[-1]


def test_cuts_where_no_end_changes_do_not_matter() -> None:
    random_ = Random(7)
    for _ in range(500):
        codes = []
        for _ in range(random_.randint(1, 3)):
            lows = sorted(random_.randint(1, 8) for _ in range(random_.randint(1, 9)))
            highs = sorted(low + random_.randint(0, 4) for low in lows)
            codes.append((tuple(highs), tuple(lows)))
        assert largest_tie_term(codes) == _largest_tie_term_of_all_cuts(codes)
