"""What else bounds a variable's values, besides the rows that a check looks at.

A check that finds values for the rows it looks at has shown that those can
hold together, and no more.  It may call them possible only where nothing else
that is printed has a say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from netcore.checks.estimands import (
    Cell,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.parts_and_wholes import are_exclusive
from netcore.study import Study

__all__ = ["OtherBounds", "other_bounds"]


class _Mention(NamedTuple):
    """That a row, under one of its readings, is about a variable."""

    claim: str
    population: str
    at: str


@dataclass(frozen=True, slots=True)
class OtherBounds:
    """All rows of a study by what they bear on; made by :func:`other_bounds`.

    Parameters
    ----------
    study : Study
        The study.
    mentions : Mapping of str to list
        For each variable the rows about it.
    tested : frozenset of str
        Variables of which the result of an analysis is printed.
    sizes : Mapping of Cell to int
        The least printed number of units, of cells of which one is printed.
    """

    study: Study
    mentions: Mapping[str, list[_Mention]]
    tested: frozenset[str]
    sizes: Mapping[Cell, int]

    def bear_on(
        self,
        population: str,
        variable: str,
        at: str,
        among: Collection[str],
        *,
        with_dates: bool = True,
    ) -> bool:
        """Return whether other printed rows bear on a variable of a population.

        Parameters
        ----------
        population, variable, at : str
            Whose values, of what, and when.
        among : collection of str
            The ids of the rows that were looked at already.
        with_dates : bool
            Whether dates that start or stop the clock of a time count.

        Returns
        -------
        bool
            True if another row is about the same variable at this time in a
            population that may share members, about an analysis of the
            variable, about a variable that it follows from or that follows
            from it, or about classes of it; and where a date starts or stops
            its clock.
        """
        meant = self.study.variables[variable]
        clock = [self.study.variables.get(name or "") for name in (meant.from_, meant.to)]
        if with_dates and any(end is not None and end.type == "date" for end in clock):
            return True
        if variable in self.tested:
            return True
        for kin in _kin(self.study, variable):
            if any(mention.claim not in among for mention in self.mentions.get(kin, ())):
                return True
        return any(
            mention.claim not in among
            and mention.at == at
            and not _apart(self.study, population, mention.population)
            for mention in self.mentions.get(variable, ())
        )

    def largest_number(self, population: str) -> int | None:
        """Return how many units of a population can have been analysed at most.

        Parameters
        ----------
        population : str
            Name of a population.

        Returns
        -------
        int or None
            The least of the printed sizes of the population and of those
            that contain it; None if none of them is printed as a plain
            number.
        """
        names = (population, *self.study.ancestors(population))
        cells = [population_cell(self.study, name) for name in names]
        return min((self.sizes[cell] for cell in cells if cell in self.sizes), default=None)


def other_bounds(study: Study) -> OtherBounds:
    """Index the rows of a study by what they bear on.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    OtherBounds
        The index; results of analyses count wherever they stand, other rows
        only if they are of this study's own units and seen by the
        transcriber.
    """
    mentions: dict[str, list[_Mention]] = {}
    tested: set[str] = set()
    sizes: dict[Cell, int] = {}
    for row in study.claims:
        options = readings(row)
        for reading in options:
            if reading.analysis:
                analysis = study.analyses[reading.analysis]
                tested.update(name for name in (analysis.variable, analysis.with_) if name)
        if not is_patient_data(study, row) or not is_first_hand(study, row):
            continue
        for reading in options:
            if reading.variable:
                mentions.setdefault(reading.variable, []).append(
                    _Mention(row.claim, reading.population, reading.at)
                )
        cell = cell_of(study, options[0]) if len(options) == 1 else None
        if cell is not None and options[0].stat_name in ("N", "n"):
            printed = study.printed(row)
            if printed.is_number:
                number = int(printed.number())
                sizes[cell] = min(number, sizes.get(cell, number))
    return OtherBounds(study, mentions, frozenset(tested), sizes)


def _kin(study: Study, variable: str) -> frozenset[str]:
    """Return the variables whose values and those of this one depend on each other."""
    found: set[str] = set()
    for name, other in study.variables.items():
        joined = {name, *(other.derived.operands if other.derived else ())}
        joined.update(other.measured_by.values())
        if variable in joined:
            found |= joined
    return frozenset(found - {variable})


def _apart(study: Study, one: str, other: str) -> bool:
    """Return whether two populations have no member in common."""
    cells = population_cell(study, one), population_cell(study, other)
    return cells[0].root != cells[1].root or are_exclusive(study, *cells)
