"""The ledger as a page: every claim of every paper in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.wording import claim_title, quoted, study_title
from netcore.evidence import checks_of_book
from netcore.ledger import Ledger, build_ledger
from netcore.paths import data_folder
from netcore.study import Study
from netcore.study.library import is_source, load_library
from netcore.tables.addresses import claim_address, finding_address, paper_address
from netcore.tables.markup import Html, element, joined
from netcore.tables.paper_table import NOTHING, follows
from netcore.tables.verdict_marks import badge, strip

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ledger_frame",
    "main_findings",
    "open_ledger",
    "papers_at_a_glance",
    "show_ledger",
    "verdict_key",
]


def open_ledger(rounding: str = "nearest") -> Ledger:
    """Load every paper of the book and run every check.

    Parameters
    ----------
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.

    Returns
    -------
    Ledger
        Every claim of every paper.
    """
    library = load_library(data_folder())
    conventions = Conventions(rounding)
    return build_ledger(
        library.studies, conventions, checked=checks_of_book(conventions, library.studies)
    )


def _papers(ledger: Ledger) -> list[Study]:
    """Return the documents that have a chapter of their own."""
    return [study for study in ledger.studies if not is_source(study)]


def papers_at_a_glance(ledger: Ledger) -> Html:
    """Return all claims by verdict, paper by paper.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        One bar a paper, leading to its chapter.
    """
    rows = []
    for study in _papers(ledger):
        link = element("a", study_title(study), href=paper_address(study))
        rows.append(element("p", link, f": {len(study.claims)} printed values", class_="nc-paper"))
        rows.append(strip(ledger.counts(study.paper.key)))
    return element("div", *rows, class_="nc-glance")


def verdict_key() -> Html:
    """Return what each verdict means, in the order of precedence.

    Returns
    -------
    Html
        A table with a row for each verdict: its badge and its meaning.
    """
    rows = [
        element("tr", element("th", badge(verdict), scope="row"), element("td", verdict.meaning))
        for verdict in Verdict
    ]
    head = element(
        "tr", element("th", "Verdict", scope="col"), element("th", "Meaning", scope="col")
    )
    return element("table", element("thead", head), element("tbody", *rows), class_="nc-table")


def main_findings(ledger: Ledger) -> Html:
    """Return every conflict in its own words, paper by paper.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        A list for each paper that has a chapter; each item leads to the
        finding.  What holds under an assumption is counted, and shown where a
        paper has no conflict.
    """
    parts: list[Html | str] = []
    for study in _papers(ledger):
        found = [finding for finding in ledger.findings if finding.paper == study.paper.key]
        conflicts = [finding for finding in found if finding.kind == "conflict"]
        assumed = [finding for finding in found if finding.assumptions]
        number = {0: "no conflict", 1: "1 conflict"}.get(
            len(conflicts), f"{len(conflicts)} conflicts"
        )
        hold = "1 finding holds" if len(assumed) == 1 else f"{len(assumed)} findings hold"
        also = f"; {hold} under an assumption" if assumed else ""
        link = element("a", study_title(study), href=paper_address(study))
        parts.append(element("p", link, f": {number}{also}.", class_="nc-paper"))
        items = [_item(study, finding) for finding in (*conflicts, *assumed)]
        if items:
            parts.append(element("ul", *items))
    return joined(parts)


def _item(study: Study, finding: Finding) -> Html:
    name = "Proof and repair" if finding.kind == "conflict" else "What it assumes"
    link = element(
        "a",
        name,
        href=finding_address(study, finding.id),
        aria_label=f"{name} of {finding.id}",
    )
    return element("li", finding.statement, " ", link)


def ledger_frame(ledger: Ledger) -> pd.DataFrame:
    """Return the ledger as a table of escaped HTML cells.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    pandas.DataFrame
        One row a claim; the claim's name leads to its evidence.
    """
    import pandas as pd

    rows: list[dict[str, Html | str]] = []
    for entry in ledger.entries:
        study, claim = ledger.study(entry.paper), entry.claim
        rows.append(
            {
                "Claim": element("a", claim.claim, href=claim_address(study, claim.claim)),
                "Paper": study_title(study),
                "Place": study.locations[claim.location].title,
                "Value": claim_title(study, claim),
                "Printed": quoted(study, claim),
                "Follows": follows(study, entry),
                "Verdict": badge(entry.verdict),
                "Check": ", ".join(entry.checks) or NOTHING,
                "Evidence": entry.evidence,
            }
        )
    cells = [{name: joined([cell]).markup for name, cell in row.items()} for row in rows]
    # The name of the index heads its column only as the name of the columns.
    return (
        pd.DataFrame(cells, columns=list(cells[0]) if cells else ["Claim"])
        .set_index("Claim")
        .rename_axis(None)
        .rename_axis("Claim", axis="columns")
    )


def show_ledger(ledger: Ledger) -> None:
    """Show the ledger as a table that can be searched, sorted and paged.

    Parameters
    ----------
    ledger : Ledger
        The ledger.  Every cell is escaped before the table sees it.
    """
    from itables import init_notebook_mode, show

    init_notebook_mode(connected=False)
    show(
        ledger_frame(ledger),
        table_id="ledger",
        allow_html=True,
        use_to_html=True,
        showIndex=True,
        autoWidth=False,
        classes="display compact nc-ledger",
        pageLength=25,
        order=[],
    )
