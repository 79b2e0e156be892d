"""Estimates before and after a repair, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcore.figures.plot import Plot
from netcore.figures.quantity import Quantity, require_order
from netcore.figures.sheet import SMALL, Sheet, text_width, wrapped
from netcore.figures.style import ACCENT, INK, MUTED, RULE, house_style
from netcore.figures.svg import inline_svg

__all__ = ["Span", "SpanRow", "span_plot"]

_LINE: Final = 15.0
_BETWEEN: Final = 9.0
_GAP: Final = 14.0
_DRAWING: Final = 220.0
_SIDE: Final = 6.5


@dataclass(frozen=True, slots=True)
class Span:
    """An estimate with its interval.

    Parameters
    ----------
    estimate : float
        A proportion from 0 to 1, or a value in the unit of the plot.
    low, high : float or None
        Limits of its interval; None where there is none.
    """

    estimate: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One estimate as printed and as repaired.

    Parameters
    ----------
    label : str
        What is estimated, and what was put for it.
    printed, repaired : Span
        The estimate from the printed values, and after the repair.

    Raises
    ------
    ValueError
        If an estimate lies outside its interval.
    """

    label: str
    printed: Span
    repaired: Span

    def __post_init__(self) -> None:
        for span in (self.printed, self.repaired):
            require_order(self.label, span.low, span.estimate, span.high)


def span_plot(
    rows: Sequence[SpanRow],
    *,
    name: str,
    caption: str,
    axis_label: str,
    unit: str = "%",
    decimals: int = 0,
    confidence: float = 0.95,
    note: str = "",
) -> Plot:
    """Draw estimates before and after a repair.

    Parameters
    ----------
    rows : sequence of SpanRow
        The estimates; one row for each admissible repair.
    name : str
        Name of the figure, unique in a page: letters, digits and hyphens.
    caption : str
        What the figure shows.
    axis_label : str
        What the axis measures, without the unit.
    unit : str
        ``%`` for proportions, which are given from 0 to 1; any other is
        written as it is.
    decimals : int
        Decimals of the numbers.
    confidence : float
        Confidence level of the intervals.
    note : str
        What is to be said below the caption.

    Returns
    -------
    Plot
        The figure.

    Raises
    ------
    ValueError
        If there is no row or a proportion is not between 0 and 1.
    """
    if not rows:
        raise ValueError("found no row, expected at least one")
    quantity = Quantity(unit, decimals)
    for row in rows:
        for span in (row.printed, row.repaired):
            quantity.require(row.label, span.estimate, span.low, span.high)
    level = f"{100 * confidence:g} %"
    described = "; ".join(
        f"{row.label}: printed {_written(quantity, row.printed)}, "
        f"repaired {_written(quantity, row.repaired)}"
        for row in rows
    )
    alt = f"{axis_label} in {unit} before and after repair, with {level} intervals. {described}."
    with house_style():
        sheet = _draw(rows, quantity, f"{axis_label} ({unit})", f"{unit} ({level} interval)")
        svg = inline_svg(sheet.figure, name, caption, alt)
    return Plot(
        name,
        svg,
        caption,
        note,
        alt,
        ("Row", "Values", f"Estimate ({unit})", f"Low ({unit})", f"High ({unit})"),
        tuple(
            (
                *(row.label, kind),
                *(
                    "" if value is None else quantity.write(value, 1)
                    for value in (span.estimate, span.low, span.high)
                ),
            )
            for row in rows
            for kind, span in (("printed", row.printed), ("repaired", row.repaired))
        ),
    )


def _written(quantity: Quantity, span: Span) -> str:
    return quantity.with_interval(span.estimate, span.low, span.high)


def _draw(rows: Sequence[SpanRow], quantity: Quantity, axis_label: str, head: str) -> Sheet:
    labels = [wrapped(row.label, 34) for row in rows]
    spans = [span for row in rows for span in (row.printed, row.repaired)]
    kind_at = max(text_width(line) for lines in labels for line in lines) + _GAP
    start = kind_at + text_width("repaired") + _GAP
    end = start + _DRAWING
    width = end + _GAP + max(
        text_width(head), *(text_width(_written(quantity, span), bold=True) for span in spans)
    )  # fmt: skip
    height = 24.0 + sum(_LINE * max(2, len(lines)) + _BETWEEN for lines in labels)

    sheet = Sheet.of_size(width + 2, height + 34)
    values = [x for span in spans for x in (span.low, span.estimate, span.high) if x is not None]
    scale = quantity.scale(values, start, end)
    sheet.axis(scale, 22, height, axis_label)
    sheet.write(end + _GAP, 8, head, color=MUTED, size=SMALL)
    sheet.line([0, width], [18, 18], INK)
    y = 24.0 + _LINE / 2
    for row, lines in zip(rows, labels, strict=True):
        if y > 24 + _LINE:
            between = y - (_LINE + _BETWEEN) / 2
            sheet.line([0, width], [between, between], RULE)
        for place, line in enumerate(lines):
            sheet.write(0, y + _LINE * place, line)
        for place, (kind, span, color) in enumerate(
            (("printed", row.printed, MUTED), ("repaired", row.repaired, ACCENT))
        ):
            at = y + _LINE * place
            hollow = kind == "printed"
            text_color = MUTED if hollow else INK
            centre = scale.place(span.estimate)
            if span.low is not None and span.high is not None:
                gap = (centre - _SIDE / 2, centre + _SIDE / 2) if hollow else None
                sheet.interval(scale.place(span.low), scale.place(span.high), at, color, gap)
            sheet.square(centre, at, _SIDE, color, hollow=hollow)
            sheet.write(kind_at, at, kind, color=text_color)
            sheet.write(end + _GAP, at, _written(quantity, span), color=text_color)
        y += _LINE * max(2, len(lines)) + _BETWEEN
    return sheet
