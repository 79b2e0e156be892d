"""``claims.csv``: from text to rows of thirteen cells, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from netcore.study.models import COLUMNS
from netcore.study.problems import Problem, one_of, quoted

__all__ = ["ClaimsTable", "Row", "read_claims"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Parameters
    ----------
    line : int
        Where it starts, counted from 1; quoted cells may span several lines.
    cells : dict of str to str
        The thirteen cells by column.
    """

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClaimsTable:
    """The table, as far as its shape is right.

    Parameters
    ----------
    header : tuple of str
        The columns in the order of the file.
    rows : tuple of Row
        The rows that have a cell for each.
    problems : tuple of Problem
        What is wrong with the shape of the file.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def cell_number(self, column: str) -> int:
        """Find the place of a column in the file.

        Parameters
        ----------
        column : str
            One of the columns of the header.

        Returns
        -------
        int
            The number of the cell, counted from 1.
        """
        return self.header.index(column) + 1


def read_claims(text: str, *, file: str) -> ClaimsTable:
    r"""Read the table, and check header and number of cells.

    Parameters
    ----------
    text : str
        The text of the file with ``\n`` as line ends.
    file : str
        What to call the file in problems.

    Returns
    -------
    ClaimsTable
        Columns may stand in any order.  Rows without any content, such as
        spreadsheets leave at the end, are passed over.  If the header is wrong
        there are no rows, for every cell would be a problem then.

    Examples
    --------
    >>> table = read_claims("claim;location", file="claims.csv")
    >>> print(table.problems[0])
    claims.csv:1:1: found semicolons between cells, expected commas
    """
    records = _records(text)
    line, header, reason = next(records, (1, [], ""))
    if problems := _header_problems(header, line, reason, file):
        return ClaimsTable((), (), tuple(problems))
    rows: list[Row] = []
    for line, cells, reason in records:
        if reason:
            problems.append(Problem(file, line, None, f"a row that is no CSV ({reason})", _ROW))
        elif not any(cells):
            continue
        elif len(cells) != len(header):
            number = min(len(cells), len(header) + 1)
            problems.append(Problem(file, line, number, f"{len(cells)} cells", _ROW))
        else:
            rows.append(Row(line, dict(zip(header, cells, strict=True))))
    if not rows and not problems:
        problems.append(
            Problem(file, line, None, "no rows below the header", "one row per printed value")
        )
    return ClaimsTable(tuple(header), tuple(rows), tuple(problems))


_ROW = f"{len(COLUMNS)} cells (a cell with a comma, such as 0,57, stands in double quotes)"


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield line, cells and, if the row is no CSV, the reason for it."""
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
            if "unexpected end" in reason:
                reason = "a quotation mark is never closed"
            yield line, [], reason


def _header_problems(header: list[str], line: int, reason: str, file: str) -> list[Problem]:
    if reason or not header:
        found = f"a header that is no CSV ({reason})" if reason else "an empty first line"
        return [Problem(file, line, None, found, f"the header {','.join(COLUMNS)}")]
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) < 3 and mark in header[0]:
            return [Problem(file, line, 1, f"{name} between cells", "commas")]
    problems = []
    for number, column in enumerate(header, start=1):
        if column in header[: number - 1]:
            found = f"the column {quoted(column)} again (first as cell {header.index(column) + 1})"
            problems.append(Problem(file, line, number, found, "each column once"))
        elif column not in COLUMNS:
            absent = [name for name in COLUMNS if name not in header]
            expected = one_of(column, absent or COLUMNS, "columns")
            problems.append(Problem(file, line, number, f"the column {quoted(column)}", expected))
    # A misspelt column is one problem, not two.
    taken = sum(column not in COLUMNS for column in header)
    absent = [name for name in COLUMNS if name not in header]
    if len(absent) > taken:
        found = f"no column {', '.join(absent)}"
        problems.append(
            Problem(file, line, None, found, f"the {len(COLUMNS)} columns {','.join(COLUMNS)}")
        )
    return problems
