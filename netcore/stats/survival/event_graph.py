"""All courses of events and censorings in two arms with printed survival rates.

Where an arm stands is the number still at risk and the Kaplan-Meier estimate so far.  Of two
estimates with which the same futures agree with what is printed, one is enough: the graph of
an arm keeps one state for all of them, so that 12 patients with one printed rate have about
fifty states, and both arms together can be searched through and through.
"""

from __future__ import annotations

import random
from bisect import bisect, bisect_left
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

from netcore.stats.survival.arm_graph import (
    Arm,
    ArmGraph,
    GraphTooLargeError,
    Rate,
    Row,
    picker,
)
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

_Cell = tuple[int, int, int, int, int]
"""Times passed, patients at risk in each arm, and the state of each."""


_Option = tuple[Move | None, int, int]
"""A step, None at the end, and the states of both arms after it."""


class _Options(NamedTuple):
    """Where two arms can go from a pair of states: all but events, and events."""

    others: tuple[_Option, ...]
    events: dict[tuple[int, int], _Option]


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

    >>> from netcore.printed import Interval
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
        self._one = ArmGraph(first, self.times, states)
        self._two = (
            self._one if first == second else ArmGraph(second, self.times, states)
        )  # the same arm twice is made once
        one, two = self._one, self._two
        self.cells = sum(
            sum(one.states(k, r) for r in range(one.number + 1))
            * sum(two.states(k, r) for r in range(two.number + 1))
            for k in range(one.stages)
        )
        if self.cells > cells:
            raise GraphTooLargeError(f"{self.cells} pairs of states, more than {cells}")
        self._options: dict[_Cell, _Options] = {}

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

    @cached_property
    def edges(self) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
        """For numbers at risk that occur, the events of each arm that are possible at one time."""
        found: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for first, second in zip(self._one.most_events, self._two.most_events, strict=True):
            for (r1, d1), (r2, d2) in product(enumerate(first), enumerate(second)):
                if min(d1, d2) >= 0:
                    here = found.setdefault((r1, r2), set())
                    here.update(product(range(d1 + 1), range(d2 + 1)))
        return {
            numbers: tuple(sorted(edges - {(0, 0)})) for numbers, edges in sorted(found.items())
        }

    def _values(
        self, edges: dict[tuple[int, int], Sequence[Edge]], nothing: int
    ) -> list[list[list[list[Row]]]]:
        """Return what each state of the arms can still gain, by stage and numbers at risk."""
        one, two = self._one, self._two
        stages: list[list[list[list[Row]]]] = [
            [[[] for _ in range(two.number + 1)] for _ in range(one.number + 1)]
            for _ in range(one.stages)
        ]
        for k in range(one.stages - 1, -1, -1):
            first, second = one.most_events[k], two.most_events[k]
            seconds = [(r2, most) for r2, most in enumerate(second) if most >= 0]
            for r1, most in enumerate(first):
                if most < 0:
                    continue
                for r2, other in seconds:
                    here = [
                        edge
                        for edge in edges.get((r1, r2), ())
                        if edge.first <= most and edge.second <= other
                    ]
                    stages[k][r1][r2] = self._block(stages, k, r1, r2, here, nothing)
        return stages

    def _block(
        self,
        stages: list[list[list[list[Row]]]],
        k: int,
        r1: int,
        r2: int,
        edges: Sequence[Edge],
        nothing: int,
    ) -> list[Row]:
        one, two = self._one, self._two
        width = two.states(k, r2) + 1
        grid = stages[k]
        is_last = k == one.stages - 1
        pick_censored = picker(two.censor[k][r2])
        pick_time = picker(two.pass_time[k][r2])
        is_next = not is_last and two.states(k + 1, r2) > 0
        is_below = r2 > 0 and two.states(k, r2 - 1) > 0
        moves = [
            (
                one.events(k, r1, edge.first),
                grid[r1 - edge.first][r2 - edge.second],
                two.after_events(k, r2, edge.second) if edge.second else None,
                edge.gain,
            )
            for edge in edges
            if edge.first
        ]
        others = [
            (grid[r1][r2 - edge.second], two.after_events(k, r2, edge.second), edge.gain)
            for edge in edges
            if not edge.first
        ]
        block: list[Row] = []
        for i in range(one.states(k, r1)):
            rows: list[Sequence[int]] = [[nothing] * width]
            if is_last:
                ends = one.can_end[r1][i]
                rows.append([0 if ends and e else nothing for e in (*two.can_end[r2], False)])
            elif is_next and (j := one.pass_time[k][r1][i]) >= 0:
                rows.append(pick_time(stages[k + 1][r1][r2][j]))
            if r1 and (j := one.censor[k][r1][i]) >= 0:
                rows.append(grid[r1 - 1][r2][j])
            if is_below:
                rows.append(pick_censored(grid[r1][r2 - 1][i]))
            for after, rest, pick, gain in moves:
                if (j := after[i]) >= 0:
                    row = rest[j] if pick is None else pick(rest[j])
                    rows.append([value + gain for value in row])
            for rest, after_second, gain in others:
                rows.append([value + gain for value in after_second(rest[i])])
            best = list(map(max, *rows))
            best[-1] = nothing
            block.append(best)
        return block

    def longest(self, gains: Gains) -> tuple[int, tuple[Move, ...]] | None:
        """Return the greatest sum of gains and one course that has it.

        Parameters
        ----------
        gains : callable
            For numbers at risk r1 and r2, the edges and what they add; it is asked of those in
            :attr:`edges` alone.  Edges that are left out must not be needed: each must be
            matched by others that lead to the same numbers and add as much.

        Returns
        -------
        tuple of (int, tuple of Move) or None
            None if an arm has no course.
        """
        if not self.is_possible:
            return None
        n1, n2 = self.sizes
        edges = {numbers: gains(*numbers) for numbers, some in self.edges.items() if some}
        most = max((abs(edge.gain) for found in edges.values() for edge in found), default=0)
        # Whatever is added to it on the way, it stays below every sum of gains.
        nothing = -4 * (n1 + n2 + 1) * (most + 1)
        stages = self._values(edges, nothing)
        value = stages[0][n1][n2][0][0]
        if value < nothing // 2:
            return None
        return value, tuple(self._walk(stages, edges))

    def _walk(
        self, stages: list[list[list[list[Row]]]], edges: dict[tuple[int, int], Sequence[Edge]]
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
            than 0; those not in :attr:`edges` are not drawn.
        censored : float
            How likely a step is that is no event.

        Returns
        -------
        tuple of Move or None
            None if an arm has no course; from every state that is kept there is one.
        """
        if not self.is_possible:
            return None
        k, r1, r2, i, j = 0, *self.sizes, 0, 0
        steps: list[Move] = []
        while True:
            cell = k, r1, r2, i, j
            here = self._options.get(cell) or self._options_of(cell)
            options = list(here.others)
            total = 0.0
            ends = []  # of the stretches of all options, laid end to end
            for step, _, _ in options:
                total += 1.0 if step is not None and step.kind == "time" else censored
                ends.append(total)
            if here.events:
                after = here.events
                for d1, d2, chance in weights(r1, r2):
                    option = after.get((d1, d2))
                    if option is not None:
                        total += chance
                        ends.append(total)
                        options.append(option)
            step, i, j = options[bisect(ends, random_.random() * total, 0, len(ends) - 1)]
            if step is None:
                return tuple(steps)
            steps.append(step)
            k, r1, r2 = k + (step.kind == "time"), r1 - step.first, r2 - step.second

    def _options_of(self, cell: _Cell) -> _Options:
        if cell not in self._options:
            one, two = self._one, self._two
            k, r1, r2, i, j = cell
            firsts, seconds = (
                [
                    (d, state_after)
                    for d in range(arm.most_events[k][r] + 1)
                    if (state_after := arm.events(k, r, d)[state]) >= 0
                ]
                for arm, r, state in ((one, r1, i), (two, r2, j))
            )
            others: list[_Option] = []
            if k == one.stages - 1 and one.can_end[r1][i] and two.can_end[r2][j]:
                others.append((None, 0, 0))
            if k < one.stages - 1:
                passed = one.pass_time[k][r1][i], two.pass_time[k][r2][j]
                if min(passed) >= 0:
                    others.append((Move("time"), *passed))
            if r1 and (a := one.censor[k][r1][i]) >= 0:
                others.append((Move("censored", 1, 0), a, j))
            if r2 and (b := two.censor[k][r2][j]) >= 0:
                others.append((Move("censored", 0, 1), i, b))
            self._options[cell] = _Options(
                tuple(others),
                {
                    (d1, d2): (Move("events", d1, d2), a, b)
                    for d1, a in firsts
                    for d2, b in seconds
                    if d1 + d2
                },
            )
        return self._options[cell]

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
