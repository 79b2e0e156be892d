"""Null distributions of rank statistics, against all arrangements, textbooks and recursions."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, combinations, pairwise, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.stats.ranks.null_distributions import (
    mann_whitney_counts,
    signed_rank_counts,
    tied_mann_whitney_counts,
    tied_signed_rank_counts,
)
from tests.rank_references import u_of


def levels(groups: tuple[int, ...]) -> list[int]:
    return [level for level, size in enumerate(groups) for _ in range(size)]


def midranks(values: list[int]) -> list[Fraction]:
    return [
        Fraction(2 * sum(v < value for v in values) + values.count(value) + 1, 2)
        for value in values
    ]


def at_most(found: list[int], last: int) -> tuple[int, ...]:
    return tuple(accumulate(found.count(k) for k in range(last + 1)))


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (1, 5), (4, 1), (3, 4), (4, 4), (5, 3)])
def test_u_without_ties_is_counted_as_in_all_orders(n1: int, n2: int) -> None:
    total = range(n1 + n2)
    found = [int(u_of(x, [y for y in total if y not in x])) for x in combinations(total, n1)]
    assert mann_whitney_counts(n1, n2) == at_most(found, n1 * n2)


GROUPS = (
    st.lists(st.integers(1, 4), min_size=1, max_size=5)
    .map(tuple)
    .filter(lambda groups: 2 <= sum(groups) <= 9)
)


@given(GROUPS, st.data())
@settings(deadline=None, max_examples=60)
def test_u_of_tied_values_is_counted_as_in_all_choices(
    groups: tuple[int, ...], data: st.DataObject
) -> None:
    values = levels(groups)
    n1 = data.draw(st.integers(1, len(values) - 1))
    found = []
    for chosen in combinations(range(len(values)), n1):
        x = [values[i] for i in chosen]
        y = [value for i, value in enumerate(values) if i not in chosen]
        found.append(int(2 * u_of(x, y)))
    assert tied_mann_whitney_counts(n1, groups) == at_most(found, 2 * n1 * (len(values) - n1))


@given(GROUPS, st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_w_of_tied_differences_is_counted_as_in_all_signs(
    groups: tuple[int, ...], zeros: int
) -> None:
    ranks = [rank + zeros for rank in midranks(levels(groups))]
    found = [
        int(2 * sum((rank for rank, sign in zip(ranks, signs, strict=True) if sign), Fraction(0)))
        for signs in product((0, 1), repeat=len(ranks))
    ]
    assert tied_signed_rank_counts(groups, zeros) == at_most(found, int(2 * sum(ranks)))


@pytest.mark.parametrize(("n1", "n2"), [(2, 7), (9, 9), (15, 19), (30, 21)])
def test_values_without_ties_are_groups_of_one(n1: int, n2: int) -> None:
    tied = tied_mann_whitney_counts(n1, (1,) * (n1 + n2))
    assert tied[::2] == mann_whitney_counts(n1, n2)
    assert tied[1::2] == tied[:-1:2]


def test_sixty_and_sixty_values_have_the_moments_of_u() -> None:
    counts = mann_whitney_counts(60, 60)
    single = [counts[0], *(b - a for a, b in pairwise(counts))]
    total = comb(120, 60)
    assert counts[-1] == total
    assert single == single[::-1]
    mean = Fraction(sum(u * n for u, n in enumerate(single)), total)
    assert mean == 1800
    variance = Fraction(sum((u - 1800) ** 2 * n for u, n in enumerate(single)), total)
    assert variance == Fraction(60 * 60 * 121, 12)


@pytest.mark.parametrize(
    ("n1", "n2", "critical"),
    # Two-sided 5 % points of U (Siegel and Castellan 1988 and many other books).
    [(5, 5, 2), (8, 8, 13), (10, 10, 23), (10, 20, 55), (20, 20, 127)],
)
def test_printed_tables_of_critical_values_hold(n1: int, n2: int, critical: int) -> None:
    counts = mann_whitney_counts(n1, n2)
    assert 40 * counts[critical] <= counts[-1] < 40 * counts[critical + 1]


@pytest.mark.parametrize(("n", "critical"), [(6, 0), (10, 8), (15, 25), (20, 52), (25, 89)])
def test_printed_tables_of_the_signed_rank_test_hold(n: int, critical: int) -> None:
    counts = signed_rank_counts(n)
    assert 40 * counts[critical] <= counts[-1] < 40 * counts[critical + 1]


def test_what_is_no_sample_is_refused() -> None:
    for call in (
        lambda: mann_whitney_counts(0, 3),
        lambda: tied_mann_whitney_counts(3, (1, 2)),
        lambda: tied_mann_whitney_counts(1, (2, 0)),
        lambda: tied_mann_whitney_counts(1, ()),
        lambda: signed_rank_counts(0),
        lambda: tied_signed_rank_counts((1,), zeros=-1),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()
