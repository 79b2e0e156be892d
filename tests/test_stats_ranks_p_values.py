"""p-values of the Mann-Whitney test, against R, scipy, all arrangements and definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.p_values import (
    p_of_z_squared,
    p_range,
    p_value,
    tie_term,
    u_values_printing,
    variance_of_u,
)
from tests.rank_references import groups_of, reference, samples, u_of

SIDES = {"two.sided": "", "less": "_less", "greater": "_greater"}
SMALL = st.lists(st.integers(0, 5), min_size=1, max_size=5)


def of_data(
    flavour: Flavour, x: list[Fraction] | list[int], y: list[Fraction] | list[int]
) -> Enclosure:
    return p_value(flavour, len(x), len(y), u_of(x, y), groups_of([*x, *y]))


def holds(p: Enclosure, value: float) -> bool:
    """Whether a float lies in bounds, but for its own rounding."""
    return float(p.low) * (1 - 1e-12) <= value <= float(p.high) * (1 + 1e-12)


# Against R


@pytest.mark.parametrize(
    "case", reference("rank_tests", "two_samples/").values(), ids=lambda c: c["data"][:20]
)
def test_base_r_prints_these_p_values(case: dict[str, str]) -> None:
    x, y = samples(case["data"])
    assert float(u_of(x, y)) == float(case["u"])
    compared = 0
    for r_name, side in SIDES.items():
        for name, key in (
            (f"corrected_{r_name}", f"normal_corrected{side}"),
            (f"normal_{r_name}", f"normal{side}"),
            (f"exact_{r_name}", f"exact{side}"),
        ):
            if name in case:
                p = of_data(FLAVOURS[key], x, y)
                # R computes the exact lower tail in doubles, 1 - p loses digits.
                assert float(p.low) == pytest.approx(float(case[name]), rel=1e-11), name
                compared += 1
    assert compared == (9 if "exact_less" in case else 6)


@pytest.mark.parametrize(
    "case", reference("exact_rank_tests", "two_samples/").values(), ids=lambda c: c["data"][:20]
)
def test_exact_rank_tests_and_coin_print_these_p_values(case: dict[str, str]) -> None:
    x, y = samples(case["data"])
    for name in ("exactRankTests", "coin"):
        for r_name, key in (
            ("two.sided", "conditional_distance"),
            ("less", "conditional_less"),
            ("greater", "conditional_greater"),
        ):
            p = of_data(FLAVOURS[key], x, y)
            assert float(p.low) == pytest.approx(float(case[f"{name}_{r_name}"]), rel=1e-9)
    mid = of_data(FLAVOURS["conditional_mid_less"], x, y)
    assert float(mid.low) == pytest.approx(float(case["mid"]), rel=1e-9)


def test_the_tails_of_u_are_those_of_r() -> None:
    for key, value in reference("rank_tests", "pwilcox")["pwilcox"].items():
        n1, n2, u = map(int, key.split())
        assert float(p_value(FLAVOURS["exact_less"], n1, n2, u).low) == pytest.approx(
            float(value), rel=1e-10
        )


# Against all arrangements


@given(SMALL, SMALL)
@settings(deadline=None, max_examples=80)
def test_conditional_p_values_count_the_choices(x: list[int], y: list[int]) -> None:
    values = [*x, *y]
    assume(len(set(values)) > 1)
    seen, middle = u_of(x, y), Fraction(len(x) * len(y), 2)
    found = []
    for chosen in combinations(range(len(values)), len(x)):
        others = [value for i, value in enumerate(values) if i not in chosen]
        found.append(u_of([values[i] for i in chosen], others))
    total = len(found)
    less = Fraction(sum(u <= seen for u in found), total)
    greater = Fraction(sum(u >= seen for u in found), total)
    half = Fraction(found.count(seen), 2 * total)
    expected = {
        "conditional_less": less,
        "conditional_greater": greater,
        "conditional_doubled": min(Fraction(1), 2 * min(less, greater)),
        "conditional_distance": Fraction(
            sum(abs(u - middle) >= abs(seen - middle) for u in found), total
        ),
        "conditional_mid": min(Fraction(1), 2 * min(less - half, greater - half)),
        "conditional_mid_less": less - half,
        "conditional_mid_greater": greater - half,
    }
    for key, value in expected.items():
        assert of_data(FLAVOURS[key], x, y) == Enclosure(value, value), key
    if len(set(values)) == total:
        for key in ("", "_less", "_greater"):
            p = of_data(FLAVOURS[f"exact{key}"], x, y)
            assert p == of_data(FLAVOURS[f"conditional{key or '_doubled'}"], x, y)


# Against scipy and the definition


@given(SMALL, SMALL)
@settings(deadline=None, max_examples=80)
def test_scipy_computes_the_same_normal_p_values(x: list[int], y: list[int]) -> None:
    from scipy.stats import kruskal, mannwhitneyu, ranksums

    assume(len(set(x + y)) > 1)
    for correct, key in ((True, "normal_corrected"), (False, "normal")):
        for scipy_name, side in (("two-sided", ""), ("less", "_less"), ("greater", "_greater")):
            p = mannwhitneyu(
                x, y, use_continuity=correct, alternative=scipy_name, method="asymptotic"
            )[1]
            assert holds(of_data(FLAVOURS[key + side], x, y), p)
    assert holds(of_data(FLAVOURS["normal_unadjusted"], x, y), ranksums(x, y)[1])
    assert float(of_data(FLAVOURS["normal"], x, y).low) == pytest.approx(kruskal(x, y)[1], rel=1e-9)


@given(SMALL, SMALL)
@settings(deadline=None, max_examples=60)
def test_scipy_asked_for_an_exact_test_of_tied_data_lies_in_bounds(
    x: list[int], y: list[int]
) -> None:
    from scipy.stats import mannwhitneyu

    assume(len(set(x + y)) > 1)
    assert holds(
        of_data(FLAVOURS["exact_despite_ties"], x, y), mannwhitneyu(x, y, method="exact")[1]
    )


@given(SMALL, SMALL)
@settings(deadline=None, max_examples=60)
def test_the_t_approximation_is_student_s_with_all_values_but_one(
    x: list[int], y: list[int]
) -> None:
    from scipy.stats import t

    assume(len(set(x + y)) > 1)
    u, total = u_of(x, y), len(x) + len(y)
    variance = variance_of_u(len(x), len(y), tie_term(groups_of(x + y)))
    for correction, key in ((0.0, "t"), (0.5, "t_corrected")):
        deviation = max(abs(float(u) - len(x) * len(y) / 2) - correction, 0)
        p = 2 * t.sf(deviation / float(variance) ** 0.5, total - 1)
        low, high = of_data(FLAVOURS[key], x, y)
        assert float(low) == pytest.approx(p, rel=1e-9)
        assert high - low < Fraction(1, 10**14)


def test_an_example_of_the_nag_library_is_reproduced() -> None:
    # NAG Library manual, G08AHF, example: U 86 of 16 and 23 tied values, normal statistic
    # -2.8039, lower tail 0.0025 by approximation and 0.0020 exactly.
    x, y = samples(reference("rank_tests", "two_samples/granular")["two_samples/granular"]["data"])
    assert u_of(x, y) == 86
    assert round(float(of_data(FLAVOURS["normal_corrected_less"], x, y).low), 4) == 0.0025
    assert round(float(of_data(FLAVOURS["conditional_less"], x, y).low), 4) == 0.0020


# Ranges and lattices


def no_tie_flavours() -> list[Flavour]:
    return list(FLAVOURS.values())


@pytest.mark.parametrize("flavour", no_tie_flavours(), ids=lambda f: f.key)
@pytest.mark.parametrize(("n1", "n2"), [(1, 4), (3, 4), (5, 5)])
def test_a_range_of_u_has_the_p_values_of_its_members(flavour: Flavour, n1: int, n2: int) -> None:
    for least in range(n1 * n2 + 1):
        for greatest in range(least, n1 * n2 + 1):
            each = [p_value(flavour, n1, n2, u) for u in range(least, greatest + 1)]
            expected = Enclosure(min(p.low for p in each), max(p.high for p in each))
            assert p_range(flavour, n1, n2, least, greatest) == expected


@pytest.mark.parametrize(
    "flavour", [f for f in FLAVOURS.values() if f.ignores_ties], ids=lambda f: f.key
)
def test_a_range_with_ties_has_the_p_values_of_halves_too(flavour: Flavour) -> None:
    # Among these sizes the mean of U is 15/2, which needs ties.
    groups = (2, *(1,) * 6)
    for least in range(0, 30, 3):
        for greatest in range(least, 31, 2):
            each = [
                p_value(flavour, 3, 5, Fraction(u, 2), groups) for u in range(least, greatest + 1)
            ]
            found = p_range(flavour, 3, 5, Fraction(least, 2), Fraction(greatest, 2), ties=True)
            assert found == Enclosure(min(p.low for p in each), max(p.high for p in each))


@pytest.mark.parametrize("flavour", no_tie_flavours(), ids=lambda f: f.key)
def test_u_behind_a_printed_p_are_those_whose_p_prints_so(flavour: Flavour) -> None:
    for n1, n2, digits in ((4, 6, 2), (5, 5, 3)):
        step = Fraction(1, 10**digits)
        each = {u: p_value(flavour, n1, n2, u) for u in range(n1 * n2 + 1)}
        for printed in range(0, 10**digits + 1, 7):
            window = Interval(printed * step - step / 2, printed * step + step / 2)
            expected = tuple(u for u, p in each.items() if window.meets(Interval(*p)))
            assert u_values_printing(window, flavour, n1, n2) == expected
        everything = u_values_printing(Interval(None, None), flavour, n1, n2)
        assert everything == tuple(range(n1 * n2 + 1))


def test_a_p_of_four_digits_is_missed_by_most_values_of_u() -> None:
    half = Fraction(5, 10**5)
    assert not u_values_printing(
        Interval(Fraction(330, 10_000) - half, Fraction(330, 10_000) + half),
        FLAVOURS["exact"],
        15,
        19,
    )
    window = Interval(Fraction(340, 10_000) - half, Fraction(340, 10_000) + half)
    found = {key: u_values_printing(window, FLAVOURS[key], 15, 19) for key in ("exact", "normal")}
    for key, values in found.items():
        for u in range(15 * 19 + 1):
            prints = window.meets(Interval(*p_value(FLAVOURS[key], 15, 19, u)))
            assert prints == (u in values)
    assert u_values_printing(Interval(Fraction(2), Fraction(1)), FLAVOURS["exact"], 15, 19) == ()


def test_the_p_of_a_range_of_z_squared_falls() -> None:
    low, high = p_of_z_squared(Fraction(1), Fraction(4))
    assert round(float(low), 6) == 0.0455
    assert round(float(high), 6) == 0.317311
    assert p_of_z_squared(Fraction(0)) == Enclosure(Fraction(1), Fraction(1))


# What is refused


@pytest.mark.parametrize(
    ("flavour", "n1", "n2", "u", "groups"),
    [
        ("exact", 0, 4, 0, ()),
        ("exact", 3, 4, 13, ()),
        ("exact", 3, 4, -1, ()),
        ("exact", 3, 4, Fraction(1, 2), ()),
        ("normal", 3, 4, Fraction(1, 3), (2, 1, 1, 1, 1, 1)),
        ("normal", 3, 4, 1, (2, 2)),
        ("normal", 1, 1, Fraction(1, 2), (2,)),
        ("exact", 3, 4, Fraction(1, 2), (2, 1, 1, 1, 1, 1)),
        ("normal", 3, 4, 1, (0, 7)),
    ],
)
def test_what_belongs_to_no_data_is_refused(
    flavour: str, n1: int, n2: int, u: Fraction | int, groups: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="expected"):
        p_value(FLAVOURS[flavour], n1, n2, u, groups)


def test_impossible_ranges_are_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        p_range(FLAVOURS["exact"], 3, 4, 5, 4)
    with pytest.raises(ValueError, match="expected none"):
        p_range(FLAVOURS["normal"], 3, 4, 0, 4, ties=True)
    with pytest.raises(ValueError, match="expected 0 or more"):
        p_of_z_squared(Fraction(2), Fraction(1))
    with pytest.raises(ValueError, match="expected 0 or more"):
        variance_of_u(2, 2, 61)
    with pytest.raises(ValueError, match="at least one value"):
        u_values_printing(Interval(None, None), FLAVOURS["exact"], 0, 3)
