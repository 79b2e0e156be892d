"""What papers print of survival and of regression, recomputed from records by other code."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Record = dict[str, str]
Floats = NDArray[np.float64]


def followed(records: list[Record], name: str) -> tuple[Floats, NDArray[np.bool_]]:
    known = [record for record in records if record[name]]
    times = np.array([float(Fraction(record[name])) for record in known])
    return times, np.array([record[f"{name} event"] == "yes" for record in known], dtype=bool)


def survival(times: Floats, events: NDArray[np.bool_], at: float) -> float:
    rate = 1.0
    for time in np.unique(times[events]):
        if time <= at + 1e-9:
            rate *= 1 - np.sum(events & (times == time)) / np.sum(times >= time)
    return rate


def rates(times: Floats, events: NDArray[np.bool_], at: float) -> list[float]:
    """Return a rate by all estimators."""
    number, early = len(times), events & (times <= at + 1e-9)
    free = np.sum((times >= at - 1e-9) & ~early)
    hazards = [(np.sum(times >= t), np.sum(events & (times == t))) for t in np.unique(times[early])]
    found = [survival(times, events, at), 1 - early.sum() / number, free / number, 0.0]
    found += [free / (free + early.sum())] if free + early.sum() else []
    found.append(math.exp(-sum(d / r for r, d in hazards)))
    found.append(math.exp(-sum(1 / (r - j) for r, d in hazards for j in range(d))))
    return [*found, life_table(times, events, at)]


def life_table(times: Floats, events: NDArray[np.bool_], at: float) -> float:
    edges = [at * k / 4 for k in range(5)]
    rate = 1.0
    for k, (low, high) in enumerate(pairwise(edges)):
        here = (times > low + 1e-9) & (times <= high + 1e-9) | ((times == 0) & (k == 0))
        risk = np.sum(times > low + 1e-9) + (np.sum(times == 0) if k == 0 else 0)
        exposed = risk - np.sum(here & ~events) / 2
        rate *= 1 - np.sum(here & events) / exposed if exposed > 0 else 1
    return rate


def medians(times: Floats, events: NDArray[np.bool_], level: float) -> list[float]:
    """Return the time at which a rate is reached by all conventions."""
    ends = np.unique(times[events])
    curve = [(0.0, 1.0)] + [(float(t), survival(times, events, float(t))) for t in ends]
    found = [float(np.median(times))] + ([float(np.median(times[events]))] if events.any() else [])
    found += [t for t, s in curve if s <= level + 1e-9][:1]
    below = [t for t, s in curve if s < level - 1e-9][:1]
    found += below
    if any(abs(s - level) < 1e-9 for _, s in curve) and below:
        found.append((next(t for t, s in curve if abs(s - level) < 1e-9) + below[0]) / 2)
    for (t, s), (u, r) in pairwise(curve):
        if r <= level + 1e-9:
            found.append(t + (s - level) / (s - r) * (u - t))
            break
    return found


def follow_up_medians(times: Floats, events: NDArray[np.bool_]) -> list[float]:
    found = [float(np.median(times))]
    for shift in (0.0, 1e-6):
        moved = times + np.where(events, 0.0, shift)
        ends = np.unique(moved[~events])
        reached = [t for t in ends if survival(moved, ~events, float(t)) <= 0.5 + 1e-9]
        found += [float(reached[0] - shift)] if reached else []
    return found


def area(times: Floats, events: NDArray[np.bool_], until: float) -> float:
    edges = [0.0, *(float(t) for t in np.unique(times[events]) if t < until), until]
    return sum((high - low) * survival(times, events, low) for low, high in pairwise(edges))


def of_course(records: list[Record], groups: list[list[Record]], name: str, cells: dict[str, str],
              per_unit: float) -> list[float]:  # fmt: skip
    """Return every value that a row about survival may print, or none where it is not known."""
    times, events = followed(records, name)
    statistic = cells["stat_name"]
    at = float(cells["at"].split()[0]) * per_unit if cells.get("at") else math.inf
    if statistic in ("min", "max"):
        return [float(getattr(times, statistic)())]
    if statistic == "n.risk":
        return [float(np.sum(times >= at - 1e-9)), float(np.sum(times > at + 1e-9))]
    if statistic in ("n.event", "n.censor"):
        ended = events if statistic == "n.event" else ~events
        return [float(np.sum(ended & (times <= at + 1e-9)))]
    if statistic == "survival":
        scale = 100 if cells.get("unit") == "%" else 1
        return [scale * rate for rate in rates(times, events, at)]
    if statistic in ("median", "p25", "p75"):
        level = {"median": 0.5, "p25": 0.75, "p75": 0.25}[statistic]
        return medians(times, events, level)
    if set(statistic.split("|")) <= {"mean", "rmean"}:
        ends = [followed(group, name)[0] for group in groups]
        untils = {float(t.max()) for t in (times, *ends) if len(t)}
        found = [area(times, events, until) for until in untils] + [float(times.mean())]
        return found + ([float(times[events].mean())] if events.any() else [])
    return []


def of_line(pairs: list[tuple[float, float]], statistic: str) -> list[float]:
    """Return every value that a row about a line or a correlation may print."""
    y, x = (np.array(values) for values in zip(*pairs, strict=True))
    found: list[float] = []
    for a, b in ((x, y), (ranks(x), ranks(y))):
        design = np.column_stack((np.ones(len(a)), a))
        (intercept, slope), *_ = np.linalg.lstsq(design, b, rcond=None)
        rest = float(np.sum((b - intercept - slope * a) ** 2))
        r2 = 1 - rest / float(np.sum((b - b.mean()) ** 2))
        n = len(a)
        values: dict[str, Any] = {
            "r.squared": r2,
            "adj.r.squared": 1 - (1 - r2) * (n - 1) / (n - 2),
            "correlation": math.copysign(math.sqrt(max(r2, 0)), slope),
            "slope": slope,
            "intercept": intercept,
            "parameter": n - 2,
            "slope.std.error": math.sqrt(rest / (n - 2) / float(np.sum((a - a.mean()) ** 2))),
        }
        found += [float(values[name]) for name in statistic.split("|") if name in values]
    return found


def ranks(values: Floats) -> Floats:
    return np.array([(np.sum(values < v) + np.sum(values <= v) + 1) / 2 for v in values])
