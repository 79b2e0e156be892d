"""Data of several groups that have their printed quantiles and a Kruskal-Wallis p-value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from random import Random
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.quantiles.definitions import defines
from netcore.stats.ranks.boxes import Sample
from netcore.stats.ranks.drawn_values import between, drawn_values
from netcore.stats.ranks.kruskal_wallis import kruskal_wallis_h, kruskal_wallis_p
from netcore.stats.ranks.p_values import tie_term
from netcore.stats.ranks.samples import has_quantiles

__all__ = ["GroupsFit", "fit_groups", "p_of_groups"]

_LEANS: Final = (None, None, 0.0, 0.25, 0.75, 1.0)
_DEFINITIONS: Final = 4

Values = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class GroupsFit:
    """Data that give what is printed.

    Parameters
    ----------
    groups : tuple of tuple of Fraction
        The values of each group.
    definition : str
        How quantiles are defined.
    p : Interval
        The p-value of the chi-squared approximation, adjusted for ties, between two fractions.
    has_ties : bool
        Whether some two values are equal.
    """

    groups: tuple[Values, ...]
    definition: str
    p: Interval
    has_ties: bool


def p_of_groups(groups: Sequence[Sequence[Fraction]]) -> Enclosure | None:
    """Enclose the p-value of groups by the chi-squared approximation, adjusted for ties.

    Parameters
    ----------
    groups : sequence of sequence of Fraction
        Their values, in any order.

    Returns
    -------
    Enclosure or None
        None if all values are equal.

    Examples
    --------
    >>> p = p_of_groups([[Fraction(v) for v in group] for group in ((1, 2), (3, 4), (5, 6))])
    >>> round(float(p.low), 4)
    0.1017
    """
    counts = Counter(value for group in groups for value in group)
    if len(counts) < 2:
        return None
    values = sorted(counts)
    sizes = [counts[value] for value in values]
    ends = accumulate(sizes)
    # Midranks.
    rank = {
        value: end - Fraction(size - 1, 2)
        for value, size, end in zip(values, sizes, ends, strict=True)
    }
    sums = [sum((rank[value] for value in group), Fraction(0)) for group in groups]
    h = kruskal_wallis_h([len(group) for group in groups], sums, tie_term(sizes))
    return kruskal_wallis_p(h, h, len(groups))


def _side(window: Interval, p: Enclosure) -> int:
    """Return 0 if a p-value is inside of a window, else on which side of it."""
    if window.low is not None and p.low <= window.low and window.low != 0:
        return -1
    return int(window.high is not None and p.high >= window.high and p.low < 1)


def fit_groups(
    samples: Sequence[Sample], window: Interval, definitions: Sequence[str], *, draws: int = 60
) -> GroupsFit | None:
    """Search data of several groups that give what is printed.

    Parameters
    ----------
    samples : sequence of Sample
        What is printed of each group, of a known number of values.
    window : Interval
        The p-values that print as printed.
    definitions : sequence of str
        How the quantiles may be defined, those of all groups alike.
    draws : int
        How many data to draw for each definition.

    Returns
    -------
    GroupsFit or None
        Data whose quantiles and p-value lie inside of their windows; None if none were found,
        which proves nothing.

    Notes
    -----
    Data are drawn until one p-value is too small and one too large; then the way between
    the two is halved, on which all quantiles hold.

    Examples
    --------
    >>> median = Sample.of(5, {Fraction(1, 2): Interval(Fraction(4), Fraction(5))})
    >>> window = Interval(Fraction(195, 1000), Fraction(205, 1000))
    >>> found = fit_groups([median] * 3, window, ["type7"])
    >>> found.p.low in window
    True
    """
    random = Random(sum(sample.number for sample in samples))  # the same search every time

    def side(data: Sequence[Values]) -> int:
        p = p_of_groups(data)
        return 1 if p is None else _side(window, p)

    tied: GroupsFit | None = None
    shares = {share for sample in samples for share, _ in sample.quantiles}
    kept = [name for name in definitions if all(defines(name, share) for share in shares)]
    for definition in kept[:_DEFINITIONS]:
        ends: dict[int, tuple[Values, ...]] = {}
        for _ in range(draws):
            drawn = [
                drawn_values(sample, definition, random, lean=random.choice(_LEANS))
                for sample in samples
            ]
            data = tuple(values for values in drawn if values is not None)
            if len(data) < len(samples):
                continue
            where = side(data)
            found: tuple[Values, ...] | None = data if where == 0 else None
            if where and -where in ends:
                found = between(data, ends[-where], samples, side)
            ends[where] = data
            if found is not None and all(
                has_quantiles(values, sample, definition, inside=True)
                for values, sample in zip(found, samples, strict=True)
            ):
                p = p_of_groups(found)
                if p is None:
                    continue
                everything = [value for group in found for value in group]
                has_ties = len({*everything}) < len(everything)
                fit = GroupsFit(found, definition, Interval(p.low, p.high), has_ties)
                if not has_ties or samples[0].step is not None:
                    return fit
                tied = tied or fit
    return tied
