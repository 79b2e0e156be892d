"""Every chapter: runs under any convention, and is written as the style of the book asks."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from papermill import inspect_notebook

from netcore.publishing.execution import execute_chapter, find_chapters
from netcore.publishing.parameters import read_parameters, select_parameters
from netcore.publishing.staging import read_pages

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = find_chapters(ROOT / "chapters")

# The default, and two sets that between them change every parameter.
CONVENTIONS: list[dict[str, Any]] = [
    {},
    {"rounding": "truncate", "alpha": 0.01, "seed": 2},
    {"rounding": "any", "confidence": 0.9},
]
IMPORTABLE = {"netcore", "pandas", "matplotlib"}
LONGEST_CELL = 12  # lines; more is logic, which belongs in netcore with a test


def read_cells(chapter: Path) -> list[dict[str, Any]]:
    """Read the cells, with their sources as one string each."""
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def code_cells(chapter: Path) -> list[dict[str, Any]]:
    """Read the cells of code."""
    return [cell for cell in read_cells(chapter) if cell["cell_type"] == "code"]


def tags(cell: dict[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell["metadata"].get("tags", []))


each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


def test_every_chapter_is_in_the_contents_of_the_book():
    assert CHAPTERS
    assert {f"chapters/{chapter.stem}" for chapter in CHAPTERS} <= set(read_pages(ROOT))


@each_chapter
@pytest.mark.parametrize("conventions", CONVENTIONS, ids=["default", "truncate", "any"])
def test_a_chapter_runs_to_its_end_under_every_convention(chapter, conventions, tmp_path):
    known = {"chapter": read_parameters(chapter)}
    given = {name: value for name, value in conventions.items() if name in known["chapter"]}
    execute_chapter(chapter, tmp_path / chapter.name, select_parameters(known, given)["chapter"])
    assert (tmp_path / chapter.name).is_file()


@each_chapter
def test_a_chapter_is_committed_without_outputs(chapter):
    for cell in code_cells(chapter):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@each_chapter
def test_a_chapter_runs_in_the_kernel_of_the_environment(chapter):
    metadata = json.loads(chapter.read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["kernelspec"]["language"] == "python"


@each_chapter
def test_cells_have_ids_of_their_own(chapter):
    ids = [cell["id"] for cell in read_cells(chapter)]
    assert len(ids) == len(set(ids))


@each_chapter
def test_a_chapter_starts_with_its_only_main_heading(chapter):
    cells = read_cells(chapter)
    headings = [
        line
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in cell["source"].splitlines()
        if line.startswith("# ")
    ]
    assert len(headings) == 1
    assert cells[0]["source"].startswith(headings[0])


@each_chapter
def test_one_cell_has_the_parameters_and_says_what_they_may_be(chapter):
    tagged = [cell for cell in code_cells(chapter) if "parameters" in tags(cell)]
    assert len(tagged) == 1
    for line in tagged[0]["source"].splitlines():
        assert re.match(r"\w+ = .+?  # (str: |int |float, |bool)", line), line


@each_chapter
def test_papermill_knows_every_parameter(chapter):
    # papermill overlooks a line with two equals signs: write ≥ rather than >= in a comment.
    assert list(inspect_notebook(str(chapter))) == list(read_parameters(chapter))


@each_chapter
def test_a_chapter_imports_netcore_and_little_else(chapter):
    imported = set()
    for cell in code_cells(chapter):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert imported <= IMPORTABLE


@each_chapter
def test_no_cell_holds_logic_of_its_own(chapter):
    lengths = {cell["id"]: len(cell["source"].splitlines()) for cell in code_cells(chapter)}
    assert {id_: lines for id_, lines in lengths.items() if lines > LONGEST_CELL} == {}


@each_chapter
def test_the_formatting_of_a_source_is_stable(chapter):
    # One way to write a notebook keeps differences between versions readable.
    text = chapter.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n" == text
