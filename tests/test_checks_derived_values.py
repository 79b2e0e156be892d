"""Derived values recomputed from the summaries that they come from."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_rows import study_of, true_rows, value, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.derived_values import check_derived_values
from netcore.printed import parse_printed, print_value
from netcore.stats.interval_arithmetic import interval_ratio

OPERANDS = [value("all", "after", "median", "300"), value("all", "before", "median", "101")]


def check(folder: Path, *rows: dict[str, str], **parts: Any) -> tuple[Finding, ...]:
    return check_derived_values(study_of(folder, rows, **parts), Conventions())


def gain(printed: str, **keys: str) -> dict[str, str]:
    return value("all", "gain", "ratio", printed, claim="gain") | keys


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("2.97", "reproduced"),
        ("3", "reproduced"),
        ("3.0", "reproduced"),
        ("2.98", "possible"),  # from medians that were not rounded yet
        ("2.5-3", "possible"),  # a vague value is not recomputed
        ("2.5", "inconsistent"),
        ("3.01", "inconsistent"),
        (">3", "inconsistent"),
        (">2", "possible"),
    ],
)
def test_a_ratio_of_medians(tmp_path: Path, printed: str, verdict: str) -> None:
    findings = check(tmp_path, *OPERANDS, gain(printed))
    assert verdicts(findings)["gain"] == verdict
    (finding,) = findings
    assert set(finding.claims) == {"gain", "results.all.after.median", "results.all.before.median"}
    if verdict == "inconsistent":
        # Any one of the three could be another number.
        assert set(verdicts(findings).values()) == {"inconsistent"}
        assert len(finding.bearings) == 3
    else:
        assert len(finding.bearings) == 1
        assert finding.kind == "support"


def test_what_it_recomputes_to_is_said(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, *OPERANDS, gain("2.5"))
    bearing = finding.bearings["gain"]
    assert bearing.recomputed == "3.0"
    assert "300 cm / 101 cm = 2.97" not in finding.statement  # the rows print no unit
    assert "300 / 101 = 2.97" in finding.statement
    assert [repair.change for repair in finding.repairs] == ["3.0 instead of 2.5"]
    assert finding.repairs[0].replacements == (("gain", "3.0"),)


@given(top=st.integers(1, 400), bottom=st.integers(1, 400), hundredths=st.integers(0, 900))
def test_the_verdict_is_that_of_all_corners(
    tmp_path_factory: pytest.TempPathFactory, top: int, bottom: int, hundredths: int
) -> None:
    # The definition once more, without intervals: some operands give a number that prints so.
    printed = print_value(Fraction(hundredths, 100), 2)
    half = Fraction(1, 2)
    corners = [(top + i * half) / (bottom + j * half) for i in (-1, 1) for j in (-1, 1)]
    low, high = Fraction(hundredths, 100) - half / 100, Fraction(hundredths, 100) + half / 100
    possible = min(corners) <= high and low <= max(corners)
    rows = [
        value("all", "after", "median", str(top)),
        value("all", "before", "median", str(bottom)),
        gain(printed),
    ]
    findings = check(tmp_path_factory.mktemp("corners"), *rows)
    assert (verdicts(findings)["gain"] == "inconsistent") is not possible


@given(
    st.fractions("0.6", 900, max_denominator=1000),
    st.fractions("0.6", 900, max_denominator=1000),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.sampled_from(["nearest", "half_up", "half_even", "truncate", "ceiling"]),
)
def test_a_true_ratio_is_in_the_window_of_its_printed_operands(
    top: Fraction, bottom: Fraction, digits: tuple[int, int, int], rounding: str
) -> None:
    windows = [
        parse_printed(print_value(number, places, rounding)).window(rounding)
        for number, places in zip((top, bottom, top / bottom), digits, strict=True)
    ]
    ratio = interval_ratio(windows[0], windows[1])
    assert ratio is None or ratio.meets(windows[2])


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("-2.5", "reproduced"),
        ("2.5", "conditional"),
        ("-2.4", "possible"),
        ("-3", "reproduced"),
        ("-4", "inconsistent"),
    ],
)
def test_a_difference_of_means(tmp_path: Path, printed: str, verdict: str) -> None:
    rows = [value("all", "after", "mean", "3.1"), value("all", "before", "mean", "5.6")]
    row = value("all", "gap", "difference", printed, claim="gap")
    findings = check(tmp_path, *rows, row)
    assert verdicts(findings)["gap"] == verdict


def test_a_difference_that_no_sign_mends_is_a_conflict(tmp_path: Path) -> None:
    rows = [value("all", "after", "mean", "3.1"), value("all", "before", "mean", "5.6")]
    findings = check(tmp_path, *rows, value("all", "gap", "difference", "2.1", claim="gap"))
    assert verdicts(findings)["gap"] == "inconsistent"


def test_a_difference_without_its_sign_names_that(tmp_path: Path) -> None:
    rows = [value("all", "after", "mean", "3.1"), value("all", "before", "mean", "5.6")]
    (finding,) = check(tmp_path, *rows, value("all", "gap", "difference", "2.5"))
    assert finding.assumptions == ("the difference is printed without its sign",)
    (bearing,) = finding.bearings.values()
    assert bearing.recomputed is None
    assert bearing.attainable is not None
    assert Fraction(5, 2) in bearing.attainable[0]


def test_one_printing_that_fits_is_enough_and_is_named(tmp_path: Path) -> None:
    rows = [*OPERANDS, value("all", "after", "median", "250", location="abstract")]
    (finding,) = check(tmp_path / "one", *rows, gain("2.5"))
    assert finding.bearings["gain"].verdict == "conditional"
    assert "250 in Abstract" in finding.assumptions[0]
    assert "Of 2 combinations of printings, 1 fit" in finding.statement
    (finding,) = check(tmp_path / "none", *rows, gain("2.7"))
    assert finding.bearings["gain"].verdict == "inconsistent"
    assert len(finding.claims) == 4
    assert finding.bearings["gain"].attainable is not None
    assert len(finding.bearings["gain"].attainable) == 2


def test_rows_that_print_it_alike_are_one_finding(tmp_path: Path) -> None:
    (finding,) = check(
        tmp_path, *OPERANDS, gain("2.97"), gain("2.97", location="abstract", claim="again")
    )
    assert list(finding.bearings) == ["gain", "again"]


@pytest.mark.parametrize(
    "rows",
    [
        [OPERANDS[0], gain("9")],
        [OPERANDS[0], value("a", "before", "median", "101"), gain("9")],
        [OPERANDS[0], value("all", "before", "mean", "101"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "101", at="8 weeks"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "101", unit="mm"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "101", location="review"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "101", cites="smith2019"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "~101"), gain("9")],
        [OPERANDS[0], value("all", "before", "median|mean", "101"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "0.4"), gain("9")],
        [OPERANDS[0], value("all", "before", "median", "0"), gain("9")],
        [*OPERANDS, gain("9", location="review")],
        [*OPERANDS, gain("9", cites="smith2019")],
        [*OPERANDS, gain("9", unit="%")],
        [*OPERANDS, gain("~9")],
        [*OPERANDS, gain("9", population="all|a")],
        [*OPERANDS, gain("9", stat_name="p75")],
    ],
)
def test_what_does_not_bear_on_it_convicts_nobody(
    tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    found = verdicts(check(tmp_path, *rows))
    if rows[1]["printed"] == "0.4":  # 300 / 0.4 is 750, not 9
        assert found["gain"] == "inconsistent"
    else:
        assert set(found.values()) <= {"possible"}


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("8.7", "reproduced"), ("8.8", "possible"), ("9.0", "conditional")],
)
def test_means_of_sums_add_only_if_the_same_patients_were_measured(
    tmp_path: Path, printed: str, verdict: str
) -> None:
    rows = [value("all", "after", "mean", "3.1"), value("all", "before", "mean", "5.6")]
    findings = check(tmp_path, *rows, value("all", "total", "mean", printed, claim="total"))
    assert verdicts(findings)["total"] == verdict
    assert not [finding for finding in findings if finding.kind == "conflict"]


def test_medians_of_sums_do_not_add(tmp_path: Path) -> None:
    rows = [value("all", "after", "median", "3.1"), value("all", "before", "median", "5.6")]
    assert not check(tmp_path, *rows, value("all", "total", "median", "99"))


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_nothing_true_is_condemned(tmp_path: Path, first: int) -> None:
    bound = 0
    for seed in range(first, first + 20):
        findings = check(tmp_path / str(seed), *true_rows(seed))
        alarms = [finding for finding in findings if finding.kind == "conflict"]
        assert not alarms, (seed, alarms[0].statement)
        bound += len(findings)
    assert bound > 100


def test_planted_misprints_are_seen(tmp_path: Path) -> None:
    seen = 0
    for seed in range(20):
        rows = true_rows(seed)
        row = next((row for row in rows if row.get("variable") == "gain"), None)
        if row is None:
            continue
        row["printed"] = str(Fraction(7) + abs(int(float(row["printed"]))))
        findings = check(tmp_path / str(seed), *rows)
        seen += any(finding.kind == "conflict" for finding in findings)
    assert seen >= 10
