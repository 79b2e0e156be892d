"""The values that a sum of unknowns can have while a system holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from netcore.stats.integer_systems.search import BudgetEndedError, Refutation, Search
from netcore.stats.integer_systems.solver import DEFAULT_BUDGET, Exhausted, Infeasible, solve
from netcore.stats.integer_systems.systems import Constraint, IntegerSystem

__all__ = ["Ranges", "attainable_range"]

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

    def reaches(
        self,
        terms: Sequence[tuple[str, int]],
        least: int,
        labels: Collection[str] | None = None,
    ) -> bool | None:
        """Return whether a sum can be as great as a value.

        Parameters
        ----------
        terms : sequence of (str, int)
            Name and coefficient (not 0) of each unknown, each name once.
        least : int
            The value.
        labels : collection of str, optional
            Only constraints with these labels count; all by default.

        Returns
        -------
        bool or None
            None if the search ended on its budget.

        Examples
        --------
        >>> system = IntegerSystem({"x": (0, 9)}, (Constraint((("x", 2),), None, 7, "half"),))
        >>> ranges = Ranges(system)
        >>> ranges.reaches((("x", 1),), 3), ranges.reaches((("x", 1),), 4)
        (True, False)
        """
        search = Search(self._system, labels, self._budget, None)
        number = search.watch(terms)
        start = search.low
        for values in self._fitting(labels):
            if sum(factor * values[i] for i, factor in search.terms[number]) >= least:
                return True
            start = values
        found = self._between(search, number, (least, search.most[number]), list(start))
        if isinstance(found, list):
            self._keep(found)
            return True
        return found

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
        """Return a solution with a sum between two ends, False if none, None if undecided."""
        changes = len(search.changes)
        watched = search.constraints[number]
        search.constraints[number] = Constraint(watched.terms, *ends, watched.label)
        search.left = min(_NEARBY, self._budget)
        try:
            found = search.near(start)
            return False if found is None else found
        except BudgetEndedError:
            pass
        finally:
            search.take_back(changes)
        search.left = self._budget
        try:
            afresh = search.run()
            return False if isinstance(afresh, Refutation) else afresh
        except BudgetEndedError:
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
