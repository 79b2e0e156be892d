"""What a claim is about: readings of a row, and the cells that counts count.

A row names its estimand by population, variable, level, statistic, time and
analysis.  Where the paper leaves one of these open (``a|b``) the row has
several readings.  Every count is the count of a cell: a conjunction of levels
within one kind of unit, so that the size of a group and the number of patients
at the level that defines the group are the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

from netcore.study import AMBIGUOUS, Claim, Condition, Study

__all__ = [
    "Cell",
    "Reading",
    "cell_of",
    "is_first_hand",
    "is_patient_data",
    "population_cell",
    "readings",
    "significance",
]

Conditions = frozenset[Condition]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a claim: a value for each key column.

    Parameters
    ----------
    population : str
        Name of a population; "" only for a quoted value.
    variable : str
        Name of a variable; "" where the population itself is meant.
    variable_level : str
        A level or union of the variable; "" for none.
    stat_name : str
        A statistic of the vocabulary.
    at : str
        A number with a unit, as "24 months"; "" if the paper gives no
        time.
    denominator : str
        Name of a population, where the paper says it; otherwise "".
    analysis : str
        Name of an analysis; "" for none.
    """

    population: str
    variable: str
    variable_level: str
    stat_name: str
    at: str
    denominator: str
    analysis: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Units of one kind that meet all of some conditions.

    Parameters
    ----------
    root : str
        The population that holds every unit of this kind.
    conditions : frozenset of Condition
        Variable, time and level; none of them for the root itself.
    """

    root: str
    conditions: Conditions

    def without(self, condition: Condition) -> Cell:
        """Return the larger cell in which one condition is dropped.

        Parameters
        ----------
        condition : Condition
            A condition of this cell.

        Returns
        -------
        Cell
            The same root with all other conditions.
        """
        return Cell(self.root, self.conditions - {condition})

    def contains(self, other: Cell) -> bool:
        """Return whether every unit of the other cell is in this one.

        Parameters
        ----------
        other : Cell
            The cell that may be a part of this one.

        Returns
        -------
        bool
            True if the root is the same and the other cell has every
            condition of this one; levels and unions are not looked into.
        """
        return self.root == other.root and self.conditions <= other.conditions


@lru_cache(maxsize=1 << 13)
def readings(claim: Claim) -> tuple[Reading, ...]:
    """Return every reading of a claim, in the order of its columns.

    Parameters
    ----------
    claim : Claim
        A row of the claims table.

    Returns
    -------
    tuple of Reading
        One for an unambiguous row.
    """
    return tuple(
        Reading(*choice) for choice in product(*(claim.readings(column) for column in AMBIGUOUS))
    )


def population_cell(study: Study, population: str) -> Cell:
    """Return the cell of a population.

    Parameters
    ----------
    study : Study
        The study that defines it.
    population : str
        Name of a population.

    Returns
    -------
    Cell
        Its root and all its conditions, inherited ones included.
    """
    return Cell(study.root(population), study.conditions(population))


def cell_of(study: Study, reading: Reading) -> Cell | None:
    """Return the cell that a count or percentage counts.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    reading : Reading
        A reading with statistic ``N``, ``n`` or ``pct``.

    Returns
    -------
    Cell or None
        None where the row is no count of units: a quoted value without a
        population, a described single unit, the size of what was analysed of
        a variable, or any other statistic.
    """
    if not reading.population or reading.stat_name not in ("N", "n", "pct"):
        return None
    if any(
        study.populations[name].size
        for name in (reading.population, *study.ancestors(reading.population))
    ):
        return None
    cell = population_cell(study, reading.population)
    if not reading.variable:
        # Who is left at a time is a number of its own, and no level says who they are.
        return None if reading.at else cell
    # Beside a variable N is how many were analysed, as in an ARD, and so is n
    # without a level, unless levels may overlap: then it is any of them.
    is_any = study.variables[reading.variable].type == "multi"
    if reading.stat_name == "N" or not (reading.variable_level or is_any):
        return None
    return Cell(
        cell.root,
        cell.conditions | {Condition(reading.variable, reading.at, reading.variable_level)},
    )


def is_patient_data(study: Study, claim: Claim) -> bool:
    """Return whether a row says something of this study's own units.

    Quoted values and the rules of a protocol are statements of another kind:
    they never enter a system of counts.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    bool
        False also if only one of several readings is about rules.
    """
    if claim.cites or not claim.population:
        return False
    return all(study.units(name) != "rules" for name in claim.readings("population"))


def is_first_hand(study: Study, claim: Claim) -> bool:
    """Return whether the transcriber saw the row itself.

    Values seen only in a secondary source never convict, so they enter no
    system of counts.

    Parameters
    ----------
    study : Study
        The study, which says how each place was seen.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    bool
        False if the place of the row was seen in a secondary source only.
    """
    return study.locations[claim.location].seen != "secondary"


def significance(study: Study, alpha: Fraction | None) -> Fraction:
    """Return the level behind ``ns``.

    Parameters
    ----------
    study : Study
        The study; its own printed ``alpha`` counts where none is given.
    alpha : Fraction or None
        The reader's choice.

    Returns
    -------
    Fraction
        The choice, else the smallest level that the paper prints, else 0.05.
    """
    if alpha is not None:
        return alpha
    printed = [
        study.printed(claim).number() / (100 if claim.unit == "%" else 1)
        for claim in study.claims
        if claim.stat_name == "alpha" and study.printed(claim).is_number
    ]
    return min(printed, default=Fraction(1, 20))
