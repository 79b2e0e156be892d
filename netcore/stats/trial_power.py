"""What a trial of two arms can show and what it can exclude.

Powers of tests of two proportions are sums over all pairs of counts; what is an
approximation says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, comb, exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, Literal, get_args

from netcore.stats.counts import proportion_interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "DetectableRates",
    "DifferenceInterval",
    "SchoenfeldEvents",
    "TwoArmTest",
    "ZeroEvents",
    "detectable_rates",
    "difference_interval",
    "exact_power",
    "power_curve",
    "schoenfeld_detectable_hazard_ratio",
    "schoenfeld_events",
    "zero_events",
]

TwoArmTest = Literal["fisher", "pooled_z", "unpooled_z"]
"""Which test compares the shares of two arms."""

_STEPS: Final = 1000  # the search goes in tenths of a percentage point


def exact_power(
    size_1: int,
    size_2: int,
    rate_1: float,
    rate_2: float,
    alpha: float = 0.05,
    test: TwoArmTest = "fisher",
) -> float:
    """Return the probability that a two-sided test of two proportions rejects.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in each arm, at least 1.
    rate_1, rate_2 : float
        True proportions, 0 to 1.
    alpha : float
        Two-sided level, strictly between 0 and 1.
    test : str
        ``fisher`` (exact, two-sided by the sum of the tables that are no more
        probable), ``pooled_z`` (the same as chi-squared without correction) or
        ``unpooled_z`` (Wald).

    Returns
    -------
    float
        The power; with equal rates, the size of the test.

    Raises
    ------
    ValueError
        If a number is out of range or the test is unknown.

    Notes
    -----
    The sum of P(x1) P(x2) over all pairs of counts that the test rejects, with
    binomial P.  Fisher's p-values are compared with alpha in whole numbers.

    Examples
    --------
    Four cups against four are told apart only if all are.

    >>> round(exact_power(4, 4, 0.9, 0.1), 4), round(0.9**8 + 0.1**8, 4)
    (0.4305, 0.4305)
    """
    return power_curve(size_1, size_2, rate_1, [rate_2], alpha, test)[0]


def power_curve(
    size_1: int,
    size_2: int,
    rate_1: float,
    rates_2: Sequence[float],
    alpha: float = 0.05,
    test: TwoArmTest = "fisher",
) -> tuple[float, ...]:
    """Return the exact power for each of many true proportions in the second arm.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in each arm, at least 1.
    rate_1 : float
        True proportion in the first arm, 0 to 1.
    rates_2 : sequence of float
        True proportions in the second arm, 0 to 1.
    alpha : float
        Two-sided level, strictly between 0 and 1.
    test : str
        As in :func:`exact_power`.

    Returns
    -------
    tuple of float
        The power for each rate, in the order given.

    Raises
    ------
    ValueError
        If a number is out of range or the test is unknown.

    Examples
    --------
    >>> [round(power, 2) for power in power_curve(20, 20, 0.5, [0.5, 0.7, 0.9])]
    [0.02, 0.16, 0.74]
    """
    if size_1 < 1 or size_2 < 1:
        raise ValueError(f"found arms of {size_1} and {size_2}, expected at least 1 in each")
    if not all(0 <= rate <= 1 for rate in (rate_1, *rates_2)):
        raise ValueError(f"found rates {rate_1} and {[*rates_2]}, expected numbers from 0 to 1")
    _require_level("alpha", alpha)
    if test not in get_args(TwoArmTest):
        raise ValueError(f"found test {test!r}, expected one of {', '.join(get_args(TwoArmTest))}")
    import numpy as np
    from scipy.stats import binom

    # Probability that the test rejects, for each count of the second arm.
    given_second = binom.pmf(np.arange(size_1 + 1), size_1, rate_1) @ _rejected(
        size_1, size_2, alpha, test
    )
    counts = np.arange(size_2 + 1)
    powers = binom.pmf(counts[None, :], size_2, np.asarray(rates_2)[:, None]) @ given_second
    # Probabilities sum to 1 but for rounding.
    return tuple(min(1.0, float(power)) for power in powers)


@dataclass(frozen=True, slots=True)
class DetectableRates:
    """The nearest true rates that a trial tells from a given one.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in each arm.
    rate_1 : float
        True proportion in the first arm.
    below, above : float or None
        The nearest proportion on either side that is detected with the power,
        as is every farther one; None where not even 0, or 1, is.
    power, alpha : float
        Power asked for, and two-sided level.
    test : str
        The test.
    """

    size_1: int
    size_2: int
    rate_1: float
    below: float | None
    above: float | None
    power: float
    alpha: float
    test: TwoArmTest


def detectable_rates(
    size_1: int,
    size_2: int,
    rate_1: float,
    power: float = 0.8,
    alpha: float = 0.05,
    test: TwoArmTest = "fisher",
) -> DetectableRates:
    """Search for the nearest true rates that a trial tells from a given one.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in each arm, at least 1.
    rate_1 : float
        True proportion in the first arm, 0 to 1.
    power : float
        Power asked for, strictly between 0 and 1.
    alpha : float
        Two-sided level, strictly between 0 and 1.
    test : str
        As in :func:`exact_power`.

    Returns
    -------
    DetectableRates
        The rates, in steps of 0.001.

    Raises
    ------
    ValueError
        If a number is out of range or the test is unknown.

    Notes
    -----
    An exact power is not quite monotone in the rate, so that the search starts
    at 0 and at 1 and goes inwards until the power is first too small.

    Examples
    --------
    Twenty patients an arm, half of whom respond in the first:

    >>> found = detectable_rates(20, 20, 0.5)
    >>> found.below, found.above
    (0.082, 0.918)
    """
    _require_level("power", power)
    grid = [step / _STEPS for step in range(_STEPS + 1)]
    powers = power_curve(size_1, size_2, rate_1, grid, alpha, test)

    def nearest(candidates: Iterator[tuple[float, float]]) -> float | None:
        found = None
        for rate, reached in candidates:
            if reached < power:
                break
            found = rate
        return found

    pairs = list(zip(grid, powers, strict=True))
    return DetectableRates(
        size_1,
        size_2,
        float(rate_1),
        nearest((rate, reached) for rate, reached in pairs if rate < rate_1),
        nearest((rate, reached) for rate, reached in reversed(pairs) if rate > rate_1),
        power,
        alpha,
        test,
    )


@dataclass(frozen=True, slots=True)
class DifferenceInterval:
    """A difference of two proportions with its confidence interval.

    Parameters
    ----------
    count_1, size_1, count_2, size_2 : int
        Number with the property and in all, in each arm.
    estimate, low, high : float
        Difference, first less second, and its limits.
    confidence : float
        Confidence level.
    """

    count_1: int
    size_1: int
    count_2: int
    size_2: int
    estimate: float
    low: float
    high: float
    confidence: float

    def __str__(self) -> str:
        """Write the difference in percentage points."""
        low, estimate, high = (
            f"{100 * x:.0f}".replace("-", "−") for x in (self.low, self.estimate, self.high)
        )
        return (
            f"{self.count_1}/{self.size_1} less {self.count_2}/{self.size_2} = {estimate} "
            f"percentage points ({100 * self.confidence:g} % interval {low} to {high})"
        )


def difference_interval(
    count_1: int, size_1: int, count_2: int, size_2: int, confidence: float = 0.95
) -> DifferenceInterval:
    """Return Newcombe's hybrid score interval for a difference of two proportions.

    Parameters
    ----------
    count_1, size_1 : int
        Number with the property and in all, first arm.
    count_2, size_2 : int
        The same, second arm.
    confidence : float
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    DifferenceInterval
        The difference, first less second, with its limits.

    Raises
    ------
    ValueError
        If the numbers or the level are out of range.

    Notes
    -----
    Method 10 of Newcombe (1998): with Wilson limits l and u of each arm, from
    d - sqrt((p1 - l1)² + (u2 - p2)²) to d + sqrt((u1 - p1)² + (p2 - l2)²).

    References
    ----------
    Newcombe RG (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> interval = difference_interval(56, 70, 48, 80)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0524, 0.3339)
    """
    first = proportion_interval(count_1, size_1, confidence)
    second = proportion_interval(count_2, size_2, confidence)
    estimate = first.estimate - second.estimate
    down = sqrt((first.estimate - first.low) ** 2 + (second.high - second.estimate) ** 2)
    up = sqrt((first.high - first.estimate) ** 2 + (second.estimate - second.low) ** 2)
    return DifferenceInterval(
        count_1,
        size_1,
        count_2,
        size_2,
        estimate,
        max(-1.0, estimate - down),
        min(1.0, estimate + up),
        first.confidence,
    )


@dataclass(frozen=True, slots=True)
class SchoenfeldEvents:
    """A hazard ratio and the events that detect it, by an approximation.

    Parameters
    ----------
    hazard_ratio : float
        Hazard ratio; its reciprocal needs as many events.
    events : float
        Number of events in both arms together, before rounding up.
    power, alpha : float
        Power, and two-sided level.
    share_1 : float
        Share of the patients in the first arm.
    """

    hazard_ratio: float
    events: float
    power: float
    alpha: float
    share_1: float

    @property
    def label(self) -> str:
        """Name the approximation, for a caption."""
        return "approximation for proportional hazards (Schoenfeld 1983)"

    def __str__(self) -> str:
        """Write the hazard ratio with the events, rounded up."""
        # A product of roundings may lie an ulp above a whole number.
        return (
            f"hazard ratio {self.hazard_ratio:.2f} with {ceil(self.events - 1e-9)} events "
            f"(power {100 * self.power:g} %, two-sided level {100 * self.alpha:g} %; {self.label})"
        )


def schoenfeld_events(
    hazard_ratio: float, power: float = 0.8, alpha: float = 0.05, share_1: float = 0.5
) -> SchoenfeldEvents:
    """Approximate the number of events that detect a hazard ratio.

    Parameters
    ----------
    hazard_ratio : float
        Hazard ratio, positive and not 1.
    power : float
        Power, strictly between 0 and 1.
    alpha : float
        Two-sided level, strictly between 0 and 1.
    share_1 : float
        Share of the patients in the first arm, strictly between 0 and 1.

    Returns
    -------
    SchoenfeldEvents
        The events, in both arms together.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    (z(1 - alpha/2) + z(power))² / (share (1 - share) ln(HR)²), for the log-rank
    test under proportional hazards; close for hazard ratios near 1, and for as
    large a number of events as that means.  Not exact.

    References
    ----------
    Schoenfeld DA (1983), doi:10.2307/2531021.

    Examples
    --------
    >>> print(schoenfeld_events(0.5))
    hazard ratio 0.50 with 66 events (power 80 %, two-sided level 5 %; approximation for proportional hazards (Schoenfeld 1983))
    """
    if hazard_ratio <= 0 or hazard_ratio == 1:
        raise ValueError(f"found hazard ratio {hazard_ratio}, expected a positive number, not 1")
    events = _schoenfeld_scale(power, alpha, share_1) / log(hazard_ratio) ** 2
    return SchoenfeldEvents(float(hazard_ratio), events, power, alpha, share_1)


def schoenfeld_detectable_hazard_ratio(
    events: int, power: float = 0.8, alpha: float = 0.05, share_1: float = 0.5
) -> SchoenfeldEvents:
    """Approximate the hazard ratio below 1 that a number of events detects.

    Parameters
    ----------
    events : int
        Number of events in both arms together, at least 1.
    power : float
        Power, strictly between 0 and 1.
    alpha : float
        Two-sided level, strictly between 0 and 1.
    share_1 : float
        Share of the patients in the first arm, strictly between 0 and 1.

    Returns
    -------
    SchoenfeldEvents
        The hazard ratio; 1 divided by it is detected as well.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    :func:`schoenfeld_events`, solved for the hazard ratio.

    References
    ----------
    Schoenfeld DA (1983), doi:10.2307/2531021.

    Examples
    --------
    >>> round(schoenfeld_detectable_hazard_ratio(66).hazard_ratio, 2)
    0.5
    """
    if events < 1:
        raise ValueError(f"found {events} events, expected at least 1")
    ratio = exp(-sqrt(_schoenfeld_scale(power, alpha, share_1) / events))
    return SchoenfeldEvents(ratio, float(events), power, alpha, share_1)


@dataclass(frozen=True, slots=True)
class ZeroEvents:
    """What no event among n patients excludes.

    Parameters
    ----------
    denominator : int
        Number of patients.
    one_sided : float
        Exact upper limit of the proportion at the confidence level.
    two_sided : float
        Upper end of the two-sided Clopper-Pearson interval at that level.
    rule_of_three : float
        3/n, at most 1: the first of the two at 95 %, approximately.
    confidence : float
        Confidence level of the exact limits.
    """

    denominator: int
    one_sided: float
    two_sided: float
    rule_of_three: float
    confidence: float

    def __str__(self) -> str:
        """Write the one-sided limit in per cent."""
        return (
            f"0/{self.denominator}: at most {100 * self.one_sided:.1f} % "
            f"(exact upper limit, one-sided, {100 * self.confidence:g} %)"
        )


def zero_events(denominator: int, confidence: float = 0.95) -> ZeroEvents:
    """Return the largest proportion that no event among n patients leaves possible.

    Parameters
    ----------
    denominator : int
        Number of patients, at least 1.
    confidence : float
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    ZeroEvents
        The exact limits and the rule of three.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Clopper and Pearson: the p with (1 - p)^n = 1 - confidence, and half of that
    for the two-sided interval.  Since -ln 0.05 is nearly 3, the first is about
    3/n at 95 %.

    References
    ----------
    Clopper CJ, Pearson ES (1934), doi:10.1093/biomet/26.4.404.
    Hanley JA, Lippman-Hand A (1983), doi:10.1001/jama.1983.03330370053031.

    Examples
    --------
    >>> print(zero_events(30))
    0/30: at most 9.5 % (exact upper limit, one-sided, 95 %)
    """
    if denominator < 1:
        raise ValueError(f"found denominator {denominator}, expected at least 1")
    _require_level("confidence", confidence)
    missed = 1 - confidence
    return ZeroEvents(
        denominator,
        1 - missed ** (1 / denominator),
        1 - (missed / 2) ** (1 / denominator),
        min(1.0, 3 / denominator),
        float(confidence),
    )


def _require_level(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"found {name} {value}, expected a number between 0 and 1")


def _schoenfeld_scale(power: float, alpha: float, share_1: float) -> float:
    for name, value in (("power", power), ("alpha", alpha), ("share_1", share_1)):
        _require_level(name, value)
    normal = NormalDist()
    reach = normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)
    return reach**2 / (share_1 * (1 - share_1))


@lru_cache(maxsize=32)
def _rejected(size_1: int, size_2: int, alpha: float, test: TwoArmTest) -> NDArray[np.bool_]:
    """Return which pairs of counts a test rejects, first arm by second."""
    import numpy as np

    if test == "fisher":
        rejected = np.zeros((size_1 + 1, size_2 + 1), dtype=bool)
        for count_1, count_2 in _rejected_by_fisher(size_1, size_2, Fraction(str(alpha))):
            rejected[count_1, count_2] = True
    else:
        share_1 = np.arange(size_1 + 1)[:, None] / size_1
        share_2 = np.arange(size_2 + 1)[None, :] / size_2
        if test == "pooled_z":
            pooled = (share_1 * size_1 + share_2 * size_2) / (size_1 + size_2)
            variance = pooled * (1 - pooled) * (1 / size_1 + 1 / size_2)
        else:
            variance = share_1 * (1 - share_1) / size_1 + share_2 * (1 - share_2) / size_2
        # Multiplied out: with no variance any difference is rejected, and none is not.
        critical = NormalDist().inv_cdf(1 - alpha / 2)
        rejected = (share_1 - share_2) ** 2 > critical**2 * np.maximum(variance, 0.0)
    rejected.setflags(write=False)  # the cache hands out one array
    return rejected


def _rejected_by_fisher(size_1: int, size_2: int, alpha: Fraction) -> Iterator[tuple[int, int]]:
    for total in range(size_1 + size_2 + 1):
        counts = range(max(0, total - size_2), min(size_1, total) + 1)
        ways = {count: comb(size_1, count) * comb(size_2, total - count) for count in counts}
        largest = alpha * comb(size_1 + size_2, total)
        # From the least probable up; tables that are as probable go together.
        reached = 0
        for level in sorted(set(ways.values())):
            alike = [count for count, way in ways.items() if way == level]
            reached += level * len(alike)
            if reached > largest:
                break
            yield from ((count, total - count) for count in alike)
