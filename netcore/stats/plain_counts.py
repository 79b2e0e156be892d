"""Plain bounds on p-values of two counts, which a stand-alone checker can replay.

They hold for every flavour of :mod:`netcore.stats.contingency` at once.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, comb, isqrt, prod
from typing import Final

from netcore.stats.plain_tails import plain_tails

__all__ = ["ends_of_p"]

_ONE: Final = 10**20
_POWER: Final = 1000
_SCALE: Final = 10**30
_ALIKE: Final = 1 + Fraction(1, 10**7)  # what R takes for one probability
_LEAST_BIT: Final = Fraction(13862, 10**7)  # 2 ln 2 / 1000 lies between these two
_MOST_BIT: Final = Fraction(13864, 10**7)


@lru_cache(maxsize=4096)
def ends_of_p(a: int, r: int, c: int, s: int) -> tuple[Fraction, Fraction]:
    """Bound the p-values of a of r against c of s.

    Parameters
    ----------
    a, r : int
        How many of the first group have a level, and how many are compared.
    c, s : int
        The same of the second group.

    Returns
    -------
    tuple of (Fraction, Fraction)
        The least p of one side or both, and at least the greatest of both
        sides or of the nearer one; that of the other side is at least 1 less
        the greatest.  In every flavour of the chi-squared and of Fisher's test.

    Notes
    -----
    Of exact tests no p is less than the smaller side with half of the table seen, nor greater than
    twice that side, or than the sum over all tables as rare (but for 10^-7) or as far from what is
    expected.  The greatest chi-squared is Pearson's, G, or Yates's beyond zero, and the least is G or
    Yates's.  G is 2 ln Q, with Q = N^N prod O^O / prod R^R prod C^C, and 2^(b - 1) <= Q^1000 < 2^b with b
    binary digits of what is left of the point.  Two normal tails beyond t are at most
    1 - sqrt(1 - exp(-t^2 / 2)), as a square holds the circle in it, and exp(-x) at most (1 + x / k)^-k.

    Examples
    --------
    >>> low, high = ends_of_p(10, 30, 17, 26)
    >>> round(float(low), 3), round(float(high), 3)
    (0.006, 0.054)
    """
    r, s = max(r, a), max(s, c)
    n, margins, off = r + s, (r, s, a + c, r + s - a - c), abs(a * s - c * r)
    ways = [comb(r, k) * comb(s, a + c - k) for k in range(a + c + 1)]
    side, total = min(sum(ways[: a + 1]), sum(ways[a:])), sum(ways)
    far = sum(
        number
        for k, number in enumerate(ways)
        if number <= ways[a] * _ALIKE or abs(k * n - r * (a + c)) >= off
    )
    ratio = prod(k**k for k in (a, c, r - a, s - c, n)) * _SCALE // prod(k**k for k in margins)
    bits = (ratio**_POWER // _SCALE**_POWER).bit_length()
    scale, half = Fraction(n, prod(margins) or n**4), Fraction(n, 2)
    z_squared = max(max(Fraction(off), half - off) ** 2 * scale, bits * _MOST_BIT)
    t_squared = min(max(off - half, Fraction(0)) ** 2 * scale, (bits - 1) * _LEAST_BIT)
    circle = _ONE**2 - ceil(_ONE**2 / (1 + t_squared / (2 * _POWER)) ** _POWER)
    normal, _ = plain_tails(z_squared, Fraction(1), 1)
    both = 1 - Fraction(isqrt(circle), _ONE)
    return min((side - Fraction(ways[a], 2)) / total, normal), max(
        Fraction(max(far, 2 * side), total), both
    )
