"""What the book says of itself: title, authors, licences, version, address."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from netcore.study.citation import CITATION_FILE

__all__ = ["BookRecord", "read_book_record"]

CONFIGURATION: Final = "_config.yml"
VERDICT_CHANGES: Final = Path("verdicts", "changes.csv")


@dataclass(frozen=True, slots=True)
class BookRecord:
    """What the book says of itself.

    Parameters
    ----------
    title : str
        The title.
    authors : tuple of str
        Names of persons or of a group.
    abstract : str
        What it is, in a sentence.
    keywords : tuple of str
        Its subjects.
    licences : tuple of str
        Identifiers of the SPDX list.
    version : str
        The release.
    date : str
        The day of the release; before the first one, the day of the last
        change of a verdict.  Never the day of the build, so that the same
        sources give the same bytes.  Empty where neither is known.
    base : str
        The address under which the site is published, with a slash at its
        end; empty where it is not published.
    repository : str
        The address of the sources; empty where they are not published.
    """

    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    version: str = ""
    date: str = ""
    base: str = ""
    repository: str = ""


def read_book_record(root: Path) -> BookRecord:
    """Read what the book says of itself, out of the files that say it.

    Parameters
    ----------
    root : Path
        The folder of the book, or of its staged sources.

    Returns
    -------
    BookRecord
        From ``CITATION.cff`` where there is one; the title, the authors and
        the addresses otherwise from ``_config.yml``.
    """
    configuration = _read(root / CONFIGURATION)
    citation = _read(root / CITATION_FILE)
    authors = tuple(_name(author) for author in citation.get("authors", ()))
    base = str((configuration.get("html") or {}).get("baseurl") or "")
    licences = citation.get("license", ())
    return BookRecord(
        title=str(citation.get("title") or configuration.get("title") or "A book without a title"),
        authors=authors or tuple(filter(None, [str(configuration.get("author") or "")])),
        abstract=str(citation.get("abstract") or "").strip(),
        keywords=tuple(map(str, citation.get("keywords", ()))),
        licences=(licences,) if isinstance(licences, str) else tuple(licences),
        version=str(citation.get("version") or ""),
        date=str(citation.get("date-released") or _last_change(root / VERDICT_CHANGES)),
        base=f"{base.rstrip('/')}/" if base else "",
        repository=str((configuration.get("repository") or {}).get("url") or "").rstrip("/"),
    )


def _read(path: Path) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return document or {}


def _name(author: dict[str, str]) -> str:
    parts = (author.get("given-names"), author.get("family-names"))
    return author.get("name") or " ".join(part for part in parts if part)


def _last_change(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as stream:
        return max((row["date"] for row in csv.DictReader(stream)), default="")
