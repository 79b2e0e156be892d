"""Definitions of a quantile: which of the ordered values enter it, and with which weight.

Every definition in use places the quantile of share p at an exact position h
among the n ordered values, numbered from 1.  At a whole position the quantile is
that value; between two it is their weighted mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from types import MappingProxyType
from typing import Final

__all__ = [
    "ALIASES",
    "DEFINITIONS",
    "QUANTILES",
    "LinearForm",
    "defines",
    "definitions_of",
    "loosest_indices",
    "quantile_form",
]

DEFINITIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type1": "inverse of the empirical distribution function (PSPP and Statistica offer it)",
        "type2": "the same, with the mean of two values at a step (SAS, Stata, Origin, R cards)",
        "type3": "nearest value, halves to the even one (SAS with PCTLDEF=2)",
        "type4": "interpolated at n p (SAS with PCTLDEF=1)",
        "type5": "interpolated at n p + 1/2 (MATLAB, MedCalc, SigmaPlot)",
        "type6": "interpolated at (n + 1) p (SPSS, Prism, Minitab, JMP, Stata centile, QUARTILE.EXC)",
        "type7": "interpolated at (n - 1) p + 1 (R, Excel QUARTILE and QUARTILE.INC, NumPy, jamovi)",
        "type8": "interpolated at (n + 1/3) p + 1/3 (recommended by Hyndman and Fan)",
        "type9": "interpolated at (n + 1/4) p + 3/8 (normal scores)",
        "tukey": "hinges: medians of the halves, each with the median of all (R fivenum and boxplot)",
        "moore_mccabe": "medians of the halves without the median of all (TI-83, textbooks)",
        "mendenhall_sincich": "value nearest to (n + 1) p, halves towards the median (textbooks)",
        "hogg_ledolter": "at n p + 1/2, halfway between two values (textbooks)",
        "prism4": "at (n + 1) p, halfway between two values (GraphPad Prism 3 and 4)",
        "nearest_up": "nearest value to n p, halves upwards (SPSS EXAMINE, ROUND; Statistica)",
        "upper_cdf": "the least value with more than the share p of all at or below it",
        "lower": "the value at or before (n - 1) p + 1 (offered by NumPy and pandas)",
        "higher": "the value at or after (n - 1) p + 1 (offered by NumPy and pandas)",
        "midpoint": "at (n - 1) p + 1, halfway between two values (offered by NumPy and pandas)",
        "nearest": "value nearest to (n - 1) p + 1, halves to the even one (offered by NumPy)",
    }
)
"""Each definition that differs from the others for some n, with software that uses it.

The numbers of the types are those of Hyndman and Fan (1996).
"""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "excel_inc": "type7",
        "excel_exc": "type6",
        "freund_perles": "type7",
        "hazen": "type5",
        "weibull": "type6",
        "minitab": "type6",
        "vining": "tukey",
        "median_low": "type1",
        "median_high": "upper_cdf",
    }
)
"""Other names: of the same form for every n (``median_low`` and ``median_high`` of the median)."""

QUANTILES: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        "min": Fraction(0),
        "p10": Fraction(1, 10),
        "p25": Fraction(1, 4),
        "median": Fraction(1, 2),
        "p75": Fraction(3, 4),
        "p90": Fraction(9, 10),
        "max": Fraction(1),
    }
)
"""The share of values below each statistic, in ascending order."""

_HALF: Final = Fraction(1, 2)
_QUARTILES: Final = frozenset({Fraction(1, 4), _HALF, Fraction(3, 4)})


@dataclass(frozen=True, slots=True)
class LinearForm:
    """A weighted mean of two neighbours among ordered values.

    Parameters
    ----------
    index : int
        Number of the lower of the two, from 1.
    weight : Fraction
        Weight of the value after it, from 0 (only one value enters) to less than 1.

    Notes
    -----
    The quantile is (1 − weight) x_(index) + weight x_(index + 1); a form with a
    weight above 0 never names a value beyond the last.
    """

    index: int
    weight: Fraction

    @property
    def indices(self) -> tuple[int, ...]:
        """The numbers of the values that enter."""
        return (self.index, self.index + 1) if self.weight else (self.index,)

    def value(self, ordered: Sequence[Fraction]) -> Fraction:
        """Compute the quantile of given values.

        Parameters
        ----------
        ordered : sequence of Fraction
            All values in ascending order.

        Returns
        -------
        Fraction
            The exact quantile.
        """
        lower = ordered[self.index - 1]
        if not self.weight:
            return lower
        return (1 - self.weight) * lower + self.weight * ordered[self.index]


def _halfway(position: Fraction) -> Fraction:
    below = floor(position)
    return Fraction(below) if below == position else below + _HALF


def _mirrored(lower: Callable[[int], Fraction]) -> Callable[[Fraction, int], Fraction]:
    """Return positions of the quartiles: the upper one is the lower one counted from the end."""

    def position(share: Fraction, n: int) -> Fraction:
        if share == _HALF:
            return Fraction(n + 1, 2)
        return lower(n) if share < _HALF else n + 1 - lower(n)

    return position


# Positions before they are clamped to 1..n.
_OF_ANY_SHARE: Final[Mapping[str, Callable[[Fraction, int], Fraction | int]]] = {
    "type1": lambda p, n: ceil(n * p),
    "type2": lambda p, n: n * p + _HALF if (n * p).denominator == 1 else ceil(n * p),
    "type3": lambda p, n: round(n * p),  # Fraction rounds halves to even
    "type4": lambda p, n: n * p,
    "type5": lambda p, n: n * p + _HALF,
    "type6": lambda p, n: (n + 1) * p,
    "type7": lambda p, n: (n - 1) * p + 1,
    "type8": lambda p, n: (n + Fraction(1, 3)) * p + Fraction(1, 3),
    "type9": lambda p, n: (n + Fraction(1, 4)) * p + Fraction(3, 8),
    "hogg_ledolter": lambda p, n: _halfway(n * p + _HALF),
    "prism4": lambda p, n: _halfway((n + 1) * p),
    "nearest_up": lambda p, n: floor(n * p + _HALF),
    "upper_cdf": lambda p, n: floor(n * p) + 1,
    "lower": lambda p, n: floor((n - 1) * p) + 1,
    "higher": lambda p, n: ceil((n - 1) * p) + 1,
    "midpoint": lambda p, n: _halfway((n - 1) * p) + 1,
    "nearest": lambda p, n: round((n - 1) * p) + 1,
}
_OF_QUARTILES: Final[Mapping[str, Callable[[Fraction, int], Fraction]]] = {
    "tukey": _mirrored(lambda n: Fraction((n + 3) // 2, 2)),
    "moore_mccabe": _mirrored(lambda n: Fraction(n // 2 + 1, 2)),
    "mendenhall_sincich": _mirrored(lambda n: Fraction(floor(Fraction(n + 1, 4) + _HALF))),
}


def defines(definition: str, share: Fraction) -> bool:
    """Return whether a definition says what the quantile of a share is.

    Parameters
    ----------
    definition : str
        A key of :data:`DEFINITIONS` or :data:`ALIASES`.
    share : Fraction
        The share of values below, from 0 to 1.

    Returns
    -------
    bool
        True for the least value, the quartiles, the median and the greatest value; False
        for other shares of a definition that speaks of halves.

    Raises
    ------
    ValueError
        If the definition is unknown or the share is not between 0 and 1.

    Examples
    --------
    >>> defines("tukey", Fraction(1, 4)), defines("tukey", Fraction(1, 10))
    (True, False)
    """
    if not 0 <= share <= 1:
        raise ValueError(f"found share {share}, expected 0 to 1")
    name = ALIASES.get(definition, definition)
    if name not in DEFINITIONS:
        raise ValueError(f"found definition {definition!r}, expected one of {list(DEFINITIONS)}")
    return name in _OF_ANY_SHARE or share in _QUARTILES or share in (0, 1)


@lru_cache(maxsize=1 << 14)
def quantile_form(definition: str, share: Fraction, number: int) -> LinearForm:
    """Return which of n ordered values a quantile is made of.

    Parameters
    ----------
    definition : str
        A key of :data:`DEFINITIONS` or :data:`ALIASES`.
    share : Fraction
        The share of values below: 0 for the least value, 1/2 for the median, 1 for
        the greatest.
    number : int
        How many values there are, at least 1.

    Returns
    -------
    LinearForm
        The two neighbours and the weight of the second.

    Raises
    ------
    ValueError
        If the definition is unknown or does not define this share, the share is not
        between 0 and 1 or the number is less than 1.

    Notes
    -----
    Types 1 to 9 place the quantile at h = n p + m with m = 0 (types 1, 2 and 4),
    −1/2 (3), 1/2 (5), p (6), 1 − p (7), (p + 1)/3 (8), p/4 + 3/8 (9); types 1 to 3 then
    round to a value, or to halfway between two.  Positions before the first or after
    the last value are moved to it.

    References
    ----------
    Hyndman RJ, Fan Y (1996). Sample quantiles in statistical packages. The American
    Statistician 50(4):361-365. doi:10.1080/00031305.1996.10473566

    Langford E (2006). Quartiles in elementary statistics. Journal of Statistics Education
    14(3). doi:10.1080/10691898.2006.11910589

    Examples
    --------
    The lower quartile of 15 values is the fourth one in SPSS, and halfway to the fifth in R.

    >>> quantile_form("type6", Fraction(1, 4), 15)
    LinearForm(index=4, weight=Fraction(0, 1))
    >>> quantile_form("type7", Fraction(1, 4), 15)
    LinearForm(index=4, weight=Fraction(1, 2))
    """
    if number < 1:
        raise ValueError(f"found {number} values, expected at least 1")
    if not defines(definition, share):
        raise ValueError(
            f"found share {share}, expected 0, 1/4, 1/2, 3/4 or 1, which {definition} defines"
        )
    if share == 0 or share == 1:  # every definition agrees on the extremes
        return LinearForm(1 if share == 0 else number, Fraction(0))
    name = ALIASES.get(definition, definition)
    of_name = _OF_ANY_SHARE.get(name) or _OF_QUARTILES[name]
    position = min(max(Fraction(of_name(share, number)), Fraction(1)), Fraction(number))
    index = floor(position)
    return LinearForm(index, position - index)


def loosest_indices(
    share: Fraction, number: int, definitions: Sequence[str] = ()
) -> tuple[int, int]:
    """Return the first and the last of the ordered values that can enter a quantile.

    Parameters
    ----------
    share : Fraction
        The share of values below, from 0 to 1.
    number : int
        How many values there are, at least 1.
    definitions : sequence of str
        The definitions considered; all of :data:`DEFINITIONS` if empty.  Those that do
        not define the share are left out.

    Returns
    -------
    tuple of (int, int)
        Numbers, from 1, with x_(first) ≤ quantile ≤ x_(last) by every definition.

    Raises
    ------
    ValueError
        If a definition is unknown, none of those given defines the share, the share is not
        between 0 and 1 or the number is less than 1.

    Notes
    -----
    Over all definitions and 0 < p < 1, first = floor(n p) and last = ceil(n p + max(p, 1 − p)),
    moved into 1..n: the positions of type 4, and of type 6 or 7, rounded outwards.  So the
    bound holds also for a definition that is not listed, if it places the quantile between.

    Examples
    --------
    >>> loosest_indices(Fraction(1, 4), 15), loosest_indices(Fraction(1, 2), 15, ["type7"])
    ((3, 5), (8, 8))
    """
    return _loosest(share, number, tuple(definitions or DEFINITIONS))


@lru_cache(maxsize=1 << 14)
def _loosest(share: Fraction, number: int, definitions: tuple[str, ...]) -> tuple[int, int]:
    forms = [quantile_form(name, share, number) for name in definitions if defines(name, share)]
    if not forms:
        raise ValueError(f"found share {share}, expected one that {definitions} define")
    return min(form.index for form in forms), max(form.indices[-1] for form in forms)


# What software offers without being asked for another definition.  Several where its
# commands differ, or where a setting that the paper does not print decides.
_SOFTWARE: Final[Mapping[str, tuple[str, ...]]] = {
    "r": ("type7", "type2", "tukey"),
    "excel": ("type7", "type6"),
    "spss": ("type6", "tukey"),
    "statistica": ("type1", "type2", "type4", "type6", "type7", "type3", "nearest_up"),
    "sas": ("type2",),
    "stata": ("type2", "type6"),
    "prism": ("type6", "prism4"),
    "medcalc": ("type5",),
    "minitab": ("type6",),
    "jmp": ("type6",),
    "matlab": ("type5",),
    "origin": ("type2",),
    "sigmaplot": ("type5", "type6"),
    "jamovi": ("type7",),
    "jasp": ("type7", "type6"),
    "python": ("type7", "type6"),
    "julia": ("type7",),
    "mathematica": ("type1", "type5"),
}
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "rstudio": "r",
    "ezr": "r",
    "statsoft": "statistica",
    "graphpad": "prism",
    "pspp": "spss",
    "pasw": "spss",
    "originpro": "origin",
    "numpy": "python",
    "pandas": "python",
    "scipy": "python",
    "libreoffice": "excel",
}


def definitions_of(software: Sequence[str]) -> tuple[str, ...]:
    """Return the definitions that software uses unless it is told otherwise.

    Parameters
    ----------
    software : sequence of str
        Names as printed, with versions (``IBM SPSS Statistics 26``).

    Returns
    -------
    tuple of str
        Keys of :data:`DEFINITIONS`, in their order; empty if no name is given or one of
        them is unknown, because the quantiles can come from it.

    Notes
    -----
    That the default was used is an assumption: most programs offer other definitions.

    Examples
    --------
    >>> definitions_of(["GraphPad Prism 9", "R 4.2.0"])
    ('type2', 'type6', 'type7', 'tukey', 'prism4')
    >>> definitions_of(["R 4.2.0", "a program of our own"])
    ()
    """
    found: set[str] = set()
    for name in software:
        words = re.findall(r"[a-z]+", name.lower())
        known = {_OTHER_NAMES.get(word, word) for word in words} & set(_SOFTWARE)
        if not known:
            return ()
        found.update(*(_SOFTWARE[program] for program in known))
    return tuple(name for name in DEFINITIONS if name in found)
