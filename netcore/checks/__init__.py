"""Checks: each binds the claims of any study that allow it, and returns findings.

Nothing is wired by hand: a percentage is checked because a percentage, a count
and a size of the same thing are printed.  A new paper gets every check that
its claims allow.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from netcore.checks.answers import Answers, answered_by, computed
from netcore.checks.awaited import awaited_bearing
from netcore.checks.certificates import Certifier
from netcore.checks.common_denominators import check_common_denominators
from netcore.checks.complete_levels import check_complete_levels
from netcore.checks.contingency import check_contingency
from netcore.checks.counted_studies import check_counted_studies
from netcore.checks.criteria import check_criteria
from netcore.checks.dates import check_dates
from netcore.checks.derived_values import check_derived_values
from netcore.checks.finding import Bearing, Conventions, Finding, Kind, Repair, RepairKind, Verdict
from netcore.checks.moments import (
    check_distances,
    check_mean_differences,
    check_mean_intervals,
    check_mean_tests,
    check_moments,
    check_partitions,
)
from netcore.checks.order import check_order
from netcore.checks.parts_and_wholes import analyse_counts, check_parts_and_wholes
from netcore.checks.percentages import check_percentages
from netcore.checks.printings import check_printings
from netcore.checks.quantiles import check_quantiles
from netcore.checks.quotations import check_quotations
from netcore.checks.ranks import check_ranks
from netcore.checks.regression import check_regression
from netcore.checks.survival.hazard_ratio_checks import check_hazard_ratios
from netcore.checks.survival.joint_endpoints import check_joint_endpoints
from netcore.checks.survival.single_arm import check_survival
from netcore.checks.survival.two_arms import check_survival_tests
from netcore.checks.target_lesions import check_target_lesions
from netcore.study import Study

__all__ = [
    "Bearing",
    "Conventions",
    "Finding",
    "Kind",
    "Repair",
    "RepairKind",
    "Verdict",
    "awaited_bearing",
    "run_checks",
]


def run_checks(
    study: Study,
    conventions: Conventions | None = None,
    library: Sequence[Study] = (),
    *,
    certified: bool = True,
    answers: Answers = computed,
) -> tuple[Finding, ...]:
    """Run every check on a study.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions, optional
        Rounding and level; the defaults where not given.
    library : sequence of Study
        Other documents, with which the study is compared where it speaks of
        them.
    certified : bool
        Whether to make the certificate of every conflict, which takes most of
        the time of a search among many small changes.
    answers : Answers
        Who answers the expensive questions of checks.

    Returns
    -------
    tuple of Finding
        All findings: conflicts first, then supports, then notes, each in the
        order of the claims.  A conflict that cannot be certified is a note.
    """
    with answered_by(answers):
        findings = _checked(study, conventions or Conventions(), library, certified=certified)
    kinds = ("conflict", "support", "note")
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    ordered = sorted(
        findings, key=lambda finding: (kinds.index(finding.kind), order[finding.claims[0]])
    )
    seen: Counter[str] = Counter()
    numbered: list[Finding] = []
    for finding in ordered:
        seen[finding.id] += 1
        numbered.append(replace(finding, ordinal=seen[finding.id]))
    return tuple(numbered)


def _checked(
    study: Study, chosen: Conventions, library: Sequence[Study], *, certified: bool
) -> tuple[Finding, ...]:
    analyses = analyse_counts(study)
    findings: tuple[Finding, ...] = (
        *check_printings(study, chosen, analyses),
        *check_parts_and_wholes(study, chosen, analyses),
        *check_percentages(study, chosen, analyses),
        *check_complete_levels(study, chosen, analyses),
        *check_common_denominators(study, chosen, analyses),
        *check_derived_values(study, chosen, analyses),
        *check_order(study, chosen),
        *check_quantiles(study, chosen, analyses),
        *check_moments(study, chosen, analyses),
        *check_mean_intervals(study, chosen, analyses),
        *check_distances(study, chosen, analyses),
        *check_partitions(study, chosen, analyses),
        *check_mean_tests(study, chosen, analyses),
        *check_mean_differences(study, chosen, analyses),
        *check_ranks(study, chosen, analyses),
        *check_survival(study, chosen, analyses),
        *check_regression(study, chosen, analyses),
        *check_survival_tests(study, chosen, analyses),
        *check_hazard_ratios(study, chosen, analyses),
        *check_joint_endpoints(study, chosen, analyses),
        *check_dates(study, chosen),
        *check_criteria(study, chosen),
        *check_target_lesions(study, chosen),
        *check_contingency(study, chosen, analyses),
        *check_quotations(study, library, chosen),
        *check_counted_studies(study, library, chosen),
    )
    if certified:
        certifier = Certifier(study, chosen, library, analyses)
        findings = tuple(certifier.certified(finding) for finding in findings)
    return findings
