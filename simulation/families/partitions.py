"""A whole beside the strata that make it up, whose sizes may not be printed."""

from __future__ import annotations

from random import Random

from simulation.families.counting import print_counts
from simulation.families.measuring import (
    add_measure,
    analysed,
    print_moments,
    print_quantiles,
    print_sizes,
)
from simulation.outcomes import draw_outcome
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_partitions"]


def draw_partitions(random: Random) -> Paper:
    """Draw a study whose groups are divided into strata.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random), strata=True, most_groups=4)
    place = press.place("table1", "Table 1")
    print_sizes(press, place, random.choice((0.1, 0.5, 1)))
    # In this family the paper says that its groups are all there are, where that is true.
    for factor in press.cohort.factors.values():
        if factor.is_complete:
            press.paper.variables[factor.name]["complete"] = "true"
    by_means = press.chance(0.5)
    for number in range(random.choice((1, 2))):
        row = analysed(press, add_measure(press, f"measure{number}"))
        by_means = not by_means
        (print_moments if by_means else print_quantiles)(press, place, [row], press.columns)
    if press.chance(0.1):
        outcome = draw_outcome(random, "state", press.cohort.size, is_small=True)
        print_counts(press, place, [outcome])
    if press.chance(0.3):
        press.copy_to_abstract()
    return press.finished()
