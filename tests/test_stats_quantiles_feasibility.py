"""Values with printed quantiles, against brute force, linear programs and replayed proofs."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.printed import EVERYTHING, Interval, parse_printed
from netcore.stats.quantiles.definitions import (
    DEFINITIONS,
    defines,
    loosest_indices,
    quantile_form,
)
from netcore.stats.quantiles.feasibility import (
    Impossible,
    Outcome,
    Possible,
    Undecided,
    feasible,
    numbers_behind_quantile,
    quantile_step,
    surviving_definitions,
)
from netcore.stats.quantiles.granular import Enumeration
from netcore.stats.quantiles.inequalities import Conflict, Inequality, replays

Windows = dict[Fraction, Interval]

QUARTER, HALF, THREE_QUARTERS = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)
SHARES = (Fraction(0), QUARTER, HALF, THREE_QUARTERS, Fraction(1))
NAMES = st.sampled_from(list(DEFINITIONS))
SEVERAL = st.sampled_from([(), ("type6", "type7"), *((name,) for name in DEFINITIONS)])
DOMAIN = Interval(Fraction(0), Fraction(4))


def window(low: int, width: int, low_closed: bool, high_closed: bool) -> Interval:
    """Return a window on a scale of halves; a point is closed."""
    closed = (low_closed or not width, high_closed or not width)
    return Interval(Fraction(low, 2), Fraction(low + width, 2), *closed)


def windows_of(width: int, *, is_closed: bool = False) -> st.SearchStrategy[Windows]:
    ends = st.just(True) if is_closed else st.booleans()
    one = st.builds(window, st.integers(0, 8), st.integers(0, width), ends, ends)
    return st.dictionaries(st.sampled_from(SHARES), one, max_size=5)


def has(values: tuple[Fraction, ...], windows: Windows, definitions: tuple[str, ...]) -> bool:
    """Return whether values have quantiles, read off the definition or between its values."""
    if list(values) != sorted(values):
        return False
    for share, printed in windows.items():
        if len(definitions) == 1:
            form = quantile_form(definitions[0], share, len(values))
            between = Interval.point(form.value(values))
        else:
            first, last = loosest_indices(share, len(values), definitions)
            between = Interval(values[first - 1], values[last - 1])
        if not between.meets(printed):
            return False
    return True


def whole_values(windows: Windows, number: int, definitions: tuple[str, ...]) -> bool:
    """Return whether some whole values from 0 to 4 have quantiles."""
    return any(
        has(tuple(map(Fraction, values)), windows, definitions)
        for values in combinations_with_replacement(range(5), number)
    )


def is_refuted(
    conflict: Conflict, windows: Windows, number: int, definition: str, domain: Interval
) -> bool:
    """Replay a proof by one definition on a page: every step, and the sum."""
    left = dict.fromkeys(range(1, number + 1), Fraction(0))
    bound, is_strict = Fraction(0), False
    for factor, one in conflict.steps:
        terms = dict(one.terms)
        if one.share is None and len(terms) == 2:
            (i, a), (j, b) = one.terms
            follows = i < j and a == -1 and b == 1 and one.bound == 0 and not one.is_strict
        else:
            side = 1 if one.terms[0][1] > 0 else -1
            if one.share is None:
                allowed, expected = domain, {one.terms[0][0]: Fraction(side)}
            else:
                form = quantile_form(definition, one.share, number)
                weights = {form.index: 1 - form.weight, form.index + 1: form.weight}
                allowed = windows[one.share]
                expected = {index: side * weight for index, weight in weights.items() if weight}
            end = allowed.low if side > 0 else allowed.high
            closed = allowed.low_closed if side > 0 else allowed.high_closed
            follows = (
                terms == expected and end == side * one.bound and one.is_strict == (not closed)
            )
        if not follows or factor <= 0:
            return False
        for index, coefficient in terms.items():
            left[index] += factor * coefficient
        bound += factor * one.bound
        is_strict |= one.is_strict
    return not any(left.values()) and (bound > 0 or (bound == 0 and is_strict))


# Against brute force and linear programs


@given(windows_of(3), st.integers(1, 6), SEVERAL)
@settings(deadline=None, max_examples=200)
def test_whole_values_are_found_where_there_are_some_and_only_there(
    windows: Windows, number: int, definitions: tuple[str, ...]
) -> None:
    step = Fraction(1)
    outcome = feasible(windows, number, definitions, domain=DOMAIN, step=step)
    assert not isinstance(outcome, Undecided)
    assert isinstance(outcome, Possible) == whole_values(windows, number, definitions)
    if isinstance(outcome, Possible):
        assert has(outcome.values, windows, definitions)
        assert all(x in range(5) for x in outcome.values)
    elif isinstance(outcome.proof, Conflict):
        assert replays(outcome.proof, windows, number, definitions, domain=DOMAIN, step=step)
    else:
        used = {share: windows[share] for share in outcome.shares}
        assert not whole_values(used, number, definitions)
        for share in used:  # none can be left out
            others = {one: printed for one, printed in used.items() if one != share}
            assert whole_values(others, number, definitions)


@given(windows_of(2, is_closed=True), st.integers(1, 9), NAMES, st.booleans())
@settings(deadline=None, max_examples=120)
def test_a_linear_program_agrees(
    windows: Windows, number: int, definition: str, has_domain: bool
) -> None:
    from scipy.optimize import linprog

    domain = Interval(Fraction(1), Fraction(3)) if has_domain else EVERYTHING
    rows, bounds = [], []
    for share, printed in windows.items():
        assert printed.low is not None
        assert printed.high is not None
        form = quantile_form(definition, share, number)
        row = [0.0] * number
        row[form.index - 1] += float(1 - form.weight)
        if form.weight:
            row[form.index] += float(form.weight)
        rows += [row, [-x for x in row]]
        bounds += [float(printed.high), -float(printed.low)]
    for k in range(number - 1):
        rows.append([float(i == k) - float(i == k + 1) for i in range(number)])
        bounds.append(0.0)
    ends = (1, 3) if has_domain else (None, None)
    solved = linprog([0.0] * number, rows or None, bounds or None, bounds=[ends] * number)
    outcome = feasible(windows, number, (definition,), domain=domain)
    assert isinstance(outcome, Possible) == (solved.status == 0)


@given(windows_of(2), st.integers(1, 9), NAMES, st.booleans())
@settings(deadline=None, max_examples=200)
def test_an_answer_is_values_or_a_proof_that_can_be_replayed(
    windows: Windows, number: int, definition: str, has_domain: bool
) -> None:
    domain = Interval(Fraction(1), Fraction(3), low_closed=False) if has_domain else EVERYTHING
    outcome = feasible(windows, number, (definition,), domain=domain)
    if isinstance(outcome, Possible):
        assert has(outcome.values, windows, (definition,))
        assert all(value in domain for value in outcome.values)
        return
    assert isinstance(outcome, Impossible)
    assert isinstance(outcome.proof, Conflict)
    assert is_refuted(outcome.proof, windows, number, definition, domain)
    assert replays(outcome.proof, windows, number, (definition,), domain=domain)
    assert set(outcome.shares) <= set(windows)


def values_as_printed(draw: st.DrawFn) -> tuple[tuple[Fraction, ...], str, Windows]:
    """Return values, a definition and windows of its quantiles after some rounding."""
    definition = draw(NAMES)
    digits = draw(st.integers(0, 2))
    cents = draw(st.lists(st.integers(0, 3000), min_size=1, max_size=40))
    values = tuple(sorted(Fraction(cent, 100) for cent in cents))
    windows = {}
    for share in draw(st.sets(st.sampled_from(SHARES), min_size=1)):
        exact = quantile_form(definition, share, len(values)).value(values)
        rounded = Fraction(round(exact * 10**digits), 10**digits)
        half = Fraction(1, 2 * 10**digits)
        windows[share] = draw(
            st.sampled_from(
                [
                    Interval(rounded - half, rounded + half),
                    Interval(exact - half, exact + 2 * half, False, True),
                    Interval.point(exact),
                ]
            )
        )
    return values, definition, windows


TRUE_DATA = st.composite(values_as_printed)()


@given(TRUE_DATA)
@settings(deadline=None, max_examples=80)
def test_quantiles_of_true_values_are_possible_by_their_definition_and_without_one(
    case: tuple[tuple[Fraction, ...], str, Windows],
) -> None:
    values, definition, windows = case
    domain = Interval(Fraction(0), Fraction(30))
    for definitions in ((definition,), (definition, "type2"), ()):
        outcome = feasible(windows, len(values), definitions, domain=domain)
        assert isinstance(outcome, Possible)
        assert has(outcome.values, windows, definitions)
    granular = feasible(windows, len(values), (definition,), domain=domain, step=Fraction(1, 100))
    assert not isinstance(granular, Impossible)
    survivors = surviving_definitions(windows, len(values), domain=domain)
    assert isinstance(survivors[definition], Possible)


# Proofs


def corrupted(conflict: Conflict) -> list[Conflict]:
    """Return a proof with each of its fields changed, one at a time."""
    changed = []
    for place, (factor, one) in enumerate(conflict.steps):
        others = [
            (factor * 2 + 1, one),
            (-factor, one),
            (factor, Inequality(one.terms, one.bound + Fraction(1, 7), one.is_strict, one.share)),
            (factor, Inequality(one.terms, one.bound, not one.is_strict, one.share)),
            (factor, Inequality(one.terms[:1], one.bound, one.is_strict, Fraction(1, 9))),
            (factor, Inequality(((one.terms[0][0] + 1, one.terms[0][1]),), one.bound, False, None)),
        ]
        changed += [
            Conflict((*conflict.steps[:place], other, *conflict.steps[place + 1 :]))
            for other in others
        ]
        changed.append(Conflict(conflict.steps[:place] + conflict.steps[place + 1 :]))
    return changed


def test_a_proof_with_any_field_changed_is_refused() -> None:
    # by R, of 7 values the lower quartile is halfway between the second and the third
    windows = {
        QUARTER: Interval(Fraction(9), Fraction(10)),
        Fraction(1): Interval(Fraction(7), Fraction(8)),
    }
    outcome = feasible(windows, 7, ["type7"])
    assert isinstance(outcome, Impossible)
    assert isinstance(outcome.proof, Conflict)
    assert outcome.shares == (QUARTER, Fraction(1))
    assert replays(outcome.proof, windows, 7, ["type7"])
    assert not any(replays(proof, windows, 7, ["type7"]) for proof in corrupted(outcome.proof))
    assert not replays(outcome.proof, windows, 7, ["type6"])
    assert not replays(outcome.proof, windows, 8, ["type7"])
    assert not replays(Conflict(()), windows, 7, ["type7"])


def test_a_proof_that_subtracts_an_inequality_is_refused() -> None:
    above = Interval(Fraction(1), None)
    at_least = Inequality(((3, Fraction(1)),), Fraction(1), False, HALF)
    of_all = Inequality(((3, Fraction(1)),), Fraction(0), False, None)
    proof = Conflict(((Fraction(1), at_least), (Fraction(-1), of_all)))
    domain = Interval(Fraction(0), None)
    assert isinstance(feasible({HALF: above}, 5, ["type7"], domain=domain), Possible)
    assert not replays(proof, {HALF: above}, 5, ["type7"], domain=domain)


def test_a_proof_reads_as_a_chain_of_inequalities() -> None:
    windows = {
        QUARTER: Interval(Fraction(9), Fraction(10)),
        Fraction(1): Interval(Fraction(7), Fraction(8)),
    }
    outcome = feasible(windows, 7, ["type7"])
    assert isinstance(outcome, Impossible)
    assert isinstance(outcome.proof, Conflict)
    assert [f"{factor} × ({one})" for factor, one in outcome.proof.steps] == [
        "1 × (0.5 x(2) + 0.5 x(3) ≥ 9)",
        "1/2 × (x(2) ≤ x(3))",
        "1 × (x(3) ≤ x(7))",
        "1 × (x(7) ≤ 8)",
    ]


def test_quantiles_in_order_can_contradict_each_other_by_interpolation() -> None:
    # three values by type 6 are the quartiles; by type 7 the lower one is halfway to the median
    windows = {
        Fraction(0): Interval.point(4),
        QUARTER: Interval.point(5),
        HALF: Interval.point(5),
    }
    outcome = feasible(windows, 3, ["type7"])
    assert isinstance(outcome, Impossible)
    assert outcome.shares == (Fraction(0), QUARTER, HALF)
    survivors = surviving_definitions(windows, 3)
    assert [name for name, one in survivors.items() if isinstance(one, Possible)] == ["higher"]
    assert isinstance(feasible(windows, 3), Possible)  # because the paper names none


# Witnesses


def test_values_lie_strictly_inside_the_windows_and_have_few_decimals() -> None:
    windows = {
        share: parse_printed(text).window("nearest")
        for share, text in ((QUARTER, "14.2"), (HALF, "23.54"), (THREE_QUARTERS, "24.8"))
    }
    for definition, outcome in surviving_definitions(windows, 15).items():
        assert isinstance(outcome, Possible), definition
        for share, printed in windows.items():
            quantile = quantile_form(definition, share, 15).value(outcome.values)
            assert printed.low is not None
            assert printed.high is not None
            assert printed.low < quantile < printed.high
        assert all(value * 1000 == int(value * 1000) for value in outcome.values)


def test_values_at_the_ends_of_windows_are_found_where_there_are_no_others() -> None:
    windows = {
        HALF: Interval(Fraction(1), Fraction(2)),
        THREE_QUARTERS: Interval(Fraction(0), Fraction(1)),
    }
    outcome = feasible(windows, 5, ["type7"])
    assert outcome == Possible((Fraction(1),) * 5)
    shut = {**windows, HALF: Interval(Fraction(1), Fraction(2), low_closed=False)}
    assert isinstance(feasible(shut, 5, ["type7"]), Impossible)


def test_windows_without_ends_have_values() -> None:
    above = Interval(Fraction(5), None, low_closed=False)
    outcome = feasible({HALF: above}, 4, ["type7"])
    assert isinstance(outcome, Possible)
    assert has(outcome.values, {HALF: above}, ("type7",))
    assert isinstance(feasible({}, 3), Possible)
    assert isinstance(feasible({HALF: EVERYTHING}, 3, ["type7"], step=Fraction(1)), Possible)


# Granular values


def test_the_median_of_34_whole_years_is_no_58_55() -> None:
    printed = Interval(Fraction(58545, 1000), Fraction(58555, 1000))
    outcome = feasible({HALF: printed}, 34, ["type2"], step=Fraction(1))
    assert isinstance(outcome, Impossible)
    assert isinstance(outcome.proof, Enumeration)
    assert outcome.shares == (HALF,)
    assert outcome.proof.reached[-1][1] == ()


def test_a_rounded_bound_of_whole_values_is_part_of_a_proof() -> None:
    windows = {
        HALF: Interval(Fraction(31, 10), Fraction(35, 10)),
        THREE_QUARTERS: Interval(Fraction(33, 10), Fraction(39, 10)),
    }
    assert isinstance(feasible(windows, 5, ["type1"]), Possible)
    outcome = feasible(windows, 5, ["type1"], step=Fraction(1))
    assert isinstance(outcome, Impossible)
    assert isinstance(outcome.proof, Conflict)
    assert [str(one) for _, one in outcome.proof.steps] == ["x(3) ≥ 4", "x(3) ≤ 3"]
    assert replays(outcome.proof, windows, 5, ["type1"], step=Fraction(1))
    assert not replays(outcome.proof, windows, 5, ["type1"])


def test_an_enumeration_of_too_many_values_is_undecided() -> None:
    windows = {HALF: Interval(Fraction(1, 3), Fraction(99))}
    step = Fraction(1, 100)
    outcome = feasible(windows, 4, ["type7"], step=step, budget=100)
    assert outcome == Undecided(100)
    assert isinstance(feasible(windows, 4, ["type7"], step=step), Possible)


def test_whole_values_beyond_those_tried_are_not_excluded() -> None:
    # no two whole numbers have the middle 58.3, but the least value has no bound to try from
    windows = {
        QUARTER: Interval(None, Fraction(9)),
        THREE_QUARTERS: Interval.point(Fraction(583, 10)),
    }
    assert isinstance(feasible(windows, 4, ["type2"], step=Fraction(1)), Undecided)
    domain = Interval(Fraction(0), None)
    assert isinstance(feasible(windows, 4, ["type2"], step=Fraction(1), domain=domain), Impossible)


@given(
    windows_of(1),
    st.integers(1, 5),
    st.sampled_from(["type4", "type6", "type7", "type9", "prism4"]),
)
@settings(deadline=None, max_examples=100)
def test_whole_values_without_a_domain_are_those_of_a_wide_one(
    windows: Windows, number: int, definition: str
) -> None:
    found: Outcome = feasible(windows, number, (definition,), step=Fraction(1))
    wide = Interval(Fraction(-99), Fraction(99))
    expected = feasible(windows, number, (definition,), step=Fraction(1), domain=wide)
    if not isinstance(found, Undecided):
        assert isinstance(found, Possible) == isinstance(expected, Possible)
    if isinstance(found, Possible):
        assert has(found.values, windows, (definition,))


@given(NAMES, st.sampled_from(SHARES), st.integers(1, 6))
@settings(deadline=None)
def test_quantiles_of_whole_values_are_the_multiples_of_their_step(
    definition: str, share: Fraction, number: int
) -> None:
    step = quantile_step(definition, share, number, Fraction(1))
    form = quantile_form(definition, share, number)
    found = {
        form.value([Fraction(x)] * form.index + [Fraction(y)] * (number - form.index))
        for x, y in combinations_with_replacement(range(41), 2)
    }
    assert all((value / step).denominator == 1 for value in found)
    assert {16 + k * step for k in range(17) if k * step <= 8} <= found


def test_numbers_behind_a_quantile_are_those_with_an_outcome() -> None:
    printed = parse_printed("3.33").window("nearest")
    behind = numbers_behind_quantile(printed, QUARTER, 12, Fraction(1))
    for number in range(1, 13):
        survivors = surviving_definitions({QUARTER: printed}, number, step=Fraction(1))
        can = tuple(name for name, one in survivors.items() if isinstance(one, Possible))
        assert behind.get(number, ()) == can, number
    assert not numbers_behind_quantile(printed, QUARTER, 12, Fraction(1), ["type6", "tukey"])


def test_a_quartile_printed_finer_than_its_values_needs_weights_that_make_it() -> None:
    # 23.26 of values with one decimal: no multiple of 0.1, of 0.05 or of 0.025 prints so
    printed = parse_printed("23.26").window("nearest")
    tenth = Fraction(1, 10)
    found = numbers_behind_quantile(printed, QUARTER, 60, tenth)
    names = {name for of_number in found.values() for name in of_number}
    assert names == {"type8", "type9"}


# What is asked and refused


def test_definitions_that_do_not_define_a_share_are_not_asked() -> None:
    survivors = surviving_definitions({Fraction(1, 10): Interval.point(1)}, 9)
    assert set(survivors) == {name for name in DEFINITIONS if defines(name, Fraction(1, 10))}
    assert "tukey" not in survivors


@pytest.mark.parametrize(
    ("number", "step", "says"), [(0, None, "found 0 values"), (3, Fraction(-1), "found step -1")]
)
def test_what_is_no_question_is_refused(number: int, step: Fraction | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        feasible({}, number, step=step)


def test_a_step_that_is_none_has_no_multiples() -> None:
    with pytest.raises(ValueError, match="found step 0"):
        quantile_step("type7", HALF, 3, Fraction(0))
