"""Complete levels: percentages of levels of which everybody has exactly one.

They add up to 100, but for rounding, if they are of one denominator; percentages of
levels that merely exclude one another add up to no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from netcore.checks.estimands import (
    Cell,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.fits import HUNDRED, percentage_windows
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.wording import cell_title, listed, place, quoted, variable_title
from netcore.printed import Interval, format_fraction
from netcore.stats.counts import counts_behind
from netcore.stats.interval_arithmetic import hull, interval_sum, scaled
from netcore.study import Claim, Condition, Study, Variable

__all__ = ["CHECK", "check_complete_levels"]

CHECK: Final = "complete-levels"

_WHOLE: Final = Fraction(100)
_MOST: Final = 2_000  # numbers of units; larger groups are not searched, their sums suffice
_VARIOUS: Final = "the percentages are of different groups"


@dataclass(frozen=True, slots=True)
class _Table:
    """The percentages of one variable in one place, for one group and time."""

    variable: str
    at: str
    group: Cell
    denominator: Cell | None  # where the rows state it
    rows: Mapping[str, tuple[Claim, ...]]  # by level or union


@dataclass(frozen=True, slots=True)
class _Sum:
    """Levels that exclude one another, and what their percentages add up to."""

    levels: tuple[str, ...]
    relation: Literal["exactly", "at most"]


def check_complete_levels(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check that percentages of levels that exclude one another add up.

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
        One for each variable, group, time and place whose complete levels
        have percentages, and for each in which exclusive levels exceed 100.
        Nothing where a count stands beside each percentage: then each is
        checked with its own.

    Notes
    -----
    Shares p_i of one denominator add up to 100, so 100 lies in the sum of
    their windows.  With k windows [v_i - h, v_i + h] that is
    100 - k h <= sum v_i <= 100 + k h.  Printed values are multiples of 2 h,
    as 100 is, so they differ from 100 by a multiple of 2 h: by 2 h floor(k /
    2) at most.  Cut off, with windows [v_i, v_i + 2 h), they add up to more
    than 100 - 2 h k and at most 100.

    Where the size of the group is known, counts n_i of one denominator D up
    to it must exist with sum n_i = D and each 100 n_i / D in its window; they
    do if and only if no window is without such a count and the least counts
    add up to at most D, the greatest to at least D.

    Of a group that may have no members nothing follows where every share is 0.
    Unless the paper states the denominators, several of them may be behind
    the percentages: then a sum that misses is conditional.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    rows = [
        claim
        for claim in study.claims
        if claim.stat_name == "pct" and is_patient_data(study, claim)
    ]
    findings = []
    for table in _tables(study, rows):
        finding = _check(study, conventions, sizes, table, rows)
        if finding is not None:
            findings.append(finding)
    return tuple(findings)


def _tables(study: Study, rows: Sequence[Claim]) -> Iterable[_Table]:
    found: dict[tuple[str, str, str, Cell, Cell | None], dict[str, list[Claim]]] = {}
    for claim in rows:
        options = readings(claim)
        if len(options) > 1 or not is_first_hand(study, claim) or claim.printed == "all":
            continue
        reading = options[0]
        if cell_of(study, reading) is None or not reading.variable_level:
            continue
        if study.variables[reading.variable].type != "categorical":
            continue
        group = population_cell(study, reading.population)
        stated = population_cell(study, reading.denominator) if reading.denominator else None
        key = (claim.location, reading.variable, reading.at, group, stated)
        found.setdefault(key, {}).setdefault(reading.variable_level, []).append(claim)
    for (_, variable, at, group, stated), levels in found.items():
        # Of a group that is defined by the variable, everybody has the same level.
        if (variable, at) not in {(held.variable, held.at) for held in group.conditions}:
            kept = {level: tuple(claims) for level, claims in levels.items()}
            yield _Table(variable, at, group, stated, kept)


def _sums(study: Study, table: _Table) -> list[_Sum]:
    """Return what may add up, each under one way to read the denominators."""
    variable = study.variables[table.variable]
    known = tuple(level for level in variable.levels if level not in variable.missing)
    everything = _cover(variable, table.rows, variable.levels)
    of_group = table.denominator in (None, table.group)
    if variable.complete and everything and of_group:
        sums = [_Sum(everything, "exactly")]
        observed = _cover(variable, table.rows, known) if variable.missing else ()
        # Those whose level is not known may be a share of all, the others of those observed.
        if observed and table.denominator is None:
            sums.append(_Sum(observed, "exactly"))
        return sums
    if table.denominator is not None and not table.denominator.contains(table.group):
        return []  # levels of a group need not be a part of another one
    wanted = known if table.denominator is None else variable.levels
    exclusive = _exclusive(variable, table.rows, wanted)
    return [_Sum(exclusive, "at most")] if len(exclusive) > 1 else []


def _members(variable: Variable, level: str) -> frozenset[str]:
    return frozenset(variable.unions.get(level, (level,)))


def _cover(variable: Variable, printed: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return printed levels or unions that hold each of some levels once; () if none do."""
    order = {name: place for place, name in enumerate(variable.level_names)}
    names = sorted(printed, key=order.__getitem__)

    def search(left: frozenset[str]) -> tuple[str, ...] | None:
        if not left:
            return ()
        first = min(left, key=order.__getitem__)
        for name in names:
            members = _members(variable, name)
            if first in members and members <= left:
                rest = search(left - members)
                if rest is not None:
                    return (name, *rest)
        return None

    return search(frozenset(wanted)) or ()


def _exclusive(
    variable: Variable, printed: Iterable[str], wanted: Iterable[str]
) -> tuple[str, ...]:
    """Return printed levels that exclude one another, plain ones before unions."""
    allowed, taken = frozenset(wanted), frozenset[str]()
    chosen: list[str] = []
    for name in sorted(printed, key=variable.level_names.index):
        members = _members(variable, name)
        if members <= allowed and not members & taken:
            chosen.append(name)
            taken |= members
    return tuple(chosen)


def _check(
    study: Study, conventions: Conventions, sizes: Sizes, table: _Table, rows: Sequence[Claim]
) -> Finding | None:
    sums = _sums(study, table)
    if not sums:
        return None
    named = dict.fromkeys(level for one in sums for level in one.levels)
    uncounted = [level for level in named if not sizes.values(_cell(table, level))]
    if not uncounted:
        return None
    by_rounding = _windows(study, conventions, table, rows, named)
    if any(window.is_empty for windows in by_rounding.values() for window in windows.values()):
        return None  # more than 100 %: no share of any group
    for step, windows in by_rounding.items():
        for one in sums:
            if _adds_up(sizes, table, one, windows):
                if one.relation == "at most" and not step:
                    return None  # most lists of levels that are not complete
                return _support(study, conventions, table, one, windows, uncounted, step)
    if all(0 in by_rounding[0][level] for level in named) and not sizes.span(table.group)[0]:
        return None  # of nobody every share is printed as none
    return _miss(study, conventions, sizes, table, sums[0], by_rounding[0], uncounted)


def _cell(table: _Table, level: str) -> Cell:
    held = Condition(table.variable, table.at, level)
    return Cell(table.group.root, table.group.conditions | {held})


def _windows(
    study: Study,
    conventions: Conventions,
    table: _Table,
    rows: Sequence[Claim],
    levels: Iterable[str],
) -> dict[int, dict[str, Interval]]:
    """Return the shares behind each percentage, by the step to which the place may round."""
    found = {
        level: [percentage_windows(study, claim, conventions, rows) for claim in table.rows[level]]
        for level in levels
    }
    steps = {step for options in found.values() for windows in options for step in windows}
    return {
        step: {
            # A vague value has no other step; what is printed twice may be either.
            level: hull([windows.get(step, windows[0]) for windows in options])
            for level, options in found.items()
        }
        for step in sorted(steps)
    }


def _adds_up(sizes: Sizes, table: _Table, one: _Sum, windows: Mapping[str, Interval]) -> bool:
    shares = [windows[level] for level in one.levels]
    if any(share.is_empty for share in shares):
        return False
    total = interval_sum(shares)
    if one.relation == "at most":
        return total.meets(HUNDRED)
    if _WHOLE not in total:
        return False
    if sizes.span(table.group)[1] > _MOST:
        return True
    return any(_has_counts(shares, number) for number in _numbers(sizes, table))


def _numbers(sizes: Sizes, table: _Table) -> range:
    """Return of how many units the percentages can be: of all, where the paper says so."""
    low, high = sizes.span(table.group)
    return range(max(low, 1) if table.denominator else 1, high + 1)


def _has_room(shares: Sequence[Interval], number: int) -> bool:
    """Return whether whole numbers with these shares of a number leave room for one more."""
    counts = [counts_behind(share, number) for share in shares]
    return all(counts) and sum(found[0] for found in counts) <= number


def _has_counts(shares: Sequence[Interval], number: int) -> bool:
    """Return whether whole numbers with these shares of a number add up to it."""
    counts = [counts_behind(share, number) for share in shares]
    if not all(counts):
        return False
    return sum(found[0] for found in counts) <= number <= sum(found[-1] for found in counts)


def _addition(study: Study, table: _Table, one: _Sum) -> str:
    """Write a sum: ``45 % + 35 % + 30 % = 110 %``, with its levels."""
    claims = [table.rows[level][0] for level in one.levels]
    printed = [study.printed(claim) for claim in claims]
    # The sign stands once a number, whether or not it is printed in each row.
    terms = " + ".join(f"{claim.printed} %" for claim in claims)
    if all(number.is_number for number in printed):
        total = sum((number.number() for number in printed), Fraction(0))
        terms += f" = {format_fraction(total)} %"
    return terms


def _allowed(study: Study, table: _Table, one: _Sum, windows: Mapping[str, Interval]) -> str:
    """Say which sums rounding explains."""
    printed = [study.printed(table.rows[level][0]) for level in one.levels]
    if not all(number.is_number and number.step is not None for number in printed):
        return "no shares that print so add up to 100 %"
    step = min(number.step for number in printed if number.step is not None)
    values = [number.number() for number in printed]
    up = down = Fraction(0)
    for level, value in zip(one.levels, values, strict=True):
        low, high = windows[level].low, windows[level].high
        assert low is not None
        assert high is not None  # both within 0 and 100
        up, down = up + value - low, down + high - value
    most = _WHOLE + up // step * step
    least = _WHOLE - down // step * step
    if one.relation == "at most":
        return f"rounding explains a sum of {format_fraction(most)} % at most"
    return f"rounding explains sums from {format_fraction(least)} % to {format_fraction(most)} %"


def _heading(study: Study, table: _Table) -> str:
    first = next(iter(table.rows.values()))[0]
    title = f"{variable_title(study, table.variable)}, {cell_title(study, table.group)}"
    if table.at:
        title += f" at {table.at}"
    return f"{title[:1].upper()}{title[1:]}, {place(study, [first])}"


def _bound(table: _Table, one: _Sum) -> list[Claim]:
    return [claim for level in one.levels for claim in table.rows[level]]


def _others(one: _Sum, windows: Mapping[str, Interval], level: str) -> Interval:
    """Return what the other levels leave for one."""
    rest = interval_sum([windows[other] for other in one.levels if other != level])
    left = interval_sum([Interval.point(_WHOLE), scaled(rest, Fraction(-1))])
    if one.relation == "at most":
        left = Interval(Fraction(0), left.high, True, left.high_closed)
    return left.meet(HUNDRED)


def _support(
    study: Study,
    conventions: Conventions,
    table: _Table,
    one: _Sum,
    windows: Mapping[str, Interval],
    uncounted: Sequence[str],
    step: int,
) -> Finding | None:
    checked = [level for level in uncounted if level in one.levels]
    if not checked:
        return None
    rounded = f"the percentages here are rounded to the nearest {step}"
    verdict = Verdict.CONDITIONAL if step else Verdict.POSSIBLE
    addition = _addition(study, table, one)
    condition = f" It holds if {rounded}." if step else ""
    sentence = f"Holds if {rounded}: {addition}." if step else f"The levels add up: {addition}."
    bearings = {
        claim.claim: Bearing(verdict, sentence, None, (_others(one, windows, level),))
        for level in checked
        for claim in table.rows[level]
    }
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in _bound(table, one)),
        f"{_heading(study, table)}: {addition}; everyone has one of these levels.{condition}",
        bearings,
        assumptions=(rounded,) if step else (),
        resolved_by=("How the percentages were rounded.",) if step else (),
        conventions=conventions.as_text(),
    )


def _miss(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    table: _Table,
    one: _Sum,
    windows: Mapping[str, Interval],
    uncounted: Sequence[str],
) -> Finding:
    claims = _bound(table, one)
    addition = _addition(study, table, one)
    allowed = _allowed(study, table, one, windows)
    by_size = one.relation == "exactly" and _WHOLE in interval_sum(
        [windows[level] for level in one.levels]
    )
    if by_size:
        number = sizes.span(table.group)[1]
        allowed = (
            f"no whole numbers out of {number} ({cell_title(study, table.group)}) have these shares"
        )
    shared = (
        "everyone has one of these levels"
        if one.relation == "exactly"
        else "nobody has two of these levels"
    )
    start = f"{_heading(study, table)}: {addition}; {shared}, and {allowed}."
    if table.denominator is None:
        return _of_several(study, conventions, table, one, windows, uncounted, start)
    bearings: dict[str, Bearing] = {}
    repairs = []
    for level in uncounted:  # the others are held in place by their counts
        left = _others(one, windows, level)
        if level not in one.levels or left.is_empty:
            continue  # no change of it alone would do
        rows = table.rows[level]
        others = [other for other in one.levels if other != level]
        shares = [windows[other] for other in others]
        if by_size and not any(_has_room(shares, number) for number in _numbers(sizes, table)):
            continue
        said = listed(quoted(study, table.rows[other][0]) for other in others) if others else ""
        against = f"{said} for the other levels" if said else "what everyone has"
        reach = None if by_size else (left,)
        for claim in rows:
            bearings[claim.claim] = Bearing(
                Verdict.INCONSISTENT, f"Inconsistent with {against}.", None, reach
            )
        if not by_size:
            ends = dict.fromkeys(
                format_fraction(end) for end in (left.low, left.high) if end is not None
            )
            change = f"{' to '.join(ends)} % instead of {quoted(study, rows[0])}"
            repairs.append(Repair(tuple(claim.claim for claim in rows), change))
    size = sizes.size(table.group) if by_size else None
    if size is not None:
        claims += size.claims
        shares = [windows[level] for level in one.levels]
        if size.could_be(n for n in range(1, _MOST) if _has_counts(shares, n)):
            said = f"Inconsistent with the percentages of {variable_title(study, table.variable)}."
            bearings |= {row.claim: Bearing(Verdict.INCONSISTENT, said) for row in size.claims}
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(claim.claim for claim in claims),
        start,
        bearings,
        resolved_by=("The counts from which the percentages were made.",),
        repairs=tuple(repairs),
        changes="An estimate: the percentages cannot be quoted together.",
        conventions=conventions.as_text(),
    )


def _is_near(total: Interval) -> bool:
    """Return whether percentages add up to 100 if each may be off by one more unit of its last digit."""
    if total.low is None or total.high is None:
        return False
    slack = total.high - total.low  # one unit for each of them
    return total.low - slack <= _WHOLE <= total.high + slack


def _of_several(
    study: Study,
    conventions: Conventions,
    table: _Table,
    one: _Sum,
    windows: Mapping[str, Interval],
    uncounted: Sequence[str],
    start: str,
) -> Finding:
    """Say that the percentages are not all of this one group."""
    total = interval_sum([windows[level] for level in one.levels])
    assumption = _VARIOUS
    is_short = total.high is not None and total.high <= _WHOLE
    if is_short and table.group.conditions:
        assumption = (
            f"the percentages are of a larger group than {cell_title(study, table.group)}, "
            "or of different groups"
        )
    if _is_near(total):
        assumption += ", or their last digits are not those of rounding to the nearest"
    sentence = f"Holds only if {assumption}: {_addition(study, table, one)}."
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in _bound(table, one)),
        f"{start} It holds only if {assumption}.",
        {
            claim.claim: Bearing(Verdict.CONDITIONAL, sentence)
            for level in uncounted
            if level in one.levels
            for claim in table.rows[level]
        },
        assumptions=(assumption,),
        resolved_by=("The denominator of each percentage.",),
        conventions=conventions.as_text(),
    )
