"""The ``verdict-changes`` directive: the changelog of verdicts, for readers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from netcore.checks import Verdict
from netcore.ledger.pins import CHANGES_COLUMNS, read_pins
from netcore.publishing.generated_text import GeneratedText, literal, markdown_table, plain
from netcore.tables.addresses import document_address
from netcore.tables.verdict_marks import badge

__all__ = ["Change", "VerdictChanges", "changes_markdown", "read_changes"]

FIRST: Final = "first verdicts"
"""What stands as the new verdict where all claims of a paper got their first one."""


class Change(NamedTuple):
    """One line of the changelog.

    Parameters
    ----------
    date : str
        Day of the change, ``YYYY-MM-DD``.
    paper, claim : str
        Key of the paper, and id of the claim.
    before, after : str
        The verdicts.
    reason : str
        Why the new one is right.
    """

    date: str
    paper: str
    claim: str
    before: str
    after: str
    reason: str


class VerdictChanges(GeneratedText):
    """Every verdict that changed, the latest first, with the reason."""

    def markdown(self) -> str:
        """Return the changelog.

        Returns
        -------
        str
            Markdown.
        """
        root = Path(self.env.srcdir)
        return changes_markdown(read_changes(root / "verdicts" / "changes.csv"), _addresses(root))

    def sources(self) -> Iterable[Path]:
        """Return the files of verdicts.

        Returns
        -------
        iterable of Path
            The changelog and the pinned verdicts.
        """
        return sorted((Path(self.env.srcdir) / "verdicts").rglob("*.csv"))


def read_changes(path: Path) -> tuple[Change, ...]:
    """Read the changelog of verdicts.

    Parameters
    ----------
    path : Path
        A table as :func:`netcore.ledger.pins.accept` writes it.

    Returns
    -------
    tuple of Change
        In the order of the file.

    Raises
    ------
    ValueError
        If it has other columns.
    """
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    if tuple(header) != CHANGES_COLUMNS:
        raise ValueError(f"{path.name}: found columns {header}, expected {CHANGES_COLUMNS}")
    return tuple(Change(*row) for row in rows)


def changes_markdown(changes: Sequence[Change], addresses: Mapping[tuple[str, str], str]) -> str:
    """Return the changelog: by day, the latest first, then by paper and reason.

    Parameters
    ----------
    changes : sequence of Change
        The lines of the changelog.
    addresses : mapping of (str, str) to str
        Address of each claim that there is, by paper and claim, and of each
        paper, with an empty claim.

    Returns
    -------
    str
        Markdown.
    """
    parts: list[str] = []
    for day, of_day in groupby(sorted(changes, key=_day, reverse=True), _day):
        parts.append(f"## {day}\n")
        lines = list(of_day)
        changed = [change for change in lines if change.after != FIRST]
        for paper, of_paper in groupby(sorted(changed, key=_paper), _paper):
            parts.append(f"### {plain(paper)}\n")  # a link would have no name in the contents
            for reason, of_reason in groupby(of_paper, lambda change: change.reason):
                parts += [f"{_sentence(reason)}\n", _table(list(of_reason), addresses)]
        first = [change for change in lines if change.after == FIRST]
        if first:
            parts.append("### First verdicts\n")
        for reason, group in groupby(sorted(first, key=_reason), _reason):
            papers = [
                f"{_linked(change.paper, addresses.get((change.paper, '')))} ({change.claim})"
                for change in group
            ]
            parts += [f"{_sentence(reason)}\n", ", ".join(papers) + ".\n"]
    return "\n".join(parts)


def _day(change: Change) -> str:
    return change.date


def _paper(change: Change) -> str:
    return change.paper


def _reason(change: Change) -> str:
    return change.reason


def _sentence(reason: str) -> str:
    return plain(reason[0].upper() + reason[1:].rstrip(".") + ".")


def _table(changes: Sequence[Change], addresses: Mapping[tuple[str, str], str]) -> str:
    rows = [
        (
            _linked(change.claim, addresses.get((change.paper, change.claim))),
            _verdict(change.before) or "new claim",
            _verdict(change.after) or "claim is gone",
        )
        for change in changes
    ]
    return markdown_table(("claim", "verdict before", "verdict now"), rows)


def _verdict(name: str) -> str:
    return badge(Verdict(name)).markup if name else ""


def _linked(name: str, address: str | None) -> str:
    # As code, since the name of a claim may look like that of a site.
    return f'<a href="{address}">{plain(name)}</a>' if address else literal(name)


def _addresses(root: Path) -> dict[tuple[str, str], str]:
    """Return the address of every pinned claim, as seen from a page of the reference."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted((root / "verdicts").rglob("*.csv")):
        if path.name != "changes.csv":
            for claim in ("", *read_pins(path)):
                found[path.stem, claim] = f"../chapters/{document_address(path.stem, claim)}"
    return found
