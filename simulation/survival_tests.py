"""Tests of survival and hazard ratios, in the flavours that programs have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, erfc, exp, fsum, isfinite, log, sqrt

from simulation.courses import Patient
from simulation.survival import curve

__all__ = [
    "HAZARD_RATIOS",
    "PROGRAMS",
    "TESTS",
    "HazardRatio",
    "hazard_ratio",
    "hazard_ratio_limits",
    "survival_p",
]

Groups = Sequence[Sequence[Patient]]
Times = list[tuple[list[int], list[int]]]  # numbers at risk and events, of each group

_Z = 1.959963984540054
_FARTHEST = 12.0  # logarithms of hazard ratios beyond which there is none


def _times(groups: Groups) -> Times:
    together = [patient for group in groups for patient in group]
    found: Times = []
    for time, _, _, _ in curve(together):
        risk = [sum(other >= time for other, _ in group) for group in groups]
        events = [sum(event and other == time for other, event in group) for group in groups]
        found.append((risk, events))
    return found


# --- Weighted log-rank tests ----------------------------------------------------------------------


def _weights(times: Times, kind: str) -> list[float]:
    found = []
    kaplan_meier = prentice = 1.0
    for risk, events in times:
        r, d = sum(risk), sum(events)
        prentice *= 1 - d / (r + 1)
        found.append(
            {
                "one": 1.0,
                "at risk": float(r),
                "root": sqrt(r),
                "Kaplan-Meier": kaplan_meier,
                "Prentice": prentice,
                "Andersen": prentice * r / (r + 1),
            }[kind]
        )
        kaplan_meier *= 1 - d / r
    return found


def _hypergeometric(groups: Groups, kind: str) -> float | None:
    """Return chi-squared by the variances and covariances of each 2 x k table."""
    import numpy as np

    times, size = _times(groups), len(groups)
    difference, variance = np.zeros(size), np.zeros((size, size))
    for (risk, events), weight in zip(times, _weights(times, kind), strict=True):
        r, d = sum(risk), sum(events)
        share = np.array(risk) / r
        difference += weight * (np.array(events) - d * share)
        if r > 1:
            factor = weight**2 * d * (r - d) / (r - 1)
            variance += factor * (np.diag(share) - np.outer(share, share))
    return _quadratic(difference, variance)


def _permuted(groups: Groups, kind: str) -> float | None:
    """Return chi-squared by scores of the patients, permuted over the groups."""
    import numpy as np

    together = [patient for group in groups for patient in group]
    if kind == "Gehan":
        scores: list[float] = [
            sum(_is_longer(patient, other) for other in together)
            - sum(_is_longer(other, patient) for other in together)
            for patient in together
        ]
    else:
        scores = [_score(together, patient, kind) for patient in together]
    total, mean = len(together), fsum(scores) / len(together)
    squares = fsum((score - mean) ** 2 for score in scores)
    if total < 2 or squares < 1e-12:
        return None
    difference, start = [], 0
    for group in groups:
        difference.append(fsum(scores[start : start + len(group)]) - len(group) * mean)
        start += len(group)
    share = np.array([len(group) for group in groups]) / total
    variance = squares * total / (total - 1) * (np.diag(share) - np.outer(share, share))
    return _quadratic(np.array(difference), variance)


def _is_longer(patient: Patient, other: Patient) -> bool:
    """Return whether one is known to have lived longer than another."""
    return other[1] and (patient[0] > other[0] or (patient[0] == other[0] and not patient[1]))


def _score(together: Sequence[Patient], patient: Patient, kind: str) -> float:
    steps = [step for step in curve(together) if step[0] <= patient[0]]
    if kind == "log-rank":
        return patient[1] - fsum(d / r for _, r, d, _ in steps)
    after = float(steps[-1][3]) if steps else 1.0
    if not patient[1]:
        return after - 1
    before = float(steps[-2][3]) if len(steps) > 1 else 1.0
    return before + after - 1


def _quadratic(difference: object, variance: object) -> float | None:
    import numpy as np

    found = np.asarray(variance)
    if np.trace(found) < 1e-12:
        return None
    rank = np.linalg.matrix_rank(found, tol=1e-9 * np.trace(found))
    if rank < len(found) - 1:
        return None  # a group without anybody at risk
    vector = np.asarray(difference)
    return float(vector @ np.linalg.pinv(found, rcond=1e-9) @ vector)


def _expected(groups: Groups) -> float | None:
    """Return the sum of (O - E)^2 / E."""
    observed, expected = _observed_expected(_times(groups), len(groups))
    if min(expected) <= 0:
        return None
    return fsum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))


def _observed_expected(times: Times, size: int) -> tuple[list[int], list[float]]:
    observed = [sum(events[k] for _, events in times) for k in range(size)]
    expected = [
        fsum(sum(events) * risk[k] / sum(risk) for risk, events in times) for k in range(size)
    ]
    return observed, expected


# --- Cox's model of two groups --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Score:
    """The likelihood of a logarithm of the hazard ratio, and its two derivatives."""

    logarithm: float
    slope: float
    information: float


def _score_at(times: Times, ties: str, b: float) -> _Score:
    w = exp(b)
    value, slope, information = [], [], []
    for (r1, r2), (d1, d2) in times:
        d = d1 + d2
        value.append(d1 * b)
        slope.append(float(d1))
        if ties == "exact":
            ways = [
                (k, comb(r1, k) * comb(r2, d - k) * w**k)
                for k in range(max(0, d - r2), min(r1, d) + 1)
            ]
            total = fsum(weight for _, weight in ways)
            mean = fsum(k * weight for k, weight in ways) / total
            value.append(-log(total))
            slope.append(-mean)
            information.append(fsum((k - mean) ** 2 * weight for k, weight in ways) / total)
            continue
        for left in range(d):
            gone = left / d if ties == "efron" else 0.0
            first, second = (r1 - gone * d1) * w, r2 - gone * d2
            share = first / (first + second)
            value.append(-log(first + second))
            slope.append(-share)
            information.append(share * (1 - share))
    return _Score(fsum(value), fsum(slope), fsum(information))


def _maximum(times: Times, ties: str) -> float | None:
    """Return where the likelihood is greatest, or None where that is at no finite number."""
    low, high = -_FARTHEST, _FARTHEST
    if _score_at(times, ties, low).slope <= 1e-9 or _score_at(times, ties, high).slope >= -1e-9:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if _score_at(times, ties, middle).slope > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _cox(groups: Groups, ties: str, test: str) -> float | None:
    if len(groups) != 2:
        return None
    times = _times(groups)
    best = _maximum(times, ties)
    if best is None:
        return None
    there, zero = _score_at(times, ties, best), _score_at(times, ties, 0.0)
    if min(there.information, zero.information) < 1e-9:
        return None
    return {
        "Wald": best**2 * there.information,
        "likelihood ratio": 2 * (there.logarithm - zero.logarithm),
        "score": zero.slope**2 / zero.information,
    }[test]


Test = Callable[[Groups], float | None]

# By the names of tests that papers declare, and names of those for which there is none.
TESTS: dict[str, dict[str, Test]] = {
    "log_rank": {
        "hypergeometric": lambda g: _hypergeometric(g, "one"),
        "permuted scores": lambda g: _permuted(g, "log-rank"),
        "(O - E)^2 / E": _expected,
    },
    "gehan": {
        "hypergeometric": lambda g: _hypergeometric(g, "at risk"),
        "permuted scores": lambda g: _permuted(g, "Gehan"),
    },
    "cox": {
        "Efron, Wald": lambda g: _cox(g, "efron", "Wald"),
        "Breslow, Wald": lambda g: _cox(g, "breslow", "Wald"),
        "exact, Wald": lambda g: _cox(g, "exact", "Wald"),
        "Efron, likelihood ratio": lambda g: _cox(g, "efron", "likelihood ratio"),
        "Breslow, likelihood ratio": lambda g: _cox(g, "breslow", "likelihood ratio"),
        "Efron, score": lambda g: _cox(g, "efron", "score"),
        "Breslow, score": lambda g: _cox(g, "breslow", "score"),
    },
    "another": {
        "Tarone-Ware": lambda g: _hypergeometric(g, "root"),
        "Peto-Peto": lambda g: _hypergeometric(g, "Kaplan-Meier"),
        "Peto-Peto, permuted scores": lambda g: _permuted(g, "Peto"),
        "Peto-Peto-Prentice": lambda g: _hypergeometric(g, "Prentice"),
        "Peto-Peto, modified": lambda g: _hypergeometric(g, "Andersen"),
    },
}

# What programs offer under the name of a test.
PROGRAMS: dict[str, dict[str, tuple[str, ...]]] = {
    "R 4.2.1": {
        "log_rank": ("hypergeometric",),
        "cox": ("Efron, Wald", "Breslow, Wald", "Efron, likelihood ratio", "Efron, score"),
    },
    "IBM SPSS Statistics 26": {
        "log_rank": ("hypergeometric",),
        "gehan": ("hypergeometric",),
        "cox": ("Breslow, Wald", "Breslow, likelihood ratio", "Breslow, score"),
    },
    "STATISTICA 12.6": {
        "log_rank": ("permuted scores", "hypergeometric"),
        "gehan": ("permuted scores",),
        "cox": ("Breslow, Wald", "Breslow, likelihood ratio"),
    },
    "Python 3.9 with scipy 1.7": {
        "log_rank": ("hypergeometric",),
        "gehan": ("hypergeometric",),
        "cox": ("Efron, Wald", "Efron, likelihood ratio"),
    },
}


def survival_p(test: str, flavour: str, groups: Groups) -> float | None:
    """Return the two-sided p-value of one flavour of a test.

    Parameters
    ----------
    test : str
        A key of :data:`TESTS`.
    flavour : str
        One of its flavours.
    groups : sequence of sequences of (Fraction, bool)
        The patients of each group.

    Returns
    -------
    float or None
        None where the test has no answer.
    """
    if len(groups) < 2 or not all(groups) or not any(event for g in groups for _, event in g):
        return None
    found = TESTS[test][flavour](groups)
    if found is None or not isfinite(found):
        return None
    if len(groups) == 2:
        return erfc(sqrt(max(found, 0) / 2))
    from scipy.stats import chi2

    return float(chi2.sf(max(found, 0), len(groups) - 1))


# --- Hazard ratios --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """A hazard ratio of the first group against the second.

    Parameters
    ----------
    logarithm : float
        Of the ratio.
    error : float
        Its standard error.
    """

    logarithm: float
    error: float


def _cox_ratio(times: Times, ties: str) -> HazardRatio | None:
    best = _maximum(times, ties)
    if best is None:
        return None
    return HazardRatio(best, 1 / sqrt(_score_at(times, ties, best).information))


def _peto_ratio(times: Times) -> HazardRatio | None:
    observed, expected = _observed_expected(times, 2)
    variance = fsum(
        (d1 + d2) * r1 * r2 * (r1 + r2 - d1 - d2) / ((r1 + r2) ** 2 * (r1 + r2 - 1))
        for (r1, r2), (d1, d2) in times
        if r1 + r2 > 1
    )
    if variance < 1e-9:
        return None
    return HazardRatio((observed[0] - expected[0]) / variance, 1 / sqrt(variance))


def _ratio_of_ratios(times: Times) -> HazardRatio | None:
    observed, expected = _observed_expected(times, 2)
    if min(observed) == 0 or min(expected) <= 0:
        return None
    ratio = observed[0] / expected[0] / (observed[1] / expected[1])
    return HazardRatio(log(ratio), sqrt(fsum(1 / one for one in expected)))


HAZARD_RATIOS: dict[str, Callable[[Times], HazardRatio | None]] = {
    "Efron": lambda times: _cox_ratio(times, "efron"),
    "Breslow": lambda times: _cox_ratio(times, "breslow"),
    "exact": lambda times: _cox_ratio(times, "exact"),
    "Peto": _peto_ratio,
    "(O1 / E1) / (O2 / E2)": _ratio_of_ratios,
}


def hazard_ratio(kind: str, groups: Groups) -> HazardRatio | None:
    """Return the hazard ratio of two groups by a key of :data:`HAZARD_RATIOS`, or None."""
    if len(groups) != 2 or not all(groups):
        return None
    return HAZARD_RATIOS[kind](_times(groups))


def hazard_ratio_limits(found: HazardRatio) -> tuple[float, float]:
    """Return the 95 % limits of a hazard ratio, as of Wald."""
    half = _Z * found.error
    return exp(found.logarithm - half), exp(found.logarithm + half)
