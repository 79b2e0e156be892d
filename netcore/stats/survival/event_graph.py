"""All courses of events and censorings in two arms with printed survival rates.

Where an arm stands is the number still at risk and the Kaplan-Meier estimate so far.  Of two
estimates with which the same futures agree with what is printed, one is enough: the graph of
an arm keeps one state for all of them, so that 12 patients with one printed rate have about
fifty states, and both arms together can be searched through and through.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, factorial, floor
from operator import itemgetter
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation

__all__ = [
    "Arm",
    "Edge",
    "GraphTooLargeError",
    "Move",
    "Rate",
    "TwoArmGraph",
    "event_times",
]

_STATES: Final = 300_000
"""States of one arm before equal ones are joined."""

_CELLS: Final = 1_500_000
"""Pairs of states of two arms."""


class GraphTooLargeError(Exception):
    """The graph has more states than the budget allows."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A survival rate that is printed of one arm.

    Parameters
    ----------
    time : Fraction
        When; only the order of times matters.
    window : Interval
        Where the Kaplan-Meier estimate lies, events at this time included.
    at_risk : Interval
        How many are still followed after this time.  The estimate is carried forward where
        nobody is, unless this excludes 0.
    """

    time: Fraction
    window: Interval = EVERYTHING
    at_risk: Interval = EVERYTHING


@dataclass(frozen=True, slots=True)
class Arm:
    """What is printed of one arm.

    Parameters
    ----------
    number : int
        How many patients are analysed.
    rates : tuple of Rate
        Printed rates, earliest first.
    events : Interval
        How many events there are in all.

    Raises
    ------
    ValueError
        If the number is negative, or the times are not in order and after 0.
    """

    number: int
    rates: tuple[Rate, ...] = ()
    events: Interval = EVERYTHING

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError(f"found {self.number} patients, expected 0 or more")
        times = [Fraction(0), *(rate.time for rate in self.rates)]
        if any(b <= a for a, b in pairwise(times)):
            raise ValueError(
                f"found rates at {', '.join(map(str, times[1:]))}, expected times that increase "
                "from above 0"
            )


class Move(NamedTuple):
    """What happens next in two arms.

    Parameters
    ----------
    kind : str
        ``events``, ``censored`` (one patient) or ``time`` (a time of printed rates).
    first, second : int
        How many patients of each arm.
    """

    kind: str
    first: int = 0
    second: int = 0


class Edge(NamedTuple):
    """Events at one time, and what they add to a statistic.

    Parameters
    ----------
    first, second : int
        Events in each arm.
    gain : int
        What they add.
    """

    first: int
    second: int
    gain: int


Gains = Callable[[int, int], Sequence[Edge]]
"""The edges that leave a pair of numbers at risk."""

_Row = list[int]


def _whole(window: Interval, scale: int, greatest: int) -> range:
    """Return the whole numbers whose part of a scale lies in a window."""
    low, high = 0, greatest
    if window.low is not None:
        low = ceil(window.low * scale)
        low += not window.low_closed and low == window.low * scale
    if window.high is not None:
        high = floor(window.high * scale)
        high -= not window.high_closed and high == window.high * scale
    return range(max(low, 0), max(min(high, greatest) + 1, 0))


class _ArmGraph:
    """States of one arm, by printed times passed and number at risk, with equal ones joined.

    ``censor``, ``event`` and ``pass_time`` give, for each state, the state after one patient
    less or one time more, -1 if there is none.
    """

    def __init__(self, arm: Arm, times: Sequence[Fraction], budget: int):
        self.number = n = arm.number
        self.stages = len(times) + 1
        rates = {rate.time: rate for rate in arm.rates}
        # The estimate times n! is whole, also when it is reduced by one event of r patients.
        scale = factorial(n)
        windows = [_whole(rates.get(t, Rate(t)).window, scale, scale) for t in times]
        at_risk = [_whole(rates.get(t, Rate(t)).at_risk, 1, n) for t in times]
        events = _whole(arm.events, 1, n)
        is_counted = events != range(n + 1)
        least = [0] * self.stages  # what the estimate must not fall below at a later time
        for k in range(len(times) - 1, -1, -1):
            least[k] = max(windows[k].start, least[k + 1])
        reached: list[list[set[tuple[int, int]]]] = [
            [set() for _ in range(n + 1)] for _ in range(self.stages)
        ]
        reached[0][n].add((scale if len(times) else 0, 0))
        found = 0
        for k in range(self.stages):
            for r in range(n, -1, -1):
                here = reached[k][r]
                found += len(here)
                if found > budget:
                    raise GraphTooLargeError(f"more than {budget} states of {n} patients")
                for s, e in here:
                    if r:
                        reached[k][r - 1].add((s, e))
                        after = s // r * (r - 1), e + is_counted
                        if after[0] >= least[k] and after[1] < events.stop:
                            reached[k][r - 1].add(after)
                    if k < len(times) and s in windows[k] and r in at_risk[k]:
                        reached[k + 1][r].add((s if k + 1 < len(times) else 0, e))
        self.censor: list[list[tuple[int, ...]]] = [[()] * (n + 1) for _ in range(self.stages)]
        self.event: list[list[tuple[int, ...]]] = [[()] * (n + 1) for _ in range(self.stages)]
        self.pass_time: list[list[tuple[int, ...]]] = [[()] * (n + 1) for _ in range(self.stages)]
        self.can_end: list[tuple[bool, ...]] = [()] * (n + 1)
        names: list[list[dict[tuple[int, int], int]]] = [
            [{} for _ in range(n + 1)] for _ in range(self.stages)
        ]
        for k in range(self.stages - 1, -1, -1):
            is_last = k == self.stages - 1
            for r in range(n + 1):
                kinds: dict[tuple[int, int, int, bool], int] = {}
                for s, e in reached[k][r]:
                    ends = is_last and (not is_counted or e in events)
                    below = names[k][r - 1] if r else {}
                    kind = (
                        below.get((s, e), -1),
                        below.get((s // r * (r - 1), e + is_counted), -1) if r else -1,
                        -1,
                        ends,
                    )
                    if not is_last and s in windows[k] and r in at_risk[k]:
                        name = names[k + 1][r].get((s if k + 2 < self.stages else 0, e), -1)
                        kind = (*kind[:2], name, False)
                    if kind != (-1, -1, -1, False):
                        names[k][r][s, e] = kinds.setdefault(kind, len(kinds))
                self.censor[k][r] = tuple(kind[0] for kind in kinds)
                self.event[k][r] = tuple(kind[1] for kind in kinds)
                self.pass_time[k][r] = tuple(kind[2] for kind in kinds)
                if is_last:
                    self.can_end[r] = tuple(kind[3] for kind in kinds)
        self.is_possible = bool(names[0][n])
        self._events: dict[tuple[int, int, int], tuple[int, ...]] = {}

    def states(self, k: int, r: int) -> int:
        return len(self.censor[k][r])

    def events(self, k: int, r: int, d: int) -> tuple[int, ...]:
        """Return the states after d events at one time: the estimate is that of d times one."""
        if d == 0:
            return tuple(range(self.states(k, r)))
        key = k, r, d
        if key not in self._events:
            before = self.events(k, r, d - 1)
            step = self.event[k][r - d + 1]
            self._events[key] = tuple(-1 if i < 0 else step[i] for i in before)
        return self._events[key]


def _picker(where: tuple[int, ...]) -> Callable[[_Row], tuple[int, ...]]:
    """Return what picks the entries of a row, and its last, which stands for nothing, at the end."""
    if where == ():
        return lambda row: (row[-1],)
    return itemgetter(*where, -1)


class TwoArmGraph:
    """Everything that can happen in two arms, up to what is the same for every statistic.

    Parameters
    ----------
    first, second : Arm
        What is printed of the arms.
    states, cells : int
        Budgets: states of one arm, and pairs of states.

    Raises
    ------
    GraphTooLargeError
        If a budget is exceeded.

    Notes
    -----
    Between two times of printed rates each step is either one patient censored or d1 and d2
    events at one time.  In an arm with r at risk d events at one time multiply the estimate
    by (r - d) / r, as d events one after another would; so the states are the same with ties
    and without.  Events go before censorings at the same time, which therefore are steps of
    their own.  After the last step everyone left is censored.

    Examples
    --------
    One of two patients alive at one year in each arm, and the most events in the first:

    >>> half = Rate(Fraction(1), Interval.point(Fraction(1, 2)))
    >>> graph = TwoArmGraph(Arm(2, (half,)), Arm(2, (half,)))
    >>> value, _ = graph.longest(lambda r1, r2: [Edge(1, 0, 1)] * (r1 > 0) + [Edge(0, 1, 0)] * (r2 > 0))
    >>> value
    2
    """

    def __init__(self, first: Arm, second: Arm, *, states: int = _STATES, cells: int = _CELLS):
        self.first, self.second = first, second
        self._budgets = states, cells
        self.times = tuple(sorted({rate.time for arm in (first, second) for rate in arm.rates}))
        self._one = _ArmGraph(first, self.times, states)
        self._two = (
            self._one if first == second else _ArmGraph(second, self.times, states)
        )  # the same arm twice is made once
        one, two = self._one, self._two
        self.cells = sum(
            sum(one.states(k, r) for r in range(one.number + 1))
            * sum(two.states(k, r) for r in range(two.number + 1))
            for k in range(one.stages)
        )
        if self.cells > cells:
            raise GraphTooLargeError(f"{self.cells} pairs of states, more than {cells}")

    @property
    def sizes(self) -> tuple[int, int]:
        """How many patients each arm has."""
        return self.first.number, self.second.number

    @cached_property
    def turned(self) -> TwoArmGraph:
        """The same with the second arm as the first."""
        states, cells = self._budgets
        return TwoArmGraph(self.second, self.first, states=states, cells=cells)

    @cached_property
    def is_possible(self) -> bool:
        """Whether each arm has a course at all."""
        return self._one.is_possible and self._two.is_possible

    def _values(self, gains: Gains, nothing: int) -> list[list[list[list[_Row]]]]:
        """Return what each state of the arms can still gain, by stage and numbers at risk."""
        one, two = self._one, self._two
        stages: list[list[list[list[_Row]]]] = [[] for _ in range(one.stages)]
        edges = {
            (r1, r2): gains(r1, r2)
            for r1 in range(one.number + 1)
            for r2 in range(two.number + 1)
            if r1 + r2
        }
        for k in range(one.stages - 1, -1, -1):
            grid: list[list[list[_Row]]] = [[] for _ in range(one.number + 1)]
            stages[k] = grid
            for r1 in range(one.number + 1):
                for r2 in range(two.number + 1):
                    grid[r1].append(
                        self._block(stages, k, r1, r2, edges.get((r1, r2), ()), nothing)
                    )
        return stages

    def _block(
        self,
        stages: list[list[list[list[_Row]]]],
        k: int,
        r1: int,
        r2: int,
        edges: Sequence[Edge],
        nothing: int,
    ) -> list[_Row]:
        one, two = self._one, self._two
        width = two.states(k, r2) + 1
        grid = stages[k]
        is_last = k == one.stages - 1
        pick_censored = _picker(two.censor[k][r2])
        pick_time = _picker(two.pass_time[k][r2])
        moves = [
            (
                one.events(k, r1, edge.first),
                grid[r1 - edge.first][r2 - edge.second],
                _picker(two.events(k, r2, edge.second)) if edge.second else None,
                edge.gain,
            )
            for edge in edges
            if edge.first
        ]
        block: list[_Row] = []
        for i in range(one.states(k, r1)):
            rows: list[Sequence[int]] = [[nothing] * width]
            if is_last:
                ends = one.can_end[r1][i]
                rows.append([0 if ends and e else nothing for e in (*two.can_end[r2], False)])
            elif (j := one.pass_time[k][r1][i]) >= 0:
                rows.append(pick_time(stages[k + 1][r1][r2][j]))
            if r1 and (j := one.censor[k][r1][i]) >= 0:
                rows.append(grid[r1 - 1][r2][j])
            if r2:
                rows.append(pick_censored(grid[r1][r2 - 1][i]))
            for after, rest, pick, gain in moves:
                if (j := after[i]) >= 0:
                    row = rest[j] if pick is None else pick(rest[j])
                    rows.append([value + gain for value in row])
            for edge in edges:
                if not edge.first:
                    row = _picker(two.events(k, r2, edge.second))(grid[r1][r2 - edge.second][i])
                    rows.append([value + edge.gain for value in row])
            best = list(map(max, *rows))
            best[-1] = nothing
            block.append(best)
        return block

    def longest(self, gains: Gains) -> tuple[int, tuple[Move, ...]] | None:
        """Return the greatest sum of gains and one course that has it.

        Parameters
        ----------
        gains : callable
            For numbers at risk r1 and r2, the edges and what they add.  Edges that are left
            out must not be needed: each must be matched by others that lead to the same
            numbers and add as much.

        Returns
        -------
        tuple of (int, tuple of Move) or None
            None if an arm has no course.
        """
        if not self.is_possible:
            return None
        n1, n2 = self.sizes
        edges = {(r1, r2): gains(r1, r2) for r1 in range(n1 + 1) for r2 in range(n2 + 1) if r1 + r2}
        most = max((abs(edge.gain) for found in edges.values() for edge in found), default=0)
        # Whatever is added to it on the way, it stays below every sum of gains.
        nothing = -4 * (n1 + n2 + 1) * (most + 1)
        stages = self._values(lambda r1, r2: edges[r1, r2], nothing)
        value = stages[0][n1][n2][0][0]
        if value < nothing // 2:
            return None
        return value, tuple(self._walk(stages, edges))

    def _walk(
        self, stages: list[list[list[list[_Row]]]], edges: dict[tuple[int, int], Sequence[Edge]]
    ) -> list[Move]:
        """Follow the greatest values from the start."""
        one, two = self._one, self._two
        k, r1, r2, i, j = 0, *self.sizes, 0, 0
        steps: list[Move] = []
        while True:
            value = stages[k][r1][r2][i][j]
            if k == one.stages - 1:
                if value == 0 and one.can_end[r1][i] and two.can_end[r2][j]:
                    return steps
            else:
                a, b = one.pass_time[k][r1][i], two.pass_time[k][r2][j]
                if a >= 0 and b >= 0 and stages[k + 1][r1][r2][a][b] == value:
                    steps.append(Move("time"))
                    k, i, j = k + 1, a, b
                    continue
            for edge in edges.get((r1, r2), ()):
                a = one.events(k, r1, edge.first)[i]
                b = two.events(k, r2, edge.second)[j]
                left = r1 - edge.first, r2 - edge.second
                if min(a, b) >= 0 and stages[k][left[0]][left[1]][a][b] + edge.gain == value:
                    steps.append(Move("events", edge.first, edge.second))
                    (r1, r2), i, j = left, a, b
                    break
            else:
                a = one.censor[k][r1][i] if r1 else -1
                if a >= 0 and stages[k][r1 - 1][r2][a][j] == value:
                    steps.append(Move("censored", 1, 0))
                    r1, i = r1 - 1, a
                else:
                    steps.append(Move("censored", 0, 1))
                    j = two.censor[k][r2][j]
                    r2 -= 1

    def random_course(
        self,
        random_: random.Random,
        weights: Callable[[int, int], Sequence[tuple[int, int, float]]],
        censored: float,
    ) -> tuple[Move, ...] | None:
        """Return one course, drawn step by step.

        Parameters
        ----------
        random_ : random.Random
            What draws.
        weights : callable
            For numbers at risk r1 and r2, events of each arm and how likely they are, more
            than 0.
        censored : float
            How likely a step is that is no event.

        Returns
        -------
        tuple of Move or None
            None if an arm has no course; from every state that is kept there is one.
        """
        if not self.is_possible:
            return None
        one, two = self._one, self._two
        k, r1, r2, i, j = 0, *self.sizes, 0, 0
        steps: list[Move] = []
        while True:
            options: list[tuple[Move | None, int, int]] = []
            chances: list[float] = []
            if k == one.stages - 1:
                if one.can_end[r1][i] and two.can_end[r2][j]:
                    options.append((None, 0, 0))
                    chances.append(censored)
            else:
                a, b = one.pass_time[k][r1][i], two.pass_time[k][r2][j]
                if a >= 0 and b >= 0:
                    options.append((Move("time"), a, b))
                    chances.append(1.0)
            if r1 and (a := one.censor[k][r1][i]) >= 0:
                options.append((Move("censored", 1, 0), a, j))
                chances.append(censored)
            if r2 and (b := two.censor[k][r2][j]) >= 0:
                options.append((Move("censored", 0, 1), i, b))
                chances.append(censored)
            for d1, d2, chance in weights(r1, r2) if r1 + r2 else ():
                a, b = one.events(k, r1, d1)[i], two.events(k, r2, d2)[j]
                if min(a, b) >= 0:
                    options.append((Move("events", d1, d2), a, b))
                    chances.append(chance)
            step, i, j = random_.choices(options, chances)[0]
            if step is None:
                return tuple(steps)
            steps.append(step)
            k, r1, r2 = k + (step.kind == "time"), r1 - step.first, r2 - step.second

    def observations(
        self, steps: Sequence[Move]
    ) -> tuple[tuple[Observation, ...], tuple[Observation, ...]]:
        """Return patients of both arms with a course, at times between the printed ones.

        Parameters
        ----------
        steps : sequence of Move
            What happens, in order.

        Returns
        -------
        tuple of (tuple of Observation, tuple of Observation)
            The patients of each arm, earliest first.
        """
        arms: tuple[list[Observation], list[Observation]] = ([], [])
        segments: list[list[Move]] = [[]]
        for step in steps:
            if step.kind == "time":
                segments.append([])
            else:
                segments[-1].append(step)
        ends = (Fraction(0), *self.times)
        now = Fraction(0)
        for k, segment in enumerate(segments):
            width = ends[k + 1] - ends[k] if k + 1 < len(ends) else Fraction(len(segment) + 1)
            for m, step in enumerate(segment, 1):
                now = ends[k] + width * m / (len(segment) + 1)
                for arm, number in zip(arms, (step.first, step.second), strict=True):
                    arm.extend([Observation(now, step.kind == "events")] * number)
        last = max(now, ends[-1]) + 1
        for arm, size in zip(arms, self.sizes, strict=True):
            arm.extend([Observation(last, False)] * (size - len(arm)))
        return tuple(arms[0]), tuple(arms[1])


def event_times(
    first: Sequence[Observation], second: Sequence[Observation]
) -> tuple[tuple[int, int, int, int], ...]:
    """Return numbers at risk and events of both arms at each time of an event.

    Parameters
    ----------
    first, second : sequence of Observation
        The patients of each arm.

    Returns
    -------
    tuple of (int, int, int, int)
        Numbers r1, r2, d1 and d2, the earliest time first; those censored at a time are at risk.

    Examples
    --------
    >>> event_times([Observation(Fraction(1), True)], [Observation(Fraction(1), False)])
    ((1, 1, 1, 0),)
    """
    observed = [sorted(x.time for x in arm) for arm in (first, second)]
    events: dict[Fraction, tuple[int, int]] = {}
    for arm, one, two in ((first, 1, 0), (second, 0, 1)):
        for x in arm:
            if x.event:
                d1, d2 = events.get(x.time, (0, 0))
                events[x.time] = d1 + one, d2 + two
    r1, r2 = ([len(arm) - bisect_left(arm, t) for t in sorted(events)] for arm in observed)
    return tuple((one, two, *events[t]) for t, one, two in zip(sorted(events), r1, r2, strict=True))
