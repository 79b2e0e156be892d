"""Shifts between two groups and their confidence limits, against the printed quantiles.

Beside a rank test a paper prints the Hodges-Lehmann estimate, the median of all differences
between a value of one group and one of the other, or the difference of the medians.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.summaries import domain_of
from netcore.checks.ranks.comparisons import Compared, options_of, quantile_windows, shares
from netcore.checks.ranks.findings import KAPLAN_MEIER
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import group_title
from netcore.checks.wording import STATISTICS, listed, place, quantity_title, quoted
from netcore.printed import Interval, format_fraction
from netcore.stats.ranks import boxes as of_values
from netcore.stats.ranks.corners import intervals_of
from netcore.stats.ranks.hodges_lehmann import (
    pairwise_difference_range,
    shift_range,
    two_sample_limits,
)
from netcore.study import Claim, Study

__all__ = ["check_shifts"]

_LARGEST: Final = 4_000  # differences
_LEVEL: Final = Fraction(95, 100)
_ENDS: Final = {"": "estimate", ".conf.low": "lower limit", ".conf.high": "upper limit"}


def check_shifts(
    study: Study, conventions: Conventions, samples: Sequence[PrintedSample], sizes: Sizes
) -> tuple[Finding, ...]:
    """Check estimates and limits of shifts that belong to rank tests of two groups.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    samples : sequence of PrintedSample
        All samples of the study.
    sizes : Sizes
        Sizes of all groups.

    Returns
    -------
    tuple of Finding
        A note for each row: what it could have printed; conditional if it is outside.

    Notes
    -----
    Rows with the statistic ``estimate`` or ``difference`` of an analysis whose only test is the
    Mann-Whitney test.  The shift may be counted from either group.  The limits are those of
    the distribution without ties or its approximation, at 95 per cent.
    """
    found = []
    for claim in study.claims:
        kinds = {_kind(name) for name in claim.readings("stat_name")}
        if (
            len(kinds) != 1
            or None in kinds
            or not claim.analysis
            or not study.printed(claim).is_number
            or not is_patient_data(study, claim)
            or not is_first_hand(study, claim)
        ):
            continue
        [end] = kinds
        options = options_of(study, claim, samples, sizes)
        if any(set(o.tests) != {"mann_whitney"} or o.is_open for o in options):
            continue
        ranges = [
            _range(study, compared, end or "", claim)
            for option in options
            for compared in option.compared
        ]
        known = [one for one in ranges if one is not None]
        if known and len(known) == len(ranges):
            compared = options[0].compared[0]
            spans = tuple(dict.fromkeys(span for one in known for span in one))
            found.append(_finding(study, conventions, claim, compared, spans, end or ""))
    return tuple(found)


def _kind(name: str) -> str | None:
    """Return the suffix of an estimate or a difference; None for another statistic."""
    for root in ("estimate", "difference"):
        rest = name.removeprefix(root)
        if rest != name and rest in _ENDS:
            return rest
    return None


def _boxes(study: Study, sample: Sample) -> tuple[Interval, ...] | None:
    numbers = sample.numbers
    size = (numbers.least, numbers.greatest) if numbers.is_stated else numbers.size
    if size is None or size[1] is None or size[0] != size[1] or size[0] < 1:
        return None
    windows = shares(quantile_windows(sample))
    domain = domain_of(study, sample.variable)
    found = of_values.ordered_boxes(of_values.Sample(size[0], windows, domain), None)
    return None if isinstance(found, of_values.Conflict) else intervals_of(found)


def _range(study: Study, compared: Compared, end: str, claim: Claim) -> tuple[Interval, ...] | None:
    """Return what a shift or its limit can be, counted from either group."""
    if len(compared.samples) != 2:
        return None
    x, y = (_boxes(study, sample) for sample in compared.samples)
    if x is None or y is None or len(x) * len(y) > _LARGEST:
        return None
    found = []
    for one, other in ((x, y), (y, x)):
        if not end:
            found.append(shift_range(one, other))
            continue
        limits = two_sample_limits(len(one), len(other), _LEVEL)
        pairs = len(one) * len(other)
        indices = {max(k, 1) for k in (limits.exact, *limits.approximate)}
        for k in indices:
            index = min(k, pairs)
            found.append(
                pairwise_difference_range(
                    one, other, index if end == ".conf.low" else pairs + 1 - index
                )
            )
    if not end and any(name.startswith("difference") for name in claim.readings("stat_name")):
        medians = [
            s.statistics["median"].window for s in compared.samples if "median" in s.statistics
        ]
        if len(medians) < 2:
            return None
        for a, b in (medians, medians[::-1]):
            low = None if a.low is None or b.high is None else a.low - b.high
            high = None if a.high is None or b.low is None else a.high - b.low
            found.append(Interval(low, high))
    return tuple(found)


def _text(span: Interval) -> str:
    low, high = (
        None if end is None else format_fraction(end).replace("-", "−")
        for end in (span.low, span.high)
    )
    if low is None or high is None:
        return "any value" if low is high else f"{low} or more" if low else f"up to {high}"
    return f"from {low} to {high}"


def _finding(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    compared: Compared,
    spans: tuple[Interval, ...],
    end: str,
) -> Finding:
    window = study.printed(claim).window(conventions.rounding)
    is_inside = any(window.meets(span) for span in spans)
    is_difference = any(name.startswith("difference") for name in claim.readings("stat_name"))
    what = "the Hodges-Lehmann estimate"
    if end:
        what = f"the {_ENDS[end]} of the 95 per cent interval of {what}"
    elif is_difference:
        what = f"{what} or the difference of the medians"
    groups = "; ".join(
        f"{group_title(study, sample.group)}: "
        + ", ".join(
            f"{STATISTICS.get(name, name)} {sample.statistics[name].claims[0].printed}"
            for name in quantile_windows(sample)
        )
        for sample in compared.samples
    )
    said = (
        f"{place(study, [claim])} prints {quoted(study, claim)} for {quantity_title(study, claim)}. "
        f"Printed beside it: {groups}."
    )
    reach = (
        f"With values of all units {what} lies "
        f"{listed(dict.fromkeys(map(_text, spans)), 'or')}, by the group it is counted from."
    )
    assumptions: tuple[str, ...] = ()
    sentence = f"Bounded by the printed quantiles. {reach}"
    if not is_inside:
        is_time = any(study.variables[s.variable].type == "time" for s in compared.samples)
        assumptions = (
            f"it is {what}",
            "every unit of both groups was analysed",
            *((KAPLAN_MEIER,) if is_time else ()),
        )
        sentence = f"Conflicts with the printed quantiles if {listed(assumptions)}. {reach}"
    verdict = Verdict.OPEN if is_inside else Verdict.CONDITIONAL
    rows = [claim, *compared.claims]
    rows += [row for sample in compared.samples for row in sample.numbers.claims]
    return Finding(
        "ranks",
        study.paper.key,
        "note",
        tuple(dict.fromkeys(row.claim for row in rows)),
        f"{said} {sentence}",
        {claim.claim: Bearing(verdict, sentence, None, spans)},
        assumptions=assumptions,
        resolved_by=("The values themselves, or how the shift was estimated.",)
        if assumptions
        else (),
        conventions=conventions.as_text(),
    )
