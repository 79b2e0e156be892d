"""The band of all survival curves that have what is printed of one group.

Rates, a median, a mean and the length of follow-up leave room for many curves.  At each time
they all lie between two values.  Without a mean these are the least and the greatest that
patients can have; a mean binds the curve as a whole, and tightens them to an outer bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import kaplan_meier, rate_at
from netcore.stats.survival.landmarks import Landmark, in_order
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.reachable import BUDGET, reach
from netcore.stats.survival.restricted_means import Bound, area_bounds, curve_bounds, end_range

__all__ = ["CurveBand", "Extreme", "curve_band", "extreme_rate"]

_ZERO: Final = Fraction(0)
_WHOLE: Final = Fraction(1)
_HALVINGS: Final = 24

FROM_ABOVE: Final = frozenset({"restricted", "restricted_later", "extended"})
"""Means that are no less than the area under the curve up to the last time of observation."""

FROM_BELOW: Final = frozenset({"restricted", "restricted_earlier", "observed"})
"""Means that are no more than that area."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or the greatest rate at one moment.

    Parameters
    ----------
    rate : Fraction
        No curve with what is printed passes it.
    is_attained : bool
        Whether one reaches it.
    """

    rate: Fraction
    is_attained: bool


@dataclass(frozen=True, slots=True)
class CurveBand:
    """Between which values all curves with what is printed lie.

    Parameters
    ----------
    status : {"feasible", "infeasible", "open"}
        Infeasible: it is proved that no patients have what is printed.  Feasible: patients have
        all of it but the mean.  Open: the search for them ended on its budget.
    times : tuple of Fraction
        The times asked for, and those at which something is printed, from 0; none at which no
        curve with the printed mean is followed any more.
    low, high : tuple of Fraction
        No curve that is followed so long is lower, or higher, at each time.  Between two times it is no higher than
        ``high`` at the earlier and no lower than ``low`` at the later.
    is_exact : bool
        Whether patients attain each of these values, not all with one curve.
    """

    status: Literal["feasible", "infeasible", "open"]
    times: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    is_exact: bool


def extreme_rate(
    number: int,
    landmarks: Iterable[Landmark],
    at: Landmark,
    side: Literal["least", "greatest"],
    budget: int = BUDGET,
) -> Extreme | None:
    """Return the least or the greatest rate that patients can have at one moment.

    Parameters
    ----------
    number : int
        Patients at the start.
    landmarks : iterable of Landmark
        What is printed of the curve.
    at : Landmark
        The moment; its own windows count as well.
    side : {"least", "greatest"}
        Which of them.
    budget : int
        Of each search.

    Returns
    -------
    Extreme or None
        None if it is proved that no patients have what is printed.

    Notes
    -----
    Patients are searched with a rate beyond the best that is known; those found are the next
    best, and where none are the best is the extreme.  Between the two proofs the interval is
    halved.

    Examples
    --------
    Of three patients with 40 to 70 % after a year, and nobody lost:

    >>> year = Landmark(Fraction(12), Interval(Fraction(2, 5), Fraction(7, 10)))
    >>> whole = Landmark(Fraction(12), censored=Interval.point(0), ties=False)
    >>> found = extreme_rate(3, [year, whole], year, "least")
    >>> str(found.rate), found.is_attained
    ('2/3', True)
    """
    marks = tuple(landmarks)
    is_least = side == "least"
    bound = _ZERO if is_least else _WHOLE  # nothing lies beyond
    best: Fraction | None = None

    def attempt(window: Interval) -> Fraction | Literal["none", "open"]:
        found = reach(number, [*marks, at, replace(at, rate=window)], budget)
        if found.status != "feasible":
            return "none" if found.status == "infeasible" else "open"
        steps = kaplan_meier(found.patients)
        if at.time is None:
            return steps[-1].rate
        return rate_at(steps, at.time, before=at.moment == "before")

    first = attempt(Interval(_ZERO, _WHOLE))
    if first == "none":
        return None
    if isinstance(first, Fraction):
        best = first
    for turn in range(_HALVINGS):
        if best is None or best == bound:
            break
        middle = (best + bound) / 2
        # First everything beyond the best: mostly there is nothing, or next to nothing, left.
        end, is_closed = (best, False) if turn % 2 == 0 else (middle, True)
        beyond = (
            Interval(bound, end, high_closed=is_closed)
            if is_least
            else Interval(end, bound, low_closed=is_closed)
        )
        found = attempt(beyond)
        if isinstance(found, Fraction):
            best = found
        elif found == "none":
            bound = end
        else:
            break
    return Extreme(bound, best == bound)


# --- Without a mean -------------------------------------------------------------------------------


def _moments(marks: Sequence[Landmark]) -> tuple[Landmark, ...]:
    """Return landmarks with all moments at which something may end."""
    # Nobody may be left to have an event after the last of them.
    added = [Landmark(None)]
    for mark in marks:
        if mark.time is not None and mark.moment == "at" and mark.ties and (
            mark.is_counted or mark.at_risk != EVERYTHING
        ):  # fmt: skip
            # Where numbers are known the events may have to come at this very time.
            added.append(Landmark(mark.time, moment="before", ties=False))
    return in_order([*marks, *added])


def _extremes(
    number: int, marks: Sequence[Landmark], budget: int
) -> tuple[list[tuple[Landmark, Extreme, Extreme]], bool] | None:
    """Return each landmark with its least and greatest rate; None if there are no patients."""
    found = []
    for mark in marks:
        least = extreme_rate(number, marks, mark, "least", budget)
        greatest = extreme_rate(number, marks, mark, "greatest", budget)
        if least is None or greatest is None:
            return None
        found.append((mark, least, greatest))
    return found, all(low.is_attained and high.is_attained for _, low, high in found)


def _at(time: Fraction, bounds: Sequence[tuple[Landmark, Extreme, Extreme]]) -> Interval:
    """Return the rates at a time that is one of a landmark or lies between two."""
    low, high = _ZERO, _WHOLE
    for mark, least, greatest in bounds:
        # A rate before the events of a time says nothing of how low it is after them.
        is_later = (
            mark.time is None or mark.time > time or (mark.time == time and mark.moment != "before")
        )
        if is_later:
            low = max(low, least.rate)
        if mark.time is not None and mark.time <= time:
            high = min(high, greatest.rate)
    return Interval(low, high)


# --- With a mean ----------------------------------------------------------------------------------


def _pieces(
    bounds: Sequence[Bound], start: Fraction, end: Fraction
) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return stretches between two times: length, least and greatest share."""
    times = {bound.time for bound in bounds if bound.time is not None}
    cuts = sorted({start, end, *(time for time in times if start < time < end)})
    return [
        (
            late - early,
            max((b.low for b in bounds if b.time is None or b.time >= late), default=_ZERO),
            min((b.high for b in bounds if b.time is not None and b.time <= early), default=_WHOLE),
        )
        for early, late in pairwise(cuts)
        if early < late
    ]


def _lowest(
    bounds: Sequence[Bound], time: Fraction, end: Fraction | None, area: Fraction | None
) -> Fraction:
    """Return the least rate at a time with which the area can still be as large."""
    if end is None or area is None or time >= end:
        return _ZERO
    need = area - sum((length * high for length, _, high in _pieces(bounds, _ZERO, time)), _ZERO)
    left = end - time
    # The curve is level after this time, unless something known is lower still.
    for length, _, high in sorted(_pieces(bounds, time, end), key=lambda piece: piece[2]):
        if need <= left * high:
            return max(_ZERO, need / left)
        need -= length * high
        left -= length
    return _WHOLE + 1


def _highest(
    bounds: Sequence[Bound], time: Fraction, end: Fraction | None, area: Fraction | None
) -> Fraction:
    """Return the greatest rate at a time with which the area can still be as small."""
    if end is None or area is None:
        return _WHOLE
    room = area - sum((length * low for length, low, _ in _pieces(bounds, time, end)), _ZERO)
    pieces = sorted(_pieces(bounds, _ZERO, time), key=lambda piece: piece[1])
    level = _ZERO  # length of what the rate raises
    risen = sum((length * low for length, low, _ in pieces), _ZERO)  # area of the rest
    if risen > room:
        return -_WHOLE
    found = _WHOLE
    for place, (length, low, _) in enumerate(pieces):
        level += length
        risen -= length * low
        found = (room - risen) / level
        if place + 1 == len(pieces) or found <= pieces[place + 1][1]:
            break
    return min(_WHOLE, found)


def _narrowed(
    printed: PrintedCurve, bounds: Sequence[Bound], times: Sequence[Fraction]
) -> list[Interval]:
    """Return the rates that the mean admits, as far as a curve with it can be followed."""
    reading, mean = printed.mean_reading, printed.mean
    floor = Fraction(1, printed.number)
    above = mean.high if reading in FROM_ABOVE else None
    below = mean.low if reading in FROM_BELOW else None
    last = printed.last_observed
    if reading == "restricted":
        last = last.meet(end_range(bounds, mean, floor))
    found: list[Interval] = []
    for time in times:
        until = last.meet(Interval(time, None))
        if until.is_empty:
            break
        end = until.low or _ZERO
        # Somebody is observed up to the last time.
        seen = [*bounds, Bound(end, floor, _WHOLE)] if end else list(bounds)
        area = area_bounds(seen, until, floor)
        if above is not None and area.low is not None and area.low > above:
            break
        if below is not None and area.high is not None and area.high < below:
            break
        window = Interval(
            _lowest(bounds, time, until.high, below), _highest(seen, time, end, above)
        )
        if window.is_empty:
            break
        found.append(window)
    return found


def curve_band(
    printed: PrintedCurve, times: Iterable[Fraction] = (), budget: int = BUDGET
) -> CurveBand:
    """Return the band of all curves that have what is printed of one group.

    Parameters
    ----------
    printed : PrintedCurve
        What is printed.
    times : iterable of Fraction
        At which times the band is asked for, none below 0.
    budget : int
        Of each search.

    Returns
    -------
    CurveBand
        Empty if it is proved that no patients have what is printed.

    Raises
    ------
    ValueError
        If a time is below 0.

    Notes
    -----
    Between two printed times u < v the events can all come late or all come early, so that
    the greatest rate there is the greatest at u, and the least is the least at v; both
    are worked out over all orders of events and censorings (:func:`extreme_rate`), and
    attained.

    A restricted mean is the area under the curve up to a time tau.  With a rate s at t the area is
    at most that under the upper staircase, cut off at s from t on, and at least that under
    the lower staircase, raised to s before t.  The first has to be at least the mean, the
    second at most; and tau is at least t for a curve that is followed up to t.  This is exact for curves that fall continuously; a curve of n patients
    has finitely many heights, for which it is an outer bound.  Of the other readings of a mean one
    side is known: no area is smaller than the mean of all times of observation, for example
    (r <= n S).  That of the times of events says nothing of S.

    Examples
    --------
    Ninety-two patients with a median of 48 months and a restricted mean of 27.4:

    >>> def window(low, high):
    ...     return Interval(Fraction(low), Fraction(high))
    >>> printed = PrintedCurve(92, median=window("47.5", "48.5"), mean=window("27.35", "27.45"))
    >>> band = curve_band(printed, [Fraction(24), Fraction(47)])
    >>> [(float(t), round(float(s), 3)) for t, s in zip(band.times, band.high)]
    [(0.0, 1.0), (24.0, 0.654), (47.0, 0.579), (47.5, 0.578), (48.5, 0.5)]
    """
    number, marks = printed.number, printed.landmarks
    asked = {Fraction(time) for time in times}
    if any(time < 0 for time in asked):
        raise ValueError(f"found the time {min(asked)}, expected none below 0")
    nothing = CurveBand("infeasible", (), (), (), is_exact=True)
    grid = sorted({_ZERO, *asked, *(mark.time for mark in marks if mark.time is not None)})
    found = _extremes(number, _moments(marks), budget)
    if found is None:
        return nothing
    extremes, is_exact = found
    status: Literal["feasible", "open"] = "feasible"
    if reach(number, marks, budget).status == "open":
        status = "open"
    # Somebody may die on the first day, at time 0.
    windows = [_at(time, extremes) for time in grid]
    if any(window.is_empty for window in windows):
        return nothing
    if printed.has_mean:
        is_exact = False
        known = [
            replace(mark, rate=Interval(least.rate, greatest.rate))
            for mark, least, greatest in extremes
        ]
        windows = [
            window.meet(other)
            for window, other in zip(
                windows, _narrowed(printed, curve_bounds(in_order(known)), grid), strict=False
            )
        ]
        # Every curve is followed up to its last time.
        needed = printed.last_observed.low or _ZERO
        followed = list(takewhile(lambda window: not window.is_empty, windows))
        if not followed or grid[len(followed) - 1] < needed:
            return nothing
        windows, grid = followed, grid[: len(followed)]
    lows = [window.low or _ZERO for window in windows]
    highs = [_WHOLE if window.high is None else window.high for window in windows]
    return CurveBand(status, tuple(grid), tuple(lows), tuple(highs), is_exact and printed.is_sharp)
