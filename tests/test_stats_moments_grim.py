"""GRIM: which totals and numbers of values can stand behind a printed mean."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import Interval, parse_printed
from netcore.stats.moments.grim import denominators_behind_mean, totals_behind_mean


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
        # Seven of 200 are 0.035, which binary floating point prints as 0.03.
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
