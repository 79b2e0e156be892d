"""Patients with all that is printed of their curve: rates, medians, a mean and its spread.

The order of events and censorings is drawn from those that meet the landmarks.  Then the times are
moved, in floating point, until the mean and the others are near; what is returned was
recomputed in fractions.  That none are found proves nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import sqrt
from operator import mul, sub
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
_HALVINGS: Final = 14  # of how far everybody is moved


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


class _Group(NamedTuple):
    """Patients who leave between two landmarks, or at one."""

    start: Fraction
    end: Fraction | None  # None: the last time of observation, which moves
    events: tuple[bool, ...]
    is_tied: bool


class _Order:
    """Who leaves after whom, and what follows from that at whatever times they leave."""

    def __init__(self, groups: Sequence[_Group]):
        self.groups = groups
        self.starts = [float(group.start) for group in groups]
        self.ends = [None if group.end is None else float(group.end) for group in groups]
        self.free = [
            place for place, group in enumerate(groups) if group.events and not group.is_tied
        ]
        self.tail = max(
            (start for start, end in zip(self.starts, self.ends, strict=True) if end is None),
            default=None,
        )
        self.events = [event for group in groups for event in group.events]
        # The curve before each patient leaves, by how much it falls then, and the weights of
        # the variance of an area.
        self.rates: list[float] = []
        self.falls: list[float] = []
        self.weights: list[float] = []
        rate = 1.0
        for place, event in enumerate(self.events):
            r = len(self.events) - place
            self.rates.append(rate)
            self.falls.append(rate / r if event else 0.0)
            self.weights.append(1 / (r * (r - 1)) if event and r > 1 else 0.0)
            rate -= self.falls[-1]
        self.rest = rate


class _Aim:
    """A target in floats."""

    def __init__(self, target: Target):
        self.kind = target.kind
        self.until = None if target.until is None else float(target.until)
        self.low = None if target.window.low is None else float(target.window.low)
        self.high = None if target.window.high is None else float(target.window.high)
        is_two_sided = self.low is not None and self.high is not None
        self.width = 1.0
        if self.low is not None and self.high is not None and self.high > self.low:
            self.width = self.high - self.low
        # Aimed at the middle half, so that rounding of times does no harm.
        self.rim = self.width / 4 if is_two_sided else 0.0

    def excess(self, value: float) -> float:
        """Return how far a value is above the middle half, or (negative) below it."""
        if self.low is not None and value < self.low + self.rim:
            return (value - self.low - self.rim) / self.width
        if self.high is not None and value > self.high - self.rim:
            return (value - self.high + self.rim) / self.width
        return 0.0

    def value(self, order: _Order, times: Sequence[float]) -> float:
        """Return what patients have who leave at some times, in their order."""
        kind = self.kind
        if kind.startswith("area"):
            end = times[-1] if self.until is None else self.until
            seen, rate = times, order.rest
            if end < times[-1]:
                seen = times[: bisect_right(times, end)]
                rate = order.rates[len(seen)]
            if kind == "area":
                return float(sum(map(mul, order.falls, seen)) + rate * end)
            widths = map(sub, seen, [0.0, *seen[:-1]])
            here = list(accumulate(map(mul, order.rates, widths)))
            total = (here[-1] + rate * (end - seen[-1])) if seen else end
            return sqrt(sum(w * (total - one) ** 2 for w, one in zip(order.weights, here) if w))  # noqa: B905
        if kind == "greenwood":
            end = times[-1] if self.until is None else self.until
            gone = bisect_right(times, end)
            rate = order.rates[gone] if gone < len(times) else order.rest
            return rate * sqrt(sum(order.weights[:gone]))
        if kind == "interpolated":
            return _interpolated(order, times)
        counted = times
        if not kind.startswith("observed"):
            counted = [time for time, event in zip(times, order.events, strict=True) if event]
        return _moments(counted, kind)


def _interpolated(order: _Order, times: Sequence[float]) -> float:
    last = 0.0
    for time, event, rate, fall in zip(times, order.events, order.rates, order.falls, strict=True):
        if event:
            if rate - fall <= 0.5:
                return last + (time - last) * (rate - 0.5) / fall
            last = time
    return 2 * times[-1] + 1


def _moments(times: Sequence[float], kind: str) -> float:
    if len(times) < 2:
        return -1.0
    mean = sum(times) / len(times)
    if kind in ("observed", "event_times"):
        return mean
    variance = sum((time - mean) ** 2 for time in times) / (len(times) - 1)
    return sqrt(variance if kind.endswith("_sd") else variance / len(times))


# --- Times in their stretches ----------------------------------------------------------------------


class _Shape:
    """Where the patients of each stretch are, as shares of it."""

    def __init__(self, order: _Order, end: float, shares: list[list[float]]):
        self.order, self.end, self.shares = order, end, shares

    def times(self) -> list[float]:
        """Return the times, in their order."""
        found: list[float] = []
        order = self.order
        for start, stop, shares in zip(order.starts, order.ends, self.shares, strict=True):
            width = (self.end if stop is None else stop) - start
            found += [start + width * share for share in shares]
        return found

    def moved(self, draw: Random, most: float | None) -> _Shape | None:
        """Return a neighbour."""
        order = self.order
        if order.tail is not None and (not order.free or draw.random() < 0.2):
            end = order.tail + (self.end - order.tail) * 2 ** draw.uniform(-1, 1)
            if most is not None and end > most:
                return None
            return _Shape(order, end, self.shares)
        if not order.free:
            return None
        place = draw.choice(order.free)
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
        if order.ends[place] is None:
            new[-1] = 1.0  # the last observation is the end
        shares = list(self.shares)
        shares[place] = new
        return _Shape(order, self.end, shares)

    def shifted(self, by: float) -> _Shape:
        """Return all between landmarks earlier (by < 0) or later by a share of the way."""
        shares = list(self.shares)
        for place in self.order.free:
            old = self.shares[place]
            new = [u * (1 + by) for u in old] if by < 0 else [1 - (1 - u) * (1 - by) for u in old]
            if self.order.ends[place] is None:
                new[-1] = 1.0  # the last observation is the end
            shares[place] = new
        return _Shape(self.order, self.end, shares)


def _drawn(
    number: int, marks: Sequence[Landmark], draw: Random, budget: int
) -> BackwardSets | None:
    """Return the sets for some of the rates and numbers at risk that the landmarks leave open.

    None if the budget is used up.
    """
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
        return BackwardSets(number, in_order(closer), budget=budget)
    except BudgetError:
        return None


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


def _start(order: _Order, draw: Random, end: float) -> _Shape:
    shares = []
    for group in order.groups:
        if group.is_tied:
            shares.append([0.0] * len(group.events))
            continue
        places = sorted(draw.uniform(0.001, 0.999) for _ in group.events)
        if group.end is None:
            places[-1] = 1.0
        shares.append(places)
    return _Shape(order, end, shares)


def _loss(shape: _Shape, aims: Sequence[_Aim]) -> float:
    times = shape.times()
    return sum(abs(aim.excess(aim.value(shape.order, times))) for aim in aims)


def _balanced(shape: _Shape, aim: _Aim) -> _Shape:
    """Move everybody until a mean, which grows with each time, is near; or as far as it goes."""
    order = shape.order
    start = aim.value(order, shape.times())
    here = aim.excess(start)
    if here == 0:
        return shape
    far = 0.999 if here < 0 else -0.999
    change = (aim.value(order, shape.shifted(far).times()) - start) / far
    low, high = 0.0, far
    middle = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # A mean changes in proportion, save an area that ends at a time of its own.
        value = start + change * middle
        if aim.until is not None:
            value = aim.value(order, shape.shifted(middle).times())
        there = aim.excess(value)
        if there == 0:
            break
        if (there > 0) == (here > 0):
            low = middle
        else:
            high = middle
    return shape.shifted(middle)


def _searched(
    shape: _Shape, aims: Sequence[_Aim], most: float | None, moves: int, draw: Random
) -> _Shape | None:
    """Return a shape near to all targets: after each move the mean is balanced first."""
    mean = next((aim for aim in aims if aim.kind in ("area", "observed", "event_times")), None)

    def balanced(other: _Shape) -> _Shape:
        return other if mean is None else _balanced(other, mean)

    shape = balanced(shape)
    loss = _loss(shape, aims)
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
        new = _loss(other, aims)
        if new <= loss:
            shape, loss = other, new
    return shape if loss == 0 else None


# --- In fractions ----------------------------------------------------------------------------------


def _exact(shape: _Shape, decimals: int | None) -> list[Observation] | None:
    """Return the patients with their times in fractions; None if a stretch is too narrow."""
    found: list[Observation] = []
    end = Fraction(round(shape.end * 100), 100)
    for group, shares in zip(shape.order.groups, shape.shares, strict=True):
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
        How many spans of rates may be made of all that is printed, and how many of some numbers
        at risk that are drawn.

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
    fixed = [_Aim(target) for target in targets if target.kind == "greenwood"]
    moving = [_Aim(target) for target in targets if target.kind != "greenwood"]
    count = 0
    dear = number * max(1, len(marks))
    for drawing in range(max(tries, min(tries * _DRAWN, _EFFORT * 3 // dear)) if fixed else tries):
        if count == tries or (not count and drawing == _PATIENCE):
            break
        if drawing % (1 if number * len(marks) < _SMALL else _REUSED) == 0:
            drawn = sets
            for _ in range(_AGAIN):
                some = _drawn(number, marks, draw, budget) if budget else None
                budget = 0 if some is None else budget - some.spent
                if some is not None and not some.is_empty:
                    drawn = some
                    break
        leaving = drawn.sequence(_STEPS, draw, draw.choice((0.0, 0.3, 0.7, 1.0)))
        if leaving is None:
            continue
        groups = _groups(marks, leaving, number - len(leaving), draw)
        # Short tails and long ones.
        room = max(last, *heights, 1.0) * 2 ** draw.uniform(draw.choice((-8, -1)), 2)
        end = last + room if most is None else last + min(room, (most - last) * draw.random())
        if end <= last and any(group.end is None for group in groups):
            continue
        shape = _start(_Order(groups), draw, end)
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
