"""Every course of two small arms, by plain enumeration, and statistics from their definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from netcore.printed import EVERYTHING, Interval
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.event_graph import Arm, Rate

Times = tuple[tuple[int, int, int, int], ...]
"""Numbers at risk and events, r1, r2, d1, d2, at each time of an event."""


@dataclass(frozen=True)
class Course:
    """Event times of two arms, and the estimates and numbers at risk at one time between them."""

    times: Times
    survival: tuple[Fraction, Fraction]
    at_risk: tuple[int, int]

    @property
    def events(self) -> tuple[int, int]:
        return sum(t[2] for t in self.times), sum(t[3] for t in self.times)


@cache
def courses(n1: int, n2: int) -> tuple[Course, ...]:
    """Return all courses, each with every place where a time of printed rates can lie."""
    return tuple(dict.fromkeys(_courses(n1, n2, (), Fraction(1), Fraction(1), None)))


@cache
def orders(n1: int, n2: int) -> tuple[Course, ...]:
    """Return all courses, without a time of printed rates."""
    one = Fraction(1)
    seen = (one, one), (n1, n2)
    return tuple(dict.fromkeys(_courses(n1, n2, (), one, one, seen)))


def _courses(
    r1: int,
    r2: int,
    times: Times,
    s1: Fraction,
    s2: Fraction,
    seen: tuple[tuple[Fraction, Fraction], tuple[int, int]] | None,
) -> Iterator[Course]:
    if seen is None:
        # The time of the rates is now, after any number of censorings.
        for a in range(r1 + 1):
            for b in range(r2 + 1):
                yield from _courses(a, b, times, s1, s2, ((s1, s2), (a, b)))
    else:
        yield Course(times, *seen)
    for a in range(r1 + 1):
        for b in range(r2 + 1):
            for d1 in range(a + 1):
                for d2 in range(b + 1):
                    if d1 + d2:
                        yield from _courses(
                            a - d1,
                            b - d2,
                            (*times, (a, b, d1, d2)),
                            s1 * (a - d1) / a if a else s1,
                            s2 * (b - d2) / b if b else s2,
                            seen,
                        )


def windows(s1: Interval, s2: Interval, *, at_risk: Interval = EVERYTHING) -> tuple[Rate, Rate]:
    return Rate(Fraction(1), s1, at_risk), Rate(Fraction(1), s2, at_risk)


@cache
def fitting(first: Arm, second: Arm) -> list[Course]:
    """Return the courses that agree with one printed rate, or none, of each arm."""
    if not first.rates and not second.rates:
        return [c for c in orders(first.number, second.number) if agree_in_events(c, first, second)]
    rates = [arm.rates[0] if arm.rates else Rate(Fraction(1)) for arm in (first, second)]
    return [
        course
        for course in courses(first.number, second.number)
        if all(
            course.survival[k] in rates[k].window and course.at_risk[k] in rates[k].at_risk
            for k in range(2)
        )
        and agree_in_events(course, first, second)
    ]


def agree_in_events(course: Course, first: Arm, second: Arm) -> bool:
    return course.events[0] in first.events and course.events[1] in second.events


def log_rank_sums(times: Times) -> tuple[Fraction, Fraction]:
    """Return O - E of the first arm, and its variance."""
    u = v = Fraction(0)
    for r1, r2, d1, d2 in times:
        r, d = r1 + r2, d1 + d2
        u += d1 - Fraction(d * r1, r)
        if r > 1:
            v += Fraction(d * r1 * r2 * (r - d), r * r * (r - 1))
    return u, v


def all_data(n1: int, n2: int, last: int) -> Iterator[tuple[list[Observation], list[Observation]]]:
    """Yield all patients with times of 1 to last, whatever the order within an arm."""
    from itertools import combinations_with_replacement

    kinds = [Observation(Fraction(t), e) for t in range(1, last + 1) for e in (True, False)]
    for one in combinations_with_replacement(kinds, n1):
        for two in combinations_with_replacement(kinds, n2):
            yield list(one), list(two)
