"""Rational enclosures of the logarithm and the exponential of any fraction.

All arithmetic is in integers and fractions, rounded outwards; no float takes part.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from netcore.stats.enclosures import Enclosure, logarithm

__all__ = ["exp_enclosure", "log_enclosure"]

_GRID: Final = 1 << 120
_HALVINGS: Final = 10  # of the argument of the exponential, before its series
_LARGEST: Final = 200


def log_enclosure(value: Fraction) -> Enclosure:
    """Enclose the natural logarithm of a fraction.

    Parameters
    ----------
    value : Fraction
        More than 0.

    Returns
    -------
    Enclosure
        Bounds that differ by less than 1e-30.

    Raises
    ------
    ValueError
        If the value is not above 0.

    Notes
    -----
    The difference of the logarithms of numerator and denominator.

    Examples
    --------
    >>> low, high = log_enclosure(Fraction(1, 2))
    >>> round(float(low), 9), high - low < Fraction(1, 10**30)
    (-0.693147181, True)
    """
    if value <= 0:
        raise ValueError(f"found the logarithm of {value}, expected a number above 0")
    above, below = logarithm(value.numerator), logarithm(value.denominator)
    return Enclosure(above.low - below.high, above.high - below.low)


def _down(value: Fraction) -> Fraction:
    return Fraction(value.numerator * _GRID // value.denominator, _GRID)


def _up(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator * _GRID // value.denominator), _GRID)


@lru_cache(maxsize=4_096)
def exp_enclosure(value: Fraction) -> Enclosure:
    """Enclose the exponential of a fraction.

    Parameters
    ----------
    value : Fraction
        From -200 to 200.

    Returns
    -------
    Enclosure
        Bounds that differ by less than one part in 1e25.

    Raises
    ------
    ValueError
        If the value is farther from 0 than 200.

    Notes
    -----
    exp(x) = exp(x / 2^k)^(2^k).  For 0 <= y <= 1 the series of exp(y) is of positive terms, of
    which each is at most half the one before from the second on, so that the rest is at most the
    last term; exp(-x) = 1 / exp(x).

    Examples
    --------
    >>> low, high = exp_enclosure(Fraction(1))
    >>> round(float(low), 9), high - low < Fraction(1, 10**25)
    (2.718281828, True)
    """
    if abs(value) > _LARGEST:
        raise ValueError(f"found the exponential of {value}, expected at most {_LARGEST}")
    if value < 0:
        low, high = exp_enclosure(-value)
        return Enclosure(_down(1 / high), _up(1 / low))
    y = value / (1 << _HALVINGS)
    low = high = term = Fraction(1)
    n = 0
    while term * _GRID > 1 or n < 2:
        n += 1
        term = _up(term * y / n)
        low, high = low + _down(y**n / _factorial(n)), high + term
    high += term
    low, high = _down(low), _up(high)
    for _ in range(_HALVINGS):
        low, high = _down(low * low), _up(high * high)
    return Enclosure(low, high)


@lru_cache(maxsize=64)
def _factorial(n: int) -> int:
    return 1 if n < 2 else n * _factorial(n - 1)
