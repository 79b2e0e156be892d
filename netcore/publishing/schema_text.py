"""The ``ledger-schema`` directive: every field of the ledger, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from netcore.ledger import schema as ledger_schema_module
from netcore.ledger.schema import ledger_schema
from netcore.publishing.generated_text import GeneratedText, literal, markdown_table, plain

__all__ = ["LedgerSchema", "schema_markdown"]


class LedgerSchema(GeneratedText):
    """A table of fields for the ledger and for each kind of object in it."""

    def markdown(self) -> str:
        """Return the reference of all fields.

        Returns
        -------
        str
            Markdown.
        """
        return schema_markdown(ledger_schema())

    def sources(self) -> Iterable[Path]:
        """Return the module that describes the ledger.

        Returns
        -------
        iterable of Path
            One file.
        """
        return (Path(ledger_schema_module.__file__),)


def schema_markdown(schema: Mapping[str, Any], name: str = "ledger.json") -> str:
    """Return the fields of an object and of all objects in it.

    Parameters
    ----------
    schema : mapping
        A JSON Schema of an object.
    name : str
        How the object is called in the heading.

    Returns
    -------
    str
        Markdown: for each object its heading, its meaning and a table of its
        fields.

    Examples
    --------
    >>> field = {"type": "string", "description": "Key of the paper."}
    >>> described = {"type": "object", "description": "A paper.", "properties": {"key": field}}
    >>> print(schema_markdown(described, "papers[ ]"), end="")
    ### `papers[ ]`
    <BLANKLINE>
    A paper.
    <BLANKLINE>
    | field | type | meaning |
    |---|---|---|
    | `key` | text | Key of the paper. |
    """
    fields = schema["properties"]
    rows = [
        (literal(key), _type(field), plain(field.get("description") or _items(field)))
        for key, field in fields.items()
    ]
    table = markdown_table(("field", "type", "meaning"), rows)
    text = f"### {literal(name)}\n\n{plain(schema.get('description', ''))}\n\n{table}"
    parts = [schema_markdown(part, inner) for inner, part in _objects(fields, name)]
    return "\n".join([text, *parts])


def _objects(fields: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    prefix = "" if name == "ledger.json" else f"{name}."
    for key, field in fields.items():
        if "properties" in field:
            yield f"{prefix}{key}", field
        elif "properties" in field.get("items", {}):
            yield f"{prefix}{key}[ ]", field["items"]


def _items(field: Mapping[str, Any]) -> str:
    return str(field.get("items", {}).get("description", ""))


def _type(field: Mapping[str, Any]) -> str:
    if "const" in field:
        return f"always {literal(field['const'])}"
    if "enum" in field:
        return "one of " + ", ".join(literal(value) for value in field["enum"])
    named = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(_word(kind, field) for kind in named)


def _word(kind: str, field: Mapping[str, Any]) -> str:
    if kind == "array":
        items = field["items"]
        return f"list of {_PLURALS[items['type']]}"
    return _WORDS[kind]


_WORDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
_PLURALS = {"string": "texts", "array": "lists", "object": "objects"}
