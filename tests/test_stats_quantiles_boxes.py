"""Boxes of ordered values, against all values on small scales."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.boxes import boxes, mean_within
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
SHARES = tuple(Fraction(k, 4) for k in range(5))
SCALE = range(5)
DOMAIN = Interval(Fraction(0), Fraction(4))


def window(low: int, width: int, low_closed: bool, high_closed: bool) -> Interval:
    """Return a window on a scale of halves; a point is closed."""
    closed = (low_closed or not width, high_closed or not width)
    return Interval(Fraction(low, 2), Fraction(low + width, 2), *closed)


WINDOWS = st.dictionaries(
    st.sampled_from(SHARES),
    st.builds(window, *[st.integers(0, 8), st.integers(0, 4), st.booleans(), st.booleans()]),
    max_size=4,
)


def data_with(
    windows: dict[Fraction, Interval], number: int, definition: str
) -> Iterator[tuple[int, ...]]:
    """Yield all whole values from 0 to 4 that have the quantiles."""
    forms = {p: quantile_form(definition, p, number) for p in windows}
    for values in combinations_with_replacement(SCALE, number):
        ordered = [Fraction(value) for value in values]
        if all(forms[p].value(ordered) in windows[p] for p in windows):
            yield values


@given(WINDOWS, st.integers(1, 6), st.sampled_from(list(DEFINITIONS)))
@settings(deadline=None, max_examples=150)
def test_all_data_lie_in_the_boxes_of_their_definition_and_of_all(
    windows: dict[Fraction, Interval], number: int, definition: str
) -> None:
    for definitions in ((definition,), (definition, "type2"), ()):
        for step in (None, Fraction(1)):
            found = boxes(windows, number, definitions, domain=DOMAIN, step=step)
            for values in data_with(windows, number, definition):
                assert found.conflict is None
                assert all(x in box for x, box in zip(values, found.intervals, strict=True))
                assert Fraction(sum(values), number) in mean_within(found)


@given(WINDOWS, st.integers(1, 6), st.sampled_from(["type1", "type3", "upper_cdf", "lower"]))
@settings(deadline=None, max_examples=150)
def test_without_interpolation_the_boxes_of_whole_values_are_the_tightest(
    windows: dict[Fraction, Interval], number: int, definition: str
) -> None:
    found = boxes(windows, number, (definition,), domain=DOMAIN, step=Fraction(1))
    all_data = list(data_with(windows, number, definition))
    assert bool(all_data) == (found.conflict is None)
    if not all_data:
        return
    for k, box in enumerate(found.intervals):
        of_value = [values[k] for values in all_data]
        assert (box.low, box.high) == (min(of_value), max(of_value))
    means = [Fraction(sum(values), number) for values in all_data]
    assert mean_within(found) == Interval(min(means), max(means))


@given(WINDOWS, st.integers(1, 9), st.sampled_from(["type1", "type3", "upper_cdf", "lower"]))
@settings(deadline=None, max_examples=150)
def test_without_interpolation_middles_of_the_boxes_have_the_quantiles(
    windows: dict[Fraction, Interval], number: int, definition: str
) -> None:
    found = boxes(windows, number, (definition,), domain=DOMAIN)
    assert (found.conflict is None) == (not any(box.is_empty for box in found.intervals))
    if found.conflict is not None:
        return
    middles = []
    for box in found.intervals:
        assert box.low is not None
        assert box.high is not None
        middles.append((box.low + box.high) / 2)
    assert middles == sorted(middles)
    for share, printed in windows.items():
        assert quantile_form(definition, share, number).value(middles) in printed


def test_a_conflict_names_the_two_quantiles() -> None:
    median, upper = Fraction(1, 2), Fraction(3, 4)
    found = boxes({median: Interval.point(9), upper: Interval.point(7)}, 8)
    assert found.conflict == (median, upper)
    found = boxes({median: Interval.point(9)}, 8, domain=Interval(None, Fraction(5)))
    assert found.conflict == (median, None)


def test_of_two_equal_ends_the_open_one_binds() -> None:
    shut, ajar = (
        Interval(Fraction(2), Fraction(5)),
        Interval(Fraction(2), Fraction(5), False, False),
    )
    for windows in ({QUARTER: shut, HALF: ajar}, {QUARTER: ajar, HALF: shut}):
        found = boxes(windows, 3, ["type1"])
        assert found.intervals[0] == Interval(
            Fraction(2),
            Fraction(5),
            windows[QUARTER].low_closed,
            high_closed=False,
        )
        assert found.intervals[1] == Interval(
            Fraction(2), Fraction(5), low_closed=False, high_closed=windows[HALF].high_closed
        )


def test_the_least_value_above_an_open_end_is_one_step_further() -> None:
    printed = Interval(Fraction(2), Fraction(5), low_closed=False, high_closed=False)
    found = boxes({Fraction(1, 2): printed}, 1, step=Fraction(1))
    assert found.intervals == (Interval(Fraction(3), Fraction(4)),)


def test_the_median_of_an_even_number_by_the_usual_definition_bounds_each_neighbour_once() -> None:
    found = boxes({Fraction(1, 2): Interval(Fraction(9), Fraction(11))}, 4, ["type7"])
    assert [str(box) for box in found.intervals] == [
        "(-inf, 11]",
        "(-inf, 11]",
        "[9, inf)",
        "[9, inf)",
    ]
    assert mean_within(found) == EVERYTHING


def test_many_values_take_little_memory() -> None:
    found = boxes({Fraction(1, 2): Interval(Fraction(9), Fraction(11))}, 10_001, ["type7"])
    assert len({id(box) for box in found.intervals}) == 3


def test_no_mean_is_given_of_values_that_do_not_exist() -> None:
    extremes = {Fraction(0): Interval.point(2), Fraction(1): Interval.point(1)}
    with pytest.raises(ValueError, match="no values have"):
        mean_within(boxes(extremes, 4))


@pytest.mark.parametrize(
    ("windows", "number", "step", "says"),
    [
        ({}, 0, None, "found 0 values"),
        ({Fraction(2): EVERYTHING}, 3, None, "found share 2"),
        ({Fraction(0): Interval(Fraction(1), Fraction(0))}, 3, None, "empty window"),
        ({}, 3, Fraction(0), "found step 0"),
    ],
)
def test_what_is_no_quantile_is_refused(
    windows: dict[Fraction, Interval], number: int, step: Fraction | None, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        boxes(windows, number, step=step)
