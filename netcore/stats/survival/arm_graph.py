"""The states of one arm between its printed survival rates, equal ones joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, factorial, floor, lgamma, log
from operator import itemgetter
from typing import Final

from netcore.printed import EVERYTHING, Interval

__all__ = ["Arm", "ArmGraph", "GraphTooLargeError", "Rate", "Row", "picker"]

_BITS: Final = 2 * 10**9
"""Binary digits of all states of an arm: that of 100,000 patients has 1.5 million in each."""

Row = list[int]
"""What each state of an arm is worth, and last what stands for no state."""


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


class ArmGraph:
    """States of one arm, by printed times passed and number at risk, with equal ones joined.

    ``censor``, ``event`` and ``pass_time`` give, for each state, the state after one patient
    less or one time more, -1 if there is none.

    Parameters
    ----------
    arm : Arm
        What is printed of the arm.
    times : sequence of Fraction
        Printed times of both arms.
    budget : int
        How many states there may be before equal ones are joined.

    Raises
    ------
    GraphTooLargeError
        If there are more, or their numbers are so long that they would fill the memory.
    """

    def __init__(self, arm: Arm, times: Sequence[Fraction], budget: int):
        self.number = n = arm.number
        # Rates are parts of n!, which has so many binary digits.
        budget = min(budget, int(_BITS / max(lgamma(n + 1) / log(2), 1)))
        if n + 1 > budget:  # there is a state at least for each number at risk
            raise GraphTooLargeError(f"more than {budget} states of {n} patients")
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
        self.pickers: dict[tuple[int, int, int], Callable[[Row], tuple[int, ...]]] = {}

    @cached_property
    def most_events(self) -> list[list[int]]:
        """How many events there can be at one time, by stage and number at risk; -1 if no state."""
        found = []
        for k in range(self.stages):
            most = []
            for r in range(self.number + 1):
                d = 0 if self.states(k, r) else -1
                while 0 <= d < r and max(self.events(k, r, d + 1)) >= 0:
                    d += 1
                most.append(d)
            found.append(most)
        return found

    def states(self, k: int, r: int) -> int:
        """Return how many states there are.

        Parameters
        ----------
        k : int
            Printed times that have passed.
        r : int
            Patients at risk.

        Returns
        -------
        int
            None that has no future is among them.
        """
        return len(self.censor[k][r])

    def events(self, k: int, r: int, d: int) -> tuple[int, ...]:
        """Return the states after d events at one time: the estimate is that of d times one.

        Parameters
        ----------
        k : int
            Printed times that have passed.
        r, d : int
            Patients at risk and events.

        Returns
        -------
        tuple of int
            For each state the one that follows, -1 for none.
        """
        if d == 0:
            return tuple(range(self.states(k, r)))
        key = k, r, d
        if key not in self._events:
            before = self.events(k, r, d - 1)
            step = self.event[k][r - d + 1]
            self._events[key] = tuple(-1 if i < 0 else step[i] for i in before)
        return self._events[key]

    def after_events(self, k: int, r: int, d: int) -> Callable[[Row], tuple[int, ...]]:
        """Return what picks, of a row of values, those of the states after d events.

        Parameters
        ----------
        k : int
            Printed times that have passed.
        r, d : int
            Patients at risk and events.

        Returns
        -------
        callable
            See :func:`picker`.
        """
        key = k, r, d
        if key not in self.pickers:
            self.pickers[key] = picker(self.events(k, r, d))
        return self.pickers[key]


def picker(where: tuple[int, ...]) -> Callable[[Row], tuple[int, ...]]:
    """Return what picks the entries of a row, and its last, which stands for nothing, at the end.

    Parameters
    ----------
    where : tuple of int
        Which entries; -1 is the last.

    Returns
    -------
    callable
        Of a row, the entries.

    Examples
    --------
    >>> picker((1, -1))([5, 6, 7])
    (6, 7, 7)
    """
    if where == ():
        return lambda row: (row[-1],)
    return itemgetter(*where, -1)
