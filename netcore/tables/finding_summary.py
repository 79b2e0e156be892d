"""A finding in short, on a page that is not the chapter of its paper."""

from __future__ import annotations

from netcore.checks import Finding, Verdict
from netcore.checks.wording import quoted, study_title
from netcore.ledger import Ledger
from netcore.study import Study
from netcore.tables.addresses import claim_address, finding_address, paper_address
from netcore.tables.book import Book
from netcore.tables.evidence_files import finding_files
from netcore.tables.finding_text import NOT_YET, NOTHING, authors_reply
from netcore.tables.markup import Html, anchor_mark, element, joined

__all__ = ["finding_summary", "is_shown_in_chapter"]


def is_shown_in_chapter(finding: Finding) -> bool:
    """Return whether the chapter of the paper shows the finding.

    Parameters
    ----------
    finding : Finding
        A finding.

    Returns
    -------
    bool
        False for what stands beside its claims: support without an assumption,
        and notes that only say why a value stands alone.
    """
    if finding.kind == "support":
        return bool(finding.assumptions)
    if finding.kind == "note":
        bearings = finding.bearings.values()
        return not any(bearing.verdict is Verdict.UNCONSTRAINED for bearing in bearings)
    return True


def finding_summary(
    ledger: Ledger,
    finding: Finding,
    title: str,
    anchor: str | None = None,
    book: Book | None = None,
) -> Html:
    """Return what a finding says, with links to its claims and to its proof.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.
    title : str
        What to call it.
    anchor : str, optional
        Anchor of the finding, on the page that is its own.
    book : Book, optional
        The book, for whoever wants to reply there.

    Returns
    -------
    Html
        Statement, assumptions, what would resolve it, what it changes, the
        authors' reply and where to read more.
    """
    study = ledger.study(finding.paper)
    claims = [ledger.entry(finding.paper, name).claim for name in finding.claims]
    links = [
        element(
            "a",
            f"{quoted(study, claim)}, {study.locations[claim.location].title}",
            href=claim_address(study, claim.claim),
        )
        for claim in claims
    ]
    parts: list[tuple[str, Html | str]] = [("Printed and follows", finding.statement)]
    if finding.assumptions:
        parts.append(("Holds if", "; ".join(finding.assumptions)))
    if finding.resolved_by:
        parts.append(("Would resolve it", " ".join(finding.resolved_by)))
    assumed = finding.kind == "support" and bool(finding.assumptions)
    if finding.changes or assumed:
        parts.append(("What it changes", finding.changes or NOTHING))
    if anchor is not None:
        parts.append(("Authors’ reply", authors_reply(ledger, finding, book or Book())))
    elif finding.kind == "conflict" or finding.assumptions:
        parts.append(("Authors’ reply", NOT_YET))
    parts.append(("Claims", joined(links, "; ")))
    if files := finding_files(ledger, finding):
        parts.append(("Evidence", joined(files, "; ")))
    if others := _elsewhere(ledger, finding):
        parts.append(("Elsewhere", joined(others, "; ")))
    if anchor is None and is_shown_in_chapter(finding):
        more = element(
            "a",
            "The finding in its chapter",
            href=finding_address(study, finding.id),
            aria_label=f"The finding in its chapter: {finding.id}",
        )
        parts.append(("In full", more))
    mark = [anchor_mark(anchor, f"this finding, {finding.id}")] if anchor else []
    items = [
        piece for name, words in parts for piece in (element("dt", name), element("dd", words))
    ]
    return element(
        "section",
        element("p", title, *mark, class_="nc-kind"),
        element("dl", *items),
        class_=f"nc-finding nc-{finding.kind}",
        id=anchor,
        aria_label=f"{title}: {finding.id}",
    )


def _elsewhere(ledger: Ledger, finding: Finding) -> list[Html]:
    links = []
    for address in finding.elsewhere:
        key, _, claim = address.partition("#")
        study = ledger.study(key)
        href = claim_address(study, claim) if claim else paper_address(study)
        links.append(element("a", _named(study_title(study), study, claim), href=href))
    return links


def _named(title: str, study: Study, claim: str) -> str:
    return f"{title}: {quoted(study, study.claim_by_id(claim))}" if claim else title
