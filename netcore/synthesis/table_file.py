"""``synthesis.csv``: which printed values enter the synthesis, and as what.

The table names claims and never repeats their values, so that a correction of a
transcription reaches the synthesis by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from netcore.study import Claim, Condition, Problem, Study, StudyError
from netcore.study.problems import one_of, quoted
from netcore.study.text_file import read_text_file

__all__ = [
    "OUTCOMES",
    "SYNTHESIS_COLUMNS",
    "SYNTHESIS_FILE",
    "TREATMENTS",
    "UNITS",
    "SynthesisError",
    "SynthesisRow",
    "printed_count",
    "read_synthesis",
]

SYNTHESIS_FILE: Final = "synthesis.csv"
"""Name of the table of shares, in the folder of the papers."""
SYNTHESIS_COLUMNS: Final = (
    *("outcome", "label", "treatment", "criteria", "paper", "events", "denominator"),
    *("unit", "note"),
)

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "response": "Complete or partial response",
        "disease_control": "Disease control: response or stable disease",
        "symptom_relief": "Relief of symptoms",
    }
)
"""What is counted, and its title."""

TREATMENTS: Final = (
    "bland",
    "conventional",
    "drug-eluting",
    "mixed chemoembolisation",
    "chemoembolisation, technique not stated",
    "radioembolisation",
    "bland or chemoembolisation",
)
"""What was done, in the order in which it is shown."""

UNITS: Final = ("patients", "procedures", "patients or procedures")
"""What is counted; the last where the document leaves it open."""

_CLOSED: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {"outcome": tuple(OUTCOMES), "treatment": TREATMENTS, "unit": UNITS}
)
_MOST_BYTES: Final = 1_000_000
_STATISTICS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"events": ("n", "pct"), "denominator": ("N", "n")}
)


class SynthesisError(StudyError):
    """A synthesis table that cannot be used.

    Parameters
    ----------
    problems : iterable of Problem
        Everything that is wrong with it.
    """


@dataclass(frozen=True, slots=True)
class SynthesisRow:
    """One share: so many of so many, by the claims that print them.

    Parameters
    ----------
    line : int
        Where the row starts, counted from 1.
    outcome : str
        A key of :data:`OUTCOMES`.
    label : str
        What tells it from other rows of the paper, such as ``group 1``; may be empty.
    treatment : str
        One of :data:`TREATMENTS`.
    criteria : str
        By what the outcome was judged, as the paper says.
    paper : str
        Key of the paper.
    events : tuple of str
        Claims that are added up: counts, or percentages of the denominator.
    denominator : tuple of str
        Claims whose numbers are added up.
    unit : str
        One of :data:`UNITS`.
    note : str
        What a reader should know.
    """

    line: int
    outcome: str
    label: str
    treatment: str
    criteria: str
    paper: str
    events: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str
    note: str

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim that the row uses."""
        return (*self.events, *self.denominator)


def read_synthesis(path: Path, studies: Sequence[Study]) -> tuple[SynthesisRow, ...]:
    """Read the table of the synthesis and check it against the documents.

    Parameters
    ----------
    path : Path
        The file, ``synthesis.csv``.
    studies : sequence of Study
        Every document that it may name.

    Returns
    -------
    tuple of SynthesisRow
        In the order of the file.

    Raises
    ------
    SynthesisError
        With every problem: an unknown word, paper or claim, a claim that is no
        count, no percentage or no number of units, values that a document
        quotes from another, a unit that is not that of the claims, and
        patients who would be counted twice.
    """
    name = path.as_posix()
    file = read_text_file(
        path, name=name, most_bytes=_MOST_BYTES, holds="the rows of the synthesis", cells=True
    )
    problems = list(file.problems)
    rows: list[SynthesisRow] = []
    known = {study.paper.key: study for study in studies}
    for line, cells in _records(file.text or "", name, problems):
        found = list(_cell_problems(name, line, cells, known))
        if not found:
            study = known[cells["paper"]]
            named = {column: _named(cells[column], study) for column in _STATISTICS}
            row = SynthesisRow(
                line=line,
                outcome=cells["outcome"],
                label=cells["label"],
                treatment=cells["treatment"],
                criteria=cells["criteria"],
                paper=cells["paper"],
                events=named["events"],
                denominator=named["denominator"],
                unit=cells["unit"],
                note=cells["note"],
            )
            found = list(_row_problems(name, row, study, rows))
            rows.append(row)
        problems += found
    if problems:
        raise SynthesisError(tuple(problems))
    return tuple(rows)


def printed_count(study: Study, claim: Claim) -> int:
    """Return the whole number that a claim prints; ``none`` is 0.

    Parameters
    ----------
    study : Study
        The document.
    claim : Claim
        A claim of it.

    Returns
    -------
    int
        The number.

    Raises
    ------
    ValueError
        If it prints anything else: a bound, a range, a word, decimals.
    """
    if claim.printed == "none":
        return 0
    printed = study.printed(claim)
    if not printed.is_whole:
        raise ValueError(f"found {claim.printed!r}, expected a whole number")
    return int(printed.number())


def _records(text: str, name: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row of the right shape; note the others."""
    if not text:
        return
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    header = next(reader)
    if tuple(header) != SYNTHESIS_COLUMNS:
        expected = f"the columns {','.join(SYNTHESIS_COLUMNS)}"
        problems.append(Problem(name, 1, None, f"the columns {quoted(','.join(header))}", expected))
        return
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(name, line, None, f"a row that is no CSV ({error})", "CSV"))
            return
        if not any(cells):
            continue
        if len(cells) != len(SYNTHESIS_COLUMNS):
            expected = f"{len(SYNTHESIS_COLUMNS)} (a cell with a comma stands in double quotes)"
            problems.append(Problem(name, line, None, f"{len(cells)} cells", expected))
            continue
        yield line, dict(zip(SYNTHESIS_COLUMNS, cells, strict=True))


def _cell_problems(
    name: str, line: int, cells: Mapping[str, str], known: Mapping[str, Study]
) -> Iterator[Problem]:
    def problem(column: str, found: str, expected: str) -> Problem:
        return Problem(name, line, SYNTHESIS_COLUMNS.index(column) + 1, found, expected)

    for column, words in _CLOSED.items():
        if cells[column] not in words:
            expected = one_of(cells[column], words, column)
            yield problem(column, f"{column} {quoted(cells[column])}", expected)
    if not cells["criteria"]:
        yield problem("criteria", "no criteria", "those that the paper names, or 'not stated'")
    study = known.get(cells["paper"])
    if study is None:
        expected = one_of(cells["paper"], tuple(known), "papers")
        yield problem("paper", f"paper {quoted(cells['paper'])}", expected)
        return
    for column, statistics in _STATISTICS.items():
        for identifier in _named(cells[column], study):
            try:
                claim = study.claim_by_id(identifier)
            except KeyError:
                ids = tuple(row.claim for row in study.claims)
                expected = one_of(identifier, ids, "claims")
                yield problem(column, f"claim {quoted(identifier)}", expected)
                continue
            if wanted := _unusable(study, claim, statistics):
                said = f"claim {identifier} ({claim.stat_name}, prints {quoted(claim.printed)})"
                yield problem(column, said, wanted)


def _named(cell: str, study: Study) -> tuple[str, ...]:
    """Split a cell into claims; the name of one claim may itself hold a plus sign."""
    is_one = any(claim.claim == cell for claim in study.claims)
    return (cell,) if is_one else tuple(cell.split("+"))


def _unusable(study: Study, claim: Claim, statistics: tuple[str, ...]) -> str:
    """Say what would have been expected of a claim; nothing if it will do."""
    if claim.stat_name not in statistics:
        return f"one of the statistics {', '.join(statistics)}"
    if claim.cites:
        return "a value of the document's own, not one that it quotes"
    if claim.stat_name == "pct":
        plain = study.is_numeric(claim) and study.printed(claim).is_number
        return "" if plain else "one plain percentage"
    try:
        printed_count(study, claim)
    except ValueError:
        return "one whole number, or none"
    return ""


def _row_problems(
    name: str, row: SynthesisRow, study: Study, earlier: Sequence[SynthesisRow]
) -> Iterator[Problem]:
    def problem(column: str, found: str, expected: str) -> Problem:
        return Problem(name, row.line, SYNTHESIS_COLUMNS.index(column) + 1, found, expected)

    if not sum(printed_count(study, study.claim_by_id(claim)) for claim in row.denominator):
        yield problem("denominator", "a denominator of 0", "at least 1")
    units = {
        study.units(population)
        for claim in row.claims
        for population in study.claim_by_id(claim).readings("population")
    }
    counted = " or ".join(sorted(units))
    if counted not in UNITS:
        yield problem("events", f"claims that count {counted}", "claims that count patients")
    elif counted != row.unit:
        yield problem("unit", f"unit {quoted(row.unit)}", f"{quoted(counted)}, as the claims count")
    for other in earlier:
        same = (other.paper, other.outcome, other.treatment, other.criteria)
        if same == (row.paper, row.outcome, row.treatment, row.criteria) and not _are_apart(
            study, row.denominator, other.denominator
        ):
            yield problem(
                "denominator",
                f"patients who may be those of line {other.line}",
                "rows of one paper, outcome, treatment and criteria to count different patients",
            )


def _are_apart(study: Study, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether no unit can be in both denominators, by the levels that define them."""
    mine, yours = (
        [name for claim in claims for name in study.claim_by_id(claim).readings("population")]
        for claims in (one, other)
    )
    return all(_exclude(study, first, second) for first in mine for second in yours)


def _exclude(study: Study, first: str, second: str) -> bool:
    def are_different(mine: Condition, yours: Condition) -> bool:
        variable = study.variables[mine.variable]
        return (
            (mine.variable, mine.at) == (yours.variable, yours.at)
            and mine.level != yours.level
            and variable.type == "categorical"
            # A union may hold the other level.
            and {mine.level, yours.level} <= set(variable.levels)
        )

    return any(
        are_different(mine, yours)
        for mine in study.conditions(first)
        for yours in study.conditions(second)
    )
