"""What the number after a ± stands for: a standard deviation, an error, half an interval.

Papers print ``58.5 ± 12.5`` without saying what the second number is.  Each
reading makes another standard deviation of it, which depends on how many values
there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.tail_enclosures import two_sided_quantile

__all__ = [
    "NINETY_FIVE",
    "READINGS",
    "ReadingFit",
    "fitting_readings",
    "implied_variance",
    "squared",
    "squared_error_factor",
]

READINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sd": "the standard deviation (divisor n − 1)",
        "sd_n": "the standard deviation (divisor n)",
        "se": "the standard error of the mean",
        "se_n": "the standard error of the mean (divisor n)",
        "half_width_t": "half the confidence interval of the mean, by Student's distribution",
        "half_width_z": "half the confidence interval of the mean, by the normal distribution",
        "two_se": "two standard errors of the mean",
    }
)
"""What may follow a ±, with words for it."""

NINETY_FIVE: Final = Fraction(19, 20)
"""The usual level of a confidence interval."""


def squared(spread: Interval) -> Interval:
    """Return the squares of all numbers of an interval that are not negative.

    Parameters
    ----------
    spread : Interval
        A window of a standard deviation or of anything else that is not
        negative; what it has below 0 is left out.

    Returns
    -------
    Interval
        The squares.

    Raises
    ------
    ValueError
        If no number of the interval is 0 or more.

    Examples
    --------
    >>> str(squared(Interval(Fraction(-1, 20), Fraction(1, 20))))
    '[0, 0.0025]'
    """
    kept = spread.meet(Interval(Fraction(0), None))
    if kept.is_empty:
        raise ValueError(f"found {spread}, expected some number of at least 0")
    assert kept.low is not None
    high = None if kept.high is None else kept.high**2
    return Interval(kept.low**2, high, kept.low_closed, kept.high_closed)


def squared_error_factor(reading: str, number: int, level: Fraction = NINETY_FIVE) -> Enclosure:
    """Return what turns the square of a printed spread into that of the standard error.

    Parameters
    ----------
    reading : str
        A key of :data:`READINGS`.
    number : int
        How many values there are, at least 2.
    level : Fraction
        The level of the interval of which the spread may be half.

    Returns
    -------
    Enclosure
        Bounds on the factor, equal but for a confidence interval.

    Raises
    ------
    ValueError
        If the reading is unknown or there are fewer than two values.

    Notes
    -----
    The standard error is SD / sqrt(n) with divisor n - 1.  So the factor is
    1 / n for that SD, 1 / (n - 1) for the SD with divisor n, 1 for the error
    itself, n / (n - 1) for SD / sqrt(n) with divisor n, and 1 / q with the
    squared quantile q of half an interval.

    Examples
    --------
    >>> squared_error_factor("sd_n", 34).low
    Fraction(1, 33)
    >>> round(float(squared_error_factor("half_width_t", 34).low) ** -0.5, 4)
    2.0345
    """
    if reading not in READINGS:
        raise ValueError(f"found reading {reading!r}, expected one of {', '.join(READINGS)}")
    if number < 2:
        raise ValueError(f"found {number} values, expected at least 2, which have a spread")
    if reading.startswith("half_width"):
        df = number - 1 if reading == "half_width_t" else None
        low, high = two_sided_quantile(1 - level, df)
        return Enclosure(1 / high, 1 / low)
    factor = {
        "sd": Fraction(1, number),
        "sd_n": Fraction(1, number - 1),
        "se": Fraction(1),
        "se_n": Fraction(number, number - 1),
        "two_se": Fraction(1, 4),
    }[reading]
    return Enclosure(factor, factor)


def implied_variance(
    spread: Interval, reading: str, number: int, level: Fraction = NINETY_FIVE
) -> Interval:
    """Return the variances that a printed spread stands for under one reading.

    Parameters
    ----------
    spread : Interval
        The numbers that print as the spread.
    reading : str
        A key of :data:`READINGS`.
    number : int
        How many values there are, at least 2.
    level : Fraction
        The level of the interval of which the spread may be half.

    Returns
    -------
    Interval
        The squares of the standard deviation with divisor n - 1.  For half
        a confidence interval the ends are rounded outwards.

    Raises
    ------
    ValueError
        If the reading is unknown, there are fewer than two values or the
        spread is negative.

    Examples
    --------
    A standard error of 2.14 over 34 values is a standard deviation of 12.5:

    >>> window = implied_variance(Interval.point(Fraction(214, 100)), "se", 34)
    >>> round(float(window.low) ** 0.5, 2)
    12.48
    """
    window = squared(spread)
    factor = squared_error_factor(reading, number, level)
    assert window.low is not None
    return Interval(
        window.low * factor.low * number,
        None if window.high is None else window.high * factor.high * number,
        window.low_closed,
        window.high_closed,
    )


@dataclass(frozen=True, slots=True)
class ReadingFit:
    """The numbers of values with which one reading of a spread fits.

    Parameters
    ----------
    reading : str
        A key of :data:`READINGS`.
    numbers : tuple of int
        Those with which it fits; none if the reading does not fit at all.
    """

    reading: str
    numbers: tuple[int, ...]


def fitting_readings(
    spread: Interval,
    numbers: Iterable[int],
    admits: Callable[[int, Interval], bool],
    readings: Collection[str] = tuple(READINGS),
    level: Fraction = NINETY_FIVE,
) -> tuple[ReadingFit, ...]:
    """Say which readings of a printed spread other facts admit, and with how many values.

    Parameters
    ----------
    spread : Interval
        The numbers that print as the spread.
    numbers : iterable of int
        How many values there may be, each at least 2.
    admits : callable
        Whether some data of a number of values have a variance (divisor
        n - 1) in a window: by the bounds of :mod:`netcore.stats.moments.bounds`,
        or because multiples of a step have it.
    readings : collection of str
        Keys of :data:`READINGS`.
    level : Fraction
        The level of the interval of which the spread may be half.

    Returns
    -------
    tuple of ReadingFit
        One for each reading, in the order given.

    Raises
    ------
    ValueError
        If a reading is unknown, there are fewer than two values or the
        spread is negative.

    Examples
    --------
    Ages of 34 patients between 29 and 82 have a variance of at most 723.  So 58.5 ± 12.5
    can be a standard deviation, and not a standard error, which would be one of 73:

    >>> def admits(number: int, window: Interval) -> bool:
    ...     return window.low <= 723
    >>> fits = fitting_readings(Interval.point(Fraction(25, 2)), [34], admits, ("sd", "se"))
    >>> [(fit.reading, fit.numbers) for fit in fits]
    [('sd', (34,)), ('se', ())]
    """
    tried = tuple(numbers)
    return tuple(
        ReadingFit(
            reading,
            tuple(n for n in tried if admits(n, implied_variance(spread, reading, n, level))),
        )
        for reading in readings
    )
