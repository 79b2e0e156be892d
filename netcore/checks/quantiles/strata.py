"""Quantiles of the parts of a group beside those of the whole group: which sizes fit.

The values of the whole are those of its parts together.  So the quartiles of both say how
many values each part can have, even where the paper does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final

from netcore.checks.estimands import Cell
from netcore.checks.quantiles.summaries import domain_of, one_reading, windows_of
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import Group, SummaryValues
from netcore.printed import Interval
from netcore.stats.quantiles import pooling
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Study

__all__ = [
    "LARGEST",
    "Strata",
    "StratumSizes",
    "Windows",
    "assumption_of",
    "divided_samples",
    "sizes_of",
    "stratum_sizes",
]

LARGEST: Final = 400
"""The most values of a group about which a question is asked."""

_BUDGET: Final = 6_000  # sizes tried for a question without a definition
_BUDGET_OF_ONE: Final = 500  # and by one definition, which is slower
_STARTS: Final = 4
_PRINTINGS: Final = 8  # ways to combine what places print of the parts

Windows = Mapping[Fraction, Interval]


@dataclass(frozen=True, slots=True)
class Strata:
    """A group, and parts that make it up, with quantiles of the same variable.

    Parameters
    ----------
    whole : Sample
        What is printed of the group.
    parts : tuple of Sample
        What is printed of its parts.
    is_together : bool
        Whether one place prints it all.  Otherwise other patients may have been analysed
        for the whole than for its parts.
    """

    whole: Sample
    parts: tuple[Sample, ...]
    is_together: bool

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The parts, followed by the whole."""
        return (*self.parts, self.whole)

    @property
    def greatest(self) -> int | None:
        """The most values that the whole can have; None for no limit."""
        return self.whole.numbers.greatest


@dataclass(frozen=True, slots=True)
class StratumSizes:
    """How many values the parts of a group can have, given the quantiles of all.

    Parameters
    ----------
    variable, at : str
        What was measured, and when.
    whole : Cell
        The group.
    parts : tuple of Cell
        Its parts.
    possible : tuple of tuple of int
        The numbers of values of the parts: all that are possible by any definition of a
        quantile, each quantile by its own.
    assumption : str
        What this rests on that the paper does not state; "" for nothing.
    """

    variable: str
    at: str
    whole: Cell
    parts: tuple[Cell, ...]
    possible: tuple[tuple[int, ...], ...]
    assumption: str


def divided_samples(
    study: Study, printed: Sequence[PrintedSample], values: SummaryValues
) -> tuple[Strata, ...]:
    """Return the groups with quantiles that are printed of all their parts too.

    Parameters
    ----------
    study : Study
        The study.
    printed : sequence of PrintedSample
        From :func:`netcore.checks.samples.printed_samples`.
    values : SummaryValues
        The summaries of the study, which know how groups are divided.

    Returns
    -------
    tuple of Strata
        One for each printing of the whole and of its parts, if these differ.
    """
    by_group: dict[tuple[str, str], dict[Group, list[PrintedSample]]] = {}
    for item in printed:
        sample = one_reading(study, item)
        if sample is not None:
            key = (sample.variable, sample.at)
            by_group.setdefault(key, {}).setdefault(sample.group, []).append(item)
    return tuple(
        strata
        for (variable, at), groups in by_group.items()
        for whole, items in groups.items()
        for parts in _divisions(values, whole, variable, at)
        if all(part in groups for part in parts)
        for item in items
        for strata in _combined(item, [groups[part] for part in parts])
    )


def _divisions(
    values: SummaryValues, whole: Group, variable: str, at: str
) -> dict[tuple[Group, ...], None]:
    return {
        tuple(part.group for part in cover): None
        for name in QUANTILES
        for cover in values.covers(whole, variable, name, at)
    }


def _combined(item: PrintedSample, parts: Sequence[Sequence[PrintedSample]]) -> Iterator[Strata]:
    combinations = [*product(*parts)]
    together = [
        chosen
        for chosen in combinations
        if set(item.locations).intersection(*(one.locations for one in chosen))
    ]
    for chosen in (together or combinations)[:_PRINTINGS]:
        yield Strata(
            item.readings[0],
            tuple(one.readings[0] for one in chosen),
            is_together=bool(together),
        )


def sizes_of(
    study: Study,
    strata: Strata,
    number: range,
    definitions: Sequence[str] = (),
    *,
    windows: Sequence[Windows] | None = None,
    unlimited: Collection[int] = (),
) -> pooling.PooledSizes:
    """Return the numbers of values of parts with which the quantiles fit those of the whole.

    Parameters
    ----------
    study : Study
        The study.
    strata : Strata
        The group and its parts.
    number : range
        How many values the whole may have.
    definitions : sequence of str
        One definition, or several of which each quantile may follow any; all if empty.
    windows : sequence of Mapping of Fraction to Interval, optional
        The quantiles of the parts and of the whole; as printed where not given.
    unlimited : collection of int
        Positions of parts that may have any number, whatever is printed of them.

    Returns
    -------
    PooledSizes
        As far as the budget went.
    """
    of_all = [windows_of(sample) for sample in strata.samples] if windows is None else windows
    last = number[-1]
    groups = []
    for place, (sample, of_part) in enumerate(zip(strata.parts, of_all, strict=False)):
        numbers = sample.numbers
        least = numbers.least if numbers.is_stated and place not in unlimited else 1
        is_limited = numbers.greatest is not None and place not in unlimited
        greatest = min(numbers.greatest or last, last) if is_limited else last
        # A part without values prints nothing.
        groups.append(pooling.Group(of_part, range(least, greatest + 1)))
    return pooling.pooled_sizes(
        groups,
        pooling.Group(of_all[-1], number),
        definitions,
        domain=domain_of(study, strata.whole.variable),
        budget=_BUDGET_OF_ONE if len(definitions) == 1 else _BUDGET,
        starts=_STARTS,
    )


def stratum_sizes(study: Study, divided: Sequence[Strata]) -> tuple[StratumSizes, ...]:
    """Return how many values the parts of groups can have, for checks that need it.

    Parameters
    ----------
    study : Study
        The study.
    divided : sequence of Strata
        From :func:`divided_samples`.

    Returns
    -------
    tuple of StratumSizes
        Only where all numbers were tried, and some but not all of them are possible.

    Notes
    -----
    Every number of values up to the size of the group is allowed, not all patients need have
    been analysed, and each quantile may follow a definition of its own.  Sound for the values
    of the same variable at the same time in the same parts, under the assumption that goes
    with it; not for another variable, of which others may have been analysed.
    """
    found = []
    for strata in divided:
        greatest = strata.greatest
        if greatest is None or greatest > LARGEST:
            continue
        least = strata.whole.numbers.least if strata.whole.numbers.is_stated else 1
        fitting = sizes_of(study, strata, range(max(least, len(strata.parts)), greatest + 1))
        if fitting.is_complete and fitting.possible and not fitting.unsettled:
            found.append(
                StratumSizes(
                    strata.whole.variable,
                    strata.whole.at,
                    strata.whole.group.cell,
                    tuple(part.group.cell for part in strata.parts),
                    fitting.possible,
                    assumption_of(study, strata),
                )
            )
    return tuple(found)


def assumption_of(study: Study, strata: Strata) -> str:
    """Return what it rests on that the values of the whole are those of its parts.

    Parameters
    ----------
    study : Study
        The study.
    strata : Strata
        The group and its parts.

    Returns
    -------
    str
        As a condition, in words; "" for nothing.
    """
    if study.variables[strata.whole.variable].type == "time":
        return "the quartiles are of plain times, not estimated from censored ones"
    numbers = [sample.numbers for sample in strata.samples]
    stated = all(one.is_stated and one.least == one.greatest for one in numbers)
    differ = stated and sum(one.least for one in numbers[:-1]) != numbers[-1].least
    if not strata.is_together or differ:
        return "the same patients were analysed for the whole and for its parts"
    return ""
