"""JSON Schema of the machine-readable ledger, for programs that read it.

Verdicts, kinds, roundings and columns come from where they are defined, so
that the schema cannot disagree with them.  ``python -m netcore.ledger.schema``
writes it again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from netcore.checks import Kind, RepairKind, Verdict
from netcore.ledger.documents import SCHEMA_VERSION
from netcore.printed import ROUNDINGS
from netcore.study import COLUMNS

__all__ = ["FILE", "ledger_schema", "main", "write_schema"]

FILE: Final = "ledger.schema.json"

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?"
_INTERVAL: Final = rf"^(?:\(-inf|[\[(]{_NUMBER}), (?:inf\)|{_NUMBER}[\])])$"


def _text(description: str, *, is_filled: bool = False) -> dict[str, Any]:
    return {"type": "string", "description": description} | ({"minLength": 1} if is_filled else {})


def _texts(description: str, *, is_unique: bool = False) -> dict[str, Any]:
    items = {"type": "string", "minLength": 1}
    found: dict[str, Any] = {"type": "array", "items": items, "description": description}
    return found | ({"uniqueItems": True} if is_unique else {})


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _closed(properties: Mapping[str, Any], description: str) -> dict[str, Any]:
    """Describe an object that has all of some fields and no other."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _papers() -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0}
    return _closed(
        {
            "key": _text("Key of the paper.", is_filled=True),
            "title": _or_null(_text("As printed.", is_filled=True)),
            "doi": _or_null(_text("Without https://doi.org/.", is_filled=True)),
            "claims": {**count, "description": "How many values it prints."},
            "verdicts": _closed(
                {verdict.value: {**count, "description": verdict.meaning} for verdict in Verdict},
                "How many claims have each verdict.",
            ),
        },
        "A paper, and what was found.",
    )


def _claims() -> dict[str, Any]:
    filled = ("claim", "location", "stat_name", "printed")
    columns = {name: _text("A column of claims.csv.", is_filled=name in filled) for name in COLUMNS}
    return _closed(
        {
            "paper": _text("Key of the paper.", is_filled=True),
            **columns,
            "verdict": {
                "enum": [verdict.value for verdict in Verdict],
                "description": "The first, in this order of precedence, that a finding earns it.",
            },
            "recomputed": _or_null(
                _text("What follows from other values, as it would print.", is_filled=True)
            ),
            "attainable": {
                "type": ["array", "null"],
                "items": {"type": "string", "pattern": _INTERVAL},
                "minItems": 1,
                "description": "All values that would also have passed: intervals with exact "
                "ends, '[' closed and '(' open, -inf or inf where there is no end.",
            },
            "checks": _texts("The checks that bind it.", is_unique=True),
            "conventions": _texts("Under which it was checked."),
            "assumptions": _texts("What its verdict assumes that the paper does not state."),
            "findings": _texts("Ids of the findings that bind it.", is_unique=True),
            "evidence": _text("What the verdict rests on, in plain words.", is_filled=True),
        },
        "One printed value with its verdict.",
    )


def _findings() -> dict[str, Any]:
    ids = _texts("Ids of claims of the same paper.", is_unique=True)
    repair = _closed(
        {
            "claims": {**ids, "minItems": 1},
            "change": _text("In words.", is_filled=True),
            "kind": {
                "enum": list(get_args(RepairKind)),
                "description": "How small a change it is.",
            },
            "replacements": {
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 2,
                    "maxItems": 2,
                },
                "description": "Claims, and what each would print instead.",
            },
            "verified": {
                "type": "boolean",
                "description": "Whether the checks, run again, left neither the conflict nor a new one.",
            },
        },
        "A change of printed values after which the conflict is gone.",
    )
    proof = {"type": ["object", "null"], "required": ["kind"]}
    finding = _closed(
        {
            "id": _text("Unique within the paper.", is_filled=True),
            "paper": _text("Key of the paper.", is_filled=True),
            "check": _text("Name of the check.", is_filled=True),
            "kind": {"enum": list(get_args(Kind)), "description": "A note changes no verdict."},
            "claims": {**ids, "minItems": 1, "description": "The claims that it binds."},
            "held_by_others": {
                **ids,
                "description": "Claims of a conflict that no change of theirs alone would resolve.",
            },
            "statement": _text("What is printed and what follows.", is_filled=True),
            "assumptions": _texts("What it assumes that the paper does not state."),
            "resolved_by": _texts("What would settle it."),
            "repairs": {"type": "array", "items": repair},
            "tried": {
                "type": "integer",
                "minimum": 0,
                "description": "How many small changes were tried in search of repairs.",
            },
            "changes": _text("What it changes for a reader; empty for nothing."),
            "conventions": _texts("Under which it was found."),
            "elsewhere": _texts("What it rests on in other documents: key, or key#claim."),
            "witness": {
                "type": ["object", "null"],
                "description": "Data that fit; constructed, never observed.",
            },
            "certificate": {
                **proof,
                "description": "A proof that no data fit: for verify_evidence.py if its kind is inequalities.",
            },
        },
        "One thing that follows from a set of claims.",
    )
    finding["allOf"] = [
        _if_kind("conflict", {"certificate": {"type": "object"}}),
        _if_kind("support", {"repairs": {"maxItems": 0}, "held_by_others": {"maxItems": 0}}),
    ]
    return finding


def _if_kind(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    is_kind = {"properties": {"kind": {"const": kind}}}
    return {"if": is_kind, "then": {"properties": dict(properties)}}


def ledger_schema() -> dict[str, Any]:
    """Describe the ledger as JSON.

    Returns
    -------
    dict
        A JSON Schema of what :func:`netcore.ledger.documents.ledger_document`
        returns.  That ids exist, and that counts add up, no schema can say.

    Examples
    --------
    >>> ledger_schema()["required"]
    ['schema_version', 'conventions', 'papers', 'claims', 'findings']
    """
    conventions = _closed(
        {
            "rounding": {"enum": list(ROUNDINGS), "description": "How the papers rounded."},
            "alpha": {
                "type": ["string", "null"],
                "pattern": f"^{_NUMBER}$",
                "description": "The level behind 'ns'; null for the one that the paper prints.",
            },
        },
        "What the reader chose.",
    )
    document = _closed(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "conventions": conventions,
            "papers": {"type": "array", "items": _papers()},
            "claims": {"type": "array", "items": _claims()},
            "findings": {"type": "array", "items": _findings()},
        },
        "Every claim of some papers with its verdict, and everything that was found.",
    )
    return {"$schema": _DIALECT, "title": "ledger.json", **document}


def write_schema(folder: Path) -> Path:
    """Write the schema.

    Parameters
    ----------
    folder : Path
        Where to; must exist.

    Returns
    -------
    Path
        The file.
    """
    path = folder / FILE
    text = json.dumps(ledger_schema(), indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the schema into a folder, ``schemas`` if none is named.

    Parameters
    ----------
    arguments : sequence of str, optional
        The folder; those of the command line by default.
    """
    folders = sys.argv[1:] if arguments is None else arguments
    write_schema(Path(folders[0] if folders else "schemas"))


if __name__ == "__main__":
    main()
