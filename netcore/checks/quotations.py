"""Quoted values, against the document that they are quoted from.

A quotation names its source, and where the transcriber could tell, the very
value of the source.  A value that the seen part of a source does not print
refutes nothing; one that it prints otherwise may have been counted over another
of the source's own groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks.estimands import is_first_hand, significance
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.wording import (
    claim_title,
    counted,
    listed,
    place,
    population_title,
    quantity_title,
    quoted,
    study_title,
)
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_quotations"]

CHECK: Final = "quotations"


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of one of the source's groups that prints as quoted."""

    count: Claim
    whole: Claim


def check_quotations(
    study: Study, library: Sequence[Study], conventions: Conventions
) -> tuple[Finding, ...]:
    """Compare quoted values with what their sources print.

    Parameters
    ----------
    study : Study
        The document that quotes.
    library : sequence of Study
        Other documents, the sources among them.
    conventions : Conventions
        How printed numbers are read.

    Returns
    -------
    tuple of Finding
        One for each quoted value whose source is in the library.

    Notes
    -----
    Where the quotation names a value of its source (``key#claim``), the two
    are compared: equal values support it; otherwise the source's own counts
    are tried over every group that the source sizes; otherwise the two are in
    conflict.  The conflict is certain only if the source was seen in full: an
    abstract and the full text of one paper may differ.
    """
    sources = {other.paper.key: other for other in library if other.paper.key != study.paper.key}
    findings = []
    for claim in study.claims:
        key, _, name = claim.cites.partition("#")
        source = sources.get(key)
        if source is None or not study.is_numeric(claim):
            continue
        known = {row.claim: row for row in source.claims if _is_comparable(source, row)}
        if name in known and _is_comparable(study, claim):
            findings.append(_compared(study, claim, source, known[name], conventions))
        else:
            findings.append(_unnamed(study, claim, source, conventions))
    return tuple(findings)


def _is_comparable(study: Study, claim: Claim) -> bool:
    """Return whether a row prints something that stands for numbers by itself."""
    return study.is_numeric(claim) and claim.printed != "all"


def _said(study: Study, claim: Claim, source: Study) -> str:
    value = f"{place(study, [claim])} quotes {quoted(study, claim)}"
    return f"{value} for {quantity_title(study, claim)} from {study_title(source)}"


def _unnamed(study: Study, claim: Claim, source: Study, conventions: Conventions) -> Finding:
    seen = {location.seen for location in source.locations.values()}
    part = "full text" if "full text" in seen else "abstract" if "abstract only" in seen else "part"
    sentence = (
        f"Quoted from {study_title(source)}. The {part} that was seen here does not print it, which "
        "refutes nothing."
    )
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        (claim.claim,),
        f"{_said(study, claim, source)}. The {part} that was seen here does not print it, which refutes nothing.",
        {claim.claim: Bearing(Verdict.UNCONSTRAINED, sentence)},
        elsewhere=(source.paper.key,),
        conventions=conventions.as_text(),
    )


def _compared(
    study: Study, claim: Claim, source: Study, origin: Claim, conventions: Conventions
) -> Finding:
    ours, theirs = study.printed(claim), source.printed(origin)
    levels = (significance(study, conventions.alpha), significance(source, conventions.alpha))
    said = _said(study, claim, source)
    address = f"{source.paper.key}#{origin.claim}"
    printed = f"{study_title(source)} ({place(source, [origin])}) prints {quoted(source, origin)} for {claim_title(source, origin)}"
    windows = (
        ours.window(conventions.rounding, alpha=levels[0]),
        theirs.window(conventions.rounding, alpha=levels[1]),
    )
    # With equal decimals a quotation is a copy, and any difference is one.
    copied = ours.is_number and theirs.is_number and ours.step == theirs.step
    same = ours.value == theirs.value if copied else windows[0].meets(windows[1])
    if same:
        sentence = f"{printed}, as quoted."
        verdict = Verdict.REPRODUCED if is_first_hand(source, origin) else Verdict.OPEN
        return Finding(
            CHECK, study.paper.key, "support", (claim.claim,), f"{said}. {sentence}",
            {claim.claim: Bearing(verdict, sentence, recomputed=origin.printed)}, elsewhere=(address,), conventions=conventions.as_text(),
        )  # fmt: skip
    shares, tried = _shares(study, claim, source, origin, conventions)
    if shares:
        ways = listed((_described(source, share) for share in shares), "or")
        sentence = f"{printed}. The quoted value fits {ways}; tried: {counted(tried, 'group')} of the source."
        return Finding(
            CHECK, study.paper.key, "support", (claim.claim,), f"{said}. {sentence}",
            {claim.claim: Bearing(Verdict.CONDITIONAL, sentence)},
            assumptions=(f"the quotation is a share of {listed((population_title(source, share.whole.population) for share in shares), 'or')} of the source",),
            resolved_by=("Which of the source's groups the quotation is a share of.",),
            changes="The quoted value and the source's own differ only in the patients that are counted; quote the source's counts.",
            elsewhere=(address,), conventions=conventions.as_text(),
        )  # fmt: skip
    certain = is_first_hand(study, claim) and source.locations[origin.location].seen == "full text"
    tail = f" No group of the source gives it either (tried: {tried})." if tried else ""
    sentence = f"{printed}.{tail}"
    if not is_first_hand(source, origin):
        bearing = Bearing(
            Verdict.OPEN, f"{sentence} That source was seen in a secondary source only."
        )
        return Finding(
            CHECK, study.paper.key, "note", (claim.claim,), f"{said}. {sentence}", {claim.claim: bearing}, elsewhere=(address,), conventions=conventions.as_text(),
        )  # fmt: skip
    seen_in = place(source, [origin])
    assumption = (
        f"the full text of {study_title(source)} prints another value than its {seen_in.lower()}, "
        "or another quantity is meant"
    )
    outcome = "The two values differ." if certain else f"It holds only if {assumption}."
    return Finding(
        CHECK, study.paper.key, "conflict" if certain else "support", (claim.claim,), f"{said}. {sentence} {outcome}",
        {claim.claim: Bearing(Verdict.INCONSISTENT if certain else Verdict.CONDITIONAL, f"{sentence} {outcome}")},
        assumptions=() if certain else (assumption,),
        resolved_by=("The place in the source that the quotation was taken from.",),
        changes="The quotation; the source itself can be cited instead.",
        elsewhere=(address,), conventions=conventions.as_text(),
    )  # fmt: skip


def _described(source: Study, share: _Share) -> str:
    group = population_title(source, share.whole.population)
    return f"{share.count.printed} of {share.whole.printed} ({group})"


def _shares(
    study: Study, claim: Claim, source: Study, origin: Claim, conventions: Conventions
) -> tuple[list[_Share], int]:
    """Find groups of the source over which its own count prints as quoted."""
    if claim.stat_name != "pct":
        return [], 0
    printed = study.printed(claim)
    window = printed.window(conventions.rounding)
    counts = [
        row
        for row in source.claims
        if row.stat_name == "n"
        and is_first_hand(source, row)
        and (row.variable, row.variable_level, row.at)
        == (origin.variable, origin.variable_level, origin.at)
        and source.printed(row).is_whole
    ]
    wholes = [
        row
        for row in source.claims
        if row.stat_name == "N"
        and is_first_hand(source, row)
        and source.printed(row).is_whole
        and "|" not in row.population
    ]
    tried = 0
    found: dict[tuple[Fraction, Fraction], _Share] = {}
    for count in counts:
        for whole in wholes:
            n, size = source.printed(count).number(), source.printed(whole).number()
            if size <= 0 or n > size:
                continue
            tried += 1
            share = 100 * n / size
            if share in window:
                found.setdefault((n, size), _Share(count, whole))
    return list(found.values()), tried
