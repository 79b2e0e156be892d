"""Tables of counts that a p-value may compare, with what each of them assumes.

A paper prints counts and a p-value, and seldom the table that was tested.
Unsaid are whether everybody was analysed, whether levels were joined or left
out, and which groups were compared.  Each answer gives a table; a p-value
conflicts with the counts only if none of the tables gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from types import MappingProxyType
from typing import Final

from netcore.checks.cell_numbers import How, Number, PrintedCounts
from netcore.checks.estimands import Cell, Reading, population_cell
from netcore.checks.wording import level_title, listed
from netcore.stats.contingency import Table
from netcore.study import Claim, Condition, Study

__all__ = ["MOST_LOOKS", "Candidate", "Comparison", "comparison"]

MOST_LOOKS: Final = 1_000_000
"""Ways to fill the cells that one comparison looks at; most of them give a table seen before."""

_REST: Final = ""  # the item of those who have none of the named levels
_MOST_ITEMS: Final = 5  # levels, beyond which they are not joined in every way
_MOST_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class _Group:
    """One group of a comparison: its size, and how many have each level."""

    level: str
    size: Number | None
    items: Mapping[str, Number]  # by level; a union stands for itself
    observed: int | None  # how many have a known level, if what is printed adds up to that

    def ranges(self, *, uses_rest: bool) -> list[range]:
        """Return what each item can be, the largest numbers first.

        Of a rest that is not compared the least number is enough: nothing is said of it, and
        what fits beside more of it fits beside less.
        """
        return [
            range(n.low if item == _REST and not uses_rest else n.high, n.low - 1, -1)
            for item, n in self.items.items()
        ]

    def vectors(self, most: int, *, uses_rest: bool = True) -> Iterator[tuple[int, ...]]:
        """Yield the ways to fill the items among the first that there are, fitting or not."""
        for vector in islice(product(*self.ranges(uses_rest=uses_rest)), most):
            if self.size is None or sum(vector) <= self.size.high:
                yield vector

    @property
    def number_of_vectors(self) -> int:
        return prod(n.high - n.low + 1 for n in self.items.values())


@dataclass(frozen=True, slots=True)
class Candidate:
    """One table that the p-value may be of.

    Parameters
    ----------
    table : Table
        Counts, a row for each group.
    assumptions : tuple of str
        What the paper does not say and the table assumes.
    is_determined : bool
        Whether what is printed leaves no other number in it.
    """

    table: Table
    assumptions: tuple[str, ...]
    is_determined: bool


Blocks = tuple[tuple[int, ...], ...]
_Layout = tuple[Blocks, str]  # how items are joined to rows or columns, and what that assumes


@dataclass(frozen=True, slots=True)
class Comparison:
    """One reading of a p-value: the groups and levels that it compares.

    Parameters
    ----------
    study : Study
        The study.
    tests : tuple of str
        The tests that the paper may have made.
    by : str
        The variable whose levels the groups are.
    groups : tuple of _Group
        The groups with counts, all with the same items.
    missing : frozenset of str
        Items that mean "not known".
    layouts : tuple of tuple
        Ways to join items, each with the assumption that it makes.
    is_whole : bool
        Whether every number that the test may have used is printed or bounded
        by printed numbers alone, so that the candidates are all there can be.
    cells : Mapping of Cell to Number
        The numbers that it uses.
    """

    study: Study
    tests: tuple[str, ...]
    by: str
    groups: tuple[_Group, ...]
    missing: frozenset[str]
    layouts: tuple[_Layout, ...]
    is_whole: bool
    cells: Mapping[Cell, Number]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of all numbers that it uses."""
        numbers = self.cells.values()
        return tuple(dict.fromkeys(claim for number in numbers for claim in number.claims))

    @property
    def number_of_vectors(self) -> int:
        """In how many ways the cells can be filled, at most."""
        return prod(group.number_of_vectors for group in self.groups)

    @property
    def number_of_looks(self) -> int:
        """How many ways to fill cells there are to look at, at most, for all layouts."""
        return sum(
            prod(
                prod(map(len, self.groups[g].ranges(uses_rest=self._uses_rest(columns))))
                for row in rows
                for g in row
            )
            for (rows, _), (columns, _) in product(self._group_layouts(), self.layouts)
        )

    def _uses_rest(self, columns: Blocks) -> bool:
        names = list(self.groups[0].items)
        return any(names[i] == _REST for block in columns for i in block)

    def as_json(self) -> dict[str, object]:
        """Return what the candidates are made from, as plain JSON.

        Returns
        -------
        dict of str to object
            Least and greatest number of each item and group.
        """
        return {
            "groups": [
                {
                    "level": group.level,
                    "size": None if group.size is None else [group.size.low, group.size.high],
                    "items": {
                        item or "rest": [number.low, number.high]
                        for item, number in group.items.items()
                    },
                }
                for group in self.groups
            ],
            "columns": [[list(block) for block in blocks] for blocks, _ in self.layouts],
            "rows": [[list(block) for block in blocks] for blocks, _ in self._group_layouts()],
        }

    def _group_layouts(self) -> list[_Layout]:
        numbers = tuple(range(len(self.groups)))
        all_apart = tuple((number,) for number in numbers)
        if not 2 < len(numbers) <= _MOST_GROUPS:
            return [(all_apart, "")]
        titles = [level_title(self.study, self.by, group.level) for group in self.groups]
        return [
            (
                blocks,
                "" if blocks == all_apart else f"the groups compared are {_joined(blocks, titles)}",
            )
            for blocks in _partitions(numbers)
        ]

    def candidates(self, most: int = MOST_LOOKS) -> Iterator[Candidate]:
        """Yield the tables, each once, those in which least is joined or left out first.

        Parameters
        ----------
        most : int
            How many ways to fill cells to look at; these are all tables only if
            :attr:`number_of_looks` is not greater.

        Yields
        ------
        Candidate
            A table with what it assumes.
        """
        seen: set[Table] = set()
        looked = 0
        for (rows, joined_groups), (columns, joined_levels) in product(
            self._group_layouts(), self.layouts
        ):
            used = [item for block in columns for item in block]
            taken = [group for row in rows for group in row]
            uses_rest = self._uses_rest(columns)
            ways = [
                # Of a group that is not compared any numbers will do.
                islice(found, None if g in taken else 1)
                for g, group in enumerate(self.groups)
                for found in [group.vectors(most - looked, uses_rest=uses_rest)]
            ]
            for vectors in product(*ways):
                looked += 1
                if looked > most:
                    return
                table = tuple(
                    tuple(sum(vectors[g][i] for g in row for i in column) for column in columns)
                    for row in rows
                )
                if table not in seen:
                    seen.add(table)
                    assumed = (joined_groups, joined_levels, *self._assumed(vectors, taken, used))
                    yield Candidate(
                        table,
                        tuple(text for text in assumed if text),
                        all(number.is_single for _, number in self._open(taken, used)),
                    )

    def _numbers(self, groups: Sequence[int], used: Sequence[int]) -> list[tuple[str, Number]]:
        return [list(self.groups[g].items.items())[i] for g in groups for i in used]

    def _open(self, groups: Sequence[int], used: Sequence[int]) -> list[tuple[str, Number]]:
        """Return the numbers that no assumption is named for."""
        return [
            (item, number)
            for item, number in self._numbers(groups, used)
            if item != _REST and number.how != "percentage"
        ]

    def _assumed(
        self, vectors: Sequence[tuple[int, ...]], groups: Sequence[int], used: Sequence[int]
    ) -> Iterator[str]:
        """Say who was analysed, where the paper leaves that open."""
        said, is_said, is_everybody = [], False, True
        for g in groups:
            group = self.groups[g]
            total = sum(
                vectors[g][i]
                for i, item in enumerate(group.items)
                if item not in self.missing and (item != _REST or i in used)
            )
            is_said |= total != group.observed
            is_everybody &= group.size is not None and total == group.size.high
            said.append(str(total) if group.size is None else f"{total} of {group.size.high}")
        if is_said and is_everybody:
            yield "all patients of each group were analysed"
        elif is_said:
            yield f"{listed(said)} were analysed"
        if any(number.how == "percentage" for _, number in self._numbers(groups, used)):
            yield "the percentages are of the whole groups"


def _joined(blocks: Blocks, titles: Sequence[str]) -> str:
    return " against ".join(" with ".join(titles[i] for i in block) for block in blocks)


def _partitions(items: Sequence[int]) -> list[Blocks]:
    """Return the ways to share some of the items out to two blocks or more.

    All items come before some, and single items before joined ones.
    """
    found: list[Blocks] = [()]
    for item in items:
        found = [
            grown
            for blocks in found
            for grown in (
                blocks,
                *((*blocks[:b], (*blocks[b], item), *blocks[b + 1 :]) for b in range(len(blocks))),
                (*blocks, (item,)),
            )
        ]
    several = [blocks for blocks in found if len(blocks) > 1]
    return sorted(several, key=lambda blocks: (-sum(map(len, blocks)), -len(blocks), blocks))


def comparison(
    study: Study,
    counts: PrintedCounts,
    reading: Reading,
    overrides: Mapping[Cell, int] = MappingProxyType({}),
) -> Comparison | None:
    """Return what one reading of a p-value compares.

    Parameters
    ----------
    study : Study
        The study.
    counts : PrintedCounts
        Its counts.
    reading : Reading
        A reading of a p-value.
    overrides : Mapping of Cell to int
        Numbers to take instead of the printed ones.

    Returns
    -------
    Comparison or None
        None if it does not compare a categorical variable by another, or if
        counts of fewer than two groups are printed.
    """
    analysis = study.analyses.get(reading.analysis)
    if analysis is None or analysis.by is None or not reading.population:
        return None
    outcome, by = study.variables[analysis.variable], study.variables[analysis.by]
    if by.type != "categorical" or not outcome.is_levelled or analysis.by == analysis.variable:
        return None
    if reading.variable not in ("", analysis.variable):
        return None
    if outcome.type == "multi" and not reading.variable_level:
        return None  # levels that overlap are no table
    whole = (reading.population, *study.ancestors(reading.population))
    if any(study.populations[name].size for name in whole):
        return None
    builder = _Builder(study, counts, reading, analysis.variable, analysis.by, overrides)
    return builder.build(analysis.test)


class _Builder:
    """Puts the groups of one comparison together."""

    def __init__(
        self,
        study: Study,
        counts: PrintedCounts,
        reading: Reading,
        variable: str,
        by: str,
        overrides: Mapping[Cell, int],
    ):
        self._study, self._counts, self._reading = study, counts, reading
        self._variable, self._by, self._overrides = variable, by, overrides
        self._outcome = study.variables[variable]
        self._level = reading.variable_level
        self._used: dict[Cell, Number] = {}
        # A population may be one of the groups compared.
        own = population_cell(study, reading.population)
        self._base = Cell(
            own.root, frozenset(held for held in own.conditions if held.variable != by)
        )

    def build(self, tests: tuple[str, ...]) -> Comparison | None:
        """Return the comparison, if counts of two groups are printed."""
        time = self._time()
        if time is None:
            return None
        by = self._study.variables[self._by]
        named = [level for level in by.levels if level not in by.missing]
        groups, unknown = [], 0
        for level in named:
            condition = Condition(self._by, time, level)
            cell = Cell(self._base.root, self._base.conditions | {condition})
            made = self._one_level(level, cell) if self._level else self._all_levels(level, cell)
            if made is not None:
                groups.append(made[0])
                unknown = max(unknown, made[1])
        names = {item for group in groups for item in group.items}
        items = [item for item in (self._level, *self._outcome.levels) if item and item in names]
        items = list(dict.fromkeys(items)) + [_REST] * (_REST in names)
        if len(groups) < 2 or len(items) < 2:
            return None
        gaps = any(item not in group.items for group in groups for item in items if item)
        groups = [self._aligned(group, items) for group in groups]
        numbers = [number for group in groups for number in group.items.values()]
        is_whole = (
            len(named) == len(groups) <= _MOST_GROUPS
            and len(items) <= _MOST_ITEMS
            and not gaps
            and unknown < 2
            and all(number.how == "printed" for number in numbers)
            and all(group.size is not None and group.size.how == "printed" for group in groups)
        )
        return Comparison(
            self._study,
            tests,
            self._by,
            tuple(groups),
            frozenset(self._outcome.missing),
            tuple(self._layouts(items)),
            is_whole,
            MappingProxyType(self._used),
        )

    def _time(self) -> str | None:
        """Return when the groups were told apart; None if that is not one time."""
        times = {
            held.at
            for cell in self._counts.cells
            if cell.root == self._base.root and self._base.conditions <= cell.conditions
            for held in cell.conditions
            if held.variable == self._by
            and any(
                other.variable == self._variable and other.at == self._reading.at
                for other in cell.conditions
            )
        }
        return times.pop() if len(times) == 1 else None

    def _cell(self, group: Cell, level: str) -> Cell:
        condition = Condition(self._variable, self._reading.at, level)
        return Cell(group.root, group.conditions | {condition})

    def _size(self, cell: Cell) -> Number | None:
        found = self._overridden(cell) or self._counts.printed(cell)
        if found is None and self._outcome.complete:
            # Levels that are all there are make up the group.
            found = _sum([self._printed_number(cell, level) for level in self._outcome.levels])
            found = found if found is not None and found.is_single else None
        if found is None:
            low, high = self._counts.from_others(cell) or (0, None)
            found = None if high is None else Number(low, high, (), "derived")
        if found is not None:
            self._used[cell] = found
        return found

    def _overridden(self, cell: Cell) -> Number | None:
        if cell not in self._overrides:
            return None
        printed, value = self._counts.printed(cell), self._overrides[cell]
        return Number(value, value, () if printed is None else printed.claims)

    def _number(self, group: Cell, level: str, size: Number | None) -> Number | None:
        """Return the number of a level, unless other counts leave a range of it."""
        cell = self._cell(group, level)
        found = self._overridden(cell) or self._counts.number(cell, size)
        if found is None or (found.how == "derived" and not found.is_single):
            return None
        self._used[cell] = found
        return found

    def _one_level(self, name: str, cell: Cell) -> tuple[_Group, int] | None:
        """Return a group of those who have the level and the rest."""
        size, outcome = self._size(cell), self._outcome
        members = outcome.unions.get(self._level, (self._level,))
        own = self._printed_number(cell, self._level)
        if own is None and outcome.type != "multi":
            own = _sum([self._printed_number(cell, level) for level in members])
        own = own or self._number(cell, self._level, size)
        if own is None:
            return None
        is_exclusive = outcome.type != "multi"
        others = [level for level in outcome.levels if level not in members and is_exclusive]
        printed = {
            level: number
            for level in others
            if (number := self._printed_number(cell, level)) is not None
        }
        known = [level for level in others if level not in outcome.missing]
        # Counted with another level, so analysed; of the others nobody says.
        least = sum(printed[level].low for level in known if level in printed)
        observed = None
        if is_exclusive and outcome.complete and not outcome.missing and size is not None:
            least = max(least, size.low - own.high)
        most = least if size is None else size.high - own.low
        if size is None and not all(level in printed for level in known):
            return None
        if most < least:
            return None
        if size is not None and size.is_single and own.is_single:
            total = own.low + sum(number.low for number in printed.values())
            is_sum = all(number.is_single for number in printed.values()) and bool(others)
            if (
                least == most
                and is_exclusive
                and (outcome.complete or (is_sum and total == size.low))
            ):
                observed = size.low
            elif is_sum and total == size.low and all(level in printed for level in known):
                observed = own.low + least
        rest = Number(least, most, (), "printed" if size is not None else "derived")
        return _Group(name, size, {self._level: own, _REST: rest}, observed), 0

    def _printed_number(self, group: Cell, level: str) -> Number | None:
        cell = self._cell(group, level)
        found = self._overridden(cell) or self._counts.printed(cell)
        if found is not None:
            self._used[cell] = found
        return found

    def _all_levels(self, name: str, cell: Cell) -> tuple[_Group, int] | None:
        """Return a group by all levels, and how many of them have no number."""
        size, outcome = self._size(cell), self._outcome
        items = {
            level: number
            for level in outcome.levels
            if (number := self._number(cell, level, size)) is not None
        }
        if not items:
            return None
        lacking = [
            level for level in outcome.levels if level not in items and level not in outcome.missing
        ]
        total = sum(number.low for number in items.values())
        rest = 0 if size is None else size.high - total
        if rest < 0:
            return None
        is_single = all(number.is_single for number in items.values())
        observed = None
        if size is not None and size.is_single and is_single:
            if outcome.complete and not outcome.missing:
                rest = self._last_level(items, lacking, size.low)
            if rest == 0 and not lacking:
                observed = sum(n.low for level, n in items.items() if level not in outcome.missing)
        if rest:
            items[_REST] = Number(0, rest)
        return _Group(name, size, items, observed), len(lacking)

    def _last_level(self, items: dict[str, Number], lacking: list[str], size: int) -> int:
        """Give a level whose number no row prints all who have none of the other levels."""
        unprinted = [level for level, number in items.items() if number.how == "derived"]
        if len(unprinted) + len(lacking) == 1:
            (level,) = (*unprinted, *lacking)
            rest = size - sum(number.low for item, number in items.items() if item != level)
            if rest >= 0:
                items[level] = Number(rest, rest)
                lacking.clear()
        return size - sum(number.low for number in items.values())

    def _aligned(self, group: _Group, items: Sequence[str]) -> _Group:
        """Give a group every item; one that another group alone has may be empty."""
        rest = group.items.get(_REST)
        most = 0 if rest is None else rest.high
        filled = {
            item: group.items.get(item, Number(0, 0 if item == _REST else most, (), "derived"))
            for item in items
        }
        if rest is None and _REST in items:
            filled[_REST] = Number(0, 0)
        return _Group(group.level, group.size, filled, group.observed)

    def _layouts(self, items: Sequence[str]) -> Iterator[_Layout]:
        if self._level:
            yield ((0,), (1,)), ""
            return
        titles = [
            level_title(self._study, self._variable, item) if item else "the others"
            for item in items
        ]
        numbers = [i for i, item in enumerate(items) if item and item not in self._outcome.missing]
        plain = tuple((i,) for i in numbers)
        if len(plain) == 1:  # one level is printed, and the others are not it
            plain = (*plain, (len(items) - 1,)) if items[-1] == _REST else plain
        if len(plain) > 1:
            yield plain, ""
        if len(items) <= _MOST_ITEMS:
            for blocks in _partitions(range(len(items))):
                if blocks != plain:
                    yield blocks, f"the levels compared are {_joined(blocks, titles)}"


def _sum(numbers: Sequence[Number | None]) -> Number | None:
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return None
    how: How = next((number.how for number in known if number.how != "printed"), "printed")
    claims = tuple(claim for number in known for claim in number.claims)
    return Number(sum(n.low for n in known), sum(n.high for n in known), claims, how)
