"""Rounding windows against the decimal module and against what software prints."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest

from netcore.printed import ROUNDINGS, parse_printed, rounding_window

TEXTBOOK = {
    "half_up": decimal.ROUND_HALF_UP,  # the decimal module's name for a tie away from zero
    "half_even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
}
STEPS = [Fraction(1, 10), Fraction(1), Fraction(5), Fraction(10)]


def printed_multiple(x: Fraction, step: Fraction, mode: str) -> Fraction:
    """Return what a number prints as, by the decimal module; exact for x = k/40."""
    steps = Decimal(x.numerator) / Decimal(x.denominator) / Decimal(step.numerator)
    return int((steps * step.denominator).quantize(Decimal(1), rounding=mode)) * step


def numbers_and_values(step: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return numbers about zero, ties and all, each beside the values that it might print as."""
    numbers = [Fraction(k, 40) * max(step, Fraction(1)) for k in range(-170, 171)]
    return [(x, (math.floor(x / step) + offset) * step) for x in numbers for offset in range(-2, 4)]


@pytest.mark.parametrize("step", STEPS, ids=str)
@pytest.mark.parametrize("rounding", TEXTBOOK)
def test_a_window_holds_exactly_what_prints_as_its_value(rounding: str, step: Fraction) -> None:
    for x, value in numbers_and_values(step):
        prints = printed_multiple(x, step, TEXTBOOK[rounding]) == value
        assert (x in rounding_window(value, step, rounding)) == prints, (x, value)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_nearest_holds_a_number_if_some_rule_for_ties_prints_it(step: Fraction) -> None:
    for x, value in numbers_and_values(step):
        modes = (decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN)
        prints = any(printed_multiple(x, step, mode) == value for mode in modes)
        assert (x in rounding_window(value, step)) == prints, (x, value)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_any_holds_all_that_is_less_than_or_just_one_step_away(step: Fraction) -> None:
    for x, value in numbers_and_values(step):
        window = rounding_window(value, step, "any")
        assert (x in window) == (abs(x - value) <= step)
        assert x in window or all(
            x not in rounding_window(value, step, other) for other in ROUNDINGS
        )


@pytest.mark.parametrize(
    ("x", "texts"),
    [
        # methods, section 0: R and Python print 7/20 as 0.3 and 23/20 as 1.1.
        (Fraction(7, 20), ["0.3", "0.4"]),
        (Fraction(23, 20), ["1.1", "1.2"]),
        (Fraction(1, 2), ["0", "1"]),
        (Fraction(-1, 2), ["0", "-1"]),
        (Fraction(5, 2), ["2", "3"]),
        # The classical example of Python's documentation of round().
        (Fraction(2675, 1000), ["2.67", "2.68"]),
    ],
)
def test_a_tie_may_print_either_way(x: Fraction, texts: list[str]) -> None:
    for text in texts:
        assert x in parse_printed(text).window()
    assert format(float(x), f".{len(texts[0].partition('.')[2])}f").replace("-0", "0") in texts


def test_half_open_windows_condemn_integers_that_software_prints() -> None:
    # methods, section 0: 0x7, 1x5, 2x6, 3x2 print as mean 1.1 and SD 1.04.
    integers = [0] * 7 + [1] * 5 + [2] * 6 + [3] * 2
    mean = Fraction(sum(integers), len(integers))
    variance = sum((x - mean) ** 2 for x in integers) / (len(integers) - 1)
    assert (f"{sum(integers) / len(integers):.1f}", f"{math.sqrt(variance):.2f}") == ("1.1", "1.04")
    windows = {rounding: parse_printed("1.1").window(rounding) for rounding in ROUNDINGS}
    assert mean in windows["nearest"]
    assert mean not in windows["half_up"]
    assert mean not in windows["half_even"]


def _float_half_up(x: float, decimals: int) -> str:
    scaled = math.floor(abs(x) * 10**decimals + 0.5) / 10**decimals
    return f"{math.copysign(scaled, x):.{decimals}f}"


def _float_cut(x: float, decimals: int) -> str:
    return f"{math.trunc(x * 10**decimals) / 10**decimals:.{decimals}f}"


def _float_ceiling(x: float, decimals: int) -> str:
    return f"{math.ceil(x * 10**decimals) / 10**decimals:.{decimals}f}"


PRINTERS: list[tuple[str, Callable[[float, int], str]]] = [
    ("nearest", lambda x, decimals: f"{x:.{decimals}f}"),
    ("nearest", lambda x, decimals: f"{round(x, decimals):.{decimals}f}"),
    ("nearest", _float_half_up),
    ("any", _float_cut),
    ("any", _float_ceiling),
]


@pytest.mark.parametrize(("rounding", "printer"), PRINTERS)
def test_what_floating_point_prints_stays_in_the_window(
    rounding: str, printer: Callable[[float, int], str]
) -> None:
    for denominator in range(1, 81):
        for count in range(-denominator, 2 * denominator + 1):
            x = Fraction(count, denominator)
            # The ways of the float: n / N, and the percentage in either order.
            routes = [
                (x, count / denominator, 2),
                (x, count / denominator, 1),
                (100 * x, 100 * count / denominator, 0),
                (100 * x, count / denominator * 100, 1),
            ]
            for exact, approximate, decimals in routes:
                text = printer(approximate, decimals)
                assert exact in parse_printed(text).window(rounding), (exact, text)


def test_a_cut_float_may_fall_short_of_a_whole_step() -> None:
    # 0.29 * 100 is 28.999999999999996: cut to two decimals, 29/100 prints as 0.28.
    assert _float_cut(0.29, 2) == "0.28"
    assert Fraction(29, 100) not in parse_printed("0.28").window("truncate")
    assert Fraction(29, 100) in parse_printed("0.28").window("any")


def test_an_unknown_convention_is_named() -> None:
    with pytest.raises(ValueError, match="found rounding 'half_down', expected one of nearest"):
        rounding_window(Fraction(1), Fraction(1), "half_down")


@pytest.mark.parametrize("step", [Fraction(0), Fraction(-1)])
def test_a_step_is_positive(step: Fraction) -> None:
    with pytest.raises(ValueError, match="expected a positive number"):
        rounding_window(Fraction(1), step)
