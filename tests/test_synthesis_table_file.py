from __future__ import annotations

from pathlib import Path

import pytest
from synthesis_studies import claim, line, study, write_table

from netcore.study import Study
from netcore.study.library import load_library
from netcore.synthesis import SynthesisError, SynthesisRow, read_synthesis
from netcore.synthesis.table_file import SYNTHESIS_COLUMNS

CLAIMS = [
    claim("N", "N", "40"),
    claim("pr", "n", "12", "PR"),
    claim("pr.pct", "pct", "30", "PR", unit="%"),
    claim("cr", "n", "none", "CR"),
    claim("about", "n", "~12", "SD"),
    claim("range.pct", "pct", "20-30", "SD", unit="%"),
    claim("g1.N", "N", "18", population="group1"),
    claim("g2.N", "N", "22", population="group2"),
    claim("g1.pr", "n", "5", "PR", population="group1"),
    claim("g2.pr", "n", "7", "PR", population="group2"),
    claim("either.pr", "n", "9", "PR", population="all|procedures"),
    claim("procedures.N", "N", "60", population="procedures"),
    claim("lesions.N", "N", "90", population="lesions"),
    claim("zero.N", "N", "0", population="group1", location="review"),
    claim("quoted", "n", "11", "PR", cites="other2019"),
    claim("her2+", "n", "3", "PR", population="group2"),
]


@pytest.fixture
def one(tmp_path: Path) -> Study:
    return study(tmp_path, "one2020", CLAIMS)


def problems(folder: Path, one: Study, *lines: str) -> list[str]:
    try:
        read_synthesis(write_table(folder, *lines), [one])
    except SynthesisError as error:
        return [text.replace(f"{folder.as_posix()}/", "") for text in str(error).splitlines()]
    return []


def test_a_row_names_its_claims_and_not_their_values(tmp_path: Path, one: Study) -> None:
    path = write_table(tmp_path, line("one2020", "cr+pr", "N", label="all", note="by hand"))
    assert read_synthesis(path, [one]) == (
        SynthesisRow(
            *(2, "response", "all", "bland", "RECIST 1.1", "one2020", ("cr", "pr"), ("N",)),
            *("patients", "by hand"),
        ),
    )


def test_the_plus_sign_in_the_name_of_a_claim_joins_nothing(tmp_path: Path, one: Study) -> None:
    (row,) = read_synthesis(write_table(tmp_path, line("one2020", "her2+", "g2.N")), [one])
    assert row.events == ("her2+",)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"outcome": "respons"}, "2:1: found outcome 'respons', expected one of response, "),
        ({"treatment": "TACE"}, "2:3: found treatment 'TACE', expected one of bland, "),
        ({"criteria": ""}, "2:4: found no criteria, expected those that the paper names"),
        ({"paper": "one2021"}, "2:5: found paper 'one2021', expected one of one2020 (nearest"),
        ({"events": "pr+pp"}, "2:6: found claim 'pp', expected one of N, pr, "),
        ({"events": ""}, "2:6: found claim '', expected one of N, "),
        ({"events": "N"}, "2:6: found claim N (N, prints '40'), expected one of the statistics n"),
        ({"events": "about"}, "found claim about (n, prints '~12'), expected one whole number"),
        ({"events": "range.pct"}, "prints '20-30'), expected one plain percentage"),
        ({"events": "quoted"}, "expected a value of the document's own, not one that it quotes"),
        ({"denominator": "pr.pct"}, "2:7: found claim pr.pct (pct, prints '30'), expected one of"),
        ({"denominator": "zero.N"}, "2:7: found a denominator of 0, expected at least 1"),
        ({"denominator": "lesions.N"}, "found claims that count lesions or patients"),
        ({"unit": "procedures"}, "2:8: found unit 'procedures', expected 'patients', as the"),
        ({"unit": "persons"}, "2:8: found unit 'persons', expected one of patients, procedures"),
        ({"events": "either.pr"}, "expected 'patients or procedures', as the claims count"),
        ({"denominator": "procedures.N"}, "expected 'patients or procedures', as the claims"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_cell(
    tmp_path: Path, one: Study, cells: dict[str, str], said: str
) -> None:
    row = line(**{"paper": "one2020", "events": "pr", "denominator": "N", **cells})
    (found,) = problems(tmp_path, one, row)
    assert found.startswith("synthesis.csv:2:")
    assert said in found


def test_every_problem_is_said_at_once(tmp_path: Path, one: Study) -> None:
    lines = (line("one2020", "pr", "M"), line("one2020", "pr", "N", outcome="x", treatment="y"))
    assert [text.split(" ")[0] for text in problems(tmp_path, one, *lines)] == [
        *("synthesis.csv:2:7:", "synthesis.csv:3:1:", "synthesis.csv:3:3:")
    ]


def test_a_missing_or_misshapen_table_is_refused(tmp_path: Path, one: Study) -> None:
    with pytest.raises(SynthesisError, match="no such file"):
        read_synthesis(tmp_path / "synthesis.csv", [one])
    assert "found 2 cells, expected 9" in problems(tmp_path, one, "response,bland")[0]
    assert "a row that is no CSV" in problems(tmp_path, one, 'response,"bland')[0]
    (tmp_path / "synthesis.csv").write_text("outcome;label\n", encoding="utf-8")
    with pytest.raises(SynthesisError, match=f"expected the columns {SYNTHESIS_COLUMNS[0]},"):
        read_synthesis(tmp_path / "synthesis.csv", [one])


def test_nobody_is_counted_twice(tmp_path: Path, one: Study) -> None:
    parts = (line("one2020", "g1.pr", "g1.N"), line("one2020", "g2.pr", "g2.N"))
    assert problems(tmp_path, one, *parts) == []
    (found,) = problems(tmp_path, one, line("one2020", "pr", "N"), parts[0])
    assert "3:7: found patients who may be those of line 2" in found
    # Another outcome of the same patients is another quantity.
    other = line("one2020", "pr", "N", outcome="disease_control")
    assert problems(tmp_path, one, line("one2020", "pr", "N"), other) == []


def test_the_table_of_the_book_is_sound(root: Path) -> None:
    rows = read_synthesis(root / "data" / "synthesis.csv", load_library(root / "data").studies)
    assert {row.outcome for row in rows} == {"response", "disease_control", "symptom_relief"}
