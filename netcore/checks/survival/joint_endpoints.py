"""The check: two endpoints that are printed of the same patients, together.

Progression comes before death, and death before the last contact.  Each endpoint alone may be
possible and both together not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions, Finding
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.survival.joint_answers import METHOD
from netcore.checks.survival.joint_findings import (
    CHECK,
    JointAnswered,
    excluded,
    supported,
    unordered,
    unsettled,
)
from netcore.checks.survival.joint_questions import JointCase, joint_cases
from netcore.checks.survival.two_arms import free_factors
from netcore.study import Study

__all__ = ["CHECK", "check_joint_endpoints"]


def check_joint_endpoints(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check two endpoints that are printed of the same patients.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it has been done
        already.

    Returns
    -------
    tuple of Finding
        At most one for each pair of endpoints of the same groups.

    Notes
    -----
    ``possible`` comes with constructed patients who have both.  What conflicts is
    ``conditional``: whether a death counts for both, who was analysed for each and how the rates
    were estimated is what a paper seldom says.
    """
    found = []
    bounds = None
    for case in joint_cases(study, conventions, analyses):
        one = JointAnswered(study, conventions, case, answer(METHOD, case.question))
        if not one.answer["is possible alone"]:
            continue  # said of that endpoint already
        if any(one.found("excluded")):
            found.append(excluded(one))
        elif one.answer["patients"] is not None:
            bounds = bounds or other_bounds(study)
            if any(one.found("reversed")) or _says_something(case):
                alone = [_is_alone(study, conventions, one, bounds, which) for which in (0, 1)]
                found.append(supported(one, is_alone=alone))
        elif any(one.found("reversed")):
            found.append(unordered(one))
        elif _says_something(case):
            found.append(unsettled(one))
    return tuple(found)


def _says_something(case: JointCase) -> bool:
    """Return whether not just any values of both could have been printed together."""
    if any(case.tests):
        return True
    return all(
        any(value["name"] != "mean" and value["time"] is not None for value in arm[which])
        for arm in case.question["arms"]
        for which in ("earlier", "later")
    )


def _is_alone(
    study: Study,
    conventions: Conventions,
    one: JointAnswered,
    bounds: OtherBounds,
    which: int,
) -> bool:
    """Return whether nothing else that is printed bears on one endpoint."""
    tested = one.case.tests[which]
    if tested is not None:
        patients = [
            [(row[2 * which], bool(row[2 * which + 1])) for row in arm]
            for arm in one.answer["patients"]
        ]
        fit = {"arms": patients, "p": one.answer["p"][which]}
        found = free_factors(study, conventions, tested.claim, tested.compared, fit, bounds)
        return found is not None
    among = {row.claim for row in (*one.case.rows, *one.case.counted)}
    variable = one.case.variables[which]
    times = {mention.at for mention in bounds.mentions.get(variable, ())} | {""}
    others = replace(bounds, tested=bounds.tested - _tested(one))
    return not any(
        others.bear_on(pair[which].population, variable, at, among, with_dates=False)
        for pair in one.case.arms
        for at in times
    )


def _tested(one: JointAnswered) -> frozenset[str]:
    """Return the endpoints whose p-value the constructed patients have."""
    pairs = zip(one.case.variables, one.case.tests, strict=True)
    return frozenset(variable for variable, tested in pairs if tested is not None)
