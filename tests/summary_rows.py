"""Studies of two groups with summaries of measured variables, and true ones made at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from statistics import fmean, median, median_high, median_low
from typing import Any

from study_builder import make_study

from netcore.checks import Finding, Verdict
from netcore.study import Study

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients", "title": "All patients"},
    "a": {"of": "all", "where": {"arm": "a"}, "title": "Arm A"},
    "b": {"of": "all", "where": {"arm": "b"}, "title": "Arm B"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["a", "b"], "complete": True},
    "sex": {"type": "categorical", "levels": ["f", "m"], "complete": True},
    "before": {"type": "continuous", "unit": "cm"},
    "after": {"type": "continuous", "unit": "cm"},
    "ttp": {"type": "time", "unit": "days"},
    "gain": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "median", "ratio": ["after", "before"]},
    },
    "mean_gain": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "mean", "ratio": ["after", "before"]},
    },
    "gap": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "mean", "difference": ["after", "before"]},
    },
    "time_gain": {
        "type": "continuous",
        "derived": {"per": "summary", "of": "median", "ratio": ["ttp", "before"]},
    },
    "total": {
        "type": "continuous",
        "unit": "cm",
        "derived": {"per": "patient", "sum": ["before", "after"]},
    },
    "response": {"type": "categorical", "levels": ["yes", "no"]},
}
LOCATIONS: dict[str, Any] = {
    "results": {"title": "Results"},
    "abstract": {"title": "Abstract"},
    "review": {"title": "A review", "seen": "secondary"},
}
ANALYSES: dict[str, Any] = {
    "response_by_arm": {"test": ["unnamed"], "variable": "response", "by": "arm"},
    "after_by_arm": {"test": ["unnamed"], "variable": "after", "by": "arm"},
}


def value(
    population: str, variable: str, statistic: str, printed: str, **keys: str
) -> dict[str, str]:
    return {
        "population": population,
        "variable": variable,
        "stat_name": statistic,
        "printed": printed,
        **keys,
    }


def study_of(folder: Path, rows: Iterable[dict[str, str]], **parts: Any) -> Study:
    usual: dict[str, Any] = {
        "populations": POPULATIONS,
        "variables": VARIABLES,
        "locations": LOCATIONS,
        "analyses": ANALYSES,
    }
    return make_study(folder / "paper1", claims=list(rows), **{**usual, **parts})


def verdicts(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the verdict that some findings earn each claim, the gravest first."""
    order = list(Verdict)
    found: dict[str, Verdict] = {}
    for finding in findings:
        for claim, bearing in finding.bearings.items():
            if bearing.verdict is not None:
                worst = min(found.get(claim, bearing.verdict), bearing.verdict, key=order.index)
                found[claim] = worst
    return {claim: verdict.value for claim, verdict in found.items()}


def median_of_type_4(numbers: Sequence[float]) -> float:
    """Return the median as SAS computes it with PCTLDEF=1: interpolated at n / 2.

    With it the median of a whole may lie outside those of its parts.
    """
    place, rest = divmod(len(numbers), 2)
    ordered = sorted(numbers)
    below = ordered[max(place - 1, 0)]
    return (below + ordered[place]) / 2 if rest else below


def true_rows(seed: int) -> list[dict[str, str]]:
    """Draw patients of two arms and two sexes, and print what is so of them.

    Medians are of one definition, and a place prints of one set of patients.  What derives
    from a mean or median stands where these stand, since another place may be of others.
    """
    random = Random(seed)
    middle = random.choice([median, median_low, median_high, median_of_type_4])
    digits = random.choice((0, 1, 2))
    patients = [
        {
            "arm": "ab"[number % 2] if number < 2 else random.choice("ab"),
            "before": round(random.uniform(1, 9), random.choice((0, 1, 3))),
            "after": round(random.gauss(5, 3), 1),
        }
        for number in range(random.randint(2, 14))
    ]
    rows = []
    for place in ("results", "abstract"):
        analysed = patients
        if place == "abstract" and random.random() < 0.5:
            analysed = [*patients[:2], *(p for p in patients[2:] if random.random() < 0.6)]
        rows += _printed(random, place, analysed, middle, digits)
    if random.random() < 0.5:
        for group in ("all", "a", "b"):
            number = sum(group in ("all", patient["arm"]) for patient in patients)
            rows.append({"population": group, "stat_name": "N", "printed": str(number)})
    return rows


def _printed(
    random: Random, place: str, patients: Sequence[dict[str, Any]], middle: Any, digits: int
) -> list[dict[str, str]]:
    rows = []
    for group in ("all", "a", "b"):
        members = [p for p in patients if group in ("all", p["arm"])]
        found: set[tuple[str, str]] = set()
        columns = {name: [p[name] for p in members] for name in ("before", "after")}
        columns["total"] = [p["before"] + p["after"] for p in members]
        for name, numbers in columns.items():
            for statistic, of in (("mean", fmean), ("median", middle), ("min", min), ("max", max)):
                if random.random() < 0.8:
                    found.add((name, statistic))
                    printed = f"{of(numbers):.{digits}f}"
                    rows.append(value(group, name, statistic, printed, location=place))
        low = middle(columns["before"])
        gain = middle(columns["after"]) / low if low else 0
        if low and {("before", "median"), ("after", "median")} <= found:
            rows.append(value(group, "gain", "ratio", f"{gain:.{digits}f}", location=place))
        gap = fmean(columns["after"]) - fmean(columns["before"])
        if {("before", "mean"), ("after", "mean")} <= found:
            shown = f"{gap if random.random() < 0.8 else abs(gap):.{digits}f}"
            rows.append(value(group, "gap", "difference", shown, location=place))
    return rows
