from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import problems_of, write_study

VARIABLES = {
    "group": {"type": "categorical", "levels": ["1", "2"], "unions": {"both": ["1", "2"]}},
    "event": {"type": "multi", "levels": ["a", "b"]},
    "unlisted": {"type": "multi"},
    "age": {"type": "continuous"},
    "start": {"type": "date"},
    "end": {"type": "date"},
}


def found(tmp_path: Path, **sections: Any) -> list[str]:
    """Return problems without their places."""
    sections["variables"] = VARIABLES | sections.get("variables", {})
    sections["populations"] = {"all": {"units": "patients"}} | sections.get("populations", {})
    lines = problems_of(write_study(tmp_path / "key2020", **sections))
    assert all(line.startswith("paper.yaml:") for line in lines)
    return [line.split(": found ", 1)[1] for line in lines]


def test_sound_references_are_accepted(tmp_path: Path) -> None:
    assert not found(
        tmp_path,
        populations={
            "one": {"of": "all", "where": {"group": "1", "event": "b"}},
            "responders": {"of": "one", "where": {"group": "both"}, "at": "2 cycles"},
            "procedures": {"units": "procedures", "per": "one"},
        },
        variables={
            "response": {
                "type": "categorical",
                "levels": ["CR"],
                "measured_by": {"CR": "shrinkage"},
            },
            "shrinkage": {"type": "continuous", "printed_as": {"results": "change"}},
            "span": {"type": "time", "derived": {"per": "patient", "difference": ["end", "start"]}},
        },
        analyses={
            "a": {"test": ["cox"], "variable": "age", "by": "group"},
            "b": {"test": ["cox"], "variable": "group", "with": "age"},
        },
    )


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"of": "al", "size": "1"}, "populations.part.of 'al', expected one of all, part (nearest: all)"),
        ({"units": "lesions", "per": "patients"}, "populations.part.per 'patients', expected one of all, part"),
        ({"of": "all", "where": {"grup": "1"}}, "the variable 'grup' in populations.part.where, expected one of group, event, unlisted, age, start, end (nearest: group)"),
        ({"of": "all", "where": {"age": "1"}}, "the continuous variable 'age' in populations.part.where, expected a categorical or multi variable"),
        ({"of": "all", "where": {"group": "3"}}, "populations.part.where.group '3', expected one of 1, 2, both, the levels of group"),
        ({"of": "all", "where": {"unlisted": "a"}}, "populations.part.where.unlisted 'a', expected a level of unlisted, which has none (list it in paper.yaml)"),
        ({"of": "part", "size": "1"}, "populations.part.of in a circle (part -> part), expected a chain that ends at a root"),
        ({"units": "lesions", "per": "part"}, "populations.part.per in a circle (part -> part), expected a chain that ends at a root"),
    ],
)  # fmt: skip
def test_a_population_refers_to_what_there_is(
    tmp_path: Path, part: dict[str, Any], expected: str
) -> None:
    assert found(tmp_path, populations={"part": part}) == [expected]


def test_a_circle_of_populations_is_one_problem(tmp_path: Path) -> None:
    circle = {name: {"of": of, "size": "1"} for name, of in ("ab", "bc", "ca", "da")}
    assert found(tmp_path, populations=circle) == [
        "populations.a.of in a circle (a -> b -> c -> a), expected a chain that ends at a root"
    ]


def test_a_long_chain_of_populations_is_no_circle(tmp_path: Path) -> None:
    chain = {f"p{n}": {"of": f"p{n - 1}" if n else "all", "size": "1"} for n in range(1500)}
    assert found(tmp_path, populations=dict(reversed(chain.items()))) == []


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"type": "date", "printed_as": {"table9": "x"}}, "the location 'table9' in variables.v.printed_as, expected one of results"),
        ({"type": "multi", "levels": ["a"], "measured_by": {"a": "aeg"}}, "variables.v.measured_by.a 'aeg', expected one of group, event, unlisted, age, start, end, v (nearest: age)"),
        ({"type": "multi", "levels": ["a"], "measured_by": {"a": "v"}}, "variables.v.measured_by.a 'v', expected another variable"),
        ({"type": "time", "derived": {"per": "patient", "ratio": ["age", "group"]}}, "variables.v.derived.ratio.1 'group', which is categorical, expected a variable that is measured"),
        ({"type": "date", "after": ["start", "age"]}, "variables.v.after[1] 'age', which is continuous, expected a variable of type date"),
        ({"type": "date", "after": ["strat"]}, "variables.v.after[0] 'strat', expected one of group, event, unlisted, age, start, end, v (nearest: start)"),
        ({"type": "date", "after": ["v"]}, "variables.v.after in a circle (v -> v), expected dates that are earlier ones"),
        ({"type": "time", "derived": {"per": "patient", "sum": ["age", "group"]}}, "variables.v.derived.sum[1] 'group', which is categorical, expected a variable that is measured"),
        ({"type": "time", "derived": {"per": "patient", "ratio": ["v", "age"]}}, "variables.v.derived in a circle (v -> v), expected variables that are not derived from it"),
    ],
)  # fmt: skip
def test_a_variable_refers_to_what_there_is(
    tmp_path: Path, variable: dict[str, Any], expected: str
) -> None:
    assert found(tmp_path, variables={"v": variable}) == [expected.replace("ratio.1", "ratio[1]")]


def test_a_variable_derived_twice_from_another_is_no_circle(tmp_path: Path) -> None:
    twice = {"per": "patient", "ratio": ["age", "age"]}
    again = {"per": "patient", "ratio": ["v", "age"]}
    variables = {
        "v": {"type": "continuous", "derived": twice},
        "w": {"type": "continuous", "derived": again},
    }
    assert found(tmp_path, variables=variables) == []


@pytest.mark.parametrize(
    ("analysis", "expected"),
    [
        ({"variable": "aeg", "by": "group"}, "analyses.a.variable 'aeg', expected one of group, event, unlisted, age, start, end (nearest: age)"),
        ({"variable": "age", "by": "start"}, "analyses.a.by 'start', which is date, expected a categorical or multi variable"),
        ({"variable": "age", "with": "ages"}, "analyses.a.with 'ages', expected one of group, event, unlisted, age, start, end (nearest: age)"),
    ],
)  # fmt: skip
def test_an_analysis_refers_to_what_there_is(
    tmp_path: Path, analysis: dict[str, Any], expected: str
) -> None:
    assert found(tmp_path, analyses={"a": {"test": ["cox"], **analysis}}) == [expected]
