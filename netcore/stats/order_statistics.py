"""Order statistics: which come first, and values that have given ones.

The order of least value, quantiles and greatest value holds for every
definition of a quantile, so it can be checked without knowing which was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from types import MappingProxyType
from typing import Final

__all__ = ["QUANTILES", "values_with"]

QUANTILES: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        "min": Fraction(0),
        "p10": Fraction(1, 10),
        "p25": Fraction(1, 4),
        "median": Fraction(1, 2),
        "p75": Fraction(3, 4),
        "p90": Fraction(9, 10),
        "max": Fraction(1),
    }
)
"""The share of values below each statistic, in ascending order."""


def values_with(statistics: Mapping[str, Fraction], number: int) -> tuple[Fraction, ...] | None:
    """Construct values that have given order statistics.

    Parameters
    ----------
    statistics : Mapping of str to Fraction
        Names of :data:`QUANTILES`, at least one, each with its value.
    number : int
        How many values, at least 1.

    Returns
    -------
    tuple of Fraction or None
        The values in ascending order, each of them one of those given; None
        if the statistics are out of order, or if two of them depend on the
        same value.

    Raises
    ------
    ValueError
        If no statistic or no number of values is given.

    Notes
    -----
    The quantile of share p lies at h = (n - 1) p among values numbered from
    0, between neighbours if h is no whole number (Hyndman and Fan 1996, type
    7, doi:10.1080/00031305.1996.10473566; the default of R and NumPy).  Both
    neighbours are given the value of the quantile.  That is sufficient and not
    necessary: None says only that this construction fails.

    Examples
    --------
    >>> found = values_with({"min": Fraction(1), "median": Fraction(3), "max": Fraction(9)}, 5)
    >>> [int(value) for value in found]
    [1, 1, 3, 3, 9]
    """
    if not statistics or number < 1:
        raise ValueError("found no statistic or no number of values, expected one of each at least")
    fixed: dict[int, Fraction] = {}
    for name, value in statistics.items():
        place = (number - 1) * QUANTILES[name]
        below = floor(place)
        for index in {below, below + (place > below)}:
            if fixed.setdefault(index, value) != value:
                return None
    values = [fixed[min(fixed)]]
    values += [fixed.get(index, Fraction(0)) for index in range(1, number)]
    for index in range(1, number):
        if index not in fixed:
            values[index] = values[index - 1]
    if any(one > other for one, other in pairwise(values)):
        return None
    return tuple(values)
