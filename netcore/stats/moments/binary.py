"""Means and standard deviations of values that are 0 or 1 (DEBIT)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from netcore.printed import Interval
from netcore.stats.moments.grim import totals_behind_mean
from netcore.stats.moments.grimmer import squares_behind_sd

__all__ = ["BinaryCount", "debit"]


@dataclass(frozen=True, slots=True)
class BinaryCount:
    """How many of some values are 1.

    Parameters
    ----------
    number : int
        How many values there are.
    ones : int
        How many of them are 1; the others are 0.
    ddof : int
        What the sum of squared deviations was divided by: ``number - ddof``.
    """

    number: int
    ones: int
    ddof: int


def debit(
    mean: Interval, sd: Interval, numbers: int | range, ddofs: Sequence[int] = (1, 0)
) -> tuple[BinaryCount, ...]:
    """Return all counts that give a printed mean and a printed standard deviation of 0s and 1s.

    Parameters
    ----------
    mean, sd : Interval
        The values that print as printed, as proportions and not in per cent.
    numbers : int or range
        How many values there are, or may be; at least 1.
    ddofs : sequence of int
        The divisors ``number - ddof`` that may have been used; both 1 and 0 unless the
        paper says which.

    Returns
    -------
    tuple of BinaryCount
        All of them; none if no 0s and 1s have this mean and this standard deviation.

    Raises
    ------
    ValueError
        If a number is less than 1 or there is none, no divisor is given, or a window has no
        two ends or, for the standard deviation, nothing from 0 up.

    Notes
    -----
    The squares of 0 and 1 are 0 and 1, so the sum of squares of k ones is k, and the
    standard deviation is the root of k (n - k) / (n (n - ddof)).  Both windows are asked for the
    same k; a formula for the standard deviation of the rounded mean would ask for less.

    References
    ----------
    Heathers JAJ, Brown NJL (2019). DEBIT: a simple consistency test for binary data.
    https://osf.io/5vb3u/

    Examples
    --------
    Seven of 200, whose mean 0.035 is as near to 0.03 as to 0.04; and what nothing of 20 gives:

    >>> from netcore.printed import parse_printed
    >>> def counts(mean, sd, number):
    ...     return debit(parse_printed(mean).window(), parse_printed(sd).window(), number, (1,))
    >>> counts("0.03", "0.18", 200), counts("0.36", "0.11", 20)
    ((BinaryCount(number=200, ones=7, ddof=1),), ())
    """
    tried = range(numbers, numbers + 1) if isinstance(numbers, int) else numbers
    if not tried or min(tried) < 1 or not ddofs or min(ddofs) < 0:
        raise ValueError(
            f"found numbers {numbers} and ddofs {tuple(ddofs)}, "
            "expected at least 1 and at least one divisor"
        )
    share = mean.meet(Interval(Fraction(0), Fraction(1)))
    return tuple(
        BinaryCount(number, ones, ddof)
        for number in tried
        for ones in totals_behind_mean(share, number)
        for ddof in ddofs
        if ddof < number and ones in squares_behind_sd(sd, number, ones, ddof=ddof)
    )
