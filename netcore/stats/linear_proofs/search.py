"""The search for a proof: the simplex method, and cuts between whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, lcm
from typing import Final

from netcore.printed import Interval
from netcore.stats.linear_proofs.inequalities import Inequality, Proof, Sum, WholeCut
from netcore.stats.linear_proofs.simplex import Point, Unsolved, multipliers_or_point

__all__ = ["DEEPEST", "DEFAULT_BUDGET", "refute"]

DEFAULT_BUDGET: Final = 20_000
DEEPEST: Final = 200
"""Cuts within one another; JSON readers refuse deeper nesting."""


@dataclass(slots=True)
class _Budget:
    left: int


def refute(
    inequalities: Sequence[Inequality],
    whole: Collection[str] = (),
    *,
    budget: int = DEFAULT_BUDGET,
) -> Proof | None:
    """Prove that inequalities exclude one another, if they do.

    Parameters
    ----------
    inequalities : sequence of Inequality
        What is said to hold.
    whole : collection of str
        Names of the unknowns that are whole numbers.
    budget : int
        Sums that are tried, each by the simplex method.

    Returns
    -------
    Sum, WholeCut or None
        None if values satisfy all, or if none were found within the budget:
        it says nothing then.

    Notes
    -----
    Branch and bound (Land and Doig 1960, doi:10.2307/1910129).  A cut is made
    only where values that are no whole numbers would do, between the two
    whole numbers next to one of these; so no cut of a proof can be moved or
    left out.

    Examples
    --------
    Twice a whole number is not 5.

    >>> from fractions import Fraction as F
    >>> refute([Inequality({"x": F(2)}, Interval.point(5))], ["x"]).most
    2
    """
    given = list(inequalities)
    return _refute(given, range(len(given)), frozenset(whole), _Budget(budget), 0)


def _refute(
    inequalities: list[Inequality],
    active: Sequence[int],
    whole: frozenset[str],
    budget: _Budget,
    depth: int,
) -> Proof | None:
    """Prove it with some of the inequalities: of the cuts of one unknown the last are the tightest."""
    budget.left -= 1
    if budget.left < 0 or depth > DEEPEST:
        return None
    try:
        found = multipliers_or_point([inequalities[place] for place in active], budget=10_000)
    except Unsolved:
        return None
    if not isinstance(found, Point):
        multipliers = dict(zip(active, _smallest(found), strict=True))
        nothing = Fraction(0)
        return Sum(tuple(multipliers.get(place, nothing) for place in range(len(inequalities))))
    for name in sorted(found.values):
        value, more = found.values[name]
        if name not in whole or (value.denominator == 1 and not more):
            continue
        most = floor(value) - (value.denominator == 1 and more < 0)
        form = {name: Fraction(1)}
        parts = []
        for window in (Interval(None, Fraction(most)), Interval(Fraction(most + 1), None)):
            kept = [
                place
                for place in active
                if place < len(inequalities) - depth
                or inequalities[place].terms != form
                or (inequalities[place].window.low is None) != (window.low is None)
            ]
            longer = [*inequalities, Inequality(form, window)]
            part = _refute(longer, [*kept, len(inequalities)], whole, budget, depth + 1)
            if part is None:
                return None
            parts.append(part)
        return WholeCut(name, most, *parts)
    return None


def _smallest(multipliers: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Scale multipliers to whole numbers without a common divisor."""
    scale = lcm(*(number.denominator for number in multipliers))
    scaled = [int(number * scale) for number in multipliers]
    divisor = gcd(*scaled)
    return tuple(Fraction(number // divisor) for number in scaled)
