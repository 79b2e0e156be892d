"""Patients of two arms of any size with printed curves and a printed p-value, drawn at random.

Arms too large to be searched through can still be drawn: an order of events and censorings that
meets all that is printed, and times between the landmarks.  Moving those of one arm earlier and
those of the other later moves the p-value, step by step, over the printed one.  That none are
found proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple

from netcore.printed import Interval
from netcore.stats.survival.backward_sets import BackwardSets, BudgetError, Leaving
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.reachable import BUDGET

__all__ = ["draw_arms"]

_STEPS: Final = 20_000  # states that one drawing may look at
_ORDERS: Final = 8  # of which the one is taken whose patients are least crowded
_LARGE: Final = 400  # patients of an arm, beyond which fewer orders are looked at
_GRID: Final = 10_000  # times are parts of this between two landmarks
_LEAN: Final = (-3.0, -2.0, -1.2, -0.6, -0.2, 0.2, 0.6, 1.2, 2.0, 3.0)
_HALVINGS: Final = 14

Patients = tuple[tuple[Observation, ...], tuple[Observation, ...]]


class _Drawn(NamedTuple):
    """An order of events and censorings of one arm, and where between the landmarks they lie."""

    stretches: list[tuple[Fraction, Fraction, list[tuple[float, bool]]]]
    tied: list[Observation]

    def leaning(self, power: float) -> tuple[Observation, ...]:
        """Return the patients, earlier than drawn by a power above 1, later by one below it."""
        found = list(self.tied)
        for start, end, who in self.stretches:
            last = 0
            for place, (share, event) in enumerate(who):
                # Apart from one another and from the landmarks, in the order drawn.
                at = min(max(round(share**power * _GRID), last + 1), _GRID - len(who) + place)
                found.append(Observation(start + (end - start) * Fraction(at, _GRID), event))
                last = at
        return tuple(sorted(found))


class _Arm:
    """One arm, from which orders are drawn."""

    def __init__(self, number: int, landmarks: Iterable[Landmark], end: Fraction, budget: int):
        self.number = number
        self.marks = in_order(landmarks)
        self.sets = BackwardSets(number, self.marks, budget=budget)
        self.end = end

    def draw(self, random_: Random) -> _Drawn | None:
        times = [Fraction(0)]
        for mark in self.marks:
            times.append(self.end if mark.time is None else mark.time)

        def crowding(leaving: Sequence[Leaving]) -> float:
            """Return how many leave in the stretch in which they are closest together."""
            widths = [float(end - start) for start, end in pairwise(times)]
            here = [sum(who.stage == stage for who in leaving) for stage in range(len(widths))]
            return max((n / w for n, w in zip(here, widths, strict=True) if w > 0), default=0.0)

        tries = max(1, min(_ORDERS, _ORDERS * _LARGE // self.number))
        found = [self.sets.sequence(_STEPS, random_, random_.random()) for _ in range(tries)]
        orders = [order for order in found if order is not None]
        if not orders:
            return None
        leaving = min(orders, key=crowding)
        stretches = []
        for stage, (start, end) in enumerate(pairwise(times)):
            events = [who.event for who in leaving if who.stage == stage and not who.tied]
            if events and end <= start:
                return None
            stretches.append((start, end, self._placed(events, random_)))
        left = self.number - len(leaving)
        if left:
            chance = random_.random()
            events = [random_.random() < chance for _ in range(left)]
            end = max(times[-1] * 2, self.end)
            stretches.append((times[-1], end, self._placed(events, random_)))
        tied = [Observation(times[who.stage + 1], who.event) for who in leaving if who.tied]
        return _Drawn(stretches, tied)

    @staticmethod
    def _placed(events: Sequence[bool], random_: Random) -> list[tuple[float, bool]]:
        shares = sorted(random_.random() for _ in events)
        return list(zip(shares, events, strict=True))


def draw_arms(
    sizes: tuple[int, int],
    landmarks: tuple[Iterable[Landmark], Iterable[Landmark]],
    p_of: Callable[[Patients], float | None],
    p: Interval,
    accept: Callable[[Patients], bool],
    *,
    end: Fraction,
    tries: int = 60,
    seed: int = 1,
    budget: int = BUDGET,
) -> Patients | None:
    """Draw patients of two arms whose curves are as printed and whose p-value is in a window.

    Parameters
    ----------
    sizes : tuple of (int, int)
        How many patients each arm has.
    landmarks : tuple of (iterable of Landmark, iterable of Landmark)
        What is printed of each curve.
    p_of : callable
        The p-value of patients, in floats; None if it is not defined.
    p : Interval
        The window of the p-value.
    accept : callable
        Whether patients are as printed: exactly, and by whatever else they must have.
    end : Fraction
        When follow-up ends, later than all landmarks.
    tries : int
        How many orders are drawn.
    seed : int
        Of the drawing.
    budget : int
        How many spans of rates may be made for each arm.

    Returns
    -------
    tuple of (tuple of Observation, tuple of Observation) or None
        Patients that were accepted; None if none were found, which proves nothing.

    Raises
    ------
    ValueError
        If an arm has no patient.

    Examples
    --------
    Forty against fifty patients with medians of 10 and 14 months, and p between 0.045 and 0.055:

    >>> from netcore.stats.survival.medians import median_landmarks, median_of
    >>> from netcore.stats.survival.log_rank import log_rank_test
    >>> months = [Interval(Fraction(2 * m - 1, 2), Fraction(2 * m + 1, 2)) for m in (10, 14)]
    >>> marks = tuple(median_landmarks("first", m, n) for m, n in zip(months, (40, 50)))
    >>> found = draw_arms(
    ...     (40, 50),
    ...     marks,
    ...     lambda arms: float(log_rank_test(*arms).low),
    ...     Interval(Fraction(45, 1000), Fraction(55, 1000)),
    ...     lambda arms: True,
    ...     end=Fraction(60),
    ... )
    >>> [round(float(median_of(arm, "first"))) for arm in found]
    [10, 14]
    """
    if min(sizes) < 1:
        raise ValueError(f"found {min(sizes)} patients, expected at least 1 in each arm")
    try:
        first, second = (
            _Arm(number, marks, end, budget) for number, marks in zip(sizes, landmarks, strict=True)
        )
    except BudgetError:
        return None
    if first.sets.is_empty or second.sets.is_empty:
        return None
    low = 0.0 if p.low is None else float(p.low)
    high = 1.0 if p.high is None else float(p.high)
    random_ = Random(seed)
    for _ in range(tries):
        one, two = first.draw(random_), second.draw(random_)
        if one is None or two is None:
            return None
        found = _moved(one, two, p_of, (low, high), accept)
        if found is not None:
            return found
    return None


def _moved(
    one: _Drawn,
    two: _Drawn,
    p_of: Callable[[Patients], float | None],
    window: tuple[float, float],
    accept: Callable[[Patients], bool],
) -> Patients | None:
    """Move the times of both arms apart until the p-value is in the window."""
    low, high = window

    def at(lean: float) -> tuple[Patients, float | None]:
        patients = one.leaning(2.0**lean), two.leaning(2.0**-lean)
        return patients, p_of(patients)

    before: tuple[float, float] | None = None
    for lean in _LEAN:
        patients, p = at(lean)
        if p is None:
            before = None
            continue
        if low <= p <= high and accept(patients):
            return patients
        if before is not None and (before[1] < low) != (p < low):
            left, right = before[0], lean
            for _ in range(_HALVINGS):
                middle = (left + right) / 2
                patients, value = at(middle)
                if value is None:
                    break
                if low <= value <= high and accept(patients):
                    return patients
                if (value < low) == (before[1] < low):
                    left = middle
                else:
                    right = middle
        before = lean, p
    return None
