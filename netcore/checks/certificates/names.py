"""Names of unknowns: numbers of units with some levels, and statistics of variables.

Two rows are about one quantity if and only if its name is the same.  No name of a
variable, level or time holds ``|``, so that none can be taken for another.  Names of
whole numbers start with ``#``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Final

from netcore.checks.estimands import Cell, Reading, population_cell
from netcore.study import Claim, Condition, Study, Variable

__all__ = [
    "ANY",
    "Factor",
    "Form",
    "Quantity",
    "count_form",
    "factor_values",
    "factors_in",
    "is_single",
    "named_units",
    "quantity_of",
    "unit_of_variable",
    "value_text",
    "who_text",
]

ANY: Final = "|any|"  # any of the levels that may overlap; no level is called so

Form = Mapping[str, Fraction]
"""A sum of unknowns: coefficients by name."""

Factor = tuple[str, str, str]
"""A variable, a time, and for levels that may overlap one of these; else ""."""


def is_single(study: Study, population: str) -> bool:
    """Return whether a population is one described unit, or a part of one.

    Parameters
    ----------
    study : Study
        The study that defines it.
    population : str
        Name of a population.

    Returns
    -------
    bool
        Whether it, or what it is a part of, has a size.
    """
    line = (population, *study.ancestors(population))
    return any(study.populations[name].size for name in line)


def value_text(factor: Factor, value: str) -> str:
    """Write that a unit has a value of a factor.

    Parameters
    ----------
    factor : tuple of (str, str, str)
        Variable, time and overlapping level.
    value : str
        A level or "" for none of the named ones; of overlapping levels
        ``yes`` or ``no``.

    Returns
    -------
    str
        Such as ``response = PR |24 months``; the second word tells what sort
        of value it is.
    """
    variable, at, item = factor
    if item == ANY:
        said = f"{variable} {'any' if value == 'yes' else 'none'}"
    elif item:
        said = f"{variable} {'has' if value == 'yes' else 'lacks'} {item}"
    else:
        said = f"{variable} = {value}" if value else f"{variable} unnamed"
    return f"{said} |{at}" if at else said


def factors_in(name: str) -> frozenset[Factor]:
    """Return the factors of which the units of a named number have values.

    Parameters
    ----------
    name : str
        From :func:`named_units`.

    Returns
    -------
    frozenset of Factor
        None for all units of a kind.

    Examples
    --------
    >>> factors_in("#all || event has pain |8 weeks")
    frozenset({('event', '8 weeks', 'pain')})
    """
    found = []
    for text in name.split(" || ")[1:]:
        said, _, at = text.partition(" |")
        variable, word, *level = said.split(" ", 2)
        item = ANY if word in ("any", "none") else level[0] if word in ("has", "lacks") else ""
        found.append((variable, at, item))
    return frozenset(found)


def factor_values(variable: Variable, item: str = "") -> tuple[str, ...]:
    """Return the values of a factor, of which every unit has exactly one.

    Parameters
    ----------
    variable : Variable
        What is observed.
    item : str
        One level, of a variable of overlapping levels.

    Returns
    -------
    tuple of str
        Levels, with "" for any other where they are not complete; or ``yes``
        and ``no``.
    """
    if item:
        return ("yes", "no")
    return tuple(variable.levels) if variable.complete else (*variable.levels, "")


def named_units(root: str, values: Iterable[tuple[Factor, str]]) -> str:
    """Name the number of units that have some values.

    Parameters
    ----------
    root : str
        The population of all units of the kind, or one described unit.
    values : iterable of (Factor, str)
        The values, each factor once.

    Returns
    -------
    str
        Such as ``#patients || group = 2 || response = PR``.
    """
    return "#" + " || ".join([root, *sorted(value_text(*pair) for pair in values)])


def _wanted(study: Study, condition: Condition) -> tuple[Factor, frozenset[str]]:
    """Return what a condition tells apart, and the values that meet it."""
    variable = study.variables[condition.variable]
    if variable.type == "multi":
        return (condition.variable, condition.at, condition.level or ANY), frozenset(("yes",))
    members = variable.unions.get(condition.level, (condition.level,))
    return (condition.variable, condition.at, ""), frozenset(members)


def count_form(study: Study, root: str, conditions: Iterable[Condition]) -> dict[str, Fraction]:
    """Return the number of units that meet conditions, as numbers that are told apart.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    root : str
        The population of all units of the kind, or one described unit.
    conditions : iterable of Condition
        Variable, time and level each; unions are taken apart, and two
        conditions on one variable leave what they share.

    Returns
    -------
    dict of str to Fraction
        1 for each name.
    """
    allowed: dict[Factor, frozenset[str]] = {}
    for condition in conditions:
        factor, values = _wanted(study, condition)
        allowed[factor] = allowed.get(factor, values) & values
    chosen = product(*(sorted(values) for values in allowed.values()))
    return {named_units(root, zip(allowed, each, strict=True)): Fraction(1) for each in chosen}


def who_text(study: Study, population: str) -> str:
    """Write whom a population is, by the levels that its members have.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    population : str
        Name of a population.

    Returns
    -------
    str
        Root and levels; the name itself of one described unit.
    """
    if is_single(study, population):
        return population
    return cell_text(study, population_cell(study, population))


def cell_text(study: Study, cell: Cell) -> str:
    """Write a cell by its conditions, unions not taken apart.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    cell : Cell
        Units of one kind.

    Returns
    -------
    str
        Root and levels.
    """
    said = []
    for held in cell.conditions:
        factor, _ = _wanted(study, held)
        said.append(value_text(factor, "yes" if factor[2] else held.level))
    return " || ".join([cell.root, *sorted(said)])


@dataclass(frozen=True, slots=True)
class Quantity:
    """A statistic of a variable: what a row is about that counts no units.

    Parameters
    ----------
    stat, variable, level, at, analysis, cites : str
        As in the columns of a row.
    who : str
        From :func:`who_text`.
    unit : str
        As printed, else that of the variable.
    """

    stat: str
    variable: str
    level: str
    at: str
    analysis: str
    cites: str
    who: str
    unit: str

    @property
    def name(self) -> str:
        """The name, with a place for each of the eight."""
        fields = (self.stat, self.variable, self.level, self.at, self.analysis, self.cites)
        return " | ".join((*fields, self.who, self.unit))

    def of(self, stat: str, variable: str | None = None, unit: str | None = None) -> Quantity:
        """Return another statistic of the same units at the same time.

        Parameters
        ----------
        stat : str
            The statistic.
        variable, unit : str, optional
            The variable and its unit; those of this one by default.

        Returns
        -------
        Quantity
            The other one.
        """
        return replace(
            self,
            stat=stat,
            variable=self.variable if variable is None else variable,
            unit=self.unit if unit is None else unit,
        )


def unit_of_variable(study: Study, name: str) -> str:
    """Return the unit of a variable: its own, else the only one that is printed.

    Parameters
    ----------
    study : Study
        The study.
    name : str
        Name of a variable.

    Returns
    -------
    str
        "" where there is none, or where several are printed.
    """
    if unit := study.variables[name].unit:
        return unit
    units = {row.unit for row in study.claims if row.unit and name in row.readings("variable")}
    return units.pop() if len(units) == 1 else ""


def quantity_of(study: Study, claim: Claim, reading: Reading) -> Quantity:
    """Return what a row is about under one reading.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    reading : Reading
        One of its readings.

    Returns
    -------
    Quantity
        Rows with one name are printings of one number.
    """
    unit = claim.unit or (unit_of_variable(study, reading.variable) if reading.variable else "")
    stat = reading.stat_name
    if stat in ("N", "N_nonmiss") and reading.variable and not reading.variable_level:
        stat, unit = "#number analysed", ""
    return Quantity(
        stat,
        reading.variable,
        reading.variable_level,
        reading.at,
        reading.analysis,
        claim.cites,
        who_text(study, reading.population) if reading.population else "",
        unit,
    )
