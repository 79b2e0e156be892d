"""The log-rank test of two arms from their printed survival rates: every p-value it can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from typing import Final, Literal

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, chi_squared_tail
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, TwoArmGraph, event_times
from netcore.stats.survival.path_extremes import (
    Extremes,
    Measure,
    Statistic,
    Terms,
    course_within,
    extremes,
)

__all__ = [
    "Alternative",
    "Fit",
    "PRange",
    "common_denominator",
    "fit_p",
    "interval_of_p",
    "log_rank",
    "log_rank_fit",
    "log_rank_range",
    "log_rank_test",
    "p_of_extremes",
    "range_of_p",
]

Alternative = Literal["two-sided", "more", "fewer"]
"""What is tested: any difference, or more (fewer) events of the first arm than expected."""

Patients = tuple[tuple[Observation, ...], tuple[Observation, ...]]

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class PRange:
    """The p-values that a test can have.

    Parameters
    ----------
    p : Interval
        No p-value lies outside.  Values between the ends need not be attained.
    extremes : Extremes
        The statistics behind the ends.
    is_least_attained : bool
        Whether patients have the least p-value, up to the enclosure of the tail.
    least, greatest : tuple of (tuple of Observation, tuple of Observation) or None
        Patients with the least p-value, and those with the greatest that are known.
    """

    p: Interval
    extremes: Extremes
    is_least_attained: bool
    least: Patients | None
    greatest: Patients | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a printed p-value can be.

    Parameters
    ----------
    status : str
        ``possible`` (patients have it), ``impossible`` (none can have it) or ``open``.
    patients : tuple of (tuple of Observation, tuple of Observation) or None
        Those who have it.
    range : PRange or None
        All p-values; None if the test is never defined or an arm has no course.
    """

    status: Literal["possible", "impossible", "open"]
    patients: Patients | None
    range: PRange | None


@lru_cache(maxsize=64)
def common_denominator(number: int) -> int:
    """Return a number that r^2 (r - 1) divides for all r up to a number.

    Parameters
    ----------
    number : int
        The greatest r.

    Returns
    -------
    int
        The least such number.

    Examples
    --------
    >>> common_denominator(3)
    36
    """
    # A prime divides r or r - 1 alone, so these are the squares of the greatest prime powers.
    powers = []
    is_prime = bytearray([1]) * (number + 1)
    for p in range(2, number + 1):
        if is_prime[p]:
            is_prime[p * p :: p] = bytes(len(range(p * p, number + 1, p)))
            power = p
            while power * p <= number:
                power *= p
            powers.append(power)
    return prod(powers) ** 2


def log_rank(number: int) -> Statistic:
    """Return the log-rank statistic (O - E)^2 / V of so many patients.

    Parameters
    ----------
    number : int
        Patients of both arms.

    Returns
    -------
    Statistic
        With d = d1 + d2 events among r = r1 + r2 at risk, O - E grows by d1 - d r1 / r and V
        by d r1 r2 (r - d) / (r^2 (r - 1)), the variance of a hypergeometric number.

    References
    ----------
    Mantel N (1966). Evaluation of survival data and two new rank order statistics arising in
    its consideration. Cancer Chemotherapy Reports 50(3):163-170.

    Peto R, Peto J (1972). Asymptotically efficient rank invariant test procedures. Journal of
    the Royal Statistical Society A 135(2):185-207. doi:10.2307/2344317

    Examples
    --------
    The deaths of one arm at one time, then those of the other:

    >>> log_rank(4).square([(2, 2, 2, 0), (0, 2, 0, 2)]).low
    Fraction(3, 1)
    """
    scale = common_denominator(number)

    @cache
    def terms(r1: int, r2: int, d1: int, d2: int) -> Terms:
        r, d = r1 + r2, d1 + d2
        u = (d1 * r2 - d2 * r1) * (scale // r)
        v = d * r1 * r2 * (r - d) * (scale // (r * r * (r - 1))) if r > 1 else 0
        return Terms(u, u, v)

    return Statistic(scale, terms)


def p_of_course(
    measure: Measure,
    times: Sequence[tuple[int, int, int, int]],
    alternative: Alternative = "two-sided",
) -> Enclosure | None:
    """Enclose the p-value of one set of patients.

    Parameters
    ----------
    measure : Measure
        What is tested with.
    times : sequence of (int, int, int, int)
        Numbers at risk and events, r1, r2, d1 and d2, at each time of an event.
    alternative : str
        What is tested.

    Returns
    -------
    Enclosure or None
        None if the test is not defined, as its variance is 0.
    """
    square = measure.square(times)
    if square is None:
        return None
    assert square.low is not None
    assert square.high is not None
    low, high = chi_squared_tail(square.high, 1).low, chi_squared_tail(square.low, 1).high
    if alternative == "two-sided":
        return Enclosure(low, high)
    is_towards = measure.side(times) == (1 if alternative == "more" else -1)
    return Enclosure(low / 2, high / 2) if is_towards else Enclosure(1 - high / 2, 1 - low / 2)


def log_rank_test(
    first: Sequence[Observation],
    second: Sequence[Observation],
    alternative: Alternative = "two-sided",
) -> Enclosure | None:
    """Enclose the p-value of the log-rank test.

    Parameters
    ----------
    first, second : sequence of Observation
        The patients of each arm.
    alternative : str
        What is tested.

    Returns
    -------
    Enclosure or None
        None if the test is not defined: at no time of an event were there both arms at risk
        and somebody without one.

    Examples
    --------
    >>> first = [Observation(Fraction(t), True) for t in (1, 1)]
    >>> second = [Observation(Fraction(t), True) for t in (2, 2)]
    >>> low, high = log_rank_test(first, second)
    >>> round(float(low), 6)
    0.083265
    """
    return p_of_course(log_rank(len(first) + len(second)), event_times(first, second), alternative)


def range_of_p(
    graph: TwoArmGraph, statistic: Statistic, alternative: Alternative = "two-sided"
) -> PRange | None:
    """Return the p-values that a test can have.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    statistic : Statistic
        What is tested with.
    alternative : str
        What is tested.

    Returns
    -------
    PRange or None
        None if an arm has no course or the test is never defined.
    """
    found = extremes(graph, statistic)
    return None if found is None else p_of_extremes(graph, found, alternative)


def interval_of_p(found: Extremes, alternative: Alternative = "two-sided") -> Interval:
    """Return the p-values between extremes of a statistic.

    Parameters
    ----------
    found : Extremes
        The extremes, or bounds on them.
    alternative : str
        What is tested.

    Returns
    -------
    Interval
        Normal tails, of z^2 or of z, rounded outwards.

    Examples
    --------
    >>> from netcore.stats.survival.path_extremes import Bound
    >>> two = Bound(None, Fraction(2))
    >>> found = interval_of_p(Extremes(two, None, Bound(None, Fraction(1))))
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.1573, 0.3173)
    """
    near = found.least.limit
    if alternative == "two-sided":
        far = found.greatest.limit
        return Interval(chi_squared_tail(far, 1).low, chi_squared_tail(near, 1).high)
    towards, away = (
        (found.fewer, found.more) if alternative == "fewer" else (found.more, found.fewer)
    )
    half = chi_squared_tail(near, 1).high / 2
    return Interval(
        1 - half if towards is None else chi_squared_tail(towards.limit, 1).low / 2,
        half if away is None else 1 - chi_squared_tail(away.limit, 1).low / 2,
    )


def p_of_extremes(
    graph: TwoArmGraph, found: Extremes, alternative: Alternative = "two-sided"
) -> PRange:
    """Return the p-values between extremes of a statistic, and patients who have them.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    found : Extremes
        The extremes.
    alternative : str
        What is tested.

    Returns
    -------
    PRange
        The range of :func:`interval_of_p`, with the courses of the extremes.
    """
    near = found.least
    towards, away = (
        (found.fewer, found.more) if alternative == "fewer" else (found.more, found.fewer)
    )
    ends = (found.greatest, near) if alternative == "two-sided" else (towards or near, away or near)
    least, greatest = (
        None if end.attained is None else graph.observations(end.course) for end in ends
    )
    return PRange(interval_of_p(found, alternative), found, ends[0].is_exact, least, greatest)


def fit_p(
    graph: TwoArmGraph,
    measure: Measure,
    found: PRange | None,
    p: Interval,
    alternative: Alternative = "two-sided",
    *,
    tries: int = 2_000,
) -> Fit:
    """Return whether a test can have a printed p-value.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen.
    measure : Measure
        What is tested with.
    found : PRange or None
        The p-values that it can have.
    p : Interval
        The window of the p-value.
    alternative : str
        What is tested.
    tries : int
        How many patients are drawn in search of some.

    Returns
    -------
    Fit
        Impossible only if the whole range lies outside the window.

    Raises
    ------
    ValueError
        If the window holds no probability.
    """
    if not p.meets(Interval(Fraction(0), Fraction(1))):
        raise ValueError(f"found p in {p}, expected a probability")
    if found is None or not found.p.meets(p):
        return Fit("impossible", None, found)
    for patients in (found.least, found.greatest):
        if patients is not None:
            value = p_of_course(measure, event_times(*patients), alternative)
            if value is not None and value.low in p and value.high in p:
                return Fit("possible", patients, found)
    for window, side in _squares(p, alternative):
        steps = course_within(graph, measure, window, side=side, tries=tries)
        if steps is not None:
            patients = graph.observations(steps)
            value = p_of_course(measure, event_times(*patients), alternative)
            if value is not None and value.low in p and value.high in p:
                return Fit("possible", patients, found)
    return Fit("open", None, found)


def _squares(p: Interval, alternative: Alternative) -> list[tuple[Interval, int]]:
    """Return windows of z^2, near enough for a search, and the side of each."""
    low = float(p.low) if p.low is not None else 0.0
    high = float(p.high) if p.high is not None else 1.0
    low, high = max(low, 0.0), min(high, 1.0)
    if alternative == "two-sided":
        return [(_square_window(low, high), 0)]
    side = 1 if alternative == "more" else -1
    windows = []
    if low < 0.5:
        windows.append((_square_window(2 * low, min(2 * high, 1.0)), side))
    if high > 0.5:
        windows.append((_square_window(2 * (1 - high), min(2 * (1 - low), 1.0)), -side))
    return windows


def _square_window(low: float, high: float) -> Interval:
    """Return the squares of z with a two-sided p between two values, rounded."""
    from statistics import NormalDist

    ends = [
        None if p <= 0 else Fraction(NormalDist().inv_cdf(1 - p / 2) ** 2 if p < 1 else 0.0)
        for p in (high, low)
    ]
    return Interval(ends[0] or Fraction(0), ends[1])


def log_rank_range(
    first: Arm, second: Arm, alternative: Alternative = "two-sided"
) -> PRange | None:
    """Return the p-values that the log-rank test can have with printed survival rates.

    Parameters
    ----------
    first, second : Arm
        What is printed of the arms.
    alternative : str
        What is tested.

    Returns
    -------
    PRange or None
        None if an arm has no course or the test is never defined.

    Raises
    ------
    GraphTooLargeError
        If there are too many states for an exact answer.

    Notes
    -----
    The least p-value is exact, ties included: each set of patients is a path through the
    states of both arms, and every path is a set of patients.  The greatest p-value is that of
    mixtures of patients, and of patients only where one attains it.  The test is that with the
    hypergeometric variance; for others see :mod:`netcore.stats.survival.weighted_tests`.

    Examples
    --------
    Two patients against two, nothing else known: tied deaths are further from the mean than
    any that are not tied (z^2 = 2.882).

    >>> found = log_rank_range(Arm(2), Arm(2))
    >>> found.extremes.greatest.limit, round(float(found.p.low), 4)
    (Fraction(3, 1), 0.0833)
    """
    graph = TwoArmGraph(first, second)
    return range_of_p(graph, log_rank(first.number + second.number), alternative)


def log_rank_fit(
    first: Arm,
    second: Arm,
    p: Interval,
    alternative: Alternative = "two-sided",
    *,
    tries: int = 2_000,
) -> Fit:
    """Return whether the log-rank test can have a printed p-value with printed survival rates.

    Parameters
    ----------
    first, second : Arm
        What is printed of the arms.
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
    GraphTooLargeError
        If there are too many states for an exact answer.
    ValueError
        If the window holds no probability.

    Examples
    --------
    >>> tiny = Interval(Fraction(0), Fraction(1, 100))
    >>> log_rank_fit(Arm(2), Arm(2), tiny).status
    'impossible'
    """
    graph = TwoArmGraph(first, second)
    statistic = log_rank(first.number + second.number)
    found = range_of_p(graph, statistic, alternative)
    return fit_p(graph, statistic, found, p, alternative, tries=tries)
