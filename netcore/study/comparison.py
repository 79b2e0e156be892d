"""Two transcriptions of one paper, row by row.

A paper is transcribed twice by people who do not see each other's rows; every
difference is then settled against the text.  Both start from one ``paper.yaml``,
so that rows can be told to be about the same thing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel

from netcore.study.models import Claim
from netcore.study.study import Study

__all__ = [
    "Comparison",
    "Difference",
    "compare_transcriptions",
    "comparison_csv",
    "comparison_text",
]

Kind = Literal["value", "keys", "missing", "definition"]

# What a row is about; the name of the row and its note are nobody's mistake.
_KEYS: Final = ("population", "variable", "variable_level", "stat_name", "at", "analysis")
_VALUES: Final = ("printed", "unit", "denominator", "cites")
_SECTIONS: Final = ("locations", "populations", "variables", "analyses")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two transcriptions differ.

    Parameters
    ----------
    kind : {'value', 'keys', 'missing', 'definition'}
        Another value of the same thing; the same value of another thing; a
        row that only one has; or an entry of ``paper.yaml``.
    place : str
        Location of the row, or section of ``paper.yaml``.
    first, second : Claim or None
        The rows; None where there is none.
    columns : tuple of tuple of (str, str, str)
        Column, what the first has and what the second has; for a row that
        only one has, all that its cells say.
    """

    kind: Kind
    place: str
    first: Claim | None
    second: Claim | None
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two transcriptions have in common, and what not.

    Parameters
    ----------
    rows : tuple of (int, int)
        Number of rows of each.
    agreed : int
        Rows that say the same in both.
    differences : tuple of Difference
        All others, in the order of the first transcription, then the second.
    """

    rows: tuple[int, int]
    agreed: int
    differences: tuple[Difference, ...]


def compare_transcriptions(first: Study, second: Study) -> Comparison:
    """Compare two transcriptions of one paper.

    Rows are paired within each location: first those that say the same, then
    those about the same thing, then those that print the same value, the pair
    with most key cells in common first.  What is left stands alone.

    Parameters
    ----------
    first, second : Study
        The transcriptions.

    Returns
    -------
    Comparison
        Every row of both is counted as agreed or is in one difference.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = dict.fromkeys(_KEYS + _VALUES, "") | {"location": "results"}
    >>> rows = [Claim.model_construct(**cells | {"claim": c, "printed": p}) for c, p in ("a7", "b8")]
    >>> empty = dict.fromkeys(("locations", "populations", "variables", "analyses"), {})
    >>> one, two = (SimpleNamespace(claims=[row], **empty) for row in rows)
    >>> [found.columns for found in compare_transcriptions(one, two).differences]
    [(('printed', '7', '8'),)]
    """
    differences = list(_definitions(first, second))
    by_place: dict[str, tuple[list[Claim], list[Claim]]] = defaultdict(lambda: ([], []))
    for side, study in enumerate((first, second)):
        for claim in study.claims:
            by_place[claim.location][side].append(claim)
    agreed = 0
    for place, (ours, theirs) in by_place.items():
        for columns in ((*_KEYS, *_VALUES), _KEYS, ("printed",)):
            pairs = _pairs(ours, theirs, columns)
            for one, other in pairs:
                cells = _cells(one, other)
                if not cells:
                    agreed += 1
                    continue
                kind: Kind = "value" if columns == _KEYS else "keys"
                differences.append(Difference(kind, place, one, other, cells))
            taken = {id(row) for pair in pairs for row in pair}
            ours = [row for row in ours if id(row) not in taken]
            theirs = [row for row in theirs if id(row) not in taken]
        differences.extend(
            Difference("missing", place, row, None, _said(row, first=True)) for row in ours
        )
        differences.extend(
            Difference("missing", place, None, row, _said(row, first=False)) for row in theirs
        )
    return Comparison((len(first.claims), len(second.claims)), agreed, tuple(differences))


def _pairs(
    ours: Sequence[Claim], theirs: Sequence[Claim], columns: Sequence[str]
) -> list[tuple[Claim, Claim]]:
    """Pair rows that agree in some columns, those most alike in all others first."""
    found = [
        (-_alike(one, other), first, second, one, other)
        for first, one in enumerate(ours)
        for second, other in enumerate(theirs)
        if all(getattr(one, column) == getattr(other, column) for column in columns)
    ]
    used: set[int] = set()
    chosen = []
    for _, first, _, one, other in sorted(found, key=lambda item: item[:3]):
        if id(one) not in used and id(other) not in used:
            used.update((id(one), id(other)))
            chosen.append((first, one, other))
    return [(one, other) for _, one, other in sorted(chosen, key=lambda item: item[0])]


def _alike(one: Claim, other: Claim) -> int:
    return sum(
        getattr(one, column) == getattr(other, column) for column in (*_KEYS, *_VALUES, "claim")
    )


def _cells(one: Claim, other: Claim) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (column, getattr(one, column), getattr(other, column))
        for column in (*_KEYS, *_VALUES)
        if getattr(one, column) != getattr(other, column)
    )


def _said(row: Claim, *, first: bool) -> tuple[tuple[str, str, str], ...]:
    cells = ((column, getattr(row, column)) for column in (*_KEYS, *_VALUES))
    return tuple((name, *((cell, "") if first else ("", cell))) for name, cell in cells if cell)


def _definitions(first: Study, second: Study) -> Iterator[Difference]:
    """Yield the entries of paper.yaml that differ: fields that one has otherwise."""
    for section in _SECTIONS:
        ours: Mapping[str, BaseModel] = getattr(first, section)
        theirs: Mapping[str, BaseModel] = getattr(second, section)
        for name in dict.fromkeys((*ours, *theirs)):
            fields = [
                entry[name].model_dump(mode="json", exclude_unset=True) if name in entry else {}
                for entry in (ours, theirs)
            ]
            cells = tuple(
                (f"{name}.{field}", str(fields[0].get(field, "")), str(fields[1].get(field, "")))
                for field in dict.fromkeys((*fields[0], *fields[1]))
                if fields[0].get(field) != fields[1].get(field)
            )
            if cells:
                yield Difference("definition", section, None, None, cells)


_HEADINGS: Final[Mapping[Kind, str]] = {
    "definition": "Defined differently in paper.yaml",
    "value": "The same thing, printed differently",
    "keys": "The same value, of another thing",
    "missing": "In one transcription only",
}


def comparison_text(comparison: Comparison, first: str, second: str) -> str:
    """Return a comparison for a terminal.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    first, second : str
        What to call the two transcriptions.

    Returns
    -------
    str
        The counts, then every difference with the lines of both files.
    """
    kinds = Counter(difference.kind for difference in comparison.differences)
    lines = [
        f"A: {first}, {comparison.rows[0]} rows",
        f"B: {second}, {comparison.rows[1]} rows",
        f"{comparison.agreed} rows agree; differences: {len(comparison.differences)}",
    ]
    for kind, heading in _HEADINGS.items():
        if not kinds[kind]:
            continue
        lines += ["", f"{heading} ({kinds[kind]}):"]
        for difference in comparison.differences:
            if difference.kind == kind:
                lines.append(f"  {_where(difference)}")
                lines += [
                    f"    {column}: {_both(one, two)}" for column, one, two in _shown(difference)
                ]
    return "\n".join(lines)


def _where(difference: Difference) -> str:
    sides = [
        f"{side} line {row.line} ({row.claim})"
        for side, row in (("A", difference.first), ("B", difference.second))
        if row is not None
    ]
    return ", ".join([difference.place, *sides])


def _shown(difference: Difference) -> Iterator[tuple[str, str, str]]:
    if difference.kind == "keys" and difference.first is not None:
        yield "printed", difference.first.printed, difference.first.printed
    yield from difference.columns


def _both(one: str, two: str) -> str:
    return one if one == two else f"A {one or '(empty)'} | B {two or '(empty)'}"


def comparison_csv(comparison: Comparison) -> str:
    """Return the differences as a table to be settled one by one.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    str
        CSV with a row for each cell that differs, and an empty last column
        for what the text says.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ("kind", "place", "line_a", "claim_a", "line_b", "claim_b", "column", "a", "b", "settled")
    )
    for difference in comparison.differences:
        rows = [
            (row.line, row.claim) if row is not None else ("", "")
            for row in (difference.first, difference.second)
        ]
        for column in difference.columns:
            writer.writerow((difference.kind, difference.place, *rows[0], *rows[1], *column, ""))
    return stream.getvalue()
