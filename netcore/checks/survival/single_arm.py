"""The check: every arm of survival against what else is printed of it.

Rates, a median, a mean and numbers at risk of one arm are of one curve, if they are Kaplan and
Meier's.  Whether they are is seldom printed, so that nothing here convicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions, Finding
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.single_arm_findings import (
    Asked,
    at_odds,
    fitting,
    unsettled,
)
from netcore.checks.survival.single_arm_questions import METHOD, WAYS
from netcore.checks.survival.times import (
    Arm,
    PrintedArm,
    TimeValue,
    longest_follow_up,
    printed_arms,
)
from netcore.printed import Interval
from netcore.stats.calendar import calendar_unit
from netcore.stats.ranks.flavours import software_named
from netcore.study import Claim, Study

__all__ = ["arm_question", "check_survival"]

_MEANS: Final = ("mean", "rmean")
_SPREADS: Final = ("sd", "std.error")
_RATES: Final = ("survival", "survival.std.error")
_COUNTS: Final = ("n.risk", "n.event", "n.censor")
_OF_A_CURVE: Final = ("survival", "median", "area", *_COUNTS)  # what no curve may have together
_INTERPOLATING: Final = frozenset({"statistica"})
_LARGEST: Final = 300  # patients of an arm with one rate, beyond whom any rate can be printed


def check_survival(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check the rates, medians and means of every arm.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it has been done
        already.

    Returns
    -------
    tuple of Finding
        At most one for each arm and each version of its numbers.

    Notes
    -----
    ``possible`` comes with constructed patients whose curve has every printed value.  What no
    Kaplan-Meier curve has is ``conditional``: other estimates are in use, digits are cut off,
    and the proof is not one that the stand-alone checker replays.
    """
    found = analyse_counts(study) if analyses is None else analyses
    arms = printed_arms(study, conventions, Sizes(study, found))
    bounds = other_bounds(study) if arms else None
    findings = []
    for printed in arms:
        assert bounds is not None
        finding = _check(study, conventions, printed, bounds)
        if finding is not None:
            findings.append(finding)
    return tuple(findings)


def _check(
    study: Study, conventions: Conventions, printed: PrintedArm, bounds: OtherBounds
) -> Finding | None:
    frames = _frames(printed)
    if any(_says_nothing(frame[0]) for frame in frames):
        return None
    asked = []
    for frame in frames:
        question, values = arm_question(study, frame)
        asked.append(
            Asked(study, conventions, frame[0], values, question, answer(METHOD, question))
        )
    if all(one.is_excluded for one in asked):
        return at_odds(asked, _however_rounded(study, conventions, frames))
    fits = [one for one in asked if one.outcome == "fits"]
    if not fits:
        return unsettled(asked[0])
    best = min(fits, key=lambda one: len(one.assumptions))
    is_alone = all(_is_alone(one.arm, bounds) for one in asked)
    return fitting(best, asked, is_alone=is_alone)


def _however_rounded(
    study: Study, conventions: Conventions, frames: Sequence[Sequence[Arm]]
) -> list[Asked]:
    """Ask once more what binds a curve, with digits that may be rounded or cut off in any way.

    Nobody can see whether 66.6 % are two thirds, cut off.  So what no curve has is said without
    the rounding only where this question excludes it, too.
    """
    found = []
    for frame in frames:
        curves = [replace(arm, values=_on_a_curve(arm)) for arm in frame]
        wide = [replace(arm, values=_widened(study, arm)) for arm in curves]
        question, _ = arm_question(study, wide)
        values = arm_question(study, curves)[1]
        found.append(
            Asked(study, conventions, frame[0], values, question, answer(METHOD, question))
        )
    return found


def _on_a_curve(arm: Arm) -> tuple[TimeValue, ...]:
    return tuple(value for value in arm.values if _kind(value) in _OF_A_CURVE)


def _widened(study: Study, arm: Arm) -> tuple[TimeValue, ...]:
    unit = study.variables[arm.variable].unit or ""
    return tuple(replace(value, window=_widest(study, value, unit)) for value in arm.values)


def _widest(study: Study, value: TimeValue, unit: str) -> Interval:
    """Return all values that print so if digits may be rounded or cut off in any way."""
    if value.name in _COUNTS:
        return value.window
    found = Interval(Fraction(0), Fraction(1) if value.name in _RATES else None)
    for claim in value.claims:
        printed, by = study.printed(claim).window("any"), _factor(claim, unit)
        low, high = (None if end is None else end * by for end in (printed.low, printed.high))
        found = found.meet(Interval(low, high, printed.low_closed, printed.high_closed))
    return found


def _factor(claim: Claim, unit: str) -> Fraction:
    """Return how many units of a window of the curve the unit of a row is."""
    if claim.unit == "%":
        return Fraction(1, 100)
    own, other = calendar_unit(unit), calendar_unit(claim.unit)
    if own is None or other is None:
        return Fraction(1)
    return Fraction(other.factor, own.factor)


def _says_nothing(arm: Arm) -> bool:
    """Return whether a single rate is of so many patients, or so unknown, that all could be."""
    if len(arm.values) > 1:
        return False
    return not arm.sizes or arm.sizes[0] > _LARGEST


def _frames(printed: PrintedArm) -> list[list[Arm]]:
    """Return the readings, those together that differ in what a mean and a spread are."""
    found: dict[tuple[Any, ...], list[Arm]] = {}
    for arm in printed.readings:
        rest = tuple((_kind(value), value.at, value.window) for value in arm.values)
        found.setdefault((arm.population, arm.variable, rest), []).append(arm)
    return list(found.values())


def _kind(value: TimeValue) -> str:
    if value.name in _SPREADS:
        return "spread"
    if value.name in _MEANS:
        return "area" if value.at else "mean"
    return value.name


def arm_question(
    study: Study, frame: Sequence[Arm]
) -> tuple[dict[str, Any], tuple[TimeValue, ...]]:
    """Return the question whether patients exist with all that is printed of an arm.

    Parameters
    ----------
    study : Study
        The study.
    frame : sequence of Arm
        Readings of one arm that differ in what its mean and its spread are, and nothing else.

    Returns
    -------
    dict
        See :func:`netcore.checks.survival.single_arm_questions.arm_answer`.
    tuple of TimeValue
        The values in the order of the question.
    """
    arm = frame[0]
    asked = list(_values(study, arm))
    follow_up = longest_follow_up(study, arm.variable, arm.population)
    question = {
        "sizes": list(arm.sizes),
        "values": [value for value, _ in asked],
        "ways": [list(way) for way in _ways(frame)],
        "conventions": _conventions(study),
        "longest": None if follow_up is None else str(follow_up.longest),
        "is longest certain": follow_up is not None and follow_up.is_certain,
    }
    return question, tuple(printed for _, printed in asked)


def _values(study: Study, arm: Arm) -> Iterator[tuple[dict[str, Any], TimeValue]]:
    for value in arm.values:
        kind = _kind(value)
        if kind == "spread" and not arm.named(*_MEANS):
            continue
        # How many are at risk at no time says nothing.
        if kind == "n.risk" and value.at is None:
            continue
        times = None
        if value.at is not None and value.at.window != Interval.point(value.at.time):
            times = [str(value.at.window.low), str(value.at.window.high)]
        yield (
            {
                "name": kind,
                "time": None if value.at is None else str(value.at.time),
                "times": times,
                "window": [
                    None if end is None else str(end)
                    for end in (value.window.low, value.window.high)
                ],
                "step": str(_step(study, value)),
            },
            value,
        )


def _step(study: Study, value: TimeValue) -> Fraction:
    """Return between which numbers a printed one was chosen, of a rate as a share."""
    printed = study.printed(value.claims[0])
    places = printed.text.partition(study.locations[value.claims[0].location].decimal)[2]
    step = Fraction(1, 10 ** len([digit for digit in places if digit.isdigit()]))
    return step / 100 if value.claims[0].unit == "%" else step


def _ways(frame: Sequence[Arm]) -> list[tuple[str, str]]:
    """Return what mean and spread can be, under some of the readings."""
    if not any(value.at is None for value in frame[0].named(*_MEANS)):
        return []
    spreads = {value.name for arm in frame for value in arm.named(*_SPREADS)}
    means = {value.name for arm in frame for value in arm.named(*_MEANS)}
    found: list[tuple[str, str]] = []
    for mean, spread in WAYS:
        if mean in ("observed", "event_times") and means == {"rmean"}:
            continue
        if spreads and spread not in spreads:
            continue
        if not spreads and any(mean == other for other, _ in found):
            continue
        found.append((mean, spread))
    return found


def _conventions(study: Study) -> list[str]:
    named = software_named(study.paper.software) if study.paper.software else frozenset()
    usual = ["first", "midpoint", "interpolated"]
    if named and named <= _INTERPOLATING:
        return ["interpolated", "first", "midpoint"]
    if named and all(name == "sas" or name.startswith("r_") for name in named):
        return ["midpoint", "first", "interpolated"]
    return usual


def _is_alone(arm: Arm, bounds: OtherBounds) -> bool:
    """Return whether nothing else that is printed bears on the patients of an arm."""
    among = {row.claim for row in (*arm.claims, *arm.counted)}
    times = {mention.at for mention in bounds.mentions.get(arm.variable, ())} | {""}
    return not any(
        bounds.bear_on(arm.population, arm.variable, at, among, with_dates=False) for at in times
    )
