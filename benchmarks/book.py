"""Time what a person waits for: verification, stored evidence, builds from nothing, idle, edited.

The figures are printed and never tested: they depend on the machine.  The work is done in a
clone of the last commit, so that this checkout stays as it is.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = (sys.executable, "workflow/build.py")
EVIDENCE = (sys.executable, "-m", "netcore.evidence")
CURRENT = (sys.executable, "-m", "netcore.publishing", "evidence", "build/bench/evidence.txt")
# What a chapter does first: find all of a paper, with stored answers, proofs and repairs.
CHAPTER = (sys.executable, "-c", "from netcore.tables import open_chapter as o; o('zvezdkina2022')")
VERIFY = (sys.executable, "-c", "from netcore.cli import main; main(['verify'])")


def seconds(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    """Run a command and return how long it took; a failure ends the benchmark."""
    start = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.monotonic() - start


def edit_a_claim(folder: Path) -> None:
    """Change the note of one claim: as much work as any edit, and no new number."""
    path = sorted((folder / "data").glob("*/claims.csv"))[0]
    with path.open(newline="", encoding="utf-8") as stream:
        header, first, *rest = csv.reader(stream)
    first[header.index("note")] += " (checked again)"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, first, *rest])


def main() -> None:
    """Print one line for each figure."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "book"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {**os.environ, "PYTHONPATH": str(clone)}
        environment.pop("NETCORE_DATA", None)

        def report(name: str, command: Sequence[str], asked: float | None = None) -> None:
            limit = "" if asked is None else f" (asked: {asked:g} s)"
            print(f"{name:<40} {seconds(command, clone, environment):6.1f} s{limit}", flush=True)

        seconds(VERIFY, clone, environment)
        report("verify, warm", VERIFY)
        report("stored evidence, whether current", CURRENT, 5)
        report("a chapter opened, evidence stored", CHAPTER)
        report("the same chapter, findings shared", CHAPTER, 5)
        shutil.rmtree(clone / "build")
        report("book from nothing", BUILD)
        report("book, nothing to do", BUILD)
        edit_a_claim(clone)
        report("evidence, one claim edited", EVIDENCE)
        report("book, one claim edited", BUILD)
        ledger = (clone / "_build" / "html" / "ledger" / "claims.csv").read_text(encoding="utf-8")
        if "(checked again)" not in ledger:
            sys.exit("The edited claim did not reach the site.")


if __name__ == "__main__":
    main()
