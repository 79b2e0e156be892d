"""Open cells: what a paper leaves unstated, how it is read, and which cells are read alike.

A row may say ``sd|std.error``: a number after a sign that nobody explains.  One place means one
thing by one sign, so cells with the same words are read alike, but only where the very same
places print them: a table may mean standard deviations, another standard errors, and an abstract
may repeat values of both.  A row may also say ``all|responders``: no sign tells who is meant, so
only rows of one variable are read alike, again in the very same places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Protocol, TypeVar

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
    point : str
        What is left open: alike for cells that are read alike.
    meant : str
        The reading: ``sd``.
    """

    words: str
    point: str
    meant: str


class OpenReading(Protocol):
    """Something that is printed, under one reading of its rows."""

    @property
    def choices(self) -> tuple[OpenCell, ...]:
        """What was left open, and how it is read here."""
        ...


_CONTEXT: Final = ("population", "variable", "at", "analysis")
"""What a row is about, as far as a place keeps to it in several rows."""

Read = TypeVar("Read", bound=OpenReading | None)


@lru_cache(maxsize=8)  # every check asks for the places of the same study
def _places(study: Study) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for claim in study.claims:
        found.setdefault(_printing(study, claim), set()).add(claim.location)
    return {cells: tuple(sorted(places)) for cells, places in found.items()}


def _printing(study: Study, claim: Claim) -> tuple[str, ...]:
    """Identify what a row says and which number it prints: 5.2 and 5,20 are the same."""
    value = study.printed(claim).value if study.is_numeric(claim) else None
    text = claim.printed if value is None else str(value)
    return (*(getattr(claim, column) for column in AMBIGUOUS), claim.unit, text)


def places_of(study: Study, claim: Claim) -> tuple[str, ...]:
    """Return the places that print what a row prints, in the same words.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    tuple of str
        All places with the same number of the same, each once, in alphabetical order.
    """
    return _places(study)[_printing(study, claim)]


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
        Such as ``stat_name sd|std.error in table1`` or ``population all|a of age in table1``.

    Notes
    -----
    One place means one thing by one sign, and has one group in mind when it prints the mean and
    the deviation of one variable.  Of another variable it may mean other patients.
    """
    context = []
    if column != "stat_name":
        context = [getattr(claim, name) for name in _CONTEXT if name != column]
    about = " ".join(cell for cell in context if cell)
    places = ", ".join(places_of(study, claim))
    return f"{column} {getattr(claim, column)}{f' of {about}' if about else ''} in {places}"


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
    taken: dict[str, str] = {}
    return all(
        taken.setdefault(cell.point, cell.meant) == cell.meant
        for reading in readings
        if reading is not None
        for cell in reading.choices
    )


def ways_to_read(
    alternatives: Sequence[Sequence[Read]],
) -> Iterator[tuple[Read, ...]]:
    """Yield readings of several things that can hold together, the likeliest first.

    Parameters
    ----------
    alternatives : sequence of sequences
        The readings of each.

    Yields
    ------
    tuple
        One of each; first those that read the same words alike in all places.
    """
    for several_minds in (False, True):  # twice through, since there may be too many to keep
        for way in product(*alternatives):
            if read_alike(way) and _is_of_several_minds(way) is several_minds:
                yield way


def _is_of_several_minds(readings: Iterable[OpenReading | None]) -> bool:
    """Return whether the same words mean different things in different places."""
    cells = {
        (cell.words, cell.meant)
        for reading in readings
        if reading is not None
        for cell in reading.choices
    }
    return len({words for words, _ in cells}) < len(cells)
