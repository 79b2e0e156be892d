"""Tables as comma-separated values, as text and as a link that holds the file itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from netcore.tables.markup import Html, element

__all__ = ["csv_link", "csv_text"]


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as comma-separated values.

    Parameters
    ----------
    rows : iterable of sequence
        The rows, the heads first.

    Returns
    -------
    str
        One line a row, each ended by a line feed.

    Examples
    --------
    >>> print(csv_text([("claim", "printed"), ("m.age", "57,4")]), end="")
    claim,printed
    m.age,"57,4"
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def csv_link(table: str, name: str, said: str = "Download as CSV") -> Html:
    """Return a link that holds a table, so that it works in a page that was sent on alone.

    Parameters
    ----------
    table : str
        Comma-separated values.
    name : str
        Name of the file, without its ending.
    said : str
        What the link says.

    Returns
    -------
    Html
        A link.
    """
    address = f"data:text/csv;charset=utf-8,{quote(table)}"
    return element("a", said, href=address, download=f"{name}.csv")
