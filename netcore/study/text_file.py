"""The text of a data file: UTF-8, of a sane size, with one kind of line end."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netcore.study.problems import Problem, quoted

__all__ = ["UNPRINTABLE", "TextFile", "read_text_file"]

# Control characters, the line and paragraph separators that only some programs
# take for line ends, marks that reverse or hide what a reviewer sees, and
# code points that are no characters.  Tab and line feed are dealt with where
# they matter.
UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)

_BYTE_ORDER_MARKS: Final = {
    b"\xef\xbb\xbf": "UTF-8",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class TextFile:
    r"""What could be read of a file.

    Parameters
    ----------
    text : str or None
        The text with ``\n`` as line ends and without a byte-order mark; None
        if it cannot be read as text at all.
    problems : tuple of Problem
        What is wrong with it as a text.
    """

    text: str | None
    problems: tuple[Problem, ...] = ()


def read_text_file(
    path: Path, *, name: str, most_bytes: int, holds: str, cells: bool = False
) -> TextFile:
    """Read a text file without trusting it.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What to call it in problems.
    most_bytes : int
        Larger files are refused unread.
    holds : str
        What the file is for, in a few words: said if it is missing or empty.
    cells : bool
        Whether columns of problems count comma-separated cells rather than
        characters.

    Returns
    -------
    TextFile
        The text, or what is wrong with it.  Windows line ends are accepted.
    """

    def refused(
        found: str, expected: str, line: int | None = None, column: int | None = None
    ) -> TextFile:
        return TextFile(None, (Problem(name, line, column, found, expected),))

    try:
        if not path.is_file():
            kind = "a folder or device of that name" if path.exists() else "no such file"
            return refused(kind, f"a text file with {holds}")
        with path.open("rb") as stream:
            raw = stream.read(most_bytes + 1)
    except OSError as error:
        return refused(
            f"a file that cannot be opened ({error.strerror or error})", f"a text file with {holds}"
        )
    if len(raw) > most_bytes:
        return refused(
            f"a file of more than {most_bytes:,} bytes", f"at most {most_bytes:,} bytes, one paper"
        )

    problems: list[Problem] = []
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            advice = "UTF-8 without one (save again as 'UTF-8', not as 'UTF-8 with BOM', 'CSV UTF-8' or 'Unicode')"
            problems.append(Problem(name, 1, 1, f"a byte-order mark of {encoding}", advice))
            if encoding != "UTF-8":
                return TextFile(None, tuple(problems))
            raw = raw.removeprefix(mark)

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _end_of(raw[: error.start].decode("utf-8"), cells=cells)
        found = f"a byte that is not UTF-8 (0x{raw[error.start]:02x})"
        problems.append(
            Problem(name, line, column, found, "a file in UTF-8 (save again with that encoding)")
        )
        return TextFile(None, tuple(problems))

    text = text.replace("\r\n", "\n")
    if "\r" in text:
        line, column = _end_of(text[: text.index("\r")], cells=cells)
        found = "a carriage return without a line feed"
        problems.append(Problem(name, line, column, found, "line ends of Unix or Windows"))
        return TextFile(None, tuple(problems))
    if not text.strip():
        problems.append(Problem(name, 1, 1, "an empty file", holds))
        return TextFile(None, tuple(problems))
    if not cells and (strange := UNPRINTABLE.search(text)):
        line, column = _end_of(text[: strange.start()], cells=False)
        found = f"the unprintable character {quoted(strange.group())}"
        problems.append(Problem(name, line, column, found, "printable text"))
        return TextFile(None, tuple(problems))
    return TextFile(text, tuple(problems))


def _end_of(text: str, *, cells: bool) -> tuple[int, int]:
    """Return line and column of what follows `text`, both counted from 1."""
    text = text.replace("\r\n", "\n")
    last_line = text.rpartition("\n")[2]
    if not cells:
        return text.count("\n") + 1, len(last_line) + 1
    try:
        *_, last_row = csv.reader(io.StringIO(text, newline="\n"))
    except (csv.Error, ValueError):  # no row yet, or not a table
        return text.count("\n") + 1, 1
    if not last_line and not text.endswith('"'):
        return text.count("\n") + 1, 1
    return text.count("\n") + 1, max(1, len(last_row))
