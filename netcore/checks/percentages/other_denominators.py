"""Denominators that a row does not lead to: another unit, a union, all mentions.

A paper that counts patients may print per cents of procedures; one that lists the
responders may print per cents of these; and where one unit can have several levels, per
cents may be those of all mentions.  Nothing in the row says so, so that a percentage which
only such a number explains holds under an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netcore.checks.estimands import Cell, Reading, cell_of, population_cell, readings
from netcore.checks.percentages.denominators import Base
from netcore.checks.percentages.fits import FAR
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.wording import cell_title
from netcore.stats.counts import percentage
from netcore.study import Claim, Study

__all__ = ["other_bases"]

_LIST = 3  # percentages that are not of one number by chance


def other_bases(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> tuple[Base, ...]:
    """Return printed numbers of which a percentage may be one, beside the groups of its row.

    Parameters
    ----------
    study : Study
        The study.
    sizes : Sizes
        Sizes of all cells.
    claim : Claim
        The row.
    reading : Reading
        What it may mean.
    rows : sequence of Claim
        All percentages of units.

    Returns
    -------
    tuple of Base
        Numbers of linked units (procedures of these patients, patients of these procedures),
        unions that the level belongs to, of levels that may overlap the sum of their
        printed counts, and other numbers that are the denominator of several percentages of
        the list; none where the row states its denominator.
    """
    cell = cell_of(study, reading)
    if cell is None or reading.denominator:
        return ()
    found = [
        *_linked(study, sizes, cell),
        *_unions(study, sizes, reading, cell),
        *_mentions(study, sizes, claim, reading, rows),
        *_other_counts(study, sizes, claim, reading, rows),
    ]
    return tuple({(base.low, base.words): base for base in found}.values())


def _base(study: Study, cell: Cell, number: int) -> Base:
    title = cell_title(study, cell)
    return Base(
        cell,
        number,
        number,
        f"the percentage is one of {title} ({{number}})",
        f"{{number}} ({title})",
    )


def _linked(study: Study, sizes: Sizes, cell: Cell) -> Iterator[Base]:
    """Yield groups of other units that belong to the same patients."""
    for name, population in study.populations.items():
        other = population_cell(study, name)
        if other.root != cell.root and population.size is None and _belong(study, other, cell):
            for number in sizes.values(other):
                yield _base(study, other, number)


def _belong(study: Study, one: Cell, other: Cell) -> bool:
    """Return whether units of one kind are of units of the other, or both of a third."""
    return _owner(study, one.root) == _owner(study, other.root)


def _owner(study: Study, root: str) -> str:
    """Return the root to whose units those of a root belong in the end."""
    seen: set[str] = set()
    while root not in seen:
        seen.add(root)
        per = study.populations[root].per
        if per is not None:
            root = study.root(per)
    return root


def _unions(study: Study, sizes: Sizes, reading: Reading, cell: Cell) -> Iterator[Base]:
    """Yield those with one of several levels, this one among them."""
    variable = study.variables[reading.variable] if reading.variable else None
    for name, members in ({} if variable is None else variable.unions).items():
        if reading.variable_level not in members:
            continue
        union = cell_of(study, replace(reading, variable_level=name))
        if union is not None and union != cell:
            for number in sizes.values(union):
                yield _base(study, union, number)


def _mentions(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> Iterator[Base]:
    """Yield the sum of the printed counts of levels that one unit can have several of."""
    if not reading.variable or study.variables[reading.variable].type != "multi":
        return
    counts: dict[str, int] = {}
    for row in rows:
        if row.location != claim.location or row.variable != claim.variable:
            continue
        for other in readings(row):
            if (other.population, other.at) != (reading.population, reading.at):
                continue
            cell = cell_of(study, other)
            values = () if cell is None else sizes.values(cell)
            if values and other.variable_level not in study.variables[reading.variable].unions:
                counts[other.variable_level] = values[-1]
    if len(counts) > 1:
        total = sum(counts.values())
        words = f"all mentions in the list: {' + '.join(str(n) for n in counts.values())}"
        yield Base(
            population_cell(study, reading.population),
            total,
            total,
            f"the percentage is one of {words} ({{number}})",
            f"{{number}} ({words})",
        )


def _other_counts(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> Iterator[Base]:
    """Yield other numbers of which percentages of the list are, this one among them.

    Of many printed counts one or the other gives a single percentage by chance, and so does some
    number that is not printed.  So two of a list have to be of a printed one, with the others of
    their own group, and all of three or more of one that is not printed.
    """
    shares = _shares(study, sizes, claim, reading, rows)
    own = sizes.span(population_cell(study, reading.population))[1]
    for cell in _counts_here(study, claim):
        for number in sizes.values(cell):
            of_it = [row for count, row in shares if _is_share(study, row, count, number)]
            others = [(count, row) for count, row in shares if row not in of_it]
            if (
                claim in of_it
                and len(of_it) > 1
                and all(_is_share(study, row, count, own) for count, row in others)
            ):
                yield _base(study, cell, number)
    if len(shares) < _LIST or own >= FAR:
        return
    numbers = (
        number
        for number in range(own + 1, FAR + 1)
        if all(_is_share(study, row, count, number) for count, row in shares)
    )
    first = next(numbers, None)
    if first is not None:
        last = first
        for number in numbers:
            if number != last + 1:
                break
            last = number
        words = "units of another kind, of which no number is printed"
        said = f"the percentages of the list are of {{number}} {words}"
        yield Base(
            population_cell(study, reading.population), first, last, said, f"{{number}} {words}"
        )


def _shares(
    study: Study, sizes: Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> list[tuple[int, Claim]]:
    """Return the percentages of the list of a row, each with its printed count; none if one has none."""
    found: list[tuple[int, Claim]] = []
    for row in rows:
        if row.location != claim.location or row.variable != claim.variable:
            continue
        cells = [
            cell_of(study, other)
            for other in readings(row)
            if (other.at, other.population) == (reading.at, reading.population)
        ]
        if not cells:
            continue
        values = [value for cell in cells if cell is not None for value in sizes.values(cell)]
        if not values or not study.printed(row).is_number:
            return []
        found.append((values[0], row))
    return found


def _counts_here(study: Study, claim: Claim) -> list[Cell]:
    """Return what is counted of other variables in the place of a row."""
    found: dict[Cell, None] = {}
    for row in study.claims:
        if (
            row.location == claim.location
            and row.stat_name == "n"
            and row.variable != claim.variable
        ):
            cells = [cell_of(study, other) for other in readings(row)]
            if len(cells) == 1 and cells[0] is not None:
                found[cells[0]] = None
    return list(found)


def _is_share(study: Study, row: Claim, count: int, number: int) -> bool:
    """Return whether a count of a number prints as a percentage."""
    return 0 < count <= number and percentage(count, number) in study.printed(row).window()
