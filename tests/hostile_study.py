"""A study whose every string tries to become a tag, and whose values are of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from study_builder import write_study

SCRIPT = "<script>alert(1)</script>"
HANDLER = '"onmouseover="alert(1)'
AMPERSAND = "a & b &lt;"


def hostile(words: str) -> str:
    return f"{words} {SCRIPT} {HANDLER} {AMPERSAND}"


POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients", "title": hostile("All")},
    "group1": {"of": "all", "where": {"group": "1"}, "title": hostile("First")},
    "group2": {"of": "all", "where": {"group": "2"}, "title": hostile("Second")},
}
VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["1", "2"], "complete": True},
    "response": {
        "type": "categorical",
        "title": hostile("Response"),
        "levels": ["CR", "PR"],
        "level_titles": {"CR": hostile("Complete")},
        "printed_as": {"table": hostile("RR"), "abstract": "response rate"},
    },
    "age": {"type": "continuous", "title": hostile("Age"), "unit": hostile("years")},
}
LOCATIONS: dict[str, Any] = {
    "table": {"title": hostile("Table")},
    "abstract": {"title": hostile("Abstract")},
    "review": {"title": hostile("Review"), "seen": "secondary"},
}
ANALYSES: dict[str, Any] = {
    "age_by_group": {
        "test": ["mann_whitney"],
        "variable": "age",
        "by": "group",
        "title": hostile("Test"),
    }
}


def _row(
    location: str, population: str, statistic: str, printed: str, **keys: str
) -> dict[str, str]:
    return {
        "location": location,
        "population": population,
        "stat_name": statistic,
        "printed": printed,
        "note": hostile("note"),
        **keys,
    }


RESPONSE = {"variable": "response", "variable_level": "CR"}
AGE = {"variable": "age", "unit": hostile("years")}
CLAIMS = [
    _row("table", "all", "N", "34"),
    _row("table", "group1", "N", "15"),
    _row("table", "group2", "N", "19"),
    _row("abstract", "all", "N", "35"),
    _row("review", "all", "N", "36"),
    _row("review", "group1", "N", "16"),
    _row("table", "group1", "n", "5", **RESPONSE),
    _row("table", "group1", "pct", "15", **RESPONSE),
    _row("table", "group2", "n", "<5", **RESPONSE),
    _row("table", "group2", "pct", "99.9", **RESPONSE, at="8 weeks"),
    _row("table", "group1|group2", "n", "20", **RESPONSE, claim="her2+"),
    _row("table", "group1", "n", "6", **RESPONSE, at="8 weeks", claim="her2-"),
    _row("table", "group1", "median", "61", **AGE),
    _row("table", "group1", "p25", "55", **AGE),
    _row("table", "group1", "p75", "70", **AGE),
    _row("table", "group2", "mean", "60", **AGE),
    _row("table", "group2", "sd", "9", **AGE),
    _row("table", "group2", "min", "40", **AGE),
    _row("table", "group2", "max", "80", **AGE),
    _row("table", "all", "p.value", "<0.05", analysis="age_by_group"),
    _row("abstract", "all", "p.value", "0.57", analysis="age_by_group"),
    _row("table", "all", "N", "99", cites="smith2019", claim="quoted"),
]


def write_hostile(folder: Path) -> Path:
    """Write the study into a folder."""
    return write_study(
        folder,
        paper={"title": hostile("Paper")},
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        analyses=ANALYSES,
        claims=CLAIMS,
    )
