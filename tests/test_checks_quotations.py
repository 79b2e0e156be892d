from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.quotations import check_quotations
from netcore.study import Study

RELIEF = {"relief": {"type": "categorical", "levels": ["yes"]}, "os": {"type": "time"}}


def quoting(
    folder: Path, printed: str, cites: str, stat: str = "pct", seen: str = "full text"
) -> Study:
    variable = {"pct": "relief", "median": "os"}[stat]
    row = {
        "claim": "quote",
        "population": "",
        "variable": variable,
        "variable_level": "yes" if stat == "pct" else "",
        "stat_name": stat,
        "printed": printed,
        "unit": "%" if stat == "pct" else "months",
        "cites": cites,
    }
    return make_study(
        folder / "quoting2020",
        locations={"results": {"title": "Discussion", "seen": seen}},
        variables=RELIEF,
        claims=[row],
    )


def source(folder: Path, seen: str = "abstract only") -> Study:
    rows: list[dict[str, Any]] = [
        {"claim": "treated", "stat_name": "N", "printed": "25"},
        {"claim": "evaluable", "population": "evaluable", "stat_name": "N", "printed": "23"},
        {"claim": "n", "variable": "relief", "variable_level": "yes", "stat_name": "n", "printed": "20", "population": "evaluable"},
        {"claim": "pct", "variable": "relief", "variable_level": "yes", "stat_name": "pct", "printed": "87", "population": "evaluable", "unit": "%"},
        {"claim": "median", "variable": "os", "stat_name": "median", "printed": "35.9"},
    ]  # fmt: skip
    return make_study(
        folder / "source1986",
        locations={"results": {"title": "Abstract", "seen": seen}},
        populations={
            "all": {"units": "patients"},
            "evaluable": {"of": "all", "where": {"evaluable": "yes"}, "title": "Evaluable"},
        },
        variables={**RELIEF, "evaluable": {"type": "categorical", "levels": ["yes", "no"]}},
        claims=rows,
    )


def found(study: Study, *library: Study) -> tuple[Finding, Verdict | None]:
    (finding,) = check_quotations(study, library, Conventions())
    return finding, finding.bearings["quote"].verdict


def test_a_value_quoted_as_printed_is_reproduced(tmp_path: Path) -> None:
    finding, verdict = found(quoting(tmp_path, "87", "source1986#pct"), source(tmp_path))
    assert (finding.kind, verdict) == ("support", Verdict.REPRODUCED)
    assert finding.elsewhere == ("source1986#pct",)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("35.9", Verdict.REPRODUCED),
        ("36", Verdict.REPRODUCED),
        ("35", Verdict.CONDITIONAL),
        ("35.8", Verdict.CONDITIONAL),
        ("~35", Verdict.REPRODUCED),
        (">35", Verdict.REPRODUCED),
        (">36", Verdict.CONDITIONAL),
    ],
)
def test_a_value_quoted_to_fewer_digits_is_judged_by_its_window(
    tmp_path: Path, printed: str, verdict: Verdict
) -> None:
    assert found(quoting(tmp_path, printed, "source1986#median", "median"), source(tmp_path))[1] is verdict  # fmt: skip


def test_a_share_of_another_group_of_the_source_is_conditional_on_that_group(
    tmp_path: Path,
) -> None:
    finding, verdict = found(quoting(tmp_path, "80", "source1986#pct"), source(tmp_path))
    assert (finding.kind, verdict) == ("support", Verdict.CONDITIONAL)
    assert "20 of 25 (all)" in finding.statement
    assert "tried: 2 groups" in finding.statement


def test_a_value_that_no_group_of_the_source_gives_conflicts_with_what_was_seen_in_full(
    tmp_path: Path,
) -> None:
    finding, verdict = found(
        quoting(tmp_path, "66", "source1986#pct"), source(tmp_path, "full text")
    )
    assert (finding.kind, verdict) == ("conflict", Verdict.INCONSISTENT)
    finding, verdict = found(quoting(tmp_path, "66", "source1986#pct"), source(tmp_path))
    assert (finding.kind, verdict) == ("support", Verdict.CONDITIONAL)
    assert "the full text of Source 1986" in finding.assumptions[0]


def test_a_source_of_which_no_value_is_named_refutes_nothing(tmp_path: Path) -> None:
    for cites in ("source1986", "source1986#no_such_claim"):
        finding, verdict = found(quoting(tmp_path, "66", cites), source(tmp_path))
        assert (finding.kind, verdict) == ("note", Verdict.UNCONSTRAINED)
        assert "abstract that was seen here does not print it" in finding.statement


def test_secondary_values_settle_nothing(tmp_path: Path) -> None:
    assert found(quoting(tmp_path, "87", "source1986#pct"), source(tmp_path, "secondary"))[1] is Verdict.OPEN  # fmt: skip
    assert found(quoting(tmp_path, "66", "source1986#pct"), source(tmp_path, "secondary"))[1] is Verdict.OPEN  # fmt: skip
    quote = quoting(tmp_path, "66", "source1986#pct", seen="secondary")
    assert found(quote, source(tmp_path, "full text"))[1] is Verdict.CONDITIONAL


def test_what_is_not_in_the_library_is_left_alone(tmp_path: Path) -> None:
    assert check_quotations(quoting(tmp_path, "66", "absent2001"), [], Conventions()) == ()


@given(whole=st.sampled_from([23, 25]), decimals=st.integers(0, 3))
def test_a_true_share_of_any_group_is_never_condemned(
    tmp_path_factory: Any, whole: int, decimals: int
) -> None:
    folder = tmp_path_factory.mktemp("quote")
    printed = f"{100 * 20 / whole:.{decimals}f}"
    _, verdict = found(quoting(folder, printed, "source1986#pct"), source(folder, "full text"))
    assert verdict in (Verdict.REPRODUCED, Verdict.CONDITIONAL)
