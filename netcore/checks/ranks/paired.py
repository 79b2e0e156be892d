"""Which values a p-value of a signed-rank test compares, under every reading of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netcore.checks.estimands import Reading, population_cell, readings
from netcore.checks.open_cells import ways_to_read
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.ranks.comparisons import quantile_windows
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import Group, group_of
from netcore.study import Analysis, Claim, Study

__all__ = ["Paired", "PairedOption", "paired_options"]


@dataclass(frozen=True, slots=True)
class Paired:
    """The values of the same units that a test compares.

    Parameters
    ----------
    reading : Reading
        How the row of the p-value is read.
    group : Group
        Whose values they are.
    before, after : Sample or None
        What is printed of the values that are compared; None for nothing.
    differences : Sample or None
        What is printed of the differences of each unit.
    pairs : tuple of (int, int)
        How many units may have both values.
    full : int or None
        How many they are if every unit was analysed.
    claims : tuple of Claim
        The rows that say so.
    """

    reading: Reading
    group: Group
    before: Sample | None
    after: Sample | None
    differences: Sample | None
    pairs: tuple[int, int]
    full: int | None
    claims: tuple[Claim, ...]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All that is printed of the values."""
        found = (self.before, self.after, self.differences)
        return tuple(sample for sample in found if sample is not None)

    @property
    def rows(self) -> tuple[Claim, ...]:
        """The rows of all quantiles, each once."""
        return tuple(
            dict.fromkeys(
                row
                for sample in self.samples
                for name in quantile_windows(sample)
                for row in sample.statistics[name].claims
            )
        )


@dataclass(frozen=True, slots=True)
class PairedOption:
    """One reading of the row of a p-value.

    Parameters
    ----------
    tests : tuple of str
        The tests that the paper names.
    paired : tuple of Paired
        Every way to read the values; none if nothing limits the number of units.
    """

    tests: tuple[str, ...]
    paired: tuple[Paired, ...]


def paired_options(
    study: Study, claim: Claim, samples: Sequence[PrintedSample], sizes: Sizes
) -> tuple[PairedOption, ...]:
    """Return what a signed-rank test compares under each reading of its row.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row with a p-value.
    samples : sequence of PrintedSample
        All samples of the study.
    sizes : Sizes
        Sizes of all groups.

    Returns
    -------
    tuple of PairedOption
        One for each reading.
    """
    return tuple(_option(study, claim, reading, samples, sizes) for reading in readings(claim))


def _option(
    study: Study,
    claim: Claim,
    reading: Reading,
    samples: Sequence[PrintedSample],
    sizes: Sizes,
) -> PairedOption:
    analysis = study.analyses.get(reading.analysis)
    if analysis is None:
        return PairedOption((), ())
    tests = tuple(analysis.test)
    if analysis.with_ is None or not reading.population:
        return PairedOption(tests, ())
    group = group_of(study, reading.population)
    if group.described:
        return PairedOption(tests, ())
    _, high = sizes.span(population_cell(study, reading.population))
    of_group = [
        (item, sample) for item in samples for sample in item.readings if sample.group == group
    ]

    def printed(variable: str, is_then: bool) -> list[Sample | None]:
        found = [
            (item, sample)
            for item, sample in of_group
            if sample.variable == variable
            and quantile_windows(sample)
            and (sample.at == reading.at or (not is_then and not sample.at))
        ]
        here = [sample for item, sample in found if claim.location in item.locations]
        return [*(here or [sample for _, sample in found])] or [None]

    # A difference is subtracted from itself only where times differ, which rows do not say.
    is_same = analysis.variable == analysis.with_
    befores: list[Sample | None] = [None] if is_same else printed(analysis.with_, False)
    afters: list[Sample | None] = [None] if is_same else printed(analysis.variable, True)
    changes: list[Sample | None] = [
        sample for name in _differences(study, analysis) for sample in printed(name, True) if sample
    ]
    paired = []
    for before, after, change in ways_to_read((befores, afters, changes or [None])):
        found = _paired(study, reading, group, (before, after, change), sizes, high)
        if found is not None:
            paired.append(found)
    return PairedOption(tests, tuple(paired))


def _differences(study: Study, analysis: Analysis) -> list[str]:
    """Return the variables that are the difference of the two that are compared."""
    return [
        name
        for name, variable in study.variables.items()
        if variable.derived is not None
        and variable.derived.per == "patient"
        and variable.derived.difference is not None
        and {*variable.derived.difference} == {analysis.variable, analysis.with_}
    ]


def _paired(
    study: Study,
    reading: Reading,
    group: Group,
    samples: tuple[Sample | None, Sample | None, Sample | None],
    sizes: Sizes,
    high: int,
) -> Paired | None:
    known = [sample.numbers for sample in samples if sample is not None]
    mosts = [numbers.greatest for numbers in known if numbers.greatest is not None]
    most = min([*mosts, *([high] if high < NO_LIMIT else [])], default=None)
    if most is None or most < 1:
        return None
    least = 1
    compared = [sample.numbers for sample in samples[:2] if sample is not None]
    changed = samples[2]
    if changed is not None and changed.numbers.is_stated:
        least = changed.numbers.least
    elif (
        len(compared) == 2
        and all(numbers.is_stated and numbers.least == most for numbers in compared)
        and high == most
    ):
        least = most  # every unit has both values
    cell = population_cell(study, reading.population)
    rows = [row for numbers in known for row in numbers.claims] or list(sizes.claims(cell))
    low, _ = sizes.span(cell)
    full = most if low >= most or (all(numbers.is_stated for numbers in known) and known) else None
    return Paired(
        reading,
        group,
        samples[0],
        samples[1],
        changed,
        (max(min(least, most), 1), most),
        full,
        tuple(dict.fromkeys(rows)),
    )
