"""The ratio (O1 / E1) / (O2 / E2) of two arms: how great it can be."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import inf, lcm
from typing import Final, NamedTuple

from netcore.stats.survival.event_graph import Edge, TwoArmGraph
from netcore.stats.survival.path_extremes import all_edges, steps_to_event_times

__all__ = ["GreatestRatio", "greatest_ratio"]

_LINES: Final = 16
_GRID: Final = 10**6  # denominators of slopes
_NEAR: Final = 1 + 1e-6


class GreatestRatio(NamedTuple):
    """How great the ratio can be.

    Parameters
    ----------
    limit : Fraction or None
        No course has more; None if it can be infinite.
    known : float
        What a course has.
    """

    limit: Fraction | None
    known: float


class _Line(NamedTuple):
    """The share of events in the first arm is at most start + slope times that expected."""

    start: Fraction
    slope: Fraction

    def at(self, x: Fraction) -> Fraction:
        return self.start + self.slope * x


class _Shares:
    """Shares O1 / D and E1 / D over all courses, and lines that none lies above."""

    def __init__(self, graph: TwoArmGraph):
        self.graph = graph
        self.scale = lcm(*range(1, sum(graph.sizes) + 1))
        self.known: float | None = None

    def best(self, a: Fraction, b: Fraction, c: Fraction) -> tuple[Fraction, int, Fraction, int]:
        """Return the greatest a O1 + b E1 + c D, and O1, E1 and D of the course."""
        unit = lcm(a.denominator, b.denominator, c.denominator)
        one, two, three = (int(x * unit) for x in (a, b, c))
        found = self.graph.longest(
            lambda r1, r2: [
                Edge(
                    d1,
                    d2,
                    (one * d1 + three * (d1 + d2)) * self.scale
                    + two * (d1 + d2) * r1 * (self.scale // (r1 + r2)),
                )
                for d1, d2 in all_edges(r1, r2)
            ]
        )
        assert found is not None
        times = steps_to_event_times(self.graph.sizes, found[1])
        o1 = sum(t[2] for t in times)
        d = o1 + sum(t[3] for t in times)
        e1 = sum((Fraction((t[2] + t[3]) * t[0], t[0] + t[1]) for t in times), Fraction(0))
        if 0 < e1 < d and d > o1:
            ratio = float(o1 * (d - e1) / (e1 * (d - o1)))
            self.known = ratio if self.known is None else max(ratio, self.known)
        return Fraction(found[0], unit * self.scale), o1, e1, d

    def greatest_share(self, a: int, b: Fraction) -> Fraction:
        """Return the greatest of (a O1 + b E1) / D, for courses with events."""
        share = Fraction(-(10**6)) - abs(b)
        while True:
            value, o1, e1, d = self.best(Fraction(a), b, -share)
            if value <= 0:
                return share
            share = (a * o1 + b * e1) / d

    def line(self, slope: Fraction) -> _Line:
        return _Line(self.greatest_share(1, -slope), slope)


def greatest_ratio(graph: TwoArmGraph) -> GreatestRatio | None:
    """Bound the greatest (O1 / E1) / (O2 / E2).

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.

    Returns
    -------
    GreatestRatio or None
        None if no course has a ratio.

    Notes
    -----
    As O1 + O2 = E1 + E2 = D, it is the ratio of the odds of o = O1 / D and x = E1 / D.  For
    any slope b the greatest o - b x over courses is found by longest paths (Dinkelbach 1967):
    a line that no course lies above.  The odds ratio grows in o and falls in x, so that its
    greatest below a few lines is a bound.  It is one for mixtures of courses; what a course
    is known to have may be less.

    References
    ----------
    Dinkelbach W (1967). On nonlinear fractional programming. Management Science
    13(7):492-498. doi:10.1287/mnsc.13.7.492

    Examples
    --------
    >>> from netcore.printed import Interval
    >>> from netcore.stats.survival.event_graph import Arm
    >>> one = Interval.point(1)
    >>> found = greatest_ratio(TwoArmGraph(Arm(2, (), one), Arm(2, (), one)))
    >>> round(float(found.limit), 3), round(found.known, 3)
    (5.0, 5.0)
    """
    # Infinite where the second arm has no events, and the first has some while both are at risk.
    number = sum(graph.sizes)
    endless = graph.longest(
        lambda r1, r2: [
            Edge(d1, d2, int(d1 > 0 and r2 > 0) - (number + 1) * d2) for d1, d2 in all_edges(r1, r2)
        ]
    )
    if endless is None:
        return None
    if endless[0] > 0:
        return GreatestRatio(None, inf)
    shares = _Shares(graph)
    if shares.best(Fraction(0), Fraction(0), Fraction(1))[3] == 0:
        return None
    low, high = -shares.greatest_share(0, Fraction(-1)), shares.greatest_share(0, Fraction(1))
    lines = [shares.line(Fraction(0)), shares.line(Fraction(1))]
    for _ in range(_LINES):
        ratio, x = _steepest(lines, low, high)
        if shares.known is not None and ratio <= shares.known * _NEAR:
            break
        # The tangent of the curve with this odds ratio.
        slope = Fraction(ratio / (1 - x + ratio * x) ** 2 if ratio < inf else number)
        slope = min(slope, Fraction(number**2)).limit_denominator(_GRID)
        if any(line.slope == slope for line in lines):
            break
        lines.append(shares.line(slope))
    if shares.known is None:
        return None
    ratio, _ = _steepest(lines, low, high)
    for _ in range(60):
        if ratio == inf:
            return GreatestRatio(None, shares.known)
        limit = Fraction(ratio * _NEAR).limit_denominator(10**9)
        if _is_limit(limit, lines, low, high):
            return GreatestRatio(limit, shares.known)
        ratio *= 1.1
    return GreatestRatio(None, shares.known)


def _pieces(
    lines: list[_Line], low: Fraction, high: Fraction
) -> list[tuple[Fraction, Fraction, _Line]]:
    """Return the lowest line on each piece between expected shares."""
    ends = {low, high}
    for i, one in enumerate(lines):
        for two in lines[:i]:
            if one.slope != two.slope:
                cross = (two.start - one.start) / (one.slope - two.slope)
                if low < cross < high:
                    ends.add(cross)
    found = sorted(ends)
    if len(found) == 1:
        return [(low, low, min(lines, key=lambda line: line.at(low)))]
    return [
        (a, b, min(lines, key=lambda line, m=(a + b) / 2: line.at(m)))  # type: ignore[misc]
        for a, b in pairwise(found)
    ]


def _steepest(lines: list[_Line], low: Fraction, high: Fraction) -> tuple[float, float]:
    """Return nearly the greatest odds ratio below lines, and where."""
    best = (0.0, float(low))
    for a, b, line in _pieces(lines, low, high):
        for k in range(33):
            x = float(a) + (float(b) - float(a)) * k / 32
            y = min(float(line.start) + float(line.slope) * x, 1.0)
            if y <= 0 or x >= 1:
                continue
            if x > 1e-12:
                ratio = inf if y >= 1 else y * (1 - x) / (x * (1 - y))
            else:
                ratio = inf if y > 1e-12 else float(line.slope)
            best = max(best, (ratio, x))
    return best


def _is_limit(limit: Fraction, lines: list[_Line], low: Fraction, high: Fraction) -> bool:
    """Return whether no point below the lines has a greater odds ratio: a quadratic inequality."""
    for a, b, line in _pieces(lines, low, high):
        # limit x (1 - y) - y (1 - x) with y = start + slope x must not be below 0.
        s, t = line
        constant = -s
        first = limit * (1 - s) - t + s
        second = -limit * t + t
        points = [a, b]
        if second > 0 and a < -first / (2 * second) < b:
            points.append(-first / (2 * second))
        if any(constant + first * x + second * x * x < 0 for x in points):
            return False
    return True
