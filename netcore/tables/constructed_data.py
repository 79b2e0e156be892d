"""The data that a check constructed to show that values can hold together, as a table.

They are nobody's: each row says so.  A recomputation, such as a count with the
denominators that give a percentage, is no such data and has no table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from netcore.checks import Finding
from netcore.checks.count_systems import Factor
from netcore.checks.parts_and_wholes import constructed_units
from netcore.checks.wording import level_title, population_title, variable_title
from netcore.printed import format_fraction
from netcore.study import Study
from netcore.tables.separated_values import csv_text

__all__ = [
    "LARGEST",
    "NOTE",
    "ConstructedData",
    "constructed_data",
    "constructed_title",
    "factor_title",
]

NOTE: Final = "constructed: no patient of the paper has these data"
"""What each row says."""
LARGEST: Final = 2_000
"""More units than these, as of a registry, stand in one row for all that are alike."""
_Row = tuple[str, ...]
_Table = tuple[_Row, list[_Row]]


@dataclass(frozen=True, slots=True)
class ConstructedData:
    """Constructed data, one row a unit.

    Parameters
    ----------
    title : str
        What they are, such as ``constructed patients``.
    columns : tuple of str
        What the columns are.
    rows : tuple of tuple of str
        One row for each unit; beyond :data:`LARGEST` one for all units alike,
        with their number.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def csv(self) -> str:
        """The table as comma-separated values; the last column says that it is constructed."""
        rows = (
            (f"constructed {number}", *row, NOTE) for number, row in enumerate(self.rows, start=1)
        )
        return csv_text([(self.title, *self.columns, "what this is"), *rows])


def constructed_title(study: Study, finding: Finding) -> str | None:
    """Return what the constructed data of a finding are.

    Parameters
    ----------
    study : Study
        The study of the finding.
    finding : Finding
        A finding.

    Returns
    -------
    str or None
        Such as ``constructed patients``; None for a finding without such data.
    """
    witness: Mapping[str, Any] = finding.witness or {}
    if "days" in witness:
        return "constructed dates"
    if "points" in witness and _is_summarised(witness):
        return "constructed means"
    if not any(key in witness for key in _TABLES):
        return None
    if "tables" in witness and not any(table["of"] for table in witness["tables"]):
        return None  # so many units, of whom nothing else is counted
    populations = {
        name
        for claim in finding.claims
        for name in study.claim_by_id(claim).readings("population")
        if name
    }
    units = str(witness.get("units", "")) or {study.units(name) for name in populations}
    if isinstance(units, set):
        units = units.pop() if len(units) == 1 else "values"
    return f"constructed {units}"


def constructed_data(study: Study, finding: Finding) -> ConstructedData | None:
    """Return the constructed data of a finding as a table.

    Parameters
    ----------
    study : Study
        The study of the finding.
    finding : Finding
        A finding.

    Returns
    -------
    ConstructedData or None
        None for a finding without such data.
    """
    title = constructed_title(study, finding)
    if title is None or finding.witness is None:
        return None
    made = next(make for key, make in _TABLES.items() if key in finding.witness)
    found = made(study, finding.witness)
    if found is None:
        return None
    columns, rows = found
    return ConstructedData(title, columns, tuple(rows))


def factor_title(study: Study, factor: Factor) -> str:
    """Return what a column of constructed units is about.

    Parameters
    ----------
    study : Study
        The study.
    factor : Factor
        A variable at one time, or one level of a variable whose levels overlap.

    Returns
    -------
    str
        Title of the variable, level and time, as far as the factor has them.
    """
    name = variable_title(study, factor.variable)
    return ", ".join(part for part in (name, factor.level, factor.at) if part)


def _units(study: Study, witness: Mapping[str, Any]) -> _Table | None:
    units = constructed_units(study, witness)
    if units is None:
        return None
    factors = sorted(units[0]) if units else []
    columns = tuple(factor_title(study, factor) for factor in factors)
    rows = [tuple(_level(study, factor, unit[factor]) for factor in factors) for unit in units]
    if len(rows) <= LARGEST:
        return columns, rows
    alike = sorted(Counter(rows).items())
    return (*columns, "how many"), [(*row, str(number)) for row, number in alike]


def _level(study: Study, factor: Factor, level: str) -> str:
    if factor.level:
        return "yes" if level else "no"
    return level_title(study, factor.variable, level) if level else "none of the printed ones"


def _two_samples(study: Study, witness: Mapping[str, Any]) -> _Table:
    first, second = witness.get("groups") or ("first group", "second group")
    rows: list[_Row] = [
        (str(group), _decimal(value))
        for group, values in ((first, witness["x"]), (second, witness["y"]))
        for value in values
    ]
    return ("group", _measured(study, witness)), rows


def _arms(study: Study, witness: Mapping[str, Any]) -> _Table:
    groups = witness.get("groups") or [f"arm {n}" for n, _ in enumerate(witness["arms"], 1)]
    patients = [
        (str(group), _decimal(time), _event(event))
        for group, arm in zip(groups, witness["arms"], strict=True)
        for time, event in arm
    ]
    factors = witness.get("factors") or {}
    rows = [
        (*patient, *(str(values[number]) for values in factors.values()))
        for number, patient in enumerate(patients)
    ]
    return ("group", _measured(study, witness), "ends with", *factors), rows


def _one_arm(study: Study, witness: Mapping[str, Any]) -> _Table:
    name = witness.get("population", "")
    group = population_title(study, name) if name in study.populations else name
    rows: list[_Row] = [
        (str(group), _decimal(time), _event(event)) for time, event in witness["patients"]
    ]
    return ("group", _measured(study, witness), "ends with"), rows


def _two_endpoints(study: Study, witness: Mapping[str, Any]) -> _Table:
    names = [_measured(study, {**witness, "variable": name}) for name in witness["endpoints"]]
    columns = [column for name in names for column in (name, f"{name} ends with")]
    rows: list[_Row] = [
        (
            population_title(study, population),
            *(_decimal(first), _event(is_first), _decimal(second), _event(is_second)),
        )
        for population, arm in zip(witness["populations"], witness["patients"], strict=True)
        for first, is_first, second, is_second in arm
    ]
    return ("group", *columns), rows


def _one_sample(_: Study, witness: Mapping[str, Any]) -> _Table:
    return (str(witness.get("quantity", "value")),), [
        (_decimal(value),) for value in witness["values"]
    ]


def _parts(_: Study, witness: Mapping[str, Any]) -> _Table:
    rows: list[_Row] = [
        (str(part), _decimal(value))
        for part, values in witness["parts"].items()
        for value in values
    ]
    return ("group", "value"), rows


def _days(_: Study, witness: Mapping[str, Any]) -> _Table:
    return ("claim", "day"), list(witness["days"].items())


def _points(_: Study, witness: Mapping[str, Any]) -> _Table:
    """Return means and spreads of two groups, or the pairs of a regression."""
    if not _is_summarised(witness):
        return ("x", "y"), [(_decimal(x), _decimal(y)) for x, y in witness["points"]]
    rows = [
        (str(group), *(str(value) for value in values), str(point["p"]))
        for point in witness["points"]
        for group, values in enumerate(
            zip(point["numbers"], point["means"], point["spreads"], strict=True), start=1
        )
    ]
    return ("group", "number", "mean", "spread", "p-value"), rows


def _is_summarised(witness: Mapping[str, Any]) -> bool:
    return all(isinstance(point, Mapping) for point in witness["points"])


# By what a witness holds; the first that it has.
_TABLES: Final[dict[str, Callable[[Study, Mapping[str, Any]], _Table | None]]] = {
    "tables": _units,
    "x": _two_samples,
    "arms": _arms,
    "endpoints": _two_endpoints,
    "patients": _one_arm,
    "values": _one_sample,
    "parts": _parts,
    "days": _days,
    "points": _points,
}


def _measured(study: Study, witness: Mapping[str, Any]) -> str:
    name = witness.get("variable", "")
    if name not in study.variables:
        return name or "value"
    unit = witness.get("unit") or study.variables[name].unit
    return f"{variable_title(study, name)} ({unit})" if unit else variable_title(study, name)


def _event(event: object) -> str:
    return "event" if event else "last contact, no event"


def _decimal(value: object) -> str:
    return format_fraction(Fraction(str(value)))
