from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from checked_studies import (
    POPULATIONS,
    VARIABLES,
    conflicts,
    count,
    ledger_of,
    settled,
    size,
    study_of,
    verdict,
)

from netcore.checks import Finding, Verdict
from netcore.checks.count_systems import Factor, deal_units
from netcore.checks.estimands import Cell, cell_of, readings
from netcore.checks.parts_and_wholes import CellRange, analyse_counts, are_exclusive
from netcore.ledger import Ledger
from netcore.study import Condition, Study

CHECK = "parts-and-wholes"
GROUPS = [size("all", "34"), size("group1", "15"), size("group2", "19")]


def entry_range(ledger: Ledger, claim: str) -> str:
    found = next(entry for entry in ledger.entries if entry.claim.claim == claim)
    assert found.attainable is not None
    return "; ".join(str(interval) for interval in found.attainable)


# What must pass


@pytest.mark.parametrize(
    "rows",
    [
        GROUPS,
        [*GROUPS, count("group1", "response", "CR", "15")],
        [*GROUPS, count("group1", "response", "CR", "5"), count("group1", "response", "PR", "10")],
        [*GROUPS, count("group1", "response", "CR", "none"), count("all", "response", "CR", "19")],
        [*GROUPS, count("group1", "response", "CR", "all"), count("all", "response", "CR", "34")],
        # levels that overlap have no sums
        [*GROUPS, count("all", "event", "pain", "30"), count("all", "event", "fever", "30")],
        # other times are other numbers
        [
            *GROUPS,
            *(count("all", "response", "CR", n, at=f"{n} weeks") for n in ("8", "24", "30")),
        ],
        # without a size there is no whole
        [count("all", "response", "CR", "30"), count("all", "response", "PR", "30")],
        # bounds
        [
            size("all", "20"),
            count("all", "response", "CR", "<5"),
            count("all", "response", "PR", ">14"),
        ],
        [size("all", "~20"), count("all", "response", "CR", "25")],
    ],
)
def test_counts_that_patients_can_have_hold_together(
    tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert "inconsistent" not in settled(ledger).values()


def test_a_patient_may_have_changed_level_between_two_times(tmp_path: Path) -> None:
    populations = POPULATIONS | {
        "responders": {"of": "all", "where": {"response": "CR"}, "at": "8 weeks"}
    }
    rows = [size("all", "20"), size("responders", "9")]
    rows += [count("responders", "response", "PD", "9", at="24 weeks")]
    assert not conflicts(ledger_of(tmp_path, rows, populations=populations))


def test_incomplete_levels_need_not_add_up(tmp_path: Path) -> None:
    rows = [
        size("all", "20"),
        count("all", "response", "CR", "4"),
        count("all", "response", "PR", "5"),
    ]
    assert not conflicts(ledger_of(tmp_path, rows))


# What must conflict


def conflict_of(folder: Path, rows: Sequence[dict[str, str]], **parts: Any) -> Finding:
    (finding,) = conflicts(ledger_of(folder, rows, **parts))
    assert finding.check == CHECK
    assert finding.certificate is not None
    return finding


def test_more_responders_than_members_conflict(tmp_path: Path) -> None:
    finding = conflict_of(tmp_path, [size("group1", "15"), count("group1", "response", "CR", "16")])
    assert set(finding.claims) == {"results.group1.N", "results.group1.response.CR.n"}
    assert "16 is more than 15" in finding.statement


def test_exclusive_levels_beyond_their_whole_conflict(tmp_path: Path) -> None:
    rows = [
        *GROUPS,
        count("group2", "response", "PR", "12"),
        count("group2", "response", "SD", "10"),
    ]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert finding.certificate is not None
    assert "12 + 10 = 22 is more than 19" in finding.statement
    # 19 stands without its row, as 34 - 15 does without the others
    assert finding.held_by_others == ("results.group2.N",)
    assert verdict(ledger, "results.group2.N") is Verdict.REPRODUCED
    assert verdict(ledger, "results.group2.response.PR.n") is Verdict.INCONSISTENT
    assert {repair.claims for repair in finding.repairs} == {
        ("results.group2.response.PR.n",),
        ("results.group2.response.SD.n",),
    }
    assert entry_range(ledger, "results.group2.response.PR.n") == "[0, 9]"
    assert entry_range(ledger, "results.group2.response.SD.n") == "[0, 7]"


def test_complete_levels_must_add_up(tmp_path: Path) -> None:
    rows = [size("all", "33"), size("group1", "15"), size("group2", "19")]
    finding = conflict_of(tmp_path, rows)
    assert len(finding.claims) == 3
    assert {repair.change.split()[-1] for repair in finding.repairs} == {"33", "15", "19"}


def test_a_part_of_a_part_is_a_part(tmp_path: Path) -> None:
    populations = POPULATIONS | {"late1": {"of": "group1", "where": {"stage": "late"}}}
    rows = [size("group1", "15"), size("late1", "16")]
    conflict_of(tmp_path / "size", rows, populations=populations)
    rows = [size("group1", "15"), count("late1", "response", "CR", "16")]
    conflict_of(tmp_path / "count", rows, populations=populations)


def test_all_and_none_are_counts(tmp_path: Path) -> None:
    rows = [size("group1", "15"), count("group1", "response", "CR", "all")]
    conflict_of(tmp_path / "all", [*rows, count("all", "response", "CR", "14")])
    rows = [count("all", "response", "CR", "none"), count("group1", "response", "CR", "1")]
    conflict_of(tmp_path / "none", rows)


def test_a_union_has_what_its_levels_have(tmp_path: Path) -> None:
    rows = [
        count("all", "response", name, n) for name, n in (("CR", "2"), ("PR", "5"), ("ORR", "8"))
    ]
    conflict_of(tmp_path / "sum", rows)
    rows = [count("all", "response", "ORR", "8"), count("all", "response", "DCR", "7")]
    conflict_of(tmp_path / "within", rows)


def test_a_level_within_another_is_no_larger(tmp_path: Path) -> None:
    variables = {
        "mark": {
            "type": "multi",
            "levels": ["1y", "5y"],
            "within": {"5y": "1y"},
            "title": "Survival",
        }
    }
    parts: dict[str, Any] = {
        "variables": variables,
        "populations": {"all": {"units": "patients"}},
    }
    rows = [count("all", "mark", "1y", "9"), count("all", "mark", "5y", "10")]
    conflict_of(tmp_path / "more", rows, **parts)
    rows = [count("all", "mark", "1y", "9"), count("all", "mark", "5y", "9")]
    assert not conflicts(ledger_of(tmp_path / "same", rows, **parts))


def test_more_of_one_event_than_of_any_conflict(tmp_path: Path) -> None:
    conflict_of(tmp_path, [count("all", "event", "", "3"), count("all", "event", "pain", "4")])


def test_bounded_counts_can_conflict(tmp_path: Path) -> None:
    rows = [
        size("all", "20"),
        count("all", "response", "CR", "<5"),
        count("all", "response", "PR", ">14"),
    ]
    assert not conflicts(ledger_of(tmp_path / "can", rows))
    variables = VARIABLES | {
        "response": {"type": "categorical", "levels": ["CR", "PR"], "complete": True}
    }
    rows = [
        size("all", "25"),
        count("all", "response", "CR", "<5"),
        count("all", "response", "PR", "<19"),
    ]
    conflict_of(tmp_path / "cannot", rows, variables=variables)


def test_a_conflict_may_need_two_variables(tmp_path: Path) -> None:
    # Of 10, 8 are in group 1 and 7 respond, so at least 5 of group 1 do.
    rows = [size("all", "10"), size("group1", "8"), count("all", "response", "CR", "7")]
    assert not conflicts(ledger_of(tmp_path / "5", [*rows, count("group1", "response", "CR", "5")]))
    conflict_of(tmp_path / "4", [*rows, count("group1", "response", "CR", "4")])


def test_a_count_of_members_of_another_group_conflicts_alone(tmp_path: Path) -> None:
    finding = conflict_of(tmp_path, [size("all", "34"), count("group1", "group", "2", "3")])
    assert finding.claims == ("results.group1.group.2.n",)
    nobody = [size("all", "34"), count("group1", "group", "2", "0")]
    assert not conflicts(ledger_of(tmp_path / "nobody", nobody))


def test_everything_in_dispute_leaves_no_support(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "10"), count("all", "response", "CR", "12")])
    assert [finding.kind for finding in ledger.findings] == ["conflict"]
    assert set(settled(ledger).values()) == {"inconsistent"}


# One finding for what one repair mends


def test_two_printings_that_differ_are_told_once(tmp_path: Path) -> None:
    rows = [*GROUPS, count("all", "group", "1", "16", location="table")]
    ledger = ledger_of(tmp_path, rows)
    assert [finding.check for finding in conflicts(ledger)] == ["printings"]
    assert verdict(ledger, "results.all.N") is not Verdict.INCONSISTENT


def test_conflicts_that_one_repair_mends_are_one_finding(tmp_path: Path) -> None:
    # 18 in group 1 is too many beside 15, and beside the 17 of all
    rows = [*GROUPS, count("group1", "response", "CR", "18"), count("all", "response", "CR", "17")]
    ledger = ledger_of(tmp_path, rows)
    (finding,) = conflicts(ledger)
    assert "results.group1.response.CR.n" in {
        name for repair in finding.repairs for name in repair.claims
    }


def test_conflicts_without_a_common_repair_are_findings_of_their_own(tmp_path: Path) -> None:
    rows = [
        *GROUPS,
        count("group1", "response", "CR", "16"),
        count("group2", "response", "CR", "20"),
    ]
    ledger = ledger_of(tmp_path, rows)
    found = conflicts(ledger)
    assert len(found) == 2
    assert len({finding.id for finding in ledger.findings}) == len(ledger.findings)


@pytest.mark.parametrize("change", range(3))
def test_each_repair_mends_the_conflict(tmp_path: Path, change: int) -> None:
    rows = [size("all", "33"), size("group1", "15"), size("group2", "19")]
    (finding,) = conflicts(ledger_of(tmp_path / "before", rows))
    repair = finding.repairs[change]
    number = repair.change.rpartition(": ")[2].split()[0]
    mended = [
        row | {"printed": number} if f"results.{row['population']}.N" in repair.claims else row
        for row in rows
    ]
    assert not conflicts(ledger_of(tmp_path / "after", mended))


# What holds: recomputed, or possible with a range


def test_a_sum_of_groups_is_reproduced(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, GROUPS)
    assert set(settled(ledger).values()) == {"reproduced"}
    found = ledger.entry("paper1", "results.all.N")
    assert found.recomputed == "34"
    assert "15" in found.evidence
    assert "19" in found.evidence


def test_a_count_that_others_only_bound_is_possible_with_its_range(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [*GROUPS, count("group1", "response", "CR", "5")])
    assert verdict(ledger, "results.group1.response.CR.n") is Verdict.POSSIBLE
    assert entry_range(ledger, "results.group1.response.CR.n") == "[0, 15]"


def test_the_least_that_fits_is_not_recomputed(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        count("group1", "response", "CR", "5"),
        count("all", "response", "CR", "5"),
    ]
    ledger = ledger_of(tmp_path, rows)
    for claim in ("results.all.response.CR.n", "results.group1.response.CR.n"):
        assert verdict(ledger, claim) is Verdict.POSSIBLE
    assert entry_range(ledger, "results.all.response.CR.n") == "[5, 34]"
    assert entry_range(ledger, "results.group1.response.CR.n") == "[0, 5]"


def test_a_size_without_an_upper_bound_says_so(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34"), count("all", "response", "CR", "5")])
    assert entry_range(ledger, "results.all.N") == "[5, inf)"


def test_a_count_on_which_nothing_bears_is_unconstrained(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34")])
    assert verdict(ledger, "results.all.N") is Verdict.UNCONSTRAINED


def test_a_repeated_count_is_no_recomputation(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [size("all", "34"), size("all", "34", location="abstract")])
    assert set(settled(ledger).values()) == {"unconstrained"}


# Rows with several readings

PROCEDURES = {"all": {"units": "patients"}, "procedures": {"units": "procedures", "per": "all"}}


def test_a_row_that_fits_one_reading_is_possible(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        size("procedures", "52"),
        count("all|procedures", "event", "pain", "40"),
    ]
    parts = {"populations": PROCEDURES, "variables": {"event": VARIABLES["event"]}}
    ledger = ledger_of(tmp_path, rows, **parts)
    assert not conflicts(ledger)
    name = "results.all-or-procedures.event.pain.n"
    assert verdict(ledger, name) is Verdict.POSSIBLE


def test_a_row_that_fits_no_reading_conflicts(tmp_path: Path) -> None:
    rows = [*GROUPS, count("group1|group2", "response", "CR", "20")]
    ledger = ledger_of(tmp_path, rows)
    assert len(conflicts(ledger)) == 1
    assert verdict(ledger, "results.group1-or-group2.response.CR.n") is Verdict.INCONSISTENT
    assert not conflicts(
        ledger_of(tmp_path / "fits", [*GROUPS, count("group1|group2", "response", "CR", "19")])
    )


def test_rows_that_leave_the_same_open_are_read_alike(tmp_path: Path) -> None:
    # Each fits group 2, and both together fit neither group.
    rows = [
        *GROUPS,
        count("group1|group2", "response", "CR", "10"),
        count("group1|group2", "response", "PR", "10"),
    ]
    (finding,) = conflicts(ledger_of(tmp_path, rows))
    assert set(finding.claims) >= {
        "results.group1-or-group2.response.CR.n",
        "results.group1-or-group2.response.PR.n",
    }


def test_secondary_counts_convict_nobody(tmp_path: Path) -> None:
    rows = [size("all", "34"), count("all", "response", "CR", "40", location="review")]
    rows.append(count("all|group1", "response", "CR", "41", location="review"))
    ledger = ledger_of(tmp_path, rows)
    assert not conflicts(ledger)
    assert "inconsistent" not in settled(ledger).values()


def test_undecided_counts_are_open(tmp_path: Path) -> None:
    variables = {
        f"v{n}": {"type": "categorical", "levels": [f"l{number}" for number in range(20)]}
        for n in range(3)
    }
    populations = {
        "all": {"units": "patients"},
        "part": {"of": "all", "where": dict.fromkeys(variables, "l0")},
    }
    rows = [size("all", "9"), size("part", "12")]
    ledger = ledger_of(tmp_path, rows, variables=variables, populations=populations)
    assert [finding.kind for finding in ledger.findings] == ["note"]
    assert set(settled(ledger).values()) == {"open"}


def test_a_range_of_a_cell_reads_as_prose() -> None:
    assert str(CellRange(3, 3, True)) == "3"
    assert str(CellRange(0, 9, True)) == "0 to 9"
    assert str(CellRange(5, None, True)) == "5 or more"
    assert str(CellRange(5, None, True).interval) == "[5, inf)"


def test_exclusive_cells_differ_in_a_level_of_one_variable(tmp_path: Path) -> None:
    study = study_of(tmp_path, GROUPS)

    def cell(**levels: str) -> Cell:
        return Cell("all", frozenset(Condition(name, "", level) for name, level in levels.items()))

    assert are_exclusive(study, cell(group="1"), cell(group="2", response="CR"))
    assert are_exclusive(study, cell(response="ORR"), cell(response="SD"))
    assert not are_exclusive(study, cell(response="ORR"), cell(response="CR"))
    assert not are_exclusive(study, cell(group="1"), cell(response="CR"))
    assert not are_exclusive(study, cell(event="pain"), cell(event="fever"))


# Against all tables of patients that there are

SMALL = {
    "a": {"type": "categorical", "levels": ["0", "1"], "complete": True},
    "b": {"type": "categorical", "levels": ["0", "1"]},
}
SMALL_POPULATIONS = {
    "all": {"units": "patients"},
    "a0": {"of": "all", "where": {"a": "0"}},
    "b1": {"of": "all", "where": {"b": "1"}},
}
LEVELS = {"a": ("0", "1"), "b": ("0", "1", "")}
MOST_PATIENTS = 7


def tables() -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield every table of up to seven patients with a level of each variable."""
    kinds = list(product(*LEVELS.values()))
    for number in range(MOST_PATIENTS + 1):
        yield from combinations_with_replacement(kinds, number)


TABLES = list(tables())


def number_in(table: Sequence[tuple[str, ...]], cell: Cell) -> int:
    places = list(LEVELS)
    return sum(
        all(patient[places.index(held.variable)] == held.level for held in cell.conditions)
        for patient in table
    )


def small_claims(random: Random) -> list[dict[str, str]]:
    """Return some counts of up to four patients, true or not."""
    choices = [size(name, "") for name in SMALL_POPULATIONS]
    choices += [count(p, v, level, "") for p in SMALL_POPULATIONS for v in "ab" for level in "01"]
    rows = random.sample(choices, random.randint(2, 5))
    printed = [str(random.randint(0, 4)) for _ in rows]
    printed = [random.choice((text, text, text, f"<{text}", f">{text}")) for text in printed]
    rows = [row | {"printed": text} for row, text in zip(rows, printed, strict=True)]
    if rows[0]["stat_name"] == "n" and random.random() < 0.3:
        rows[0]["printed"] = random.choice(("all", "none"))
    return [row for row in rows if row["printed"]] + [
        size("all", str(random.randint(1, 4)), claim="cap")
    ]


def holds(study: Study, table: Sequence[tuple[str, ...]], claim: Any) -> bool:
    (reading,) = readings(claim)
    cell = cell_of(study, reading)
    assert cell is not None
    number = number_in(table, cell)
    if claim.printed == "all":
        whole = Cell(cell.root, study.conditions(claim.population))
        return number == number_in(table, whole)
    if claim.printed == "none":
        return number == 0
    bound = int(claim.printed.lstrip("<>"))
    if claim.printed.startswith("<"):
        return number <= bound
    return number >= bound if claim.printed.startswith(">") else number == bound


@pytest.mark.parametrize("seed", range(60))
def test_counts_hold_together_just_if_a_table_of_patients_has_them(
    tmp_path: Path, seed: int
) -> None:
    rows = small_claims(Random(seed))
    parts = {"variables": SMALL, "populations": SMALL_POPULATIONS}
    study = study_of(tmp_path, rows, **parts)
    (analysis,) = analyse_counts(study)
    # Printings of one count may be any of their values: that is another check's matter.
    groups = [printing.claims for printing in analysis.counts.printings]
    if any(len(group) > 1 for group in groups):
        windows = {printing.label: printing.window for printing in analysis.counts.printings}
        fitting = [
            table
            for table in TABLES
            if all(
                holds(study, table, printing.claims[0])
                if len(printing.claims) == 1
                else number_in(table, printing.cell) in windows[printing.label]  # type: ignore[operator]
                for printing in analysis.counts.printings
            )
        ]
    else:
        fitting = [table for table in TABLES if all(holds(study, table, c) for c in study.claims)]
    assert bool(fitting) is (not analysis.conflicts)
    if not fitting:
        return
    cells = [printing.cell for printing in analysis.counts.printings]
    cells.append(Cell("all", frozenset({Condition("a", "", "1"), Condition("b", "", "1")})))
    for cell in cells:
        try:
            found = analysis.attainable(cell, analysis.undisputed())
        except KeyError:
            continue
        assert found is not None
        numbers = {number_in(table, cell) for table in fitting}
        assert found.exact
        assert found.low == min(numbers)
        # Where nothing limits it, the largest tables here do.
        assert max(numbers) == (MOST_PATIENTS if found.high is None else found.high)


@pytest.mark.parametrize("seed", range(12))
def test_the_witness_of_a_small_study_is_one_of_the_tables(tmp_path: Path, seed: int) -> None:
    rows = small_claims(Random(1000 + seed))
    study = study_of(tmp_path, rows, variables=SMALL, populations=SMALL_POPULATIONS)
    (analysis,) = analyse_counts(study)
    if analysis.conflicts or any(len(p.claims) > 1 for p in analysis.counts.printings):
        return
    assert analysis.solution is not None
    units = deal_units(analysis.counts, analysis.solution)
    table = [tuple(unit.get(Factor(name, ""), "") for name in LEVELS) for unit in units]
    for claim in study.claims:
        assert holds(study, table, claim)


def test_the_witness_says_that_it_is_constructed(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, GROUPS)
    (support,) = [finding for finding in ledger.findings if finding.kind == "support"]
    assert support.witness is not None
    assert "constructed" in str(support.witness["kind"])
    assert support.witness["number"] == 34
    (table,) = support.witness["tables"]  # type: ignore[misc]
    assert sum(row[-1] for row in table["cells"]) == 34
