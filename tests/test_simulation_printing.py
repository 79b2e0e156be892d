"""The formatters of the simulator against the programs that they imitate."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.printing import (
    PRINTERS,
    draw_printer,
    half_even,
    half_up,
    r3_round,
    r4_round,
    sprintf,
    to_step,
    truncate,
    truncate_binary,
    without_zeros,
)

NUMBERS = [0.15, 0.25, 0.35, 2.5, 55.55, 1.005, 0.285, 84.96, 1.15, 2.675, -0.35, 99.95, 0.045]
NUMBERS += [7 / 20, 23 / 20, 100 / 3, -2.5, 0.5, 1234.5678, 1e-4, 100 * 7 / 200, 0.0]

# as.character(round(x, d)) of R 4.2.2, for d = 0 to 3.
R_ROUND = """
0 0 0 2 56 1 0 85 1 3 0 100 0 0 1 33 -2 0 1235 0 4 0
0.1 0.2 0.3 2.5 55.5 1 0.3 85 1.1 2.7 -0.3 100 0 0.3 1.1 33.3 -2.5 0.5 1234.6 0 3.5 0
0.15 0.25 0.35 2.5 55.55 1 0.28 84.96 1.15 2.67 -0.35 99.95 0.04 0.35 1.15 33.33 -2.5 0.5 1234.57 0 3.5 0
0.15 0.25 0.35 2.5 55.55 1.005 0.285 84.96 1.15 2.675 -0.35 99.95 0.045 0.35 1.15 33.333 -2.5 0.5 1234.568 0 3.5 0
"""
# sprintf("%.1f", x) of R 4.2.2.
R_SPRINTF = "0.1 0.2 0.3 2.5 55.5 1.0 0.3 85.0 1.1 2.7 -0.3 100.0 0.0 0.3 1.1 33.3 -2.5 0.5 1234.6 0.0 3.5 0.0"

FRACTIONS = st.builds(Fraction, st.integers(-20_000, 20_000), st.integers(1, 400))


@pytest.mark.parametrize("decimals", range(4))
def test_round_of_r_is_as_r_recorded_it(decimals: int) -> None:
    recorded = R_ROUND.strip().splitlines()[decimals].split()
    assert [r4_round(number, decimals) for number in NUMBERS] == recorded


def test_sprintf_is_as_r_recorded_it() -> None:
    assert [sprintf(number, 1) for number in NUMBERS] == R_SPRINTF.split()


@pytest.mark.needs(what="r")
def test_round_and_sprintf_are_as_r_prints_them() -> None:
    random = Random(5)
    numbers = [random.randint(-9999, 9999) / random.choice((8, 20, 40, 200, 7)) for _ in range(300)]
    code = (
        "x <- as.numeric(readLines(file('stdin')));"
        "for (d in 0:3) { writeLines(as.character(round(x, d)));"
        "writeLines(sprintf(paste0('%.', d, 'f'), x)) }"
    )
    said = subprocess.run(
        ["Rscript", "-e", code],
        input="\n".join(map(repr, numbers)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    mine = [
        show(number, decimals)
        for decimals in range(4)
        for show in (r4_round, sprintf)
        for number in numbers
    ]
    assert said == mine


@given(FRACTIONS, st.integers(0, 3))
def test_whatever_rounds_to_the_nearest_is_half_a_step_off_at_most(
    value: Fraction, decimals: int
) -> None:
    half = Fraction(1, 2 * 10**decimals)
    for name, show in (*PRINTERS.items(), ("half even", half_even)):
        assert abs(Fraction(show(float(value), decimals)) - value) <= half, name


@given(FRACTIONS, st.integers(0, 3))
def test_whatever_cuts_digits_off_stays_on_the_side_of_zero(value: Fraction, decimals: int) -> None:
    step = Fraction(1, 10**decimals)
    assert 0 <= abs(value) - abs(Fraction(truncate(float(value), decimals))) < step
    # A float that should be a whole step may fall just short of it.
    assert 0 <= abs(value) - abs(Fraction(truncate_binary(float(value), decimals))) <= step


def test_programs_disagree_about_ties() -> None:
    shown = {show(0.15, 1) for show in (sprintf, half_up, r3_round)}
    assert shown == {"0.1", "0.2"}
    assert (half_up(0.25, 1), half_even(0.25, 1), sprintf(0.35, 1), half_up(0.35, 1)) == (
        "0.3",
        "0.2",
        "0.3",
        "0.4",
    )


def test_zeros_at_the_end_are_lost_only_behind_the_point() -> None:
    assert [without_zeros(text) for text in ("100", "0.0", "-0.0", "8.50")] == [
        "100",
        "0",
        "-0",
        "8.5",
    ]


@given(st.integers(0, 100), st.sampled_from([5, 10]))
def test_a_coarse_share_is_the_nearest_multiple(share: int, step: int) -> None:
    assert int(to_step(share, step)) % step == 0
    assert abs(int(to_step(share, step)) - share) <= step / 2


def test_every_way_to_print_is_drawn_and_most_round_to_the_nearest() -> None:
    drawn = [draw_printer(Random(seed)) for seed in range(400)]
    assert {printer.rounding for printer in drawn} == {
        "nearest",
        "half_up",
        "half_even",
        "truncate",
        "any",
    }
    assert set(PRINTERS) <= {printer.name for printer in drawn}
    assert sum(printer.rounding == "nearest" for printer in drawn) > 320
