"""Dates of known precision, and durations between them in calendar units.

A printed month is all of its days, and a printed number of months is a number
of days only between bounds: nobody says whether a month was 28 days, 30.4 or
one of the calendar.  Every bound here is rounded outwards.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

__all__ = ["UNITS", "CalendarUnit", "calendar_unit", "dates_in", "longest_between"]


@dataclass(frozen=True, slots=True)
class CalendarUnit:
    """A unit of time, in days.

    Parameters
    ----------
    name : str
        The unit in the plural.
    fewest, most : int
        Days in one unit, at least and at most.
    base : str
        ``days`` or ``months``: the unit of which it is an exact multiple.
    factor : int
        How many of that unit it is.
    """

    name: str
    fewest: int
    most: int
    base: str
    factor: int


_DAY: Final = CalendarUnit("days", 1, 1, "days", 1)
_WEEK: Final = CalendarUnit("weeks", 7, 7, "days", 7)
_MONTH: Final = CalendarUnit("months", 28, 31, "months", 1)
_YEAR: Final = CalendarUnit("years", 365, 366, "months", 12)

UNITS: Final[Mapping[str, CalendarUnit]] = MappingProxyType(
    {
        "day": _DAY,
        "days": _DAY,
        "week": _WEEK,
        "weeks": _WEEK,
        "month": _MONTH,
        "months": _MONTH,
        "year": _YEAR,
        "years": _YEAR,
    }
)
"""The units that are understood, by their English names."""


def calendar_unit(name: str) -> CalendarUnit | None:
    """Return a unit of time by its name.

    Parameters
    ----------
    name : str
        Such as ``days``, ``week`` or ``Months``.

    Returns
    -------
    CalendarUnit or None
        None for anything else.

    Examples
    --------
    >>> calendar_unit("years").fewest, calendar_unit("cycles")
    (365, None)
    """
    return UNITS.get(name.lower())


def dates_in(text: str) -> tuple[date, date]:
    """Return the first and the last day that a printed date can mean.

    Parameters
    ----------
    text : str
        YYYY, YYYY-MM or YYYY-MM-DD.

    Returns
    -------
    tuple of date
        First and last day; one day twice for a full date.

    Raises
    ------
    ValueError
        If the text is no such date.

    Examples
    --------
    >>> [day.isoformat() for day in dates_in("2020-02")]
    ['2020-02-01', '2020-02-29']
    """
    parts = text.split("-")
    if len(parts) > 3 or len(parts[0]) != 4:
        raise ValueError(f"found {text!r}, expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, *rest = (int(part) for part in parts)
    first_month, last_month = (rest[0], rest[0]) if rest else (1, 12)
    if len(rest) == 2:
        return date(year, *rest), date(year, *rest)
    last_day = monthrange(year, last_month)[1]
    return date(year, first_month, 1), date(year, last_month, last_day)


def longest_between(first: date, last: date, unit: CalendarUnit) -> Fraction:
    """Return the largest number of units that two days can be apart.

    Parameters
    ----------
    first, last : date
        The two days, in order.
    unit : CalendarUnit
        The unit to count in.

    Returns
    -------
    Fraction
        The days from the first to the last, both included, each unit as
        short as it can be; 0 if the last day is before the first.

    Notes
    -----
    Both days are included, since some count the first day as day 1.  Twelve
    months of 28 days make 336 days, so a number of months found here may
    exceed twelve times the number of years: how days were converted is not
    known, and the bound holds for every way.

    Examples
    --------
    >>> longest_between(date(2020, 1, 1), date(2020, 1, 28), UNITS["months"])
    Fraction(1, 1)
    """
    return Fraction(max(0, (last - first).days + 1), unit.fewest)
