"""Known patients: who they are, and what was measured of each.

Every measured value is a whole number of steps, so that all that follows from it can be
recomputed exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from simulation.courses import Course
from simulation.outcomes import Outcome

__all__ = ["SHAPES", "Cohort", "Factor", "Measure", "draw_factor", "draw_measure", "draw_size"]


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that every patient has one level of, unless it is not known.

    Parameters
    ----------
    name : str
        Name of the variable.
    levels : tuple of str
        All levels.
    held : tuple of (str or None)
        The level of each patient.
    """

    name: str
    levels: tuple[str, ...]
    held: tuple[str | None, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every patient has a level."""
        return None not in self.held


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured variable.

    Parameters
    ----------
    name : str
        Name of the variable.
    shape : str
        Which of :data:`SHAPES` it was drawn from.
    step : Fraction
        Of which every value is a multiple.
    ticks : tuple of (int or None)
        How many steps each patient has; None where the value is missing.
    unit : str
        The unit, or "".
    scale : tuple of (int, int) or None
        Ends of the scale, in units, where it has any.
    """

    name: str
    shape: str
    step: Fraction
    ticks: tuple[int | None, ...]
    unit: str = ""
    scale: tuple[int, int] | None = None

    def values(self, members: Sequence[int]) -> list[Fraction]:
        """Return the known values of some patients, in ascending order."""
        found = [self.ticks[i] for i in members]
        return [tick * self.step for tick in sorted(tick for tick in found if tick is not None)]

    @property
    def is_whole(self) -> bool:
        """Whether every value is a whole number."""
        return self.step.denominator == 1


@dataclass(slots=True)
class Cohort:
    """All patients of a study.

    Parameters
    ----------
    size : int
        How many there are.
    factors, measures, outcomes, courses : dict
        By name.
    left_out : dict of str to frozenset of int
        Patients whom no summary of a variable includes, though their value is known.
    """

    size: int
    factors: dict[str, Factor] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    left_out: dict[str, frozenset[int]] = field(default_factory=dict)

    def members(self, where: dict[str, str]) -> list[int]:
        """Return who has the levels of some factors."""
        return [
            i
            for i in range(self.size)
            if all(self.factors[name].held[i] == level for name, level in where.items())
        ]

    def records(self) -> list[dict[str, str]]:
        """Return one record for each patient: levels, values as fractions, who was left out."""
        return [self._record(i) for i in range(self.size)]

    def _record(self, i: int) -> dict[str, str]:
        record = {"patient": str(i + 1)}
        for factor in self.factors.values():
            record[factor.name] = factor.held[i] or ""
        for measure in self.measures.values():
            tick = measure.ticks[i]
            record[measure.name] = "" if tick is None else str(tick * measure.step)
            if measure.name in self.left_out:
                is_out = i in self.left_out[measure.name]
                record[f"{measure.name} left out"] = "yes" if is_out else ""
        for outcome in self.outcomes.values():
            for time, held in outcome.held.items():
                record[f"{outcome.name} {time}".strip()] = "+".join(sorted(held[i]))
        for course in self.courses.values():
            tick = course.ticks[i]
            record[course.name] = "" if tick is None else str(tick * course.step)
            record[f"{course.name} event"] = "yes" if course.events[i] else ""
            if course.entered:
                record[f"{course.name} entered"] = course.entered[i].isoformat()
        return record


def draw_size(random: Random, most: int = 300) -> int:
    """Draw the size of a study: from 2 on, small ones more often.

    Parameters
    ----------
    random : Random
        Source of chance.
    most : int
        The largest size.

    Returns
    -------
    int
        Uniform on a logarithmic scale.
    """
    return min(most, int(2 * (most / 2 + 1) ** random.random()))


def draw_factor(random: Random, name: str, size: int, levels: int, missing: float = 0) -> Factor:
    """Draw the levels of a factor, often far from equally many.

    Parameters
    ----------
    random : Random
        Source of chance.
    name : str
        Name of the factor.
    size : int
        Number of patients.
    levels : int
        Number of levels.
    missing : float
        Probability that a level is not known.

    Returns
    -------
    Factor
        The factor.
    """
    names = [f"{name}_{letter}" for letter in "abcdef"[:levels]]
    weights = [random.choice((0.1, 1, 1, 1, 3)) for _ in names]
    held = [
        None if missing and random.random() < missing else random.choices(names, weights)[0]
        for _ in range(size)
    ]
    return Factor(name, tuple(names), tuple(held))


_Draw = Callable[[Random, int], tuple[Fraction, list[int], str, tuple[int, int] | None]]


def _ages(step: Fraction) -> _Draw:
    def draw(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
        middle, spread = random.uniform(35, 70), random.uniform(4, 16)
        years = [min(max(random.gauss(middle, spread), 18), 97) for _ in range(n)]
        return step, [round(year / step) for year in years], "years", None

    return draw


def _normal(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    step = Fraction(1, random.choice((1, 10, 10, 100)))
    middle = random.choice((0, 25, 130))  # changes, body-mass indices, blood pressures
    spread = random.choice((2, 5, 20))
    return step, [round(random.gauss(middle, spread) / step) for _ in range(n)], "units", None


def _skewed(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    step = Fraction(1, random.choice((1, 10, 100)))
    sigma = random.choice((0.5, 1, 1.8))
    values = [min(random.lognormvariate(3, sigma), 5000) for _ in range(n)]
    return step, [max(1, round(value / step)) for value in values], "cm3", None


def _tied(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    few = [random.randint(0, 60) for _ in range(random.randint(2, 4))]
    return Fraction(1, random.choice((1, 2, 10))), [random.choice(few) for _ in range(n)], "", None


def _ordinal(random: Random, n: int) -> tuple[Fraction, list[int], str, tuple[int, int]]:
    scale = random.choice(((1, 5), (1, 7), (0, 4), (0, 10)))
    points = range(scale[0], scale[1] + 1)
    weights = [random.choice((0.2, 1, 1, 4)) for _ in points]
    return Fraction(1), random.choices(points, weights, k=n), "points", scale


def _visits(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    every = random.choice((2, 3, 6))
    return Fraction(every), [1 + int(random.expovariate(0.25)) for _ in range(n)], "months", None


def _binary(random: Random, n: int) -> tuple[Fraction, list[int], str, tuple[int, int]]:
    share = random.random()
    return Fraction(1), [int(random.random() < share) for _ in range(n)], "", (0, 1)


def _zero_inflated(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    zero = random.uniform(0.2, 0.9)
    ticks = [0 if random.random() < zero else int(random.expovariate(0.2)) for _ in range(n)]
    return Fraction(1), ticks, "lesions", None


def _all_equal(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    return Fraction(1, random.choice((1, 10))), [random.randint(0, 90)] * n, "", None


def _fine(random: Random, n: int) -> tuple[Fraction, list[int], str, None]:
    step = Fraction(1, 10**6)
    return step, [round(random.gammavariate(2, 4) / step) for _ in range(n)], "mg", None


SHAPES: dict[str, _Draw] = {
    "ages in years": _ages(Fraction(1)),
    "ages in half years": _ages(Fraction(1, 2)),
    "ages in days by 365.25": _ages(Fraction(4, 1461)),
    "normal": _normal,
    "skewed": _skewed,
    "tied": _tied,
    "ordinal": _ordinal,
    "visits": _visits,
    "binary": _binary,
    "zero-inflated": _zero_inflated,
    "all equal": _all_equal,
    "fine": _fine,
}


def draw_measure(
    random: Random, name: str, size: int, *, missing: float = 0, shape: str = ""
) -> Measure:
    """Draw a measured variable.

    Parameters
    ----------
    random : Random
        Source of chance.
    name : str
        Name of the variable.
    size : int
        Number of patients.
    missing : float
        Probability that a value is not known.
    shape : str
        One of :data:`SHAPES`; any where empty.

    Returns
    -------
    Measure
        The variable.
    """
    shape = shape or random.choice(list(SHAPES))
    step, ticks, unit, scale = SHAPES[shape](random, size)
    known = [None if missing and random.random() < missing else tick for tick in ticks]
    return Measure(name, shape, step, tuple(known), unit, scale)
