"""What the sums of squares of a sample can be, by each reading of its spread.

A printed standard deviation may have the divisor n - 1 or n, and so may the one
within a standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from netcore.printed import Interval
from netcore.stats.moments.spread import squared

__all__ = ["SPREADS", "divisors", "squares_windows"]

SPREADS: Final[Mapping[str, str]] = MappingProxyType(
    {"sd": "standard deviation", "std.error": "standard error", "var": "variance"}
)
"""Statistics that say how many squares about the mean there are, in words."""


def divisors(number: int) -> tuple[int, ...]:
    """Return what the sum of squares may have been divided by.

    Parameters
    ----------
    number : int
        How many values there are, at least 1.

    Returns
    -------
    tuple of int
        The divisors n - 1 and n; of one value 1 only, since one value has no standard
        deviation with divisor 0.

    Examples
    --------
    >>> divisors(34), divisors(1)
    ((33, 34), (1,))
    """
    return (number - 1, number) if number > 1 else (1,)


def squares_windows(name: str, spread: Interval, number: int) -> tuple[Interval, ...]:
    """Return the sums of squares about the mean behind a printed spread.

    Parameters
    ----------
    name : str
        A key of :data:`SPREADS`.
    spread : Interval
        The numbers that print as it.
    number : int
        How many values there are, at least 1.

    Returns
    -------
    tuple of Interval
        One for each of :func:`divisors`, with ends closed.

    Raises
    ------
    ValueError
        If the name is no spread, or no number of the window is 0 or more.

    Examples
    --------
    >>> from fractions import Fraction
    >>> [str(window) for window in squares_windows("std.error", Interval.point(Fraction(2)), 5)]
    ['[80, 80]', '[100, 100]']
    """
    if name not in SPREADS:
        raise ValueError(f"found {name!r}, expected one of {', '.join(SPREADS)}")
    if name == "var":
        variance = spread
    else:
        variance = squared(spread)
        if name == "std.error":
            variance = _times(variance, number)
    return tuple(_times(variance, divisor) for divisor in divisors(number))


def _times(window: Interval, factor: int) -> Interval:
    return Interval(
        None if window.low is None else window.low * factor,
        None if window.high is None else window.high * factor,
    )
