"""Every way in which a few patients can have events and be censored, for comparison."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

from netcore.stats.survival.curves import Observation

Patients = tuple[Observation, ...]


def all_patients(number: int, times: list[Fraction]) -> Iterator[Patients]:
    """Yield all patients with some of these times, tied in every way."""
    kinds = [Observation(time, event) for time in times for event in (True, False)]
    yield from combinations_with_replacement(kinds, number)


def all_orders(number: int, marks: list[int]) -> Iterator[Patients]:
    """Yield patients with every order of events and censorings, between the marks and at them.

    At a mark whoever leaves is tied; between marks nobody is, as d tied events lower a rate
    just as d events one after another do.
    """
    stages: list[tuple[int, int]] = []  # between two times, or at one
    for low, high in pairwise([0, *marks, marks[-1] + 10]):
        stages += [(low, high), (high, high)]
    stages.pop()
    for cuts in combinations_with_replacement(range(number + 1), len(stages) - 1):
        sizes = [high - low for low, high in pairwise([0, *cuts, number])]
        choices = [
            [[k < d for k in range(size)] for d in range(size + 1)]
            if low == high
            else list(product((True, False), repeat=size))
            for size, (low, high) in zip(sizes, stages, strict=True)
        ]
        for kinds in product(*choices):
            yield tuple(
                Observation(low + Fraction((high - low) * (k + 1), len(kind) + 1), event)
                for kind, (low, high) in zip(kinds, stages, strict=True)
                for k, event in enumerate(kind)
            )


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
