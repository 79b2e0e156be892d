"""Means, deviations and their like of known values, as software computes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, fsum, log, sqrt

from simulation.quantiles import QUARTILES_ONLY, quantile, usual_median

__all__ = ["Moments", "moments", "percentile"]


class Moments:
    """Moments of some values.

    Parameters
    ----------
    values : sequence of Fraction
        At least one value, in any order.
    ddof : int
        1 where the sum of squares is divided by n - 1, 0 where by n.
    """

    def __init__(self, values: Sequence[Fraction], ddof: int):
        floats = [float(value) for value in values]
        self.n = len(floats)
        self.ddof = ddof
        self.mean = fsum(floats) / self.n
        self._floats = floats
        squares = fsum((value - self.mean) ** 2 for value in floats)
        self.variance = squares / (self.n - ddof) if self.n > ddof else None

    def of(self, name: str) -> float | None:
        """Return a statistic by its name, or None where it has no value.

        Parameters
        ----------
        name : str
            ``mean``, ``sd``, ``var``, ``std.error``, ``cv``, ``geom_mean``, ``min``, ``max``
            or ``range``.

        Returns
        -------
        float or None
            The statistic.
        """
        if name == "mean":
            return self.mean
        if name in ("min", "max", "range"):
            low, high = min(self._floats), max(self._floats)
            return {"min": low, "max": high, "range": high - low}[name]
        if name == "geom_mean":
            if min(self._floats) <= 0:
                return None
            return exp(fsum(log(value) for value in self._floats) / self.n)
        if self.variance is None:
            return None
        deviation = sqrt(self.variance)
        if name == "cv":
            return 100 * deviation / self.mean if self.mean > 0 else None
        return {
            "sd": deviation,
            "var": self.variance,
            "std.error": deviation / sqrt(self.n),
        }[name]


def moments(values: Sequence[Fraction], ddof: int = 1) -> Moments | None:
    """Return the moments of some values, or None of no values."""
    return Moments(values, ddof) if values else None


_POINTS = {
    "p10": Fraction(1, 10),
    "p25": Fraction(1, 4),
    "median": Fraction(1, 2),
    "p75": Fraction(3, 4),
    "p90": Fraction(9, 10),
}


def percentile(
    values: Sequence[Fraction], name: str, definition: str, *, plain_median: bool = True
) -> Fraction | None:
    """Return a quantile by its name in the vocabulary of statistics.

    Parameters
    ----------
    values : sequence of Fraction
        In ascending order.
    name : str
        ``p10``, ``p25``, ``median``, ``p75``, ``p90``, ``iqr`` or ``mad``.
    definition : str
        See :data:`simulation.quantiles.DEFINITIONS`.
    plain_median : bool
        Whether the median is the usual one, whatever the other quantiles are.

    Returns
    -------
    Fraction or None
        None where there are no values, or no such quantile.
    """
    if not values:
        return None
    if name == "iqr":
        return quantile(values, Fraction(3, 4), definition) - quantile(
            values, Fraction(1, 4), definition
        )
    if name == "mad":
        middle = usual_median(values)
        return usual_median(sorted(abs(value - middle) for value in values))
    if name == "median" and plain_median:
        return usual_median(values)
    if name in ("p10", "p90") and definition in QUARTILES_ONLY:
        return None
    return quantile(values, _POINTS[name], definition)
