"""The ``python-interface`` directive: the public names of packages, from their docstrings.

A package with an ``__all__`` is documented by it; one without, module by
module.  References in docstrings may name an object where it is defined or
where it is public; both lead to where it is documented.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from docutils import nodes
from pydantic import BaseModel
from sphinx.domains.python import PythonDomain
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.nodes import make_refnode

import netcore
from netcore.publishing.generated_text import GeneratedText, literal

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = [
    "PythonInterface",
    "describe_fields",
    "documented_modules",
    "interface_markdown",
    "leave_out_settings",
    "resolve_elsewhere",
    "restore_sentences",
]


class PythonInterface(GeneratedText):
    """What a package offers, with a heading for each module."""

    required_arguments = 1

    def markdown(self) -> str:
        """Return the reference of the package that the argument names.

        Returns
        -------
        str
            Markdown.
        """
        return interface_markdown(documented_modules(self.arguments[0]))

    def sources(self) -> Iterable[Path]:
        """Return the modules of the package, in which its names are defined.

        Returns
        -------
        iterable of Path
            Every file of it.
        """
        path = Path(str(importlib.import_module(self.arguments[0]).__file__))
        return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else (path,)


def documented_modules(name: str) -> tuple[str, ...]:
    """Return the modules by which a package is documented.

    Parameters
    ----------
    name : str
        A package, or a module.

    Returns
    -------
    tuple of str
        Itself if it says what it offers; else those of its modules, sorted.

    Examples
    --------
    >>> documented_modules("netcore.printed")
    ('netcore.printed',)
    >>> "netcore.stats.survival.curves" in documented_modules("netcore.stats.survival")
    True
    """
    module = importlib.import_module(name)
    if hasattr(module, "__all__"):
        return (name,)
    inner = sorted(found.name for found in pkgutil.iter_modules(module.__path__, f"{name}."))
    return tuple(part for one in inner for part in documented_modules(one))


def interface_markdown(modules: Iterable[str]) -> str:
    """Return the reference of modules.

    Parameters
    ----------
    modules : iterable of str
        Their names.

    Returns
    -------
    str
        Markdown, from which autodoc makes the rest.
    """
    parts: list[str] = []
    for name in modules:
        module = importlib.import_module(name)
        entries = [entry for public in module.__all__ if (entry := _entry(module, public))]
        text = "\n\n".join([f".. automodule:: {name}", f".. currentmodule:: {name}", *entries])
        parts.append(f"## {literal(name)}\n\n```{{eval-rst}}\n{text}\n```\n")
    return "\n".join(parts)


def _entry(module: ModuleType, name: str) -> str:
    """Return the directive that documents a public name; nothing for what another module defines."""
    found = getattr(module, name)
    if not inspect.isclass(found) and not inspect.isfunction(inspect.unwrap(found)):
        return _constant(module, name)
    if not hasattr(module, "__path__") and found.__module__ != module.__name__:
        return ""
    if inspect.isclass(found):
        return f".. autoclass:: {name}\n   :members:"
    return f".. autofunction:: {name}"


def _constant(module: ModuleType, name: str) -> str:
    """Return the directive of a constant, with what is said below its definition."""
    said: list[str] = []
    for home in (module, *_modules_below(module)):
        # Reading a module for its comments takes long, so only those that have the name.
        if getattr(home, name, None) is not getattr(module, name):
            continue
        documented = ModuleAnalyzer.for_module(home.__name__).find_attr_docs()
        if ("", name) in documented:
            said = documented["", name]
            break
    body = "".join(f"\n   {line}".rstrip() for line in said)
    return f".. py:data:: {name}\n{body}" if said else f".. py:data:: {name}"


def describe_fields(
    _app: Sphinx, what: str, _name: str, described: object, _options: object, lines: list[str]
) -> None:
    """Add the fields of a model, which say for themselves what they mean, and escape bars.

    Parameters
    ----------
    _app : Sphinx
        The application.
    what : str
        What is described.
    _name : str
        Its name.
    described : object
        The object itself.
    _options : object
        Those of the directive.
    lines : list of str
        Its docstring, which is added to.
    """
    lines[:] = [
        line if line.lstrip().startswith(">>>") else _BLANK.sub(r"``\1``", _BAR.sub(r"\\|", line))
        for line in lines
    ]
    if what != "class" or not inspect.isclass(described) or not issubclass(described, BaseModel):
        return
    lines += ["", "Parameters", "----------"]
    for field, info in described.model_fields.items():
        lines += [field, f"    {info.description or 'As its name says.'}"]


def leave_out_settings(
    _app: Sphinx, _what: str, name: str, _member: object, _skip: bool, _options: object
) -> bool | None:
    """Leave out the settings of models, which are pydantic's business.

    Parameters
    ----------
    _app : Sphinx
        The application.
    _what : str
        What the member belongs to.
    name : str
        Its name.
    _member : object
        The member itself.
    _skip : bool
        What autodoc would do.
    _options : object
        Those of the directive.

    Returns
    -------
    bool or None
        True to leave it out, None to leave it to autodoc.
    """
    return True if name == "model_config" else None


def restore_sentences(
    _app: Sphinx, what: str, _name: str, described: object, _options: object, lines: list[str]
) -> None:
    """Give a property its sentences back, of which napoleon takes a part for a type.

    Parameters
    ----------
    _app : Sphinx
        The application.
    what : str
        What is described.
    _name : str
        Its name.
    described : object
        The object itself.
    _options : object
        Those of the directive.
    lines : list of str
        Its docstring, which is replaced where it is a property's.
    """
    said = inspect.getdoc(described) or ""
    if what == "property" and "\n---" not in said:
        lines[:] = [*said.splitlines(), ""]


def resolve_elsewhere(
    _app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    """Resolve a reference to an object that is documented under another name.

    Parameters
    ----------
    _app : Sphinx
        The application.
    env : BuildEnvironment
        What Sphinx knows.
    node : pending_xref
        The reference.
    content : TextElement
        Its text.

    Returns
    -------
    Node or None
        A link; the text alone, for what exists and is no part of the interface;
        None, which is a warning, for what does not exist.
    """
    if node.get("refdomain") != "py":
        return None
    package = node["reftarget"].partition(".")[0]
    if package != "netcore" and package != node["reftarget"] and find_spec(package):
        return content  # of another package that is here
    domain = env.get_domain("py")
    assert isinstance(domain, PythonDomain)
    meant = _located(node["reftarget"], node.get("py:module"))
    if meant is None:
        return None
    last = node["reftarget"].rpartition(".")[2]
    for name, entry in domain.objects.items():
        if name.rpartition(".")[2] == last and _located(name, None) is meant:
            builder = env.app.builder
            return make_refnode(builder, node["refdoc"], entry.docname, entry.node_id, content)
    return content


# In |x| a bar is the sign of an absolute value, and of a substitution in reStructuredText.
_BAR = re.compile(r"(?<!`)\|(?!`)(?=[^`]*(?:``[^`]*``[^`]*)*$)")

# What is written as code cannot end with a blank there.
_BLANK = re.compile(r"``([^`\s][^`]*?)\s+``")


@cache
def _modules_below(package: ModuleType) -> tuple[ModuleType, ...]:
    """Return every module below a package; none below a module."""
    found = pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}.")
    names = sorted(one.name for one in found if not one.name.endswith("__main__"))
    return tuple(importlib.import_module(name) for name in names)


def _located(target: str, module: str | None) -> Any:
    """Return the object of this package that a reference names, or None."""
    modules = {one.__name__: one for one in (netcore, *_modules_below(netcore))}
    for start in (target, f"{module}.{target}"):
        names = start.split(".")
        for count in range(len(names), 0, -1):
            home = modules.get(".".join(names[:count]))
            if home is not None and (found := _inside(home, names[count:])) is not None:
                return found
    # A docstring that is shown where its object is public names others where it was written.
    inside = (_inside(home, target.split(".")) for home in modules.values())
    return next((found for found in inside if found is not None), None)


def _inside(found: Any, names: Iterable[str]) -> Any:
    for name in names:
        found = getattr(found, name, None)
    return found
