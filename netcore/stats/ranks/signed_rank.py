"""Wilcoxon's signed-rank test: p-values, and what quartiles say of its statistic.

W is the sum of the ranks of the positive differences, by size.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.ranks.corners import End, bottoms, compare, tops
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.null_distributions import signed_rank_counts, tied_signed_rank_counts
from netcore.stats.ranks.p_values import approximate_p, p_in_distribution, p_of_z_squared, tie_term

__all__ = [
    "SIGNED_RANK_FLAVOURS",
    "WRange",
    "least_p_of_signs",
    "most_positive",
    "signed_rank_p",
    "signed_rank_p_range",
    "variance_of_w",
    "w_range_of_differences",
    "w_range_of_pairs",
]

SIGNED_RANK_FLAVOURS: Final[tuple[Flavour, ...]] = tuple(
    flavour
    for flavour in FLAVOURS.values()
    # The distribution is symmetric, so that a distance is a doubled side.
    if flavour.distribution != "t" and flavour.rule != "distance"
)
"""The flavours that the signed-rank test has; those of the rank sum test but two kinds."""


class WRange(NamedTuple):
    """Bounds of W.

    Parameters
    ----------
    least, greatest : int
        Bounds if no two differences have the same size and none is zero.
    least_tied, greatest_tied : Fraction
        Bounds if differences may be tied or zero: pairs of differences, each
        with itself too, that have a positive sum, and half of those that add
        up to zero.  Without zeros this is W by midranks.
    """

    least: int
    greatest: int
    least_tied: Fraction
    greatest_tied: Fraction


def variance_of_w(number: int, ties: int = 0, zeros: int = 0) -> Fraction:
    """Return the variance of W over all signs.

    Parameters
    ----------
    number : int
        How many differences are ranked, those of zero among them (Pratt).
    ties : int
        The tie term T of those that are not zero, the sum of t^3 - t; 0 where it is left out.
    zeros : int
        How many of them are zero and have no sign.

    Returns
    -------
    Fraction
        (n (n + 1)(2 n + 1) - z (z + 1)(2 z + 1)) / 24 - T / 48.

    Raises
    ------
    ValueError
        If no difference is left or a number is negative.

    Notes
    -----
    It is a quarter of the sum of squared midranks.

    Examples
    --------
    >>> variance_of_w(8)
    Fraction(51, 1)
    """
    if not 0 <= zeros < number or ties < 0:
        raise ValueError(f"found {number} differences with {zeros} of zero, expected one more")
    squares = [k * (k + 1) * (2 * k + 1) for k in (number, zeros)]
    return Fraction(squares[0] - squares[1], 24) - Fraction(ties, 48)


def signed_rank_p(
    flavour: Flavour, w: Fraction | int, groups: tuple[int, ...], zeros: int = 0
) -> Enclosure:
    """Return the p-value of a signed-rank statistic in one flavour.

    Parameters
    ----------
    flavour : Flavour
        One of :data:`SIGNED_RANK_FLAVOURS`; ``greater`` is the side on which
        positive differences are many and large.
    w : Fraction or int
        Sum of the midranks of the positive differences.
    groups : tuple of int
        How many differences have the least size that is not zero, the next
        one, and so on.
    zeros : int
        How many differences of zero are ranked below them (Pratt); 0 if they
        are left out before ranking, as Wilcoxon did and most software does.

    Returns
    -------
    Enclosure
        Bounds on the p-value; equal for exact distributions.

    Raises
    ------
    ValueError
        If W cannot belong to such groups, or the flavour needs data without ties.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> signed_rank_p(FLAVOURS["exact"], 2, (1,) * 6).low
    Fraction(3, 32)
    """
    if flavour not in SIGNED_RANK_FLAVOURS:
        raise ValueError(f"found {flavour.title}, expected a flavour of the signed-rank test")
    w, ties, number = Fraction(w), tie_term(groups), sum(groups) + zeros
    variance = variance_of_w(number, ties if flavour.adjusted else 0, zeros)
    total = Fraction(number * (number + 1) - zeros * (zeros + 1), 2)
    if not 0 <= w <= total or (2 * w).denominator != 1:
        raise ValueError(f"found W {w} of {number} differences, expected 0 to {total} in halves")
    if (ties and flavour.needs_no_ties) or (zeros and flavour.distribution == "exact"):
        raise ValueError(
            f"found ties {groups} and {zeros} zeros, expected none for {flavour.title}"
        )
    if not ties and w.denominator != 1:
        raise ValueError(f"found W {w} without ties, expected a whole number")
    if flavour.distribution == "normal":
        return approximate_p(flavour, w - total / 2, variance, number)
    if flavour.distribution == "conditional":
        return p_in_distribution(flavour, tied_signed_rank_counts(groups, zeros), 2 * w)
    return p_in_distribution(flavour, signed_rank_counts(number), w)


def signed_rank_p_range(flavour: Flavour, number: int, least: int, greatest: int) -> Enclosure:
    """Return bounds on the p-values of all W of a range, of differences without ties.

    Parameters
    ----------
    flavour : Flavour
        One of :data:`SIGNED_RANK_FLAVOURS`.
    number : int
        How many differences there are, none of them zero.
    least, greatest : int
        Ends of the range.

    Returns
    -------
    Enclosure
        The smallest and the largest p-value.

    Raises
    ------
    ValueError
        If the range is empty.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> [str(p) for p in signed_rank_p_range(FLAVOURS["exact"], 6, 0, 2)]
    ['1/32', '3/32']
    """
    if least > greatest:
        raise ValueError(f"found W from {least} to {greatest}, expected them in order")
    ends = {least, greatest}
    if flavour.alternative == "two-sided":
        middle = Fraction(number * (number + 1), 4)
        ends |= {min(max(at, least), greatest) for at in (floor(middle), ceil(middle))}
    found = [signed_rank_p(flavour, at, (1,) * number) for at in ends]
    return Enclosure(min(p.low for p in found), max(p.high for p in found))


def most_positive(
    before: Sequence[Interval], after: Sequence[Interval], *, or_zero: bool = False
) -> int:
    """Return how many differences can be positive at most, whoever belongs to whom.

    Parameters
    ----------
    before, after : sequence of Interval
        Where the least value lies, the next one, and so on; equally many.
    or_zero : bool
        Whether differences of zero count too.

    Returns
    -------
    int
        The most pairs with after > before, over all data in the boxes and all
        ways to pair them.

    Raises
    ------
    ValueError
        If the numbers differ or no data lie in the boxes.

    Notes
    -----
    With the tops t of what is after and the bottoms b of what is before, it is
    the largest m with

        t_(n-m+i) > b_(i) for i = 1 .. m.

    If m pairs are positive, the i-th of their values after is at least the i-th
    of those before (each of the first i before has a partner above it), is at
    most t_(n-m+i), and the other is at least b_(i).  Conversely all values can
    be at or near their tops and bottoms together, and these m pairs are
    positive.  What holds for m holds for m - 1, so pairing each top in
    ascending order with the first bottom that is left finds m.  With zeros, ≥ stands for >.

    Examples
    --------
    >>> low, high = Interval(Fraction(0), Fraction(2)), Interval(Fraction(3), Fraction(5))
    >>> most_positive([low, high, high], [low, low, high])
    2
    """
    if len(before) != len(after):
        raise ValueError(f"found {len(before)} and {len(after)} values, expected pairs")
    lows = bottoms(before)
    found = 0
    for top in tops(after):
        found += compare(top, lows[found]) > (-1 if or_zero else 0)
    return found


def w_range_of_pairs(before: Sequence[Interval], after: Sequence[Interval]) -> tuple[int, int]:
    """Bound W by the quartiles before and after, whoever belongs to whom.

    Parameters
    ----------
    before, after : sequence of Interval
        Where the least value lies, the next one, and so on; equally many.

    Returns
    -------
    tuple of int
        Bounds of W of the differences after less before, if no two have the
        same size and none is zero.  They may be wider than what is attained.

    Raises
    ------
    ValueError
        If the numbers differ or no data lie in the boxes, or if some
        difference has to be zero.

    Notes
    -----
    With at most m positive differences at least q = n - m are negative, and
    their ranks add up to q (q + 1) / 2 or more.

    Examples
    --------
    >>> low, high = Interval(Fraction(0), Fraction(2)), Interval(Fraction(3), Fraction(5))
    >>> w_range_of_pairs([low, high, high], [low, low, high])
    (0, 5)
    """
    number = len(before)
    fewest = [number - most_positive(*pair) for pair in ((after, before), (before, after))]
    if sum(fewest) > number:
        raise ValueError("found a difference that has to be zero, expected none")
    positive, negative = (size * (size + 1) // 2 for size in fewest)
    return positive, number * (number + 1) // 2 - negative


def least_p_of_signs(flavour: Flavour, positive: int, negative: int) -> Fraction:
    """Bound the p-value from below by the numbers of signs, with any zeros and ties.

    Parameters
    ----------
    flavour : Flavour
        One of :data:`SIGNED_RANK_FLAVOURS`.
    positive, negative : int
        How many differences can be positive and how many can be negative, at most.

    Returns
    -------
    Fraction
        No p-value is smaller, whatever the differences, also with Pratt's zeros.

    Raises
    ------
    ValueError
        If a number is negative, or the flavour is not one of the test.

    Notes
    -----
    Exact tests: with p positive differences, every choice of signs in which
    none of the others than the q negative ones is negative has at most the W
    of the negative ones, so that a side has at least 2^q of 2^(p + q) choices,
    a share of 2^-p (half of it for mid-p).  Software that leaves ties out of
    account has the W of distinct ranks, and the negative ranks still add up to
    q (q + 1) / 2 or more.

    Approximations: with ranks r, z = (sum of positive r - sum of negative r) /
    sqrt(sum of r^2), and z^2 <= p by Cauchy and Schwarz; ties and a correction
    change neither.  Where the variance leaves ties out of account it is the
    larger, and z smaller.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> str(least_p_of_signs(FLAVOURS["exact"], 6, 3))
    '1/32'
    """
    if flavour not in SIGNED_RANK_FLAVOURS:
        raise ValueError(f"found {flavour.title}, expected a flavour of the signed-rank test")
    if positive < 0 or negative < 0:
        raise ValueError(f"found {positive} and {negative} differences, expected none or more")
    most = {"greater": positive, "less": negative}.get(flavour.alternative, max(positive, negative))
    if flavour.distribution == "normal":
        side = p_of_z_squared(Fraction(most)).low / 2
    else:
        side = Fraction(1, 2 ** (most + (flavour.rule == "mid")))
    return min(Fraction(1), 2 * side) if flavour.alternative == "two-sided" else side


def w_range_of_differences(boxes: Sequence[Interval]) -> WRange:
    """Return the range of W from quartiles of the differences themselves.

    Parameters
    ----------
    boxes : sequence of Interval
        Where the least difference lies, the next one, and so on.

    Returns
    -------
    WRange
        Attained, or approached, by the differences at their tops and at their
        bottoms; without ties if the boxes have room for it.

    Raises
    ------
    ValueError
        If no differences lie in the boxes.

    Notes
    -----
    W is the number of pairs i <= j with d_i + d_j > 0 (Tukey), and half of the
    pairs that add up to zero, which rises in every difference.  So the tops
    attain its maximum and the bottoms its minimum.  Differences of zero give
    W as Pratt ranks them, and z (z + 1) / 4 more.

    References
    ----------
    Tukey JW (1949). The simplest signed-rank tests. Princeton University,
    Statistical Research Group, Memorandum Report 17.

    Examples
    --------
    >>> box = Interval(Fraction(-1), Fraction(3))
    >>> w_range_of_differences([box, Interval(Fraction(2), Fraction(3))])[:2]
    (2, 3)
    """
    highs, lows = tops(boxes), bottoms(boxes)
    above, level = _walsh_signs(highs)
    # A lower end is the upper end of the negative difference.
    below, flat = _walsh_signs([End(None if v is None else -v, closed) for v, closed in lows])
    pairs = len(boxes) * (len(boxes) + 1) // 2
    return WRange(
        pairs - below, above, pairs - below - Fraction(flat, 2), above + Fraction(level, 2)
    )


def _walsh_signs(highs: Sequence[End]) -> tuple[int, int]:
    """Count the pairs whose sum can be positive, and those whose sum can be zero at most."""
    positive = level = 0
    for k, (value, closed) in enumerate(highs):
        negated = End(None if value is None else -value, closed)
        for high in highs[k:]:
            sign = compare(high, negated)
            positive += sign > 0
            level += sign == 0
    return positive, level
