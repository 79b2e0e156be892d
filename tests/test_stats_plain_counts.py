"""Plain bounds of p-values of counts: they hold for every flavour of every table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random

import pytest

import verify_evidence
from netcore.stats.contingency import p_values
from netcore.stats.plain_counts import ends_of_p

Counts = tuple[int, int, int, int]  # a of r against c of s


def small_counts(most: int) -> Iterator[Counts]:
    """Yield all pairs of groups of up to so many units together, in which all margins are filled."""
    for r, s in product(range(1, most), repeat=2):
        if r + s <= most:
            for a, c in product(range(r + 1), range(s + 1)):
                if 0 < a + c < r + s:
                    yield a, r, c, s


def random_counts(number: int) -> Iterator[Counts]:
    random = Random(4)
    while number:
        r, s = random.randint(1, 90), random.randint(1, 90)
        a, c = random.randint(0, r), random.choice((random.randint(0, s), 0, s))
        if 0 < a + c < r + s:
            number -= 1
            yield a, r, c, s


def is_within(low: Fraction, high: Fraction, ends: tuple[Fraction, Fraction]) -> bool:
    """Return whether a p-value, known but for little, lies between bounds, or beyond 1 less the greater."""
    least, greatest = ends
    return (least <= low and high <= greatest) or low >= 1 - greatest


@pytest.mark.parametrize("counts", [list(small_counts(13)), list(random_counts(150))], ids=["all", "large"])  # fmt: skip
def test_no_flavour_of_any_table_is_out_of_bounds(counts: list[Counts]) -> None:
    for a, r, c, s in counts:
        ends = ends_of_p(a, r, c, s)
        for p in p_values(((a, r - a), (c, s - c))):
            assert is_within(p.low, p.high, ends), (a, r, c, s, p)


def test_bounds_are_about_as_narrow_as_the_flavours_are_apart() -> None:
    """10 of 30 against 17 of 26: from half of 0.0158 (G) to 0.0335 (Yates)."""
    low, high = ends_of_p(10, 30, 17, 26)
    assert Fraction(6, 1000) < low < Fraction(79, 10000)
    assert Fraction(335, 10000) < high < Fraction(54, 1000)


def test_a_table_that_compares_nothing_has_a_great_p_value() -> None:
    for counts in ((0, 3, 0, 4), (3, 3, 4, 4), (5, 3, 6, 4)):  # the last: fewer than have the level
        low, high = ends_of_p(*counts)
        assert low > Fraction(1, 3)
        assert high >= 1


def test_the_checker_bounds_p_alike() -> None:
    for a, r, c, s in [*small_counts(7), *random_counts(25), (0, 2, 0, 3), (4, 2, 1, 3)]:
        groups = [({"in all": [Fraction(k)] * 2}, n) for k, n in ((a, r), (c, s))]
        assert verify_evidence.ends_of_counts(*groups) == ends_of_p(a, r, c, s)


def test_the_checker_takes_no_range_for_a_count() -> None:
    one, other = ({"x": [Fraction(2), Fraction(3)]}, 9), ({"y": [Fraction(4)] * 2}, 9)
    with pytest.raises(ValueError, match="unpack"):
        verify_evidence.ends_of_counts(one, other)


def test_bounds_a_fifth_narrower_leave_flavours_out() -> None:
    left_out = dict.fromkeys(("fisher_mid_less", "likelihood_ratio", "yates", "fisher_doubled"), 0)
    for a, r, c, s in small_counts(11):
        low, high = ends_of_p(a, r, c, s)
        for p in p_values(((a, r - a), (c, s - c))):
            name = p.flavour.name
            one_sided = p.low / 2 if name == "likelihood_ratio" else p.low
            if name in left_out and (one_sided < low * 5 / 4 or high * 4 / 5 < p.high):
                left_out[name] += 1
    assert all(left_out.values()), left_out
