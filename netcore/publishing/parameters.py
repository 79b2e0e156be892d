"""What a chapter may be told: the names, types and bounds of its parameters.

A parameter is one line of the cell tagged ``parameters``: a name, a default
and a comment that gives the type and the allowed values::

    rounding = "nearest"  # str: nearest, half_up, half_even, truncate or any
    alpha = 0.05  # float, 0 < alpha < 1
    seed = 1  # int ≥ 0

Bounds may be written with ``>=`` as well, but papermill's own reader, which
warns of unknown parameters, does not see a line with two equals signs.
"""

from __future__ import annotations

import ast
import difflib
import io
import json
import operator
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "Parameter",
    "ParameterError",
    "parse_parameter",
    "read_parameters",
    "select_parameters",
]

TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "≤": operator.le,
    "≥": operator.ge,
}


class ParameterError(ValueError):
    """A parameter that no chapter knows, or a value that it does not take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the ``parameters`` cell of a chapter.

    Parameters
    ----------
    name : str
        The name of the variable.
    default : str, int, float or bool
        The value that the chapter has on its own.
    kind : {"str", "int", "float", "bool"}
        The type that the comment states; without one, that of the default.
    allowed : tuple of str
        The words that a ``str`` may be; empty where any will do.
    bounds : tuple of (str, str, str)
        Comparisons that must hold, as the comment writes them: left side, sign,
        right side, where one side is the name.
    """

    name: str
    default: str | int | float | bool
    kind: str
    allowed: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str, str], ...] = ()

    def check(self, value: object) -> str | int | float | bool:
        """Return the value as this parameter takes it.

        Text, which is what a command line has, is read as the type of the
        parameter.

        Parameters
        ----------
        value : object
            A value of the right type, or its text.

        Returns
        -------
        str, int, float or bool
            The value, of the type of the parameter.

        Raises
        ------
        ParameterError
            If the value is of another type, or not allowed.

        Examples
        --------
        >>> parse_parameter("alpha", "0.05", "float, 0 < alpha < 1").check("0.01")
        0.01
        """
        converted = self._convert(value)
        if self.allowed and converted not in self.allowed:
            raise ParameterError(
                f"{self.name} is one of {', '.join(self.allowed)}; "
                f"got {converted!r}{_nearest(str(converted), self.allowed)}"
            )
        for left, sign, right in self.bounds:
            sides = (converted if side == self.name else float(side) for side in (left, right))
            if not COMPARISONS[sign](*sides):
                raise ParameterError(
                    f"{self.name} must satisfy {left} {sign} {right}; got {converted!r}"
                )
        return converted

    def _convert(self, value: object) -> str | int | float | bool:
        wanted = TYPES[self.kind]
        if isinstance(value, bool) or wanted is bool:
            # bool is a subclass of int, and bool("False") is True.
            words = {"true": True, "false": False}
            found = words.get(str(value).lower()) if wanted is bool else None
            if found is not None:
                return found
        elif isinstance(value, wanted):
            return value  # type: ignore[return-value]
        elif isinstance(value, str) or (wanted is float and isinstance(value, int)):
            try:
                return wanted(value)  # type: ignore[no-any-return]
            except ValueError:
                pass
        raise ParameterError(
            f"{self.name} is of type {self.kind} (default {self.default!r}); got {value!r}"
        )


def parse_parameter(name: str, default: str, comment: str) -> Parameter:
    """Read one line of a ``parameters`` cell.

    Parameters
    ----------
    name : str
        The name of the variable.
    default : str
        The Python literal on the right of the equals sign.
    comment : str
        The comment behind it, without the hash.

    Returns
    -------
    Parameter
        The parameter.

    Raises
    ------
    ParameterError
        If the default is no literal, or is not allowed by its own comment.

    Examples
    --------
    >>> parse_parameter("rounding", "'nearest'", "str: nearest, half_up or any").allowed
    ('nearest', 'half_up', 'any')
    >>> parse_parameter("seed", "1", "int ≥ 0").bounds
    (('seed', '≥', '0'),)
    """
    try:
        value = ast.literal_eval(default)
    except (ValueError, SyntaxError) as error:
        raise ParameterError(f"the default of {name} is not a plain value: {default}") from error
    stated = re.match(r"(str|int|float|bool)\b(.*)", comment.strip())
    kind = stated[1] if stated else type(value).__name__
    rest = stated[2].strip() if stated else ""
    if kind not in TYPES:
        raise ParameterError(f"{name} is neither text, number nor truth value: {default}")
    allowed: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str, str], ...] = ()
    if rest.startswith(":"):
        allowed = tuple(re.split(r"\s*,\s*|\s+or\s+", rest[1:].strip()))
    else:
        bounds = tuple(bound for part in rest.split(",") for bound in _comparisons(name, part))
    parameter = Parameter(name, value, kind, allowed, bounds)
    parameter.check(value)
    return parameter


def _comparisons(name: str, text: str) -> Iterable[tuple[str, str, str]]:
    """Split a chain such as ``0 < alpha < 1``; text without a sign is a unit."""
    pieces = [piece.strip() for piece in re.split(r"(<=|>=|[<>≤≥])", text)]
    pieces[0] = pieces[0] or name
    return zip(pieces[:-1:2], pieces[1::2], pieces[2::2], strict=True)


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Read the parameters of a chapter.

    Parameters
    ----------
    notebook : Path
        The chapter.

    Returns
    -------
    dict of str to Parameter
        In the order of the cell; empty if no cell is tagged ``parameters``.

    Raises
    ------
    ParameterError
        If a line of the cell cannot be read.
    """
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            return _parse_cell("".join(cell["source"]))
    return {}


def _parse_cell(source: str) -> dict[str, Parameter]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokens
        if token.type == tokenize.COMMENT
    }
    parameters = {}
    for statement in ast.parse(source).body:
        text = ast.get_source_segment(source, statement) or ""
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            raise ParameterError(f"the parameters cell has a line that is no parameter: {text}")
        name = statement.targets[0].id
        default = ast.get_source_segment(source, statement.value) or ""
        parameters[name] = parse_parameter(
            name, default, comments.get(statement.end_lineno or 0, "")
        )
    return parameters


def select_parameters(
    known: Mapping[str, Mapping[str, Parameter]], given: Mapping[str, object]
) -> dict[str, dict[str, str | int | float | bool]]:
    """Give every chapter those of the given parameters that it knows.

    Parameters
    ----------
    known : mapping of str to mapping of str to Parameter
        The parameters of each chapter.
    given : mapping of str to object
        Names and values, or the texts of values.

    Returns
    -------
    dict of str to dict
        For each chapter, names and values of the right type.

    Raises
    ------
    ParameterError
        If no chapter knows a name, or one that does refuses the value.

    Examples
    --------
    >>> alpha = parse_parameter("alpha", "0.05", "float, 0 < alpha < 1")
    >>> select_parameters({"home": {}, "paper": {"alpha": alpha}}, {"alpha": "0.01"})
    {'home': {}, 'paper': {'alpha': 0.01}}
    >>> select_parameters({"paper": {"alpha": alpha}}, {"aplha": "0.01"})
    Traceback (most recent call last):
        ...
    netcore.publishing.parameters.ParameterError: no chapter has a parameter \
'aplha'; did you mean 'alpha'? Known: alpha
    """
    names = sorted({name for parameters in known.values() for name in parameters})
    for name in given:
        if name not in names:
            raise ParameterError(
                f"no chapter has a parameter {name!r}{_nearest(name, names)} "
                f"Known: {', '.join(names) or 'none'}"
            )
    return {
        chapter: {
            name: parameters[name].check(value)
            for name, value in given.items()
            if name in parameters
        }
        for chapter, parameters in known.items()
    }


def _nearest(word: str, words: Iterable[str]) -> str:
    """Return the words that end an error message: the nearest known name."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else "."
