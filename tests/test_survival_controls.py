"""Public survival data, published by R in several styles: nothing true may be condemned.

The prints are those of reference/survival_controls.csv, which also holds the patients.  What R
printed is recomputed by lifelines and by the simulation's own statistics.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import groupby
from math import exp
from pathlib import Path
from typing import Any

import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from pandas import DataFrame
from study_builder import make_study

from netcore.checks import Verdict
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.ledger import Ledger, build_ledger
from simulation.survival import at_risk, mean_error, median_time, rate_error
from simulation.survival_tests import hazard_ratio, survival_p

CONTROLS = Path(__file__).parent / "reference" / "survival_controls.csv"
TIES = {"percent": "Efron", "whole": "Breslow", "shares": "Breslow", "spreadsheet": "exact"}

Row = dict[str, str]
Patient = tuple[Fraction, bool]


@dataclass(frozen=True)
class Control:
    """What R prints of one data set in one style."""

    dataset: str
    style: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return f"{self.dataset}-{self.style}"

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(row["group"] for row in self.rows if row["group"]))

    @property
    def unit(self) -> str:
        return self.rows[0]["unit"]


def table() -> list[Control]:
    lines = CONTROLS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), strict=True)
    return [
        Control(*key, tuple(found))
        for key, found in groupby(rows, lambda row: (row["dataset"], row["style"]))
    ]


ALL = [control for control in table() if control.style != "patients"]


@cache
def patients(dataset: str) -> dict[str, list[Patient]]:
    control = next(c for c in table() if (c.dataset, c.style) == (dataset, "patients"))
    return {
        group: sorted(
            (Fraction(row["printed"]), row["statistic"] == "event")
            for row in control.rows
            if row["group"] == group
        )
        for group in control.groups
    }


def study_parts(control: Control, *, tells_all: bool) -> dict[str, Any]:
    """Return the parts of a study; one paper names its methods, and another does not."""
    names = {group: f"group{number}" for number, group in enumerate(control.groups)}
    populations: dict[str, Any] = {"all": {"units": "patients"}}
    for group, name in names.items():
        populations[name] = {"of": "all", "where": {"arm": group}}
    tests = sorted({row["test"] for row in control.rows} - {""})
    variable = {"type": "time", "unit": control.unit} if tells_all else {"type": "time"}
    return {
        "paper": {"software": ["R"]} if tells_all else {},
        "populations": populations,
        "variables": {
            "arm": {"type": "categorical", "levels": control.groups},
            "os": variable,
        },
        "analyses": {
            f"os_{test}": {
                "test": [test if tells_all else "unnamed"],
                "variable": "os",
                "by": "arm",
            }
            for test in tests
        },
        "claims": [_claim(row, names, control, tells_all) for row in control.rows],
    }


def _claim(row: Row, names: dict[str, str], control: Control, tells_all: bool) -> Row:
    cells = {"population": names.get(row["group"], "all"), "printed": row["printed"]}
    name = row["statistic"]
    if row["test"]:
        return cells | {"stat_name": name, "analysis": f"os_{row['test']}"}
    if name == "N":
        return cells | {"stat_name": "N"}
    if name.startswith("rmean") and not tells_all:
        name = {"rmean": "mean|rmean", "rmean.std.error": "sd|std.error"}[name]
    is_share = name.startswith("survival") and control.style != "shares"
    return cells | {
        "stat_name": name,
        "variable": "os",
        "at": row["at"],
        "unit": "%" if is_share else "",
    }


def ledger_of(folder: Path, control: Control, tells_all: bool) -> Ledger:
    return build_ledger(
        [make_study(folder / "paper1", **study_parts(control, tells_all=tells_all))]
    )


def without_tests(control: Control) -> Control:
    return replace(control, rows=tuple(row for row in control.rows if not row["test"]))


WHOLE = [
    pytest.param(control, tells_all, id=f"{control}-{'all' if tells_all else 'little'}-told")
    for control in ALL
    for tells_all in (True, False)
    # The other styles of the largest take minutes.
    if control.style == "whole" or control.dataset != "melanoma"
]
CURVES = [
    pytest.param(without_tests(control), True, id=f"{control}-curves")
    for control in ALL
    if control.style == "whole" or control.dataset not in ("melanoma", "veteran")
]

COMPARED = ("leukaemia", "aml")  # of the others, what an abstract prints takes longer


def brief(control: Control) -> Control:
    """Return what an abstract prints: sizes, medians, a rate, and the comparison."""
    times = [row["at"] for row in control.rows if row["statistic"] == "survival"]
    kept = tuple(
        row
        for row in control.rows
        if row["test"]
        or row["statistic"] in ("N", "median")
        or (row["statistic"] == "survival" and row["at"] == times[0])
    )
    return replace(control, rows=kept)


ABSTRACTS = [
    pytest.param(brief(control), True, id=f"{control}-abstract")
    for control in ALL
    if control.style != "whole" and control.dataset in COMPARED
]


@pytest.mark.parametrize(("control", "tells_all"), [*WHOLE, *CURVES, *ABSTRACTS])
def test_no_value_of_public_survival_data_is_in_conflict(
    tmp_path: Path, control: Control, tells_all: bool
) -> None:
    ledger = ledger_of(tmp_path, control, tells_all)
    assert [f.statement for f in ledger.findings if f.kind == "conflict"] == []
    assert ledger.counts()[Verdict.INCONSISTENT] == 0
    # Rates, medians and means are Kaplan and Meier's here, so that no assumption saves a conflict.
    assert [f.statement for f in ledger.findings if NOT_REPLAYED in f.assumptions] == []
    if str(control) == "leukaemia-whole" and tells_all:
        assert ledger.counts()[Verdict.CONDITIONAL] == 0


def replaced(control: Control, printed: str, **keys: str) -> Control:
    rows = [
        row | {"printed": printed} if keys.items() <= row.items() else row for row in control.rows
    ]
    assert sum(one != other for one, other in zip(rows, control.rows, strict=True)) == 1
    return replace(control, rows=tuple(rows))


@pytest.mark.parametrize(
    ("printed", "keys"),
    [
        ("88", {"group": "6-MP", "statistic": "survival", "at": "12 weeks"}),
        ("3", {"group": "6-MP", "statistic": "median"}),
        ("2", {"group": "control", "statistic": "rmean"}),
        ("1.20", {"statistic": "hazard_ratio"}),
    ],
)
def test_a_misprint_in_the_leukaemia_trial_is_seen(
    tmp_path: Path, printed: str, keys: dict[str, str]
) -> None:
    leukaemia = next(c for c in ALL if str(c) == "leukaemia-whole")
    ledger = ledger_of(tmp_path, replaced(leukaemia, printed, **keys), tells_all=True)
    # The true paper has no such verdict: whatever it leaves open is usual.
    assert ledger.counts()[Verdict.CONDITIONAL] > 0


# --- What R printed, recomputed by others ---------------------------------------------------------


def prints(row: Row, value: float) -> bool:
    text = row["printed"]
    if text.startswith("<"):
        return value <= float(text[1:])
    decimals = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


def fitter(group: list[Patient]) -> KaplanMeierFitter:
    return KaplanMeierFitter().fit([float(t) for t, _ in group], [event for _, event in group])


@pytest.mark.parametrize("control", ALL, ids=str)
def test_lifelines_recomputes_what_r_printed(control: Control) -> None:
    groups = patients(control.dataset)
    scale = 1 if control.style == "shares" else 100
    common = min(max(group)[0] for group in groups.values())
    for name, group in groups.items():
        curve = fitter(group)
        end = common if control.style in ("whole", "shares") else max(group)[0]
        for row in (row for row in control.rows if row["group"] == name):
            statistic = row["statistic"]
            at = Fraction(row["at"].split()[0]) if row["at"] else Fraction(0)
            if statistic == "survival":
                assert prints(row, scale * float(curve.predict(float(at)))), row
            elif statistic == "survival.std.error":
                assert prints(row, scale * (rate_error(group, at, "Greenwood") or 0)), row
            elif statistic == "n.risk":
                assert row["printed"] == str(at_risk(group, at, after=False)), row
            elif statistic == "N":
                assert row["printed"] == str(len(group))
            elif statistic == "n.event":
                assert row["printed"] == str(sum(event for _, event in group))
            elif statistic == "median":
                # R takes the middle of a flat stretch at one half, lifelines its beginning.
                assert prints(row, float(median_time(group, "midpoint") or 0)), row
                beginning = float(curve.median_survival_time_)
                assert beginning <= float(row["printed"]) + 0.5
            elif statistic == "rmean":
                assert prints(row, restricted_mean_survival_time(curve, t=float(end))), row
            elif statistic == "rmean.std.error":
                assert prints(row, mean_error(group, end) or 0), row


@pytest.mark.parametrize("control", ALL, ids=str)
def test_tests_and_hazard_ratios_are_recomputed(control: Control) -> None:
    first, second = patients(control.dataset).values()
    rows = {row["statistic"]: row for row in control.rows if row["test"]}
    test = rows["p.value"]["test"]
    times = [[float(t) for t, _ in group] for group in (first, second)]
    events = [[event for _, event in group] for group in (first, second)]
    if test in ("log_rank", "gehan"):
        weights = "wilcoxon" if test == "gehan" else None
        found = logrank_test(*times, *events, weightings=weights)
        assert prints(rows["p.value"], found.p_value)
    flavour = "hypergeometric" if test != "cox" else f"{TIES[control.style]}, Wald"
    p = survival_p(test, flavour, [first, second])
    assert p is not None
    assert prints(rows["p.value"], p)
    ratio = hazard_ratio(TIES[control.style], [second, first])
    assert ratio is not None
    assert prints(rows["hazard_ratio"], exp(ratio.logarithm))
    low, high = rows["hazard_ratio.conf.low"], rows["hazard_ratio.conf.high"]
    assert prints(low, exp(ratio.logarithm - 1.959964 * ratio.error))
    assert prints(high, exp(ratio.logarithm + 1.959964 * ratio.error))
    if TIES[control.style] == "Efron":  # the only way of lifelines
        data = DataFrame(
            [
                {"time": float(time), "event": event, "second": number}
                for number, group in enumerate((first, second))
                for time, event in group
            ]
        )
        model = CoxPHFitter().fit(data, "time", "event")
        assert prints(rows["hazard_ratio"], float(model.hazard_ratios_.iloc[0]))


def test_the_data_sets_are_of_every_kind() -> None:
    rows = [row for control in ALL for row in control.rows]
    assert len({control.dataset for control in ALL}) >= 6
    assert len(ALL) == 4 * len({control.dataset for control in ALL})
    assert {row["statistic"] for row in rows} >= {
        *("N", "n.event", "survival", "survival.std.error", "survival.conf.low", "n.risk"),
        *("median", "rmean", "rmean.std.error", "p.value", "hazard_ratio.conf.high"),
    }
    assert {row["test"] for row in rows} == {"", "log_rank", "gehan", "cox"}
    leukaemia = patients("leukaemia")
    assert {name: (len(g), sum(e for _, e in g)) for name, g in leukaemia.items()} == {
        "6-MP": (21, 9),
        "control": (21, 21),
    }
