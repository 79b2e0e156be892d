"""What all printed counts of one kind of unit say together.

Either they have a common solution, or some of them conflict; what does not
conflict bounds every cell, printed or not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Final

from netcore.checks.count_systems import RULE, CountSystem, count_systems
from netcore.checks.estimands import Cell
from netcore.printed import Interval
from netcore.stats.integer_systems import Feasible, Ranges, minimal_conflicts, solve
from netcore.study import Study

__all__ = ["CellRange", "CountAnalysis", "accused", "analyse_counts"]

_FEWEST_REPAIRS: Final = 3  # more changes than that are not tried in every combination


@dataclass(frozen=True, slots=True)
class CellRange:
    """The numbers of units that a cell can hold.

    Parameters
    ----------
    low : int
        Least number.
    high : int or None
        Greatest number; None if no printed count limits it.
    exact : bool
        Whether both are attained; otherwise they are sound outer bounds.
    """

    low: int
    high: int | None
    exact: bool

    @property
    def interval(self) -> Interval:
        """The numbers as a closed interval."""
        return Interval(Fraction(self.low), None if self.high is None else Fraction(self.high))

    def __str__(self) -> str:
        """Write the numbers as prose does."""
        if self.high is None:
            return f"{self.low} or more"
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class CountAnalysis:
    """One kind of unit, solved.

    Parameters
    ----------
    counts : CountSystem
        The system.
    conflicts : tuple of tuple of tuple of str
        Groups of smallest sets of labels that cannot hold together; the sets
        of a group share labels, the first set is the smallest.
    complete : bool
        Whether these are all.
    disputed : frozenset of str
        Labels that every set of some group holds: those that a single change
        could mend.  Without them the rest holds together.
    solution : dict of str to int or None
        Values of the unknowns that fit all printings but the disputed ones.
    """

    counts: CountSystem
    conflicts: tuple[tuple[tuple[str, ...], ...], ...]
    complete: bool
    disputed: frozenset[str]
    solution: dict[str, int] | None
    _ranges: Ranges = field(init=False, repr=False, compare=False)
    _growth: Ranges = field(init=False, repr=False, compare=False)
    _found: dict[tuple[Cell, frozenset[str]], CellRange | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Remember what is found out of one cell for the next one."""
        system, one_more = self.counts.system, self.counts.one_more
        if system is not None and one_more is not None:
            known = () if self.solution is None else (self.solution,)
            object.__setattr__(self, "_ranges", Ranges(system, known=known))
            object.__setattr__(self, "_growth", Ranges(one_more))

    def undisputed(self, *but: str) -> tuple[str, ...]:
        """Return the labels of the printings that hold together, but some.

        Parameters
        ----------
        *but : str
            Labels to leave out as well.

        Returns
        -------
        tuple of str
            The other labels, in the order of the rows.
        """
        return tuple(
            label for label in self.counts.labels if label not in self.disputed and label not in but
        )

    def attainable(self, cell: Cell, labels: Collection[str]) -> CellRange | None:
        """Return the sizes that a cell can have while some printings hold.

        Parameters
        ----------
        cell : Cell
            A cell of this kind of unit.
        labels : collection of str
            Labels of the printings that hold; all others are left out.

        Returns
        -------
        CellRange or None
            None if these printings cannot hold together, or if the system is
            too large to be decided.
        """
        if self.counts.system is None:
            return None
        key = (cell, frozenset(labels))
        if key not in self._found:
            self._found[key] = self._attainable(cell, {RULE, *labels})
        return self._found[key]

    def is_forced(self, cell: Cell, value: int, labels: Collection[str]) -> bool:
        """Return whether some printings are seen to leave a cell no other size.

        Parameters
        ----------
        cell : Cell
            A cell of this kind of unit.
        value : int
            The size.
        labels : collection of str
            Labels of the printings that hold; all others are left out.

        Returns
        -------
        bool
            False as well where the search ended on its budget.
        """
        terms = self.counts.terms(cell)
        return self._ranges.passes(terms, value, {RULE, *labels}, below=True) is False

    def _attainable(self, cell: Cell, labels: Collection[str]) -> CellRange | None:
        terms = self.counts.terms(cell)
        # The unknowns have a limit of the search; it is none of the paper's.
        is_limited = self._is_limited(labels) or self._growth.passes(terms, 0, labels) is False
        found = self._ranges.of(terms, labels, is_limited=is_limited)
        if found is None:
            return None
        low, high, exact = found
        return CellRange(low, min(high, self.counts.limit) if is_limited else None, exact)

    def _is_limited(self, labels: Collection[str]) -> bool:
        """Return whether the number of all units is printed, with a limit."""
        return any(
            printing.label in labels
            and not printing.cell.conditions
            and printing.window is not None
            and printing.window.high is not None
            for printing in self.counts.printings
        )


def analyse_counts(study: Study) -> tuple[CountAnalysis, ...]:
    """Solve the counts of every kind of unit.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of CountAnalysis
        One for each kind of unit that the study counts.
    """
    return tuple(_analyse(counts) for counts in count_systems(study))


def _analyse(counts: CountSystem) -> CountAnalysis:
    system = counts.system
    if system is None:
        return CountAnalysis(counts, (), False, frozenset(), None)
    outcome = solve(system)
    if isinstance(outcome, Feasible):
        return CountAnalysis(counts, (), True, frozenset(), dict(outcome.values))
    conflicts, complete = minimal_conflicts(system, counts.labels, hard=[RULE])
    groups = _groups(conflicts)
    disputed: set[str] = set()
    for group in groups:
        disputed |= accused(group)
    rest = [label for label in counts.labels if label not in disputed]
    again = solve(system, labels={RULE, *rest})
    if not isinstance(again, Feasible) and conflicts:
        # The conflicts found are not all: leave out every label of theirs.
        disputed = {label for conflict in conflicts for label in conflict}
        again = solve(
            system, labels={RULE, *(label for label in counts.labels if label not in disputed)}
        )
    solution = dict(again.values) if isinstance(again, Feasible) else None
    return CountAnalysis(counts, groups, complete, frozenset(disputed), solution)


def _groups(conflicts: Sequence[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Join conflicts for which one printing could stand behind them all.

    The fewest printings whose change would mend all conflicts have a group
    each; so each group has a change of one printed value that would mend it.
    Where it takes many, a conflict joins the first group with which it shares
    a label that all conflicts of the group hold.
    """
    labels = list(dict.fromkeys(label for conflict in conflicts for label in conflict))
    for size in range(1, _FEWEST_REPAIRS + 1):
        for chosen in combinations(labels, size):
            if all(set(conflict).intersection(chosen) for conflict in conflicts):
                mended: dict[str, list[tuple[str, ...]]] = {label: [] for label in chosen}
                for conflict in conflicts:
                    mended[next(label for label in chosen if label in conflict)].append(conflict)
                found = sorted(mended.values(), key=lambda group: conflicts.index(group[0]))
                return tuple(tuple(group) for group in found)
    groups: list[list[tuple[str, ...]]] = []
    for conflict in conflicts:
        for group in groups:
            if _shared(group) & set(conflict):
                group.append(conflict)
                break
        else:
            groups.append([conflict])
    return tuple(tuple(group) for group in groups)


def _shared(group: Sequence[tuple[str, ...]]) -> set[str]:
    return set(group[0]).intersection(*group[1:])


def accused(group: Sequence[tuple[str, ...]]) -> set[str]:
    """Return the printings without which the conflicts of a group are gone.

    Parameters
    ----------
    group : sequence of tuple of str
        Sets of labels that cannot hold together.

    Returns
    -------
    set of str
        The labels that every set of the group holds.

    Examples
    --------
    >>> accused([("a", "b"), ("b", "c")])
    {'b'}
    """
    return _shared(group)
