"""What is wrong with a file, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

__all__ = ["MOST_PROBLEMS", "Problem", "StudyError", "dotted", "nearest", "one_of", "quoted"]

# Nobody reads more than this of one file, and looking for the nearest name
# a hundred thousand times would keep the reader waiting.
MOST_PROBLEMS: Final = 500

_LONGEST_SHOWN: Final = 60
_MOST_LISTED: Final = 12
_MOST_COMPARED: Final = 300
_CUTOFF: Final = 0.6  # difflib's own default: below it, suggestions mislead more than they help


def quoted(text: str) -> str:
    r"""Quote a piece of a file for a message.

    Parameters
    ----------
    text : str
        Whatever was found, of any length and with any characters.

    Returns
    -------
    str
        A Python string literal of at most about 60 characters.  Control
        characters are escaped, so that a file cannot steer the terminal.

    Examples
    --------
    >>> quoted("grp1"), quoted("\x1b[2J")
    ("'grp1'", "'\\x1b[2J'")
    """
    if len(text) <= _LONGEST_SHOWN:
        return repr(text)
    return f"{text[:_LONGEST_SHOWN]!r}... ({len(text)} characters)"


def _plain(name: str) -> str:
    """Return a name as it is, unless that would break the line or be overlooked in it."""
    is_plain = name.isprintable() and len(name) <= _LONGEST_SHOWN and name[:1].isalnum()
    return name if is_plain else quoted(name)


def dotted(path: Iterable[str | int]) -> str:
    """Write the place of a value in nested data.

    Parameters
    ----------
    path : iterable of str or int
        Keys and indices from the top.

    Returns
    -------
    str
        Keys joined by dots, indices in brackets.

    Examples
    --------
    >>> dotted(("variables", "response", "levels", 2))
    'variables.response.levels[2]'
    """
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += f".{_plain(part)}" if written else _plain(part)
    return written


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that somebody who wrote `name` most likely meant.

    Parameters
    ----------
    name : str
        The name as found.
    known : iterable of str
        The names that would have been accepted.

    Returns
    -------
    str or None
        The nearest known name; None if none is near.

    Examples
    --------
    >>> nearest("grp1", ["all", "group1", "group2"])
    'group1'
    >>> nearest("Median", ["mean", "median"])
    'median'
    >>> nearest("lesions", ["all"]) is None
    True
    """
    if not name or len(name) > _LONGEST_SHOWN:  # difflib is quadratic in the length
        return None
    import difflib  # needed for bad input only

    by_folded = {known_name.casefold(): known_name for known_name in islice(known, _MOST_COMPARED)}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=_CUTOFF)
    return by_folded[found[0]] if found else None


def one_of(name: str, known: Collection[str], what: str) -> str:
    """Say which names would have been accepted, and which is nearest.

    Parameters
    ----------
    name : str
        The name as found.
    known : collection of str
        The names that would have been accepted, in the order to list them.
    what : str
        What they are, in the plural; said if there are none.

    Returns
    -------
    str
        The second half of a message.

    Examples
    --------
    >>> one_of("grp1", ["all", "group1", "group2"], "populations")
    'one of all, group1, group2 (nearest: group1)'
    >>> one_of("x", [], "analyses")
    'one of the analyses of paper.yaml, which has none'
    """
    if not known:
        return f"one of the {what} of paper.yaml, which has none"
    listed = ", ".join(_plain(choice) for choice in islice(known, _MOST_LISTED))
    if len(known) > _MOST_LISTED:
        listed += f" and {len(known) - _MOST_LISTED} more"
    near = nearest(name, known)
    return f"one of {listed}" + (f" (nearest: {_plain(near)})" if near else "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file.

    Parameters
    ----------
    file : str
        The file, as the folder was given by the caller.
    line : int or None
        Counted from 1; None if the fault is that of the whole file.
    column : int or None
        Counted from 1: of ``paper.yaml`` the character, of ``claims.csv`` the
        cell (so that 10 is the tenth column of the spreadsheet).
    found : str
        What stands there.
    expected : str
        What should stand there, and how to get it.

    Examples
    --------
    >>> str(Problem("x/claims.csv", 12, 3, "population 'grp1'", "one of all, group1"))
    "x/claims.csv:12:3: found population 'grp1', expected one of all, group1"
    """

    file: str
    line: int | None
    column: int | None
    found: str
    expected: str

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column, as a key to sort by; 0 where there is none."""
        return self.file, self.line or 0, self.column or 0

    def __str__(self) -> str:
        """Write the problem on one line, the way compilers do."""
        place = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part is not None
        )
        return f"{place}: found {self.found}, expected {self.expected}"


class StudyError(ValueError):
    """A study that cannot be loaded.

    Parameters
    ----------
    problems : iterable of Problem
        Everything that is wrong with both files, in any order.

    Attributes
    ----------
    problems : tuple of Problem
        The same, sorted by file, line and column.
    """

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Write all problems, one per line."""
        return "\n".join(str(problem) for problem in self.problems)
