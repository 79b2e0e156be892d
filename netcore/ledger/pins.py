"""Pinned verdicts: a reviewed file, so that no verdict changes unseen.

The pins of a paper are a small table of claims and verdicts.  A verdict that
differs from its pin is a drift; accepting it takes a written reason, which
becomes a line in the changelog of verdicts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from netcore.checks import Verdict
from netcore.ledger.entries import Ledger
from netcore.study import Study
from netcore.study.library import LITERATURE

__all__ = [
    "CHANGES_COLUMNS",
    "Drift",
    "PinError",
    "accept",
    "changes_file",
    "compare_with_pins",
    "pin_file",
    "read_pins",
]

PIN_COLUMNS: Final = ("claim", "verdict")
CHANGES_COLUMNS: Final = ("date", "paper", "claim", "before", "after", "reason")


class PinError(ValueError):
    """A file of pins, or a reason, that cannot be used; says what was expected."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A verdict that differs from its pin.

    Parameters
    ----------
    paper, claim : str
        Key of the paper and id of the claim.
    before, after : str
        Pinned and present verdict; empty for a claim that was not there, or
        is no longer.
    evidence : str
        What the present verdict rests on.
    """

    paper: str
    claim: str
    before: str
    after: str
    evidence: str = ""

    def __str__(self) -> str:
        """Write the drift as one readable line."""
        change = f"{self.before or 'new claim'} -> {self.after or 'claim is gone'}"
        return f"{self.paper} {self.claim}: {change}" + (
            f". {self.evidence}" if self.evidence else ""
        )


def pin_file(study: Study) -> Path:
    """Return where the pins of a paper are, whether or not they exist.

    A paper of the project, in ``data/KEY``, has them in ``verdicts/KEY.csv``,
    a source, in ``data/literature/KEY``, in ``verdicts/literature/KEY.csv``; a
    folder anywhere else has them in its own ``verdicts.csv``.

    Parameters
    ----------
    study : Study
        The paper, with the folder it was read from.

    Returns
    -------
    Path
        An absolute path.
    """
    folder = study.folder.resolve()
    if folder.parent.name == "data":
        return folder.parent.parent / "verdicts" / f"{study.paper.key}.csv"
    if folder.parent.name == LITERATURE and folder.parent.parent.name == "data":
        return folder.parents[2] / "verdicts" / LITERATURE / f"{study.paper.key}.csv"
    return folder / "verdicts.csv"


def changes_file(study: Study) -> Path:
    """Return where the changelog of verdicts is, beside the pins.

    Parameters
    ----------
    study : Study
        The paper, with the folder it was read from.

    Returns
    -------
    Path
        An absolute path: ``changes.csv``, one for all papers of the
        project, or ``verdict-changes.csv`` in a folder of its own.
    """
    pins = pin_file(study)
    if pins.parent.name == LITERATURE:
        return pins.parent.with_name("changes.csv")
    return pins.with_name("verdict-changes.csv" if pins.name == "verdicts.csv" else "changes.csv")


def read_pins(path: Path) -> dict[str, Verdict]:
    """Read a file of pins.

    Parameters
    ----------
    path : Path
        A table with the columns ``claim`` and ``verdict``.

    Returns
    -------
    dict of str to Verdict
        The pinned verdict of each claim.

    Raises
    ------
    PinError
        If the file is not such a table; says line, found and expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PinError(
            f"{path.name}: found a file that cannot be read ({error}), expected a table in UTF-8"
        ) from error
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if tuple(header) != PIN_COLUMNS:
        raise PinError(
            f"{path.name}:1: found columns {', '.join(header)}, expected {', '.join(PIN_COLUMNS)}"
        )
    pins: dict[str, Verdict] = {}
    for line, row in enumerate(reader, start=2):
        if len(row) != len(PIN_COLUMNS) or row[1] not in list(Verdict):
            expected = f"a claim and one of {', '.join(Verdict)}"
            raise PinError(f"{path.name}:{line}: found {','.join(row)!r}, expected {expected}")
        if row[0] in pins:
            raise PinError(
                f"{path.name}:{line}: found claim {row[0]!r} a second time, expected each claim once"
            )
        pins[row[0]] = Verdict(row[1])
    return pins


def compare_with_pins(ledger: Ledger) -> tuple[Drift, ...]:
    """Return every verdict that differs from its pin.

    Parameters
    ----------
    ledger : Ledger
        The present verdicts.

    Returns
    -------
    tuple of Drift
        Empty where all agree, and for papers without pins.

    Raises
    ------
    PinError
        If a file of pins cannot be used.
    """
    drifts: list[Drift] = []
    for study in ledger.studies:
        path = pin_file(study)
        if not path.exists():
            continue
        pins = read_pins(path)
        drifts.extend(_differences(ledger, study.paper.key, pins))
    return tuple(drifts)


def _differences(ledger: Ledger, paper: str, pins: Mapping[str, Verdict]) -> list[Drift]:
    present = {entry.claim.claim: entry for entry in ledger.entries if entry.paper == paper}
    drifts = [
        Drift(paper, claim, pins.get(claim, ""), entry.verdict.value, entry.evidence)
        for claim, entry in present.items()
        if pins.get(claim) != entry.verdict
    ]
    drifts.extend(
        Drift(paper, claim, pin.value, "") for claim, pin in pins.items() if claim not in present
    )
    return drifts


def accept(ledger: Ledger, reason: str, today: date) -> tuple[Drift, ...]:
    """Pin the present verdicts and write the reason into the changelog.

    Parameters
    ----------
    ledger : Ledger
        The present verdicts.
    reason : str
        Why they are right; a sentence for the reader of the changelog.
    today : date
        The date of the change.

    Returns
    -------
    tuple of Drift
        What changed.  A paper's first pins are one line of the changelog.

    Raises
    ------
    PinError
        If the reason is empty or longer than a line.
    """
    sentence = reason.strip()
    if len(sentence) < 10 or "\n" in sentence:
        raise PinError(
            f"found reason {reason!r}, expected one line that says why the new verdicts are right"
        )
    changed: list[Drift] = []
    for study in ledger.studies:
        paper, path = study.paper.key, pin_file(study)
        old = read_pins(path) if path.exists() else None
        drifts = _differences(ledger, paper, old or {})
        if not drifts:
            continue
        rows = [
            (entry.claim.claim, entry.verdict.value)
            for entry in ledger.entries
            if entry.paper == paper
        ]
        _write(path, PIN_COLUMNS, rows)
        first = Drift(paper, f"all {len(rows)} claims", "", "first verdicts")
        _append_changes(changes_file(study), [first] if old is None else drifts, today, sentence)
        changed.extend(drifts)
    return tuple(changed)


def _append_changes(path: Path, drifts: Sequence[Drift], today: date, reason: str) -> None:
    rows: list[Sequence[str]] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            rows.extend(list(csv.reader(file))[1:])
    rows.extend((today.isoformat(), d.paper, d.claim, d.before, d.after, reason) for d in drifts)
    _write(path, CHANGES_COLUMNS, rows)


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
