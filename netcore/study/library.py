"""All documents of a data folder: the papers, and the sources they are compared with.

A paper is ``data/KEY``.  A source is ``data/literature/KEY``: a published series
of which usually only an abstract was seen.  Both are studies in the same format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netcore.study.loading import PAPER_FILE, load_study
from netcore.study.problems import Problem, StudyError
from netcore.study.study import Study

__all__ = ["LITERATURE", "Library", "is_source", "load_library", "load_studies", "paper_folders"]

LITERATURE: Final = "literature"
"""Folder of the published series, beside the papers of the book."""


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of a data folder.

    Parameters
    ----------
    papers : tuple of Study
        The papers that have a chapter, by key.
    sources : tuple of Study
        The published series that they are compared with, by key.
    """

    papers: tuple[Study, ...] = ()
    sources: tuple[Study, ...] = ()

    @property
    def studies(self) -> tuple[Study, ...]:
        """All documents, papers first."""
        return (*self.papers, *self.sources)


def is_source(study: Study) -> bool:
    """Return whether a document is a source, and not a paper with a chapter.

    Parameters
    ----------
    study : Study
        A document, with the folder that it was read from.

    Returns
    -------
    bool
        True for a folder of ``data/literature``.
    """
    return study.folder.resolve().parent.name == LITERATURE


def paper_folders(data: Path) -> tuple[list[Path], list[Path]]:
    """Find the folders of papers and of sources.

    Parameters
    ----------
    data : Path
        The data folder.

    Returns
    -------
    papers : list of Path
        Folders of papers, sorted by name.
    sources : list of Path
        Folders of sources, sorted by name.
    """
    papers, sources = (
        sorted(path.parent for path in folder.glob(f"*/{PAPER_FILE}"))
        for folder in (data, data / LITERATURE)
    )
    return papers, sources


def load_studies(folders: Iterable[Path]) -> tuple[Study, ...]:
    """Load several studies; report the problems of all of them at once.

    Parameters
    ----------
    folders : iterable of Path
        Folders with both files.

    Returns
    -------
    tuple of Study
        In the order of the folders.

    Raises
    ------
    StudyError
        With every problem of every study.
    """
    studies: list[Study] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            studies.append(load_study(folder))
        except StudyError as error:
            problems.extend(error.problems)
    if problems:
        raise StudyError(tuple(problems))
    return tuple(studies)


def load_library(data: Path) -> Library:
    """Load every document of a data folder.

    Parameters
    ----------
    data : Path
        The data folder.

    Returns
    -------
    Library
        Papers and sources.

    Raises
    ------
    StudyError
        With every problem of every document.
    """
    papers, sources = paper_folders(data)
    studies = load_studies((*papers, *sources))
    return Library(studies[: len(papers)], studies[len(papers) :])
