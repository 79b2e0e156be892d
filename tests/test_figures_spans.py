"""Estimates before and after a repair: both shown, both told apart without colour."""

from __future__ import annotations

import re

import pytest

from netcore.figures import Plot, Span, SpanRow, span_plot

ROWS = [
    SpanRow("Response", Span(0.5, 0.341, 0.659), Span(0.395, 0.264, 0.544)),
    SpanRow("Disease control", Span(0.8), Span(0.75, 0.6, 0.86)),
]


def plot(rows: list[SpanRow] = ROWS, **given: object) -> Plot:
    settings: dict[str, object] = {"name": "s", "caption": "Before.", "axis_label": "Share"}
    return span_plot(rows, **(settings | given))  # type: ignore[arg-type]


def test_two_calls_give_the_same_bytes() -> None:
    assert plot() == plot()


def test_both_values_of_every_row_stand_in_the_drawing_and_in_the_words() -> None:
    made = plot()
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", made.svg)
    for content in ("Response", "Disease control", "50 (34 to 66)", "40 (26 to 54)", "80"):
        assert content in shown
    assert shown.count("printed") == shown.count("repaired") == len(ROWS)
    assert "Response: printed 50 (34 to 66), repaired 40 (26 to 54)" in made.alt
    assert "Disease control: printed 80, repaired 75 (60 to 86)" in made.alt


def test_what_is_printed_is_hollow_and_what_is_repaired_is_filled() -> None:
    svg = plot().svg
    shapes = re.findall(r'<path d="[^"]* z " style="fill: ([^;"]+)', svg)
    assert shapes.count("none") == len(ROWS) + 1  # and the sheet itself
    assert shapes.count("var(--nc-plot-accent,currentColor)") == len(ROWS)


def test_the_data_has_a_line_for_each_value() -> None:
    assert plot().csv.splitlines() == [
        "Row,Values,Estimate (%),Low (%),High (%)",
        "Response,printed,50.0,34.1,65.9",
        "Response,repaired,39.5,26.4,54.4",
        "Disease control,printed,80.0,,",
        "Disease control,repaired,75.0,60.0,86.0",
    ]


def test_values_below_zero_have_a_true_minus_and_a_place_on_the_axis() -> None:
    row = SpanRow("Change", Span(-4, -9, 1), Span(2, -3, 7))
    made = plot([row], unit="mm", decimals=0)
    assert "−4 (−9 to 1)" in made.alt
    assert ">−10</text>" in made.svg
    assert "-4" not in made.csv


def test_strings_are_text_everywhere() -> None:
    evil = "<script>x</script>"
    row = SpanRow(evil, Span(0.5), Span(0.6))
    markup = plot([row], caption=evil, axis_label=evil, note=evil).to_html().markup
    assert "<script" not in markup
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|white|black", plot().svg)


def test_impossible_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        plot([])
    with pytest.raises(ValueError, match="expected a proportion"):
        plot([SpanRow("x", Span(50), Span(0.4))])
    with pytest.raises(ValueError, match="in order"):
        SpanRow("x", Span(0.5), Span(0.4, 0.5, 0.6))
    with pytest.raises(ValueError, match="one limit"):
        SpanRow("x", Span(0.5, 0.4), Span(0.4))
