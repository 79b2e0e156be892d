"""What is said of a percentage: that it holds, under which assumption, or that nothing gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from netcore.checks.estimands import cell_of, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.percentages.denominators import Case, Sibling
from netcore.checks.percentages.fits import ADJUSTED, COARSE_STEPS, CUT_OFF, FAR, HUNDRED, Fit
from netcore.checks.percentages.sizes import NO_LIMIT, Size, Sizes, span_text
from netcore.checks.wording import cell_title, claim_title, counted, listed, place, quantity_title
from netcore.printed import Interval, print_value
from netcore.stats.counts import (
    counts_behind,
    denominators_behind,
    every_percentage_possible,
    percentage,
)
from netcore.study import Claim, Study

__all__ = [
    "CHECK",
    "Tried",
    "at_odds_with_counts",
    "conflict",
    "support",
    "tables_of_several_denominators",
    "unless_an_estimate",
]

CHECK: Final = "percentages"

_MOST_TOTALS: Final = 6  # more totals than that are told as a range
_FEW: Final = 3  # more numbers than that are no repair that a reader could use


@dataclass(frozen=True, slots=True)
class Tried:
    """How much was tried for one percentage.

    Parameters
    ----------
    denominators : int
        Denominators, over all readings of the row.
    fits : int
        How many combinations of denominator and rounding fit.
    """

    denominators: int
    fits: int


def support(
    study: Study,
    conventions: Conventions,
    case: Case,
    fit: Fit,
    tried: Tried,
    *,
    is_read: bool,
) -> Finding | None:
    """Say of how many units a percentage is that of how many.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    case : Case
        The reading under which it holds.
    fit : Fit
        The way in which it does.
    tried : Tried
        How much was tried.
    is_read : bool
        Whether it holds only if the row is read as this case reads it.

    Returns
    -------
    Finding or None
        A support, or a note where any percentage would have passed.
    """
    claim = case.claim
    size_claims = case.sizes.claims(fit.base.cell)
    bound = tuple(dict.fromkeys((claim, *case.count_claims, *size_claims)))
    ids = tuple(row.claim for row in bound)
    denominator = fit.denominators[-1]
    assumptions = fit.assumptions
    if is_read:
        assumptions = (
            f"{case.claim.printed} % is read as one of {cell_title(study, fit.base.cell)}",
            *assumptions,
        )
    printed = study.printed(claim)
    if case.counts is None:
        step = printed.step
        if not assumptions and step is not None and every_percentage_possible(step, denominator):
            return Finding(
                CHECK,
                study.paper.key,
                "note",
                ids,
                f"{place(study, [claim])} prints {claim.printed} % for {quantity_title(study, claim)}. It is that of "
                f"{span_text(fit.counts)} of {denominator}, and every percentage that could be printed is that of some number.",
                {
                    claim.claim: Bearing(
                        Verdict.UNCONSTRAINED,
                        f"{span_text(fit.counts)} of {denominator} prints so; of {denominator} any percentage would pass.",
                    )
                },
                conventions=conventions.as_text(),
            )
        sentence = _pairs_sentence(study, conventions, case, fit)
        verdict = Verdict.CONDITIONAL if assumptions else Verdict.POSSIBLE
    else:
        count = fit.counts[0]
        value = percentage(count, denominator)
        sentence = (
            f"{count} of {fit.base.describe(fit.denominators)} is {_exactly(value)}, "
            f"which prints as {claim.printed} %" + _rounded(fit.coarse)
        )
        # A vague value holds, but it is not recomputed; nor is one of a group of no known size.
        known = printed.is_number and fit.base.low == fit.base.high
        verdict = Verdict.REPRODUCED if known else Verdict.POSSIBLE
        if assumptions:
            verdict = Verdict.CONDITIONAL
    statement = f"{_said(study, case)} {sentence}"
    if assumptions:
        # As printed and to each coarse step, each of them rounded and cut off.
        combined = counted(tried.denominators * 2 * (1 + len(COARSE_STEPS)), "combination")
        fitting = f"{tried.fits} fit{'s' if tried.fits == 1 else ''}"
        searched = f"of {combined} of denominator and rounding, {fitting}."
        plain = "" if fit.base == case.bases[0] else _plain_sentence(case)
        statement = " ".join(
            part
            for part in (statement, plain, f"It holds if {listed(assumptions)}; {searched}")
            if part
        )
        sentence = f"Holds if {listed(assumptions)}: {sentence}"
    recomputed = None
    if case.counts is not None and len(fit.denominators) == 1:
        recomputed = _as_printed(
            study, claim, percentage(fit.counts[0], denominator), conventions, fit.coarse
        )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        ids,
        statement,
        {claim.claim: Bearing(verdict, sentence, recomputed)},
        assumptions=assumptions,
        resolved_by=("Of how many the percentage is, and how it was rounded.",)
        if assumptions
        else (),
        changes=_changes(case, fit) if assumptions else "",
        conventions=conventions.as_text(),
        witness={
            "count": span_text(fit.counts),
            "denominator": denominator,
            "pairs": _pairs(study, conventions, case, fit),
        },
    )


def _pairs(study: Study, conventions: Conventions, case: Case, fit: Fit) -> list[list[int]]:
    """Return every count with its total that prints as a percentage without a count."""
    if case.counts is not None or fit.coarse or not 1 < len(fit.totals) <= _MOST_TOTALS:
        return []
    window = study.printed(case.claim).window(conventions.rounding, domain=HUNDRED)
    return [[count, total] for total in fit.totals for count in counts_behind(window, total)]


def _changes(case: Case, fit: Fit) -> str:
    """Say what a reader can no longer take from a percentage."""
    if case.counts is None:
        if len(fit.totals) < 2:
            return "An estimate: it is one of another group than its row, or rounded more coarsely than its digits show."
        return "An estimate: of how many patients it is a share is open, and with it its interval."
    return (
        "An estimate: the percentage describes another group than its row, or is rounded more coarsely than its digits show; "
        "the count beside it can be used."
    )


def _pairs_sentence(study: Study, conventions: Conventions, case: Case, fit: Fit) -> str:
    """Say which counts of which totals print as a percentage that stands alone."""
    printed = f"{case.claim.printed} %"
    if not 1 < len(fit.totals) <= _MOST_TOTALS or fit.coarse:
        counts = span_text(fit.counts)
        return f"{counts} of {fit.base.describe(fit.denominators)} prints as {printed}."
    window = study.printed(case.claim).window(conventions.rounding, domain=HUNDRED)
    pairs = [f"{span_text(counts_behind(window, total))} of {total}" for total in fit.totals]
    group = fit.base.words.format(number="").strip()
    none = (
        f" No number of {case.own.high} does."
        if case.own.low == case.own.high and not counts_behind(window, case.own.high)
        else ""
    )
    return f"{listed(pairs, 'or')} {group} print as {printed}.{none}"


def _said(study: Study, case: Case) -> str:
    """Return the row as the paper prints it: count and percentage, and where."""
    value = f"{case.claim.printed} %"
    if case.counts:
        value = f"{listed((str(count) for count in case.counts), 'or')} ({value})"
    return f"{place(study, [case.claim])} prints {value} for {quantity_title(study, case.claim)}."


def _plain_sentence(case: Case) -> str:
    """Say what the row itself would have printed, for a reader to compare."""
    if case.own_percentage is None:
        return ""
    return f"Of {case.own.describe(range(case.own.high, case.own.high + 1))} it is {_exactly(case.own_percentage)}."


def conflict(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    cases: Sequence[Case],
    windows: Mapping[int, Interval],
    refuted: Sequence[Claim],
) -> Finding:
    """Say that nothing gives a percentage, and what would.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all cells.
    cases : sequence of Case
        The readings of the row.
    windows : Mapping of int to Interval
        The exact values behind the percentage, by rounding.
    refuted : sequence of Claim
        Percentages of the same place that hold only if they are rounded, where this one would
        hold if digits were cut off.

    Returns
    -------
    Finding
        A conflict.
    """
    case = cases[0]
    claim = case.claim
    printed = f"{claim.printed} %"
    needed = (
        range(0) if case.counts is None else denominators_behind(windows[0], case.counts[0], FAR)
    )
    siblings = _needed_siblings(case, needed)
    plain = _plain_sentence(case)
    would = _would(case, printed, needed)
    tried = f"Tried: {counted(len(case.bases), 'denominator')}" + (
        f", and rounding to the nearest {listed(str(step) for step in windows if step)}."
        if len(windows) > 1
        else "."
    )
    if refuted:
        beside = listed(
            dict.fromkeys(f"{row.printed} % ({claim_title(study, row)})" for row in refuted)
        )
        tried += f" If digits were cut off it could hold, but then {beside} beside it could not."
    recomputed = (
        None
        if case.own_percentage is None
        else _as_printed(study, claim, case.own_percentage, conventions)
    )
    against = [f"the count {count}" for count in case.counts or ()]
    against += [] if case.largest is None else [f"the size {case.largest}"]
    bearings: dict[str, Bearing] = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {listed(against)}. {plain or would}",
            recomputed,
        )
    }
    for row in case.count_claims:
        bearings[row.claim] = Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {printed} beside it. {would}"
        )
    # As its digits stand, and as it would stand in a table that is rounded more coarsely.
    own = [] if case.own_percentage is None else [case.own_percentage]
    puts = dict.fromkeys(
        _as_printed(study, claim, value, conventions, step) for value in own for step in windows
    )
    repairs = _repairs(study, case, windows[0], needed, sizes.named(needed), list(puts))
    for sibling in siblings:
        for number, count in _mending_count(study, conventions, case, sibling, needed):
            ids = tuple(row.claim for row in sibling.claims)
            repairs.append(
                Repair(ids, f"{count} instead of {sibling.count}, with a denominator of {number}")
            )
            for name in ids:
                bearings[name] = Bearing(
                    Verdict.INCONSISTENT,
                    f"Inconsistent with {printed} ({claim_title(study, claim)}).",
                )
    # A size that the other rows give as well is held in place by them.
    bound_sizes = _needed_sizes(cases, windows[0])
    for size, numbers in bound_sizes:
        sentence = f"Inconsistent with {printed} ({claim_title(study, claim)})."
        ids = tuple(row.claim for row in size.claims)
        bearings.update({name: Bearing(Verdict.INCONSISTENT, sentence) for name in ids})
        if len(numbers) <= _FEW:
            wanted = listed((str(number) for number in numbers), "or")
            repairs.append(Repair(ids, f"{wanted} instead of {size.value} as the size"))
    rows = [row for c in cases for row in (c.claim, *c.count_claims)]
    rows += [row for sibling in siblings for row in sibling.claims]
    rows += [row for size, _ in bound_sizes for row in size.claims]
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(dict.fromkeys(row.claim for row in rows)),
        " ".join(part for part in (_said(study, case), would, plain, tried) if part),
        bearings,
        resolved_by=("The count and the denominator from which the percentage was made.",),
        repairs=tuple(repairs),
        changes="Count and percentage cannot be quoted together; which of them the records give is open.",
        conventions=conventions.as_text(),
    )


def at_odds_with_counts(study: Study, conventions: Conventions, case: Case, fit: Fit) -> Finding:
    """Say that a percentage without a count is not that of any count that other rows allow.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    case : Case
        The percentage.
    fit : Fit
        How it would hold by itself.

    Returns
    -------
    Finding
        A note; the percentage is conditional, as it may be of other units than the counts.
    """
    low, high = case.sizes.span(case.cell)
    room = str(low) if low == high else f"{low} or more" if high >= NO_LIMIT else f"{low} to {high}"
    whole = fit.base.describe(fit.denominators)
    assumption = (
        "the percentage is of other units or of another denominator than the printed counts, or is "
        "no plain share of them rounded to the nearest"
    )
    sentence = (
        f"{span_text(fit.counts)} of {whole} prints as {case.claim.printed} %, but the counts that are "
        f"printed leave room for {room}."
    )
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(
            dict.fromkeys(
                (case.claim.claim, *(row.claim for row in case.sizes.claims(fit.base.cell)))
            )
        ),
        f"{_said(study, case)} {sentence} It holds if {assumption}.",
        {case.claim.claim: Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}. {sentence}")},
        assumptions=(assumption,),
        resolved_by=("The count and the denominator from which the percentage was made.",),
        conventions=conventions.as_text(),
    )


def unless_an_estimate(study: Study, found: Finding, claim: Claim) -> Finding:
    """Say of a conflict at some time that it is none if censored times were allowed for.

    Parameters
    ----------
    study : Study
        The study.
    found : Finding
        The conflict.
    claim : Claim
        The percentage, which is printed for a time.

    Returns
    -------
    Finding
        A note; the percentage is conditional.
    """
    assumption = (
        "the percentage is an estimate that allows for those who were not followed so long "
        "(Kaplan-Meier, or a cumulative incidence)"
    )
    names = [name for name in found.claims if study.claim_by_id(name).stat_name == "pct"]
    bearing = Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}.")
    return replace(
        found,
        kind="note",
        statement=f"{found.statement} It holds if {assumption}.",
        bearings=dict.fromkeys((claim.claim, *names), bearing),
        assumptions=(assumption,),
        repairs=(),
        changes="",
    )


def _needed_sizes(cases: Sequence[Case], window: Interval) -> list[tuple[Size, list[int]]]:
    """Return the printed sizes without which the percentage could hold, and what else they could be."""
    found: dict[tuple[Claim, ...], tuple[Size, list[int]]] = {}
    for case in cases:
        for cell in dict.fromkeys(base.cell for base in case.bases):
            size = case.sizes.size(cell)
            if size is None:
                continue
            numbers = (
                [number for number in range(1, FAR + 1) if counts_behind(window, number)]
                if case.counts is None
                else [n for count in case.counts for n in denominators_behind(window, count, FAR)]
            )
            if fitting := size.could_be(dict.fromkeys(numbers)):
                found.setdefault(size.claims, (size, fitting))
    return list(found.values())


def _needed_siblings(case: Case, needed: range) -> tuple[Sibling, ...]:
    """Return the other levels, if a denominator that they rule out would do."""
    others = tuple(sibling for sibling in case.siblings if sibling.row != case.claim)
    small = [number for number in needed if case.largest is None or number <= case.largest]
    return others if small else ()


def _would(case: Case, printed: str, needed: range) -> str:
    """Say which denominator would have given the percentage, and why none does."""
    if case.counts is None:
        return f"No whole number out of {case.largest} or fewer gives this percentage."
    count = case.counts[0]
    if not needed:
        return f"No whole number is a denominator of which {count} is {printed}."
    start = f"{count} is {printed} of {span_text(needed)}; "
    if case.largest is not None and needed[0] > case.largest:
        return f"{start}there are no more than {case.largest}."
    start += f"{span_text(needed)} is the size of no group here"
    counts = [sibling.count for sibling in case.siblings]
    if sum(counts) != case.largest:
        return f"{start}, nor of one in which fewer were observed."
    sums = " + ".join(str(number) for number in counts)
    return f"{start}, and none of the {case.largest} is left out: {sums} = {case.largest} have a percentage beside them."


def _mending_count(
    study: Study, conventions: Conventions, case: Case, sibling: Sibling, needed: range
) -> Iterable[tuple[int, int]]:
    """Yield denominator and count of another level that would mend the conflict.

    The denominator is one of which the printed count is the percentage; the
    other level's count shrinks until all fit into it, and must still print
    its own percentage.
    """
    if case.largest is None or not study.printed(sibling.row).is_number:
        return
    known = sum(other.count for other in case.siblings)
    window = study.printed(sibling.row).window(conventions.rounding, domain=HUNDRED)
    for number in needed:
        most = sibling.count - (known - number)
        fitting = [count for count in counts_behind(window, number) if count <= most]
        if number <= case.largest and fitting:
            yield number, fitting[-1]


def _repairs(
    study: Study, case: Case, window: Interval, needed: range, sized: str, recomputed: Sequence[str]
) -> list[Repair]:
    repairs = []
    for found in recomputed:
        name = case.claim.claim
        mark = study.locations[case.claim.location].decimal
        put = found.replace(".", mark)
        change = f"{put} % instead of {case.claim.printed} %"
        repairs.append(Repair((name,), change, replacements=((name, put),)))
    counts = counts_behind(window, case.own.high) if case.own.low == case.own.high else range(0)
    if case.counts is not None and counts:
        ids = tuple(row.claim for row in case.count_claims)
        change = f"{span_text(counts)} instead of {case.counts[0]}"
        puts = tuple((name, str(counts[0])) for name in ids) if len(counts) == 1 else ()
        repairs.append(Repair(ids, change, replacements=puts))
    if needed:
        repairs.append(Repair((case.claim.claim,), f"a denominator of {span_text(needed)}{sized}"))
    return repairs


def tables_of_several_denominators(
    study: Study, conventions: Conventions, sizes: Sizes, rows: Sequence[Claim]
) -> Iterable[Finding]:
    """Note where the percentages of one variable in one place need several denominators.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all cells.
    rows : sequence of Claim
        All percentages of units.

    Yields
    ------
    Finding
        A note for each variable and place.
    """
    tables: dict[tuple[str, str, str], list[tuple[Claim, int]]] = {}
    for claim in rows:
        found = readings(claim)
        cell = cell_of(study, found[0])
        if (
            len(found) > 1
            or cell is None
            or not claim.variable
            or not study.printed(claim).is_number
        ):
            continue
        values = sizes.values(cell)
        if len(values) == 1:
            tables.setdefault((claim.location, claim.variable, claim.at), []).append(
                (claim, values[0])
            )
    for (_, variable, _), cells in tables.items():
        if len(cells) < 2:
            continue
        windows = [
            study.printed(claim).window(conventions.rounding, domain=HUNDRED) for claim, _ in cells
        ]
        behind = [
            set(denominators_behind(window, n, FAR))
            for window, (_, n) in zip(windows, cells, strict=True)
        ]
        if set.intersection(*behind):
            continue
        candidates = sorted(set().union(*behind))
        given = {number: sum(number in fitting for fitting in behind) for number in candidates}
        best = max(given, key=lambda number: (given[number], -number), default=None)
        title = study.variables[variable].title or variable
        most = (
            "no denominator up to 1000 gives any of them"
            if best is None
            else f"the most that one gives is {given[best]} (a denominator of {best})"
        )
        yield Finding(
            f"{CHECK}-together",
            study.paper.key,
            "note",
            tuple(claim.claim for claim, _ in cells),
            f"{title}, {place(study, [cells[0][0]])}: no one denominator from 1 to {FAR} gives all {len(cells)} "
            f"percentages beside their counts; {most}.",
            resolved_by=("The denominator of each percentage.",),
            conventions=conventions.as_text(),
        )


def _decimals(study: Study, claim: Claim) -> int:
    step = study.printed(claim).step
    return 0 if step is None or step >= 1 else len(str(step.denominator)) - 1


def _as_printed(
    study: Study, claim: Claim, value: Fraction, conventions: Conventions, coarse: int = 0
) -> str:
    if coarse == CUT_OFF:
        return print_value(value, _decimals(study, claim), "truncate")
    if coarse and coarse != ADJUSTED:
        rounding = "truncate" if coarse < 0 else conventions.rounding
        return str(int(print_value(value / abs(coarse), 0, rounding)) * abs(coarse))
    return print_value(value, _decimals(study, claim), conventions.rounding)


def _rounded(coarse: int) -> str:
    """End a sentence with how a percentage was rounded, where its digits do not say so."""
    if coarse == CUT_OFF:
        return " if further digits are cut off."
    if coarse == ADJUSTED:
        return " but for its last digit."
    if coarse < 0:
        return f" if it is cut off to a multiple of {-coarse}."
    return f" to the nearest {coarse}." if coarse else "."


def _exactly(value: Fraction) -> str:
    return f"{print_value(value, 1)} %"
