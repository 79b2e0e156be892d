"""Random-effects pooling of proportions on the logit scale.

The formulas are short and stand here: the DerSimonian-Laird estimate of
``statsmodels.stats.meta_analysis.combine_effects`` may be negative, its Paule-Mandel
iteration falls to zero when rounding takes it past the root, and studies that agree make
it divide by zero.  The tests hold this module against it where it is sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final, Literal

from netcore.stats.counts import percentage

__all__ = [
    "FEW_STUDIES",
    "WIDE_PREDICTION",
    "LeftOut",
    "PooledProportion",
    "StudyCount",
    "StudyWeight",
    "Tau2Method",
    "leave_one_out",
    "pool_proportions",
]

Tau2Method = Literal["paule_mandel", "dersimonian_laird", "reml"]
"""How the variance between studies is estimated."""

FEW_STUDIES: Final = 5
"""Below this number of studies a result carries a warning."""

WIDE_PREDICTION: Final = 0.5
"""A prediction interval wider than this, of a scale from 0 to 1, carries a warning."""

# Places from which a minimum of the restricted deviance is searched.
_GRID: Final = 200
_TAU2_NAMES: Final[dict[Tau2Method, str]] = {
    "paule_mandel": "Paule-Mandel",
    "dersimonian_laird": "DerSimonian-Laird",
    "reml": "restricted maximum likelihood",
}


@dataclass(frozen=True, slots=True)
class StudyCount:
    """What one study adds to a synthesis.

    Parameters
    ----------
    label : str
        Name of the study or of its arm.
    count, denominator : int
        Number with the property, and in all.

    Raises
    ------
    ValueError
        If the numbers are out of order.
    """

    label: str
    count: int
    denominator: int

    def __post_init__(self) -> None:
        try:
            percentage(self.count, self.denominator)
        except ValueError as error:
            raise ValueError(f"{self.label}: {error}") from None

    @property
    def has_zero_cell(self) -> bool:
        """Tell whether nobody, or everybody, has the property."""
        return self.count in (0, self.denominator)


@dataclass(frozen=True, slots=True)
class StudyWeight:
    """A study as it entered the pooled value.

    Parameters
    ----------
    study : StudyCount
        The study.
    logit, variance : float
        Log odds and their variance within the study.
    weight : float
        Share of the study in the pooled logit; the shares sum to 1.
    corrected : bool
        Whether 0.5 was added to both of its cells.
    """

    study: StudyCount
    logit: float
    variance: float
    weight: float
    corrected: bool


@dataclass(frozen=True, slots=True)
class PooledProportion:
    """A pooled proportion with what is needed to judge it.

    Parameters
    ----------
    studies : tuple of StudyWeight
        The studies, in the order given.
    estimate, low, high : float
        Proportion of the median study with its Hartung-Knapp interval.
    prediction_low, prediction_high : float or None
        Interval for the proportion of a new study; None with two studies.
    confidence : float
        Confidence level of both intervals.
    logit, standard_error : float
        Pooled log odds with the standard error before Hartung and Knapp's factor.
    hartung_knapp_factor : float
        The factor q of the variance as it falls out; where it is less than 1
        the interval was computed with 1.
    tau2 : float
        Variance between studies, of log odds.
    tau2_method : str
        How it was estimated.
    q, q_p_value : float
        Cochran's statistic with its p-value from chi-squared with k - 1 degrees
        of freedom.
    i2 : float
        Share of the variation that chance within studies does not explain, 0 to 1.
    zero_cells : str
        What was done about studies with a zero cell, as a sentence.
    warnings : tuple of str
        Sentences that belong beside the result wherever it is shown.
    """

    studies: tuple[StudyWeight, ...]
    estimate: float
    low: float
    high: float
    prediction_low: float | None
    prediction_high: float | None
    confidence: float
    logit: float
    standard_error: float
    hartung_knapp_factor: float
    tau2: float
    tau2_method: Tau2Method
    q: float
    q_p_value: float
    i2: float
    zero_cells: str
    warnings: tuple[str, ...]

    @property
    def method(self) -> str:
        """Name the method as a figure or a table would."""
        return (
            "random effects on the logit scale, tau² by "
            f"{_TAU2_NAMES[self.tau2_method]}, Hartung-Knapp interval"
        )

    def __str__(self) -> str:
        """Write the pooled percentage with its intervals."""
        level = f"{100 * self.confidence:g} %"
        low, estimate, high = (f"{100 * x:.0f}" for x in (self.low, self.estimate, self.high))
        pooled = f"{len(self.studies)} studies: {estimate} % ({level} interval {low} to {high} %"
        if self.prediction_low is None or self.prediction_high is None:
            return f"{pooled}; no prediction interval)"
        return f"{pooled}; prediction interval {100 * self.prediction_low:.0f} to {100 * self.prediction_high:.0f} %)"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The pooled proportion without one study.

    Parameters
    ----------
    study : StudyCount
        The study that was left out.
    pooled : PooledProportion
        What the others give.
    """

    study: StudyCount
    pooled: PooledProportion


def pool_proportions(
    studies: Sequence[StudyCount],
    confidence: float = 0.95,
    tau2_method: Tau2Method = "paule_mandel",
) -> PooledProportion:
    """Pool proportions under random effects on the logit scale.

    Parameters
    ----------
    studies : sequence of StudyCount
        Two studies or more.
    confidence : float
        Confidence level, strictly between 0 and 1.
    tau2_method : str
        Estimator of the variance between studies.

    Returns
    -------
    PooledProportion
        The pooled proportion, its intervals, the heterogeneity and the warnings.

    Raises
    ------
    ValueError
        If there are fewer than two studies, the level is out of range or the
        method is unknown.

    Notes
    -----
    A study with x of n has y = ln(x / (n - x)) with variance v = 1/x + 1/(n - x).
    If one of the two cells is 0, 0.5 is added to both cells of that study only.
    With w = 1 / (v + tau²) the pooled logit is m = sum(w y) / sum(w).

    tau² is the root of sum(w (y - m)²) = k - 1 (Paule and Mandel), the
    estimate from the moments of that sum at tau² = 0 (DerSimonian and Laird) or
    the maximum of the restricted likelihood; none is less than 0.

    The interval is m ± t(k - 1) sqrt(max(1, q) / sum(w)) with Hartung and Knapp's
    q = sum(w (y - m)²) / (k - 1).  Without the maximum, studies that happen to
    agree would give an interval narrower than that of their patients taken
    together; two that agree exactly, none at all.

    The prediction interval is m ± t(k - 2) sqrt(tau² + s²) with s the standard
    error of the interval before it, so that it never lies within that one.
    Higgins, Thompson and Spiegelhalter take s without q; where q is at most 1,
    as it is for Paule and Mandel's tau² above 0, the two agree.

    Both are intervals of the median study; they take the studies for a sample
    of those of interest, and tau² for known.

    References
    ----------
    DerSimonian R, Laird N (1986), doi:10.1016/0197-2456(86)90046-2.
    Paule RC, Mandel J (1982), doi:10.6028/jres.087.022.
    Hartung J, Knapp G (2001), doi:10.1002/sim.791.
    Knapp G, Hartung J (2003), doi:10.1002/sim.1482 (the factor of at least 1).
    Higgins JPT, Thompson SG (2002), doi:10.1002/sim.1186 (I²).
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009),
    doi:10.1111/j.1467-985X.2008.00552.x.
    Riley RD, Higgins JPT, Deeks JJ (2011), doi:10.1136/bmj.d549.
    Partlett C, Riley RD (2017), doi:10.1002/sim.7140.

    Examples
    --------
    >>> arms = [StudyCount("A", 12, 40), StudyCount("B", 9, 20), StudyCount("C", 30, 90)]
    >>> pooled = pool_proportions(arms)
    >>> print(pooled)
    3 studies: 34 % (95 % interval 20 to 52 %; prediction interval 5 to 82 %)
    >>> print(pooled.warnings[0])
    Only 3 studies: the variance between studies is hardly known, and the intervals with it.
    """
    if len(studies) < 2:
        raise ValueError(f"found {len(studies)} studies to pool, expected at least 2")
    if not 0 < confidence < 1:
        raise ValueError(f"found confidence {confidence}, expected a number between 0 and 1")
    if tau2_method not in _TAU2_NAMES:
        raise ValueError(f"found method {tau2_method!r}, expected one of {', '.join(_TAU2_NAMES)}")
    from scipy.stats import chi2, t

    cells = [_cells(study) for study in studies]
    logits = [log(yes / no) for yes, no in cells]
    variances = [1 / yes + 1 / no for yes, no in cells]
    freedom = len(studies) - 1
    tau2 = _tau2(logits, variances, tau2_method)
    q = _spread(logits, variances, 0.0)
    factor = _spread(logits, variances, tau2) / freedom

    weights = [1 / (variance + tau2) for variance in variances]
    centre = _mean(logits, weights)
    standard_error = sqrt(1 / sum(weights))
    widened = standard_error * sqrt(max(1.0, factor))
    tail = (1 + confidence) / 2
    margin = float(t.ppf(tail, freedom)) * widened
    prediction: tuple[float, float] | None = None
    if freedom > 1:
        reach = float(t.ppf(tail, freedom - 1)) * sqrt(tau2 + widened**2)
        prediction = _proportion(centre - reach), _proportion(centre + reach)
    return PooledProportion(
        studies=tuple(
            StudyWeight(study, logit, variance, weight / sum(weights), study.has_zero_cell)
            for study, logit, variance, weight in zip(
                studies, logits, variances, weights, strict=True
            )
        ),
        estimate=_proportion(centre),
        low=_proportion(centre - margin),
        high=_proportion(centre + margin),
        prediction_low=prediction and prediction[0],
        prediction_high=prediction and prediction[1],
        confidence=float(confidence),
        logit=centre,
        standard_error=standard_error,
        hartung_knapp_factor=factor,
        tau2=tau2,
        tau2_method=tau2_method,
        q=q,
        q_p_value=float(chi2.sf(q, freedom)),
        i2=max(0.0, 1 - freedom / q) if q > 0 else 0.0,
        zero_cells=_zero_cells(studies),
        warnings=_warnings(studies, prediction),
    )


def leave_one_out(
    studies: Sequence[StudyCount],
    confidence: float = 0.95,
    tau2_method: Tau2Method = "paule_mandel",
) -> tuple[LeftOut, ...]:
    """Pool proportions again and again, each time without one study.

    Parameters
    ----------
    studies : sequence of StudyCount
        Three studies or more.
    confidence : float
        Confidence level, strictly between 0 and 1.
    tau2_method : str
        Estimator of the variance between studies.

    Returns
    -------
    tuple of LeftOut
        One result for each study, in the order given.

    Raises
    ------
    ValueError
        If there are fewer than three studies, or as in :func:`pool_proportions`.

    Examples
    --------
    >>> arms = [StudyCount("A", 12, 40), StudyCount("B", 9, 20), StudyCount("C", 30, 90)]
    >>> [(left.study.label, round(left.pooled.estimate, 2)) for left in leave_one_out(arms)]
    [('A', 0.36), ('B', 0.32), ('C', 0.36)]
    """
    if len(studies) < 3:
        raise ValueError(f"found {len(studies)} studies, expected at least 3 to leave one out")
    return tuple(
        LeftOut(study, pool_proportions([*studies[:i], *studies[i + 1 :]], confidence, tau2_method))
        for i, study in enumerate(studies)
    )


def _cells(study: StudyCount) -> tuple[float, float]:
    added = 0.5 if study.has_zero_cell else 0.0
    return study.count + added, study.denominator - study.count + added


def _proportion(logit: float) -> float:
    # exp of a large positive number overflows; of a large negative one it is 0.
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, values, strict=True)) / sum(weights)


def _spread(logits: Sequence[float], variances: Sequence[float], tau2: float) -> float:
    """Return Cochran's statistic with weights 1 / (v + tau²)."""
    weights = [1 / (variance + tau2) for variance in variances]
    centre = _mean(logits, weights)
    return sum(w * (y - centre) ** 2 for w, y in zip(weights, logits, strict=True))


def _tau2(logits: Sequence[float], variances: Sequence[float], method: Tau2Method) -> float:
    freedom = len(logits) - 1
    if method == "dersimonian_laird":
        weights = [1 / variance for variance in variances]
        scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
        return max(0.0, (_spread(logits, variances, 0.0) - freedom) / scale)
    # Neither estimate exceeds the square of the range: w <= 1 / tau² makes both criteria
    # worse from there on.
    largest = (max(logits) - min(logits)) ** 2
    if method == "paule_mandel":
        from scipy.optimize import brentq

        if _spread(logits, variances, 0.0) <= freedom:
            return 0.0
        return float(
            brentq(
                lambda tau2: _spread(logits, variances, tau2) - freedom, 0.0, largest, xtol=1e-14
            )
        )
    if largest == 0:
        return 0.0
    from scipy.optimize import minimize_scalar

    def deviance(tau2: float) -> float:
        return _restricted_deviance(logits, variances, tau2)

    # There may be several minima (few studies, one of them far off): each is searched between
    # its neighbours on a grid, denser towards 0.
    grid = [largest * (i / _GRID) ** 2 for i in range(_GRID + 1)]
    heights = [deviance(tau2) for tau2 in grid]
    # A search stays inside its bounds, so that 0 itself has to be asked for.
    found = [0.0]
    for i in range(_GRID + 1):
        low, high = max(i - 1, 0), min(i + 1, _GRID)
        if heights[i] <= heights[low] and heights[i] <= heights[high]:
            bounds = (grid[low], grid[high])
            options = {"xatol": 1e-12}
            least = minimize_scalar(deviance, bounds=bounds, method="bounded", options=options)
            found.append(float(least.x))
    return min(found, key=deviance)


def _restricted_deviance(logits: Sequence[float], variances: Sequence[float], tau2: float) -> float:
    return (
        sum(log(variance + tau2) for variance in variances)
        + log(sum(1 / (variance + tau2) for variance in variances))
        + _spread(logits, variances, tau2)
    )


def _zero_cells(studies: Sequence[StudyCount]) -> str:
    affected = [study for study in studies if study.has_zero_cell]
    if not affected:
        return "No study has a zero cell; nothing was added."
    named = ", ".join(f"{study.label} ({study.count}/{study.denominator})" for study in affected)
    return f"0.5 was added to both cells of studies with a zero cell, and of these only: {named}."


def _warnings(
    studies: Sequence[StudyCount], prediction: tuple[float, float] | None
) -> tuple[str, ...]:
    warnings = []
    if len(studies) < FEW_STUDIES:
        warnings.append(
            f"Only {len(studies)} studies: the variance between studies is hardly known, "
            "and the intervals with it."
        )
    if prediction is None:
        warnings.append("A prediction interval needs at least 3 studies.")
    elif prediction[1] - prediction[0] > WIDE_PREDICTION:
        low, high = (f"{100 * limit:.0f}" for limit in prediction)
        warnings.append(
            f"The prediction interval ({low} to {high} %) spans most of the scale: "
            "the pooled value says little about another study."
        )
    if all(study.has_zero_cell for study in studies):
        warnings.append(
            "Every study has a zero cell: the pooled value follows from the 0.5 that was added."
        )
    return tuple(warnings)
