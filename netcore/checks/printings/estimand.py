"""Estimands: rows that say the same thing, and when two of them contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from netcore.checks.count_systems import count_window
from netcore.checks.estimands import cell_of, readings, significance
from netcore.checks.finding import Conventions, Verdict
from netcore.checks.wording import claim_title, listed, place, quoted
from netcore.printed import Interval
from netcore.study import AMBIGUOUS, Claim, Study

__all__ = [
    "CHECK",
    "Estimand",
    "by_value",
    "changes_of",
    "differs",
    "disagree",
    "estimand_key",
    "heading",
    "labels_of",
    "pairs_at_odds",
    "rounded_differently",
    "said_where",
    "verdict_of",
    "window_of",
]

CHECK: Final = "printings"


@dataclass(frozen=True, slots=True)
class Estimand:
    """Rows that say the same thing under every joint reading.

    Parameters
    ----------
    key : tuple
        What they are about.
    claims : tuple of Claim
        The rows, in the order of the file.
    """

    key: tuple[object, ...]
    claims: tuple[Claim, ...]


def estimand_key(study: Study, claim: Claim) -> tuple[object, ...]:
    """Identify what a row is about; one count has one key however it is named.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    tuple
        Equal for rows that say the same thing.
    """
    found = readings(claim)
    if len(found) == 1 and claim.stat_name in ("N", "n"):
        cell = cell_of(study, found[0])
        if cell is not None:
            return ("count", cell, claim.cites)
    return (
        *(claim.readings(column) for column in AMBIGUOUS if column != "denominator"),
        claim.cites,
    )


def window_of(study: Study, claim: Claim, conventions: Conventions) -> Interval | None:
    """Return the numbers that a row can stand for, if it prints a number.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    Interval or None
        None for words, dates and ``all``.
    """
    if not study.is_numeric(claim) or claim.printed == "all":
        return None
    if claim.stat_name in ("N", "n"):
        return count_window(study.printed(claim))
    return study.printed(claim).window(
        conventions.rounding, alpha=significance(study, conventions.alpha)
    )


def disagree(study: Study, one: Claim, other: Claim, conventions: Conventions) -> bool:
    """Return whether two printings of one quantity contradict each other.

    Parameters
    ----------
    study : Study
        The study of both claims.
    one, other : Claim
        Two rows about the same quantity.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    bool
        True if no number prints as both: for words and dates, if neither is
        the beginning of the other (2022 and 2022-12 agree); for numbers of
        equally many decimals, if they differ at all; otherwise if their
        windows do not meet.  What depends on other rows never disagrees,
        nor do numbers of two units.
    """
    if "all" in (one.printed, other.printed):
        return False
    if one.unit != other.unit and one.unit and other.unit:
        return False
    if not (study.is_numeric(one) and study.is_numeric(other)):
        return not _same_words(study, one, other)
    first, second = study.printed(one), study.printed(other)
    if first.is_number and second.is_number and first.step == second.step:
        return first.number() != second.number()
    windows = window_of(study, one, conventions), window_of(study, other, conventions)
    return windows[0] is not None and windows[1] is not None and not windows[0].meets(windows[1])


def rounded_differently(study: Study, claims: Sequence[Claim], conventions: Conventions) -> bool:
    """Return whether rows that disagree may print one number, rounded in different ways.

    Parameters
    ----------
    study : Study
        The study of the rows.
    claims : sequence of Claim
        Rows about the same quantity, which disagree.
    conventions : Conventions
        The level behind ``ns``.

    Returns
    -------
    bool
        True for 0.57 and 0.58, and for 0.5 and 0.57, of which the first may
        have been cut off.  False if a row is a word, a date or a count, if
        their units differ, or if no number prints as all of them whatever
        the rounding of each.
    """
    if len({claim.unit for claim in claims if claim.unit}) > 1:
        return False
    if any(claim.stat_name in ("N", "n") for claim in claims):
        return False
    printed = [
        [
            window
            for rounding in ("nearest", "truncate")
            if (window := window_of(study, claim, replace(conventions, rounding=rounding)))
        ]
        for claim in claims
    ]
    # What a row can print is an interval; intervals of which every two meet have a number in common.
    return all(
        any(one.meets(other) for one in ones for other in others)
        for ones, others in combinations(printed, 2)
    )


def _same_words(study: Study, one: Claim, other: Claim) -> bool:
    """Return whether two printed dates, or two printed levels, can both be so."""
    if one.printed == other.printed:
        return True
    variables = [study.variables[name] for name in one.readings("variable") if name]
    if any(variable.type == "date" for variable in variables):
        return one.printed.startswith(other.printed) or other.printed.startswith(one.printed)
    return any(
        variable.type == "multi"  # one patient may have both
        or set(variable.unions.get(one.printed, (one.printed,)))
        & set(variable.unions.get(other.printed, (other.printed,)))
        for variable in variables
    )


def differs(study: Study, estimand: Estimand, conventions: Conventions) -> bool:
    """Return whether two printings of a quantity contradict each other.

    Parameters
    ----------
    study : Study
        The study.
    estimand : Estimand
        The rows.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    bool
        True if any two rows disagree.
    """
    return any(
        disagree(study, one, other, conventions) for one, other in combinations(estimand.claims, 2)
    )


def by_value(claims: Iterable[Claim], study: Study) -> list[tuple[str, list[Claim]]]:
    """Group rows by the value that they print, with its unit.

    Parameters
    ----------
    claims : sequence of Claim
        Rows of its claims table.
    study : Study
        The study.

    Returns
    -------
    list of (str, list of Claim)
        In the order of the rows.
    """
    values: dict[object, list[Claim]] = {}
    for claim in claims:
        numeric = study.is_numeric(claim)
        printed = study.printed(claim) if numeric else None
        key = (
            (printed.kind, printed.value, printed.step, printed.upper)
            if printed and printed.value is not None
            else claim.printed
        )
        values.setdefault(key, []).append(claim)
    return [(quoted(study, rows[0]), rows) for rows in values.values()]


def said_where(study: Study, claims: Sequence[Claim]) -> str:
    """Say which value stands in which places.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        Rows of its claims table.

    Returns
    -------
    str
        Such as ``35 % in Table 1, but 53 % in Results``.
    """
    return ", but ".join(
        f"{value} in {place(study, rows)}" for value, rows in by_value(claims, study)
    )


def labels_of(study: Study, claims: Sequence[Claim]) -> str:
    """Say how places label the quantity, where they differ.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        Rows of its claims table.

    Returns
    -------
    str
        A sentence with a space before it; empty if all labels are alike.
    """
    labels: dict[str, list[Claim]] = {}
    for claim in claims:
        for variable in claim.readings("variable"):
            label = study.variables[variable].printed_as.get(claim.location, "") if variable else ""
            if label:
                labels.setdefault(label, []).append(claim)
    if len(labels) < 2:
        return ""
    return (
        " It is labelled "
        + listed(f"“{label}” in {place(study, rows)}" for label, rows in labels.items())
        + "."
    )


def heading(study: Study, claim: Claim) -> str:
    """Return what a row is about, with a capital.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    str
        The title of the row.
    """
    title = claim_title(study, claim)
    return title[:1].upper() + title[1:]


def pairs_at_odds(
    study: Study, claims: Sequence[Claim], conventions: Conventions
) -> list[tuple[Claim, Claim]]:
    """Return all pairs of rows that contradict each other.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        Rows of its claims table.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    list of (Claim, Claim)
        In the order of the rows.
    """
    return [
        (one, other)
        for one, other in combinations(claims, 2)
        if disagree(study, one, other, conventions)
    ]


def verdict_of(study: Study, claims: Iterable[Claim]) -> Verdict | None:
    """Return the verdict of rows that contradict one another.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        Rows of its claims table.

    Returns
    -------
    Verdict or None
        None if one was seen in a secondary source only, which convicts nobody.
    """
    secondary = any(study.locations[claim.location].seen == "secondary" for claim in claims)
    return None if secondary else Verdict.INCONSISTENT


def changes_of(study: Study, claims: Sequence[Claim], conventions: Conventions) -> str:
    """Say what a reader can no longer use, from the statistic alone.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        Rows of its claims table.
    conventions : Conventions
        Rounding, and the level behind ``ns``.

    Returns
    -------
    str
        One sentence.
    """
    first = claims[0]
    if first.stat_name == "p.value":
        alpha = significance(study, conventions.alpha)
        windows = [
            window
            for claim in claims
            if (window := window_of(study, claim, conventions)) is not None
        ]
        above = all(window.low is not None and window.low >= alpha for window in windows)
        below = all(window.high is not None and window.high <= alpha for window in windows)
        level = f"the significance level of {float(alpha):g}"
        if above:
            return f"Nothing for the conclusion: every printed p-value lies above {level}."
        if below:
            return f"Nothing for the conclusion: no printed p-value lies above {level}."
        return f"The comparison: the printed p-values lie on both sides of {level}."
    values = listed((value for value, _ in by_value(claims, study)), "or")
    return f"An estimate: quote {values}, and name both places."
