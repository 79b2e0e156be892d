"""Sizes of groups: as printed, else as the other counts allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from netcore.checks.count_analysis import CellRange, CountAnalysis
from netcore.checks.estimands import Cell, population_cell
from netcore.checks.wording import cell_title
from netcore.study import Claim, Study

__all__ = ["NO_LIMIT", "Size", "Sizes", "span_text"]

NO_LIMIT: Final = 10**9
"""Stands in for the size of a group that nothing printed limits."""


def span_text(values: range) -> str:
    """Write consecutive numbers as prose does.

    Parameters
    ----------
    values : range
        The numbers.

    Returns
    -------
    str
        The number, the first and the last, or that there are none or that
        they have no limit.

    Examples
    --------
    >>> span_text(range(3, 6)), span_text(range(3, 4)), span_text(range(0))
    ('3 to 5', '3', 'none')
    """
    if not values:
        return "none"
    first, last = values[0], values[-1]
    if last >= NO_LIMIT - 1:
        return f"{first} or more"
    return str(first) if first == last else f"{first} to {last}"


@dataclass(frozen=True, slots=True)
class Size:
    """The printed size of a group, and what it could be if it were not printed.

    Parameters
    ----------
    claims : tuple of Claim
        The rows that print it.
    value : int
        The size.
    others : CellRange or None
        What the other rows allow; None if none of them bounds it.
    """

    claims: tuple[Claim, ...]
    value: int
    others: CellRange | None

    def could_be(self, numbers: Iterable[int]) -> list[int]:
        """Return which of some numbers the other rows allow.

        Parameters
        ----------
        numbers : iterable of int
            The numbers.

        Returns
        -------
        list of int
            Those of them that the size could be.
        """
        low = 0 if self.others is None else self.others.low
        high = None if self.others is None else self.others.high
        return [number for number in numbers if low <= number and (high is None or number <= high)]


class Sizes:
    """Sizes of cells: as printed, else as the other counts allow.

    Parameters
    ----------
    study : Study
        The study.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.count_analysis.analyse_counts`.
    """

    def __init__(self, study: Study, analyses: Sequence[CountAnalysis]):
        self._analyses = {analysis.counts.root: analysis for analysis in analyses}
        self._printed: dict[Cell, list[Claim]] = {}
        self._derived: dict[Cell, CellRange | None] = {}
        self._values: dict[Cell, tuple[int, ...]] = {}
        for analysis in analyses:
            for printing in analysis.counts.printings:
                rows = [claim for claim in printing.claims if self._value(study, claim) is not None]
                if rows:
                    self._printed.setdefault(printing.cell, []).extend(rows)
        self._study = study
        self._all = tuple(analyses)

    def __eq__(self, other: object) -> bool:
        """Tell whether sizes rest on the same analyses, so that what follows can be kept."""
        return isinstance(other, Sizes) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[int, ...]:
        return (id(self._study), *map(id, self._all))

    @staticmethod
    def _value(study: Study, claim: Claim) -> int | None:
        printed = study.printed(claim)
        if printed.is_number:
            return int(printed.number())
        return 0 if printed.text == "none" else None

    def claims(self, cell: Cell) -> tuple[Claim, ...]:
        """Return the rows that print the size of a cell as a number.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        tuple of Claim
            The rows.
        """
        return tuple(self._printed.get(cell, ()))

    def values(self, cell: Cell) -> tuple[int, ...]:
        """Return the printed sizes of a cell.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        tuple of int
            Each number once, in order; more than one where printings differ.
        """
        if cell not in self._values:
            found = {self._value(self._study, claim) for claim in self.claims(cell)}
            self._values[cell] = tuple(sorted(value for value in found if value is not None))
        return self._values[cell]

    def named(self, numbers: range) -> str:
        """Name the populations of any kind whose printed size is among some numbers.

        Parameters
        ----------
        numbers : range
            The numbers.

        Returns
        -------
        str
            The sizes with their populations, in parentheses; empty if no
            population has one of them.
        """
        found = [
            f"{value}: {cell_title(self._study, cell)}"
            for cell in dict.fromkeys(
                population_cell(self._study, name) for name in self._study.populations
            )
            for value in self.values(cell)
            if value in numbers
        ]
        return f" ({'; '.join(found)})" if found else ""

    def from_others(self, cell: Cell) -> CellRange | None:
        """Return the sizes that other rows allow, without those that print it.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        CellRange or None
            None if no other row bounds it.
        """
        if cell.root not in self._analyses:
            return None
        if cell not in self._derived:
            analysis = self._analyses[cell.root]
            own = [
                printing.label for printing in analysis.counts.printings if printing.cell == cell
            ]
            try:
                self._derived[cell] = analysis.attainable(cell, analysis.undisputed(*own))
            except KeyError:  # no count combines these variables, so nothing bounds the cell
                self._derived[cell] = None
        return self._derived[cell]

    def span(self, cell: Cell) -> tuple[int, int]:
        """Return least and greatest size: as printed, else from the other rows.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        tuple of (int, int)
            The two sizes; :data:`NO_LIMIT` where there is no greatest.
        """
        values = self.values(cell)
        if values:
            return values[0], values[-1]
        derived = self.from_others(cell)
        if derived is None:
            return 0, NO_LIMIT
        return derived.low, NO_LIMIT if derived.high is None else derived.high

    def size(self, cell: Cell) -> Size | None:
        """Return the printed size of a cell, if it is printed.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        Size or None
            The largest of its printings; None if there is none.
        """
        values = self.values(cell)
        return Size(self.claims(cell), values[-1], self.from_others(cell)) if values else None
