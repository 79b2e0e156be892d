"""Survival of groups: rates, medians, means, numbers at risk, tests and hazard ratios."""

from __future__ import annotations

from math import exp
from random import Random

from simulation.courses import Course, earlier_course
from simulation.families.measuring import print_sizes
from simulation.families.surviving import (
    add_course,
    declare_course,
    print_dates,
    print_rates,
    print_times,
)
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import Press, open_press
from simulation.survival import median_time
from simulation.survival_tests import (
    HAZARD_RATIOS,
    PROGRAMS,
    TESTS,
    hazard_ratio,
    hazard_ratio_limits,
    survival_p,
)

__all__ = ["draw_survival"]


def draw_survival(random: Random) -> Paper:
    """Draw a study of survival.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random, 120))
    place = press.place("table1", "Table 1")
    print_sizes(press, place, random.choice((0.5, 1, 1)))
    courses = [add_course(press, "os")]
    if press.chance(0.25):
        courses.append(earlier_course(random, courses[0], "pfs"))
        declare_course(press, courses[1])
    columns = press.columns[random.choice((0, 1, 1)) :]
    style = press.draw_p_style()
    results = press.place("results", "Results")
    print_dates(press, place, courses[0])
    for course in courses:
        if press.chance(0.7):
            print_rates(press, results, course, columns)
        if press.chance(0.7):
            print_times(press, place, course, columns)
        if press.chance(0.7):
            _print_test(press, results, course, style)
        if press.chance(0.3):
            _print_hazard_ratio(press, results, course, style)
    if press.chance(0.2):
        _print_follow_up(press, place, courses[0])
    if press.chance(0.2):
        press.copy_to_abstract()
    return press.finished()


def _levels(press: Press, *, pair: bool) -> list[str]:
    levels = list(press.cohort.factors["group"].levels)
    return press.random.sample(levels, 2) if pair and len(levels) > 2 else levels


def _flavour(press: Press, test: str) -> str:
    offered = PROGRAMS.get(press.software, {}).get(test) or tuple(TESTS[test])
    return press.random.choice(offered)


def _announced(press: Press, test: str) -> list[str]:
    said = press.random.random()
    if test == "another" or said < 0.15:
        return ["unnamed"]
    return ["log_rank", "gehan"] if said < 0.25 and test != "cox" else [test]


def _print_test(press: Press, place: str, course: Course, style: str) -> None:
    test = press.random.choice(("log_rank", "log_rank", "log_rank", "gehan", "cox", "another"))
    levels = _levels(press, pair=test == "cox" or press.chance(0.5))
    groups = [course.patients(press.cohort.members({"group": level})) for level in levels]
    flavour = _flavour(press, test)
    p = survival_p(test, flavour, groups)
    if p is None:
        return
    name = f"{course.name}_by_group"
    tests = _announced(press, test)
    if press.chance(0.1):
        tests = ["student_t", *tests] if tests != ["unnamed"] else tests
    press.paper.analyses[name] = {"test": tests, "variable": course.name, "by": "group"}
    press.paper.notes.append(
        f"{name}: {test}, {flavour}, of {' and '.join(levels)}, p = {p:.6g}, announced as {tests}"
    )
    press.p_value(p, style, location=place, population="all", analysis=name)


def _print_hazard_ratio(press: Press, place: str, course: Course, style: str) -> None:
    levels = _levels(press, pair=True)
    if press.chance(0.5):
        levels.reverse()
    groups = [course.patients(press.cohort.members({"group": level})) for level in levels]
    kind = press.random.choice(("Efron", "Breslow", *HAZARD_RATIOS))
    found = hazard_ratio(kind, groups)
    if found is None or abs(found.logarithm) > 6:
        return
    name = f"{course.name}_hazard"
    test = "cox" if kind in ("Efron", "Breslow", "exact") else "log_rank"
    test = "unnamed" if press.chance(0.2) else test
    press.paper.analyses[name] = {"test": [test], "variable": course.name, "by": "group"}
    press.paper.notes.append(f"{name}: {kind}, of {levels[0]} against {levels[1]}")
    cells = {"location": place, "population": "all", "analysis": name}
    decimals = press.random.choice((1, 2, 2, 2, 3))
    press.number(exp(found.logarithm), decimals, stat_name="hazard_ratio", **cells)
    if press.chance(0.7):
        low, high = hazard_ratio_limits(found)
        press.number(low, decimals, stat_name="hazard_ratio.conf.low", **cells)
        press.number(high, decimals, stat_name="hazard_ratio.conf.high", **cells)
    p = survival_p("cox", f"{kind}, Wald", groups) if test == "cox" else None
    if p is not None and press.chance(0.5):
        press.p_value(p, style, **cells)


def _print_follow_up(press: Press, place: str, course: Course) -> None:
    """Print how long patients were followed, by one of the meanings of this."""
    kind = press.random.choice(("observed", "reversed", "reversed, deaths first"))
    press.paper.variables["follow_up"] = {"type": "time", "unit": course.unit}
    press.paper.notes.append(f"median follow-up: {kind}")
    for column in press.columns[: press.random.choice((1, len(press.columns)))]:
        patients = course.patients(column.members)
        cells = {"location": place, "population": column.name, "variable": "follow_up"}
        if patients:
            value = median_time(patients, kind)
            press.number(value, 1, stat_name="median", unit=course.unit, **cells)
            if press.chance(0.4):
                press.number(patients[0][0], 1, stat_name="min", unit=course.unit, **cells)
                press.number(max(patients)[0], 1, stat_name="max", unit=course.unit, **cells)
