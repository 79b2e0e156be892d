"""Conflicts whose proof the stand-alone checker cannot replay: they rest on that proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from netcore.checks.finding import Bearing, Finding, Verdict

__all__ = ["NOT_REPLAYED", "proved", "unproved"]

NOT_REPLAYED: Final = "a proof is right that the stand-alone checker cannot replay"
"""What a conflict assumes that no certificate shows."""


def unproved(finding: Finding) -> Finding:
    """Return a conflict as what it is without a certificate.

    Parameters
    ----------
    finding : Finding
        A conflict.

    Returns
    -------
    Finding
        A note by which whatever was inconsistent is conditional on the proof.

    Examples
    --------
    >>> bearings = {"p": Bearing(Verdict.INCONSISTENT, "Inconsistent with the counts.")}
    >>> note = unproved(Finding("toy", "paper1", "conflict", ("p",), "So.", bearings))
    >>> note.kind, note.bearings["p"].verdict.value
    ('note', 'conditional')
    """
    assumption = f"if {NOT_REPLAYED}"
    bearings = {
        claim: (
            replace(
                bearing,
                verdict=Verdict.CONDITIONAL,
                sentence=f"{bearing.sentence.rstrip('.')}, {assumption}.",
            )
            if bearing.verdict is Verdict.INCONSISTENT
            else bearing
        )
        for claim, bearing in finding.bearings.items()
    }
    return replace(
        finding,
        kind="note",
        statement=f"{finding.statement} They conflict {assumption}.",
        bearings=bearings,
        assumptions=(*finding.assumptions, NOT_REPLAYED),
        certificate=None,
    )


def proved(finding: Finding, certificate: Mapping[str, object] | None) -> Finding:
    """Return a conflict with its certificate, or as what it is without.

    Parameters
    ----------
    finding : Finding
        A conflict.
    certificate : Mapping or None
        Its proof, if there is one.

    Returns
    -------
    Finding
        A conflict of the rows that are proved to exclude one another, or a
        note.
    """
    if certificate is None:
        return unproved(finding)
    cited = certificate["rows"]
    assert isinstance(cited, list)
    first = [row for row in finding.claims if row in cited]
    bearings: dict[str, Bearing] = {
        claim: bearing for claim, bearing in finding.bearings.items() if claim in cited
    }
    rows = (*first, *(row for row in cited if row not in first))
    return replace(finding, claims=rows, bearings=bearings, certificate=certificate)
