"""How many multisets of whole numbers have given sums, and uniform draws from them.

Values above and below the centre are counted apart: by how many there are, by their
distances in all, and by their weight in the sum of squares.  The numbers of multisets are the
coefficients of polynomials in the weight, each of which is kept as one large integer.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import mul, sub
from random import Random
from typing import Final

from netcore.stats.moments.multisets import CentredSums, MultisetQuestion

__all__ = ["count_multisets", "draw_multisets"]

_BUDGET: Final = 10**8  # products of two coefficients: some ten seconds
_CHEAPER: Final = 32  # so many coefficients are shifted and added while two are multiplied
_WORDS: Final = {1: "B", 2: "H", 4: "I", 8: "Q"}

# For each number of values, for each sum of their distances: a polynomial in the weight.
_Table = list[dict[int, int]]


def count_multisets(question: MultisetQuestion, budget: int = _BUDGET) -> int | None:
    """Return how many multisets of whole numbers on a scale have one of some pairs of sums.

    Parameters
    ----------
    question : MultisetQuestion
        The number of values, the scale and the sums.
    budget : int
        How many products of coefficients may be taken at most.

    Returns
    -------
    int or None
        The exact number; None if the count would exceed the budget.

    Notes
    -----
    With t = value - c (:class:`CentredSums`) a value u + 1 above the centre and one
    u below it both have the weight u (u + 1) / 2.  So one table does for both sides: G(m, s, T) is the
    number of multisets of m distances u >= 1 with the sum s and the weight T, built up u by u:

        G_u(m, s, T) = G_{u-1}(m, s, T) + G_u(m - 1, s - u, T - u (u + 1) / 2).

    With m, s above and m', s' below, the sum of t is m + s - s', and the values c and c + 1
    fill up the rest in one way if 0 <= r - (m + s - s') <= n - m - m', in none otherwise.  So the count is

        sum over T + T' in the window of G(m, s, T) G'(m', s', T'),  X <= s' <= X + n - m - m',

    with X = m + s - r, where the sums of G' over m' and s' for each n - m and X follow from one
    another.

    Examples
    --------
    Twelve answers on a scale from 1 to 5 with mean 1.2 and standard deviation 0.5 can only be nine 1s
    and three 2s; fifty with mean 4.7 and standard deviation 2.2 on one from 1 to 7 can be much else:

    >>> from netcore.printed import parse_printed
    >>> from netcore.stats.moments.multisets import multiset_questions
    >>> def number_of(mean, sd, number, high):
    ...     windows = [parse_printed(text).window() for text in (mean, sd)]
    ...     [question] = multiset_questions(*windows, number, 1, high, ddofs=(1,))
    ...     return count_multisets(question)
    >>> number_of("1.2", "0.5", 12, 5), number_of("4.7", "2.2", 50, 7)
    (1, 81020)
    """
    sums = question.centred()
    if not sums.targets:
        return 0
    sides = _sides(sums, budget)
    return None if sides is None else sum(choice.multisets for choice in _choices(sums, sides))


def draw_multisets(
    question: MultisetQuestion, random: Random, draws: int = 1, budget: int = _BUDGET
) -> tuple[tuple[int, ...], ...] | None:
    """Draw multisets of whole numbers with one of some pairs of sums, each with the same chance.

    Parameters
    ----------
    question : MultisetQuestion
        The number of values, the scale and the sums.
    random : Random
        The source of chance; with a seed the draws are the same each time.
    draws : int
        How many multisets are drawn, at least 1; the same one may be drawn twice.
    budget : int
        As for :func:`count_multisets`.

    Returns
    -------
    tuple of tuples of int, or None
        The draws, each in order and in steps; empty if there is none to draw; None if the
        count would exceed the budget.

    Raises
    ------
    ValueError
        If less than one draw is asked for.

    Notes
    -----
    All multisets are numbered, and the numbers are drawn.  From a number the values follow
    one by one, the furthest first.  The tables of the nearer distances, which that needs, are got back
    from the whole one by taking away what each distance had added, so that only one table is
    kept.

    Examples
    --------
    >>> question = MultisetQuestion(6, 1, 7, ((24, range(120, 122, 2)),))
    >>> count_multisets(question), draw_multisets(question, Random(1), 2)
    (3, ((2, 2, 2, 6, 6, 6), (1, 2, 4, 5, 5, 7)))
    """
    if draws < 1:
        raise ValueError(f"found {draws} draws, expected at least 1")
    sums = question.centred()
    if not sums.targets:
        return ()
    sides = _sides(sums, budget)
    if sides is None:
        return None
    choices = list(_choices(sums, sides))
    ends = list(accumulate(choice.multisets for choice in choices))
    if not ends:
        return ()
    rests, above, below = [], [], []
    for _ in range(draws):
        index = random.randrange(ends[-1])
        which = bisect_right(ends, index)
        index -= ends[which] - choices[which].multisets
        up, down = _split(sums, sides, choices[which], index)
        rests.append(sums.targets[choices[which].target][0])
        above.append(up)
        below.append(down)
    ups = _distances(sides.grid, sides.above, sums.above, above)
    downs = _distances(sides.grid, sides.below, sums.below, below)
    known = [question.low, question.high][: question.number - sums.number]
    multisets = []
    for rest, higher, lower in zip(rests, ups, downs, strict=True):
        values = [sums.centre + 1 + u for u in higher] + [sums.centre - u for u in lower]
        ones = rest - sum(higher) - len(higher) + sum(lower)
        values += [sums.centre + 1] * ones
        values += [sums.centre] * (sums.number - len(values))
        multisets.append(tuple(sorted(values + known)))
    return tuple(multisets)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Which coefficients matter: the least weight of m distances with a sum, and how many from there.

    Distances whose sum or weight the rest could not make up for are left out; what
    remains of each coefficient takes ``size`` bytes.
    """

    least: list[list[int]]
    keep: list[list[int]]
    size: int

    def shift(self, number: int, distance: int, added: int) -> int:
        """Return by how many places a polynomial moves when a distance is added to its sums."""
        before = self.least[number - 1][distance - added] + added * (added + 1) // 2
        return before - self.least[number][distance]

    def coefficient(self, table: _Table, number: int, distance: int, weight: int) -> int:
        """Return how many multisets of distances have a sum and a weight."""
        if number < 0 or distance not in table[number]:
            return 0
        place = weight - self.least[number][distance]
        if not 0 <= place < self.keep[number][distance]:
            return 0
        bits = 8 * self.size
        return table[number][distance] >> place * bits & ((1 << bits) - 1)

    def unpack(self, value: int, count: int) -> list[int]:
        """Return the first coefficients of a polynomial."""
        data = value.to_bytes(count * self.size, "little")
        if self.size in _WORDS:
            return list(struct.unpack(f"<{count}{_WORDS[self.size]}", data))
        ends = range(0, len(data), self.size)
        return [int.from_bytes(data[end : end + self.size], "little") for end in ends]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The tables of the values above and below the centre."""

    grid: _Grid
    above: _Table
    below: _Table


@dataclass(frozen=True, slots=True)
class _Choice:
    """Multisets with so many values above, at so much distance, and one of the targets."""

    above: int
    distance: int
    target: int
    multisets: int


def _least_weight(number: int, distance: int) -> int:
    """Return the least sum of u (u + 1) / 2 of whole numbers u >= 0 with a sum."""
    each, more = divmod(distance, number) if number else (0, 0)
    return number * (each * (each + 1) // 2) + more * (each + 1)


def _most_weight(number: int, distance: int, reach: int) -> int:
    """Return the greatest sum of u (u + 1) / 2 of whole numbers 1 <= u <= reach with a sum."""
    if not number or reach == 1:
        return distance
    furthest, rest = divmod(distance - number, reach - 1)
    if furthest == number:
        return number * (reach * (reach + 1) // 2)
    between = (rest + 1) * (rest + 2) // 2
    return furthest * (reach * (reach + 1) // 2) + between + number - furthest - 1


def _sides(sums: CentredSums, budget: int) -> _Sides | None:
    """Return the tables of both sides; None if they would cost too much."""
    grid = _grid(sums, budget)
    if grid is None:
        return None
    near, far = sorted((sums.above, sums.below))
    table: _Table = [{} for _ in grid.keep]
    table[0][0] = 1
    _extend(table, grid, range(1, near + 1))
    nearer = [dict(row) for row in table]
    _extend(table, grid, range(near + 1, far + 1))
    return _Sides(grid, table, nearer) if sums.above == far else _Sides(grid, nearer, table)


def _grid(sums: CentredSums, budget: int) -> _Grid | None:
    number, most, reach = sums.number, sums.most, max(sums.above, sums.below)
    highest = max(rest for rest, _ in sums.targets)
    lowest = min(rest for rest, _ in sums.targets)
    least: list[list[int]] = []
    keep: list[list[int]] = []
    for m in range(number + 1):
        least.append([])
        keep.append([])
        s = 0
        while (weight := _least_weight(m, s)) <= most and s <= m * reach:
            # Above the centre the others must bring the total back down, below it back up.
            others = min(
                _least_weight(number - m, max(s + m - highest, 0)) if m < number else 0,
                _least_weight(number - m, max(s + m - number + lowest, 0)) if m < number else 0,
            )
            last = min(most - others, _most_weight(m, s, reach)) if s >= m else -1
            least[m].append(weight)
            keep[m].append(max(last - weight + 1, 0))
            if keep[m][-1]:
                budget -= keep[m][-1] * (reach // _CHEAPER + len(sums.targets)) + most // 2
            budget -= 1
            s += 1
            if budget < 0:
                return None
    ways = [1] + [0] * most
    for u in range(1, reach + 1):
        for weight in range(u * (u + 1) // 2, most + 1):
            ways[weight] += ways[weight - u * (u + 1) // 2]
    # No coefficient, nor any sum of coefficients of one weight, is more than all ways to have it.
    size = (max(ways).bit_length() + 7) // 8
    return _Grid(least, keep, next((word for word in _WORDS if word >= size), size))


def _extend(table: _Table, grid: _Grid, distances: range) -> None:
    """Let the multisets of a table have further distances too, each any number of times."""
    bits = 8 * grid.size
    for u in distances:
        for m in range(1, len(table)):
            row, keep = table[m], grid.keep[m]
            for before, polynomial in table[m - 1].items():
                s = before + u
                if s >= len(keep) or (places := keep[s] - (shift := grid.shift(m, s, u))) <= 0:
                    continue
                if polynomial.bit_length() > places * bits:
                    polynomial &= (1 << places * bits) - 1
                row[s] = row.get(s, 0) + (polynomial << shift * bits)


def _reduce(table: _Table, grid: _Grid, u: int) -> None:
    """Take a distance, the furthest of all, out of the multisets of a table."""
    bits = 8 * grid.size
    for m in range(len(table) - 1, 0, -1):
        row, keep = table[m], grid.keep[m]
        for before, polynomial in table[m - 1].items():
            s = before + u
            if s >= len(keep) or (places := keep[s] - (shift := grid.shift(m, s, u))) <= 0:
                continue
            row[s] -= (polynomial & ((1 << places * bits) - 1)) << shift * bits


def _choices(sums: CentredSums, sides: _Sides) -> Iterator[_Choice]:
    """Yield how many multisets there are for each choice of number and distance above."""
    number, most, grid = sums.number, sums.most, sides.grid
    bits = 8 * grid.size
    # Of each X: the polynomials below with X <= s' <= X + n - m - m', and with s' = X.
    region: dict[int, int] = {}
    row: dict[int, int] = defaultdict(int)
    longest = max(len(weights) for _, weights in sums.targets)
    padding = [0] * (most + longest + 1)
    for free in range(number + 1):
        for s, polynomial in sides.below[free].items():
            row[s] += polynomial << grid.least[free][s] * bits
        region = {x - 1: polynomial for x, polynomial in region.items() if x > -number - most}
        for s, polynomial in row.items():
            region[s] = region.get(s, 0) + polynomial
        m = number - free
        wanted = defaultdict(list)
        for s, polynomial in sides.above[m].items():
            if polynomial:
                backwards = grid.unpack(polynomial, -(-polynomial.bit_length() // bits))[::-1]
                for target, (rest, _) in enumerate(sums.targets):
                    if m + s - rest in region:
                        wanted[m + s - rest].append((s, target, backwards))
        for x, asked in wanted.items():
            ways = padding + list(accumulate(grid.unpack(region[x], most + 1)))
            for s, target, backwards in asked:
                weights = sums.targets[target][1]
                # The last and the first place below that complete the weight of `backwards`.
                end = len(padding) + weights[-1] - grid.least[m][s] + 1
                start = end - len(backwards)
                width = len(weights)
                fitting = map(sub, ways[start:end], ways[start - width : end - width])
                found = sum(map(mul, backwards, fitting))
                if found:
                    yield _Choice(m, s, target, found)


def _split(
    sums: CentredSums, sides: _Sides, choice: _Choice, index: int
) -> tuple[_Numbered, _Numbered]:
    """Return which multisets above and below make up one of a choice."""
    grid, m, s = sides.grid, choice.above, choice.distance
    rest, weights = sums.targets[choice.target]
    x, free = m + s - rest, sums.number - m
    places = [
        (m_below, s_below)
        for m_below in range(free + 1)
        for s_below in range(max(x, 0), x + free - m_below + 1)
        if s_below in sides.below[m_below]
    ]
    region = 0
    for m_below, s_below in places:
        polynomial = sides.below[m_below][s_below]
        region += polynomial << 8 * grid.size * grid.least[m_below][s_below]
    up_to = [0, *accumulate(grid.unpack(region, sums.most + 1))]
    for weight in range(grid.least[m][s], min(weights[-1], sums.most) + 1):
        ways = grid.coefficient(sides.above, m, s, weight)
        together = up_to[weights[-1] - weight + 1] - up_to[max(weights[0] - weight, 0)]
        if index >= ways * together:
            index -= ways * together
            continue
        which, index = divmod(index, together)
        for m_below, s_below in places:
            for total in weights:
                ways = grid.coefficient(sides.below, m_below, s_below, total - weight)
                if index < ways:
                    return (
                        _Numbered(m, s, weight, which),
                        _Numbered(m_below, s_below, total - weight, index),
                    )
                index -= ways
    raise AssertionError("an index beyond the number of multisets")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """One of the multisets of so many distances with a sum and a weight, by its number."""

    number: int
    distance: int
    weight: int
    index: int


def _distances(grid: _Grid, table: _Table, reach: int, wanted: list[_Numbered]) -> list[list[int]]:
    """Return the distances of numbered multisets."""
    table = [dict(row) for row in table[: max(one.number for one in wanted) + 1]]
    states = [(one.number, one.distance, one.weight, one.index) for one in wanted]
    found: list[list[int]] = [[] for _ in wanted]
    for u in range(reach, 0, -1):
        for place, (m, s, weight, index) in enumerate(states):
            # Those with a further distance u come first.
            while True:
                state = (m - 1, s - u, weight - u * (u + 1) // 2)
                ways = grid.coefficient(table, *state)
                if index >= ways:
                    index -= ways
                    break
                m, s, weight = state
                found[place].append(u)
            states[place] = (m, s, weight, index)
        if u > 1:
            _reduce(table, grid, u)
    return found
