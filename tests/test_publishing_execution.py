import json
from pathlib import Path

import nbformat
import pytest

from netcore.publishing.execution import (
    ChapterError,
    _execute,
    execute_chapter,
    find_chapters,
    run_chapters,
)
from netcore.publishing.parameters import ParameterError

PARAMETERS = "alpha = 0.05  # float, 0 < alpha < 1"


def write_notebook(path: Path, *sources: str) -> Path:
    """Write a chapter: a title, a heading, the parameters, then cells of code."""
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n## Response"), parameters]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"id-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def printed(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]


def test_two_executions_give_the_same_bytes(tmp_path):
    source = write_notebook(tmp_path / "book" / "chapters" / "paper.ipynb", "print(alpha)")
    for name in ("first", "second"):
        execute_chapter(source, tmp_path / name / "paper.ipynb", {"alpha": 0.01})
    first, second = ((tmp_path / name / "paper.ipynb").read_bytes() for name in ("first", "second"))
    assert first == second
    assert printed(tmp_path / "first" / "paper.ipynb") == ["0.01\n"]


def test_the_injected_cell_is_hidden_and_has_a_stable_id(tmp_path):
    source = write_notebook(tmp_path / "book" / "chapters" / "paper.ipynb", "print(alpha)")
    execute_chapter(source, tmp_path / "paper.ipynb", {"alpha": 0.01})
    cell = json.loads((tmp_path / "paper.ipynb").read_text())["cells"][2]
    assert cell["id"] == "injected-parameters"
    assert "hide-input" in cell["metadata"]["tags"]


@pytest.mark.parametrize("parameters", [{}, {"alpha": 0.01}])
def test_a_failing_cell_is_named_by_its_number_in_the_source(tmp_path, parameters):
    source = write_notebook(
        tmp_path / "book" / "chapters" / "paper.ipynb", "print(alpha)", "rate = 1\nrate / 0"
    )
    output = tmp_path / "paper.ipynb"
    with pytest.raises(ChapterError) as caught:
        execute_chapter(source, output, parameters)
    message = str(caught.value)
    assert "paper.ipynb" in message
    assert "4: rate = 1" in message
    assert "Response" in message
    assert "ZeroDivisionError: division by zero" in message
    assert "Traceback" in caught.value.detail


def test_a_failing_chapter_leaves_nothing_behind(tmp_path):
    source = write_notebook(tmp_path / "book" / "chapters" / "paper.ipynb", "1 / 0")
    with pytest.raises(ChapterError):
        execute_chapter(source, tmp_path / "out" / "paper.ipynb")
    assert [path.name for path in (tmp_path / "out").glob("*paper*")] == []


def test_a_failing_chapter_leaves_an_older_result_as_it_was(tmp_path):
    source = write_notebook(tmp_path / "book" / "chapters" / "paper.ipynb", "1 / 0")
    output = tmp_path / "paper.ipynb"
    output.write_text("older")
    with pytest.raises(ChapterError):
        execute_chapter(source, output)
    assert output.read_text() == "older"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import sys\nsys.exit()", "SystemExit"),
        ("import sys\nprint('careful', file=sys.stderr)", "standard error: careful"),
        ("print(object())", "printed what differs elsewhere: at 0x"),
        ("import pathlib\nprint(pathlib.Path.cwd())", "printed what differs elsewhere"),
        ("import os\nos._exit(1)", "DeadKernelError"),
    ],
    ids=["leaves early", "standard error", "memory address", "path", "dead kernel"],
)
def test_a_chapter_that_must_not_be_shown_is_refused(tmp_path, source, message):
    notebook = write_notebook(tmp_path / "book" / "chapters" / "paper.ipynb", source)
    with pytest.raises(ChapterError, match=message):
        execute_chapter(notebook, tmp_path / "paper.ipynb")


def test_a_home_folder_that_cannot_be_written_to_does_not_matter(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/nowhere")
    source = write_notebook(
        tmp_path / "book" / "chapters" / "paper.ipynb", "import matplotlib.pyplot\nprint(alpha)"
    )
    execute_chapter(source, tmp_path / "paper.ipynb")
    assert printed(tmp_path / "paper.ipynb") == ["0.05\n"]


def test_nothing_runs_when_a_parameter_is_unknown(tmp_path):
    source = write_notebook(tmp_path / "chapters" / "paper.ipynb", "print(alpha)")
    with pytest.raises(ParameterError, match="did you mean 'alpha'"):
        run_chapters([source], {"alhpa": "0.01"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_chapters_run_under_the_parameters_given_as_text(tmp_path):
    source = write_notebook(tmp_path / "chapters" / "paper.ipynb", "print(alpha + 1)")
    lines: list[str] = []
    (result,) = run_chapters([source], {"alpha": "0.25"}, tmp_path / "out", report=lines.append)
    assert printed(result) == ["1.25\n"]
    assert len(lines) == 1


def test_chapters_are_found_by_name_and_by_path(tmp_path):
    for name in ("a", "b"):
        write_notebook(tmp_path / f"{name}.ipynb")
    assert [path.stem for path in find_chapters(tmp_path)] == ["a", "b"]
    assert find_chapters(tmp_path, ["b"]) == [tmp_path / "b.ipynb"]
    assert find_chapters(tmp_path, [str(tmp_path / "a.ipynb")]) == [tmp_path / "a.ipynb"]


def test_an_unknown_chapter_is_refused_with_those_that_there_are(tmp_path):
    write_notebook(tmp_path / "home.ipynb")
    with pytest.raises(FileNotFoundError, match="no chapter 'hme'; there are home"):
        find_chapters(tmp_path, ["hme"])


def test_a_kernel_that_met_another_at_its_port_is_started_again(tmp_path, monkeypatch):
    import papermill

    calls = []

    def dies_twice(*_, **__):
        calls.append("start")
        if len(calls) < 3:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return {"cells": []}

    monkeypatch.setattr(papermill, "execute_notebook", dies_twice)
    assert _execute(tmp_path / "chapter.ipynb", {}) == {"cells": []}
    calls.clear()
    with pytest.raises(ChapterError, match="died before replying"):
        _execute(tmp_path / "chapter.ipynb", {}, starts=2)
    assert len(calls) == 2
