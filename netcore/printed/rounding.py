"""Rounding conventions: the window of real numbers that print the same.

Nobody can see in a paper how its numbers were rounded.  ``nearest`` allows for
every way of rounding to the nearest printable number, ties included both ways,
because binary floating point breaks the textbook rules: R and Python print
7/20 as 0.3 and 23/20 as 1.1.  The other conventions are explicit choices.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from netcore.printed.intervals import Interval

__all__ = ["ROUNDINGS", "rounding_window"]

ROUNDINGS: Final[dict[str, str]] = {
    "nearest": "to the nearest printable number, a tie either way",
    "half_up": "to the nearest, a tie away from zero",
    "half_even": "to the nearest, a tie to the even digit",
    "truncate": "digits cut off, towards zero",
    "ceiling": "up to the next printable number",
    "any": "any of these",
}
"""The conventions that every check understands, with what each means."""


def rounding_window(value: Fraction, step: Fraction, rounding: str = "nearest") -> Interval:
    """Return the exact set of numbers that print as ``value``.

    Parameters
    ----------
    value : Fraction
        The printed value, a multiple of ``step``.
    step : Fraction
        Distance between neighbouring printable values: 1/100 for two
        decimals, 5 for a table rounded to the nearest 5.
    rounding : str
        A key of :data:`ROUNDINGS`.

    Returns
    -------
    Interval
        With h = step / 2: ``nearest`` [v - h, v + h]; ``half_up`` the same
        without the end further from zero (without both ends for v = 0);
        ``half_even`` with both ends if v / step is even, else with none;
        ``truncate`` [v, v + 2h) for v > 0, (v - 2h, v] for v < 0 and
        (-2h, 2h) for v = 0; ``ceiling`` (v - 2h, v]; ``any`` the closed hull
        [v - 2h, v + 2h], since a float that should be a whole step may fall
        just short of it before it is cut.

    Raises
    ------
    ValueError
        If the convention is unknown or the step is not positive.

    Notes
    -----
    Printing software does not follow the half-way rules exactly (see the
    module), so a proof that data cannot exist must rest on ``nearest``.

    Examples
    --------
    >>> str(rounding_window(Fraction(35), Fraction(1)))
    '[34.5, 35.5]'
    >>> str(rounding_window(Fraction(35), Fraction(1), "truncate"))
    '[35, 36)'
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f"found rounding {rounding!r}, expected one of {', '.join(ROUNDINGS)}")
    if step <= 0:
        raise ValueError(f"found step {step}, expected a positive number")
    half = step / 2
    if rounding == "nearest":
        return Interval(value - half, value + half)
    if rounding == "half_up":
        return Interval(value - half, value + half, low_closed=value > 0, high_closed=value < 0)
    if rounding == "half_even":
        even = (value / step) % 2 == 0
        return Interval(value - half, value + half, even, even)
    if rounding == "ceiling":
        return Interval(value - step, value, low_closed=False)
    if rounding == "truncate":
        low, high = (value if value > 0 else value - step), (value if value < 0 else value + step)
        return Interval(low, high, low_closed=value > 0, high_closed=value < 0)
    return Interval(value - step, value + step)
