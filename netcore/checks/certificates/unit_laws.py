"""How numbers of units add up: the rules of one kind of unit, named as in certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from netcore.checks.certificates.names import (
    ANY,
    Factor,
    factor_values,
    named_units,
)
from netcore.checks.certificates.premises import Premise, divided
from netcore.checks.count_systems import CountSystem
from netcore.checks.count_systems import Factor as SystemFactor
from netcore.printed import Interval
from netcore.stats.linear_proofs import Inequality
from netcore.study import Study, Variable

__all__ = ["implied_by", "unit_rules"]


def implied_by(variable: Variable, level: str) -> tuple[str, ...]:
    """Return what else is so of whoever has a level of a variable of overlapping levels.

    Parameters
    ----------
    variable : Variable
        The variable.
    level : str
        One of its levels.

    Returns
    -------
    tuple of str
        That it has any level, the levels that it lies within, and unions of
        any of these.
    """
    found = [ANY]
    inner: str | None = level
    while inner is not None:
        found += [name for name, members in variable.unions.items() if inner in members]
        inner = variable.within.get(inner)
        found += [inner] if inner is not None else []
    return tuple(dict.fromkeys(name for name in found if name != level))


def unit_rules(
    study: Study,
    root: str,
    counts: CountSystem | None,
    wanted: Iterable[frozenset[Factor]] = (),
) -> Iterator[Premise]:
    """Yield how the numbers of units of one kind add up.

    Parameters
    ----------
    study : Study
        The study.
    root : str
        The population of all units of the kind.
    counts : CountSystem or None
        Its system, whose cliques and overlaps are told apart; None where
        nothing of the kind is counted.
    wanted : iterable of frozenset of Factor
        Further sets of factors whose numbers are asked for.

    Yields
    ------
    Premise
        Each table divides every smaller one, and nobody has a level without
        what it implies.
    """
    cliques = [tuple(_factor(one) for one in clique) for clique in counts.cliques] if counts else []
    overlaps = sorted(counts.overlaps) if counts else []
    small = [tuple(_factor(one) for one in shared) for shared in overlaps]
    nested = [pair for clique in cliques for pair in _nested(study, clique)]
    known = {frozenset(table) for table in (*cliques, *small)}
    more = [frozenset(pair) for pair in nested]
    small += [
        tuple(sorted(table))
        for table in dict.fromkeys((*more, *wanted))
        if table and table not in known
    ]
    tables = tuple(dict.fromkeys((*small, *cliques)))
    for larger in tables:
        inside = [table for table in tables if set(table) < set(larger)]
        for smaller in [*inside, ()]:
            rest = tuple(one for one in larger if one not in smaller)
            for whole in _cells(study, root, smaller):
                yield divided(study, whole, rest)
    for inner, outer in dict.fromkeys(nested):
        name = named_units(root, ((inner, "yes"), (outer, "no")))
        inequality = Inequality({name: Fraction(1)}, Interval.point(0))
        yield Premise("implies", (root, *inner[:2], inner[2], outer[2]), inequality)


def _cells(study: Study, root: str, factors: Sequence[Factor]) -> Iterator[str]:
    values = (factor_values(study.variables[one[0]], one[2]) for one in factors)
    for chosen in product(*values):
        yield named_units(root, zip(factors, chosen, strict=True))


def _nested(study: Study, factors: Sequence[Factor]) -> Iterator[tuple[Factor, Factor]]:
    """Yield pairs of overlapping levels of which the first implies the second."""
    for inner, outer in product(factors, factors):
        same = inner[:2] == outer[:2] and inner != outer and inner[2] not in ("", ANY)
        if same and outer[2] in implied_by(study.variables[inner[0]], inner[2]):
            yield inner, outer


def _factor(factor: SystemFactor) -> Factor:
    item = ANY if factor.level == "any" else factor.level
    return (factor.variable, factor.at, item)
