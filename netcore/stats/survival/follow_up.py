"""Dates and follow-up: how long patients can have been observed, and what that says of a curve.

Patients who entered between two dates and were last contacted by a third can have been
observed no longer than from the first to the last of them.  How long they were observed at
least is known only of those who were followed to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from netcore.printed import Interval
from netcore.stats.calendar import CalendarUnit, dates_in, longest_between
from netcore.stats.survival.landmarks import Landmark

__all__ = ["FollowUpLimits", "follow_up_landmarks", "follow_up_limits", "last_time"]


@dataclass(frozen=True, slots=True)
class FollowUpLimits:
    """How long patients can have been observed, in a unit of time.

    Parameters
    ----------
    longest : Fraction
        Nobody was observed longer.
    shortest_if_complete : Fraction
        Who neither had the event nor was lost before the last contact was observed at least so
        long.
    """

    longest: Fraction
    shortest_if_complete: Fraction


def follow_up_limits(
    first_entry: str, last_entry: str, last_contact: str, unit: CalendarUnit
) -> FollowUpLimits:
    """Return how long patients can have been observed, from printed dates.

    Parameters
    ----------
    first_entry, last_entry : str
        When the first and the last patient entered: YYYY, YYYY-MM or YYYY-MM-DD.
    last_contact : str
        When follow-up ended.
    unit : CalendarUnit
        The unit of the times.

    Returns
    -------
    FollowUpLimits
        Rounded outwards: each date and each unit is what makes follow-up longest, or shortest.

    Raises
    ------
    ValueError
        If a date is none, or they are out of order.

    Notes
    -----
    A recruitment window does not say when the last patient entered, so the shorter limit holds
    for the end of the window.  In months of 28 to 31 days, as nobody says how days
    were converted.

    Examples
    --------
    >>> from netcore.stats.calendar import UNITS
    >>> limits = follow_up_limits("2010", "2014-06", "2015-06-30", UNITS["months"])
    >>> round(float(limits.longest), 1), round(float(limits.shortest_if_complete), 1)
    (71.7, 11.8)
    """
    first, entered = dates_in(first_entry)[0], dates_in(last_entry)[1]
    contact_first, contact_last = dates_in(last_contact)
    if first > entered or first > contact_last:
        raise ValueError(
            f"found {first_entry}, {last_entry} and {last_contact}, "
            "expected the first entry first and no contact before it"
        )
    shortest = max(0, (contact_first - entered).days)
    return FollowUpLimits(longest_between(first, contact_last, unit), Fraction(shortest, unit.most))


def follow_up_landmarks(
    limits: FollowUpLimits, *, nobody_lost: bool = False
) -> tuple[Landmark, ...]:
    """Return what the length of follow-up says of a curve.

    Parameters
    ----------
    limits : FollowUpLimits
        How long patients can have been observed.
    nobody_lost : bool
        Whether the paper says that all without the event were followed to the last contact.

    Returns
    -------
    tuple of Landmark
        After the longest follow-up nobody is at risk; if nobody was lost, nobody is censored
        before the shortest.

    Notes
    -----
    A rate that is printed for a later time is carried forward, or no Kaplan-Meier estimate.

    Examples
    --------
    >>> from netcore.stats.survival.reachable import reach
    >>> limits = FollowUpLimits(Fraction(40), Fraction(24))
    >>> two_years = Landmark(Fraction(24), Interval(Fraction(399, 1000), Fraction(401, 1000)))
    >>> [
    ...     reach(12, [two_years, *follow_up_landmarks(limits, nobody_lost=lost)]).status
    ...     for lost in (False, True)
    ... ]
    ['feasible', 'infeasible']
    """
    marks = [
        Landmark(limits.longest, at_risk=Interval.point(0), moment="after", ties=False)
    ] if limits.longest > 0 else []  # fmt: skip
    if nobody_lost and limits.shortest_if_complete > 0:
        marks.append(Landmark(limits.shortest_if_complete, censored=Interval.point(0), ties=False))
    return tuple(marks)


def last_time(limits: FollowUpLimits, *seen: Fraction) -> Interval:
    """Return where the last time of observation lies.

    Parameters
    ----------
    limits : FollowUpLimits
        How long patients can have been observed.
    *seen : Fraction
        Times at which, or beyond which, somebody was surely observed: that of an event, or one
        with a number at risk.

    Returns
    -------
    Interval
        For :func:`~netcore.stats.survival.restricted_means.mean_bounds`; empty if somebody was
        observed longer than the dates admit.

    Examples
    --------
    >>> str(last_time(FollowUpLimits(Fraction(72), Fraction(12)), Fraction(24), Fraction(11)))
    '[24, 72]'
    """
    return Interval(max(seen, default=Fraction(0)), limits.longest)
