"""The ledger as documents: JSON for machines, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from netcore.checks import Finding
from netcore.ledger.entries import Entry, Ledger
from netcore.study import COLUMNS

__all__ = [
    "SCHEMA_VERSION",
    "claims_csv",
    "findings_csv",
    "ledger_document",
    "ledger_json",
    "write_ledger",
]

SCHEMA_VERSION: Final = "1.1"


def _claim(entry: Entry, conventions: Sequence[str]) -> dict[str, object]:
    row: dict[str, object] = {"paper": entry.paper}
    row.update({column: getattr(entry.claim, column) for column in COLUMNS})
    row.update(
        verdict=entry.verdict.value,
        recomputed=entry.recomputed,
        attainable=None
        if entry.attainable is None
        else [str(interval) for interval in entry.attainable],
        checks=list(entry.checks),
        conventions=list(conventions),
        assumptions=list(entry.assumptions),
        findings=list(entry.findings),
        evidence=entry.evidence,
    )
    return row


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "paper": finding.paper,
        "check": finding.check,
        "kind": finding.kind,
        "claims": list(finding.claims),
        "held_by_others": list(finding.held_by_others),
        "statement": finding.statement,
        "assumptions": list(finding.assumptions),
        "resolved_by": list(finding.resolved_by),
        "repairs": [
            {
                "claims": list(repair.claims),
                "change": repair.change,
                "kind": repair.kind,
                "replacements": [list(pair) for pair in repair.replacements],
                "verified": repair.verified,
            }
            for repair in finding.repairs
        ],
        "tried": finding.tried,
        "changes": finding.changes,
        "conventions": list(finding.conventions),
        "elsewhere": list(finding.elsewhere),
        "witness": None if finding.witness is None else dict(finding.witness),
        "certificate": None if finding.certificate is None else dict(finding.certificate),
    }


def ledger_document(ledger: Ledger) -> dict[str, object]:
    """Return the ledger as plain JSON values.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    dict
        ``schema_version``, ``conventions``, ``papers``, ``claims`` and
        ``findings``; valid against ``schemas/ledger.schema.json``.
    """
    conventions = ledger.conventions.as_text()
    return {
        "schema_version": SCHEMA_VERSION,
        "conventions": {
            "rounding": ledger.conventions.rounding,
            "alpha": None if ledger.conventions.alpha is None else str(ledger.conventions.alpha),
        },
        "papers": [
            {
                "key": study.paper.key,
                "title": study.paper.title or None,
                "doi": study.paper.doi or None,
                "claims": len(study.claims),
                "verdicts": {
                    verdict.value: count
                    for verdict, count in ledger.counts(study.paper.key).items()
                },
            }
            for study in ledger.studies
        ],
        "claims": [_claim(entry, conventions) for entry in ledger.entries],
        "findings": [_finding(finding) for finding in ledger.findings],
    }


def ledger_json(ledger: Ledger) -> str:
    """Return the ledger as JSON text, always the same for the same ledger.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    str
        The document of :func:`ledger_document`, indented, with a line
        break at its end.
    """
    return json.dumps(ledger_document(ledger), ensure_ascii=False, indent=1) + "\n"


def _csv(rows: Iterable[dict[str, object]]) -> str:
    table = list(rows)
    out = io.StringIO()
    if table:
        writer = csv.DictWriter(out, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in table)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(
            item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            for item in value
        )
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def claims_csv(ledger: Ledger) -> str:
    """Return all claims as CSV text, one row each; lists are joined by ``; ``.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    str
        A header and the rows, in the order of papers and rows; empty if
        there is no claim.
    """
    conventions = ledger.conventions.as_text()
    return _csv(_claim(entry, conventions) for entry in ledger.entries)


def findings_csv(ledger: Ledger) -> str:
    """Return all findings as CSV text, one row each, without their proofs.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    str
        A header and the rows, in the order of the ledger; empty if there
        is no finding.
    """
    left_out = ("witness", "certificate")
    rows = (_finding(finding) for finding in ledger.findings)
    return _csv({key: value for key, value in row.items() if key not in left_out} for row in rows)


def write_ledger(ledger: Ledger, folder: Path) -> tuple[Path, ...]:
    """Write ``ledger.json``, ``claims.csv`` and ``findings.csv`` into a folder.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    folder : Path
        Made if it does not exist.

    Returns
    -------
    tuple of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    documents = {
        "ledger.json": ledger_json(ledger),
        "claims.csv": claims_csv(ledger),
        "findings.csv": findings_csv(ledger),
    }
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return tuple(folder / name for name in documents)
