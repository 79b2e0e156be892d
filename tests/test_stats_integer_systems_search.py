"""Searches from a known solution against enumeration of all values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integer_system_trials import LABELS, is_feasible, satisfies, systems, unhurried

from netcore.stats.integer_systems import Constraint, IntegerSystem
from netcore.stats.integer_systems.search import BudgetEndedError, Search

ENOUGH = 100_000


@st.composite
def starts(draw: st.DrawFn) -> tuple[IntegerSystem, list[int]]:
    """Draw a system, and values of its unknowns that need not solve it."""
    system = draw(systems())
    return system, [draw(st.integers(low, high)) for low, high in system.bounds.values()]


@given(starts(), st.none() | st.sets(st.sampled_from(LABELS)))
@unhurried
def test_a_solution_is_found_from_anywhere_if_there_is_one(
    start: tuple[IntegerSystem, list[int]], labels: set[str] | None
) -> None:
    system, values = start
    search = Search(system, labels, ENOUGH, None)
    found = search.near(values)
    assert (found is not None) == is_feasible(system, labels)
    if found is not None:
        assert satisfies(dict(zip(system.bounds, found, strict=True)), system, labels)


@given(starts(), st.integers(0, 6))
@unhurried
def test_a_walk_ends_in_a_solution_or_nowhere(
    start: tuple[IntegerSystem, list[int]], moves: int
) -> None:
    system, values = start
    found = Search(system, None, ENOUGH, None).walk(values, moves)
    if found is not None:
        assert satisfies(dict(zip(system.bounds, found, strict=True)), system)


@given(starts())
@unhurried
def test_a_solution_is_its_own_nearest(start: tuple[IntegerSystem, list[int]]) -> None:
    system, values = start
    if satisfies(dict(zip(system.bounds, values, strict=True)), system):
        assert Search(system, None, ENOUGH, None).near(values) == values
        assert Search(system, None, ENOUGH, None).walk(values, 1) == values


def test_a_walk_moves_a_unit_from_one_cell_to_another() -> None:
    # One more in a, from a table of 2 by 2 with margins that stay: b and c lose one, d gains it.
    margins = (("a", "b"), ("c", "d"), ("a", "c"), ("b", "d"))
    fixed = tuple(Constraint(((x, 1), (y, 1)), 5, 5, x + y) for x, y in margins)
    more = Constraint((("a", 1),), 3, None, "more")
    system = IntegerSystem(dict.fromkeys("abcd", (0, 9)), (*fixed, more))
    assert Search(system, None, ENOUGH, None).walk([2, 3, 3, 2], 10) == [3, 2, 2, 3]
    assert Search(system, None, ENOUGH, None).walk([2, 3, 3, 2], 2) is None


@given(systems(), st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 6)), max_size=6))
@unhurried
def test_sums_of_bounds_are_kept_up_to_date(
    system: IntegerSystem, cuts: list[tuple[str, int]]
) -> None:
    search = Search(system, None, ENOUGH, None)
    search.watch(tuple((name, 1) for name in system.bounds))
    before = (search.least[:], search.most[:])
    for name, value in cuts:
        if name in system.bounds and search.low[search.index[name]] <= value:
            i = search.index[name]
            search.tighten(i, search.low[i], min(value, search.high[i]))
            search.propagate([number for number, _ in search.uses[i]], [])
            ends = list(zip(search.low, search.high, strict=True))
            for number, terms in enumerate(search.terms):
                sums = [sorted((f * ends[i][0], f * ends[i][1])) for i, f in terms]
                assert search.least[number] == sum(low for low, _ in sums)
                assert search.most[number] == sum(high for _, high in sums)
    search.take_back(0)
    assert (search.least, search.most) == before


def test_a_search_near_a_solution_ends_on_its_budget() -> None:
    odd = Constraint((("x", 2), ("y", -2)), 1, 1, "odd")
    system = IntegerSystem({"x": (0, 10**9), "y": (0, 10**9)}, (odd,))
    with pytest.raises(BudgetEndedError):
        Search(system, None, 200, None).near([0, 0])
