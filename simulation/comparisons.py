"""p-values by the tests that papers name, each in the flavours that software gives.

A flavour is what the name of a test leaves open: the exact or the approximate distribution,
a correction for continuity, one for ties.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import erfc, isfinite, sqrt
from typing import Any

__all__ = ["FLAVOURS", "p_value"]

Groups = Sequence[Sequence[float]]
_MOST_EXACT = 40


def _midranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def _tie_term(values: Sequence[float]) -> int:
    counts: dict[float, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sum(count**3 - count for count in counts.values())


def _two_sided(z: float) -> float:
    return erfc(abs(z) / sqrt(2))


def _u_and_spread(groups: Groups, *, ties: bool) -> tuple[float, float, float]:
    x, y = groups
    n, m = len(x), len(y)
    both = [*x, *y]
    u = sum(_midranks(both)[:n]) - n * (n + 1) / 2
    total = n + m
    variance = n * m / 12 * (total + 1 - (_tie_term(both) / (total * (total - 1)) if ties else 0))
    return u, n * m / 2, sqrt(variance)


def _mann_whitney_normal(groups: Groups, *, ties: bool, correction: bool) -> float | None:
    u, middle, spread = _u_and_spread(groups, ties=ties)
    if spread == 0:
        return None
    distance = abs(u - middle) - (0.5 if correction else 0)
    return min(1.0, _two_sided(max(distance, 0) / spread))


def _mann_whitney_exact(groups: Groups) -> float | None:
    """Return the exact p-value; with ties, as software that ignores them does."""
    from scipy.stats import mannwhitneyu

    if len(groups[0]) * len(groups[1]) > _MOST_EXACT**2:
        return None
    return float(mannwhitneyu(*groups, method="exact").pvalue)


def _rank_sums(ranks: Sequence[int], chosen: int) -> list[dict[int, int]]:
    """Count the choices of so many ranks by their sum."""
    ways: list[dict[int, int]] = [{0: 1}] + [{} for _ in range(chosen)]
    for number, rank in enumerate(ranks, 1):
        for taken in range(min(number, chosen), 0, -1):
            into = ways[taken]
            for total, count in ways[taken - 1].items():
                into[total + rank] = into.get(total + rank, 0) + count
    return ways


def _mann_whitney_permutation(groups: Groups, *, doubled: bool) -> float | None:
    """Return the exact conditional p-value, ties and all; by both two-sided definitions."""
    x, y = groups
    n, total = len(x), len(x) + len(y)
    if total > _MOST_EXACT:
        return None
    ranks = [round(2 * rank) for rank in _midranks([*x, *y])]
    ways = _rank_sums(ranks, n)[n]
    observed, middle, whole = sum(ranks[:n]), n * (total + 1), sum(ways.values())
    if doubled:
        low = sum(count for value, count in ways.items() if value <= observed)
        high = sum(count for value, count in ways.items() if value >= observed)
        return min(1.0, 2 * min(low, high) / whole)
    far = abs(observed - middle)
    return sum(count for value, count in ways.items() if abs(value - middle) >= far) / whole


def _r_wilcox(groups: Groups) -> float | None:
    """Return what ``wilcox.test`` of R before 4.6 gives without being asked for anything."""
    both = [*groups[0], *groups[1]]
    if len(groups[0]) < 50 and len(groups[1]) < 50 and len(set(both)) == len(both):
        return _mann_whitney_permutation(groups, doubled=True) or _mann_whitney_exact(groups)
    return _mann_whitney_normal(groups, ties=True, correction=True)


def _scipy(name: str, **options: Any) -> Callable[[Groups], float | None]:
    def test(groups: Groups) -> float | None:
        import scipy.stats

        return float(getattr(scipy.stats, name)(*groups, **options).pvalue)

    return test


def _t_test(groups: Groups, *, equal: bool) -> float | None:
    from scipy.stats import ttest_ind

    if min(map(len, groups)) < 2 or all(len(set(group)) == 1 for group in groups):
        return None
    return float(ttest_ind(*groups, equal_var=equal).pvalue)


def _kruskal(groups: Groups, *, ties: bool) -> float | None:
    from scipy.stats import chi2

    both = [value for group in groups for value in group]
    total = len(both)
    if len(set(both)) == 1:
        return None
    ranks, start, squares = _midranks(both), 0, 0.0
    for group in groups:
        squares += sum(ranks[start : start + len(group)]) ** 2 / len(group)
        start += len(group)
    h = 12 / (total * (total + 1)) * squares - 3 * (total + 1)
    if ties:
        h /= 1 - _tie_term(both) / (total**3 - total)
    return float(chi2.sf(max(h, 0), len(groups) - 1))


def _signed_rank(groups: Groups, **options: Any) -> float | None:
    from scipy.stats import wilcoxon

    # Differences of fractions: floats make 0.3 - 0.2 and 0.2 - 0.1 differ.
    differences = [
        float(Fraction(a).limit_denominator(10**7) - Fraction(b).limit_denominator(10**7))
        for a, b in zip(*groups, strict=True)
    ]
    if sum(difference != 0 for difference in differences) < 2:
        return None
    if options.get("method") == "exact" and len(differences) > _MOST_EXACT:
        return None
    return float(wilcoxon(differences, **options).pvalue)


def _table_test(groups: Groups, *, correction: bool, statistic: str = "pearson") -> float | None:
    from scipy.stats import chi2_contingency

    if not _is_table(groups) or (correction and not _is_square(groups)):
        return None
    return float(chi2_contingency(groups, correction=correction, lambda_=statistic).pvalue)


def _smaller_table(groups: Groups) -> float | None:
    """N - 1 in place of N (Campbell 2007)."""
    from scipy.stats import chi2, chi2_contingency

    if not _is_table(groups) or not _is_square(groups):
        return None
    total = sum(map(sum, groups))
    statistic = float(chi2_contingency(groups, correction=False).statistic)
    return float(chi2.sf(statistic * (total - 1) / total, 1))


def _fisher(groups: Groups, *, sides: str) -> float | None:
    from scipy.stats import fisher_exact

    if not _is_table(groups) or not _is_square(groups):
        return None
    return float(fisher_exact(groups, alternative=sides).pvalue)


def _is_table(groups: Groups) -> bool:
    return min(map(sum, groups)) > 0 and min(map(sum, zip(*groups, strict=True))) > 0


def _is_square(groups: Groups) -> bool:
    return len(groups) == len(groups[0]) == 2


def _correlation(name: str) -> Callable[[Groups], float | None]:
    def test(groups: Groups) -> float | None:
        import scipy.stats

        if len(groups[0]) < 3 or any(len(set(group)) == 1 for group in groups):
            return None
        return float(getattr(scipy.stats, name)(*groups).pvalue)

    return test


# By the names of tests that papers declare; a flavour is listed as often as it is met.
FLAVOURS: dict[str, dict[str, Callable[[Groups], float | None]]] = {
    "mann_whitney": {
        "scipy, by itself": _scipy("mannwhitneyu"),
        "exact, ties or not": _mann_whitney_exact,
        "normal, ties, continuity": lambda g: _mann_whitney_normal(g, ties=True, correction=True),
        "normal, ties": lambda g: _mann_whitney_normal(g, ties=True, correction=False),
        "normal, continuity": lambda g: _mann_whitney_normal(g, ties=False, correction=True),
        "normal": lambda g: _mann_whitney_normal(g, ties=False, correction=False),
        "permutations": lambda g: _mann_whitney_permutation(g, doubled=False),
        "permutations, one side doubled": lambda g: _mann_whitney_permutation(g, doubled=True),
        "R wilcox.test": _r_wilcox,
    },
    "student_t": {"equal variances": lambda g: _t_test(g, equal=True)},
    "welch_t": {"unequal variances": lambda g: _t_test(g, equal=False)},
    "anova": {"one way": _scipy("f_oneway")},
    "kruskal_wallis": {
        "ties": lambda g: _kruskal(g, ties=True),
        "no ties": lambda g: _kruskal(g, ties=False),
    },
    "wilcoxon_signed_rank": {
        "scipy, by itself": _signed_rank,
        "exact": lambda g: _signed_rank(g, method="exact"),
        "normal": lambda g: _signed_rank(g, method="asymptotic"),
        "normal, continuity": lambda g: _signed_rank(g, method="asymptotic", correction=True),
        "Pratt": lambda g: _signed_rank(g, method="asymptotic", zero_method="pratt"),
        "zeros split": lambda g: _signed_rank(g, method="asymptotic", zero_method="zsplit"),
    },
    "chi_squared": {
        "Pearson": lambda g: _table_test(g, correction=False),
        "Yates": lambda g: _table_test(g, correction=True),
        "likelihood ratio": lambda g: _table_test(g, correction=False, statistic="log-likelihood"),
        "N - 1": _smaller_table,
    },
    "fisher_exact": {
        "two-sided": lambda g: _fisher(g, sides="two-sided"),
        "one-sided": lambda g: _fisher(g, sides="less"),
    },
    "pearson": {"t": _correlation("pearsonr")},
    "spearman": {"t": _correlation("spearmanr")},
}


def p_value(test: str, flavour: str, groups: Groups) -> float | None:
    """Return the p-value of one flavour of a test.

    Parameters
    ----------
    test : str
        A key of :data:`FLAVOURS`.
    flavour : str
        One of its flavours.
    groups : sequence of sequences of float
        The values of each group; paired values; or the rows of a table of counts.

    Returns
    -------
    float or None
        None where the test has no answer, or would take too long.
    """
    if any(len(group) == 0 for group in groups) or len(groups) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small samples and of ties, as users ignore them
        try:
            found = FLAVOURS[test][flavour](groups)
        except ValueError:  # such as identical values in all groups
            return None
    if found is None or not isfinite(found):
        return None
    return min(max(found, 0.0), 1.0)
