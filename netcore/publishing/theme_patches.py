"""Mend what the theme gets wrong for people who use a screen reader.

Every entry says what is wrong.  An entry that no longer applies, because the
theme has changed, is a warning, and so stops a build with warnings as errors.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PATCHES", "Patch", "apply_patches"]


@dataclass(frozen=True, slots=True)
class Patch:
    """One replacement in the built files.

    Parameters
    ----------
    reason : str
        What is wrong without it.
    files : str
        The pattern of the files, relative to the site.
    before, after : str
        The text as the theme writes it, and as it should be.
    """

    reason: str
    files: str
    before: str
    after: str


PATCHES = (
    Patch(
        "the search field is labelled 'Search' but shows its keyboard shortcut as well",
        "**/*.html",
        'search-button__button pst-js-only" title="Search" aria-label="Search"',
        'search-button__button pst-js-only" title="Search"',
    ),
    Patch(
        "the titles of the icons contradict the label of the button that they are in",
        "**/*.html",
        'data-mode="light" title="Light"',
        'data-mode="light"',
    ),
    Patch("as above", "**/*.html", 'data-mode="dark"  title="Dark"', 'data-mode="dark"'),
    Patch(
        "as above",
        "**/*.html",
        'data-mode="auto"  title="System Settings"',
        'data-mode="auto"',
    ),
    Patch(
        "the sidebar is part of no landmark",
        "**/*.html",
        '<div id="pst-primary-sidebar" class',
        '<div id="pst-primary-sidebar" role="region" aria-label="Book" class',
    ),
    Patch(
        "folded code is labelled otherwise than it reads",
        "**/*.html",
        '<summary aria-label="Toggle hidden content">',
        "<summary>",
    ),
    Patch(
        "folded notes are labelled otherwise than they read",
        "_static/togglebutton.js",
        'aria-label="Toggle hidden content"',
        "",
    ),
    Patch(
        "a page with a wide table and no contents has a page error",
        "_static/scripts/sphinx-book-theme.js",
        'querySelector("div.bd-sidebar-secondary").classList',
        'querySelector("div.bd-sidebar-secondary")?.classList',
    ),
)


def apply_patches(
    site: Path, logger: logging.Logger | logging.LoggerAdapter[logging.Logger]
) -> None:
    """Apply every patch to the files of a built site.

    Parameters
    ----------
    site : Path
        The folder of the site.
    logger : Logger
        Told about patches that find nothing to mend.
    """
    for patch in PATCHES:
        found = False
        for path in sorted(site.glob(patch.files)):
            text = path.read_text(encoding="utf-8")
            # A page that was built and mended before stays as it is.
            found = found or patch.before in text or patch.after in text
            if patch.before in text:
                path.write_text(text.replace(patch.before, patch.after), encoding="utf-8")
        if not found:
            logger.warning("the theme has changed, nothing to mend: %s", patch.before)
