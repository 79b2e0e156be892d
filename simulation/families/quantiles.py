"""Medians, quartiles and ranges of groups, by every definition of a quantile."""

from __future__ import annotations

from random import Random

from simulation.families.measuring import (
    add_measure,
    analysed,
    print_moments,
    print_quantiles,
    print_sizes,
)
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_quantiles"]


def draw_quantiles(random: Random) -> Paper:
    """Draw a study of medians and quartiles.

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
    print_sizes(press, place, random.choice((0.3, 1, 1)))
    measures = [
        add_measure(press, f"measure{number}") for number in range(random.choice((1, 2, 3)))
    ]
    columns = [column for column in press.columns if press.chance(0.85)] or press.columns
    rows = [analysed(press, measure) for measure in measures]
    print_quantiles(press, place, rows, columns)
    if press.chance(0.2):
        # Of other variables, so that nothing is printed twice and differently.
        more = [analysed(press, add_measure(press, "further"))]
        print_moments(press, place, more, columns)
    if press.chance(0.3):
        press.copy_to_abstract()
    return press.finished()
