"""Latent denominators: the groups of which a percentage may be one.

A percentage is that of some group of units, and a paper seldom says of which.
So the denominator is an unknown of the problem: the population of the row, a
larger group that it belongs to, all who share the level, or those of them who
were observed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from netcore.checks.estimands import (
    Cell,
    Reading,
    cell_of,
    is_first_hand,
    population_cell,
    readings,
)
from netcore.checks.parts_and_wholes import are_exclusive
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes, span_text
from netcore.checks.wording import cell_title
from netcore.stats.counts import percentage
from netcore.study import Claim, Study

__all__ = ["Base", "Case", "Sibling", "case_of", "siblings_of", "wholes_of"]


@dataclass(frozen=True, slots=True)
class Base:
    """A group that a percentage may be a percentage of.

    Parameters
    ----------
    cell : Cell
        The group, or the group of which this one is a part.
    low, high : int
        How many units it can have.
    assumption : str
        What the paper leaves unsaid, with ``{number}`` for the number of
        units; empty for the denominator that the row itself names.
    words : str
        The group in words, with ``{number}``.
    is_observed : bool
        Whether it is those of the cell whose level is known.
    """

    cell: Cell
    low: int
    high: int
    assumption: str
    words: str
    is_observed: bool = False

    def describe(self, denominators: range) -> str:
        """Name the group, with how many units it has.

        Parameters
        ----------
        denominators : range
            The numbers of units.

        Returns
        -------
        str
            The words.
        """
        return self.words.format(number=span_text(denominators))


@dataclass(frozen=True, slots=True)
class Sibling:
    """A level with a percentage in the same place, so in the same denominator.

    Parameters
    ----------
    row : Claim
        The row with the percentage.
    count : int
        The printed number of units with the level.
    claims : tuple of Claim
        The rows that print the number.
    """

    row: Claim
    count: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of one percentage, with all that bears on it.

    Parameters
    ----------
    claim : Claim
        The row.
    cell : Cell
        The units with the level.
    counts : tuple of int or None
        Printed counts of the cell; None if none is printed.
    count_claims : tuple of Claim
        The rows that print them.
    bases : tuple of Base
        The groups that may be the denominator, the row's own first.
    sizes : Sizes
        Sizes of all cells.
    largest : int or None
        Size of the largest group; None if nothing printed limits it.
    siblings : tuple of Sibling
        The cells that bound the number observed from below.
    """

    claim: Claim
    cell: Cell
    counts: tuple[int, ...] | None
    count_claims: tuple[Claim, ...]
    bases: tuple[Base, ...]
    sizes: Sizes
    largest: int | None
    siblings: tuple[Sibling, ...]

    @property
    def own(self) -> Base:
        """The denominator that the row itself names."""
        return self.bases[0]

    @property
    def own_percentage(self) -> Fraction | None:
        """What the printed count is of the row's own denominator."""
        plain = (
            self.counts is not None and not self.own.assumption and self.own.low == self.own.high
        )
        if not plain or self.counts is None or self.counts[0] > self.own.high or not self.own.high:
            return None
        return percentage(self.counts[0], self.own.high)


def case_of(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> Case | None:
    """Collect all that bears on one reading of a percentage.

    Parameters
    ----------
    study : Study
        The study.
    sizes : Sizes
        Sizes of all cells.
    claim : Claim
        The row with the percentage.
    reading : Reading
        What it may mean.
    rows : sequence of Claim
        All percentages of units.

    Returns
    -------
    Case or None
        None where the reading describes no cell.
    """
    cell = cell_of(study, reading)
    if cell is None:
        return None
    own = population_cell(study, reading.denominator or reading.population)
    wholes = [own] if reading.denominator else wholes_of(study, reading.population)
    bases: list[Base] = []
    for whole in dict.fromkeys(wholes):
        title = cell_title(study, whole)
        assumption = "" if whole == own else f"the percentage is one of {title} ({{number}})"
        bases.append(Base(whole, *sizes.span(whole), assumption, f"{{number}} ({title})"))
    siblings: tuple[Sibling, ...] = ()
    if not reading.denominator:
        bases.extend(_row_bases(study, sizes, cell, wholes))
        bases.extend(_whole_row(study, sizes, claim, cell, own, rows))
        observed, siblings = _observed_bases(study, sizes, claim, reading, wholes, rows)
        bases.extend(observed)
    largest = max(sizes.span(whole)[1] for whole in wholes)
    counts = sizes.values(cell) or None
    return Case(
        claim,
        cell,
        counts,
        sizes.claims(cell),
        tuple(bases),
        sizes,
        None if largest >= NO_LIMIT else largest,
        siblings,
    )


def wholes_of(study: Study, population: str) -> list[Cell]:
    """Return a population and all that contain it, its ancestors first.

    Parameters
    ----------
    study : Study
        The study.
    population : str
        Name of a population.

    Returns
    -------
    list of Cell
        Each once.
    """
    own = population_cell(study, population)
    cells = [own, *(population_cell(study, name) for name in study.ancestors(population))]
    for name in study.populations:
        described = any(study.populations[up].size for up in (name, *study.ancestors(name)))
        cell = population_cell(study, name)
        if not described and cell.contains(own):
            cells.append(cell)
    return list(dict.fromkeys(cells))


def _row_bases(study: Study, sizes: Sizes, cell: Cell, wholes: Sequence[Cell]) -> Iterable[Base]:
    """All who share the level: the other way to read a table of two variables."""
    conditions = sorted(wholes[0].conditions)
    dropped = (
        chosen
        for number in range(1, len(conditions) + 1)
        for chosen in combinations(conditions, number)
    )
    for chosen in dropped:
        whole = Cell(cell.root, cell.conditions.difference(chosen))
        if whole in wholes or whole == cell:
            continue
        span = sizes.span(whole)
        if span[1] > 0:
            title = cell_title(study, whole)
            yield Base(
                whole,
                max(span[0], 1),
                span[1],
                f"the percentage is one of all {title} ({{number}})",
                f"{{number}} ({title})",
            )


def _whole_row(
    study: Study, sizes: Sizes, claim: Claim, cell: Cell, own: Cell, rows: Sequence[Claim]
) -> Iterable[Base]:
    """All who share the level: 100 % in a column of totals beside columns of parts, or repeated."""
    has_parts = any(
        own.contains(part := population_cell(study, reading.population)) and part != own
        for row in rows
        for reading in readings(row)
    )
    printed = study.printed(claim)
    is_whole = printed.text == "all" or Fraction(100) in printed.window("any")
    span = sizes.span(cell)
    if has_parts and is_whole and span[1] > 0:
        title = cell_title(study, cell)
        yield Base(
            cell,
            max(span[0], 1),
            span[1],
            f"the percentage is one of all {title} ({{number}})",
            f"{{number}} ({title})",
        )


def _observed_bases(
    study: Study,
    sizes: Sizes,
    claim: Claim,
    reading: Reading,
    wholes: Sequence[Cell],
    rows: Sequence[Claim],
) -> tuple[list[Base], tuple[Sibling, ...]]:
    """Those whose level is known: at least all who are printed with a percentage."""
    bases = []
    binding: tuple[Sibling, ...] = ()
    for whole in dict.fromkeys(wholes):
        span = sizes.span(whole)
        siblings = siblings_of(study, sizes, claim, reading, whole, rows)
        known = sum(sibling.count for sibling in siblings)
        if known < span[1]:
            title = cell_title(study, whole)
            them = title if span[1] >= NO_LIMIT else f"the {span[1]} of {title}"
            bases.append(
                Base(
                    whole,
                    max(known, 1),
                    span[1] - 1,
                    f"only {{number}} of {them} were counted in the denominator",
                    f"{{number}} (those observed among {them})",
                    is_observed=True,
                )
            )
        binding = max(binding, siblings, key=len)
    return bases, binding


def siblings_of(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, whole: Cell, rows: Sequence[Claim]
) -> tuple[Sibling, ...]:
    """Return the levels printed with a percentage in the same place, this one too.

    Parameters
    ----------
    study : Study
        The study.
    sizes : Sizes
        Sizes of all cells.
    claim : Claim
        The row with the percentage.
    reading : Reading
        What it may mean.
    whole : Cell
        The group in which they lie.
    rows : sequence of Claim
        All percentages of units.

    Returns
    -------
    tuple of Sibling
        Levels that exclude one another.  Those that mean 'not known' are left
        out, and so are unions and levels that may overlap: nothing says that
        they add up.
    """
    if not reading.variable or study.variables[reading.variable].type == "multi":
        return ()
    variable = study.variables[reading.variable]
    candidates: list[tuple[Cell, Sibling]] = []
    for row in rows:
        if row.location != claim.location or row.variable != reading.variable:
            continue
        # A row that may mean something else says nothing certain of this level.
        found_in_row = readings(row) if is_first_hand(study, row) else ()
        for other in found_in_row if len(found_in_row) == 1 else ():
            if other.at != reading.at or other.variable_level in (
                *variable.missing,
                *variable.unions,
            ):
                continue
            cell = cell_of(study, other)
            values = () if cell is None else sizes.values(cell)
            if cell is None or not whole.contains(cell) or not values:
                continue
            candidates.append((cell, Sibling(row, values[0], sizes.claims(cell))))
    # Those who are in two of the cells are counted once: the larger cells come first.
    found: dict[Cell, Sibling] = {}
    for cell, sibling in sorted(candidates, key=lambda item: -item[1].count):
        if all(are_exclusive(study, cell, earlier) for earlier in found):
            found[cell] = sibling
    return tuple(sibling for _, sibling in candidates if sibling in found.values())
