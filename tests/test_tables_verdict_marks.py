from __future__ import annotations

import pytest
from page_reader import Page

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
    shown = strip(counts, "surname2020", "Surname 2020")
    assert "flex-grow: 30" in shown.markup
    assert "flex-grow: 3" in shown.markup
    assert "flex-grow: 0" not in shown.markup
    assert 'aria-label="30 reproduced, Surname 2020: in the ledger"' in shown.markup
    assert "30" in str(shown)


def test_who_listens_or_uses_the_keyboard_meets_each_verdict_once() -> None:
    page = Page(strip({Verdict.OPEN: 2}, "surname2020", "Surname 2020").markup)
    assert page.links == ["ledger.html?paper=surname2020&verdict=open"] * 2
    markup = strip({Verdict.OPEN: 2}, "surname2020", "Surname 2020").markup
    assert markup.count('tabindex="-1"') == markup.count('aria-hidden="true"') - 1 == 1


def test_a_bar_of_nothing_is_empty() -> None:
    assert Page(strip({}, "surname2020", "Surname 2020").markup).links == []
