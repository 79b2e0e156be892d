"""Laws of order: what any values at all impose on their statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from typing import Final

from netcore.checks.certificates.laws import Law, linear
from netcore.checks.certificates.names import Quantity, unit_of_variable
from netcore.checks.printings.directions import mirrors_of
from netcore.printed import Printed
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Study

__all__ = ["order_laws"]

_NEVER_NEGATIVE: Final = ("sd", "var", "std.error", "iqr", "mad", "range")
_AVERAGES: Final = ("mean", "geom_mean")
_WITHIN: Final = (*QUANTILES, *_AVERAGES, "rmean", "value")


def order_laws(
    study: Study, quantities: Mapping[str, Quantity], printed: Mapping[str, Iterable[Printed]]
) -> Iterator[Law]:
    """Yield the laws of order among the quantities that are printed.

    Parameters
    ----------
    study : Study
        The study.
    quantities : Mapping of str to Quantity
        All of them by name.
    printed : Mapping of str to iterable of Printed
        What is printed of each.

    Yields
    ------
    Law
        One for each pair, and for each bound.

    Notes
    -----
    A time may be estimated from censored values, and then its median or mean
    need not lie between plain extremes; its quartiles may be named by the
    patients who are still free of the event.  Only two extremes are of one
    kind.  The limits of a contrast, and negative ones, may be printed in the
    other order, so no law binds these.
    """
    alike: dict[str, dict[str, Quantity]] = {}
    for quantity in quantities.values():
        alike.setdefault(quantity.of("").name, {})[quantity.stat] = quantity
        yield from _alone(study, quantity)
    for by_stat in alike.values():
        first = next(iter(by_stat.values()))
        variable = study.variables.get(first.variable)
        for low, high in _pairs(by_stat, is_time=variable is not None and variable.type == "time"):
            if variable is not None:
                yield _before(by_stat[low], by_stat[high])
        for low, high in _limits(by_stat, printed):
            yield _before(by_stat[low], by_stat[high])
        if {"range", "min", "max"} <= by_stat.keys():
            yield _range(by_stat, printed)


def _pairs(names: Iterable[str], *, is_time: bool) -> Iterator[tuple[str, str]]:
    present = set(names)
    for low, high in combinations(QUANTILES, 2):
        kinds = {low, high}
        if kinds <= present and (kinds == {"min", "max"} or not is_time):
            yield low, high
    for mean in _AVERAGES if not is_time else ():
        for low, high in (("min", mean), (mean, "max")):
            if {low, high} <= present:
                yield low, high
    if {"iqr", "range"} <= present and not is_time:
        yield "iqr", "range"


def _limits(
    by_stat: Mapping[str, Quantity], printed: Mapping[str, Iterable[Printed]]
) -> Iterator[tuple[str, str]]:
    """Yield the limits that nobody prints in the other order."""
    for low in sorted(by_stat):
        base, mark, _ = low.partition(".conf.low")
        high = f"{base}.conf.high"
        if not mark or high not in by_stat or mirrors_of(base):
            continue
        if all(one.is_number and one.number() > 0 for one in printed.get(by_stat[high].name, ())):
            yield low, high


def _before(low: Quantity, high: Quantity) -> Law:
    name = f"order: {low.stat} before {high.stat} in {low.of('').name}"
    return linear(name, {low.name: 1, high.name: -1}, high=0)


def _range(by_stat: Mapping[str, Quantity], printed: Mapping[str, Iterable[Printed]]) -> Law:
    """Return that the range is the greatest less the least value, however coarsely rounded."""
    names = [by_stat[stat].name for stat in ("range", "min", "max")]
    slack = Fraction(0)
    for numbers in product(*(printed.get(name, ()) for name in names)):
        for step in (5, 10):
            if all(one.is_number and one.number() % step == 0 for one in numbers):
                slack = max(slack, Fraction(3 * step, 2))
    form = dict(zip(names, (1, 1, -1), strict=True))
    what = by_stat["range"].of("").name
    return linear(f"order: range is max less min in {what}", form, low=-slack, high=slack)


def _alone(study: Study, quantity: Quantity) -> Iterator[Law]:
    """Yield the bounds of a statistic that its kind, or its variable, imposes."""
    stat = quantity.stat
    if stat in _NEVER_NEGATIVE or stat.endswith(".std.error"):
        yield linear(f"order: never negative is {quantity.name}", {quantity.name: 1}, low=0)
    variable = study.variables.get(quantity.variable)
    if variable is None or stat not in _WITHIN or quantity.cites:
        return
    own = variable.unit or unit_of_variable(study, quantity.variable)
    units = {row.unit for row in study.claims if quantity.variable in row.readings("variable")}
    is_same = quantity.unit == own and (bool(variable.unit) or len(units - {""}) <= 1)
    if is_same and (variable.min is not None or variable.max is not None):
        yield linear(
            f"bounds of {quantity.variable}: {quantity.name}",
            {quantity.name: 1},
            low=variable.min,
            high=variable.max,
        )
