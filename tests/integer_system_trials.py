"""Integer systems drawn at random, and what trial of all values says of them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from netcore.stats.integer_systems import Constraint, Infeasible, IntegerSystem, ProofNode, solve

Box = dict[str, tuple[int, int]]

# A slow machine is no fault of the code.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = "abcde"
LABELS = "pqrs"
QUICK = 2.0  # seconds; a budget of 20,000 short revisions takes about a tenth of one
BIG = 10**9


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
