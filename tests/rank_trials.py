"""All weak orders of two small samples, and which of them printed quantiles allow.

Nothing here uses the methods that are tested: a weak order is allowed if a
linear program finds values for it (in floats: the margins are wide).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from random import Random

import numpy as np

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import quantile_form
from netcore.stats.ranks.boxes import Sample

QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
EXTREMES = (Fraction(0), Fraction(1))
Groups = tuple[tuple[int, int], ...]


def weak_orders(n1: int, n2: int) -> Iterator[Groups]:
    """Yield all ways to order two samples: how many of each are equal, from the lowest on."""
    if n1 == n2 == 0:
        yield ()
        return
    for p in range(n1 + 1):
        for q in range(n2 + 1):
            if p or q:
                for rest in weak_orders(n1 - p, n2 - q):
                    yield ((p, q), *rest)


def u_and_ties(groups: Groups) -> tuple[Fraction, int]:
    """Return U of x over y, and the sum of t^3 - t over groups of t equal values."""
    below, doubled, ties = 0, 0, 0
    for p, q in groups:
        doubled += 2 * p * below + p * q
        ties += (p + q) ** 3 - (p + q)
        below += q
    return Fraction(doubled, 2), ties


def is_allowed(groups: Groups, x: Sample, y: Sample, definition: str) -> bool:
    """Return whether some values in this weak order have the printed quantiles."""
    from scipy.optimize import linprog

    rows: list[list[float]] = []
    limits: list[float] = []
    size = len(groups)

    def require(terms: dict[int, Fraction], low: Fraction | None, strict: bool) -> None:
        # - terms + margin (if strict) <= - low
        if low is None:
            return
        row = [0.0] * (size + 1)
        for group, factor in terms.items():
            row[group] -= float(factor)
        row[size] = 1.0 if strict else 0.0
        rows.append(row)
        limits.append(-float(low))

    for k in range(size - 1):
        require({k: Fraction(-1), k + 1: Fraction(1)}, Fraction(0), True)
    for which, sample in enumerate((x, y)):
        place = [k for k, group in enumerate(groups) for _ in range(group[which])]
        windows = [
            (dict(terms), window)
            for share, window in sample.quantiles
            for form in [quantile_form(definition, share, sample.number)]
            for terms in [[(form.index, 1 - form.weight), (form.index + 1, form.weight)]]
        ]
        windows += [
            ({1: Fraction(1)}, sample.domain),
            ({sample.number: Fraction(1)}, sample.domain),
        ]
        for values, window in windows:
            terms: dict[int, Fraction] = {}
            for index, factor in values.items():
                if factor:
                    terms[place[index - 1]] = terms.get(place[index - 1], Fraction(0)) + factor
            require(terms, window.low, not window.low_closed)
            negative = {group: -factor for group, factor in terms.items()}
            require(negative, None if window.high is None else -window.high, not window.high_closed)
    result = linprog(
        [0.0] * size + [-1.0],
        A_ub=np.array(rows) if rows else None,
        b_ub=limits or None,
        bounds=[(None, None)] * size + [(0, 1)],
        method="highs",
    )
    return bool(result.status == 0 and -result.fun > 1e-7)


def draw_sample(
    random: Random, number: int, *, definition: str, shares: tuple[Fraction, ...], open_ends: bool
) -> tuple[Sample, tuple[int, ...]]:
    """Return what could be printed of values on a small scale, and the values."""
    values = tuple(sorted(random.randint(0, 6) for _ in range(number)))
    exact = [Fraction(value) for value in values]
    quantiles = {}
    for share in shares:
        quantile = quantile_form(definition, share, number).value(exact)
        half = random.choice(
            (Fraction(0), Fraction(1, 2), Fraction(1, 2), Fraction(1), Fraction(3, 2))
        )
        middle = Fraction(round(quantile * 2), 2) if half else quantile
        closed = [not open_ends or half == 0 or random.random() < 0.5 for _ in "ab"]
        window = Interval(middle - half, middle + half, *closed)
        quantiles[share] = window if quantile in window else Interval.point(quantile)
    domain = random.choice(
        (EVERYTHING, Interval(Fraction(0), None), Interval(Fraction(0), Fraction(6)))
    )
    return Sample.of(number, quantiles, domain), values


def granular(sample: Sample, step: Fraction = Fraction(1)) -> Sample:
    """Return the sample as one of multiples of a step from 0 to 6."""
    return Sample(sample.number, sample.quantiles, Interval(Fraction(0), Fraction(6)), step)


def all_data(sample: Sample, definition: str) -> list[tuple[Fraction, ...]]:
    """Return all granular data with the printed quantiles."""
    domain, step = sample.domain, sample.step
    assert step is not None
    assert domain.low is not None
    assert domain.high is not None
    scale = [domain.low + k * step for k in range(int((domain.high - domain.low) / step) + 1)]
    return [
        values
        for values in combinations_with_replacement(scale, sample.number)
        if all(
            quantile_form(definition, share, sample.number).value(values) in window
            for share, window in sample.quantiles
        )
    ]


def recomputed(x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[Fraction, int]:
    """Return U of x over y and the tie term, from the values."""
    doubled = sum(1 + (one > other) - (one < other) for one in x for other in y)
    return Fraction(doubled, 2), sum(t**3 - t for t in Counter([*x, *y]).values())
