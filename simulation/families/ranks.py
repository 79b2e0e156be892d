"""Medians of groups with the p-values of rank tests, in the flavours of software."""

from __future__ import annotations

from random import Random

from simulation.families.measuring import (
    Analysed,
    add_measure,
    analysed,
    print_quantiles,
    print_sizes,
)
from simulation.families.testing import print_correlation, print_group_test, print_paired_test
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_ranks"]


def draw_ranks(random: Random) -> Paper:
    """Draw a study of medians, compared by rank tests.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random, 80))
    place = press.place("table1", "Table 1")
    print_sizes(press, place, random.choice((0.5, 1, 1)))
    columns = press.columns[random.choice((0, 1)) :]
    rows = [
        analysed(press, add_measure(press, f"measure{number}"))
        for number in range(random.choice((1, 1, 2)))
    ]
    print_quantiles(press, place, rows, columns)
    style = press.draw_p_style()
    is_two = len(press.cohort.factors["group"].levels) == 2
    for row in rows:
        test = "mann_whitney" if is_two or press.chance(0.2) else "kruskal_wallis"
        print_group_test(press, place, row, test, style)
    if press.chance(0.25):
        print_paired_test(press, place, Analysed(rows[0].measure), style)
    if press.chance(0.1):
        print_correlation(press, place, rows[0].measure, "spearman", style)
    if press.chance(0.2):
        press.copy_to_abstract()
    return press.finished()
