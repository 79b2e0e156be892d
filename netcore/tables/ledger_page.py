"""The ledger as a page: every claim of every paper in one table.

The table is complete as it stands, for readers without scripts and for print.
``_static/ledger.js`` makes it one that can be searched, filtered and sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from netcore.checks import Conventions, Verdict
from netcore.checks.wording import counted
from netcore.evidence import checks_of_book
from netcore.ledger import Ledger, build_ledger
from netcore.paths import data_folder
from netcore.study.library import load_library
from netcore.tables.ledger_controls import NO_CHECK, ledger_controls
from netcore.tables.ledger_rows import LedgerRow, ledger_rows
from netcore.tables.markup import Html, element, joined
from netcore.tables.paper_table import NOTHING
from netcore.tables.verdict_marks import badge

__all__ = ["ledger_table", "open_ledger", "show_ledger", "show_rows"]


def open_ledger(rounding: str = "nearest") -> Ledger:
    """Load every paper of the book and run every check.

    Parameters
    ----------
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.

    Returns
    -------
    Ledger
        Every claim of every paper.
    """
    library = load_library(data_folder())
    conventions = Conventions(rounding)
    return build_ledger(
        library.studies, conventions, checked=checks_of_book(conventions, library.studies)
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name in addresses, its title, whether it is shown at first, its cells."""

    name: str
    title: str
    is_shown: bool
    cell: Callable[[LedgerRow], Html]


def _words(value: Callable[[LedgerRow], str]) -> Callable[[LedgerRow], Html]:
    return lambda row: element("td", value(row))


def _quantity(row: LedgerRow) -> Html:
    return element("th", element("a", row.quantity, href=row.address), scope="row")


def _printed(row: LedgerRow) -> Html:
    return element("td", row.printed, data_order="" if row.number is None else f"{row.number:g}")


def _verdict(row: LedgerRow) -> Html:
    order = str(list(Verdict).index(row.verdict))
    return element("td", badge(row.verdict), data_order=order, data_search=row.verdict.value)


def _evidence(row: LedgerRow) -> Html:
    # The element inside is what a style sheet can cut after some lines.
    return element("td", element("div", row.evidence))


def _findings(row: LedgerRow) -> Html:
    links = [element("a", name, href=address) for name, address in row.findings]
    return element("td", joined(links, ", ") if links else NOTHING)


# What a reader needs first comes first; the rest is one click away.
_COLUMNS: Final = (
    _Column("paper", "Paper", True, _words(lambda row: row.paper_title)),
    _Column("quantity", "Quantity", True, _quantity),
    _Column("printed", "Printed", True, _printed),
    _Column("follows", "Follows", True, _words(lambda row: row.follows)),
    _Column("verdict", "Verdict", True, _verdict),
    _Column("evidence", "Evidence", True, _evidence),
    _Column("place", "Place", False, _words(lambda row: row.place)),
    _Column("stat", "Statistic", False, _words(lambda row: " or ".join(row.statistics))),
    _Column("check", "Checks", False, _words(lambda row: ", ".join(row.checks) or NOTHING)),
    _Column("findings", "Findings", False, _findings),
    _Column("claim", "Claim", False, _words(lambda row: row.claim)),
)


def ledger_table(rows: Sequence[LedgerRow]) -> Html:
    """Return claims as one table that is complete without scripts.

    Parameters
    ----------
    rows : sequence of LedgerRow
        All claims.

    Returns
    -------
    Html
        Every column; a row carries what it is filtered by.
    """
    heads = [
        element(
            "th",
            column.title,
            scope="col",
            data_name=column.name,
            data_class_name=f"nc-{column.name}-cell",
            data_visible=None if column.is_shown else "false",
        )
        for column in _COLUMNS
    ]
    body = [
        element(
            "tr",
            *(column.cell(row) for column in _COLUMNS),
            data_paper=row.paper,
            data_verdict=row.verdict.value,
            data_stat=" ".join(row.statistics),
            data_check=" ".join(row.checks) or NO_CHECK,
        )
        for row in rows
    ]
    return element(
        "table",
        element("caption", "Every claim with its verdict", class_="nc-unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
        class_="nc-ledger",
        id="ledger",
    )


def show_rows(rows: Sequence[LedgerRow]) -> Html:
    """Show claims as a table that can be searched, filtered, sorted and paged.

    Parameters
    ----------
    rows : sequence of LedgerRow
        All claims.

    Returns
    -------
    Html
        Controls, which only a script shows, the number of claims, and the
        table.
    """
    papers = len({row.paper for row in rows})
    columns = [(column.name, column.title, column.is_shown) for column in _COLUMNS]
    said = f"{counted(len(rows), 'claim')} of {counted(papers, 'document')}."
    return joined(
        [
            ledger_controls(rows, columns),
            element("p", said, class_="nc-count", role="status"),
            element("div", ledger_table(rows), class_="nc-ledger-frame"),
        ]
    )


def show_ledger(ledger: Ledger) -> Html:
    """Show every claim of a ledger with its verdict.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Html
        What :func:`show_rows` returns for its claims.
    """
    return show_rows(ledger_rows(ledger))
