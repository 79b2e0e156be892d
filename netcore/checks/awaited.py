"""Claims that no check has settled: what bears on them, and what does not.

A claim that other values bound, but that no check here can settle, is open; a
claim on which nothing bears is unconstrained.  Each gets its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Bearing, Verdict
from netcore.checks.wording import listed, variable_title
from netcore.study import Claim, Study

__all__ = ["awaited_bearing"]

SUMMARIES: Final = frozenset(
    "mean sd var std.error cv geom_mean median p10 p25 p75 p90 iqr mad min max range rmean sd|std.error mean|rmean".split()
)
"""Statistics of location and spread, which bound one another."""

_CENSORED: Final = frozenset({"log_rank", "gehan", "cox"})
_PAIRS: Final = frozenset({"linear_regression", "pearson", "spearman"})


def awaited_bearing(study: Study, claim: Claim) -> Bearing:
    """Return what can be said of a claim that no check has settled.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A claim without a verdict.

    Returns
    -------
    Bearing
        ``open`` with what bounds the claim, or ``unconstrained`` with the
        reason why nothing does.
    """
    if claim.cites:
        return _unconstrained(
            f"Quoted from {listed(claim.readings('cites'), 'or')}; that source is not part of the book."
        )
    if not is_patient_data(study, claim):
        return _unconstrained("A rule or a definition; nothing that is counted here depends on it.")
    if not is_first_hand(study, claim):
        return _open("Seen only in a secondary source, whose values settle nothing.")
    variables = [study.variables[name] for name in claim.readings("variable") if name]
    if any(variable.type == "date" for variable in variables):
        return _unconstrained("No other printed date has to come before or after it.")
    if claim.stat_name == "p.value":
        return _test(study, claim)
    if any(variable.derived for variable in variables) and claim.stat_name == "ratio":
        return _open("It follows from other values, but which of them are meant is not said.")
    if set(claim.readings("stat_name")) <= SUMMARIES and variables:
        return _summary(study, claim)
    if claim.stat_name == "survival" and variables:
        return _rate(study, claim)
    if claim.stat_name == "pct":
        return _unconstrained("How many units it is a percentage of is not printed.")
    if claim.stat_name in ("r.squared", "adj.r.squared", "correlation"):
        return _unconstrained(
            "Neither a p-value, a slope nor the single points are printed with it."
        )
    return _unconstrained("No check relates it to another printed value.")


def _open(reason: str) -> Bearing:
    return Bearing(Verdict.OPEN, reason)


def _unconstrained(reason: str) -> Bearing:
    return Bearing(Verdict.UNCONSTRAINED, reason)


def _summaries(study: Study, variables: Sequence[str]) -> list[Claim]:
    return [
        row
        for row in study.claims
        if set(row.readings("stat_name")) <= SUMMARIES
        and set(row.readings("variable")) & set(variables)
        and is_patient_data(study, row)
    ]


def _test(study: Study, claim: Claim) -> Bearing:
    analyses = [study.analyses[name] for name in claim.readings("analysis") if name]
    names = [analysis.variable for analysis in analyses]
    summaries = _summaries(study, names)
    if not summaries:
        return _unconstrained("No summary of the values that the test compares is printed.")
    titles = listed((variable_title(study, name) for name in names), "or")
    tests = {test for analysis in analyses for test in analysis.test}
    if tests & _CENSORED:
        reason = "but a test of censored times depends on when each unit was followed to"
    elif tests & _PAIRS:
        reason = "but it depends on which values belong together"
    elif "unnamed" in tests:
        reason = "but the test is not named, and another may have been made"
    else:
        reason = "but not on all that the test compares, or not for groups of a known size"
    return _open(f"The printed summaries of {titles} bear on it, {reason}.")


def _rate(study: Study, claim: Claim) -> Bearing:
    others = [
        row
        for row in study.claims
        if set(row.readings("variable")) & set(claim.readings("variable"))
        and set(row.readings("population")) & set(claim.readings("population"))
        and (row.stat_name, row.at) != (claim.stat_name, claim.at)
        and is_patient_data(study, row)
    ]
    title = variable_title(study, claim.readings("variable")[0])
    if others:
        return _open(
            f"Bounded by what else is printed of {title}; no check found a conflict between them, "
            "nor patients who have them all."
        )
    is_sized = any(
        row.stat_name == "N" and not row.variable and row.population == claim.population
        for row in study.claims
    )
    if is_sized:
        return _unconstrained(
            f"Nothing else is printed of {title}, and of so many patients any rate could be."
        )
    return _unconstrained("How many patients it is an estimate of is not printed.")


def _summary(study: Study, claim: Claim) -> Bearing:
    names = claim.readings("variable")
    others = [
        row
        for row in _summaries(study, names)
        if (row.stat_name, row.population, row.at) != (claim.stat_name, claim.population, claim.at)
    ]
    tests = [
        row
        for row in study.claims
        if row.stat_name == "p.value"
        and any(study.analyses[name].variable in names for name in row.readings("analysis") if name)
    ]
    if not others and not tests:
        return _unconstrained("No other value of this quantity is printed.")
    what = [
        text for text, there in (("the other summaries", others), ("the p-value", tests)) if there
    ]
    return _open(
        f"Bounded by {listed(what)} of {variable_title(study, names[0])}; no check found a "
        "conflict between them, nor values that settle it."
    )
