"""Systems of linear constraints: unknown whole numbers, and the bounds of their sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Constraint", "IntegerSystem"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sum of unknowns between two bounds.

    Parameters
    ----------
    terms : tuple of (str, int)
        Name and coefficient (not 0) of each unknown, each name once.
    low, high : int or None
        Inclusive bounds of the sum; None for no bound.  No sum lies between
        bounds that change places: such a constraint is a contradiction.
    label : str
        Where the constraint comes from.  Constraints of one label stand and
        fall together.
    """

    terms: tuple[tuple[str, int], ...]
    low: int | None
    high: int | None
    label: str


@dataclass(frozen=True, slots=True)
class IntegerSystem:
    """Unknown whole numbers with bounds, and constraints on their sums.

    Parameters
    ----------
    bounds : Mapping of str to (int, int)
        Inclusive bounds of every unknown.
    constraints : tuple of Constraint
        All constraints.

    Raises
    ------
    ValueError
        If a constraint names an unknown that has no bounds, names one twice
        or with coefficient 0, or if the bounds of an unknown change places.
    """

    bounds: Mapping[str, tuple[int, int]]
    constraints: tuple[Constraint, ...]
    _index: dict[str, int] = field(init=False, repr=False, compare=False)
    _terms: list[list[tuple[int, int]]] = field(init=False, repr=False, compare=False)
    _uses: list[list[tuple[int, int]]] = field(init=False, repr=False, compare=False)
    _reach: tuple[list[int], list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Give every unknown a number, once for all searches."""
        for name, (least, greatest) in self.bounds.items():
            if least > greatest:
                raise ValueError(
                    f"found bounds {(least, greatest)} of {name}, expected the lower one first"
                )
        index = {name: position for position, name in enumerate(self.bounds)}
        uses: list[list[tuple[int, int]]] = [[] for _ in index]
        compiled: list[list[tuple[int, int]]] = []
        for number, constraint in enumerate(self.constraints):
            names = [name for name, _ in constraint.terms]
            unknown = [name for name in names if name not in index]
            if (
                unknown
                or len(set(names)) < len(names)
                or any(not factor for _, factor in constraint.terms)
            ):
                raise ValueError(
                    f"found constraint {constraint}, expected each of its unknowns once, bounded, with a coefficient"
                )
            compiled.append([(index[name], factor) for name, factor in constraint.terms])
            for name, factor in constraint.terms:
                uses[index[name]].append((number, factor))
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_terms", compiled)
        object.__setattr__(self, "_uses", uses)
        object.__setattr__(self, "_reach", self._reaches())

    def _reaches(self) -> tuple[list[int], list[int]]:
        """Return the least and the greatest value of the sum of each constraint."""
        least, most = [], []
        for constraint in self.constraints:
            ends = [(factor, self.bounds[name]) for name, factor in constraint.terms]
            least.append(sum(factor * end[factor < 0] for factor, end in ends))
            most.append(sum(factor * end[factor > 0] for factor, end in ends))
        return least, most

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the constraints, in order of first appearance."""
        return tuple(dict.fromkeys(constraint.label for constraint in self.constraints))
