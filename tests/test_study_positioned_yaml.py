from __future__ import annotations

import pytest
import yaml

from netcore.study import positioned_yaml
from netcore.study.positioned_yaml import read_yaml


@pytest.fixture(autouse=True, params=["libyaml", "pure Python"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test with both parsers: not every machine has libyaml."""
    if request.param == "pure Python":
        monkeypatch.setattr(positioned_yaml, "_LOADER", yaml.BaseLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


def only_fault(text: str) -> tuple[int, int, str]:
    document = read_yaml(text)
    (fault,) = document.faults
    return (*fault.position, fault.found)


def test_every_scalar_is_the_string_that_stands_in_the_file() -> None:
    text = "a: [no, 1.10, 2022-10-31, ~, null, 0x1F, 1_000, .inf, '1', <<, 12:30]"
    expected = [
        "no",
        "1.10",
        "2022-10-31",
        "~",
        "null",
        "0x1F",
        "1_000",
        ".inf",
        "1",
        "<<",
        "12:30",
    ]
    assert read_yaml(text).data == {"a": expected}


def test_positions_are_those_of_values_and_of_keys() -> None:
    document = read_yaml("a:\n  b: {c: [x, yy]}\n  'd': |\n    text\n")
    assert document.position(("a", "b", "c", 1)) == (2, 14)
    assert document.position(("a", "b", "c")) == (2, 10)
    assert document.position(("a", "b", "c"), of_key=True) == (2, 7)
    assert document.position(("a", "d")) == (3, 8)
    assert document.position(("a", "d"), of_key=True) == (3, 3)


def test_what_is_missing_is_placed_at_what_encloses_it() -> None:
    document = read_yaml("a:\n  b: {}\n")
    assert document.position(("a", "b", "absent")) == (2, 6)
    assert document.position(("a", "b", "absent"), of_key=True) == (2, 6)
    assert document.position(("absent",)) == (1, 1)


def test_columns_count_characters_not_bytes() -> None:
    assert read_yaml("a: [жжж, x]").position(("a", 1)) == (1, 10)


def test_a_duplicate_key_is_found_with_the_place_of_the_first() -> None:
    document = read_yaml("a: 1\nb:\n  c: 1\n  d: 2\n  c: {e: 1, e: 2}\n")
    assert document.data == {"a": "1", "b": {"c": "1", "d": "2"}}
    (fault,) = document.faults
    assert fault.position == (5, 3)
    assert fault.found == "the key 'c' again"
    assert fault.expected == "each key once (first on line 3, column 3)"


def test_the_same_key_in_two_mappings_is_no_duplicate() -> None:
    assert read_yaml("a: {x: 1}\nb: {x: 1}\nc: [{x: 1}, {x: 1}]").faults == ()


def test_an_alias_is_refused() -> None:
    assert read_yaml("a: &x [1]\nb: *x\n").data is None
    assert [fault.found for fault in read_yaml("a: &x [1]\nb: *x\n").faults] == [
        "the anchor '&x'",
        "the alias '*x'",
    ]


def test_a_tag_is_refused_and_never_acted_upon() -> None:
    line, column, found = only_fault("a: !!python/object/apply:os.system ['false']\n")
    assert (line, column) == (1, 4)
    assert found == "the tag 'tag:yaml.org,2002:python/object/apply:os.system'"


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert read_yaml("a: {<<: {b: 1}}").data == {"a": {"<<": {"b": "1"}}}


def test_a_mapping_as_a_key_is_refused() -> None:
    assert only_fault("a: {[b]: c}")[2] == "a list or mapping as a key"


def test_a_second_document_is_refused() -> None:
    assert only_fault("a: 1\n---\nb: 2\n") == (2, 1, "a second document")


@pytest.mark.parametrize(
    ("text", "found"),
    [("# nothing\n", "nothing but comments"), ("- a\n", "no mapping"), ("text", "no mapping")],
)
def test_a_document_that_is_no_mapping_is_refused(text: str, found: str) -> None:
    assert only_fault(text) == (1, 1, found)


def test_a_syntax_error_has_line_and_column() -> None:
    line, column, found = only_fault("a: 1\nb: [c\nd: e\n")
    assert (line, column) in {(3, 1), (3, 2)}  # libyaml and PyYAML differ by the width of a token
    assert found.startswith("a syntax error (while parsing a flow sequence")


def test_a_tab_as_indentation_is_a_syntax_error() -> None:
    assert only_fault("a:\n\tb: c\n")[:2] == (2, 1)


@pytest.mark.parametrize(
    "bomb", ["[" * 100_000, "{a: " * 100_000, "- " * 50_000, "a:\n" + " " * 99 + "[" * 9999]
)
def test_a_bomb_of_depth_is_refused_at_once(bomb: str) -> None:
    assert only_fault(bomb)[2].startswith("more than 16 levels")


def test_a_bomb_of_aliases_is_refused_at_the_first() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert [fault.found for fault in read_yaml(text).faults][-1] == "the alias '*a'"


@pytest.mark.parametrize(
    "text", ['a: "\\U00110000"', 'a: "\\ud800"', "%YAML 9" + "9" * 5000 + ".1\n---\na: b"]
)
def test_what_parsers_choke_on_is_no_crash(text: str) -> None:
    read_yaml(text)
