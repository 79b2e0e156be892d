"""How many squares about the mean a range or an interquartile range leaves, as one number."""

from __future__ import annotations

from fractions import Fraction

from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.spread import squared
from netcore.stats.quantiles.definitions import loosest_indices

__all__ = ["squares_by_distances"]

_QUARTER = Fraction(1, 4)


def squares_by_distances(
    number: int, spans: Interval, quartiles: Interval = EVERYTHING
) -> Interval:
    """Return the sums of squares about the mean that distances between values leave.

    Parameters
    ----------
    number : int
        How many values there are, at least 2.
    spans : Interval
        The numbers that print as the range, greatest less least value; everything
        if it is not printed.
    quartiles : Interval
        The numbers that print as the interquartile range; everything if it is not printed.

    Returns
    -------
    Interval
        Sound by every definition of a quartile; exact for a range alone.

    Raises
    ------
    ValueError
        If there are fewer than two values, or a distance is negative.

    Notes
    -----
    With a range R the squares are at least R² / 2, with all other values in the middle,
    and at most R² a b / n, with a = floor(n / 2) values at one end and b = n - a at the other.

    By any definition the quartiles lie between x_(i) and x_(k), with i of the lower and k of
    the upper one.  So i values and n - k + 1 others are at least as far apart as the quartiles,
    d, and their squares are at least d² i (n - k + 1) / (i + n - k + 1).

    Examples
    --------
    >>> found = squares_by_distances(10, Interval.point(Fraction(6)))
    >>> str(found)
    '[18, 90]'
    >>> found = squares_by_distances(20, EVERYTHING, Interval.point(Fraction(10)))
    >>> found.low, found.high
    (Fraction(250, 1), None)
    """
    if number < 2:
        raise ValueError(f"found {number} values, expected at least 2, which are apart")
    span, distance = squared(spans), squared(quartiles)
    assert span.low is not None
    assert distance.low is not None
    below, _ = loosest_indices(_QUARTER, number)
    _, above = loosest_indices(1 - _QUARTER, number)
    ends = Fraction(below * (number - above + 1), below + number - above + 1)
    half = number // 2
    return Interval(
        max(span.low / 2, distance.low * ends),
        None if span.high is None else span.high * half * (number - half) / number,
    )
