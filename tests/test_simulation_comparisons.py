"""p-values of the simulator against R, scipy and enumeration."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from scipy import stats

from simulation.comparisons import FLAVOURS, p_value

# From R 4.2.2; the calls stand beside the values.
A, B = [1.1, 2.2, 3.3, 4.4, 9.9], [2.5, 5.6, 7.8, 8.1, 8.2, 9.1]
TIED_A, TIED_B = [1, 2, 2, 3, 5, 5], [2, 4, 5, 5, 6, 7, 7]
U, V = [12, 15, 9, 8, 20, 14, 11], [10, 15, 7, 9, 13, 10, 12]
RECORDED = [
    ("mann_whitney", "R wilcox.test", (A, B), 0.2467532468),  # wilcox.test(a, b)
    ("mann_whitney", "exact, ties or not", (A, B), 0.2467532468),
    ("mann_whitney", "normal, ties, continuity", (A, B), 0.2353332665),  # exact = FALSE
    ("mann_whitney", "normal, ties", (A, B), 0.2012426210),  # correct = FALSE as well
    ("mann_whitney", "R wilcox.test", (TIED_A, TIED_B), 0.06819962823),
    ("mann_whitney", "normal, ties", (TIED_A, TIED_B), 0.05787639901),
    ("welch_t", "unequal variances", (TIED_A, TIED_B), 0.04703257251),  # t.test
    ("student_t", "equal variances", (TIED_A, TIED_B), 0.04764489815),  # var.equal = TRUE
    (
        "kruskal_wallis",  # kruskal.test
        "ties",
        ([1, 2, 2, 3], [2, 4, 5, 5], [6, 7, 7, 1]),
        0.1590937467,
    ),
    ("wilcoxon_signed_rank", "normal, continuity", (U, V), 0.1400165032),  # paired = TRUE
    ("wilcoxon_signed_rank", "normal", (U, V), 0.1138462980),  # correct = FALSE as well
    ("chi_squared", "Yates", ([8, 2], [3, 9]), 0.03228435391),  # chisq.test
    ("chi_squared", "Pearson", ([8, 2], [3, 9]), 0.01019787678),  # correct = FALSE
    ("fisher_exact", "two-sided", ([8, 2], [3, 9]), 0.02997312285),  # fisher.test
    ("fisher_exact", "one-sided", ([8, 2], [3, 9]), 0.99904739224),  # alternative = "less"
]


@pytest.mark.parametrize(("test", "flavour", "groups", "expected"), RECORDED)
def test_p_values_are_as_r_recorded_them(
    test: str, flavour: str, groups: tuple[list[float], ...], expected: float
) -> None:
    assert p_value(test, flavour, groups) == pytest.approx(expected, rel=1e-8)


def test_permutations_are_all_permutations() -> None:
    random = Random(2)
    for _ in range(30):
        x = [random.randint(0, 4) for _ in range(random.randint(1, 5))]
        y = [random.randint(0, 4) for _ in range(random.randint(1, 5))]
        ranks = stats.rankdata([*x, *y])
        sums = [sum(chosen) for chosen in combinations(ranks, len(x))]
        observed, middle = sum(ranks[: len(x)]), len(x) * (len(ranks) + 1) / 2
        far = sum(abs(value - middle) >= abs(observed - middle) for value in sums)
        assert p_value("mann_whitney", "permutations", (x, y)) == pytest.approx(far / len(sums))
        smaller = min(
            sum(value <= observed for value in sums), sum(value >= observed for value in sums)
        )
        assert p_value("mann_whitney", "permutations, one side doubled", (x, y)) == pytest.approx(
            min(1, 2 * smaller / len(sums))
        )


def test_normal_flavours_are_those_of_scipy() -> None:
    random = Random(3)
    for _ in range(50):
        x = [random.randint(0, 9) for _ in range(random.randint(2, 30))]
        y = [random.randint(0, 9) for _ in range(random.randint(2, 30))]
        for flavour, correction in (("normal, ties, continuity", True), ("normal, ties", False)):
            expected = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=correction)
            assert p_value("mann_whitney", flavour, (x, y)) == pytest.approx(expected.pvalue)
        if len(set(x)) > 1:
            found = p_value("kruskal_wallis", "ties", (x, y))
            assert found == pytest.approx(stats.kruskal(x, y).pvalue)


def test_without_ties_the_tie_corrections_make_no_difference() -> None:
    assert p_value("mann_whitney", "normal", (A, B)) == p_value(
        "mann_whitney", "normal, ties", (A, B)
    )
    assert p_value("mann_whitney", "normal", (TIED_A, TIED_B)) != p_value(
        "mann_whitney", "normal, ties", (TIED_A, TIED_B)
    )


def test_a_test_without_an_answer_has_none() -> None:
    assert p_value("mann_whitney", "normal", ([1.0], [])) is None
    assert p_value("mann_whitney", "normal, ties", ([1.0, 1.0], [1.0])) is None
    assert p_value("welch_t", "unequal variances", ([1.0, 1.0], [1.0, 1.0])) is None
    assert p_value("chi_squared", "Pearson", ([0, 3], [0, 4])) is None
    assert p_value("chi_squared", "Yates", ([1, 2, 3], [4, 5, 6])) is None


@pytest.mark.parametrize("test", FLAVOURS)
def test_every_flavour_answers_ordinary_data_with_a_probability(test: str) -> None:
    is_table = test in ("chi_squared", "fisher_exact")
    groups = ([8, 2], [3, 9]) if is_table else (U, V)
    for flavour in FLAVOURS[test]:
        p = p_value(test, flavour, groups)
        assert p is not None, flavour
        assert 0 <= p <= 1
