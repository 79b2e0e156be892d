"""Under which readings and assumptions values exist with everything printed of a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Final

from netcore.checks.moments.judging import Judgement, Proof, judged, summaries_of
from netcore.checks.samples import PrintedSample, Sample
from netcore.study import Variable

__all__ = [
    "Evaluated",
    "Fit",
    "Found",
    "Refuted",
    "alive_choices",
    "evaluated",
    "is_alive",
    "read_together",
    "step_of",
]

_MOST: Final = 400  # numbers of values that are tried for one reading
_WITNESSES: Final = (30, 10, 100, 5, 3, 2)  # numbers of values where nothing limits them
_CONSTRUCTIONS: Final = 4  # numbers for which values are made, under an assumption


@dataclass(frozen=True, slots=True)
class Fit:
    """Values that have everything that is printed of a sample.

    Parameters
    ----------
    sample : Sample
        The reading.
    number : int
        How many values.
    step : Fraction or None
        What they are multiples of.
    judgement : Judgement
        The values.
    """

    sample: Sample
    number: int
    step: Fraction | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Refuted:
    """A reading under which no values exist, for any number of them.

    Parameters
    ----------
    sample : Sample
        The reading.
    step : Fraction or None
        What values are multiples of, where the paper says so.
    proofs : Mapping of int to Proof
        For each number of values.
    """

    sample: Sample
    step: Fraction | None
    proofs: Mapping[int, Proof]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was found for one reading of a sample.

    Parameters
    ----------
    sample : Sample
        The reading.
    plain : Fit or None
        Values as many as the group, or as the paper says.
    fewer : Fit or None
        Fewer values.
    numbers : tuple of int
        Fewer values that are not excluded.
    off_step : Fit or None
        Values that are not multiples of a step which the paper does not state.
    is_open : bool
        Whether values as many as the group are neither found nor excluded.
    refuted : Refuted or None
        A proof that there are none of these.
    tried : int
        How many numbers of values were tried.
    """

    sample: Sample
    plain: Fit | None = None
    fewer: Fit | None = None
    numbers: tuple[int, ...] = ()
    off_step: Fit | None = None
    is_open: bool = False
    refuted: Refuted | None = None
    tried: int = 0

    @property
    def fit(self) -> Fit | None:
        """The fit that assumes least."""
        return self.plain or self.fewer or self.off_step


Found = tuple[PrintedSample, tuple[Evaluated, ...]]
"""A sample, with what was found for each of its readings."""


def step_of(variable: Variable) -> tuple[Fraction | None, bool]:
    """Return what values are multiples of, and whether the paper says so.

    Parameters
    ----------
    variable : Variable
        What was measured.

    Returns
    -------
    tuple of (Fraction or None) and bool
        1 and True for a variable of whole numbers.
    """
    if variable.granularity is not None:
        return Fraction(variable.granularity.step), variable.granularity.stated
    return (Fraction(1), True) if variable.type == "integer" else (None, True)


def _numbers(sample: Sample) -> tuple[Sequence[int], Sequence[int]]:
    """Return the numbers of values that need no assumption, and fewer ones; greatest first."""
    numbers = sample.numbers
    if numbers.greatest is None:
        return _WITNESSES, ()
    if numbers.is_stated or numbers.size is None:
        return range(numbers.greatest, numbers.least - 1, -1), ()
    least = max(numbers.size[0], numbers.least)
    return (
        range(numbers.greatest, least - 1, -1),
        range(min(least, numbers.greatest + 1) - 1, numbers.least - 1, -1),
    )


def evaluated(sample: Sample, variable: Variable, *, widely: bool = True) -> Evaluated:
    """Look for values with everything that is printed of a sample.

    Parameters
    ----------
    sample : Sample
        One reading of the sample.
    variable : Variable
        What was measured.
    widely : bool
        Whether to look for all fewer numbers that fit; else one is enough.

    Returns
    -------
    Evaluated
        The first values found with each assumption, or a proof that there are
        none.  Neither where the search ended before.
    """
    asked = summaries_of(sample, variable)
    step, is_stated = step_of(variable)
    full, fewer = _numbers(sample)
    if len(full) + len(fewer) > _MOST:
        full, fewer = full[:_MOST], ()
        is_complete = False
    else:
        is_complete = sample.numbers.greatest is not None
    proofs: dict[int, Proof] = {}
    possible: list[int] = []

    known: dict[tuple[int, Fraction | None], Judgement] = {}

    def judge(number: int, grid: Fraction | None) -> Judgement:
        if (number, grid) not in known:
            known[number, grid] = judged(asked, number, grid)
        return known[number, grid]

    def first(numbers: Iterable[int], grid: Fraction | None) -> Fit | None:
        constructions = 0
        for number in numbers:
            found = judge(number, grid)
            if found.state == "fits":
                return Fit(sample, number, grid, found)
            if found.proof is not None and grid == hard:
                proofs[number] = found.proof
            constructions += found.state == "open"
            if constructions > _CONSTRUCTIONS:
                break
        return None

    hard = step if is_stated else None
    result = Evaluated(sample, tried=len(full) + len(fewer))
    if plain := first(full, step):
        return replace(result, plain=plain)
    result = replace(result, is_open=any(judge(number, step).state == "open" for number in full))
    some = first(fewer, step)
    if some is not None and widely:
        for number in fewer:
            if judge(number, step).state != "excluded":
                possible.append(number)
    result = replace(result, fewer=some, numbers=tuple(sorted(possible)))
    if not is_stated:
        result = replace(result, off_step=first((*full, *fewer), None))
    if result.fit is not None or not is_complete:
        return result
    if set(proofs) >= {*full, *fewer}:
        return replace(result, refuted=Refuted(sample, hard, MappingProxyType(proofs)))
    return result


def is_alive(sample: Sample, choices: Mapping[str, str]) -> bool:
    """Return whether a reading agrees with how cells are read.

    Parameters
    ----------
    sample : Sample
        The reading.
    choices : Mapping
        By what is left open, what is meant.

    Returns
    -------
    bool
        Whether no open cell is read otherwise.
    """
    return all(choices.get(cell.point, cell.meant) == cell.meant for cell in sample.choices)


def read_together(samples: Sequence[Found]) -> list[list[Found]]:
    """Put samples together that share an open cell, directly or by others.

    Parameters
    ----------
    samples : sequence of pairs
        Samples, each with what was found for its readings.

    Returns
    -------
    list of lists
        Every sample once, in the order of the first of each list.
    """
    together: list[tuple[set[str], list[int]]] = []
    for position, (printed, _) in enumerate(samples):
        cells = {cell.point for sample in printed.readings for cell in sample.choices}
        members = [position]
        apart = []
        for other_cells, others in together:
            if cells.isdisjoint(other_cells):
                apart.append((other_cells, others))
            else:
                cells |= other_cells
                members = [*others, *members]
        together = [*apart, (cells, sorted(members))]
    return [[samples[i] for i in members] for _, members in sorted(together, key=lambda x: x[1])]


def alive_choices(
    samples: Sequence[Found],
) -> tuple[list[dict[str, str]], list[tuple[dict[str, str], int]]]:
    """Return how the open cells of some samples can be read.

    Parameters
    ----------
    samples : sequence of pairs
        Samples, each with what was found for its readings.

    Returns
    -------
    tuple of lists
        The ways to read the cells under which no sample is refuted; and the others, each
        with the position of a sample that is.
    """
    options: dict[str, dict[str, None]] = {}
    for printed, _ in samples:
        for sample in printed.readings:
            for cell in sample.choices:
                options.setdefault(cell.point, {})[cell.meant] = None
    alive, dead = [], []
    for choice in _choices(options):
        refuted = next(
            (
                position
                for position, (_, found) in enumerate(samples)
                if all(one.refuted for one in found if is_alive(one.sample, choice))
                and any(is_alive(one.sample, choice) for one in found)
            ),
            None,
        )
        if refuted is None:
            alive.append(choice)
        else:
            dead.append((choice, refuted))
    return alive, dead


def _choices(options: Mapping[str, Mapping[str, None]]) -> Iterator[dict[str, str]]:
    for values in product(*options.values()):
        yield dict(zip(options, values, strict=True))
