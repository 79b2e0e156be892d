"""The store: certificates and witnesses of a paper, by the content that they prove."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from netcore.checks import Conventions, Finding
from netcore.checks.certificates import KIND
from netcore.evidence.folders import (
    digest_of,
    digest_of_file,
    evidence_folder,
    json_text,
    table_text,
)
from netcore.evidence.study_file import study_document
from netcore.study import Study
from netcore.study.loading import CLAIMS_FILE, PAPER_FILE

__all__ = ["certificate_text", "evidence_files", "is_replayed", "stale_papers", "write_evidence"]

STUDY_FILE: Final = "study.json"
INDEX_FILE: Final = "index.json"
_CERTIFICATES: Final = "certificates"
_WITNESSES: Final = "witnesses"
_DIGITS: Final = 16  # of a digest in the name of a file


def evidence_files(
    study: Study, findings: Iterable[Finding], library: Sequence[Study] = ()
) -> dict[str, str]:
    """Return the files that prove what was found of a paper.

    Parameters
    ----------
    study : Study
        The paper.
    findings : iterable of Finding
        All its findings, under the default conventions.
    library : sequence of Study
        Other documents.

    Returns
    -------
    dict of str to str
        Text by path below the folder of the paper: ``study.json``,
        ``certificates/CHECK-DIGEST.json`` for each conflict,
        ``witnesses/constructed-CHECK-DIGEST.json`` for each set of data that
        was constructed, and ``index.json``.
    """
    files: dict[str, str] = {}
    proved: dict[str, str] = {}
    constructed: dict[str, str] = {}
    for finding in findings:
        if (text := certificate_text(finding)) is not None:
            name = f"{finding.check}-{digest_of(text)[:_DIGITS]}.json"
            files[f"{_CERTIFICATES}/{name}"] = text
            proved[finding.id] = name
        if finding.witness is not None and "kind" in finding.witness:
            about = {
                "finding": finding.id,
                "constructed": "no patient of the paper has these data",
                "claims": list(finding.claims),
            }
            text = json_text({**about, **finding.witness, **about})
            name = f"constructed-{finding.check}-{digest_of(text)[:_DIGITS]}.json"
            files[f"{_WITNESSES}/{name}"] = text
            constructed[finding.id] = name
    files[STUDY_FILE] = table_text(study_document(study, Conventions(), library))
    index = {
        "paper": study.paper.key,
        "files": {**_digests(study), STUDY_FILE: digest_of(files[STUDY_FILE])},
        "certificates": proved,
        "witnesses": constructed,
    }
    files[INDEX_FILE] = json_text(index)
    return files


def certificate_text(finding: Finding) -> str | None:
    """Return the stored proof of a conflict.

    Parameters
    ----------
    finding : Finding
        A finding.

    Returns
    -------
    str or None
        JSON text; None where there is no proof that ``verify_evidence.py``
        replays.
    """
    if finding.certificate is None or not is_replayed(finding):
        return None
    return json_text({"finding": finding.id, **finding.certificate})


def is_replayed(finding: Finding) -> bool:
    """Return whether ``verify_evidence.py`` replays the proof of a finding.

    Parameters
    ----------
    finding : Finding
        A finding.

    Returns
    -------
    bool
        False also for a finding without a proof.
    """
    proof = finding.certificate
    return finding.kind == "conflict" and proof is not None and proof["kind"] == KIND


def _digests(study: Study) -> dict[str, str]:
    return {name: digest_of_file(study.folder / name) for name in (CLAIMS_FILE, PAPER_FILE)}


def write_evidence(
    study: Study, findings: Iterable[Finding], library: Sequence[Study] = ()
) -> list[Path]:
    """Write the files of a paper, and take away those that prove nothing any more.

    Parameters
    ----------
    study : Study
        The paper.
    findings : iterable of Finding
        All its findings, under the default conventions.
    library : sequence of Study
        Other documents.

    Returns
    -------
    list of Path
        Files that were written or taken away; none where all were current.
    """
    folder = evidence_folder(study)
    if folder is None:
        return []
    files = evidence_files(study, findings, library)
    changed: list[Path] = []
    for place in (_CERTIFICATES, _WITNESSES):
        for path in sorted((folder / place).glob("*")):
            if f"{place}/{path.name}" not in files:
                path.unlink()
                changed.append(path)
    for name, text in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            changed.append(path)
    return changed


def stale_papers(studies: Iterable[Study]) -> tuple[str, ...]:
    """Return the papers whose evidence is not of their present data.

    Parameters
    ----------
    studies : iterable of Study
        Papers of a project.

    Returns
    -------
    tuple of str
        Their keys.  Only digests are compared, which takes no time; that the
        proofs hold is for ``verify_evidence.py``.
    """
    return tuple(study.paper.key for study in studies if not _is_current(study))


def _is_current(study: Study) -> bool:
    folder = evidence_folder(study)
    if folder is None:
        return True
    try:
        files = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))["files"]
        own = {**_digests(study), STUDY_FILE: digest_of_file(folder / STUDY_FILE)}
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return bool(files == own)
