"""Patients with all that is printed of their curve: rates, medians, a mean and its spread.

The order of events and censorings is drawn from those that meet the landmarks.  Then the times are
moved, in floating point, until the mean and the others are near; what is returned was
recomputed in fractions.  That none are found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from random import Random
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.backward_sets import BackwardSets, BudgetError, Leaving
from netcore.stats.survival.curves import Observation, area, kaplan_meier, rate_at
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.medians import median_of
from netcore.stats.survival.reachable import BUDGET
from netcore.stats.survival.standard_errors import greenwood_variance, mean_variance, squared

__all__ = ["TARGETS", "Target", "fitted_patients", "value_of"]

TARGETS: Final = (
    "area",
    "area_error",
    "observed",
    "observed_sd",
    "observed_error",
    "event_times",
    "event_times_sd",
    "event_times_error",
    "interpolated",
    "greenwood",
)
"""What times can be moved for: the area up to a time and its standard error; mean, standard
deviation and standard error of all times, or of those with events; the interpolated median; and
Greenwood's standard error of a rate."""

_STEPS: Final = 20_000  # of a draw from the sets
_GRAIN: Final = 1 << 20  # places of a stretch
_EFFORT: Final = 8_000  # patients times landmarks times orders that are drawn
_FEWEST: Final = 6
_REUSED: Final = 3  # orders that are drawn from the same sets
_SMALL: Final = 100  # patients times landmarks, for which sets are cheap
_AGAIN: Final = 5  # numbers at risk that are drawn until there are curves with them
_PATIENCE: Final = 80  # orders without one that has the standard errors of rates
_DRAWN: Final = 10  # times as many orders where a standard error of a rate is printed
_HOPELESS: Final = 20  # moves after which a mean should be near


@dataclass(frozen=True, slots=True)
class Target:
    """A printed number that depends on the times.

    Parameters
    ----------
    kind : str
        One of :data:`TARGETS`.
    window : Interval
        The numbers that print so; for standard errors and deviations not those squared.
    until : Fraction, optional
        The time at which an area ends or to which a rate belongs; None for the last time of
        observation.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """

    kind: str
    window: Interval
    until: Fraction | None = None

    def __post_init__(self) -> None:
        if self.kind not in TARGETS:
            raise ValueError(f"found {self.kind!r}, expected one of {', '.join(TARGETS)}")

    @property
    def is_squared(self) -> bool:
        """Whether its value is the square of the printed number, to stay in fractions."""
        return self.kind.endswith(("_error", "_sd")) or self.kind == "greenwood"


def value_of(
    patients: Sequence[Observation], kind: str, until: Fraction | None = None
) -> Fraction | None:
    """Return what known patients have, errors and deviations squared.

    Parameters
    ----------
    patients : sequence of Observation
        The patients.
    kind : str
        One of :data:`TARGETS`.
    until : Fraction, optional
        See :class:`Target`.

    Returns
    -------
    Fraction or None
        None where it is not defined.

    Examples
    --------
    >>> patients = [Observation(Fraction(t), True) for t in (1, 2, 3, 6)]
    >>> [str(value_of(patients, kind)) for kind in ("area", "area_error", "observed_error")]
    ['3', '7/8', '7/6']
    """
    if kind == "interpolated":
        return median_of(patients, "interpolated")
    if kind.startswith(("area", "greenwood")):
        steps = kaplan_meier(patients)
        end = steps[-1].time if until is None else until
        if kind == "greenwood":
            return greenwood_variance(steps, end)
        return area(steps, end) if kind == "area" else mean_variance(steps, end)
    times = [who.time for who in patients if who.event or kind.startswith("observed")]
    if len(times) < (1 if kind in ("observed", "event_times") else 2):
        return None
    mean = sum(times, Fraction(0)) / len(times)
    if kind in ("observed", "event_times"):
        return mean
    variance = sum(((time - mean) ** 2 for time in times), Fraction(0)) / (len(times) - 1)
    return variance if kind.endswith("_sd") else variance / len(times)


# --- In floating point, where times are moved ------------------------------------------------------

_Patient = tuple[float, bool]


def _curve_values(patients: Sequence[_Patient], end: float) -> tuple[float, float]:
    """Return the area up to a time, and its variance."""
    rate, last, total = 1.0, 0.0, 0.0
    at_risk = len(patients)
    events: list[tuple[float, int]] = []  # the area up to each event, and who is at risk
    for time, event in patients:
        if time >= end:
            break
        total += rate * (time - last)
        last = time
        if event:
            if at_risk > 1:
                events.append((total, at_risk))
            rate *= (at_risk - 1) / at_risk
        at_risk -= 1
    total += rate * (end - last)
    return total, sum((total - here) ** 2 / (r * (r - 1)) for here, r in events)


def _greenwood(patients: Sequence[_Patient], end: float) -> float:
    rate, found, at_risk = 1.0, 0.0, len(patients)
    for time, event in patients:
        if time > end:
            break
        if event and at_risk > 1:
            found += 1 / (at_risk * (at_risk - 1))
            rate *= (at_risk - 1) / at_risk
        at_risk -= 1
    return rate * rate * found


def _interpolated(patients: Sequence[_Patient]) -> float:
    last, rate, at_risk = 0.0, 1.0, len(patients)
    for time, event in patients:
        if event:
            new = rate * (at_risk - 1) / at_risk
            if new <= 0.5:
                return last + (time - last) * (rate - 0.5) / (rate - new)
            last, rate = time, new
        at_risk -= 1
    return 2 * patients[-1][0] + 1


def _moments(times: Sequence[float], kind: str) -> float:
    if len(times) < 2:
        return -1.0
    mean = sum(times) / len(times)
    if kind in ("observed", "event_times"):
        return mean
    variance = sum((time - mean) ** 2 for time in times) / (len(times) - 1)
    return sqrt(variance if kind.endswith("_sd") else variance / len(times))


def _near_values(patients: Sequence[_Patient], targets: Sequence[Target]) -> Iterator[float]:
    for target in targets:
        end = patients[-1][0] if target.until is None else float(target.until)
        if target.kind == "area":
            yield _curve_values(patients, end)[0]
        elif target.kind == "area_error":
            yield sqrt(_curve_values(patients, end)[1])
        elif target.kind == "greenwood":
            yield sqrt(_greenwood(patients, end))
        elif target.kind == "interpolated":
            yield _interpolated(patients)
        else:
            every = target.kind.startswith("observed")
            yield _moments([time for time, event in patients if event or every], target.kind)


# --- Times in their stretches ----------------------------------------------------------------------


class _Group(NamedTuple):
    """Patients who leave between two landmarks, or at one."""

    start: Fraction
    end: Fraction | None  # None: the last time of observation, which moves
    events: tuple[bool, ...]
    is_tied: bool


class _Shape:
    """Where the patients of each stretch are, as shares of it."""

    def __init__(self, groups: Sequence[_Group], end: float, shares: list[list[float]]):
        self.groups, self.end, self.shares = groups, end, shares

    def patients(self) -> list[_Patient]:
        """Return the times, in their order."""
        found: list[_Patient] = []
        for group, shares in zip(self.groups, self.shares, strict=True):
            start = float(group.start)
            width = (self.end if group.end is None else float(group.end)) - start
            found += [
                (start + width * share, event)
                for share, event in zip(shares, group.events, strict=True)
            ]
        return found

    def moved(self, draw: Random, most: float | None) -> _Shape | None:
        """Return a neighbour."""
        free = [
            place for place, group in enumerate(self.groups) if group.events and not group.is_tied
        ]
        moves_end = any(group.end is None for group in self.groups)
        if moves_end and (not free or draw.random() < 0.2):
            start = max(float(group.start) for group in self.groups if group.end is None)
            end = start + (self.end - start) * 2 ** draw.uniform(-1, 1)
            if most is not None and end > most:
                return None
            return _Shape(self.groups, end, self.shares)
        if not free:
            return None
        place = draw.choice(free)
        old = self.shares[place]
        first = draw.randrange(len(old) + 1) if draw.random() < 0.5 else 0
        by = draw.random() ** 2
        if draw.random() < 0.5:
            new = [share * (1 - by) if k >= first else share for k, share in enumerate(old)]
            floor = old[first - 1] if first else 0.0
            new[first:] = [floor + (share - floor) * (1 - by) for share in old[first:]]
        else:
            last = len(old) - first
            ceiling = old[last] if first else 1.0
            new = [ceiling - (ceiling - share) * (1 - by) for share in old[:last]] + old[last:]
        if self.groups[place].end is None:
            new[-1] = 1.0  # the last observation is the end
        shares = list(self.shares)
        shares[place] = new
        return _Shape(self.groups, self.end, shares)


def _drawn(
    number: int, marks: Sequence[Landmark], draw: Random, budget: int
) -> BackwardSets | None:
    """Return the sets for some of the rates and numbers at risk that the landmarks leave open."""
    closer = []
    at_risk, below = draw.random(), Fraction(1)
    for mark in marks:
        if mark.time is None:
            closer.append(mark)
            continue
        at_risk *= draw.random() ** 0.5
        rates = mark.rate.meet(Interval(Fraction(0), below))
        low, high = rates.low or Fraction(0), rates.high if rates.high is not None else Fraction(1)
        # Somewhere in what is left, more often near its ends.
        width = (high - low) / draw.choice((2, 8, 32))
        start = low + (high - low - width) * draw.choice(
            (Fraction(0), Fraction(draw.random()), Fraction(1))
        )
        near = Interval(start, start + width)
        risk = Interval(Fraction(int(number * at_risk * 0.7)), Fraction(int(number * at_risk) + 1))
        if mark.at_risk != EVERYTHING:
            risk = EVERYTHING
        below = min(below, near.high or below)
        closer += [mark, Landmark(mark.time, near, risk, moment=mark.moment, ties=mark.ties)]
    try:
        sets = BackwardSets(number, in_order(closer), budget=budget)
    except BudgetError:
        return None
    return None if sets.is_empty else sets


def _groups(
    marks: Sequence[Landmark], leaving: Sequence[Leaving], left: int, draw: Random
) -> list[_Group]:
    found: list[_Group] = []
    last = Fraction(0)
    share = draw.random()
    for stage, mark in enumerate(marks):
        here = [who for who in leaving if who.stage == stage]
        inner = tuple(who.event for who in here if not who.tied)
        if inner:
            found.append(_Group(last, mark.time, inner, False))
        if mark.time is not None:
            tied = tuple(who.event for who in here if who.tied)
            if tied:
                found.append(_Group(mark.time, mark.time, tied, True))
            last = mark.time
    if left:
        kinds = tuple(draw.random() < share for _ in range(left))
        found.append(_Group(last, None, kinds, False))
    return found


def _start(groups: Sequence[_Group], draw: Random, end: float) -> _Shape:
    shares = []
    for group in groups:
        if group.is_tied:
            shares.append([0.0] * len(group.events))
            continue
        places = sorted(draw.uniform(0.001, 0.999) for _ in group.events)
        if group.end is None:
            places[-1] = 1.0
        shares.append(places)
    return _Shape(groups, end, shares)


def _excess(value: float, window: Interval) -> float:
    """Return how far a value is above the middle half of a window, or (negative) below it."""
    low = None if window.low is None else float(window.low)
    high = None if window.high is None else float(window.high)
    width = 1.0 if low is None or high is None or high <= low else high - low
    # Aimed at the middle half, so that rounding of times does no harm.
    rim = width / 4 if low is not None and high is not None else 0.0
    if low is not None and value < low + rim:
        return (value - low - rim) / width
    if high is not None and value > high - rim:
        return (value - high + rim) / width
    return 0.0


def _loss(shape: _Shape, targets: Sequence[Target]) -> float:
    values = _near_values(shape.patients(), targets)
    return sum(
        abs(_excess(value, target.window)) for value, target in zip(values, targets, strict=True)
    )


def _shifted(shape: _Shape, by: float) -> _Shape:
    """Return everybody between the landmarks earlier (by < 0) or later by a share of the way."""
    shares = []
    for group, old in zip(shape.groups, shape.shares, strict=True):
        if group.is_tied:
            shares.append(old)
            continue
        new = [u * (1 + by) if by < 0 else 1 - (1 - u) * (1 - by) for u in old]
        if group.end is None and new:
            new[-1] = 1.0  # the last observation is the end
        shares.append(new)
    return _Shape(shape.groups, shape.end, shares)


def _balanced(shape: _Shape, target: Target) -> _Shape:
    """Move everybody until a mean, which grows with each time, is near; or as far as it goes."""

    def excess(other: _Shape) -> float:
        return _excess(next(_near_values(other.patients(), (target,))), target.window)

    here = excess(shape)
    if here == 0:
        return shape
    low, high = 0.0, 0.999 if here < 0 else -0.999
    best = shape
    for _ in range(14):
        middle = (low + high) / 2
        best = _shifted(shape, middle)
        there = excess(best)
        if there == 0:
            break
        if (there > 0) == (here > 0):
            low = middle
        else:
            high = middle
    return best


def _searched(
    shape: _Shape, targets: Sequence[Target], most: float | None, moves: int, draw: Random
) -> _Shape | None:
    """Return a shape near to all targets: after each move the mean is balanced first."""
    mean = next((t for t in targets if t.kind in ("area", "observed", "event_times")), None)

    def balanced(other: _Shape) -> _Shape:
        return other if mean is None else _balanced(other, mean)

    shape = balanced(shape)
    loss = _loss(shape, targets)
    for count in range(moves):
        if loss == 0:
            return shape
        # In some orders of events and censorings the mean is out of reach.
        if count == _HOPELESS and mean is not None and _loss(shape, (mean,)) > 1:
            return None
        moved = shape.moved(draw, most)
        if moved is None:
            continue
        other = balanced(moved)
        new = _loss(other, targets)
        if new <= loss:
            shape, loss = other, new
    return shape if loss == 0 else None


# --- In fractions ----------------------------------------------------------------------------------


def _exact(shape: _Shape, decimals: int | None) -> list[Observation] | None:
    """Return the patients with their times in fractions; None if a stretch is too narrow."""
    found: list[Observation] = []
    end = Fraction(round(shape.end * 100), 100)
    for group, shares in zip(shape.groups, shape.shares, strict=True):
        stop = end if group.end is None else group.end
        width = stop - group.start
        previous, taken = group.start, 0
        for place, (share, event) in enumerate(zip(shares, group.events, strict=True)):
            if group.is_tied:
                found.append(Observation(group.start, event))
                continue
            is_last = group.end is None and share == 1.0
            if is_last:
                time = stop
            elif decimals is None:
                # Nobody leaves together, as their order counts.
                left = len(shares) - place
                taken = min(max(taken + 1, round(share * _GRAIN)), _GRAIN - left)
                time = group.start + width * Fraction(taken, _GRAIN)
            else:
                exact = group.start + width * Fraction(share)
                time = Fraction(round(exact * 10**decimals), 10**decimals)
            if time <= group.start or (time >= stop and group.end is not None) or time < previous:
                return None
            found.append(Observation(time, event))
            previous = time
    return found


def _meets(patients: Sequence[Observation], marks: Sequence[Landmark]) -> bool:
    """Return whether the rates of landmarks are met; their numbers are by their making."""
    steps = kaplan_meier(patients)
    for mark in marks:
        if mark.moment == "after" or mark.time is None:
            value = steps[-1].rate if mark.time is None else rate_at(steps, mark.time)
        else:
            value = rate_at(steps, mark.time, before=mark.moment == "before")
        if value not in mark.rate:
            return False
    return True


def _has(patients: Sequence[Observation], target: Target) -> bool:
    value = value_of(patients, target.kind, target.until)
    window = squared(target.window) if target.is_squared else target.window
    return value is not None and value in window


def fitted_patients(
    number: int,
    landmarks: Iterable[Landmark],
    targets: Sequence[Target],
    longest: Fraction | None = None,
    *,
    tries: int = 40,
    moves: int = 120,
    seed: int = 1,
    budget: int = BUDGET,
) -> tuple[Observation, ...] | None:
    """Construct patients with all that is printed of a curve.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        Rates, medians and numbers.
    targets : sequence of Target
        What depends on the times between the landmarks.
    longest : Fraction, optional
        Nobody was observed longer.
    tries : int
        How many orders of events and censorings are drawn at most.
    moves : int
        How often the times of each are moved.
    seed : int
        Of the drawing.
    budget : int
        How many spans of rates may be made.

    Returns
    -------
    tuple of Observation or None
        Patients in the order of time; None if none were found.

    Raises
    ------
    ValueError
        If there is no patient.

    Examples
    --------
    Fifty patients with a median of 60 months and a mean of 37.6 with a standard error of 4.3:

    >>> from netcore.printed import parse_printed
    >>> from netcore.stats.survival.medians import median_landmarks
    >>> def window(text):
    ...     return parse_printed(text).window("nearest")
    >>> marks = median_landmarks("first", window("60"), 50)
    >>> found = fitted_patients(
    ...     50, marks, [Target("area", window("37.6")), Target("area_error", window("4.3"))]
    ... )
    >>> round(float(value_of(found, "area")), 1), round(float(value_of(found, "area_error")) ** 0.5, 1)
    (37.6, 4.3)
    """
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")
    marks = in_order(landmarks)
    try:
        sets = BackwardSets(number, marks, budget=budget)
    except BudgetError:
        return None
    if sets.is_empty:
        return None
    draw = Random(seed)
    times = [float(mark.time) for mark in marks if mark.time is not None]
    heights = [float(end) for t in targets for end in (t.window.high,) if end is not None]
    last = max(times, default=0.0)
    most = None if longest is None else float(longest)
    # Many landmarks make each order dear.
    tries = min(tries, max(_FEWEST, _EFFORT // (number * max(1, len(marks)))))
    drawn = sets
    fixed = [target for target in targets if target.kind == "greenwood"]
    moving = [target for target in targets if target.kind != "greenwood"]
    count = 0
    dear = number * max(1, len(marks))
    for drawing in range(max(tries, min(tries * _DRAWN, _EFFORT * 3 // dear)) if fixed else tries):
        if count == tries or (not count and drawing == _PATIENCE):
            break
        if drawing % (1 if number * len(marks) < _SMALL else _REUSED) == 0:
            some = (_drawn(number, marks, draw, budget) for _ in range(_AGAIN))
            drawn = next((one for one in some if one is not None), sets)
        leaving = drawn.sequence(_STEPS, draw, draw.choice((0.0, 0.3, 0.7, 1.0)))
        if leaving is None:
            continue
        groups = _groups(marks, leaving, number - len(leaving), draw)
        # Short tails and long ones.
        room = max(last, *heights, 1.0) * 2 ** draw.uniform(draw.choice((-8, -1)), 2)
        end = last + room if most is None else last + min(room, (most - last) * draw.random())
        if end <= last and any(group.end is None for group in groups):
            continue
        shape = _start(groups, draw, end)
        # Greenwood's error hangs on the order alone, not on the times.
        if fixed and _loss(shape, fixed) > 1 / 4 * len(fixed):
            continue
        count += 1
        near = _searched(shape, moving, most, moves, Random(seed * 1_000 + count))
        for decimals in (1, 2, 3, None) if near is not None else ():
            assert near is not None
            found = _exact(near, decimals)
            if found is None or not _meets(found, marks):
                continue
            if longest is not None and max(who.time for who in found) > longest:
                continue
            if all(_has(found, target) for target in targets):
                return tuple(sorted(found))
    return None
