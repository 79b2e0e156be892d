"""Known courses: how long every patient was observed, and whether the event ended it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from random import Random

__all__ = ["Course", "Patient", "draw_course", "earlier_course"]

Patient = tuple[Fraction, bool]

# A unit, the steps in which times were written down, and about how many of them a life lasts.
_CLOCKS = (
    ("months", Fraction(1), (4, 12, 40)),
    ("months", Fraction(1), (4, 12, 40)),
    ("months", Fraction(3), (2, 4, 10)),
    ("months", Fraction(6), (2, 4)),
    ("months", Fraction(1, 10), (60, 300)),
    ("weeks", Fraction(1), (10, 60)),
    ("days", Fraction(1), (90, 700)),
    ("years", Fraction(1), (2, 5)),
    ("years", Fraction(1, 10), (15, 60)),
)
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
_CENSORING = ("nobody", "at one time", "by entry", "by entry", "lost", "entry and lost")


@dataclass(frozen=True, slots=True)
class Course:
    """How long patients were observed.

    Parameters
    ----------
    name : str
        Name of the variable.
    unit : str
        Of the times.
    step : Fraction
        Of which every time is a multiple.
    ticks : tuple of (int or None)
        How many steps each patient was observed; None for who was not followed.
    events : tuple of bool
        Whether the event ended it.
    entered : tuple of date
        When each patient entered; none where no dates are known.
    cutoff : date or None
        Until when patients were followed.
    """

    name: str
    unit: str
    step: Fraction
    ticks: tuple[int | None, ...]
    events: tuple[bool, ...]
    entered: tuple[date, ...] = ()
    cutoff: date | None = None

    def patients(self, members: Sequence[int]) -> list[Patient]:
        """Return time and event of some patients who were followed, in order of time."""
        return sorted(
            (tick * self.step, self.events[i])
            for i in members
            if (tick := self.ticks[i]) is not None
        )

    def per_unit(self, unit: str) -> Fraction:
        """Return how many units of the course another unit is, as people convert them."""
        if unit == self.unit:
            return Fraction(1)
        months = {"months": Fraction(1), "years": Fraction(12)}
        if {unit, self.unit} <= set(months):
            return months[unit] / months[self.unit]
        return Fraction(_DAYS[unit] / _DAYS[self.unit]).limit_denominator(10_000)


def draw_course(random: Random, name: str, risks: Sequence[float], *, missing: float = 0) -> Course:
    """Draw the courses of patients until one event.

    Parameters
    ----------
    random : Random
        Source of chance.
    name : str
        Name of the variable.
    risks : sequence of float
        The hazard of each patient, as a multiple of a usual one.
    missing : float
        Probability that a patient was not followed.

    Returns
    -------
    Course
        Events at visits are seen at the next visit, and so are often tied.
    """
    unit, step, lives = random.choice(_CLOCKS)
    life, shape = random.choice(lives), random.choice((0.6, 1, 1, 1.8))
    censoring = random.choice(_CENSORING)
    longest = life * random.choice((0.4, 1, 1.5, 3))
    entered, cutoff = _dates(random, unit, step, longest, len(risks), censoring)
    ticks: list[int | None] = []
    events: list[bool] = []
    for i, risk in enumerate(risks):
        end = _tick(random, life * random.weibullvariate(1, shape) / risk ** (1 / shape))
        last = float("inf")
        if censoring == "at one time":
            last = ceil(longest)
        elif cutoff is not None:
            days = (cutoff - entered[i]).days
            last = int(days / (_DAYS[unit] * step))
        elif "entry" in censoring:
            last = int(random.uniform(0.3, 1) * longest)
        if "lost" in censoring:
            last = min(last, int(random.expovariate(1 / (1.5 * longest))))
        is_followed = not missing or random.random() >= missing
        ticks.append(int(min(end, last)) if is_followed else None)
        events.append(end <= last and is_followed)
    return Course(name, unit, step, tuple(ticks), tuple(events), entered, cutoff)


def _tick(random: Random, length: float) -> int:
    """Return when the event is recorded: rarely at once, mostly at the next visit."""
    return ceil(length) if random.random() < 0.98 else int(length)


def _dates(
    random: Random, unit: str, step: Fraction, longest: float, size: int, censoring: str
) -> tuple[tuple[date, ...], date | None]:
    if "entry" not in censoring or random.random() < 0.5:
        return (), None
    days = max(1, int(min(longest * step * _DAYS[unit], 9_000)))
    first = date(2000, 1, 1) + timedelta(random.randrange(4_000))
    entered = tuple(first + timedelta(random.randrange(days)) for _ in range(size))
    return entered, max(entered) + timedelta(random.choice((0, days // 3)))


def earlier_course(random: Random, course: Course, name: str) -> Course:
    """Draw an event that comes before the end of a course, or with it.

    Parameters
    ----------
    random : Random
        Source of chance.
    course : Course
        Until death, say.
    name : str
        Name of the variable: until progression or death.

    Returns
    -------
    Course
        No time is later than in the given course.
    """
    share = random.uniform(0.2, 0.9)
    ticks: list[int | None] = []
    events: list[bool] = []
    for tick, died in zip(course.ticks, course.events, strict=True):
        progressed = tick is not None and random.random() < share
        early = ceil(tick * random.random()) if progressed and tick is not None else tick
        ticks.append(early)
        events.append(died or progressed)
    return Course(
        name, course.unit, course.step, tuple(ticks), tuple(events), course.entered, course.cutoff
    )
