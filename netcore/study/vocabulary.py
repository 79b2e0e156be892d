"""The closed vocabulary: statistics and tests, with what each one means.

Statistics follow the Analysis Results Data convention (CDISC; the R packages
``cards`` and ``cardx``, and ``broom``), so that people who know it are at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from netcore.study import problems

__all__ = [
    "ALL_STATISTICS",
    "COUNTS",
    "DATED",
    "ESTIMATORS",
    "GROUPS",
    "STATISTICS",
    "SUFFIXES",
    "TESTS",
    "is_statistic",
    "meaning",
    "nearest",
]

GROUPS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "counts": MappingProxyType(
            {
                "N": "size of the population",
                "n": "how many of the population have the level",
                "N_miss": "how many have no known value of the variable",
                "N_nonmiss": "how many have a known value of the variable",
                "n.risk": "how many are at risk at the time",
                "n.event": "how many had the event by the time",
                "n.censor": "how many were censored by the time",
                "pct": "per cent of the denominator that have the level",
            }
        ),
        "location and spread": MappingProxyType(
            {
                "mean": "arithmetic mean",
                "sd": "standard deviation of the values",
                "var": "variance of the values",
                "std.error": "standard error of the mean",
                "cv": "coefficient of variation, per cent",
                "geom_mean": "geometric mean",
                "median": "median",
                "p10": "10th percentile",
                "p25": "25th percentile (lower quartile)",
                "p75": "75th percentile (upper quartile)",
                "p90": "90th percentile",
                "iqr": "interquartile range, as one number",
                "mad": "median absolute deviation",
                "min": "smallest value",
                "max": "largest value",
                "range": "largest less smallest value, as one number",
            }
        ),
        "survival": MappingProxyType(
            {
                "survival": "share free of the event at the time",
                "rmean": "restricted mean survival time",
                "hazard_ratio": "ratio of hazards",
            }
        ),
        "effects": MappingProxyType(
            {
                "estimate": "estimate of a model or test, where nothing narrower fits",
                "difference": "difference of two means, medians or values",
                "ratio": "ratio of two means, medians or values",
                "risk_ratio": "ratio of two proportions",
                "odds_ratio": "ratio of two odds",
                "risk_difference": "difference of two proportions",
                "rate": "events per unit of time",
                "correlation": "coefficient of correlation",
                "r.squared": "share of variance explained",
                "adj.r.squared": "share of variance explained, adjusted",
                "slope": "slope of a regression line",
                "intercept": "intercept of a regression line",
            }
        ),
        "tests": MappingProxyType(
            {
                "p.value": "p-value",
                "statistic": "test statistic",
                "parameter": "degrees of freedom, or another parameter of the test",
                "alpha": "level of significance that was set",
                "power": "power that was planned or computed",
                "conf.level": "level of the confidence intervals",
            }
        ),
        "single values, rules and dates": MappingProxyType(
            {
                "value": "the value of one described patient, or one date",
                "start": "first date of a window",
                "end": "last date of a window",
                "threshold.min": "least value that a rule admits",
                "threshold.max": "greatest value that a rule admits",
            }
        ),
    }
)

STATISTICS: Final[Mapping[str, str]] = MappingProxyType(
    {name: meaning for group in GROUPS.values() for name, meaning in group.items()}
)

ESTIMATORS: Final[tuple[str, ...]] = (
    "pct",
    *(
        name
        for name in GROUPS["location and spread"]
        if name not in {"std.error", "min", "max", "range"}
    ),
    *GROUPS["survival"],
    *GROUPS["effects"],
)

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".conf.low": "lower confidence limit of the",
        ".conf.high": "upper confidence limit of the",
        ".std.error": "standard error of the",
    }
)

COUNTS: Final[frozenset[str]] = frozenset(GROUPS["counts"]) - {"pct"}

# Of a date, these are dates themselves; a standard deviation of dates is a
# number of days, and a count is a count.
DATED: Final[frozenset[str]] = frozenset(
    {
        *("value", "start", "end", "threshold.min", "threshold.max"),
        *("min", "p10", "p25", "median", "p75", "p90", "max", "mean"),
    }
)

TESTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mann_whitney": "Mann-Whitney U test (Wilcoxon rank-sum test)",
        "student_t": "Student's t-test, equal variances",
        "welch_t": "Welch's t-test, unequal variances",
        "log_rank": "log-rank test",
        "gehan": "Gehan's (Breslow's) generalized Wilcoxon test",
        "chi_squared": "chi-squared test",
        "fisher_exact": "Fisher's exact test",
        "kruskal_wallis": "Kruskal-Wallis test",
        "wilcoxon_signed_rank": "Wilcoxon signed-rank test",
        "linear_regression": "linear regression",
        "cox": "Cox proportional-hazards regression",
        "pearson": "Pearson's correlation",
        "spearman": "Spearman's rank correlation",
        "anova": "analysis of variance",
        "unnamed": "the paper does not name the test",
    }
)

ALL_STATISTICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **STATISTICS,
        **{
            estimator + suffix: f"{meaning} {STATISTICS[estimator]}"
            for estimator in ESTIMATORS
            for suffix, meaning in SUFFIXES.items()
        },
    }
)


def is_statistic(name: str) -> bool:
    """Return whether a name is in the vocabulary.

    Parameters
    ----------
    name : str
        A ``stat_name``, of one reading.

    Returns
    -------
    bool
        Whether it is a statistic, or an estimator with one of the suffixes.

    Examples
    --------
    >>> is_statistic("median"), is_statistic("hazard_ratio.conf.low"), is_statistic("p.value.conf.low")
    (True, True, False)
    """
    return name in ALL_STATISTICS


def meaning(name: str) -> str:
    """Say in one line what a statistic is.

    Parameters
    ----------
    name : str
        A ``stat_name``.

    Returns
    -------
    str
        Its meaning.

    Raises
    ------
    KeyError
        If the name is not in the vocabulary.

    Examples
    --------
    >>> meaning("p25")
    '25th percentile (lower quartile)'
    >>> meaning("hazard_ratio.conf.low")
    'lower confidence limit of the ratio of hazards'
    """
    return ALL_STATISTICS[name]


def nearest(name: str) -> str | None:
    """Find the statistic that somebody who wrote `name` most likely meant.

    Parameters
    ----------
    name : str
        An unknown ``stat_name``.

    Returns
    -------
    str or None
        The nearest one of the vocabulary, if any is near.

    Examples
    --------
    >>> nearest("pvalue"), nearest("SD"), nearest("hazard_ratio.ci.low")
    ('p.value', 'sd', 'hazard_ratio.conf.low')
    """
    return problems.nearest(name, ALL_STATISTICS)
