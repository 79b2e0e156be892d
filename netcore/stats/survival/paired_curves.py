"""Patients with two endpoints, from curves that are drawn apart and then paired.

Some patients with the printed curve are constructed for each endpoint alone.  Then each end of
the earlier endpoint is given one of the later, so that nobody dies before progressing.  It is
quick for groups of any size, and fails more often than a search of both endpoints at once
(:mod:`~netcore.stats.survival.joint_patients`).  That none are found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Final

from netcore.printed import EVERYTHING
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.joint_endpoints import Course, Endpoint, Place, have_both, paired
from netcore.stats.survival.joint_patients import JointPatients
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.witness_curves import groups_with_p, witness_curves

__all__ = ["paired_curves", "paired_groups"]

_CURVES: Final = 8  # of each endpoint of one group
_GROUPS: Final = 6  # of each endpoint of two groups


_MOMENT: Final = Fraction(1, 10**9)
_SOONER: Final = (Fraction(1, 10), Fraction(1, 100))  # by which all of the earlier ends may come


def _courses(
    first: Sequence[Observation], second: Sequence[Observation]
) -> tuple[Course, ...] | None:
    """Return patients with both, nobody dying just as he or she progresses, if there are such."""
    partners = paired(
        [Place(time, time, event) for time, event in first],
        [Place(end, end, event) for time, event in second for end in [time - _MOMENT * event]],
    )
    if partners is None:
        return None
    return tuple(
        sorted(Course(one, second[partner]) for one, partner in zip(first, partners, strict=True))
    )


def paired_curves(
    earlier: PrintedCurve, later: PrintedCurve, *, seed: int = 1
) -> tuple[Course, ...] | None:
    """Construct patients of one group with all that is printed of two endpoints.

    Parameters
    ----------
    earlier, later : PrintedCurve
        What is printed of each endpoint; the same patients, a death counting for both.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of Course or None
        The patients; None if none were found.

    Examples
    --------
    >>> from netcore.printed import Interval
    >>> from netcore.stats.survival.joint_endpoints import is_coherent
    >>> def curve(months):
    ...     ends = Fraction(2 * months - 1, 2), Fraction(2 * months + 1, 2)
    ...     return PrintedCurve(40, median=Interval(*ends))
    >>> found = paired_curves(curve(9), curve(30))
    >>> len(found), is_coherent(found)
    (40, True)
    """
    firsts, seconds = (
        [
            patients
            for one in witness_curves(curve, _CURVES, seed=seed + k)
            for ends in (one, _ended(curve, one, event=k == 0))
            if ends is not None
            for patients in (_sooner(ends) if k == 0 else (ends,))
            if curve.is_met_by(patients)
        ]
        for k, curve in enumerate((earlier, later))
    )
    pairs = (_courses(first, second) for first, second in product(firsts, seconds))
    return next((found for found in pairs if found is not None), None)


def _ended(
    curve: PrintedCurve, patients: Sequence[Observation], *, event: bool
) -> tuple[Observation, ...] | None:
    """Return patients who all progress, or none of whom dies, after the last printed time.

    Of what happens then often nothing is printed, and so there is more to pair.
    """
    last = max(
        (mark.time for mark in curve.landmarks if mark.time is not None), default=Fraction(0)
    )
    ends = tuple(Observation(time, had if time <= last else event) for time, had in patients)
    return ends if curve.is_met_by(ends) else None


def _sooner(patients: Sequence[Observation]) -> Iterator[tuple[Observation, ...]]:
    """Yield patients whose observation ends somewhat earlier, where nobody is observed below 0.

    Times that are drawn often lie just where something is printed, at deaths too.
    """
    for moment in (*_SOONER, Fraction(0)):
        if min(time for time, _ in patients) > moment:
            yield tuple(Observation(time - moment, had) for time, had in patients)


def paired_groups(earlier: Endpoint, later: Endpoint, *, seed: int = 1) -> JointPatients | None:
    """Construct patients of two groups with all that is printed of two endpoints.

    Parameters
    ----------
    earlier, later : Endpoint
        What is printed; the same patients, a death counting for both.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of (tuple of Course, tuple of Course) or None
        The patients of each group; None if none were found, or a p-value is of another test than
        the log-rank test.
    """
    drawn = [
        list(_drawn(endpoint, seed + k, is_earlier=k == 0))
        for k, endpoint in enumerate((earlier, later))
    ]
    firsts = [
        both for one, two in drawn[0] for both in zip(_sooner(one), _sooner(two), strict=False)
    ]
    for first, second in product(firsts, drawn[1]):
        one, two = (_courses(*ends) for ends in zip(first, second, strict=True))
        if one is not None and two is not None and have_both(earlier, later, (one, two)):
            return one, two
    return None


def _drawn(
    endpoint: Endpoint, seed: int, *, is_earlier: bool
) -> Iterator[tuple[Sequence[Observation], Sequence[Observation]]]:
    one, two = endpoint.arms
    if endpoint.p == EVERYTHING:
        drawn = [witness_curves(arm, _GROUPS, seed=seed + k) for k, arm in enumerate((one, two))]
        for pair in zip(*drawn, strict=False):
            yield pair
            ended = [
                _ended(arm, ends, event=is_earlier)
                for arm, ends in zip(endpoint.arms, pair, strict=True)
            ]
            if ended[0] is not None and ended[1] is not None:
                yield ended[0], ended[1]
    elif endpoint.test == "log_rank":
        for k in range(_GROUPS):
            found = groups_with_p(one, two, endpoint.p, seed=_GROUPS * seed + k)
            if found is not None:
                yield found
