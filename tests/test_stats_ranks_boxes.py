"""Boxes of ordered values against the values themselves."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_trials import EXTREMES, QUARTILES, all_data, draw_sample

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Block, Boxes, Conflict, Sample, ordered_boxes

MEDIAN = Fraction(1, 2)


def spread(blocks: tuple[Block, ...]) -> list[tuple[Fraction | None, bool]]:
    return [(block.value, block.closed) for block in blocks for _ in range(block.size)]


def holds(boxes: Boxes, values: tuple[Fraction, ...]) -> bool:
    return all(
        value in Interval(low, high, low_closed, high_closed)
        for value, (low, low_closed), (high, high_closed) in zip(
            values, spread(boxes.bottoms), spread(boxes.tops), strict=True
        )
    )


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(DEFINITIONS)), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_values_behind_a_print_are_in_their_boxes_by_any_definition(
    random: Random, definition: str, is_known: bool
) -> None:
    number = random.randint(1, 12)
    sample, values = draw_sample(
        random, number, definition=definition, shares=QUARTILES + EXTREMES, open_ends=True
    )
    boxes = ordered_boxes(sample, definition if is_known else None)
    assert isinstance(boxes, Boxes)
    assert next(block.first for block in boxes.tops) == 1
    assert sum(block.size for block in boxes.tops) == number
    assert sum(block.size for block in boxes.bottoms) == number
    assert holds(boxes, tuple(map(Fraction, values)))


@pytest.mark.parametrize("seed", range(8))
def test_granular_data_have_the_quantiles_if_and_only_if_they_are_in_exact_boxes(seed: int) -> None:
    random = Random(seed)
    definition = random.choice(["type1", "type3", "nearest_up", "higher"])
    number = random.randint(2, 5)
    drawn, _ = draw_sample(
        random, number, definition=definition, shares=QUARTILES, open_ends=seed % 2 == 0
    )
    sample = Sample(number, drawn.quantiles, Interval(Fraction(0), Fraction(6)), Fraction(1))
    boxes = ordered_boxes(sample, definition)
    assert isinstance(boxes, Boxes)
    assert boxes.are_exact
    every = all_data(Sample(number, (), sample.domain, sample.step), definition)
    fitting = set(all_data(sample, definition))
    assert {values for values in every if holds(boxes, values)} == fitting
    # No bound can be tightened: the lowest and the highest data have them all.
    assert tuple(end for end, _ in spread(boxes.bottoms)) == min(fitting)
    assert tuple(end for end, _ in spread(boxes.tops)) == max(fitting)


def test_quantiles_out_of_order_are_a_conflict_that_names_them() -> None:
    windows = {
        Fraction(0): Interval(Fraction(0), Fraction(1)),
        Fraction(1, 4): Interval(Fraction(7), Fraction(8)),
        Fraction(3, 4): Interval(Fraction(5), Fraction(6)),
    }
    found = ordered_boxes(Sample.of(9, windows), "type7")
    assert found == Conflict((Fraction(1, 4), Fraction(3, 4)))
    assert ordered_boxes(Sample.of(9, windows), None) == found


def test_windows_that_touch_are_no_conflict_unless_an_end_is_open() -> None:
    def sample(*, is_closed: bool) -> Sample:
        upper = Interval(Fraction(0), Fraction(5), True, is_closed)
        return Sample.of(4, {Fraction(0): Interval(Fraction(5), Fraction(6)), Fraction(1): upper})

    assert isinstance(ordered_boxes(sample(is_closed=True), "type1"), Boxes)
    assert isinstance(ordered_boxes(sample(is_closed=False), "type1"), Conflict)


def test_a_median_between_two_values_bounds_one_from_above_and_the_other_from_below() -> None:
    median = {MEDIAN: Interval(Fraction(3), Fraction(4))}
    boxes = ordered_boxes(Sample.of(4, median, Interval(Fraction(0), None)), "type7")
    assert isinstance(boxes, Boxes)
    assert not boxes.are_exact
    assert [end for end, _ in spread(boxes.tops)] == [4, 4, None, None]
    assert [end for end, _ in spread(boxes.bottoms)] == [0, 0, 3, 3]


def test_a_window_without_a_multiple_of_the_step_is_a_conflict_of_its_own() -> None:
    narrow = {MEDIAN: Interval(Fraction(31, 10), Fraction(39, 10))}
    assert isinstance(ordered_boxes(Sample.of(3, narrow), "type7"), Boxes)
    found = ordered_boxes(Sample.of(3, narrow, EVERYTHING, Fraction(1)), "type7")
    assert found == Conflict((MEDIAN,))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 0}, "found 0 values"),
        ({"quantiles": ((Fraction(2), EVERYTHING),)}, "between 0 and 1"),
        ({"quantiles": ((MEDIAN, EVERYTHING), (MEDIAN, EVERYTHING))}, "each once"),
        ({"quantiles": ((MEDIAN, Interval(Fraction(2), Fraction(1))),)}, "empty window"),
        ({"domain": Interval(Fraction(2), Fraction(1))}, "empty window for the domain"),
        ({"step": Fraction(0)}, "found a step of 0"),
    ],
)
def test_what_cannot_describe_a_sample_is_refused(changes: dict[str, object], message: str) -> None:
    arguments = {"number": 3, "quantiles": ((MEDIAN, EVERYTHING),), **changes}
    with pytest.raises(ValueError, match=message):
        Sample(**arguments)  # type: ignore[arg-type]
