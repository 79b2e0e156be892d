"""Definitions of a quantile, against NumPy, R and their descriptions in words."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from pathlib import Path
from statistics import median, median_high, median_low

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.stats.quantiles.definitions import (
    ALIASES,
    DEFINITIONS,
    LinearForm,
    defines,
    definitions_of,
    loosest_indices,
    quantile_form,
)

REFERENCE = Path(__file__).parent / "reference"
QUARTER, HALF, THREE_QUARTERS = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)
SHARES = (Fraction(0), Fraction(1, 10), QUARTER, HALF, THREE_QUARTERS, Fraction(9, 10), Fraction(1))
IN_NUMPY = {
    "inverted_cdf": "type1",
    "averaged_inverted_cdf": "type2",
    "closest_observation": "type3",
    "interpolated_inverted_cdf": "type4",
    "hazen": "type5",
    "weibull": "type6",
    "linear": "type7",
    "median_unbiased": "type8",
    "normal_unbiased": "type9",
    "lower": "lower",
    "higher": "higher",
    "midpoint": "midpoint",
    "nearest": "nearest",
}
EVERY = [(name, p) for name in DEFINITIONS for p in SHARES if defines(name, p)]


def squares(number: int) -> list[Fraction]:
    return [Fraction(i * i) for i in range(1, number + 1)]


def quantile(definition: str, share: Fraction, number: int) -> Fraction:
    return quantile_form(definition, share, number).value(squares(number))


# Against other software


@pytest.mark.parametrize("method", IN_NUMPY)
def test_quantiles_are_those_of_numpy(method: str) -> None:
    for number in range(1, 41):
        values = np.arange(1, number + 1, dtype=float) ** 2
        for share in SHARES:
            expected = np.quantile(values, float(share), method=method)
            found = quantile(IN_NUMPY[method], share, number)
            assert float(found) == pytest.approx(expected), (number, share)


def test_quantiles_are_those_of_r() -> None:
    with (REFERENCE / "quantiles.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 400
    shares = dict(zip(("p10", "p25", "median", "p75", "p90"), SHARES[1:-1], strict=True))
    for row in rows:
        for name, share in shares.items():
            assert bool(row[name]) == defines(row["definition"], share)
            if row[name]:
                found = quantile(row["definition"], share, int(row["n"]))
                assert float(found) == pytest.approx(float(row[name]), rel=1e-10), (row, name)


# Against descriptions in words


@pytest.mark.parametrize("number", range(2, 41))
def test_hinges_are_medians_of_the_halves(number: int) -> None:
    values = squares(number)
    middle = number // 2
    for definition, lower, upper in (
        ("tukey", values[: ceil(number / 2)], values[middle:]),
        ("moore_mccabe", values[:middle], values[ceil(number / 2) :]),
    ):
        assert quantile(definition, QUARTER, number) == median(lower)
        assert quantile(definition, HALF, number) == median(values)
        assert quantile(definition, THREE_QUARTERS, number) == median(upper)


@pytest.mark.parametrize(
    ("number", "lower", "upper"),
    [(5, 2, 4), (6, 2, 5), (7, 2, 6), (8, 2, 7), (9, 3, 7), (10, 3, 8)],
)
def test_mendenhall_and_sincich_take_the_value_nearest_to_their_position(
    number: int, lower: int, upper: int
) -> None:
    # (n + 1)/4 = 1.5, 1.75, 2, 2.25, 2.5, 2.75: halves up for the lower quartile
    assert quantile_form("mendenhall_sincich", QUARTER, number) == LinearForm(lower, Fraction(0))
    assert quantile_form("mendenhall_sincich", THREE_QUARTERS, number).index == upper


def test_old_versions_of_prism_average_the_17th_and_the_18th_of_68_values() -> None:
    # https://www.graphpad.com/support/faq/how-prism-computes-percentiles/
    assert quantile_form("prism4", QUARTER, 68) == LinearForm(17, HALF)
    assert quantile_form("type6", QUARTER, 68) == LinearForm(17, QUARTER)
    assert quantile_form("prism4", QUARTER, 67) == LinearForm(17, Fraction(0))


@pytest.mark.parametrize("number", range(1, 30))
def test_the_lower_and_the_upper_median_are_those_of_the_standard_library(number: int) -> None:
    values = squares(number)
    assert quantile("median_low", HALF, number) == median_low(values)
    assert quantile("lower", HALF, number) == median_low(values)
    assert quantile("median_high", HALF, number) == median_high(values)
    assert quantile("higher", HALF, number) == median_high(values)


@given(st.integers(1, 60), st.sampled_from(SHARES))
def test_steps_of_the_distribution_function_are_found(number: int, share: Fraction) -> None:
    values = range(1, number + 1)
    at_least = [x for x in values if Fraction(x, number) >= share]
    above = [x for x in values if Fraction(x, number) > share]
    assert quantile_form("type1", share, number).index == min(at_least)
    assert quantile_form("upper_cdf", share, number).index == min(above, default=number)


@given(st.integers(1, 60), st.sampled_from([p for p in SHARES if 0 < p < 1]))
def test_nearest_values_are_as_near_as_any(number: int, share: Fraction) -> None:
    for definition, position in (
        ("type3", number * share),
        ("nearest_up", number * share),
        ("nearest", (number - 1) * share + 1),
    ):
        form = quantile_form(definition, share, number)
        assert form.weight == 0
        nearest = min(abs(i - position) for i in range(1, number + 1))
        assert abs(form.index - position) == nearest


@given(st.integers(1, 60), st.sampled_from([p for p in SHARES if 0 < p < 1]))
def test_halfway_definitions_lie_between_the_values_beside_their_position(
    number: int, share: Fraction
) -> None:
    for definition, exact in (
        ("hogg_ledolter", "type5"),
        ("prism4", "type6"),
        ("midpoint", "type7"),
    ):
        form, interpolated = (quantile_form(name, share, number) for name in (definition, exact))
        assert form.index == interpolated.index
        assert form.weight == (HALF if interpolated.weight else 0)


# What holds for all of them


@given(st.integers(1, 200), st.sampled_from(EVERY))
def test_no_form_names_a_value_that_is_not_there(number: int, case: tuple[str, Fraction]) -> None:
    form = quantile_form(*case, number)
    assert 0 <= form.weight < 1
    assert all(1 <= index <= number for index in form.indices)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_extremes_are_the_first_and_the_last_value(definition: str) -> None:
    for number in (1, 2, 9):
        assert quantile_form(definition, Fraction(0), number) == LinearForm(1, Fraction(0))
        assert quantile_form(definition, Fraction(1), number) == LinearForm(number, Fraction(0))


@given(st.integers(1, 200), st.sampled_from(list(DEFINITIONS)))
def test_quantiles_rise_with_their_share(number: int, definition: str) -> None:
    forms = [quantile_form(definition, p, number) for p in SHARES if defines(definition, p)]
    positions = [form.index + form.weight for form in forms]
    assert positions == sorted(positions)


def test_every_listed_definition_differs_from_the_others() -> None:
    def of_all(definition: str) -> list[LinearForm]:
        return [
            quantile_form(definition, share, number)
            for number in range(1, 41)
            for share in (QUARTER, HALF, THREE_QUARTERS)
        ]

    for one, other in combinations(DEFINITIONS, 2):
        assert of_all(one) != of_all(other), (one, other)


def test_other_names_are_those_of_listed_definitions() -> None:
    assert set(ALIASES.values()) <= set(DEFINITIONS)
    assert not set(ALIASES) & set(DEFINITIONS)
    # Vining's positions are (n + 3)/4 for odd and (n + 2)/4 for even n
    for number in range(1, 41):
        form = quantile_form("vining", QUARTER, number)
        assert form.index + form.weight == Fraction(number + (3 if number % 2 else 2), 4)


@given(st.integers(1, 300), st.fractions(0, 1, max_denominator=20))
def test_the_loosest_indices_are_the_outermost_positions_rounded_outwards(
    number: int, share: Fraction
) -> None:
    first, last = loosest_indices(share, number)
    if 0 < share < 1:
        assert first == max(floor(number * share), 1)
        assert last == min(ceil(number * share + max(share, 1 - share)), number)
    else:
        assert first == last == (1 if share == 0 else number)


def test_the_loosest_indices_of_some_definitions_are_narrower() -> None:
    assert loosest_indices(QUARTER, 15) == (3, 5)
    assert loosest_indices(QUARTER, 15, ["type6"]) == (4, 4)
    assert loosest_indices(QUARTER, 15, ["type6", "tukey"]) == (4, 5)
    # a definition of halves says nothing of a tenth
    tenth = Fraction(1, 10)
    assert loosest_indices(tenth, 15, ["type6", "tukey"]) == loosest_indices(tenth, 15, ["type6"])


# Software


@pytest.mark.parametrize(
    ("software", "definitions"),
    [
        (["IBM SPSS Statistics 26"], ("type6", "tukey")),
        (["SAS 9.4"], ("type2",)),
        (["Microsoft Excel 2019"], ("type6", "type7")),
        (["RStudio 2022.02.1 build 461"], ("type2", "type7", "tukey")),
        (["StatSoft STATISTICA 12.6", "Excel"], definitions_of(["Statistica"])),
        (["SPSS", "a program of our own"], ()),
        ([], ()),
    ],
)
def test_software_has_its_definitions(software: list[str], definitions: tuple[str, ...]) -> None:
    assert definitions_of(software) == definitions


# What is refused


@pytest.mark.parametrize(
    ("definition", "share", "number", "says"),
    [
        ("type10", HALF, 3, "found definition 'type10'"),
        ("type7", Fraction(5, 4), 3, "found share 5/4, expected 0 to 1"),
        ("type7", HALF, 0, "found 0 values"),
        ("tukey", Fraction(1, 10), 3, "which tukey defines"),
    ],
)
def test_what_has_no_quantile_is_refused(
    definition: str, share: Fraction, number: int, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        quantile_form(definition, share, number)


def test_definitions_that_do_not_define_a_share_are_refused_together() -> None:
    with pytest.raises(ValueError, match="expected one that"):
        loosest_indices(Fraction(1, 10), 5, ["tukey", "moore_mccabe"])
