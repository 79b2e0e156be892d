"""The catalogue of checks against the code of the checks, so that none goes without an entry."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificate_studies import CONFLICTS

import netcore.checks
from netcore.checks.catalogue import CATALOGUE, CheckEntry
from netcore.ledger import Ledger, build_ledger
from netcore.paths import data_folder
from netcore.study.library import load_library

ROOT = Path(__file__).resolve().parent.parent

# Its conflicts have a test of their own, in test_checks_certificates_quantile_laws.py.
REPLAYED_ELSEWHERE = {"quantiles"}


def names_in_code() -> Iterator[str]:
    """Name the check of every finding that the code of the checks can make."""
    for found in pkgutil.walk_packages(netcore.checks.__path__, "netcore.checks."):
        module = importlib.import_module(found.name)
        assert module.__file__ is not None
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                code = compile(ast.Expression(node.args[0]), found.name, "eval")
                yield str(eval(code, vars(module)))


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return build_ledger(load_library(data_folder()).studies)


def test_every_check_has_one_entry_and_every_entry_is_of_a_check() -> None:
    entries = Counter(entry.name for entry in CATALOGUE)
    assert set(entries) == set(names_in_code())
    assert max(entries.values()) == 1


def test_every_check_that_speaks_in_the_ledger_has_an_entry(ledger: Ledger) -> None:
    names = {entry.name for entry in CATALOGUE}
    assert {finding.check for finding in ledger.findings} <= names


def test_the_proofs_of_a_check_are_replayed_where_its_conflicts_are() -> None:
    convicting = {check for check, _ in CONFLICTS.values()} | REPLAYED_ELSEWHERE
    assert {entry.name for entry in CATALOGUE if entry.replayed} == convicting


def test_no_check_without_replayed_proofs_finds_a_conflict(ledger: Ledger) -> None:
    silent = {entry.name for entry in CATALOGUE if not entry.replayed}
    assert [f.id for f in ledger.findings if f.kind == "conflict" and f.check in silent] == []


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_an_entry_asks_a_question_and_names_a_page_that_exists(entry: CheckEntry) -> None:
    assert entry.question.endswith("?")
    assert not entry.needs.endswith(".")
    assert (ROOT / "methods" / f"{entry.page}.md").is_file()


def test_every_page_about_a_check_is_reached_from_the_catalogue() -> None:
    others = {
        "index",
        "verdicts",
        "printed-numbers",
        "repairs",
        "evidence",
        "simulation",
        "robustness",
    }
    pages = {path.stem for path in (ROOT / "methods").glob("*.md")}
    assert pages - {entry.page for entry in CATALOGUE} <= others
