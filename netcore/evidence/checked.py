"""Findings of a book, worked out once for all of its chapters."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import netcore
from netcore.checks import Conventions, Finding, run_checks
from netcore.evidence.answers import answers_for_book
from netcore.evidence.folders import evidence_folder
from netcore.study import Study

__all__ = ["checks_of_book"]


def checks_of_book(
    conventions: Conventions, library: Sequence[Study]
) -> Callable[[Study], tuple[Finding, ...]]:
    """Return who checks a document, or reads what was found by another chapter of the build.

    Parameters
    ----------
    conventions : Conventions
        Rounding and level.
    library : sequence of Study
        Documents that may be quoted or counted.

    Returns
    -------
    callable
        Of a study, its findings.

    Notes
    -----
    Findings are kept in ``build/findings`` of the project, under a digest of
    the code, of all data, of the stored evidence and of the conventions; with
    anything else they are worked out again.  ``make clean`` forgets them.
    """
    answers = answers_for_book(conventions)
    folders = sorted({study.folder.resolve() for study in library})
    known_by = (repr(conventions), sys.version, _code(), *map(_digest, folders))

    def checked(study: Study) -> tuple[Finding, ...]:
        path = _place(study, known_by)
        found = None if path is None else _read(path)
        if found is not None:
            return found
        findings = run_checks(study, conventions, library, answers=answers(study))
        if path is not None:
            _write(path, findings)
        return findings

    return checked


def _place(study: Study, known_by: Sequence[str]) -> Path | None:
    """Return where the findings of a document are kept; None outside a project."""
    evidence = evidence_folder(study)
    if evidence is None or not evidence.is_dir():
        return None
    keys = (study.paper.key, *known_by, _digest(study.folder), _digest(evidence))
    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()
    return evidence.parent.parent / "build" / "findings" / name


@cache
def _code() -> str:
    assert netcore.__file__ is not None
    return _digest(Path(netcore.__file__).parent, "*.py")


def _digest(folder: Path, pattern: str = "*") -> str:
    """Return a digest of the names and the bytes of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


class _Pickler(pickle.Pickler):
    """Writes views of dictionaries as well, which findings are frozen with."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return _frozen, (dict(value),)
        return NotImplemented


def _frozen(value: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    # The class itself cannot be written: it is not found under the name that it gives itself.
    return MappingProxyType(value)


def _write(path: Path, findings: tuple[Finding, ...]) -> None:
    written = io.BytesIO()
    _Pickler(written, protocol=5).dump(findings)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Chapters run side by side: a file is there as a whole, or not at all.
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(written.getvalue())
    unfinished.replace(path)


def _read(path: Path) -> tuple[Finding, ...] | None:
    try:
        found: tuple[Finding, ...] = pickle.loads(path.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
    return found
