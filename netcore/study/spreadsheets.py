"""Cells that a spreadsheet program turned into dates without being asked."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ADVICE", "looks_like_date"]

ADVICE: Final = (
    "what the paper prints (a spreadsheet turns 5-12 into a date: "
    "format the column as text, then type the cell again)"
)

# The beginnings of the names of months in English, German, French, Spanish
# and Russian: programs abbreviate them in the language of the desktop.
_MONTH: Final = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mrz|mai|okt|dez|janv|fév|avr|juin|juil|aoû|déc"
    "|ene|abr|ago|dic|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек)[a-zа-яäéû]{0,6}[.]?"
)
_TIME: Final = "(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?)?"
_DATE: Final = re.compile(
    rf"[0-9]{{1,4}}[-./ ]{{1,2}}{_MONTH}(?:[-./ ]{{1,2}}[0-9]{{2,4}})?"
    rf"|{_MONTH}[-./ ]{{1,2}}[0-9]{{1,4}}"
    rf"|[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}}{_TIME})?"
    rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}{_TIME}"
    rf"|[0-9]{{1,2}}[.][0-9]{{1,2}}[.][0-9]{{2,4}}{_TIME}",
    re.IGNORECASE,
)


def looks_like_date(cell: str) -> bool:
    """Return whether a cell that should be something else looks like a date.

    Parameters
    ----------
    cell : str
        The cell.

    Returns
    -------
    bool
        Whether a spreadsheet program may have made it.

    Examples
    --------
    >>> [looks_like_date(cell) for cell in ("12-May", "02.Mar", "3/2/2022", "2022-03-02 00:00:00")]
    [True, True, True, True]
    >>> [looks_like_date(cell) for cell in ("2-3", "12.5", "2 cycles")]
    [False, False, False]
    """
    return len(cell) <= 40 and _DATE.fullmatch(cell) is not None
