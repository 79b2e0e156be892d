"""Reads the reference values of rank tests that R made, and ranks data the slow way."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

__all__ = ["groups_of", "reference", "samples", "u_of"]

_FOLDER = Path(__file__).parent / "reference"


def reference(name: str, kind: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table by case, of those whose case starts with a kind."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["case"].startswith(kind):
            found.setdefault(row["case"], {})[row["statistic"]] = row["value"]
    return found


def samples(text: str) -> list[list[Fraction]]:
    return [[Fraction(value) for value in part.split()] for part in text.split(";")]


def groups_of(values: Sequence[Fraction | int]) -> tuple[int, ...]:
    """Return how often the least value occurs, the next one, and so on."""
    return tuple(number for _, number in sorted(Counter(values).items()))


def u_of(x: Sequence[Fraction | int], y: Sequence[Fraction | int]) -> Fraction:
    """Count pairs with x > y, and half of the tied ones."""
    return sum((Fraction((a > b) - (a < b) + 1, 2) for a in x for b in y), Fraction(0))
