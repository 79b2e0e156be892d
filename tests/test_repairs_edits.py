from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.repairs import nature_of_change, small_edits

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,3})([.,][0-9]{1,3})?", fullmatch=True)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("137", "134", "one digit"),
        ("342", "432", "digits exchanged"),
        ("27,4", "24,7", "digits exchanged"),
        ("0.57", "0.58", "one digit"),
        ("13.26", "-13.26", "sign"),
        ("−5", "5", "sign"),
        ("86", "60", "value"),
        ("12", "2", "value"),
        ("12", "02", "value"),
        ("7", "17", "value"),
    ],
)
def test_a_change_is_named_by_the_smallest_edit_that_makes_it(
    before: str, after: str, kind: str
) -> None:
    assert nature_of_change(before, after) == kind


@given(NUMBERS)
def test_no_edit_is_the_number_itself_and_each_is_there_once(text: str) -> None:
    texts = [edit.text for edit in small_edits(text)]
    assert text not in texts
    assert len(texts) == len(set(texts))


@given(NUMBERS)
def test_an_edit_keeps_every_other_character(text: str) -> None:
    for edit in small_edits(text):
        if edit.kind == "sign":
            assert edit.text.lstrip("-") == text.lstrip("-")
            continue
        differing = [one != two for one, two in zip(text, edit.text, strict=True)]
        assert sum(differing) == (1 if edit.kind == "one digit" else 2)
        if edit.kind == "digits exchanged":
            assert sorted(text) == sorted(edit.text)


def test_all_edits_of_a_small_number_are_there() -> None:
    one_digit = {f"{n}" for n in range(10, 100) if (n // 10 == 1) != (n % 10 == 2)}
    found = {edit.kind: set() for edit in small_edits("12")}  # type: dict[str, set[str]]
    for edit in small_edits("12"):
        found[edit.kind].add(edit.text)
    assert found == {"digits exchanged": {"21"}, "one digit": one_digit, "sign": {"-12"}}


def test_no_number_gains_a_leading_zero() -> None:
    assert not [edit for edit in small_edits("100") if edit.text.startswith("0")]
    assert "0.5" in [edit.text for edit in small_edits("1.5")]
