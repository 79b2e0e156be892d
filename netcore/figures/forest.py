"""Forest plots: estimates side by side, with their intervals and their counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from netcore.figures.plot import Plot
from netcore.figures.quantity import Quantity, require_order
from netcore.figures.sheet import SMALL, Scale, Sheet, text_width, wrapped
from netcore.figures.style import ACCENT, INK, MUTED, RULE, house_style
from netcore.figures.svg import inline_svg

__all__ = ["ForestRow", "PooledRow", "forest_plot"]

_ROW: Final = 17.0
_LINE: Final = 12.0  # for each further line of a label
_GAP: Final = 14.0  # between columns
_DRAWING: Final = 200.0
_LARGEST, _SMALLEST = 9.0, 3.5  # sides of the squares
_MARK: Final = "†"
_PREDICTION: Final = "Prediction interval"
_NOTE: Final = f"{_MARK} and a hollow square: a printed value behind it is in conflict with others."


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One estimate of a forest plot.

    Parameters
    ----------
    label : str
        Study or arm.
    group : str
        Treatment, or what else the rows are grouped by; may be empty.
    criteria : str
        By what the outcome was judged; may be empty.
    events, denominator : int or None
        Number with the outcome and in all, where there are such.
    estimate : float
        The estimate: a proportion from 0 to 1, or a value in the unit of the plot.
    low, high : float or None
        Limits of its interval; None where there is none.
    disputed : bool
        Whether a value behind it is in conflict with others.

    Raises
    ------
    ValueError
        If one limit is missing or the estimate lies outside them.
    """

    label: str
    group: str
    criteria: str
    events: int | None
    denominator: int | None
    estimate: float
    low: float | None
    high: float | None
    disputed: bool = False

    def __post_init__(self) -> None:
        require_order(self.label, self.low, self.estimate, self.high)

    @property
    def counts(self) -> str:
        """Write the counts as the plot shows them."""
        if self.denominator is None:
            return ""
        if self.events is None:
            return str(self.denominator)
        return f"{self.events}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class PooledRow:
    """The pooled estimate of a group.

    Parameters
    ----------
    group : str
        The group whose rows were pooled.
    label : str
        What it is, such as "Pooled, 5 studies".
    estimate, low, high : float
        The estimate and its interval, in the unit of the plot.
    prediction_low, prediction_high : float or None
        Where a new study may lie; None without such an interval.

    Raises
    ------
    ValueError
        If the numbers are out of order.
    """

    group: str
    label: str
    estimate: float
    low: float
    high: float
    prediction_low: float | None = None
    prediction_high: float | None = None

    def __post_init__(self) -> None:
        require_order(self.label, self.low, self.estimate, self.high)
        require_order(self.label, self.prediction_low, self.estimate, self.prediction_high)


def forest_plot(
    rows: Sequence[ForestRow],
    pooled: Sequence[PooledRow] = (),
    *,
    name: str,
    caption: str,
    axis_label: str,
    unit: str = "%",
    decimals: int = 0,
    confidence: float = 0.95,
    note: str = "",
    label_head: str = "Study",
    value_head: str = "",
) -> Plot:
    """Draw a forest plot.

    Parameters
    ----------
    rows : sequence of ForestRow
        The estimates; groups come in the order of their first rows.
    pooled : sequence of PooledRow
        Pooled estimates, each below the rows of its group.
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
        Decimals of the quantity.
    confidence : float
        Confidence level of the intervals.
    note : str
        What else is to be said below the caption.
    label_head : str
        What the labels are labels of.
    value_head : str
        What stands beside the marks; the unit and the level of the intervals
        by default.

    Returns
    -------
    Plot
        The figure.

    Raises
    ------
    ValueError
        If there is no row, a pooled row has no group, or a proportion is
        not between 0 and 1.

    Notes
    -----
    The area of a square goes with the denominator.  Nothing is pooled here.
    """
    quantity = Quantity(unit, decimals)
    _require_possible(rows, pooled, quantity)
    level = f"{100 * confidence:g} %"
    with house_style():
        heads = (label_head, value_head or f"{unit} ({level} interval)")
        layout = _layout(rows, pooled, quantity, heads)
        sheet = _draw(rows, pooled, quantity, f"{axis_label} ({unit})", layout)
        said = value_head or f"{unit}, with {level} intervals"
        alt = _described(rows, pooled, quantity, f"{axis_label}, {said}")
        svg = inline_svg(sheet.figure, name, caption, alt)
    sized = any(row.denominator is not None for row in rows)
    notes = [
        "The area of a square goes with the number of patients." if sized else "",
        _NOTE if any(row.disputed for row in rows) else "",
        note,
    ]
    return Plot(
        name,
        svg,
        caption,
        " ".join(filter(None, notes)),
        alt,
        (
            *("Row", "Group", "Criteria", "Events", "Number", f"Estimate ({unit})"),
            *(f"Low ({unit})", f"High ({unit})", "Values in conflict"),
        ),
        tuple(_data(rows, pooled, quantity)),
    )


def _require_possible(
    rows: Sequence[ForestRow], pooled: Sequence[PooledRow], quantity: Quantity
) -> None:
    if not rows:
        raise ValueError("found no row, expected at least one")
    if lost := {row.group for row in pooled} - {row.group for row in rows}:
        raise ValueError(f"found pooled rows of {', '.join(sorted(lost))}, which has no other row")
    for shown in _all(rows, pooled):
        quantity.require(shown.label, shown.estimate, shown.low, shown.high)
    for total in pooled:
        quantity.require(total.label, total.prediction_low, total.prediction_high)


def _all(rows: Sequence[ForestRow], pooled: Sequence[PooledRow]) -> list[ForestRow | PooledRow]:
    return [*rows, *pooled]


def _groups(
    rows: Sequence[ForestRow], pooled: Sequence[PooledRow]
) -> Iterator[tuple[str, list[ForestRow], list[PooledRow]]]:
    for group in dict.fromkeys(row.group for row in rows):
        yield (
            group,
            [row for row in rows if row.group == group],
            [row for row in pooled if row.group == group],
        )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Texts broken into lines, and the places of the columns."""

    labels: dict[ForestRow, list[str]]
    criteria: dict[ForestRow, list[str]]
    headings: dict[str, list[str]]
    heads: tuple[str, str, str, str]
    indent: float
    criteria_at: float
    counts_end: float
    start: float
    end: float
    values_at: float
    width: float

    def lines(self, row: ForestRow) -> int:
        return max(len(self.labels[row]), len(self.criteria[row]))


def _layout(
    rows: Sequence[ForestRow],
    pooled: Sequence[PooledRow],
    quantity: Quantity,
    heads: tuple[str, str],
) -> _Layout:
    label_head, values_head = heads
    labels = {row: wrapped(row.label + _MARK * row.disputed, 30) for row in rows}
    criteria = {row: wrapped(row.criteria, 18) for row in rows}
    headings = {row.group: wrapped(row.group, 44) * bool(row.group) for row in rows}
    indent = 8.0 if any(headings.values()) else 0.0
    has_criteria = any(row.criteria for row in rows)
    has_counts = any(row.counts for row in rows)
    criteria_head = "Criteria" * has_criteria
    counts_head = ("n/N" if any(row.events is not None for row in rows) else "N") * has_counts

    label_lines = [line for lines in labels.values() for line in lines]
    heading_lines = [line for lines in headings.values() for line in lines]
    pooled_labels = [row.label for row in pooled]
    criteria_at = _GAP + max(
        _widest([label_head]),
        indent + _widest([*label_lines, *[_PREDICTION] * bool(pooled)]),
        indent + _widest(pooled_labels, bold=True),
    )
    counts_end = criteria_at + _widest(
        [criteria_head, *(line for lines in criteria.values() for line in lines)]
    )
    if has_counts:
        gap = _GAP if has_criteria else 0.0
        counts_end += gap + _widest([counts_head, *(row.counts for row in rows)])
    start = max(counts_end, _widest(heading_lines, bold=True)) + _GAP
    values_at = start + _DRAWING + _GAP
    width = values_at + max(
        _widest([values_head, *(_with_interval(quantity, row) for row in rows)]),
        _widest([_with_interval(quantity, row) for row in pooled], bold=True),
    )
    return _Layout(
        *(
            labels,
            criteria,
            headings,
            (label_head, criteria_head, counts_head, values_head),
            indent,
        ),
        *(criteria_at, counts_end, start, start + _DRAWING, values_at, width),
    )


def _widest(lines: Sequence[str], *, bold: bool = False) -> float:
    return max((text_width(line, bold=bold) for line in lines if line), default=0.0)


def _with_interval(quantity: Quantity, row: ForestRow | PooledRow) -> str:
    return quantity.with_interval(row.estimate, row.low, row.high)


def _draw(
    rows: Sequence[ForestRow],
    pooled: Sequence[PooledRow],
    quantity: Quantity,
    axis_label: str,
    layout: _Layout,
) -> Sheet:
    groups = list(_groups(rows, pooled))
    height = 24.0 + sum(
        _height(len(layout.headings[group]))
        + sum(_height(layout.lines(row)) for row in members)
        + sum(_ROW * (1 + (row.prediction_low is not None)) for row in together)
        + 6
        for group, members, together in groups
    )
    sheet = Sheet.of_size(layout.width + 2, height + 34)
    values = [x for row in _all(rows, pooled) for x in (row.low, row.estimate, row.high)]
    values += [x for row in pooled for x in (row.prediction_low, row.prediction_high)]
    scale = quantity.scale([x for x in values if x is not None], layout.start, layout.end)
    sheet.axis(scale, 22, height, axis_label)
    label_head, criteria_head, counts_head, values_head = layout.heads
    sheet.write(0, 8, label_head, color=MUTED, size=SMALL)
    sheet.write(layout.criteria_at, 8, criteria_head, color=MUTED, size=SMALL)
    sheet.write(layout.counts_end, 8, counts_head, "right", color=MUTED, size=SMALL)
    sheet.write(layout.values_at, 8, values_head, color=MUTED, size=SMALL)
    sheet.line([0, layout.width], [18, 18], INK)

    largest = max((row.denominator or 0 for row in rows), default=0)
    y = 24.0 + _ROW / 2
    for place, (group, members, together) in enumerate(groups):
        if place:
            sheet.line([0, layout.width], [y - _ROW / 2 - 3, y - _ROW / 2 - 3], RULE, 0.8)
        for line, content in enumerate(layout.headings[group]):
            sheet.write(0, y + _LINE * line, content, bold=True)
        y += _height(len(layout.headings[group]))
        for row in members:
            for line, content in enumerate(layout.labels[row]):
                sheet.write(layout.indent, y + _LINE * line, content)
            for line, content in enumerate(layout.criteria[row]):
                sheet.write(layout.criteria_at, y + _LINE * line, content, color=MUTED)
            sheet.write(layout.counts_end, y, row.counts, "right")
            _estimate(sheet, scale, row, y, largest)
            sheet.write(layout.values_at, y, _with_interval(quantity, row))
            y += _height(layout.lines(row))
        for total in together:
            y = _pooled(sheet, scale, layout, quantity, total, y)
        y += 6
    return sheet


def _pooled(
    sheet: Sheet, scale: Scale, layout: _Layout, quantity: Quantity, row: PooledRow, y: float
) -> float:
    """Draw a diamond and, below it, the prediction interval; return where to go on."""
    sheet.write(layout.indent, y, row.label, bold=True)
    left, centre, right = (scale.place(x) for x in (row.low, row.estimate, row.high))
    sheet.area([(left, y), (centre, y - 5), (right, y), (centre, y + 5)], INK)
    sheet.write(layout.values_at, y, _with_interval(quantity, row), bold=True)
    if row.prediction_low is None or row.prediction_high is None:
        return y + _ROW
    y += _ROW
    sheet.write(layout.indent, y, _PREDICTION, color=MUTED)
    sheet.interval(scale.place(row.prediction_low), scale.place(row.prediction_high), y, MUTED)
    span = quantity.span(row.prediction_low, row.prediction_high)
    sheet.write(layout.values_at, y, f"({span})", color=MUTED)
    return y + _ROW


def _height(lines: int) -> float:
    """Return the height of a row with so many lines of text."""
    return _ROW + _LINE * (lines - 1) if lines else 0.0


def _estimate(sheet: Sheet, scale: Scale, row: ForestRow, y: float, largest: int) -> None:
    # Without a number of patients no size is right; this one is modest.
    share = sqrt(row.denominator / largest) if row.denominator else 0.6
    side = max(_SMALLEST, _LARGEST * share)
    if row.disputed:  # a hollow square has to be wide enough to be seen as one
        side = max(side, 5.5)
    centre = scale.place(row.estimate)
    if row.low is not None and row.high is not None:
        gap = (centre - side / 2, centre + side / 2) if row.disputed else None
        sheet.interval(scale.place(row.low), scale.place(row.high), y, ACCENT, gap)
    sheet.square(centre, y, side, hollow=row.disputed)


def _described(
    rows: Sequence[ForestRow],
    pooled: Sequence[PooledRow],
    quantity: Quantity,
    measured: str,
) -> str:
    parts = [f"Forest plot: {measured}."]
    for group, members, together in _groups(rows, pooled):
        described = []
        for row in members:
            of = f"{row.events} of {row.denominator}, " if row.events is not None else ""
            by = f" by {row.criteria}" if row.criteria else ""
            conflict = ", values in conflict" if row.disputed else ""
            described.append(f"{row.label}{by}: {of}{_with_interval(quantity, row)}{conflict}")
        for total in together:
            prediction = (
                f", prediction interval {quantity.span(total.prediction_low, total.prediction_high)}"
                if total.prediction_low is not None and total.prediction_high is not None
                else ""
            )
            described.append(f"{total.label}: {_with_interval(quantity, total)}{prediction}")
        parts.append(f"{group + ': ' if group else ''}{'; '.join(described)}.")
    return " ".join(parts)


def _data(
    rows: Sequence[ForestRow], pooled: Sequence[PooledRow], quantity: Quantity
) -> Iterator[tuple[str, ...]]:
    def written(value: float | None) -> str:
        return "" if value is None else quantity.write(value, 1)

    for group, members, together in _groups(rows, pooled):
        for row in members:
            yield (
                row.label,
                group,
                row.criteria,
                "" if row.events is None else str(row.events),
                "" if row.denominator is None else str(row.denominator),
                *map(written, (row.estimate, row.low, row.high)),
                "yes" if row.disputed else "no",
            )
        for total in together:
            yield (
                *(total.label, group, "", "", ""),
                *map(written, (total.estimate, total.low, total.high)),
                "",
            )
            if total.prediction_low is not None and total.prediction_high is not None:
                yield (
                    *(_PREDICTION, group, "", "", "", ""),
                    *map(written, (total.prediction_low, total.prediction_high)),
                    "",
                )
