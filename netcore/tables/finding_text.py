"""A finding in words: what is printed, what follows, what would resolve it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from netcore.checks import Finding, Repair
from netcore.checks.wording import counted, key_title, listed, quoted, study_title
from netcore.ledger import Ledger
from netcore.repairs import Effect, effects_of
from netcore.tables.addresses import claim_anchor, document_address, finding_anchor
from netcore.tables.book import Book
from netcore.tables.evidence_files import findings_files
from netcore.tables.markup import Html, anchor_mark, element, joined, text
from netcore.tables.reply import reply_html, reply_to_finding

__all__ = ["authors_reply", "finding_html", "findings_html", "split_statement"]

# A full stop that ends a sentence: not one of "et al.", of an initial or of "No.".
_SENTENCE_END: Final = re.compile(r"(?<! al)(?<!\b[A-Z])(?<!\bNo)(?<!\bvs)\.\s+(?=[A-Z0-9“−])")

NOTHING: Final = "Nothing, as long as the assumption holds; quote the value together with it."
"""What changes where a value holds under an assumption and no more is known."""
MANY: Final = 8
"""More claims than these are folded; each is one click away."""
NOT_YET: Final = "not yet contacted"
"""What the authors replied, until they did."""
_TITLES = {"conflict": "Conflict", "support": "Holds under an assumption", "note": "Note"}


def finding_html(
    ledger: Ledger,
    finding: Finding,
    confidence: float = 0.95,
    book: Book | None = None,
    alike: Sequence[Finding] = (),
) -> Html:
    """Return a finding as a short text with its proof folded away.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.
    confidence : float
        Confidence level of intervals, between 0 and 1.
    book : Book, optional
        The book, for whoever wants to reply.
    alike : sequence of Finding
        Others of which the same follows; they are named with it, and have
        anchors of their own.

    Returns
    -------
    Html
        What is printed, what follows, assumptions, what would resolve it,
        what it changes, the authors' reply, the claims that it binds, and the
        proof or the data.  It has the anchor ``finding-ID``.
    """
    holds = finding.kind == "support" and not finding.assumptions
    title = "Holds together" if holds else _TITLES[finding.kind]
    printed, follows = split_statement(finding.statement)
    parts: list[tuple[str, Html | str]] = [("Printed", _printed(ledger, printed, alike))]
    if follows := _without_assumptions(follows, finding.assumptions):
        parts.append(("Follows", follows))
    if finding.assumptions:
        parts.append(("Holds if", "; ".join(finding.assumptions)))
    if finding.resolved_by or finding.repairs:
        parts.append(("Would resolve it", _resolutions(finding)))
    if finding.changes or (finding.kind == "support" and not holds):
        parts.append(("What it changes", _changes(ledger, finding, confidence)))
    parts.append(("Authors’ reply", authors_reply(ledger, finding, book or Book())))
    parts.append(("Claims", _claims(ledger, [finding, *alike])))
    if files := findings_files(ledger, [finding, *alike]):
        parts.append(("Evidence", joined(files, "; ")))
    if finding.elsewhere:
        parts.append(("Elsewhere", _elsewhere(ledger, finding)))
    items = [
        piece for name, words in parts for piece in (element("dt", name), element("dd", words))
    ]
    anchor = finding_anchor(ledger.study(finding.paper), finding.id)
    return element(
        "section",
        element("p", title, anchor_mark(anchor, f"this finding, {finding.id}"), class_="nc-kind"),
        element("dl", *items),
        _folded(finding),
        class_=f"nc-finding nc-{'assumed' if finding.kind == 'support' and not holds else finding.kind}",
        id=anchor,
        aria_label=f"{title}: {finding.id}",
    )


def findings_html(
    ledger: Ledger, findings: Iterable[Finding], confidence: float = 0.95, book: Book | None = None
) -> Html:
    """Return findings in words, those of which the same follows together.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds them.
    findings : iterable of Finding
        The findings.
    confidence : float
        Confidence level of intervals, between 0 and 1.
    book : Book, optional
        The book, for whoever wants to reply.

    Returns
    -------
    Html
        One section for each; where an abstract and a table print the same
        value, one for both.  A conflict stands alone.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_what_follows(finding), []).append(finding)
    return joined(
        finding_html(ledger, first, confidence, book, alike) for first, *alike in groups.values()
    )


def _what_follows(finding: Finding) -> object:
    """Return what two findings share that are shown as one."""
    _, follows = split_statement(finding.statement)
    if finding.kind == "conflict" or finding.repairs or not follows:
        return finding.id
    said = (finding.assumptions, finding.resolved_by, finding.changes, finding.elsewhere)
    return (finding.check, finding.kind, follows, *said)


def _printed(ledger: Ledger, printed: str, alike: Sequence[Finding]) -> Html:
    if not alike:
        return text(printed)
    others = [
        element(
            "li",
            split_statement(finding.statement)[0],
            id=finding_anchor(ledger.study(finding.paper), finding.id),
        )
        for finding in alike
    ]
    return element("ul", element("li", printed), *others)


def authors_reply(ledger: Ledger, finding: Finding, book: Book) -> Html:
    """Say what the authors replied, where a reply is awaited, and how anybody can.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.
    book : Book
        The book.

    Returns
    -------
    Html
        ``not yet contacted`` for what may be disputed, and the way to reply.
    """
    way = reply_html(reply_to_finding(ledger, finding), book)
    awaited = finding.kind == "conflict" or finding.assumptions
    return joined([f"{NOT_YET}. ", way]) if awaited else way


def split_statement(statement: str) -> tuple[str, str]:
    """Split what is said of a finding into what is printed and what follows.

    Parameters
    ----------
    statement : str
        Sentences, the first of which says what is printed.

    Returns
    -------
    tuple of (str, str)
        The first sentence, and the others; the latter may be empty.

    Examples
    --------
    >>> split_statement("Table 1 prints 5 (10 %). 5 is 10 % of 48 to 52.")
    ('Table 1 prints 5 (10 %).', '5 is 10 % of 48 to 52.')
    >>> split_statement("RECIST 1.1 (Eisenhauer et al. 2009) is named.")
    ('RECIST 1.1 (Eisenhauer et al. 2009) is named.', '')
    """
    found = _SENTENCE_END.search(statement)
    if found is None:
        return statement, ""
    return statement[: found.start() + 1], statement[found.end() :]


def _without_assumptions(follows: str, assumptions: Sequence[str]) -> str:
    """Leave out a sentence that says no more than the assumptions, which have a part of their own.

    Examples
    --------
    >>> _without_assumptions("5 of 48 do. It holds if 48 were seen. Tried: 2.", ["48 were seen"])
    '5 of 48 do. Tried: 2.'
    """
    if not assumptions:
        return follows
    said = re.escape(listed(assumptions))
    alone = re.compile(
        r"(?:^|(?<=\. ))(?:(?:It|They|These|Both) (?:holds?|stand)|Holds)(?: together)?(?: only)? "
        rf"if {said}\.(?: |$)"
    )
    return alone.sub("", follows).strip()


def _resolutions(finding: Finding) -> Html:
    asked = text(" ".join(finding.resolved_by))
    if not finding.repairs:
        return asked
    changes = [element("li", _repair(finding, repair)) for repair in finding.repairs]
    lead = "This would fit:" if len(changes) == 1 else "Any one of these would fit:"
    parts = [asked, text(f" {lead}"), element("ul", *changes)]
    if finding.tried:
        parts.append(
            text(f"All checks were run again for {counted(finding.tried, 'small change')}.")
        )
    return joined(parts)


def _repair(finding: Finding, repair: Repair) -> str:
    remarks: list[str] = [] if repair.kind in ("value", "exchange") else [repair.kind]
    if finding.tried and repair.replacements and not repair.verified:
        remarks.append("but it meets other printed values")
    return repair.change + (f" ({', '.join(remarks)})" if remarks else "")


def _changes(ledger: Ledger, finding: Finding, confidence: float) -> Html:
    found = effects_of(ledger.study(finding.paper), finding, confidence)
    if not found:
        return text(finding.changes or NOTHING)
    changed = "With the change" if finding.kind == "conflict" else "Then"
    head = element(
        "tr",
        *(element("th", name, scope="col") for name in ("Estimate", "As printed", changed)),
    )
    rows = [
        element(
            "tr",
            element("th", effect.quantity, scope="row"),
            element("td", effect.printed.text, class_="nc-number"),
            element("td", effect.repaired.text, class_="nc-number"),
        )
        for effect in found
    ]
    table = element(
        "table", element("thead", head), element("tbody", *rows), class_="nc-table nc-effects"
    )
    level = f"Shares with their {100 * confidence:g} % intervals (Wilson)."
    note = [element("p", level, class_="nc-note")] if any(_is_share(e) for e in found) else []
    return joined([text(finding.changes), element("div", table, *note, class_="nc-scroll")])


def _is_share(effect: Effect) -> bool:
    return effect.printed.low is not None or effect.repaired.low is not None


def _elsewhere(ledger: Ledger, finding: Finding) -> Html:
    known = {study.paper.key: study for study in ledger.studies}
    links = []
    for address in finding.elsewhere:
        key, _, name = address.partition("#")
        said = study_title(known[key]) if key in known else key_title(key)
        if name and key in known:
            said += f": {quoted(known[key], known[key].claim_by_id(name))}"
        links.append(element("a", said, href=document_address(key, name)))
    return joined(links, "; ")


def _claims(ledger: Ledger, findings: Sequence[Finding]) -> Html:
    links = {}
    for finding in findings:
        study = ledger.study(finding.paper)
        for name in finding.claims:
            claim = study.claim_by_id(name)
            said = f"{quoted(study, claim)}, {study.locations[claim.location].title}"
            held = " (held in place by other values)" if name in finding.held_by_others else ""
            link = element("a", said, href=f"#{claim_anchor(study, name)}")
            links[name] = joined([link, text(held)])
    if len(links) <= MANY:
        return joined(links.values(), "; ")
    return element(
        "details", element("summary", f"{len(links)} printed values"), joined(links.values(), "; ")
    )


def _folded(finding: Finding) -> Html:
    for name, document in (("Proof", finding.certificate), ("Data that fit", finding.witness)):
        if document is not None:
            shown = json.dumps(dict(document), ensure_ascii=False, indent=1)
            return element(
                "details",
                element("summary", f"{name}, for a machine"),
                element("pre", shown, tabindex="0"),
            )
    return text("")
