"""What is printed of a survival curve at one time, and the order of such times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval

__all__ = ["MOMENTS", "PROBABILITY", "Landmark", "Moment", "in_order"]

PROBABILITY: Final = Interval(Fraction(0), Fraction(1))
"""All values that a rate can have."""

Moment = Literal["before", "at", "after"]
"""When, at a printed time, a number was counted."""
MOMENTS: Final[tuple[Moment, ...]] = ("before", "at", "after")
"""At one time: before its events; after them; after its censorings as well."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """Windows of what a curve, and the patients behind it, have at one time.

    Parameters
    ----------
    time : Fraction or None
        When; None is the end of follow-up, when nobody is left.
    rate : Interval
        Of the Kaplan-Meier estimate S.
    at_risk : Interval
        Of the number of patients still observed.
    events : Interval
        Of the number of events so far.
    censored : Interval
        Of the number of censorings so far: at the moment "at" those before the time.
    reverse : Interval
        Of the Kaplan-Meier estimate G of still being followed, events and censorings exchanged.
    moment : {"before", "at", "after"}
        Whether S is read before the events of this very time, after them (as is usual), or
        after its censorings too.
    ties : bool
        Whether patients may have exactly this time.  Then, at the moment "at", the number at
        risk may be counted before their events or after their censorings, and at any time a
        curve of follow-up may take events and censorings in either order.

    Raises
    ------
    ValueError
        If the time is not above 0.

    Notes
    -----
    For data in which no event shares its time with a censoring S G = r / n, as each patient
    who leaves multiplies one of both curves by (r - 1) / r.  Where a program takes the
    deaths at a tie to be still at risk of the end of follow-up, only
    S + G - 1 <= r / n <= S G.  (Of x = 1 - d / r and y = 1 - c / r that belong to one time,
    1 - (d + c) / r = x + y - 1, and several such times only bring r / n nearer to S G.)
    Where nobody is left S = 0 says nothing of G.

    Examples
    --------
    >>> Landmark(Fraction(12), Interval(Fraction(833, 2000), Fraction(835, 2000))).moment
    'at'
    """

    time: Fraction | None
    rate: Interval = PROBABILITY
    at_risk: Interval = EVERYTHING
    events: Interval = EVERYTHING
    censored: Interval = EVERYTHING
    reverse: Interval = EVERYTHING
    moment: Moment = "at"
    ties: bool = True

    def __post_init__(self) -> None:
        if self.time is not None and self.time <= 0:
            raise ValueError(f"found time {self.time}, expected a time above 0")

    @property
    def is_counted(self) -> bool:
        """Whether the numbers of events or of censorings are known."""
        return self.events != EVERYTHING or self.censored != EVERYTHING

    @property
    def key(self) -> tuple[bool, Fraction, int]:
        """Where the landmark stands in the order of time."""
        return self.time is None, self.time or Fraction(0), MOMENTS.index(self.moment)

    def rates_given(self, at_risk: int, number: int) -> Interval:
        """Return the rates that go with a number at risk.

        Parameters
        ----------
        at_risk : int
            Patients still observed.
        number : int
            Patients at the start.

        Returns
        -------
        Interval
            Those of the window that the curve of follow-up admits.

        Examples
        --------
        >>> half = Interval(Fraction(1, 2), None)
        >>> str(Landmark(None, reverse=half, ties=False).rates_given(3, 12))
        '[0, 0.5]'
        """
        if self.reverse == EVERYTHING:
            return self.rate
        share = Fraction(at_risk, number)
        rates = self.rate
        high, low = self.reverse.high, self.reverse.low
        if high is not None and high < 1:
            if high < 0 or (high == 0 and share):
                return Interval(Fraction(1), Fraction(0))
            if high:
                rates = rates.meet(Interval(share / high, None, self.reverse.high_closed))
        if low is not None and low > 0:
            top = share + 1 - low if self.ties else share / low
            rates = rates.meet(Interval(None, top, high_closed=self.reverse.low_closed))
        return rates


def _joined(first: Landmark, second: Landmark) -> Landmark:
    """Return what two landmarks of one moment say together."""
    at_risk = first.at_risk
    if at_risk == EVERYTHING or first.moment != "at" or not (first.ties or second.ties):
        at_risk = at_risk.meet(second.at_risk)
    return replace(
        first,
        rate=first.rate.meet(second.rate),
        at_risk=at_risk,
        events=first.events.meet(second.events),
        censored=first.censored.meet(second.censored),
        reverse=first.reverse.meet(second.reverse),
        ties=first.ties or second.ties,
    )


def _leaps(first: Landmark, second: Landmark) -> bool:
    return first.moment == "before" and second.moment == "after"


def in_order(landmarks: Iterable[Landmark]) -> tuple[Landmark, ...]:
    """Return landmarks in the order of time, those of the same moment as one.

    Parameters
    ----------
    landmarks : iterable of Landmark
        In any order.

    Returns
    -------
    tuple of Landmark
        One for each moment, its windows the common part of all that are known of it; no data
        have an empty window.  Between the moments before and after a time there is always the
        one at it.

    Notes
    -----
    Two numbers at risk at one time may have been counted before its events and after its
    censorings.  Where that is not excluded, the first of them stays and the other is left out.

    Examples
    --------
    >>> early, late = Landmark(Fraction(12)), Landmark(None)
    >>> [mark.time for mark in in_order([late, early, early])]
    [Fraction(12, 1), None]
    """
    found: list[Landmark] = []
    for mark in sorted(landmarks, key=lambda mark: mark.key):
        if found and found[-1].key == mark.key:
            found[-1] = _joined(found[-1], mark)
            continue
        if found and found[-1].time == mark.time is not None and _leaps(found[-1], mark):
            found.append(Landmark(mark.time, ties=False))
        found.append(mark)
    return tuple(found)
