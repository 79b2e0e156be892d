from __future__ import annotations

import pytest

from netcore.checks import Verdict
from netcore.tables.verdict_marks import GLYPHS, READING_ORDER, badge, glyph, strip


def test_every_verdict_has_a_glyph_of_its_own() -> None:
    assert set(GLYPHS) == set(Verdict)
    assert len(set(GLYPHS.values())) == len(Verdict)
    assert set(READING_ORDER) == set(Verdict)


@pytest.mark.parametrize("verdict", Verdict)
def test_colour_is_never_alone(verdict: Verdict) -> None:
    assert GLYPHS[verdict] in glyph(verdict).markup
    assert f'aria-label="{verdict.value}"' in glyph(verdict).markup
    assert verdict.value in str(badge(verdict))


def test_the_bar_shows_every_verdict_in_proportion() -> None:
    counts = {Verdict.REPRODUCED: 30, Verdict.INCONSISTENT: 3, Verdict.OPEN: 0}
    shown = strip(counts)
    assert "flex-grow: 30" in shown.markup
    assert "flex-grow: 3" in shown.markup
    assert "flex-grow: 0" not in shown.markup
    assert "33 claims: 30 reproduced, 3 inconsistent" in shown.markup
    assert "30" in str(shown)


def test_a_bar_of_nothing_is_empty() -> None:
    assert "0 claims" in strip({}).markup
