"""Pairs that have the printed quantiles before and after, and a printed signed-rank p-value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from random import Random
from typing import Final, TypeVar

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.quantiles.definitions import defines
from netcore.stats.ranks.boxes import Sample
from netcore.stats.ranks.drawn_values import drawn_values
from netcore.stats.ranks.fitting import Effort
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.signed_rank import signed_rank_p

__all__ = ["PairsFit", "PrintedPairs", "fit_pairs", "signed_ranks", "usual_flavours"]

_DRAWS: Final = 200
_SWAPS: Final = 250
_STARTS: Final = 3
_DEFINITIONS: Final = 3
_LARGEST_EXACT: Final = 50

Values = tuple[Fraction, ...]
_Number = TypeVar("_Number", int, Fraction)


@dataclass(frozen=True, slots=True)
class PrintedPairs:
    """What is printed of pairs of values, of a known number.

    Parameters
    ----------
    number : int
        How many pairs.
    before, after, differences : Sample or None
        The values and their differences, after less before; None where nothing is printed.
    """

    number: int
    before: Sample | None = None
    after: Sample | None = None
    differences: Sample | None = None


@dataclass(frozen=True, slots=True)
class PairsFit:
    """Pairs that give what is printed.

    Parameters
    ----------
    before, after : tuple of Fraction
        Each value and its partner, in the same order; differences stand against zero.
    definition : str
        How quantiles are defined.
    flavour : str
        Key of the flavour of the test; zeros are left out.
    p : Interval
        The p-value, between two fractions.
    """

    before: Values
    after: Values
    definition: str
    flavour: str
    p: Interval


def signed_ranks(differences: Sequence[_Number]) -> tuple[Fraction, tuple[int, ...], int]:
    """Return the statistic of differences, zeros left out.

    Parameters
    ----------
    differences : sequence of Fraction or int
        After less before.

    Returns
    -------
    tuple of (Fraction, tuple of int, int)
        W, the sum of the midranks of the positive ones; sizes of the groups of differences
        that are tied but for the sign, in ascending order; and how many are zero.

    Examples
    --------
    >>> signed_ranks([Fraction(3), Fraction(-1), Fraction(1), Fraction(0)])
    (Fraction(9, 2), (2, 1), 1)
    """
    groups = Counter(abs(value) for value in differences if value)
    doubled: dict[_Number, int] = {}
    below = 0
    sizes = []
    for size in sorted(groups):
        doubled[size] = 2 * below + groups[size] + 1
        below += groups[size]
        sizes.append(groups[size])
    positive = sum(doubled[value] for value in differences if value > 0)
    return Fraction(positive, 2), tuple(sizes), len(differences) - below


def usual_flavours(
    software: frozenset[str] | None, number: int, *, ties: bool, zeros: bool
) -> tuple[str, ...]:
    """Return the flavours that software prints for such differences unless told otherwise.

    Parameters
    ----------
    software : frozenset of str or None
        Keys as in :data:`netcore.stats.ranks.flavours.FLAVOURS`; None if any may have been used.
    number : int
        How many differences are not zero.
    ties, zeros : bool
        Whether some have the same size, and whether some are zero.

    Returns
    -------
    tuple of str
        Keys of flavours, each once.

    Notes
    -----
    From the manuals of R, SciPy, SPSS, Stata, SAS, Prism, MATLAB, Minitab and Statistica.  Stata
    ranks zeros too, and SAS approximates by Student's t; neither is among the flavours here.

    Examples
    --------
    >>> usual_flavours(frozenset({"r_before_4_6"}), 12, ties=False, zeros=False)
    ('exact',)
    """
    exact = "conditional_doubled" if ties else "exact"
    plain = not ties and not zeros
    small = number < _LARGEST_EXACT
    found: dict[str, tuple[str, ...]] = {
        "r_before_4_6": ("exact",) if plain and small else ("normal_corrected",),
        "r_from_4_6": (exact,) if small else ("normal_corrected",),
        "exact_rank_tests": (exact,) if small else ("normal_corrected",),
        "scipy": ("exact",) if plain and number <= _LARGEST_EXACT else ("normal",),
        "spss": ("normal",),
        "stata": () if zeros else ("normal",),
        "coin": () if zeros else ("normal",),
        "sas": (exact,) if number <= 20 else (),
        "prism": (exact,) if number <= 200 else ("normal",),
        "matlab": (exact,) if number <= 15 else ("normal",),
        "minitab": ("normal_corrected",),
        "statistica": ("normal", "normal_unadjusted"),
        "medcalc": ("normal",),
    }
    keys = [key for name, flavours in found.items() if software is None or name in software
            for key in flavours]  # fmt: skip
    return tuple(dict.fromkeys(keys))


def _p_of(flavour: Flavour, w: Fraction, groups: tuple[int, ...]) -> Enclosure | None:
    if flavour.needs_no_ties and max(groups) > 1:
        return None
    if flavour.distribution == "exact" and (2 * w) % 2:
        return None  # software that leaves ties out of account cuts or rounds it
    return _p(flavour, w, groups)


@lru_cache(maxsize=16_384)
def _p(flavour: Flavour, w: Fraction, groups: tuple[int, ...]) -> Enclosure:
    return signed_rank_p(flavour, w, groups)


def _side(window: Interval, p: Enclosure) -> int:
    """Return 0 if a p-value is inside of a window, else on which side of it."""
    if window.low is not None and p.low <= window.low and not window.low == 0 == p.low:
        return -1
    if window.high is not None and p.high >= window.high and not window.high == 1 == p.high:
        return 1
    return 0


def fit_pairs(
    printed: PrintedPairs,
    window: Interval,
    definitions: Sequence[str],
    software: frozenset[str] | None,
    *,
    usual: bool = True,
    effort: int = 1_200,
) -> PairsFit | None:
    """Search pairs that give what is printed.

    Parameters
    ----------
    printed : PrintedPairs
        The quantiles; those of differences together with those of values are not searched.
    window : Interval
        The p-values that print as printed.
    definitions : sequence of str
        How the quantiles may be defined.
    software : frozenset of str or None
        Keys of the software; None if any may have been used.
    usual : bool
        Whether a flavour counts only where the software prints it unless told otherwise.
    effort : int
        How many pairs to look at.

    Returns
    -------
    PairsFit or None
        Pairs whose quantiles and p-value lie inside of their windows; None if none were found,
        which proves nothing.

    Examples
    --------
    >>> found = fit_pairs(
    ...     PrintedPairs(7),
    ...     Interval(Fraction(31, 200), Fraction(33, 200)),
    ...     ["type7"],
    ...     frozenset({"r_before_4_6"}),
    ... )
    >>> found.flavour, str(found.p.low)
    ('exact', '5/32')
    """
    random = Random(printed.number)  # the same search every time
    samples = [printed.before, printed.after, printed.differences]
    shares = {share for sample in samples if sample for share, _ in sample.quantiles}
    left = Effort(effort)
    kept = [name for name in definitions if all(defines(name, share) for share in shares)]
    for definition in kept[:_DEFINITIONS]:
        for before, after in _starts(printed, definition, random):
            if left.left <= 0:
                return None
            made = _Made(before, after, definition)
            found = _moved(made, window, software, usual, printed, random, left)
            if found is not None:
                return found
    return None


def _starts(
    printed: PrintedPairs, definition: str, random: Random
) -> Iterator[tuple[Values, Values]]:
    zero = (Fraction(0),) * printed.number
    if printed.before is None or printed.after is None:
        sample = printed.differences or Sample(printed.number, (), Interval(Fraction(-1), _ONE))
        for _ in range(_DRAWS):
            found = drawn_values(sample, definition, random)
            if found is not None:
                yield zero, found
        return
    for _ in range(_STARTS):
        before = drawn_values(printed.before, definition, random)
        after = drawn_values(printed.after, definition, random)
        if before is not None and after is not None:
            yield before, tuple(random.sample(after, len(after)))


_ONE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class _Made:
    """Values with the printed quantiles by a definition, and partners at random."""

    before: Values
    after: Values
    definition: str


def _moved(
    made: _Made,
    window: Interval,
    software: frozenset[str] | None,
    usual: bool,
    printed: PrintedPairs,
    random: Random,
    effort: Effort,
) -> PairsFit | None:
    """Change who belongs to whom, or the signs that nothing fixes, until the p-value fits."""
    # Whole numbers that compare alike are quicker.
    scale = lcm(*(value.denominator for value in (*made.before, *made.after)))
    before = [int(value * scale) for value in made.before]
    current = [int(value * scale) for value in made.after]
    number = len(current)
    is_free = printed.before is None and printed.differences is None
    best: float | None = None
    target = _target(window)
    for turn in range(_SWAPS):
        changed = list(current)
        if turn and is_free:
            k = random.randrange(number)
            changed[k] = -changed[k]
        elif turn:
            i, j = random.randrange(number), random.randrange(number)
            changed[i], changed[j] = changed[j], changed[i]
        differences = [b - a for a, b in zip(before, changed, strict=True)]
        effort.left -= 1
        if effort.left < 0:
            return None
        w, groups, zeros = signed_ranks(differences)
        if not groups:
            continue
        keys = usual_flavours(
            software, sum(groups), ties=max(groups) > 1, zeros=zeros > 0
        ) if usual else tuple(FLAVOURS)  # fmt: skip
        away: float | None = None
        for key in keys:
            flavour = FLAVOURS[key]
            if flavour.alternative != "two-sided" or flavour.distribution == "t":
                continue
            if flavour.rule == "distance":
                continue
            p = _p_of(flavour, w, groups)
            if p is None:
                continue
            if _side(window, p) == 0:
                return PairsFit(
                    made.before,
                    tuple(Fraction(value, scale) for value in changed),
                    made.definition,
                    key,
                    Interval(p.low, p.high),
                )
            distance = abs(float(p.high) - target)
            away = distance if away is None else min(away, distance)
        if away is not None and (best is None or away <= best):
            best, current = away, changed
        if turn == 0 and printed.differences is not None and printed.before is None:
            return None  # of differences alone nothing can be exchanged
    return None


def _target(window: Interval) -> float:
    low = 0.0 if window.low is None else float(window.low)
    high = 1.0 if window.high is None else float(window.high)
    return (low + high) / 2
