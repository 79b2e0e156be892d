"""Smallest conflicts against trial of all sets."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from integer_system_trials import BIG, LABELS, conflicts_by_trial, is_feasible, systems, unhurried

from netcore.stats.integer_systems import (
    Constraint,
    Exhausted,
    Infeasible,
    IntegerSystem,
    minimal_conflicts,
    solve,
)


@given(systems(), st.sets(st.sampled_from(LABELS), max_size=2))
@unhurried
def test_the_smallest_conflicts_are_those_that_trial_finds(
    system: IntegerSystem, hard: set[str]
) -> None:
    soft = [label for label in LABELS if label not in hard]
    found, complete = minimal_conflicts(system, soft, hard=hard)
    assert complete
    assert {frozenset(core) for core in found} == conflicts_by_trial(system, soft, hard)
    assert len({frozenset(core) for core in found}) == len(found)
    assert [len(core) for core in found] == sorted(len(core) for core in found)
    assert all(list(core) == [label for label in soft if label in core] for core in found)


@given(systems(), st.integers(0, 30), st.integers(0, 3))
@unhurried
def test_a_short_budget_finds_fewer_conflicts_and_says_so(
    system: IntegerSystem, budget: int, most: int
) -> None:
    found, complete = minimal_conflicts(system, LABELS, budget=budget, most=most)
    cores = {frozenset(core) for core in found}
    assert all(not is_feasible(system, core) for core in cores)
    assert not any(one < other for one in cores for other in cores)
    if complete:
        assert cores == conflicts_by_trial(system, LABELS, [])


def test_more_conflicts_than_labels_are_all_found() -> None:
    # Seven values of one unknown: each of the 21 pairs is a conflict.
    labels = [f"x is {value}" for value in range(7)]
    system = IntegerSystem(
        {"x": (0, 9)}, tuple(Constraint((("x", 1),), v, v, label) for v, label in enumerate(labels))
    )
    found, complete = minimal_conflicts(system, labels)
    assert complete
    assert list(found) == list(itertools.combinations(labels, 2))
    fewer, complete = minimal_conflicts(system, labels, most=5)
    assert not complete
    assert set(fewer) < set(found)


def test_hard_labels_that_conflict_among_themselves_leave_the_empty_set() -> None:
    alone = Constraint((("x", 2),), 3, 3, "odd")
    system = IntegerSystem({"x": (0, 9)}, (alone, Constraint((("x", 1),), 1, 1, "one")))
    assert minimal_conflicts(system, ["one"], hard=["odd"]) == (((),), True)


def test_a_label_that_is_named_twice_is_one_label() -> None:
    system = IntegerSystem({"x": (0, 9)}, (Constraint((("x", 2),), 3, 3, "odd"),))
    assert minimal_conflicts(system, ["odd", "odd"]) == ((("odd",),), True)


def zero_or_odd(greatest: int) -> IntegerSystem:
    """Return a system that 'odd' alone makes impossible, but 'zero' shows it sooner."""
    others = tuple((f"z{i}", 1) for i in range(50))
    return IntegerSystem(
        {**dict.fromkeys("abc", (0, greatest)), **{name: (0, 1) for name, _ in others}},
        (
            Constraint((("a", 1), ("b", 1), ("c", 1)), 0, 0, "zero"),
            Constraint((("a", 2), ("b", 2), ("c", -2)), 1, 1, "odd"),
            Constraint(others, 0, 49, "odd"),
            Constraint(others, 0, 0, "none"),
        ),
    )


def test_a_conflict_is_made_as_small_as_can_be() -> None:
    found, _ = minimal_conflicts(zero_or_odd(9), ["zero", "odd"], most=1)
    assert found == (("odd",),)


def test_an_unfinished_search_for_a_smaller_conflict_is_no_complete_answer() -> None:
    found, complete = minimal_conflicts(zero_or_odd(BIG), ["zero", "odd"], budget=200)
    assert found == (("zero", "odd"),)
    assert not complete


def test_a_conflict_within_another_takes_its_place() -> None:
    # Beside 'none' the budget is enough to refute 'odd', alone it is not.
    system, budget = zero_or_odd(3), 30
    assert isinstance(solve(system, labels=["zero", "odd"], budget=budget), Infeasible)
    assert isinstance(solve(system, labels=["none", "odd"], budget=budget), Infeasible)
    assert isinstance(solve(system, labels=["odd"], budget=budget), Exhausted)
    found, complete = minimal_conflicts(system, ["zero", "odd", "none"], budget=budget)
    assert found == (("odd",),)
    assert not complete
