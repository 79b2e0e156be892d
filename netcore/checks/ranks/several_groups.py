"""p-values of the Kruskal-Wallis test against the printed quantiles of all groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Finding, Kind, Verdict
from netcore.checks.plain_tests import PLAIN_TEST
from netcore.checks.ranks.findings import KAPLAN_MEIER, Answered, Case
from netcore.checks.ranks.pair_counts import plain_decimal
from netcore.checks.samples import Sample as PrintedSample
from netcore.checks.summary_values import group_title
from netcore.checks.wording import listed
from netcore.printed import Interval
from netcore.study import Claim

__all__ = ["bounded_by_groups"]

IsAlone = Callable[[Sequence[PrintedSample], Sequence[Claim], Sequence[str]], bool]


def bounded_by_groups(case: Case, is_alone: IsAlone) -> Finding | None:
    """Return between which p-values the quantiles of three or more groups leave room.

    Parameters
    ----------
    case : Case
        The p-value, with every reading and its bounds.
    is_alone : callable
        Of samples, rows of numbers and the ends of a p-value, whether nothing else bears on
        the values.

    Returns
    -------
    Finding or None
        A support where data have the p-value: possible, or open if other rows bear on them;
        a note that is conditional if it is outside for all readings, else open.  None if the
        quantiles themselves are at odds.

    Notes
    -----
    The bounds are those of all units and of the chi-squared approximation, so that they
    convict nobody by themselves.
    """
    attainable = case.attainable
    if any(one.answer["bounds"] is None for one in case.answered):
        return None
    ends = [[Fraction(end) for end in one.answer["bounds"]] for one in case.answered]
    if not any(case.window.meets(Interval(low, high)) for low, high in ends):
        return _outside(case)
    best = next((one for one in case.answered if one.answer["fit"] is not None), None)
    if best is not None:
        return _supported(case, best, is_alone)
    sentence = (
        f"Bounded by the printed quantiles. {_reach(case)}{case.read_as(case.answered[0].compared)}"
    )
    said = case.said(case.answered[0].compared)
    bearing = Bearing(Verdict.OPEN, sentence, None, attainable)
    return _finding(case, "note", f"{said} {sentence}", {case.claim.claim: bearing})


def _reach(case: Case) -> str:
    low, high = (plain_decimal(end) for end in _ends_of(case))
    return (
        f"From the values of everybody with these quantiles, however they are defined, the "
        f"chi-squared approximation gives p-values from {low} to {high}."
    )


def _ends_of(case: Case) -> tuple[Fraction, Fraction]:
    ends = [[Fraction(end) for end in one.answer["bounds"]] for one in case.answered]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _finding(
    case: Case,
    kind: Kind,
    statement: str,
    bearings: Mapping[str, Bearing],
    assumptions: tuple[str, ...] = (),
    witness: Mapping[str, Any] | None = None,
) -> Finding:
    return Finding(
        "ranks",
        case.study.paper.key,
        kind,
        case.bound([one.compared for one in case.answered]),
        statement,
        bearings,
        assumptions=assumptions,
        resolved_by=("The values themselves, or how many were analysed.",) if assumptions else (),
        conventions=case.conventions.as_text(),
        witness=witness,
    )


def _outside(case: Case) -> Finding:
    samples = [sample for one in case.answered for sample in one.compared.samples]
    assumptions = (
        *case.assumed,
        *(
            ()
            if all(sample.numbers.is_stated for sample in samples)
            else ("every unit of the groups was analysed",)
        ),
        "the p-value is that of the chi-squared approximation",
        *(
            (KAPLAN_MEIER,)
            if any(case.study.variables[sample.variable].type == "time" for sample in samples)
            else ()
        ),
        *(("the rows are read as rows of these groups",) if case.is_open else ()),
        PLAIN_TEST,
        NOT_REPLAYED,
    )
    sentence = f"Conflicts with the printed quantiles if {listed(assumptions)}. {_reach(case)}"
    bearing = Bearing(Verdict.CONDITIONAL, sentence, None, case.attainable)
    statement = f"{case.said(case.answered[0].compared)} {sentence}"
    return _finding(case, "note", statement, {case.claim.claim: bearing}, assumptions)


def _supported(case: Case, best: Answered, is_alone: IsAlone) -> Finding:
    compared, fit = best.compared, best.answer["fit"]
    sizes = listed(str(len(group)) for group in fit["values"])
    made = (
        f"{sizes} constructed values have these quantiles and "
        f"p = {plain_decimal(Fraction(fit['p'][0]))} (chi-squared approximation)."
    )
    counted = [row for sample in compared.samples for row in sample.numbers.claims]
    assumptions = list(case.assumed)
    if fit["ties"] and best.question["step"] is None:
        assumptions.append("some values are equal")
    if any(one.answer["fit"] is None for one in case.answered):
        assumptions.append(f"it is {case.whose(compared)}")
    if assumptions:
        verdict, sentence = Verdict.CONDITIONAL, f"Holds if {listed(assumptions)}."
    elif is_alone(compared.samples, counted, fit["p"]):
        verdict, sentence = Verdict.POSSIBLE, f"Possible: {made}"
    else:
        verdict = Verdict.OPEN
        sentence = (
            "The quantiles of all groups allow it: constructed values have them and this p-value; "
            f"other printed rows about the same values were not part of it.{case.read_as(compared)}"
        )
    bearings = {case.claim.claim: Bearing(verdict, sentence, None, case.attainable)}
    if verdict is Verdict.POSSIBLE:
        for row in compared.claims:
            text = f"Possible together with p = {case.claim.printed}: constructed values have both."
            bearings[row.claim] = Bearing(Verdict.POSSIBLE, text)
    witness = {
        **fit,
        "groups": [group_title(case.study, sample.group) for sample in compared.samples],
        "variable": compared.samples[0].variable,
    }
    statement = f"{case.said(compared)} {_reach(case)} {made}"
    return _finding(case, "support", statement, bearings, tuple(assumptions), witness)
