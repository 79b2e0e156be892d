"""Printed summaries by group, and the parts that make up a whole.

A summary is a number printed for a measured variable in a group: a mean, a median, an
extreme.  Groups are told apart by the levels that their members have, whatever the
paper calls them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from netcore.checks.estimands import (
    Cell,
    Reading,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.finding import Conventions
from netcore.checks.wording import cell_title, place, population_title, quoted
from netcore.printed import Interval, print_value
from netcore.study import Claim, Condition, Study

__all__ = [
    "Cover",
    "Group",
    "Part",
    "SummaryValue",
    "SummaryValues",
    "decimals",
    "group_of",
    "group_title",
    "recomputed_text",
    "replacements",
    "said_where",
    "shown",
    "unit_of",
]


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a summary is about.

    Parameters
    ----------
    cell : Cell
        The levels that all members have.
    described : str
        The name of a population of one described unit, which its levels do
        not tell from others; else "".
    """

    cell: Cell
    described: str = ""

    def holds(self, other: Group) -> bool:
        """Return whether every unit of another group is in this one.

        Parameters
        ----------
        other : Group
            The group that may be a part of this one.

        Returns
        -------
        bool
            False for described units, of whom nothing else is known.
        """
        return not self.described and not other.described and self.cell.contains(other.cell)


@dataclass(frozen=True, slots=True)
class SummaryValue:
    """A row that prints a summary, under one of its readings.

    Parameters
    ----------
    claim : Claim
        The row.
    group : Group
        Whom it is about, under this reading.
    window : Interval
        The numbers that print so.
    is_certain : bool
        Whether the row has this reading only.
    """

    claim: Claim
    group: Group
    window: Interval
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, with every printing of its summary.

    Parameters
    ----------
    group : Group
        Who belongs to the part.
    values : tuple of SummaryValue
        At least one row.
    """

    group: Group
    values: tuple[SummaryValue, ...]


Cover = tuple[Part, ...]
"""Parts that exclude one another and make up a whole."""


def group_of(study: Study, population: str) -> Group:
    """Return whom a population is.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    population : str
        Name of a population.

    Returns
    -------
    Group
        Its conditions; for a described unit, or a part of one, its name too.
    """
    line = (population, *study.ancestors(population))
    described = any(study.populations[name].size for name in line)
    return Group(population_cell(study, population), population if described else "")


def group_title(study: Study, group: Group) -> str:
    """Return what a reader calls a group.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    group : Group
        A group of the study.

    Returns
    -------
    str
        A title, as it stands within a sentence.
    """
    if group.described:
        return population_title(study, group.described)
    return cell_title(study, group.cell)


def unit_of(study: Study, claim: Claim, variable: str) -> str:
    """Return the unit of a printed value.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    claim : Claim
        A row of its claims table.
    variable : str
        What the row is about.

    Returns
    -------
    str
        As printed, else that of the variable, else "".
    """
    return claim.unit or study.variables[variable].unit or ""


def decimals(study: Study, claim: Claim) -> int:
    """Return how many decimals a row prints.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A numeric row of its claims table.

    Returns
    -------
    int
        Digits after the decimal mark; of a range, those of its lower end.
    """
    step = study.printed(claim).step
    return 0 if step is None or step >= 1 else len(str(step.denominator)) - 1


def recomputed_text(study: Study, claim: Claim, value: Fraction, conventions: Conventions) -> str:
    """Print a recomputed number with as many decimals as a row has.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row whose number is recomputed.
    value : Fraction
        The number.
    conventions : Conventions
        Rounding.

    Returns
    -------
    str
        The number as this row would print it.
    """
    return print_value(value, decimals(study, claim), conventions.rounding)


def shown(study: Study, claim: Claim, value: Fraction) -> str:
    """Write a recomputed number for a reader: with one decimal more than a row has.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row to compare it with.
    value : Fraction
        The number.

    Returns
    -------
    str
        The number, with a true minus sign.
    """
    return print_value(value, decimals(study, claim) + 1).replace("-", "−")


def replacements(study: Study, claims: Sequence[Claim], text: str) -> tuple[tuple[str, str], ...]:
    """Return what rows would print instead, with the decimal mark of each place.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        The rows.
    text : str
        The number, with a decimal point.

    Returns
    -------
    tuple of (str, str)
        Ids of the rows and what they would print.
    """
    return tuple(
        (claim.claim, text.replace(".", study.locations[claim.location].decimal))
        for claim in claims
    )


def said_where(study: Study, claims: Sequence[Claim]) -> str:
    """Say which values rows print, and where: ``2.5-3 times in Results and Discussion``.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        At least one row.

    Returns
    -------
    str
        Each value with its places.
    """
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(quoted(study, claim), []).append(claim)
    return "; ".join(f"{value} in {place(study, rows)}" for value, rows in found.items())


class SummaryValues:
    """All first-hand summaries of a study's own units, by what they are about.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    """

    def __init__(self, study: Study, conventions: Conventions):
        self._study = study
        self._rows: dict[tuple[str, str, str], dict[Group, list[SummaryValue]]] = {}
        for claim in study.claims:
            for reading, value in _values(study, claim, conventions):
                key = (reading.variable, reading.stat_name, reading.at)
                self._rows.setdefault(key, {}).setdefault(value.group, []).append(value)

    def quantities(self) -> Iterable[tuple[str, str, str]]:
        """Return every variable, statistic and time of which anything is printed.

        Returns
        -------
        iterable of (str, str, str)
            In the order of the rows.
        """
        return self._rows.keys()

    def groups(self, variable: str, statistic: str, at: str) -> tuple[Group, ...]:
        """Return the groups for which a summary is printed.

        Parameters
        ----------
        variable, statistic, at : str
            What is summarised, how and when.

        Returns
        -------
        tuple of Group
            In the order of the rows.
        """
        return tuple(self._rows.get((variable, statistic, at), ()))

    def of(self, group: Group, variable: str, statistic: str, at: str) -> tuple[SummaryValue, ...]:
        """Return the rows that print a summary of a group.

        Parameters
        ----------
        group : Group
            Whom it is about.
        variable, statistic, at : str
            What is summarised, how and when.

        Returns
        -------
        tuple of SummaryValue
            Rows that can mean nothing else if there are any, else those that
            may mean it.
        """
        found = self._rows.get((variable, statistic, at), {}).get(group, [])
        certain = tuple(value for value in found if value.is_certain)
        return certain or tuple(found)

    def covers(
        self, whole: Group, variable: str, statistic: str, at: str, location: str = ""
    ) -> tuple[Cover, ...]:
        """Return the ways in which a whole is made up of parts with a printed summary.

        Parameters
        ----------
        whole : Group
            The whole.
        variable, statistic, at : str
            What is summarised, how and when.
        location : str
            Only what stands there; "" for all places.

        Returns
        -------
        tuple of Cover
            One for each variable whose levels are complete and divide the
            whole, where each level, or its own parts in turn, has a summary.
        """
        if whole.described:
            return ()
        rows = {
            group: kept
            for group in self.groups(variable, statistic, at)
            if whole.holds(group)
            and (
                kept := tuple(
                    value
                    for value in self.of(group, variable, statistic, at)
                    if location in ("", value.claim.location)
                )
            )
        }
        return tuple(self._covers(whole, rows))

    def _covers(self, whole: Group, rows: dict[Group, tuple[SummaryValue, ...]]) -> Iterable[Cover]:
        held = {(condition.variable, condition.at) for condition in whole.cell.conditions}
        dividing = dict.fromkeys(
            (condition.variable, condition.at)
            for group in rows
            if whole.holds(group)
            for condition in sorted(group.cell.conditions)
            if (condition.variable, condition.at) not in held
        )
        for name, at in dividing:
            variable = self._study.variables[name]
            if variable.type != "categorical" or not variable.complete:
                continue
            parts: list[Part] = []
            for level in variable.levels:
                conditions = whole.cell.conditions | {Condition(name, at, level)}
                part = Group(Cell(whole.cell.root, conditions))
                found = rows.get(part)
                deeper = (Part(part, found),) if found else next(iter(self._covers(part, rows)), ())
                if not deeper:
                    break
                parts.extend(deeper)
            else:
                yield tuple(parts)


def _values(
    study: Study, claim: Claim, conventions: Conventions
) -> Iterable[tuple[Reading, SummaryValue]]:
    if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
        return
    if not study.is_numeric(claim) or study.printed(claim).kind == "token":
        return
    found = readings(claim)
    window = study.printed(claim).window(conventions.rounding)
    for reading in found:
        if reading.variable and not reading.variable_level and not reading.analysis:
            group = group_of(study, reading.population)
            yield reading, SummaryValue(claim, group, window, len(found) == 1)
