"""What a check returns: findings, and what each means for its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from netcore.printed import ROUNDINGS, Interval

__all__ = ["Bearing", "Conventions", "Finding", "Kind", "Repair", "RepairKind", "Verdict"]

Kind = Literal["support", "conflict", "note"]
"""What a finding is: values that hold together, values that cannot, or something worth knowing."""
RepairKind = Literal["value", "one digit", "digits exchanged", "sign", "exchange"]
"""How small a change of a printed value is."""


class Verdict(StrEnum):
    """What can be said of a printed value, given everything else printed.

    The order is that of precedence: the first that a claim earns is its
    verdict.
    """

    INCONSISTENT = "inconsistent"
    CONDITIONAL = "conditional"
    REPRODUCED = "reproduced"
    POSSIBLE = "possible"
    OPEN = "open"
    UNCONSTRAINED = "unconstrained"

    @property
    def meaning(self) -> str:
        """One sentence for a reader."""
        return _MEANINGS[self]


_MEANINGS = {
    Verdict.REPRODUCED: "Recomputed from other printed values, and it prints the same.",
    Verdict.POSSIBLE: "Other printed values bound it, and patients exist that fit them all.",
    Verdict.CONDITIONAL: "It holds, or conflicts, only under an assumption that the paper does not state.",
    Verdict.INCONSISTENT: "It cannot hold together with the values named beside it, whatever the paper leaves unsaid.",
    Verdict.OPEN: "Other printed values bound it; no check has settled it yet.",
    Verdict.UNCONSTRAINED: "No check relates it to another printed value, or any value would pass.",
}


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a paper leaves unsaid and the reader may choose.

    Parameters
    ----------
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.
    alpha : Fraction, optional
        The level behind ``ns``; None for the one that the paper prints, or
        0.05 where it prints none.

    Raises
    ------
    ValueError
        If the rounding is unknown or alpha is not between 0 and 1.
    """

    rounding: str = "nearest"
    alpha: Fraction | None = None

    def __post_init__(self) -> None:
        """Refuse what no check could follow."""
        if self.rounding not in ROUNDINGS:
            raise ValueError(
                f"found rounding {self.rounding!r}, expected one of {', '.join(ROUNDINGS)}"
            )
        if self.alpha is not None and not 0 < self.alpha < 1:
            raise ValueError(f"found alpha {self.alpha}, expected a number between 0 and 1")

    def as_text(self) -> tuple[str, ...]:
        """Return the conventions as short sentences.

        Returns
        -------
        tuple of str
            One for the rounding, and one for alpha where the reader chose
            it.
        """
        rounding = (f"rounding: {self.rounding} ({ROUNDINGS[self.rounding]})",)
        return rounding if self.alpha is None else (*rounding, f"alpha: {float(self.alpha):g}")


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a finding means for one of its claims.

    Parameters
    ----------
    verdict : Verdict or None
        The verdict that it earns the claim; None if it leaves that to others.
    sentence : str
        The evidence in one plain sentence.
    recomputed : str or None
        The value that follows from others, as this paper would print it.
    attainable : tuple of Interval or None
        All values that would also have passed.
    """

    verdict: Verdict | None
    sentence: str
    recomputed: str | None = None
    attainable: tuple[Interval, ...] | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of printed values after which a conflict is gone.

    Parameters
    ----------
    claims : tuple of str
        The claims whose values change.
    change : str
        The change, in words.
    kind : {'value', 'one digit', 'digits exchanged', 'sign', 'exchange'}
        How small a change it is: of one digit, of two digits that change
        places, of a sign, of whole values that change places, or another.
    replacements : tuple of (str, str)
        Claims and what they would print instead; empty where the change is
        not one of printed values, such as another denominator.
    verified : bool
        Whether all checks were run again with the replacements, and neither
        this conflict nor a new one was left.
    """

    claims: tuple[str, ...]
    change: str
    kind: RepairKind = "value"
    replacements: tuple[tuple[str, str], ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that follows from a set of claims.

    Parameters
    ----------
    check : str
        Name of the check.
    paper : str
        Key of the paper.
    kind : {'support', 'conflict', 'note'}
        A note is worth knowing, proves nothing and changes no verdict.
    claims : tuple of str
        Ids of the claims that it binds: the smallest set.
    statement : str
        What is printed and what follows, in plain words.
    bearings : Mapping of str to Bearing
        What it means for claims.  A claim of a conflict may have none: then
        other printed values hold it in place, and no change of it alone would
        resolve the conflict.
    assumptions : tuple of str
        What it assumes that the paper does not state.
    resolved_by : tuple of str
        What would settle it.
    repairs : tuple of Repair
        Changes of printed values that would remove the conflict.
    tried : int
        How many small changes were tried in search of repairs.
    changes : str
        What it changes for a reader of the paper.
    conventions : tuple of str
        The conventions under which it was found.
    elsewhere : tuple of str
        What it rests on in other documents: ``key``, or ``key#claim``.
    witness, certificate : Mapping or None
        Data that fit, or a proof that none do, as plain JSON values.
    ordinal : int
        1, or more where an earlier finding of the check has the same first claim.
    """

    check: str
    paper: str
    kind: Kind
    claims: tuple[str, ...]
    statement: str
    bearings: Mapping[str, Bearing] = field(default_factory=lambda: MappingProxyType({}))
    assumptions: tuple[str, ...] = ()
    resolved_by: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    tried: int = 0
    changes: str = ""
    conventions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    witness: Mapping[str, object] | None = None
    certificate: Mapping[str, object] | None = None

    ordinal: int = 1

    @property
    def id(self) -> str:
        """Stable address: the check and the first claim, numbered if there are several."""
        name = f"{self.check}.{self.claims[0]}"
        return name if self.ordinal == 1 else f"{name}.{self.ordinal}"

    @property
    def held_by_others(self) -> tuple[str, ...]:
        """Claims of a conflict that no change of theirs alone would resolve."""
        if self.kind != "conflict":
            return ()
        return tuple(claim for claim in self.claims if claim not in self.bearings)
