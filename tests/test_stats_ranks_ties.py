"""U and ties together, against all granular data, all weak orders and a stand-alone checker."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_trials import (
    EXTREMES,
    QUARTILES,
    all_data,
    draw_sample,
    granular,
    is_allowed,
    recomputed,
    u_and_ties,
    weak_orders,
)

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Block, Boxes, Sample, ordered_boxes
from netcore.stats.ranks.mann_whitney import ImpossibleSample, URange, u_range
from netcore.stats.ranks.ties import (
    Corner,
    TieHull,
    smallest_squared_z,
    squared_z,
    tie_hull,
    tie_hulls,
    u_by_ties,
)

HALF = Fraction(1, 2)
CORRECTIONS = (Fraction(0), HALF)
Pairs = set[tuple[Fraction, int]]

# --- A checker that shares no code with the module and none of its lemmas ---------------------


def replay(certificate: dict[str, Any]) -> bool:
    """Return whether z^2 is at most the bound for all values in boxes with U above its mean.

    The lines (a, b, h) claim a 2 U + b T <= h, in the order of the hull: they are checked by
    adding groups of equal values one after the other, in every way that the boxes allow.
    """
    cuts = sorted({end for side in "xy" for box in certificate[side] for end in box[::2]} - {None})
    # Piece 2 k + 1 of the line is the k-th cut, 2 k is what lies before; of each value, the first
    # and the last piece where it can be.
    x, y = (
        [
            (
                0 if low is None else 2 * cuts.index(low) + 1 + (not low_closed),
                2 * len(cuts) if high is None else 2 * cuts.index(high) + 1 - (not high_closed),
            )
            for low, low_closed, high, high_closed in certificate[side]
        ]
        for side in "xy"
    )
    n, m = len(x), len(y)

    def greatest(a: int, b: int) -> int | None:
        best = {(0, 0): 0}
        for piece in range(2 * len(cuts) + 1):
            reached = dict(best)
            for i, j in product(range(n + 1), range(m + 1)):
                score = (best if piece % 2 else reached).get((i, j))
                if score is None:
                    continue
                for p in range(n - i + 1):
                    if p and not x[i + p - 1][0] <= piece <= x[i + p - 1][1]:
                        break
                    for q in range(m - j + 1):
                        if q and not y[j + q - 1][0] <= piece <= y[j + q - 1][1]:
                            break
                        more = score + a * p * (2 * j + q) + b * ((p + q) ** 3 - (p + q))
                        if p + q and more > reached.get((i + p, j + q), more - 1):
                            reached[i + p, j + q] = more
            # A value that no later piece can hold must have been placed.
            best = {
                (i, j): score
                for (i, j), score in reached.items()
                if (i == n or x[i][1] > piece) and (j == m or y[j][1] > piece)
            }
        return best.get((n, m))

    lines = certificate["lines"]
    if lines[0][1] or lines[-1][0] or any(a < 0 or b < 0 for a, b, _ in lines):
        return False
    if any((most := greatest(a, b)) is None or most > height for a, b, height in lines):
        return False
    u, t = None, Fraction(0)
    for (a, b, h), (c, d, g) in pairwise(lines):  # corners of the region under the lines
        if a * d == b * c:
            return False
        before, u, ties = u, Fraction(h * d - g * b, 2 * (a * d - b * c)), t
        t = Fraction(a * g - c * h, a * d - b * c)
        if t < ties or (before is not None and u > before):
            return False
        distance = max(0, u - Fraction(n * m, 2) - certificate["correction"])
        variance = Fraction(n * m, 12) * (n + m + 1 - t / ((n + m) * (n + m - 1)))
        if distance and distance**2 > certificate["bound"] * variance:
            return False
    return True


def certificate_of(x: Boxes, y: Boxes, hull: TieHull, correction: Fraction) -> dict[str, Any]:
    def each(blocks: tuple[Block, ...]) -> list[tuple[Fraction | None, bool]]:
        return [(block.value, block.closed) for block in blocks for _ in range(block.size)]

    def boxes(one: Boxes) -> list[list[Any]]:
        ends = zip(each(one.bottoms), each(one.tops), strict=True)
        return [[*bottom, *top] for bottom, top in ends]

    lines = [list(line) for line in hull.lines]
    if hull.side == "less":  # U of y over x is the number of pairs less U of x over y
        x, y = y, x
        lines = [[-a, b, height - 2 * a * hull.n1 * hull.n2] for a, b, height in lines]
    return {
        "x": boxes(x),
        "y": boxes(y),
        "lines": lines,
        "correction": correction,
        "bound": hull.largest_squared_z(correction)[0],
    }


# --- Samples -----------------------------------------------------------------------------------


def draw_pair(seed: int, sizes: Sequence[tuple[int, int]]) -> tuple[Sample, Sample, str]:
    random = Random(seed)
    definition = random.choice(list(DEFINITIONS))
    shares = tuple(s for s in QUARTILES + EXTREMES if random.random() < 0.6)
    x, y = (
        draw_sample(random, n, definition=definition, shares=shares, open_ends=seed % 3 == 0)[0]
        for n in random.choice(sizes)
    )
    return x, y, definition


def boxes_of(x: Sample, y: Sample, definition: str | None) -> tuple[Boxes, Boxes]:
    found = ordered_boxes(x, definition), ordered_boxes(y, definition)
    assert isinstance(found[0], Boxes)
    assert isinstance(found[1], Boxes)
    return found[0], found[1]


def wide_pair(n1: int, n2: int) -> tuple[Sample, Sample]:
    def quartiles(number: int, *middles: int) -> Sample:
        windows = [Interval(Fraction(m) - HALF, Fraction(m) + HALF) for m in middles]
        return Sample.of(number, dict(zip(QUARTILES, windows, strict=True)))

    return quartiles(n1, 10, 20, 30), quartiles(n2, 19, 29, 41)


def assert_agreement(x: Sample, y: Sample, definition: str, pairs: Pairs) -> None:
    """Everything that is said of two samples holds for all pairs of U and T."""
    boxes = boxes_of(x, y, definition)
    are_exact = boxes[0].are_exact and boxes[1].are_exact
    found = u_range(x, y, definition)
    assert isinstance(found, URange)
    hulls = tie_hulls(x, y, definition, found)
    assert not isinstance(hulls, ImpossibleSample)
    mean = found.mean
    for hull, sign in zip(hulls, (1, -1), strict=True):
        assert hull.is_exact == are_exact
        for a, b, height in hull.lines:
            assert max(a * 2 * u + b * ties for u, ties in pairs) <= height
        for corner in hull.corners:
            if corner.x:
                assert recomputed(corner.x, corner.y) == (corner.u, corner.ties)
            assert not are_exact or (corner.u, corner.ties) in pairs
        for correction in CORRECTIONS:
            true = max(
                [
                    squared_z(*sizes(x, y), u, t, correction)
                    for u, t in pairs
                    if sign * u > sign * mean
                ],
                default=Fraction(0),
            )
            bound, _ = hull.largest_squared_z(correction)
            assert bound == true if are_exact else bound >= true
    for correction in CORRECTIONS:
        for with_ties in (True, False):
            squares = [
                squared_z(*sizes(x, y), u, t, correction) for u, t in pairs if with_ties or not t
            ]
            least = smallest_squared_z(found, with_ties=with_ties, correction=correction)
            if least is None:
                assert not squares
            elif squares:
                assert least[0] == min(squares) if least[1] else least[0] <= min(squares)
            else:
                assert not least[1]
    if are_exact:
        listed = u_by_ties(*boxes)
        assert listed is not None
        assert {
            (Fraction(k, 2), t)
            for t, bits in listed.items()
            for k in range(bits.bit_length())
            if bits >> k & 1
        } == pairs


def sizes(x: Sample, y: Sample) -> tuple[int, int]:
    return x.number, y.number


@pytest.mark.parametrize("seed", range(10))
def test_hull_and_list_are_those_of_all_weak_orders(seed: int) -> None:
    x, y, definition = draw_pair(seed, [(3, 3), (2, 3), (1, 4), (3, 2), (2, 2)])
    orders = weak_orders(x.number, y.number)
    pairs = {u_and_ties(order) for order in orders if is_allowed(order, x, y, definition)}
    assert_agreement(x, y, definition, pairs)


@pytest.mark.parametrize("seed", range(24))
def test_hull_and_list_are_those_of_all_granular_data(seed: int) -> None:
    is_fine = seed % 4 == 0
    few, more = [(2, 3), (2, 2), (3, 2)], [(3, 3), (2, 4), (4, 3), (1, 4), (4, 2)]
    x, y, definition = draw_pair(seed, few if is_fine else more)
    x, y = (granular(sample, Fraction(1, 2 if is_fine else 1)) for sample in (x, y))
    ones, others = all_data(x, definition), all_data(y, definition)
    pairs = {recomputed(one, other) for one in ones for other in others}
    assert_agreement(x, y, definition, pairs)


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=25),
    st.lists(st.integers(0, 60), min_size=1, max_size=25),
    st.sampled_from([None, *sorted(DEFINITIONS)]),
)
@settings(max_examples=60, deadline=None)
def test_no_true_data_have_a_statistic_beyond_the_hulls(
    x: list[int], y: list[int], definition: str | None
) -> None:
    from netcore.stats.quantiles.definitions import quantile_form

    samples = []
    for values in (x, y):
        ordered = sorted(map(Fraction, values))
        middles = {
            share: round(quantile_form(definition or "type7", share, len(ordered)).value(ordered))
            for share in QUARTILES
        }
        windows = {share: Interval(m - HALF, m + HALF) for share, m in middles.items()}
        samples.append(Sample.of(len(values), windows))
    hulls = tie_hulls(*samples, definition, u_range(*samples, definition))
    assert not isinstance(hulls, ImpossibleSample)
    u, ties = recomputed(list(map(Fraction, x)), list(map(Fraction, y)))
    for hull in hulls:
        assert all(a * 2 * u + b * ties <= height for a, b, height in hull.lines)
    for correction in CORRECTIONS:
        most = max(hull.largest_squared_z(correction)[0] for hull in hulls)
        assert squared_z(len(x), len(y), u, ties, correction) <= most


@pytest.mark.parametrize("side", ["greater", "less"])
@pytest.mark.parametrize(("n1", "n2", "definition"), [(9, 8, "type1"), (7, 11, None)])
def test_the_checker_accepts_the_lines_and_refuses_lower_ones(
    n1: int, n2: int, definition: str | None, side: Any
) -> None:
    boxes = boxes_of(*wide_pair(n1, n2), definition)
    if side == "greater":
        boxes = boxes[::-1]  # the second sample is the greater one
    hull = tie_hull(*boxes, side)
    assert len(hull.lines) > 2
    certificate = certificate_of(*boxes, hull, HALF)
    assert replay(certificate)
    for k in range(len(hull.lines)):
        lower = deepcopy(certificate)
        lower["lines"][k][2] -= 1
        assert not replay(lower)
    certificate["bound"] *= Fraction(999, 1000)
    assert not replay(certificate)


@pytest.mark.parametrize("seed", range(8))
def test_the_checker_finds_the_same_heights_without_the_lemmas(seed: int) -> None:
    x, y, _ = draw_pair(100 + seed, [(5, 6), (7, 4), (6, 6), (8, 3)])
    definition = [None, "type1", "type3"][seed % 3]
    boxes = boxes_of(x, y, definition)
    for side in ("greater", "less"):
        hull = tie_hull(*boxes, side)  # type: ignore[arg-type]
        certificate = certificate_of(*boxes, hull, Fraction(0))
        assert replay(certificate)
        for k, (a, _, _) in enumerate(hull.lines):
            lower = deepcopy(certificate)
            lower["lines"][k][2] -= 1
            assert not replay(lower), a


def test_the_corners_of_large_samples_are_data_with_the_printed_quantiles() -> None:
    x, y = wide_pair(61, 58)
    boxes = boxes_of(x, y, "type1")
    for side in ("greater", "less"):
        hull = tie_hull(*boxes, side)  # type: ignore[arg-type]
        assert hull.is_exact
        assert [corner.ties for corner in hull.corners] == sorted(c.ties for c in hull.corners)
        for corner in hull.corners:
            assert recomputed(corner.x, corner.y) == (corner.u, corner.ties)
            for values, sample in ((corner.x, x), (corner.y, y)):
                for share, window in sample.quantiles:
                    assert values[-(-share * sample.number // 1) - 1] in window  # type: ignore[index]


def test_ties_can_make_p_smaller_than_the_most_extreme_u_does() -> None:
    # The list of all pairs finds the same, by another way.
    x, y = wide_pair(9, 8)
    boxes = boxes_of(x, y, "type1")
    hull = tie_hull(*boxes, "less")
    best, where = hull.largest_squared_z()
    without = squared_z(9, 8, hull.corners[0].u, 0)
    assert best > without
    assert where.ties > 0
    listed = u_by_ties(*boxes)
    assert listed is not None
    assert best == max(
        squared_z(9, 8, Fraction(k, 2), ties)
        for ties, bits in listed.items()
        for k in range(bits.bit_length())
        if bits >> k & 1
    )


def test_a_bound_on_u_cuts_the_hull_without_losing_what_is_below_it() -> None:
    boxes = boxes_of(*wide_pair(9, 8), "type1")
    listed = u_by_ties(*boxes)
    assert listed is not None
    pairs = {
        (Fraction(k, 2), t) for t, b in listed.items() for k in range(b.bit_length()) if b >> k & 1
    }
    for side, sign in (("greater", 1), ("less", -1)):
        hull = tie_hull(*boxes, side)  # type: ignore[arg-type]
        assert hull.within(hull.corners[0].u) is hull
        limits = Random(1).sample(sorted({u for u, _ in pairs}), 12)
        for limit in (
            *limits,
            *(corner.u for corner in hull.corners),
            Fraction(1, 3),
            Fraction(70),
        ):
            cut = hull.within(limit)
            left = {(u, t) for u, t in pairs if sign * u <= sign * limit}
            for a, b, height in cut.lines:
                assert all(a * 2 * u + b * t <= height for u, t in left)
            assert all(sign * corner.u <= sign * limit for corner in cut.corners)
            best = max((squared_z(9, 8, u, t) for u, t in left if sign * (u - 36) > 0), default=0)
            bound, _ = cut.largest_squared_z()
            assert best <= bound <= hull.largest_squared_z()[0]
            assert len(cut.lines) == len(cut.corners) + 1
            assert not cut.is_exact or cut is hull


def test_the_statistic_is_that_of_scipy() -> None:
    from scipy.stats import mannwhitneyu, norm

    random = Random(3)
    for _ in range(40):
        x, y = ([random.randint(0, 5) for _ in range(random.randint(2, 9))] for _ in "xy")
        if len({*x, *y}) == 1:
            continue
        u, ties = recomputed(list(map(Fraction, x)), list(map(Fraction, y)))
        for correction in (False, True):
            found = mannwhitneyu(x, y, method="asymptotic", use_continuity=correction)
            square = squared_z(len(x), len(y), u, ties, HALF if correction else 0)
            # scipy does not stop at the expectation: it takes 1/2 from a distance of 0 as well.
            if u != Fraction(len(x) * len(y), 2):
                assert found.pvalue == pytest.approx(2 * norm.sf(float(square) ** 0.5))


def test_all_values_equal_have_no_statistic_and_impossible_ties_are_refused() -> None:
    assert squared_z(2, 3, Fraction(3), 120) == 0
    point = Sample.of(2, {Fraction(0): Interval.point(1), Fraction(1): Interval.point(1)})
    hulls = tie_hulls(point, point, None)
    assert not isinstance(hulls, ImpossibleSample)
    assert [hull.largest_squared_z()[0] for hull in hulls] == [0, 0]
    assert [[(c.u, c.ties) for c in hull.corners] for hull in hulls] == [[(2, 60)]] * 2
    for ties in (-1, 121):
        with pytest.raises(ValueError, match="found tie term"):
            squared_z(2, 3, Fraction(3), ties)


def test_samples_that_no_data_have_are_named() -> None:
    bad = Sample.of(
        5, {Fraction(0): Interval.point(3), Fraction(1): Interval(Fraction(1), Fraction(2))}
    )
    good = Sample.of(5, {})
    expected = ImpossibleSample("y", EXTREMES)
    assert tie_hulls(good, bad, "type7") == expected
    assert tie_hulls(bad, good, None) == ImpossibleSample("x", EXTREMES)
    assert tie_hulls(good, bad, "type7", u_range(good, bad, "type7")) == expected


def test_a_list_that_is_too_long_is_refused() -> None:
    assert u_by_ties(*boxes_of(Sample.of(45, {}), Sample.of(45, {}), None)) is None


def test_a_corner_that_a_bound_made_has_no_data() -> None:
    boxes = boxes_of(*wide_pair(9, 8), "type1")
    hull = tie_hull(*boxes, "greater")
    first = hull.within(hull.corners[0].u - HALF).corners[0]
    assert first == Corner(hull.corners[0].u - HALF, first.ties, (), ())
