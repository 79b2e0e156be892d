"""The search: interval propagation with branching, in integers throughout."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from netcore.stats.integer_systems.proofs import ProofNode, Step, shortened
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


class _BudgetEndedError(Exception):
    """The search has used all the revisions that it was given."""


@dataclass(slots=True)
class _Refutation:
    """A proof, its depth, and the bounds from before it that it leans on."""

    proof: ProofNode
    depth: int
    needed: set[tuple[str, str]]


@dataclass(slots=True)
class _Branching:
    """A cut of one unknown's range in two, and how far its halves are refuted."""

    steps: list[Step]
    chosen: int
    value: int
    in_lower: bool  # the half that is being searched
    changes: int  # how many changes of bounds came before it
    refuted: dict[bool, _Refutation]


class _Search:
    """One depth-first search, with a list of changes to take back.

    The branchings wait on a stack of their own, not on Python's: there may be
    as many as unknowns.
    """

    def __init__(
        self,
        system: IntegerSystem,
        labels: Collection[str] | None,
        budget: int,
        random: Random | None,
    ):
        self.names = list(system.bounds)
        self.low = [least for least, _ in system.bounds.values()]
        self.high = [greatest for _, greatest in system.bounds.values()]
        self.changes: list[tuple[int, int, int]] = []
        self.constraints = system.constraints
        self.terms = system._terms
        active = [labels is None or constraint.label in labels for constraint in system.constraints]
        self.uses = [[number for number in numbers if active[number]] for numbers in system._uses]
        self.active = [number for number, is_active in enumerate(active) if is_active]
        self.left = budget
        self.random = random

    def propagate(self, queue: Iterable[int], steps: list[Step]) -> int | None:
        """Tighten the bounds; return a constraint that cannot hold, or None."""
        low, high = self.low, self.high
        pending: dict[int, None] = dict.fromkeys(queue)
        while pending:
            number = next(iter(pending))
            del pending[number]
            self.left -= 1
            if self.left < 0:
                raise _BudgetEndedError
            constraint, terms = self.constraints[number], self.terms[number]
            least, most = self._reach(terms)
            if (constraint.high is not None and least > constraint.high) or (
                constraint.low is not None and most < constraint.low
            ):
                return number
            slack_up = None if constraint.high is None else constraint.high - least
            slack_down = None if constraint.low is None else most - constraint.low
            for i, factor in terms:
                size = abs(factor)
                span = size * (high[i] - low[i])
                if (slack_up is None or span <= slack_up) and (
                    slack_down is None or span <= slack_down
                ):
                    continue  # every value of the unknown may still do
                reach_high = slack_up if factor > 0 else slack_down
                reach_low = slack_down if factor > 0 else slack_up
                new_high = (
                    high[i] if reach_high is None else min(high[i], low[i] + reach_high // size)
                )
                new_low = low[i] if reach_low is None else max(low[i], high[i] - reach_low // size)
                rise, fall = new_low - low[i], high[i] - new_high
                if new_low > new_high:
                    # Both ends come from this constraint: with one of them moved, it fails.
                    steps.append((number, self.names[i], "high", new_high))
                    self.tighten(i, low[i], new_high)
                    return number
                if fall:
                    steps.append((number, self.names[i], "high", new_high))
                if rise:
                    steps.append((number, self.names[i], "low", new_low))
                self.tighten(i, new_low, new_high)
                # The slacks belong to the old bounds of this unknown: one of its
                # ends has moved, and the sums move with it.
                if slack_up is not None:
                    slack_up -= size * (rise if factor > 0 else fall)
                if slack_down is not None:
                    slack_down -= size * (fall if factor > 0 else rise)
                for user in self.uses[i]:
                    pending[user] = None
        return None

    def tighten(self, unknown: int, low: int, high: int) -> None:
        """Change the bounds of an unknown, remembering the old ones."""
        self.changes.append((unknown, self.low[unknown], self.high[unknown]))
        self.low[unknown], self.high[unknown] = low, high

    def run(self) -> list[int] | _Refutation:
        """Return a solution or the proof that there is none between the bounds."""
        for number in self.active:
            least, greatest = self.constraints[number].low, self.constraints[number].high
            if least is not None and greatest is not None and least > greatest:
                return _Refutation(ProofNode((), number), 0, set())
        waiting: list[_Branching] = []
        queue = self.active
        while True:
            steps: list[Step] = []
            contradiction = self.propagate(queue, steps)
            if contradiction is None:
                branching = self._cut(steps)
                if branching is None:
                    return self._settled()
                waiting.append(branching)
            else:
                refutation = self._close(waiting, self._refuted(steps, contradiction))
                if refutation is not None:
                    return refutation
                branching = waiting[-1]
                branching.in_lower = not branching.in_lower
            queue = self._enter(branching)

    def _reach(self, terms: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Return the least and the greatest value of a sum."""
        low, high = self.low, self.high
        return (
            sum(factor * (low[i] if factor > 0 else high[i]) for i, factor in terms),
            sum(factor * (high[i] if factor > 0 else low[i]) for i, factor in terms),
        )

    def _cut(self, steps: list[Step]) -> _Branching | None:
        """Choose an unknown to branch on; None if all that matter are settled."""
        low, high = self.low, self.high
        free = [i for i, uses in enumerate(self.uses) if uses and low[i] < high[i]]
        if not free:
            return None
        if self.random is None:
            chosen = min(free, key=lambda i: (high[i] - low[i], i))
            value = (low[chosen] + high[chosen]) // 2
            in_lower = True
        else:
            chosen = self.random.choice(free)
            value = self.random.randrange(low[chosen], high[chosen])
            # In proportion to its width, so that no end is preferred.
            in_lower = self.random.randrange(high[chosen] - low[chosen] + 1) <= value - low[chosen]
        return _Branching(steps, chosen, value, in_lower, len(self.changes), {})

    def _enter(self, branching: _Branching) -> list[int]:
        """Set the bounds to those of one half; return what is to be revised."""
        while len(self.changes) > branching.changes:
            unknown, low, high = self.changes.pop()
            self.low[unknown], self.high[unknown] = low, high
        chosen, value = branching.chosen, branching.value
        if branching.in_lower:
            self.tighten(chosen, self.low[chosen], value)
        else:
            self.tighten(chosen, value + 1, self.high[chosen])
        return self.uses[chosen]

    def _settled(self) -> list[int]:
        """Return a solution; unknowns in no constraint may have any value."""
        if self.random is None:
            return self.low[:]
        ends = zip(self.low, self.high, strict=True)
        return [low if low == high else self.random.randint(low, high) for low, high in ends]

    def _refuted(self, steps: Sequence[Step], contradiction: int) -> _Refutation:
        """Return the proof that ends in a contradiction, without idle steps."""
        terms = self.terms[contradiction]
        most_allowed = self.constraints[contradiction].high
        above = most_allowed is not None and self._reach(terms)[0] > most_allowed
        needed = {
            (self.names[i], "low" if (factor > 0) == above else "high") for i, factor in terms
        }
        kept = self._slice(steps, needed)
        return _Refutation(ProofNode(tuple(kept), contradiction), 0, needed)

    def _close(self, waiting: list[_Branching], refutation: _Refutation) -> _Refutation | None:
        """Carry a refutation up; None where a branching has its other half to search."""
        while waiting:
            branching = waiting[-1]
            name = self.names[branching.chosen]
            given = (name, "high" if branching.in_lower else "low")
            if given not in refutation.needed:  # this half proves it all, without the cut
                kept = self._slice(branching.steps, refutation.needed)
                whole = replace(refutation.proof, steps=(*kept, *refutation.proof.steps))
                refutation = _Refutation(whole, refutation.depth, refutation.needed)
                waiting.pop()
                continue
            refutation.needed.discard(given)
            branching.refuted[branching.in_lower] = refutation
            if len(branching.refuted) < 2:
                return None
            lower, upper = branching.refuted[True], branching.refuted[False]
            needed = lower.needed | upper.needed
            kept = self._slice(branching.steps, needed)
            proof = ProofNode(
                tuple(kept), None, (name, branching.value), (lower.proof, upper.proof)
            )
            refutation = _Refutation(proof, 1 + max(lower.depth, upper.depth), needed)
            waiting.pop()
        return refutation

    def _slice(self, steps: Sequence[Step], needed: set[tuple[str, str]]) -> list[Step]:
        """Keep the steps that later ones lean on; update what is needed before them."""
        kept: list[Step] = []
        for number, name, end, value in reversed(steps):
            if (name, end) not in needed:
                continue
            kept.append((number, name, end, value))
            needed.discard((name, end))
            terms = self.constraints[number].terms
            own = dict(terms)[name]
            # The upper bound of the sum limits from above whatever adds to it.
            upper = (end == "high") == (own > 0)
            needed.update(
                (other, "low" if (factor > 0) == upper else "high")
                for other, factor in terms
                if other != name
            )
        return kept[::-1]


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
    search = _Search(system, labels, budget, None if seed is None else Random(seed))
    for name, (least, greatest) in (tightened or {}).items():
        low, high = system.bounds.get(name, (0, -1))
        if not low <= least <= greatest <= high:
            raise ValueError(
                f"found bounds {(least, greatest)} of {name}, expected narrower ones of an unknown"
            )
        search.tighten(system._index[name], least, greatest)
    try:
        found = search.run()
    except _BudgetEndedError:
        return Exhausted(budget)
    if isinstance(found, _Refutation):
        if found.depth > DEEPEST_PROOF:
            return Exhausted(budget)
        return Infeasible(found.proof if tightened else shortened(system, found.proof))
    return Feasible(dict(zip(search.names, found, strict=True)))
