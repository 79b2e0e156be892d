"""Pooled proportions against metafor's published results, statsmodels and plain formulas.

Three kinds of reference, kept apart; that R itself gives the same is for `test_reference_values`,
where metafor was run:

- metafor's own results, as its test suite and that of statsmodels have them;
- statsmodels, an independent implementation, computed here;
- the formulas once more, in numpy and written in another way.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from netcore.stats import synthesis
from netcore.stats.counts import proportion_interval
from netcore.stats.synthesis import (
    FEW_STUDIES,
    WIDE_PREDICTION,
    PooledProportion,
    StudyCount,
    leave_one_out,
    pool_proportions,
)

FOUR_DECIMALS = 5.1e-5

# Niel-Weise, Stijnen and van den Broek 2007 (doi:10.1007/s00134-007-0897-3), which is
# dat.nielweise2007 of metafor: infections by catheters with and without anti-infective.
TREATED = [
    (0, 116), (1, 44), (2, 208), (0, 130), (5, 151), (1, 98), (1, 174), (1, 74), (1, 97),
    (1, 113), (0, 66), (0, 70), (3, 188), (6, 187), (0, 118), (0, 252), (1, 345), (4, 64),
]  # fmt: skip
CONTROL = [
    (3, 117), (3, 35), (9, 195), (7, 136), (6, 157), (4, 139), (3, 177), (2, 39), (19, 103),
    (2, 122), (7, 64), (1, 58), (5, 175), (11, 180), (0, 105), (1, 262), (3, 362), (1, 69),
]  # fmt: skip

METHODS = ["paule_mandel", "dersimonian_laird", "reml"]
COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SAMPLES = st.lists(COUNTS, min_size=2, max_size=9)


def named(pairs: list[tuple[int, int]]) -> list[StudyCount]:
    return [StudyCount(f"study {i}", x, n) for i, (x, n) in enumerate(pairs, 1)]


def effects(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and variances, written with proportions instead of cells."""
    x, n = np.array(pairs, dtype=float).T
    corrected = (x == 0) | (x == n)
    p = np.where(corrected, (x + 0.5) / (n + 1), x / n)
    n = np.where(corrected, n + 1, n)
    return np.log(p) - np.log1p(-p), 1 / (n * p * (1 - p))


# metafor


@pytest.mark.parametrize(
    ("pairs", "logit", "standard_error", "tau2", "estimate", "wald_low", "wald_high"),
    [
        (CONTROL, -3.3018, 0.2378, 0.6629, 0.0355, 0.0226, 0.0554),
        (TREATED, -4.2604, 0.2589, 0.3928, 0.0139, 0.0084, 0.0229),
    ],
    ids=["control", "treated"],
)
def test_reml_gives_what_the_test_suite_of_metafor_expects(
    pairs: list[tuple[int, int]],
    logit: float,
    standard_error: float,
    tau2: float,
    estimate: float,
    wald_low: float,
    wald_high: float,
) -> None:
    """Zero cells included; metafor's test_analysis_example_stijnen2010.r.

    Its values are those of Stijnen, Hamza and Özdemir 2010, Table II
    (doi:10.1002/sim.4040), with a Wald interval.
    """
    pooled = pool_proportions(named(pairs), tau2_method="reml")
    assert pooled.logit == pytest.approx(logit, abs=FOUR_DECIMALS)
    assert pooled.standard_error == pytest.approx(standard_error, abs=FOUR_DECIMALS)
    assert pooled.tau2 == pytest.approx(tau2, abs=FOUR_DECIMALS)
    assert pooled.estimate == pytest.approx(estimate, abs=FOUR_DECIMALS)
    half = stats.norm.ppf(0.975) * pooled.standard_error
    for sign, limit in ((-1, wald_low), (1, wald_high)):
        wald = stats.logistic.cdf(pooled.logit + sign * half)
        assert wald == pytest.approx(limit, abs=FOUR_DECIMALS)


def test_tau2_by_paule_and_mandel_is_that_of_metafor_for_kackers_example() -> None:
    """As computed by metafor for the test suite of statsmodels (results_meta.py)."""
    values = [61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9]
    variances = [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]
    tau2 = synthesis._tau2(values, variances, "paule_mandel")
    assert tau2 == pytest.approx(0.705395309224248, abs=1e-8)
    assert synthesis._spread(values, variances, 0.0) == pytest.approx(24.801897741835, abs=1e-9)


# statsmodels


@pytest.mark.parametrize("method", ["paule_mandel", "dersimonian_laird"])
@given(SAMPLES)
@settings(deadline=None, max_examples=50)
def test_everything_is_as_statsmodels_has_it(method: str, pairs: list[tuple[int, int]]) -> None:
    y, v = effects(pairs)
    name = {"paule_mandel": "pm", "dersimonian_laird": "dl"}[method]
    # Without heterogeneity its estimate may be negative, and identical logits divide by zero.
    assume(combine_effects_q(y, v) > 1.001 * (len(pairs) - 1))
    theirs = combine_effects(y, v, method_re=name, use_t=True)
    ours = pool_proportions(named(pairs), tau2_method=method)
    assert ours.q == pytest.approx(theirs.q, rel=1e-6)
    assert ours.i2 == pytest.approx(theirs.i2, abs=1e-9)
    assert ours.q_p_value == pytest.approx(theirs.test_homogeneity().pvalue, abs=1e-9)
    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-3, abs=1e-3)
    if method == "dersimonian_laird":  # their iteration for the other one ends earlier
        assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-6)
        assert ours.logit == pytest.approx(theirs.mean_effect_re, rel=1e-6, abs=1e-9)
        assert ours.standard_error == pytest.approx(theirs.sd_eff_w_re, rel=1e-6)
        assert ours.hartung_knapp_factor == pytest.approx(theirs.scale_hksj_re, rel=1e-6)
        if ours.hartung_knapp_factor > 1:
            limits = stats.logistic.cdf(theirs.conf_int()[3])
            assert (ours.low, ours.high) == pytest.approx(tuple(limits), abs=1e-8)


def combine_effects_q(y: np.ndarray, v: np.ndarray) -> float:
    return float(((y - np.average(y, weights=1 / v)) ** 2 / v).sum())


# Formulas


def test_the_prediction_interval_follows_its_formula() -> None:
    pooled = pool_proportions(named(CONTROL), confidence=0.9)
    assert pooled.hartung_knapp_factor == pytest.approx(1, abs=1e-9)
    y, v = effects(CONTROL)
    w = 1 / (v + pooled.tau2)
    mean, se = np.average(y, weights=w), w.sum() ** -0.5
    half = stats.t.ppf(0.95, len(CONTROL) - 2) * np.hypot(np.sqrt(pooled.tau2), se)
    expected = stats.logistic.cdf([mean - half, mean + half])
    assert (pooled.prediction_low, pooled.prediction_high) == pytest.approx(tuple(expected))
    assert [part.weight for part in pooled.studies] == pytest.approx(list(w / w.sum()))


@given(SAMPLES)
@settings(deadline=None, max_examples=60)
def test_paule_and_mandels_tau2_makes_the_spread_its_expectation_or_is_zero(
    pairs: list[tuple[int, int]],
) -> None:
    pooled = pool_proportions(named(pairs))
    assert pooled.tau2 >= 0
    if pooled.tau2 > 0:
        assert pooled.hartung_knapp_factor == pytest.approx(1, abs=1e-6)
    else:
        assert pooled.q <= len(pairs) - 1


@given(SAMPLES)
@example([(0, 12), (10, 14), (28, 43), (41, 53)])  # two minima
@settings(deadline=None, max_examples=40)
def test_no_value_on_a_grid_is_more_likely_than_the_reml_estimate(
    pairs: list[tuple[int, int]],
) -> None:
    y, v = effects(pairs)

    def deviance(tau2: float) -> float:
        w = 1 / (v + tau2)
        m = np.average(y, weights=w)
        return float(-np.log(w).sum() + np.log(w.sum()) + (w * (y - m) ** 2).sum())

    found = pool_proportions(named(pairs), tau2_method="reml").tau2
    best = min(deviance(tau2) for tau2 in np.linspace(0, 1 + 2 * np.ptp(y) ** 2, 400))
    assert deviance(found) <= best + 1e-7


@pytest.mark.parametrize("method", METHODS)
@given(SAMPLES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_intervals_are_in_order_and_do_not_depend_on_order_or_on_what_is_counted(
    method: str, pairs: list[tuple[int, int]], random: object
) -> None:
    pooled = pool_proportions(named(pairs), tau2_method=method)
    assert 0 <= pooled.low <= pooled.estimate <= pooled.high <= 1
    assert sum(part.weight for part in pooled.studies) == pytest.approx(1)
    if len(pairs) == 2:
        assert pooled.prediction_low is None
        assert pooled.prediction_high is None
    else:
        assert pooled.prediction_low is not None
        assert pooled.prediction_high is not None
        assert pooled.prediction_low <= pooled.low
        assert pooled.high <= pooled.prediction_high
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert pool_proportions(named(shuffled), tau2_method=method).estimate == pytest.approx(
        pooled.estimate, abs=1e-6
    )
    mirrored = pool_proportions(named([(n - x, n) for x, n in pairs]), tau2_method=method)
    assert (1 - mirrored.high, 1 - mirrored.estimate, 1 - mirrored.low) == pytest.approx(
        (pooled.low, pooled.estimate, pooled.high), abs=1e-6
    )


def test_studies_that_agree_give_no_narrower_interval_than_their_patients_together() -> None:
    together = proportion_interval(30, 60)
    for method in METHODS:
        pooled = pool_proportions(named([(10, 20)] * 3), tau2_method=method)
        assert (pooled.tau2, pooled.q, pooled.i2) == (0, 0, 0)
        assert pooled.hartung_knapp_factor == 0
        assert pooled.estimate == 0.5
        assert pooled.low < together.low
        assert together.high < pooled.high


# Zero cells


def test_half_is_added_to_both_cells_of_studies_with_a_zero_cell_only() -> None:
    pooled = pool_proportions(named([(0, 9), (4, 10), (7, 7)]))
    empty, plain, full = pooled.studies
    assert [part.corrected for part in pooled.studies] == [True, False, True]
    assert empty.logit == pytest.approx(np.log(0.5 / 9.5))
    assert empty.variance == pytest.approx(1 / 0.5 + 1 / 9.5)
    assert plain.logit == pytest.approx(np.log(4 / 6))
    assert full.logit == pytest.approx(np.log(7.5 / 0.5))
    assert "study 1 (0/9), study 3 (7/7)" in pooled.zero_cells
    assert "study 2" not in pooled.zero_cells


def test_a_synthesis_without_zero_cells_says_that_nothing_was_added() -> None:
    assert "nothing was added" in pool_proportions(named([(1, 9), (4, 10)])).zero_cells


def test_a_synthesis_of_zeros_alone_says_that_its_value_follows_from_what_was_added() -> None:
    def warned(pairs: list[tuple[int, int]]) -> bool:
        return any("Every study" in warning for warning in pool_proportions(named(pairs)).warnings)

    assert warned([(0, 5), (0, 9)])
    assert not warned([(0, 5), (1, 9)])


# Warnings and refusals


@pytest.mark.parametrize("studies", [2, FEW_STUDIES - 1, FEW_STUDIES])
def test_few_studies_carry_a_warning(studies: int) -> None:
    warnings = pool_proportions(named([(20, 40)] * studies)).warnings
    assert any(f"Only {studies} studies" in text for text in warnings) == (studies < FEW_STUDIES)
    assert any("needs at least 3" in text for text in warnings) == (studies == 2)


@pytest.mark.parametrize("pairs", [[(1, 40), (39, 40)] * 4, [(200, 400)] * 8])
def test_a_prediction_interval_over_most_of_the_scale_carries_a_warning(
    pairs: list[tuple[int, int]],
) -> None:
    pooled = pool_proportions(named(pairs))
    assert pooled.prediction_low is not None
    assert pooled.prediction_high is not None
    wide = pooled.prediction_high - pooled.prediction_low > WIDE_PREDICTION
    assert any("most of the scale" in text for text in pooled.warnings) == wide
    assert wide == ((1, 40) in pairs)


@pytest.mark.parametrize("studies", [0, 1])
def test_fewer_than_two_studies_are_refused(studies: int) -> None:
    with pytest.raises(ValueError, match=f"found {studies} studies to pool, expected at least 2"):
        pool_proportions(named([(1, 2)] * studies))


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="study 1: found 3 of 2"):
        named([(3, 2)])
    with pytest.raises(ValueError, match="confidence 95"):
        pool_proportions(named([(1, 2), (1, 2)]), confidence=95)
    with pytest.raises(ValueError, match="'guess'"):
        pool_proportions(named([(1, 2), (1, 2)]), tau2_method="guess")  # type: ignore[arg-type]


# Leave one out


def test_each_study_is_left_out_once() -> None:
    studies = named([(5, 20), (9, 30), (30, 40), (0, 8)])
    results = leave_one_out(studies, 0.9, "reml")
    assert [result.study for result in results] == studies
    for result in results:
        rest = [study for study in studies if study is not result.study]
        expected: PooledProportion = pool_proportions(rest, 0.9, "reml")
        assert result.pooled == expected


def test_two_studies_leave_none_to_pool() -> None:
    with pytest.raises(ValueError, match="expected at least 3"):
        leave_one_out(named([(1, 2), (1, 2)]))


def test_the_text_has_the_intervals() -> None:
    assert "no prediction interval" in str(pool_proportions(named([(1, 2), (1, 2)])))
    pooled = pool_proportions(named(CONTROL))
    assert str(pooled).startswith("18 studies: 4 % (95 % interval 2 to 6 %; prediction interval")
    assert "Paule-Mandel" in pooled.method
