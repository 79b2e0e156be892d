"""Solving: a solution, a proof that there is none, or neither within the budget."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from netcore.stats.integer_systems.proofs import ProofNode, shortened
from netcore.stats.integer_systems.search import BudgetEndedError, Refutation, Search
from netcore.stats.integer_systems.systems import IntegerSystem

__all__ = ["DEFAULT_BUDGET", "Exhausted", "Feasible", "Infeasible", "Outcome", "solve"]

DEFAULT_BUDGET: Final = 20_000
DEEPEST_PROOF: Final = 200
"""Branchings within branchings of a proof; JSON readers refuse deeper nesting."""


@dataclass(frozen=True, slots=True)
class Feasible:
    """The system has a solution: a value for every unknown.

    Parameters
    ----------
    values : Mapping of str to int
        The value of each unknown.
    """

    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Infeasible:
    """The system has no solution, with the proof.

    Parameters
    ----------
    proof : ProofNode
        The proof, from its first step.
    """

    proof: ProofNode


@dataclass(frozen=True, slots=True)
class Exhausted:
    """The search ended on its budget: nothing is known.

    Parameters
    ----------
    budget : int
        Number of constraint revisions that the search was given.
    """

    budget: int


Outcome = Feasible | Infeasible | Exhausted
"""What a search ends with: a solution, a proof that there is none, or its budget."""


def solve(
    system: IntegerSystem,
    *,
    labels: Collection[str] | None = None,
    budget: int = DEFAULT_BUDGET,
    seed: int | None = None,
    tightened: Mapping[str, tuple[int, int]] | None = None,
) -> Outcome:
    """Find a solution of a system, or prove that it has none.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    labels : collection of str, optional
        Only constraints with these labels count; all by default.
    budget : int
        Largest number of constraint revisions.
    seed : int, optional
        Draws one of the solutions at random (not uniformly); without it the
        search is fixed.
    tightened : Mapping of str to (int, int), optional
        Narrower bounds for some unknowns; a proof then leans on them, and
        replays in the system with these bounds only.

    Returns
    -------
    Feasible, Infeasible or Exhausted
        A solution, a proof that there is none, or neither.  A proof of more
        than :data:`DEEPEST_PROOF` branchings within one another is neither.

    Raises
    ------
    ValueError
        If a narrower bound is not within the bounds of an unknown.

    Notes
    -----
    Bounds propagation: with L <= sum a_i x_i <= U and the other unknowns at
    the ends that help most, x_i keeps only the values that can still meet L
    and U.  Where nothing more follows, one unknown's range is cut in two and
    both halves are searched.  Every step is integer arithmetic.

    Examples
    --------
    Twelve responders and ten stable patients do not fit into a group of 19.

    >>> from netcore.stats.integer_systems import Constraint
    >>> parts = (("responders", 1), ("stable", 1), ("other", 1))
    >>> system = IntegerSystem(
    ...     {"responders": (0, 34), "stable": (0, 34), "other": (0, 34)},
    ...     (
    ...         Constraint(parts, 19, 19, "size"),
    ...         Constraint((("responders", 1),), 12, 12, "PR"),
    ...         Constraint((("stable", 1),), 10, 10, "SD"),
    ...     ),
    ... )
    >>> type(solve(system)).__name__
    'Infeasible'
    >>> solve(system, labels=["size", "PR"]).values["responders"]
    12
    """
    search = Search(system, labels, budget, None if seed is None else Random(seed))
    for name, (least, greatest) in (tightened or {}).items():
        low, high = system.bounds.get(name, (0, -1))
        if not low <= least <= greatest <= high:
            raise ValueError(
                f"found bounds {(least, greatest)} of {name}, expected narrower ones of an unknown"
            )
        search.tighten(system._index[name], least, greatest)
    try:
        found = search.run()
    except BudgetEndedError:
        return Exhausted(budget)
    if isinstance(found, Refutation):
        if found.depth > DEEPEST_PROOF:
            return Exhausted(budget)
        return Infeasible(found.proof if tightened else shortened(system, found.proof))
    return Feasible(dict(zip(search.names, found, strict=True)))
