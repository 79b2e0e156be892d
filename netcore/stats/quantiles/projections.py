"""Values of strata found by moving them, quantile by quantile, to where they are printed.

Floating point searches here; what it finds counts only after a check in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import inf, isfinite
from random import Random
from typing import Final

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import quantile_form

__all__ = ["have_quantiles", "project"]

_SWEEPS: Final = 60  # of all quantiles from one start; what has not settled by then seldom does
_DECIMALS: Final = (0, 1, 2, 3, 4, 6)
_MARGIN: Final = 0.1  # a quantile nearer than this share of its window to an end is moved
_TINY: Final = 1e-9  # of floating point, where a window is a point

Windows = Mapping[Fraction, Interval]


def have_quantiles(
    strata: Sequence[Sequence[Fraction]],
    windows: Sequence[Windows],
    whole: Windows,
    definition: str,
    domain: Interval,
) -> bool:
    """Return whether values of strata have their quantiles and those of the whole.

    Parameters
    ----------
    strata : sequence of sequence of Fraction
        The values of each stratum.
    windows : sequence of Mapping of Fraction to Interval
        Share of each quantile of each stratum, with the numbers that print as it.
    whole : Mapping of Fraction to Interval
        The quantiles of all values together.
    definition : str
        The definition of all quantiles.
    domain : Interval
        Where all values lie.

    Returns
    -------
    bool
        Exact, whatever the order of the values.
    """
    everyone = [value for part in strata for value in part]
    return all(value in domain for value in everyone) and all(
        quantile_form(definition, share, len(values)).value(sorted(values)) in window
        for values, of_values in zip([*strata, everyone], [*windows, whole], strict=True)
        for share, window in of_values.items()
    )


def project(
    windows: Sequence[Windows],
    sizes: Sequence[int],
    whole: Windows,
    definition: str,
    *,
    domain: Interval,
    step: Fraction | None,
    starts: int,
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Search values of strata that have their quantiles and those of the whole.

    Parameters
    ----------
    windows : sequence of Mapping of Fraction to Interval
        Share of each quantile of each stratum, with the numbers that print as it.
    sizes : sequence of int
        The number of values of each stratum.
    whole : Mapping of Fraction to Interval
        The quantiles of all values together, at least one.
    definition : str
        The definition of all quantiles.
    domain : Interval
        Where all values lie.
    step : Fraction or None
        Every value is a multiple of it.
    starts : int
        How many random starts to try; the same ones every time.

    Returns
    -------
    tuple of tuple of Fraction, or None
        Values of each stratum in ascending order, checked in fractions; None says only that none
        were found.

    Notes
    -----
    Alternating projections: a quantile outside its window is moved to the middle of it, by
    moving the values that enter it, both or one of them; then the values are sorted again.

    Examples
    --------
    >>> half = Fraction(1, 2)
    >>> parts = [{half: Interval(Fraction(9), Fraction(10))}, {}]
    >>> of_all = {half: Interval(Fraction(12), Fraction(13))}
    >>> found = project(
    ...     parts, (2, 4), of_all, "type7", domain=Interval(Fraction(0), None), step=None, starts=9
    ... )
    >>> have_quantiles(found, parts, of_all, "type7", Interval(Fraction(0), None))
    True
    """
    number = sum(sizes)
    last = [*accumulate(sizes)]
    members = [list(range(end - size, end)) for end, size in zip(last, sizes, strict=True)]
    targets = []
    for group, of_group in zip([*members, list(range(number))], [*windows, whole], strict=True):
        for share, window in of_group.items():
            form = quantile_form(definition, share, len(group))
            targets.append((group, form.index - 1, float(form.weight), *_ends(window)))
    ends = [end for target in targets for end in target[3:] if isfinite(end)]
    least, greatest = min(ends, default=0.0), max(ends, default=1.0)
    spread = (greatest - least) / 4 or 1.0
    lowest, highest = _ends(domain)
    random = Random(number)  # the same search every time
    for _ in range(starts):
        x = [random.uniform(least - spread, greatest + spread) for _ in range(number)]
        for _ in range(_SWEEPS):
            x = [min(max(value, lowest), highest) for value in x]
            is_settled = True
            for group, index, weight, low, high in targets:
                order = sorted(group, key=x.__getitem__)
                first = order[index]
                second = order[index + 1] if weight else first
                quantile = (1 - weight) * x[first] + weight * x[second]
                margin = _MARGIN * (high - low) if isfinite(high - low) else 0.0
                if low + margin - _TINY <= quantile <= high - margin + _TINY:
                    continue
                is_settled = False
                move = _inside(low, high) - quantile
                kind = random.randrange(3) if weight else 0
                if kind == 0:
                    x[first] += move
                    x[second] += move if weight else 0.0
                elif kind == 1:
                    x[first] += move / (1 - weight)
                else:
                    x[second] += move / weight
            if is_settled:
                break
        if not is_settled:
            continue
        units = [Fraction(1, 10**k) for k in _DECIMALS] if step is None else [step]
        for unit in units:
            exact = [round(Fraction(value) / unit) * unit for value in x]
            found = [tuple(sorted(exact[i] for i in group)) for group in members]
            if have_quantiles(found, windows, whole, definition, domain):
                return tuple(found)
    return None


def _ends(window: Interval) -> tuple[float, float]:
    return (
        -inf if window.low is None else float(window.low),
        inf if window.high is None else float(window.high),
    )


def _inside(low: float, high: float) -> float:
    """Return the middle of a window, or a number near its finite end."""
    if isfinite(high - low):
        return (low + high) / 2
    return low + 1 if isfinite(low) else high - 1
