"""What a page has to know of the book that it is in: how to cite it, where to write to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import yaml

from netcore.paths import PathError, project_root
from netcore.study.citation import CITATION_FILE, Citation, read_citation

__all__ = ["Book", "open_book", "read_book"]

_CONFIGURATION: Final = "_config.yml"


@dataclass(frozen=True, slots=True)
class Book:
    """The book that a page is in.

    Parameters
    ----------
    citation : Citation or None
        How it is cited; None where it does not say.
    repository : str
        Address of its repository, without a slash at the end; empty where
        none is configured.
    """

    citation: Citation | None = None
    repository: str = ""


def open_book() -> Book:
    """Read what the project says of its book.

    Returns
    -------
    Book
        That of :func:`~netcore.paths.project_root`; one that says nothing
        where there is no project.
    """
    try:
        return read_book(project_root())
    except PathError:
        return Book()


def read_book(root: Path) -> Book:
    """Read what a folder says of its book.

    Parameters
    ----------
    root : Path
        The folder with ``CITATION.cff`` and ``_config.yml``; either may be
        missing.

    Returns
    -------
    Book
        The address of the site is that of the citation file, or else the
        configured ``html: baseurl``.
    """
    settings: object = None
    if (root / _CONFIGURATION).is_file():
        settings = yaml.safe_load((root / _CONFIGURATION).read_text(encoding="utf-8"))
    citation = None
    if (root / CITATION_FILE).is_file():
        citation = read_citation(root / CITATION_FILE)
        if not citation.address:
            citation = replace(citation, address=_setting(settings, "html", "baseurl"))
    return Book(citation, _setting(settings, "repository", "url").rstrip("/"))


def _setting(settings: object, section: str, name: str) -> str:
    found = settings.get(section) if isinstance(settings, dict) else None
    value = found.get(name) if isinstance(found, dict) else None
    return str(value or "")
