"""The orders of several samples in which rank sums are extreme, and how far apart they can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import gcd, prod
from typing import Final, NamedTuple

__all__ = ["Codes", "highest_sum", "squares_at_most"]

Codes = tuple[tuple[int, ...], tuple[int, ...]]
"""Tops and bottoms of the ordered values of a sample, as whole numbers that compare as they do."""

_STATES: Final = 20_000  # numbers of values taken of each sample, for which a path is searched
_PAIRS: Final = 12  # pairs of samples of which all corners are tried


def highest_sum(
    codes: Sequence[Codes], weights: Sequence[int], *, ties: bool
) -> tuple[int, ...] | None:
    """Return rank sums with the greatest weighted sum over all orders that boxes allow.

    Parameters
    ----------
    codes : sequence of (tuple of int, tuple of int)
        Tops and bottoms of each sample.
    weights : sequence of int
        What a rank of each sample counts.
    ties : bool
        Whether an order may also exchange values that can be equal at most.

    Returns
    -------
    tuple of int or None
        Rank sums of the best order; None if some values have to be equal.

    Notes
    -----
    A longest path whose states are how many values of each sample have come.
    The next value can be that of a sample if its top is above all bottoms
    before (or at them): then ascending values with this order lie in the boxes.

    Examples
    --------
    >>> highest_sum([((5,), (1,)), ((9, 9), (2, 4))], [1, 0], ties=False)
    (3, 3)
    """
    sizes = [len(tops) for tops, _ in codes]
    start = (0,) * len(sizes)
    best: dict[tuple[int, ...], tuple[int, tuple[int, ...]]] = {start: (0, start)}
    for state in product(*(range(size + 1) for size in sizes)):
        if state not in best:
            continue
        value, sums = best[state]
        rank = sum(state) + 1
        before = max(
            (bottoms[at - 1] for at, (_, bottoms) in zip(state, codes, strict=True) if at),
            default=0,
        )
        for k, at in enumerate(state):
            if at == sizes[k]:
                continue
            top = codes[k][0][at]
            if top > before or (ties and top == before):
                after = (*state[:k], at + 1, *state[k + 1 :])
                found = value + weights[k] * rank
                if after not in best or found > best[after][0]:
                    best[after] = (found, (*sums[:k], sums[k] + rank, *sums[k + 1 :]))
    end = best.get(tuple(sizes))
    return None if end is None else end[1]


def _squares(sizes: Sequence[int], sums: Sequence[Fraction | int]) -> Fraction:
    """Return the sum of squared deviations of rank sums from their mean, by size."""
    total = sum(sizes)
    found = Fraction(0)
    for size, rank_sum in zip(sizes, sums, strict=True):
        found += (Fraction(rank_sum) - Fraction(size * (total + 1), 2)) ** 2 / size
    return found


class _Edge(NamedTuple):
    """Two corners of a polygon of rank sums of the first two samples, and what may lie between."""

    corners: tuple[tuple[int, ...], tuple[int, ...]]
    directions: tuple[tuple[int, int], tuple[int, int]]
    outermost: Fraction


class _Polygon:
    """The hull of the rank sums of three samples, found corner by corner."""

    def __init__(self, codes: Sequence[Codes]):
        self._codes = codes
        self._sizes = [len(tops) for tops, _ in codes]
        self._all = sum(self._sizes) * (sum(self._sizes) + 1) // 2

    def corner(self, direction: tuple[int, int]) -> tuple[int, ...]:
        """Return rank sums with the greatest product with a direction."""
        found = highest_sum(self._codes, (*direction, 0), ties=True)
        if found is None:
            raise ValueError("found boxes without data, expected some in each sample")
        return found

    def edge(
        self,
        first: tuple[int, ...],
        one: tuple[int, int],
        second: tuple[int, ...],
        other: tuple[int, int],
    ) -> _Edge:
        """Join two corners; nothing lies beyond where the lines across their directions meet."""
        squares = max(_squares(self._sizes, first), _squares(self._sizes, second))
        cross = one[0] * other[1] - one[1] * other[0]
        if first != second and cross:
            a = one[0] * first[0] + one[1] * first[1]
            b = other[0] * second[0] + other[1] * second[1]
            x = Fraction(a * other[1] - b * one[1], cross)
            y = Fraction(one[0] * b - other[0] * a, cross)
            squares = max(squares, _squares(self._sizes, (x, y, self._all - x - y)))
        return _Edge((first, second), (one, other), squares)

    def most(self, budget: int) -> Fraction:
        """Bound the sum of squares over the hull; exactly, if the budget suffices."""
        directions = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        corners = [self.corner(direction) for direction in directions]
        edges = [
            self.edge(corners[k], directions[k], corners[(k + 1) % 4], directions[(k + 1) % 4])
            for k in range(4)
        ]
        known = max(_squares(self._sizes, corner) for corner in corners)
        for _ in range(budget):
            edge = max(edges, key=lambda edge: edge.outermost)
            if edge.outermost <= known:
                break
            edges.remove(edge)
            first, second = edge.corners
            across = (second[1] - first[1], first[0] - second[0])
            shared = gcd(*across)
            across = (across[0] // shared, across[1] // shared)
            middle = self.corner(across)
            known = max(known, _squares(self._sizes, middle))
            height = sum(a * (m - f) for a, m, f in zip(across, middle, first, strict=False))
            if height > 0:
                edges.append(self.edge(first, edge.directions[0], middle, across))
                edges.append(self.edge(middle, across, second, edge.directions[1]))
            # Otherwise the line between the corners is a side of the hull.
        return max(known, *(edge.outermost for edge in edges)) if edges else known


def _of_pairs(
    sizes: Sequence[int], ranges: Mapping[tuple[int, int], tuple[Fraction, Fraction]]
) -> tuple[Fraction, list[Fraction]]:
    """Bound the sum of squares by what U of each pair can be; return also where it is so large."""
    choices = list(ranges.values())
    if len(choices) > _PAIRS:
        # One sample after the other: the rank sum of each farthest from its mean.
        farthest = [Fraction(0)] * len(sizes)
        for k in range(len(sizes)):
            low = high = Fraction(0)
            for (i, j), (least, greatest) in ranges.items():
                if k == i:
                    low, high = low + least, high + greatest
                elif k == j:
                    low, high = low - greatest, high - least
            farthest[k] = max(-low, high)
        return sum((d**2 / n for d, n in zip(farthest, sizes, strict=True)), Fraction(0)), farthest
    best, where = Fraction(-1), [Fraction(0)] * len(sizes)
    for ends in product(*choices):
        deviations = [Fraction(0)] * len(sizes)
        for (i, j), end in zip(ranges, ends, strict=True):
            deviations[i] += end
            deviations[j] -= end
        squares = sum((d**2 / n for d, n in zip(deviations, sizes, strict=True)), Fraction(0))
        if squares > best:
            best, where = squares, deviations
    return best, where


def _climb(codes: Sequence[Codes], start: Sequence[Fraction], steps: int) -> Fraction:
    """Return a sum of squares that an order without ties has, from the direction of a point."""
    sizes = [len(tops) for tops, _ in codes]
    middle = [Fraction(size * (sum(sizes) + 1), 2) for size in sizes]
    deviations, reached = list(start), Fraction(0)
    common = prod(sizes)
    for _ in range(steps):
        weights = [int(2 * d * common / n) for d, n in zip(deviations, sizes, strict=True)]
        sums = highest_sum(codes, weights, ties=False)
        if sums is None or (squares := _squares(sizes, sums)) <= reached:
            break
        reached = squares
        deviations = [rank_sum - m for rank_sum, m in zip(sums, middle, strict=True)]
    return reached


def squares_at_most(
    codes: Sequence[Codes],
    ranges: Mapping[tuple[int, int], tuple[Fraction, Fraction]],
    budget: int,
) -> tuple[Fraction, Fraction]:
    """Bound the sum of squared deviations of rank sums, by size, from above.

    Parameters
    ----------
    codes : sequence of (tuple of int, tuple of int)
        Tops and bottoms of each sample.
    ranges : Mapping of (int, int) to (Fraction, Fraction)
        For each two samples the range of U less its mean.
    budget : int
        How many directions to search at most.

    Returns
    -------
    tuple of Fraction
        The bound, and the largest sum found that data without ties have (0 if
        none was found).

    Raises
    ------
    ValueError
        If no data lie in the boxes.

    Examples
    --------
    >>> codes = [((5,), (1,)), ((9, 9), (2, 4))]
    >>> squares_at_most(codes, {(0, 1): (Fraction(-1), Fraction(1))}, 9)[0]
    Fraction(3, 2)
    """
    sizes = [len(tops) for tops, _ in codes]
    most, where = _of_pairs(sizes, ranges)
    if prod(size + 1 for size in sizes) > _STATES:
        return most, Fraction(0)
    if len(sizes) == 3:
        most = min(most, _Polygon(codes).most(budget))
    reached = max(
        _climb(codes, start, budget)
        for start in (where, [-d for d in where], *_unit_starts(len(sizes)))
    )
    return most, reached


def _unit_starts(number: int) -> list[list[Fraction]]:
    """Return the directions of one sample above or below all others."""
    return [
        [Fraction(sign * (k == one)) for k in range(number)]
        for one in range(number)
        for sign in (1, -1)
    ]
