from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checked_studies import LOCATIONS, POPULATIONS, VARIABLES, count, share, size
from study_builder import write_study

from netcore.cli import main

GROUPS = [size("all", "34"), size("group1", "15"), size("group2", "19")]
REASON = "The groups add up to the whole."


def paper(folder: Path, *rows: dict[str, str]) -> Path:
    parts = {"populations": POPULATIONS, "variables": VARIABLES, "locations": LOCATIONS}
    return write_study(folder, claims=[*GROUPS, *rows], **parts)


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETCORE_DATA", raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with two papers, and go there."""
    folder = tmp_path / "project"
    paper(folder / "data" / "adams2019")
    paper(folder / "data" / "baker2020", count("group1", "response", "CR", "5"))
    (folder / "_toc.yml").write_text("")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("project")
def test_all_papers_are_verified_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    shown = capsys.readouterr().out
    assert "adams2019: 3 claims" in shown
    assert "baker2020: 4 claims" in shown


@pytest.mark.usefixtures("project")
def test_papers_are_shown_in_the_order_of_their_names_on_the_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", "baker2020", "adams2019", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["key"] for entry in found["papers"]] == ["baker2020", "adams2019"]


def test_a_folder_anywhere_works_without_pins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = paper(tmp_path / "my papers" / "mine2024")
    assert main(["verify", str(folder)]) == 0
    monkeypatch.chdir(folder.parent)
    assert main(["verify", "mine2024"]) == 0
    monkeypatch.chdir(folder)
    assert main(["verify", "."]) == 0
    assert "mine2024: 3 claims" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == ["claims.csv", "paper.yaml"]


@pytest.mark.usefixtures("project")
def test_an_unknown_paper_is_an_error_that_names_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", "adams2018"]) == 2
    shown = capsys.readouterr()
    assert "adams2018" in shown.err
    assert "adams2019" in shown.err
    assert shown.out == ""


def test_all_problems_of_all_papers_are_told_at_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("adams2019", "baker2020"):
        path = project / "data" / name / "claims.csv"
        path.write_text(path.read_text().replace("group1", "group9").replace(",34,", ",x,"))
    assert main(["verify"]) == 2
    problems = capsys.readouterr().err.splitlines()
    for name in ("adams2019", "baker2020"):
        told = [line for line in problems if f"{name}/claims.csv:" in line]
        assert any("group9" in line for line in told)
        assert any("'x'" in line for line in told)


@pytest.mark.parametrize(
    "name", ["nowhere/", "/nowhere/at/all", "", ".", "..", "data", "data/", "_toc.yml", "a\0b", "*"]
)
@pytest.mark.usefixtures("project")
def test_what_is_no_paper_is_refused_without_a_traceback(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", name]) == 2
    assert "found" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["verify", "--rounding", "half_down"],
        ["verify", "--alpha", "0"],
        ["verify", "--alpha", "1"],
        ["verify", "--alpha", "ns"],
        ["verify", "--alpha", "nan"],
        ["verify", "--format", "xml"],
        ["verify", "--form", "json"],
        ["check"],
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_words_on_the_line_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "error" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_json_and_csv_can_be_parsed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["claims"]) == 7
    assert main(["verify", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["claim"] for row in rows] == [row["claim"] for row in found["claims"]]
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in found["claims"]]


def verdicts(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    assert main(["verify", "--format", "json", *arguments]) == 0
    return {row["claim"]: row["verdict"] for row in json.loads(capsys.readouterr().out)["claims"]}


def test_rounding_changes_verdicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [count("all", "response", "CR", "25"), share("all", "response", "CR", "73")]  # 73.53 %
    folder = str(paper(tmp_path / "mine2024", *rows))
    name = "results.all.response.CR.pct"
    assert verdicts(capsys, folder)[name] != "reproduced"
    assert verdicts(capsys, folder, "--rounding", "truncate")[name] == "reproduced"


def test_the_level_changes_verdicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = {"results": "ns", "table": "0.03"}
    rows = [
        {"location": place, "stat_name": "p.value", "analysis": "a", "printed": printed}
        for place, printed in values.items()
    ]
    folder = write_study(
        tmp_path / "mine2024",
        claims=rows,
        locations=LOCATIONS,
        variables=VARIABLES,
        analyses={"a": {"test": ["mann_whitney"], "variable": "age", "by": "group"}},
    )
    assert set(verdicts(capsys, str(folder)).values()) == {"inconsistent"}
    assert "inconsistent" not in verdicts(capsys, str(folder), "--alpha", "0.01").values()


def test_the_ledger_is_written_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(paper(tmp_path / "mine2024"))
    assert main(["verify", folder, "--write", str(tmp_path / "build" / "ledger")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "build" / "ledger" / "ledger.json").read_text())["claims"]


def test_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = paper(tmp_path / "mine2024")
    assert main(["verify", str(folder), "--write", str(folder / "paper.yaml")]) == 2
    assert "paper.yaml" in capsys.readouterr().err


def test_one_folder_given_twice_is_one_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = paper(tmp_path / "mine2024")
    other = tmp_path / "mine2024" / ".." / "mine2024"
    assert len(verdicts(capsys, str(folder), str(other))) == 3


def test_two_papers_of_one_key_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(paper(tmp_path / name / "mine2024")) for name in ("here", "there")]
    assert main(["verify", *folders]) == 2
    shown = capsys.readouterr().err
    assert "here" in shown
    assert "there" in shown


def test_a_drift_is_told_and_accepted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--accept", REASON]) == 0
    assert sorted(path.name for path in (project / "verdicts").iterdir()) == [
        "adams2019.csv",
        "baker2020.csv",
        "changes.csv",
    ]
    assert main(["verify"]) == 0
    capsys.readouterr()

    claims = project / "data" / "adams2019" / "claims.csv"
    claims.write_text(claims.read_text().replace(",34,", ",33,"))
    assert main(["verify"]) == 1
    told = capsys.readouterr().err
    assert "adams2019 results.all.N: reproduced -> inconsistent" in told
    assert "baker2020" not in told
    assert main(["verify", "baker2020"]) == 0
    # under other conventions there are no pins to differ from
    assert main(["verify", "--rounding", "truncate"]) == 0

    assert main(["verify", "--accept", "short"]) == 2
    assert main(["verify"]) == 1
    assert main(["verify", "--accept", "The erratum of 2021 says 33"]) == 0
    assert main(["verify"]) == 0
    with (project / "verdicts" / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["paper"] for row in rows] == ["adams2019", "baker2020", *["adams2019"] * 3]
    assert rows[-1]["reason"] == "The erratum of 2021 says 33"


@pytest.mark.usefixtures("project")
def test_drifts_do_not_spoil_the_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--accept", REASON]) == 0
    capsys.readouterr()
    claims = project / "data" / "adams2019" / "claims.csv"
    claims.write_text(claims.read_text().replace(",34,", ",33,"))
    assert main(["verify", "--format", "json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["claims"]
    assert "adams2019" in shown.err


def test_only_the_default_conventions_can_be_accepted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--accept", REASON, "--rounding", "any"]) == 2
    assert main(["verify", "--accept", REASON, "--alpha", "0.01"]) == 2
    assert not (project / "verdicts").exists()
    assert "--rounding" in capsys.readouterr().err


def test_broken_pins_are_refused_with_file_and_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "verdicts").mkdir()
    (project / "verdicts" / "adams2019.csv").write_text("claim,verdict\nresults.all.N,maybe\n")
    assert main(["verify"]) == 2
    assert "adams2019.csv:2" in capsys.readouterr().err


def test_the_real_paper_agrees_with_its_pins(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "book"
    shutil.copytree(root / "data", folder / "data")
    (folder / "_toc.yml").write_text("")
    monkeypatch.chdir(folder)
    assert main(["verify", "--accept", REASON]) == 0
    assert main(["verify", "zvezdkina2022"]) == 0
    shown = capsys.readouterr().out
    assert "[conflict]" in shown


def test_conflicts_are_shown_with_what_would_resolve_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [count("group2", "response", "PR", "12"), count("group2", "response", "SD", "10")]
    assert main(["verify", str(paper(tmp_path / "mine2024", *rows))]) == 0
    shown = capsys.readouterr().out
    assert "12 + 10 = 22 is more than 19" in shown
    assert "0 to 9 instead of 12" in shown


def test_two_transcriptions_are_compared_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = paper(tmp_path / "a" / "adams2019", count("group1", "response", "CR", "5"))
    second = paper(tmp_path / "b" / "adams2019", count("group1", "response", "CR", "6"))
    assert main(["compare", str(first), str(first)]) == 0
    assert "4 rows agree; differences: 0" in capsys.readouterr().out
    assert main(["compare", str(first), str(second)]) == 1
    shown = capsys.readouterr().out
    assert "The same thing, printed differently (1):" in shown
    assert "printed: A 5 | B 6" in shown
    assert main(["compare", str(first), str(second), "--format", "csv"]) == 1
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["column"], row["a"], row["b"]) == ("printed", "5", "6")


def test_a_transcription_with_faults_is_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = paper(tmp_path / "a" / "adams2019")
    bad = paper(tmp_path / "b" / "adams2019", count("nobody", "response", "CR", "6"))
    assert main(["compare", str(good), str(bad)]) == 2
    captured = capsys.readouterr()
    assert "claims.csv:5" in captured.err
    assert captured.out == ""


def test_a_reader_who_stops_reading_breaks_nothing(root: Path, tmp_path: Path) -> None:
    value = {"variable": "age", "stat_name": "mean", "printed": "61"}
    many = [{**value, "at": f"{number} weeks"} for number in range(1, 300)]
    folder = paper(tmp_path / "mine2024", *many)
    command = [sys.executable, "-m", "netcore", "verify", str(folder), "--format", "json"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith("netcore ")
