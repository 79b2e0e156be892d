"""Arms: everything that is printed of one time to an event in one group of units.

Rates, a median, a mean and numbers at risk that stand together are of the same curve, so
some patients have to give them all.  What the paper leaves open is kept open: a mean that may
be restricted, a plus-minus that may be a standard error, how many were analysed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions
from netcore.checks.open_cells import OpenCell, open_columns, places_of, point_of
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.printed_dates import appeared, contains, is_date, printed_dates
from netcore.checks.printed_versions import Version, versions_of
from netcore.checks.summary_values import Group, group_of
from netcore.printed import Interval
from netcore.stats.calendar import CalendarUnit, calendar_unit, longest_between
from netcore.study import Claim, Study

__all__ = [
    "CURVE",
    "Arm",
    "FollowUp",
    "PrintedArm",
    "TimeValue",
    "Timepoint",
    "longest_follow_up",
    "longest_in_words",
    "printed_arms",
]

_RATES: Final = frozenset({"survival", "survival.std.error"})
_COUNTS: Final = frozenset({"n.risk", "n.event", "n.censor"})
_SPREAD: Final = frozenset({"sd", "std.error"})
_CENTRES: Final = frozenset({"median", "mean", "rmean"})

CURVE: Final = _RATES | _COUNTS | _SPREAD | _CENTRES
"""Statistics of a time that the patients of an arm have to give."""

_TIMED: Final = _RATES | _COUNTS | {"rmean"}  # those for which a time may be printed
_SURVIVAL: Final = frozenset({"survival", "rmean", "n.risk"})
_KEY: Final = ("population", "variable", "denominator")
_DAYS: Final = {"days": Fraction(1), "months": Fraction(487, 16)}  # 365.25 / 12


@dataclass(frozen=True, slots=True)
class Timepoint:
    """The time for which something is printed, in the unit of the variable.

    Parameters
    ----------
    text : str
        As the row has it: ``2 years``.
    time : Fraction
        With twelve months to a year and 365.25 days.
    window : Interval
        Whatever it can be where nobody says how it was converted; one point in the same unit.
    """

    text: str
    time: Fraction
    window: Interval


@dataclass(frozen=True, slots=True)
class TimeValue:
    """One printed value of an arm.

    Parameters
    ----------
    name : str
        A statistic of :data:`CURVE`, under the present reading.
    at : Timepoint or None
        The time for which it is printed.
    window : Interval
        The values that print so, by all the rows; of rates as shares.
    claims : tuple of Claim
        The rows that print it.
    """

    name: str
    at: Timepoint | None
    window: Interval
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """What is printed of a time to an event in a group, under one reading of the rows.

    Parameters
    ----------
    variable, population : str
        What time, and whose.
    group : Group
        Who they are.
    values : tuple of TimeValue
        In the order of the rows.
    choices : tuple of OpenCell
        What was left open, and how it is read here.
    sizes : tuple of int
        How many patients the group can have, the greatest first: as printed, or as other counts
        allow; none where nothing limits it.  Only 0 where there can be nobody.
    is_stated : bool
        Whether the paper says how many were analysed.
    counted : tuple of Claim
        The rows that say so, or print the size.
    """

    variable: str
    population: str
    group: Group
    values: tuple[TimeValue, ...]
    choices: tuple[OpenCell, ...]
    sizes: tuple[int, ...]
    is_stated: bool
    counted: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of all values, each once."""
        return tuple(dict.fromkeys(row for value in self.values for row in value.claims))

    def named(self, *names: str) -> tuple[TimeValue, ...]:
        """Return the values of some statistics.

        Parameters
        ----------
        *names : str
            Statistics of :data:`CURVE`.

        Returns
        -------
        tuple of TimeValue
            In the order of the rows.
        """
        return tuple(value for value in self.values if value.name in names)

    @property
    def is_of_nobody(self) -> bool:
        """Whether the only size that the group can have is 0, which is not an unknown size."""
        return self.sizes == (0,)

    @property
    def is_bound(self) -> bool:
        """Whether its values, or the number of patients, bound one another."""
        if self.named(*_RATES, *_COUNTS) or any(value.at for value in self.named("rmean")):
            return True
        return bool(self.named("median") and self.named("mean", "rmean"))


@dataclass(frozen=True, slots=True)
class PrintedArm:
    """Rows about one arm, with every reading of them.

    Parameters
    ----------
    locations : tuple of str
        The places that print them, all alike.
    readings : tuple of Arm
        At least one; one of them is meant.
    """

    locations: tuple[str, ...]
    readings: tuple[Arm, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows, each once."""
        return tuple(dict.fromkeys(row for arm in self.readings for row in arm.claims))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How long patients can have been followed, by printed dates.

    Parameters
    ----------
    longest : Fraction
        In the unit of the variable, rounded outwards.
    is_certain : bool
        Whether the clock is said to start at one of these dates.
    claims : tuple of Claim
        The rows of the dates.
    """

    longest: Fraction
    is_certain: bool
    claims: tuple[Claim, ...]


_Name = tuple[str, str]  # statistic and time, as the cells have them


def printed_arms(
    study: Study, conventions: Conventions, sizes: Sizes, *, alone: bool = True
) -> tuple[PrintedArm, ...]:
    """Gather what a study prints of each arm.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    alone : bool
        Whether only arms whose own values bound one another are asked for.

    Returns
    -------
    tuple of PrintedArm
        In the order of the rows.  A place that prints only some of an arm is completed from other
        places where these agree; places whose values are the same are one.

    Notes
    -----
    A row enters only if every reading of it is a value of a time to an event of this study's
    own units, seen by the transcriber, in the unit of the variable.
    """
    bundles: dict[tuple[str, ...], dict[str, dict[_Name, list[Claim]]]] = {}
    for claim in study.claims:
        if _enters(study, claim):
            key = tuple(getattr(claim, column) for column in _KEY)
            if not set(_KEY).isdisjoint(open_columns(claim)):
                # Of two places each may mean another group, or another time.
                key = (*key, *places_of(study, claim))
            place = bundles.setdefault(key, {}).setdefault(claim.location, {})
            place.setdefault((claim.stat_name, claim.at), []).append(claim)
    analysed = _analysed(study)
    found: list[PrintedArm] = []
    for places in bundles.values():
        for version in versions_of(study, conventions, places):
            arms = tuple(_readings(study, conventions, sizes, analysed, version))
            if any(one.is_of_nobody for one in arms):
                continue  # no patients can show a curve of nobody, nor 0 at risk that it has none
            if arms and (not alone or all(one.is_bound for one in arms)):
                found.append(PrintedArm(version.locations, arms))
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(found, key=lambda arm: order[arm.claims[0].claim]))


def _is_event_time(study: Study, variable: str) -> bool:
    """Return whether a variable is the time to an event, which not all need have had."""
    meant = study.variables[variable]
    if meant.type != "time":
        return False
    if meant.to is not None and not is_date(study, meant.to):
        return True
    return any(
        variable in row.readings("variable") and _SURVIVAL & set(row.readings("stat_name"))
        for row in study.claims
    )


def _enters(study: Study, claim: Claim) -> bool:
    if not set(claim.readings("stat_name")) <= CURVE or not claim.variable or claim.variable_level:
        return False
    if not (is_patient_data(study, claim) and is_first_hand(study, claim)) or claim.analysis:
        return False
    if not study.is_numeric(claim) or study.printed(claim).kind == "token":
        return False
    return all(_is_event_time(study, name) for name in claim.readings("variable")) and all(
        _window(study, claim, name, unit, Conventions()) is not None
        and (not at or (name in _TIMED and _timepoint(at, unit) is not None))
        for name in claim.readings("stat_name")
        for at in claim.readings("at")
        for unit in _units(study, claim)
    )


def _units(study: Study, claim: Claim) -> set[str]:
    return {study.variables[name].unit or "" for name in claim.readings("variable")}


def _timepoint(text: str, unit: str) -> Timepoint | None:
    """Return a time in a unit; None if one of them is not understood, or it is 0."""
    number, _, name = text.partition(" ")
    own, other = calendar_unit(unit), calendar_unit(name)
    if own is None or other is None:
        return None
    value = Fraction(number)
    if value <= 0:
        return None
    time = value * _in_days(other) / _in_days(own)
    if own == other:
        return Timepoint(text, time, Interval.point(time))
    window = Interval(value * other.fewest / own.most, value * other.most / own.fewest)
    return Timepoint(text, time, window)


def _in_days(unit: CalendarUnit) -> Fraction:
    return unit.factor * _DAYS[unit.base]


def _window(
    study: Study, claim: Claim, name: str, unit: str, conventions: Conventions
) -> Interval | None:
    """Return the values that print so; None if the row is in a unit that is not understood."""
    domain = Interval(Fraction(0), None)
    window = study.printed(claim).window(conventions.rounding).meet(domain)
    if window.is_empty:
        return None  # a time below 0 is no time to an event, whatever else it may be
    if name in _COUNTS:
        return None if claim.unit else window
    if name in _RATES:
        if claim.unit == "%":
            return _clipped(_scaled(window, Fraction(1, 100)))
        is_share = not claim.unit and window.low is not None and window.low <= 1
        return _clipped(window) if is_share else None
    if (claim.unit or unit) == unit:
        return window
    own, other = calendar_unit(unit), calendar_unit(claim.unit)
    if own is None or other is None or own.base != other.base:
        return None
    return _scaled(window, Fraction(other.factor, own.factor))


def _clipped(window: Interval) -> Interval | None:
    found = window.meet(Interval(Fraction(0), Fraction(1)))
    return None if found.is_empty else found


def _scaled(window: Interval, by: Fraction) -> Interval:
    low, high = (None if end is None else end * by for end in (window.low, window.high))
    return Interval(low, high, window.low_closed, window.high_closed)


def _analysed(study: Study) -> dict[tuple[Group, str], list[tuple[int, Claim]]]:
    """Return the numbers that the paper says were analysed, by group and variable."""
    found: dict[tuple[Group, str], list[tuple[int, Claim]]] = {}
    for claim in study.claims:
        options = readings(claim)
        if len(options) > 1 or not is_patient_data(study, claim) or not is_first_hand(study, claim):
            continue
        reading = options[0]
        if (
            reading.stat_name in ("N", "N_nonmiss")
            and reading.variable
            and not (reading.at or reading.variable_level)
            and study.printed(claim).is_number
        ):
            key = (group_of(study, reading.population), reading.variable)
            found.setdefault(key, []).append((int(study.printed(claim).number()), claim))
    return found


def _readings(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    analysed: Mapping[tuple[Group, str], Sequence[tuple[int, Claim]]],
    version: Version[_Name],
) -> Iterator[Arm]:
    rows = version.rows
    first = next(iter(rows.values()))[0]
    # By what is left open, the first row that leaves it so; cells that say one thing say it alone.
    cells: dict[str, tuple[Claim, str]] = {}
    for claim, columns in (
        (first, _KEY),
        *((claims[0], ("stat_name", "at")) for claims in rows.values()),
    ):
        for column in columns:
            if column in open_columns(claim):
                cells.setdefault(point_of(study, claim, column), (claim, column))

    def window(claim: Claim, meant: _Name) -> Interval:
        found = _window(study, claim, meant[0], unit, conventions)
        assert found is not None
        return found

    seen = set()
    options = [dict.fromkeys(claim.readings(column)) for claim, column in cells.values()]
    for choice in product(*options):
        taken = dict(zip(cells, choice, strict=True))

        def read(claim: Claim, column: str, taken: Mapping[str, str] = taken) -> str:
            if column not in open_columns(claim):
                return str(getattr(claim, column))
            return taken[point_of(study, claim, column)]

        population, variable = read(first, "population"), read(first, "variable")
        unit = study.variables[variable].unit or ""
        meant = {
            name: (read(claims[0], "stat_name"), read(claims[0], "at"))
            for name, claims in rows.items()
        }
        found = version.read(meant, window)
        if found is None or choice in seen:
            continue
        seen.add(choice)
        values = [
            TimeValue(name, _timepoint(at, unit) if at else None, *value)
            for (name, at), value in found.items()
        ]
        group = group_of(study, population)
        choices = tuple(
            OpenCell(getattr(claim, column), point, taken[point])
            for point, (claim, column) in cells.items()
        )
        yield Arm(
            variable,
            population,
            group,
            tuple(values),
            choices,
            *_numbers(sizes, group, analysed.get((group, variable), ())),
        )


def _numbers(
    sizes: Sizes, group: Group, stated: Sequence[tuple[int, Claim]]
) -> tuple[tuple[int, ...], bool, tuple[Claim, ...]]:
    if group.described:
        return (1,), True, ()
    if stated:
        numbers = {number for number, _ in stated if number > 0} or {0}
        return tuple(sorted(numbers, reverse=True)), True, tuple(row for _, row in stated)
    rows = sizes.claims(group.cell)
    values = [value for value in sizes.values(group.cell) if value > 0]
    if not values:
        low, high = sizes.span(group.cell)
        if high < 1:
            values = [0]
        elif high < NO_LIMIT:
            values = sorted({max(low, 1), high})
    return tuple(reversed(values)), False, rows


def longest_follow_up(study: Study, variable: str, population: str) -> FollowUp | None:
    """Return how long patients can have been followed, from the dates that a study prints.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        The time.
    population : str
        Whose.

    Returns
    -------
    FollowUp or None
        From the first date of these patients to the last date of the study; None if dates or unit
        do not tell.  It is certain only where the clock is said to start at a printed date.
    """
    meant = study.variables[variable]
    unit = calendar_unit(meant.unit or "")
    last = appeared(study)
    if unit is None:
        return None
    dates = [row for row in printed_dates(study) if contains(study, row.population, population)]
    own = [row for row in dates if study.units(row.population) == study.units(population)]
    is_certain = is_date(study, meant.from_)
    starts = [row for row in own if row.starts and (not is_certain or row.variable == meant.from_)]
    if not starts:
        return None
    start = min(starts, key=lambda row: row.first)
    ends = [row for row in dates if row.ends and row.last >= start.last]
    if meant.to is not None and is_date(study, meant.to):
        ends = [row for row in ends if row.variable == meant.to]
    end = max(ends, key=lambda row: row.last, default=None)
    # A date that ends recruitment says nothing of how long follow-up went on.
    rows = [start.claim]
    if end is not None and study.units(end.population) == "studies":
        last = end.last if last is None else min(last, end.last)
        rows.append(end.claim)
    if last is None or last < start.first:
        return None
    return FollowUp(longest_between(start.first, last, unit), is_certain, tuple(rows))


def longest_in_words(longest: Fraction, unit: str) -> str:
    """Return a limit of follow-up in words, with what makes it an outer one.

    Parameters
    ----------
    longest : Fraction
        From :func:`longest_follow_up`.
    unit : str
        The unit of the variable.

    Returns
    -------
    str
        Whole units, and how many days one was taken to have where units differ in length.

    Examples
    --------
    >>> longest_in_words(Fraction(893, 4), "months")
    '223 months (of 28 days, the shortest there are)'
    >>> longest_in_words(Fraction(700), "days")
    '700 days'
    """
    text = f"{floor(longest)} {unit}"
    known = calendar_unit(unit)
    if known is None or known.fewest == known.most:
        return text
    return f"{text} (of {known.fewest} days, the shortest there are)"
