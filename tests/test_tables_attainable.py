from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from checked_studies import ledger_of, size
from hypothesis import given
from hypothesis import strategies as st

from netcore.ledger import Entry
from netcore.printed import Interval
from netcore.study import Claim, Study
from netcore.tables.attainable import attainable_words, is_out_of_reach


def _row(statistic: str, printed: str) -> dict[str, str]:
    about = {"analysis": "age_by_group"} if statistic == "p.value" else {"variable": "age"}
    return {"population": "all", "stat_name": statistic, "printed": printed, **about}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, dict[str, Entry]]:
    rows = [
        size("all", "34"),
        _row("mean", "58.55"),
        _row("median", "300"),
        _row("p.value", "0.012"),
    ]
    ledger = ledger_of(tmp_path_factory.mktemp("study"), rows)
    return ledger.studies[0], {entry.claim.stat_name: entry for entry in ledger.entries}


def _between(entry: Entry, low: str | None, high: str | None, text: str = "") -> Entry:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    claim = entry.claim.model_copy(update={"printed": text or entry.claim.printed})
    return replace(entry, claim=claim, recomputed=None, attainable=(Interval(*ends),))


@pytest.mark.parametrize(
    ("statistic", "low", "high", "expected"),
    [
        ("N", "3", "3", "3"),
        ("median", "0", "9", "0 to 9"),
        ("median", "5", None, "5 or more"),
        ("median", None, "9", "up to 9"),
        ("median", None, None, "any"),
        ("median", "299.512", "344.512", "299.5 to 344.6"),
        ("median", "-51.512", "-16.512", "−51.6 to −16.5"),
        ("median", "1/3", "1/3", "0.3 to 0.4"),
        ("mean", "6.4401", "27.2499", "6.44 to 27.25"),
        ("p.value", "0.0120459", "1", "0.01204 to 1"),
        ("p.value", "0.0000759108", "1", "0.000075 to 1"),
        ("p.value", "0", "0.00213", "up to 0.0022"),
        ("p.value", "0", "1e-30", "up to 0.000001"),
    ],
)
def test_limits_read_as_prose(
    printed: tuple[Study, dict[str, Entry]],
    statistic: str,
    low: str | None,
    high: str | None,
    expected: str,
) -> None:
    study, entries = printed
    assert attainable_words(study, _between(entries[statistic], low, high)) == expected


def test_the_unit_follows_the_number(printed: tuple[Study, dict[str, Entry]]) -> None:
    study, entries = printed
    entry = entries["median"]
    assert attainable_words(study, _between(entry, "1", None), "days") == "1 days or more"
    assert attainable_words(study, _between(entry, None, "2"), "days") == "up to 2 days"
    assert attainable_words(study, _between(entry, "1", "2"), "days") == "1 to 2 days"


def test_without_limits_there_are_no_words(printed: tuple[Study, dict[str, Entry]]) -> None:
    study, entries = printed
    entry = replace(entries["median"], attainable=None)
    assert attainable_words(study, entry) is None
    assert not is_out_of_reach(study, entry)


ENDS = st.fractions(min_value=Fraction(1, 10**5), max_value=1, max_denominator=10**7)


@given(low=ENDS, high=ENDS, text=st.integers(1, 9999).map(lambda n: f"0.{n:04}"))
def test_rounded_limits_hold_all_that_is_attainable_and_no_printed_value_more(
    printed: tuple[Study, dict[str, Entry]], low: Fraction, high: Fraction, text: str
) -> None:
    study, entries = printed
    low, high = min(low, high), max(low, high)
    words = attainable_words(study, _between(entries["p.value"], str(low), str(high), text))
    assert words is not None
    first, _, last = words.partition(" to ")
    shown = Interval(Fraction(first), Fraction(last or first))
    assert low in shown
    assert high in shown
    value = Fraction(text)
    assert (value in shown) == (low <= value <= high)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.00036", True), ("0.012", False), ("<0.01", True), ("<0.05", False), ("ns", False)],
)
def test_a_value_is_out_of_reach_if_nothing_attainable_prints_so(
    printed: tuple[Study, dict[str, Entry]], text: str, expected: bool
) -> None:
    study, entries = printed
    entry = _between(entries["p.value"], "0.0120459", "1", text)
    assert is_out_of_reach(study, entry) == expected


def test_a_level_is_no_number(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34")])
    [entry] = ledger.entries
    claim: Claim = entry.claim.model_copy(update={"printed": "all"})
    entry = replace(entry, claim=claim, attainable=(Interval.point(3),))
    assert not is_out_of_reach(ledger.studies[0], entry)
