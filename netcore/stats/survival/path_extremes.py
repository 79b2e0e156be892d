"""The extremes of U^2 / V over all courses of two arms, where U and V are sums over event times."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import exp, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from netcore.printed import Interval
from netcore.stats.survival.event_graph import Gains, Move, TwoArmGraph
from netcore.stats.survival.needed_edges import edge_table

if TYPE_CHECKING:
    from netcore.stats.survival.needed_edges import Floats

__all__ = [
    "Bound",
    "Extremes",
    "Measure",
    "Statistic",
    "Terms",
    "all_edges",
    "course_within",
    "extremes",
    "greatest_above",
    "is_ever_defined",
    "stays_below",
    "steps_to_event_times",
    "under_chord",
]

_EVALUATIONS: Final = 200
"""Longest paths that one extreme may take; a few are enough for any graph seen so far."""


_STEEPEST: Final = 60.0
"""The greatest exponent by which events are preferred."""

_ROUNDING: Final = 1e-9
"""How far floats may be from the square that is worked out in fractions, as a share of it."""


class Measure(ABC):
    """What a test makes of one course."""

    __slots__ = ()

    @abstractmethod
    def square(self, event_times: Sequence[tuple[int, int, int, int]]) -> Interval | None:
        """Return U^2 / V, None if V is 0.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        Interval or None
            A closed interval that holds it.
        """

    @abstractmethod
    def near(self, event_times: Sequence[tuple[int, int, int, int]]) -> float | None:
        """Return U / sqrt(V) in floats, for a search.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        float or None
            None if V is 0.
        """

    @abstractmethod
    def side(self, event_times: Sequence[tuple[int, int, int, int]]) -> int:
        """Return the sign of U.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        int
            It is 1, -1 or 0.
        """


class Terms(NamedTuple):
    """What events at one time add, times a common scale.

    Parameters
    ----------
    low, high : int
        Bounds on what they add to U, equal where that is rational.
    variance : int
        What they add to V.
    """

    low: int
    high: int
    variance: int


@dataclass(frozen=True, slots=True)
class Statistic(Measure):
    """A statistic U^2 / V that is a sum over event times, above and below.

    Parameters
    ----------
    scale : int
        By which all terms are multiplied.
    terms : callable
        For r1, r2, d1 and d2, the terms; U counts events of the first arm as positive.
    """

    scale: int
    terms: Callable[[int, int, int, int], Terms]

    def sums(self, event_times: Sequence[tuple[int, int, int, int]]) -> Terms:
        """Return U and V of one course, times the scale.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        Terms
            The sums.
        """
        found = [self.terms(*time) for time in event_times]
        return Terms(
            sum(term.low for term in found),
            sum(term.high for term in found),
            sum(term.variance for term in found),
        )

    def square(self, event_times: Sequence[tuple[int, int, int, int]]) -> Interval | None:
        """Return U^2 / V of one course.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        Interval or None
            A closed interval, a point where all is rational; None if V is 0, for then the
            statistic is not defined.
        """
        low, high, variance = self.sums(event_times)
        if not variance:
            return None
        ends = sorted(end * end for end in (low, high))
        least = 0 if low < 0 < high else ends[0]
        return Interval(
            Fraction(least, variance * self.scale), Fraction(ends[1], variance * self.scale)
        )

    def near(self, event_times: Sequence[tuple[int, int, int, int]]) -> float | None:
        """Return U / sqrt(V) of one course in floats.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        float or None
            None if V is 0.
        """
        low, high, variance = self.sums(event_times)
        if not variance:
            return None
        z = sqrt(max(low * low, high * high) / (variance * self.scale))
        return z if (low > 0) >= (high < 0) else -z

    def side(self, event_times: Sequence[tuple[int, int, int, int]]) -> int:
        """Return the sign of U of one course.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        int
            It is 1, -1 or, also where it is not known, 0.
        """
        low, high, _ = self.sums(event_times)
        return (low > 0) - (high < 0)


@dataclass(frozen=True, slots=True)
class Bound:
    """An extreme of a statistic: between what a course has and what none can pass.

    Parameters
    ----------
    attained : Fraction or None
        What the course has; None if none was found.
    limit : Fraction
        What no course passes.
    course : tuple of Move
        The course; empty if none was found.
    """

    attained: Fraction | None
    limit: Fraction
    course: tuple[Move, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether a course has the extreme."""
        return self.attained == self.limit


@dataclass(frozen=True, slots=True)
class Extremes:
    """How far U^2 / V can be from 0 on each side, and how near to it.

    Parameters
    ----------
    more, fewer : Bound or None
        The greatest U^2 / V with more, and with fewer events of the first arm than expected;
        None if that cannot be.
    least : Bound
        The least U^2 / V; where U can be negative and positive its limit is 0.
    """

    more: Bound | None
    fewer: Bound | None
    least: Bound

    @property
    def greatest(self) -> Bound:
        """The greater one of both sides; 0 if U is always 0."""
        sides = [side for side in (self.more, self.fewer) if side is not None]
        return max(sides, key=lambda side: side.limit, default=Bound(None, Fraction(0)))


def steps_to_event_times(
    sizes: tuple[int, int], steps: Iterable[Move]
) -> list[tuple[int, int, int, int]]:
    """Return numbers at risk and events at each time of a course.

    Parameters
    ----------
    sizes : tuple of (int, int)
        How many patients each arm has.
    steps : iterable of Move
        What happens, in order.

    Returns
    -------
    list of (int, int, int, int)
        Numbers r1, r2, d1 and d2.

    Examples
    --------
    >>> steps_to_event_times((2, 1), [Move("events", 1, 0), Move("censored", 0, 1)])
    [(2, 1, 1, 0)]
    """
    r1, r2 = sizes
    found = []
    for step in steps:
        if step.kind == "events":
            found.append((r1, r2, step.first, step.second))
        r1, r2 = r1 - step.first, r2 - step.second
    return found


class _Line(NamedTuple):
    """The value 2 U - slope V of one course, as a function of the slope."""

    u: int
    v: int
    steps: tuple[Move, ...]

    def at(self, slope: Fraction) -> Fraction:
        return 2 * self.u - slope * self.v


def all_edges(r1: int, r2: int) -> Iterable[tuple[int, int]]:
    """Yield all numbers of events that numbers at risk allow.

    Parameters
    ----------
    r1, r2 : int
        Numbers at risk.

    Returns
    -------
    iterable of (int, int)
        Events of each arm, not none in both.

    Examples
    --------
    >>> list(all_edges(1, 1))
    [(0, 1), (1, 0), (1, 1)]
    """
    return ((d1, d2) for d1 in range(r1 + 1) for d2 in range(r2 + 1) if d1 + d2)


def under_chord(a: Fraction, left: Fraction, b: Fraction, right: Fraction) -> Fraction:
    """Return the greatest product of x and the height of a chord at x.

    Parameters
    ----------
    a, left : Fraction
        Where the chord begins, and its height there.
    b, right : Fraction
        Where it ends, and its height there.

    Returns
    -------
    Fraction
        The greatest product between a and b.

    Examples
    --------
    >>> under_chord(Fraction(0), Fraction(2), Fraction(2), Fraction(0))
    Fraction(1, 1)
    """
    tilt = (right - left) / (b - a)
    start = left - tilt * a
    products = [a * left, b * right]
    if tilt and a < -start / (2 * tilt) < b:
        products.append(-start * start / (4 * tilt))
    return max(products)


def stays_below(
    height: Callable[[Fraction], Fraction], top: Fraction, threshold: Fraction, *, budget: int = 60
) -> bool:
    """Return whether the product of x and a convex function of x stays below a threshold.

    Parameters
    ----------
    height : callable
        The convex function, or bounds above it.
    top : Fraction
        The greatest x, above 0; the least is 0.
    threshold : Fraction
        What the product must not reach.
    budget : int
        How often the function may be asked.

    Returns
    -------
    bool
        True if it is proved, by chords.

    Examples
    --------
    >>> stays_below(lambda x: 2 - x, Fraction(2), Fraction(11, 10))
    True
    """
    ends = [(x, height(x)) for x in (Fraction(0), top)]
    if top * ends[1][1] >= threshold:
        return False
    pieces = [(*ends[0], *ends[1])]
    for _ in range(budget):
        if not pieces:
            return True
        a, left, b, right = pieces.pop()
        if under_chord(a, left, b, right) < threshold:
            continue
        middle = ((a + b) / 2).limit_denominator(1 << 30)
        value = height(middle)
        if middle * value >= threshold:
            return False
        pieces += [(a, left, middle, value), (middle, value, b, right)]
    return False


class _Search:
    """Longest paths for one statistic and one side of it."""

    def __init__(self, graph: TwoArmGraph, statistic: Statistic, side: int):
        self.graph, self.side = graph, side
        self.scale = statistic.scale
        self.table = edge_table(graph)
        terms = [statistic.terms(*edge) for edge in self.table.edges]
        self.u = [term.high if side > 0 else -term.low for term in terms]
        self.v = [term.variance for term in terms]
        self.places = {edge: place for place, edge in enumerate(self.table.edges)}

    @cached_property
    def near(self) -> tuple[Floats, Floats]:
        """What events add to U and to V, in floats."""
        import numpy as np

        near = (np.array([one / self.scale for one in sums]) for sums in (self.u, self.v))
        return next(near), next(near)

    def edges(self, a: int, b: int) -> Gains:
        """Return the edges with gains a U - b V, without those that others make up for."""
        unit = max(abs(a), abs(b), 1)
        near = (a / unit) * self.near[0] - (b / unit) * self.near[1]
        return self.table.needed(near, lambda place: a * self.u[place] - b * self.v[place])

    def best(self, a: int, b: int) -> _Line | None:
        """Return the course with the greatest a U - b V."""
        found = self.graph.longest(self.edges(a, b))
        return None if found is None else self.line(found[1])

    def line(self, steps: tuple[Move, ...]) -> _Line:
        u = v = 0
        for r1, r2, d1, d2 in steps_to_event_times(self.graph.sizes, steps):
            place = self.places[r1, r2, d1, d2]
            u, v = u + self.u[place], v + self.v[place]
        return _Line(u, v, steps)

    def at(self, slope: Fraction) -> _Line | None:
        return self.best(2 * slope.denominator, slope.numerator)

    def square(self, line: _Line) -> Fraction:
        return Fraction(line.u * line.u, line.v * self.scale)

    # --- The greatest ----------------------------------------------------------------------

    def greatest(self) -> Bound | None:
        """Return the greatest U^2 / V with U > 0.

        It is the greatest, over slopes x > 0, of x h(x) with h(x) = max of 2 U - x V over
        courses.  h is convex and falls, so between two slopes it lies below the chord: where x
        times the chord stays below what a course has already, nothing is to be found.
        """
        first = self.at(Fraction(0))
        if first is None or first.u <= 0:
            return None
        slope, last = Fraction(1), first
        while True:
            found = self.at(slope)
            assert found is not None
            last = found
            if last.at(slope) <= 0:
                break
            slope *= 4
        best = max((x for x in (first, last) if x.u > 0 and x.v), key=self.square)
        pieces = [(Fraction(0), first, slope, last)]
        limit = Fraction(0)
        for _ in range(_EVALUATIONS):
            if not pieces:
                break
            a, left, b, right = pieces.pop()
            if (
                under_chord(a, left.at(a), b, right.at(b)) / self.scale <= self.square(best)
                or left.v == right.v
            ):
                continue
            cross = Fraction(2 * (left.u - right.u), left.v - right.v)
            middle = self.at(cross)
            assert middle is not None
            if middle.at(cross) == left.at(cross):
                continue  # h is one of two lines here, and their courses are known
            if middle.u > 0 and middle.v and self.square(middle) > self.square(best):
                best = middle
            pieces += [(a, left, cross, middle), (cross, middle, b, right)]
        for a, left, b, right in pieces:
            limit = max(limit, under_chord(a, left.at(a), b, right.at(b)) / self.scale)
        return Bound(self.square(best), max(limit, self.square(best)), best.steps)

    # --- The least -------------------------------------------------------------------------

    def least_if_positive(self, opposite: _Search) -> Bound | None:
        """Return a bound on the least U^2 / V if U is never 0 or less; else None.

        For any slope x the least of 2 x U - x^2 V over courses is a lower bound.  It is
        concave in x; its greatest is the least U^2 / V over mixtures of courses.
        """

        def lowest(slope: Fraction) -> _Line:
            line = opposite.best(2 * slope.denominator, -slope.numerator)
            assert line is not None
            return _Line(-line.u, line.v, line.steps)

        left = lowest(Fraction(0))
        if left.u <= 0:
            return None
        known = [left]
        slope = Fraction(1)
        while True:
            right = lowest(slope)
            known.append(right)
            if slope * right.v >= right.u:  # from here on the bound falls
                break
            slope *= 4
        # The turning point lies between; each new line is a smaller bound above it.
        limit = Fraction(0)
        for _ in range(_EVALUATIONS):
            if left.v == right.v:
                cross = Fraction(left.u, left.v)
            else:
                cross = Fraction(2 * (left.u - right.u), left.v - right.v)
                # Within one line the bound is greatest at its own U / V.
                for line, ahead in ((left, 1), (right, -1)):
                    own = Fraction(line.u, line.v)
                    if ahead * (own - cross) <= 0 and own > 0:
                        cross = own
            middle = lowest(cross)
            limit = max(limit, cross * middle.at(cross) / self.scale)
            if middle.at(cross) == min(left.at(cross), right.at(cross)):
                break
            known.append(middle)
            if cross * middle.v >= middle.u:
                right = middle
            else:
                left = middle
        nearest = min(known, key=self.square)
        return Bound(self.square(nearest), limit, nearest.steps)


def greatest_above(graph: TwoArmGraph, statistic: Statistic) -> Bound | None:
    """Return the greatest U^2 / V with U above 0.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    statistic : Statistic
        The statistic; where its terms are rounded, the limit is.

    Returns
    -------
    Bound or None
        None if U is never above 0.
    """
    return _Search(graph, statistic, 1).greatest()


def is_ever_defined(graph: TwoArmGraph, statistic: Statistic) -> bool:
    """Return whether some course has a variance above 0.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    statistic : Statistic
        The statistic.

    Returns
    -------
    bool
        False also if an arm has no course.
    """
    spread = _Search(graph, statistic, 1).best(0, -1)
    return spread is not None and spread.v > 0


def extremes(graph: TwoArmGraph, statistic: Statistic) -> Extremes | None:
    """Return the extremes of a statistic over all courses.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    statistic : Statistic
        The statistic.

    Returns
    -------
    Extremes or None
        None if an arm has no course, or the statistic is 0 / 0 for all.

    Notes
    -----
    U^2 / V is the greatest of 2 x U - x^2 V over all x, and for one x that is a sum over event
    times: its greatest over all courses is a longest path, in whole numbers.  Over all x the
    greatest is exact: see :meth:`_Search.greatest`.
    """
    above, below = _Search(graph, statistic, 1), _Search(graph, statistic, -1)
    spread = above.best(0, -1)
    if spread is None or not spread.v:
        return None
    more, fewer = above.greatest(), below.greatest()
    least: Bound | None
    if more is None and fewer is None:
        least = Bound(Fraction(0), Fraction(0), spread.steps)
    elif fewer is None:
        least = above.least_if_positive(below)
    elif more is None:
        least = below.least_if_positive(above)
    else:
        least = None
    return Extremes(more, fewer, least or Bound(None, Fraction(0)))


class _Preferred:
    """How likely events are to be drawn: those that move U one way more, many at one time less."""

    def __init__(self, graph: TwoArmGraph, tilt: float, ties: float):
        self.graph, self.tilt, self.ties = graph, tilt, ties
        self.known: dict[tuple[int, int], list[tuple[int, int, float]]] = {}

    def __call__(self, r1: int, r2: int) -> list[tuple[int, int, float]]:
        if (r1, r2) not in self.known:
            # The exponential of tilt (d1 - d r1 / r) is a power for each arm.
            one, two = (
                [
                    self.ties**d * exp(max(-_STEEPEST, min(_STEEPEST, slope * d)))
                    for d in range(n + 1)
                ]
                for n, slope in (
                    (r1, self.tilt * r2 / (r1 + r2)),
                    (r2, -self.tilt * r1 / (r1 + r2)),
                )
            )
            self.known[r1, r2] = [
                (d1, d2, one[d1] * two[d2] / self.ties) for d1, d2 in self.graph.edges[r1, r2]
            ]
        return self.known[r1, r2]


def course_within(
    graph: TwoArmGraph,
    measure: Measure,
    window: Interval,
    *,
    side: int,
    tries: int = 2_000,
    seed: int = 0,
) -> tuple[Move, ...] | None:
    """Search a course with U^2 / V in a window.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    measure : Measure
        The statistic.
    window : Interval
        Where U^2 / V is to lie; it has a low end.
    side : int
        1 for more events of the first arm than expected, -1 for fewer, 0 for either.
    tries : int
        How many courses are drawn.
    seed : int
        Of the drawing.

    Returns
    -------
    tuple of Move or None
        The course; None if none was found, which proves nothing.

    Raises
    ------
    ValueError
        If the window has no low end.

    Notes
    -----
    Courses are drawn step by step, with a preference for events that move U, which is made
    stronger or weaker after each until the courses come near the window (Robbins and Monro
    1951).

    References
    ----------
    Robbins H, Monro S (1951). A stochastic approximation method. Annals of Mathematical
    Statistics 22(3):400-407. doi:10.1214/aoms/1177729586
    """
    if window.low is None:
        raise ValueError(f"found the window {window}, expected one with a low end")
    random_ = random.Random(seed)
    low = float(window.low)
    high = low + 1 if window.high is None else float(window.high)
    aim = (sqrt(max(low, 0)) + sqrt(max(high, 0))) / 2
    sign = side or 1
    tilts = {1: 0.0, -1: 0.0}
    for attempt in range(1, tries + 1):
        if not side:
            sign = -sign
        weights = _Preferred(graph, tilts[sign], random_.choice((0.02, 0.2, 0.7)))
        steps = graph.random_course(random_, weights, random_.choice((0.01, 0.1, 0.5)))
        if steps is None:
            return None
        times = steps_to_event_times(graph.sizes, steps)
        z = measure.near(times)
        if z is None:
            continue
        rim = _ROUNDING * (1 + z * z)
        if low - rim <= z * z <= high + rim or window.high is None:
            square = measure.square(times)
            assert square is not None
            upwards = measure.side(times) >= 0
            if (
                (not side or upwards == (side > 0))
                and square.low in window
                and square.high in window
            ):
                return steps
        tilts[sign] += max(-1.0, min(1.0, sign * aim - z)) / sqrt(attempt)
    return None
