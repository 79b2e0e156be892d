"""Repairs that were searched before, kept beside the data.

A search takes seconds; the book is built in seconds.  So the results are stored
under a digest of all that they depend on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from netcore.checks import Conventions, Finding, Repair
from netcore.evidence.answers import code_digest
from netcore.evidence.folders import evidence_folder, json_text
from netcore.repairs import Found, question_key, search_repairs
from netcore.study import Study

__all__ = ["StoreError", "read_repairs", "repairs_file", "write_repairs"]


class StoreError(ValueError):
    """A file of stored repairs that cannot be read; says what was expected."""


def repairs_file(study: Study) -> Path | None:
    """Return where the repairs of a paper are stored, whether or not they exist.

    Parameters
    ----------
    study : Study
        The paper, with the folder that it was read from.

    Returns
    -------
    Path or None
        ``evidence/KEY/repairs.json`` of the project; None for a folder that
        is not one of a project.
    """
    folder = evidence_folder(study)
    return None if folder is None else folder / "repairs.json"


def read_repairs(study: Study) -> dict[str, Found]:
    """Read the stored repairs of a paper.

    Parameters
    ----------
    study : Study
        The paper.

    Returns
    -------
    dict of str to Found
        By :func:`netcore.repairs.search.question_key`; empty if nothing is
        stored.

    Raises
    ------
    StoreError
        If the file is there and is not what this module writes.
    """
    path = repairs_file(study)
    if path is None or not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {entry["key"]: _found(entry) for entry in stored["conflicts"]}
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path}: found no stored repairs, expected what 'make evidence' writes ({error})"
        ) from error


def _found(entry: Mapping[str, object]) -> Found:
    repairs = entry["repairs"]
    tried = entry["tried"]
    if not isinstance(repairs, list) or not isinstance(tried, int):
        raise TypeError("repairs and tried")
    return Found(
        tuple(
            Repair(
                tuple(repair["claims"]),
                repair["change"],
                repair["kind"],
                tuple((name, printed) for name, printed in repair["replacements"]),
                repair["verified"],
            )
            for repair in repairs
        ),
        tried,
    )


def write_repairs(
    study: Study, findings: tuple[Finding, ...], conventions: Conventions
) -> Path | None:
    """Search the repairs of every conflict of a paper, and store them.

    Parameters
    ----------
    study : Study
        The paper.
    findings : tuple of Finding
        All its findings, without the repairs of a search.
    conventions : Conventions
        Under which they were found.

    Returns
    -------
    Path or None
        The file, if it was written or taken away; None also where there is no place for it.

    Notes
    -----
    What is stored is taken over where neither the code nor what the repairs
    depend on has changed.
    """
    path = repairs_file(study)
    conflicts = [finding for finding in findings if finding.kind == "conflict"]
    if path is None:
        return None
    if not conflicts:
        was_there = path.is_file()
        path.unlink(missing_ok=True)
        return path if was_there else None
    code = code_digest("netcore.repairs.search")
    ready = read_repairs(study) if _code_of(path) == code else {}
    entries = []
    for finding in conflicts:
        key = question_key(study, finding, conventions)
        found = ready.get(key) or search_repairs(study, finding, conventions)
        entries.append(
            {
                "finding": finding.id,
                "key": key,
                "tried": found.tried,
                "repairs": [
                    {
                        "claims": list(repair.claims),
                        "change": repair.change,
                        "kind": repair.kind,
                        "replacements": [list(pair) for pair in repair.replacements],
                        "verified": repair.verified,
                    }
                    for repair in found.repairs
                ],
            }
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json_text({"paper": study.paper.key, "code": code, "conflicts": entries})
    if path.is_file() and path.read_bytes() == text.encode("utf-8"):
        return None
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _code_of(path: Path) -> str | None:
    """Return with which code stored repairs were searched; another may find others."""
    if not path.is_file():
        return None
    code = json.loads(path.read_text(encoding="utf-8")).get("code")
    return code if isinstance(code, str) else None
