"""Means of groups with the p-values of t-tests and analyses of variance."""

from __future__ import annotations

from random import Random

from simulation.families.measuring import add_measure, analysed, print_moments, print_sizes
from simulation.families.testing import print_correlation, print_difference, print_group_test
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_mean_tests"]


def draw_mean_tests(random: Random) -> Paper:
    """Draw a study of means, compared by t-tests.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random))
    place = press.place("table1", "Table 1")
    print_sizes(press, place, random.choice((0.5, 1, 1)))
    columns = press.columns[random.choice((0, 1)) :]
    rows = [
        analysed(press, add_measure(press, f"measure{number}"))
        for number in range(random.choice((1, 1, 2)))
    ]
    print_moments(press, place, rows, columns)
    style = press.draw_p_style()
    is_two = len(press.cohort.factors["group"].levels) == 2
    for row in rows:
        is_pair = is_two or press.chance(0.2)
        test = random.choice(("student_t", "welch_t")) if is_pair else "anova"
        print_group_test(press, place, row, test, style)
        if is_two and press.chance(0.2):
            print_difference(press, place, row)
    if press.chance(0.15):
        print_correlation(press, place, rows[0].measure, "pearson", style)
    if press.chance(0.2):
        press.copy_to_abstract()
    return press.finished()
