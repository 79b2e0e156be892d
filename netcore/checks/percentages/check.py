"""The check: every percentage against the counts that it may come from.

What only an unstated assumption explains is conditional; what nothing
explains is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from netcore.checks.count_analysis import CountAnalysis, analyse_counts
from netcore.checks.estimands import cell_of, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions, Finding, Repair
from netcore.checks.percentages.denominators import Case, case_of
from netcore.checks.percentages.findings import (
    Tried,
    at_odds_with_counts,
    conflict,
    support,
    tables_of_several_denominators,
    unless_an_estimate,
)
from netcore.checks.percentages.fits import (
    ADJUSTED,
    CUT_OFF,
    FAR,
    Fit,
    adjusted_window,
    all_fits,
    cut_off_window,
    first_fit,
    percentage_windows,
    rounded_alike,
)
from netcore.checks.percentages.other_denominators import other_bases
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.wording import place
from netcore.printed import Interval, rounding_window
from netcore.stats.calendar import calendar_unit
from netcore.stats.counts import counts_behind
from netcore.study import Claim, Study

__all__ = ["check_percentages", "one_count_behind"]

# Conventions that leave open whether a single place cut digits off instead.
_ROUNDED: Final = frozenset(("nearest", "half_up", "half_even"))


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
    nearest 5 and 10, if every percentage in the same place is a multiple, or
    every one of three or more of the same variable there.  Where nothing fits,
    with further digits cut off, or with all cut off to multiples of 5 and 10 on the
    same condition, unless another percentage of the place holds only if it is rounded.
    Then with another last digit, of the row's own group; and at last of numbers that the row
    does not lead to: linked units, unions of levels, all mentions of a list.
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
    findings = _merged(study, findings)
    findings.extend(tables_of_several_denominators(study, conventions, sizes, rows))
    return tuple(findings)


def _merged(study: Study, findings: Sequence[Finding]) -> list[Finding]:
    """Join what is said of one value in several places into one finding."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Finding]] = {}
    for finding in findings:
        first = study.claim_by_id(finding.claims[0])
        said = finding.statement.removeprefix(place(study, [first]))
        groups.setdefault((said, finding.kind, finding.claims[1:]), []).append(finding)
    joined: list[Finding] = []
    for (said, *_), group in groups.items():
        if len(group) == 1:
            joined.append(group[0])
            continue
        first_claims = [study.claim_by_id(finding.claims[0]) for finding in group]
        places = dict.fromkeys(claim.location for claim in first_claims)
        rest = said.replace(" prints ", " print ", 1) if len(places) > 1 else said
        is_placed = group[0].statement != said
        bearings = {name: b for finding in group for name, b in finding.bearings.items()}
        own = [finding.claims[0] for finding in group]
        joined.append(
            replace(
                group[0],
                claims=(*own, *group[0].claims[1:]),
                statement=place(study, first_claims) + rest if is_placed else said,
                bearings=bearings,
                repairs=_shared_repairs(group),
            )
        )
    return joined


def _shared_repairs(group: Sequence[Finding]) -> tuple[Repair, ...]:
    """Join repairs of one value in several places: it is changed in all of them."""
    joined = []
    for same in zip(*(finding.repairs for finding in group), strict=True):
        claims = dict.fromkeys(name for repair in same for name in repair.claims)
        puts = dict(pair for repair in same for pair in repair.replacements)
        joined.append(replace(same[0], claims=tuple(claims), replacements=tuple(puts.items())))
    return tuple(joined)


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
    every = [(case, fit) for case in cases for fit in all_fits(case, windows)]
    fits = [
        (case, kept)
        for case, fit in every
        for kept in _within_counts(case, [fit], windows[fit.coarse])
    ]
    refuted: list[Claim] = []
    of_own = any(fit.base == case.own for case, fit in fits)
    if not of_own and conventions.rounding in _ROUNDED:
        # Digits cut off are a smaller thing to assume than another group.
        rules = [CUT_OFF, *(-step for step in windows if step)]
        cut = [
            _cut_off(study, sizes, claim, cases, rows, rule, any_group=not fits) for rule in rules
        ]
        refuted = [row for _, row in cut if row is not None]
        fits = [*(fit for found_here, _ in cut for fit in found_here), *fits]
        fits = fits or _adjusted(study, claim, cases, rows)
    tried = sum(len(c.bases) for c in cases)
    if not fits:
        others = [other_bases(study, sizes, claim, reading, rows) for reading in found]
        tried += sum(map(len, others))
        fits = [
            (case, fit)
            for bases, case in zip(others, cases, strict=True)
            for fit in all_fits(replace(case, bases=bases), windows)
        ]
    if every and not fits:
        at_odds = at_odds_with_counts(study, conventions, *every[0])
        return at_odds if is_first_hand(study, claim) else replace(at_odds, bearings={})
    if not fits:
        if any(case.counts is None and case.largest is None for case in cases):
            return None
        found_none = conflict(study, conventions, sizes, cases, windows, refuted)
        if any(_is_at_a_time(reading.at) for reading in found):
            return unless_an_estimate(study, found_none, claim)
        is_sound = is_first_hand(study, claim)
        return found_none if is_sound else replace(found_none, kind="note", bearings={})
    case, fit = min(fits, key=lambda item: len(item[1].assumptions))
    # What holds under each reading as it stands need not be read in one way.
    open_readings = len(
        [c for c in cases if not any(c is of and not fit.assumptions for of, fit in fits)]
    )
    is_read = len(cases) > 1 and open_readings > 0
    return support(study, conventions, case, fit, Tried(tried, len(fits)), is_read=is_read)


def _within_counts(case: Case, fits: Iterable[Fit], window: Interval) -> Iterator[Fit]:
    """Yield the ways in which a percentage without a count is that of one that other rows allow."""
    low, high = (0, NO_LIMIT) if case.counts is not None else case.sizes.span(case.cell)
    for fit in fits:
        if (low, high) == (0, NO_LIMIT):
            yield fit
            continue
        totals = fit.totals or tuple(fit.denominators)
        found = {total: counts_behind(window, total) for total in totals}
        kept = {
            total: range(max(counts.start, low), min(counts.stop, high + 1))
            for total, counts in found.items()
            if counts and counts.start <= high and counts.stop > low
        }
        if kept == found:
            yield fit
        elif kept:
            most = max(kept)
            totals = tuple(kept) if fit.totals else ()
            yield replace(fit, counts=kept[most], denominators=range(most, most + 1), totals=totals)


def _is_at_a_time(at: str) -> bool:
    """Return whether a percentage is of a time, such as 24 months, and not of a cycle or a visit."""
    return bool(at) and calendar_unit(at.split()[-1]) is not None


def _adjusted(
    study: Study, claim: Claim, cases: Sequence[Case], rows: Sequence[Claim]
) -> list[tuple[Case, Fit]]:
    """Return how a percentage of its own group holds if its last digit is off by less than one."""
    window = adjusted_window(study, claim, rows)
    if window is None:
        return []
    return [
        (case, fit)
        for case in cases
        for fit in _within_counts(
            case, all_fits(replace(case, bases=case.bases[:1]), {ADJUSTED: window}), window
        )
    ]


def _cut_off(
    study: Study,
    sizes: Sizes,
    claim: Claim,
    cases: Sequence[Case],
    rows: Sequence[Claim],
    rule: int,
    *,
    any_group: bool,
) -> tuple[list[tuple[Case, Fit]], Claim | None]:
    """Return how a percentage holds if its place cuts digits off instead of rounding.

    Another percentage of the place that holds only if it is rounded refutes it, and is returned.
    """
    window = cut_off_window(study, claim, rule)
    if window is None:
        return [], None
    fits = [
        (case, fit)
        for case in cases
        for fit in _within_counts(case, all_fits(case, {rule: window}), window)
        if any_group or fit.base == case.own
    ]
    alike = (
        [row for row in rows if row.location == claim.location]
        if rule == CUT_OFF
        else rounded_alike(study, claim, rows, -rule)
    )
    for row in alike if fits else ():
        if row is claim:
            continue
        other = cut_off_window(study, row, rule)
        known = [
            case
            for reading in readings(row)
            if (case := case_of(study, sizes, row, reading, rows)) is not None
        ]
        rounded = study.printed(row).window()
        if rule != CUT_OFF and other is not None:
            step = Fraction(-rule)
            rounded = rounding_window(study.printed(row).number(), step, "nearest")
        if (
            other is not None
            and known
            and all(
                case.own_percentage is not None
                and case.own_percentage in rounded
                and case.own_percentage not in other
                for case in known
            )
        ):
            return [], row
    return fits, None
