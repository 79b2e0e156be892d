"""All counts of a study as integer systems, one for each kind of unit.

Every count is the number of units in a cell, a conjunction of levels.  The
unknowns are the numbers of units in each atom: one level for every variable
of a clique, a set of variables that occur together.  Cliques that form a tree
need only agree where they overlap, and then one table of units exists that
agrees with them all (Beeri, Fagin, Maier and Yannakakis 1983,
doi:10.1145/2402.322389), so a solution is a table of patients and nothing
less.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import ceil, floor, prod
from random import Random
from typing import Final, NamedTuple

from netcore.checks.estimands import (
    Cell,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.printed import Interval, Printed
from netcore.stats.integer_systems import Constraint, IntegerSystem
from netcore.study import Claim, Study, Variable

__all__ = [
    "MOST_DEALT",
    "RULE",
    "CountSystem",
    "Factor",
    "Printing",
    "count_systems",
    "count_window",
    "counted_cliques",
    "deal_units",
]

RULE: Final = "rule"
"""Label of the constraints that no claim states: sizes of overlaps agree."""

_LARGEST_CLIQUE: Final = 4_096  # atoms; beyond it the system is left undecided, and says so


class Factor(NamedTuple):
    """A variable at one time; for variables of overlapping levels, one level.

    Parameters
    ----------
    variable : str
        Name of the variable.
    at : str
        The time; "" if the paper gives none.
    level : str
        The level, or ``any`` of them, which a unit then has or has not; ""
        where levels exclude one another.
    """

    variable: str
    at: str
    level: str = ""


MOST_DEALT: Final = 100_000
"""Units that are dealt out one by one; of more their counts have to do."""

Atom = tuple[str, ...]  # one level for each factor of a clique; "" for none of the named ones


@dataclass(frozen=True, slots=True)
class Printing:
    """All rows that print one count: the label of a constraint.

    Parameters
    ----------
    label : str
        The id of the first row.
    claims : tuple of Claim
        The rows.
    cell : Cell
        What they count.
    window : Interval or None
        What they allow; None for ``all``, the size of ``whole``.
    whole : Cell or None
        The population of ``all``.
    """

    label: str
    claims: tuple[Claim, ...]
    cell: Cell
    window: Interval | None
    whole: Cell | None = None

    @property
    def value(self) -> int | None:
        """The printed whole number, if it is one."""
        if self.window is None or self.window.low is None or self.window.low != self.window.high:
            return None
        return int(self.window.low)


@dataclass(frozen=True, slots=True)
class CountSystem:
    """The counts of one kind of unit.

    Parameters
    ----------
    root : str
        The population of all units of this kind.
    printings : tuple of Printing
        What is printed, a label each.
    ambiguous : tuple of Claim
        Rows with several readings, not part of the system.
    system : IntegerSystem or None
        Unknowns and constraints; None where the cliques are too large.
    cliques : tuple of tuple of Factor
        The variables that occur together.
    levels : Mapping of Factor to tuple of str
        Levels of each factor; "" stands for any level that is not named.
    unions : Mapping of (str, str) to tuple of str
        The levels that a union of a variable joins.
    overlaps : frozenset of tuple of Factor
        What cliques share, and what is counted within them; its sizes are
        unknowns of their own.
    """

    root: str
    printings: tuple[Printing, ...]
    ambiguous: tuple[Claim, ...]
    system: IntegerSystem | None
    cliques: tuple[tuple[Factor, ...], ...]
    levels: Mapping[Factor, tuple[str, ...]]
    unions: Mapping[tuple[str, str], tuple[str, ...]]
    overlaps: frozenset[tuple[Factor, ...]]

    @property
    def limit(self) -> int:
        """The number of units up to which the search looks; no claim of the paper."""
        return 0 if self.system is None else self.system.bounds["N"][1]

    @property
    def one_more(self) -> IntegerSystem | None:
        """The system of one more unit, which would change no printed count that has a limit."""
        return None if self.system is None else _one_more(self.system)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of what is printed, in the order of the rows."""
        return tuple(printing.label for printing in self.printings)

    def terms(self, cell: Cell) -> tuple[tuple[str, int], ...]:
        """Return the unknowns whose sum is the number of units in a cell.

        Parameters
        ----------
        cell : Cell
            A cell of this kind of unit.

        Returns
        -------
        tuple of (str, int)
            Each unknown with its coefficient, which is always 1.

        Raises
        ------
        KeyError
            If no clique holds all variables of the cell.
        """
        if not cell.conditions:
            return (("N", 1),)
        wanted = self._wanted(cell)
        shared = tuple(sorted(wanted))
        if shared in self.overlaps:
            choices = product(*(sorted(wanted[factor]) for factor in shared))
            return tuple((_overlap_name(shared, levels), 1) for levels in choices)
        for number, clique in enumerate(self.cliques):
            if wanted.keys() <= set(clique):
                return tuple(
                    (_atom_name(number, atom), 1)
                    for atom in product(*(self.levels[factor] for factor in clique))
                    if all(
                        level in wanted[factor]
                        for factor, level in zip(clique, atom, strict=True)
                        if factor in wanted
                    )
                )
        raise KeyError(f"{cell} is in no clique")

    def _wanted(self, cell: Cell) -> dict[Factor, frozenset[str]]:
        """Return the levels that each factor of a cell may have.

        Two conditions on one variable, such as the complete responses among
        the responders, leave what they have in common.
        """
        overlapping = {factor.variable for factor in self.levels if factor.level}
        wanted: dict[Factor, frozenset[str]] = {}
        for held in cell.conditions:
            ((factor, level),) = _factors(Cell(cell.root, frozenset((held,))), overlapping).items()
            allowed = frozenset(self.unions.get((factor.variable, level), (level,)))
            wanted[factor] = wanted.get(factor, allowed) & allowed
        return wanted

    def constraint(self, printing: Printing, label: str | None = None) -> Constraint:
        """Return what a printing says of the unknowns.

        Parameters
        ----------
        printing : Printing
            A printed count of this kind of unit.
        label : str, optional
            Label of the constraint; that of the printing by default.

        Returns
        -------
        Constraint
            Bounds on the number of units in its cell; for ``all``, that
            the cell and ``whole`` have equally many.

        Raises
        ------
        KeyError
            If no clique holds all variables of what it counts.
        """
        terms = dict(self.terms(printing.cell))
        label = label or printing.label
        if printing.whole is not None:
            for name, factor in self.terms(printing.whole):
                terms[name] = terms.get(name, 0) - factor
            return Constraint(
                tuple((name, factor) for name, factor in terms.items() if factor), 0, 0, label
            )
        window = printing.window
        low = None if window is None or window.low is None else ceil(window.low)
        high = None if window is None or window.high is None else floor(window.high)
        return Constraint(tuple(terms.items()), low, high, label)


def _atom_name(clique: int, atom: Atom) -> str:
    return f"{clique}:{'|'.join(atom)}"


def _overlap_name(shared: tuple[Factor, ...], levels: tuple[str, ...]) -> str:
    return "|".join(
        ":".join((*factor, level)) for factor, level in zip(shared, levels, strict=True)
    )


def _factors(cell: Cell, overlapping: Collection[str]) -> dict[Factor, str]:
    """Return the factors of a cell, and the level (or union) wanted of each."""
    return {
        Factor(held.variable, held.at, held.level or "any")
        if held.variable in overlapping
        else Factor(held.variable, held.at): "yes" if held.variable in overlapping else held.level
        for held in cell.conditions
    }


def _overlapping(study: Study) -> frozenset[str]:
    """Return the variables whose levels may overlap: each is a yes-or-no of its own."""
    return frozenset(name for name, variable in study.variables.items() if variable.type == "multi")


def _implied(variable: Variable, level: str) -> set[str]:
    """Return what else is so of whoever has a level of a variable of overlapping levels."""
    implied = {"any"}
    inner: str | None = level
    while inner is not None:
        implied |= {name for name, members in variable.unions.items() if inner in members}
        inner = variable.within.get(inner)
        implied |= {inner} if inner is not None else set()
    return implied


def _cliques(edges: Iterable[frozenset[Factor]]) -> tuple[tuple[Factor, ...], ...]:
    """Join sets of variables until they form a tree (Graham's reduction)."""
    kept: list[frozenset[Factor]] = []
    for edge in sorted(edges, key=lambda edge: (-len(edge), sorted(edge))):
        if edge and not any(edge <= other for other in kept):
            kept.append(edge)
    while not _is_tree(kept):
        one, other = max(
            combinations(range(len(kept)), 2),
            key=lambda pair: (len(kept[pair[0]] & kept[pair[1]]), -pair[0], -pair[1]),
        )
        joined = kept[one] | kept[other]
        kept = [edge for edge in kept if not edge <= joined] + [joined]
    return tuple(tuple(sorted(edge)) for edge in kept)


def _is_tree(edges: Sequence[frozenset[Factor]]) -> bool:
    """Return whether sets can be taken away one by one, each hanging on another."""
    left = list(edges)
    while len(left) > 1:
        for edge in left:
            others = [other for other in left if other is not edge]
            shared = edge & frozenset().union(*others)
            if any(shared <= other for other in others):
                left = others
                break
        else:
            return False
    return True


def _links(cliques: Sequence[tuple[Factor, ...]]) -> list[tuple[int, int, tuple[Factor, ...]]]:
    """Return pairs of cliques and what they share, enough to make a tree of them."""
    pairs = sorted(
        combinations(range(len(cliques)), 2),
        key=lambda pair: -len(set(cliques[pair[0]]) & set(cliques[pair[1]])),
    )
    group = list(range(len(cliques)))
    links: list[tuple[int, int, tuple[Factor, ...]]] = []
    for one, other in pairs:  # a heaviest spanning tree is a join tree
        shared = tuple(factor for factor in cliques[one] if factor in cliques[other])
        if shared and group[one] != group[other]:
            links.append((one, other, shared))
            old, new = group[other], group[one]
            group = [new if g == old else g for g in group]
    return links


def _printings(study: Study, root: str) -> tuple[list[Printing], list[Claim]]:
    rows: dict[tuple[Cell, Cell | None], list[Claim]] = {}
    ambiguous: list[Claim] = []
    for claim in study.claims:
        if claim.stat_name not in ("N", "n") or not is_patient_data(study, claim):
            continue
        if not is_first_hand(study, claim):
            continue
        found = readings(claim)
        cells = [
            cell
            for reading in found
            if (cell := cell_of(study, reading)) is not None and cell.root == root
        ]
        if not cells:
            continue
        if len(found) > 1:
            ambiguous.append(claim)
            continue
        whole = population_cell(study, found[0].population) if claim.printed == "all" else None
        rows.setdefault((cells[0], whole), []).append(claim)
    printings = []
    for (cell, whole), claims in rows.items():
        # Printings that differ are a finding of their own; here any of them may hold.
        window = None if whole else _hull([count_window(study.printed(claim)) for claim in claims])
        printings.append(Printing(claims[0].claim, tuple(claims), cell, window, whole))
    return printings, ambiguous


def count_window(printed: Printed) -> Interval:
    """Return what a printed count allows; a number is exact, since nothing was rounded.

    Parameters
    ----------
    printed : Printed
        A printed count, other than ``all``.

    Returns
    -------
    Interval
        One point for a number and for ``none``; otherwise the numbers that
        a bound, a range or an approximation leaves.

    Raises
    ------
    PrintedError
        For ``all`` and ``ns``, which say no number.
    """
    return Interval.point(printed.number()) if printed.is_number else printed.window()


def _hull(windows: Sequence[Interval]) -> Interval:
    lows, highs = [window.low for window in windows], [window.high for window in windows]
    low = None if None in lows else min(end for end in lows if end is not None)
    high = None if None in highs else max(end for end in highs if end is not None)
    return Interval(low, high)


def count_systems(study: Study) -> tuple[CountSystem, ...]:
    """Build the integer system of every kind of unit that a study counts.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of CountSystem
        One for each root population of which anything is counted.

    Notes
    -----
    Levels exclude one another; where the study does not say that they are
    complete, every variable has one more level for whoever is in none of
    them.  The number of units has no printed bound where no size is printed:
    then the sum of all printed counts is enough, since units that no count
    counts can be left out.
    """
    roots = [
        name
        for name, population in study.populations.items()
        if population.units and population.units != "rules"
    ]
    systems = (_count_system(study, root) for root in roots)
    return tuple(system for system in systems if system.printings or system.ambiguous)


def _count_system(study: Study, root: str) -> CountSystem:
    printings, ambiguous = _printings(study, root)
    overlapping = _overlapping(study)
    cells = [cell for p in printings for cell in (p.cell, p.whole) if cell is not None]
    for claim in ambiguous:
        cells += [
            cell
            for reading in readings(claim)
            if (cell := cell_of(study, reading)) and cell.root == root
        ]
    # Percentages need the sizes of their populations, printed or not.
    for name in study.populations:
        whole = (name, *study.ancestors(name))
        if study.root(name) == root and not any(study.populations[up].size for up in whole):
            cells.append(population_cell(study, name))
    edges = {frozenset(_factors(cell, overlapping)) for cell in cells}
    factors = sorted(frozenset().union(*edges))
    nested = tuple(
        (inner, outer)
        for inner, outer in product(factors, factors)
        if inner.level
        and inner != outer
        and (inner.variable, inner.at) == (outer.variable, outer.at)
        and outer.level in _implied(study.variables[inner.variable], inner.level)
    )
    levels: dict[Factor, tuple[str, ...]] = {}
    for factor in factors:
        variable = study.variables[factor.variable]
        named = ("yes",) if factor.level else tuple(variable.levels)
        levels[factor] = named if variable.complete and not factor.level else (*named, "")
    unions = {
        (name, union): tuple(parts)
        for name, variable in study.variables.items()
        for union, parts in variable.unions.items()
    }
    cliques = _cliques(edges | {frozenset(pair) for pair in nested})
    linked = {shared for _, _, shared in _links(cliques)}
    counted = {tuple(sorted(edge)) for edge in edges} | {(factor,) for factor in factors}
    overlaps = frozenset(linked | {part for part in counted if part and part not in cliques})
    counts = CountSystem(
        root, tuple(printings), tuple(ambiguous), None, cliques, levels, unions, overlaps
    )
    if any(prod(len(levels[factor]) for factor in clique) > _LARGEST_CLIQUE for clique in cliques):
        return counts
    return replace(counts, system=_integer_system(counts, nested))


def _integer_system(
    counts: CountSystem, nested: Collection[tuple[Factor, Factor]]
) -> IntegerSystem:
    cliques, levels = counts.cliques, counts.levels
    ends = [
        abs(end)
        for p in counts.printings
        if p.window
        for end in (p.window.low, p.window.high)
        if end is not None
    ]
    most = int(sum(ends)) + 1
    bounds = {"N": (0, most)}
    constraints: list[Constraint] = []
    # The sizes of overlaps, and of whatever is counted, are unknowns of their
    # own: then each constraint is a sum along a tree, and propagation seldom
    # needs to branch.
    for shared in sorted(counts.overlaps):
        names = [
            _overlap_name(shared, chosen)
            for chosen in product(*(levels[factor] for factor in shared))
        ]
        bounds.update((name, (0, most)) for name in names)
        constraints.append(Constraint((*((name, 1) for name in names), ("N", -1)), 0, 0, RULE))
    for smaller, larger in product(sorted(counts.overlaps), sorted(counts.overlaps)):
        if set(smaller) < set(larger):
            parts: dict[str, list[tuple[str, int]]] = {}
            for chosen in product(*(levels[factor] for factor in larger)):
                held = dict(zip(larger, chosen, strict=True))
                name = _overlap_name(smaller, tuple(held[factor] for factor in smaller))
                parts.setdefault(name, []).append((_overlap_name(larger, chosen), 1))
            for name, terms in parts.items():
                constraints.append(Constraint((*terms, (name, -1)), 0, 0, RULE))
    for number, clique in enumerate(cliques):
        atoms = list(product(*(levels[factor] for factor in clique)))
        for atom in atoms:
            held = dict(zip(clique, atom, strict=True))
            impossible = any(
                held.get(inner) == "yes" and held.get(outer) == "" for inner, outer in nested
            )
            bounds[_atom_name(number, atom)] = (0, 0 if impossible else most)
        inside = [shared for shared in sorted(counts.overlaps) if set(shared) <= set(clique)]
        for shared in inside or [()]:
            sums: dict[str, list[tuple[str, int]]] = {}
            for atom in atoms:
                held = dict(zip(clique, atom, strict=True))
                name = (
                    _overlap_name(shared, tuple(held[factor] for factor in shared))
                    if shared
                    else "N"
                )
                sums.setdefault(name, []).append((_atom_name(number, atom), 1))
            for name, terms in sums.items():
                constraints.append(Constraint((*terms, (name, -1)), 0, 0, RULE))
    constraints += [counts.constraint(printing) for printing in counts.printings]
    return IntegerSystem(bounds, tuple(constraints))


def _one_more(system: IntegerSystem) -> IntegerSystem:
    """Return the system of one more unit, of a kind that no limited count counts.

    Any change of all counts that could be repeated for ever is made of such
    units, since nothing can be taken away for ever.
    """
    return IntegerSystem(
        {name: (0, min(most, 1)) for name, (_, most) in system.bounds.items()} | {"N": (1, 1)},
        tuple(
            Constraint(
                constraint.terms,
                None if constraint.low is None else 0,
                None if constraint.high is None else 0,
                constraint.label,
            )
            for constraint in system.constraints
        ),
    )


def counted_cliques(counts: CountSystem, values: Mapping[str, int]) -> list[dict[Atom, int]]:
    """Return how many units have each combination of levels of each clique.

    Parameters
    ----------
    counts : CountSystem
        The system that was solved.
    values : Mapping of str to int
        A solution.

    Returns
    -------
    list of dict of Atom to int
        In the order of the cliques; combinations that nobody has are left out.  Counting the
        units of :func:`deal_units` gives the same.
    """
    return [
        {
            atom: number
            for atom in product(*(counts.levels[factor] for factor in clique))
            if (number := values[_atom_name(place, atom)])
        }
        for place, clique in enumerate(counts.cliques)
    ]


def deal_units(
    counts: CountSystem, values: Mapping[str, int], seed: int = 0
) -> list[dict[Factor, str]]:
    """Deal a solution out to single units: a table of constructed patients.

    Parameters
    ----------
    counts : CountSystem
        The system that was solved.
    values : Mapping of str to int
        A solution.
    seed : int
        Which of the many ways to combine the cliques.

    Returns
    -------
    list of dict of Factor to str
        One dictionary a unit: the level of every factor, "" for none of the
        named ones.  Counting them gives back every count of the solution.

    Raises
    ------
    ValueError
        If there are more than :data:`MOST_DEALT` units.

    Notes
    -----
    Each clique is dealt out in turn: among the units that have one overlap
    with what was dealt before, the levels of the clique are shared out in
    random order.  The overlaps agree in size, so nobody is left over.
    """
    if values["N"] > MOST_DEALT:
        raise ValueError(f"found {values['N']} units, expected at most {MOST_DEALT} to deal out")
    random = Random(seed)
    units: list[dict[Factor, str]] = [{} for _ in range(values["N"])]
    waiting = list(range(len(counts.cliques)))
    dealt: list[int] = []
    done: set[Factor] = set()

    def overlap(number: int) -> int:
        return max(
            (len(set(counts.cliques[number]) & set(counts.cliques[other])) for other in dealt),
            default=0,
        )

    while waiting:
        # Widest overlap first is the order of a tree: what a clique shares
        # with all that was dealt, it shares with one clique of it.
        number = max(waiting, key=lambda n: (overlap(n), -n))
        waiting.remove(number)
        dealt.append(number)
        clique = counts.cliques[number]
        shared = [factor for factor in clique if factor in done]
        hands: dict[tuple[str, ...], list[Atom]] = {}
        for atom in product(*(counts.levels[factor] for factor in clique)):
            held = dict(zip(clique, atom, strict=True))
            hand = hands.setdefault(tuple(held[factor] for factor in shared), [])
            hand.extend([atom] * values[_atom_name(number, atom)])
        for hand in hands.values():
            random.shuffle(hand)
        for unit in units:
            atom = hands[tuple(unit[factor] for factor in shared)].pop()
            unit.update(zip(clique, atom, strict=True))
        done |= set(clique)
    return units
