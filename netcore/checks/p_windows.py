"""What a printed p-value can be."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.checks.estimands import significance
from netcore.checks.finding import Conventions
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = ["outwards", "p_window"]

_UNIT: Final = Interval(Fraction(0), Fraction(1))
_DIGITS: Final = 4  # of the ends of p-values that can be


def p_window(
    study: Study, claim: Claim, conventions: Conventions
) -> tuple[Interval, tuple[str, ...]]:
    """Return what a p-value can be, and what that assumes.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row with a p-value.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    tuple of (Interval, tuple of str)
        The window, and the level where neither the paper nor the reader names it.
    """
    alpha = significance(study, conventions.alpha)
    printed = study.printed(claim)
    window = printed.window(conventions.rounding, domain=_UNIT, alpha=alpha)
    is_assumed = (
        printed.text == "ns"
        and conventions.alpha is None
        and not any(
            row.stat_name == "alpha" and study.printed(row).is_number for row in study.claims
        )
    )
    return window, (f"the level is {float(alpha):g}",) if is_assumed else ()


def outwards(low: Fraction, high: Fraction) -> Interval:
    """Return bounds of p-values with a few significant digits, rounded outwards.

    Parameters
    ----------
    low, high : Fraction
        Bounds, from 0 to 1.

    Returns
    -------
    Interval
        Such bounds too.

    Examples
    --------
    >>> str(outwards(Fraction(1, 3000), Fraction(1, 3)))
    '[0.0003333, 0.3334]'
    """
    return Interval(_cut(low, floor), min(_cut(high, ceil), Fraction(1)))


def _cut(value: Fraction, towards: Callable[[Fraction], int]) -> Fraction:
    scale = 10**_DIGITS
    while 0 < value * scale < 10 ** (_DIGITS - 1):
        scale *= 10
    return Fraction(towards(value * scale), scale)
