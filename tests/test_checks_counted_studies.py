from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.counted_studies import check_counted_studies
from netcore.study import Study

TRIALS = {
    "trials": {"type": "studies", "title": "Randomised trials", "counts": {"designs": ["randomised_trial"], "conditions": ["c"], "interventions": ["a", "b"]}},
    "designs": {"type": "studies", "counts": {"designs": ["randomised_trial"]}},
    "both": {"type": "studies", "title": "Studies of both", "counts": {"interventions": ["a", "b"], "compared": True}},
}  # fmt: skip


def document(
    folder: Path,
    printed: str = "none",
    variable: str = "trials",
    seen: str = "full text",
    **paper: Any,
) -> Study:
    return make_study(
        folder / "review",
        paper={"design": "narrative_review", "published": "2015", **paper},
        locations={"results": {"title": "Results", "seen": seen}},
        populations={"literature": {"units": "studies"}},
        variables=TRIALS,
        claims=[
            {
                "population": "literature",
                "variable": variable,
                "stat_name": "n",
                "printed": printed,
                "claim": "count",
            }
        ],
    )


def other(folder: Path, key: str, seen: str = "abstract only", **paper: Any) -> Study:
    facts = {
        "design": "randomised_trial",
        "published": "2012",
        "conditions": ["c"],
        "interventions": ["a", "b"],
    }
    return make_study(
        folder / key,
        paper=facts | paper,
        locations={"results": {"title": "Abstract", "seen": seen}},
    )


def found(study: Study, *library: Study) -> tuple[Finding, Verdict | None]:
    (finding,) = check_counted_studies(study, library, Conventions())
    return finding, finding.bearings["count"].verdict


def test_a_trial_published_before_contradicts_that_there_was_none(tmp_path: Path) -> None:
    finding, verdict = found(document(tmp_path), other(tmp_path, "trial2012"))
    assert (finding.kind, verdict) == ("conflict", Verdict.INCONSISTENT)
    assert finding.elsewhere == ("trial2012",)
    assert "Trial 2012 (randomised trial: A and B)" in finding.statement


@pytest.mark.parametrize(
    ("what", "paper"),
    [
        ("later", {"published": "2016"}),
        ("another design", {"design": "cohort"}),
        ("another condition", {"conditions": ["d"]}),
        ("another intervention", {"interventions": ["z"]}),
    ],
)
def test_what_does_not_meet_the_description_or_came_later_contradicts_nothing(
    tmp_path: Path, what: str, paper: dict[str, Any]
) -> None:
    finding, verdict = found(document(tmp_path), other(tmp_path, "trial2012", **paper))
    assert (finding.kind, verdict) == ("note", Verdict.UNCONSTRAINED), what


def test_a_study_that_names_no_intervention_is_described_without(tmp_path: Path) -> None:
    finding = found(
        document(tmp_path, variable="designs"), other(tmp_path, "trial2012", interventions=[])
    )[0]
    assert "Trial 2012 (randomised trial)" in finding.statement


def test_a_study_does_not_contradict_itself(tmp_path: Path) -> None:
    own = document(tmp_path, design="randomised_trial", conditions=["c"], interventions=["a"])
    _, verdict = found(own, own)
    assert verdict is Verdict.UNCONSTRAINED


def test_an_undated_document_conflicts_only_if_it_was_written_after(tmp_path: Path) -> None:
    undated = document(tmp_path, published=None)
    finding, verdict = found(undated, other(tmp_path, "trial2012", published="2012-04-11"))
    assert (finding.kind, verdict) == ("support", Verdict.CONDITIONAL)
    assert finding.assumptions == (
        "the document, which bears no date, was written no later than 2012-04-11",
    )


def test_dates_that_overlap_leave_the_order_open(tmp_path: Path) -> None:
    finding, verdict = found(document(tmp_path), other(tmp_path, "trial2015", published="2015-03"))
    assert verdict is Verdict.CONDITIONAL
    assert "Trial 2015 came later" in finding.assumptions[0]


def test_a_reading_that_nothing_refutes_makes_it_conditional(tmp_path: Path) -> None:
    cohort = make_study(
        tmp_path / "cohort2008",
        paper={"design": "cohort", "published": "2008", "interventions": ["a", "b"]},
        populations={"all": {"units": "patients"}},
        variables={"arm": {"type": "categorical", "levels": ["a", "b"]}, "os": {"type": "time"}},
        analyses={"os_by_arm": {"test": ["unnamed"], "variable": "os", "by": "arm"}},
        claims=[{"stat_name": "p.value", "analysis": "os_by_arm", "printed": "0.79"}],
    )
    finding, verdict = found(document(tmp_path, variable="trials|both"), cohort)
    assert verdict is Verdict.CONDITIONAL
    assert finding.assumptions == ("randomised trials are meant",)
    _, verdict = found(document(tmp_path, variable="both"), cohort)
    assert verdict is Verdict.INCONSISTENT


def test_a_review_is_no_study_that_compares(tmp_path: Path) -> None:
    review = other(tmp_path, "review2008", design="systematic_review", published="2008")
    _, verdict = found(document(tmp_path, variable="both"), review)
    assert verdict is Verdict.UNCONSTRAINED


def test_a_series_that_used_both_may_not_have_compared_them(tmp_path: Path) -> None:
    series = other(tmp_path, "series2003", design="case_series", published="2003")
    finding, verdict = found(document(tmp_path, variable="both"), series)
    assert verdict is Verdict.CONDITIONAL
    assert finding.assumptions == ("Series 2003 used both treatments without comparing them",)
    trial = other(tmp_path, "trial2004", published="2004")
    assert found(document(tmp_path / "two", variable="both"), series, trial)[1] is Verdict.INCONSISTENT  # fmt: skip


def test_compared_needs_both_interventions(tmp_path: Path) -> None:
    _, verdict = found(document(tmp_path, variable="both"), other(tmp_path, "one2008", interventions=["a"], published="2008"))  # fmt: skip
    assert verdict is Verdict.UNCONSTRAINED


@pytest.mark.parametrize(
    ("printed", "conflict"),
    [("1", True), ("2", False), (">1", False), ("<2", False), ("none", True)],
)
def test_more_studies_than_the_count_admits_contradict_it(
    tmp_path: Path, printed: str, conflict: bool
) -> None:
    library = [other(tmp_path, key) for key in ("one2012", "two2012")]
    _, verdict = found(document(tmp_path, printed), *library)
    assert (verdict is Verdict.INCONSISTENT) == conflict


def test_what_was_seen_in_a_secondary_source_convicts_nobody(tmp_path: Path) -> None:
    _, verdict = found(document(tmp_path), other(tmp_path, "trial2012", seen="secondary"))
    assert verdict is Verdict.UNCONSTRAINED
    secondary = document(tmp_path / "again", seen="secondary")
    finding, verdict = found(secondary, other(tmp_path, "trial2013"))
    assert finding.kind == "support"
    assert verdict is Verdict.CONDITIONAL
