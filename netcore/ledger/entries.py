"""Verdicts: what all findings together say of each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from netcore.checks import Bearing, Conventions, Finding, Verdict, awaited_bearing, run_checks
from netcore.evidence import StoredAnswers, evidence_folder, read_repairs
from netcore.printed import Interval
from netcore.repairs import find_repairs
from netcore.study import Claim, Study

__all__ = ["Entry", "Ledger", "build_ledger"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim with its verdict.

    Parameters
    ----------
    paper : str
        Key of the paper.
    claim : Claim
        The row as transcribed.
    verdict : Verdict
        The first, in the order of precedence, that a finding earns it.
    evidence : str
        The evidence in plain words.
    recomputed : str or None
        The value that follows from others, as the paper would print it.
    attainable : tuple of Interval or None
        All values that would also have passed.
    checks : tuple of str
        The checks that bind the claim.
    assumptions : tuple of str
        What the verdict assumes that the paper does not state.
    findings : tuple of str
        Ids of all findings that bind the claim.
    """

    paper: str
    claim: Claim
    verdict: Verdict
    evidence: str
    recomputed: str | None
    attainable: tuple[Interval, ...] | None
    checks: tuple[str, ...]
    assumptions: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """All claims of some papers, with verdicts, and all findings.

    Parameters
    ----------
    studies : tuple of Study
        The documents.
    conventions : Conventions
        Under which the checks were run.
    entries : tuple of Entry
        One for each claim, in the order of papers and rows.
    findings : tuple of Finding
        All findings.
    """

    studies: tuple[Study, ...]
    conventions: Conventions
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]

    def counts(self, paper: str | None = None) -> dict[Verdict, int]:
        """Return how many claims have each verdict, of one paper or of all.

        Parameters
        ----------
        paper : str, optional
            Key of the paper; all papers by default.

        Returns
        -------
        dict of Verdict to int
            Every verdict in the order of precedence, 0 where no claim has
            it.
        """
        found = Counter(entry.verdict for entry in self.entries if paper in (None, entry.paper))
        return {verdict: found[verdict] for verdict in Verdict}

    def entry(self, paper: str, claim: str) -> Entry:
        """Return the entry of a claim.

        Parameters
        ----------
        paper : str
            Key of the paper.
        claim : str
            Id of the claim.

        Returns
        -------
        Entry
            The claim with its verdict.

        Raises
        ------
        KeyError
            If there is no such claim.
        """
        for entry in self.entries:
            if (entry.paper, entry.claim.claim) == (paper, claim):
                return entry
        raise KeyError(f"found no claim {claim!r} of {paper!r}")

    def finding(self, paper: str, identifier: str) -> Finding:
        """Return a finding by its id.

        Parameters
        ----------
        paper : str
            Key of the paper.
        identifier : str
            Id of the finding.

        Returns
        -------
        Finding
            The finding.

        Raises
        ------
        KeyError
            If there is no such finding.
        """
        for finding in self.findings:
            if (finding.paper, finding.id) == (paper, identifier):
                return finding
        raise KeyError(f"found no finding {identifier!r} of {paper!r}")

    def study(self, paper: str) -> Study:
        """Return a study by its key.

        Parameters
        ----------
        paper : str
            Key of the paper.

        Returns
        -------
        Study
            The paper as transcribed.

        Raises
        ------
        KeyError
            If there is no such paper.
        """
        for study in self.studies:
            if study.paper.key == paper:
                return study
        raise KeyError(f"found no paper {paper!r}")


def build_ledger(
    studies: Iterable[Study],
    conventions: Conventions | None = None,
    library: Sequence[Study] | None = None,
    *,
    search: bool = False,
    checked: Callable[[Study], tuple[Finding, ...]] | None = None,
) -> Ledger:
    """Run every check on some studies and give every claim its verdict.

    Parameters
    ----------
    studies : iterable of Study
        The papers.
    conventions : Conventions, optional
        Rounding and level; the defaults where not given.
    library : sequence of Study, optional
        Documents that the papers may quote or count; the papers themselves by
        default.
    search : bool
        Whether to search the repairs of conflicts for which none are stored;
        it takes seconds for each.
    checked : callable, optional
        Of a study, its findings without repairs; by default all checks are
        run, with expensive questions looked up where answers are stored.

    Returns
    -------
    Ledger
        Every claim is in it exactly once.
    """
    chosen = conventions or Conventions()
    papers = tuple(studies)
    entries: list[Entry] = []
    findings: list[Finding] = []
    for study in papers:
        if checked is None:
            known = papers if library is None else library
            answers = StoredAnswers(evidence_folder(study))
            plain = run_checks(study, chosen, known, answers=answers)
        else:
            plain = checked(study)
        found = find_repairs(study, plain, chosen, read_repairs(study), search=search)
        findings.extend(found)
        entries.extend(_entry(study, claim, found) for claim in study.claims)
    return Ledger(papers, chosen, tuple(entries), tuple(findings))


def _entry(study: Study, claim: Claim, findings: Sequence[Finding]) -> Entry:
    binding = [finding for finding in findings if claim.claim in finding.claims]
    said = [
        (bearing, finding)
        for finding in binding
        if (bearing := finding.bearings.get(claim.claim)) is not None
    ]
    earned = [item for item in said if item[0].verdict is not None]
    if not earned:
        bearing = awaited_bearing(study, claim)
        words = [bearing.sentence, *(other.sentence for other, _ in said)]
        return _assemble(study, claim, bearing, words, binding, ())
    order = list(Verdict)
    earned.sort(key=lambda item: order.index(item[0].verdict or Verdict.UNCONSTRAINED))
    verdict = earned[0][0].verdict
    deciding = [item for item in earned if item[0].verdict == verdict]
    supporting = [item for item in said if item not in deciding]
    words = [bearing.sentence for bearing, _ in (*deciding, *supporting)]
    assumptions = tuple(
        dict.fromkeys(text for _, finding in deciding for text in finding.assumptions)
        if verdict is Verdict.CONDITIONAL
        else ()
    )
    recomputed = [item[0] for item in (*deciding, *supporting) if item[0].recomputed is not None]
    attainable = [item[0] for item in (*deciding, *supporting) if item[0].attainable is not None]
    bearing = Bearing(
        verdict,
        words[0],
        recomputed[0].recomputed if recomputed else None,
        attainable[0].attainable if attainable else None,
    )
    return _assemble(study, claim, bearing, words, binding, assumptions)


def _assemble(
    study: Study,
    claim: Claim,
    bearing: Bearing,
    words: Sequence[str],
    binding: Sequence[Finding],
    assumptions: tuple[str, ...],
) -> Entry:
    assert bearing.verdict is not None
    return Entry(
        study.paper.key,
        claim,
        bearing.verdict,
        " ".join(dict.fromkeys(words)),
        bearing.recomputed,
        bearing.attainable,
        tuple(dict.fromkeys(finding.check for finding in binding)),
        assumptions,
        tuple(finding.id for finding in binding),
    )
