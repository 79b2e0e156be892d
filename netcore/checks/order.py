"""Order: quantiles between extremes, limits around estimates, curves that do not rise.

Some statistics of the same values come in one order, whatever the values are.
Rows are compared by the ends of their windows, so that rounding never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Final

from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.order_relations import (
    Clash,
    Item,
    Key,
    clashes,
    clashes_in_time,
    items_of,
    name_of,
)
from netcore.checks.other_bounds import OtherBounds, other_bounds
from netcore.checks.printings import disagree
from netcore.checks.wording import listed, place, quantity_title, quoted, with_unit
from netcore.printed import Interval, format_fraction, print_value
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.quantiles.exact_values import values_with
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = ["CHECK", "check_order"]

CHECK: Final = "order"

_MEANS: Final = ("mean", "geom_mean")
_DISTANCES: Final = {"range": ("min", "max"), "iqr": ("p25", "p75")}
_LARGEST_WITNESS: Final = 1_000  # patients; a longer list convinces nobody more

Unknown = tuple[str, str]  # what is left open, and the cell


def check_order(study: Study, conventions: Conventions) -> tuple[Finding, ...]:
    """Check the order of statistics of the same values.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Finding
        A conflict for each smallest set of rows that no values give,
        whatever the paper leaves unsaid; a conditional support where
        something unsaid would let them hold; and a support for the rows of
        one quantity that are in order.

    Notes
    -----
    For values x of any number of patients, and any definition of a quantile,
    min <= p10 <= p25 <= median <= p75 <= p90 <= max, and min <= mean <= max.
    Rows of one place are judged first; rows of several places only where no
    place by itself is at odds, and where their printings agree.
    """
    items = items_of(study, conventions)
    at_odds = [*_within_places(study, items)]
    at_odds += _across_places(study, items, at_odds, conventions)
    findings = [_at_odds_finding(study, odds, conventions) for odds in _merged(at_odds)]
    disputed = {claim for finding in findings for claim in finding.claims}
    findings += _in_order(study, items, disputed, conventions)
    order = {claim.claim: position for position, claim in enumerate(study.claims)}
    return tuple(sorted(findings, key=lambda finding: order[finding.claims[0]]))


@dataclass(frozen=True, slots=True)
class _Odds:
    """Rows that are at odds under every reading, with a clash for each."""

    claims: tuple[Claim, ...]
    clashes: tuple[Clash, ...]

    @property
    def holds_if(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(clash.holds_if for clash in self.clashes if clash.holds_if))


def _timeless(key: Key) -> Key:
    return replace(key, at="")


def _all_clashes(study: Study, items: Sequence[Item]) -> list[Clash]:
    keyed: dict[Key, list[Item]] = {}
    curves: dict[Key, list[Item]] = {}
    for item in items:
        keyed.setdefault(item.key, []).append(item)
        curves.setdefault(_timeless(item.key), []).append(item)
    found = [clash for group in keyed.values() for clash in clashes(study, group)]
    found += [clash for group in curves.values() for clash in clashes_in_time(group)]
    return [clash for clash in found if _joint(clash) is not None]


def _within_places(study: Study, items: Sequence[Item]) -> Iterable[_Odds]:
    for location in study.locations:
        found = _all_clashes(study, [item for item in items if item.claim.location == location])
        yield from _under_every_reading(found)


def _across_places(
    study: Study, items: Sequence[Item], within: Sequence[_Odds], conventions: Conventions
) -> Iterable[_Odds]:
    settled = {
        _timeless(item.key) for odds in within for clash in odds.clashes for item in clash.items
    }
    printings: dict[tuple[Key, str], list[Item]] = {}
    for item in items:
        printings.setdefault((item.key, item.stat_name), []).append(item)

    def is_disputed(item: Item) -> bool:
        return any(
            disagree(study, item.claim, other.claim, conventions)
            for other in printings[item.key, item.stat_name]
        )

    found = [
        clash
        for clash in _all_clashes(study, items)
        if len({item.claim.location for item in clash.items}) > 1
        and not any(_timeless(item.key) in settled for item in clash.items)
        # Which printing holds comes first, and may remove this.
        and not any(is_disputed(item) for item in clash.items)
    ]
    return _under_every_reading(found)


def _chosen(item: Item) -> dict[Unknown, str]:
    """Return what a reading of a row takes to be meant, where its paper leaves that open."""
    meant = {
        "population": item.key.population,
        "variable": item.key.variable,
        "variable_level": item.key.level,
        "at": item.key.at,
        "analysis": item.key.analysis,
        "stat_name": item.stat_name,
    }
    return {
        (point, getattr(item.claim, column)): meant[column]
        for column, point in item.points.items()
        if column in meant
    }


def _joint(clash: Clash) -> dict[Unknown, str] | None:
    """Return the readings of a clash together, or None if they contradict one another."""
    joint: dict[Unknown, str] = {}
    for item in clash.items:
        for unknown, choice in _chosen(item).items():
            if joint.setdefault(unknown, choice) != choice:
                return None
    return joint


def _under_every_reading(found: Sequence[Clash]) -> Iterable[_Odds]:
    """Keep what is at odds however the rows are read, rows of the same places read alike."""
    joint = {id(clash): _joint(clash) or {} for clash in found}
    seen: set[frozenset[str]] = set()
    for clash in found:
        chosen = [clash]
        while (free := _uncovered(chosen, joint)) is not None:
            rows = {item.claim.claim for one in chosen for item in one.items}
            further = [
                other
                for other in found
                if all(
                    free.get(unknown, choice) == choice
                    for unknown, choice in joint[id(other)].items()
                )
            ]
            if not further:
                break
            chosen.append(
                min(further, key=lambda one: len({item.claim.claim for item in one.items} - rows))
            )
        else:
            claims = {item.claim.claim: item.claim for one in chosen for item in one.items}
            if frozenset(claims) not in seen:
                seen.add(frozenset(claims))
                yield _Odds(tuple(claims.values()), tuple(chosen))


def _uncovered(
    chosen: Sequence[Clash], joint: Mapping[int, Mapping[Unknown, str]]
) -> dict[Unknown, str] | None:
    """Return a way to read the rows of some clashes under which none of these is one."""
    unknowns: dict[Unknown, tuple[str, ...]] = {}
    for clash in chosen:
        for item in clash.items:
            for unknown in _chosen(item):
                unknowns[unknown] = tuple(dict.fromkeys(unknown[1].split("|")))
    for choices in product(*unknowns.values()):
        reading = dict(zip(unknowns, choices, strict=True))
        if not any(
            all(reading[unknown] == choice for unknown, choice in joint[id(clash)].items())
            for clash in chosen
        ):
            return reading
    return None


def _estimand(claim: Claim) -> tuple[str, ...]:
    return tuple(getattr(claim, column) for column in AMBIGUOUS if column != "denominator")


def _merged(at_odds: Sequence[_Odds]) -> Iterable[_Odds]:
    """Join what is at odds in the same way in several places: it is one finding."""
    grouped: dict[frozenset[tuple[str, ...]], list[_Odds]] = {}
    for odds in at_odds:
        grouped.setdefault(frozenset(_estimand(claim) for claim in odds.claims), []).append(odds)
    for group in grouped.values():
        # A proof in one place is not weakened by what another place leaves open.
        proofs = [odds for odds in group if not odds.holds_if] or group
        rows = {claim.claim: claim for odds in proofs for claim in odds.claims}
        yield _Odds(
            tuple(sorted(rows.values(), key=lambda claim: claim.line)),
            tuple(clash for odds in proofs for clash in odds.clashes),
        )


def _said(study: Study, claims: Sequence[Claim]) -> str:
    """Return what some rows print, and where: ``lower quartile 5 and median 7 (Table 3)``."""
    named: dict[tuple[str, str], dict[str, list[Claim]]] = {}
    times = len({claim.at for claim in claims}) > 1
    for claim in claims:
        name = " or ".join(name_of(name) for name in claim.readings("stat_name"))
        values = named.setdefault((name, claim.at), {})
        values.setdefault(_signed(quoted(study, claim)), []).append(claim)
    places = [
        {claim.location for claim in rows} for values in named.values() for rows in values.values()
    ]
    alike = all(where == places[0] for where in places)
    parts = [
        f"{name}{f' at {at}' if times and at else ''} "
        + listed(
            (
                value if alike else f"{value} ({place(study, rows)})"
                for value, rows in values.items()
            ),
            "or",
        )
        for (name, at), values in named.items()
    ]
    return listed(parts) + (f" ({place(study, claims)})" if alike else "")


def _signed(text: str) -> str:
    """Return a number with a true minus sign."""
    return f"−{text[1:]}" if text.startswith("-") else text


def _heading(study: Study, claims: Sequence[Claim]) -> str:
    first = claims[0]
    if len({claim.at for claim in claims}) > 1:
        first = first.model_copy(update={"at": ""})
    title = quantity_title(study, first)
    return title[:1].upper() + title[1:]


def _at_odds_finding(study: Study, odds: _Odds, conventions: Conventions) -> Finding:
    rules = " ".join(dict.fromkeys(clash.rule for clash in odds.clashes))
    claims = odds.claims
    statement = f"{_heading(study, claims)}: {_said(study, claims)}. {rules}"
    if odds.holds_if:
        verdict = Verdict.CONDITIONAL
        statement += f" These hold together only if {listed(odds.holds_if, 'or')}."
    else:
        verdict = Verdict.INCONSISTENT
        statement += " No values give these, however they were rounded."
    bearings = {}
    for claim in claims:
        others = [other for other in claims if _estimand(other) != _estimand(claim)]
        if verdict is Verdict.CONDITIONAL:
            beside = f"beside {_said(study, others)} " if others else ""
            sentence = f"Holds {beside}only if {listed(odds.holds_if, 'or')}."
        elif others:
            sentence = f"Inconsistent with {_said(study, others)}. {rules}"
        else:
            sentence = f"Inconsistent with what it is a value of. {rules}"
        bearings[claim.claim] = Bearing(verdict, sentence)
    estimands = dict.fromkeys(_estimand(claim) for claim in claims)
    repairs = tuple(
        Repair(
            tuple(claim.claim for claim in claims if _estimand(claim) == estimand),
            f"another {' or '.join(name_of(name) for name in estimand[3].split('|'))}",
        )
        for estimand in estimands
    )
    return Finding(
        CHECK,
        study.paper.key,
        "support" if odds.holds_if else "conflict",
        tuple(claim.claim for claim in claims),
        statement,
        bearings,
        assumptions=odds.holds_if,
        resolved_by=("Which of the values the patients' records give, and how each was computed.",),
        repairs=() if odds.holds_if else repairs,
        changes="An estimate: at least one of these values cannot be quoted as printed."
        if not odds.holds_if
        else "An estimate: what it says depends on how it was computed.",
        conventions=conventions.as_text(),
    )


def _in_order(
    study: Study, items: Sequence[Item], disputed: set[str], conventions: Conventions
) -> Iterable[Finding]:
    """Yield one support for each quantity with several statistics that are in order."""
    grouped: dict[tuple[str, ...], dict[str, list[Item]]] = {}
    for item in items:
        claim = item.claim
        is_meant = item.key.variable and study.variables[item.key.variable].type != "date"
        if "|" in claim.stat_name or not is_meant or not _is_ordered(item.stat_name):
            continue
        cells = (claim.population, claim.variable, claim.variable_level, claim.at, claim.analysis)
        rows = grouped.setdefault((*cells, item.key.unit), {}).setdefault(item.stat_name, [])
        if not any(row.claim.claim == claim.claim for row in rows):
            rows.append(item)
    others = other_bounds(study)
    for by_name in grouped.values():
        claims = [item.claim for rows in by_name.values() for item in rows]
        if len(by_name) > 1 and not any(claim.claim in disputed for claim in claims):
            yield _support(study, by_name, others, conventions)


def _is_ordered(stat_name: str) -> bool:
    return stat_name in QUANTILES or stat_name in _MEANS or stat_name in _DISTANCES


def _support(
    study: Study,
    by_name: Mapping[str, list[Item]],
    others: OtherBounds,
    conventions: Conventions,
) -> Finding:
    names = sorted(by_name, key=[*QUANTILES, *_MEANS, *_DISTANCES].index)
    items = [item for name in names for item in by_name[name]]
    claims = sorted((item.claim for item in items), key=lambda claim: claim.line)
    witness = _witness(study, by_name, claims, others)
    bearings = {item.claim.claim: _bearing(study, item, by_name, witness) for item in items}
    first = claims[0]
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in claims),
        f"{_heading(study, claims)}: {_said(study, [item.claim for item in items])}. These are in order.",
        bearings,
        conventions=conventions.as_text(),
        witness=None
        if witness is None
        else {
            "kind": f"values of {len(witness)} units, constructed",
            "quantity": quantity_title(study, first),
            "values": [format_fraction(value) for value in witness],
            "quantiles": "type 7 of Hyndman and Fan",
        },
    )


def _bearing(
    study: Study,
    item: Item,
    by_name: Mapping[str, list[Item]],
    witness: Sequence[Fraction] | None,
) -> Bearing:
    name = item.stat_name
    if name in _DISTANCES:
        return _distance_bearing(study, item, by_name)
    attainable = _between_neighbours(study, item, by_name)
    low, high = (
        None if end is None else _signed(format_fraction(end))
        for end in (attainable.low, attainable.high)
    )
    unit = item.key.unit
    if low is not None and high is not None:
        span = f"from {low} to {with_unit(high, unit)}"
    elif low is not None:
        span = f"of {with_unit(low, unit)} or more"
    else:
        span = f"of {with_unit(high or '', unit)} or less"
    sentence = f"In order: any value {span} would be."
    verdict = Verdict.POSSIBLE if witness is not None and name in QUANTILES else None
    return Bearing(verdict, sentence, attainable=(attainable,))


def _between_neighbours(study: Study, item: Item, by_name: Mapping[str, list[Item]]) -> Interval:
    """Return the values that would also be in order, from rows of the same place where it has them."""
    variable = study.variables[item.key.variable]
    is_printed_in = variable.unit in (None, item.key.unit)
    bound = Interval(
        variable.min if is_printed_in else None, variable.max if is_printed_in else None
    )
    for name, rows in by_name.items():
        if name not in QUANTILES or name == item.stat_name:
            continue
        here = [row for row in rows if row.claim.location == item.claim.location] or rows
        rank = QUANTILES.get(item.stat_name)
        for row in here:
            if (rank is None and name == "min") or (rank is not None and QUANTILES[name] < rank):
                bound = bound.meet(Interval(row.window.low, None))
            elif (rank is None and name == "max") or (rank is not None and QUANTILES[name] > rank):
                bound = bound.meet(Interval(None, row.window.high))
    return bound


def _distance_bearing(study: Study, item: Item, by_name: Mapping[str, list[Item]]) -> Bearing:
    ends = [
        next(
            (row for row in by_name.get(name, []) if row.claim.location == item.claim.location),
            None,
        )
        for name in _DISTANCES[item.stat_name]
    ]
    low, high = ends
    if low is None or high is None:
        return Bearing(None, "In order beside the other values.")
    printed = [study.printed(row.claim) for row in (item, low, high)]
    if not all(one.is_number for one in printed):
        return Bearing(None, "In order beside the other values.")
    value = printed[2].number() - printed[1].number()
    sentence = f"{_signed(high.claim.printed)} less {_signed(low.claim.printed)} is {format_fraction(value)}."
    step = printed[0].step
    if value != printed[0].number() or step is None:
        return Bearing(None, f"{sentence} The difference lies within rounding.")
    decimals = len(str(step.denominator)) - 1
    return Bearing(Verdict.REPRODUCED, sentence, print_value(value, decimals))


def _witness(
    study: Study, by_name: Mapping[str, list[Item]], claims: Sequence[Claim], others: OtherBounds
) -> tuple[Fraction, ...] | None:
    """Return values that fit all rows, where no other row has a say; None otherwise."""
    quantiles = {name: rows for name, rows in by_name.items() if name in QUANTILES}
    if len(quantiles) < 2 or not set(by_name) <= {*QUANTILES}:
        return None
    if any("|" in claim.variable or "|" in claim.at for claim in claims):
        return None
    numbers = []
    ids = {claim.claim for claim in claims}
    for population in claims[0].readings("population"):
        variable, at = claims[0].variable, claims[0].at
        if others.bear_on(population, variable, at, ids):
            return None
        numbers.append(others.largest_number(population))
    known = [number for number in numbers if number is not None]
    analysed = _analysed(study, claims[0])
    if len(analysed) > 1:
        return None
    values = _rising(study, quantiles)
    if values is None:
        return None
    largest = min([*known, *analysed], default=None)
    if analysed or (largest is not None and largest <= _LARGEST_WITNESS):
        sizes: Iterable[int] = [*analysed] if analysed else range(largest or 0, 0, -1)
    else:
        sizes = range(2, 42)
    for number in sizes:
        if 0 < number <= _LARGEST_WITNESS and (largest is None or number <= largest):
            found = values_with(values, number)
            if found is not None:
                return found
    return None


def _analysed(study: Study, claim: Claim) -> set[int]:
    """Return the numbers of known values that are printed for a quantity."""
    return {
        int(study.printed(row).number())
        for row in study.claims
        if row.stat_name in ("N", "N_nonmiss")
        and (row.population, row.variable, row.at) == (claim.population, claim.variable, claim.at)
        and is_patient_data(study, row)
        and is_first_hand(study, row)
        and len(readings(row)) == 1
        and study.printed(row).is_number
    }


def _rising(study: Study, quantiles: Mapping[str, list[Item]]) -> dict[str, Fraction] | None:
    """Return a value in every window, in order, and recorded as finely as the variable is."""
    first = next(iter(quantiles.values()))[0]
    variable = study.variables[first.key.variable]
    step = variable.granularity.step if variable.granularity else None
    if variable.type == "integer":
        step = Fraction(1)
    chosen: dict[str, Fraction] = {}
    least: Fraction | None = variable.min
    for name in QUANTILES:
        if name not in quantiles:
            continue
        window = Interval(least, variable.max)
        for row in quantiles[name]:
            window = window.meet(row.window)
        if window.is_empty or window.low is None or window.high is None:
            return None
        middle = quantiles[name][0].window
        wanted = (
            (middle.low + middle.high) / 2
            if middle.low is not None and middle.high is not None
            else window.low
        )
        value = wanted if wanted in window else window.low
        if step is not None and value % step:
            multiples = [floor(value / step) * step, ceil(value / step) * step]
            inside = [multiple for multiple in multiples if multiple in window]
            if not inside:
                return None
            value = inside[0]
        if value not in window:
            return None
        chosen[name] = least = value
    return chosen
