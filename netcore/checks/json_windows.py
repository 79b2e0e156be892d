"""Windows as plain JSON values, in questions and in their answers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from netcore.printed import Interval

__all__ = ["JsonEnds", "ends_of", "interval_of", "rounded_p"]

JsonEnds = Sequence[str | None]
"""Two fractions; None for an end that is missing."""

_SHOWN: Final = 10**6


def ends_of(window: Interval) -> list[str | None]:
    """Return the ends of a window; they count as inside.

    Parameters
    ----------
    window : Interval
        The window.

    Returns
    -------
    list of str or None
        Two fractions; None for an end that is missing.

    Examples
    --------
    >>> ends_of(Interval(Fraction(1, 2), None))
    ['1/2', None]
    """
    return [None if end is None else str(end) for end in (window.low, window.high)]


def interval_of(ends: JsonEnds) -> Interval:
    """Return a window from its ends, which count as inside.

    Parameters
    ----------
    ends : sequence of str or None
        Two fractions; None for an end that is missing.

    Returns
    -------
    Interval
        The window.

    Examples
    --------
    >>> str(interval_of(["1/2", None]))
    '[0.5, inf)'
    """
    low, high = (None if end is None else Fraction(end) for end in ends)
    return Interval(low, high)


def rounded_p(value: Fraction, *, up: bool) -> str:
    """Write a bound of p-values with six significant digits, rounded outwards.

    Parameters
    ----------
    value : Fraction
        From 0 to 1.
    up : bool
        Whether it is an upper bound.

    Returns
    -------
    str
        A fraction, at most 1.

    Examples
    --------
    >>> rounded_p(Fraction(1, 3), up=True)
    '166667/500000'
    """
    if value in (0, 1):
        return str(value)
    scale = _SHOWN
    while value * scale < _SHOWN // 10 and scale < _SHOWN**6:
        scale *= 10
    whole = -(-value * scale // 1) if up else value * scale // 1
    return str(min(Fraction(1), Fraction(whole, scale)))
