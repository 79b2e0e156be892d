from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.durations import check_durations

PARTS: dict[str, Any] = {
    "paper": {"published": "2022-12-30"},
    "populations": {
        "all": {"units": "patients"},
        "one": {"of": "all", "where": {"group": "1"}},
        "two": {"of": "all", "where": {"group": "2"}},
        "her": {"of": "all", "size": 1},
        "study": {"units": "studies"},
    },
    "variables": {
        "group": {"type": "categorical", "levels": ["1", "2"]},
        "entry": {"type": "date"},
        "cutoff": {"type": "date", "after": ["entry"]},
        "accepted": {"type": "date", "after": ["cutoff"]},
        "follow_up": {"type": "time", "from": "entry", "to": "cutoff", "unit": "years"},
        "survival_time": {"type": "time", "from": "entry", "to": "death", "unit": "months"},
        "diagnosed": {"type": "time", "from": "diagnosis", "to": "cutoff", "unit": "years"},
    },
}
Row = dict[str, str]
DATES = {"entry.start": "2017-09", "entry.end": "2022-02", "cutoff.value": "2022-10-31"}


def row(name: str, printed: str, **keys: str) -> Row:
    variable, _, stat = name.partition(".")
    return {
        "claim": name,
        "variable": variable,
        "stat_name": stat,
        "printed": printed,
        **keys,
    }


def found(folder: Path, *rows: Row, dates: dict[str, str] = DATES) -> list[Finding]:
    claims = [*(row(name, printed, unit="date") for name, printed in dates.items()), *rows]
    study = make_study(folder / "paper1", claims=claims, **PARTS)
    return list(check_durations(study, Conventions()))


def conflicts(findings: list[Finding]) -> list[set[str]]:
    return [set(finding.claims) for finding in findings if finding.kind == "conflict"]


def conditional(findings: list[Finding]) -> list[set[str]]:
    return [set(finding.claims) for finding in findings if finding.assumptions]


@pytest.mark.parametrize(
    ("printed", "unit", "fits"),
    [
        ("5", "years", True),
        ("5.2", "years", True),
        ("5.3", "years", False),
        ("6", "years", False),  # at least 5.5
        ("62", "months", True),
        ("67", "months", True),  # 67.4 months of 28 days
        ("68", "months", False),
        ("1887", "days", True),
        ("1889", "days", False),
        ("270", "weeks", True),
        ("271", "weeks", False),
        ("~9", "years", True),
        ("99", "cycles", True),  # nobody knows how long a cycle is
    ],
)
def test_no_time_is_longer_than_that_between_its_dates(
    tmp_path: Path, printed: str, unit: str, fits: bool
) -> None:
    findings = found(tmp_path, row("follow_up.max", printed, unit=unit))
    expected = [] if fits else [{"follow_up.max", "entry.start", "cutoff.value"}]
    assert conflicts(findings) == expected


def test_each_of_the_three_is_in_the_conflict(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, row("follow_up.max", "6"))
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.INCONSISTENT}
    assert "are at most 5.17 years" in finding.statement
    assert finding.bearings["follow_up.max"].attainable is not None


def test_what_fits_is_possible_where_nothing_else_bears(tmp_path: Path) -> None:
    rows = row("follow_up.min", "0.1"), row("follow_up.max", "5")
    (finding,) = found(tmp_path / "alone", *rows)
    verdicts = {name: bearing.verdict for name, bearing in finding.bearings.items()}
    assert verdicts == dict.fromkeys(("follow_up.min", "follow_up.max"), Verdict.POSSIBLE)
    (other,) = found(tmp_path / "mean", *rows, row("follow_up.mean", "3"))
    assert {bearing.verdict for bearing in other.bearings.values()} == {None}


def test_an_estimate_may_reach_beyond_what_was_seen(tmp_path: Path) -> None:
    findings = found(tmp_path, row("follow_up.median", "6"))
    assert not conflicts(findings)
    assert conditional(findings) == [{"follow_up.median", "entry.start", "cutoff.value"}]


def test_a_clock_that_no_date_stops_runs_until_the_paper_at_most(tmp_path: Path) -> None:
    late = found(tmp_path / "late", row("survival_time.max", "90"))
    assert not conflicts(late)
    assert conditional(late) == [{"survival_time.max", "entry.start"}]
    assert not found(tmp_path / "within", row("survival_time.max", "60"))


def test_a_clock_that_no_date_starts_has_no_limit(tmp_path: Path) -> None:
    assert not found(tmp_path, row("diagnosed.max", "60"))


def test_a_date_that_comes_later_stops_the_clock_where_its_own_is_not_printed(
    tmp_path: Path,
) -> None:
    dates = {"entry.start": "2017-09", "accepted.value": "2022-10-31"}
    findings = found(tmp_path, row("follow_up.max", "6"), dates=dates)
    assert conflicts(findings) == [{"follow_up.max", "entry.start", "accepted.value"}]


def test_dates_of_other_patients_bound_nothing(tmp_path: Path) -> None:
    of_one = [
        row("entry.start", "2020", population="one"),
        row("cutoff.value", "2021", population="one"),
    ]
    long = row("follow_up.max", "9")
    for name, expected in (("one", True), ("her", False), ("two", False), ("all", False)):
        findings = found(tmp_path / name, *of_one, long | {"population": name}, dates={})
        assert bool(conflicts(findings)) is expected


def test_the_widest_of_several_printings_bounds(tmp_path: Path) -> None:
    earlier = row("entry.start", "2016-09", claim="again")
    assert not conflicts(found(tmp_path, row("follow_up.max", "6"), earlier))


def test_a_least_time_says_when_the_last_patient_entered(tmp_path: Path) -> None:
    findings = found(tmp_path / "early", row("follow_up.min", "1.5"), row("follow_up.max", "5"))
    (note,) = [finding for finding in findings if finding.kind == "note"]
    assert set(note.claims) == {"follow_up.min", "entry.end", "cutoff.value"}
    assert not note.bearings
    # 1.45 years of 365 days are 530 days, the day of entry among them.
    assert (date(2022, 10, 31) - timedelta(days=529)).isoformat() in note.statement
    late = found(tmp_path / "late", row("follow_up.min", "0.5"))
    assert [finding.kind for finding in late] == ["support"]


@pytest.mark.parametrize(
    ("printed", "unit", "fits"),
    [
        ("30", "days", True),
        ("29", "days", True),  # full days: 29.9
        ("28", "days", False),
        ("1", "months", True),
        ("0", "months", True),  # not a full month of 31 days
        ("0.5", "months", False),
    ],
)
def test_the_time_between_two_dates_of_one_patient_has_a_least_value(
    tmp_path: Path, printed: str, unit: str, fits: bool
) -> None:
    rows = [
        row("entry.value", "2020-03-01", population="her"),
        row("cutoff.value", "2020-03-31", population="her"),
        row("follow_up.value", printed, unit=unit, population="her"),
    ]
    findings = found(tmp_path, *rows, dates={})
    assert bool(conflicts(findings)) is not fits
    everybody = [one | {"population": "all"} for one in rows]
    everybody[2]["stat_name"] = "min"  # somebody's clock may have stopped earlier
    assert not conflicts(found(tmp_path / "all", *everybody, dates={}))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_true_is_at_odds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    entries = sorted(
        date(2015, 1, 1) + timedelta(days=data.draw(st.integers(0, 1500))) for _ in range(4)
    )
    cutoff = entries[-1] + timedelta(days=data.draw(st.integers(0, 900)))
    stops = [
        entry + timedelta(days=data.draw(st.integers(0, (cutoff - entry).days)))
        for entry in entries
    ]
    unit, per = data.draw(
        st.sampled_from(
            [("days", "1"), ("weeks", "7"), ("months", "30.44"), ("months", "28"), ("years", "365")]
        )
    )
    times = [
        Fraction((stop - entry).days) / Fraction(per)
        for entry, stop in zip(entries, stops, strict=True)
    ]
    decimals = data.draw(st.integers(0, 2))

    def shown(value: date) -> str:
        return value.isoformat()[: data.draw(st.sampled_from([4, 7, 10]))]

    dates = {
        "entry.start": shown(entries[0]),
        "entry.end": shown(entries[-1]),
        "cutoff.value": shown(cutoff),
    }
    rows = [
        row(f"follow_up.{name}", f"{float(value):.{decimals}f}", unit=unit)
        for name, value in (
            ("min", min(times)),
            ("max", max(times)),
            ("mean", sum(times) / len(times)),
        )
    ]
    findings = found(tmp_path_factory.mktemp("true"), *rows, dates=dates)
    assert not conflicts(findings)
    assert not conditional(findings)
    for note in (finding for finding in findings if finding.kind == "note"):
        assert not note.bearings
