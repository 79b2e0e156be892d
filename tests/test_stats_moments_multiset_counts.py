"""How many multisets of whole numbers have given sums, and uniform draws from them."""

from __future__ import annotations

from collections import Counter
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multiset_oracle import every_multiset, has_moments

from netcore.printed import Interval, parse_printed
from netcore.stats.moments.multiset_counts import count_multisets, draw_multisets
from netcore.stats.moments.multisets import MultisetQuestion, multiset_questions


def window(text: str) -> Interval:
    return parse_printed(text).window()


def question_of(
    mean: str, sd: str, number: int, low: int, high: int, ddofs: tuple[int, ...] = (1,)
) -> MultisetQuestion:
    [question] = multiset_questions(window(mean), window(sd), number, low, high, ddofs=ddofs)
    return question


@pytest.mark.parametrize(
    ("mean", "sd", "number", "low", "high", "expected"),
    [
        ("1.3", "0.9", 9, 1, 5, 0),
        ("1.2", "0.5", 12, 1, 5, 1),
        ("3.5", "0.5", 52, 1, 5, 15),
        ("2.7", "1.9", 130, 1, 5, 5_359),
        ("30.6", "3.1", 30, 27, 34, 2_579),
        ("4.7", "2.2", 50, 1, 7, 81_020),
        ("4.0", "1.5", 100, 1, 7, 6_139_677),
    ],
)
def test_vectors(mean: str, sd: str, number: int, low: int, high: int, expected: int) -> None:
    assert count_multisets(question_of(mean, sd, number, low, high)) == expected


class InOrder(Random):
    """Draws 0, 1, 2, ... instead of at random."""

    def __init__(self) -> None:
        self.next = -1

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        assert (stop, step) == (None, 1)
        self.next += 1
        return self.next % start


def answers(question: MultisetQuestion) -> set[tuple[int, ...]]:
    return {
        values
        for values in every_multiset(question.number, question.low, question.high)
        if question.accepts(values)
    }


@settings(deadline=None, max_examples=100)
@given(
    number=st.integers(1, 7),
    low=st.integers(-9, 4),
    length=st.integers(0, 6),
    targets=st.dictionaries(
        st.floats(0, 1), st.tuples(st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=4
    ),
    attained=st.booleans(),
)
def test_each_number_is_that_of_one_multiset(
    number: int,
    low: int,
    length: int,
    targets: dict[float, tuple[float, int]],
    attained: bool,
) -> None:
    """The numbers 0, 1, ..., count - 1 give all multisets, so a uniform number a uniform one."""
    sums = {}
    for share, (spread, width) in targets.items():
        total = number * low + round(share * number * length)
        first = total**2 // number + int(spread * number * length**2 / 3)
        first -= (first - total) % 2
        sums[total] = range(first, first + 2 * width + 1, 2)
    question = MultisetQuestion(number, low, low + length, tuple(sums.items()), attained)
    expected = answers(question)
    assert count_multisets(question) == len(expected)
    drawn = draw_multisets(question, InOrder(), len(expected) + 1)
    assert drawn is not None
    if expected:
        assert len(set(drawn[:-1])) == len(expected)
        assert set(drawn) == expected
        assert drawn[-1] == drawn[0]
    else:
        assert drawn == ()


@pytest.mark.parametrize("ddofs", [(1,), (0,), (1, 0)])
def test_counts_agree_with_all_small_data_sets(ddofs: tuple[int, ...]) -> None:
    printed = [f"{k / 10:.1f}" for k in range(0, 41, 3)]
    for number in range(1, 8):
        data = every_multiset(number, 0, 4)
        for mean, sd in product(printed, printed[:8]):
            means, sds = window(mean), window(sd)
            expected = sum(
                has_moments(values, (means.low, means.high), (sds.low, sds.high), ddofs)
                for values in data
                if means.low <= sum(values) / number <= means.high
            )
            assert count_multisets(question_of(mean, sd, number, 0, 4, ddofs)) == expected


def test_all_multisets_together_are_as_many_as_there_are() -> None:
    number, low, high = 12, 1, 9
    least, most = number * low**2, number * high**2
    targets = tuple(
        (total, range(least + (least - total) % 2, most + 1, 2))
        for total in range(number * low, number * high + 1)
    )
    # 20 over 8.
    assert count_multisets(MultisetQuestion(number, low, high, targets)) == 125_970


def test_coefficients_that_fill_no_machine_word_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    question = question_of("4.7", "2.2", 50, 1, 7)
    drawn = draw_multisets(question, Random(3), 5)
    monkeypatch.setattr("netcore.stats.moments.multiset_counts._WORDS", {})
    assert count_multisets(question) == 81_020
    assert draw_multisets(question, Random(3), 5) == drawn


def test_draws_are_uniform() -> None:
    question = question_of("3.5", "0.5", 52, 1, 5)
    draws = 6000
    drawn = draw_multisets(question, Random(20), draws)
    assert drawn is not None
    counts = Counter(drawn)
    assert len(counts) == 15
    assert all(map(question.accepts, counts))
    expected = draws / 15
    statistic = sum((count - expected) ** 2 / expected for count in counts.values())
    # The upper 0.1 % of chi-squared with 14 degrees of freedom begins at 36.12.
    assert statistic < 36.12


def test_draws_are_the_same_with_the_same_seed() -> None:
    question = question_of("4.7", "2.2", 50, 1, 7)
    first, second = (draw_multisets(question, Random(7), 20) for _ in range(2))
    assert first == second
    assert first != draw_multisets(question, Random(8), 20)
    assert first is not None
    assert all(map(question.accepts, first))


def test_ages_can_be_counted_and_drawn() -> None:
    question = question_of("58.6", "4.5", 34, 50, 66)
    # By adding up an array of all sums of 0 to 34 values from 50 to 66, value by value.
    assert count_multisets(question) == 8_208_421_951
    drawn = draw_multisets(question, Random(3), 4)
    assert drawn is not None
    assert all(map(question.accepts, drawn))


def test_a_count_that_is_too_long_is_none() -> None:
    question = question_of("58.56", "12.5", 34, 29, 82)
    assert count_multisets(question, budget=1000) is None
    assert draw_multisets(question, Random(1), budget=1000) is None
    huge = MultisetQuestion(10**12, 0, 9, ((10**12, range(4 * 10**12, 4 * 10**12 + 1, 2)),))
    assert count_multisets(huge) is None


def test_no_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        draw_multisets(question_of("1.2", "0.5", 12, 1, 5), Random(1), 0)
