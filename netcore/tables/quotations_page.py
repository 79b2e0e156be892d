"""Where documents disagree, and quoted values against their sources."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from netcore.checks import Finding
from netcore.checks.counted_studies import CHECK as COUNTED_STUDIES
from netcore.checks.printings import CHECK as PRINTINGS
from netcore.checks.quotations import CHECK as QUOTATIONS
from netcore.checks.wording import claim_title, listed, place, quoted, study_title
from netcore.ledger import Entry, Ledger
from netcore.study import Claim, Study
from netcore.tables.addresses import claim_address, finding_address, paper_address
from netcore.tables.finding_summary import finding_summary, is_shown_in_chapter
from netcore.tables.markup import Html, element, joined, scrolling_table, text
from netcore.tables.separated_values import csv_link, csv_text
from netcore.tables.verdict_marks import badge

__all__ = ["counted_studies", "quotations_table", "versions_compared"]


def counted_studies(ledger: Ledger) -> Html:
    """Return what documents say of the studies there are, beside those of the book.

    Parameters
    ----------
    ledger : Ledger
        The ledger of all documents.

    Returns
    -------
    Html
        One section a statement.
    """
    found = [finding for finding in ledger.findings if finding.check == COUNTED_STUDIES]
    return joined(
        finding_summary(ledger, finding, study_title(ledger.study(finding.paper)))
        for finding in found
    )


def versions_compared(ledger: Ledger) -> Html:
    """Return how the editions and languages of one document compare.

    Parameters
    ----------
    ledger : Ledger
        The ledger of all documents.

    Returns
    -------
    Html
        How many quantities are printed alike, document by document, then in
        words those that are not.
    """
    found = [
        finding
        for finding in ledger.findings
        if finding.check == PRINTINGS and _is_across_versions(ledger, finding)
    ]
    rows = []
    for paper, group in groupby(found, key=lambda finding: finding.paper):
        study, findings = ledger.study(paper), list(group)
        alike = sum(_is_alike(finding) for finding in findings)
        rows.append(
            element(
                "tr",
                element(
                    "th", element("a", study_title(study), href=paper_address(study)), scope="row"
                ),
                element("td", _versions(study, findings)),
                element("td", str(alike), class_="nc-number"),
                element("td", str(len(findings) - alike), class_="nc-number"),
            )
        )
    heads = ("Document", "Compared", "Quantities alike", "Not alike")
    differing = [
        finding_summary(ledger, finding, study_title(ledger.study(finding.paper)))
        for finding in found
        if not _is_alike(finding)
    ]
    return joined(
        [scrolling_table(heads, rows, "Editions and languages of one document"), *differing]
    )


def quotations_table(ledger: Ledger) -> Html:
    """Return every quoted value beside what its source prints.

    Parameters
    ----------
    ledger : Ledger
        The ledger of all documents.

    Returns
    -------
    Html
        A table, and a folded one of the values whose source is not in the
        book; below them both as one file.
    """
    found = [finding for finding in ledger.findings if finding.check == QUOTATIONS]
    compared = {(finding.paper, finding.claims[0]) for finding in found}
    others = [
        entry
        for entry in ledger.entries
        if entry.claim.cites and (entry.paper, entry.claim.claim) not in compared
    ]
    unseen = [
        _row(ledger.study(entry.paper), entry.claim, (text(_source_title(entry.claim)),))
        for entry in others
    ]
    heads = ("Quoted in", "Quoted value", "Source, and what it prints", "Verdict")
    rows = [_quotation(ledger, finding) for finding in found]
    title = f"Quoted values whose source is not in the book: {len(unseen)}"
    fold = element(
        "details",
        element("summary", title),
        scrolling_table(("Quoted in", "Quoted value", "Source"), unseen, title),
        class_="nc-fold",
    )
    table = scrolling_table(heads, rows, "Quoted values and what their sources print")
    link = csv_link(_quotations_csv(ledger, found, others), "quotations")
    return joined([table, *([fold] if unseen else []), element("p", link, ": every quoted value.")])


def _quotations_csv(ledger: Ledger, found: Sequence[Finding], others: Sequence[Entry]) -> str:
    """Write every quoted value with what its source prints, where it is in the book."""
    heads = ("Quoted in", "Place", "Quantity", "Quoted", "Source", "Source prints")
    rows: list[tuple[str, ...]] = [(*heads, "Verdict", "Assuming that", "Claim")]
    for finding in found:
        study = ledger.study(finding.paper)
        claim = study.claim_by_id(finding.claims[0])
        verdict = finding.bearings[claim.claim].verdict
        key, _, name = finding.elsewhere[0].partition("#")
        source = ledger.study(key)
        prints = quoted(source, source.claim_by_id(name)) if name else ""
        rows.append(
            (
                *_quoted_where(study, claim),
                *(study_title(source), prints),
                *(verdict.value if verdict is not None else "", "; ".join(finding.assumptions)),
                claim.claim,
            )
        )
    for entry in others:
        where = _quoted_where(ledger.study(entry.paper), entry.claim)
        rows.append((*where, _source_title(entry.claim), "", "", "", entry.claim.claim))
    return csv_text(rows)


def _quoted_where(study: Study, claim: Claim) -> tuple[str, str, str, str]:
    return (
        *(study_title(study), place(study, [claim])),
        *(claim_title(study, claim), quoted(study, claim)),
    )


def _quotation(ledger: Ledger, finding: Finding) -> Html:
    study = ledger.study(finding.paper)
    bearing = finding.bearings[finding.claims[0]]
    key, _, name = finding.elsewhere[0].partition("#")
    source = ledger.study(key)
    if name:
        origin = source.claim_by_id(name)
        prints = element("a", quoted(source, origin), href=claim_address(source, name))
        about: Html | str = joined([prints, f" ({claim_title(source, origin)})"])
    else:
        about = "not found in what was seen, which refutes nothing"
    origin_cell = joined(
        [element("a", study_title(source), href=paper_address(source)), text(": "), about]
    )
    verdict = [badge(bearing.verdict)] if bearing.verdict is not None else []
    if finding.assumptions:
        verdict.append(text(f", assuming that {'; '.join(finding.assumptions)}"))
    if is_shown_in_chapter(finding):
        link = element(
            "a",
            "finding",
            href=finding_address(study, finding.id),
            aria_label=f"finding {finding.id}",
        )
        verdict += [text(" "), link]
    return _row(study, study.claim_by_id(finding.claims[0]), (origin_cell, joined(verdict)))


def _source_title(claim: Claim) -> str:
    """Write the key of a source that is not in the book as the name of a study."""
    key = claim.cites.partition("#")[0]
    name = key.rstrip("0123456789")
    return f"{name.replace('_', ' ').title()} {key[len(name) :]}".strip()


def _row(study: Study, claim: Claim, cells: Sequence[Html]) -> Html:
    value = element("a", quoted(study, claim), href=claim_address(study, claim.claim))
    return element(
        "tr",
        element("th", f"{study_title(study)}, {place(study, [claim])}", scope="row"),
        element("td", value, f" ({claim_title(study, claim)})"),
        *(element("td", cell) for cell in cells),
    )


def _locations(study: Study, finding: Finding) -> list[str]:
    names = (study.claim_by_id(claim).location for claim in finding.claims)
    return list(dict.fromkeys(names))


def _is_across_versions(ledger: Ledger, finding: Finding) -> bool:
    """Return whether a finding compares editions, or abstracts in two languages."""
    study = ledger.study(finding.paper)
    places = [study.locations[name] for name in _locations(study, finding)]
    abstracts = len(places) > 1 and all(place.section == "abstract" for place in places)
    return abstracts or len({place.edition for place in places}) > 1


def _is_alike(finding: Finding) -> bool:
    return finding.kind == "support" and not finding.assumptions


def _versions(study: Study, findings: Sequence[Finding]) -> str:
    """Name the places that are versions: abstracts, and those of an edition of their own."""
    used = {name for finding in findings for name in _locations(study, finding)}
    return listed(
        place.title
        for name, place in study.locations.items()
        if name in used and (place.edition is not None or place.section == "abstract")
    )
