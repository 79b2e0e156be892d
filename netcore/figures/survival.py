"""Survival curves: the band of all that are possible, some inside it, numbers at risk below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from netcore.figures.plot import Plot
from netcore.figures.sheet import SMALL, Scale, Sheet, text_width, value_scale, wrapped
from netcore.figures.style import ACCENT, INK, MUTED, RULE, house_style
from netcore.figures.svg import inline_svg

__all__ = ["SurvivalBand", "SurvivalCurve", "SurvivalPanel", "survival_plot"]

_WIDTH: Final = 225.0  # of the drawing of a panel
_HEIGHT: Final = 150.0
_GAP: Final = 34.0
_LINE: Final = 13.0
_TOP: Final = 26.0
_LABEL: Final = 60.0  # the widest label beside numbers at risk
_SAMPLE: Final = 16.0  # a piece of line beside the numbers at risk
_STYLES: Final = ((ACCENT, 1.8, False), (INK, 1.1, False), (INK, 1.1, True), (MUTED, 1.1, False))
_FILLS: Final = ((ACCENT, 0.22), (INK, 0.12))


@dataclass(frozen=True, slots=True)
class SurvivalBand:
    """Between which values all curves of a group lie.

    Parameters
    ----------
    label : str
        What is possible there, for the table and the description.
    times : tuple of float
        From 0, in order.
    low, high : tuple of float
        Shares at each time, 0 to 1; between two times the curves are no higher than ``high`` at
        the earlier and no lower than ``low`` at the later.
    """

    label: str
    times: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """One curve of constructed patients.

    Parameters
    ----------
    label : str
        What it is called beside its numbers at risk.
    steps : tuple of (float, float)
        Each time at which the curve falls, and the share from then on.
    times : tuple of float
        When each patient's observation ends.
    """

    label: str
    steps: tuple[tuple[float, float], ...]
    times: tuple[float, ...]

    def at(self, time: float) -> float:
        """Return the share at a time.

        Parameters
        ----------
        time : float
            The time.

        Returns
        -------
        float
            From 0 to 1.
        """
        return next((rate for end, rate in reversed(self.steps) if end <= time), 1.0)

    def at_risk(self, time: float) -> int:
        """Return how many patients are at risk at a time.

        Parameters
        ----------
        time : float
            The time.

        Returns
        -------
        int
            Those whose observation ends then or later.
        """
        return sum(end >= time for end in self.times)


@dataclass(frozen=True, slots=True)
class SurvivalPanel:
    """The curves of one group, or of one endpoint.

    Parameters
    ----------
    title : str
        What stands above them.
    bands : tuple of SurvivalBand
        At most two.
    curves : tuple of SurvivalCurve
        At most four.
    printed : tuple of (float, float)
        Points of the curves that are printed: time and share.
    """

    title: str
    bands: tuple[SurvivalBand, ...]
    curves: tuple[SurvivalCurve, ...]
    printed: tuple[tuple[float, float], ...] = ()


def survival_plot(
    panels: Sequence[SurvivalPanel],
    *,
    name: str,
    caption: str,
    unit: str,
    axis_label: str = "Time",
    note: str = "",
) -> Plot:
    """Draw survival curves, panel beside panel, with numbers at risk below.

    Parameters
    ----------
    panels : sequence of SurvivalPanel
        What is drawn, on one scale of time.
    name : str
        Name of the figure, unique in a page: letters, digits and hyphens.
    caption : str
        What the figure shows.
    unit : str
        The unit of time.
    axis_label : str
        What the axis of time measures, without the unit.
    note : str
        How to read it.

    Returns
    -------
    Plot
        The figure.

    Raises
    ------
    ValueError
        If there is no panel, a panel has too many bands or curves, or a share is beyond 0 and 1.
    """
    _require(panels)
    ends = [time for panel in panels for one in panel.curves for time in one.times]
    ends += [time for panel in panels for band in panel.bands for time in band.times[-1:]]
    reach = max([1.0, *ends])
    with house_style():
        sheet, ticks = _draw(panels, reach, f"{axis_label} ({unit})")
        alt = _described(panels, ticks, unit)
        svg = inline_svg(sheet.figure, name, caption, alt)
    return Plot(
        name,
        svg,
        caption,
        note,
        alt,
        ("Panel", "Curve", f"Time ({unit})", "Share (%)", "At risk"),
        tuple(_data(panels, ticks)),
    )


def _require(panels: Sequence[SurvivalPanel]) -> None:
    if not panels:
        raise ValueError("found no panel, expected at least one")
    for panel in panels:
        if len(panel.bands) > len(_FILLS) or len(panel.curves) > len(_STYLES):
            raise ValueError(
                f"found {len(panel.bands)} bands and {len(panel.curves)} curves in "
                f"{panel.title!r}, expected at most {len(_FILLS)} and {len(_STYLES)}"
            )
        shares = [share for _, share in panel.printed]
        shares += [share for one in panel.curves for _, share in one.steps]
        shares += [share for band in panel.bands for share in (*band.low, *band.high)]
        if any(not 0 <= share <= 1 for share in shares):
            raise ValueError(f"found a share beyond 0 and 1 in {panel.title!r}, expected none")


def _draw(
    panels: Sequence[SurvivalPanel], reach: float, axis_label: str
) -> tuple[Sheet, tuple[float, ...]]:
    labels = [one.label for panel in panels for one in panel.curves]
    widest = max([0.0, *(text_width(label, SMALL) for label in labels)])
    # Long labels stand on lines of their own.
    lines = 1 if widest <= _LABEL else 2
    left = 18.0 + _SAMPLE + (widest if lines == 1 else 0.0)
    titles = [wrapped(panel.title, 36) for panel in panels]
    rows = max(len(panel.curves) for panel in panels)
    bottom = _TOP + _LINE * (max(map(len, titles)) - 1) + _HEIGHT
    width = len(panels) * (left + _WIDTH) + (len(panels) - 1) * _GAP
    sheet = Sheet.of_size(width + 12, bottom + 48 + _LINE * (lines * rows + 1))
    ticks: tuple[float, ...] = ()
    for place, panel in enumerate(panels):
        start = place * (left + _WIDTH + _GAP) + left
        scale = value_scale([reach], start, start + _WIDTH)
        ticks = tuple(value for value, _ in scale.ticks)
        for line, content in enumerate(titles[place]):
            sheet.write(start, 10 + _LINE * line, content, bold=True)
        _panel(sheet, panel, scale, bottom, start - left, axis_label, lines)
    return sheet, ticks


def _panel(
    sheet: Sheet,
    panel: SurvivalPanel,
    scale: Scale,
    bottom: float,
    left: float,
    axis_label: str,
    lines: int,
) -> None:
    def height(share: float) -> float:
        return bottom - share * _HEIGHT

    for percent in range(0, 101, 20):
        y = height(percent / 100)
        sheet.line([scale.start, scale.end], [y, y], RULE, 0.6)
        sheet.write(scale.start - 4, y, str(percent), "right", size=SMALL)
    sheet.write(scale.start - 4, height(1.0) - 12, "%", "right", color=MUTED, size=SMALL)
    for band, (color, opacity) in zip(panel.bands, _FILLS, strict=False):
        sheet.area(_outline(band, scale, height), color, opacity=opacity)
    sheet.axis(scale, bottom, bottom, axis_label)
    for one, style in zip(panel.curves, _STYLES, strict=False):
        color, line_width, dashed = style
        xs, ys = [scale.place(0.0)], [height(1.0)]
        for time, share in one.steps:
            xs += [scale.place(time)] * 2
            ys += [ys[-1], height(share)]
        xs.append(scale.place(max(one.times)))
        ys.append(ys[-1])
        sheet.line(xs, ys, color, line_width, dashed)
    for time, share in panel.printed:
        sheet.square(scale.place(time), height(share), 6.5, INK, hollow=True)
    if not panel.curves:
        return
    y = bottom + 42
    sheet.write(left, y, "At risk", color=MUTED, size=SMALL)
    for one, style in zip(panel.curves, _STYLES, strict=False):
        color, line_width, dashed = style
        y += _LINE
        sheet.line([left, left + _SAMPLE - 4], [y, y], color, line_width, dashed)
        sheet.write(left + _SAMPLE, y, one.label, size=SMALL)
        y += _LINE * (lines - 1)
        for value, _ in scale.ticks:
            sheet.write(
                scale.place(value), y, str(one.at_risk(value)), "center", color=MUTED, size=SMALL
            )


def _outline(
    band: SurvivalBand, scale: Scale, height: Callable[[float], float]
) -> list[tuple[float, float]]:
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for (time, later), (high, _), (_, low) in zip(
        pairwise(band.times), pairwise(band.high), pairwise(band.low), strict=True
    ):
        upper += [(scale.place(time), height(high)), (scale.place(later), height(high))]
        lower += [(scale.place(time), height(low)), (scale.place(later), height(low))]
    return [*upper, *reversed(lower)]


def _written(share: float) -> str:
    return f"{100 * share:.0f}"


def _at_band(band: SurvivalBand, time: float) -> tuple[float, float] | None:
    """Return the ends of a band at a time; None beyond it."""
    if not band.times or time > band.times[-1]:
        return None
    high = [share for at, share in zip(band.times, band.high, strict=True) if at <= time]
    low = [share for at, share in zip(band.times, band.low, strict=True) if at >= time]
    return low[0], high[-1]


def _described(panels: Sequence[SurvivalPanel], ticks: Sequence[float], unit: str) -> str:
    parts = []
    for panel in panels:
        said = [f"{panel.title}"]
        for time, share in panel.printed:
            said.append(f"printed: {_written(share)} % at {time:g} {unit}")
        middle = ticks[len(ticks) // 2]
        for band in panel.bands:
            ends = _at_band(band, middle)
            if ends is not None:
                low, high = map(_written, ends)
                said.append(f"{band.label} {low} to {high} % at {middle:g} {unit}")
        for one in panel.curves:
            said.append(
                f"{one.label}: {_written(one.at(middle))} % at {middle:g} {unit}, "
                f"{one.at_risk(middle)} at risk"
            )
        parts.append("; ".join(said))
    return ". ".join(parts) + "."


def _data(panels: Sequence[SurvivalPanel], ticks: Sequence[float]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for panel in panels:
        for band in panel.bands:
            for time in ticks:
                ends = _at_band(band, time)
                if ends is not None:
                    span = f"{100 * ends[0]:.1f} to {100 * ends[1]:.1f}"
                    rows.append((panel.title, band.label, f"{time:g}", span, ""))
        for one in panel.curves:
            for time in ticks:
                if time <= max(one.times):
                    share = f"{100 * one.at(time):.1f}"
                    rows.append(
                        (panel.title, one.label, f"{time:g}", share, str(one.at_risk(time)))
                    )
    return rows
