"""Everything in one paper: counts, summaries, tests, quotations, rules and hearsay."""

from __future__ import annotations

from random import Random

from simulation.families.counting import print_contrasts, print_counts
from simulation.families.measuring import (
    Analysed,
    add_measure,
    analysed,
    print_moments,
    print_quantiles,
    print_sizes,
)
from simulation.families.relations import print_changes
from simulation.families.testing import (
    print_correlation,
    print_difference,
    print_group_test,
    print_paired_test,
)
from simulation.outcomes import draw_outcome
from simulation.papers import Paper
from simulation.patients import draw_size
from simulation.press import Press, open_press

__all__ = ["draw_kitchen_sink"]


def draw_kitchen_sink(random: Random) -> Paper:
    """Draw a study that prints a little of everything.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random), strata=random.random() < 0.15)
    table1 = press.place("table1", "Table 1")
    print_sizes(press, table1, 0.8)
    outcome = draw_outcome(random, "state", press.cohort.size, is_small=press.chance(0.9))
    print_counts(press, table1, [outcome])
    if press.chance(0.3):
        print_contrasts(press, table1, outcome)
    means = analysed(press, add_measure(press, "measure0"))
    medians = analysed(press, add_measure(press, "measure1"))
    print_moments(press, table1, [means], press.columns)
    print_quantiles(press, table1, [medians], press.columns)
    table2 = press.place("table2", "Table 2")
    style = press.draw_p_style()
    is_two = len(press.cohort.factors["group"].levels) == 2
    if is_two:
        print_group_test(press, table2, means, random.choice(("student_t", "welch_t")), style)
        print_group_test(press, table2, medians, "mann_whitney", style)
        if press.chance(0.3):
            print_difference(press, table2, means)
    else:
        print_group_test(press, table2, means, "anova", style)
        print_group_test(press, table2, medians, "kruskal_wallis", style)
    extras = random.sample(("paired", "correlation", "changes"), random.choice((0, 1, 2)))
    if "paired" in extras:
        print_paired_test(press, table2, Analysed(medians.measure), style)
    if "correlation" in extras:
        print_correlation(press, table2, means.measure, "pearson", style)
    if "changes" in extras:
        print_changes(press, press.place("table3", "Table 3"))
    press.copy_to_abstract(0.15)
    _add_other_statements(press, table1)
    return press.finished()


def _add_other_statements(press: Press, place: str) -> None:
    """Add what is no patient data, and so may say anything: nothing of it may convict."""
    random, paper = press.random, press.paper
    name = next(iter(press.cohort.measures))
    measure = press.cohort.measures[name]
    if press.chance(0.4):
        paper.populations["protocol"] = {"units": "rules"}
        rule = {"location": place, "population": "protocol", "variable": name}
        paper.print_row(str(random.randint(40, 60)), stat_name="threshold.min", **rule)
        paper.print_row(str(random.randint(61, 90)), stat_name="threshold.max", **rule)
    known = [i for i, tick in enumerate(measure.ticks) if tick is not None]
    if press.chance(0.4) and known:
        paper.populations["patient1"] = {"of": "all", "size": "1"}
        tick = measure.ticks[random.choice(known)]
        assert tick is not None
        cells = {"location": place, "population": "patient1", "variable": name}
        press.number(tick * measure.step, 1, stat_name="value", **cells)
    if press.chance(0.3):
        quoted = {"location": place, "variable": name, "cites": "other1999"}
        paper.print_row(str(random.randint(1, 99)), stat_name="mean", **quoted)
    if press.chance(0.4):
        paper.locations["hearsay"] = {"title": "A review", "seen": "secondary"}
        for row in random.sample(paper.rows, min(3, len(paper.rows))):
            if row.value is not None:
                digits = f"{random.random() if 'p.value' in row.cells['stat_name'] else random.randint(0, 99)}"
                cells = {**row.cells, "location": "hearsay"}
                del cells["printed"]
                paper.print_row(digits[:5], **cells)
