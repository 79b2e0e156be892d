"""Hazard ratios of two arms from their printed survival rates: every value each estimate can have.

What is called the hazard ratio may be Cox's estimate, with one of three ways to treat ties, Peto's
one-step estimate exp((O - E) / V), or the ratio (O1 / E1) / (O2 / E2).  They differ, and none is a
bound of another.  All are of the first arm against the second, and can be 0 or infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, comb, exp, floor, inf, log
from typing import Final, Literal, NamedTuple

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, logarithm
from netcore.stats.survival.backward_sets import BudgetError
from netcore.stats.survival.event_graph import Edge, TwoArmGraph
from netcore.stats.survival.log_rank import log_rank
from netcore.stats.survival.observed_expected import greatest_ratio
from netcore.stats.survival.path_extremes import (
    all_edges,
    greatest_above,
    stays_below,
    steps_to_event_times,
)
from netcore.stats.tail_enclosures import two_sided_quantile

__all__ = [
    "ESTIMATES",
    "Estimate",
    "HazardRatioRange",
    "hazard_ratio",
    "hazard_ratio_range",
    "hazard_ratios_with_p",
]

Estimate = Literal["breslow", "efron", "discrete", "peto", "observed expected"]
"""Cox's with ties as by Breslow, Efron or by the discrete model; Peto's; (O1 / E1) / (O2 / E2)."""

ESTIMATES: Final[tuple[Estimate, ...]] = (
    "breslow",
    "efron",
    "discrete",
    "peto",
    "observed expected",
)
"""All of them, in this order."""

Numbers = tuple[int, int, int, int]
Times = Sequence[Numbers]

_SCALE: Final = 1 << 80
_SMALL: Final = Fraction(1, 1 << 20)  # a ratio below it is not told from 0
_DIGITS: Final = 1 << 60  # denominators of parameters
_ROUNDS: Final = 60
_HALVINGS: Final = 6
_WEIGHINGS: Final = 20
_PARTS: Final = 3
_FARTHEST: Final = 1 << 10  # a ratio that p is not asked to exclude
_EDGES: Final = 110_000  # events that are weighed: as many as 24 and 24 patients can have
_WORK: Final = 2_200_000  # scores, of a few microseconds each, for one estimate with p
_ONE_SCORE: Final = 2  # scores of single events, as Efron's, that take as long as one of others
_CELLS_OF_WORK: Final = 32  # pairs of states and events that are gone through meanwhile


@dataclass(frozen=True, slots=True)
class HazardRatioRange:
    """The values that an estimate can have.

    Parameters
    ----------
    low, high : Fraction or None
        No value lies outside; a high end of None is infinite.
    least, greatest : float or None
        Values of known courses, infinite ones among them; None if no course is known.
    """

    low: Fraction
    high: Fraction | None
    least: float | None = None
    greatest: float | None = None

    @property
    def interval(self) -> Interval:
        """All values, as a closed interval."""
        return Interval(self.low, self.high)

    @property
    def inverse(self) -> HazardRatioRange:
        """The same of the second arm against the first."""
        return HazardRatioRange(
            Fraction(0) if self.high is None else 1 / self.high,
            None if self.low == 0 else 1 / self.low,
            None if self.greatest is None else _inverse(self.greatest),
            None if self.least is None else _inverse(self.least),
        )


def _inverse(value: float) -> float:
    return inf if value == 0 else 1 / value


# --- Scores: sums over event times that fall as the parameter grows, 0 at the estimate ---------


@lru_cache(maxsize=1 << 16)
def _expected(r1: int, r2: int, d: int, ratio: Fraction) -> Fraction:
    """Return the expected events of the first arm given all, with a ratio of odds."""
    p, q = ratio.numerator, ratio.denominator
    above = below = 0
    for x in range(max(0, d - r2), min(d, r1) + 1):
        weight = comb(r1, x) * comb(r2, d - x) * p**x * q ** (d - x)
        above, below = above + x * weight, below + weight
    return Fraction(above, below)


def _score(estimate: Estimate, at: Fraction, r1: int, r2: int, d1: int, d2: int) -> Fraction:
    """Return what events add to the score of the first arm, at a parameter.

    The parameter is a hazard ratio, that of Peto's estimate its logarithm.
    """
    r, d = r1 + r2, d1 + d2
    p, q = at.numerator, at.denominator
    if estimate == "peto":
        v = Fraction(d * r1 * r2 * (r - d), r * r * (r - 1)) if r > 1 else Fraction(0)
        return Fraction(d1 * r2 - d2 * r1, r) - at * v
    if estimate == "breslow":
        return Fraction(d1 * r2 * q - d2 * r1 * p, r1 * p + r2 * q)
    if estimate == "discrete":
        return d1 - _expected(r1, r2, d, at)
    total = Fraction(d1)
    for m in range(d):
        one, two = (d * r1 - m * d1) * p, (d * r2 - m * d2) * q
        total -= Fraction(one, one + two)
    return total


def _edges(estimate: Estimate, r1: int, r2: int) -> list[tuple[int, int]]:
    """Return the events that a greatest score may need.

    By Breslow's and Efron's scores events of both arms at one time add no more than those of
    the first arm and then those of the second, and those of the first arm one after another no
    less than tied: what is expected of the first arm grows with those of it still at risk.
    Efron treats ties within an arm as events one after another.
    """
    if estimate == "breslow":
        return [(1, 0)] * (r1 > 0) + [(0, d) for d in range(1, r2 + 1)]
    if estimate == "efron":
        return [(1, 0)] * (r1 > 0) + [(0, 1)] * (r2 > 0)
    return list(all_edges(r1, r2))


def _near_score(estimate: Estimate, at: float, r1: int, r2: int, d1: int, d2: int) -> float:
    """Return what events add to Cox's score, in floats."""
    d = d1 + d2
    if estimate == "breslow":
        return (d1 * r2 - d2 * r1 * at) / (r1 * at + r2)
    if estimate == "efron":
        parts = [((r1 - m * d1 / d) * at, r2 - m * d2 / d) for m in range(d)]
        return d1 - sum(one / (one + two) for one, two in parts)
    numbers = range(max(0, d - r2), min(d, r1) + 1)
    weights = [comb(r1, x) * comb(r2, d - x) * at ** (x - numbers[0]) for x in numbers]
    return d1 - sum(x * w for x, w in zip(numbers, weights, strict=True)) / sum(weights)


def _loss(estimate: Estimate, r1: int, r2: int, d1: int, d2: int) -> int:
    """Return how far events keep a score from being above 0 at every ratio; -1 for a help."""
    if estimate == "discrete":
        most = min(d1 + d2, r1)
        missed, informs = most - d1, max(0, d1 + d2 - r2) < most
    else:
        missed, informs = d2 * (r1 > 0), d1 > 0 and r2 > 0
    return missed or -int(informs)


def hazard_ratio(estimate: Estimate, times: Times) -> float | None:
    """Return the estimate of one set of patients, in floats.

    Parameters
    ----------
    estimate : str
        Which.
    times : sequence of (int, int, int, int)
        Numbers at risk and events, r1, r2, d1 and d2, at each time of an event.

    Returns
    -------
    float or None
        Hazard of the first arm by that of the second, 0 and infinity included; None if the
        data say nothing of it.

    References
    ----------
    Cox DR (1972). Regression models and life-tables. Journal of the Royal Statistical Society
    B 34(2):187-202. doi:10.1111/j.2517-6161.1972.tb00899.x

    Efron B (1977). The efficiency of Cox's likelihood function for censored data. Journal of
    the American Statistical Association 72(359):557-565. doi:10.1080/01621459.1977.10480613

    Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Beta blockade during and after
    myocardial infarction. Progress in Cardiovascular Diseases 27(5):335-371.
    doi:10.1016/S0033-0620(85)80003-7

    Examples
    --------
    >>> times = [(2, 2, 1, 0), (1, 2, 0, 1)]
    >>> [round(hazard_ratio(estimate, times), 3) for estimate in ESTIMATES]
    [1.414, 1.414, 1.414, 1.423, 1.4]
    """
    if estimate == "observed expected":
        o1, o2 = (sum(t[k] for t in times) for k in (2, 3))
        e1, e2 = (sum((t[2] + t[3]) * t[k] / (t[0] + t[1]) for t in times) for k in (0, 1))
        if not (e1 and e2):
            return None
        return (o1 / e1) / (o2 / e2) if o2 else inf
    if estimate == "peto":
        u, _, v = log_rank(max((t[0] + t[1] for t in times), default=0)).sums(times)
        return exp(u / v) if v else None
    losses = [_loss(estimate, *numbers) for numbers in times]
    if max(losses, default=0) <= 0:
        return inf if losses and min(losses) < 0 else None
    if all(loss <= 0 for r1, r2, d1, d2 in times for loss in [_loss(estimate, r2, r1, d2, d1)]):
        return 0.0
    low, high = -40.0, 40.0
    for _ in range(55):
        middle = (low + high) / 2
        if sum(_near_score(estimate, exp(middle), *numbers) for numbers in times) > 0:
            low = middle
        else:
            high = middle
    return exp(low)


# --- The greatest estimate ----------------------------------------------------------------------


class _Greatest(NamedTuple):
    """A parameter that no course passes (None: infinite), and the estimate of a course."""

    limit: Fraction | None
    known: float | None


def _short(value: float) -> Fraction:
    return Fraction(value).limit_denominator(_DIGITS)


def _greatest(graph: TwoArmGraph, estimate: Estimate) -> _Greatest | None:
    """Return the greatest parameter; None if the estimate is defined for no course.

    The score of each course falls in the parameter.  At a parameter a little beyond the
    estimate of the best course so far the greatest score is that of a still better course, or
    it is not above 0, and then no course has an estimate beyond.
    """
    known: float | None = None
    if estimate == "peto":
        at = Fraction(-(sum(graph.sizes) ** 2))  # no event has a lower u / v
    else:
        loss = 2 * sum(graph.sizes) + 1
        found = graph.longest(
            lambda r1, r2: [
                Edge(*edge, -lost * (loss if lost > 0 else 1))
                for edge in all_edges(r1, r2)
                for lost in [_loss(estimate, r1, r2, *edge)]
            ]
        )
        if found is not None and found[0] > 0:
            return _Greatest(None, inf)
        at = _SMALL
    for _ in range(_ROUNDS):
        best = graph.longest(
            lambda r1, r2, at=at: [  # type: ignore[misc]
                Edge(*edge, ceil(_score(estimate, at, r1, r2, *edge) * _SCALE))
                for edge in _edges(estimate, r1, r2)
            ]
        )
        if best is None:
            return None
        if best[0] <= 0:
            return _Greatest(at, known)
        value = hazard_ratio(estimate, steps_to_event_times(graph.sizes, best[1]))
        if value is None:  # all that is left is rounding
            return _Greatest(at, known)
        known = value if known is None else max(known, value)
        next_ = log(known) if estimate == "peto" else known
        at = max(_short(next_ + 1e-9 * abs(next_) + 1e-12), at + _SMALL * _SMALL)
    raise AssertionError("a greatest estimate was not found")


def _log(value: Fraction) -> Enclosure:
    above, below = logarithm(value.numerator), logarithm(value.denominator)
    return Enclosure(above.low - below.high, above.high - below.low)


def _exp_above(value: Fraction) -> Fraction | None:
    """Return a little more than an exponential; None if it is huge."""
    if value > 600:
        return None
    found = _short(exp(max(float(value), -25.0)) * (1 + 1e-9)) + Fraction(1, _DIGITS)
    if _log(found).low < value:
        raise AssertionError(f"the exponential of {float(value)} was not bounded")
    return found


def _number_of_edges(graph: TwoArmGraph) -> int:
    """Return how many events there are at how many numbers at risk, whatever is printed."""
    one, two = ((n + 1) * (n + 2) // 2 for n in graph.sizes)
    return one * two


def hazard_ratio_range(graph: TwoArmGraph, estimate: Estimate) -> HazardRatioRange | None:
    """Return the hazard ratios that printed survival rates allow.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.
    estimate : str
        Which estimate is meant.

    Returns
    -------
    HazardRatioRange or None
        None if the estimate is defined for no course.

    Raises
    ------
    BudgetError
        If the arms are so large that the search would take too long.

    Notes
    -----
    Cox's score at a hazard ratio t is a sum over event times, of d1 - d r1 t / (r1 t + r2) by
    Breslow; it falls in t and is 0 at the estimate.  So estimates beyond t exist if and only
    if the greatest score over courses, a longest path, is above 0.  The ends are bounds, and
    the known values come as near as a part in 10^8.  The same holds of O - E - t V, which is
    0 at Peto's estimate of log t.  The ratio (O1 / E1) / (O2 / E2) is no such sum; see
    :func:`~netcore.stats.survival.observed_expected.greatest_ratio`.

    Examples
    --------
    Nothing is known of two against two, and all is possible:

    >>> from netcore.stats.survival.event_graph import Arm
    >>> str(hazard_ratio_range(TwoArmGraph(Arm(2), Arm(2)), "efron").interval)
    '[0, inf)'
    >>> found = hazard_ratio_range(TwoArmGraph(Arm(2), Arm(2)), "peto")
    >>> round(float(found.low), 3), round(float(found.high), 3)
    (0.05, 20.086)
    """
    if _number_of_edges(graph) > _EDGES:
        raise BudgetError
    ends: list[tuple[Fraction | None, float | None]] = []
    for turned in (graph, graph.turned):
        if estimate == "observed expected":
            ratio = greatest_ratio(turned)
            if ratio is None:
                return None
            ends.append((ratio.limit, ratio.known))
            continue
        found = _greatest(turned, estimate)
        if found is None or (found.known is None and estimate == "peto"):
            return None
        limit = found.limit
        if estimate == "peto" and limit is not None:
            limit = _exp_above(limit)
        ends.append((limit, found.known))
    (high, greatest), (low, least) = ends
    if greatest is None and least is None:
        return None
    return HazardRatioRange(
        Fraction(0) if low is None else 1 / low,
        high,
        None if least is None else _inverse(least),
        greatest,
    )


# --- With the p-value of the log-rank test -------------------------------------------------------


class _Weighed:
    """Scores beside the log-rank sums U and V, for one estimate and the first arm."""

    def __init__(self, graph: TwoArmGraph, estimate: Estimate, work: int):
        self.graph, self.estimate = graph, estimate
        self.left = work
        self.scoring = sum(
            # By Efron each event is scored by itself.
            d1 + d2 if estimate == "efron" else _ONE_SCORE
            for r1 in range(graph.sizes[0] + 1)
            for r2 in range(graph.sizes[1] + 1)
            for d1, d2 in all_edges(r1, r2)
        )
        number = _number_of_edges(graph)
        cells = (graph.sizes[0] + 1) * (graph.sizes[1] + 1)
        self.searching = number + graph.cells * number // cells // _CELLS_OF_WORK
        self.spend(number)
        statistic = log_rank(sum(graph.sizes))
        n1, n2 = graph.sizes
        steepest = _greatest(graph, "peto")
        assert steepest is not None
        assert steepest.limit is not None
        self.steepest = max(steepest.limit, Fraction(1, 100))
        self.sums: dict[Numbers, tuple[Fraction, Fraction]] = {}
        for r1 in range(n1 + 1):
            for r2 in range(n2 + 1):
                for edge in all_edges(r1, r2):
                    u, _, v = statistic.terms(r1, r2, *edge)
                    self.sums[r1, r2, *edge] = (
                        Fraction(u, statistic.scale) * _SCALE,
                        Fraction(v, statistic.scale) * _SCALE,
                    )
        self.whole = {key: (floor(u), floor(v), ceil(v)) for key, (u, v) in self.sums.items()}
        self.courses: dict[tuple[Numbers, ...], tuple[float, ...]] = {}

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise BudgetError

    def scores(self, at: Fraction) -> dict[Numbers, Fraction]:
        self.spend(self.scoring)
        return {key: _score(self.estimate, at, *key) * _SCALE for key in self.whole}

    def longest(self, gain: Callable[[Numbers], int]) -> int:
        """Return the greatest sum of gains over courses, and remember who has it."""
        self.spend(self.searching)
        found = self.graph.longest(
            lambda r1, r2: [Edge(*edge, gain((r1, r2, *edge))) for edge in all_edges(r1, r2)]
        )
        assert found is not None
        times = tuple(steps_to_event_times(self.graph.sizes, found[1]))
        if times not in self.courses:
            self.courses[times] = tuple(
                float(sum(self.sums[key][k] for key in times)) / _SCALE for k in (0, 1)
            )
        return found[0]

    def lines(self, scores: dict[Numbers, Fraction]) -> list[tuple[float, float, float]]:
        """Return score, U and V of all courses seen so far."""
        return [
            (float(sum((scores[key] for key in times), Fraction(0))) / _SCALE, *sums)  # type: ignore[misc]
            for times, sums in self.courses.items()
        ]

    def is_too_high(self, at: Fraction, most: Fraction) -> bool:
        """Return whether no course with U^2 <= most V has a score above 0.

        For such a course 2 a U - b V <= most a^2 / b for all a and b above 0, so that the score
        is not above 0 if its greatest sum with b V - 2 a U stays below - most a^2 / b.  The best
        a and b for the courses seen so far are tried next, until that is so or these courses
        show that no a and b will do.
        """
        exact = self.scores(at)
        scores = {key: ceil(value) for key, value in exact.items()}
        for _ in range(_WEIGHINGS):
            a, b, value = _best_weights(self.lines(exact), float(most))
            if value > 0:
                return False
            one, two = ceil(Fraction(a) * (1 << 20)), ceil(Fraction(b) * (1 << 20))

            def gain(key: Numbers, one: int = one, two: int = two) -> int:
                u, _, v = self.whole[key]
                return scores[key] - ((2 * one * u - two * v) >> 20)

            greatest = Fraction(self.longest(gain), _SCALE)
            if greatest + most * Fraction(one * one, two << 20) <= 0:
                return True
        return False

    def is_too_low(self, at: Fraction, least: Fraction) -> bool:
        """Return whether no course with U > 0 and U^2 >= least V has a score of 0 or less.

        Such a course has 2 x U - x^2 V >= least for x = U / V, and a part of its score, taken
        from U, makes this only greater.  U / V is at most what Peto's estimate can be.
        """
        scores = self.scores(at)
        for _ in range(_PARTS):
            part, value = _best_part(self.lines(scores), float(self.steepest))
            if value >= float(least):
                return False
            share = Fraction(part).limit_denominator(64)
            sums = {
                key: (ceil(2 * (u - share * scores[key])), floor(v))
                for key, (u, v) in self.sums.items()
            }
            before = len(self.courses)

            def height(x: Fraction, sums: dict[Numbers, tuple[int, int]] = sums) -> Fraction:
                p, q = x.numerator, x.denominator
                found = self.longest(lambda numbers: q * sums[numbers][0] - p * sums[numbers][1])
                return Fraction(found, q * _SCALE)

            if stays_below(height, self.steepest, least):
                return True
            if len(self.courses) == before:
                return False
        return False


def _best_weights(
    lines: Sequence[tuple[float, float, float]], most: float
) -> tuple[float, float, float]:
    """Return a and b with the least greatest s + b V - 2 a U, plus most a^2 / b, and that value."""
    if not lines:
        return 0.5, 0.5, 0.0
    import numpy as np

    s, u, v = np.array(lines).T
    low, high = np.array([-9.0, -6.0]), np.array([4.0, 5.0])  # logarithms of a and b
    best = (0.0, 0.0, inf)
    for _ in range(4):
        a = np.concatenate(([0.0], np.exp(np.linspace(low[0], high[0], 24))))
        b = np.exp(np.linspace(low[1], high[1], 24))
        sums = s + b[:, None] * v - 2 * a[:, None, None] * u
        values = sums.max(axis=2) + most * a[:, None] ** 2 / b
        i, j = np.unravel_index(values.argmin(), values.shape)
        best = min(best, (float(a[i]), float(b[j]), float(values[i, j])), key=lambda x: x[2])
        centre = np.array([log(max(float(a[i]), 1e-4)), log(float(b[j]))])
        width = (high - low) / 8
        low, high = centre - width, centre + width
    return best


def _best_part(lines: Sequence[tuple[float, float, float]], steepest: float) -> tuple[float, float]:
    """Return the part of the scores that, taken from U, leaves the least greatest U^2 / V."""
    if not lines:
        return 1.0, 0.0
    import numpy as np

    s, u, v = np.array(lines).T
    parts = np.linspace(0.0, 4.0, 257)[:, None]
    reduced = np.maximum(u - parts * s, 0.0)
    # The greatest 2 x U - x^2 V for x up to the steepest.
    x = np.minimum(reduced / np.maximum(v, 1e-12), steepest)
    values = (2 * x * reduced - x * x * v).max(axis=1)
    best = int(values.argmin())
    return float(parts[best, 0]), float(values[best])


def hazard_ratios_with_p(
    graph: TwoArmGraph,
    estimate: Estimate,
    p: Interval,
    *,
    work: int = _WORK,
) -> tuple[HazardRatioRange | None, HazardRatioRange | None]:
    """Return the hazard ratios that survival rates and a log-rank p-value allow together.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.
    estimate : str
        Which estimate is meant.
    p : Interval
        The window of the two-sided p-value of the log-rank test, with its hypergeometric
        variance.
    work : int
        How many scores may be worked out, on each side.

    Returns
    -------
    tuple of (HazardRatioRange or None, HazardRatioRange or None)
        Outer ranges for patients with more events of the first arm than expected, and for
        those with fewer or as many; None where no patients have such a p-value.

    Raises
    ------
    ValueError
        If the window holds no probability.
    BudgetError
        If the search would take longer.

    Notes
    -----
    The ranges hold all hazard ratios, and may be too wide: the limits that p sets to U^2 / V
    are added to the score with weights, as Lagrange would, and the best weights are searched
    for in vain only at the cost of width.  That of (O1 / E1) / (O2 / E2) is only that without p.

    Examples
    --------
    >>> from netcore.stats.survival.event_graph import Arm
    >>> more, fewer = hazard_ratios_with_p(
    ...     TwoArmGraph(Arm(3), Arm(3)), "peto", Interval(Fraction(1, 50), Fraction(1, 25))
    ... )
    >>> more.low > 3, fewer.high < Fraction(1, 3)
    (True, True)
    """
    if not p.meets(Interval(Fraction(0), Fraction(1))):
        raise ValueError(f"found p in {p}, expected a probability")
    most = two_sided_quantile(p.low).high if p.low is not None and 0 < p.low < 1 else None
    if p.low is not None and p.low >= 1:
        most = Fraction(0)
    least = two_sided_quantile(p.high).low if p.high is not None and 0 < p.high < 1 else Fraction(0)
    free = hazard_ratio_range(graph, estimate)
    if free is None:
        return None, None
    more = _one_side(graph, estimate, free, least, most, work)
    fewer = _one_side(graph.turned, estimate, free.inverse, least, most, work)
    return more, None if fewer is None else fewer.inverse


def _one_side(
    graph: TwoArmGraph,
    estimate: Estimate,
    free: HazardRatioRange,
    least: Fraction,
    most: Fraction | None,
    work: int,
) -> HazardRatioRange | None:
    """Return the ratios of courses with U above 0, or U = 0 if that may be, and limits of U^2 / V."""
    best = greatest_above(graph, log_rank(sum(graph.sizes)))
    if (best is None and least > 0) or (best is not None and best.limit < least):
        return None
    if estimate == "observed expected":
        return free
    weighed = _Weighed(graph, estimate, work)
    low, high = free.low, free.high
    if most:
        # A middle on the scale of logarithms; above it nothing is left, or it may be.
        top = high if high is not None else Fraction(_FARTHEST)
        bottom = max(low, Fraction(1))
        if high is not None or weighed.is_too_high(_parameter(estimate, top, -1), most):
            high = top
            for _ in range(_HALVINGS):
                middle = _short((float(bottom) * float(top)) ** 0.5)
                if middle > 1 and weighed.is_too_high(_parameter(estimate, middle, -1), most):
                    high = top = middle
                else:
                    bottom = middle
    if least:
        bottom = max(low, Fraction(1, _FARTHEST))
        top = high if high is not None else Fraction(_FARTHEST)
        for _ in range(_HALVINGS):
            middle = _short((float(bottom) * float(top)) ** 0.5)
            if weighed.is_too_low(_parameter(estimate, middle, 1), least):
                low = bottom = middle
            else:
                top = middle
    return HazardRatioRange(low, high)


def _parameter(estimate: Estimate, ratio: Fraction, side: int) -> Fraction:
    """Return the parameter of a hazard ratio: for Peto's estimate its logarithm, or beyond."""
    return _short(log(ratio) + side * 1e-9) if estimate == "peto" else ratio
