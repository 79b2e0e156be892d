"""Values drawn at random that have printed quantiles: where searches for data begin.

Floating point draws; what it draws counts only after a check in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10
from random import Random
from typing import Final

from netcore.printed import Interval
from netcore.stats.ranks.boxes import Sample, sample_forms
from netcore.stats.ranks.samples import has_quantiles

__all__ = ["between", "drawn_values"]

_MORE_DECIMALS: Final = 3  # than tell neighbours apart, so that few values are equal
_HALVINGS: Final = 24

Values = tuple[Fraction, ...]


def _ends(window: Interval) -> tuple[float | None, float | None]:
    return (
        None if window.low is None else float(window.low),
        None if window.high is None else float(window.high),
    )


def _inside(window: Interval, random: Random) -> float:
    """Return a number well inside of a window, or near its only end."""
    low, high = _ends(window)
    if low is not None and high is not None:
        return low + (high - low) * random.uniform(0.15, 0.85)
    if low is not None:
        return low + abs(low or 1.0) * random.uniform(0.01, 0.5)
    return (high or 0.0) - abs(high or 1.0) * random.uniform(0.01, 0.5)


def drawn_values(
    sample: Sample, definition: str, random: Random, *, lean: float | None = None
) -> Values | None:
    """Draw values with the printed quantiles of a sample.

    Parameters
    ----------
    sample : Sample
        What is printed; values are multiples of its step, where it has one.
    definition : str
        How the quantiles are defined.
    random : Random
        Source of chance.
    lean : float, optional
        From 0, where all values but those that enter a quantile are as low as they can be, to 1;
        at random where not given.

    Returns
    -------
    tuple of Fraction, or None
        In ascending order, strictly inside of all windows; None if this draw has other quantiles.

    Raises
    ------
    ValueError
        If the definition is unknown.

    Examples
    --------
    >>> sample = Sample.of(5, {Fraction(1, 2): Interval(Fraction(4), Fraction(5))})
    >>> 4 < drawn_values(sample, "type7", Random(1))[2] < 5
    True
    """
    forms = sorted(sample_forms(sample, definition), key=lambda item: item[1].index)
    middles = sorted(_inside(window, random) for _, _, window in forms)
    fixed: dict[int, float] = {}
    gaps = [b - a for a, b in pairwise(middles) if b > a]
    for k, ((_, form, _), middle) in enumerate(zip(forms, middles, strict=True)):
        around = [abs(m - middle) for m in middles[max(k - 1, 0) : k + 2] if m != middle]
        slope = min(around, default=1.0) * random.choice((0.02, 0.1, 0.4))
        weight = float(form.weight)
        fixed[form.index] = middle - weight * slope
        if form.weight:
            fixed[form.index + 1] = middle + (1 - weight) * slope
    spread = (middles[-1] - middles[0] if len(middles) > 1 else 0.0) or max(
        [abs(m) / 2 for m in middles] + [1.0]
    )
    low, high = _ends(sample.domain)
    places = sorted(fixed)
    least = min((fixed[k] for k in places), default=0.0 if low is None else low)
    most = max((fixed[k] for k in places), default=1.0 if high is None else high)
    reach = spread * random.choice((0.2, 1.0, 3.0))
    floor_ = least - reach if low is None else max(low, least - reach)
    ceiling = most + reach if high is None else min(high, most + reach)
    corners = [(0, floor_), *((k, fixed[k]) for k in places), (sample.number + 1, ceiling)]
    values: list[float] = []
    power = random.choice((0.3, 1.0, 3.0)) if lean is None else 20.0 ** (1 - 2 * lean)
    for (first, start), (last, end) in pairwise(corners):
        if first:
            values.append(start)
        # One power moves all values of the sample to the lower or the upper ends of their gaps.
        values += sorted(
            start + (end - start) * random.random() ** power for _ in range(last - first - 1)
        )
    unit = sample.step or _unit(min([*gaps, spread], default=1.0), sample.number)
    found = tuple(sorted(round(Fraction(value) / unit) * unit for value in values))
    return found if has_quantiles(found, sample, definition, inside=True) else None


def _unit(width: float, number: int) -> Fraction:
    """Return the decimal place to which values are rounded."""
    places = ceil(log10(10 * number / width)) if width > 0 else 6
    return Fraction(1, 10 ** min(max(places + _MORE_DECIMALS - 1, 0), 12))


def between(
    first: Sequence[Values],
    second: Sequence[Values],
    samples: Sequence[Sample],
    side: Callable[[Sequence[Values]], int],
) -> tuple[Values, ...] | None:
    """Search on the straight way between two data of several samples.

    Parameters
    ----------
    first, second : sequence of tuple of Fraction
        The values of each sample, in ascending order; ``side`` differs in sign between them.
    samples : sequence of Sample
        What is printed of each; of values with a step those on the way are rounded.
    side : callable
        0 for data that are looked for, else -1 or 1.

    Returns
    -------
    tuple of tuple of Fraction, or None
        Data with ``side`` 0, whose quantiles are those of the windows if the values have no step:
        windows are convex, and so are ascending values.

    Examples
    --------
    >>> ends = [((Fraction(0),),), ((Fraction(8),),)]
    >>> def side(data):
    ...     return (data[0][0] > 3) - (data[0][0] < 2)
    >>> between(*ends, [Sample(1, ())], side)
    ((Fraction(2, 1),),)
    """
    low, high = Fraction(0), Fraction(1)
    at_low = side(first)
    for _ in range(_HALVINGS):
        time = (low + high) / 2
        data = tuple(
            tuple(
                _rounded(a + (b - a) * time, sample.step) for a, b in zip(one, other, strict=True)
            )
            for one, other, sample in zip(first, second, samples, strict=True)
        )
        found = side(data)
        if found == 0:
            return data
        low, high = (time, high) if found == at_low else (low, time)
    return None


def _rounded(value: Fraction, step: Fraction | None) -> Fraction:
    return value if step is None else Fraction(floor(value / step + Fraction(1, 2))) * step
