"""Standard errors of survival rates and of mean survival times: what each formula can give.

All ranges are of squares, of variances, so that they stay in fractions; a printed standard
error is squared before it is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Step, area
from netcore.stats.survival.landmarks import PROBABILITY, Landmark, in_order
from netcore.stats.survival.reachable import BUDGET, number_range
from netcore.stats.survival.restricted_means import Bound, area_bounds, curve_bounds

__all__ = [
    "STANDARD_ERRORS",
    "VarianceRange",
    "fitting_errors",
    "greenwood_extremes",
    "greenwood_range",
    "greenwood_variance",
    "mean_variance",
    "mean_variance_range",
    "squared",
    "variance_range",
]

STANDARD_ERRORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "greenwood": "S^2 times the sum of d / (r (r - d)) over the events",
        "binomial": "S (1 - S) / n, of all patients",
        "binomial_at_risk": "S (1 - S) / r, of those still at risk",
        "peto": "S^2 (1 - S) / r, of those still at risk",
    }
)
"""Each variance of a rate S, with n patients at the start and r at risk at its time."""

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_STATES: Final = 300_000
_LATE: Final = Fraction(1, 8)  # one event among two, see mean_variance_range


class VarianceRange(NamedTuple):
    """The least and the greatest variance.

    Parameters
    ----------
    variances : Interval
        Closed; no data give others.
    is_exact : bool
        Whether both ends are attained.
    """

    variances: Interval
    is_exact: bool


def squared(error: Interval) -> Interval:
    """Return the window of the square of a number that is not negative.

    Parameters
    ----------
    error : Interval
        The window of a standard error.

    Returns
    -------
    Interval
        Of its square.

    Raises
    ------
    ValueError
        If all of the window is negative.

    Examples
    --------
    >>> str(squared(Interval(Fraction(305, 100), Fraction(315, 100))))
    '[9.3025, 9.9225]'
    """
    kept = error.meet(Interval(_ZERO, None))
    if kept.is_empty or kept.low is None:
        raise ValueError(f"found a standard error in {error}, expected one of at least 0")
    high = None if kept.high is None else kept.high**2
    return Interval(kept.low**2, high, kept.low_closed, kept.high_closed)


# --- Of rates -------------------------------------------------------------------------------------


def greenwood_variance(steps: Sequence[Step], time: Fraction) -> Fraction | None:
    """Return Greenwood's variance of a rate of known patients.

    Parameters
    ----------
    steps : sequence of Step
        The curve.
    time : Fraction
        The time of the rate.

    Returns
    -------
    Fraction or None
        None where the rate is 0: there is no such variance.

    References
    ----------
    Greenwood (1926). The natural duration of cancer. Reports on Public Health and Medical
    Subjects 33. London: HMSO.

    Examples
    --------
    >>> from netcore.stats.survival.curves import Observation, kaplan_meier
    >>> steps = kaplan_meier([Observation(Fraction(t), True) for t in (1, 2, 3, 4)])
    >>> str(greenwood_variance(steps, Fraction(1)))
    '3/64'
    """
    total, rate = _ZERO, _ONE
    for step in steps:
        if step.time > time:
            break
        if step.events == step.at_risk:
            return None
        total += Fraction(step.events, step.at_risk * (step.at_risk - step.events))
        rate = step.rate
    return rate**2 * total


def _check(number: int) -> None:
    if number < 1:
        raise ValueError(f"found {number} patients, expected at least 1")


def _extremes(window: Interval, peak: Fraction, power: int) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest S^power (1 - S) in a window; it rises up to a peak."""
    low, high = window.low or _ZERO, _ONE if window.high is None else window.high
    ends = [rate**power * (1 - rate) for rate in (low, high)]
    top = peak**power * (1 - peak) if low <= peak <= high else max(ends)
    return min(ends), top


def variance_range(
    kind: str, number: int, rate: Interval, at_risk: Interval = EVERYTHING
) -> Interval | None:
    """Return the variances that a rate can have by one formula.

    Parameters
    ----------
    kind : str
        A key of :data:`STANDARD_ERRORS`.
    number : int
        Patients at the start.
    rate : Interval
        The window of the rate.
    at_risk : Interval
        The window of the number at risk, after the events at the time.

    Returns
    -------
    Interval or None
        Closed; None if there is no such rate with so many at risk.

    Raises
    ------
    ValueError
        If the formula is unknown or there is no patient.

    Notes
    -----
    Greenwood's sum is that of 1 / (r (r - 1)) over the events, one by one, as
    d / (r (r - d)) = 1 / (r - d) - 1 / r.  With r left at the end it is at most
    (1 - S) / r, which makes it Peto's: an event before all others, with m > r at risk, makes
    the left side larger by 1 / (m (m - 1)) and the right one by S / (m r), where S >= r / (m - 1)
    is the rate after it.  Since r <= n S at each event it is at least (1 - S) / (n S), which
    makes it binomial.  So

        S (1 - S) / n <= Greenwood's <= S^2 (1 - S) / r,

    both attained where no or all censorings come before the events.  Formulas that divide
    by a number at risk do so at least by 1; some count it before the events at the time, and so
    up to n.

    References
    ----------
    Peto, Pike, Armitage and others (1977). Design and analysis of randomized clinical trials
    requiring prolonged observation of each patient. II. British Journal of Cancer 35(1):1-39.
    doi:10.1038/bjc.1977.1

    Examples
    --------
    41.7 % of 12 patients: with no censoring 14.2 % as a standard error, with the most 31.8 %.

    >>> rate = Interval.point(Fraction(5, 12))
    >>> found = variance_range("greenwood", 12, rate)
    >>> [round(float(end) ** 0.5, 3) for end in (found.low, found.high)]
    [0.142, 0.318]
    """
    _check(number)
    if kind not in STANDARD_ERRORS:
        raise ValueError(f"found {kind!r}, expected one of {', '.join(STANDARD_ERRORS)}")
    window = rate.meet(PROBABILITY)
    risk = at_risk.meet(Interval(_ZERO, Fraction(number)))
    if window.is_empty or risk.is_empty or not risk.integers():
        return None
    least, most = max(1, risk.integers()[0]), risk.integers()[-1]
    plain = _extremes(window, Fraction(1, 2), 1)
    square = _extremes(window, Fraction(2, 3), 2)
    if kind == "binomial":
        return Interval(plain[0] / number, plain[1] / number)
    if kind == "greenwood":
        return Interval(plain[0] / number, square[1] / least)
    # Counted before the events there may be as many as there were.
    if at_risk == EVERYTHING:
        most = number
    if most < least:
        return None
    low, high = plain if kind == "binomial_at_risk" else square
    return Interval(low / most, high / least)


def greenwood_extremes(
    number: int, rate: Interval, at_risk: Interval = EVERYTHING, budget: int = _STATES
) -> VarianceRange | None:
    """Return the least and the greatest of Greenwood's variances of all curves with a rate.

    Parameters
    ----------
    number : int
        Patients at the start.
    rate : Interval
        The window of the rate; a rate of 0 has no such variance.
    at_risk : Interval
        The window of the number at risk, after the events at the time.
    budget : int
        How many states may be looked at: enough for some 18 patients.

    Returns
    -------
    VarianceRange or None
        Exact within the budget, otherwise the bounds of :func:`variance_range`; None if no
        patients have such a rate.

    Raises
    ------
    ValueError
        If there is no patient.

    Notes
    -----
    Two orders that lead to one rate with one number at risk differ in the sum so far only, so
    that of each state the least and the greatest sum are enough.

    Examples
    --------
    >>> found = greenwood_extremes(12, Interval.point(Fraction(5, 12)))
    >>> [round(float(end) ** 0.5, 3) for end in (found.variances.low, found.variances.high)]
    [0.142, 0.304]
    """
    _check(number)
    # Rates in parts of r! / n!; the sums that go with them.
    states: dict[int, tuple[Fraction, Fraction]] = {1: (_ZERO, _ZERO)}
    scale, seen = 1, 0
    found: list[Fraction] = []
    for r in range(number, -1, -1):
        if r in at_risk:
            for rank, sums in states.items():
                share = Fraction(rank, scale)
                if share in rate and share:
                    found += [share**2 * total for total in sums]
        if r == 0:
            break
        following: dict[int, tuple[Fraction, Fraction]] = {}
        gain = Fraction(1, r * (r - 1)) if r > 1 else _ZERO
        for rank, (low, high) in states.items():
            for event in (True, False) if r > 1 else (False,):
                new = rank * (r - 1 if event else r)
                step = gain if event else _ZERO
                before = following.get(new)
                bounds = (low + step, high + step)
                following[new] = (
                    (min(bounds[0], before[0]), max(bounds[1], before[1])) if before else bounds
                )
        states = following
        scale *= r
        seen += len(states)
        if seen > budget:
            bounds_only = variance_range("greenwood", number, rate, at_risk)
            return None if bounds_only is None else VarianceRange(bounds_only, False)
    return VarianceRange(Interval(min(found), max(found)), True) if found else None


def greenwood_range(
    number: int, landmarks: Iterable[Landmark], time: Fraction, budget: int = BUDGET
) -> Interval | None:
    """Return bounds on Greenwood's variance at a time, from all that is printed of the curve.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve, also at other times.
    time : Fraction
        The time of the rate.
    budget : int
        Of each search for the numbers at risk.

    Returns
    -------
    Interval or None
        Closed; None if no patients have what is printed.

    Raises
    ------
    ValueError
        If there is no patient.

    Notes
    -----
    Between two printed times S falls by a factor q from s, and Greenwood's sum grows by at
    least (1 - q) / (q r) for the r at risk at the first, and at most (1 - q) / r for the
    r at risk at the second (see :func:`variance_range`).

    Examples
    --------
    >>> mark = Landmark(Fraction(12), Interval.point(Fraction(5, 12)), Interval.point(5), ties=False)
    >>> found = greenwood_range(12, [mark], Fraction(12))
    >>> [round(float(end) ** 0.5, 3) for end in (found.low, found.high)]
    [0.142, 0.142]
    """
    _check(number)
    given = in_order([*landmarks, Landmark(time, ties=False)])
    stretches = _stretches(number, given, time, budget)
    if stretches is None:
        return None
    least = most = _ZERO
    for before, after in pairwise(stretches):
        fall = after.high / before.low if before.low else _ONE
        if 0 < fall < 1:
            least += (1 - fall) / (fall * before.most)
        most += (1 - _fall(before, after)) / max(1, after.least)
    last = stretches[-1]
    plain = variance_range(
        "greenwood", number, Interval(last.low, last.high), Interval(Fraction(last.least), None)
    )
    bounds = Interval(last.low**2 * least, last.high**2 * most)
    return bounds if plain is None else bounds.meet(plain)


class _Cut(NamedTuple):
    """What is known of a curve at one moment: bounds of the rate and of the number at risk."""

    time: Fraction
    low: Fraction
    high: Fraction
    least: int
    most: int


def _stretches(
    number: int, marks: tuple[Landmark, ...], until: Fraction, budget: int
) -> list[_Cut] | None:
    """Return the start and all moments up to a time; None if no patients have what is known."""
    bounds = curve_bounds(marks)
    cuts = [_Cut(_ZERO, _ONE, _ONE, number, number)]
    for place, mark in enumerate(marks):
        if mark.time is None or mark.time > until:
            break
        gone = number_range(number, marks, "patients", until=mark.time, budget=budget)
        if gone is None:
            return None
        # Before the events at a time as many may be at risk as at the moment before.
        most = cuts[-1].most if mark.moment == "before" else number - gone.least
        least = 0 if mark.moment == "after" else number - gone.greatest
        low = max(bound.low for bound in bounds[place:])
        high = min(bound.high for bound in bounds[: place + 1])
        cuts.append(_Cut(mark.time, low, min(high, cuts[-1].high), least, most))
    return cuts


def _fall(before: _Cut, after: _Cut) -> Fraction:
    """Return the least factor by which a rate falls from one moment to the next."""
    return min(_ONE, after.low / before.high) if before.high else _ONE


def fitting_errors(
    number: int, rate: Interval, error: Interval, at_risk: Interval = EVERYTHING
) -> tuple[str, ...]:
    """Return the formulas that a printed standard error of a rate can come from.

    Parameters
    ----------
    number : int
        Patients at the start.
    rate, error : Interval
        The windows of the rate and of its standard error.
    at_risk : Interval
        The window of the number at risk.

    Returns
    -------
    tuple of str
        Keys of :data:`STANDARD_ERRORS`; those left out are excluded.

    Raises
    ------
    ValueError
        If the standard error is negative or there is no patient.

    Examples
    --------
    >>> rate = Interval(Fraction(833, 2000), Fraction(835, 2000))
    >>> fitting_errors(12, rate, Interval(Fraction(195, 1000), Fraction(205, 1000)))
    ('greenwood', 'binomial_at_risk', 'peto')
    >>> fitting_errors(12, rate, Interval(Fraction(105, 1000), Fraction(115, 1000)))
    ('peto',)
    """
    window = squared(error)
    found = []
    for kind in STANDARD_ERRORS:
        bounds = variance_range(kind, number, rate, at_risk)
        if bounds is not None and bounds.meets(window):
            found.append(kind)
    return tuple(found)


# --- Of restricted means --------------------------------------------------------------------------


def mean_variance(steps: Sequence[Step], until: Fraction) -> Fraction:
    """Return the variance of a restricted mean of known patients.

    Parameters
    ----------
    steps : sequence of Step
        The curve.
    until : Fraction
        The time at which the area ends.

    Returns
    -------
    Fraction
        The sum of A^2 d / (r (r - d)), A being the area beyond an event.

    References
    ----------
    Irwin (1949). The standard error of an estimate of expectation of life. Journal of Hygiene
    47(2):188-189. doi:10.1017/S0022172400014443

    Examples
    --------
    Without censoring it is that of a mean, with n for n - 1:

    >>> from netcore.stats.survival.curves import Observation, kaplan_meier
    >>> steps = kaplan_meier([Observation(Fraction(t), True) for t in (1, 2, 3, 6)])
    >>> str(mean_variance(steps, Fraction(6)))
    '7/8'
    """
    total, whole = _ZERO, area(steps, until)
    for step in steps:
        if step.time >= until:
            break
        if 0 < step.events < step.at_risk:
            left = whole - area(steps, step.time)
            total += left**2 * Fraction(step.events, step.at_risk * (step.at_risk - step.events))
    return total


def mean_variance_range(
    number: int,
    landmarks: Iterable[Landmark],
    until: Interval,
    mean: Interval = EVERYTHING,
    *,
    corrected: bool = False,
    budget: int = BUDGET,
) -> Interval | None:
    """Return bounds on the variance of a restricted mean.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    until : Interval
        The window of the time at which the area ends.
    mean : Interval
        The window of the restricted mean, if it is printed.
    corrected : bool
        Whether the variance may have been multiplied by m / (m - 1) for m events, as SAS does.
    budget : int
        Of each search for the numbers at risk.

    Returns
    -------
    Interval or None
        Closed; without an end in time there is no upper one.  None if no patients have the rates
        and the mean.

    Raises
    ------
    ValueError
        If there is no patient, or the end is negative.

    Notes
    -----
    Lower bound: since r <= n S each term is at least what it would be without censoring, and
    then the sum is the variance of min(T, tau) under the curve, by n.  Of a curve that is known
    at some times this variance is least with all patients of a stretch at its point nearest to
    the mean.

    Upper bound: in a stretch between two known times A is at most the area beyond its
    beginning, and Greenwood's sum grows by at most (1 - q) / r (:func:`variance_range`).
    After the last of them, t, the sum is a convex function of the times of the events, so it
    is greatest with some events right after t and the others at tau, where A is 0.  Then it is
    (tau - t)^2 S(t)^2 q^2 g with Greenwood's sum g and the factor q.  If two or more
    are at risk after the last of these events, g <= (1 - q) / 2 and q^2 g <= 2/27.  If one is,
    the last event was among two, q = p / 2 and g <= 1/2 + (1 - p) / 2, so that q^2 g <= p^2 (2 - p) / 8 <= 1/8;
    and one event among two has 1/8.  Ties only make terms smaller.

    Examples
    --------
    >>> def printed(time, rate):
    ...     return Landmark(Fraction(time), Interval.point(Fraction(rate, 12)))
    >>> found = mean_variance_range(
    ...     12, [printed(12, 5), printed(24, 4)], Interval.point(36), Interval.point(Fraction(17))
    ... )
    >>> [round(float(end) ** 0.5, 1) for end in (found.low, found.high)]
    [1.6, 7.2]
    """
    _check(number)
    if until.is_empty or (until.low is not None and until.low < 0):
        raise ValueError(f"found an end at {until}, expected a time of at least 0")
    given = in_order(landmarks)
    bounds = curve_bounds(given)
    means = area_bounds(bounds, until).meet(mean)
    start = [_Cut(_ZERO, _ONE, _ONE, number, number)]
    # Times that are surely before the end.
    early = [m for m in given if m.time is not None and m.time < (until.low or _ZERO)]
    cuts = _stretches(number, given, early[-1].time or _ZERO, budget) if early else start
    if means.is_empty or cuts is None:
        return None
    low = _least_spread(cuts, means) / number
    if until.high is None:
        return Interval(low, None)
    high = _ZERO
    for before, after in pairwise(cuts):
        # Somebody is at risk after each event that counts.
        growth = (1 - _fall(before, after)) / max(1, after.least)
        high += _beyond(bounds, until, means, before.time) ** 2 * growth
    last = cuts[-1]
    high += (last.high * (until.high - last.time)) ** 2 * _LATE
    return Interval(low, high * 2 if corrected else high)


def _beyond(bounds: Sequence[Bound], until: Interval, means: Interval, time: Fraction) -> Fraction:
    """Return the greatest area beyond a known time."""
    most = area_bounds(bounds, until, since=time).high
    assert most is not None
    if means.high is not None:
        # The area before it is in the mean as well.
        most = min(most, means.high - (area_bounds(bounds, Interval.point(time)).low or _ZERO))
    return max(most, _ZERO)


def _least_spread(cuts: Sequence[_Cut], means: Interval) -> Fraction:
    """Return the least variance of times with a mean, of which some shares are known."""
    low, found = means.low or _ZERO, []
    for start, end in pairwise([*(cut.time for cut in cuts), None]):
        # Between two known times the spread is a quadratic function of the mean.
        left = max(low, start or _ZERO)
        ends = [time for time in (end, means.high) if time is not None]
        right = min(ends) if ends else None
        if right is not None and left > right:
            continue
        width = 2 if right is None else right - left
        here = [_spread(cuts, left + width * Fraction(k, 2)) for k in range(3)]
        found += here
        # Through three points; its vertex, if it is a least value within.
        curvature = 2 * (here[0] - 2 * here[1] + here[2])
        slope = 4 * here[1] - 3 * here[0] - here[2]
        if curvature > 0 and slope < 0:
            place = -slope / (2 * curvature)
            if right is None or place < 1:
                found.append(_spread(cuts, left + width * place))
    return min(found)


def _spread(cuts: Sequence[_Cut], mean: Fraction) -> Fraction:
    """Return the least mean square of distances from a mean, each time at its nearest point."""
    total = _ZERO
    for before, cut, after in zip(cuts, cuts[1:], [*cuts[2:], None], strict=False):
        if cut.time <= mean:
            end = mean if after is None else min(mean, after.time)
            total += (1 - cut.high) * ((mean - cut.time) ** 2 - (mean - end) ** 2)
        else:
            total += cut.low * ((cut.time - mean) ** 2 - max(_ZERO, before.time - mean) ** 2)
    return total
