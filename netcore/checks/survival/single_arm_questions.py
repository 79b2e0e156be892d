"""The question whether patients exist with all that is printed of an arm, as plain JSON values.

A question holds numbers and windows alone, so that its answer can be stored, and holds for
every paper that asks the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import interval_of
from netcore.checks.survival.arm_values import Asked, Json, inner, loosened, marks_of
from netcore.printed import Interval, format_fraction
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.fitted_patients import Target, fitted_patients, value_of
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_of
from netcore.stats.survival.rate_estimators import ESTIMATORS, rate_fit
from netcore.stats.survival.reachable import BUDGET, number_range, reach
from netcore.stats.survival.restricted_means import (
    area_bounds,
    curve_bounds,
    end_range,
    mean_bounds,
)
from netcore.stats.survival.standard_errors import mean_variance_range, squared, variance_range

__all__ = ["ENOUGH", "METHOD", "WAYS", "arm_answer", "arm_sketch"]

ENOUGH: Final = 3
"""Readings of a mean that are shown to hold; with so many the search ends."""

METHOD: Final = "survival-arm"
"""Its key among the methods that answer questions."""

WAYS: Final = {
    ("restricted", "std.error"): ("area", "area_error"),
    ("observed", "std.error"): ("observed", "observed_error"),
    ("observed", "sd"): ("observed", "observed_sd"),
    ("restricted_earlier", "std.error"): ("area", "area_error"),
    ("event_times", "std.error"): ("event_times", "event_times_error"),
    ("event_times", "sd"): ("event_times", "event_times_sd"),
}
"""What a mean and its spread can be, and what patients have to give then."""

_LARGEST: Final = 300  # patients that are searched for; more convince nobody more
_FEW: Final = 4  # rates of which each may take the whole budget
_UNKNOWN: Final = 40  # patients who are constructed where no size is printed
_ESTIMATED: Final = 40  # patients for whom other estimators of a rate are tried
_EARLIER: Final = 2  # times at which an area is tried to end
_FINE: Final = 3_000  # printable rates, times patients, that are tried one by one
_NONE: Final = "infeasible"
_LOOSEST: Final = ("midpoint", "interpolated")  # their landmarks hold for all medians of a curve
_MANY_MORE: Final = 5  # times as many patients, to see whether a size is part of a conflict


def _curve(
    asked: Asked,
    values: Sequence[Json],
    number: int | None,
    conventions: Sequence[str] = _LOOSEST,
    *,
    is_converted: bool = False,
) -> str:
    """Return whether some of up to so many patients have a curve: a status."""
    if not values:
        return "feasible"
    size = number or _UNKNOWN
    loose = loosened(values)
    status = "infeasible"
    for convention in conventions:
        marks = [
            *marks_of(loose, size, convention, is_converted=is_converted),
            *asked.ends(is_proof=True),
        ]
        if number is None or number > _LARGEST:
            found = "infeasible" if _crosses(marks) else "open"
        else:
            found = reach(size, marks).status
        if found == "feasible":
            return found
        if found == "open":
            status = "open"
    return status


def _crosses(marks: Sequence[Landmark]) -> bool:
    """Return whether rates of any number of patients would have to rise."""
    try:
        bounds = curve_bounds(marks)
    except ValueError:
        return True
    lowest = Fraction(1)
    for bound in bounds:
        lowest = min(lowest, bound.high)
        if bound.low > lowest:
            return True
    return False


def _usual(asked: Asked) -> Sequence[str]:
    """Return the conventions that a median can follow: a straight line only with such software."""
    return _LOOSEST if asked.conventions[0] == "interpolated" else _LOOSEST[:1]


def _needed(asked: Asked, number: int | None) -> list[int]:
    """Return a smallest set of values without a curve."""
    kept = list(range(len(asked.values)))
    for place in range(len(asked.values)):
        fewer = [one for one in kept if one != place]
        if _curve(asked, [asked.values[one] for one in fewer], number, _usual(asked)) == _NONE:
            kept = fewer
    return kept


def _mixes(values: Sequence[Json]) -> bool:
    """Return whether times in different units are compared, so that it matters how they convert."""
    ratios = set()
    for value in values:
        if value["name"] in ("median", "mean"):
            ratios.add(Fraction(1))
        elif value["time"] is not None:
            low = Fraction((value["times"] or [value["time"]])[0])
            ratios.add(low / Fraction(value["time"]))
    return len(ratios) > 1


def _no_curve(asked: Asked, number: int | None) -> dict[str, Any]:
    """Return what no curve has, and what that hangs on: conventions, months, a size."""
    needed = _needed(asked, number)
    values = [asked.values[one] for one in needed]

    def holds(size: int | None, conventions: Sequence[str], *, is_converted: bool) -> bool:
        return _curve(asked, values, size, conventions, is_converted=is_converted) == _NONE

    is_straight = holds(number, _LOOSEST, is_converted=False)
    conventions = _LOOSEST if is_straight else _usual(asked)
    is_any = not _mixes(values) or holds(number, conventions, is_converted=True)
    is_converted = _mixes(values) and is_any
    return {
        "outcome": "no curve",
        "needed": needed,
        "needs steps": not is_straight,
        "needs months": not is_any,
        "most": _most(number, lambda size: holds(size, conventions, is_converted=is_converted)),
        "fits": [],
        **_alone(asked, needed, number),
    }


def _most(number: int | None, holds: Callable[[int | None], bool]) -> int | None:
    """Return up to how many patients have no curve: None if no number of them has one."""
    if number is None or holds(None):
        return None
    return number * _MANY_MORE if holds(number * _MANY_MORE) else number


# --- Patients ---------------------------------------------------------------------------------------


def _targets(asked: Asked, way: tuple[str, str] | None, until: Fraction | None) -> list[Target]:
    found = []
    kinds = (None, None) if way is None else WAYS[way]
    for value in asked.values:
        window = inner(interval_of(value["window"]))
        name, time = value["name"], value["time"]
        if name == "mean" and kinds[0] is not None:
            found.append(Target(kinds[0], window, until))
        elif name == "spread" and kinds[1] is not None:
            found.append(Target(kinds[1], window, until))
        elif name == "area":
            found.append(Target("area", window, Fraction(time)))
        elif name == "survival.std.error" and not value.get("is by another formula"):
            found.append(Target("greenwood", window, Fraction(time)))
    return found


def _untils(
    asked: Asked, way: tuple[str, str] | None, marks: Sequence[Landmark]
) -> list[Fraction | None]:
    """Return times at which an area may end: None for the last time of observation."""
    means = asked.of("mean")
    if way is None or way[0] != "restricted_earlier" or not means:
        return [None]
    ends = end_range(curve_bounds(marks), interval_of(means[0]["window"]))
    if ends.is_empty or ends.low is None:
        return []
    high = ends.low * 2 if ends.high is None else ends.high
    if asked.longest is not None:
        high = min(high, asked.longest)
    places = [
        ends.low + (high - ends.low) * Fraction(k, _EARLIER + 1) for k in range(1, _EARLIER + 1)
    ]
    return [Fraction(round(place * 10), 10) for place in places]


def _close(asked: Asked, number: int) -> Iterator[Landmark]:
    """Yield landmarks for two events within the window of a median, above and below 1/2.

    Then a straight line between the points of the curve is 1/2 within the window, too.
    """
    for value in asked.of("median"):
        window = interval_of(value["window"])
        if window.low is None or window.high is None or window.low <= 0:
            continue
        above = Fraction(1, 2) + Fraction(2, number)
        middle = (window.low + window.high) / 2
        yield Landmark(window.low, Interval(above, None, low_closed=False), ties=False)
        yield Landmark(middle, Interval(Fraction(1, 2), above, low_closed=False), ties=False)


def _made(
    asked: Asked, way: tuple[str, str] | None, number: int, convention: str
) -> dict[str, Any] | None:
    """Return so many constructed patients with all values and a median by one convention."""
    drawn = "first" if convention == "interpolated" else convention
    marks = [
        *marks_of(asked.values, number, drawn, is_inner=True),
        *(_close(asked, number) if convention == "interpolated" else ()),
    ]
    plain = reach(number, [*marks, *asked.ends(is_proof=False)])
    if plain.status != "feasible" or not _are_found(asked, number, convention, marks):
        return None
    for until in _untils(asked, way, marks):
        targets = _targets(asked, way, until)
        found = fitted_patients(number, marks, targets, asked.longest)
        if found is None and not targets:
            found = plain.patients
        if found is not None and _is_right(asked, found, convention, targets):
            return _fit(found, convention, way, until, targets)
    return None


def _are_found(asked: Asked, number: int, convention: str, marks: Sequence[Landmark]) -> bool:
    """Return whether patients are found whatever the mean is, where several ways ask for them."""
    targets = _targets(asked, None, None)
    if len(asked.ways) < 2 or not targets:
        return True
    key = number, convention
    if key not in asked.without_mean:
        found = fitted_patients(number, marks, targets, asked.longest)
        asked.without_mean[key] = found is not None
    return asked.without_mean[key]


def _patients(asked: Asked, way: tuple[str, str] | None) -> dict[str, Any] | None:
    """Return constructed patients with all values, one of the ways to read the mean."""
    conventions = asked.conventions if asked.of("median") else asked.conventions[:1]
    if _targets(asked, way, None):
        conventions = conventions[:2]  # the others hardly ever add patients
    for number in asked.sizes or [_UNKNOWN]:
        for convention in conventions:
            found = _made(asked, way, number, convention) if number <= _LARGEST else None
            if found is not None:
                return found
    return None


def _is_right(
    asked: Asked, patients: Sequence[Observation], convention: str, targets: Sequence[Target]
) -> bool:
    """Return whether patients have all that is printed, recomputed from them."""
    steps = kaplan_meier(patients)
    for value in asked.values:
        name, window = value["name"], interval_of(value["window"])
        time = None if value["time"] is None else Fraction(value["time"])
        if name == "median":
            median = median_of(patients, convention)
            if median not in window if median is not None else window.high is not None:
                return False
        elif name == "survival":
            if rate_at(steps, time or steps[-1].time) not in window:
                return False
        elif name.startswith("n.") and not any(
            count in window for count in _counts(patients, name, time)
        ):
            return False
    return all(_has(patients, target) for target in targets)


def _has(patients: Sequence[Observation], target: Target) -> bool:
    found = value_of(patients, target.kind, target.until)
    return found is not None and found in (
        squared(target.window) if target.is_squared else target.window
    )


def _counts(patients: Sequence[Observation], name: str, time: Fraction | None) -> tuple[int, ...]:
    """Return how many there are at a time: before what happens at it, and after."""
    last = max(who.time for who in patients)
    if name == "n.risk":
        at = last if time is None else time
        return sum(who.time >= at for who in patients), sum(who.time > at for who in patients)
    at = last + 1 if time is None else time
    counted = [who.time for who in patients if who.event == (name == "n.event")]
    return sum(one < at for one in counted), sum(one <= at for one in counted)


def _fit(
    patients: Sequence[Observation],
    convention: str,
    way: tuple[str, str] | None,
    until: Fraction | None,
    targets: Sequence[Target],
) -> dict[str, Any]:
    recomputed = {}
    median = median_of(patients, convention)
    if median is not None:
        recomputed["median"] = _text(median)
    for target in targets:
        found = value_of(patients, target.kind, target.until)
        assert found is not None
        recomputed[target.kind] = f"{float(found) ** (0.5 if target.is_squared else 1):.6g}"
    return {
        "number": len(patients),
        "events": sum(who.event for who in patients),
        "median": convention,
        "way": None if way is None else list(way),
        "until": None if until is None else str(until),
        "recomputed": recomputed,
        "patients": [[_text(who.time), int(who.event)] for who in patients],
    }


def _text(value: Fraction) -> str:
    return format_fraction(value)


# --- What the readings of a mean exclude -------------------------------------------------------------


def _excluded(asked: Asked, way: tuple[str, str], number: int) -> dict[str, Any] | None:
    """Return by what patients are excluded under a way to read the mean; None if not known.

    That is by the mean, with the bounds of the area, or by its standard error.
    """
    means, medians, spreads = asked.of("mean"), asked.of("median"), asked.of("spread")
    if not means or way[0] != "restricted":
        return None
    mean = interval_of(means[0]["window"])
    last = Interval(Fraction(0), asked.longest if asked.is_certain else None)
    if medians and medians[0]["window"][1] is not None:
        # The curve is followed to its median.
        last = last.meet(Interval(Fraction(medians[0]["window"][0]), None))
    if last.is_empty:
        return None
    values = loosened(asked.values)
    found = []
    for convention in _LOOSEST if medians else _LOOSEST[:1]:
        marks = list(marks_of(values, number, convention, is_converted=True))
        by = None
        bounds = mean_bounds("restricted", number, marks, last)
        ends = [None if end is None else str(end) for end in (bounds.low, bounds.high)]
        if not bounds.meets(mean):
            by = {"by": "mean", "bounds": ends}
        elif spreads and way[1] == "std.error":
            errors = mean_variance_range(number, marks, last, mean, corrected=True)
            if errors is not None and not errors.meets(squared(interval_of(spreads[0]["window"]))):
                ends = [None if end is None else str(end) for end in (errors.low, errors.high)]
                by = {"by": "spread", "variances": ends}
        found.append(by)
    return found[0] if all(found) else None


def _has_area(place: int, values: Sequence[Json], number: int) -> bool:
    """Return whether an area up to a printed time is one of the curves with other values."""
    value = values[place]
    until = interval_of(value["times"] or [value["time"]] * 2)
    for convention in _LOOSEST:
        marks = list(marks_of(loosened(values), number, convention, is_converted=True))
        if _crosses(marks) or area_bounds(curve_bounds(marks), until).meets(
            interval_of(value["window"])
        ):
            return True
    return False


def _area_conflict(asked: Asked, number: int) -> list[int] | None:
    """Return the places of an area that no curve has, and of a smallest set that excludes it."""
    for place, value in enumerate(asked.values):
        if value["name"] != "area" or _has_area(place, asked.values, number):
            continue
        kept = list(range(len(asked.values)))
        for other in range(len(asked.values)):
            fewer = [one for one in kept if one != other]
            values = [asked.values[one] for one in fewer]
            if other != place and not _has_area(fewer.index(place), values, number):
                kept = fewer
        return kept
    return None


# --- What each value could have been ----------------------------------------------------------------


def _rates(asked: Asked, place: int, number: int) -> list[list[str]]:
    """Return the printable rates that patients with everything else can have, joined to spans.

    One rate by itself is tried in all ways that it could have been printed; of several, and of
    many patients, only between the others it is known to be.
    """
    value = asked.values[place]
    step = Fraction(value["step"])
    whole = int(1 / step)
    others = [one for other, one in enumerate(asked.values) if other != place]
    if others or whole * number > _FINE:
        time = Fraction(value["time"])
        bounds = curve_bounds(marks_of(loosened(others), number, _usual(asked)[-1]))
        low = max((b.low for b in bounds if b.time is None or b.time >= time), default=Fraction(0))
        high = min((b.high for b in bounds if b.time and b.time <= time), default=Fraction(1))
        return [[str(low), str(high)]]
    spans: list[list[int]] = []
    for k in range(whole + 1):
        window = Interval((k - Fraction(1, 2)) * step, (k + Fraction(1, 2)) * step)
        if reach(number, [Landmark(Fraction(1), window)]).status == "infeasible":
            continue
        if spans and spans[-1][1] == k - 1:
            spans[-1][1] = k
        else:
            spans.append([k, k])
    return [[str(first * step), str(last * step)] for first, last in spans]


def _medians(asked: Asked, place: int, number: int) -> list[str | None]:
    """Return bounds on the median: after the last rate surely above 1/2, up to the first below."""
    others = [one for other, one in enumerate(asked.values) if other != place]
    marks = list(marks_of(loosened(others), number, "midpoint"))
    low, high = Fraction(0), None
    for mark in marks:
        if mark.time is None:
            continue
        if mark.rate.low is not None and mark.rate.low > Fraction(1, 2):
            low = max(low, mark.time)
        if mark.rate.high is not None and mark.rate.high < Fraction(1, 2):
            high = mark.time if high is None else min(high, mark.time)
    return [str(low), None if high is None else str(high)]


def _per_rate(asked: Asked, number: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    # Many rates share what a few may take.
    budget = BUDGET // max(1, len(asked.of("survival")) // _FEW)
    for place, value in enumerate(asked.values):
        if value["name"] != "survival":
            continue
        time, window = Fraction(value["time"]), interval_of(value["window"])
        marks = list(marks_of(asked.values, number, "midpoint"))
        least = number_range(number, marks, "censored", until=time, budget=budget)
        entry: dict[str, Any] = {
            "attainable": _rates(asked, place, number),
            "censored": None if least is None else [least.least, least.greatest, least.is_exact],
        }
        if number <= _ESTIMATED:
            entry["estimators"] = {
                name: rate_fit(name, number, window).status for name in ESTIMATORS
            }
        found[str(place)] = entry
    return found


def _errors(asked: Asked, number: int) -> dict[str, dict[str, bool]]:
    """Return which formulas can give each printed standard error of a rate."""
    found = {}
    for place, value in enumerate(asked.values):
        if value["name"] != "survival.std.error":
            continue
        window = squared(interval_of(value["window"]))
        rates = [one for one in asked.of("survival") if one["time"] == value["time"]]
        rate = interval_of(rates[0]["window"]) if rates else Interval(Fraction(0), Fraction(1))
        fits = {}
        for kind in ("greenwood", "binomial", "binomial_at_risk", "peto"):
            ranges = (variance_range(kind, n, rate) for n in range(1, number + 1))
            fits[kind] = any(one is not None and one.meets(window) for one in ranges)
        found[str(place)] = fits
    return found


# --- Answers -----------------------------------------------------------------------------------------


def arm_sketch(_: Json) -> dict[str, Any]:
    """Answer nothing, for a search that asks hundreds of times.

    Parameters
    ----------
    _ : Mapping
        As for :func:`arm_answer`.

    Returns
    -------
    dict
        Outcome ``open``.

    Examples
    --------
    >>> arm_sketch({})["outcome"]
    'open'
    """
    return {"outcome": "open", "fits": []}


def arm_answer(question: Json) -> dict[str, Any]:
    """Tell whether patients exist with all that is printed of an arm.

    Parameters
    ----------
    question : Mapping
        ``sizes``: how many patients there can be, the greatest first; none if that is not known.
        ``values``: mappings of ``name`` (``survival``, ``survival.std.error``, ``median``,
        ``mean``, ``spread``, ``area``, ``n.risk``, ``n.event``, ``n.censor``), ``time``, ``times``
        (whatever it may be if it was converted, else None), ``window`` and ``step`` (of what is
        printable).  ``ways``: pairs of :data:`WAYS`, those that assume least first.
        ``conventions``: of medians, the usual first.  ``longest``: nobody was followed for longer,
        and ``is longest certain``.

    Returns
    -------
    dict
        ``outcome``: ``fits`` with ``fits`` (constructed patients, recomputed from them);
        ``no curve`` with the places of a smallest set of values (``needed``), up to how many patients
        have none (``most``: None for any number), and whether that needs a median that is one of
        the steps of the curve (``needs steps``), or twelve months to a year (``needs months``); ``no
        area``, with the places, for any number of patients; or ``open``.  ``excluded``: ways to
        read the mean that are excluded, by what.  What is excluded is so for up to so many patients.

    Examples
    --------
    >>> rate = {"name": "survival", "time": "24", "times": None, "window": ["3/8", "77/200"]}
    >>> found = arm_answer({"sizes": [12], "values": [{**rate, "step": "1/100"}], "ways": [],
    ...     "conventions": ["first"], "longest": None, "is longest certain": False})
    >>> found["outcome"], found["rates"]["0"]["censored"]
    ('fits', [1, 10, True])
    """
    asked = Asked(question)
    number = max(asked.sizes) if asked.sizes else None
    if _curve(asked, asked.values, number, _usual(asked)) == _NONE:
        return _no_curve(asked, number)
    answer: dict[str, Any] = {"outcome": "open", "fits": [], "excluded": {}}
    if number is not None and number <= _LARGEST:
        needed = _area_conflict(asked, number)
        if needed is not None:
            return {**answer, "outcome": "no area", "needed": needed}
        answer["rates"] = _per_rate(asked, number)
        answer["errors"] = _errors(asked, number)
        for place, fits in answer["errors"].items():
            if not fits["greenwood"]:
                asked.values[int(place)] = {
                    **asked.values[int(place)], "is by another formula": True
                }  # fmt: skip
        for place, value in enumerate(asked.values):
            if value["name"] == "median":
                answer["medians"] = {str(place): _medians(asked, place, number)}
        for way in asked.ways:
            by = _excluded(asked, way, number)
            if by is not None:
                answer["excluded"]["/".join(way)] = by
    ways: list[tuple[str, str] | None] = [*asked.ways]
    for one in ways or [None]:
        if one is not None and "/".join(one) in answer["excluded"]:
            continue
        fit = _patients(asked, one)
        if fit is not None:
            answer["fits"].append(fit)
            answer["outcome"] = "fits"
            if one is None or one[0] == "restricted" or len(answer["fits"]) == ENOUGH:
                break
    return answer


def _alone(asked: Asked, needed: Sequence[int], number: int | None) -> dict[str, Any]:
    """Return which other estimators give a rate that no curve of so few patients has."""
    if len(needed) != 1 or number is None or number > _ESTIMATED:
        return {}
    value = asked.values[needed[0]]
    if value["name"] != "survival":
        return {}
    window = interval_of(value["window"])
    found: dict[str, str] = {}
    for name in ESTIMATORS:
        statuses = {rate_fit(name, n, window).status for n in range(1, number + 1)}
        found[name] = next((one for one in ("feasible", "open") if one in statuses), _NONE)
    return {"estimators": found}


METHODS[METHOD] = arm_answer
SKETCHES[METHOD] = arm_sketch
