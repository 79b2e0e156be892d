"""Forest plots: what they show, say and hold, the same each time."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from netcore.figures import ForestRow, Plot, PooledRow, forest_plot

EVIL = '<script>alert("1")</script> & $x_1$ \\frac'
ROWS = [
    ForestRow("Alpha 2020", "Perfusion", "WHO", 17, 34, 0.5, 0.341, 0.659),
    ForestRow("Beta 2021", "Perfusion", "RECIST 1.1", 12, 40, 0.3, 0.181, 0.454, disputed=True),
    ForestRow("Gamma 2022", "Embolisation", "", 0, 18, 0.0, 0.0, 0.176),
]
POOLED = [PooledRow("Perfusion", "Pooled, 2 studies", 0.41, 0.12, 0.78, 0.02, 0.97)]


def plot(rows: list[ForestRow] | None = None, **given: object) -> Plot:
    settings: dict[str, object] = {
        "name": "response",
        "caption": "Objective response.",
        "axis_label": "Objective response",
    }
    return forest_plot(
        ROWS if rows is None else rows, POOLED if rows is None else (), **(settings | given)
    )  # type: ignore[arg-type]


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def places(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    """Return the corners of every drawn shape whose style holds a word."""
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
        for path, style in re.findall(r'<path d="([^"]*)" style="([^"]*)"', svg)
        if kind in style
    ]


def test_two_calls_give_the_same_bytes() -> None:
    assert plot() == plot()


def test_another_process_gives_the_same_bytes() -> None:
    code = "from tests.test_figures_forest import plot; print(plot().to_html().markup)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert printed.stdout == plot().to_html().markup + "\n"


def test_every_label_group_criterion_count_and_estimate_stands_in_the_drawing() -> None:
    shown = texts(plot().svg)
    for row in ROWS:
        for content in (row.label + "†" * row.disputed, row.group, row.criteria, row.counts):
            assert not content or content in shown, content
    for content in ("50 (34 to 66)", "30 (18 to 45)", "0 (0 to 18)", "41 (12 to 78)", "(2 to 97)"):
        assert content in shown
    assert "Objective response (%)" in shown
    assert "% (95 % interval)" in shown


def test_the_alternative_text_has_all_numbers_and_which_are_in_conflict() -> None:
    alt = plot().alt
    assert "Alpha 2020 by WHO: 17 of 34, 50 (34 to 66);" in alt
    assert "Beta 2021 by RECIST 1.1: 12 of 40, 30 (18 to 45), values in conflict" in alt
    assert "Gamma 2022: 0 of 18, 0 (0 to 18)." in alt
    assert "Pooled, 2 studies: 41 (12 to 78), prediction interval 2 to 97" in alt
    assert alt.count("values in conflict") == 1
    assert f">{alt}</desc>" in plot().svg


def test_nothing_is_painted_that_suits_one_theme_only() -> None:
    svg = plot().svg
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|white|black", svg)
    colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", svg))
    assert colours <= {
        "none",
        *(f"var(--nc-plot-{name},currentColor)" for name in ("ink", "muted", "rule", "accent")),
    }
    assert len(colours) == 5


def test_the_style_sheet_has_every_colour_of_a_figure(root: object) -> None:
    sheet = (root / "_static" / "netcore.css").read_text(encoding="utf-8")  # type: ignore[operator]
    for name in set(re.findall(r"var\((--[a-z-]+),", plot().svg)):
        assert f"{name}:" in sheet


def test_strings_of_a_data_file_are_text_everywhere() -> None:
    row = ForestRow(EVIL, EVIL, EVIL, 1, 2, 0.5, 0.1, 0.9)
    total = PooledRow(EVIL, EVIL, 0.5, 0.1, 0.9)
    made = forest_plot([row], [total], name="evil", caption=EVIL, axis_label=EVIL, note=EVIL)
    markup = made.to_html().markup
    assert "<script" not in markup
    assert "alert(&quot;1&quot;)" in markup
    assert "$x_1$" in markup  # not set as mathematics
    assert "<br" not in markup


def test_letters_outside_the_font_of_matplotlib_are_no_warning() -> None:
    label = "山田 2018 ☃ 𝔘"
    assert label in texts(plot([replace(ROWS[0], label=label)]).svg)


def test_a_disputed_estimate_is_a_hollow_square_with_a_mark_and_a_note() -> None:
    hollow = [
        shape
        for shape in places(plot().svg, "fill: none; stroke: var(--nc-plot-accent")
        if len(shape) > 2
    ]
    assert len(hollow) == 1
    assert "Beta 2021†" in texts(plot().svg)
    assert "hollow square" in plot().note
    settled = plot([replace(row, disputed=False) for row in ROWS])
    assert "†" not in settled.to_html().markup


def test_rows_of_one_name_keep_their_own_marks() -> None:
    shown = texts(plot([ROWS[0], replace(ROWS[0], disputed=True)]).svg)
    assert shown.count("Alpha 2020") == 1
    assert shown.count("Alpha 2020†") == 1


def test_estimates_stand_where_the_axis_says() -> None:
    svg = plot([replace(ROWS[0], estimate=0.4, low=0.2, high=0.8)]).svg
    ticks = {
        content: float(x)
        for x, content in re.findall(
            r'<text[^>]*text-anchor: middle[^>]* x="([\d.]+)"[^>]*>(\d+)<', svg
        )
    }
    (square,) = places(svg, "fill: var(--nc-plot-accent")
    middle = (min(x for x, _ in square) + max(x for x, _ in square)) / 2
    assert middle == pytest.approx(ticks["40"], abs=0.01)
    ends = [
        line for line in places(svg, "stroke: var(--nc-plot-accent") if line[0][1] == line[1][1]
    ]
    assert [x for x, _ in ends[0]] == pytest.approx([ticks["20"], ticks["80"]], abs=0.01)


def test_the_area_of_a_square_goes_with_the_number_of_patients() -> None:
    svg = plot([replace(ROWS[0], denominator=100), replace(ROWS[0], denominator=50)]).svg
    large, small = (
        (max(x for x, _ in shape) - min(x for x, _ in shape)) ** 2
        for shape in places(svg, "fill: var(--nc-plot-accent")
    )
    assert large / small == pytest.approx(2, abs=0.01)


def test_the_data_holds_every_row_with_a_further_decimal() -> None:
    table = list(csv.DictReader(io.StringIO(plot().csv)))
    assert [row["Row"] for row in table] == [
        "Alpha 2020", "Beta 2021", "Pooled, 2 studies", "Prediction interval", "Gamma 2022",
    ]  # fmt: skip
    assert table[1] == {
        "Row": "Beta 2021",
        "Group": "Perfusion",
        "Criteria": "RECIST 1.1",
        "Events": "12",
        "Number": "40",
        "Estimate (%)": "30.0",
        "Low (%)": "18.1",
        "High (%)": "45.4",
        "Values in conflict": "yes",
    }


def test_values_that_are_no_proportions_have_their_unit_and_an_axis_that_holds_them() -> None:
    rows = [
        ForestRow("A", "", "", None, 34, 18.2, 12.1, 63.0),
        ForestRow("B", "", "", None, None, 11.0, None, None),
    ]
    made = plot(rows, axis_label="Median survival", unit="months", decimals=1)
    shown = texts(made.svg)
    assert {"18.2 (12.1 to 63.0)", "11.0", "34", "N", "Median survival (months)", "80"} <= {*shown}
    assert "n/N" not in shown


def test_a_long_label_goes_on_below() -> None:
    label = "A study with a name so long that no column could hold all of it in one line"
    shown = texts(plot([replace(ROWS[0], label=label)]).svg)
    lines = [content for content in shown if content and content in label]
    assert len(lines) > 1
    assert " ".join(lines) == label


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": None}, "one limit"),
        ({"estimate": 0.9}, "in order"),
    ],
)
def test_impossible_rows_are_refused(change: dict[str, float | None], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ROWS[0], **change)  # type: ignore[arg-type]


def test_impossible_plots_are_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        plot([])
    with pytest.raises(ValueError, match="expected a proportion"):
        plot([replace(ROWS[0], estimate=50, low=34, high=66)])
    with pytest.raises(ValueError, match="which has no other row"):
        forest_plot(ROWS[:1], [replace(POOLED[0], group="?")], name="a", caption="", axis_label="")
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        plot(name='x"><script>')
    with pytest.raises(ValueError, match="in order"):
        replace(POOLED[0], prediction_low=0.6)
