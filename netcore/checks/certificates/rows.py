"""What each row is about, under each of its readings, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from netcore.checks.certificates.laws import Laws, Under, linear
from netcore.checks.certificates.names import Form, count_form, is_single, quantity_of
from netcore.checks.estimands import (
    Reading,
    cell_of,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.open_cells import open_columns, point_of
from netcore.study import Claim, Condition, Study
from netcore.study.vocabulary import COUNTS

__all__ = ["RowMeaning", "meaning_of", "open_readings"]

Prints = Literal["number", "date", "level"]


@dataclass(frozen=True, slots=True)
class RowMeaning:
    """What a row is about.

    Parameters
    ----------
    prints : {'number', 'date', 'level'}
        What stands there.
    forms : tuple of (Mapping, Mapping)
        Under which open points it is a printing of which sum of unknowns: of
        a level, of one for each that could be printed, else of that for "".
        None for a reading of which nothing follows by itself, as of a
        percentage without its denominator.
    """

    prints: Prints
    forms: tuple[tuple[Under, Mapping[str, Form]], ...]

    def form(self, printed: str, taken: Under) -> Form | None:
        """Return what the row is about, as some open points are taken.

        Parameters
        ----------
        printed : str
            What it prints.
        taken : Mapping of str to str
            Open points with what they are taken to be.

        Returns
        -------
        Mapping of str to Fraction or None
            None where too little is taken, or nothing is known.
        """
        for under, form in self.forms:
            if all(taken.get(point) == choice for point, choice in under.items()):
                return form.get(printed if self.prints == "level" else "")
        return None

    def points(self) -> tuple[str, ...]:
        """Return the open points on which it depends.

        Returns
        -------
        tuple of str
            In the order of the columns.
        """
        return tuple(dict.fromkeys(point for under, _ in self.forms for point in under))

    def as_json(self) -> dict[str, object]:
        """Return the meaning as plain JSON values.

        Returns
        -------
        dict of str to object
            What ``study.json`` says of the row.
        """
        found = [
            [
                dict(under),
                {
                    printed: {name: str(number) for name, number in form.items()}
                    for printed, form in forms.items()
                },
            ]
            for under, forms in self.forms
        ]
        return {"prints": self.prints, "is": found}


def open_readings(study: Study, claim: Claim, laws: Laws) -> Iterator[tuple[Under, Reading]]:
    """Yield the readings of a row with the open points under which each is meant.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    laws : Laws
        Where open points are noted: rows that share a cell of several
        readings share the point if the very same places print them.

    Yields
    ------
    Under
        What is taken to be meant; empty for a row of one reading.
    Reading
        The reading.
    """
    for reading in readings(claim):
        under = {}
        for column in open_columns(claim):
            point = laws.open(point_of(study, claim, column), claim.readings(column))
            under[point] = getattr(reading, column)
        yield under, reading


def meaning_of(study: Study, claim: Claim, laws: Laws) -> RowMeaning:
    """Return what a row is about.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        One of its rows.
    laws : Laws
        Where open points and what defines single units are noted.

    Returns
    -------
    RowMeaning
        A sum of unknowns for each reading.
    """
    prints = _prints(study, claim)
    forms: list[tuple[Under, Mapping[str, Form]]] = []
    for under, reading in open_readings(study, claim, laws):
        form = _form(study, claim, reading, prints, laws)
        if form is not None:
            forms.append((under, form))
    return RowMeaning(prints, tuple(forms))


def _prints(study: Study, claim: Claim) -> Prints:
    if study.is_numeric(claim):
        return "number"
    variable = study.variables.get(claim.readings("variable")[0])
    return "level" if variable is not None and variable.is_levelled else "date"


def _form(
    study: Study, claim: Claim, reading: Reading, prints: Prints, laws: Laws
) -> Mapping[str, Form] | None:
    if "#" in claim.cites:
        return {"": {claim.cites: Fraction(1)}}
    is_own = is_patient_data(study, claim)
    cell = cell_of(study, reading) if is_own else None
    if prints == "level":
        return _levels(study, reading, laws) if is_own else None
    if cell is not None and reading.stat_name in COUNTS:
        form = count_form(study, cell.root, cell.conditions)
        if claim.printed == "all":
            whole = population_cell(study, reading.population)
            for name, number in count_form(study, whole.root, whole.conditions).items():
                form[name] = form.get(name, Fraction(0)) - number
        return {"": {name: number for name, number in form.items() if number}}
    # Of whom a percentage is one is open, and "all" says no number by itself.
    if claim.printed == "all" or (cell is not None and reading.stat_name == "pct"):
        return None
    return {"": {quantity_of(study, claim, reading).name: Fraction(1)}}


def _levels(study: Study, reading: Reading, laws: Laws) -> Mapping[str, Form] | None:
    """Return what each level says of a described unit: that it is among those who have it."""
    if not is_single(study, reading.population):
        return None
    laws.add(
        linear(f"{reading.population} is one unit", {f"#{reading.population}": 1}, low=1, high=1)
    )
    variable = study.variables[reading.variable]
    return {
        level: count_form(
            study, reading.population, [Condition(reading.variable, reading.at, level)]
        )
        for level in variable.level_names
    }
