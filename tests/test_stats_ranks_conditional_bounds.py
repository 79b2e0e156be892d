"""The least exact p-value given ties, against all data in small boxes and random data in large ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import quantile_form
from netcore.stats.ranks.boxes import Boxes, Sample, ordered_boxes
from netcore.stats.ranks.conditional_bounds import (
    Part,
    _beyond,
    _bound,
    _Problem,
    least_conditional_p,
)
from netcore.stats.ranks.corners import corner_codes, intervals_of
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.null_distributions import tied_mann_whitney_counts
from netcore.stats.ranks.p_values import p_value
from tests.rank_references import groups_of, u_of

RULES = ("doubled", "distance", "less", "greater")


@cache
def p_of(n1: int, n2: int, u: Fraction, groups: tuple[int, ...], rule: str) -> Fraction:
    """Compute the p-value from all choices of n1 among the values."""
    values = [level for level, size in enumerate(groups) for _ in range(size)]
    found = []
    for chosen in combinations(range(n1 + n2), n1):
        others = [value for i, value in enumerate(values) if i not in chosen]
        found.append(u_of([values[i] for i in chosen], others))
    middle = Fraction(n1 * n2, 2)
    sides = {
        "less": sum(one <= u for one in found),
        "greater": sum(one >= u for one in found),
        "distance": sum(abs(one - middle) >= abs(u - middle) for one in found),
    }
    sides["doubled"] = min(len(found), 2 * min(sides["less"], sides["greater"]))
    return Fraction(sides[rule], len(found))


def orders(n1: int, n2: int) -> Iterator[list[tuple[int, int]]]:
    """Yield all orders of two samples: how many of each are in the tied groups, ascending."""
    if n1 == n2 == 0:
        yield []
    for of_x in range(n1 + 1):
        for of_y in range(n2 + 1):
            if of_x + of_y:
                for rest in orders(n1 - of_x, n2 - of_y):
                    yield [(of_x, of_y), *rest]


def fine_grid(boxes: list[Interval]) -> list[Fraction]:
    """Return all ends and, in each gap, as many values as could be told apart in it."""
    ends = {end for box in boxes for end in (box.low, box.high) if end is not None}
    known = sorted(ends or {Fraction(0)})
    number = len(boxes)
    inner = [
        low + (high - low) * Fraction(k, number + 1)
        for low, high in pairwise([known[0] - 1, *known, known[-1] + 1])
        for k in range(1, number + 1)
    ]
    return sorted({*known, *inner})


def data_of(
    order: list[tuple[int, int]], x: list[Interval], y: list[Interval]
) -> tuple[list[Fraction], list[Fraction]] | None:
    """Give each group the least value that its boxes allow above the group before."""
    found: tuple[list[Fraction], list[Fraction]] = ([], [])
    left = fine_grid([*x, *y])
    for of_x, of_y in order:
        i, j = len(found[0]), len(found[1])
        boxes = [*x[i : i + of_x], *y[j : j + of_y]]
        while left and not all(left[0] in box for box in boxes):
            left.pop(0)
        if not left:
            return None
        value = left.pop(0)
        found[0].extend([value] * of_x)
        found[1].extend([value] * of_y)
    return found


BOX = (
    st.tuples(
        st.sampled_from([None, Fraction(0), Fraction(1)]),
        st.sampled_from([None, Fraction(1), Fraction(2)]),
        st.booleans(),
        st.booleans(),
    )
    .map(lambda parts: Interval(*parts))
    .filter(lambda box: not box.is_empty)
)
SMALL = st.sampled_from([(1, 1), (1, 3), (2, 2), (3, 1), (2, 3), (3, 3), (4, 2)])


@given(SMALL, st.data())
@settings(deadline=None, max_examples=40)
def test_the_search_ends_with_the_least_p_of_all_data_in_boxes(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    x, y = (data.draw(st.lists(BOX, min_size=n, max_size=n)) for n in sizes)
    known = [found for order in orders(*sizes) if (found := data_of(order, x, y))]
    ranked = {(u_of(one, other), groups_of([*one, *other])) for one, other in known}
    for rule in RULES:
        if not ranked:
            with pytest.raises(ValueError, match="no room"):
                least_conditional_p(x, y, rule)
            continue
        found = least_conditional_p(x, y, rule)
        least = min(p_of(*sizes, u, groups, rule) for u, groups in ranked)
        assert found.low == least
        assert found.is_complete
        assert found.is_exact or least == 1
        # Whatever the budget, the bound is sound, and the patterns cover all data.
        for budget in (1, 5):
            early = least_conditional_p(x, y, rule, budget=budget)
            assert early.low <= least
            for _, groups in ranked:
                assert sum(refines(groups, parts) for parts in early.parts) == 1


def refines(groups: tuple[int, ...], parts: tuple[Part, ...]) -> bool:
    """Whether tied groups are those of a pattern, with any groups inside its open parts."""
    cuts = [0]
    for size in groups:
        cuts.append(cuts[-1] + size)
    start = 0
    for part in parts:
        end = start + part.size
        if start not in cuts or end not in cuts:
            return False
        if not part.is_open and any(start < cut < end for cut in cuts):
            return False
        start = end
    return True


def compositions(size: int) -> Iterator[tuple[int, ...]]:
    if size == 0:
        yield ()
    for first in range(1, size + 1):
        for rest in compositions(size - first):
            yield (first, *rest)


@pytest.mark.parametrize(
    ("before", "opened", "after"), [(0, 6, 0), (2, 5, 2), (0, 6, 3), (3, 4, 0)]
)
def test_whatever_is_tied_in_an_open_part_no_tail_is_below_its_bound(
    before: int, opened: int, after: int
) -> None:
    around = (before,) * (before > 0), (after,) * (after > 0)
    total = before + opened + after
    for n1 in range(1, total):
        n2 = total - n1
        whole = tied_mann_whitney_counts(n1, (*around[0], opened, *around[1]))
        product = max(a * (opened - a) for a in range(opened + 1) if a <= n1 and opened - a <= n2)
        bounds = [_beyond(whole, at, product * (opened + 1), product) for at in range(len(whole))]
        for groups in compositions(opened):
            counts = tied_mann_whitney_counts(n1, (*around[0], *groups, *around[1]))
            for at, bound in enumerate(bounds):
                assert bound <= counts[-1] - (counts[at - 1] if at else 0)


@pytest.mark.parametrize("rule", RULES)
def test_a_pattern_s_bound_holds_for_all_patterns_that_it_is_split_into(rule: str) -> None:
    def boxes(*ends: tuple[int, int]) -> list[Interval]:
        return [Interval(Fraction(low), Fraction(high)) for low, high in ends]

    problem = _Problem(
        *corner_codes(
            [boxes((0, 2), (1, 4), (2, 6), (5, 8), (6, 9)), boxes((0, 1), (0, 3), (1, 3), (2, 7))]
        )
    )
    exact = {}
    for groups in compositions(9):
        found = _bound(problem, tuple(Part(size, False) for size in groups), rule)
        if found is not None:
            exact[groups] = found
    for sizes in compositions(9):
        parts = tuple(Part(size, size > 1) for size in sizes)
        bound = _bound(problem, parts, rule)
        finer = [p for groups, p in exact.items() if refines(groups, parts)]
        if bound is None:
            assert not finer
        else:
            assert bound <= min(finer)


VALUES = st.lists(st.integers(0, 6), min_size=2, max_size=9)
SLACK = st.integers(0, 4)


@given(VALUES, VALUES, SLACK, st.sampled_from(RULES), st.sampled_from([1, 60]))
@settings(deadline=None, max_examples=60)
def test_no_data_have_a_p_below_the_bound_of_their_boxes(
    x: list[int], y: list[int], slack: int, rule: str, budget: int
) -> None:
    if len({*x, *y}) == 1:
        return
    flavour = FLAVOURS[f"conditional_{rule}"]
    p = p_value(flavour, len(x), len(y), u_of(x, y), groups_of([*x, *y])).low
    boxes = [
        [Interval(Fraction(value - slack), Fraction(value + slack, 1)) for value in sorted(values)]
        for values in (x, y)
    ]
    assert least_conditional_p(boxes[0], boxes[1], rule, budget=budget).low <= p


@given(VALUES, VALUES, st.sampled_from(["type2", "type7", "tukey"]), st.sampled_from(RULES))
@settings(deadline=None, max_examples=40)
def test_no_data_have_a_p_below_the_bound_of_their_quartiles(
    x: list[int], y: list[int], definition: str, rule: str
) -> None:
    if len({*x, *y}) == 1:
        return
    boxes = []
    for values in (sorted(x), sorted(y)):
        quartiles = {}
        for share in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
            form = quantile_form(definition, share, len(values))
            first, last = values[form.indices[0] - 1], values[form.indices[-1] - 1]
            quartiles[share] = Interval.point((1 - form.weight) * first + form.weight * last)
        for known in (definition, None):
            found = ordered_boxes(Sample.of(len(values), quartiles), known)
            assert isinstance(found, Boxes)
            boxes.append(intervals_of(found))
    p = p_value(
        FLAVOURS[f"conditional_{rule}"], len(x), len(y), u_of(x, y), groups_of([*x, *y])
    ).low
    for k in (0, 1):
        assert least_conditional_p(boxes[k], boxes[k + 2], rule, budget=40).low <= p


def test_separate_samples_have_one_order_as_extreme() -> None:
    low, high = Interval(Fraction(0), Fraction(2)), Interval(Fraction(3), Fraction(5))
    found = least_conditional_p([low] * 15, [high] * 19)
    assert found.low == p_value(FLAVOURS["exact"], 15, 19, 0).low
    assert found.is_complete


def test_quartiles_of_two_samples_bound_the_p_of_tied_data() -> None:
    # Boxes that overlap by half: no ties give p = 0.0302 at least.  A printed p of 0.0005 is
    # excluded after few patterns, and a longer search comes nearer to what is attained.
    def sample(number: int, lower: int, median: int, upper: int) -> tuple[Interval, ...]:
        window = {
            Fraction(1, 4): Interval.point(lower),
            Fraction(1, 2): Interval.point(median),
            Fraction(3, 4): Interval.point(upper),
        }
        found = ordered_boxes(Sample.of(number, window), "type2")
        assert isinstance(found, Boxes)
        return intervals_of(found)

    x, y = sample(15, 14, 24, 25), sample(19, 15, 22, 56)
    quick = least_conditional_p(x, y, enough=Fraction(5, 10_000))
    assert quick.is_complete
    assert not quick.is_exact
    assert quick.examined < 200
    longer = least_conditional_p(x, y, budget=1_000)
    assert quick.low < longer.low
    assert not longer.is_complete
    assert longer.examined >= 1_000


def test_boxes_without_data_and_unknown_rules_are_refused() -> None:
    box = Interval(Fraction(0), Fraction(1))
    with pytest.raises(ValueError, match="at least one"):
        least_conditional_p([], [box])
    with pytest.raises(ValueError, match="no room"):
        least_conditional_p([Interval.point(2), box], [box])
    with pytest.raises(ValueError, match="expected one of doubled"):
        least_conditional_p([box], [box], "mid")


# A stand-alone check of a bound: nothing here but integers and fractions.

End = tuple[Fraction | None, bool]


def above(top: End, bottom: End) -> int:
    """1 if a value at a top can be greater than one at a bottom, 0 if equal, else -1."""
    if top[0] is None or bottom[0] is None or top[0] > bottom[0]:
        return 1
    return 0 if top[0] == bottom[0] and top[1] and bottom[1] else -1


def replay(x: list[tuple[End, End]], y: list[tuple[End, End]], low: Fraction) -> int:
    """Prove that no data in ascending boxes have a smaller doubled p-value given the ties.

    Returns how many patterns of ties it took.  A pattern is a tuple of sizes, negative where
    all of so many neighbours are tied, and otherwise where any of them may be.
    """
    n1, n2 = len(x), len(y)

    def group(i: int, j: int, a: int, b: int) -> bool:
        members = [*x[i : i + a], *y[j : j + b]]
        before = [*x[:i], *y[:j]]
        return all(above(one[1], other[0]) >= 0 for one in members for other in members) and all(
            above(one[1], other[0]) > 0 for one in members for other in before
        )

    known_groups: dict[tuple[int, int, int, int], bool] = {}

    def step(
        states: dict[tuple[int, int], int], size: int, best: int
    ) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for (i, j), value in states.items():
            for a in range(max(0, size - n2 + j), min(size, n1 - i) + 1):
                key = (i, j, a, size - a)
                if key not in known_groups:
                    known_groups[key] = group(*key)
                if known_groups[key]:
                    state, sum_ = (i + a, j + size - a), value + a * (2 * j + size - a)
                    found[state] = best * max(best * found.get(state, sum_), best * sum_)
        return found

    def extreme(parts: tuple[int, ...], best: int) -> int | None:
        states = {(0, 0): 0}
        for size in parts:
            if size < 0:
                states = step(states, -size, best)
                continue
            layers = [states, *({} for _ in range(size))]
            for start in range(size):
                for taken in range(1, size - start + 1):
                    for state, value in step(layers[start], taken, best).items():
                        old = layers[start + taken].get(state, value)
                        layers[start + taken][state] = best * max(best * old, best * value)
            states = layers[size]
        return states.get((n1, n2))

    def bound(parts: tuple[int, ...]) -> Fraction | None:
        highest, lowest = extreme(parts, 1), extreme(parts, -1)
        if highest is None or lowest is None:
            return None
        ways = {(0, 0): 1}
        below = farthest = spread = 0
        for size in map(abs, parts):
            after: dict[tuple[int, int], int] = {}
            for (k, sum_), number in ways.items():
                for a in range(max(0, size - n2 + below - k), min(size, n1 - k) + 1):
                    key = (k + a, sum_ + a * (2 * (below - k) + size - a))
                    after[key] = after.get(key, 0) + number * comb(size, a)
            ways, below = after, below + size
        for size in parts:
            if size > 1:
                most = max(a * (size - a) for a in range(size + 1) if a <= n1 and size - a <= n2)
                farthest, spread = farthest + most, spread + most * (size + 1)
        sides = [Fraction(0), Fraction(0)]
        for (_, sum_), number in ways.items():
            for side, distance in enumerate((sum_ - highest, lowest - sum_)):
                if distance >= farthest:
                    sides[side] += number
                elif distance > 0:
                    sides[side] += Fraction(number * 3 * distance**2, 3 * distance**2 + spread)
        return min(Fraction(1), 2 * min(sides) / comb(n1 + n2, n1))

    examined, queue = 0, [(n1 + n2,)]
    while queue:
        parts = queue.pop()
        examined += 1
        found = bound(parts)
        if found is None or found >= low:
            continue
        place = max(range(len(parts)), key=lambda k: parts[k])
        size, before, after = parts[place], parts[:place], parts[place + 1 :]
        assert size > 1, "data with these ties have a smaller p-value"
        middle = size // 2
        queue.append((*before, middle, size - middle, *after))
        queue += [
            (
                *before,
                *([first] if first else []),
                first - last,
                *([size - last] if size > last else []),
                *after,
            )
            for first in range(middle)
            for last in range(middle + 1, size + 1)
        ]
    return examined


@pytest.mark.parametrize(("definition", "low"), [("type2", 2_000), (None, 2_000)])
def test_a_bound_is_proved_again_by_a_check_that_shares_nothing_with_it(
    definition: str | None, low: int
) -> None:
    def sample(number: int, *quartiles: int) -> list[Interval]:
        shares = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
        windows = {
            share: Interval.point(value) for share, value in zip(shares, quartiles, strict=True)
        }
        found = ordered_boxes(Sample.of(number, windows), definition)
        assert isinstance(found, Boxes)
        return list(intervals_of(found))

    x, y = sample(15, 14, 24, 25), sample(19, 15, 22, 56)
    ends = [
        [((box.low, box.low_closed), (box.high, box.high_closed)) for box in boxes]
        for boxes in (x, y)
    ]
    found = least_conditional_p(x, y, enough=Fraction(1, low))
    assert found.low >= Fraction(1, low)
    # More patterns than the search, which passes over groups that no data can have.
    assert replay(ends[0], ends[1], Fraction(1, low)) >= found.examined


def test_the_check_refuses_what_is_not_so() -> None:
    x = [Interval(Fraction(0), Fraction(3))] * 3
    ends = [((Fraction(0), True), (Fraction(3), True))] * 3
    least = least_conditional_p(x, x)
    assert least.is_exact
    assert replay(ends, ends, least.low) > 1
    with pytest.raises(AssertionError, match="smaller p-value"):
        replay(ends, ends, least.low + Fraction(1, 1000))
