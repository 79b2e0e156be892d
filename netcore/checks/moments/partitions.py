"""Means and deviations of a group against those of the parts that make it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.findings import root, said
from netcore.checks.moments.spread import SPREADS
from netcore.checks.open_cells import ways_to_read
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, Sample, printed_samples
from netcore.checks.summary_values import (
    Group,
    SummaryValues,
    decimals,
    group_title,
    recomputed_text,
)
from netcore.checks.wording import listed, place, quantity_title
from netcore.printed import EVERYTHING, Interval, print_value
from netcore.stats.interval_arithmetic import hull
from netcore.stats.moments.partitions import (
    FittingNumbers,
    Part,
    combined_variance_hull,
    fitting_numbers,
)
from netcore.stats.moments.spread import squared
from netcore.study import Study

__all__ = ["CHECK", "check_partitions"]

CHECK: Final = "moments-partitions"

_COMBINATIONS: Final = 2_500  # of numbers of values that are tried
_PRINTINGS: Final = 8  # ways to combine what places print of the parts
_SHOWN: Final = 8  # more combinations than that are counted, not listed
_NOT_NEGATIVE: Final = Interval(Fraction(0), None)
_DIVISOR: Final = "a standard deviation has the divisor n"
_NOT_ONCE: Final = "digits were cut off, or rounded more than once"
_CENSORED: Final = "means and deviations are plain, not estimated from censored times"
_SAME: Final = "the same patients were analysed for the whole and for its parts"


@dataclass(frozen=True, slots=True)
class _Divided:
    """A group and the parts that make it up, under one reading of their rows."""

    whole: Sample
    parts: tuple[Sample, ...]
    is_together: bool

    @property
    def samples(self) -> tuple[Sample, ...]:
        return (*self.parts, self.whole)


@dataclass(frozen=True, slots=True)
class _Fits:
    """With which numbers of values a reading fits."""

    divided: _Divided
    plain: FittingNumbers | None
    any_number: FittingNumbers | None

    @property
    def is_refuted(self) -> bool:
        found = self.any_number
        return found is not None and found.is_complete and not found.numbers


def check_partitions(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check means and standard deviations of groups against those of all their parts.

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
        At most one for each printing of a group with all its parts.

    Notes
    -----
    The squares about the mean of the whole are those about the mean of each part plus
    n_i (m_i − m)² of each part.  Every number of values of each part up to its size is tried,
    and both divisors.  Means alone that lie outside those of the parts are another
    check's business.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    values = SummaryValues(study, conventions)
    printed = printed_samples(study, conventions, sizes)
    if not any("mean" in item.readings[0].statistics for item in printed):
        return ()
    wide = {
        item.claims: item
        for item in printed_samples(study, replace(conventions, rounding="any"), sizes)
    }
    findings = []
    for items, is_together in _divisions(printed, values):
        readings = [*_readings(items, is_together)]
        if readings and all(_is_asked(divided) for divided in readings):
            others = [*_readings([wide.get(one.claims, one) for one in items], is_together)]
            finding = _check(study, conventions, readings, others)
            if finding is not None:
                findings.append(finding)
    return tuple(findings)


def _divisions(
    printed: Iterable[PrintedSample], values: SummaryValues
) -> Iterator[tuple[list[PrintedSample], bool]]:
    """Yield parts with their whole, the whole last, and whether one place prints them all."""
    by_group: dict[tuple[str, str], dict[Group, list[PrintedSample]]] = {}
    for item in printed:
        about = {(sample.variable, sample.at, sample.group) for sample in item.readings}
        names = [{*sample.statistics} for sample in item.readings]
        ((variable, at, group), *more) = about
        plain = all("mean" in one and len(one & {*SPREADS}) < 2 for one in names)
        if not more and plain and not group.described:
            by_group.setdefault((variable, at), {}).setdefault(group, []).append(item)
    for (variable, at), groups in by_group.items():
        for whole, items in groups.items():
            covers = values.covers(whole, variable, "mean", at)
            for parts in dict.fromkeys(tuple(part.group for part in cover) for cover in covers):
                if all(part in groups for part in parts):
                    for item in items:
                        yield from _combined(item, [groups[part] for part in parts])


def _combined(
    item: PrintedSample, parts: Sequence[Sequence[PrintedSample]]
) -> Iterator[tuple[list[PrintedSample], bool]]:
    combinations = [*product(*parts)]
    together = [
        chosen
        for chosen in combinations
        if set(item.locations).intersection(*(one.locations for one in chosen))
    ]
    for chosen in (together or combinations)[:_PRINTINGS]:
        yield [*chosen, item], bool(together)


def _readings(items: Sequence[PrintedSample], is_together: bool) -> Iterator[_Divided]:
    for chosen in ways_to_read([item.readings for item in items]):
        yield _Divided(chosen[-1], chosen[:-1], is_together)


def _is_asked(divided: _Divided) -> bool:
    """Return whether there is more to check than that a mean lies between others."""
    # None where nothing limits how many there are, or nobody is left.
    are_some = all(sample.numbers.of_all for sample in divided.samples)
    means = [sample.statistics["mean"].window for sample in divided.samples]
    if not are_some or any(mean.low is None or mean.high is None for mean in means):
        return False
    if not hull(means[:-1]).meets(means[-1]):
        return False
    spreads = [
        sample.statistics[name].window for sample in divided.samples if (name := _spread(sample))
    ]
    return len(spreads) == len(means) and all(window.meets(_NOT_NEGATIVE) for window in spreads)


def _spread(sample: Sample) -> str:
    return next((name for name in SPREADS if name in sample.statistics), "")


def _part(
    sample: Sample, *, fewer: bool, ddof: int | None, without: frozenset[str] = frozenset()
) -> Part:
    numbers = sample.numbers
    assert numbers.greatest is not None
    least = numbers.least if fewer else numbers.of_all.start
    name = _spread(sample)
    variance = EVERYTHING
    # A standard error says nothing of the spread without the number of values.
    if name in ("sd", "var") and not without.intersection(_rows(sample, [name])):
        window = sample.statistics[name].window
        variance = squared(window) if name == "sd" else window
    return Part(
        range(max(least, 1), numbers.greatest + 1),
        sample.statistics["mean"].window,
        variance,
        ddof,
    )


def _fitting(
    divided: _Divided,
    *,
    fewer: bool,
    ddof: int | None,
    without: frozenset[str] = frozenset(),
) -> FittingNumbers | None:
    """Return the numbers that fit; None if numbers of parts and whole do not add up."""
    *parts, whole = (
        _part(sample, fewer=fewer, ddof=ddof, without=without) for sample in divided.samples
    )
    fewest = sum(part.numbers[0] for part in parts)
    most = sum(part.numbers[-1] for part in parts)
    if whole.numbers[0] > most or whole.numbers[-1] < fewest:
        return None
    return fitting_numbers(parts, whole, _COMBINATIONS)


def _rows(sample: Sample, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        row.claim
        for name in names
        if name in sample.statistics
        for row in sample.statistics[name].claims
    )


def _check(
    study: Study,
    conventions: Conventions,
    readings: Sequence[_Divided],
    wide: Sequence[_Divided],
) -> Finding | None:
    found = []
    for divided in readings:
        plain = _fitting(divided, fewer=False, ddof=1)
        found.append(_Fits(divided, plain, None))
        if plain is not None and plain.numbers:
            return _support(study, conventions, divided, plain)
    if any(one.plain is None or not one.plain.is_complete for one in found):
        return None
    found = [replace(one, any_number=_fitting(one.divided, fewer=True, ddof=None)) for one in found]
    if any(one.any_number is None or not one.any_number.is_complete for one in found):
        return None
    fitting = next((one for one in found if not one.is_refuted), None)
    if fitting is not None:
        return _conditional(study, conventions, fitting, "")
    found = [_Fits(one, None, _fitting(one, fewer=True, ddof=None)) for one in wide]
    fitting = next((one for one in found if one.any_number and one.any_number.numbers), None)
    if fitting is not None:
        return _conditional(study, conventions, fitting, _NOT_ONCE)
    if not all(one.is_refuted for one in found):
        return None
    return _conflict(study, conventions, found)


def _assumption(study: Study, divided: _Divided) -> str:
    """Return what it rests on that the values of the whole are those of its parts."""
    if study.variables[divided.whole.variable].type == "time":
        return _CENSORED
    numbers = [sample.numbers for sample in divided.samples]
    stated = all(one.is_stated and one.least == one.greatest for one in numbers)
    differ = stated and sum(one.least for one in numbers[:-1]) != numbers[-1].least
    return _SAME if differ or not divided.is_together else ""


def _start(study: Study, divided: _Divided) -> str:
    title = quantity_title(study, divided.whole.claims[0])
    text = f"{title[:1].upper()}{title[1:]}: {_said(study, divided.whole)}"
    parts = listed(
        f"{_said(study, part)} ({group_title(study, part.group)})" for part in divided.parts
    )
    rows = [row for sample in divided.samples for row in sample.claims]
    return f"{text}; the groups that make it up have {parts} ({place(study, rows)})."


def _said(study: Study, sample: Sample) -> str:
    return said(study, sample, [name for name in ("mean", *SPREADS) if name in sample.statistics])


def _ids(divided: _Divided) -> tuple[str, ...]:
    rows = [row for sample in (divided.whole, *divided.parts) for row in sample.numbers.claims]
    names = ("mean", *SPREADS)
    summaries = [row for sample in (divided.whole, *divided.parts) for row in _rows(sample, names)]
    return tuple(dict.fromkeys((*summaries, *(row.claim for row in rows))))


def _numbers_text(numbers: Sequence[Sequence[int]]) -> str:
    if len(numbers) > _SHOWN:
        return f"{len(numbers)} combinations"
    return listed((" + ".join(map(str, one)) for one in numbers), "or")


def _attainable(study: Study, divided: _Divided) -> Interval | None:
    """Return the spreads that the whole could print, with all members of the parts."""
    *parts, whole = (_part(sample, fewer=False, ddof=1) for sample in divided.samples)
    name = _spread(divided.whole)
    found = combined_variance_hull(parts, replace(whole, variance=EVERYTHING), _COMBINATIONS)
    if found is None or found.window.low is None or name == "std.error":
        return None
    low, high = found.window.low, found.window.high
    unit = 10 ** (decimals(study, divided.whole.statistics[name].claims[0]) + 1)
    if name == "sd":
        low, high = root(low, up=False), None if high is None else root(high, up=True)
    return Interval(
        Fraction(low * unit // 1, unit),
        None if high is None else Fraction(-(-high * unit // 1), unit),
    )


def _recomputed(
    study: Study, conventions: Conventions, divided: _Divided, numbers: Sequence[int]
) -> str | None:
    """Return the spread of the whole from the very numbers that are printed of the parts."""
    name = _spread(divided.whole)
    if name != "sd" or any(_spread(part) != "sd" for part in divided.parts):
        return None
    rows = [
        [sample.statistics[one].claims[0] for one in ("mean", "sd")] for sample in divided.samples
    ]
    if not all(study.printed(row).is_number for pair in rows for row in pair):
        return None
    *pairs, whole = ([study.printed(row).number() for row in pair] for pair in rows)
    size = sum(numbers)
    mean = sum((n * m for n, (m, _) in zip(numbers, pairs, strict=True)), Fraction(0)) / size
    squares = sum(
        ((n - 1) * sd**2 + n * (m - mean) ** 2 for n, (m, sd) in zip(numbers, pairs, strict=True)),
        Fraction(0),
    )
    variance = squares / (size - 1)
    texts = {
        recomputed_text(study, rows[-1][1], root(variance, up=up), conventions)
        for up in (False, True)
    }
    text = texts.pop()
    return text if not texts and Fraction(text) == whole[1] else None


def _support(
    study: Study, conventions: Conventions, divided: _Divided, fitting: FittingNumbers
) -> Finding:
    numbers = fitting.numbers
    name = _spread(divided.whole)
    text = _recomputed(study, conventions, divided, numbers[0]) if len(numbers) == 1 else None
    window = _attainable(study, divided)
    beside = listed(f"{_said(study, p)} ({group_title(study, p.group)})" for p in divided.parts)
    sizes = _numbers_text(numbers)
    sentence = f"With {beside} of {sizes} values, it fits the mean of the whole."
    bearings = {
        row.claim: Bearing(
            Verdict.OPEN if text is None else Verdict.REPRODUCED,
            sentence if text is None else f"It follows from {beside} of {sizes} values.",
            text,
            None if window is None else (window,),
        )
        for row in divided.whole.statistics[name].claims
    }
    tried = f" Numbers of values tried: {fitting.tried}; that fit: {sizes}."
    told = ""
    if window is not None and window.low is not None and window.high is not None:
        ends = " to ".join(_plain(end) for end in (window.low, window.high))
        told = f" From these the {SPREADS[name]} of the whole is {ends}."
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        _ids(divided),
        f"{_start(study, divided)}{told}{tried}",
        bearings,
        conventions=conventions.as_text(),
        witness=_witness(numbers),
    )


def _plain(value: Fraction) -> str:
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    return print_value(value, places)


def _witness(numbers: Sequence[Sequence[int]]) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "kind": "numbers of values of the parts",
            "numbers": [list(one) for one in numbers[:_SHOWN]],
            "fitting": len(numbers),
        }
    )


def _conditional(study: Study, conventions: Conventions, fits: _Fits, digits: str) -> Finding:
    divided, fitting = fits.divided, fits.any_number
    assert fitting is not None
    full = tuple(part.numbers.greatest for part in divided.parts)
    ways = [_DIVISOR] if full in fitting.numbers else []
    fewer = [one for one in fitting.numbers if one != full]
    if fewer and not ways:
        of = " + ".join(str(number) for number in full)
        ways.append(f"only {_numbers_text(fewer)} of {of} were analysed")
    if digits:
        ways = [digits if full in fitting.numbers else f"{ways[0]}, and {digits}"]
    if _assumption(study, divided) == _SAME:
        ways.append("other patients were analysed for the whole than for its parts")
    elif _assumption(study, divided) == _CENSORED:
        ways.append("they are estimates from censored times")
    assumption = ", or ".join(ways)
    window = _attainable(study, divided)
    told = ""
    if window is not None and window.low is not None and window.high is not None:
        ends = " to ".join(_plain(end) for end in (window.low, window.high))
        told = f" With all of each group the {SPREADS[_spread(divided.whole)]} would be {ends}."
    rows = _rows(divided.whole, [_spread(divided.whole)])
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        _ids(divided),
        f"{_start(study, divided)}{told} They hold together if {assumption}. "
        f"Numbers of values tried: {fitting.tried}; that fit: {len(fitting.numbers)}.",
        {
            row: Bearing(Verdict.CONDITIONAL, f"Holds beside the groups if {assumption}.{told}")
            for row in rows
        },
        assumptions=(assumption,),
        resolved_by=("How many of each group were analysed.",),
        conventions=conventions.as_text(),
        witness=_witness(fitting.numbers),
    )


def _conflict(study: Study, conventions: Conventions, found: Sequence[_Fits]) -> Finding:
    """Say that no values of the parts are those of the whole."""
    divided = found[0].divided
    without: frozenset[str] = frozenset()
    for sample in divided.samples:  # the smallest set: spreads that are not needed
        more = without.union(_rows(sample, [_spread(sample)]))
        again = [_fitting(one.divided, fewer=True, ddof=None, without=more) for one in found]
        if all(one is not None and one.is_complete and not one.numbers for one in again):
            without = more
    sizes = {row.claim for sample in divided.samples for row in sample.numbers.claims}
    ids = tuple(row for row in _ids(divided) if row not in without)
    assumption = _assumption(study, divided)
    fitting = found[0].any_number
    assert fitting is not None
    assumptions = tuple(one for one in (assumption, NOT_REPLAYED) if one)
    bearings = {
        row: Bearing(
            Verdict.CONDITIONAL,
            "Conflicts with the other means and deviations of the whole and its parts if "
            f"{listed(assumptions)}.",
        )
        for row in ids
        if row not in sizes  # which other counts may hold in place
    }
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        ids,
        f"{_start(study, divided)} No numbers of values of the parts give mean and spread of the "
        f"whole. Tried: {fitting.tried}, with either divisor of a variance. "
        f"They conflict if {listed(assumptions)}.",
        bearings,
        assumptions=assumptions,
        resolved_by=("How many of each group were analysed, and the values of both.",),
        conventions=conventions.as_text(),
    )
