from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from study_builder import make_study

from netcore.study import Study
from netcore.study.comparison import compare_transcriptions, comparison_csv, comparison_text

PARTS: dict[str, Any] = {
    "populations": {
        "all": {"units": "patients"},
        "group1": {"of": "all", "where": {"group": "1"}},
    },
    "variables": {
        "group": {"type": "categorical", "levels": ["1", "2"]},
        "age": {"type": "continuous"},
        "weight": {"type": "continuous"},
    },
}
ROWS = [
    ("all", "", "", "N", "40"),
    ("group1", "", "", "N", "15"),
    ("all", "age", "", "mean", "58.55"),
    ("all", "age", "", "sd", "12.5"),
]


def study(folder: Path, rows: list[Any], **more: Any) -> Study:
    return make_study(folder, **PARTS | more, claims=rows)


def test_a_transcription_agrees_with_itself_in_any_order(tmp_path: Path) -> None:
    one = study(tmp_path / "a2020", ROWS)
    other = study(tmp_path / "b" / "a2020", ROWS[::-1])
    found = compare_transcriptions(one, other)
    assert (found.rows, found.agreed, found.differences) == ((4, 4), 4, ())


def test_another_digit_is_another_value_of_the_same_thing(tmp_path: Path) -> None:
    one = study(tmp_path / "a2020", ROWS)
    other = study(
        tmp_path / "b" / "a2020", [*ROWS[:2], ("all", "age", "", "mean", "58.5"), ROWS[3]]
    )
    (difference,) = compare_transcriptions(one, other).differences
    assert difference.kind == "value"
    assert difference.columns == (("printed", "58.55", "58.5"),)
    assert difference.first is not None
    assert difference.first.line == 4


def test_another_reading_is_the_same_value_of_another_thing(tmp_path: Path) -> None:
    one = study(tmp_path / "a2020", ROWS)
    other = study(tmp_path / "b" / "a2020", [*ROWS[:3], ("group1", "weight", "", "sd", "12.5")])
    (difference,) = compare_transcriptions(one, other).differences
    assert difference.kind == "keys"
    assert difference.columns == (("population", "all", "group1"), ("variable", "age", "weight"))


def test_a_row_that_one_left_out_is_named_with_its_line(tmp_path: Path) -> None:
    one = study(tmp_path / "a2020", ROWS)
    other = study(tmp_path / "b" / "a2020", ROWS[1:])
    (difference,) = compare_transcriptions(one, other).differences
    assert (difference.kind, difference.second) == ("missing", None)
    text = comparison_text(compare_transcriptions(one, other), "one", "two")
    assert "3 rows agree; differences: 1" in text
    assert "A line 2 (results.all.N)" in text
    assert "printed: A 40 | B (empty)" in text


def test_the_same_value_in_two_places_is_not_paired_across_them(tmp_path: Path) -> None:
    places = {"results": {"title": "R"}, "methods": {"title": "M"}}
    one = study(tmp_path / "a2020", [{"stat_name": "N", "printed": "40"}], locations=places)
    other = study(
        tmp_path / "b" / "a2020",
        [{"stat_name": "N", "printed": "40", "location": "methods"}],
        locations=places,
    )
    kinds = [difference.kind for difference in compare_transcriptions(one, other).differences]
    assert kinds == ["missing", "missing"]


def test_equal_values_are_paired_with_the_row_most_like_them(tmp_path: Path) -> None:
    ours = [("all", "age", "", "mean", "7"), ("all", "weight", "", "mean", "7")]
    theirs = [("all", "weight", "", "median", "7"), ("all", "age", "", "median", "7")]
    found = compare_transcriptions(
        study(tmp_path / "a2020", ours), study(tmp_path / "b" / "a2020", theirs)
    )
    assert [difference.columns for difference in found.differences] == [
        (("stat_name", "mean", "median"),),
        (("stat_name", "mean", "median"),),
    ]


def test_a_definition_that_differs_is_said_field_by_field(tmp_path: Path) -> None:
    variables = PARTS["variables"] | {
        "group": {"type": "categorical", "levels": ["1", "2"], "complete": True}
    }
    one = study(tmp_path / "a2020", ROWS)
    other = study(tmp_path / "b" / "a2020", ROWS, variables=variables)
    (difference,) = compare_transcriptions(one, other).differences
    assert difference.kind == "definition"
    assert difference.columns == (("group.complete", "", "True"),)
    assert "Defined differently" in comparison_text(compare_transcriptions(one, other), "1", "2")


def test_the_table_to_be_settled_has_a_row_for_each_cell(tmp_path: Path) -> None:
    one = study(tmp_path / "a2020", ROWS)
    other = study(tmp_path / "b" / "a2020", [*ROWS[:3], ("group1", "weight", "", "sd", "12.5")])
    rows = list(csv.DictReader(io.StringIO(comparison_csv(compare_transcriptions(one, other)))))
    assert [(row["column"], row["a"], row["b"], row["settled"]) for row in rows] == [
        ("population", "all", "group1", ""),
        ("variable", "age", "weight", ""),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["all", "group1"]),
            st.sampled_from(["age", "weight"]),
            st.just(""),
            st.sampled_from(["mean", "median"]),
            st.sampled_from(["1", "2", "3"]),
        ),
        max_size=6,
        unique_by=lambda row: row[:4],
    ),
    st.data(),
)
def test_every_row_is_accounted_for_exactly_once(
    tmp_path_factory: Any, ours: list[Any], data: st.DataObject
) -> None:
    theirs = data.draw(st.lists(st.sampled_from([*ours, ROWS[2], ROWS[3]]), max_size=6, unique_by=lambda row: row[:4]))  # fmt: skip
    folder = tmp_path_factory.mktemp("pair")
    found = compare_transcriptions(
        study(folder / "a" / "a2020", [*ours, ROWS[0]]),
        study(folder / "b" / "a2020", [*theirs, ROWS[0]]),
    )
    for side, number in enumerate(found.rows):
        apart = [
            difference.second if side else difference.first for difference in found.differences
        ]
        assert found.agreed + sum(row is not None for row in apart) == number
