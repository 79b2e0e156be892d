"""Rational enclosures of functions that have no rational values.

A p-value of a chi-squared test is no fraction, so a proof about it needs two
fractions that it lies between.  All arithmetic here is in integers, scaled by
a power of two and rounded outwards; no float takes part.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Final, NamedTuple

__all__ = ["Enclosure", "chi_squared_tail", "logarithm"]

_BITS: Final = 160
_ONE: Final = 1 << _BITS
# The first 59 decimals of pi, cut off; so pi lies between this and one unit more.
_PI_SCALE: Final = 10**59
_PI: Final = 314159265358979323846264338327950288419716939937510582097494


class Enclosure(NamedTuple):
    """Two fractions between which a number lies.

    Parameters
    ----------
    low, high : Fraction
        Bounds, both of which may be attained.
    """

    low: Fraction
    high: Fraction


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _series(y: int, shift: int) -> tuple[int, int]:
    """Enclose the sum over n of y^n / ((a + 1) ... (a + n)) with a = shift / 2, scaled."""
    low = high = term_low = term_high = _ONE
    n = 0
    # Once each term is at most half of the one before, the rest is at most the last term.
    while term_high > 2 or (shift + 2 * n + 2) * _ONE < 4 * y:
        n += 1
        divisor = (shift + 2 * n) << _BITS
        term_low = term_low * 2 * y // divisor
        term_high = _up(term_high * 2 * y, divisor)
        low += term_low
        high += term_high
    return low, high + term_high


def _tail(y: int, df: int) -> tuple[int, int]:
    """Enclose the upper tail at 2 y / 2^160, scaled."""
    half, odd = divmod(df, 2)
    # The factor y^a / Gamma(a + 1) with a = df / 2, as a scaled pair.
    low = high = _ONE
    if odd:
        # Gamma(a + 1) = sqrt(pi) (1/2) (3/2) ... a, and y^a = sqrt(y) y^half.
        low = isqrt(y * _ONE * _PI_SCALE // (_PI + 1))
        high = isqrt(_up(y * _ONE * _PI_SCALE, _PI)) + 1
        low, high = 2 * low, 2 * high
    for k in range(1, half + 1):
        divisor = (2 * k + odd) << _BITS
        low = low * 2 * y // divisor
        high = _up(high * 2 * y, divisor)
    sum_low, sum_high = _series(y, df)
    exp_low, exp_high = _series(y, 0)
    lower_low = low * sum_low // exp_high
    lower_high = _up(high * sum_high, exp_low)
    return max(0, _ONE - lower_high), min(_ONE, _ONE - lower_low)


@lru_cache(maxsize=65_536)
def chi_squared_tail(statistic: Fraction, df: int) -> Enclosure:
    """Enclose the probability that a chi-squared variable exceeds a value.

    Parameters
    ----------
    statistic : Fraction
        The value, at least 0.
    df : int
        Degrees of freedom, at least 1.

    Returns
    -------
    Enclosure
        Bounds that differ by less than 1e-40.

    Raises
    ------
    ValueError
        If the value is negative or there is no degree of freedom.

    Notes
    -----
    With a = df / 2 and y = statistic / 2 the lower tail is (Abramowitz and
    Stegun 1964, 6.5.29)

        P(a, y) = y^a exp(-y) / Gamma(a + 1) * sum_n y^n / ((a + 1) ... (a + n)),

    a series of positive terms; exp(y) is the same series with a = 0, and for
    odd df Gamma(a + 1) is a rational multiple of sqrt(pi).  For one degree of
    freedom the tail is erfc(sqrt(y)).  The tail falls as the statistic grows,
    so a statistic is first rounded outwards; beyond a far point the bound of
    that point is used.

    Examples
    --------
    >>> low, high = chi_squared_tail(Fraction(384146, 100_000), 1)
    >>> round(float(low), 6), high - low < Fraction(1, 10**40)
    (0.05, True)
    """
    if statistic < 0 or df < 1:
        raise ValueError(f"found statistic {statistic} with {df} degrees of freedom, expected >= 0")
    if statistic == 0:
        return Enclosure(Fraction(1), Fraction(1))
    far = (200 + 4 * df) << _BITS
    scaled = (statistic.numerator << (_BITS - 1)) // statistic.denominator
    if scaled >= far:
        return Enclosure(Fraction(0), Fraction(_tail(far, df)[1], _ONE))
    return Enclosure(Fraction(_tail(scaled + 1, df)[0], _ONE), Fraction(_tail(scaled, df)[1], _ONE))


def _artanh(numerator: int, denominator: int) -> tuple[int, int]:
    """Enclose artanh of a fraction between 0 and 1/2, scaled."""
    low, high = numerator * _ONE // denominator, _up(numerator * _ONE, denominator)
    square_low, square_high = low * low // _ONE, _up(high * high, _ONE)
    power_low, power_high = low, high
    sum_low, sum_high, k = low, high, 1
    while power_high > 1:
        power_low = power_low * square_low // _ONE
        power_high = _up(power_high * square_high, _ONE)
        k += 2
        sum_low += power_low // k
        sum_high += _up(power_high, k)
    # Each further term is at most a quarter of the one before, which is at most one unit.
    return sum_low, sum_high + 1


@lru_cache(maxsize=4_096)
def logarithm(number: int) -> Enclosure:
    """Enclose the natural logarithm of a whole number.

    Parameters
    ----------
    number : int
        At least 1.

    Returns
    -------
    Enclosure
        Bounds that differ by less than 1e-40 for any number of patients.

    Raises
    ------
    ValueError
        If the number is less than 1.

    Notes
    -----
    With 2^k <= n < 2^(k+1) and r = n / 2^k, ln n = k ln 2 + ln r, and
    ln r = 2 artanh((r - 1) / (r + 1)), a series of positive terms.

    Examples
    --------
    >>> low, high = logarithm(10)
    >>> round(float(low), 9), low < high
    (2.302585093, True)
    """
    if number < 1:
        raise ValueError(f"found {number}, expected a whole number of at least 1")
    if number == 1:
        return Enclosure(Fraction(0), Fraction(0))
    k = number.bit_length() - 1
    two_low, two_high = _artanh(1, 3)
    low, high = _artanh(number - (1 << k), number + (1 << k))
    return Enclosure(
        Fraction(2 * (k * two_low + low), _ONE), Fraction(2 * (k * two_high + high), _ONE)
    )
