"""p-values of the Mann-Whitney test in every flavour, exact or between two fractions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final, overload

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, chi_squared_tail
from netcore.stats.ranks.flavours import Flavour
from netcore.stats.ranks.large_samples import cumulated_u
from netcore.stats.ranks.null_distributions import mann_whitney_counts, tied_mann_whitney_counts
from netcore.stats.tail_enclosures import student_tail

__all__ = [
    "approximate_p",
    "are_counted",
    "p_in_distribution",
    "p_of_z_squared",
    "p_range",
    "p_value",
    "tie_term",
    "u_values_between",
    "u_values_printing",
    "variance_of_u",
]

_ONE: Final = Fraction(1)
_HALF: Final = Fraction(1, 2)
_COUNTED: Final = 3_600
"""Pairs of values up to which all orders are counted: 0.05 s; time and memory grow as n^5."""

_COUNTED_WITH_TIES: Final = 10_000
"""The same given the ties; there nothing else bounds the p-value so tightly."""


def are_counted(n1: int, n2: int, *, ties: bool = False) -> bool:
    """Return whether two samples are small enough to count all of their orders.

    Parameters
    ----------
    n1, n2 : int
        Sizes.
    ties : bool
        Whether orders given ties are meant.

    Returns
    -------
    bool
        If not, exact p-values without ties are enclosed, and those given the ties unknown.

    Examples
    --------
    >>> are_counted(60, 60), are_counted(60, 61), are_counted(60, 61, ties=True)
    (True, False, True)
    """
    return n1 * n2 <= (_COUNTED_WITH_TIES if ties else _COUNTED)


def tie_term(groups: Sequence[int]) -> int:
    """Return the tie term T of groups of equal values.

    Parameters
    ----------
    groups : sequence of int
        Sizes of the groups; those of size 1 add nothing.

    Returns
    -------
    int
        The sum of t^3 - t.

    Raises
    ------
    ValueError
        If a size is less than 1.

    Examples
    --------
    >>> tie_term([1, 2, 3])
    30
    """
    if any(size < 1 for size in groups):
        raise ValueError(f"found groups of sizes {tuple(groups)}, expected sizes of at least 1")
    return sum(size**3 - size for size in groups)


def variance_of_u(n1: int, n2: int, ties: int = 0) -> Fraction:
    """Return the variance of U over all ways to choose the samples.

    Parameters
    ----------
    n1, n2 : int
        Sizes, at least 1.
    ties : int
        The tie term T, 0 without ties or where it is left out.

    Returns
    -------
    Fraction
        It is n1 n2 / 12 (N + 1 - T / (N (N - 1))), with N = n1 + n2.

    Raises
    ------
    ValueError
        If a size is less than 1 or the tie term is impossible.

    References
    ----------
    Lehmann EL (1975). Nonparametrics: Statistical Methods Based on Ranks.
    Holden-Day, San Francisco; section 1.4.

    Examples
    --------
    >>> variance_of_u(15, 19)
    Fraction(3325, 4)
    """
    total = n1 + n2
    if n1 < 1 or n2 < 1:
        raise ValueError(f"found sizes {n1} and {n2}, expected at least one value in each sample")
    if not 0 <= ties <= total**3 - total:
        raise ValueError(f"found tie term {ties} for {total} values, expected 0 or more")
    return Fraction(n1 * n2, 12) * (total + 1 - Fraction(ties, total * (total - 1)))


def p_of_z_squared(least: Fraction, greatest: Fraction | None = None) -> Enclosure:
    """Enclose the two-sided normal p-value of a statistic known up to a range.

    Parameters
    ----------
    least : Fraction
        The least value that z^2 may have, at least 0.
    greatest : Fraction, optional
        The greatest; the same if left out.

    Returns
    -------
    Enclosure
        Bounds on P(|Z| >= |z|), which falls as z^2 grows.

    Raises
    ------
    ValueError
        If a value is negative or the ends are out of order.

    Examples
    --------
    >>> low, high = p_of_z_squared(Fraction(196, 100) ** 2)
    >>> round(float(low), 5), low < high
    (0.05, True)
    """
    greatest = least if greatest is None else greatest
    if not 0 <= least <= greatest:
        raise ValueError(f"found z^2 from {least} to {greatest}, expected 0 or more in order")
    return Enclosure(chi_squared_tail(greatest, 1).low, chi_squared_tail(least, 1).high)


def _side(
    deviation: Fraction, variance: Fraction, tail: Callable[[Fraction], Enclosure]
) -> Enclosure:
    """Enclose the probability of at least a signed deviation from the mean."""
    low, high = tail(deviation**2 / variance)
    if deviation >= 0:
        return Enclosure(low / 2, high / 2)
    return Enclosure(1 - high / 2, 1 - low / 2)


def approximate_p(
    flavour: Flavour, deviation: Fraction, variance: Fraction, number: int
) -> Enclosure:
    """Enclose the p-value of a rank statistic by a flavour's approximation.

    Parameters
    ----------
    flavour : Flavour
        One with a normal or t distribution.
    deviation, variance : Fraction
        The statistic less its mean, and its variance.
    number : int
        How many values are ranked.

    Returns
    -------
    Enclosure
        Bounds on the p-value.

    Raises
    ------
    ValueError
        If there is no variance.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> low, high = approximate_p(FLAVOURS["normal_greater"], Fraction(-2), Fraction(1), 9)
    >>> round(float(low), 6)
    0.97725
    """
    if variance <= 0:
        raise ValueError(f"found variance {variance}, expected more than 0: values that differ")

    def tail(square: Fraction) -> Enclosure:
        if flavour.distribution == "t":
            return student_tail(square, number - 1)
        return p_of_z_squared(square)

    if flavour.alternative == "two-sided":
        return tail(max(abs(deviation) - flavour.correction, Fraction(0)) ** 2 / variance)
    towards = deviation if flavour.alternative == "greater" else -deviation
    return _side(towards - flavour.correction, variance, tail)


def _sides(counts: Sequence[int], at: int, rule: str) -> tuple[Fraction, Fraction]:
    """Return the lower and the upper side at a place of a cumulated distribution."""
    total = counts[-1]
    before = counts[at - 1] if at else 0
    half = Fraction(counts[at] - before, 2) if rule == "mid" else Fraction(0)
    return (counts[at] - half) / total, (total - before - half) / total


def _at_place(flavour: Flavour, counts: Sequence[int], at: int) -> Fraction:
    less, greater = _sides(counts, at, flavour.rule)
    if flavour.alternative == "less":
        return less
    if flavour.alternative == "greater":
        return greater
    if flavour.rule != "distance":
        return min(_ONE, 2 * min(less, greater))
    # The mean is the middle place, whatever the ties.
    last = len(counts) - 1
    near = min(at, last - at)
    if 2 * near == last:
        return _ONE
    return Fraction(counts[near] + counts[-1] - counts[last - near - 1], counts[-1])


def p_in_distribution(flavour: Flavour, counts: Sequence[int], at: Fraction) -> Enclosure:
    """Return the p-value of a place in an exact null distribution.

    Parameters
    ----------
    flavour : Flavour
        One with an exact or conditional distribution.
    counts : sequence of int
        How many arrangements have at most the value 0, 1, and so on to the
        greatest; the mean is in the middle.
    at : Fraction
        The value seen.  Software that leaves ties out of account cuts, or
        rounds, one that is not whole.

    Returns
    -------
    Enclosure
        The p-value, or those of the two places next to it.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> p_in_distribution(FLAVOURS["exact_less"], (1, 2, 4, 5, 6), Fraction(1)).low
    Fraction(1, 3)
    """
    ends = [_at_place(flavour, counts, place) for place in {floor(at), ceil(at)}]
    return Enclosure(min(ends), max(ends))


def _p_without_ties(flavour: Flavour, n1: int, n2: int, u: Fraction) -> Enclosure:
    """Return the p-value of U in the exact distribution without ties."""
    if are_counted(n1, n2):
        return p_in_distribution(flavour, mann_whitney_counts(n1, n2), u)
    ends = [_p_of_many(flavour, n1, n2, place) for place in {floor(u), ceil(u)}]
    return Enclosure(min(p.low for p in ends), max(p.high for p in ends))


def _p_of_many(flavour: Flavour, n1: int, n2: int, at: int) -> Enclosure:
    def side(u: int) -> Enclosure:
        at_most = cumulated_u(n1, n2, u)
        if flavour.rule != "mid":
            return at_most
        less = cumulated_u(n1, n2, u - 1)
        return Enclosure((at_most.low + less.low) / 2, (at_most.high + less.high) / 2)

    last = n1 * n2
    if flavour.alternative == "less":
        return side(at)
    if flavour.alternative == "greater":
        return side(last - at)
    # Without ties both sides mirror one another, so that twice the smaller is that by distance.
    low, high = side(min(at, last - at))
    return Enclosure(min(_ONE, 2 * low), min(_ONE, 2 * high))


def p_value(
    flavour: Flavour, n1: int, n2: int, u: Fraction | int, groups: tuple[int, ...] = ()
) -> Enclosure:
    """Return the p-value of a Mann-Whitney statistic in one flavour.

    Parameters
    ----------
    flavour : Flavour
        How it is made.
    n1, n2 : int
        Sizes of the samples x and y.
    u : Fraction or int
        Pairs with x > y and half of the pairs that are tied.
    groups : tuple of int
        How many of all values are equal to the least one, to the next one, and
        so on; left out if there are no ties.

    Returns
    -------
    Enclosure
        Bounds on the p-value; equal for exact distributions of data without
        ties or conditional on them, unless there are many values: then close
        to one another without ties, and 0 and 1 conditional on them.

    Raises
    ------
    ValueError
        If sizes, U and groups do not belong together, if the flavour needs
        data without ties, or if all values are equal.

    Notes
    -----
    With mu = n1 n2 / 2 the approximations use z = (|U - mu| - c) / sqrt(V),
    where z is not less than 0 in two-sided tests and V is
    :func:`variance_of_u`.  The t approximation has N - 1 degrees of freedom.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> p_value(FLAVOURS["exact"], 3, 4, 0).low
    Fraction(2, 35)
    >>> low, high = p_value(FLAVOURS["normal_corrected"], 3, 4, 0)
    >>> round(float(low), 6)
    0.05183
    """
    u = Fraction(u)
    total = n1 + n2
    variance = variance_of_u(n1, n2)  # refuses empty samples
    if not 0 <= u <= n1 * n2 or (2 * u).denominator != 1:
        raise ValueError(f"found U {u} of sizes {n1} and {n2}, expected 0 to {n1 * n2} in halves")
    ties = tie_term(groups)
    if groups and sum(groups) != total:
        raise ValueError(f"found groups {groups} of {sum(groups)} values, expected {total}")
    if not ties and u.denominator != 1:
        raise ValueError(f"found U {u} without ties, expected a whole number")
    if ties and flavour.needs_no_ties:
        raise ValueError(f"found ties {groups}, expected none for {flavour.title}")
    if ties == total**3 - total:
        raise ValueError(f"found {total} equal values, expected two different ones at least")
    if flavour.distribution == "conditional" and ties:
        if not are_counted(n1, n2, ties=True):
            return Enclosure(Fraction(0), _ONE)
        return p_in_distribution(flavour, tied_mann_whitney_counts(n1, groups), 2 * u)
    if flavour.distribution in ("exact", "conditional"):
        return _p_without_ties(flavour, n1, n2, u)
    if flavour.adjusted:
        variance = variance_of_u(n1, n2, ties)
    return approximate_p(flavour, u - Fraction(n1 * n2, 2), variance, total)


def _place(flavour: Flavour, n1: int, n2: int, u: Fraction) -> Enclosure:
    """Return the p-value where ties, if any, enter only through U."""
    if flavour.distribution in ("exact", "conditional"):
        return _p_without_ties(flavour, n1, n2, u)
    return approximate_p(flavour, u - Fraction(n1 * n2, 2), variance_of_u(n1, n2), n1 + n2)


def p_range(
    flavour: Flavour,
    n1: int,
    n2: int,
    least: Fraction | int,
    greatest: Fraction | int,
    *,
    ties: bool = False,
) -> Enclosure:
    """Return bounds on the p-values of all U of a range.

    Parameters
    ----------
    flavour : Flavour
        How the p-value is made.
    n1, n2 : int
        Sizes of the samples.
    least, greatest : Fraction or int
        Ends of the range of U.
    ties : bool
        Whether values may be tied, so that U may end in one half; only for
        flavours that leave ties out of account.

    Returns
    -------
    Enclosure
        A two-sided p-value falls with the distance of U from its mean, a
        one-sided one changes in one direction with U; so both ends belong to
        a U of the range, but for the width of an enclosure.

    Raises
    ------
    ValueError
        If no U lies in the range, or ties would enter in another way.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> low, high = p_range(FLAVOURS["exact"], 3, 4, 0, 5)
    >>> str(low), str(high)
    ('2/35', '6/7')
    """
    if ties and not flavour.ignores_ties:
        raise ValueError(f"found ties, expected none for {flavour.title}")
    grid = 2 if ties else 1
    variance_of_u(n1, n2)  # refuses empty samples
    first = max(0, ceil(grid * Fraction(least)))
    last = min(grid * n1 * n2, floor(grid * Fraction(greatest)))
    if first > last:
        raise ValueError(
            f"found U from {least} to {greatest}, expected one between 0 and {n1 * n2}"
        )
    ends = {first, last}
    if flavour.alternative == "two-sided":
        middle = Fraction(grid * n1 * n2, 2)
        ends |= {min(max(at, first), last) for at in (floor(middle), ceil(middle))}
    found = [_place(flavour, n1, n2, Fraction(at, grid)) for at in ends]
    return Enclosure(min(p.low for p in found), max(p.high for p in found))


class _Halves(Sequence[int]):
    """Whole numbers up to a middle, and their mirror images, in ascending order."""

    def __init__(self, lower: range, last: int):
        self._lower = lower
        self._last = last
        # A number in the very middle is its own image.
        self._images = len(lower) - bool(lower and 2 * lower[-1] == last)

    def __len__(self) -> int:
        return len(self._lower) + self._images

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        if place < len(self._lower):
            return self._lower[place]
        return self._last - self._lower[len(self) - 1 - place]


def u_values_between(values: Sequence[int], reach: range, most: int) -> list[int]:
    """Return those of some ascending numbers that lie in a range, or a few of them.

    Parameters
    ----------
    values : sequence of int
        From :func:`u_values_printing`.
    reach : range
        Without gaps.
    most : int
        If there are more of many, so many of them are returned, evenly spread.

    Returns
    -------
    list of int
        In ascending order.

    Examples
    --------
    >>> u_values_between((1, 4, 6, 9), range(2, 9), 10), u_values_between(range(99), range(9), 3)
    ([4, 6], [0, 4, 8])
    """
    start, stop = bisect_left(values, reach.start), bisect_left(values, reach.stop)
    if stop - start <= most:
        return list(values[start:stop])
    return [values[start + (stop - start - 1) * k // (most - 1)] for k in range(most)]


@lru_cache(maxsize=4_096)
def u_values_printing(window: Interval, flavour: Flavour, n1: int, n2: int) -> Sequence[int]:
    """Return every U without ties whose p-value prints as printed.

    Parameters
    ----------
    window : Interval
        The p-values that print so.
    flavour : Flavour
        How the p-value is made.
    n1, n2 : int
        Sizes of the samples.

    Returns
    -------
    sequence of int
        In ascending order; those among them whose p-value cannot be told from
        an end of the window.

    Raises
    ------
    ValueError
        If a sample is empty.

    Notes
    -----
    p-values of U are a sparse set, so a p printed with many digits belongs to
    few U or to none.  None excludes only this flavour, and only data without ties.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> window = Interval(Fraction(0), Fraction(6, 100))
    >>> u_values_printing(window, FLAVOURS["exact"], 3, 4)
    (0, 12)
    """
    variance_of_u(n1, n2)  # refuses empty samples
    if window.is_empty:
        return ()
    last = n1 * n2
    two_sided = flavour.alternative == "two-sided"
    places: range = range(last // 2 + 1 if two_sided else last + 1)
    if flavour.alternative == "greater":
        places = places[::-1]

    # Along the places the p-value does not fall.
    def reaches(at: int) -> bool:
        high = _place(flavour, n1, n2, Fraction(at)).high
        return window.low is None or high >= window.low

    def exceeds(at: int) -> bool:
        low = _place(flavour, n1, n2, Fraction(at)).low
        return window.high is not None and low > window.high

    start = bisect_left(places, True, key=reaches)
    stop = bisect_right(places, False, key=exceeds)

    def prints(at: int) -> bool:
        return window.meets(Interval(*_place(flavour, n1, n2, Fraction(at))))

    if not are_counted(n1, n2):
        # Too many to look at each; between two that print so all others do.
        while start < stop and not prints(places[start]):
            start += 1
        while start < stop and not prints(places[stop - 1]):
            stop -= 1
        kept = places[start:stop]
        if flavour.alternative == "greater":
            kept = kept[::-1]
        return _Halves(kept, last) if two_sided else kept
    found = [at for at in places[start:stop] if prints(at)]
    return tuple(sorted({*found, *(last - at for at in found)} if two_sided else found))
