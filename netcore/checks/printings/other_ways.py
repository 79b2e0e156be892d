"""Printings that differ, and agree if some place prints its contrast the other way round.

What holds of one number of a place holds of its others: an estimate and its limits are of one
direction.  So a way to read the places must let all of them agree at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from netcore.checks.estimands import is_first_hand
from netcore.checks.finding import Conventions
from netcore.checks.printings.directions import (
    AS_PRINTED,
    QUANTILES_OF_A_TIME,
    Mirror,
    View,
    agree_seen,
    family_of,
    mirrors_of,
    seen_as,
    split_name,
)
from netcore.checks.printings.estimand import (
    Estimand,
    estimand_key,
    pairs_at_odds,
    rounded_differently,
)
from netcore.study import Claim, Study

__all__ = ["OtherWay", "OtherWays", "find_other_ways"]

_Way = tuple[tuple[View, ...], str]

_TURNED: Final = View(turned=True, crossed=False)
_CROSSED: Final = View(turned=False, crossed=True)
_BOTH: Final = View(turned=True, crossed=True)

_GROUPS: Final = "the places compare the groups in opposite directions"
_GROUPS_OR_SCALES: Final = "the places compare the groups, or count a scale, in opposite directions"
_STILL_FREE: Final = (
    "one of the places names its percentiles by the patients who are still free of the event, so "
    "that what it calls the 25th percentile is the 75th of the other"
)
_LIMITS: Final = "the limits are printed in the other order in one of the places"
_ROUNDED: Final = ", and round one value differently"


@dataclass(frozen=True, slots=True)
class OtherWay:
    """How printings of one quantity agree that differ as they stand.

    Parameters
    ----------
    claims : tuple of Claim
        The printings, those of secondary sources left out.
    assumption : str
        What would have to be so, in words; all that would do, joined by ``or``.
    asked : str
        What the authors could say.
    """

    claims: tuple[Claim, ...]
    assumption: str
    asked: str


@dataclass(frozen=True, slots=True)
class OtherWays:
    """Printings that agree in another way, and what is to be said of some that do not.

    Parameters
    ----------
    by_estimand : dict of int to OtherWay
        By the identity of the quantity.
    beside_rounding : dict of int to str
        What else would do for printings that another rounding explains.
    remarks : dict of int to str
        Why the other way does not help, a sentence.
    """

    by_estimand: dict[int, OtherWay] = field(default_factory=dict)
    beside_rounding: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)


def find_other_ways(
    study: Study,
    estimands: Sequence[Estimand],
    at_odds: Sequence[Estimand],
    conventions: Conventions,
) -> OtherWays:
    """Find the quantities whose printings agree in the opposite direction.

    Parameters
    ----------
    study : Study
        The study.
    estimands : sequence of Estimand
        All its quantities.
    at_odds : sequence of Estimand
        Those whose printings differ.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    OtherWays
        Contrasts of which some places print the reciprocal or the negative,
        intervals of which some print the limits in the other order, and
        quantiles of a time that some name by those still free of the event.

    Notes
    -----
    A way must do for the estimate and its limits at once.  Where none does,
    but one does for the estimates alone or for the limits alone, only the
    others are left in conflict.
    """
    found = OtherWays()
    for members in _families(study, estimands).values():
        odd = [estimand for estimand in members if estimand in at_odds]
        if odd:
            _explain(study, members, odd, conventions, found)
    return found


def _families(
    study: Study, estimands: Iterable[Estimand]
) -> dict[tuple[object, ...], list[Estimand]]:
    """Group quantities that a place prints in one direction."""
    found: dict[tuple[object, ...], list[Estimand]] = {}
    for estimand in estimands:
        claim = estimand.claims[0]
        if "|" not in claim.stat_name and study.is_numeric(claim):
            family = family_of(study, claim)
            key = estimand_key(study, claim.model_copy(update={"stat_name": family}))
            found.setdefault((family, *key), []).append(estimand)
    return found


def _explain(
    study: Study,
    members: Sequence[Estimand],
    odd: Sequence[Estimand],
    conventions: Conventions,
    found: OtherWays,
) -> None:
    """Add what another way makes of the quantities of one family that are at odds."""
    rows = {id(estimand): _counted(study, estimand.claims) for estimand in members}
    # A secondary source shields nobody, and spoils no explanation either.
    if not any(pairs_at_odds(study, rows[id(estimand)], conventions) for estimand in odd):
        rows = {id(estimand): estimand.claims for estimand in members}
    odd = [one for one in odd if pairs_at_odds(study, rows[id(one)], conventions)]
    apart = [one for one in odd if not rounded_differently(study, rows[id(one)], conventions)]
    family = _Family(study, family_of(study, members[0].claims[0]), conventions)

    def words(part: Sequence[Estimand], *, loosely: bool = True) -> str:
        return family.explanation(
            [row for estimand in part for row in rows[id(estimand)]], loosely=loosely
        )

    def take(part: Iterable[Estimand], assumption: str) -> None:
        for estimand in part:
            found.by_estimand[id(estimand)] = OtherWay(
                rows[id(estimand)], assumption, family.question
            )

    if not apart:
        if assumption := words(members, loosely=False):
            found.beside_rounding.update((id(estimand), assumption) for estimand in odd)
        return
    if assumption := words(members):
        take(odd, assumption)
        return
    limits = [one for one in members if split_name(one.claims[0].stat_name)[1]]
    points = [one for one in members if one not in limits]
    of_limits, of_points = words(limits), words(points)
    odd_limits = [one for one in apart if one in limits]
    odd_points = [one for one in apart if one in points]
    if odd_limits and of_limits and odd_points:
        take(odd_limits, of_limits)
    elif odd_points and of_points and odd_limits:
        take(odd_points, of_points)
    if not family.mirrors:
        return
    for estimand in apart:
        if id(estimand) not in found.by_estimand:
            alone, these = (of_points, "these") if estimand in points else (of_limits, "the limits")
            found.remarks[id(estimand)] = (
                f" In opposite directions {these} would agree, but other numbers of the same comparison would not."
                if alone
                else f" In opposite directions {these} would differ as well."
            )


def _counted(study: Study, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if is_first_hand(study, claim))


@dataclass(frozen=True, slots=True)
class _Family:
    """Statistics that a place prints in one direction."""

    study: Study
    name: str
    conventions: Conventions

    @property
    def mirrors(self) -> tuple[Mirror, ...]:
        return mirrors_of(self.name)

    @property
    def is_quantile(self) -> bool:
        return self.name == QUANTILES_OF_A_TIME

    @property
    def question(self) -> str:
        if self.mirrors:
            return "Which group is compared with which in each place, and which limit is which."
        if self.is_quantile:
            return (
                "Whether each place names a percentile by the patients with the event or without."
            )
        return "Which limit is the lower one in each place."

    def explanation(self, rows: Sequence[Claim], *, loosely: bool) -> str:
        """Return what would let all rows agree, in words; "" if nothing would."""
        single, joint = self._ways(has_limits=any(split_name(row.stat_name)[1] for row in rows))
        for is_loose in (False, True) if loosely else (False,):
            # What two things explain together is not needed where one of them does.
            for ways in (single, joint):
                said = [
                    words + (_ROUNDED if is_loose else "")
                    for views, words in ways
                    if any(
                        self._is_explained(rows, views, mirror, loosely=is_loose)
                        for mirror in self.mirrors or (None,)
                    )
                ]
                if said:
                    return ", or ".join(said)
        return ""

    def _ways(self, *, has_limits: bool) -> tuple[list[_Way], list[_Way]]:
        """Return the ways to read a place beside the others: single ones, and both together."""
        turned = ""
        if self.mirrors:
            signed = self.name in ("slope", "correlation", "statistic", "estimate")
            turned = _GROUPS_OR_SCALES if signed else _GROUPS
        elif self.is_quantile:
            turned = _STILL_FREE
        single: list[_Way] = [((AS_PRINTED, _TURNED), turned)] if turned else []
        if has_limits:
            single.append(((AS_PRINTED, _CROSSED), _LIMITS))
        every = (AS_PRINTED, _TURNED, _CROSSED, _BOTH)
        joint: list[_Way] = [(every, f"{turned}, and {_LIMITS}")] if turned and has_limits else []
        return single, joint

    def _is_explained(
        self, rows: Sequence[Claim], views: Sequence[View], mirror: Mirror | None, *, loosely: bool
    ) -> bool:
        """Return whether all rows agree if each place is seen in one of some views."""
        units = _units(rows)
        if not units:
            return False

        @cache
        def agree(first: int, second: int, view: View) -> bool:
            return all(
                agree_seen(
                    self.study,
                    one,
                    other,
                    mirror if view.turned else None,
                    self.conventions,
                    loosely=loosely,
                )
                for one in units[first]
                for other in units[second]
                if seen_as(one.stat_name, self.name, view) == other.stat_name
            )

        def complete(chosen: tuple[View, ...]) -> bool:
            if len(chosen) == len(units):
                return True
            return any(
                all(
                    agree(place, len(chosen), _beside(seen, view))
                    for place, seen in enumerate(chosen)
                )
                and complete((*chosen, view))
                for view in views
            )

        return complete((AS_PRINTED,))


def _units(rows: Sequence[Claim]) -> list[list[Claim]]:
    """Return what is printed in one direction: the rows of a place, each once."""
    places: dict[str, list[Claim]] = {}
    for row in rows:
        places.setdefault(row.location, []).append(row)
    found: list[list[Claim]] = []
    for held in places.values():
        # Of a place that prints a number twice nobody knows which limits go with which.
        is_clear = len({row.stat_name for row in held}) == len(held)
        found.extend([held] if is_clear else ([row] for row in held))
    return found


def _beside(one: View, other: View) -> View:
    """Return how two places look to each other, each seen in its own view."""
    return View(one.turned != other.turned, one.crossed != other.crossed)
