"""Derived values of a whole whose operands are printed for its parts only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from summary_rows import POPULATIONS, VARIABLES, study_of, value, verdicts

from netcore.checks import Conventions, Finding
from netcore.checks.derived_values import check_derived_values


def check(folder: Path, *rows: dict[str, str], **parts: Any) -> list[Finding]:
    found = check_derived_values(study_of(folder, rows, **parts), Conventions())
    return [finding for finding in found if "gain" in finding.claims]


def arms(
    variable: str, a: str, b: str, statistic: str = "median", **keys: str
) -> list[dict[str, str]]:
    return [value("a", variable, statistic, a, **keys), value("b", variable, statistic, b, **keys)]


def gain(printed: str, name: str = "gain", **keys: str) -> dict[str, str]:
    return value("all", name, "ratio", printed, claim="gain") | keys


def of_means(rows: list[dict[str, str]], printed: str) -> list[dict[str, str]]:
    """Return the same study, printed of means."""
    return [
        *(row | {"stat_name": "mean"} for row in rows),
        gain(printed, "mean_gain"),
    ]


# 300 / 101 = 2.97 in arm A and 304 / 145 = 2.10 in arm B; together 2.06 to 3.03.
ARMS = [*arms("after", "300", "304"), *arms("before", "101", "145")]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("2.5-3", "conditional"),
        ("2.1", "conditional"),
        ("2-3", "possible"),
        ("3.03", "conditional"),
        ("3.04", "inconsistent"),
        ("2.05", "inconsistent"),
    ],
)
def test_a_ratio_of_a_whole_lies_in_the_ratio_of_hulls(
    tmp_path: Path, printed: str, verdict: str
) -> None:
    (finding,) = check(tmp_path, *of_means(ARMS, printed))
    assert verdicts([finding])["gain"] == verdict
    assert set(finding.claims) == {
        "gain",
        *(f"results.{g}.{v}.mean" for g in "ab" for v in ("after", "before")),
    }
    if verdict == "inconsistent":
        assert len(finding.bearings) == 5


def test_of_medians_it_lies_there_by_the_usual_definitions(tmp_path: Path) -> None:
    (finding,) = check(tmp_path / "within", *ARMS, gain("2-3"))
    assert verdicts([finding]) == {"gain": "possible"}
    assert "would lie within 2.1 to 3.0." in finding.statement
    for printed in ("3.04", "2.05"):
        (finding,) = check(tmp_path / printed, *ARMS, gain(printed))
        assert finding.kind == "support"
        assert verdicts([finding]) == {"gain": "conditional"}
        assert "medians that are not middle values" in finding.assumptions[0]
        assert "it would be " in finding.statement


def test_which_group_reaches_it_is_said(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, *ARMS, gain("2.5-3"))
    assert "arm A 300 / 101 = 2.97 and arm B 304 / 145 = 2.10" in finding.statement
    assert "Alone, arm A reaches it." in finding.statement
    assert finding.assumptions == ("it describes all patients together, not each group",)


@pytest.mark.parametrize("name", ["time", "places"])
def test_times_and_other_places_never_convict(tmp_path: Path, name: str) -> None:
    if name == "time":
        rows = [*arms("ttp", "300", "304"), *arms("before", "101", "145", unit="days")]
        rows.append(gain("9", "time_gain"))
    else:
        rows = of_means(ARMS, "9")
        rows[-1]["location"] = "abstract"
    (finding,) = check(tmp_path, *rows)
    assert finding.kind == "support"
    assert verdicts([finding]) == {"gain": "conditional"}
    assert "survival estimates" in finding.assumptions[0]


def test_means_of_parts_bound_a_difference_with_either_sign(tmp_path: Path) -> None:
    rows = [*arms("after", "5.0", "7.0", "mean"), *arms("before", "1.0", "2.0", "mean")]
    for printed, verdict in (
        ("4.5", "conditional"),
        ("-4.5", "conditional"),
        ("6.2", "inconsistent"),
    ):
        row = value("all", "gap", "difference", printed, claim="gain")
        assert verdicts(check(tmp_path / printed, *rows, row))["gain"] == verdict


def test_parts_that_do_not_make_up_the_whole_say_nothing(tmp_path: Path) -> None:
    variables = VARIABLES | {"arm": {"type": "categorical", "levels": ["a", "b"]}}
    assert not check(tmp_path / "incomplete", *ARMS, gain("9"), variables=variables)
    assert not check(tmp_path / "one part", *ARMS[:3], gain("9"))


def test_a_row_of_two_readings_assumes_one_and_convicts_under_none(tmp_path: Path) -> None:
    populations = POPULATIONS | {"such": {"of": "a", "where": {"sex": "f"}}}
    rows = [
        *arms("after", "300", "304"),
        value("a|such", "before", "median", "101"),
        value("b", "before", "median", "145"),
    ]
    (finding,) = check(tmp_path / "fits", *rows, gain("2.5-3"), populations=populations)
    assert finding.bearings["gain"].verdict == "conditional"
    assert finding.assumptions[1] == "101 is that of arm A"
    assert not check(tmp_path / "misses", *rows, gain("9"), populations=populations)


def test_a_printed_whole_goes_before_its_parts(tmp_path: Path) -> None:
    rows = [*arms("after", "300", "304"), value("all", "before", "median", "120")]
    # 299.5 / 120.5 = 2.485 to 304.5 / 119.5 = 2.548
    own = value("a", "before", "median", "101"), value("b", "before", "median", "145")
    for printed, verdict in (("2.54", "conditional"), ("2.60", "inconsistent")):
        found = verdicts(check(tmp_path / printed, *of_means([*rows, *own], printed)))
        assert found["gain"] == verdict


def test_parts_of_parts_make_up_a_whole(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "af": {"of": "a", "where": {"sex": "f"}},
        "am": {"of": "a", "where": {"sex": "m"}},
    }
    rows = []
    for name, numbers in (("after", (300, 320, 304)), ("before", (101, 110, 145))):
        for group, number in zip(("af", "am", "b"), numbers, strict=True):
            rows.append(value(group, name, "median", str(number)))
    for printed, verdict in (("2.9", "conditional"), ("3.3", "inconsistent")):
        found = check(tmp_path / printed, *of_means(rows, printed), populations=populations)
        assert verdicts(found)["gain"] == verdict
