"""Which printed summaries belong to which group, and what makes up a whole."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from summary_rows import POPULATIONS, study_of, value

from netcore.checks import Conventions
from netcore.checks.summary_values import (
    SummaryValues,
    decimals,
    group_of,
    group_title,
    recomputed_text,
    said_where,
    shown,
    unit_of,
)

KEY = ("before", "mean", "")


def test_groups_are_their_members_whatever_their_names(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "first": {"of": "all", "where": {"arm": "a"}},
        "case": {"of": "a", "size": 1},
    }
    rows = [value("a", "before", "mean", "4"), value("first", "before", "mean", "5")]
    study = study_of(tmp_path, rows, populations=populations)
    assert group_of(study, "a") == group_of(study, "first") != group_of(study, "case")
    values = SummaryValues(study, Conventions())
    assert len(values.of(group_of(study, "a"), *KEY)) == 2
    assert not values.of(group_of(study, "case"), *KEY)
    assert group_title(study, group_of(study, "a")) == "arm A"
    assert group_title(study, group_of(study, "case")) == "case"
    assert group_of(study, "all").holds(group_of(study, "a"))
    assert not group_of(study, "a").holds(group_of(study, "case"))


def test_rows_that_can_mean_nothing_else_go_first(tmp_path: Path) -> None:
    rows = [value("a|b", "before", "mean", "4"), value("a", "before", "mean", "5")]
    study = study_of(tmp_path, rows)
    values = SummaryValues(study, Conventions())
    assert [v.claim.printed for v in values.of(group_of(study, "a"), *KEY)] == ["5"]
    assert [v.is_certain for v in values.of(group_of(study, "b"), *KEY)] == [False]


def test_quoted_and_secondary_values_are_left_out(tmp_path: Path) -> None:
    rows = [
        value("a", "before", "mean", "4", cites="smith2019"),
        value("a", "before", "mean", "5", location="review"),
    ]
    assert not list(SummaryValues(study_of(tmp_path, rows), Conventions()).quantities())


def test_covers_need_every_level(tmp_path: Path) -> None:
    rows = [value("a", "before", "mean", "4"), value("b", "before", "mean", "5")]
    study = study_of(tmp_path / "both", rows)
    whole = group_of(study, "all")
    (cover,) = SummaryValues(study, Conventions()).covers(whole, *KEY)
    assert [part.group for part in cover] == [group_of(study, "a"), group_of(study, "b")]
    assert not SummaryValues(study, Conventions()).covers(whole, *KEY, location="abstract")
    study = study_of(tmp_path / "one", rows[:1])
    assert not SummaryValues(study, Conventions()).covers(whole, *KEY)


def test_numbers_are_shown_as_their_row_prints(tmp_path: Path) -> None:
    rows = [value("a", "before", "mean", "4.50", claim="x"), value("b", "ttp", "mean", "2.5-3")]
    study = study_of(tmp_path, [*rows, value("a", "before", "min", "4", unit="mm")])
    first, second, third = study.claims
    assert [decimals(study, claim) for claim in study.claims] == [2, 1, 0]
    assert recomputed_text(study, first, Fraction(-2, 3), Conventions()) == "-0.67"
    assert shown(study, first, Fraction(-2, 3)) == "−0.667"
    assert [unit_of(study, first, "before"), unit_of(study, third, "before")] == ["cm", "mm"]
    assert said_where(study, [first, second]) == "4.50 in Results; 2.5-3 in Results"
