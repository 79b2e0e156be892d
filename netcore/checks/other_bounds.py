"""What else bounds a variable's values, besides the rows that a check looks at.

A check that finds values for the rows it looks at has shown that those can
hold together, and no more.  It may call them possible only where nothing else
that is printed has a say.
"""

from __future__ import annotations

from collections.abc import Collection

from netcore.checks.estimands import (
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.parts_and_wholes import are_exclusive
from netcore.study import Claim, Study

__all__ = ["bounded_elsewhere", "largest_number"]


def bounded_elsewhere(
    study: Study,
    population: str,
    variable: str,
    at: str,
    among: Collection[Claim],
    *,
    with_dates: bool = True,
) -> bool:
    """Return whether other printed rows bear on a variable of a population.

    Parameters
    ----------
    study : Study
        The study.
    population, variable, at : str
        Whose values, of what, and when.
    among : collection of Claim
        The rows that were looked at already.
    with_dates : bool
        Whether dates that start or stop the clock of a time count.

    Returns
    -------
    bool
        True if another row is about the same variable at this time in a
        population that may share members, about an analysis of the variable,
        about a variable that it follows from or that follows from it, or
        about classes of it; and where a date starts or stops its clock.
    """
    meant = study.variables[variable]
    clock = [study.variables.get(name or "") for name in (meant.from_, meant.to)]
    if with_dates and any(end is not None and end.type == "date" for end in clock):
        return True
    kin = _kin(study, variable)
    for row in study.claims:
        if row in among:
            continue
        for reading in readings(row):
            if reading.analysis:
                analysis = study.analyses[reading.analysis]
                if variable in (analysis.variable, analysis.with_):
                    return True
            if not is_patient_data(study, row) or not is_first_hand(study, row):
                continue
            if reading.variable in kin:
                return True
            if (reading.variable, reading.at) == (variable, at) and not _apart(
                study, population, reading.population
            ):
                return True
    return False


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


def largest_number(study: Study, population: str) -> int | None:
    """Return how many units of a population can have been analysed at most.

    Parameters
    ----------
    study : Study
        The study.
    population : str
        Name of a population.

    Returns
    -------
    int or None
        The least of the printed sizes of the population and of those that
        contain it; None if none of them is printed as a plain number.
    """
    wanted = {population_cell(study, name) for name in (population, *study.ancestors(population))}
    sizes = []
    for row in study.claims:
        options = readings(row)
        if len(options) > 1 or not is_patient_data(study, row) or not is_first_hand(study, row):
            continue
        if cell_of(study, options[0]) in wanted and options[0].stat_name in ("N", "n"):
            printed = study.printed(row)
            if printed.is_number:
                sizes.append(int(printed.number()))
    return min(sizes, default=None)
