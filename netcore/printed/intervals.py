"""Exact intervals of real numbers with open, closed or missing ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

__all__ = ["EVERYTHING", "Interval", "format_fraction"]


def format_fraction(value: Fraction) -> str:
    """Write a fraction exactly: as a decimal if it ends, else as ``p/q``.

    Parameters
    ----------
    value : Fraction
        Any rational number.

    Returns
    -------
    str
        The shortest exact decimal, or numerator and denominator.

    Examples
    --------
    >>> format_fraction(Fraction(149, 2)), format_fraction(Fraction(1, 3))
    ('74.5', '1/3')
    """
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    sign = "-" if value < 0 else ""
    if places == 0:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval with rational ends, each open or closed; None is infinite.

    Parameters
    ----------
    low, high : Fraction or None
        The ends; None stands for minus or plus infinity.
    low_closed, high_closed : bool
        Whether the end belongs to the interval.

    Examples
    --------
    >>> window = Interval(Fraction(69, 2), Fraction(71, 2))
    >>> Fraction(1200, 34) in window, str(window)
    (True, '[34.5, 35.5]')
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """Return the interval that holds one value only."""
        return cls(Fraction(value), Fraction(value))

    @property
    def is_empty(self) -> bool:
        """Whether no real number lies in the interval."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not (self.low_closed and self.high_closed)
        return self.low > self.high

    def __contains__(self, value: object) -> bool:
        """Return whether a rational number lies in the interval."""
        if not isinstance(value, Fraction | int):
            return False
        if self.low is not None and (
            value < self.low or (value == self.low and not self.low_closed)
        ):
            return False
        return self.high is None or not (
            value > self.high or (value == self.high and not self.high_closed)
        )

    def meet(self, other: Interval) -> Interval:
        """Return the numbers that both intervals hold (possibly none).

        Parameters
        ----------
        other : Interval
            The other interval.

        Returns
        -------
        Interval
            The higher of the low ends to the lower of the high ends; an
            end is closed only if it belongs to both.
        """
        low, low_closed = self.low, self.low_closed
        if other.low is not None and (low is None or other.low > low):
            low, low_closed = other.low, other.low_closed
        elif other.low is not None and other.low == low:
            low_closed = low_closed and other.low_closed
        high, high_closed = self.high, self.high_closed
        if other.high is not None and (high is None or other.high < high):
            high, high_closed = other.high, other.high_closed
        elif other.high is not None and other.high == high:
            high_closed = high_closed and other.high_closed
        return Interval(low, high, low_closed, high_closed)

    def meets(self, other: Interval) -> bool:
        """Return whether some real number lies in both intervals.

        Parameters
        ----------
        other : Interval
            The other interval.

        Returns
        -------
        bool
            False also where a closed end touches an open one.
        """
        return not self.meet(other).is_empty

    def integers(self) -> range:
        """Return the whole numbers in the interval.

        Returns
        -------
        range
            All integers of the interval, in order.

        Raises
        ------
        ValueError
            If an end is infinite.

        Examples
        --------
        >>> Interval(Fraction(2), Fraction(9, 2), low_closed=False).integers()
        range(3, 5)
        """
        if self.low is None or self.high is None:
            raise ValueError(f"{self} has no end, expected an interval with two ends")
        first, last = ceil(self.low), floor(self.high)
        if not self.low_closed and first == self.low:
            first += 1
        if not self.high_closed and last == self.high:
            last -= 1
        return range(first, max(first, last + 1))

    def __str__(self) -> str:
        """Write the interval with exact ends, ``[`` closed and ``(`` open."""
        low = (
            "(-inf"
            if self.low is None
            else ("[" if self.low_closed else "(") + format_fraction(self.low)
        )
        high = (
            "inf)"
            if self.high is None
            else format_fraction(self.high) + ("]" if self.high_closed else ")")
        )
        return f"{low}, {high}"


EVERYTHING = Interval(None, None)
"""All numbers: the window of a value that is not printed."""
