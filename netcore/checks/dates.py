"""Dates in order, and durations that fit between them.

A date of known precision is an interval of days, and a printed duration a
window in a unit that is itself an interval of days.  Only what holds for every
day and every length of a month decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from netcore.checks.durations import check_durations
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.printed_dates import (
    CHECK,
    LATER_ISSUE,
    RESOLVED,
    PrintedDate,
    appeared,
    capital,
    contains,
    dates_said,
    earlier_dates,
    printed_dates,
    sorted_rows,
)
from netcore.checks.printings import disagree
from netcore.checks.wording import listed, variable_title
from netcore.study import Study

__all__ = ["CHECK", "check_dates"]

_PLANNED: Final = "the date is one that was planned"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows of which one is a date that is not later than the other."""

    earlier: PrintedDate
    later: PrintedDate

    @property
    def in_order(self) -> bool:
        return self.earlier.first <= self.later.last


def check_dates(study: Study, conventions: Conventions) -> tuple[Finding, ...]:
    """Check the order of dates, and durations against the dates that bound them.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Finding
        Conflicts where no days are in order, or no days are so far apart;
        supports for those that are; conditional supports where the only
        bound is the date of the paper, or where an estimate may reach beyond
        what was seen; and a note where a least duration says when the last
        patient must have entered.

    Notes
    -----
    The longest time between two dates is that from the first day of the
    earlier to the last day of the later, both included, in the shortest unit
    that the name allows: a month of 28 days, a year of 365.  The least is 0,
    except for one unit whose two dates are printed.
    """
    rows = printed_dates(study)
    pairs = list(_pairs(study, rows))
    findings = list(_out_of_order(study, pairs, conventions))
    findings += _after_the_paper(study, rows, conventions)
    findings += check_durations(study, conventions)
    disputed = {
        claim
        for finding in findings
        if finding.kind == "conflict" or finding.assumptions
        for claim in finding.claims
    }
    findings += _in_order(study, pairs, disputed, conventions)
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


def _pairs(study: Study, rows: Sequence[PrintedDate]) -> Iterator[_Pair]:
    """Yield every two rows whose order is known."""
    for one, other in product(rows, rows):
        if one.variable == other.variable:
            windows = ("start", "end"), ("min", "max")
            same = (one.population, one.at) == (other.population, other.at)
            if same and (one.stat_name, other.stat_name) in windows:
                yield _Pair(one, other)
        elif one.variable in earlier_dates(study, other.variable):
            # Each unit's later date is not before its earlier one.  So the first of the later
            # dates is not before the first of the earlier ones of a group that holds them all,
            # and the last of them is not before the last of a part.
            before_all = one.starts and contains(study, one.population, other.population)
            after_all = other.ends and contains(study, other.population, one.population)
            if before_all or after_all:
                yield _Pair(one, other)


def _is_disputed(
    study: Study, row: PrintedDate, pairs: Iterable[_Pair], conventions: Conventions
) -> bool:
    def same(other: PrintedDate) -> bool:
        keys = ("variable", "population", "at", "stat_name")
        return all(getattr(row, key) == getattr(other, key) for key in keys)

    others = {id(other): other for pair in pairs for other in (pair.earlier, pair.later)}
    return any(
        same(other) and disagree(study, row.claim, other.claim, conventions)
        for other in others.values()
    )


def _out_of_order(
    study: Study, pairs: Sequence[_Pair], conventions: Conventions
) -> Iterator[Finding]:
    broken = [
        pair
        for pair in pairs
        if not pair.in_order
        and (
            pair.earlier.claim.location == pair.later.claim.location
            # Which printing holds comes first, and may remove this.
            or not any(
                _is_disputed(study, row, pairs, conventions) for row in (pair.earlier, pair.later)
            )
        )
    ]
    steps = {(pair.earlier.variable, pair.later.variable) for pair in broken}
    grouped: dict[tuple[str, ...], list[_Pair]] = {}
    for pair in broken:
        ends = pair.earlier.variable, pair.later.variable
        between = {
            name for name in earlier_dates(study, ends[1]) if ends[0] in earlier_dates(study, name)
        }
        # Dates further apart add nothing where nearer ones are out of order already.
        if not any((ends[0], name) in steps or (name, ends[1]) in steps for name in between):
            key = (*ends, pair.earlier.population, pair.later.population)
            grouped.setdefault(key, []).append(pair)
    for group in grouped.values():
        # Where the start alone is too late the end adds nothing.
        least = min(_rank(pair) for pair in group)
        yield _conflict(study, [pair for pair in group if _rank(pair) == least], conventions)


def _rank(pair: _Pair) -> int:
    return (not pair.earlier.starts) + (not pair.later.ends)


def _conflict(study: Study, pairs: Sequence[_Pair], conventions: Conventions) -> Finding:
    earlier = list({pair.earlier.claim.claim: pair.earlier for pair in pairs}.values())
    later = list({pair.later.claim.claim: pair.later for pair in pairs}.values())
    same = earlier[0].variable == later[0].variable
    title = variable_title(study, earlier[0].variable)
    rule = (
        f"The start of {title} is not after its end."
        if same
        else f"No {title} is after {variable_title(study, later[0].variable)}."
    )
    claims = sorted_rows(row.claim for row in (*earlier, *later))
    bearings = {
        row.claim.claim: Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {dates_said(study, others)}. {rule}"
        )
        for rows, others in ((earlier, later), (later, earlier))
        for row in rows
    }
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(claim.claim for claim in claims),
        f"{capital(dates_said(study, earlier))}; {dates_said(study, later)}. {rule} No days are in this order.",
        bearings,
        resolved_by=(RESOLVED,),
        repairs=tuple(
            Repair(tuple(row.claim.claim for row in rows), f"another date of {name}")
            for rows, name in (
                (earlier, title),
                (later, variable_title(study, later[0].variable)),
            )
        ),
        changes="A date: at least one of these cannot be quoted as printed.",
        conventions=conventions.as_text(),
    )


def _after_the_paper(
    study: Study, rows: Sequence[PrintedDate], conventions: Conventions
) -> Iterator[Finding]:
    """Yield dates of patients that are later than the paper."""
    last = appeared(study)
    for row in rows:
        seen = study.units(row.population) != "studies"
        if last is None or not seen or row.first <= last:
            continue
        holds_if = (LATER_ISSUE, _PLANNED)
        sentence = f"The paper bears the date {study.paper.published}."
        yield Finding(
            CHECK,
            study.paper.key,
            "support",
            (row.claim.claim,),
            f"{capital(dates_said(study, [row]))}. {sentence} It holds only if {listed(holds_if, 'or')}.",
            {
                row.claim.claim: Bearing(
                    Verdict.CONDITIONAL, f"{sentence} Holds only if {listed(holds_if, 'or')}."
                )
            },
            assumptions=holds_if,
            resolved_by=("When the paper appeared, and whether the date was planned.",),
            changes="A date: it may not be one of what was seen.",
            conventions=conventions.as_text(),
        )


def _in_order(
    study: Study, pairs: Sequence[_Pair], disputed: set[str], conventions: Conventions
) -> Iterator[Finding]:
    """Yield a support for each set of dates that bound one another and are in order."""
    rows = {row.claim.claim: row for pair in pairs for row in (pair.earlier, pair.later)}
    group = {name: {name} for name in rows}
    for pair in pairs:
        joined = group[pair.earlier.claim.claim] | group[pair.later.claim.claim]
        for name in joined:
            group[name] = joined
    earlier: dict[str, list[PrintedDate]] = {name: [] for name in rows}
    later: dict[str, list[PrintedDate]] = {name: [] for name in rows}
    for pair in pairs:
        earlier[pair.later.claim.claim].append(pair.earlier)
        later[pair.earlier.claim.claim].append(pair.later)
    for names in {id(names): names for names in group.values()}.values():
        days = _days(rows, [name for name in rows if name in names], pairs)
        if days is None or names & disputed:
            continue
        # A date is before every date that cannot be earlier, so counting those sorts them.
        ordered = sorted(
            (rows[name] for name in days),
            key=lambda row: (
                row.first,
                len(earlier_dates(study, row.variable)),
                not row.starts,
                row.claim.line,
            ),
        )
        bearings = {}
        for row in ordered:
            before, after = earlier[row.claim.claim], later[row.claim.claim]
            bounds = []
            if before:
                bounds.append(f"not before {dates_said(study, [max(before, key=_first)])}")
            if after:
                bounds.append(f"not after {dates_said(study, [min(after, key=_last)])}")
            bearings[row.claim.claim] = Bearing(Verdict.POSSIBLE, f"In order: {listed(bounds)}.")
        claims = sorted_rows(row.claim for row in ordered)
        yield Finding(
            CHECK,
            study.paper.key,
            "support",
            tuple(claim.claim for claim in claims),
            f"{capital(dates_said(study, ordered))}. These are in order.",
            bearings,
            conventions=conventions.as_text(),
            witness={
                "kind": "a day for each date",
                "days": {name: day.isoformat() for name, day in days.items()},
            },
        )


def _first(row: PrintedDate) -> date:
    return row.first


def _last(row: PrintedDate) -> date:
    return row.last


def _days(
    rows: Mapping[str, PrintedDate], names: Iterable[str], pairs: Sequence[_Pair]
) -> dict[str, date] | None:
    """Return a day for each date, none before those that it cannot be before, or None."""
    days = {name: rows[name].first for name in names}
    steps = [
        (pair.earlier.claim.claim, pair.later.claim.claim)
        for pair in pairs
        if pair.earlier.claim.claim in days
    ]
    moved = True
    while moved:  # no longer than a chain of dates, since nothing comes after itself
        moved = False
        for one, other in steps:
            if days[one] > days[other]:
                days[other], moved = days[one], True
    return days if all(day <= rows[name].last for name, day in days.items()) else None
