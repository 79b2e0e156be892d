"""The check: hazard ratios against their limits, their p-value and the two printed curves."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.json_windows import interval_of
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.ranks.pair_counts import plain_decimal
from netcore.checks.summary_values import recomputed_text
from netcore.checks.survival.comparisons import (
    ComparedArms,
    curve_options,
    hazard_ratios_question,
)
from netcore.checks.survival.hazard_ratio_answers import ESTIMATE_NAMES, HAZARD_RATIOS
from netcore.checks.survival.times import PrintedArm, printed_arms
from netcore.checks.wording import counted, listed, place, quantity_title, quoted
from netcore.printed import Interval
from netcore.stats.survival.published_hazard_ratios import is_middle, p_from_interval
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_hazard_ratios"]

CHECK: Final = "hazard-ratios"
_LIMITS: Final = ("hazard_ratio.conf.low", "hazard_ratio.conf.high")
_LEVELS: Final = (Fraction(95, 100), Fraction(90, 100), Fraction(99, 100))
_NOT_WALD: Final = (
    "the interval is of another kind than Wald's (of a profile likelihood, by resampling, exact, "
    "corrected for several comparisons or interim looks), or of another model than the ratio"
)
_OTHER_TEST: Final = (
    "the p-value is of another test than Wald's or of another model than the interval, or one of "
    "both is corrected for several comparisons or interim looks"
)
_ADJUSTED: Final = (
    "it is adjusted for other variables, stratified or weighted, fewer patients were analysed, or "
    "the printed rates and medians are no Kaplan-Meier estimates"
)
_SETTLED_BY: Final = ("The kind of the hazard ratio and of its interval, and who was analysed.",)


def check_hazard_ratios(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check printed hazard ratios.

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
        For each hazard ratio whether it is in the middle of its limits, whether the p-value
        goes with them, and whether the printed curves leave it open.

    Notes
    -----
    Wald's limits exp(log HR -+ z SE) have HR as their geometric mean, and their p-value is that
    of z = log HR / SE.  Other intervals and tests need not, and a model may have other variables,
    so that what does not fit is conditional.
    """
    rows = [claim for claim in study.claims if _is_plain(study, claim, "hazard_ratio")]
    if not rows:
        return ()
    findings = [finding for claim in rows for finding in _of_limits(study, conventions, claim)]
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    printed = printed_arms(study, conventions, sizes, alone=False)
    for claim in rows:
        finding = _of_curves(study, conventions, claim, printed)
        if finding is not None:
            findings.append(finding)
    return tuple(findings)


def _is_plain(study: Study, claim: Claim, name: str) -> bool:
    return (
        claim.readings("stat_name") == (name,)
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
        and study.printed(claim).kind in ("number", "below", "above")
    )


def _beside(study: Study, claim: Claim, name: str) -> Claim | None:
    """Return the one row of another statistic of the same comparison, in the same place."""
    found = [
        row
        for row in study.claims
        if _is_plain(study, row, name)
        and (row.location, row.population, row.analysis, row.variable, row.at)
        == (claim.location, claim.population, claim.analysis, claim.variable, claim.at)
    ]
    return found[0] if len(found) == 1 else None


def _positive(study: Study, claim: Claim, conventions: Conventions) -> Interval | None:
    """Return the values that print so; None if they may be 0 or have no end."""
    window = study.printed(claim).window(conventions.rounding)
    closed = Interval(window.low, window.high)
    return closed if closed.low is not None and closed.low > 0 and closed.high else None


def _of_limits(study: Study, conventions: Conventions, claim: Claim) -> list[Finding]:
    limits = [_beside(study, claim, name) for name in _LIMITS]
    low, high = limits
    if low is None or high is None:
        return []
    windows = [_positive(study, row, conventions) for row in (low, high)]
    below, above = windows
    if below is None or above is None or (below.low or 0) > (above.high or 0):
        return []
    findings = []
    ratio = _positive(study, claim, conventions)
    if ratio is not None:
        findings.append(_middle(study, conventions, (claim, low, high), (ratio, below, above)))
    p = _beside(study, claim, "p.value")
    if p is not None:
        findings.append(_p_value(study, conventions, (p, claim, low, high), (below, above)))
    return findings


def _middle(
    study: Study,
    conventions: Conventions,
    rows: tuple[Claim, Claim, Claim],
    windows: tuple[Interval, Interval, Interval],
) -> Finding:
    claim, low, high = rows
    ratio, below, above = windows
    product = study.printed(low).number() * study.printed(high).number() if (
        study.printed(low).is_number and study.printed(high).is_number
    ) else None  # fmt: skip
    middle = None if product is None else Fraction(float(product) ** 0.5)
    shown = "" if middle is None else f" √({low.printed} × {high.printed}) = {float(middle):.4g}."
    said = (
        f"{place(study, [claim])} prints a hazard ratio of {quoted(study, claim)} "
        f"({low.printed} to {high.printed}) for {quantity_title(study, claim)}. A Wald interval has "
        f"the ratio as the geometric mean of its limits.{shown}"
    )
    ids = tuple(row.claim for row in rows)
    if is_middle(ratio, below, above):
        text = None
        if middle is not None and study.printed(claim).is_number:
            found = recomputed_text(study, claim, middle, conventions)
            text = found if Fraction(found) == study.printed(claim).number() else None
        verdict = Verdict.POSSIBLE if text is None else Verdict.REPRODUCED
        sentence = f"It is the geometric mean of its limits ({low.printed} to {high.printed})."
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            ids,
            f"{said} It is.",
            {claim.claim: Bearing(verdict, sentence, text)},
            conventions=conventions.as_text(),
        )
    sentence = f"Not the geometric mean of its limits; holds if {_NOT_WALD}."
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        ids,
        f"{said} It is not, however the three are rounded. It holds if {_NOT_WALD}.",
        {row.claim: Bearing(Verdict.CONDITIONAL, sentence) for row in rows},
        assumptions=(_NOT_WALD,),
        resolved_by=_SETTLED_BY,
        conventions=conventions.as_text(),
    )


def _p_value(
    study: Study,
    conventions: Conventions,
    rows: tuple[Claim, Claim, Claim, Claim],
    limits: tuple[Interval, Interval],
) -> Finding:
    p, _, low, high = rows
    window, assumed = p_window(study, p, conventions)
    named = {test for key in p.readings("analysis") if key for test in study.analyses[key].test}
    found = {level: p_from_interval(*limits, level) for level in _LEVELS}
    first = found[_LEVELS[0]]
    ends = (first.low or Fraction(0), first.high or Fraction(1))
    said = (
        f"{place(study, [p])} prints p = {quoted(study, p)} beside limits of {low.printed} and "
        f"{high.printed} of the hazard ratio. Wald’s test gives, with limits of 95 %, p-values from "
        f"{plain_decimal(ends[0])} to {plain_decimal(ends[1])}.".replace("p = <", "p < ")
    )
    ids = tuple(row.claim for row in rows)
    is_cox = named <= {"cox", "unnamed"}
    bearings: dict[str, Bearing] = {}
    assumptions: tuple[str, ...] = ()
    fitting = [level for level, one in found.items() if one.meets(window)]
    if fitting and fitting[0] == _LEVELS[0]:
        text = "It goes with the interval, by Wald’s test."
        if is_cox and not assumed:
            bearings[p.claim] = Bearing(Verdict.POSSIBLE, text, None, (first,))
    elif is_cox:
        way = _OTHER_TEST
        if fitting:
            way = f"the limits are of {100 * float(fitting[0]):g} %, or {_OTHER_TEST}"
        assumptions = (*assumed, way)
        text = f"It holds if {listed(assumptions)}."
        bearings[p.claim] = Bearing(Verdict.CONDITIONAL, text.replace("It holds", "Holds"))
    else:
        text = (
            "It is of another test, whose p-value is near that of Wald’s and need not be the same."
        )
    return Finding(
        CHECK,
        study.paper.key,
        "support" if bearings and not assumptions else "note",
        ids,
        f"{said} {text}",
        bearings,
        assumptions=assumptions,
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=conventions.as_text(),
    )


def _of_curves(
    study: Study, conventions: Conventions, claim: Claim, printed: Sequence[PrintedArm]
) -> Finding | None:
    """Compare a hazard ratio with what the curves leave open, whichever arm comes first."""
    options = curve_options(study, claim, printed)
    if not options or any(option.is_open for option in options):
        return None
    ratio = study.printed(claim).window(conventions.rounding)
    found: list[tuple[ComparedArms, dict[str, Interval]]] = []
    for compared in (one for option in options for one in option.compared):
        ranges = answer(HAZARD_RATIOS, hazard_ratios_question(compared, None))["ranges"]
        assert isinstance(ranges, dict)
        if not ranges:
            return None
        found.append((compared, {key: interval_of(value["free"]) for key, value in ranges.items()}))
    if not found:  # no reading names two curves
        return None
    fitting = {
        key
        for _, ranges in found
        for key, window in ranges.items()
        if window.meets(ratio) or _inverse(window).meets(ratio)
    }
    compared, ranges = found[0]
    parts = [f"{_words(window)} ({ESTIMATE_NAMES[key]})" for key, window in ranges.items()]
    said = (
        f"{place(study, [claim])} prints a hazard ratio of {quoted(study, claim)} for "
        f"{quantity_title(study, claim)}. The printed curves of {compared.sizes[0]} and "
        f"{counted(compared.sizes[1], 'patient')} leave open {listed(parts)}, or their inverses."
    )
    ids = tuple(row.claim for row in (claim, *compared.claims, *compared.counted))
    if fitting:
        names = listed([ESTIMATE_NAMES[key] for key in ESTIMATE_NAMES if key in fitting], "or")
        sentence = f"The printed curves leave it open, as {names}."
        bearing = Bearing(Verdict.OPEN, sentence)
        assumptions: tuple[str, ...] = ()
    else:
        sentence = f"Outside of what the printed curves leave open; holds if {_ADJUSTED}."
        bearing = Bearing(Verdict.CONDITIONAL, sentence)
        assumptions = (_ADJUSTED,)
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(dict.fromkeys(ids)),
        f"{said} {sentence}",
        {claim.claim: bearing},
        assumptions=assumptions,
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=conventions.as_text(),
    )


def _inverse(window: Interval) -> Interval:
    return Interval(
        Fraction(0) if window.high is None else 1 / window.high,
        None if not window.low else 1 / window.low,
    )


def _words(window: Interval) -> str:
    low = f"{float(window.low or 0):.3g}"
    return f"{low} or more" if window.high is None else f"{low} to {float(window.high):.3g}"
