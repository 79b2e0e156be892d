"""Proofs against a judge that tries all values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integer_system_trials import (
    INFEASIBLE,
    chain,
    is_feasible,
    proves,
    refutation,
    systems,
    unhurried,
)

from netcore.stats.integer_systems import (
    Constraint,
    Infeasible,
    IntegerSystem,
    ProofNode,
    check_proof,
    labels_used,
    solve,
)
from netcore.stats.integer_systems.solver import DEEPEST_PROOF


def mutants(system: IntegerSystem, node: ProofNode) -> Iterator[ProofNode]:
    """Yield proofs that differ in one field, at any depth."""
    numbers = [*range(-1, len(system.constraints) + 1)]
    names = [*system.bounds, "no unknown"]
    for position, step in enumerate(node.steps):
        number, name, end, value = step
        changed = [
            *((other, name, end, value) for other in numbers),
            *((number, other, end, value) for other in names),
            *((number, name, other, value) for other in ("low", "high", "middle")),
            *((number, name, end, value + by) for by in (-2, -1, 1, 2)),
        ]
        before, after = node.steps[:position], node.steps[position + 1 :]
        for other in changed:
            if other != step:
                yield replace(node, steps=(*before, other, *after))
        yield replace(node, steps=before + after)
    if node.branch is None:
        for other_number in (None, *numbers):
            if other_number != node.contradiction:
                yield replace(node, contradiction=other_number)
        return
    name, value = node.branch
    for branch in [*((other, value) for other in names), (name, value - 1), (name, value + 1)]:
        if branch != node.branch:
            yield replace(node, branch=branch)
    yield replace(node, branches=node.branches[::-1])
    for kept in ((), node.branches[:1], node.branches[1:], node.branches * 2):
        yield replace(node, branches=kept)
    for position, child in enumerate(node.branches):
        for mutant in mutants(system, child):
            pair = list(node.branches)
            pair[position] = mutant
            yield replace(node, branches=tuple(pair))


@given(INFEASIBLE, st.none() | st.integers(0, 3), st.randoms(use_true_random=False))
@settings(unhurried, max_examples=60)
def test_a_changed_proof_is_refused_unless_it_is_one_still(
    system: IntegerSystem, seed: int | None, random: st.random.Random
) -> None:
    proof = refutation(system, seed)
    changed = list(mutants(system, proof))
    accepted = [
        mutant
        for mutant in random.sample(changed, min(len(changed), 80))
        if check_proof(system, mutant)
    ]
    for mutant in accepted:
        assert proves(system, mutant, dict(system.bounds)), mutant


def test_changes_of_every_field_are_refused() -> None:
    # x + y = 5, x - y = 2: no two whole numbers.
    total = Constraint((("x", 1), ("y", 1)), 5, 5, "total")
    gap = Constraint((("x", 1), ("y", -1)), 2, 2, "gap")
    system = IntegerSystem({"x": (0, 5), "y": (0, 5)}, (total, gap))
    proof = refutation(system)
    assert proof.branch is not None
    assert check_proof(system, proof)
    assert {len(child.steps) for child in proof.branches} == {1}
    assert [mutant for mutant in mutants(system, proof) if check_proof(system, mutant)] == []
    below, above = proof.branches
    for broken in (
        replace(proof, contradiction=0),
        replace(proof, branch=(proof.branch[0], proof.branch[1] + 0.5)),  # type: ignore[arg-type]
        replace(below, branch=None, contradiction=None),
        replace(above, branches=(below, above)),
    ):
        assert not check_proof(system, broken)


def test_a_bound_that_is_no_whole_number_proves_nothing() -> None:
    # 2x >= 4 leaves x = 2; 'x >= 2.5' would follow if only x <= 1.5 were tried.
    system = IntegerSystem({"x": (0, 2)}, (Constraint((("x", 2),), 4, None, "four"),))
    step = (0, "x", "low", 2.5)
    assert not check_proof(system, ProofNode((step,), 0))  # type: ignore[arg-type]
    cut = ProofNode((), None, ("x", 1.5), (ProofNode((), 0), ProofNode((), 0)))  # type: ignore[arg-type]
    assert not check_proof(system, cut)


@given(systems(), st.data())
@unhurried
def test_no_proof_is_accepted_against_a_system_with_a_solution(
    system: IntegerSystem, data: st.DataObject
) -> None:
    outcome = solve(system)
    if not isinstance(outcome, Infeasible) or not system.constraints:
        return
    number = data.draw(st.integers(0, len(system.constraints) - 1))
    changed = list(system.constraints)
    low, high = changed[number].low, changed[number].high
    if data.draw(st.booleans()):
        changed[number] = replace(changed[number], low=None if low is None else low - 2)
    else:
        changed[number] = replace(changed[number], high=None if high is None else high + 2)
    relaxed = IntegerSystem(system.bounds, tuple(changed))
    if is_feasible(relaxed):
        assert not check_proof(relaxed, outcome.proof)


def with_one_step_less(node: ProofNode) -> Iterator[ProofNode]:
    for position in range(len(node.steps)):
        yield replace(node, steps=node.steps[:position] + node.steps[position + 1 :])
    for position, child in enumerate(node.branches):
        for fewer in with_one_step_less(child):
            pair = list(node.branches)
            pair[position] = fewer
            yield replace(node, branches=tuple(pair))


@given(INFEASIBLE, st.none() | st.integers(0, 3))
@unhurried
def test_no_step_of_a_proof_can_be_left_out(system: IntegerSystem, seed: int | None) -> None:
    proof = refutation(system, seed)
    assert not any(check_proof(system, fewer) for fewer in with_one_step_less(proof))


@pytest.mark.parametrize("width", [9, 900], ids=["short", "long"])
def test_steps_that_lead_elsewhere_are_left_out_of_a_proof(width: int) -> None:
    # x < y <= x creeps up by one a step; z follows x, and nothing follows from z.
    creeping = (
        Constraint((("z", 1), ("x", -1)), 0, 5, "elsewhere"),
        Constraint((("x", 1), ("y", -1)), None, -1, "less"),
        Constraint((("y", 1), ("x", -1)), None, 0, "not less"),
    )
    system = IntegerSystem(dict.fromkeys("xyz", (0, width)), creeping)
    proof = refutation(system)
    assert width <= len(proof.steps) <= 2 * width
    assert labels_used(system, proof) == {"less", "not less"}
    assert check_proof(system, proof)


@given(INFEASIBLE)
@unhurried
def test_a_proof_needs_the_labels_that_it_uses_and_no_others(system: IntegerSystem) -> None:
    proof = refutation(system)
    used = labels_used(system, proof)
    assert check_proof(system, proof, used)
    assert not is_feasible(system, used)
    for label in used:
        assert not check_proof(system, proof, used - {label})


@given(INFEASIBLE)
@unhurried
def test_a_proof_is_plain_json(system: IntegerSystem) -> None:
    def read(node: dict[str, object]) -> ProofNode:
        steps = tuple(tuple(step) for step in node["steps"])  # type: ignore[attr-defined]
        if "branch" not in node:
            return ProofNode(steps, node["contradiction"])  # type: ignore[arg-type]
        halves = tuple(read(child) for child in node["branches"])  # type: ignore[attr-defined]
        return ProofNode(steps, None, tuple(node["branch"]), halves)  # type: ignore[arg-type]

    proof = refutation(system)
    assert read(json.loads(json.dumps(proof.as_json()))) == proof


def test_a_deep_proof_is_found_and_replayed() -> None:
    system = chain(DEEPEST_PROOF)
    proof = refutation(system)
    assert check_proof(system, proof)
    assert labels_used(system, proof) == {"link", "most"}
    assert json.loads(json.dumps(proof.as_json()))["steps"] == []


def test_a_proof_from_elsewhere_is_replayed_however_deep_it_is() -> None:
    odd = Constraint((("x", 2),), 7, 7, "odd")
    system = IntegerSystem({"x": (0, 9)}, (odd,))
    node = refutation(system)
    leaf = node
    assert not check_proof(system, replace(leaf, branches=(leaf, leaf)))
    for _ in range(5000):
        node = ProofNode((), None, ("x", 9), (node, leaf))
    assert check_proof(system, node)
