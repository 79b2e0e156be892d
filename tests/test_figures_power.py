"""The power curve of a trial: drawn from exact powers, said in words."""

from __future__ import annotations

import csv
import io
import re

import pytest

from netcore.figures import Plot, power_curve_plot
from netcore.figures.sheet import SMALL
from netcore.stats.trial_power import detectable_rates, exact_power


def plot(size_1: int = 20, size_2: int = 24, rate_1: float = 0.4, **given: object) -> Plot:
    return power_curve_plot(size_1, size_2, rate_1, name="power", caption="A trial.", **given)  # type: ignore[arg-type]


def curve(svg: str) -> list[tuple[float, float]]:
    (path,) = re.findall(r'<path d="([^"]*)" style="fill: none; stroke: var\(--nc-plot-accent', svg)
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_two_calls_give_the_same_bytes() -> None:
    assert plot() == plot()


def test_the_data_are_the_exact_powers() -> None:
    table = list(csv.reader(io.StringIO(plot().csv)))
    assert table[0] == ["True rate in the second arm (%)", "Power (%)"]
    assert [row[0] for row in table[1:]] == [str(rate) for rate in range(101)]
    for rate in (0, 37, 80, 100):
        assert float(table[rate + 1][1]) == pytest.approx(
            100 * exact_power(20, 24, 0.4, rate / 100), abs=0.0501
        )


def test_the_curve_stands_where_the_axes_say() -> None:
    svg = plot().svg
    ticks = re.findall(r'text-anchor: (middle|end)[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>(\d+)<', svg)
    across = {label: float(x) for anchor, x, _, label in ticks if anchor == "middle"}
    up = {label: float(y) - 0.36 * SMALL for anchor, _, y, label in ticks if anchor == "end"}
    for x, y in curve(svg):
        rate = (x - across["0"]) / (across["100"] - across["0"])
        power = (y - up["0"]) / (up["100"] - up["0"])
        assert power == pytest.approx(exact_power(20, 24, 0.4, round(rate, 2)), abs=1e-3)


def test_the_rates_that_are_detected_stand_in_the_drawing_and_in_the_words() -> None:
    found = detectable_rates(20, 24, 0.4)
    assert found.below is not None
    assert found.above is not None
    made = plot()
    assert f"{100 * found.below:.1f} % or less, or of {100 * found.above:.1f} % or more" in made.alt
    for content in (f"{100 * found.below:.1f} %", f"{100 * found.above:.1f} %", "first arm: 40 %"):
        assert f">{content}</text>" in made.svg
    assert "20 and 24 patients, by Fisher’s exact test" in made.alt


def test_a_trial_that_detects_nothing_says_so() -> None:
    made = plot(3, 3)
    assert "No rate is detected with a power of 80 %" in made.alt
    assert "%</text>" in made.svg


def test_one_side_that_is_not_detected_is_not_mentioned() -> None:
    alt = plot(20, 20, 0.05).alt
    assert "or more" in alt
    assert "or less" not in alt


def test_the_test_and_its_level_stand_below() -> None:
    note = plot(test="pooled_z", alpha=0.1, note="More.").note
    assert note == "Chi-squared test without correction, two-sided level 10 %; exact power. More."


def test_strings_are_text_everywhere() -> None:
    evil = "<script>x</script>"
    markup = power_curve_plot(
        9, 9, 0.5, name="p", caption=evil, axis_label=evil, note=evil
    ).to_html()
    assert "<script" not in markup.markup


def test_nothing_is_painted_that_suits_one_theme_only() -> None:
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|white|black", plot().svg)


def test_impossible_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="arms of 0"):
        plot(0)
