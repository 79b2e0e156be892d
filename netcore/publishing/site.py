"""Build the site from the staged sources, and replace the old one at once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["SiteError", "build_site"]

# The name of the manifest in the site.  The workflow takes a site without it
# for one that it did not build.
MANIFEST = "sources.json"


class SiteError(Exception):
    """A site that did not build, or built with warnings."""


def build_site(staged: Path, manifest: Path, site: Path, log: Path) -> None:
    """Build the staged sources with warnings as errors.

    The pages are written to a new folder, and only a complete site takes the
    place of the one before.  No page that lost its source can stay behind.

    Parameters
    ----------
    staged : Path
        The folder of the staged sources.
    manifest : Path
        The list of what is in it, which is published with the site.
    site : Path
        The folder of the site.
    log : Path
        Where the whole output of the build goes.

    Raises
    ------
    SiteError
        With the warnings of the build.
    """
    built = staged / "_build" / "html"
    shutil.rmtree(built, ignore_errors=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(staged)]
    command += ["--nitpick", "--warningiserror", "--keep-going"]
    with log.open("w", encoding="utf-8") as stream:
        done = subprocess.run(command, stdout=stream, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SiteError(_summary(log.read_text(encoding="utf-8"), staged))
    shutil.copyfile(manifest, built / MANIFEST)
    site.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(site, ignore_errors=True)
    built.rename(site)


def _summary(log: str, staged: Path) -> str:
    """Return the lines of a log that say what is wrong."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", log).replace(f"{staged.absolute()}/", "")
    lines = plain.splitlines()
    wrong = [line for line in lines if re.search(r"\b(WARNING|ERROR|Error|error):", line)]
    return "The site did not build.\n" + "\n".join(f"  {line}" for line in wrong or lines[-15:])
