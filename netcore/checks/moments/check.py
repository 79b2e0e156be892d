"""Mean, spread, quartiles and extremes of one sample: whether values exist with all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from netcore.checks.finding import Conventions, Finding
from netcore.checks.moments.evaluation import (
    Evaluated,
    Found,
    Refuted,
    alive_choices,
    evaluated,
    is_alive,
    read_together,
    step_of,
)
from netcore.checks.moments.findings import conditional, conflict, cut_off, support
from netcore.checks.moments.spread import SPREADS
from netcore.checks.other_bounds import other_bounds
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, Sample, printed_samples
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Study

__all__ = ["check_moments"]


def check_moments(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check means and spreads against everything that is printed of the same values.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        At most one for each sample, and one for samples whose shared cells cannot be read
        in any one way.

    Notes
    -----
    A conflict holds for every reading of the rows, digits rounded or cut off, every number of values up to the size
    of the group (or as stated), both divisors of the standard deviation and all definitions of quantiles.
    Rows of the same places that leave the same thing open in the same words are read alike.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    found = _found(study, conventions, sizes, study.locations)
    # Digits may have been cut off, so only what no rounding allows is a conflict.
    doubtful = {
        location
        for printed, one in found
        if any(item.refuted for item in one)
        for location in printed.locations
    }
    wide = _found(study, replace(conventions, rounding="any"), sizes, doubtful) if doubtful else []
    findings: list[Finding] = []
    refused: list[PrintedSample] = []
    for printed, one in found:
        if all(item.refuted for item in one):
            refused.append(printed)
            cut = next((item for item in wide if item[0].claims == printed.claims), None)
            refuted = [item.refuted for item in (cut[1] if cut else ()) if item.refuted]
            if cut is not None and len(refuted) == len(cut[1]):
                smallest = _smallest(study, refuted)
                if smallest:
                    findings.append(conflict(study, conventions, sizes, smallest))
            elif cut is not None and any(item.plain for item in cut[1]):
                findings.append(cut_off(study, conventions, *cut))
    kept = [(printed, one) for printed, one in found if printed not in refused]
    others = other_bounds(study)
    for alike in read_together(kept):
        ways = alive_choices(alike)[0]
        if not ways:
            rows = {printed.claims for printed, _ in alike}
            there = [item for item in wide if item[0].claims in rows]
            cut_ways, cut_dead = alive_choices(there)
            if cut_dead and not cut_ways:
                findings.append(conflict(study, conventions, sizes, _joint(there, cut_dead)))
            continue
        for printed, one in alike:
            allowed = [item for item in one if any(is_alive(item.sample, way) for way in ways)]
            plain = next((item.plain for item in allowed if item.plain), None)
            if plain is not None:
                findings.append(support(study, conventions, others, printed, one, plain))
            elif any(item.fit for item in allowed) and not any(item.is_open for item in allowed):
                findings.append(conditional(study, conventions, printed, allowed))
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


def _found(
    study: Study, conventions: Conventions, sizes: Sizes, places: Collection[str]
) -> list[Found]:
    return [
        (printed, tuple(_evaluated(study, printed)))
        for printed in printed_samples(study, conventions, sizes)
        if _is_bounded(study, printed) and not set(places).isdisjoint(printed.locations)
    ]


def _is_bounded(study: Study, printed: PrintedSample) -> bool:
    """Return whether a mean or a spread is printed, and anything that bounds it."""
    return any(_has_bounds(study, sample) for sample in printed.readings)


def _has_bounds(study: Study, sample: Sample) -> bool:
    variable = study.variables[sample.variable]
    names = set(sample.statistics)
    spread, quantiles = names & {*SPREADS}, names & {*QUANTILES}
    if len(spread) > 1:
        return False
    if not names & {"mean", *SPREADS}:
        return False
    if spread and "mean" not in names:
        return len(quantiles) > 1
    is_on_a_scale = variable.min is not None and variable.max is not None
    return bool(quantiles) or (bool(spread) and (is_on_a_scale or step_of(variable)[0] is not None))


def _evaluated(study: Study, printed: PrintedSample) -> Iterator[Evaluated]:
    for sample in printed.readings:
        several = len({*sample.statistics} & {*SPREADS}) > 1
        if "rmean" in sample.statistics or several or _is_negative(sample):
            yield Evaluated(sample, is_open=True)
        else:
            yield evaluated(sample, study.variables[sample.variable])


def _is_negative(sample: Sample) -> bool:
    """Return whether a spread is negative, which is another check's business."""
    windows = sample.windows(*SPREADS).values()
    return any(window.high is not None and window.high < 0 for window in windows)


def _joint(here: Sequence[Found], dead: Iterable[tuple[dict[str, str], int]]) -> list[Refuted]:
    """Return a proof for each way to read the open cells."""
    refuted: dict[int, Refuted] = {}
    for choice, position in dead:
        for one in here[position][1]:
            if is_alive(one.sample, choice) and one.refuted:
                refuted[id(one)] = one.refuted
    return list(refuted.values())


def _smallest(study: Study, refuted: Sequence[Refuted]) -> list[Refuted]:
    """Leave out each statistic without which no values exist either; none if order alone decides."""
    chosen = list(refuted)
    variables = study.variables
    rows = dict.fromkeys(claim.claim for one in refuted for claim in one.sample.claims)
    spreads_last = sorted(
        rows, key=lambda row: any(_name(one.sample, row) in ("mean", *SPREADS) for one in refuted)
    )
    for row in spreads_last:
        fewer = []
        for one in chosen:
            left = _without_row(one.sample, row)
            again = evaluated(left, variables[left.variable], widely=False).refuted
            if again is None:
                break
            fewer.append(again)
        else:
            chosen = fewer
    names = {name for one in chosen for name in one.sample.statistics}
    # Order alone, and means of values with a step, are the business of other checks.
    if not names & {"mean", *SPREADS} or names <= {"mean", "min", "max"}:
        return []
    return chosen


def _name(sample: Sample, row: str) -> str:
    return next(
        (
            name
            for name, item in sample.statistics.items()
            if any(claim.claim == row for claim in item.claims)
        ),
        "",
    )


def _without_row(sample: Sample, row: str) -> Sample:
    """Return a sample without the statistic that a row prints."""
    kept = {name: item for name, item in sample.statistics.items() if name != _name(sample, row)}
    titles = {
        claim.stat_name for item in kept.values() for claim in item.claims if "|" in claim.stat_name
    }
    gone = {
        claim.stat_name
        for name, item in sample.statistics.items()
        if name not in kept
        for claim in item.claims
    } - titles
    return replace(
        sample,
        statistics=MappingProxyType(kept),
        choices=tuple(cell for cell in sample.choices if cell.words not in gone),
    )
