"""The files of one document, for whoever wants to use its values elsewhere.

Claims with verdicts, the values of each place as a table, constructed data and
proofs.  ``netcore verify --write`` writes them beside the ledger, and so they
are on the site, for every page to link to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from netcore.checks import Finding
from netcore.checks.wording import claim_title
from netcore.evidence import certificate_text
from netcore.ledger import Ledger, claims_csv
from netcore.study import Study
from netcore.tables.attainable import attainable_words
from netcore.tables.constructed_data import constructed_data
from netcore.tables.markup import slug
from netcore.tables.separated_values import csv_text

__all__ = [
    "CLAIMS",
    "DOCUMENTS",
    "certificate_file",
    "document_files",
    "table_file",
    "witness_file",
    "write_documents",
]

DOCUMENTS: Final = "documents"
"""The folder beside the ledger that has a folder for each document."""
CLAIMS: Final = "claims.csv"
"""Its file of all claims with their verdicts."""
_TABLES, _WITNESSES, _CERTIFICATES = "tables", "witnesses", "certificates"
_COLUMNS: Final = (
    "value",
    "printed",
    "unit",
    "follows",
    "attainable",
    "verdict",
    "evidence",
    "claim",
)


def table_file(location: str) -> str:
    """Return the file of the values of a place.

    Parameters
    ----------
    location : str
        Key of the place.

    Returns
    -------
    str
        Path below the folder of the document.
    """
    return f"{_TABLES}/{slug(location)}.csv"


def witness_file(finding: str) -> str:
    """Return the file of the data that were constructed for a finding.

    Parameters
    ----------
    finding : str
        Id of the finding.

    Returns
    -------
    str
        Path below the folder of the document; the name says ``constructed``.
    """
    return f"{_WITNESSES}/constructed-{slug(finding)}.csv"


def certificate_file(finding: str) -> str:
    """Return the file of the proof of a finding.

    Parameters
    ----------
    finding : str
        Id of the finding.

    Returns
    -------
    str
        Path below the folder of the document.
    """
    return f"{_CERTIFICATES}/{slug(finding)}.json"


def document_files(ledger: Ledger, study: Study) -> dict[str, str]:
    """Return the files of a document.

    Parameters
    ----------
    ledger : Ledger
        A ledger that holds the document.
    study : Study
        The document.

    Returns
    -------
    dict of str to str
        Text by path: ``claims.csv``, ``tables/PLACE.csv`` for each place with
        values, ``witnesses/constructed-FINDING.csv`` for each set of constructed
        data, and ``certificates/FINDING.json`` for each conflict, the same
        bytes as in ``evidence/``.
    """
    key = study.paper.key
    own = replace(
        ledger,
        studies=(study,),
        entries=tuple(entry for entry in ledger.entries if entry.paper == key),
        findings=tuple(finding for finding in ledger.findings if finding.paper == key),
    )
    files = {CLAIMS: claims_csv(own)}
    for location in study.locations:
        if rows := _values(own, study, location):
            files[table_file(location)] = rows
    for finding in own.findings:
        files.update(_files_of(study, finding))
    return files


def write_documents(ledger: Ledger, folder: Path) -> None:
    """Write the files of every document, and take away those of findings that are gone.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    folder : Path
        The folder of the ledger; the files go to ``documents/KEY`` in it.
    """
    for study in ledger.studies:
        home = folder / DOCUMENTS / slug(study.paper.key)
        files = document_files(ledger, study)
        for place in (_TABLES, _WITNESSES, _CERTIFICATES):
            for path in sorted((home / place).glob("*")):
                if f"{place}/{path.name}" not in files:
                    path.unlink()
        for name, content in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(content, encoding="utf-8", newline="")


def _files_of(study: Study, finding: Finding) -> Mapping[str, str]:
    files = {}
    if (data := constructed_data(study, finding)) is not None:
        files[witness_file(finding.id)] = data.csv
    if (proof := certificate_text(finding)) is not None:
        files[certificate_file(finding.id)] = proof
    return files


def _values(ledger: Ledger, study: Study, location: str) -> str:
    entries = [entry for entry in ledger.entries if entry.claim.location == location]
    if not entries:
        return ""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for entry in entries:
        claim = entry.claim
        said = (entry.recomputed or "", attainable_words(study, entry) or "")
        title = claim_title(study, claim)
        row = (title, claim.printed, claim.unit, *said, entry.verdict.value, entry.evidence)
        rows.append((*row, claim.claim))
    return csv_text(rows)
