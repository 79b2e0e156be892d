"""Find the system's Chromium, which draws the pages for tests and for the PDF."""

from __future__ import annotations

import os
import shutil
from typing import Final

__all__ = ["ARGUMENTS", "find_chromium"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS: Final = (
    # As root, in a container, there is no sandbox to be had; it only ever opens pages of the book.
    "--no-sandbox",
    # It would otherwise look for updates and time servers of its own.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    # The same strokes on every machine.
    "--font-render-hinting=none",
)
"""What it is started with."""


def find_chromium() -> str | None:
    """Return the path of Chromium.

    Returns
    -------
    str or None
        That which ``NETCORE_CHROMIUM`` names, or the first of the usual names on
        the search path; none where there is none.
    """
    named = os.environ.get("NETCORE_CHROMIUM")
    for name in (named,) if named else _NAMES:
        if found := shutil.which(name):
            return found
    return None
