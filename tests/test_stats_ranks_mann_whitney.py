"""The range of U against all granular data, all weak orders and data behind a print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_trials import (
    EXTREMES,
    QUARTILES,
    all_data,
    draw_sample,
    granular,
    is_allowed,
    recomputed,
    u_and_ties,
    weak_orders,
)

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form
from netcore.stats.ranks.boxes import Sample
from netcore.stats.ranks.mann_whitney import ImpossibleSample, URange, u_range, u_ranges


def ends(found: URange | ImpossibleSample) -> tuple[object, ...]:
    assert isinstance(found, URange)
    return (
        found.least,
        found.greatest,
        found.least_without_ties,
        found.greatest_without_ties,
    )


def ends_of(pairs: set[tuple[Fraction, int]]) -> tuple[object, ...]:
    every = [u for u, _ in pairs]
    without = [u for u, ties in pairs if not ties]
    return min(every), max(every), min(without, default=None), max(without, default=None)


# With the last two seeds, only ties reach an end, as in boxes that are not exact.
@pytest.mark.parametrize("seed", [*range(12), 135, 162])
def test_the_range_is_that_of_all_weak_orders_and_has_no_gap(seed: int) -> None:
    random = Random(seed)
    n1, n2 = random.choice([(3, 3), (4, 2), (1, 4), (3, 2), (2, 2)])
    definition = random.choice(list(DEFINITIONS))
    shares = tuple(s for s in QUARTILES + EXTREMES if random.random() < 0.6)
    x, _ = draw_sample(random, n1, definition=definition, shares=shares, open_ends=seed % 2 == 0)
    y, _ = draw_sample(random, n2, definition=definition, shares=shares, open_ends=seed % 2 == 0)
    pairs = {u_and_ties(o) for o in weak_orders(n1, n2) if is_allowed(o, x, y, definition)}
    found = u_range(x, y, definition)
    assert ends(found) == ends_of(pairs)
    assert isinstance(found, URange)
    assert found.is_exact
    assert found.is_exact_without_ties
    if found.least_without_ties is not None and found.greatest_without_ties is not None:
        whole = range(found.least_without_ties, found.greatest_without_ties + 1)
        assert {u for u, ties in pairs if not ties} == set(whole)


@pytest.mark.parametrize("seed", range(20))
def test_the_range_holds_all_granular_data_and_is_theirs_if_it_says_so(seed: int) -> None:
    random = Random(seed)
    n1, n2 = random.choice([(3, 3), (4, 3), (1, 4), (4, 4), (2, 4)])
    definition = random.choice(list(DEFINITIONS))
    shares = tuple(s for s in QUARTILES + EXTREMES if random.random() < 0.6)
    x, y = (
        granular(
            draw_sample(random, number, definition=definition, shares=shares, open_ends=False)[0]
        )
        for number in (n1, n2)
    )
    pairs = {
        recomputed(one, other)
        for one in all_data(x, definition)
        for other in all_data(y, definition)
    }
    expected = ends_of(pairs)
    found = u_range(x, y, definition)
    assert isinstance(found, URange)
    for got, true, exact in zip(
        ends(found), expected, [found.is_exact] * 2 + [found.is_exact_without_ties] * 2, strict=True
    ):
        assert not exact or got == true
    assert found.least <= expected[0]  # type: ignore[operator]
    assert found.greatest >= expected[1]  # type: ignore[operator]
    if expected[2] is not None:
        assert found.least_without_ties is not None
        assert found.least_without_ties <= expected[2]  # type: ignore[operator]


def printed(
    values: Sequence[Fraction], share: Fraction, definition: str, decimals: int
) -> Interval:
    quantile = quantile_form(definition, share, len(values)).value(sorted(values))
    unit = Fraction(10) ** -decimals
    middle = round(quantile / unit) * unit
    return Interval(middle - unit / 2, middle + unit / 2)


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=30),
    st.lists(st.integers(0, 400), min_size=1, max_size=30),
    st.sampled_from(sorted(DEFINITIONS)),
    st.integers(-1, 1),
)
@settings(max_examples=60, deadline=None)
def test_no_true_data_are_outside_of_the_range(
    x: list[int], y: list[int], definition: str, decimals: int
) -> None:
    one, other = [Fraction(v, 10) for v in x], [Fraction(v, 10) for v in y]
    u, ties = recomputed(one, other)
    samples = [
        Sample.of(
            len(values),
            {share: printed(values, share, definition, decimals) for share in QUARTILES},
            Interval(Fraction(0), None),
        )
        for values in (one, other)
    ]
    steps = [replace(sample, step=Fraction(1, 10)) for sample in samples]
    free = u_range(*samples)
    assert isinstance(free, URange)
    for found in (
        free,
        u_range(*steps),
        u_range(*samples, definition),
        u_range(*steps, definition),
    ):
        assert isinstance(found, URange)
        assert free.least <= found.least <= u <= found.greatest <= free.greatest
        if not ties:
            assert found.least_without_ties is not None
            assert found.greatest_without_ties is not None
            assert found.least_without_ties <= u <= found.greatest_without_ties


@pytest.mark.parametrize("n1", [2, 3, 8, 15])
@pytest.mark.parametrize("n2", [3, 7, 19])
def test_the_definition_free_range_holds_that_of_every_definition(n1: int, n2: int) -> None:
    def sample(number: int, *middles: int) -> Sample:
        windows = [Interval(Fraction(m), Fraction(m + 1)) for m in middles]
        return Sample.of(number, dict(zip(QUARTILES, windows, strict=True)))

    x, y = sample(n1, 14, 19, 24), sample(n2, 15, 22, 29)
    free = u_range(x, y)
    assert isinstance(free, URange)
    found = [one for one in u_ranges(x, y).values() if isinstance(one, URange)]
    assert found
    for one in found:
        assert free.least <= one.least <= one.greatest <= free.greatest


def test_definitions_that_agree_give_the_same_answer_and_all_are_answered() -> None:
    window = Interval(Fraction(0), Fraction(1))
    x, y = (Sample.of(number, dict.fromkeys(QUARTILES, window)) for number in (7, 11))
    found = u_ranges(x, y)
    assert list(found) == list(DEFINITIONS)
    for definition, answer in found.items():
        assert answer == u_range(x, y, definition)
    assert u_ranges(x, y, ["type2"]) == {"type2": found["type2"]}


@pytest.mark.parametrize("definition", [None, "type1", "type7"])
def test_samples_that_no_data_have_are_named(definition: str | None) -> None:
    good = Sample.of(9, {Fraction(1, 2): Interval(Fraction(0), Fraction(1))})
    bad = Sample.of(
        9,
        {
            Fraction(1, 4): Interval(Fraction(7), Fraction(8)),
            Fraction(3, 4): Interval(Fraction(5), Fraction(6)),
        },
    )
    shares = (Fraction(1, 4), Fraction(3, 4))
    assert u_range(bad, good, definition) == ImpossibleSample("x", shares)
    assert u_range(good, bad, definition) == ImpossibleSample("y", shares)


def test_ties_that_no_data_can_avoid_leave_no_range_without_ties() -> None:
    point = Sample.of(3, {Fraction(1, 2): Interval.point(4)})
    found = u_range(point, point, "type7")
    assert ends(found)[2:] == (None, None)
    twice = Sample.of(3, {Fraction(1, 2): Interval.point(4), Fraction(1): Interval.point(4)})
    found = u_range(twice, Sample.of(1, {}), "type7")
    assert ends(found)[2:] == (None, None)


def test_windows_that_touch_give_ties_but_no_greater_u_without() -> None:
    low = Sample.of(1, {Fraction(1, 2): Interval(Fraction(1), Fraction(2))})
    high = Sample.of(1, {Fraction(1, 2): Interval(Fraction(2), Fraction(3))})
    assert ends(u_range(low, high, "type7")) == (0, Fraction(1, 2), 0, 0)
    assert ends(u_range(high, low, "type7")) == (Fraction(1, 2), 1, 1, 1)


def test_the_value_nearest_to_the_expectation_is_in_the_range() -> None:
    low = URange(3, 5, Fraction(2), Fraction(5), 2, 4, True, True)
    assert (low.nearest(with_ties=True), low.nearest(with_ties=False)) == (5, 4)
    high = URange(3, 5, Fraction(9), Fraction(15), 10, 15, True, True)
    assert (high.nearest(with_ties=True), high.nearest(with_ties=False)) == (9, 10)
    wide = URange(3, 5, Fraction(0), Fraction(15), 0, 15, True, True)
    assert (wide.nearest(with_ties=True), wide.nearest(with_ties=False)) == (Fraction(15, 2), 7)
    tied = URange(3, 5, Fraction(0), Fraction(15), None, None, True, True)
    assert tied.nearest(with_ties=False) is None


def test_samples_of_different_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="found steps 1 and None"):
        u_range(Sample.of(2, {}, step=Fraction(1)), Sample.of(2, {}))
    with pytest.raises(ValueError, match="found definition 'type0'"):
        u_range(*(Sample.of(2, {Fraction(1, 2): Interval.point(1)}) for _ in "xy"), "type0")
