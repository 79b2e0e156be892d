"""The ways in which a percentage holds: a denominator, and a rounding.

Rounding a whole table to the nearest 5 or 10 is one more thing that a paper
may do without saying so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks.finding import Conventions
from netcore.checks.percentages.denominators import Base, Case
from netcore.checks.percentages.sizes import NO_LIMIT, span_text
from netcore.checks.wording import listed
from netcore.printed import Interval, rounding_window
from netcore.stats.counts import counts_behind, denominators_behind
from netcore.study import Claim, Study

__all__ = [
    "ADJUSTED",
    "COARSE_STEPS",
    "CUT_OFF",
    "FAR",
    "HUNDRED",
    "Fit",
    "adjusted_window",
    "all_fits",
    "cut_off_window",
    "first_fit",
    "percentage_windows",
    "rounded_alike",
]

COARSE_STEPS: Final = (5, 10)
"""Steps to which a whole table may be rounded without saying so."""
CUT_OFF: Final = -1
"""Stands in for a step where further digits are cut off instead of rounded.

A lesser number says that all is cut off down to a multiple of a coarse step: -5, -10."""
ADJUSTED: Final = -100
"""Stands in for a step where the last digit is not that of rounding to the nearest."""
_BLOCK: Final = 3  # fewer percentages of one variable are no table of their own
FAR: Final = 1_000
"""How far to look for a denominator that would have explained a percentage."""
HUNDRED: Final = Interval(Fraction(0), Fraction(100))
"""All that a percentage of units can be."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A way in which a percentage holds.

    Parameters
    ----------
    base : Base
        The group that is the denominator.
    coarse : int
        The step to which it is rounded; 0 for the digits as printed,
        :data:`CUT_OFF` where the further digits are cut off, and minus a
        coarse step where all is cut off down to its multiples;
        :data:`ADJUSTED` where the last digit is another than by rounding.
    counts : range
        How many units of the group it can be.
    denominators : range
        How many units the group can have.
    totals : tuple of int
        Of a group of unknown size without a printed count: every number of
        units that would do.
    """

    base: Base
    coarse: int
    counts: range
    denominators: range
    totals: tuple[int, ...] = ()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the paper would have to have left unsaid."""
        said = [self.base.assumption] if self.base.assumption else []
        if self.coarse == CUT_OFF:
            said.append("further digits are cut off here, and not rounded")
        elif self.coarse == ADJUSTED:
            said.append(
                "the last digit here is not that of rounding to the nearest "
                "(adjusted so that percentages add up, or rounded more than once)"
            )
        elif self.coarse < 0:
            said.append(f"the percentages here are cut off to multiples of {-self.coarse}")
        elif self.coarse:
            said.append(f"the percentages here are rounded to the nearest {self.coarse}")
        return tuple(text.format(number=self.number) for text in said)

    @property
    def number(self) -> str:
        """How many units the group can have, in words."""
        if len(self.totals) < 2:
            return span_text(self.denominators)
        if self.totals[-1] - self.totals[0] == len(self.totals) - 1 and len(self.totals) > 4:
            return f"{self.totals[0]} to {self.totals[-1]}"
        if len(self.totals) <= 6:
            return listed((str(total) for total in self.totals), "or")
        return f"{len(self.totals)} of the numbers from {self.totals[0]} to {self.totals[-1]}"


def percentage_windows(
    study: Study, claim: Claim, conventions: Conventions, rows: Sequence[Claim]
) -> dict[int, Interval]:
    """Return the exact values behind a percentage, under each rounding of its table.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    conventions : Conventions
        Rounding.
    rows : sequence of Claim
        All percentages of units.

    Returns
    -------
    dict of int to Interval
        The window as printed (0), and that under each coarse step of which
        every percentage in the same place is a multiple, or every one of the
        same variable there, if there are three or more.
    """
    printed = study.printed(claim)
    if printed.text == "all":
        return {0: Interval.point(100)}
    windows = {0: printed.window(conventions.rounding, domain=HUNDRED)}
    if not printed.is_number:
        return windows
    for step in COARSE_STEPS:
        if rounded_alike(study, claim, rows, step):
            windows[step] = rounding_window(
                printed.number(), Fraction(step), conventions.rounding
            ).meet(HUNDRED)
    return windows


def rounded_alike(
    study: Study, claim: Claim, rows: Sequence[Claim], step: int
) -> tuple[Claim, ...]:
    """Return the percentages of a place that may all be rounded to one coarse step.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    rows : sequence of Claim
        All percentages of units.
    step : int
        The step.

    Returns
    -------
    tuple of Claim
        All of the place of the row, if each is a multiple of the step; else those of the same
        variable there, if there are three or more and each is one; else none.
    """
    here = [row for row in rows if row.location == claim.location]
    block = [row for row in here if row.variable == claim.variable]
    tables = [here, block] if len(block) >= _BLOCK else [here]
    for table in tables:
        if _all_multiples(study, table, step):
            return tuple(table)
    return ()


def _all_multiples(study: Study, rows: Sequence[Claim], step: int) -> bool:
    values = [study.printed(row) for row in rows]
    return all(value.number() % step == 0 for value in values if value.is_number)


def cut_off_window(study: Study, claim: Claim, rule: int = CUT_OFF) -> Interval | None:
    """Return the exact values that print as a percentage if digits are cut off.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    rule : int
        :data:`CUT_OFF` for the digits as printed, else minus a coarse step.

    Returns
    -------
    Interval or None
        None for what is not one plain number.
    """
    printed = study.printed(claim)
    if not printed.is_number or printed.step is None:
        return None
    step = printed.step if rule == CUT_OFF else Fraction(-rule)
    return rounding_window(printed.number(), step, "truncate").meet(HUNDRED)


def adjusted_window(study: Study, claim: Claim, rows: Sequence[Claim]) -> Interval | None:
    """Return the exact values within less than one unit of the last digit of a percentage.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    rows : sequence of Claim
        All percentages of units.

    Returns
    -------
    Interval or None
        None for what is not one plain number.  Where all percentages of the place with
        decimals end in 0 (``20.60``), the last digit is taken to be the one before.
    """
    printed = study.printed(claim)
    if not printed.is_number or printed.step is None:
        return None
    fractional = [
        row.printed
        for row in rows
        if row.location == claim.location
        and (step := study.printed(row).step) is not None
        and step < 1
    ]
    is_padded = len(fractional) > 1 and all(text.strip("% ").endswith("0") for text in fractional)
    step = printed.step * 10 if is_padded and printed.step < 1 else printed.step
    value = printed.number()
    return Interval(value - step, value + step, low_closed=False, high_closed=False).meet(HUNDRED)


def all_fits(case: Case, windows: Mapping[int, Interval]) -> list[Fit]:
    """Return every way in which a percentage holds, fewest assumptions first.

    Parameters
    ----------
    case : Case
        One reading of the percentage.
    windows : Mapping of int to Interval
        From :func:`percentage_windows`.

    Returns
    -------
    list of Fit
        One for each denominator and rounding that fit.
    """
    found: list[Fit] = []
    for coarse, window in windows.items():
        for base in case.bases:
            fit = first_fit(case, base, coarse, window)
            if fit is not None:
                found.append(fit)
    return sorted(found, key=lambda fit: (len(fit.assumptions), list(windows).index(fit.coarse)))


def first_fit(case: Case, base: Base, coarse: int, window: Interval) -> Fit | None:
    """Return how a percentage holds with one group as the denominator.

    Parameters
    ----------
    case : Case
        One reading of the percentage.
    base : Base
        The group.
    coarse : int
        The step of the rounding; 0 for the digits as printed.
    window : Interval
        The exact values that print as the percentage.

    Returns
    -------
    Fit or None
        None if no size of the group gives the percentage.
    """
    if case.counts is not None:
        for count in case.counts:
            behind = denominators_behind(window, count, base.high)
            inside = range(max(behind.start, base.low), behind.stop)
            if inside:
                return Fit(base, coarse, range(count, count + 1), inside)
        return None
    if base.high >= NO_LIMIT - 1:
        return None  # any count may be any percentage of a group of any size
    numbers = range(base.high, max(base.low, 1) - 1, -1)
    if len(numbers) > FAR:
        numbers = numbers[:FAR]
    found = {number: counts for number in numbers if (counts := counts_behind(window, number))}
    if not found:
        return None
    largest = next(iter(found))
    totals = tuple(reversed(found)) if base.low < base.high else ()
    return Fit(base, coarse, found[largest], range(largest, largest + 1), totals)
