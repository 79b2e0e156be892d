"""Questions that figures of survival ask, and their answers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from study_builder import write_study

from netcore.checks import Conventions
from netcore.checks.answers import computed
from netcore.checks.survival.curve_questions import (
    asked_curves,
    asked_endpoints,
    figure_questions,
)
from netcore.stats.survival.curves import Observation, area, kaplan_meier, rate_at
from netcore.stats.survival.joint_endpoints import Course, is_coherent
from netcore.stats.survival.medians import median_of
from netcore.study import Study, load_study
from netcore.tables import survival as figures

PAPER: dict[str, Any] = {
    "locations": {"text": {"title": "Text", "section": "results"}},
    "populations": {
        "all": {"units": "patients", "title": "All"},
        "x": {"of": "all", "where": {"arm": "x"}, "title": "Arm X"},
        "y": {"of": "all", "where": {"arm": "y"}, "title": "Arm Y"},
    },
    "variables": {
        "arm": {"type": "categorical", "levels": ["x", "y"], "complete": True},
        "pfs": {
            "type": "time", "unit": "months", "to": "progression",
            "title": "Progression-free survival",
        },
        "os": {"type": "time", "unit": "months", "to": "death", "title": "Overall survival"},
    },
    "analyses": {
        "pfs_by_arm": {"test": ["log_rank"], "variable": "pfs", "by": "arm"},
        "os_by_arm": {"test": ["log_rank"], "variable": "os", "by": "arm"},
    },
}  # fmt: skip

TRIAL = [
    {"claim": "nx", "population": "x", "stat_name": "N", "printed": "10"},
    {"claim": "ny", "population": "y", "stat_name": "N", "printed": "11"},
    *(
        {
            "claim": f"{variable}{population}", "population": population, "variable": variable,
            "stat_name": "survival", "at": "1 years", "printed": printed, "unit": "%",
        }
        for variable, population, printed in (
            ("pfs", "x", "40"), ("pfs", "y", "55"), ("os", "x", "80"), ("os", "y", "91"),
        )
    ),
    *(
        {
            "claim": f"{variable}p", "population": "all", "stat_name": "p.value",
            "analysis": f"{variable}_by_arm", "printed": printed,
        }
        for variable, printed in (("pfs", "0.3"), ("os", "0.4"))
    ),
]  # fmt: skip

SERIES = [
    {"claim": "n", "population": "x", "stat_name": "N", "printed": "30"},
    *(
        {
            "claim": name, "population": "x", "variable": "os", "stat_name": stat,
            "printed": printed, "unit": "months",
        }
        for name, stat, printed in (
            ("median", "median", "40"), ("mean", "mean|rmean", "18"), ("pm", "sd|std.error", "2.0"),
        )
    ),
]  # fmt: skip


def study_of(tmp_path: Path, claims: list[dict[str, str]]) -> Study:
    rows = [{"location": "text", **claim} for claim in claims]
    return load_study(write_study(tmp_path, **PAPER, claims=rows))


def answered(asked: Any) -> Any:
    """Return the answer as it is after a way through the store."""
    question = json.loads(json.dumps(asked.question))
    return json.loads(json.dumps(computed(asked.method, question)))


def test_two_endpoints_are_answered_by_the_same_patients(tmp_path: Path) -> None:
    study = study_of(tmp_path, TRIAL)
    asked = asked_endpoints(study, Conventions(), "text", "pfs", "os")
    found = answered(asked)
    arms = [
        [
            Course(Observation(Fraction(a), bool(b)), Observation(Fraction(c), bool(d)))
            for a, b, c, d in rows
        ]
        for rows in found["patients"]
    ]
    assert [len(arm) for arm in arms] == [10, 11]
    assert is_coherent([*arms[0], *arms[1]])
    year = Fraction(12)
    for which, rates in ((0, ("40", "55")), (1, ("80", "91"))):
        for arm, rate in zip(arms, rates, strict=True):
            steps = kaplan_meier(who[which] for who in arm)
            assert f"{float(100 * rate_at(steps, year)):.0f}" == rate
            assert steps[-1].time > year  # somebody is still followed
    assert [[band["status"] for band in bands] for bands in found["bands"]] == [
        ["feasible"] * 2
    ] * 2


def test_a_mean_that_is_no_area_is_taken_for_another(tmp_path: Path) -> None:
    study = study_of(tmp_path, SERIES)
    asked = asked_curves(study, Conventions(), "text", "os")
    (group,) = answered(asked)["groups"]
    tried = [(way["way"]["mean"], way["way"]["spread"], way["status"]) for way in group["ways"]]
    # Half of 40 is more than 18.
    assert tried == [("restricted", "se", "infeasible"), ("observed", "se", "found")]
    for rows in group["patients"]:
        patients = [Observation(Fraction(time), bool(event)) for time, event in rows]
        assert len(patients) == 30
        median = median_of(patients, "first")
        assert median is not None
        assert f"{float(median):.0f}" == "40"
        assert f"{float(sum(time for time, _ in patients) / 30):.0f}" == "18"
        assert area(kaplan_meier(patients), patients[-1].time) > 19


def test_questions_to_be_stored_are_those_of_the_figures(tmp_path: Path) -> None:
    trial = study_of(tmp_path / "trial", TRIAL)
    (stored,) = figure_questions(trial, Conventions())
    assert stored == asked_endpoints(trial, Conventions(), "text", "pfs", "os")
    series = study_of(tmp_path / "series", SERIES)
    (stored,) = figure_questions(series, Conventions())
    assert stored == asked_curves(series, Conventions(), "text", "os")
    # Nothing in a question says whose paper it is.
    assert study_of(tmp_path / "other", SERIES).paper.key not in json.dumps(stored.question)


def test_what_is_not_printed_cannot_be_asked(tmp_path: Path) -> None:
    study = study_of(tmp_path, TRIAL[:4])
    with pytest.raises(ValueError, match="expected the same two groups"):
        asked_endpoints(study, Conventions(), "text", "pfs", "os")
    with pytest.raises(ValueError, match="found no curve of os"):
        asked_curves(study, Conventions(), "text", "os")


def test_figures_say_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_answer", lambda _, asked: computed(asked.method, asked.question))

    def chapter(study: Study) -> Any:
        return SimpleNamespace(
            study=study, ledger=SimpleNamespace(conventions=Conventions()), seed=1
        )

    trial = chapter(study_of(tmp_path / "trial", TRIAL))
    plot = figures.endpoints_figure(
        trial, "text", "pfs", "os", name="both", caption="Two endpoints."
    )
    assert "the log-rank test gives p = 0.3 and 0.4" in plot.note
    assert "constructed" in plot.note
    assert "Arm X" in plot.alt
    assert "Overall survival" in plot.svg
    series = chapter(study_of(tmp_path / "series", SERIES))
    plot = figures.survival_figure(series, "text", "os", name="one", caption="One group.")
    assert "standard error no patients can have these numbers" in plot.note
    assert "the mean is drawn as the mean of all times of observation" in plot.note
    assert "Arm X, 30 patients" in plot.svg
    assert "printed: 50 % at 40 months" in plot.alt


@pytest.mark.parametrize("start", ["recruitment", None])
def test_a_figure_says_that_it_takes_the_longest_follow_up_from_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str | None
) -> None:
    monkeypatch.setattr(figures, "_answer", lambda _, asked: computed(asked.method, asked.question))
    variables = PAPER["variables"] | {"recruitment": {"type": "date"}}
    variables["os"] = variables["os"] | ({"from": start} if start else {})
    dated = {
        "claim": "start", "population": "all", "variable": "recruitment", "stat_name": "start",
        "printed": "2000-01-01", "unit": "date", "location": "text",
    }  # fmt: skip
    parts = PAPER | {"variables": variables, "paper": {"published": "2010-01-01"}}
    rows = [{"location": "text", **claim} for claim in SERIES]
    study = load_study(write_study(tmp_path, **parts, claims=[dated, *rows]))
    chapter = SimpleNamespace(
        study=study, ledger=SimpleNamespace(conventions=Conventions()), seed=1
    )
    plot = figures.survival_figure(chapter, "text", "os", name="one", caption="One group.")
    assert "nobody is followed for longer than 130 months" in plot.note
    assert ("This is an assumption" in plot.note) == (start is None)
