"""Plain answers to what `netcore.stats.moments` answers fast; nothing of netcore is imported.

`has_no_data` is what a stand-alone checker of a refutation needs: it derives the sums from the
windows by itself and runs through all sums that values of the scale can have.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from math import ceil, floor


def sums_asked(
    mean: tuple[Fraction, Fraction], sd: tuple[Fraction, Fraction], number: int, ddof: int
) -> Iterator[tuple[int, int, int]]:
    """Yield each total with the first and last sum of squares inside closed windows, in steps."""
    for total in range(ceil(mean[0] * number), floor(mean[1] * number) + 1):
        low, high = ((number - ddof) * max(end, Fraction(0)) ** 2 for end in sd)
        yield (
            total,
            ceil(low + Fraction(total**2, number)),
            floor(high + Fraction(total**2, number)),
        )


def has_no_data(
    mean: tuple[Fraction, Fraction],
    sd: tuple[Fraction, Fraction],
    number: int,
    low: int,
    high: int,
    ddofs: tuple[int, ...] = (1, 0),
    attained: bool = False,
) -> bool:
    """Return whether no such numbers from low to high have such a mean and deviation."""
    asked = [sums for ddof in ddofs if ddof < number for sums in sums_asked(mean, sd, number, ddof)]
    known = sorted({low, high}) if attained else []
    free, base = number - len(known), sum(value**2 for value in known)
    centre = floor(mean[0])
    # Sums of (value - centre) and of its square, over the free values.
    goals = [
        (
            total - sum(known) - free * centre,
            *(q - base - 2 * centre * (total - sum(known)) + free * centre**2 for q in ends),
        )
        for total, *ends in asked
    ]
    most = max((last for _, _, last in goals), default=-1)
    if free < 0 or most < 0:
        return True
    reached: list[dict[int, int]] = [{0: 1}] + [{} for _ in range(free)]
    for t in range(low - centre, high - centre + 1):
        for count in range(1, free + 1):
            for total, squares in reached[count - 1].items():
                if grown := (squares << t * t) & ((2 << most) - 1):
                    reached[count][total + t] = reached[count].get(total + t, 0) | grown
    return not any(
        reached[free].get(total, 0) >> q & 1
        for total, first, last in goals
        for q in range(max(first, 0), last + 1)
    )


def every_multiset(number: int, low: int, high: int) -> list[tuple[int, ...]]:
    """Return all multisets of a scale."""
    return list(combinations_with_replacement(range(low, high + 1), number))


def has_moments(
    values: tuple[int, ...],
    mean: tuple[Fraction, Fraction],
    sd: tuple[Fraction, Fraction],
    ddofs: tuple[int, ...] = (1, 0),
) -> bool:
    """Return whether values have a mean and a standard deviation in closed windows."""
    average = Fraction(sum(values), len(values))
    squares = sum((value - average) ** 2 for value in values)
    return mean[0] <= average <= mean[1] and any(
        max(sd[0], Fraction(0)) ** 2 <= squares / (len(values) - ddof) <= sd[1] ** 2
        for ddof in ddofs
        if ddof < len(values) and sd[1] >= 0
    )
