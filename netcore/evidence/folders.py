"""Where evidence is kept, and digests of what it is evidence of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from netcore.study import Study
from netcore.study.library import LITERATURE

__all__ = ["digest_of", "digest_of_file", "evidence_folder", "json_text", "table_text"]


def evidence_folder(study: Study) -> Path | None:
    """Return where the evidence of a paper is kept, whether or not there is any.

    Parameters
    ----------
    study : Study
        The paper, with the folder that it was read from.

    Returns
    -------
    Path or None
        ``evidence/KEY`` of the project; None for a folder that is not one of
        a project.
    """
    folder = study.folder.resolve()
    data = folder.parent.parent if folder.parent.name == LITERATURE else folder.parent
    if data.name != "data":
        return None
    return data.parent / "evidence" / study.paper.key


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> digest_of("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest_of_file(path: Path) -> str:
    r"""Return the SHA-256 of a file, with ``\n`` as line ends.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        The same for a checkout with the line ends of Windows.
    """
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def json_text(document: object) -> str:
    """Write plain JSON values, always the same for the same values.

    Parameters
    ----------
    document : object
        Dictionaries, lists, strings, numbers, booleans and None.

    Returns
    -------
    str
        Indented by one, with a line break at the end.
    """
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def table_text(document: Mapping[str, Mapping[str, object]]) -> str:
    """Write sections of entries as JSON, one entry a line, so that changes are seen line by line.

    Parameters
    ----------
    document : Mapping of str to Mapping
        Sections by name.

    Returns
    -------
    str
        Always the same for the same values, with a line break at the end.

    Examples
    --------
    >>> print(table_text({"rows": {"a": [1], "b": [2]}}), end="")
    {
     "rows": {
      "a": [1],
      "b": [2]
     }
    }
    """

    def line(name: str, value: object) -> str:
        return f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"

    sections = []
    for name, entries in document.items():
        lines = ",\n".join(f"  {line(key, value)}" for key, value in entries.items())
        body = f"{{\n{lines}\n }}" if entries else "{}"
        sections.append(f" {json.dumps(name)}: {body}")
    return "{\n" + ",\n".join(sections) + "\n}\n"
