"""Integer systems against enumeration of all values of all unknowns."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from netcore.stats.integer_systems import (
    DEEPEST_PROOF,
    Constraint,
    Exhausted,
    Feasible,
    Infeasible,
    IntegerSystem,
    ProofNode,
    attainable_range,
    check_proof,
    labels_used,
    minimal_conflicts,
    solve,
)

Box = dict[str, tuple[int, int]]

# A slow machine is no fault of the code.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = "abcde"
LABELS = "pqrs"
QUICK = 2.0  # seconds; a budget of 20,000 short revisions takes about a tenth of one
BIG = 10**9


# What enumeration says


def holds(constraint: Constraint, columns: dict[str, NDArray[np.int64]]) -> NDArray[np.bool_]:
    sums = np.zeros_like(next(iter(columns.values())))
    for name, factor in constraint.terms:
        sums = sums + factor * columns[name]
    within = np.ones(sums.shape, dtype=bool)
    if constraint.low is not None:
        within &= sums >= constraint.low
    if constraint.high is not None:
        within &= sums <= constraint.high
    return within


def points(box: Box) -> dict[str, NDArray[np.int64]]:
    """Return every point of a box, a column for each unknown."""
    axes = [np.arange(low, high + 1) for low, high in box.values()]
    grids = np.meshgrid(*axes, indexing="ij")
    return {name: grid.ravel() for name, grid in zip(box, grids, strict=True)}


def solutions(
    system: IntegerSystem, labels: Collection[str] | None = None
) -> dict[str, NDArray[np.int64]]:
    columns = points(dict(system.bounds))
    within = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for constraint in system.constraints:
        if labels is None or constraint.label in labels:
            within &= holds(constraint, columns)
    return {name: column[within] for name, column in columns.items()}


def is_feasible(system: IntegerSystem, labels: Collection[str] | None = None) -> bool:
    return len(next(iter(solutions(system, labels).values()))) > 0


def satisfies(
    values: dict[str, int], system: IntegerSystem, labels: Collection[str] | None = None
) -> bool:
    within = all(low <= values[name] <= high for name, (low, high) in system.bounds.items())
    sums = [
        (constraint, sum(factor * values[name] for name, factor in constraint.terms))
        for constraint in system.constraints
        if labels is None or constraint.label in labels
    ]
    return within and all(
        (c.low is None or c.low <= total) and (c.high is None or total <= c.high)
        for c, total in sums
    )


def conflicts_by_trial(
    system: IntegerSystem, soft: Collection[str], hard: Collection[str]
) -> set[frozenset[str]]:
    """Return the smallest infeasible sets, by trying every set, small ones first."""
    found: set[frozenset[str]] = set()
    for size in range(len(soft) + 1):
        for chosen in map(frozenset, itertools.combinations(soft, size)):
            if not any(core <= chosen for core in found) and not is_feasible(
                system, {*chosen, *hard}
            ):
                found.add(chosen)
    return found


def follows(constraint: Constraint, box: Box) -> bool:
    """Return whether no point of a box satisfies a constraint, by trying all."""
    box = {name: box[name] for name, _ in constraint.terms}
    if not box:
        return not ((constraint.low or 0) <= 0 <= (constraint.high or 0))
    return not holds(constraint, points(box)).any()


def proves(system: IntegerSystem, node: ProofNode, box: Box) -> bool:
    """Replay a proof by trying all values: a judge that knows no bounds of sums."""
    box = dict(box)
    for number, name, end, value in node.steps:
        if not 0 <= number < len(system.constraints) or name not in box:
            return False
        low, high = box[name]
        excluded, kept = {
            "low": ((low, value - 1), (value, high)),
            "high": ((value + 1, high), (low, value)),
        }.get(end, ((0, 0), None))
        constraint = system.constraints[number]
        if kept is None or name not in dict(constraint.terms):
            return False
        if not follows(constraint, {**box, name: excluded}):
            return False
        box[name] = kept
    if node.branch is None:
        number_or_none = node.contradiction
        return (
            number_or_none is not None
            and 0 <= number_or_none < len(system.constraints)
            and follows(system.constraints[number_or_none], box)
        )
    name, value = node.branch
    if name not in box or len(node.branches) != 2:
        return False
    low, high = box[name]
    halves = ((low, min(value, high)), (max(value + 1, low), high))
    return all(
        proves(system, child, {**box, name: half})
        for child, half in zip(node.branches, halves, strict=True)
    )


# Random systems


@st.composite
def constraints(draw: st.DrawFn, names: str) -> Constraint:
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
    factors = st.integers(-3, 3).filter(bool)
    terms = tuple((name, draw(factors)) for name in chosen)
    low = draw(st.none() | st.integers(-10, 20))
    width = st.none() | st.integers(-1, 4)
    high = draw(width if low is not None else st.none() | st.integers(-10, 20))
    if low is not None and high is not None:
        high += low
    return Constraint(terms, low, high, draw(st.sampled_from(LABELS)))


@st.composite
def systems(draw: st.DrawFn) -> IntegerSystem:
    names = NAMES[: draw(st.integers(1, 5))]
    bounds = {}
    for name in names:
        low = draw(st.integers(0, 6))
        bounds[name] = (low, draw(st.integers(low, 6)))
    return IntegerSystem(bounds, tuple(draw(st.lists(constraints(names), max_size=7))))


def parity_systems() -> Iterator[IntegerSystem]:
    """Systems without a solution whose proofs branch: no bound shows a parity."""
    for a, b, c in itertools.product((2, -2), (2, -2), (2, 0, -2)):
        terms = tuple((name, f) for name, f in zip("abc", (a, b, c), strict=True) if f)
        odd = Constraint(terms, 3, 3, "odd")
        positive = Constraint((("a", 1), ("b", 1)), 1, None, "some")
        yield IntegerSystem(dict.fromkeys("abc", (0, 4)), (positive, odd))


def without_solution(system: IntegerSystem) -> IntegerSystem:
    """Return the system itself, or with one more constraint that rules its solutions out."""
    columns = solutions(system)
    sums = sum(columns.values())
    assert isinstance(sums, np.ndarray)
    if not len(sums):
        return system
    terms = tuple((name, 1) for name in columns)
    less = Constraint(terms, None, int(sums.min()) - 1, "s")
    return IntegerSystem(system.bounds, (*system.constraints, less))


INFEASIBLE = systems().map(without_solution) | st.sampled_from(list(parity_systems()))


def refutation(system: IntegerSystem, seed: int | None = None) -> ProofNode:
    outcome = solve(system, seed=seed)
    assert isinstance(outcome, Infeasible)
    return outcome.proof


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


# Solving


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


# Proofs


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


# Ranges and conflicts


@given(systems(), st.none() | st.sets(st.sampled_from(LABELS)))
@unhurried
def test_the_attainable_range_is_that_of_all_solutions(
    system: IntegerSystem, labels: set[str] | None
) -> None:
    every = solutions(system, labels)
    for name, values in every.items():
        expected = (int(values.min()), int(values.max()), True) if len(values) else None
        assert attainable_range(system, name, labels=labels) == expected


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
        {"x": (0, 9)},
        tuple(Constraint((("x", 1),), v, v, label) for v, label in enumerate(labels)),
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


# Budgets and sizes


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


def chain(length: int) -> IntegerSystem:
    """Return a system whose proof cuts one unknown after another.

    x = 0 would need y >= 1 and y <= 0, which no bound shows before x is cut;
    and not all x can be 1.
    """
    bounds = {f"{name}{i}": (0, 1) for i in range(length) for name in "xy"}
    links = [
        Constraint(((f"x{i}", 1), (f"y{i}", factor)), low, None, "link")
        for i in range(length)
        for factor, low in ((1, 1), (-1, 0))
    ]
    most = Constraint(tuple((f"x{i}", 1) for i in range(length)), None, length - 1, "most")
    return IntegerSystem(bounds, (*links, most))


def test_a_deep_proof_is_found_and_replayed() -> None:
    system = chain(DEEPEST_PROOF)
    proof = refutation(system)
    assert check_proof(system, proof)
    assert labels_used(system, proof) == {"link", "most"}
    assert json.loads(json.dumps(proof.as_json()))["steps"] == []


def test_a_proof_too_deep_to_be_read_is_none() -> None:
    assert isinstance(solve(chain(DEEPEST_PROOF + 2)), Exhausted)
    assert isinstance(solve(chain(1000)), Exhausted)


def test_a_proof_from_elsewhere_is_replayed_however_deep_it_is() -> None:
    odd = Constraint((("x", 2),), 7, 7, "odd")
    system = IntegerSystem({"x": (0, 9)}, (odd,))
    node = refutation(system)
    leaf = node
    assert not check_proof(system, replace(leaf, branches=(leaf, leaf)))
    for _ in range(5000):
        node = ProofNode((), None, ("x", 9), (node, leaf))
    assert check_proof(system, node)


# Bad input


@pytest.mark.parametrize(
    "terms", [(("y", 1),), (("x", 1), ("x", 2)), (("x", 0),)], ids=["unknown", "twice", "zero"]
)
def test_a_constraint_names_bounded_unknowns_once_with_a_coefficient(
    terms: tuple[tuple[str, int], ...],
) -> None:
    with pytest.raises(ValueError, match="expected each of its unknowns once, bounded"):
        IntegerSystem({"x": (0, 1)}, (Constraint(terms, 0, 1, "p"),))


def test_bounds_of_an_unknown_are_in_order() -> None:
    with pytest.raises(
        ValueError, match=r"found bounds \(2, 1\) of x, expected the lower one first"
    ):
        IntegerSystem({"x": (2, 1)}, ())


@pytest.mark.parametrize("tightened", [{"x": (2, 1)}, {"x": (-1, 3)}, {"x": (0, 6)}, {"y": (0, 1)}])
def test_narrower_bounds_lie_within_those_of_an_unknown(
    tightened: dict[str, tuple[int, int]],
) -> None:
    with pytest.raises(ValueError, match="expected narrower ones of an unknown"):
        solve(IntegerSystem({"x": (0, 5)}, ()), tightened=tightened)


def test_the_range_of_no_unknown_is_an_error_even_without_a_solution() -> None:
    never = Constraint((("x", 1),), 7, 7, "never")
    with pytest.raises(KeyError):
        attainable_range(IntegerSystem({"x": (0, 5)}, (never,)), "y")


def test_labels_come_in_the_order_of_the_constraints() -> None:
    made = tuple(Constraint((("x", 1),), 0, None, label) for label in "babc")
    assert IntegerSystem({"x": (0, 1)}, made).labels == ("b", "a", "c")
