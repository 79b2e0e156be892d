"""Laws of shares: percentages with their denominators, and means of values with a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from netcore.checks.certificates.laws import Law, Laws, Under, linear, share
from netcore.checks.certificates.names import Form, Quantity, cell_text, count_form
from netcore.checks.certificates.rows import open_readings
from netcore.checks.estimands import (
    Cell,
    Reading,
    cell_of,
    is_first_hand,
    is_patient_data,
    readings,
)
from netcore.checks.finding import Conventions
from netcore.checks.granular_means import GranularMean, granular_means
from netcore.checks.percentages.denominators import case_of, siblings_of, wholes_of
from netcore.checks.percentages.fits import percentage_windows
from netcore.checks.percentages.sizes import Sizes
from netcore.study import Claim, Study

__all__ = ["mean_laws", "percentage_laws"]


def percentage_laws(study: Study, conventions: Conventions, sizes: Sizes, laws: Laws) -> None:
    """Add the laws of percentages of units.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    laws : Laws
        Where they are added.

    Notes
    -----
    A percentage p of units with some levels is 100 n / D.  Unless the paper
    says it, D is open: all of a group that holds its own; those of it whose
    level is known, who are no fewer than all levels with a percentage in the
    same place count; or all who share the level.  Where D is known to be
    above 0 it is 1 or more.
    """
    rows = [
        claim
        for claim in study.claims
        if claim.stat_name == "pct" and is_patient_data(study, claim)
    ]
    for claim in rows:
        if is_first_hand(study, claim):
            for under, reading in open_readings(study, claim, laws):
                cell = cell_of(study, reading)
                if cell is not None:
                    laws.add(
                        *_percentage(study, conventions, sizes, claim, (under, reading), rows, laws)
                    )


def _percentage(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    claim: Claim,
    read: tuple[Under, Reading],
    rows: Sequence[Claim],
    laws: Laws,
) -> Iterator[Law]:
    under, reading = read
    case = case_of(study, sizes, claim, reading, rows)
    assert case is not None  # the reading has a cell
    windows = percentage_windows(study, claim, conventions, rows)
    coarse = max(windows)
    low = windows[coarse].low
    counted = {name: 100 * number for name, number in _counted(study, case.cell).items()}
    point = f"denominator of {claim.claim}" + "".join(
        f", {what} taken as {choice}" for what, choice in under.items()
    )
    options: dict[str, tuple[Form, list[Law]]] = {}
    groups = [case.own.cell] if reading.denominator else wholes_of(study, reading.population)
    exact = [*groups, *(base.cell for base in case.bases if not base.is_observed)]
    for cell in dict.fromkeys(exact):
        options[f"all of {cell_text(study, cell)}"] = (_counted(study, cell), [])
    for cell in [] if reading.denominator else groups:
        name = f"those observed among {cell_text(study, cell)}"
        known = siblings_of(study, sizes, claim, reading, cell, rows)
        options[name] = _observed(study, f"#{point}", name, cell, [one.row for one in known])
    laws.open(point, options)
    for name, (whole, bounds) in options.items():
        taken = {**under, point: name}
        what = f"percentage in {claim.claim} of {name}{_given(under)}"
        yield share(what, claim.claim, counted, whole, under=taken, coarse=coarse)
        for law in bounds:
            yield linear(
                f"{law.name}, {claim.claim}{_given(under)}",
                law.form,
                low=law.window.low,
                high=law.window.high,
                under=taken,
            )
        if low is not None and low > 0:
            yield linear(f"somebody: {what}", whole, low=1, under=taken)


def _given(under: Under) -> str:
    return "".join(f", {what} taken as {choice}" for what, choice in under.items())


def _counted(study: Study, cell: Cell) -> dict[str, Fraction]:
    return count_form(study, cell.root, cell.conditions)


def _observed(
    study: Study, unknown: str, name: str, cell: Cell, siblings: Iterable[Claim]
) -> tuple[Form, list[Law]]:
    """Return an unknown number of units, at most a group and at least some levels of it."""
    whole = {unknown: Fraction(1)}
    most = whole | {part: -number for part, number in _counted(study, cell).items()}
    least: dict[str, Fraction] = dict(whole)
    for row in siblings:
        level = cell_of(study, readings(row)[0])
        assert level is not None  # or it would be no sibling
        for part, number in _counted(study, level).items():
            least[part] = least.get(part, Fraction(0)) - number
    bounds = [linear(f"at most: {name}", most, high=0), linear(f"at least: {name}", least, low=0)]
    return whole, bounds


def mean_laws(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    quantities: Mapping[str, Quantity],
    laws: Laws,
) -> None:
    """Add the laws of means of values that are multiples of a step.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    quantities : Mapping of str to Quantity
        What rows are about.
    laws : Laws
        Where they are added.

    Notes
    -----
    The mean of n such values is S step / n for a whole number S; a median is
    a value or the middle of two, a multiple of half the step.  At least one
    value was analysed, and no more than there are units in the group.
    """
    laws.add(linear("one is one", {"#1": 1}, low=1, high=1))
    for mean in granular_means(study, conventions, sizes):
        if not mean.is_stated:
            continue
        for under, reading in open_readings(study, mean.claim, laws):
            if reading.stat_name == "mean":
                laws.add(*_mean(study, mean, under, quantities))
            else:
                part = {f"#halves of a step in {mean.claim.claim}": mean.step / 2}
                name = f"median in {mean.claim.claim}{_given(under)}"
                whole = {"#1": Fraction(1)}
                laws.add(share(name, mean.claim.claim, part, whole, under=under))


def _mean(
    study: Study,
    mean: GranularMean,
    under: Under,
    quantities: Mapping[str, Quantity],
) -> Iterator[Law]:
    who = cell_text(study, mean.group)
    analysed = Quantity("#number analysed", mean.variable, "", mean.at, "", "", who, "").name
    part = {f"#steps in all in {mean.claim.claim}": mean.step}
    name = f"mean in {mean.claim.claim}{_given(under)}"
    yield share(name, mean.claim.claim, part, {analysed: Fraction(1)}, under=under)
    yield linear(f"somebody: {analysed}", {analysed: 1}, low=1)
    if analysed not in quantities:  # otherwise the paper says how many there were
        group = {part: -number for part, number in _counted(study, mean.group).items()}
        yield linear(f"at most: {analysed}", {analysed: Fraction(1)} | group, high=0)
