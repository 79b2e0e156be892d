"""A figure as it is published: drawing, caption, data."""

from __future__ import annotations

from dataclasses import dataclass

from netcore.tables.markup import Html, element
from netcore.tables.separated_values import csv_link, csv_text

__all__ = ["Plot"]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure with everything that belongs to it.

    Parameters
    ----------
    name : str
        Name of the figure, unique in a page, and of its file of data.
    svg : str
        The drawing, an element of a page.
    caption : str
        What the figure shows, as a sentence or two.
    note : str
        How to read it; may be empty.
    alt : str
        What the drawing shows, in words and numbers.
    columns : tuple of str
        Heads of the data table.
    rows : tuple of tuple of str
        Its cells.
    """

    name: str
    svg: str
    caption: str
    note: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def csv(self) -> str:
        """Write the data as comma-separated values."""
        return csv_text([self.columns, *self.rows])

    def to_html(self) -> Html:
        """Return the figure with its caption and, folded, its data.

        Returns
        -------
        Html
            A ``figure`` element.
        """
        table = element(
            "table",
            element("thead", element("tr", *(_head(column, "col") for column in self.columns))),
            element(
                "tbody",
                *(
                    element("tr", _head(row[0], "row"), *(element("td", cell) for cell in row[1:]))
                    for row in self.rows
                ),
            ),
            class_="nc-table",
        )
        return element(
            "figure",
            _scrolling(Html(self.svg), f"Figure: {self.caption}"),
            element(
                "figcaption",
                element("p", self.caption),
                *([element("p", self.note, class_="nc-plot-note")] if self.note else []),
            ),
            element(
                "details",
                element("summary", "Data of this figure"),
                _scrolling(table, f"Data: {self.caption}"),
                element("p", csv_link(self.csv, self.name)),
                class_="nc-fold",
            ),
            class_="nc-figure",
            id=self.name,
        )

    def _repr_html_(self) -> str:
        return self.to_html().markup

    def __str__(self) -> str:
        """Return what the drawing shows, for a terminal."""
        return self.alt


def _head(content: str, scope: str) -> Html:
    return element("th", content, scope=scope)


def _scrolling(content: Html, label: str) -> Html:
    # What scrolls must be reachable by keyboard, and so needs a name.
    return element(
        "div", content, class_="nc-scroll", tabindex="0", role="region", aria_label=label
    )
