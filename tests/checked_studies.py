"""Hand-made studies with their verdicts: two groups, a response, and whatever is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from study_builder import ShortClaim, make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.ledger import Ledger, build_ledger
from netcore.study import Study

POPULATIONS = {
    "all": {"units": "patients"},
    "group1": {"of": "all", "where": {"group": "1"}},
    "group2": {"of": "all", "where": {"group": "2"}},
}
VARIABLES = {
    "group": {"type": "categorical", "levels": ["1", "2"], "complete": True},
    "response": {
        "type": "categorical",
        "levels": ["CR", "PR", "SD", "PD"],
        "unions": {"ORR": ["CR", "PR"], "DCR": ["CR", "PR", "SD"]},
    },
    "stage": {
        "type": "categorical",
        "levels": ["early", "late", "unknown"],
        "missing": ["unknown"],
    },
    "event": {"type": "multi", "levels": ["pain", "fever"]},
    "age": {"type": "continuous"},
}
LOCATIONS = {
    "results": {"title": "Results"},
    "abstract": {"title": "Abstract"},
    "table": {"title": "Table 1"},
    "russian": {"title": "Russian abstract", "decimal": ","},
    "review": {"title": "A review", "seen": "secondary"},
}
ANALYSES = {"age_by_group": {"test": ["mann_whitney"], "variable": "age", "by": "group"}}


def study_of(folder: Path, claims: Iterable[ShortClaim], **parts: Any) -> Study:
    """Return a study of two groups with some claims; other parts replace the usual ones."""
    usual: dict[str, Any] = {
        "populations": POPULATIONS,
        "variables": VARIABLES,
        "locations": LOCATIONS,
        "analyses": ANALYSES,
    }
    if "variables" in parts:
        del usual["analyses"]
    return make_study(folder / "paper1", claims=claims, **{**usual, **parts})


def ledger_of(
    folder: Path,
    claims: Iterable[ShortClaim],
    conventions: Conventions | None = None,
    **parts: Any,
) -> Ledger:
    return build_ledger([study_of(folder, claims, **parts)], conventions)


def size(population: str, printed: str, **keys: str) -> dict[str, str]:
    return {"population": population, "stat_name": "N", "printed": printed, **keys}


def count(population: str, variable: str, level: str, printed: str, **keys: str) -> dict[str, str]:
    return _cell(population, variable, level, "n", printed, keys)


def share(population: str, variable: str, level: str, printed: str, **keys: str) -> dict[str, str]:
    return _cell(population, variable, level, "pct", printed, keys)


def _cell(
    population: str, variable: str, level: str, name: str, printed: str, keys: Mapping[str, str]
) -> dict[str, str]:
    return {
        "population": population,
        "variable": variable,
        "variable_level": level,
        "stat_name": name,
        "printed": printed,
        **keys,
    }


def conflicts(ledger: Ledger, check: str = "") -> list[Finding]:
    return [
        finding
        for finding in ledger.findings
        if finding.kind == "conflict" and finding.check.startswith(check)
    ]


def verdict(ledger: Ledger, claim: str) -> Verdict:
    """Return the verdict of a claim by its id, or by the end of it if only one ends so."""
    found = [entry for entry in ledger.entries if entry.claim.claim == claim] or [
        entry for entry in ledger.entries if entry.claim.claim.endswith(claim)
    ]
    assert len(found) == 1, [entry.claim.claim for entry in ledger.entries]
    return found[0].verdict


def settled(ledger: Ledger) -> dict[str, str]:
    """Return all verdicts by claim."""
    return {entry.claim.claim: entry.verdict.value for entry in ledger.entries}
