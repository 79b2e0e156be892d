"""The smallest sets of constraints that cannot hold together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from netcore.stats.integer_systems.proofs import labels_used
from netcore.stats.integer_systems.solver import (
    DEFAULT_BUDGET,
    Exhausted,
    Feasible,
    Infeasible,
    Outcome,
    solve,
)
from netcore.stats.integer_systems.systems import IntegerSystem

__all__ = ["minimal_conflicts"]


def minimal_conflicts(
    system: IntegerSystem,
    soft: Sequence[str],
    *,
    hard: Collection[str] = (),
    budget: int = DEFAULT_BUDGET,
    most: int = 64,
) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """Return the smallest sets of labels that cannot hold together.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    soft : sequence of str
        Labels that may be dropped.
    hard : collection of str
        Labels that always hold.
    budget : int
        Budget of each of the searches.
    most : int
        Stop after so many searches for a conflict, or after the square of it
        of sets tried for what repairs all conflicts.

    Returns
    -------
    conflicts : tuple of tuple of str
        Sets of soft labels, each infeasible with the hard ones, and each no
        longer proved so when any one of them is dropped; smallest first.
    complete : bool
        Whether these are all, and each is as small as can be (False if a
        search or the count ended first).

    Notes
    -----
    Deletion filter (Chinneck and Dravnieks 1991, doi:10.1287/ijoc.3.2.157) in
    a hitting-set tree (Reiter 1987, doi:10.1016/0004-3702(87)90062-2).

    Examples
    --------
    >>> from netcore.stats.integer_systems import Constraint
    >>> system = IntegerSystem(
    ...     {"x": (0, 9)},
    ...     tuple(Constraint((("x", 1),), v, v, f"x is {v}") for v in (3, 4)) + (
    ...         Constraint((("x", 1),), 0, 5, "at most 5"),),
    ... )
    >>> minimal_conflicts(system, ["x is 3", "x is 4", "at most 5"])
    ((('x is 3', 'x is 4'),), True)
    """
    always = set(hard)
    soft = tuple(dict.fromkeys(soft))
    complete = True

    def search(labels: Sequence[str]) -> Outcome:
        nonlocal complete
        outcome = solve(system, labels=always.union(labels), budget=budget)
        complete = complete and not isinstance(outcome, Exhausted)
        return outcome

    def used(labels: Sequence[str], outcome: Infeasible) -> list[str]:
        in_proof = labels_used(system, outcome.proof)
        return [label for label in labels if label in in_proof]

    conflicts: dict[frozenset[str], tuple[str, ...]] = {}
    seen: set[frozenset[str]] = set()
    visited: set[frozenset[str]] = set()
    waiting: list[frozenset[str]] = [frozenset()]
    searches = 0
    while waiting:
        dropped = waiting.pop(0)
        if dropped in visited or any(dropped >= earlier for earlier in seen):
            continue
        if len(visited) >= most * most:
            complete = False
            break
        visited.add(dropped)
        known = next((conflict for conflict in conflicts if not conflict & dropped), None)
        if known is None:
            if searches >= most:
                complete = False
                break
            searches += 1
            rest = [label for label in soft if label not in dropped]
            outcome = search(rest)
            if isinstance(outcome, Feasible):
                seen.add(dropped)  # a hitting set: everything else holds together
            if not isinstance(outcome, Infeasible):
                continue
            core = used(rest, outcome)
            for label in tuple(core):
                if label not in core:
                    continue
                fewer = [other for other in core if other != label]
                outcome = search(fewer)
                if isinstance(outcome, Infeasible):
                    core = used(fewer, outcome)
            known = frozenset(core)
            conflicts[known] = tuple(core)
        waiting.extend(dropped | {label} for label in soft if label in known)
    order = {label: position for position, label in enumerate(soft)}
    # A set that a search left larger than need be may hold another.
    smallest = [
        core for held, core in conflicts.items() if not any(other < held for other in conflicts)
    ]
    found = sorted(smallest, key=lambda core: (len(core), [order[label] for label in core]))
    return tuple(found), complete
