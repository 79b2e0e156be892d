"""What figures of survival ask: the curves that stand in one place of a paper, as windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions
from netcore.checks.json_windows import ends_of
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.curve_answers import CURVES, ENDPOINTS
from netcore.checks.survival.times import Arm, longest_follow_up, printed_arms
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = ["CurvesAsked", "asked_curves", "asked_endpoints", "figure_questions"]

_WAYS: Final = (
    ("restricted", "se"),
    ("observed", "se"),
    ("observed", "sd"),
    ("event_times", "se"),
    ("event_times", "sd"),
)
"""Meanings of a mean and of what follows it, that which a survival program prints first."""


@dataclass(frozen=True, slots=True)
class CurvesAsked:
    """A question about curves, and of what it is asked.

    Parameters
    ----------
    method : str
        Key of :data:`netcore.checks.answers.METHODS`.
    question : dict
        What is asked.
    arms : tuple of Arm
        Each group, one reading of its rows; of two endpoints first those of the earlier.
    p : tuple of Claim or None
        The row of the p-value of each endpoint.
    """

    method: str
    question: dict[str, Any]
    arms: tuple[Arm, ...]
    p: tuple[Claim | None, ...]


def _arms(
    study: Study,
    conventions: Conventions,
    location: str,
    variable: str,
    analyses: Sequence[CountAnalysis] | None,
) -> tuple[Arm, ...]:
    """Return the groups of one place with a size, each under the first reading of its rows."""
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    found = [
        arm.readings[0]
        for arm in printed_arms(study, conventions, sizes)
        if location in arm.locations
        and arm.readings[0].variable == variable
        and arm.readings[0].sizes
    ]
    return tuple(found)


def _group(study: Study, arm: Arm, *, is_limited: bool) -> dict[str, Any]:
    def window(*names: str) -> Interval | None:
        values = [value.window for value in arm.named(*names) if value.at is None]
        return values[0] if len(values) == 1 else None

    rates = [
        [str(value.at.time), ends_of(value.window)]
        for value in arm.named("survival")
        if value.at is not None
    ]
    median, mean = window("median"), window("mean", "rmean")
    spread = window("sd", "std.error")
    found: dict[str, Any] = {"number": arm.sizes[0], "rates": rates, "ways": []}
    if median is not None:
        found["median"] = ends_of(median)
    if mean is not None:
        found["mean"] = ends_of(mean)
        found["ways"] = [{"mean": reading, "spread": kind} for reading, kind in _WAYS]
        if spread is not None:
            found["spread"] = ends_of(spread)
    follow_up = longest_follow_up(study, arm.variable, arm.population)
    if is_limited and follow_up is not None:
        found["longest"] = str(follow_up.longest)
    return found


def _p(
    study: Study, conventions: Conventions, location: str, variable: str
) -> tuple[Claim | None, list[str | None] | None]:
    """Return the p-value of a place that compares a time between groups, and its window."""
    for claim in study.claims:
        meant = study.analyses.get(claim.analysis)
        if (
            claim.location == location
            and claim.stat_name == "p.value"
            and meant is not None
            and meant.by is not None
            and meant.variable == variable
        ):
            return claim, ends_of(p_window(study, claim, conventions)[0])
    return None, None


def asked_curves(
    study: Study,
    conventions: Conventions,
    location: str,
    variable: str,
    seed: int = 1,
    analyses: Sequence[CountAnalysis] | None = None,
) -> CurvesAsked:
    """Return the question about the curves of one time in one place.

    Parameters
    ----------
    study : Study
        The paper.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    location, variable : str
        Where, and what time.
    seed : int
        Which constructed patients.
    analyses : sequence of CountAnalysis, optional
        Where the counts have been analysed already.

    Returns
    -------
    CurvesAsked
        The question.

    Raises
    ------
    ValueError
        If no curve of a group with a size is printed there.
    """
    arms = _arms(study, conventions, location, variable, analyses)
    if not arms:
        raise ValueError(f"found no curve of {variable} in {location}, expected one")
    claim, window = _p(study, conventions, location, variable)
    question = {
        "groups": [_group(study, arm, is_limited=True) for arm in arms],
        "p": window if len(arms) == 2 else None,
        "seed": seed,
    }
    return CurvesAsked(CURVES, question, arms, (claim,))


def asked_endpoints(
    study: Study,
    conventions: Conventions,
    location: str,
    earlier: str,
    later: str,
    seed: int = 1,
    analyses: Sequence[CountAnalysis] | None = None,
) -> CurvesAsked:
    """Return the question about two endpoints of two arms in one place.

    Parameters
    ----------
    study : Study
        The paper.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    location : str
        Where.
    earlier, later : str
        The times: progression (or death), and death.
    seed : int
        Which constructed patients.
    analyses : sequence of CountAnalysis, optional
        Where the counts have been analysed already.

    Returns
    -------
    CurvesAsked
        The question.

    Raises
    ------
    ValueError
        If not both are printed there of the same two groups.
    """
    by_time = [_arms(study, conventions, location, name, analyses) for name in (earlier, later)]
    groups = [[arm.population for arm in arms] for arms in by_time]
    if groups[0] != groups[1] or len(groups[0]) != 2:
        raise ValueError(
            f"found {earlier} of {', '.join(groups[0]) or 'nobody'} and {later} of "
            f"{', '.join(groups[1]) or 'nobody'} in {location}, expected the same two groups"
        )
    ps = [_p(study, conventions, location, name) for name in (earlier, later)]
    question = {
        "endpoints": [
            {"groups": [_group(study, arm, is_limited=False) for arm in arms], "p": window}
            for arms, (_, window) in zip(by_time, ps, strict=True)
        ],
        "seed": seed,
    }
    return CurvesAsked(
        ENDPOINTS, question, (*by_time[0], *by_time[1]), tuple(claim for claim, _ in ps)
    )


def figure_questions(study: Study, conventions: Conventions) -> tuple[CurvesAsked, ...]:
    """Return what figures of a paper may ask, so that the answers can be stored.

    Parameters
    ----------
    study : Study
        The paper.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    tuple of CurvesAsked
        The curves of each place that prints a median and a mean of the same groups, and two
        endpoints of the same two groups, the earlier of which does not end with death.
    """
    analyses = analyse_counts(study)
    arms = printed_arms(study, conventions, Sizes(study, analyses))
    found: list[CurvesAsked] = []
    places: dict[str, dict[str, list[Arm]]] = {}
    for printed in arms:
        arm = printed.readings[0]
        if arm.sizes:
            for location in printed.locations:
                places.setdefault(location, {}).setdefault(arm.variable, []).append(arm)
    for location, variables in places.items():
        for variable, groups in variables.items():
            if any(arm.named("median") and arm.named("mean", "rmean") for arm in groups):
                found.append(
                    asked_curves(study, conventions, location, variable, analyses=analyses)
                )
        for earlier, later in permutations(variables, 2):
            ends = [study.variables[name].to for name in (earlier, later)]
            same = [[arm.population for arm in variables[name]] for name in (earlier, later)]
            if ends[1] == "death" != ends[0] and same[0] == same[1] and len(same[0]) == 2:
                found.append(
                    asked_endpoints(study, conventions, location, earlier, later, analyses=analyses)
                )
    return tuple(found)
