"""GRIMMER: which sums can stand behind a printed mean with a printed standard deviation.

The vectors with means of two decimals are those of the R package scrutiny (`pigs5`).
"""

from __future__ import annotations

import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import isqrt, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.printed import Interval, parse_printed, rounding_window
from netcore.stats.moments.grim import totals_behind_mean
from netcore.stats.moments.grimmer import (
    grimmer,
    least_squares,
    squares_behind_sd,
    squares_have_values,
)

HALF = Fraction(1, 2)


def window(text: str, rounding: str = "nearest") -> Interval:
    return parse_printed(text).window(rounding)


def moments(values: tuple[int, ...]) -> tuple[int, int]:
    return sum(values), sum(value * value for value in values)


@pytest.mark.parametrize(
    ("mean", "sd", "number", "possible"),
    [
        ("4.74", "6.55", 31, True),
        ("2.57", "2.57", 30, True),
        ("2.68", "2.59", 34, True),
        ("7.38", "3.65", 32, True),
        ("6.89", "4.18", 37, True),
        ("5.00", "2.18", 31, True),
        ("0.24", "6.43", 34, True),
        ("5.23", "2.55", 35, False),
        ("7.22", "5.30", 38, False),
        ("6.77", "2.18", 33, False),
        ("7.01", "6.68", 35, False),
        ("3.14", "5.32", 33, False),
        # Only seven 1s, whose mean 0.035 is as near to 0.03 as to 0.04.
        ("0.03", "0.18", 200, True),
        # 13, 12, 0, 0 and 5 values of 0 to 4.
        ("1.1", "1.41", 30, True),
        # Possible for whole numbers of any size; not on a scale from 1 to 5.
        ("1.3", "0.9", 9, True),
        ("1.2", "0.5", 12, True),
    ],
)
def test_grimmer_vectors(mean: str, sd: str, number: int, possible: bool) -> None:
    assert grimmer(window(mean), window(sd), number, ddofs=(1,)).is_possible is possible


def test_the_divisor_is_part_of_the_question() -> None:
    mean, sd = window("5.23"), window("2.55")
    assert not grimmer(mean, sd, 35, ddofs=(1,)).is_possible
    assert grimmer(mean, sd, 35, ddofs=(0,)).is_possible
    assert {sums.ddof for sums in grimmer(mean, sd, 35).passing} == {0}


def test_a_half_open_window_condemns_what_a_closed_one_lets_pass() -> None:
    # Seven of 200 are 0.035, a tie; half-up prints 0.04, half-down 0.03.
    mean, sd = window("0.03", "half_up"), window("0.18")
    assert not grimmer(mean, sd, 200).is_possible
    assert {sums.total for sums in grimmer(window("0.03"), sd, 200).passing} == {7}


def test_ties_as_python_prints_them_pass() -> None:
    # Python prints the exact tie 1.25 as 1.2; a rule that rounds ties up takes it for impossible.
    values = (1,) * 9 + (2,) * 3
    printed = f"{np.mean(values):.1f}", f"{np.std(values, ddof=1):.1f}"
    assert printed == ("1.2", "0.5")
    assert grimmer(window(printed[0]), window(printed[1]), 12, ddofs=(1,)).is_possible
    assert not grimmer(window("1.2", "half_up"), window("0.5"), 12, ddofs=(1,)).is_possible


def every_sum(number: int, largest: int) -> set[tuple[int, int]]:
    """Return (S, Q) of all whole numbers of at most a size."""
    values = range(-largest, largest + 1)
    return {moments(data) for data in combinations_with_replacement(values, number)}


@pytest.mark.parametrize(
    ("number", "largest"), [(1, 40), (2, 40), (3, 20), (4, 11), (5, 7), (6, 5)]
)
def test_sums_have_values_exactly_where_values_exist(number: int, largest: int) -> None:
    # A value beyond the largest has a square beyond `most` by itself.
    found, most = every_sum(number, largest), (largest + 1) ** 2 - 1
    totals = range(-isqrt(number * most), isqrt(number * most) + 1)
    for total, squares in product(totals, range(-3, most + 1)):
        assert squares_have_values(number, total, squares) is ((total, squares) in found)
    assert {total: min(q for s, q in found if s == total) for total in range(-3, 4)} == {
        total: least_squares(number, total) for total in range(-3, 4)
    }


def test_three_values_with_a_large_prime_factor_are_not_refused() -> None:
    # Half of 3 Q - S^2 is the product of two such primes: 2 and 2 modulo 3, so no values exist.
    primes = (1_000_037, 1_000_121)
    assert [prime % 3 for prime in primes] == [2, 2]
    squares = (2 * primes[0] * primes[1] + 1) // 3
    assert squares_have_values(3, 1, squares)
    # With smaller primes it is told.
    squares = (2 * 101 * 107 + 1) // 3
    assert not squares_have_values(3, 1, squares)


@pytest.mark.parametrize("step", [Fraction(1), HALF, Fraction(3)])
@pytest.mark.parametrize("ddof", [0, 1])
def test_what_passes_is_what_some_values_give(step: Fraction, ddof: int) -> None:
    """Compare with all values of up to five units, over all printable means and deviations."""
    for number in range(1 + ddof, 6):  # the theorem begins with five
        # With |mean| <= 1 and SD <= 2 (in steps) no value is further than 2 sqrt(5) from the mean.
        data = every_sum(number, 6)
        printable = [Fraction(k, 10) for k in range(0, 11, 2)]
        for mean, sd in product(printable, [Fraction(k, 5) for k in range(0, 10, 2)]):
            mean_window = rounding_window(mean * step, step / 10)
            sd_window = rounding_window(sd * step, step / 10)
            expected = {
                (total, squares)
                for total, squares in data
                if total * step / number in mean_window
                and is_root_of(
                    Fraction(squares - Fraction(total**2, number)), number - ddof, step, sd_window
                )
            }
            result = grimmer(mean_window, sd_window, number, step, (ddof,))
            found = {
                (sums.total, squares)
                for sums in result.passing
                for squares in sums.squares
                if squares_have_values(number, sums.total, squares)
            }
            assert found == expected
            assert result.is_possible is bool(expected)


def is_root_of(deviations: Fraction, divisor: int, step: Fraction, sd: Interval) -> bool:
    variance = deviations * step * step / divisor
    assert sd.low is not None
    assert sd.high is not None
    return (sd.low <= 0 or sd.low**2 <= variance) and variance <= sd.high**2


@pytest.mark.parametrize("number", range(1, 8))
def test_every_small_data_set_passes_as_floats_print_it(number: int) -> None:
    for values in combinations_with_replacement(range(5), number):
        for ddof, digits in product((0, 1), (0, 1, 2)):
            if ddof == number:
                continue
            mean, sd = float(np.mean(values)), float(np.std(values, ddof=ddof))
            result = grimmer(window(f"{mean:.{digits}f}"), window(f"{sd:.{digits}f}"), number)
            total, squares = moments(values)
            assert any(
                (sums.total, sums.ddof) == (total, ddof) and squares in sums.squares
                for sums in result.passing
            )


ROUNDERS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}


@given(
    values=st.lists(st.integers(-40, 90), min_size=2, max_size=40),
    step=st.sampled_from([Fraction(1), HALF, Fraction(1, 10), Fraction(5)]),
    ddof=st.sampled_from([0, 1]),
    digits=st.integers(0, 3),
    rounding=st.sampled_from(["nearest", *sorted(ROUNDERS)]),
)
def test_values_that_exist_pass_however_they_are_printed(
    values: list[int], step: Fraction, ddof: int, digits: int, rounding: str
) -> None:
    total, squares = moments(tuple(values))
    number = len(values)
    mean = total * step / number
    variance = (squares - Fraction(total * total, number)) * step * step / (number - ddof)
    if rounding == "nearest":
        texts = f"{float(mean):.{digits}f}", f"{sqrt(variance):.{digits}f}"
    else:
        quantum = Decimal(1).scaleb(-digits)
        exact = (
            Decimal(mean.numerator) / Decimal(mean.denominator),
            (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt(),
        )
        first, second = (f"{x.quantize(quantum, ROUNDERS[rounding]):f}" for x in exact)
        texts = first, second
    # Decimals of 28 digits stand beside a tie, never beyond it, as exact windows have it.
    convention = "any" if rounding == "truncate" else "nearest"
    result = grimmer(window(texts[0], convention), window(texts[1], convention), number, step)
    assert any(
        (sums.total, sums.ddof) == (total, ddof) and squares in sums.squares
        for sums in result.passing
    )


@given(
    mean=st.integers(0, 60),
    sd=st.integers(0, 40),
    number=st.integers(1, 30),
    numbers=st.integers(1, 4),
    step=st.sampled_from([Fraction(1), HALF]),
)
def test_what_does_not_pass_is_refused_with_a_reason_that_holds(
    mean: int, sd: int, number: int, numbers: int, step: Fraction
) -> None:
    tenth = Fraction(1, 10)
    result = grimmer(
        rounding_window(mean * tenth, tenth),
        rounding_window(sd * tenth, tenth),
        range(number, number + numbers),
        step,
    )
    tried = {
        (n, ddof, total)
        for n in result.numbers
        for total in totals_behind_mean(result.mean, n, step)
        for ddof in (0, 1)
        if n > ddof
    }
    refused = {(r.number, r.ddof, r.total) for r in result.refusals()}
    passed = {(s.number, s.ddof, s.total) for s in result.passing}
    assert refused | passed == tried
    assert not refused & passed
    for refusal in result.refusals():
        text, whole = str(refusal), refusal.window.integers()
        assert not any(
            squares_have_values(refusal.number, refusal.total, squares) for squares in whole
        )
        if "between" in text:
            assert not whole
        elif "at most" in text:
            assert max(whole) < refusal.least == least_squares(refusal.number, refusal.total)
        elif "but is odd" in text or "but is even" in text:
            assert len(whole) == 1
            assert ("odd" in text) is (refusal.total % 2 == 1) is (whole[0] % 2 == 0)
        else:
            assert refusal.number < 5


def test_a_deviation_below_the_least_is_refused() -> None:
    # Ten whole numbers with the total 5 have at least five 0s and five 1s, so at least 0.5.
    result = grimmer(window("0.5"), window("0.24"), 10)
    assert not result.is_possible
    assert str(result.refusals()[0]) == (
        "10 values, total 5, divisor 9: the sum of squares would be at most 3, but is 5 or more"
    )
    assert grimmer(window("0.5"), window("0.5"), 10).is_possible


def test_the_certificate_is_the_whole_question() -> None:
    result = grimmer(window("5.23"), window("0.00"), range(3, 5), HALF, (1,))
    assert json.loads(json.dumps(result.certificate())) == {
        "mean": "[5.225, 5.235]",
        "sd": "[0, 0.005]",
        "step": "0.5",
        "numbers": [3, 4],
        "ddofs": [1],
    }


def test_squares_are_those_of_the_result() -> None:
    assert squares_behind_sd(window("2.55"), 35, 183, ddof=0) == range(1185, 1186, 2)
    assert not squares_behind_sd(window("2.55"), 35, 183)
    # In halves the total is 366, and squares count four times: 4736 / 4 = 1184, ..., 1185.
    assert squares_behind_sd(window("2.55"), 35, 366, HALF, 0) == range(4736, 4742, 2)


def test_one_value_has_a_standard_deviation_of_zero_with_ddof_zero_only() -> None:
    result = grimmer(window("3"), window("0"), 1)
    assert [(sums.ddof, list(sums.squares)) for sums in result.passing] == [(0, [9])]
    assert not grimmer(window("3"), window("1"), 1).is_possible


def test_what_is_out_of_range_is_refused() -> None:
    mean, sd = window("2.5"), window("0.5")
    for numbers, step, ddofs in [
        (0, Fraction(1), (1,)),
        (range(0), Fraction(1), (1,)),
        (range(3), Fraction(1), (1,)),
        (range(2, 9, 2), Fraction(1), (1,)),
        (3, Fraction(0), (1,)),
        (3, Fraction(1), ()),
        (3, Fraction(1), (-1,)),
    ]:
        with pytest.raises(ValueError, match="expected consecutive numbers"):
            grimmer(mean, sd, numbers, step, ddofs)
    for bad in (window("-1.2"), window(">1.2"), Interval(Fraction(2), Fraction(1))):
        with pytest.raises(ValueError, match="expected two ends"):
            grimmer(mean, bad, 3)
    with pytest.raises(ValueError, match="more than 1000000 totals"):
        grimmer(mean, sd, 10**9)
    with pytest.raises(ValueError, match="more values than ddof"):
        squares_behind_sd(sd, 1, 3)
    with pytest.raises(ValueError, match="at least 1"):
        least_squares(0, 3)
