"""A lower bound of the exact p-value given ties, over all data in boxes.

The exact test given the ties has another null distribution for each pattern of
ties, of which there are too many to list.  A search splits them until the least
p-value that a part can have is large enough, or its budget is spent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate
from math import comb
from typing import Final, NamedTuple

from netcore.printed import Interval
from netcore.stats.ranks.corners import corner_codes
from netcore.stats.ranks.extreme_orders import Codes
from netcore.stats.ranks.null_distributions import tied_mann_whitney_counts

__all__ = ["ConditionalBound", "Part", "least_conditional_p"]

_SCALE: Final = 1 << 64
_RULES: Final = ("doubled", "distance", "less", "greater")


# From a number of x below to numbers of x below and with, with what is added to 2 U.
_Ways = dict[int, dict[int, int]]


class Part(NamedTuple):
    """Neighbours among all values.

    Parameters
    ----------
    size : int
        How many they are.
    is_open : bool
        Whether any of them may be tied with one another; if not, all are.
    """

    size: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class ConditionalBound:
    """What is known of the least exact p-value given the ties.

    Parameters
    ----------
    low : Fraction
        No data in the boxes have a smaller p-value.
    parts : tuple of tuple of Part
        The certificate: patterns of ties that together cover all; the bound of
        each of them is ``low`` or more.
    examined : int
        How many patterns were bounded in the search.
    is_exact : bool
        Whether data in the boxes have this p-value.
    is_complete : bool
        Whether the search reached what it was asked for, or ended on its budget.
    """

    low: Fraction
    parts: tuple[tuple[Part, ...], ...]
    examined: int
    is_exact: bool
    is_complete: bool


class _Problem:
    """Which orders with ties the boxes allow, and how large or small U can be with some ties.

    The state of an order from below is how many values of x and of all have come.  The next
    tied group has a value between the greatest bottom and the least top of its members, which
    is above all bottoms before it.  Groups for which that holds have ascending values.
    """

    def __init__(self, x: Codes, y: Codes):
        (x_tops, x_bottoms), (y_tops, y_bottoms) = x, y
        self.n1, self.n2 = len(x_tops), len(y_tops)
        self.total = self.n1 + self.n2
        # Before the first and after the last value there is no end.
        beyond = max(*x_tops, *y_tops, *x_bottoms, *y_bottoms) + 1
        self._x_tops, self._y_tops = (*x_tops, beyond), (*y_tops, beyond)
        self._x_bottoms, self._y_bottoms = (0, *x_bottoms), (0, *y_bottoms)
        self._ways: dict[tuple[bool, int, Part], _Ways] = {}

    def as_extreme(self, highest: bool) -> int:
        """Count the orders in which no x is lower (higher) than it may be at most (least)."""
        # In the highest order x_i is above all y_j whose bottom is not above its top.
        if highest:
            below = [sum(b <= top for b in self._y_bottoms[1:]) for top in self._x_tops[:-1]]
        else:
            below = [sum(b <= top for top in self._y_tops[:-1]) for b in self._x_bottoms[:0:-1]]
        # Numbers of y below each x, ascending and at least as many: paths above a path.
        ways = [1] * (self.n2 + 1)
        for k, least in enumerate(below):
            kept = [number if at >= least else 0 for at, number in enumerate(ways)]
            ways = list(accumulate(kept)) if k + 1 < self.n1 else kept
        return sum(ways)

    def ways(self, greatest: bool, start: int, part: Part) -> _Ways:
        """Return from how many x to how many x a part can lead, and the most (least) of 2 U."""
        key = (greatest and part.is_open, start, part)  # of one tied group there is one sum
        if key not in self._ways:
            if not part.is_open:
                self._ways[key] = self._tied(start, part.size)
            else:
                # The shorter ends of the part come first, so that the calls do not nest.
                for size in range(2, part.size + 1):
                    shorter = (greatest, start + part.size - size, Part(size, True))
                    if shorter not in self._ways:
                        self._ways[shorter] = self._opened(*shorter[:2], size)
        return self._ways[key]

    def _tied(self, start: int, size: int) -> _Ways:
        found: _Ways = {}
        for i in range(max(0, start - self.n2), min(start, self.n1) + 1):
            j = start - i
            below = max(self._x_bottoms[i], self._y_bottoms[j])
            # The values of each sample whose bottoms are not above the top of the group.
            x_high, y_high = self._x_tops[i], self._y_tops[j]
            high = min(x_high, y_high)
            reached: dict[int, int] = {}
            if size <= self.n2 - j and y_high > below and self._y_bottoms[j + size] <= y_high:
                reached[i] = 0
            if high > below:
                most_x = min(bisect_right(self._x_bottoms, high) - 1 - i, size - 1)
                most_y = min(bisect_right(self._y_bottoms, high) - 1 - j, size - 1)
                for of_x in range(max(1, size - most_y), most_x + 1):
                    reached[i + of_x] = of_x * (2 * j + size - of_x)
            if size <= self.n1 - i and x_high > below and self._x_bottoms[i + size] <= x_high:
                reached[i + size] = size * 2 * j
            if reached:
                found[i] = reached
        return found

    def _opened(self, greatest: bool, start: int, size: int) -> _Ways:
        found: _Ways = {}
        for first in range(1, size + 1):
            tied = self.ways(greatest, start, Part(first, False))
            if not tied:
                break  # then more values cannot be tied either
            rest = size - first
            then = self.ways(greatest, start + first, Part(rest, rest > 1)) if rest else None
            for i, reached in tied.items():
                best = found.setdefault(i, {})
                for number, sum_ in (
                    _follow(reached, then, greatest) if then is not None else reached
                ).items():
                    if number not in best or (sum_ > best[number]) == greatest:
                        best[number] = sum_
        return found

    def extreme(self, greatest: bool, parts: Sequence[Part]) -> int | None:
        """Return the most (least) of 2 U with ties as in some parts; None if no data have them."""
        reached, start = {0: 0}, 0
        for part in parts:
            reached = _follow(reached, self.ways(greatest, start, part), greatest)
            start += part.size
        return reached.get(self.n1)

    def split(self, parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
        """Yield patterns that together cover one: what happens in the middle of a part."""
        place = max(range(len(parts)), key=lambda k: (parts[k].is_open, parts[k].size))
        start = sum(part.size for part in parts[:place])
        before, size, after = parts[:place], parts[place].size, parts[place + 1 :]
        middle = size // 2
        yield (*before, *_open(middle), *_open(size - middle), *after)
        for first in range(middle):
            for last in range(middle + 1, size + 1):
                tied = Part(last - first, False)
                if self.ways(True, start + first, tied):
                    yield (*before, *_open(first), tied, *_open(size - last), *after)


def _follow(reached: Mapping[int, int], ways: _Ways, greatest: bool) -> dict[int, int]:
    """Return what can be reached by a further part, with the most (least) of the sums."""
    found: dict[int, int] = {}
    for i, sum_ in reached.items():
        for number, more in ways.get(i, {}).items():
            if number not in found or (sum_ + more > found[number]) == greatest:
                found[number] = sum_ + more
    return found


def _open(size: int) -> tuple[Part, ...]:
    return (Part(size, size > 1),) if size else ()


@lru_cache(maxsize=4)  # both sides of a test, and several rules, are asked one after the other
def _problem(x: Codes, y: Codes) -> _Problem:
    return _Problem(x, y)


@lru_cache(maxsize=4_096)
def _weights(spread: int, farthest: int) -> tuple[int, ...]:
    """Return scaled lower bounds of the share that stays beyond a threshold, by distance."""
    return tuple(
        3 * distance**2 * _SCALE // (3 * distance**2 + spread) for distance in range(farthest)
    )


def _beyond(counts: Sequence[int], threshold: int, spread: int, farthest: int) -> Fraction:
    """Bound from below how many choices give 2 U the threshold or more, if parts were opened."""
    total, last = counts[-1], len(counts) - 1
    sure = max(threshold + farthest, 0)
    number = Fraction(total - (counts[sure - 1] if sure else 0) if sure <= last else 0)
    near = 0
    for distance, weight in enumerate(_weights(spread, farthest)):
        at = threshold + distance
        if 0 <= at <= last:
            near += weight * (counts[at] - (counts[at - 1] if at else 0))
    return number + near // _SCALE


def _mirrored(counts: Sequence[int]) -> list[int]:
    """Return the cumulated counts of 2 U counted from its other end."""
    total = counts[-1]
    return [total - count for count in reversed(counts[:-1])] + [total]


def _bound(problem: _Problem, parts: tuple[Part, ...], rule: str) -> Fraction | None:
    """Bound the p-value from below for data with ties as in some parts; None if there are none."""
    upper = problem.extreme(True, parts) if rule != "less" else None
    lower = problem.extreme(False, parts) if rule != "greater" else None
    if upper is None and lower is None:
        return None
    counts = tied_mann_whitney_counts(problem.n1, tuple(part.size for part in parts))
    spread = farthest = 0
    for part in parts:
        if part.is_open:
            of_x = min(max(part.size // 2, part.size - problem.n2), problem.n1)
            product = of_x * (part.size - of_x)
            farthest += product
            spread += product * (part.size + 1)
    return _by_rule(counts, rule, upper, lower, spread, farthest)


def _by_rule(
    counts: Sequence[int],
    rule: str,
    upper: int | None,
    lower: int | None,
    spread: int,
    farthest: int,
) -> Fraction:
    total, last = counts[-1], len(counts) - 1
    if rule == "distance" and upper is not None and lower is not None:
        excess = max(2 * upper - last, last - 2 * lower)
        if excess <= 0:
            return Fraction(1)
        upper, lower = (last + excess) // 2, (last - excess) // 2  # an excess is even, as last is
    above = None if upper is None else _beyond(counts, upper, spread, farthest)
    below = None if lower is None else _beyond(_mirrored(counts), last - lower, spread, farthest)
    if above is None or below is None:
        return (above or below or Fraction(0)) / total
    if rule == "doubled":
        return min(Fraction(1), 2 * min(above, below) / total)
    return min(Fraction(1), (above + below) / total)


def _least_of_all(problem: _Problem, rule: str) -> Fraction:
    """Bound the p-value by the orders that are as extreme whatever is tied."""
    above, below = problem.as_extreme(True), problem.as_extreme(False)
    number = {"greater": above, "less": below}.get(rule, min(above, below))
    sides = 2 if rule == "doubled" else 1
    return min(Fraction(1), Fraction(number * sides, comb(problem.total, problem.n1)))


def least_conditional_p(
    x: Sequence[Interval],
    y: Sequence[Interval],
    rule: str = "doubled",
    *,
    enough: Fraction = Fraction(1),
    budget: int = 2_000,
) -> ConditionalBound:
    """Bound from below the exact p-value given the ties of all data in boxes.

    Parameters
    ----------
    x, y : sequence of Interval
        Where the least value of each sample lies, the next one, and so on.
    rule : str
        ``doubled`` or ``distance`` (two-sided), ``less`` or ``greater``.
    enough : Fraction
        Stop once the bound is so large, as where a smaller p-value is printed.
    budget : int
        How many patterns of ties to examine at most, but for the last splitting.

    Returns
    -------
    ConditionalBound
        The bound and the patterns that prove it.

    Raises
    ------
    ValueError
        If no data lie in the boxes or the rule is unknown.

    Notes
    -----
    A pattern leaves open how some parts of neighbours are tied.  Let U_0 be the
    statistic with each part tied as a whole, and k the numbers of x in the
    parts.  Whatever the groups g inside, given k the difference U_g - U_0 has
    mean 0, a variance of at most s^2 = sum of k (t - k)(t + 1) / 12 (without
    ties; ties make it smaller), and is at least -d = -sum of k (t - k) / 2.
    With a = U_0 - u, Cantelli's inequality gives

        P_g(U >= u) >= sum over U_0 of P(U_0) a^2 / (a^2 + s^2) for 0 <= a < d,
                       and 1 in place of the quotient for a >= d,

    with u the largest U of data with such ties, by a longest path over the
    groups that the boxes allow (the smallest for the other side).  Where no
    part is open the bound is the smallest p-value of data with these ties.  A
    part is split by what happens in its middle: a cut, or one of the groups
    across it; the pattern with the smallest bound is split first.

    Quartiles of 15 and 19 values exclude a p-value ten times too small after
    some 50 patterns, in 0.1 s; those of 60 and 60 take 0.02 s a pattern, and
    many more of them.

    References
    ----------
    Cantelli FP (1928). Sui confini della probabilità. Atti del Congresso
    Internazionale dei Matematici, Bologna, 6:47-60.

    Examples
    --------
    >>> low, high = Interval(Fraction(0), Fraction(2)), Interval(Fraction(3), Fraction(5))
    >>> least_conditional_p([high] * 3, [low] * 4).low
    Fraction(2, 35)
    """
    if rule not in _RULES:
        raise ValueError(f"found {rule}, expected one of {', '.join(_RULES)}")
    problem = _problem(*corner_codes([x, y]))
    floor = _least_of_all(problem, rule)
    whole = _open(problem.total)
    queue = [(max(floor, _bound(problem, whole, rule) or floor), whole)]
    examined = 1
    is_exact = False
    while queue[0][0] < enough and examined < budget:
        bound, parts = queue[0]
        if not any(part.is_open for part in parts):
            is_exact = True
            break
        heappop(queue)
        for finer in problem.split(parts):
            found = _bound(problem, finer, rule)
            examined += 1
            if found is not None:
                # What holds of a pattern holds of those that it is split into.
                heappush(queue, (max(bound, found), finer))
    low = queue[0][0]
    return ConditionalBound(
        low, tuple(parts for _, parts in queue), examined, is_exact, is_exact or low >= enough
    )
