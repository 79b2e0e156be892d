"""The check: every p-value between two survival curves against what is printed of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Final

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.estimands import is_first_hand, is_patient_data, population_cell
from netcore.checks.finding import Conventions, Finding
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts, are_exclusive
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.comparisons import (
    ComparedArms,
    curve_options,
    survival_test_question,
)
from netcore.checks.survival.hazard_ratios_left import left_of_arms
from netcore.checks.survival.times import PrintedArm, printed_arms
from netcore.checks.survival.two_arm_answers import METHOD
from netcore.checks.survival.two_arm_findings import (
    CHECK,
    Answered,
    Case,
    conflict,
    supported,
    unsettled,
)
from netcore.stats.survival.curves import Observation
from netcore.stats.survival.log_rank import log_rank_test
from netcore.study import Claim, Study

__all__ = ["CHECK", "TESTED", "check_survival_tests", "free_factors"]

TESTED: Final = frozenset({"log_rank", "gehan", "cox", "unnamed"})
"""Tests of two curves about which something can be said."""

_LABELLINGS: Final = 40


def check_survival_tests(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check the p-values between two survival curves against the printed rates and medians.

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
        At most one for each p-value.

    Notes
    -----
    ``possible`` comes with patients who have both printed curves and the p-value by a test that
    may be meant.  A p-value that no test of the named family gives is ``conditional``: the rates
    may be of another kind, and fewer patients may have been analysed.  A test that the paper
    does not name convicts nobody.
    """
    rows = [claim for claim in study.claims if _is_tested(study, claim)]
    if not rows:
        return ()
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    printed = printed_arms(study, conventions, sizes, alone=False)
    bounds = other_bounds(study)
    findings = (_check(study, conventions, claim, printed, bounds) for claim in rows)
    return tuple(finding for finding in findings if finding is not None)


def _is_tested(study: Study, claim: Claim) -> bool:
    if claim.readings("stat_name") != ("p.value",) or not claim.analysis:
        return False
    if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
        return False
    named = [study.analyses[name] for name in claim.readings("analysis") if name]
    return study.printed(claim).kind != "about" and any(
        TESTED & set(one.test) and one.by is not None for one in named
    )


def _check(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    printed: Sequence[PrintedArm],
    bounds: OtherBounds,
) -> Finding | None:
    options = curve_options(study, claim, printed)
    meant = [option for option in options if TESTED & set(option.tests)]
    window, assumed = p_window(study, claim, conventions)
    is_open = len(meant) < len(claim.readings("analysis"))
    answered: list[Answered] = []
    tests: dict[str, None] = {}
    for option in meant:
        is_open = is_open or option.is_open
        tests.update(dict.fromkeys(option.tests))
        known = [test for test in option.tests if test in TESTED]
        for compared in option.compared:
            question = survival_test_question(compared, window, known)
            answered.append(Answered(compared, answer(METHOD, question)))
    answered = [one for one in answered if one.outcome != "no data"]
    if not answered:
        return None  # no two curves, or one of them alone is at odds with its numbers
    case = Case(study, conventions, claim, tuple(tests), tuple(answered), assumed, is_open)
    if case.is_named and all(one.outcome == "excluded" for one in answered):
        return conflict(case)
    fitting = [one for one in answered if one.fits]
    if not fitting:
        return unsettled(case)
    best = min(fitting, key=lambda one: (one.least_assumed, _is_read_so(one)))
    factors = free_factors(study, conventions, claim, best.compared, best.fits[0], bounds)
    is_alone = factors is not None and len(answered) == 1 and not is_open
    # The long answer is asked for once: for the rounding that the book is written by.
    left = (
        left_of_arms(study, conventions, claim, best.compared)
        if is_alone and best.answer["ranges"] and conventions.rounding == Conventions().rounding
        else {}
    )
    return supported(case, best, is_alone=is_alone, factors=factors or {}, left=left)


def _is_read_so(one: Answered) -> int:
    """Return how many rows are read in one of several ways."""
    return sum(len(set(row.readings("population"))) > 1 for row in one.compared.claims)


def free_factors(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    compared: ComparedArms,
    fit: Mapping[str, Any],
    bounds: OtherBounds,
) -> Mapping[str, Sequence[int]] | None:
    """Return what else constructed patients have; None if another row bears on their times.

    Of a factor nothing is printed but that it goes with the times no better or worse than by
    a p-value: then the patients can be given it.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of a p-value between two curves.
    compared : ComparedArms
        The curves.
    fit : Mapping
        The patients: ``arms``, with time and event of each, and ``p``, ends of their p-value.
    bounds : OtherBounds
        What else the study prints.

    Returns
    -------
    Mapping of str to sequence of int or None
        By factors, in which half of the patients each of them is.
    """
    among = {claim.claim, *(row.claim for row in (*compared.claims, *compared.counted))}
    variable = compared.arms[0].variable
    factors: dict[str, Sequence[int]] = {}
    for row in study.claims:
        named = [study.analyses[name] for name in row.readings("analysis") if name]
        if row.claim == claim.claim or not is_patient_data(study, row):
            continue
        if not any(variable in (one.variable, one.with_) for one in named):
            continue
        if _is_same_test(row, claim):
            window = p_window(study, row, conventions)[0]
            if not all(Fraction(end) in window for end in fit["p"]):
                return None
            among.add(row.claim)
            continue
        labels = _free_factor(study, conventions, row, fit, bounds)
        if labels is None:
            return None
        factors |= labels
        among.add(row.claim)
    without_tests = replace(bounds, tested=frozenset())
    for arm, values in zip(compared.arms, compared.values, strict=True):
        if len(values) < len(arm.values):
            return None
        # No row is about this time; what the variable depends on is looked at here.
        if without_tests.bear_on(arm.population, variable, "\0", among, with_dates=False):
            return None
        if _is_mentioned(study, bounds, arm.population, variable, among):
            return None
    return factors


def _is_same_test(row: Claim, claim: Claim) -> bool:
    return (row.analysis, row.population, row.at, row.stat_name) == (
        claim.analysis,
        claim.population,
        claim.at,
        claim.stat_name,
    )


def _is_mentioned(
    study: Study, bounds: OtherBounds, population: str, variable: str, among: set[str]
) -> bool:
    """Return whether another row, at whatever time, is about members of a population."""
    own = population_cell(study, population)
    for mention in bounds.mentions.get(variable, ()):
        other = population_cell(study, mention.population)
        if mention.claim in among or other.root != own.root:
            continue
        if not are_exclusive(study, own, other):
            return True
    return False


def _free_factor(
    study: Study,
    conventions: Conventions,
    row: Claim,
    fit: Mapping[str, Any],
    bounds: OtherBounds,
) -> Mapping[str, Sequence[int]] | None:
    """Return halves of the patients that have the p-value of another factor.

    None if more is printed of the factor than a p-value, or no such halves are found.
    """
    names = {
        name
        for one in (study.analyses[key] for key in row.readings("analysis") if key)
        for name in (one.by, one.with_)
        if name
    }
    tests = {test for key in row.readings("analysis") if key for test in study.analyses[key].test}
    if len(names) != 1 or row.stat_name != "p.value" or not tests & {"unnamed", "log_rank"}:
        return None
    name = names.pop()
    conditions = {c.variable for other in study.populations for c in study.conditions(other)}
    if bounds.mentions.get(name) or name in conditions or study.printed(row).kind == "about":
        return None
    window = p_window(study, row, conventions)[0]
    everyone = [Observation(Fraction(time), event) for arm in fit["arms"] for time, event in arm]
    draw = Random(1)
    for _ in range(_LABELLINGS):
        labels = [draw.randrange(2) for _ in everyone]
        one, two = (
            [who for who, label in zip(everyone, labels, strict=True) if label == half]
            for half in (0, 1)
        )
        p = log_rank_test(one, two)
        if p is not None and p.low in window and p.high in window:
            return {name: labels}
    return None
