"""What is said of the mean and the spread of a sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isqrt
from types import MappingProxyType
from typing import Final

from netcore.checks.certificates.unproved import proved
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.certificate import certificate
from netcore.checks.moments.evaluation import Evaluated, Fit, Refuted, evaluated, step_of
from netcore.checks.moments.judging import Summaries, judged, summaries_of
from netcore.checks.moments.spread import SPREADS
from netcore.checks.order_relations import name_of
from netcore.checks.other_bounds import OtherBounds
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import decimals, group_title
from netcore.checks.wording import (
    STATISTICS,
    counted,
    listed,
    place,
    quantity_title,
    quoted,
    variable_title,
    with_unit,
)
from netcore.printed import Interval, format_fraction, print_value
from netcore.stats.moments.bounds import RULES, variance_range
from netcore.stats.moments.centred_bounds import grouped_boxes, squares_range
from netcore.stats.moments.grimmer import grimmer
from netcore.stats.moments.spread import implied_variance
from netcore.study import Claim, Study

__all__ = ["CHECK", "conditional", "conflict", "cut_off", "root", "said", "support"]

CHECK: Final = "moments"

_CUT_OFF: Final = "digits were cut off, or rounded more than once"
_SHOWN: Final = 8
_FURTHER: Final = 50  # how far beyond the size of a group to look for a number that fits
_TOLD: Final = 1_000  # of more values the arithmetic, value by value, is not told
_ROOT: Final = 10**6


def root(value: Fraction, *, up: bool) -> Fraction:
    """Bound a square root by decimals.

    Parameters
    ----------
    value : Fraction
        At least 0.
    up : bool
        Whether from above.

    Returns
    -------
    Fraction
        With six decimals.

    Examples
    --------
    >>> root(Fraction(2), up=False)
    Fraction(1414213, 1000000)
    """
    scaled = value * _ROOT**2
    found = isqrt(scaled.numerator // scaled.denominator)
    return Fraction(found + (up and Fraction(found**2) != scaled), _ROOT)


def said(study: Study, sample: Sample, names: Iterable[str]) -> str:
    """Say what is printed of a sample: ``mean 58.55 years and standard deviation 12.5 years``.

    Parameters
    ----------
    study : Study
        The study.
    sample : Sample
        One reading.
    names : iterable of str
        Statistics of the sample.

    Returns
    -------
    str
        Each with its name; of a row that leaves the name open, all names.
    """
    parts = []
    for name in names:
        claim = sample.statistics[name].claims[0]
        options = " or ".join(
            STATISTICS.get(one) or name_of(one) for one in claim.readings("stat_name")
        )
        parts.append(f"{options} {quoted(study, claim)}".replace(" -", " −"))
    return listed(parts)


def _start(study: Study, sample: Sample, names: Sequence[str]) -> str:
    claims = [claim for name in names for claim in sample.statistics[name].claims]
    title = quantity_title(study, sample.claims[0])
    return f"{title[:1].upper()}{title[1:]}: {said(study, sample, names)} ({place(study, claims)})."


def _ids(sample: Sample, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(claim.claim for name in names for claim in sample.statistics[name].claims)
    )


def _numbers_text(numbers: Sequence[int]) -> str:
    if len(numbers) > _SHOWN:
        return f"one of {len(numbers)} numbers from {numbers[0]} to {numbers[-1]}"
    return listed((str(number) for number in numbers), "or")


def _how_many(study: Study, sample: Sample, number: int) -> str:
    size = sample.numbers.size
    of = f" of {size[1]}" if size is not None and number < size[1] else ""
    values = "value" if number == 1 and not of else "values"
    return f"{number}{of} {values} ({group_title(study, sample.group)})"


def _steps(study: Study, variable: str, step: Fraction) -> str:
    unit = study.variables[variable].unit or ""
    if step == 1:
        return f"whole {unit}" if unit else "whole numbers"
    return f"steps of {format_fraction(step)} {unit}".rstrip()


def _witness(study: Study, fit: Fit) -> Mapping[str, object]:
    made = fit.judgement.values
    assert made is not None
    witness: dict[str, object] = {
        "kind": f"values of {fit.number} units, constructed",
        "constructed": True,
        "quantity": quantity_title(study, fit.sample.claims[0]),
        "readings": {cell.words: cell.meant for cell in fit.sample.choices},
        "values": [format_fraction(value) for value in made.values],
        "quantiles": f"{made.definition.replace('type', 'type ')} of Hyndman and Fan",
    }
    if fit.judgement.divisor:
        witness["divisor"] = fit.judgement.divisor
    return MappingProxyType(witness)


def _attainable(study: Study, fit: Fit, variable_domain: Interval, name: str) -> Interval | None:
    """Return what a row could have printed beside the others, as far as bounds tell."""
    variable = study.variables[fit.sample.variable]
    asked, number = summaries_of(fit.sample, variable), fit.number
    places = decimals(study, fit.sample.statistics[name].claims[0]) + 1
    if name == "mean":
        groups = grouped_boxes(asked.quantiles, number, variable_domain)
        lows = [None if one.low is None else one.low * one.count for one in groups]
        highs = [None if one.high is None else one.high * one.count for one in groups]
        low = (
            None if None in lows else sum((x for x in lows if x is not None), Fraction(0)) / number
        )
        high = (
            None
            if None in highs
            else sum((x for x in highs if x is not None), Fraction(0)) / number
        )
    else:
        found = squares_range(number, asked.quantiles, asked.mean, asked.domain)
        if found is None or number < 2:
            return None
        factor = Fraction(1, number if name == "std.error" else 1)
        assert found.low is not None
        low = found.low * factor / number
        high = None if found.high is None else found.high * factor / (number - 1)
        if name != "var":
            low = root(low, up=False)
            high = None if high is None else root(high, up=True)
    if low is None and high is None:
        return None
    return Interval(_rounded(low, places, up=False), _rounded(high, places, up=True))


def _rounded(value: Fraction | None, places: int, *, up: bool) -> Fraction | None:
    if value is None:
        return None
    scaled = value * 10**places
    return Fraction(-(-scaled // 1) if up else scaled // 1, 10**places)


def _span(window: Interval | None, unit: str) -> str:
    if window is None:
        return ""
    low, high = (
        None if end is None else format_fraction(end).replace("-", "−")
        for end in (window.low, window.high)
    )
    if low is not None and high is not None:
        return (
            f" It could be anything from {low} to {with_unit(high, unit)}, as far as bounds tell."
        )
    which = "at least" if high is None else "at most"
    end = with_unit(low or high or "", unit)
    return f" As far as bounds tell, it could be anything of {which} {end}."


def _refused_readings(study: Study, found: Sequence[Evaluated]) -> str:
    """Say which readings of an open row no values give."""
    fitting = {cell for one in found if not one.refuted for cell in one.sample.choices}
    gone = {
        cell: one
        for one in found
        if one.refuted
        for cell in one.sample.choices
        if cell not in fitting and cell.meant in STATISTICS
    }
    return "".join(
        f" Read as the {STATISTICS[cell.meant]}, "
        f"{quoted(study, one.sample.statistics[cell.meant].claims[0])} does not fit."
        for cell, one in gone.items()
        if cell.meant in one.sample.statistics
    )


def support(
    study: Study,
    conventions: Conventions,
    others: OtherBounds,
    printed: PrintedSample,
    found: Sequence[Evaluated],
    fit: Fit,
) -> Finding:
    """Say that values exist with all that is printed of a sample.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    others : OtherBounds
        What else bears on the variable.
    printed : PrintedSample
        The sample.
    found : sequence of Evaluated
        What was found for its readings.
    fit : Fit
        The values.

    Returns
    -------
    Finding
        ``possible`` where nothing else that is printed has a say, else ``open``.
    """
    sample = fit.sample
    names = list(sample.statistics)
    ids = [claim.claim for claim in printed.claims]
    is_all = summaries_of(sample, study.variables[sample.variable]).is_all
    # The values are as many as the paper says.
    known = [*ids, *(row.claim for row in sample.numbers.claims)]
    is_free = is_all and not others.bear_on(sample.population, sample.variable, sample.at, known)
    verdict = Verdict.POSSIBLE if is_free else Verdict.OPEN
    told = f"{_how_many(study, sample, fit.number)} can have all of these"
    more = "" if is_free else "; other printed values bear on them too"
    domain = Interval(study.variables[sample.variable].min, study.variables[sample.variable].max)
    bearings = {}
    for name in names:
        for claim in sample.statistics[name].claims:
            is_moment = name in ("mean", *SPREADS)
            attainable = _attainable(study, fit, domain, name) if is_moment else None
            beside = [other for other in names if other != name]
            also = f"also have {said(study, sample, beside)}" if beside else "have it"
            bearings[claim.claim] = Bearing(
                verdict,
                f"Values exist that {also}{more}."
                + _span(attainable, claim.unit or study.variables[sample.variable].unit or ""),
                attainable=None if attainable is None else (attainable,),
            )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(ids),
        f"{_start(study, sample, names)} {told}{more}.{_refused_readings(study, found)}",
        bearings,
        conventions=conventions.as_text(),
        witness=_witness(study, fit),
    )


def _without(sample: Sample, name: str) -> Sample:
    kept = {key: item for key, item in sample.statistics.items() if key != name}
    return replace(sample, statistics=MappingProxyType(kept))


def conditional(
    study: Study,
    conventions: Conventions,
    printed: PrintedSample,
    found: Sequence[Evaluated],
) -> Finding:
    """Say under which assumptions values exist with all that is printed of a sample.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    printed : PrintedSample
        The sample.
    found : sequence of Evaluated
        What was found for its readings; at least one fits.

    Returns
    -------
    Finding
        ``conditional`` for the rows without which no assumption would be needed,
        and ``open`` for the others.
    """
    best = next(one for one in found if one.fit is not None)
    fit = best.fit
    assert fit is not None
    sample, variable = fit.sample, study.variables[fit.sample.variable]
    domain = Interval(variable.min, variable.max)
    ways = []
    numbers = tuple(sorted({number for one in found for number in one.numbers}))
    if numbers:
        size = sample.numbers.greatest
        ways.append(f"only {_numbers_text(numbers)} of {size} were analysed")
    step, _ = step_of(variable)
    if any(one.off_step for one in found) and step is not None:
        name = variable_title(study, sample.variable)
        ways.append(f"{name} is not in {_steps(study, sample.variable, step)}")
    assumption = ", or ".join(ways)
    names = list(sample.statistics)
    guilty = [
        name
        for name in names
        if not all(
            (again := evaluated(_without(one.sample, name), variable, widely=False)).plain is None
            and not again.is_open
            for one in found
            if name in one.sample.statistics
        )
    ] or names
    bearings = {}
    for name in names:
        beside = said(study, sample, [other for other in names if other != name])
        for claim in sample.statistics[name].claims:
            if name in guilty:
                sentence = f"Holds beside {beside} if {assumption}."
                bearings[claim.claim] = Bearing(Verdict.CONDITIONAL, sentence)
            else:
                is_moment = name in ("mean", *SPREADS)
                attainable = _attainable(study, fit, domain, name) if is_moment else None
                bearings[claim.claim] = Bearing(
                    Verdict.OPEN,
                    f"{_how_many(study, sample, fit.number)} can have it beside {beside}."
                    + _span(attainable, claim.unit or variable.unit or ""),
                    attainable=None if attainable is None else (attainable,),
                )
    ids = [claim.claim for claim in printed.claims]
    ids += [row.claim for row in sample.numbers.claims if row.claim not in ids]
    tried = max(one.tried for one in found)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(ids),
        f"{_start(study, sample, names)} No {_how_many(study, sample, sample.numbers.greatest or 0)} "
        + (f"in {_steps(study, sample.variable, step)} " if step else "")
        + f"have all of these. They hold together if {assumption}. Of {counted(tried, 'number')} of values "
        f"tried, {len(numbers)} {'is' if len(numbers) == 1 else 'are'} not excluded.{_refused_readings(study, found)}",
        bearings,
        assumptions=(assumption,),
        resolved_by=("How many values there are, and how finely they were recorded.",),
        conventions=conventions.as_text(),
        witness=_witness(study, fit),
    )


def cut_off(
    study: Study, conventions: Conventions, printed: PrintedSample, found: Sequence[Evaluated]
) -> Finding:
    """Say that values exist only if digits were not rounded to the nearest.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    printed : PrintedSample
        The sample, with what may print so if digits were cut off.
    found : sequence of Evaluated
        What was found for its readings; one fits.

    Returns
    -------
    Finding
        ``conditional`` for mean and spread.
    """
    fit = next(one.plain for one in found if one.plain)
    names = list(fit.sample.statistics)
    bearings = {
        claim.claim: Bearing(Verdict.CONDITIONAL, f"Holds beside the others if {_CUT_OFF}.")
        for name in names
        if name in ("mean", *SPREADS)
        for claim in fit.sample.statistics[name].claims
    }
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in printed.claims),
        f"{_start(study, fit.sample, names)} No values have all of these, rounded to the nearest. "
        f"{_how_many(study, fit.sample, fit.number)} have them if {_CUT_OFF}.",
        bearings,
        assumptions=(_CUT_OFF,),
        resolved_by=("How the digits were rounded, and the values themselves.",),
        conventions=conventions.as_text(),
        witness=_witness(study, fit),
    )


def _reason(study: Study, refuted: Refuted) -> str:
    """Say in numbers why no values have what is printed, for as many as there can be."""
    sample = refuted.sample
    asked = summaries_of(sample, study.variables[sample.variable])
    number = max(refuted.proofs)
    proof = refuted.proofs[number]
    unit = study.variables[sample.variable].unit or ""
    unit = f" {unit}" if unit else ""
    if proof.why == "spread" and asked.spread is not None and 1 < number <= _TOLD:
        return _spread_reason(asked, number, unit)
    if proof.why == "mean":
        groups = grouped_boxes(asked.quantiles, number, asked.domain)
        parts = []
        for which, ends in (
            ("at least", [(one.count, one.low) for one in groups]),
            ("at most", [(one.count, one.high) for one in groups]),
        ):
            if all(end is not None for _, end in ends):
                total = sum((count * (end or Fraction(0)) for count, end in ends), Fraction(0))
                parts.append(f"{which} {print_value(total / number, 2).replace('-', '−')}")
        return f"Of {counted(number, 'value')} the mean is {listed(parts)}{unit}."
    if proof.why in ("total", "squares", "values") and refuted.step is not None:
        steps = _steps(study, sample.variable, refuted.step)
        if proof.why == "squares" and asked.spread is not None:
            text = grimmer(asked.mean, asked.spread[1], number, refuted.step).refusals()
            return f"In {steps}: {text[0]}." if text else ""
        return f"In {steps}, all totals of {counted(number, 'value')} were tried."
    return f"This holds for each number of values up to {number}."


def _spread_reason(asked: Summaries, number: int, unit: str) -> str:
    assert asked.spread is not None
    name, window = asked.spread
    if name == "var":
        return f"This holds for each number of values up to {number}."
    reading = "sd" if name == "sd" else "se"
    variance = implied_variance(window, reading, number)
    known = variance_range(number, asked.quantiles, asked.mean, ddof=1, domain=asked.domain)
    bound = None if known is None else known.refusal(variance)
    if bound is None:
        return f"This holds for each number of values up to {number}."
    limit = print_value(root(bound.limit, up=bound.relation == "at most"), 2)
    rule = RULES[bound.rule]
    told = f"{rule[:1].upper()}{rule[1:]}: with {counted(number, 'value')}, SD² {bound.relation} {bound.arithmetic}, "
    told += f"so SD {bound.relation} {limit}{unit}"
    if reading == "se":
        assert variance.low is not None
        as_sd = print_value(root(variance.low, up=False), 1)
        told += f"; as a standard error it would be a standard deviation of {as_sd} or more"
    return f"{told}."


def conflict(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    refuted: Sequence[Refuted],
) -> Finding:
    """Say that no values have what is printed of one sample or of several.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    refuted : sequence of Refuted
        Every reading, with its proof, of the smallest set of statistics.

    Returns
    -------
    Finding
        A conflict; conditional of a time, whose mean and median may be
        estimates from censored times.
    """
    statistics = dict.fromkeys(claim for one in refuted for claim in one.sample.claims)
    samples = {id(one.sample.numbers): one.sample for one in refuted}
    reasons = dict.fromkeys(text for one in refuted if (text := _reason(study, one)))
    starts = dict.fromkeys(
        _start(study, one.sample, list(one.sample.statistics)) for one in refuted
    )
    statement = " ".join([*starts, "No values have all of these.", *reasons])
    number_rows: dict[str, Claim] = {}
    movable: dict[str, Claim] = {}
    for sample in samples.values():
        for row in sample.numbers.claims:
            number_rows[row.claim] = row
        if _a_larger_number_fits(study, sizes, refuted, sample):
            movable |= {row.claim: row for row in sample.numbers.claims}
    ids = tuple(dict.fromkeys([*(claim.claim for claim in statistics), *number_rows]))
    censored = any(study.variables[one.sample.variable].type == "time" for one in refuted)
    assumption = "it is an estimate from censored times (a restricted mean, a Kaplan-Meier median)"
    bearings = {}
    for claim in (*statistics, *movable.values()):
        words = dict.fromkeys(
            quoted(study, other).replace("-", "−")
            for other in (*statistics, *number_rows.values())
            if other is not claim
        )
        beside = listed(words or ["all values that there can be"])
        bearings[claim.claim] = (
            Bearing(Verdict.CONDITIONAL, f"Holds beside {beside} only if {assumption}.")
            if censored
            else Bearing(
                Verdict.INCONSISTENT, f"Inconsistent with {beside}: no values have all of these."
            )
        )
    if censored:
        statement += f" They hold together only if {assumption}."
        bearings = {
            claim: bearing for claim, bearing in bearings.items() if claim not in number_rows
        }
    found = Finding(
        CHECK,
        study.paper.key,
        "support" if censored else "conflict",
        ids,
        statement,
        bearings,
        assumptions=(assumption,) if censored else (),
        resolved_by=("The values themselves, and how each summary was computed.",),
        changes=""
        if censored
        else "An estimate: mean and spread cannot be quoted together as printed.",
        conventions=conventions.as_text(),
    )
    if censored:
        return found
    return proved(found, certificate(study, conventions, [one.sample for one in refuted]))


def _a_larger_number_fits(
    study: Study, sizes: Sizes, refuted: Sequence[Refuted], sample: Sample
) -> bool:
    """Return whether the number of values could be another one that would resolve the conflict."""
    numbers = sample.numbers
    if not numbers.claims or numbers.greatest is None:
        return False
    candidates: Sequence[int]
    if numbers.is_stated:
        # Of many numbers the smallest are tried, which fit most easily, and the nearest.
        few = range(1, min(_TOLD, numbers.greatest))
        near = range(max(len(few) + 1, numbers.greatest - _TOLD), numbers.greatest + _FURTHER)
        candidates = [n for n in (*few, *near) if n != numbers.greatest]
    else:
        size = sizes.size(sample.group.cell)
        further = range(numbers.greatest + 1, numbers.greatest + _FURTHER)
        candidates = size.could_be(further) if size is not None else []
    variable = study.variables[sample.variable]
    return any(
        judged(summaries_of(one.sample, variable), number, one.step).state != "excluded"
        for one in refuted
        if one.sample.numbers is numbers
        for number in candidates
    )
