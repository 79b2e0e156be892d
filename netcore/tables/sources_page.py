"""The published series that papers are compared with: what was seen, value by value."""

from __future__ import annotations

from netcore.checks.wording import counted, listed, study_title
from netcore.ledger import Ledger
from netcore.study import Study
from netcore.study.library import is_source
from netcore.tables.addresses import file_address, finding_anchor, paper_anchor
from netcore.tables.book import Book, open_book
from netcore.tables.document_files import CLAIMS
from netcore.tables.finding_summary import finding_summary, is_shown_in_chapter
from netcore.tables.markup import Html, element, joined, text
from netcore.tables.paper_table import evidence_table

__all__ = ["show_sources"]

_SEEN = {
    "full text": "the full text",
    "abstract only": "the abstract",
    "secondary": "a secondary source",
}
_TITLES = {"conflict": "Conflict", "support": "Holds under an assumption", "note": "Note"}


def show_sources(ledger: Ledger) -> Html:
    """Return every source with its reference and all that it was seen to print.

    Parameters
    ----------
    ledger : Ledger
        The ledger of all documents.

    Returns
    -------
    Html
        One section a source, by key.  Every claim has the anchor that the
        ledger leads to.
    """
    book = open_book()
    return joined(_source(ledger, study, book) for study in ledger.studies if is_source(study))


def _source(ledger: Ledger, study: Study, book: Book) -> Html:
    key, name = study.paper.key, study_title(study)
    entries = [entry for entry in ledger.entries if entry.paper == key]
    findings = [
        (
            finding,
            finding_summary(
                ledger, finding, _TITLES[finding.kind], finding_anchor(study, finding.id), book
            ),
        )
        for finding in ledger.findings
        if finding.paper == key and is_shown_in_chapter(finding)
    ]
    notes = [shown for finding, shown in findings if finding.kind == "note"]
    table = evidence_table(ledger, entries, f"{name}: value by value")
    address = file_address(study, CLAIMS)
    file = element("a", f"{name} (CSV)", href=address, download="", class_="nc-file")
    values = element("p", file, class_="nc-files")
    return element(
        "section",
        element("h3", name),
        element("p", _reference(study)),
        element("p", f"Seen: {_seen(study)}.", class_="nc-note"),
        _fold(
            f"{counted(len(entries), 'printed value')} with verdicts and evidence", table, values
        ),
        *(shown for finding, shown in findings if finding.kind != "note"),
        *([_fold(f"Notes: {len(notes)}", *notes)] if notes else []),
        id=paper_anchor(study),
        class_="nc-source",
    )


def _fold(summary: str, *content: Html) -> Html:
    return element("details", element("summary", summary), *content, class_="nc-fold")


def _reference(study: Study) -> Html:
    paper = study.paper
    issue = f"({paper.issue})" if paper.issue else ""
    pages = f":{paper.pages}" if paper.pages else ""
    volume = f"{paper.volume or ''}{issue}{pages}"
    year = paper.year or (paper.published or "undated")[:4]
    where = " ".join(filter(None, (paper.journal, f"{year};{volume}" if volume else year)))
    said = [f"{part.rstrip('.')}. " for part in (paper.title, where) if part]
    if paper.doi is None:
        return text("".join(said).strip())
    link = element("a", f"doi:{paper.doi}", href=f"https://doi.org/{paper.doi}")
    return joined([*said, link])


def _seen(study: Study) -> str:
    used = {claim.location for claim in study.claims}
    kinds = dict.fromkeys(study.locations[name].seen for name in study.locations if name in used)
    return listed(_SEEN[kind] for kind in kinds)
