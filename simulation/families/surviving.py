"""Tables of survival: rates, medians and means of groups, and what their curves rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from simulation.courses import Course, Patient, draw_course
from simulation.press import Column, Press
from simulation.summaries import moments
from simulation.survival import (
    MEANS,
    MEDIANS,
    RATES,
    at_risk,
    mean_error,
    mean_time,
    median_time,
    rate,
    rate_error,
    rate_limits,
)

__all__ = ["add_course", "declare_course", "print_dates", "print_rates", "print_times"]

_ERRORS = ("Greenwood", "Greenwood", "binomial", "Peto")


def add_course(press: Press, name: str) -> Course:
    """Draw how long the patients of a paper were observed, and declare it.

    Parameters
    ----------
    press : Press
        The paper.
    name : str
        Name of the variable.

    Returns
    -------
    Course
        Some patients may not have been followed; one group may live longer.
    """
    random = press.random
    factor = press.cohort.factors["group"]
    risks = {level: random.choice((0.3, 0.7, 1, 1, 1.5, 3)) for level in factor.levels}
    missing = random.choice((0, 0, 0, 0.05, 0.2))
    course = draw_course(
        random, name, [risks.get(held or "", 1.0) for held in factor.held], missing=missing
    )
    declare_course(press, course)
    return course


def declare_course(press: Press, course: Course) -> None:
    """Say what a course is, as far as the paper says it."""
    press.cohort.courses[course.name] = course
    variable: dict[str, object] = {"type": "time"}
    if press.chance(0.9):
        variable["unit"] = course.unit
    if press.chance(0.5):
        variable["to"] = "death" if course.name == "os" else "progression"
    if press.chance(0.2):
        variable["min"] = "0"
    if press.chance(0.15):
        step = {True: str(course.step)}.get(course.step.denominator == 1, "0.1")
        variable["granularity"] = {"step": step, "stated": "true"}
    press.paper.variables[course.name] = variable
    press.paper.notes.append(f"{course.name}: steps of {course.step} {course.unit}")


def print_dates(press: Press, place: str, course: Course) -> None:
    """Print when patients entered and until when they were followed, if the paper has dates.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the dates stand.
    course : Course
        Whose dates they are.
    """
    if course.cutoff is None or not press.chance(0.7):
        return
    paper = press.paper
    paper.variables["enrolment"] = {"type": "date"}
    paper.variables["cutoff"] = {"type": "date", "after": ["enrolment"]}
    paper.variables[course.name] |= {"from": "enrolment"}
    digits = press.random.choice((4, 7, 10))
    cells = {"location": place, "population": "all", "unit": "date"}
    for name, variable, day in (
        ("start", "enrolment", min(course.entered)),
        ("end", "enrolment", max(course.entered)),
        ("value", "cutoff", course.cutoff),
    ):
        if press.chance(0.9):
            paper.print_row(day.isoformat()[:digits], stat_name=name, variable=variable, **cells)


@dataclass(frozen=True, slots=True)
class _Column:
    """A population with its patients."""

    press: Press
    place: str
    course: Course
    column: Column

    @property
    def patients(self) -> list[Patient]:
        return self.course.patients(self.column.members)

    def cells(self, statistic: str, *, at: str = "", unit: str = "") -> dict[str, str]:
        return {
            "location": self.place,
            "population": self.column.name,
            "variable": self.course.name,
            "stat_name": statistic,
            "at": at,
            "unit": unit,
        }


def _time_points(random: Random, course: Course) -> list[tuple[str, Fraction]]:
    """Draw the times of a table, as they are called and in the unit of the course."""
    known = [tick for tick in course.ticks if tick is not None]
    longest = max(known, default=0) * course.step
    units = {"days": ("months", "years", "days"), "weeks": ("weeks", "months", "years")}
    unit = random.choice(units.get(course.unit, ("months", "years")))
    per_unit = course.per_unit(unit)
    end = int(longest / per_unit)
    if end < 1:
        return []
    usual = [
        n for n in ((1, 2, 3, 5, 10) if unit == "years" else (3, 6, 12, 24, 36, 60)) if n <= end
    ]
    if not usual or random.random() < 0.2:
        usual = sorted(random.sample(range(1, end + 1), min(3, end)))
    if random.random() < 0.1:
        usual.append(end + random.randint(1, end))  # a time that nobody was followed to
    chosen = sorted(random.sample(usual, min(len(usual), random.choice((1, 2, 3)))))
    return [(f"{number} {unit}", number * per_unit) for number in chosen]


def print_rates(press: Press, place: str, course: Course, columns: Sequence[Column]) -> None:
    """Print survival at some times, and now and then numbers at risk, errors and limits.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the table stands.
    course : Course
        What is estimated.
    columns : sequence of Column
        The populations.
    """
    random = press.random
    kind = random.choice(list(RATES)) if press.chance(0.3) else "Kaplan-Meier"
    as_percentage = press.chance(0.8)
    decimals = random.choice((0, 0, 1, 1, 2)) + (0 if as_percentage else 2)
    carries = press.chance(0.3)
    risk = random.choice(("", "", "before", "before", "after"))
    counts = press.chance(0.15)
    error = random.choice(_ERRORS) if press.chance(0.2) else ""
    limits = random.choice(("plain", "log", "log-log")) if press.chance(0.15) else ""
    press.paper.notes.append(
        f"{place}: rates by {kind}{', carried forward' if carries else ''}, at risk {risk or '-'}, "
        f"errors {error or '-'}, limits {limits or '-'}"
    )
    scale, unit = (100, "%") if as_percentage else (1, "")
    for at, time in _time_points(random, course):
        for column in columns:
            one = _Column(press, place, course, column)
            patients = one.patients
            if not patients:
                continue
            is_covered = max(patients)[0] >= time
            if is_covered or carries:
                value = rate(patients, time, kind)
                scaled = None if value is None else scale * value
                press.number(scaled, decimals, **one.cells("survival", at=at, unit=unit))
                if error and is_covered:
                    spread = rate_error(patients, time, error)
                    spread = None if spread is None else scale * spread
                    press.number(
                        spread, decimals + 1, **one.cells("survival.std.error", at=at, unit=unit)
                    )
                ends = rate_limits(patients, time, limits) if limits and is_covered else None
                for suffix, end in zip(("low", "high"), ends or (), strict=False):
                    name = f"survival.conf.{suffix}"
                    press.number(scale * end, decimals, **one.cells(name, at=at, unit=unit))
            if risk:
                left = at_risk(patients, time, after=risk == "after")
                press.count(left, **one.cells("n.risk", at=at))
            if counts:
                events = sum(event and other <= time for other, event in patients)
                lost = sum(not event and other <= time for other, event in patients)
                press.count(events, **one.cells("n.event", at=at))
                if press.chance(0.5):
                    press.count(lost, **one.cells("n.censor", at=at))


def print_times(press: Press, place: str, course: Course, columns: Sequence[Column]) -> None:
    """Print medians and means of survival by one convention, and now and then more.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the table stands.
    course : Course
        What is estimated.
    columns : sequence of Column
        The populations.
    """
    random = press.random
    median = random.choice((*MEDIANS, *MEDIANS, "observed", "event times"))
    mean = random.choice(MEANS) if press.chance(0.4) else "restricted"
    label = random.choice(("mean|rmean", "mean")) if mean != "restricted" else "mean|rmean"
    if mean == "restricted" and press.chance(0.4):
        label = "rmean"
    common = random.choice(("its own", "its own", "the first to end", "the last to end"))
    prints = {name: press.chance(share) for name, share in _OFTEN.items()}
    corrected = press.chance(0.3)
    decimals = 0 if course.step >= 1 and press.chance(0.5) else 1
    said = press.chance(0.3)
    groups = [column for column in columns if column.where]
    ends = [max(patients)[0] for c in groups if (patients := course.patients(c.members))]
    press.paper.notes.append(f"{place}: medians by {median}; means {mean}, restricted to {common}")
    for column in columns:
        one = _Column(press, place, course, column)
        patients = one.patients
        if not patients:
            continue
        unit = course.unit if press.chance(0.8) else ""
        if said:
            press.count(len(patients), **one.cells(random.choice(("N", "N_nonmiss"))))
        if prints["events"]:
            press.count(sum(event for _, event in patients), **one.cells("n.event"))
        last = max(patients)[0]
        if prints["median"]:
            value = median_time(patients, median)
            if value is not None:
                press.number(value, decimals, **one.cells("median", unit=unit))
            elif median in ("first at most", "midpoint") and press.chance(0.4):
                bound = press.printer.show(float(last), decimals)
                if Fraction(bound) <= last:
                    press.paper.print_row(f">{bound}", **one.cells("median", unit=unit))
        if prints["quartiles"] and median in MEDIANS:
            for name, level in (("p25", Fraction(3, 4)), ("p75", Fraction(1, 4))):
                value = median_time(patients, median, level)
                press.number(value, decimals, **one.cells(name, unit=unit))
        if prints["mean"]:
            until = _until(common, last, ends)
            at = f"{until} {course.unit}" if label == "rmean" and press.chance(0.5) else ""
            at = at if until.denominator == 1 and until > 0 else ""
            average = mean_time(patients, mean, until)
            press.number(average, decimals, **one.cells(label, at=at, unit=unit))
            spread = _spread(patients, mean, until, corrected=corrected)
            name = f"{label}.std.error" if label == "rmean" else "sd|std.error"
            if prints["error"]:
                press.number(spread, decimals + 1, **one.cells(name, at=at, unit=unit))
        if prints["extremes"]:
            press.number(patients[0][0], 1, **one.cells("min", unit=unit))
            press.number(last, 1, **one.cells("max", unit=unit))


def _until(common: str, last: Fraction, ends: Sequence[Fraction]) -> Fraction:
    """Return where the area under a curve ends."""
    if common == "its own" or not ends:
        return last
    return min(ends) if common == "the first to end" else max(ends)


_OFTEN = {
    "median": 0.8,
    "mean": 0.4,
    "quartiles": 0.1,
    "events": 0.25,
    "error": 0.4,
    "extremes": 0.1,
}


def _spread(
    patients: Sequence[Patient], kind: str, until: Fraction, *, corrected: bool
) -> float | None:
    if kind == "restricted":
        return mean_error(patients, until, corrected=corrected)
    found = moments([time for time, event in patients if event or kind == "observed"])
    return None if found is None else found.of("std.error" if corrected else "sd")
