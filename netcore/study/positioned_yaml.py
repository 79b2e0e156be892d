"""YAML as nested mappings, lists and strings, with the position of each.

Only the part of YAML that a table of facts needs: no tag, anchor or alias, and
every scalar is the string that stands in the file, so that ``no``, ``1.10``
and ``2022-10-31`` stay what they are.  Built from parser events rather than by
a loader: nothing is ever constructed, and depth is bounded without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeAlias

import yaml

from netcore.study.problems import quoted

__all__ = ["Path", "Position", "Value", "YamlDocument", "YamlFault", "read_yaml"]

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Path: TypeAlias = "tuple[str | int, ...]"

_DEEPEST: Final = 16  # a study needs 6; bombs need thousands
# libyaml is ten times as fast, and comes with every wheel of PyYAML.
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class _Mark(Protocol):
    """A position as PyYAML and libyaml have it, each in a class of its own."""

    line: int
    column: int


class Position(NamedTuple):
    """Where something starts, counted from 1.

    Parameters
    ----------
    line : int
        Line of the file.
    column : int
        Character of the line.
    """

    line: int
    column: int


class YamlFault(NamedTuple):
    """What is wrong with the YAML, apart from what it says.

    Parameters
    ----------
    position : Position
        Where the fault is.
    found, expected : str
        The two halves of the message.
    """

    position: Position
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A parsed document.

    Parameters
    ----------
    data : dict or None
        The top-level mapping; None if the document cannot be understood.
    faults : tuple of YamlFault
        Duplicate keys and whatever else is refused.
    values, keys : mapping of path to Position
        Where each value, and each key of a mapping, starts.
    """

    data: dict[str, Value] | None
    faults: tuple[YamlFault, ...] = ()
    values: Mapping[Path, Position] = field(default_factory=dict)
    keys: Mapping[Path, Position] = field(default_factory=dict)

    def position(self, path: Path, *, of_key: bool = False) -> Position:
        """Find where the value (or key) at a path starts.

        Parameters
        ----------
        path : tuple of str or int
            Keys and indices from the top.
        of_key : bool
            Whether the key is at fault rather than its value.

        Returns
        -------
        Position
            Of the nearest enclosing value, where the path itself is missing.
        """
        if of_key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Position(1, 1))


class _RefusedError(Exception):
    """Raised inside this module to stop at something that cannot be skipped."""

    def __init__(self, position: Position, found: str, expected: str) -> None:
        super().__init__(found)
        self.fault = YamlFault(position, found, expected)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not been reached yet."""

    container: dict[str, Value] | list[Value]
    path: Path
    kept: bool  # False below a duplicate key: composed only to get past it
    key: str | None = None
    key_kept: bool = True


@dataclass(slots=True)
class _Composer:
    """Builds the document, event by event."""

    faults: list[YamlFault] = field(default_factory=list)
    values: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    root: Value | None = None

    def compose(self, events: Iterator[yaml.Event]) -> None:
        """Take all events of one stream."""
        for event in events:
            position = _position(event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                if self.root is not None:
                    raise _RefusedError(position, "a second document", "one document per file")
            elif isinstance(event, yaml.NodeEvent):
                self._node(event, position)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()

    def _node(self, event: yaml.NodeEvent, position: Position) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(
                position, f"the alias {quoted(f'*{event.anchor}')}", "the value itself"
            )
        if event.anchor is not None:
            self._fault(position, f"the anchor {quoted(f'&{event.anchor}')}", "the value alone")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault(
                position,
                f"the tag {quoted(tag)}",
                "the value alone (everything is read as a string)",
            )

        parent = self.open[-1] if self.open else None
        if parent is not None and isinstance(parent.container, dict) and parent.key is None:
            self._key(parent, event, position)
            return
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = event.value
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        path, kept = self._attach(parent, value)
        if kept:
            self.values[path] = position
        if not isinstance(value, str):
            if len(self.open) == _DEEPEST:
                raise _RefusedError(
                    position, f"more than {_DEEPEST} levels", "a few levels, as in the format"
                )
            self.open.append(_Open(value, path, kept))

    def _key(self, parent: _Open, event: yaml.NodeEvent, position: Position) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise _RefusedError(position, "a list or mapping as a key", "a name")
        parent.key = event.value
        path = (*parent.path, event.value)
        parent.key_kept = parent.kept and path not in self.keys
        if parent.key_kept:
            self.keys[path] = position
        elif parent.kept:
            first = self.keys[path]
            found = f"the key {quoted(event.value)} again"
            self._fault(
                position,
                found,
                f"each key once (first on line {first.line}, column {first.column})",
            )

    def _attach(self, parent: _Open | None, value: Value) -> tuple[Path, bool]:
        if parent is None:
            self.root = value
            return (), True
        if isinstance(parent.container, list):
            parent.container.append(value)
            return (*parent.path, len(parent.container) - 1), parent.kept
        assert parent.key is not None
        key, parent.key = parent.key, None
        if parent.key_kept:
            parent.container[key] = value
        return (*parent.path, key), parent.key_kept

    def _fault(self, position: Position, found: str, expected: str) -> None:
        self.faults.append(YamlFault(position, found, expected))


def _position(mark: _Mark | None) -> Position:
    """Count from 1 what PyYAML counts from 0."""
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def read_yaml(text: str) -> YamlDocument:
    r"""Read a YAML document as strings, safely.

    Parameters
    ----------
    text : str
        Printable text with ``\n`` as line ends.

    Returns
    -------
    YamlDocument
        The data with positions, and everything that was refused.

    Examples
    --------
    >>> document = read_yaml("all: {units: patients}\nnone: [no, 1.10]\n")
    >>> document.data
    {'all': {'units': 'patients'}, 'none': ['no', '1.10']}
    >>> document.position(("none", 1))
    Position(line=2, column=12)
    >>> read_yaml("a: 1\na: 2\n").faults[0].found
    "the key 'a' again"
    """
    composer = _Composer()
    stop: YamlFault | None = None
    try:
        composer.compose(yaml.parse(text, Loader=_LOADER))
    except _RefusedError as refused:
        stop = refused.fault
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = _position(mark)
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        stop = YamlFault(position, f"a syntax error ({reason})", "YAML")
    except (
        yaml.YAMLError,
        ValueError,
    ) as error:  # PyYAML without libyaml lets some of the latter out
        stop = YamlFault(Position(1, 1), f"a syntax error ({quoted(str(error))})", "YAML")
    if stop is None and not isinstance(composer.root, dict):
        what = "nothing but comments" if composer.root is None else "no mapping"
        stop = YamlFault(
            composer.values.get((), Position(1, 1)),
            what,
            "sections, each with its name and a colon",
        )
    if stop is not None or not isinstance(composer.root, dict):
        return YamlDocument(None, (*composer.faults, *((stop,) if stop else ())))
    return YamlDocument(composer.root, tuple(composer.faults), composer.values, composer.keys)
