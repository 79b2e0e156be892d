"""Means and deviations of a group against those of all its parts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import fmean, pstdev, stdev

import pytest
from summary_rows import study_of, value, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.moments import check_partitions

GROUPS = ("all", "a", "b")
# 12 with 50 ± 8 and 14 with 60 ± 10 are 26 with 55.38 ± 10.29.
TABLE = {
    "all": ("26", "55.4", "10.3"),
    "a": ("12", "50.0", "8.0"),
    "b": ("14", "60.0", "10.0"),
}
CHANGED = dict[str, tuple[str, str, str]]


def rows_of(
    table: CHANGED, *, variable: str = "before", spread: str = "sd", place: str = "results"
) -> list[dict[str, str]]:
    rows = []
    for group, (number, mean, sd) in table.items():
        if number:
            rows.append({"population": group, "stat_name": "N", "printed": number})
        rows.append(value(group, variable, "mean", mean, claim=f"{group}.mean", location=place))
        rows.append(value(group, variable, spread, sd, claim=f"{group}.sd", location=place))
    return rows


def check(folder: Path, rows: list[dict[str, str]]) -> tuple[Finding, ...]:
    return check_partitions(study_of(folder, rows), Conventions())


def test_a_spread_that_follows_from_the_parts_is_reproduced(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, rows_of(TABLE))
    assert verdicts([finding]) == {"all.sd": "reproduced"}
    attainable = finding.bearings["all.sd"].attainable
    assert attainable is not None
    assert Fraction("10.3") in attainable[0]
    assert Fraction("10.5") not in attainable[0]
    assert finding.witness is not None
    assert finding.witness["numbers"] == [[12, 14]]


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"all": ("26", "55.4", "10.2")}, "support", "From these the standard deviation"),
        ({"all": ("26", "55.4", "10.1")}, "support", "has the divisor n"),
        ({"all": ("26", "55.4", "16.2")}, "note", "No numbers of values"),
        ({"all": ("26", "55.4", "7.0")}, "note", "No numbers of values"),
        ({"all": ("26", "54.5", "10.3")}, "support", "only"),
        # Fewer of the second group: the mean is nearer to that of the first.
        ({"all": ("26", "53.3", "10.2"), "b": ("14", "60.0", "11.0")}, "support", "12 + 6 of"),
    ],
)
def test_what_the_parts_say_of_the_whole(
    tmp_path: Path, changed: CHANGED, kind: str, words: str
) -> None:
    (finding,) = check(tmp_path, rows_of(TABLE | changed))
    assert finding.kind == kind
    assert words in finding.statement
    if kind == "note":
        assert set(verdicts([finding]).values()) == {"conditional"}
        assert "stand-alone checker" in " ".join(finding.assumptions)


def test_numbers_of_the_parts_that_are_not_printed_are_found(tmp_path: Path) -> None:
    table = TABLE | {"a": ("", "50.0", "8.0"), "b": ("", "60.0", "10.0")}
    (finding,) = check(tmp_path, rows_of(table))
    assert finding.witness is not None
    assert [12, 14] in finding.witness["numbers"]  # type: ignore[operator]


@pytest.mark.parametrize(("variable", "place"), [("ttp", "results"), ("before", "review")])
def test_times_and_other_documents_convict_nobody(
    tmp_path: Path, variable: str, place: str
) -> None:
    table = TABLE | {"all": ("26", "55.4", "16.2")}
    findings = check(tmp_path, rows_of(table, variable=variable, place=place))
    assert all("censored" in finding.statement for finding in findings)
    assert bool(findings) == (variable == "ttp")


def test_means_outside_those_of_the_parts_are_left_to_another_check(tmp_path: Path) -> None:
    assert not check(tmp_path, rows_of(TABLE | {"all": ("26", "64.0", "10.3")}))


def test_standard_errors_bound_no_spread(tmp_path: Path) -> None:
    table = {"all": ("26", "55.4", "2.0"), "a": ("12", "50.0", "2.3"), "b": ("14", "60.0", "2.7")}
    findings = check(tmp_path, rows_of(table, spread="std.error"))
    assert {finding.kind for finding in findings} == {"support"}


def test_places_that_leave_the_spread_open_are_read_alike(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, rows_of(TABLE, spread="sd|std.error"))
    assert finding.kind == "support"


def test_a_negative_spread_is_left_alone(tmp_path: Path) -> None:
    assert not check(tmp_path, rows_of(TABLE | {"all": ("26", "55.4", "-3.0")}))


def test_true_tables_are_never_in_conflict_and_misprints_are_seen(tmp_path: Path) -> None:
    random = Random(11)
    seen = 0
    trials = 60
    for trial in range(trials):
        sizes = random.randint(3, 14), random.randint(3, 14)
        groups = [
            [random.gauss(mean, 10) for _ in range(size)]
            for size, mean in zip(sizes, (50, random.choice((50, 65))), strict=True)
        ]
        missing = random.choice((0, 0, 1))
        places = random.randint(0, 2)
        of = random.choice((stdev, stdev, pstdev))
        cut = random.random() < 0.2
        values = {"all": groups[0] + groups[1], "a": groups[0], "b": groups[1]}

        def show(number: float) -> str:
            return f"{number - cut * 0.5 / 10**places:.{places}f}"  # noqa: B023

        table = {
            name: (
                str(len(of_group) + missing * (1 + (name == "all"))),
                show(fmean(of_group)),
                show(of(of_group)),
            )
            for name, of_group in values.items()
        }
        findings = check(tmp_path / str(trial), rows_of(table))
        assert all(finding.kind == "support" for finding in findings), table
        if not missing and of is stdev and not cut:
            assert all(not finding.assumptions for finding in findings)
        name = random.choice(GROUPS)
        number, mean, sd = table[name]
        wrong = f"{float(sd) * random.choice((0.6, 1.6)):.{places}f}"
        findings = check(
            tmp_path / f"{trial}.wrong", rows_of(table | {name: (number, mean, wrong)})
        )
        seen += any(finding.assumptions for finding in findings)
    assert seen >= trials // 2


def test_a_part_of_nobody_is_not_asked_about(tmp_path: Path) -> None:
    assert not check(tmp_path, rows_of(TABLE | {"a": ("0", "55.4", "8.0")}))
