"""What a printed survival rate can be an estimate by, and which values each estimator has.

A paper that prints "one-year survival 41.7 %" need not mean Kaplan and Meier's estimate.  Each
estimator here is bounded by how many patients had the event and how many were censored before
the time; what order they came in is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval
from netcore.stats.interval_arithmetic import hull
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.reachable import BUDGET, rate_bounds, reach

__all__ = ["ESTIMATORS", "RateFit", "rate_fit", "rate_range"]

ESTIMATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kaplan_meier": "product of 1 - d / r, carried forward after the last patient",
        "efron": "the same, but 0 once nobody is left",
        "crude": "share of all patients who are not known to have had the event",
        "known": "share of all patients who are known to be without the event at the time",
        "followed": "the same as a share of those whose state at the time is known",
        "eligible": "the same as a share of those who entered early enough to be followed so long",
        "actuarial": "life table, withdrawals of an interval counted as half at risk",
        "fleming_harrington": "exp of minus Nelson and Aalen's cumulative hazard",
        "cumulative_incidence": "1 minus the cumulative incidence beside competing events",
    }
)
"""Each estimator of the share without an event, in words."""

_ONE: Final = 1 << 64  # exponentials are rounded outwards to parts of this


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


@lru_cache(maxsize=4_096)
def _exp_minus(x: Fraction) -> Interval:
    """Enclose exp(-x) of a number that is not negative, by the series of exp(x)."""
    low = high = term_low = term_high = _ONE
    k = 0
    # Once each term is at most half of the one before, the rest is at most the last term.
    while term_high > 2 or 2 * x > k + 1:
        k += 1
        term_low = term_low * x.numerator // (x.denominator * k)
        term_high = _up(term_high * x.numerator, x.denominator * k)
        low += term_low
        high += term_high
    high += term_high
    return Interval(
        Fraction(_ONE * _ONE // high, _ONE), min(Fraction(_up(_ONE * _ONE, low), _ONE), Fraction(1))
    )


@lru_cache(maxsize=4_096)
def _harmonic(number: int) -> Fraction:
    return sum((Fraction(1, k) for k in range(1, number + 1)), Fraction(0))


def _range(estimator: str, number: int, events: int, censored: int, competing: int) -> Interval:
    left = number - events - censored - competing
    followed = number - censored
    if estimator in ("kaplan_meier", "actuarial"):
        # Competing events are censorings to these.
        return rate_bounds(number, events, censored + competing)
    if estimator == "efron":
        bounds = rate_bounds(number, events, censored + competing)
        return bounds if left else Interval.point(0)
    if estimator == "crude":
        return Interval(
            Fraction(number - events - competing, number), Fraction(number - events, number)
        )
    if estimator == "known":
        return Interval(Fraction(left, number), Fraction(left + competing, number))
    if estimator == "followed":
        if followed == 0:
            return Interval(Fraction(1), Fraction(0))
        return Interval(Fraction(left, followed), Fraction(left + competing, followed))
    if estimator == "eligible":
        # Anybody who left may have entered too late, and who was lost early enough.
        if left == 0:
            return Interval(Fraction(0), Fraction(1) if censored + competing else Fraction(0))
        return Interval(Fraction(left, number), Fraction(1))
    if estimator == "fleming_harrington":
        first = number - censored - competing
        fastest = _harmonic(first) - _harmonic(first - events)
        return Interval(_exp_minus(fastest).low, _exp_minus(Fraction(events, number)).high)
    # The share of each event is what one patient has after the censorings before it.
    most = Fraction(events * (number - competing), number * (number - competing - censored)) if (
        events
    ) else Fraction(0)  # fmt: skip
    return Interval(1 - most, 1 - Fraction(events, number))


def _counts(
    number: int, events: Interval, censored: Interval, competing: Interval
) -> Iterator[tuple[int, int, int]]:
    everyone = Interval(Fraction(0), Fraction(number))
    ranges = [
        window.integers() if not (window := given.meet(everyone)).is_empty else range(0)
        for given in (events, censored, competing)
    ]
    for k in ranges[2]:
        for c in ranges[1]:
            for e in ranges[0]:
                if e + c + k <= number:
                    yield e, c, k


def _check(estimator: str, number: int) -> None:
    if estimator not in ESTIMATORS:
        raise ValueError(f"found {estimator!r}, expected one of {', '.join(ESTIMATORS)}")
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")


_NOBODY: Final = Interval.point(0)


def rate_range(
    estimator: str,
    number: int,
    events: Interval = EVERYTHING,
    censored: Interval = EVERYTHING,
    competing: Interval = _NOBODY,
) -> Interval | None:
    """Return the rates that an estimator can have.

    Parameters
    ----------
    estimator : str
        A key of :data:`ESTIMATORS`.
    number : int
        Patients at the start.
    events, censored : Interval
        How many had the event by the time, and how many were censored before it.
    competing : Interval
        How many had a competing event by the time, after which the event cannot happen.

    Returns
    -------
    Interval or None
        From the least to the greatest; None if no numbers of patients fit.

    Raises
    ------
    ValueError
        If the estimator is unknown or there is no patient.

    Notes
    -----
    With e events, c censorings and k competing events of n patients, of whom
    m = n - e - c - k are left:

    - Kaplan-Meier: [(n-c-k-e) / (n-c-k), (n-e) / n], competing events censored.
    - Actuarial: the same.  In one interval the factor is 1 - e / (n - c/2), which lies
      between those two; and where each event and each censoring has an interval of its own, both
      are attained.
    - exp(-H): H is at least e / n, all events first and at once, and at most
      1/(n-c) + ... + 1/(n-c-e+1), all censorings first and the events one by one.
    - 1 - cumulative incidence: each event has the share S(t-) / r, which events of either
      kind leave as it is and a censoring multiplies by r / (r - 1).  Least is e / n; greatest,
      by exchanging neighbours, if competing events come first, then censorings, then
      events: e (n - k) / (n (n - k - c)).
    - Shares of patients: those with a competing event may count as without the event, or be
      left out of the numerator.

    All ends are attained but those of exp(-H), which are rounded outwards.

    References
    ----------
    Cutler and Ederer (1958). Maximum utilization of the life table method in analyzing
    survival. Journal of Chronic Diseases 8(6):699-712. doi:10.1016/0021-9681(58)90126-7

    Efron (1967). The two sample problem with censored data. Proceedings of the Fifth Berkeley
    Symposium on Mathematical Statistics and Probability 4:831-853.

    Examples
    --------
    >>> five, three = Interval.point(5), Interval.point(3)
    >>> for estimator in ("kaplan_meier", "crude", "followed"):
    ...     print(estimator, rate_range(estimator, 12, five, three))
    kaplan_meier [4/9, 7/12]
    crude [7/12, 7/12]
    followed [4/9, 4/9]
    """
    _check(estimator, number)
    found = [
        bounds
        for counts in _counts(number, events, censored, competing)
        if not (bounds := _range(estimator, number, *counts)).is_empty
    ]
    return hull(found) if found else None


_BOUNDED: Final = ("eligible", "actuarial", "fleming_harrington", "cumulative_incidence")
"""Estimators with values between their bounds that are not searched through."""


@dataclass(frozen=True, slots=True)
class RateFit:
    """Whether a printed rate can come from an estimator.

    Parameters
    ----------
    status : {"feasible", "infeasible", "open"}
        Infeasible is proved; open means that the rate is within bounds, and not known to be
        attained.
    counts : tuple of (int, int, int) or None
        Events, censorings and competing events that give it, or that may.
    tried : int
        How many such numbers there are; the more, the less a fit says.
    """

    status: Literal["feasible", "infeasible", "open"]
    counts: tuple[int, int, int] | None
    tried: int


def rate_fit(
    estimator: str,
    number: int,
    rate: Interval,
    events: Interval = EVERYTHING,
    censored: Interval = EVERYTHING,
    competing: Interval = _NOBODY,
    budget: int = BUDGET,
) -> RateFit:
    """Tell whether a printed rate can come from an estimator.

    Parameters
    ----------
    estimator : str
        A key of :data:`ESTIMATORS`.
    number : int
        Patients at the start.
    rate : Interval
        The window of the rate.
    events, censored, competing : Interval
        How many had the event by the time, were censored before it, or had a competing event.
    budget : int
        Of the search for a Kaplan-Meier curve.

    Returns
    -------
    RateFit
        With numbers of patients that fit, the fewest censorings first.

    Raises
    ------
    ValueError
        If the estimator is unknown or there is no patient.

    Examples
    --------
    38.5 % of 13 patients needs no curve; of 12 it is a curve with a censoring, or 5 of 13:

    >>> window = Interval(Fraction(769, 2000), Fraction(771, 2000))
    >>> rate_fit("crude", 13, window).counts, rate_fit("crude", 12, window).status
    ((8, 0, 0), 'infeasible')
    """
    _check(estimator, number)
    tried = sum(1 for _ in _counts(number, events, censored, competing))
    maybe = None
    if estimator in ("kaplan_meier", "efron", "actuarial"):
        found = _curve_fit(number, rate, events, censored, competing, budget)
        if found[0] == "feasible" or (found[0] == "infeasible" and estimator == "kaplan_meier"):
            return RateFit(*found, tried)
        if found[0] == "open":
            maybe = found[1]
    for counts in _counts(number, events, censored, competing):
        if estimator == "kaplan_meier" or (estimator == "efron" and sum(counts) < number):
            continue
        bounds = _range(estimator, number, *counts)
        if bounds.is_empty or not bounds.meets(rate):
            continue
        if _is_attained(estimator, number, rate, counts, bounds):
            return RateFit("feasible", counts, tried)
        if estimator in _BOUNDED:
            maybe = maybe or counts
    return RateFit("open" if maybe else "infeasible", maybe, tried)


def _curve_fit(
    number: int,
    rate: Interval,
    events: Interval,
    censored: Interval,
    competing: Interval,
    budget: int,
) -> tuple[Literal["feasible", "infeasible", "open"], tuple[int, int, int] | None]:
    """Return whether a Kaplan-Meier curve has the rate, and counts behind it."""
    time, status = Fraction(1), "infeasible"
    others = {k for _, _, k in _counts(number, events, censored, competing)}
    for k in sorted(others):
        # Competing events are censorings among the others.
        low, high = (None if end is None else end + k for end in (censored.low, censored.high))
        both = Interval(low, high, censored.low_closed, censored.high_closed)
        both = both.meet(Interval(Fraction(k), None))
        found = reach(number, [Landmark(time, rate, events=events, censored=both)], budget)
        if found.status == "feasible":
            e = sum(who.event and who.time <= time for who in found.patients)
            c = sum(not who.event and who.time < time for who in found.patients)
            return "feasible", (e, c - k, k)
        if found.status == "open":
            status = "open"
    if status == "infeasible":
        return "infeasible", None
    return "open", next(_counts(number, events, censored, competing))


def _is_attained(
    estimator: str, number: int, rate: Interval, counts: tuple[int, int, int], bounds: Interval
) -> bool:
    """Return whether known patients have the rate."""
    if estimator == "eligible":
        left = number - sum(counts)
        if any(Fraction(left, left + x) in rate for x in range(number - left + 1) if left + x):
            return True
    return estimator != "fleming_harrington" and (bounds.low in rate or bounds.high in rate)
