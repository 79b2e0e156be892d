"""The voice of the book: the authors of the papers will read every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from netcore.checks import Verdict
from netcore.ledger import Ledger, build_ledger
from netcore.paths import data_folder
from netcore.study.library import load_library
from netcore.tables.finding_text import finding_html

ROOT = Path(__file__).resolve().parent.parent

# Words that accuse.  A standard error is a statistic, and the error of a program is ours.
UNWANTED = re.compile(
    r"\b(false(?:ly|hood)?|fabricat\w*|suspicious\w*|suspect\w*|fraud\w*|errors?|erroneous\w*|"
    r"mistakes?|mistaken\w*|wrong(?:ly)?|careless\w*|sloppy|dishonest\w*|misconduct|manipulat\w*)\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(r"\bstandard errors?\b", re.IGNORECASE)
CONVENTIONS_OF_CODE = re.compile(r"`[^`]*`|```.*?```", re.DOTALL)


def unwanted(text: str) -> list[str]:
    plain = ALLOWED.sub("", CONVENTIONS_OF_CODE.sub("", text))
    return [match.group() for match in UNWANTED.finditer(plain)]


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return build_ledger(load_library(data_folder()).studies)


def prose() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield (
            path.name,
            "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown"),
        )
    for path in sorted([*(ROOT / "methods").glob("*.md"), *(ROOT / "reference").rglob("*.md")]):
        yield path.name, path.read_text(encoding="utf-8")
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


PROSE = dict(prose())


@pytest.mark.parametrize("name", PROSE)
def test_prose_accuses_nobody(name: str) -> None:
    assert unwanted(PROSE[name]) == []


def test_findings_and_evidence_accuse_nobody(ledger: Ledger) -> None:
    for finding in ledger.findings:
        said = [
            finding.statement,
            *finding.assumptions,
            *finding.resolved_by,
            finding.changes,
            *(repair.change for repair in finding.repairs),
            *(bearing.sentence for bearing in finding.bearings.values()),
        ]
        assert unwanted(" ".join(said)) == [], finding.id
    for entry in ledger.entries:
        assert unwanted(entry.evidence) == [], entry.claim.claim
    assert not any(unwanted(verdict.meaning) for verdict in Verdict)


def test_the_notes_of_the_transcribers_accuse_nobody(ledger: Ledger) -> None:
    for entry in ledger.entries:
        assert unwanted(entry.claim.note) == [], entry.claim.claim


def test_every_conflict_has_a_place_for_the_authors_reply(ledger: Ledger) -> None:
    for finding in ledger.findings:
        if finding.kind == "conflict":
            assert "Authors’ reply" in finding_html(ledger, finding).markup


def test_surnames_stand_in_headings_with_a_year_or_as_undated() -> None:
    for name, text in PROSE.items():
        if name in ("zvezdkina2022.ipynb", "solovyova2023.ipynb", "maire2012.ipynb"):
            year = re.search(r"\d{4}", name)
            assert year is not None
            assert text.splitlines()[0].endswith(year.group())
        if name == "ronot_vilgrain.ipynb":
            assert "undated" in text.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The value is false.", ["false"]),
        ("An error of transcription.", ["error"]),
        ("A standard error of 4.3.", []),
        ("`stderr_output: error`", []),
        ("These values conflict with one another.", []),
    ],
)
def test_the_test_itself_can_fail(text: str, found: list[str]) -> None:
    assert unwanted(text) == found
