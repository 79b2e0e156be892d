import json

import nbformat
import pytest

from netcore.publishing.parameters import (
    ParameterError,
    parse_parameter,
    read_parameters,
    select_parameters,
)

ROUNDING = parse_parameter(
    "rounding", '"nearest"', "str: nearest, half_up, half_even, truncate, ceiling or any"
)
ALPHA = parse_parameter("alpha", "0.05", "float, 0 < alpha < 1")
SEED = parse_parameter("seed", "1", "int ≥ 0")


def test_a_comment_gives_type_and_allowed_words():
    assert ROUNDING.kind == "str"
    assert ROUNDING.allowed == ("nearest", "half_up", "half_even", "truncate", "ceiling", "any")


def test_a_comment_gives_bounds_on_both_sides():
    assert ALPHA.bounds == (("0", "<", "alpha"), ("alpha", "<", "1"))


def test_both_ways_to_write_a_bound_mean_the_same():
    other = parse_parameter("seed", "1", "int >= 0")
    for parameter in (SEED, other):
        assert parameter.check("0") == 0
        with pytest.raises(ParameterError, match="must satisfy"):
            parameter.check("-1")


def test_a_line_that_is_no_parameter_is_refused(tmp_path):
    cell = {"metadata": {"tags": ["parameters"]}, "source": ["seed = 1\n", "print(seed)"]}
    path = tmp_path / "chapter.ipynb"
    path.write_text(json.dumps({"cells": [cell]}))
    with pytest.raises(ParameterError, match=r"no parameter: print\(seed\)"):
        read_parameters(path)


def test_a_unit_in_a_comment_is_no_bound():
    horizon = parse_parameter("horizon", "24.0", "float, months, horizon > 0")
    assert horizon.bounds == (("horizon", ">", "0"),)


def test_without_a_comment_the_default_gives_the_type():
    assert parse_parameter("trials", "100", "").kind == "int"


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (ALPHA, "0.01", 0.01),
        (ALPHA, 0.01, 0.01),
        (SEED, "7", 7),
        (ROUNDING, "truncate", "truncate"),
        (parse_parameter("strict", "True", "bool"), "false", False),
        (parse_parameter("strict", "True", "bool"), True, True),
    ],
)
def test_text_is_read_as_the_type_of_the_parameter(parameter, value, expected):
    result = parameter.check(value)
    assert (result, type(result)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (ALPHA, "five", "alpha is of type float"),
        (ALPHA, "nan", "alpha must satisfy 0 < alpha"),
        (ALPHA, "1", "alpha must satisfy alpha < 1"),
        (ALPHA, True, "alpha is of type float"),
        (SEED, "1.5", "seed is of type int"),
        (SEED, -1, "seed must satisfy seed ≥ 0"),
        (SEED, 1.0, "seed is of type int"),
        (ROUNDING, "trunc", "did you mean 'truncate'"),
        (ROUNDING, 3, "rounding is of type str"),
        (parse_parameter("strict", "True", "bool"), "maybe", "strict is of type bool"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(parameter, value, message):
    with pytest.raises(ParameterError, match=message):
        parameter.check(value)


def test_a_default_that_its_own_comment_forbids_is_refused():
    with pytest.raises(ParameterError, match="alpha must satisfy alpha < 1"):
        parse_parameter("alpha", "5", "float, 0 < alpha < 1")


def test_a_default_that_is_computed_is_refused():
    with pytest.raises(ParameterError, match="not a plain value"):
        parse_parameter("seed", "1 + len(names)", "int")


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    with pytest.raises(ParameterError, match="did you mean 'rounding'"):
        select_parameters({"paper": {"rounding": ROUNDING}}, {"roundng": "truncate"})


def test_a_chapter_gets_only_the_parameters_that_it_knows():
    known = {"home": {"seed": SEED}, "paper": {"seed": SEED, "alpha": ALPHA}}
    assert select_parameters(known, {"alpha": "0.01"}) == {"home": {}, "paper": {"alpha": 0.01}}


def test_parameters_are_read_from_the_tagged_cell(tmp_path):
    cell = nbformat.v4.new_code_cell(
        'rounding = "nearest"  # str: nearest or any\nalpha = 0.05  # float, 0 < alpha < 1'
    )
    cell.metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("beta = 2"), cell])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    path = tmp_path / "chapter.ipynb"
    nbformat.write(notebook, path)
    found = read_parameters(path)
    assert list(found) == ["rounding", "alpha"]
    assert found["rounding"].allowed == ("nearest", "any")
