"""How a verdict looks: one glyph, one word, one colour, in one place."""

from __future__ import annotations

from typing import Final

from netcore.checks import Verdict
from netcore.tables.addresses import ledger_address
from netcore.tables.markup import Html, element

__all__ = ["GLYPHS", "READING_ORDER", "badge", "glyph", "strip"]

GLYPHS: Final = {
    Verdict.REPRODUCED: "=",
    Verdict.POSSIBLE: "○",
    Verdict.CONDITIONAL: "◐",
    Verdict.INCONSISTENT: "≠",
    Verdict.OPEN: "…",
    Verdict.UNCONSTRAINED: "·",
}
"""A mark for each verdict, so that colour is never alone."""

READING_ORDER: Final = (
    Verdict.REPRODUCED,
    Verdict.POSSIBLE,
    Verdict.CONDITIONAL,
    Verdict.INCONSISTENT,
    Verdict.OPEN,
    Verdict.UNCONSTRAINED,
)
"""What holds comes first."""


def glyph(verdict: Verdict) -> Html:
    """Return the glyph of a verdict, with its word for those who listen.

    Parameters
    ----------
    verdict : Verdict
        The verdict.

    Returns
    -------
    Html
        The glyph, which has the word as its label.
    """
    return element(
        "span",
        GLYPHS[verdict],
        class_=f"nc-glyph nc-{verdict.value}",
        title=verdict.value,
        role="img",
        aria_label=verdict.value,
    )


def badge(verdict: Verdict) -> Html:
    """Return glyph and word of a verdict.

    Parameters
    ----------
    verdict : Verdict
        The verdict.

    Returns
    -------
    Html
        Both, with the meaning of the verdict as a tooltip.
    """
    mark = element(
        "span", GLYPHS[verdict], class_=f"nc-glyph nc-{verdict.value}", aria_hidden="true"
    )
    return element("span", mark, f" {verdict.value}", class_="nc-badge", title=verdict.meaning)


def strip(counts: dict[Verdict, int], paper: str, title: str) -> Html:
    """Return a bar of a paper's claims by verdict, and its numbers below.

    Parameters
    ----------
    counts : dict of Verdict to int
        Number of claims with each verdict.
    paper : str
        Key of the paper.
    title : str
        What the paper is called.

    Returns
    -------
    Html
        What holds is as prominent as what does not: each verdict has a width
        in proportion to its number.  Each part leads to its rows of the ledger.
    """
    shown = [verdict for verdict in READING_ORDER if counts.get(verdict)]
    bars = [
        element(
            "a",
            GLYPHS[verdict],
            class_=f"nc-bar nc-{verdict.value}",
            style=f"flex-grow: {counts[verdict]}",
            href=ledger_address(paper=paper, verdict=verdict.value),
            # The list below says the same in words, and leads to the same places.
            tabindex="-1",
            title=f"{counts[verdict]} {verdict.value}",
        )
        for verdict in shown
    ]
    keys = [
        element(
            "li",
            element(
                "a",
                badge(verdict),
                f" {counts[verdict]}",
                href=ledger_address(paper=paper, verdict=verdict.value),
                aria_label=f"{counts[verdict]} {verdict.value}, {title}: in the ledger",
            ),
        )
        for verdict in shown
    ]
    return element(
        "div",
        element("div", *bars, class_="nc-strip", aria_hidden="true"),
        element("ul", *keys, class_="nc-key"),
        class_="nc-verdicts",
    )
