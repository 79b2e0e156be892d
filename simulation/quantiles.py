"""Quantiles by every definition that software and textbooks use, in fractions of positions.

The nine of Hyndman and Fan [1]_ (numpy's methods and R's types), and four that split the
ordered values in halves.

References
----------
.. [1] Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-365.
   doi:10.1080/00031305.1996.10473566
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

__all__ = ["DEFINITIONS", "QUARTILES_ONLY", "quantile", "usual_median"]

# m = constant + slope p, of types 4 to 9.
_SHIFTS = {
    4: (Fraction(0), Fraction(0)),
    5: (Fraction(1, 2), Fraction(0)),
    6: (Fraction(0), Fraction(1)),
    7: (Fraction(1), Fraction(-1)),
    8: (Fraction(1, 3), Fraction(1, 3)),
    9: (Fraction(3, 8), Fraction(1, 4)),
}

QUARTILES_ONLY = ("hinges", "halves", "nearest of (n + 1) p")
DEFINITIONS = (*(f"type {number}" for number in range(1, 10)), *QUARTILES_ONLY)


def usual_median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value, or the mean of the two middle ones, of ordered values."""
    middle, is_odd = divmod(len(values), 2)
    return values[middle] if is_odd else (values[middle - 1] + values[middle]) / 2


def quantile(values: Sequence[Fraction], p: Fraction, definition: str) -> Fraction:
    """Return a quantile of ordered values.

    Parameters
    ----------
    values : sequence of Fraction
        In ascending order, at least one.
    p : Fraction
        Between 0 and 1.
    definition : str
        One of :data:`DEFINITIONS`; those of :data:`QUARTILES_ONLY` for quarters only.

    Returns
    -------
    Fraction
        The quantile.

    Examples
    --------
    >>> ages = [Fraction(x) for x in (1, 2, 4, 8, 16, 32)]
    >>> [str(quantile(ages, Fraction(1, 4), name)) for name in ("type 1", "type 6", "type 7")]
    ['2', '7/4', '5/2']
    >>> [str(quantile(ages[:5], Fraction(1, 4), name)) for name in ("hinges", "halves")]
    ['2', '3/2']
    """
    if definition in QUARTILES_ONLY:
        return _by_halves(values, p, definition)
    number = int(definition.removeprefix("type "))
    n = len(values)
    if number <= 3:
        place = n * p - (Fraction(1, 2) if number == 3 else 0)
        j = floor(place)
        if place > j or (number == 3 and j % 2):
            return _at(values, j + 1)
        return (_at(values, j) + _at(values, j + 1)) / 2 if number == 2 else _at(values, j)
    constant, slope = _SHIFTS[number]
    place = n * p + constant + slope * p
    j = floor(place)
    return _at(values, j) + (place - j) * (_at(values, j + 1) - _at(values, j))


def _at(values: Sequence[Fraction], position: int) -> Fraction:
    """Return the value at a position counted from 1, the extremes beyond the ends."""
    return values[min(max(position, 1), len(values)) - 1]


def _by_halves(values: Sequence[Fraction], p: Fraction, definition: str) -> Fraction:
    n = len(values)
    if p == Fraction(1, 2) or n == 1:
        return usual_median(values)
    if definition == "nearest of (n + 1) p":  # Mendenhall and Sincich
        place = (n + 1) * p
        up = p < Fraction(1, 2)
        return _at(values, floor(place + Fraction(1, 2)) if up else -floor(Fraction(1, 2) - place))
    size = (n + 1) // 2 if definition == "hinges" else n // 2  # Tukey; Moore and McCabe
    return usual_median(values[:size] if p < Fraction(1, 2) else values[n - size :])
