"""Load the program that sets formulas on the pages that have one, and on no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["leave_out_formula_scripts"]


def leave_out_formula_scripts(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take MathJax, of 1.2 MB, from a page that has no formula.

    Sphinx gives it to every page below which the contents have one, so to the
    home page too.

    Parameters
    ----------
    app : Sphinx
        The application.
    _page : str
        The page.
    _template : str
        Its template.
    context : dict of str to object
        What the page is made of, of which ``script_files`` may become fewer.
    doctree : document or None
        The page itself; None where it is made by Sphinx.
    """
    kinds = (nodes.math, nodes.math_block)
    if doctree is not None and any(next(doctree.findall(kind), None) for kind in kinds):
        return
    # The list is the builder's own, made anew for each page.
    scripts = context.get("script_files", [])
    scripts[:] = [script for script in scripts if not _is_mathjax(script, app.config.mathjax_path)]


def _is_mathjax(script: Any, path: str) -> bool:
    """Return whether a script is MathJax or its settings."""
    name = getattr(script, "filename", script) or ""
    settings = getattr(script, "attributes", {}).get("body") or ""
    return str(name).endswith(path) or "window.MathJax" in settings
