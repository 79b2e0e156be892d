"""Whether values with printed quantiles exist: values, or a proof that there are none.

Each definition ties a quantile to one or two neighbours among the ordered values, so
the values form a chain.  Along it, what is possible for each value given those before
is an interval, found by eliminating the value before it: an exact decision in fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.boxes import require_windows
from netcore.stats.quantiles.definitions import DEFINITIONS, defines, quantile_form
from netcore.stats.quantiles.granular import (
    DEFAULT_BUDGET,
    BudgetEndedError,
    Enumeration,
    granular_values,
)
from netcore.stats.quantiles.inequalities import (
    Conflict,
    Inequality,
    domain_inequalities,
    order_inequality,
    quantile_inequalities,
)

__all__ = [
    "Impossible",
    "Outcome",
    "Possible",
    "Undecided",
    "feasible",
    "inside",
    "numbers_behind_quantile",
    "quantile_step",
    "simplest",
    "surviving_definitions",
]

_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Possible:
    """Values that have the quantiles.

    Parameters
    ----------
    values : tuple of Fraction
        All values in ascending order.
    """

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """No values have the quantiles.

    Parameters
    ----------
    proof : Conflict or Enumeration
        Inequalities that contradict each other, or, for granular values, all that are
        possible one after the other, until none is left.
    shares : tuple of Fraction
        The quantiles that the proof uses.
    """

    proof: Conflict | Enumeration
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """The enumeration ended on its budget: nothing is known.

    Parameters
    ----------
    budget : int
        The number of values that it was allowed to try.
    """

    budget: int


Outcome = Possible | Impossible | Undecided
"""What a search ends with: values, a proof that there are none, or its budget."""


def feasible(
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Outcome:
    """Find n values with printed quantiles, or prove that there are none.

    Parameters
    ----------
    windows : Mapping of Fraction to Interval
        Share of each quantile (0 the least value, 1/2 the median, 1 the greatest), with the
        numbers that print as it.
    number : int
        How many values there are, at least 1.
    definitions : sequence of str
        One name: the quantiles are by this definition.  Several: each is any number between
        the values that these let enter; the same of all definitions if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.
    budget : int
        How many values an enumeration of granular values may try.

    Returns
    -------
    Possible, Impossible or Undecided
        Values, strictly inside all windows if some are; or a proof; undecided only with
        a step, by a definition that interpolates.

    Raises
    ------
    ValueError
        If the number is less than 1, a share or a definition is none, a window is empty or
        the step is not positive.

    Notes
    -----
    Only values that enter a quantile matter; the others repeat a neighbour.  For neighbours
    x ≤ y, each quantile of the two is a pair of inequalities in x and y.  Eliminating x
    (Fourier-Motzkin) leaves an interval for y, exactly the values that y can have given all
    quantiles up to it, because what comes later depends on y alone.  Going back from the
    last interval, a number of few decimals is chosen in each.  An empty interval is a sum of
    inequalities with positive factors that says 0 > 0 (Farkas).

    References
    ----------
    Schrijver A (1986). Theory of Linear and Integer Programming. Wiley, sections 7.3 and
    12.2. ISBN 978-0-471-98232-6

    Examples
    --------
    Three values cannot have the quartiles 1 and 9 and the median 2 by SPSS's definition if
    none exceeds 8.

    >>> printed = {Fraction(1, 4): 1, Fraction(1, 2): 2, Fraction(3, 4): 9}
    >>> windows = {share: Interval.point(value) for share, value in printed.items()}
    >>> feasible(windows, 3, ["type6"]).values
    (Fraction(1, 1), Fraction(2, 1), Fraction(9, 1))
    >>> found = feasible(windows, 3, ["type6"], domain=Interval(None, Fraction(8)))
    >>> [str(inequality) for _, inequality in found.proof.steps]
    ['x(3) ≥ 9', 'x(3) ≤ 8']
    """
    require_windows(windows, number)
    if step is not None and step <= 0:
        raise ValueError(f"found step {step}, expected a positive one")
    inner = {share: inside(window) for share, window in windows.items()}
    for tried in (inner, windows):  # values at the ends of windows only where there are no others
        outcome = _feasible(tried, number, definitions, domain, step, budget)
        if isinstance(outcome, Possible):
            return outcome
    if isinstance(outcome, Impossible) and isinstance(outcome.proof, Enumeration):
        return Impossible(
            outcome.proof, _needed(windows, number, definitions, domain, step, budget)
        )
    return outcome


def inside(window: Interval) -> Interval:
    """Return a window without its ends, unless it is a point.

    Parameters
    ----------
    window : Interval
        The numbers that print as a value.

    Returns
    -------
    Interval
        The same numbers, strictly between the ends.

    Examples
    --------
    >>> str(inside(Interval(Fraction(1), Fraction(2)))), str(inside(Interval.point(3)))
    ('(1, 2)', '[3, 3]')
    """
    is_point = window.low is not None and window.low == window.high
    return window if is_point else Interval(window.low, window.high, False, False)


def _feasible(
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str],
    domain: Interval,
    step: Fraction | None,
    budget: int,
) -> Outcome:
    premises = [
        one
        for share, window in sorted(windows.items())
        for one in quantile_inequalities(share, window, number, definitions, step=step)
    ]
    critical = sorted({index for one in premises for index, _ in one.terms} or {1})
    premises += [one for index in critical for one in domain_inequalities(index, domain, step=step)]
    chain = _Chain(critical, premises)
    if chain.conflict is not None:
        return Impossible(chain.conflict, chain.conflict.shares)
    if step is None:
        return Possible(_repeated(critical, chain.chosen(), number))
    try:
        found = granular_values(critical, premises, step, budget)
    except BudgetEndedError:
        return Undecided(budget)
    if isinstance(found, Enumeration):
        return Impossible(found, tuple(sorted(windows)))
    return Possible(_repeated(critical, found, number))


def _needed(
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str],
    domain: Interval,
    step: Fraction | None,
    budget: int,
) -> tuple[Fraction, ...]:
    """Return shares of quantiles, none of which can be left out of an enumeration."""
    needed = dict(windows)
    for share in windows:
        others = {one: window for one, window in needed.items() if one != share}
        outcome = _feasible(others, number, definitions, domain, step, budget)
        if isinstance(outcome, Impossible):
            needed = others
    return tuple(sorted(needed))


def _repeated(
    critical: Sequence[int], values: Sequence[Fraction], number: int
) -> tuple[Fraction, ...]:
    """Return all values: those that enter no quantile repeat the one before, or the first."""
    given = dict(zip(critical, values, strict=True))
    last = values[0]
    everyone = []
    for index in range(1, number + 1):
        last = given.get(index, last)
        everyone.append(last)
    return tuple(everyone)


@dataclass(frozen=True, slots=True)
class _Derived:
    """An inequality in a value x and the next one y, and the sum of inequalities it is."""

    of_x: Fraction
    of_y: Fraction
    bound: Fraction
    is_strict: bool
    factors: Mapping[Inequality, Fraction]

    @property
    def tightness(self) -> tuple[Fraction, bool]:
        return self.bound, self.is_strict

    @property
    def is_contradiction(self) -> bool:
        return self.of_x == self.of_y == 0 and self.tightness > (_ZERO, False)

    def plus(self, other: _Derived, factor: Fraction, other_factor: Fraction) -> _Derived:
        """Return the sum of two inequalities, each multiplied by a positive factor."""
        factors = {one: factor * value for one, value in self.factors.items()}
        for one, value in other.factors.items():
            factors[one] = factors.get(one, _ZERO) + other_factor * value
        return _Derived(
            factor * self.of_x + other_factor * other.of_x,
            factor * self.of_y + other_factor * other.of_y,
            factor * self.bound + other_factor * other.bound,
            self.is_strict or other.is_strict,
            factors,
        )


class _Chain:
    """The elimination along the critical values: intervals, or a conflict."""

    def __init__(self, critical: Sequence[int], premises: Iterable[Inequality]) -> None:
        self.conflict: Conflict | None = None
        self._alone: dict[int, list[Inequality]] = {index: [] for index in critical}
        self._pairs: dict[int, list[Inequality]] = {index: [] for index in critical}
        for one in premises:
            target = self._alone if len(one.terms) == 1 else self._pairs
            target[one.terms[-1][0]].append(one)
        self._links: list[list[_Derived]] = []  # between each critical value and the next
        self._reached: list[Interval] = []
        bounds: list[_Derived] = []  # of the current value
        for place, index in enumerate(critical):
            of_next = [_derived(one, index) for one in self._alone[index]]
            if place:
                ordered = order_inequality(critical[place - 1], index)
                links = [_derived(one, index) for one in (ordered, *self._pairs[index])]
                self._links.append(links)
                as_x = [_Derived(b.of_y, _ZERO, b.bound, b.is_strict, b.factors) for b in bounds]
                of_next += _without_x([*as_x, *links])
            bounds = self._tightest(of_next)
            if self.conflict is not None:
                return
            self._reached.append(_as_interval(bounds))

    def _tightest(self, found: Sequence[_Derived]) -> list[_Derived]:
        """Keep one bound of y from below and one from above; note a contradiction."""
        kept = []
        for side in (1, -1):
            of_side = []
            for one in found:
                if one.of_y * side > 0:
                    factor = 1 / abs(one.of_y)
                    factors = {premise: factor * v for premise, v in one.factors.items()}
                    of_side.append(
                        _Derived(_ZERO, Fraction(side), factor * one.bound, one.is_strict, factors)
                    )
            if of_side:
                kept.append(max(of_side, key=lambda one: one.tightness))
        contradictions = [one for one in found if one.is_contradiction]
        if len(kept) == 2:
            both = kept[0].plus(kept[1], Fraction(1), Fraction(1))
            contradictions += [both] if both.is_contradiction else []
        if contradictions:
            # the shortest proof; of equals, the first one
            shortest = min(contradictions, key=lambda one: len(one.factors))
            steps = ((value, premise) for premise, value in shortest.factors.items())
            self.conflict = Conflict(tuple(sorted(steps, key=_place)))
        return kept

    def chosen(self) -> tuple[Fraction, ...]:
        """Return a number of few decimals for each critical value, from the last to the first."""
        values = [simplest(self._reached[-1])]
        for reached, links in zip(self._reached[-2::-1], self._links[::-1], strict=True):
            given_y = [
                _Derived(_ZERO, one.of_x, one.bound - one.of_y * values[-1], one.is_strict, {})
                for one in links
            ]
            values.append(simplest(reached.meet(_as_interval(given_y))))
        return tuple(reversed(values))


def _place(step: tuple[Fraction, Inequality]) -> tuple[int, list[int]]:
    """Order steps as a chain: what is at least a bound, what follows it, what is at most one."""
    _, one = step
    signs = {factor > 0 for _, factor in one.terms}
    return (1 if len(signs) == 2 else 0 if True in signs else 2), [index for index, _ in one.terms]


def _derived(one: Inequality, index: int) -> _Derived:
    """Read an inequality as one in y, the value of an index, and x, the one before."""
    of_y = dict(one.terms).get(index, _ZERO)
    of_x = sum((factor for other, factor in one.terms if other != index), _ZERO)
    return _Derived(of_x, of_y, one.bound, one.is_strict, {one: Fraction(1)})


def _without_x(found: Sequence[_Derived]) -> list[_Derived]:
    """Eliminate x: every bound from below with every bound from above."""
    kept = [one for one in found if not one.of_x]
    for low in found:
        if low.of_x > 0:
            kept += [low.plus(high, -high.of_x, low.of_x) for high in found if high.of_x < 0]
    return kept


def _as_interval(bounds: Iterable[_Derived]) -> Interval:
    """Return the y that satisfy inequalities in y alone."""
    result = EVERYTHING
    for one in bounds:
        if one.of_y:
            end = one.bound / one.of_y
            result = result.meet(
                Interval(end, None, not one.is_strict)
                if one.of_y > 0
                else Interval(None, end, True, not one.is_strict)
            )
    return result


def simplest(interval: Interval, *, step: Fraction | None = None) -> Fraction:
    """Return a number of few decimals in an interval, near its middle or its finite end.

    Parameters
    ----------
    interval : Interval
        An interval that holds a number, and a multiple of the step if there is one.
    step : Fraction, optional
        The number is a multiple of it.

    Returns
    -------
    Fraction
        The multiple of the step, or of the greatest power of ten up to 1, nearest to the middle.

    Raises
    ------
    ValueError
        If the interval holds no such number.

    Examples
    --------
    >>> simplest(Interval(Fraction(1415, 100), Fraction(1425, 100)))
    Fraction(71, 5)
    >>> simplest(Interval(Fraction(3), None, low_closed=False), step=Fraction(1, 2))
    Fraction(7, 2)
    """
    if interval.is_empty:
        raise ValueError(f"found the empty interval {interval}, expected one that holds a number")
    low, high = interval.low, interval.high
    unit = Fraction(1) if step is None else step
    if low is None:
        low = _ZERO if high is None else high - unit
    if high is None:
        high = low + unit
    middle = (low + high) / 2
    if step is not None:
        multiples = _scaled(
            Interval(low, high, interval.low_closed, interval.high_closed), step
        ).integers()
        if not multiples:
            raise ValueError(f"found {interval}, expected one that holds a multiple of {step}")
        return multiples[len(multiples) // 2] * step
    if low == high:
        return middle
    scale = 1
    while Fraction(round(middle * scale), scale) not in interval:
        scale *= 10
    return Fraction(round(middle * scale), scale)


def surviving_definitions(
    windows: Mapping[Fraction, Interval],
    number: int,
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Mapping[str, Outcome]:
    """Ask of each definition whether values with printed quantiles exist.

    Parameters
    ----------
    windows : Mapping of Fraction to Interval
        Share of each quantile, with the numbers that print as it.
    number : int
        How many values there are, at least 1.
    definitions : sequence of str
        The definitions to ask; all if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.
    budget : int
        How many values an enumeration of granular values may try, for each definition.

    Returns
    -------
    Mapping of str to Outcome
        For each definition that defines all the shares, what :func:`feasible` says.

    Notes
    -----
    That none of them survives is no proof by itself: a paper may take its median by one
    definition and its quartiles by another.  :func:`feasible` without definitions allows that.

    Examples
    --------
    Of five values of a whole number of years, the lower quartile prints as 2.3.

    >>> window = Interval(Fraction(225, 100), Fraction(235, 100))
    >>> found = surviving_definitions({Fraction(1, 4): window}, 5, step=Fraction(1))
    >>> [name for name, outcome in found.items() if isinstance(outcome, Possible)]
    ['type4', 'type5', 'type8', 'type9']
    """
    return MappingProxyType(
        {
            name: feasible(windows, number, (name,), domain=domain, step=step, budget=budget)
            for name in (definitions or DEFINITIONS)
            if all(defines(name, share) for share in windows)
        }
    )


def quantile_step(definition: str, share: Fraction, number: int, step: Fraction) -> Fraction:
    """Return the step of which a quantile of granular values is a multiple.

    Parameters
    ----------
    definition : str
        A definition of quantiles.
    share : Fraction
        The share of values below.
    number : int
        How many values there are.
    step : Fraction
        Every value is a multiple of it.

    Returns
    -------
    Fraction
        The step of the values divided by the denominator of the weight: the quantile is a
        multiple of it, and each multiple is the quantile of some values.

    Raises
    ------
    ValueError
        If the step is not positive, or the definition, the share or the number is none.

    Examples
    --------
    By Excel, the lower quartile of 10 whole numbers ends in .0, .25, .5 or .75; the median of 34
    whole years in .0 or .5: 58.55 is none.

    >>> quantile_step("type7", Fraction(1, 4), 10, Fraction(1))
    Fraction(1, 4)
    >>> quantile_step("type7", Fraction(1, 2), 34, Fraction(1))
    Fraction(1, 2)
    """
    if step <= 0:
        raise ValueError(f"found step {step}, expected a positive one")
    return step / quantile_form(definition, share, number).weight.denominator


def numbers_behind_quantile(
    window: Interval,
    share: Fraction,
    largest: int,
    step: Fraction,
    definitions: Sequence[str] = (),
) -> Mapping[int, tuple[str, ...]]:
    """Return every number of granular values that can have a quantile in a window.

    Parameters
    ----------
    window : Interval
        The numbers that print as the quantile, with two ends.
    share : Fraction
        The share of values below.
    largest : int
        The largest number to consider.
    step : Fraction
        Every value is a multiple of it.
    definitions : sequence of str
        The definitions to consider; all if empty.

    Returns
    -------
    Mapping of int to tuple of str
        Each number from 1 to ``largest`` that can, with the definitions by which it can.

    Raises
    ------
    ValueError
        If the step is not positive, the window has an infinite end or a definition or the share
        is none.

    Examples
    --------
    No median of whole numbers prints as 3.7 by a usual definition.

    >>> window = Interval(Fraction(365, 100), Fraction(375, 100))
    >>> dict(numbers_behind_quantile(window, Fraction(1, 2), 50, Fraction(1), ["type2", "type7"]))
    {}
    >>> list(numbers_behind_quantile(window, Fraction(1, 4), 9, Fraction(1), ["type7"]))
    [2, 4, 6, 8]
    """
    found: dict[int, tuple[str, ...]] = {}
    for number in range(1, largest + 1):
        names = tuple(
            name
            for name in (definitions or DEFINITIONS)
            if defines(name, share)
            and _scaled(window, quantile_step(name, share, number, step)).integers()
        )
        if names:
            found[number] = names
    return MappingProxyType(found)


def _scaled(window: Interval, unit: Fraction) -> Interval:
    """Return a window in multiples of a unit."""
    return Interval(
        None if window.low is None else window.low / unit,
        None if window.high is None else window.high / unit,
        window.low_closed,
        window.high_closed,
    )
