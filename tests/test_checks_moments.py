"""Means and spreads against everything that is printed of the same values."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import mean as mean_of
from statistics import pstdev, stdev
from typing import Any

import numpy as np
import pytest
from study_builder import make_study
from summary_rows import verdicts

import verify_evidence
from netcore.checks import Conventions, Finding, Verdict, run_checks
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.moments import check_moments
from netcore.evidence import write_evidence
from netcore.study import Study

VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["a", "b"]},
    "age": {"type": "continuous", "unit": "years", "granularity": {"step": "1", "stated": False}},
    "marker": {"type": "continuous", "unit": "ng/ml"},
    "item": {"type": "integer", "min": "1", "max": "5"},
    "foci": {"type": "integer"},
    "os": {"type": "time", "unit": "months"},
}
POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"group": "a"}},
    "b": {"of": "all", "where": {"group": "b"}},
}


def study_of(folder: Path, *rows: dict[str, str]) -> Study:
    return make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations={
            "results": {"title": "Results"},
            "t1": {"title": "Table 1"},
            "abstract": {"title": "Abstract"},
        },
        claims=list(rows),
    )


def check(folder: Path, *rows: dict[str, str]) -> tuple[Finding, ...]:
    return check_moments(study_of(folder, *rows), Conventions())


def size(number: int | str, population: str = "all", **keys: str) -> dict[str, str]:
    return {"population": population, "stat_name": "N", "printed": str(number)} | keys


def rows(variable: str, population: str = "all", **printed: str) -> list[dict[str, str]]:
    """Make a row for each statistic; in names ``sd_or_se`` is ``sd|std.error``."""
    names = {"sd_or_se": "sd|std.error", "se": "std.error", "mean_or_rmean": "mean|rmean"}
    return [
        {
            "claim": f"{population}.{name}",
            "variable": variable,
            "population": population,
            "stat_name": names.get(name, name),
            "printed": value,
        }
        for name, value in printed.items()
    ]


def is_replayed(study: Study, folder: Path) -> bool:
    """Return whether the stand-alone checker replays the proof of the only conflict."""
    write_evidence(study, run_checks(study))
    library = {study.paper.key: verify_evidence.Paper(folder / "evidence" / study.paper.key)}
    found = verify_evidence.verify(folder / "evidence" / study.paper.key, library.__getitem__)
    return dict(found) == {"moments": 1}


def test_values_with_all_summaries_are_shown(tmp_path: Path) -> None:
    printed = rows("marker", mean="58.5", sd="12.5", min="29", max="82", median="60")
    [finding] = check(tmp_path, size(34), *printed)
    assert set(verdicts([finding]).values()) == {Verdict.POSSIBLE}
    assert finding.witness is not None
    values = [float(Fraction(value)) for value in finding.witness["values"]]  # type: ignore[attr-defined]
    assert len(values) == 34
    assert finding.witness["constructed"] is True
    assert f"{mean_of(values):.1f} {stdev(values):.1f}" == "58.5 12.5"
    assert f"{min(values):.0f} {max(values):.0f} {np.median(values):.0f}" == "29 82 60"
    attainable = finding.bearings["all.sd"].attainable
    assert attainable is not None
    assert Fraction("12.5") in attainable[0]
    assert Fraction("30") not in attainable[0]


# Which squares add up to a whole number is a matter of its factors, which no certificate shows.
WITHOUT_CERTIFICATE = ("1.155",)
CONFLICTS = [
    # SD² is at most (82 - 58.5)(58.5 - 29) n / (n - 1)
    ("marker", 34, {"mean": "58.5", "sd": "40.5", "min": "29", "max": "82"}, {"sd", "min", "max"}),
    # a mean beyond what the quartiles leave
    (
        "marker",
        40,
        {"mean": "90", "median": "50", "p75": "60", "max": "100"},
        {"mean", "p75", "max"},
    ),
    # |mean - median| is at most SD, and nearly so for other definitions
    ("marker", 40, {"mean": "20.0", "sd": "5.0", "median": "5"}, {"mean", "sd", "median"}),
    # nine answers from 1 to 5; also with the divisor n
    ("item", 9, {"N": "9", "mean": "1.33", "sd": "1.10"}, {"mean", "sd"}),
    # no answers from 1 to 5 are so far apart
    ("item", 12, {"N": "12", "sd": "4.20", "mean": "3.00"}, {"sd"}),
    # GRIMMER
    ("foci", 28, {"N": "28", "mean": "5.21", "sd": "2.557"}, {"mean", "sd"}),
    # three whole values with the total 3 would have the squares 7, which no three squares are
    ("foci", 3, {"N": "3", "mean": "1.000", "sd": "1.155"}, {"mean", "sd"}),
]


@pytest.mark.parametrize(("variable", "number", "printed", "accused"), CONFLICTS)
def test_what_no_values_have_conflicts_and_is_proved(
    tmp_path: Path, variable: str, number: int, printed: dict[str, str], accused: set[str]
) -> None:
    study = study_of(tmp_path / "data", size(number), *rows(variable, **printed))
    [finding] = check_moments(study, Conventions())
    assert {f"all.{name}" for name in accused} <= set(finding.bearings)
    found = {bearing.verdict for bearing in finding.bearings.values()}
    if printed.get("sd") in WITHOUT_CERTIFICATE:
        assert (finding.kind, finding.assumptions, found) == ("note", (NOT_REPLAYED,), {Verdict.CONDITIONAL})  # fmt: skip
    else:
        assert (finding.kind, found) == ("conflict", {Verdict.INCONSISTENT})
        assert is_replayed(study, tmp_path)


def test_only_the_smallest_set_is_accused(tmp_path: Path) -> None:
    printed = rows("marker", mean="58.5", sd="40.5", min="29", max="82", median="60", p25="40")
    [finding] = check(tmp_path, size(34), *printed)
    assert not {"all.median", "all.p25"} & set(finding.claims)


def test_an_unstated_step_makes_it_conditional(tmp_path: Path) -> None:
    printed = rows("age", mean="58.55", sd_or_se="12.5", min="29", max="82")
    [finding] = check(tmp_path, size(34), *printed)
    assert finding.bearings["all.mean"].verdict is Verdict.CONDITIONAL
    assert finding.bearings["all.sd_or_se"].verdict is Verdict.OPEN
    assert "11, 20, 22, 29, 31 or 33 of 34" in finding.statement


def test_a_mean_of_times_is_never_inconsistent(tmp_path: Path) -> None:
    printed = rows("os", mean="90", median="50", p75="60", max="100")
    [finding] = check(tmp_path, size(40), *printed)
    assert {b.verdict for b in finding.bearings.values()} == {Verdict.CONDITIONAL}
    printed = rows("os", mean_or_rmean="90", median="50", p75="60", max="100")
    assert not check(tmp_path / "restricted", size(40), *printed)


def test_rows_of_a_place_are_read_alike(tmp_path: Path) -> None:
    # 12.5 can be no standard error of values from 29 to 82, and 0.4 no standard deviation.
    one = rows("marker", "a", N="34", mean="58.5", sd_or_se="12.5", min="29", max="82")
    other = rows("marker", "b", N="300", mean="58.5", sd_or_se="0.4", min="29", max="82")
    printed = [size(400), size(34, "a", claim="na"), size(300, "b", claim="nb"), *one, *other]
    [finding] = check(tmp_path, *printed)
    assert finding.kind == "conflict"
    assert {"a.sd_or_se", "b.sd_or_se"} <= set(finding.bearings)
    elsewhere = [row | {"location": "t1"} for row in other]
    found = check(tmp_path / "apart", *printed[:-5], *elsewhere)
    assert [item.kind for item in found] == ["support", "support"]
    assert "Read as the standard error, 12.5 does not fit." in found[0].statement


def test_a_place_that_repeats_two_others_may_mean_two_things_by_one_sign(tmp_path: Path) -> None:
    one = rows("marker", "a", N="34", mean="58.5", sd_or_se="12.5", min="29", max="82")
    other = rows("marker", "b", N="300", mean="58.5", sd_or_se="0.4", min="29", max="82")
    printed = [size(400), size(34, "a", claim="na"), size(300, "b", claim="nb"), *one]
    printed += [row | {"location": "t1"} for row in other]
    for row in (*one, *other):
        printed.append(row | {"location": "abstract", "claim": f"again.{row['claim']}"})
    assert [item.kind for item in check(tmp_path, *printed)] == ["support", "support"]


def test_nothing_is_said_of_groups_of_unknown_size_that_do_not_fit(tmp_path: Path) -> None:
    printed = rows("marker", mean="58.5", sd="40.5", min="29", max="82")
    assert not check(tmp_path, *printed)


def test_true_studies_have_no_conflict(tmp_path: Path) -> None:
    """Whole and other numbers of many shapes, printed with either divisor, by format or round."""
    random = Random(20)
    for trial in range(50):
        number = random.randint(2, 40)
        analysed = random.randint(max(2, number - 4), number)
        variable = random.choice(["age", "marker", "item", "foci"])
        raw = [random.gammavariate(1.5, 8) for _ in range(analysed)]
        if variable in ("age", "foci"):
            raw = [float(round(value)) for value in raw]
        if variable == "item":
            raw = [float(min(max(round(value / 5), 1), 5)) for value in raw]
        places = random.choice([0, 1, 2])
        spread = stdev(raw) if random.random() < 0.7 else pstdev(raw)
        name = random.choice(["sd", "sd_or_se", "se"])
        if name == "se":
            spread /= analysed**0.5
        method = random.choice(["linear", "weibull", "hazen", "inverted_cdf"])
        shown = {
            "mean": mean_of(raw), name: spread, "min": min(raw), "max": max(raw),
            "p25": float(np.quantile(raw, 0.25, method=method)), "median": float(np.median(raw)),
            "p75": float(np.quantile(raw, 0.75, method=method)),
        }  # fmt: skip
        kept = [key for key in shown if random.random() < 0.75]
        printed = {key: f"{shown[key]:.{places}f}" for key in kept}
        if random.random() < 0.4:
            printed["N"] = str(analysed)
        if not printed:
            continue
        found = check(tmp_path / f"s{trial}", size(number), *rows(variable, **printed))
        assert not [item.statement for item in found if item.kind == "conflict"], (trial, raw)


def test_digits_that_were_cut_off_are_an_assumption(tmp_path: Path) -> None:
    # 1 and 2 have the mean 1.50 and the SD 0.7071, which is no 0.70 if rounded.
    printed = rows("foci", N="2", mean="1.50", sd="0.70")
    [finding] = check(tmp_path, size(2), *printed)
    assert finding.bearings["all.sd"].verdict is Verdict.CONDITIONAL
    assert "cut off" in finding.statement


@pytest.mark.parametrize(
    ("mean", "sd", "number", "kind"),
    [
        ("0.36", "0.48", 200, "support"),  # 72 of them: sqrt(0.36 · 0.64) = 0.48
        ("0.035", "0.18", 200, "support"),
        ("0.36", "0.32", 200, "none"),
        ("0.0", "0.0", 12, "support"),
        ("0.30", "0.51", 50, "none"),
    ],
)
def test_values_of_zero_and_one_have_the_spread_of_their_mean(
    tmp_path: Path, mean: str, sd: str, number: int, kind: str
) -> None:
    variables = VARIABLES | {"smoker": {"type": "integer", "min": "0", "max": "1"}}
    study = make_study(
        tmp_path / "paper1",
        populations=POPULATIONS,
        variables=variables,
        claims=[size(number), *rows("smoker", N=str(number), mean=mean, sd=sd)],
    )
    [finding] = check_moments(study, Conventions())
    assert (finding.kind in ("conflict", "note")) == (kind == "none")
    if kind == "support":
        assert set(verdicts([finding]).values()) == {Verdict.POSSIBLE}
        assert finding.witness is not None
        values = [int(value) for value in finding.witness["values"]]  # type: ignore[attr-defined]
        spreads = {f"{of(values):.{len(sd) - 2}f}" for of in (stdev, pstdev)}
        assert (f"{mean_of(values):.{len(mean) - 2}f}", len(values)) == (mean, number)
        assert sd in spreads


@pytest.mark.parametrize("variable", ["foci", "item", "marker", "age"])
@pytest.mark.parametrize("printed", [{"mean": "3.14", "sd": "1.02"}, {"mean": "3.14", "sd": "40"}])
def test_ten_million_values_are_no_longer_a_question(
    tmp_path: Path, variable: str, printed: dict[str, str]
) -> None:
    many = 10**7
    for name, stated in (("stated", [size(many, variable=variable)]), ("not", [])):
        more = {"min": "1", "max": "5"}
        claims = [size(many), *stated, *rows(variable, **printed, **more)]
        findings = check(tmp_path / name, *claims)
        # Bounds settle it where values cannot be tried.
        assert {finding.kind for finding in findings} <= {"conflict", "note"}
        assert bool(findings) == (bool(stated) and printed["sd"] == "40")


def test_a_negative_spread_is_another_checks_business(tmp_path: Path) -> None:
    printed = rows("marker", mean="3.1", sd="-5.0", min="1", max="9")
    assert not check(tmp_path, size(20), *printed)
