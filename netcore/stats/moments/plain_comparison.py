"""Plain bounds on p of two means, which a short checker can replay.

They are looser than those of :mod:`netcore.stats.mean_tests`, but hold for every test at
once, and are enough where a printed p-value is far out of reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from netcore.stats.plain_tails import plain_tails
from netcore.stats.ranks.plain_bound import BEYOND, Box

__all__ = ["Group", "ends_of_p"]


@dataclass(frozen=True, slots=True)
class Group:
    """What is printed of the values of one group.

    Parameters
    ----------
    number : int
        How many values, at least 2.
    mean, variance : tuple of (Fraction, Fraction)
        Ends of the mean, and of the square of a standard deviation with the
        divisor n or n - 1.
    """

    number: int
    mean: Box
    variance: Box


def ends_of_p(one: Group, other: Group) -> tuple[Fraction, Fraction]:
    """Bound the p-values of a comparison of two means.

    Parameters
    ----------
    one, other : Group
        What is printed of the groups.

    Returns
    -------
    tuple of (Fraction, Fraction)
        The least p of one side or both, and the greatest of both sides or of
        the nearer one; that of the other side is at least 1 less the
        greatest.  By Student's or the normal distribution, with one variance,
        two or that of the differences of pairs, whatever is divided by n and by
        n - 1.

    Notes
    -----
    A variance of the test is at least (n - 1) / n and at most n / (n - 1) of a printed
    one; that of one for both groups lies between the two.  The variance of differences of
    pairs is at most twice the sum of both, so four times the greater, and may be none.
    Degrees of freedom, Welch's too, are at least those of the smaller group.

    References
    ----------
    Welch BL (1947). The generalization of "Student's" problem when several
    different population variances are involved. Biometrika 34:28-35.
    doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    Means 10 and 12 with standard deviations 3 and 4.

    >>> nine, sixteen = (Fraction(9),) * 2, (Fraction(16),) * 2
    >>> one = Group(20, (Fraction(10),) * 2, nine)
    >>> low, high = ends_of_p(one, Group(23, (Fraction(12),) * 2, sixteen))
    >>> bool(low < Fraction(7, 100) < high < Fraction(1, 4))
    True
    """
    n, m, (a, b), (c, d) = one.number, other.number, one.mean, other.mean
    lows = (Fraction(k - 1, k) * group.variance[0] for k, group in ((n, one), (m, other)))
    highs = (Fraction(k, k - 1) * group.variance[1] for k, group in ((n, one), (m, other)))
    low = Fraction(0) if n == m else min(lows)
    high = max(highs) * (2 if n == m else 1)
    far, near = max(b - c, d - a) ** 2, max(a - d, c - b, Fraction(0)) ** 2
    each = Fraction(n * m, n + m)
    z_squared = far * each / low if low else BEYOND
    t_squared = near * each / high if high else Fraction(0)
    return plain_tails(z_squared, t_squared, min(n, m) - 1)
