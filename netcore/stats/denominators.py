"""Denominators that several percentages have in common, and how much one explains anyway."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from netcore.printed import Interval, rounding_window
from netcore.stats.counts import counts_behind

__all__ = ["common_denominators", "printable_percentages"]

_HUNDRED = Interval(Fraction(0), Fraction(100))


def common_denominators(windows: Sequence[Interval], largest: int) -> tuple[int, ...]:
    """Return every denominator of which each of some percentages can be one.

    Parameters
    ----------
    windows : sequence of Interval
        For each percentage all values that print so, in per cent.
    largest : int
        The largest denominator to consider.

    Returns
    -------
    tuple of int
        All D from 1 to ``largest`` with a whole number n in each window, as
        100 n / D.

    Examples
    --------
    10 %, 35 % and 45 % are 2, 7 and 9 of 20 (and 3, 11 and 14 of 31, rounded):

    >>> windows = [rounding_window(Fraction(v), Fraction(1)) for v in (10, 35, 45)]
    >>> common_denominators(windows, 34)
    (20, 31)
    """
    return tuple(
        number
        for number in range(1, largest + 1)
        if all(counts_behind(window, number) for window in windows)
    )


def printable_percentages(
    number: int, step: Fraction, rounding: str = "nearest", spacing: Fraction | None = None
) -> tuple[int, int]:
    """Return how many percentages a denominator can print, of how many there are.

    Parameters
    ----------
    number : int
        The denominator, at least 1.
    step : Fraction
        Distance between neighbouring printable percentages (1 for whole ones).
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.
    spacing : Fraction, optional
        Of which the percentages are multiples; ``step`` by default.

    Returns
    -------
    tuple of (int, int)
        How many multiples of ``spacing`` from 0 to 100 some whole number out
        of ``number`` prints as, and how many multiples there are.  Their
        ratio is the chance that a percentage at random fits the denominator.

    Examples
    --------
    Of 20 units come 21 of the 101 whole percentages, but all multiples of 5.

    >>> printable_percentages(20, Fraction(1))
    (21, 101)
    >>> printable_percentages(20, Fraction(1), spacing=Fraction(5))
    (21, 21)
    """
    apart = step if spacing is None else spacing
    values = [index * apart for index in range(int(100 / apart) + 1)]
    printable = sum(
        bool(counts_behind(rounding_window(value, step, rounding).meet(_HUNDRED), number))
        for value in values
    )
    return printable, len(values)
