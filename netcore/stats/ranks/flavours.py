"""The flavours of the Mann-Whitney test, and which statistical software prints which.

"Mann-Whitney test" names a statistic; its p-value may come from the exact
distribution or an approximation, with or without ties, a correction, or one side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final

__all__ = ["FLAVOURS", "Flavour", "flavours_of", "software_named"]

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Flavour:
    """One way to make a p-value of two samples' ranks.

    Parameters
    ----------
    key : str
        Its name in results.
    title : str
        What it is, as part of a sentence.
    distribution : str
        ``exact`` is the null distribution without ties, ``conditional`` that of
        the midranks seen; ``normal`` and ``t`` approximate.
    rule : str
        What a two-sided exact test adds up: ``doubled`` is twice the smaller
        side, ``distance`` all values at least as far from the mean; ``mid``
        doubles the smaller side less half of what is as probable as the value seen.
    alternative : str
        ``two-sided``; ``less`` if x tends to be smaller than y, or ``greater``.
    needs_no_ties : bool
        Whether it is made only where no two values are equal.
    correction : Fraction
        By how much the distance of U from its mean is made smaller.
    adjusted : bool
        Whether the variance allows for ties.
    default_of, option_of : tuple of str
        Software that prints it by default, and where it must be asked for.
    """

    key: str
    title: str
    distribution: str
    rule: str = "doubled"
    alternative: str = "two-sided"
    needs_no_ties: bool = False
    correction: Fraction = Fraction(0)
    adjusted: bool = True
    default_of: tuple[str, ...] = ()
    option_of: tuple[str, ...] = ()

    @property
    def ignores_ties(self) -> bool:
        """Whether tied values enter only through U."""
        return not self.needs_no_ties and not self.adjusted


_R: Final = ("r_before_4_6", "r_from_4_6")
_TWO_SIDED: Final = (
    Flavour(
        "exact",
        "exact, no ties",
        "exact",
        needs_no_ties=True,
        adjusted=False,
        default_of=(*_R, "scipy", "prism", "medcalc", "matlab", "exact_rank_tests"),
        option_of=("coin",),
    ),
    Flavour(
        "exact_despite_ties",
        "exact, not corrected for ties",
        "exact",
        adjusted=False,
        default_of=("spss", "statistica", "medcalc", "prism"),
        option_of=("scipy",),
    ),
    Flavour(
        "conditional_doubled",
        "exact given the ties, the smaller side doubled",
        "conditional",
        default_of=("r_from_4_6", "stata", "prism", "matlab"),
        option_of=("r_before_4_6", "spss", "sas", "coin", "exact_rank_tests", "scipy"),
    ),
    Flavour(
        "conditional_distance",
        "exact given the ties, by distance from the mean",
        "conditional",
        rule="distance",
        default_of=("r_from_4_6", "stata", "prism", "exact_rank_tests"),
        option_of=("r_before_4_6", "spss", "sas", "coin", "scipy"),
    ),
    Flavour(
        "conditional_mid",
        "exact given the ties, mid-p",
        "conditional",
        rule="mid",
        option_of=(*_R, "coin", "sas"),
    ),
    Flavour(
        "normal",
        "normal approximation adjusted for ties",
        "normal",
        default_of=("spss", "statistica", "stata", "coin", "medcalc", "prism"),
        option_of=(*_R, "scipy", "sas", "exact_rank_tests"),
    ),
    Flavour(
        "normal_corrected",
        "normal approximation adjusted for ties with continuity correction",
        "normal",
        correction=_HALF,
        default_of=(
            *_R, "scipy", "sas", "statistica", "minitab", "matlab", "exact_rank_tests", "prism",
        ),
        option_of=("medcalc",),
    ),
    Flavour(
        "normal_unadjusted",
        "normal approximation not adjusted for ties",
        "normal",
        adjusted=False,
        default_of=("statistica",),
        option_of=("scipy", "prism"),
    ),
    Flavour(
        "normal_unadjusted_corrected",
        "normal approximation not adjusted for ties with continuity correction",
        "normal",
        correction=_HALF,
        adjusted=False,
        default_of=("statistica", "minitab"),
        option_of=("prism",),
    ),
    Flavour(
        "t_corrected",
        "t approximation adjusted for ties with continuity correction",
        "t",
        correction=_HALF,
        default_of=("sas",),
    ),
    Flavour("t", "t approximation adjusted for ties", "t", option_of=("sas",)),
)  # fmt: skip


def _one_sided(flavour: Flavour, alternative: str) -> Flavour:
    side = "lower" if alternative == "less" else "upper"
    title = "exact given the ties" if flavour.rule == "doubled" else flavour.title
    return replace(
        flavour,
        key=f"{flavour.key.removesuffix('_doubled')}_{alternative}",
        title=f"{title if flavour.distribution == 'conditional' else flavour.title}, {side} side",
        alternative=alternative,
        default_of=(),
        option_of=(*flavour.default_of, *flavour.option_of),
    )


FLAVOURS: Final[Mapping[str, Flavour]] = MappingProxyType(
    {
        flavour.key: flavour
        for flavour in (
            *_TWO_SIDED,
            *(
                _one_sided(flavour, alternative)
                for alternative in ("less", "greater")
                for flavour in _TWO_SIDED
                if flavour.rule != "distance"
            ),
        )
    }
)
"""All flavours by key, the two-sided ones first."""

# What a printed name contains, and the software that it names.
_NAMES: Final = (
    (r"exact\s*rank\s*tests", "exact_rank_tests"),
    (r"\bcoin\b", "coin"),
    (r"scipy|\bpython\b|pingouin", "scipy"),
    (r"\bspss\b|\bpasw\b", "spss"),
    (r"statistica\b|statsoft", "statistica"),
    (r"\bstata\b", "stata"),
    (r"\bsas\b", "sas"),
    (r"\bprism\b|graph\s*pad", "prism"),
    (r"med\s*calc", "medcalc"),
    (r"minitab", "minitab"),
    (r"matlab", "matlab"),
    (r"\bjamovi\b|\bjasp\b|\bezr\b|r[\s-]*commander|\brcmdr\b", "r"),
    (r"r[\s-]*studio|posit\b", "editor"),
    (r"excel\b|libre\s*office|google sheets|numbers\b", "spreadsheet"),
    (
        r"(?:^|\b(?:gnu|the|language|package|software|project|environment|язык|среда|пакет)\s+)r\b",
        "r",
    ),
    (r"\br\s*(?:,|\(|v\b|version|\d{1,2}(?:\.|\b)|software|language|package|project|core)", "r"),
)
# The first version after the R, unless it is that of a package.
_R_VERSION: Final = re.compile(r"\br\b(?:(?!packag|librar|пакет)\D)*?(\d+)\.(\d+)")


def software_named(names: Sequence[str]) -> frozenset[str] | None:
    """Recognise statistical software by its printed names.

    Parameters
    ----------
    names : sequence of str
        As a paper prints them, with or without versions.

    Returns
    -------
    frozenset of str or None
        Keys as in :class:`Flavour`; None if a name is not recognised, or if
        none of the software has a rank test, for then any may have been used.

    Notes
    -----
    Spreadsheets have no rank test, and an editor such as RStudio has those of
    R; beside other software they add nothing.

    Examples
    --------
    >>> sorted(software_named(["R 4.2.0", "RStudio 2022.02.1"]))
    ['r_before_4_6']
    >>> software_named(["Statistica 12.0", "something of our own"]) is None
    True
    """
    found: set[str] = set()
    for name in names:
        text = name.strip().lower()
        keys = {key for pattern, key in _NAMES if re.search(pattern, text)}
        if not keys:
            return None
        found |= keys - {"r"}
        if "r" not in keys:
            continue
        if version := _R_VERSION.search(text):
            found.add(_R[(int(version[1]), int(version[2])) >= (4, 6)])
        else:
            found |= set(_R)
    if "editor" in found and not found & set(_R):
        found |= set(_R)
    return frozenset(found - {"editor", "spreadsheet"}) or None


def flavours_of(software: Sequence[str], *, options: bool = True) -> tuple[Flavour, ...]:
    """Return the flavours that software prints.

    Parameters
    ----------
    software : sequence of str
        The names that a paper prints.
    options : bool
        Whether to return also those that must be asked for, one-sided ones
        among them.

    Returns
    -------
    tuple of Flavour
        Those printed by default first; all flavours if no software is named or
        one is unknown.

    Notes
    -----
    A paper seldom says which options were chosen, so a verdict that holds only
    for the defaults has to name them.  R from 4.6 offers an Edgeworth series
    and several programs a simulation of the exact test; neither is a flavour here.

    Examples
    --------
    >>> [flavour.key for flavour in flavours_of(["IBM SPSS Statistics 23"], options=False)]
    ['exact_despite_ties', 'normal']
    >>> len(flavours_of(["our own program"])) == len(FLAVOURS)
    True
    """
    keys = software_named(software)
    if keys is None:
        return tuple(FLAVOURS.values())
    by_default = [flavour for flavour in FLAVOURS.values() if keys & set(flavour.default_of)]
    if not options:
        return tuple(by_default)
    asked = [flavour for flavour in FLAVOURS.values() if keys & set(flavour.option_of)]
    return tuple(dict.fromkeys((*by_default, *asked)))
