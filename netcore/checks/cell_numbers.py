"""Numbers of units in cells: as printed, as other counts allow, as percentages make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from netcore.checks.estimands import Cell, cell_of, is_first_hand, is_patient_data, readings
from netcore.checks.parts_and_wholes import CountAnalysis
from netcore.printed import Interval
from netcore.stats.counts import counts_behind
from netcore.study import Claim, Study

__all__ = ["How", "Number", "PrintedCounts"]

How = Literal["printed", "derived", "percentage"]


@dataclass(frozen=True, slots=True)
class Number:
    """How many units a cell holds.

    Parameters
    ----------
    low, high : int
        Least and greatest number.
    claims : tuple of Claim
        The rows that print it.
    how : {'printed', 'derived', 'percentage'}
        Whether it is printed, follows from other counts, or is what a
        percentage of the group would make it.
    """

    low: int
    high: int
    claims: tuple[Claim, ...] = ()
    how: How = "printed"

    @property
    def is_single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


class PrintedCounts:
    """Numbers of units in cells, as printed, else as other rows allow.

    Parameters
    ----------
    study : Study
        The study.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`.
    """

    def __init__(self, study: Study, analyses: Sequence[CountAnalysis]):
        self._study = study
        self._analyses = {analysis.counts.root: analysis for analysis in analyses}
        self._labels: dict[Cell, list[str]] = {}
        self._printed: dict[Cell, Number] = {}
        self._others: dict[Cell, tuple[int, int | None] | None] = {}
        self._percentages: dict[Cell, list[Claim]] = {}
        for analysis in analyses:
            for printing in analysis.counts.printings:
                self._labels.setdefault(printing.cell, []).append(printing.label)
                values = [
                    value for claim in printing.claims if (value := self._value(claim)) is not None
                ]
                # What the other counts contradict settles nothing about a p-value.
                if printing.label not in analysis.disputed and len(values) == len(printing.claims):
                    self._printed[printing.cell] = Number(min(values), max(values), printing.claims)
        for claim in study.claims:
            found = readings(claim)
            if claim.stat_name != "pct" or len(found) > 1 or not study.printed(claim).is_number:
                continue
            if is_patient_data(study, claim) and is_first_hand(study, claim):
                cell = cell_of(study, found[0])
                if cell is not None:
                    self._percentages.setdefault(cell, []).append(claim)

    def _value(self, claim: Claim) -> int | None:
        printed = self._study.printed(claim)
        if printed.is_number:
            return int(printed.number())
        return 0 if printed.text == "none" else None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Cells of which a count or a percentage is printed."""
        return tuple(dict.fromkeys((*self._printed, *self._percentages)))

    def printed(self, cell: Cell) -> Number | None:
        """Return the printed number of a cell.

        Parameters
        ----------
        cell : Cell
            Any cell.

        Returns
        -------
        Number or None
            None if no row prints it as a number, or if it is disputed.
        """
        return self._printed.get(cell)

    def from_others(self, cell: Cell) -> tuple[int, int | None] | None:
        """Return what other rows allow a cell to hold, without those that print it.

        Parameters
        ----------
        cell : Cell
            Any cell.

        Returns
        -------
        tuple of int and int or None, or None
            Least and greatest number (None: no limit); None if nothing is
            known.
        """
        if cell not in self._others:
            self._others[cell] = None
            analysis = self._analyses.get(cell.root)
            if analysis is not None:
                kept = analysis.undisputed(*self._labels.get(cell, ()))
                try:
                    reach = analysis.attainable(cell, kept)
                except KeyError:  # no count combines these variables
                    reach = None
                if reach is not None:
                    self._others[cell] = (reach.low, reach.high)
        return self._others[cell]

    def percentage_allows(self, cell: Cell, count: int, size: int | None) -> bool:
        """Return whether a count makes the percentages beside it, of its group.

        Parameters
        ----------
        cell : Cell
            The cell of the percentages.
        count : int
            A number of units in it.
        size : int or None
            How many the group has; None if that is not one number.

        Returns
        -------
        bool
            True also where there is no percentage.
        """
        return size is None or all(
            size > 0 and count in counts_behind(self._window(claim), size)
            for claim in self._percentages.get(cell, ())
        )

    def _window(self, claim: Claim) -> Interval:
        return self._study.printed(claim).window("any")

    def number(self, cell: Cell, size: Number | None) -> Number | None:
        """Return the number of a cell: printed, else derived, else from its percentage.

        Parameters
        ----------
        cell : Cell
            A cell within a group.
        size : Number or None
            The size of the group, if it is known.

        Returns
        -------
        Number or None
            None if nothing limits it.
        """
        if (found := self._printed.get(cell)) is not None:
            return found
        others = self.from_others(cell)
        limit = None if size is None else size.high
        low, high = (0, limit) if others is None else (others[0], others[1])
        if high is None or (limit is not None and limit < high):
            high = limit
        shares = self._percentages.get(cell, [])
        if shares and size is not None and size.is_single and size.high and low != high:
            behind = counts_behind(self._window(shares[0]), size.high)
            if behind and high is not None and low <= behind[-1] and behind[0] <= high:
                ends = max(low, behind[0]), min(high, behind[-1])
                return Number(*ends, tuple(shares), "percentage")
        return None if high is None or low > high else Number(low, high, (), "derived")
