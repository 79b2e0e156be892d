"""Open cells: what a paper leaves unstated, how it is read, and which cells are read alike.

A row may say ``sd|std.error``: a number after a sign that nobody explains.  One place means one
thing by one sign, so cells with the same words are read alike, but only where the very same
places print them: a table may mean standard deviations, another standard errors, and an abstract
may repeat values of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Protocol, TypeVar

from netcore.study import AMBIGUOUS, Claim, Study

__all__ = [
    "OpenCell",
    "OpenReading",
    "open_columns",
    "places_of",
    "point_of",
    "read_alike",
    "ways_to_read",
]


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A cell that is left open, and how it is read.

    Parameters
    ----------
    words : str
        The cell, with its readings: ``sd|std.error``.
    places : tuple of str
        All places that print what it stands beside, in alphabetical order.
    meant : str
        The reading: ``sd``.
    """

    words: str
    places: tuple[str, ...]
    meant: str

    @property
    def unknown(self) -> tuple[str, tuple[str, ...]]:
        """What is left open: the words, and where they are printed."""
        return self.words, self.places


class OpenReading(Protocol):
    """Something that is printed, under one reading of its rows."""

    @property
    def choices(self) -> tuple[OpenCell, ...]:
        """What was left open, and how it is read here."""
        ...


Read = TypeVar("Read", bound=OpenReading | None)


@lru_cache(maxsize=8)  # every check asks for the places of the same study
def _places(study: Study) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for claim in study.claims:
        found.setdefault(_cells(claim), set()).add(claim.location)
    return {cells: tuple(sorted(places)) for cells, places in found.items()}


def _cells(claim: Claim) -> tuple[str, ...]:
    return tuple(getattr(claim, column) for column in AMBIGUOUS)


def places_of(study: Study, claim: Claim) -> tuple[str, ...]:
    """Return the places that print something in the words of a row.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    tuple of str
        All places with a row about the same, each once, in alphabetical order.
    """
    return _places(study)[_cells(claim)]


def open_columns(claim: Claim) -> tuple[str, ...]:
    """Return the columns of a row that leave open what is meant.

    Parameters
    ----------
    claim : Claim
        A row.

    Returns
    -------
    tuple of str
        Those with several readings.
    """
    return tuple(column for column in AMBIGUOUS if len(claim.readings(column)) > 1)


def point_of(study: Study, claim: Claim, column: str) -> str:
    """Name what a cell of a row leaves open, alike for all rows that are read alike.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.
    column : str
        One of its open columns.

    Returns
    -------
    str
        Such as ``stat_name sd|std.error in abstract, table1``.
    """
    return f"{column} {getattr(claim, column)} in {', '.join(places_of(study, claim))}"


def read_alike(readings: Iterable[OpenReading | None]) -> bool:
    """Return whether several readings read the same words of the same places alike.

    Parameters
    ----------
    readings : iterable of OpenReading or None
        Readings; None leaves nothing open.

    Returns
    -------
    bool
        Whether they can hold together.
    """
    taken: dict[tuple[str, tuple[str, ...]], str] = {}
    return all(
        taken.setdefault(cell.unknown, cell.meant) == cell.meant
        for reading in readings
        if reading is not None
        for cell in reading.choices
    )


def ways_to_read(
    alternatives: Sequence[Sequence[Read]],
) -> Iterator[tuple[Read, ...]]:
    """Yield one reading of each of several things, cells of the same places read alike.

    Parameters
    ----------
    alternatives : sequence of sequences
        The readings of each.

    Yields
    ------
    tuple
        One of each.
    """
    return (way for way in product(*alternatives) if read_alike(way))
