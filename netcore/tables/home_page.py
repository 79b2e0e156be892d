"""What the home page shows: all papers at a glance, and what follows for a reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from netcore.checks import Finding, Verdict
from netcore.checks.wording import counted, study_title
from netcore.ledger import Entry, Ledger
from netcore.study import Study
from netcore.study.library import is_source
from netcore.tables.addresses import (
    finding_address,
    ledger_address,
    paper_address,
    term_address,
)
from netcore.tables.markup import Html, element
from netcore.tables.verdict_marks import READING_ORDER, badge, strip

__all__ = ["papers_at_a_glance", "totals", "verdict_key", "what_follows"]

# A place is worth naming from so many values on that others bear on.
_FEWEST = 2
_HOLDS = (Verdict.REPRODUCED, Verdict.POSSIBLE)

# Where the first sentence of a statement ends; 'Fig. 3' is no end.
_SENTENCE_END = re.compile(r"(?<!\bFig)(?<!\bNo)(?<!\bal)(?<!\bvs)\.\s+(?=[A-Z0-9])")


def totals(ledger: Ledger) -> Html:
    """Return how much was checked and how much of it holds.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        A list of numbers, each with what it counts and where to see it.
    """
    papers = _papers(ledger)
    keys = {study.paper.key for study in papers}
    entries = [entry for entry in ledger.entries if entry.paper in keys]
    conflicts = sum(
        finding.kind == "conflict" and finding.paper in keys for finding in ledger.findings
    )
    found = Counter(entry.verdict for entry in entries)
    items = (
        (len(entries), f"printed values of {counted(len(papers), 'paper')}", ()),
        (sum(found[verdict] for verdict in _HOLDS), "hold together", _HOLDS),
        (
            found[Verdict.CONDITIONAL],
            "hold, or conflict, only under an assumption",
            (Verdict.CONDITIONAL,),
        ),
        (
            found[Verdict.INCONSISTENT],
            f"cannot all hold: {counted(conflicts, 'conflict')}, with proof",
            (Verdict.INCONSISTENT,),
        ),
    )
    return element(
        "ul",
        *(
            element(
                "li",
                element(
                    "a",
                    element("strong", f"{number:,}"),
                    f" {words}",
                    href=ledger_address(
                        paper=[study.paper.key for study in papers],
                        verdict=[verdict.value for verdict in verdicts],
                    ),
                ),
            )
            for number, words, verdicts in items
        ),
        class_="nc-totals",
    )


def papers_at_a_glance(ledger: Ledger) -> Html:
    """Return all claims by verdict, paper by paper.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        One bar a paper; the title leads to its chapter, each part of the bar
        to its rows of the ledger.
    """
    rows = []
    for study in _papers(ledger):
        title = study_title(study)
        about = element(
            "p",
            element("a", title, href=paper_address(study)),
            element("span", counted(len(study.claims), "printed value"), class_="nc-follows"),
            class_="nc-paper",
        )
        bar = strip(ledger.counts(study.paper.key), study.paper.key, title)
        rows.append(element("li", about, bar))
    return element("ul", *rows, class_="nc-glance")


def verdict_key() -> Html:
    """Return what each verdict means, what holds first.

    Returns
    -------
    Html
        A list with an item for each verdict: its badge, which leads to the
        glossary, and its meaning.
    """
    items = [
        element(
            "div",
            element("dt", element("a", badge(verdict), href=term_address(verdict.value))),
            element("dd", verdict.meaning),
            class_=f"nc-{verdict.value}",
        )
        for verdict in READING_ORDER
    ]
    return element("dl", *items, class_="nc-verdict-key")


def what_follows(ledger: Ledger) -> Html:
    """Return what holds and what cannot all hold, paper by paper.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        A part for each paper that has a chapter: the places whose values hold
        together beside the conflicts, these by what they change for a reader,
        comparisons first; each leads to its proof.
    """
    return element("div", *(_card(ledger, study) for study in _papers(ledger)), class_="nc-cards")


def _papers(ledger: Ledger) -> list[Study]:
    """Return the documents that have a chapter of their own."""
    return [study for study in ledger.studies if not is_source(study)]


def _entries(ledger: Ledger, study: Study) -> list[Entry]:
    return [entry for entry in ledger.entries if entry.paper == study.paper.key]


def _card(ledger: Ledger, study: Study) -> Html:
    key = study.paper.key
    found = [finding for finding in ledger.findings if finding.paper == key]
    conflicts = [finding for finding in found if finding.kind == "conflict"]
    assumed = sum(entry.verdict is Verdict.CONDITIONAL for entry in _entries(ledger, study))
    title = element("a", study_title(study), href=paper_address(study))
    more = []
    if assumed:
        words = counted(assumed, "more value")
        link = element(
            "a",
            words,
            href=ledger_address(paper=key, verdict=Verdict.CONDITIONAL.value),
            aria_label=f"{words}, {study_title(study)}: in the ledger",
        )
        ends = "holds, or conflicts," if assumed == 1 else "hold, or conflict,"
        more.append(element("p", link, f" {ends} only under an assumption.", class_="nc-note"))
    return element(
        "section",
        element("h3", title),
        element(
            "div",
            element("div", element("h4", "Holds together"), _holding(ledger, study), *more),
            element("div", element("h4", "Cannot all hold"), _conflicting(study, conflicts)),
            class_="nc-balance",
        ),
        class_="nc-card",
        aria_label=study_title(study),
    )


def _holding(ledger: Ledger, study: Study) -> Html:
    """Return the places of a paper with the number of values that hold there."""
    rows = []
    for place, location in study.locations.items():
        bound = [
            entry
            for entry in _entries(ledger, study)
            if entry.claim.location == place and entry.verdict is not Verdict.UNCONSTRAINED
        ]
        if len(bound) >= _FEWEST and _number_holding(bound):
            share = _share(bound)
            rows.append(
                element(
                    "li",
                    element("span", location.title),
                    " ",
                    element("span", share, class_="nc-share"),
                )
            )
    if not rows:
        return element("p", "Too few values bear on one another to say more.", class_="nc-note")
    return element("ul", *rows, class_="nc-places")


def _share(entries: Sequence[Entry]) -> str:
    """Say how many values of a place hold, and what became of the others."""
    found = Counter(entry.verdict for entry in entries)
    others = [
        f"{found[verdict]} {words}"
        for verdict, words in (
            (Verdict.CONDITIONAL, "under an assumption"),
            (Verdict.INCONSISTENT, "in conflict"),
            (Verdict.OPEN, "not settled"),
        )
        if found[verdict]
    ]
    hold = _number_holding(entries)
    return f"{hold} hold, {', '.join(others)}" if others else f"all {hold}"


def _number_holding(entries: Sequence[Entry]) -> int:
    return sum(entry.verdict in _HOLDS for entry in entries)


def _conflicting(study: Study, conflicts: Sequence[Finding]) -> Html:
    if not conflicts:
        return element("p", "No conflict was found.", class_="nc-note")
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(conflicts, key=lambda finding: not _compares(study, finding)):
        groups.setdefault(finding.changes, []).append(finding)
    parts = []
    for changes, findings in groups.items():
        items = [
            element(
                "li",
                f"{_first_sentence(finding.statement)} ",
                element(
                    "a",
                    "Proof",
                    href=finding_address(study, finding.id),
                    aria_label=f"Proof of {finding.id}",
                ),
            )
            for finding in findings
        ]
        parts.append(element("li", element("p", changes), element("ul", *items)))
    return element("ul", *parts, class_="nc-changes")


def _compares(study: Study, finding: Finding) -> bool:
    """Return whether a conflict is about the comparison of groups."""
    return any(
        "p.value" in study.claim_by_id(name).readings("stat_name") for name in finding.claims
    )


def _first_sentence(statement: str) -> str:
    """Return all up to the first full stop that ends a sentence."""
    return f"{_SENTENCE_END.split(statement, maxsplit=1)[0].rstrip('.')}."
