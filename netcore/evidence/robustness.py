"""What verdicts become under other conventions, kept beside the data.

All checks run again for each convention, which takes longer than a book is built.
So the outcome is stored with digests of what it depends on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from netcore.checks import Conventions, Verdict
from netcore.evidence.answers import code_digest
from netcore.evidence.folders import digest_of_file, evidence_folder, table_text
from netcore.printed import ROUNDINGS
from netcore.study import Study
from netcore.study.loading import CLAIMS_FILE, PAPER_FILE
from netcore.study.suppositions import SUPPOSITIONS

__all__ = [
    "OTHER_CONVENTIONS",
    "OtherConvention",
    "Robustness",
    "Standing",
    "Turn",
    "read_robustness",
    "robustness_file",
    "robustness_of_other_code",
    "robustness_text",
    "stale_robustness",
    "write_robustness",
]

_USUAL: Final = Conventions()


@dataclass(frozen=True, slots=True)
class OtherConvention:
    """A convention that verdicts are compared under.

    Parameters
    ----------
    conventions : Conventions
        Rounding and level.
    supposition : str
        A key of :data:`netcore.study.suppositions.SUPPOSITIONS`; empty where
        the paper is taken as it stands.
    """

    conventions: Conventions = _USUAL
    supposition: str = ""

    def applied(self, study: Study) -> Study:
        """Return a study with what is supposed of it.

        Parameters
        ----------
        study : Study
            The study as transcribed.

        Returns
        -------
        Study
            The study itself where nothing is supposed, or nothing is left open.
        """
        return SUPPOSITIONS[self.supposition].applied(study) if self.supposition else study

    def as_text(self) -> str:
        """Return the convention in words.

        Returns
        -------
        str
            The rounding, and what is supposed.
        """
        supposed = (SUPPOSITIONS[self.supposition].words,) if self.supposition else ()
        return "; ".join((*self.conventions.as_text(), *supposed))


OTHER_CONVENTIONS: Final[Mapping[str, OtherConvention]] = MappingProxyType(
    {
        **{
            name: OtherConvention(Conventions(name))
            for name in ROUNDINGS
            if name != _USUAL.rounding
        },
        **{name: OtherConvention(supposition=name) for name in SUPPOSITIONS},
    }
)
"""The conventions that verdicts are compared under, beside the usual ones, by name."""

_CODE: Final = "netcore.ledger.robustness"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a verdict becomes under another convention.

    Parameters
    ----------
    verdict : Verdict
        The other verdict.
    evidence : str
        The evidence for it in plain words.
    """

    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A conflict, and the conventions under which it is one.

    Parameters
    ----------
    claims : tuple of str
        Ids of the claims that it binds.
    statement : str
        What is printed and what follows, in plain words.
    is_usual : bool
        Whether it is one under the usual conventions.
    under : tuple of str
        The other conventions under which it is one.
    """

    claims: tuple[str, ...]
    statement: str
    is_usual: bool
    under: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Robustness:
    """The verdicts of a paper under the usual conventions and under others.

    Parameters
    ----------
    verdicts : Mapping of str to Verdict
        Of each claim, under the usual conventions.
    turns : Mapping of str to Mapping of str to Turn
        By convention and claim, what differs from the usual verdict.
    conflicts : Mapping of str to Standing
        By finding, every conflict that there is under any of the conventions.
    """

    verdicts: Mapping[str, Verdict]
    turns: Mapping[str, Mapping[str, Turn]]
    conflicts: Mapping[str, Standing]

    def verdict(self, claim: str, convention: str) -> Verdict:
        """Return the verdict of a claim under a convention.

        Parameters
        ----------
        claim : str
            Id of the claim.
        convention : str
            A key of :data:`OTHER_CONVENTIONS`.

        Returns
        -------
        Verdict
            The usual one where it stays.

        Raises
        ------
        KeyError
            If there is no such claim or convention.
        """
        turn = self.turns[convention].get(claim)
        return self.verdicts[claim] if turn is None else turn.verdict

    @property
    def changing(self) -> tuple[str, ...]:
        """Claims whose verdict differs under any of the conventions, in their order."""
        found = {claim for turns in self.turns.values() for claim in turns}
        return tuple(claim for claim in self.verdicts if claim in found)


def robustness_file(study: Study) -> Path | None:
    """Return where the robustness of a paper is stored, whether or not it is.

    Parameters
    ----------
    study : Study
        The paper, with the folder that it was read from.

    Returns
    -------
    Path or None
        ``evidence/KEY/robustness.json`` of the project; None for a folder that
        is not one of a project.
    """
    folder = evidence_folder(study)
    return None if folder is None else folder / "robustness.json"


def robustness_text(study: Study, found: Robustness) -> str:
    """Write down a paper's robustness, with digests of what it depends on.

    Parameters
    ----------
    study : Study
        The paper.
    found : Robustness
        What was found of it.

    Returns
    -------
    str
        JSON with one entry a line: what it ``depends`` on; the ``conventions``;
        the ``verdicts``; what ``turns`` under which convention; and ``conflicts``.
    """
    conflicts = {
        name: {
            "claims": list(standing.claims),
            "statement": standing.statement,
            "usual": standing.is_usual,
            "under": list(standing.under),
        }
        for name, standing in found.conflicts.items()
    }
    turns = {
        f"{convention} {claim}": [turn.verdict.value, turn.evidence]
        for convention, turned in found.turns.items()
        for claim, turn in turned.items()
    }
    return table_text(
        {
            "depends": {**_data_digests(study), "code": code_digest(_CODE)},
            "conventions": _conventions(),
            "verdicts": {claim: verdict.value for claim, verdict in found.verdicts.items()},
            "turns": turns,
            "conflicts": conflicts,
        }
    )


def write_robustness(study: Study, found: Robustness) -> Path | None:
    """Store a paper's robustness.

    Parameters
    ----------
    study : Study
        The paper.
    found : Robustness
        What was found of it.

    Returns
    -------
    Path or None
        The file if it was written; None where it was current, or where there
        is no place for it.
    """
    path = robustness_file(study)
    text = robustness_text(study, found)
    if path is None or (path.is_file() and path.read_bytes() == text.encode("utf-8")):
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read_robustness(study: Study) -> Robustness | None:
    """Read what is stored of a paper under other conventions.

    Parameters
    ----------
    study : Study
        The paper.

    Returns
    -------
    Robustness or None
        None if nothing is stored that is of the present data and conventions.
    """
    try:
        stored = _stored(study)
        if not _is_of_present_data(study, stored):
            return None
        verdicts = {claim: Verdict(word) for claim, word in stored["verdicts"].items()}
        turns: dict[str, dict[str, Turn]] = {name: {} for name in OTHER_CONVENTIONS}
        for names, (word, evidence) in stored["turns"].items():
            convention, _, claim = names.partition(" ")
            turns[convention][claim] = Turn(Verdict(word), evidence)
        conflicts = {
            name: Standing(
                tuple(entry["claims"]), entry["statement"], entry["usual"], tuple(entry["under"])
            )
            for name, entry in stored["conflicts"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return Robustness(verdicts, turns, conflicts)


def stale_robustness(studies: Iterable[Study]) -> tuple[str, ...]:
    """Return the papers of which nothing is stored that is of their present data.

    Parameters
    ----------
    studies : iterable of Study
        Papers of a project.

    Returns
    -------
    tuple of str
        Their keys; none for papers outside a project.
    """
    return tuple(
        study.paper.key
        for study in studies
        if robustness_file(study) is not None and read_robustness(study) is None
    )


def robustness_of_other_code(studies: Iterable[Study]) -> tuple[str, ...]:
    """Return the papers whose stored robustness is not of the present code.

    Parameters
    ----------
    studies : iterable of Study
        Papers of a project, none of them stale.

    Returns
    -------
    tuple of str
        Their keys.  Most changes of code change no verdict, so that this is
        worth saying and no reason to stop.
    """
    code = code_digest(_CODE)
    return tuple(
        study.paper.key
        for study in studies
        if robustness_file(study) is not None and _stored(study)["depends"]["code"] != code
    )


def _stored(study: Study) -> dict[str, dict[str, Any]]:
    path = robustness_file(study)
    if path is None:
        raise LookupError("no place for it")
    stored: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def _is_of_present_data(study: Study, stored: Mapping[str, Mapping[str, Any]]) -> bool:
    depends = {name: stored["depends"][name] for name in (CLAIMS_FILE, PAPER_FILE)}
    return bool(depends == _data_digests(study) and stored["conventions"] == _conventions())


def _data_digests(study: Study) -> dict[str, str]:
    return {name: digest_of_file(study.folder / name) for name in (CLAIMS_FILE, PAPER_FILE)}


def _conventions() -> dict[str, str]:
    """Return what each convention says, so that another meaning of a name is noticed."""
    return {name: chosen.as_text() for name, chosen in OTHER_CONVENTIONS.items()}
