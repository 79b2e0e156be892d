from __future__ import annotations

import pytest

from netcore.study.claims_file import read_claims
from netcore.study.models import COLUMNS

HEADER = ",".join(COLUMNS)
ROW = "t1.n,table1,all,,,N,,,,34,,,"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read_claims(text, file="c").problems]


def lines(text: str) -> list[int]:
    return [row.line for row in read_claims(text, file="c").rows]


def test_cells_are_found_by_column_in_any_order() -> None:
    backwards = ",".join(reversed(COLUMNS))
    table = read_claims(f"{backwards}\n{','.join(reversed(ROW.split(',')))}\n", file="c")
    assert table.problems == ()
    assert table.rows[0].cells["claim"] == "t1.n"
    assert table.cell_number("claim") == 13


def test_cells_are_strings_exactly_as_they_stand() -> None:
    table = read_claims(f'{HEADER}\nx,t,all,,,N,,,,"0,570",,,"a ""b"" <i>=1+1</i>"\n', file="c")
    assert table.rows[0].cells["printed"] == "0,570"
    assert table.rows[0].cells["note"] == 'a "b" <i>=1+1</i>'


def test_lines_are_those_of_the_file_also_after_cells_with_line_breaks() -> None:
    multi = 't1.n,table1,all,,,N,,,,34,,,"one\n\ntwo"'
    assert lines(f"{HEADER}\n{ROW}\n{multi}\n{ROW}\n{multi}\n{ROW}") == [2, 3, 6, 7, 10]


def test_rows_without_content_are_passed_over() -> None:
    assert lines(f"{HEADER}\n\n{ROW}\n{',' * 12}\n{','}\n\n{ROW}\n\n") == [3, 7]


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_one_problem_however_many_rows_there_are(mark: str, name: str) -> None:
    text = "\n".join([HEADER, *[ROW] * 100]).replace(",", mark)
    assert problems(text) == [f"c:1:1: found {name} between cells, expected commas"]


def test_a_misspelt_column_is_one_problem_that_names_the_nearest() -> None:
    assert problems(HEADER.replace("stat_name", "statname")) == [
        "c:1:6: found the column 'statname', expected one of stat_name (nearest: stat_name)"
    ]


def test_a_missing_column_is_named() -> None:
    assert problems(HEADER.replace(",unit", "")) == [
        f"c:1: found no column unit, expected the 13 columns {HEADER}"
    ]


def test_a_column_too_many_is_named() -> None:
    (problem,) = problems(HEADER + ",comment")
    assert problem.startswith("c:1:14: found the column 'comment', expected one of claim, location")


def test_a_column_that_stands_twice_is_named() -> None:
    assert problems(HEADER.replace("unit", "note")) == [
        "c:1:13: found the column 'note' again (first as cell 11), expected each column once",
        f"c:1: found no column unit, expected the 13 columns {HEADER}",
    ]


def test_a_header_of_other_case_or_with_spaces_is_refused() -> None:
    assert [
        line[:6] for line in problems(HEADER.replace("unit", "Unit").replace("cites", " cites"))
    ] == [
        "c:1:11",
        "c:1:12",
    ]


def test_rows_below_a_wrong_header_are_not_read() -> None:
    assert lines(HEADER.replace("unit", "units") + "\n" + ROW) == []


def test_a_header_alone_is_refused() -> None:
    assert problems(HEADER + "\n") == [
        "c:1: found no rows below the header, expected one row per printed value"
    ]


def test_an_empty_first_line_is_refused() -> None:
    (problem,) = problems(f"\n{HEADER}\n{ROW}\n")
    assert problem.startswith("c:1: found an empty first line, expected the header claim,location")


def test_a_decimal_comma_without_quotes_is_a_cell_too_many() -> None:
    assert problems(f"{HEADER}\n{ROW}\n{ROW.replace('34', '0,57')}\n") == [
        "c:3:14: found 14 cells, expected 13 cells (a cell with a comma, such as 0,57, stands in double quotes)"
    ]


def test_missing_cells_are_counted() -> None:
    assert problems(f"{HEADER}\nt1.n,table1,all\n")[0].startswith(
        "c:2:3: found 3 cells, expected 13 cells"
    )


def test_a_quotation_mark_that_is_never_closed_is_found_where_its_row_starts() -> None:
    text = f'{HEADER}\n{ROW}\nx,t,all,,,N,,,,"34,,,\n{ROW}\n{ROW}\n'
    assert problems(text)[0].startswith(
        "c:3: found a row that is no CSV (a quotation mark is never closed)"
    )


def test_rows_after_a_stray_quotation_mark_are_still_read() -> None:
    text = f'{HEADER}\nx,t,all,,,N,,,,"34"4,,,\n{ROW}\n{ROW.replace(",,,N", ",N")}\n'
    assert [problem.split(":")[1] for problem in problems(text)] == ["2", "4"]
    assert lines(text) == [3]


def test_an_endless_cell_is_refused() -> None:
    assert "no CSV" in problems(f"{HEADER}\n{'x' * 200_000}\n")[0]
