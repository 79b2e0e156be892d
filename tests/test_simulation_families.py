"""What the simulated papers print, recomputed from their patients by other code."""

from __future__ import annotations

import ast
import math
import statistics
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from printed_survival import follow_up_medians, followed, of_course, of_line

from simulation.families import FAMILIES
from simulation.families.counting import DENOMINATORS
from simulation.papers import Paper, Row
from simulation.patients import SHAPES
from simulation.seeds import study_seed

SEEDS = range(30)
SOURCES = sorted((Path(__file__).resolve().parent.parent / "simulation").rglob("*.py"))
ALLOWED = {"numpy", "scipy", "lifelines", "simulation", "__future__"}
METHODS = ("inverted_cdf", "averaged_inverted_cdf", "closest_observation", "hazen", "weibull")
METHODS += ("interpolated_inverted_cdf", "linear", "median_unbiased", "normal_unbiased")
POINTS = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}

Record = dict[str, str]


@cache
def papers(family: str) -> tuple[Paper, ...]:
    return tuple(FAMILIES[family](Random(study_seed(99, family, index))) for index in SEEDS)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, path
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_only_the_judge_knows_the_checks(path: Path) -> None:
    import sys

    others = imported(path) - ALLOWED - set(sys.stdlib_module_names)
    assert others == ({"netcore"} if path.name == "run.py" else set())


def where(paper: Paper, population: str) -> dict[str, str]:
    entry = paper.populations[population]
    above = where(paper, entry["of"]) if "of" in entry else {}
    return above | entry.get("where", {})


@cache
def _records(number: int) -> list[Record]:
    paper = next(paper for f in FAMILIES for paper in papers(f) if id(paper) == number)
    return paper.cohort.records()


def records(paper: Paper) -> list[Record]:
    return _records(id(paper))


def members(paper: Paper, population: str) -> list[Record]:
    conditions = where(paper, population)
    return [
        record
        for record in records(paper)
        if all(record[name] == level for name, level in conditions.items())
    ]


def is_checked(paper: Paper, row: Row) -> bool:
    cells = row.cells
    names = cells.get("population", "").split("|")
    return (
        bool(names[0])
        and paper.locations[cells["location"]].get("seen") != "secondary"
        and all("units" not in paper.populations[n] or n == "all" for n in names)
        and all("size" not in paper.populations[n] for n in names)
    )


def held(paper: Paper, record: Record, cells: dict[str, str], level: str) -> bool:
    name = f"{cells['variable']} {cells.get('at', '')}".strip()
    wanted = paper.variables[cells["variable"]].get("unions", {}).get(level, [level])
    return not set(record[name].split("+")).isdisjoint(wanted)


def shares(paper: Paper, cells: dict[str, str]) -> list[float]:
    """Return the percentage of every kind of denominator."""
    level = cells["variable_level"]
    column = f"{cells['variable']} {cells.get('at', '')}".strip()
    unknown = paper.variables[cells["variable"]].get("missing", [])
    found = []
    for population in cells["population"].split("|"):
        group, everybody = members(paper, population), records(paper)
        count = sum(held(paper, record, cells, level) for record in group)
        known = [
            [r for r in of if r[column] and r[column] not in unknown] for of in (group, everybody)
        ]
        row = [record for record in everybody if held(paper, record, cells, level)]
        for base in (group, everybody, *known, row):
            found.append(100 * count / (len(base) or 1))
    return found


def values(paper: Paper, cells: dict[str, str]) -> list[Fraction]:
    name = cells["variable"]
    return [
        Fraction(record[name])
        for record in members(paper, cells["population"])
        if record[name] and not record.get(f"{name} left out")
    ]


def summaries(known: list[Fraction], name: str) -> list[float]:
    """Return a statistic by every definition that a program has."""
    floats = [float(value) for value in known]
    if name == "mean":
        return [statistics.fmean(floats)]
    if name in ("min", "max", "range"):
        low, high = min(floats), max(floats)
        return [{"min": low, "max": high, "range": high - low}[name]]
    if name in POINTS:
        quantiles = [float(np.quantile(floats, POINTS[name], method=m)) for m in METHODS]
        return quantiles + (halves(sorted(floats), name) if name in ("p25", "p75") else [])
    if name in ("sd", "std.error", "var"):
        spreads = [statistics.pstdev(floats)]
        spreads += [statistics.stdev(floats)] if len(floats) > 1 else []
        if name == "var":
            return [spread**2 for spread in spreads]
        return [spread / (1 if name == "sd" else math.sqrt(len(floats))) for spread in spreads]
    return []


def halves(ordered: list[float], name: str) -> list[float]:
    size = len(ordered)
    found = []
    for half in (size // 2, (size + 1) // 2):
        part = ordered[:half] if name == "p25" else ordered[size - half :]
        found += [statistics.median(part)] if part else ordered
    # The nearest to (n + 1) / 4, ties towards the middle.
    place = (size + 1) / 4
    low = min(max(math.floor(place + 0.5), 1), size)
    return [*found, ordered[low - 1] if name == "p25" else ordered[size - low]]


def prints(row: Row, printed: Fraction, value: float, rounding: str) -> bool:
    step = 10.0**-row.decimals
    slack = step * 1e-6 + abs(value) * 1e-12
    if rounding in ("truncate", "any"):
        return -slack <= abs(value) - abs(float(printed)) <= step + slack
    return abs(float(printed) - value) <= step / 2 + slack


def check(paper: Paper, row: Row) -> str:
    """Return which kind of value was recomputed, or "" for none; fail where it does not print so."""
    cells, name = row.cells, row.cells["stat_name"]
    if row.value is None or ".conf." in name:
        return ""
    if cells.get("variable") in (*paper.cohort.courses, "follow_up"):
        return check_course(paper, row)
    if cells.get("analysis") == "outcome_with_covariate":
        return check_line(paper, row)
    if "analysis" in cells:
        return ""
    printed = Fraction(row.printed)
    if name in ("N", "N_nonmiss", "N_miss", "n"):
        group = members(paper, cells["population"])
        if "variable" not in cells:
            number = len(group)
        elif name == "n":
            number = sum(held(paper, record, cells, cells["variable_level"]) for record in group)
        elif "levels" in paper.variables[cells["variable"]]:
            column = f"{cells['variable']} {cells.get('at', '')}".strip()
            unknown = paper.variables[cells["variable"]].get("missing", [])
            known = sum(bool(record[column]) and record[column] not in unknown for record in group)
            number = len(group) - known if name == "N_miss" else known
        else:
            number = len(values(paper, cells))
        assert row.printed == str(number), row
        return "count"
    if name == "pct":
        assert any(prints(row, printed, share, paper.rounding) for share in shares(paper, cells)), (
            row
        )
        return "percentage"
    if cells["variable"] == "gain":
        return ""
    found = [
        value for reading in name.split("|") for value in summaries(values(paper, cells), reading)
    ]
    if not found:
        return ""
    assert any(prints(row, printed, value, paper.rounding) for value in found), (row, found)
    return "summary"


def check_open(paper: Paper, row: Row) -> str:
    """Check a row under each group that it may be about; one of them has to print so."""
    refused = []
    for name in row.cells["population"].split("|"):
        cells = {**row.cells, "population": name}
        try:
            return check(paper, Row(cells, row.value, row.decimals))
        except AssertionError as error:
            refused.append(str(error))
    raise AssertionError(refused)


def check_course(paper: Paper, row: Row) -> str:
    cells = row.cells
    group = members(paper, cells["population"])
    times, events = followed(group, "os" if cells["variable"] == "follow_up" else cells["variable"])
    if cells["stat_name"] in ("N", "N_nonmiss"):
        assert row.printed == str(len(times)), row
        return "count"
    if cells["variable"] == "follow_up" and cells["stat_name"] == "median":
        found = follow_up_medians(times, events)
    else:
        course = paper.cohort.courses.get(cells["variable"], paper.cohort.courses["os"])
        unit = cells["at"].split()[1] if "at" in cells else course.unit
        groups = [
            members(paper, population) for population in paper.populations if population != "all"
        ]
        found = of_course(group, groups, course.name, cells, float(course.per_unit(unit)))
    assert not found or any(
        prints(row, Fraction(row.printed), value, paper.rounding) for value in found
    ), (row, found)
    return "summary" if found else ""


def check_line(paper: Paper, row: Row) -> str:
    pairs = [
        (float(Fraction(record["outcome"])), float(Fraction(record["covariate"])))
        for record in members(paper, row.cells["population"])
        if record["outcome"] and record["covariate"]
    ]
    found = of_line(pairs, row.cells["stat_name"])
    assert not found or any(
        prints(row, Fraction(row.printed), value, paper.rounding) for value in found
    ), (row, found)
    return "summary" if found else ""


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_printed_is_so(family: str) -> None:
    kinds: dict[str, int] = {}
    for paper in papers(family):
        for row in paper.rows:
            if is_checked(paper, row):
                kind = check_open(paper, row)
                kinds[kind] = kinds.get(kind, 0) + 1
    assert kinds.get("count", 0) > 20
    assert kinds.get("percentage" if family == "counts" else "summary", 0) > 100


@pytest.mark.parametrize("family", FAMILIES)
def test_a_study_is_the_same_for_the_same_seed(family: str) -> None:
    def texts(seed: int) -> Any:
        paper = FAMILIES[family](Random(seed))
        return paper.paper_text(), paper.claims_text(), paper.cohort.records()

    assert texts(7) == texts(7)
    assert texts(7) != texts(8)


def test_the_check_of_this_file_sees_a_wrong_digit() -> None:
    paper = papers("moments")[0]
    row = next(row for row in paper.rows if row.cells["stat_name"] == "mean")
    wrong = Row({**row.cells, "printed": str(float(row.printed) + 1)}, row.value, row.decimals)
    with pytest.raises(AssertionError):
        check(paper, wrong)


def test_what_papers_leave_unsaid_is_drawn_in_every_way() -> None:
    drawn = [paper for family in FAMILIES for paper in papers(family)]
    notes = "\n".join(note for paper in drawn for note in paper.notes)
    for word in (*DENOMINATORS, *SHAPES):
        assert word in notes
    rows = [row for paper in drawn for row in paper.rows]
    assert {row.cells["stat_name"] for row in rows} >= {
        *("N", "n", "pct", "mean", "sd", "std.error", "sd|std.error", "mean|median", "median"),
        *("p25", "p75", "p10", "p90", "iqr", "mad", "min", "max", "range", "var", "cv", "p.value"),
        *("N_nonmiss", "N_miss", "correlation", "difference", "ratio", "risk_ratio", "value"),
    }
    printed = {row.printed for row in rows if row.cells["stat_name"] == "p.value"}
    assert {"ns", "<0.05"} <= printed
    assert any(text.startswith(".") for text in printed)
    assert any("|" in row.cells.get("population", "") for row in rows)
    granularities = [v.get("granularity") for p in drawn for v in p.variables.values()]
    assert {g["stated"] for g in granularities if g} == {"true", "false"}
    assert None in granularities


def test_steps_that_a_paper_states_are_true() -> None:
    for family in FAMILIES:
        for paper in papers(family):
            for name, measure in paper.cohort.measures.items():
                variable = paper.variables[name]
                step = variable.get("granularity", {})
                known = [tick * measure.step for tick in measure.ticks if tick is not None]
                if step.get("stated") == "true":
                    assert all(value % Fraction(step["step"]) == 0 for value in known)
                if variable["type"] == "integer":
                    assert all(value.denominator == 1 for value in known)
                if "min" in variable:
                    assert all(value >= Fraction(variable["min"]) for value in known)
                if "max" in variable:
                    assert all(value <= Fraction(variable["max"]) for value in known)


def test_levels_that_a_paper_calls_complete_are_complete() -> None:
    for family in FAMILIES:
        for paper in papers(family):
            for name, variable in paper.variables.items():
                if variable.get("complete") != "true":
                    continue
                columns = [
                    column
                    for column in records(paper)[0]
                    if column == name or column.startswith(f"{name} ")
                ]
                assert columns
                for record in records(paper):
                    assert all(record[column] in variable["levels"] for column in columns)
