"""A finding in words: what is printed, what follows, what would resolve it."""

from __future__ import annotations

import json

from netcore.checks import Finding
from netcore.checks.wording import quoted
from netcore.ledger import Ledger
from netcore.tables.markup import Html, element, joined, slug, text

__all__ = ["finding_html"]

_TITLES = {"conflict": "Conflict", "support": "Holds under an assumption", "note": "Note"}


def finding_html(ledger: Ledger, finding: Finding) -> Html:
    """Return a finding as a short text with its proof folded away.

    Parameters
    ----------
    ledger : Ledger
        The ledger that holds it.
    finding : Finding
        The finding.

    Returns
    -------
    Html
        Statement, assumptions, what would resolve it, what it changes, the
        authors' reply, the claims that it binds, and the proof or the data.
        It has the anchor ``finding-ID``.
    """
    holds = finding.kind == "support" and not finding.assumptions
    title = "Holds together" if holds else _TITLES[finding.kind]
    parts: list[tuple[str, Html | str]] = [("Printed and follows", finding.statement)]
    if finding.assumptions:
        parts.append(("Assumes", "; ".join(finding.assumptions)))
    if finding.resolved_by or finding.repairs:
        parts.append(("Would resolve it", _resolutions(finding)))
    if finding.changes:
        parts.append(("What it changes", finding.changes))
    if finding.kind == "conflict":
        parts.append(("Authors’ reply", "not yet contacted"))
    parts.append(("Claims", _claims(ledger, finding)))
    items = [
        piece for name, words in parts for piece in (element("dt", name), element("dd", words))
    ]
    return element(
        "section",
        element("p", title, class_="nc-kind"),
        element("dl", *items),
        _folded(finding),
        class_=f"nc-finding nc-{finding.kind}",
        id=f"finding-{slug(finding.id)}",
        aria_label=f"{title}: {finding.id}",
    )


def _resolutions(finding: Finding) -> Html:
    asked = text(" ".join(finding.resolved_by))
    if not finding.repairs:
        return asked
    changes = [element("li", repair.change) for repair in finding.repairs]
    lead = "This would fit:" if len(changes) == 1 else "Any one of these would fit:"
    return joined([asked, text(f" {lead}"), element("ul", *changes)])


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
            shown = json.dumps(document, ensure_ascii=False, indent=1)
            return element(
                "details",
                element("summary", f"{name}, for a machine"),
                element("pre", shown, tabindex="0"),
            )
    return text("")
