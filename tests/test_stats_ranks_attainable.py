"""Exclusions of p-values: no data that exist are excluded, and data that are found are data."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form
from netcore.stats.ranks.attainable import Comparison, PrintedSample, bounds_of_p, exclusion
from netcore.stats.ranks.fitting import Effort, Search, fit_at, statistic_of
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.p_values import p_value
from netcore.stats.ranks.samples import has_quantiles

SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
TRUE_DATA = 150


def drawn(random_: random.Random) -> tuple[Comparison, Flavour, tuple[int, int]]:
    """Draw data, with or without ties, and print quartiles and the p-value of one flavour."""
    shift = random_.choice([0, 0, 1, 3, 9])
    steps = random_.choice([4, 20, 1000])
    samples = []
    for k in range(2):
        number = random_.randint(1, 12)
        samples.append(
            sorted(
                Fraction(round(random_.gauss(k * shift, 2) * steps), steps) for _ in range(number)
            )
        )
    places = random_.choice([0, 1, 3])
    half = Fraction(1, 2 * 10**places)
    printed = []
    for values in samples:
        definition = random_.choice(list(DEFINITIONS))
        shares = [share for share in SHARES if random_.random() < 0.8]
        quantiles = []
        for share in shares:
            value = quantile_form(definition, share, len(values)).value(values)
            middle = Fraction(round(value * 10**places), 10**places)
            quantiles.append((share, Interval(middle - half, middle + half)))
        printed.append(PrintedSample(tuple(quantiles), len(values), len(values)))
    u, groups = statistic_of(*samples)
    fitting = [
        flavour
        for flavour in FLAVOURS.values()
        if not (flavour.needs_no_ties and max(groups) > 1) and len(groups) > 1
    ]
    sizes = len(samples[0]), len(samples[1])
    if not fitting:
        return drawn(random_)
    flavour = random_.choice(fitting)
    p = p_value(flavour, *sizes, u, groups)
    width = Fraction(1, 10 ** random_.choice([2, 4, 9]))
    window = Interval(max(p.low - width, Fraction(0)), min(p.high + width, Fraction(1)))
    return Comparison(*printed, window), flavour, sizes


@pytest.mark.parametrize("seed", range(TRUE_DATA))
def test_the_p_value_of_data_that_exist_is_not_excluded(seed: int) -> None:
    comparison, flavour, _ = drawn(random.Random(seed))
    found = exclusion(comparison, [flavour])
    assert not found.is_proof
    assert found.are_some


@pytest.mark.parametrize("seed", range(TRUE_DATA))
def test_the_p_value_of_data_that_exist_is_within_its_bounds(seed: int) -> None:
    comparison, flavour, sizes = drawn(random.Random(seed))
    bounds = bounds_of_p(comparison.x.of(sizes[0]), comparison.y.of(sizes[1]), [flavour])
    assert bounds is not None
    assert bounds.meets(comparison.p)


def printed_pair(
    p: tuple[str, str], *medians: tuple[int, int], sizes: tuple[int, int]
) -> Comparison:
    samples = [
        PrintedSample(
            tuple((share, Interval(Fraction(low), Fraction(high))) for share in SHARES), n, n
        )
        for (low, high), n in zip(medians, sizes, strict=True)
    ]
    return Comparison(*samples, Interval(Fraction(p[0]), Fraction(p[1])))


@pytest.mark.parametrize("key", list(FLAVOURS))
def test_middling_p_values_of_separate_samples_are_excluded(key: str) -> None:
    samples = [
        PrintedSample(((Fraction(end), Interval(Fraction(low), Fraction(low + 1))),), 9, 12)
        for end, low in ((1, 1), (0, 8))
    ]
    middling = Comparison(*samples, Interval(Fraction(3, 10), Fraction(4, 10)))
    assert exclusion(middling, [FLAVOURS[key]]).is_proof
    small = Comparison(*samples, Interval(Fraction(0), Fraction(1, 10_000)))
    is_reached = FLAVOURS[key].alternative != "greater"
    assert exclusion(small, [FLAVOURS[key]]).is_proof is not is_reached


def test_one_that_is_left_ends_the_search_or_all_are_listed() -> None:
    comparison = printed_pair(("0.001", "0.9"), (1, 5), (3, 9), sizes=(8, 8))
    flavours = [FLAVOURS["exact"], FLAVOURS["normal"]]
    assert len(exclusion(comparison, flavours).left) == 1
    assert len(exclusion(comparison, flavours, stop=False).left) == 2


def test_data_that_are_found_have_what_is_printed() -> None:
    comparison = printed_pair(("0.3", "0.4"), (1, 5), (3, 9), sizes=(8, 9))
    search = Search((FLAVOURS["exact"],), frozenset({"r_before_4_6"}), usual=True)
    fit = fit_at(comparison, (8, 9), ["type7"], search, Effort(500))
    assert fit is not None
    assert has_quantiles(fit.x, comparison.x.of(8), "type7", inside=True)
    assert has_quantiles(fit.y, comparison.y.of(9), "type7", inside=True)
    u, groups = statistic_of(fit.x, fit.y)
    p = p_value(FLAVOURS["exact"], 8, 9, u, groups)
    assert p.low in comparison.p
    assert fit.u == u


def test_values_with_a_step_are_found_on_it() -> None:
    samples = [
        PrintedSample(
            tuple(
                (share, Interval(Fraction(2 * m - 1, 2), Fraction(2 * m + 1, 2)))
                for share, m in zip(SHARES, middles, strict=True)
            ),
            n,
            n,
        )
        for middles, n in (((3, 5, 7), 12), ((4, 6, 8), 14))
    ]
    comparison = Comparison(*samples, Interval(Fraction(1, 10), Fraction(4, 10)))
    search = Search((FLAVOURS["normal"],), None, usual=True, step=Fraction(1))
    fit = fit_at(comparison, (12, 14), ["type7", "type6"], search, Effort(2_000))
    assert fit is not None
    assert all(value.denominator == 1 for value in (*fit.x, *fit.y))
    assert fit.has_ties


def test_sizes_must_be_some() -> None:
    sample = PrintedSample((), 3, 2)
    with pytest.raises(ValueError, match="expected some"):
        exclusion(Comparison(sample, sample, Interval(Fraction(0), Fraction(1))), [])
