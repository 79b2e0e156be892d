"""Which two curves a p-value or a hazard ratio compares, under every reading of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from netcore.checks.estimands import Cell, Reading, population_cell, readings
from netcore.checks.json_windows import ends_of
from netcore.checks.open_cells import ways_to_read
from netcore.checks.survival.times import Arm, PrintedArm, TimeValue
from netcore.printed import Interval
from netcore.study import Claim, Condition, Study

__all__ = [
    "ComparedArms",
    "CurveOption",
    "curve_options",
    "hazard_ratios_question",
    "in_certain_order",
    "survival_test_question",
]

_USED: Final = ("survival", "median", "n.risk")
"""What is printed of a curve that a comparison of two is asked about."""
_MOST_READINGS: Final = 8


@dataclass(frozen=True, slots=True)
class ComparedArms:
    """Two curves that are compared.

    Parameters
    ----------
    reading : Reading
        How the row of the comparison is read.
    arms : tuple of (Arm, Arm)
        In the order of the levels.
    values : tuple of (tuple of TimeValue, tuple of TimeValue)
        Rates, medians and numbers at risk of each whose order in time is certain.
    sizes : tuple of (int, int)
        How many patients the groups have.
    """

    reading: Reading
    arms: tuple[Arm, Arm]
    values: tuple[tuple[TimeValue, ...], tuple[TimeValue, ...]]
    sizes: tuple[int, int]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of all values, each once."""
        return tuple(
            dict.fromkeys(row for one in self.values for value in one for row in value.claims)
        )

    @property
    def counted(self) -> tuple[Claim, ...]:
        """The rows of the sizes of both groups."""
        return tuple(dict.fromkeys(row for arm in self.arms for row in arm.counted))


@dataclass(frozen=True, slots=True)
class CurveOption:
    """One reading of the row of a comparison.

    Parameters
    ----------
    reading : Reading
        The reading.
    tests : tuple of str
        The tests that the paper names.
    compared : tuple of ComparedArms
        Every way to read the curves; one of them is meant, unless ``is_open``.
    is_open : bool
        Whether some reading leaves a group without a printed curve or size.
    """

    reading: Reading
    tests: tuple[str, ...]
    compared: tuple[ComparedArms, ...]
    is_open: bool


def curve_options(
    study: Study, claim: Claim, printed: Sequence[PrintedArm]
) -> tuple[CurveOption, ...]:
    """Return which curves a row compares under each of its readings.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row with an analysis.
    printed : sequence of PrintedArm
        All arms of the study.

    Returns
    -------
    tuple of CurveOption
        One for each reading that names the comparison of two groups in a time to an event.

    Notes
    -----
    Curves of the place of the row come first; where it has none, all others are readings.
    Rows of the same places that leave the same thing open in the same words are read alike.
    """
    found = (_option(study, claim, reading, printed) for reading in readings(claim))
    return tuple(option for option in found if option is not None)


def _option(
    study: Study, claim: Claim, reading: Reading, printed: Sequence[PrintedArm]
) -> CurveOption | None:
    analysis = study.analyses.get(reading.analysis)
    if analysis is None or analysis.by is None or not reading.population or reading.at:
        return None
    if study.variables[analysis.variable].type != "time":
        return None
    cells = _two_cells(study, reading.population, analysis.by)
    if cells is None:
        return None
    alternatives: list[list[Arm | None]] = []
    for cell in cells:

        def is_meant(arm: Arm, cell: Cell = cell) -> bool:
            return (
                arm.variable == analysis.variable
                and not arm.group.described
                and arm.group.cell == cell
            )

        found = [one for one in printed if any(is_meant(arm) for arm in one.readings)]
        here = [one for one in found if claim.location in one.locations]
        alternatives.append(
            [arm if is_meant(arm) else None for one in here or found for arm in one.readings]
        )
    is_open = not all(alternatives)
    compared: dict[object, ComparedArms] = {}
    for choice in ways_to_read(alternatives):
        first, second = choice
        if first is None or second is None or not (first.counted and second.counted):
            is_open = True
            continue
        one, two = in_certain_order([arm.named(*_USED) for arm in (first, second)])
        values = one, two
        if not all(values):
            is_open = True
            continue
        for sizes in product(first.sizes, second.sizes):
            key = (sizes, *(tuple((v.name, v.at, str(v.window)) for v in one) for one in values))
            pair = sizes[0], sizes[1]
            compared.setdefault(key, ComparedArms(reading, (first, second), values, pair))
    if len(compared) > _MOST_READINGS:
        return CurveOption(reading, tuple(analysis.test), (), is_open=True)
    return CurveOption(reading, tuple(analysis.test), tuple(compared.values()), is_open)


def _two_cells(study: Study, population: str, by: str) -> tuple[Cell, Cell] | None:
    """Return the two groups that a variable makes of a population; None if there are others."""
    variable = study.variables[by]
    cell = population_cell(study, population)
    own = [condition for condition in cell.conditions if condition.variable == by]
    levels = tuple(variable.levels)
    if len(own) == 1:  # a union of levels, of which just these are compared
        levels = tuple(variable.unions.get(own[0].level, ()))
    at = own[0].at if own else _time_of(study, by)
    if len(levels) != 2 or len(own) > 1:
        return None
    rest = cell.conditions - frozenset(own)
    one, two = (Cell(cell.root, rest | {Condition(by, at, level)}) for level in levels)
    return one, two


def _time_of(study: Study, by: str) -> str:
    """Return the time at which populations are told apart by a variable, where it is one."""
    times = {
        condition.at
        for name in study.populations
        for condition in study.conditions(name)
        if condition.variable == by
    }
    return times.pop() if len(times) == 1 else ""


def in_certain_order(
    curves: Sequence[Sequence[TimeValue]],
) -> tuple[tuple[TimeValue, ...], ...]:
    """Return values of curves without those that may come before or after another.

    Parameters
    ----------
    curves : sequence of sequence of TimeValue
        Values at times, and medians.

    Returns
    -------
    tuple of tuple of TimeValue
        Those of each curve whose place is certain.

    Notes
    -----
    The order of all times of all curves decides what patients there can be.  Twelve months are a
    year; whether 100 weeks are before 23 months depends on a conversion that nobody prints.
    """
    timed = {
        value.at.text: value.at for one in curves for value in one if value.at is not None
    }  # a time that is printed in the same words is the same

    def clash(value: TimeValue) -> bool:
        if value.at is None:
            window, own = value.window, ""
        else:
            window, own = value.at.window, value.at.text
        is_certain = value.at is not None and value.at.window.low == value.at.window.high
        for text, other in timed.items():
            if text == own:
                continue
            both = is_certain or value.at is None, other.window.low == other.window.high
            if not all(both) and window.meets(other.window):
                return True
        return False

    return tuple(
        tuple(v for v in one if (v.name == "median") == (v.at is None) and not clash(v))
        for one in curves
    )


def survival_test_question(
    compared: ComparedArms, p: Interval, tests: Sequence[str]
) -> dict[str, Any]:
    """Return the question whether two curves can have a p-value.

    Parameters
    ----------
    compared : ComparedArms
        The curves.
    p : Interval
        The window of the p-value; its ends count as inside.
    tests : sequence of str
        The tests that the paper names: ``log_rank``, ``gehan``, ``cox`` or ``unnamed``.

    Returns
    -------
    dict
        Plain JSON values.
    """
    return {"arms": _arms(compared), "p": ends_of(p), "tests": sorted(tests)}


def _arms(compared: ComparedArms) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "values": [
                [
                    value.name,
                    None if value.at is None else str(value.at.time),
                    *ends_of(value.window),
                ]
                for value in values
            ],
        }
        for number, values in zip(compared.sizes, compared.values, strict=True)
    ]


def hazard_ratios_question(compared: ComparedArms, p: Interval | None) -> dict[str, Any]:
    """Return the question which hazard ratios two curves leave open.

    Parameters
    ----------
    compared : ComparedArms
        The curves.
    p : Interval or None
        The window of the p-value of the log-rank test, if it counts.

    Returns
    -------
    dict
        Plain JSON values.
    """
    return {"arms": _arms(compared), "p": None if p is None else ends_of(p)}
