"""What a printed p-value can be."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from netcore.checks.estimands import significance
from netcore.checks.finding import Conventions
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = ["p_window"]

_UNIT: Final = Interval(Fraction(0), Fraction(1))


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
