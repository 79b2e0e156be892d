"""p-values and contrasts of measured variables, beside the summaries of their groups."""

from __future__ import annotations

from math import sqrt

from simulation.comparisons import p_value
from simulation.families.measuring import Analysed, print_quantiles
from simulation.families.relations import second_measure
from simulation.patients import Measure, draw_measure
from simulation.press import Press
from simulation.summaries import moments

__all__ = ["print_correlation", "print_difference", "print_group_test", "print_paired_test"]

# What a paper may announce in place of the one test that it made.
_ANNOUNCED = {
    "mann_whitney": ["student_t", "mann_whitney"],
    "student_t": ["student_t", "mann_whitney"],
    "welch_t": ["student_t", "welch_t"],
    "kruskal_wallis": ["anova", "kruskal_wallis"],
    "anova": ["anova", "kruskal_wallis"],
}


def _announced(press: Press, test: str) -> list[str]:
    said = press.random.random()
    if said < 0.15:
        return ["unnamed"]
    return _ANNOUNCED.get(test, [test]) if said < 0.3 else [test]


def print_group_test(press: Press, place: str, row: Analysed, test: str, style: str) -> None:
    """Print the p-value of a comparison of groups.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where it stands.
    row : Analysed
        What is compared.
    test : str
        Which test was made.
    style : str
        How the p-value is printed.
    """
    factor = press.cohort.factors["group"]
    levels = list(factor.levels)
    if test in ("mann_whitney", "student_t", "welch_t") and len(levels) > 2:
        levels = press.random.sample(levels, 2)  # one pair of three groups
    groups = [
        [float(value) for value in row.values(press.cohort.members({"group": level}))]
        for level in levels
    ]
    flavour = press.flavour(test)
    p = p_value(test, flavour, groups)
    if p is None:
        return
    name = f"{row.measure.name}_by_group"
    tests = _announced(press, test)
    press.paper.analyses[name] = {"test": tests, "variable": row.measure.name, "by": "group"}
    press.paper.notes.append(
        f"{name}: {test}, {flavour}, of {' and '.join(levels)}, p = {p:.6g}, announced as {tests}"
    )
    press.p_value(p, style, location=place, population="all", analysis=name)


def print_paired_test(press: Press, place: str, row: Analysed, style: str) -> None:
    """Print a later measurement, and the signed-rank test of the two.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where it stands.
    row : Analysed
        The earlier measurement.
    style : str
        How the p-value is printed.
    """
    first = row.measure
    later = second_measure(press, first, f"{first.name}_later")
    print_quantiles(press, place, [Analysed(later)], press.columns[:1])
    pairs = [
        (float(a * first.step), float(b * first.step))
        for a, b in zip(first.ticks, later.ticks, strict=True)
        if a is not None and b is not None
    ]
    if len(pairs) < 2:
        return
    flavour = press.flavour("wilcoxon_signed_rank")
    p = p_value("wilcoxon_signed_rank", flavour, list(zip(*pairs, strict=True)))
    if p is None:
        return
    name = f"{first.name}_before_after"
    press.paper.analyses[name] = {
        "test": ["unnamed"] if press.chance(0.15) else ["wilcoxon_signed_rank"],
        "variable": later.name,
        "with": first.name,
    }
    press.paper.notes.append(f"{name}: signed ranks, {flavour}, {len(pairs)} pairs, p = {p:.6g}")
    press.p_value(p, style, location=place, population="all", analysis=name)


def print_correlation(press: Press, place: str, measure: Measure, test: str, style: str) -> None:
    """Print a coefficient of correlation with another variable, and its p-value.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where it stands.
    measure : Measure
        One of the two variables.
    test : str
        ``pearson`` or ``spearman``.
    style : str
        How the p-value is printed.
    """
    from scipy.stats import pearsonr, rankdata

    other = draw_measure(press.random, "covariate", press.cohort.size)
    press.cohort.measures["covariate"] = other
    press.declare_measure(other)
    pairs = [
        (float(a * measure.step), float(b * other.step))
        for a, b in zip(measure.ticks, other.ticks, strict=True)
        if a is not None and b is not None
    ]
    groups = list(zip(*pairs, strict=True))
    p = p_value(test, "t", groups) if pairs else None
    if p is None:
        return
    name = f"{measure.name}_with_covariate"
    press.paper.analyses[name] = {"test": [test], "variable": measure.name, "with": "covariate"}
    x, y = (rankdata(group) for group in groups) if test == "spearman" else groups
    r = float(pearsonr(x, y).statistic)
    cells = {"location": place, "population": "all", "analysis": name}
    press.number(r, 2, stat_name="correlation", **cells)
    if test == "pearson" and press.chance(0.5):
        press.number(r * r, 2, stat_name="r.squared", **cells)
    press.p_value(p, style, **cells)


def print_difference(press: Press, place: str, row: Analysed) -> None:
    """Print the difference of two means with its confidence limits.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where it stands.
    row : Analysed
        What is compared.
    """
    levels = press.cohort.factors["group"].levels
    found = [moments(row.values(press.cohort.members({"group": level}))) for level in levels]
    if press.chance(0.5):
        found.reverse()
    first, second = found[0], found[1]
    if first is None or second is None or first.variance is None or second.variance is None:
        return
    name = f"{row.measure.name}_difference"
    press.paper.analyses[name] = {
        "test": ["unnamed"],
        "variable": row.measure.name,
        "by": "group",
    }
    difference = first.mean - second.mean
    half = 1.96 * sqrt(first.variance / first.n + second.variance / second.n)
    cells = {"location": place, "population": "all", "analysis": name}
    press.number(difference, 2, stat_name="difference", **cells)
    press.number(difference - half, 2, stat_name="difference.conf.low", **cells)
    press.number(difference + half, 2, stat_name="difference.conf.high", **cells)
