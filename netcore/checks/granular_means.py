"""Means of values with a known step, against the number of units behind them (GRIM).

A mean that was made by hand from a longer printed one is rounded twice: 27/11 = 2.4545 is
2.455 and then 2.46.  So a conflict holds for digits that were cut off or rounded often, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.checks.estimands import Cell, Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.summary_values import group_of, group_title, unit_of
from netcore.checks.wording import listed, place, quantity_title, quoted, variable_title
from netcore.printed import Interval, format_fraction
from netcore.stats.moments.grim import denominators_behind_mean, totals_behind_mean
from netcore.study import Claim, Study

__all__ = ["CHECK", "GranularMean", "check_granular_means", "granular_means", "steps_title"]

CHECK: Final = "common-denominators-means"

_LARGEST: Final = 10_000
_FURTHER: Final = 1_000  # how far beyond the size of a group to look
_SHOWN: Final = 8  # more numbers than that are counted, not listed
_NOT_ONCE: Final = "its digits were cut off, or rounded more than once"


@dataclass(frozen=True, slots=True)
class GranularMean:
    """A printed mean of a variable whose values are multiples of a step.

    Parameters
    ----------
    claim : Claim
        The row.
    variable : str
        What it is the mean of.
    group : Cell
        Of whom.
    at : str
        When.
    window : Interval
        The means that print so.
    widest : Interval
        The means that print so if digits may also be cut off, or rounded more than once.
    step : Fraction
        Every value is a multiple of it.
    is_stated : bool
        Whether the paper says so, or it is an assumption.
    low, high : int
        How many units the group has, at least and at most.
    or_median : bool
        Whether the row may also be a median.
    """

    claim: Claim
    variable: str
    group: Cell
    at: str
    window: Interval
    widest: Interval
    step: Fraction
    is_stated: bool
    low: int
    high: int
    or_median: bool

    @property
    def root(self) -> str:
        """The population of all units of the kind."""
        return self.group.root

    @property
    def fits_its_group(self) -> bool:
        """Whether some total over the whole group gives the mean."""
        numbers = range(max(self.low, 1), self.high + 1)
        return any(totals_behind_mean(self.window, number, self.step) for number in numbers)

    @property
    def may_be_a_median(self) -> bool:
        """Whether the row can be a median: a value, or the middle of two."""
        return self.or_median and _has_multiple(self.window, self.step / 2)

    def holds_in_any_digits(self, numbers: Iterable[int]) -> bool:
        """Return whether digits that were not rounded once, to the nearest, would explain the row.

        Parameters
        ----------
        numbers : iterable of int
            How many values there may be, each at least 1.

        Returns
        -------
        bool
            Whether some total, or a median where the row may be one, is less than a unit of
            the last digit away.

        Notes
        -----
        Rounding first to one more digit, then to one less, and so on moves a number by at most
        1/2 + 1/20 + 1/200 + ... = 5/9 of a unit, and cutting digits off by less than one unit.
        """
        if self.or_median and _has_multiple(self.widest, self.step / 2):
            return True
        return any(totals_behind_mean(self.widest, number, self.step) for number in numbers)


def _has_multiple(window: Interval, step: Fraction) -> bool:
    if window.low is None or window.high is None:
        return False
    return ceil(window.low / step) <= floor(window.high / step)


def granular_means(
    study: Study, conventions: Conventions, sizes: Sizes
) -> tuple[GranularMean, ...]:
    """Return the means of whole numbers, and of other values with a step.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.

    Returns
    -------
    tuple of GranularMean
        In the order of the rows; those of groups of unknown size are left out.
    """
    found = []
    for claim in study.claims:
        if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        if not study.is_numeric(claim) or not study.printed(claim).is_number:
            continue
        mean = _mean(study, conventions, sizes, claim, readings(claim))
        if mean is not None:
            found.append(mean)
    return tuple(found)


def _mean(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    claim: Claim,
    options: Sequence[Reading],
) -> GranularMean | None:
    statistics = {option.stat_name for option in options}
    if "mean" not in statistics or not statistics <= {"mean", "median"}:
        return None
    # Only which average it is may be left open.
    first = options[0]
    if len(options) != len(statistics) or not first.variable or first.analysis:
        return None
    variable = study.variables[first.variable]
    step, is_stated = Fraction(1), True
    if variable.granularity is not None:
        step, is_stated = Fraction(variable.granularity.step), variable.granularity.stated
    elif variable.type != "integer":
        return None
    group = group_of(study, first.population)
    low, high = sizes.span(group.cell)
    unit = unit_of(study, claim, first.variable)
    if group.described or not 0 < high <= _LARGEST or unit != (variable.unit or unit):
        return None
    printed = study.printed(claim)
    return GranularMean(
        claim,
        first.variable,
        group.cell,
        first.at,
        printed.window(conventions.rounding),
        printed.window("any"),
        step,
        is_stated,
        low,
        high,
        len(statistics) > 1,
    )


def check_granular_means(
    study: Study, conventions: Conventions, sizes: Sizes, means: Sequence[GranularMean]
) -> tuple[Finding, ...]:
    """Say of each mean that does not fit its group which numbers of units would give it.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    means : sequence of GranularMean
        From :func:`granular_means`.

    Returns
    -------
    tuple of Finding
        Conditional, unless the paper states the step, and the number that
        was analysed or that no number up to the size of the group would do, even
        if digits were cut off or rounded more than once.

    Notes
    -----
    With n values that are multiples of a step, the mean is S step / n for a
    whole number S.  A median is a value or the middle of two: a multiple of
    half the step.
    """
    findings = []
    for mean in means:
        if mean.may_be_a_median:
            continue
        analysed = _analysed(study, mean)
        numbers = {n for n, _ in analysed}
        if any(totals_behind_mean(mean.window, n, mean.step) for n in numbers if n):
            continue
        if not numbers and mean.fits_its_group:
            continue
        findings.append(_finding(study, conventions, sizes, mean, analysed, means))
    return tuple(findings)


def _analysed(study: Study, mean: GranularMean) -> tuple[tuple[int, Claim], ...]:
    """Return how many values the paper says are behind the mean."""
    found = []
    for claim in study.claims:
        options = readings(claim)
        if len(options) > 1 or options[0].stat_name not in ("N", "N_nonmiss"):
            continue
        if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        option = options[0]
        if (option.variable, option.at, option.variable_level) != (mean.variable, mean.at, ""):
            continue
        printed = study.printed(claim)
        # Of no value there is no mean, so a 0 cannot be how many are behind this one.
        is_some = printed.is_number and printed.number() > 0
        if group_of(study, option.population).cell == mean.group and is_some:
            found.append((int(printed.number()), claim))
    return tuple(found)


def _numbers_text(numbers: Sequence[int]) -> str:
    if len(numbers) > _SHOWN:
        return f"one of {len(numbers)} numbers from {numbers[0]} to {numbers[-1]}"
    return listed((str(number) for number in numbers), "or")


def steps_title(study: Study, mean: GranularMean) -> str:
    """Return in what the values behind a mean are recorded: ``whole years``.

    Parameters
    ----------
    study : Study
        The study.
    mean : GranularMean
        The mean.

    Returns
    -------
    str
        The step with its unit.
    """
    unit = study.variables[mean.variable].unit or ""
    if mean.step == 1:
        return f"whole {unit}" if unit else "whole numbers"
    return f"steps of {format_fraction(mean.step)} {unit}".rstrip()


def _nearest(mean: GranularMean, number: int) -> str:
    """Write the means next to the printed one that a number of values can have."""
    assert mean.window.low is not None
    below = floor(mean.window.low * number / mean.step)
    places = len(mean.claim.printed.replace(",", ".").partition(".")[2]) + 1
    values = [float(total * mean.step / number) for total in (below, below + 1)]
    return " or ".join(f"{value:.{places}f}".replace("-", "−") for value in values)


def _finding(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    mean: GranularMean,
    analysed: Sequence[tuple[int, Claim]],
    means: Sequence[GranularMean],
) -> Finding:
    claim = mean.claim
    title = quantity_title(study, claim)
    group = group_title(study, group_of(study, claim.readings("population")[0]))
    numbers = [n for n, _ in analysed] or [mean.high]
    fitting = denominators_behind_mean(mean.window, mean.high, mean.step)
    rows = [row for _, row in analysed] or list(sizes.claims(mean.group))
    steps = steps_title(study, mean)
    start = (
        f"{title[:1].upper()}{title[1:]}: {quoted(study, claim)} in {place(study, [claim])}. "
        f"In {steps}, the mean of {numbers[0]} ({group}) is {_nearest(mean, numbers[0])}, "
        f"and no total gives {claim.printed}."
    )
    if mean.or_median:
        start += f" Nor is it a median of values in {steps}."
    start += f" Numbers tried: {mean.high}; that fit: {len(fitting)}."
    start += _together(study, mean, means)
    is_size_printed = bool(rows)
    settled = bool(analysed) or not fitting
    tried = [n for n, _ in analysed if n] or range(1, mean.high + 1)
    any_digits = mean.is_stated and settled and mean.holds_in_any_digits(tried)
    if mean.is_stated and settled and is_size_printed and not any_digits:
        return _conflict(study, conventions, mean, rows, sizes, start, bool(analysed))
    ways = []
    if fitting and not analysed:
        ways.append(f"only {_numbers_text(fitting)} of {mean.high} were analysed")
    if not mean.is_stated:
        ways.append(f"{variable_title(study, mean.variable)} is not in {steps}")
    if any_digits:
        ways.append(_NOT_ONCE)
    if not ways:
        ways.append(f"{group} are more than the {mean.high} that follow from other counts")
    assumption = ", or ".join(ways)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(dict.fromkeys((claim.claim, *(row.claim for row in rows)))),
        f"{start} It holds if {assumption}.",
        {claim.claim: Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}.")},
        assumptions=(assumption,),
        resolved_by=("How many values are behind the mean, and how finely they were recorded.",),
        conventions=conventions.as_text(),
        witness={"numbers": list(fitting), "tried": mean.high},
    )


def _together(study: Study, mean: GranularMean, means: Sequence[GranularMean]) -> str:
    """Say which numbers give every mean of the same group in the same place."""
    same = [
        other
        for other in means
        if other.claim.location == mean.claim.location and other.group == mean.group
    ]
    if len(same) < 2:
        return ""
    common = set(range(1, mean.high + 1))
    for other in same:
        common &= set(denominators_behind_mean(other.window, mean.high, other.step))
    said = _numbers_text(sorted(common)) if common else "no number"
    return f" All {len(same)} such means in {place(study, [mean.claim])} are given by {said}."


def _conflict(
    study: Study,
    conventions: Conventions,
    mean: GranularMean,
    rows: Sequence[Claim],
    sizes: Sizes,
    start: str,
    is_analysed: bool,
) -> Finding:
    claim = mean.claim
    said = listed(dict.fromkeys(quoted(study, row) for row in rows), "or")
    bearings = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {said} values in {steps_title(study, mean)}."
        )
    }
    size = None if is_analysed else sizes.size(mean.group)
    if is_analysed:
        movable = tuple(rows)
    else:  # a size that other counts hold in place could not be another number
        movable = size.claims if size is not None and size.could_be(_further(mean)) else ()
    for row in movable:
        bearings[row.claim] = Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {quoted(study, claim)}."
        )
    repairs = []
    if is_analysed and (fitting := denominators_behind_mean(mean.window, mean.high, mean.step)):
        repairs.append(
            Repair(tuple(row.claim for row in rows), f"{_numbers_text(fitting)} instead of {said}")
        )
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(dict.fromkeys((claim.claim, *(row.claim for row in rows)))),
        start,
        bearings,
        resolved_by=("The total and the number of values from which the mean was made.",),
        repairs=tuple(repairs),
        changes="An estimate: the mean cannot be quoted beside the number of values.",
        conventions=conventions.as_text(),
    )


def _further(mean: GranularMean) -> list[int]:
    """Return numbers beyond the size of the group that would give the mean."""
    return [
        number
        for number in range(mean.high + 1, mean.high + _FURTHER)
        if totals_behind_mean(mean.window, number, mean.step)
    ]
