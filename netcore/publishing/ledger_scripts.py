"""Give the page with the ledger, and no other, the scripts that bring its table to life.

DataTables comes out of the installed itables, which ships it with its
extensions in one module.  Browsers load no module from a folder on the disk, so
its exports become the properties of one global object.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = [
    "DATATABLES",
    "STYLE",
    "TABLE",
    "as_classic_script",
    "connect_ledger",
    "write_datatables",
]

DATATABLES: Final = "datatables.js"
STYLE: Final = "ledger.css"
TABLE: Final = 'class="nc-ledger"'
"""What a page with a ledger has in it."""
_SCRIPT: Final = "ledger.js"
_EXPORTS: Final = re.compile(r"\bexport\s*\{([^{}]*)\};?")


def as_classic_script(module: str, name: str) -> str:
    """Return a module without imports as a script that sets one global object.

    Parameters
    ----------
    module : str
        The source of a module with one list of exports at its end.
    name : str
        Name of the global object.

    Returns
    -------
    str
        The source of the script.

    Raises
    ------
    ValueError
        If there is not exactly one list of exports.

    Examples
    --------
    >>> print(as_classic_script("let a=1;export{a as one,a};", "kit"))
    (() => {
    let a=1;globalThis.kit={one:a,a:a};
    })();
    <BLANKLINE>
    """
    lists = list(_EXPORTS.finditer(module))
    if len(lists) != 1:
        raise ValueError(f"found {len(lists)} lists of exports, expected 1")
    pairs = []
    for entry in lists[0][1].split(","):
        local, _, public = entry.strip().partition(" as ")
        pairs.append(f"{public or local}:{local}")
    start, end = lists[0].span()
    body = f"{module[:start]}globalThis.{name}={{{','.join(pairs)}}};{module[end:]}"
    return f"(() => {{\n{body}\n}})();\n"


def write_datatables(folder: Path) -> Path:
    """Write DataTables with its extensions as one script, ``globalThis.itables``.

    Parameters
    ----------
    folder : Path
        Where to; made if it does not exist.

    Returns
    -------
    Path
        The file.
    """
    module = (files("itables") / "html" / "dt_bundle.js").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATATABLES
    path.write_text(as_classic_script(module, "itables"), encoding="utf-8")
    return path


def connect_ledger(app: Sphinx) -> None:
    """Connect what the page with the ledger needs to the build of the site.

    Parameters
    ----------
    app : Sphinx
        The application.
    """
    app.connect("config-inited", _leave_to_the_page)
    app.connect("builder-inited", _write_script)
    app.connect("html-page-context", _add_scripts)


def _leave_to_the_page(_app: Sphinx, config: Config) -> None:
    """Take back what Jupyter Book gives to every page, and sort the rest.

    It lists the files of ``_static`` as the disk does, which differs between
    machines.
    """
    config.html_css_files = sorted(name for name in config.html_css_files if name != STYLE)
    config.html_js_files = sorted(name for name in config.html_js_files if name != _SCRIPT)


def _write_script(app: Sphinx) -> None:
    if app.builder.format == "html":
        write_datatables(Path(app.outdir) / "_static")


def _add_scripts(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    # What is added while a page is written is added to that page.
    if TABLE in context.get("body", ""):
        app.add_css_file(STYLE)
        for name in (DATATABLES, _SCRIPT):
            app.add_js_file(name, loading_method="defer")
