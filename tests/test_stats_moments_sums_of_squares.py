"""The least and the greatest sum of squares in boxes, against all values on a grid."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.sums_of_squares import (
    GreatestSquares,
    LeastSquares,
    greatest_squares,
    least_squares_in_boxes,
)


def about_mean(values: tuple[Fraction, ...], weights: list[int]) -> Fraction:
    size = sum(weights)
    mean = sum(w * x for w, x in zip(weights, values, strict=True)) / Fraction(size)
    return Fraction(sum(w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True)))


def is_attained(
    values: tuple[Fraction, ...],
    squares: Fraction,
    boxes: list[Interval],
    total: Interval,
    weights: list[int],
) -> bool:
    return (
        all(x in box for x, box in zip(values, boxes, strict=True))
        and sum(w * x for w, x in zip(weights, values, strict=True)) in total
        and about_mean(values, weights) == squares
    )


def draw(rng: random.Random, *, is_ordered: bool) -> tuple[list[Interval], Interval, list[int]]:
    count = rng.randint(1, 4)
    ends = [sorted(rng.randint(0, 6) for _ in range(2)) for _ in range(count)]
    weights = [rng.randint(1, 4) for _ in ends]
    if is_ordered:
        lows, highs = sorted(low for low, _ in ends), sorted(high for _, high in ends)
        ends, weights = [list(box) for box in zip(lows, highs, strict=True)], [1] * count
    boxes = [Interval(Fraction(low), Fraction(high)) for low, high in ends]
    totals = [sum(w * box[k] for w, box in zip(weights, ends, strict=True)) for k in (0, 1)]
    first, last = sorted(Fraction(rng.randint(2 * totals[0], 2 * totals[1]), 2) for _ in range(2))
    return boxes, rng.choice([EVERYTHING, Interval(first, last), Interval.point(first)]), weights


@pytest.mark.parametrize("is_ordered", [True, False])
def test_no_values_on_a_grid_are_beyond_and_some_attain(is_ordered: bool) -> None:
    rng = random.Random(1 + is_ordered)
    exact = 0
    for _ in range(150):
        boxes, total, weights = draw(rng, is_ordered=is_ordered)
        least = least_squares_in_boxes(boxes, total, weights)
        greatest = greatest_squares(boxes, total, weights)
        assert greatest is not None
        assert is_attained(least.values, least.squares, boxes, total, weights)
        assert is_attained(greatest.values, greatest.attained, boxes, total, weights)
        exact += greatest.is_exact
        grids = [range(int(2 * box.low), int(2 * box.high) + 1) for box in boxes]
        for halves in product(*grids):
            values = tuple(Fraction(x, 2) for x in halves)
            if sum(w * x for w, x in zip(weights, values, strict=True)) in total:
                assert least.squares <= about_mean(values, weights) <= greatest.bound
    assert exact > 50


def test_ordered_boxes_without_a_total_have_an_exact_greatest_sum() -> None:
    rng = random.Random(5)
    for _ in range(300):
        count = rng.randint(1, 7)
        lows, highs = (sorted(rng.randint(0, 9) for _ in range(count)) for _ in range(2))
        boxes = [
            Interval(Fraction(min(a, b)), Fraction(max(a, b)))
            for a, b in zip(lows, highs, strict=True)
        ]
        if any(a.low > b.low or a.high > b.high for a, b in pairwise(boxes)):
            continue
        found = greatest_squares(boxes)
        corners = product(*((box.low, box.high) for box in boxes))
        assert found is not None
        assert found.bound == max(about_mean(corner, [1] * count) for corner in corners)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7])
def test_equal_boxes_have_exact_ends_for_every_total(number: int) -> None:
    boxes = [Interval(Fraction(1), Fraction(4))] * number
    largest: dict[int, Fraction] = {}
    for values in combinations_with_replacement(range(1, 5), number):
        squares = about_mean(tuple(Fraction(x) for x in values), [1] * number)
        largest[sum(values)] = max(largest.get(sum(values), squares), squares)
    for total, squares in largest.items():
        found = greatest_squares(boxes, Interval.point(total))
        assert found is not None
        # With a whole total and whole ends the value in part is whole too.
        assert found.bound == found.attained == squares
        assert least_squares_in_boxes(boxes, Interval.point(total)).squares == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_values_that_exist_are_within(seed: int) -> None:
    rng = random.Random(seed)
    values = [Fraction(rng.randint(0, 500), 10) for _ in range(rng.randint(1, 40))]
    boxes = [
        Interval(
            None if rng.random() < 0.2 else x - Fraction(rng.randint(0, 50), 10),
            x + Fraction(rng.randint(0, 50), 10),
        )
        for x in values
    ]
    total = Interval(sum(values) - Fraction(rng.randint(0, 9)), sum(values) + 1)
    squares = about_mean(tuple(values), [1] * len(values))
    least = least_squares_in_boxes(boxes, total)
    assert least.squares <= squares
    assert is_attained(least.values, least.squares, boxes, total, [1] * len(values))
    greatest = greatest_squares(boxes, total)
    assert (greatest is None) == any(box.low is None for box in boxes)
    assert greatest is None or squares <= greatest.bound


def test_least_squares_are_those_of_a_numerical_search() -> None:
    from scipy.optimize import minimize

    boxes = [Interval(Fraction(a), Fraction(b)) for a, b in ((0, 1), (2, 9), (4, 5), (8, 20))]
    weights = [3, 1, 2, 1]
    for total in (Interval.point(22), Interval(Fraction(25), Fraction(26)), EVERYTHING):
        found = least_squares_in_boxes(boxes, total, weights)
        searched = minimize(
            lambda x: sum(
                w * (v - sum(w * v for w, v in zip(weights, x, strict=True)) / 7) ** 2
                for w, v in zip(weights, x, strict=True)
            ),
            [float(box.low) for box in boxes],
            bounds=[(float(box.low), float(box.high)) for box in boxes],
            constraints=[]
            if total == EVERYTHING
            else [
                {"type": "ineq", "fun": lambda x, t=total: x @ weights - float(t.low)},
                {"type": "ineq", "fun": lambda x, t=total: float(t.high) - x @ weights},
            ],
        )
        assert float(found.squares) == pytest.approx(searched.fun, abs=1e-4)


def test_without_ends_everything_may_be_one_number() -> None:
    assert least_squares_in_boxes([EVERYTHING] * 3) == LeastSquares(
        Fraction(0), Fraction(0), (Fraction(0),) * 3
    )
    found = least_squares_in_boxes([EVERYTHING, Interval(None, Fraction(2))], Interval.point(10))
    assert found.values == (8, 2)
    assert greatest_squares([EVERYTHING]) is None


def test_a_bound_that_is_not_attained_says_so() -> None:
    # Half of the total of one box: the linear bound counts 1/2 for the square of 1/2.
    found = greatest_squares(
        [Interval(Fraction(0), Fraction(1)), Interval(Fraction(0), Fraction(3))], Interval.point(2)
    )
    assert found == GreatestSquares(Fraction(4), Fraction(2), (Fraction(0), Fraction(2)))
    assert not found.is_exact


def test_what_no_values_have_is_refused() -> None:
    box = Interval(Fraction(0), Fraction(1))
    for function in (least_squares_in_boxes, greatest_squares):
        with pytest.raises(ValueError, match="expected one that values in the boxes can have"):
            function([box, box], Interval.point(3))
        with pytest.raises(ValueError, match="positive weight"):
            function([box, box], weights=[1, 0])
        with pytest.raises(ValueError, match="positive weight"):
            function([])
        with pytest.raises(ValueError, match="holds a number"):
            function([Interval(Fraction(1), Fraction(0))])
