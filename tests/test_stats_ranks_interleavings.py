"""The search over orders of critical values against linear programs for all orders."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from random import Random

import pytest
from rank_trials import EXTREMES, QUARTILES, draw_sample, is_allowed, u_and_ties, weak_orders

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Conflict, Sample
from netcore.stats.ranks.interleavings import Chain, critical_chain, greatest_u

SMALL = ((3, 3), (2, 4), (4, 2), (1, 4), (3, 2), (2, 3), (2, 2))
INTERPOLATED = ("type4", "type5", "type6", "type7", "type8", "type9", "tukey", "midpoint")


def draw_pair(seed: int, n1: int, n2: int) -> tuple[Sample, Sample, str]:
    random = Random(seed)
    definition = random.choice(INTERPOLATED)
    shares = tuple(s for s in QUARTILES + EXTREMES if random.random() < 0.7)
    x, _ = draw_sample(random, n1, definition=definition, shares=shares, open_ends=seed % 3 == 0)
    y, _ = draw_sample(random, n2, definition=definition, shares=shares, open_ends=seed % 3 == 0)
    return x, y, definition


def chains(x: Sample, y: Sample, definition: str) -> tuple[Chain, Chain]:
    found = critical_chain(x, definition), critical_chain(y, definition)
    assert isinstance(found[0], Chain)
    assert isinstance(found[1], Chain)
    return found[0], found[1]


# The seeds from 24 on have ends that only ties reach, or no data without ties.
@pytest.mark.parametrize("seed", [*range(14), 24, 28, 45, 48, 67, 93])
def test_the_greatest_u_is_that_of_all_weak_orders_a_linear_program_allows(seed: int) -> None:
    x, y, definition = draw_pair(seed, *SMALL[seed % 7])
    pairs = [
        u_and_ties(o) for o in weak_orders(x.number, y.number) if is_allowed(o, x, y, definition)
    ]
    found = greatest_u(*chains(x, y, definition), with_ties=True)
    assert found is not None
    assert found.reached == found.bound == max(u for u, _ in pairs)
    without = greatest_u(*chains(x, y, definition), with_ties=False)
    assert (without and without.bound) == max((u for u, ties in pairs if not ties), default=None)


@pytest.mark.parametrize("seed", range(100, 106))
def test_the_greatest_u_without_ties_is_that_of_all_orders_of_ten_values(seed: int) -> None:
    n1, n2 = [(5, 5), (4, 6), (6, 4)][seed % 3]
    x, y, definition = draw_pair(seed, n1, n2)
    values = []
    for places in combinations(range(n1 + n2), n1):
        order = tuple((1, 0) if k in places else (0, 1) for k in range(n1 + n2))
        if is_allowed(order, x, y, definition):
            values.append(u_and_ties(order)[0])
    found = greatest_u(*chains(x, y, definition), with_ties=False)
    assert (found and found.reached) == max(values, default=None)


@pytest.mark.parametrize("seed", [24, 28, 45, 582, 1037])
def test_a_short_budget_leaves_the_bound_sound_where_ties_give_more(seed: int) -> None:
    x, y, definition = draw_pair(seed, *SMALL[seed % 7])
    both = chains(x, y, definition)
    exact = greatest_u(*both, with_ties=True)
    assert exact is not None
    for budget in range(40):
        found = greatest_u(*both, with_ties=True, budget=budget)
        assert found is not None
        assert found.bound >= exact.bound
        assert found.reached is None or found.reached <= exact.bound


def test_what_one_neighbour_gives_the_other_takes() -> None:
    # The median of two is at most 4: one of x can be above 6, or both above 3, but not so that
    # they are above three values of y.
    x = Sample.of(2, {Fraction(1, 2): Interval(Fraction(3), Fraction(4))})
    y = Sample.of(2, {Fraction(0): Interval.point(3), Fraction(1): Interval.point(6)})
    found = greatest_u(*chains(x, y, "type7"), with_ties=False)
    assert found is not None
    assert found.reached == 2


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("with_ties", [True, False])
def test_a_short_budget_leaves_the_bound_sound(seed: int, with_ties: bool) -> None:
    x, y, definition = draw_pair(seed, 11, 9)
    both = chains(x, y, definition)
    exact = greatest_u(*both, with_ties=with_ties)
    assert exact is not None
    assert exact.is_exact
    for budget in (0, 1, 5, 12, 40, 100, 100_000):
        found = greatest_u(*both, with_ties=with_ties, budget=budget)
        assert found is not None
        assert found.bound >= exact.bound
        assert found.reached is None or found.reached <= exact.bound
    assert found.is_exact


@pytest.mark.parametrize("seed", range(12))
def test_the_critical_values_found_meet_what_is_printed(seed: int) -> None:
    x, y, definition = draw_pair(seed, 10, 13)
    both = chains(x, y, definition)
    found = greatest_u(*both, with_ties=False)
    if found is None:
        return
    for chain, values in zip(both, (found.x_values, found.y_values), strict=True):
        assert len(values) == len(chain.indices)
        assert all(one < other for one, other in pairwise(values))
        for r, value in enumerate(values):
            assert all(value in window for window in chain.limits[r])
            for weight, window in chain.links[r]:
                assert (1 - weight) * values[r - 1] + weight * value in window
    assert not set(found.x_values) & set(found.y_values)


@pytest.mark.parametrize("definition", INTERPOLATED)
def test_interpolated_quantiles_out_of_order_name_the_two(definition: str) -> None:
    windows = {
        Fraction(1, 4): Interval(Fraction(7), Fraction(8)),
        Fraction(1, 2): Interval(Fraction(5), Fraction(6)),
        Fraction(3, 4): Interval(Fraction(9), Fraction(10)),
    }
    found = critical_chain(Sample.of(15, windows), definition)
    assert found == Conflict((Fraction(1, 4), Fraction(1, 2)))


def test_three_quantiles_of_two_values_can_conflict_though_any_two_go_together() -> None:
    # All three lie on a line between the two values, the median in the middle.
    windows = {
        Fraction(1, 4): Interval.point(0),
        Fraction(1, 2): Interval.point(9),
        Fraction(3, 4): Interval.point(10),
    }
    shares = tuple(windows)
    assert critical_chain(Sample.of(2, windows), "type7") == Conflict(shares)
    for left in shares:
        two = {share: window for share, window in windows.items() if share != left}
        assert isinstance(critical_chain(Sample.of(2, two), "type7"), Chain)


def test_every_definition_that_is_listed_has_a_chain() -> None:
    windows = {share: Interval(Fraction(k), Fraction(k + 1)) for k, share in enumerate(QUARTILES)}
    for definition in DEFINITIONS:
        for number in range(1, 12):
            assert isinstance(
                critical_chain(Sample.of(number, windows), definition), Chain | Conflict
            )


@pytest.mark.parametrize("with_ties", [True, False])
def test_of_a_sample_without_any_quantile_u_is_free(with_ties: bool) -> None:
    x = Sample.of(4, {Fraction(1, 2): Interval(Fraction(0), Fraction(1))})
    nothing = Sample.of(3, {})
    for pair in ((x, nothing), (nothing, x), (nothing, nothing)):
        found = greatest_u(*chains(*pair, "type7"), with_ties=with_ties)
        assert found is not None
        assert found.reached == pair[0].number * pair[1].number
