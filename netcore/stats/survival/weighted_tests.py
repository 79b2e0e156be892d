"""Weighted log-rank tests of two arms: each with its own weights, variance and range.

What a paper calls a log-rank, Wilcoxon or Peto test is one of several sums over event times,
divided by one of two variances.  None of them bounds another, so that a p-value is compared
with the range of each that may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from math import isqrt, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from netcore.printed import Interval
from netcore.stats.survival.event_graph import Move, TwoArmGraph
from netcore.stats.survival.log_rank import (
    Alternative,
    Fit,
    PRange,
    common_denominator,
    fit_p,
    log_rank,
    p_of_extremes,
)
from netcore.stats.survival.needed_edges import edge_table
from netcore.stats.survival.path_extremes import (
    Bound,
    Extremes,
    Measure,
    Statistic,
    Terms,
    extremes,
    is_ever_defined,
    steps_to_event_times,
    under_chord,
)

if TYPE_CHECKING:
    from netcore.stats.survival.needed_edges import Floats

__all__ = [
    "TESTS",
    "Pooled",
    "WeightedTest",
    "any_p_range",
    "weighted_fit",
    "weighted_range",
    "weighted_test",
]

Times = Sequence[tuple[int, int, int, int]]

_Share = tuple[int, int]
"""A whole number and by what it is divided: tens of thousands are made, none is reduced."""

_ROOT_SCALE: Final = 1 << 40  # roots are enclosed between parts of this
_SCALE: Final = 1 << 64  # gains are rounded up to parts of this
_EVALUATIONS: Final = 60
_NEAR: Final = Fraction(1_000_001, 1_000_000)


@dataclass(frozen=True, slots=True)
class WeightedTest:
    """A test by weighted differences of observed and expected events.

    Parameters
    ----------
    key : str
        Its name here.
    name : str
        Its name in words.
    weight : str
        What multiplies the difference at a time of an event: ``one``; ``at risk``, ``root``
        of it; or an estimate of survival of both arms together: ``kaplan meier`` just before,
        ``prentice`` (the product of 1 - d / (r + 1), this time included) or ``andersen``
        (that of Prentice times r / (r + 1)).
    variance : str
        ``hypergeometric``, ``permutation`` or, where the difference is not weighted and the
        statistic is the sum of (O - E)^2 / E over the arms, ``expected``.
    """

    key: str
    name: str
    weight: Literal["one", "at risk", "root", "kaplan meier", "prentice", "andersen"]
    variance: Literal["hypergeometric", "permutation", "expected"]

    @property
    def is_exact(self) -> bool:
        """Whether the range has its least p-value exactly."""
        return self.variance != "expected" and self.weight in ("one", "at risk", "root")


TESTS: Final = MappingProxyType(
    {
        test.key: test
        for test in (
            WeightedTest("log_rank", "log-rank (Mantel-Haenszel)", "one", "hypergeometric"),
            WeightedTest(
                "log_rank_permutation", "log-rank with scores permuted", "one", "permutation"
            ),
            WeightedTest("log_rank_expected", "log-rank by (O − E)²/E", "one", "expected"),
            WeightedTest("gehan", "Gehan-Breslow-Wilcoxon", "at risk", "hypergeometric"),
            WeightedTest(
                "gehan_permutation", "Gehan with scores permuted (Mantel)", "at risk", "permutation"
            ),
            WeightedTest("tarone_ware", "Tarone-Ware", "root", "hypergeometric"),
            WeightedTest("peto", "Peto-Peto (rho = 1)", "kaplan meier", "hypergeometric"),
            WeightedTest(
                "peto_permutation",
                "Peto-Peto with scores permuted",
                "kaplan meier",
                "permutation",
            ),
            WeightedTest("prentice", "Peto-Peto-Prentice", "prentice", "hypergeometric"),
            WeightedTest("andersen", "Peto-Peto, modified", "andersen", "hypergeometric"),
        )
    }
)
"""All tests, by key."""


def _unweighted(
    r1: int, r2: int, d1: int, d2: int, permuted: Fraction | None
) -> tuple[_Share, _Share]:
    """Return what events add to the difference and to its variance, with weight 1."""
    r, d = r1 + r2, d1 + d2
    u = d1 * r2 - d2 * r1, r
    if permuted is not None:
        return u, (permuted.numerator * d * (r - d), permuted.denominator * r)
    return u, (d * r1 * r2 * (r - d), r * r * (r - 1)) if r > 1 else (0, 1)


def _share(sizes: tuple[int, int]) -> Fraction:
    """Return n1 n2 / (N (N - 1)): the variance of a sum of n1 of N scores, by their squares."""
    n1, n2 = sizes
    number = n1 + n2
    return Fraction(n1 * n2, number * (number - 1)) if number > 1 else Fraction(0)


def weighted_test(test: WeightedTest, sizes: tuple[int, int]) -> Statistic | Pooled:
    """Return the statistic of a test.

    Parameters
    ----------
    test : WeightedTest
        The test.
    sizes : tuple of (int, int)
        How many patients each arm has.

    Returns
    -------
    Statistic or Pooled
        A statistic if its square is made of sums over event times, whose terms are known from
        the numbers at risk alone.

    Notes
    -----
    With weights w of the numbers at risk alone, U is the sum of w (d1 - d r1 / r), and its
    hypergeometric variance that of w^2 d r1 r2 (r - d) / (r^2 (r - 1)).

    The test by permutation gives each patient a score, w at an own event less the sum of
    w d / r up to the own time.  U is the sum of the scores of the first arm, and its variance
    over all ways to choose the arm n1 n2 / (N (N - 1)) times the sum of all squared scores.
    That sum is one over event times too: with B the sum of b = w d / r so far, r at risk
    contribute 2 B b + b^2 each, and d events w^2 - 2 w (B + b) each, together
    w^2 d (r - d) / r.  With w = r the scores are Gehan's, patients surely outlived less
    those surely outliving (Mantel 1967); with w = 1 they are those of Peto and Peto.

    References
    ----------
    Gehan EA (1965). A generalized Wilcoxon test for comparing arbitrarily singly-censored
    samples. Biometrika 52(1-2):203-223. doi:10.1093/biomet/52.1-2.203

    Mantel N (1967). Ranking procedures for arbitrarily restricted observation. Biometrics
    23(1):65-78. doi:10.2307/2528282

    Tarone RE, Ware J (1977). On distribution-free tests for equality of survival
    distributions. Biometrika 64(1):156-160. doi:10.1093/biomet/64.1.156

    Examples
    --------
    The deaths of one arm at one time, then those of the other:

    >>> times = [(2, 2, 2, 0), (0, 2, 0, 2)]
    >>> [weighted_test(TESTS[key], (2, 2)).square(times).low for key in ("gehan", "gehan_permutation")]
    [Fraction(3, 1), Fraction(3, 1)]
    """
    if not test.is_exact:
        return Pooled(test, sizes)
    number = sum(sizes)
    permuted = _share(sizes) if test.variance == "permutation" else None
    if test.weight == "one" and permuted is None:
        return log_rank(number)
    scale = common_denominator(number) * (1 if permuted is None else permuted.denominator)
    if test.weight == "root":
        scale *= _ROOT_SCALE

    @cache
    def terms(r1: int, r2: int, d1: int, d2: int) -> Terms:
        (u, per), (v, each) = _unweighted(r1, r2, d1, d2, permuted)
        r = r1 + r2
        if test.weight == "root":
            # The sum of roots is no fraction; each is enclosed.
            square = u * u * r * scale * scale
            near = isqrt(square // (per * per))
            far = near + (near * near * per * per != square)
            low, high = (near, far) if u >= 0 else (-far, -near)
            return Terms(low, high, v * r * scale // each)
        weight = 1 if test.weight == "one" else r
        whole = u * weight * scale // per
        return Terms(whole, whole, v * weight * weight * scale // each)

    return Statistic(scale, terms)


# --- Weights that both arms' survival makes ----------------------------------------------------


def _pooled_weights(test: WeightedTest, times: Times) -> Iterator[Fraction]:
    """Yield the weight at each time of events."""
    before = after = Fraction(1)
    for r1, r2, d1, d2 in times:
        r, d = r1 + r2, d1 + d2
        after *= Fraction(r + 1 - d, r + 1)
        if test.weight == "kaplan meier":
            yield before
        elif test.weight == "prentice":
            yield after
        elif test.weight == "andersen":
            yield after * r / (r + 1)
        else:
            yield Fraction(1)
        before *= Fraction(r - d, r)


def _weight_limits(test: WeightedTest, r: int, d: int, number: int) -> tuple[_Share, _Share]:
    """Return between what the weight lies: all losses so far were events, or none was."""
    if test.weight == "kaplan meier":
        return (r, number), (1, 1)
    if test.weight == "andersen":
        left = (r + 1 - d) * r
        return (left, (number + 1) * (r + 1)), (left, (r + 1) * (r + 1))
    return (r + 1 - d, number + 1), (r + 1 - d, r + 1)


def _sums(test: WeightedTest, sizes: tuple[int, int], times: Times) -> tuple[Fraction, Fraction]:
    """Return U and V, where both are fractions."""
    permuted = _share(sizes) if test.variance == "permutation" else None
    u = v = Fraction(0)
    for weight, time in zip(_pooled_weights(test, times), times, strict=True):
        more_u, more_v = (Fraction(*share) for share in _unweighted(*time, permuted))
        u, v = u + weight * more_u, v + weight * weight * more_v
    if test.variance == "expected":
        expected = sum((Fraction((d1 + d2) * r1, r1 + r2) for r1, r2, d1, d2 in times), Fraction(0))
        events = sum(d1 + d2 for _, _, d1, d2 in times)
        v = expected * (events - expected) / events if events else Fraction(0)
    return u, v


@dataclass(frozen=True, slots=True)
class Pooled(Measure):
    """A test whose weights depend on all that went before, or whose variance is no sum.

    Parameters
    ----------
    test : WeightedTest
        The test.
    sizes : tuple of (int, int)
        How many patients each arm has.
    """

    test: WeightedTest
    sizes: tuple[int, int]

    def square(self, event_times: Times) -> Interval | None:
        """Return U^2 / V of one course.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        Interval or None
            A point; None if V is 0.
        """
        u, v = _sums(self.test, self.sizes, event_times)
        return Interval.point(u * u / v) if v else None

    def near(self, event_times: Times) -> float | None:
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
        share = float(_share(self.sizes)) if self.test.variance == "permutation" else None
        u = v = expected = events = 0.0
        before = after = 1.0
        for r1, r2, d1, d2 in event_times:
            r, d = r1 + r2, d1 + d2
            after *= (r + 1 - d) / (r + 1)
            if self.test.weight == "kaplan meier":
                weight = before
            elif self.test.weight == "prentice":
                weight = after
            else:
                weight = after * r / (r + 1) if self.test.weight == "andersen" else 1.0
            before *= (r - d) / r
            u += weight * (d1 * r2 - d2 * r1) / r
            if share is not None:
                v += weight * weight * share * d * (r - d) / r
            elif r > 1:
                v += weight * weight * d * r1 * r2 * (r - d) / (r * r * (r - 1))
            expected += d * r1 / r
            events += d
        if self.test.variance == "expected":
            # A difference of nearly equal sums is 0 only if one arm is alone at all times.
            is_alone = all(r1 == 0 for r1, *_ in event_times) or all(t[1] == 0 for t in event_times)
            v = 0.0 if is_alone else expected * (events - expected) / events
        return u / sqrt(v) if v > 0 else None

    def side(self, event_times: Times) -> int:
        """Return the sign of U of one course.

        Parameters
        ----------
        event_times : sequence of (int, int, int, int)
            Numbers at risk and events, r1, r2, d1 and d2, at each time.

        Returns
        -------
        int
            It is 1, -1 or 0.
        """
        u, _ = _sums(self.test, self.sizes, event_times)
        return (u > 0) - (u < 0)


class _Part(NamedTuple):
    """Events at one time with a weight between limits, all times a scale, rounded for a bound."""

    low: tuple[int, int]  # 2 w u and w^2 v at the least weight
    high: tuple[int, int]  # and at the greatest
    top: int  # u^2 / v: divided by the slope, what the best of all weights gives
    few: int  # at slopes below it the greatest weight is best
    many: int  # at slopes above it the least


def _part(sums: tuple[_Share, _Share], side: int, weights: tuple[_Share, _Share]) -> _Part:
    (u, per), (v, each) = sums
    u *= side
    ends = [
        (-(-2 * w * u * _SCALE // (unit * per)), w * w * v * _SCALE // (unit * unit * each))
        for w, unit in weights
    ]
    if u <= 0 or not v:
        # Then a less (or, with u = v = 0, any) weight is best at all slopes.
        return _Part(ends[0], ends[1], 0, 0, -1)
    slope = u * each * _SCALE, per * v
    (low, low_unit), (high, high_unit) = weights
    few = slope[0] * high_unit // (slope[1] * high)
    many = -(-slope[0] * low_unit // (slope[1] * low))
    return _Part(ends[0], ends[1], -(-u * slope[0] // (per * slope[1])), few, many)


class _Loose:
    """Bounds on the greatest U^2 / V where weights are known up to limits."""

    def __init__(self, test: WeightedTest, graph: TwoArmGraph, side: int):
        self.graph, self.side = graph, side
        self.measure = Pooled(test, graph.sizes)
        number = sum(graph.sizes)
        permuted = _share(graph.sizes) if test.variance == "permutation" else None
        self.table = edge_table(graph)
        self.parts = []
        for r1, r2, d1, d2 in self.table.edges:
            sums = _unweighted(r1, r2, d1, d2, permuted)
            weights = _weight_limits(test, r1 + r2, d1 + d2, number)
            self.parts.append(_part(sums, side, weights))
        self.known: tuple[Fraction, tuple[Move, ...]] | None = None

    def at(self, slope: Fraction) -> Fraction:
        """Bound the greatest 2 U - slope V, and remember the best course seen."""
        p, q = slope.numerator, slope.denominator
        here = p * _SCALE

        def gain(part: _Part) -> int:
            if here < part.few * q:
                u, v = part.high
            elif here > part.many * q:
                u, v = part.low
            else:
                return -(-part.top * q // p)
            return -((p * v - q * u) // q)

        near = self._near(float(slope))
        found = self.graph.longest(self.table.needed(near, lambda place: gain(self.parts[place])))
        assert found is not None
        times = steps_to_event_times(self.graph.sizes, found[1])
        square = self.measure.square(times)
        if square is not None and self.measure.side(times) == self.side:
            assert square.low is not None
            if self.known is None or square.low > self.known[0]:
                self.known = square.low, found[1]
        return Fraction(found[0], _SCALE)

    @cached_property
    def _columns(self) -> Floats:
        import numpy as np

        rows = [[*one.high, *one.low, one.top, one.few, one.many] for one in self.parts]
        return np.array([[value / _SCALE for value in row] for row in rows]).reshape(-1, 7).T

    def _near(self, slope: float) -> Floats:
        """Return what all events add at a slope, in floats."""
        import numpy as np

        high, high_v, low, low_v, top, few, many = self._columns
        best = np.where(slope > many, low - slope * low_v, top / (slope or 1.0))
        near: Floats = np.where(slope < few, high - slope * high_v, best)
        return near

    def greatest(self) -> Bound | None:
        """Bound the greatest U^2 / V by x times chords of a convex function of slopes x."""
        points = [(Fraction(0), self.at(Fraction(0)))]
        if points[0][1] <= 0:
            return None
        slope = Fraction(1, 4)
        while points[-1][1] > 0:
            points.append((slope, self.at(slope)))
            slope *= 2
        best = max(x * value for x, value in points)
        pieces = [(under_chord(*a, *b), a, b) for a, b in pairwise(points)]
        for _ in range(_EVALUATIONS):
            piece = max(pieces)
            limit, a, b = piece
            if limit <= best * _NEAR:
                break
            pieces.remove(piece)
            middle = (a[0] + b[0]) / 2, self.at((a[0] + b[0]) / 2)
            best = max(best, middle[0] * middle[1])
            pieces += [(under_chord(*x, *y), x, y) for x, y in ((a, middle), (middle, b))]
        limit = max(pieces)[0]
        return (
            Bound(None, limit) if self.known is None else Bound(self.known[0], limit, self.known[1])
        )


def _extremes(test: WeightedTest, graph: TwoArmGraph) -> Extremes | None:
    """Return extremes, or bounds on them where the test is not exact."""
    measure = weighted_test(test, graph.sizes)
    if isinstance(measure, Statistic):
        return extremes(graph, measure)
    if test.variance != "expected":
        # Whether the variance can be more than 0 does not depend on weights, which are not 0.
        plain = TESTS["log_rank" if test.variance == "hypergeometric" else "log_rank_permutation"]
        statistic = weighted_test(plain, graph.sizes)
        assert isinstance(statistic, Statistic)
        if not is_ever_defined(graph, statistic):
            return None
        more, fewer = (_Loose(test, graph, side).greatest() for side in (1, -1))
        return Extremes(more, fewer, Bound(None, Fraction(0)))
    # The sum of d r1 r2 / r^2 is at most E1 E2 / D, as p (1 - p) is concave.
    found = extremes(graph, log_rank(sum(graph.sizes)))
    if found is None:
        return None

    def weaker(bound: Bound | None) -> Bound | None:
        if bound is None:
            return None
        square = measure.square(steps_to_event_times(graph.sizes, bound.course))
        return replace(bound, attained=None if square is None else square.low)

    return Extremes(weaker(found.more), weaker(found.fewer), Bound(None, Fraction(0)))


def weighted_range(
    test: WeightedTest, graph: TwoArmGraph, alternative: Alternative = "two-sided"
) -> PRange | None:
    """Return the p-values that a test can have.

    Parameters
    ----------
    test : WeightedTest
        The test.
    graph : TwoArmGraph
        What can happen in the arms.
    alternative : str
        What is tested.

    Returns
    -------
    PRange or None
        None if an arm has no course or the test is never defined.  Where the test is not
        exact, the range holds all p-values and is too wide.

    Notes
    -----
    A weight that is an estimate S of both arms' survival lies, with r of N at risk, between
    what it is if everyone lost so far had an event and what it is if nobody had: for the
    estimate of Kaplan and Meier between r / N and 1.  At each time of events and for each
    slope x the best weight between these is taken, so that the greatest 2 U - x V over
    courses is a longest path again, and an upper bound.

    The sum of (O - E)^2 / E over the arms is (O1 - E1)^2 divided by E1 E2 / D, which is at
    least the hypergeometric variance; its range ends where that of the log-rank test ends.

    References
    ----------
    Peto R, Peto J (1972). Asymptotically efficient rank invariant test procedures. Journal of
    the Royal Statistical Society A 135(2):185-207. doi:10.2307/2344317

    Prentice RL (1978). Linear rank tests with right censored data. Biometrika 65(1):167-179.
    doi:10.1093/biomet/65.1.167

    Examples
    --------
    >>> from netcore.stats.survival.event_graph import Arm
    >>> graph = TwoArmGraph(Arm(2), Arm(2))
    >>> [round(float(weighted_range(TESTS[key], graph).p.low), 3) for key in ("gehan", "peto")]
    [0.083, 0.083]
    """
    found = _extremes(test, graph)
    return None if found is None else p_of_extremes(graph, found, alternative)


def weighted_fit(
    test: WeightedTest,
    graph: TwoArmGraph,
    p: Interval,
    alternative: Alternative = "two-sided",
    *,
    tries: int = 2_000,
) -> Fit:
    """Return whether a test can have a printed p-value.

    Parameters
    ----------
    test : WeightedTest
        The test.
    graph : TwoArmGraph
        What can happen in the arms.
    p : Interval
        The window of the p-value.
    alternative : str
        What is tested.
    tries : int
        How many patients are drawn in search of some.

    Returns
    -------
    Fit
        Whether it is possible, with patients; impossible; or open.

    Raises
    ------
    ValueError
        If the window holds no probability.

    Examples
    --------
    >>> from netcore.stats.survival.event_graph import Arm
    >>> graph = TwoArmGraph(Arm(3), Arm(3))
    >>> weighted_fit(TESTS["gehan"], graph, Interval(Fraction(1, 20), Fraction(1, 10))).status
    'possible'
    """
    found = weighted_range(test, graph, alternative)
    measure = weighted_test(test, graph.sizes)
    return fit_p(graph, measure, found, p, alternative, tries=tries)


def any_p_range(
    graph: TwoArmGraph, alternative: Alternative = "two-sided"
) -> Mapping[str, PRange | None]:
    """Return the p-values that each test can have, for a test that is not named.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.
    alternative : str
        What is tested.

    Returns
    -------
    mapping of str to PRange or None
        By key of :data:`TESTS`.

    Examples
    --------
    >>> from netcore.stats.survival.event_graph import Arm
    >>> found = any_p_range(TwoArmGraph(Arm(2), Arm(2)))
    >>> all(value.p.low < Fraction(1, 10) for value in found.values())
    True
    """
    return {key: weighted_range(test, graph, alternative) for key, test in TESTS.items()}
