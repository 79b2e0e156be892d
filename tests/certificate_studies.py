"""Studies whose conflicts take every rule and every sort of law to prove."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from study_builder import write_study

PATIENTS: dict[str, Any] = {
    "all": {"units": "patients"},
    "group1": {"of": "all", "where": {"group": "1"}},
    "group2": {"of": "all", "where": {"group": "2"}},
    "case": {"of": "all", "size": "1"},
    "protocol": {"units": "rules"},
    "papers": {"units": "studies"},
}
VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["1", "2"], "complete": "true"},
    "response": {
        "type": "categorical",
        "levels": ["CR", "PR", "SD"],
        "complete": "true",
        "unions": {"ORR": ["CR", "PR"]},
        "measured_by": {"PR": "change"},
        "criteria": ["RECIST 1.1"],
    },
    "event": {"type": "multi", "levels": ["pain", "sharp", "fever"], "within": {"sharp": "pain"}},
    "age": {"type": "integer", "unit": "years", "min": "18"},
    "size": {"type": "continuous", "unit": "cm"},
    "after": {"type": "continuous", "unit": "cm"},
    "loss": {
        "type": "continuous",
        "unit": "cm",
        "derived": {"per": "summary", "of": "median", "difference": ["size", "after"]},
    },
    "both": {
        "type": "continuous",
        "unit": "cm",
        "derived": {"per": "summary", "of": "mean", "sum": ["size", "after"]},
    },
    "gain": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "median", "ratio": ["size", "after"]},
    },
    "growth": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "mean", "ratio": ["size", "after"]},
    },
    "change": {"type": "continuous", "unit": "%"},
    "entry": {"type": "date"},
    "cutoff": {"type": "date", "after": ["entry"]},
    "follow_up": {"type": "time", "unit": "years", "from": "entry", "to": "cutoff"},
    "trials": {
        "type": "studies",
        "counts": {"designs": ["randomised_trial"], "interventions": ["tace"]},
    },
}
LOCATIONS: dict[str, Any] = {
    "results": {"title": "Results"},
    "abstract": {"title": "Abstract", "decimal": ",", "thousands": " "},
}

ANALYSES: dict[str, Any] = {
    "sizes": {"test": ["mann_whitney"], "variable": "size", "by": "group"},
    "means": {"test": ["student_t", "welch_t"], "variable": "size", "by": "group"},
    "responses": {"test": ["chi_squared", "fisher_exact"], "variable": "response", "by": "group"},
    "events": {"test": ["fisher_exact"], "variable": "event", "by": "group"},
}

Row = Mapping[str, str]


def row(
    variable: str, stat: str, printed: str, population: str = "all", level: str = "", **more: str
) -> Row:
    return {
        "population": population,
        "variable": variable,
        "variable_level": level,
        "stat_name": stat,
        "printed": printed,
        **more,
    }


def size(population: str, printed: str, **more: str) -> Row:
    return row("", "N", printed, population, **more)


def count(level: str, printed: str, population: str = "all", **more: str) -> Row:
    return row("response", "n", printed, population, level, **more)


def share(level: str, printed: str, population: str = "all", **more: str) -> Row:
    return row("response", "pct", printed, population, level, **more)


SHARES: list[Row] = [
    share(level, printed, denominator="all")
    for level, printed in (("CR", "41"), ("PR", "31"), ("SD", "31"))
]


def sizes_of(group: str, number: Row, **printed: str) -> list[Row]:
    return [number, *(row("size", stat, value, group) for stat, value in printed.items())]


def sizes_apart(p: str, *numbers: Row) -> list[Row]:
    one, other = numbers
    return [
        *sizes_of("group1", one, min="0.4", p25="1.2", median="2.3", p75="3.1", max="3.9"),
        *sizes_of("group2", other, min="8.4", p25="8.9", median="9.2", p75="9.9", max="10.4"),
        row("", "p.value", p, analysis="sizes"),
    ]


def means_apart(p: str, *numbers: Row) -> list[Row]:
    one, other = numbers
    return [
        *sizes_of("group1", one, mean="10.0", sd="3.0"),
        *sizes_of("group2", other, mean="12.0", sd="4.0"),
        row("", "p.value", p, analysis="means"),
    ]


def counts_apart(p: str, first: str, second: str) -> list[Row]:
    """Print responses in two groups of 30 and 26, of whom all were assessed."""
    return [
        *(size(group, number) for group, number in (("group1", "30"), ("group2", "26"))),
        *(count("ORR", number, group) for group, number in (("group1", first), ("group2", second))),
        row("response", "p.value", p, level="ORR", analysis="responses"),
    ]


# By name: the check that convicts, and the rows.
CONFLICTS: dict[str, tuple[str, list[Row]]] = {
    "windows": (
        "printings",
        [row("age", "mean", "61.2"), row("age", "mean", "63,45", location="abstract")],
    ),
    "equal-decimals": (
        "printings",
        [row("age", "mean", "61.2"), row("age", "mean", "61,4", location="abstract")],
    ),
    "thousands": (
        "printings",
        [row("size", "max", "1234"), row("size", "max", "1 236", location="abstract")],
    ),
    "p-values": (
        "printings",
        [
            row("", "alpha", "0.01"),
            row("age", "p.value", "ns"),
            row("age", "p.value", "<0,001", location="abstract"),
        ],
    ),
    "levels-of-one-patient": (
        "printings",
        [
            row("response", "value", "ORR", "case"),
            row("response", "value", "SD", "case", location="abstract"),
        ],
    ),
    "shared-readings": (
        "printings",
        [
            row("age", "mean|median", "61"),
            row("age", "mean|median", "64", claim="again"),
        ],
    ),
    "open-readings": (
        "printings-readings",
        [
            row("age", "median", "61", "group1|all"),
            row("age", "median", "64", "group1", location="abstract"),
            row("age", "median", "65", location="abstract"),
        ],
    ),
    "exclusive-levels": (
        "parts-and-wholes",
        [size("group2", "19"), count("PR", "12", "group2"), count("SD", "10", "group2")],
    ),
    "levels-within": (
        "parts-and-wholes",
        [row("event", "n", "9", level="sharp"), row("event", "n", "7", level="pain")],
    ),
    "any-level": (
        "parts-and-wholes",
        [row("event", "n", "9", level="fever"), row("event", "n", "7")],
    ),
    "all-of-them": (
        "parts-and-wholes",
        [size("group1", "12"), count("CR", "all", "group1"), count("SD", "1", "group1")],
    ),
    "no-count": (
        "parts-and-wholes",
        [size("group1", "12"), row("group", "n", "3", "group1", "2")],
    ),
    "counts-with-readings": (
        "parts-and-wholes",
        [size("group1", "15"), size("group2", "19"), count("CR", "20", "group1|group2")],
    ),
    "denominators": ("percentages", [size("all", "34"), count("CR", "18"), share("CR", "30.1")]),
    "nobody-left-out": (
        "percentages",
        [
            size("all", "34"),
            *(count(level, n) for level, n in (("CR", "14"), ("PR", "12"), ("SD", "8"))),
            *(share(level, p) for level, p in (("CR", "45"), ("PR", "35"), ("SD", "24"))),
        ],
    ),
    "percentage-alone": ("percentages", [size("all", "7"), share("CR", "30.1")]),
    "two-percentages": (
        "printings",
        [size("all", "8"), share("CR", "12.5"), share("CR", "0,0", location="abstract")],
    ),
    "shares-beyond-all": ("complete-levels", SHARES),
    "mean-of-whole-numbers": (
        "common-denominators-means",
        [size("all", "9"), row("age", "N_nonmiss", "9"), row("age", "mean", "61.26")],
    ),
    "neither-mean-nor-median": (
        "common-denominators-means",
        [size("all", "9"), row("age", "N_nonmiss", "9"), row("age", "mean|median", "61.26")],
    ),
    "quantiles": ("order", [row("size", "p25", "7.1"), row("size", "median", "6.4")]),
    "natural-bounds": ("order", [row("age", "min", "9")]),
    "never-negative": ("order", [row("size", "sd", "-2.1")]),
    "range": (
        "order",
        [row("size", "range", "9"), row("size", "min", "2"), row("size", "max", "6")],
    ),
    "limits": (
        "order",
        [row("size", "mean.conf.low", "7.1"), row("size", "mean.conf.high", "6.4")],
    ),
    "dates": ("dates", [row("entry", "end", "2021-07"), row("cutoff", "value", "2021-06-30")]),
    "too-long": (
        "dates",
        [
            row("entry", "start", "2017-09"),
            row("cutoff", "value", "2022-10-31"),
            row("follow_up", "max", "6"),
        ],
    ),
    "too-short": (
        "dates",
        [
            row("entry", "value", "2017-09-01", "case"),
            row("cutoff", "value", "2022-10-31", "case"),
            row("follow_up", "value", "2", "case"),
        ],
    ),
    "sum": (
        "derived-values",
        [row("size", "mean", "5.1"), row("after", "mean", "3.2"), row("both", "mean", "9.1")],
    ),
    "difference": (
        "derived-values",
        [
            row("size", "median", "5.1"),
            row("after", "median", "3.2"),
            row("loss", "difference", "2.5"),
        ],
    ),
    "ratio": (
        "derived-values",
        [row("size", "median", "5.1"), row("after", "median", "3.2"), row("gain", "ratio", "2.5")],
    ),
    "ratio-of-parts": (
        "derived-values",
        [
            *(row("size", "mean", "5.1", group) for group in ("group1", "group2")),
            *(row("after", "mean", "3.2", group) for group in ("group1", "group2")),
            row("growth", "ratio", "2.5"),
        ],
    ),
    "whole-outside-its-parts": (
        "derived-values-parts",
        [
            row("size", "mean", "5.1", "group1"),
            row("size", "mean", "6.2", "group2"),
            row("size", "mean", "7.3"),
        ],
    ),
    "extreme-of-no-part": (
        "derived-values-parts",
        [
            row("size", "max", "5.1", "group1"),
            row("size", "max", "6.2", "group2"),
            row("size", "max", "6.4"),
        ],
    ),
    "weighted-mean": (
        "derived-values-parts",
        [
            row("size", "N", "10", "group1"),
            row("size", "N", "20", "group2"),
            row("size", "mean", "5.0", "group1"),
            row("size", "mean", "8.0", "group2"),
            row("size", "mean", "6.0"),
        ],
    ),
    "criteria": (
        "criteria",
        [
            row("response", "threshold.max", "-30", "protocol", "PR", unit="%", at="8 weeks"),
            row("response", "value", "PR", "case", at="8 weeks"),
            row("change", "value", "-12", "case", at="8 weeks"),
        ],
    ),
    "values": (
        "moments",
        sizes_of("all", size("all", "34"), mean="58.5", sd="40.5", min="29", max="82"),
    ),
    "values-of-which-there-are-so-many": (
        "moments",
        sizes_of("all", row("size", "N_nonmiss", "9"), mean="58.5", sd="5.0", min="29", max="82"),
    ),
    "values-that-are-whole": (
        "moments",
        [
            row("age", "N_nonmiss", "9"),
            row("age", "mean", "61.222"),
            row("age", "sd", "5.120"),
        ],
    ),
    "values-however-they-are-read": (
        "moments",
        [
            *sizes_of("all", size("all", "34"), mean="58.5", min="29", max="82"),
            row("size", "sd|std.error", "40.5"),
        ],
    ),
    "p-value-of-no-ranks": (
        "ranks",
        sizes_apart("0.0000001", size("group1", "5"), size("group2", "4")),
    ),
    "p-value-of-other-ranks": (
        "ranks",
        sizes_apart(
            "0.31",
            row("size", "N_nonmiss", "9", "group1"),
            row("size", "N_nonmiss", "8", "group2"),
        ),
    ),
    "p-value-of-no-means": (
        "mean-tests",
        means_apart(
            "0.0000001",
            row("size", "N_nonmiss", "15", "group1"),
            row("size", "N_nonmiss", "9", "group2"),
        ),
    ),
    "p-value-of-other-means": (
        "mean-tests",
        means_apart(
            "0.60",
            row("size", "N_nonmiss", "20", "group1"),
            row("size", "N_nonmiss", "23", "group2"),
        ),
    ),
    "p-value-of-no-counts": ("contingency", counts_apart("0.003", "10", "17")),
    "p-value-of-other-counts": ("contingency", counts_apart("0.25", "10", "17")),
    "p-value-of-counts-of-whoever-was-asked": (
        "contingency",
        [
            *(size(group, number) for group, number in (("group1", "8"), ("group2", "9"))),
            *(row("event", "n", n, g, "pain") for g, n in (("group1", "7"), ("group2", "8"))),
            row("event", "p.value", "0.004", level="pain", analysis="events"),
        ],
    ),
    "quotation": (
        "quotations",
        [row("", "N", "21", "", cites="source#n"), size("all", "40")],
    ),
    "counted-studies": ("counted-studies", [row("trials", "n", "none", "papers")]),
}


def write_studies(data: Path) -> None:
    """Write a study for each conflict, and a source that two of them are about."""
    for name, (_, rows) in CONFLICTS.items():
        write_study(
            data / name.replace("-", "_"),
            populations=PATIENTS,
            variables=VARIABLES,
            analyses=ANALYSES,
            locations=LOCATIONS,
            paper={"software": ["R 4.2.0"]},
            claims=rows,
        )
    write_study(
        data / "literature" / "source",
        paper={"design": "randomised_trial", "published": "2001", "interventions": ["tace"]},
        claims=[{"claim": "n", "population": "all", "stat_name": "N", "printed": "20"}],
    )
