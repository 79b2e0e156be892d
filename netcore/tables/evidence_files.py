"""Links from a finding or a value to the files behind it: constructed data, proofs."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks import Finding, Verdict
from netcore.evidence import is_replayed
from netcore.ledger import Entry, Ledger
from netcore.tables.addresses import file_address
from netcore.tables.constructed_data import constructed_title
from netcore.tables.document_files import certificate_file, witness_file
from netcore.tables.markup import Html, element

__all__ = ["entry_files", "finding_files", "findings_files", "has_files"]


def finding_files(ledger: Ledger, finding: Finding, number: str = "") -> list[Html]:
    """Return links to the files of a finding.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.
    number : str
        What tells it from others in the same cell.

    Returns
    -------
    list of Html
        ``proof (JSON)`` and ``constructed patients (CSV)``, as far as there are
        such files.
    """
    study = ledger.study(finding.paper)
    files = []
    if is_replayed(finding):
        files.append((f"proof{number} (JSON)", certificate_file(finding.id)))
    if (title := constructed_title(study, finding)) is not None:
        files.append((f"{title}{number} (CSV)", witness_file(finding.id)))
    return [
        element(
            "a",
            words,
            href=file_address(study, name),
            download="",
            class_="nc-file",
            aria_label=f"{words}, {finding.id}",
        )
        for words, name in files
    ]


def findings_files(ledger: Ledger, findings: Sequence[Finding]) -> list[Html]:
    """Return links to the files of several findings.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds them.
    findings : sequence of Finding
        The findings.

    Returns
    -------
    list of Html
        In the order of the findings, numbered where several have files.
    """
    having = [finding for finding in findings if has_files(ledger, finding)]
    if len(having) == 1:
        return finding_files(ledger, having[0])
    return [
        link
        for number, finding in enumerate(having, start=1)
        for link in finding_files(ledger, finding, f" {number}")
    ]


def has_files(ledger: Ledger, finding: Finding) -> bool:
    """Return whether there is a proof or constructed data of a finding.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.

    Returns
    -------
    bool
        True where :func:`finding_files` has a link.
    """
    is_constructed = constructed_title(ledger.study(finding.paper), finding) is not None
    return is_constructed or is_replayed(finding)


def entry_files(ledger: Ledger, entry: Entry) -> list[Html]:
    """Return links to the files of the findings that bind a claim.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    entry : Entry
        A claim with its verdict.

    Returns
    -------
    list of Html
        Proofs for a claim that is inconsistent with others; else data that
        were constructed to have it.
    """
    disputed = entry.verdict is Verdict.INCONSISTENT
    findings = [ledger.finding(entry.paper, name) for name in entry.findings]
    return findings_files(
        ledger, [finding for finding in findings if is_replayed(finding) is disputed]
    )
