"""Values made to order: with printed quantiles, a printed mean and a printed spread.

What is made is checked exactly; that nothing was made proves nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt, sqrt
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import defines, quantile_form

__all__ = ["Constructed", "constructed_values", "has_summaries"]

_DEFINITIONS: Final = ("type7", "type2", "type6", "type1")
_TOTALS: Final = 5
_MOVES: Final = 200
_APART: Final = 12  # parts of the grid between two values beside a quantile
_PARTS: Final = 20  # of the narrowest window: how finely continuous values are written


@dataclass(frozen=True, slots=True)
class Constructed:
    """Values that have all summaries that were asked for.

    Parameters
    ----------
    values : tuple of Fraction
        In ascending order.
    definition : str
        How their quantiles are defined.
    """

    values: tuple[Fraction, ...]
    definition: str


def has_summaries(
    values: Sequence[Fraction],
    definition: str,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval,
    squares: Interval,
) -> bool:
    """Tell whether values have some summaries, exactly.

    Parameters
    ----------
    values : sequence of Fraction
        In ascending order, at least one.
    definition : str
        How quantiles are defined.
    quantiles : Mapping of Fraction to Interval
        Shares with the numbers that print as the quantile.
    mean, squares : Interval
        Where the mean and the sum of squares about it must lie.

    Returns
    -------
    bool
        Whether all of them lie in their windows.

    Examples
    --------
    >>> values = [Fraction(value) for value in (1, 2, 6)]
    >>> median = {Fraction(1, 2): Interval.point(2)}
    >>> has_summaries(values, "type7", median, Interval.point(3), Interval.point(14))
    True
    """
    number = len(values)
    middle = sum(values, Fraction(0)) / number
    if middle not in mean or sum((x - middle) ** 2 for x in values) not in squares:
        return False
    for share, window in quantiles.items():
        form = quantile_form(definition, share, number)
        j, g = form.index, form.weight
        if (1 - g) * values[j - 1] + (g * values[j] if g else 0) not in window:
            return False
    return True


def constructed_values(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval,
    squares: Interval = EVERYTHING,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
) -> Constructed | None:
    """Construct values with given quantiles, mean and squares about the mean.

    Parameters
    ----------
    number : int
        How many values to make.
    quantiles : Mapping of Fraction to Interval
        Shares with the numbers that print as the quantile.
    mean : Interval
        The printed mean, with two ends.
    squares : Interval
        Sums of squares about the mean that print as the spread.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it; continuous values are made with a few decimals
        more than the summaries.

    Returns
    -------
    Constructed or None
        None if the construction fails, which does not prove that there are none.

    Raises
    ------
    ValueError
        If there is no value or the mean has no two ends.

    Notes
    -----
    The quantiles fix some of the ordered values and bound the others.  For a total,
    the values as near together as possible and those as far apart as possible
    are the ends of a way along which the squares rise; the point of the way with the
    squares wanted is written on the grid, and then mended by moving pairs of values
    towards or away from each other.

    Examples
    --------
    >>> ends = {Fraction(0): Interval.point(1), Fraction(1): Interval.point(5)}
    >>> found = constructed_values(
    ...     5, ends, Interval.point(3), Interval.point(10), step=Fraction(1)
    ... )
    >>> [int(value) for value in found.values]
    [1, 2, 3, 4, 5]
    """
    if number < 1 or mean.low is None or mean.high is None:
        raise ValueError(f"found {number} values with mean {mean}, expected at least 1, two ends")
    grid = step or _grid(quantiles, mean, squares)
    for definition in _DEFINITIONS:
        if not all(defines(definition, share) for share in quantiles):
            continue
        for low, high in _bounds(number, quantiles, mean, squares, domain, grid, definition):
            for total in _totals(number, mean, grid, sum(low), sum(high)):
                chosen = _with_squares(low, high, total, squares, grid)
                if not _are_near(chosen, squares, grid):
                    continue
                values = tuple(sorted(value * grid for value in chosen))
                if all(value in domain for value in (values[0], values[-1])) and has_summaries(
                    values, definition, quantiles, mean, squares
                ):
                    return Constructed(values, definition)
    return None


def _are_near(chosen: Sequence[int], squares: Interval, grid: Fraction) -> bool:
    """Return whether squares lie in their window, in whole numbers, which are quick."""
    total = sum(chosen)
    found = Fraction(sum(x * x for x in chosen) * len(chosen) - total * total, len(chosen))
    return found * grid**2 in squares


def _width(window: Interval) -> Fraction | None:
    if window.low is None or window.high is None or window.low == window.high:
        return None
    return window.high - window.low


def _grid(quantiles: Mapping[Fraction, Interval], mean: Interval, squares: Interval) -> Fraction:
    """Return a power of ten, fine beside all windows."""
    widths = [width for window in (mean, *quantiles.values()) if (width := _width(window))]
    if (width := _width(squares)) and squares.high:
        widths.append(width / (2 * Fraction(isqrt(ceil(squares.high)) + 1)))
    narrowest = min(widths, default=Fraction(1)) / _PARTS
    grid = Fraction(1)
    while grid > narrowest:
        grid /= 10
    return grid


def _bounds(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval,
    squares: Interval,
    domain: Interval,
    grid: Fraction,
    definition: str,
) -> list[tuple[list[int], list[int]]]:
    """Return bounds of each value, in parts of the grid, with those of the quantiles fixed."""
    assert mean.low is not None
    assert mean.high is not None
    fixed: dict[int, int] = {}
    for share in sorted(quantiles):
        window = quantiles[share].meet(domain)
        form = quantile_form(definition, share, number)
        if window.is_empty or window.low is None or window.high is None:
            return []
        middle, g = (window.low + window.high) / 2 / grid, form.weight
        pairs = (
            (at, at + apart)
            for apart in range(_APART if g else 1)
            for at in dict.fromkeys((round(middle - g * apart), floor(middle - g * apart)))
            if (at + g * apart) * grid in window
        )
        pair = next(pairs, None)
        if pair is None:
            return []
        wanted = dict(zip(form.indices, pair, strict=False))
        for index, at in wanted.items():
            if fixed.setdefault(index, at) != at:
                return []
    furthest = isqrt(ceil(squares.high)) + 1 if squares.high is not None else 1
    least = mean.low - furthest if domain.low is None else domain.low
    greatest = mean.high + furthest if domain.high is None else domain.high
    low, high = [ceil(least / grid)] * number, [floor(greatest / grid)] * number
    for index, value in fixed.items():
        for i in range(number):
            if i >= index - 1:
                low[i] = max(low[i], value)
            if i <= index - 1:
                high[i] = min(high[i], value)
    return [] if any(a > b for a, b in zip(low, high, strict=True)) else [(low, high)]


def _totals(number: int, mean: Interval, grid: Fraction, least: int, greatest: int) -> list[int]:
    assert mean.low is not None
    assert mean.high is not None
    first = max(ceil(mean.low * number / grid), least)
    last = min(floor(mean.high * number / grid), greatest)
    if first > last:
        return []
    middle = (mean.low + mean.high) / 2 * number / grid
    centre = min(max(round(middle), first), last)
    spread = sorted(
        range(max(first, centre - 9), min(last, centre + 9) + 1), key=lambda t: abs(t - centre)
    )
    return list(dict.fromkeys([*spread[:_TOTALS], first, last]))


def _near(low: Sequence[int], high: Sequence[int], total: int) -> list[float]:
    """Return values as near together as their bounds and the total allow."""
    counts = Counter(zip(low, high, strict=True))  # few bounds, of many values

    def found(level: float) -> float:
        return sum(count * min(max(level, a), b) for (a, b), count in counts.items())

    # Between two bounds the total is a straight line in the level.
    bounds = sorted({bound for pair in counts for bound in pair})
    place = bisect_left([found(bound) for bound in bounds], total)
    if place == 0 or place == len(bounds):
        top = float(bounds[min(place, len(bounds) - 1)])
    else:
        below, above = bounds[place - 1], bounds[place]
        start, stop = found(below), found(above)
        top = below + (above - below) * (total - start) / (stop - start)
    return [min(max(top, a), b) for a, b in zip(low, high, strict=True)]


def _far(low: Sequence[int], high: Sequence[int], total: int) -> list[float]:
    """Return values as far apart: the last ones at their greatest, the first at their least."""
    chosen = [*low]
    rest = total - sum(low)
    for i in reversed(range(len(low))):
        added = min(rest, high[i] - low[i])
        chosen[i] += added
        rest -= added
    return [float(value) for value in chosen]


def _about_mean(values: Sequence[float], total: int) -> float:
    return sum(x * x for x in values) - total * total / len(values)


def _with_squares(
    low: Sequence[int], high: Sequence[int], total: int, squares: Interval, grid: Fraction
) -> list[int]:
    """Return whole numbers within bounds with a total, and squares near the middle of a window."""
    near, far = _near(low, high, total), _far(low, high, total)
    wanted = _about_mean(near, total)
    if squares.low is not None and squares.high is not None:
        wanted = float((squares.low + squares.high) / 2 / grid**2)
    # The squares of near + share (far - near) are a parabola in the share, and rise with it.
    apart = [b - a for a, b in zip(near, far, strict=True)]
    linear = sum(a * d for a, d in zip(near, apart, strict=True))
    quadratic = sum(d * d for d in apart)
    missing = max(wanted - _about_mean(near, total), 0.0)
    root = sqrt(linear * linear + quadratic * missing)
    start = min((root - linear) / quadratic, 1.0) if quadratic else 0.0
    chosen = [
        min(max(round(a + start * (b - a)), low[i]), high[i])
        for i, (a, b) in enumerate(zip(near, far, strict=True))
    ]
    lacking = total - sum(chosen)
    while lacking:
        sign = 1 if lacking > 0 else -1
        free = [i for i, x in enumerate(chosen) if low[i] <= x + sign <= high[i]]
        if not free:
            return chosen
        for i in free[: abs(lacking)]:
            chosen[i] += sign
            lacking -= sign
    if squares.low is None or squares.high is None:
        return chosen
    return _mended(chosen, low, high, total, squares, grid)


def _mended(
    chosen: list[int],
    low: Sequence[int],
    high: Sequence[int],
    total: int,
    squares: Interval,
    grid: Fraction,
) -> list[int]:
    """Move pairs of values by one until the squares lie in their window, if that can be done."""
    assert squares.low is not None
    assert squares.high is not None
    number = len(chosen)
    base = Fraction(total * total, number)
    least, greatest = squares.low / grid**2 + base, squares.high / grid**2 + base
    middle = (least + greatest) / 2
    found = sum(x * x for x in chosen)
    for _ in range(_MOVES):
        if least < found < greatest:
            break
        up = {x: i for i, x in enumerate(chosen) if x + 1 <= high[i]}
        down = {x: i for i, x in enumerate(chosen) if x - 1 >= low[i]}
        moves = [
            (abs(found + 2 * (x - y) + 2 - middle), i, j)
            for x, i in up.items()
            for y, j in down.items()
            if i != j
        ]
        best = min(moves, default=None)
        if best is None or best[0] >= abs(found - middle):
            break
        _, i, j = best
        found += 2 * (chosen[i] - chosen[j]) + 2
        chosen[i] += 1
        chosen[j] -= 1
    return chosen
