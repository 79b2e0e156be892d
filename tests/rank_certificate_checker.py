"""A replay of exclusions by a checker that shares nothing with them: standard library alone.

It starts from windows, sizes and a p-value, and covers all flavours but those given the ties:
every pair of sizes, every definition of quantiles, ties or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

Windows = Sequence[tuple[Fraction, Fraction, Fraction]]  # share of values below, least, greatest


def boxes(
    windows: Windows, number: int, low: Fraction | None
) -> list[list[Fraction | None]] | None:
    """Return least and greatest values in order: x_i <= Q <= x_j by any definition."""
    lows: list[Fraction | None] = [low] * number
    highs: list[Fraction | None] = [None] * number
    for share, least, greatest in windows:
        i = min(max(floor(number * share), 1), number)
        j = min(ceil(number * share + max(share, 1 - share)), number)
        if share in (0, 1):
            i = j = 1 if share == 0 else number
        for k in range(j - 1, number):
            lows[k] = least if lows[k] is None else max(lows[k], least)  # type: ignore[type-var]
        for k in range(i):
            highs[k] = greatest if highs[k] is None else min(highs[k], greatest)  # type: ignore[type-var]
    for a, b in zip(lows, highs, strict=True):
        if a is not None and b is not None and a > b:
            return None
    return [lows, highs]


def doubled_u(tops: Sequence[Fraction | None], bottoms: Sequence[Fraction | None]) -> int:
    """Return the most of 2 U, an equal pair counting 1."""
    return sum(2 if a is None or b is None or a > b else int(a == b) for a in tops for b in bottoms)


def most_ties(lows: Sequence[Fraction | None], highs: Sequence[Fraction | None]) -> int:
    """Bound the sum of t^3 - t: the i-th to j-th of all are equal only if low_j <= high_i."""
    lows = sorted(lows, key=lambda v: (v is not None, v or 0))
    highs = sorted(highs, key=lambda v: (v is None, v or 0))
    best = [0] * (len(highs) + 1)
    for i, high in enumerate(highs):
        for j in range(i, len(highs)):
            low = lows[j]
            if low is not None and high is not None and low > high:
                break
            size = j + 1 - i
            best[j + 1] = max(best[j + 1], best[i] + size**3 - size)
    return best[-1]


@lru_cache(maxsize=2_000)
def counts(n1: int, n2: int) -> tuple[int, ...]:
    """Return how many arrangements have U = 0, 1, ...: the greatest value is an x or a y."""
    if not n1 or not n2:
        return (1,)
    found = [0] * (n1 * n2 + 1)
    for u, ways in enumerate(counts(n1 - 1, n2)):
        found[u + n2] += ways
    for u, ways in enumerate(counts(n1, n2 - 1)):
        found[u] += ways
    return tuple(found)


def tail_exceeds(square: Fraction, p: Fraction) -> bool:
    """Return whether P(|Z| >= sqrt(square)) > p for certain: 1 - erf by its power series."""
    # erf(sqrt(s/2))^2 = (2 s / pi) (sum (-s/2)^k / (k! (2k+1)))^2; terms alternate and shrink.
    total, term, k = Fraction(0), Fraction(1), 0
    while term / (2 * k + 1) > Fraction(1, 10**20) or k < square:
        total += (-1) ** k * term / (2 * k + 1)
        k += 1
        term = term * square / 2 / k
    total += term / (2 * k + 1)  # from above
    return 2 * square / Fraction(314159265, 10**8) * total**2 < (1 - p) ** 2


def replay(
    x: Windows, y: Windows, sizes: tuple[int, int], low: Fraction | None, p: Fraction, z: Fraction
) -> int:
    """Refuse if some p-value, of whichever flavour, can be as small as p; return the pairs."""
    assert tail_exceeds(z, 2 * p)  # one side of a normal tail, and so of a heavier one of Student
    for n1 in range(1, sizes[0] + 1):
        for n2 in range(1, sizes[1] + 1):
            one, other = boxes(x, n1, low), boxes(y, n2, low)
            if one is None or other is None:
                continue
            everything = (n1 + n2) ** 3 - (n1 + n2)
            ties = most_ties([*one[0], *other[0]], [*one[1], *other[1]])
            ways = counts(n1, n2)
            for most in (doubled_u(one[1], other[0]), doubled_u(other[1], one[0])):
                away = Fraction(most, 2) - Fraction(n1 * n2, 2)
                assert sum(ways[ceil(Fraction(most, 2)) :]) > p * sum(ways)
                if away > 0:
                    variance = Fraction(n1 * n2 * (n1 + n2 + 1), 12)
                    assert ties < everything
                    assert away**2 / (variance * (1 - Fraction(ties, everything))) <= z
    return sizes[0] * sizes[1]
