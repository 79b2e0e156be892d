"""How a verdict looks: one glyph, one word, one colour, in one place."""

from __future__ import annotations

from typing import Final

from netcore.checks import Verdict
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


def strip(counts: dict[Verdict, int]) -> Html:
    """Return a bar of all claims by verdict, and its numbers below.

    Parameters
    ----------
    counts : dict of Verdict to int
        Number of claims with each verdict.

    Returns
    -------
    Html
        What holds is as prominent as what does not: each verdict has a width
        in proportion to its number.
    """
    total = sum(counts.values())
    shown = [verdict for verdict in READING_ORDER if counts.get(verdict)]
    bars = [
        element(
            "span",
            GLYPHS[verdict],
            class_=f"nc-bar nc-{verdict.value}",
            style=f"flex-grow: {counts[verdict]}",
        )
        for verdict in shown
    ]
    keys = [element("li", badge(verdict), f" {counts[verdict]}") for verdict in shown]
    said = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in shown)
    return element(
        "div",
        element("div", *bars, class_="nc-strip", role="img", aria_label=f"{total} claims: {said}"),
        element("ul", *keys, class_="nc-key"),
        class_="nc-verdicts",
    )
