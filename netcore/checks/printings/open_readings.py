"""Rows of several readings: what each of them says beside what is printed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from netcore.checks.estimands import Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.printings.directions import (
    QUANTILES_OF_A_TIME,
    Mirror,
    View,
    agree_seen,
    family_of,
    mirrors_of,
    seen_as,
    split_name,
)
from netcore.checks.printings.estimand import (
    CHECK,
    Estimand,
    changes_of,
    disagree,
    heading,
    rounded_differently,
    said_where,
)
from netcore.checks.wording import claim_title, listed, place, quoted
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = ["check_open_readings"]


def check_open_readings(
    study: Study, estimands: Sequence[Estimand], conventions: Conventions
) -> Iterable[Finding]:
    """Hold rows of several readings against what is printed of each reading.

    Parameters
    ----------
    study : Study
        The study.
    estimands : sequence of Estimand
        All quantities of the study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Yields
    ------
    Finding
        A conflict for a row that disagrees under each reading; what a row is conditional on that agrees under some only.
    """
    plain: dict[Reading, list[Claim]] = {}
    for estimand in estimands:
        for claim in estimand.claims:
            if (
                len(found := readings(claim)) == 1
                and is_patient_data(study, claim)
                and is_first_hand(study, claim)
            ):
                plain.setdefault(replace(found[0], denominator=""), []).append(claim)
    for estimand in estimands:
        claim = estimand.claims[0]
        options = [replace(reading, denominator="") for reading in readings(claim)]
        if len(options) == 1 or not is_patient_data(study, claim):
            continue
        # Percentages of several readings may be of several denominators as well.
        if claim.stat_name == "pct" or not is_first_hand(study, claim):
            continue
        against = [
            next(
                (
                    row
                    for row in plain.get(option, [])
                    if disagree(study, claim, row, conventions)
                    and not rounded_differently(study, (claim, row), conventions)
                ),
                None,
            )
            for option in options
        ]
        ways = [
            "" if row is None else _other_way(study, claim, option, plain, conventions)
            for option, row in zip(options, against, strict=True)
        ]
        rows = [row for row in against if row is not None]
        if len(rows) < len(options) or any(ways):
            if rows:
                yield _under_some_readings(study, claim, options, against, ways, conventions)
            continue
        bound = tuple(dict.fromkeys((claim, *rows)))
        bearings = {
            claim.claim: Bearing(
                Verdict.INCONSISTENT,
                f"Under each reading inconsistent: {said_where(study, rows)}.",
            )
        }
        for row in rows:
            bearings[row.claim] = Bearing(
                Verdict.INCONSISTENT,
                f"As printings of one quantity, inconsistent with {said_where(study, [claim])}.",
            )
        yield Finding(
            f"{CHECK}-readings",
            study.paper.key,
            "conflict",
            tuple(row.claim for row in bound),
            f"{heading(study, claim)}: {said_where(study, [claim])} can be read in {len(options)} ways, and each of "
            f"them is printed differently elsewhere: {said_where(study, rows)}.",
            bearings,
            resolved_by=("Which quantity is meant, and which of the values the records give.",),
            changes=changes_of(study, bound, conventions),
            conventions=conventions.as_text(),
        )


def _other_way(
    study: Study,
    claim: Claim,
    option: Reading,
    plain: Mapping[Reading, Sequence[Claim]],
    conventions: Conventions,
) -> str:
    """Return how a reading agrees if its contrast is seen the other way round; "" if in no way."""
    row = _as_read(claim, option)
    family = family_of(study, row)
    mirrors = mirrors_of(row.stat_name)
    turned: Sequence[Mirror | None] = (None,) if family == QUANTILES_OF_A_TIME else mirrors
    ways = [(View(turned=True, crossed=False), mirror) for mirror in turned]
    if split_name(row.stat_name)[1]:
        ways.append((View(turned=False, crossed=True), None))
    for view, mirror in ways:
        seen = replace(option, stat_name=seen_as(row.stat_name, family, view))
        if all(
            agree_seen(study, row, other, mirror, conventions, loosely=True)
            for other in plain.get(seen, ())
        ):
            if view.crossed:
                return " as its other limit"
            return " in the opposite direction" if mirrors else " by those still free of the event"
    return ""


def _under_some_readings(
    study: Study,
    claim: Claim,
    options: Sequence[Reading],
    against: Sequence[Claim | None],
    ways: Sequence[str],
    conventions: Conventions,
) -> Finding:
    """Say under which readings a row agrees with what is printed elsewhere."""
    left = dict.fromkeys(
        claim_title(study, _as_read(claim, option)) + way
        for option, row, way in zip(options, against, ways, strict=True)
        if row is None or way
    )
    rows = [row for row in against if row is not None]
    meant = listed(left, "or")
    other = listed(
        f"{quoted(study, row)} in {place(study, [row])} ({claim_title(study, row)})" for row in rows
    )
    said = f"{quoted(study, claim)} in {place(study, [claim])}"
    assumption = f"it is the value of {meant}"
    sentence = f"Holds only if {assumption}; otherwise it differs from {other}."
    again = [
        row
        for row in study.claims
        if (row.printed, row.unit, row.variable) == (claim.printed, claim.unit, claim.variable)
        and row.stat_name != claim.stat_name
        and not row.cites
    ]
    if again:
        titles = listed(dict.fromkeys(claim_title(study, row) for row in again), "or")
        sentence += f" {quoted(study, claim)} is also printed for {titles}."
    return Finding(
        f"{CHECK}-readings",
        study.paper.key,
        "support",
        tuple(dict.fromkeys(row.claim for row in (claim, *rows))),
        f"{said} can be read in {len(options)} ways. {sentence}",
        {claim.claim: Bearing(Verdict.CONDITIONAL, sentence)},
        assumptions=(assumption,),
        resolved_by=("Which quantity is meant.",),
        changes="An estimate: it can be quoted only with what it is an estimate of.",
        conventions=conventions.as_text(),
    )


def _as_read(claim: Claim, reading: Reading) -> Claim:
    """Return a row as it would stand if the paper had said what it means."""
    return claim.model_copy(
        update={name: getattr(reading, name) for name in AMBIGUOUS if name != "denominator"}
    )
