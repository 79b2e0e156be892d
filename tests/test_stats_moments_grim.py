"""GRIM: which totals and numbers of values can stand behind a printed mean.

Most vectors are those of the R package scrutiny (`pigs1`), of which they are the published example.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import ROUNDINGS, Interval, parse_printed, rounding_window
from netcore.stats.moments.grim import (
    denominators_behind_mean,
    grim_rows,
    split_decimals,
    totals_behind_mean,
)


@pytest.mark.parametrize(
    ("mean", "number", "possible"),
    [
        ("7.22", 32, True),
        ("4.74", 25, False),
        ("5.23", 29, False),
        ("2.57", 24, False),
        ("6.77", 27, False),
        ("2.68", 28, True),
        ("7.01", 29, False),
        ("7.38", 26, True),
        ("3.14", 27, False),
        ("6.89", 31, False),
        ("5.00", 25, True),
        ("0.24", 28, False),
        ("4.74", 31, True),
        ("2.57", 30, True),
        ("7.22", 38, False),
        ("7.01", 35, False),
        # Seven of 200 are 0.035, as near to 0.03 as to 0.04.
        ("0.03", 200, True),
    ],
)
def test_grim_vectors(mean: str, number: int, possible: bool) -> None:
    assert bool(totals_behind_mean(parse_printed(mean).window(), number)) is possible


@given(
    low=st.fractions(-3, 3, max_denominator=40),
    width=st.fractions(0, 1, max_denominator=40),
    ends=st.tuples(st.booleans(), st.booleans()),
    number=st.integers(1, 6),
    step=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(5), Fraction(1, 3)]),
)
def test_totals_are_all_multiples_whose_mean_lies_in_the_window(
    low: Fraction, width: Fraction, ends: tuple[bool, bool], number: int, step: Fraction
) -> None:
    window = Interval(low, low + width, *ends)
    expected = [total for total in range(-200, 201) if total * step / number in window]
    assert list(totals_behind_mean(window, number, step)) == expected


def test_some_values_have_a_mean_exactly_where_there_is_a_total() -> None:
    for number in range(1, 6):
        means = {Fraction(sum(v), number) for v in combinations_with_replacement(range(4), number)}
        for hundredths in range(301):
            window = parse_printed(f"{hundredths / 100:.2f}").window()
            assert bool(totals_behind_mean(window, number)) is any(mean in window for mean in means)


@given(st.lists(st.integers(-50, 120), min_size=1, max_size=60), st.integers(0, 3))
def test_the_mean_of_true_values_has_its_number_behind_it(values: list[int], digits: int) -> None:
    # `format` rounds a binary float, as software does.
    window = parse_printed(f"{sum(values) / len(values):.{digits}f}").window()
    assert len(values) in denominators_behind_mean(window, 60)
    assert sum(values) in totals_behind_mean(window, len(values))


def test_a_step_of_five_needs_other_numbers_than_a_step_of_one() -> None:
    window = parse_printed("2.5").window()
    assert denominators_behind_mean(window, 4) == (2, 4)
    assert denominators_behind_mean(window, 4, Fraction(5)) == (2, 4)
    assert denominators_behind_mean(window, 4, Fraction(10)) == (4,)


def test_what_is_out_of_range_is_refused() -> None:
    window = parse_printed("2.5").window()
    with pytest.raises(ValueError, match="at least 1"):
        totals_behind_mean(window, 0)
    with pytest.raises(ValueError, match="positive step"):
        totals_behind_mean(window, 3, Fraction(0))
    with pytest.raises(ValueError, match="two ends"):
        totals_behind_mean(parse_printed("<3").window(), 3)


def test_an_empty_window_has_no_totals() -> None:
    assert not totals_behind_mean(Interval(Fraction(1), Fraction(0)), 3)


STEPS = [Fraction(1), Fraction(1, 2), Fraction(5), Fraction(2, 3), Fraction(1, 10**16)]


@given(
    rows=st.lists(
        st.tuples(
            st.integers(-400, 400) | st.integers(-(10**30), 10**30),
            st.integers(0, 4) | st.integers(17, 25),
            st.integers(1, 60) | st.integers(10**17, 10**25),
        ),
        min_size=1,
        max_size=8,
    ),
    step=st.sampled_from(STEPS),
    rounding=st.sampled_from(sorted(ROUNDINGS)),
)
def test_rows_say_what_single_means_say(
    rows: list[tuple[int, int, int]], step: Fraction, rounding: str
) -> None:
    digits, decimals, numbers = zip(*rows, strict=True)
    found = grim_rows(digits, decimals, numbers, step, rounding)
    for (digit, decimal, number), is_possible in zip(rows, found, strict=True):
        unit = Fraction(1, 10**decimal)
        window = rounding_window(digit * unit, unit, rounding)
        assert is_possible == bool(totals_behind_mean(window, number, step))


@pytest.mark.parametrize("rounding", sorted(ROUNDINGS))
def test_rows_follow_each_convention_at_ties(rounding: str) -> None:
    digits, numbers = np.meshgrid(np.arange(-30, 31), np.arange(1, 25))
    found = grim_rows(digits, 1, numbers, rounding=rounding)
    tenth = Fraction(1, 10)
    for digit, number, is_possible in zip(digits.flat, numbers.flat, found.flat, strict=True):
        window = rounding_window(int(digit) * tenth, tenth, rounding)
        assert is_possible == bool(totals_behind_mean(window, int(number)))


def test_a_number_that_needs_the_64th_bit_does_not_make_floats_of_the_others() -> None:
    assert grim_rows([1, 2**63], 0, [1, 1]).tolist() == [True, True]
    assert grim_rows([2, 2**63 + 1], 0, [1, 2], Fraction(3)).tolist() == [False, True]


def test_rows_close_to_the_end_of_64_bits_are_exact() -> None:
    # In 64 bits 2 x 4611686018427387 x 1000 + ... wraps around; a window holds a multiple or not.
    for digits in (4_611_686_018_427_387, 4_611_686_018_427_388, 2**62, 2**63 - 1, 2**64):
        for number in (999, 1000, 2**40):
            window = rounding_window(Fraction(digits, 10**6), Fraction(1, 10**6))
            expected = bool(totals_behind_mean(window, number, Fraction(7)))
            assert grim_rows([digits], [6], [number], Fraction(7)).tolist() == [expected]


def test_rows_are_broadcast_and_may_be_none() -> None:
    assert grim_rows([722, 474], 2, [[32], [50]]).tolist() == [[True, False], [True, True]]
    assert grim_rows([], [], []).tolist() == []


@pytest.mark.parametrize("text", ["", "5.", "1e3", "1,5", "5\n6", "5 6", "٣", "NaN", "--1", "1_0"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        split_decimals(["1.5", text])


def test_decimals_are_split_exactly() -> None:
    assert split_decimals(["58.50", "-0.05", "-.5", "007", "0"]) == (
        [5850, -5, -5, 7, 0],
        [2, 2, 1, 0, 0],
    )
    assert split_decimals([]) == ([], [])


def test_rows_of_what_is_no_whole_number_are_refused() -> None:
    with pytest.raises(ValueError, match="expected integers"):
        grim_rows([58.5], [1], [3])
    with pytest.raises(ValueError, match="at least 1 and 0"):
        grim_rows([58], [1], [0])
    with pytest.raises(ValueError, match="at least 1 and 0"):
        grim_rows([58], [-1], [3])
    with pytest.raises(ValueError, match="positive"):
        grim_rows([58], [1], [3], Fraction(0))
    with pytest.raises(ValueError, match="found rounding"):
        grim_rows([58], [1], [3], rounding="up")
