"""A sheet to draw on, measured in points from its upper left corner.

A forest plot is a table with a drawing in one of its columns.  Placing both in one
system of coordinates keeps them in line.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Final, Literal

from netcore.figures.style import ACCENT, FONT_SIZE, INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SMALL", "Scale", "Sheet", "percent_scale", "text_width", "value_scale", "wrapped"]

_ORDER: Final = 2  # one for all: what is drawn later lies above
SMALL: Final = 8.5
"""Size of the text of axes, in points."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where on the sheet the values of an axis lie.

    Parameters
    ----------
    low, high : float
        Values at the ends.
    start, end : float
        Places of the ends, in points.
    ticks : tuple of (float, str)
        Values that are marked, with their text.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Return the place of a value, at an end if it lies beyond.

        Parameters
        ----------
        value : float
            The value.

        Returns
        -------
        float
            Its place, in points.
        """
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def percent_scale(start: float, end: float) -> Scale:
    """Return the scale of proportions, marked in per cent.

    Parameters
    ----------
    start, end : float
        Places of 0 and of 1, in points.

    Returns
    -------
    Scale
        The scale.
    """
    ticks = tuple((tick / 100, str(tick)) for tick in range(0, 101, 20))
    return Scale(0.0, 1.0, start, end, ticks)


def value_scale(values: Sequence[float], start: float, end: float) -> Scale:
    """Return a scale from 0 that holds some values, with round ticks.

    Parameters
    ----------
    values : sequence of float
        What it has to hold; less than 0 as well as more.
    start, end : float
        Places of the ends, in points.

    Returns
    -------
    Scale
        The scale.

    Examples
    --------
    >>> [text for _, text in value_scale([3.0, 41.0], 0, 100).ticks]
    ['0', '10', '20', '30', '40', '50']
    """
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        high = 1.0
    raw = (high - low) / 5
    power = 10.0 ** floor(log10(raw))
    step = power * next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first = floor(low / step)
    last = -floor(-high / step)
    ticks = tuple(
        (i * step, f"{round(i * step, 10):g}".replace("-", "−")) for i in range(first, last + 1)
    )
    return Scale(first * step, last * step, start, end, ticks)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An empty figure with places in points, counted from the upper left corner.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    axes : matplotlib.axes.Axes
        Its only axes, over the whole of it.
    """

    figure: Figure
    axes: Axes

    @classmethod
    def of_size(cls, width: float, height: float) -> Sheet:
        """Return an empty sheet.

        Parameters
        ----------
        width, height : float
            Its size in points.

        Returns
        -------
        Sheet
            The sheet.
        """
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width / 72, height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        return cls(figure, axes)

    def write(
        self,
        x: float,
        y: float,
        content: str,
        align: Literal["left", "center", "right"] = "left",
        *,
        color: str = INK,
        bold: bool = False,
        size: float = FONT_SIZE,
    ) -> None:
        """Write one line of text.

        Parameters
        ----------
        x, y : float
            Its place, and the middle of its height.
        content : str
            The text.
        align : str
            Which part of the text is at the place.
        color : str
            A colour of :mod:`netcore.figures.style`.
        bold : bool
            Whether it is bold.
        size : float
            Size of the text, in points.
        """
        # The baseline is set here: browsers have other fonts, whose middles differ.
        self.axes.text(
            x,
            y + 0.36 * size,
            " ".join(content.split()),
            ha=align,
            va="baseline",
            color=color,
            fontweight="bold" if bold else "normal",
            fontsize=size,
            parse_math=False,
        )

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        color: str = INK,
        width: float = 0.8,
        dashed: bool = False,
    ) -> None:
        """Draw a line through points.

        Parameters
        ----------
        xs, ys : sequence of float
            The points.
        color : str
            A colour of :mod:`netcore.figures.style`.
        width : float
            Its width, in points.
        dashed : bool
            Whether it is dashed.
        """
        self.axes.plot(
            xs,
            ys,
            color=color,
            linewidth=width,
            linestyle=(0, (4, 3)) if dashed else "-",
            clip_on=False,
            zorder=_ORDER,
        )

    def area(
        self,
        points: Sequence[tuple[float, float]],
        color: str = ACCENT,
        *,
        hollow: bool = False,
        opacity: float = 1.0,
    ) -> None:
        """Draw a closed shape.

        Parameters
        ----------
        points : sequence of (float, float)
            Its corners.
        color : str
            A colour of :mod:`netcore.figures.style`.
        hollow : bool
            Whether only its outline is drawn.
        opacity : float
            Opacity of the filling, 0 to 1.
        """
        from matplotlib.patches import Polygon

        self.axes.add_patch(
            Polygon(
                points,
                closed=True,
                facecolor="none" if hollow else color,
                edgecolor=color if hollow else "none",
                linewidth=1.3,
                alpha=None if hollow else opacity,
                clip_on=False,
                zorder=_ORDER,
            )
        )

    def square(
        self, x: float, y: float, side: float, color: str = ACCENT, *, hollow: bool = False
    ) -> None:
        """Draw a square.

        Parameters
        ----------
        x, y : float
            Its centre.
        side : float
            Length of a side.
        color : str
            A colour of :mod:`netcore.figures.style`.
        hollow : bool
            Whether only its outline is drawn.
        """
        h = side / 2
        corners = [(x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h)]
        self.area(corners, color, hollow=hollow)

    def interval(
        self, low: float, high: float, y: float, color: str, gap: tuple[float, float] | None = None
    ) -> None:
        """Draw a horizontal line with end ticks, open where a hollow mark stands.

        Parameters
        ----------
        low, high : float
            Places of its ends.
        y : float
            Its height.
        color : str
            A colour of :mod:`netcore.figures.style`.
        gap : (float, float) or None
            The part that is left out.
        """
        parts = [(low, high)] if gap is None else [(low, gap[0]), (gap[1], high)]
        for start, end in parts:
            if start < end:
                self.line([start, end], [y, y], color, 1.4)
        for end in (low, high):
            self.line([end, end], [y - 2.6, y + 2.6], color, 1.4)

    def axis(self, scale: Scale, top: float, bottom: float, label: str) -> None:
        """Draw a horizontal axis with faint lines up from its ticks.

        Parameters
        ----------
        scale : Scale
            The scale.
        top, bottom : float
            From where to where the lines go; the axis is at the bottom.
        label : str
            What it measures, with the unit.
        """
        for value, content in scale.ticks:
            x = scale.place(value)
            self.line([x, x], [top, bottom], RULE, 0.6)
            self.line([x, x], [bottom, bottom + 3], INK)
            self.write(x, bottom + 10, content, "center", size=SMALL)
        self.line([scale.start, scale.end], [bottom, bottom], INK)
        middle = (scale.start + scale.end) / 2
        self.write(middle, bottom + 24, label, "center", color=MUTED, size=SMALL)


def text_width(content: str, size: float = FONT_SIZE, *, bold: bool = False) -> float:
    """Return about how wide a line of text is.

    Parameters
    ----------
    content : str
        The text.
    size : float
        Its size in points.
    bold : bool
        Whether it is bold.

    Returns
    -------
    float
        Its width in points, in a font that is wider than most.

    Examples
    --------
    >>> text_width("12/34") < text_width("112/134") < text_width("112/134", bold=True)
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    # Ideographs are as wide as high, and matplotlib's own font has none.
    wide = [letter for letter in content if unicodedata.east_asian_width(letter) in "WF"]
    narrow = "".join(letter for letter in content if letter not in wide)
    if not narrow.strip():
        return size * len(content)
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    # Letters that its font lacks are drawn, and measured, as a box of usual width.
    drawn = TextPath((0, 0), _known(narrow), size=size, prop=font, usetex=False)
    return float(drawn.get_extents().x1) + size * len(wide)


def _known(content: str) -> str:
    """Put a letter for everything outside the scripts that DejaVu Sans covers, and for ``$``."""
    return "".join(
        letter if ord(letter) < 0x530 and letter not in "$\\" and letter.isprintable() else "m"
        for letter in content
    )


def wrapped(content: str, width: int) -> list[str]:
    """Break a text into lines; an empty text is one empty line.

    Parameters
    ----------
    content : str
        The text.
    width : int
        Letters in a line.

    Returns
    -------
    list of str
        The lines.
    """
    return textwrap.wrap(content, width) or [""]
