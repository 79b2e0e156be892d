"""Samples of a study in normal form: where their values may lie, and which rows count them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from netcore.checks.certificates.laws import Laws
from netcore.checks.certificates.names import Quantity, cell_text, is_single, quantity_of
from netcore.checks.certificates.rows import RowMeaning, meaning_of
from netcore.checks.estimands import (
    Cell,
    Reading,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.printed import format_fraction
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Claim, Study

__all__ = [
    "SampleMeaning",
    "mean_tests",
    "numbers_by",
    "rank_tests",
    "sample_name",
    "samples_of",
    "study_samples",
]

_SUMMARIES: Final = frozenset(("mean", "sd", "std.error", "var", *QUANTILES))
_Counted = Literal["exactly", "at most"]


@dataclass(frozen=True, slots=True)
class SampleMeaning:
    """The values of a variable in a group.

    Parameters
    ----------
    variable, at : str
        What was measured, and when.
    cell : Cell
        Who they are.
    sizes : Mapping of str to str
        Rows that say how many values there are, ``exactly``, or how many
        units, so that there are ``at most`` so many.
    step, low, high : Fraction or None
        What every value is a multiple of, as far as the paper says it, and
        the ends of the variable.
    """

    variable: str
    at: str
    cell: Cell
    sizes: Mapping[str, _Counted]
    step: Fraction | None
    low: Fraction | None
    high: Fraction | None

    def as_json(self) -> dict[str, object]:
        """Return the sample as plain JSON values.

        Returns
        -------
        dict of str to object
            What ``study.json`` says of it.
        """
        ends = {"step": self.step, "min": self.low, "max": self.high}
        plain = {name: None if end is None else format_fraction(end) for name, end in ends.items()}
        return {**plain, "sizes": dict(self.sizes)}


def sample_name(study: Study, claim: Claim, reading: Reading) -> str:
    """Name the sample of which a row is a summary.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        The row.
    reading : Reading
        One of its readings.

    Returns
    -------
    str
        The name of the quantity without that of the statistic.
    """
    return quantity_of(study, claim, reading).name.partition(" | ")[2]


def samples_of(study: Study, rows: Mapping[str, RowMeaning]) -> Mapping[str, SampleMeaning]:
    """Return the samples whose values may be uncensored numbers.

    Parameters
    ----------
    study : Study
        The study.
    rows : Mapping of str to RowMeaning
        What each row is about.

    Returns
    -------
    Mapping of str to SampleMeaning
        By name, in the order of the rows.
    """
    counted: dict[str, list[str]] = {}
    for name, meaning in rows.items():
        match meaning.forms:
            case [(under, {"": form})] if not under and [*form.values()] == [1]:
                counted.setdefault(next(iter(form)), []).append(name)
            case _:
                pass
    found: dict[str, SampleMeaning] = {}
    for claim, reading in _summaries(study):
        name, variable = sample_name(study, claim, reading), study.variables[reading.variable]
        cell = population_cell(study, reading.population)
        who = cell_text(study, cell)
        number = Quantity("#number analysed", reading.variable, "", reading.at, "", "", who, "")
        sizes: dict[str, _Counted] = dict.fromkeys(counted.get(f"#{who}", ()), "at most")
        sizes |= dict.fromkeys(counted.get(number.name, ()), "exactly")
        grain = variable.granularity
        step = Fraction(1) if variable.type == "integer" else None
        if grain is not None:
            step = Fraction(grain.step) if grain.stated else None
        ends = (None if end is None else Fraction(end) for end in (variable.min, variable.max))
        made = SampleMeaning(reading.variable, reading.at, cell, sizes, step, *ends)
        found.setdefault(name, made)
    return MappingProxyType(found)


def study_samples(study: Study) -> Mapping[str, SampleMeaning]:
    """Return the samples of a study.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Mapping of str to SampleMeaning
        From :func:`samples_of`.
    """
    laws = Laws()
    return samples_of(
        study, {claim.claim: meaning_of(study, claim, laws) for claim in study.claims}
    )


def numbers_by(study: Study, sample: SampleMeaning, row: str) -> range | None:
    """Return how many values there can be by a row.

    Parameters
    ----------
    study : Study
        The study.
    sample : SampleMeaning
        The sample.
    row : str
        One of the rows that count its values or its units.

    Returns
    -------
    range or None
        None if it prints no number of 1 or more.
    """
    printed = next(study.printed(claim) for claim in study.claims if claim.claim == row)
    if not printed.is_number or printed.number() < 1:
        return None
    number = int(printed.number())
    return range(number if sample.sizes[row] == "exactly" else 1, number + 1)


def _summaries(study: Study) -> Iterator[tuple[Claim, Reading]]:
    """Yield the readings of rows as summaries of plain values of this study's own units."""
    for claim in study.claims:
        if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        for reading in readings(claim):
            variable = study.variables.get(reading.variable)
            if (
                variable is not None
                and variable.type in ("continuous", "integer")
                and reading.stat_name in _SUMMARIES
                and not (reading.variable_level or reading.analysis or claim.cites)
                and claim.unit in ("", variable.unit or claim.unit)
                and reading.population
                and not is_single(study, reading.population)
            ):
                yield claim, reading


def rank_tests(study: Study, samples: Mapping[str, SampleMeaning]) -> Mapping[str, tuple[str, ...]]:
    """Return which samples the Mann-Whitney tests of a study compare.

    Parameters
    ----------
    study : Study
        The study.
    samples : Mapping of str to SampleMeaning
        From :func:`samples_of`.

    Returns
    -------
    Mapping of str to tuple of str
        Rows that print a p-value of this test and of no other, each with the
        names of two samples.
    """
    return _tests(study, samples, {"mann_whitney"})


def mean_tests(study: Study, samples: Mapping[str, SampleMeaning]) -> Mapping[str, tuple[str, ...]]:
    """Return which samples the t-tests of two groups of a study compare.

    Parameters
    ----------
    study : Study
        The study.
    samples : Mapping of str to SampleMeaning
        From :func:`samples_of`.

    Returns
    -------
    Mapping of str to tuple of str
        Rows that print a p-value of Student's test or Welch's and of no
        other, each with the names of two samples.
    """
    return _tests(study, samples, {"student_t", "welch_t"})


def _tests(
    study: Study, samples: Mapping[str, SampleMeaning], kinds: Set[str]
) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for claim in study.claims:
        options = readings(claim)
        analysis = study.analyses.get(options[0].analysis)
        if len(options) > 1 or analysis is None or not analysis.test:
            continue
        if not kinds >= {*analysis.test} or options[0].variable not in ("", analysis.variable):
            continue
        if claim.stat_name != "p.value" or claim.cites or not is_patient_data(study, claim):
            continue
        compared = _compared(study, options[0], analysis.variable, analysis.by or "", samples)
        if len(compared) == 2:
            found[claim.claim] = tuple(compared)
    return MappingProxyType(found)


def _compared(
    study: Study, reading: Reading, variable: str, by: str, samples: Mapping[str, SampleMeaning]
) -> Sequence[str]:
    """Return a sample for each level by which a test compares; none if a level has several."""
    if not reading.population or by not in study.variables:
        return ()
    whole, found = population_cell(study, reading.population), []
    for level in study.variables[by].levels:
        those = [
            name
            for name, sample in samples.items()
            if (sample.variable, sample.at, sample.cell.root) == (variable, reading.at, whole.root)
            and sample.cell.conditions >= whole.conditions
            and [(one.variable, one.level) for one in sample.cell.conditions - whole.conditions]
            == [(by, level)]
        ]
        if len(those) != 1:
            return ()
        found += those
    return found
