"""Which samples a p-value of a rank test compares, under every reading of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from netcore.checks.estimands import Reading, population_cell, readings
from netcore.checks.open_cells import ways_to_read
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.samples import PrintedSample, Sample
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Claim, Study

__all__ = ["Compared", "Option", "options_of", "quantile_windows", "shares"]


@dataclass(frozen=True, slots=True)
class Compared:
    """The samples that a test compares.

    Parameters
    ----------
    reading : Reading
        How the row of the p-value is read.
    samples : tuple of Sample
        One for each level, in the order of the levels.
    total : int or None
        How many units the population of the test has; None if nothing printed limits it.
    total_claims : tuple of Claim
        The rows that say so.
    """

    reading: Reading
    samples: tuple[Sample, ...]
    total: int | None
    total_claims: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of all quantiles, each once."""
        return tuple(
            dict.fromkeys(
                claim
                for sample in self.samples
                for name in quantile_windows(sample)
                for claim in sample.statistics[name].claims
            )
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of the row of a p-value.

    Parameters
    ----------
    reading : Reading
        The reading.
    tests : tuple of str
        The tests that the paper names.
    compared : tuple of Compared
        Every way to read the samples; one of them is meant, unless ``is_open``.
    is_open : bool
        Whether some reading leaves a sample without a printed summary.
    """

    reading: Reading
    tests: tuple[str, ...]
    compared: tuple[Compared, ...]
    is_open: bool


def quantile_windows(sample: Sample) -> dict[str, Interval]:
    """Return the windows of the printed quantiles of a sample.

    Parameters
    ----------
    sample : Sample
        The sample.

    Returns
    -------
    dict of str to Interval
        By statistic, in ascending order of the share.
    """
    return sample.windows(*QUANTILES)


def options_of(
    study: Study, claim: Claim, samples: Sequence[PrintedSample], sizes: Sizes
) -> tuple[Option, ...]:
    """Return what a p-value compares under each reading of its row.

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
    tuple of Option
        One for each reading.

    Notes
    -----
    The printings of the place of the p-value come first; where it has none, all others are
    readings.  Rows of the same places that leave the same thing open in the same words are read
    alike.
    """
    return tuple(_option(study, claim, reading, samples, sizes) for reading in readings(claim))


def _option(
    study: Study,
    claim: Claim,
    reading: Reading,
    samples: Sequence[PrintedSample],
    sizes: Sizes,
) -> Option:
    analysis = study.analyses.get(reading.analysis)
    if analysis is None or analysis.by is None or not reading.population:
        return Option(reading, () if analysis is None else tuple(analysis.test), (), is_open=True)
    tests = tuple(analysis.test)
    cell = population_cell(study, reading.population)
    by = study.variables[analysis.by]
    alternatives: list[list[Sample | None]] = []
    for level in by.levels:

        def is_of_level(sample: Sample, level: str = level) -> bool:
            if sample.variable != analysis.variable or sample.at != reading.at:
                return False
            own = sample.group.cell
            more = own.conditions - cell.conditions
            return (
                not sample.group.described
                and own.root == cell.root
                and own.conditions >= cell.conditions
                and len(more) == 1
                and all((c.variable, c.level) == (analysis.by, level) for c in more)
            )

        found = [p for p in samples if any(is_of_level(sample) for sample in p.readings)]
        here = [p for p in found if claim.location in p.locations]
        # None stands for a reading of the rows under which they are of somebody else.
        alternatives.append(
            [s if is_of_level(s) else None for p in here or found for s in p.readings]
        )
    _, high = sizes.span(cell)
    total = high if high < NO_LIMIT else None
    compared: dict[tuple[object, ...], Compared] = {}
    is_open = not all(alternatives)
    for choice in ways_to_read(alternatives):
        kept = tuple(sample for sample in choice if sample is not None)
        if len(kept) < len(choice) or not all(quantile_windows(sample) for sample in kept):
            is_open = True
            continue
        key = tuple(
            (tuple((name, str(window)) for name, window in quantile_windows(s).items()), s.numbers)
            for s in kept
        )
        compared.setdefault(key, Compared(reading, kept, total, sizes.claims(cell)))
    return Option(reading, tests, tuple(compared.values()), is_open)


def shares(windows: dict[str, Interval]) -> tuple[tuple[Fraction, Interval], ...]:
    """Return windows by the share of values below.

    Parameters
    ----------
    windows : dict of str to Interval
        By statistic.

    Returns
    -------
    tuple of (Fraction, Interval)
        In the same order.
    """
    return tuple((QUANTILES[name], window) for name, window in windows.items())
