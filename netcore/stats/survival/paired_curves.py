"""Patients with two endpoints, from curves that are drawn apart and then paired.

Some patients with the printed curve are constructed for each endpoint alone.  Then each end of
the earlier endpoint is given one of the later, so that nobody dies before progressing; for the
p-values of two groups ends are moved afterwards.  It is quick for groups of any size, where a
search of both endpoints at once (:mod:`~netcore.stats.survival.joint_patients`) has too many
states.  That none are found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Final

from netcore.printed import EVERYTHING
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.joint_endpoints import Course, Endpoint, Place, have_both, paired
from netcore.stats.survival.joint_patients import JointPatients
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.witness_curves import (
    Limits,
    Patients,
    distance_of_p,
    groups_with_p,
    moved_to_p,
    witness_curves,
)

__all__ = ["paired_curves", "paired_groups"]

_CURVES: Final = 8  # of each endpoint of one group
_GROUPS: Final = 3  # of each endpoint of two groups
_COURSES: Final = 12  # sets of patients of each group, of whom some are moved
_TURNS: Final = 3  # how often others are drawn
_MOVED: Final = 6  # pairs of these that are tried

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
    return next(_all_paired(earlier, later, seed), None)


def _all_paired(
    earlier: PrintedCurve, later: PrintedCurve, seed: int
) -> Iterator[tuple[Course, ...]]:
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
    pairs = list(product(firsts, seconds))
    Random(seed).shuffle(pairs)  # so that those found first are of several curves
    for first, second in pairs:
        found = _courses(first, second)
        if found is not None:
            yield found


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

    Notes
    -----
    First each group is paired by itself; then ends are moved between their neighbours, and on
    their own side of the same patient's other end, until the p-values are there.  Else each
    endpoint of both groups is drawn with its p-value, and both are paired.
    """
    for turn in range(_TURNS):
        found = _moved(earlier, later, _TURNS * seed + turn)
        if found is not None:
            return found
    return _paired(earlier, later, seed)


def _paired(earlier: Endpoint, later: Endpoint, seed: int) -> JointPatients | None:
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
            if found is None:
                return  # dear, and seldom better the next time
            yield found


def _moved(earlier: Endpoint, later: Endpoint, seed: int) -> JointPatients | None:
    """Move the ends of patients who have the curves of both endpoints until they have the p-values."""
    both = earlier, later
    if any(endpoint.p != EVERYTHING and endpoint.test != "log_rank" for endpoint in both):
        return None
    ones, twos = (
        islice(_all_paired(earlier.arms[k], later.arms[k], seed + k), _COURSES) for k in (0, 1)
    )

    def distance(pair: JointPatients) -> float:
        return sum(
            distance_of_p((_ends(pair[0], which), _ends(pair[1], which)), endpoint.p)
            for which, endpoint in enumerate(both)
        )

    draw = Random(seed)
    for pair in sorted(product(ones, twos), key=distance)[:_MOVED]:
        found: JointPatients | None = pair
        for which, endpoint in enumerate(both):
            found = found and _moved_to_p(found, endpoint, which, draw)
        if found is not None and have_both(earlier, later, found):
            return found
    return None


def _moved_to_p(
    arms: JointPatients, endpoint: Endpoint, which: int, draw: Random
) -> JointPatients | None:
    """Move one end of some patients, who keep the other, until a p-value is there."""
    ordered = tuple(sorted(arm, key=lambda who: who[which]) for arm in arms)
    ends = _ends(ordered[0], which), _ends(ordered[1], which)
    limits = _limits(ordered[0], which), _limits(ordered[1], which)
    found = moved_to_p(ends, endpoint.arms, endpoint.p, draw, limits=limits)
    if found is None:
        return None
    one, two = (
        tuple(
            Course(end, who.second) if which == 0 else Course(who.first, end)
            for end, who in zip(moved, arm, strict=True)
        )
        for moved, arm in zip(found, ordered, strict=True)
    )
    return one, two


def _ends(arm: Sequence[Course], which: int) -> Patients:
    return tuple(sorted(who[which] for who in arm))


def _limits(arm: Sequence[Course], which: int) -> Limits:
    """Return where each end may be: nobody's earlier one comes after the later."""
    if which == 0:
        return [(Fraction(0), who.second.time) for who in arm]
    return [(who.first.time, None) for who in arm]
