"""Scales and texts of figures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.figures.sheet import percent_scale, text_width, value_scale, wrapped

VALUES = st.lists(st.floats(-1e4, 1e4).filter(lambda x: x == 0 or abs(x) > 1e-3), min_size=1)


@given(VALUES)
def test_a_scale_of_values_holds_them_and_zero_between_a_few_ticks(values: list[float]) -> None:
    scale = value_scale(values, 100, 300)
    tolerance = 1e-9 * (scale.high - scale.low)
    assert scale.low - tolerance <= min(0, *values)
    assert max(0, *values) <= scale.high + tolerance
    assert 2 <= len(scale.ticks) <= 8
    assert scale.ticks[0][0] == scale.low
    assert scale.ticks[-1][0] == scale.high
    assert "0" in [text for _, text in scale.ticks]
    for value, text in scale.ticks:
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=1e-9)


def test_places_go_with_values_and_stay_on_the_scale() -> None:
    scale = percent_scale(100, 300)
    assert [scale.place(value) for value in (0, 0.25, 1)] == [100, 150, 300]
    assert (scale.place(-1), scale.place(2)) == (100, 300)
    assert percent_scale(300, 100).place(0.25) == 250


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=50)
def test_any_text_has_a_width(content: str) -> None:
    assert text_width(content) >= 0
    assert text_width(content + "m") > 0


def test_wide_letters_count_as_wide() -> None:
    assert text_width("山田", 10) == 20
    assert text_width("iii") < text_width("mmm") < text_width("mmm", 20)


def test_a_text_is_broken_between_words_and_an_empty_one_is_one_line() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("", 8) == [""]
