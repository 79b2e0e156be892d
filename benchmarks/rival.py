"""Ask `scrutipy` the same questions, in an environment of its own under `build/`.

Nothing of the project needs it, so it is in no lock and not in `.venv`.  Where the package index
cannot be reached, the benchmarks say so and go on without it.  Imported, this file makes the
environment and asks; run by the Python of that environment, it answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ENVIRONMENT = Path(__file__).resolve().parent.parent / "build" / "bench-venv"
REQUIREMENT = "scrutipy==0.1.12"


def environment() -> Path | None:
    """Return the Python that has scrutipy; None, with a notice, where it cannot be installed."""
    python = ENVIRONMENT / "bin" / "python"
    try:
        if not python.is_file():
            subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        if subprocess.run([python, "-c", "import scrutipy"], capture_output=True).returncode:
            install = [python, "-m", "pip", "install", "--quiet", REQUIREMENT]
            subprocess.run(install, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as failure:
        print(f"{REQUIREMENT} cannot be installed, so nothing is held against it: {failure}")
        return None
    return python


def ask(python: Path, function: str, *rows: Sequence[Any]) -> tuple[list[Any], float]:
    """Return what scrutipy answers to each row, and the seconds of processor time it took.

    Parameters
    ----------
    python : Path
        The Python that has it.
    function : {'grim', 'grimmer', 'closure'}
        What is asked; the number of data sets for the last.
    *rows : sequence
        Arguments of one question each.
    """
    asked = json.dumps([function, rows])
    done = subprocess.run(
        [python, __file__], input=asked, capture_output=True, text=True, check=True
    )
    found, seconds = json.loads(done.stdout)
    return found, seconds


def answer() -> None:
    """Answer the questions on standard input."""
    import scrutipy

    function, rows = json.load(sys.stdin)
    columns = [list(column) for column in zip(*rows, strict=True)]
    found: list[Any]
    start = time.process_time()
    if function == "grim":
        found = [scrutipy.grim_scalar(*row) for row in rows]
    elif function == "grimmer":
        found = scrutipy.grimmer(*columns, items=[1] * len(rows))
    else:
        found = [len(scrutipy.closure(*row)) for row in rows]
    print(json.dumps([found, time.process_time() - start]))


if __name__ == "__main__":
    answer()
