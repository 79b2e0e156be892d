"""Why no values have printed summaries, by bounds that a short checker can replay.

They are looser than those of :mod:`netcore.stats.moments.centred_bounds`, and need no number
but what is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.ranks.plain_bound import BEYOND, value_boxes

__all__ = ["are_refused"]

_MOST_TOTALS: Final = 1000
_Ends = tuple[Fraction, Fraction]
_Boxes = Mapping[_Ends, int]  # with how many values are in each


def are_refused(
    printed: Mapping[str, Interval],
    number: int,
    step: Fraction | None = None,
    domain: Interval | None = None,
) -> bool:
    """Return whether bounds show that no values have some summaries.

    Parameters
    ----------
    printed : Mapping of str to Interval
        Windows by statistic: quantiles, ``mean``, ``sd``, ``std.error``,
        ``var``; others are left out of account.
    number : int
        How many values, at least 1.
    step : Fraction, optional
        What every value is a multiple of.
    domain : Interval, optional
        Where all values lie.

    Returns
    -------
    bool
        Whether quantiles are out of order, the mean cannot lie between them,
        the squares about the mean cannot be as many, divided by n - 1 or by
        n, or no whole number of steps has such a mean and such squares.

    Notes
    -----
    Of n values with mean m, the squares about m are the squares about any c less n (m - c)^2.
    Each value lies in a box, which bounds its square about c from both sides, and so does the
    window of the mean for (m - c)^2.  The ends of boxes and of the mean, and the middles of boxes,
    are tried as c.

    In steps, the total T and the squares Q of all values are whole numbers, both odd or both even,
    and the squares about the mean are Q - T^2 / n.  Up to a thousand totals are tried.

    References
    ----------
    Anaya J (2016). The GRIMMER test. PeerJ Preprints 4:e2400v1.
    doi:10.7287/peerj.preprints.2400v1

    Examples
    --------
    No values from 29 to 82 have mean 58.5 and standard deviation 40.

    >>> printed = {"min": Interval.point(Fraction(29)), "max": Interval.point(Fraction(82))}
    >>> printed |= {"mean": Interval.point(Fraction("58.5")), "sd": Interval.point(Fraction(40))}
    >>> are_refused(printed, 34)
    True
    """
    quantiles = {QUANTILES[name]: window for name, window in printed.items() if name in QUANTILES}
    whole = _ends(domain or Interval(None, None), (-BEYOND, BEYOND))
    boxes = value_boxes(quantiles, number, whole)
    if step is not None:
        boxes = tuple((ceil(low / step) * step, floor(high / step) * step) for low, high in boxes)
    if any(low > high for low, high in boxes):
        return True
    low, high = _ends(printed["mean"], (-BEYOND, BEYOND)) if "mean" in printed else whole
    sums = [sum(ends, Fraction(0)) for ends in zip(*boxes, strict=True)]
    mean = max(low, sums[0] / number), min(high, sums[1] / number)
    if mean[0] > mean[1]:
        return True
    least, greatest = _squares(Counter(boxes), mean, number)
    windows = [*_windows(printed, number)] or [(Fraction(0), BEYOND**3)]
    spans = [(max(least, window[0]), min(greatest, window[1])) for window in windows]
    if step is not None and number * (mean[1] - mean[0]) <= _MOST_TOTALS * step:
        return not any(
            _are_whole(span, total, number, step)
            for total in range(ceil(number * mean[0] / step), floor(number * mean[1] / step) + 1)
            for span in spans
        )
    return all(low > high for low, high in spans)


def _are_whole(span: _Ends, total: int, number: int, step: Fraction) -> bool:
    """Return whether some sum of squares, in steps, is whole and as odd or even as the total."""
    low, high = (end / step**2 + Fraction(total**2, number) - total for end in span)
    return ceil(low / 2) <= floor(high / 2)


def _ends(window: Interval, limits: _Ends) -> _Ends:
    low, high = window.low, window.high
    return limits[0] if low is None else low, limits[1] if high is None else high


def _squares(boxes: _Boxes, mean: _Ends, number: int) -> _Ends:
    """Bound the squares about the mean; of one value there are none."""
    least, greatest = Fraction(0), BEYOND**3 if number > 1 else Fraction(0)
    centres = {*mean, *(end for box in boxes for end in box)}
    for centre in centres | {(low + high) / 2 for low, high in boxes}:
        near, far = Fraction(0), Fraction(0)
        for (low, high), count in boxes.items():
            near += count * max(low - centre, centre - high, Fraction(0)) ** 2
            far += count * max(centre - low, high - centre) ** 2
        least = max(least, near - number * max(centre - mean[0], mean[1] - centre) ** 2)
        greatest = min(
            greatest, far - number * max(mean[0] - centre, centre - mean[1], Fraction(0)) ** 2
        )
    return least, greatest


def _windows(printed: Mapping[str, Interval], number: int) -> Iterator[Sequence[Fraction]]:
    """Yield what the squares about the mean are by a printed spread, with each divisor."""
    for name, power, times in (("sd", 2, 1), ("std.error", 2, number), ("var", 1, 1)):
        if name in printed:
            ends = [
                max(end, Fraction(0)) ** power * times
                for end in _ends(printed[name], (-BEYOND, BEYOND))
            ]
            for divisor in {max(number - 1, 1), number}:
                yield [end * divisor for end in ends]
            return
