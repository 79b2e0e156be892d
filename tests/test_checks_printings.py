from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from checked_studies import conflicts, count, ledger_of, settled, share, size, verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netcore.checks import Conventions, Verdict

PLACES = ("results", "abstract", "table")
ALL = {"all": {"units": "patients"}}


def p_value(printed: str, place: str, **keys: str) -> dict[str, str]:
    return {
        "location": place,
        "stat_name": "p.value",
        "analysis": "age_by_group",
        "printed": printed,
        **keys,
    }


def median(population: str, printed: str, place: str, **keys: str) -> dict[str, str]:
    return {
        "location": place,
        "population": population,
        "variable": "age",
        "stat_name": "median",
        "printed": printed,
        **keys,
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("0.57", "0.57"),
        ("0.6", "0.57"),  # windows meet: [0.55, 0.65] and [0.565, 0.575]
        ("0.55", "0.6"),  # and at one point: 0.55 prints as 0.6, or as 0.55
        ("0.570", "0.57"),
        ("ns", "0.7511"),
        ("ns", "0.05"),
        ("<0.05", "0.00036"),
        ("<0.05", "0.05"),  # a rounded bound may be reached
        (">0.05", "0.57"),
        ("<0.001", "<0.05"),
        ("ns", "ns"),
        ("~0.5", "0.9"),
        ("0.5-0.6", "0.57"),
    ],
)
def test_values_that_one_number_prints_as_agree(tmp_path: Path, first: str, second: str) -> None:
    rows = [p_value(first, "results"), p_value(second, "abstract")]
    assert not conflicts(ledger_of(tmp_path / "one", rows))
    assert not conflicts(ledger_of(tmp_path / "other", rows[::-1]))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("0.57", "0.59"),
        ("0.57", "0.75"),
        ("0.6", "0.53"),
        ("ns", "0.01"),
        ("<0.05", "0.06"),
        (">0.05", "0.04"),
        ("ns", "<0.01"),
        ("0.5-0.6", "0.73"),
    ],
)
def test_values_that_no_number_prints_as_conflict(tmp_path: Path, first: str, second: str) -> None:
    rows = [p_value(first, "results"), p_value(second, "abstract")]
    for name, ordered in (("one", rows), ("other", rows[::-1])):
        ledger = ledger_of(tmp_path / name, ordered)
        (finding,) = conflicts(ledger, "printings")
        assert set(finding.claims) == {entry.claim.claim for entry in ledger.entries}
        assert {entry.verdict for entry in ledger.entries} == {Verdict.INCONSISTENT}
        assert first in finding.statement
        assert second in finding.statement


@pytest.mark.parametrize(("first", "second"), [("0.57", "0.58"), ("0.5", "0.57"), ("0.10", "0.11")])
def test_values_that_one_number_prints_as_if_rounded_differently_need_that(
    tmp_path: Path, first: str, second: str
) -> None:
    rows = [p_value(first, "results"), p_value(second, "abstract")]
    for name, ordered in (("one", rows), ("other", rows[::-1])):
        ledger = ledger_of(tmp_path / name, ordered)
        assert not conflicts(ledger)
        assert {entry.verdict for entry in ledger.entries} == {Verdict.CONDITIONAL}
        (finding,) = ledger.findings
        assert "round" in finding.assumptions[0]
        assert {repair.replacements[0][1] for repair in finding.repairs} == {first, second}


def test_a_count_is_not_rounded(tmp_path: Path) -> None:
    rows = [size("group1", "12"), size("group1", "13", location="table")]
    assert conflicts(ledger_of(tmp_path, rows), "printings")


def test_the_decimal_mark_of_a_place_is_no_difference(tmp_path: Path) -> None:
    assert not conflicts(
        ledger_of(tmp_path, [p_value("0.57", "results"), p_value("0,57", "russian")])
    )


def test_the_same_characters_may_be_two_numbers(tmp_path: Path) -> None:
    places = {
        "results": {"title": "Results", "thousands": ","},
        "russian": {"title": "Russian abstract", "decimal": ","},
    }
    rows = [median("all", "1,234", place) for place in places]
    assert len(conflicts(ledger_of(tmp_path, rows, locations=places))) == 1


def test_not_significant_depends_on_the_level(tmp_path: Path) -> None:
    rows = [p_value("ns", "results"), p_value("0.03", "abstract")]
    assert conflicts(ledger_of(tmp_path / "5", rows))
    strict = Conventions(alpha=Fraction(1, 100))
    assert not conflicts(ledger_of(tmp_path / "1", rows, strict))
    stated = [*rows, {"stat_name": "alpha", "printed": "0.01"}]
    assert not conflicts(ledger_of(tmp_path / "stated", stated))


def test_numbers_of_two_units_are_not_compared(tmp_path: Path) -> None:
    rows = [
        median("all", "10", "results", unit="months"),
        median("all", "300", "table", unit="days"),
    ]
    assert not conflicts(ledger_of(tmp_path / "two", rows))
    rows[0]["unit"] = ""
    assert conflicts(ledger_of(tmp_path / "one", rows))


def test_the_number_left_at_a_time_is_another_number(tmp_path: Path) -> None:
    rows = [size("group1", "15"), size("group1", "12", at="24 months")]
    assert not conflicts(ledger_of(tmp_path / "later", rows))
    rows.append(size("group1", "11", at="24 months", location="table"))
    assert len(conflicts(ledger_of(tmp_path / "twice", rows), "printings")) == 1


def test_agreeing_printings_earn_no_verdict(tmp_path: Path) -> None:
    ledger = ledger_of(
        tmp_path, [median("all", "61", "results"), median("all", "61.0", "abstract")]
    )
    assert [finding.kind for finding in ledger.findings] == ["support"]
    assert verdict(ledger, "results.all.age.median") not in (Verdict.REPRODUCED, Verdict.POSSIBLE)


def test_a_longer_date_agrees_with_its_beginning(tmp_path: Path) -> None:
    def dated(first: str, second: str) -> int:
        rows = [
            {"location": place, "variable": "seen", "stat_name": "end", "printed": text}
            for place, text in zip(PLACES, (first, second), strict=False)
        ]
        parts = {
            "variables": {"seen": {"type": "date"}},
            "populations": {"all": {"units": "patients"}},
        }
        return len(conflicts(ledger_of(tmp_path / f"{first}{second}", rows, **parts)))

    assert dated("2022", "2022-12") == 0
    assert dated("2022-12-30", "2022-12") == 0
    assert dated("2022", "2023") == 1
    assert dated("2022-12", "2022-11") == 1
    assert dated("2022-12-01", "2022-12-30") == 1


def test_a_level_is_not_the_beginning_of_another(tmp_path: Path) -> None:
    populations = {"all": {"units": "patients"}, "case": {"of": "all", "size": 1}}
    variables = {
        "stage": {
            "type": "categorical",
            "levels": ["T1", "T1a", "T2"],
            "unions": {"low": ["T1", "T2"]},
        },
        "event": {"type": "multi", "levels": ["pain", "fever"]},
    }

    def told(variable: str, *values: str) -> int:
        rows = [
            {
                "location": place,
                "population": "case",
                "variable": variable,
                "stat_name": "value",
                "printed": value,
            }
            for place, value in zip(PLACES, values, strict=False)
        ]
        folder = tmp_path / "-".join((variable, *values))
        parts = {"populations": populations, "variables": variables}
        return len(conflicts(ledger_of(folder, rows, **parts)))

    assert told("stage", "T1", "T1a") == 1
    assert told("stage", "T1", "low") == 0
    assert told("stage", "T1a", "low") == 1
    assert told("event", "pain", "fever") == 0  # one patient may have both


def test_three_printings_are_one_finding_that_names_who_disagrees(tmp_path: Path) -> None:
    rows = [
        median("all", printed, place)
        for place, printed in zip(PLACES, ("61", "61", "64"), strict=True)
    ]
    (finding,) = conflicts(ledger_of(tmp_path, rows))
    assert len(finding.claims) == 3
    assert {repair.claims for repair in finding.repairs} == {
        ("results.all.age.median", "abstract.all.age.median"),
        ("table.all.age.median",),
    }


def test_a_value_too_coarse_to_disagree_is_not_bound(tmp_path: Path) -> None:
    rows = [
        median("all", printed, place)
        for place, printed in zip(PLACES, ("61.2", "61.4", "61"), strict=True)
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert finding.claims == ("results.all.age.median", "abstract.all.age.median")
    assert verdict(ledger, "table.all.age.median") is not Verdict.INCONSISTENT


def test_two_values_exchanged_between_groups_are_one_finding(tmp_path: Path) -> None:
    rows = [
        median("group1", "61", "results"),
        median("group2", "55", "results"),
        median("group1", "55", "abstract"),
        median("group2", "61", "abstract"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert len(finding.claims) == 4
    assert {repair.claims for repair in finding.repairs} == {
        ("results.group1.age.median", "results.group2.age.median"),
        ("abstract.group1.age.median", "abstract.group2.age.median"),
    }
    assert set(settled(ledger).values()) == {"inconsistent"}


def test_values_that_no_exchange_mends_are_two_findings(tmp_path: Path) -> None:
    rows = [
        median("group1", "61", "results"),
        median("group2", "55", "results"),
        median("group1", "55", "abstract"),
        median("group2", "62", "abstract"),
    ]
    assert len(conflicts(ledger_of(tmp_path, rows))) == 2


def test_a_secondary_source_never_convicts(tmp_path: Path) -> None:
    rows = [
        median("all", "61", "results"),
        median("all", "64", "review"),
        size("all", "34"),
        size("all", "35", location="review"),
    ]
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert Verdict.INCONSISTENT not in {entry.verdict for entry in ledger.entries}
    assert [finding.kind for finding in ledger.findings if finding.check == "printings"] == [
        "note"
    ] * 2


def test_a_secondary_source_shields_nobody(tmp_path: Path) -> None:
    rows = [
        median("all", "61", "results"),
        median("all", "64", "abstract"),
        median("all", "64", "review"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert finding.claims == ("results.all.age.median", "abstract.all.age.median")


def test_secondary_exchanges_do_not_convict_either(tmp_path: Path) -> None:
    rows = [
        median("group1", "61", "results"),
        median("group2", "55", "results"),
        median("group1", "55", "review"),
        median("group2", "61", "review"),
    ]
    assert not conflicts(ledger_of(tmp_path, rows))


def test_the_size_of_a_group_and_the_count_of_its_level_are_one_quantity(tmp_path: Path) -> None:
    same = [size("group1", "15"), count("all", "group", "1", "15", location="table")]
    assert not conflicts(ledger_of(tmp_path / "same", same))
    other = [size("group1", "15"), count("all", "group", "1", "16", location="table")]
    (finding,) = conflicts(ledger_of(tmp_path / "other", other))
    assert finding.check == "printings"


@pytest.mark.parametrize(
    ("one", "other"), [("12", "<15"), ("12", "~15"), ("12", "11-13"), ("0", "none")]
)
def test_vague_counts_agree_with_counts_that_they_allow(
    tmp_path: Path, one: str, other: str
) -> None:
    rows = [
        count("all", "response", "CR", one),
        count("all", "response", "CR", other, location="table"),
    ]
    assert not conflicts(ledger_of(tmp_path, rows))


@pytest.mark.parametrize(("one", "other"), [("15", "<14"), ("12", "13-15"), ("1", "none")])
def test_vague_counts_conflict_with_counts_that_they_exclude(
    tmp_path: Path, one: str, other: str
) -> None:
    rows = [
        count("all", "response", "CR", one),
        count("all", "response", "CR", other, location="table"),
    ]
    assert conflicts(ledger_of(tmp_path, rows), "printings")


def test_rows_of_a_place_that_share_an_ambiguity_are_one_quantity(tmp_path: Path) -> None:
    rows = [
        median("group1|all", printed, "results", claim=f"c{printed}") for printed in ("61", "64")
    ]
    assert len(conflicts(ledger_of(tmp_path, rows))) == 1


def test_two_places_may_mean_two_things_by_the_same_words(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "results", claim="one"),
        median("group1|all", "64", "table", claim="other"),
        median("group1|all", "61", "abstract", claim="third"),
    ]
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert {verdict(ledger, name) for name in ("one", "other", "third")} == {Verdict.CONDITIONAL}
    (finding,) = [one for one in ledger.findings if one.check == "printings"]
    assert finding.assumptions == ("the places do not all mean the same of group1 or all",)


def test_a_place_at_odds_with_itself_accuses_no_other_place(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "results", claim="one"),
        median("group1|all", "64", "results", claim="other"),
        median("group1|all", "66", "abstract", claim="elsewhere"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert set(finding.claims) == {"one", "other"}
    assert verdict(ledger, "elsewhere") not in {Verdict.INCONSISTENT, Verdict.CONDITIONAL}


def test_another_meaning_or_another_rounding_may_explain_what_is_near(tmp_path: Path) -> None:
    rows = [
        median("all", printed, place, stat_name="mean|median", claim=place)
        for printed, place in (("5.57", "results"), ("5.58", "table"))
    ]
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    (finding,) = [one for one in ledger.findings if one.check == "printings"]
    assert finding.assumptions == (
        "the places do not all mean the same of the mean or the median, or round one value differently",
    )


def test_a_secondary_source_at_odds_with_itself_is_told_apart_from_open_places(
    tmp_path: Path,
) -> None:
    # The places differ and may mean two things; only the review prints two numbers for one.
    rows = [
        median("group1|all", "61", "results", claim="one"),
        median("group1|all", "64", "table", claim="other"),
        median("group1|all", "70", "review", claim="again"),
        median("group1|all", "75", "review", claim="more"),
    ]
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert {"again", "more"} <= {name for one in ledger.findings for name in one.claims}


def test_what_two_places_leave_open_is_no_exchange(tmp_path: Path) -> None:
    def spread(population: str, printed: str, place: str) -> dict[str, str]:
        return median(population, printed, place, stat_name="sd|std.error")

    rows = [
        spread("group1", "4", "table"), spread("group2", "2", "table"),
        spread("group1", "2", "abstract"), spread("group2", "4", "abstract"),
    ]  # fmt: skip
    assert not conflicts(ledger_of(tmp_path, rows))


def test_an_ambiguous_row_agrees_if_one_reading_does(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "abstract"),
        median("group1", "64", "table"),
        median("all", "61", "table"),
    ]
    assert not conflicts(ledger_of(tmp_path / "one", rows))
    assert not conflicts(ledger_of(tmp_path / "unprinted", rows[:2]))


def test_an_ambiguous_row_conflicts_if_no_reading_agrees(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "abstract"),
        median("group1", "64", "table"),
        median("all", "65", "table"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert set(finding.claims) == {entry.claim.claim for entry in ledger.entries}
    assert set(settled(ledger).values()) == {"inconsistent"}


def test_an_ambiguous_row_is_not_convicted_by_a_secondary_source(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "abstract"),
        median("group1", "64", "review"),
        median("all", "65", "table"),
    ]
    assert not conflicts(ledger_of(tmp_path, rows))


def test_ids_of_findings_stay_unique_where_rows_have_several_readings(tmp_path: Path) -> None:
    rows = [
        median("group1|all", "61", "abstract"),
        median("group1|all", "61", "results"),
        median("group1", "64", "table"),
        median("all", "65", "table"),
    ]
    names = [finding.id for finding in ledger_of(tmp_path, rows).findings]
    assert len(set(names)) == len(names)


def test_quotations_of_two_sources_are_two_quantities(tmp_path: Path) -> None:
    rows = [
        median("all", "61", "results", cites="smith2019", claim="smith"),
        median("all", "64", "results", cites="jones2018", claim="jones"),
        median("all", "70", "results", claim="own"),
    ]
    assert not conflicts(ledger_of(tmp_path, rows))


def test_two_quotations_of_one_source_can_disagree(tmp_path: Path) -> None:
    rows = [
        median("all", "61", "results", cites="smith2019", claim="one"),
        median("all", "64", "table", cites="smith2019", claim="other"),
    ]
    assert len(conflicts(ledger_of(tmp_path, rows))) == 1


def test_percentages_of_one_count_may_have_two_denominators(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        size("group1", "15"),
        count("group1", "response", "CR", "5"),
        share("group1", "response", "CR", "33"),
        share("group1", "response", "CR", "15", location="abstract"),
    ]
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert verdict(ledger, "results.group1.response.CR.pct") is Verdict.REPRODUCED
    assert verdict(ledger, "abstract.group1.response.CR.pct") is Verdict.CONDITIONAL


def test_percentages_without_a_count_conflict_if_no_count_is_behind_both(tmp_path: Path) -> None:
    def rows(first: str, second: str) -> list[dict[str, str]]:
        return [
            size("all", "8"),
            share("all", "response", "CR", first),
            share("all", "response", "CR", second, location="abstract"),
        ]

    # 12.5 % of 8 prints either way; 33 and 50 are 1 of 3 and 1 of 2 if few were observed
    for first, second in (("12", "13"), ("33", "50")):
        ledger = ledger_of(tmp_path / first, rows(first, second))
        assert not conflicts(ledger)
        assert set(list(settled(ledger).values())[1:]) == {"conditional"}
    # 12.5 % is 1 of 8 and nothing else; 1 of 2 to 7 is 14 % or more, so 0 % cannot be that count
    assert len(conflicts(ledger_of(tmp_path / "none", rows("12.5", "0.0")), "printings")) == 1


def test_the_proof_names_windows_that_do_not_meet(tmp_path: Path) -> None:
    (finding,) = conflicts(
        ledger_of(tmp_path, [p_value("0.6", "results"), p_value("0.53", "abstract")])
    )
    assert finding.certificate is not None
    ((case,),) = finding.certificate["proofs"]  # type: ignore[misc]
    said = sorted(premise["says"].partition(" <= ")[0] for premise in case["premises"])
    assert said == ["11/20", "21/40"]


def test_the_reader_learns_whether_significance_is_touched(tmp_path: Path) -> None:
    def changes(first: str, second: str) -> str:
        rows = [p_value(first, "results"), p_value(second, "abstract")]
        (finding,) = conflicts(ledger_of(tmp_path / f"{first}-{second}", rows))
        return finding.changes

    assert changes("0.57", "0.75").startswith("Nothing")
    assert changes("0.01", "0.03").startswith("Nothing")
    assert "both sides" in changes("0.01", "0.57")


def test_a_row_that_agrees_under_one_reading_only_is_conditional_on_it(tmp_path: Path) -> None:
    rows = [
        {"claim": "open", "population": "group1|all", "variable": "age", "stat_name": "median", "printed": "37"},
        {"claim": "group", "population": "group1", "variable": "age", "stat_name": "median", "printed": "60", "location": "abstract"},
    ]  # fmt: skip
    ledger = ledger_of(tmp_path, rows)
    entry = ledger.entry("paper1", "open")
    assert entry.verdict is Verdict.CONDITIONAL
    assert entry.assumptions == ("it is the value of age, all: median",)
    assert ledger.entry("paper1", "group").verdict is not Verdict.INCONSISTENT


def test_a_row_that_agrees_under_every_reading_assumes_nothing(tmp_path: Path) -> None:
    rows = [
        {"claim": "open", "population": "group1|all", "variable": "age", "stat_name": "median", "printed": "60"},
        {"claim": "group", "population": "group1", "variable": "age", "stat_name": "median", "printed": "60", "location": "abstract"},
    ]  # fmt: skip
    assert ledger_of(tmp_path, rows).entry("paper1", "open").verdict is not Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("statistic", "asked"),
    [
        ("median", "two definitions of a quantile"),
        ("p25", "two definitions of a quantile"),
        ("sd", "divides by the number of values and another by one less"),
        ("std.error", "divides by the number of values and another by one less"),
    ],
)
def test_a_statistic_of_several_definitions_asks_which_each_place_uses(
    tmp_path: Path, statistic: str, asked: str
) -> None:
    rows = [
        median("all", printed, place, stat_name=statistic)
        for printed, place in (("4.1", "results"), ("4.6", "table"))
    ]
    (finding,) = conflicts(ledger_of(tmp_path, rows), "printings")
    assert any(asked in words for words in finding.resolved_by)


def ways(
    *places: tuple[str, ...],
    stat_name: str = "hazard_ratio",
    variable: str = "",
    names: tuple[str, ...] = ("", ".conf.low", ".conf.high"),
) -> list[dict[str, str]]:
    """Return an estimate with its limits as some places print it; "" for what one leaves out."""
    return [
        {
            "claim": f"{place}{end or '.point'}" if not variable else f"{place}.{end}",
            "location": place,
            "variable": variable,
            "stat_name": stat_name + end,
            "analysis": "" if variable else "age_by_group",
            "printed": printed,
        }
        for place, values in zip(PLACES, places, strict=False)
        for end, printed in zip(names, values, strict=True)
        if printed
    ]


OPPOSITE = "the places compare the groups in opposite directions"
OTHER_ORDER = "the limits are printed in the other order in one of the places"


@pytest.mark.parametrize(
    ("stat_name", "places"),
    [
        ("hazard_ratio", (("0.50", "0.25", "1.00"), ("2.00", "1.00", "4.00"))),
        ("odds_ratio", (("0.50", "0.25", "1.00"), ("2.0", "1.0", "4.0"))),
        ("risk_ratio", (("0.37", "", ""), ("2.70", "", ""))),
        ("risk_ratio", (("0.37", "", ""), ("2.67", "", ""))),  # of 0.3745
        ("ratio", (("0.5", "0.25", ""), ("2", "", "4"))),  # limits of which each prints one
        ("hazard_ratio", (("0.5", "0.25", ">0.9"), ("2", "<1.1", "4"))),
        ("difference", (("-2.5", "-4.0", "-1.0"), ("2.5", "1.0", "4.0"))),
        ("risk_difference", (("-2.5", "-4.0", "1.0"), ("2.5", "-1.0", "4.0"))),
        ("hazard_ratio", (("0.5", "0.2", "1"), ("2", "1", "4.8"), ("0.50", "0.21", "1.0"))),
        ("slope", (("-2.5", "", ""), ("2.5", "", ""))),
        ("correlation", (("-0.41", "", ""), ("0.41", "", ""))),
        ("statistic", (("-2.10", "", ""), ("2.1", "", ""))),
        ("estimate", (("-2.5", "", ""), ("2.5", "", ""))),
        ("estimate", (("0.5", "0.25", ""), ("2.0", "", "4.0"))),
    ],
)
def test_two_directions_of_one_contrast_are_no_conflict(
    tmp_path: Path, stat_name: str, places: tuple[tuple[str, ...], ...]
) -> None:
    for name, ordered in (("one", places), ("other", places[::-1])):
        rows = ways(*ordered, stat_name=stat_name)
        ledger = ledger_of(tmp_path / name, rows)
        assert not conflicts(ledger)
        found = [
            finding
            for finding in ledger.findings
            if finding.check == "printings" and finding.assumptions
        ]
        assert found
        assert all("in opposite directions" in finding.assumptions[0] for finding in found)
        assert {finding.kind for finding in found} == {"support"}
        for finding in found:
            assert {bearing.verdict for bearing in finding.bearings.values()} == {
                Verdict.CONDITIONAL
            }


@pytest.mark.parametrize(
    ("stat_name", "places", "accused"),
    [
        # No direction gives both.
        ("hazard_ratio", (("0.50", "", ""), ("2.10", "", "")), {".point"}),
        ("difference", (("-2.5", "", ""), ("2.7", "", "")), {".point"}),
        # A mean of ages has no direction.
        ("mean", (("-2.5", "", ""), ("2.5", "", "")), {".point"}),
        # The limits are of one direction, so the estimates are.
        ("hazard_ratio", (("0.50", "0.25", "1.00"), ("2.00", "0.25", "1.00")), {".point"}),
        ("hazard_ratio", (("0.50", "0.25", "1.00"), ("0.50", "1.00", "4.00")), {".low", ".high"}),
        # One limit is misprinted, or the estimate.
        ("hazard_ratio", (("0.50", "0.25", "1.00"), ("2.00", "1.00", "4.50")), {".low", ".high"}),
        ("hazard_ratio", (("0.50", "0.25", "1.00"), ("3.00", "1.00", "4.00")), {".point"}),
    ],
)
def test_what_no_direction_gives_is_a_conflict(
    tmp_path: Path, stat_name: str, places: tuple[tuple[str, ...], ...], accused: set[str]
) -> None:
    ledger = ledger_of(tmp_path, ways(*places, stat_name=stat_name))
    found = {row for finding in conflicts(ledger, "printings") for row in finding.claims}
    assert {row[row.rindex(".") :] for row in found} == accused
    assert all(finding.certificate for finding in conflicts(ledger))
    for finding in conflicts(ledger):
        assert ("opposite directions" in finding.statement) is (stat_name != "mean")


def test_the_direction_does_not_help_against_a_third_place(tmp_path: Path) -> None:
    rows = ways(("0.50", "", ""), ("2.00", "", ""), ("0.70", "", ""))
    (finding,) = conflicts(ledger_of(tmp_path, rows))
    assert len(finding.claims) == 3
    assert finding.bearings["results.point"].sentence.endswith("inconsistent with 0.70 in Table 1.")


def test_one_place_may_print_both_directions(tmp_path: Path) -> None:
    rows = ways(("0.50", "0.25", "1.00"), ("2.00", "1.00", "4.00"))
    here = [row | {"location": "results"} for row in rows]
    ledger = ledger_of(tmp_path, here)
    assert not conflicts(ledger)
    assert {finding.assumptions[0] for finding in ledger.findings if finding.assumptions} >= {
        OPPOSITE
    }


@pytest.mark.parametrize(
    ("stat_name", "places", "assumption"),
    [
        ("difference", (("-7.1", "-9.8", "-4.5"), ("-7.1", "-4.5", "-9.8")), OTHER_ORDER),
        ("mean", (("-7.1", "-9.8", "-4.5"), ("-7.1", "-4.5", "-9.8")), OTHER_ORDER),
        (
            "difference",
            (("-7.1", "-9.8", "-4.5"), ("7.1", "9.8", "4.5")),
            f"{OPPOSITE}, and {OTHER_ORDER}",
        ),
        ("hazard_ratio", (("", "0.5", "2.0"), ("", "2.0", "0.5")), OTHER_ORDER),
        ("hazard_ratio", (("0.99", "0.70", "1.40"), ("1.01", "0.71", "1.43")), OPPOSITE),
        (
            "hazard_ratio",
            (("0.50", "0.25", "1.00"), ("1.99", "1.00", "3.85")),
            f"{OPPOSITE}, and round one value differently",
        ),
    ],
)
def test_limits_may_stand_in_the_other_order(
    tmp_path: Path, stat_name: str, places: tuple[tuple[str, ...], ...], assumption: str
) -> None:
    ledger = ledger_of(tmp_path, ways(*places, stat_name=stat_name))
    assert not conflicts(ledger, "printings")
    found = [finding for finding in ledger.findings if finding.check == "printings"]
    assert {finding.assumptions[0] for finding in found if finding.assumptions} == {assumption}


def test_another_rounding_and_the_other_direction_may_both_explain(tmp_path: Path) -> None:
    (finding,) = ledger_of(tmp_path, ways(("1.0", "", ""), ("1.1", "", ""))).findings
    assert "digits cut off in one), or the places compare" in finding.assumptions[0]


def test_the_error_of_a_ratio_is_another_one_in_the_opposite_direction(tmp_path: Path) -> None:
    names = ("", ".std.error")
    ratios = ways(("0.50", "0.18"), ("2.00", "0.72"), names=names)
    assert not conflicts(ledger_of(tmp_path / "ratio", ratios))
    same = ways(("-2.5", "0.4"), ("2.5", "0.4"), stat_name="difference", names=names)
    assert not conflicts(ledger_of(tmp_path / "same", same))
    other = ways(("-2.5", "0.4"), ("2.5", "0.6"), stat_name="difference", names=names)
    assert len(conflicts(ledger_of(tmp_path / "other", other))) == 1


def test_percentiles_of_a_time_may_be_named_in_two_ways(tmp_path: Path) -> None:
    variables = {"os": {"type": "time", "unit": "months"}, "size": {"type": "continuous"}}

    def printed(variable: str, *places: tuple[str, ...]) -> list[dict[str, str]]:
        names = ("p25", "median", "p75")
        return ways(*places, stat_name="", variable=variable, names=names)

    both = (("9.7", "20.1", "40.2"), ("40.2", "20.1", "9.7"))
    ledger = ledger_of(tmp_path / "os", printed("os", *both), variables=variables, populations=ALL)
    assert not conflicts(ledger)
    assert any(
        "still free of the event" in words
        for finding in ledger.findings
        if finding.check == "printings"
        for words in finding.assumptions
    )
    other = (("9.7", "20.1", "40.2"), ("40.2", "20.1", "9.9"))
    assert conflicts(
        ledger_of(tmp_path / "other", printed("os", *other), variables=variables, populations=ALL),
        "printings",
    )
    assert conflicts(
        ledger_of(tmp_path / "size", printed("size", *both), variables=variables, populations=ALL),
        "printings",
    )


def test_a_secondary_source_spoils_no_direction(tmp_path: Path) -> None:
    rows = ways(("0.50", "", ""), ("2.00", "", ""))
    review = rows[0] | {"claim": "review", "location": "review", "printed": "0.70"}
    ledger = ledger_of(tmp_path, [*rows, review])
    assert not conflicts(ledger)
    assert verdict(ledger, "results.point") is Verdict.CONDITIONAL


def test_a_row_of_several_readings_may_be_of_the_other_direction(tmp_path: Path) -> None:
    rows = [
        *ways(("0.50", "", "")),
        *ways(("0.60", "", ""), stat_name="odds_ratio"),
        *ways(("", "", ""), ("2.00", "", "")),
    ]
    rows[1]["claim"], rows[2]["stat_name"] = "odds", "hazard_ratio|odds_ratio"
    ledger = ledger_of(tmp_path / "one", rows)
    assert not conflicts(ledger)
    assert verdict(ledger, "abstract.point") is Verdict.CONDITIONAL
    (finding,) = [one for one in ledger.findings if one.assumptions]
    assert finding.assumptions[0].endswith("hazard ratio in the opposite direction")
    assert conflicts(ledger_of(tmp_path / "none", [*rows[:2], rows[2] | {"printed": "3.00"}]))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.integers(5, 8000), min_size=3, max_size=3, unique=True),
    places=st.lists(
        st.tuples(st.booleans(), st.booleans(), st.integers(1, 3)), min_size=2, max_size=3
    ),
    is_ratio=st.booleans(),
)
def test_no_true_contrast_conflicts_in_any_direction(
    tmp_path_factory: pytest.TempPathFactory,
    values: list[int],
    places: list[tuple[bool, bool, int]],
    is_ratio: bool,
) -> None:
    low, point, high = (Fraction(value, 1000) for value in sorted(values))
    if not is_ratio:
        low, point, high = (value - 3 for value in (low, point, high))
    printed = []
    for turned, crossed, decimals in places:
        ends = (low, high)
        middle = point
        if turned:
            low_, high_ = (1 / high, 1 / low) if is_ratio else (-high, -low)
            ends, middle = (low_, high_), 1 / point if is_ratio else -point
        if crossed:
            ends = ends[::-1]
        printed.append(tuple(f"{float(value):.{decimals}f}" for value in (middle, *ends)))
    stat_name = "hazard_ratio" if is_ratio else "difference"
    ledger = ledger_of(tmp_path_factory.mktemp("true"), ways(*printed, stat_name=stat_name))
    assert not conflicts(ledger)
