"""Whether whole numbers on a scale exist with a mean and a standard deviation."""

from __future__ import annotations

import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multiset_oracle import every_multiset, has_moments, has_no_data

from netcore.printed import Interval, parse_printed, rounding_window
from netcore.stats.moments.grimmer import grimmer
from netcore.stats.moments.multisets import (
    CentredSums,
    MultisetQuestion,
    MultisetSearch,
    find_multiset,
    greatest_squares,
    multiset_questions,
)


def window(text: str, rounding: str = "nearest") -> Interval:
    return parse_printed(text).window(rounding)


def question_of(
    mean: str, sd: str, number: int, low: int, high: int, ddofs: tuple[int, ...] = (1,)
) -> MultisetQuestion:
    [question] = multiset_questions(window(mean), window(sd), number, low, high, ddofs=ddofs)
    return question


def answer(question: MultisetQuestion) -> bool:
    """Return whether there is a multiset; if there is one, check it."""
    search = find_multiset(question)
    assert search.outcome != "open"
    if search.multiset is not None:
        assert question.accepts(search.multiset)
    assert (search.outcome == "exists") is (search.multiset is not None)
    return search.multiset is not None


def ends(text: str) -> tuple[Fraction, Fraction]:
    found = window(text)
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.mark.parametrize(
    ("mean", "sd", "number", "low", "high", "ddofs", "possible"),
    [
        ("1.3", "0.9", 9, 1, 5, (1,), False),
        ("1.3", "0.9", 9, 1, 5, (0,), True),
        ("1.3", "0.9", 9, 1, 5, (1, 0), True),
        ("1.2", "0.5", 12, 1, 5, (1,), True),
        ("0.03", "0.18", 200, 0, 1, (1,), True),
        ("1.1", "1.41", 30, 0, 4, (1,), True),
        ("2.7", "1.9", 130, 1, 5, (1,), True),
        ("3.5", "0.5", 52, 1, 5, (1,), True),
        ("30.6", "3.1", 30, 27, 34, (1,), True),
        ("58.55", "12.5", 34, 29, 82, (1,), False),
        ("58.56", "12.5", 34, 29, 82, (1,), True),
        ("58.56", "26.9", 34, 29, 82, (1,), False),
        ("5.23", "2.55", 35, 0, 10, (1,), False),
        ("5.23", "2.55", 35, 0, 10, (0,), True),
    ],
)
def test_vectors(
    mean: str, sd: str, number: int, low: int, high: int, ddofs: tuple[int, ...], possible: bool
) -> None:
    assert answer(question_of(mean, sd, number, low, high, ddofs)) is possible
    assert has_no_data(ends(mean), ends(sd), number, low, high, ddofs) is not possible


def test_the_only_multiset_is_found() -> None:
    found = find_multiset(question_of("1.2", "0.5", 12, 1, 5)).multiset
    assert found == (1,) * 9 + (2,) * 3


def test_grimmer_lets_pass_what_no_scale_from_one_to_five_has() -> None:
    assert grimmer(window("1.3"), window("0.9"), 9, ddofs=(1,)).is_possible
    assert not answer(question_of("1.3", "0.9", 9, 1, 5))
    assert answer(question_of("1.3", "0.9", 9, 0, 5))


@pytest.mark.parametrize("attained", [False, True])
@pytest.mark.parametrize(("low", "high"), [(0, 4), (1, 3), (0, 1), (2, 2), (-3, 3)])
def test_existence_agrees_with_all_small_data_sets(low: int, high: int, attained: bool) -> None:
    """Ask about each pair of sums that all data sets have, and about all pairs around them."""
    for number in range(1, 8 if high - low < 5 else 5):
        found = {
            (sum(values), sum(value**2 for value in values))
            for values in every_multiset(number, low, high)
            if not attained or (low in values and high in values)
        }
        most = number * max(low**2, high**2)
        for total in range(number * low - 1, number * high + 2):
            for squares in range(total % 2, most + 3, 2):
                question = MultisetQuestion(
                    number, low, high, ((total, range(squares, squares + 2, 2)),), attained
                )
                assert answer(question) is ((total, squares) in found)


PRINTABLE = [f"{k / 10:.1f}" for k in range(0, 46, 4)]


@pytest.mark.parametrize("ddofs", [(1,), (0,), (1, 0)])
@pytest.mark.parametrize("attained", [False, True])
def test_windows_agree_with_all_small_data_sets(ddofs: tuple[int, ...], attained: bool) -> None:
    for number in range(1, 7):
        data = [
            values
            for values in every_multiset(number, 0, 4)
            if not attained or (min(values), max(values)) == (0, 4)
        ]
        for mean, sd in product(PRINTABLE, PRINTABLE[:7]):
            expected = any(has_moments(values, ends(mean), ends(sd), ddofs) for values in data)
            [question] = multiset_questions(
                window(mean), window(sd), number, 0, 4, ddofs=ddofs, attained=attained
            )
            assert answer(question) is expected
            assert has_no_data(ends(mean), ends(sd), number, 0, 4, ddofs, attained) is not expected


@settings(deadline=None, max_examples=150)
@given(
    number=st.integers(1, 16),
    low=st.integers(-20, 5),
    length=st.integers(0, 8),
    totals=st.lists(st.fractions(0, 1, max_denominator=60), min_size=1, max_size=3),
    spread=st.fractions(0, 1, max_denominator=200),
    width=st.integers(0, 6),
    attained=st.booleans(),
)
def test_sums_at_every_spread_agree_with_a_plain_search(
    number: int,
    low: int,
    length: int,
    totals: list[Fraction],
    spread: Fraction,
    width: int,
    attained: bool,
) -> None:
    high = low + length
    targets = {}
    for share in totals:
        total = number * low + int(share * number * length)
        least = min(total**2 // number - 2, 0)
        most = greatest_squares(number, total, low, high)
        # Squared, so that many sums are close to the greatest, where gaps are.
        first = int(least + (1 - spread**2) * (most + 2 - least))
        first += (first - total) % 2
        targets[total] = range(first, first + 2 * width + 1, 2)
    question = MultisetQuestion(number, low, high, tuple(targets.items()), attained)
    expected = plain_search(question)
    assert answer(question) is expected


def plain_search(question: MultisetQuestion) -> bool:
    known = {question.low, question.high} if question.attained else set()
    free = question.number - len(known)
    if free < 0:
        return False
    reached = [set() for _ in range(free + 1)]
    reached[0].add((sum(known), sum(value**2 for value in known)))
    for value in range(question.low, question.high + 1):
        for count in range(free):
            reached[count + 1] |= {(s + value, q + value**2) for s, q in reached[count]}
    return any((s, q) in reached[free] for s, squares in question.targets for q in squares)


ROUNDERS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}


@given(
    values=st.lists(st.integers(0, 12), min_size=2, max_size=30),
    slack=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    step=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(5)]),
    ddof=st.sampled_from([0, 1]),
    digits=st.integers(0, 2),
    rounding=st.sampled_from(["float", *sorted(ROUNDERS)]),
    attained=st.booleans(),
)
def test_data_that_exist_are_never_excluded(
    values: list[int],
    slack: tuple[int, int],
    step: Fraction,
    ddof: int,
    digits: int,
    rounding: str,
    attained: bool,
) -> None:
    number = len(values)
    mean = sum(values) * step / number
    variance = sum((value * step - mean) ** 2 for value in values) / (number - ddof)
    if rounding == "float":
        texts = [f"{float(mean):.{digits}f}", f"{sqrt(variance):.{digits}f}"]
    else:
        quantum = Decimal(1).scaleb(-digits)
        deviation = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        average = Decimal(mean.numerator) / Decimal(mean.denominator)
        texts = [f"{x.quantize(quantum, ROUNDERS[rounding]):f}" for x in (average, deviation)]
    convention = "any" if rounding == "truncate" else "nearest"
    below, above = (0, 0) if attained else slack
    [question] = multiset_questions(
        window(texts[0], convention),
        window(texts[1], convention),
        number,
        (min(values) - below) * step,
        (max(values) + above) * step,
        step,
        attained=attained,
    )
    assert question.accepts(values)
    assert answer(question)


@pytest.mark.parametrize(
    ("mean", "sd", "number", "low", "high"),
    [
        ("58.5", "12.5", 340, 29, 82),
        ("4.0", "3.00", 1000, 1, 7),
        ("1.02", "0.31", 5000, 1, 5),
        ("3.99", "1.004", 20_000, 1, 7),
        ("4.2", "1.5", 100_000, 1, 7),
    ],
)
def test_many_values_are_found_at_once(
    mean: str, sd: str, number: int, low: int, high: int
) -> None:
    assert answer(question_of(mean, sd, number, low, high))


def test_no_values_are_proved_not_to_exist_where_their_ends_are_nearly_all_that_is_left() -> None:
    # 34 values from 29 to 82 with the total 1990 lie near the ends, if their squares are many.
    most = greatest_squares(34, 1990, 29, 82)
    outcomes = []
    for squares in range(most - 200, most + 1, 2):
        outcomes.append(
            answer(MultisetQuestion(34, 29, 82, ((1990, range(squares, squares + 1, 2)),)))
        )
    assert outcomes.count(True) > 10
    assert outcomes.count(False) > 10
    assert outcomes[-1]


def test_a_search_that_is_too_long_is_left_open() -> None:
    question = question_of("58.56", "12.5", 34, 29, 82)
    assert find_multiset(question, budget=10).outcome == "open"
    # Billions of values are not even begun with.
    huge = MultisetQuestion(10**15, 0, 1, ((5 * 10**14, range(5 * 10**14, 5 * 10**14 + 1, 2)),))
    assert find_multiset(huge).outcome == "open"
    # An answer at a glance needs no budget.
    assert find_multiset(MultisetQuestion(3, 1, 5, ()), budget=1) == MultisetSearch(
        MultisetQuestion(3, 1, 5, ()), "none"
    )


def test_a_search_that_ends_on_its_budget_says_so() -> None:
    outcomes = set()
    for short in range(60, 160, 10):
        squares = greatest_squares(34, 1990, 29, 82) - short
        question = MultisetQuestion(34, 29, 82, ((1990, range(squares, squares + 1, 2)),))
        outcomes.add(find_multiset(question).outcome)
        # Enough to begin with, too little to end: with 10^9 bits all of them are answered.
        assert find_multiset(question, budget=10**8).outcome == "open"
    assert outcomes == {"exists", "none"}


def test_one_question_for_each_number() -> None:
    questions = multiset_questions(window("1.2"), window("0.5"), range(10, 14), 1, 5, ddofs=(1,))
    assert [question.number for question in questions] == [10, 11, 12, 13]
    assert [answer(question) for question in questions] == [
        not has_no_data(ends("1.2"), ends("0.5"), number, 1, 5, (1,)) for number in range(10, 14)
    ]


def test_a_step_is_a_change_of_units() -> None:
    [question] = multiset_questions(
        window("2.5"), window("0.4"), 6, Fraction(1), Fraction(7, 2), Fraction(1, 2)
    )
    assert (question.low, question.high) == (2, 7)
    found = find_multiset(question).multiset
    assert found is not None
    values = question.in_units(found)
    mean = sum(values) / 6
    assert mean in window("2.5")
    squares = sum((value - mean) ** 2 for value in values)
    assert any(
        Fraction(35, 100) ** 2 <= squares / divisor <= Fraction(45, 100) ** 2 for divisor in (5, 6)
    )


def test_sums_that_both_divisors_ask_for_are_asked_for_once() -> None:
    question = question_of("4.0", "1.5", 100, 1, 7, (1, 0))
    pairs = [(total, q) for total, squares in question.targets for q in squares]
    assert len(pairs) == len(set(pairs))
    single = [question_of("4.0", "1.5", 100, 1, 7, (ddof,)) for ddof in (0, 1)]
    assert set(pairs) == {
        (total, q) for one in single for total, squares in one.targets for q in squares
    }


def test_the_certificate_holds_the_whole_question() -> None:
    certificate = json.loads(json.dumps(question_of("1.3", "0.9", 9, 1, 5).certificate()))
    assert certificate == {
        "number": 9,
        "low": 1,
        "high": 5,
        "attained": False,
        "targets": [[12, 22, 22]],
    }


@given(st.integers(1, 6), st.integers(-4, 4), st.integers(0, 5))
def test_the_greatest_sum_of_squares_is_that_of_all_data_sets(
    number: int, low: int, length: int
) -> None:
    data = every_multiset(number, low, low + length)
    for total in {sum(values) for values in data}:
        expected = max(sum(v * v for v in values) for values in data if sum(values) == total)
        assert greatest_squares(number, total, low, low + length) == expected


def test_a_centred_question_is_the_same_question() -> None:
    question = question_of("2.7", "1.9", 13, 1, 5, (1, 0))
    sums = question.centred()
    assert sums == CentredSums(13, sums.centre, sums.centre - 1, 4 - sums.centre, sums.targets)
    for values in every_multiset(13, 1, 5):
        t = [value - sums.centre for value in values]
        weight = sum(x * (x - 1) // 2 for x in t)
        is_asked = any(sum(t) == rest and weight in weights for rest, weights in sums.targets)
        assert question.accepts(values) is is_asked


def test_what_is_out_of_range_is_refused() -> None:
    mean, sd = window("2.5"), window("0.5")
    with pytest.raises(ValueError, match="lower end first"):
        MultisetQuestion(3, 5, 1, ())
    with pytest.raises(ValueError, match="at least 1"):
        MultisetQuestion(0, 1, 5, ())
    with pytest.raises(ValueError, match="of the parity of the total"):
        MultisetQuestion(3, 1, 5, ((6, range(13, 15, 2)),))
    with pytest.raises(ValueError, match="of the parity of the total"):
        MultisetQuestion(3, 1, 5, ((6, range(14, 15)),))
    with pytest.raises(ValueError, match="between its ends"):
        multiset_questions(mean, sd, 3, Fraction(1, 3), Fraction(2, 3))
    with pytest.raises(ValueError, match="as its ends"):
        multiset_questions(mean, sd, 3, Fraction(1, 3), 5, attained=True)
    with pytest.raises(ValueError, match="positive"):
        multiset_questions(mean, sd, 3, 1, 5, Fraction(0))
    with pytest.raises(ValueError, match="consecutive numbers"):
        multiset_questions(mean, sd, 0, 1, 5)
    with pytest.raises(ValueError, match="a total that they can have"):
        greatest_squares(3, 16, 1, 5)
    assert str(rounding_window(Fraction(5, 2), Fraction(1, 10))) == str(mean)
