"""The ledger in print: an index of all claims.

On the screen the ledger is one wide table that can be searched.  On paper every
chapter already shows the claims of its paper with what follows and why, so that
the table would only say it again on a hundred pages.  The index names each
claim with its printed value and verdict, and leads to its evidence.  No verdict
is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from netcore.checks import Verdict
from netcore.tables.markup import Html, element
from netcore.tables.verdict_marks import badge

__all__ = ["claim_index"]


def claim_index(
    claims: Sequence[Mapping[str, Any]],
    papers: Mapping[str, str],
    address: Callable[[str, str], str | None],
) -> Html:
    """Return an index of claims, paper by paper.

    Parameters
    ----------
    claims : sequence of mapping
        The claims of the published ledger, papers together.
    papers : mapping of str to str
        What a paper is called, by its key.
    address : callable
        Where a claim of a paper has its evidence: key and claim to address,
        None where it has none.

    Returns
    -------
    Html
        A heading and a table for each paper.
    """
    parts: list[Html | str] = []
    for key, rows in groupby(claims, key=lambda claim: str(claim["paper"])):
        parts.append(element("h2", papers.get(key, key)))
        body = [_row(row, address(key, str(row["claim"]))) for row in rows]
        heads = [element("th", name, scope="col") for name in ("claim", "printed", "verdict")]
        table = element(
            "table",
            element("thead", element("tr", *heads)),
            element("tbody", *body),
            class_="nc-table nc-index",
        )
        parts.append(table)
    return element("div", *parts)


def _row(claim: Mapping[str, Any], address: str | None) -> Html:
    return element(
        "tr",
        element("th", element("a", str(claim["claim"]), href=address), scope="row"),
        element("td", f"{claim['printed']} {claim['unit'] or ''}".strip()),
        element("td", badge(Verdict(claim["verdict"]))),
    )
