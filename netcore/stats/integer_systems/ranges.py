"""The values that a sum of unknowns can have while a system holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from netcore.stats.integer_systems.search import BudgetEndedError, Refutation, Search
from netcore.stats.integer_systems.solver import DEFAULT_BUDGET, Exhausted, Infeasible, solve
from netcore.stats.integer_systems.systems import Constraint, IntegerSystem

__all__ = ["Ranges", "attainable_range"]

_MOVES: Final = 60
"""How many moves may lead from one solution to the next, before anything is cut."""
_FRUITLESS: Final = 5
"""Searches afresh that end undecided, in all, before no more of them are begun."""
_NEARBY: Final = 2_000
"""Revisions for the search near a known solution, before the one that starts afresh."""


class Ranges:
    """Attainable ranges of sums in one system; each question helps the next.

    Every solution that was found is kept.  It shows a value of every other
    sum as well, as long as the constraints that it breaks are not asked for;
    and a search for a value out of reach so far starts from the nearest one.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    budget : int
        Budget of each of the searches.
    known : iterable of Mapping of str to int
        Values of all unknowns, within their bounds, which may break some of
        the constraints.

    Examples
    --------
    >>> both = (("x", 1), ("y", 1))
    >>> system = IntegerSystem({"x": (0, 50), "y": (4, 50)}, (Constraint(both, 34, 34, "sum"),))
    >>> ranges = Ranges(system)
    >>> ranges.of((("x", 2),)), ranges.of((("x", 2),), labels=[])
    ((0, 60, True), (0, 100, True))
    """

    def __init__(
        self,
        system: IntegerSystem,
        *,
        budget: int = DEFAULT_BUDGET,
        known: Iterable[Mapping[str, int]] = (),
    ):
        self._system = system
        self._budget = budget
        self._fruitless = 0
        self._known: list[tuple[list[int], set[str]]] = []
        for values in known:
            self._keep([values[name] for name in system.bounds])

    def _keep(self, values: list[int]) -> None:
        broken = set()
        for constraint, terms in zip(self._system.constraints, self._system._terms, strict=True):
            if constraint.label in broken:
                continue
            total = sum(factor * values[i] for i, factor in terms)
            if (constraint.low is not None and total < constraint.low) or (
                constraint.high is not None and total > constraint.high
            ):
                broken.add(constraint.label)
        self._known.append((values, broken))

    def of(
        self,
        terms: Sequence[tuple[str, int]],
        labels: Collection[str] | None = None,
        *,
        is_limited: bool = True,
    ) -> tuple[int, int, bool] | None:
        """Return the least and the greatest value that a sum can have.

        Parameters
        ----------
        terms : sequence of (str, int)
            Name and coefficient (not 0) of each unknown, each name once.
        labels : collection of str, optional
            Only constraints with these labels count; all by default.
        is_limited : bool
            Whether the greatest value is asked for; else an outer bound does.

        Returns
        -------
        tuple of (int, int, bool) or None
            Least and greatest value, and whether those asked for are attained
            (False: they are sound outer bounds, since a search ended on its
            budget); None if the system has no solution at all.

        Raises
        ------
        KeyError
            If the system has no such unknown.
        """
        search = Search(self._system, labels, self._budget, None)
        number = search.watch(terms)
        known = self._fitting(labels)
        if not known:
            first = solve(self._system, labels=labels, budget=self._budget)
            if isinstance(first, Infeasible):
                return None
            if not isinstance(first, Exhausted):
                self._keep(list(first.values.values()))
                known = self._fitting(labels)
        try:
            search.propagate(search.active, [])
        except BudgetEndedError:  # every step so far holds
            known = []
        floor, ceiling = search.least[number], search.most[number]
        if not known:
            return floor, ceiling, False
        seen = [
            (sum(factor * values[i] for i, factor in search.terms[number]), values)
            for values in known
        ]

        def reaches(least: int, most: int) -> int | bool | None:
            """Return a value between two, if there is one; None if undecided."""
            start = min(seen, key=lambda found: max(least - found[0], found[0] - most))[1]
            values = self._between(search, number, (least, most), start)
            if not isinstance(values, list):
                return values
            self._keep(values)
            total = sum(factor * values[i] for i, factor in search.terms[number])
            seen.append((total, values))
            return total

        lowest, highest = min(total for total, _ in seen), max(total for total, _ in seen)
        exact = True
        # Propagation is usually exact, so the end itself is tried before halving.
        probe = floor
        while floor < lowest:
            answer = reaches(floor, probe)
            if answer is None:
                exact = False
                break
            if answer is False:
                floor = probe + 1
            else:
                lowest = int(answer)
            probe = (floor + lowest) // 2
        probe = ceiling
        while is_limited and highest < ceiling:
            answer = reaches(probe, ceiling)
            if answer is None:
                exact = False
                break
            if answer is False:
                ceiling = probe - 1
            else:
                highest = int(answer)
            probe = (highest + ceiling + 1) // 2
        return floor, ceiling, exact

    def passes(
        self,
        terms: Sequence[tuple[str, int]],
        value: int,
        labels: Collection[str] | None = None,
        *,
        below: bool = False,
    ) -> bool | None:
        """Return whether a sum can be greater than a value, or other than it.

        Parameters
        ----------
        terms : sequence of (str, int)
            Name and coefficient (not 0) of each unknown, each name once.
        value : int
            The value.
        labels : collection of str, optional
            Only constraints with these labels count; all by default.
        below : bool
            Whether it counts as well that the sum is less.

        Returns
        -------
        bool or None
            None if the search ended on its budget.

        Examples
        --------
        >>> system = IntegerSystem({"x": (0, 9)}, (Constraint((("x", 2),), None, 7, "half"),))
        >>> ranges = Ranges(system)
        >>> ranges.passes((("x", 1),), 2), ranges.passes((("x", 1),), 3)
        (True, False)
        >>> ranges.passes((("x", 1),), 3, below=True)
        True
        """
        search = Search(self._system, labels, self._budget, None)
        number = search.watch(terms)
        start = search.low
        for values in self._fitting(labels):
            total = sum(factor * values[i] for i, factor in search.terms[number])
            if total > value or (below and total < value):
                return True
            start = values
        try:
            if search.propagate(search.active, []) is not None:
                return False
        except BudgetEndedError:
            return None
        sides = [(value + 1, search.most[number])]
        if below:
            sides.append((search.least[number], value - 1))
        answer: Literal[False] | None = False
        for ends in sides:
            if ends[0] > ends[1]:
                continue
            found = self._between(search, number, ends, list(start))
            if isinstance(found, list):
                self._keep(found)
                return True
            answer = answer if found is False else None
        return answer

    def _fitting(self, labels: Collection[str] | None) -> list[list[int]]:
        """Return the known solutions of the constraints with some labels."""
        return [
            values
            for values, broken in self._known
            if not (broken if labels is None else broken.intersection(labels))
        ]

    def _between(
        self, search: Search, number: int, ends: tuple[int, int], start: list[int]
    ) -> list[int] | Literal[False] | None:
        """Return a solution with a sum between two ends, False if none, None if undecided.

        The search has its bounds tightened already, but for this sum.
        """
        watched = search.constraints[number]
        search.constraints[number] = Constraint(watched.terms, *ends, watched.label)
        changes = len(search.changes)
        try:
            search.left = min(_NEARBY, self._budget)
            if search.propagate([number], []) is not None:
                return False
            found = search.walk(start, _MOVES) or search.near(start, [])
            return False if found is None else found
        except BudgetEndedError:
            pass
        finally:
            search.take_back(changes)
        if self._fruitless == _FRUITLESS:
            return None
        try:
            search.left = self._budget
            afresh = search.run([number])
            return False if isinstance(afresh, Refutation) else afresh
        except BudgetEndedError:
            self._fruitless += 1
            return None
        finally:
            search.take_back(changes)


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
        As :meth:`Ranges.of`, which answers many questions of one system
        faster.

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
    return Ranges(system, budget=budget).of(((unknown, 1),), labels)
