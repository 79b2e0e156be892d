"""Counts of studies: what a document says was published, against what was.

'No randomised trial was ever done' is a count, and one study that meets its
description and came before contradicts it.  A library is never complete, so a
study that is not in it proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from netcore.checks.estimands import is_first_hand
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.wording import listed, place, quoted, study_title, variable_title
from netcore.stats.calendar import dates_in
from netcore.study import Claim, StudiesCounted, Study

__all__ = ["CHECK", "check_counted_studies", "studies_that_count"]

CHECK: Final = "counted-studies"

_OF_ARMS: Final = frozenset(("randomised_trial", "non_randomised_trial"))
_SHORT: Final = 4  # letters of an abbreviation such as TACE

Order = Literal["before", "unknown", "not before"]

# Documents about studies of others; they count only where a count asks for their design.
_ABOUT_OTHERS: Final = frozenset(
    ("systematic_review", "meta_analysis", "narrative_review", "guideline", "other")
)


@dataclass(frozen=True, slots=True)
class _Match:
    study: Study
    order: Order
    is_sure: bool  # that it compared, where a comparison is asked for


def check_counted_studies(
    study: Study, library: Sequence[Study], conventions: Conventions
) -> tuple[Finding, ...]:
    """Compare counts of studies with the studies that there are.

    Parameters
    ----------
    study : Study
        The document that counts.
    library : sequence of Study
        Other documents.
    conventions : Conventions
        How printed numbers are read.

    Returns
    -------
    tuple of Finding
        One for each count of studies, in however many places it is printed.

    Notes
    -----
    A count is refuted by more studies than it admits, each of which meets the
    description under that reading and was published before the document.
    Reviews and guidelines are no studies, unless the count is one of them.
    Where a comparison is asked for, a document counts as one for certain if it
    is a trial of arms or prints a test of groups; else that it used all the
    interventions leaves open whether it compared them.  What is left open makes the verdict conditional: the date of an undated
    document, and a reading of the count that nothing refutes.
    """
    others = [other for other in library if other.paper.key != study.paper.key]
    printings: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in study.claims:
        if _is_count_of_studies(study, claim):
            key = (claim.variable, claim.printed, study.locations[claim.location].seen)
            printings.setdefault(key, []).append(claim)
    return tuple(_finding(study, rows, others, conventions) for rows in printings.values())


def _is_count_of_studies(study: Study, claim: Claim) -> bool:
    variables = [study.variables.get(name) for name in claim.readings("variable")]
    return (
        not claim.cites
        and set(claim.readings("stat_name")) <= {"n", "N", "value"}
        and all(variable is not None and variable.counts is not None for variable in variables)
        and study.is_numeric(claim)
    )


def _matches(study: Study, counted: StudiesCounted, others: Sequence[Study]) -> list[_Match]:
    return [
        _Match(other, _order(other, study), not counted.compared or _compares(other))
        for other in others
        if _meets(other.paper, counted)
    ]


def studies_that_count(
    study: Study, claim: Claim, variable: str, library: Sequence[Study]
) -> tuple[str, ...]:
    """Return the studies that a count, as one of its readings, certainly has to count.

    Parameters
    ----------
    study : Study
        The document that counts.
    claim : Claim
        One of its rows.
    variable : str
        What the row is taken to count.
    library : sequence of Study
        Other documents.

    Returns
    -------
    tuple of str
        Keys of documents that meet the description, came before this one and
        were seen themselves; none if the row counts no studies.
    """
    if not _is_count_of_studies(study, claim):
        return ()
    counted = study.variables[variable].counts
    assert counted is not None  # or it would be no count of studies
    others = [other for other in library if other.paper.key != study.paper.key]
    return tuple(
        match.study.paper.key
        for match in _matches(study, counted, others)
        if match.order == "before" and match.is_sure and _is_seen([match])
    )


def _compares(study: Study) -> bool:
    """Return whether a document is known to compare groups: a trial of arms, or a printed test."""
    if study.paper.design in _OF_ARMS:
        return True
    return any(
        study.analyses[name].by is not None
        for claim in study.claims
        for name in claim.readings("analysis")
        if name
    )


def _meets(paper: object, counted: StudiesCounted) -> bool:
    design = getattr(paper, "design", None)
    conditions = set(getattr(paper, "conditions", ()))
    interventions = set(getattr(paper, "interventions", ()))
    wanted = set(counted.interventions)
    has_interventions = (
        wanted <= interventions if counted.compared else bool(wanted & interventions)
    )
    return (
        (design in counted.designs if counted.designs else design not in _ABOUT_OTHERS)
        and (not counted.conditions or bool(conditions & set(counted.conditions)))
        and (not wanted or has_interventions)
    )


def _order(other: Study, document: Study) -> Order:
    """Say whether another document came before this one."""
    if other.paper.published is None or document.paper.published is None:
        return "unknown"
    first, last = dates_in(other.paper.published)
    own_first, own_last = dates_in(document.paper.published)
    if last < own_first:
        return "before"
    return "not before" if first > own_last else "unknown"


def _finding(
    study: Study, rows: Sequence[Claim], others: Sequence[Study], conventions: Conventions
) -> Finding:
    claim = rows[0]
    most = study.printed(claim).window(conventions.rounding).high
    found: dict[str, list[_Match]] = {}
    for name in claim.readings("variable"):
        counted = study.variables[name].counts
        assert counted is not None  # or it would be no count of studies
        found[name] = [
            match for match in _matches(study, counted, others) if match.order != "not before"
        ]
    refuted = {
        name: matches
        for name, matches in found.items()
        if most is not None and len(matches) > most and _is_seen(matches)
    }
    names = listed((variable_title(study, name) for name in claim.readings("variable")), "or")
    verb = "print" if len({row.location for row in rows}) > 1 else "prints"
    said = f"{place(study, rows)} {verb} “{quoted(study, claim)}” for {names}"
    if not refuted:
        return _unrefuted(study, rows, said, found, conventions)
    matches = list({match.study.paper.key: match for m in refuted.values() for match in m}.values())
    assumptions = _assumptions(study, claim, found, refuted)
    is_certain = not assumptions
    examples = listed(_described(match.study) for match in matches)
    verdict = Verdict.INCONSISTENT if is_certain else Verdict.CONDITIONAL
    outcome = "Both cannot hold." if is_certain else f"It holds only if {assumptions[0]}."
    there = "is" if len(matches) == 1 else "are"
    sentence = f"Among the documents of this book there {there} {examples}. {outcome}"
    return Finding(
        CHECK,
        study.paper.key,
        "conflict" if is_certain else "support",
        tuple(row.claim for row in rows),
        f"{said}. {sentence}",
        {row.claim: Bearing(verdict, sentence) for row in rows},
        elsewhere=tuple(match.study.paper.key for match in matches),
        assumptions=assumptions,
        resolved_by=("Which studies the count is meant to cover, and on which date it was made.",),
        changes="Only the statement about other studies; none of the document's own results.",
        conventions=conventions.as_text(),
    )


def _is_seen(matches: Sequence[_Match]) -> bool:
    """Return whether each study was seen itself, at least in its abstract."""
    return all(
        any(location.seen != "secondary" for location in match.study.locations.values())
        for match in matches
    )


def _assumptions(
    study: Study, claim: Claim, found: dict[str, list[_Match]], refuted: dict[str, list[_Match]]
) -> tuple[str, ...]:
    """Return what would let the count hold, any of it: one sentence, or none."""
    ways = []
    left = [name for name in found if name not in refuted]
    if left:
        ways.append(f"{listed((variable_title(study, name) for name in left), 'or')} are meant")
    undated = [
        match for matches in refuted.values() for match in matches if match.order == "unknown"
    ]
    if undated and study.paper.published is None:
        latest = max(match.study.paper.published or "" for match in undated)
        ways.append(f"the document, which bears no date, was written no later than {latest}")
    elif undated:
        names = listed(dict.fromkeys(study_title(match.study) for match in undated))
        ways.append(f"{names} came later, which the dates leave open")
    unsure = [match for matches in refuted.values() for match in matches if not match.is_sure]
    certain = {name: sum(match.is_sure for match in matches) for name, matches in refuted.items()}
    most = study.printed(claim).window().high
    if unsure and any(most is not None and number <= most for number in certain.values()):
        names = listed(dict.fromkeys(study_title(match.study) for match in unsure))
        ways.append(f"{names} used both treatments without comparing them")
    if not is_first_hand(study, claim):
        ways.append("the document prints another count than the secondary source says")
    return (listed(ways, "or"),) if ways else ()


def _described(study: Study) -> str:
    design = study.paper.design.replace("_", " ")
    named = [_abbreviated(name) for name in study.paper.interventions]
    what = f": {listed(named)}" if named else ""
    return f"{study_title(study)} ({design}{what})"


def _abbreviated(name: str) -> str:
    """Write a short token as the abbreviation that it is."""
    return name.upper() if len(name) <= _SHORT else name.replace("_", " ")


def _unrefuted(
    study: Study,
    rows: Sequence[Claim],
    said: str,
    found: dict[str, list[_Match]],
    conventions: Conventions,
) -> Finding:
    number = max(len(matches) for matches in found.values())
    sentence = (
        "No document of this book contradicts it; the book does not hold every study there is."
        if not number
        else f"{number} of the documents of this book may be among them, which the count admits or which were not seen themselves."
    )
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(row.claim for row in rows),
        f"{said}. {sentence}",
        {row.claim: Bearing(Verdict.UNCONSTRAINED, sentence) for row in rows},
        elsewhere=tuple(
            dict.fromkeys(match.study.paper.key for m in found.values() for match in m)
        ),
        conventions=conventions.as_text(),
    )
