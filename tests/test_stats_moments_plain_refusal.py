"""Plain bounds on means and spreads: they refuse nothing that values have, as the checker does."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from statistics import quantiles, stdev

import pytest

import verify_evidence
from netcore.printed import Interval, parse_printed
from netcore.stats.moments.plain_refusal import are_refused
from netcore.stats.ranks.plain_bound import BEYOND

DOMAINS = (Interval(None, None), Interval(Fraction(0), None), Interval(Fraction(1), Fraction(5)))


def printed_of(random: Random, values: list[float]) -> dict[str, Interval]:
    """Print a random part of the summaries of some values."""
    size = len(values)
    middle = sum(values) / size
    squares = sum((value - middle) ** 2 for value in values)
    found = {"mean": middle, "min": min(values), "max": max(values)}
    found["sd"] = (squares / random.choice([size, max(size - 1, 1)])) ** 0.5
    if random.random() < 0.3:
        found["std.error"] = found.pop("sd") / size**0.5
    if size > 3:  # of fewer values Python extrapolates quartiles
        low, mid, high = quantiles(values, n=4, method=random.choice(["inclusive", "exclusive"]))
        found |= {"median": mid, "p25": low, "p75": high}
    kept = {name for name in found if random.random() < 0.7}
    texts = {name: f"{found[name]:.{random.choice([0, 1, 2])}f}" for name in sorted(kept)}
    return {name: parse_printed(text).window("any") for name, text in texts.items()}


def refused_by_the_checker(
    printed: dict[str, Interval], number: int, step: Fraction | None, domain: Interval
) -> bool:
    def ends(window: Interval) -> tuple[Fraction, Fraction]:
        low, high = window.low, window.high
        return -BEYOND if low is None else low, BEYOND if high is None else high

    windows = {name: ends(window) for name, window in printed.items()}
    found = verify_evidence.impossible(windows, number, step or 0, ends(domain))
    return bool(found)


@pytest.mark.parametrize("seed", range(12))
def test_what_values_have_is_never_refused(seed: int) -> None:
    random = Random(seed)
    for _ in range(60):
        size, is_whole = random.randint(1, 30), random.random() < 0.5
        domain = random.choice(DOMAINS)
        values = [
            min(max(random.expovariate(0.4), 1.0), 5.0)
            if domain.high
            else random.lognormvariate(2, 1)
            for _ in range(size)
        ]
        values = [float(round(value)) if is_whole else value for value in values]
        printed = printed_of(random, values)
        step = Fraction(1) if is_whole else None
        assert not are_refused(printed, size, step, domain), (values, printed)
        assert not refused_by_the_checker(printed, size, step, domain)


@pytest.mark.parametrize("seed", range(12))
def test_the_checker_refuses_just_the_same(seed: int) -> None:
    random = Random(seed)
    refused = 0
    for _ in range(60):
        size = random.randint(1, 25)
        values = [random.lognormvariate(2, 1) for _ in range(size)]
        printed = printed_of(random, values)
        if not printed:
            continue
        name = random.choice(sorted(printed))
        other = Fraction(random.choice(["0.2", "0.6", "1.5", "3"]))
        window = printed[name]
        assert window.low is not None
        assert window.high is not None
        printed[name] = Interval(window.low * other, window.high * other)
        step, domain = random.choice([None, Fraction(1)]), random.choice(DOMAINS[:2])
        found = are_refused(printed, size, step, domain)
        assert found == refused_by_the_checker(printed, size, step, domain)
        refused += found
    assert refused > 5


def test_the_greatest_spread_between_two_ends_is_allowed_and_no_greater() -> None:
    # Half of the values at each end: squares of n / 4 times the square of the range.
    for number in (10, 34):
        values = [0.0, 10.0] * (number // 2)
        ends = {"min": Interval.point(Fraction(0)), "max": Interval.point(Fraction(10))}
        ends["mean"] = Interval.point(Fraction(5))
        most = Fraction(str(round(stdev(values), 9)))
        for excess, is_refused in ((Fraction(-1, 10**6), False), (Fraction(1, 10**6), True)):
            ends["sd"] = Interval.point(most + excess)
            assert are_refused(ends, number) is is_refused


def test_one_value_has_no_spread() -> None:
    assert are_refused({"sd": Interval.point(Fraction(1))}, 1)
    assert not are_refused({"sd": Interval.point(Fraction(0))}, 1)
    assert not are_refused({"mean": Interval.point(Fraction(7))}, 1)


def test_whole_values_have_a_whole_total_and_squares_as_odd_as_it() -> None:
    # 34 over 10; then the squares about 3.4 are Q - 115.6 with Q even: 4.4, 6.4, ...
    ten = {"mean": Interval(Fraction("3.39"), Fraction("3.41"))}
    for squares, is_refused in (("4.4", False), ("5.4", True), ("6.4", False)):
        ten["var"] = Interval.point(Fraction(squares) / 9)
        assert are_refused(ten, 10, Fraction(1)) is is_refused
        assert not are_refused(ten, 10)
    ten["mean"] = Interval(Fraction("3.42"), Fraction("3.48"))
    del ten["var"]
    assert are_refused(ten, 10, Fraction(1))
    assert not are_refused(ten, 10, Fraction(1, 2))


@pytest.mark.parametrize("seed", range(4))
def test_few_whole_values_are_never_refused_and_most_other_spreads_are(seed: int) -> None:
    random = Random(seed)
    refused = 0
    for _ in range(150):
        size = random.randint(2, 9)
        step = random.choice([Fraction(1), Fraction(1, 2), Fraction(5)])
        values = [step * random.randint(0, 9) for _ in range(size)]
        total = sum(values, Fraction(0))
        squares = sum((value**2 for value in values), Fraction(0)) - total**2 / size
        spread = float(squares / random.choice([size, size - 1])) ** 0.5
        printed = {
            name: parse_printed(f"{value:.3f}").window("any")
            for name, value in (("mean", float(total / size)), ("sd", spread))
        }
        assert not are_refused(printed, size, step), (values, printed)
        printed["sd"] = parse_printed(f"{spread + random.uniform(0.01, 0.3):.3f}").window("any")
        found = are_refused(printed, size, step)
        assert found == refused_by_the_checker(printed, size, step, DOMAINS[0])
        refused += found
    assert refused > 50
