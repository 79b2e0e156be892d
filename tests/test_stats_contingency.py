"""p-values of tables of counts, against scipy, enumeration of patients and textbooks."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netcore.stats.contingency import (
    FLAVOURS,
    PValue,
    Table,
    _enclosed_two_by_two,
    _exact_two_by_two,
    chi_squared,
    likelihood_ratio,
    p_values,
    trim,
)
from netcore.study.vocabulary import TESTS

CLOSE = 1e-9
SMALL = st.tuples(*[st.tuples(st.integers(0, 12), st.integers(0, 12))] * 2)
WIDE = st.tuples(*[st.tuples(*[st.integers(0, 5)] * 3)] * 2)


def found(table: Table, **options: int) -> dict[str, PValue]:
    return {p.flavour.name: p for p in p_values(table, **options)}


def value(table: Table, name: str) -> float:
    return float(found(table)[name].low)


def is_full(table: Table) -> bool:
    return trim(table) == table


# Against scipy


@given(SMALL)
@settings(deadline=None, max_examples=60)
def test_flavours_of_two_by_two_tables_are_those_of_scipy(table: Table) -> None:
    from scipy.stats import chi2_contingency, fisher_exact

    assume(is_full(table))
    kinds = {
        "pearson": chi2_contingency(table, correction=False)[1],
        "yates": chi2_contingency(table, correction=True)[1],
        "likelihood_ratio": chi2_contingency(table, correction=False, lambda_="log-likelihood")[1],
        "fisher": fisher_exact(table)[1],
        "fisher_less": fisher_exact(table, alternative="less")[1],
        "fisher_greater": fisher_exact(table, alternative="greater")[1],
    }
    for name, expected in kinds.items():
        assert value(table, name) == pytest.approx(expected, rel=1e-7, abs=CLOSE), name


@given(WIDE)
@settings(deadline=None, max_examples=60)
def test_flavours_of_larger_tables_are_those_of_scipy(table: Table) -> None:
    from scipy.stats import chi2_contingency

    assume(is_full(table))
    statistic, p, df, _ = chi2_contingency(table)
    assert df == 2
    assert float(chi_squared(table)) == pytest.approx(statistic, abs=CLOSE)
    assert value(table, "pearson") == pytest.approx(p, abs=CLOSE)
    ratio, p, _, _ = chi2_contingency(table, lambda_="log-likelihood")
    assert float(likelihood_ratio(table).low) == pytest.approx(ratio, abs=CLOSE)
    assert value(table, "likelihood_ratio") == pytest.approx(p, abs=CLOSE)


@given(WIDE)
@settings(deadline=None, max_examples=60)
def test_the_trend_is_the_correlation_of_row_and_column_numbers(table: Table) -> None:
    import numpy as np
    from scipy.stats import chi2

    assume(is_full(table))
    units = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    r = np.corrcoef(np.array(units).T)[0, 1]
    assert value(table, "trend") == pytest.approx(chi2.sf(len(units) * r**2, 1), abs=CLOSE)
    expected = chi2.sf((len(units) - 1) * r**2, 1)
    assert value(table, "linear_by_linear") == pytest.approx(expected, abs=CLOSE)


# Exact tests against every arrangement of the patients


def arrangements(table: Table) -> list[Table]:
    """Return a table for each way to give the patients' levels to the groups."""
    levels = [j for row in table for j, n in enumerate(row) for _ in range(n)]
    sizes = [sum(row) for row in table]
    made = []
    for order in permutations(levels):
        rows, start = [], 0
        for size in sizes:
            part = order[start : start + size]
            rows.append(tuple(part.count(j) for j in range(len(table[0]))))
            start += size
        made.append(tuple(rows))
    return made


@pytest.mark.parametrize(
    "table",
    [((3, 0), (1, 3)), ((2, 1), (1, 3)), ((1, 2), (2, 2)), ((2, 1, 0), (0, 1, 3)), ((1, 1), (2, 0), (0, 3))],
)  # fmt: skip
def test_exact_p_values_count_arrangements(table: Table) -> None:
    made = arrangements(table)
    often = {one: made.count(one) for one in set(made)}
    small = sum(n for n in often.values() if n <= often[table])
    distant = sum(n for one, n in often.items() if chi_squared(one) >= chi_squared(table))
    name = "fisher" if len(table) == len(table[0]) == 2 else "freeman_halton"
    exact = found(table)
    assert exact[name].low == Fraction(small, len(made))
    assert exact["pearson_exact"].low == Fraction(distant, len(made))
    half = Fraction(often[table], 2 * len(made))
    assert exact[f"{name}_mid"].low == exact[name].low - half
    if name == "fisher":
        less = sum(n for one, n in often.items() if one[0][0] <= table[0][0])
        assert exact["fisher_less"].low == Fraction(less, len(made))
        assert exact["fisher_mid_less"].low == Fraction(less, len(made)) - half


def test_a_larger_table_of_two_columns_has_the_exact_p_of_its_transpose() -> None:
    table = ((4, 1), (2, 2), (1, 5))
    turned = tuple(zip(*table, strict=True))
    assert found(table)["freeman_halton"] == found(turned)["freeman_halton"]


# Published values


def test_the_lady_tasting_tea() -> None:
    # Fisher (1935), The Design of Experiments: all right in 1 of 70 ways, one wrong in 16 of 70.
    assert found(((4, 0), (0, 4)))["fisher_greater"].low == Fraction(1, 70)
    assert found(((3, 1), (1, 3)))["fisher_greater"].low == Fraction(17, 70)
    assert found(((3, 1), (1, 3)))["fisher"].low == Fraction(34, 70)


def test_convictions_of_twins_of_criminals() -> None:
    # Fisher (1935), J R Stat Soc 98:39-82: 10 of 13 monozygotic and 2 of 17 dizygotic twins;
    # the one-sided probability is 619 / 1330665.
    assert found(((10, 3), (2, 15)))["fisher_greater"].low == Fraction(619, 1_330_665)


# Enclosures, margins, budget


@given(SMALL)
@settings(deadline=None, max_examples=60)
def test_p_values_lie_between_0_and_1_in_order_and_do_not_depend_on_sides(table: Table) -> None:
    assume(is_full(table))
    one = found(table)
    turned = found(tuple(zip(*table, strict=True)))
    swapped = found((table[1], table[0]))
    for name, p in one.items():
        assert 0 <= p.low <= p.high <= 1
        if not name.endswith(("_less", "_greater")):
            assert turned[name] == p == swapped[name]
    assert one["fisher_less"].low == swapped["fisher_greater"].low


def test_the_correction_never_makes_a_p_value_smaller_unless_unlimited() -> None:
    for a in range(1, 8):
        one = found(((a, 7), (5, 9)))
        assert one["yates"].high >= one["pearson"].low
        assert one["n_minus_1"].high >= one["pearson"].low
    assert found(((5, 5), (5, 6)))["yates"].low == 1
    assert found(((5, 5), (5, 6)))["yates_unlimited"].high < 1


def test_a_corrected_larger_table_takes_half_a_unit_off_each_difference() -> None:
    p = found(((4, 2, 3), (2, 4, 3)))["yates_larger"]
    # Each E is 3; four cells differ by 1: four times (1/2)^2 / 3 = 1/3, and exp(-1/6).
    assert float(p.low) == pytest.approx(0.8464817249, abs=1e-9)


def test_empty_rows_and_columns_are_left_out() -> None:
    assert p_values(((3, 0, 1), (2, 0, 5))) == p_values(((3, 1), (2, 5)))
    assert p_values(((3, 0), (2, 0))) == ()
    assert p_values(((0, 0), (0, 0))) == ()


def test_only_the_tests_asked_for_are_made() -> None:
    assert {p.flavour.test for p in p_values(((3, 1), (2, 5)), ["fisher_exact"])} == {
        "fisher_exact"
    }
    assert {p.flavour.test for p in p_values(((3, 1), (2, 5)), ["chi_squared"])} == {"chi_squared"}
    assert p_values(((3, 1), (2, 5)), ["mann_whitney"]) == ()


def test_an_exact_test_that_is_too_large_says_that_nothing_is_known() -> None:
    table = ((20, 20, 20), (20, 20, 20), (20, 20, 20))
    assert not found(table, largest=100)["freeman_halton"].is_known
    assert found(table, largest=100)["pearson"].is_known


def test_a_simulated_p_value_is_near_the_exact_one() -> None:
    from random import Random

    table = ((5, 1, 2), (1, 6, 3))
    exact = found(table)
    random = Random(1)
    levels = [j for row in table for j, n in enumerate(row) for _ in range(n)]
    for _ in range(8):
        hits = 0
        for _ in range(2_000):
            random.shuffle(levels)
            rows = tuple(
                tuple(part.count(j) for j in range(3)) for part in (levels[:8], levels[8:])
            )
            hits += chi_squared(rows) >= chi_squared(table)
        assert Fraction(hits + 1, 2_001) in exact["pearson_simulated"].interval


@pytest.mark.parametrize("table", [((1, 2), (3,)), ((), ()), ((1, -1), (2, 2))])
def test_what_is_no_table_is_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="expected rows of equally many counts"):
        p_values(table)


def test_an_empty_column_has_no_chi_squared() -> None:
    with pytest.raises(ValueError, match="somebody in every row and column"):
        chi_squared(((1, 0), (2, 0)))


def test_flavours_belong_to_tests_of_the_vocabulary() -> None:
    assert {flavour.test for flavour in FLAVOURS.values()} <= set(TESTS)
    usual = [name for name, flavour in FLAVOURS.items() if flavour.usual]
    assert usual == ["pearson", "yates", "fisher", "freeman_halton"]


@given(SMALL)
@settings(deadline=None, max_examples=60)
def test_enclosed_exact_tests_hold_the_fractions(table: Table) -> None:
    assume(is_full(table))
    exact, enclosed = _exact_two_by_two(table), _enclosed_two_by_two(table)
    assert exact.keys() == enclosed.keys()
    for name, (low, high) in exact.items():
        assert enclosed[name].low <= low <= high <= enclosed[name].high
        assert enclosed[name].high - enclosed[name].low <= high - low + Fraction(1, 10**60)


def test_exact_tests_of_many_patients_are_those_of_scipy() -> None:
    from scipy.stats import fisher_exact

    for table in (((2500, 2500), (2600, 2400)), ((50_000, 50_000), (50_400, 49_600))):
        assert value(table, "fisher") == pytest.approx(fisher_exact(table)[1], rel=1e-7)


def test_exact_tests_of_nearly_impossible_tables_are_still_enclosed() -> None:
    fisher = found(((10, 99_990), (90_000, 10)))["fisher"]
    assert 0 <= fisher.low <= fisher.high < Fraction(1, 10**60)


def test_of_millions_of_patients_the_exact_tests_are_unknown() -> None:
    table = ((10**6, 10**6), (10**6, 10**6 + 1))
    assert not found(table)["fisher"].is_known
    assert found(table)["pearson"].is_known
