"""Two groups of which means are compared, and the ways to compare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from netcore.checks.estimands import Cell, Reading, population_cell, readings
from netcore.checks.moments.spread import SPREADS
from netcore.checks.open_cells import ways_to_read
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.wording import STATISTICS
from netcore.printed import Interval
from netcore.stats import mean_statistics
from netcore.stats.mean_statistics import paired_spread
from netcore.stats.mean_tests import FLAVOURS, Reach, reach_p
from netcore.study import Claim, Study

__all__ = [
    "Pair",
    "Way",
    "all_ways",
    "closed",
    "has_further_groups",
    "pairs_compared",
    "reach",
]

_LARGEST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups of which means are compared, under one reading.

    Parameters
    ----------
    samples : tuple of Sample
        What is printed of each.
    """

    samples: tuple[Sample, Sample]

    def stands_in(self, location: str) -> bool:
        """Return whether both means are printed in a place.

        Parameters
        ----------
        location : str
            Name of the place.

        Returns
        -------
        bool
            Whether some row of each does.
        """
        return all(
            any(row.location == location for row in sample.statistics["mean"].claims)
            for sample in self.samples
        )

    @property
    def readings(self) -> str:
        """How rows that are open are read: ``standard error``; empty if none are."""
        titles = dict.fromkeys(
            STATISTICS[cell.meant]
            for sample in self.samples
            for cell in sample.choices
            if cell.meant in SPREADS
        )
        return " and ".join(titles)

    def groups(self, *, fewer: bool, is_n: bool) -> tuple[mean_statistics.Sample, ...]:
        """Return what is printed of the groups, for the statistics of a test.

        Parameters
        ----------
        fewer : bool
            Whether not all of a group may have been analysed.
        is_n : bool
            Whether deviations have the divisor n.

        Returns
        -------
        tuple of Sample
            Both groups.
        """
        return tuple(_group(sample, fewer=fewer, is_n=is_n) for sample in self.samples)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a p-value, with what it assumes.

    Parameters
    ----------
    flavour : str
        A key of :data:`netcore.stats.mean_tests.FLAVOURS`.
    fewer : bool
        Whether not all of each group may have been analysed.
    is_n : bool
        Whether deviations have the divisor n.
    paired : bool
        Whether the values are pairs.
    assumption : str
        In words; empty for none.
    """

    flavour: str
    fewer: bool = False
    is_n: bool = False
    paired: bool = False
    assumption: str = ""


def _group(sample: Sample, *, fewer: bool, is_n: bool) -> mean_statistics.Sample:
    numbers, statistics = sample.numbers, sample.statistics
    assert numbers.greatest is not None
    least = numbers.least
    if not numbers.is_stated and not fewer and numbers.size is not None:
        least = numbers.size[0]
    name = next(name for name in SPREADS if name in statistics)
    reading = ("se" if name == "std.error" else "sd") + ("_n" if is_n else "")
    mean, spread = statistics["mean"].window, statistics[name].window
    return mean_statistics.Sample(
        range(max(least, 2), numbers.greatest + 1), closed(mean), closed(spread), reading
    )


def closed(window: Interval) -> Interval:
    """Return a window with its ends: a tie may be printed either way.

    Parameters
    ----------
    window : Interval
        A window.

    Returns
    -------
    Interval
        The same with closed ends.
    """
    return replace(window, low_closed=True, high_closed=True)


def pairs_compared(
    study: Study, samples: Sequence[PrintedSample], reading: Reading
) -> Iterator[Pair | None]:
    """Yield the two groups that a row compares, under every reading of theirs.

    Parameters
    ----------
    study : Study
        The study.
    samples : sequence of PrintedSample
        All samples.
    reading : Reading
        One reading of the row that prints the p-value.

    Yields
    ------
    Pair or None
        None for groups without a mean, a spread and a number under a reading.
    """
    analysis = study.analyses[reading.analysis]
    if analysis.by is None or not reading.population:
        return
    variable, by = study.variables[analysis.variable], study.variables[analysis.by]
    if variable.type not in ("continuous", "integer", "time") or by.type != "categorical":
        return
    levels = [level for level in by.levels if level not in by.missing]
    if len(levels) != 2 or reading.variable not in ("", analysis.variable):
        return
    own = population_cell(study, reading.population)
    base = Cell(
        own.root, frozenset(held for held in own.conditions if held.variable != analysis.by)
    )
    sides: list[list[Sample]] = [[], []]
    for printed in samples:
        for sample in printed.readings:
            if (sample.variable, sample.at) != (analysis.variable, reading.at):
                continue
            cell = sample.group.cell
            extra = cell.conditions - base.conditions
            if sample.group.described or cell.root != base.root or len(extra) != 1:
                continue
            (condition,) = extra
            if base.conditions <= cell.conditions and condition.variable == analysis.by:
                sides[levels.index(condition.level)].append(sample)
    for one, other in ways_to_read(sides):
        yield Pair((one, other)) if _is_testable(one) and _is_testable(other) else None


def _is_testable(sample: Sample) -> bool:
    spreads = [name for name in ("sd", "std.error") if name in sample.statistics]
    numbers = sample.numbers
    if len(spreads) != 1 or "mean" not in sample.statistics or numbers.greatest is None:
        return False
    mean, spread = sample.statistics["mean"].window, sample.statistics[spreads[0]].window
    return (
        2 <= numbers.greatest <= _LARGEST
        and mean.low is not None
        and mean.high is not None
        and spread.high is not None
        and spread.high > 0
    )


def has_further_groups(
    study: Study, samples: Sequence[PrintedSample], sizes: Sizes, pair: Pair, claim: Claim
) -> bool:
    """Return whether the variance of a test of two groups may be that of more groups.

    Parameters
    ----------
    study : Study
        The study.
    samples : sequence of PrintedSample
        All samples.
    sizes : Sizes
        Sizes of all groups.
    pair : Pair
        The two groups.
    claim : Claim
        The row of the p-value.

    Returns
    -------
    bool
        Whether the place of the p-value or of the means prints the same variable of another
        group that has nobody in common with the two, as far as sizes tell, or a p-value of the
        same variable between three or more levels, and the two are not all there are.

    Notes
    -----
    After an analysis of variance two groups are compared with the variance of all of them.
    """
    one = pair.samples[0]
    places = {claim.location, *(r.location for s in pair.samples for r in s.claims)}
    room = _room(sizes, pair)
    for printed in samples:
        if not places & {row.location for row in printed.claims}:
            continue
        for sample in printed.readings:
            if (sample.variable, sample.at) != (one.variable, one.at) or sample.group.described:
                continue
            if _is_beside(sample, pair) and (
                sample.group.cell.root != one.group.cell.root or _least(sizes, sample) <= room
            ):
                return True
    return room > 0 and any(
        row.location in places and _compares_several(study, row, one.variable)
        for row in study.claims
        if row.analysis and "p.value" in row.readings("stat_name")
    )


def _room(sizes: Sizes, pair: Pair) -> int:
    """Return how many units may be in neither group."""
    most = sizes.span(Cell(pair.samples[0].group.cell.root, frozenset()))[1]
    if most >= NO_LIMIT:
        return NO_LIMIT
    return most - sum(_least(sizes, sample) for sample in pair.samples)


def _least(sizes: Sizes, sample: Sample) -> int:
    """Return how many units a group has at least."""
    return max(sizes.span(sample.group.cell)[0], sample.numbers.least)


def _is_beside(sample: Sample, pair: Pair) -> bool:
    """Return whether a group is neither part of one of two others nor the other way round."""
    cell = sample.group.cell
    others = [one.group.cell for one in pair.samples]
    return not any(cell.contains(other) or other.contains(cell) for other in others)


def _compares_several(study: Study, row: Claim, variable: str) -> bool:
    """Return whether a p-value is between three or more groups, of a variable."""
    for reading in readings(row):
        analysis = study.analyses[reading.analysis] if reading.analysis else None
        if analysis is None or analysis.variable != variable or analysis.by is None:
            continue
        by = study.variables[analysis.by]
        if len([level for level in by.levels if level not in by.missing]) > 2:
            return True
    return False


def all_ways(pairs: Sequence[Pair]) -> Iterator[Way]:
    """Yield every flavour with all that it may rest on.

    Parameters
    ----------
    pairs : sequence of Pair
        The groups; differences of pairs are left out if none can be as many.

    Yields
    ------
    Way
        With fewer values, and either divisor.
    """
    numbers = [
        [{*group.numbers} for group in pair.groups(fewer=True, is_n=False)] for pair in pairs
    ]
    may_be_paired = any(one & other for one, other in numbers)
    for name, flavour in FLAVOURS.items():
        paired = flavour.statistic.startswith("one_sample")
        if paired and not may_be_paired:
            continue
        for is_n in (False, True):
            yield Way(name, fewer=True, is_n=is_n, paired=paired)


def _reach_paired(way: Way, groups: Sequence[mean_statistics.Sample], window: Interval) -> Reach:
    """Decide for differences of pairs, whose spread lies between difference and sum of both."""
    one, other = groups
    numbers = sorted({*one.numbers} & {*other.numbers})
    if not numbers:
        return Reach(way.flavour, "excluded")
    spread = paired_spread(one.spread, other.spread)
    low, high = one.means[0] - other.means[1], one.means[1] - other.means[0]
    paired = mean_statistics.Sample(
        range(numbers[0], numbers[-1] + 1), Interval(low, high), spread, one.reading
    )
    return reach_p(way.flavour, (paired,), window)


def reach(pair: Pair, way: Way, window: Interval) -> Reach:
    """Decide whether one way to compare two groups gives a p-value.

    Parameters
    ----------
    pair : Pair
        The groups.
    way : Way
        How they are compared.
    window : Interval
        The p-values that print as printed.

    Returns
    -------
    Reach
        From :func:`netcore.stats.mean_tests.reach_p`.
    """
    groups = pair.groups(fewer=way.fewer, is_n=way.is_n)
    if way.paired:
        return _reach_paired(way, groups, window)
    return reach_p(way.flavour, groups, window)
