"""Values that have given quantiles exactly, each of them one of those given.

The order of least value, quantiles and greatest value holds for every definition, so values
by one definition are enough to show that printed ones are in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from netcore.stats.quantiles.definitions import QUANTILES, quantile_form

__all__ = ["values_with"]


def values_with(statistics: Mapping[str, Fraction], number: int) -> tuple[Fraction, ...] | None:
    """Construct values that have given order statistics.

    Parameters
    ----------
    statistics : Mapping of str to Fraction
        Names of :data:`~netcore.stats.quantiles.definitions.QUANTILES`, at least one, each
        with its value.
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
    By type 7 of Hyndman and Fan (the default of R and NumPy).  Where a quantile lies between
    neighbours, both are given its value.  That is sufficient and not necessary: None says only
    that this construction fails (:func:`~netcore.stats.quantiles.feasibility.feasible` decides).

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
        for index in quantile_form("type7", QUANTILES[name], number).indices:
            if fixed.setdefault(index, value) != value:
                return None
    values = [fixed[min(fixed)]]
    for index in range(2, number + 1):
        values.append(fixed.get(index, values[-1]))
    if any(one > other for one, other in pairwise(values)):
        return None
    return tuple(values)
