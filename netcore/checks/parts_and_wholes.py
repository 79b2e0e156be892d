"""Parts and wholes: whether all printed counts can be those of one set of patients.

All counts of one kind of unit form an integer system.  If it has a solution,
a table of constructed patients is the witness; if not, the smallest sets of
counts that cannot hold together are the conflicts, each with a proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from netcore.checks.count_analysis import CellRange, CountAnalysis, accused, analyse_counts
from netcore.checks.count_systems import (
    MOST_DEALT,
    RULE,
    CountSystem,
    Factor,
    Printing,
    count_window,
    counted_cliques,
    deal_units,
)
from netcore.checks.estimands import Cell, cell_of, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.open_cells import open_columns, point_of
from netcore.checks.wording import cell_title, counted, listed, place, quoted
from netcore.stats.integer_systems import (
    Constraint,
    Infeasible,
    IntegerSystem,
    labels_used,
    solve,
)
from netcore.study import Claim, Study

__all__ = [
    "CHECK",
    "CellRange",
    "CountAnalysis",
    "analyse_counts",
    "are_exclusive",
    "check_parts_and_wholes",
    "constructed_units",
]

CHECK: Final = "parts-and-wholes"
_PROBE: Final = "x"  # an unknown of its own for the count that is asked about


def _with_probe(counts: CountSystem, cell: Cell, *extra: Constraint) -> IntegerSystem:
    """Add an unknown that equals the number of units in a cell."""
    assert counts.system is not None
    most = counts.limit
    sides = (*counts.terms(cell), (_PROBE, -1))
    return IntegerSystem(
        {**counts.system.bounds, _PROBE: (0, most)},
        (*counts.system.constraints, Constraint(sides, 0, 0, RULE), *extra),
    )


def check_parts_and_wholes(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check that all counts can be those of one set of patients.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Named in the findings; counts are exact and need none.
    analyses : sequence of CountAnalysis, optional
        From :func:`analyse_counts`, where it has been done already.

    Returns
    -------
    tuple of Finding
        A conflict for each group of smallest contradicting sets, and for each
        kind of unit one support with the witness, which says for every count
        whether it follows from the others or which values would also fit.
    """
    findings: list[Finding] = []
    for analysis in analyse_counts(study) if analyses is None else analyses:
        printings = {printing.label: printing for printing in analysis.counts.printings}
        for group in analysis.conflicts:
            findings.append(_conflict(study, conventions, analysis, printings, group))
        if analysis.undisputed():
            findings.append(_support(study, conventions, analysis, printings))
        findings.extend(_ambiguous(study, conventions, analysis))
    return tuple(findings)


def _said(study: Study, printing: Printing) -> str:
    if printing.whole is not None:
        return f"all of {cell_title(study, printing.whole)}"
    return quoted(study, printing.claims[0])


def _sum_sentence(study: Study, printings: Sequence[Printing]) -> str | None:
    """Return the conflict in one line where parts of one whole exceed it."""
    for whole in printings:
        parts = [printing for printing in printings if printing is not whole]
        values = [printing.value for printing in parts]
        if whole.value is None or None in values or not parts:
            continue
        exclusive = all(
            whole.cell.contains(one.cell)
            and (one is other or are_exclusive(study, one.cell, other.cell))
            for one, other in product(parts, parts)
        )
        total = sum(value for value in values if value is not None)
        if exclusive and total > whole.value:
            listing = listed(f"{part.value} for {cell_title(study, part.cell)}" for part in parts)
            sums = " + ".join(str(value) for value in values)
            made = f"{sums} = {total}" if len(parts) > 1 else str(total)
            apart = "These exclude one another within" if len(parts) > 1 else "This is a part of"
            return (
                f"Printed: {listing}. {apart} {cell_title(study, whole.cell)}, "
                f"which has {whole.value}; {made} is more than {whole.value}."
            )
    return None


def are_exclusive(study: Study, one: Cell, other: Cell) -> bool:
    """Return whether no unit can be in both of two cells.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    one, other : Cell
        Cells of one kind of unit.

    Returns
    -------
    bool
        True if they ask for levels of one variable, at one time, that
        exclude one another; False where the conditions alone do not tell.
    """
    levels = {
        (held.variable, held.at): held.level
        for held in one.conditions
        if study.variables[held.variable].type != "multi"
    }
    for held in other.conditions:
        first = levels.get((held.variable, held.at))
        if first is None or study.variables[held.variable].type == "multi":
            continue
        unions = study.variables[held.variable].unions
        if not set(unions.get(first, (first,))) & set(unions.get(held.level, (held.level,))):
            return True
    return False


def _conflict(
    study: Study,
    conventions: Conventions,
    analysis: CountAnalysis,
    printings: dict[str, Printing],
    group: Sequence[tuple[str, ...]],
) -> Finding:
    system = analysis.counts.system
    assert system is not None
    smallest = [printings[label] for label in group[0]]
    statement = _sum_sentence(study, smallest) or (
        "No set of patients has all of these counts: "
        + "; ".join(
            f"{cell_title(study, printing.cell)}: {_said(study, printing)}" for printing in smallest
        )
        + "."
    )
    blamed = [
        printings[label]
        for label in analysis.counts.labels
        if label in accused(group) & set(group[0])
    ]
    bystanders = [printing for printing in smallest if printing not in blamed]
    if bystanders:
        names = listed(f"{_said(study, p)} ({cell_title(study, p.cell)})" for p in bystanders)
        statement += f" The conflict stands without {names}: other counts give the same."
    bearings = {}
    repairs = []
    for printing in blamed:
        others = [other for other in smallest if other is not printing]
        said = [f"{_said(study, other)} for {cell_title(study, other.cell)}" for other in others]
        against = listed(said) if said else "its own levels, which exclude one another"
        fits = _fits(analysis, printing, blamed)
        reach = None if fits is None else (fits.interval,)
        sentence = f"Inconsistent with {against}." + (
            f" With everything else as printed it could be {fits}." if fits else ""
        )
        for claim in printing.claims:
            bearings[claim.claim] = Bearing(Verdict.INCONSISTENT, sentence, attainable=reach)
        if fits is not None:
            repairs.append(
                Repair(
                    tuple(claim.claim for claim in printing.claims),
                    f"{cell_title(study, printing.cell)}: {fits} instead of {_said(study, printing)}",
                )
            )
    titles = listed(cell_title(study, printing.cell) for printing in blamed)
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(claim.claim for printing in [*blamed, *bystanders] for claim in printing.claims),
        statement,
        bearings,
        resolved_by=tuple(
            f"A corrected count of {cell_title(study, printing.cell)}." for printing in blamed
        ),
        repairs=tuple(repairs),
        changes=f"An estimate: shares and comparisons that rest on these counts ({titles}) cannot be used as printed.",
        conventions=conventions.as_text(),
    )


def _fits(
    analysis: CountAnalysis, printing: Printing, blamed: Sequence[Printing]
) -> CellRange | None:
    """Return what one count could be if every other printing stood."""
    labels = {*analysis.undisputed(), *(other.label for other in blamed)} - {printing.label}
    return analysis.attainable(printing.cell, labels)


def _support(
    study: Study, conventions: Conventions, analysis: CountAnalysis, printings: dict[str, Printing]
) -> Finding:
    counts = analysis.counts
    holding = [printings[label] for label in analysis.undisputed()]
    unit = study.populations[counts.root].units
    claims = tuple(claim.claim for printing in holding for claim in printing.claims)
    if analysis.solution is None:
        return Finding(
            CHECK,
            study.paper.key,
            "note",
            claims,
            f"The counts of {unit} could not be decided within the budget of the search.",
            {
                claim.claim: Bearing(
                    Verdict.OPEN, "Bounded by the other counts; the search ended on its budget."
                )
                for printing in holding
                for claim in printing.claims
            },
            conventions=conventions.as_text(),
        )
    bearings = {}
    for printing in holding:
        bearing = _bearing(study, analysis, printing)
        bearings.update({claim.claim: bearing for claim in printing.claims})
    left_out = len(counts.printings) - len(holding)
    statement = (
        f"{counted(len(holding), 'printed count')} of {unit} {'holds' if len(holding) == 1 else 'hold together'}: a table of {analysis.solution['N']} constructed "
        f"{unit} has {'it' if len(holding) == 1 else 'them all'}."
    )
    if left_out:
        statement += f" Left out: {counted(left_out, 'count')} in conflict with others."
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        claims,
        statement,
        bearings,
        conventions=conventions.as_text(),
        witness=_witness(study, analysis),
    )


def constructed_units(
    study: Study, witness: Mapping[str, object]
) -> list[dict[Factor, str]] | None:
    """Return the units behind the counts of a witness, one by one.

    Parameters
    ----------
    study : Study
        The study.
    witness : Mapping of str to object
        The witness of a finding of this check about the study.

    Returns
    -------
    list of dict of Factor to str
        One dictionary a constructed unit, of whom the witness has the counts;
        None where the counts of the study have another solution, or so many
        units that they are not dealt out.
    """
    for analysis in analyse_counts(study):
        if analysis.solution is not None and _witness(study, analysis) == witness:
            return (
                deal_units(analysis.counts, analysis.solution)
                if analysis.solution["N"] <= MOST_DEALT
                else None
            )
    return None


def _witness(study: Study, analysis: CountAnalysis) -> dict[str, object]:
    """Return the solution as counts of units, clique by clique."""
    assert analysis.solution is not None
    tables = []
    counted = counted_cliques(analysis.counts, analysis.solution)
    for clique, cells in zip(analysis.counts.cliques, counted, strict=True):
        names = [":".join(part for part in factor if part) for factor in clique]
        tables.append(
            {"of": names, "cells": [[*key, number] for key, number in sorted(cells.items())]}
        )
    return {
        "kind": "constructed units, not observed ones",
        "units": study.populations[analysis.counts.root].units,
        "number": analysis.solution["N"],
        "tables": tables,
    }


def _bearing(study: Study, analysis: CountAnalysis, printing: Printing) -> Bearing:
    """Say whether a count follows from the others, or what else would fit."""
    labels = analysis.undisputed(printing.label)
    reach = analysis.attainable(printing.cell, labels)
    if reach is None:
        return Bearing(Verdict.OPEN, "Bounded by the other counts; the search ended on its budget.")
    attainable = (reach.interval,)
    if printing.value is not None and reach.low == reach.high == printing.value:
        reasons = _reasons(analysis, printing, labels)
        return Bearing(
            Verdict.REPRODUCED, _because(study, printing, reasons), str(printing.value), attainable
        )
    if reach.low == 0 and reach.high is None:
        return Bearing(None, "No check of the counts bounds it.")
    room = f"{reach.low} or more" if reach.high is None else f"{reach}"
    outer = "" if reach.exact else " at most"
    sentence = f"Fits the other counts, which leave room for {room}{outer}."
    return Bearing(Verdict.POSSIBLE, sentence, None, attainable)


def _reasons(analysis: CountAnalysis, printing: Printing, labels: Sequence[str]) -> list[Printing]:
    """Return a smallest set of printings from which a count follows."""
    value = printing.value
    assert value is not None
    extra = (
        Constraint(((_PROBE, 1),), None, value - 1, "less"),
        Constraint(((_PROBE, 1),), value + 1, None, "more"),
    )
    system = _with_probe(analysis.counts, printing.cell, *extra)

    def forcing(kept: Collection[str]) -> set[str]:
        """Return the labels by which the proofs force the value; all where there is no proof."""
        used: set[str] = set()
        for side in ("less", "more"):
            outcome = solve(system, labels={RULE, side, *kept})
            if not isinstance(outcome, Infeasible):
                return set(kept)
            used |= labels_used(system, outcome.proof)
        return used - {RULE, "less", "more"}

    # The proofs name few labels; only these are tried one by one.
    kept = forcing(labels)
    for label in reversed(labels):
        if label in kept and analysis.is_forced(printing.cell, value, kept - {label}):
            kept = forcing(kept - {label})
    return [other for other in analysis.counts.printings if other.label in kept]


def _because(study: Study, printing: Printing, reasons: Sequence[Printing]) -> str:
    values = [reason.value for reason in reasons]
    if reasons and None not in values and len(values) <= 6:
        numbers = [value for value in values if value is not None]
        for signs in product((1, -1), repeat=len(numbers)):
            if (
                sum(sign * number for sign, number in zip(signs, numbers, strict=True))
                == printing.value
            ):
                ordered = sorted(
                    zip(signs, reasons, numbers, strict=True), key=lambda item: -item[0]
                )
                terms = "".join(
                    f"{' - ' if sign < 0 else ' + ' if place else ''}{number}"
                    for place, (sign, _, number) in enumerate(ordered)
                )
                names = listed(cell_title(study, reason.cell) for _, reason, _ in ordered)
                return f"Recomputed: {terms} = {printing.value} ({names})."
    others = [f"{cell_title(study, reason.cell)} {_said(study, reason)}" for reason in reasons]
    return (
        f"Recomputed: follows from {listed(others)}."
        if others
        else "Follows from what the words mean."
    )


def _ambiguous(
    study: Study, conventions: Conventions, analysis: CountAnalysis
) -> Iterable[Finding]:
    """Check counts with several readings, jointly where rows of the same places leave the same open."""
    counts = analysis.counts
    if counts.system is None:
        return
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in counts.ambiguous:
        points = tuple(point_of(study, claim, column) for column in open_columns(claim))
        groups.setdefault(points, []).append(claim)
    for claims in groups.values():
        options = [readings(claim) for claim in claims]
        joint = [
            [
                (claim, cell_of(study, option[choice]))
                for claim, option in zip(claims, options, strict=True)
            ]
            for choice in range(len(options[0]))
        ]
        # Another root has a system of its own; one that this row is first in reports it.
        if joint[0][0][1] is None or joint[0][0][1].root != counts.root:
            continue
        outcomes = [_with_reading(study, analysis, reading) for reading in joint]
        refuted = [outcome for outcome in outcomes if outcome is not None]
        said = f"{quoted(study, claims[0])} in {place(study, claims)}"
        if len(refuted) < len(joint):
            fitting = len(joint) - len(refuted)
            sentence = (
                "Fits the other counts whichever of its readings is meant."
                if not refuted
                else f"Fits the other counts under {fitting} of {len(joint)} readings."
            )
            yield Finding(
                CHECK,
                study.paper.key,
                "support",
                tuple(claim.claim for claim in claims),
                f"{said} can be read in {len(joint)} ways; of these {fitting} {'fits' if fitting == 1 else 'fit'} the other counts.",
                {claim.claim: Bearing(Verdict.POSSIBLE, sentence) for claim in claims},
                conventions=conventions.as_text(),
            )
            continue
        used = set().union(*refuted)
        others = [printing for printing in counts.printings if printing.label in used]
        yield Finding(
            CHECK,
            study.paper.key,
            "conflict",
            tuple(
                claim.claim
                for claim in (*claims, *(claim for other in others for claim in other.claims))
            ),
            f"{said} can be read in {len(joint)} ways, and none of them fits "
            + (f"the other counts: {_all_said(study, others)}." if others else "what it says."),
            {
                claim.claim: Bearing(
                    Verdict.INCONSISTENT, "Fits the other counts under no reading."
                )
                for claim in claims
            },
            resolved_by=("Which units are meant.",),
            changes="An estimate: the count cannot be used as printed.",
            conventions=conventions.as_text(),
        )


def _all_said(study: Study, printings: Sequence[Printing]) -> str:
    return listed(f"{_said(study, one)} for {cell_title(study, one.cell)}" for one in printings)


def _with_reading(
    study: Study, analysis: CountAnalysis, reading: Sequence[tuple[Claim, Cell | None]]
) -> set[str] | None:
    """Return the labels of the counts that a reading does not fit, if it does not."""
    counts = analysis.counts
    assert counts.system is not None
    extra = []
    for claim, cell in reading:
        if cell is None or cell.root != counts.root or claim.printed == "all":
            return None  # another kind of unit, in whose system nothing else bears on it
        printing = Printing("reading", (claim,), cell, count_window(study.printed(claim)))
        extra.append(counts.constraint(printing))
    system = replace(counts.system, constraints=(*counts.system.constraints, *extra))
    outcome = solve(system, labels={RULE, "reading", *analysis.undisputed()})
    return labels_used(system, outcome.proof) if isinstance(outcome, Infeasible) else None
