"""What is counted of known patients: levels that exclude one another, and levels that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

__all__ = ["Outcome", "draw_outcome"]


@dataclass(slots=True)
class Outcome:
    """A categorical variable that is counted, at one or more times.

    Parameters
    ----------
    name : str
        Name of the variable.
    levels : tuple of str
        All levels, one for "not known" included.
    held : dict of str to list
        By time, the levels of each patient: none, one, or several that overlap.
    unions : dict of str to tuple of str
        Names for several levels together.
    unknown : str
        The level that means "not known", or "".
    is_multi : bool
        Whether levels may overlap.
    within : dict of str to str
        Levels that imply another one.
    """

    name: str
    levels: tuple[str, ...]
    held: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: str = ""
    is_multi: bool = False
    within: dict[str, str] = field(default_factory=dict)

    def count(self, members: Sequence[int], time: str, level: str) -> int:
        """Return how many of some patients have a level, or any of a union."""
        wanted = set(self.unions.get(level, (level,)))
        held = self.held[time]
        return sum(not wanted.isdisjoint(held[i]) for i in members)

    def observed(self, members: Sequence[int], time: str) -> list[int]:
        """Return those whose level is known."""
        if self.is_multi:
            return list(members)
        held = self.held[time]
        return [i for i in members if held[i] and self.unknown not in held[i]]


def draw_outcome(random: Random, name: str, size: int, *, is_small: bool = False) -> Outcome:
    """Draw what is counted.

    Parameters
    ----------
    random : Random
        Source of chance.
    name : str
        Name of the variable.
    size : int
        Number of patients.
    is_small : bool
        Whether it has few levels, at one time.

    Returns
    -------
    Outcome
        The variable with its patients.
    """
    is_multi = random.random() < 0.2
    levels = [
        f"{name}{letter}"
        for letter in "vwxyz"[: random.randint(2, 3 if is_multi or is_small else 5)]
    ]
    outcome = Outcome(name, tuple(levels), is_multi=is_multi)
    if is_multi and random.random() < 0.4:
        outcome.within = {levels[1]: levels[0]}
    if len(levels) > 2 and random.random() < 0.5:
        outcome.unions = {f"{name}_first_two": tuple(levels[:2])}
        if len(levels) > 3 and random.random() < 0.5:
            outcome.unions[f"{name}_first_three"] = tuple(levels[:3])
    missing = 0.0 if is_multi else random.choice((0, 0, 0.08, 0.4))
    if missing and random.random() < 0.4:
        outcome.unknown = f"{name}_unknown"
        outcome.levels = (*levels, outcome.unknown)
    weights = [random.choice((0.05, 0.5, 1, 3)) for _ in levels]
    has_times = not is_small and random.random() < 0.25
    times = ("8 weeks", "6 months") if has_times else ("",)
    for time in times:
        outcome.held[time] = [_held(random, outcome, levels, weights, missing) for _ in range(size)]
    return outcome


def _held(
    random: Random, outcome: Outcome, levels: list[str], weights: list[float], missing: float
) -> frozenset[str]:
    if outcome.is_multi:
        held = {level for level in levels if random.random() < 0.3}
        return frozenset(held | {outcome.within[level] for level in held & set(outcome.within)})
    if missing and random.random() < missing:
        return frozenset([outcome.unknown] if outcome.unknown else [])
    return frozenset(random.choices(levels, weights))
