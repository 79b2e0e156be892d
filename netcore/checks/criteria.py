"""Described patients against printed rules: thresholds of levels, and of plain values.

A rule says what a level needs; a described patient has the level and the
measure.  Where the measure lies beyond the rule the three do not fit.  A plain
rule of the protocol is another matter: a departure from it proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.wording import (
    level_title,
    listed,
    place,
    population_title,
    quoted,
    variable_title,
)
from netcore.printed import Interval, PrintedError
from netcore.stats.calendar import calendar_unit
from netcore.stats.response_criteria import criteria_named
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = ["CHECK", "check_criteria", "holds_if", "rules_of_levels"]

CHECK: Final = "criteria"

_THRESHOLDS: Final = ("threshold.min", "threshold.max")
_OTHER_TIME: Final = "the value and the level are of two assessments"
_OTHER_WAYS: Final = "new foci, or others than the targets, made it progression"


@dataclass(frozen=True, slots=True)
class _Case:
    """A level that a described unit has, the rule of the level, and the measure."""

    rule: Claim
    level: Claim
    measure: Claim
    holds_if: tuple[str, ...]


def check_criteria(study: Study, conventions: Conventions) -> tuple[Finding, ...]:
    """Check described patients against the printed rules of their levels.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Finding
        A conflict where a level, its rule and the measure cannot hold
        together; a conditional support where they can only if another
        measure, another time or another rule decided; a note where a plain
        value lies beyond what the protocol says was to be done.

    Notes
    -----
    The measure of a level is the variable that ``measured_by`` names.  It is
    beyond the rule if all numbers that print as the measure lie beyond all
    that print as the threshold.
    """
    cases: dict[tuple[str, ...], list[_Case]] = {}
    for case in _cases(study, conventions):
        key = (case.level.population, case.level.variable, case.level.printed, case.level.at)
        cases.setdefault((*key, case.measure.variable, case.rule.stat_name), []).append(case)
    findings = [_at_odds(study, group, conventions) for group in cases.values()]
    findings += _departures(study, conventions)
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


def _is_plain(claim: Claim, *but: str) -> bool:
    """Return whether a row can be read in one way, but for some of its columns."""
    return all(len(claim.readings(column)) == 1 for column in AMBIGUOUS if column not in but)


def _rules(study: Study) -> list[Claim]:
    return [
        claim
        for claim in study.claims
        if claim.stat_name in _THRESHOLDS
        and claim.population
        and not claim.cites
        and _is_plain(claim)
        and study.units(claim.population) == "rules"
        and is_first_hand(study, claim)
    ]


def _values(study: Study) -> list[Claim]:
    """Return the single values of described units."""
    return [
        claim
        for claim in study.claims
        if claim.stat_name == "value"
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
        and _is_plain(claim, "variable")
        and any(
            study.populations[name].size
            for name in (claim.population, *study.ancestors(claim.population))
        )
    ]


def _cases(study: Study, conventions: Conventions) -> Iterator[_Case]:
    for rule, level, measured, measure in rules_of_levels(study):
        beyond = [row for row in measured if _beyond(study, row, rule, measure, conventions)]
        if any(row not in beyond and row.variable == measure for row in measured):
            continue  # a value that meets the rule is printed as well
        for row in beyond:
            yield _Case(rule, level, row, holds_if(study, level, row, measure))


def rules_of_levels(study: Study) -> Iterator[tuple[Claim, Claim, list[Claim], str]]:
    """Yield the levels of described units that have a printed rule, and what measures them.

    Parameters
    ----------
    study : Study
        The study.

    Yields
    ------
    rule, level : Claim
        The rule, and the row that gives a unit the level.
    measured : list of Claim
        Rows of the unit that may print the measure.
    measure : str
        The variable that decides.
    """
    values = _values(study)
    for rule in _rules(study):
        variable = study.variables.get(rule.variable)
        measure = variable.measured_by.get(rule.variable_level) if variable else None
        if measure is None:
            continue
        for level in values:
            if (level.variable, level.printed) != (rule.variable, rule.variable_level):
                continue
            if rule.at and level.at and rule.at != level.at:
                continue
            measured = [
                row
                for row in values
                if row.population == level.population
                and measure in row.readings("variable")
                and (not row.at or not level.at or row.at == level.at)
            ]
            yield rule, level, measured, measure


def holds_if(study: Study, level: Claim, row: Claim, measure: str) -> tuple[str, ...]:
    """Return what the paper leaves unsaid and would let a level hold beside its measure.

    Parameters
    ----------
    study : Study
        The study.
    level, row : Claim
        The rows of the level and of the measure.
    measure : str
        The variable that decides.

    Returns
    -------
    tuple of str
        Nothing where rule, level and measure are of one assessment.
    """
    found = []
    others = [name for name in row.readings("variable") if name != measure]
    if others:
        titles = listed((variable_title(study, name) for name in others), "or")
        found.append(
            f"the value is one of another measure ({titles}) than the rule’s ({variable_title(study, measure)})"
        )
    if not level.at or level.at != row.at:
        found.append(_OTHER_TIME)
    found += _other_criteria(study, level.variable, measure)
    title = level_title(study, level.variable, level.printed)
    if level.printed == "PD" or "progress" in title.lower():
        found.append(_OTHER_WAYS)
    return tuple(found)


def _other_criteria(study: Study, variable: str, measure: str) -> list[str]:
    """Return the criteria that measure something else, or may have been followed instead."""
    names = study.variables[variable].criteria
    own = f"{measure} {study.variables[measure].title or ''}".lower()
    if "enhanc" in own or "viable" in own:
        names = tuple(name for name in names if not _is_of_enhancing_part(name))
    enhancing = [name for name in names if _is_of_enhancing_part(name)]
    if enhancing:
        return [f"{listed(enhancing)} decided, which measures the enhancing part only"]
    if len(names) > 1:
        return [f"the level follows one of {listed(names)} and the rule another"]
    return []


def _is_of_enhancing_part(name: str) -> bool:
    return any(found.measures == "enhancing diameters" for found in criteria_named(name))


def _window(study: Study, claim: Claim, unit: str, conventions: Conventions) -> Interval | None:
    """Return what a row can stand for, a time in days."""
    if not study.is_numeric(claim):
        return None
    try:
        window = study.printed(claim).window(conventions.rounding)
    except PrintedError:
        return None
    known = calendar_unit(unit)
    if known is None or (window.low is not None and window.low < 0):
        return window
    return Interval(
        None if window.low is None else window.low * known.fewest,
        None if window.high is None else window.high * known.most,
    )


def _beyond(study: Study, row: Claim, rule: Claim, measure: str, conventions: Conventions) -> bool:
    """Return whether a value lies beyond a threshold, whatever both were before rounding."""
    unit = row.unit or study.variables[measure].unit or ""
    of_rule = rule.unit or (study.variables[rule.variable].unit or "")
    times = calendar_unit(unit), calendar_unit(of_rule)
    if unit != of_rule and (times[0] is None or times[1] is None):
        return False
    if times[0] is not None and times[0] == times[1]:
        unit = of_rule = ""  # nothing to convert
    value = _window(study, row, unit, conventions)
    limit = _window(study, rule, of_rule, conventions)
    if value is None or limit is None:
        return False
    # A decrease of 35 % is printed as -35 % as well.
    sides = [value]
    if value.high is not None and value.high < 0 and (limit.low is None or limit.low > 0):
        sides.append(Interval(-value.high, None if value.low is None else -value.low))
    if rule.stat_name == "threshold.min":
        return limit.low is not None and all(
            side.high is not None and side.high < limit.low for side in sides
        )
    return limit.high is not None and all(
        side.low is not None and side.low > limit.high for side in sides
    )


def _rule_said(study: Study, rules: Sequence[Claim]) -> str:
    rule = rules[0]
    side = "at least" if rule.stat_name == "threshold.min" else "at most"
    what = variable_title(study, rule.variable)
    if rule.variable_level:
        what += f" ({level_title(study, rule.variable, rule.variable_level)})"
    return f"{what}: {side} {quoted(study, rule)} ({place(study, rules)})"


def _unique(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(
        sorted({claim.claim: claim for claim in claims}.values(), key=lambda claim: claim.line)
    )


def _at_odds(study: Study, cases: Sequence[_Case], conventions: Conventions) -> Finding:
    # A proof is not weakened by what another row leaves open.
    cases = [case for case in cases if not case.holds_if] or cases
    rules = list(dict.fromkeys(case.rule for case in cases))
    levels = list(dict.fromkeys(case.level for case in cases))
    measures = list(dict.fromkeys(case.measure for case in cases))
    unsaid = cases[0].holds_if
    level, measure = levels[0], measures[0]
    who = population_title(study, level.population)
    named = level_title(study, level.variable, level.printed)
    titles = listed((variable_title(study, name) for name in measure.readings("variable")), "or")
    has = f"{variable_title(study, level.variable)} {named} ({place(study, levels)})"
    value = f"{titles} {quoted(study, measure)} ({place(study, measures)})"
    statement = (
        f"{who[:1].upper()}{who[1:]}: {has}, {value}. The rule of {_rule_said(study, rules)}."
    )
    if unsaid:
        verdict = Verdict.CONDITIONAL
        end = f" Both stand together if {listed(unsaid, 'or')}."
    else:
        verdict = Verdict.INCONSISTENT
        end = " The value does not reach the level."
    bearings = {
        claim.claim: Bearing(verdict, f"{'Beside' if unsaid else 'Inconsistent with'} {text}.{end}")
        for rows, text in ((levels, value), (measures, has))
        for claim in rows
    }
    for rule in rules:
        text = f"{who}: {has}, {value}"
        bearings[rule.claim] = (
            Bearing(None, f"It bears on {text}.{end}")
            if unsaid
            else Bearing(verdict, f"Inconsistent with {text}.{end}")
        )
    claims = _unique([*levels, *measures, *rules])
    criteria = study.variables[level.variable].criteria
    asked = [
        "Which measure the value is, at which examination, and by which criteria the level was given."
    ]
    if any(_is_of_enhancing_part(name) for name in criteria):
        asked.append("The enhancing part of the foci, which mRECIST measures.")
    return Finding(
        CHECK,
        study.paper.key,
        "support" if unsaid else "conflict",
        tuple(claim.claim for claim in claims),
        statement + end,
        bearings,
        assumptions=(listed(unsaid, "or"),) if unsaid else (),
        resolved_by=tuple(asked),
        repairs=()
        if unsaid
        else (
            Repair(tuple(row.claim for row in levels), "another level"),
            Repair(tuple(row.claim for row in measures), "a value that reaches the level"),
            Repair(tuple(row.claim for row in rules), "another rule"),
        ),
        changes="An example: the described patient shows another level, or another measure, than the text says."
        if not unsaid
        else "An example: what the described patient shows depends on what was measured.",
        conventions=conventions.as_text(),
    )


def _departures(study: Study, conventions: Conventions) -> Iterator[Finding]:
    """Yield a note for each value of a described unit beyond a plain rule."""
    grouped: dict[tuple[str, ...], tuple[list[Claim], list[Claim]]] = {}
    rules = [rule for rule in _rules(study) if not rule.variable_level]
    for row in _values(study):
        for rule in rules:
            same = (row.variable,) == rule.readings("variable")
            if not same or (row.at and rule.at and row.at != rule.at):
                continue
            if _beyond(study, row, rule, rule.variable, conventions):
                key = (row.population, row.variable, row.at, rule.stat_name)
                rows, of_rule = grouped.setdefault(key, ([], []))
                rows.append(row)
                of_rule.append(rule)
    for rows, of_rule in grouped.values():
        rows, of_rule = list(dict.fromkeys(rows)), list(dict.fromkeys(of_rule))
        who = population_title(study, rows[0].population)
        said = f"{variable_title(study, rows[0].variable)} {quoted(study, rows[0])} ({place(study, rows)})"
        yield Finding(
            CHECK,
            study.paper.key,
            "note",
            tuple(claim.claim for claim in _unique([*rows, *of_rule])),
            f"{who[:1].upper()}{who[1:]}: {said}. The protocol says of {_rule_said(study, of_rule)}. "
            "A departure from the protocol is worth knowing, and nothing is at odds.",
            conventions=conventions.as_text(),
        )
