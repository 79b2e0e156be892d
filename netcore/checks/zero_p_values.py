"""p-values that are printed as at most zero: ``< 0.000`` and ``≤ 0.000``."""

from __future__ import annotations

from dataclasses import replace

from netcore.printed import Printed

__all__ = ["is_below_zero", "read_zero"]


def is_below_zero(printed: Printed) -> bool:
    """Return whether a p-value is printed as less than, or at most, zero.

    Parameters
    ----------
    printed : Printed
        The p-value.

    Returns
    -------
    bool
        Whether it says ``< 0.000`` or ``≤ 0.000``, with any number of digits.
    """
    return printed.kind == "below" and printed.value == 0


def read_zero(printed: Printed) -> Printed:
    """Return a p-value of at most zero as the rounded zero that a program printed.

    Parameters
    ----------
    printed : Printed
        The p-value.

    Returns
    -------
    Printed
        The zero with as many digits, where it is printed as no more than that; else the same.

    Notes
    -----
    No p-value is less than 0, and software prints 0.0003 as ``0.000``.

    Examples
    --------
    >>> from netcore.printed import parse_printed
    >>> str(read_zero(parse_printed("<0.000")).window().high)
    '1/2000'
    """
    return replace(printed, kind="number") if is_below_zero(printed) else printed
