"""Inequalities with rational coefficients, and proofs that they exclude one another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from netcore.printed import Interval

__all__ = ["Inequality", "Proof", "Sum", "WholeCut", "check", "used"]


@dataclass(frozen=True, slots=True)
class Inequality:
    """A linear form of unknowns, and the window that it lies in.

    Parameters
    ----------
    terms : Mapping of str to Fraction
        Coefficients (not 0) by the name of the unknown.
    window : Interval
        Where the form lies.

    Raises
    ------
    ValueError
        If nothing lies in the window: no multiplier takes both of its ends.
    """

    terms: Mapping[str, Fraction]
    window: Interval

    def __post_init__(self) -> None:
        """Refuse what is a contradiction by itself."""
        if self.window.is_empty:
            raise ValueError(f"found the window {self.window}, expected one that holds a number")


@dataclass(frozen=True, slots=True)
class Sum:
    """Multipliers of the inequalities, under which all unknowns cancel.

    Parameters
    ----------
    multipliers : tuple of Fraction
        One for each inequality, those of the cuts above last.  A positive one
        takes the low end of its window, a negative one the high end.
    """

    multipliers: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class WholeCut:
    """Two cases of a whole number: at most some value, or more.

    Parameters
    ----------
    unknown : str
        Name of the unknown.
    most : int
        Its greatest value in the first case.
    below, above : Sum or WholeCut
        The proofs of the two cases, each with one more inequality.
    """

    unknown: str
    most: int
    below: Sum | WholeCut
    above: Sum | WholeCut


Proof = Sum | WholeCut
"""A proof: one sum of inequalities, or two cases of a whole number."""


def check(inequalities: Sequence[Inequality], proof: Proof, whole: Collection[str] = ()) -> bool:
    """Replay a proof that inequalities exclude one another.

    Parameters
    ----------
    inequalities : sequence of Inequality
        What holds.
    proof : Sum or WholeCut
        The proof.
    whole : collection of str
        Names of the unknowns that are whole numbers.

    Returns
    -------
    bool
        Whether each sum cancels all unknowns and leaves 0 at or above a
        positive number.

    Notes
    -----
    With multipliers m and forms f(x) in windows [l, u], sum m f(x) is at
    least the sum of m l over positive and m u over negative m (Farkas 1902,
    doi:10.1515/crll.1902.124.1).  If the left side is 0 for every x, a
    positive right side is a contradiction; so is 0, if one of the ends is open.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> low = Inequality({"x": F(1)}, Interval(F(3), None))
    >>> high = Inequality({"x": F(1)}, Interval(None, F(2)))
    >>> check([low, high], Sum((F(1), F(-1))))
    True
    """
    if isinstance(proof, WholeCut):
        form = {proof.unknown: Fraction(1)}
        below = Inequality(form, Interval(None, Fraction(proof.most)))
        above = Inequality(form, Interval(Fraction(proof.most + 1), None))
        return (
            proof.unknown in whole
            and check([*inequalities, below], proof.below, whole)
            and check([*inequalities, above], proof.above, whole)
        )
    if len(proof.multipliers) != len(inequalities):
        return False
    left: dict[str, Fraction] = {}
    right, is_open = Fraction(0), False
    for multiplier, inequality in zip(proof.multipliers, inequalities, strict=True):
        if multiplier == 0:
            continue
        window = inequality.window
        end = window.low if multiplier > 0 else window.high
        if end is None:
            return False
        is_open |= not (window.low_closed if multiplier > 0 else window.high_closed)
        right += multiplier * end
        for name, factor in inequality.terms.items():
            left[name] = left.get(name, Fraction(0)) + multiplier * factor
    return not any(left.values()) and (right > 0 or (right == 0 and is_open))


def used(proof: Proof, number: int) -> set[int]:
    """Return which inequalities a proof uses.

    Parameters
    ----------
    proof : Sum or WholeCut
        The proof.
    number : int
        How many inequalities there are before the first cut.

    Returns
    -------
    set of int
        Positions of those with a multiplier other than 0 in any of its sums.
    """
    if isinstance(proof, WholeCut):
        return used(proof.below, number) | used(proof.above, number)
    return {place for place in range(number) if proof.multipliers[place]}
