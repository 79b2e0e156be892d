"""A table with a column for each convention, which can be scanned on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks.wording import claim_title, quoted
from netcore.evidence.robustness import Robustness, Turn
from netcore.ledger import Entry
from netcore.study import Study
from netcore.tables.addresses import claim_address, robustness_anchor
from netcore.tables.convention_words import FAMILIES, HEADS
from netcore.tables.markup import Html, element
from netcore.tables.verdict_marks import badge

__all__ = ["claim_row", "convention_table", "standing_cell"]


def convention_table(
    conventions: Sequence[str], rows: Sequence[Html], caption: str, *heads: str
) -> Html:
    """Return a table whose last columns are conventions, under what they are about.

    Parameters
    ----------
    conventions : sequence of str
        Keys of :data:`netcore.evidence.robustness.OTHER_CONVENTIONS`, in the order of
        :data:`netcore.tables.convention_words.FAMILIES`.
    rows : sequence of Html
        The rows of its body.
    caption : str
        What the table shows.
    *heads : str
        What the columns before them are.

    Returns
    -------
    Html
        The table in a region that scrolls by itself; each head leads to what its
        convention changes.
    """
    first = [element("th", head, scope="col", rowspan="2") for head in heads]
    second = []
    for family, names in FAMILIES.items():
        used = [name for name in names if name in conventions]
        if used:
            first.append(element("th", family, scope="colgroup", colspan=str(len(used))))
        second += [
            element("th", element("a", HEADS[name], href=f"#{name}"), scope="col") for name in used
        ]
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *first), element("tr", *second)),
        element("tbody", *rows),
        class_="nc-table nc-conventions",
    )
    return element(
        "div", table, class_="nc-scroll", tabindex="0", role="region", aria_label=caption
    )


def claim_row(
    study: Study, robustness: Robustness, entry: Entry, conventions: Sequence[str]
) -> Html:
    """Return what becomes of the verdict of a claim.

    Parameters
    ----------
    study : Study
        The paper.
    robustness : Robustness
        What is known of the paper.
    entry : Entry
        The claim with its usual verdict.
    conventions : sequence of str
        The columns.

    Returns
    -------
    Html
        A row with the printed value, which leads to its evidence, the usual
        verdict, and the verdicts that differ from it; why they do is folded.
    """
    claim = entry.claim
    turns = [(name, robustness.turns[name].get(claim.claim)) for name in conventions]
    about = f" {claim_title(study, claim)} ({study.locations[claim.location].title})"
    reasons = [
        element("li", element("b", f"{HEADS[name]}: "), turn.evidence)
        for name, turn in turns
        if turn is not None
    ]
    why = element(
        "details",
        element("summary", "Why", aria_label=f"Why the verdict of {claim.claim} changes"),
        element("ul", element("li", element("b", "as usual: "), entry.evidence), *reasons),
        class_="nc-why",
    )
    link = element("a", quoted(study, claim), href=claim_address(study, claim.claim))
    return element(
        "tr",
        element("th", link, about, why, scope="row"),
        element("td", _label("as usual"), badge(entry.verdict), class_="nc-usual"),
        *(_cell(name, turn) for name, turn in turns),
        id=robustness_anchor(study, claim.claim),
    )


def standing_cell(convention: str, stands: bool) -> Html:
    """Return whether a conflict stands under a convention.

    Parameters
    ----------
    convention : str
        The column.
    stands : bool
        Whether it does.

    Returns
    -------
    Html
        A cell in words.
    """
    words = "stands" if stands else "no conflict"
    kind = "nc-stands" if stands else "nc-gone"
    return element("td", _label(HEADS[convention]), words, class_=kind)


def _cell(convention: str, turn: Turn | None) -> Html:
    if turn is None:
        return element(
            "td", element("span", "as usual", class_="visually-hidden"), class_="nc-same"
        )
    label = _label(HEADS[convention])
    return element("td", label, badge(turn.verdict), class_=f"nc-turn nc-{turn.verdict.value}")


def _label(head: str) -> Html:
    """Return the head of a column for a narrow page, where there are no columns."""
    return element("span", f"{head}: ", class_="nc-under")
