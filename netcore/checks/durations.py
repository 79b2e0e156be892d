"""Durations that fit between the dates that start and stop their clock.

A printed duration is a window in a unit that is itself a number of days only
between bounds.  Only what holds for every day and every length of a month
decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.other_bounds import OtherBounds, other_bounds
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
    is_date,
    later_dates,
    printed_dates,
    sorted_rows,
)
from netcore.checks.wording import counted, listed, place, population_title, quantity_title, quoted
from netcore.printed import Interval, PrintedError, format_fraction
from netcore.stats.calendar import CalendarUnit, calendar_unit, longest_between
from netcore.study import Claim, Study

__all__ = ["check_durations"]

_OBSERVED: Final = ("min", "max", "value", "range")
_ESTIMATED: Final = ("mean", "geom_mean", "rmean", "p10", "p25", "median", "p75", "p90")
_EXTRAPOLATED: Final = "the estimate reaches beyond what was observed"


@dataclass(frozen=True, slots=True)
class _Bound:
    """The first or the last day of a clock, and the row that says so, if one does."""

    day: date
    row: PrintedDate | None


def check_durations(study: Study, conventions: Conventions) -> tuple[Finding, ...]:
    """Check every duration whose clock a printed date starts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Finding
        A conflict for a duration longer than the time between its dates, or,
        of one unit with two dates, shorter; a conditional support where the
        only bound is the date of the paper, or where an estimate may reach
        beyond what was seen; a support where it fits; and a note where a
        least duration says when the last patient must have entered.
    """
    rows = printed_dates(study)
    others = other_bounds(study)
    return tuple(
        finding
        for quantity in _durations(study)
        for finding in _duration(study, rows, quantity, others, conventions)
    )


@dataclass(frozen=True, slots=True)
class _Quantity:
    """Rows of one time, of one population, in one unit."""

    variable: str
    population: str
    at: str
    unit: CalendarUnit
    claims: tuple[Claim, ...]


def _durations(study: Study) -> tuple[_Quantity, ...]:
    grouped: dict[tuple[str, str, str, CalendarUnit], list[Claim]] = {}
    for claim in study.claims:
        options = readings(claim)
        if len(options) > 1 or not is_patient_data(study, claim) or not is_first_hand(study, claim):
            continue
        reading = options[0]
        variable = study.variables.get(reading.variable)
        if variable is None or variable.type != "time" or reading.analysis:
            continue
        unit = calendar_unit(claim.unit or variable.unit or "")
        if unit is not None and reading.stat_name in (*_OBSERVED, *_ESTIMATED):
            key = (reading.variable, reading.population, reading.at, unit)
            grouped.setdefault(key, []).append(claim)
    return tuple(_Quantity(*key, tuple(claims)) for key, claims in grouped.items())


def _first_day(
    study: Study, rows: Sequence[PrintedDate], name: str, population: str
) -> _Bound | None:
    """Return the earliest day on which a clock can start."""
    own = [
        row
        for row in rows
        if row.variable == name and row.starts and contains(study, row.population, population)
    ]
    if own:
        row = min(own, key=lambda row: row.first)
        return _Bound(row.first, row)
    before = [
        row
        for row in rows
        if row.variable in earlier_dates(study, name)
        and row.starts
        and contains(study, row.population, population)
    ]
    if before:
        row = min(before, key=lambda row: row.first)
        return _Bound(row.first, row)
    return None


def _last_day(
    study: Study, rows: Sequence[PrintedDate], name: str | None, population: str
) -> _Bound | None:
    """Return the latest day on which a clock can stop."""
    if name is not None and is_date(study, name):
        for names in ({name}, later_dates(study, name)):
            found = [
                row
                for row in rows
                if row.variable in names
                and row.ends
                and contains(study, row.population, population)
            ]
            if found:
                row = max(found, key=lambda row: row.last)
                return _Bound(row.last, row)
    last = appeared(study)
    return None if last is None else _Bound(last, None)


def _window(study: Study, claim: Claim, rounding: str) -> Interval | None:
    try:
        return study.printed(claim).window(rounding)
    except PrintedError:
        return None


def _outwards(value: Fraction) -> Fraction:
    """Return a bound with two decimals that is not below it."""
    return Fraction(ceil(value * 100), 100)


def _duration(
    study: Study,
    rows: Sequence[PrintedDate],
    quantity: _Quantity,
    others: OtherBounds,
    conventions: Conventions,
) -> Iterator[Finding]:
    variable = study.variables[quantity.variable]
    if variable.from_ is None or not is_date(study, variable.from_):
        return
    start = _first_day(study, rows, variable.from_, quantity.population)
    stop = _last_day(study, rows, variable.to, quantity.population)
    if start is None or start.row is None or stop is None:
        return
    most = longest_between(start.day, stop.day, quantity.unit)
    windows = {claim: _window(study, claim, conventions.rounding) for claim in quantity.claims}
    beyond = [
        claim
        for claim, window in windows.items()
        if window is not None and window.low is not None and window.low > most
    ]
    bounds = [bound.row for bound in (start, stop) if bound.row is not None]
    for claim in beyond:
        yield _too_long(study, quantity, claim, start, stop, most, conventions)
    short = list(_too_short(study, rows, quantity, conventions))
    yield from short
    rest = [claim for claim in quantity.claims if claim not in beyond]
    if rest and not beyond and not short and stop.row is not None:
        yield _fits(study, quantity, rest, bounds, most, others, conventions)
        yield from _last_entry(study, rows, quantity, windows, stop, conventions)


def _too_long(
    study: Study,
    quantity: _Quantity,
    claim: Claim,
    start: _Bound,
    stop: _Bound,
    most: Fraction,
    conventions: Conventions,
) -> Finding:
    bounds = [bound.row for bound in (start, stop) if bound.row is not None]
    holds_if = tuple(
        text
        for text, needed in (
            (LATER_ISSUE, stop.row is None),
            (_EXTRAPOLATED, claim.stat_name in _ESTIMATED),
        )
        if needed
    )
    printed = f"{quantity_title(study, claim)}: {quoted(study, claim)} ({place(study, [claim])})"
    until = (
        dates_said(study, bounds)
        if stop.row is not None
        else f"{dates_said(study, bounds)}, and the paper bears the date {study.paper.published}"
    )
    length = f"{format_fraction(_outwards(most))} {quantity.unit.name}"
    span = f"From {start.day.isoformat()} to {stop.day.isoformat()} are at most {length}."
    verdict = Verdict.CONDITIONAL if holds_if else Verdict.INCONSISTENT
    only = f" Holds only if {listed(holds_if, 'or')}." if holds_if else ""
    claims = sorted_rows((claim, *(row.claim for row in bounds)))
    bearings = {
        claim.claim: Bearing(
            verdict,
            f"{'Longer than' if holds_if else 'Inconsistent with'} {until}. {span}{only}",
            attainable=(Interval(Fraction(0), _outwards(most)),),
        )
    }
    for row in bounds:
        bearings[row.claim.claim] = Bearing(
            verdict, f"{'Beside' if holds_if else 'Inconsistent with'} {printed}. {span}{only}"
        )
    return Finding(
        CHECK,
        study.paper.key,
        "support" if holds_if else "conflict",
        tuple(one.claim for one in claims),
        f"{capital(printed)}; {until}. {span}{only}",
        bearings,
        assumptions=holds_if,
        resolved_by=(RESOLVED,),
        repairs=()
        if holds_if
        else tuple(
            Repair((one.claim,), f"another value of {quantity_title(study, one)}") for one in claims
        ),
        changes="A duration: it cannot be quoted beside these dates."
        if not holds_if
        else "A duration: what it says depends on more than the paper states.",
        conventions=conventions.as_text(),
    )


def _too_short(
    study: Study, rows: Sequence[PrintedDate], quantity: _Quantity, conventions: Conventions
) -> Iterator[Finding]:
    """Yield the time between two dates of one unit that is printed as less than it can be."""
    variable = study.variables[quantity.variable]
    chain = (quantity.population, *study.ancestors(quantity.population))
    if not any(study.populations[name].size for name in chain):
        return
    own = [
        row for row in rows if row.population == quantity.population and row.stat_name == "value"
    ]
    starts = [row for row in own if row.variable == variable.from_]
    stops = [row for row in own if row.variable == variable.to]
    if not starts or not stops:
        return
    start = max(starts, key=lambda row: row.last)
    stop = min(stops, key=lambda row: row.first)
    least = Fraction((stop.first - start.last).days, quantity.unit.most)
    for claim in quantity.claims:
        # Full months and years are counted as often as rounded ones, so any rounding may be meant.
        window = _window(study, claim, "any")
        if claim.stat_name != "value" or window is None or window.high is None:
            continue
        if window.high < least:
            bound = (claim, start.claim, stop.claim)
            text = (
                f"{quantity_title(study, claim)}: {quoted(study, claim)} ({place(study, [claim])}); "
                f"{dates_said(study, [start, stop])}"
            )
            span = (
                f"These days are at least {counted((stop.first - start.last).days, 'day')} apart."
            )
            yield Finding(
                CHECK,
                study.paper.key,
                "conflict",
                tuple(one.claim for one in sorted_rows(bound)),
                f"{capital(text)}. {span}",
                {
                    one.claim: Bearing(Verdict.INCONSISTENT, f"{capital(text)}. {span}")
                    for one in bound
                },
                resolved_by=(RESOLVED,),
                repairs=tuple(
                    Repair((one.claim,), f"another value of {quantity_title(study, one)}")
                    for one in bound
                ),
                changes="A duration: it cannot be quoted beside these dates.",
                conventions=conventions.as_text(),
            )


def _fits(
    study: Study,
    quantity: _Quantity,
    claims: Sequence[Claim],
    bounds: Sequence[PrintedDate],
    most: Fraction,
    others: OtherBounds,
    conventions: Conventions,
) -> Finding:
    number = others.largest_number(quantity.population)
    elsewhere = others.bear_on(
        quantity.population,
        quantity.variable,
        quantity.at,
        {claim.claim for claim in quantity.claims},
        with_dates=False,
    )
    # One patient may have the least value and another the greatest; more needs more thought.
    is_plain = all(claim.stat_name in ("min", "max", "value") for claim in claims)
    enough = number is None or number >= len({claim.stat_name for claim in claims})
    verdict = Verdict.POSSIBLE if is_plain and enough and not elsewhere else None
    length = format_fraction(_outwards(most))
    sentence = f"It fits between the dates: up to {length} {quantity.unit.name} would."
    said = listed(quoted(study, claim) for claim in claims)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(one.claim for one in sorted_rows((*claims, *(row.claim for row in bounds)))),
        f"{capital(quantity_title(study, claims[0]))}: {said} ({place(study, claims)}); "
        f"{dates_said(study, bounds)}. Between these dates are up to {length} {quantity.unit.name}.",
        {
            claim.claim: Bearing(
                verdict, sentence, attainable=(Interval(Fraction(0), _outwards(most)),)
            )
            for claim in claims
        },
        conventions=conventions.as_text(),
        witness={"longest": f"{length} {quantity.unit.name}"} if verdict else None,
    )


def _last_entry(
    study: Study,
    rows: Sequence[PrintedDate],
    quantity: _Quantity,
    windows: dict[Claim, Interval | None],
    stop: _Bound,
    conventions: Conventions,
) -> Iterator[Finding]:
    """Yield by when the last patient entered, where a window of entry runs on for longer."""
    entry = study.variables[quantity.variable].from_
    closing = [
        row
        for row in rows
        if row.variable == entry
        and row.stat_name in ("end", "max")
        and row.population == quantity.population
    ]
    least = [claim for claim in quantity.claims if claim.stat_name == "min"]
    if not closing or not least or stop.row is None:
        return
    end, claim = min(closing, key=lambda row: row.first), least[0]
    window = windows[claim]
    if window is None or window.low is None or window.low <= 0:
        return
    latest = stop.day - timedelta(days=max(0, ceil(window.low * quantity.unit.fewest) - 1))
    if latest >= end.first:
        return
    claims = sorted_rows((claim, end.claim, stop.row.claim))
    yield Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(one.claim for one in claims),
        f"{capital(quantity_title(study, claim))}: at least {quoted(study, claim)} ({place(study, [claim])}); "
        f"{dates_said(study, [end, stop.row])}. So the last of {population_title(study, quantity.population)} entered by "
        f"{latest.isoformat()}. A window does not say when the last patient entered, so nothing is at odds.",
        conventions=conventions.as_text(),
    )
