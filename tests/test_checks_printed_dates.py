from __future__ import annotations

from datetime import date
from pathlib import Path

from study_builder import make_study

from netcore.checks.printed_dates import (
    appeared,
    contains,
    dates_said,
    earlier_dates,
    later_dates,
    printed_dates,
)
from netcore.study import Study


def study_of(folder: Path, published: str = "2020-02") -> Study:
    return make_study(
        folder / "paper1",
        paper={"published": published},
        populations={
            "all": {"units": "patients"},
            "her": {"of": "all", "size": 1},
            "study": {"units": "studies"},
        },
        variables={
            "first": {"type": "date"},
            "second": {"type": "date", "after": ["first"]},
            "third": {"type": "date", "after": ["second"]},
            "age": {"type": "continuous"},
        },
        claims=[
            {"variable": "first", "stat_name": "start", "printed": "2019"},
            {"variable": "third", "stat_name": "value", "printed": "2020-01-05"},
            {"variable": "second|third", "stat_name": "value", "printed": "2020"},
            {"variable": "first", "stat_name": "sd", "printed": "20", "unit": "days"},
            {"variable": "age", "stat_name": "value", "printed": "50"},
        ],
    )


def test_only_dates_that_can_be_read_in_one_way_are_dates(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    first, third = printed_dates(study)
    assert (first.first, first.last) == (date(2019, 1, 1), date(2019, 12, 31))
    assert (first.starts, first.ends) == (True, False)
    assert (third.starts, third.ends) == (True, True)
    assert dates_said(study, [first, third]) == (
        "start of first 2019 (Results) and third 2020-01-05 (Results)"
    )


def test_orders_are_chains(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    assert earlier_dates(study, "third") == {"first", "second"}
    assert later_dates(study, "first") == {"second", "third"}


def test_a_study_contains_its_patients_and_a_patient_nobody_else(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    assert contains(study, "study", "her")
    assert contains(study, "all", "her")
    assert not contains(study, "her", "all")
    assert not contains(study, "all", "study")


def test_a_paper_can_have_appeared_on_the_last_day_of_its_date(tmp_path: Path) -> None:
    assert appeared(study_of(tmp_path)) == date(2020, 2, 29)
