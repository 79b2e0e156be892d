"""The ``how-to-cite`` directive: citations of the book, its chapters and its verdicts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from netcore.publishing.generated_text import GeneratedText, plain
from netcore.publishing.staging import find_notebooks
from netcore.study.citation import CITATION_FILE, Citation, read_citation

__all__ = ["HowToCite", "chapter_titles", "citations_markdown", "verdict_state"]


class HowToCite(GeneratedText):
    """How to cite the book, its chapters or its verdicts."""

    required_arguments = 1

    def markdown(self) -> str:
        """Return the citation of what the argument names.

        Returns
        -------
        str
            Markdown, for ``book``, ``chapters`` or ``verdict``.
        """
        return citations_markdown(Path(self.env.srcdir), self.arguments[0])

    def sources(self) -> Iterable[Path]:
        """Return the citation file, the chapters and the pinned verdicts.

        Returns
        -------
        iterable of Path
            All of them.
        """
        root = Path(self.env.srcdir)
        chapters = [root / f"{page}.ipynb" for page in find_notebooks(root)]
        return [root / CITATION_FILE, *chapters, *sorted((root / "verdicts").rglob("*.csv"))]


def citations_markdown(root: Path, what: str) -> str:
    """Return how the book or a part of it is cited.

    Parameters
    ----------
    root : Path
        The folder of the book.
    what : {'book', 'chapters', 'verdict'}
        The book, each of its chapters, or one verdict.

    Returns
    -------
    str
        Markdown: a sentence, and BibTeX or the address of the part.
    """
    book = read_citation(root / CITATION_FILE)
    if what == "book":
        return _quoted(book) + _code(book.bibtex)
    chapters = [book.part(title, f"{page}.html") for page, title in chapter_titles(root).items()]
    if what == "chapters":
        return _quoted(chapters[0]) + _code("\n\n".join(one.bibtex for one in chapters))
    page, title = next(iter(chapter_titles(root).items()))
    said = f"The verdict on the claim NAME, {title} (verdicts {verdict_state(root)})"
    part = book.part(said, f"{page}.html", "claim-NAME")
    return f"{_quoted(part)}On this site the address is `{page}.html#claim-NAME`.\n"


def verdict_state(root: Path) -> str:
    """Return twelve characters that change whenever a pinned verdict does.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    str
        The first characters of a SHA-256 over all files of pinned verdicts.
    """
    digest = hashlib.sha256()
    folder = root / "verdicts"
    for path in sorted(folder.rglob("*.csv")):
        if path.name != "changes.csv":
            digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def chapter_titles(root: Path) -> dict[str, str]:
    """Return the title of each chapter.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    dict of str to str
        Page, without its ending, and title, in the order of the contents; the
        home page is the book itself and not among them.
    """
    return {page: _title(root / f"{page}.ipynb") for page in find_notebooks(root)[1:]}


def _title(notebook: Path) -> str:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return notebook.stem


def _quoted(citation: Citation) -> str:
    return f"> {plain(citation.text)}\n\n"


def _code(text: str) -> str:
    return f"```{{code-block}} bibtex\n:class: nc-wrapped\n\n{text}\n```\n"
