from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from study_builder import make_study

from netcore.checks import Conventions
from netcore.checks.order_relations import clashes, clashes_in_time, items_of, name_of
from netcore.study.vocabulary import ALL_STATISTICS

VARIABLES = {"age": {"type": "continuous", "unit": "years"}, "seen": {"type": "date"}}


def test_every_statistic_has_a_name() -> None:
    for statistic in ALL_STATISTICS:
        assert name_of(statistic)
        assert "_" not in name_of(statistic)


def test_a_row_is_one_item_for_each_reading(tmp_path: Path) -> None:
    rows = [
        {"variable": "age", "stat_name": "mean|median", "printed": "58"},
        {"variable": "seen", "stat_name": "value", "printed": "2021"},
        {"stat_name": "N", "printed": "all"},
    ]
    study = make_study(tmp_path / "paper1", variables=VARIABLES, claims=rows)
    items = items_of(study, Conventions())
    assert [item.stat_name for item in items] == ["mean", "median", "value"]
    assert {item.key.unit for item in items if item.key.variable == "age"} == {"years"}
    window = items[2].window
    assert window.low is not None
    assert window.high is not None
    assert window.high - window.low == 364


def test_nothing_clashes_among_no_rows(tmp_path: Path) -> None:
    study = make_study(tmp_path / "paper1")
    assert list(clashes(study, [])) == []
    assert list(clashes_in_time([])) == []


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ("1 months", "5 weeks", True),
        ("1 months", "4 weeks", False),
        ("12 months", "1 years", False),
        ("11 months", "1 years", True),
        ("-1 weeks", "1 months", False),
        ("6 months", "", False),
    ],
)
def test_one_time_is_later_only_if_it_is_so_whatever_a_month_is(
    tmp_path: Path, one: str, other: str, known: bool
) -> None:
    rows = [
        {"variable": "age", "stat_name": "survival", "printed": printed, "at": at, "claim": name}
        for name, printed, at in (("a", "40", one), ("b", "60", other))
    ]
    study = make_study(tmp_path / "paper1", variables=VARIABLES, claims=rows)
    found = list(clashes_in_time(items_of(study, Conventions())))
    assert bool(found) is known
    assert all(clash.holds_if for clash in found)
    assert [item.window.low for clash in found for item in clash.items] == (
        [Fraction(79, 2), Fraction(119, 2)] if known else []
    )
