"""Printed dates as intervals of days, and which cannot be earlier than which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.wording import listed, place, variable_title
from netcore.stats.calendar import dates_in
from netcore.study import Claim, Study

__all__ = [
    "CHECK",
    "LATER_ISSUE",
    "RESOLVED",
    "PrintedDate",
    "appeared",
    "capital",
    "contains",
    "dates_said",
    "earlier_dates",
    "is_date",
    "later_dates",
    "printed_dates",
    "sorted_rows",
]

CHECK: Final = "dates"
"""Name of the check of dates and of the durations between them."""

LATER_ISSUE: Final = "the paper appeared later than the date that it bears"
"""What would let something be seen after the date of the paper."""

RESOLVED: Final = "Which of the dates and durations the records give."
"""What would settle a conflict of dates."""

_STARTS: Final = ("value", "start", "min")
_ENDS: Final = ("value", "end", "max")
_WHICH: Final = {"start": "start of ", "min": "first ", "end": "end of ", "max": "last "}


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A printed date, as the days that it can be.

    Parameters
    ----------
    claim : Claim
        The row.
    variable, population, at, stat_name : str
        Which date, and whose; the start or the end of a window, or a value,
        which is both.
    first, last : date
        The first and the last day that it can be.
    """

    claim: Claim
    variable: str
    population: str
    at: str
    stat_name: str
    first: date
    last: date

    @property
    def starts(self) -> bool:
        """Whether it is the first of its dates."""
        return self.stat_name in _STARTS

    @property
    def ends(self) -> bool:
        """Whether it is the last of its dates."""
        return self.stat_name in _ENDS


def printed_dates(study: Study) -> tuple[PrintedDate, ...]:
    """Return the dates that a study prints.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of PrintedDate
        Those of its own patients and its own history that can be read in one
        way and that the transcriber saw.
    """
    found: list[PrintedDate] = []
    for claim in study.claims:
        options = readings(claim)
        if len(options) > 1 or not is_patient_data(study, claim) or study.is_numeric(claim):
            continue
        reading = options[0]
        is_end = reading.stat_name in (*_STARTS, *_ENDS)
        if is_end and is_date(study, reading.variable) and is_first_hand(study, claim):
            found.append(
                PrintedDate(
                    claim,
                    reading.variable,
                    reading.population,
                    reading.at,
                    reading.stat_name,
                    *dates_in(claim.printed),
                )
            )
    return tuple(found)


def is_date(study: Study, name: str | None) -> bool:
    """Return whether a name is that of a date.

    Parameters
    ----------
    study : Study
        The study.
    name : str or None
        The name of a variable, or any words.

    Returns
    -------
    bool
        True for a variable of type date.
    """
    return name is not None and name in study.variables and study.variables[name].type == "date"


def contains(study: Study, whole: str, part: str) -> bool:
    """Return whether the dates of a population are among those of another.

    Parameters
    ----------
    study : Study
        The study.
    whole, part : str
        Names of two populations.

    Returns
    -------
    bool
        True if one is a part of the other, or if the other is the study as
        a piece of work, whose dates bound those of all its patients.
    """
    return whole == part or whole in study.ancestors(part) or study.units(whole) == "studies"


def earlier_dates(study: Study, variable: str) -> frozenset[str]:
    """Return the dates than which one cannot be earlier.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        A variable of type date.

    Returns
    -------
    frozenset of str
        What it is ``after``, by any chain.
    """
    found: set[str] = set()
    waiting = [*study.variables[variable].after]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += study.variables[name].after
    return frozenset(found)


def later_dates(study: Study, variable: str) -> frozenset[str]:
    """Return the dates that cannot be earlier than one.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        A variable of type date.

    Returns
    -------
    frozenset of str
        What is ``after`` it, by any chain.
    """
    return frozenset(name for name in study.variables if variable in earlier_dates(study, name))


def appeared(study: Study) -> date | None:
    """Return the last day on which the paper can have appeared, by the date that it bears.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    date or None
        None where the paper bears no date.
    """
    return dates_in(study.paper.published)[1] if study.paper.published else None


def capital(text: str) -> str:
    """Return a text with a capital first letter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same text otherwise.

    Examples
    --------
    >>> capital("end of recruitment")
    'End of recruitment'
    """
    return text[:1].upper() + text[1:]


def dates_said(study: Study, rows: Sequence[PrintedDate]) -> str:
    """Return what some dates are: ``end of recruitment 2022-02 (Methods)``.

    Parameters
    ----------
    study : Study
        The study.
    rows : sequence of PrintedDate
        One date at least.

    Returns
    -------
    str
        Each date once, with all its places.
    """
    grouped: dict[tuple[str, str], list[Claim]] = {}
    for row in rows:
        title = _WHICH.get(row.stat_name, "") + variable_title(study, row.variable)
        grouped.setdefault((title, row.claim.printed), []).append(row.claim)
    return listed(
        f"{title} {printed} ({place(study, sorted_rows(claims))})"
        for (title, printed), claims in grouped.items()
    )


def sorted_rows(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return some claims in the order of the file, each once.

    Parameters
    ----------
    claims : iterable of Claim
        Rows of its claims table.

    Returns
    -------
    tuple of Claim
        The same rows.
    """
    return tuple(sorted({claim.claim: claim for claim in claims}.values(), key=_line))


def _line(claim: Claim) -> int:
    return claim.line
