"""Certificates of conflicts: no finding is a conflict without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from netcore.checks.certificates.normal_form import normal_form
from netcore.checks.certificates.premises import Source
from netcore.checks.certificates.refutation import CaseProof, Refuter
from netcore.checks.certificates.unproved import unproved
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.estimands import is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions, Finding
from netcore.study import Study

__all__ = ["KIND", "Certifier"]

KIND: Final = "inequalities"
"""The kind of certificate that ``verify_evidence.py`` replays."""


class Certifier:
    """Makes the certificates of one study's conflicts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    library : sequence of Study
        Other documents.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.count_analysis.analyse_counts`.
    """

    def __init__(
        self,
        study: Study,
        conventions: Conventions,
        library: Sequence[Study],
        analyses: Sequence[CountAnalysis],
    ):
        self._study, self._conventions, self._library = study, conventions, library
        self._analyses = analyses
        self._refuter: Refuter | None = None

    def certified(self, finding: Finding) -> Finding:
        """Return a finding with its certificate, if it is a conflict and can be proved.

        Parameters
        ----------
        finding : Finding
            What a check found.

        Returns
        -------
        Finding
            A conflict with a certificate, which may cite more rows than the
            finding accuses: those that other values hold in place; a note if
            no proof was found, or one that the stand-alone checker does not
            replay; any other finding as it is.
        """
        if finding.kind != "conflict":
            return finding
        if finding.certificate is not None:
            return finding if finding.certificate.get("kind") == KIND else unproved(finding)
        rows = [*finding.claims, *(name for name in finding.elsewhere if "#" in name)]
        proofs = self._proofs(rows)
        if not proofs:
            proofs = self._proofs([*rows, *self._counts(finding.claims)], finding.claims)
        if not proofs:
            return replace(finding, kind="note", bearings={}, repairs=(), certificate=None)
        cited = sorted({row for cases in proofs for case in cases for row in case.rows})
        alpha = self._conventions.alpha
        certificate: dict[str, object] = {
            "kind": KIND,
            "conventions": {
                "alpha": None if alpha is None else str(alpha),
                "rounding": self._conventions.rounding,
            },
            "rows": cited,
            "proofs": [[case.as_json() for case in cases] for cases in proofs],
        }
        return replace(finding, certificate=certificate)

    def _proofs(
        self, rows: Sequence[str], accused: Sequence[str] = ()
    ) -> list[tuple[CaseProof, ...]]:
        """Return proofs that cite every row, as far as each is part of a proof."""
        refute = self._prover().refute
        found: list[tuple[CaseProof, ...]] = []
        first = refute(rows)
        if not first:
            return []
        found.append(first)
        cited = {row for case in first for row in case.rows}
        for row in accused or rows:
            for fewer in self._without_cited(rows, row, cited) if row not in cited else ():
                again = refute(fewer)
                if again and row in {name for case in again for name in case.rows}:
                    found.append(again)
                    cited |= {name for case in again for name in case.rows}
                    break
        return found

    def _without_cited(self, rows: Sequence[str], row: str, cited: set[str]) -> Iterator[list[str]]:
        """Yield smaller sets of rows in which one may be needed that was not so far."""
        forms = self._prover().source.normal.rows
        rest = [one for one in rows if one not in cited]
        if len(rest) > 1:
            yield rest
        for other in rows:
            if other in cited and row in forms and other in forms and forms[other] == forms[row]:
                yield [one for one in rows if one != other]

    def _counts(self, rows: Sequence[str]) -> list[str]:
        """Return the counts that hold together, from which sizes may follow."""
        disputed = {label for analysis in self._analyses for label in analysis.disputed}
        return [
            claim.claim
            for claim in self._study.claims
            if claim.stat_name in ("N", "n")
            and claim.claim not in rows
            and claim.claim not in disputed
            and len(readings(claim)) == 1
            and is_patient_data(self._study, claim)
            and is_first_hand(self._study, claim)
        ]

    def _prover(self) -> Refuter:
        if self._refuter is None:
            normal = normal_form(self._study, self._conventions, self._library, self._analyses)
            library = {study.paper.key: study for study in self._library}
            source = Source(self._study, self._conventions, normal, library)
            systems = [analysis.counts for analysis in self._analyses]
            self._refuter = Refuter(source, systems)
        return self._refuter
