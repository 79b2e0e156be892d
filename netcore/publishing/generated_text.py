"""Directives whose text is made from the code or data that it describes.

Such a directive returns MyST Markdown, which is parsed where the directive
stands, so that links, terms and headings work as if they were typed there.
"""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

__all__ = ["GeneratedText", "literal", "markdown_table", "plain"]


class GeneratedText(SphinxDirective, ABC):
    """A directive that stands for Markdown made from a source in the project."""

    has_content = False

    @abstractmethod
    def markdown(self) -> str:
        """Return what stands in the place of the directive.

        Returns
        -------
        str
            MyST Markdown.
        """

    @abstractmethod
    def sources(self) -> Iterable[Path]:
        """Return the files after a change of which the page is read again.

        Returns
        -------
        iterable of Path
            Files of code or data.
        """

    def run(self) -> list[nodes.Node]:
        """Parse the Markdown.

        Returns
        -------
        list of Node
            What the text consists of.
        """
        for path in (Path(inspect.getfile(type(self))), *self.sources()):
            self.env.note_dependency(str(path))
        lines = StringList(self.markdown().splitlines(), self.get_source_info()[0])
        content = nodes.Element()
        self.state.nested_parse(lines, self.content_offset, content, match_titles=True)
        return list(content.children)


def plain(text: str) -> str:
    r"""Escape what Markdown would take for markup, in a cell of a table as well.

    Parameters
    ----------
    text : str
        A sentence of one line.

    Returns
    -------
    str
        Markdown that reads as the sentence.

    Examples
    --------
    >>> print(plain("a|b is *one* of <two>, 'claims.csv' and $x$"))
    a\|b is \*one\* of \<two\>, 'claims.csv' and \$x\$
    """
    return re.sub(r"([\\`*_{}\[\]<>$|~^#&])", r"\\\1", " ".join(text.split()))


def literal(code: str) -> str:
    r"""Return code as Markdown, in a cell of a table as well.

    Parameters
    ----------
    code : str
        Code of one line, without backticks.

    Returns
    -------
    str
        The code between backticks.

    Examples
    --------
    >>> print(literal("a|b"))
    `a\|b`
    """
    return "`" + code.replace("|", r"\|") + "`"


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown cells.

    Parameters
    ----------
    heads : sequence of str
        What the columns are.
    rows : iterable of sequence of str
        As many cells each, in Markdown.

    Returns
    -------
    str
        The table, with a line at its end.

    Examples
    --------
    >>> print(markdown_table(["name", "meaning"], [["`n`", "a count"]]), end="")
    | name | meaning |
    |---|---|
    | `n` | a count |
    """
    lines = [heads, ["---"] * len(heads), *rows]
    table = "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
    return (
        table.replace("| --- ", "|---").replace("--- |\n", "---|\n").replace("--- |---", "---|---")
    )
