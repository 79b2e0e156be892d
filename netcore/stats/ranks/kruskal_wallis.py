"""The Kruskal-Wallis test: its statistic, its p-values, and their range from boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, chi_squared_tail
from netcore.stats.ranks.corners import corner_codes
from netcore.stats.ranks.extreme_orders import Codes, squares_at_most

__all__ = [
    "HRange",
    "exact_kruskal_wallis_p",
    "h_range",
    "kruskal_wallis_h",
    "kruskal_wallis_p",
    "largest_tie_term",
]

_STATES: Final = 200_000  # counts and rank sums that an exact distribution may pass through
_SWEEPS: Final = 60
_DENOMINATOR: Final = 1_000


@dataclass(frozen=True, slots=True)
class HRange:
    """Bounds of the Kruskal-Wallis statistic over all data in boxes.

    Parameters
    ----------
    least : Fraction
        No data have a smaller H, with or without ties, corrected or not.
    greatest : Fraction
        No data have a larger H without the correction for ties.
    greatest_corrected : Fraction
        No data have a larger H with it.
    reached : Fraction
        Data without ties have this H; where it is ``greatest``, that bound is exact.
    """

    least: Fraction
    greatest: Fraction
    greatest_corrected: Fraction
    reached: Fraction


def _sizes_checked(sizes: Sequence[int]) -> int:
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"found samples of sizes {tuple(sizes)}, expected two or more, none empty")
    return sum(sizes)


def _scale(total: int) -> Fraction:
    """Return what makes H of the sum of squared deviations of rank sums by size."""
    return Fraction(12, total * (total + 1))


def kruskal_wallis_h(
    sizes: Sequence[int], rank_sums: Sequence[Fraction | int], ties: int = 0
) -> Fraction:
    """Return the Kruskal-Wallis statistic.

    Parameters
    ----------
    sizes : sequence of int
        Number of values of each sample.
    rank_sums : sequence of Fraction or int
        Sum of the midranks of each sample.
    ties : int
        The tie term T; 0 without ties or correction.

    Returns
    -------
    Fraction
        H, divided by 1 - T / (N^3 - N).

    Raises
    ------
    ValueError
        If the rank sums do not add up to N (N + 1) / 2, a sample is empty, or
        all values are equal.

    Notes
    -----
    H = 12 / (N (N + 1)) * sum of (R_i - n_i (N + 1) / 2)^2 / n_i.

    References
    ----------
    Kruskal WH, Wallis WA (1952). Use of ranks in one-criterion variance
    analysis. Journal of the American Statistical Association 47(260):583-621.
    doi:10.1080/01621459.1952.10483441

    Examples
    --------
    >>> kruskal_wallis_h([2, 2, 2], [3, 7, 11])
    Fraction(32, 7)
    """
    total = _sizes_checked(sizes)
    if sum(rank_sums) * 2 != total * (total + 1) or len(rank_sums) != len(sizes):
        raise ValueError(f"found rank sums {rank_sums}, expected them to add up as 1 to {total} do")
    if not 0 <= ties < total**3 - total:
        raise ValueError(f"found tie term {ties}, expected two different values at least")
    squares = sum(
        (Fraction(rank_sum) - Fraction(size * (total + 1), 2)) ** 2 / size
        for size, rank_sum in zip(sizes, rank_sums, strict=True)
    )
    return _scale(total) * squares / (1 - Fraction(ties, total**3 - total))


def kruskal_wallis_p(least: Fraction, greatest: Fraction, samples: int) -> Enclosure:
    """Enclose the p-values of a range of H by the chi-squared approximation.

    Parameters
    ----------
    least, greatest : Fraction
        Ends of the range of H; equal for one value.
    samples : int
        How many samples are compared.

    Returns
    -------
    Enclosure
        Bounds on the chi-squared tail with one degree of freedom less than samples.

    Raises
    ------
    ValueError
        If the range is empty or there are less than two samples.

    Examples
    --------
    >>> p = kruskal_wallis_p(Fraction(32, 7), Fraction(32, 7), 3)
    >>> round(float(p.low), 6)
    0.101701
    """
    if not 0 <= least <= greatest or samples < 2:
        raise ValueError(f"found H from {least} to {greatest} of {samples} samples, expected order")
    return Enclosure(
        chi_squared_tail(greatest, samples - 1).low, chi_squared_tail(least, samples - 1).high
    )


def exact_kruskal_wallis_p(
    sizes: Sequence[int],
    rank_sums: Sequence[Fraction | int],
    groups: tuple[int, ...] = (),
    *,
    largest: int = _STATES,
) -> Fraction | None:
    """Return the exact p-value given the ties.

    Parameters
    ----------
    sizes : sequence of int
        Number of values of each sample.
    rank_sums : sequence of Fraction or int
        Sum of the midranks of each sample.
    groups : tuple of int
        How many of all values are equal to the least one, to the next one, and
        so on; left out if there are no ties.
    largest : int
        How many states the computation may have at a time.

    Returns
    -------
    Fraction or None
        The share of all ways to choose the samples with at least this H; None
        if the samples are too large.

    Raises
    ------
    ValueError
        If sizes, rank sums and groups do not belong together.

    Examples
    --------
    >>> exact_kruskal_wallis_p([2, 2, 2], [3, 7, 11])
    Fraction(1, 15)
    """
    total = _sizes_checked(sizes)
    groups = groups or (1,) * total
    if sum(groups) != total:
        raise ValueError(f"found groups {groups} of {sum(groups)} values, expected {total}")
    seen = kruskal_wallis_h(sizes, rank_sums)
    # The last sample has the rest of the values and of the ranks.
    places = len(sizes) - 1
    states: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {((0,) * places, (0,) * places): 1}
    below = 0
    for size in groups:
        rank = 2 * below + size + 1
        after: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        for (counts, sums), ways in states.items():
            room = [min(size, n - count) for n, count in zip(sizes, counts, strict=False)]
            left = sizes[-1] - (below - sum(counts))
            for chosen in product(*(range(most + 1) for most in room)):
                rest = size - sum(chosen)
                if not 0 <= rest <= left:
                    continue
                more, free = ways, size
                for number in chosen:
                    more, free = more * comb(free, number), free - number
                key = (
                    tuple(a + b for a, b in zip(counts, chosen, strict=True)),
                    tuple(a + b * rank for a, b in zip(sums, chosen, strict=True)),
                )
                after[key] = after.get(key, 0) + more
        if len(after) > largest:
            return None
        states = after
        below += size
    extreme = everything = 0
    for (_, doubled), ways in states.items():
        sums_ = [Fraction(value, 2) for value in doubled]
        sums_.append(Fraction(total * (total + 1), 2) - sum(sums_))
        everything += ways
        if kruskal_wallis_h(sizes, sums_) >= seen:
            extreme += ways
    return Fraction(extreme, everything)


def largest_tie_term(codes: Sequence[Codes]) -> int:
    """Bound the tie term of all data in boxes from above.

    Parameters
    ----------
    codes : sequence of (tuple of int, tuple of int)
        Tops and bottoms of each sample as whole numbers that compare as they do.

    Returns
    -------
    int
        No data have a larger sum of t^3 - t.

    Notes
    -----
    The k-th of all values lies between the k-th of all bottoms and the k-th of
    all tops, so the values from the i-th to the j-th can be equal only if the
    j-th bottom is not above the i-th top.  The best way to cut all values into
    such groups is a longest path.  As t^3 - t is convex, a cut can be moved to where the tops or
    the bottoms change without loss, so that the size of the samples does not matter.

    Examples
    --------
    >>> largest_tie_term([((3, 9), (1, 5)), ((6,), (2,))])
    6
    """
    highs = sorted(top for tops_, _ in codes for top in tops_)
    lows = sorted(bottom for _, bottoms_ in codes for bottom in bottoms_)
    number = len(highs)
    cuts = [
        k
        for k in range(number + 1)
        if k in (0, number) or lows[k - 1] < lows[k] or highs[k - 1] < highs[k]
    ]
    best = [0] * len(cuts)
    for start, first in enumerate(cuts[:-1]):
        for stop in range(start + 1, len(cuts)):
            if lows[cuts[stop] - 1] > highs[first]:
                break
            size = cuts[stop] - first
            best[stop] = max(best[stop], best[start] + size**3 - size)
    return best[-1]


def _pair_ranges(codes: Sequence[Codes]) -> dict[tuple[int, int], tuple[Fraction, Fraction]]:
    """Return for each two samples the range of U less its mean, with ties as half pairs."""
    found = {}
    for i, j in combinations(range(len(codes)), 2):
        middle = Fraction(len(codes[i][0]) * len(codes[j][0]), 2)
        sides = []
        for one, other in ((i, j), (j, i)):
            doubled = sum(
                (top > bottom) + (top >= bottom)
                for top in codes[one][0]
                for bottom in codes[other][1]
            )
            sides.append(Fraction(doubled, 2) - middle)
        found[i, j] = (-sides[1], sides[0])
    return found


def _nearest(
    sizes: Sequence[int], ranges: dict[tuple[int, int], tuple[Fraction, Fraction]]
) -> list[Fraction]:
    """Find, in floats, the deviations with the least sum of squares; return them by size."""
    values = {pair: min(max(0.0, float(low)), float(high)) for pair, (low, high) in ranges.items()}
    deviations = [0.0] * len(sizes)
    for (i, j), value in values.items():
        deviations[i] += value
        deviations[j] -= value
    for _ in range(_SWEEPS):
        for (i, j), (low, high) in ranges.items():
            slope = deviations[i] / sizes[i] - deviations[j] / sizes[j]
            best = values[i, j] - slope / (1 / sizes[i] + 1 / sizes[j])
            step = min(max(best, float(low)), float(high)) - values[i, j]
            values[i, j] += step
            deviations[i] += step
            deviations[j] -= step
    return [
        Fraction(deviation / size).limit_denominator(_DENOMINATOR)
        for deviation, size in zip(deviations, sizes, strict=True)
    ]


def _squares_at_least(
    sizes: Sequence[int],
    weights: Sequence[Fraction],
    ranges: dict[tuple[int, int], tuple[Fraction, Fraction]],
) -> Fraction:
    """Bound the sum of squared deviations by size from below, by one direction.

    The deviations D add up to 0, so (sum of c D)^2 <= (sum of c^2 n) (sum of D^2 / n) also
    holds with the weighted mean of c taken off, and sum of c D = sum over pairs (c_i - c_j) a.
    """
    mean = sum((c * n for c, n in zip(weights, sizes, strict=True)), Fraction(0)) / sum(sizes)
    norm = sum(
        ((c - mean) * (c - mean) * n for c, n in zip(weights, sizes, strict=True)), Fraction(0)
    )
    low = Fraction(0)
    for (i, j), ends in ranges.items():
        low += min((weights[i] - weights[j]) * end for end in ends)
    return low * low / norm if low > 0 and norm else Fraction(0)


def h_range(samples: Sequence[Sequence[Interval]], *, budget: int = 200) -> HRange:
    """Bound the Kruskal-Wallis statistic over all data in boxes.

    Parameters
    ----------
    samples : sequence of sequence of Interval
        Of each sample where the least value lies, the next one, and so on.
    budget : int
        How many directions to search for the greatest value at most.

    Returns
    -------
    HRange
        The bounds; for two and three samples the greatest is found exactly if
        the budget suffices and values in boxes need not be equal.

    Raises
    ------
    ValueError
        If there are less than two samples or no data lie in the boxes of one.

    Notes
    -----
    With D_i = R_i - n_i (N + 1) / 2 the statistic is proportional to the sum
    of D_i^2 / n_i, a convex function of the rank sums, which is greatest at a
    corner of their convex hull.  Each corner has the greatest sum of c_i R_i
    for some weights c, found by a longest path over orders of all values.  For
    three samples the hull is a polygon: between two corners the direction
    across their line finds another one or shows that there is none.  For more,
    the deviations of U of all pairs bound the hull.  Ties average the rank sums
    of orders without ties, and so stay in the hull.

    From below, c bounds H by (sum of c D)^2 / (sum of c^2 n); a c near the best
    one is found in floats, and its bound is exact.

    The correction for ties divides by 1 - T / (N^3 - N); H with it is at most
    N - 1, as the sum of squares between samples is at most that of all ranks.

    Examples
    --------
    >>> boxes = [[Interval(Fraction(k), Fraction(k + 1))] * 3 for k in (0, 2, 4)]
    >>> found = h_range(boxes)
    >>> found.least == found.greatest == found.reached == Fraction(36, 5)
    True
    """
    sizes = [len(boxes) for boxes in samples]
    total = _sizes_checked(sizes)
    codes = corner_codes(samples)
    ranges = _pair_ranges(codes)
    scale = _scale(total)
    most, reached = squares_at_most(codes, ranges, budget)
    least = _squares_at_least(sizes, _nearest(sizes, ranges), ranges)
    lost = Fraction(largest_tie_term(codes), total**3 - total)
    top = Fraction(total - 1)
    greatest = scale * most
    corrected = top if lost >= 1 else min(top, greatest / (1 - lost))
    return HRange(scale * least, greatest, corrected, scale * reached)
