"""A whole against its parts: nothing true is excluded, and ends are attained."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from statistics import mean, pstdev, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval, parse_printed
from netcore.stats.moments.partitions import (
    CombinedVariance,
    Part,
    combined_variance,
    combined_variance_hull,
    fitting_numbers,
    whole_mean,
)
from netcore.stats.moments.spread import squared


def near(value: float, digits: int) -> Interval:
    return parse_printed(f"{value:.{digits}f}").window()


def compositions(parts: list[Part], total: range | None) -> list[tuple[int, ...]]:
    return [
        numbers
        for numbers in product(*(part.numbers for part in parts))
        if total is None or sum(numbers) in total
    ]


def weighted(numbers: tuple[int, ...], means: tuple[Fraction, ...]) -> Fraction:
    return sum((n * m for n, m in zip(numbers, means, strict=True)), Fraction(0)) / sum(numbers)


def test_the_means_of_a_whole_are_those_of_every_combination() -> None:
    rng = random.Random(2)
    for _ in range(300):
        parts = []
        for _ in range(rng.randint(1, 4)):
            few, low = rng.randint(1, 4), Fraction(rng.randint(0, 20), 2)
            parts.append(
                Part(range(few, few + rng.randint(1, 4)), Interval(low, low + rng.randint(0, 3)))
            )
        total = None
        if rng.random() < 0.7:
            size = rng.randint(
                sum(part.numbers[0] for part in parts), sum(part.numbers[-1] for part in parts)
            )
            total = range(size, size + rng.randint(1, 3))
        found = whole_mean(parts, total)
        combinations = compositions(parts, total)
        lows, highs = (tuple(part.means[k] for part in parts) for k in (0, 1))
        assert found.window == Interval(
            min(weighted(n, lows) for n in combinations),
            max(weighted(n, highs) for n in combinations),
        )
        assert found.least in combinations
        assert weighted(found.least, lows) == found.window.low
        assert weighted(found.greatest, highs) == found.window.high


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_nothing_true_is_excluded(seed: int) -> None:
    rng = random.Random(seed)
    groups = [
        [rng.gauss(rng.choice([40, 60]), 9) for _ in range(rng.randint(1, 9))]
        for _ in range(rng.randint(1, 3))
    ]
    everybody = [x for values in groups for x in values]
    if len(everybody) < 2:
        return
    digits, ddof, spare = rng.randint(0, 2), rng.choice([0, 1]), rng.randint(0, 2)

    def sd(values: list[float]) -> float:
        return pstdev(values) if ddof == 0 else stdev(values)

    parts = [
        Part(
            range(max(1, len(values) - spare), len(values) + spare + 1),
            near(mean(values), digits),
            squared(near(sd(values), digits)) if len(values) > 1 else EVERYTHING,
            rng.choice([ddof, None]),
        )
        for values in groups
    ]
    true = tuple(len(values) for values in groups)
    size = range(len(everybody), len(everybody) + 1 + spare)
    whole = Part(
        size,
        near(mean(everybody), digits),
        squared(near(sd(everybody), digits)),
        rng.choice([ddof, None]),
    )
    assert whole_mean(parts, size).window.meets(whole.mean)
    found = fitting_numbers(parts, whole)
    assert found.is_complete
    assert true in found.numbers
    combined = combined_variance(parts, true, whole.mean, whole.ddof)
    assert combined is not None
    exact = Fraction(sd(everybody)) ** 2
    slack = exact / 10**9 + Fraction(1, 10**9)
    assert combined.window.meets(Interval(exact - slack, exact + slack))
    for limit in (5_000, 1):  # all combinations, or a bound without them
        span = combined_variance_hull(parts, whole, limit)
        assert span is not None
        assert span.window.meets(combined.window)
        assert span.window.low <= combined.window.low
        if span.window.high is not None:
            assert combined.window.high <= span.window.high


def test_the_variance_of_a_whole_is_that_of_its_values() -> None:
    # Exact moments of the parts leave one variance.
    rng = random.Random(7)
    for _ in range(60):
        groups = [
            [Fraction(rng.randint(0, 9)) for _ in range(rng.randint(2, 6))]
            for _ in range(rng.randint(1, 4))
        ]
        parts = []
        for values in groups:
            centre = sum(values) / len(values)
            squares = sum((x - centre) ** 2 for x in values)
            parts.append(
                Part(
                    range(len(values), len(values) + 1),
                    Interval.point(centre),
                    Interval.point(squares / (len(values) - 1)),
                    1,
                )
            )
        everybody = [x for values in groups for x in values]
        centre = sum(everybody) / len(everybody)
        squares = sum((x - centre) ** 2 for x in everybody)
        numbers = tuple(len(values) for values in groups)
        for ddof in (0, 1):
            expected = Interval.point(squares / (len(everybody) - ddof))
            assert combined_variance(parts, numbers, ddof=ddof) == CombinedVariance(expected, True)
        unknown = combined_variance(parts, numbers)
        assert unknown is not None
        assert unknown.window == Interval(squares / len(everybody), squares / (len(everybody) - 1))


def test_the_ends_over_windows_are_those_of_a_grid() -> None:
    rng = random.Random(11)
    for _ in range(40):
        parts, numbers = [], []
        for _ in range(rng.randint(2, 3)):
            low, sd = rng.randint(0, 6), rng.randint(1, 4)
            parts.append(
                Part(
                    range(1, 9),
                    Interval(Fraction(low), Fraction(low + rng.randint(0, 2))),
                    Interval(Fraction(sd), Fraction(sd + 1)),
                    1,
                )
            )
            numbers.append(rng.randint(1, 8))
        size = sum(numbers)
        grids = [
            [part.means[0] + Fraction(k, 4) * (part.means[1] - part.means[0]) for k in range(5)]
            for part in parts
        ]
        within = [
            sum((n - 1) * end(part) for n, part in zip(numbers, parts, strict=True))
            for end in (lambda part: part.variance.low, lambda part: part.variance.high)
        ]
        between = []
        for means in product(*grids):
            centre = weighted(tuple(numbers), means)
            between.append(sum(n * (m - centre) ** 2 for n, m in zip(numbers, means, strict=True)))
        found = combined_variance(parts, numbers, ddof=1)
        assert found is not None
        assert found.window.low <= (within[0] + min(between)) / (size - 1)
        # The greatest is at ends of the windows, which are on the grid.
        if found.is_exact:
            assert found.window.high == (within[1] + max(between)) / (size - 1)
        else:
            assert found.window.high >= (within[1] + max(between)) / (size - 1)


def test_a_mean_outside_the_parts_has_no_numbers() -> None:
    parts = [Part(range(5, 10), near(50, 1)), Part(range(5, 10), near(60, 1))]
    whole = Part(range(12, 13), near(61, 1))
    assert fitting_numbers(parts, whole).numbers == ()
    assert fitting_numbers(parts, whole).is_complete
    assert combined_variance(parts, (6, 6), near(61, 1)) is None
    assert combined_variance_hull(parts, whole) is None


def test_a_search_ends_with_its_limit() -> None:
    parts = [Part(range(1, 30), near(50, 0))] * 3
    found = fitting_numbers(parts, Part(range(3, 88), near(50, 0)), limit=10)
    assert (found.tried, found.is_complete, len(found.numbers)) == (10, False, 10)


def test_one_value_adds_no_squares_of_its_own() -> None:
    part = Part(range(1, 2), Interval.point(4), Interval(Fraction(1), Fraction(2)))
    assert part.squares(1) == (0, 0)
    assert part.squares(5) == (4, 10)
    found = combined_variance([part, part], (1, 1), ddof=1)
    assert found is not None
    assert found.window == Interval.point(0)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"numbers": range(3)}, "at least 1"),
        ({"numbers": range(3, 3)}, "at least 1"),
        ({"mean": Interval(None, Fraction(1))}, "two ends"),
        ({"variance": Interval(Fraction(-2), Fraction(-1))}, "variances"),
        ({"ddof": 2}, "expected 0, 1 or None"),
    ],
)
def test_what_is_no_part_is_refused(change: dict[str, object], found: str) -> None:
    with pytest.raises(ValueError, match=found):
        Part(**{"numbers": range(1, 3), "mean": Interval.point(1), **change})  # type: ignore[arg-type]


def test_questions_without_sense_are_refused() -> None:
    part = Part(range(1, 3), Interval.point(1))
    with pytest.raises(ValueError, match="no part"):
        whole_mean([])
    with pytest.raises(ValueError, match="from 2 to 4"):
        whole_mean([part, part], range(7, 9))
    with pytest.raises(ValueError, match="each part"):
        combined_variance([part, part], (3,))
    with pytest.raises(ValueError, match="each part"):
        combined_variance([part], (1,))
    with pytest.raises(ValueError, match="expected 0, 1 or None"):
        combined_variance([part], (2,), ddof=3)
