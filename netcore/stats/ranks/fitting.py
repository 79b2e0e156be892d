"""Data that have the printed quantiles of two samples and their printed p-value.

Floats play no part: values are searched among those with a given U, then tied or
rounded, and everything that is printed is computed again from them in fractions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import defines
from netcore.stats.ranks.attainable import Comparison
from netcore.stats.ranks.boxes import Sample, sample_forms
from netcore.stats.ranks.flavours import Flavour
from netcore.stats.ranks.mann_whitney import ImpossibleSample, u_range
from netcore.stats.ranks.p_values import (
    approximate_p,
    are_counted,
    p_value,
    tie_term,
    u_values_between,
    u_values_printing,
    variance_of_u,
)
from netcore.stats.ranks.samples import has_quantiles, nearest, sample_with_u

__all__ = ["Effort", "Fit", "Search", "fit_at", "is_default", "statistic_of"]

_LARGEST_N_OF_R: Final = 50  # from here wilcox.test approximates by default
_SMALL_N_OF_SCIPY: Final = 8
_VALUES_OF_U: Final = 5  # for which values are made
_MOST_LISTED: Final = 100_000  # U with the printed p-value, more than there are of small samples
_WIDER: Final = Fraction(1, 20)  # by how much of itself a p-value may change with a few ties
_MOST_VARIANTS: Final = 400
_MANY_PAIRS: Final = 400
_FAR: Final = Fraction(3, 2)  # times a normal p-value
_COST_OF_NEW: Final = 20  # variants
_COST_OF_TIES: Final = 10
_LONGEST_TIES: Final = 20  # neighbours that are made equal
_Values = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Data that give what is printed.

    Parameters
    ----------
    x, y : tuple of Fraction
        The values.
    definition : str
        How the quantiles are defined.
    flavour : str
        Key of the flavour of the test.
    u : Fraction
        The statistic.
    p : Interval
        The p-value, between two fractions.
    has_ties : bool
        Whether some two values are equal.
    """

    x: _Values
    y: _Values
    definition: str
    flavour: str
    u: Fraction
    p: Interval
    has_ties: bool


class Effort:
    """How much of a search is left.

    Parameters
    ----------
    left : int
        Data that may still be looked at; new ones cost as much as some variants.
    """

    def __init__(self, left: int):
        self.left = left


@dataclass(frozen=True, slots=True)
class Search:
    """How the data of a search may be made.

    Parameters
    ----------
    flavours : tuple of Flavour
        Flavours of the test, the first that fits is taken.
    software : frozenset of str or None
        Keys of the software as in the flavours; None if any may have been used.
    usual : bool
        Whether a flavour counts only where the software prints it unless told otherwise.
    step : Fraction or None
        The values are whole multiples of it.
    """

    flavours: tuple[Flavour, ...]
    software: frozenset[str] | None
    usual: bool
    step: Fraction | None = None


def is_default(
    flavour: Flavour, software: frozenset[str] | None, n1: int, n2: int, *, ties: bool
) -> bool:
    """Return whether software prints a flavour for such data unless told otherwise.

    Parameters
    ----------
    flavour : Flavour
        The flavour.
    software : frozenset of str or None
        Keys of the software; None if any may have been used.
    n1, n2 : int
        Sizes of the samples.
    ties : bool
        Whether values are tied.

    Returns
    -------
    bool
        For R and SciPy the exact test of few values without ties, and the corrected
        approximation of others; for other software every flavour of its default output.

    Examples
    --------
    >>> from netcore.stats.ranks.flavours import FLAVOURS
    >>> r = frozenset({"r_before_4_6"})
    >>> [is_default(FLAVOURS["exact"], r, 9, n, ties=False) for n in (9, 90)]
    [True, False]
    """
    for key in flavour.default_of:
        if software is not None and key not in software:
            continue
        if key in ("r_before_4_6", "r_from_4_6"):
            few = max(n1, n2) < _LARGEST_N_OF_R
            exact = few and (not ties or key == "r_from_4_6")
        elif key == "scipy":
            exact = not ties and min(n1, n2) <= _SMALL_N_OF_SCIPY
        else:
            return True
        if exact == (flavour.distribution in ("exact", "conditional")):
            return True
    return False


def statistic_of(x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[Fraction, tuple[int, ...]]:
    """Return U and the groups of equal values.

    Parameters
    ----------
    x, y : sequence of Fraction
        The values.

    Returns
    -------
    tuple of (Fraction, tuple of int)
        Pairs with x above y, ties counted half; the sizes of the groups in ascending order of
        their values.

    Examples
    --------
    >>> statistic_of([2, 3], [1, 2])
    (Fraction(7, 2), (1, 2, 1))
    """
    ordered = sorted(y)
    doubled = sum(bisect_left(ordered, a) + bisect_right(ordered, a) for a in x)
    groups = Counter((*x, *y))
    return Fraction(doubled, 2), tuple(groups[value] for value in sorted(groups))


def _spread(values: Sequence[int]) -> list[int]:
    """Return a few of some values, from the middle outwards."""
    if len(values) <= _VALUES_OF_U:
        return list(values)
    last = len(values) - 1
    places = [last * k // (_VALUES_OF_U - 1) for k in (2, 1, 3, 0, 4)]
    return [values[place] for place in places]


def _with_ties(values: tuple[_Values, _Values]) -> Iterator[tuple[_Values, _Values]]:
    """Yield the data with neighbours made equal: more and more of them, at every place."""
    ranked = sorted([(v, 0) for v in values[0]] + [(v, 1) for v in values[1]])
    for length in range(1, _LONGEST_TIES):
        for start in range(len(ranked) - length):
            tied = list(ranked)
            middle = ranked[start + length // 2][0]
            for k in range(start, start + length + 1):
                tied[k] = (middle, ranked[k][1])
            yield (
                tuple(sorted(v for v, sample in tied if sample == 0)),
                tuple(sorted(v for v, sample in tied if sample == 1)),
            )


def _rounded(values: _Values, step: Fraction) -> _Values:
    above, below = step.numerator, step.denominator
    return tuple(
        nearest(value.numerator * below, value.denominator * above) * step for value in values
    )


def _on_grid(values: _Values, sample: Sample, definition: str, step: Fraction) -> _Values:
    """Return values rounded to a step, those that enter a quantile to the middle of its window."""
    found = list(_rounded(values, step))
    for _, form, window in sample_forms(sample, definition):
        if window.low is None or window.high is None:
            continue
        middle = round((window.low + window.high) / 2 / step) * step
        first, last = form.indices[0], form.indices[-1]
        found = [
            min(value, middle) if k < first else max(value, middle) if k > last else middle
            for k, value in enumerate(found, start=1)
        ]
    return tuple(found)


def _variants(
    values: tuple[_Values, _Values],
    samples: tuple[Sample, Sample],
    definition: str,
    step: Fraction | None,
) -> Iterator[tuple[_Values, _Values, bool]]:
    """Yield data like some others, and whether they have what is printed of the samples."""
    if step is not None:
        yield from _granular_variants(values, samples, definition, step)
        return
    plain = replace(samples[0], step=None), replace(samples[1], step=None)
    for x, y in chain([values], _with_ties(values)):
        yield x, y, _have_quantiles((x, y), plain, definition)


@lru_cache(maxsize=256)
def _granular_variants(
    values: tuple[_Values, _Values],
    samples: tuple[Sample, Sample],
    definition: str,
    step: Fraction,
) -> tuple[tuple[_Values, _Values, bool], ...]:
    # The same for every flavour of the test.
    x, y = values
    granular = replace(samples[0], step=step), replace(samples[1], step=step)
    rounded = _rounded(x, step), _rounded(y, step)
    moved = _on_grid(x, samples[0], definition, step), _on_grid(y, samples[1], definition, step)
    return tuple(
        (*variant, _have_quantiles(variant, granular, definition)) for variant in (rounded, moved)
    )


def _have_quantiles(
    values: tuple[_Values, _Values], samples: tuple[Sample, Sample], definition: str
) -> bool:
    return all(
        has_quantiles(part, sample, definition, inside=True)
        for part, sample in zip(values, samples, strict=True)
    )


def fit_at(
    comparison: Comparison,
    sizes: tuple[int, int],
    definitions: Sequence[str],
    search: Search,
    effort: Effort,
) -> Fit | None:
    """Search data of given sizes that give what is printed.

    Parameters
    ----------
    comparison : Comparison
        The samples and the p-value.
    sizes : tuple of (int, int)
        How many values each has.
    definitions : sequence of str
        How the quantiles may be defined, those of both samples alike.
    search : Search
        How else the data may be made.
    effort : Effort
        How long to search.

    Returns
    -------
    Fit or None
        Data whose quantiles and p-value lie inside of their windows, whatever rule ends are
        rounded by; None if none were found, which proves nothing.

    Raises
    ------
    ValueError
        If a definition is unknown.
    """
    x, y = comparison.x.of(sizes[0]), comparison.y.of(sizes[1])
    shares = {share for share, _ in (*x.quantiles, *y.quantiles)}
    seen: set[object] = set()
    for definition in definitions:
        if not all(defines(definition, share) for share in shares):
            continue
        forms = sample_forms(x, definition), sample_forms(y, definition)
        if forms in seen or effort.left <= 0:
            continue
        seen.add(forms)
        ends = u_range(x, y, definition)
        if isinstance(ends, ImpossibleSample) or ends.least_without_ties is None:
            continue
        assert ends.greatest_without_ties is not None
        reach = range(ends.least_without_ties, ends.greatest_without_ties + 1)
        for flavour in search.flavours:
            if effort.left <= 0:
                return None
            if search.usual and not any(
                is_default(flavour, search.software, *sizes, ties=ties) for ties in (False, True)
            ):
                continue
            printing = u_values_printing(comparison.p, _untied(flavour), *sizes)
            if not printing and not (flavour.needs_no_ties or flavour.ignores_ties):
                printing = u_values_printing(_around(comparison.p), _untied(flavour), *sizes)
            near = u_values_between(printing, reach, _MOST_LISTED)
            found = _made(comparison, (x, y), definition, flavour, near, search, effort)
            if found is not None:
                return found
    return None


def _around(window: Interval) -> Interval:
    """Return a somewhat wider window: with ties U may be another one than without."""
    low, high = window.low, window.high
    return Interval(
        None if low is None else low * (1 - _WIDER), None if high is None else high * (1 + _WIDER)
    )


def _untied(flavour: Flavour) -> Flavour:
    """Return the flavour with the same p-values of data without ties, whatever else it does."""
    return replace(flavour, adjusted=False)


@lru_cache(maxsize=256)
def _sample_with_u(x: Sample, y: Sample, definition: str, u: int) -> tuple[_Values, _Values] | None:
    return sample_with_u(x, y, definition, u)


def _made(
    comparison: Comparison,
    samples: tuple[Sample, Sample],
    definition: str,
    flavour: Flavour,
    near: Sequence[int],
    search: Search,
    effort: Effort,
) -> Fit | None:
    x, y = samples
    cost = _COST_OF_TIES if _is_slow(flavour, x.number, y.number) else 1
    for u in _spread(near):
        if effort.left <= 0:
            return None
        effort.left -= _COST_OF_NEW
        made = _sample_with_u(x, y, definition, u)
        if made is None:
            continue
        variants = _variants(made, samples, definition, search.step)
        for x_values, y_values, are_printed in islice(variants, _MOST_VARIANTS):
            effort.left -= 1
            if effort.left < 0:
                return None
            if not are_printed:
                continue
            effort.left -= cost - 1
            found = _checked(comparison.p, (x_values, y_values), definition, flavour, search)
            if found is not None:
                return found
    return None


def _is_far(
    window: Interval, flavour: Flavour, n1: int, n2: int, u: Fraction, groups: tuple[int, ...]
) -> bool:
    """Return whether a distribution given ties is not worth its time: the normal one is far off."""
    ties = tie_term(groups)
    if not ties or not _is_slow(flavour, n1, n2):
        return False
    variance = variance_of_u(n1, n2, ties)
    near = approximate_p(flavour, u - Fraction(n1 * n2, 2), variance, n1 + n2)
    return (window.high is not None and window.high * _FAR < near.low) or (
        window.low is not None and window.low > near.high * _FAR
    )


def _is_slow(flavour: Flavour, n1: int, n2: int) -> bool:
    """Return whether the distribution of a flavour is made anew for every pattern of ties."""
    return flavour.distribution == "conditional" and n1 * n2 >= _MANY_PAIRS


def _checked(
    window: Interval,
    values: tuple[_Values, _Values],
    definition: str,
    flavour: Flavour,
    search: Search,
) -> Fit | None:
    u, groups = statistic_of(*values)
    has_ties = max(groups) > 1
    n1, n2 = len(values[0]), len(values[1])
    if (flavour.needs_no_ties and has_ties) or len(groups) == 1:
        return None
    if search.usual and not is_default(flavour, search.software, n1, n2, ties=has_ties):
        return None
    if _is_slow(flavour, n1, n2) and has_ties and not are_counted(n1, n2, ties=True):
        return None  # its p-value is unknown
    if _is_far(window, flavour, n1, n2, u, groups):
        return None
    p = p_value(flavour, n1, n2, u, groups)
    # Inside, unless the end is one of all p-values: then it is no rounded one.
    low_fits = window.low is None or p.low > window.low or (window.low == 0 == p.low)
    high_fits = window.high is None or p.high < window.high or window.high == 1 == p.high
    if not (low_fits and high_fits):
        return None
    return Fit(*values, definition, flavour.key, u, Interval(p.low, p.high), has_ties)
