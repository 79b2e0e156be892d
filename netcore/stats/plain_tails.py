"""Plain bounds on tails of the normal and of Student's distribution.

They are looser than those of :mod:`netcore.stats.tail_enclosures`, and so short that a
stand-alone checker can replay them.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, isqrt
from typing import Final

__all__ = ["plain_tails"]

_POWER: Final = 1000
_ONE: Final = 10**20


def plain_tails(z_squared: Fraction, t_squared: Fraction, df: int) -> tuple[Fraction, Fraction]:
    """Bound a normal tail from below, and both tails of Student's distribution from above.

    Parameters
    ----------
    z_squared : Fraction
        The square of where the normal tail begins.
    t_squared : Fraction
        The square of where Student's tails begin.
    df : int
        Degrees of freedom, at least 1.

    Returns
    -------
    tuple of (Fraction, Fraction)
        At most P(Z > z), which is at most P(T > z) with any degrees of
        freedom; and at least P(|T| > t), with ``df`` or more of them.

    Notes
    -----
    P(Z > z) is at least half of 1 - sqrt(1 - exp(-2 z^2 / pi)) (Polya 1945), with pi above
    3.14 and exp(-x) at least (1 - x / k)^k.  Student's distribution has one mode and the variance
    df / (df - 2), so P(|T| > t) is at most 4/9 of that by t^2, if t^2 is 4/3 of it or
    more (Gauss 1823).

    References
    ----------
    Gauss CF (1823). Theoria combinationis observationum erroribus minimis
    obnoxiae, 10. Dieterich, Goettingen.
    Polya G (1945). Remarks on computing the probability integral in one and
    two dimensions. Proceedings of the Berkeley Symposium on Mathematical
    Statistics and Probability, 63-78.

    Examples
    --------
    >>> low, high = plain_tails(Fraction(4), Fraction(9), 20)
    >>> round(low, 3), round(high, 3)
    (Fraction(1, 50), Fraction(11, 200))
    """
    exponential = max(1 - z_squared / Fraction(314, 200) / _POWER, Fraction(0)) ** _POWER
    rest = _ONE**2 - floor(exponential * _ONE**2)
    normal = Fraction(_ONE - isqrt(rest) - 1, 2 * _ONE)
    if df < 3 or 3 * t_squared * (df - 2) < 4 * df:
        return normal, Fraction(1)
    return normal, Fraction(4 * df, 9 * (df - 2)) / t_squared
