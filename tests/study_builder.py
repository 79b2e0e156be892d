"""Small studies for tests, written to a folder as the two files of a paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from netcore.study import COLUMNS, Study, StudyError, load_study

# A claim is given as a mapping of columns, or as what most claims need:
# population, variable, variable_level, stat_name, printed.
ShortClaim = Mapping[str, str] | tuple[str, str, str, str, str]

DEFAULTS = {"location": "results", "population": "all"}


def write_study(
    folder: Path,
    *,
    paper: Mapping[str, Any] | None = None,
    locations: Mapping[str, Any] | None = None,
    populations: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    analyses: Mapping[str, Any] | None = None,
    claims: Iterable[ShortClaim] = (("all", "", "", "N", "40"),),
) -> Path:
    """Write both files; whatever is not given has a default, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = {
        "format": "1",
        "paper": {
            name: value
            for name, value in (
                {"key": folder.name, "design": "case_series", "published": "2020"}
                | dict(paper or {})
            ).items()
            if value is not None
        },
        "locations": locations or {"results": {"title": "Results"}},
        "populations": populations or {"all": {"units": "patients"}},
        "variables": variables or {},
        "analyses": analyses or {},
    }
    text = yaml.safe_dump(sections, sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")
    (folder / "claims.csv").write_text(claims_text(claims), encoding="utf-8")
    return folder


def claims_text(claims: Iterable[ShortClaim]) -> str:
    """Write claims as CSV, the columns in their usual order."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for claim in claims:
        if isinstance(claim, tuple):
            keys = ("population", "variable", "variable_level", "stat_name", "printed")
            claim = dict(zip(keys, claim, strict=True))
        writer.writerow(DEFAULTS | dict(claim))
    return stream.getvalue()


def make_study(folder: Path, **parts: Any) -> Study:
    """Write a study and load it; parts as for :func:`write_study`."""
    return load_study(write_study(folder, **parts))


def problems_of(folder: Path) -> list[str]:
    """Return the problems of a study without the path of its folder; none if it loads."""
    try:
        load_study(folder)
    except StudyError as error:
        return [line.replace(f"{folder.as_posix()}/", "") for line in str(error).splitlines()]
    return []
