"""Every way in which a few patients can have events and be censored, for comparison."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise

from netcore.stats.survival.curves import Observation

Patients = tuple[Observation, ...]


def all_patients(number: int, times: list[Fraction]) -> Iterator[Patients]:
    """Yield all patients with some of these times, tied in every way."""
    kinds = [Observation(time, event) for time in times for event in (True, False)]
    yield from combinations_with_replacement(kinds, number)


def times_around(marks: list[int], between: int) -> list[Fraction]:
    """Return the marks, and so many times before, between and after them."""
    ends = [0, *marks, marks[-1] + 10]
    found = [Fraction(mark) for mark in marks]
    for low, high in pairwise(ends):
        found += [low + Fraction((high - low) * (k + 1), between + 1) for k in range(between)]
    return sorted(found)


def left(patients: Patients, time: Fraction, *, after: bool) -> int:
    """Count the patients who are observed at a time, or beyond it."""
    return sum(who.time > time or (who.time == time and not after) for who in patients)


def survival(patients: Patients, time: Fraction, *, before: bool = False) -> Fraction:
    """Return the Kaplan-Meier estimate, by its definition and not by the module under test."""
    rate = Fraction(1)
    for end in {who.time for who in patients if who.event}:
        if end < time or (end == time and not before):
            at_risk = sum(who.time >= end for who in patients)
            rate *= 1 - Fraction(sum(who.event and who.time == end for who in patients), at_risk)
    return rate
