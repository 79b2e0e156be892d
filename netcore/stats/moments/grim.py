"""Means of values with a known step: which totals and numbers can stand behind one.

The sum of n values that are multiples of a step is itself one, so few means are
possible where n is small (the GRIM test).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from netcore.printed import Interval, rounding_window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["denominators_behind_mean", "grim_rows", "split_decimals", "totals_behind_mean"]

_ONE: Final = Fraction(1)
_DECIMALS: Final = re.compile(r"(?:-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\n)*")
# Products below this fit into 64 bits with room for the estimate by floats to be off.
_SAFE: Final = 2.0**61
_MOST_DECIMALS: Final = 18  # 10^18 fits into 64 bits, 10^19 does not


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
    # In integers, because reducing fractions would take most of the time.
    times, by = number * step.denominator, step.numerator
    low, high = window.low.numerator * times, window.high.numerator * times
    below, above = window.low.denominator * by, window.high.denominator * by
    first = -(-low // below) if window.low_closed else low // below + 1
    last = high // above if window.high_closed else -(-high // above) - 1
    return range(first, max(first, last + 1))


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


def split_decimals(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """Split printed decimals into their digits and their numbers of decimals.

    Parameters
    ----------
    texts : sequence of str
        Decimals as printed, such as ``58.50``, ``-3`` or ``.05``.

    Returns
    -------
    tuple of two lists of int
        The numbers without their points, and how many digits stand behind the point.

    Raises
    ------
    ValueError
        If a text is no plain decimal.

    Examples
    --------
    >>> split_decimals(["58.50", "-3", ".05"])
    ([5850, -3, 5], [2, 0, 2])
    """
    joined = "".join(f"{text}\n" for text in texts)
    if _DECIMALS.fullmatch(joined) is None or joined.count("\n") != len(texts):
        bad = next(text for text in texts if not _DECIMALS.fullmatch(f"{text}\n") or "\n" in text)
        raise ValueError(f"found {bad!r}, expected a plain decimal such as 58.50")
    digits = list(map(int, joined.replace(".", "").split()))
    return digits, [len(text.partition(".")[2]) for text in texts]


def grim_rows(
    digits: ArrayLike,
    decimals: ArrayLike,
    numbers: ArrayLike,
    step: Fraction = _ONE,
    rounding: str = "nearest",
) -> NDArray[np.bool_]:
    """Say of each of many printed means whether some total of its number gives it.

    Parameters
    ----------
    digits : array_like of int
        The printed means without their decimal points: 5855 for 58.55.
    decimals : array_like of int
        How many digits stand behind the point, at least 0.
    numbers : array_like of int
        How many values each is the mean of, at least 1.
    step : Fraction
        Every value is a multiple of it.
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.

    Returns
    -------
    numpy.ndarray of bool
        As :func:`totals_behind_mean` says for each row; the arguments are broadcast.

    Raises
    ------
    ValueError
        If an argument is no integer, a number is less than 1, there are fewer than 0
        decimals or the step is not positive.

    Notes
    -----
    All arithmetic is in integers of 64 bits, or of any size where those could overflow.

    Examples
    --------
    >>> digits, decimals = split_decimals(["7.22", "4.74", "5.00"])
    >>> grim_rows(digits, decimals, [32, 25, 25]).tolist()
    [True, False, True]
    """
    import numpy as np

    if step <= 0:
        raise ValueError(f"found step {step}, expected a positive number")
    rows, places, sizes = np.broadcast_arrays(
        _integers(digits, "digits"), _integers(decimals, "decimals"), _integers(numbers, "numbers")
    )
    if rows.size and (sizes.min() < 1 or places.min() < 0):
        raise ValueError(
            f"found number {sizes.min()} and {places.min()} decimals, expected at least 1 and 0"
        )
    # In units of half a printable step around the mean; the ends depend on sign and parity only.
    windows = [rounding_window(Fraction(k), _ONE, rounding) for k in range(-2, 3)]
    kind = np.sign(rows) * (2 - rows % 2) + 2
    found = np.zeros(rows.shape, dtype=bool)
    times = sizes.astype(float) * float(step.denominator)
    small = (2 * np.abs(rows.astype(float)) + 2) * times < _SAFE
    small &= places <= _MOST_DECIMALS
    small &= 2 * 10.0 ** np.minimum(places, _MOST_DECIMALS).astype(float) * step.numerator < _SAFE
    for index, window in enumerate(windows):
        assert window.low is not None
        assert window.high is not None
        chosen = np.nonzero(small & (kind == index))
        if not chosen[0].size:
            continue
        middle = 2 * rows[chosen].astype(np.int64)
        factor = sizes[chosen].astype(np.int64) * step.denominator
        below = 2 * 10 ** places[chosen].astype(np.int64) * step.numerator
        low = (middle + int(2 * (window.low - index + 2))) * factor
        high = (middle + int(2 * (window.high - index + 2))) * factor
        first = -(-low // below) if window.low_closed else low // below + 1
        last = high // below if window.high_closed else -(-high // below) - 1
        found[chosen] = first <= last
    for place in zip(*np.nonzero(~small), strict=True):
        unit = Fraction(1, 10 ** int(places[place]))
        window = rounding_window(int(rows[place]) * unit, unit, rounding)
        found[place] = bool(totals_behind_mean(window, int(sizes[place]), step))
    return found


def _integers(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array of integers, of any size where 64 bits are too few."""
    import numpy as np

    array = np.asarray(values)
    if array.size == 0 or array.dtype.kind == "i":
        return array.astype(np.int64)
    # NumPy makes floats of a list in which one number needs the 64th bit.
    exact = np.asarray(values, dtype=object)
    if not all(isinstance(value, int) for value in exact.flat):
        raise ValueError(f"found {name} of type {array.dtype}, expected integers")
    return exact
