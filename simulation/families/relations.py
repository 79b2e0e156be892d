"""Values that follow from others: changes of each patient, gains of a summary."""

from __future__ import annotations

from simulation.families.measuring import Analysed, add_measure, print_moments, print_quantiles
from simulation.patients import Measure
from simulation.press import Press

__all__ = ["print_changes", "second_measure"]


def second_measure(press: Press, first: Measure, name: str) -> Measure:
    """Draw a later measurement of the same patients, some of whom are lost.

    Parameters
    ----------
    press : Press
        The paper.
    first : Measure
        The earlier measurement.
    name : str
        Name of the later one.

    Returns
    -------
    Measure
        In the same steps; never below zero where the first is not.
    """
    random = press.random
    lost = random.choice((0, 0, 0.2))
    floor = 0 if all(tick is None or tick >= 0 for tick in first.ticks) else -(10**9)
    ticks: list[int | None] = []
    for tick in first.ticks:
        if tick is None or random.random() < lost:
            ticks.append(None)
        else:
            later = round(tick * random.uniform(0.4, 1.3)) + random.choice((-1, 0, 0, 1))
            ceiling = first.scale[1] if first.scale else later
            bottom = first.scale[0] if first.scale else floor
            ticks.append(max(bottom, min(ceiling, later)))
    later_measure = Measure(name, first.shape, first.step, tuple(ticks), first.unit, first.scale)
    press.cohort.measures[name] = later_measure
    press.declare_measure(later_measure)
    return later_measure


def print_changes(press: Press, place: str) -> None:
    """Print a variable before and after, and how it changed.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the table stands.
    """
    before = add_measure(press, "before")
    after = second_measure(press, before, "after")
    rows = [Analysed(before), Analysed(after)]
    change = _change(press, before, after)
    if change is not None:
        rows.append(Analysed(change))
    by_means = press.chance(0.5)
    (print_moments if by_means else print_quantiles)(press, place, rows, press.columns)
    _print_gain(press, place, before, after, "mean" if by_means else "median")


def _change(press: Press, before: Measure, after: Measure) -> Measure | None:
    """Return the change of each patient who was measured twice."""
    if not press.chance(0.6):
        return None
    ticks = tuple(
        None if first is None or last is None else last - first
        for first, last in zip(before.ticks, after.ticks, strict=True)
    )
    change = Measure("change", before.shape, before.step, ticks, before.unit)
    press.cohort.measures["change"] = change
    press.paper.variables["change"] = {
        "type": "continuous",
        "derived": {"per": "patient", "difference": ["after", "before"]},
    }
    return change


def _print_gain(press: Press, place: str, before: Measure, after: Measure, of: str) -> None:
    """Print the difference or ratio of two summaries, from all their digits or the printed ones."""
    operation = press.random.choice(("difference", "ratio", "sum"))
    printed = [
        row
        for row in press.paper.rows
        if row.cells["location"] == place and row.cells["stat_name"] == of
    ]
    if not press.chance(0.6) or not printed:
        return
    press.paper.variables["gain"] = {
        "type": "continuous",
        "derived": {"per": "summary", "of": of, operation: ["after", "before"]},
    }
    from_print = press.chance(0.4)
    for column in press.columns:
        found = []
        for measure in (after, before):
            row = next(
                (
                    row
                    for row in printed
                    if (row.cells["variable"], row.cells["population"])
                    == (measure.name, column.name)
                ),
                None,
            )
            if row is None or row.value is None:
                break
            found.append(float(row.printed) if from_print else row.value)
        if len(found) < 2 or (operation == "ratio" and found[1] <= 0):
            continue
        value = {
            "difference": found[0] - found[1],
            "sum": found[0] + found[1],
            "ratio": found[0] / found[1] if found[1] else 0.0,
        }[operation]
        name = (
            "ratio" if operation == "ratio" else "difference" if operation == "difference" else of
        )
        cells = {"location": place, "population": column.name, "variable": "gain"}
        press.number(value, 2, stat_name=name, **cells)
