"""The files of the record that the site carries as they stand.

With them the folder of the site is enough to see what was transcribed, to
replay every proof (``python verify_evidence.py`` in that folder, with nothing
installed), and to make the environment again.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

__all__ = ["copy_record_files", "find_record_files"]

SINGLE_FILES: Final = (
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    "verify_evidence.py",
)
FOLDERS: Final = ("data", "evidence", "verdicts")

# Answers of long searches spare a build their time and prove nothing by themselves.
LEFT_OUT: Final = ("answers", "__pycache__")


def find_record_files(root: Path) -> list[Path]:
    """Return the files of the record.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    list of Path
        Those that there are, relative to the folder, sorted.
    """
    files = [Path(name) for name in SINGLE_FILES if (root / name).is_file()]
    for folder in FOLDERS:
        found = (path.relative_to(root) for path in (root / folder).rglob("*") if path.is_file())
        files += [
            path
            for path in found
            if not any(part in LEFT_OUT or part.startswith(".") for part in path.parts)
        ]
    return sorted(files)


def copy_record_files(root: Path, site: Path) -> None:
    """Copy the files of the record into the site.

    Parameters
    ----------
    root : Path
        The folder of the book.
    site : Path
        The folder of the site.
    """
    for path in find_record_files(root):
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, target)
