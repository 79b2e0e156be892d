"""Proofs that a system has no solution: trees of bound changes, replayed one by one.

Whoever reads a proof need not trust the search that found it: each step is
one sum over the bounds so far, and can be done by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from netcore.stats.integer_systems.systems import Constraint, IntegerSystem

__all__ = ["ProofNode", "Step", "check_proof", "labels_used", "shortened"]

LONGEST_SHORTENING: Final = 500_000
"""Terms and bounds to look at, at most, to leave idle steps out of a proof."""

Step = tuple[int, str, str, int]
"""Number of the constraint, the unknown, ``low`` or ``high``, the new bound."""


@dataclass(frozen=True, slots=True)
class ProofNode:
    """A step of a proof that a system has no solution.

    Parameters
    ----------
    steps : tuple of (int, str, str, int)
        Bound changes in order: number of the constraint that forces it, the
        unknown, ``low`` or ``high``, the new bound.
    contradiction : int or None
        The constraint that no values within the bounds satisfy; None where
        the proof goes on in two branches.
    branch : tuple of (str, int) or None
        Unknown x and value v: the first branch has x <= v, the second x > v.
    branches : tuple of ProofNode
        The two branches, or none.
    """

    steps: tuple[tuple[int, str, str, int], ...]
    contradiction: int | None
    branch: tuple[str, int] | None = None
    branches: tuple[ProofNode, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the proof as plain lists and dictionaries.

        Returns
        -------
        dict of str to object
            ``steps``, and either ``contradiction`` or ``branch`` and
            ``branches``, each as in the parameters.
        """
        node: dict[str, object] = {"steps": [list(step) for step in self.steps]}
        if self.branch is None:
            node["contradiction"] = self.contradiction
        else:
            node["branch"] = list(self.branch)
            node["branches"] = [child.as_json() for child in self.branches]
        return node


def check_proof(
    system: IntegerSystem, proof: ProofNode, labels: Collection[str] | None = None
) -> bool:
    """Replay a proof that a system has no solution.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    proof : ProofNode
        The proof.
    labels : collection of str, optional
        Only constraints with these labels may be used; all by default.

    Returns
    -------
    bool
        Whether every step follows and every branch ends in a contradiction.

    Examples
    --------
    >>> from netcore.stats.integer_systems import solve
    >>> system = IntegerSystem({"x": (0, 9)}, (Constraint((("x", 2),), 7, 7, "odd"),))
    >>> outcome = solve(system)
    >>> check_proof(system, outcome.proof)
    True
    """

    def allowed(number: int | None) -> Constraint | None:
        if type(number) is not int or not 0 <= number < len(system.constraints):
            return None
        constraint = system.constraints[number]
        return constraint if labels is None or constraint.label in labels else None

    bounds = system.bounds
    waiting = [
        (
            proof,
            {name: bounds[name][0] for name in bounds},
            {name: bounds[name][1] for name in bounds},
        )
    ]
    while waiting:
        node, low, high = waiting.pop()
        for number, name, end, value in node.steps:
            constraint = allowed(number)
            if constraint is None or name not in dict(constraint.terms) or type(value) is not int:
                return False
            # The new bound follows if the values that it excludes cannot hold.
            least, most = low[name], high[name]
            if end == "low":
                high[name], kept = value - 1, (value, most)
            elif end == "high":
                low[name], kept = value + 1, (least, value)
            else:
                return False
            if _can_hold(constraint, low, high):
                return False
            low[name], high[name] = kept
        if node.branch is None:
            constraint = allowed(node.contradiction)
            if constraint is None or node.branches or _can_hold(constraint, low, high):
                return False
            continue
        name, value = node.branch
        # Only of whole numbers it is true that each is at most v or at least v + 1.
        is_cut = name in low and type(value) is int and len(node.branches) == 2
        if not is_cut or node.contradiction is not None:
            return False
        below, above = node.branches
        waiting.append((above, {**low, name: max(value + 1, low[name])}, high))
        waiting.append((below, low, {**high, name: min(value, high[name])}))
    return True


def _can_hold(constraint: Constraint, low: Mapping[str, int], high: Mapping[str, int]) -> bool:
    """Return whether some real values within the bounds may satisfy a constraint."""
    if any(low[name] > high[name] for name, _ in constraint.terms):
        return False
    if (
        constraint.low is not None
        and constraint.high is not None
        and constraint.low > constraint.high
    ):
        return False
    least = sum(
        factor * (low[name] if factor > 0 else high[name]) for name, factor in constraint.terms
    )
    most = sum(
        factor * (high[name] if factor > 0 else low[name]) for name, factor in constraint.terms
    )
    return (constraint.high is None or least <= constraint.high) and (
        constraint.low is None or most >= constraint.low
    )


def labels_used(system: IntegerSystem, proof: ProofNode) -> set[str]:
    """Return the labels of all constraints that a proof uses.

    Parameters
    ----------
    system : IntegerSystem
        The system that has no solution.
    proof : ProofNode
        The proof.

    Returns
    -------
    set of str
        Labels without which the proof does not go through.
    """
    used = {system.constraints[number].label for number, _, _, _ in proof.steps}
    if proof.contradiction is not None:
        used.add(system.constraints[proof.contradiction].label)
    return used.union(*(labels_used(system, child) for child in proof.branches))


def shortened(system: IntegerSystem, proof: ProofNode) -> ProofNode:
    """Return a proof without the steps that the rest can do without.

    Parameters
    ----------
    system : IntegerSystem
        The system that has no solution.
    proof : ProofNode
        A proof that replays in it.

    Returns
    -------
    ProofNode
        The shorter proof; the same one if it is too long to be tried.

    Notes
    -----
    The search keeps each step that a later one looked at, even if that would
    have followed as well from the bounds before.  Fewer steps never make
    another one idle, so that one pass will do.
    """
    steps: list[list[Step]] = []

    def collect(node: ProofNode) -> None:
        steps.append(list(node.steps))
        for child in node.branches:
            collect(child)

    def rebuilt(node: ProofNode, kept: Iterator[list[Step]]) -> ProofNode:
        own = tuple(next(kept))
        return replace(
            node, steps=own, branches=tuple([rebuilt(child, kept) for child in node.branches])
        )

    collect(proof)
    lengths = [len(system.constraints[number].terms) for own in steps for number, *_ in own]
    replay = sum(lengths) + len(steps) * len(system.bounds)
    if len(lengths) * replay > LONGEST_SHORTENING:
        return proof
    for own in steps:
        for position in reversed(range(len(own))):
            step = own.pop(position)
            if not check_proof(system, rebuilt(proof, iter(steps))):
                own.insert(position, step)
    return rebuilt(proof, iter(steps))
