"""Mend what the theme gets wrong, for people who use a screen reader or a slow line.

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
    everywhere : bool
        Whether every book has it; otherwise it may be missing.
    """

    reason: str
    files: str
    before: str
    after: str
    everywhere: bool = True


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
        "what opens a part of the contents has no name",
        "**/*.html",
        '<summary><span class="toctree-toggle" role="presentation">',
        '<summary aria-label="Pages of this part"><span class="toctree-toggle" role="presentation">',
        everywhere=False,
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
    Patch(
        # That page is in no folder, so that it names them without '../'.
        "every page loads the index of all words, which only the page of the search needs",
        "**/*.html",
        """<script src="../_static/searchtools.js"></script>
    <script src="../_static/language_data.js"></script>
    <script src="../searchindex.js"></script>""",
        "<!-- The index of all words is loaded by the page of the search. -->",
    ),
)

# A program of 1.5 MB that draws the icons a second time: the style sheet has them as a font.
_ICON_SCRIPT = "_static/scripts/fontawesome.js"


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
        if not found and patch.everywhere:
            logger.warning("the theme has changed, nothing to mend: %s", patch.before)
    script = site / _ICON_SCRIPT
    if not script.is_file():
        logger.warning("the theme has changed, nothing to leave out: %s", _ICON_SCRIPT)
        return
    script.write_text("// The icons are those of the style sheet.\n", encoding="utf-8")
    script.with_suffix(".js.map").unlink(missing_ok=True)
