"""Quantiles of strata beside those of the whole, against all data on small scales."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.crowding import Crowding, is_crowded
from netcore.stats.quantiles.definitions import DEFINITIONS, loosest_indices, quantile_form
from netcore.stats.quantiles.feasibility import Impossible
from netcore.stats.quantiles.pooling import (
    Excluded,
    Group,
    PooledOutcome,
    PooledSizes,
    PooledValues,
    Unsettled,
    pool,
    pooled_sizes,
)

Windows = dict[Fraction, Interval]
Values = tuple[Fraction, ...]

QUARTER, HALF, THREE_QUARTERS = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)
SHARES = (Fraction(0), QUARTER, HALF, THREE_QUARTERS, Fraction(1))
DOMAIN = Interval(Fraction(0), Fraction(2))
WITHOUT_WEIGHTS = ("type1", "type3", "upper_cdf", "lower", "nearest")
READINGS = st.sampled_from([(), ("type6", "type7"), *((name,) for name in DEFINITIONS)])
EXACT = st.sampled_from([(), ("type6", "type7"), *((name,) for name in WITHOUT_WEIGHTS)])


def window(low: int, width: int, low_closed: bool, high_closed: bool) -> Interval:
    closed = (low_closed or not width, high_closed or not width)
    return Interval(Fraction(low), Fraction(low + width), *closed)


ONE = st.builds(window, st.integers(0, 2), st.integers(0, 1), st.booleans(), st.booleans())
WINDOWS = st.dictionaries(st.sampled_from(SHARES), ONE, max_size=3)
SIZES = st.sampled_from(
    [(1,), (3,), *product((1, 2, 3), repeat=2), (1, 1, 1), (1, 2, 1), (2, 1, 2), (1, 1, 3)]
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Windows], tuple[int, ...], Windows]:
    """Return windows of strata, their sizes and windows of the whole."""
    sizes = draw(SIZES)
    return [draw(WINDOWS) for _ in sizes], sizes, draw(WINDOWS)


def has(values: Values, windows: Windows, definitions: tuple[str, ...]) -> bool:
    """Return whether values have quantiles, read off the definition or between its values."""
    ordered = sorted(values)
    for share, printed in windows.items():
        if len(definitions) == 1:
            form = quantile_form(definitions[0], share, len(ordered))
            between = Interval.point(form.value(ordered))
        else:
            first, last = loosest_indices(share, len(ordered), definitions)
            between = Interval(ordered[first - 1], ordered[last - 1])
        if not between.meets(printed):
            return False
    return True


def fit(
    values: tuple[Values, ...], strata: list[Windows], whole: Windows, definitions: tuple[str, ...]
) -> bool:
    together = tuple(value for part in values for value in part)
    return has(together, whole, definitions) and all(
        has(part, windows, definitions) for part, windows in zip(values, strata, strict=True)
    )


def exists(
    scale: Values,
    strata: list[Windows],
    sizes: tuple[int, ...],
    whole: Windows,
    definitions: tuple[str, ...],
) -> bool:
    """Return whether some data on a scale have all quantiles."""
    options = [
        [v for v in combinations_with_replacement(scale, size) if has(v, windows, definitions)]
        for size, windows in zip(sizes, strata, strict=True)
    ]
    return any(
        has(tuple(value for part in values for value in part), whole, definitions)
        for values in product(*options)
    )


def is_too_many(
    crowding: Crowding,
    strata: list[Windows],
    sizes: tuple[int, ...],
    whole: Windows,
    definitions: tuple[str, ...],
    domain: Interval,
) -> bool:
    """Replay a proof without a step, value by value: which must, and which can, lie there."""

    def ends(windows: Windows, size: int, k: int) -> tuple[list[Interval], list[Interval]]:
        above, below = [domain], [domain]  # the k-th value reaches these from above, from below
        for share, printed in windows.items():
            first, last = loosest_indices(share, size, definitions)
            above += [printed] if k >= last else []
            below += [printed] if k <= first else []
        return above, below

    def box(windows: Windows, size: int, k: int) -> Interval:
        result = EVERYTHING
        above, below = ends(windows, size, k)
        for one in above:
            result = result.meet(Interval(one.low, None, one.low_closed))
        for one in below:
            result = result.meet(Interval(None, one.high, True, one.high_closed))
        return result

    least = [
        sum(
            box(windows, size, k).meet(crowding.between) == box(windows, size, k)
            for k in range(1, size + 1)
        )
        for windows, size in zip(strata, sizes, strict=True)
    ]
    number = sum(sizes)
    most = sum(box(whole, number, k).meets(crowding.between) for k in range(1, number + 1))
    return tuple(least) == crowding.at_least and most == crowding.at_most < sum(least)


# Against all data


@given(questions(), READINGS)
@settings(deadline=None, max_examples=250)
def test_whole_values_are_found_or_excluded_as_all_data_say(
    question: tuple[list[Windows], tuple[int, ...], Windows], definitions: tuple[str, ...]
) -> None:
    strata, sizes, whole = question
    step = Fraction(1)
    outcome = pool(strata, sizes, whole, definitions, domain=DOMAIN, step=step)
    scale = tuple(map(Fraction, range(3)))
    if isinstance(outcome, PooledValues):
        assert fit(outcome.values, strata, whole, definitions)
        assert all(value in scale for part in outcome.values for value in part)
        assert tuple(map(len, outcome.values)) == sizes
    elif isinstance(outcome, Excluded):
        assert not exists(scale, strata, sizes, whole, definitions)
        if isinstance(outcome.proof, Crowding):
            given_ = (strata, sizes, whole, definitions)
            assert is_crowded(outcome.proof, *given_, domain=DOMAIN, step=step)
    else:
        assert len(definitions) == 1
        assert definitions[0] not in WITHOUT_WEIGHTS


@given(questions(), READINGS)
@settings(deadline=None, max_examples=250)
def test_continuous_values_are_found_or_excluded_as_all_data_say(
    question: tuple[list[Windows], tuple[int, ...], Windows], definitions: tuple[str, ...]
) -> None:
    strata, sizes, whole = question
    outcome = pool(strata, sizes, whole, definitions, domain=DOMAIN)
    # whole ends and the middles between them stand for all orders, if no weights enter
    scale = tuple(Fraction(k, 2) for k in range(5))
    if isinstance(outcome, PooledValues):
        assert fit(outcome.values, strata, whole, definitions)
        assert tuple(map(len, outcome.values)) == sizes
    elif isinstance(outcome, Excluded):
        assert not exists(scale, strata, sizes, whole, definitions)
        if isinstance(outcome.proof, Crowding):
            assert is_crowded(outcome.proof, strata, sizes, whole, definitions, domain=DOMAIN)
            assert is_too_many(outcome.proof, strata, sizes, whole, definitions, DOMAIN)
    else:
        assert len(definitions) == 1
        assert definitions[0] not in WITHOUT_WEIGHTS


@given(questions(), EXACT)
@settings(deadline=None, max_examples=150)
def test_without_a_domain_values_are_found_or_excluded_as_all_data_say(
    question: tuple[list[Windows], tuple[int, ...], Windows], definitions: tuple[str, ...]
) -> None:
    strata, sizes, whole = question
    outcome = pool(strata, sizes, whole, definitions)
    scale = tuple(Fraction(k, 2) for k in range(-1, 8))
    if isinstance(outcome, PooledValues):
        assert fit(outcome.values, strata, whole, definitions)
    else:
        assert isinstance(outcome, Excluded)
        assert not exists(scale, strata, sizes, whole, definitions)


# True data


@st.composite
def true_data(draw: st.DrawFn) -> tuple[list[Values], str, list[Windows], Windows]:
    """Return values of strata, a definition and rounded quantiles of all."""
    definition = draw(st.sampled_from(list(DEFINITIONS)))
    half = Fraction(1, 2 * 10 ** draw(st.integers(0, 1)))
    value = st.integers(0, 400).map(lambda tenths: Fraction(tenths, 10))
    parts = draw(st.lists(st.lists(value, min_size=1, max_size=14), min_size=1, max_size=3))

    def printed(values: list[Fraction]) -> Windows:
        found = {}
        for share in draw(st.sets(st.sampled_from(SHARES), min_size=1, max_size=4)):
            exact = quantile_form(definition, share, len(values)).value(sorted(values))
            middle = round(exact / half / 2) * half * 2
            found[share] = Interval(middle - half, middle + half)
        return found

    everyone = [value for part in parts for value in part]
    return (
        [tuple(part) for part in parts],
        definition,
        [printed(part) for part in parts],
        printed(everyone),
    )


@given(true_data())
@settings(deadline=None, max_examples=120)
def test_true_strata_are_never_excluded(
    case: tuple[list[Values], str, list[Windows], Windows],
) -> None:
    parts, definition, strata, whole = case
    sizes = tuple(map(len, parts))
    domain = Interval(Fraction(0), Fraction(40))
    for definitions in ((definition,), (definition, "type2"), ()):
        for step in (None, Fraction(1, 10)):
            outcome = pool(strata, sizes, whole, definitions, domain=domain, step=step)
            assert not isinstance(outcome, Excluded)
            if isinstance(outcome, PooledValues):
                assert fit(outcome.values, strata, whole, definitions)
    groups = [
        Group(windows, range(max(1, n - 2), n + 2))
        for windows, n in zip(strata, sizes, strict=True)
    ]
    found = pooled_sizes(groups, Group(whole, range(sum(sizes), sum(sizes) + 1)), (definition,))
    assert found.is_complete
    assert sizes in {*found.possible, *found.unsettled}


# Sizes


@given(
    st.lists(WINDOWS, min_size=1, max_size=3),
    WINDOWS,
    st.sampled_from([(), ("type1",), ("type6",), ("type7",)]),
)
@settings(deadline=None, max_examples=60)
def test_sizes_are_those_that_are_pooled_one_by_one(
    strata: list[Windows], whole: Windows, definitions: tuple[str, ...]
) -> None:
    ranges = [range(1, 5) for _ in strata]
    number = range(4, 6)
    groups = [Group(windows, sizes) for windows, sizes in zip(strata, ranges, strict=True)]
    found = pooled_sizes(groups, Group(whole, number), definitions, domain=DOMAIN)
    outcomes: dict[tuple[int, ...], PooledOutcome] = {
        sizes: pool(strata, sizes, whole, definitions, domain=DOMAIN)
        for sizes in product(*ranges)
        if sum(sizes) in number
    }
    assert found.is_complete
    assert sorted(found.possible) == [k for k, v in outcomes.items() if isinstance(v, PooledValues)]
    assert sorted(found.unsettled) == [k for k, v in outcomes.items() if isinstance(v, Unsettled)]


def test_the_quantiles_of_the_whole_can_determine_hidden_sizes() -> None:
    def printed(*values: int) -> Windows:
        slack = Fraction(1, 4)
        return {p: Interval(v - slack, v + slack) for p, v in zip(SHARES[1:4], values, strict=True)}

    # all of one stratum lie below all of the other, so the quartiles of the whole count them
    low, high = printed(10, 12, 14), printed(50, 52, 54)
    bounds = {Fraction(1): Interval(Fraction(15), Fraction(16))}, {Fraction(0): Interval.point(49)}
    strata = [
        Group({**low, **bounds[0]}, range(2, 19)),
        Group({**high, **bounds[1]}, range(2, 19)),
    ]
    whole = Group(printed(13, 50, 53), range(20, 21))
    found = pooled_sizes(strata, whole, ["type1"])
    assert found == PooledSizes(((7, 13), (8, 12)), (), True)


def test_more_sizes_than_the_budget_are_not_all_tried() -> None:
    groups = [Group({HALF: Interval.point(1)}, range(1, 30)) for _ in range(3)]
    whole = Group({HALF: Interval.point(1)}, range(30, 31))
    found = pooled_sizes(groups, whole, ["type1"], budget=50)
    assert not found.is_complete
    assert found.possible
    assert pooled_sizes(groups, whole, ["type1"]).is_complete


def test_a_stratum_of_which_nothing_is_printed_can_be_empty() -> None:
    windows = {HALF: Interval.point(3)}
    groups = [Group(windows, range(1, 6)), Group({}, range(6))]
    found = pooled_sizes(groups, Group({HALF: Interval.point(3)}, range(5, 6)), ["type1"])
    assert found.possible == ((1, 4), (2, 3), (3, 2), (4, 1), (5, 0))
    assert pooled_sizes([Group({}, range(0))], Group({}, range(3, 4))).possible == ()


# Proofs


QUESTION: tuple[list[Windows], tuple[int, ...], Windows] = (
    [{HALF: Interval.point(10)}, {HALF: Interval.point(20)}],
    (5, 5),
    {HALF: Interval.point(9)},
)


def crowding_of(outcome: PooledOutcome) -> Crowding:
    assert isinstance(outcome, Excluded)
    assert isinstance(outcome.proof, Crowding)
    return outcome.proof


def test_a_proof_counts_values_in_an_interval() -> None:
    proof = crowding_of(pool(*QUESTION, ["type2"]))
    assert proof == Crowding(Interval(Fraction(10), None), (3, 3), 5)


def test_a_proof_with_any_field_changed_is_refused() -> None:
    proof = crowding_of(pool(*QUESTION, ["type2"]))
    assert is_crowded(proof, *QUESTION, ["type2"])
    changed = [
        replace(proof, between=Interval(Fraction(11), None)),
        replace(proof, between=Interval(Fraction(10), None, low_closed=False)),
        replace(proof, between=Interval(Fraction(10), Fraction(19))),
        replace(proof, between=Interval(Fraction(3), Fraction(2))),
        replace(proof, at_least=(4, 3)),
        replace(proof, at_least=(3, 4)),
        replace(proof, at_least=(3,)),
        replace(proof, at_most=4),
        replace(proof, at_most=6),
    ]
    assert not any(is_crowded(one, *QUESTION, ["type2"]) for one in changed)
    strata, sizes, _ = QUESTION
    assert not is_crowded(proof, strata, sizes, {HALF: Interval.point(10)}, ["type2"])
    assert not is_crowded(proof, strata, (5, 4), {}, ["type2"])
    assert not is_crowded(proof, strata, (5,), QUESTION[2], ["type2"])


def test_bounds_that_hold_at_each_cut_alone_are_not_enough() -> None:
    # The whole has one value at most 1 and no other below 3.  Up to 1 that can be one of the second
    # stratum, and up to 2 it can be the one of the first stratum, but not both.
    strata: list[Windows] = [{HALF: Interval.point(2)}, {}]
    whole = {Fraction(0): Interval.point(1), HALF: Interval.point(3)}
    proof = crowding_of(pool(strata, (1, 2), whole, ["type1"]))
    assert proof == Crowding(Interval.point(2), (1, 0), 0)


def test_a_stratum_that_contradicts_itself_is_named() -> None:
    wrong = {HALF: Interval.point(10), THREE_QUARTERS: Interval.point(9)}
    outcome = pool([{}, wrong], (3, 3), {}, ["type7"])
    assert isinstance(outcome, Excluded)
    assert outcome.group == 1
    assert isinstance(outcome.proof, Impossible)
    outcome = pool([{}, {}], (3, 3), wrong, ["type7"])
    assert isinstance(outcome, Excluded)
    assert outcome.group == 2


# What is refused


@pytest.mark.parametrize(
    ("strata", "sizes", "says"),
    [
        ([], (), "found 0 strata"),
        ([{}], (1, 2), "found 1 strata with 2 sizes"),
        ([{}], (-1,), "found -1 values"),
        ([{HALF: EVERYTHING}], (0,), "found 0 values, expected at least 1"),
    ],
)
def test_what_is_no_question_is_refused(
    strata: list[Windows], sizes: tuple[int, ...], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        pool(strata, sizes, {})


def test_groups_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="found no stratum"):
        pooled_sizes([], Group({}, range(3, 4)))
    with pytest.raises(ValueError, match="found 0 values"):
        pooled_sizes([Group({HALF: EVERYTHING}, range(3))], Group({}, range(3, 4)))
    with pytest.raises(ValueError, match="found step 0"):
        pool([{}], (1,), {}, step=Fraction(0))
