"""The search against enumeration of all values of all unknowns."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integer_system_trials import (
    BIG,
    LABELS,
    QUICK,
    chain,
    is_feasible,
    proves,
    refutation,
    satisfies,
    systems,
    unhurried,
)

from netcore.stats.integer_systems import (
    Constraint,
    Exhausted,
    Feasible,
    Infeasible,
    IntegerSystem,
    ProofNode,
    attainable_range,
    check_proof,
    labels_used,
    solve,
)
from netcore.stats.integer_systems.solver import DEEPEST_PROOF


@given(systems(), st.none() | st.integers(0, 3))
@settings(unhurried, max_examples=300)
def test_a_system_is_solved_if_and_only_if_it_has_a_solution(
    system: IntegerSystem, seed: int | None
) -> None:
    outcome = solve(system, seed=seed)
    if is_feasible(system):
        assert isinstance(outcome, Feasible)
        assert satisfies(dict(outcome.values), system)
    else:
        assert isinstance(outcome, Infeasible)
        assert check_proof(system, outcome.proof)
        assert proves(system, outcome.proof, dict(system.bounds))


@given(systems(), st.sets(st.sampled_from(LABELS)))
@unhurried
def test_only_constraints_with_the_labels_count(system: IntegerSystem, labels: set[str]) -> None:
    outcome = solve(system, labels=labels)
    assert isinstance(outcome, Feasible) == is_feasible(system, labels)
    if isinstance(outcome, Feasible):
        assert satisfies(dict(outcome.values), system, labels)
    elif isinstance(outcome, Infeasible):
        assert labels_used(system, outcome.proof) <= labels
        assert check_proof(system, outcome.proof, labels)


@given(systems(), st.integers(0, 6), st.integers(0, 6))
@unhurried
def test_narrower_bounds_narrow_the_solutions(system: IntegerSystem, one: int, other: int) -> None:
    low, high = system.bounds["a"]
    least, most = sorted((min(max(one, low), high), min(max(other, low), high)))
    narrower = IntegerSystem({**system.bounds, "a": (least, most)}, system.constraints)
    outcome = solve(system, tightened={"a": (least, most)})
    assert isinstance(outcome, Feasible) == is_feasible(narrower)
    if isinstance(outcome, Feasible):
        assert satisfies(dict(outcome.values), narrower)
    elif isinstance(outcome, Infeasible):
        assert check_proof(narrower, outcome.proof)


@pytest.mark.parametrize("tightened", [{"x": (2, 1)}, {"x": (-1, 3)}, {"x": (0, 6)}, {"y": (0, 1)}])
def test_narrower_bounds_lie_within_those_of_an_unknown(
    tightened: dict[str, tuple[int, int]],
) -> None:
    with pytest.raises(ValueError, match="expected narrower ones of an unknown"):
        solve(IntegerSystem({"x": (0, 5)}, ()), tightened=tightened)


@given(systems(), st.integers(0, 100))
@unhurried
def test_one_seed_draws_one_solution(system: IntegerSystem, seed: int) -> None:
    assert solve(system, seed=seed) == solve(system, seed=seed)


def test_seeds_reach_every_solution() -> None:
    # x + y + z = 4 has 15 solutions in natural numbers, C(6, 2).
    total = Constraint((("x", 1), ("y", 1), ("z", 1)), 4, 4, "total")
    system = IntegerSystem(dict.fromkeys("xyz", (0, 4)), (total,))
    drawn = set()
    for seed in range(400):
        outcome = solve(system, seed=seed)
        assert isinstance(outcome, Feasible)
        drawn.add(tuple(outcome.values.values()))
    assert len(drawn) == 15


def test_seeds_vary_unknowns_in_no_constraint_too() -> None:
    system = IntegerSystem({"x": (0, 3)}, ())
    drawn = {solve(system, seed=seed).values["x"] for seed in range(50)}  # type: ignore[union-attr]
    assert drawn == {0, 1, 2, 3}


def test_bounds_of_a_sum_that_change_places_are_a_contradiction_at_once() -> None:
    # By propagation alone the two ends would close in by one a step.
    terms = (("x", 1), ("y", 1))
    nothing = Constraint(terms, BIG + 1, BIG, "no sum")
    system = IntegerSystem({"x": (0, BIG), "y": (0, BIG)}, (nothing,))
    proof = refutation(system)
    assert proof == ProofNode((), 0)
    assert check_proof(system, proof)
    assert not check_proof(system, proof, labels=[])


@given(systems(), st.integers(0, 30), st.none() | st.integers(0, 3))
@settings(unhurried, max_examples=200)
def test_a_short_budget_ends_in_no_wrong_answer(
    system: IntegerSystem, budget: int, seed: int | None
) -> None:
    outcome = solve(system, budget=budget, seed=seed)
    if isinstance(outcome, Exhausted):
        assert outcome.budget == budget
        return
    assert isinstance(outcome, Feasible) == is_feasible(system)
    if isinstance(outcome, Feasible):
        assert satisfies(dict(outcome.values), system)
    else:
        assert check_proof(system, outcome.proof)


SLOW = [
    # Each revision moves one bound by one.
    (Constraint((("x", 1), ("y", -1)), None, -1, "p"), Constraint((("y", 1), ("x", -1)), None, 0, "q")),
    # No bound moves, and half of the half is as bad.
    (Constraint((("x", 2), ("y", -2)), 1, 1, "odd"),),
]  # fmt: skip


@pytest.mark.parametrize("slow", SLOW, ids=["creeping", "parity"])
@pytest.mark.parametrize("seed", [None, 1])
def test_slow_convergence_ends_on_the_budget(
    slow: tuple[Constraint, ...], seed: int | None
) -> None:
    system = IntegerSystem({"x": (0, BIG), "y": (0, BIG)}, slow)
    started = time.perf_counter()
    assert isinstance(solve(system, seed=seed), Exhausted)
    low, high, exact = attainable_range(system, "x") or (0, 0, True)
    assert time.perf_counter() - started < QUICK
    assert not exact
    assert 0 <= low <= high <= BIG


@pytest.mark.parametrize("seed", [None, 1])
def test_thousands_of_unknowns_in_no_constraint_have_a_solution(seed: int | None) -> None:
    system = IntegerSystem({f"x{i}": (0, 34) for i in range(2000)}, ())
    outcome = solve(system, seed=seed)
    assert isinstance(outcome, Feasible)
    assert satisfies(dict(outcome.values), system)


@pytest.mark.parametrize("seed", [None, 1])
def test_thousands_of_branchings_within_one_another_have_a_solution(seed: int | None) -> None:
    pairs = [Constraint(((f"x{i}", 1), (f"y{i}", 1)), 1, 1, "pair") for i in range(1200)]
    system = IntegerSystem(
        {f"{name}{i}": (0, 1) for i in range(1200) for name in "xy"}, tuple(pairs)
    )
    outcome = solve(system, seed=seed)
    assert isinstance(outcome, Feasible)
    assert satisfies(dict(outcome.values), system)


def test_a_proof_too_deep_to_be_read_is_none() -> None:
    assert isinstance(solve(chain(DEEPEST_PROOF + 2)), Exhausted)
    assert isinstance(solve(chain(1000)), Exhausted)
