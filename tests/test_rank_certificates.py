"""Exclusions of p-values are found again by a checker of their own."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rank_certificate_checker import counts, replay, tail_exceeds

from netcore.printed import Interval
from netcore.stats.ranks.attainable import Comparison, PrintedSample, exclusion
from netcore.stats.ranks.flavours import FLAVOURS

X = [("1/4", "14.15", "14.25"), ("1/2", "23.535", "23.545"), ("3/4", "24.75", "24.85")]
Y = [("1/4", "14.65", "14.75"), ("1/2", "21.75", "21.85"), ("3/4", "55.5", "56.5")]


def windows(rows: list[tuple[str, str, str]]) -> list[tuple[Fraction, Fraction, Fraction]]:
    return [(Fraction(share), Fraction(low), Fraction(high)) for share, low, high in rows]


def test_the_checker_confirms_an_exclusion_over_all_sizes() -> None:
    x, y, p = windows(X), windows(Y), Fraction("0.000365")
    assert replay(x, y, (15, 19), Fraction(0), p, Fraction(11)) == 285
    samples = [
        PrintedSample(
            tuple((share, Interval(low, high)) for share, low, high in rows),
            1,
            n,
            Interval(Fraction(0), None),
        )
        for rows, n in ((x, 15), (y, 19))
    ]
    quick = [flavour for flavour in FLAVOURS.values() if flavour.distribution != "conditional"]
    assert exclusion(Comparison(*samples, Interval(Fraction(0), p)), quick).is_proof


def test_the_checker_refuses_what_is_not_so() -> None:
    with pytest.raises(AssertionError):
        replay(windows(X), windows(Y), (15, 19), Fraction(0), Fraction("0.02"), Fraction(4))
    with pytest.raises(AssertionError):  # the threshold does not belong to the p-value
        replay(windows(X), windows(Y), (15, 19), Fraction(0), Fraction("0.000365"), Fraction(20))


def test_its_counts_and_tails_are_those_of_tables() -> None:
    assert counts(2, 2) == (1, 1, 2, 1, 1)
    assert tail_exceeds(Fraction("3.84"), Fraction("0.05"))
    assert not tail_exceeds(Fraction("3.85"), Fraction("0.05"))
