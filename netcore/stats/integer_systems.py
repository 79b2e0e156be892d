"""Systems of linear constraints over whole numbers: witness, proof or neither.

A system says which sums of unknown counts lie between which bounds.  It is
decided by interval propagation with branching, in integers throughout: the
answer is a solution, a proof that there is none, or an honest 'not decided'
when the budget ends.  A proof is a tree of bound changes, each of which can be
replayed by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

__all__ = [
    "Constraint",
    "Exhausted",
    "Feasible",
    "Infeasible",
    "IntegerSystem",
    "Outcome",
    "ProofNode",
    "attainable_range",
    "check_proof",
    "labels_used",
    "minimal_conflicts",
    "solve",
]

DEFAULT_BUDGET: Final = 20_000
LONGEST_SHORTENING: Final = 500_000
"""Terms and bounds to look at, at most, to leave idle steps out of a proof."""
DEEPEST_PROOF: Final = 200
"""Branchings within branchings of a proof; JSON readers refuse deeper nesting."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sum of unknowns between two bounds.

    Parameters
    ----------
    terms : tuple of (str, int)
        Name and coefficient (not 0) of each unknown, each name once.
    low, high : int or None
        Inclusive bounds of the sum; None for no bound.  No sum lies between
        bounds that change places: such a constraint is a contradiction.
    label : str
        Where the constraint comes from.  Constraints of one label stand and
        fall together.
    """

    terms: tuple[tuple[str, int], ...]
    low: int | None
    high: int | None
    label: str


@dataclass(frozen=True, slots=True)
class IntegerSystem:
    """Unknown whole numbers with bounds, and constraints on their sums.

    Parameters
    ----------
    bounds : Mapping of str to (int, int)
        Inclusive bounds of every unknown.
    constraints : tuple of Constraint
        All constraints.

    Raises
    ------
    ValueError
        If a constraint names an unknown that has no bounds, names one twice
        or with coefficient 0, or if the bounds of an unknown change places.
    """

    bounds: Mapping[str, tuple[int, int]]
    constraints: tuple[Constraint, ...]
    _index: dict[str, int] = field(init=False, repr=False, compare=False)
    _terms: list[list[tuple[int, int]]] = field(init=False, repr=False, compare=False)
    _uses: list[list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Give every unknown a number, once for all searches."""
        for name, (least, greatest) in self.bounds.items():
            if least > greatest:
                raise ValueError(
                    f"found bounds {(least, greatest)} of {name}, expected the lower one first"
                )
        index = {name: position for position, name in enumerate(self.bounds)}
        uses: list[list[int]] = [[] for _ in index]
        compiled: list[list[tuple[int, int]]] = []
        for number, constraint in enumerate(self.constraints):
            names = [name for name, _ in constraint.terms]
            unknown = [name for name in names if name not in index]
            if (
                unknown
                or len(set(names)) < len(names)
                or any(not factor for _, factor in constraint.terms)
            ):
                raise ValueError(
                    f"found constraint {constraint}, expected each of its unknowns once, bounded, with a coefficient"
                )
            compiled.append([(index[name], factor) for name, factor in constraint.terms])
            for name in names:
                uses[index[name]].append(number)
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_terms", compiled)
        object.__setattr__(self, "_uses", uses)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the constraints, in order of first appearance."""
        return tuple(dict.fromkeys(constraint.label for constraint in self.constraints))


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


_Step = tuple[int, str, str, int]


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

    steps: list[_Step]
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

    def propagate(self, queue: Iterable[int], steps: list[_Step]) -> int | None:
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
            steps: list[_Step] = []
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

    def _cut(self, steps: list[_Step]) -> _Branching | None:
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

    def _refuted(self, steps: Sequence[_Step], contradiction: int) -> _Refutation:
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

    def _slice(self, steps: Sequence[_Step], needed: set[tuple[str, str]]) -> list[_Step]:
        """Keep the steps that later ones lean on; update what is needed before them."""
        kept: list[_Step] = []
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
        return Infeasible(found.proof if tightened else _shortened(system, found.proof))
    return Feasible(dict(zip(search.names, found, strict=True)))


def _shortened(system: IntegerSystem, proof: ProofNode) -> ProofNode:
    """Return a proof without the steps that the rest can do without.

    The search keeps each step that a later one looked at, even if that would
    have followed as well from the bounds before.  Fewer steps never make
    another one idle, so that one pass will do.
    """
    steps: list[list[_Step]] = []

    def collect(node: ProofNode) -> None:
        steps.append(list(node.steps))
        for child in node.branches:
            collect(child)

    def rebuilt(node: ProofNode, kept: Iterator[list[_Step]]) -> ProofNode:
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


def attainable_range(
    system: IntegerSystem,
    unknown: str,
    *,
    labels: Collection[str] | None = None,
    budget: int = DEFAULT_BUDGET,
) -> tuple[int, int, bool] | None:
    """Return the least and the greatest value that an unknown can have.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    unknown : str
        The name of the unknown.
    labels : collection of str, optional
        Only constraints with these labels count; all by default.
    budget : int
        Budget of each of the searches.

    Returns
    -------
    tuple of (int, int, bool) or None
        Least and greatest value, and whether both are attained (False: they
        are sound outer bounds, since a search ended on its budget); None if
        the system has no solution at all.

    Raises
    ------
    KeyError
        If the system has no such unknown.

    Examples
    --------
    >>> both = (("x", 1), ("y", 1))
    >>> system = IntegerSystem({"x": (0, 50), "y": (4, 50)}, (Constraint(both, 34, 34, "sum"),))
    >>> attainable_range(system, "x")
    (0, 30, True)
    """
    position = system._index[unknown]
    first = solve(system, labels=labels, budget=budget)
    if isinstance(first, Infeasible):
        return None
    search = _Search(system, labels, budget, None)
    with suppress(_BudgetEndedError):  # every step so far holds
        search.propagate(search.active, [])
    floor, ceiling = search.low[position], search.high[position]
    if isinstance(first, Exhausted):
        return floor, ceiling, False
    seen = first.values[unknown]

    def reaches(least: int, most: int) -> int | bool | None:
        outcome = solve(system, labels=labels, budget=budget, tightened={unknown: (least, most)})
        if isinstance(outcome, Exhausted):
            return None
        return outcome.values[unknown] if isinstance(outcome, Feasible) else False

    exact = True
    # Propagation is usually exact, so the end itself is tried before halving.
    lower_limit, lowest, probe = floor, seen, floor
    while lower_limit < lowest:
        answer = reaches(lower_limit, probe)
        if answer is None:
            exact = False
            break
        if answer is False:
            lower_limit = probe + 1
        else:
            lowest = int(answer)
        probe = (lower_limit + lowest) // 2
    upper_limit, highest, probe = ceiling, seen, ceiling
    while highest < upper_limit:
        answer = reaches(probe, upper_limit)
        if answer is None:
            exact = False
            break
        if answer is False:
            upper_limit = probe - 1
        else:
            highest = int(answer)
        probe = (highest + upper_limit + 1) // 2
    return lower_limit, upper_limit, exact


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
