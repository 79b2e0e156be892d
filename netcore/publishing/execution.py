"""Run chapters through papermill: complete and clean, or not at all."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from netcore.paths import PathError
from netcore.publishing.kernels import private_kernels
from netcore.publishing.parameters import read_parameters, select_parameters
from netcore.publishing.postprocessing import find_irreproducible_text, make_reproducible

__all__ = ["ChapterError", "execute_chapter", "find_chapters", "run_chapters"]

# Seconds that one cell may take; a chapter that needs more searches for
# something that belongs in the evidence store.
CELL_TIMEOUT = 300


class ChapterError(Exception):
    """A chapter that did not run to its end, or whose output must not be shown.

    Parameters
    ----------
    notebook : Path
        The source of the chapter.
    error : str
        What went wrong, in one line.
    cell : int, optional
        The number of the cell in the source, counted from 1 over all cells.
    section : str, optional
        The heading that the cell stands under.
    source : str, optional
        The source of the cell.
    detail : str, optional
        The traceback, for the log.
    """

    def __init__(
        self,
        notebook: Path,
        error: str,
        *,
        cell: int | None = None,
        section: str = "",
        source: str = "",
        detail: str = "",
    ) -> None:
        self.notebook = notebook
        self.error = error
        self.cell = cell
        self.section = section
        self.source = source
        self.detail = detail
        super().__init__(notebook, error)

    def __str__(self) -> str:
        """Return the message: notebook, cell, section, first line and error."""
        where = f"cell {self.cell}" if self.cell is not None else "no cell"
        first_line = next(iter(self.source.strip().splitlines()), "")
        here = Path.cwd()
        inside = self.notebook.is_relative_to(here)
        rows = [
            ("notebook", str(self.notebook.relative_to(here) if inside else self.notebook)),
            ("section", self.section),
            ("cell", f"{self.cell}: {first_line}" if self.cell is not None else ""),
            ("error", self.error),
        ]
        title = f"Chapter {self.notebook.stem} failed in {where}."
        return "\n".join([title, *(f"  {name:<9} {text}" for name, text in rows if text)])


def find_chapters(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Find the notebooks of chapters.

    Parameters
    ----------
    folder : Path
        The folder of the chapters.
    names : sequence of str
        Names of chapters, or paths of notebooks; all chapters if empty.

    Returns
    -------
    list of Path
        The notebooks, in the order of the names, or else of the alphabet.

    Raises
    ------
    PathError
        If there is no such chapter; the message lists those that there are.
    """
    present = sorted(folder.glob("*.ipynb"))
    if not names:
        return present
    by_name = {path.stem: path for path in present}
    found = []
    for name in names:
        path = by_name.get(name, Path(name))
        if not path.is_file():
            raise PathError(f"no chapter {name!r}; there are {', '.join(by_name) or 'none'}")
        found.append(path)
    return found


def run_chapters(
    chapters: Sequence[Path],
    parameters: Mapping[str, object],
    output: Path,
    *,
    report: Callable[[str], None] = print,
) -> list[Path]:
    """Run chapters one after the other under the same parameters.

    All parameters are checked against all chapters before anything runs.  A
    chapter gets those that it knows.

    Parameters
    ----------
    chapters : sequence of Path
        The notebooks, as from :func:`find_chapters`.
    parameters : mapping of str to object
        Names and values, or the texts of values.
    output : Path
        The folder of the executed notebooks; made if missing.
    report : callable
        Called with one line for each chapter that is done.

    Returns
    -------
    list of Path
        The executed notebooks.

    Raises
    ------
    ParameterError
        If no chapter knows a parameter, or one refuses its value.
    ChapterError
        If a chapter fails; those before it have been written.
    """
    known = {str(chapter): read_parameters(chapter) for chapter in chapters}
    selected = select_parameters(known, parameters)
    results = []
    for chapter in chapters:
        result = output / chapter.name
        execute_chapter(chapter, result, selected[str(chapter)])
        report(f"{chapter.stem}: {result}")
        results.append(result)
    return results


def execute_chapter(
    source: Path,
    output: Path,
    parameters: Mapping[str, object] | None = None,
    *,
    private: Path | None = None,
) -> None:
    """Execute a notebook and write it, unless anything in it went wrong.

    The kernel runs in the folder of the notebook, as Jupyter has it.

    Parameters
    ----------
    source : Path
        The chapter.
    output : Path
        The executed notebook.  It is complete or not there.
    parameters : mapping of str to object, optional
        Values that replace those of the cell tagged ``parameters``.
    private : Path, optional
        Where the kernel keeps its own files; ``.kernel`` beside the output by
        default.

    Raises
    ------
    ChapterError
        If a cell raises, leaves early, writes to standard error, or prints
        what another machine would not.
    """
    source = source.absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    with private_kernels(private or output.parent / ".kernel"):
        executed = _execute(source, dict(parameters or {}))
    _check_outputs(source, executed)
    _write(make_reproducible(executed), output)


def _execute(source: Path, parameters: dict[str, Any], starts: int = 3) -> dict[str, Any]:
    from papermill import PapermillExecutionError, execute_notebook

    try:
        return execute_notebook(  # type: ignore[no-any-return]
            str(source),
            None,
            parameters=parameters,
            cwd=str(source.parent),
            progress_bar=False,
            execution_timeout=CELL_TIMEOUT,
            # A kernel in ten otherwise takes three seconds to end.
            shutdown_kernel="immediate",
        )
    except PapermillExecutionError as error:
        # papermill counts from 0, and counts the cell that it injects.
        injected = bool(parameters) and _parameters_index(source) < error.cell_index
        raise _cell_error(
            source,
            error.cell_index - injected,
            f"{error.ename}: {error.evalue}",
            detail=str(error),
        ) from error
    except Exception as error:
        # Two kernels that start at the same moment may choose the same port, and one dies.
        if starts > 1 and "died before replying to kernel_info" in str(error):
            return _execute(source, parameters, starts - 1)
        # A kernel that does not start or dies, or a cell that takes too long.
        reason = next(iter(str(error).strip().splitlines()), "")
        raise ChapterError(
            source, f"{type(error).__name__}: {reason}", detail=traceback.format_exc()
        ) from error


def _check_outputs(source: Path, executed: dict[str, Any]) -> None:
    cells = [
        cell
        for cell in executed["cells"]
        if "injected-parameters" not in cell["metadata"].get("tags", [])
    ]
    for index, cell in enumerate(cells):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                # papermill lets sys.exit() pass, and with it half a chapter.
                raise _cell_error(source, index, f"{output['ename']}: {output['evalue']}")
            if output.get("name") == "stderr":
                raise _cell_error(
                    source,
                    index,
                    "wrote to standard error: " + output["text"].strip().splitlines()[0],
                    detail=output["text"],
                )
        if text := find_irreproducible_text(cell, str(source.parent.parent)):
            raise _cell_error(source, index, f"printed what differs elsewhere: {text}")


def _cell_error(source: Path, index: int, error: str, *, detail: str = "") -> ChapterError:
    cells = _read_cells(source)
    headings = [
        line.lstrip("# ")
        for cell in cells[: index + 1]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
        if line.startswith("#")
    ]
    return ChapterError(
        source,
        next(iter(error.splitlines())),
        cell=index + 1,
        section=headings[-1] if headings else "",
        source="".join(cells[index]["source"]),
        detail=detail,
    )


def _parameters_index(source: Path) -> int:
    cells: Iterable[tuple[int, Any]] = enumerate(_read_cells(source))
    tagged = (i for i, cell in cells if "parameters" in cell["metadata"].get("tags", []))
    return next(tagged, 0)


def _read_cells(source: Path) -> list[Any]:
    return list(json.loads(source.read_text(encoding="utf-8"))["cells"])


def _write(notebook: dict[str, Any], output: Path) -> None:
    partial = output.with_name(f".{output.name}.partial")
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(output)
