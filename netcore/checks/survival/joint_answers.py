"""The answer whether two endpoints can be those of the same patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import interval_of, rounded_p
from netcore.checks.survival.arm_values import marks_of
from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import event_times
from netcore.stats.survival.joint_endpoints import (
    Endpoint,
    can_go_together,
    have_both,
    is_coherent,
    is_out_of_order,
)
from netcore.stats.survival.joint_patients import JointPatients, joint_patients
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import p_of_course
from netcore.stats.survival.paired_curves import paired_curves, paired_groups
from netcore.stats.survival.printed_curves import (
    CURVE_MEDIANS,
    MEANS_OF_PATIENTS,
    PrintedCurve,
)
from netcore.stats.survival.reachable import reach

__all__ = ["METHOD", "joint_answer", "joint_sketch"]

METHOD: Final = "joint-endpoints"

Json = Mapping[str, Any]

_COUNTED: Final = 40  # patients of a group, up to whom all orders of events are gone through
_CONSTRUCTED: Final = 150  # patients of a group, up to whom some are constructed
_NOBODY: Final = PrintedCurve(1)  # beside a group that is compared with none


# --- What excludes both ---------------------------------------------------------------------------


def _marks(values: Sequence[Json], convention: str, number: int) -> list[Landmark]:
    # Means bind no numbers of patients.
    kept = [value for value in values if value["name"] != "mean"]
    return list(marks_of(kept, number, convention))


def _conventions(arm: Json) -> Sequence[str]:
    names = {value["name"] for which in ("earlier", "later") for value in arm[which]}
    return CURVE_MEDIANS if "median" in names else CURVE_MEDIANS[:1]


def _is_excluded(arm: Json, *, counts_deaths: bool) -> bool:
    """Return whether no patients have both, by whatever convention for a median."""
    number = arm["number"]
    return all(
        can_go_together(
            number,
            _marks(arm["earlier"], convention, number),
            _marks(arm["later"], convention, number),
            counts_deaths=counts_deaths,
        ).status
        == "infeasible"
        for convention in _conventions(arm)
    )


def _without(arm: Json, place: int) -> Json:
    """Return an arm without one of its values."""
    split = len(arm["earlier"])
    which, k = ("earlier", place) if place < split else ("later", place - split)
    return {**arm, which: [v for other, v in enumerate(arm[which]) if other != k]}


def _smallest(arm: Json, *, counts_deaths: bool) -> list[int]:
    """Return places of values that exclude both endpoints, none of which can be spared."""
    places = list(range(len(arm["earlier"]) + len(arm["later"])))
    left = arm
    for place in reversed(places):
        fewer = _without(left, places.index(place))
        if _is_excluded(fewer, counts_deaths=counts_deaths):
            left = fewer
            places.remove(place)
    return places


def _counts_out_of_order(arm: Json) -> dict[str, Any] | None:
    """Return two numbers of patients at one time that exclude each other."""
    split = len(arm["earlier"])
    for i, one in enumerate(arm["earlier"]):
        for j, other in enumerate(arm["later"]):
            if one["name"] != other["name"] or one["time"] != other["time"]:
                continue
            first, second = interval_of(one["window"]), interval_of(other["window"])
            if one["name"] == "n.risk" and _is_below(second, first):
                return {"needed": [i, split + j], "if deaths count": False, "by search": False}
            if one["name"] == "n.event" and _is_below(first, second):
                return {"needed": [i, split + j], "if deaths count": True, "by search": False}
    return None


def _is_below(lower: Interval, upper: Interval) -> bool:
    return lower.high is not None and upper.low is not None and lower.high < upper.low


def _excluded(arm: Json) -> dict[str, Any] | None:
    found = _counts_out_of_order(arm)
    if found is not None or arm["number"] > _COUNTED:
        return found
    if not _is_excluded(arm, counts_deaths=True):
        return None
    is_so_anyhow = _is_excluded(arm, counts_deaths=False)
    needed = _smallest(arm, counts_deaths=not is_so_anyhow)
    return {"needed": needed, "if deaths count": not is_so_anyhow, "by search": True}


def _is_possible_alone(arm: Json) -> bool:
    """Return whether each endpoint alone has a curve, as far as all orders can be gone through."""
    if arm["number"] > _COUNTED:
        return True
    return all(
        any(
            reach(arm["number"], _marks(arm[which], convention, arm["number"])).status
            != "infeasible"
            for convention in _conventions(arm)
        )
        for which in ("earlier", "later")
    )


def _reversed(arm: Json) -> list[int] | None:
    """Return two values by which more are free of the earlier endpoint than of the later."""
    split = len(arm["earlier"])
    for i, one in enumerate(arm["earlier"]):
        for j, other in enumerate(arm["later"]):
            curves = [_curve(arm["number"], [value]) for value in (one, other)]
            if is_out_of_order(*curves):
                return [i, split + j]
    return None


# --- Constructed patients -------------------------------------------------------------------------


def _curve(
    number: int,
    values: Sequence[Json],
    *,
    mean: str | None = None,
    followed: bool = False,
    longest: Interval = EVERYTHING,
) -> PrintedCurve:
    """Return what is printed of one curve.

    Most programs print no rate beyond the last patient, so that somebody is kept ``followed``.
    """
    rates = []
    windows: dict[str, Interval] = {}
    for value in values:
        window = interval_of(value["window"])
        if value["name"] in ("median", "mean"):
            windows[value["name"]] = window
            continue
        somebody = Interval(Fraction(1), None) if followed and value["name"] == "survival" else None
        for mark in marks_of([value], number, "first"):
            rates.append(mark if somebody is None else replace(mark, at_risk=somebody))
    found = PrintedCurve(number, tuple(rates), windows.get("median"), last=longest)
    if mean is None or "mean" not in windows:
        return found
    return replace(found, mean=windows["mean"], mean_reading=mean)


def _constructed(question: Json) -> Iterator[tuple[str | None, tuple[Endpoint, Endpoint], Any]]:
    """Yield patients with both endpoints, with what a mean is taken to be."""
    arms = question["arms"]
    if any(arm["number"] > _CONSTRUCTED for arm in arms):
        return
    longest = EVERYTHING if question["longest"] is None else interval_of(["0", question["longest"]])
    names = {
        value["name"] for arm in arms for which in ("earlier", "later") for value in arm[which]
    }
    for mean in MEANS_OF_PATIENTS if "mean" in names else (None,):
        for followed in (True, False):
            endpoints = []
            for which, p, test in zip(("earlier", "later"), question["p"], question["tests"], strict=True):  # fmt: skip
                curves = [
                    _curve(arm["number"], arm[which], mean=mean, followed=followed, longest=longest)
                    for arm in arms
                ]
                window = EVERYTHING if p is None else interval_of(p)
                endpoints.append(
                    Endpoint((curves[0], (*curves, _NOBODY)[1]), window, test or "log_rank")
                )
            both = endpoints[0], endpoints[1]
            found = _patients(both, is_alone=len(arms) == 1)
            if found is not None:
                yield mean, both, found[: len(arms)]


def _patients(both: tuple[Endpoint, Endpoint], *, is_alone: bool) -> JointPatients | None:
    if is_alone:
        found = paired_curves(both[0].arms[0], both[1].arms[0])
        if found is not None:
            nobody = paired_curves(_NOBODY, _NOBODY)
            assert nobody is not None
            together = found, nobody
            return together if have_both(*both, together) else None
        return joint_patients(*both)
    return joint_patients(*both) or paired_groups(*both)


def _progress_first(arms: JointPatients) -> bool:
    """Return whether everybody who dies progresses before, and so counts alike in either way."""
    everybody = [who for arm in arms for who in arm]
    return is_coherent(everybody) and all(
        first.time < second.time for first, second in everybody if second.event
    )


# --- Answers --------------------------------------------------------------------------------------


def joint_answer(question: Json) -> dict[str, Any]:
    """Answer whether some patients have all that is printed of two endpoints.

    Parameters
    ----------
    question : Mapping
        ``arms``: one or two, each with ``number`` and the values ``earlier`` and ``later``
        (``name``, ``time``, ``times`` and ``window``); ``p``: the window of the p-value of each
        endpoint or None; ``tests``: keys of
        :data:`~netcore.stats.survival.weighted_tests.TESTS` or None; ``longest``: nobody was
        followed longer, or None.

    Returns
    -------
    dict
        ``arms``: for each what is ``excluded`` (places of values, the earlier endpoint's first,
        and whether a death has to count for both) and which two values are ``reversed``; None
        where nothing is.  ``is possible alone``: whether each endpoint has a curve.
        ``patients``: each with time and event of both endpoints, or None; ``mean``, what a mean
        is of theirs; ``progress first``: whether nobody's death is the earlier endpoint;
        ``p``: ends of each p-value.
    """
    arms = [
        {"excluded": _excluded(arm), "reversed": _reversed(arm)} if alone else {}
        for arm in question["arms"]
        for alone in [_is_possible_alone(arm)]
    ]
    found: dict[str, Any] = {
        "is possible alone": all(arms),
        "arms": [arm or {"excluded": None, "reversed": None} for arm in arms],
        "patients": None,
    }
    if not all(arms) or any(arm["excluded"] for arm in arms):
        return found
    mean, both, patients = next(_constructed(question), (None, None, None))
    if both is None or patients is None:
        return found
    ps = []
    for which, endpoint in enumerate(both):
        value = None
        if endpoint.p != EVERYTHING:
            columns: list[list[Observation]] = [[who[which] for who in arm] for arm in patients]
            value = p_of_course(endpoint.measure, event_times(*columns))
        ps.append(
            None
            if value is None
            else [rounded_p(value.low, up=False), rounded_p(value.high, up=True)]
        )
    return {
        **found,
        "patients": [
            [[str(one.time), int(one.event), str(two.time), int(two.event)] for one, two in arm]
            for arm in patients
        ],
        "mean": mean,
        "progress first": _progress_first(patients),
        "p": ps,
    }


def joint_sketch(question: Json) -> dict[str, Any]:
    """Answer quickly: only what follows from two printed values.

    Parameters
    ----------
    question : Mapping
        As for :func:`joint_answer`.

    Returns
    -------
    dict
        As from :func:`joint_answer`, without patients.

    Examples
    --------
    >>> def rate(low, high):
    ...     return [{"name": "survival", "time": "24", "times": None, "window": [low, high]}]
    >>> arm = {"number": 12, "earlier": rate("4/5", "4/5"), "later": rate("1/2", "1/2")}
    >>> joint_sketch({"arms": [arm]})["arms"]
    [{'excluded': None, 'reversed': [0, 1]}]
    """
    arms = [
        {"excluded": _counts_out_of_order(arm), "reversed": _reversed(arm)}
        for arm in question["arms"]
    ]
    return {"is possible alone": True, "arms": arms, "patients": None}


METHODS[METHOD] = joint_answer
SKETCHES[METHOD] = joint_sketch
