"""Quantiles of a change of each patient beside those of the values before and after it.

Medians do not subtract.  But whoever had which values, the order of the values before and
after bounds the order of the changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.quantiles.granular import CHECK
from netcore.checks.quantiles.strata import LARGEST
from netcore.checks.quantiles.summaries import (
    domain_of,
    numbers_text,
    one_reading,
    rows_of,
    said,
    windows_of,
)
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import Group, SummaryValues, group_title, unit_of
from netcore.checks.wording import counted, listed, place, variable_title
from netcore.printed import EVERYTHING, Interval, format_fraction
from netcore.stats.quantiles.boxes import boxes
from netcore.stats.quantiles.definitions import QUANTILES, loosest_indices
from netcore.stats.quantiles.pairings import Operation, paired
from netcore.study import Claim, Derived, Study

__all__ = ["check_quantiles_of_changes"]

_NUMBERS: Final = 60  # numbers of values tried at most, the largest first
_WAYS: Final = 2_000  # to divide a number among parts

Boxed = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """A variable derived for each unit, in a group of which its operands are printed.

    ``parts`` has the group itself, or parts that make it up, with quantiles of the change.
    """

    variable: str
    operation: Operation
    operands: tuple[Sample, ...]
    parts: tuple[Sample, ...]

    @property
    def group(self) -> Group:
        return self.operands[0].group

    @property
    def samples(self) -> tuple[Sample, ...]:
        return (*self.operands, *self.parts)

    @property
    def greatest(self) -> int | None:
        """The most units that can have all values."""
        known = [
            sample.numbers.greatest
            for sample in (*self.operands, *(self.parts if len(self.parts) == 1 else ()))
            if sample.numbers.greatest is not None
        ]
        return min(known, default=None)


def check_quantiles_of_changes(
    study: Study,
    conventions: Conventions,
    printed: Sequence[PrintedSample],
    values: SummaryValues,
) -> tuple[Finding, ...]:
    """Check quantiles of differences, sums and ratios of each patient against their operands.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    printed : sequence of PrintedSample
        From :func:`netcore.checks.samples.printed_samples`.
    values : SummaryValues
        The summaries of the study, which know how groups are divided.

    Returns
    -------
    tuple of Finding
        For each group with quantiles of both operands, and of the change in the group or in all
        its parts, one support: conditional if no pairs of values give them, with what the change
        could be otherwise.

    Notes
    -----
    Bounds of :func:`netcore.stats.quantiles.pairings.paired`, by any definition of a quantile.
    They hold if the same patients were analysed before, after and for the change, which papers
    seldom say; so this never ends in a conflict.
    """
    findings: list[Finding] = []
    for case in _cases(study, printed, values):
        greatest = case.greatest
        if greatest is not None and 0 < greatest <= LARGEST:
            finding = _check(study, conventions, case, greatest)
            if finding is not None:
                findings.append(finding)
    return tuple(findings)


def _cases(
    study: Study, printed: Sequence[PrintedSample], values: SummaryValues
) -> Iterator[_Case]:
    known: dict[tuple[str, str], dict[Group, list[Sample]]] = {}
    for item in printed:
        sample = one_reading(study, item)
        if sample is not None:
            key = (sample.variable, sample.at)
            known.setdefault(key, {}).setdefault(sample.group, []).append(sample)
    for (name, at), changes in known.items():
        derived = study.variables[name].derived
        if derived is None or derived.per != "patient":
            continue
        operands = [known.get((operand, at), {}) for operand in derived.operands]
        for group in operands[0]:
            if not all(len(of.get(group, ())) == 1 for of in operands):
                continue  # which of several printings holds is another check's business
            own = [[group]] if group in changes else []
            own += [
                [part.group for part in cover]
                for stat in QUANTILES
                for cover in values.covers(group, name, stat, at)
            ]
            for parts in dict.fromkeys(map(tuple, own)):
                if not all(len(changes.get(part, ())) == 1 for part in parts):
                    continue
                samples = tuple(changes[part][0] for part in parts)
                of_operands = tuple(of[group][0] for of in operands)
                stated = {
                    (one.numbers.least, one.numbers.greatest)
                    for one in (*of_operands, *(samples if len(samples) == 1 else ()))
                    if one.numbers.is_stated
                }
                # Numbers that differ are of different patients.
                if len(stated) < 2 and _has_one_scale(study, derived, of_operands, samples):
                    yield _Case(name, derived.operation, of_operands, samples)


def _has_one_scale(
    study: Study, derived: Derived, operands: Sequence[Sample], changes: Sequence[Sample]
) -> bool:
    """Return whether units and bounds let printed numbers be subtracted or divided."""

    def units(samples: Iterable[Sample]) -> set[str]:
        return {
            unit_of(study, claim, sample.variable) for sample in samples for claim in sample.claims
        }

    if len(units(operands)) > 1:
        return False
    if derived.operation == "ratio":
        floor = domain_of(study, operands[0].variable).low
        is_counted_from_0 = floor is not None and floor >= 0
        return "%" not in units(changes) and is_counted_from_0 and _is_positive(operands[1])
    return units(changes) == units(operands)


def _is_positive(sample: Sample) -> bool:
    """Return whether a least value is printed that shows that all are above 0."""
    least = sample.statistics.get("min")
    return least is not None and least.window.low is not None and least.window.low > 0


def _check(study: Study, conventions: Conventions, case: _Case, greatest: int) -> Finding | None:
    least = _least(case, greatest)
    if greatest - least >= _NUMBERS:
        return None
    for everyone in range(greatest, least - 1, -1):
        ways = _fitting(study, case, everyone)
        if ways is None:
            return None  # too many ways to divide the group, and nothing is known
        if ways:
            return _support(study, conventions, case, everyone, ways)
    if least < greatest:
        return None  # how many patients the group has is not printed
    smallest = _smallest(study, case, greatest)
    fewer = []
    for number in range(greatest - 1, max(0, greatest - _NUMBERS), -1):
        found = _fitting(study, case, number)
        if found is None or found:
            fewer.append(number)
    return _at_odds(study, conventions, smallest, greatest, fewer)


def _least(case: _Case, greatest: int) -> int:
    """Return the least number of units that the group may have, if all were analysed."""
    sizes = [
        1 if one.numbers.size is None else max(one.numbers.size[0], 1)
        for one in case.operands
        if not one.numbers.is_stated
    ]
    return min(greatest, *sizes) if sizes else greatest


def _fitting(study: Study, case: _Case, number: int) -> list[tuple[int, ...]] | None:
    """Return the ways to divide a number of units among the parts that fit; None if unknown."""
    if _count(case, number) > _WAYS:
        return None
    if case.operation == "ratio" and not _is_positive(case.operands[1]):
        return None
    bound = _bound(study, case, number)
    return [] if bound is None else [way for way in _ways(case, number) if _fits(case, way, bound)]


def _smallest(study: Study, case: _Case, number: int) -> _Case:
    """Leave out every quantile without which there are no pairs of values either."""
    for place_, sample in enumerate(case.samples):
        for name in windows_of(sample):
            current = case.samples[place_]
            kept = {
                stat: value
                for stat, value in current.statistics.items()
                if QUANTILES.get(stat) != name
            }
            samples = [*case.samples]
            samples[place_] = replace(current, statistics=MappingProxyType(kept))
            count = len(case.operands)
            without = replace(case, operands=tuple(samples[:count]), parts=tuple(samples[count:]))
            if _fitting(study, without, number) == []:
                case = without
    return case


def _bound(study: Study, case: _Case, number: int) -> Boxed | None:
    """Return where the ordered changes of so many units lie; None if no values are possible."""
    found = []
    for sample in case.operands:
        shares = tuple(windows_of(sample).items())
        boxed = _boxes(shares, domain_of(study, sample.variable), number)
        if boxed is None:
            return None
        found.append(boxed)
    result = found[0]
    for other in found[1:]:
        result = paired(result, other, case.operation)
    return result


@lru_cache(maxsize=256)
def _boxes(
    shares: tuple[tuple[Fraction, Interval], ...], domain: Interval, number: int
) -> Boxed | None:
    found = boxes(dict(shares), number, domain=domain)
    return None if found.conflict is not None else found.intervals


def _spans(case: _Case, number: int) -> list[range]:
    spans = []
    for part in case.parts:
        most = number if part.numbers.greatest is None else min(part.numbers.greatest, number)
        least = part.numbers.least if part.numbers.is_stated else 1
        spans.append(range(least, most + 1))
    return spans


def _count(case: _Case, number: int) -> int:
    """Return an upper bound of the ways to divide a number among the parts."""
    total = 1
    for span in _spans(case, number)[1:]:
        total *= max(len(span), 1)
    return total


def _ways(case: _Case, number: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to divide a number of units among the parts."""

    def extended(chosen: tuple[int, ...], spans: Sequence[range]) -> Iterator[tuple[int, ...]]:
        rest = number - sum(chosen)
        if not spans:
            if rest == 0:
                yield chosen
            return
        for size in spans[0]:
            if size <= rest:
                yield from extended((*chosen, size), spans[1:])

    yield from extended((), _spans(case, number))


def _fits(case: _Case, ways: Sequence[int], bound: Boxed) -> bool:
    """Return whether no count of changes up to a number says that there are none."""
    at_most: dict[Fraction, None] = {}
    below: dict[Fraction, None] = {}
    marks: list[tuple[int, list[tuple[Interval, int, int]]]] = []
    for part, size in zip(case.parts, ways, strict=True):
        windows = [
            (window, *loosest_indices(share, size)) for share, window in windows_of(part).items()
        ]
        marks.append((size, windows))
        for window, _, _ in windows:
            at_most.update({} if window.high is None else {window.high: None})
            below.update({} if window.low is None else {window.low: None})
    for point in at_most:
        least = sum(
            max([first for w, first, _ in windows if w.high is not None and w.high <= point] + [0])
            for _, windows in marks
        )
        if least > sum(1 for one in bound if one.low is None or one.low <= point):
            return False
    for point in below:
        most = sum(
            min([last - 1 for w, _, last in windows if w.low is not None and w.low >= point] + [n])
            for n, windows in marks
        )
        if most < sum(1 for one in bound if one.high is not None and one.high < point):
            return False
    return True


def _attainable(study: Study, case: _Case, number: int) -> dict[Fraction, Interval]:
    """Return where the quantiles of the change of the whole group lie."""
    bound = _bound(study, case, number)
    if bound is None:
        return {}
    found = {}
    for share in QUANTILES.values():
        first, last = loosest_indices(share, number)
        found[share] = Interval(bound[first - 1].low, bound[last - 1].high)
    return found


_WORDS: Final = {"difference": "less", "sum": "plus", "ratio": "by"}


def _start(study: Study, case: _Case) -> tuple[tuple[Claim, ...], str]:
    rows: dict[Claim, None] = {}
    texts = []
    for sample in case.samples:
        of_sample = rows_of(sample, windows_of(sample))
        if not of_sample:
            continue
        rows.update(dict.fromkeys(of_sample))
        whose = "" if sample.group == case.group else f", {group_title(study, sample.group)}"
        texts.append(
            f"{variable_title(study, sample.variable)}{whose}: {said(study, of_sample)}"
            f" ({place(study, of_sample)})"
        )
    title = group_title(study, case.group)
    word = f" {_WORDS[case.operation]} "
    names = word.join(variable_title(study, sample.variable) for sample in case.operands)
    return tuple(rows), (
        f"{title[:1].upper()}{title[1:]}: {'; '.join(texts)}. "
        f"For each patient, {variable_title(study, case.variable)} is {names}."
    )


def _median_text(study: Study, case: _Case, number: int) -> str:
    window = _attainable(study, case, number).get(Fraction(1, 2), EVERYTHING)
    if window.low is None or window.high is None:
        return ""
    unit = study.variables[case.variable].unit
    low, high = (format_fraction(end).replace("-", "−") for end in (window.low, window.high))
    return (
        f"If the same {number} were analysed each time, the median of "
        f"{variable_title(study, case.variable)} lies from {low} to {high}"
        f"{f' {unit}' if unit else ''}, however the values are paired."
    )


def _support(
    study: Study,
    conventions: Conventions,
    case: _Case,
    number: int,
    ways: Sequence[tuple[int, ...]],
) -> Finding:
    rows, start = _start(study, case)
    words = [_median_text(study, case, number)]
    if len(case.parts) == 2 and len(ways) < len([*_ways(case, number)]):
        name = group_title(study, case.parts[0].group)
        words.append(
            f"If all {number} were analysed before and after, "
            f"{numbers_text(one[0] for one in ways)} of them belong to {name}."
        )
    sentence = " ".join(word for word in words if word)
    said_all = sentence or "Neither rules out the other."
    known: dict[str, tuple[Interval, ...]] = {}
    if len(case.parts) == 1 and all(
        sample.numbers.is_stated and sample.numbers.least == number for sample in case.samples
    ):
        for share, window in _attainable(study, case, number).items():
            known |= {row.claim: (window,) for row in rows_of(case.parts[0], [share])}
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(row.claim for row in rows),
        f"{start} {said_all}",
        {
            row.claim: Bearing(Verdict.OPEN, said_all, attainable=known.get(row.claim))
            for row in rows
        },
        conventions=conventions.as_text(),
    )


def _turned(case: _Case) -> _Case:
    """Return the case of a difference the other way round."""
    return replace(case, operands=case.operands[::-1])


def _at_odds(
    study: Study,
    conventions: Conventions,
    case: _Case,
    number: int,
    fewer: Sequence[int],
) -> Finding:
    rows, start = _start(study, case)
    ways = [
        "other patients were analysed before, after and for the change",
        f"it is not the {case.operation} of the two values of each patient",
    ]
    if fewer:
        ways.insert(0, f"only {numbers_text(fewer)} of {number} were analysed")
    if case.operation == "difference" and _fitting(study, _turned(case), number):
        ways.insert(0, "it is counted the other way round")
    if any(study.variables[sample.variable].type == "time" for sample in case.samples):
        ways.append("quantiles are estimated from censored times")
    assumption = listed(ways, "or")
    words = f"No {counted(number, 'pair')} of values {'gives' if number == 1 else 'give'} these. "
    words += _median_text(study, case, number)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(row.claim for row in rows),
        f"{start} {words.strip()} They hold together only if {assumption}.",
        {
            row.claim: Bearing(
                Verdict.CONDITIONAL, f"Holds beside the other quantiles only if {assumption}."
            )
            for row in rows
        },
        assumptions=(assumption,),
        resolved_by=("How many were analysed each time, and the change of each patient.",),
        conventions=conventions.as_text(),
    )
