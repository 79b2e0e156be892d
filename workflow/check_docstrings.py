"""Validate the docstring of every public object of netcore against numpydoc.

`numpydoc lint` reads the sources only, and so does not know the parameters of a dataclass.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Protocol

from docutils.parsers.rst import Directive
from numpydoc.validate import validate
from pydantic import BaseModel

import netcore

ROOT = Path(__file__).resolve().parent.parent

# Classes whose signature is not ours to document a second time, so that PR01
# (parameters not documented) does not count for the class itself:
NO_PARAMETERS = (
    BaseModel,  # Field(description=...) describes, once, what the name of a field leaves unsaid
    Enum,  # nobody calls the class with the parameters of EnumType
    Directive,  # docutils calls it, with parameters that docutils documents
)


def find_modules() -> Iterator[ModuleType]:
    """Import netcore and everything below it."""
    yield netcore
    for module in pkgutil.walk_packages(netcore.__path__, "netcore."):
        if not module.name.endswith("__main__"):  # importing one runs it
            yield importlib.import_module(module.name)


def find_public_names(module: ModuleType) -> Iterator[tuple[str, bool]]:
    """Name the public functions, classes and methods that a module defines.

    With each name: whether its parameters are to be documented.
    """
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            # Nobody makes an object of a protocol either.
            is_exempt = inspect.isclass(value) and (
                issubclass(value, NO_PARAMETERS) or Protocol in value.__bases__
            )
            yield f"{module.__name__}.{name}", not is_exempt
        if inspect.isclass(value):
            for member, method in vars(value).items():
                if not member.startswith("_") and inspect.isfunction(method):
                    yield f"{module.__name__}.{name}.{member}", True


def main() -> int:
    """Print every violation."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ignored = set(settings["tool"]["numpydoc_validation"]["checks"]) - {"all"}
    names = [name for module in find_modules() for name in find_public_names(module)]
    violations = [
        f"{result['file']}:{result['file_line']}: {name}: {code} {text}"
        for name, has_parameters in names
        for result in (validate(name),)
        for code, text in result["errors"]
        if code not in ignored and (has_parameters or code != "PR01")
    ]
    print("\n".join([*violations, f"{len(names)} docstrings, {len(violations)} violations"]))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
