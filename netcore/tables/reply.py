"""A way to reply to a finding or a page, or to dispute it, with what is needed filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from netcore.checks import Finding
from netcore.checks.wording import quoted, study_title
from netcore.ledger import Ledger
from netcore.tables.addresses import finding_address
from netcore.tables.book import Book
from netcore.tables.markup import Html, element

__all__ = ["Reply", "reply_html", "reply_to_finding"]

LONGEST: Final = 12
"""So many printed values are written out; an address has to stay short."""
_WORDS: Final = "Reply or dispute"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply has to name.

    Parameters
    ----------
    title : str
        What it is about, in a line.
    page : str
        Address of it, relative to the site.
    printed : tuple of str
        The printed values that are concerned.
    """

    title: str
    page: str
    printed: tuple[str, ...] = ()

    def text(self, book: Book) -> str:
        """Return the reply as far as it can be written beforehand.

        Parameters
        ----------
        book : Book
            The book.

        Returns
        -------
        str
            What it is about, its address, and the printed values; the rest is
            for whoever replies.
        """
        lines = [f"About: {self.title}", f"Page: {self._address(book)}"]
        if book.citation is not None and book.citation.version:
            lines.append(f"Version: {book.citation.version}")
        if self.printed:
            shown = [f"- {value}" for value in self.printed[:LONGEST]]
            left = len(self.printed) - len(shown)
            lines += ["Printed:", *shown, *([f"- and {left} more"] if left else [])]
        return "\n".join([*lines, "", "Reply:", ""])

    def _address(self, book: Book) -> str:
        site = book.citation.address.rstrip("/") if book.citation is not None else ""
        return f"{site}/{self.page}" if site else self.page


def reply_to_finding(ledger: Ledger, finding: Finding) -> Reply:
    """Return what a reply to a finding has to name.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.

    Returns
    -------
    Reply
        Study and id of the finding, its address, and its claims as printed.
    """
    study = ledger.study(finding.paper)
    claims = [study.claim_by_id(name) for name in finding.claims]
    printed = tuple(
        f"{quoted(study, claim)} ({study.locations[claim.location].title}; {claim.claim})"
        for claim in claims
    )
    page = f"chapters/{finding_address(study, finding.id)}"
    return Reply(f"{study_title(study)}: finding {finding.id}", page, printed)


def reply_html(reply: Reply, book: Book, *, about: str = "") -> Html:
    """Return a link to a prefilled issue, or what to send where there is no repository.

    Parameters
    ----------
    reply : Reply
        What it is about.
    book : Book
        The book, with the address of its repository or without.
    about : str
        What a screen reader is told beside the words of the link; the title
        of the reply by default.

    Returns
    -------
    Html
        A link, or a fold with a text to copy: never a link that leads nowhere.
    """
    label = f"{_WORDS}: {about or reply.title}"
    if book.repository:
        query = urlencode({"title": reply.title, "body": reply.text(book)})
        href = f"{book.repository}/issues/new?{query}"
        return element("a", _WORDS, href=href, aria_label=label)
    return element(
        "details",
        element("summary", _WORDS, aria_label=label),
        element("p", "To the editors, by the way that this book reached you:"),
        element("pre", reply.text(book), tabindex="0"),
        class_="nc-reply",
    )
