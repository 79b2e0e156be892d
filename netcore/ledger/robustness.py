"""Which verdicts and conflicts depend on a convention that the paper does not state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netcore.checks import Finding, Verdict, run_checks
from netcore.checks.answers import Answers, computed
from netcore.evidence.robustness import (
    OTHER_CONVENTIONS,
    OtherConvention,
    Robustness,
    Standing,
    Turn,
)
from netcore.ledger.entries import Ledger, build_ledger
from netcore.study import Study

__all__ = ["Outcome", "differs_from", "outcome_of", "outcome_under", "robustness_of"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all checks say of a paper under one convention, as plain values.

    Parameters
    ----------
    verdicts : Mapping of str to Turn
        Verdict and evidence of each claim.
    conflicts : Mapping of str to (tuple of str, str)
        Claims and statement of each conflict.
    """

    verdicts: Mapping[str, Turn]
    conflicts: Mapping[str, tuple[tuple[str, ...], str]]


def outcome_under(
    study: Study,
    convention: OtherConvention,
    library: Sequence[Study],
    answers: Answers = computed,
) -> Outcome:
    """Run all checks on a paper under a convention.

    Parameters
    ----------
    study : Study
        The paper.
    convention : OtherConvention
        How it rounds, and what it is supposed to say.
    library : sequence of Study
        Documents that may be quoted or counted.
    answers : Answers
        Who answers the expensive questions of checks.

    Returns
    -------
    Outcome
        What :func:`outcome_of` says of the ledger.

    Notes
    -----
    Where something is supposed, a conflict needs no certificate: one is of what
    the paper prints, and this it does not print.
    """
    conventions = convention.conventions

    def checked(one: Study) -> tuple[Finding, ...]:
        certified = not convention.supposition
        return run_checks(one, conventions, library, certified=certified, answers=answers)

    supposed = convention.applied(study)
    return outcome_of(build_ledger([supposed], conventions, library, checked=checked), study)


def outcome_of(ledger: Ledger, study: Study) -> Outcome:
    """Return what a ledger says of a paper.

    Parameters
    ----------
    ledger : Ledger
        A ledger with the paper in it.
    study : Study
        The paper.

    Returns
    -------
    Outcome
        Verdicts and conflicts of the paper, in the order of the ledger.
    """
    key = study.paper.key
    return Outcome(
        {
            entry.claim.claim: Turn(entry.verdict, entry.evidence)
            for entry in ledger.entries
            if entry.paper == key
        },
        {
            finding.id: (finding.claims, finding.statement)
            for finding in ledger.findings
            if finding.paper == key and finding.kind == "conflict"
        },
    )


def robustness_of(usual: Outcome, others: Mapping[str, Outcome]) -> Robustness:
    """Compare what holds of a paper under the usual conventions with what holds under others.

    Parameters
    ----------
    usual : Outcome
        Under the usual conventions.
    others : Mapping of str to Outcome
        By the keys of :data:`netcore.evidence.robustness.OTHER_CONVENTIONS`;
        a convention that is left out changes nothing.

    Returns
    -------
    Robustness
        Verdicts, what they turn into, and where each conflict stands.

    Notes
    -----
    A conflict stands under another convention if there is one of the same
    name there, or one between some of its claims: what conflicts in a part
    conflicts in the whole.
    """
    under = {name: others.get(name, usual) for name in OTHER_CONVENTIONS}
    turns = {
        name: {
            claim: turn
            for claim, turn in outcome.verdicts.items()
            if turn.verdict is not usual.verdicts[claim].verdict
        }
        for name, outcome in under.items()
    }
    conflicts: dict[str, Standing] = {}
    for outcome in (usual, *under.values()):
        for identifier, (claims, statement) in outcome.conflicts.items():
            if identifier in conflicts:
                continue
            stands = tuple(
                name for name, other in under.items() if _stands(identifier, claims, other)
            )
            is_usual = identifier in usual.conflicts
            conflicts[identifier] = Standing(claims, statement, is_usual, stands)
    return Robustness(
        {claim: turn.verdict for claim, turn in usual.verdicts.items()}, turns, conflicts
    )


def differs_from(stored: Robustness, ledger: Ledger, study: Study) -> tuple[str, ...]:
    """Return the claims and conflicts of which a stored comparison says something else.

    Parameters
    ----------
    stored : Robustness
        What is stored of the paper.
    ledger : Ledger
        A ledger under the usual conventions.
    study : Study
        The paper.

    Returns
    -------
    tuple of str
        Ids of claims with another verdict, and of conflicts that only one of
        the two has; none where what is stored is current.
    """
    now = outcome_of(ledger, study)
    verdicts: dict[str, Verdict] = {claim: turn.verdict for claim, turn in now.verdicts.items()}
    known = {name for name, standing in stored.conflicts.items() if standing.is_usual}
    return (
        *(
            claim
            for claim in dict.fromkeys((*verdicts, *stored.verdicts))
            if verdicts.get(claim) is not stored.verdicts.get(claim)
        ),
        *sorted(known ^ set(now.conflicts)),
    )


def _stands(identifier: str, claims: Sequence[str], outcome: Outcome) -> bool:
    return identifier in outcome.conflicts or any(
        set(other) <= set(claims) for other, _ in outcome.conflicts.values()
    )
