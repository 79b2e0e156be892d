"""Derived values as cases: their operands, and what follows from those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final

from netcore.checks.estimands import Reading
from netcore.checks.summary_values import (
    Group,
    SummaryValue,
    group_title,
    said_where,
    shown,
    unit_of,
)
from netcore.checks.wording import STATISTICS, listed, quantity_title, quoted, variable_title
from netcore.printed import Interval
from netcore.stats.interval_arithmetic import interval_ratio, interval_sum, scaled
from netcore.study import Claim, Study
from netcore.study.models import Derived

__all__ = [
    "CHECK",
    "Case",
    "Way",
    "bound_ids",
    "combined",
    "expression",
    "has_one_unit",
    "opening",
    "reading_assumption",
    "statistic_of",
    "ways_of",
]

CHECK: Final = "derived-values"

_SIGNS: Final = {"difference": " − ", "sum": " + ", "ratio": " / "}
_MOST: Final = 1_000  # combinations of printings; more are not tried


@dataclass(frozen=True, slots=True)
class Way:
    """One printing of each operand, and what follows from them.

    Parameters
    ----------
    values : tuple of SummaryValue
        The operands, in the order of the definition.
    window : Interval
        All that they can give.
    central : Fraction or None
        What they give exactly as printed; None where one is no plain number.
    fits : bool
        Whether the derived value can be among it.
    turned : bool
        Whether a difference fits with the other sign only.
    """

    values: tuple[SummaryValue, ...]
    window: Interval
    central: Fraction | None
    fits: bool
    turned: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One derived value: rows that print it alike, under one reading.

    Parameters
    ----------
    claims : tuple of Claim
        The rows.
    reading : Reading
        What they mean.
    derived : Derived
        How the variable follows from others.
    group : Group
        Whom the value is about.
    window : Interval
        The numbers that print so.
    """

    claims: tuple[Claim, ...]
    reading: Reading
    derived: Derived
    group: Group
    window: Interval


def statistic_of(case: Case) -> str:
    """Return the statistic of the operands.

    Parameters
    ----------
    case : Case
        The derived value.

    Returns
    -------
    str
        That which the definition names; means of what is derived per patient.
    """
    return case.derived.of or "mean"


def combined(derived: Derived, windows: Sequence[Interval]) -> Interval | None:
    """Return what windows of the operands leave of the derived value.

    Parameters
    ----------
    derived : Derived
        The definition.
    windows : sequence of Interval
        Where each operand lies.

    Returns
    -------
    Interval or None
        None where nothing follows, as by a denominator that may be 0.
    """
    if derived.operation == "sum":
        return interval_sum(windows)
    if derived.operation == "difference":
        return interval_sum([windows[0], scaled(windows[1], Fraction(-1))])
    return interval_ratio(*windows)


def _central(study: Study, derived: Derived, claims: Sequence[Claim]) -> Fraction | None:
    """Return what the operands give as printed, if each is one plain number."""
    printed = [study.printed(claim) for claim in claims]
    if not all(number.is_number for number in printed):
        return None
    numbers = [number.number() for number in printed]
    if derived.operation == "sum":
        return sum(numbers, Fraction(0))
    if derived.operation == "difference":
        return numbers[0] - numbers[1]
    return numbers[0] / numbers[1] if numbers[1] else None


def has_one_unit(study: Study, case: Case, claims: Sequence[tuple[Claim, str]]) -> bool:
    """Return whether the operands share a unit, and a sum or difference has it too.

    Parameters
    ----------
    study : Study
        The study.
    case : Case
        The derived value.
    claims : sequence of (Claim, str)
        The operands: rows, and the variable that each is about.

    Returns
    -------
    bool
        False also for a ratio in per cent: it may be a share or a change.
    """
    rows = list(claims)
    unit = unit_of(study, case.claims[0], case.reading.variable)
    if case.derived.operation != "ratio":
        rows.append((case.claims[0], case.reading.variable))
    elif unit == "%":
        return False
    found = {unit_of(study, claim, variable) for claim, variable in rows}
    return len(found - {""}) <= 1


def ways_of(
    study: Study, case: Case, operands: Sequence[Sequence[SummaryValue]]
) -> list[Way] | None:
    """Return what follows from each choice of printings.

    Parameters
    ----------
    study : Study
        The study.
    case : Case
        The derived value.
    operands : sequence of sequence of SummaryValue
        For each operand its printings.

    Returns
    -------
    list of Way or None
        None if nothing follows.
    """
    names = case.derived.operands
    rows = [
        (value.claim, name)
        for name, values in zip(names, operands, strict=True)
        for value in values
    ]
    if not has_one_unit(study, case, rows):
        return None
    distinct = [list({value.window: value for value in values}.values()) for values in operands]
    if prod(len(values) for values in distinct) > _MOST:
        return None
    ways = []
    for chosen in product(*distinct):
        window = combined(case.derived, [value.window for value in chosen])
        if window is None:
            return None
        fits = window.meets(case.window)
        turned = (
            not fits
            and case.derived.operation == "difference"
            and scaled(window, Fraction(-1)).meets(case.window)
        )
        central = _central(study, case.derived, [value.claim for value in chosen])
        ways.append(Way(chosen, window, central, fits or turned, turned))
    return ways


def expression(study: Study, case: Case, way: Way) -> str:
    """Write a way so that a reader can follow it: ``300 days / 101 days = 2.97``.

    Parameters
    ----------
    study : Study
        The study.
    case : Case
        The derived value.
    way : Way
        Its operands and what they give.

    Returns
    -------
    str
        The operands as printed and the result, or its bounds.
    """
    sign = _SIGNS[case.derived.operation]
    terms = sign.join(quoted(study, value.claim) for value in way.values)
    if way.central is not None:
        return f"{terms} = {shown(study, case.claims[0], way.central)}"
    low, high = (
        "no limit" if end is None else shown(study, case.claims[0], end)
        for end in (way.window.low, way.window.high)
    )
    return f"{terms}, from {low} to {high}"


def _operands_title(study: Study, case: Case) -> str:
    statistic = STATISTICS.get(statistic_of(case), statistic_of(case))
    names = [variable_title(study, name) for name in case.derived.operands]
    return f"the {case.derived.operation} of the {statistic}s of {listed(names)}"


def opening(study: Study, case: Case) -> str:
    """Say what is printed, and from what it derives.

    Parameters
    ----------
    study : Study
        The study.
    case : Case
        The derived value.

    Returns
    -------
    str
        The beginning of a statement, without a full stop.
    """
    said = said_where(study, case.claims)
    title = quantity_title(study, case.claims[0])
    return f"{title[:1].upper()}{title[1:]}: {said}. It is {_operands_title(study, case)}"


def bound_ids(case: Case, rows: Iterable[Claim]) -> tuple[str, ...]:
    """Return the ids of a derived value and of other rows, each once.

    Parameters
    ----------
    case : Case
        The derived value.
    rows : iterable of Claim
        The other rows.

    Returns
    -------
    tuple of str
        The derived value's rows first.
    """
    return tuple(dict.fromkeys(claim.claim for claim in (*case.claims, *rows)))


def reading_assumption(study: Study, values: Iterable[SummaryValue]) -> str:
    """Say whom rows of several readings are taken to be about.

    Parameters
    ----------
    study : Study
        The study.
    values : iterable of SummaryValue
        Values under the reading that is used.

    Returns
    -------
    str
        One clause for each value whose row could mean something else.
    """
    found = [
        f"{quoted(study, value.claim)} is that of {group_title(study, value.group)}"
        for value in values
        if not value.is_certain
    ]
    return listed(dict.fromkeys(found))
