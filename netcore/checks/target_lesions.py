"""Target lesions: no more of them than the response criteria allow for so many patients.

The limit stands in the criteria and not in the paper, and keeping to it is an
assumption.  So nothing here is ever inconsistent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from netcore.checks.count_systems import count_window
from netcore.checks.estimands import is_first_hand, is_patient_data, population_cell, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.wording import (
    counted,
    level_title,
    listed,
    place,
    population_title,
    quoted,
    variable_title,
)
from netcore.printed import Interval, PrintedError
from netcore.stats.response_criteria import ResponseCriteria, criteria_named, most_targets
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_target_lesions"]

CHECK: Final = "target-lesions"

_NOT_KEPT: Final = "more targets were chosen in a patient than the criteria allow"
_SEVERAL_TIMES: Final = "targets of more than one assessment are counted"
_ELSEWHERE: Final = "some are in an organ that was not counted, such as that of the primary tumour"


@dataclass(frozen=True, slots=True)
class _Spread:
    """How many patients have disease in how many organs, as far as it is printed."""

    organs: dict[int, int]
    rows: tuple[Claim, ...]


def check_target_lesions(study: Study, conventions: Conventions) -> tuple[Finding, ...]:
    """Check counts of target lesions against the limits of the response criteria.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Finding
        A support for each count of the level that ``targets`` names: possible
        within the limits, conditional beyond one of them.

    Notes
    -----
    With at most a targets in all and b in one organ, N patients have at most
    a N.  If m_k of them have disease in k organs, they have at most the sum of
    m_k min(a, k b) and a (N - sum of m_k).  If every target is in one organ,
    they have at most b N.

    References
    ----------
    Eisenhauer EA et al. (2009), doi:10.1016/j.ejca.2008.10.026.
    """
    found: list[Finding] = []
    for claim in study.claims:
        finding = _check(study, claim, conventions)
        if finding is not None:
            found.append(finding)
    return tuple(found)


def _is_counted(study: Study, claim: Claim) -> bool:
    return (
        len(readings(claim)) == 1
        and claim.stat_name in ("N", "n")
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
    )


def _count(study: Study, claim: Claim) -> Interval | None:
    """Return what a printed count allows; None where that depends on other rows."""
    try:
        return count_window(study.printed(claim))
    except PrintedError:
        return None


def _check(study: Study, claim: Claim, conventions: Conventions) -> Finding | None:
    variable = study.variables.get(claim.variable)
    if variable is None or variable.targets is None or not _is_counted(study, claim):
        return None
    patients = study.populations[study.root(claim.population)].per
    is_target = claim.stat_name == "n" and claim.variable_level == variable.targets
    if not is_target or patients is None or study.units(patients) != "patients":
        return None
    options = _criteria(variable.criteria)
    sizes = _sizes(study, patients)
    window = _count(study, claim)
    if not options or not sizes or window is None or window.low is None:
        return None
    number = max(int(study.printed(row).number()) for row in sizes)
    bounds = []
    for criteria in options:
        spread = _spread(study, patients, number)
        in_all, in_one = most_targets(criteria), most_targets(criteria, 1)
        if in_all is None or in_one is None:
            return None
        known = sum(
            members * (most_targets(criteria, organs) or 0)
            for organs, members in spread.organs.items()
        )
        rest = number - sum(spread.organs.values())
        bounds.append((in_one * number, known + in_all * rest, criteria, spread))
    # Which of several criteria were followed is not said: the loosest limits count.
    one_organ = max(bound[0] for bound in bounds)
    _, most, criteria, spread = max(bounds, key=lambda bound: bound[1])
    return _finding(
        study, claim, window, number, sizes, one_organ, most, criteria, spread, conventions
    )


def _criteria(names: Sequence[str]) -> tuple[ResponseCriteria, ...]:
    """Return all criteria that may have been followed; none if one of them is not known."""
    found = [criteria_named(name) for name in names]
    return tuple(one for options in found for one in options) if all(found) else ()


def _sizes(study: Study, patients: str) -> list[Claim]:
    """Return the rows that print the number of patients, or of the nearest whole of them."""
    for name in (patients, *study.ancestors(patients)):
        rows = [
            row
            for row in study.claims
            if row.population == name
            and not row.variable
            and not row.at
            and row.stat_name == "N"
            and _is_counted(study, row)
            and study.printed(row).is_number
        ]
        if rows:
            return rows
    return []


def _spread(study: Study, patients: str, number: int) -> _Spread:
    """Return the variable that says in how many organs patients have disease, if one does."""
    for name, variable in study.variables.items():
        if not variable.organs or variable.type != "categorical":
            continue
        counted: dict[str, list[Claim]] = {}
        for row in study.claims:
            level = row.variable_level
            own = _is_counted(study, row) and row.stat_name == "n" and row.population
            if not own or row.variable != name or level not in variable.organs:
                continue
            same = population_cell(study, row.population) == population_cell(study, patients)
            described = study.populations[row.population].size
            if same and not described and study.printed(row).is_number:
                counted.setdefault(level, []).append(row)
        if len({row.at for rows in counted.values() for row in rows}) != 1:
            continue  # where disease was at one time says nothing of another
        organs: dict[int, int] = {}
        for level, rows in counted.items():
            # Of printings that differ the least says the least.
            least = min(int(study.printed(row).number()) for row in rows)
            number_of_organs = floor(variable.organs[level])
            organs[number_of_organs] = organs.get(number_of_organs, 0) + least
        if sum(organs.values()) <= number:
            return _Spread(organs, tuple(row for rows in counted.values() for row in rows))
    return _Spread({}, ())


def _finding(
    study: Study,
    claim: Claim,
    window: Interval,
    number: int,
    sizes: Sequence[Claim],
    one_organ: int,
    most: int,
    criteria: ResponseCriteria,
    spread: _Spread,
    conventions: Conventions,
) -> Finding:
    assert window.low is not None
    in_one, in_all = most_targets(criteria, 1), most_targets(criteria)
    who = population_title(study, study.populations[study.root(claim.population)].per or "")
    limit = (
        f"{criteria.name} allows {in_one} targets in an organ and {in_all} in a patient "
        f"({criteria.citation})"
    )
    sums = [
        f"{members} × {most_targets(criteria, organs)}" for organs, members in spread.organs.items()
    ]
    rest = number - sum(spread.organs.values())
    if rest or not sums:
        sums.append(f"{rest} × {in_all}")
    total = " + ".join(sums)
    ranges = (
        f"{who}, {number}: {number} × {in_one} = {number * (in_one or 0)} if all were in one organ, "
        f"{total} = {most} at most"
    )
    printed = f"{quoted(study, claim)} target lesions ({place(study, [claim])})"
    holds_if: tuple[str, ...] = ()
    if window.low > most:
        holds_if = (*((_ELSEWHERE,) if spread.rows else ()), _NOT_KEPT, _SEVERAL_TIMES)
    elif window.low > one_organ:
        titles = _one_organ_titles(study, spread)
        outside = f"foci in more organs than one are among them{titles}"
        holds_if = (outside, _NOT_KEPT, _SEVERAL_TIMES)
    if holds_if:
        sentence = f"Holds only if {listed(holds_if, 'or')}: {ranges}."
        verdict = Verdict.CONDITIONAL
    else:
        sentence = f"Within the limits of {criteria.name}: {ranges}."
        verdict = Verdict.POSSIBLE
    rows = [claim, *sizes, *spread.rows]
    position = {row.claim: index for index, row in enumerate(study.claims)}
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        (claim.claim, *sorted((row.claim for row in rows[1:]), key=position.__getitem__)),
        f"{printed}. {limit}. {sentence}",
        {
            claim.claim: Bearing(
                verdict, sentence, attainable=(Interval(Fraction(0), Fraction(most)),)
            )
        },
        assumptions=(listed(holds_if, "or"),) if holds_if else (),
        resolved_by=(
            "In which organs the targets were, and at how many assessments they were counted.",
        )
        if holds_if
        else (),
        changes="A count: what was chosen as a target depends on more than the paper states."
        if holds_if
        else "",
        conventions=conventions.as_text(),
        witness=None
        if holds_if
        else {
            "kind": "targets of each patient, constructed",
            "targets": _dealt(int(window.low), number),
        },
    )


def _one_organ_titles(study: Study, spread: _Spread) -> str:
    if not spread.rows:
        return ""
    names = dict.fromkeys(
        level_title(study, row.variable, row.variable_level) for row in spread.rows
    )
    what = variable_title(study, spread.rows[0].variable)
    return f" ({what}: {listed(names)} in {counted(sum(spread.organs.values()), 'patient')})"


def _dealt(number_of_targets: int, patients: int) -> list[int]:
    """Return targets of each patient, none of whom has two more than another."""
    each, more = divmod(number_of_targets, patients)
    return [each + (index < more) for index in range(patients)]
