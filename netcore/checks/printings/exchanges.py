"""Exchanges: two quantities whose values stand the other way round in some places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from netcore.checks.estimands import is_first_hand
from netcore.checks.finding import Bearing, Conventions, Finding, Repair
from netcore.checks.printings.estimand import (
    CHECK,
    Estimand,
    differs,
    disagree,
    heading,
    said_where,
    verdict_of,
)
from netcore.checks.wording import listed, place, population_title, quoted
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = ["Exchange", "exchange_finding", "find_exchanges"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two quantities that agree once values change places.

    Parameters
    ----------
    estimands : tuple of Estimand
        The two quantities.
    swaps : tuple of tuple of str
        Sets of locations, each of which would do.
    difference : str
        The one key column in which the two quantities differ.
    """

    estimands: tuple[Estimand, Estimand]
    swaps: tuple[tuple[str, ...], ...]
    difference: str


def find_exchanges(
    study: Study, at_odds: Sequence[Estimand], conventions: Conventions
) -> Iterable[Exchange]:
    """Find pairs of quantities that agree once values change places.

    Parameters
    ----------
    study : Study
        The study.
    at_odds : sequence of Estimand
        Quantities whose printings differ.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Yields
    ------
    Exchange
        Each quantity in one of them at most.
    """
    used: set[int] = set()
    for one, other in combinations(at_odds, 2):
        if id(one) in used or id(other) in used:
            continue
        difference = _only_difference(one.claims[0], other.claims[0])
        rows = (*one.claims, *other.claims)
        if difference is None or not all(is_first_hand(study, row) for row in rows):
            continue
        shared = [
            location
            for location in dict.fromkeys(claim.location for claim in one.claims)
            if sum(claim.location == location for claim in one.claims) == 1
            and sum(claim.location == location for claim in other.claims) == 1
        ]
        swaps = [
            chosen
            for size in range(1, len(shared) + 1)
            for chosen in combinations(shared, size)
            if _agree_after(study, one, other, chosen, conventions)
        ]
        smallest = tuple(swap for swap in swaps if not any(set(less) < set(swap) for less in swaps))
        if smallest:
            used.update((id(one), id(other)))
            yield Exchange((one, other), smallest, difference)


def _only_difference(one: Claim, other: Claim) -> str | None:
    """Return the key column in which two quantities differ, if it is only one."""
    columns = [column for column in AMBIGUOUS if getattr(one, column) != getattr(other, column)]
    return (
        columns[0]
        if len(columns) == 1 and columns[0] in ("population", "variable", "variable_level", "at")
        else None
    )


def _agree_after(
    study: Study,
    one: Estimand,
    other: Estimand,
    locations: Sequence[str],
    conventions: Conventions,
) -> bool:
    def swapped(estimand: Estimand, source: Estimand) -> Estimand:
        values = {claim.location: claim.printed for claim in source.claims}
        return replace(
            estimand,
            claims=tuple(
                claim.model_copy(update={"printed": values[claim.location]})
                if claim.location in locations
                else claim
                for claim in estimand.claims
            ),
        )

    return not any(
        differs(study, estimand, conventions)
        for estimand in (swapped(one, other), swapped(other, one))
    )


def exchange_finding(study: Study, exchange: Exchange, conventions: Conventions) -> Finding:
    """Say that two values stand the other way round in some places.

    Parameters
    ----------
    study : Study
        The study.
    exchange : Exchange
        The exchange.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    Finding
        A conflict with the exchanges as its repairs.
    """
    one, other = exchange.estimands
    claims = (*one.claims, *other.claims)
    names = _contrast(study, exchange)
    swaps = [listed(study.locations[name].title for name in swap) for swap in exchange.swaps]
    statement = (
        f"{_heading_without(study, exchange)}: {_assignments(study, exchange, names)}. The two values stand the other "
        "way round; either way agrees with itself, and both cannot hold."
    )
    verdict = verdict_of(study, claims)
    partner = {
        claim.claim: estimand for estimand in exchange.estimands for claim in estimand.claims
    }
    bearings = {}
    for claim in claims:
        against = [
            row for row in partner[claim.claim].claims if disagree(study, claim, row, conventions)
        ]
        sentence = f"As printings of one quantity, inconsistent with {said_where(study, against)}."
        bearings[claim.claim] = Bearing(verdict, sentence)
    values = {
        estimand.claims[0].claim: {claim.location: claim for claim in estimand.claims}
        for estimand in exchange.estimands
    }
    first, second = values.values()
    repairs = tuple(
        Repair(
            tuple(claim.claim for claim in claims if claim.location in swap),
            f"the two values exchanged in {title}",
            "exchange",
            tuple(
                (row.claim, other.printed)
                for location in swap
                for row, other in (
                    (first[location], second[location]),
                    (second[location], first[location]),
                )
            ),
        )
        for swap, title in zip(exchange.swaps, swaps, strict=True)
    )
    return Finding(
        CHECK,
        study.paper.key,
        "conflict" if verdict else "note",
        tuple(claim.claim for claim in claims),
        statement,
        bearings if verdict else {},
        resolved_by=(f"Which value belongs to {names[0]} and which to {names[1]}.",),
        repairs=repairs,
        changes=f"Which of the two values describes {names[0]} and which {names[1]}; the pair of values stays the same.",
        conventions=conventions.as_text(),
    )


def _contrast(study: Study, exchange: Exchange) -> tuple[str, str]:
    def name(claim: Claim) -> str:
        if exchange.difference == "population":
            return " or ".join(
                population_title(study, population) for population in claim.readings("population")
            )
        value: str = getattr(claim, exchange.difference)
        return value.replace("_", " ")

    first, second = (name(estimand.claims[0]) for estimand in exchange.estimands)
    return first, second


def _heading_without(study: Study, exchange: Exchange) -> str:
    """Name the quantity without the column in which the two differ."""
    claim = exchange.estimands[0].claims[0].model_copy(update={exchange.difference: ""})
    return heading(study, claim)


def _assignments(study: Study, exchange: Exchange, names: tuple[str, str]) -> str:
    """Return which places give which value to which of the two."""
    one, other = (
        {claim.location: claim for claim in estimand.claims} for estimand in exchange.estimands
    )
    said: dict[tuple[object, object], list[Claim]] = {}
    for location in dict.fromkeys((*one, *other)):
        pair = (one.get(location), other.get(location))
        key = (pair[0] and study.printed(pair[0]).value, pair[1] and study.printed(pair[1]).value)
        said.setdefault(key, []).extend(row for row in pair if row is not None)
    parts = []
    for rows in said.values():
        values = [
            f"{name} {quoted(study, row)}"
            for name, side in zip(names, (one, other), strict=True)
            if (row := side.get(rows[0].location)) is not None
        ]
        parts.append(f"{listed(values)} in {place(study, rows)}")
    return ", but ".join(parts)
