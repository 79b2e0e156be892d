"""Take out of an executed notebook what differs from run to run."""

from __future__ import annotations

import copy
import re
from typing import Any

__all__ = ["find_irreproducible_text", "make_reproducible"]

# What papermill and nbclient write down about the run itself.
RUN_METADATA = ("papermill", "execution")

MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


def make_reproducible(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without the traces of its execution.

    Two executions of the same source with the same parameters then give the
    same file.  The cell with parameters that papermill injects is tagged
    ``hide-input``, since papermill gives it none of the tags of its model.

    Parameters
    ----------
    notebook : dict
        An executed notebook, format 4; it is not changed.

    Returns
    -------
    dict
        A copy without run metadata and with stable cell ids.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {"papermill": {"status": "done"}}}
    >>> make_reproducible({"metadata": {"papermill": {}}, "cells": [cell]})
    {'metadata': {}, 'cells': [{'cell_type': 'markdown', 'metadata': {}, 'id': 'cell-1'}]}
    """
    result = copy.deepcopy(notebook)
    for name in RUN_METADATA:
        result["metadata"].pop(name, None)
    # The patch release of Python is not a result.
    result["metadata"].get("language_info", {}).pop("version", None)
    for number, cell in enumerate(result["cells"], start=1):
        for name in RUN_METADATA:
            cell["metadata"].pop(name, None)
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["id"] = "injected-parameters"
            cell["metadata"]["tags"] = ["injected-parameters", "hide-input"]
        cell.setdefault("id", f"cell-{number}")
    return result


def find_irreproducible_text(cell: dict[str, Any], folder: str) -> str | None:
    """Return the first text in a cell's outputs that another machine would not print.

    Parameters
    ----------
    cell : dict
        A cell of an executed notebook.
    folder : str
        The folder of the book on this machine.

    Returns
    -------
    str or None
        A memory address or the folder; None if there is neither.

    Examples
    --------
    >>> cell = {"outputs": [{"output_type": "stream", "text": "<object at 0x7f3a5c0d>"}]}
    >>> find_irreproducible_text(cell, "/somewhere/book")
    'at 0x7f3a5c0d'
    """
    for output in cell.get("outputs", []):
        texts = [output.get("text", "")]
        texts += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
        for text in texts:
            joined = "".join(text)
            if found := MEMORY_ADDRESS.search(joined):
                return found[0]
            if folder in joined:
                return folder
    return None
