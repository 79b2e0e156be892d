"""Groups as a flow chart: every size in the drawing, in words and as data; a tree or a clear error."""

from __future__ import annotations

import re

import pytest

from netcore.figures import FlowBox, Plot, flow_chart

WHOLE = FlowBox("all", "All patients", "34 patients", "printed")
FIRST = FlowBox("one", "Group 1: liver metastases at diagnosis", "15 patients", "printed", "all")
SECOND = FlowBox("two", "Group 2", "0 to 19 patients", "not printed", "all", is_solved=True)
PART = FlowBox("part", "Women of group 1", "7 patients", "printed", "one")


def plot(*boxes: FlowBox) -> Plot:
    return flow_chart(boxes, name="flow", caption="Groups.", note="How to read it.")


def outlines(made: Plot) -> list[list[tuple[float, float]]]:
    """Return the corners of every box."""
    found = [
        [(float(x), float(y)) for x, y in re.findall(r"[ML] ([\d.]+) ([\d.]+)", path)]
        for path in re.findall(r'<path d="([^"]*)"', made.svg)
        if "z" not in path  # the sheet itself
    ]
    return [points for points in found if len(points) == 5 and points[0] == points[-1]]


def test_every_title_and_size_stands_in_the_drawing_in_words_and_as_data() -> None:
    made = plot(WHOLE, FIRST, PART, SECOND)
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", made.svg))
    for box in (WHOLE, FIRST, PART, SECOND):
        for words in (box.title, box.size, box.known):
            assert words in drawn
        assert f"{box.size}, {box.known}." in made.alt
    assert made.csv.splitlines() == [
        "Group,Part of,Size,Known from",
        "All patients,,34 patients,printed",
        "Group 1: liver metastases at diagnosis,All patients,15 patients,printed",
        "Women of group 1,Group 1: liver metastases at diagnosis,7 patients,printed",
        "Group 2,All patients,0 to 19 patients,not printed",
    ]


def test_two_calls_give_the_same_bytes() -> None:
    assert plot(WHOLE, FIRST, SECOND) == plot(WHOLE, FIRST, SECOND)


def test_only_what_is_solved_for_has_a_dashed_outline() -> None:
    assert "stroke-dasharray" not in plot(WHOLE, FIRST).svg
    assert plot(WHOLE, FIRST, SECOND).svg.count("stroke-dasharray") == 1


@pytest.mark.parametrize(
    "boxes",
    [
        (WHOLE,),
        (WHOLE, FIRST, PART, SECOND),
        (FlowBox("all", "A whole with a long title " * 3, "3", "printed"), SECOND),
        (WHOLE, *(FlowBox(f"g{i}", f"Group {i}", "1", "printed", "all") for i in range(9))),
    ],
)
def test_boxes_lie_on_the_sheet_and_apart(boxes: tuple[FlowBox, ...]) -> None:
    made = plot(*boxes)
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', made.svg)
    assert size is not None
    width, height = map(float, size.groups())
    found = outlines(made)
    spans = []
    for corners in found:
        xs, ys = zip(*corners, strict=True)
        assert 0 <= min(xs) < max(xs) <= width
        assert 0 <= min(ys) < max(ys) <= height
        spans.append((min(xs), max(xs), min(ys), max(ys)))
    assert len(spans) == len(boxes)
    for place, (left, right, top, bottom) in enumerate(spans):
        for other in spans[:place]:
            assert right < other[0] or other[1] < left or bottom < other[2] or other[3] < top


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        ((), "found no group"),
        ((WHOLE, FIRST, FIRST), "found group one twice"),
        ((WHOLE, PART), "found group part as part of one"),
        ((WHOLE, FlowBox("b", "B", "1", "printed")), "found group b as part of nothing"),
        ((FIRST,), "found one as part of all, expected the whole"),
    ],
)
def test_what_is_no_tree_is_refused(boxes: tuple[FlowBox, ...], found: str) -> None:
    with pytest.raises(ValueError, match=found):
        plot(*boxes)
