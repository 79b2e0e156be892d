from __future__ import annotations

import pytest

from netcore.study.problems import Problem, StudyError, dotted, nearest, one_of, quoted


def test_a_problem_is_written_as_compilers_do() -> None:
    problem = Problem("data/x/claims.csv", 12, 3, "population 'grp1'", "one of all")
    assert str(problem) == "data/x/claims.csv:12:3: found population 'grp1', expected one of all"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem("x/claims.csv", None, None, "no such file", "one")) == (
        "x/claims.csv: found no such file, expected one"
    )


def test_a_study_error_sorts_its_problems_by_place() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 2), ("a", 9, 1), ("a", None, None)]
    error = StudyError(Problem(*place, "x", "y") for place in places)
    assert [(p.file, p.line, p.column) for p in error.problems] == [
        ("a", None, None),
        ("a", 9, 1),
        ("a", 9, 2),
        ("a", 10, 1),
        ("b", 1, 1),
    ]
    assert str(error).count("\n") == 4


def test_a_quotation_is_cut_and_cannot_steer_the_terminal() -> None:
    assert quoted("\x1b[31m\n") == r"'\x1b[31m\n'"
    assert quoted("x" * 1000) == "'" + "x" * 60 + "'... (1000 characters)"


def test_the_nearest_name_ignores_case() -> None:
    assert nearest("RESPONSE", ["response", "os"]) == "response"


@pytest.mark.parametrize("name", ["", "entirely different", "x" * 10_000])
def test_nothing_is_suggested_where_nothing_is_near(name: str) -> None:
    assert nearest(name, ["response", "os"]) is None


def test_no_more_names_are_compared_than_take_a_moment() -> None:
    names = [f"{number:04}" for number in range(100_000)]
    assert nearest("name", [*names, "name"]) is None


def test_a_long_list_of_choices_is_cut() -> None:
    names = [f"name{number}" for number in range(100)]
    assert one_of("zzz", names, "names").endswith("name10, name11 and 88 more")


def test_marks_are_quoted_where_they_are_listed() -> None:
    assert one_of(";", [".", ","], "marks") == "one of '.', ','"


def test_names_of_the_file_are_escaped_where_they_are_listed() -> None:
    assert one_of("zzz", ["a\nb", "c"], "names") == r"one of 'a\nb', c"
    assert dotted(("a\nb", "", 3)) == r"'a\nb'.''[3]"
