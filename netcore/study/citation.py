"""How the book, or a part of it, is cited: in words and as BibTeX, from ``CITATION.cff``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["CITATION_FILE", "Citation", "read_citation"]

CITATION_FILE: Final = "CITATION.cff"
_KEY: Final = "netcore"
# Taken one character at a time, so that what one replaces no other replaces again.
_BIBTEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "$": r"\$",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\n": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: the book, or a part of it.

    Parameters
    ----------
    title : str
        Title of the book, or of the part.
    authors : tuple of str
        People as ``Family, Given``; groups by their name.
    groups : frozenset of str
        Those of the authors that are groups, whose names have no parts.
    version : str
        Version of the book.
    key : str
        Key of the BibTeX entry.
    book : str
        Title of the book that the part belongs to; empty for the book itself.
    released : str
        Day of the version, YYYY-MM-DD; empty where the file names none.
    doi : str
        DOI of the book, without https://doi.org/; empty where it has none.
    address : str
        Address of the book, then of the part; empty where none is known.
    """

    title: str
    authors: tuple[str, ...]
    groups: frozenset[str] = frozenset()
    version: str = ""
    key: str = _KEY
    book: str = ""
    released: str = ""
    doi: str = ""
    address: str = ""

    def part(self, title: str, page: str, anchor: str = "") -> Citation:
        """Return the citation of a part of the book.

        Parameters
        ----------
        title : str
            What the part is called.
        page : str
            Its page, relative to the site, such as ``chapters/sources.html``.
        anchor : str
            Where on the page, if not all of it.

        Returns
        -------
        Citation
            The same authors and version, with the address of the part where
            the book has one.
        """
        name = page.rpartition("/")[2].removesuffix(".html")
        place = f"{page}#{anchor}" if anchor else page
        address = f"{self.address.rstrip('/')}/{place}" if self.address else ""
        key = "-".join(part for part in (self.key, name, anchor) if part)
        return replace(self, title=title, book=self.title, key=key, address=address)

    @property
    def text(self) -> str:
        """The citation in words.

        Examples
        --------
        >>> book = Citation("Values checked", ("Doe, Jo", "Roe, Al"), version="1.0")
        >>> book.text
        'Doe, Jo; Roe, Al. Values checked, version 1.0.'
        >>> book.part("Surname 2020", "chapters/surname2020.html").text
        'Doe, Jo; Roe, Al. Surname 2020. In: Values checked, version 1.0.'
        """
        authors = "; ".join(self.authors)
        year = f" ({self.released[:4]})" if self.released else ""
        title = f"{self.title}. In: {self.book}" if self.book else self.title
        version = f", version {self.version}" if self.version else ""
        where = [f"https://doi.org/{self.doi}"] if self.doi else []
        where += [self.address] if self.address else []
        return " ".join([f"{authors}{year}. {title}{version}.", *where])

    @property
    def bibtex(self) -> str:
        """The citation as a BibTeX entry.

        Examples
        --------
        >>> print(Citation("Values checked", ("The authors",), frozenset({"The authors"})).bibtex)
        @misc{netcore,
          author = {{The authors}},
          title = {{Values checked}},
        }
        """
        names = " and ".join(
            f"{{{name.translate(_BIBTEX)}}}" if name in self.groups else name.translate(_BIBTEX)
            for name in self.authors
        )
        fields = {
            "author": names,
            # In braces of its own, so that no style takes its capitals away.
            "title": f"{{{self.title.translate(_BIBTEX)}}}",
            "booktitle": f"{{{self.book.translate(_BIBTEX)}}}" if self.book else "",
            "year": self.released[:4],
            "note": f"Version {self.version.translate(_BIBTEX)}" if self.version else "",
            "doi": self.doi,
            "url": self.address,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        kind = "incollection" if self.book else "misc"
        return "\n".join([f"@{kind}{{{self.key},", *lines, "}"])


def read_citation(path: Path) -> Citation:
    """Read how the book is cited.

    Parameters
    ----------
    path : Path
        A file in the Citation File Format, such as ``CITATION.cff``.

    Returns
    -------
    Citation
        The citation of the book.

    Raises
    ------
    ValueError
        If the file lacks a title or an author.
    """
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not found.get("title") or not found.get("authors"):
        raise ValueError(f"found no title or no authors in {path.name}, expected both")
    names = tuple(_name(author) for author in found["authors"])
    groups = frozenset(str(author["name"]) for author in found["authors"] if "name" in author)
    given = {
        name: str(found.get(name) or "") for name in ("version", "date-released", "doi", "url")
    }
    return Citation(
        title=" ".join(str(found["title"]).split()),
        authors=names,
        groups=groups,
        version=given["version"],
        released=given["date-released"],
        doi=given["doi"],
        address=given["url"],
    )


def _name(author: Mapping[str, Any]) -> str:
    if "name" in author:
        return str(author["name"])
    family = " ".join(
        str(author[name]) for name in ("name-particle", "family-names") if name in author
    )
    return ", ".join(part for part in (family, str(author.get("given-names", ""))) if part)
