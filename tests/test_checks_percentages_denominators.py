"""Percentages of groups that the paper does not name."""

from __future__ import annotations

from pathlib import Path

from checked_studies import POPULATIONS, conflicts, count, ledger_of, share, size, verdict
from percentage_rows import WHOLE, cell, number_of, percentage, verdict_of

from netcore.checks import Verdict


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
    abstract = {"results": {"title": "Results"}, "abstract": {"title": "Abstract"}}
    again = cell("all", "CR", "8", "100.0", location="abstract")
    again += cell("all", "PD", "26", "100.0", location="abstract")
    assert not conflicts(ledger_of(tmp_path / "again", [*WHOLE, *rows, *again], locations=abstract))
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


def test_the_complete_responders_among_the_responders_are_a_part_of_them(tmp_path: Path) -> None:
    populations = POPULATIONS | {"responders": {"of": "all", "where": {"response": "ORR"}}}
    rows = [size("responders", "10"), *cell("responders", "CR", "4", "40")]
    rows += [count("all", "response", "CR", "4")]
    ledger = ledger_of(tmp_path, [*WHOLE, *rows], populations=populations)
    assert not conflicts(ledger)
    assert percentage(ledger).verdict is Verdict.REPRODUCED
