"""Campaigns: no alarm on true studies, and reports that say what was done."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from netcore.study import load_study
from simulation.__main__ import FULL, QUICK, main
from simulation.families import FAMILIES
from simulation.papers import KEY, Paper
from simulation.reporting import (
    campaign_report,
    family_report,
    page_tables,
    report_lines,
    with_tables,
)
from simulation.run import Outcome, draw, judge, judge_seed, replay, run_family
from simulation.seeds import study_seed

ROOT = Path(__file__).resolve().parent.parent
STUDIES = 5


@pytest.mark.parametrize("family", FAMILIES)
def test_no_true_study_raises_an_alarm(family: str) -> None:
    # Papers of everything may need a minute each.
    for index in range(2 if family == "kitchen_sink" else STUDIES):
        outcome = judge_seed(family, study_seed(2024, family, index))
        assert not outcome.failure, (outcome.seed, outcome.failure)
        assert not outcome.alarms, (outcome.seed, outcome.alarms)
        assert outcome.claims > 0


def test_studies_are_printed_with_the_marks_of_their_places(tmp_path: Path) -> None:
    paper = Paper(populations={"all": {"units": "patients"}})
    paper.variables["x"] = {"type": "continuous"}
    paper.locations = {
        "comma": {"title": "A", "decimal": ","},
        "groups": {"title": "B", "thousands": ","},
    }
    for place in paper.locations:
        cells = {"location": place, "population": "all", "variable": "x", "stat_name": "mean"}
        paper.print_row("1234.5", 1234.5, 1, **cells)
    study = load_study(paper.write(tmp_path))
    assert [claim.printed for claim in study.claims] == ["1234,5", "1,234.5"]
    assert {float(study.printed(claim).number()) for claim in study.claims} == {1234.5}


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match="found columns"):
        Paper().print_row("1", place="nowhere")


def test_a_campaign_gives_the_same_outcomes_again_and_sees_misprints() -> None:
    first, second = (run_family("moments", 3, 6, 6, processes=processes) for processes in (1, 2))

    def told(outcomes: list[Outcome]) -> list[object]:
        return [(one.seed, one.claims, one.verdicts, one.alarms, one.seen) for one in outcomes]

    assert told(first) == told(second)
    seen = [what for one in first for what in one.seen.values()]
    assert {"conflict", "unseen"} <= set(seen)


def test_a_failure_of_the_checks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no verdict")

    monkeypatch.setattr("simulation.run.judge", broken)
    outcome = judge_seed("moments", 1)
    assert (outcome.failure, outcome.alarms) == ("RuntimeError: no verdict", ())
    report = family_report([outcome])
    assert (report["studies"], report["failures"]) == (0, {"1": "RuntimeError: no verdict"})


def test_a_failure_on_a_misprint_leaves_the_true_study_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken_on_misprints(paper: Paper) -> object:
        if paper.claims_text() != truth:
            raise ZeroDivisionError(f"in /somewhere/{KEY}/claims.csv")
        return judge(paper)

    truth = draw("moments", 1).claims_text()
    monkeypatch.setattr("simulation.run.judge", broken_on_misprints)
    outcome = judge_seed("moments", 1, with_misprints=True)
    assert outcome.failure == ""
    assert outcome.claims > 0
    assert outcome.seen == {}
    assert set(outcome.failed.values()) == {f"ZeroDivisionError: in {KEY}/claims.csv"}
    report = family_report([outcome])
    assert (report["studies"], len(report["failures"])) == (1, 1)


def test_a_paper_prints_something_always() -> None:
    # A seed of which once nothing was printed.
    assert len(draw("quantiles", 189669778732746).rows) == 1


def test_an_alarm_is_told_with_its_seed_and_bounds_no_rate() -> None:
    outcomes = [Outcome(1, 5, {"possible": 5}), Outcome(2, 5, {"open": 5}, ("order: clash",))]
    report = family_report(outcomes)
    assert (report["alarms"], report["alarm_seeds"], report["rate_bound"]) == (1, [2], None)


def test_a_report_counts_what_was_seen_and_names_no_machine() -> None:
    outcomes = [
        Outcome(seed, 4, {"possible": 4}, seconds=seed / 10, seen={"one digit changed": what})
        for seed, what in enumerate(("conflict", "unseen", "unseen", "conditional"))
    ]
    report = campaign_report({"moments": outcomes}, campaign=1, date="2026-01-31", root=ROOT)
    found = report["families"]["moments"]
    assert found["misprints"] == {
        "one digit changed": {"planted": 4, "conflict": 1, "conditional": 1, "unseen": 2}
    }
    assert (found["claims"], found["slowest"][0]["seed"]) == (16, 3)
    assert report["rate_bound"] == 3 / 4
    assert str(ROOT) not in json.dumps(report)
    lines = list(report_lines(report))
    assert "25% conflict" in lines[1]
    assert lines[-1].startswith("4 studies, 0 alarms; the rate of alarms is below 0.75")


def test_a_family_that_is_judged_again_leaves_the_others_in_the_report() -> None:
    first = campaign_report(
        {"counts": [Outcome(1, 4)], "ranks": [Outcome(2, 3), Outcome(3, 3)]},
        campaign=1,
        date="2026-01-31",
        root=ROOT,
    )
    later = campaign_report(
        {"ranks": [Outcome(4, 7)]}, campaign=1, date="2026-02-01", root=ROOT, kept=first
    )
    assert list(later["families"]) == ["counts", "ranks"]
    assert later["families"]["counts"] == first["families"]["counts"]
    assert (later["families"]["ranks"]["claims"], later["studies"]) == (7, 2)
    assert "Judged by 2026-02-01: 2 studies, no alarm" in page_tables(later)


def test_a_campaign_that_is_resumed_reports_what_it_would_have_in_one_piece(
    tmp_path: Path,
) -> None:
    def report(name: str, *more: str) -> dict[str, Any]:
        path = tmp_path / name
        arguments = ["--family", "counts", "--planted", "6", "--processes", "1", *more]
        assert main([*arguments, "--report", str(path), "--date", "2026-01-31"]) == 0
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        del found["families"]["counts"]["seconds"], found["families"]["counts"]["slowest"]
        return found

    whole = report("whole.json", "--studies", "6")
    part = report("parts.json", "--studies", "4")
    assert part["studies"] == 4
    assert report("parts.json", "--studies", "6", "--resume") == whole
    assert whole["families"]["counts"]["drawn"] == 6
    with pytest.raises(SystemExit, match="found campaign 1 of counts, expected 2"):
        report("parts.json", "--studies", "6", "--resume", "--seed", "2")
    with pytest.raises(SystemExit):
        report("nowhere.json", "--resume")


def test_a_replay_writes_the_study_and_its_patients(tmp_path: Path) -> None:
    seed = study_seed(1, "kitchen_sink", 0)
    paper, ledger = replay("kitchen_sink", seed, tmp_path / "again")
    folder = tmp_path / "again"
    assert (folder / KEY / "claims.csv").read_text(encoding="utf-8") == draw(
        "kitchen_sink", seed
    ).claims_text()
    with (folder / "made-up-patients.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == paper.cohort.size
    assert len(ledger.entries) == len(paper.rows)


def test_the_command_line_runs_reports_and_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    arguments = ["--family", "moments", "--studies", "3", "--planted", "0", "--processes", "1"]
    assert main([*arguments, "--report", str(report), "--date", "2026-01-31"]) == 0
    written = json.loads(report.read_text(encoding="utf-8"))
    assert (written["studies"], written["alarms"]) == (3, 0)
    assert written["families"]["moments"]["date"] == "2026-01-31"
    assert "3 studies, 0 alarms" in capsys.readouterr().out
    seed = str(study_seed(1, "moments", 0))
    assert main(["--replay", "moments", seed, "--folder", str(tmp_path / "replay")]) == 0
    assert "0 conflicts" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*arguments, "--report", str(report)])
    with pytest.raises(SystemExit):
        main(["--replay", "moments", "x"])


def test_a_campaign_ends_with_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--family", "moments", "--family", "counts", "--planted", "0"]
    assert main([*arguments, "--studies", "100000", "--minutes", "0.01", "--processes", "1"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert 0 <= int(last.split(" studies")[0]) < 1_000
    # The first studies of a campaign are the same, however many follow.
    few = run_family("moments", 3, 9, 0, processes=2)
    assert [one.seed for one in few] == [study_seed(3, "moments", index) for index in range(9)]


def test_the_page_shows_the_report_and_no_alarm() -> None:
    page = (ROOT / "methods" / "simulation.md").read_text(encoding="utf-8")
    report = json.loads((ROOT / "reports" / "simulation.json").read_text(encoding="utf-8"))
    assert with_tables(page, report) == page
    assert (report["alarms"], report["failures"]) == (0, 0)
    full = sum(studies for studies, _ in FULL.values())
    assert f"{full // 1000} {full % 1000:03} studies" in page


def test_tables_are_written_where_a_page_marks_the_place() -> None:
    outcomes = [Outcome(1, 5, {"possible": 5}, seen={"one digit changed": "conflict"})]
    report = campaign_report({"mean_tests": outcomes}, campaign=2, date="2026-01-31", root=ROOT)
    page = "Before\n\n% Written by `make simulate`.\nold\n% Until here.\n\nAfter\n"
    written = with_tables(page, report)
    assert "old" not in written
    assert "| tests of means | 1 | 5 | 0 | 3 |" in written
    assert "| one digit changed | 1 | 100% | 0% | 0% |" in written
    assert (written[:6], written[-6:]) == ("Before", "After\n")
    assert with_tables(written, report) == written
    with pytest.raises(ValueError, match="found no lines"):
        with_tables("nothing", report)


def test_every_family_has_its_numbers() -> None:
    assert set(FULL) == set(QUICK) == set(FAMILIES)
    assert FULL["counts"][0] + FULL["moments"][0] >= 100_000
    assert FULL["ranks"][0] >= 5_000
