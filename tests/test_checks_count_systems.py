from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked_studies import POPULATIONS, VARIABLES, count, size, study_of

from netcore.checks.count_systems import (
    RULE,
    CountSystem,
    Factor,
    count_systems,
    count_window,
    counted_cliques,
    deal_units,
)
from netcore.checks.estimands import Cell, cell_of, readings
from netcore.printed import parse_printed
from netcore.stats.integer_systems import Feasible, Infeasible, solve
from netcore.study import Condition, Study


def system_of(study: Study) -> CountSystem:
    (system,) = count_systems(study)
    return system


def solved(counts: CountSystem, seed: int | None = None) -> dict[str, int]:
    assert counts.system is not None
    outcome = solve(counts.system, seed=seed)
    assert isinstance(outcome, Feasible)
    return dict(outcome.values)


def is_member(study: Study, unit: dict[Factor, str], cell: Cell) -> bool:
    """Return whether a dealt unit is in a cell, by the words of the study alone."""
    for held in cell.conditions:
        variable = study.variables[held.variable]
        if variable.type == "multi":
            if unit[Factor(held.variable, held.at, held.level or "any")] != "yes":
                return False
        else:
            levels = variable.unions.get(held.level, (held.level,))
            if unit[Factor(held.variable, held.at)] not in levels:
                return False
    return True


STUDIES: dict[str, tuple[list[dict[str, str]], dict[str, Any]]] = {
    "two groups": (
        [
            size("all", "34"),
            size("group1", "15"),
            count("group1", "response", "CR", "5"),
            count("group2", "response", "PR", "7"),
            count("all", "response", "ORR", "14"),
        ],
        {},
    ),
    "a chain of variables": (
        [
            size("all", "20"),
            size("early1", "6"),
            count("early1", "response", "CR", "4", at="8 weeks"),
            count("group2", "response", "CR", "3", at="24 weeks"),
            count("all", "response", "CR", "9", at="8 weeks"),
            count("all", "event", "pain", "12"),
            count("group1", "event", "", "8"),
            count("group1", "event", "fever", "7"),
        ],
        {"populations": POPULATIONS | {"early1": {"of": "group1", "where": {"stage": "early"}}}},
    ),
    "responders of responders": (
        [
            size("all", "20"),
            size("responders", "9"),
            count("responders", "response", "CR", "4"),
            count("responders", "response", "DCR", "9"),
            count("responders", "stage", "late", "all"),
        ],
        {"populations": POPULATIONS | {"responders": {"of": "all", "where": {"response": "ORR"}}}},
    ),
    "vague counts": (
        [
            size("all", "20-25"),
            count("all", "response", "CR", "<5"),
            count("all", "response", "PR", ">10"),
            count("all", "response", "SD", "none"),
            count("group1", "response", "PD", "~7"),
        ],
        {},
    ),
}


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("seed", [0, 1])
def test_dealt_units_really_have_every_count(tmp_path: Path, name: str, seed: int) -> None:
    rows, parts = STUDIES[name]
    study = study_of(tmp_path, rows, **parts)
    counts = system_of(study)
    units = deal_units(counts, solved(counts, seed if name == "two groups" else None), seed)
    for claim in study.claims:
        (reading,) = readings(claim)
        cell = cell_of(study, reading)
        assert cell is not None
        number = sum(is_member(study, unit, cell) for unit in units)
        if claim.printed == "all":
            whole = Cell(cell.root, study.conditions(claim.population))
            assert number == sum(is_member(study, unit, whole) for unit in units)
        else:
            assert number in count_window(study.printed(claim))


def test_dealt_units_have_one_level_of_each_variable(tmp_path: Path) -> None:
    rows, parts = STUDIES["a chain of variables"]
    counts = system_of(study_of(tmp_path, rows, **parts))
    for unit in deal_units(counts, solved(counts)):
        assert unit.keys() == counts.levels.keys()
        assert all(level in counts.levels[factor] for factor, level in unit.items())


def test_whoever_has_an_event_has_any_event(tmp_path: Path) -> None:
    rows, parts = STUDIES["a chain of variables"]
    counts = system_of(study_of(tmp_path, rows, **parts))
    for unit in deal_units(counts, solved(counts), 3):
        if unit[Factor("event", "", "fever")] == "yes":
            assert unit[Factor("event", "", "any")] == "yes"


def test_another_seed_deals_other_units(tmp_path: Path) -> None:
    rows, parts = STUDIES["a chain of variables"]
    counts = system_of(study_of(tmp_path, rows, **parts))
    values = solved(counts)
    assert deal_units(counts, values, 1) == deal_units(counts, values, 1)
    assert deal_units(counts, values, 1) != deal_units(counts, values, 2)


def test_each_kind_of_unit_has_a_system_of_its_own(tmp_path: Path) -> None:
    populations = {
        "all": {"units": "patients"},
        "procedures": {"units": "procedures", "per": "all"},
        "lesions": {"units": "lesions", "per": "all"},
        "protocol": {"units": "rules"},
    }
    rows = [size("all", "34"), size("procedures", "52")]
    rows.append({"population": "protocol", "stat_name": "N", "printed": "2"})
    study = study_of(tmp_path, rows, populations=populations, variables={"age": VARIABLES["age"]})
    assert [counts.root for counts in count_systems(study)] == ["all", "procedures"]


def test_two_names_of_one_count_are_one_label(tmp_path: Path) -> None:
    rows = [
        size("group1", "15"),
        count("all", "group", "1", "16"),
        size("group1", "15", location="table"),
    ]
    counts = system_of(study_of(tmp_path, rows))
    (printing,) = counts.printings
    assert len(printing.claims) == 3
    assert str(printing.window) == "[15, 16]"
    assert printing.value is None


def test_quoted_and_secondary_counts_are_in_no_system(tmp_path: Path) -> None:
    rows = [
        size("all", "34"),
        size("all", "40", cites="smith2019", claim="quoted"),
        size("all", "41", location="review"),
    ]
    counts = system_of(study_of(tmp_path, rows))
    assert [printing.label for printing in counts.printings] == ["results.all.N"]


def test_a_row_of_several_readings_is_left_aside(tmp_path: Path) -> None:
    counts = system_of(study_of(tmp_path, [size("all", "34"), size("group1|group2", "15")]))
    assert [claim.printed for claim in counts.ambiguous] == ["15"]
    assert len(counts.printings) == 1


def test_a_union_is_the_sum_of_its_levels(tmp_path: Path) -> None:
    rows = [count("all", "response", "ORR", "9"), count("all", "response", "CR", "4")]
    counts = system_of(study_of(tmp_path, rows))
    union = Cell("all", frozenset({Condition("response", "", "ORR")}))
    parts = [Cell("all", frozenset({Condition("response", "", level)})) for level in ("CR", "PR")]
    assert set(counts.terms(union)) == {term for part in parts for term in counts.terms(part)}


def test_two_conditions_on_one_variable_leave_what_they_share(tmp_path: Path) -> None:
    counts = system_of(study_of(tmp_path, [count("all", "response", "CR", "4")]))

    def terms(*levels: str) -> set[tuple[str, int]]:
        held = frozenset(Condition("response", "", level) for level in levels)
        return set(counts.terms(Cell("all", held)))

    assert terms("ORR", "CR") == terms("CR")
    assert terms("ORR", "DCR") == terms("ORR")
    assert terms("CR", "PR") == set()


def test_a_cell_of_variables_that_nothing_combines_has_no_terms(tmp_path: Path) -> None:
    counts = system_of(study_of(tmp_path, [count("all", "response", "CR", "4")]))
    with pytest.raises(KeyError):
        counts.terms(Cell("all", frozenset({Condition("stage", "", "early")})))


def test_a_level_within_another_implies_it_through_any_number_of_steps(tmp_path: Path) -> None:
    variables = {
        "mark": {
            "type": "multi",
            "levels": ["1y", "2y", "5y"],
            "within": {"5y": "2y", "2y": "1y"},
            "unions": {"late": ["2y", "5y"]},
        }
    }
    parts = {"variables": variables, "populations": {"all": {"units": "patients"}}}

    def fits(one: str, number: str, other: str, more: str) -> bool:
        rows = [count("all", "mark", one, number), count("all", "mark", other, more)]
        study = study_of(tmp_path / f"{one}{number}{other}{more}", rows, **parts)
        system = system_of(study).system
        assert system is not None
        return isinstance(solve(system), Feasible)

    assert fits("1y", "5", "5y", "5")
    assert not fits("1y", "4", "5y", "5")
    assert not fits("late", "4", "5y", "5")
    assert fits("late", "6", "1y", "7")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("7", "[7, 7]"), ("<5", "(-inf, 5]"), (">5", "[5, inf)"), ("none", "[0, 0]")],
)
def test_a_count_is_exact(printed: str, expected: str) -> None:
    assert str(count_window(parse_printed(printed))) == expected


def test_an_approximate_count_excludes_nothing() -> None:
    window = count_window(parse_printed("~5"))
    assert Fraction(0) in window
    assert Fraction(500) in window


def test_too_many_combinations_are_left_undecided(tmp_path: Path) -> None:
    variables = {
        f"v{n}": {"type": "categorical", "levels": [f"l{number}" for number in range(20)]}
        for n in range(3)
    }
    populations = {
        "all": {"units": "patients"},
        "part": {"of": "all", "where": dict.fromkeys(variables, "l0")},
    }
    study = study_of(
        tmp_path,
        [size("all", "9"), size("part", "12")],
        variables=variables,
        populations=populations,
    )
    assert system_of(study).system is None


def test_nothing_printed_limits_the_number_of_units(tmp_path: Path) -> None:
    counts = system_of(study_of(tmp_path, [size("group1", "15"), size("group2", "19")]))
    assert counts.system is not None
    assert counts.limit > 34
    assert solved(counts)["N"] == 34  # the groups are all there is
    outcome = solve(counts.system, tightened={"N": (35, 60)})
    assert isinstance(outcome, Infeasible)
    assert RULE in counts.system.labels


def test_units_are_counted_without_being_dealt(tmp_path: Path) -> None:
    rows, parts = STUDIES["a chain of variables"]
    counts = system_of(study_of(tmp_path, rows, **parts))
    values = solved(counts)
    units = deal_units(counts, values)
    for clique, cells in zip(counts.cliques, counted_cliques(counts, values), strict=True):
        assert cells == Counter(tuple(unit[factor] for factor in clique) for unit in units)
    with pytest.raises(ValueError, match="expected at most 100000"):
        deal_units(counts, {**values, "N": 10**9})
