"""Run the workflow: one process group, one lock, nothing in the home folder."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SITE = ROOT / "_build" / "html" / "index.html"

COMMAND = [
    *(sys.executable, "-m", "snakemake", "--cores", "2"),
    # After a kill, do the interrupted jobs again instead of asking what to do.
    "--rerun-incomplete",
    # Snakemake's own lock outlives a kill; the one below does not.
    "--nolock",
    "--quiet",
    "all",
]


def wait_for_lock() -> int:
    """Wait until no other build writes to this folder.

    The lock passes to every process of the build, so that it is held for as
    long as any of them lives, even an orphan.
    """
    BUILD.mkdir(exist_ok=True)
    lock = os.open(BUILD / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another build of this folder to end ...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main() -> int:
    """Build the book and say where it is."""
    start = time.monotonic()
    lock = wait_for_lock()
    environment = {**os.environ, "XDG_CACHE_HOME": str(BUILD / "cache")}
    process = subprocess.Popen(
        COMMAND + sys.argv[1:],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=(lock,),
    )

    def end_group(number: int, _frame: object) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_group)
    status = process.wait()
    seconds = time.monotonic() - start
    if status:
        print(f"The book was not built ({seconds:.0f} s). Logs: {BUILD / 'logs'}")
    else:
        print(f"The book is built ({seconds:.1f} s). Open {SITE}")
    return status


if __name__ == "__main__":
    sys.exit(main())
