"""Constructed patients for a figure: several curves of one group, and two groups with a p-value.

An order of events and censorings that meets all rates is drawn; then times are found by a linear
program, in which areas and means are linear, and between two solutions lie patients with any
plus-minus value that is between theirs.  What is returned was worked out again in fractions.
That none are found proves nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import sqrt
from random import Random
from statistics import NormalDist
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.backward_sets import BackwardSets, BudgetError
from netcore.stats.survival.course_times import TimeSystem
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import event_times
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.log_rank import log_rank, p_of_course
from netcore.stats.survival.printed_curves import MEANS_OF_PATIENTS, PrintedCurve
from netcore.stats.survival.reachable import BUDGET

__all__ = ["Limits", "Patients", "distance_of_p", "groups_with_p", "moved_to_p", "witness_curves"]

Patients = tuple[Observation, ...]
"""Patients in the order of time."""

Limits = Sequence[tuple[Fraction, Fraction | None]]
"""Between which times each patient's observation ends; None for no end."""

_ORDERS: Final = 60  # drawn for each curve that is wanted
_SHAPES: Final = 5  # times that are aimed at for one order
_STEPS: Final = 20_000
_HALVINGS: Final = 40
_GRAINS: Final = (10, 100, 1_000, 1_000_000)  # parts of a unit of time
_MARGIN: Final = 0.05  # of a window, kept from its ends
_GRID: Final = 1_000  # parts of a unit of time to which patients are moved
_NEAR: Final = 50  # widths of a window within which steps away from it are taken
_POOL: Final = 4  # sets of patients of each group that are compared
_POOLS: Final = 6  # how often others are drawn
_TRIED: Final = 2  # pairs of each that are tried
_INFINITE: Final = float("inf")


class _Leaves(NamedTuple):
    """One patient, in the order of leaving, and between which times."""

    start: float
    end: float
    event: bool


def _order(printed: PrintedCurve, horizon: float, draw: Random) -> list[_Leaves] | None:
    """Draw an order in which patients leave, and the stretches in which they do."""
    number, marks = printed.number, printed.landmarks
    few = []
    at_risk = number
    for mark in marks:
        if mark.time is not None and draw.random() < 0.8:
            # Without this nearly everybody would still be there.
            at_risk = draw.randint(0, at_risk)
            window = Interval(None, Fraction(at_risk))
            few.append(Landmark(mark.time, at_risk=window, moment=mark.moment, ties=mark.ties))
    found = None
    for given in (few, []):
        try:
            sets = BackwardSets(number, in_order([*marks, *given]), budget=BUDGET)
        except BudgetError:
            return None
        if not sets.is_empty:
            found = sets.sequence(_STEPS, draw, draw.choice((0.0, 0.2, 0.5, 1.0)))
            marks = sets.marks
            break
    if found is None:
        return None
    leaves: list[_Leaves] = []
    last = 0.0
    for stage, mark in enumerate(marks):
        time = horizon if mark.time is None else float(mark.time)
        here = [who for who in found if who.stage == stage]
        leaves += [_Leaves(last, time, who.event) for who in here if not who.tied]
        leaves += [_Leaves(time, time, who.event) for who in here if who.tied]
        last = time
    share = draw.random()
    rest = number - len(found)
    leaves += [_Leaves(last, horizon, draw.random() < share) for _ in range(rest)]
    return leaves


def _weights(printed: PrintedCurve, leaves: Sequence[_Leaves]) -> dict[int, float]:
    """Return by how much the mean grows with the time of each patient."""
    if printed.mean_reading != "restricted":
        every = printed.mean_reading == "observed"
        counted = [place for place, who in enumerate(leaves) if every or who.event]
        return dict.fromkeys(counted, 1 / len(counted)) if counted else {}
    rate, at_risk = 1.0, len(leaves)
    found: dict[int, float] = {}
    for place, who in enumerate(leaves):
        if who.event:
            found[place] = rate / at_risk
            rate -= rate / at_risk
        at_risk -= 1
    found[len(leaves) - 1] = found.get(len(leaves) - 1, 0.0) + rate
    return found


def _median_weights(printed: PrintedCurve, leaves: Sequence[_Leaves]) -> dict[int, float]:
    """Return a median between two times as their weighted sum; none if it is at one time."""
    rates = []
    rate, at_risk = 1.0, len(leaves)
    for who in leaves:
        rate -= rate / at_risk if who.event else 0.0
        at_risk -= 1
        rates.append(rate)
    events = [place for place, who in enumerate(leaves) if who.event]
    reached = [place for place in events if rates[place] <= 0.5 + 1e-12]
    if not reached:
        return {}
    first = reached[0]
    if printed.median_rule == "midpoint":
        below = [place for place in events if rates[place] < 0.5 - 1e-12]
        return {first: 0.5, (below[0] if below else len(leaves) - 1): 0.5}
    if printed.median_rule == "interpolated":
        earlier = [place for place in events if place < first]
        before = rates[earlier[-1]] if earlier else 1.0
        share = (before - 0.5) / (before - rates[first])
        return {first: share} | ({earlier[-1]: 1 - share} if earlier else {})
    return {}


def _system(printed: PrintedCurve, leaves: Sequence[_Leaves], draw: Random) -> TimeSystem:
    """Return the demands on the times, with aims that are drawn."""
    system = TimeSystem()
    horizon = max(who.end for who in leaves)
    gap = horizon / (200 * len(leaves))
    shapes: dict[tuple[float, float], tuple[float, float]] = {}
    aims = []
    for who in leaves:
        shape = shapes.setdefault(
            (who.start, who.end), (draw.uniform(0.2, 3), draw.uniform(0.2, 3))
        )
        aims.append(who.start + (who.end - who.start) * draw.betavariate(*shape))
    aims.sort()
    for place, (who, aim) in enumerate(zip(leaves, aims, strict=True)):
        is_fixed = who.start == who.end
        rim = 0.0 if is_fixed else gap
        system.time(who.start + rim, who.end - rim, aim)
        if place and not is_fixed:
            system.demand({place: 1, place - 1: -1}, gap, _INFINITE)
    _demand(system, {len(leaves) - 1: 1.0}, printed.last_observed)
    if printed.has_mean:
        _demand(system, _weights(printed, leaves), printed.mean)
    if printed.median is not None:
        _demand(system, _median_weights(printed, leaves), printed.median)
    return system


def _demand(system: TimeSystem, weights: dict[int, float], window: Interval) -> None:
    low = -_INFINITE if window.low is None else float(window.low)
    high = _INFINITE if window.high is None else float(window.high)
    rim = _MARGIN * (high - low) if high - low < _INFINITE else 0.0
    if weights:
        system.demand(weights, low + rim, high - rim)


def _spread_of(printed: PrintedCurve, leaves: Sequence[_Leaves], times: Sequence[float]) -> float:
    """Return the plus-minus value, in floating point."""
    if printed.mean_reading == "restricted":
        rate, last, total, at_risk = 1.0, 0.0, 0.0, len(leaves)
        events = []
        for time, who in zip(times, leaves, strict=True):
            total += rate * (time - last)
            last = time
            if who.event and at_risk > 1:
                events.append((total, at_risk))
                rate -= rate / at_risk
            at_risk -= 1
        return sqrt(sum((total - here) ** 2 / (r * (r - 1)) for here, r in events))
    every = printed.mean_reading == "observed"
    counted = [time for time, who in zip(times, leaves, strict=True) if every or who.event]
    if len(counted) < 2:
        return 0.0
    mean = sum(counted) / len(counted)
    variance = sum((time - mean) ** 2 for time in counted) / (len(counted) - 1)
    return sqrt(variance / len(counted) if printed.spread_kind == "se" else variance)


def _between(
    printed: PrintedCurve, leaves: Sequence[_Leaves], solutions: Sequence[Sequence[float]]
) -> list[float] | None:
    """Return times with the plus-minus value, on the way from one solution to another."""
    if printed.spread == EVERYTHING:
        return list(solutions[0])
    ends = [float(end) for end in (printed.spread.low, printed.spread.high) if end is not None]
    target = sum(ends) / len(ends)
    ranked = sorted(solutions, key=lambda times: _spread_of(printed, leaves, times))
    low, high = list(ranked[0]), list(ranked[-1])
    if not (_spread_of(printed, leaves, low) <= target <= _spread_of(printed, leaves, high)):
        return None
    for _ in range(_HALVINGS):
        middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
        if _spread_of(printed, leaves, middle) <= target:
            low = middle
        else:
            high = middle
    return low


def _constructed(printed: PrintedCurve, draw: Random) -> Patients | None:
    """Draw one order, and give it times."""
    known = [float(mark.time) for mark in printed.landmarks if mark.time is not None]
    high = printed.last_observed.high
    heights = [float(printed.mean.high)] if printed.mean.high is not None else []
    reach = max([1.0, *known, *heights])
    horizon = float(high) if high is not None else reach * 2 ** draw.uniform(0.2, 2)
    leaves = _order(printed, horizon, draw)
    if leaves is None:
        return None
    solutions = []
    for _ in range(_SHAPES if printed.spread != EVERYTHING else 1):
        times = _system(printed, leaves, draw).solution()
        if times is None:
            return None
        solutions.append(times)
    found = _between(printed, leaves, solutions)
    if found is None:
        return None
    for grain in _GRAINS:
        patients = tuple(
            sorted(
                Observation(Fraction(round(time * grain), grain), who.event)
                for time, who in zip(found, leaves, strict=True)
            )
        )
        if patients[0].time > 0 and printed.is_met_by(patients):
            return patients
    return None


def witness_curves(
    printed: PrintedCurve, wanted: int = 3, *, seed: int = 1
) -> tuple[Patients, ...]:
    """Construct several sets of patients with all that is printed of one group.

    Parameters
    ----------
    printed : PrintedCurve
        What is printed.
    wanted : int
        How many sets.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of tuple of Observation
        As many as were found, all different, each in the order of time.

    Examples
    --------
    >>> printed = PrintedCurve(50, median=Interval(Fraction(119, 2), Fraction(121, 2)))
    >>> found = witness_curves(printed, 2)
    >>> len(found), all(printed.is_met_by(patients) for patients in found)
    (2, True)
    """
    if printed.has_mean and printed.mean_reading not in MEANS_OF_PATIENTS:
        return ()
    draw = Random(seed)
    found: list[Patients] = []
    for _ in range(_ORDERS * wanted):
        if len(found) == wanted:
            break
        patients = _constructed(printed, draw)
        if patients is not None and patients not in found:
            found.append(patients)
    return tuple(found)


# --- Two groups -----------------------------------------------------------------------------------


def _z(first: Sequence[Observation], second: Sequence[Observation]) -> float:
    """Return the log-rank statistic of two groups, in floating point, with its sign."""
    ends = [sorted(float(time) for time, _ in group) for group in (first, second)]
    died = [sorted(float(time) for time, event in group if event) for group in (first, second)]
    u = v = 0.0
    for time in sorted({*died[0], *died[1]}):
        r1, r2 = (len(group) - bisect_left(group, time) for group in ends)
        d1, d2 = (bisect_right(group, time) - bisect_left(group, time) for group in died)
        r, d = r1 + r2, d1 + d2
        u += d1 - d * r1 / r
        if r > 1:
            v += d * r1 * r2 * (r - d) / (r * r * (r - 1))
    return u / sqrt(v) if v > 0 else 0.0


def distance_of_p(pair: tuple[Patients, Patients], window: Interval) -> float:
    """Return how far the log-rank p-value of two groups is from a window.

    Parameters
    ----------
    pair : tuple of (tuple of Observation, tuple of Observation)
        The patients of each group.
    window : Interval
        Where the p-value should be.

    Returns
    -------
    float
        0 if it is there.
    """
    p = 2 * NormalDist().cdf(-abs(_z(*pair)))
    low = 0.0 if window.low is None else float(window.low)
    high = 1.0 if window.high is None else float(window.high)
    return max(low - p, p - high, 0.0)


def _moved(
    patients: Patients, printed: PrintedCurve, draw: Random, limits: Limits | None
) -> tuple[Patients, bool] | None:
    """Move one or two patients between their neighbours, so that the order stays.

    Beside the patients comes whether what is printed of them is surely still met.
    """
    fixed = [mark.time for mark in printed.landmarks if mark.time is not None]
    new = list(patients)
    are_free = printed.mean_reading != "observed" or not printed.has_mean
    for place in draw.sample(range(len(new) - 1), min(len(new) - 1, draw.choice((1, 1, 2)))):
        time, event = new[place]
        if time in fixed:
            return None
        before = new[place - 1].time if place else Fraction(0)
        after = new[place + 1].time
        low = max([before, *(t for t in fixed if t < time)])
        high = min([after, *(t for t in fixed if t > time)])
        if limits is not None:
            least, most = limits[place]
            low, high = max(low, least), high if most is None else min(high, most)
        at = Fraction(round((low + (high - low) * Fraction(draw.random())) * _GRID), _GRID)
        if not low < at < high:
            return None
        new[place] = Observation(at, event)
        are_free = are_free and not event  # no area under the curve depends on it
    return tuple(new), are_free


def groups_with_p(
    first: PrintedCurve,
    second: PrintedCurve,
    p: Interval,
    *,
    moves: int = 3_000,
    seed: int = 1,
) -> tuple[Patients, Patients] | None:
    """Construct patients of two groups with their printed curves and a log-rank p-value.

    Parameters
    ----------
    first, second : PrintedCurve
        What is printed of each group.
    p : Interval
        The window of the two-sided p-value of the log-rank test.
    moves : int
        How often patients are moved.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of (tuple of Observation, tuple of Observation) or None
        The patients of each group; None if none were found.

    Notes
    -----
    Of some sets of each group the two with the nearest p-value are taken.  Then single patients
    are moved between their neighbours in their own group, which leaves all rates as they are and
    changes their order among those of the other group; a move is kept if what is printed is
    still met and the p-value is nearer, or near already.

    Examples
    --------
    >>> def group(number, months):
    ...     ends = Fraction(2 * months - 1, 2), Fraction(2 * months + 1, 2)
    ...     return PrintedCurve(number, median=Interval(*ends))
    >>> window = Interval(Fraction(3, 100), Fraction(4, 100))
    >>> groups_with_p(group(12, 20), group(14, 9), window) is not None
    True
    """
    draw = Random(seed)
    for turn in range(_POOLS):
        one, two = (
            witness_curves(printed, _POOL, seed=_POOLS * (2 * seed + place) + turn)
            for place, printed in enumerate((first, second))
        )
        pairs = sorted(product(one, two), key=lambda pair: distance_of_p(pair, p))
        for pair in pairs[:_TRIED]:
            found = moved_to_p(pair, (first, second), p, draw, moves=moves)
            if found is not None:
                return found
    return None


def moved_to_p(
    pair: tuple[Patients, Patients],
    groups: tuple[PrintedCurve, PrintedCurve],
    p: Interval,
    draw: Random,
    *,
    limits: tuple[Limits, Limits] | None = None,
    moves: int = 3_000,
) -> tuple[Patients, Patients] | None:
    """Move the patients of two groups until they have a p-value.

    Parameters
    ----------
    pair : tuple of (tuple of Observation, tuple of Observation)
        Patients of each group with its printed curve.
    groups : tuple of (PrintedCurve, PrintedCurve)
        What is printed of each group.
    p : Interval
        The window of the two-sided p-value of the log-rank test.
    draw : Random
        Chooses the moves.
    limits : tuple of (sequence of (Fraction, Fraction), same), optional
        How far each patient of each group may be moved.
    moves : int
        How often patients are moved.

    Returns
    -------
    tuple of (tuple of Observation, tuple of Observation) or None
        The patients, in the same order in each group; None if these moves do not lead there.
    """
    statistic = log_rank(groups[0].number + groups[1].number)
    near = 0.0 if p.low is None or p.high is None else _NEAR * float(p.high - p.low)
    now, far = pair, distance_of_p(pair, p)
    for _ in range(moves):
        if far == 0:
            break
        which = draw.randrange(2)
        moved = _moved(now[which], groups[which], draw, limits[which] if limits else None)
        if moved is None:
            continue
        patients, is_met = moved
        other = (patients, now[1]) if which == 0 else (now[0], patients)
        there = distance_of_p(other, p)
        # Near the window any step will do, as most of them miss it.
        if there < max(far, near if is_met else 0.0) and (
            is_met or groups[which].is_met_by(patients)
        ):
            now, far = other, there
    value = p_of_course(statistic, event_times(*now))
    if value is None or not (value.low in p and value.high in p):
        return None
    return now if all(g.is_met_by(who) for g, who in zip(groups, now, strict=True)) else None
