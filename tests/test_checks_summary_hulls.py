"""Means, medians and extremes of a whole against those of its parts."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement, product
from pathlib import Path
from statistics import median, median_high, median_low
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_rows import POPULATIONS, VARIABLES, median_of_type_4, study_of, value, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.summary_hulls import OTHER_MEDIANS, check_summary_hulls
from netcore.checks.summary_values import SummaryValues


def check(folder: Path, *rows: dict[str, str], **parts: Any) -> tuple[Finding, ...]:
    study = study_of(folder, rows, **parts)
    conventions = Conventions()
    values = SummaryValues(study, conventions)
    return check_summary_hulls(study, conventions, values, analyse_counts(study))


def three(
    statistic: str, whole: str, a: str, b: str, variable: str = "before", **keys: str
) -> list[dict[str, str]]:
    return [
        value("all", variable, statistic, whole, claim="whole") | keys,
        value("a", variable, statistic, a),
        value("b", variable, statistic, b),
    ]


def size(group: str, number: int, variable: str = "") -> dict[str, str]:
    return value(group, variable, "N", str(number))


@pytest.mark.parametrize(
    ("statistic", "whole", "a", "b", "verdict"),
    [
        ("mean", "5.0", "4.9", "5.2", "possible"),
        ("mean", "5.3", "4.9", "5.2", "possible"),  # 5.25 prints as either
        ("mean", "5.4", "4.9", "5.2", "inconsistent"),
        ("mean", "4.7", "4.9", "5.2", "inconsistent"),
        ("median", "5.4", "4.9", "5.2", "conditional"),
        ("median", "5", "4.9", "5.2", "possible"),
        ("min", "4.9", "4.9", "5.2", "reproduced"),
        ("min", "5", "4.9", "5.2", "reproduced"),
        ("min", "5.2", "4.9", "5.2", "inconsistent"),
        ("min", "4.8", "4.9", "5.2", "inconsistent"),
        ("max", "5.2", "4.9", "5.2", "reproduced"),
        ("max", "5.1", "4.9", "5.2", "inconsistent"),
        ("max", "5.3", "4.9", "5.2", "inconsistent"),
        ("max", "5.25", "4.9", "5.2", "possible"),
        ("min", "4.8", "4.90", "5.2", "inconsistent"),
        ("min", "4.8", "4.85", "5.2", "possible"),
        ("range", "5.2", "4.9", "5.2", "possible"),
        ("range", "9", "4.9", "5.2", "possible"),
        ("range", "5.0", "4.9", "5.2", "inconsistent"),
        ("mean", "<4", "4.9", "5.2", "inconsistent"),
        ("mean", "~4", "4.9", "5.2", None),
    ],
)
def test_a_whole_and_its_parts(
    tmp_path: Path, statistic: str, whole: str, a: str, b: str, verdict: str | None
) -> None:
    findings = check(tmp_path, *three(statistic, whole, a, b))
    assert verdicts(findings).get("whole") == verdict


def test_true_medians_by_an_unusual_definition_do_not_conflict(tmp_path: Path) -> None:
    one, other = [1, 4, 6], [2, 4, 7]
    assert [median_of_type_4(values) for values in (one, other, one + other)] == [2.5, 3, 4]
    (finding,) = check(tmp_path, *three("median", "4.0", "2.5", "3.0"))
    assert finding.kind == "support"
    assert finding.bearings["whole"].verdict == "conditional"
    assert finding.assumptions == (OTHER_MEDIANS,)


def test_a_median_is_conditional_on_all_that_could_move_it(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, *three("median", "9", "4", "5", location="abstract"))
    assert finding.assumptions[0].startswith(f"{OTHER_MEDIANS}, or other patients were analysed")


def test_an_estimate_between_others_is_not_settled_by_that(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, *three("median", "4.5", "4", "5", "ttp"))
    assert finding.kind == "support"
    assert finding.bearings["whole"].verdict is None
    assert finding.bearings["whole"].attainable is None
    assert "would lie within 3.50 to 5.50" in finding.statement


def test_a_corrected_extreme_is_offered_as_its_place_prints_it(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, *three("min", "5.2", "4.9", "5.3"))
    assert finding.repairs[0].change == "4.9 instead of 5.2"
    assert finding.repairs[0].replacements == (("whole", "4.9"),)


def test_who_could_change_depends_on_the_statistic(tmp_path: Path) -> None:
    def bound(name: str, *rows: dict[str, str]) -> set[str]:
        (finding,) = check(tmp_path / name, *rows)
        assert finding.kind == "conflict"
        return set(finding.bearings)

    parts = {f"results.{group}.before" for group in "ab"}
    assert bound("mean", *three("mean", "9", "4", "5")) == {"whole", *(f"{p}.mean" for p in parts)}
    # Only arm A has a value below the least of all.
    assert bound("one", *three("min", "5", "3", "7")) == {"whole", "results.a.before.min"}
    assert bound("touching", *three("min", "4", "3", "7")) == {"whole", "results.a.before.min"}
    # Both have: no change of one alone would do.
    assert bound("both", *three("min", "9", "3", "7")) == {"whole"}
    # Either could hold the value of 1.
    assert bound("below", *three("min", "1", "3", "7")) == {"whole", *(f"{p}.min" for p in parts)}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (three("median", "9", "4", "5", "ttp"), "conditional"),
        (three("mean", "9", "4", "5", "ttp"), "conditional"),
        (three("mean", "9", "4", "5", location="abstract"), "conditional"),
        (three("max", "9", "4", "5", location="abstract"), "conditional"),
        (three("mean", "9", "4", "5", location="review"), None),
        (three("mean", "9", "4", "5", cites="smith2019"), None),
        (three("mean", "9", "4", "5", at="8 weeks"), None),
        (three("mean|median", "9", "4", "5"), None),
        (three("p25", "9", "4", "5"), None),
        (three("median", "9", "4", "5", "gain"), None),  # a ratio of medians
    ],
)
def test_what_the_parts_do_not_prove(
    tmp_path: Path, rows: list[dict[str, str]], verdict: str | None
) -> None:
    rows = [
        row | ({"stat_name": "mean"} if "|" in rows[0]["stat_name"] and "claim" not in row else {})
        for row in rows
    ]
    findings = check(tmp_path, *rows)
    assert verdicts(findings).get("whole") == verdict
    assert all(finding.kind == "support" for finding in findings)


def test_parts_of_an_incomplete_variable_prove_nothing(tmp_path: Path) -> None:
    variables = VARIABLES | {"arm": {"type": "categorical", "levels": ["a", "b"]}}
    assert not check(tmp_path, *three("mean", "9", "4", "5"), variables=variables)


def test_a_described_patient_is_no_whole(tmp_path: Path) -> None:
    populations = POPULATIONS | {"case": {"of": "all", "size": 1}}
    rows = three("mean", "9", "4", "5", population="case")
    assert not check(tmp_path, *rows, populations=populations)


@pytest.mark.parametrize(
    ("whole", "verdict"),
    [("5.25", "reproduced"), ("5.26", "possible"), ("5.5", "conditional"), ("7", "inconsistent")],
)
def test_a_mean_weighted_by_the_sizes_of_the_groups(
    tmp_path: Path, whole: str, verdict: str
) -> None:
    # (4.0 x 15 + 6.0 x 25) / 40 = 5.25, within 5.2 and 5.3
    rows = [*three("mean", whole, "4.0", "6.0"), size("a", 15), size("b", 25)]
    findings = check(tmp_path, *rows)
    assert verdicts(findings)["whole"] == verdict
    if verdict == "conditional":
        assert findings[0].assumptions == ("not all of each group were analysed",)


def test_a_mean_weighted_by_the_numbers_analysed_convicts(tmp_path: Path) -> None:
    rows = [*three("mean", "5.5", "4.0", "6.0"), size("a", 15, "before"), size("b", 25, "before")]
    (finding,) = check(tmp_path / "sure", *rows)
    assert finding.kind == "conflict"
    assert len(finding.bearings) == 5
    # Unless the whole was analysed in another number.
    (finding,) = check(tmp_path / "other", *rows, size("all", 38, "before"))
    assert finding.bearings["whole"].verdict != "inconsistent"


def test_a_pooled_median_lies_in_the_hull_under_each_definition() -> None:
    samples = [s for n in range(1, 5) for s in combinations_with_replacement(range(4), n)]
    for define in (median, median_low, median_high):
        for one, other in product(samples, samples):
            ends = define(one), define(other)
            assert min(ends) <= define((*one, *other)) <= max(ends)


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=9),
    st.lists(st.integers(0, 20), min_size=1, max_size=9),
    st.lists(st.integers(0, 20), min_size=1, max_size=9),
)
def test_a_pooled_median_of_three_lies_in_the_hull(
    one: list[int], two: list[int], three: list[int]
) -> None:
    for define in (median, median_low, median_high):
        ends = [define(one), define(two), define(three)]
        assert min(ends) <= define([*one, *two, *three]) <= max(ends)


def test_a_pooled_median_of_mixed_definitions_need_not_lie_in_the_hull() -> None:
    # Why one definition throughout is part of the statement.
    assert not 5 <= median_low([0, 10, 0, 10]) <= 5


def test_both_ways_to_divide_bound_the_whole(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "f": {"of": "all", "where": {"sex": "f"}},
        "m": {"of": "all", "where": {"sex": "m"}},
    }
    rows = [
        *three("mean", "5", "4", "9"),
        value("f", "before", "mean", "3"),
        value("m", "before", "mean", "6"),
    ]
    (finding,) = check(tmp_path, *rows, populations=populations)
    assert finding.bearings["whole"].attainable is not None
    (reach,) = finding.bearings["whole"].attainable
    assert (reach.low, reach.high) == (Fraction(7, 2), Fraction(13, 2))
