"""Means of values with a known step: which totals and numbers can stand behind one.

The sum of n values that are multiples of a step is itself one, so few means are
possible where n is small (the GRIM test).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from netcore.printed import Interval

__all__ = ["denominators_behind_mean", "totals_behind_mean"]

_ONE: Final = Fraction(1)


def totals_behind_mean(window: Interval, number: int, step: Fraction = _ONE) -> range:
    """Return every total, in steps, whose mean over a number of values lies in a window.

    Parameters
    ----------
    window : Interval
        The means that print as printed, with two ends.
    number : int
        How many values there are, at least 1.
    step : Fraction
        Every value is a multiple of it.

    Returns
    -------
    range
        All whole t with t * step / number in the window; empty if no values
        have such a mean.

    Raises
    ------
    ValueError
        If the number is less than 1, the step is not positive or the window
        has an infinite end.

    Notes
    -----
    GRIM, the granularity-related inconsistency of means: with total
    S = t step, the mean is S / n, so t lies in n [low, high] / step.

    References
    ----------
    Brown NJL, Heathers JAJ (2017). The GRIM test. Social Psychological and
    Personality Science 8(4):363-369. doi:10.1177/1948550616673876

    Examples
    --------
    Ages in whole years with the mean 58.55: no total of 34 gives it, 1171 years of 20 do.

    >>> window = Interval(Fraction(58545, 1000), Fraction(58555, 1000))
    >>> list(totals_behind_mean(window, 34)), list(totals_behind_mean(window, 20))
    ([], [1171])
    """
    if number < 1 or step <= 0:
        raise ValueError(
            f"found number {number} and step {step}, expected at least 1 and a positive step"
        )
    if window.is_empty:
        return range(0)
    if window.low is None or window.high is None:
        raise ValueError(f"{window} has no end, expected an interval with two ends")
    factor = number / step
    return Interval(
        window.low * factor, window.high * factor, window.low_closed, window.high_closed
    ).integers()


def denominators_behind_mean(
    window: Interval, largest: int, step: Fraction = _ONE
) -> tuple[int, ...]:
    """Return every number of values that can have a mean in a window.

    Parameters
    ----------
    window : Interval
        The means that print as printed, with two ends.
    largest : int
        The largest number to consider.
    step : Fraction
        Every value is a multiple of it.

    Returns
    -------
    tuple of int
        All n from 1 to ``largest`` with a total whose mean lies in the window.

    Raises
    ------
    ValueError
        If the step is not positive or the window has an infinite end.

    Examples
    --------
    >>> window = Interval(Fraction(58545, 1000), Fraction(58555, 1000))
    >>> denominators_behind_mean(window, 34)
    (11, 20, 22, 29, 31, 33)
    """
    return tuple(
        number for number in range(1, largest + 1) if totals_behind_mean(window, number, step)
    )
