"""The check: every p-value of a rank test against the quantiles of its samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, Final

from netcore.checks.answers import answer
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Conventions, Finding
from netcore.checks.json_windows import ends_of
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.strata import divided_samples, stratum_sizes
from netcore.checks.ranks.comparisons import (
    Compared,
    Option,
    options_of,
    quantile_windows,
    shares,
)
from netcore.checks.ranks.findings import Answered, Case, conflict, supported, unsettled
from netcore.checks.ranks.kruskal_wallis_answers import METHOD as KRUSKAL_WALLIS
from netcore.checks.ranks.questions import mann_whitney_question
from netcore.checks.ranks.several_groups import bounded_by_groups
from netcore.checks.ranks.shifts import check_shifts
from netcore.checks.ranks.signed_rank_findings import check_signed_ranks
from netcore.checks.ranks.stratum_sizes import Tested, with_stratum_sizes
from netcore.checks.samples import PrintedSample as PrintedSamples
from netcore.checks.samples import Sample, printed_samples
from netcore.checks.summary_values import SummaryValues
from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import definitions_of
from netcore.stats.ranks.attainable import Comparison, PrintedSample
from netcore.stats.ranks.flavours import software_named
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_ranks"]

CHECK: Final = "ranks"

_UNIT: Final = Interval(Fraction(0), Fraction(1))
_ZERO_OR_MORE: Final = Interval(Fraction(0), None)
_SIZES_OF_SEVERAL: Final = 12  # of three or more groups
_SPAN_OF_FULL: Final = 40  # pairs of sizes of groups whose sizes are not printed


def check_ranks(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check the p-values of rank tests against the printed quantiles of the samples.

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
        At most one for each p-value, and one for each shift that is printed with a test.

    Notes
    -----
    ``possible`` comes with data of all units that have every printed quantile by a usual
    definition of the named software and the p-value by its usual flavour.  ``inconsistent`` is
    proved for all sizes up to those of the groups, all definitions, ties and flavours that
    the software offers, and under all readings of the rows.  Quantiles of a time may be
    Kaplan and Meier's, so that they convict nobody.
    """
    found = analyse_counts(study) if analyses is None else analyses
    sizes = Sizes(study, found)
    samples = printed_samples(study, conventions, sizes)
    bounds = other_bounds(study)
    findings = []
    tested = []
    for claim in study.claims:
        if (
            claim.readings("stat_name") == ("p.value",)
            and claim.analysis
            and is_patient_data(study, claim)
            and is_first_hand(study, claim)
            and study.printed(claim).kind != "about"
        ):
            options = options_of(study, claim, samples, sizes)
            tested.append(Tested(claim, options, p_window(study, claim, conventions)[0]))
            finding = (
                _check_several(study, conventions, claim, options, sizes, bounds)
                or _check(study, conventions, claim, options, sizes, bounds)
                or _check_pairs(study, conventions, claim, samples, sizes, bounds)
            )
            if finding is not None:
                findings.append(finding)
    shifts = check_shifts(study, conventions, samples, sizes)
    if not findings:
        return shifts
    divided = divided_samples(study, samples, SummaryValues(study, conventions))
    sized = with_stratum_sizes(study, findings, tested, stratum_sizes(study, divided), _domain)
    return (*sized, *shifts)


def _check(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    options: Sequence[Option],
    sizes: Sizes,
    bounds: OtherBounds,
) -> Finding | None:
    meant = [option for option in options if "mann_whitney" in option.tests]
    window, assumed = p_window(study, claim, conventions)
    answered: list[Answered] = []
    is_open = len(meant) < len(options)
    for option in meant:
        is_open = is_open or option.is_open or set(option.tests) != {"mann_whitney"}
        for compared in option.compared:
            question = _question(study, compared, window)
            if question is None:
                is_open = True
            else:
                answered.append(Answered(compared, question, answer("mann-whitney", question)))
    answered = [one for one in answered if one.outcome != "no data"]
    if not answered:
        return None  # nothing to compare, or the quantiles themselves are at odds
    case = Case(study, conventions, claim, tuple(answered), window, assumed, is_open, sizes)
    if all(one.outcome.startswith("excluded") for one in answered):
        named = [option for option in meant if set(option.tests) == {"mann_whitney"}]
        return conflict(case) if named else None
    if any(one.fits for one in answered):
        best = min((one for one in answered if one.fits), key=lambda one: one.least_assumed)
        return supported(case, best, is_alone=_is_alone(study, case, best, bounds))
    return unsettled(case)


def _check_pairs(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    samples: Sequence[PrintedSamples],
    sizes: Sizes,
    bounds: OtherBounds,
) -> Finding | None:
    window, assumed = p_window(study, claim, conventions)

    def is_alone(among: Sequence[Sample], counted: Sequence[Claim], p: Sequence[str]) -> bool:
        return _nothing_else(study, conventions, claim, bounds, (among, counted, p))

    return check_signed_ranks(study, conventions, claim, samples, sizes, window, assumed, is_alone)


def _check_several(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    options: Sequence[Option],
    sizes: Sizes,
    bounds: OtherBounds,
) -> Finding | None:
    """Check the p-value of three or more groups, where all readings are of such a test."""
    if any(set(option.tests) != {"kruskal_wallis"} for option in options):
        return None
    answered = []
    is_open = any(option.is_open for option in options)
    window, assumed = p_window(study, claim, conventions)
    for compared in (compared for option in options for compared in option.compared):
        printed = [_printed_sample(study, sample) for sample in compared.samples]
        known = [one for one in printed if one is not None]
        if len(known) < max(len(printed), 2):
            return None
        full = [_full_sizes(sample) for sample in compared.samples]
        if prod(len(numbers) for numbers in full) > _SIZES_OF_SEVERAL:
            return None  # bounds of some sizes would be none of all
        step = _step(study, compared.samples[0].variable)
        question = {
            "samples": [
                {
                    "quantiles": {str(share): ends_of(w) for share, w in one.quantiles},
                    "domain": ends_of(one.domain),
                }
                for one in known
            ],
            "sizes": [list(one) for one in product(*full)],
            "p": ends_of(window),
            "definitions": list(definitions_of(tuple(study.paper.software))),
            "step": None if step is None else str(step),
        }
        answered.append(Answered(compared, question, answer(KRUSKAL_WALLIS, question)))
    if not answered:
        return None
    case = Case(study, conventions, claim, tuple(answered), window, assumed, is_open, sizes)

    def is_alone(among: Sequence[Sample], counted: Sequence[Claim], p: Sequence[str]) -> bool:
        return _nothing_else(study, conventions, claim, bounds, (among, counted, p))

    return bounded_by_groups(case, is_alone)


def _domain(study: Study, variable: str) -> Interval:
    meant = study.variables[variable]
    if meant.min is None and meant.type == "time":
        return _ZERO_OR_MORE
    return EVERYTHING.meet(
        Interval(
            None if meant.min is None else Fraction(meant.min),
            None if meant.max is None else Fraction(meant.max),
        )
    )


def _step(study: Study, variable: str) -> Fraction | None:
    meant = study.variables[variable]
    if meant.granularity is not None:
        return Fraction(meant.granularity.step)
    return Fraction(1) if meant.type == "integer" else None


def _printed_sample(study: Study, sample: Sample) -> PrintedSample | None:
    numbers = sample.numbers
    if numbers.greatest is None or numbers.greatest < 1:
        return None
    return PrintedSample(
        shares(quantile_windows(sample)),
        numbers.least,
        numbers.greatest,
        _domain(study, sample.variable),
    )


def _full_sizes(sample: Sample) -> range:
    """Return how many values there are if every unit was analysed."""
    numbers = sample.numbers
    if numbers.is_stated or numbers.size is None:
        return range(numbers.least, (numbers.greatest or 0) + 1)
    low, high = numbers.size
    return range(max(low, 1), high + 1)


def _question(study: Study, compared: Compared, window: Interval) -> dict[str, Any] | None:
    if len(compared.samples) != 2:
        return None
    x, y = (_printed_sample(study, sample) for sample in compared.samples)
    if x is None or y is None:
        return None
    ranges = [_full_sizes(sample) for sample in compared.samples]
    total = compared.total
    pairs = [(n1, n2) for n1 in ranges[0] for n2 in ranges[1] if total is None or n1 + n2 <= total]
    # Where sizes are not printed, those that make up all units and are most alike come first.
    pairs.sort(key=lambda pair: (-sum(pair), abs(pair[0] - pair[1]), pair))
    variable = compared.samples[0].variable
    software = tuple(study.paper.software)
    return mann_whitney_question(
        Comparison(x, y, window, total),
        full=pairs[:_SPAN_OF_FULL],
        software=software_named(software) if software else None,
        definitions=definitions_of(software),
        step=_step(study, variable),
    )


def _is_alone(study: Study, case: Case, best: Answered, bounds: OtherBounds) -> bool:
    """Return whether nothing else that is printed bears on the constructed values."""
    counted = [row for sample in best.compared.samples for row in sample.numbers.claims]
    about = (best.compared.samples, counted, best.fits[0]["p"])
    return _nothing_else(study, case.conventions, case.claim, bounds, about)


def _nothing_else(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    bounds: OtherBounds,
    about: tuple[Sequence[Sample], Sequence[Claim], Sequence[str]],
) -> bool:
    """Return whether no other row bears on samples, given rows of numbers, and a p-value."""
    samples, counted, p = about
    among = {claim.claim, *(row.claim for row in counted)}
    for sample in samples:
        for name in quantile_windows(sample):
            among |= {row.claim for row in sample.statistics[name].claims}
    without_tests = replace(bounds, tested=frozenset())
    if any(
        without_tests.bear_on(s.population, s.variable, s.at, among, with_dates=False)
        for s in samples
    ):
        return False
    meant = [study.analyses[name] for name in claim.readings("analysis") if name]
    sampled = {s.variable for s in samples}
    variables = sampled | {name for one in meant for name in (one.variable, one.with_) if name}
    if any(m.claim not in among for v in variables - sampled for m in bounds.mentions.get(v, ())):
        return False
    for row in study.claims:
        if row.claim == claim.claim or not row.analysis:
            continue
        if not is_patient_data(study, row):
            continue
        named = [study.analyses[name] for name in row.readings("analysis") if name]
        if not any(variables & {one.variable, one.with_} for one in named):
            continue
        same = (
            row.analysis == claim.analysis
            and row.population == claim.population
            and row.at == claim.at
            and row.readings("stat_name") == ("p.value",)
        )
        window = p_window(study, row, conventions)[0] if same else None
        if window is None or not all(Fraction(end) in window for end in p):
            return False
    return True
