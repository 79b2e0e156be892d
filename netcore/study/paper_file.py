"""``paper.yaml``: from text to checked sections, with every problem at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netcore.study.drafts import EntryT, Fault, PaperDraft, Section
from netcore.study.models import (
    Analysis,
    Derived,
    Granularity,
    Location,
    PaperFile,
    PaperInfo,
    Population,
    StudiesCounted,
    Variable,
    VariableType,
)
from netcore.study.positioned_yaml import Path, Value, read_yaml
from netcore.study.problems import MOST_PROBLEMS, Problem, dotted, one_of, quoted
from netcore.study.references import reference_faults

__all__ = ["read_paper"]

# The models by the key under which they stand, for the fields they know.
_NESTED: Final[dict[str | int, type[BaseModel]]] = {
    "paper": PaperInfo,
    "granularity": Granularity,
    "derived": Derived,
    "counts": StudiesCounted,
}
_ENTRIES: Final[dict[str | int, type[BaseModel]]] = {
    "locations": Location,
    "populations": Population,
    "variables": Variable,
    "analyses": Analysis,
}
# By section and name: the fields that have a fault, None for the entry as a whole.
_Faulty: TypeAlias = "dict[Path, set[str | int | None]]"

# For required fields that have a fault, so that the others can still be checked.
_STAND_INS: Final[tuple[dict[str, Value], ...]] = (
    {},
    {"test": ["unnamed"]},
    *({"type": name} for name in get_args(VariableType)),
)

_SHAPES: Final = {
    "string_type": "text",
    "dict_type": "names, each with a colon and what it stands for",
    "mapping_type": "names, each with a colon and what it stands for",
    "model_type": "fields, each with a colon and its value",
    "tuple_type": "a list, as [a, b]",
    "too_long": "a shorter list",
}


def read_paper(text: str, *, file: str, folder_name: str) -> tuple[PaperDraft, list[Problem]]:
    """Read and check ``paper.yaml``.

    Parameters
    ----------
    text : str
        The text of the file.
    file : str
        What to call the file in problems.
    folder_name : str
        The name of the folder, which must be the key of the paper.

    Returns
    -------
    draft : PaperDraft
        What could be understood; all of it is sound if there is no problem.
    problems : list of Problem
        What could not be understood, or is wrong.

    Examples
    --------
    >>> draft, problems = read_paper("format: 2", file="paper.yaml", folder_name="x")
    >>> print(problems[0])
    paper.yaml:1:9: found format '2', expected one of 1
    """
    document = read_yaml(text)
    problems = [
        Problem(file, *fault.position, fault.found, fault.expected) for fault in document.faults
    ]
    if document.data is None:
        return PaperDraft(), problems

    faults: list[Fault] = []
    try:
        PaperFile.model_validate(document.data)
    except ValidationError as error:
        all_details = islice(error.errors(include_url=False), MOST_PROBLEMS + 1)
        faults.extend(_fault(details, document.data) for details in all_details)
    draft = _draft(document.data, faults)
    faults.extend(_key_faults(document.data, folder_name))
    faults.extend(islice(reference_faults(draft), MOST_PROBLEMS + 1))

    for fault in faults:
        position = document.position(fault.path, of_key=fault.of_key)
        problems.append(Problem(file, *position, fault.found, fault.expected))
    return draft, problems


def _key_faults(data: dict[str, Value], folder_name: str) -> Iterator[Fault]:
    paper = data.get("paper")
    key = paper.get("key") if isinstance(paper, dict) else None
    if isinstance(key, str) and key != folder_name:
        expected = f"the name of the folder, {quoted(folder_name)}"
        yield Fault(("paper", "key"), f"paper.key {quoted(key)}", expected)


def _fault(details: ErrorDetails, data: Value) -> Fault:
    """Say in our words, about the file, what pydantic says about the data."""
    path: Path = details["loc"]
    of_key = path[-1:] == ("[key]",)
    if of_key:
        path = path[:-1]
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        if isinstance(path[-1], int):
            return Fault(path[:-1], _described(path[:-1], data), "two names")
        where = f" in {dotted(path[:-1])}" if path[1:] else ""
        return Fault(path, f"no {path[-1]}{where}", "it, for it is required")
    if kind == "extra_forbidden":
        return Fault(
            path,
            _described_key(path),
            one_of(str(path[-1]), _fields(path[:-1]), "fields"),
            of_key=True,
        )
    if kind == "unexpected":
        found = f"{context['found']} in {dotted(path)}" if context.get("found") else ""
        expected = str(context["expected"])
    else:
        found, expected = "", _SHAPES.get(kind) or details["msg"]
    return Fault(
        path,
        found or (_described_key(path) if of_key else _described(path, data)),
        expected,
        of_key,
    )


def _fields(path: Path) -> list[str]:
    model: type[BaseModel] = PaperFile
    if path:
        model = _NESTED.get(path[-1]) or _ENTRIES.get(path[0]) or PaperFile
    return [info.alias or name for name, info in model.model_fields.items()]


def _described(path: Path, data: Value) -> str:
    value: Value = data
    for part in path:
        inner: Value | None = None
        if isinstance(value, dict):
            inner = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            inner = value[part]
        if inner is None:
            return f"nothing at {dotted(path)}"
        value = inner
    if isinstance(value, str):
        return (
            f"{dotted(path)} {quoted(value)}" if value else f"{dotted(path)} with nothing after it"
        )
    what = "a mapping" if isinstance(value, dict) else "a list"
    return f"{dotted(path)} with {what}" if value else f"{dotted(path)} with {what} of nothing"


def _described_key(path: Path) -> str:
    return f"the name {quoted(str(path[-1]))}" + (
        f" in {dotted(path[:-1])}" if len(path) > 1 else ""
    )


def _draft(data: dict[str, Value], faults: list[Fault]) -> PaperDraft:
    faulty: _Faulty = {}
    for fault in faults:
        field = fault.path[2] if len(fault.path) > 2 else None
        faulty.setdefault(fault.path[:2], set()).add(field)
    try:
        paper = PaperInfo.model_validate(data.get("paper"))
    except ValidationError:
        paper = None
    return PaperDraft(
        paper,
        _section("locations", Location, data, faulty),
        _section("populations", Population, data, faulty),
        _section("variables", Variable, data, faulty),
        _section("analyses", Analysis, data, faulty),
    )


def _section(
    name: str, model: type[EntryT], data: dict[str, Value], faulty: _Faulty
) -> Section[EntryT]:
    optional = not PaperFile.model_fields[name].is_required()
    entries = data.get(name, {} if optional else None)
    if not isinstance(entries, dict):
        return Section()
    sound: dict[str, EntryT] = {}
    salvaged: dict[str, EntryT] = {}
    for key, entry in entries.items():
        fields = faulty.get((name, key), set())
        if not isinstance(entry, dict):
            continue
        if not fields:
            with suppress(ValidationError):  # if there are more faults than are listed
                sound[key] = model.model_validate(entry)
            continue
        kept = {field: value for field, value in entry.items() if field not in fields}
        for stand_in in _STAND_INS:
            with suppress(ValidationError):
                salvaged[key] = model.model_validate(stand_in | kept)
                break
    return Section(sound, salvaged, tuple(entries), readable=optional or bool(entries))
