"""Samples: everything that is printed of one variable in one group of units.

A mean, its spread, quartiles and extremes that stand together are of the same
values, so a set of values has to give them all.  What the paper leaves open is
kept open: a row that may be a mean or a median, a group that may be one of
two, how many values there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Final

from netcore.checks.estimands import Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions
from netcore.checks.open_cells import OpenCell, open_columns, places_of, point_of
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.printed_versions import Version, versions_of
from netcore.checks.summary_values import Group, group_of, unit_of
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = ["SUMMARIES", "Numbers", "PrintedSample", "Sample", "Statistic", "printed_samples"]

SUMMARIES: Final = frozenset(
    "mean sd var std.error mean.conf.low mean.conf.high median p10 p25 p75 p90 iqr min max range".split()
)
"""Statistics of a sample that other statistics of the same values bound."""

_KEY: Final = ("population", "variable", "at", "denominator")


@dataclass(frozen=True, slots=True)
class Statistic:
    """One printed statistic of a sample.

    Parameters
    ----------
    name : str
        A statistic of the vocabulary.
    window : Interval
        The numbers that print so, by all the rows.
    claims : tuple of Claim
        The rows that print it: the same number, in one place or several.
    """

    name: str
    window: Interval
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many values may be behind what is printed of a sample.

    Parameters
    ----------
    least, greatest : int or None
        At least one value; ``greatest`` is None where nothing printed limits it.
    is_stated : bool
        Whether the paper says how many were analysed.  Otherwise it may be
        fewer than there are units in the group.
    size : tuple of (int, int) or None
        How many units the group has, as printed or as other counts allow;
        None where nothing printed limits it.
    claims : tuple of Claim
        The rows that say so.
    """

    least: int
    greatest: int | None
    is_stated: bool
    size: tuple[int, int] | None
    claims: tuple[Claim, ...]

    @property
    def of_all(self) -> range:
        """How many values there are if all of the group were analysed; none where nothing limits it."""
        if self.greatest is None:
            return range(0)
        least = self.least if self.is_stated or self.size is None else self.size[0]
        return range(max(least, 1), self.greatest + 1)

    @property
    def of_fewer(self) -> range:
        """How many there are if not all were analysed; none where the paper says how many were."""
        return range(0) if self.is_stated else range(self.least, self.of_all.start)


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of a variable in a group, under one reading of the rows.

    Parameters
    ----------
    variable, at : str
        What was measured, and when.
    population : str
        The name of the population.
    group : Group
        Who they are.
    statistics : Mapping of str to Statistic
        What is printed of them, by name.
    choices : tuple of OpenCell
        What was left open, and how it is read here.
    numbers : Numbers
        How many values there may be.
    """

    variable: str
    at: str
    population: str
    group: Group
    statistics: Mapping[str, Statistic]
    choices: tuple[OpenCell, ...]
    numbers: Numbers

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of all statistics, each once."""
        return tuple(
            dict.fromkeys(claim for item in self.statistics.values() for claim in item.claims)
        )

    def windows(self, *names: str) -> dict[str, Interval]:
        """Return the windows of some statistics, of those that are printed.

        Parameters
        ----------
        *names : str
            Names of statistics.

        Returns
        -------
        dict of str to Interval
            In the order of the names.
        """
        return {name: self.statistics[name].window for name in names if name in self.statistics}


@dataclass(frozen=True, slots=True)
class PrintedSample:
    """Rows about the same values, with every reading of them.

    Parameters
    ----------
    locations : tuple of str
        The places that print them, all alike.
    readings : tuple of Sample
        At least one; one of them is meant.
    """

    locations: tuple[str, ...]
    readings: tuple[Sample, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows, each once."""
        return tuple(dict.fromkeys(claim for sample in self.readings for claim in sample.claims))


_Key = tuple[str, ...]
_Stated = Mapping[tuple[Group, str, str], Sequence[tuple[int, Claim]]]


@lru_cache(maxsize=8)  # every check asks for the samples of the same study
def printed_samples(
    study: Study, conventions: Conventions, sizes: Sizes
) -> tuple[PrintedSample, ...]:
    """Gather what a study prints of each sample.

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
    tuple of PrintedSample
        In the order of the rows.  A place that prints only some statistics
        of a sample is completed from other places where these agree; places
        whose numbers are the same are one sample.

    Notes
    -----
    A row enters only if every reading of it is a summary of a variable of
    this study's own units, seen by the transcriber, in the unit of the
    variable.
    """
    bundles: dict[_Key, dict[str, dict[str, list[Claim]]]] = {}
    for claim in study.claims:
        if _is_summary(study, claim):
            key = tuple(getattr(claim, column) for column in _KEY)
            if not set(_KEY).isdisjoint(open_columns(claim)):
                # Of two places each may mean another group, or another variable.
                key = (*key, *places_of(study, claim))
            place = bundles.setdefault(key, {}).setdefault(claim.location, {})
            place.setdefault(claim.stat_name, []).append(claim)
    stated = _stated_numbers(study)
    found: list[PrintedSample] = []
    for places in bundles.values():
        for version in versions_of(study, conventions, places):
            samples = tuple(_readings(study, conventions, sizes, stated, version))
            if samples:  # none where a place says one thing twice
                found.append(PrintedSample(version.locations, samples))
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(found, key=lambda sample: order[sample.claims[0].claim]))


def _is_summary(study: Study, claim: Claim) -> bool:
    if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
        return False
    if not study.is_numeric(claim) or study.printed(claim).kind == "token":
        return False
    if not set(claim.readings("stat_name")) <= SUMMARIES | {"rmean"}:
        return False
    return all(
        reading.variable
        and not reading.variable_level
        and not reading.analysis
        and study.variables[reading.variable].type in ("continuous", "integer", "time")
        and unit_of(study, claim, reading.variable)
        == (study.variables[reading.variable].unit or unit_of(study, claim, reading.variable))
        for reading in readings(claim)
    )


def _readings(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    stated: _Stated,
    version: Version[str],
) -> Iterator[Sample]:
    rows = version.rows
    first = next(iter(rows.values()))[0]
    cells = [(first, column) for column in _KEY]
    cells += [(claims[0], "stat_name") for claims in rows.values()]
    options = [tuple(dict.fromkeys(claim.readings(column))) for claim, column in cells]

    def window(claim: Claim, _: str) -> Interval:
        return study.printed(claim).window(conventions.rounding)

    seen = set()
    for choice in product(*options):
        population, variable, at, _ = choice[: len(_KEY)]
        read = version.read(dict(zip(rows, choice[len(_KEY) :], strict=True)), window)
        choices = tuple(
            OpenCell(getattr(claim, column), point_of(study, claim, column), meant)
            for (claim, column), meant in zip(cells, choice, strict=True)
            if column in open_columns(claim)
        )
        if read is None or (choice, choices) in seen:
            continue
        seen.add((choice, choices))
        statistics = {name: Statistic(name, *value) for name, value in read.items()}
        group = group_of(study, population)
        yield Sample(
            variable,
            at,
            population,
            group,
            MappingProxyType(statistics),
            choices,
            _numbers(sizes, group, stated.get((group, variable, at), ())),
        )


def _stated_numbers(study: Study) -> _Stated:
    """Return the numbers that the paper says were analysed, by group, variable and time."""
    found: dict[tuple[Group, str, str], list[tuple[int, Claim]]] = {}
    for claim in study.claims:
        for reading in _only(readings(claim)):
            if (
                reading.stat_name in ("N", "N_nonmiss")
                and not reading.variable_level
                and is_patient_data(study, claim)
                and is_first_hand(study, claim)
                and study.printed(claim).is_number
            ):
                key = (group_of(study, reading.population), reading.variable, reading.at)
                number = int(study.printed(claim).number())
                found.setdefault(key, []).append((number, claim))
    return found


def _numbers(sizes: Sizes, group: Group, stated: Sequence[tuple[int, Claim]]) -> Numbers:
    if group.described:
        return Numbers(1, 1, is_stated=True, size=(1, 1), claims=())
    low, high = sizes.span(group.cell)
    is_limited = high < NO_LIMIT
    size = (low, high) if is_limited else None
    if stated:
        numbers = [number for number, _ in stated]
        rows = tuple(claim for _, claim in stated)
        return Numbers(max(min(numbers), 1), max(numbers), is_stated=True, size=size, claims=rows)
    rows = sizes.claims(group.cell)
    return Numbers(1, high if is_limited else None, is_stated=False, size=size, claims=rows)


def _only(options: Sequence[Reading]) -> Iterable[Reading]:
    return options if len(options) == 1 else ()
