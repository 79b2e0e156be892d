"""Laws of dates: their order, and how far apart a duration lets them be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from netcore.checks.certificates.laws import Law, linear
from netcore.checks.certificates.names import quantity_of
from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.printed_dates import (
    PrintedDate,
    contains,
    earlier_dates,
    is_date,
    later_dates,
    printed_dates,
)
from netcore.printed import Printed
from netcore.stats.calendar import calendar_unit
from netcore.study import Claim, Study

__all__ = ["date_laws"]

_SEEN = ("min", "max", "value", "range")


def date_laws(study: Study) -> Iterator[Law]:
    """Yield the laws of a study's dates and durations.

    Parameters
    ----------
    study : Study
        The study.

    Yields
    ------
    Law
        One for each two dates of which one is not before the other, and for
        each duration with the dates that start and stop its clock.

    Notes
    -----
    Days count both the first and the last, since some count the first as
    day 1; a month has 28 to 31 days, a year 365 or 366.  Each unit's later
    date is not before its earlier one: so the first of the later dates is not
    before the first of the earlier ones of a group that holds them all, and
    the last not before the last of a part.
    """
    rows = printed_dates(study)
    names = {row.claim.claim: _name(study, row.claim) for row in rows}
    for one, other in product(rows, rows):
        if _is_before(study, one, other):
            first, second = names[one.claim.claim], names[other.claim.claim]
            yield linear(f"dates: {first} not after {second}", {first: 1, second: -1}, high=0)
    for claim in study.claims:
        yield from _duration(study, claim, rows, names)


def _name(study: Study, claim: Claim) -> str:
    return quantity_of(study, claim, readings(claim)[0]).name


def _is_before(study: Study, one: PrintedDate, other: PrintedDate) -> bool:
    if one.variable == other.variable:
        same = (one.population, one.at) == (other.population, other.at)
        return same and (one.stat_name, other.stat_name) in (("start", "end"), ("min", "max"))
    if one.variable not in earlier_dates(study, other.variable):
        return False
    before_all = one.starts and contains(study, one.population, other.population)
    return before_all or (other.ends and contains(study, other.population, one.population))


def _duration(
    study: Study, claim: Claim, rows: tuple[PrintedDate, ...], names: Mapping[str, str]
) -> Iterator[Law]:
    options = readings(claim)
    if len(options) > 1 or not (is_patient_data(study, claim) and is_first_hand(study, claim)):
        return
    reading = options[0]
    variable = study.variables.get(reading.variable)
    if variable is None or variable.type != "time" or reading.analysis:
        return
    unit = calendar_unit(claim.unit or variable.unit or "")
    if unit is None or reading.stat_name not in _SEEN or not is_date(study, variable.from_):
        return
    duration, where = _name(study, claim), reading.population
    assert variable.from_ is not None
    begins = {variable.from_, *earlier_dates(study, variable.from_)}
    ends = (
        {variable.to, *later_dates(study, variable.to)}
        if variable.to is not None and is_date(study, variable.to)
        else set()
    )
    starts = [row for row in rows if row.variable in begins and row.starts]
    stops = [row for row in rows if row.variable in ends and row.ends]
    for start, stop in product(starts, stops):
        if not all(contains(study, row.population, where) for row in (start, stop)):
            continue
        first, last = names[start.claim.claim], names[stop.claim.claim]
        yield linear(
            f"dates: {duration} fits between {first} and {last}",
            {last: 1, first: -1, duration: -unit.fewest},
            low=-1,
        )
    single = any(study.populations[name].size for name in (where, *study.ancestors(where)))
    printed: Printed = study.printed(claim)
    if not single or reading.stat_name != "value" or printed.step is None:
        return
    for start, stop in product(starts, stops):
        own = all(row.population == where and row.stat_name == "value" for row in (start, stop))
        if own and (start.variable, stop.variable) == (variable.from_, variable.to):
            first, last = names[start.claim.claim], names[stop.claim.claim]
            # Full months are counted as often as rounded ones: half a step more.
            slack = unit.most * Fraction(printed.upper_step or printed.step) / 2
            yield linear(
                f"dates: {duration} reaches from {first} to {last}",
                {last: 1, first: -1, duration: -unit.most},
                high=slack,
            )
