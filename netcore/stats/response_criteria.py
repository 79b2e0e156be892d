"""Response criteria of solid tumours: how many targets, and what makes a response.

Only what the published criteria say, with their sources.  A limit that a
source does not settle is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "IRECIST",
    "MRECIST",
    "RECIST_1_0",
    "RECIST_1_1",
    "ResponseCriteria",
    "criteria_named",
    "most_targets",
]


@dataclass(frozen=True, slots=True)
class ResponseCriteria:
    """One published set of criteria.

    Parameters
    ----------
    name : str
        What it is called.
    measures : {'diameters', 'enhancing diameters'}
        What is summed over the target lesions.
    targets, targets_per_organ : int or None
        The most target lesions of a patient, in all and in one organ.
    least_target : int or None
        The least diameter of a target lesion, in mm.
    partial_response : int
        The least decrease of the sum, in per cent.
    progression : int
        The least increase of the sum, in per cent of its least value.
    progression_mm : int or None
        The least increase in mm, besides; None where there is no such rule.
    citation : str
        Authors, year and DOI.
    """

    name: str
    measures: Literal["diameters", "enhancing diameters"]
    targets: int | None
    targets_per_organ: int | None
    least_target: int | None
    partial_response: int
    progression: int
    progression_mm: int | None
    citation: str


RECIST_1_0: Final = ResponseCriteria(
    "RECIST 1.0",
    "diameters",
    targets=10,
    targets_per_organ=5,
    least_target=10,
    partial_response=30,
    progression=20,
    progression_mm=None,
    citation="Therasse et al. 2000, doi:10.1093/jnci/92.3.205",
)
"""The first version; 10 mm by spiral CT, 20 mm by other methods."""

RECIST_1_1: Final = ResponseCriteria(
    "RECIST 1.1",
    "diameters",
    targets=5,
    targets_per_organ=2,
    least_target=10,
    partial_response=30,
    progression=20,
    progression_mm=5,
    citation="Eisenhauer et al. 2009, doi:10.1016/j.ejca.2008.10.026",
)
"""The revised version; lymph nodes have limits of their own."""

MRECIST: Final = ResponseCriteria(
    "mRECIST",
    "enhancing diameters",
    targets=None,
    targets_per_organ=None,
    least_target=10,
    partial_response=30,
    progression=20,
    progression_mm=None,
    citation="Lencioni and Llovet 2010, doi:10.1055/s-0030-1247132",
)
"""For hepatocellular carcinoma; of each target only the part that enhances in the arterial phase."""

IRECIST: Final = ResponseCriteria(
    "iRECIST",
    "diameters",
    targets=5,
    targets_per_organ=2,
    least_target=10,
    partial_response=30,
    progression=20,
    progression_mm=5,
    citation="Seymour et al. 2017, doi:10.1016/S1470-2045(17)30074-8",
)
"""For immunotherapy; targets as in RECIST 1.1, and progression to be confirmed."""


def criteria_named(name: str) -> tuple[ResponseCriteria, ...]:
    """Return the criteria that a name can mean.

    Parameters
    ----------
    name : str
        As papers write it: ``RECIST 1.1``, ``RECIST v1.1``, ``mRECIST``.

    Returns
    -------
    tuple of ResponseCriteria
        Both versions for ``RECIST`` alone; none for a name that is not
        known.

    Examples
    --------
    >>> [criteria.name for criteria in criteria_named("RECIST v. 1.1")]
    ['RECIST 1.1']
    >>> [criteria.name for criteria in criteria_named("RECIST")]
    ['RECIST 1.0', 'RECIST 1.1']
    """
    plain = re.sub(r"[\s_-]+", "", name.lower().replace("modified", "m"))
    match = re.fullmatch(
        r"(m|i)?recist(?:version|ver|v)?\.?(1\.0|1\.1|1)?(?:criteria)?(?:\(.*\))?", plain
    )
    if match is None:
        return ()
    prefix, version = match.groups()
    if prefix == "m":
        return (MRECIST,)
    if prefix == "i":
        return (IRECIST,)
    if version == "1.1":
        return (RECIST_1_1,)
    if version in ("1.0", "1"):
        return (RECIST_1_0,)
    return (RECIST_1_0, RECIST_1_1)


def most_targets(criteria: ResponseCriteria, organs: int | None = None) -> int | None:
    """Return the most target lesions that a patient can have.

    Parameters
    ----------
    criteria : ResponseCriteria
        The criteria.
    organs : int, optional
        In how many organs there is disease; any number if not given.

    Returns
    -------
    int or None
        The lesser of the limit in all and that of so many organs; None if
        the criteria have no limit.

    Examples
    --------
    >>> most_targets(RECIST_1_1), most_targets(RECIST_1_1, 1), most_targets(RECIST_1_1, 3)
    (5, 2, 5)
    """
    if criteria.targets is None or criteria.targets_per_organ is None:
        return None
    if organs is None:
        return criteria.targets
    return min(criteria.targets, criteria.targets_per_organ * organs)
