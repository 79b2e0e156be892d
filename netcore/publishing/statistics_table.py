"""The ``statistics-table`` directive: the vocabulary of statistics, from its one source."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import Directive

from netcore.study.vocabulary import GROUPS, SUFFIXES

__all__ = ["StatisticsTable"]


class StatisticsTable(Directive):  # type: ignore[misc]
    """A table of every statistic that a claim can have, with its meaning."""

    def run(self) -> list[nodes.Node]:
        """Return the table.

        Returns
        -------
        list of Node
            One table: name, meaning and group of each statistic, then the
            suffixes that any estimator can have.
        """
        rows = [
            (name, meaning, group)
            for group, statistics in GROUPS.items()
            for name, meaning in statistics.items()
        ]
        rows += [
            (f"any estimator + {suffix}", meaning, "suffixes")
            for suffix, meaning in SUFFIXES.items()
        ]
        group = nodes.tgroup(cols=3)
        group += [nodes.colspec(colwidth=width) for width in (20, 60, 20)]
        head, body = nodes.thead(), nodes.tbody()
        head += _row("statistic", "meaning", "group")
        for row in rows:
            body += _row(*row, literal=True)
        group += [head, body]
        return [nodes.table("", group)]


def _row(first: str, *others: str, literal: bool = False) -> nodes.row:
    name = nodes.literal(first, first) if literal else nodes.Text(first)
    row = nodes.row()
    row += nodes.entry("", nodes.paragraph("", "", name))
    row += [nodes.entry("", nodes.paragraph(text, text)) for text in others]
    return row
