"""Conflicts whose proof the stand-alone checker cannot replay: they rest on that proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from netcore.checks.finding import Bearing, Finding, Verdict
from netcore.checks.wording import listed

__all__ = ["NOT_REPLAYED", "proved", "unproved"]

NOT_REPLAYED: Final = "a proof is right that the stand-alone checker cannot replay"
"""What a conflict assumes that no certificate shows."""


def unproved(finding: Finding, assumptions: Sequence[str] = ()) -> Finding:
    """Return a conflict as what it is without a certificate.

    Parameters
    ----------
    finding : Finding
        A conflict.
    assumptions : sequence of str
        What it assumes besides the proof, as of what kind a test is.

    Returns
    -------
    Finding
        A note by which whatever was inconsistent is conditional on these and the proof.

    Examples
    --------
    >>> bearings = {"p": Bearing(Verdict.INCONSISTENT, "Inconsistent with the counts.")}
    >>> note = unproved(Finding("toy", "paper1", "conflict", ("p",), "So.", bearings))
    >>> note.kind, note.bearings["p"].verdict.value
    ('note', 'conditional')
    >>> note.bearings["p"].sentence
    'Inconsistent with the counts, if a proof is right that the stand-alone checker cannot replay.'
    """
    every = tuple(dict.fromkeys((*finding.assumptions, *assumptions, NOT_REPLAYED)))
    condition = f"if {listed(every)}"
    bearings = {
        claim: (
            replace(
                bearing,
                verdict=Verdict.CONDITIONAL,
                sentence=f"{bearing.sentence.rstrip('.')}, {condition}.",
            )
            if bearing.verdict is Verdict.INCONSISTENT
            else bearing
        )
        for claim, bearing in finding.bearings.items()
    }
    return replace(
        finding,
        kind="note",
        statement=f"{finding.statement} They conflict {condition}.",
        bearings=bearings,
        assumptions=every,
        certificate=None,
    )


def proved(
    finding: Finding, certificate: Mapping[str, object] | None, assumptions: Sequence[str] = ()
) -> Finding:
    """Return a conflict with its certificate, or as what it is without.

    Parameters
    ----------
    finding : Finding
        A conflict.
    certificate : Mapping or None
        Its proof, if there is one.
    assumptions : sequence of str
        What it assumes without one, besides a proof.

    Returns
    -------
    Finding
        A conflict of the rows that are proved to exclude one another, or a
        note.
    """
    if certificate is None:
        return unproved(finding, assumptions)
    cited = certificate["rows"]
    assert isinstance(cited, list)
    first = [row for row in finding.claims if row in cited]
    bearings: dict[str, Bearing] = {
        claim: bearing for claim, bearing in finding.bearings.items() if claim in cited
    }
    rows = (*first, *(row for row in cited if row not in first))
    return replace(finding, claims=rows, bearings=bearings, certificate=certificate)
