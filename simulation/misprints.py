"""Misprints, planted one at a time: what the checks should see, as far as it can be seen."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from simulation.papers import Paper, Row

__all__ = ["KINDS", "Misprint", "plant"]

_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")
_COUNTS = frozenset({"N", "n", "N_nonmiss", "N_miss"})


@dataclass(frozen=True, slots=True)
class Misprint:
    """A paper with one misprint.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    paper : Paper
        With the misprint.
    rows : tuple of int
        Which rows were changed.
    change : str
        What was changed, in words.
    """

    kind: str
    paper: Paper
    rows: tuple[int, ...]
    change: str


def _is_plain(row: Row) -> bool:
    return _NUMBER.fullmatch(row.printed) is not None


def _is_own(paper: Paper, row: Row) -> bool:
    """Return whether a row is the paper's own statement about its patients."""
    location = paper.locations[row.cells["location"]]
    population = row.cells.get("population", "")
    return (
        location.get("seen") != "secondary"
        and population != ""
        and paper.populations.get(population, {}).get("units") != "rules"
    )


def _one_digit(printed: str, random: Random) -> str:
    places = [place for place, mark in enumerate(printed) if mark.isdigit()]
    place = random.choice(places)
    digit = random.choice([digit for digit in "0123456789" if digit != printed[place]])
    return printed[:place] + digit + printed[place + 1 :]


def _digits_exchanged(printed: str, random: Random) -> str:
    pairs = [
        (first, second)
        for first, second in zip(range(len(printed)), range(1, len(printed)), strict=False)
        if printed[first].isdigit() and printed[second].isdigit()
    ]
    if not pairs:
        return printed
    first, second = random.choice(pairs)
    digits = list(printed)
    digits[first], digits[second] = digits[second], digits[first]
    return "".join(digits)


def _decimal_shifted(printed: str, random: Random) -> str:
    if "." not in printed:
        return printed
    whole, _, decimals = printed.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    if random.random() < 0.5:
        moved, rest = digits + decimals[0], decimals[1:]
    else:
        moved, rest = digits[:-1] or "0", digits[-1:] + decimals
    return sign + (moved.lstrip("0") or "0") + (f".{rest}" if rest else "")


def _another_number(printed: str, random: Random) -> str:
    return str(max(0, int(printed) + random.choice((-3, -2, -1, 1, 2, 3))))


def _another_p(printed: str, random: Random) -> str:
    _, _, decimals = printed.partition(".")
    return f"{random.random():.{max(len(decimals), 1)}f}"


_CHANGES: dict[str, Callable[[str, Random], str]] = {
    "one digit changed": _one_digit,
    "two digits exchanged": _digits_exchanged,
    "decimal point moved": _decimal_shifted,
    "another number of patients": _another_number,
    "another p-value": _another_p,
}
KINDS = (*_CHANGES, "two cells exchanged")


def plant(paper: Paper, kind: str, random: Random) -> Misprint | None:
    """Plant one misprint.

    Parameters
    ----------
    paper : Paper
        What is printed truly; it is left as it is.
    kind : str
        One of :data:`KINDS`.
    random : Random
        Source of chance.

    Returns
    -------
    Misprint or None
        None where nothing in the paper can be misprinted so.
    """
    own = [
        number for number, row in enumerate(paper.rows) if _is_plain(row) and _is_own(paper, row)
    ]
    if kind == "two cells exchanged":
        return _exchanged(paper, own, random)
    if kind == "another number of patients":
        own = [n for n in own if paper.rows[n].cells["stat_name"] in _COUNTS]
    if kind == "another p-value":
        own = [n for n in own if paper.rows[n].cells["stat_name"] == "p.value"]
    random.shuffle(own)
    for number in own[:20]:
        row = paper.rows[number]
        printed = _CHANGES[kind](row.printed, random)
        if _is_printable(row, printed) and Decimal(printed) != Decimal(row.printed):
            changed = _with(paper, {number: printed})
            return Misprint(kind, changed, (number,), f"{row.printed} became {printed}")
    return None


def _exchanged(paper: Paper, own: list[int], random: Random) -> Misprint | None:
    """Exchange the values of two cells of one kind in one place."""
    random.shuffle(own)
    for number in own[:20]:
        row = paper.rows[number]
        others = [
            other
            for other in own
            if all(
                paper.rows[other].cells.get(key) == row.cells.get(key)
                for key in ("location", "stat_name", "variable")
            )
            and Decimal(paper.rows[other].printed) != Decimal(row.printed)
        ]
        if others:
            other = random.choice(others)
            swapped = {number: paper.rows[other].printed, other: row.printed}
            change = f"{row.printed} and {paper.rows[other].printed} exchanged"
            return Misprint("two cells exchanged", _with(paper, swapped), (number, other), change)
    return None


def _is_printable(row: Row, printed: str) -> bool:
    """Return whether a value is of the kind that its statistic must be."""
    if row.cells["stat_name"] in _COUNTS:
        return printed.isdigit()
    return row.cells["stat_name"] != "p.value" or 0 <= Decimal(printed) <= 1


def _with(paper: Paper, printed: dict[int, str]) -> Paper:
    changed = copy.copy(paper)
    changed.rows = [
        replace(row, cells={**row.cells, "printed": printed[number]}) if number in printed else row
        for number, row in enumerate(paper.rows)
    ]
    return changed
