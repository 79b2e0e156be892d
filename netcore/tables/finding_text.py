"""A finding in words: what is printed, what follows, what would resolve it."""

from __future__ import annotations

import json
import re
from typing import Final

from netcore.checks import Finding, Repair
from netcore.checks.wording import quoted
from netcore.ledger import Ledger
from netcore.repairs import Effect, effects_of
from netcore.tables.addresses import document_address
from netcore.tables.markup import Html, element, joined, slug, text

__all__ = ["finding_html", "split_statement"]

# A full stop that ends a sentence: not one of "et al.", of an initial or of "No.".
_SENTENCE_END: Final = re.compile(r"(?<! al)(?<!\b[A-Z])(?<!\bNo)(?<!\bvs)\.\s+(?=[A-Z0-9“−])")

_TITLES = {"conflict": "Conflict", "support": "Holds under an assumption", "note": "Note"}


def finding_html(ledger: Ledger, finding: Finding, confidence: float = 0.95) -> Html:
    """Return a finding as a short text with its proof folded away.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.
    confidence : float
        Confidence level of intervals, between 0 and 1.

    Returns
    -------
    Html
        Statement, assumptions, what would resolve it, what it changes, the
        authors' reply, the claims that it binds, and the proof or the data.
        It has the anchor ``finding-ID``.
    """
    holds = finding.kind == "support" and not finding.assumptions
    title = "Holds together" if holds else _TITLES[finding.kind]
    printed, follows = split_statement(finding.statement)
    parts: list[tuple[str, Html | str]] = [("Printed", printed)]
    if follows:
        parts.append(("Follows", follows))
    if finding.assumptions:
        parts.append(("Assumes", "; ".join(finding.assumptions)))
    if finding.resolved_by or finding.repairs:
        parts.append(("Would resolve it", _resolutions(finding)))
    if finding.changes:
        parts.append(("What it changes", _changes(ledger, finding, confidence)))
    if finding.kind == "conflict" or finding.assumptions:
        parts.append(("Authors’ reply", "not yet contacted"))
    parts.append(("Claims", _claims(ledger, finding)))
    if finding.elsewhere:
        parts.append(("Elsewhere", _elsewhere(finding)))
    items = [
        piece for name, words in parts for piece in (element("dt", name), element("dd", words))
    ]
    return element(
        "section",
        element("p", title, class_="nc-kind"),
        element("dl", *items),
        _folded(finding),
        class_=f"nc-finding nc-{'assumed' if finding.kind == 'support' and not holds else finding.kind}",
        id=f"finding-{slug(finding.id)}",
        aria_label=f"{title}: {finding.id}",
    )


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


def _resolutions(finding: Finding) -> Html:
    asked = text(" ".join(finding.resolved_by))
    if not finding.repairs:
        return asked
    changes = [element("li", _repair(finding, repair)) for repair in finding.repairs]
    lead = "This would fit:" if len(changes) == 1 else "Any one of these would fit:"
    parts = [asked, text(f" {lead}"), element("ul", *changes)]
    if finding.tried:
        parts.append(text(f"Small changes tried by running the checks again: {finding.tried}."))
    return joined(parts)


def _repair(finding: Finding, repair: Repair) -> str:
    remarks: list[str] = [] if repair.kind in ("value", "exchange") else [repair.kind]
    if finding.tried and repair.replacements and not repair.verified:
        remarks.append("but it meets other printed values")
    return repair.change + (f" ({', '.join(remarks)})" if remarks else "")


def _changes(ledger: Ledger, finding: Finding, confidence: float) -> Html:
    found = effects_of(ledger.study(finding.paper), finding, confidence)
    if not found:
        return text(finding.changes)
    changed = "After repair" if finding.kind == "conflict" else "Then"
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


def _elsewhere(finding: Finding) -> Html:
    links = []
    for address in finding.elsewhere:
        key, _, name = address.partition("#")
        said = f"{key}: {name}" if name else key
        links.append(element("a", said, href=document_address(key, name)))
    return joined(links, "; ")


def _claims(ledger: Ledger, finding: Finding) -> Html:
    links = []
    for name in finding.claims:
        claim = ledger.entry(finding.paper, name).claim
        study = ledger.study(finding.paper)
        said = f"{quoted(study, claim)}, {study.locations[claim.location].title}"
        held = " (held in place by other values)" if name in finding.held_by_others else ""
        links.append(joined([element("a", said, href=f"#claim-{slug(name)}"), text(held)]))
    return joined(links, "; ")


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
