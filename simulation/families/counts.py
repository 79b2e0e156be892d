"""Counts: tables of levels in groups, some of them printed in two places."""

from __future__ import annotations

from random import Random

from simulation.families.counting import print_contrasts, print_counts
from simulation.outcomes import draw_outcome
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import open_press

__all__ = ["draw_counts"]


def draw_counts(random: Random) -> Paper:
    """Draw a study of counts.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    # Most are small, so that there can be many; the rest has everything.
    is_small = random.random() < 0.85
    if is_small:
        press = open_press(random, draw_size(random, 80), most_groups=2)
    else:
        press = open_press(random, draw_size(random), strata=random.random() < 0.2)
    place = press.place("table1", "Table 1")
    outcomes = [
        draw_outcome(random, f"state{number}", press.cohort.size, is_small=is_small)
        for number in range(1 if is_small else random.choice((1, 2)))
    ]
    print_counts(press, place, outcomes)
    if press.chance(0.3):
        print_contrasts(press, place, outcomes[0])
    if press.chance(0.3):
        press.copy_to_abstract()
    return press.finished()
