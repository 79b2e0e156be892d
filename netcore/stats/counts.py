"""Counts and percentages: which whole numbers can stand behind a percentage.

All arithmetic of counts is in fractions: 0.57 x 100 is 56.99999999999999 in floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from netcore.printed import Interval

__all__ = [
    "ProportionInterval",
    "counts_behind",
    "denominators_behind",
    "every_percentage_possible",
    "percentage",
    "proportion_interval",
]

_CLIP: Final = Interval(Fraction(0), Fraction(100))
_STATSMODELS_NAMES: Final = {
    "wilson": "wilson",
    "clopper_pearson": "beta",
    "agresti_coull": "agresti_coull",
    "jeffreys": "jeffreys",
    "wald": "normal",
}


def percentage(count: int, denominator: int) -> Fraction:
    """Return the exact percentage that a count is of a denominator.

    Parameters
    ----------
    count : int
        Number with the property, 0 to ``denominator``.
    denominator : int
        Number in all, at least 1.

    Returns
    -------
    Fraction
        100 * count / denominator, in per cent.

    Raises
    ------
    ValueError
        If the numbers are out of order.

    Examples
    --------
    >>> percentage(25, 34)
    Fraction(1250, 17)
    """
    if not 0 <= count <= denominator or denominator < 1:
        raise ValueError(
            f"found {count} of {denominator}, expected 0 <= count <= denominator and denominator >= 1"
        )
    return Fraction(100 * count, denominator)


def counts_behind(window: Interval, denominator: int) -> range:
    """Return every count whose percentage of a denominator lies in a window.

    Parameters
    ----------
    window : Interval
        The percentages that print as printed, in per cent.
    denominator : int
        Number in all, at least 1.

    Returns
    -------
    range
        All n with 100 n / denominator in the window and 0 <= n <=
        denominator: the integers from ceil(low N / 100) to floor(high N / 100).

    Raises
    ------
    ValueError
        If the denominator is less than 1.

    Examples
    --------
    30 % of 34 patients is no whole number of patients; 29 % is 10.

    >>> list(counts_behind(Interval(Fraction(59, 2), Fraction(61, 2)), 34))
    []
    >>> list(counts_behind(Interval(Fraction(57, 2), Fraction(59, 2)), 34))
    [10]
    """
    if denominator < 1:
        raise ValueError(f"found denominator {denominator}, expected at least 1")
    clipped = window.meet(_CLIP)
    if clipped.is_empty or clipped.low is None or clipped.high is None:
        return range(0)
    scale = Fraction(denominator, 100)
    return Interval(
        clipped.low * scale, clipped.high * scale, clipped.low_closed, clipped.high_closed
    ).integers()


def denominators_behind(window: Interval, count: int, largest: int) -> range:
    """Return every denominator of which a count is a percentage in a window.

    Parameters
    ----------
    window : Interval
        The percentages that print as printed, in per cent.
    count : int
        Number with the property, at least 0.
    largest : int
        The largest denominator to consider.

    Returns
    -------
    range
        All N with max(count, 1) <= N <= largest and 100 count / N in the
        window.  For count 0 either all (0 in the window) or none.

    Raises
    ------
    ValueError
        If the count is negative.

    Examples
    --------
    25 patients are no 75 % of anything; 10 patients are 30 % of 33.

    >>> list(denominators_behind(Interval(Fraction(149, 2), Fraction(151, 2)), 25, 1000))
    []
    >>> list(denominators_behind(Interval(Fraction(59, 2), Fraction(61, 2)), 10, 1000))
    [33]
    """
    if count < 0:
        raise ValueError(f"found count {count}, expected at least 0")
    clipped = window.meet(_CLIP)
    smallest = max(count, 1)
    if clipped.is_empty or clipped.low is None or clipped.high is None or largest < smallest:
        return range(0)
    allowed = Interval(Fraction(smallest), Fraction(largest))
    if count == 0 or clipped.high == 0:
        return allowed.integers() if count == 0 and Fraction(0) in clipped else range(0)
    # 100 count / N falls as N grows, so the ends of the window change places.
    longest = None if clipped.low == 0 else 100 * count / clipped.low
    return (
        Interval(100 * count / clipped.high, longest, clipped.high_closed, clipped.low_closed)
        .meet(allowed)
        .integers()
    )


def every_percentage_possible(step: Fraction, denominator: int) -> bool:
    """Return whether every printable percentage is that of some count.

    Parameters
    ----------
    step : Fraction
        Distance between neighbouring printable percentages (1 for whole ones).
    denominator : int
        Number in all, at least 1.

    Returns
    -------
    bool
        True if the denominator is so large that no printed percentage
        between 0 and 100 can miss, however it was rounded:
        100 / denominator <= step.

    Raises
    ------
    ValueError
        If the step is not positive or the denominator is less than 1.

    Notes
    -----
    Neighbouring counts are 100 / N apart and each window is ``step`` wide.
    One that is open at both ends has a count in it too: if N = 100 / step, it
    is the multiple of the step in its middle.  So N >= 100 / step suffices
    under every convention of :data:`netcore.printed.rounding.ROUNDINGS`.

    It is necessary where each count prints as one percentage only.  It is not
    where ties may go both ways: 80 units (and 96) give all whole percentages
    from 0 to 100 if 12.5 may print as 12 and as 13.  False then means only
    that nothing is promised.

    Examples
    --------
    >>> every_percentage_possible(Fraction(1), 142), every_percentage_possible(Fraction(1), 34)
    (True, False)
    """
    if step <= 0 or denominator < 1:
        raise ValueError(
            f"found step {step} and denominator {denominator}, expected a positive step and at least 1"
        )
    return Fraction(100, denominator) <= step


@dataclass(frozen=True, slots=True)
class ProportionInterval:
    """A proportion with its confidence interval.

    Parameters
    ----------
    count, denominator : int
        Number with the property, and in all.
    estimate, low, high : float
        Point estimate and limits, as proportions in [0, 1].
    confidence : float
        Confidence level, such as 0.95.
    method : str
        Name of the interval.
    """

    count: int
    denominator: int
    estimate: float
    low: float
    high: float
    confidence: float
    method: str

    def __str__(self) -> str:
        """Write count, percentage and interval in per cent."""
        low, estimate, high = (f"{100 * x:.0f}" for x in (self.low, self.estimate, self.high))
        return f"{self.count}/{self.denominator} = {estimate} % ({100 * self.confidence:g} % interval {low} to {high} %)"


def proportion_interval(
    count: int,
    denominator: int,
    confidence: float = 0.95,
    method: Literal["wilson", "clopper_pearson", "agresti_coull", "jeffreys", "wald"] = "wilson",
) -> ProportionInterval:
    """Return a confidence interval for a proportion.

    Parameters
    ----------
    count : int
        Number with the property.
    denominator : int
        Number in all, at least 1.
    confidence : float
        Confidence level, strictly between 0 and 1.
    method : str
        The interval; Wilson unless said otherwise.

    Returns
    -------
    ProportionInterval
        Estimate and limits.

    Raises
    ------
    ValueError
        If the numbers or the level are out of range, or the method is unknown.

    Notes
    -----
    Computed by :func:`statsmodels.stats.proportion.proportion_confint`.
    Wilson (1927), doi:10.1080/01621459.1927.10502953: the values p with
    (x/n - p)^2 <= z^2 p (1 - p) / n.  R's ``prop.test`` without continuity
    correction agrees; with its default correction it is wider.

    Limits of Wald and Agresti-Coull are cut at 0 and 1; for 0/n and n/n Wald's
    is one point.  Jeffreys cuts equal tails always, so that it leaves out the
    estimate at 0/n and n/n; Brown, Cai and DasGupta (2001,
    doi:10.1214/ss/1009213286) move that limit to the end of the scale.

    Examples
    --------
    >>> result = proportion_interval(17, 34)
    >>> round(result.low, 3), round(result.high, 3)
    (0.341, 0.659)
    """
    percentage(count, denominator)
    if not 0 < confidence < 1:
        raise ValueError(f"found confidence {confidence}, expected a number between 0 and 1")
    if method not in _STATSMODELS_NAMES:
        raise ValueError(
            f"found method {method!r}, expected one of {', '.join(_STATSMODELS_NAMES)}"
        )
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(
        count, denominator, alpha=1 - confidence, method=_STATSMODELS_NAMES[method]
    )
    # Rounding in floating point leaves a Wilson limit of 0 or 1 an ulp beside it.
    low = 0.0 if count == 0 and method != "jeffreys" else max(float(low), 0.0)
    high = 1.0 if count == denominator and method != "jeffreys" else min(float(high), 1.0)
    return ProportionInterval(
        count, denominator, count / denominator, low, high, float(confidence), method
    )
