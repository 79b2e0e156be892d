"""The search: interval propagation with branching, in integers throughout."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from netcore.stats.integer_systems.proofs import ProofNode, Step
from netcore.stats.integer_systems.systems import Constraint, IntegerSystem

__all__ = ["BudgetEndedError", "Refutation", "Search"]


class BudgetEndedError(Exception):
    """The search has used all the revisions that it was given."""


@dataclass(slots=True)
class Refutation:
    """A proof, and what it leans on.

    Parameters
    ----------
    proof : ProofNode
        The proof.
    depth : int
        How many branchings lie within one another.
    needed : set of (str, str)
        The bounds from before the proof that it leans on: unknown, and
        ``low`` or ``high``.
    """

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
    refuted: dict[bool, Refutation]


class Search:
    """One depth-first search, with a list of changes to take back.

    The branchings wait on a stack of their own, not on Python's: there may be
    as many as unknowns.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    labels : collection of str or None
        Only constraints with these labels count; all if None.
    budget : int
        Largest number of constraint revisions.
    random : Random or None
        Draws what to cut, and where; without it the search is fixed.
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
        self.index = system._index
        self.constraints = list(system.constraints)
        self.terms = list(system._terms)
        # Sums of the bounds, kept up to date with every change of a bound.
        self.least, self.most = (list(ends) for ends in system._reach)
        self.active = [
            number
            for number, constraint in enumerate(system.constraints)
            if labels is None or constraint.label in labels
        ]
        self.uses = list(system._uses)
        kept = set(self.active)
        for number in range(len(system.constraints)):
            if number not in kept:
                for i, _ in self.terms[number]:
                    self.uses[i] = [use for use in self.uses[i] if use[0] in kept]
        self.left = budget
        self.random = random

    def watch(self, terms: Sequence[tuple[str, int]]) -> int:
        """Keep the bounds of one more sum, as a constraint without ends.

        Parameters
        ----------
        terms : sequence of (str, int)
            Name and coefficient of each unknown.

        Returns
        -------
        int
            The number of the new constraint.
        """
        number = len(self.constraints)
        self.constraints.append(Constraint(tuple(terms), None, None, ""))
        compiled = [(self.index[name], factor) for name, factor in terms]
        self.terms.append(compiled)
        self.active.append(number)
        for i, factor in compiled:
            self.uses[i] = [*self.uses[i], (number, factor)]
        low, high = self.low, self.high
        self.least.append(sum(f * (low[i] if f > 0 else high[i]) for i, f in compiled))
        self.most.append(sum(f * (high[i] if f > 0 else low[i]) for i, f in compiled))
        return number

    def propagate(self, queue: Iterable[int], steps: list[Step]) -> int | None:
        """Tighten the bounds until nothing more follows from one constraint alone.

        Parameters
        ----------
        queue : iterable of int
            Numbers of the constraints to begin with.
        steps : list of Step
            The changes are added to it.

        Returns
        -------
        int or None
            The number of a constraint that cannot hold, if there is one.

        Raises
        ------
        BudgetEndedError
            If the budget ends first; every change so far holds.
        """
        low, high = self.low, self.high
        waiting = deque(queue)
        is_waiting = set(waiting)
        while waiting:
            number = waiting.popleft()
            is_waiting.discard(number)
            self.left -= 1
            if self.left < 0:
                raise BudgetEndedError
            constraint = self.constraints[number]
            least, most = self.least[number], self.most[number]
            # The widest range of an unknown that leaves it free to take any value.
            free = most - least
            slack_up = slack_down = None
            if constraint.high is not None:
                slack_up = constraint.high - least
                if slack_up < 0:
                    return number
                free = min(free, slack_up)
            if constraint.low is not None:
                slack_down = most - constraint.low
                if slack_down < 0:
                    return number
                free = min(free, slack_down)
            if free == most - least:
                continue  # whatever the unknowns are, the constraint holds
            for i, factor in self.terms[number]:
                size = abs(factor)
                if size * (high[i] - low[i]) <= free:
                    continue
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
                    free = slack_up
                if slack_down is not None:
                    slack_down -= size * (fall if factor > 0 else rise)
                    free = slack_down if slack_up is None else min(slack_up, slack_down)
                for user, _ in self.uses[i]:
                    if user not in is_waiting:
                        is_waiting.add(user)
                        waiting.append(user)
        return None

    def tighten(self, unknown: int, low: int, high: int) -> None:
        """Change the bounds of an unknown, remembering the old ones.

        Parameters
        ----------
        unknown : int
            Its number.
        low, high : int
            The new bounds.
        """
        self.changes.append((unknown, self.low[unknown], self.high[unknown]))
        self._set(unknown, low, high)

    def take_back(self, changes: int) -> None:
        """Return to the bounds after the first so many changes.

        Parameters
        ----------
        changes : int
            How many changes of bounds stay.
        """
        while len(self.changes) > changes:
            self._set(*self.changes.pop())

    def _set(self, unknown: int, low: int, high: int) -> None:
        rise, fall = low - self.low[unknown], self.high[unknown] - high
        self.low[unknown], self.high[unknown] = low, high
        least, most = self.least, self.most
        for number, factor in self.uses[unknown]:
            if factor > 0:
                least[number] += factor * rise
                most[number] -= factor * fall
            else:
                least[number] -= factor * fall
                most[number] += factor * rise

    def run(self, queue: Sequence[int] | None = None) -> list[int] | Refutation:
        """Search from nothing.

        Parameters
        ----------
        queue : sequence of int, optional
            Numbers of the constraints from which something new may follow;
            all by default.

        Returns
        -------
        list of int or Refutation
            A solution, or the proof that there is none between the bounds.
        """
        for number in self.active:
            least, greatest = self.constraints[number].low, self.constraints[number].high
            if least is not None and greatest is not None and least > greatest:
                return Refutation(ProofNode((), number), 0, set())
        waiting: list[_Branching] = []
        queue = self.active if queue is None else queue
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

    def near(self, values: Sequence[int], queue: Sequence[int] | None = None) -> list[int] | None:
        """Search near some values.

        Parameters
        ----------
        values : sequence of int
            A value for each unknown.
        queue : sequence of int, optional
            Numbers of the constraints from which something new may follow;
            all by default.

        Returns
        -------
        list of int or None
            A solution; None if there is none between the bounds.

        Notes
        -----
        The values are changed only where a sum is out of its bounds, by the
        move that mends most.  Where that fails, the unknown may not move so
        far; so all is tried in the end.
        """
        if self.propagate(self.active if queue is None else queue, []) is not None:
            return None
        now = _Assignment(self, values)
        moves: list[_Move] = []
        while True:
            now.follow()
            if not now.broken:
                return now.values
            moves.append(now.move())
            fails = self._take(moves[-1])
            while fails:
                while moves and moves[-1].is_last:
                    moves.pop()
                if not moves:
                    return None
                move = moves[-1]
                self.take_back(move.changes)
                move.is_upper, move.is_last = not move.is_upper, True
                fails = self._take(move)

    def walk(self, values: Sequence[int], moves: int) -> list[int] | None:
        """Mend some values, move by move, without taking any move back.

        Parameters
        ----------
        values : sequence of int
            A value for each unknown.
        moves : int
            Largest number of moves.

        Returns
        -------
        list of int or None
            A solution between the bounds, if the walk comes to one.
        """
        now = _Assignment(self, values)
        now.follow()
        for _ in range(moves):
            if not now.broken:
                return now.values
            if not now.mend():
                return None
        return None

    def _take(self, move: _Move) -> bool:
        """Set the bounds to those of one half; return whether it has no solution."""
        i = move.unknown
        if move.is_upper:
            self.tighten(i, move.value + 1, self.high[i])
        else:
            self.tighten(i, self.low[i], move.value)
        return self.propagate([number for number, _ in self.uses[i]], []) is not None

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
        self.take_back(branching.changes)
        chosen, value = branching.chosen, branching.value
        if branching.in_lower:
            self.tighten(chosen, self.low[chosen], value)
        else:
            self.tighten(chosen, value + 1, self.high[chosen])
        return [number for number, _ in self.uses[chosen]]

    def _settled(self) -> list[int]:
        """Return a solution; unknowns in no constraint may have any value."""
        if self.random is None:
            return self.low[:]
        ends = zip(self.low, self.high, strict=True)
        return [low if low == high else self.random.randint(low, high) for low, high in ends]

    def _refuted(self, steps: Sequence[Step], contradiction: int) -> Refutation:
        """Return the proof that ends in a contradiction, without idle steps."""
        terms = self.terms[contradiction]
        most_allowed = self.constraints[contradiction].high
        above = most_allowed is not None and self.least[contradiction] > most_allowed
        needed = {
            (self.names[i], "low" if (factor > 0) == above else "high") for i, factor in terms
        }
        kept = self._slice(steps, needed)
        return Refutation(ProofNode(tuple(kept), contradiction), 0, needed)

    def _close(self, waiting: list[_Branching], refutation: Refutation) -> Refutation | None:
        """Carry a refutation up; None where a branching has its other half to search."""
        while waiting:
            branching = waiting[-1]
            name = self.names[branching.chosen]
            given = (name, "high" if branching.in_lower else "low")
            if given not in refutation.needed:  # this half proves it all, without the cut
                kept = self._slice(branching.steps, refutation.needed)
                whole = replace(refutation.proof, steps=(*kept, *refutation.proof.steps))
                refutation = Refutation(whole, refutation.depth, refutation.needed)
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
            refutation = Refutation(proof, 1 + max(lower.depth, upper.depth), needed)
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


@dataclass(slots=True)
class _Move:
    """A cut of one unknown's range in two: the values up to one, and those above."""

    changes: int  # how many changes of bounds came before it
    unknown: int
    value: int
    is_upper: bool  # the half that is being searched
    is_last: bool = False  # the other half has no solution


class _Assignment:
    """Values as near to given ones as the bounds of a search allow, and what they break."""

    def __init__(self, search: Search, wanted: Sequence[int]):
        self.search = search
        self.wanted = wanted
        self.values = list(wanted)
        self.sums = [0] * len(search.constraints)
        self.broken: set[int] = set()
        self.way = [0] * len(self.values)  # in which direction each one has been moved
        for number in search.active:
            self.sums[number] = sum(f * wanted[i] for i, f in search.terms[number])
            if self._excess(number, 0):
                self.broken.add(number)

    def follow(self) -> None:
        """Move the values into the bounds of the search."""
        ends = zip(self.wanted, self.search.low, self.search.high, self.values, strict=True)
        for i, (wanted, low, high, value) in enumerate(ends):
            nearest = low if wanted < low else min(wanted, high)
            if nearest != value:
                self._set(i, nearest)

    def _set(self, unknown: int, value: int) -> None:
        change = value - self.values[unknown]
        self.values[unknown] = value
        for number, factor in self.search.uses[unknown]:
            self.sums[number] += factor * change
            if self._excess(number, 0):
                self.broken.add(number)
            else:
                self.broken.discard(number)

    def _excess(self, number: int, change: int) -> int:
        """Return how far a sum would be out of its bounds after a change."""
        constraint, total = self.search.constraints[number], self.sums[number] + change
        if constraint.low is not None and total < constraint.low:
            return constraint.low - total
        if constraint.high is not None and total > constraint.high:
            return total - constraint.high
        return 0

    def move(self) -> _Move:
        """Choose a cut by which the best move is made."""
        chosen = self._best()
        # The bounds are tight enough that some unknown has room: else propagation had failed.
        assert chosen is not None
        i, step = chosen
        value = self.values[i] + step
        return _Move(len(self.search.changes), i, value - (step > 0), step > 0)

    def mend(self) -> bool:
        """Make the best move; return False if some broken sum has none.

        What has gone up never comes down again, and the other way round.
        """
        chosen = self._best()
        if chosen is None:
            return False
        i, step = chosen
        self.way[i] = step
        self._set(i, self.values[i] + step)
        return True

    def _best(self) -> tuple[int, int] | None:
        """Return the move that mends most, for the broken sum with the fewest moves."""
        options: list[tuple[int, int]] | None = None
        for number in sorted(self.broken):
            found = self._options(number, None if options is None else len(options))
            if found is not None:
                options = found
        best: tuple[int, int, int] | None = None
        for i, step in options or ():
            left = sum(
                self._excess(number, own * step) - self._excess(number, 0)
                for number, own in self.search.uses[i]
            )
            if best is None or left < best[0]:
                best = (left, i, step)
        return None if best is None else best[1:]

    def _options(self, number: int, fewer_than: int | None) -> list[tuple[int, int]] | None:
        """Return the unknowns that can move a broken sum towards its bounds, and how far.

        None if they are not fewer than so many.
        """
        search = self.search
        lowest = search.constraints[number].low
        is_rising = lowest is not None and self.sums[number] < lowest
        gap = self._excess(number, 0)
        found: list[tuple[int, int]] = []
        for i, factor in search.terms[number]:
            if len(found) == fewer_than:
                return None
            is_up = (factor > 0) == is_rising
            value = self.values[i]
            room = search.high[i] - value if is_up else value - search.low[i]
            if room and self.way[i] * (1 if is_up else -1) >= 0:
                size = min(room, -(-gap // abs(factor)))
                found.append((i, size if is_up else -size))
        return None if len(found) == fewer_than else found
