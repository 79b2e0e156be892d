"""Attainable ranges against enumeration of all solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from integer_system_trials import BIG, LABELS, solutions, systems, unhurried

from netcore.stats.integer_systems import (
    Constraint,
    Feasible,
    IntegerSystem,
    Ranges,
    attainable_range,
    solve,
)


@given(systems(), st.none() | st.sets(st.sampled_from(LABELS)))
@unhurried
def test_the_attainable_range_is_that_of_all_solutions(
    system: IntegerSystem, labels: set[str] | None
) -> None:
    every = solutions(system, labels)
    for name, values in every.items():
        expected = (int(values.min()), int(values.max()), True) if len(values) else None
        assert attainable_range(system, name, labels=labels) == expected


@given(systems(), st.lists(st.sets(st.sampled_from(LABELS)), max_size=5), st.randoms())
@unhurried
def test_what_earlier_questions_found_does_not_mislead_later_ones(
    system: IntegerSystem, questions: list[set[str]], random: st.random.Random
) -> None:
    known = {name: random.randint(*ends) for name, ends in system.bounds.items()}
    ranges = Ranges(system, known=[known])
    for labels in questions:
        every = solutions(system, labels)
        terms = [(name, random.choice((-2, -1, 1, 3))) for name in system.bounds]
        terms = random.sample(terms, random.randint(1, len(terms)))
        sums = np.array(sum(factor * every[name] for name, factor in terms))
        if len(sums):
            assert ranges.of(terms, labels) == (sums.min(), sums.max(), True)
            low, _, exact = ranges.of(terms, labels, is_limited=False) or (0, 0, False)
            assert (low, exact) == (sums.min(), True)
        else:
            assert ranges.of(terms, labels) is None
        value = random.randint(-5, 9)
        assert ranges.passes(terms, value, labels) == bool((sums > value).any())
        assert ranges.passes(terms, value, labels, below=True) == bool((sums != value).any())


@given(systems(), st.integers(0, 30))
@unhurried
def test_a_short_budget_leaves_the_range_sound(system: IntegerSystem, budget: int) -> None:
    values = solutions(system)["a"]
    found = attainable_range(system, "a", budget=budget)
    if found is None:
        assert len(values) == 0
        return
    low, high, exact = found
    least, greatest = system.bounds["a"]
    assert least <= low <= high <= greatest
    if len(values):
        assert low <= values.min() <= values.max() <= high
    if exact:
        assert (low, high) == (values.min(), values.max())


def test_a_range_of_which_one_end_is_undecided_says_so() -> None:
    # u must be even, which no bound shows; that it can be 0 is found at once.
    even = Constraint((("a", 2), ("b", 2), ("c", -2), ("u", 1)), 0, 0, "even")
    system = IntegerSystem({"u": (0, 1), **dict.fromkeys("abc", (0, BIG))}, (even,))
    assert isinstance(solve(system), Feasible)
    assert attainable_range(system, "u") == (0, 1, False)


def test_the_range_of_no_unknown_is_an_error_even_without_a_solution() -> None:
    never = Constraint((("x", 1),), 7, 7, "never")
    with pytest.raises(KeyError):
        attainable_range(IntegerSystem({"x": (0, 5)}, (never,)), "y")
