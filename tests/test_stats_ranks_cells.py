"""The number line in pieces: counts of values, and U without ties in a few places."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from rank_trials import QUARTILES, all_data, draw_sample, granular, recomputed

from netcore.printed import EVERYTHING, Interval
from netcore.stats.ranks.boxes import Boxes, Sample, ordered_boxes
from netcore.stats.ranks.cells import Cell, cut_cells, range_without_ties, values_in


def boxes_of(sample: Sample) -> Boxes:
    found = ordered_boxes(sample, "type1")
    assert isinstance(found, Boxes)
    return found


@pytest.mark.parametrize("seed", range(16))
def test_u_without_ties_is_that_of_all_granular_data(seed: int) -> None:
    random = Random(seed)
    x, y = (
        granular(
            draw_sample(random, number, definition="type1", shares=QUARTILES[:2], open_ends=True)[0]
        )
        for number in random.choice([(3, 3), (4, 3), (2, 4), (3, 4)])
    )
    values = []
    for one in all_data(x, "type1"):
        for other in all_data(y, "type1"):
            u, ties = recomputed(one, other)
            if not ties:
                values.append(u)
    found = range_without_ties(cut_cells(boxes_of(x), boxes_of(y)))
    assert found == ((min(values), max(values)) if values else "none")


def test_more_values_than_places_have_ties() -> None:
    scale = Sample(4, (), Interval(Fraction(1), Fraction(7)), Fraction(1))
    cells = cut_cells(boxes_of(scale), boxes_of(scale))
    assert [cell.places for cell in cells if cell.x_most and cell.low != 7] == [1, 5]
    assert range_without_ties(cells) == "none"
    less = Sample(3, (), scale.domain, scale.step)
    assert range_without_ties(cut_cells(boxes_of(scale), boxes_of(less))) == (0, 12)


def test_a_short_budget_is_open() -> None:
    many = Sample(30, (), Interval(Fraction(1), Fraction(99)), Fraction(1))
    cells = cut_cells(boxes_of(many), boxes_of(many))
    assert range_without_ties(cells, 100) == "open"
    assert range_without_ties(cells) == (0, 900)


@pytest.mark.parametrize("is_granular", [True, False])
def test_counts_say_where_ordered_values_can_lie(is_granular: bool) -> None:
    random = Random(5)
    for _ in range(20):
        sample, values = draw_sample(
            random, 6, definition="type1", shares=QUARTILES, open_ends=True
        )
        boxes = boxes_of(granular(sample) if is_granular else sample)
        number = 0
        for cell in cut_cells(boxes, boxes):
            inside = Interval(cell.low, cell.high, cell.low == cell.high, cell.low == cell.high)
            number += sum(Fraction(value) in inside for value in values)
            assert cell.x_least <= number <= cell.x_most
            assert (cell.x_least, cell.x_most) == (cell.y_least, cell.y_most)
            assert cell.places != 0
        assert number == 6


@pytest.mark.parametrize(
    ("low", "high"),
    [(None, None), (None, 3), (-2, None), (1, 2), ("1.05", "1.15"), ("0.001", "0.0011")],
)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_values_in_a_piece_are_different_decimals_inside(
    low: str | None, high: str | None, count: int
) -> None:
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    found = values_in(Cell(*ends, None, 0, 9, 0, 9), count)
    assert len(set(found)) == count
    assert list(found) == sorted(found)
    inside = Interval(*ends, low_closed=False, high_closed=False)
    assert all(value in inside and 10**6 % value.denominator == 0 for value in found)


def test_granular_values_in_a_piece_are_multiples_of_the_step() -> None:
    step = Fraction(5, 2)
    cell = Cell(Fraction(5), Fraction(25, 2), 2, 0, 9, 0, 9)
    assert values_in(cell, 2, step) == (Fraction(15, 2), Fraction(10))
    assert values_in(cell, 1, step)[0] in (Fraction(15, 2), Fraction(10))
    assert values_in(Cell(Fraction(5), Fraction(5), 1, 0, 9, 0, 9), 1, step) == (5,)
    with pytest.raises(ValueError, match="found 2 places, expected at least 3"):
        values_in(cell, 3, step)


def test_samples_of_different_steps_are_refused() -> None:
    fine, coarse = (boxes_of(Sample(2, (), EVERYTHING, Fraction(k))) for k in (1, 2))
    with pytest.raises(ValueError, match="found steps 1 and 2"):
        cut_cells(fine, coarse)
