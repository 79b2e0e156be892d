"""Every stored set of constructed data, recomputed by numpy and scipy and counted by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, ttest_ind_from_stats

from netcore.study import Claim, Study
from netcore.study.library import load_library

ROOT = Path(__file__).resolve().parent.parent
STUDIES = {study.paper.key: study for study in load_library(ROOT / "data").studies}
WITNESSES = sorted((ROOT / "evidence").glob("*/witnesses/*.json"))
SHARES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
# Names of numpy for the types of Hyndman and Fan (1996).
METHODS = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)


def quantile_method(document: Mapping[str, Any]) -> str:
    """Return what numpy calls the definition that a witness names."""
    found = re.match(r"type (\d) of Hyndman and Fan", document["quantiles"])
    assert found, document["quantiles"]
    return METHODS[int(found[1]) - 1]


def prints_as(study: Study, claim: Claim, value: float) -> bool:
    """Return whether a computed value prints as a row does, up to the accuracy of floats."""
    if claim.printed == "all":
        return value > 0
    window = study.printed(claim).window("nearest")
    slack = 1e-9 * max(1.0, abs(value))
    return (window.low is None or value >= float(window.low) - slack) and (
        window.high is None or value <= float(window.high) + slack
    )


def statistic_of(document: Mapping[str, Any], claim: Claim, values: np.ndarray) -> float:
    """Recompute what a row prints of constructed values."""
    name = document.get("readings", {}).get(claim.stat_name, claim.stat_name)
    if name in SHARES:
        return float(np.quantile(values, SHARES[name], method=quantile_method(document)))
    spread = float(np.sqrt(((values - values.mean()) ** 2).sum() / document.get("divisor", 1)))
    return {
        "N": float(len(values)),
        "N_nonmiss": float(len(values)),
        "mean": float(values.mean()),
        "sd": spread,
        "std.error": spread / np.sqrt(len(values)),
        "min": float(values.min()),
        "max": float(values.max()),
    }[name]


def values_of_one_sample(study: Study, document: Mapping[str, Any]) -> None:
    values = np.array([float(Fraction(value)) for value in document["values"]])
    assert len(values) == int(document["kind"].split()[2])
    summaries = [row for row in map(study.claim_by_id, document["claims"]) if row.stat_name != "N"]
    assert summaries
    for row in summaries:
        assert prints_as(study, row, statistic_of(document, row, values)), row.claim


def values_of_parts(study: Study, document: Mapping[str, Any]) -> None:
    parts = [
        np.array([float(Fraction(one)) for one in part]) for part in document["parts"].values()
    ]
    rows = [study.claim_by_id(name) for name in document["claims"]]
    populations = list(dict.fromkeys(row.population for row in rows))
    assert len(populations) == len(parts) + 1  # the whole comes last
    samples = dict(zip(populations, [*parts, np.concatenate(parts)], strict=True))
    for row in rows:
        assert prints_as(study, row, statistic_of(document, row, samples[row.population])), (
            row.claim
        )


def groups_of_a_t_test(study: Study, document: Mapping[str, Any]) -> None:
    assert document["flavour"] in ("student", "welch")
    (row,) = (
        one for one in map(study.claim_by_id, document["claims"]) if one.stat_name == "p.value"
    )
    for point in document["points"]:
        (m1, m2), (s1, s2) = (
            [float(Fraction(x)) for x in point[key]] for key in ("means", "spreads")
        )
        n1, n2 = point["numbers"]
        found = [
            ttest_ind_from_stats(m1, a, n1, m2, b, n2, document["flavour"] == "student").pvalue
            for a, b in ((s1, s2), (s1 * np.sqrt(n1), s2 * np.sqrt(n2)))  # SD, or standard error
        ]
        assert any(abs(p - float(point["p"])) < 1e-6 and prints_as(study, row, p) for p in found)


def groups_of_a_rank_test(_: Study, document: Mapping[str, Any]) -> None:
    x, y = ([float(Fraction(value)) for value in document[name]] for name in ("x", "y"))
    u = mannwhitneyu(x, y, method="asymptotic").statistic
    assert Fraction(u) in (Fraction(document["u"]), len(x) * len(y) - Fraction(document["u"]))


def units_in_tables(study: Study, document: Mapping[str, Any]) -> None:
    for table in document["tables"]:
        assert sum(cell[-1] for cell in table["cells"]) == document["number"]
        assert all(type(cell[-1]) is int and cell[-1] >= 0 for cell in table["cells"])
        assert all(len(cell) == len(table["of"]) + 1 for cell in table["cells"])
    rows = [study.claim_by_id(name) for name in document["claims"]]
    sizes = [row for row in rows if row.stat_name == "N" and not study.conditions(row.population)]
    assert document["tables"] or sizes
    assert all(prints_as(study, row, document["number"]) for row in sizes)
    places = {
        (name.partition(":")[0], level): [table, i]
        for table in document["tables"]
        for i, name in enumerate(table["of"])
        for level in {cell[i] for cell in table["cells"]}
    }
    for row in rows:  # those that count one level of one variable among all units
        place = places.get((row.variable, row.variable_level))
        if row.stat_name != "n" or place is None or study.conditions(row.population):
            continue
        if f"{row.variable}:{row.at}".rstrip(":") not in place[0]["of"]:
            continue
        table, i = place
        counted = sum(cell[-1] for cell in table["cells"] if cell[i] == row.variable_level)
        assert prints_as(study, row, counted), row.claim


def days_of_dates(study: Study, document: Mapping[str, Any]) -> None:
    for name, day in document["days"].items():
        assert day.startswith(study.claim_by_id(name).printed), name


RECOMPUTED: dict[str, Callable[[Study, Mapping[str, Any]], None]] = {
    "values": values_of_one_sample,
    "parts": values_of_parts,
    "points": groups_of_a_t_test,
    "x": groups_of_a_rank_test,
    "tables": units_in_tables,
    "days": days_of_dates,
}


def recomputed(study: Study, document: Mapping[str, Any]) -> None:
    """Recompute one witness; one of a kind unknown here is a failure, too."""
    (of_kind,) = RECOMPUTED.keys() & document.keys()
    RECOMPUTED[of_kind](study, document)


def names(paths: Sequence[Path]) -> list[str]:
    return [f"{path.parent.parent.name}/{path.stem}" for path in paths]


def test_there_are_witnesses():
    assert len(WITNESSES) > 10


@pytest.mark.parametrize("path", WITNESSES, ids=names(WITNESSES))
def test_a_witness_gives_the_printed_values(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    assert path.name.startswith("constructed-")
    assert document["constructed"] == "no patient of the paper has these data"
    recomputed(STUDIES[path.parent.parent.name], document)


@pytest.mark.parametrize("path", WITNESSES, ids=names(WITNESSES))
def test_a_witness_with_other_values_does_not(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    if "values" in document:
        document["values"] = [str(Fraction(value) * 2 + 1) for value in document["values"]]
    elif "parts" in document:
        document["parts"] = {
            name: [str(Fraction(value) * 2 + 1) for value in part]
            for name, part in document["parts"].items()
        }
    elif "points" in document:
        document["points"][0]["means"].reverse()
        document["points"][0]["p"] = "0.5"
    elif "tables" in document:
        document["number"] += 1
    elif "days" in document:
        document["days"] = dict.fromkeys(document["days"], "1900-01-01")
    else:
        document["u"] = "-1"
    with pytest.raises(AssertionError):
        recomputed(STUDIES[path.parent.parent.name], document)
