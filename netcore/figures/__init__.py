"""Figures: one style for all, inline in the page, each with its data beside it."""

from netcore.figures.flow_chart import FlowBox, flow_chart
from netcore.figures.forest import ForestRow, PooledRow, forest_plot
from netcore.figures.plot import Plot
from netcore.figures.power import power_curve_plot
from netcore.figures.spans import Span, SpanRow, span_plot
from netcore.figures.style import house_style

__all__ = [
    "FlowBox",
    "ForestRow",
    "Plot",
    "PooledRow",
    "Span",
    "SpanRow",
    "flow_chart",
    "forest_plot",
    "house_style",
    "power_curve_plot",
    "span_plot",
]
