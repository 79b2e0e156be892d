"""Tests of two survival rates at one time: every p-value that printed rates leave.

A p-value beside two rates may be of the rates at their time alone, and not of the curves.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Final

from netcore.printed import Interval
from netcore.stats.contingency import p_values
from netcore.stats.enclosures import chi_squared_tail
from netcore.stats.interval_arithmetic import hull
from netcore.stats.survival.standard_errors import greenwood_extremes

__all__ = ["crude_p_range", "landmark_p_range"]

_STATES: Final = 20_000  # beyond which closed bounds of the variance are enough
_BITS: Final = 500_000_000  # of all such states, each a part of a factorial
_TABLES: Final = 20_000_000  # times the number of all patients, as a test of many takes longer


def landmark_p_range(sizes: tuple[int, int], rates: tuple[Interval, Interval]) -> Interval | None:
    """Bound the p-value of the difference of two Kaplan-Meier rates.

    Parameters
    ----------
    sizes : tuple of (int, int)
        How many patients each arm has.
    rates : tuple of (Interval, Interval)
        The windows of their rates at the time.

    Returns
    -------
    Interval or None
        No two-sided p-value lies outside; values between the ends need not be attained.  None
        if an arm can have no such rate, or no variance is above 0.

    Raises
    ------
    ValueError
        If an arm has no patient.

    Notes
    -----
    z = (S1 - S2) / sqrt(V1 + V2) with Greenwood's variances, each between its extremes over all
    curves with a rate in the window.

    References
    ----------
    Klein JP, Logan B, Harhoff M, Andersen PK (2007). Analyzing survival curves at a fixed point
    in time. Statistics in Medicine 26(24):4505-4519. doi:10.1002/sim.2864

    Examples
    --------
    >>> window = lambda low, high: Interval(Fraction(low), Fraction(high))
    >>> found = landmark_p_range((12, 14), (window("0.375", "0.385"), window("0.435", "0.445")))
    >>> [round(float(end), 3) for end in (found.low, found.high)]
    [0.732, 0.907]
    """
    one, two = (
        greenwood_extremes(n, rate, budget=min(_STATES, _BITS // (n * n.bit_length())))
        for n, rate in zip(sizes, rates, strict=True)
    )
    if one is None or two is None:
        return None
    least = (one.variances.low or 0) + (two.variances.low or 0)
    assert one.variances.high is not None
    assert two.variances.high is not None
    greatest = one.variances.high + two.variances.high
    if not greatest:
        return None
    a, b = ((rate.low or Fraction(0), rate.high or Fraction(1)) for rate in rates)
    near = max(a[0] - b[1], b[0] - a[1], Fraction(0))
    far = max(a[1] - b[0], b[1] - a[0])
    low = chi_squared_tail(far * far / least, 1).low if least else Fraction(0)
    return Interval(low, chi_squared_tail(near * near / greatest, 1).high)


def crude_p_range(sizes: tuple[int, int], rates: tuple[Interval, Interval]) -> Interval | None:
    """Bound the p-value of the difference of two shares of whole patients.

    Parameters
    ----------
    sizes : tuple of (int, int)
        How many patients each arm has.
    rates : tuple of (Interval, Interval)
        The windows of their shares.

    Returns
    -------
    Interval or None
        The hull of the p-values of all two-sided variants of the chi-squared and of Fisher's
        test, or everything if there are too many tables; None if no whole number of patients
        of an arm is such a share.

    Examples
    --------
    >>> window = lambda low, high: Interval(Fraction(low), Fraction(high))
    >>> found = crude_p_range((12, 14), (window("0.415", "0.425"), window("0.425", "0.435")))
    >>> [round(float(end), 2) for end in (found.low, found.high)]
    [0.48, 1.0]
    """
    counts = [
        [k for k in range(n + 1) if Fraction(k, n) in rate]
        for n, rate in zip(sizes, rates, strict=True)
    ]
    if len(counts[0]) * len(counts[1]) * sum(sizes) > _TABLES:
        return Interval(Fraction(0), Fraction(1))
    found = [
        value.interval
        for a, b in product(*counts)
        for value in p_values(((a, sizes[0] - a), (b, sizes[1] - b)))
        if not value.flavour.name.endswith(("_less", "_greater"))
    ]
    return hull(found) if found else None
