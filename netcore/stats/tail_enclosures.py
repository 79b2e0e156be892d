"""Rational enclosures of the tails of the normal and of Student's distribution.

Welch's test has degrees of freedom that are no whole number, for which the
tables and the closed forms of Student's distribution do not help.  Of the two
areas beside a value only the ratio is needed, and in it every power, root and
gamma function cancels: what is left are series and continued fractions in
rational numbers.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import ceil, isqrt, log, sqrt
from typing import Final

from netcore.stats.enclosures import Enclosure, chi_squared_tail

__all__ = ["normal_tail", "student_tail", "two_sided_quantile"]

_BITS: Final = 128
_ONE: Final = 1 << _BITS
_DIGITS: Final = 72  # bits to which a continued fraction is evaluated
_DF_GRID: Final = 1 << 64  # degrees of freedom are rounded outwards to parts of this
_SQUARE_GRID: Final = 1 << 100  # and squares of the statistic to parts of this
_LARGEST_DF: Final = 20_000  # beyond it the normal distribution is near enough
_NARROW: Final = 1 << 60  # a quantile, and a power series, are known to one part in this
_NEAR: Final = 1 << 12  # at t^2 / df below the inverse of it a power series is shorter
_FAR: Final = 1 << 20  # t^2 / df up to which the continued fraction is short enough


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def normal_tail(z_squared: Fraction) -> Enclosure:
    """Enclose the two-sided tail of the normal distribution.

    Parameters
    ----------
    z_squared : Fraction
        The square of the statistic, at least 0.

    Returns
    -------
    Enclosure
        Bounds on the probability of a statistic at least as far from 0,
        which differ by less than 1e-40.

    Raises
    ------
    ValueError
        If the square is negative.

    Notes
    -----
    The square of a normal variable is chi-squared with one degree of
    freedom: erfc(sqrt(z^2 / 2)).

    Examples
    --------
    >>> low, high = normal_tail(Fraction(196, 100) ** 2)
    >>> round(float(low), 6)
    0.049996
    """
    return chi_squared_tail(z_squared, 1)


def _hypergeometric(a: Fraction, c: Fraction, z: Fraction) -> tuple[int, int]:
    """Enclose the sum over n of (a)_n / (c)_n z^n for 0 < a < c and 0 < z < 1, scaled.

    It is 1 / (1 - k_1 z / (1 - k_2 z / ...)) (Gauss) with k_n = (1 - g_(n-1)) g_n, g_0 = 0,
    g_(2m) = m / (c + 2m - 1) and g_(2m+1) = (a + m) / (c + 2m), all between 0 and 1.  So what
    stands below the n-th line, t_n = 1 - k_(n+1) z / t_(n+1), is at most 1, and at least g_n
    if t_(n+1) is at least g_(n+1).
    """
    scale = a.denominator * c.denominator
    top, bottom = int(a * scale), int(c * scale)
    root = sqrt((z.denominator - z.numerator) / z.denominator)
    # Each step brings the bounds together by about this factor; a bad guess costs time only.
    factor = max((1 - root) / (1 + root), 1e-9)
    half = 4 + ceil(_DIGITS * log(2) / -log(factor) / 2)
    while True:
        # Below line 2 half.
        low, high = half * scale * _ONE // (bottom + (2 * half - 1) * scale), _ONE
        for n in range(2 * half, 0, -1):
            m, odd = divmod(n, 2)
            if n == 1:
                numerator, divisor = top, bottom
            elif odd:
                numerator = (top + m * scale) * (bottom + (m - 1) * scale)
                divisor = (bottom + (2 * m - 1) * scale) * (bottom + 2 * m * scale)
            else:
                numerator = m * scale * (bottom - top + (m - 1) * scale)
                divisor = (bottom + (2 * m - 2) * scale) * (bottom + (2 * m - 1) * scale)
            numerator = numerator * z.numerator << 2 * _BITS
            divisor *= z.denominator
            low, high = _ONE - _up(numerator, divisor * low), _ONE - numerator // (divisor * high)
        if high - low <= high >> (_DIGITS - 8):
            return _ONE * _ONE // high, _up(_ONE * _ONE, low)
        half *= 2


@lru_cache(maxsize=65_536)
def _both_areas(t_squared: Fraction, df: Fraction) -> tuple[int, int, int, int]:
    """Enclose what is outside and inside, up to a common factor: two scaled pairs."""
    a = df / 2
    x = df / (df + t_squared)
    # Outside: the integral of u^(a-1) (1-u)^(-1/2) from 0 to x, by x^a (1-x)^(1/2).
    low, high = _hypergeometric(a + Fraction(1, 2), a + 1, x)
    outside = low * a.denominator // a.numerator, _up(high * a.denominator, a.numerator)
    # Inside: from x to 1.  First for a between 0 and 1, then by steps of 1:
    # (a + 1/2) x inside(a + 1) = a inside(a) + 1, all of it positive.
    first = a - ceil(a) + 1
    if first == 1:
        low, high = (
            2 * _ONE * x.denominator // x.numerator,
            _up(2 * _ONE * x.denominator, x.numerator),
        )
    else:
        low, high = _hypergeometric(first + Fraction(1, 2), Fraction(3, 2), 1 - x)
        low, high = 2 * low, 2 * high
    top, bottom = 2 * first.numerator, 2 * first.denominator
    for _ in range(ceil(a) - 1):
        divisor = (top + first.denominator) * x.numerator
        low = (top * low + bottom * _ONE) * x.denominator // divisor
        high = _up((top * high + bottom * _ONE) * x.denominator, divisor)
        top += bottom
    return (*outside, low, high)


def _outside(t_squared: Fraction, df: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose the two-sided tail where t^2 / df is neither very small nor very large."""
    out_low, out_high, in_low, in_high = _both_areas(t_squared, df)
    return Fraction(out_low, out_low + in_high), Fraction(out_high, out_high + in_low)


def _mean_density(t_squared: Fraction, df: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose the mean density between 0 and t, by the density at 0.

    The density is (1 + y)^(-k) with y = s^2 / df and k = (df + 1) / 2.  The signs of its
    derivatives alternate, so Taylor's polynomials are bounds, in turns from above and below.
    """
    y, k = t_squared / df, (df + 1) / 2
    term = total = Fraction(1)
    for j in count(1):
        term *= -(k + j - 1) * y / j
        last, total = total, total + term / (2 * j + 1)
        if abs(term) * _NARROW < 1:
            break
    return min(last, total), max(last, total)


def _near_zero(t_squared: Fraction, df: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose the tail at a small t, from that at the smallest that is not."""
    edge = df / _NEAR
    low, high = _outside(edge, df)
    root = isqrt(int(t_squared / edge * _SQUARE_GRID**2))
    here, there = _mean_density(t_squared, df), _mean_density(edge, df)
    least = Fraction(root, _SQUARE_GRID) * here[0] / there[1]
    greatest = Fraction(root + 1, _SQUARE_GRID) * here[1] / there[0]
    return max(Fraction(0), 1 - greatest * (1 - low)), 1 - least * (1 - high)


def _tail(t_squared: Fraction, df: Fraction) -> tuple[Fraction, Fraction]:
    if t_squared * _NEAR < df:
        return _near_zero(t_squared, df)
    if t_squared > df * _FAR:
        return Fraction(0), _outside(df * _FAR, df)[1]
    return _outside(t_squared, df)


@lru_cache(maxsize=65_536)
def student_tail(t_squared: Fraction, df: Fraction | int) -> Enclosure:
    """Enclose the two-sided tail of Student's distribution.

    Parameters
    ----------
    t_squared : Fraction
        The square of the statistic, at least 0.
    df : Fraction or int
        Degrees of freedom, more than 0; they need not be whole.

    Returns
    -------
    Enclosure
        Bounds on the probability of a statistic at least as far from 0.
        They differ by less than 1e-15 for 1 to 20,000 degrees of freedom
        and a square of at most df 2^20; elsewhere they are wider.

    Raises
    ------
    ValueError
        If the square is negative or there is no degree of freedom.

    Notes
    -----
    With a = df / 2 and x = df / (df + t^2) the tail is I_x(a, 1/2), the ratio
    of the area of u^(a-1) (1-u)^(-1/2) below x to that below 1 (Abramowitz and
    Stegun 1964, 26.7.1).  By their 26.5.23, with a common factor left out,

        below x: (1 / a) F(a + 1/2, 1; a + 1; x)
        above x: 2 F(a + 1/2, 1; 3/2; 1 - x)

    and F(b, 1; c; z) with b < c is Gauss's continued fraction, whose rests
    lie between known bounds.  Above x, a is first brought between 0 and 1.
    The common factor x^a (1-x)^(1/2) would have needed roots, and the ratio no
    gamma function.

    The tail falls in t and in df, so that both are first rounded outwards, and
    for very many df the normal tail is the lower bound.  It falls in df
    because the ratio of the densities of |t| with fewer and with more degrees
    of freedom has, in t^2, a derivative with the sign of t^2 - 1 and at 0 a
    value below 1 (log Gamma' is concave): it passes 1 once, from below, so that
    the difference of the tails rises from 0 and then falls to 0.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6(1):1-25.
    doi:10.1093/biomet/6.1.1

    Examples
    --------
    The 97.5th percentile with 10 degrees of freedom is printed as 2.228:

    >>> low, high = student_tail(Fraction(2228, 1000) ** 2, 10)
    >>> round(float(low), 5), high - low < Fraction(1, 10**15)
    (0.05001, True)
    """
    if t_squared < 0 or df <= 0:
        raise ValueError(
            f"found the square {t_squared} with {df} degrees of freedom, expected at least 0 "
            "with more than 0"
        )
    few, many = Fraction(int(df * _DF_GRID), _DF_GRID), Fraction(ceil(df * _DF_GRID), _DF_GRID)
    near = Fraction(int(t_squared * _SQUARE_GRID), _SQUARE_GRID)
    far = Fraction(ceil(t_squared * _SQUARE_GRID), _SQUARE_GRID)
    if not few:
        raise ValueError(f"found {df} degrees of freedom, expected more than 1e-19")
    if far == 0:
        return Enclosure(Fraction(1), Fraction(1))
    high = _tail(near, min(few, Fraction(_LARGEST_DF)))[1] if near else Fraction(1)
    low = normal_tail(far).low if many > _LARGEST_DF else _tail(far, many)[0]
    return Enclosure(low, min(high, Fraction(1)))


@lru_cache(maxsize=4_096)
def two_sided_quantile(probability: Fraction, df: Fraction | int | None = None) -> Enclosure:
    """Enclose the square that is exceeded with a given probability.

    Parameters
    ----------
    probability : Fraction
        Both tails together, between 0 and 1: 1/20 for a 95 % interval.
    df : Fraction or int, optional
        Degrees of freedom of Student's distribution; without them the
        normal distribution is meant.

    Returns
    -------
    Enclosure
        Bounds on t^2 (or z^2), found by halving; they differ by less than
        one part in 1e15 where :func:`student_tail` is as narrow.

    Raises
    ------
    ValueError
        If the probability is not between 0 and 1, or there is no degree of
        freedom.

    Examples
    --------
    >>> low, high = two_sided_quantile(Fraction(1, 20), 10)
    >>> round(float(low) ** 0.5, 6)
    2.228139
    >>> low, high = two_sided_quantile(Fraction(1, 20))
    >>> round(float(low) ** 0.5, 6)
    1.959964
    """
    if not 0 < probability < 1:
        raise ValueError(f"found {probability}, expected a probability between 0 and 1")

    def tail(square: Fraction) -> Enclosure:
        return normal_tail(square) if df is None else student_tail(square, df)

    low, high = Fraction(0), Fraction(4)
    while tail(high).high > probability:
        low, high = (high if tail(high).low > probability else low), high * 4
        if high > 1 << 80:
            raise ValueError(f"found {probability}, expected a probability that is not as small")
    while (high - low) * _NARROW > high:
        middle = (low + high) / 2
        bounds = tail(middle)
        if bounds.low > probability:
            low = middle
        elif bounds.high < probability:
            high = middle
        else:
            break
    return Enclosure(low, high)
