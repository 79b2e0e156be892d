"""Where things are: the one place that knows.

Everything that reads or writes a file of the project asks here, so that
notebooks, tests and the command line work from any working directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

__all__ = ["PathError", "data_folder", "paper_folder", "project_root"]

DATA_VARIABLE: Final = "NETCORE_DATA"

# A folder with both is the root of the book, whatever it is called.
_DATA: Final = "data"
_CONTENTS: Final = "_toc.yml"


class PathError(FileNotFoundError):
    """A folder that cannot be found; says where it was looked for."""


def project_root() -> Path:
    """Find the folder of the project: the one with ``data`` and ``_toc.yml``.

    Returns
    -------
    Path
        The working directory or the nearest such folder above it; otherwise
        the folder that ``netcore`` is installed from.

    Raises
    ------
    PathError
        If neither is a project, as after an installation without the book.
    """
    for folder in _candidates():
        if (folder / _DATA).is_dir() and (folder / _CONTENTS).is_file():
            return folder
    raise PathError(
        f"found no folder with {_DATA}/ and {_CONTENTS} in {Path.cwd()}, above it, or in "
        f"{_installation()}; expected to be run inside the project"
    )


def data_folder() -> Path:
    """Find the folder that holds one folder per paper.

    Returns
    -------
    Path
        What the environment variable ``NETCORE_DATA`` names, if it is set;
        otherwise ``data`` in the working directory or the nearest project
        above it; otherwise ``data`` beside the installed package.

    Raises
    ------
    PathError
        If the variable names no folder, or there is none in these places.
    """
    named = os.environ.get(DATA_VARIABLE, "")
    if named:
        folder = Path(named)
        if not folder.is_dir():
            raise PathError(
                f"found no folder {named!r}, which {DATA_VARIABLE} names; expected a folder of papers"
            )
        return folder.resolve()
    try:
        return project_root() / _DATA
    except PathError as error:
        beside = _installation() / _DATA
        if beside.is_dir():
            return beside
        raise PathError(f"{error}, or {DATA_VARIABLE} to be set to a folder of papers") from None


def paper_folder(key: str) -> Path:
    """Find the folder of one paper.

    Parameters
    ----------
    key : str
        The key of the paper or source, which is the name of its folder.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    PathError
        If there is no such paper; lists those that there are.
    """
    data = data_folder()
    folders = {
        folder.parent.name: folder.parent
        for pattern in ("literature/*/paper.yaml", "*/paper.yaml")
        for folder in sorted(data.glob(pattern))
    }
    if key not in folders:  # also refuses whatever would lead out of the folder
        near = get_close_matches(key, folders, 1)
        suggestion = f" (nearest: {near[0]})" if near else ""
        raise PathError(
            f"found no paper {key!r} in {data}, expected one of {', '.join(sorted(folders)) or 'none'}{suggestion}"
        )
    return folders[key]


def _candidates() -> Iterator[Path]:
    here = Path.cwd()
    yield here
    yield from here.parents
    yield _installation()


def _installation() -> Path:
    """Return the folder that the package lies in; its project, if editable."""
    return Path(__file__).resolve().parent.parent
