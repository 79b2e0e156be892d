"""The book's own Sphinx extension, for `make book` and bare builds alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcore.publishing.check_index import CheckIndex
from netcore.publishing.command_line_text import CommandLine
from netcore.publishing.formula_scripts import leave_out_formula_scripts
from netcore.publishing.how_to_cite import HowToCite
from netcore.publishing.kernels import kernel_environment
from netcore.publishing.ledger_scripts import connect_ledger
from netcore.publishing.packaging import add_page_metadata, package_site
from netcore.publishing.python_interface import (
    PythonInterface,
    describe_fields,
    leave_out_settings,
    resolve_elsewhere,
    restore_sentences,
)
from netcore.publishing.schema_text import LedgerSchema
from netcore.publishing.site import MANIFEST
from netcore.publishing.staging import DOWNLOADS, find_notebooks
from netcore.publishing.statistics_table import StatisticsTable
from netcore.publishing.theme_patches import apply_patches
from netcore.publishing.verdict_changes import VerdictChanges
from netcore.study.citation import CITATION_FILE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["setup"]

# What pages offer for download, as it stands.
FILES = ("references.bib", CITATION_FILE, "verdicts/changes.csv")
EXAMPLE = "example2024"

# What a chapter is made of, beside its notebook.
CHAPTER_SOURCES = ("netcore", "data", "evidence", "verdicts", "CITATION.cff", "_config.yml")

DIRECTIVES = {
    "check-index": CheckIndex,
    "command-line": CommandLine,
    "how-to-cite": HowToCite,
    "ledger-schema": LedgerSchema,
    "python-interface": PythonInterface,
    "statistics-table": StatisticsTable,
    "verdict-changes": VerdictChanges,
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension.

    Parameters
    ----------
    app : Sphinx
        The application.

    Returns
    -------
    dict
        What Sphinx wants to know of an extension.
    """
    # jupyter-book sets this even when sphinx_comments is not loaded.
    app.add_config_value("comments_config", {}, "")
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("autodoc-process-docstring", describe_fields, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", leave_out_settings)
    app.connect("autodoc-process-docstring", restore_sentences, priority=600)
    app.connect("missing-reference", resolve_elsewhere)
    connect_ledger(app)
    app.connect("builder-inited", prepare_bare_build)
    app.connect("env-get-outdated", find_outdated_chapters)
    app.connect("build-finished", copy_downloads)
    app.connect("build-finished", mend_theme)
    app.connect("html-page-context", add_page_metadata)
    app.connect("html-page-context", leave_out_formula_scripts, priority=900)  # after MathJax
    # After everything else that writes files: it writes down their digests.
    app.connect("build-finished", package_site, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def is_bare(app: Sphinx) -> bool:
    """Say whether Jupyter Book executes the chapters itself.

    Parameters
    ----------
    app : Sphinx
        The application.

    Returns
    -------
    bool
        False in the build of ``make book``, where all is done beforehand.
    """
    return bool(app.config.nb_execution_mode != "off")


def prepare_bare_build(app: Sphinx) -> None:
    """Give the kernels of a bare build the environment that `make book` gives.

    The site also loses the mark of the workflow, which then builds it again.

    Parameters
    ----------
    app : Sphinx
        The application.
    """
    if is_bare(app):
        folder = Path(app.outdir).parent / "kernel"
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(kernel_environment(folder))
        (Path(app.outdir) / MANIFEST).unlink(missing_ok=True)


def find_outdated_chapters(
    app: Sphinx,
    env: BuildEnvironment,
    *_known: set[str],
) -> list[str]:
    """Have a bare build execute the chapters again when code or data changed.

    Sphinx compares only the notebooks themselves.

    Parameters
    ----------
    app : Sphinx
        The application.
    env : BuildEnvironment
        What Sphinx remembers of the last build.
    *_known : set of str
        The pages that Sphinx found to be added, changed and removed.

    Returns
    -------
    list of str
        The chapters, or nothing.
    """
    if not is_bare(app):
        return []
    root = Path(app.srcdir)
    state = {str(path): path.stat().st_mtime_ns for path in _chapter_sources(root)}
    before = getattr(env, "netcore_chapter_sources", None)
    env.netcore_chapter_sources = state  # type: ignore[attr-defined]
    return [] if state == before else find_notebooks(root)


def copy_downloads(app: Sphinx, error: Exception | None) -> None:
    """Put the ledger, schemas, bibliography and source notebooks into the site.

    Parameters
    ----------
    app : Sphinx
        The application.
    error : Exception or None
        What made the build fail, if it did.
    """
    if error is not None or app.builder.format != "html":
        return
    root, site = Path(app.srcdir), Path(app.outdir)
    if (root / "schemas").is_dir():
        shutil.copytree(root / "schemas", site / "schemas", dirs_exist_ok=True)
    (site / "downloads").mkdir(exist_ok=True)
    for name in FILES:
        if (root / name).is_file():
            shutil.copy(root / name, site / "downloads")
    if (root / "reference" / EXAMPLE).is_dir():
        shutil.copytree(
            root / "reference" / EXAMPLE, site / "downloads" / EXAMPLE, dirs_exist_ok=True
        )
    if not is_bare(app):
        shutil.copytree(root / DOWNLOADS, site, dirs_exist_ok=True)
        return
    from netcore.cli import REFUSED
    from netcore.cli import main as netcore

    for page in find_notebooks(root):
        shutil.copy(root / f"{page}.ipynb", site / "downloads")
    if netcore(["verify", "--write", str(site / "ledger")]) == REFUSED:
        raise RuntimeError("the ledger was not written: run `netcore verify`")


def mend_theme(app: Sphinx, error: Exception | None) -> None:
    """Apply the patches of the theme to the built pages.

    Parameters
    ----------
    app : Sphinx
        The application.
    error : Exception or None
        What made the build fail, if it did.
    """
    if error is None and app.builder.format == "html":
        from sphinx.util.logging import getLogger

        apply_patches(Path(app.outdir), getLogger(__name__))


def _chapter_sources(root: Path) -> Iterator[Path]:
    for name in CHAPTER_SOURCES:
        for path in sorted((root / name).rglob("*")) or [root / name]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
