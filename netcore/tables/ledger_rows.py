"""The ledger as rows of a page: what each claim shows and what it is found by."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from netcore.checks import Verdict
from netcore.checks.wording import claim_title, quoted, study_title
from netcore.ledger import Entry, Ledger
from netcore.study import Study
from netcore.tables.addresses import claim_address, finding_address
from netcore.tables.finding_summary import is_shown_in_chapter
from netcore.tables.paper_table import follows

__all__ = ["LedgerRow", "ledger_rows"]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One claim as the page shows it.

    Parameters
    ----------
    paper, paper_title : str
        Key and title of the document.
    claim, address : str
        Id of the claim, and where its evidence stands.
    quantity : str
        What the claim is about, in words.
    printed : str
        The value with its unit.
    number : float or None
        What the printed value sorts by; None where it is no number.
    follows : str
        What the other values give.
    verdict : Verdict
        The verdict.
    evidence : str
        What the verdict rests on.
    place : str
        Where it is printed.
    statistics, checks : tuple of str
        Names of the statistics that it may be, and of the checks that bind
        it.
    findings : tuple of (str, str)
        Ids and addresses of the findings that bind it.
    """

    paper: str
    paper_title: str
    claim: str
    address: str
    quantity: str
    printed: str
    number: float | None
    follows: str
    verdict: Verdict
    evidence: str
    place: str
    statistics: tuple[str, ...]
    checks: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]


def ledger_rows(ledger: Ledger) -> tuple[LedgerRow, ...]:
    """Return every claim as the page shows it.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    tuple of LedgerRow
        In the order of the ledger.
    """
    studies = {study.paper.key: study for study in ledger.studies}
    shown = {
        (finding.paper, finding.id) for finding in ledger.findings if is_shown_in_chapter(finding)
    }
    return tuple(_row(studies[entry.paper], entry, shown) for entry in ledger.entries)


def _row(study: Study, entry: Entry, shown: Container[tuple[str, str]]) -> LedgerRow:
    claim = entry.claim
    address = claim_address(study, claim.claim)
    title = claim_title(study, claim)
    return LedgerRow(
        paper=entry.paper,
        paper_title=study_title(study),
        claim=claim.claim,
        address=address,
        quantity=title[:1].upper() + title[1:],
        printed=quoted(study, claim),
        number=_number(study, entry),
        follows=follows(study, entry),
        verdict=entry.verdict,
        evidence=entry.evidence,
        place=study.locations[claim.location].title or claim.location,
        statistics=tuple(claim.readings("stat_name")),
        checks=entry.checks,
        # What has no section of its own stands with the evidence of the claim.
        findings=tuple(
            (name, finding_address(study, name) if (entry.paper, name) in shown else address)
            for name in entry.findings
        ),
    )


def _number(study: Study, entry: Entry) -> float | None:
    if not study.is_numeric(entry.claim):
        return None
    value = study.printed(entry.claim).value
    return None if value is None else float(value)
