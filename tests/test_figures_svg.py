"""Any matplotlib figure as SVG of a page: nothing leaks out of it, nothing is lost."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from netcore.figures.style import ACCENT, FONT_SIZE, STAND_INS, house_style
from netcore.figures.svg import inline_svg


def drawn() -> Figure:
    """Draw with markers and clipping, which need ids of their own."""
    with house_style():
        figure = Figure(figsize=(4, 3))
        axes = figure.add_subplot()
        axes.plot([0, 1, 2], [-1, 4, 2], marker="o")
        axes.fill_between([0, 1, 2], [0, 1, 0], color=ACCENT, alpha=0.2)
        axes.set_xlabel("Months")
        axes.set_title("5 < 6 & $7")
    return figure


def svg(name: str = "one") -> str:
    return inline_svg(drawn(), name, "A <title>", 'A "description" & more')


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert svg() == svg()


def test_every_id_has_the_prefix_and_every_reference_an_id() -> None:
    text = svg()
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)) > 10
    assert all(each.startswith("one-") for each in ids)
    references = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text)
    assert references
    assert {a or b for a, b in references} <= set(ids)
    assert not set(ids) & set(re.findall(r'\bid="([^"]+)"', svg("two")))


def test_it_is_well_formed_and_an_image_with_a_name_and_a_description() -> None:
    root = ET.fromstring(svg())
    space = {"s": "http://www.w3.org/2000/svg"}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "one-title one-desc"
    assert root.findtext("s:title", namespaces=space) == "A <title>"
    assert root.findtext("s:desc", namespaces=space) == 'A "description" & more'
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Months", "5 < 6 & $7", "−1"} <= {*texts}


def test_nothing_of_it_applies_to_the_rest_of_the_page() -> None:
    text = svg()
    assert "<style" not in text
    assert "<metadata" not in text
    assert "<!DOCTYPE" not in text
    assert "font-family" not in text
    assert "xlink" not in text


def test_all_colours_are_those_of_the_page() -> None:
    colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", svg()))
    assert colours <= {"none", *STAND_INS.values()}
    assert STAND_INS[ACCENT] in colours


def test_the_style_ends_with_its_context() -> None:
    before = dict(mpl.rcParams)
    with house_style():
        assert mpl.rcParams["font.size"] == FONT_SIZE
        assert mpl.rcParams["figure.facecolor"] == "none"
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", ["", "1st", "a b", 'a"b', "ä"])
def test_a_name_that_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        svg(name)
