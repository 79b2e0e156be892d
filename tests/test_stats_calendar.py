from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.stats.calendar import UNITS, calendar_unit, dates_in, longest_between

DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@given(DAYS)
def test_a_day_is_among_the_days_of_its_date_at_any_precision(day: date) -> None:
    for text in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
        first, last = dates_in(text)
        assert first <= day <= last
        assert first.isoformat().startswith(text)
        assert last.isoformat().startswith(text)
        assert not (last + timedelta(days=1)).isoformat().startswith(text)
        assert not (first - timedelta(days=1)).isoformat().startswith(text)


@pytest.mark.parametrize("text", ["21", "2021-13", "2021-02-30", "2021-02-03-04", "May 2021"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"found|month|day|invalid"):
        dates_in(text)


@given(DAYS, DAYS)
def test_no_way_to_count_a_duration_exceeds_the_longest(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    days = (last - first).days
    months = (last.year - first.year) * 12 + last.month - first.month
    # The ways in which papers turn days into months and years.
    assert days + 1 <= longest_between(first, last, UNITS["days"])
    assert Fraction(days, 7) <= longest_between(first, last, UNITS["weeks"])
    whole = months - (last.day < first.day)
    for count in (Fraction(days, 30), Fraction(days * 100, 3044), Fraction(days, 28), whole):
        assert count <= longest_between(first, last, UNITS["months"])
    for count in (Fraction(days, 365), Fraction(days * 4, 1461), Fraction(whole // 12)):
        assert count <= longest_between(first, last, UNITS["years"])


def test_nothing_lasts_from_a_day_to_an_earlier_one() -> None:
    assert longest_between(date(2021, 5, 1), date(2021, 1, 1), UNITS["days"]) == 0


def test_units_are_known_by_their_english_names() -> None:
    assert calendar_unit("Weeks") == calendar_unit("week")
    assert calendar_unit("cycles") is None
    assert calendar_unit("") is None
