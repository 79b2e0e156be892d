"""DEBIT: which counts of 1s stand behind a mean and a standard deviation of 0s and 1s."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import sqrt

import pytest
from multiset_oracle import has_moments

from netcore.printed import Interval, parse_printed
from netcore.stats.moments.binary import BinaryCount, debit
from netcore.stats.moments.multisets import find_multiset, multiset_questions


def window(text: str) -> Interval:
    return parse_printed(text).window()


@pytest.mark.parametrize(
    ("mean", "sd", "number", "possible"),
    [
        # The published example of the R package scrutiny (`pigs3`), divisor n - 1.
        ("0.53", "0.50", 1683, True),
        ("0.44", "0.50", 1683, True),
        ("0.77", "0.42", 1683, True),
        ("0.19", "0.35", 1683, False),
        ("0.34", "0.47", 1683, True),
        ("0.93", "0.25", 1683, True),
        ("0.12", "0.33", 1683, True),
        ("0.03", "0.18", 200, True),
        ("0.36", "0.11", 20, False),
        # No count of 40 is 0.11, although the root of 0.11 x 0.89 x 40 / 39 is near 0.31.
        ("0.11", "0.31", 40, False),
        ("1.00", "0.00", 5, True),
        ("1.20", "0.00", 5, False),
    ],
)
def test_debit_vectors(mean: str, sd: str, number: int, possible: bool) -> None:
    assert bool(debit(window(mean), window(sd), number, (1,))) is possible


@pytest.mark.parametrize("number", range(1, 13))
def test_the_counts_are_those_of_all_binary_data(number: int) -> None:
    shares = [f"{k / 20:.2f}" for k in range(21)]
    for mean, sd, ddof in product(shares, shares[:12], (0, 1)):
        means, sds = window(mean), window(sd)
        expected = [
            BinaryCount(number, ones, ddof)
            for ones in range(number + 1)
            if has_moments(
                (0,) * (number - ones) + (1,) * ones,
                (means.low, means.high),
                (sds.low, sds.high),
                (ddof,),
            )
        ]
        assert list(debit(means, sds, number, (ddof,))) == expected
        [question] = multiset_questions(means, sds, number, 0, 1, ddofs=(ddof,))
        assert (find_multiset(question).outcome == "exists") is bool(expected)


def test_binary_data_that_exist_always_pass() -> None:
    for number in (*range(1, 30), 200, 1000):
        for ones in range(0, number + 1, max(1, number // 29)):
            for ddof, digits in product((0, 1), (1, 2, 3)):
                if ddof == number:
                    continue
                sd = sqrt(ones * (number - ones) / (number * (number - ddof)))
                found = debit(
                    window(f"{ones / number:.{digits}f}"), window(f"{sd:.{digits}f}"), number
                )
                assert BinaryCount(number, ones, ddof) in found


def test_numbers_may_be_a_range() -> None:
    found = debit(window("0.33"), window("0.58"), range(1, 8))
    assert found == (BinaryCount(3, 1, 1),)


def test_what_is_out_of_range_is_refused() -> None:
    for numbers, ddofs in [(0, (1,)), (range(0), (1,)), (3, ()), (3, (-1,))]:
        with pytest.raises(ValueError, match="expected at least 1"):
            debit(window("0.3"), window("0.5"), numbers, ddofs)
    with pytest.raises(ValueError, match="two ends"):
        debit(window("0.3"), Interval(None, Fraction(-1)), 3)
