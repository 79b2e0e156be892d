"""Which hazard ratios two printed curves leave open, with the p-value between them and without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions
from netcore.checks.json_windows import interval_of
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.comparisons import (
    ComparedArms,
    curve_options,
    hazard_ratios_question,
)
from netcore.checks.survival.hazard_ratio_answers import HAZARD_RATIOS
from netcore.checks.survival.times import PrintedArm, printed_arms
from netcore.printed import Interval
from netcore.stats.interval_arithmetic import hull
from netcore.study import Claim, Study

__all__ = ["LeftOpen", "hazard_ratios_left", "left_of_arms"]


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What is left open of one kind of hazard ratio, of the first arm against the second.

    Parameters
    ----------
    free : Interval
        Without the p-value.
    with_p : tuple of Interval
        With it, as that of the log-rank test: fewer events of the first arm than expected come
        first; none where that was not worked out, or where no patients have it.
    """

    free: Interval
    with_p: tuple[Interval, ...]


def left_of_arms(
    study: Study, conventions: Conventions, claim: Claim, compared: ComparedArms
) -> Mapping[str, LeftOpen]:
    """Return which hazard ratios two curves and a p-value leave open.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of the p-value.
    compared : ComparedArms
        The curves.

    Returns
    -------
    Mapping of str to LeftOpen
        By kind, as in :data:`netcore.stats.survival.hazard_ratios.ESTIMATES`; empty where the
        groups are too large.
    """
    window, _ = p_window(study, claim, conventions)
    found = answer(HAZARD_RATIOS, hazard_ratios_question(compared, window))["ranges"]
    assert isinstance(found, dict)
    left = {}
    for kind, ranges in found.items():
        sides = [interval_of(ranges[side]) for side in ("fewer", "more") if ranges.get(side)]
        joined = [hull(sides)] if len(sides) == 2 and sides[0].meets(sides[1]) else sides
        left[kind] = LeftOpen(interval_of(ranges["free"]), tuple(joined))
    return left


def hazard_ratios_left(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[ComparedArms, Mapping[str, LeftOpen]] | None:
    """Return which hazard ratios the curves behind a p-value leave open.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of the p-value.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it has been done
        already.

    Returns
    -------
    tuple of (ComparedArms, Mapping of str to LeftOpen) or None
        None unless just two curves are meant, of groups whose sizes are printed.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    printed: tuple[PrintedArm, ...] = printed_arms(study, conventions, sizes, alone=False)
    compared = [one for option in curve_options(study, claim, printed) for one in option.compared]
    if len(compared) != 1:
        return None
    return compared[0], left_of_arms(study, conventions, claim, compared[0])
