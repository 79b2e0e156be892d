"""p-values of the Kruskal-Wallis test against the printed quantiles of all groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from netcore.checks.finding import Bearing, Finding, Verdict
from netcore.checks.ranks.findings import KAPLAN_MEIER, Case
from netcore.checks.wording import listed
from netcore.printed import Interval
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.corners import intervals_of
from netcore.stats.ranks.kruskal_wallis import h_range, kruskal_wallis_p

__all__ = ["bounded_by_groups", "kruskal_wallis_answer"]

_SHOWN: Final = 10**6


def kruskal_wallis_answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Bound the p-values that samples with the printed quantiles can have.

    Parameters
    ----------
    question : Mapping
        For each sample its number of values, quantiles and domain.

    Returns
    -------
    dict
        ``bounds``: no data of so many values have a p-value outside, by the chi-squared
        approximation, with or without ties; None if no data have the quantiles.
    """

    def interval(ends: Sequence[str | None]) -> Interval:
        low, high = (None if end is None else Fraction(end) for end in ends)
        return Interval(low, high)

    samples = []
    for one in question["samples"]:
        windows = tuple((Fraction(share), interval(w)) for share, w in one["quantiles"].items())
        boxes = ordered_boxes(Sample(one["number"], windows, interval(one["domain"])), None)
        if isinstance(boxes, Conflict):
            return {"bounds": None}
        samples.append(list(intervals_of(boxes)))
    found = h_range(samples)
    p = kruskal_wallis_p(found.least, found.greatest_corrected, len(samples))
    low, high = p.low * _SHOWN // 1, -(-p.high * _SHOWN // 1)
    return {"bounds": [str(Fraction(low, _SHOWN)), str(min(Fraction(high, _SHOWN), Fraction(1)))]}


def bounded_by_groups(case: Case) -> Finding | None:
    """Return between which p-values the quantiles of three or more groups leave room.

    Parameters
    ----------
    case : Case
        The p-value, with every reading and its bounds.

    Returns
    -------
    Finding or None
        A note: conditional if the printed p-value is outside for all readings, else open.  None if
        the quantiles themselves are at odds.

    Notes
    -----
    The bounds are those of all units and of the chi-squared approximation, so that they
    convict nobody by themselves.
    """
    attainable = case.attainable
    if any(one.answer["bounds"] is None for one in case.answered):
        return None
    ends = [[Fraction(end) for end in one.answer["bounds"]] for one in case.answered]
    is_outside = not any(case.window.meets(Interval(low, high)) for low, high in ends)
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    said = case.said(case.answered[0].compared)
    reach = (
        f"With values of all units, and by whichever definition of quartiles, the chi-squared "
        f"approximation gives p-values from {float(low):.3g} to {float(high):.3g}."
    )
    assumptions: tuple[str, ...] = ()
    sentence = f"Bounded by the printed quantiles. {reach}"
    if is_outside:
        variable = case.study.variables[case.answered[0].compared.samples[0].variable]
        assumptions = (
            *case.assumed,
            "every unit of the groups was analysed",
            "the p-value is that of the chi-squared approximation",
            *((KAPLAN_MEIER,) if variable.type == "time" else ()),
            *(("the rows are read as rows of these groups",) if case.is_open else ()),
        )
        sentence = f"Conflicts with the printed quantiles if {listed(assumptions)}. {reach}"
    verdict = Verdict.CONDITIONAL if is_outside else Verdict.OPEN
    return Finding(
        "ranks",
        case.study.paper.key,
        "note",
        case.bound([one.compared for one in case.answered]),
        f"{said} {sentence}",
        {case.claim.claim: Bearing(verdict, sentence, None, attainable)},
        assumptions=assumptions,
        resolved_by=("The values themselves, or how many were analysed.",) if is_outside else (),
        conventions=case.conventions.as_text(),
    )
