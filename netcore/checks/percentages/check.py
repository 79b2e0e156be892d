"""The check: every percentage against the counts that it may come from.

What only an unstated assumption explains is conditional; what nothing
explains is a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netcore.checks.count_analysis import CountAnalysis, analyse_counts
from netcore.checks.estimands import cell_of, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions, Finding
from netcore.checks.percentages.denominators import case_of
from netcore.checks.percentages.findings import conflict, support, tables_of_several_denominators
from netcore.checks.percentages.fits import FAR, all_fits, first_fit, percentage_windows
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.study import Claim, Study

__all__ = ["check_percentages", "one_count_behind"]


def check_percentages(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check every percentage against the counts that it may come from.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.count_analysis.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        One for each percentage on which a printed count or size bears, and a
        note for each table row of percentages that no one denominator gives.

    Notes
    -----
    Denominators that are tried, in this order: the one that the row states,
    else the population; each population that contains it; all units that
    share the level, whatever else they are; those observed, from the number
    whose level is printed with a percentage in the same place up to the size
    of the group.  Then all of these again with percentages rounded to the
    nearest 5 and 10, if every percentage in the same place is a multiple.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    findings: list[Finding] = []
    rows = [
        claim
        for claim in study.claims
        if claim.stat_name == "pct" and is_patient_data(study, claim)
    ]
    for claim in rows:
        finding = _check(study, conventions, sizes, claim, rows)
        if finding is not None:
            findings.append(finding)
    findings.extend(tables_of_several_denominators(study, conventions, sizes, rows))
    return tuple(findings)


def one_count_behind(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis],
    claims: Sequence[Claim],
) -> bool:
    """Return whether differing percentages of one level may come from one count.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.count_analysis.analyse_counts`.
    claims : sequence of Claim
        Percentages of one level, perhaps of different denominators.

    Returns
    -------
    bool
        True where a count is printed, which each percentage is then checked
        against on its own; where nothing limits the denominators; or where
        some count prints as all of the percentages, each of a denominator
        that its place allows.
    """
    sizes = Sizes(study, analyses)
    found = [cell_of(study, reading) for claim in claims for reading in readings(claim)]
    if any(cell is None or sizes.values(cell) for cell in found):
        return True
    rows = [row for row in study.claims if row.stat_name == "pct" and is_patient_data(study, row)]
    cases = [
        [case_of(study, sizes, claim, reading, rows) for reading in readings(claim)]
        for claim in claims
    ]
    known = [case for options in cases for case in options if case is not None]
    if any(case.largest is None for case in known):
        return True
    most = max(base.high for case in known for base in case.bases)
    windows = {claim: percentage_windows(study, claim, conventions, rows) for claim in claims}
    return any(
        all(
            any(
                first_fit(replace(case, counts=(count,)), base, coarse, window) is not None
                for case in options
                if case is not None
                for base in case.bases
                for coarse, window in windows[claim].items()
            )
            for claim, options in zip(claims, cases, strict=True)
        )
        for count in range(min(most, FAR) + 1)
    )


def _check(
    study: Study, conventions: Conventions, sizes: Sizes, claim: Claim, rows: Sequence[Claim]
) -> Finding | None:
    windows = percentage_windows(study, claim, conventions, rows)
    found = readings(claim)
    cases = [
        case
        for reading in found
        if (case := case_of(study, sizes, claim, reading, rows)) is not None
    ]
    if len(cases) < len(found):
        return None
    # Of nobody, or of a group of any size, a percentage says nothing.
    if any(
        case.own.high == 0 or (case.counts is None and case.own.high >= NO_LIMIT) for case in cases
    ):
        return None
    fits = [(case, fit) for case in cases for fit in all_fits(case, windows)]
    if not fits:
        if any(case.counts is None and case.largest is None for case in cases):
            return None
        found_none = conflict(study, conventions, sizes, cases, windows)
        is_sound = is_first_hand(study, claim)
        return found_none if is_sound else replace(found_none, kind="note", bearings={})
    case, fit = min(fits, key=lambda item: len(item[1].assumptions) + (len(cases) > 1))
    return support(study, conventions, case, fit, len(cases), len(fits))
