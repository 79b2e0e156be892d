"""Figures of survival: what is drawn, described and tabled."""

from __future__ import annotations

import re

import pytest

from netcore.figures.survival import SurvivalBand, SurvivalCurve, SurvivalPanel, survival_plot

BAND = SurvivalBand("Possible:", (0.0, 10.0, 30.0), (0.4, 0.4, 0.1), (1.0, 0.5, 0.5))
CURVE = SurvivalCurve("Set A", ((5.0, 0.75), (20.0, 0.25)), (5.0, 8.0, 20.0, 30.0))
PANEL = SurvivalPanel("One group, 4 patients", (BAND,), (CURVE,), ((10.0, 0.5),))


def test_a_curve_has_its_shares_and_numbers_at_risk() -> None:
    assert [CURVE.at(time) for time in (0, 5, 19, 20, 40)] == [1, 0.75, 0.75, 0.25, 0.25]
    assert [CURVE.at_risk(time) for time in (0, 5, 6, 20, 31)] == [4, 4, 3, 2, 0]


def test_the_table_holds_band_and_curves_at_the_ticks() -> None:
    found = survival_plot([PANEL], name="s", caption="Curves.", unit="months")
    rows = {row[1:] for row in found.rows}
    # At 20 the band is as low as at 30 and as high as at 10.
    assert ("Possible:", "10", "40.0 to 50.0", "") in rows
    assert ("Possible:", "20", "10.0 to 50.0", "") in rows
    assert ("Set A", "20", "25.0", "2") in rows
    assert found.columns == ("Panel", "Curve", "Time (months)", "Share (%)", "At risk")


def test_the_description_says_what_is_seen() -> None:
    found = survival_plot([PANEL, PANEL], name="s", caption="Curves.", unit="months")
    assert found.alt.count("One group, 4 patients; printed: 50 % at 10 months") == 2
    assert "Set A: 25 % at 20 months, 2 at risk" in found.alt
    assert "Possible: 10 to 50 % at 20 months" in found.alt


def test_every_panel_is_drawn_with_its_numbers_at_risk() -> None:
    svg = survival_plot([PANEL, PANEL], name="s", caption="Curves.", unit="months").svg
    assert len(re.findall(r">At risk<", svg)) == 2
    assert len(re.findall(r">Set A<", svg)) == 2
    assert "var(--nc-plot-accent" in svg
    assert svg == survival_plot([PANEL, PANEL], name="s", caption="Curves.", unit="months").svg


def test_long_labels_stand_on_lines_of_their_own() -> None:
    long = SurvivalCurve("Chemoembolisation and its control", CURVE.steps, CURVE.times)
    wide = survival_plot(
        [SurvivalPanel("A", (), (long,))], name="s", caption="Curves.", unit="months"
    ).svg
    usual = survival_plot(
        [SurvivalPanel("A", (), (CURVE,))], name="s", caption="Curves.", unit="months"
    ).svg

    def height(svg: str) -> float:
        found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
        assert found is not None
        return float(found.group(1))

    assert height(wide) > height(usual)


@pytest.mark.parametrize(
    ("panels", "words"),
    [
        ([], "found no panel"),
        ([SurvivalPanel("A", (BAND,) * 3, ())], "found 3 bands"),
        ([SurvivalPanel("A", (), (CURVE,) * 5)], "and 5 curves"),
        ([SurvivalPanel("A", (), (), ((1.0, 1.5),))], "a share beyond 0 and 1 in 'A'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(panels: list[SurvivalPanel], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        survival_plot(panels, name="s", caption="Curves.", unit="months")
