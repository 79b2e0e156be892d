from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checked_studies import (
    POPULATIONS,
    VARIABLES,
    conflicts,
    count,
    ledger_of,
    settled,
    share,
    size,
    verdict,
)

from netcore.checks import Conventions, Verdict
from netcore.ledger import Entry, Ledger

WHOLE = [size("all", "34"), size("group1", "15"), size("group2", "19")]


def cell(
    population: str,
    level: str,
    printed: str,
    percentage: str,
    variable: str = "response",
    **keys: str,
) -> list[dict[str, str]]:
    """Return a count and the percentage beside it."""
    return [
        count(population, variable, level, printed, **keys),
        share(population, variable, level, percentage, **keys),
    ]


def percentage(ledger: Ledger, ending: str = "pct") -> Entry:
    (entry,) = [entry for entry in ledger.entries if entry.claim.claim.endswith(ending)]
    return entry


def number_of(entry: Entry) -> str:
    """Return the recomputed percentage without its sign."""
    return (entry.recomputed or "").removesuffix("%").strip()


def verdict_of(folder: Path, *rows: dict[str, str], ending: str = "pct", **parts: Any) -> Verdict:
    return percentage(ledger_of(folder, [*WHOLE, *rows], **parts), ending).verdict


# n and N are printed


@pytest.mark.parametrize(
    ("number", "printed"), [("5", "33"), ("5", "33.3"), ("5", "33.33"), ("0", "0"), ("15", "100")]
)
def test_a_percentage_of_its_group_is_reproduced(tmp_path: Path, number: str, printed: str) -> None:
    entry = percentage(ledger_of(tmp_path, [*WHOLE, *cell("group1", "CR", number, printed)]))
    assert entry.verdict is Verdict.REPRODUCED
    assert number_of(entry) == printed


def test_a_tie_may_be_rounded_either_way(tmp_path: Path) -> None:
    for printed in ("12", "13"):
        rows = [size("all", "8"), *cell("all", "CR", "1", printed)]
        assert percentage(ledger_of(tmp_path / printed, rows)).verdict is Verdict.REPRODUCED


@pytest.mark.parametrize(
    ("rounding", "number", "fits"),
    [
        ("truncate", "73", True),
        ("truncate", "74", False),
        ("nearest", "73", False),
        ("nearest", "74", True),
        ("ceiling", "74", True),
        ("any", "73", True),
        ("any", "74", True),
    ],
)
def test_the_chosen_rounding_decides(
    tmp_path: Path, rounding: str, number: str, fits: bool
) -> None:
    rows = [size("all", "34"), *cell("all", "CR", "25", number), *cell("all", "PD", "9", "26")]
    ledger = ledger_of(tmp_path, rows, Conventions(rounding))
    held = percentage(ledger, "CR.pct").verdict is Verdict.REPRODUCED
    assert held is fits


def test_a_count_that_no_denominator_makes_this_percentage_conflicts(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [*WHOLE, *cell("all", "CR", "25", "75.9")])
    (finding,) = conflicts(ledger)
    assert {"results.all.response.CR.pct", "results.all.response.CR.n"} <= set(finding.claims)
    assert number_of(percentage(ledger)) == "73.5"
    assert "75.9 %" in finding.statement
    assert finding.certificate is not None


def test_more_than_everybody_conflicts(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, *cell("all", "CR", "5", "150")) is Verdict.INCONSISTENT


# Latent denominators


def test_a_percentage_of_the_whole_cohort_is_conditional(tmp_path: Path) -> None:
    entry = percentage(ledger_of(tmp_path, [*WHOLE, *cell("group1", "CR", "5", "14.7")]))
    assert entry.verdict is Verdict.CONDITIONAL
    assert "34" in entry.assumptions[0]


def test_a_group_that_contains_the_row_need_not_be_named_as_its_parent(tmp_path: Path) -> None:
    populations = POPULATIONS | {"early1": {"of": "all", "where": {"group": "1", "stage": "early"}}}
    rows = [
        size("early1", "8"),
        *cell("early1", "CR", "3", "20.0"),
        *cell("early1", "PD", "5", "33.3"),
    ]
    rows += [*cell("all", "CR", "10", "29.4"), *cell("all", "PD", "24", "70.6")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert not conflicts(ledger)
    entry = percentage(ledger, "early1.response.CR.pct")  # 3 of the 15 of group 1
    assert entry.verdict is Verdict.CONDITIONAL
    assert "15" in entry.assumptions[0]


def test_a_row_percentage_is_conditional(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "62.5"), *cell("group2", "CR", "3", "37.5")]
    rows += [*cell("group1", "PR", "10", "58.8"), *cell("group2", "PR", "7", "41.2")]
    rows += [*cell("group1", "SD", "0", "0.0"), *cell("group2", "SD", "9", "100.0")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert verdict(ledger, "results.group1.response.CR.pct") is Verdict.CONDITIONAL
    assert "8" in percentage(ledger, "group1.response.CR.pct").assumptions[0]


def test_a_column_of_totals_beside_row_percentages_may_say_100(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "62.5"), *cell("group2", "CR", "3", "37.5")]
    rows += [*cell("all", "CR", "8", "100.0"), *cell("all", "PD", "26", "100.0")]
    assert not conflicts(ledger_of(tmp_path / "parts", [*WHOLE, *rows]))
    assert conflicts(ledger_of(tmp_path / "no parts", [*WHOLE, *rows[4:]]))
    wrong = [*rows[:4], *cell("all", "CR", "8", "99.0"), *cell("all", "PD", "26", "100.0")]
    assert conflicts(ledger_of(tmp_path / "99", [*WHOLE, *wrong]))


def test_a_row_percentage_may_run_over_two_ways_of_grouping(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "early1": {"of": "group1", "where": {"stage": "early"}},
        "late1": {"of": "group1", "where": {"stage": "late"}},
        "early2": {"of": "group2", "where": {"stage": "early"}},
        "late2": {"of": "group2", "where": {"stage": "late"}},
    }
    rows = [size("early1", "8"), size("late1", "7"), size("early2", "9"), size("late2", "10")]
    complete = {"early1": ("6", "50.0"), "late1": ("1", "8.3"), "early2": ("2", "16.7")}
    complete["late2"] = ("3", "25.0")  # of the 12 in all who responded
    progressed = {"early1": ("2", "9.1"), "late1": ("6", "27.3"), "early2": ("7", "31.8")}
    progressed["late2"] = ("7", "31.8")  # of the 22 who did not; nobody is missing
    for population in complete:
        rows += cell(population, "CR", *complete[population])
        rows += cell(population, "PD", *progressed[population])
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert not conflicts(ledger)
    assert verdict(ledger, "results.early1.response.CR.pct") is Verdict.CONDITIONAL


def test_a_row_percentage_may_be_of_the_variable_that_defines_the_column(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "early1": {"of": "group1", "where": {"stage": "early"}},
        "early2": {"of": "group2", "where": {"stage": "early"}},
    }
    rows = [size("early1", "3"), size("early2", "9")]
    rows += [
        *cell("early1", "early", "3", "25.0", "stage"),
        *cell("early2", "early", "9", "75.0", "stage"),
    ]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert not conflicts(ledger)  # of the 12 who are early


def test_fewer_evaluable_patients_make_it_conditional(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "42"), *cell("group1", "PR", "3", "25")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    entry = percentage(ledger, "CR.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert "12" in entry.assumptions[0]


def test_nobody_is_missing_where_the_levels_add_up_to_everybody(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "14", "45"),
        *cell("all", "PR", "12", "35"),
        *cell("all", "PD", "8", "24"),
    ]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    (finding,) = conflicts(ledger)
    assert "34" in finding.statement
    assert percentage(ledger, "CR.pct").verdict is Verdict.INCONSISTENT
    assert number_of(percentage(ledger, "CR.pct")) == "41"
    # the same count with one level unprinted may be 14 of 31 observed
    assert not conflicts(ledger_of(tmp_path / "fewer", [*WHOLE, *rows[:4]]))


def test_a_level_without_a_percentage_may_be_outside_the_denominator(tmp_path: Path) -> None:
    rows = [*cell("all", "CR", "14", "45"), *cell("all", "PR", "17", "55")]
    rows.append(count("all", "response", "PD", "3"))
    assert verdict_of(tmp_path, *rows, ending="CR.pct") is Verdict.CONDITIONAL


def test_a_level_that_means_unknown_may_be_outside_the_denominator(tmp_path: Path) -> None:
    rows = [*cell("all", "early", "14", "45", "stage"), *cell("all", "late", "17", "55", "stage")]
    rows += cell("all", "unknown", "3", "9", "stage")
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert percentage(ledger, "early.pct").verdict is Verdict.CONDITIONAL
    assert percentage(ledger, "unknown.pct").verdict is Verdict.REPRODUCED


def test_overlapping_ways_of_grouping_do_not_add_up_to_the_number_observed(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "early": {"of": "all", "where": {"stage": "early"}},
        "late": {"of": "all", "where": {"stage": "late"}},
    }
    # 22 of the 34 were assessed, once by group and once by stage; percentages are of the 22
    complete = {
        "group1": ("4", "18"),
        "group2": ("5", "23"),
        "early": ("3", "14"),
        "late": ("6", "27"),
    }
    progressed = {"group1": ("6", "27"), "group2": ("7", "32"), "early": ("8", "36")}
    progressed["late"] = ("5", "23")
    rows = [size("early", "20"), size("late", "14")]
    for population in complete:
        rows += cell(population, "CR", *complete[population])
        rows += cell(population, "PD", *progressed[population])
    assert not conflicts(ledger_of(tmp_path, [*WHOLE, *rows], populations=populations))


def test_a_stated_denominator_is_the_only_one(tmp_path: Path) -> None:
    said = {"denominator": "group1"}
    good = [count("group1", "response", "CR", "5"), share("group1", "response", "CR", "33", **said)]
    assert verdict_of(tmp_path / "good", *good) is Verdict.REPRODUCED
    bad = [count("group1", "response", "CR", "5"), share("group1", "response", "CR", "15", **said)]
    assert verdict_of(tmp_path / "bad", *bad) is Verdict.INCONSISTENT
    other = [
        count("group1", "response", "CR", "5"),
        share("group1", "response", "CR", "15", denominator="all"),
    ]
    assert verdict_of(tmp_path / "all", *other) is Verdict.REPRODUCED


def test_a_group_of_unprinted_size_may_have_any_that_the_counts_allow(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        *cell("group1", "CR", "5", "33"),
        count("group2", "response", "CR", "7"),
    ]
    ledger = ledger_of(tmp_path, rows)
    entry = percentage(ledger)
    # group 1 may be 15, but nothing says so: it holds, and is not recomputed
    assert entry.verdict is Verdict.POSSIBLE


def test_nothing_convicts_where_no_size_is_printed(tmp_path: Path) -> None:
    for printed in ("33", "1", "0.1"):  # 5 of 15, of 500, of 5000
        rows = [*cell("group1", "CR", "5", printed), count("group2", "response", "CR", "7")]
        ledger = ledger_of(tmp_path / printed, rows)
        assert percentage(ledger).verdict is Verdict.POSSIBLE


def test_a_cohort_of_unprinted_size_may_be_the_denominator(tmp_path: Path) -> None:
    variables = VARIABLES | {"group": {"type": "categorical", "levels": ["1", "2"]}}
    rows = [size("group1", "15"), *cell("group1", "CR", "5", "15")]
    ledger = ledger_of(tmp_path, rows, variables=variables)
    assert percentage(ledger).verdict is Verdict.CONDITIONAL


def test_a_percentage_alone_is_unconstrained(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [share("group1", "response", "CR", "33")])
    assert percentage(ledger).verdict is Verdict.UNCONSTRAINED


def test_of_nobody_a_percentage_says_nothing(tmp_path: Path) -> None:
    rows = [size("all", "0"), *cell("all", "CR", "0", "0")]
    assert not conflicts(ledger_of(tmp_path, rows))


def test_a_wrong_size_is_bound_if_no_other_count_gives_it(tmp_path: Path) -> None:
    # 5 is 31 % of 16; the counts of group 1 add up to 15, and one patient more would be in it
    variables = VARIABLES | {"group": {"type": "categorical", "levels": ["1", "2"]}}
    rows = [size("all", "34"), size("group1", "15")]
    rows += [*cell("group1", "CR", "5", "31.2"), *cell("group1", "PD", "10", "66.7")]
    rows += [*cell("all", "CR", "20", "58.8"), *cell("all", "PD", "13", "38.2")]
    ledger = ledger_of(tmp_path, rows, variables=variables)
    (finding,) = conflicts(ledger)
    assert "results.group1.N" in finding.claims
    assert any(
        repair.claims == ("results.group1.N",) and repair.change.startswith("16")
        for repair in finding.repairs
    )


def test_a_size_that_other_counts_give_stands(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "31.2"), *cell("group1", "PD", "10", "66.7")]
    rows += [*cell("all", "CR", "20", "58.8"), *cell("all", "PD", "14", "41.2")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert len(conflicts(ledger)) == 1
    for name in ("all", "group1", "group2"):
        assert verdict(ledger, f"results.{name}.N") is Verdict.REPRODUCED


# Coarse rounding


def test_a_table_to_the_nearest_5_is_conditional(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "75"),
        *cell("all", "PR", "7", "20"),
        *cell("all", "PD", "2", "5"),
    ]
    ledger = ledger_of(tmp_path, [size("all", "34"), *rows])
    entry = percentage(ledger, "CR.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert "nearest 5" in entry.assumptions[0]
    assert number_of(entry) == "75"


def test_a_table_to_the_nearest_10_is_conditional(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "70"),
        *cell("all", "PR", "7", "20"),
        *cell("all", "PD", "2", "10"),
    ]
    entry = percentage(ledger_of(tmp_path, [size("all", "34"), *rows]), "PD.pct")
    assert entry.verdict is Verdict.CONDITIONAL
    assert "nearest 10" in entry.assumptions[0]


def test_one_other_percentage_in_the_place_refutes_coarse_rounding(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "25", "75"),
        *cell("all", "PR", "7", "21"),
        *cell("all", "PD", "2", "5"),
    ]
    ledger = ledger_of(tmp_path / "same", [size("all", "34"), *rows])
    assert percentage(ledger, "CR.pct").verdict is Verdict.INCONSISTENT
    elsewhere = [
        *rows[:2],
        *rows[4:],
        *cell("all", "early", "7", "21", "stage", location="abstract"),
    ]
    ledger = ledger_of(tmp_path / "elsewhere", [size("all", "34"), *elsewhere])
    assert percentage(ledger, "CR.pct").verdict is Verdict.CONDITIONAL


# Only N is printed


def test_a_percentage_of_some_whole_number_is_possible(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, share("all", "response", "CR", "29")) is Verdict.POSSIBLE


def test_a_percentage_of_no_whole_number_is_conditional(tmp_path: Path) -> None:
    # 30 % of 34 is nobody's number; 10 of 33 is 30.3 %
    assert verdict_of(tmp_path, share("all", "response", "CR", "30.3")) is Verdict.CONDITIONAL


def test_a_percentage_of_no_whole_number_out_of_any_is_inconsistent(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "8"), share("all", "response", "CR", "15.8")])
    assert percentage(ledger).verdict is Verdict.INCONSISTENT
    assert verdict(ledger, "results.all.N") is Verdict.INCONSISTENT


def test_a_percentage_that_cannot_miss_is_unconstrained(tmp_path: Path) -> None:
    rows = [size("all", "142"), share("all", "response", "CR", "37")]
    assert percentage(ledger_of(tmp_path / "whole", rows)).verdict is Verdict.UNCONSTRAINED
    rows = [size("all", "142"), share("all", "response", "CR", "37.3")]
    assert percentage(ledger_of(tmp_path / "tenths", rows)).verdict is Verdict.POSSIBLE


# Vague values


@pytest.mark.parametrize("printed", ["~30", "20-25", "<25", ">20"])
def test_a_vague_percentage_holds_but_is_not_recomputed(tmp_path: Path, printed: str) -> None:
    rows = cell("all", "CR", "8", printed)  # 23.5 %
    assert verdict_of(tmp_path, *rows) is Verdict.POSSIBLE


@pytest.mark.parametrize("printed", ["25-30", "<5", ">60"])
def test_a_vague_percentage_can_be_refuted(tmp_path: Path, printed: str) -> None:
    rows = cell("all", "CR", "8", printed, denominator="all")
    rows[0].pop("denominator")
    assert verdict_of(tmp_path, *rows) is Verdict.INCONSISTENT


def test_all_and_none_are_percentages(tmp_path: Path) -> None:
    for printed, number in (("all", "34"), ("none", "0")):
        ledger = ledger_of(tmp_path / printed, [*WHOLE, *cell("all", "CR", number, printed)])
        assert not conflicts(ledger)
        assert percentage(ledger).verdict is Verdict.POSSIBLE
    rows = [*cell("all", "CR", "30", "all"), *cell("all", "PD", "4", "12")]
    assert conflicts(ledger_of(tmp_path / "wrong", [*WHOLE, *rows]))


def test_a_count_printed_as_none_is_a_count(tmp_path: Path) -> None:
    assert verdict_of(tmp_path / "0", *cell("all", "CR", "none", "0")) is Verdict.REPRODUCED
    assert verdict_of(tmp_path / "5", *cell("all", "CR", "none", "5")) is Verdict.INCONSISTENT


def test_a_vague_count_leaves_the_number_open(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, *cell("all", "CR", "<5", "29")) is not Verdict.INCONSISTENT


# Unions, overlapping levels, times, kinds of unit


def test_the_rate_of_a_union_is_reproduced(tmp_path: Path) -> None:
    rows = [*cell("group1", "ORR", "6", "40"), *cell("group1", "DCR", "11", "73")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert percentage(ledger, "ORR.pct").verdict is Verdict.REPRODUCED
    assert percentage(ledger, "DCR.pct").verdict is Verdict.REPRODUCED


def test_a_union_does_not_add_to_the_number_observed(tmp_path: Path) -> None:
    # 12 of 15 assessed; CR 2, PR 4, so ORR 6 and the rest SD 6
    rows = [*cell("group1", "CR", "2", "17"), *cell("group1", "PR", "4", "33")]
    rows += [*cell("group1", "ORR", "6", "50"), *cell("group1", "SD", "6", "50")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert percentage(ledger, "ORR.pct").verdict is Verdict.CONDITIONAL


def test_levels_that_overlap_do_not_add_up(tmp_path: Path) -> None:
    rows = [*cell("all", "pain", "24", "77", "event"), *cell("all", "fever", "20", "65", "event")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])  # 31 of 34 asked
    assert not conflicts(ledger)
    assert percentage(ledger, "pain.pct").verdict is Verdict.CONDITIONAL


def test_times_have_counts_of_their_own(tmp_path: Path) -> None:
    rows = [
        *cell("group1", "CR", "5", "33", at="8 weeks"),
        *cell("group1", "CR", "9", "60", at="24 weeks"),
    ]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert [entry.verdict for entry in ledger.entries if entry.claim.stat_name == "pct"] == [
        Verdict.REPRODUCED
    ] * 2


def test_a_population_may_be_defined_at_a_time(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "responders": {"of": "all", "where": {"response": "ORR"}, "at": "8 weeks"}
    }
    rows = [size("responders", "10"), *cell("responders", "late", "4", "40", "stage")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert percentage(ledger).verdict is Verdict.REPRODUCED


def test_the_complete_responders_among_the_responders_are_a_part_of_them(tmp_path: Path) -> None:
    populations = POPULATIONS | {"responders": {"of": "all", "where": {"response": "ORR"}}}
    rows = [size("responders", "10"), *cell("responders", "CR", "4", "40")]
    rows += [count("all", "response", "CR", "4")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert not conflicts(ledger)
    assert percentage(ledger).verdict is Verdict.REPRODUCED


AMBIGUOUS = {
    "all": {"units": "patients"},
    "procedures": {"units": "procedures", "per": "all"},
}


def ambiguous(folder: Path, printed: str, *rows: dict[str, str]) -> Ledger:
    row = share("all|procedures", "response", "CR", printed)
    sizes = [size("all", "8"), size("procedures", "9")]
    variables = {"response": VARIABLES["response"]}
    return ledger_of(folder, [*sizes, row, *rows], populations=AMBIGUOUS, variables=variables)


def test_a_percentage_of_either_of_two_units_needs_one_that_fits(tmp_path: Path) -> None:
    for printed in ("12.5", "11.1"):
        ledger = ambiguous(tmp_path / printed, printed)
        assert percentage(ledger).verdict is Verdict.CONDITIONAL
    ledger = ambiguous(tmp_path / "neither", "15.8")
    assert percentage(ledger).verdict is Verdict.INCONSISTENT


def test_a_reading_that_cannot_be_checked_cannot_be_refuted(tmp_path: Path) -> None:
    populations = POPULATIONS | {"case": {"of": "all", "size": 1}}
    row = share("all|case", "response", "CR", "15.8")
    ledger = ledger_of(tmp_path, [size("all", "8"), row], populations=populations)
    assert not conflicts(ledger)


def test_procedures_have_a_number_of_their_own(tmp_path: Path) -> None:
    rows = [size("all", "34"), size("procedures", "52"), *cell("procedures", "CR", "13", "25")]
    variables = {"response": VARIABLES["response"]}
    ledger = ledger_of(tmp_path, rows, populations=AMBIGUOUS, variables=variables)
    assert percentage(ledger).verdict is Verdict.REPRODUCED


def test_a_secondary_source_neither_convicts_nor_bounds(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "5", "14.7"),
        share("all", "response", "CR", "99", location="review"),
    ]
    rows += cell("all", "PD", "40", "90", location="review")
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert not conflicts(ledger)
    assert "inconsistent" not in settled(ledger).values()
    assert verdict(ledger, "results.all.response.CR.pct") is Verdict.REPRODUCED


def test_a_quoted_percentage_is_not_checked(tmp_path: Path) -> None:
    rows = [
        count("all", "response", "CR", "5"),
        share("all", "response", "CR", "99", cites="smith2019"),
    ]
    assert verdict_of(tmp_path, *rows) is Verdict.UNCONSTRAINED


def test_a_conflict_in_one_row_leaves_the_others_alone(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "33"), *cell("group2", "CR", "5", "99")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    assert len(conflicts(ledger)) == 1
    assert verdict(ledger, "results.group1.response.CR.pct") is Verdict.REPRODUCED
    assert verdict(ledger, "results.group1.response.CR.n") is not Verdict.INCONSISTENT
    assert verdict(ledger, "results.group2.response.CR.n") is Verdict.INCONSISTENT


def test_a_conflict_offers_the_repairs_that_would_mend_it(tmp_path: Path) -> None:
    rows = [
        *cell("all", "CR", "14", "45"),
        *cell("all", "PR", "12", "35"),
        *cell("all", "PD", "8", "24"),
    ]
    (finding,) = conflicts(ledger_of(tmp_path, [size("all", "34"), *rows]))
    changes = [repair.change for repair in finding.repairs]
    assert any(change.startswith("41 %") for change in changes)
    assert any("31" in change for change in changes)
    # each repair that names a value, planted, does away with the conflict
    mended = [*cell("all", "CR", "14", "41"), *rows[2:]]
    assert not conflicts(ledger_of(tmp_path / "mended", [size("all", "34"), *mended]))


def test_one_denominator_for_a_row_of_percentages_is_only_a_note(tmp_path: Path) -> None:
    rows = [*cell("group1", "CR", "5", "33"), *cell("group2", "CR", "5", "15")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows])
    (note,) = [finding for finding in ledger.findings if finding.check == "percentages-together"]
    assert note.kind == "note"
    assert not note.bearings
