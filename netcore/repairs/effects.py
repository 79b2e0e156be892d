"""What a conflict changes: estimates as printed and after each repair, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from netcore.checks import Finding, Repair
from netcore.checks.wording import claim_title, place, quoted
from netcore.printed import PrintedError
from netcore.stats.counts import percentage, proportion_interval
from netcore.study import Claim, Study

__all__ = ["Effect", "Estimate", "effects_of"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate in words, and as numbers where it is a share.

    Parameters
    ----------
    text : str
        The estimate with its interval.
    share, low, high : float or None
        A share between 0 and 1 and the limits of its interval.
    """

    text: str
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate before and after one repair.

    Parameters
    ----------
    claim : str
        The claim whose value changes.
    quantity : str
        What is estimated, in words.
    printed, repaired : Estimate
        From the values as printed, and after the repair.
    repair : Repair
        The repair.
    """

    claim: str
    quantity: str
    printed: Estimate
    repaired: Estimate
    repair: Repair


def effects_of(study: Study, finding: Finding, confidence: float = 0.95) -> tuple[Effect, ...]:
    """Return what each repair of a conflict does to the estimates.

    Parameters
    ----------
    study : Study
        The study.
    finding : Finding
        A conflict of it, or what holds under an assumption.
    confidence : float
        Confidence level of intervals, between 0 and 1.

    Returns
    -------
    tuple of Effect
        One for each repair and each value that it changes; a value that
        stands in several places once.

    Notes
    -----
    A count is shown as a share of its group, with Wilson's interval, as far as
    the size of the group is printed.  For other values the values themselves
    are shown; an interval would need numbers that papers seldom print.
    """
    found: list[Effect] = [*_shares_that_fit(study, finding, confidence)]
    for repair in finding.repairs:
        seen: set[tuple[str, ...]] = set()
        for name, printed in _replacements(finding, repair):
            claim = study.claim_by_id(name)
            key = (
                claim.population,
                claim.variable,
                claim.variable_level,
                claim.stat_name,
                claim.at,
            )
            if key in seen or not study.is_numeric(claim):
                continue
            seen.add(key)
            found.append(
                Effect(
                    name,
                    f"{claim_title(study, claim)} ({place(study, _changed(study, repair, claim))})",
                    _estimate(study, claim, claim.printed, {}, confidence),
                    _estimate(study, claim, printed, dict(repair.replacements), confidence),
                    repair,
                )
            )
    # Repairs that differ in nothing that is shown are shown once.
    shown: dict[tuple[str, str, str], Effect] = {}
    for one in found:
        shown.setdefault((one.quantity, one.printed.text, one.repaired.text), one)
    return tuple(shown.values())


def _shares_that_fit(study: Study, finding: Finding, confidence: float) -> Iterator[Effect]:
    """Yield every share that a percentage without a count may be."""
    pairs = finding.witness.get("pairs", []) if finding.witness is not None else []
    if not isinstance(pairs, list):
        return
    claim = study.claim_by_id(finding.claims[0])
    for count, total in pairs:
        yield Effect(
            claim.claim,
            f"{claim_title(study, claim)}, if {total} were counted",
            Estimate(quoted(study, claim)),
            _share([count], total, confidence),
            Repair((claim.claim,), f"a denominator of {total}"),
        )


def _changed(study: Study, repair: Repair, claim: Claim) -> list[Claim]:
    """Return the rows of one value that a repair changes."""
    rows = [study.claim_by_id(name) for name in repair.claims]
    same = [row for row in rows if _key(row) == _key(claim)]
    return same or [claim]


def _key(claim: Claim) -> tuple[str, ...]:
    return (
        claim.population,
        claim.variable,
        claim.variable_level,
        claim.stat_name,
        claim.at,
        claim.analysis,
    )


def _replacements(finding: Finding, repair: Repair) -> Iterator[tuple[str, str]]:
    if repair.replacements:
        yield from repair.replacements
        return
    # Without a value of its own, a repair of counts admits all that would have passed.
    for name in repair.claims:
        bearing = finding.bearings.get(name)
        if bearing is None or not bearing.attainable:
            continue
        (interval, *_) = bearing.attainable
        if interval.low is not None and interval.high is not None:
            yield name, f"{interval.low}..{interval.high}"


def _estimate(
    study: Study,
    claim: Claim,
    printed: str,
    replacements: Mapping[str, str],
    confidence: float,
) -> Estimate:
    if claim.stat_name in ("n", "pct"):
        size = _size(study, claim, replacements)
        if size is not None and claim.stat_name == "n":
            ends = [int(end) for end in printed.split("..") if end.isdigit()]
            if ends:
                return _share(ends, size, confidence)
        # A percentage after a repair is that of the count beside it, as far as one is printed.
        if size is not None and claim.stat_name == "pct" and printed != claim.printed:
            counts = _counts_beside(study, claim, replacements)
            if len(counts) == 1 and _prints_as(study, claim, printed, counts[0], size):
                return _share(counts, size, confidence)
    unit = f" {claim.unit}" if claim.unit and claim.unit != "date" else ""
    low, _, high = printed.partition("..")
    return Estimate(f"{low} to {high}{unit}" if high else f"{low}{unit}")


def _prints_as(study: Study, claim: Claim, printed: str, count: int, size: int) -> bool:
    """Return whether a share of the group is the percentage, and not that of another group."""
    if size < 1:
        return False
    window = study.printed(claim.model_copy(update={"printed": printed})).window()
    return percentage(count, size) in window


def _counts_beside(study: Study, claim: Claim, replacements: Mapping[str, str]) -> list[int]:
    """Return the counts of a percentage's level that stand in the same place."""
    keys = ("location", "population", "variable", "variable_level", "at")
    found = {
        replacements.get(row.claim, row.printed)
        for row in study.claims
        if row.stat_name == "n" and all(getattr(row, key) == getattr(claim, key) for key in keys)
    }
    return [int(text) for text in found if text.isdigit()]


def _size(study: Study, claim: Claim, replacements: Mapping[str, str]) -> int | None:
    """Return the printed size of the group that a count is of, if there is one."""
    population = claim.denominator or claim.population
    sizes: set[Fraction] = set()
    for row in study.claims:
        if row.stat_name == "N" and not row.variable and row.population == population:
            try:
                sizes.add(
                    study.printed(
                        row.model_copy(update={"printed": replacements.get(row.claim, row.printed)})
                    ).number()
                )
            except PrintedError:
                return None
    return int(sizes.pop()) if len(sizes) == 1 else None


def _share(counts: list[int], size: int, confidence: float) -> Estimate:
    low, high = min(counts), max(counts)
    if high > size or size < 1:
        return Estimate(f"{low} of {size}: not a share")
    first, last = (proportion_interval(count, size, confidence) for count in (low, high))
    span = f"{100 * first.low:.0f} to {100 * last.high:.0f} %"
    if low == high:
        return Estimate(
            f"{low} of {size}: {100 * first.estimate:.0f} % ({span})",
            first.estimate,
            first.low,
            last.high,
        )
    shares = f"{100 * first.estimate:.0f} to {100 * last.estimate:.0f} %"
    return Estimate(f"{low} to {high} of {size}: {shares} ({span})", None, first.low, last.high)
