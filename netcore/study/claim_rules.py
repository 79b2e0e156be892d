"""What makes a row of ``claims.csv`` a claim of this paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, Literal

from pydantic import ValidationError

from netcore.printed import Printed, PrintedError, parse_printed
from netcore.study.claim_ids import generated_id
from netcore.study.claims_file import ClaimsTable, Row
from netcore.study.domains import (
    MOST_COUNTED,
    domain_in_words,
    domain_of,
    is_impossible,
    starts_at_zero,
)
from netcore.study.drafts import PaperDraft, Section
from netcore.study.models import AMBIGUOUS, Analysis, Claim, Location, Population, Variable
from netcore.study.problems import MOST_PROBLEMS, Problem, one_of, quoted
from netcore.study.references import level_choice
from netcore.study.scalars import is_iso_date, is_time_point
from netcore.study.spreadsheets import ADVICE, looks_like_date
from netcore.study.vocabulary import COUNTS, DATED, is_statistic, nearest

__all__ = ["check_claims", "expected_number", "printed_kind"]

PrintedKind = Literal["number", "date", "level"]

# What a population or a whole paper has, without any variable.
_OF_NO_VARIABLE: Final = frozenset(("N", "alpha", "power", "conf.level"))
# Of a categorical variable, these are about one level.
_OF_A_LEVEL: Final = frozenset(("n", "pct", "pct.conf.low", "pct.conf.high", "pct.std.error"))
_DATE_WORDS: Final = "a date that exists, as 2022, 2022-05 or 2022-05-12"


def printed_kind(statistic: str, variable: Variable | None) -> PrintedKind:
    """Say what a printed value is, given what it is a value of.

    Parameters
    ----------
    statistic : str
        One reading of ``stat_name``.
    variable : Variable or None
        One reading of ``variable``; None for an empty cell.

    Returns
    -------
    {'number', 'date', 'level'}
        A date for dates, a level for the single value of a categorical
        variable, otherwise a number.

    Examples
    --------
    >>> response = Variable(type="categorical", levels=("CR", "PR"))
    >>> printed_kind("value", response), printed_kind("n", response), printed_kind("median", None)
    ('level', 'number', 'number')
    >>> printed_kind("start", Variable(type="date")), printed_kind("sd", Variable(type="date"))
    ('date', 'number')
    """
    if variable is not None:
        if variable.type == "date" and statistic in DATED:
            return "date"
        if variable.is_levelled and statistic == "value":
            return "level"
    return "number"


def check_claims(
    table: ClaimsTable, draft: PaperDraft, *, file: str
) -> tuple[list[Claim], list[Problem]]:
    """Check every row against the vocabulary and the paper.

    Parameters
    ----------
    table : ClaimsTable
        The rows.
    draft : PaperDraft
        The paper.  Where it has faults, rows get the benefit of the doubt.
    file : str
        What to call the file in problems.

    Returns
    -------
    claims : list of Claim
        In the order of the file; complete only if there are no problems.
    problems : list of Problem
        What is wrong with the rows.
    """
    claims: list[Claim] = []
    problems: list[Problem] = []
    first_lines: dict[str, int] = {}
    for row in table.rows:
        if len(problems) > MOST_PROBLEMS:
            break
        cells = dict(row.cells)
        given = cells["claim"]
        cells["claim"] = given or generated_id(cells)
        complaints: list[_Complaint] = []
        try:
            claims.append(Claim.model_validate({**cells, "line": row.line}))
        except ValidationError as error:
            complaints.extend(_shape_complaints(error, row))
        # A cell of the wrong shape gets one message, and no second about what it says.
        misshapen = {complaint.column for complaint in complaints}
        complaints.extend(_RowRules(cells, draft, misshapen).complaints())
        if "claim" not in misshapen:
            first = first_lines.setdefault(cells["claim"], row.line)
            if first != row.line:
                complaints.append(_duplicate(given, cells["claim"], first))
        problems.extend(
            Problem(
                file,
                row.line,
                table.cell_number(complaint.column),
                complaint.found,
                complaint.expected,
            )
            for complaint in complaints
        )
    return claims, problems


@dataclass(frozen=True, slots=True)
class _Complaint:
    column: str
    found: str
    expected: str


def _duplicate(given: str, claim_id: str, first: int) -> _Complaint:
    if given:
        return _Complaint(
            "claim", f"the claim {quoted(given)} again (first on line {first})", "an id of its own"
        )
    found = f"the same keys as on line {first} (both rows would be claim {quoted(claim_id)})"
    return _Complaint("claim", found, "an id in the cell, to tell them apart")


def _shape_complaints(error: ValidationError, row: Row) -> Iterator[_Complaint]:
    for details in error.errors(include_url=False):
        column, context = str(details["loc"][0]), details.get("ctx", {})
        cell = row.cells.get(column, "")
        expected = str(context.get("expected") or details["msg"])
        if context.get("found"):
            yield _Complaint(column, f"{context['found']} in {column}", expected)
        else:
            yield _complaint(column, cell, expected)


def _complaint(column: str, cell: str, expected: str) -> _Complaint:
    if looks_like_date(cell):
        return _Complaint(
            column,
            f"{column} {quoted(cell)}, which looks like a date made by a spreadsheet",
            ADVICE,
        )
    return _Complaint(column, f"{column} {quoted(cell)}", expected)


@dataclass(frozen=True, slots=True)
class _RowRules:
    """The rules for one row, apart from the shape of its cells."""

    cells: Mapping[str, str]
    draft: PaperDraft
    misshapen: set[str]

    def complaints(self) -> Iterator[_Complaint]:
        """Yield all that is wrong with the row."""
        draft = self.draft
        yield from self._names("location", draft.locations, "locations")
        yield from self._names("population", draft.populations, "populations")
        yield from self._names("denominator", draft.populations, "populations")
        yield from self._names("variable", draft.variables, "variables")
        yield from self._names("analysis", draft.analyses, "analyses")
        yield from self._statistics()
        yield from self._time_points()
        yield from self._presence()
        yield from self._levels()
        yield from self._printed()

    def _readings(self, column: str) -> tuple[str, ...]:
        if column in self.misshapen or not self.cells[column]:
            return ()
        return (
            tuple(self.cells[column].split("|")) if column in AMBIGUOUS else (self.cells[column],)
        )

    def _names(
        self,
        column: str,
        section: Section[Location] | Section[Population] | Section[Variable] | Section[Analysis],
        what: str,
    ) -> Iterator[_Complaint]:
        for name in self._readings(column):
            if section.lacks(name):
                yield _complaint(column, name, one_of(name, section.names, what))

    def _statistics(self) -> Iterator[_Complaint]:
        for name in self._readings("stat_name"):
            if not is_statistic(name):
                near = nearest(name)
                expected = "a statistic of the vocabulary" + (f" (nearest: {near})" if near else "")
                yield _complaint("stat_name", name, expected)

    def _time_points(self) -> Iterator[_Complaint]:
        for text in self._readings("at"):
            if not is_time_point(text):
                yield _complaint("at", text, "a number, a space and a unit, as '24 months'")
            elif Fraction(text.partition(" ")[0]) < 0 and self._is_of_times():
                yield _complaint("at", text, "a time of 0 or more, as '24 months', for a time")

    def _is_of_times(self) -> bool:
        """Return whether the row is of times, whose clock cannot show a time before its start."""
        variables = self._variables()
        return bool(variables) and all(starts_at_zero(variable) for _, variable in variables)

    def _presence(self) -> Iterator[_Complaint]:
        cells = self.cells
        if not cells["population"] and not cells["cites"]:
            expected = "a population, or in cites the source of a quoted value"
            yield _Complaint("population", "an empty cell in population", expected)
        if not cells["variable"] and not cells["analysis"]:
            for name in self._readings("stat_name"):
                if is_statistic(name) and name not in _OF_NO_VARIABLE:
                    expected = f"the variable or the analysis that {name} belongs to"
                    yield _Complaint("variable", "an empty cell in variable", expected)
                    break
        if not cells["variable"] and self._readings("variable_level"):
            found = f"variable_level {quoted(cells['variable_level'])} without a variable"
            yield _Complaint(
                "variable_level", found, "an empty cell, or the variable whose level it is"
            )

    def _variables(self) -> list[tuple[str, Variable]]:
        """Return the readings of the variable, those without a fault."""
        sound = self.draft.variables.sound
        return [(name, sound[name]) for name in self._readings("variable") if name in sound]

    def _levels(self) -> Iterator[_Complaint]:
        if "variable_level" in self.misshapen:
            return
        levels, statistics = self._readings("variable_level"), self._readings("stat_name")
        for name, variable in self._variables():
            if not levels:
                if variable.type == "categorical" and not _OF_A_LEVEL.isdisjoint(statistics):
                    yield _Complaint(
                        "variable_level",
                        "an empty cell in variable_level",
                        level_choice("", name, variable),
                    )
            elif not variable.is_levelled:
                yield _complaint(
                    "variable_level",
                    self.cells["variable_level"],
                    f"an empty cell ({name} has no levels)",
                )
            elif "value" in statistics:
                expected = "an empty cell (of a single value, the level is what is printed)"
                yield _complaint("variable_level", self.cells["variable_level"], expected)
            else:
                for level in levels:
                    if level not in variable.level_names:
                        yield _complaint(
                            "variable_level", level, level_choice(level, name, variable)
                        )

    def _printed(self) -> Iterator[_Complaint]:
        if "printed" in self.misshapen or any(
            not is_statistic(name) for name in self._readings("stat_name")
        ):
            return
        statistics = self._readings("stat_name")
        variables = self._variables()
        if len(variables) < len(self._readings("variable")) or not statistics:
            return  # of an unknown variable nobody knows what is printed
        choices: list[tuple[str, Variable | None]] = [*variables] or [("", None)]
        kinds = {
            printed_kind(statistic, variable)
            for statistic, (_, variable) in product(statistics, choices)
        }
        if len(kinds) > 1:
            expected = "readings that agree on what is printed, a number, a date or a level"
            yield _Complaint("variable", f"variable {quoted(self.cells['variable'])}", expected)
        elif kinds == {"date"}:
            if not is_iso_date(self.cells["printed"]):
                # Not the advice on unwanted dates: a date is what is wanted.
                yield _Complaint("printed", f"printed {quoted(self.cells['printed'])}", _DATE_WORDS)
        elif kinds == {"level"}:
            level = self.cells["printed"]
            for name, variable in variables:
                if level not in variable.level_names:
                    yield _complaint("printed", level, level_choice(level, name, variable))
        else:
            yield from self._number(statistics, [variable for _, variable in choices])

    def _number(
        self, statistics: tuple[str, ...], variables: Sequence[Variable | None]
    ) -> Iterator[_Complaint]:
        location = self.draft.locations.sound.get(self.cells["location"])
        if location is None:
            return  # its marks are not known
        text = self.cells["printed"]
        try:
            printed = parse_printed(text, decimal=location.decimal, thousands=location.thousands)
        except PrintedError as error:
            yield _complaint("printed", text, str(error).rpartition(", expected ")[2])
            return
        for statistic in statistics:
            # Of variables left open, one that can have the value is enough.
            expected = [expected_number(statistic, printed, variable) for variable in variables]
            if expected[0] is not None and all(expected):
                yield _complaint("printed", text, expected[0])


def expected_number(
    statistic: str, printed: Printed, variable: Variable | None = None
) -> str | None:
    """Return what a printed number should be instead, or None if it will do.

    Parameters
    ----------
    statistic : str
        A statistic of the vocabulary.
    printed : Printed
        What is printed for it.
    variable : Variable or None
        What it is a statistic of; None where that is not known.

    Returns
    -------
    str or None
        Words for what was expected.
    """
    is_count = statistic in COUNTS
    if printed.kind == "token":
        if printed.text == "ns":
            return (
                None
                if statistic == "p.value"
                else f"a number ('ns' is for p.value, not for {statistic})"
            )
        if is_count or statistic == "pct":
            return None
        return f"a number ('{printed.text}' is for counts and pct, not for {statistic})"
    values = [value for value in (printed.value, printed.upper) if value is not None]
    if is_count:
        if any(value < 0 or value.denominator != 1 for value in values):
            return f"a whole number, 0 or more, for {statistic}"
        is_refused = any(value > MOST_COUNTED for value in values)
    else:
        is_refused = is_impossible(printed, domain_of(statistic, variable))
    return domain_in_words(statistic, variable) if is_refused else None
