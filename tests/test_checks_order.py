from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.certificates.normal_form import normal_form
from netcore.checks.order import check_order
from netcore.printed import Interval

PARTS: dict[str, Any] = {
    "locations": {
        "results": {"title": "Results"},
        "table": {"title": "Table 1"},
        "review": {"title": "A review", "seen": "secondary"},
    },
    "populations": {
        "all": {"units": "patients"},
        "one": {"of": "all", "where": {"group": "1"}},
        "two": {"of": "all", "where": {"group": "2"}},
        "protocol": {"units": "rules"},
    },
    "variables": {
        "group": {"type": "categorical", "levels": ["1", "2"]},
        "age": {"type": "continuous", "min": 0, "max": 120},
        "os": {"type": "time", "unit": "months", "max": 600},
        "score": {"type": "integer"},
        "seen": {"type": "date"},
        "state": {"type": "categorical", "levels": ["alive"]},
    },
    "analyses": {"age_by_group": {"test": ["mann_whitney"], "variable": "age", "by": "group"}},
}
Row = dict[str, str]


def row(name: str, printed: str, **keys: str) -> Row:
    return {"claim": name, "variable": "age", "stat_name": name, "printed": printed, **keys}


def found(folder: Path, rows: list[Row], conventions: Conventions | None = None) -> list[Finding]:
    study = make_study(folder / "paper1", claims=rows, **PARTS)
    return list(check_order(study, conventions or Conventions()))


def conflicts(findings: list[Finding]) -> list[set[str]]:
    return [set(finding.claims) for finding in findings if finding.kind == "conflict"]


def conditional(findings: list[Finding]) -> list[set[str]]:
    return [set(finding.claims) for finding in findings if finding.assumptions]


@pytest.mark.parametrize(
    ("rows", "at_odds"),
    [
        ([("p25", "50"), ("median", "40")], {"p25", "median"}),
        ([("median", "50"), ("p75", "40")], {"median", "p75"}),
        ([("min", "50"), ("max", "40")], {"min", "max"}),
        ([("p10", "50"), ("p90", "40")], {"p10", "p90"}),
        ([("mean", "50"), ("max", "40")], {"mean", "max"}),
        ([("mean", "50"), ("min", "60")], {"mean", "min"}),
        ([("geom_mean", "50"), ("min", "60")], {"geom_mean", "min"}),
        ([("min", "21"), ("max", "70"), ("range", "60")], {"min", "max", "range"}),
        ([("min", "20"), ("max", "71"), ("range", "48")], {"min", "max", "range"}),
        ([("iqr", "30"), ("range", "20")], {"iqr", "range"}),
        ([("sd", "-3")], {"sd"}),
        ([("mean", "-3")], {"mean"}),
        ([("max", "134")], {"max"}),
        ([("value", "121")], {"value"}),
        ([("mean.conf.low", "50"), ("mean.conf.high", "40")], {"mean.conf.low", "mean.conf.high"}),
        ([("mean.std.error", "-1")], {"mean.std.error"}),
    ],
)
def test_what_no_values_give_is_a_conflict(
    tmp_path: Path, rows: list[tuple[str, str]], at_odds: set[str]
) -> None:
    findings = found(tmp_path, [row(*one) for one in rows])
    assert conflicts(findings) == [at_odds]
    (finding,) = findings
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.INCONSISTENT}


@pytest.mark.parametrize(
    "rows",
    [
        [("p25", "50"), ("median", "50")],
        [("p25", "50.4"), ("median", "50")],  # 50.4 to one decimal, 50 to none
        [("p25", "51"), ("median", "50")],  # 50.5 prints as either
        [("mean", "82.4"), ("max", "82")],
        [("min", "29"), ("max", "82"), ("range", "54")],
        [("min", "0"), ("sd", "-0.0")],
        [("median", "~40"), ("p25", "90")],
        [("median", "<50"), ("p75", ">40")],
        [("mean.conf.low", "-3"), ("mean", "5")],  # a limit may lie where no value can
        [("rmean", "10"), ("median", "90")],
        [("max", "120.0"), ("min", "0")],
    ],
)
def test_what_some_values_give_is_none(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    findings = found(tmp_path, [row(*one) for one in rows])
    assert not conflicts(findings)
    assert not conditional(findings)


def test_windows_decide_and_not_the_printed_values(tmp_path: Path) -> None:
    rows = [row("p25", "52"), row("median", "50")]
    assert conflicts(found(tmp_path / "near", rows))
    assert not conflicts(found(tmp_path / "any", rows, Conventions(rounding="any")))


def test_one_value_out_of_order_is_one_finding(tmp_path: Path) -> None:
    names = ("min", "p25", "median", "p75", "max")
    printed = dict(zip(names, ("20", "99", "50", "60", "80"), strict=True))
    findings = found(tmp_path, [row(name, printed[name]) for name in names])
    assert conflicts(findings) == [{"p25", "median"}]
    assert len(findings) == 1  # and nothing about it is called possible


def test_a_pair_apart_counts_where_no_nearer_one_is_out_of_order(tmp_path: Path) -> None:
    rows = [row("p25", "52"), row("median", "51"), row("p75", "50")]
    assert conflicts(found(tmp_path, rows)) == [{"p25", "p75"}]


def test_the_same_in_two_places_is_one_finding(tmp_path: Path) -> None:
    rows = [
        row(name, printed, location=place, claim=f"{place}.{name}")
        for place in ("results", "table")
        for name, printed in (("p25", "60"), ("median", "40"))
    ]
    assert conflicts(found(tmp_path, rows)) == [{one["claim"] for one in rows}]


def test_places_are_compared_where_each_by_itself_is_in_order(tmp_path: Path) -> None:
    rows = [row("p25", "60"), row("median", "40", location="table")]
    assert conflicts(found(tmp_path / "two", rows)) == [{"p25", "median"}]
    again = row("median", "70", claim="again")  # the printings disagree: that comes first
    assert not conflicts(found(tmp_path / "disputed", [*rows, again]))
    at_odds = [*rows, row("max", "30", claim="least", location="table")]
    assert conflicts(found(tmp_path / "within", at_odds)) == [{"median", "least"}]


@pytest.mark.parametrize(
    "change",
    [
        {"population": "one"},
        {"at": "2 months"},
        {"unit": "months"},
        {"cites": "lee2019"},
        {"population": "protocol"},
        {"location": "review"},
        {"variable": "score"},
    ],
)
def test_only_the_same_values_of_this_study_are_compared(
    tmp_path: Path, change: dict[str, str]
) -> None:
    rows = [row("p25", "60", unit="years"), row("median", "40", unit="years")]
    assert conflicts(found(tmp_path / "same", rows))
    assert not conflicts(found(tmp_path / "other", [rows[0], rows[1] | change]))


def test_natural_bounds_are_in_the_unit_of_the_variable(tmp_path: Path) -> None:
    assert conflicts(found(tmp_path / "one", [row("max", "130", unit="years")]))
    several = [row("max", "130", unit="months"), row("min", "1", unit="years")]
    assert not conflicts(found(tmp_path / "two", several))
    long = row("median", "900", variable="os")
    assert conflicts(found(tmp_path / "months", [long]))
    assert not conflicts(found(tmp_path / "days", [long | {"unit": "days"}]))


def test_every_reading_must_be_at_odds(tmp_path: Path) -> None:
    average = row("x", "60", stat_name="mean|median")
    assert conflicts(found(tmp_path / "both", [average, row("max", "50")])) == [{"x", "max"}]
    assert not conflicts(found(tmp_path / "one", [average, row("p75", "50")]))


def test_rows_that_share_an_open_cell_are_read_alike(tmp_path: Path) -> None:
    low = row("p25", "60", population="one|two")
    high = row("median", "40", population="one|two")
    assert conflicts(found(tmp_path / "shared", [low, high])) == [{"p25", "median"}]
    plain = high | {"population": "one"}
    assert not conflicts(found(tmp_path / "plain", [low, plain]))
    # In another place the same words may mean the other group.
    elsewhere = high | {"location": "table"}
    assert not conflicts(found(tmp_path / "elsewhere", [low, elsewhere]))


def test_readings_may_each_be_at_odds_with_another_row(tmp_path: Path) -> None:
    rows = [
        row("p25", "60", population="one|two"),
        row("median", "40", population="one", claim="one"),
        row("median", "30", population="two", claim="two"),
    ]
    assert conflicts(found(tmp_path, rows)) == [{"p25", "one", "two"}]


def test_an_end_of_a_range_may_be_either_end(tmp_path: Path) -> None:
    rows = [row("x", "50", stat_name="min|max"), row("p25", "40"), row("median", "60")]
    assert conflicts(found(tmp_path, rows)) == [{"x", "p25", "median"}]


def test_times_may_be_estimated_in_two_ways(tmp_path: Path) -> None:
    def times(*pairs: tuple[str, str]) -> list[Row]:
        return [row(name, printed, variable="os") for name, printed in pairs]

    open_to_methods = found(tmp_path / "km", times(("median", "60"), ("p75", "18")))
    assert not conflicts(open_to_methods)
    assert conditional(open_to_methods) == [{"median", "p75"}]
    assert conflicts(found(tmp_path / "ends", times(("min", "60"), ("max", "18"))))
    quartiles = found(tmp_path / "quartiles", times(("p25", "60"), ("p75", "18")))
    assert conditional(quartiles) == [{"p25", "p75"}]
    assert not conflicts(quartiles)


@pytest.mark.parametrize(
    ("printed", "is_mended"),
    [
        ({"p25": "40.2", "p75": "9.7"}, True),
        ({"p25": "40.2", "median": "20.1", "p75": "9.7"}, True),
        ({"p10": "60", "p25": "40.2", "median": "20.1", "p75": "9.7", "p90": "2"}, True),
        ({"p25": "40.2", "median": "20.1", "p75": "30"}, False),
        ({"p10": "30", "p25": "20", "p90": "40"}, False),
        ({"min": "50", "p25": "40"}, False),
    ],
)
def test_percentiles_of_a_time_may_be_named_by_those_still_free_of_the_event(
    tmp_path: Path, printed: dict[str, str], is_mended: bool
) -> None:
    findings = found(tmp_path, [row(name, value, variable="os") for name, value in printed.items()])
    assert not conflicts(findings)
    assert findings
    for finding in findings:
        assert any("still free" in words for words in finding.assumptions) is is_mended
        assert all("different ways" in words for words in finding.assumptions)
    # Of ages nobody is free of anything.
    assert conflicts(found(tmp_path / "age", [row(name, value) for name, value in printed.items()]))


def contrast(name: str, *printed: str) -> list[Row]:
    names = (name, f"{name}.conf.low", f"{name}.conf.high")
    return [
        row(end, value, variable="score")
        for end, value in zip(names, printed, strict=True)
        if value
    ]


@pytest.mark.parametrize(
    ("name", "printed", "expected"),
    [
        ("difference", ("-7.1", "-9.8", "-4.5"), []),
        ("difference", ("-7.1", "-4.5", "-9.8"), ["crossed"]),
        ("difference", ("", "-4.5", "-9.8"), ["crossed"]),
        ("difference", ("-1.0", "1.2", "-3.0"), ["crossed"]),
        ("hazard_ratio", ("2.0", "4.0", "1.0"), ["crossed"]),
        ("mean", ("-7.1", "-4.5", "-9.8"), ["crossed"]),
        ("difference", ("-20", "-4.5", "-9.8"), ["crossed", "outside"]),
        ("difference", ("7.1", "-4.5", "-9.8"), ["crossed", "opposite"]),
        ("difference", ("7.1", "-9.8", "-4.5"), ["opposite"]),
        ("hazard_ratio", ("0.50", "1.00", "4.00"), ["opposite"]),
        ("hazard_ratio", ("0.50", "1.20", "4.00"), ["opposite"]),
        ("hazard_ratio", ("0.50", "3.20", "4.00"), ["outside"]),
        ("odds_ratio", ("0.5", "1.2", "<9"), ["opposite"]),
        ("mean", ("50", "52", "60"), ["outside"]),
    ],
)
def test_limits_may_stand_in_the_other_order_or_be_of_the_other_direction(
    tmp_path: Path, name: str, printed: tuple[str, str, str], expected: list[str]
) -> None:
    findings = found(tmp_path, contrast(name, *printed))
    assert not conflicts(findings)
    said = [
        "crossed"
        if "other order" in finding.assumptions[0]
        else "opposite"
        if "opposite direction" in finding.assumptions[0]
        else "outside"
        for finding in findings
    ]
    assert sorted(said) == expected
    assert {bearing.verdict for finding in findings for bearing in finding.bearings.values()} <= {
        Verdict.CONDITIONAL
    }


def test_positive_limits_of_no_contrast_stand_in_order(tmp_path: Path) -> None:
    assert conflicts(found(tmp_path, contrast("mean", "45", "50", "40"))) == [
        {"mean.conf.low", "mean.conf.high"}
    ]


def test_no_law_proves_what_may_stand_in_another_order(tmp_path: Path) -> None:
    def laws(rows: list[Row]) -> list[str]:
        study = make_study(tmp_path / f"paper{len(list(tmp_path.iterdir()))}", claims=rows, **PARTS)
        return [law for law in normal_form(study, Conventions()).laws if law.startswith("order: ")]

    assert not laws(contrast("difference", "-7.1", "-4.5", "-9.8"))
    assert not laws(contrast("hazard_ratio", "2.0", "4.0", "1.0"))
    assert not laws(contrast("mean", "", "-4.5", "-9.8"))
    assert len(laws(contrast("mean", "", "50", "40"))) == 1
    assert not laws([row(name, "5", variable="os") for name in ("p25", "median", "p75")])
    assert len(laws([row(name, "5") for name in ("p25", "median", "p75")])) == 3
    assert len(laws([row(name, "5", variable="os") for name in ("min", "max")])) == 1


def test_survival_that_rises_needs_other_patients(tmp_path: Path) -> None:
    def curve(*points: tuple[str, str], name: str = "survival") -> list[Row]:
        return [
            row(name, value, claim=f"s{at[0]}{at[2:3]}", at=at, variable="os", unit="%")
            for at, value in points
        ]

    rising = curve(("1 years", "50"), ("2 years", "60"), ("3 years", "70"))
    findings = found(tmp_path / "rising", rising)
    assert not conflicts(findings)
    assert conditional(findings) == [{"s1y", "s2y"}, {"s2y", "s3y"}]
    # Relative survival may rise, and rates that are weighted or of a model.
    assert all("relative survival" in finding.assumptions[0] for finding in findings)
    assert not found(tmp_path / "falling", curve(("1 years", "60"), ("2 years", "60")))
    assert conditional(found(tmp_path / "units", curve(("6 months", "50"), ("1 years", "60"))))
    unclear = curve(("4 weeks", "50"), ("1 months", "60"))  # four weeks may be a month
    assert not found(tmp_path / "unclear", unclear)
    assert not found(tmp_path / "cycles", curve(("1 cycles", "50"), ("3 weeks", "60")))
    risk = [
        one | {"unit": "", "printed": number}
        for one, number in zip(
            curve(("1 years", "5"), ("2 years", "6"), name="n.risk"), ("5", "6"), strict=True
        )
    ]
    assert conditional(found(tmp_path / "risk", risk)) == [{"s1y", "s2y"}]


def test_an_estimate_outside_an_unnamed_interval_is_conditional(tmp_path: Path) -> None:
    rows = [row("mean", "50"), row("mean.conf.low", "52"), row("mean.conf.high", "60")]
    findings = found(tmp_path, rows)
    assert not conflicts(findings)
    assert conditional(findings) == [{"mean", "mean.conf.low"}]


def test_the_quartiles_and_their_distance_may_follow_two_definitions(tmp_path: Path) -> None:
    rows = [row("p25", "20"), row("p75", "61"), row("iqr", "30")]
    findings = found(tmp_path, rows)
    assert not conflicts(findings)
    assert conditional(findings) == [{"p25", "p75", "iqr"}]
    (finding,) = found(tmp_path / "five", [row("p25", "20"), row("p75", "60"), row("iqr", "45")])
    assert "definitions, or the values are rounded to the nearest 5" in finding.assumptions[0]


def test_a_range_may_be_rounded_to_five(tmp_path: Path) -> None:
    rows = [row("min", "20"), row("max", "75"), row("range", "50")]
    assert conditional(found(tmp_path / "five", rows)) == [{"min", "max", "range"}]
    assert conflicts(found(tmp_path / "one", [*rows[:2], row("range", "51")]))


def test_dates_are_ordered_by_the_days_that_they_may_be(tmp_path: Path) -> None:
    def dates(first: str, last: str) -> list[Row]:
        return [row("min", first, variable="seen"), row("max", last, variable="seen")]

    assert conflicts(found(tmp_path / "later", dates("2021-03", "2021-02-28")))
    assert not conflicts(found(tmp_path / "same", dates("2021-03", "2021")))


def test_values_in_order_are_possible_where_nothing_else_bears(tmp_path: Path) -> None:
    rows = [row("min", "20"), row("median", "50"), row("max", "80")]
    (finding,) = found(tmp_path, [*rows, {"claim": "N", "stat_name": "N", "printed": "9"}])
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.POSSIBLE}
    assert finding.bearings["median"].attainable == (Interval(Fraction(39, 2), Fraction(161, 2)),)
    assert finding.bearings["min"].attainable == (Interval(Fraction(0), Fraction(101, 2)),)
    assert finding.witness is not None
    values = [float(value) for value in finding.witness["values"]]  # type: ignore[attr-defined]
    assert len(values) == 9
    assert (min(values), sorted(values)[4], max(values)) == (20, 50, 80)


@pytest.mark.parametrize(
    "other",
    [
        row("mean", "55"),
        row("sd", "5"),
        row("median", "70", claim="part", population="one"),
        {"claim": "p", "stat_name": "p.value", "analysis": "age_by_group", "printed": "0.3"},
    ],
)
def test_where_other_values_bear_nothing_is_called_possible(tmp_path: Path, other: Row) -> None:
    rows = [row("min", "20"), row("median", "50"), row("max", "80"), other]
    finding = found(tmp_path, rows)[0]
    assert {bearing.verdict for bearing in finding.bearings.values()} == {None}
    assert finding.bearings["median"].attainable is not None


def test_too_few_patients_for_so_many_values_are_no_witness(tmp_path: Path) -> None:
    rows = [row("min", "20"), row("median", "50"), row("max", "80")]
    few = {"claim": "N", "stat_name": "N", "printed": "1"}
    (finding,) = found(tmp_path, [*rows, few])
    assert {bearing.verdict for bearing in finding.bearings.values()} == {None}


def test_whole_numbers_are_wanted_of_whole_numbers(tmp_path: Path) -> None:
    rows = [row("min", "1.2", variable="score"), row("max", "9", variable="score")]
    (finding,) = found(tmp_path, rows)
    assert {bearing.verdict for bearing in finding.bearings.values()} == {None}


def test_a_distance_is_recomputed(tmp_path: Path) -> None:
    rows = [row("min", "29"), row("max", "82"), row("range", "53")]
    (finding,) = found(tmp_path, rows)
    assert finding.bearings["range"].verdict is Verdict.REPRODUCED
    assert finding.bearings["range"].recomputed == "53"


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.integers(0, 1199), min_size=2, max_size=30),
    decimals=st.lists(st.integers(0, 1), min_size=9, max_size=9),
    method=st.sampled_from(["inclusive", "exclusive"]),
    share=st.booleans(),
)
def test_nothing_true_is_at_odds(
    tmp_path_factory: pytest.TempPathFactory,
    values: list[int],
    decimals: list[int],
    method: Any,
    share: bool,
) -> None:
    ages = [value / 10 for value in values]
    low, middle, high = quantiles(ages, n=4, method=method)
    # An exclusive quartile of few values may be extrapolated; no software prints it so.
    low, high = max(low, min(ages)), min(high, max(ages))
    truth = {
        "min": min(ages),
        "p25": low,
        "median": middle,
        "p75": high,
        "max": max(ages),
        "mean": sum(ages) / len(ages),
        "range": max(ages) - min(ages),
    }
    rows = [
        row(name, f"{value:.{places}f}", population="one|two" if share else "all")
        for (name, value), places in zip(truth.items(), decimals, strict=False)
    ]
    findings = found(tmp_path_factory.mktemp("true"), rows)
    assert not conflicts(findings)
    assert not conditional(findings)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(printed=st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_a_conflict_is_found_wherever_no_values_fit(
    tmp_path_factory: pytest.TempPathFactory, printed: list[int]
) -> None:
    names = ("min", "p25", "median", "p75", "max")
    rows = [row(name, str(value)) for name, value in zip(names, printed, strict=True)]
    lowest, fits = Fraction(-1), True
    for value in printed:  # the least value that each can have, given those before it
        lowest = max(lowest, value - Fraction(1, 2))
        fits = fits and lowest <= value + Fraction(1, 2)
    findings = found(tmp_path_factory.mktemp("any"), rows)
    assert bool(conflicts(findings)) is not fits
