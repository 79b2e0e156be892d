"""Answers for figures of survival: bands of curves, and constructed patients inside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS
from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curve_bands import curve_band
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.joint_endpoints import Endpoint
from netcore.stats.survival.joint_patients import joint_patients
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.paired_curves import paired_groups
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.witness_curves import groups_with_p, witness_curves

__all__ = ["CURVES", "ENDPOINTS", "curves_answer", "endpoints_answer"]

CURVES: Final = "survival-curves"
ENDPOINTS: Final = "survival-endpoints"

Json = Mapping[str, Any]

_GRID: Final = 48  # times of a band
_WANTED: Final = 3  # constructed curves of a group
_APART: Final = 1_000  # between seeds, so that a pair is not one of the others


def _interval(ends: Sequence[str | None] | None) -> Interval:
    if ends is None:
        return EVERYTHING
    low, high = (None if end is None else Fraction(end) for end in ends)
    return Interval(low, high)


def _printed(group: Json, way: Json | None = None, *, followed: bool = False) -> PrintedCurve:
    """Return what is printed of a group, under one meaning of its mean.

    Patients are constructed so that somebody is still followed at a printed rate: most programs
    print none beyond the last of them.
    """
    somebody = Interval(Fraction(1), None) if followed else EVERYTHING
    rates = tuple(
        Landmark(Fraction(time), _interval(window), at_risk=somebody)
        for time, window in group.get("rates", ())
    )
    median = group.get("median")
    printed = PrintedCurve(group["number"], rates, None if median is None else _interval(median))
    if way is None:
        return printed
    spread = group.get("spread")
    return replace(
        printed,
        mean=_interval(group["mean"]),
        mean_reading=way["mean"],
        spread=EVERYTHING if spread is None else _interval(spread),
        spread_kind=way["spread"],
    )


def _ends(patients: Sequence[Observation]) -> list[list[Any]]:
    return [[str(time), int(event)] for time, event in patients]


def _band(printed: PrintedCurve, horizon: Fraction) -> dict[str, Any]:
    found = curve_band(printed, [horizon * k / _GRID for k in range(_GRID + 1)])
    kept = sum(time <= horizon for time in found.times)
    return {
        "status": found.status,
        "times": [str(time) for time in found.times[:kept]],
        # Rounded outwards: for drawing.
        "low": [str(Fraction(low * 10_000 // 1, 10_000)) for low in found.low[:kept]],
        "high": [str(Fraction(-(-high * 10_000 // 1), 10_000)) for high in found.high[:kept]],
    }


def _horizon(printed: PrintedCurve, witnesses: Sequence[Sequence[Observation]]) -> Fraction:
    ends = [patients[-1].time for patients in witnesses]
    known = [mark.time for mark in printed.rates if mark.time is not None]
    known += [printed.median.high] if printed.median and printed.median.high else []
    return max([Fraction(1), *ends, *(time * Fraction(6, 5) for time in known)])


def curves_answer(question: Json) -> dict[str, Any]:
    """Return bands and constructed patients for what is printed of some groups.

    Parameters
    ----------
    question : Mapping
        ``groups``: for each ``number``, ``rates`` (time and window), ``median``, ``mean``,
        ``spread``, ``longest`` (nobody was followed longer) and ``ways``, the meanings of the
        mean, in the order in which they are tried; ``p``, the window of a log-rank p-value of
        two groups; ``seed``.

    Returns
    -------
    dict
        For each group the ``ways`` tried with what came of each, the ``band`` under the first
        that has patients, and some ``patients``; ``has_p`` says whether the first of each group
        have the p-value together.
    """
    groups: list[dict[str, Any]] = []
    chosen: list[tuple[PrintedCurve, tuple[tuple[Observation, ...], ...]]] = []
    for place, group in enumerate(question["groups"]):
        longest = _interval(["0", group["longest"]]) if group.get("longest") else EVERYTHING
        tried: list[dict[str, Any]] = []
        printed = _printed(group)
        witnesses: tuple[tuple[Observation, ...], ...] = ()
        for way in group["ways"] or [None]:
            printed = replace(_printed(group, way, followed=True), last=longest)
            witnesses = witness_curves(printed, _WANTED, seed=question["seed"] + place)
            status = "found" if witnesses else curve_band(printed).status
            tried.append({"way": way, "status": status})
            if witnesses:
                break
        chosen.append((printed, witnesses))
        groups.append({"ways": tried})
    pair = None
    if question.get("p") is not None and len(chosen) == 2 and all(found for _, found in chosen):
        (one, _), (two, _) = chosen
        pair = groups_with_p(one, two, _interval(question["p"]), seed=question["seed"] + _APART)
    for place, (printed, witnesses) in enumerate(chosen):
        shown = [*([pair[place]] if pair else []), *witnesses][:_WANTED]
        everybody = replace(printed, rates=_printed(question["groups"][place]).rates)
        groups[place]["band"] = _band(everybody, _horizon(printed, shown))
        groups[place]["patients"] = [_ends(patients) for patients in shown]
    return {"groups": groups, "has_p": pair is not None}


def endpoints_answer(question: Json) -> dict[str, Any]:
    """Return bands and constructed patients for two endpoints of the same two arms.

    Parameters
    ----------
    question : Mapping
        ``endpoints``: two, the earlier first, each with ``groups`` (two, as in
        :func:`curves_answer`, without means) and ``p``; ``seed``.

    Returns
    -------
    dict
        ``bands`` by endpoints and arms; ``patients`` by arms, each with the time and the event of
        both endpoints, or None.
    """
    both, followed = (
        [
            Endpoint(
                (_printed(one, followed=held), _printed(two, followed=held)), _interval(asked["p"])
            )
            for asked in question["endpoints"]
            for one, two in [asked["groups"]]
        ]
        for held in (False, True)
    )
    found = joint_patients(followed[0], followed[1], seed=question["seed"]) or paired_groups(
        followed[0], followed[1], seed=question["seed"]
    )
    arms = None
    if found is not None:
        arms = [
            [[str(a.time), int(a.event), str(b.time), int(b.event)] for a, b in patients]
            for patients in found
        ]
    bands = []
    for which, endpoint in enumerate(both):
        shown = [[]] if found is None else [sorted(who[which] for who in arm) for arm in found]
        horizon = max(_horizon(arm, [one for one in shown if one]) for arm in endpoint.arms)
        bands.append([_band(arm, horizon) for arm in endpoint.arms])
    return {"bands": bands, "patients": arms}


METHODS[CURVES] = curves_answer
METHODS[ENDPOINTS] = endpoints_answer
