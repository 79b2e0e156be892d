"""The sizes of a study's groups as boxes of a flow chart, printed or solved for."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.count_systems import Printing
from netcore.checks.estimands import Cell, population_cell
from netcore.checks.wording import listed, population_title, with_unit
from netcore.figures.flow_chart import FlowBox
from netcore.printed import Interval
from netcore.study import Study

__all__ = ["group_boxes"]


def group_boxes(
    study: Study, analyses: Sequence[CountAnalysis], populations: Sequence[str]
) -> tuple[FlowBox, ...]:
    """Say of each group how many units it has, and how that is known.

    Parameters
    ----------
    study : Study
        The study.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`.
    populations : sequence of str
        Names of groups: the whole first, and each group after the one it is
        a part of.  Another kind of unit is a part of whose units it is.

    Returns
    -------
    tuple of FlowBox
        One for each name.  A size that is not printed is what the printed
        counts leave that are not in dispute.

    Raises
    ------
    ValueError
        If the study has no such group.
    """
    for name in populations:
        if name not in study.populations:
            raise ValueError(
                f"found group {name!r}, expected one of {', '.join(study.populations)}"
            )
    return tuple(
        _box(study, analyses, name, _parent(study, name, populations[:place]))
        for place, name in enumerate(populations)
    )


def _parent(study: Study, name: str, before: Sequence[str]) -> str:
    """Return the smallest of some groups that a group is a part of, by its conditions."""
    cell = population_cell(study, name)
    holding = [other for other in before if population_cell(study, other).contains(cell)]
    if holding:
        return max(holding, key=lambda other: len(population_cell(study, other).conditions))
    whose = study.populations[name].per
    return whose if whose in before and whose is not None else ""


def _box(study: Study, analyses: Sequence[CountAnalysis], name: str, parent: str) -> FlowBox:
    title = study.populations[name].title or population_title(study, name)
    title = title[:1].upper() + title[1:]
    cell = population_cell(study, name)
    units = study.units(name)
    analysis = next((one for one in analyses if one.counts.root == cell.root), None)
    printings = [] if analysis is None else _sizes(analysis, cell)
    labels = [printing.label for printing in printings]
    found = None if analysis is None else analysis.attainable(cell, analysis.undisputed(*labels))
    if printings:
        sizes = list(dict.fromkeys(claim.printed for one in printings for claim in one.claims))
        value = printings[0].value
        known = (
            "printed in several ways"
            if len(sizes) > 1
            else "printed; in conflict with other counts"
            if analysis is not None and analysis.disputed.intersection(labels)
            else "printed; follows from others"
            if found is not None and found.low == found.high == value
            else "printed"
        )
        return FlowBox(name, title, with_unit(listed(sizes, "or"), units), known, parent)
    if found is None or found.interval == Interval(Fraction(0), None):
        return FlowBox(name, title, "number not known", "not printed", parent, is_solved=True)
    return FlowBox(
        name,
        title,
        with_unit(str(found), units),
        "not printed; by the other counts",
        parent,
        is_solved=True,
    )


def _sizes(analysis: CountAnalysis, cell: Cell) -> list[Printing]:
    """Return the printings of the size of a group."""
    return [
        printing
        for printing in analysis.counts.printings
        if printing.cell == cell and printing.window is not None
    ]
