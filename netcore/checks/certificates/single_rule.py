"""Certificates of one rule, whose premise alone, or beside a printed value, leaves a contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from netcore.checks.certificates.certifying import KIND
from netcore.checks.certificates.laws import Under
from netcore.checks.certificates.premises import Premise
from netcore.checks.finding import Conventions
from netcore.printed import Interval
from netcore.stats.linear_proofs import Inequality

__all__ = ["case_of", "certificate_of", "nothing_left"]

_IMPOSSIBLE: Final = Inequality({}, Interval(Fraction(1), None))


def nothing_left(rule: str, of: Iterable[object], rows: Iterable[str]) -> Premise:
    """Return the premise of a rule by which there is nothing that the rows could be about.

    Parameters
    ----------
    rule : str
        Name of the rule.
    of : iterable of object
        What it is about, as plain JSON values.
    rows : iterable of str
        Rows that it cites.

    Returns
    -------
    Premise
        That 1 is at most 0.

    Examples
    --------
    >>> nothing_left("values", ["age", "N", "sd"], ["N", "sd"]).says
    '1 <= 0'
    """
    return Premise(rule, tuple(of), _IMPOSSIBLE, rows=tuple(rows))


def case_of(premises: Sequence[Premise], factors: Sequence[int], taken: Under) -> dict[str, object]:
    """Return one case of a proof, that adds premises up.

    Parameters
    ----------
    premises : sequence of Premise
        The premises.
    factors : sequence of int
        How many times each.
    taken : Mapping of str to str
        What open points are taken to be.

    Returns
    -------
    dict of str to object
        As a certificate has it.
    """
    return {
        "taken": dict(taken),
        "premises": [premise.as_json() for premise in premises],
        "proof": {"sum": {str(place): factor for place, factor in enumerate(factors)}},
    }


def certificate_of(
    conventions: Conventions, rows: Iterable[str], proofs: Sequence[Sequence[Mapping[str, object]]]
) -> dict[str, Any]:
    """Return a certificate.

    Parameters
    ----------
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    rows : iterable of str
        All rows that are cited.
    proofs : sequence of sequence of Mapping
        The cases of each proof.

    Returns
    -------
    dict
        Of the kind that ``verify_evidence.py`` replays.
    """
    alpha = conventions.alpha
    return {
        "kind": KIND,
        "conventions": {
            "alpha": None if alpha is None else str(alpha),
            "rounding": conventions.rounding,
        },
        "rows": sorted({*rows}),
        "proofs": [list(cases) for cases in proofs],
    }
