from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from netcore.printed import Interval
from netcore.stats.linear_proofs import Inequality, Proof, Sum, WholeCut, check, refute, used
from netcore.stats.linear_proofs.simplex import Point, multipliers_or_point

F = Fraction


def at_random(
    random: Random, *, is_bounded: bool = False, is_closed: bool = False
) -> list[Inequality]:
    """Return a few inequalities of two or three unknowns, with ends of any kind."""
    names = "xyz"[: random.randint(1, 3)]
    found = [Inequality({name: F(1)}, Interval(F(-3), F(3))) for name in names if is_bounded]
    for _ in range(random.randint(1, 5)):
        terms = {name: F(number) for name in names if (number := random.randint(-3, 3))}
        low, high = (
            random.choice([None, F(random.randint(-6, 6), random.choice((1, 2)))]) for _ in "lh"
        )
        closed = (is_closed or random.random() < 0.7 for _ in "lh")
        window = Interval(low, high, *closed)
        if terms and not window.is_empty:
            found.append(Inequality(terms, window))
    return found


@pytest.mark.parametrize("seed", range(300))
def test_either_a_sum_refutes_or_a_point_satisfies(seed: int) -> None:
    inequalities = at_random(Random(seed))
    found = multipliers_or_point(inequalities, 1_000)
    if isinstance(found, Point):
        tiny = F(1, 10**9)
        point = {name: a + b * tiny for name, (a, b) in found.values.items()}
        for one in inequalities:
            assert sum(factor * point[name] for name, factor in one.terms.items()) in one.window
    else:
        assert check(inequalities, Sum(found))


@pytest.mark.parametrize("seed", range(300))
def test_whole_numbers_are_refuted_just_if_there_are_none(seed: int) -> None:
    inequalities = at_random(Random(seed), is_bounded=True)
    names = sorted({name for one in inequalities for name in one.terms})
    exists = any(
        all(
            sum(factor * point[name] for name, factor in one.terms.items()) in one.window
            for one in inequalities
        )
        for values in product(range(-3, 4), repeat=len(names))
        for point in [dict(zip(names, values, strict=True))]
    )
    proof = refute(inequalities, names)
    assert (proof is None) is exists
    assert proof is None or check(inequalities, proof, names)


def corrupted(proof: Proof) -> list[Proof]:
    """Return the proof with one of its numbers moved by one."""
    if isinstance(proof, Sum):
        return [
            Sum((*proof.multipliers[:place], number + step, *proof.multipliers[place + 1 :]))
            for place, number in enumerate(proof.multipliers)
            for step in (-1, 1)
        ]
    cuts: list[Proof] = [
        WholeCut(proof.unknown, proof.most + step, proof.below, proof.above) for step in (-1, 1)
    ]
    cuts += [
        WholeCut(proof.unknown, proof.most, one, proof.above) for one in corrupted(proof.below)
    ]
    cuts += [
        WholeCut(proof.unknown, proof.most, proof.below, one) for one in corrupted(proof.above)
    ]
    return cuts


def test_no_number_of_a_proof_can_be_another() -> None:
    # Of closed windows, which are all that ``verify_evidence.py`` knows.
    proofs = 0
    for seed in range(300):
        inequalities = at_random(Random(seed), is_bounded=True, is_closed=True)
        names = sorted({name for one in inequalities for name in one.terms})
        proof = refute(inequalities, names)
        for other in [] if proof is None else corrupted(proof):
            proofs += 1
            assert not check(inequalities, other, names), seed
    assert proofs > 100


def test_a_cut_is_made_only_of_whole_numbers_and_only_where_it_is_needed() -> None:
    odd = [Inequality({"x": F(2)}, Interval.point(5))]
    assert refute(odd) is None
    proof = refute(odd, ["x"])
    assert isinstance(proof, WholeCut)
    assert check(odd, proof, ["x"])
    assert not check(odd, proof)
    apart = [*odd, Inequality({"x": F(1)}, Interval(None, F(2)))]
    assert isinstance(refute(apart, ["x"]), Sum)


def test_an_open_end_decides_where_a_closed_one_does_not() -> None:
    low = Inequality({"x": F(1)}, Interval(F(2), None))
    closed = Inequality({"x": F(1)}, Interval(None, F(2)))
    half_open = Inequality({"x": F(1)}, Interval(None, F(2), high_closed=False))
    assert refute([low, closed]) is None
    assert refute([low, half_open]) == Sum((F(1), F(-1)))


def test_a_budget_ends_the_search_without_a_word() -> None:
    # 2 x = 2 y + 1 has no whole solution, and no bound that would end the cuts.
    parity = [Inequality({"x": F(2), "y": F(-2)}, Interval.point(1))]
    assert refute(parity, ["x", "y"], budget=50) is None


def test_what_a_proof_does_not_use_is_told() -> None:
    inequalities = [
        Inequality({"x": F(1)}, Interval(F(3), None)),
        Inequality({"y": F(1)}, Interval(F(0), None)),
        Inequality({"x": F(1)}, Interval(None, F(2))),
    ]
    proof = refute(inequalities)
    assert proof is not None
    assert used(proof, 3) == {0, 2}


def test_a_window_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one that holds a number"):
        Inequality({"x": F(1)}, Interval(F(3), F(2)))
