"""Which p-values of the signed-rank test pairs can have, given what is printed of them.

Of the differences the number may be known, and quartiles of them, or of the values before
and after.  Zeros may be left out, ranked (Pratt) or split, and differences may be tied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final, NamedTuple

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.ranks.corners import bottoms, tops
from netcore.stats.ranks.flavours import Flavour
from netcore.stats.ranks.null_distributions import tied_signed_rank_counts
from netcore.stats.ranks.p_values import (
    approximate_p,
    p_in_distribution,
    p_of_z_squared,
    tie_term,
)
from netcore.stats.ranks.signed_rank import (
    SIGNED_RANK_FLAVOURS,
    least_p_of_signs,
    most_positive,
    signed_rank_p_range,
    variance_of_w,
    w_range_of_differences,
)
from netcore.stats.tail_enclosures import student_tail

__all__ = ["Boxes", "Signs", "excludes", "lattice_meets", "p_bounds", "signs_of"]

_ZERO, _ONE, _HALF = Fraction(0), Fraction(1), Fraction(1, 2)
_LARGEST_EXACT_OF_SAS: Final = 20
_LARGEST_BOXED: Final = 60  # differences whose W is bounded by their boxes
_LARGEST_LISTED: Final = 6  # pairs of which all patterns of ties are listed

Boxes = Sequence[Interval]
"""Where each ordered value of a sample lies."""


class Signs(NamedTuple):
    """How many differences are not zero, and what their ranks can add up to.

    Parameters
    ----------
    ranked, zeros : int
        How many differences are not zero, and how many are.
    least, greatest : Fraction
        Bounds of S, the positive less the negative ranks; zeros left out, midranks for ties.
    least_pratt, greatest_pratt : Fraction
        The same with zeros ranked below all others.
    positive, negative : int
        The most that can be.
    """

    ranked: int
    zeros: int
    least: Fraction
    greatest: Fraction
    least_pratt: Fraction
    greatest_pratt: Fraction
    positive: int
    negative: int


class _Counts(NamedTuple):
    """The least and the most differences above and below zero."""

    least_positive: int
    positive: int
    least_negative: int
    negative: int


def _counts(number: int, pair: tuple[Boxes, Boxes] | None, differences: Boxes | None) -> _Counts:
    found = _Counts(0, number, 0, number)
    if pair is not None:
        before, after = pair
        found = _Counts(
            number - most_positive(after, before, or_zero=True),
            most_positive(before, after),
            number - most_positive(before, after, or_zero=True),
            most_positive(after, before),
        )
    if differences is not None:
        highs = [end.value for end in tops(differences)]
        lows = [end.value for end in bottoms(differences)]
        # A value that may be as near to zero as is wished, and not zero, counts as zero too.
        found = _Counts(
            max(found.least_positive, sum(low is not None and low > 0 for low in lows)),
            min(found.positive, sum(high is None or high > 0 for high in highs)),
            max(found.least_negative, sum(high is not None and high < 0 for high in highs)),
            min(found.negative, sum(low is None or low < 0 for low in lows)),
        )
    return found


def _boxed(differences: Boxes, positive: int, negative: int) -> tuple[Fraction, Fraction] | None:
    """Bound S of given numbers of signs by the boxes of all differences, zeros left out."""
    below = Interval(None, _ZERO, False, False)
    above = Interval(_ZERO, None, False, False)
    kept = [box.meet(below) for box in differences[:negative]]
    kept += [box.meet(above) for box in differences[len(differences) - positive :]]
    if any(box.is_empty for box in kept):
        return None
    found = w_range_of_differences(kept)
    all_ranks = Fraction(len(kept) * (len(kept) + 1), 2)
    return 2 * found.least_tied - all_ranks, 2 * found.greatest_tied - all_ranks


def signs_of(
    number: int, pair: tuple[Boxes, Boxes] | None = None, differences: Boxes | None = None
) -> Iterator[Signs]:
    """Yield what is known of the ranks, for each number of differences that are not zero.

    Parameters
    ----------
    number : int
        How many pairs were analysed.
    pair : tuple of (sequence of Interval, sequence of Interval), optional
        Where the ordered values before and those after lie.
    differences : sequence of Interval, optional
        Where the ordered differences after less before lie.

    Yields
    ------
    Signs
        For all numbers that are possible, the largest first.

    Raises
    ------
    ValueError
        If no data lie in boxes, or there are fewer or more of them than pairs.

    Notes
    -----
    With p positive differences of m that are not zero, S is at least p (p + 1) - m (m + 1) / 2,
    where they have the smallest ranks; ties and midranks do not change that.  Ranking z zeros
    too adds z to each rank, and so z (p - q) to S.

    Examples
    --------
    >>> [found] = [found for found in signs_of(3) if found.zeros == 1]
    >>> found.ranked, int(found.least), int(found.greatest_pratt)
    (2, -3, 5)
    """
    for boxes in (*(pair or ()), *(() if differences is None else (differences,))):
        if len(boxes) != number:
            raise ValueError(f"found boxes of {len(boxes)} values, expected {number}")
    counts = _counts(number, pair, differences)
    for ranked in range(number, 0, -1):
        zeros = number - ranked
        all_ranks = Fraction(ranked * (ranked + 1), 2)
        ends: list[tuple[Fraction, ...]] = []
        first = max(counts.least_positive, ranked - counts.negative)
        last = min(counts.positive, ranked - counts.least_negative)
        for positive in range(first, last + 1):
            negative = ranked - positive
            least = positive * (positive + 1) - all_ranks
            greatest = all_ranks - negative * (negative + 1)
            if differences is not None and number <= _LARGEST_BOXED:
                boxed = _boxed(differences, positive, negative)
                if boxed is None:
                    continue
                least, greatest = max(least, boxed[0]), min(greatest, boxed[1])
            shift = zeros * (positive - negative)
            ends.append((least, greatest, least + shift, greatest + shift))
        if ends:
            lows, highs, lows_pratt, highs_pratt = zip(*ends, strict=True)
            yield Signs(
                ranked,
                zeros,
                min(lows),
                max(highs),
                min(lows_pratt),
                max(highs_pratt),
                min(counts.positive, last),
                min(counts.negative, ranked - first),
            )


def _nearest(low: Fraction, high: Fraction) -> Fraction:
    return min(max(_ZERO, low), high)


def _normal(flavour: Flavour, signs: Signs, low: Fraction, high: Fraction, zeros: int) -> Enclosure:
    """Bound the p-values of an approximation by the ends of S and of its variance."""
    number = signs.ranked + zeros
    variances = (
        # All tied; and none tied, with what ranks of zeros can add where they are split.
        Fraction(signs.ranked) * (zeros + Fraction(signs.ranked + 1, 2)) ** 2 / 4,
        variance_of_w(number),
    )
    deviations = {low / 2, high / 2, _nearest(low, high) / 2}
    found = [approximate_p(flavour, d, v, number) for d in deviations for v in variances]
    least = max(
        min(p.low for p in found), least_p_of_signs(flavour, signs.positive, signs.negative)
    )
    return Enclosure(least, max(least, *(p.high for p in found)))


def _conditional(
    flavour: Flavour, signs: Signs, low: Fraction, high: Fraction, zeros: int
) -> Enclosure:
    """Bound exact p-values given the ties: Cantelli's inequality, and the number of signs."""
    variance = variance_of_w(signs.ranked + zeros, 0, zeros)
    least, greatest = least_p_of_signs(flavour, signs.positive, signs.negative), _ONE
    if flavour.alternative == "less":
        low, high = -high, -low
    nearest = _nearest(low, high) / 2
    share = variance / (variance + nearest**2)
    if flavour.alternative == "two-sided":
        greatest = min(_ONE, 2 * share) if nearest else _ONE
    elif nearest > 0:
        greatest = share
    elif nearest < 0:
        least = max(least, 1 - share)
    return Enclosure(least, max(least, greatest))


def _exact(flavour: Flavour, number: int, low: Fraction, high: Fraction) -> Enclosure | None:
    """Bound p-values by the distribution without ties, of all W between two bounds."""
    all_ranks = number * (number + 1) // 2
    least, greatest = max(low, _ZERO), min(high, Fraction(all_ranks))
    ends = (
        (floor(least), ceil(greatest)) if flavour.ignores_ties else (ceil(least), floor(greatest))
    )
    return None if ends[0] > ends[1] else _exact_range(flavour, number, *ends)


@lru_cache(maxsize=4_096)
def _exact_range(flavour: Flavour, number: int, low: int, high: int) -> Enclosure:
    return signed_rank_p_range(flavour, number, low, high)


def _ranges(flavour: Flavour, signs: Signs) -> Iterator[Enclosure]:
    """Yield bounds of p-values of a flavour, with zeros left out and with zeros ranked."""
    kinds = [(signs.least, signs.greatest, 0)]
    if signs.zeros:
        kinds.append((signs.least_pratt, signs.greatest_pratt, signs.zeros))
    for low, high, zeros in kinds:
        if flavour.distribution == "normal":
            yield _normal(flavour, signs, low, high, zeros)
        elif flavour.distribution == "conditional":
            yield _conditional(flavour, signs, low, high, zeros)
        elif not zeros or flavour.ignores_ties:
            number = signs.ranked + zeros
            every = Fraction(number * (number + 1), 2)
            # Where zeros are ranked, they are left out of W, or half of their ranks enters it.
            for ranks in {every, every - Fraction(zeros * (zeros + 1), 2)}:
                found = _exact(flavour, number, (ranks + low) / 2, (ranks + high) / 2)
                if found is not None:
                    yield found


def _student(signs: Signs) -> Enclosure | None:
    """Bound the p-values of the t approximation that SAS makes of more than 20 differences.

    t^2 = (n - 1) D^2 / (n V - D^2), with D the distance of W from its mean; no bound from below,
    as with all differences tied on one side there is no end to t.
    """
    if signs.ranked <= _LARGEST_EXACT_OF_SAS:
        return None
    square = (_nearest(signs.least, signs.greatest) / 2) ** 2
    rest = signs.ranked * variance_of_w(signs.ranked) - square
    if square == 0 or rest <= 0:
        return Enclosure(_ZERO, _ONE)
    t_squared = (signs.ranked - 1) * square / rest
    return Enclosure(_ZERO, student_tail(t_squared, signs.ranked - 1).high)


def _all_ranges(signs: Signs, *, sides: bool) -> Iterator[Enclosure]:
    for flavour in SIGNED_RANK_FLAVOURS:
        if sides or flavour.alternative == "two-sided":
            yield from _ranges(flavour, signs)
    by_sas = _student(signs)
    if by_sas is not None:
        yield by_sas


def p_bounds(
    number: int, pair: tuple[Boxes, Boxes] | None = None, differences: Boxes | None = None
) -> Interval | None:
    """Bound the two-sided p-values of all pairs with what is printed.

    Parameters
    ----------
    number : int
        How many pairs were analysed.
    pair : tuple of (sequence of Interval, sequence of Interval), optional
        Where the ordered values before and those after lie.
    differences : sequence of Interval, optional
        Where the ordered differences lie.

    Returns
    -------
    Interval or None
        No pairs have a p-value outside, with any ties and zeros, exact or approximate; None
        if all differences have to be zero.

    Raises
    ------
    ValueError
        If no data lie in boxes, or there are fewer or more of them than pairs.

    Notes
    -----
    The t approximation for more than 20 differences has no lower bound, and is left out of it.

    Examples
    --------
    Six pairs: the least p-values are 2 of 64 by the exact test, and that of z² = 6.

    >>> found = p_bounds(6)
    >>> round(float(found.low), 5), found.high
    (0.01431, Fraction(1, 1))
    """
    found = [
        one
        for signs in signs_of(number, pair, differences)
        for flavour in SIGNED_RANK_FLAVOURS
        if flavour.alternative == "two-sided"
        for one in _ranges(flavour, signs)
    ]
    if not found:
        return None
    return Interval(min(p.low for p in found), min(_ONE, max(p.high for p in found)))


def excludes(
    window: Interval,
    number: int,
    pair: tuple[Boxes, Boxes] | None = None,
    differences: Boxes | None = None,
) -> bool:
    """Return whether no pairs with what is printed have a p-value in a window.

    Parameters
    ----------
    window : Interval
        The p-values that print as printed.
    number : int
        How many pairs were analysed.
    pair : tuple of (sequence of Interval, sequence of Interval), optional
        Where the ordered values before and those after lie.
    differences : sequence of Interval, optional
        Where the ordered differences lie.

    Returns
    -------
    bool
        True is a proof for all flavours, of one side or two, with any ties and zeros.

    Raises
    ------
    ValueError
        If no data lie in boxes, or there are fewer or more of them than pairs.

    Examples
    --------
    >>> excludes(Interval(Fraction(0), Fraction(1, 200)), 5)
    True
    """
    return not any(
        window.meets(Interval(p.low, p.high))
        for signs in signs_of(number, pair, differences)
        for p in _all_ranges(signs, sides=True)
    )


def _patterns(number: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to tie so many differences: sizes of groups, in ascending order of size."""
    if number == 0:
        yield ()
    for first in range(1, number + 1):
        for rest in _patterns(number - first):
            yield (first, *rest)


def lattice_meets(window: Interval, number: int) -> bool | None:
    """Return whether any differences at all, up to a number, may have a p-value in a window.

    Parameters
    ----------
    window : Interval
        The p-values that print as printed.
    number : int
        How many pairs there are at most.

    Returns
    -------
    bool or None
        False is a proof, for all numbers of pairs, ties and zeros, and for all flavours of one
        side or two; None if there are too many pairs to list.

    Examples
    --------
    Of three pairs no test gives 0.34.

    >>> lattice_meets(Interval(Fraction(335, 1000), Fraction(345, 1000)), 3)
    False
    >>> lattice_meets(Interval(Fraction(245, 1000), Fraction(255, 1000)), 3)
    True
    """
    if number > _LARGEST_LISTED:
        return None
    exact = [f for f in SIGNED_RANK_FLAVOURS if f.distribution != "normal"]
    for ranked in range(1, number + 1):
        for groups in _patterns(ranked):
            for zeros in range(number - ranked + 1):
                counts = tied_signed_rank_counts(groups, zeros)
                if _meets_exactly(window, exact, counts):
                    return True
                if _meets_normally(window, groups, zeros, len(counts) - 1):
                    return True
    return False


def _meets_exactly(window: Interval, flavours: Sequence[Flavour], counts: Sequence[int]) -> bool:
    for flavour in flavours:
        for at in range(len(counts)):
            found = p_in_distribution(flavour, counts, Fraction(at))
            if window.meets(Interval(found.low, found.high)):
                return True
    return False


def _meets_normally(window: Interval, groups: tuple[int, ...], zeros: int, doubled: int) -> bool:
    number, ties = sum(groups) + zeros, tie_term(groups)
    variances = {
        variance_of_w(number, ties, zeros),
        variance_of_w(number, 0, zeros),
        variance_of_w(number, ties + zeros**3 - zeros),
        variance_of_w(number),
    }
    for at in range(doubled // 2 + 1):
        away = Fraction(doubled - 2 * at, 4)
        for distance in (away, max(_ZERO, away - _HALF), away + _HALF):
            for variance in variances:
                low, high = _tail(distance**2 / variance)
                if any(
                    window.meets(Interval(*ends))
                    for ends in ((low, high), (low / 2, high / 2), (1 - high / 2, 1 - low / 2))
                ):
                    return True
    return False


@lru_cache(maxsize=65_536)
def _tail(square: Fraction) -> Enclosure:
    return p_of_z_squared(square)
