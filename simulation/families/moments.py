"""Means and deviations of groups, with what follows from them."""

from __future__ import annotations

from random import Random

from simulation.families.measuring import add_measure, analysed, print_moments, print_sizes
from simulation.families.relations import print_changes
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_moments"]


def draw_moments(random: Random) -> Paper:
    """Draw a study of means.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    # Most are small, so that there can be many.
    most = 40 if random.random() < 0.85 else 300
    press = open_press(random, draw_size(random, most))
    place = press.place("table1", "Table 1")
    print_sizes(press, place, random.choice((0.3, 1, 1)))
    rows = [
        analysed(press, add_measure(press, f"measure{number}"))
        for number in range(random.choice((1, 2, 3)))
    ]
    columns = [column for column in press.columns if press.chance(0.85)] or press.columns
    ddof = print_moments(press, place, rows, columns)
    if press.chance(0.15):
        # The text says again what the table says, and may mean another thing by its sign.
        some = columns if press.chance(0.5) else columns[:1]
        print_moments(press, press.place("results", "Results"), rows[:1], some, ddof=ddof)
    if press.chance(0.2):
        print_changes(press, press.place("table2", "Table 2"))
    if press.chance(0.3):
        press.copy_to_abstract()
    return press.finished()
