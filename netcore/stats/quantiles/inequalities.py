"""What printed quantiles say of the ordered values, and proofs that they say too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from netcore.printed import EVERYTHING, Interval, format_fraction
from netcore.stats.quantiles.definitions import defines, loosest_indices, quantile_form

__all__ = [
    "Conflict",
    "Inequality",
    "domain_inequalities",
    "order_inequality",
    "quantile_inequalities",
    "replays",
]

_ONE: Final = Fraction(1)
_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Inequality:
    """A weighted sum of ordered values is at least a bound, or above it.

    Parameters
    ----------
    terms : tuple of (int, Fraction)
        Number of each value, ascending from 1, and its coefficient.
    bound : Fraction
        The sum is at least this.
    is_strict : bool
        The sum is above the bound, not equal to it.
    share : Fraction or None
        Share of the printed quantile that says so; None for the order of the values and
        for their domain.

    Examples
    --------
    >>> str(Inequality(((4, Fraction(-1)),), Fraction(-9), False, Fraction(1, 2)))
    'x(4) ≤ 9'
    """

    terms: tuple[tuple[int, Fraction], ...]
    bound: Fraction
    is_strict: bool
    share: Fraction | None

    def __str__(self) -> str:
        """Write the inequality with positive coefficients."""
        if len(self.terms) == 2 and self.bound == 0 and self.terms[0][1] < 0 < self.terms[1][1]:
            return f"x({self.terms[0][0]}) ≤ x({self.terms[1][0]})"
        sign = -1 if self.terms[0][1] < 0 else 1
        parts = [
            f"x({index})" if factor * sign == 1 else f"{format_fraction(factor * sign)} x({index})"
            for index, factor in self.terms
        ]
        relation = {(1, False): "≥", (1, True): ">", (-1, False): "≤", (-1, True): "<"}
        bound = format_fraction(self.bound * sign).replace("-", "−")
        return f"{' + '.join(parts)} {relation[sign, self.is_strict]} {bound}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Inequalities that no values satisfy together.

    Parameters
    ----------
    steps : tuple of (Fraction, Inequality)
        Each inequality with a positive factor.  Multiplied by them and added up, all values
        cancel, and what is left says that 0 is at least a positive number, or above 0.
    """

    steps: tuple[tuple[Fraction, Inequality], ...]

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """The quantiles that contradict each other, ascending."""
        return tuple(sorted({one.share for _, one in self.steps if one.share is not None}))


def quantile_inequalities(
    share: Fraction,
    window: Interval,
    number: int,
    definitions: Sequence[str] = (),
    *,
    step: Fraction | None = None,
) -> tuple[Inequality, ...]:
    """Return what one printed quantile says of the ordered values.

    Parameters
    ----------
    share : Fraction
        The share of values below.
    window : Interval
        The numbers that print as the quantile.
    number : int
        How many values there are.
    definitions : sequence of str
        The definitions that may have been used, all if empty.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    tuple of Inequality
        One for each end that is finite.

    Notes
    -----
    By one definition, both are about the same weighted sum.  By several, the last value that
    can enter is at least the lower end and the first is at most the upper end.  An end of a
    single value moves to the next multiple of the step.

    Examples
    --------
    >>> window = Interval(Fraction(9), Fraction(10))
    >>> [str(one) for one in quantile_inequalities(Fraction(1, 4), window, 7, ["type7"])]
    ['0.5 x(2) + 0.5 x(3) ≥ 9', '0.5 x(2) + 0.5 x(3) ≤ 10']
    >>> [str(one) for one in quantile_inequalities(Fraction(1, 4), window, 7)]
    ['x(3) ≥ 9', 'x(1) ≤ 10']
    """
    names = [name for name in definitions if defines(name, share)]
    low_terms: tuple[tuple[int, Fraction], ...]
    if len(names) == 1:
        form = quantile_form(names[0], share, number)
        weights = (1 - form.weight, form.weight)
        low_terms = tuple(zip(form.indices, weights, strict=False))
        high_terms = tuple((index, -weight) for index, weight in low_terms)
    else:
        first, last = loosest_indices(share, number, definitions)
        low_terms, high_terms = ((last, _ONE),), ((first, -_ONE),)
    found = []
    if window.low is not None:
        found.append(Inequality(low_terms, window.low, not window.low_closed, share))
    if window.high is not None:
        found.append(Inequality(high_terms, -window.high, not window.high_closed, share))
    return tuple(_to_step(one, step) for one in found)


def domain_inequalities(
    index: int, domain: Interval, *, step: Fraction | None = None
) -> tuple[Inequality, ...]:
    """Return what the domain says of one of the ordered values.

    Parameters
    ----------
    index : int
        Number of the value, from 1.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    tuple of Inequality
        One for each end that is finite.
    """
    found = []
    if domain.low is not None:
        found.append(Inequality(((index, _ONE),), domain.low, not domain.low_closed, None))
    if domain.high is not None:
        found.append(Inequality(((index, -_ONE),), -domain.high, not domain.high_closed, None))
    return tuple(_to_step(one, step) for one in found)


def order_inequality(lower: int, higher: int) -> Inequality:
    """Return that one of the ordered values does not exceed a later one.

    Parameters
    ----------
    lower, higher : int
        Numbers of the values, the lower one first.

    Returns
    -------
    Inequality
        The difference of the higher and the lower one is at least 0.
    """
    return Inequality(((lower, -_ONE), (higher, _ONE)), _ZERO, False, None)


def _to_step(one: Inequality, step: Fraction | None) -> Inequality:
    """Move the bound of a single value to the next multiple of a step."""
    if step is None or len(one.terms) > 1:
        return one
    steps = ceil(one.bound / step)
    if one.is_strict and steps * step == one.bound:
        steps += 1
    return Inequality(one.terms, steps * step, False, one.share)


def replays(
    conflict: Conflict,
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
) -> bool:
    """Check a proof that no values have given quantiles.

    Parameters
    ----------
    conflict : Conflict
        The proof.
    windows : Mapping of Fraction to Interval
        Share of each quantile, with the numbers that print as it.
    number : int
        How many values there are.
    definitions : sequence of str
        The definitions that may have been used, all if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    bool
        Whether every step follows from the quantiles, the order or the domain, and the
        sum of all is a contradiction.
    """
    totals: dict[int, Fraction] = {}
    bound = _ZERO
    is_strict = False
    for factor, one in conflict.steps:
        indices = [index for index, _ in one.terms]
        if one.share is not None:
            allowed: tuple[Inequality, ...] = quantile_inequalities(
                one.share, windows.get(one.share, EVERYTHING), number, definitions, step=step
            )
        elif len(indices) == 2 and indices[0] < indices[1]:
            allowed = (order_inequality(*indices),)
        else:
            allowed = domain_inequalities(indices[0], domain, step=step)
        if factor <= 0 or one not in allowed or not all(1 <= i <= number for i in indices):
            return False
        for index, coefficient in one.terms:
            totals[index] = totals.get(index, _ZERO) + factor * coefficient
        bound += factor * one.bound
        is_strict = is_strict or one.is_strict
    return not any(totals.values()) and (bound > 0 or (bound == 0 and is_strict))
