"""The ``check-index`` directive: which check asks what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from netcore.checks import catalogue
from netcore.checks.catalogue import CATALOGUE, CheckEntry
from netcore.publishing.generated_text import GeneratedText, literal, markdown_table, plain

__all__ = ["CheckIndex", "index_markdown"]

_ANSWERS = {"exact": "exact", "bounds": "proved bounds", "search": "search, and proved bounds"}


class CheckIndex(GeneratedText):
    """A table of all checks."""

    def markdown(self) -> str:
        """Return the table.

        Returns
        -------
        str
            Markdown.
        """
        return index_markdown(CATALOGUE)

    def sources(self) -> Iterable[Path]:
        """Return the module with the entries.

        Returns
        -------
        iterable of Path
            One file.
        """
        return (Path(catalogue.__file__),)


def index_markdown(entries: Sequence[CheckEntry]) -> str:
    """Return a table of checks, for a page among the methods.

    Parameters
    ----------
    entries : sequence of CheckEntry
        What is known of each.

    Returns
    -------
    str
        Markdown; each row has the anchor ``check-NAME``.
    """
    rows = [
        (
            f"{plain(entry.question)} "
            f'<span id="check-{entry.name}" class="nc-check-name">{literal(entry.name)}</span>',
            plain(entry.needs),
            _ANSWERS[entry.exactness],
            "replayed" if entry.replayed else "none",
            f"{{doc}}`{entry.page}`",
        )
        for entry in entries
    ]
    heads = ("what it asks", "what has to be printed", "answer", "proof of a conflict", "page")
    return markdown_table(heads, rows)
