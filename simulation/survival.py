"""Survival of known patients, as programs and hands compute it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import exp, fsum, log, sqrt

from simulation.courses import Patient
from simulation.quantiles import usual_median

__all__ = [
    "ERRORS",
    "MEANS",
    "MEDIANS",
    "RATES",
    "at_risk",
    "curve",
    "mean_error",
    "mean_time",
    "median_time",
    "rate",
    "rate_error",
    "rate_limits",
]

Step = tuple[Fraction, int, int, Fraction]

_HALF = Fraction(1, 2)
_Z = 1.959963984540054


def curve(patients: Sequence[Patient]) -> list[Step]:
    """Return the Kaplan-Meier curve: time, number at risk, events and rate after each event.

    Examples
    --------
    >>> [str(step[3]) for step in curve([(Fraction(1), True), (Fraction(2), True)])]
    ['1/2', '0']
    """
    found: list[Step] = []
    rate = Fraction(1)
    for time in sorted({time for time, event in patients if event}):
        risk = sum(other >= time for other, _ in patients)
        events = sum(event and other == time for other, event in patients)
        rate *= 1 - Fraction(events, risk)
        found.append((time, risk, events, rate))
    return found


def _at(steps: Sequence[Step], time: Fraction) -> Fraction:
    return next((rate for when, _, _, rate in reversed(steps) if when <= time), Fraction(1))


def at_risk(patients: Sequence[Patient], time: Fraction, *, after: bool) -> int:
    """Count who is at risk just before a time, or just after it."""
    return sum(other > time or (other == time and not after) for other, _ in patients)


# --- Rates ----------------------------------------------------------------------------------------


def _kaplan_meier(patients: Sequence[Patient], time: Fraction) -> float:
    return float(_at(curve(patients), time))


def _efron(patients: Sequence[Patient], time: Fraction) -> float:
    return 0.0 if time > max(patients)[0] else _kaplan_meier(patients, time)


def _events(patients: Sequence[Patient], time: Fraction) -> int:
    return sum(event and other <= time for other, event in patients)


def _crude(patients: Sequence[Patient], time: Fraction) -> float:
    return 1 - _events(patients, time) / len(patients)


def _free(patients: Sequence[Patient], time: Fraction) -> int:
    return sum(other >= time and not (event and other == time) for other, event in patients)


def _known(patients: Sequence[Patient], time: Fraction) -> float:
    return _free(patients, time) / len(patients)


def _followed(patients: Sequence[Patient], time: Fraction) -> float | None:
    free = _free(patients, time)
    both = free + _events(patients, time)
    return free / both if both else None


def _actuarial(patients: Sequence[Patient], time: Fraction) -> float | None:
    """By a life table of four intervals up to the time; who leaves in one is half at risk."""
    rate, width = 1.0, time / 4
    for number in range(4):
        low, high = number * width, (number + 1) * width
        risk = sum(other > low or (number == 0 and other == 0) for other, _ in patients)
        within = [event for other, event in patients if low < other <= high]
        within += [event for other, event in patients if number == 0 and other == 0]
        exposed = risk - (len(within) - sum(within)) / 2
        if exposed <= 0:
            return None if risk == 0 else rate
        rate *= 1 - sum(within) / exposed
    return rate


def _breslow(patients: Sequence[Patient], time: Fraction) -> float:
    return exp(-fsum(d / r for when, r, d, _ in curve(patients) if when <= time))


def _fleming_harrington(patients: Sequence[Patient], time: Fraction) -> float:
    steps = [step for step in curve(patients) if step[0] <= time]
    return exp(-fsum(1 / (r - j) for _, r, d, _ in steps for j in range(d)))


RATES: dict[str, Callable[[Sequence[Patient], Fraction], float | None]] = {
    "Kaplan-Meier": _kaplan_meier,
    "Efron": _efron,
    "crude": _crude,
    "known": _known,
    "followed": _followed,
    "actuarial": _actuarial,
    "exp(-Nelson-Aalen)": _breslow,
    "Fleming-Harrington": _fleming_harrington,
}


def rate(patients: Sequence[Patient], time: Fraction, kind: str) -> float | None:
    """Return the share that is free of the event at a time, or None where there is none.

    Parameters
    ----------
    patients : sequence of (Fraction, bool)
        Time of observation, and whether the event ended it.
    time : Fraction
        After 0.
    kind : str
        A key of :data:`RATES`.

    Returns
    -------
    float or None
        A share.
    """
    return RATES[kind](patients, time) if patients else None


# --- Errors and limits of rates -------------------------------------------------------------------


def _sum(patients: Sequence[Patient], time: Fraction) -> float | None:
    """Return Greenwood's sum, or None where nobody is left."""
    steps = [step for step in curve(patients) if step[0] <= time]
    if any(r == d for _, r, d, _ in steps):
        return None
    return fsum(d / (r * (r - d)) for _, r, d, _ in steps)


def _greenwood(patients: Sequence[Patient], time: Fraction) -> float | None:
    found = _sum(patients, time)
    return 0.0 if found is None else _kaplan_meier(patients, time) * sqrt(found)


def _binomial(patients: Sequence[Patient], time: Fraction) -> float:
    share = _kaplan_meier(patients, time)
    return sqrt(share * (1 - share) / len(patients))


def _peto(patients: Sequence[Patient], time: Fraction) -> float | None:
    share, risk = _kaplan_meier(patients, time), at_risk(patients, time, after=False)
    return share * sqrt((1 - share) / risk) if risk else None


ERRORS: dict[str, Callable[[Sequence[Patient], Fraction], float | None]] = {
    "Greenwood": _greenwood,
    "binomial": _binomial,
    "Peto": _peto,
}


def rate_error(patients: Sequence[Patient], time: Fraction, kind: str) -> float | None:
    """Return the standard error of a Kaplan-Meier rate, by a key of :data:`ERRORS`."""
    return ERRORS[kind](patients, time) if patients else None


def rate_limits(
    patients: Sequence[Patient], time: Fraction, kind: str
) -> tuple[float, float] | None:
    """Return the 95 % limits of a Kaplan-Meier rate.

    Parameters
    ----------
    patients : sequence of (Fraction, bool)
        Time of observation, and whether the event ended it.
    time : Fraction
        After 0.
    kind : str
        ``plain``, ``log`` (R) or ``log-log`` (SAS, Stata, lifelines).

    Returns
    -------
    tuple of (float, float) or None
        None where the rate is 0 or 1, or nobody is left.
    """
    share, found = _kaplan_meier(patients, time), _sum(patients, time)
    if not 0 < share < 1 or found is None:
        return None
    half = _Z * sqrt(found)
    if kind == "log":
        return share * exp(-half), min(1.0, share * exp(half))
    if kind == "log-log":
        half /= -log(share)
        return share ** exp(half), share ** exp(-half)
    return max(0.0, share * (1 - half)), min(1.0, share * (1 + half))


# --- Times ----------------------------------------------------------------------------------------


def _first(steps: Sequence[Step], level: Fraction, *, strict: bool = False) -> Fraction | None:
    for time, _, _, rate in steps:
        if rate < level or (rate == level and not strict):
            return time
    return None


def _midpoint(steps: Sequence[Step], level: Fraction) -> Fraction | None:
    first = _first(steps, level)
    if first is None or _at(steps, first) < level:
        return first
    later = _first(steps, level, strict=True)
    return first if later is None else (first + later) / 2


def _interpolated(steps: Sequence[Step], level: Fraction) -> Fraction | None:
    last_time, last_rate = Fraction(0), Fraction(1)
    for time, _, _, rate in steps:
        if rate <= level:
            share = (last_rate - level) / (last_rate - rate)
            return last_time + share * (time - last_time)
        last_time, last_rate = time, rate
    return None


MEDIANS: dict[str, Callable[[Sequence[Step], Fraction], Fraction | None]] = {
    "first at most": _first,
    "first below": lambda steps, level: _first(steps, level, strict=True),
    "midpoint": _midpoint,
    "interpolated": _interpolated,
}


def median_time(patients: Sequence[Patient], kind: str, level: Fraction = _HALF) -> Fraction | None:
    """Return a median time, or None where it is not reached.

    Parameters
    ----------
    patients : sequence of (Fraction, bool)
        Time of observation, and whether the event ended it.
    kind : str
        A key of :data:`MEDIANS`; ``observed`` or ``event times`` for the plain median of
        such times; ``reversed`` or ``reversed, deaths first`` for the curve of censorings.
    level : Fraction
        The rate at which the curve is read; that of a quartile is 3/4 or 1/4.

    Returns
    -------
    Fraction or None
        A time.
    """
    if kind in ("observed", "event times"):
        times = [time for time, event in patients if event or kind == "observed"]
        return usual_median(times) if times else None
    if kind.startswith("reversed"):
        return _first(_reversed(patients, deaths_first="deaths" in kind), level)
    return MEDIANS[kind](curve(patients), level)


def _reversed(patients: Sequence[Patient], *, deaths_first: bool) -> list[Step]:
    """Return the curve of censorings; whoever has the event at the same time is at risk or not."""
    found: list[Step] = []
    rate = Fraction(1)
    for time in sorted({time for time, event in patients if not event}):
        risk = at_risk(patients, time, after=False)
        risk -= sum(event and other == time for other, event in patients) if deaths_first else 0
        ended = sum(not event and other == time for other, event in patients)
        rate *= 1 - Fraction(ended, risk)
        found.append((time, risk, ended, rate))
    return found


MEANS = ("restricted", "observed", "event times")


def _area(steps: Sequence[Step], until: Fraction) -> Fraction:
    total, last, rate = Fraction(0), Fraction(0), Fraction(1)
    for time, _, _, after in steps:
        if time >= until:
            break
        total, last, rate = total + rate * (time - last), time, after
    return total + rate * (until - last)


def mean_time(patients: Sequence[Patient], kind: str, until: Fraction) -> float | None:
    """Return a mean time.

    Parameters
    ----------
    patients : sequence of (Fraction, bool)
        Time of observation, and whether the event ended it.
    kind : str
        One of :data:`MEANS`.
    until : Fraction
        Where the area of a restricted mean ends.

    Returns
    -------
    float or None
        None of nobody.
    """
    if kind == "restricted":
        return float(_area(curve(patients), until)) if patients else None
    times = [time for time, event in patients if event or kind == "observed"]
    return float(sum(times, Fraction(0)) / len(times)) if times else None


def mean_error(
    patients: Sequence[Patient], until: Fraction, *, corrected: bool = False
) -> float | None:
    """Return the standard error of a restricted mean, or None where nobody is left.

    Parameters
    ----------
    patients : sequence of (Fraction, bool)
        Time of observation, and whether the event ended it.
    until : Fraction
        Where the area ends.
    corrected : bool
        Whether it is multiplied by sqrt(m / (m - 1)), m the number of events.

    Returns
    -------
    float or None
        Events that leave nobody at risk are left out, as in R.
    """
    steps = [step for step in curve(patients) if step[0] < until]
    whole = _area(steps, until)
    terms = [
        float(whole - _area(steps, time)) ** 2 * d / (r * (r - d))
        for time, r, d, _ in steps
        if r > d
    ]
    events = sum(d for _, _, d, _ in steps)
    if corrected and events < 2:
        return None
    return sqrt(fsum(terms)) * (sqrt(events / (events - 1)) if corrected else 1)
