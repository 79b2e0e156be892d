"""Tests of counts in normal form: whose levels a p-value compares, and which rows count them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from netcore.checks.certificates.names import Form, count_form
from netcore.checks.certificates.rows import RowMeaning
from netcore.checks.estimands import (
    Cell,
    Reading,
    cell_of,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.study import Analysis, Claim, Condition, Study

__all__ = ["CountedGroup", "count_tests"]

_TESTS: Final = frozenset(("chi_squared", "fisher_exact"))
_Counted = Literal["exactly", "at most"]


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """The units of a group that have a level, among those who are compared.

    Parameters
    ----------
    form : Mapping of str to Fraction
        How many have the level.
    sizes : Mapping of str to str
        Rows that count the group: ``exactly`` all of them are compared, as every unit has one of
        the levels, or ``at most`` all.
    """

    form: Form
    sizes: Mapping[str, _Counted]

    @property
    def name(self) -> str:
        """Its name: the form, as proofs write it."""
        return " + ".join(f"[{unknown}]" for unknown in sorted(self.form))

    def as_json(self) -> dict[str, object]:
        """Return the group as plain JSON values.

        Returns
        -------
        dict of str to object
            What ``study.json`` says of it among the samples.
        """
        return {"step": None, "min": None, "max": None, "sizes": dict(self.sizes)}


def count_tests(
    study: Study, rows: Mapping[str, RowMeaning]
) -> Mapping[str, tuple[CountedGroup, CountedGroup]]:
    """Return what the tests of counts in two groups compare.

    Parameters
    ----------
    study : Study
        The study.
    rows : Mapping of str to RowMeaning
        What each row is about.

    Returns
    -------
    Mapping of str to tuple of CountedGroup
        Rows that print a p-value of a chi-squared test, of Fisher's or of either, and of no other,
        each with two groups.  The row names the level; else the variable has one level, or two that are
        all there are.

    Notes
    -----
    Who has the level has been analysed.  Of the others anybody may be left out, unless all levels
    are named and none means "not known".
    """
    found = {
        claim.claim: groups
        for claim in study.claims
        if claim.stat_name == "p.value" and is_patient_data(study, claim)
        for groups in _compared(study, claim, rows)
    }
    return MappingProxyType(found)


def _compared(
    study: Study, claim: Claim, rows: Mapping[str, RowMeaning]
) -> Iterator[tuple[CountedGroup, CountedGroup]]:
    """Yield the two groups of a p-value; nothing if it may be about anything else."""
    reading, *others = readings(claim)
    analysis = study.analyses.get(reading.analysis)
    if others or analysis is None or not analysis.test or not {*analysis.test} <= _TESTS:
        return
    if analysis.by is None or reading.variable not in ("", analysis.variable):
        return
    whole = (reading.population, *study.ancestors(reading.population))
    if analysis.by == analysis.variable or any(study.populations[name].size for name in whole):
        return
    by, outcome = study.variables[analysis.by], study.variables[analysis.variable]
    levels = [level for level in by.levels if level not in by.missing]
    if by.type != "categorical" or not outcome.is_levelled or len(levels) != 2:
        return
    is_all = outcome.type == "categorical" and outcome.complete and not outcome.missing
    named = [reading.variable_level] if reading.variable_level else outcome.levels
    has_one_table = outcome.type == "categorical" and (
        len(named) == 1 or (is_all and len(named) == 2)
    )
    if not reading.variable_level and not has_one_table:
        return  # of more levels any may be joined or left out
    if {*outcome.unions.get(named[0], named)} & {*outcome.missing}:
        return
    base = _base(study, reading, analysis)
    for time in _times(study, base, reading, analysis):
        cells = [
            Cell(base.root, base.conditions | {Condition(analysis.by, time, level)})
            for level in levels
        ]
        for level in named:
            groups = [
                _group(study, cell, analysis, reading.at, level, is_all, rows) for cell in cells
            ]
            if all(group.sizes for group in groups) and all(
                _rows_about(group.form, rows) for group in groups
            ):
                yield groups[0], groups[1]
                return


def _base(study: Study, reading: Reading, analysis: Analysis) -> Cell:
    """Return all that are compared; a population may be one of the groups."""
    own = population_cell(study, reading.population)
    return Cell(own.root, frozenset(one for one in own.conditions if one.variable != analysis.by))


def _times(study: Study, base: Cell, reading: Reading, analysis: Analysis) -> set[str]:
    """Return when the groups were told apart, if that is one time."""
    cells = (cell_of(study, one) for claim in study.claims for one in readings(claim))
    times = {
        held.at
        for cell in cells
        if cell is not None and base.contains(cell)
        for held in cell.conditions
        if held.variable == analysis.by
        and any((x.variable, x.at) == (analysis.variable, reading.at) for x in cell.conditions)
    }
    return times if len(times) == 1 else set()


def _group(
    study: Study,
    cell: Cell,
    analysis: Analysis,
    at: str,
    level: str,
    is_all: bool,
    rows: Mapping[str, RowMeaning],
) -> CountedGroup:
    size = count_form(study, cell.root, cell.conditions)
    held = {*cell.conditions, Condition(analysis.variable, at, level)}
    counted: _Counted = "exactly" if is_all else "at most"
    return CountedGroup(
        count_form(study, cell.root, held), dict.fromkeys(_rows_about(size, rows), counted)
    )


def _rows_about(form: Form, rows: Mapping[str, RowMeaning]) -> list[str]:
    """Return the rows that print a number of units, and can be read in no other way."""
    return [name for name, meaning in rows.items() if meaning.forms == (({}, {"": form}),)]
