"""Regression of one variable on another: R squared, correlations, slopes and their p-values."""

from __future__ import annotations

from math import atanh, sqrt, tanh
from random import Random

from simulation.comparisons import p_value
from simulation.families.measuring import Analysed, add_measure, print_moments, print_sizes
from simulation.papers import Paper
from simulation.patients import Measure, draw_size
from simulation.press import Column, Press, open_press

__all__ = ["draw_regression"]

_Z = 1.959963984540054
_SHAPES = ("ages in years", "normal", "skewed", "ordinal", "visits", "fine", "tied")


def draw_regression(random: Random) -> Paper:
    """Draw a study of how two variables hang together.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Paper
        What it prints.
    """
    press = open_press(random, draw_size(random, 150))
    table = press.place("table1", "Table 1")
    print_sizes(press, table, random.choice((0.3, 1, 1)))
    first = add_measure(press, "outcome", random.choice(_SHAPES))
    second = _correlated(press, first)
    place = press.place("results", "Results")
    style = press.draw_p_style()
    columns = press.columns if press.chance(0.5) else press.columns[:1]
    test = random.choice(("linear_regression", "linear_regression", "pearson", "spearman"))
    for column in columns:
        _print_relation(press, place, column, (first, second), test, style)
    if press.chance(0.3):
        print_moments(press, table, [Analysed(first), Analysed(second)], columns)
    if press.chance(0.25):
        press.copy_to_abstract()
    return press.finished()


def _correlated(press: Press, first: Measure) -> Measure:
    """Draw a variable that rises or falls with another, more or less."""
    random = press.random
    other = add_measure(press, "covariate", random.choice(_SHAPES))
    weight = random.choice((0, 0.2, 0.5, 1, 3)) * random.choice((-1, 1))
    known = [tick for tick in first.ticks if tick is not None]
    spread = (max(known) - min(known) if known else 0) or 1
    mine = [tick for tick in other.ticks if tick is not None]
    width = (max(mine) - min(mine) if mine else 0) or 1
    low, high = min(mine, default=0), max(mine, default=0)
    ticks: list[int | None] = []
    for tick, given in zip(other.ticks, first.ticks, strict=True):
        if tick is None or given is None:
            ticks.append(tick)
        else:
            moved = round(tick + weight * width * (given - min(known)) / spread)
            ticks.append(max(low, min(high, moved)))
    changed = Measure(other.name, other.shape, other.step, tuple(ticks), other.unit, other.scale)
    press.cohort.measures[other.name] = changed
    return changed


def _print_relation(
    press: Press,
    place: str,
    column: Column,
    measures: tuple[Measure, Measure],
    test: str,
    style: str,
) -> None:
    """Print the relation of two variables in one group."""
    outcome, covariate = measures
    pairs = [
        (float(a * outcome.step), float(b * covariate.step))
        for i in column.members
        if (a := outcome.ticks[i]) is not None and (b := covariate.ticks[i]) is not None
    ]
    if len(pairs) < 3:
        return
    y, x = (list(values) for values in zip(*pairs, strict=True))
    n = len(pairs)
    if test == "spearman":
        from scipy.stats import rankdata

        y, x = (list(map(float, rankdata(values))) for values in (y, x))
    found = _Line.through(x, y)
    if found is None:
        return
    name = "outcome_with_covariate"
    said = press.random.random()
    tests = ["unnamed"] if said < 0.1 else ["pearson", "spearman"] if said < 0.2 else [test]
    press.paper.analyses[name] = {"test": tests, "variable": "outcome", "with": "covariate"}
    p = p_value("spearman" if test == "spearman" else "pearson", "t", [y, x])
    press.paper.notes.append(
        f"{column.name}: {test}, {n} pairs, r = {found.r:.6g}, p = {p if p is None else f'{p:.6g}'}, announced as {tests}"
    )
    cells = {"location": place, "population": column.name, "analysis": name}
    decimals = press.random.choice((2, 2, 3, 4))
    if press.chance(0.15):
        press.count(n - 2, stat_name="parameter", **cells)
    if press.chance(0.15) and found.error is not None:
        press.number(found.slope / found.error, 2, stat_name="statistic", **cells)
    if test == "linear_regression":
        _print_line(press, found, decimals, cells)
    else:
        press.number(found.r, decimals, stat_name="correlation", **cells)
        if press.chance(0.3) and n > 3 and abs(found.r) < 1:
            half = _Z / sqrt(n - 3)
            for suffix, sign in (("low", -1), ("high", 1)):
                end = tanh(atanh(found.r) + sign * half)
                press.number(end, decimals, stat_name=f"correlation.conf.{suffix}", **cells)
        if test == "pearson" and press.chance(0.4):
            press.number(found.r**2, decimals, stat_name="r.squared", **cells)
    if p is not None and press.chance(0.8):
        press.p_value(p, style, **cells)


def _print_line(press: Press, found: _Line, decimals: int, cells: dict[str, str]) -> None:
    """Print R squared with the slope, and now and then the rest of the table."""
    from scipy.stats import t as student

    if press.chance(0.85):
        label = press.random.choice(("r.squared", "r.squared", "r.squared", "adj.r.squared"))
        value = found.r**2 if label == "r.squared" else found.adjusted
        label = "r.squared|adj.r.squared" if press.chance(0.1) else label
        press.number(value, decimals, stat_name=label, **cells)
        if label == "r.squared" and press.chance(0.2):
            press.number(found.adjusted, decimals, stat_name="adj.r.squared", **cells)
    if press.chance(0.2):
        press.number(found.r, decimals, stat_name="correlation", **cells)
    if press.chance(0.5):
        finer = decimals + 1
        press.number(found.slope, finer, stat_name="slope", **cells)
        if press.chance(0.5):
            press.number(found.error, finer, stat_name="slope.std.error", **cells)
        if press.chance(0.3) and found.error is not None:
            half = float(student.ppf(0.975, found.n - 2)) * found.error
            press.number(found.slope - half, finer, stat_name="slope.conf.low", **cells)
            press.number(found.slope + half, finer, stat_name="slope.conf.high", **cells)
        if press.chance(0.3):
            press.number(found.intercept, finer, stat_name="intercept", **cells)


class _Line:
    """A line of least squares."""

    def __init__(self, n: int, r: float, slope: float, intercept: float):
        self.n, self.r, self.slope, self.intercept = n, r, slope, intercept
        self.adjusted = 1 - (1 - r * r) * (n - 1) / (n - 2)
        is_steep = r != 0 and abs(r) < 1
        self.error = abs(slope) * sqrt((1 / r**2 - 1) / (n - 2)) if is_steep else None

    @classmethod
    def through(cls, x: list[float], y: list[float]) -> _Line | None:
        """Return the line through points; None where all are above one another, or level."""
        n = len(x)
        mean_x, mean_y = sum(x) / n, sum(y) / n
        a = sum((v - mean_x) ** 2 for v in x)
        b = sum((v - mean_y) ** 2 for v in y)
        c = sum((v - mean_x) * (w - mean_y) for v, w in zip(x, y, strict=True))
        if a <= 1e-12 * (1 + mean_x**2) or b <= 1e-12 * (1 + mean_y**2):
            return None
        r = max(-1.0, min(1.0, c / sqrt(a * b)))
        return cls(n, r, c / a, mean_y - c / a * mean_x)
