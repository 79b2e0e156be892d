"""A loaded study: what the paper is about, and all its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from netcore.printed import Printed, parse_printed
from netcore.study.claim_rules import printed_kind
from netcore.study.models import (
    Analysis,
    Claim,
    Condition,
    Location,
    PaperInfo,
    Population,
    Variable,
)
from netcore.study.problems import nearest

__all__ = ["Study"]


@dataclass(frozen=True)
class Study:
    """One paper, loaded and found consistent in form (not in content).

    Parameters
    ----------
    folder : Path
        Where it was loaded from.
    paper : PaperInfo
        Which paper it is.
    locations, populations, variables, analyses : mapping
        Read-only, in the order of the file.
    claims : tuple of Claim
        In the order of the file.
    """

    folder: Path
    paper: PaperInfo
    locations: Mapping[str, Location]
    populations: Mapping[str, Population]
    variables: Mapping[str, Variable]
    analyses: Mapping[str, Analysis]
    claims: tuple[Claim, ...] = field(repr=False)
    _by_id: Mapping[str, Claim] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the mappings read-only, and the index of claims."""
        for name in ("locations", "populations", "variables", "analyses"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(
            self, "_by_id", MappingProxyType({claim.claim: claim for claim in self.claims})
        )

    def __hash__(self) -> int:
        """Hash by key and claims, so that results for a study can be cached."""
        return hash((self.folder, self.paper.key, self.claims))

    def claim_by_id(self, claim_id: str) -> Claim:
        """Return the claim with an identifier.

        Parameters
        ----------
        claim_id : str
            What stands in the column ``claim``, or was generated for it.

        Returns
        -------
        Claim
            The claim.

        Raises
        ------
        KeyError
            If the study has no such claim; names the nearest.
        """
        try:
            return self._by_id[claim_id]
        except KeyError:
            near = nearest(claim_id, self._by_id)
            suggestion = f" (nearest: {near})" if near else ""
            raise KeyError(f"no claim {claim_id!r} in {self.paper.key}{suggestion}") from None

    def is_numeric(self, claim: Claim) -> bool:
        """Return whether a claim prints a number (or bound, range or token).

        Parameters
        ----------
        claim : Claim
            A claim of this study.

        Returns
        -------
        bool
            False for dates, and for the level that a single patient had.
        """
        # All readings agree on this, or the study would not have loaded.
        variable = claim.readings("variable")[0]
        return (
            printed_kind(claim.readings("stat_name")[0], self.variables.get(variable)) == "number"
        )

    def printed(self, claim: Claim) -> Printed:
        """Parse what a claim prints, with the marks of its location.

        Parameters
        ----------
        claim : Claim
            A numeric claim of this study.

        Returns
        -------
        Printed
            The parsed value.

        Raises
        ------
        ValueError
            If the claim prints a date or a level.
        """
        if not self.is_numeric(claim):
            raise ValueError(
                f"found {claim.printed!r} in claim {claim.claim}, expected a numeric claim"
            )
        location = self.locations[claim.location]
        return parse_printed(claim.printed, decimal=location.decimal, thousands=location.thousands)

    def ancestors(self, population: str) -> tuple[str, ...]:
        """Return the populations that one is a part of, from the nearest to the root.

        Parameters
        ----------
        population : str
            The name of a population.

        Returns
        -------
        tuple of str
            Empty for a root.

        Raises
        ------
        KeyError
            If there is no such population.
        """
        found: list[str] = []
        parent = self.populations[population].of
        while parent is not None:
            found.append(parent)
            parent = self.populations[parent].of
        return tuple(found)

    def root(self, population: str) -> str:
        """Return the root of a population, which may be itself.

        Parameters
        ----------
        population : str
            The name of a population.

        Returns
        -------
        str
            The name of the root.
        """
        return (population, *self.ancestors(population))[-1]

    def units(self, population: str) -> str:
        """Return what is counted in a population.

        Parameters
        ----------
        population : str
            The name of a population.

        Returns
        -------
        str
            Such as ``patients``: the units of its root.
        """
        units = self.populations[self.root(population)].units
        assert units is not None  # every root has units
        return units

    def conditions(self, population: str) -> frozenset[Condition]:
        """Return everything that makes a unit of the root a member.

        Parameters
        ----------
        population : str
            The name of a population.

        Returns
        -------
        frozenset of Condition
            Its own conditions and those that it inherits, each with the time
            of the population that states it.
        """
        return frozenset(
            Condition(variable, self.populations[name].at or "", level)
            for name in (population, *self.ancestors(population))
            for variable, level in self.populations[name].where.items()
        )
