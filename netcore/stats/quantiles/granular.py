"""Granular values with printed quantiles: every value is a multiple of a step.

Between neighbours that both enter a quantile, not every multiple is possible for the
second one, so what can be reached along the chain is a set, kept as the bits of an integer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from netcore.stats.quantiles.inequalities import Inequality

__all__ = ["DEFAULT_BUDGET", "BudgetEndedError", "Enumeration", "granular_values"]

DEFAULT_BUDGET: Final = 50_000
"""Steps that a search may take before it ends undecided."""
_ROUNDS: Final = 20  # of tightening bounds; each is sound, more would only be tighter
_MARGIN: Final = 64  # steps to try beyond the last finite bound where there is none


class BudgetEndedError(Exception):
    """The values that can be reached are too many, or their bounds are not finite."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """All values that are possible along the chain, until there is none.

    Parameters
    ----------
    reached : tuple of (int, tuple of (Fraction, Fraction))
        Number of each value that enters a quantile, with the first and the last of each run
        of multiples that it can be, given the values before it.  The last has no run.
    """

    reached: tuple[tuple[int, tuple[tuple[Fraction, Fraction], ...]], ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """A whole-numbered inequality: of_x x + of_y y ≥ bound, in steps."""

    of_x: int
    of_y: int
    bound: int


def granular_values(
    critical: Sequence[int],
    premises: Sequence[Inequality],
    step: Fraction,
    budget: int = DEFAULT_BUDGET,
) -> tuple[Fraction, ...] | Enumeration:
    """Find ascending multiples of a step that satisfy inequalities, or show that there are none.

    Parameters
    ----------
    critical : sequence of int
        Numbers of the values that enter a quantile, ascending.
    premises : sequence of Inequality
        Inequalities in one of these values, or in two with consecutive numbers.
    step : Fraction
        Every value is a multiple of it.
    budget : int
        How many values may be tried.

    Returns
    -------
    tuple of Fraction or Enumeration
        A value for each number, or all that can be reached until nothing can.

    Raises
    ------
    BudgetEndedError
        If there are more values to try, or values without bounds were cut off.

    Examples
    --------
    Two whole numbers x ≤ y, of which 3/4 x + 1/4 y is 9/4 and y at least 4.

    >>> quarter = Fraction(1, 4)
    >>> premises = [
    ...     Inequality(((1, 3 * quarter), (2, quarter)), 9 * quarter, False, quarter),
    ...     Inequality(((1, -3 * quarter), (2, -quarter)), -9 * quarter, False, quarter),
    ...     Inequality(((1, Fraction(1)),), Fraction(0), False, None),
    ...     Inequality(((2, Fraction(1)),), Fraction(4), False, None),
    ... ]
    >>> [int(value) for value in granular_values([1, 2], premises, Fraction(1))]
    [0, 9]
    """
    links = _links(critical, premises, step)
    lows, highs, is_cut = _bounds(critical, premises, links, step)
    if sum(max(high - low + 1, 0) for low, high in zip(lows, highs, strict=True)) > budget:
        raise BudgetEndedError
    reached: list[int] = []  # bit k stands for the multiple low + k
    left = budget
    for place, (low, high) in enumerate(zip(lows, highs, strict=True)):
        everything = (1 << max(high - low + 1, 0)) - 1
        if not place:
            reached.append(everything)
        elif not links[place]:
            least = lows[place - 1] + _first(reached[-1])
            reached.append(everything >> max(least - low, 0) << max(least - low, 0))
        else:
            left -= reached[-1].bit_count()
            if left < 0:
                raise BudgetEndedError
            following = 0
            for x in _members(reached[-1], lows[place - 1]):
                first, last = _range_of_next(x, links[place], low, high)
                if first <= last:
                    following |= ((1 << (last - first + 1)) - 1) << (first - low)
            reached.append(following)
        if not reached[-1]:
            if is_cut:
                raise BudgetEndedError
            runs = (
                tuple(_runs(bits, base, step)) for bits, base in zip(reached, lows, strict=False)
            )
            return Enumeration(tuple(zip(critical, runs, strict=False)))
    chosen = [_middle(list(_members(reached[-1], lows[-1])))]
    for place in range(len(critical) - 1, 0, -1):
        y = chosen[-1]
        before = [
            x
            for x in _members(reached[place - 1], lows[place - 1])
            if x <= y and all(one.of_x * x + one.of_y * y >= one.bound for one in links[place])
        ]
        chosen.append(_middle(before))
    return tuple(value * step for value in reversed(chosen))


def _links(
    critical: Sequence[int], premises: Sequence[Inequality], step: Fraction
) -> list[list[_Link]]:
    """Return the inequalities between each value and the one before it, in steps."""
    links: list[list[_Link]] = [[] for _ in critical]
    place_of = {index: place for place, index in enumerate(critical)}
    for one in premises:
        if len(one.terms) == 2:
            (_, of_x), (index, of_y) = one.terms
            scale = lcm(of_x.denominator, of_y.denominator)
            bound = one.bound * scale / step
            least = floor(bound) + 1 if one.is_strict else ceil(bound)
            links[place_of[index]].append(_Link(int(of_x * scale), int(of_y * scale), least))
    return links


def _bounds(
    critical: Sequence[int],
    premises: Sequence[Inequality],
    links: Sequence[Sequence[_Link]],
    step: Fraction,
) -> tuple[list[int], list[int], bool]:
    """Return finite bounds of each value in steps, and whether values were cut off for it."""
    lows: list[int | None] = [None] * len(critical)
    highs: list[int | None] = [None] * len(critical)
    for one in premises:
        if len(one.terms) == 1:
            index, factor = one.terms[0]
            place = critical.index(index)
            bound = one.bound / factor / step
            if factor > 0:
                lows[place] = _greatest(
                    lows[place], floor(bound) + 1 if one.is_strict else ceil(bound)
                )
            else:
                highs[place] = _least(
                    highs[place], ceil(bound) - 1 if one.is_strict else floor(bound)
                )
    for _ in range(_ROUNDS):
        before = (list(lows), list(highs))
        for place in range(1, len(critical)):
            lows[place] = _greatest(lows[place], lows[place - 1])
            highs[-place - 1] = _least(highs[-place - 1], highs[-place])
        for place, of_place in enumerate(links):
            for link in of_place:
                _tighten(link, place, lows, highs)
        if before == (lows, highs):
            break
    ends = [end for end in (*lows, *highs) if end is not None] or [0]
    is_cut = None in lows or None in highs
    margin = max(ends) - min(ends) + _MARGIN
    if len(premises) == sum(map(len, links)) and len(critical) == 2 and len(premises) <= 2:
        # One quantile alone, c = of_x + of_y: moving x up by of_y steps and y down by of_x keeps
        # the weighted sum, so if some x ≤ y have it, then some that are less than c steps apart.
        margin, is_cut = max(abs(one.of_x + one.of_y) for one in links[1]), False
    return (
        [min(ends) - margin if low is None else low for low in lows],
        [max(ends) + margin if high is None else high for high in highs],
        is_cut,
    )


def _tighten(one: _Link, place: int, lows: list[int | None], highs: list[int | None]) -> None:
    """Bound x and y by an inequality between them, its other side and x ≤ y."""
    if one.of_x > 0:  # a mean is at least a bound, so the greater of two values is
        lows[place] = _greatest(lows[place], -(-one.bound // (one.of_x + one.of_y)))
        if (greatest := highs[place]) is not None:
            least = -(-(one.bound - one.of_y * greatest) // one.of_x)
            lows[place - 1] = _greatest(lows[place - 1], least)
    else:  # a mean is at most a bound, so the lesser of two values is
        highs[place - 1] = _least(highs[place - 1], one.bound // (one.of_x + one.of_y))
        if (lowest := lows[place - 1]) is not None:
            most = (one.bound - one.of_x * lowest) // one.of_y
            highs[place] = _least(highs[place], most)


def _greatest(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _range_of_next(x: int, links: Sequence[_Link], low: int, high: int) -> tuple[int, int]:
    """Return the first and the last y that inequalities and x ≤ y allow."""
    first, last = max(low, x), high
    for one in links:
        rest = one.bound - one.of_x * x
        if one.of_y > 0:
            first = max(first, -(-rest // one.of_y))
        else:
            last = min(last, rest // one.of_y)
    return first, last


def _first(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _members(bits: int, base: int) -> Iterator[int]:
    while bits:
        yield base + _first(bits)
        bits &= bits - 1


def _runs(bits: int, base: int, step: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the first and the last of consecutive members."""
    while bits:
        start = _first(bits)
        length = _first(~(bits >> start))
        yield (base + start) * step, (base + start + length - 1) * step
        bits = bits >> (start + length) << (start + length)


def _middle(members: Sequence[int]) -> int:
    return members[len(members) // 2]
