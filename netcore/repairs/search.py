"""The search for repairs: every candidate is tried by running the checks again.

Candidates are small edits of the values that a conflict binds, and values that
change places between two cells of one place.  A printed value that stands in
several places is changed in all of them.  A candidate is a repair if the checks,
run again, leave neither the conflict nor a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from netcore.checks import Conventions, Finding, Repair, RepairKind, run_checks
from netcore.checks.answers import sketched
from netcore.checks.estimands import significance
from netcore.checks.wording import claim_title, listed, place
from netcore.printed import Interval, PrintedError
from netcore.repairs.edits import nature_of_change, small_edits
from netcore.study import AMBIGUOUS, Claim, Study
from netcore.study.claim_rules import expected_number

__all__ = ["Found", "find_repairs", "question_key", "search_repairs"]

# Two cells that may have changed places differ in one of these alone.
_CELL_COLUMNS: Final = ("population", "variable", "variable_level", "at")
# More than this tells a reader nothing that fewer do not.
_MOST_SHOWN: Final = 4
_MOST_OF_A_SORT: Final = 2
# A search that ends here has shown what it found; the number tried says so.
_MOST_FULL_RUNS: Final = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    Parameters
    ----------
    repairs : tuple of Repair
        All repairs of a conflict, its check's own first.
    tried : int
        How many changes were tried.
    """

    repairs: tuple[Repair, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    replacements: Mapping[str, str]
    kind: RepairKind
    change: str


def find_repairs(
    study: Study,
    findings: Sequence[Finding],
    conventions: Conventions,
    known: Mapping[str, Found] | None = None,
    *,
    search: bool = True,
) -> tuple[Finding, ...]:
    """Add to every conflict the small changes that would remove it.

    Parameters
    ----------
    study : Study
        The study.
    findings : sequence of Finding
        All its findings.
    conventions : Conventions
        Under which they were found.
    known : mapping of str to Found, optional
        Results of earlier searches by :func:`question_key`; what is in it is
        not searched again.
    search : bool
        Whether to search for conflicts that are not among those, which takes
        seconds for each; otherwise they keep the repairs of their checks.

    Returns
    -------
    tuple of Finding
        The same findings; a conflict has its own repairs, tried again and
        named by how small they are, and then those of the search, smallest
        first.

    Notes
    -----
    The checks run on the values that share a variable with the conflict, and
    on all sizes of groups; nothing else can bear on it.
    """
    ready = known or {}
    repaired = []
    for finding in findings:
        if finding.kind != "conflict":
            repaired.append(finding)
            continue
        found = ready.get(question_key(study, finding, conventions))
        if found is None and search:
            found = search_repairs(study, finding, conventions)
        repaired.append(
            finding if found is None else replace(finding, repairs=found.repairs, tried=found.tried)
        )
    return tuple(repaired)


def question_key(study: Study, finding: Finding, conventions: Conventions) -> str:
    """Return a digest of all that the repairs of a conflict depend on.

    Parameters
    ----------
    study : Study
        The study.
    finding : Finding
        A conflict of it.
    conventions : Conventions
        Under which it was found.

    Returns
    -------
    str
        The same for the same conflict, values near it and definitions; notes
        of the transcriber and lines of the file do not count.
    """
    near = set(_neighbourhood(study, finding.claims))
    rows = [
        claim.model_dump(mode="json", exclude={"line", "note"})
        for claim in study.claims
        if claim.claim in near
    ]
    definitions = {
        section: {
            name: entry.model_dump(mode="json") for name, entry in getattr(study, section).items()
        }
        for section in ("locations", "populations", "variables", "analyses")
    }
    repairs = [[repair.change, list(repair.replacements)] for repair in finding.repairs]
    alpha = str(significance(study, conventions.alpha))
    chosen = [conventions.rounding, alpha]
    document = [finding.id, finding.claims, repairs, chosen, rows, definitions]
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def search_repairs(study: Study, finding: Finding, conventions: Conventions) -> Found:
    """Search the small changes after which one conflict is gone.

    Parameters
    ----------
    study : Study
        The study.
    finding : Finding
        A conflict of it.
    conventions : Conventions
        Under which it was found.

    Returns
    -------
    Found
        The check's own repairs, tried again, then those of the search.
    """
    bench = _Bench(study, finding, conventions)
    own = [_tried(bench, study, repair) for repair in finding.repairs]
    done = {frozenset(repair.replacements) for repair in own}
    found: list[tuple[int, Repair]] = []
    tried = 0
    # Between two printings of one value, its other printing is every repair there is.
    candidates = (
        ()
        if own and all(repair.replacements for repair in own)
        else (
            *_edits(study, finding),
            *_exchanges(study, finding),
        )
    )
    for candidate in candidates:
        key = frozenset(candidate.replacements.items())
        if key in done:
            continue
        done.add(key)
        if bench.full_runs == _MOST_FULL_RUNS:
            break
        tried += 1
        assumed = bench.assumptions_left(candidate.replacements)
        if assumed is not None:
            repair = Repair(
                tuple(candidate.replacements),
                candidate.change,
                candidate.kind,
                tuple(candidate.replacements.items()),
                verified=True,
            )
            found.append((assumed, repair))
    return Found((*own, *_smallest(found)), tried + bench.runs_of_own)


def _smallest(found: Sequence[tuple[int, Repair]]) -> Iterator[Repair]:
    """Yield the repairs worth showing: least to assume first, then fewest changes."""
    shown: Counter[tuple[object, ...]] = Counter()
    ranked = sorted(found, key=lambda item: (item[0], len(item[1].claims)))
    for _, repair in ranked:
        sort = (repair.kind, *repair.claims)
        shown[sort] += 1
        if shown[sort] <= _MOST_OF_A_SORT and sum(shown.values()) <= _MOST_SHOWN:
            yield repair


class _Bench:
    """The part of a study that a conflict depends on, to be checked again and again."""

    def __init__(self, study: Study, finding: Finding, conventions: Conventions) -> None:
        self.study = study
        self.finding = finding
        self.conventions = conventions
        self.runs_of_own = 0
        self.full_runs = 0
        self._before: dict[frozenset[str], set[frozenset[str]]] = {}

    def assumptions_left(self, replacements: Mapping[str, str]) -> int | None:
        """Return how much would have to be assumed of the new values.

        None if the conflict or a new one is left; 0 if the new values hold as
        they would stand there.
        """
        changed = _with(self.study, replacements)
        if changed is None:
            return None
        bound = frozenset(self.finding.claims)
        # The claims of a conflict conflict by themselves: most candidates end here.
        if _is_left(bound, _conflicts(self._run(_part(changed, {*bound, *replacements})))):
            return None
        near = _neighbourhood(self.study, (*bound, *replacements))
        key = frozenset(near)
        self.full_runs += 1
        if key not in self._before:
            self._before[key] = _conflicts(self._run(_part(self.study, near)))
        findings = self._run(_part(changed, near))
        after = _conflicts(findings)
        if _is_left(bound, after) or not after <= self._before[key]:
            return None
        return sum(
            len(finding.assumptions)
            for finding in findings
            if finding.assumptions and not bound.isdisjoint(finding.claims)
        )

    def _run(self, study: Study) -> tuple[Finding, ...]:
        return run_checks(study, self.conventions, certified=False, answers=sketched)


def _is_left(bound: frozenset[str], conflicts: Iterable[frozenset[str]]) -> bool:
    """Return whether a conflict is left; a quick answer may bind more rows than it needs."""
    return any(bound <= conflict for conflict in conflicts)


def _conflicts(findings: Iterable[Finding]) -> set[frozenset[str]]:
    return {frozenset(finding.claims) for finding in findings if finding.kind == "conflict"}


def _with(study: Study, replacements: Mapping[str, str]) -> Study | None:
    """Return the study with other printed values, or None if one could not be printed."""
    claims = tuple(
        claim.model_copy(update={"printed": replacements[claim.claim]})
        if claim.claim in replacements
        else claim
        for claim in study.claims
    )
    changed = replace(study, claims=claims)
    return changed if all(_is_admitted(changed, name) for name in replacements) else None


def _is_admitted(study: Study, name: str) -> bool:
    """Return whether the loader would have taken the value."""
    claim = study.claim_by_id(name)
    if not study.is_numeric(claim):
        return True
    try:
        printed = study.printed(claim)
    except PrintedError:
        return False
    return all(
        expected_number(statistic, printed) is None for statistic in claim.readings("stat_name")
    )


def _part(study: Study, names: Iterable[str]) -> Study:
    kept = set(names)
    return replace(study, claims=tuple(claim for claim in study.claims if claim.claim in kept))


def _variables(study: Study, claim: Claim) -> set[str]:
    """Return every variable that a row speaks of, by its group or its test as well."""
    names = {name for name in claim.readings("variable") if name}
    for population in claim.readings("population"):
        if population:
            names.update(condition.variable for condition in study.conditions(population))
    for analysis in claim.readings("analysis"):
        if analysis:
            found = study.analyses[analysis]
            names.update(
                name for name in (found.variable, found.by, found.with_) if name is not None
            )
    return names


def _neighbourhood(study: Study, claims: Iterable[str]) -> list[str]:
    """Return all rows that may bear on some, through a variable, a size or a place.

    The percentages of one place are rounded alike, whatever they are of; their counts tell how.
    """
    names = set(claims)
    rows = [study.claim_by_id(name) for name in names]
    places = {row.location for row in rows}
    touched: set[str] = set()
    for row in rows:
        touched |= _variables(study, row)
    touched |= {
        name
        for name, variable in study.variables.items()
        if variable.derived is not None and touched & set(variable.derived.operands)
    }
    return [
        claim.claim
        for claim in study.claims
        if claim.claim in names
        or claim.stat_name == "N"
        or (claim.stat_name in ("n", "pct") and claim.location in places)
        or touched & _variables(study, claim)
    ]


def _tried(bench: _Bench, study: Study, repair: Repair) -> Repair:
    """Return a check's own repair with its kind, and whether the checks confirm it."""
    if not repair.replacements:
        return repair
    bench.runs_of_own += 1
    kinds = {
        nature_of_change(study.claim_by_id(name).printed, printed)
        for name, printed in repair.replacements
    }
    kind = kinds.pop() if repair.kind == "value" and len(kinds) == 1 else repair.kind
    left = bench.assumptions_left(dict(repair.replacements))
    return replace(repair, kind=kind, verified=left is not None)


def _printings(study: Study, claim: Claim) -> list[Claim]:
    """Return every row that prints the same value of the same thing."""
    return [
        row
        for row in study.claims
        if row.printed == claim.printed
        and not row.cites
        and all(getattr(row, column) == getattr(claim, column) for column in AMBIGUOUS)
    ]


def _edits(study: Study, finding: Finding) -> Iterator[_Candidate]:
    """Yield small edits of each value that the conflict does not hold in place."""
    done: set[str] = set()
    for name in finding.claims:
        claim = study.claim_by_id(name)
        if name in done or name not in finding.bearings or not study.is_numeric(claim):
            continue
        rows = _printings(study, claim)
        done.update(row.claim for row in rows)
        attainable = finding.bearings[name].attainable
        for edit in small_edits(claim.printed):
            changed = _with(study, {name: edit.text})
            if changed is None or not _may_do(changed, name, attainable):
                continue
            yield _Candidate(
                {row.claim: edit.text for row in rows},
                edit.kind,
                f"{edit.text} instead of {claim.printed} in {place(study, rows)} ({claim_title(study, claim)})",
            )


def _may_do(study: Study, name: str, attainable: tuple[Interval, ...] | None) -> bool:
    """Return whether an edited value is among those that would have passed."""
    printed = study.printed(study.claim_by_id(name))
    if not printed.is_number:
        return False
    if attainable is None:
        return True
    window = printed.window()
    return any(interval.meets(window) for interval in attainable)


def _exchanges(study: Study, finding: Finding) -> Iterator[_Candidate]:
    """Yield pairs of cells of one place whose values may have changed places."""
    seen: set[frozenset[str]] = set()
    for name in finding.claims:
        if name not in finding.bearings:
            continue
        claim = study.claim_by_id(name)
        for other in study.claims:
            column = _only_difference(claim, other)
            if column is None or other.printed == claim.printed:
                continue
            cells = _cells_exchanged(study, claim, other, column)
            for pairs in ([(claim, other)], cells) if len(cells) > 1 else ([(claim, other)],):
                key = frozenset(row.claim for pair in pairs for row in pair)
                if key in seen:
                    continue
                seen.add(key)
                replacements = {}
                for one, two in pairs:
                    replacements[one.claim], replacements[two.claim] = two.printed, one.printed
                values = " and ".join(f"{one.printed} with {two.printed}" for one, two in pairs)
                titles = listed(claim_title(study, row) for row in pairs[0])
                yield _Candidate(
                    replacements,
                    "exchange",
                    f"{values} exchanged in {place(study, [claim])} ({titles})",
                )


def _only_difference(one: Claim, other: Claim) -> str | None:
    """Return the column in which two rows of one place and statistic differ."""
    if (one.location, one.unit, one.cites) != (other.location, other.unit, other.cites):
        return None
    columns = [column for column in AMBIGUOUS if getattr(one, column) != getattr(other, column)]
    return columns[0] if len(columns) == 1 and columns[0] in _CELL_COLUMNS else None


def _cells_exchanged(
    study: Study, claim: Claim, other: Claim, column: str
) -> list[tuple[Claim, Claim]]:
    """Return the pairs of rows that move together: a count and its percentage."""

    def mates(row: Claim) -> dict[str, Claim]:
        keys = [name for name in AMBIGUOUS if name != "stat_name"]
        return {
            mate.stat_name: mate
            for mate in study.claims
            if mate.location == row.location
            and all(getattr(mate, key) == getattr(row, key) for key in keys)
        }

    ours, theirs = mates(claim), mates(other)
    return [
        (ours[name], theirs[name])
        for name in ours
        if name in theirs and getattr(ours[name], column) != getattr(theirs[name], column)
    ]
