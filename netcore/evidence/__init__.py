"""Evidence: proofs, constructed data and repairs, kept beside the data that they are about.

Certificates, witnesses and ``study.json`` are for whoever does not trust this
code; repairs are stored because their search takes seconds.  ``make evidence``
works all of it out again.
"""

from netcore.evidence.answers import (
    COMMAND,
    StaleEvidenceError,
    StoredAnswers,
    answers_for_book,
)
from netcore.evidence.checked import checks_of_book
from netcore.evidence.folders import evidence_folder
from netcore.evidence.repairs import StoreError, read_repairs, repairs_file, write_repairs
from netcore.evidence.store import (
    certificate_text,
    evidence_files,
    is_replayed,
    stale_papers,
    write_evidence,
)
from netcore.evidence.study_file import study_document

__all__ = [
    "COMMAND",
    "StaleEvidenceError",
    "StoreError",
    "StoredAnswers",
    "answers_for_book",
    "certificate_text",
    "checks_of_book",
    "evidence_files",
    "evidence_folder",
    "is_replayed",
    "read_repairs",
    "repairs_file",
    "stale_papers",
    "study_document",
    "write_evidence",
    "write_repairs",
]
