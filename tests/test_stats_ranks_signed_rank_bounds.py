"""p-values of signed-rank tests of random pairs lie within what is proved of them."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import quantile_form
from netcore.stats.ranks.boxes import Boxes, Sample, ordered_boxes
from netcore.stats.ranks.corners import intervals_of
from netcore.stats.ranks.signed_rank import SIGNED_RANK_FLAVOURS, signed_rank_p
from netcore.stats.ranks.signed_rank_bounds import excludes, lattice_meets, p_bounds, signs_of
from netcore.stats.ranks.signed_rank_fitting import (
    PrintedPairs,
    fit_pairs,
    signed_ranks,
    usual_flavours,
)

QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def boxes_of(values: list[int], random: Random) -> tuple[Interval, ...]:
    """Return the boxes of quantiles that are rounded from some values, by some definition."""
    ordered = [Fraction(value) for value in sorted(values)]
    definition = random.choice(["type1", "type2", "type5", "type6", "type7"])
    shares = random.sample(QUARTILES, random.randint(0, 3)) + random.choice([[], [Fraction(1)]])
    windows = {}
    for share in shares:
        quantile = quantile_form(definition, share, len(values)).value(ordered)
        windows[share] = Interval(quantile - Fraction(1, 2), quantile + Fraction(1, 2))
    found = ordered_boxes(Sample.of(len(values), windows), None)
    assert isinstance(found, Boxes)
    return intervals_of(found)


def p_values(differences: list[int]) -> list[tuple[Fraction, Fraction]]:
    """Return the p-values of all flavours, with zeros left out and ranked."""
    w, groups, zeros = signed_ranks(differences)
    if not groups:
        return []
    positive = sum(value > 0 for value in differences)
    found = []
    for flavour in SIGNED_RANK_FLAVOURS:
        for ranked in {0, zeros}:
            if ranked and flavour.distribution == "exact":
                continue
            if flavour.needs_no_ties and max(groups) > 1:
                continue
            p = signed_rank_p(flavour, w + ranked * positive, groups, ranked)
            found.append((p.low, p.high))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_p_values_of_random_pairs_are_within_their_bounds(seed: int) -> None:
    random = Random(seed)
    number = random.randint(1, 12)
    shift = random.choice([0, 1, 4, 12])
    before = [random.randint(0, 12) for _ in range(number)]
    after = [value + shift + random.randint(-3, 3) for value in before]
    differences = [b - a for a, b in zip(before, after, strict=True)]
    pair = boxes_of(before, random), boxes_of(after, random)
    change = boxes_of(differences, random)
    for known in ((None, None), (pair, None), (None, change), (pair, change)):
        bounds = p_bounds(number, *known)
        found = p_values(differences)
        for low, high in found:
            assert not excludes(Interval(low, high), number, *known)
        for low, high in found[:3]:  # of two sides
            assert bounds is not None
            assert bounds.meets(Interval(low, high))


@pytest.mark.parametrize("seed", range(20))
def test_all_p_values_of_few_pairs_are_in_the_lattice(seed: int) -> None:
    random = Random(seed)
    differences = [random.randint(-3, 3) for _ in range(random.randint(1, 4))]
    for low, high in random.sample(ps := p_values(differences), min(4, len(ps))):
        assert lattice_meets(Interval(low, high), 4)


def test_the_lattice_has_gaps() -> None:
    assert lattice_meets(Interval(Fraction(515, 1000), Fraction(525, 1000)), 4) is False
    assert lattice_meets(Interval(Fraction(1, 10), Fraction(1, 5)), 40) is None


def test_boxes_of_the_wrong_number_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 3"):
        list(signs_of(3, None, [Interval(None, None)] * 2))


def test_a_change_below_zero_throughout_has_the_least_p_value() -> None:
    boxes = [Interval(Fraction(-5), Fraction(-1))] * 8
    bounds = p_bounds(8, None, boxes)
    assert bounds is not None
    assert bounds.high is not None
    assert bounds.high < Fraction(3, 10)
    [only] = signs_of(8, None, boxes)
    assert (only.zeros, only.least, only.greatest) == (0, -36, -36)


@pytest.mark.parametrize("seed", range(8))
def test_constructed_pairs_have_the_p_value_by_scipy(seed: int) -> None:
    from scipy.stats import wilcoxon

    random = Random(seed)
    number = random.randint(6, 14)
    values = [random.gauss(0.4, 1) for _ in range(number)]
    p = wilcoxon(values, method="exact").pvalue
    middle = Fraction(p)
    window = Interval(middle - Fraction(1, 200), middle + Fraction(1, 200))
    found = fit_pairs(PrintedPairs(number), window, ["type7"], frozenset({"scipy"}))
    assert found is not None
    differences = [float(b - a) for a, b in zip(found.before, found.after, strict=True)]
    assert abs(wilcoxon(differences, method="exact").pvalue - p) <= 0.005


def test_what_software_prints_depends_on_ties_and_number() -> None:
    r = frozenset({"r_before_4_6"})
    assert usual_flavours(r, 60, ties=False, zeros=False) == ("normal_corrected",)
    assert usual_flavours(r, 9, ties=True, zeros=False) == ("normal_corrected",)
    assert usual_flavours(frozenset({"sas"}), 30, ties=False, zeros=False) == ()
