"""Laws of derived values, and of wholes beside the parts that make them up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks.certificates.laws import Law, Laws, Under, linear, share
from netcore.checks.certificates.names import Quantity, cell_text, quantity_of
from netcore.checks.certificates.rows import open_readings
from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions
from netcore.checks.summary_hulls import analysed_numbers
from netcore.checks.summary_values import Cover, Group, SummaryValues, group_of
from netcore.study import Claim, Study

__all__ = ["derived_laws"]

_CLAIMED: Final = ("ratio", "difference", "value", "estimate")


@dataclass(frozen=True, slots=True)
class _Key:
    """What is summarised, how and when."""

    variable: str
    statistic: str
    at: str


def derived_laws(study: Study, conventions: Conventions, laws: Laws) -> None:
    """Add the laws of derived values, and of summaries of wholes and parts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    laws : Laws
        Where they are added.

    Notes
    -----
    A value that is derived from summaries is their sum, difference or ratio;
    whether a difference is printed without its sign is an open point.  Parts
    exclude one another and make up a whole: of plain values one of them has
    a mean that is not above that of the whole, and one has a mean that is not
    below it; which of them is open.  Of medians this is not so by every definition.
    """
    values = SummaryValues(study, conventions)
    wanted: dict[_Key, dict[Group, None]] = {}
    for name, statistic, at in values.quantities():
        groups = wanted.setdefault(_Key(name, statistic, at), {})
        groups.update(dict.fromkeys(values.groups(name, statistic, at)))
    for claim in study.claims:
        for key, group in _derived(study, claim, values, laws):
            wanted.setdefault(key, {})[group] = None
    for key, found in wanted.items():
        for group in found:
            laws.add(*_whole(study, values, key, group, laws))


def _derived(
    study: Study, claim: Claim, values: SummaryValues, laws: Laws
) -> Iterator[tuple[_Key, Group]]:
    """Add the law of one derived value, and yield the summaries that it derives from."""
    if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
        return
    for under, reading in open_readings(study, claim, laws):
        variable = study.variables.get(reading.variable)
        derived = None if variable is None else variable.derived
        if derived is None or derived.of is None or not study.is_numeric(claim):
            continue
        if reading.stat_name not in (*_CLAIMED, derived.of):
            continue
        group = group_of(study, reading.population)
        own = quantity_of(study, claim, reading)
        operands = []
        for name in derived.operands:
            key = _Key(name, derived.of, reading.at)
            yield key, group
            unit = _unit(study, values, key, group)
            operands.append(_summary(study, key, group, unit))
        units = {operand.unit for operand in operands}
        units |= {own.unit} if derived.operation != "ratio" else set()
        if len(units - {""}) > 1 or (derived.operation == "ratio" and own.unit == "%"):
            continue
        names = [operand.name for operand in operands]
        if derived.operation == "sum":
            form = dict.fromkeys(names, -1) | {own.name: 1}
            laws.add(linear(f"sum: {own.name}", form, low=0, high=0, under=under))
        elif derived.operation == "difference":
            signs = ("as printed", "without its sign")
            point = laws.open(f"sign of {claim.claim}", signs)
            for sign, factor in zip(signs, (1, -1), strict=True):
                form = {own.name: 1, names[0]: -factor, names[1]: factor}
                taken = {**under, point: sign}
                what = f"difference, {sign}: {own.name}"
                laws.add(linear(what, form, low=0, high=0, under=taken))
        else:
            key = _Key(derived.operands[1], derived.of, reading.at)
            rows = _printing(values, key, group)
            if rows:
                part, whole = ({name: Fraction(1)} for name in names)
                what = f"ratio in {claim.claim}{_read(under)}"
                laws.add(share(what, claim.claim, part, whole, under=under, positive=rows))


def _read(under: Under) -> str:
    return "".join(f", {point} taken as {choice}" for point, choice in under.items())


def _unit(study: Study, values: SummaryValues, key: _Key, group: Group) -> str:
    """Return the unit in which a summary is printed, of the group or else of any."""
    groups = values.groups(key.variable, key.statistic, key.at)
    for some in ([one for one in groups if one == group], groups):
        units = {
            quantity_of(study, value.claim, reading).unit
            for one in some
            for value in values.of(one, key.variable, key.statistic, key.at)
            for reading in readings(value.claim)
            if reading.variable == key.variable
        }
        if units:
            return min(units) if len(units) == 1 else ""
    return ""


def _summary(study: Study, key: _Key, group: Group, unit: str) -> Quantity:
    who = group.described or cell_text(study, group.cell)
    return Quantity(key.statistic, key.variable, "", key.at, "", "", who, unit)


def _printing(values: SummaryValues, key: _Key, group: Group) -> tuple[str, ...]:
    """Return the rows that print a summary of a group, or of the parts that make it up."""
    question = (key.variable, key.statistic, key.at)
    found = [value for value in values.of(group, *question) if value.is_certain]
    if not found:
        for cover in values.covers(group, *question):
            found += [value for part in cover for value in part.values if value.is_certain]
    return tuple(dict.fromkeys(value.claim.claim for value in found))


def _whole(
    study: Study, values: SummaryValues, key: _Key, whole: Group, laws: Laws
) -> Iterator[Law]:
    variable = study.variables[key.variable]
    is_time = variable.type == "time"
    if variable.type == "studies" or (is_time and key.statistic == "mean"):
        return
    for location in study.locations:
        for cover in values.covers(whole, key.variable, key.statistic, key.at, location):
            certain = all(value.is_certain for part in cover for value in part.values)
            if certain and not _are_others(study, key, whole, cover):
                yield from _of_parts(study, values, key, whole, cover, location, laws)


def _are_others(study: Study, key: _Key, whole: Group, cover: Cover) -> bool:
    """Return whether other numbers are printed for the parts than for the whole."""
    stated = analysed_numbers(study).get((key.variable, key.at), {})
    numbers = [set(stated.get(part.group, ())) for part in cover]
    of_all = set(stated.get(whole, ()))
    if not of_all or not all(len(found) == 1 for found in numbers):
        return False
    return of_all != {sum(next(iter(found)) for found in numbers)}


def _of_parts(
    study: Study,
    values: SummaryValues,
    key: _Key,
    whole: Group,
    cover: Cover,
    location: str,
    laws: Laws,
) -> Iterator[Law]:
    unit = _unit(study, values, key, whole)
    own = _summary(study, key, whole, unit)
    parts = [
        _summary(study, key, part.group, _unit(study, values, key, part.group)) for part in cover
    ]
    if any(part.unit != unit for part in parts):
        return
    divided = " + ".join(part.who for part in parts)
    about = f"{own.name} of {divided}, {location}"
    names = [part.name for part in parts]
    if key.statistic == "mean":
        yield from _between(laws, about, own.name, names)
    elif key.statistic in ("min", "max"):
        is_min = key.statistic == "min"
        for part in names:
            form = {own.name: 1, part: -1} if is_min else {own.name: -1, part: 1}
            yield linear(f"parts: {part} within {own.name}, {location}", form, high=0)
        yield from _between(laws, about, own.name, names)
    elif key.statistic == "range":
        for part in names:
            what = f"parts: {part} within {own.name}, {location}"
            yield linear(what, {part: 1, own.name: -1}, high=0)
    if key.statistic == "mean":
        yield from _weighted(study, key, own.name, names, cover, about)


def _between(laws: Laws, about: str, whole: str, parts: Sequence[str]) -> Iterator[Law]:
    """Yield that some part is not above the whole, and that some is not below it."""
    for words, sign in (("not above", 1), ("not below", -1)):
        point = laws.open(f"which part has a value {words} {about}", parts)
        for part in parts:
            form = {part: sign, whole: -sign}
            yield linear(f"parts: {part} {words} {about}", form, high=0, under={point: part})


def _weighted(
    study: Study, key: _Key, whole: str, parts: Sequence[str], cover: Cover, about: str
) -> Iterator[Law]:
    """Yield that the mean of all is that of the parts, weighted by the numbers analysed."""
    stated = analysed_numbers(study).get((key.variable, key.at), {})
    found: list[Mapping[int, Sequence[Claim]]] = [stated.get(part.group, {}) for part in cover]
    if not all(len(numbers) == 1 for numbers in found):
        return
    weights = [next(iter(numbers)) for numbers in found]
    if not all(weights):
        return
    reads = {rows[0].claim: rows[0].printed for numbers in found for rows in numbers.values()}
    form = dict(zip(parts, weights, strict=True)) | {whole: -sum(weights)}
    yield linear(f"weighted: {about}", form, low=0, high=0, reads=reads)
