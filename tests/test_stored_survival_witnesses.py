"""Every stored set of patients of survival, recomputed by lifelines and by R's survival.

The patients stand in the answers of the evidence.  Whatever the question asked of them has to come
out in its window: rates, medians, means, their standard errors and the p-value of two groups.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf, isnan
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time

ROOT = Path(__file__).resolve().parent.parent
RECOMPUTE = ROOT / "tests" / "reference" / "lib" / "recompute_survival.R"
MISSING_PACKAGE = 77  # the status with which the script ends that lacks a package
METHODS = (
    *("survival-arm", "survival-test", "joint-endpoints"),
    *("survival-curves", "survival-endpoints"),
)
OF_R = ("survival", "survival.std.error", "median", "area", "area_error", "p.value")
# What a mean and its plus-minus are by the ways of the two kinds of answers.
MEANS = {"restricted": "area", "restricted_earlier": "area"}
ERRORS = {"std.error": "error", "se": "error", "sd": "sd"}

Times = list[tuple[float, bool]]


@dataclass(frozen=True)
class Asked:
    """One number that patients have to give: of a group, or the p-value of all."""

    group: int
    name: str
    time: float | None
    low: float
    high: float
    rule: str = ""

    def holds(self, value: float) -> bool:
        slack = 1e-9 * max(1.0, abs(value)) if value != inf else 0.0
        return self.low - slack <= value <= self.high + slack


@dataclass
class Case:
    """Constructed patients, and all that is asked of them."""

    name: str
    groups: list[Times]
    asked: list[Asked] = field(default_factory=list)

    def ask(
        self, group: int, name: str, time: object, window: Sequence[str | None], rule: str = ""
    ) -> None:
        at = None if time is None else float(Fraction(str(time)))
        low, high = (None if end is None else float(Fraction(end)) for end in window)
        self.asked.append(
            Asked(
                group, name, at, -inf if low is None else low, inf if high is None else high, rule
            )
        )


def ends(rows: Sequence[Sequence[Any]], which: int = 0) -> Times:
    """Return the times of one endpoint of rows of time, event, time, event."""
    return [(float(Fraction(row[2 * which])), bool(row[2 * which + 1])) for row in rows]


def of_arm(name: str, question: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Case]:
    for number, fit in enumerate(answer["fits"]):
        case = Case(f"{name}/{number}", [ends(fit["patients"])])
        mean, spread = fit["way"] or ("", "")
        kind = MEANS.get(mean, mean)
        for value in question["values"]:
            what, window = value["name"], value["window"]
            if what == "mean":
                case.ask(0, kind, fit["until"], window)
            elif what == "spread":
                case.ask(0, f"{kind}_{ERRORS[spread]}", fit["until"], window)
            else:
                case.ask(0, what, value["time"], window, fit["median"])
        yield case


def of_test(name: str, question: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Case]:
    for number, fit in enumerate(answer["fits"]):
        assert fit["test"] == "log_rank"
        assert not fit["assumes"]
        case = Case(f"{name}/{number}", [ends(arm) for arm in fit["arms"]])
        for group, arm in enumerate(question["arms"]):
            for what, time, *window in arm["values"]:
                case.ask(group, what, time, window)
        case.ask(0, "p.value", None, question["p"])
        yield case


def of_endpoints(
    name: str, question: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[Case]:
    for which, endpoint in enumerate(("earlier", "later")):
        case = Case(f"{name}/{endpoint}", [ends(arm, which) for arm in answer["patients"]])
        for group, arm in enumerate(question["arms"]):
            for value in arm[endpoint]:
                case.ask(group, value["name"], value["time"], value["window"])
        if question["p"][which] is not None:
            assert question["tests"][which] == "log_rank"
            case.ask(0, "p.value", None, question["p"][which])
        yield case


def printed_of_group(case: Case, group: int, asked: Mapping[str, Any], way: Any) -> None:
    for time, window in asked["rates"]:
        case.ask(group, "survival", time, window)
    if asked.get("median") is not None:
        case.ask(group, "median", None, asked["median"])
    if way is not None:
        kind = MEANS.get(way["mean"], way["mean"])
        case.ask(group, kind, None, asked["mean"])
        if asked.get("spread") is not None:
            case.ask(group, f"{kind}_{ERRORS[way['spread']]}", None, asked["spread"])


def of_curves(name: str, question: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Case]:
    for group, (asked, found) in enumerate(zip(question["groups"], answer["groups"], strict=True)):
        for number, patients in enumerate(found["patients"]):
            case = Case(f"{name}/{group}/{number}", [ends(patients)])
            printed_of_group(case, 0, asked, found["ways"][-1]["way"])
            yield case
    if answer["has_p"]:
        case = Case(f"{name}/p", [ends(found["patients"][0]) for found in answer["groups"]])
        case.ask(0, "p.value", None, question["p"])
        yield case


def of_both(name: str, question: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Case]:
    for which, endpoint in enumerate(question["endpoints"]):
        case = Case(f"{name}/{which}", [ends(arm, which) for arm in answer["patients"]])
        for group, asked in enumerate(endpoint["groups"]):
            printed_of_group(case, group, asked, None)
        case.ask(0, "p.value", None, endpoint["p"])
        yield case


READ = dict(zip(METHODS, (of_arm, of_test, of_endpoints, of_curves, of_both), strict=True))


def cases() -> list[Case]:
    found = []
    for path in sorted((ROOT / "evidence").glob("*/answers/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["method"] in READ:
            name = f"{path.parent.parent.name}/{path.stem}"
            found += READ[document["method"]](name, document["question"], document["answer"])
    return found


CASES = cases()


def test_there_are_patients_of_every_kind() -> None:
    of_method = [next(m for m in METHODS if f"/{m}-" in case.name) for case in CASES]
    assert {method: of_method.count(method) > 0 for method in METHODS} == dict.fromkeys(
        METHODS, True
    )
    asked = {(one.name, one.rule) for case in CASES for one in case.asked}
    assert {name for name, _ in asked} >= {"survival", "median", "area", "area_error", "p.value"}
    assert {rule for _, rule in asked} >= {"first", "midpoint", "interpolated"}


# --- By lifelines -----------------------------------------------------------------------------------


def medians(curve: KaplanMeierFitter) -> dict[str, float]:
    """Return the first time at one half or below, the middle of a flat stretch, and a line's."""
    rates = curve.survival_function_.iloc[:, 0]
    table = curve.event_table
    falls = rates[table["observed"] > 0]
    reached = falls[falls <= 0.5 + 1e-12]
    if reached.empty:
        return {"first": inf, "midpoint": inf, "interpolated": inf}
    first = float(reached.index[0])
    below = falls[falls < 0.5 - 1e-12]
    after = float(below.index[0]) if not below.empty else float(rates.index[-1])
    is_flat = abs(float(reached.iloc[0]) - 0.5) < 1e-12
    before = falls[falls > 0.5 + 1e-12]
    t0, s0 = (float(before.index[-1]), float(before.iloc[-1])) if not before.empty else (0.0, 1.0)
    line = t0 + (first - t0) * (s0 - 0.5) / (s0 - float(reached.iloc[0]))
    return {
        "first": first,
        "midpoint": (first + after) / 2 if is_flat else first,
        "interpolated": line,
    }


def by_lifelines(case: Case, asked: Asked) -> list[float]:
    """Return the number; of a median whose convention is not known, by each of them."""
    if asked.name == "p.value":
        (t1, e1), (t2, e2) = (zip(*group, strict=True) for group in case.groups)
        return [float(logrank_test(t1, t2, e1, e2).p_value)]
    group = case.groups[asked.group]
    times, events = (np.array(column) for column in zip(*group, strict=True))
    curve = KaplanMeierFitter().fit(times, events)
    end = float(times.max()) if asked.time is None else asked.time
    match asked.name:
        case "survival":
            return [float(curve.predict(end))]
        case "median":
            found = medians(curve)
            return [found[asked.rule]] if asked.rule else list(found.values())
        case "area":
            return [float(restricted_mean_survival_time(curve, t=end))]
        case "area_error":
            return [error_of_area(curve, end)]
    counted = times if asked.name.startswith("observed") else times[events]
    spread = float(counted.std(ddof=1))
    if asked.name.endswith("_sd"):
        return [spread]
    return [
        spread / len(counted) ** 0.5 if asked.name.endswith("_error") else float(counted.mean())
    ]


def error_of_area(curve: KaplanMeierFitter, end: float) -> float:
    """Return Irwin's standard error, from the tables of lifelines."""
    table = curve.event_table[curve.event_table["observed"] > 0]
    total = restricted_mean_survival_time(curve, t=end)
    variance = 0.0
    for time, d, r in zip(table.index, table["observed"], table["at_risk"], strict=True):
        if r > d and time <= end:
            rest = total - restricted_mean_survival_time(curve, t=time)
            variance += rest**2 * d / (r * (r - d))
    return float(variance**0.5)


def names_of(found: Sequence[Case]) -> list[str]:
    return [case.name for case in found]


@pytest.mark.parametrize("case", CASES, ids=names_of(CASES))
def test_lifelines_gives_what_is_printed(case: Case) -> None:
    assert case.asked
    for asked in case.asked:
        found = by_lifelines(case, asked)
        assert any(asked.holds(value) for value in found), (asked, found)


def test_other_patients_are_noticed() -> None:
    moved = 0
    for case in CASES:
        # All of them die, a thousand times as early.
        other = Case(case.name, [[(t / 1000, True) for t, _ in group] for group in case.groups])
        moved += any(
            not any(asked.holds(value) for value in by_lifelines(other, asked))
            for asked in case.asked
            if asked.name != "p.value"
        )
    assert moved == sum(any(asked.name != "p.value" for asked in case.asked) for case in CASES)


# --- By R -------------------------------------------------------------------------------------------


@pytest.mark.needs(what="r")
def test_r_gives_what_is_printed(tmp_path: Path, lacks: Callable[[str, str], NoReturn]) -> None:
    patients, questions, output = (tmp_path / f"{name}.csv" for name in ("p", "q", "r"))
    asked = [
        (number, one) for number, case in enumerate(CASES) for one in case.asked if one.name in OF_R
    ]
    with patients.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("case", "group", "time", "event"))
        for number, case in enumerate(CASES):
            for group, members in enumerate(case.groups):
                writer.writerows((number, group, f"{t:.17g}", int(e)) for t, e in members)
    with questions.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("case", "group", "name", "time"))
        for number, one in asked:
            time = "" if one.time is None else f"{one.time:.17g}"
            writer.writerow((number, one.group, one.name, time))
    done = subprocess.run(
        ["Rscript", "--vanilla", str(RECOMPUTE), *map(str, (patients, questions, output))],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == MISSING_PACKAGE:
        lacks("r", done.stderr.strip())
    assert done.returncode == 0, done.stderr
    with output.open(encoding="utf-8", newline="") as file:
        values = [float(row["value"]) for row in csv.DictReader(file)]
    recomputed = 0
    for (number, one), value in zip(asked, values, strict=True):
        # R takes the middle of a flat stretch; of other conventions it says nothing.
        if one.name == "median" and one.rule != "midpoint":
            continue
        value = inf if isnan(value) else value
        assert one.holds(value), (CASES[number].name, one, value)
        recomputed += 1
    assert recomputed > len(CASES)
