from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from study_builder import write_study

from netcore.study import load_study
from netcore.study.schema import SCHEMAS, claims_schema, main, paper_schema

# Every field that there is, so that the schema is tried on all of them.
EVERYTHING: dict[str, Any] = {
    "paper": {
        "title": "A title", "doi": "10.1000/182", "conditions": ["a b"], "interventions": ["c"], "software": ["R 4.2.0"],
        "authors": ["A. Author"], "journal": "J", "volume": "1", "issue": "2", "pages": "3-4", "year": "2020",
        "language": "ru", "licence": "CC BY 4.0",
    },
    "locations": {
        "results": {"title": "Results", "section": "results", "decimal": ",", "thousands": " ", "edition": "2", "seen": "secondary"},
    },
    "populations": {
        "all": {"units": "patients", "title": "everybody"},
        "procedures": {"units": "procedures", "per": "all"},
        "part": {"of": "all", "where": {"v": "1"}, "at": "2 cycles"},
        "one": {"of": "part", "size": 1},
    },
    "variables": {
        "v": {
            "type": "categorical", "title": "V", "levels": ["1", "b", "unknown"], "level_titles": {"1": "first"}, "complete": True, "unions": {"1b": ["1", "b"]},
            "criteria": ["RECIST 1.1"], "measured_by": {"b": "x"}, "missing": ["unknown"], "targets": "b", "organs": {"1": 1}, "printed_as": {"results": "vee"},
        },
        "m": {"type": "multi", "levels": ["a", "b"], "within": {"a": "b"}},
        "x": {"type": "continuous", "unit": "%", "min": 0, "max": 99.5, "granularity": {"step": 0.5, "stated": False}},
        "y": {"type": "continuous", "derived": {"per": "summary", "of": "median", "ratio": ["x", "x"]}},
        "w": {"type": "integer", "derived": {"per": "summary", "of": "value", "sum": ["x", "y", "x"]}},
        "d": {"type": "date"},
        "e": {"type": "date", "after": ["d"]},
        "s": {"type": "studies", "counts": {"designs": ["cohort"], "conditions": ["a b"], "interventions": ["c", "d"], "compared": True}},
        "z": {"type": "time", "from": "start", "to": "end", "derived": {"per": "patient", "difference": ["x", "x"]}},
    },
    "analyses": {
        "a": {"test": ["cox", "unnamed"], "variable": "x", "by": "v", "title": "x by v"},
        "b": {"test": ["pearson"], "variable": "x", "with": "y"},
    },
}  # fmt: skip


def faults(schema: dict[str, Any], instance: object) -> list[str]:
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(instance)]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schemas_are_those_of_the_models(root: Path, name: str) -> None:
    committed = json.loads((root / "schemas" / name).read_text(encoding="utf-8"))
    assert committed == SCHEMAS[name](), "write them again: python -m netcore.study.schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


def test_writing_the_schemas_gives_the_committed_files(root: Path, tmp_path: Path) -> None:
    main([str(tmp_path)])
    for name in SCHEMAS:
        assert (tmp_path / name).read_bytes() == (root / "schemas" / name).read_bytes()


def test_a_file_with_every_field_is_valid_for_editors_and_for_the_loader(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020", **EVERYTHING)
    load_study(folder)
    assert faults(paper_schema(), yaml.safe_load((folder / "paper.yaml").read_text())) == []
    assert faults(claims_schema(), rows_of(folder)) == []


def test_bare_numbers_and_booleans_are_valid_for_editors() -> None:
    instance = yaml.safe_load(
        """
        format: 1
        paper: {key: key2020, design: cohort, published: 2020, volume: 7, year: 2020}
        locations: {results: {title: 2}}
        populations: {all: {units: patients}, one: {of: all, size: 1, where: {v: 1, w: yes}}}
        variables: {v: {type: categorical, levels: [1, 2], complete: true}}
        """
    )
    assert faults(paper_schema(), instance) == []


@pytest.mark.parametrize(
    ("section", "entry", "place"),
    [
        ("locations", {"results": {"title": "R", "decimal": ";"}}, "$.locations.results.decimal"),
        ("locations", {"results": {}}, "$.locations.results"),
        ("locations", {}, "$.locations"),
        ("locations", {"a b": {"title": "R"}}, "$.locations"),
        ("populations", {"all": {"units": "patients", "of": "all"}}, "$.populations.all"),
        ("populations", {"all": {"units": "patients", "where": {"v": "1"}}}, "$.populations.all"),
        ("populations", {"all": {}}, "$.populations.all"),
        ("variables", {"v": {"type": "ordinal"}}, "$.variables.v.type"),
        ("variables", {"v": {"type": "multi", "levels": ["a|b"]}}, "$.variables.v.levels[0]"),
        ("variables", {"v": {"type": "multi", "levels": None}}, "$.variables.v.levels"),
        ("variables", {"v": {"type": "multi", "colour": "red"}}, "$.variables.v"),
        ("variables", {"v": {"type": "time", "derived": {"per": "patient", "ratio": ["x"]}}}, "$.variables.v.derived.ratio"),
        ("analyses", {"a": {"test": [], "variable": "x", "by": "v"}}, "$.analyses.a.test"),
        ("analyses", {"a": {"test": ["cox"], "variable": "x"}}, "$.analyses.a"),
    ],
)  # fmt: skip
def test_editors_and_the_loader_refuse_the_same(
    tmp_path: Path, section: str, entry: dict[str, Any], place: str
) -> None:
    folder = write_study(tmp_path / "key2020", **EVERYTHING)
    instance = yaml.safe_load((folder / "paper.yaml").read_text()) | {section: entry}
    assert faults(paper_schema(), instance) == [place]
    (folder / "paper.yaml").write_text(yaml.safe_dump(instance))
    with pytest.raises(ValueError, match=f"paper.yaml:.* found .*{section}"):
        load_study(folder)


@pytest.mark.parametrize("column", ["location", "stat_name", "printed"])
def test_a_row_without_an_indispensable_cell_is_refused(tmp_path: Path, column: str) -> None:
    rows = rows_of(write_study(tmp_path / "key2020"))
    assert faults(claims_schema(), [rows[0] | {column: ""}]) == [f"$[0].{column}"]


def test_a_row_without_a_column_is_refused(tmp_path: Path) -> None:
    rows = rows_of(write_study(tmp_path / "key2020"))
    del rows[0]["note"]
    assert faults(claims_schema(), rows) == ["$[0]"]


def test_every_field_has_a_description_or_speaks_for_itself() -> None:
    plain = {"journal", "volume", "issue", "pages", "year", "language", "licence"}
    for definition in paper_schema()["$defs"].values():
        for name, field in definition["properties"].items():
            assert "description" in field or "$ref" in field or name in plain
