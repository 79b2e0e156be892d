"""The end of a page: how to run it again, take its data, cite it, and reply."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks import Finding
from netcore.checks.wording import claim_title, study_title
from netcore.ledger import Ledger
from netcore.study import Study
from netcore.tables.addresses import file_address
from netcore.tables.book import Book, open_book
from netcore.tables.document_files import CLAIMS, table_file
from netcore.tables.evidence_files import findings_files, has_files
from netcore.tables.markup import Html, element, joined, text
from netcore.tables.reply import Reply, reply_html

__all__ = ["Download", "page_colophon", "paper_colophon"]

Download = tuple[str, Html]
"""What can be downloaded, and the links to it."""

_LEDGER = "../ledger"
_REPLAYED = "../methods/evidence.html"


def page_colophon(
    page: str,
    title: str,
    downloads: Sequence[Download] = (),
    *,
    book: Book | None = None,
    rerun: str = "rounding truncate",
    paper: Study | None = None,
) -> Html:
    """Return the end of a page.

    Parameters
    ----------
    page : str
        Name of the chapter, without folder and ending.
    title : str
        Its heading.
    downloads : sequence of Download
        What can be downloaded beside the notebook and the whole ledger.
    book : Book, optional
        The book; that of the project by default.
    rerun : str
        A parameter of the chapter with another value.
    paper : Study, optional
        The paper that the chapter is about, to be cited for its own values.

    Returns
    -------
    Html
        Four parts: download, rerun, cite, reply or dispute.
    """
    book = open_book() if book is None else book
    address = f"chapters/{page}.html"
    notebook = _file(f"../downloads/{page}.ipynb", f"{page}.ipynb")
    ledger = [
        _file(f"{_LEDGER}/claims.csv", "claims (CSV)"),
        _file(f"{_LEDGER}/findings.csv", "findings (CSV)"),
        _file(f"{_LEDGER}/ledger.json", "all with proofs (JSON)"),
    ]
    shown = [("This chapter", notebook), *downloads, ("All documents", joined(ledger, "; "))]
    command = f"papermill chapters/{page}.ipynb out.ipynb -p {rerun}"
    reply = Reply(title, address)
    return element(
        "div",
        _part("Download", _list(shown)),
        _part("Rerun it under another convention", element("pre", command, tabindex="0")),
        *_cited(book, title, address, paper),
        _part(
            "Reply or dispute",
            element(
                "p",
                "From authors and readers alike: a reply stands beside what it is about.",
            ),
            element("div", reply_html(reply, book, about="this chapter")),
        ),
        class_="nc-colophon",
    )


def paper_colophon(ledger: Ledger, study: Study, book: Book) -> Html:
    """Return the end of the chapter of a paper.

    Parameters
    ----------
    ledger : Ledger
        The ledger of the paper.
    study : Study
        The paper.
    book : Book
        The book.

    Returns
    -------
    Html
        With the claims of the paper, the values of each place, constructed data
        and proofs to download.
    """
    used = {claim.location for claim in study.claims}
    tables = [
        _file(file_address(study, table_file(name)), place.title or name)
        for name, place in study.locations.items()
        if name in used
    ]
    downloads: list[Download] = [
        ("Its claims", _file(file_address(study, CLAIMS), "with verdicts and evidence (CSV)")),
        ("Its values (CSV)", _folded(f"Places: {len(tables)}", tables)),
    ]
    findings = [
        finding
        for finding in ledger.findings
        if finding.paper == study.paper.key and has_files(ledger, finding)
    ]
    made = [finding for finding in findings if finding.kind != "conflict"]
    proved = [finding for finding in findings if finding.kind == "conflict"]
    if made:
        note = text("They are nobody’s: made so that they have the printed values.")
        listed = _folded(f"Sets: {len(made)}", _rows(ledger, study, made))
        downloads.append(("Constructed data", joined([note, listed], " ")))
    if proved:
        how = element("a", "How they are replayed without this code", href=_REPLAYED)
        listed = _folded(f"Proofs: {len(proved)}", _rows(ledger, study, proved))
        downloads.append(("Proofs", joined([how, listed], " ")))
    return page_colophon(study.paper.key, study_title(study), downloads, book=book, paper=study)


def _rows(ledger: Ledger, study: Study, findings: Sequence[Finding]) -> list[Html]:
    rows = []
    for finding in findings:
        about = claim_title(study, study.claim_by_id(finding.claims[0]))
        files = findings_files(ledger, [finding])
        rows.append(joined([about, ": ", joined(files, "; ")]))
    return rows


def _cited(book: Book, title: str, address: str, paper: Study | None) -> list[Html]:
    if book.citation is None:
        return []
    cited = book.citation.part(title, address)
    said: list[Html] = [
        element("p", cited.text),
        element(
            "details",
            element("summary", "BibTeX"),
            element("pre", cited.bibtex, tabindex="0"),
            class_="nc-fold",
        ),
    ]
    if paper is not None and paper.paper.doi:
        doi = element("a", f"doi:{paper.paper.doi}", href=f"https://doi.org/{paper.paper.doi}")
        said.append(element("p", "For the values of the paper, cite the paper: ", doi, "."))
    return [_part("Cite this chapter", *said)]


def _part(title: str, *content: Html) -> Html:
    return element("section", element("h3", title), *content)


def _list(shown: Sequence[Download]) -> Html:
    return element(
        "dl",
        *(piece for name, links in shown for piece in (element("dt", name), element("dd", links))),
    )


def _folded(summary: str, links: Sequence[Html]) -> Html:
    return element(
        "details",
        element("summary", summary),
        element("ul", *(element("li", link) for link in links)),
        class_="nc-fold",
    )


def _file(address: str, words: str) -> Html:
    return element("a", words, href=address, download="", class_="nc-file")
