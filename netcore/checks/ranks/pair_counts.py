"""A rank test in words: in how many pairs the value of one group is the larger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from netcore.checks.json_windows import interval_of
from netcore.printed import Interval
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.mann_whitney import u_range_of_boxes
from netcore.stats.ranks.p_values import u_values_printing

__all__ = ["pairs_in_words", "plain_decimal"]

_EXACT: Final = FLAVOURS["exact"]


def plain_decimal(value: Fraction) -> str:
    """Write a p-value with three significant digits and no exponent.

    Parameters
    ----------
    value : Fraction
        A number from 0 to 1.

    Returns
    -------
    str
        A decimal.

    Examples
    --------
    >>> plain_decimal(Fraction(415, 10**7)), plain_decimal(Fraction(1)), plain_decimal(Fraction(0))
    ('0.0000415', '1', '0')
    """
    figures = f"{float(value):.3g}"
    if "e" not in figures:
        return figures
    mantissa, _, exponent = figures.partition("e")
    places = -int(exponent) + len(mantissa.partition(".")[2])
    return f"{float(figures):.{places}f}"


def pairs_in_words(question: Mapping[str, Any], groups: Sequence[str], p: Interval) -> str:
    """Say how many pairs the printed quantiles leave, and how many the p-value would need.

    Parameters
    ----------
    question : Mapping
        From :func:`netcore.checks.ranks.questions.mann_whitney_question`.
    groups : sequence of str
        The titles of both groups.
    p : Interval
        The p-values that print so.

    Returns
    -------
    str
        Two sentences, or one where some of the numbers of pairs give the p-value; empty where
        more than one pair of sizes can be meant, or no values have the quantiles.

    Notes
    -----
    The number of pairs is U, the statistic of the test; equal values count half.  Its range is
    that by whichever definition of quantiles.  What the p-value needs is that of the exact test
    without ties, which all others come close to: this explains a proof and is none.

    Examples
    --------
    >>> sample = {"quantiles": {"1/2": ["1", "2"]}, "domain": ["0", None]}
    >>> asked = {"x": sample, "y": sample, "full": [[3, 4]]}
    >>> pairs_in_words(asked, ["A", "B"], Interval(Fraction(0), Fraction(6, 100)))
    'Of the 3 × 4 = 12 pairs of a value of A and one of B, that of A is the larger in 0 to 12.'
    """
    full = question["full"]
    if len(full) != 1:
        return ""
    n1, n2 = full[0]
    boxes = [
        ordered_boxes(_sample(question[name], number), None)
        for name, number in (("x", n1), ("y", n2))
    ]
    x, y = boxes
    if isinstance(x, Conflict) or isinstance(y, Conflict):
        return ""
    ends = u_range_of_boxes(x, y)
    left = f"{float(ends.least):g} to {float(ends.greatest):g}"
    said = (
        f"Of the {n1} × {n2} = {n1 * n2} pairs of a value of {groups[0]} and one of {groups[1]}, "
        f"that of {groups[0]} is the larger in {left}"
    )
    needed = _needed(p, n1, n2, Interval(ends.least, ends.greatest))
    return f"{said}.{needed}" if not needed else f"{said}, by the printed quantiles.{needed}"


def _sample(asked: Mapping[str, Any], number: int) -> Sample:
    quantiles = {Fraction(share): interval_of(ends) for share, ends in asked["quantiles"].items()}
    return Sample.of(number, quantiles, interval_of(asked["domain"]))


def _needed(p: Interval, n1: int, n2: int, reached: Interval) -> str:
    """Say which numbers of pairs have a p-value as small, or as large; empty if some are reached."""
    half = Fraction(n1 * n2, 2)
    small = u_values_printing(Interval(Fraction(0), p.high), _EXACT, n1, n2)
    if small and not any(u in reached for u in small):
        lower = max(u for u in small if u <= half)
        upper = min(u for u in small if u >= half)
        return (
            f" With no difference at all it would be {float(half):g}; a p-value as small as "
            f"printed takes {lower} or fewer, or {upper} or more (exact test, no equal values)."
        )
    large = u_values_printing(Interval(p.low, Fraction(1)), _EXACT, n1, n2)
    if large and not any(u in reached for u in large):
        return (
            f" A p-value as large as printed takes {min(large)} to {max(large)} "
            "(exact test, no equal values)."
        )
    return ""
