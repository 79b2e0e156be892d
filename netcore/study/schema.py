"""JSON Schemas of both files, for editors and for other programs.

Made from the models, so that they cannot disagree with the loader about
fields.  They say what can be said of one file alone; that names exist is for
the loader to check.  ``python -m netcore.study.schema`` writes them again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from netcore.study.models import ClaimRow, PaperFile

__all__ = ["SCHEMAS", "claims_schema", "main", "paper_schema", "write_schemas"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def paper_schema() -> dict[str, Any]:
    """Describe ``paper.yaml`` as an editor sees it.

    Returns
    -------
    dict
        A JSON Schema.  Where a string is wanted it accepts numbers and
        booleans too, because in YAML ``1`` and ``true`` need no quotation
        marks; the loader reads every scalar as a string.

    Examples
    --------
    >>> paper_schema()["required"]
    ['format', 'paper', 'locations', 'populations']
    """
    schema = PaperFile.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT, **_tidied(schema), "title": "paper.yaml"}


def claims_schema() -> dict[str, Any]:
    """Describe ``claims.csv`` as an array of rows.

    Returns
    -------
    dict
        A JSON Schema of an array of objects with thirteen strings each.

    Examples
    --------
    >>> len(claims_schema()["items"]["required"])
    13
    """
    row = _tidied(ClaimRow.model_json_schema())
    return {"$schema": _DIALECT, "title": "claims.csv", "type": "array", "items": row}


SCHEMAS: Final = {
    "paper.schema.json": paper_schema,
    "claims.schema.json": claims_schema,
}


def write_schemas(folder: Path) -> None:
    """Write both schemas.

    Parameters
    ----------
    folder : Path
        Where to; must exist.
    """
    for name, schema in SCHEMAS.items():
        text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


def _tidied(schema: Any) -> Any:
    """Drop what pydantic adds and no reader needs: titles of fields, and null.

    An optional field is left out; there is no way to write null.
    """
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {
        key: {name: _tidied(value) for name, value in part.items()}
        if key in ("properties", "$defs")
        else _tidied(part)
        for key, part in schema.items()
        if key != "title" and not (key == "default" and part in (None, {}))
    }
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    choices = tidy.get("anyOf", [])
    if {"type": "null"} in choices and len(choices) == 2:
        del tidy["anyOf"]
        tidy = next(choice for choice in choices if choice != {"type": "null"}) | tidy
    return tidy


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the schemas into a folder, ``schemas`` if none is named.

    Parameters
    ----------
    arguments : sequence of str, optional
        The folder; those of the command line by default.
    """
    folders = sys.argv[1:] if arguments is None else arguments
    write_schemas(Path(folders[0] if folders else "schemas"))


if __name__ == "__main__":
    main()
