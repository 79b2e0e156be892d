from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from netcore.study.claim_ids import KEYS, generated_id
from netcore.study.scalars import ClaimId


def test_an_id_joins_what_is_not_empty_of_the_keys() -> None:
    cells = dict(
        zip(KEYS, ("table1", "all", "response", "CR", "n", "2 cycles", "by_group"), strict=True)
    )
    assert generated_id(cells) == "table1.all.response.CR.n.2_cycles.by_group"
    assert (
        generated_id(cells | {"variable_level": "", "at": ""}) == "table1.all.response.n.by_group"
    )


def test_an_id_does_not_depend_on_what_is_printed() -> None:
    cells = {"location": "table1", "stat_name": "N"}
    assert generated_id(cells | {"printed": "1", "note": "x", "unit": "%"}) == generated_id(cells)


@pytest.mark.parametrize(
    ("level", "written"),
    [("a|b", "a-or-b"), (">=4 cm", "--4_cm"), ("да", "--"), ("<script>", "-script-"), ('"', "-")],
)
def test_an_id_is_safe_in_an_address(level: str, written: str) -> None:
    assert generated_id({"location": "t", "variable_level": level}) == f"t.{written}"


def test_a_long_id_is_cut_to_what_an_id_may_be() -> None:
    identifier = generated_id({"location": "t", "variable_level": "x" * 1000})
    assert TypeAdapter(ClaimId).validate_python(identifier) == identifier


@given(st.dictionaries(st.sampled_from(KEYS), st.text()))
def test_every_generated_id_could_have_been_given(cells: dict[str, str]) -> None:
    identifier = generated_id(cells)
    assert TypeAdapter(ClaimId).validate_python(identifier) == identifier
