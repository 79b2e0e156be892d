"""Build two clones of the last commit in different folders, and compare every byte."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from compare_sites import differing_files

ROOT = Path(__file__).resolve().parent.parent


def build_clone(folder: Path) -> Path:
    """Clone the project into a folder, build the book there, and return the site."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    # The environment has this checkout's netcore; the clone is to be built by its own.
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    environment.pop("NETCORE_DATA", None)
    subprocess.run([sys.executable, "workflow/build.py"], cwd=folder, env=environment, check=True)
    return folder / "_build" / "html"


def main() -> int:
    """Build both clones and name the files that differ."""
    with tempfile.TemporaryDirectory() as scratch:
        first = build_clone(Path(scratch) / "book")
        second = build_clone(Path(scratch) / "another place" / "deeper" / "book")
        differing = differing_files(first, second)
        count = sum(path.is_file() for path in first.rglob("*"))
    for name in differing:
        print(f"differs: {name}")
    print(f"{count} files, {len(differing)} differ between the two builds")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
