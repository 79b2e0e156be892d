"""Rows of counts and percentages, and what the ledger says of the percentage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checked_studies import count, ledger_of, share, size

from netcore.checks import Verdict
from netcore.ledger import Entry, Ledger

WHOLE = [size("all", "34"), size("group1", "15"), size("group2", "19")]


def cell(
    population: str,
    level: str,
    printed: str,
    percentage: str,
    variable: str = "response",
    **keys: str,
) -> list[dict[str, str]]:
    """Return a count and the percentage beside it."""
    return [
        count(population, variable, level, printed, **keys),
        share(population, variable, level, percentage, **keys),
    ]


def percentage(ledger: Ledger, ending: str = "pct") -> Entry:
    (entry,) = [entry for entry in ledger.entries if entry.claim.claim.endswith(ending)]
    return entry


def number_of(entry: Entry) -> str:
    """Return the recomputed percentage without its sign."""
    return (entry.recomputed or "").removesuffix("%").strip()


def verdict_of(folder: Path, *rows: dict[str, str], ending: str = "pct", **parts: Any) -> Verdict:
    return percentage(ledger_of(folder, [*WHOLE, *rows], **parts), ending).verdict
