"""The groups of a study as a flow chart: what is printed of their sizes, and what is solved for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcore.figures.plot import Plot
from netcore.figures.sheet import SMALL, Sheet, text_width, wrapped
from netcore.figures.style import ACCENT, FONT_SIZE, INK, MUTED, house_style
from netcore.figures.svg import inline_svg

__all__ = ["FlowBox", "flow_chart"]

_LETTERS: Final = 24  # in a line of a title
_LINE: Final = 13.0
_PAD: Final = 8.0
_BETWEEN: Final = 12.0  # boxes that stand one below the other
_STEP: Final = 26.0  # between columns, where the lines run


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A group of a study and its size.

    Parameters
    ----------
    name : str
        Name of the group, unique in the chart.
    title : str
        What a reader calls it.
    size : str
        How many units it has, in words: a number or a range, with its unit.
    known : str
        How that is known, such as ``printed``.
    parent : str
        Name of the group it is a part of; empty for the first one.
    is_solved : bool
        Whether the size is solved for instead of printed.
    """

    name: str
    title: str
    size: str
    known: str
    parent: str = ""
    is_solved: bool = False


def flow_chart(boxes: Sequence[FlowBox], *, name: str, caption: str, note: str = "") -> Plot:
    """Draw groups from left to right, each beside the groups it is divided into.

    Parameters
    ----------
    boxes : sequence of FlowBox
        The groups; the first is the whole, and each other one comes after its
        parent.
    name : str
        Name of the figure, unique in a page: letters, digits and hyphens.
    caption : str
        What the figure shows.
    note : str
        What is to be said below the caption.

    Returns
    -------
    Plot
        The figure; a dashed outline marks a size that is solved for.

    Raises
    ------
    ValueError
        If there is no group, a name occurs twice, or a group comes before its
        parent or has none.

    Examples
    --------
    >>> whole = FlowBox("all", "All patients", "34 patients", "printed")
    >>> part = FlowBox("group1", "Group 1", "15 patients", "printed", "all")
    >>> print(flow_chart([whole, part], name="design", caption="Groups"))
    Flow chart: All patients: 34 patients, printed. Group 1, of All patients: 15 patients, printed.
    """
    _require_tree(boxes)
    titles = {box.name: box.title for box in boxes}
    described = " ".join(
        f"{box.title}{f', of {titles[box.parent]}' if box.parent else ''}: {box.size}, {box.known}."
        for box in boxes
    )
    alt = f"Flow chart: {described}"
    with house_style():
        sheet = _drawn(boxes)
        svg = inline_svg(sheet.figure, name, caption, alt)
    return Plot(
        name=name,
        svg=svg,
        caption=caption,
        note=note,
        alt=alt,
        columns=("Group", "Part of", "Size", "Known from"),
        rows=tuple((box.title, titles.get(box.parent, ""), box.size, box.known) for box in boxes),
    )


def _require_tree(boxes: Sequence[FlowBox]) -> None:
    if not boxes:
        raise ValueError("found no group, expected at least one")
    seen: set[str] = set()
    for box in boxes:
        if box.name in seen:
            raise ValueError(f"found group {box.name} twice, expected each group once")
        if seen and box.parent not in seen:
            raise ValueError(
                f"found group {box.name} as part of {box.parent or 'nothing'}, "
                "expected a group that comes before it"
            )
        seen.add(box.name)
    if boxes[0].parent:
        raise ValueError(f"found {boxes[0].name} as part of {boxes[0].parent}, expected the whole")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box on the sheet."""

    box: FlowBox
    lines: list[str]
    column: int
    middle: float

    @property
    def height(self) -> float:
        return _height(self.lines)


def _height(lines: Sequence[str]) -> float:
    """Return the height of a box: its title, its size, and how that is known."""
    return _LINE * (len(lines) + 2) + 2 * _PAD - 4


def _placed(boxes: Sequence[FlowBox]) -> tuple[list[_Placed], float]:
    """Place every box, a parent in the middle of its parts; return the height of all as well."""
    parts: dict[str, list[FlowBox]] = {box.name: [] for box in boxes}
    for box in boxes[1:]:
        parts[box.parent].append(box)
    placed: list[_Placed] = []
    below = 1.0

    def place(box: FlowBox, column: int) -> float:
        nonlocal below
        lines = wrapped(box.title, _LETTERS)
        if parts[box.name]:
            middles = [place(part, column + 1) for part in parts[box.name]]
            middle = (middles[0] + middles[-1]) / 2
        else:
            middle = below + _height(lines) / 2
            below += _height(lines) + _BETWEEN
        placed.append(_Placed(box, lines, column, middle))
        return middle

    place(boxes[0], 0)
    # A parent of one small part may be the higher of the two.
    top = min(item.middle - item.height / 2 for item in placed) - 1
    bottom = max(item.middle + item.height / 2 for item in placed) + 1
    moved = [_Placed(item.box, item.lines, item.column, item.middle - top) for item in placed]
    return moved, bottom - top


def _drawn(boxes: Sequence[FlowBox]) -> Sheet:
    placed, height = _placed(boxes)
    columns = 1 + max(item.column for item in placed)
    widths = [
        2 * _PAD + max(_width(item) for item in placed if item.column == column)
        for column in range(columns)
    ]
    lefts = [1 + sum(widths[:column]) + _STEP * column for column in range(columns)]
    sheet = Sheet.of_size(lefts[-1] + widths[-1] + 1, height)
    middles = {item.box.name: (item.column, item.middle) for item in placed}
    for item in placed:
        left, width = lefts[item.column], widths[item.column]
        _box(sheet, item, left, width)
        if item.box.parent:
            column, middle = middles[item.box.parent]
            start = lefts[column] + widths[column]
            turn = start + _STEP / 2
            sheet.line([start, turn, turn, left], [middle, middle, item.middle, item.middle], MUTED)
    return sheet


def _width(item: _Placed) -> float:
    return max(
        *(text_width(line) for line in item.lines),
        text_width(item.box.size, bold=True),
        text_width(item.box.known, SMALL),
    )


def _box(sheet: Sheet, item: _Placed, left: float, width: float) -> None:
    box = item.box
    top, bottom = item.middle - item.height / 2, item.middle + item.height / 2
    right = left + width
    color = ACCENT if box.is_solved else INK
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    xs, ys = zip(*corners, strict=True)
    sheet.line(xs, ys, color, 1.0, dashed=box.is_solved)
    y = top + _PAD + FONT_SIZE / 2
    for line in item.lines:
        sheet.write(left + _PAD, y, line)
        y += _LINE
    sheet.write(left + _PAD, y, box.size, color=color, bold=True)
    sheet.write(left + _PAD, y + _LINE, box.known, color=MUTED, size=SMALL)
