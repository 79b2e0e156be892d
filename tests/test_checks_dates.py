from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.dates import check_dates

PARTS: dict[str, Any] = {
    "paper": {"published": "2022"},
    "locations": {
        "results": {"title": "Results"},
        "history": {"title": "History"},
        "review": {"title": "A review", "seen": "secondary"},
    },
    "populations": {
        "all": {"units": "patients"},
        "one": {"of": "all", "where": {"group": "1"}},
        "two": {"of": "all", "where": {"group": "2"}},
        "her": {"of": "all", "size": 1},
        "study": {"units": "studies"},
        "protocol": {"units": "rules"},
    },
    "variables": {
        "group": {"type": "categorical", "levels": ["1", "2"]},
        "recruitment": {"type": "date"},
        "treatment": {"type": "date", "after": ["recruitment"]},
        "cutoff": {"type": "date", "after": ["treatment"]},
        "accepted": {"type": "date", "after": ["cutoff"]},
        "approval": {"type": "date"},
    },
}
Row = dict[str, str]


def row(variable: str, name: str, printed: str, **keys: str) -> Row:
    usual = {"claim": f"{variable}.{name}", "unit": "date"}
    return usual | {"variable": variable, "stat_name": name, "printed": printed} | keys


def found(folder: Path, *rows: Row) -> list[Finding]:
    return list(check_dates(make_study(folder / "paper1", claims=rows, **PARTS), Conventions()))


def conflicts(findings: list[Finding]) -> list[set[str]]:
    return [set(finding.claims) for finding in findings if finding.kind == "conflict"]


@pytest.mark.parametrize(
    ("start", "end", "possible"),
    [
        ("2021", "2020", False),
        ("2021-03", "2021-02-28", False),
        ("2021-03-02", "2021-03-01", False),
        ("2021-03-02", "2021-03", True),
        ("2021-12-31", "2021", True),
        ("2021", "2021-01-01", True),
    ],
)
def test_a_start_is_not_after_its_end(tmp_path: Path, start: str, end: str, possible: bool) -> None:
    rows = row("recruitment", "start", start), row("recruitment", "end", end)
    findings = found(tmp_path, *rows)
    expected = Verdict.POSSIBLE if possible else Verdict.INCONSISTENT
    (finding,) = findings
    assert {bearing.verdict for bearing in finding.bearings.values()} == {expected}
    assert bool(conflicts(findings)) is not possible


def test_a_date_is_not_before_those_that_it_comes_after(tmp_path: Path) -> None:
    cutoff = row("cutoff", "value", "2021-06")
    assert conflicts(found(tmp_path / "end", cutoff, row("treatment", "end", "2021-07")))
    assert conflicts(found(tmp_path / "chain", cutoff, row("recruitment", "end", "2021-07")))
    assert not conflicts(found(tmp_path / "same", cutoff, row("treatment", "end", "2021-06-30")))
    assert not found(tmp_path / "unrelated", cutoff, row("approval", "value", "2022"))


def test_one_chain_of_dates_is_one_finding(tmp_path: Path) -> None:
    findings = found(
        tmp_path,
        row("recruitment", "end", "2021-07"),
        row("treatment", "end", "2021-08"),
        row("cutoff", "value", "2021-06"),
        row("accepted", "value", "2021-05", population="study"),
    )
    # Nothing further apart than the two neighbouring steps that go back.
    assert conflicts(findings) == [
        {"treatment.end", "cutoff.value"},
        {"cutoff.value", "accepted.value"},
    ]


def test_windows_of_two_dates_may_overlap(tmp_path: Path) -> None:
    windows = (
        row("recruitment", "start", "2018"),
        row("recruitment", "end", "2021"),
        row("treatment", "start", "2019"),
    )
    assert not conflicts(found(tmp_path / "overlap", *windows))
    late = row("treatment", "end", "2020")  # the last recruited was treated after 2020
    assert conflicts(found(tmp_path / "end", *windows, late)) == [
        {"recruitment.end", "treatment.end"}
    ]
    early = row("treatment", "start", "2017")
    assert conflicts(found(tmp_path / "start", *windows[:2], early)) == [
        {"recruitment.start", "treatment.start"}
    ]


def test_windows_of_other_patients_bound_only_one_way(tmp_path: Path) -> None:
    whole = row("recruitment", "start", "2018"), row("recruitment", "end", "2021")
    # The last of a part may be treated before the last of all is recruited, but not before the first.
    assert not conflicts(
        found(tmp_path / "part", *whole, row("treatment", "end", "2020", population="one"))
    )
    assert conflicts(
        found(tmp_path / "first", *whole, row("treatment", "start", "2017", population="one"))
    )
    part = row("recruitment", "end", "2021", population="one")
    assert conflicts(found(tmp_path / "whole", part, row("treatment", "end", "2020")))
    other = row("treatment", "start", "2017", population="two")
    assert not conflicts(found(tmp_path / "other", part, other))
    her = row("treatment", "value", "2019", population="her")
    assert not conflicts(found(tmp_path / "her", *whole, her))


@pytest.mark.parametrize(
    "change",
    [
        {"cites": "lee2019"},
        {"location": "review"},
        {"population": "protocol"},
        {"population": "one|two"},
        {"at": "2 months"},
    ],
)
def test_only_dates_of_one_kind_are_compared(tmp_path: Path, change: Row) -> None:
    start, end = row("recruitment", "start", "2021"), row("recruitment", "end", "2020")
    assert conflicts(found(tmp_path / "same", start, end))
    assert not conflicts(found(tmp_path / "other", start, end | change))


def test_printings_that_differ_are_settled_first(tmp_path: Path) -> None:
    rows = [
        row("treatment", "end", "2021-06", population="all"),
        row("cutoff", "value", "2021-05", location="history"),
        row("cutoff", "value", "2021-07", claim="again", location="results"),
    ]
    assert not conflicts(found(tmp_path / "apart", *rows))
    together = [rows[0] | {"location": "history"}, *rows[1:]]
    assert conflicts(found(tmp_path / "together", *together)) == [{"treatment.end", "cutoff.value"}]
    assert conflicts(found(tmp_path / "alone", *rows[:2]))


def test_the_same_in_two_places_is_one_finding(tmp_path: Path) -> None:
    rows = [
        row(name, stat, printed, location=place, claim=f"{place}.{name}")
        for place in ("results", "history")
        for name, stat, printed in (("treatment", "end", "2021"), ("cutoff", "value", "2020"))
    ]
    assert conflicts(found(tmp_path, *rows)) == [{one["claim"] for one in rows}]


def test_a_date_after_that_of_the_paper_is_conditional(tmp_path: Path) -> None:
    late = found(tmp_path / "late", row("cutoff", "value", "2023-01"))
    assert not conflicts(late)
    assert [finding.bearings["cutoff.value"].verdict for finding in late] == [Verdict.CONDITIONAL]
    assert not found(tmp_path / "same", row("cutoff", "value", "2022-12-31"))
    of_study = row("accepted", "value", "2023-01", population="study")
    assert not found(tmp_path / "study", of_study)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_true_is_at_odds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    day = date(2015, 1, 1)
    groups = {"one": range(4), "two": range(4, 7), "all": range(8), "her": range(7, 8)}
    courses = []
    for _ in range(8):
        steps = data.draw(st.lists(st.integers(0, 400), min_size=2, max_size=2))
        recruited = day + timedelta(days=data.draw(st.integers(0, 900)))
        courses.append((recruited, recruited + timedelta(days=steps[0])))
    cutoff = max(treated for _, treated in courses) + timedelta(days=data.draw(st.integers(0, 99)))

    def shown(value: date) -> str:
        return value.isoformat()[: data.draw(st.sampled_from([4, 7, 10]))]

    rows = [row("cutoff", "value", shown(cutoff))]
    rows.append(row("accepted", "value", shown(cutoff), population="study"))
    for name, members in groups.items():
        for index, variable in enumerate(("recruitment", "treatment")):
            dates = [courses[member][index] for member in members]
            for stat, value in (("start", min(dates)), ("end", max(dates))):
                rows.append(
                    row(
                        variable,
                        stat,
                        shown(value),
                        population=name,
                        claim=f"{name}{variable}{stat}",
                    )
                )
    findings = found(tmp_path_factory.mktemp("true"), *rows)
    assert not conflicts(findings)
    assert [finding.kind for finding in findings] == ["support"]
    assert {bearing.verdict for bearing in findings[0].bearings.values()} == {Verdict.POSSIBLE}
