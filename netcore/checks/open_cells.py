"""Open cells: what a paper leaves unstated, how it is read, and which cells are read alike.

A row may say ``sd|std.error``: a number after a sign that nobody explains.  One place means one
thing by one sign, so cells with the same words are read alike, but only where the very same
places print them: a table may mean standard deviations, another standard errors, and an abstract
may repeat values of both, rounded in another way or in other words.  A row may also say
``all|responders``: no sign tells who is meant, so only rows of one variable are read alike, again
in the very same places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Protocol, TypeVar

from netcore.printed import PrintedError
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
def _rows_by_variable(study: Study) -> Mapping[str, Sequence[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in study.claims:
        for variable in claim.readings("variable"):
            found.setdefault(variable, []).append(claim)
    return found


def _repeated(study: Study, claim: Claim, other: Claim) -> str | None:
    """Name the place of another row that a row may repeat; None if it does not."""
    if claim.location == other.location or (claim.unit and other.unit and claim.unit != other.unit):
        return None
    if any(set(claim.readings(column)).isdisjoint(other.readings(column)) for column in AMBIGUOUS):
        return None
    is_same = _number(study, claim) == _number(study, other)
    if not is_same and not _is_rounded(study, claim, other):
        return None
    if other.stat_name != claim.stat_name:  # the table itself may tell one sign from another
        return f"perhaps {other.location} as {other.stat_name}"
    is_alike = all(getattr(claim, column) == getattr(other, column) for column in AMBIGUOUS)
    return other.location if is_same and is_alike else f"perhaps {other.location}"


def _number(study: Study, claim: Claim) -> str:
    """Return which number a row prints: 5.2 and 5,20 are the same."""
    value = study.printed(claim).value if study.is_numeric(claim) else None
    return claim.printed if value is None else str(value)


def _is_rounded(study: Study, claim: Claim, other: Claim) -> bool:
    """Return whether two numbers may be one, rounded or cut off in different ways."""
    if not (study.is_numeric(claim) and study.is_numeric(other)):
        return False
    try:
        common = study.printed(claim).window("any").meet(study.printed(other).window("any"))
    except PrintedError:
        return False
    # 64 and 66 share only their ends: nobody rounds 65 to both.
    return not common.is_empty and (common.low is None or common.low != common.high)


@lru_cache(maxsize=1 << 12)
def places_of(study: Study, claim: Claim) -> tuple[str, ...]:
    """Return the places that print what a row prints, and those that may.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    tuple of str
        All places with the same number of the same in the same words, and as
        ``perhaps table1`` those of which it may be a repetition in other
        digits or other words, each once, in alphabetical order.

    Notes
    -----
    An abstract may repeat 6.024 of one table as 6.02, and 1.7 of another as 2.
    """
    rows = _rows_by_variable(study)
    labels = {
        _repeated(study, claim, other)
        for variable in claim.readings("variable")
        for other in rows[variable]
    }
    return tuple(sorted({claim.location, *(label for label in labels if label)}))


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
