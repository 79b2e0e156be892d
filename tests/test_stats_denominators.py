"""Denominators that percentages have in common, against counting by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import Interval, parse_printed
from netcore.stats.denominators import common_denominators, printable_percentages


def test_common_denominators_by_brute_force() -> None:
    for texts in (["10", "35", "45"], ["33", "67"], ["12.5", "37.5"], ["0", "100"]):
        windows = [parse_printed(text).window() for text in texts]
        expected = tuple(
            number
            for number in range(1, 41)
            if all(
                any(Fraction(100 * n, number) in window for n in range(number + 1))
                for window in windows
            )
        )
        assert common_denominators(windows, 40) == expected


@given(st.integers(1, 60), st.data())
def test_the_true_denominator_is_among_them(number: int, data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, number), max_size=6))
    windows = [parse_printed(f"{100 * n / number:.0f}").window() for n in counts]
    assert number in common_denominators(windows, 60)


def test_no_percentages_have_every_denominator_in_common() -> None:
    assert common_denominators([], 3) == (1, 2, 3)
    assert common_denominators([Interval(Fraction(1), Fraction(0))], 3) == ()


@pytest.mark.parametrize("number", [1, 2, 7, 20, 34, 80, 100, 142])
def test_printable_percentages_are_those_that_counts_print_as(number: int) -> None:
    shown = set()
    for count in range(number + 1):
        share = Fraction(100 * count, number)
        shown |= {value for value in range(101) if abs(value - share) <= Fraction(1, 2)}
    assert printable_percentages(number, Fraction(1)) == (len(shown), 101)


def test_coarser_lists_are_explained_more_easily() -> None:
    assert printable_percentages(20, Fraction(1), spacing=Fraction(5)) == (21, 21)
    assert printable_percentages(10, Fraction(1), spacing=Fraction(10)) == (11, 11)
    assert printable_percentages(34, Fraction(1), spacing=Fraction(5)) == (7, 21)
    assert printable_percentages(10, Fraction(1, 10)) == (11, 1001)
    # Cut off, no seventh has a percentage that rounding to the nearest would give as well.
    assert printable_percentages(7, Fraction(1), "truncate") == (8, 101)
